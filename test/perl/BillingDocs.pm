package BillingDocs;

# BillingDocs.pm
#	  The documentation as it should be: what the pages say, with every
#	  generated part, and every output of an example, made anew.
#
#   my $docs = BillingDocs->new(
#       top => DIRECTORY, connstr => CONNSTR, sim => URL);
#   $docs->pages          README.md, CHANGELOG.md and those of docs/
#   $docs->read($page)    as it is
#   $docs->make($page)    as it should be
#   $docs->problems       what the examples of the pages made so far did
#                         wrong, as list of lines
#
# What a page can have:
#
#   <!-- generated: WHAT -->
#   ...
#   <!-- end -->
#       A table that comes from the extension or from the source.
#
#   ```sql
#       An example.  The examples of a page run in order, in one session of
#       psql as superuser, in a database of their own where those of README.md
#       have run before.  They must not fail, unless the output is shown and
#       has the error.
#
#   ```text
#       Right after an example: its output, messages first.
#
#   <!-- not run: REASON -->
#       Before an example that is not run.
#
#   <!-- simulator: CONFIG -->
#       Before an example: the simulator's configuration while it runs.
#
# IDENTIFICATION
#	  test/perl/BillingDocs.pm

use strict;
use warnings FATAL => 'all';

use Encode qw(decode encode);
use IPC::Run ();
use JSON::PP;

# seconds for all examples of a page
use constant PATIENCE => 180;

# Between two examples, in standard output and standard error alike
use constant MARK => '=== example';

sub new
{
	my ($class, %o) = @_;
	my $self = bless { %o, problems => [], databases => 0 }, $class;

	$self->{catalog} = $self->_create_database;
	$self->_psql($self->{catalog}, 'CREATE EXTENSION billing_fdw;');
	return $self;
}

sub pages
{
	my ($self) = @_;
	my @pages = sort glob "'$self->{top}'/docs/*.md";

	s{^.*/}{docs/} foreach @pages;
	return ('README.md', 'CHANGELOG.md', @pages);
}

sub read
{
	my ($self, $page) = @_;

	open my $file, '<:encoding(UTF-8)', "$self->{top}/$page"
	  or die "$page: $!\n";
	local $/;
	return scalar <$file>;
}

sub problems
{
	my ($self) = @_;

	return @{ $self->{problems} };
}

sub make
{
	my ($self, $page) = @_;
	my @parts = parts($self->read($page));

	$self->_run_examples($page, grep { $_->{kind} eq 'example' } @parts);
	foreach my $part (@parts)
	{
		$part->{body} = $self->_generate($page, $part->{what})
		  if $part->{kind} eq 'generated';
	}
	return join '', map { _text_of($_) } @parts;
}

# ---- pages

# A page as list of parts; their texts in a row are the page.
#   kind text: body
#   kind generated: what, body
#   kind example: lead (lines before the code), body, not_run, simulator,
#       shows_output, output
sub parts
{
	my ($text) = @_;
	my @parts;
	my $fence = qr/^```/m;

	while ($text ne '')
	{
		if ($text =~ s/\A<!-- generated: (.+?) -->\n(.*?)^<!-- end -->\n//ms)
		{
			push @parts, { kind => 'generated', what => $1, body => $2 };
		}
		elsif ($text =~
			s/\A((?:<!-- (?:not run|simulator): .+? -->\n)?)```sql\n(.*?)$fence\n//s)
		{
			my $part = { kind => 'example', lead => $1, body => $2 };

			$part->{not_run} = $1
			  if $part->{lead} =~ /not run: (.+) -->/;
			$part->{simulator} = $1
			  if $part->{lead} =~ /simulator: (.+) -->/;
			if ($text =~ s/\A\n```text\n(.*?)$fence\n//s)
			{
				$part->{shows_output} = 1;
				$part->{output} = $1;
			}
			push @parts, $part;
		}
		elsif ($text =~ s/\A(```.*?$fence\n)//s || $text =~ s/\A(.*\n?)//)
		{
			push @parts, { kind => 'text', body => $1 };
		}
	}
	return @parts;
}

sub _text_of
{
	my ($part) = @_;

	return $part->{body} if $part->{kind} eq 'text';
	return "<!-- generated: $part->{what} -->\n$part->{body}<!-- end -->\n"
	  if $part->{kind} eq 'generated';
	return "$part->{lead}```sql\n$part->{body}```\n"
	  . ($part->{shows_output} ? "\n```text\n$part->{output}```\n" : '');
}

# ---- examples

sub _run_examples
{
	my ($self, $page, @examples) = @_;
	my $script = '';
	my $n = 0;

	return unless @examples;
	my $database = $self->_create_database;
	if ($page ne 'README.md')
	{
		$script .= $self->_script($_)
		  foreach grep { $_->{kind} eq 'example' && !$_->{not_run} }
		  parts($self->read('README.md'));
	}
	foreach my $example (grep { !$_->{not_run} } @examples)
	{
		$n++;
		$script .= "\\echo '" . MARK . " $n'\n\\warn '" . MARK . " $n'\n";
		$script .= $self->_script($example);
	}
	$self->_simctl('reset');
	my ($out, $err) = $self->_psql($database, $script);
	my @out = _split_output($out);
	my @err = _split_output($err);

	$self->_note("README.md, for $page", $err[0]);
	$self->_note("$page: the examples did not end", "ERROR:  $n wanted")
	  unless @out == $n + 1 && @err == $n + 1;
	$n = 0;
	foreach my $example (grep { !$_->{not_run} } @examples)
	{
		$n++;
		my $output = _tidy(($err[$n] // '') . ($out[$n] // ''));
		my $errors = $example->{shows_output} ? $example->{output} : '';

		$self->_note("$page: " . _first_line($example->{body}), $err[$n])
		  unless $errors =~ /^ERROR:/m;
		$example->{output} = $output;
	}
	return;
}

# What runs an example.  The servers of the documentation are those of the
# real API: the simulator takes their place, asked one call after the other,
# because RequestIds are shown.
sub _script
{
	my ($self, $example) = @_;
	my $body = $example->{body};

	$body = "\\! simctl reset && simctl config '$example->{simulator}'\n$body\\! simctl reset\n"
	  if $example->{simulator};
	$body .= <<"END" if $body =~ /CREATE SERVER/;
SELECT format('ALTER SERVER %I OPTIONS (ADD endpoint %L, ADD max_concurrency ''1'')', srvname, '$self->{sim}')
  FROM pg_foreign_server
 WHERE NOT coalesce(srvoptions::text, '') ~ 'endpoint=' \\gexec
END
	return $body;
}

sub _split_output
{
	my ($text) = @_;
	my $mark = MARK;

	return split /^$mark \d+\n/m, $text, -1;
}

# As it is shown: without blanks at ends of lines, with a short head for plans,
# and without what differs between versions of PostgreSQL.
sub _tidy
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/\n+\z/\n/;
	$text =~ s/^ +QUERY PLAN\n-+$/QUERY PLAN\n----------/mg;
	$text =~ s/(actual rows=\d+)\.00/$1/g;
	return $text;
}

sub _note
{
	my ($self, $where, $messages) = @_;

	push @{ $self->{problems} }, "$where: $1"
	  while ($messages // '') =~ /^((?:ERROR|FATAL|PANIC|invalid command).*)/mg;
	return;
}

sub _first_line
{
	my ($text) = @_;

	return $text =~ /^(.*)$/m ? $1 : '';
}

# ---- generated parts

my %generators = (
	tables => \&_tables,
	families => \&_families,
	family => \&_family,
	omissions => \&_omissions,
	entry => \&_entry,
	options => \&_options,
	settings => \&_settings,
	errors => \&_errors,
	modules => \&_modules,
	targets => \&_targets);

sub _generate
{
	my ($self, $page, $what) = @_;
	my ($name, @arguments) = split / /, $what;
	my $generator = $generators{$name}
	  or die "$page: nothing generates \"$what\"\n";

	return $generator->($self, $page, @arguments);
}

sub _tables
{
	my ($self, $page) = @_;
	my $rows = $self->rows('table_name, family, action, sites, grain',
		'billing_fdw_tables()');
	my $pages = $page =~ m{^docs/} ? '' : 'docs/';

	return _markdown(
		[ 'Table', 'Remote schema', 'Action', 'Sites', 'Rows' ],
		map {
			[
				"[$_->[0]](${pages}tables-$_->[1].md#$_->[0])",
				_code($_->[1]), @$_[ 2 .. 4 ]
			]
		} @$rows);
}

sub _families
{
	my ($self, $page) = @_;
	my $pages = $page =~ m{^docs/} ? '' : 'docs/';
	my $rows = $self->rows('family, table_name', 'billing_fdw_tables()');
	my (@families, %tables);

	foreach my $row (@$rows)
	{
		my ($family, $table) = @$row;

		push @families, $family unless $tables{$family};
		push @{ $tables{$family} },
		  "[$table](${pages}tables-$family.md#$table)";
	}
	return _markdown([ 'Remote schema', 'Tables' ],
		map { [ _code($_), join ', ', @{ $tables{$_} } ] } @families);
}

# All tables of a remote schema, each under a heading of its own.
sub _family
{
	my ($self, $page, $family) = @_;
	my $tables = $self->rows('table_name, action, sites, grain, caution',
		"billing_fdw_tables() WHERE family = '$family'");

	die "$page: there is no remote schema $family\n" unless @$tables;
	return join "\n", map { $self->_table(@$_) } @$tables;
}

sub _table
{
	my ($self, $table, $action, $sites, $grain, $caution) = @_;
	my $rows = $self->rows(
		'column_name, type, unit, field, sites, required, pushdown, example, description',
		"billing_fdw_columns('$table')");

	return
	    "## $table\n\nAction $action"
	  . ($sites =~ /,/ ? '' : ", site $sites only")
	  . ".\n\n$grain\n\n**Sums.** "
	  . ($caution =~ s/\.  /. /gr) . "\n\n"
	  . _markdown(
		[ 'Column', 'Type', 'Unit', 'API field', 'Conditions', 'Meaning' ],
		map {
			my ($column, $type, $unit, $field, $site, $required, $how, $example,
				$text) = @$_;

			[
				_code($column), $type, $unit // '', $field // '',
				$how . ($required eq 'yes' ? "; required: `$example`" : ''),
				$text . ($site =~ /,/ ? '' : " ($site only)")
			]
		} @$rows);
}

# The source of a table's entry in the catalog.
sub _entry
{
	my ($self, $page, $table) = @_;

	foreach my $file (glob "'$self->{top}'/src/api/catalog_*.c")
	{
		open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
		my $source = do { local $/; <$in> };
		my @blocks = $source =~
		  /^(static const Bf\w+ \Q$table\E_(?:params|action|columns|table)\b.*?^\};\n)/msg;

		return "```c\n" . join("\n", @blocks) . "```\n" if @blocks;
	}
	die "$page: there is no table $table\n";
}

sub _omissions
{
	my ($self) = @_;

	return _markdown([ 'Action', 'Why there is no table' ],
		@{ $self->rows('action, reason', 'billing_fdw_omissions()') });
}

sub _options
{
	my ($self) = @_;
	my $rows = $self->rows('option, place, range, initial, description',
		'billing_fdw_options()');

	return _markdown([ 'Option', 'Of', 'Range', 'Default', 'Meaning' ],
		map { [ _code($_->[0]), @$_[ 1, 2 ], _code($_->[3]), $_->[4] ] } @$rows);
}

sub _settings
{
	my ($self) = @_;
	my %who = (user => 'everybody', superuser => 'superusers');
	my $rows = $self->rows(
		'name, boot_val, unit, min_val, max_val, context, short_desc, extra_desc',
		q{pg_settings WHERE name LIKE 'billing\_fdw.%' ORDER BY name});

	return _markdown(
		[ 'Setting', 'Range', 'Default', 'Set by', 'Meaning' ],
		map {
			[
				_code($_->[0]),
				defined $_->[3] ? "$_->[3] to $_->[4]" . ($_->[2] // '') : 'text',
				_code($_->[1]), $who{ $_->[5] } // $_->[5], "$_->[6] $_->[7]"
			]
		} @$rows);
}

sub _errors
{
	my ($self) = @_;
	my $rows =
	  $self->rows('code, sqlstate, retried, hint', 'billing_fdw_errors()');

	return _markdown([ 'Code', 'SQLSTATE', 'Repeated', 'Hint' ],
		map { [ _code($_->[0]), @$_[ 1 .. 3 ] ] } @$rows);
}

# What the head of the Makefile says of its targets
sub _targets
{
	my ($self) = @_;
	my ($text) = $self->read('Makefile') =~ /^((?:#   make .*\n)+)/m;

	return "\n" . ($text =~ s/^#   /    /gmr) . "\n";
}

# The source files of a folder, with their purpose and what they include
sub _modules
{
	my ($self, $page, $folder) = @_;
	my @rows;

	foreach my $path (sort glob "'$self->{top}'/src/$folder/*.[ch]")
	{
		my $file = substr $path, 1 + length $self->{top};
		my $header = $file =~ s/c$/h/r;

		next if $file =~ /h$/ && -e "$self->{top}/" . ($file =~ s/h$/c/r);
		my $text = join '', map { $self->read($_) } grep { -e "$self->{top}/$_" } $header, $file;
		my %used = map { $_ => 1 } $text =~ m{^#include "((?:api|fdw)/\w+)\.h"}mg;

		delete $used{ $file =~ s{^src/(.*)\.[ch]$}{$1}r };
		$text = $self->read($file);
		push @rows,
		  [
			_code($file),
			$text =~ m{\A/\*.*\n \*\n \* \S+\n \*\s+(.*)\n} ? $1 : '',
			join ', ', map { s{^$folder/}{}r } sort keys %used
		  ];
	}
	return _markdown([ 'File', 'Purpose', 'Uses' ], @rows);
}

sub _markdown
{
	my ($head, @rows) = @_;

	return join '', map { '| ' . join(' | ', @$_) . " |\n" =~ s/ +\|/ |/gr }
	  $head, [ map { '---' } @$head ],
	  map { [ map { _cell($_) } @$_ ] } @rows;
}

sub _cell
{
	my ($text) = @_;

	$text //= '';
	$text =~ s/([|<])/\\$1/g;
	$text =~ s/\.  /. /g;
	# or two of them would be emphasis
	$text =~ s/(?<!`)\*(?![^`]*`)/\\*/g unless $text =~ /^`/;
	return $text;
}

sub _code
{
	my ($text) = @_;

	return defined $text ? "`$text`" : '';
}

# ---- the server and the simulator

# Rows of a query, in its order, as list of lists
sub rows
{
	my ($self, $columns, $from) = @_;
	my $select = "SELECT $columns FROM $from";

	# the function call loads the library, which defines the settings
	my ($out, $err) = $self->_psql($self->{catalog}, <<"END", qw(-A -t));
SET client_min_messages = error;
\\o /dev/null
SELECT count(*) FROM billing_fdw_options();
\\o
WITH t AS ($select) SELECT coalesce(json_agg(
	(SELECT json_agg(value ORDER BY number)
	   FROM json_each(row_to_json(t)) WITH ORDINALITY AS c (name, value, number))), '[]')
  FROM t;
END
	die "$select: $err" if $err ne '';
	return JSON::PP->new->decode($out);
}

sub _create_database
{
	my ($self) = @_;
	my $name = 'docs_' . ++$self->{databases};

	$self->_psql('postgres',
		"CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';"
	);
	return $name;
}

sub _psql
{
	my ($self, $database, $script, @arguments) = @_;
	my ($out, $err) = ('', '');
	my $bytes = encode('UTF-8', $script);

	local %ENV = (
		%ENV,
		PGCLIENTENCODING => 'UTF8',
		PGTZ => 'UTC',
		BILLING_SIM_URL => $self->{sim});
	IPC::Run::run(
		[
			'psql', '-X', '-q', @arguments, '-d',
			"$self->{connstr} dbname=$database"
		],
		'<', \$bytes, '>', \$out, '2>', \$err,
		IPC::Run::timeout(PATIENCE))
	  or die "psql failed: $err";
	return (decode('UTF-8', $out), decode('UTF-8', $err));
}

sub _simctl
{
	my ($self, @arguments) = @_;

	local %ENV = (%ENV, BILLING_SIM_URL => $self->{sim});
	system('simctl', @arguments) == 0 or die "simctl @arguments failed\n";
	return;
}

1;

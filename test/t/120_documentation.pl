#!/usr/bin/perl
#
# 120_documentation.pl
#	  The documentation says what is so: generated parts and outputs of
#	  examples are what they would be if made now ("make docs" makes them),
#	  examples run, and names, files and links are there.
#
# IDENTIFICATION
#	  test/t/120_documentation.pl
#
use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use Encode qw(encode);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top;
BEGIN { $top = abs_path(dirname(abs_path(__FILE__)) . '/../..'); }
use lib "$top/test/perl";
use BillingDocs;
use BillingSim;

my $sim = BillingSim->start;
my $node = PostgreSQL::Test::Cluster->new('docs');
$node->init;
$node->start;
my $docs = BillingDocs->new(
	top => $top,
	connstr => $node->connstr,
	sim => $sim->url);
my @pages = $docs->pages;
my %text = map { $_ => $docs->read($_) } @pages;
my %parts = map { $_ => [ BillingDocs::parts($text{$_}) ] } @pages;

# First column of a query, as set
sub set_of
{
	my ($columns, $from) = @_;

	return map { $_->[0] => 1 } @{ $docs->rows($columns, $from) };
}

my %tables = set_of('table_name', 'billing_fdw_tables()');
my %families = set_of('family', 'billing_fdw_tables()');
my %options = set_of('option', 'billing_fdw_options()');
my %settings = set_of('name', q{pg_settings WHERE name LIKE 'billing\_fdw.%'});
my %functions = set_of('p.oid::regprocedure::text',
	q{pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
		WHERE e.extname = 'billing_fdw'});

cmp_ok(scalar keys %tables, '>=', 40, 'tables are listed');
cmp_ok(scalar keys %options, '>=', 25, 'options are listed');
is(scalar keys %settings, 2, 'two settings');
cmp_ok(scalar keys %functions, '>=', 8, 'functions are listed');

# ---- generated parts, outputs, examples

sub difference
{
	my ($is, $should) = @_;
	my $dir = tempdir(CLEANUP => 1);

	return '' if $is eq $should;
	foreach ([ is => $is ], [ should => $should ])
	{
		open my $file, '>:encoding(UTF-8)', "$dir/$_->[0]" or die "$dir: $!";
		print $file $_->[1];
		close $file;
	}
	# as bytes: the test's output is not ours to set up
	open my $diff, '-|', 'diff', '-u', "$dir/is", "$dir/should"
	  or die "diff: $!";
	local $/;
	return scalar <$diff>;
}

foreach my $page (@pages)
{
	is(difference($text{$page}, $docs->make($page)), '',
		"$page is what \"make docs\" makes of it");
}
is(encode('UTF-8', join("\n", $docs->problems)), '', 'examples run');

foreach my $page (@pages)
{
	my @examples = grep { $_->{kind} eq 'example' } @{ $parts{$page} };

	is(scalar(() = $text{$page} =~ /^\s*```sql/mg),
		scalar @examples, "$page: every example is found");
	is(join(', ', grep { !/(?:;|\\.*)\n\z/ } map { $_->{body} } @examples),
		'', "$page: every example is complete");
	is(scalar(() = $text{$page} =~ /^<!-- generated: /mg),
		scalar(grep { $_->{kind} eq 'generated' } @{ $parts{$page} }),
		"$page: every generated part is found");
}
cmp_ok(
	scalar(
		grep { $_->{kind} eq 'example' && !$_->{not_run} }
		map { @$_ } values %parts),
	'>=', 25, 'there are examples that run');

# ---- everything is documented

my %generated =
  map { $_->{what} => 1 } grep { $_->{kind} eq 'generated' } map { @$_ } values %parts;

foreach my $what (
	qw(families tables omissions options settings errors),
	'modules api', 'modules fdw', map { "family $_" } sort keys %families)
{
	ok($generated{$what}, "$what: there is a generated part");
}
foreach my $table (sort keys %tables)
{
	is(scalar(grep { /^## \Q$table\E\n/m } values %text),
		1, "$table has a section");
}
foreach my $setting (sort keys %settings)
{
	ok($text{'docs/options.md'} =~ /`\Q$setting\E`/, "$setting is there");
}
foreach my $function (sort keys %functions)
{
	my $comment = $docs->rows('obj_description(oid)',
		"pg_proc WHERE oid::regprocedure::text = '$function'")->[0][0];

	ok($comment, "$function has a comment");
}
foreach my $option (qw(month_type first_month last_month))
{
	ok($text{'docs/options.md'} =~ /`\Q$option\E`/,
		"$option of IMPORT FOREIGN SCHEMA is there");
}

# A hint that names an option which is not there sends people round in circles
foreach my $row (@{ $docs->rows('code, hint', 'billing_fdw_errors() WHERE hint IS NOT NULL') })
{
	my @unknown =
	  grep { !$options{$_} } $row->[1] =~ /\b([a-z]+(?:_[a-z]+)+)\b/g;

	is("@unknown", '', "the hint for $row->[0] names options that exist");
}

# ---- names

my %names = (
	%tables, %options,
	(map { s/\(.*//r => 1 } keys %functions),
	set_of('name', 'pg_settings'),
	set_of('proname', 'pg_proc'),
	set_of('name', "(SELECT unnest(proargnames) AS name FROM pg_proc WHERE proname LIKE 'billing%') x"),
	set_of('relname', 'pg_class'),
	set_of('rolname', 'pg_roles'),
	set_of('name', 'pg_available_extensions'),
	map { set_of('column_name', "billing_fdw_columns('$_')") } keys %tables);

# of IMPORT FOREIGN SCHEMA and of views
$names{$_} = 1 foreach qw(month_type security_invoker);

# in pages for developers: anything that the source says
my $source = join '', map { slurp_file($_) } glob "'$top'/src/*/*.[ch]";

foreach my $page (@pages)
{
	my $examples = join "\n",
	  map { $_->{body} } grep { $_->{kind} eq 'example' } @{ $parts{$page} };
	my @unknown;

	foreach my $name ($text{$page} =~ /`([a-z]\w*_\w+|[a-z]\w*\.[a-z]\w*)(?:\([^`]*\))?`/g)
	{
		next if $names{$name} || $examples =~ /\b\Q$name\E\b/;
		next if $page eq 'docs/development.md' && $source =~ /\b\Q$name\E\b/;
		next if $name =~ /\.[a-z]+$/ && grep { -e } glob("'$top'/$name '$top'/src/*/$name");
		push @unknown, $name;
	}
	is("@unknown", '', "$page: names are known");
}

# ---- files, targets of make, links

# appears when tests have run
my %later = map { $_ => 1 } qw(test/output test/output/fuzz test/output/memcheck test/output/package);
my $makefile = slurp_file("$top/Makefile");
my %targets = map { $_ => 1 } qw(install clean),
  map { split } $makefile =~ /^([a-z][a-z -]*):/mg;

foreach my $page (@pages)
{
	my $prose = join '',
	  map { $_->{body} } grep { $_->{kind} ne 'example' } @{ $parts{$page} };
	my @missing;

	foreach my $path ($prose =~ m{`((?:[\w.-]+/)+[\w.-]*)`}g)
	{
		push @missing, $path unless -e "$top/$path" || $later{$path};
	}
	is("@missing", '', "$page: files are there");

	@missing = grep { !$targets{$_} }
	  $prose =~ /(?:`(?:sudo )?|^    (?:.*&& )?(?:sudo )?)make ([a-z]+)/mg;
	is("@missing", '', "$page: make has these targets");
}

# as GitHub makes them
sub anchors
{
	my ($text) = @_;
	my %anchors;

	$text =~ s/^```.*?^```$//msg;
	foreach my $heading ($text =~ /^#+ (.*)$/mg)
	{
		my $anchor = lc $heading;

		$anchor =~ s/[^\w -]//g;
		$anchor =~ tr/ /-/;
		$anchors{$anchor} = 1;
	}
	return \%anchors;
}

foreach my $page (@pages)
{
	my $links = 0;
	my @broken;

	while ($text{$page} =~ /\[[^\]\n]+\]\(([^)\s]+)\)/g)
	{
		my ($target, $anchor) = split /#/, my $link = $1;

		$links++;
		next if $link =~ m{^https://};
		$target = $target eq '' ? $page : dirname($page) . "/$target";
		1 while $target =~ s{(^|/)(?!\.\.)[^/]+/\.\./}{$1};
		$target =~ s{^(?:\./)+}{};
		if (!-e "$top/$target")
		{
			push @broken, $link;
		}
		elsif (defined $anchor)
		{
			push @broken, $link
			  unless anchors($docs->read($target))->{$anchor};
		}
	}
	is("@broken", '', "$page: its $links links lead somewhere");
}

# ---- the drawing of the architecture

my ($drawing) = $text{'docs/development.md'} =~ /```text\n(billing_fdw\n.*?)```/s;
my (%line, $n);

foreach my $row (split /\n/, $drawing)
{
	$n++;
	next if $row =~ /^=/;
	$line{$_} = $n foreach split ' ', $row;
}
my @files = map { m{/src/((?:api|fdw)/\w+\.[ch])$} ? $1 : () } glob "'$top'/src/*/*.[ch]";

# What stands for a file in the drawing.
sub stem_of
{
	my ($name) = @_;

	return $name =~ s/^catalog_\w+$/catalog/r;
}

my %stems = map { m{/(\w+)\.} ? (stem_of($1) => 1) : () } @files;

is(join(' ', sort keys %line), join(' ', sort keys %stems),
	'the drawing has every file');
my @against;
foreach my $file (@files)
{
	my $stem = stem_of($file =~ m{/(\w+)\.});

	foreach my $used (map { stem_of($_) }
		$docs->read("src/$file") =~ m{^#include "(?:api|fdw)/(\w+)\.h"}mg)
	{
		push @against, "$file includes $used"
		  unless $used eq $stem || ($line{$used} // 0) > ($line{$stem} // 0);
	}
}
is(join("\n", @against), '', 'files include what is in lines below their own');

$node->stop;
is($sim->stop, 0, 'the simulator ended well');
done_testing();

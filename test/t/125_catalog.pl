#!/usr/bin/perl
#
# 125_catalog.pl
#	  Every table of the catalog against every documented example.
#
# The simulator answers with the examples; each is read through SQL and
# compared with what jsonb says of the same answer.  Every member of a row
# must arrive in a column, or be named here with a reason.  Then every
# parameter is asked for once, and must be found in what was sent: whether its
# shape is right is the simulator's to judge, whose rules are the vendor's
# models.  Nothing here lists tables or actions but the exceptions.
#
# IDENTIFICATION
#	  test/t/125_catalog.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(decode encode);
use File::Basename qw(basename dirname);
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;

# Members of rows without a column: action, member, reason.
my %left_out = (
	DescribeBillDownloadUrl => { Ready => 'waited for; it is 1 in every row' });

# Members of unnested rows that their parent has as well, under the same
# meaning and always: tables show the parent's.
my %of_parent = (cost_summary_by_region_business => { RegionName => 1 });

# Columns that are made of a member rather than equal to it: their own tests
# are in sql/.
my %derived = (
	pay_mode => 'PayModeName',
	tag_key => 'GroupKey',
	tag_value => 'Tags');

# Members of documented answers that nothing can read: file, member, what is
# said of it.
my %misprints = map {
	("DescribeCostSummaryByProject.$_.1.json" =>
		  [ 'TransferPayAmount', qr/"ab0\.00000000c" is no number/ ])
} qw(domestic intl);

# What the API's documents say of the numbers of an action: the columns hold
# currency units.
my @cents = (100, 'cents');
my @micro = (100_000_000, '0.00000001 currency units');
my %unit = (
	DescribeAccountBalance => { map { $_ => \@cents }
		  qw(Balance RealBalance CashAccountBalance IncomeIntoAccountBalance
		  PresentAccountBalance FreezeAmount OweAmount CreditAmount CreditBalance
		  RealCreditBalance TempCredit) },
	DescribeOrgMemberAccountBalance => { map { $_ => \@cents }
		  qw(RealBalance CashAccountBalance CreditAmount TempCredit
		  BasicCreditAmount OweAmount) },
	DescribeBillList =>
	  { map { $_ => \@cents } qw(Amount Balance Cash Incentive Freezing) },
	DescribeDealsByCond =>
	  { map { $_ => \@cents } qw(Price TotalCost RealTotalCost VoucherDecline) },
	DescribeVoucherInfo => { map { $_ => \@micro } qw(NominalValue Balance) },
	DescribeVoucherUsageDetails => { UsedAmount => \@micro });

my $top = dirname(dirname(dirname(__FILE__)));
my $json = JSON::PP->new->canonical;
my $models = decode_json(slurp_file("$top/test/sim/data/actions.json"));
my $node = BillingTest::new_node('catalog');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;

foreach my $site (qw(intl china))
{
	# documented answers are cut: they count more rows than they show
	BillingTest::add_server($s, $site, $sim->url,
		{ site => $site, answer_check => 'off', page_size => 40 });
}

# Rows of a query, each as a hash.
sub rows_of
{
	my ($sql) = @_;

	return @{ JSON::PP->new->decode(
			$s->value("SELECT coalesce(json_agg(x), '[]') FROM ($sql) x")) };
}

my @tables = rows_of('SELECT * FROM billing_fdw_tables()');
my %columns = map {
	my $name = $_->{table_name};
	$name => [ rows_of("SELECT * FROM billing_fdw_columns('$name')") ]
} @tables;

# ---- examples

# {source, number, request, answer} of an action, in the order of its files.
sub examples_of
{
	my ($action) = @_;
	my %number;
	my @examples;

	foreach my $file (sort glob "'$top/test/examples/$action.*.json'")
	{
		my ($source) = basename($file) =~ /^\w+\.(\w+)\.\d/;
		my $example = decode_json(slurp_file($file));

		push @examples,
		  {
			file => basename($file),
			source => $source,
			number => ++$number{$source},
			request => $example->{request},
			answer => $example->{response}
		  };
	}
	return @examples;
}

sub is_derived
{
	my ($column) = @_;
	my $from = $derived{ $column->{column_name} };

	return defined $from && ($column->{field} // '') eq $from;
}

# The SQL name of a member, by rule.
sub snake
{
	my ($name) = @_;

	$name =~ s/([a-z0-9])([A-Z])/$1_$2/g;
	$name =~ s/([A-Z])([A-Z][a-z])/$1_$2/g;
	return lc $name;
}

sub members_of_type
{
	my ($name) = @_;

	return map { $_->{name} } @{ $models->{types}{$name}{fields} };
}

# What the model says of a table's rows: the path to them, the array that is
# unnested, and the names of their members and of their parents'.
sub shape_of
{
	my ($table) = @_;
	my $model = $models->{actions}{ $table->{action} }{response}{rows}[0];
	my %shape = (
		path => $model->{path},
		single => $model->{kind} eq 'single',
		members => [ map { $_->{name} } @{ $model->{fields} } ]);

	return \%shape
	  if $table->{table_name} eq snake($table->{action} =~ s/^Describe//r);
	foreach my $field (@{ $model->{fields} })
	{
		next unless ($field->{items} // '') =~ /^[A-Z]/;
		my $short = snake($field->{name}) =~ s/_set$//r;

		next unless $table->{table_name} =~ /_\Q$short\E$/;
		$shape{nested} = $field->{name};
		$shape{parent} = { map { $_ => 1 } @{ $shape{members} } };
		$shape{members} = [ members_of_type($field->{items}) ];
		return \%shape;
	}
	die "$table->{table_name}: cannot tell what is unnested\n";
}

# FROM clause with "r", the rows of an answer as jsonb, and "p", their
# parents.
sub source_of
{
	my ($shape, $answer) = @_;
	my $path = join ',', split /\./, $shape->{path};
	my $literal = BillingTest::quoted($json->encode($answer));
	my $rows = "$literal\::jsonb #> '{$path}'";
	my $array = $shape->{single} ? "jsonb_build_array($rows)" :
	  "CASE WHEN jsonb_typeof($rows) = 'array' THEN $rows ELSE '[]' END";

	return "jsonb_array_elements($array) AS a(r)" unless $shape->{nested};
	return "jsonb_array_elements($array) AS b(p), LATERAL jsonb_array_elements("
	  . "CASE WHEN jsonb_typeof(p -> '$shape->{nested}') = 'array'"
	  . " THEN p -> '$shape->{nested}' ELSE '[]' END) AS a(r)";
}

# What a column must hold, as an SQL expression.
sub expected
{
	my ($table, $shape, $column) = @_;
	my $field = $column->{field};
	my %own = map { $_ => 1 } @{ $shape->{members} };
	my $object =
	  $shape->{nested}
	  && (!$own{$field} || $of_parent{ $table->{table_name} }{$field}) ? 'p' : 'r';
	my $text = "$object ->> '$field'";
	my $value = "nullif(nullif(nullif($text, ''), '-'), '0002-11-30')";
	my $unit = $unit{ $table->{action} }{$field};

	return "CASE jsonb_typeof($object -> '$field') WHEN 'string' THEN coalesce(nullif($text, ''), '{}')::jsonb"
	  . " WHEN 'array' THEN (SELECT coalesce(jsonb_object_agg(t ->> 'TagKey', t ->> 'TagValue'), '{}') FROM jsonb_array_elements($object -> '$field') t) END"
	  if $column->{column_name} =~ /^tags?$/ && $column->{type} eq 'jsonb';
	return "nullif($object -> '$field', 'null')" if $column->{type} eq 'jsonb';
	return $text if $column->{type} eq 'text';
	return "trim_scale($value\::numeric / $unit->[0])" if $unit;
	return "$value\::$column->{type}";
}

sub actual
{
	my ($table, $column) = @_;

	return "trim_scale($column->{column_name})"
	  if defined $column->{field} && $unit{ $table->{action} }{ $column->{field} };
	return $column->{column_name};
}

# Conditions on the columns that must be narrowed, so that the example's rows
# fit them.
sub conditions_for
{
	my ($shape, $example, $table, $source) = @_;
	my %asked = map { snake($_) => $example->{request}{$_} }
	  keys %{ $example->{request} };
	my @conditions;

	foreach my $column (@{ $columns{ $table->{table_name} } })
	{
		my $name = $column->{column_name};
		my $value = $asked{$name};

		# a tag key exists for one way to group only
		next
		  if $name eq 'tag_key'
		  && ($asked{group_type} // $asked{dimensions} // 'tag') !~ /^tags?$/;
		next unless $column->{required} eq 'yes';
		if ($column->{example} =~ / >= /)
		{
			my $when = expected($table, $shape, $column);
			my ($range) = rows_of("SELECT min($when) AS low, max($when) AS high FROM $source");

			push @conditions, "$name BETWEEN '$range->{low}' AND '$range->{high}'";
		}
		elsif ($name eq 'tag_key' && defined $column->{field})
		{
			my $what = expected($table, $shape, $column);
			my @keys = rows_of("SELECT DISTINCT $what AS key FROM $source");

			push @conditions, "$name IN ("
			  . join(', ', map { BillingTest::quoted($_->{key}) } @keys) . ')';
		}
		elsif (defined $column->{field} && !is_derived($column))
		{
			my $what = expected($table, $shape, $column);
			my ($first) = rows_of("SELECT $what AS value FROM $source LIMIT 1");

			push @conditions, "$name = " . BillingTest::quoted($first->{value});
		}
		elsif (ref $value eq 'ARRAY')
		{
			push @conditions, "$name IN (" . join(', ', map { BillingTest::quoted($_) } @$value) . ')';
		}
		elsif (defined $value && $name ne 'month')
		{
			push @conditions, "$name = " . BillingTest::quoted($value);
		}
		else
		{
			push @conditions, $column->{example};
		}
	}
	return @conditions ? 'WHERE ' . join(' AND ', @conditions) : '';
}

my %arrived;

foreach my $table (@tables)
{
	my $name = $table->{table_name};
	my $shape = shape_of($table);
	my %own = map { $_ => 1 } @{ $shape->{members} };
	my @compared = grep {
		defined $_->{field}
		  && !is_derived($_)
		  && ($own{ $_->{field} } || $shape->{parent}{ $_->{field} })
	} @{ $columns{$name} };
	my %shown = map { $_->{field} => 1 } @compared;
	my @missing =
	  grep { $_ ne 'RequestId' && !$shown{$_} && !$left_out{ $table->{action} }{$_} }
	  @{ $shape->{members} };
	my @examples = examples_of($table->{action});
	my $rows = 0;

	is("@missing", '', "$name: every member of its rows has a column");
	ok(@examples > 0, "$name: there is an example");

	foreach my $example (@examples)
	{
		my $site = $example->{source} eq 'domestic' ? 'china' : 'intl';
		my @here = grep { $_->{sites} =~ /$site/ } @compared;
		my $source = source_of($shape, $example->{answer});

		next unless $table->{sites} =~ /$site/;
		my ($counted) = rows_of("SELECT count(*) AS n FROM $source");
		next unless $counted->{n};
		$rows += $counted->{n};
		$sim->config(
			{
				data => 'examples',
				example_match => 'any',
				example_source => $example->{source},
				example_number => $example->{number},
				site => $site
			});

		my $where = conditions_for($shape, $example, $table, $source);
		my $misprint = $misprints{ $example->{file} };

		if ($misprint && !$shape->{nested} && grep { $_->{field} eq $misprint->[0] } @here)
		{
			my $failed = $s->query("SELECT * FROM $site.$name $where");

			like($failed->{err}, $misprint->[1],
				"$name: what $example->{file} has misprinted is named");
			@here = grep { $_->{field} ne $misprint->[0] } @here;
		}
		my $got = join ', ', map { actual($table, $_) } @here;
		my $want = join ', ',
		  map { expected($table, $shape, $_) . " AS $_->{column_name}" } @here;
		my $result = $s->query(<<"END");
WITH got AS MATERIALIZED (SELECT $got FROM $site.$name $where),
  want AS MATERIALIZED (SELECT $want FROM $source)
SELECT (SELECT count(*) FROM got), (SELECT count(*) FROM want),
  (SELECT json_agg(x) FROM (SELECT ROW(got.*)::text FROM got EXCEPT ALL SELECT ROW(want.*)::text FROM want) x),
  (SELECT json_agg(x) FROM (SELECT ROW(want.*)::text FROM want EXCEPT ALL SELECT ROW(got.*)::text FROM got) x)
END

		is($result->{error} ? $result->{err} : encode('UTF-8', $result->{out}),
			"$counted->{n}|$counted->{n}||",
			"$name: $example->{file} is read as it is");
	}
	cmp_ok($rows, '>', 0, "$name: its examples have rows");
}

# ---- pages

# Generated rows, many more than fit into a page, come once each: whatever the
# kind of paging, and however a period is split.
my %paging = map { $_ => 1 } map {
	my $paging = $models->{actions}{$_}{response}{paging};
	grep { defined } @$paging{qw(page_param offset_param size_param token_param)}, 'Context'
} keys %{ $models->{actions} };

# The rows that the simulator has for a request, as an answer.
sub dump_of
{
	my ($table, $shape, @bodies) = @_;
	my @rows;

	foreach my $body (@bodies)
	{
		my $rows = $sim->dump($table->{action}, $body);

		push @rows, @$rows;
	}
	my $answer = $shape->{single} ? $rows[0] : \@rows;

	$answer = { $_ => $answer } foreach reverse split /\./, $shape->{path};
	return $answer;
}

foreach my $table (@tables)
{
	my $name = $table->{table_name};
	my $site = $table->{sites} =~ /intl/ ? 'intl' : 'china';
	my $shape = shape_of($table);
	my %own = map { $_ => 1 } @{ $shape->{members} };
	my @columns = grep { $_->{sites} =~ /$site/ } @{ $columns{$name} };
	my @compared = grep {
		defined $_->{field}
		  && !is_derived($_)
		  && ($own{ $_->{field} } || $shape->{parent}{ $_->{field} })
	} @columns;
	my @conditions = map { $_->{example} }
	  grep { $_->{required} eq 'yes' && $_->{column_name} ne 'tag_key' } @columns;

	push @conditions, "tag_key = 'env'"
	  if $name =~ /_by_tag$/;
	# long enough to be split
	my $days = $shape->{nested} ? 20 : 300;
	s/^(\S+) >= (.*)/$1 >= $2 AND $1 < timestamp $2 + '$days days'/ foreach @conditions;
	$sim->reset;
	$sim->config({ site => $site, rows => 250 });

	my $where = @conditions ? 'WHERE ' . join(' AND ', @conditions) : '';
	my ($counted) = rows_of("SELECT count(*) AS n FROM $site.$name $where");
	my %bodies;

	foreach my $call (@{ $sim->log })
	{
		my %body = map { $_ => $call->{body}{$_} }
		  grep { !$paging{$_} } keys %{ $call->{body} };

		$bodies{ $json->encode(\%body) } = \%body;
	}
	my $source = source_of($shape, dump_of($table, $shape, values %bodies));
	# what is at the end of a piece is at the begin of the next as well
	my $period = keys %bodies > 1 && !$shape->{nested} ? 'DISTINCT' : '';
	my $got = join ', ', map { actual($table, $_) } @compared;
	my $want = join ', ', map { expected($table, $shape, $_) . " AS $_->{column_name}" } @compared;
	my $filter = join ' AND ', grep { / < timestamp / } @conditions;
	my $result = $s->query(<<"END");
WITH got AS MATERIALIZED (SELECT $got FROM $site.$name $where),
  want AS MATERIALIZED (SELECT * FROM (SELECT $period $want FROM $source) x @{[ $filter && "WHERE $filter" ]})
SELECT (SELECT count(*) FROM want) = $counted->{n},
  (SELECT json_agg(x) FROM (SELECT ROW(got.*)::text FROM got EXCEPT ALL SELECT ROW(want.*)::text FROM want LIMIT 2) x),
  (SELECT json_agg(x) FROM (SELECT ROW(want.*)::text FROM want EXCEPT ALL SELECT ROW(got.*)::text FROM got LIMIT 2) x)
END

	is($result->{error} ? $result->{err} : encode('UTF-8', $result->{out}),
		't||', "$name: all $counted->{n} rows are read once, by ". scalar(@{ $sim->log }) . ' calls');
	cmp_ok($counted->{n}, '>', 0, "$name: there are rows");
}

# ---- parameters

# Every scalar in a request, with the path to it.
sub leaves
{
	my ($value, $path) = @_;

	return map { leaves($value->{$_}, "$path.$_") } sort keys %$value
	  if ref $value eq 'HASH';
	return map { leaves($_, $path) } @$value if ref $value eq 'ARRAY';
	return ("$path=$value");
}

# What a query with this condition sends first.
sub sent
{
	my ($site, $name, @conditions) = @_;
	my $where = @conditions ? 'WHERE ' . join(' AND ', @conditions) : '';

	$sim->reset;
	$sim->config({ site => $site, rows => 20 });
	my $result = $s->query("SELECT * FROM $site.$name $where LIMIT 1");
	my @log = @{ $sim->log };

	# the generated account has other tags than the examples
	return (undef, $result->{err} // 'nothing was sent')
	  if !@log || ($result->{error} && $result->{err} !~ /TagKeyNotExist/);
	return ($log[0]{body}, undef);
}

# A parameter may need another one, or exclude it.
my %with = (tag_key => 'tag_value', tag_value => 'tag_key');
my %without = (tag_key => { group_type => 1, dimensions => 1 });

# A column's example; of a period only its first day, so that it is not split.
sub one_day
{
	my ($column) = @_;
	my $example = $column->{example};

	return $example =~ s/^(\S+) >= (.*)/$1 >= $2 AND $1 < timestamp $2 + '1 day'/r;
}

# The condition of a column is sent: its value is found in the request.
sub check_sent
{
	my ($table, $column, @columns) = @_;
	my $name = $table->{table_name};
	my $which = $column->{column_name};
	my $site = "$table->{sites} $column->{sites}" =~ /intl.*intl/ ? 'intl' : 'china';
	my %needed = map { $_->{column_name} => $_ } grep {
		$_->{required} eq 'yes'
		  && $_->{sites} =~ /$site/
		  && !$without{$which}{ $_->{column_name} }
	} @columns;
	my ($value) = $column->{example} =~ /'(.*)'$/;

	# of the summaries: a key exists for one way to group only
	delete $needed{tag_key}
	  if $which ne 'tag_key' && grep { $without{tag_key}{ $_->{column_name} } } @columns;
	$needed{$which} = $column;
	foreach my $other (@columns)
	{
		$needed{ $other->{column_name} } = $other
		  if ($with{$which} // '') eq $other->{column_name}
		  && $other->{required} eq 'no';
	}
	my ($body, $error) = sent($site, $name, map { one_day($_) } values %needed);

	is($error, undef, "$name: a condition on $which is accepted");
	ok(scalar(grep { /=\Q$value\E/ } leaves($body // {}, '')),
		"$name: $column->{example} is sent");
}

foreach my $table (@tables)
{
	my @columns = grep { defined $_->{example} } @{ $columns{ $table->{table_name} } };

	check_sent($table, $_, @columns) foreach @columns;
}

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

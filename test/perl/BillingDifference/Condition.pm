package BillingDifference::Condition;

# Condition.pm
#	  Random values and conditions for the queries of BillingDifference.pm.
#
# A condition is {sql, pure, wants}.  It is generated together with what it
# implies for the columns that parameters feed ("pure"; undef: nothing), by the
# rules of the documentation: a volatile expression implies nothing, AND what
# its arms imply, OR only what all arms do.  "wants" are columns that a request
# may lack although rows have them; then the condition cannot be checked on it.
#
# Expressions that could fail on a row are left out (or written so that they
# cannot), because SQL does not say in which order conditions are evaluated.
#
# IDENTIFICATION
#	  test/perl/BillingDifference/Condition.pm

use strict;
use warnings FATAL => 'all';

use Exporter qw(import);

use BillingTest;

our @EXPORT = qw($Q $V $tags_asked %ACTION
	chance upto one oneof some value array list
	pure mixed condition month_text group_type payer open_column row_column);

# The query that is being made, and the values that occur in the data: see
# BillingDifference::query
our ($Q, $V);

# A scan asks for tags through columns of their own: conditions on the object
# choose nothing then.
our $tags_asked;

our %ACTION = (
	summary => 'DescribeBillSummary',
	modes => 'DescribeBillSummaryByPayMode',
	resources => 'DescribeBillResourceSummaryForOrganization');

# ---- chance

sub chance { return rand() < $_[0] }
sub upto { return int rand($_[0]) }
sub one { return $_[ int rand @_ ] }
sub oneof { return one(@_)->() }

sub some
{
	my ($least, $most, @from) = @_;

	return map { one(@from) } 1 .. $least + upto($most - $least + 1);
}

# ---- values

# A literal, or a parameter of the prepared statement.
sub value
{
	my ($type, $text) = @_;
	my $literal = BillingTest::quoted($text);

	if ($Q->{kind} eq 'prepared' && chance(0.6))
	{
		push @{ $Q->{params} }, [ $type, $literal ];
		return '$' . scalar @{ $Q->{params} };
	}
	return defined $text && $type eq 'text' ? $literal : "$literal\::$type";
}

sub array
{
	my ($type, @texts) = @_;

	return value("$type\[]",
		'{' . join(',', map { defined $_ ? "\"$_\"" : 'NULL' } @texts) . '}');
}

sub month
{
	return sprintf '2023-%02d', 1 + upto(chance(0.9) ? 6 : 9);
}

sub months
{
	my @months = some(1, 4, map { month() } 1 .. 4);

	push @months, $months[0] if chance(0.3);
	push @months, undef if chance(0.15);
	return @months;
}

sub list { return join ', ', map { value('text', $_) } @_ }

# ---- conditions

sub pure { return { sql => $_[0], pure => $_[0], wants => $_[1] // [] } }
sub mixed { return { sql => $_[0], pure => undef, wants => [] } }

sub month_text
{
	my ($c) = @_;
	my $m = sub { value('text', month()) };
	my @two = sort(month(), month());

	return oneof(
		(sub { pure("$c = " . $m->()) }) x 3,
		sub { pure($m->() . " = $c") },
		(sub { pure("$c IN (" . list(months()) . ')') }) x 3,
		(sub { pure("$c = ANY (" . array('text', months()) . ')') }) x 3,
		sub { pure("$c <> " . $m->()) },
		sub { pure("$c < " . $m->()) },
		sub { pure("$c >= " . $m->()) },
		(sub { pure("$c BETWEEN " . join ' AND ', map { value('text', $_) } @two) }) x 2,
		sub { pure("$c NOT BETWEEN " . join ' AND ', map { value('text', $_) } @two) },
		sub { pure("$c BETWEEN SYMMETRIC " . $m->() . ' AND ' . $m->()) },
		sub { pure("$c LIKE " . value('text', one('2023-0%', '%4', '2023-0_', '202_-03', '%'))) },
		sub { pure("$c NOT LIKE '%" . one(1 .. 6) . "'") },
		sub { pure("$c ILIKE '2023%" . one(1 .. 6) . "'") },
		sub { pure("$c SIMILAR TO '2023-0(2|4|5)'") },
		sub { pure("$c ~ '0[135]\$'") },
		sub { pure("$c NOT IN (" . list(map { month() } 1 .. 2) . ')') },
		sub { pure("$c <> ALL (" . array('text', map { month() } 1 .. 2) . ')') },
		sub { pure("$c = ANY (ARRAY[" . list(months()) . ']::text[])') },
		sub { pure("$c IS NOT NULL") },
		sub { pure("$c IS NULL") },
		sub { pure("$c IS DISTINCT FROM " . $m->()) },
		sub { pure("$c IS NOT DISTINCT FROM " . $m->()) },
		sub { pure("coalesce($c, 'x') >= " . $m->()) },
		sub { pure("CASE WHEN $c > " . $m->() . " THEN true ELSE $c = " . $m->() . ' END') },
		sub { pure("CASE $c WHEN " . $m->() . " THEN 1 WHEN '2023-02' THEN 2 END > 0") },
		sub { pure("right($c, 2)::int % 2 = " . upto(2)) },
		sub { pure("to_date($c, 'YYYY-MM') >= " . value('date', month() . '-01')) },
		sub { pure("substr($c, 6) = " . value('text', '0' . (1 + upto(6)))) },
		sub { pure("$c || '-01' <= " . $m->()) },
		sub { pure("$c\::varchar(7) = " . $m->()) },
		sub { pure("$c = " . value('varchar', month())) },
		sub { pure("$c\::char(7) = " . value('char(7)', month())) },
		sub { pure("$c COLLATE \"C\" >= " . $m->()) },
		sub { pure("upper($c) = " . $m->()) },
		sub { pure("md5($c) < '8'") },
		sub { pure("length($c) = " . one(7, 7, 8)) },
		sub { pure("$c >= to_char(date '2023-04-15' - interval '1 month', 'YYYY-MM')") },
		sub { pure("$c < to_char(now(), 'YYYY-MM')") },
		sub { pure("starts_with($c, '2023-0')") },
		sub { pure("$c = stable_month(" . one(1 .. 5, 7, 8) . ')') },
		sub { pure("greatest($c, " . $m->() . ") = $c") },
		sub { pure("nullif($c, " . $m->() . ') IS NOT NULL') },
		sub { pure("($c, 1) IN ((" . $m->() . ', 1), (' . $m->() . ', 2))') },
		sub { pure("($c, 'x') >= (" . $m->() . ", 'a')") },
		sub { pure("$c = concat('2023', '-0', " . one(1 .. 6) . ')') },
		sub { pure("position('4' in $c) > 0") },
		sub { pure("$c = ANY (string_to_array(" . value('text', join ',', grep { defined } months()) . ", ','))") },
		sub { pure("$c = (SELECT max(s.month) FROM periods s WHERE s.month <= " . $m->() . ')') },
		sub { pure("$c > (SELECT s.first FROM periods s WHERE s.n = " . one(1, 3, 5, 8, 77) . ')') },
		sub { pure("$c = ANY (ARRAY(SELECT s.month FROM periods s WHERE s.n > " . upto(9) . '))') },
		sub { pure("(SELECT count(*) FROM periods s WHERE s.month = $c) > " . upto(2)) },
		sub { pure("EXISTS (SELECT FROM periods s WHERE s.month = $c AND s.n < 9 OFFSET 0)") },
		sub { pure("(EXISTS (SELECT FROM periods s WHERE s.month = $c) OR $c = " . $m->() . ')') },
		sub { pure("($c IN (SELECT s.month FROM periods s WHERE s.n < 4) OR $c > " . $m->() . ')') },
		sub { pure("($c, 1) IN (SELECT s.month, 1 FROM periods s WHERE s.n > 3) IS TRUE") },
		sub { pure("$c NOT IN (SELECT s.month FROM periods s WHERE s.month IS NOT NULL AND s.n > " . upto(6) . ')') },
		sub { pure("$c NOT IN (SELECT s.month FROM periods s WHERE s.n > 7)") },
		sub { pure("$c > ALL (SELECT s.month FROM periods s WHERE s.n < 3)") },
		sub {
			push @{ $Q->{checks} }, { action => $ACTION{modes}, alias => 'x', type => 'text', condition => 'true' };
			return pure("$c < (SELECT max(x.bill_month) FROM \@{modes} x WHERE x.month = " . $m->() . ')');
		},
		# these become joins
		sub { mixed("$c IN (SELECT s.month FROM periods s WHERE s.n > " . upto(6) . ')') },
		sub { mixed("EXISTS (SELECT FROM periods s WHERE s.month = $c)") },
		sub { mixed("EXISTS (SELECT FROM periods s WHERE $c BETWEEN s.first AND s.last)") },
		sub { mixed("NOT EXISTS (SELECT FROM periods s WHERE s.month = $c AND s.n > 2)") },
		sub { mixed("$c < ANY (SELECT s.last FROM periods s WHERE s.n = 1 OFFSET 0)") },
		sub {
			push @{ $Q->{checks} }, { action => $ACTION{modes}, alias => 'x', type => 'text', condition => 'true' };
			return mixed("$c IN (SELECT x.bill_month FROM \@{modes} x WHERE x.pay_mode = 'prePay')");
		},
		sub { mixed("$c IN (VALUES ('2023-02'), ('2023-05'), ('1999-12'))") },
		# and these are not to be asked early
		sub { mixed("$c <> random()::text") },
		sub { mixed("($c = " . $m->() . ' OR random() >= 0)') });
}

sub month_date
{
	my ($c) = @_;
	my $d = sub { value('date', month() . '-01') };

	return oneof(
		(sub { pure("$c = " . $d->()) }) x 2,
		sub { pure("$c IN (" . join(', ', map { $d->() } 1 .. 3) . ')') },
		sub { pure("$c = ANY (" . array('date', map { "$_-01" } grep { defined } months()) . ')') },
		sub { pure("$c >= " . $d->()) },
		sub { pure("$c BETWEEN " . $d->() . ' AND ' . value('date', '2023-05-' . one('01', 17, 31))) },
		sub { pure("$c > " . value('date', '2023-02-15')) },
		sub { pure("extract(month FROM $c) IN (1, 3, " . one(2 .. 6) . ')') },
		sub { pure("$c\::text LIKE '2023-0%'") },
		sub { pure("to_char($c, 'YYYY-MM') = " . value('text', month())) },
		sub { pure("date_trunc('quarter', $c) = " . value('timestamp', '2023-04-01')) },
		sub { pure("$c\::date + 31 > " . $d->()) },
		sub { pure("$c = " . value('timestamp', month() . '-01')) },
		sub { pure("$c >= " . value('timestamptz', month() . '-01 00:00+00')) },
		sub { pure("$c\::date - date '2023-01-01' > " . one(30, 60, 90)) },
		sub { pure("$c\::date <\@ daterange('2023-02-01', '2023-05-01')") },
		sub { pure("$c = make_date(2023, " . one(1 .. 6) . ', 1)') },
		sub { pure("$c <> ALL (" . array('date', '2023-01-01', '2023-03-01') . ')') },
		sub { pure("isfinite($c)") },
		sub { pure("$c < 'infinity'") },
		sub { pure("$c = (SELECT min(s.md) FROM periods s WHERE s.n > " . one(1, 3, 8) . ')') },
		sub { pure("$c = ANY (ARRAY(SELECT s.md FROM periods s))") },
		sub { pure("($c IN (SELECT s.md FROM periods s WHERE s.n < 8) OR $c = " . $d->() . ')') },
		sub { pure("$c > (SELECT s.ts FROM periods s WHERE s.n = " . one(1, 3, 4, 5, 9) . ')') },
		# as BI tools write them
		sub { pure("$c BETWEEN " . value('timestamptz', '2023-02-01T00:00:00Z') . ' AND ' . value('timestamptz', '2023-04-30T23:59:59.999Z')) },
		sub { pure("date_trunc('month', $c) >= date_trunc('month', " . value('timestamp', '2023-03-15') . ')') },
		sub { pure("$c >= date_trunc('month', timestamp '2023-05-10') + interval '-3 month' AND $c < date_trunc('month', timestamp '2023-05-10')") },
		sub { pure("CAST($c AS date) BETWEEN date_trunc('quarter', date '2023-05-10') AND " . $d->()) },
		sub { pure("extract(year FROM $c) = 2023 AND extract(quarter FROM $c) = " . one(1, 2)) },
		sub { pure("$c >= to_timestamp('2023-03-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')") },
		sub { mixed("$c IN (SELECT s.md FROM periods s)") },
		sub { mixed("EXISTS (SELECT FROM periods s WHERE s.ts = $c)") },
		sub { mixed("NOT EXISTS (SELECT FROM periods s WHERE s.md > $c AND s.n < 3)") });
}

# One that settles what group_type needs; tags need their key.
sub group_type
{
	my ($a) = @_;
	my $c = "$a.group_type";
	my $g = sub { value('text', one(qw(region project payMode business))) };
	my $key = sub { value('text', one(@{ $V->{keys} })) };

	return oneof(
		(sub { pure("$c = " . $g->()) }) x 6,
		sub { pure($g->() . " = $c") },
		sub { pure("$c IN (" . $g->() . ', ' . $g->() . ')') },
		sub { pure("$c = ANY (" . array('text', some(1, 3, 'region', 'project', 'payMode'), one('region', undef)) . ')') },
		sub { pure("$c LIKE 'p%'") },
		sub { pure("$c < 'tag'") },
		sub { pure("$c <> 'tag'") },
		sub { pure("$c NOT IN ('tag', " . $g->() . ')') },
		sub { pure("length($c) > 3") },
		sub { pure("NOT ($c = 'tag' OR $c = " . $g->() . ')') },
		sub { pure("coalesce($c, 'tag') <> 'tag'") },
		sub { pure("CASE $c WHEN 'tag' THEN false ELSE $c > 'b' END") },
		sub { pure("$c = (SELECT s.g FROM periods s WHERE s.n = " . (1 + upto(10)) . ')') },
		sub { pure("$c = ANY (ARRAY(SELECT s.g FROM periods s))") },
		sub { pure("$a.tag_key = " . $key->()) },
		sub { pure("$a.tag_key = " . $key->() . " AND $c = 'tag'") },
		sub { pure("$a.tag_key IN (" . $key->() . ', ' . $key->() . ')') },
		sub { pure("$a.tag_key = ANY (" . array('text', some(1, 3, @{ $V->{keys} }), one(undef, $V->{keys}[0])) . ')') });
}

sub payer
{
	my ($c) = @_;
	my @uins = ('100000000001', '100000000002');

	return oneof(
		(sub { pure("$c = " . value('text', one(@uins))) }) x 3,
		sub { pure("$c IN (" . list(@uins, one(@uins, undef)) . ')') },
		sub { pure("$c = ANY (" . array('text', one(@uins), undef, one(@uins)) . ')') },
		sub { pure("$c = ANY (ARRAY(SELECT s.uin FROM payers s))") },
		sub { pure("$c = (SELECT max(s.uin) FROM payers s)") },
		sub { pure("$c = lower(" . BillingTest::quoted(one(@uins)) . ')') },
		sub { pure("$c IS NULL") });
}

# Conditions on columns that requests may name but rows show as well.
sub open_column
{
	my ($a) = @_;
	my $code = sub { value('text', one(@{ $V->{codes} }, 'p_none')) };
	my $id = sub { value('text', one(@{ $V->{ids} }, 'none', '')) };
	my $mode = sub { value('text', one(qw(prePay postPay riPay))) };
	my @mode = ("$a.pay_mode", ['pay_mode']);
	my @code = ("$a.business_code", ['business_code']);
	my @id = ("$a.resource_id", ['resource_id']);

	return oneof(
		sub { pure("$mode[0] = " . $mode->(), $mode[1]) },
		sub { pure("$mode[0] IN (" . $mode->() . ', ' . $mode->() . ')', $mode[1]) },
		sub { pure("$mode[0] LIKE '%Pay'", $mode[1]) },
		sub { pure("$mode[0] IS NOT NULL", $mode[1]) },
		sub { pure("$code[0] = " . $code->(), $code[1]) },
		sub { pure("$code[0] IN (" . $code->() . ', ' . $code->() . ', NULL)', $code[1]) },
		sub { pure("$code[0] = ANY (" . array('text', some(1, 4, @{ $V->{codes} })) . ')', $code[1]) },
		sub { pure("($code[0] = " . $code->() . " OR $code[0] = " . $code->() . ')', $code[1]) },
		sub { pure("$code[0] > " . $code->(), $code[1]) },
		sub { pure("$code[0] = (SELECT max(s.code) FROM assets s WHERE s.n < " . upto(9) . ')', $code[1]) },
		sub { pure("($code[0] = " . $code->() . " AND $mode[0] = " . $mode->() . ')', [ 'business_code', 'pay_mode' ]) },
		(sub { pure("($code[0] = " . $code->() . " OR $mode[0] = " . $mode->() . ')', [ 'business_code', 'pay_mode' ]) }) x 3,
		sub { pure("($code[0], $mode[0]) IN ((" . $code->() . ', ' . $mode->() . '), (' . $code->() . ', ' . $mode->() . '))', [ 'business_code', 'pay_mode' ]) },
		sub { pure("$id[0] = " . $id->(), $id[1]) },
		sub { pure("$id[0] IN (" . join(', ', map { $id->() } 1 .. 3) . ')', $id[1]) },
		sub { pure("$id[0] = ANY (ARRAY(SELECT s.id FROM assets s))", $id[1]) },
		# more than are sent
		sub { pure("$id[0] = ANY (ARRAY(SELECT 'no' || i FROM generate_series(1, 40) i UNION ALL SELECT s.id FROM assets s))", $id[1]) },
		sub { pure("$id[0] <> " . $id->(), $id[1]) },
		sub { pure("$id[0] NOT IN (SELECT s.id FROM assets s WHERE s.id IS NOT NULL)", $id[1]) },
		sub { mixed("$id[0] IN (SELECT s.id FROM assets s)") },
		sub { mixed("EXISTS (SELECT FROM assets s WHERE s.id = $id[0] AND s.code = $code[0])") });
}

# Conditions that no request can settle.
sub row_column
{
	my ($t, $a) = @_;
	my $x = "$a.real_total_cost";

	return oneof(
		sub { mixed("$x > " . value('numeric', one(-10, 0, 5, 100))) },
		sub { mixed("$x BETWEEN -5 AND " . one(10, 1000)) },
		sub { mixed("$a.total_cost IS NULL") },
		sub { mixed("$a.total_cost IS NOT NULL") },
		sub { mixed("$x\::text LIKE '%1%'") },
		sub { mixed("$x <> trunc($x)") },
		sub { mixed('random() >= 0') },
		sub { mixed("($x > 0) IS NOT FALSE") },
		sub { mixed("$x > (SELECT avg(s.n) FROM periods s)") },
		($t eq 'summary'
			? (sub { mixed("$a.group_key = " . value('text', one(@{ $V->{codes} }, '0', '1'))) },
				sub { mixed("$a.group_value LIKE '%(%'") },
				sub { mixed("$a.group_key <> $a.group_type") },
				sub { mixed("$a.group_key IN (SELECT s.code FROM assets s)") })
			: ()),
		($t eq 'modes'
			? (sub { mixed("$a.pay_mode = " . value('text', one(qw(prePay postPay riPay)))) },
				sub { mixed("$a.action_type LIKE 'pre%'") },
				sub { mixed("$a.action_type > $a.pay_mode") })
			: ()),
		($t eq 'resources'
			? (sub { mixed("$a.tags ? 'env'") },
				(sub { tag_condition("$a.tags") }) x 5,
				sub { mixed("$a.pay_time > " . value('timestamp', '2023-03-10')) },
				sub { mixed("$a.region_id IN (1, 4, 8)") })
			: ()));
}

# A request names one tag, by one of these conditions; where it names another
# key, or there are several conditions, it cannot be judged.
sub tag_condition
{
	my ($c) = @_;
	my $key = one('env', 'env', 'team');
	my @values = map { one(qw(prod test search shop), 'none', '') } 1 .. 3;
	my $condition = one(
		"$c ->> " . value('text', $key) . ' = ' . value('text', $values[0]),
		value('text', $values[0]) . " = $c ->> '$key'",
		"$c ->> '$key' IN (" . list(@values) . ')',
		"$c ->> '$key' = ANY (" . array('text', @values, undef) . ')',
		"$c ->> '$key' = (SELECT max(s.tv) FROM assets s WHERE s.k = '$key')",
		"$c ->> '$key' = ANY (ARRAY(SELECT s.tv FROM assets s))",
		"$c \@> " . value('jsonb', "{\"$key\": \"$values[0]\"}"),
		"$c \@> jsonb_build_object('$key', lower(" . value('text', $values[0]) . '))',
		"$c \@> " . value('jsonb', '{}'),
		value('jsonb', "{\"$key\": \"$values[0]\", \"no\": \"key\"}") . " <\@ $c");

	return mixed($condition) if $tags_asked;
	$Q->{tags}{$c}++;
	return { sql => $condition, pure => "(SEVERAL($c) OR NOT coalesce($c ? '$key', false) OR $condition)", wants => [] };
}

sub leaf
{
	my ($t, $a, $type) = @_;
	my $dice = rand();

	return row_column($t, $a) if $dice < 0.25;
	return open_column($a) if $t eq 'resources' && $dice < 0.6;
	return mixed("$a.group_key = $a.month\::text") if $dice > 0.99 && $t eq 'summary';
	if ($t eq 'summary' && $dice < 0.45)
	{
		my $group = group_type($a);

		# a key has candidates only where all arms of an OR name one
		return $group->{sql} =~ /tag_key/ ? mixed($group->{sql}) : $group;
	}
	return month_date("$a.month") if $type eq 'date';
	return month_time("$a.month") if $type eq 'timestamp';
	return month_text("$a.month");
}

sub month_time
{
	my ($c) = @_;

	return chance(0.2)
	  ? pure("$c = " . value('timestamp', month() . '-01 00:00'))
	  : month_date($c);
}

# A condition of conditions.
sub condition
{
	my ($t, $a, $type, $depth) = @_;

	return leaf($t, $a, $type) if $depth == 0 || chance(0.55);
	my @arms = map { condition($t, $a, $type, $depth - 1) } 1 .. 2 + chance(0.2);

	return negation($arms[0]) if chance(0.15);
	return chance(0.5) ? conjunction(@arms) : disjunction(@arms);
}

sub joined
{
	my ($word, @arms) = @_;

	return '(' . join(" $word ", map { "($_)" } @arms) . ')';
}

sub wants { return [ map { @{ $_->{wants} } } @_ ] }

sub conjunction
{
	my (@arms) = @_;
	my @kept = grep { defined $_->{pure} } @arms;

	return { sql => joined('AND', map { $_->{sql} } @arms),
		pure => @kept ? joined('AND', map { $_->{pure} } @kept) : undef,
		wants => wants(@kept) };
}

sub disjunction
{
	my (@arms) = @_;

	return { sql => joined('OR', map { $_->{sql} } @arms),
		pure => (grep { !defined $_->{pure} } @arms) ? undef
		: joined('OR', map { $_->{pure} } @arms),
		wants => wants(@arms) };
}

sub negation
{
	my ($arm) = @_;
	my $whole = defined $arm->{pure} && $arm->{pure} eq $arm->{sql};
	my $sql = "NOT ($arm->{sql})";

	return { sql => $sql, pure => $whole ? $sql : undef, wants => $arm->{wants} };
}

1;

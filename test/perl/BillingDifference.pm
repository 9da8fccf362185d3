package BillingDifference;

# BillingDifference.pm
#	  Random queries for the differential test, 130_differential.pl.
#
#   my $query = BillingDifference::query($seed, $number, \%values);
#       the same for the same arguments.  %values: ids, codes, keys: lists of
#       texts that occur in the data.  The result:
#       sql      with @{NAME} for a table that exists in both schemas and
#                @{NAME/COPY} for one whose local copy holds a row per value
#                of an input column; parameters are $1, $2 ...
#       params   [type, literal] of each
#       kind     plain, scroll (a cursor that goes back) or prepared
#       ordered  true when the order of rows is part of the answer
#       may      patterns of the errors that the shape may end in
#       must     true when one of these is sure
#       checks   for requests that may be sent: a list of
#                {action, condition}; a request of the action must satisfy
#                one of them, written for a relation "r" of what was sent
#       shape    what was joined how
#   BillingDifference::far($sql), near($sql): for the one schema and the other
#
# A condition is generated together with what it implies for the columns that
# parameters feed ("pure"), by the rules of the documentation: a volatile
# expression implies nothing, AND what its arms imply, OR only what all arms
# do.  What a join implies is not counted where the table has a condition of
# its own: the planner is free to use it or not.
#
# Expressions that could fail on a row are left out (or written so that they
# cannot), because SQL does not say in which order conditions are evaluated.
# Amounts are never grouped, sorted or made distinct as numbers, because 1.0
# and 1.00 are equal and it is up to the plan which of both is shown.
#
# IDENTIFICATION
#	  test/perl/BillingDifference.pm

use strict;
use warnings FATAL => 'all';

our $NEEDS = qr/^HV002: .* needs a condition on/;
our $JOINED = qr/^HV002: .* cannot be joined on column/;
our $CANNOT = qr/^HV002: .* cannot be sent/;
our $NO_VALUE = qr/^22023: .* is no value of column/;

my %ACTION = (
	summary => 'DescribeBillSummary',
	modes => 'DescribeBillSummaryByPayMode',
	resources => 'DescribeBillResourceSummaryForOrganization');

my ($Q, $V);

# A scan asks for tags through columns of their own: conditions on the object
# choose nothing then.
my $tags_asked;

# ---------------------------------------------------------------- chance

sub chance { return rand() < $_[0] }
sub upto { return int rand($_[0]) }
sub one { return $_[ int rand @_ ] }
sub oneof { return one(@_)->() }

sub some
{
	my ($least, $most, @from) = @_;

	return map { one(@from) } 1 .. $least + upto($most - $least + 1);
}

# ---------------------------------------------------------------- values

sub quoted
{
	my ($text) = @_;

	return 'NULL' unless defined $text;
	$text =~ s/'/''/g;
	return "'$text'";
}

# A literal, or a parameter of the prepared statement.
sub value
{
	my ($type, $text) = @_;
	my $literal = quoted($text);

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

# ---------------------------------------------------------------- conditions

# {sql, pure, wants}: wants = columns that a request may lack although rows
# have them; then the condition cannot be checked on it.
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
		sub { pure("$c = lower(" . quoted(one(@uins)) . ')') },
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

# ---------------------------------------------------------------- tables

# A reference to a foreign table with conditions of its own.  %o:
#   open      its months are not bounded: "bound" says what does it, a
#             condition on r and local tables only, see below
#   like      summary, modes, resources; type of its month
#   input     1 = a condition on an input column, 2 = bound by a join
#   group     group_type comes from elsewhere
#   few       no more conditions than needed
sub scan
{
	my ($a, %o) = @_;
	my $t = $o{like} // one(qw(summary summary modes modes resources resources));
	my $type = $o{type} // one(qw(text text text), $t eq 'summary' ? 'date' : $t eq 'modes' ? 'timestamp' : 'text');
	my $input = $o{input} // (chance($t eq 'resources' ? 0.3 : 0.12) ? 1 : 0);
	$tags_asked = $input && $t eq 'resources';
	my $name = $t . ($o{open} ? '_open' : $type eq 'text' ? '' : "_$type");
	my $copy = $input ? $t eq 'resources' ? '/tag' : '/payer' : '';
	my @conditions;

	push @conditions, group_type($a) if $t eq 'summary' && !$o{group};
	if ($input == 1 && $t ne 'resources')
	{
		push @conditions, payer("$a.payer_uin");
	}
	elsif ($input == 1)
	{
		my @keys = @{ $V->{keys} };

		push @conditions, mixed("$a.tag_key " . one(
				'= ' . value('text', one(@keys, 'no key')),
				'IN (' . list(@keys[ 0, 1 ], one(@keys, 'no key')) . ')',
				'= ANY (' . array('text', undef, some(2, 4, @keys)) . ')',
				'IS NULL'));
		push @conditions, mixed("$a.tag_value " . one("= 'prod'", "= ''", "IN ('prod', 'test')"))
		  if $conditions[0]{sql} !~ /NULL/ && chance(0.5);
	}
	# an open table takes months only where its copy has them
	my $more = $o{few} ? 0 : upto(3);

	push @conditions, map { $o{open} ? row_column($t, $a) : condition($t, $a, $type, 2) } 1 .. $more;
	push @conditions, $o{bound} if $o{bound};

	my @pure = grep { defined $_->{pure} } @conditions;
	my @checks;

	foreach my $condition (@pure)
	{
		my @unless = map { "$a.$_ IS NULL" } @{ $condition->{wants} };

		push @checks, join ' OR ', @unless, "($condition->{pure})";
	}
	push @{ $Q->{checks} },
	  { action => $ACTION{$t}, alias => $a, type => $type,
		condition => join(' AND ', map { "($_)" } @checks) || 'true' };

	return { ref => "\@{$name$copy} $a", alias => $a, like => $t, type => $type,
		input => $input, where => [ map { $_->{sql} } @conditions ],
		columns => columns($t, $a) };
}

sub columns
{
	my ($t, $a) = @_;

	return {
		text => [ map { "$a.$_" } $t eq 'summary' ? qw(month group_type group_key)
			: $t eq 'modes' ? qw(month pay_mode action_type)
			: qw(month pay_mode business_code resource_id) ],
		number => [ map { "$a.$_" } qw(real_total_cost total_cost) ] };
}

sub outputs
{
	my (@of) = @_;

	return { text => [ map { @{ $_->{text} } } @of ],
		number => [ map { @{ $_->{number} } } @of ] };
}

my %local = (
	periods => { text => [qw(month g md first)], number => ['n'] },
	many => { text => [qw(month g)], number => ['n'] },
	assets => { text => [qw(id code month)], number => ['n'] },
	payers => { text => [qw(uin month)], number => ['n'] });

sub local_table
{
	my ($name, $a) = @_;

	return { ref => "$name $a", columns => {
			text => [ map { "$a.$_" } @{ $local{$name}{text} } ],
			number => [ map { "$a.$_" } @{ $local{$name}{number} } ] } };
}

# What joins a table of months with the month of a scan.
sub month_join
{
	my ($s, $p) = @_;
	my $c = "$s->{alias}.month";

	return one("$c = $p.month", "$c = $p.month", "$p.month = $c", "$c = $p.v",
		"$c BETWEEN $p.first AND $p.last", "$c >= $p.first AND $c < $p.last",
		"$c = to_char($p.md, 'YYYY-MM')", "$c = $p.month || ''",
		"$c = ANY (ARRAY[$p.month, $p.first])",
		"($c = $p.month OR $c = $p.first)",
		"($c = $p.month AND $p.g = 'region' OR $c = $p.first AND $s->{alias}.real_total_cost > 0)",
		"coalesce($p.month, '2023-03') = $c", "upper($c) = $p.month",
		"CASE WHEN $p.n % 2 = 0 THEN $p.month ELSE $p.first END = $c")
	  if $s->{type} eq 'text';
	return one("$c = $p.md", "$c = $p.ts", "$c = $p.ts::date", "$c > $p.md",
		"to_char($c, 'YYYY-MM') = $p.month",
		"$c BETWEEN $p.md AND $p.ts", "$c = $p.md AND $c = $p.ts");
}

# One with which an unbounded table asks for nothing that its copy lacks.
sub bounding_join
{
	my ($a, $p) = @_;

	return one("$a.month = $p.month", "$a.month = $p.month", "$p.month = $a.month",
		"$a.month BETWEEN $p.first AND $p.last", "$a.month = to_char($p.md, 'YYYY-MM')",
		"$a.month = $p.v", "($a.month = $p.month OR $a.month = $p.first)",
		"$a.month = ANY (ARRAY[$p.month, $p.first])",
		"($a.month = $p.month AND $p.g = 'region' OR $a.month = $p.first AND $a.real_total_cost > 0)",
		"$a.month = coalesce($p.month, '2023-03')");
}

# Conditions on a local table, few and sometimes false throughout.
sub local_where
{
	my ($p) = @_;

	return () if chance(0.4);
	return one("$p.n > " . value('int', upto(5)), "$p.n IN (1, 3, 7)", "$p.n < 0", "$p.n = " . value('int', 1 + upto(10)),
		"$p.n % 2 = 0", "$p.n <> ALL (ARRAY(SELECT s.n FROM payers s))");
}

# ---------------------------------------------------------------- shapes

# Each returns {from, where, columns}; "local" = alias of a local table.

sub shape_scan
{
	my $s = scan('r');

	return { from => $s->{ref}, where => $s->{where}, columns => $s->{columns} };
}

sub shape_inner
{
	my $s = scan('r');
	my $p = local_table('periods', 'p');
	my @where = (@{ $s->{where} }, month_join($s, 'p'), local_where('p'));

	push @where, one('r.group_type = p.g', "r.group_type = coalesce(p.g, 'region')")
	  if $s->{like} eq 'summary' && chance(0.4);
	my @order = chance(0.5) ? ($p->{ref}, $s->{ref}) : ($s->{ref}, $p->{ref});

	return { from => join(', ', @order), where => \@where,
		columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_many
{
	my $s = scan('r', type => 'text');
	my $p = local_table('many', 'p');
	my @where = (@{ $s->{where} }, 'r.month = p.month', "p.n <= " . value('int', 1 + upto(150)));

	return { from => "$p->{ref}, $s->{ref}", where => \@where,
		columns => outputs($p->{columns}, $s->{columns}), large => 1 };
}

# The month comes from the join only: no other plan is possible.
sub open_scan
{
	my ($a, $p, $relation, $own, %o) = @_;
	my $join = bounding_join($a, $p);
	my $on = join ' AND ', $join, map { "($_)" } @$own;
	my $s;

	$on =~ s/\bAND $a\.real_total_cost > 0//;
	$s = scan($a, type => 'text', open => 1,
		like => $o{like} // one('modes', 'modes', 'summary', 'resources'),
		input => $o{input} // 0, group => $o{group});
	my $check = $Q->{checks}[-1];
	# leaves out nothing, but that is seen only when it is evaluated
	if (chance(0.1))
	{
		push @{ $s->{where} }, one("$a.month LIKE '%-%'", "upper($a.month) = $a.month",
			"$a.month > (SELECT '2017-12')", "length($a.month) = " . value('int', 7));
		$Q->{all_months} = 1;
	}
	# no further condition may narrow the months, lest it be a plan to read them all
	$Q->{open} = 1;
	$check->{condition} .= " AND EXISTS (SELECT FROM $relation $p WHERE $on)";
	return ($s, $join);
}

sub shape_open_inner
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own);
	my $p = local_table('periods', 'p');

	return { from => one("$p->{ref}, $s->{ref}", "$s->{ref}, $p->{ref}", "$p->{ref} CROSS JOIN $s->{ref}"),
		where => [ @{ $s->{where} }, $join, @own ],
		columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_open_left
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');
	my $on = join ' AND ', $join, @{ $s->{where} };

	return { from => one("$p->{ref} LEFT JOIN $s->{ref} ON $on", "$s->{ref} RIGHT JOIN $p->{ref} ON $on"),
		where => \@own, columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_open_semi
{
	my @own = local_where('p');
	my ($s) = open_scan('r', 'p', 'periods', \@own);
	my $own = join '', map { " AND $_" } @own;
	my $in = one(
		"r.month IN (SELECT p.month FROM periods p WHERE p.n <> -1$own)",
		"EXISTS (SELECT FROM periods p WHERE p.month = r.month$own)",
		"r.month = ANY (SELECT p.month FROM periods p WHERE p.n <> -1$own)",
		"(r.month, 1) IN (SELECT p.month, 1 FROM periods p WHERE p.n <> -1$own)");

	# whatever open_scan() chose to join by
	$Q->{checks}[-1]{condition} =~ s/ AND EXISTS \(SELECT FROM periods p.*//s;
	$Q->{checks}[-1]{condition} .= " AND r.month IN (SELECT p.month FROM periods p WHERE p.n <> -1$own)";
	return { from => $s->{ref}, where => [ @{ $s->{where} }, $in ], columns => $s->{columns} };
}

# Nothing can give the scan its months here; LATERAL with OFFSET 0 can.
sub shape_open_refused
{
	my ($s, $join) = open_scan('r', 'p', 'periods', [], like => 'modes');
	my $on = join ' AND ', $join, @{ $s->{where} };
	my $p = local_table('periods', 'p');

	push @{ $Q->{may} }, $NEEDS;
	return { from => one("$s->{ref} LEFT JOIN $p->{ref} ON $on",
			"$p->{ref} RIGHT JOIN $s->{ref} ON $on",
			"$s->{ref} FULL JOIN $p->{ref} ON r.month = p.month"),
		where => [], columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_outer
{
	my $p = local_table('periods', 'p');
	my $s = scan('r', input => 0);
	my $on = month_join($s, 'p');
	my @own = local_where('p');

	return oneof(
		sub { { from => one("$p->{ref} LEFT JOIN $s->{ref} ON ", "$s->{ref} RIGHT JOIN $p->{ref} ON ") . join(' AND ', $on, @{ $s->{where} }),
			where => [ @own, chance(0.3) ? 'r.month IS NULL' : () ],
			columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => one("$s->{ref} LEFT JOIN $p->{ref} ON ", "$p->{ref} RIGHT JOIN $s->{ref} ON ") . join(' AND ', $on, @own),
			where => [ @{ $s->{where} }, chance(0.3) ? 'p.n IS NULL' : () ],
			columns => outputs($p->{columns}, $s->{columns}) } },
		sub {
			my $where = join(' AND ', map { "($_)" } @{ $s->{where} }) || 'true';
			my $key = $s->{type} eq 'text' ? 'month' : $s->{type} eq 'date' ? 'md' : 'ts';

			return { from => "$p->{ref} FULL JOIN (SELECT * FROM $s->{ref} WHERE $where) r ON r.month = p.$key",
				where => [ one('p.n IS NULL OR p.n > 2', 'r.month IS NULL', 'true', 'coalesce(p.n, 1) > 0') ],
				columns => outputs($p->{columns}, $s->{columns}) } });
}

sub shape_anti
{
	my $p = local_table('periods', 'p');
	my $s = scan('r', input => 0);
	my $on = month_join($s, 'p');

	return oneof(
		sub { { from => $p->{ref}, columns => $p->{columns},
			where => [ local_where('p'), one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE " . join(' AND ', $on, @{ $s->{where} }) . ')' ] } },
		sub { { from => $s->{ref}, columns => $s->{columns},
			where => [ @{ $s->{where} }, one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $p->{ref} WHERE " . join(' AND ', $on, local_where('p')) . ')' ] } },
		sub { { from => $p->{ref}, columns => $p->{columns},
			where => [ local_where('p'), 'p.month ' . one('IN', 'NOT IN') . " (SELECT r.month\::text FROM $s->{ref} WHERE " . (join(' AND ', @{ $s->{where} }) || 'true') . ')' ] } });
}

sub shape_open_anti
{
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');

	return { from => $p->{ref}, columns => $p->{columns},
		where => [ local_where('p'), one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE " . join(' AND ', $join, @{ $s->{where} }) . ')' ] };
}

sub shape_lateral
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');
	my $where = join ' AND ', $join, @{ $s->{where} };

	return oneof(
		sub { { from => "$p->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE $where OFFSET 0) r",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => "$p->{ref} LEFT JOIN LATERAL (SELECT r.month, p.g, count(*) AS c, sum(r.real_total_cost) AS x FROM $s->{ref} WHERE $where GROUP BY r.month) q ON " . one('true', 'q.c > 3', 'q.month > p.first'),
			where => \@own, columns => outputs($p->{columns}, { text => ['q.month', 'q.g'], number => [ 'q.c', 'q.x' ] }) } },
		sub { { from => "$p->{ref} CROSS JOIN LATERAL (SELECT p.n + 1 AS m, r.* FROM $s->{ref} WHERE $where) r",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => "$p->{ref} LEFT JOIN LATERAL (SELECT coalesce(p.g, 'x') AS g, r.* FROM $s->{ref} WHERE $where) r ON true",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}, { text => ['r.g'], number => [] }) } },
		sub { { from => "$p->{ref}, LATERAL (SELECT max(r.real_total_cost)::text AS top FROM $s->{ref} WHERE $where) r",
			where => \@own, columns => outputs($p->{columns}, { text => ['r.top'], number => [] }) } });
}

# Sub-selects in the select list.
sub shape_scalar
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $where = join ' AND ', $join, @{ $s->{where} };
	my $sub = one("(SELECT sum(r.real_total_cost) FROM $s->{ref} WHERE $where)",
		"(SELECT count(*) FROM $s->{ref} WHERE $where)",
		"EXISTS (SELECT FROM $s->{ref} WHERE $where)",
		"p.n > ALL (SELECT r.real_total_cost FROM $s->{ref} WHERE $where)",
		"ARRAY(SELECT r.real_total_cost\::text FROM $s->{ref} WHERE $where ORDER BY 1)");

	return { from => 'periods p', columns => local_table('periods', 'p')->{columns},
		where => [ @own, one("(SELECT count(*) FROM $s->{ref} WHERE $where) > " . one(0, 5), "p.month NOT IN (SELECT r.month FROM $s->{ref} WHERE $where)",
			"(p.n > 100 OR EXISTS (SELECT FROM $s->{ref} WHERE $where))", "p.month = (SELECT max(r.month) FROM $s->{ref} WHERE $where)",
			"p.n < ANY (SELECT r.real_total_cost FROM $s->{ref} WHERE $where)") ] }
	  if chance(0.4);
	return { from => "(SELECT p.*, ($sub)::text AS sub FROM periods p" . (@own ? ' WHERE ' . join(' AND ', @own) : '') . one('', ' OFFSET 0') . ') p', where => [],
		columns => outputs(local_table('periods', 'p')->{columns}, { text => ['p.sub'], number => [] }) };
}

sub shape_two
{
	my $a = scan('a', like => 'summary', type => one('text', 'text', 'date'));
	my $b = scan('b', like => one(qw(modes summary resources)), type => 'text', few => 1);
	my $on = $a->{type} eq 'text'
	  ? one('a.month = b.month', 'a.month = b.month AND a.total_cost > b.total_cost', 'a.month < b.month', 'right(a.month, 1) = right(b.month, 1)')
	  : one("to_char(a.month, 'YYYY-MM') = b.month", "a.month = to_date(b.month, 'YYYY-MM')");
	my $how = one(',', 'JOIN', 'JOIN', 'LEFT JOIN');

	return { from => "$a->{ref}, $b->{ref}", where => [ $on, @{ $a->{where} }, @{ $b->{where} } ],
		columns => outputs($a->{columns}, $b->{columns}), large => 1 } unless $how eq 'LEFT JOIN';
	return { from => "$a->{ref} LEFT JOIN $b->{ref} ON " . join(' AND ', $on, @{ $b->{where} }),
		where => $a->{where}, columns => outputs($a->{columns}, $b->{columns}), large => 1 };
}

# One is bound by the other, which has conditions of its own.
sub shape_two_open
{
	my $a = scan('a', type => 'text', input => 0);
	my $like = one(qw(modes summary));
	my $b = scan('b', like => $like, type => 'text', open => 1, input => 0);
	my $from = one("$a->{ref}, $b->{ref}", "$b->{ref}, $a->{ref}");
	my @where = (@{ $a->{where} }, 'a.month = b.month');

	push @where, @{ $b->{where} };
	return { from => $from, where => \@where,
		columns => outputs($a->{columns}, $b->{columns}), large => 1 };
}

sub shape_self
{
	my $t = one(qw(summary modes));
	my $a = scan('a', like => $t, type => 'text', input => 0);
	my $b = scan('b', like => $t, type => 'text', input => 0, few => 1);
	my $key = $t eq 'summary' ? 'group_key' : 'action_type';
	my $how = one('JOIN', 'JOIN', 'LEFT JOIN', 'FULL JOIN');
	my ($l, $r) = map { my $s = $_; "(SELECT * FROM $s->{ref} WHERE " . (join(' AND ', @{ $s->{where} }) || 'true') . ") $s->{alias}" } $a, $b;

	return { from => "$l $how $r " . one("USING (month, $key)", "ON a.month = b.month AND a.$key = b.$key", "ON a.$key = b.$key"),
		where => [], columns => outputs(map { my $s = $_; { text => [ "$s->{alias}.month", "$s->{alias}.$key" ], number => ["$s->{alias}.total_cost"] } } $a, $b),
		large => 1 };
}

# Values of two other tables; input columns by a join.
sub shape_three
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own, like => one(qw(modes modes summary)), input => 2);
	my $p = local_table('periods', 'p');
	my $y = local_table('payers', 'y');
	my @refs = ($p->{ref}, $y->{ref}, $s->{ref});

	@refs = @refs[ map { (2, 0, 1)[$_] } 0 .. 2 ] if chance(0.4);
	return { from => join(', ', @refs),
		where => [ $join, 'r.payer_uin = y.uin', @own, @{ $s->{where} }, chance(0.3) ? 'y.n = p.n' : () ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}) };
}

# Months of one table, groups of another, and nothing of its own.
sub shape_three_groups
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own, like => 'summary', group => 1);
	my $p = local_table('periods', 'p');
	my $y = local_table('many', 'y');
	my @refs = ($p->{ref}, $y->{ref}, $s->{ref});
	my @where = ($join, @own, @{ $s->{where} }, 'y.n <= ' . one(2, 5, 9));
	my $on = one('r.group_type = y.g', "r.group_type = y.g || ''", "r.group_type = coalesce(y.g, 'project')", "r.group_type LIKE y.g AND y.g > ''");

	@refs = @refs[ 2, 0, 1 ] if chance(0.4);
	return { from => join(', ', @refs), where => [ @where, $on, chance(0.3) ? 'y.n <> p.n' : () ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}), large => 1 }
	  if chance(0.6);
	return { from => "($p->{ref} CROSS JOIN $y->{ref}) LEFT JOIN $s->{ref} ON " . join(' AND ', $join, $on, map { "($_)" } @{ $s->{where} }),
		where => [ @own, 'y.n <= 3' ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}), large => 1 };
}

# Months out of functions, lists and recursion.
sub shape_series
{
	my ($s) = open_scan('r', 'p', 'periods', []);
	my $from = one("generate_series(1, 4) AS i (m)", "(VALUES (2), (NULL), (5), (2)) AS i (m)", 'unnest(' . array('int', 3, 1, undef) . ') AS i (m)',
		'(WITH RECURSIVE w (m) AS (SELECT 1 UNION ALL SELECT m + 2 FROM w WHERE m < 6) SELECT m FROM w) AS i');
	my $on = one("r.month = '2023-0' || i.m", "r.month = format('2023-%s', lpad(i.m::text, 2, '0'))", "r.month = to_char(make_date(2023, i.m, 1), 'YYYY-MM')",
		"r.month BETWEEN '2023-0' || i.m AND '2023-0' || i.m + 1");

	$Q->{checks}[-1]{condition} =~ s/ AND EXISTS \(SELECT FROM periods p.*//s;
	$Q->{checks}[-1]{condition} .= " AND r.month BETWEEN '2023-01' AND '2023-08'";
	return { from => "$from, $s->{ref}", where => [ @{ $s->{where} }, $on ],
		columns => outputs({ text => [], number => ['i.m'] }, $s->{columns}) } if chance(0.5);
	return { from => "$from LEFT JOIN $s->{ref} ON " . join(' AND ', $on, map { "($_)" } @{ $s->{where} }), where => [],
		columns => outputs($s->{columns}, { text => [], number => ['i.m'] }) };
}

# Tag keys of the summary, which go out as a list.
sub shape_key_join
{
	my $s = scan('r', like => 'summary', type => one('text', 'date'), group => 1, input => 0);
	my $where = [ @{ $s->{where} }, chance(0.5) ? "r.group_type = 'tag'" : () ];
	my $and = join '', map { " AND ($_)" } @$where;
	my $columns = outputs({ text => [ 't.k', 'r.tag_key' ], number => ['t.n'] }, $s->{columns});

	return oneof(
		sub { { from => "tag_keys t, $s->{ref}", where => [ 'r.tag_key = t.k', @$where ], columns => $columns } },
		sub { { from => "tag_keys t LEFT JOIN $s->{ref} ON r.tag_key = t.k$and", where => [], columns => $columns } },
		sub { { from => $s->{ref}, where => [ 'r.tag_key IN (SELECT t.k FROM tag_keys t)', @$where ], columns => $s->{columns} } },
		sub { { from => $s->{ref}, where => [ 'r.tag_key = ANY (ARRAY(SELECT t.k FROM tag_keys t))', @$where ], columns => $s->{columns} } },
		sub { { from => "tag_keys t, $s->{ref}", where => [ 'r.tag_key = ANY (ARRAY[t.k, t.k2])', @$where ], columns => $columns } },
		sub { { from => "tag_keys t, LATERAL (SELECT * FROM $s->{ref} WHERE r.tag_key = t.k$and OFFSET 0) r", where => [], columns => $columns } },
		sub { { from => 'tag_keys t', where => [ one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE r.tag_key = t.k$and)" ], columns => { text => ['t.k'], number => ['t.n'] } } });
}

sub shape_input_join
{
	my $y = local_table('payers', 'y');
	my $s = scan('r', like => one(qw(modes summary)), type => 'text', input => 2);
	my $where = join ' AND ', @{ $s->{where}, };

	$where = $where ? " AND $where" : '';
	return oneof(
		sub { { from => "$y->{ref}, $s->{ref}", where => [ 'r.payer_uin = y.uin', @{ $s->{where} }, local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$y->{ref} LEFT JOIN $s->{ref} ON r.payer_uin = y.uin$where", where => [ local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$y->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE r.payer_uin = y.uin$where OFFSET 0) r", where => [ local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $s->{ref}, where => [ 'r.payer_uin IN (SELECT y.uin FROM payers y)', @{ $s->{where} } ], columns => $s->{columns} } },
		sub { { from => "$y->{ref}, $s->{ref}", where => [ 'r.payer_uin = y.uin', 'r.month = y.month', @{ $s->{where} } ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $y->{ref}, where => [ one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE r.payer_uin = y.uin$where)", local_where('y') ],
			columns => $y->{columns} } });
}

# Uses of an input column that no request can answer.
sub shape_input_refused
{
	my $y = local_table('payers', 'y');
	my $s = scan('r', like => 'modes', type => 'text', input => 2, few => 1);

	push @{ $Q->{may} }, $CANNOT, $JOINED;
	# a condition above an outer join can make it an inner one, which can ask
	return oneof(
		sub { { from => "$s->{ref} LEFT JOIN $y->{ref} ON r.payer_uin = y.uin", where => [], columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$s->{ref} FULL JOIN $y->{ref} ON r.payer_uin = y.uin", where => [], columns => outputs($y->{columns}, $s->{columns}) } })
	  if chance(0.3);
	$Q->{must} = 1;
	return oneof(
		sub { { from => $s->{ref}, where => [ one("r.payer_uin <> '1'", "r.payer_uin LIKE '1%'", "r.payer_uin = '1' OR r.month = '2023-04'", "NOT (r.payer_uin = '1')", "coalesce(r.payer_uin, '1') = '1'", 'r IS NOT NULL') ], columns => $s->{columns} } },
		sub { { from => "$s->{ref}, $y->{ref}", where => ['r.payer_uin > y.uin'], columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $s->{ref}, where => ['NOT EXISTS (SELECT FROM payers y WHERE y.uin = r.payer_uin)'], columns => $s->{columns} } },
		sub { { from => $s->{ref}, where => ['r.payer_uin NOT IN (SELECT y.uin FROM payers y)'], columns => $s->{columns} } });
}

sub shape_assets
{
	my $x = local_table('assets', 'x');
	my $s = scan('r', like => 'resources', type => 'text', input => 0);
	my $on = one('r.resource_id = x.id', 'r.resource_id = x.id AND r.month = x.month', 'r.business_code = x.code AND r.month = x.month',
		'(r.resource_id = x.id OR r.business_code = x.code)', "r.resource_id = x.id || ''", 'x.id = r.resource_id AND r.business_code = x.code');

	return oneof(
		sub { { from => "$x->{ref}, $s->{ref}", where => [ $on, @{ $s->{where} } ], columns => outputs($x->{columns}, $s->{columns}) } },
		sub { { from => "$x->{ref} LEFT JOIN $s->{ref} ON " . join(' AND ', $on, @{ $s->{where} }), where => [ local_where('x') ], columns => outputs($x->{columns}, $s->{columns}) } },
		sub { { from => "$s->{ref} LEFT JOIN $x->{ref} ON $on", where => $s->{where}, columns => outputs($x->{columns}, $s->{columns}) } });
}

sub shape_tags
{
	my $x = local_table('assets', 'x');
	my $s = scan('r', like => 'resources', type => 'text', input => 2);
	my $on = one('r.tag_key = x.k', 'r.tag_key = x.k AND r.tag_value = x.tv', 'r.tag_key = x.k AND r.resource_id = x.id', "r.tag_key = 'env' AND r.tag_value = x.tv");

	return oneof(
		sub { { from => "$x->{ref}, $s->{ref}", where => [ $on, @{ $s->{where} } ],
			columns => outputs($x->{columns}, $s->{columns}, { text => [ 'r.tag_key', 'r.tag_value' ], number => [] }) } },
		sub { { from => "$x->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE " . join(' AND ', $on, @{ $s->{where} }) . ' OFFSET 0) r', where => [],
			columns => outputs($x->{columns}, $s->{columns}) } });
}

# Rows that the API's total counts, unless something has to be looked at.
sub shape_counted
{
	my @conditions = (month_text('r.month'), map { chance(0.7) ? open_column('r') : row_column('resources', 'r') } 1 .. upto(3));
	my @by = one([], ['r.month'], [ 'r.month', 'r.business_code' ], ['r.pay_mode'], ['r.resource_id']);
	my $keys = join ', ', @{ $by[0] };
	my $join = chance(0.3);

	push @conditions, mixed(month_join({ alias => 'r', type => 'text' }, 'p')) if $join;
	my @pure = grep { defined $_->{pure} } @conditions;
	my @checks = map { my $c = $_; join ' OR ', (map { "r.$_ IS NULL" } @{ $c->{wants} }), "($c->{pure})" } @pure;

	push @{ $Q->{checks} }, { action => $ACTION{resources}, alias => 'r', type => 'text',
		condition => join(' AND ', map { "($_)" } @checks) || 'true' };
	my $core = { from => ($join ? 'periods p, ' : '') . '@{resources_counted} r', where => [ map { $_->{sql} } @conditions ] };
	my $from = "FROM $core->{from}" . where($core);

	$core->{statement} = one(
		"SELECT count(*) $from",
		$keys ? "SELECT $keys, count(*) $from GROUP BY $keys" : "SELECT count(r.month), max(r.month) $from",
		"SELECT count(*) FROM (SELECT r.month $from LIMIT " . one(1, 7, 100) . ') x',
		"SELECT r.month, r.month > '2023-02', count(*) OVER () $from",
		"SELECT n, (SELECT count(*) FROM \@{resources_counted} r WHERE r.month = q.month) FROM periods q");
	push @{ $Q->{checks} }, { action => $ACTION{resources}, alias => 'r', type => 'text', condition => 'r.month IN (SELECT q.month FROM periods q)' };
	return $core;
}

# Views, partitions and CTEs: a name for more.
sub shape_named
{
	my @v = ({ ref => '@{regions} r', columns => { text => [ 'r.month', 'r.group_key' ], number => ['r.real_total_cost'] } },
		{ ref => '@{barrier} r', columns => { text => [ 'r.month', 'r.group_key' ], number => ['r.real_total_cost'] }, barrier => 1 },
		{ ref => '@{parts} r', columns => columns('summary', 'r'), parts => 1 },
		{ ref => '@{ranges} r', columns => columns('summary', 'r') },
		{ ref => '@{family} r', columns => columns('summary', 'r') },
		{ ref => '@{totals} r', columns => { text => ['r.month'], number => [ 'r.x', 'r.c' ] }, barrier => 1 });
	my $v = one(@v);
	my @conditions = map { month_text('r.month') } 1 .. 1 + upto(2);
	my $p = local_table('periods', 'p');

	push @conditions, pure('r.group_type = ' . value('text', one(qw(region project)))) if $v->{parts} && chance(0.4);
	# a condition may not pass a barrier, or an aggregate
	push @{ $Q->{checks} }, { action => $ACTION{summary}, alias => 'r', type => 'text',
		condition => join(' AND ', map { "($_)" } "r.month >= '2023-01' AND r.month <= '2023-06'",
			$v->{barrier} ? () : grep { defined } map { $_->{pure} } @conditions) };
	my @where = map { $_->{sql} } @conditions;

	return { from => $v->{ref}, where => \@where, columns => $v->{columns} } if chance(0.5);
	return { from => "$p->{ref}, $v->{ref}", where => [ @where, month_join({ alias => 'r', type => 'text' }, 'p') =~ s/ OR r\.month = p\.first AND r\.real_total_cost > 0//r ],
		columns => outputs($p->{columns}, $v->{columns}) } unless $v->{ref} =~ /totals/;
	return { from => "$p->{ref} LEFT JOIN $v->{ref} ON r.month = p.month", where => [],
		columns => outputs($p->{columns}, $v->{columns}) };
}

# A value that can be none: an error, unless it is never looked at.
sub shape_no_value
{
	my $s = scan('r', like => 'modes', type => one('text', 'timestamp'), few => 1, input => 0);
	my $wrong = $s->{type} eq 'text' ? value('text', one('2023-4', '2023-13', 'April', '')) : value('timestamp', '2023-04-02');

	pop @{ $Q->{checks} };
	push @{ $Q->{checks} }, { action => $ACTION{modes}, alias => 'r', type => 'text', condition => 'true' };
	push @{ $Q->{may} }, $NO_VALUE;
	$Q->{must} = 1;
	return { from => $s->{ref}, where => [ @{ $s->{where} }, "r.month = $wrong" . ($s->{type} eq 'text' ? one('', " OR r.month = '2023-04'") : '') ], columns => $s->{columns} };
}

sub shape_no_group
{
	my $s = scan('r', like => 'summary', type => 'text', group => 1, few => 1, input => 0);

	push @{ $Q->{may} }, $NEEDS;
	$Q->{must} = 1;
	return { from => $s->{ref}, where => [ one("r.month = '2023-04'", "r.real_total_cost > 5", "r.group_type IS NOT NULL", "r.group_type = 'tag'", "(r.group_type = 'region' OR r.real_total_cost > 5)") ], columns => $s->{columns} };
}

# How often each is chosen, relative to the others.
my @SHAPES = map { ($_->[1]) x $_->[0] } (
	[ 8, [ 'scan', \&shape_scan ] ],
	[ 4, [ 'inner', \&shape_inner ] ],
	[ 1, [ 'many', \&shape_many ] ],
	[ 3, [ 'open_inner', \&shape_open_inner ] ],
	[ 2, [ 'open_left', \&shape_open_left ] ],
	[ 2, [ 'open_semi', \&shape_open_semi ] ],
	[ 1, [ 'open_anti', \&shape_open_anti ] ],
	[ 1, [ 'open_refused', \&shape_open_refused ] ],
	[ 2, [ 'series', \&shape_series ] ],
	[ 3, [ 'outer', \&shape_outer ] ],
	[ 2, [ 'anti', \&shape_anti ] ],
	[ 2, [ 'lateral', \&shape_lateral ] ],
	[ 2, [ 'scalar', \&shape_scalar ] ],
	[ 2, [ 'two', \&shape_two ] ],
	[ 2, [ 'two_open', \&shape_two_open ] ],
	[ 2, [ 'self', \&shape_self ] ],
	[ 2, [ 'three', \&shape_three ] ],
	[ 2, [ 'three_groups', \&shape_three_groups ] ],
	[ 2, [ 'input_join', \&shape_input_join ] ],
	[ 1, [ 'input_refused', \&shape_input_refused ] ],
	[ 2, [ 'assets', \&shape_assets ] ],
	[ 2, [ 'tags', \&shape_tags ] ],
	[ 2, [ 'key_join', \&shape_key_join ] ],
	[ 3, [ 'named', \&shape_named ] ],
	[ 2, [ 'counted', \&shape_counted ] ],
	[ 1, [ 'no_value', \&shape_no_value ] ],
	[ 1, [ 'no_group', \&shape_no_group ] ]);

# ---------------------------------------------------------------- statements

sub where
{
	my ($core) = @_;
	my @where = @{ $core->{where} };

	return @where ? ' WHERE ' . join(' AND ', map { "($_)" } @where) : '';
}

# What is made of the rows.
sub statement
{
	my ($core) = @_;

	return $core->{statement} if defined $core->{statement};
	my $from = "FROM $core->{from}" . where($core);
	my @text = @{ $core->{columns}{text} };
	my @number = @{ $core->{columns}{number} };
	my @shown = (map { "$_\::text" } @text, @number);
	my @key = one(\@text, [ $text[0] ], [ $text[-1] ])->@*;
	my $n = 0;
	my $all = join ', ', map { "$_ AS c" . ++$n } @shown;
	my $places = join ', ', map { $_ . one('', '', ' DESC', ' NULLS FIRST') } 1 .. @shown;
	my $keys = join ', ', @key;
	my $sum = join ', ', map { "sum($_)" } @number;
	my @style = (
		sub { "SELECT $keys, count(*), $sum $from GROUP BY $keys" . one('', ' HAVING count(*) > 1', $key[0] =~ /tag_value/ ? '' : " HAVING $key[0] IS NOT NULL") },
		sub { "SELECT count(*), $sum, min(($text[0])\::text), count(DISTINCT $text[-1]) $from" },
		sub { 'SELECT count(*) FROM (SELECT ' . one('1', $text[0], $number[0]) . " AS c $from LIMIT " . one(1, 3, 20, 200) . one('', ' OFFSET 2') . ') x' },
		sub { "SELECT x.c1, count(*) FROM (SELECT $all $from OFFSET 0) x GROUP BY 1" },
		sub { "SELECT DISTINCT $keys $from" },
		sub { $Q->{ordered} = 1; "SELECT $all $from ORDER BY $places LIMIT " . one(1, 5, 50) . one('', ' OFFSET 1', ' OFFSET 3') },
		sub { "SELECT EXISTS (SELECT $from), (SELECT count(*) $from)" });

	return oneof(@style) if $core->{large};
	return oneof(
		@style,
		(sub { "SELECT $all $from" }) x 4,
		sub { $Q->{ordered} = 1; "SELECT $all $from ORDER BY $places" },
		sub { "SELECT $keys, count(*) $from GROUP BY GROUPING SETS (($keys), ($key[0]), ())" },
		sub { $Q->{ordered} = 1; "SELECT DISTINCT ON ($text[0]) $all $from ORDER BY $text[0], " . join ', ', @shown },
		sub { "SELECT $text[0]\::text $from ORDER BY $text[0] FETCH FIRST " . one(1, 4) . ' ROWS WITH TIES' },
		sub { "SELECT $all, count(*) OVER (PARTITION BY $text[0]), dense_rank() OVER (ORDER BY $text[-1]) $from" },
		sub { my $how = one('', ' MATERIALIZED', ' NOT MATERIALIZED'); "WITH c AS$how (SELECT $all $from) SELECT x.*, (SELECT count(*) FROM c) FROM c x" },
		sub { my $how = one('', ' MATERIALIZED', ' NOT MATERIALIZED'); "WITH c AS$how (SELECT $all $from) SELECT x.c1, count(*) FROM c x JOIN c y ON x.c1 = y.c1 GROUP BY x.c1" },
		sub { "SELECT u.c1, count(*), count(u.c2) FROM (SELECT $all $from " . one('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT') . " SELECT $all $from) u GROUP BY u.c1" },
		sub { "SELECT l.c1, w.c FROM (SELECT $all $from OFFSET 0) l JOIN (VALUES ('2023-02', 1), ('2023-03', 2), ('region', 3)) w (k, c) ON w.k = l.c1" },
		sub { "SELECT string_agg(DISTINCT u.c1, ',' ORDER BY u.c1), count(*) FROM (SELECT $all $from) u WHERE u.c1 " . one('IS NOT NULL', "<> ''", $Q->{open} ? () : "> '2023-02'") });
}

sub query
{
	my ($seed, $number, $values) = @_;

	srand($seed * 1_000_003 + $number);
	$V = $values;
	$Q = { params => [], checks => [], may => [], ordered => 0,
		kind => one(qw(plain plain plain scroll prepared prepared)) };
	my ($shape, $make) = @{ one(@SHAPES) };

	$Q->{shape} = $shape;
	$Q->{sql} = statement($make->());
	$_->{condition} =~ s/SEVERAL\(([^()]+)\)/$Q->{tags}{$1} > 1 ? 'true' : 'false'/ge foreach @{ $Q->{checks} };
	if ($Q->{all_months})
	{
		$_->{condition} = 'true' foreach @{ $Q->{checks} };
	}
	return $Q;
}

sub far { return $_[0] =~ s,\@\{(\w+)(?:/\w+)?\},far.$1,gr }

sub near { return $_[0] =~ s,\@\{(\w+)(/(\w+))?\},"near.$1" . ($2 ? "_$3" : ''),ger }

# Parameters put in place of their numbers.
sub filled
{
	my ($sql, $params) = @_;

	return $sql =~ s/\$(\d+)/"$params->[$1 - 1][1]::$params->[$1 - 1][0]"/ger;
}

1;

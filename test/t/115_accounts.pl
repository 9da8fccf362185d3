#!/usr/bin/perl
#
# 115_accounts.pl
#	  Several accounts in one query: servers, user mappings and roles.
#
# Two simulators stand for two accounts' sites.  They hold different bills and
# accept different keys, so an answer shows whose bill it is, and a request
# with the other's key would fail.  One accepts two keys; its log tells which
# of them signed.  What the answers must be comes from the simulators' data,
# by jsonb_to_recordset.
#
# IDENTIFICATION
#	  test/t/115_accounts.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use Test::More;

use BillingSim;
use BillingTest;

my %key_of = (
	north => { secret_id => 'AKIDNORTH', secret_key => 'KEYOFNORTH01' },
	south => { secret_id => 'AKIDSOUTH', secret_key => 'KEYOFSOUTH02' },
	second => { secret_id => 'AKIDSECOND', secret_key => 'KEYOFSECOND3' });
my $north = BillingSim->start(secret => [ secret('north') ]);
my $south = BillingSim->start(secret => [ secret('south'), secret('second') ]);

sub secret { return join ':', @{ $key_of{ $_[0] } }{qw(secret_id secret_key)} }

sub reset_both
{
	foreach my $sim ($north, $south)
	{
		$sim->reset;
		$sim->config({ rows => 30 });
	}
	$south->config({ seed => 2 });
	return;
}

my $node = BillingTest::new_node('accounts');
my $s = BillingTest::Session->new($node);
my %none = (max_retries => 0, ready_timeout => 0);

BillingTest::add_server($s, 'north', $north->url, {%none}, $key_of{north});
BillingTest::add_server($s, 'south', $south->url, {%none}, $key_of{south});
reset_both();

# What both have, without the wrapper: tables near.summary and near.modes,
# with the server and the payer that was asked for.
$s->value(<<'END');
CREATE SCHEMA near;
CREATE TABLE near.modes (server text, payer_uin text, month text, pay_mode text, real_total_cost numeric);
CREATE TABLE near.summary (server text, month text, group_key text, real_total_cost numeric);
END
my @months = map { "2023-0$_" } 1 .. 4;
my @payers = ('100000000001', '100000000002');

sub fill
{
	my ($table, $given, $fields, $rows) = @_;
	my $names = join ', ', map { "\"$_\"" } @$fields;
	my $types = join ', ', map { "\"$_\" text" } @$fields;
	my $values = $names =~ s/("RealTotalCost")/$1::numeric/r;
	my $json = JSON::PP->new->encode($rows);
	my $asked = join ', ', map { BillingTest::quoted($_) } @$given;

	$s->value("INSERT INTO near.$table SELECT $asked, $values FROM jsonb_to_recordset(\$json\$$json\$json\$) AS r ($types)");
	return;
}

foreach my $of ([ north => $north ], [ south => $south ])
{
	my ($name, $sim) = @$of;

	foreach my $month (@months)
	{
		foreach my $payer (undef, @payers)
		{
			fill('modes', [ $name, $payer, $month ], [qw(PayMode RealTotalCost)],
				$sim->dump('DescribeBillSummaryByPayMode',
					{ BeginTime => $month, EndTime => $month, defined $payer ? (PayerUin => $payer) : () }));
		}
		fill('summary', [ $name, $month ], [qw(GroupKey RealTotalCost)],
			$sim->dump('DescribeBillSummary', { Month => $month, GroupType => 'region' }));
	}
}
$s->value(<<'END');
CREATE TABLE public.wanted (n int, m text, payer text);
INSERT INTO wanted VALUES (1, '2023-01', '100000000001'), (2, '2023-03', '100000000002'), (3, '2023-03', NULL), (4, 'x', '100000000001');
ANALYZE wanted;
SET jit = off;
END
cmp_ok(
	$s->value(<<'END'), '>', 20, 'the two hold different bills');
SELECT count(*) FROM near.modes a JOIN near.modes b USING (month, pay_mode)
WHERE a.server = 'north' AND b.server = 'south' AND a.real_total_cost <> b.real_total_cost
  AND a.payer_uin IS NOT DISTINCT FROM b.payer_uin
END

# For each server the same names on both sides.
foreach my $name (qw(north south))
{
	$s->value(<<END);
CREATE VIEW near.${name}_modes AS SELECT month, pay_mode, real_total_cost FROM near.modes WHERE server = '$name' AND payer_uin IS NULL;
CREATE VIEW near.${name}_regions AS SELECT month, group_key, real_total_cost FROM near.summary WHERE server = '$name';
CREATE SCHEMA IF NOT EXISTS far;
CREATE FOREIGN TABLE far.${name}_modes (month text, pay_mode text, real_total_cost numeric) SERVER $name OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE far.${name}_regions (month text, group_type text OPTIONS (value 'region'), group_key text, real_total_cost numeric) SERVER $name OPTIONS (table_name 'bill_summary');
END
}

# What was sent to a simulator: lines of "number of the key: body", sorted, each once.
sub sent
{
	my ($sim) = @_;
	my %lines;

	foreach my $entry (@{ $sim->log })
	{
		my $body = join ' ', map { "$_=$entry->{body}{$_}" } grep { !/^(?:EndTime|GroupType)$/ } sort keys %{ $entry->{body} };

		$lines{ ($entry->{secret} // $entry->{outcome}) . ": $body" } = 1;
	}
	return join "\n", sort keys %lines;
}

my @plans = ('', map { "SET LOCAL enable_$_ = off" } 'hashjoin', 'nestloop', 'mergejoin', 'memoize', 'material',
	'hashjoin = off; SET LOCAL enable_mergejoin', 'nestloop = off; SET LOCAL enable_mergejoin', 'partition_pruning');

push @plans, 'SET LOCAL enable_partitionwise_join = on; SET LOCAL enable_partitionwise_aggregate = on';

sub rows_of
{
	my ($schema, $query, $plan) = @_;
	my $result = $s->query("BEGIN; SET LOCAL search_path = $schema, public; $plan;
		SELECT x::text FROM ($query) x ORDER BY 1; COMMIT");

	$s->query('ROLLBACK') if $result->{error};
	return $result->{error} ? "$result->{error}{sqlstate}: $result->{error}{message}" : $result->{out};
}

# The same rows as of the simulators' data, however the query is planned, and
# no request that failed; returns the outcome.
sub agrees
{
	my ($what, $query) = @_;
	my $right = rows_of('near', $query, '');
	my @wrong;

	foreach my $plan (@plans)
	{
		my $here = rows_of('far', $query, $plan);

		push @wrong, "with \"$plan\": $here" if $here ne $right;
	}
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is(join("\n", @wrong), '', "$what: the right rows, whatever the plan");
	isnt($right, '', '... and some');
	is(join(' ', sort { $a cmp $b } map { $_->{outcome} } grep { $_->{outcome} ne 'ok' } map { @{ $_->log } } $north, $south),
		'', '... each asked for with the right key');
	return;
}

# ---- two servers in one query

reset_both();
agrees('one after the other', <<'END');
SELECT 'n', * FROM north_modes WHERE month = '2023-01' UNION ALL SELECT 's', * FROM south_modes WHERE month = '2023-02'
END
is(sent($north), '1: BeginTime=2023-01', 'one after the other: what the first was asked');
is(sent($south), '1: BeginTime=2023-02', '... and the second');
agrees('the difference', <<'END');
SELECT month, pay_mode, real_total_cost FROM north_modes WHERE month IN ('2023-01', '2023-02')
EXCEPT SELECT month, pay_mode, real_total_cost FROM south_modes WHERE month IN ('2023-01', '2023-02')
END
agrees('joined with each other', <<'END');
SELECT n.month, n.pay_mode, n.real_total_cost, s.real_total_cost AS of_south FROM north_modes n JOIN south_modes s USING (month, pay_mode)
WHERE n.month BETWEEN '2023-01' AND '2023-03' AND s.month BETWEEN '2023-02' AND '2023-04'
END
reset_both();
agrees('one gives the other its months', <<'END');
SELECT n.month, n.real_total_cost, s.group_key, s.real_total_cost AS of_south FROM north_modes n JOIN south_regions s ON s.month = n.month
WHERE n.month IN ('2023-01', '2023-03') AND n.pay_mode = 'prePay'
END
is(sent($north), "1: BeginTime=2023-01\n1: BeginTime=2023-03", 'one gives the other its months: what the first was asked');
is(sent($south), "1: Month=2023-01\n1: Month=2023-03", '... and the second');
agrees('both by a third', <<'END');
SELECT n, a.month, a.real_total_cost, b.real_total_cost AS of_south FROM wanted JOIN north_modes a ON a.month = m
LEFT JOIN south_modes b ON b.month = m AND b.pay_mode = a.pay_mode AND b.real_total_cost > 0
END
agrees('within each other', <<'END');
SELECT month, pay_mode, (SELECT count(*) FROM south_regions s WHERE s.month = n.month AND s.real_total_cost > n.real_total_cost) AS more
FROM north_modes n WHERE month IN ('2023-01', '2023-02') AND EXISTS (SELECT FROM south_modes s WHERE s.month = n.month AND s.pay_mode = n.pay_mode)
END
agrees('sums of both', <<'END');
WITH s AS (SELECT month, sum(real_total_cost) AS c FROM south_modes WHERE month > '2022-12' AND month < '2023-04' GROUP BY 1)
SELECT month, sum(real_total_cost), s.c FROM north_modes JOIN s USING (month) WHERE month > '2022-12' AND month < '2023-05' GROUP BY 1, 3
END

# ---- partitions by account: one server, and two

$s->value(<<'END');
CREATE TABLE far.by_payer (month text, payer_uin text, pay_mode text, real_total_cost numeric) PARTITION BY LIST (payer_uin);
CREATE FOREIGN TABLE far.by_payer_1 PARTITION OF far.by_payer FOR VALUES IN ('100000000001') SERVER north OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE far.by_payer_2 PARTITION OF far.by_payer FOR VALUES IN ('100000000002') SERVER south OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE VIEW near.by_payer AS SELECT month, payer_uin, pay_mode, real_total_cost FROM near.modes
WHERE (server, payer_uin) IN (('north', '100000000001'), ('south', '100000000002'));
-- a server each; whose bill it is stands in a column that is no parameter
CREATE TABLE far.by_server (account text, month text, pay_mode text, real_total_cost numeric);
CREATE FOREIGN TABLE far.of_north (account text OPTIONS (field 'NoSuchField'), month text, pay_mode text, real_total_cost numeric)
	SERVER north OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-04');
CREATE FOREIGN TABLE far.of_south (real_total_cost numeric, account text OPTIONS (field 'NoSuchField'), month text, pay_mode text)
	SERVER south OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-04');
ALTER FOREIGN TABLE far.of_north INHERIT far.by_server;
ALTER FOREIGN TABLE far.of_south INHERIT far.by_server;
CREATE VIEW near.by_server AS SELECT NULL::text AS account, month, pay_mode, real_total_cost FROM near.modes WHERE payer_uin IS NULL;
END
reset_both();
agrees('partitions of two servers', "SELECT * FROM by_payer WHERE month IN ('2023-01', '2023-03')");
is(sent($north), "1: BeginTime=2023-01 PayerUin=100000000001\n1: BeginTime=2023-03 PayerUin=100000000001",
	'partitions of two servers: what the first was asked');
is(sent($south), "1: BeginTime=2023-01 PayerUin=100000000002\n1: BeginTime=2023-03 PayerUin=100000000002",
	'... and the second');
reset_both();
agrees('one of them', "SELECT * FROM by_payer WHERE month = '2023-02' AND payer_uin = '100000000002'");
is(sent($north), '', 'one of them: the other is asked for nothing');
is(sent($south), '1: BeginTime=2023-02 PayerUin=100000000002', '... only this one');
reset_both();
agrees('partitions, joined', 'SELECT n, p.* FROM wanted JOIN by_payer p ON p.payer_uin = payer AND p.month = m');
# hash joins may read more months of an account, but none of the other's
is((grep { /PayerUin=100000000002/ } sent($north)) + (grep { /PayerUin=100000000001/ } sent($south)), 0,
	'partitions, joined: each is asked for its own account');
agrees('partitions, joined with themselves', <<'END');
SELECT a.month, a.payer_uin, a.real_total_cost, b.real_total_cost AS next FROM by_payer a JOIN by_payer b USING (payer_uin, pay_mode)
WHERE a.month = '2023-01' AND b.month = '2023-02'
END
agrees('partitions, outer joined', <<'END');
SELECT p.month, p.payer_uin, p.pay_mode, n FROM by_payer p LEFT JOIN wanted ON payer = p.payer_uin AND m = p.month WHERE p.month >= '2023-01' AND p.month < '2023-04'
END
agrees('partitions, grouped', "SELECT payer_uin, count(*), sum(real_total_cost) FROM by_payer WHERE month LIKE '2023-0_' AND month < '2023-05' GROUP BY 1");
reset_both();
agrees('children of two servers', 'SELECT * FROM by_server');
agrees('children of two servers, with conditions', "SELECT * FROM by_server WHERE month = '2023-03' AND account IS NULL AND real_total_cost > 0");
agrees('children of two servers, joined', 'SELECT n, b.* FROM wanted JOIN by_server b ON month = m');

# ---- one of them fails

reset_both();
$north->config({ faults => [ { where => { BeginTime => '2023-02' }, error => { code => 'InternalError', message => 'no' } } ] });
my $both = "SELECT count(*) FROM far.by_payer WHERE month IN ('2023-01', '2023-02')";
my $result = $s->query($both);
is($result->{error}{sqlstate}, 'HV000', 'one account fails: so does the query');
like($result->{error}{message}, qr/foreign table "by_payer_1"/, '... which names it');
is($s->value("$both AND payer_uin = '100000000002'"), '6', '... and the other account can be read');
is($s->value($both =~ s/, '2023-02'//r), '6', '... and what does not fail of the first');
$north->config({ faults => [ { not_ready => JSON::PP::true } ] });
$result = $s->query($both);
is($result->{error}{sqlstate}, '55000', 'one account is not ready: so is the query');
is($s->value("$both AND payer_uin = '100000000002'"), '6', '... but the other account can be read');
reset_both();
$s->value("ALTER SERVER north OPTIONS (SET endpoint 'http://127.0.0.1:1')");
$result = $s->query($both);
is($result->{error}{sqlstate}, 'HV00N', 'one server cannot be reached: nor can the query be answered');
is($s->value("$both AND payer_uin = '100000000002'"), '6', '... but the other server can');
$s->value('ALTER SERVER north OPTIONS (SET endpoint ' . BillingTest::quoted($north->url) . ')');

# the keys changed over: the simulators would tell
foreach my $pair ([ north => 'south' ], [ south => 'north' ])
{
	my ($name, $of) = @$pair;
	my $keys = join ', ', map { "SET $_ " . BillingTest::quoted($key_of{$of}{$_}) } qw(secret_id secret_key);

	$s->value("ALTER USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($keys)");
	is($s->query($both)->{error}{sqlstate}, '28000', "$name with the key of $of: refused");
	$keys = join ', ', map { "SET $_ " . BillingTest::quoted($key_of{$name}{$_}) } qw(secret_id secret_key);
	$s->value("ALTER USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($keys)");
}
is($s->value($both), '12', 'with the right ones both answer');

# ---- one server, two users with keys of their own

my ($first, $other) = map { BillingTest::option_list($key_of{$_}) } qw(south second);

$s->value(<<END);
CREATE ROLE alice;
CREATE ROLE bob;
CREATE USER MAPPING FOR alice SERVER south OPTIONS ($first);
CREATE USER MAPPING FOR bob SERVER south OPTIONS ($other);
GRANT USAGE, CREATE ON SCHEMA far TO alice, bob;
GRANT SELECT ON far.south_modes, far.south_regions TO alice, bob;
GRANT SELECT ON wanted TO alice, bob;
SET ROLE bob;
CREATE VIEW far.of_bob AS SELECT * FROM far.south_modes WHERE month > '2022-12' AND month < '2023-05';
GRANT SELECT ON far.of_bob TO alice;
CREATE FUNCTION far.bobs(wanted text) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = far
	AS 'SELECT sum(real_total_cost) FROM south_modes WHERE month = wanted';
CREATE FUNCTION far.bobs_rows(wanted text) RETURNS SETOF far.south_modes LANGUAGE plpgsql SECURITY DEFINER SET search_path = far
	AS 'BEGIN RETURN QUERY SELECT * FROM south_modes WHERE month = wanted; END';
RESET ROLE;
END
reset_both();

sub as
{
	my ($role, $sql) = @_;
	my $result = $s->query("SET ROLE $role; $sql; RESET ROLE");

	$s->query('RESET ROLE');
	return $result->{error} ? "$result->{error}{sqlstate}: $result->{error}{message}" : $result->{out};
}

# The number of the key that each month was asked for with.
sub signed
{
	my $text = sent($south) =~ s/BeginTime=//gr =~ s/\n/, /gr;

	$south->reset;
	$south->config({ rows => 30, seed => 2 });
	return $text;
}

is(as('alice', "SELECT count(*) FROM far.south_modes WHERE month = '2023-01'"), '3', 'a user');
is(as('bob', "SELECT count(*) FROM far.south_modes WHERE month = '2023-02'"), '3', '... and another one');
is(signed(), '1: 2023-01, 2: 2023-02', '... each with a key of their own');

is(as('alice', <<'END'), '3', 'a table and the view of another, joined');
SELECT count(*) FROM far.south_modes a JOIN far.of_bob b ON b.pay_mode = a.pay_mode WHERE a.month = '2023-01' AND b.month = '2023-02'
END
is(signed(), '1: 2023-01, 2: 2023-02', '... each with its own key');
is(as('alice', <<'END'), '9', '... and where the one gives the other its months');
SELECT count(*) FROM far.south_modes a JOIN far.of_bob b ON b.month = a.month WHERE a.month = '2023-03'
END
is(signed(), '1: 2023-03, 2: 2023-03', '... each with its own key');
is(as('alice', <<'END'), 't', 'a function of another, called for each row');
SELECT count(*) = 6 AND bool_and(far.bobs(month) > 0) FROM far.south_modes WHERE month IN ('2023-01', '2023-02')
END
is(signed(), '1: 2023-01, 1: 2023-02, 2: 2023-01, 2: 2023-02', '... each with its own key');
is(as('alice', <<'END'), '3|3', 'a function of another that returns rows');
SELECT count(a.month), count(b.month) FROM far.bobs_rows('2023-04') b LEFT JOIN far.south_modes a ON a.month = '2023-01' AND a.pay_mode = b.pay_mode
END
is(signed(), '1: 2023-01, 2: 2023-04', '... each with its own key');

foreach my $mode (qw(force_custom_plan force_generic_plan auto))
{
	my @answers;

	$s->value("SET plan_cache_mode = $mode");
	as('alice', "PREPARE p(text) AS SELECT count(*) FROM far.south_modes WHERE month = \$1");
	foreach my $round (1 .. 4)
	{
		push @answers, as('bob', "EXECUTE p('2023-02')"), as('alice', "EXECUTE p('2023-01')");
	}
	is("@answers", '3 3 3 3 3 3 3 3', "a prepared statement, $mode, run by two roles in turn");
	is(signed(), '1: 2023-01, 2: 2023-02', '... with the keys of who runs it');
	$s->value('DEALLOCATE p; RESET plan_cache_mode');
}
# of one transaction, with both scans open
is($s->value(<<'END'), "2023-02\n2023-02\n2023-01\n2023-01\n2023-04\n2023-03", 'cursors of two roles, asked in turn by the other');
BEGIN;
SET LOCAL ROLE alice;
DECLARE a CURSOR FOR SELECT month FROM far.south_modes WHERE month IN ('2023-01', '2023-02');
SET LOCAL ROLE bob;
DECLARE b CURSOR FOR SELECT month FROM far.south_modes WHERE month IN ('2023-03', '2023-04');
MOVE 1 IN a;
FETCH 2 FROM a;
SET LOCAL ROLE alice;
MOVE 2 IN b;
FETCH 2 FROM a;
FETCH 1 FROM b;
FETCH 1 FROM b;
COMMIT;
END
is(signed(), '1: 2023-01, 1: 2023-02, 2: 2023-03, 2: 2023-04', '... each with the key of whose it is');

# ---- row security through a partitioned parent: a policy per role

$s->value(<<'END');
CREATE TABLE far.bills (month text, payer_uin text, pay_mode text, real_total_cost numeric) PARTITION BY LIST (payer_uin);
CREATE FOREIGN TABLE far.bills_1 PARTITION OF far.bills FOR VALUES IN ('100000000001') SERVER south OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE far.bills_2 PARTITION OF far.bills FOR VALUES IN ('100000000002') SERVER south OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE TABLE far.tenants (name text, uin text, since text);
INSERT INTO far.tenants VALUES ('bob', '100000000002', '2023-03'), ('carol', '100000000001', '2023-02');
CREATE ROLE carol;
GRANT USAGE ON SCHEMA far TO carol;
GRANT SELECT ON far.tenants TO bob, carol;
GRANT SELECT ON far.bills TO alice, bob, carol;
ALTER TABLE far.bills ENABLE ROW LEVEL SECURITY;
CREATE POLICY first ON far.bills TO alice USING (payer_uin = '100000000001' AND month < '2023-03');
CREATE POLICY own ON far.bills TO bob, carol
	USING (payer_uin = (SELECT uin FROM far.tenants WHERE name = current_user) AND month >= (SELECT since FROM far.tenants WHERE name = current_user));
-- cheap, and not leakproof: it must wait for the policy
CREATE FUNCTION far.leak(text) RETURNS boolean LANGUAGE plpgsql STABLE COST 0.0001
	AS 'BEGIN RAISE NOTICE ''leaked <%>'', $1; RETURN true; END';
END
my $third = BillingTest::option_list($key_of{south});
$s->value("CREATE USER MAPPING FOR carol SERVER south OPTIONS ($third)");
reset_both();
my $bills = "SELECT payer_uin, month, count(*) FROM far.bills WHERE month BETWEEN '2023-01' AND '2023-04'";
my $grouped = 'GROUP BY 1, 2 ORDER BY 1, 2';
my %allowed = (
	alice => [ 1, '100000000001', '2023-01', '2023-02' ],
	bob => [ 2, '100000000002', '2023-03', '2023-04' ],
	carol => [ 1, '100000000001', '2023-02', '2023-03', '2023-04' ]);

# That a role sees and asks for what its policy allows, of these months.
sub allows
{
	my ($what, $role, $sql, @months) = @_;
	my ($number, $uin) = @{ $allowed{$role} };
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is(as($role, $sql), join("\n", map { "$uin|$_|3" } @months), "$what: $role sees what the policy allows");
	is(signed(), join(', ', map { "$number: $_ PayerUin=$uin" } @months), '... and that is what was asked for');
	return;
}

foreach my $role (sort keys %allowed)
{
	my ($number, $uin, @months) = @{ $allowed{$role} };

	allows('all', $role, "$bills $grouped", @months);
	allows('a month', $role, "$bills AND month = '$months[0]' $grouped", $months[0]);
	allows('months that are hidden', $role, "$bills AND month IN ('2023-01', '2023-02') $grouped", grep { $_ lt '2023-03' } @months);
	allows('the own account', $role, "$bills AND payer_uin = '$uin' $grouped", @months);
	allows('the account of another', $role, "$bills AND payer_uin = '" . ($uin =~ tr/12/21/r) . "' $grouped");

	# functions of the caller are called for rows that may be seen, and choose nothing
	my $result = $s->query("SET ROLE $role; $bills AND far.leak(month) $grouped; RESET ROLE");
	my %leaked = map { $_->{message} => 1 } grep { $_->{severity} eq 'NOTICE' } @{ $result->{messages} };

	is(join(' ', sort keys %leaked), join(' ', map { "leaked <$_>" } @months), "leaky condition: $role learns months that may be seen");
	is(signed(), join(', ', map { "$number: $_ PayerUin=$uin" } @months), '... and only those were asked for');
	$result = $s->query("SET ROLE $role; $bills AND far.leak(payer_uin) $grouped; RESET ROLE");
	unlike($result->{err}, qr/leaked <(?!$uin)/, "leaky condition on the account: $role learns no other's");
	$s->query('RESET ROLE');
	signed();
}
# one statement, prepared once: the policy is that of who runs it
as('alice', "PREPARE p AS $bills $grouped");
$s->value('SET plan_cache_mode = force_generic_plan');
foreach my $round (1, 2)
{
	allows("prepared by alice, round $round", $_, 'EXECUTE p', @{ $allowed{$_} }[ 2 .. $#{ $allowed{$_} } ])
	  foreach qw(bob alice carol);
}
# through a join whose months come from another table
allows('joined', 'bob', "SELECT payer_uin, month, count(*) FROM wanted JOIN far.bills ON month = m WHERE n = 2 $grouped", '2023-03');
allows('joined with months that are hidden', 'bob', "SELECT payer_uin, month, count(*) FROM wanted JOIN far.bills ON month = m WHERE n = 1 $grouped");
allows('LATERAL', 'bob', "SELECT payer_uin, month, count(*) FROM wanted, LATERAL (SELECT * FROM far.bills WHERE month = m OFFSET 0) x WHERE n < 3 $grouped", '2023-03');
# policies that look the account up, in any way: the bounds say what the column holds
foreach my $policy (
	'payer_uin IN (SELECT uin FROM far.tenants WHERE name = current_user)',
	'EXISTS (SELECT FROM far.tenants WHERE name = current_user AND uin = payer_uin)',
	'payer_uin = ANY (ARRAY(SELECT uin FROM far.tenants WHERE name = current_user))',
	"CASE WHEN current_user = 'carol' THEN payer_uin = '100000000001' ELSE payer_uin > '100000000001' END")
{
	$s->value("DROP POLICY own ON far.bills; CREATE POLICY own ON far.bills TO bob, carol USING ($policy)");
	is(as('bob', "$bills $grouped"), join("\n", map { "100000000002|2023-0$_|3" } 1 .. 4), "$policy: bob");
	is(signed(), join(', ', map { "2: 2023-0$_ PayerUin=100000000002" } 1 .. 4), '... asks for no other account');
	is(as('carol', "$bills AND month > '2023-03' $grouped"), '100000000001|2023-04|3', "$policy: carol");
	is(signed(), '1: 2023-04 PayerUin=100000000001', '... asks for no other account');
	is(as('carol', "$bills AND payer_uin LIKE '%2' $grouped"), '', '... nor finds it by a condition');
	$south->reset;
	$south->config({ rows => 30, seed => 2 });
}
$s->value(<<'END');
DROP POLICY own ON far.bills;
CREATE POLICY own ON far.bills TO bob, carol
	USING (payer_uin = (SELECT uin FROM far.tenants WHERE name = current_user) AND month >= (SELECT since FROM far.tenants WHERE name = current_user));
END

# rows that a policy hides although their month was asked for: no condition of
# the caller has seen a candidate
$s->value('CREATE POLICY none ON far.bills AS RESTRICTIVE TO alice, bob, carol USING (real_total_cost < -1e30)');
foreach my $role (sort keys %allowed)
{
	my ($number, $uin, @months) = @{ $allowed{$role} };

	foreach my $condition ('far.leak(month)', 'far.leak(month || pay_mode)', "CASE WHEN far.leak(month) THEN month > '2023' END")
	{
		my $result = $s->query("SET ROLE $role; $bills AND $condition $grouped; RESET ROLE");

		is($result->{out} . $result->{err}, '', "hidden rows: $role learns nothing by $condition");
		is(signed(), join(', ', map { "$number: $_ PayerUin=$uin" } @months), '... though they were read');
	}
}
$s->value('DROP POLICY none ON far.bills');

# a view that hides rows, over a parent of partitions of two servers
$s->value(<<'END');
CREATE VIEW far.shown WITH (security_barrier) AS
	SELECT payer_uin, month, real_total_cost FROM far.by_payer WHERE payer_uin = '100000000002' AND month > '2023-01' AND month < '2023-04';
GRANT SELECT ON far.shown TO alice;
END
reset_both();
$result = $s->query("SET ROLE alice; SELECT payer_uin, month, count(*) FROM far.shown WHERE far.leak(month) AND month >= '2023-03' $grouped; RESET ROLE");
is($result->{out}, '100000000002|2023-03|3', 'a view that hides rows of partitions');
is(join(' ', map { $_->{message} } @{ $result->{messages} }), 'leaked <2023-03> leaked <2023-03> leaked <2023-03>',
	'... a leaky condition sees what is shown, once a row');
is(sent($north), '', '... the account that it hides is not asked for');
is(sent($south), '1: BeginTime=2023-03 PayerUin=100000000002', '... nor a month that it hides or the caller excludes');
reset_both();
# who may not bypass it
like(as('bob', "SELECT * FROM far.bills_1 WHERE month = '2023-01'"), qr/^42501: /, 'the partition itself cannot be read');
is(as('alice', "SELECT count(*) FROM far.bills WHERE month = '2023-04' AND payer_uin LIKE '%2'"), '0', 'a condition that is not leakproof shows nothing of the hidden');
is(signed(), '', '... and asks for nothing');

$s->quit;
$node->stop;
is($north->stop + $south->stop, 0, 'the simulators ended cleanly');
done_testing();

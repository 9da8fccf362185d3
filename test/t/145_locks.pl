#!/usr/bin/perl
#
# 145_locks.pl
#	  Local rows that another session changes while a query that joins them
#	  with foreign tables waits for their locks.
#
# When the other session has committed, PostgreSQL evaluates the query again
# for the new version of the row, with the rows of the other tables that it
# was joined with (EvalPlanQual), and runs subqueries anew.  The same is done
# with a local copy of the foreign rows, filled from the simulator's data
# without the wrapper, and must come to the same.
#
# IDENTIFICATION
#	  test/t/145_locks.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use Test::More;

use BillingSim;
use BillingTest;

my $sim = BillingSim->start;
my $node = BillingTest::new_node('locks');
my $s = BillingTest::Session->new($node, application_name => 'other');
my $waiting = BillingTest::Session->new($node, application_name => 'waiting');
my $look = BillingTest::Session->new($node, application_name => 'look');

BillingTest::add_server($s, 'api', $sim->url, { max_retries => 0 });
$s->value(<<'END');
CREATE SCHEMA far;
CREATE SCHEMA near;
CREATE FOREIGN TABLE far.modes (month text, payer_uin text, pay_mode text, real_total_cost numeric) SERVER api
	OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-04');
-- months by joins only
CREATE FOREIGN TABLE far.open (month text, payer_uin text, pay_mode text, real_total_cost numeric) SERVER api
	OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE TABLE near.all (month text, payer_uin text, pay_mode text, real_total_cost numeric);
CREATE VIEW near.modes AS SELECT * FROM near.all WHERE payer_uin IS NULL;
CREATE VIEW near.open AS SELECT * FROM near.all WHERE payer_uin IS NULL;
-- asked for with an account
CREATE FOREIGN TABLE far.paid (month text, payer_uin text, pay_mode text, real_total_cost numeric) SERVER api
	OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-04');
CREATE VIEW near.paid AS SELECT * FROM near.all WHERE payer_uin IS NOT NULL;
END
foreach my $month (map { "2023-0$_" } 1 .. 4)
{
	foreach my $payer (undef, '100000000001', '100000000002')
	{
		my $json = JSON::PP->new->encode(
			$sim->dump('DescribeBillSummaryByPayMode',
				{ BeginTime => $month, EndTime => $month, defined $payer ? (PayerUin => $payer) : () }));
		my $uin = defined $payer ? "'$payer'" : 'NULL';

		$s->value(<<END);
INSERT INTO near.all SELECT '$month', $uin, "PayMode", "RealTotalCost"::numeric
FROM jsonb_to_recordset(\$json\$$json\$json\$) AS r ("PayMode" text, "RealTotalCost" text)
END
	}
}
# parents with a partition on either side
$s->value(<<'END');
CREATE TABLE far.parts (id int, month text, pay_mode text) PARTITION BY LIST (month);
CREATE TABLE far.parts_own PARTITION OF far.parts FOR VALUES IN ('2023-05', '2023-06', 'x');
CREATE FOREIGN TABLE far.parts_april PARTITION OF far.parts FOR VALUES IN ('2023-04') SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');
ALTER FOREIGN TABLE far.parts_april ALTER id OPTIONS (ADD field 'NoSuchField');
CREATE TABLE near.parts (id int, month text, pay_mode text) PARTITION BY LIST (month);
CREATE TABLE near.parts_own PARTITION OF near.parts FOR VALUES IN ('2023-05', '2023-06', 'x');
CREATE TABLE near.parts_april PARTITION OF near.parts FOR VALUES IN ('2023-04');
INSERT INTO near.parts SELECT NULL, month, pay_mode FROM near.modes WHERE month = '2023-04';
CREATE TABLE targets (id int PRIMARY KEY, m text, uin text, cost numeric);
END
$s->value('SET jit = off');
$waiting->value('SET jit = off');
my $waits = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = " . $waiting->pid;

sub fresh
{
	$s->value(<<'END');
TRUNCATE targets;
INSERT INTO targets VALUES (1, '2023-01', '100000000001', 1), (2, '2023-02', '100000000002', 2), (3, '2023-03', '100000000001', 3), (4, 'x', NULL, 4);
TRUNCATE far.parts_own, near.parts_own;
INSERT INTO far.parts_own VALUES (1, '2023-05', 'a'), (2, '2023-06', 'b');
INSERT INTO near.parts_own VALUES (1, '2023-05', 'a'), (2, '2023-06', 'b');
END
	return;
}

# One query that waits for a change to be committed: what it returned, what is
# in the table afterwards, whether it waited.
sub after
{
	my ($schema, $query, $change, $plan) = @_;

	fresh();
	$sim->reset;
	$s->value("SET search_path = $schema, public; BEGIN; $change");
	$waiting->value("SET search_path = $schema, public; BEGIN; $plan");
	$waiting->send($query);

	my $blocked;

	# what does not need the row does not wait
	BillingTest::wait_until('the query waits or has ended',
		sub { return $waiting->ended || ($blocked = $look->value($waits) eq 't') });
	$s->value('COMMIT');
	my $result = $waiting->receive;
	my $out = $result->{error} ? "$result->{error}{sqlstate}: $result->{error}{message}" : join "\n", sort split /\n/, $result->{out};

	$waiting->value('COMMIT');
	return ($blocked ? 'waited' : 'did not wait') . "\n$out\nthen\n" . $s->value('SELECT * FROM targets ORDER BY id; SELECT * FROM parts_own ORDER BY id');
}

my %changes = (
	'another column' => 'UPDATE targets SET cost = cost + 10 WHERE id = 1',
	'a value that matches nothing' => "UPDATE targets SET m = '2023-4', uin = 'none' WHERE id = 1",
	'a value that matches other rows' => "UPDATE targets SET m = '2023-04', uin = '100000000002' WHERE id = 1",
	'no value' => 'UPDATE targets SET m = NULL, uin = NULL WHERE id = 1',
	'a value where there was none' => "UPDATE targets SET m = '2023-02' WHERE id = 4",
	'gone' => 'DELETE FROM targets WHERE id = 1');

my %queries = (
	'SELECT FOR UPDATE' => 'SELECT t.*, f.pay_mode, f.real_total_cost FROM targets t JOIN modes f ON f.month = t.m FOR UPDATE OF t',
	'SELECT FOR UPDATE, months by the join' => 'SELECT t.*, f FROM targets t JOIN open f ON f.month = t.m FOR UPDATE OF t',
	'SELECT FOR SHARE of both' => "SELECT t.*, f.pay_mode FROM targets t JOIN modes f ON f.month = t.m WHERE f.pay_mode <> 'riPay' AND t.cost < 8 FOR SHARE",
	'SELECT FOR UPDATE with LIMIT' => "SELECT t.*, f.real_total_cost FROM targets t JOIN modes f ON f.month = t.m AND f.pay_mode = 'prePay' ORDER BY t.id LIMIT 2 FOR UPDATE OF t",
	'LEFT JOIN' => "SELECT t.*, f.pay_mode, f.real_total_cost FROM targets t LEFT JOIN modes f ON f.month = t.m AND f.pay_mode <> 'prePay' FOR UPDATE OF t",
	'LATERAL' => 'SELECT t.*, x.s FROM targets t, LATERAL (SELECT sum(real_total_cost) AS s FROM modes WHERE month = t.m) x FOR UPDATE OF t',
	'input column' => 'SELECT t.*, f.pay_mode, f.payer_uin FROM targets t JOIN paid f ON f.payer_uin = t.uin AND f.month = t.m FOR UPDATE OF t',
	'subquery in the list' => 'SELECT t.*, (SELECT sum(real_total_cost) FROM open f WHERE f.month = t.m) FROM targets t FOR UPDATE',
	'subquery in the condition' => 'SELECT t.* FROM targets t WHERE t.cost < (SELECT max(real_total_cost) FROM open f WHERE f.month = t.m) FOR UPDATE',
	'EXISTS' => 'SELECT t.* FROM targets t WHERE EXISTS (SELECT FROM modes f WHERE f.month = t.m AND f.real_total_cost > t.cost) FOR UPDATE',
	'NOT EXISTS' => 'SELECT t.* FROM targets t WHERE NOT EXISTS (SELECT FROM modes f WHERE f.month = t.m) FOR UPDATE',
	'NOT IN' => 'SELECT t.* FROM targets t WHERE t.m NOT IN (SELECT f.month FROM modes f WHERE f.month > \'2023-01\') FOR UPDATE',
	'UPDATE FROM' => "UPDATE targets t SET cost = f.real_total_cost FROM modes f WHERE f.month = t.m AND f.pay_mode = 'prePay' RETURNING t.*, f.month, f.real_total_cost",
	'UPDATE to a subquery' => 'UPDATE targets t SET cost = (SELECT sum(real_total_cost) FROM open f WHERE f.month = t.m) WHERE cost < 12 RETURNING *',
	'UPDATE where a subquery' => "UPDATE targets t SET cost = 0 WHERE (SELECT count(*) FROM open f WHERE f.month = t.m AND f.pay_mode <> 'riPay') = 2 RETURNING *",
	'DELETE USING' => "DELETE FROM targets t USING open f WHERE f.month = t.m AND f.pay_mode = 'postPay' RETURNING t.*, f.real_total_cost",
	'DELETE where not' => 'DELETE FROM targets t WHERE NOT EXISTS (SELECT FROM modes f WHERE f.month = t.m AND f.real_total_cost > 0) RETURNING *',
	'MERGE' => "MERGE INTO targets t USING (SELECT month, real_total_cost FROM modes WHERE pay_mode = 'prePay' AND month < '2023-04') f ON f.month = t.m
		WHEN MATCHED AND t.cost < 3 THEN UPDATE SET cost = f.real_total_cost WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (100 + right(f.month, 1)::int, f.month, 'merged', f.real_total_cost)");

my @plans = ('', 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off; SET LOCAL enable_memoize = off',
	'SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off');

my $waited = 0;

foreach my $name (sort keys %queries)
{
	foreach my $change (sort keys %changes)
	{
		my $near = after('near', $queries{$name}, $changes{$change}, '');

		unlike($near, qr/\n\w{5}: /, "$name, $change: no error");
		$waited++ if $near =~ /^waited/;
		foreach my $plan ($change =~ /another|other rows/ ? @plans : '')
		{
			is(after('far', $queries{$name}, $changes{$change}, $plan), $near,
				"$name, $change" . ($plan ? ", $plan" : ''));
		}
	}
}

cmp_ok($waited, '>', 60, 'most of these queries waited');

# ---- what is asked for on the way: a subquery asks anew for the new value, a
# joined row is the one that was read

my $answer = after('far', $queries{'UPDATE to a subquery'}, $changes{'a value that matches other rows'}, '');
like($answer, qr/^waited\n1\|2023-04\|/, 'the row has its new value');
my %asked = map { $_ => 1 } $sim->bodies;
ok((grep { /"2023-04"/ } keys %asked), 'a subquery of a row that was changed asks for its new month');
after('far', $queries{'SELECT FOR UPDATE, months by the join'}, $changes{'a value that matches other rows'}, '');
is((grep { /"2023-04"/ } $sim->bodies), 0, 'a join does not: it has its row');

# ---- parents of partitions

foreach my $change (
	"UPDATE parts_own SET pay_mode = 'c' WHERE id = 1",
	"UPDATE parts_own SET month = 'x' WHERE id = 1",
	'DELETE FROM parts_own WHERE id = 1')
{
	foreach my $query (
		"SELECT * FROM parts WHERE month BETWEEN '2023-04' AND '2023-06' FOR UPDATE",
		"SELECT p.*, t.id FROM parts p JOIN targets t ON t.m < p.month WHERE p.month >= '2023-04' AND p.month < 'a' FOR UPDATE OF p",
		"UPDATE targets t SET cost = cost + 100 FROM parts p WHERE p.month = '2023-04' AND p.pay_mode = 'prePay' AND t.id = 1 RETURNING t.*, p.pay_mode")
	{
		is(after('far', $query, $change, ''), after('near', $query, $change, ''), "$query, after $change");
	}
}

# ---- those who do not wait

fresh();
$s->value('BEGIN; UPDATE targets SET cost = 0 WHERE id = 1');
is($waiting->value("SET search_path = far, public; SELECT t.id FROM targets t JOIN modes f ON f.month = t.m AND f.pay_mode = 'prePay' ORDER BY 1 FOR UPDATE OF t SKIP LOCKED"),
	"2\n3", 'SKIP LOCKED leaves out what is locked');
is($waiting->query('SELECT t.id FROM targets t JOIN modes f ON f.month = t.m FOR UPDATE OF t NOWAIT')->{error}{sqlstate},
	'55P03', 'NOWAIT fails');
is($waiting->value("SELECT count(*) FROM targets t JOIN modes f ON f.month = t.m"), '9', '... and the session goes on');
$s->value('COMMIT');

# ---- isolation: what has changed since the snapshot is an error, whatever was read beside it

foreach my $level ('REPEATABLE READ', 'SERIALIZABLE')
{
	fresh();
	$waiting->value("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM modes WHERE month = '2023-01'");
	$s->value('UPDATE targets SET cost = 0 WHERE id = 1');
	is($waiting->query("UPDATE targets t SET cost = f.real_total_cost FROM modes f WHERE f.month = t.m AND f.pay_mode = 'prePay'")->{error}{sqlstate},
		'40001', "$level: a row that was changed meanwhile");
	$waiting->value('ROLLBACK');
}

# Each reads what the other writes, and rows of the API decide what is written.
fresh();
my $skew = <<'END';
INSERT INTO targets SELECT 10 + (SELECT count(*) FROM targets), f.month, NULL, f.real_total_cost FROM modes f
WHERE f.month = (SELECT min(m) FROM targets WHERE id = %d) AND f.pay_mode = 'prePay'
END
my $expected = $s->value("SELECT real_total_cost FROM near.modes WHERE month = '2023-02' AND pay_mode = 'prePay'");

$s->value('SET search_path = far, public; BEGIN ISOLATION LEVEL SERIALIZABLE');
$waiting->value('BEGIN ISOLATION LEVEL SERIALIZABLE');
$s->value(sprintf $skew, 1);
$waiting->value(sprintf($skew, 2) =~ s/10 \+/20 +/r);
$s->value('COMMIT');
my $result = $waiting->query('COMMIT');
is($result->{error}{sqlstate}, '40001', 'SERIALIZABLE: one of two that depend on each other fails');
$waiting->value('BEGIN ISOLATION LEVEL SERIALIZABLE');
$waiting->value(sprintf($skew, 2) =~ s/10 \+/20 +/r);
$waiting->value('COMMIT');
is($s->value('SELECT id, m, cost FROM targets WHERE id > 20'), "25|2023-02|$expected", '... and can be run again');
$sim->reset;
$sim->config({ faults => [ { error => { code => 'InternalError', message => 'no' } } ] });
$waiting->value('BEGIN ISOLATION LEVEL SERIALIZABLE; DELETE FROM targets');
is($waiting->query("SELECT * FROM modes WHERE month = '2023-01'")->{error}{sqlstate}, 'HV000', 'SERIALIZABLE: an error of the API');
$waiting->value('ROLLBACK');
is($s->value('SELECT count(*) FROM targets'), '6', '... undoes what was written');

$s->quit;
$waiting->quit;
$look->quit;
$node->stop;
is($sim->stop, 0, 'the simulator ended cleanly');
done_testing();

#!/usr/bin/perl
#
# 060_connections.pl
#	  Connections are kept, options and keys change when they should, and a
#	  call leaves one line in a log that is asked for details.
#
# IDENTIFICATION
#	  test/t/060_connections.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;

my $TRUE = JSON::PP::true;
my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $TOKEN = 'EXAMPLETOKENabc123==';
my $SECOND_ID = 'AKIDSECOND';
my $SECOND_KEY = 'SECONDKEY0123456789';

my $node = BillingTest::new_node('connections');
my $s = BillingTest::Session->new($node, application_name => 'first');
my $other = BillingTest::Session->new($node, application_name => 'second');
my $a = BillingSim->start(secret => [ "$ID:$KEY", "$SECOND_ID:$SECOND_KEY" ]);
my $b = BillingSim->start(secret => [ "$ID:$KEY", "$SECOND_ID:$SECOND_KEY" ]);
my $tokens = BillingSim->start(secret => ["$ID:$KEY:$TOKEN"]);

my $PAGED = 'main.bill_resource_summary_for_organization';
my $paged = "SELECT count(*), sum(real_total_cost) FROM $PAGED WHERE month = '2023-08'";
my $single = q{SELECT count(*), sum(real_total_cost) FROM %s.bill_summary
	WHERE month = '2023-04' AND group_type = 'region'};
my $region = sprintf $single, 'main';

BillingTest::add_server($s, 'main', $a->url, { page_size => 100, max_retries => 0 });
BillingTest::add_server($s, 'second', $b->url, { page_size => 100, max_retries => 0 });
BillingTest::add_server($s, 'tokens', $tokens->url, {},
	{ secret_id => $ID, secret_key => $KEY, token => $TOKEN });

sub reset_all
{
	foreach my $sim ($a, $b, $tokens)
	{
		$sim->reset;
		$sim->config({ rows => 450 });
	}
	return;
}

# Numbers of the connections that requests came by, without repetitions
sub connections
{
	my ($sim) = @_;
	my %seen;

	return grep { !$seen{$_}++ } map { $_->{connection} } @{ $sim->log };
}

sub calls
{
	my ($sim) = @_;

	return scalar @{ $sim->log };
}

# ---- kept alive

reset_all();
my $right = $s->value($paged);
my $right_region = $s->value($region);
like($right, qr/^450\|/, 'the pages hold all rows');
is(calls($a), 6, 'keep-alive: five pages and a call of another action');
is(scalar(connections($a)), 1, 'keep-alive: by one connection');
my ($first) = connections($a);

$s->value("BEGIN; $region; $region; COMMIT");
$s->value("SET work_mem = '4MB'");
is_deeply([ connections($a) ], [$first], 'keep-alive: over statements and transactions');

$s->query('SELECT 1/0');
$a->config({ faults => [ { error => { code => 'InvalidParameter' }, times => 1 } ] });
is($s->query($region)->{error}{sqlstate}, '22023', 'keep-alive: an error of the API');
is($s->query($region)->{out}, $right_region, 'keep-alive: and the next query');
is_deeply([ connections($a) ], [$first], 'keep-alive: an error of the API costs no connection');

is($s->value("SELECT count(*) FROM (SELECT 1 FROM $PAGED WHERE month = '2023-08' LIMIT 3) x"),
	'3', 'keep-alive: a scan that ends early');
is($s->query($region)->{out}, $right_region, 'keep-alive: and the next query');
is_deeply([ connections($a) ], [$first], 'keep-alive: a scan that ends early costs no connection');

is($other->value($region), $right_region, 'another session');
is(scalar(connections($a)), 2, 'another session has a connection of its own');

$s->value('DISCARD ALL');
is($s->query($region)->{out}, $right_region, 'DISCARD ALL: the next query is right');

# ---- closed by the other side

reset_all();
$s->value($region);
$a->config({ faults => [ { close => $TRUE, times => 1 } ] });
is($s->query($region)->{err}, '', 'closed with the answer: no message');
is($s->query($region)->{err}, '', 'closed with the answer: the next call is no error');
is(calls($a), 3, 'closed with the answer: nothing is repeated');
is(scalar(connections($a)), 2, 'closed with the answer: a new connection');

# gone without a word between two scans, and between two pages of one
my $port = $a->port;
$a->stop;
$a = BillingSim->start(port => $port, secret => [ "$ID:$KEY", "$SECOND_ID:$SECOND_KEY" ]);
$a->config({ rows => 450 });
my $result = $s->query($region);
is($result->{err}, '', 'server restarted between scans: no message, with max_retries 0');
is($result->{out}, $right_region, 'server restarted between scans: right result');
is(calls($a), 1, 'server restarted between scans: one call');

$s->value("BEGIN; DECLARE c CURSOR FOR SELECT resource_id FROM $PAGED WHERE month = '2023-08'");
my @got = split /\n/, $s->value('FETCH 50 FROM c');
$a->stop;
$a = BillingSim->start(port => $port, secret => [ "$ID:$KEY", "$SECOND_ID:$SECOND_KEY" ]);
$a->config({ rows => 450 });
push @got, split /\n/, $s->value('FETCH ALL FROM c');
$s->value('COMMIT');
is_deeply(\@got,
	[ split /\n/, $s->value("SELECT resource_id FROM $PAGED WHERE month = '2023-08'") ],
	'server restarted between pages: right rows');

# ---- options and keys take effect on the next statement

reset_all();
$s->value("PREPARE p AS $region");
$s->value('SET plan_cache_mode = force_generic_plan');
is($s->value('EXECUTE p'), $right_region, 'before ALTER SERVER: prepared statement');
is(calls($a), 1, 'before ALTER SERVER: asks the first endpoint');
$other->value('ALTER SERVER main OPTIONS (SET endpoint ' . BillingTest::quoted($b->url) . ')');
is($s->value($region), $right_region, 'after ALTER SERVER in another session: answered');
is($s->value('EXECUTE p'), $right_region, 'after ALTER SERVER: prepared statement, too');
is(calls($a), 1, 'after ALTER SERVER: no call to the old endpoint');
is(calls($b), 2, 'after ALTER SERVER: both calls to the new one');

$other->value('ALTER SERVER main OPTIONS (ADD region \'ap-tokyo\', SET page_size \'150\')');
reset_all();
is($s->value($paged), $right, 'after ALTER SERVER: page_size and region');
is_deeply([ map { $_->{body}{Limit} } @{ $b->log } ], [ (150) x 4 ],
	'after ALTER SERVER: the new page size is sent');
is($b->log->[0]{headers}{'x-tc-region'}, 'ap-tokyo', 'after ALTER SERVER: the new region is sent');
$other->value("ALTER FOREIGN TABLE $PAGED OPTIONS (ADD page_size '90')");
reset_all();
is($s->value($paged), $right, 'after ALTER FOREIGN TABLE: right result');
is($b->log->[0]{body}{Limit}, 90, 'after ALTER FOREIGN TABLE: the new page size is sent');
$other->value("ALTER FOREIGN TABLE $PAGED OPTIONS (DROP page_size)");
$other->value('ALTER SERVER main OPTIONS (DROP region, SET page_size \'100\', SET endpoint '
	  . BillingTest::quoted($a->url) . ')');

sub mapping
{
	my ($by, $id, $key) = @_;

	$by->value(qq{ALTER USER MAPPING FOR CURRENT_USER SERVER main
		OPTIONS (SET secret_id '$id', SET secret_key '$key')});
	return;
}

reset_all();
mapping($other, $ID, 'WRONG');
is($s->query($region)->{error}{sqlstate}, '28000',
	'after ALTER USER MAPPING in another session: the wrong key is used');
is($s->query('EXECUTE p')->{error}{sqlstate}, '28000',
	'after ALTER USER MAPPING: in prepared statements, too');
mapping($other, $SECOND_ID, $SECOND_KEY);
is($s->query($region)->{out}, $right_region, 'after ALTER USER MAPPING: other right keys');
$other->value('DROP USER MAPPING FOR CURRENT_USER SERVER main');
$result = $s->query($region);
is($result->{error}{sqlstate}, '42704', 'after DROP USER MAPPING: SQLSTATE 42704');
is(calls($a), 3, 'after DROP USER MAPPING: nothing is asked for');
$other->value(qq{CREATE USER MAPPING FOR CURRENT_USER SERVER main
	OPTIONS (secret_id '$ID', secret_key '$KEY')});
is($s->query($region)->{out}, $right_region, 'after CREATE USER MAPPING: answered again');

# ---- changes while a scan is running

my @all = split /\n/, $s->value("SELECT resource_id FROM $PAGED WHERE month = '2023-08'");

sub cursor_test
{
	my ($name, $change, $repair) = @_;

	reset_all();
	$s->value("BEGIN; DECLARE c CURSOR FOR SELECT resource_id FROM $PAGED WHERE month = '2023-08'");
	my @rows = split /\n/, $s->value('FETCH 110 FROM c');
	is(calls($a), 2, "$name: the scan is running");
	$change->();
	my $rest = $s->query('FETCH ALL FROM c');
	is($rest->{err}, '', "$name: the scan goes on without a message");
	push @rows, split /\n/, $rest->{out};
	is_deeply(\@rows, \@all, "$name: right rows");
	is_deeply([ map { $_->{body}{Offset} } @{ $a->log } ], [ 0, 100, 200, 300, 400 ],
		"$name: the running scan asks where it began");
	is(calls($b), 0, "$name: and nowhere else");
	$s->value('COMMIT');
	$repair->() if $repair;
	is($s->query($region)->{err}, '', "$name: the session works on");
	return;
}

cursor_test(
	'wrong key while a scan runs',
	sub { mapping($other, $ID, 'WRONG') },
	sub {
		is($s->query($region)->{error}{sqlstate}, '28000',
			'wrong key while a scan runs: the next statement has it');
		mapping($other, $ID, $KEY);
	});
cursor_test(
	'mapping dropped while a scan runs',
	sub { $other->value('DROP USER MAPPING FOR CURRENT_USER SERVER main') },
	sub {
		$other->value(qq{CREATE USER MAPPING FOR CURRENT_USER SERVER main
			OPTIONS (secret_id '$ID', secret_key '$KEY')});
	});
cursor_test(
	'wrong key in the same transaction',
	sub { mapping($s, $ID, 'WRONG') },
	sub { mapping($s, $ID, $KEY) });
cursor_test(
	'endpoint changed while a scan runs',
	sub {
		$other->value('ALTER SERVER main OPTIONS (SET endpoint '
			  . BillingTest::quoted($b->url) . ')');
	},
	sub {
		$other->value('ALTER SERVER main OPTIONS (SET endpoint '
			  . BillingTest::quoted($a->url) . ')');
	});
cursor_test(
	'page_size changed while a scan runs',
	sub { $other->value(q{ALTER SERVER main OPTIONS (SET page_size '7')}) },
	sub { $other->value(q{ALTER SERVER main OPTIONS (SET page_size '100')}) });
cursor_test(
	'savepoint rolled back while a scan runs',
	sub { $s->value('SAVEPOINT x; SELECT 1; ROLLBACK TO x') });
cursor_test(
	'another scan while a scan runs',
	sub { is($s->value($region =~ s/main/second/r), $right_region, 'another scan: right result');
		$b->reset; });

# what would change the table under the scan has to wait for it
foreach my $command ("ALTER FOREIGN TABLE $PAGED OPTIONS (ADD page_size '7')",
	"ALTER FOREIGN TABLE $PAGED DROP COLUMN resource_id", "DROP FOREIGN TABLE $PAGED")
{
	cursor_test($command, sub {
		my $blocked = $other->query("SET lock_timeout = '100ms'; $command; RESET lock_timeout");
		is($blocked->{error}{sqlstate}, '55P03', "$command: waits for the scan");
		$other->value('RESET lock_timeout');
	});
}
$result = $other->query('DROP SERVER main');
is($result->{error}{sqlstate}, '2BP01', 'DROP SERVER: refused as long as there are tables');

# in the same transaction PostgreSQL itself refuses
reset_all();
$s->value("BEGIN; DECLARE c CURSOR FOR SELECT resource_id FROM $PAGED WHERE month = '2023-08'; FETCH 1 FROM c");
is($s->query("DROP FOREIGN TABLE $PAGED")->{error}{sqlstate}, '55006',
	'DROP in the transaction of a running scan: SQLSTATE 55006');
$s->value('ROLLBACK');
is($s->query($region)->{err}, '', 'DROP in the transaction of a running scan: the session works on');

# a column that comes or goes between two executions of a cached plan
$s->value("PREPARE q AS SELECT * FROM main.bill_summary WHERE month = '2023-04' AND group_type = 'region'");
$s->value('EXECUTE q');
$other->value('ALTER FOREIGN TABLE main.bill_summary DROP COLUMN total_cost');
is($s->query($region)->{out}, $right_region, 'a column dropped in another session: right result');
$other->value('ALTER FOREIGN TABLE main.bill_summary ADD COLUMN total_cost numeric');
is($s->query($region)->{out}, $right_region, 'and added again: right result');
is($s->value(q{SELECT count(total_cost) FROM main.bill_summary
		WHERE month = '2023-04' AND group_type = 'region'}),
	$right_region =~ s/\|.*//r, 'and it has values');

# ---- two servers in one query

reset_all();
is($s->value(q{SELECT count(*), bool_and(x.real_total_cost = y.real_total_cost)
		FROM main.bill_summary x JOIN second.bill_summary y USING (month, group_type, group_key)
		WHERE x.month = '2023-04' AND x.group_type = 'region'
		  AND y.month = '2023-04' AND y.group_type = 'region'}),
	($right_region =~ s/\|.*//r) . '|t', 'two servers in one query: right result');
is_deeply([ map { $_->{body} } @{ $a->log } ], [ { Month => '2023-04', GroupType => 'region' } ],
	'two servers in one query: one call to the first');
is_deeply([ map { $_->{body} } @{ $b->log } ], [ { Month => '2023-04', GroupType => 'region' } ],
	'two servers in one query: one call to the second');

reset_all();
$s->value("BEGIN; DECLARE x CURSOR FOR SELECT resource_id FROM $PAGED WHERE month = '2023-08';"
	  . " DECLARE y CURSOR FOR SELECT resource_id FROM second.bill_resource_summary_for_organization"
	  . " WHERE month = '2023-08'");
my (@x, @y);
for (1 .. 5)
{
	push @x, split /\n/, $s->value('FETCH 90 FROM x');
	push @y, split /\n/, $s->value('FETCH 90 FROM y');
}
$s->value('COMMIT');
is_deeply(\@x, \@all, 'two cursors by turns: rows of the first');
is_deeply(\@y, \@all, 'two cursors by turns: rows of the second');
is(calls($a) . ' ' . calls($b), '5 5', 'two cursors by turns: each page once');

# a server that is down does not harm the other one
my $down = BillingSim->start;
BillingTest::add_server($s, 'down', $down->url, { max_retries => 0 });
$down->stop;
$result = $s->query(sprintf($single, 'main') . ' UNION ALL ' . sprintf($single, 'down'));
is($result->{error}{sqlstate}, 'HV00N', 'one of two servers is down: an error');
is($s->query($region)->{out}, $right_region, 'one of two servers is down: the other one works on');

# ---- what a log gets to know

sub server_log
{
	my ($from) = @_;

	return substr slurp_file($node->logfile), $from;
}

my $from = -s $node->logfile;
reset_all();
$s->value("SET client_min_messages = 'debug1'");
$a->config({ faults => [ { error => { code => 'InternalError' }, where => { Offset => 200 }, times => 1 } ] });
$s->value(q{ALTER SERVER main OPTIONS (SET max_retries '3')});
$result = $s->query($paged);
my @lines = grep { $_->{severity} eq 'DEBUG' && $_->{message} =~ /billing/ } @{ $result->{messages} };
my @log = @{ $a->log };
is($result->{out}, $right, 'DEBUG1: right result');
is(scalar @log, 6, 'DEBUG1: six calls, one of them failed');
is(scalar @lines, 6, 'DEBUG1: one line for each call');
foreach my $n (0 .. 5)
{
	my $rows = $n == 2 ? 0 : $n == 5 ? 50 : 100;

	like($lines[$n]{message} // '',
		qr/\bDescribeBillResourceSummaryForOrganization, RequestId \Q$log[$n]{request_id}\E, \d+ ms, $rows rows$/,
		"DEBUG1: line $n has action, RequestId, milliseconds and rows");
}
$s->value("SET client_min_messages = 'log'");
unlike($s->query($region)->{err}, qr/billing API/, 'client_min_messages log: no line');
$s->value("RESET client_min_messages");
unlike(server_log($from), qr/RequestId/, 'by default the server log has no line of a call');

# with everything a server can write down, plans and parse trees included
$from = -s $node->logfile;
$s->value(q{SET log_min_messages = debug5; SET debug_print_parse = on;
	SET debug_print_rewritten = on; SET debug_print_plan = on; SET log_error_verbosity = verbose;
	SET log_min_error_statement = debug5; SET client_min_messages = warning});
my $token_region = sprintf $single, 'tokens';
is($s->value($token_region), $right_region, 'debug5: a call with temporary keys');
is($s->value($region), $right_region, 'debug5: another one');
$a->config({ faults => [ { error => { code => 'InvalidParameter', message =>
	"$ID and $KEY do not match $TOKEN" } } ] });
is($s->query($region)->{error}{sqlstate}, '22023', 'debug5: a call that fails');
$tokens->config({ faults => [ { error => { code => 'AuthFailure.TokenFailure', message =>
	"$ID $KEY $TOKEN" } } ] });
is($s->query($token_region)->{error}{sqlstate}, '28000', 'debug5: a call whose error quotes all keys');
my $text = server_log($from);
my @calls = $text =~ /billing API: (.*)/g;
is(scalar @calls, 4, 'debug5: one line for each call');
my %names = ($ID => 'the id', $KEY => 'the key', $TOKEN => 'the token');
foreach my $secret ($ID, $KEY, $TOKEN)
{
	is(index($text, $secret), -1, "debug5: the log does not have $names{$secret}");
}
unlike($text, qr/Signature=|TC3-HMAC/, 'debug5: no signature');
unlike($text, qr/SummaryDetail|RealTotalCost/, 'debug5: no answer');
unlike($text, qr/"GroupType":/, 'debug5: no body of a request');

$s->quit;
$other->quit;
is($_->stop, 0, 'a simulator ends well') foreach $a, $b, $tokens;
done_testing();

#!/usr/bin/perl
#
# 155_errors_inside.pl
#	  Memory that ends, errors in the middle of a scan and backends that end,
#	  with calls in flight: nothing is left, and what is read next is right.
#
# IDENTIFICATION
#	  test/t/155_errors_inside.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use BillingSim;
use BillingTest;

my $TRUE = JSON::PP::true;
my $TABLE = 'main.bill_resource_summary_for_organization';
my $scan = "SELECT count(*), md5(string_agg(t::text, E'\\n')) FROM $TABLE t WHERE month = '2023-08'";

my $node = BillingTest::new_node('inside');
my $control = BillingTest::Session->new($node, application_name => 'control');
my $sim = BillingSim->start;

BillingTest::add_server($control, 'main', $sim->url,
	{ page_size => 100, max_concurrency => 8, max_retries => 0 });

sub prepare
{
	my ($config, @faults) = @_;

	$sim->reset;
	$sim->config({ rows => 1000, faults => \@faults, %$config });
	return;
}

sub session
{
	my ($name) = @_;

	return BillingTest::Session->new($node, application_name => $name);
}

# Connections to the simulator that this process holds, in whatever state
sub connections
{
	my ($pid) = @_;
	my %inode = map { (readlink($_) // '') =~ /^socket:\[(\d+)\]/ ? ($1 => 1) : () } glob "/proc/$pid/fd/*";
	my $remote = sprintf '0100007F:%04X', $sim->port;

	open my $table, '<', '/proc/net/tcp' or die "/proc/net/tcp: $!";
	return scalar grep { my @f = split; $f[2] eq $remote && $inode{ $f[9] } } <$table>;
}

prepare({});
my $right = $control->value($scan);
like($right, qr/^1000\|/, 'a scan');

# ---- memory ends: the backend may take only so much more of it

{
	BillingTest::set_options($control, 'main', { max_concurrency => 8, max_retries => 0 });
	prepare({ rows => 4500 });
	my $large = $control->value($scan);
	my %outcomes;

	foreach my $more (0, 200, 400, 800, 1200, 1600, 2400, 3200, 4000, 5000, 6000, 8000, 12000, 16000, 100000)
	{
		my $s = session('memory');
		my $pid = $s->pid;

		# the connection and the library's own memory are there
		$s->value("SELECT resource_id FROM $TABLE WHERE month = '2023-08' LIMIT 1");
		my $limit = 1024 * (BillingTest::status_of($pid, 'VmSize') + $more);
		system('prlimit', '--pid', $pid, "--as=$limit:") == 0 or die "prlimit: $?";
		my $result = $s->query($scan);
		my $outcome = $result->{error} ? $result->{error}{sqlstate} : 'rows';
		system('prlimit', '--pid', $pid, '--as=unlimited:') == 0 or die "prlimit: $?";

		$outcomes{$outcome}++;
		diag("$more kB more: $outcome", $result->{error} ? " $result->{error}{message}" : '');
		is($result->{out}, $outcome eq 'rows' ? $large : '', "$more kB more: all rows or none");
		is($s->query($scan)->{out}, $large, "$more kB more: the session works on, with more memory");
		is($s->contexts, '0', "$more kB more: no memory context is left");
		$s->quit;
	}
	is_deeply([ sort keys %outcomes ], [ '53200', 'rows' ], 'memory ends: that is the error, and no other');
	cmp_ok($outcomes{53200}, '>=', 5, 'memory ends: in several places');
}

# a page that would take more memory than its size allows
{
	my $rows = join ',', ('[]') x 100_000;
	my $body = qq({"Response":{"RequestId":"r","Total":1000,"ResourceSummarySet":[$rows]}});

	BillingTest::set_options($control, 'main', { page_size => 100, max_concurrency => 8, max_retries => 0 });
	prepare({}, { raw => $body, where => { Offset => 500 } }, { latency_ms => 10, skip => 1 });
	my $s = session('arena');
	for (1 .. 3)
	{
		my $result = $s->query($scan);
		is($result->{error}{sqlstate}, '53200', 'a page of brackets: SQLSTATE 53200');
		like($result->{error}{message}, qr/out of memory/, 'a page of brackets: message');
	}
	is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month = '2023-08' LIMIT 500) x"), '500',
		'a page of brackets: the rows before it');
	is($s->contexts, '0', 'a page of brackets: no memory context is left');
	prepare({});
	is($s->value($scan), $right, 'a page of brackets: the next scan is right');
	$s->quit;
}

# ---- errors while calls are in flight: they do not wait, and leave nothing

$control->value(<<'END');
CREATE DOMAIN plain_id AS text CHECK (VALUE <> 'refused');
CREATE FOREIGN TABLE typed (month text, resource_id plain_id, real_total_cost real)
  SERVER main OPTIONS (table_name 'bill_resource_summary_for_organization');
CREATE FUNCTION read_until(last int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  r record;
  n int := 0;
BEGIN
  FOR r IN SELECT * FROM main.bill_resource_summary_for_organization WHERE month = '2023-08' LOOP
    n := n + 1;
    IF n = last THEN
      RAISE EXCEPTION 'row %', n;
    END IF;
  END LOOP;
  RETURN n;
END $$;
CREATE TABLE taken (n bigint, id text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n >= 130 THEN
    RAISE EXCEPTION SQLSTATE 'XX999';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON taken FOR EACH ROW EXECUTE FUNCTION refuse();
END

my $numbered = "SELECT row_number() OVER () AS n, resource_id FROM $TABLE WHERE month = '2023-08'";
# SQLSTATE => statement that fails before the pages that never come
my %failing = (
	22012 => "SELECT sum(1 / (n - 250)) FROM ($numbered) x",
	P0001 => 'SELECT read_until(150)',
	XX999 => "INSERT INTO taken $numbered",
	23514 => "SELECT count(resource_id) FROM typed WHERE month = '2023-08'",
	22003 => "SELECT sum(real_total_cost) FROM typed WHERE month = '2023-08'",
	22023 => "SELECT count(*) FROM $TABLE WHERE month = '2023-08'");
my @rows = ('/Response/ResourceSummarySet/30/ResourceId', '/Response/ResourceSummarySet/31/RealTotalCost');
my @faults = (
	{ where => { Offset => 300 }, patch => [ { op => 'replace', path => $rows[0], value => 'refused' },
		{ op => 'replace', path => $rows[1], value => '1' . '0' x 39 } ] },
	{ where => { Offset => 400 }, error => { code => 'InvalidParameter' } },
	(map { { stall => 'headers', where => { Offset => $_ } } } 500, 600, 800),
	(map { { stall => 'body', where => { Offset => $_ } } } 700, 900));

foreach my $state (sort keys %failing)
{
	prepare({}, @faults);
	my $s = session($state);
	my $result = $s->query($failing{$state});

	is($result->{error}{sqlstate}, $state, "$state: the error");
	cmp_ok($result->{seconds}, '<', 2, "$state: does not wait for the calls in flight");
	# eight, were calls in flight kept
	cmp_ok(connections($s->pid), '<=', 4, "$state: their connections are closed");
	is($s->contexts, '0', "$state: no memory context is left");
	prepare({});
	is($s->value($scan), $right, "$state: the next scan is right");
	$s->quit;
}

{
	my $s = session('many errors');
	my $pid = $s->pid;
	my $run = sub {
		my ($n) = @_;
		my %seen;
		my $result = $s->query(join ";\n", map { @failing{ sort keys %failing } } 1 .. $n);

		$seen{ $_->{sqlstate} }++ foreach @{ $result->{messages} };
		return \%seen;
	};
	my $memory = sub { return $s->value('SELECT sum(total_bytes) FROM pg_backend_memory_contexts') };

	prepare({}, @faults, { latency_ms => 2 });
	$run->(5);
	$memory->();
	my ($bytes, $fds, $rss) = ($memory->(), BillingTest::descriptors($pid), BillingTest::status_of($pid, 'VmRSS'));
	my $before = time();
	is_deeply($run->(50), { map { ($_ => 50) } keys %failing }, 'three hundred errors: each of them');
	diag(sprintf 'three hundred errors: %.1f s', time() - $before);
	$memory->();
	cmp_ok($memory->(), '<=', $bytes, 'three hundred errors: no byte more');
	cmp_ok(BillingTest::descriptors($pid), '<=', $fds + 8, 'three hundred errors: no file descriptor more');
	cmp_ok(connections($pid), '<=', 8, 'three hundred errors: no connection more');
	cmp_ok(BillingTest::status_of($pid, 'VmRSS') - $rss, '<', 3000, 'three hundred errors: the process has not grown');
	is($s->contexts, '0', 'three hundred errors: no memory context is left');
	prepare({});
	is($s->value($scan), $right, 'three hundred errors: the next scan is right');
	is($s->value('SELECT count(*) FROM taken'), '0', 'three hundred errors: no row was taken');
	$s->quit;
}

# ---- the backend ends with calls in flight

foreach my $end (qw(terminate quit kill itself))
{
	my $s = session("end by $end");
	my $pid = $s->pid;

	prepare({}, map { { stall => $_ % 200 ? 'headers' : 'body', where => { Offset => $_ } } } map { 100 * $_ } 2 .. 9);
	$s->value("BEGIN; DECLARE c CURSOR FOR SELECT resource_id FROM $TABLE WHERE month = '2023-08'; MOVE 150 IN c");
	BillingTest::wait_until('calls wait for their answers', sub { $sim->stalled >= 7 });
	cmp_ok(connections($pid), '>=', 7, "end by $end: calls are in flight");

	my $before = time();
	if ($end eq 'terminate')
	{
		$control->value("SELECT pg_terminate_backend($pid)");
	}
	elsif ($end eq 'itself')
	{
		$s->send('SELECT pg_terminate_backend(pg_backend_pid())');
		is($s->receive->{error}{sqlstate}, '57P01', 'end by itself: SQLSTATE 57P01');
	}
	else
	{
		$s->$end;
	}
	BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
	cmp_ok(time() - $before, '<', 2, "end by $end: the process is gone");
	$s->quit;

	prepare({});
	is($control->value($scan), $right, "end by $end: another session reads on");
}

# in the middle of a row
{
	prepare({}, { stall => 'headers', where => { Offset => 500 } });
	my $s = session('end in a row');
	my $pid = $s->pid;
	my $result = $s->query("SELECT count(CASE WHEN n = 250 THEN pg_terminate_backend(pg_backend_pid()) END) FROM ($numbered) x");

	is($result->{error}{sqlstate}, '57P01', 'end in a row: SQLSTATE 57P01');
	BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
	$s->quit;
}

$control->quit;
unlike(slurp_file($node->logfile), qr/was terminated by signal|PANIC:|\bleak/, 'the server has not stumbled');
is($sim->stop, 0, 'the simulator ends well');
done_testing();

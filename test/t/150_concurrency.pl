#!/usr/bin/perl
#
# 150_concurrency.pl
#	  Calls run side by side and ahead of the rows, within max_concurrency and
#	  requests_per_second; what a query returns does not depend on it.
#
# Alone: it looks at which calls overlap, and at calls per second.
#
# IDENTIFICATION
#	  test/t/150_concurrency.pl
#
use strict;
use warnings FATAL => 'all';

use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use List::Util qw(max min);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use BillingSim;
use BillingTest;

my $TRUE = JSON::PP::true;
my $TABLE = 'main.bill_resource_summary_for_organization';
my $ROWS = 2300;
my $PAGE = 100;
my @OFFSETS = map { $PAGE * $_ } 0 .. $ROWS / $PAGE;
my @MONTHS = qw(2023-08 2023-07 2023-06 2023-05);

# every row with every column, in the order of arrival
my $hash = q{count(*), sum(real_total_cost), md5(string_agg(t::text, E'\n'))};
my $one = "SELECT $hash FROM $TABLE t WHERE month = '2023-08'";
my $four = "SELECT $hash FROM $TABLE t WHERE month BETWEEN '2023-05' AND '2023-08'";

my $node = BillingTest::new_node('concurrency');
my $s = BillingTest::Session->new($node, application_name => 'reader');
my $control = BillingTest::Session->new($node, application_name => 'control');
my $sim = BillingSim->start;
BillingTest::add_server($s, 'main', $sim->url);

sub prepare
{
	my ($options, $config, @faults) = @_;

	BillingTest::set_options($s, 'main', { page_size => $PAGE, %{ $options // {} } });
	$sim->reset;
	$sim->config({ rows => $ROWS, faults => \@faults, %{ $config // {} } });
	return;
}

sub offsets { return map { $_->{body}{Offset} } @{ $sim->log } }
sub in_flight { return max map { $_->{in_flight} } @{ $sim->log } }
sub calls { return scalar @{ $sim->log } }
sub numerically { return sort { $a <=> $b } @_ }

# The most calls that the simulator has seen start in any time of this length.
# On a busy machine a call may be noticed some milliseconds late; so the time
# is a little shorter than the second that is promised.
sub most_within
{
	my ($ms, @log) = @_;
	my @started = numerically(map { $_->{started_ms} } @log);
	my ($most, $first) = (0, 0);

	foreach my $last (0 .. $#started)
	{
		$first++ while $started[$last] - $started[$first] >= $ms;
		$most = max($most, $last - $first + 1);
	}
	return $most;
}

# ---- how many, in which order

# later pages are answered before earlier ones
my @reversed = map { { latency_ms => 10 + 20 * (7 - $_ / $PAGE % 8), where => { Offset => $_ } } } @OFFSETS;
my %right;

foreach my $width (1, 2, 8, 64)
{
	prepare({ max_concurrency => $width }, undef, @reversed);
	my $result = $s->query($one);
	my @order = map { $_->{body}{Offset} } sort { $a->{ended_ms} <=> $b->{ended_ms} } @{ $sim->log };

	$right{one} //= $result->{out};
	is($result->{err}, '', "$width at the same time: no message");
	is($result->{out}, $right{one}, "$width at the same time: the same rows in the same order");
	is_deeply([ numerically(offsets()) ], \@OFFSETS, "$width at the same time: each page once");
	is(in_flight(), $width, "$width at the same time: that many in flight") if $width <= 8;
	cmp_ok(in_flight(), '>', 8, "$width at the same time: as many as there are") if $width > 8;
	is_deeply([ sort { $a->{started_ms} <=> $b->{started_ms} } @{ $sim->log } ]->[0]{body}{Offset}, 0,
		"$width at the same time: the first page first");
	isnt("@order", "@OFFSETS", "$width at the same time: answers came in another order")
	  if $width > 1;
}

foreach my $width (1, 2, 4, 8)
{
	prepare({ max_concurrency => $width }, { rows => 450 }, { latency_ms => 30 });
	my $result = $s->query($four);
	my @bodies = map { "$_->{body}{Month} $_->{body}{Offset}" } @{ $sim->log };

	$right{four} //= $result->{out};
	is($result->{out}, $right{four}, "four months, $width: the same rows in the same order");
	is_deeply([ sort @bodies ], [ sort map { my $m = $_; map { "$m " . 100 * $_ } 0 .. 4 } @MONTHS ],
		"four months, $width: each page of each month once");
	# four more pages of the first month and the three other months
	is(in_flight(), min($width, 7), "four months, $width: that many in flight");
}

# streams whose length is not known: page by page, but side by side
foreach my $width (1, 8)
{
	prepare({ max_concurrency => $width }, { rows => 450, total => 'null' }, { latency_ms => 30 });
	is($s->query($four)->{out}, $right{four}, "four months without Total, $width: the same rows");
	is(calls(), 24, "four months without Total, $width: and calls");
	cmp_ok(in_flight(), $width > 1 ? '>=' : '==', min($width, 4) - ($width > 1),
		"four months without Total, $width: in flight");
}

# many short streams
{
	my $sql = q{SELECT count(*), md5(string_agg(t::text, E'\n')) FROM main.bill_summary t
		WHERE month BETWEEN '2022-01' AND '2023-12' AND group_type = 'region'};
	my %seconds;
	my %out;

	foreach my $width (1, 8)
	{
		prepare({ max_concurrency => $width }, undef, { latency_ms => 50 });
		my $result = $s->query($sql);
		($out{$width}, $seconds{$width}) = @$result{qw(out seconds)};
		is(calls(), 24, "24 months, $width: a call each");
		is(in_flight(), $width, "24 months, $width: in flight");
	}
	is($out{8}, $out{1}, '24 months: the same rows');
	cmp_ok($seconds{8}, '<', 0.6 * $seconds{1}, '24 months: in less time');
	diag(sprintf '24 months at 50 ms: %.2f s one after the other, %.2f s eight at a time',
		@seconds{ 1, 8 });
}

# a table's own option
prepare({ max_concurrency => 8 }, undef, { latency_ms => 30 });
$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (ADD max_concurrency '3')");
is($s->query($one)->{out}, $right{one}, 'option of the table: right rows');
is(in_flight(), 3, 'option of the table: counts more than that of the server');
$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (DROP max_concurrency)");

# ---- what is not needed is not asked for

prepare({ max_concurrency => 8 });
is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month = '2023-08' LIMIT 10) x"),
	'10', 'LIMIT 10: ten rows');
is_deeply([ map { $_->{body}{Limit} } @{ $sim->log } ], [10], 'LIMIT 10: one call, of ten rows');

prepare({ max_concurrency => 8 });
is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month = '2023-08' LIMIT 250) x"),
	'250', 'LIMIT 250: rows');
is_deeply([ numerically(offsets()) ], [ 0, 100, 200 ], 'LIMIT 250: three pages of a hundred');

# a filter hides how many rows will be needed: the first page alone
prepare({ max_concurrency => 8 });
is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month = '2023-08'
	AND real_total_cost > -1e9 LIMIT 100) x"), '100', 'LIMIT with a filter: rows');
is(calls(), 1, 'LIMIT with a filter: nothing is asked for before a second page is needed');

prepare({ max_concurrency => 8 }, undef, { latency_ms => 50 });
is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month BETWEEN '2023-05' AND '2023-08'
	AND real_total_cost > -1e9 LIMIT 50) x"), '50', 'LIMIT with a filter, four months: rows');
is(calls(), 1, 'LIMIT with a filter, four months: one call');

# many rescans: none of them reads ahead what it does not need
prepare({ max_concurrency => 8 }, { rows => 40 });
is($s->value("SELECT count(*) FROM (VALUES ('2023-08'), ('2023-07'), ('2023-06')) v(m),
	LATERAL (SELECT * FROM $TABLE WHERE month = v.m OFFSET 0) x"), '120', 'rescans: rows');
is(calls(), 3, 'rescans: a call each');

# ---- errors and waits come with their rows

sub cursor
{
	my ($sql) = @_;

	$s->value("BEGIN; DECLARE c CURSOR FOR $sql");
	return;
}

sub arrived
{
	my ($outcome, $count) = @_;

	BillingTest::wait_until("$outcome is in the log",
		sub { (grep { ($_->{outcome} // '') eq $outcome && defined $_->{ended_ms} } @{ $sim->log }) >= $count });
	return;
}

my $any = "SELECT resource_id FROM $TABLE WHERE month = '2023-08' AND real_total_cost > -1e9";
my @all = split /\n/, do { prepare(); $s->value($any) };
is(scalar @all, $ROWS, 'all rows pass the filter');

prepare({ max_concurrency => 8, max_retries => 0 }, undef,
	{ error => { code => 'InvalidParameter', message => 'no such page' }, where => { Offset => 500 } });
cursor($any);
my @rows = split /\n/, $s->value('FETCH 150 FROM c');
arrived('InvalidParameter', 1);
my $result = $s->query('FETCH 350 FROM c');
push @rows, split /\n/, $result->{out};
is($result->{err}, '', 'a page that fails: the pages before it come without a message');
is_deeply(\@rows, [ @all[ 0 .. 499 ] ], 'a page that fails: with all their rows');
$result = $s->query('FETCH 1 FROM c');
is($result->{error}{sqlstate}, '22023', 'a page that fails: the error comes with its first row');
like($result->{error}{message}, qr/no such page/, 'a page that fails: and is its error');
$s->value('ROLLBACK');
is((grep { $_ == 500 } offsets()), 1, 'a page that fails: is asked for once');
cmp_ok(max(offsets()), '<', 500 + 8 * $PAGE, 'a page that fails: little is read beyond it');

prepare({ max_concurrency => 8, max_retries => 0 }, undef,
	{ error => { code => 'InvalidParameter' }, where => { Offset => 500 } });
$result = $s->query("SELECT count(*), pg_sleep(0.1) FROM ($any LIMIT 300) x");
is($result->{err}, '', 'LIMIT before a page that fails: no error');
is($result->{out}, '300|', 'LIMIT before a page that fails: rows');

# a month that is not ready, and is wanted or not
my $months = q{SELECT month FROM main.bill_summary WHERE month IN ('2023-08', '2023-07', '2023-06', '2023-05')
	AND group_type = 'region' AND real_total_cost > -1e9};
prepare();
my @month_of = split /\n/, $s->value($months);
my $before = grep { $_ ge '2023-07' } @month_of;
foreach my $timeout ('0s', '20s')
{
	prepare({ max_concurrency => 8, ready_interval => '1s', ready_timeout => $timeout }, undef,
		{ not_ready => $TRUE, where => { Month => '2023-06', GroupType => 'region' }, times => 1 });
	cursor($months);
	my $first = grep { $_ eq '2023-08' } @month_of;
	@rows = split /\n/, $s->value('FETCH ' . ($first + 1) . ' FROM c');
	BillingTest::wait_until('the third month is answered',
		sub { grep { $_->{body}{Month} eq '2023-06' && $_->{ended_ms} } @{ $sim->log } });
	$result = $s->query('FETCH ' . ($before - @rows) . ' FROM c');
	push @rows, split /\n/, $result->{out};
	is($result->{err}, '', "month not ready, ready_timeout $timeout: nothing is said before it is wanted");
	is_deeply(\@rows, [ @month_of[ 0 .. $before - 1 ] ],
		"month not ready, ready_timeout $timeout: rows before it");
	$result = $s->query('FETCH ALL FROM c');
	if ($timeout eq '0s')
	{
		is($result->{error}{sqlstate}, '55000', 'month not ready, ready_timeout 0s: error when it is wanted');
	}
	else
	{
		is_deeply([ map { $_->{severity} } @{ $result->{messages} } ], ['NOTICE'],
			'month not ready: one NOTICE when it is wanted');
		push @rows, split /\n/, $result->{out};
		is_deeply(\@rows, \@month_of, 'month not ready: and then its rows');
		is((grep { $_->{body}{Month} eq '2023-06' } @{ $sim->log }), 2,
			'month not ready: asked for once more');
	}
	$s->value('ROLLBACK');
}

# All months are not ready at first.  The first one is waited for alone, then
# the second; the others have become ready meanwhile.
prepare({ max_concurrency => 8, ready_interval => '1s', ready_timeout => '2s' }, undef,
	map { { not_ready => $TRUE, where => { Month => $_, GroupType => 'region' }, times => 1 } } @MONTHS);
$result = $s->query($months);
is($result->{error}, undef, 'four months not ready: no error, two waits are enough');
is_deeply([ split /\n/, $result->{out} ], \@month_of, 'four months not ready: rows');
is(calls(), 8, 'four months not ready: two calls each');

# what passes is repeated in the background
foreach my $fault ({ error => { code => 'InternalError' } }, { reset => $TRUE }, { truncate => 100 },
	{ raw => '{' }, { http => { status => 502 } })
{
	my $name = join ' ', 'each page fails once:', sort keys %$fault;

	prepare({ max_concurrency => 8, max_retries => 1 }, undef,
		map { { %$fault, where => { Offset => $_ }, times => 1 } } @OFFSETS);
	$result = $s->query($one);
	is($result->{err}, '', "$name, no message");
	is($result->{out}, $right{one}, "$name, right rows");
	cmp_ok(in_flight(), '<=', 8, "$name, no more than eight in flight");
	cmp_ok(calls(), '>=', 2 * @OFFSETS, "$name, two calls each");
}

# a large answer is looked into when its rows are wanted
prepare({ max_concurrency => 8, max_retries => 1 }, undef,
	map { { replace => { find => '"Response"', with => '"Answer"' }, where => { Offset => $_ }, times => 1 } }
	  0, 700, 800);
$result = $s->query($one);
is($result->{out}, $right{one}, 'large answers that cannot be read: right rows');
is(calls(), 27, 'large answers that cannot be read: are asked for once more');

# ---- answers that surprise: the same outcome as one after the other

my $cut = [ { op => 'remove', path => '/Response/ResourceSummarySet/99' } ];
my $empty = [ { op => 'replace', path => '/Response/ResourceSummarySet', value => [] } ];
foreach my $case (
	[ 'a short page', {}, { patch => $cut, where => { Offset => 300 } } ],
	[ 'a short first page', {}, { patch => $cut, where => { Offset => 0 } } ],
	[ 'short pages here and there', {}, { patch => $cut, probability => 0.4, seed => 5, where => { Offset => 200 } } ],
	[ 'capped pages', { limit_cap => 30 } ],
	[ 'capped pages, last one full', { limit_cap => 50 } ],
	[ 'a page as long as the others', { rows => 1000 } ],
	[ 'one page', { rows => 60 } ],
	[ 'one full page', { rows => 100 } ],
	[ 'no row', { rows => 0 } ],
	(map { [ "Total $_", { total => $_ } ] } qw(null zero stale absent large)),
	(map { [ "Total $_, capped pages", { total => $_, limit_cap => 30 } ] } qw(null zero stale absent large)),
	[ 'Total that grows', {}, { total_drift => 7 } ],
	[ 'Total that shrinks', {}, { total_drift => -7 } ],
	[ 'another Total at one page', {}, { patch => [ { op => 'replace', path => '/Response/Total', value => 2301 } ],
		where => { Offset => 900 } } ],
	[ 'a repeated page', {}, { repeat_page => $TRUE, where => { Offset => 700 } } ],
	[ 'an empty page', {}, { patch => $empty, where => { Offset => 700 } } ],
	[ 'an error', {}, { error => { code => 'InvalidParameter' }, where => { Offset => 700 } } ])
{
	my ($name, $config, @faults) = @$case;

	foreach my $check (qw(error warning))
	{
		my (%outcome, %offsets);

		foreach my $width (1, 8)
		{
			prepare({ max_concurrency => $width, max_retries => 0, answer_check => $check },
				{ rows => 1300, %$config }, @faults);
			$result = $s->query($one);
			$outcome{$width} = join "\n", $result->{out},
			  map { "$_->{severity} $_->{sqlstate} $_->{message}" } @{ $result->{messages} };
			$offsets{$width} = [ numerically(offsets()) ];
		}
		is($outcome{8}, $outcome{1}, "$name, answer_check $check: the same outcome");
		# where the answers keep to what was foreseen, nothing is asked for in vain
		if ($name =~ /^(?:capped|a page as|one |no row|Total (?:null|zero|stale|absent))/)
		{
			is_deeply($offsets{8}, $offsets{1}, "$name, answer_check $check: and the same calls");
		}
		else
		{
			cmp_ok(@{ $offsets{8} } - @{ $offsets{1} }, '<=', 9, "$name, answer_check $check: few calls more");
		}
	}
}

# with latencies by chance, over months
for my $seed (1 .. 6)
{
	prepare({ max_concurrency => 2 + $seed, max_retries => 8 }, { rows => 450 },
		{ latency_ms => 120, probability => 0.2, seed => $seed, error => { code => 'InternalError' } },
		{ latency_ms => 5, probability => 0.3, seed => 100 + $seed },
		{ latency_ms => 60, probability => 0.5, seed => 200 + $seed });
	is($s->query($four)->{out}, $right{four}, "latency and errors by chance, seed $seed: right rows");
	cmp_ok(in_flight(), '<=', 2 + $seed, "latency and errors by chance, seed $seed: in flight");
}

# ---- quota

my $QUOTA = 10;
{
	# a burst at once, then as many as leave a second
	prepare({ max_concurrency => 16, requests_per_second => $QUOTA });
	sleep 1.1;
	$result = $s->query($one);
	my @log = @{ $sim->log };
	is($result->{out}, $right{one}, 'quota: right rows');
	is(most_within(950, @log), $QUOTA, "quota: $QUOTA calls in a second, and never more");
	cmp_ok($log[ $QUOTA - 1 ]{started_ms} - $log[0]{started_ms}, '<', 900, 'quota: the first ones at once');
	cmp_ok($result->{seconds}, '<', 4, 'quota: in time');
	my $plan = $s->value("EXPLAIN (ANALYZE, COSTS OFF) $one");
	like($plan, qr/API: calls=24 pages=24 rows=2300 quota-waits=\d+ /, 'quota: EXPLAIN ANALYZE tells');

	# over scans, which are not told of each other, in one session
	prepare({ max_concurrency => 4, requests_per_second => $QUOTA }, { rows => 40 });
	$s->value("SELECT count(*) FROM $TABLE WHERE month = '2023-08'") for 1 .. 25;
	is(calls(), 25, 'quota over scans: calls');
	is(most_within(950, @{ $sim->log }), $QUOTA, 'quota over scans: never more');

	# two scans of one query
	prepare({ max_concurrency => 4, requests_per_second => $QUOTA }, { rows => 450 });
	$s->value("SELECT count(*) FROM (SELECT * FROM $TABLE WHERE month >= '2023-05' AND month <= '2023-08'
		UNION ALL SELECT * FROM $TABLE WHERE month = '2023-04') x");
	is(most_within(950, @{ $sim->log }), $QUOTA, 'quota over scans of a query: never more');

	# another action, another quota
	prepare({ requests_per_second => 5 }, { rows => 40 });
	my $start = time();
	$s->value("SELECT count(*) FROM $TABLE WHERE month = '2023-08'") for 1 .. 5;
	$s->value(q{SELECT count(*) FROM main.bill_summary_by_pay_mode WHERE month = '2023-08'}) for 1 .. 5;
	$s->value(q{SELECT count(*) FROM main.bill_summary WHERE month = '2023-08' AND group_type = 'region'}) for 1 .. 5;
	is(calls(), 15, 'quota of each action: calls');
	cmp_ok(most_within(950, @{ $sim->log }), '>', 5, 'quota of each action: they do not share one');

	# a table's own option, for the slow side of an account
	prepare({ max_concurrency => 8, requests_per_second => 100 }, { rows => 300 });
	$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (ADD requests_per_second '2')");
	sleep 1.1;
	$result = $s->query($one);
	is(most_within(950, @{ $sim->log }), 2, 'quota of the table: counts more than that of the server');
	cmp_ok($result->{seconds}, '>=', 1, 'quota of the table: takes its time');
	$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (DROP requests_per_second)");
}

# The API has a quota of its own; without one here it throttles, with one here
# it does not.  (Its second is a little shorter, as above: 12 per second are
# more than 10 in 950 ms.)
{
	my %throttled;

	foreach my $own (1000, $QUOTA)
	{
		prepare({ max_concurrency => 8, requests_per_second => $own }, { quota_per_second => 12 });
		sleep 1.1;
		$result = $s->query($one);
		is($result->{out}, $right{one}, "quota of the API, $own here: right rows");
		$throttled{$own} = grep { $_->{outcome} eq 'RequestLimitExceeded' } @{ $sim->log };
	}
	cmp_ok($throttled{1000}, '>', 0, 'quota of the API: throttles who does not care');
	is($throttled{$QUOTA}, 0, 'quota of the API: does not throttle who keeps it');
}

# A connection that takes time: a call counts when it is sent, not when it is
# started.  A relay in front of a simulator with TLS lets the handshakes of the
# first connections wait, each for so many seconds.
my $dir = tempdir(CLEANUP => 1);
my $files = BillingSim::make_ca($dir);
my $tls = BillingSim->start(tls => 1, cert => $files->{cert}, key => $files->{key});

chmod 0755, $dir;
chmod 0644, $files->{ca};

sub relay
{
	my ($to, @delays) = @_;
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64) or die "listen: $!";
	my $pid = fork() // die "fork: $!";

	return ($listener->sockport, $pid) if $pid;
	setpgrp;
	$SIG{CHLD} = 'IGNORE';
	while (my $client = $listener->accept)
	{
		my $delay = shift @delays // 0;
		my $child = fork() // POSIX::_exit(1);
		next if $child;
		sleep $delay;
		my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $to) or POSIX::_exit(1);
		my %other = (fileno $client => $server, fileno $server => $client);
		my $select = IO::Select->new($client, $server);
		while (1)
		{
			foreach my $from ($select->can_read)
			{
				sysread $from, my $bytes, 65536 or POSIX::_exit(0);
				my $sent = 0;
				$sent += syswrite($other{ fileno $from }, $bytes, length($bytes) - $sent, $sent) // POSIX::_exit(0)
				  while $sent < length $bytes;
			}
		}
	}
	POSIX::_exit(0);
}

{
	my ($port, $pid) = relay($tls->port, 0, (0.9) x 7);

	BillingTest::add_server($s, 'tls', "https://127.0.0.1:$port", { page_size => $PAGE, ca_file => $files->{ca},
		max_concurrency => 8, requests_per_second => 8 });
	$tls->config({ rows => $ROWS });
	is($s->value($one =~ s/main\./tls./r), $right{one}, 'slow handshakes: right rows');
	my @log = sort { $a->{started_ms} <=> $b->{started_ms} } @{ $tls->log };
	# the first connection is there, and takes one or two calls more
	cmp_ok((grep { $_->{started_ms} < $log[0]{started_ms} + 800 } @log), '<=', 4,
		'slow handshakes: they are slow');
	is(most_within(950, @log), 8, 'slow handshakes: the quota is kept');
	my %connections = map { ($_->{connection} => 1) } @log;
	cmp_ok(scalar keys %connections, '>=', 5, 'slow handshakes: several connections');
	kill 'KILL', -$pid;
	waitpid $pid, 0;
}

# a call that is given up before it is sent takes no place with it
{
	my ($port, $pid) = relay($tls->port, 3600, 3600);

	$tls->reset;
	$tls->config({ rows => 40 });
	BillingTest::add_server($s, 'hanging', "https://127.0.0.1:$port", { ca_file => $files->{ca},
		requests_per_second => 2 });
	my $sql = $one =~ s/main\./hanging./r;
	for (1 .. 2)
	{
		$s->value(q{SET statement_timeout = '300ms'});
		is($s->query($sql)->{error}{sqlstate}, '57014', 'a handshake without end: cancelled');
		$s->value('SET statement_timeout = 0');
	}
	is(scalar @{ $tls->log }, 0, 'a handshake without end: nothing was sent');
	$result = $s->query($sql);
	like($result->{out}, qr/^40\|/, 'a handshake without end: the next scan has a place');
	cmp_ok($result->{seconds}, '<', 0.8, 'a handshake without end: at once');
	kill 'KILL', -$pid;
	waitpid $pid, 0;
}
is($tls->stop, 0, 'the simulator with TLS ends well');

# ---- throttled: all calls pause together

prepare({ max_concurrency => 8, max_retries => 0 }, undef,
	{ latency_ms => 100, error => { code => 'RequestLimitExceeded' }, skip => 1, times => 7 });
$result = $s->query($one);
is($result->{err}, '', 'throttled together: no message');
is($result->{out}, $right{one}, 'throttled together: right rows');
{
	my @log = @{ $sim->log };
	my @refused = grep { $_->{outcome} eq 'RequestLimitExceeded' } @log;
	my %is_refused = map { ($_->{body}{Offset} => 1) } @refused;
	my $end = max map { $_->{ended_ms} } @refused;
	my @again = map { $_->{started_ms} }
	  grep { $is_refused{ $_->{body}{Offset} } && $_->{outcome} eq 'ok' } @log;

	is(scalar @refused, 7, 'throttled together: seven calls were refused');
	is((grep { $_->{started_ms} > $end + 5 && $_->{started_ms} < min(@again) - 5 } @log), 0,
		'throttled together: then nothing was asked for');
	# seven pauses of their own, of up to half a second each, would differ more
	cmp_ok(max(@again) - min(@again), '<', 100, 'throttled together: all come back together');
	diag(sprintf 'seven refusals: pause of %.0f ms, back within %.0f ms', min(@again) - $end, max(@again) - min(@again));
}

# the pause is that of all scans of the session
prepare({ max_concurrency => 1, throttle_timeout => '2s' }, undef, { error => { code => 'RequestLimitExceeded' } });
$result = $s->query($one);
is($result->{error}{sqlstate}, '53400', 'throttled without end: SQLSTATE 53400');
cmp_ok($result->{seconds}, '>=', 2, 'throttled without end: the time allowed is used');
prepare({ max_concurrency => 8, throttle_timeout => '2s' }, undef,
	{ error => { code => 'RequestLimitExceeded' }, skip => 1 });
$result = $s->query($one);
is($result->{error}{sqlstate}, '53400', 'throttled without end, eight at a time: SQLSTATE 53400');
cmp_ok($result->{seconds}, '>=', 2, 'throttled without end, eight at a time: the time allowed is used');
cmp_ok($result->{seconds}, '<', 8, 'throttled without end, eight at a time: and not much more');

# ---- connections

{
	my $fresh = BillingTest::Session->new($node, application_name => 'fresh');
	my $connections = sub {
		my %seen = map { ($_->{connection} => 1) } @{ $sim->log };
		return join ' ', numerically(keys %seen);
	};

	prepare({ max_concurrency => 8 }, undef, { latency_ms => 50 });
	is($fresh->value($one), $right{one}, 'connections: a new session');
	my $first = $connections->();
	is(scalar(split / /, $first), 8, 'connections: eight');
	is($fresh->value($one), $right{one}, 'connections: another scan') for 1 .. 2;
	is($connections->(), $first, 'connections: later scans use the same');
	$fresh->quit;
}

# a scan that ends with calls in flight gives up theirs, and nothing else
prepare({ max_concurrency => 8 }, undef, { latency_ms => 300, where => { Offset => 700 } });
is($s->value("SELECT count(*) FROM ($any LIMIT 150) x"), '150', 'surplus calls: rows');
is($s->value($one), $right{one}, 'surplus calls: the next scan is right');

# two cursors by turns, both reading ahead
prepare({ max_concurrency => 8 });
$s->value("BEGIN; DECLARE x CURSOR FOR $any; DECLARE y CURSOR FOR $any");
my (@x, @y);
for (1 .. 24)
{
	push @x, split /\n/, $s->value('FETCH 97 FROM x');
	push @y, split /\n/, $s->value('FETCH 101 FROM y');
}
$s->value('COMMIT');
is_deeply(\@x, \@all, 'two cursors by turns: rows of the first');
is_deeply(\@y, \@all, 'two cursors by turns: rows of the second');

# A cursor may rest for as long as it likes: what was in flight meanwhile, and
# broke, is asked for anew.
prepare({ max_concurrency => 4, max_retries => 0, request_timeout => '1s' }, undef,
	{ latency_ms => 200, skip => 1 });
cursor($any);
@rows = split /\n/, $s->value('FETCH 101 FROM c');
$s->value('SELECT pg_sleep(1.5)');
$result = $s->query('FETCH ALL FROM c');
is($result->{err}, '', 'a cursor that rests: no message');
is_deeply([ @rows, split /\n/, $result->{out} ], \@all, 'a cursor that rests: rows');
$s->value('COMMIT');

# while the rows of a page are returned, no place is kept free for the next one
prepare({ max_concurrency => 3, page_size => 500 }, { rows => 5000 },
	map { { stall => 'headers', where => { Offset => 500 * $_ } } } 2 .. 9);
cursor($any);
$s->value('FETCH 950 FROM c');
BillingTest::wait_until('three calls ahead of the second page', sub { $sim->stalled == 3 });
is_deeply([ numerically(offsets()) ], [ map { 500 * $_ } 0 .. 4 ], 'rows of a page are returned: three calls are ahead');
$s->value('COMMIT');

# the consumer fails in the middle
prepare({ max_concurrency => 8 }, undef, { latency_ms => 50 });
is($s->query("SELECT sum(1 / (n - 250)) FROM (SELECT row_number() OVER () AS n FROM ($any) x) y")->{error}{sqlstate},
	'22012', 'an error of the consumer');
is($s->value($one), $right{one}, 'an error of the consumer: the session works on');

# ---- cancel, and what is left

sub cancelled
{
	my ($name, $sql, $reached) = @_;

	$s->send($sql);
	BillingTest::wait_until($name, $reached);
	my $start = time();
	$control->value('SELECT pg_cancel_backend(' . $s->pid . ')');
	my $ended = $s->receive;
	is($ended->{error}{sqlstate}, '57014', "cancel, $name: SQLSTATE 57014");
	cmp_ok($ended->{ended} - $start, '<', 1, "cancel, $name: within a second");
	diag(sprintf '%s: cancelled after %.0f ms', $name, 1000 * ($ended->{ended} - $start));
	return;
}

sub events
{
	return $control->value(
		'SELECT wait_event_type || \' \' || wait_event FROM pg_stat_activity WHERE pid = ' . $s->pid);
}

my $named = $control->value('SHOW server_version_num') >= 170000;
my $event = sub { my $name = $named ? "Extension BillingFdw$_[0]" : 'Extension Extension'; sub { events() eq $name } };

prepare({ max_concurrency => 8 }, undef, { stall => 'headers', skip => 1 });
cancelled('eight calls in flight', $one, sub { $sim->stalled == 8 });
prepare({ max_concurrency => 8 }, undef, { stall => 'body', skip => 1 });
cancelled('eight bodies half-way', $one, sub { $sim->stalled == 8 });
prepare({ max_concurrency => 8, requests_per_second => 1 });
cancelled('in the wait for the quota', $one, sub { calls() >= 2 && $event->('Quota')->() });
prepare({ max_concurrency => 8, ready_interval => '3600s', ready_timeout => '3600s' }, undef, { not_ready => $TRUE, skip => 1 });
cancelled('waiting for a bill, others in flight', $months, sub { calls() >= 4 && $event->('Bill')->() });
prepare({ max_concurrency => 8 }, undef, { error => { code => 'RequestLimitExceeded' } });
cancelled('throttled', $one, sub { calls() >= 4 && $event->('Backoff')->() });
prepare({ max_concurrency => 8 }, undef, { latency_ms => 1000 });
cancelled('waiting for an answer', $one, sub { calls() >= 1 && $event->('Answer')->() });
prepare();
is($s->value($one), $right{one}, 'cancel: the session works on');

# a place in the quota is not lost with a call that was given up
prepare({ max_concurrency => 8, requests_per_second => $QUOTA }, undef, { stall => 'headers', skip => 1, times => 8 });
cancelled('with places in the quota', $one, sub { $sim->stalled == 8 });
sleep 1.1;
$result = $s->query($one);
is($result->{out}, $right{one}, 'cancel with places in the quota: right rows');
cmp_ok($result->{seconds}, '<', 5, 'cancel with places in the quota: at the usual speed');

{
	my $fresh = BillingTest::Session->new($node, application_name => 'leaks');

	prepare({ max_concurrency => 8 }, undef, { stall => 'headers', skip => 1, where => { Offset => 300 } },
		{ latency_ms => 20 });
	my $run = sub {
		my ($n) = @_;
		my $out = $fresh->query("SET statement_timeout = '120ms';" . join ";\n", ($one) x $n);

		return scalar grep { $_->{sqlstate} eq '57014' } @{ $out->{messages} };
	};
	$run->(10);
	my ($fds, $rss) = (BillingTest::descriptors($fresh->pid), BillingTest::status_of($fresh->pid, 'VmRSS'));
	is($run->(40), 40, '40 cancelled scans: all were cancelled');
	cmp_ok(BillingTest::descriptors($fresh->pid), '<=', $fds + 8, '40 cancelled scans: no file descriptor is lost');
	cmp_ok(BillingTest::status_of($fresh->pid, 'VmRSS') - $rss, '<', 4000, '40 cancelled scans: the process has not grown');
	$fresh->value('SET statement_timeout = 0');
	is($fresh->contexts, '0', '40 cancelled scans: no memory context is left');
	prepare({ max_concurrency => 8 });
	is($fresh->value($one), $right{one}, '40 cancelled scans: the next one is right');
	is($fresh->contexts, '0', 'a scan that ends well: no memory context is left');
	$fresh->quit;
}

# ---- counters of the session

{
	my $fresh = BillingTest::Session->new($node, application_name => 'counters');
	my $stats = sub { return decode_json($fresh->value('SELECT row_to_json(s) FROM billing_fdw_session_stats() s')) };

	prepare({ max_concurrency => 8 }, undef, { latency_ms => 50 });
	is_deeply([ grep { $_ != 0 } values %{ $stats->() } ], [], 'counters: all zero in a new session');
	$fresh->value($one);
	my $now = $stats->();
	is_deeply([ @$now{qw(calls pages rows retries throttle_waits quota_waits ready_waits)} ],
		[ 24, 24, 2300, 0, 0, 0, 0 ], 'counters: calls, pages, rows');
	cmp_ok($now->{bytes}, '>', 10000, 'counters: bytes');
	cmp_ok($now->{call_ms}, '>=', 24 * 50, 'counters: time of the calls, added up');
	cmp_ok($now->{answer_wait_ms}, '>=', 100, 'counters: time in which the query waited');
	cmp_ok($now->{answer_wait_ms}, '<', $now->{call_ms}, 'counters: is less');

	prepare({ max_concurrency => 8, ready_interval => '1s' }, undef,
		{ error => { code => 'InternalError' }, times => 1, skip => 3 },
		{ error => { code => 'RequestLimitExceeded' }, times => 1, skip => 6 });
	$fresh->value($one);
	$sim->config({ faults => [ { not_ready => $TRUE, times => 1 } ] });
	$fresh->value(q{SELECT count(*) FROM main.bill_summary WHERE month = '2023-08' AND group_type = 'region'});
	my $after = $stats->();
	is_deeply([ map { $after->{$_} - $now->{$_} } qw(calls pages retries throttle_waits ready_waits) ],
		[ 28, 25, 1, 1, 1 ], 'counters: retries, throttled calls, waits for a bill');
	cmp_ok($after->{ready_wait_ms}, '>=', 990, 'counters: time waited for a bill');
	is($fresh->value('SET ROLE pg_monitor; SELECT calls FROM billing_fdw_session_stats()'), $after->{calls},
		'counters: anybody may see those of the own session');
	$fresh->quit;
	is($s->value('SELECT calls > 100 FROM billing_fdw_session_stats()'), 't', 'counters: each session has its own');
}

$s->quit;
$control->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

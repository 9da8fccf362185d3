#!/usr/bin/perl
#
# 050_cancel.pl
#	  Every wait can be cancelled at once, and leaves nothing behind.
#
# Each state is waited for by what it leaves to see: the simulator's log, a
# socket in the kernel's table, a file that a look-up writes.  The bound is a
# second, because machines that run tests are slow at times; what was measured
# is printed, and should be below 100 ms.
#
# Alone: it measures how soon a query ends.
#
# IDENTIFICATION
#	  test/t/050_cancel.pl
#
use strict;
use warnings FATAL => 'all';

use Fcntl;
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Socket;
use Test::More;
use Time::HiRes qw(time);

use BillingSim;
use BillingTest;

my $BOUND = 1;
my $TRUE = JSON::PP::true;
my $dir = tempdir(CLEANUP => 1);

# ---- a look-up that takes as long as we want

# getaddrinfo() for names ending in ".slow.test" leaves a file, and returns
# only when another file appears.  Certificate files that are opened are noted.
my $source = <<'END';
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	int			(*real) (const char *, const char *,
						 const struct addrinfo *, struct addrinfo **);
	const char *dir = getenv("SLOW_LOOKUP_DIR");
	size_t		len = node ? strlen(node) : 0;
	char		path[4096];
	FILE	   *file;

	*(void **) &real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (dir == NULL || len < 10 || strcmp(node + len - 10, ".slow.test") != 0)
		return real(node, service, hints, result);

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	file = fopen(path, "w");
	if (file != NULL)
	{
		fputs("waiting\n", file);
		fclose(file);
	}
	snprintf(path, sizeof(path), "%s/%s.go", dir, node);
	for (int i = 0; i < 12000 && access(path, F_OK) != 0; i++)
		usleep(10000);
	return EAI_NONAME;
}

static FILE *
noted(const char *function, const char *path, const char *mode)
{
	FILE	   *(*real) (const char *, const char *);
	const char *dir = getenv("SLOW_LOOKUP_DIR");
	size_t		len = strlen(path);

	*(void **) &real = dlsym(RTLD_NEXT, function);
	if (dir != NULL && len > 4 &&
		(strcmp(path + len - 4, ".crt") == 0 || strcmp(path + len - 4, ".pem") == 0))
	{
		char		name[4096];
		FILE	   *file;

		snprintf(name, sizeof(name), "%s/certificates", dir);
		file = real(name, "a");
		if (file != NULL)
		{
			fprintf(file, "%s\n", path);
			fclose(file);
		}
	}
	return real(path, mode);
}

FILE *
fopen(const char *path, const char *mode)
{
	return noted("fopen", path, mode);
}

FILE *
fopen64(const char *path, const char *mode)
{
	return noted("fopen64", path, mode);
}
END

BillingTest::write_file("$dir/slow.c", $source);
my $preload = '';
foreach my $compiler (qw(cc gcc clang))
{
	next if system("$compiler -shared -fPIC -O1 -o '$dir/slow.so' '$dir/slow.c' -ldl 2>/dev/null");
	$preload = "$dir/slow.so";
	last;
}
ok($preload, 'the slow look-up is compiled');
chmod 0755, $dir;

my $node = BillingTest::new_node('cancel', LD_PRELOAD => $preload, SLOW_LOOKUP_DIR => $dir);
my $control = BillingTest::Session->new($node, application_name => 'control');
my $sim = BillingSim->start;

# ---- states

my $region = q{SELECT count(*) FROM %s.bill_summary
	WHERE month = '2023-04' AND group_type = 'region'};
my $resources = q{SELECT count(*), sum(real_total_cost)
	FROM %s.bill_resource_summary_for_organization WHERE month = '2023-08'};

# a port where a connection is never completed: the queue of the listener is
# full, so the kernel drops what comes
my ($full, @fillers) = full_listener();
# a port where connections are accepted by the kernel, and nobody speaks
my $silent = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 128)
  or die "listen: $!";

my %options = (connect_timeout => '600s', request_timeout => '600s', max_retries => 20,
	throttle_timeout => '3600s', ready_interval => '3600s', ready_timeout => '86400s');

BillingTest::add_server($control, 'main', $sim->url, { %options, page_size => 100 });
BillingTest::add_server($control, 'wide', $sim->url, { %options, page_size => 100, max_concurrency => 8 });
BillingTest::add_server($control, 'rare', $sim->url, { %options, page_size => 100, requests_per_second => 1 });
BillingTest::add_server($control, 'crowded', 'http://127.0.0.1:' . $full->sockport, \%options);
BillingTest::add_server($control, 'silent', 'https://127.0.0.1:' . $silent->sockport, \%options);
BillingTest::add_server($control, 'slow', 'https://billing.slow.test', \%options);

# Sockets of the kernel's table in this state, to this port
sub sockets_to
{
	my ($port, $state) = @_;
	my $remote = sprintf '0100007F:%04X', $port;

	open my $table, '<', '/proc/net/tcp' or return 0;
	return scalar grep { /^\s*\d+: \S+ \Q$remote\E \Q$state\E / } <$table>;
}

# A listener that takes no more connections, and the sockets that fill it.
sub full_listener
{
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
	  or die "listen: $!";
	my $address = pack_sockaddr_in($listener->sockport, INADDR_LOOPBACK);
	my @sockets;

	listen $listener, 0;
	for (1 .. 8)
	{
		socket my $socket, PF_INET, SOCK_STREAM, 0 or die "socket: $!";
		fcntl $socket, F_SETFL, O_NONBLOCK;
		connect $socket, $address;
		push @sockets, $socket;
		# one that does not get through within half a second says it is full
		last unless IO::Select->new($socket)->can_write(0.5);
	}
	return ($listener, @sockets);
}

sub calls { return @{ $sim->log } }

# Calls that are answered, whatever the answer
sub answered { return grep { defined $_->{ended_ms} } calls() }

sub waits
{
	my ($pid) = @_;

	return $control->value(
		"SELECT wait_event_type = 'Extension' FROM pg_stat_activity WHERE pid = $pid") eq 't';
}

# name => [statement, faults, condition that says the state is reached]
my %hangs = (fillers => scalar @fillers);
my @states = (
	[ 'name look-up', sprintf($region, 'slow'), [], sub { -s "$dir/billing.slow.test" } ],
	[ 'connecting', sprintf($region, 'crowded'), [],
		sub { sockets_to($full->sockport, '02') > ($hangs{syn} // 0) } ],
	[ 'TLS handshake', sprintf($region, 'silent'), [], \&hello_is_here ],
	[ 'waiting for the first byte', sprintf($region, 'main'), [ { stall => 'headers' } ],
		sub { calls() == 1 && (calls())[0]{outcome} eq 'stall' } ],
	[ 'waiting for the first byte of a later page', sprintf($resources, 'main'),
		[ { stall => 'headers', where => { Offset => 500 } } ], sub { $sim->stalled } ],
	[ 'in the middle of a body', sprintf($resources, 'main'),
		[ { stall => 'body', where => { Offset => 300 } } ], sub { $sim->stalled } ],
	[ 'a slow body', sprintf($resources, 'main'),
		[ { slow_bytes_ms => 20, where => { Offset => 300 } } ],
		sub { my @calls = calls(); @calls == 4 && defined $calls[3]{outcome} } ],
	# after some failures in a row the pauses become longer
	[ 'pause before a retry', sprintf($resources, 'main'),
		[ { error => { code => 'InternalError' }, where => { Offset => 200 } } ],
		sub { answered() >= 4 } ],
	[ 'pause after a connection failure', sprintf($resources, 'main'),
		[ { reset => $TRUE, where => { Offset => 200 } } ], sub { answered() >= 4 } ],
	[ 'throttled', sprintf($resources, 'main'),
		[ { error => { code => 'RequestLimitExceeded' }, where => { Offset => 200 } } ],
		sub { answered() >= 4 } ],
	[ 'waiting for a bill', sprintf($region, 'main'), [ { not_ready => $TRUE } ],
		sub { answered() == 1 } ],
	[ 'waiting for the quota', sprintf($resources, 'rare'), [], sub { answered() >= 1 } ],
	[ 'eight calls in flight', sprintf($resources, 'wide'), [ { stall => 'headers', skip => 1 } ],
		sub { $sim->stalled == 8 } ],
	[ 'eight bodies half-way', sprintf($resources, 'wide'), [ { stall => 'body', skip => 1 } ],
		sub { $sim->stalled == 8 } ]);

# Takes the connection, so that the next test finds its own, and looks at it.
my $accepted;

sub hello_is_here
{
	$accepted //= IO::Select->new($silent)->can_read(0) && $silent->accept or return 0;
	return 0 unless IO::Select->new($accepted)->can_read(0);
	return sysread $accepted, my $hello, 1;
}

# Brings a new session into the state; returns the session.
sub enter
{
	my ($state, $before) = @_;
	my ($name, $sql, $faults, $reached) = @$state;
	my $s = BillingTest::Session->new($node, application_name => $name);

	$s->value($before) if $before;
	$sim->reset;
	$sim->config({ rows => 1000, faults => $faults });
	unlink "$dir/billing.slow.test", "$dir/billing.slow.test.go";
	undef $accepted;
	$hangs{syn} = sockets_to($full->sockport, '02');
	$s->send($sql);
	BillingTest::wait_until("$name is reached", $reached);
	BillingTest::wait_until("$name waits", sub { waits($s->pid) })
	  unless $before;
	return $s;
}

# the setting takes no other value than 0 where the kernel cannot tell
my $looks = !$control->query(q{SET client_connection_check_interval = '20ms'})->{error};
$control->value('RESET client_connection_check_interval');

my $skipped = @fillers == 8 ? 'the kernel does not keep connections waiting here' : '';

foreach my $state (@states)
{
	my $name = $state->[0];

	SKIP:
	{
		skip $skipped, 18 if $skipped && $name eq 'connecting';

		# pg_cancel_backend
		my $s = enter($state);
		my $before = time();
		$control->value('SELECT pg_cancel_backend(' . $s->pid . ')');
		my $result = $s->receive;
		my $took = $result->{ended} - $before;

		is($result->{error}{sqlstate}, '57014', "$name, cancel: SQLSTATE 57014");
		like($result->{error}{message}, qr/due to user request/, "$name, cancel: message");
		cmp_ok($took, '<', $BOUND, "$name, cancel: within a second");
		diag(sprintf '%s: cancelled after %.0f ms', $name, $took * 1000);
		my $calls = calls();
		is($s->value('SELECT 1'), '1', "$name, cancel: the session lives");
		is(scalar(calls()), $calls, "$name, cancel: nothing is asked for afterwards");
		$sim->reset;
		$sim->config({ rows => 1000 });
		is($s->query(sprintf $resources, 'main')->{out} =~ s/\|.*//r, '1000',
			"$name, cancel: and reads on");
		if ($name eq 'name look-up')
		{
			lookup_thread_tests($s);
		}
		$s->quit;

		# pg_terminate_backend
		$s = enter($state);
		my $pid = $s->pid;
		$before = time();
		$control->value("SELECT pg_terminate_backend($pid)");
		$result = $s->receive;
		$took = $result->{ended} - $before;
		is($result->{error}{sqlstate}, '57P01', "$name, terminate: SQLSTATE 57P01");
		cmp_ok($took, '<', $BOUND, "$name, terminate: within a second");
		BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
		cmp_ok(time() - $before, '<', 2 * $BOUND, "$name, terminate: the process is gone, too");
		$s->quit;

		# statement_timeout: long enough to get there on most machines
		$s = enter($state, "SET statement_timeout = '"
			  . ($name =~ /pause|throttled/ ? '6s' : '1500ms') . "'");
		my $timeout = $name =~ /pause|throttled/ ? 6 : 1.5;
		$result = $s->receive;
		is($result->{error}{sqlstate}, '57014', "$name, statement_timeout: SQLSTATE 57014");
		like($result->{error}{message}, qr/due to statement timeout/,
			"$name, statement_timeout: message");
		cmp_ok($result->{seconds}, '<', $timeout + $BOUND, "$name, statement_timeout: in time");
		cmp_ok($result->{seconds}, '>=', $timeout - 0.05, "$name, statement_timeout: not before");
		$s->quit;

		# a client that is gone, where the server can tell
		skip 'the server does not look for clients that are gone', 2 unless $looks;
		$s = enter($state, q{SET client_connection_check_interval = '20ms'});
		$pid = $s->pid;
		$before = time();
		$s->kill;
		BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
		$took = time() - $before;
		cmp_ok($took, '<', $BOUND, "$name, client gone: the backend ends within a second");
		# but for the one that the log is read by
		BillingTest::wait_until('its connections end', sub { sockets_to($sim->port, '01') <= 1 });
		pass("$name, client gone: so do its connections");
		diag(sprintf '%s: ended %.0f ms after its client', $name, $took * 1000);
	}
}

# The thread of a look-up that was given up ends when the look-up does, and has
# never been able to run a handler of PostgreSQL's signals.
sub threads_of
{
	my ($pid) = @_;
	my @threads = glob "/proc/$pid/task/*";

	return scalar @threads;
}

sub lookup_thread_tests
{
	my ($s) = @_;
	my $pid = $s->pid;
	my @threads = grep { !m{/$pid$} } glob "/proc/$pid/task/*";

	# newer versions of libcurl look up IPv4 and IPv6 addresses separately
	cmp_ok(scalar @threads, '>=', 1, 'name look-up, cancel: it goes on in a thread');
	cmp_ok(scalar @threads, '<=', 2, 'name look-up, cancel: and no more than that is left');
	foreach my $thread (@threads)
	{
		open my $status, '<', "$thread/status" or die "$thread: $!";
		my ($mask) = join('', <$status>) =~ /^SigBlk:\s*[0-9a-f]*([0-9a-f]{8})$/m;
		# what PostgreSQL handles: HUP INT QUIT USR1 USR2 ALRM TERM CHLD
		my @missing = grep { !(hex($mask) >> $_ - 1 & 1) } 1, 2, 3, 10, 12, 14, 15, 17;

		is_deeply(\@missing, [], 'name look-up: a thread of it blocks the signals of PostgreSQL');
	}
	BillingTest::write_file("$dir/billing.slow.test.go", '');
	BillingTest::wait_until('the thread of the look-up has ended', sub { threads_of($pid) == 1 });
	pass('name look-up, cancel: the thread ends with the look-up');
	is($s->query(sprintf $resources, 'main')->{out} =~ s/\|.*//r, '1000',
		'name look-up, cancel: the session reads on after that');
	return;
}

# ---- a session that is ended does not wait for a look-up either

{
	my $s = enter($states[0]);
	$control->value('SELECT pg_cancel_backend(' . $s->pid . ')');
	$s->receive;
	my $pid = $s->pid;
	my $before = time();
	$s->quit;
	BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
	cmp_ok(time() - $before, '<', 2 * $BOUND, 'a session ends while a look-up that was given up goes on');
	BillingTest::write_file("$dir/billing.slow.test.go", '');
}

# ---- the system's certificates are read once, which takes some 40 ms

{
	my $s = BillingTest::Session->new($node, application_name => 'certificates');
	my $reads = sub {
		open my $in, '<', "$dir/certificates" or return 0;
		return scalar(() = <$in>);
	};

	unlink "$dir/certificates";
	for (1 .. 3)
	{
		$s->value(q{SET statement_timeout = '300ms'});
		is($s->query(sprintf $region, 'silent')->{error}{sqlstate}, '57014', 'TLS handshake: cancelled once more');
	}
	SKIP:
	{
		# curl stands for its library here
		my ($major, $minor) = `curl --version` =~ m{libcurl/(\d+)\.(\d+)};

		skip 'the system has no file of certificates', 1 if $reads->() == 0;
		skip 'this libcurl keeps no certificates', 1 if $major * 1000 + $minor >= 8021;
		is($reads->(), 1, 'TLS handshake: three connections have read the certificates once');
	}
	$s->quit;
}

# ---- a thousand cancelled queries leave nothing

# name, how many, milliseconds to the cancel, faults, statements that would
# never end.  Details are logged, because a cancel may be noticed there, too.
my @floods = (
	[ 'first byte', 30, 40, [ { stall => 'headers' } ], sprintf($resources, 'main') ],
	[ 'body', 30, 40, [ { stall => 'body', where => { Offset => 100 } } ], sprintf($resources, 'main') ],
	[ 'backoff', 30, 40, [ { error => { code => 'RequestLimitExceeded' } } ], sprintf($region, 'main') ],
	[ 'TLS', 30, 40, [], sprintf($region, 'silent') ],
	# by chance: planning, connecting, waiting, reading, eight calls in flight
	[ 'at any moment', 1000, 12,
		[ { stall => 'headers', where => { Offset => 300 } }, { stall => 'body', where => { Offset => 600 } },
			{ reset => $TRUE, where => { Offset => 800 } }, { not_ready => $TRUE, where => { GroupType => 'region' } },
			{ latency_ms => 3 } ],
		sprintf($resources, 'wide'), sprintf($resources, 'wide'), sprintf($resources, 'wide'),
		sprintf($region, 'main'), sprintf($region, 'silent'), $skipped ? () : sprintf($region, 'crowded') ]);

srand 7;
foreach my $flood (@floods)
{
	my ($name, $count, $ms, $faults, @statements) = @$flood;
	my $s = BillingTest::Session->new($node, application_name => $name);
	my $pid = $s->pid;
	my $probe = sub {
		$s->value("SET statement_timeout = 0; SET client_min_messages = notice");
		return ($s->value(q{SELECT sum(total_bytes), count(*) FROM pg_backend_memory_contexts}),
			BillingTest::descriptors($pid), BillingTest::status_of($pid, 'VmRSS'));
	};
	my $cancelled = sub {
		my ($n) = @_;
		my @sql = map {
			my $timeout = @statements > 1 ? 2 + int rand 2 * $ms : $ms;
			"SET statement_timeout = '${timeout}ms';\n$statements[$_ % @statements]"
		} 1 .. $n;
		my $result = $s->query(join ";\n", 'SET client_min_messages = warning', 'SET log_min_messages = debug1', @sql);

		is($result->{out}, '', "$n cancelled queries ($name): no result");
		# a SET may take longer than the time that the one before it allows
		return scalar grep { $_->{sqlstate} eq '57014' } @{ $result->{messages} };
	};

	$sim->reset;
	$sim->config({ rows => 1000 });
	my $right = $s->value(sprintf $resources, 'wide');
	$sim->config({ faults => $faults });

	# caches fill in the first ones
	$cancelled->(20);
	$probe->();
	my ($memory, $fds, $rss) = $probe->();
	my $before = time();
	cmp_ok($cancelled->($count), '>=', $count, "$count cancelled queries ($name): all were cancelled");
	diag(sprintf '%d cancelled queries (%s): %.1f s', $count, $name, time() - $before);
	$probe->();
	my ($memory_after, $fds_after, $rss_after) = $probe->();

	# connections that are kept: eight at most
	cmp_ok($fds_after, '<=', $fds + (@statements > 1 ? 8 : 0),
		"$count cancelled queries ($name): no file descriptor more");
	my ($bytes, $contexts) = split /\|/, $memory;
	my ($bytes_after, $contexts_after) = split /\|/, $memory_after;
	cmp_ok($bytes_after, '<=', $bytes, "$count cancelled queries ($name): no byte more");
	cmp_ok($contexts_after, '<=', $contexts, "$count cancelled queries ($name): no memory context more");
	cmp_ok($rss_after - $rss, '<', 3000, "$count cancelled queries ($name): the process has not grown");

	is($s->contexts,
		'0', "$count cancelled queries ($name): none of our memory contexts is left");
	is(threads_of($pid), 1, "$count cancelled queries ($name): no thread more");

	$sim->reset;
	$sim->config({ rows => 1000 });
	is($s->value(sprintf $resources, 'wide'), $right,
		"$count cancelled queries ($name): the next one is right");
	$s->quit;
}

# ---- the end of the server

foreach my $state (@states[ 3, 5, 8, 10 ])
{
	my $name = $state->[0];
	my $s = enter($state);
	my $pid = $s->pid;
	my $before = time();

	$node->stop('immediate');
	BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
	cmp_ok(time() - $before, '<', 10, "$name, immediate shutdown: the backend ends");
	$s->receive;
	$s->quit;
	$control->quit;
	restart();
}

foreach my $state (@states[ 3, 5, 8, 10 ])
{
	my $name = $state->[0];
	my $s = enter($state);
	my $pid = $s->pid;
	my $before = time();

	# nobody tells the backend this time
	my $postmaster = $control->value(
		'SELECT pg_read_file(\'postmaster.pid\')') =~ s/\n.*//sr;
	$node->kill9;
	BillingTest::wait_until("backend $pid is gone", sub { !BillingTest::alive($pid) });
	my $took = time() - $before;
	cmp_ok($took, '<', 2 * $BOUND, "$name, postmaster killed: the backend ends");
	diag(sprintf '%s: ended %.0f ms after the postmaster', $name, $took * 1000);
	$s->receive;
	$s->quit;
	$control->quit;
	# Its other children notice as well, and the next start needs that.  The
	# files would keep it from starting while nobody has collected the dead
	# postmaster.
	BillingTest::wait_until('the last process of the server is gone',
		sub { !BillingTest::alive($postmaster) && !server_processes() });
	unlink $node->data_dir . '/postmaster.pid', glob $node->host . '/.s.PGSQL.*';
	restart();
}

sub server_processes
{
	my $data = $node->data_dir;

	return grep { (readlink($_) // '') eq $data } glob '/proc/[0-9]*/cwd';
}

sub restart
{
	local $ENV{LD_PRELOAD} = $preload;
	local $ENV{SLOW_LOOKUP_DIR} = $dir;
	$node->start;
	$control = BillingTest::Session->new($node, application_name => 'control');
	return;
}

$control->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

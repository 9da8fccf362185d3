#!/usr/bin/perl
#
# 160_campaign.pl
#	  Random scans under random faults, one after the other and at once: each
#	  gives exactly the right rows in the right order, or an error that names
#	  the table.
#
# What is right is what the same query gives without faults, one call after
# the other; the number and sum of its rows are checked against the simulator.
# Several workers, each with a backend and a simulator of its own, because
# most of the time is spent in waiting before something is tried again.
#
# CAMPAIGN_SECONDS=600	how long; the default is 25
# CAMPAIGN_SEED=7		other scans; the default is 1
#
# Left out is what nobody can see, because every answer is consistent: rows
# that move between pages while their number stays, and pages of fewer than 20
# rows that repeat.  130_differential has the queries, this has the faults.
#
# IDENTIFICATION
#	  test/t/160_campaign.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use JSON::PP;
use List::Util qw(min);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

use BillingSim;
use BillingTest;

use constant WORKERS => 5;
use constant MAX_FAILURES => 10;

my $seconds = $ENV{CAMPAIGN_SECONDS} // 25;
my $seed = $ENV{CAMPAIGN_SEED} // 1;
my $TRUE = JSON::PP::true;
my $json = JSON::PP->new->canonical;
my $ROWS = 130;

sub chance { return rand() < $_[0] }
sub upto { return int rand($_[0]) }
sub one { return $_[ int rand @_ ] }

# ---- queries

# Columns that the switches below do not change.
my $RESOURCE = 'month, resource_id, business_code, pay_mode, pay_time, total_cost, real_total_cost, order_id';
my $R = 'bill_resource_summary_for_organization';

# Rows in the order of arrival, and sorted where the plan decides about it.
my %QUERIES = (
	months => "SELECT $RESOURCE FROM $R WHERE month BETWEEN '2023-02' AND '2023-04'",
	month => "SELECT $RESOURCE FROM $R WHERE month = '2023-03'",
	codes => "SELECT $RESOURCE FROM $R WHERE month IN ('2023-03', '2023-04') AND business_code IN ('p_cvm', 'p_cdb', 'p_cbs')",
	mode => "SELECT $RESOURCE FROM $R WHERE month = '2023-03' AND pay_mode = 'prePay'",
	tag => "SELECT $RESOURCE, tag_key, tag_value FROM $R WHERE month = '2023-03' AND tag_key = 'env' AND tag_value IN ('prod', 'test')",
	empty_tag => "SELECT $RESOURCE, tag_value FROM $R WHERE month = '2023-03' AND tag_key IN ('env', 'team') AND tag_value = ''",
	member => "SELECT $RESOURCE FROM $R WHERE month IN ('2023-03', '2023-04') AND tags ->> 'env' = 'prod'",
	limited => "SELECT $RESOURCE FROM $R WHERE month IN ('2023-03', '2023-04') LIMIT 140",
	few => "SELECT $RESOURCE FROM $R WHERE month BETWEEN '2023-01' AND '2023-04' LIMIT 10",
	regions => q{SELECT month, group_key, real_total_cost FROM bill_summary WHERE month >= '2023-01' AND month < '2023-07' AND group_type = 'region'},
	modes => q{SELECT month, pay_mode, action_type, real_total_cost FROM bill_summary_by_pay_mode_detail WHERE month LIKE '2022-%'},
	joined => "SELECT m, resource_id, real_total_cost FROM (VALUES ('2023-01'), ('2023-03'), ('2023-01'), ('x')) v(m) JOIN $R ON month = m ORDER BY 1, 2, 3",
	again => "SELECT m, (SELECT sum(real_total_cost) FROM $R WHERE month = m) FROM (VALUES ('2023-01'), ('2023-01'), ('2023-04')) v(m)",
	counted => "SELECT month, count(*) FROM counted WHERE month BETWEEN '2023-01' AND '2023-03' GROUP BY 1 ORDER BY 1",
	# pages with numbers, with a cursor, with tokens, and of periods
	vouchers => 'SELECT voucher_id, create_time, nominal_value, balance FROM voucher_info',
	lines => q{SELECT month, id, resource_id, order_id, bill_id, pay_time FROM bill_detail WHERE month IN ('2023-04', '2023-05')},
	renewals => 'SELECT instance_id, expire_time, renew_period FROM renew_instances',
	orders => q{SELECT order_id, create_time, real_total_cost FROM deals_by_cond WHERE create_time >= '2023-01-01' AND create_time < '2024-01-01'});

# What the faults need to know of the answers of those.
my %SHAPES = (
	vouchers => { rows => 'VoucherInfos', total => 'TotalCount', amount => 'NominalValue', first => { Offset => 1 } },
	lines => { rows => 'DetailSet', total => 'Total', amount => 'ProjectId', first => { Offset => 0 } },
	renewals => { rows => 'InstanceList', amount => 'RenewPeriod' },
	orders => { rows => 'Deals', total => 'TotalCount', amount => 'RealTotalCost', first => { Offset => 0 } });
my %USUAL = (rows => 'ResourceSummarySet', total => 'Total', amount => 'RealTotalCost', first => { Offset => 0 });

sub hashed { return "SELECT count(*), md5(string_agg(x::text, E'\\n')) FROM ($_[0] OFFSET 0) x" }

# ---- faults

# of the scan's query
my ($shape, $rows_of, $total_of);

sub take_shape
{
	my ($query) = @_;

	$shape = $SHAPES{$query} // \%USUAL;
	$rows_of = "/Response/$shape->{rows}";
	$total_of = '/Response/' . ($shape->{total} // 'RequestId');
	return;
}

sub first_page { return { patch => \@_, where => $shape->{first} // {} } }

# Each a function of the page size, because its numbers are random.
my %FAULTS = (
	latency => sub { { latency_ms => 1 + upto(60) } },
	internal => sub { { error => { code => 'InternalError', message => 'A "mistake".' } } },
	throttled => sub { { error => { code => 'RequestLimitExceeded' } } },
	refused => sub { { error => { code => one('InvalidParameter', 'AuthFailure.SignatureExpire', 'UnauthorizedOperation.CamNoAuth', 'FailedOperation') } } },
	unknown => sub { { error => { code => 'NobodyKnows.This' } } },
	not_ready => sub { { error => { code => 'FailedOperation.SummaryDataNotReady' } } },
	ready_0 => sub { { not_ready => $TRUE } },
	status => sub { { http_status => one(500, 502, 503, 404, 429) } },
	gateway => sub { { http => { status => one(502, 504), body => '<html>502 Bad Gateway</html>', type => 'text/html' } } },
	redirect => sub { { http => { status => 302, location => 'http://127.0.0.1:9/' } } },
	reset => sub { { reset => $TRUE } },
	stall => sub { { stall => one('headers', 'body') } },
	truncate => sub { { truncate => upto(4000) } },
	close => sub { { close => $TRUE } },
	slow => sub { { slow_bytes_ms => 1, truncate => 300 } },
	garbage => sub { { raw => one('', '{}', 'null', '[]', '{"Response":', '{"Response":{}}', '{"Response":{"RequestId":7}}', "\x{fffd}") } },
	bad_bytes => sub { { replace => { find => '"RequestId"', with_hex => one('ff', '00', 'c0af', '22526571') } } },
	no_rows => sub { { patch => [ { op => 'remove', path => $rows_of } ] } },
	null_rows => sub { { patch => [ { op => 'replace', path => $rows_of, value => undef } ] } },
	other_rows => sub { { patch => [ { op => 'replace', path => $rows_of, value => one(7, 'x', {}, [7]) } ] } },
	bad_amount => sub { { patch => [ { op => 'replace', path => "$rows_of/0/$shape->{amount}", value => one('NaN', '1e5', '1,000', {}, 'infinity', '0x10') } ] } },
	no_total => sub { { patch => [ { op => 'remove', path => $total_of } ] } },
	null_total => sub { { patch => [ { op => 'replace', path => $total_of, value => undef } ] } },
	text_total => sub { { patch => [ { op => 'replace', path => $total_of, value => 'many' } ] } },
	drift => sub { { total_drift => one(-3, -1, 1, 5) } },
	# the last row: it is the first one of the page that has to come then
	short_page => sub { first_page({ op => 'remove', path => "$rows_of/" . (min($_[0], $ROWS) - 1) }) },
	one_more => sub { first_page({ op => 'copy', from => "$rows_of/0", path => "$rows_of/-" }) },
	repeated => sub { { repeat_page => $TRUE } },
	bomb => sub { { gzip_bomb => 3000000 } },
	padded => sub { { pad => one(100, 100000, 3000000) } });

# Which requests it takes: some, from some moment on.
sub fault
{
	my ($name, $page) = @_;
	my $fault = $FAULTS{$name}->($page);

	$fault->{skip} = upto(8) if chance(0.7);
	$fault->{times} = 1 + upto(3) if chance(0.75);
	if (chance(0.25))
	{
		$fault->{probability} = one(0.1, 0.3, 0.6);
		$fault->{seed} = upto(1000);
	}
	$fault->{latency_ms} //= upto(40) if chance(0.3);
	return $fault;
}

my %SWITCHES = (
	total => [qw(null zero stale absent large)],
	limit_cap => [ 20, 33, 100 ],
	ready => ['absent'],
	error_status => [ 400, 429, 500 ],
	empty_array => [qw([] null missing)],
	tag_value_empty => ['ignored'],
	tag_key_alone => ['tagged'],
	ignore_filters => [ ['BusinessCode'], ['PayMode'], ['TagValue'], [ 'TagKey', 'TagValue' ] ],
	gzip => [JSON::PP::false],
	quota_per_second => [ 5, 15 ],
	clock_offset => [ 100000, -3 ]);

# What nobody can see.  A row too many in a page that is not full looks like a
# Total that is too low; a server that caps its pages, or has just sent a short
# one, repeats another one than the last; a page of fewer than 20 rows may be
# equal by chance; the total that is counted by is wrong by itself; rows without
# a list of tags have no value of a tag.
sub unseen
{
	my ($scan) = @_;
	my ($query, $switches) = @$scan{qw(query switches)};
	my %faults = map { $_ => 1 } @{ $scan->{faults} };

	# without a total, and without a size of pages that one can rely on
	return 1 if $query eq 'renewals' && ($faults{no_rows} || $faults{null_rows} || $faults{one_more} || $faults{short_page} || $faults{repeated} || $faults{text_total});
	# periods split the rows into pages that are not full
	return 1 if $query eq 'orders' && ($faults{one_more} || $faults{repeated});
	return 1 if $faults{one_more} && ($scan->{options}{page_size} >= $ROWS || $query =~ /codes|mode$|tag|member/);
	return 1 if $faults{repeated} && $faults{short_page};

	# Without a total, an answer without a list is the end; so is, where pages
	# have numbers, one that lacks a row.
	my $uncounted = ($switches->{total} // '') =~ /null|zero|absent|stale/ || $faults{no_total} || $faults{null_total};
	return 1 if $uncounted && ($faults{no_rows} || $faults{null_rows});
	return 1 if $uncounted && $faults{short_page} && $query =~ /vouchers|orders/;
	return 1 if $switches->{limit_cap} && ($faults{repeated} || $faults{one_more} || $faults{short_page});
	return 1 if $query eq 'counted' && ($switches->{total} // '') =~ /stale|large/;
	return $query eq 'empty_tag' && $switches->{empty_array};
}

my %ERRORS = map { $_ => 1 } qw(HV00N HV00M HV000 53400 55000 22023 28000 42501);

# ---- workers

my $node = BillingTest::new_node('campaign');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $ca = BillingSim::make_ca($dir);
my (@workers, %right);

# The second one speaks TLS.
sub start_simulator
{
	my ($worker) = @_;
	my %o = $worker->{tls} ? (tls => 1, cert => $ca->{cert}, key => $ca->{key}) : ();

	return BillingSim->start(%o, $worker->{sim} ? (port => $worker->{sim}->port) : ());
}

foreach my $number (0 .. WORKERS - 1)
{
	my $worker = { name => "w$number", tls => $number == 1 };
	my $s = $worker->{session} = BillingTest::Session->new($node);

	$worker->{sim} = start_simulator($worker);
	BillingTest::add_server($s, $worker->{name}, $worker->{sim}->url,
		$worker->{tls} ? { ca_file => $ca->{ca} } : {});
	$s->value(<<END);
SET search_path = $worker->{name};
SET statement_timeout = '60s';
CREATE FOREIGN TABLE counted (month text) SERVER $worker->{name}
	OPTIONS (table_name '$R', count_from_total 'on');
END
	$worker->{sim}->config({ rows => $ROWS });
	push @workers, $worker;
}

sub server_options
{
	my ($worker, %o) = @_;

	$o{ca_file} = $ca->{ca} if $worker->{tls};
	return BillingTest::set_options($worker->{session}, $worker->{name}, \%o);
}

# What is right, and that it is: the simulator's own idea of the rows.
{
	my $w = $workers[0];

	server_options($w, max_concurrency => 1);
	$right{$_} = $w->{session}->value(hashed($QUERIES{$_})) foreach sort keys %QUERIES;
	my $text = $json->encode([ map { { id => $_->{ResourceId}, cost => $_->{RealTotalCost} } }
		  map { @{ $w->{sim}->dump('DescribeBillResourceSummaryForOrganization', { Month => $_ }) } } '2023-04', '2023-03', '2023-02' ]);
	is($w->{session}->value("SELECT string_agg(resource_id || ' ' || real_total_cost, ',') FROM ($QUERIES{months} OFFSET 0) x"),
		$w->{session}->value("SELECT string_agg(x ->> 'id' || ' ' || (x ->> 'cost')::numeric, ',') FROM jsonb_array_elements(\$json\$$text\$json\$) x"),
		'without faults: the rows of the simulator, in their order');
}

# ---- scans

my ($number, $failures) = (0, 0);
my (%seen, %codes);

sub start_scan
{
	my ($worker) = @_;

	srand($seed * 1_000_003 + ++$number);
	my @names = sort keys %FAULTS;
	my $page = one(20, 25, 40, 130, 1000);
	my @faults = map { one(@names) } 1 .. 1 + upto(2);
	my %switches;

	if (chance(0.4))
	{
		my $name = one(sort keys %SWITCHES);
		$switches{$name} = one(@{ $SWITCHES{$name} });
	}
	my %options = (
		page_size => $page,
		max_concurrency => one(1, 1, 2, 8, 8),
		max_retries => upto(3),
		throttle_timeout => one('1s', '3s'),
		ready_interval => '1s',
		ready_timeout => one('0s', '1s', '3s'),
		request_timeout => '1s',
		connect_timeout => '2s',
		max_response_size => '1MB',
		requests_per_second => one(10, 50, 1000));

	my $query = one(sort keys %QUERIES);
	my $scan = { number => $number, query => $query,
		faults => \@faults, switches => \%switches, options => \%options };
	return start_scan($worker) if unseen($scan);
	take_shape($query);
	$worker->{scan} = $scan;
	$worker->{scan}{config} = { rows => $ROWS, %switches,
		faults => [ map { fault($_, $page) } @faults ] };
	server_options($worker, %options);
	$worker->{sim}->reset;
	$worker->{sim}->config($worker->{scan}{config});
	# it dies, and comes back, while it is asked
	$worker->{scan}{kill} = chance(0.04) ? 1 + upto(4) : 0;
	$worker->{session}->send(hashed($QUERIES{ $worker->{scan}{query} }));
	return;
}

sub kill_simulator
{
	my ($worker) = @_;

	return unless @{ $worker->{sim}->log } >= $worker->{scan}{kill};
	kill 'KILL', $worker->{sim}->pid;
	$worker->{sim}->stop;
	$worker->{sim} = start_simulator($worker);
	$worker->{sim}->config({ rows => $ROWS });
	$worker->{scan}{kill} = 0;
	push @{ $worker->{scan}{faults} }, 'killed';
	return;
}

# What is wrong with the outcome; nothing when all is well.
sub problem
{
	my ($scan, $result) = @_;
	my $right = $right{ $scan->{query} };
	my $error = $result->{error};

	return 'the session ended' if !defined $error && $result->{out} eq '' ;
	if (!defined $error)
	{
		$seen{$_}{right}++ foreach @{ $scan->{faults} };
		return $result->{out} eq $right ? '' : "$result->{out} instead of $right";
	}
	$seen{$_}{error}++ foreach @{ $scan->{faults} };
	$codes{ $error->{sqlstate} }++;
	return "$error->{sqlstate}: $error->{message}"
	  unless $ERRORS{ $error->{sqlstate} } && $error->{message} =~ /foreign table "\w+"/;
	return '';
}

sub end_scan
{
	my ($worker, $result) = @_;
	my $scan = $worker->{scan};
	my $problem = problem($scan, $result);

	return if $problem eq '';
	$failures++;
	diag(join "\n  ", "scan $scan->{number} of seed $seed: $problem", $QUERIES{ $scan->{query} },
		$json->encode($scan->{options}), $json->encode($scan->{config}));
	return;
}

my $end = time() + $seconds;
my $running = 0;

while (($running > 0 || time() < $end) && $failures < MAX_FAILURES)
{
	my $idle = 1;

	foreach my $worker (@workers)
	{
		if (!$worker->{scan})
		{
			next if time() >= $end;
			start_scan($worker);
			$running++;
		}
		elsif ($worker->{session}->ended)
		{
			end_scan($worker, $worker->{session}->receive);
			$worker->{scan} = undef;
			$running--;
		}
		else
		{
			kill_simulator($worker) if $worker->{scan}{kill};
			next;
		}
		$idle = 0;
	}
	sleep 0.002 if $idle;
}

is($failures, 0, "$number scans of seed $seed: the right rows or an error that names the table");
foreach my $fault (sort keys %seen)
{
	note("$fault: ", join ', ', map { "$seen{$fault}{$_} $_" } sort keys %{ $seen{$fault} });
}
note('errors: ', join ', ', map { "$_ $codes{$_}" } sort keys %codes);

# Both happened often, or the faults were none.
my ($rights, $errors) = (0, 0);
$rights += $seen{$_}{right} // 0 foreach keys %seen;
$errors += $seen{$_}{error} // 0 foreach keys %seen;
cmp_ok($rights, '>', $number / 5, 'many scans were right');
cmp_ok($errors, '>', $number / 5, 'many scans were errors');

# Afterwards each backend answers rightly and holds no more than before.
foreach my $worker (@workers)
{
	my $s = $worker->{session};

	$worker->{sim}->reset;
	$worker->{sim}->config({ rows => $ROWS });
	server_options($worker);
	is($s->value(hashed($QUERIES{months})), $right{months}, "$worker->{name}: right in the end");
	cmp_ok(BillingTest::descriptors($s->pid), '<', 100, "$worker->{name}: no more connections than are kept");
	$s->quit;
	$worker->{sim}->stop;
}
$node->stop;
done_testing();

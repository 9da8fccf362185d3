#!/usr/bin/perl
#
# 019_simulator_control.pl
#	  The simulator as a program: its log, control requests, simctl, TLS and
#	  IPv6, how it ends.
#
# IDENTIFICATION
#	  test/t/019_simulator_control.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(encode);
use File::Basename qw(basename);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $TOKEN = 'EXAMPLETOKENabc123==';

my $sim = BillingSim->start(secret => [ "$ID:$KEY", "$ID:$KEY:$TOKEN" ]);
my $client = BillingSim::Client->new($sim);

# ---- the log

subtest 'log' => sub {
	my $body = encode('UTF-8',
		'{"Month": "2023-04", "GroupType": "tag", "TagKey": ["部门分类"]}');
	my %keep = (connection => 'keep-alive', socket => $client->connection);

	$client->call($SUMMARY, $body, %keep);
	$client->call($SUMMARY, '{}', %keep, token => $TOKEN);
	$client->call($SUMMARY, "\xff");
	my $log = $sim->log;
	is(scalar @$log, 3, 'entries');
	is($log->[0]{connection}, $log->[1]{connection}, 'one connection');
	isnt($log->[0]{connection}, $log->[2]{connection}, 'another one');
	is_deeply([ map { $_->{n} } @$log ], [ 1, 2, 3 ], 'numbers');
	is_deeply([ map { $_->{outcome} } @$log ],
		[ 'ok', 'MissingParameter', 'InvalidParameter' ], 'outcomes');
	is_deeply([ map { $_->{in_flight} } @$log ], [ 1, 1, 1 ], 'one at a time');
	is($log->[0]{action}, $SUMMARY, 'action');
	is($log->[0]{status}, 200, 'status');
	is(encode('UTF-8', $log->[0]{raw}), $body, 'raw body');
	is_deeply($log->[0]{body}, decode_json($body), 'body');
	is($log->[2]{body}, undef, 'no body when it cannot be read');
	is_deeply([ map { $_->{secret} } @$log ], [ 1, 2, 1 ], 'which secrets signed');
	cmp_ok($log->[0]{ended_ms}, '>=', $log->[0]{started_ms}, 'times');
	is($log->[0]{headers}{'content-length'}, length $body, 'headers');
	all_are { !exists $_->{headers}{authorization} } $log, 'but not all';
	is( ($sim->bodies)[0],
		"$SUMMARY {\"Month\":\"2023-04\",\"GroupType\":\"tag\","
		  . '"TagKey":["部门分类"]}',
		'bodies, compact, in the order sent');
	is(scalar(my @lines = $sim->bodies), 3, 'one line per request');
	my $shown = join ' ',
	  map { $sim->control('GET', $_) } '/sim/log', '/sim/bodies', '/sim/config';
	unlike($shown, qr/\Q$_\E/, 'no key material')
	  foreach $KEY, $TOKEN, 'TC3-HMAC', 'Signature=';

	$sim->reset;
	is_deeply($sim->log, [], 'reset empties the log');
	$client->call($SUMMARY, \%of_summary, secret_key => 'none');
	is($sim->log->[0]{secret}, undef, 'no secret where the signature is wrong');
	$client->call($SUMMARY, encode_json(\%of_summary) . ' ' x 70_000);
	is_deeply([ $sim->log->[1]{outcome}, length $sim->log->[1]{raw} ],
		[ 'ok', 65536 ], 'the start of a long body');
	$sim->reset;
};

subtest 'two requests in flight' => sub {
	$sim->config({ faults => [ { stall => 'headers' } ] });
	my @open = map { $client->send($SUMMARY, \%of_summary) } 1, 2;
	my $log = log_until($sim, sub { @{ $_[0] } == 2 });
	is_deeply([ map { $_->{in_flight} } @$log ], [ 1, 2 ], 'both are seen');
	close $_ foreach @open;
	ok(log_until($sim, sub { !grep { !defined $_->{ended_ms} } @{ $_[0] } }),
		'both end');
	$sim->reset;
};

# ---- control requests

subtest 'refused by control' => sub {
	my $default = $sim->config;

	# what a message has to name, and what is wrong
	foreach my $case (
		[ nothing => { nothing => 1 } ],
		[ data => { data => 'x' } ],
		[ rows => { rows => -1 } ],
		[ rows => { rows => '5' } ],
		[ gzip => { gzip => 1 } ],
		[ faults => { faults => {} } ],
		[ nothing => { faults => [ { nothing => 1 } ] } ],
		[ latency_ms => { faults => [ { latency_ms => 'x' } ] } ],
		[ error => { faults => [ { error => {} } ] } ],
		[ http => { faults => [ { http => { body => 'x' } } ] } ],
		[ http_status => { faults => [ { http_status => 199 } ] } ],
		[ probability => { faults => [ { probability => -0.5 } ] } ],
		[ replace => { faults => [ { replace => { find => 'x' } } ] } ],
		[ raw_hex => { faults => [ { raw_hex => 'abc' } ] } ],
		[ stall => { faults => [ { stall => 'x' } ] } ],
		[ ignore_filters => { ignore_filters => 'PayMode' } ],
		[ data => { rows => 5, data => 'x' } ])
	{
		my ($name, $wrong) = @$case;

		like(refusal($sim, $wrong), qr/"$name"/, 'refused: ' . canonical($wrong));
	}
	is(canonical($sim->config), canonical($default),
		'what is refused changes nothing');
	is(refusal($sim, [1]), 'a JSON object is expected', 'config is an object');
	ok(!eval { $sim->control('GET', '/sim/nothing'); 1 }, 'no such path');
	like($@, qr/ 404 /, 'not found');
	ok(!eval { $sim->control('POST', '/sim/log'); 1 }, 'no such method');
	like($@, qr/ 405 /, 'not allowed');
	ok(!eval { $sim->dump($SUMMARY, { Month => '2023-04' }); 1 },
		'a dump obeys the rules');
	is_deeply($sim->log, [], 'control is not logged');
};

subtest 'simctl' => sub {
	local $ENV{BILLING_SIM_URL} = $sim->url;
	my $ctl = sub {
		my (@arguments) = @_;

		open my $pipe, '-|', "$sim_dir/simctl", @arguments or die "$!";
		my $text = do { local $/; <$pipe> };
		close $pipe;
		return $text // '';
	};

	is($ctl->('reset'), '', 'reset is silent');
	is($ctl->('config', '{"rows":3}'), '', 'config is silent');
	like($ctl->('config'), qr/"rows":3/, 'config shows');
	$client->call($SUMMARY, '{"Month":"2023-04","GroupType":"region"}');
	is($ctl->('bodies'),
		"$SUMMARY {\"Month\":\"2023-04\",\"GroupType\":\"region\"}\n",
		'bodies');
	is(decode_json($ctl->('log'))->[0]{n}, 1, 'log');
	is( scalar @{ decode_json($ctl->('dump', "action=$RESOURCE&Month=2023-04"))
			  ->{rows} }, 3, 'dump');
	$sim->reset;
};

# ---- README.md

subtest 'README.md has all there is' => sub {
	my ($log) = map { $_->[1] } grep { $_->[0] =~ m{/sim/log} } readme_table('Control');
	my @files = map { $_->[1] =~ /`(\w+\.c)`/g } readme_table('Files');

	$client->call($SUMMARY, \%of_summary);
	is(join(' ', sort $log =~ /`(\w+)`/g),
		join(' ', sort keys %{ $sim->log->[0] }), 'members of the log');
	is(join(' ', sort @files),
		join(' ', sort map { basename($_) } glob "'$sim_dir'/*.c"), 'files, each once');
	foreach my $request (map { $_->[0] =~ /`(\w+ [^?`]+)/ } readme_table('Control'))
	{
		my ($method, $path) = split ' ', $request;

		eval { $sim->control($method, $path, '{}') };
		unlike($@, qr/: 40[45] /, "$request: there is that");
	}
	$sim->reset;
};

# ---- the program

subtest 'TLS' => sub {
	my $files = BillingSim::make_ca(tempdir(CLEANUP => 1));
	my $tls =
	  BillingSim->start(tls => 1, cert => $files->{cert}, key => $files->{key});
	my $curl = sub {
		my ($ca) = @_;

		return `curl -s --noproxy '*' --cacert '$ca' -o /dev/null -w '%{http_code}' @{[ $tls->url ]}/sim/log`;
	};

	like($tls->url, qr{^https://127\.0\.0\.1:\d+$}, 'https');
	is($curl->($files->{ca}), '200', 'verified by its authority');
	is($curl->($files->{wrong_ca}), '000', 'not by another');
	$tls->config({ rows => 4 });
	is($tls->config->{rows}, 4, 'control over TLS');
	is_deeply($tls->log, [], 'log over TLS');
	is($tls->stop, 0, 'clean end');
};

# It says why on standard error, and never listens.
subtest 'files that cannot be used' => sub {
	my $dir = tempdir(CLEANUP => 1);
	my $ended = "the simulator ended before it listened\n";
	my $why_not = sub { return eval { BillingSim->start(@_)->stop; 1 } ? '' : $@ };

	is($why_not->(data => $dir), $ended, 'no models');
	is($why_not->(examples => $dir), '', 'no examples are none');
	open my $example, '>', "$dir/DescribeTagList.seed.1.json" or die "$dir: $!";
	print $example '{"action": "DescribeTagList", "request": {}}';
	close $example;
	is($why_not->(examples => $dir), $ended, 'an example without an answer');
};

subtest 'IPv6, the default secret, a site' => sub {
	my $v6 = eval { BillingSim->start(ipv6 => 1, site => 'intl') }
	  or plan skip_all => 'no IPv6 here';
	my $intl = BillingSim::Client->new($v6);

	like($v6->url, qr{^http://\[::1\]:\d+$}, 'IPv6');
	is($intl->call($SUMMARY, \%of_summary)->{code}, undef, 'the default secret');
	is($intl->call($RESOURCE,
			{ %of_resource, ActionType => 'Daily pay-as-you-go' })->{code},
		undef, 'list of the site');
	code_is(
		$intl->call($RESOURCE, { %of_resource, ActionType => '按量计费日结' }),
		'InvalidParameterValue', 'not that of the other site');
	kill 'TERM', $v6->pid;
	is($v6->stop, 0, 'SIGTERM ends it cleanly');
};

# A stalled request does not keep it from ending.
$sim->config({ faults => [ { stall => 'headers' } ] });
my $socket = $client->send($SUMMARY, \%of_summary);
log_until($sim, sub { ($_[0][0]{outcome} // '') eq 'stall' });
is($sim->stop, 0, 'the end of its input ends it, cleanly');

done_testing();

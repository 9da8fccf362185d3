#!/usr/bin/perl
#
# 017_simulator_faults.pl
#	  The simulator misbehaves as it is told: faults of its content, of paging,
#	  of delivery.
#
# IDENTIFICATION
#	  test/t/017_simulator_faults.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use IO::Select;
use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim = BillingSim->start;
my $client = BillingSim::Client->new($sim);

# The answer to a call that a fault acts on: of action and params, with
# config, sent with changes.
sub with_fault
{
	my ($fault, %of) = @_;

	$sim->reset;
	$sim->config({ %{ $of{config} // {} }, faults => [$fault] });
	return $client->call($of{action} // $SUMMARY,
		$of{params} // \%of_summary, %{ $of{changes} // {} });
}

subtest 'which requests' => sub {
	my $error = { error => { code => 'InternalError', message => '出错' } };
	my $codes = sub {
		return join ' ', map { defined $client->call(@$_)->{code} ? 1 : 0 } @_;
	};
	my $s = [ $SUMMARY, \%of_summary ];
	my $p = [ $PAYMODE, \%of_paymode ];

	$sim->config({ faults => [ { %$error, action => $PAYMODE } ] });
	is($codes->($s, $p, $s), '0 1 0', 'by action');
	$sim->config({ faults => [
		{ %$error, where => { GroupType => 'project' } } ] });
	is( $codes->($s, [ $SUMMARY, { %of_summary, GroupType => 'project' } ]),
		'0 1', 'by parameter');
	$sim->config({ faults => [ { %$error, skip => 1, times => 2 } ] });
	is($codes->(($s) x 5), '0 1 1 0 0', 'skip and times');
	$sim->config({ faults => [ { %$error, times => 1 } ] });
	$client->call($SUMMARY, {});
	is($codes->($s, $s), '1 0', 'an invalid request uses up no fault');
	$sim->config({ faults => [ { %$error, probability => 0.5, seed => 3 } ] });
	my $first = $codes->(($s) x 40);
	like($first, qr/0.*1.*0/, 'probability');
	$sim->config({ faults => [ { %$error, probability => 0.5, seed => 3 } ] });
	is($codes->(($s) x 40), $first, 'which is deterministic');
	$sim->config({ faults => [ { %$error, times => 1 },
		{ error => { code => 'Second' } } ] });
	is($client->call(@$s)->{response}{Error}{Message}, '出错', 'first rule');
	is($client->call(@$s)->{code}, 'Second', 'then the second');
	$sim->config({ faults => [] });
	is($client->call(@$s)->{code}, undef, 'no rules, no faults');
	$sim->reset;
};

# No member takes null, and its refusal says what it takes.
subtest 'README.md has every member of a rule, and its value' => sub {
	my $refusal = sub { return refusal($sim, { faults => [ { $_[0] => undef } ] }) };
	my @rows = map { [ map { tr/`//dr } @$_ ] } readme_table('Faults');

	is($refusal->('nothing'),
		'a fault has no member "nothing", only ' . join(' ', map { $_->[0] } @rows),
		'members');
	is($refusal->($_->[0]), "\"$_->[0]\" of a fault is $_->[1]", $_->[0])
	  foreach @rows;
};

# ---- content

subtest 'answers that are others' => sub {
	my $a = with_fault({ error => { code => 'X.Y' }, http_status => 503 });
	is_deeply([ @$a{qw(code status)} ], [ 'X.Y', 503 ],
		'error with a status');
	is($sim->log->[0]{outcome}, 'X.Y', 'in the log');
	$a = with_fault({ http => { status => 502, body => '<h1>bad</h1>' } });
	is_deeply([ @$a{qw(status body)} ], [ 502, '<h1>bad</h1>' ], 'page');
	is($a->{headers}{'content-type'}, 'text/html', 'its type');
	is($sim->log->[0]{outcome}, 'http', 'in the log');
	$a = with_fault({ http => { status => 302, type => 'text/plain',
		location => 'http://127.0.0.1:1/' } });
	is($a->{headers}{location}, 'http://127.0.0.1:1/', 'redirect');
	is(with_fault({ raw => '{"Response":' })->{body}, '{"Response":',
		'raw text');
	is(with_fault({ raw_hex => '7b00ff7d' })->{body}, "{\0\xff}",
		'raw bytes');
	$sim->reset;
};

subtest 'answers that are changed' => sub {
	my $a = with_fault({ patch => [
		{ op => 'replace', path => '/Response/Ready', value => 0 },
		{ op => 'add', path => '/Response/Extra', value => { a => [1] } },
		{ op => 'remove', path => '/Response/SummaryDetail/0' },
		{ op => 'replace', path => '/Response/SummaryDetail/0/TotalCost',
		  value => 'NaN' },
		{ op => 'add', path => '/Response/SummaryDetail/-',
		  value => undef },
		{ op => 'test', path => '/Response/Ready', value => 0 },
		{ op => 'copy', from => '/Response/Ready', path => '/Response/a~1b' },
		{ op => 'move', from => '/Response/Ready', path => '/Ready' } ] });
	is($a->{json}{Ready}, 0, 'patched: replaced, moved');
	is_deeply($a->{response}{Extra}, { a => [1] }, 'added');
	is($a->{response}{'a/b'}, 0, 'copied');
	is($a->{response}{SummaryDetail}[0]{TotalCost}, 'NaN', 'in the list');
	is($a->{response}{SummaryDetail}[-1], undef, 'at the end of the list');
	is(with_fault({ patch => [ { op => 'replace', path => '',
		value => [] } ] })->{body}, '[]', 'patched as a whole');
	is(with_fault({ patch => [ { op => 'remove', path => '/No/such' } ] })
		->{code}, 'InternalError.PatchDoesNotApply',
		'a patch that does not fit is loud');
	$a = with_fault({ replace => { find => '"Ready":1', with => '"Ready":1e400' } });
	like($a->{body}, qr/"Ready":1e400,/, 'replaced text');
	$a = with_fault({ replace => { find => 'Other', with_hex => 'c328' } });
	like($a->{body}, qr/"\xc3\x28"/, 'replaced by bytes');
	$a = with_fault({ pad => 100_000 });
	is(length $a->{response}{Padding}, 100_000, 'padding');
	ok(@{ rows_of($a) } > 0, 'beside rows');
	$sim->reset;
};

subtest 'data that is not ready' => sub {
	my $a = with_fault({ not_ready => JSON::PP::true });
	is($a->{response}{Ready}, 0, 'not ready by flag');
	ok(@{ rows_of($a) } > 0, 'beside rows');
	is($sim->log->[0]{outcome}, 'not_ready', 'in the log');
	$a = with_fault({ not_ready => JSON::PP::true }, action => $RESOURCE,
		params => \%of_resource);
	code_is($a, 'FailedOperation.SummaryDataNotReady', 'not ready by error');
	$sim->reset;
};

subtest 'paging' => sub {
	$sim->config({ rows => 100 });
	my $all = $sim->dump($RESOURCE, { Month => '2023-04' });
	my %params = (Month => '2023-04', Limit => 10, NeedRecordNum => 1);
	my $page = sub {
		my ($fault, $offset) = @_;

		return with_fault($fault, action => $RESOURCE,
			params => { %params, Offset => $offset },
			config => { rows => 100 });
	};
	my $ids = sub { return join ' ', map { $_->{ResourceId} } @_ };

	is($ids->(@{ rows_of($page->({ repeat_page => JSON::PP::true }, 20)) }),
		$ids->(@$all[ 10 .. 19 ]), 'the page before');
	is($ids->(@{ rows_of($page->({ wrong_page => JSON::PP::true }, 20)) }),
		$ids->(@$all[ 25 .. 34 ]), 'rows of another offset');
	is($page->({ total_drift => -3 }, $_->[0])->{response}{Total}, $_->[1],
		"total drifts at $_->[0]")
	  foreach [ 0, 100 ], [ 10, 97 ], [ 30, 91 ];
	$sim->reset;
};

# ---- delivery

subtest 'answers that do not get through' => sub {
	my $plain = $client->call($SUMMARY, \%of_summary);
	my $a = with_fault({ reset => JSON::PP::true });
	like($a->{error}, qr/reset/i, 'connection reset');
	is($a->{status}, undef, 'without an answer');
	is($sim->log->[0]{outcome}, 'reset', 'in the log');
	$a = with_fault({ truncate => 100 });
	ok(!$a->{complete}, 'truncated');
	is(length $a->{body}, 100, 'after so many bytes');
	is($a->{headers}{'content-length'}, length $plain->{body},
		'though announced in full');
	$a = with_fault({ close => JSON::PP::true },
		changes => { connection => 'keep-alive' });
	is($a->{headers}{connection}, 'close', 'closed after the answer');
	$sim->reset;
};

subtest 'answers that are slow, or grow' => sub {
	my $a = with_fault({ latency_ms => 30 });
	is($a->{code}, undef, 'late, but right');
	my $entry = $sim->log->[0];
	cmp_ok($entry->{ended_ms} - $entry->{started_ms}, '>=', 30, 'late');
	is($entry->{outcome}, 'ok', 'no outcome of its own');
	$a = with_fault({ slow_bytes_ms => 1, replace =>
		{ find => 'x', with => 'x' } }, config => { rows => 0 });
	ok($a->{complete}, 'slow, but complete');
	$entry = $sim->log->[0];
	cmp_ok($entry->{ended_ms} - $entry->{started_ms}, '>=',
		length $a->{body}, 'slow');
	$a = with_fault({ gzip_bomb => 500_000 });
	is($a->{headers}{'content-encoding'}, 'gzip', 'bomb is gzip');
	is(length $a->{body}, 500_000, 'of so many bytes');
	cmp_ok($a->{wire_length}, '<', 50_000, 'but small on the wire');
	is($a->{response}{Ready}, 1, 'and an answer');
	$sim->reset;
};

subtest 'answers that stop' => sub {
	my $half = int(length($client->call($SUMMARY, \%of_summary)->{body}) / 2);

	foreach my $where (qw(headers body))
	{
		$sim->reset;
		$sim->config({ faults => [ { stall => $where } ] });
		my $socket = $client->send($SUMMARY, \%of_summary);
		my $text = '';

		ok( log_until($sim, sub { ($_[0][0]{outcome} // '') eq 'stall' }),
			"stalled at $where");
		if ($where eq 'body')
		{
			while ($text !~ /\r\n\r\n/ || length($text) - $+[0] < $half)
			{
				IO::Select->new($socket)->can_read(60) or last;
				sysread($socket, $text, 65536, length $text) or last;
			}
			my ($body) = $text =~ /\r\n\r\n(.*)/s;
			is(length $body, $half, 'half of the body came');
		}
		ok(!IO::Select->new($socket)->can_read(0.05), 'then nothing');
		is($sim->log->[0]{ended_ms}, undef, 'still in flight');
		close $socket;
		ok(log_until($sim, sub { defined $_[0][0]{ended_ms} }),
			'ends when the peer goes');
	}
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

#!/usr/bin/perl
#
# 030_faults.pl
#	  What breaks on the way is repeated until the result is exactly right, or
#	  ends in an error that says what happened.
#
# Nearly all of it runs in one session: that it answers rightly after every
# error is part of what is tested.
#
# IDENTIFICATION
#	  test/t/030_faults.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use JSON::PP;
use List::Util qw(max);
use Test::More;

use BillingSim;
use BillingTest;

my $RESOURCE = 'DescribeBillResourceSummaryForOrganization';
my $TABLE = 'main.bill_resource_summary_for_organization';
my $ROWS = 2300;
my $PAGE = 500;
my @OFFSETS = (0, 500, 1000, 1500, 2000);

# Every row with every column, in the order of arrival.
my $all_rows = <<END;
SELECT count(*), sum(real_total_cost), md5(string_agg(t::text, E'\\n'))
FROM $TABLE t WHERE month = '2023-08'
END

my %usual = (page_size => $PAGE, max_retries => 3, throttle_timeout => '5s',
	request_timeout => '30s');

my $node = BillingTest::new_node('faults');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;
BillingTest::add_server($s, 'main', $sim->url);

# A stream that does not end, beside everything else because it takes its time:
# the bound is a hundred thousand pages.
my $endless = BillingSim->start;
my $patient = BillingTest::Session->new($node);
BillingTest::add_server($patient, 'endless', $endless->url, { page_size => 1 });
$endless->config({ rows => 200000, total => 'absent' });
$patient->send(
	q{SELECT count(*) FROM endless.bill_resource_summary_for_organization
	  WHERE month = '2023-08'});

sub prepare
{
	my ($options, @faults) = @_;

	BillingTest::set_options($s, 'main', { %usual, %{ $options // {} } });
	$sim->reset;
	$sim->config({ rows => $ROWS, faults => \@faults });
	return;
}

# Positions asked for, in order.
sub offsets { return map { $_->{body}{Offset} } @{ $sim->log } }

sub attempts_at
{
	my ($offset) = @_;

	return scalar grep { $_ == $offset } offsets();
}

# ---- without faults

prepare();
my $right = $s->value($all_rows);
is_deeply([ offsets() ], \@OFFSETS, 'no fault: each page is asked for once');

# The simulator's own idea of the rows, read by PostgreSQL itself
{
	my $rows = $sim->dump($RESOURCE, { Month => '2023-08' });
	my $text = JSON::PP->new->encode([ map { $_->{RealTotalCost} } @$rows ]);
	my $sum = $s->value(
		"SELECT count(*), sum(x::numeric) FROM jsonb_array_elements_text('$text') x");

	is($right =~ s/\|[0-9a-f]{32}$//r, $sum, 'no fault: number and sum of the rows');
	is($s->value("SELECT string_agg(resource_id, ',') FROM $TABLE WHERE month = '2023-08'"),
		join(',', map { $_->{ResourceId} } @$rows), 'no fault: order of the rows');
}

# The next statement of the session is answered as if nothing had happened.
sub works_on
{
	my ($name) = @_;

	prepare();
	is($s->query($all_rows)->{out}, $right, "$name: the session works on");
	return;
}

# ---- failures that pass: repeated, and the result is right

my $gateway = '<html><head><title>502 Bad Gateway</title></head></html>';

# name, fault, SQLSTATE when it is not repeated, what the message says, options
my @passing = (
	[ 'reset', { reset => JSON::PP::true }, 'HV00N', qr/./ ],
	[ 'truncated headers only', { truncate => 0 }, 'HV00N', qr/./ ],
	[ 'truncated body', { truncate => 2000 }, 'HV00N', qr/./ ],
	[ 'no first byte', { stall => 'headers' }, 'HV00N',
		qr/no complete answer within 1000 ms \(request_timeout\)/,
		{ request_timeout => '1s' } ],
	[ 'no end of the body', { stall => 'body' }, 'HV00N',
		qr/no complete answer within 1000 ms \(request_timeout\)/,
		{ request_timeout => '1s' } ],
	[ '502 page', { http => { status => 502, body => $gateway } }, 'HV00N',
		qr/HTTP status 502: <html>/ ],
	[ '503 without body', { http => { status => 503 } }, 'HV00N', qr/HTTP status 503$/ ],
	[ '500 with JSON that is no answer',
		{ http => { status => 500, body => '{"error":"oops"}', type => 'application/json' } },
		'HV00N', qr/HTTP status 500/ ],
	[ 'cut JSON', { raw => '{"Response":{"ResourceSummarySet":[' }, 'HV00M',
		qr/no valid JSON/ ],
	[ 'empty body', { raw => '' }, 'HV00M', qr/./ ],
	[ 'a page of something else', { raw => '<html>log in</html>' }, 'HV00M',
		qr/no valid JSON/ ],
	[ 'JSON without Response', { raw => '{}' }, 'HV00M', qr/Response/ ],
	[ 'Response that is no object', { raw => '{"Response":[]}' }, 'HV00M', qr/Response/ ],
	[ 'bytes after the JSON',
		{ replace => { find => '"}}', with => '"}} x' } }, 'HV00M', qr/no valid JSON/ ],
	[ 'bad UTF-8', { replace => { find => '"ResourceName":"', with_hex =>
		unpack('H*', '"ResourceName":"') . 'ff' } }, 'HV00M', qr/not valid UTF-8/ ],
	[ 'escaped NUL', { replace => { find => '"ResourceName":"', with =>
		'"ResourceName":"\\u0000' } }, 'HV00M', qr/NUL/ ],
	[ 'raw NUL', { replace => { find => '"ResourceName":"', with_hex =>
		unpack('H*', '"ResourceName":"') . '00' } }, 'HV00M', qr/NUL/ ],
	[ 'rows that are no array', { patch => [ { op => 'replace',
		path => '/Response/ResourceSummarySet', value => 'x' } ] }, 'HV00M',
		qr/ResourceSummarySet/ ],
	[ 'a row that is no object', { patch => [ { op => 'replace',
		path => '/Response/ResourceSummarySet/3', value => 7 } ] }, 'HV00M',
		qr/ResourceSummarySet/ ],
	[ 'InternalError', { error => { code => 'InternalError', message => 'we are sorry' } },
		'HV000', qr/we are sorry/ ],
	[ 'ServiceUnavailable', { error => { code => 'ServiceUnavailable' } }, 'HV000', qr/./ ]);

foreach my $case (@passing)
{
	my ($name, $fault, $sqlstate, $message, $options) = @$case;

	foreach my $offset (0, 1000)
	{
		my $at = "$name at offset $offset";

		# once
		prepare($options, { %$fault, where => { Offset => $offset }, times => 1 });
		my $result = $s->query($all_rows);
		is($result->{err}, '', "$at: no message");
		is($result->{out}, $right, "$at: repeated, then the result is right");
		is_deeply([ offsets() ], [ sort { $a <=> $b } @OFFSETS, $offset ],
			"$at: this page is asked for twice, the others once");

		# not repeated: what would be reported
		prepare({ %{ $options // {} }, max_retries => 0 },
			{ %$fault, where => { Offset => $offset } });
		$result = $s->query($all_rows);
		is($result->{error}{sqlstate}, $sqlstate, "$at, max_retries 0: SQLSTATE $sqlstate");
		like($result->{error}{message}, $message, "$at, max_retries 0: message");
		like($result->{error}{message}, qr/^could not read the resource bill of the organization/,
			"$at, max_retries 0: names the action in words");
		like($result->{error}{detail}, qr/^Action $RESOURCE, /,
			"$at, max_retries 0: names the action");
		# a request is sent anew at once, by libcurl, when a connection that
		# was kept turns out to be dead before any byte of an answer
		my $attempts = $name eq 'reset' ? 2 : 1;
		cmp_ok(attempts_at($offset), '<=', $attempts, "$at, max_retries 0: one attempt");
		is(max(offsets()), $offset, "$at, max_retries 0: nothing is asked for after it");
	}
	works_on($name);
}

# On a new connection a reset is a failure like any other.
{
	my $fresh = BillingTest::Session->new($node);

	prepare({ max_retries => 0 }, { reset => JSON::PP::true });
	is($fresh->query($all_rows)->{error}{sqlstate}, 'HV00N', 'reset of a new connection: HV00N');
	is(scalar(offsets()), 1, 'reset of a new connection: one attempt');
	$fresh->quit;
	prepare(undef, { reset => JSON::PP::true, where => { Offset => 1000 }, times => 3 });
	is($s->query($all_rows)->{out}, $right, 'three resets in a row: right result');
	is(attempts_at(1000), 4, 'three resets in a row: four attempts');
}

# Each attempt has a timestamp of its own, hence a signature of its own, which
# the simulator has verified before it stalled.
{
	prepare({ request_timeout => '2s' },
		{ stall => 'headers', where => { Offset => 500 }, times => 1 });
	is($s->query($all_rows)->{out}, $right, 'two attempts: right result');
	my @attempts = grep { $_->{body}{Offset} == 500 } @{ $sim->log };
	my @times = map { $_->{headers}{'x-tc-timestamp'} } @attempts;

	is_deeply([ map { $_->{outcome} } @attempts ], [qw(stall ok)],
		'two attempts: both signatures were right');
	cmp_ok($times[1] - $times[0], '>=', 2, 'two attempts: each is signed at its own time');
	is($attempts[0]{raw}, $attempts[1]{raw}, 'two attempts: same body');
}

# As often as allowed, and no more
foreach my $retries (1, 2)
{
	prepare({ max_retries => $retries },
		{ error => { code => 'InternalError' }, where => { Offset => 1500 }, times => $retries });
	is($s->query($all_rows)->{out}, $right, "max_retries $retries: as many failures do no harm");
	is(attempts_at(1500), 1 + $retries, "max_retries $retries: attempts");

	prepare({ max_retries => $retries },
		{ error => { code => 'InternalError' }, where => { Offset => 1500 } });
	my $result = $s->query($all_rows);
	is($result->{error}{sqlstate}, 'HV000', "max_retries $retries: one failure more is an error");
	like($result->{error}{detail}, qr/Given up after $retries retr(?:y|ies)\./,
		"max_retries $retries: the error says how often");
	is(attempts_at(1500), 1 + $retries, "max_retries $retries: attempts before the error");
}

# The count is that of a page, not of the scan
prepare({ max_retries => 1 },
	map { { error => { code => 'InternalError' }, where => { Offset => $_ }, times => 1 } } @OFFSETS);
is($s->query($all_rows)->{out}, $right, 'every page fails once: right result under max_retries 1');
is(scalar(offsets()), 2 * @OFFSETS, 'every page fails once: two calls for each');

# A table's own option counts more than the server's
prepare({ max_retries => 3 }, { error => { code => 'InternalError' } });
$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (ADD max_retries '0')");
is($s->query($all_rows)->{error}{sqlstate}, 'HV000', 'max_retries of the table: fails');
is(scalar(offsets()), 1, 'max_retries of the table: one attempt');
$s->value("ALTER FOREIGN TABLE $TABLE OPTIONS (DROP max_retries)");

# A mix, by chance but the same each time
prepare({ max_retries => 8, request_timeout => '1s' },
	{ reset => JSON::PP::true, probability => 0.15, seed => 1 },
	{ truncate => 500, probability => 0.15, seed => 2 },
	{ error => { code => 'InternalError.DbOperatError' }, probability => 0.15, seed => 3 },
	{ http => { status => 502, body => $gateway }, probability => 0.1, seed => 4 });
is($s->query($all_rows)->{out}, $right, 'a mix of failures: right result');

# ---- no failures at all

foreach my $case (
	[ 'latency', { latency_ms => 200 } ],
	[ 'connection closed after the answer', { close => JSON::PP::true } ],
	[ 'padding below the limit', { pad => 500000 }, { max_response_size => '2MB' } ])
{
	my ($name, $fault, $options) = @$case;

	prepare($options, $fault);
	my $result = $s->query($all_rows);
	is($result->{err}, '', "$name: no message");
	is($result->{out}, $right, "$name: right result");
	is_deeply([ offsets() ], \@OFFSETS, "$name: nothing is repeated");
}

{
	my %bytes;

	foreach my $gzip (0, 1)
	{
		prepare();
		$sim->config({ gzip => $gzip ? JSON::PP::true : JSON::PP::false });
		is($s->query($all_rows)->{out}, $right, "gzip $gzip: right result");
		my $plan = $s->value("EXPLAIN (ANALYZE, FORMAT JSON) $all_rows");
		($bytes{$gzip}) = $plan =~ /"API Bytes": (\d+)/;
	}
	ok($bytes{0} && $bytes{1}, 'gzip: EXPLAIN ANALYZE tells the bytes');
	cmp_ok($bytes{1} // 0, '<', ($bytes{0} // 0) / 3, 'gzip: far fewer bytes arrive');
}

# ---- failures that stay: one attempt

my $elsewhere = BillingSim->start;
my @lasting = (
	[ '302', { http => { status => 302, location => $elsewhere->url . '/' } }, 'HV00N',
		qr/HTTP status 302/ ],
	[ '301 to itself', { http => { status => 301, location => '/' } }, 'HV00N',
		qr/HTTP status 301/ ],
	[ '307', { http => { status => 307, location => $elsewhere->url . '/' } }, 'HV00N',
		qr/HTTP status 307/ ],
	[ '404', { http => { status => 404, body => 'no such page' } }, 'HV00N',
		qr/HTTP status 404: no such page/ ],
	[ '403', { http => { status => 403, body => 'no' } }, 'HV00N', qr/HTTP status 403: no/ ],
	[ '204', { http => { status => 204 } }, 'HV00N', qr/HTTP status 204/ ],
	[ 'gzip bomb', { gzip_bomb => 1073741824 }, 'HV00M',
		qr/larger than 1048576 bytes/, { max_response_size => '1MB' } ],
	[ 'oversized', { pad => 2000000 }, 'HV00M', qr/larger than 1048576 bytes/,
		{ max_response_size => '1MB' } ],
	[ 'oversized, default limit', { pad => 33554432 }, 'HV00M',
		qr/larger than 33554432 bytes/ ],
	[ 'InvalidParameter', { error => { code => 'InvalidParameter', message => 'bad' } },
		'22023', qr/: bad$/ ],
	[ 'AuthFailure.TokenFailure', { error => { code => 'AuthFailure.TokenFailure' } },
		'28000', qr/./ ]);

sub memory_peak { return BillingTest::status_of($s->pid, 'VmHWM') }

foreach my $case (@lasting)
{
	my ($name, $fault, $sqlstate, $message, $options) = @$case;

	foreach my $offset (0, 1000)
	{
		my $at = "$name at offset $offset";

		prepare($options, { %$fault, where => { Offset => $offset } });
		my $peak = memory_peak();
		my $result = $s->query($all_rows);

		is($result->{error}{sqlstate}, $sqlstate, "$at: SQLSTATE $sqlstate");
		like($result->{error}{message}, $message, "$at: message");
		is(attempts_at($offset), 1, "$at: one attempt");
		unlike($result->{error}{detail}, qr/Given up/, "$at: no talk of retries");
		cmp_ok(memory_peak() - $peak, '<', 40000, "$at: 40 MB of memory more at most")
		  if $name eq 'gzip bomb';
	}
	works_on($name);
}
is_deeply($elsewhere->log, [], 'no redirect is followed');
$elsewhere->stop;

prepare({ max_response_size => '64kB' });
like($s->query($all_rows)->{error}{hint}, qr/page_size.*max_response_size/,
	'answer too large: the hint names both options');
prepare({ max_response_size => '64kB', page_size => 20 });
$sim->config({ rows => 60 });
is($s->value("SELECT count(*) FROM $TABLE WHERE month = '2023-08'"), '60',
	'answer too large: smaller pages help');

# Only what is asked for can fail
prepare(undef, { error => { code => 'InvalidParameter' }, where => { Offset => 500 } });
is($s->value("SELECT count(*) FROM (SELECT 1 FROM $TABLE WHERE month = '2023-08' LIMIT 500) x"),
	'500', 'LIMIT does not fail on a page that it does not need');
is(scalar(offsets()), 1, 'LIMIT: one call');

# ---- every code of the API

# What the vendor's documents say about each code, and the kind of error that a
# PostgreSQL user expects.  Written down here, apart from the extension's table.
my $never = 'never';
my $few = 'few times';
my $throttled = 'after a pause';
my $later = 'when ready';
my %expected = (
	'RequestLimitExceeded' => [ $throttled, '53400' ],
	'InternalError' => [ $few, 'HV000' ],
	'ServiceUnavailable' => [ $few, 'HV000' ],
	'ResourceUnavailable' => [ $few, 'HV000' ],
	'FailedOperation.QueryCountFailed' => [ $few, 'HV000' ],
	'FailedOperation.QueryDBFailed' => [ $few, 'HV000' ],
	'FailedOperation.SummaryDataNotReady' => [ $later, '55000' ],
	'FailedOperation' => [ $never, 'HV000' ],
	'FailedOperation.TagKeyNotExist' => [ $never, 'HV000' ],
	'AuthFailure' => [ $never, '28000' ],
	'AuthFailure.SignatureExpire' => [ $never, '28000' ],
	'AuthFailure.TokenFailure' => [ $never, '28000' ],
	'AuthFailure.MFAFailure' => [ $never, '28000' ],
	'AuthFailure.UnauthorizedOperation' => [ $never, '42501' ],
	'UnauthorizedOperation' => [ $never, '42501' ],
	'UnauthorizedOperation.CertificationNeedUpgrade' => [ $never, '42501' ],
	'UnauthorizedOperation.NotCertification' => [ $never, '42501' ],
	'IpInBlacklist' => [ $never, 'HV000' ],
	'IpNotInWhitelist' => [ $never, 'HV000' ],
	'InvalidParameter' => [ $never, '22023' ],
	'InvalidParameter.ResourceLocked' => [ $never, '22023' ],
	'InvalidParameterValue' => [ $never, '22023' ],
	'MissingParameter' => [ $never, '22023' ],
	'UnknownParameter' => [ $never, '22023' ],
	'InvalidAction' => [ $never, 'HV000' ],
	'NoSuchVersion' => [ $never, 'HV000' ],
	'NoSuchProduct' => [ $never, 'HV000' ],
	'ActionOffline' => [ $never, 'HV000' ],
	'UnsupportedRegion' => [ $never, 'HV000' ],
	'UnsupportedProtocol' => [ $never, 'HV000' ],
	'UnsupportedOperation' => [ $never, 'HV000' ],
	'OperationDenied' => [ $never, 'HV000' ],
	'RequestSizeLimitExceeded' => [ $never, 'HV000' ],
	'ResponseSizeLimitExceeded' => [ $never, 'HV000' ]);

# Documented codes, or thinkable ones, that are covered by their class or by none
my %derived = (
	'RequestLimitExceeded.UinLimitExceeded' => [ $throttled, '53400' ],
	'RequestLimitExceeded.IPLimitExceeded' => [ $throttled, '53400' ],
	'InternalError.DbOperatError' => [ $few, 'HV000' ],
	'InternalError.NeverHeardOf' => [ $few, 'HV000' ],
	'InternalErrors' => [ $never, 'HV000' ],
	'FailedOperation.BalanceInsufficient' => [ $never, 'HV000' ],
	'FailedOperation.SummaryDataNotReadyYet' => [ $never, 'HV000' ],
	'AuthFailure.SignatureFailure' => [ $never, '28000' ],
	'AuthFailure.SecretIdNotFound' => [ $never, '28000' ],
	'AuthFailure.InvalidAuthorization' => [ $never, '28000' ],
	'UnauthorizedOperation.CamNoAuth' => [ $never, '42501' ],
	'InvalidParameter.ParamCheckFailed' => [ $never, '22023' ],
	'LimitExceeded' => [ $never, 'HV000' ],
	'ResourceNotFound' => [ $never, 'HV000' ],
	'ResourceInsufficient' => [ $never, 'HV000' ],
	'Something.New' => [ $never, 'HV000' ]);

my %listed = map { my ($code, @rest) = split /\|/; ($code => \@rest) }
  split /\n/, $s->value('SELECT code, sqlstate, retried, hint IS NOT NULL FROM billing_fdw_errors()');
is_deeply([ sort keys %listed ], [ sort keys %expected ],
	'billing_fdw_errors() lists the codes of this test and no others');

my %retried = (
	$never => 'no',
	$few => 'yes, max_retries times',
	$throttled => 'yes, for throttle_timeout',
	$later => 'yes, for ready_timeout');

sub code_test
{
	my ($code, $retry, $sqlstate) = @_;

	prepare({ max_retries => 1, throttle_timeout => '1s', ready_interval => '1s',
			ready_timeout => '1s' },
		{ error => { code => $code, message => 'Reason of the API.' } });
	my $result = $s->query("SELECT count(*) FROM $TABLE WHERE month = '2023-08'");
	my @log = @{ $sim->log };
	my $last = $log[-1]{request_id};

	is($result->{error}{sqlstate}, $sqlstate, "$code: SQLSTATE $sqlstate");
	is(scalar @log, $retry eq $never ? 1 : 2, "$code: attempts ($retry)")
	  if $retry ne $throttled;
	cmp_ok(scalar @log, '>=', 2, "$code: attempts ($retry)") if $retry eq $throttled;
	like($result->{error}{detail}, qr/\bRequestId \Q$last\E\b/,
		"$code: RequestId of the last attempt");
	return if $retry eq $later;
	like($result->{error}{message}, qr/Reason of the API\.$/, "$code: the API's message");
	like($result->{error}{detail}, qr/error code \Q$code\E,/, "$code: the API's code");
	return $result;
}

foreach my $code (sort keys %expected)
{
	my ($retry, $sqlstate) = @{ $expected{$code} };
	my ($listed_sqlstate, $listed_retry, $has_hint) = @{ $listed{$code} // [] };
	my $result = code_test($code, $retry, $sqlstate);

	is($listed_sqlstate, $sqlstate, "$code: SQLSTATE in billing_fdw_errors()");
	is($listed_retry, $retried{$retry}, "$code: retries in billing_fdw_errors()");
	isnt($result->{error}{hint}, '', "$code: the hint is shown")
	  if $result && ($has_hint // '') eq 't';
}
code_test($_, @{ $derived{$_} }) foreach sort keys %derived;
works_on('error codes');

# ---- Response.Error decides, at any status

foreach my $status (200, 400, 403, 429, 500, 503)
{
	foreach my $case ([ 'InternalError', 2, 'HV000' ], [ 'InvalidParameterValue', 1, '22023' ],
		[ 'AuthFailure.SignatureFailure', 1, '28000' ])
	{
		my ($code, $attempts, $sqlstate) = @$case;

		prepare({ max_retries => 1 }, { error => { code => $code }, http_status => $status });
		my $result = $s->query($all_rows);
		is($result->{error}{sqlstate}, $sqlstate, "$code with HTTP $status: SQLSTATE $sqlstate");
		is(scalar(offsets()), $attempts, "$code with HTTP $status: attempts");
	}
	prepare(undef, { error => { code => 'InternalError' }, http_status => $status, times => 1 });
	is($s->query($all_rows)->{out}, $right, "InternalError once with HTTP $status: right result");
}

# A good answer under a bad status is not taken for one
prepare({ max_retries => 0 }, { http_status => 404 });
is($s->query($all_rows)->{error}{sqlstate}, 'HV00N', 'rows under HTTP 404: refused');

# ---- pages that do not fit together

# Results under answer_check error, warning and off.
sub check_test
{
	my ($name, $config, $fault, $message, $count, %o) = @_;
	my $sql = $o{sql} // $all_rows;

	foreach my $level (qw(error warning off))
	{
		my $at = "$name, answer_check $level";

		prepare({ answer_check => $level, %{ $o{options} // {} } }, $fault // ());
		$sim->config($config) if $config;
		my $result = $s->query($sql);
		my @warnings = grep { $_->{severity} eq 'WARNING' } @{ $result->{messages} };

		if ($level eq 'error')
		{
			is($result->{error}{sqlstate}, 'HV00M', "$at: SQLSTATE HV00M");
			like($result->{error}{message}, qr/^inconsistent answer for foreign table "bill_resource_summary_for_organization": .*$message/,
				"$at: message");
			like($result->{error}{detail}, qr/^Action $RESOURCE, RequestId [0-9a-f-]{36}\.$/,
				"$at: names action and RequestId");
			like($result->{error}{hint}, qr/answer_check/, "$at: hint");
			is(scalar(@{ $sim->log }), $o{calls}, "$at: found at once, not repeated")
			  if $o{calls};
			next;
		}
		is($result->{error}, undef, "$at: no error");
		like($result->{out}, $count, "$at: what the API sent");
		is($result->{out}, $right, "$at: and that is right here") if $o{right};
		if ($level eq 'warning')
		{
			cmp_ok(scalar @warnings, '>=', 1, "$at: a warning");
			like($warnings[0]{message}, $message, "$at: message");
			is($warnings[0]{sqlstate}, 'HV00M', "$at: SQLSTATE HV00M");
		}
		else
		{
			is($result->{err}, '', "$at: no message");
		}
	}
	works_on($name);
	return;
}

my $empty_page = [ { op => 'replace', path => '/Response/ResourceSummarySet', value => [] } ];

check_test('empty page below Total', undef,
	{ patch => $empty_page, where => { Offset => 1000 } },
	qr/rows end after 1000 of 2300/, qr/^1000\|/, calls => 3);
check_test('null instead of rows below Total', undef,
	{ patch => [ { op => 'replace', path => '/Response/ResourceSummarySet', value => undef } ],
		where => { Offset => 1000 } },
	qr/rows end after 1000 of 2300/, qr/^1000\|/, calls => 3);
check_test('no first page below Total', undef,
	{ patch => $empty_page, where => { Offset => 0 } },
	qr/rows end after 0 of 2300/, qr/^0\|/, calls => 1);
check_test('Total that grows', undef, { total_drift => 7 },
	qr/changed from 2300 to 23\d\d/, qr/^2300\|/, right => 1);
check_test('Total that shrinks', undef, { total_drift => -7 },
	qr/changed from 2300 to 22\d\d/, qr/^2300\|/, right => 1);
check_test('Total that is another at the last page only', undef,
	{ patch => [ { op => 'replace', path => '/Response/Total', value => 2301 } ],
		where => { Offset => 2000 } },
	qr/changed from 2300 to 2301/, qr/^2300\|/, right => 1, calls => 5);
check_test('Total that is too large', { total => 'large' }, undef,
	qr/rows end after 2300 of 2531/, qr/^2300\|/, right => 1, calls => 6);
check_test('repeated page', undef,
	{ repeat_page => JSON::PP::true, where => { Offset => 1000 } },
	qr/page equals the one before/, qr/^2300\|/, calls => 3);
check_test('repeated page of 20 rows', { rows => 90 },
	{ repeat_page => JSON::PP::true, where => { Offset => 20 } },
	qr/page equals the one before/, qr/^90\|/, calls => 2, options => { page_size => 20 });
check_test('more rows than asked for', undef,
	{ patch => [ { op => 'copy', from => '/Response/ResourceSummarySet/0',
				path => '/Response/ResourceSummarySet/-' } ],
		where => { Offset => 1000 } },
	qr/501 rows where 500 were asked for/, qr/^2300\|/, calls => 3);

foreach my $case (
	[ 'business_code', 'BusinessCode', "business_code = 'p_cvm'" ],
	[ 'pay_mode', 'PayMode', "pay_mode = 'prePay'" ],
	[ 'resource_id', 'ResourceId', "resource_id = 'ins-nowhere'" ])
{
	my ($column, $parameter, $condition) = @$case;
	my $sql = "SELECT count(*), md5(string_agg(t::text, E'\\n')) FROM $TABLE t "
	  . "WHERE month = '2023-08' AND $condition";

	prepare();
	my $answer = $s->value($sql);
	check_test("ignored filter $parameter", { ignore_filters => [$parameter] }, undef,
		qr/a row has another $column than was asked for/, qr/^\Q$answer\E$/,
		calls => 1, sql => $sql);
}

# What is allowed
sub fine_test
{
	my ($name, $config, $fault, $offsets, $options) = @_;

	prepare($options, $fault // ());
	$sim->config($config) if $config;
	my $result = $s->query($all_rows);
	is($result->{err}, '', "$name: no message");
	is($result->{out}, $right, "$name: right result");
	is_deeply([ offsets() ], $offsets, "$name: calls");
	return;
}

fine_test('one page shorter than asked for', undef,
	{ patch => [ { op => 'remove', path => '/Response/ResourceSummarySet/499' } ],
		where => { Offset => 1000 } },
	[ 0, 500, 1000, 1499, 1999 ]);
fine_test('Limit capped without a word', { limit_cap => 300 }, undef,
	[ map { 300 * $_ } 0 .. 7 ]);
fine_test("Total $_", { total => $_ }, undef, [ @OFFSETS, $ROWS ])
  foreach qw(null zero absent stale);
fine_test("Total $_, Limit capped", { total => $_, limit_cap => 300 }, undef,
	[ (map { 300 * $_ } 0 .. 7), $ROWS ])
  foreach qw(null zero absent stale);
fine_test('Total that the pages hit exactly', undef, undef,
	[ map { 460 * $_ } 0 .. 5 ], { page_size => 460 });

# What nobody can see: documented
prepare({ page_size => 10 }, { repeat_page => JSON::PP::true, where => { Offset => 10 } });
$sim->config({ rows => 25 });
is($s->query("SELECT count(*) FROM $TABLE WHERE month = '2023-08'")->{out}, '25',
	'a repeated page of fewer than 20 rows may be chance');
prepare(undef, { wrong_page => JSON::PP::true, where => { Offset => 1000 } });
like($s->query($all_rows)->{out}, qr/^2300\|/,
	'rows that move while their number stays are not noticed');

# ---- throttling

prepare({ page_size => 100, throttle_timeout => '60s', max_retries => 0 });
$sim->config({ quota_per_second => 10 });
{
	my $result = $s->query($all_rows);
	my @log = @{ $sim->log };

	is($result->{err}, '', 'quota: no message, and max_retries does not count');
	is($result->{out}, $right, 'quota: right result');
	cmp_ok(scalar(grep { $_->{outcome} eq 'RequestLimitExceeded' } @log), '>=', 1,
		'quota: the API has throttled');
	is_deeply([ map { $_->{body}{Offset} } grep { $_->{outcome} eq 'ok' } @log ],
		[ map { 100 * $_ } 0 .. 23 ], 'quota: every page came once, and the empty one');
}

foreach my $case (
	[ 'RequestLimitExceeded', { error => { code => 'RequestLimitExceeded' } } ],
	[ 'HTTP 429', { http => { status => 429, body => 'slow down' } } ])
{
	my ($name, $fault) = @$case;

	prepare({ max_retries => 0, throttle_timeout => '60s' },
		{ %$fault, where => { Offset => 1000 }, times => 3 });
	is($s->query($all_rows)->{out}, $right, "$name three times: right result");
	is(attempts_at(1000), 4, "$name three times: four attempts");

	prepare({ throttle_timeout => '2s' }, { %$fault, where => { Offset => 1000 } });
	my $result = $s->query($all_rows);
	is($result->{error}{sqlstate}, '53400', "$name without end: SQLSTATE 53400");
	like($result->{error}{hint}, qr/throttle_timeout/, "$name without end: hint");
	cmp_ok(attempts_at(1000), '>=', 3, "$name without end: several attempts");
	cmp_ok($result->{seconds}, '>=', 2, "$name without end: the time allowed is used");
	cmp_ok($result->{seconds}, '<', 12, "$name without end: and not much more");

	prepare({ throttle_timeout => '0s' }, { %$fault, where => { Offset => 1000 } });
	is($s->query($all_rows)->{error}{sqlstate}, '53400', "$name, throttle_timeout 0: 53400");
	is(attempts_at(1000), 1, "$name, throttle_timeout 0: one attempt");
	works_on($name);
}

# ---- actions without pages take the same way

foreach my $case (
	[ 'bill_summary', "month = '2023-04' AND group_type = 'region'" ],
	[ 'bill_summary_business', "month = '2023-04' AND group_type = 'project'" ],
	[ 'bill_summary_by_pay_mode', "month = '2023-04'" ],
	[ 'bill_summary_by_pay_mode_detail', "month = '2023-04'" ])
{
	my ($table, $where) = @$case;
	my $sql = "SELECT count(*), md5(string_agg(t::text, E'\\n')) FROM main.$table t WHERE $where";

	prepare();
	my $answer = $s->value($sql);
	isnt($answer =~ s/\|.*//r, '0', "$table: has rows");
	foreach my $fault ({ reset => JSON::PP::true }, { raw => '{' },
		{ error => { code => 'InternalError' } }, { http => { status => 502 } })
	{
		my $name = "$table " . join '', sort keys %$fault;

		prepare(undef, { %$fault, times => 1 });
		is($s->query($sql)->{out}, $answer, "$name: right result");
		is(scalar @{ $sim->log }, 2, "$name: two calls");
	}
}

# ---- no server at all

{
	my $gone = BillingSim->start;

	BillingTest::add_server($s, 'gone', $gone->url, { max_retries => 1 });
	$gone->stop;
	my $result = $s->query(
		q{SELECT * FROM gone.bill_summary WHERE month = '2023-04' AND group_type = 'region'});
	is($result->{error}{sqlstate}, 'HV00N', 'nobody listens: SQLSTATE HV00N');
	like($result->{error}{detail}, qr/no RequestId\.  Given up after 1 retr/,
		'nobody listens: repeated, too');
	like($result->{error}{hint}, qr/endpoint/, 'nobody listens: hint');
}
works_on('nobody listens');

# ---- a stream without end

{
	my $result = $patient->receive;
	my @bodies = $endless->bodies;

	is($result->{error}{sqlstate}, 'HV00M', 'no end: SQLSTATE HV00M');
	like($result->{error}{message}, qr/does not end after 100000 pages/, 'no end: message');
	like($result->{error}{hint}, qr/page_size/, 'no end: hint');
	is(scalar @bodies, 100000, 'no end: and no page was asked for beyond the bound');
	$endless->reset;
	$endless->config({ rows => 7 });
	is($patient->value(q{SELECT count(*) FROM endless.bill_resource_summary_for_organization
		WHERE month = '2023-08'}), '7', 'no end: the session works on');
	$patient->quit;
	$endless->stop;
}

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

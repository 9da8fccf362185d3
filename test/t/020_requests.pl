#!/usr/bin/perl
#
# 020_requests.pl
#	  What is sent: bodies as the vendor's clients send them, headers, signature.
#
# The simulator verifies every signature on its own, with the timestamp of the
# header; so an answer without an error says that both agree.
#
# IDENTIFICATION
#	  test/t/020_requests.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Cwd qw(abs_path);
use Encode qw(encode);
use File::Basename qw(dirname);
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Test::More;

use BillingSim;
use BillingSim::Testing qw(read_json);
use BillingTest;

my $here = dirname(abs_path(__FILE__)) . '/..';
my $RESOURCE = 'DescribeBillResourceSummaryForOrganization';
my $TOKEN = 'EXAMPLETOKENabc123==';
my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $canonical = JSON::PP->new->canonical;
# for names of tests: PostgreSQL's modules print bytes
my $ascii = JSON::PP->new->canonical->ascii;

my $node = BillingTest::new_node('requests');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;
my $with_token = BillingSim->start(secret => ["$ID:$KEY:$TOKEN"]);

BillingTest::add_server($s, 'main', $sim->url);
BillingTest::add_server($s, 'tokens', $with_token->url, {},
	{ secret_id => $ID, secret_key => $KEY, token => $TOKEN });

# Runs a query that must not fail; returns what was sent for it.
sub sent_for
{
	my ($sql, $name, $from) = @_;

	$from //= $sim;
	$from->reset;
	$from->config({ rows => 5000 });
	my $result = $s->query($sql);

	is($result->{err}, '', "$name: answered without a message");
	return @{ $from->log };
}

# ---- bodies

# The statement for each call of the vendor's clients, by its body; then the
# options that it needs, the position of the request that is meant, and
# parameters that are left out on purpose.
my %statement_for = (
	'{"GroupType":"region","Month":"2023-04"}' => [
		q{SELECT group_value, real_total_cost FROM main.bill_summary
		  WHERE month = '2023-04' AND group_type = 'region'}
	],
	'{"GroupType":"business","Month":"2023-04"}' => [
		q{SELECT group_key FROM main.bill_summary
		  WHERE month = '2023-04' AND group_type = 'business'}
	],
	'{"GroupType":"project","Month":"2023-04"}' => [
		q{SELECT group_key, business_code FROM main.bill_summary_business
		  WHERE month = '2023-04' AND group_type = 'project'}
	],
	'{"GroupType":"payMode","Month":"2023-04"}' => [
		q{SELECT * FROM main.bill_summary
		  WHERE month = '2023-04' AND group_type = 'payMode'}
	],
	'{"GroupType":"tag","Month":"2023-05","TagKey":["测试键","部门分类"]}' => [
		q{SELECT tag_key, group_value FROM main.bill_summary
		  WHERE month = '2023-05' AND tag_key IN ('测试键', '部门分类')}
	],
	'{"BeginTime":"2018-11","EndTime":"2018-11"}' => [
		q{SELECT * FROM main.bill_summary_by_pay_mode WHERE month = '2018-11'}
	],
	'{"BeginTime":"2024-07","EndTime":"2024-07","PayerUin":"700000686592"}' => [
		q{SELECT * FROM main.bill_summary_by_pay_mode_detail
		  WHERE month = '2024-07' AND payer_uin = '700000686592'}
	],
	'{"Limit":1,"Month":"2023-08","NeedRecordNum":1,"Offset":0,"ResourceId":"cdb-0a90mrac"}'
	  => [
		q{SELECT real_total_cost FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08' AND resource_id = 'cdb-0a90mrac'},
		{ page_size => 1 }
	  ],
	'{"Limit":1000,"Month":"2023-08","NeedRecordNum":0,"Offset":1000,"PayMode":"prePay"}'
	  => [
		q{SELECT resource_id FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08' AND pay_mode = 'prePay'},
		{}, 1
	  ],
	'{"BusinessCode":"p_cvm","Limit":1000,"Month":"2023-08","NeedRecordNum":1,"Offset":0,"PayMode":"postPay"}'
	  => [
		q{SELECT resource_id FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08' AND business_code = 'p_cvm'
		    AND pay_mode = 'postPay'}
	  ],
	'{"Limit":1000,"Month":"2023-08","Offset":0,"TagKey":"team","TagValue":"支付"}'
	  => [
		q{SELECT resource_id FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08' AND tag_key = 'team' AND tag_value = '支付'}
	  ],
	'{"Limit":1000,"Month":"2023-08","Offset":0,"TagKey":"team","TagValue":""}'
	  => [
		q{SELECT resource_id FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08' AND tag_key = 'team' AND tag_value = ''},
		# the documents do not say whether an empty value filters: it is read
		# without the tag, and filtered here
		{}, 0, [qw(TagKey TagValue)]
	  ],
	'{"ActionType":"Yearly/monthly subscription renewal","Limit":100,"Month":"2023-08","Offset":0}'
	  => [
		q{SELECT resource_id FROM main.bill_resource_summary_for_organization
		  WHERE month = '2023-08'
		    AND action_type = 'Yearly/monthly subscription renewal'},
		{ page_size => 100 }
	  ]);

# Whether the total is counted is up to the caller, not part of the question:
# the vendor's samples ask for it, or say no, or leave it out.  The wrapper
# guards the end of every stream with it.
sub with_total
{
	my ($action, $body) = @_;

	return $action eq $RESOURCE ? { %$body, NeedRecordNum => 1 } : $body;
}

my %seen;
foreach my $file (sort glob "'$here'/sim/data/transcripts/*.json")
{
	my $transcript = read_json($file);

	foreach my $request (@{ $transcript->{requests} })
	{
		my $body = decode_json(encode('UTF-8', $request->{body}));
		my $key = $canonical->encode($body);
		my $name = "$transcript->{client} $request->{action} "
		  . $ascii->encode($body);

		next unless $request->{action} =~ /^DescribeBillSummary(?:ByPayMode)?$/
		  || $request->{action} eq $RESOURCE;
		my $statement = $statement_for{$key};
		ok($statement, "$name: has a statement") or next;
		$seen{$key} = 1;

		my ($sql, $options, $position, $without) = @$statement;
		my $expected = with_total($request->{action}, $body);

		delete @$expected{@$without} if $without;
		BillingTest::set_options($s, 'main', $options // {});
		my @log = sent_for($sql, $name);
		my $sent = $log[ $position // 0 ];

		is($sent->{action}, $request->{action}, "$name: same action");
		is_deeply($sent->{body}, $expected,
			"$name: same body" . ($without ? " without @$without" : ''));
	}
}
BillingTest::set_options($s, 'main', {});
is_deeply([ sort keys %seen ], [ sort keys %statement_for ],
	'every statement stands for a call of the vendor');

# ---- headers

my $summary = q{SELECT count(*) FROM %s.bill_summary
	WHERE month = '2023-04' AND group_type = 'region'};

sub header_test
{
	my ($name, $server, $from) = @_;
	my $before = time();
	my @log = sent_for(sprintf($summary, $server), $name, $from);
	my $after = time();

	is(scalar @log, 1, "$name: one call");
	cmp_ok($log[0]{headers}{'x-tc-timestamp'}, '>=', $before,
		"$name: timestamp is not older than the statement");
	cmp_ok($log[0]{headers}{'x-tc-timestamp'}, '<=', $after,
		"$name: timestamp is not in the future");
	is($log[0]{outcome}, 'ok', "$name: signature verified with that timestamp");
	return $log[0]{headers};
}

my @always = qw(accept accept-encoding content-length content-type host
  x-tc-action x-tc-language x-tc-requestclient x-tc-timestamp x-tc-version);

my $headers = header_test('defaults', 'main');
is_deeply([ sort keys %$headers ], \@always,
	'defaults: these headers and no others: no Expect, no cookie, no region, no token');
is($headers->{'x-tc-action'}, 'DescribeBillSummary', 'defaults: X-TC-Action');
is($headers->{'x-tc-version'}, '2018-07-09', 'defaults: X-TC-Version');
is($headers->{'content-type'}, 'application/json', 'defaults: Content-Type');
is($headers->{'accept-encoding'}, 'gzip', 'defaults: Accept-Encoding');
is($headers->{host}, '127.0.0.1:' . $sim->port, 'defaults: Host with the port');
is($headers->{'x-tc-language'}, 'en-US', 'defaults: language of the site intl');
is($headers->{'x-tc-requestclient'},
	'billing_fdw_'
	  . $s->value(q{SELECT extversion FROM pg_extension WHERE extname = 'billing_fdw'}),
	'defaults: X-TC-RequestClient names wrapper and version');
like($headers->{'x-tc-requestclient'}, qr/^[0-9A-Za-z_,;.-]{1,128}$/,
	'defaults: X-TC-RequestClient has the documented form');

foreach my $case (
	[ { site => 'intl' }, 'en-US', undef ],
	[ { site => 'china' }, 'zh-CN', undef ],
	[ { site => 'china', language => 'en-US' }, 'en-US', undef ],
	[ { site => 'intl', language => 'zh-CN' }, 'zh-CN', undef ],
	[ { region => 'ap-singapore' }, 'en-US', 'ap-singapore' ],
	[ { site => 'china', region => 'ap-guangzhou' }, 'zh-CN', 'ap-guangzhou' ])
{
	my ($options, $language, $region) = @$case;
	my $name = join ' ', map { "$_ $options->{$_}" } sort keys %$options;

	BillingTest::set_options($s, 'main', $options);
	$headers = header_test($name, 'main');
	is($headers->{'x-tc-language'}, $language, "$name: X-TC-Language $language");
	is($headers->{'x-tc-region'}, $region,
		"$name: X-TC-Region " . ($region // 'is not sent'));
}
BillingTest::set_options($s, 'main', {});

$headers = header_test('temporary keys', 'tokens', $with_token);
is_deeply([ sort keys %$headers ], [ sort @always, 'x-tc-token' ],
	'temporary keys: one header more, X-TC-Token');

# The number of bytes, not of characters, and no chunks
my @log = sent_for(
	q{SELECT count(*) FROM main.bill_summary
	  WHERE month = '2023-05' AND tag_key = '部门分类'}, 'UTF-8');
is($log[0]{headers}{'content-length'}, length encode('UTF-8', $log[0]{raw}),
	'UTF-8: Content-Length counts bytes');
is($log[0]{body}{TagKey}[0], '部门分类', 'UTF-8: characters arrive as they are');

SKIP:
{
	my $six = eval { BillingSim->start(ipv6 => 1) }
	  or skip 'no IPv6 loopback here', 5;

	BillingTest::add_server($s, 'six', $six->url);
	$headers = header_test('IPv6', 'six', $six);
	is($headers->{host}, '[::1]:' . $six->port,
		'IPv6: Host has brackets and the port');
}

# ---- signatures that do not fit: one attempt, and 28000

sub refusal_test
{
	my ($name, $from, $sql, $code, $hint) = @_;
	my $result = $s->query($sql);
	my @calls = @{ $from->log };

	is($result->{error}{sqlstate}, '28000', "$name: SQLSTATE 28000");
	like($result->{error}{detail}, qr/error code \Q$code\E\b/, "$name: $code");
	like($result->{error}{hint}, $hint, "$name: hint") if $hint;
	is(scalar @calls, 1, "$name: not repeated");
	is($calls[0]{request_id},
		($result->{error}{detail} =~ /RequestId ([0-9a-f-]+)/)[0],
		"$name: RequestId of the call is shown") if @calls;
	unlike($result->{err}, qr/\Q$ID\E|\Q$KEY\E|\Q$TOKEN\E/,
		"$name: no secret in the message");
	return;
}

my $regions = sprintf $summary, 'main';

foreach my $offset (-4000, 3600)
{
	$sim->reset;
	$sim->config({ clock_offset => $offset });
	my $result = $s->query($regions);
	my ($seconds, $direction) = $result->{error}{hint} =~ /(\d+) seconds (\S+)/;

	is($result->{error}{sqlstate}, '28000', "clock $offset: SQLSTATE 28000");
	is($direction, $offset < 0 ? 'ahead' : 'behind', "clock $offset: direction");
	cmp_ok(abs($seconds - abs $offset), '<=', 5, "clock $offset: seconds");
	is(scalar @{ $sim->log }, 1, "clock $offset: not repeated");
}
$sim->reset;
$sim->config({ clock_offset => 240 });
is($s->query($regions)->{err}, '', 'four minutes of skew do no harm');

$sim->reset;
$s->value(q{ALTER USER MAPPING FOR CURRENT_USER SERVER main
	OPTIONS (SET secret_key 'WRONGKEY')});
refusal_test('wrong key', $sim, $regions, 'AuthFailure.SignatureFailure',
	qr/secret_key/);

$sim->reset;
$s->value(qq{ALTER USER MAPPING FOR CURRENT_USER SERVER main
	OPTIONS (SET secret_key '$KEY', SET secret_id 'AKIDUNKNOWN')});
refusal_test('unknown id', $sim, $regions, 'AuthFailure.SecretIdNotFound',
	qr/secret_id/);

$sim->reset;
$s->value(qq{ALTER USER MAPPING FOR CURRENT_USER SERVER main
	OPTIONS (SET secret_id '$ID', ADD token '$TOKEN')});
refusal_test('token too many', $sim, $regions, 'AuthFailure.TokenFailure',
	qr/temporary credentials/);
$s->value(q{ALTER USER MAPPING FOR CURRENT_USER SERVER main OPTIONS (DROP token)});

$with_token->reset;
$s->value(q{ALTER USER MAPPING FOR CURRENT_USER SERVER tokens OPTIONS (DROP token)});
refusal_test('token missing', $with_token, sprintf($summary, 'tokens'),
	'AuthFailure.TokenFailure', qr/temporary credentials/);

$sim->reset;
is($s->query($regions)->{err}, '', 'the session works on with right keys');

# ---- nothing that a server sends is sent back

# A server of a few lines: the simulator has no cookies.
my $listener = IO::Socket::INET->new(
	LocalAddr => '127.0.0.1',
	Listen => 5) or die "listen: $!";
my $port = $listener->sockport;
my $body = '{"Response":{"Ready":1,"SummaryDetail":[],"RequestId":"cookies"}}';

pipe(my $from_child, my $to_parent) or die "pipe: $!";
my $pid = fork() // die "fork: $!";
if ($pid == 0)
{
	close $from_child;
	alarm 120;
	for (1 .. 2)
	{
		my $client = $listener->accept or last;
		my $text = '';

		sysread($client, $text, 4096, length $text) or last
		  until $text =~ /\r\n\r\n.*\}$/s;
		$text =~ s/\r\n\r\n.*//s;
		syswrite $to_parent, "$text\r\n\r\n";
		syswrite $client, join "\r\n", 'HTTP/1.1 200 OK',
		  'Content-Type: application/json', 'Content-Length: ' . length $body,
		  'Set-Cookie: track=me; Path=/',
		  'Strict-Transport-Security: max-age=31536000',
		  "Alt-Svc: h2=\"127.0.0.1:1\"; ma=86400",
		  'Connection: close', '', $body;
		close $client;
	}
	POSIX::_exit(0);
}
close $to_parent;
close $listener;

BillingTest::add_server($s, 'cookies', "http://127.0.0.1:$port");
for my $n (1 .. 2)
{
	is($s->query(sprintf $summary, 'cookies')->{out}, '0', "cookies: call $n is answered");
}
my $requests = do { local $/; <$from_child> };
waitpid $pid, 0;
is(() = $requests =~ /^POST \/ HTTP\/1\.1\r$/mg, 2,
	'cookies: both calls came, as POST / HTTP/1.1');
unlike($requests, qr/^Cookie:/mi, 'cookies: none comes back');
unlike($requests, qr/^Expect:/mi, 'no Expect on the wire');
unlike($requests, qr/^(?:Upgrade|HTTP2-Settings):/mi, 'no upgrade is offered');

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
is($with_token->stop, 0, 'so does the other one');
done_testing();

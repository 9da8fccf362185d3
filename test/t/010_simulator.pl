#!/usr/bin/perl
#
# 010_simulator.pl
#	  The simulator is as strict as the API, and misbehaves as it is told.
#
# Run by prove, with nothing but Perl's core modules, curl and openssl.
# Set SIM_WRAP (such as "valgrind -q --error-exitcode=9") to run the
# simulator under a checker.
#
# IDENTIFICATION
#	  test/t/010_simulator.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Cwd qw(abs_path);
use Encode qw(encode);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Select;
use JSON::PP;
use Test::More;

my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) . '/..'; }
use lib "$here/perl";
use BillingSim;
use BillingSim::Client;

binmode $_, ':encoding(UTF-8)'
  foreach Test::More->builder->output, Test::More->builder->failure_output;

my $ID = 'AKIDEXAMPLE0123456789abcdefghijkl';
my $KEY = 'EXAMPLEKEY0123456789ABCDEFGHIJ';
my $TOKEN = 'EXAMPLETOKENabc123==';
my $SUMMARY = 'DescribeBillSummary';
my $PAYMODE = 'DescribeBillSummaryByPayMode';
my $RESOURCE = 'DescribeBillResourceSummaryForOrganization';

my %of_summary = (Month => '2023-04', GroupType => 'region');
my %of_paymode = (BeginTime => '2023-04', EndTime => '2023-04');
my %of_resource = (Month => '2023-04', Offset => 0, Limit => 5);

my @wrap = split ' ', $ENV{SIM_WRAP} // '';
my $sim = BillingSim->start(
	wrap => \@wrap,
	secret => [ "$ID:$KEY", "$ID:$KEY:$TOKEN", 'AKIDTOKENONLY:k:t' ]);
my $client = BillingSim::Client->new($sim);

sub read_json
{
	my ($path) = @_;

	open my $in, '<:raw', $path or die "$path: $!";
	return decode_json(do { local $/; <$in> });
}

my $model = read_json("$here/sim/data/actions.json");

# Rows of one answer, where the model of the action has them; an answer that
# is one row, without its RequestId.
sub rows_of
{
	my ($answer, $action) = @_;
	my $found = $answer->{response} // {};

	return $found->{SummaryDetail} // $found->{SummaryOverview}
	  // $found->{ResourceSummarySet}
	  unless defined $action;
	my ($path) = $model->{actions}{$action}{response}{rows}[0]{path};
	$found = $found->{$_} foreach grep { $_ ne 'Response' } split /\./, $path;
	return $found unless ref $found eq 'HASH';
	my %row = %$found;
	delete $row{RequestId};
	return [ \%row ];
}

# An amount of money as an integer, so that sums are exact.
sub units
{
	my ($text) = @_;

	$text =~ /^(-?)(\d+)(?:\.(\d{1,8}))?$/ or die "no amount: $text";
	my $n = $2 . substr(($3 // '') . '00000000', 0, 8);
	return $1 ? -$n : $n + 0;
}

sub total
{
	my ($rows, $field) = @_;
	my $sum = 0;

	$sum += units($_->{$field}) foreach @$rows;
	return $sum;
}

sub canonical { return JSON::PP->new->canonical->encode($_[0]); }

# Compares whole structures without printing thousands of rows.
sub same
{
	my ($got, $expected, $name) = @_;
	my @text = map { canonical($_) } $got, $expected;

	return 1 if ok($text[0] eq $text[1], $name);
	my $common = 0;
	$common++
	  while substr($text[0], $common, 1) eq substr($text[1], $common, 1);
	diag('from place ', $common);
	diag(' ', substr $_, $common < 60 ? 0 : $common - 60, 120)
	  foreach @text;
	return 0;
}

# Asks the log until a condition holds; no sleeping, but an end.
sub log_until
{
	my ($condition) = @_;
	my $end = time() + 60;

	while (time() < $end)
	{
		my $log = $sim->log;

		return $log if $condition->($log);
	}
	return;
}

sub code_is
{
	my ($answer, $code, $name) = @_;
	my $got = $answer->{code} // ($answer->{status} // 'no answer') . ' '
	  . substr($answer->{body}, 0, 100);

	return is($got, $code, $name);
}

# ---------------------------------------------------------------- signatures

sub vectors
{
	my $json = 'application/json';
	my $utf8 = 'application/json; charset=utf-8';
	my $china = 'billing.tencentcloudapi.com';
	my $tag = encode('UTF-8',
		'{"Month":"2023-05","GroupType":"tag",'
		  . '"TagKey":["测试键","部门分类"]}');
	my $spaced = '{"Month": "2023-04", "GroupType": "region"}';
	my $dense = '{"Month":"2023-04","GroupType":"region"}';

	# name, clock, host, type, signed, body, signature, code, action, headers
	return (
		['V1', 1551113065, $china, $json, 'content-type;host', $dense,
		 'ce4700fec2e0203b592778b4aaab287be637197f4d4d45d698b9d4690794da66'],
		['V2', 1704067199, $china, $utf8, 'content-type;host', $tag,
		 '08b986d73c3d262cd85b3942dd1247c21534d74619b823a84f2f60f5876ee706'],
		['V2b', 1704067199, $china, $json, 'content-type;host', $tag,
		 '45fa449a83b1be3b7542a3e02bbb11b474afa932c7a9a88ed4d70ca4f127f5df'],
		['V3', 1704067199, $china, $json, 'content-type;host',
		 '{"Month": "2023-05", "GroupType": "tag", "TagKey": '
		   . '["\u6d4b\u8bd5\u952e", "\u90e8\u95e8\u5206\u7c7b"]}',
		 'a067482ee1041ecbdc67b3c3714a64ac7e782c25113111725a04b1e007bb909e'],
		['V4', 1704067200, 'billing.intl.tencentcloudapi.com', $json,
		 'content-type;host',
		 '{"BeginTime": "2018-11", "EndTime": "2018-11"}',
		 '77f228b95cde8c56141439bbbded7193a1252c5be4443ba1d506fa5c9da8845f',
		 undef, $PAYMODE,
		 { 'x-tc-region' => 'ap-singapore', 'x-tc-language' => 'en-US',
		   'x-tc-token' => $TOKEN }],
		# the empty body belongs to an action without parameters; here the
		# signature passes and then a parameter is missing
		['V5', 1704067200, $china, $json, 'content-type;host', '{}',
		 '9ed9ffc74b67ccdb79d4430d588ff70d97cd24499a0e765e237fe0df2185a6e0',
		 'MissingParameter'],
		['V6', 1704067199, $china, $utf8, 'content-type;host;x-tc-action',
		 $spaced,
		 '8beb5107d8194977949b133a74aea6550b54eb431860f1c8ce95014a61689f4c'],
		['V7', 1704067200, '127.0.0.1:8080', $json, 'content-type;host',
		 $spaced,
		 'b0deb71440c6600dafe48a06c351054892a9eaf41bbc390a3d511b61fc5b5c69'],
		['V7n', 1704067200, '127.0.0.1:8080', $json, 'content-type;host',
		 $spaced,
		 '3e0849662b6991a73cf99aab1356528ef0c0f16511508673e082d8681f04eb9b'],
		['V9', 1728518407, $china, $json, 'content-type;host', $dense,
		 '4f1354c80c3e9e756730845e264524ff034ca176654a406a4a77e16992fb00a7']);
}

sub literal_authorization
{
	my ($clock, $signed, $signature) = @_;
	my $date = POSIX::strftime('%Y-%m-%d', gmtime $clock);

	return "TC3-HMAC-SHA256 Credential=$ID/$date/billing/tc3_request, "
	  . "SignedHeaders=$signed, Signature=$signature";
}

subtest 'documented signatures' => sub {
	foreach my $v (vectors())
	{
		my ($name, $clock, $host, $type, $signed, $body, $signature, $code,
			$action, $headers) = @$v;
		my %changes = (
			time => $clock,
			host => $host,
			type => $type,
			headers => {
				%{ $headers // {} },
				authorization =>
				  literal_authorization($clock, $signed, $signature)
			});

		$sim->config({ clock => $clock });
		is($client->call($action // $SUMMARY, $body, %changes)->{code},
			$code, $name);
		$changes{headers}{authorization} =~ s/(.)$/$1 eq '0' ? '1' : '0'/e;
		code_is($client->call($action // $SUMMARY, $body, %changes),
			'AuthFailure.SignatureFailure', "$name with a wrong last digit");
	}

	$sim->config({ clock => 1704067200 });
	my $answer = $client->call($SUMMARY, '',
		method => 'GET',
		time => 1704067200,
		query => 'Month=2023-05&GroupType=tag'
		  . '&TagKey.0=%E6%B5%8B%E8%AF%95%E9%94%AE',
		headers => {
			authorization => literal_authorization(1704067200,
				'content-type;host',
				'1f28416e07519b3b5a09d2ad26ae92fe2483fc8c11c0b5532fc0207478464a80'
			) });
	is($answer->{code}, undef, 'V8, by GET');
	is(rows_of($answer)->[0]{GroupKey}, '测试键', 'V8 asked for its key');
	$sim->reset;
};

# --------------------------------------------------------------- transcripts

# The single changes that each must make a request invalid.
sub changes_of
{
	my ($request) = @_;
	my %h = %{ $request->{headers} };
	my $body = encode('UTF-8', $request->{body});
	my @changed;
	my $with = sub {
		my ($name, $header, $value) = @_;

		push @changed, [ $name, { %h, $header => $value }, $body ];
	};
	my $auth = sub {
		my ($name, $from, $to) = @_;

		(my $value = $h{authorization}) =~ s/$from/$to/
		  or die "nothing to change";
		$with->($name, 'authorization', $value);
	};

	my $at = index($h{authorization}, 'Signature=') + 10;
	foreach my $i (0 .. 63)
	{
		my $value = $h{authorization};
		my $digit = substr $value, $at + $i, 1;

		substr($value, $at + $i, 1) = $digit eq 'a' ? 'b' : 'a';
		$with->("digit $i", 'authorization', $value);
	}
	foreach my $i (0 .. length($body) - 1)
	{
		my $other = $body;

		substr($other, $i, 1) = substr($other, $i, 1) ^ "\1";
		push @changed, [ "body byte $i", {%h}, $other ];
	}
	push @changed, [ 'body longer', {%h}, "$body " ];
	$with->('timestamp', 'x-tc-timestamp', $h{'x-tc-timestamp'} - 1);
	$with->('timestamp of tomorrow', 'x-tc-timestamp',
		$h{'x-tc-timestamp'} + 1);
	$with->('content type', 'content-type',
		'application/json; charset=utf-8');
	$with->('host', 'host', "x$h{host}");
	$auth->('date', qr{/\d{4}-\d\d-\d\d/}, '/2023-12-30/');
	$auth->('service', qr{/billing/}, '/cvm/');
	$auth->('end of scope', qr{tc3_request}, 'tc4_request');
	$auth->('secret id', qr{=AKID}, '=AKIE');
	$auth->('algorithm', qr{^TC3}, 'TC2');
	$auth->('more signed headers', qr{;host,}, ';host;x-tc-action,');
	$auth->('no host', qr{content-type;host}, 'content-type');
	$auth->('no content type', qr{content-type;host}, 'host');
	$auth->('order of signed headers', qr{content-type;host},
		'host;content-type');
	return @changed;
}

subtest "requests of the vendor's clients" => sub {
	my %ours = map { $_ => 1 } keys %{ $model->{actions} };
	my $wrong_key =
	  BillingSim->start(wrap => \@wrap, secret => ["$ID:another key"]);

	foreach my $file (glob "$here/sim/data/transcripts/*.json")
	{
		my $t = read_json($file);
		my ($name) = $file =~ m{([^/]+)\.json$};
		my $socket = $client->connection;
		my %skipped;

		$_->config({ clock => $t->{clock} }) foreach $sim, $wrong_key;
		foreach my $request (@{ $t->{requests} })
		{
			# actions that the simulator does not have are skipped by name
			if (!$ours{ $request->{action} })
			{
				$skipped{ $request->{action} } = 1;
				next;
			}
			my $send = sub {
				my ($headers, $body, $to) = @_;
				my %r = (
					method => 'POST',
					path => '/',
					query => '',
					body => $body,
					headers => { %$headers, 'content-length' => length $body }
				);

				return $client->exchange(BillingSim::Client::bytes_of(\%r),
					$to // $socket);
			};
			my $label = "$name: $request->{action} $request->{body}";
			my $body = encode('UTF-8', $request->{body});
			my $good = $send->($request->{headers}, $body);

			is($good->{code}, undef, "$label accepted");
			my @changes = changes_of($request);
			my @accepted = map { $_->[0] } grep {
				($send->($_->[1], $_->[2])->{code} // '') !~ /^AuthFailure\./
			} @changes;
			is("@accepted", '', scalar(@changes) . ' changes refused');
			my $other = IO::Socket::IP->new(
				PeerHost => '127.0.0.1',
				PeerPort => $wrong_key->port);
			like($send->($request->{headers}, $body, $other)->{code},
				qr/^AuthFailure\./, 'refused with another key');
		}
		note("$name: skipped, not simulated: $_") foreach sort keys %skipped;
	}
	is($wrong_key->stop, 0, 'clean end');
	$sim->reset;
};

# --------------------------------------------------------------------- rules

# Refusals that have nothing to do with parameters: name, code, changes.
sub refused_requests
{
	my $now = time();
	my $h = sub { return (headers => {@_}) };
	my $auth = sub {
		my ($from, $to) = @_;

		return (late => sub {
			$_[0]{headers}{authorization} =~ s/$from/$to/ or die;
		});
	};
	my $bad = 'AuthFailure.InvalidAuthorization';
	my $fail = 'AuthFailure.SignatureFailure';

	return (
		['method', 'UnsupportedProtocol', method => 'PUT'],
		['path', 'InvalidRequest', path => '/v2'],
		['query of a POST', 'InvalidRequest', query => 'a=b'],
		['no content type', 'MissingParameter', $h->('content-type', undef)],
		['form', 'InvalidRequest',
		 type => 'application/x-www-form-urlencoded'],
		['charset', 'InvalidRequest',
		 type => 'application/json; charset=gbk'],
		['JSON by GET', 'InvalidRequest', method => 'GET',
		 type => 'application/json'],
		['no action', 'MissingParameter', $h->('x-tc-action', undef)],
		['no version', 'MissingParameter', $h->('x-tc-version', undef)],
		['no timestamp', 'MissingParameter', $h->('x-tc-timestamp', undef)],
		['no digits in timestamp', 'InvalidParameterValue',
		 $h->('x-tc-timestamp', '12a')],
		['no authorization', $bad, $h->('authorization', undef)],
		['no comma', $bad, $auth->(qr/, Sig/, ' Sig')],
		['short signature', $bad, $auth->(qr/.$/, '')],
		['upper-case signature', $bad,
		 $auth->(qr/Signature=.*/, 'Signature=' . 'A' x 64)],
		['service', $bad, service => '127'],
		['date', $fail, date => '2001-01-01'],
		['too old', 'AuthFailure.SignatureExpire', time => $now - 301],
		['too new', 'AuthFailure.SignatureExpire', time => $now + 301],
		['secret id', 'AuthFailure.SecretIdNotFound', secret_id => 'AKIDX'],
		['secret key', $fail, secret_key => 'x'],
		['wrong token', 'AuthFailure.TokenFailure', token => 'x'],
		['token missing', 'AuthFailure.TokenFailure',
		 secret_id => 'AKIDTOKENONLY', secret_key => 'k'],
		['unsorted list', $bad, signed => [qw(host content-type)]],
		['host not signed', $bad, signed => ['content-type']],
		['type not signed', $bad, signed => ['host']],
		['signed, not sent', $bad,
		 signed => [qw(content-type host x-tc-region)]],
		['signed twice', $bad, signed => [qw(content-type host host)]],
		['name in upper case', $bad, $auth->(qr/host,/, 'Host,')],
		['version', 'NoSuchVersion', $h->('x-tc-version', '2017-03-12')],
		['language', 'InvalidParameterValue', $h->('x-tc-language', 'zh')],
		['client', 'InvalidParameterValue',
		 $h->('x-tc-requestclient', 'a b')],
		['long client', 'InvalidParameterValue',
		 $h->('x-tc-requestclient', 'a' x 129)],
		['region', 'UnsupportedRegion', $h->('x-tc-region', 'nowhere')]);
}

# Refused bodies: name, code, action, body.
sub refused_bodies
{
	my $value = 'InvalidParameterValue';
	my $type = 'InvalidParameter';
	my $with = sub {
		my ($base, %change) = @_;
		my %all = (%$base, %change);

		return { map { ($_ => $all{$_}) }
			  grep { !ref $all{$_} || ref $all{$_} ne 'CODE' } keys %all };
	};
	my $gone = sub { };
	my ($year, $month) = (gmtime(time() + 8 * 3600))[ 5, 4 ];
	my $future = sprintf '%04d-%02d', $year + 1900 + ($month == 11),
	  ($month + 1) % 12 + 1;

	return (
		['no JSON', $type, $SUMMARY, 'Month=2023-04'],
		['empty', $type, $SUMMARY, ''],
		['array', $type, $SUMMARY, '[]'],
		['trailing bytes', $type, $SUMMARY, encode_json(\%of_summary) . '}'],
		['bad UTF-8', $type, $RESOURCE,
		 qq({"Month":"2023-04","Offset":0,"Limit":1,"TagKey":"\xff"})],
		['overlong UTF-8', $type, $SUMMARY, qq({"Month":"\xc0\x80"})],
		['escaped NUL', $type, $SUMMARY, '{"Month":"2023-04\u0000"}'],
		['lone surrogate', $type, $SUMMARY, '{"Month":"\ud800"}'],
		['leading zero', $type, $RESOURCE,
		 '{"Month":"2023-04","Offset":00,"Limit":1}'],
		['control character', $type, $SUMMARY, qq({"Month":"2023\t04"})],
		['comma at the end', $type, $SUMMARY, '{"Month":"2023-04",}'],
		['deep', $type, $SUMMARY, '[' x 100 . ']' x 100],
		['twice', $type, $SUMMARY,
		 '{"Month":"2023-04","GroupType":"region","Month":"2023-05"}'],
		['unknown', 'UnknownParameter', $SUMMARY,
		 $with->(\%of_summary, month => '2023-04')],
		['of another action', 'UnknownParameter', $PAYMODE,
		 $with->(\%of_paymode, Month => '2023-04')],
		(map { [ "no $_", 'MissingParameter', $SUMMARY,
				 $with->(\%of_summary, $_ => $gone) ] } keys %of_summary),
		(map { [ "no $_", 'MissingParameter', $PAYMODE,
				 $with->(\%of_paymode, $_ => $gone) ] } keys %of_paymode),
		(map { [ "no $_", 'MissingParameter', $RESOURCE,
				 $with->(\%of_resource, $_ => $gone) ] } keys %of_resource),
		['number for text', $type, $SUMMARY,
		 $with->(\%of_summary, Month => 202304)],
		['null', $type, $SUMMARY, $with->(\%of_summary, PayerUin => undef)],
		['text for number', $type, $RESOURCE,
		 $with->(\%of_resource, Limit => '5')],
		['fraction', $type, $RESOURCE, $with->(\%of_resource, Limit => 1.5)],
		['text for list', $type, $SUMMARY,
		 $with->(\%of_summary, GroupType => 'tag', TagKey => 'env')],
		['list for text', $type, $RESOURCE,
		 $with->(\%of_resource, TagKey => ['env'])],
		['number in list', $type, $SUMMARY,
		 $with->(\%of_summary, GroupType => 'tag', TagKey => [1])],
		['GroupType', $value, $SUMMARY,
		 $with->(\%of_summary, GroupType => 'paymode')],
		['PayMode', $value, $RESOURCE,
		 $with->(\%of_resource, PayMode => 'riPay')],
		['NeedRecordNum', $value, $RESOURCE,
		 $with->(\%of_resource, NeedRecordNum => 2)],
		['ActionType', $value, $RESOURCE,
		 $with->(\%of_resource,
				 ActionType => 'New yearly/monthly subscription')],
		['PeriodType', $value, $RESOURCE,
		 $with->(\%of_resource, PeriodType => 'x')],
		(map { [ "month $_", $value, $SUMMARY,
				 $with->(\%of_summary, Month => $_) ] }
		   '2023-4', '2023-13', '2023-00', '2023-04-01', '202304', '',
		   '2017-12', $future),
		['other month', $value, $PAYMODE,
		 $with->(\%of_paymode, EndTime => '2023-05')],
		['negative offset', $value, $RESOURCE,
		 $with->(\%of_resource, Offset => -1)],
		['no rows', $value, $RESOURCE, $with->(\%of_resource, Limit => 0)],
		['page too large', $value, $RESOURCE,
		 $with->(\%of_resource, Limit => 1001)],
		['no tag key', 'MissingParameter', $SUMMARY,
		 $with->(\%of_summary, GroupType => 'tag')],
		['empty list of tag keys', 'MissingParameter', $SUMMARY,
		 $with->(\%of_summary, GroupType => 'tag', TagKey => [])],
		['value without key', $type, $RESOURCE,
		 $with->(\%of_resource, TagValue => 'x')],
		['unknown tag key', 'FailedOperation.TagKeyNotExist', $SUMMARY,
		 $with->(\%of_summary, GroupType => 'tag', TagKey => ['nothing'])]);
}

subtest 'one refused request per rule' => sub {
	foreach my $case (refused_requests())
	{
		my ($name, $code, %changes) = @$case;

		code_is($client->call($SUMMARY, \%of_summary, %changes), $code,
			$name);
	}
	foreach my $case (refused_bodies())
	{
		my ($name, $code, $action, $body) = @$case;

		code_is($client->call($action, $body), $code, $name);
	}
	code_is($client->call('DescribeNothing', {}), 'InvalidAction', 'action');
	code_is(
		$client->call('DescribeOrganizationBillResourceSummary',
			\%of_resource),
		'InvalidAction', 'the wrong name in a documented example');
	code_is(
		$client->call($SUMMARY, ' ' x (10 * 1024 * 1024 + 1)),
		'RequestSizeLimitExceeded', 'body above 10 MB');
	code_is(
		$client->exchange(
			BillingSim::Client::bytes_of(
				$client->request($SUMMARY, \%of_summary,
					late => sub { $_[0]{headers}{'X-TC-Language'} = 'en-US';
						$_[0]{headers}{'x-tc-language'} = 'en-US'; }))),
		'InvalidRequest', 'a header twice');
	code_is(
		$client->call($SUMMARY, '', method => 'GET', query => 'Month=2023-04'
			  . '&GroupType=tag&TagKey.1=env'),
		'InvalidParameter', 'list of a GET that does not start at 0');
};

subtest 'what must be accepted' => sub {
	my $large = encode_json(\%of_summary) . ' ' x 2_000_000;

	foreach my $case (
		['no charset', type => 'application/json;charset=UTF-8'],
		['all headers signed',
		 headers => { 'x-tc-language' => 'zh-CN', 'x-tc-region' =>
			   'eu-frankfurt', 'x-tc-requestclient' => 'billing_fdw-1.0;a,b' },
		 signed => [qw(content-type host x-tc-action x-tc-language
			 x-tc-region x-tc-requestclient x-tc-timestamp x-tc-version)]],
		['token', token => $TOKEN],
		['host with port', host => '127.0.0.1:' . $sim->port],
		['five minutes old', time => time() - 295],
		['five minutes ahead', time => time() + 295])
	{
		my ($name, %changes) = @$case;

		is($client->call($SUMMARY, \%of_summary, %changes)->{code}, undef,
			$name);
	}
	is($client->call($SUMMARY, $large)->{code}, undef, 'two megabytes');
	is( $client->call($RESOURCE,
			{ %of_resource, ActionType => $_ })->{code}, undef,
		"ActionType $_")
	  foreach '包年包月新购', 'Yearly/monthly subscription purchase';
	is($client->call($SUMMARY, '', method => 'GET',
			query => 'GroupType=tag&Month=2023-04&TagKey.0=env'
			  . '&TagKey.1=cost%20center')->{code},
		undef, 'lists by GET');
};

subtest 'answers' => sub {
	my $good = $client->call($SUMMARY, \%of_summary);
	my $bad = $client->call($SUMMARY, {});
	my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

	is($_->{status}, 200, 'HTTP 200') foreach $good, $bad;
	like($_->{headers}{date}, qr/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/,
		'Date') foreach $good, $bad;
	is($_->{headers}{'content-type'}, 'application/json', 'type')
	  foreach $good, $bad;
	like($_->{response}{RequestId}, $uuid, 'RequestId') foreach $good, $bad;
	isnt($good->{response}{RequestId}, $bad->{response}{RequestId},
		'a fresh one');
	is_deeply([ sort keys %{ $bad->{json} } ], ['Response'], 'envelope');
	is_deeply([ sort keys %{ $bad->{response} } ], [qw(Error RequestId)],
		'of an error');
	is_deeply([ sort keys %{ $bad->{response}{Error} } ],
		[qw(Code Message)], 'error');
	$sim->config({ clock => 1704067200 });
	is($client->call($SUMMARY, \%of_summary)->{headers}{date},
		'Mon, 01 Jan 2024 00:00:00 GMT', 'Date follows the clock');
	$sim->config({ clock => undef, clock_offset => 1000 });
	code_is($client->call($SUMMARY, \%of_summary),
		'AuthFailure.SignatureExpire', 'expiry follows the offset');
	$sim->reset;
	$sim->config({ request_id => 'counted' });
	$client->call($SUMMARY, \%of_summary);
	is($client->call($SUMMARY, {})->{response}{RequestId},
		'00000000-0000-4000-8000-000000000002', 'counted RequestId');
	$sim->reset;
};

# ------------------------------------------------------------------ examples

subtest 'documented examples' => sub {
	foreach my $file (glob "$here/examples/*.json")
	{
		my $example = read_json($file);
		my ($name, $source) = $file =~ m{([^/]+?\.(\w+)\.[^/]+)$};

		$sim->config({ data => 'examples', example_source => $source });
		my $answer = $client->call(@$example{qw(action request)});
		same($answer->{json}, $example->{response}, $name);
		my %without = %{ $example->{request} };
		delete $without{NeedRecordNum};
		same($client->call($example->{action}, \%without)->{json},
			$example->{response}, 'NeedRecordNum ignored');
		my $rows =
		  $sim->dump($example->{action}, $example->{request});
		same($rows // [],
			rows_of({ response => $example->{response}{Response} },
				$example->{action}) // [], 'dump');
	}

	$sim->config({ example_source => 'seed' });
	my %page = (Month => '2023-08', ResourceId => 'cdb-0a90mrac',
		NeedRecordNum => 1);
	my $answer = $client->call($RESOURCE, { %page, Offset => 0,
			Limit => 1000 });
	is(scalar @{ rows_of($answer) }, 1, 'the documented page at any size');
	is($answer->{response}{Total}, 1, 'its rows are all there is then');
	$answer = $client->call($RESOURCE, { %page, Offset => 1, Limit => 1000 });
	is_deeply(rows_of($answer), [], 'nothing beyond it');
	is($answer->{response}{Total}, 0, 'total of nothing');
	$answer = $client->call($SUMMARY, { %of_summary, Month => '2023-06' });
	is_deeply(rows_of($answer), [], 'no example, no rows');
	is($answer->{response}{Ready}, 1, 'but ready');
	$sim->reset;
};

# ------------------------------------------------------------ generated data

# All pages, by calls of so many rows.
sub pages
{
	my ($size, %params) = @_;
	my @rows;

	for (my $offset = 0; ; $offset += $size)
	{
		my $answer = $client->call($RESOURCE,
			{ Month => '2023-04', %params, Offset => $offset + 0,
			  Limit => $size + 0 });

		is($answer->{code}, undef, "page at $offset") if $answer->{code};
		push @rows, @{ rows_of($answer) };
		return \@rows if @{ rows_of($answer) } < $size;
	}
}

# What tells bills apart: the time of the first row.
sub first_id
{
	my (%params) = @_;

	return rows_of($client->call($RESOURCE, { %of_resource, %params }))
	  ->[0]{PayTime};
}

subtest 'resource rows' => sub {
	my $model = read_json("$here/sim/data/actions.json");
	my $fields =
	  $model->{actions}{$RESOURCE}{response}{rows}[0]{fields};

	is($client->call($RESOURCE, { %of_resource, NeedRecordNum => 1 })
		->{response}{Total}, 2500, 'rows of a month');
	$sim->config({ rows => 1010 });
	my $all = pages(1000);
	is(scalar @$all, 1010, 'as many as configured');
	same(pages(303), $all, 'any page size');
	same($sim->dump($RESOURCE, { Month => '2023-04' }), $all,
		'pages are the dump');
	isnt(first_id(Month => '2023-05'), first_id(),
		'another month is another bill');
	my $names = join ' ', sort map { $_->{name} } @$fields;
	is( scalar(grep { join(' ', sort keys %$_) ne $names } @$all), 0,
		'every field of the model, no other');
	foreach my $field (@$fields)
	{
		my @wrong = grep {
			my $v = $_->{ $field->{name} };
			$field->{type} eq 'array' ? ref $v ne 'ARRAY'
			  : $field->{type} eq 'integer' ? $v !~ /^\d+$/
			  : ($field->{pg_type} // '') eq 'numeric'
			  ? $v !~ /^(?:-|-?\d+(?:\.\d{1,8})?)$/
			  : ($field->{pg_type} // '') eq 'timestamp'
			  ? $v !~ /^2023-04-\d\d \d\d:\d\d:\d\d$/
			  : !defined $v || ref $v;
		} @$all;
		is(scalar @wrong, 0, "form of $field->{name}");
	}

	my $some = sub { return scalar grep { $_[0]->() } @$all };
	ok($some->(sub { $_->{RealTotalCost} =~ /^-/ }), 'negative amounts');
	ok($some->(sub { $_->{RealTotalCost} =~ /\.\d{8}$/ }), 'eight decimals');
	ok($some->(sub { $_->{TotalCost} =~ /^-?\d+\.\d$/ }), 'one decimal');
	ok($some->(sub { $_->{TotalCost} eq '-' }), 'contract prices');
	ok($some->(sub { $_->{RegionName} =~ /地区/ }), 'Chinese');
	ok($some->(sub { $_->{RegionName} =~ /China/ }), 'English');
	ok($some->(sub { $_->{ActionTypeName} =~ /^ / }), 'blanks in labels');
	ok($some->(sub { length $_->{OperateUin} > 10 }), 'wide account numbers');
	foreach my $n (0 .. 4)
	{
		ok($some->(sub { @{ $_->{Tags} } == $n }), "$n tags");
	}
	ok( $some->(sub { grep { $_->{TagValue} eq '' } @{ $_->{Tags} } }),
		'empty tag values');
	my %modes = map { $_->{PayModeName} => 1 } @$all;
	is(scalar keys %modes, 8, 'labels of payment modes of both sites');
	$sim->config({ rows => 100 });
	my $old = $sim->dump($RESOURCE, { Month => '2021-04' });
	is(scalar(grep { $_->{TotalCost} ne '-' } @$old), 0,
		'no list prices before May 2021');

	$sim->config({ seed => 2 });
	isnt(first_id(), $all->[0]{PayTime}, 'another seed');
	$sim->config({ seed => 1, rows => 7 });
	same(pages(3), [ @$all[ 0 .. 6 ] ], 'deterministic; fewer rows are the '
		  . 'first ones');
	$sim->reset;
};

sub tag_value
{
	my ($row, $key) = @_;
	my ($tag) = grep { $_->{TagKey} eq $key } @{ $row->{Tags} };

	return $tag ? $tag->{TagValue} : undef;
}

subtest 'filters, paging and totals' => sub {
	$sim->config({ rows => 400 });
	my $all = $sim->dump($RESOURCE, { Month => '2023-04' });
	my %code_of = map { ($_ => 'prePay') } '包年包月',
	  'Yearly/monthly subscription', 'Monthly Subscription';
	$code_of{$_} = 'postPay'
	  foreach '按量计费', 'Pay-As-You-Go resources', 'Pay-as-you-go';
	my $twice = $all->[2]{ResourceId};

	is($all->[3]{ResourceId}, $twice, 'one resource, two transactions');
	foreach my $case (
		[{ ResourceId => $twice }, sub { $_->{ResourceId} eq $twice }],
		[{ ResourceId => 'ins-nothing' }, sub { 0 }],
		[{ BusinessCode => 'p_cvm' }, sub { $_->{BusinessCode} eq 'p_cvm' }],
		[{ PayMode => 'prePay' },
		 sub { ($code_of{ $_->{PayModeName} } // '') eq 'prePay' }],
		[{ PayMode => 'postPay' },
		 sub { ($code_of{ $_->{PayModeName} } // '') eq 'postPay' }],
		[{ ActionType => 'Yearly/monthly subscription renewal' },
		 sub { $_->{ActionTypeName} =~
			   /^(?:Yearly\/monthly subscription renewal|包年包月续费)$/ }],
		[{ ActionType => '包年包月新购' },
		 sub { $_->{ActionTypeName} =~
			   /^(?:New yearly\/monthly subscription|包年包月新购)$/ }],
		[{ TagKey => 'env', TagValue => 'prod' },
		 sub { (tag_value($_, 'env') // '') eq 'prod' }],
		[{ TagKey => 'env', TagValue => '' },
		 sub { (tag_value($_, 'env') // '') eq '' }],
		[{ TagKey => '部门分类', TagValue => '支付' },
		 sub { (tag_value($_, '部门分类') // '') eq '支付' }],
		[{ TagKey => 'no such key', TagValue => 'x' }, sub { 0 }],
		[{ PayMode => 'prePay', BusinessCode => 'p_cdb' },
		 sub { $_->{BusinessCode} eq 'p_cdb'
			   && ($code_of{ $_->{PayModeName} } // '') eq 'prePay' }])
	{
		my ($params, $test) = @$case;
		my @expected = grep { $test->() } @$all;
		my $name = encode_json($params);
		my $first = $client->call($RESOURCE,
			{ %of_resource, %$params, NeedRecordNum => 1 });

		utf8::decode($name);
		same(pages(70, %$params), \@expected,
			scalar(@expected) . " rows with $name");
		is($first->{response}{Total}, scalar @expected, 'total');
		same($sim->dump($RESOURCE, { Month => '2023-04', %$params }),
			\@expected, 'dump');
	}
	foreach my $need ({}, { NeedRecordNum => 0 })
	{
		my $answer =
		  $client->call($RESOURCE, { %of_resource, %$need });

		ok(!exists $answer->{response}{Total}, 'no total unless asked for');
	}
	my $beyond = $client->call($RESOURCE,
		{ %of_resource, Offset => 99999, NeedRecordNum => 1 });
	is_deeply(rows_of($beyond), [], 'beyond the end');
	is($beyond->{response}{Total}, 400, 'with the total');
	$sim->reset;
};

subtest 'summaries' => sub {
	my @parts = qw(TotalCost RealTotalCost CashPayAmount IncentivePayAmount
	  VoucherPayAmount TransferPayAmount);

	$sim->config({ rows => 800 });
	my $lines = $sim->dump($RESOURCE, { Month => '2023-04' });
	my %whole = map { $_ => total($lines, $_) } @parts[ 1 .. 5 ];

	$whole{TotalCost} = total(
		rows_of($client->call($SUMMARY,
				{ Month => '2023-04', GroupType => 'business' })),
		'TotalCost');
	foreach my $type (qw(business project region payMode tag))
	{
		my @keys = $type eq 'tag' ? ('env', '部门分类') : ();
		my $answer = $client->call($SUMMARY,
			{ Month => '2023-04', GroupType => $type,
			  @keys ? (TagKey => \@keys) : () });
		my $rows = rows_of($answer);

		is($answer->{response}{Ready}, 1, "$type: ready");
		foreach my $key (@keys ? @keys : undef)
		{
			my @of_key =
			  grep { !defined $key || $_->{GroupKey} eq $key } @$rows;

			is(total(\@of_key, $_), $whole{$_}, "$type: sum of $_")
			  foreach @parts;
			is(scalar(grep { $_->{GroupValue} eq '' } @of_key), 1,
				"untagged of $key") if defined $key;
		}
		if ($type eq 'business')
		{
			is(scalar(grep { defined $_->{Business} } @$rows), 0,
				'products are not split again');
			next;
		}
		foreach my $part (@parts)
		{
			is( scalar(grep { total($_->{Business}, $part) !=
						  units($_->{$part}) } @$rows),
				0, "$type: products sum up to the group, $part");
		}
	}
	is( $client->call($SUMMARY, { Month => '2021-04', GroupType =>
				'business' })->{response}{SummaryDetail}[0]{TotalCost},
		'-', 'no list prices before May 2021');

	my $modes = rows_of($client->call($PAYMODE, \%of_paymode));
	is_deeply([ map { $_->{PayMode} } @$modes ], [qw(prePay postPay riPay)],
		'payment modes');
	is(total($modes, $_), $whole{$_}, "payment modes: sum of $_")
	  foreach @parts;
	is_deeply($modes->[2]{Detail}, [], 'no details of reserved instances');
	foreach my $mode (@$modes[ 0, 1 ])
	{
		is(total($mode->{Detail}, $_), units($mode->{$_}),
			"details of $mode->{PayMode}: sum of $_") foreach @parts;
		is($mode->{Detail}[0]{BillMonth}, '2023-04', 'month of the details');
	}

	my $payer = { Month => '2023-04', GroupType => 'region',
		PayerUin => '700000686592' };
	my $other = rows_of($client->call($SUMMARY, $payer));
	isnt(total($other, 'RealTotalCost'), $whole{RealTotalCost},
		'another payer has another bill');
	is( total(rows_of($client->call($PAYMODE,
					{ %of_paymode, PayerUin => '700000686592' })),
			'RealTotalCost'),
		total($other, 'RealTotalCost'), 'the same by payment mode');
	my $sum = 0;
	$sum += total(rows_of($client->call($SUMMARY,
				{ %of_summary, OperateUin => $_ })), 'RealTotalCost')
	  foreach qw(700000686592 909619400 100000000001 200031415926);
	is($sum, $whole{RealTotalCost}, 'operators sum up to the month');
	is_deeply(rows_of($client->call($SUMMARY,
				{ %of_summary, OperateUin => '1' })),
		[], 'unknown operator');
	my $fields = read_json("$here/sim/data/actions.json");
	foreach my $case (['SummaryDetail', rows_of($client->call($SUMMARY,
					\%of_summary))],
		['PayModeSummaryOverviewItem', $modes],
		['ActionSummaryOverviewItem', $modes->[0]{Detail}])
	{
		my ($type, $rows) = @$case;
		my $names = join ' ',
		  sort map { $_->{name} } @{ $fields->{types}{$type}{fields} };

		is(scalar(grep { join(' ', sort keys %$_) ne $names } @$rows), 0,
			"every field of $type");
	}
	$sim->reset;
};

# -------------------------------------------------------------------- faults

sub with_fault
{
	my ($fault, %of) = @_;

	$sim->reset;
	$sim->config({ %{ $of{config} // {} },
			faults => ref $fault eq 'ARRAY' ? $fault : [$fault] });
	return $client->call($of{action} // $SUMMARY,
		$of{params} // \%of_summary, %{ $of{changes} // {} });
}

subtest 'faults: which requests' => sub {
	my $error = { error => { code => 'InternalError', message => '出错' } };
	my $codes = sub {
		return join ' ', map {
			($client->call(@$_)->{code} // 'ok') eq 'ok' ? 0 : 1
		} @_;
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
	$client->call($SUMMARY, {});
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

subtest 'faults: content' => sub {
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
	$a = with_fault({ patch => [
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
	$a = with_fault({ not_ready => JSON::PP::true });
	is($a->{response}{Ready}, 0, 'not ready by flag');
	ok(@{ rows_of($a) } > 0, 'beside rows');
	is($sim->log->[0]{outcome}, 'not_ready', 'in the log');
	$a = with_fault({ not_ready => JSON::PP::true }, action => $RESOURCE,
		params => \%of_resource);
	code_is($a, 'FailedOperation.SummaryDataNotReady', 'not ready by error');
	$a = with_fault({ pad => 100_000 });
	is(length $a->{response}{Padding}, 100_000, 'padding');
	ok(@{ rows_of($a) } > 0, 'beside rows');
	$sim->reset;
};

subtest 'faults: paging' => sub {
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

subtest 'faults: delivery' => sub {
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
	$a = with_fault({ latency_ms => 30 });
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
	$a = with_fault({ close => JSON::PP::true },
		changes => { connection => 'keep-alive' });
	is($a->{headers}{connection}, 'close', 'closed after the answer');
	$a = with_fault({ gzip_bomb => 500_000 });
	is($a->{headers}{'content-encoding'}, 'gzip', 'bomb is gzip');
	is(length $a->{body}, 500_000, 'of so many bytes');
	cmp_ok($a->{wire_length}, '<', 50_000, 'but small on the wire');
	is($a->{response}{Ready}, 1, 'and an answer');

	foreach my $where (qw(headers body))
	{
		$sim->reset;
		$sim->config({ faults => [ { stall => $where } ] });
		my $socket = $client->connection;
		syswrite $socket,
		  BillingSim::Client::bytes_of($client->request($SUMMARY,
				\%of_summary));
		my $text = '';
		my $half = length($plain->{body}) / 2;
		ok( log_until(sub { ($_[0][0]{outcome} // '') eq 'stall' }),
			"stalled at $where");
		if ($where eq 'body')
		{
			while ($text !~ /\r\n\r\n/
				|| length($text) - $+[0] < int $half)
			{
				IO::Select->new($socket)->can_read(60) or last;
				sysread($socket, $text, 65536, length $text) or last;
			}
			my ($body) = $text =~ /\r\n\r\n(.*)/s;
			is(length $body, int $half, 'half of the body came');
		}
		ok(!IO::Select->new($socket)->can_read(0.05), 'then nothing');
		is($sim->log->[0]{ended_ms}, undef, 'still in flight');
		close $socket;
		ok(log_until(sub { defined $_[0][0]{ended_ms} }),
			'ends when the peer goes');
	}
	$sim->reset;
};

subtest 'compression' => sub {
	my %gzip = (headers => { 'accept-encoding' => 'deflate, gzip' });
	my $a = $client->call($SUMMARY, \%of_summary, %gzip);

	is($a->{headers}{'content-encoding'}, 'gzip', 'when it is offered');
	ok($a->{complete} && $a->{response}{Ready}, 'complete');
	$a = $client->call($SUMMARY, \%of_summary);
	is($a->{headers}{'content-encoding'}, undef, 'not otherwise');
	$a = $client->call($SUMMARY, \%of_summary,
		headers => { 'accept-encoding' => 'gzip;q=0' });
	is($a->{headers}{'content-encoding'}, undef, 'nor when it is unwanted');
	$sim->config({ gzip => JSON::PP::false });
	$a = $client->call($SUMMARY, \%of_summary, %gzip);
	is($a->{headers}{'content-encoding'}, undef, 'nor when switched off');
	$sim->reset;
};

subtest 'quota' => sub {
	$sim->config({ quota_per_second => 3 });
	# the answers take far less than a second together
	my @codes = map {
		$client->call($SUMMARY, \%of_summary)->{code} // 'ok'
	} 1 .. 5;
	my $log = $sim->log;

  SKIP:
	{
		skip 'the machine is too slow', 1
		  if $log->[-1]{started_ms} - $log->[-5]{started_ms} > 900;
		is("@codes", 'ok ok ok RequestLimitExceeded RequestLimitExceeded',
			'refused beyond');
	}
	is($client->call($PAYMODE, \%of_paymode)->{code}, undef, 'per action');
	is($client->call($SUMMARY, \%of_summary, secret_id => 'AKIDTOKENONLY',
			secret_key => 'k', token => 't')->{code}, undef, 'per secret');
	$sim->reset;
};

subtest 'answers kept' => sub {
	my $body = '{"Month": "2023-04", "GroupType": "region"}';
	my %gzip = (headers => { 'accept-encoding' => 'gzip' });
	my $call = sub { $client->call($SUMMARY, $_[0] // $body, @_[ 1 .. $#_ ]) };
	my $id = sub { $_[0]{response}{RequestId} };
	my $other = $call->();

	$sim->config({ cache => JSON::PP::true });
	my $first = $call->();
	isnt($id->($first), $id->($other), 'none was kept before');
	is($call->()->{body}, $first->{body}, 'sent again');
	is($sim->log->[-1]{request_id}, $id->($first), 'the log has its RequestId');
	my $packed = $call->($body, %gzip);
	ok($packed->{headers}{'content-encoding'} eq 'gzip' && $packed->{response}{Ready},
		'compressed');
	is($call->($body, %gzip)->{body}, $packed->{body}, 'sent again compressed');
	isnt($id->($packed), $id->($first), 'apart from the other form');
	$sim->config({ faults => [ { latency_ms => 1 } ], quota_per_second => 1000 });
	is($call->()->{body}, $first->{body}, 'sent again later');

	isnt($call->('{"Month": "2023-05", "GroupType": "region"}')->{body},
		$first->{body}, 'other parameters');
	$sim->config({ seed => 2 });
	isnt($call->()->{body}, $first->{body}, 'other settings');
	$sim->config({ seed => 1, ignore_filters => ['TagKey'] });
	isnt($id->($call->()), $id->($first), 'other names');
	$sim->config({ ignore_filters => [], faults => [ { total_drift => 1 } ] });
	isnt($id->($call->()), $id->($first), 'not with a fault');
	$sim->config({ faults => [ { error => { code => 'InternalError' } } ] });
	is($call->()->{code}, 'InternalError', 'nor an error');
	$sim->config({ faults => [] });
	is($call->($body, secret_key => 'wrong')->{code},
		'AuthFailure.SignatureFailure', 'only to who signs');

	$sim->reset;
	isnt($id->($call->()), $id->($first), 'not when switched off');
	$sim->config({ cache => JSON::PP::true });
	is($id->($call->()), $id->($first), 'still there after a reset');
	$sim->reset;
};

# ------------------------------------------------- interpretation switches

subtest 'interpretation switches' => sub {
	my %few = (rows => 400);
	$sim->config(\%few);
	my $all = $sim->dump($RESOURCE, { Month => '2023-04' });
	my $count = sub {
		my ($config, %params) = @_;

		$sim->reset;
		$sim->config({ %few, %$config });
		return $client->call($RESOURCE,
			{ %of_resource, NeedRecordNum => 1, %params })->{response}{Total};
	};
	my $without = grep { !length(tag_value($_, 'env') // '') } @$all;
	my $with = grep { defined tag_value($_, 'env') } @$all;
	my %empty = (TagKey => 'env', TagValue => '');

	is($count->({}, %empty), $without, 'empty value honoured');
	is($count->({ tag_value_empty => 'ignored' }, %empty), 400, 'ignored');
	is($count->({ tag_value_empty => 'ignored', tag_key_alone => 'tagged' },
			%empty), $with, 'ignored, leaving the key alone');
	is($count->({}, TagKey => 'env'), 400, 'a key alone: all');
	is($count->({ tag_key_alone => 'tagged' }, TagKey => 'env'), $with,
		'a key alone: tagged');
	is($count->({ ignore_filters => ['PayMode'] }, PayMode => 'prePay'),
		400, 'an ignored filter');
	is($count->({ ignore_filters => ['TagKey'] }, %empty), 400,
		'an ignored tag');
	is($count->({ total => 'exact' }), 400, 'total exact');
	is($count->({ total => 'null' }), undef, 'null');
	is($count->({ total => 'zero' }), 0, 'zero');
	is($count->({ total => 'stale' }), 360, 'stale');
	is($count->({ total => 'large' }), 441, 'large');
	is($count->({ total => 'absent' }), undef, 'absent');

	my $ask = sub {
		my ($config, $action, $params) = @_;

		$sim->reset;
		$sim->config($config);
		return $client->call($action // $SUMMARY, $params // \%of_summary);
	};
	ok(exists $ask->({ total => 'null' }, $RESOURCE,
			{ %of_resource, NeedRecordNum => 1 })->{response}{Total},
		'null is there');
	ok(!exists $ask->({ total => 'absent' }, $RESOURCE,
			{ %of_resource, NeedRecordNum => 1 })->{response}{Total},
		'absent is not');
	is(scalar @{ rows_of($ask->({ limit_cap => 3 }, $RESOURCE,
				\%of_resource)) }, 3, 'pages silently capped');
	my %tag = (Month => '2023-04', GroupType => 'tag');
	code_is($ask->({ tag_without_key => 'error' }, $SUMMARY, \%tag),
		'MissingParameter', 'no tag key: error');
	my %keys = map { $_->{GroupKey} => 1 }
	  @{ rows_of($ask->({ tag_without_key => 'all' }, $SUMMARY, \%tag)) };
	cmp_ok(scalar keys %keys, '>', 4, 'no tag key: all keys');
	is_deeply(rows_of($ask->({ tag_without_key => 'empty' }, $SUMMARY,
				\%tag)), [], 'no tag key: nothing');
	ok(!exists $ask->({ ready => 'absent' })->{response}{Ready},
		'no Ready flag');
	is($ask->({ error_status => 400 }, $SUMMARY, {})->{status}, 400,
		'errors with another status');
	is($ask->({ error_status => 400 })->{status}, 200, 'errors only');

	foreach my $case ([ 'documented', '[]', 'null' ], [ '[]', '[]', '[]' ],
		[ 'null', 'null', 'null' ], [ 'missing', undef, undef ])
	{
		my ($how, $list, $business) = @$case;
		my $shown = sub {
			my ($object, $name) = @_;

			return exists $object->{$name}
			  ? encode_json([ $object->{$name} ]) =~ s/^.|.$//gr
			  : undef;
		};
		my $a = $ask->({ empty_array => $how, rows => 0 });
		is($shown->($a->{response}, 'SummaryDetail'), $list,
			"no rows: $how");
		$a = $ask->({ empty_array => $how }, $SUMMARY,
			{ Month => '2023-04', GroupType => 'business' });
		is($shown->(rows_of($a)->[0], 'Business'), $business,
			"no products: $how");
		$a = $ask->({ empty_array => $how }, $PAYMODE, \%of_paymode);
		is($shown->(rows_of($a)->[2], 'Detail'), $list, "no details: $how");
		$a = $ask->({ empty_array => $how }, $RESOURCE,
			{ %of_resource, Limit => 100 });
		my ($row) = grep { !@{ $_->{Tags} // [] } } @{ rows_of($a) };
		is($shown->($row, 'Tags'), $list, "no tags: $how");
	}
	$sim->reset;
};

# ------------------------------------------------------------------- control

subtest 'control' => sub {
	my $body = encode('UTF-8',
		'{"Month": "2023-04", "GroupType": "tag", "TagKey": ["部门分类"]}');
	my $socket = $client->connection;
	my %keep = (connection => 'keep-alive');
	my $send = sub {
		return $client->exchange(
			BillingSim::Client::bytes_of(
				$client->request($SUMMARY, @_, %keep)),
			$socket);
	};

	$send->($body);
	$send->('{}', token => $TOKEN);
	$client->call($SUMMARY, "\xff");
	my $log = $sim->log;
	is(scalar @$log, 3, 'entries');
	is($log->[0]{connection}, $log->[1]{connection}, 'one connection');
	isnt($log->[0]{connection}, $log->[2]{connection}, 'another one');
	is_deeply([ map { $_->{n} } @$log ], [ 1, 2, 3 ], 'numbers');
	is_deeply([ map { $_->{outcome} } @$log ],
		[ 'ok', 'MissingParameter', 'InvalidParameter' ], 'outcomes');
	is_deeply([ map { $_->{in_flight} } @$log ], [ 1, 1, 1 ],
		'one at a time');
	is($log->[0]{action}, $SUMMARY, 'action');
	is($log->[0]{status}, 200, 'status');
	is(encode('UTF-8', $log->[0]{raw}), $body, 'raw body');
	is_deeply($log->[0]{body}, decode_json($body), 'body');
	is($log->[2]{body}, undef, 'no body when it cannot be read');
	is_deeply([ map { $_->{secret} } @$log ], [ 1, 2, 1 ], 'which secrets signed');
	cmp_ok($log->[0]{ended_ms}, '>=', $log->[0]{started_ms}, 'times');
	is($log->[0]{headers}{'content-length'}, length $body, 'headers');
	is(scalar(grep { exists $_->{headers}{authorization} } @$log), 0,
		'but not all');
	is( ($sim->bodies)[0],
		"$SUMMARY {\"Month\":\"2023-04\",\"GroupType\":\"tag\","
		  . '"TagKey":["部门分类"]}',
		'bodies, compact, in the order sent');
	is(scalar(my @lines = $sim->bodies), 3, 'one line per request');
	my $shown = join ' ', map { $sim->control('GET', $_) } '/sim/log',
	  '/sim/bodies', '/sim/config';
	unlike($shown, qr/\Q$_\E/, 'no key material') foreach $KEY, $TOKEN,
	  'TC3-HMAC', 'Signature=';

	# two at once: both are seen
	$sim->reset;
	$sim->config({ faults => [ { stall => 'headers' } ] });
	my @open = map { $client->connection } 1, 2;
	syswrite $_,
	  BillingSim::Client::bytes_of($client->request($SUMMARY, $body))
	  foreach @open;
	$log = log_until(sub { @{ $_[0] } == 2 });
	is_deeply([ map { $_->{in_flight} } @$log ], [ 1, 2 ], 'in flight');
	close $_ foreach @open;
	ok(log_until(sub { !grep { !defined $_->{ended_ms} } @{ $_[0] } }),
		'both end');

	$sim->reset;
	is_deeply($sim->log, [], 'reset empties the log');
	$client->call($SUMMARY, \%of_summary, secret_key => 'none');
	is($sim->log->[0]{secret}, undef, 'no secret where the signature is wrong');
	$sim->reset;
	my $default = $sim->config;
	foreach my $wrong (
		{ nothing => 1 }, { data => 'x' }, { rows => -1 },
		{ rows => '5' }, { gzip => 1 }, { faults => {} },
		{ faults => [ { nothing => 1 } ] },
		{ faults => [ { latency_ms => 'x' } ] },
		{ faults => [ { error => {} } ] },
		{ faults => [ { http => { body => 'x' } } ] },
		{ faults => [ { replace => { find => 'x' } } ] },
		{ faults => [ { raw_hex => 'abc' } ] },
		{ faults => [ { stall => 'x' } ] },
		{ ignore_filters => 'PayMode' },
		{ rows => 5, data => 'x' })
	{
		ok(!eval { $sim->config($wrong); 1 },
			'refused: ' . canonical($wrong));
		like($@, qr/ 400 .*"error":/, 'with a message');
	}
	is(canonical($sim->config), canonical($default),
		'what is refused changes nothing');
	ok(!eval { $sim->config([1]); 1 }, 'config is an object');
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

		open my $pipe, '-|', "$here/sim/simctl", @arguments or die "$!";
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

# --------------------------------------------------------------- the program

subtest 'TLS, IPv6, site, ending' => sub {
	my $dir = tempdir(CLEANUP => 1);
	my $files = BillingSim::make_ca($dir);
	my $tls = BillingSim->start(wrap => \@wrap, tls => 1,
		cert => $files->{cert}, key => $files->{key});
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

  SKIP:
	{
		my $v6 = eval { BillingSim->start(wrap => \@wrap, ipv6 => 1,
				site => 'intl') }
		  or skip 'no IPv6 here', 5;
		my $intl = BillingSim::Client->new($v6);

		like($v6->url, qr{^http://\[::1\]:\d+$}, 'IPv6');
		is($intl->call($SUMMARY, \%of_summary)->{code}, undef,
			'the default secret');
		is($intl->call($RESOURCE, { %of_resource, ActionType =>
					'Daily pay-as-you-go' })->{code}, undef, 'list of the site');
		code_is($intl->call($RESOURCE, { %of_resource, ActionType =>
					'按量计费日结' }), 'InvalidParameterValue',
			'not that of the other site');
		kill 'TERM', $v6->pid;
		is($v6->stop, 0, 'SIGTERM ends it cleanly');
	}

	# a stalled request does not keep it from ending
	$sim->config({ faults => [ { stall => 'headers' } ] });
	my $socket = $client->connection;
	syswrite $socket,
	  BillingSim::Client::bytes_of($client->request($SUMMARY, \%of_summary));
	log_until(sub { ($_[0][0]{outcome} // '') eq 'stall' });
	is($sim->stop, 0, 'the end of its input ends it, cleanly');
};

done_testing();

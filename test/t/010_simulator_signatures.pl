#!/usr/bin/perl
#
# 010_simulator_signatures.pl
#	  The simulator verifies signatures as the vendor computes them: documented
#	  ones, and those of requests that the vendor's clients have sent.
#
# IDENTIFICATION
#	  test/t/010_simulator_signatures.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(encode);
use POSIX ();
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $TOKEN = 'EXAMPLETOKENabc123==';

my $sim = BillingSim->start(secret => [ "$ID:$KEY", "$ID:$KEY:$TOKEN" ]);
my $client = BillingSim::Client->new($sim);

# ---- documented signatures

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
		['dense JSON',
		 1551113065, $china, $json, 'content-type;host', $dense,
		 'ce4700fec2e0203b592778b4aaab287be637197f4d4d45d698b9d4690794da66'],
		['Chinese, with a charset, in the last second of a year',
		 1704067199, $china, $utf8, 'content-type;host', $tag,
		 '08b986d73c3d262cd85b3942dd1247c21534d74619b823a84f2f60f5876ee706'],
		['Chinese, without a charset',
		 1704067199, $china, $json, 'content-type;host', $tag,
		 '45fa449a83b1be3b7542a3e02bbb11b474afa932c7a9a88ed4d70ca4f127f5df'],
		['Chinese as escapes',
		 1704067199, $china, $json, 'content-type;host',
		 '{"Month": "2023-05", "GroupType": "tag", "TagKey": '
		   . '["\u6d4b\u8bd5\u952e", "\u90e8\u95e8\u5206\u7c7b"]}',
		 'a067482ee1041ecbdc67b3c3714a64ac7e782c25113111725a04b1e007bb909e'],
		['the other site, with a token, in the first second of a year',
		 1704067200, 'billing.intl.tencentcloudapi.com', $json,
		 'content-type;host',
		 '{"BeginTime": "2018-11", "EndTime": "2018-11"}',
		 '77f228b95cde8c56141439bbbded7193a1252c5be4443ba1d506fa5c9da8845f',
		 undef, $PAYMODE,
		 { 'x-tc-region' => 'ap-singapore', 'x-tc-language' => 'en-US',
		   'x-tc-token' => $TOKEN }],
		# the empty body belongs to an action without parameters; here the
		# signature passes and then a parameter is missing
		['an empty object',
		 1704067200, $china, $json, 'content-type;host', '{}',
		 '9ed9ffc74b67ccdb79d4430d588ff70d97cd24499a0e765e237fe0df2185a6e0',
		 'MissingParameter'],
		['a third signed header',
		 1704067199, $china, $utf8, 'content-type;host;x-tc-action',
		 $spaced,
		 '8beb5107d8194977949b133a74aea6550b54eb431860f1c8ce95014a61689f4c'],
		['host and port',
		 1704067200, '127.0.0.1:8080', $json, 'content-type;host',
		 $spaced,
		 'b0deb71440c6600dafe48a06c351054892a9eaf41bbc390a3d511b61fc5b5c69'],
		['host and port, signed without the port',
		 1704067200, '127.0.0.1:8080', $json, 'content-type;host',
		 $spaced,
		 '3e0849662b6991a73cf99aab1356528ef0c0f16511508673e082d8681f04eb9b'],
		['shortly after midnight',
		 1728518407, $china, $json, 'content-type;host', $dense,
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
	is($answer->{code}, undef, 'a query');
	is(rows_of($answer)->[0]{GroupKey}, '测试键', 'which asked for its key');
	$sim->reset;
};

# ---- transcripts

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

# Sends a recorded request, or what has become of it.
sub resend
{
	my ($socket, $headers, $body) = @_;

	return $client->exchange(
		BillingSim::Client::bytes_of(
			{
				method => 'POST',
				path => '/',
				query => '',
				body => $body,
				headers => { %$headers, 'content-length' => length $body }
			}),
		$socket);
}

subtest "requests of the vendor's clients" => sub {
	my $wrong_key = BillingSim->start(secret => ["$ID:another key"]);

	foreach my $file (glob "$sim_dir/data/transcripts/*.json")
	{
		my $t = read_json($file);
		my ($name) = $file =~ m{([^/]+)\.json$};
		my $socket = $client->connection;
		my %skipped;

		$_->config({ clock => $t->{clock} }) foreach $sim, $wrong_key;
		foreach my $request (@{ $t->{requests} })
		{
			# actions that the simulator does not have are skipped by name
			if (!$model->{actions}{ $request->{action} })
			{
				$skipped{ $request->{action} } = 1;
				next;
			}
			my $label = "$name: $request->{action} $request->{body}";
			my $body = encode('UTF-8', $request->{body});
			my $good = resend($socket, $request->{headers}, $body);

			is($good->{code}, undef, "$label accepted");
			my @changes = changes_of($request);
			my @accepted = map { $_->[0] } grep {
				(resend($socket, $_->[1], $_->[2])->{code} // '') !~ /^AuthFailure\./
			} @changes;
			is("@accepted", '', scalar(@changes) . ' changes refused');
			my $other = BillingSim::Client->new($wrong_key)->connection;
			like(resend($other, $request->{headers}, $body)->{code},
				qr/^AuthFailure\./, 'refused with another key');
		}
		note("$name: skipped, not simulated: $_") foreach sort keys %skipped;
	}
	is($wrong_key->stop, 0, 'clean end');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

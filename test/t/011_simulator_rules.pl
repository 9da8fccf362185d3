#!/usr/bin/perl
#
# 011_simulator_rules.pl
#	  The simulator refuses what the API refuses, and accepts what it accepts:
#	  one request per rule.
#
# IDENTIFICATION
#	  test/t/011_simulator_rules.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $TOKEN = 'EXAMPLETOKENabc123==';

my $sim = BillingSim->start(
	secret => [ "$ID:$KEY", "$ID:$KEY:$TOKEN", 'AKIDTOKENONLY:k:t' ]);
my $client = BillingSim::Client->new($sim);

# the clock stands, so that five minutes are five minutes
my $now = time();
$sim->config({ rows => 40, clock => $now });

# Parameters that are fine but for a change; undef leaves one out.
sub changed
{
	my ($action, $change) = @_;
	my %params = (%{ params_of($action) }, %$change);

	delete $params{$_} foreach grep { !defined $params{$_} } keys %params;
	return \%params;
}

# ---- HTTP and headers

# Refusals whatever the parameters are: name, code, changes.
sub refused_requests
{
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

subtest 'refused: HTTP, headers, signatures' => sub {
	foreach my $case (refused_requests())
	{
		my ($name, $code, %changes) = @$case;

		code_is($client->call($SUMMARY, \%of_summary, %changes), $code, $name);
	}
	code_is($client->call('DescribeNothing', {}), 'InvalidAction', 'action');
	code_is(
		$client->call('DescribeOrganizationBillResourceSummary', \%of_resource),
		'InvalidAction', 'the wrong name in a documented example');
	code_is($client->call($SUMMARY, ' ' x (10 * 1024 * 1024 + 1)),
		'RequestSizeLimitExceeded', 'body above 10 MB');
	code_is(
		$client->call($SUMMARY, '', method => 'GET', query => 'Month=' . '0' x 32768),
		'RequestSizeLimitExceeded', 'query above 32 KB');
	code_is(
		$client->call($SUMMARY, \%of_summary,
			headers => { map { ("x-other-$_" => 1) } 1 .. 64 }),
		'InvalidRequest', 'too many headers');
	my $twice = sub {
		$_[0]{headers}{$_} = 'en-US' foreach 'X-TC-Language', 'x-tc-language';
	};
	code_is($client->call($SUMMARY, \%of_summary, late => $twice),
		'InvalidRequest', 'a header twice');
};

subtest 'accepted: HTTP, headers, signatures' => sub {
	foreach my $case (
		['no charset', type => 'application/json;charset=UTF-8'],
		['all headers signed',
		 headers => { 'x-tc-language' => 'zh-CN', 'x-tc-region' =>
			   'eu-frankfurt', 'x-tc-requestclient' => 'billing_fdw-1.0;a,b' },
		 signed => [qw(content-type host x-tc-action x-tc-language
			 x-tc-region x-tc-requestclient x-tc-timestamp x-tc-version)]],
		['token', token => $TOKEN],
		['host with port', host => '127.0.0.1:' . $sim->port],
		['five minutes old', time => $now - 300],
		['five minutes ahead', time => $now + 300])
	{
		my ($name, %changes) = @$case;

		is($client->call($SUMMARY, \%of_summary, %changes)->{code}, undef, $name);
	}
	my $large = encode_json(\%of_summary) . ' ' x 2_000_000;
	is($client->call($SUMMARY, $large)->{code}, undef, 'two megabytes');
};

# ---- bodies

# What makes a body no JSON: name, reason, body.  The code alone would not tell.
my @no_json = (
	['no JSON', 'invalid number', 'Month=2023-04'],
	['empty', 'value expected', ''],
	['trailing bytes', 'bytes after the value', encode_json(\%of_summary) . '}'],
	['bad UTF-8', 'invalid UTF-8',
	 qq({"Month":"2023-04","Offset":0,"Limit":1,"TagKey":"\xff"})],
	['overlong UTF-8', 'invalid UTF-8', qq({"Month":"\xc0\x80"})],
	['escaped NUL', 'escaped NUL', '{"Month":"2023-04\u0000"}'],
	['lone surrogate', 'lone surrogate', '{"Month":"\ud800"}'],
	['leading zero', 'comma or closing bracket expected',
	 '{"Month":"2023-04","Offset":00,"Limit":1}'],
	['control character', 'control character in string',
	 qq({"Month":"2023\t04"})],
	['comma at the end', 'string expected', '{"Month":"2023-04",}'],
	['deep', 'nested too deeply', '[' x 100 . ']' x 100]);

subtest 'refused: bodies' => sub {
	foreach my $case (@no_json)
	{
		my ($name, $why, $body) = @$case;
		my $answer = $client->call($SUMMARY, $body);

		code_is($answer, 'InvalidParameter', $name);
		is($answer->{response}{Error}{Message},
			"The request body is not well-formed JSON: $why.", "$name: why");
	}
	code_is($client->call($SUMMARY, '[]'), 'InvalidParameter', 'array');
	code_is(
		$client->call($SUMMARY,
			'{"Month":"2023-04","GroupType":"region","Month":"2023-05"}'),
		'InvalidParameter', 'a parameter twice');
	code_is(
		$client->call('DescribeCostSummaryByResource',
			'{"BeginTime":"2023-06","EndTime":"2023-06","Offset":0,"Limit":10,'
			  . '"Conditions":{"RegionIds":[4],"RegionIds":[8]}}'),
		'InvalidParameter', 'a member of a parameter twice');
	code_is(
		$client->call($SUMMARY,
			'{"Month":"2023-04","GroupType":"region","PayerUin":null}'),
		'InvalidParameter', 'a parameter of no value');
};

# ---- values of parameters

# Refused parameters: name, code, action, change of what is fine.
sub refused_parameters
{
	my $value = 'InvalidParameterValue';
	my $type = 'InvalidParameter';
	my $cost = 'DescribeCostSummaryByResource';
	my ($year, $month) = (gmtime(time() + 8 * 3600))[ 5, 4 ];
	my $next_month = sprintf '%04d-%02d', $year + 1900 + ($month == 11),
	  ($month + 1) % 12 + 1;

	return (
		# names
		[ 'unknown', 'UnknownParameter', $SUMMARY, { month => '2023-04' } ],
		[ 'of another action', 'UnknownParameter', $PAYMODE,
			{ Month => '2023-04' } ],
		[ 'member of an object', 'UnknownParameter', $cost,
			{ Conditions => { Regions => [4] } } ],
		(map { [ "no $_", 'MissingParameter', $SUMMARY, { $_ => undef } ] }
			  keys %of_summary),
		(map { [ "no $_", 'MissingParameter', $PAYMODE, { $_ => undef } ] }
			  keys %of_paymode),
		(map { [ "no $_", 'MissingParameter', $RESOURCE, { $_ => undef } ] }
			  keys %of_resource),

		# types
		[ 'number for text', $type, $SUMMARY, { Month => 202304 } ],
		[ 'text for number', $type, $RESOURCE, { Limit => '5' } ],
		[ 'number where paging is in texts', $type, 'DescribeCPQBillingMapping',
			{ Limit => 10 } ],
		[ 'fraction', $type, $RESOURCE, { Limit => 1.5 } ],
		[ 'text for boolean', $type, 'DescribeAccountBalance',
			{ TempCredit => 'true' } ],
		[ 'text for list', $type, $SUMMARY,
			{ GroupType => 'tag', TagKey => 'env' } ],
		[ 'list for text', $type, $RESOURCE, { TagKey => ['env'] } ],
		[ 'number in list of texts', $type, $SUMMARY,
			{ GroupType => 'tag', TagKey => [1] } ],
		[ 'text in list of integers', $type, 'DescribeDealsByCond',
			{ StatusSet => ['1'] } ],
		[ 'text for object', $type, $cost, { Conditions => '4' } ],
		[ 'type of a member', $type, $cost,
			{ Conditions => { RegionId => '4' } } ],
		[ 'type of an item of a member', $type, $cost,
			{ Conditions => { RegionIds => ['4'] } } ],

		# lists of values
		[ 'GroupType', $value, $SUMMARY, { GroupType => 'paymode' } ],
		[ 'PayMode', $value, $RESOURCE, { PayMode => 'riPay' } ],
		[ 'NeedRecordNum', $value, $RESOURCE, { NeedRecordNum => 2 } ],
		[ 'ActionType', $value, $RESOURCE,
			{ ActionType => 'New yearly/monthly subscription' } ],
		[ 'PeriodType', $value, $RESOURCE, { PeriodType => 'x' } ],
		[ 'item of a list of integers', $value, 'DescribeDealsByCond',
			{ StatusSet => [14] } ],
		[ 'item of a list of texts', $value, 'DescribeBudget',
			{ CycleTypes => ['WEEK'] } ],
		[ 'list of several lists', $value, 'DescribeBillList',
			{ SubPayType => ['nothing'] } ],

		# pages
		[ 'negative offset', $value, $RESOURCE, { Offset => -1 } ],
		[ 'page 0', $value, 'DescribeVoucherInfo', { Offset => 0 } ],
		[ 'page 0 of budgets', $value, 'DescribeBudget', { PageNo => 0 } ],
		[ 'no rows', $value, $RESOURCE, { Limit => 0 } ],
		[ 'page too large', $value, $RESOURCE, { Limit => 1001 } ],
		[ 'page size above the documented', $value, 'DescribeBillDetail',
			{ Limit => 301 } ],
		[ 'another action has another', $value,
			'DescribeBillDetailForOrganization', { Limit => 101 } ],
		[ 'page size that may be left out', $value,
			'DescribeOrgMemberAccountBalance', { PageSize => 11 } ],
		[ 'size of a page by token', $value, 'DescribeRenewInstances',
			{ MaxResults => 101 } ],
		[ 'text that is no number', $value, 'DescribeCPQBillingMapping',
			{ Limit => 'ten' } ],
		[ 'text above the maximum', $value, 'DescribeCPQBillingMapping',
			{ Limit => '101' } ],

		# times
		(map { [ "month $_", $value, $SUMMARY, { Month => $_ } ] } '2023-4',
			'2023-13', '2023-00', '2023-04-01', '202304', '', '2017-12',
			$next_month),
		[ 'month for a day', $value, 'DescribeVoucherInfo',
			{ TimeFrom => '2023-06' } ],
		[ 'no day', $value, 'DescribeVoucherInfo',
			{ TimeFrom => '2023-02-29' } ],
		[ 'day for a second', $value, 'DescribeRenewInstances',
			{ ExpireTimeStart => '2023-06-01' } ],
		[ 'no second', $value, 'DescribeRenewInstances',
			{ ExpireTimeStart => '2023-06-01 24:00:00' } ],
		[ 'neither of two documented forms', $value,
			'DescribeCostSummaryByTag', { BeginTime => '2023-06-01' } ],

		# ranges of time
		[ 'another month', $value, $PAYMODE, { EndTime => '2023-07' } ],
		[ 'two months', $value, 'DescribeCostSummaryByProduct',
			{ EndTime => '2023-07' } ],
		[ 'neither month nor range', 'MissingParameter', 'DescribeBillDetail',
			{ Month => undef } ],
		[ 'half a range', 'MissingParameter', 'DescribeCostDetail',
			{ Month => undef, BeginTime => '2023-06-01 00:00:00' } ],
		[ 'begin after end', $value, 'DescribeDealsByCond',
			{ StartTime => '2023-07-01 00:00:00' } ],
		[ 'begin after end of an optional range', $value,
			'DescribeVoucherInfo', { EndTimeFrom => '2023-06-02',
				EndTimeTo => '2023-06-01' } ],
		[ 'more than six months', $value, 'DescribeBillList',
			{ StartTime => '2023-01-01 00:00:00',
				EndTime => '2023-07-01 00:00:01' } ],
		[ 'more than seven days', $value, 'DescribeDosageDetailByDate',
			{ StartDate => '2023-06-01', EndDate => '2023-06-08' } ],
		[ 'two months of days', $value, 'DescribeDosageCosDetailByDate',
			{ StartDate => '2023-06-30', EndDate => '2023-07-01' } ],
		[ 'two months of seconds', $value, 'DescribeBillDetail',
			{ Month => undef, BeginTime => '2023-06-30 00:00:00',
				EndTime => '2023-07-01 00:00:00' } ],

		# tags
		[ 'no tag key', 'MissingParameter', $SUMMARY, { GroupType => 'tag' } ],
		[ 'empty list of tag keys', 'MissingParameter', $SUMMARY,
			{ GroupType => 'tag', TagKey => [] } ],
		[ 'value without key', $type, $RESOURCE, { TagValue => 'x' } ],
		[ 'unknown tag key', 'FailedOperation.TagKeyNotExist', $SUMMARY,
			{ GroupType => 'tag', TagKey => ['nothing'] } ],
		[ 'unknown tag key of another action', 'FailedOperation.TagKeyNotExist',
			'DescribeBillSummaryByTag', { TagKey => 'nothing' } ]);
}

subtest 'refused: parameters' => sub {
	foreach my $case (refused_parameters())
	{
		my ($name, $code, $action, $change) = @$case;

		code_is($client->call($action, changed($action, $change)), $code, $name);
	}
};

subtest 'accepted: parameters' => sub {
	foreach my $case (
		(map { [ "ActionType $_", $RESOURCE, { ActionType => $_ } ] }
			  '包年包月新购', 'Yearly/monthly subscription purchase'),
		[ 'both documented forms', 'DescribeCostSummaryByTag',
			{ BeginTime => '2023-06-01 00:00:00',
				EndTime => '2023-06-30 23:59:59' } ],
		[ 'a form of documented requests', 'DescribeAllocationTree',
			{ Month => '2023-06' } ],
		[ 'six months', 'DescribeBillList',
			{ StartTime => '2023-01-01 00:00:00',
				EndTime => '2023-07-01 00:00:00' } ],
		[ 'seven days', 'DescribeDosageDetailByDate',
			{ StartDate => '2023-06-01', EndDate => '2023-06-07' } ],
		[ 'negative values in a list', 'DescribeAllocationSummaryByItem',
			{ AllocationType => [ -1, 0 ] } ],
		[ 'one list of several', 'DescribeBillList',
			{ SubPayType => ['hour_h'] } ],
		[ 'a page without documented maximum', 'DescribeBudget',
			{ PageSize => 100000 } ])
	{
		my ($name, $action, $change) = @$case;
		my $answer = $client->call($action, changed($action, $change));

		is($answer->{code}, undef, $name);
	}
};

# ---- queries

# A query has no types: those of the models are put in.
subtest 'parameters by GET' => sub {
	my $cost = 'DescribeCostSummaryByResource';
	my $balance = 'DescribeAccountBalance';
	my $nested = 'BeginTime=2023-06&EndTime=2023-06&Limit=10&Offset=0'
	  . '&Conditions.RegionIds.0=4&Conditions.RegionIds.1=8'
	  . '&Conditions.HideFreeCost=1';
	my $month = 'GroupType=tag&Month=2023-04';
	my $get = sub {
		my ($action, $query) = @_;

		return $client->call($action, '', method => 'GET', query => $query);
	};

	my $answer = $get->($cost, $nested);
	is($answer->{code}, undef, 'objects');
	all_are { $_->{RegionId} =~ /^[48]$/ } rows_of($answer), 'which filter';
	code_is($get->($cost, "$nested&Conditions.Nothing=1"),
		'UnknownParameter', 'unknown member');
	code_is($get->($cost, "$nested&Conditions=1"),
		'UnknownParameter', 'object without member');
	is($get->($balance, 'TempCredit=true')->{code}, undef, 'boolean');
	code_is($get->($balance, 'TempCredit=yes'), 'InvalidParameter', 'no boolean');
	is($get->($SUMMARY, "$month&TagKey.0=env&TagKey.1=cost%20center")->{code},
		undef, 'list');
	code_is($get->($SUMMARY, "$month&TagKey.1=env"),
		'InvalidParameter', 'list that does not start at 0');
};

# ---- documented requests

subtest 'documented requests that break documented rules' => sub {
	my @refused;

	foreach my $example (examples())
	{
		my $answer = $client->call(@$example{qw(action request)});

		push @refused, $example->{name}
		  if ($answer->{code} // '') =~ /Parameter/;
	}
	is_deeply(\@refused, [
		# a month as 202210
		'DescribeAllocationRuleDetail.domestic.1.json',
		# a year, where six months are allowed
		'DescribeBillList.domestic.1.json',
		# a token that was not issued here
		'DescribeRenewInstances.domestic.1.json',
		# pages of no rows
		'DescribeSavingPlanResourceInfo.domestic.1.json' ],
		'few; they are served as examples only');
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

#!/usr/bin/perl
#
# 016_simulator_paging.pl
#	  Kinds of paging that the simulator has: numbers of pages, or of rows;
#	  tokens; cursors.
#
# IDENTIFICATION
#	  test/t/016_simulator_paging.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim = BillingSim->start;
my $client = BillingSim::Client->new($sim);

# Offset of one action can be read as either.
subtest 'an offset that counts pages, or rows' => sub {
	my $page = sub {
		my ($offset, $limit) = @_;

		return rows_of(
			$client->call(
				'DescribeDealsByCond',
				params_of(
					'DescribeDealsByCond',
					StatusSet => [ 1 .. 13, 30 ],
					Offset => $offset,
					Limit => $limit)));
	};

	$sim->config({ rows => 3000 });
	my $all = $page->(0, 200);
	same($page->(2, 10), [ @$all[ 20 .. 29 ] ], 'pages');
	$sim->config({ deals_offset => 'rows' });
	same($page->(2, 10), [ @$all[ 2 .. 11 ] ], 'rows');
	ok((grep { defined $_->{ResourceId} } @$all), 'resource ids');
	ok(!(grep { defined $_->{ResourceId} } @{ $page->(0, 201) }),
		'null with pages above 200');
	$sim->reset;
};

subtest 'page numbers' => sub {
	my $budget = sub {
		my (%more) = @_;

		return $client->call('DescribeBudget', params_of('DescribeBudget', %more));
	};

	$sim->config({ rows => 3000 });
	my $vouchers = $client->call('DescribeVoucherInfo', { Offset => 3, Limit => 10 });
	same(rows_of($vouchers),
		[ @{ $sim->dump('DescribeVoucherInfo', {}) }[ 20 .. 29 ] ], 'from 1');
	my $members = $client->call('DescribeOrgMemberAccountBalance', {});
	is(scalar @{ rows_of($members) }, 10, 'the default size');
	my $beyond = $budget->(PageNo => 9, PageSize => 500);
	same(rows_of($beyond), [], 'beyond the end');
	is($beyond->{response}{Data}{Total}, 3000, 'with the total');
	is($beyond->{response}{Data}{Pages}, 6, 'and the pages');
	is($beyond->{response}{Data}{Current}, 9, 'and the page');
	foreach my $how ('null', 'zero', 'absent')
	{
		$sim->config({ total => $how });
		my $data = $budget->()->{response}{Data};

		is(exists $data->{Total} ? $data->{Total} // 'null' : 'absent',
			{ null => 'null', zero => 0, absent => 'absent' }->{$how},
			"total inside an object: $how");
	}
	$sim->reset;
	$sim->config({ rows => 100, faults => [ { total_drift => 5 } ] });
	is($budget->(PageNo => 3, PageSize => 10)->{response}{Data}{Total},
		110, 'a total that drifts');
	$sim->config({ faults => [ { repeat_page => JSON::PP::true } ] });
	same(rows_of($budget->(PageNo => 3, PageSize => 10)),
		[ @{ $sim->dump('DescribeBudget', {}) }[ 10 .. 19 ] ],
		'the page before once more');
	$sim->reset;
};

subtest 'tokens' => sub {
	my $renew = 'DescribeRenewInstances';
	my %of = (MaxResults => 10);

	$sim->config({ rows => 25 });
	my $first = $client->call($renew, {%of});
	my $token = $first->{response}{NextToken};
	my $second = $client->call($renew, { %of, NextToken => $token });
	my $third = $client->call($renew,
		{ %of, NextToken => $second->{response}{NextToken} });

	isnt($second->{response}{NextToken}, $token, 'a token per page');
	same([ map { @{ rows_of($_) } } $first, $second, $third ],
		$sim->dump($renew, {}), 'all pages');
	is($third->{response}{NextToken}, '', 'no token at the end');
	code_is($client->call($renew, { %of, NextToken => $token . '0' }),
		'InvalidParameterValue', 'a token that was not issued');
	code_is($client->call($renew, { %of, NextToken => 'x' }),
		'InvalidParameterValue', 'no token at all');
	code_is($client->call($renew, { %of, NextToken => $token,
				RenewFlagList => ['NOTIFY_AND_AUTO_RENEW'] }),
		'InvalidParameterValue', 'the token of another request');
	same(rows_of($client->call($renew,
				{ MaxResults => 3, NextToken => $token })),
		[ @{ rows_of($second) }[ 0 .. 2 ] ],
		'though pages may be of another size');
	foreach my $how ('null', 'missing')
	{
		$sim->config({ empty_array => $how });
		my $last = $client->call($renew, { MaxResults => 50 });
		is(exists $last->{response}{NextToken}
			? $last->{response}{NextToken} // 'null' : 'missing', $how,
			"the end as $how");
	}
	$sim->reset;
};

subtest 'cursors' => sub {
	my $detail = 'DescribeBillDetail';
	my %of = (Month => '2023-05', Limit => 10);

	$sim->config({ rows => 25 });
	my $first = $client->call($detail, { %of, Offset => 0 });
	my $context = $first->{response}{Context};
	my $with = sub { return $client->call($detail, { %of,
				Context => $context, Offset => 10, @_ }) };

	ok(length $context, 'from May 2023 on');
	same(rows_of($with->()),
		rows_of($client->call($detail, { %of, Offset => 10 })),
		'the same rows as without');
	is($with->(NeedRecordNum => 1)->{response}{Total}, 25, 'with the total');
	code_is($with->(Offset => 20), 'InvalidParameterValue', 'another offset');
	code_is($with->(Month => '2023-06'), 'InvalidParameterValue',
		'another month');
	code_is($with->(Context => $context =~ s/.$/g/r), 'InvalidParameterValue',
		'not issued');
	my $before = $client->call($detail,
		{ %of, Month => '2023-04', Offset => 0 });
	ok(!exists $before->{response}{Context}, 'none for months before');
	code_is($with->(Month => '2023-04'), 'InvalidParameterValue',
		'nor accepted');
	ok(length $client->call('DescribeBillDetailForOrganization',
			{ %of, Offset => 0 })->{response}{Context},
		'of the organization, too');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

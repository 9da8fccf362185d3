#!/usr/bin/perl
#
# 015_simulator_filters.pl
#	  What parameters do to the rows that the simulator generates: months,
#	  streams, filters, ranges of time.
#
# IDENTIFICATION
#	  test/t/015_simulator_filters.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim = BillingSim->start;
my $client = BillingSim::Client->new($sim);

# ---- months and streams

subtest 'months and streams' => sub {
	my $of = sub {
		my ($action, %more) = @_;

		return canonical($sim->dump($action, params_of($action, %more)));
	};

	$sim->config({ rows => 20 });
	isnt($of->('DescribeBillDetail', Month => '2023-07'),
		$of->('DescribeBillDetail'), 'each month has its rows');
	my @rows = @{ $sim->dump('DescribeBillDetail',
			params_of('DescribeBillDetail')) };
	all_are { $_->{PayTime} =~ /^2023-06/ } \@rows, 'times are of the month';
	my %days = %{ params_of('DescribeBillDetail',
			BeginTime => '2023-06-10 00:00:00',
			EndTime => '2023-06-11 00:00:00') };
	delete $days{Month};
	same($sim->dump('DescribeBillDetail', \%days), \@rows,
		'a range of one month is the whole month');
	$sim->config({ clock => 1690000000 });
	is($of->('DescribeAllocateConditions'),
		$of->('DescribeAllocateConditions', Month => '2023-07'),
		'without a month it is the current one');
	$sim->config({ clock => undef });

	isnt($of->('DescribeBudgetRemindRecordList', BudgetId => '2'),
		$of->('DescribeBudgetRemindRecordList', BudgetId => '1'),
		'a parameter that no row shows tells streams apart');
	my $records = $sim->dump('DescribeVoucherUsageDetails',
		params_of('DescribeVoucherUsageDetails', VoucherId => 'V1'));
	all_are { $_->{VoucherId} eq 'V1' } $records,
	  'a required one that rows show is repeated';
	is($sim->dump('DescribeGatherRuleDetail',
			params_of('DescribeGatherRuleDetail', Id => 77))->[0]{Id}, 77,
		'as a number');
	my $payer = $sim->dump('DescribeBillDetail',
		params_of('DescribeBillDetail', PayerUin => '1234'));
	all_are { $_->{PayerUin} eq '1234' } $payer, 'another payer is shown';
	isnt($payer->[0]{BillId}, $rows[0]{BillId}, 'and has another bill');
	is($of->('DescribeBillDetail', PayerUin => $rows[0]{PayerUin}),
		canonical(\@rows), 'the own account may be named');
	my $account = sub {
		return $sim->dump('DescribeAccountBalance', {@_})
		  ->[0]{TempAmountInfoList};
	};
	my @seeds = grep {
		$sim->config({ seed => $_ });
		@{ $account->(TempCredit => JSON::PP::true) }
	} 1 .. 10;
	$sim->config({ seed => $seeds[0] });
	same($account->(), [], 'a list that has to be asked for');
	$sim->reset;
};

# ---- filters

# of DescribeDealsByCond, which shows paid orders only by default
my %any_status = (StatusSet => [ 1 .. 13, 30 ]);

subtest 'filters' => sub {
	my $resource = 'DescribeCostSummaryByResource';

	$sim->config({ rows => 150 });
	foreach my $case (
		[ 'DescribeBillDetail', { BusinessCode => 'p_cvm' },
			sub { $_->{BusinessCode} eq 'p_cvm' } ],
		[ 'DescribeBillDetail', { ProjectId => 4294967301 },
			sub { $_->{ProjectId} == 4294967301 } ],
		[ 'DescribeBillDetail', { ActionType => '包年包月续费' },
			sub { $_->{ActionType} eq 'pre_renew' } ],
		[ 'DescribeBillDetail', { PayMode => 'prePay' },
			sub { $_->{ActionType} =~ /^pre/ } ],
		[ 'DescribeCostDetail', { RegionId => '4' },
			sub { $_->{RegionName} =~ /上海|Shanghai/ } ],
		[ 'DescribeAllocationBillDetail',
			{ RegionIds => [ '1', '4' ], PayModes => ['prePay'] },
			sub { $_->{RegionId} =~ /^[14]$/ && $_->{PayMode} eq 'prePay' } ],
		[ 'DescribeAllocationBillDetail', { Tag => [ 'env:prod' ] },
			sub { (tag_of($_->{Tag}, 'env') // '') eq 'prod' } ],
		[ 'DescribeAllocationBillDetail', { ProjectIds => [ 0, 1145141 ] },
			sub { $_->{ProjectId} =~ /^(?:0|1145141)$/ } ],
		[ 'DescribeAllocationBillDetail', { SearchKey => 'ins-' },
			sub { $_->{ResourceId} =~ /ins-/ } ],
		[ 'DescribeAllocationSummaryByItem', { AllocationType => [ -1 ] },
			sub { defined $_->{AllocationType}
				&& $_->{AllocationType} == -1 } ],
		[ $resource, { Conditions => { RegionIds => [4],
				PayModes => [ 'prePay', 'postPay' ] } },
			sub { $_->{RegionId} eq '4' && $_->{PayMode} ne 'riPay' } ],
		[ $resource, { Conditions => { ResourceKeyword => 'cdb' } },
			sub { $_->{ResourceId} =~ /cdb/ } ],
		[ $resource, { Conditions => { HideFreeCost => 1 } },
			sub { $_->{RealTotalCost} !~ /^[0.]+$/ } ],
		[ $resource, { TagKey => 'env', TagValue => 'prod' },
			sub { (tag_of($_->{Tags}, 'env') // '') eq 'prod' } ],
		[ 'DescribeBudget', { BudgetStatus => 'EXPIRED' },
			sub { ($_->{BudgetStatus} // '') eq 'EXPIRED' } ],
		[ 'DescribeBudget', { CycleTypes => [ 'DAY', 'YEAR' ] },
			sub { ($_->{CycleType} // '') =~ /DAY|YEAR/ } ],
		[ 'DescribeBillList', { PayType => ['recharge'] },
			sub { $_->{ActionType} eq 'recharge' } ],
		[ 'DescribeBillList', { PayType => ['all'] }, sub { 1 } ],
		[ 'DescribeOrgMemberAccountBalance', { MemberUins => ['909619400'] },
			sub { $_->{MemberUin} eq '909619400' } ],
		[ 'DescribeRenewInstances',
			{ RenewFlagList => ['NOTIFY_AND_AUTO_RENEW'] },
			sub { ($_->{RenewFlag} // '') eq 'NOTIFY_AND_AUTO_RENEW' } ],
		[ 'DescribeTagList', { Status => 1 }, sub { $_->{Status} == 1 } ],
		[ 'DescribeVoucherInfo', { Status => 'used' },
			sub { $_->{Status} eq 'used' } ],
		[ 'DescribeBillAdjustInfo', { Month => '2023-07' },
			sub { ($_->{Month} // '') eq '2023-07' } ])
	{
		my ($action, $more, $test) = @$case;
		my $all = $sim->dump($action, params_of($action));
		my @expected = grep { $test->() } @$all;
		my $name = "$action " . canonical($more);

		ok(@expected > 0, "$name: some");
		same($sim->dump($action, params_of($action, %$more)), \@expected,
			scalar(@expected) . ' rows');
		$sim->config({ ignore_filters => [ keys %$more, 'TagKey' ] });
		same($sim->dump($action, params_of($action, %$more)), $all, 'ignored');
		$sim->config({ ignore_filters => [] });
	}

	$sim->reset;
};

subtest 'filters that differ' => sub {
	my $deals = sub { return $sim->dump('DescribeDealsByCond',
			params_of('DescribeDealsByCond', @_)) };

	$sim->config({ rows => 150 });
	my $all = $deals->(%any_status);
	same($deals->(), [ grep { $_->{Status} == 4 } @$all ],
		'the default of a filter counts');
	same($deals->(Status => 7), [ grep { $_->{Status} == 7 } @$all ],
		'unless the filter is given');
	my ($row) = grep { @{ $_->{ResourceId} // [] } } @$all;
	same($deals->(%any_status, ResourceId => $row->{ResourceId}[0]),
		[ grep { my $r = $_;
			grep { $_ eq $row->{ResourceId}[0] } @{ $r->{ResourceId} // [] } }
			@$all ], 'a filter on a list');
	my $zero = sub { return $sim->dump('DescribeBillList',
			params_of('DescribeBillList', @_)) };
	same($zero->(), [ grep { $_->{Amount} != 0 }
		@{ $zero->(WithZeroAmount => 1) } ], 'rows without amount on demand');
	cmp_ok(scalar @{ $zero->() }, '<', scalar @{ $zero->(WithZeroAmount => 1) },
		'there are some');
	$sim->reset;
};

# A day, or its second where the parameter has seconds.
sub of_day
{
	my ($action, $name, $day, $time) = @_;

	return param_of($action, $name)->{format} =~ /hh/ ? "$day $time" : $day;
}

subtest 'ranges of time' => sub {
	$sim->config({ rows => 300 });
	foreach my $action (sort keys %{ $prose->{ranges} })
	{
		foreach my $range (@{ $prose->{ranges}{$action} })
		{
			next if !$range->{field} || $range->{list};
			my ($begin, $end, $field) = @$range{qw(begin end field)};
			my $rows = sub {
				my ($first_day, $last_day) = @_;

				return $sim->dump(
					$action,
					params_of(
						$action,
						$action eq 'DescribeDealsByCond' ? %any_status : (),
						$begin => of_day($action, $begin, $first_day, '00:00:00'),
						$end => of_day($action, $end, $last_day, '23:59:59')));
			};
			my $all =
			  $rows->($range->{one_month} ? '2023-06-01' : '2023-02-01', '2023-06-30');
			my @inside = grep { defined $_->{$field}
				  && $_->{$field} ge '2023-06-10' && $_->{$field} lt '2023-06-21' } @$all;

			ok(@inside > 0, "$action $begin: some");
			same($rows->('2023-06-10', '2023-06-20'), \@inside, 'those in the range');
		}
	}

	# the last second, by both readings
	my $times = sub {
		my $rows = $sim->dump(
			'DescribeDealsByCond',
			params_of(
				'DescribeDealsByCond', %any_status,
				StartTime => '2023-01-01 00:00:00',
				EndTime => $_[0]));

		return map { $_->{CreateTime} } @$rows;
	};
	my ($last) = reverse sort $times->('2023-06-30 23:59:59');
	ok((grep { $_ eq $last } $times->($last)), 'the end is inside');
	$sim->config({ range_end => 'exclusive' });
	ok(!(grep { $_ eq $last } $times->($last)), 'or outside');
	$sim->reset;
};

subtest 'a list with an item per day or month' => sub {
	my $usage = $sim->dump('DescribeDosageDetailByDate',
		params_of('DescribeDosageDetailByDate'))->[0]{DetailPoints};
	same([ map { substr $_->{Time}, 0, 10 } @$usage ],
		[ '2023-06-01', '2023-06-02', '2023-06-03' ], 'a point per day');
	same($sim->dump('DescribeDosageDetailByDate',
			params_of('DescribeDosageDetailByDate',
				StartDate => '2023-06-02'))->[0]{DetailPoints},
		[ @$usage[ 1, 2 ] ], 'the same whatever the range');
	my $months = $sim->dump('DescribeCostExplorerSummary',
		params_of('DescribeCostExplorerSummary', PeriodType => 'month',
			BeginTime => '2023-01-15 00:00:00',
			EndTime => '2023-03-02 00:00:00'))->[0]{TimeDetail};
	same([ map { substr $_->{Time}, 0, 7 } @$months ],
		[ '2023-01', '2023-02', '2023-03' ], 'an amount per month');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

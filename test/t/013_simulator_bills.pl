#!/usr/bin/perl
#
# 013_simulator_bills.pl
#	  Bills that the simulator generates: resource rows and summaries are one
#	  bill, seen from several sides.
#
# IDENTIFICATION
#	  test/t/013_simulator_bills.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim = BillingSim->start;
my $client = BillingSim::Client->new($sim);

my @parts = qw(TotalCost RealTotalCost CashPayAmount IncentivePayAmount
  VoucherPayAmount TransferPayAmount);

# Resource rows of a month, by pages of a size.
sub pages
{
	my ($size, %params) = @_;

	return pages_of($client, $RESOURCE, { Month => '2023-04', %params }, $size);
}

# What tells bills apart.
sub first_time
{
	my (%params) = @_;

	return rows_of($client->call($RESOURCE, { %of_resource, %params }))
	  ->[0]{PayTime};
}

# Do all of the rows have these fields, and no other?
sub fields_are
{
	my ($rows, $fields, $name) = @_;
	my $names = join ' ', sort map { $_->{name} } @$fields;

	return all_are { join(' ', sort keys %$_) eq $names } $rows, $name;
}

# ---- resource rows

subtest 'which rows a month has' => sub {
	is($client->call($RESOURCE, { %of_resource, NeedRecordNum => 1 })
		->{response}{Total}, 2500, 'rows of a month');
	$sim->config({ rows => 1010 });
	my $all = pages(1000);
	is(scalar @$all, 1010, 'as many as configured');
	same(pages(303), $all, 'any page size');
	same($sim->dump($RESOURCE, { Month => '2023-04' }), $all,
		'pages are the dump');
	isnt(first_time(Month => '2023-05'), first_time(),
		'another month is another bill');
	$sim->config({ seed => 2 });
	isnt(first_time(), $all->[0]{PayTime}, 'another seed');
	$sim->config({ seed => 1, rows => 7 });
	same(pages(3), [ @$all[ 0 .. 6 ] ],
		'deterministic; fewer rows are the first ones');
	$sim->reset;
};

subtest 'what is in resource rows' => sub {
	$sim->config({ rows => 1010 });
	my $all = $sim->dump($RESOURCE, { Month => '2023-04' });
	my @fields = fields_of($RESOURCE);

	fields_are($all, \@fields, 'every field of the model, no other');
	foreach my $field (@fields)
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
	all_are { $_->{TotalCost} eq '-' } $old, 'no list prices before May 2021';
	$sim->reset;
};

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
		 sub { (tag_of($_->{Tags}, 'env') // '') eq 'prod' }],
		[{ TagKey => 'env', TagValue => '' },
		 sub { (tag_of($_->{Tags}, 'env') // '') eq '' }],
		[{ TagKey => '部门分类', TagValue => '支付' },
		 sub { (tag_of($_->{Tags}, '部门分类') // '') eq '支付' }],
		[{ TagKey => 'no such key', TagValue => 'x' }, sub { 0 }],
		[{ PayMode => 'prePay', BusinessCode => 'p_cdb' },
		 sub { $_->{BusinessCode} eq 'p_cdb'
			   && ($code_of{ $_->{PayModeName} } // '') eq 'prePay' }])
	{
		my ($params, $test) = @$case;
		my @expected = grep { $test->() } @$all;
		my $name = canonical($params);
		my $first = $client->call($RESOURCE,
			{ %of_resource, %$params, NeedRecordNum => 1 });

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

# ---- summaries

# The sums of a month by part, exactly.  Rows with a contract price hide their
# TotalCost, so that one is a summary's.
sub sums_of_month
{
	my $lines = $sim->dump($RESOURCE, { Month => '2023-04' });
	my $products = $sim->dump($SUMMARY, { Month => '2023-04', GroupType => 'business' });

	return (
		(map { $_ => total($lines, $_) } @parts[ 1 .. $#parts ]),
		TotalCost => total($products, 'TotalCost'));
}

subtest 'groups of all kinds add up to the month' => sub {
	$sim->config({ rows => 800 });
	my %whole = sums_of_month();

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
			all_are { !defined $_->{Business} } $rows, 'products are not split again';
			next;
		}
		foreach my $part (@parts)
		{
			all_are { total($_->{Business}, $part) == units($_->{$part}) } $rows,
			  "$type: products sum up to the group, $part";
		}
	}
	is( $client->call($SUMMARY, { Month => '2021-04', GroupType =>
				'business' })->{response}{SummaryDetail}[0]{TotalCost},
		'-', 'no list prices before May 2021');
	fields_are(rows_of($client->call($SUMMARY, \%of_summary)),
		$model->{types}{SummaryDetail}{fields}, 'every field of SummaryDetail');
	$sim->reset;
};

subtest 'payment modes add up to the month' => sub {
	$sim->config({ rows => 800 });
	my %whole = sums_of_month();
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
	fields_are($modes, $model->{types}{PayModeSummaryOverviewItem}{fields},
		'every field of PayModeSummaryOverviewItem');
	fields_are($modes->[0]{Detail},
		$model->{types}{ActionSummaryOverviewItem}{fields},
		'every field of ActionSummaryOverviewItem');
	$sim->reset;
};

subtest 'payers and operators' => sub {
	$sim->config({ rows => 800 });
	my %whole = sums_of_month();
	my $other = rows_of($client->call($SUMMARY,
			{ %of_summary, PayerUin => '909619400' }));
	isnt(total($other, 'RealTotalCost'), $whole{RealTotalCost},
		'another payer has another bill');
	is( total(rows_of($client->call($PAYMODE,
					{ %of_paymode, PayerUin => '909619400' })),
			'RealTotalCost'),
		total($other, 'RealTotalCost'), 'the same by payment mode');
	my $own = rows_of($client->call($SUMMARY,
			{ %of_summary, PayerUin => '700000686592' }));
	is(total($own, 'RealTotalCost'), $whole{RealTotalCost},
		'the own account may be named');
	my $sum = 0;
	$sum += total(rows_of($client->call($SUMMARY,
				{ %of_summary, OperateUin => $_ })), 'RealTotalCost')
	  foreach qw(700000686592 909619400 100000000001 200031415926);
	is($sum, $whole{RealTotalCost}, 'operators sum up to the month');
	is_deeply(rows_of($client->call($SUMMARY,
				{ %of_summary, OperateUin => '1' })),
		[], 'unknown operator');
	$sim->reset;
};

subtest 'one bill from several sides' => sub {
	my %of = (BeginTime => '2023-06', EndTime => '2023-06');
	my $costs = sub {
		my ($rows) = @_;
		return join ' ', sort map { $_->{RealTotalCost} } @$rows;
	};
	my %kinds = (business => 'Product', project => 'Project',
		region => 'Region');

	$sim->config({ rows => 500 });
	foreach my $kind (sort keys %kinds)
	{
		is($costs->($sim->dump("DescribeBillSummaryBy$kinds{$kind}", \%of)),
			$costs->($sim->dump('DescribeBillSummary',
					{ Month => '2023-06', GroupType => $kind })),
			"by $kind");
	}
	my $tag = $sim->dump('DescribeBillSummaryByTag', { %of, TagKey => 'env' });
	is($costs->($tag), $costs->($sim->dump('DescribeBillSummary',
				{ Month => '2023-06', GroupType => 'tag',
					TagKey => ['env'] })), 'by tag');
	same($sim->dump('DescribeBillSummaryByTag',
			{ %of, TagKey => 'env', TagValue => 'prod' })
		->[0]{RealTotalCost},
		(grep { $_->{TagValue} eq 'prod' } @$tag)[0]{RealTotalCost},
		'of one value');
	my $product = sub { return $sim->dump('DescribeBillSummaryByProduct',
			{ %of, @_ }) };
	my %by_type;
	foreach my $type (qw(consume refund adjustment))
	{
		$by_type{ $_->{BusinessCode} } += $_->{RealTotalCost} =~ s/\.//r
		  foreach @{ $product->(PayType => $type) };
	}
	is_deeply(\%by_type, { map { $_->{BusinessCode} =>
				$_->{RealTotalCost} =~ s/\.//r } @{ $product->() } },
		'types of transactions add up');
	my $whole = 0;
	$whole += $_->{RealTotalCost} foreach @{ $product->() };
	all_are
	{
		$_->{RealTotalCost} <= 0
		  || abs($_->{RealTotalCostRatio} - 100 * $_->{RealTotalCost} / $whole) <= 0.006
	}
	$product->(), 'shares of the month';
	my $lines = $sim->dump('DescribeBillResourceSummary',
		{ Month => '2023-06' });
	my @costs = map { { %$_ } } @$lines;
	delete $_->{PayerUin} foreach @costs;
	same(\@costs, $sim->dump('DescribeBillResourceSummaryForOrganization',
			{ Month => '2023-06' }), 'resources of both actions');
	is($sim->dump('DescribeBillResourceSummary',
			{ Month => '2023-06', PayerUin => '12' })->[0]{PayerUin}, '12',
		'of another payer');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

#!/usr/bin/perl
#
# 011_simulated_actions.pl
#	  The simulator answers every action of the vendor's models.
#
# Run by prove, with nothing but Perl's core modules.  What concerns all
# actions is tested over the models; rules and readings that concern some of
# them have one case each.
#
# IDENTIFICATION
#	  test/t/011_simulated_actions.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Cwd qw(abs_path);
use Encode qw(encode);
use File::Basename qw(basename dirname);
use JSON::PP;
use Test::More;

my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) . '/..'; }
use lib "$here/perl";
use BillingSim;
use BillingSim::Client;

binmode $_, ':encoding(UTF-8)'
  foreach Test::More->builder->output, Test::More->builder->failure_output;

my @wrap = split ' ', $ENV{SIM_WRAP} // '';
my $sim = BillingSim->start(wrap => \@wrap);
my $client = BillingSim::Client->new($sim);
my $json = JSON::PP->new->canonical;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

sub read_json
{
	my ($path) = @_;

	open my $in, '<:raw', $path or die "$path: $!";
	return decode_json(do { local $/; <$in> });
}

my $model = read_json("$here/sim/data/actions.json");
my $prose = read_json("$here/sim/data/prose.json");
my %actions = %{ $model->{actions} };

# ------------------------------------------------------------------- helpers

sub same
{
	my ($got, $expected, $name) = @_;
	my @text = map { $json->encode([$_]) } $got, $expected;

	return 1 if ok($text[0] eq $text[1], $name);
	diag(substr $_, 0, 300) foreach @text;
	return 0;
}

sub code_is
{
	my ($answer, $code, $name) = @_;

	return is($answer->{code} // "status $answer->{status}", $code, $name);
}

# Values that every one of an action's required parameters accepts.
sub params_of
{
	my ($action, %more) = @_;
	my %params;

	foreach my $p (grep { $_->{required} } @{ $actions{$action}{request} })
	{
		my $sample = $p->{sample};

		$params{ $p->{name} } =
		    $p->{enum} ? $p->{enum}[0]
		  : ($p->{format} // '') eq 'YYYY-MM' ? '2023-06'
		  : $p->{type} eq 'integer' ? $sample + 0
		  : $sample;
	}
	$params{Month} = '2023-06'
	  if $prose->{either}{$action};
	$params{GroupType} = 'region' if $params{GroupType};
	$params{TagKey} = 'env' if $params{TagKey};
	@params{qw(BeginTime EndTime)} = ('2023-06', '2023-06')
	  if $action eq 'DescribeCostSummaryByTag';
	if (my $range = $prose->{ranges}{$action}[0])
	{
		my ($begin, $end) =
		  $range->{days} ? ('2023-06-01', '2023-06-03')
		  : $range->{one_month} ? ('2023-06-01', '2023-06-30')
		  : ('2023-01-01', '2023-06-30');

		foreach my $side ([ begin => $begin, ' 00:00:00' ],
			[ end => $end, ' 23:59:59' ])
		{
			my ($name, $day, $time) = ($range->{ $side->[0] }, @$side[ 1, 2 ]);
			next if !defined $params{$name} || $params{$name} =~ /^\d{4}-\d\d$/;

			my ($p) =
			  grep { $_->{name} eq $name } @{ $actions{$action}{request} };
			$params{$name} = $p->{format} =~ /hh/ ? $day . $time : $day;
		}
	}
	return { %params, %more };
}

sub paging_of
{
	my ($action) = @_;

	return $actions{$action}{response}{paging};
}

sub at
{
	my ($thing, $path) = @_;

	$thing = ref $thing eq 'HASH' ? $thing->{$_} : undef
	  foreach split /\./, $path;
	return $thing;
}

# The rows of an answer; an answer that is one row without its RequestId.
sub rows_of
{
	my ($action, $answer) = @_;
	my $rows = $actions{$action}{response}{rows}[0];
	my $found = at($answer->{json}, $rows->{path});

	return $found if ref $found ne 'HASH';
	my %row = %$found;
	delete @row{qw(RequestId Ready)};
	return [ \%row ];
}

sub fields_of
{
	my ($action) = @_;
	my $rows = $actions{$action}{response}{rows}[0];

	return grep { $_->{name} !~ /^(?:RequestId|Ready)$/ }
	  @{ $model->{types}{ $rows->{item} }{fields}
		  // $actions{$action}{response}{fields} };
}

sub field_of
{
	my ($action, $name) = @_;
	my ($field) = grep { $_->{name} eq $name } fields_of($action);

	return $field // die "$action has no field $name";
}

# All rows by pages of a size, in the way that the action pages.
sub pages_of
{
	my ($action, $params, $size) = @_;
	my $paging = paging_of($action);
	my $text = ($paging->{offset_param} // '') eq 'Offset'
	  && $action eq 'DescribeCPQBillingMapping';
	my $position = $paging->{offset_param} // $paging->{page_param};
	my $by_page = $paging->{page_param} || $prose->{pages_or_rows}{$action};
	my $token;
	my @rows;

	for (my $n = 0; $n < 100; $n++)
	{
		my %page = %$params;

		$page{ $paging->{size_param} } = $text ? "$size" : $size;
		if (defined $position)
		{
			my $where =
			  $paging->{first} + $n * ($by_page ? 1 : $size);
			$page{$position} = $text ? "$where" : $where;
		}
		$page{ $paging->{token_param} } = $token if defined $token;
		my $answer = $client->call($action, \%page);
		my $got = rows_of($action, $answer);

		die "$action: $answer->{body}" if $answer->{code} || !$got;
		push @rows, @$got;
		$token = $answer->{response}{ $paging->{token_field} // '' };
		return \@rows
		  if $paging->{token_param} ? !length($token // '') : @$got < $size;
	}
	die "$action: no end of pages";
}

# ------------------------------------------------------------ all generated

my %type_is = (
	string => sub { !ref $_[0] && $json->encode([ $_[0] ]) =~ /^\["/ },
	integer => sub { $json->encode([ $_[0] ]) =~ /^\[-?\d+\]$/ },
	number => sub { $json->encode([ $_[0] ]) =~ /^\[-?\d+(?:\.\d+)?\]$/ },
	boolean => sub { JSON::PP::is_bool($_[0]) },
	array => sub { ref $_[0] eq 'ARRAY' },
	object => sub { ref $_[0] eq 'HASH' });

# Complaints about a value, and about what is inside it.
sub wrong_with
{
	my ($field, $value, $depth) = @_;
	my $name = $field->{name};

	return $field->{nullable} || $depth == 0 ? () : ("$name is null")
	  if !defined $value;
	return "$name is no $field->{type}" if !$type_is{ $field->{type} }->($value);
	return "$name is too deep" if $depth > 6;
	return map { wrong_inside($field->{object}, $_, $depth) } $value
	  if $field->{type} eq 'object';
	return map { ref $_ ? wrong_inside($field->{items}, $_, $depth) : () }
	  @$value
	  if $field->{type} eq 'array';
	return () if grep { $_ eq $value } '', '-', '0002-11-30';
	return "$name is no number: $value"
	  if $field->{pg_type} eq 'numeric' && $field->{type} eq 'string'
	  && $value !~ /^-?\d+(?:\.\d{1,8})?$/;
	return "$name is no time: $value"
	  if $field->{pg_type} =~ /^(?:date|timestamp)$/
	  && $value !~ /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{3})?)?$/;
	return ();
}

sub wrong_inside
{
	my ($type, $object, $depth) = @_;
	my %fields = map { $_->{name} => $_ } @{ $model->{types}{$type}{fields} };

	return map {
		$fields{$_}
		  ? wrong_with($fields{$_}, $object->{$_}, $depth + 1)
		  : "$type has no $_"
	} keys %$object;
}

subtest 'every action' => sub {
	my $total = 0;

	$sim->config({ rows => 40 });
	foreach my $action (sort keys %actions)
	{
		my $single = $actions{$action}{response}{rows}[0]{kind} eq 'single';
		my $paging = paging_of($action);
		my $params = params_of($action);
		my @fields = fields_of($action);
		my $rows = $sim->dump($action, $params);
		my (%seen, %wrong);

		foreach my $row (@$rows)
		{
			my %known = map { $_->{name} => 1 } @fields;

			$seen{$_}++ foreach keys %$row;
			$wrong{"no field $_"} = 1 foreach grep { !$known{$_} } keys %$row;
			foreach my $field (@fields)
			{
				next unless exists $row->{ $field->{name} };
				$wrong{$_} = 1
				  foreach wrong_with($field, $row->{ $field->{name} }, 0);
			}
		}
		is(join('; ', sort keys %wrong), '', "$action: values of the model");
		is( join(' ', grep { !$seen{$_} } map { $_->{name} }
				  grep { @$rows > 1 || !$_->{missing_in_examples} } @fields),
			'', 'every field');
		$single ? is(scalar @$rows, 1, 'one row')
		  : ok(@$rows > 0, 'rows');
		same($sim->dump($action, $params), $rows, 'the same again');
		$total++;
		next if $paging->{style} eq 'none' || $single;

		same(pages_of($action, $params, 7), $rows, 'pages are the dump')
		  unless $prose->{null_above}{$action};
		my $size = scalar @$rows > 7 ? 7 : scalar @$rows;
		my $path = $actions{$action}{response}{totals}{field} // next;
		my %first = (%$params, $paging->{size_param} => $size,
			NeedRecordNum => 1);
		my ($position) = grep { defined } @$paging{qw(offset_param page_param)};
		$first{$position} = $paging->{first} + 0;
		delete $first{NeedRecordNum}
		  unless grep { $_->{name} eq 'NeedRecordNum' }
		  @{ $actions{$action}{request} };
		$_ = "$_" foreach $action eq 'DescribeCPQBillingMapping'
		  ? @first{qw(Offset Limit)} : ();
		my $answer = $client->call($action, \%first);
		is(at($answer->{response}, $path), scalar @$rows, "total in $path");
	}
	is($total, 52, 'number of actions');
	$sim->reset;
};

subtest 'kinds of values' => sub {
	$sim->config({ rows => 300 });
	my $rows = $sim->dump('DescribeCostSummaryByResource',
		params_of('DescribeCostSummaryByResource'));
	my $some = sub { return scalar grep { $_[0]->() } @$rows };

	ok($some->(sub { $_->{RealTotalCost} =~ /^-/ }), 'negative amounts');
	ok($some->(sub { $_->{ProjectName} =~ /支付/ }), 'Chinese');
	ok($some->(sub { $_->{Extend1} eq '' }), 'placeholders');
	ok($some->(sub { $_->{Tags} =~ /^\{"/ }), 'tags as a text');
	ok($some->(sub { $_->{Tags} eq '' }), 'no tags');
	ok($some->(sub { !exists $_->{LeftRealTotalCost} }), 'fields left out');
	$rows = $sim->dump('DescribeBudget', params_of('DescribeBudget'));
	ok($some->(sub { !defined $_->{HasForecast} }), 'nulls');
	ok($some->(sub { $_->{CycleType} eq 'QUARTER' }),
		'values of the list of a parameter');
	$rows = $sim->dump('DescribeBillList', params_of('DescribeBillList'));
	ok($some->(sub { $_->{Balance} > 2**32 }), 'wide numbers');
	ok($some->(sub { $_->{OperationTime} =~ /\.\d{3}$/ }), 'milliseconds');
	$rows = $sim->dump('DescribeVoucherInfo', params_of('DescribeVoucherInfo'));
	ok($some->(sub { $_->{BeginTime} eq '0002-11-30' }), 'dates of no day');
	$sim->config({ seed => 2, rows => 1 });
	my $first = $sim->dump('DescribeTagList', params_of('DescribeTagList'));
	$sim->config({ seed => 1 });
	isnt($json->encode($first),
		$json->encode($sim->dump('DescribeTagList',
				params_of('DescribeTagList'))), 'another seed');
	$sim->reset;
};

# ------------------------------------------------------- sites, months, streams

subtest 'sites' => sub {
	my $detail = params_of('DescribeCostDetail');

	$sim->config({ site => 'intl', rows => 40 });
	foreach my $action (sort keys %actions)
	{
		next if grep { $_ eq 'intl' } @{ $actions{$action}{sites} };
		code_is($client->call($action, params_of($action)),
			'UnsupportedOperation', "$action is not on the international site");
	}
	code_is($client->call('DescribeCostDetail',
			{ %$detail, BusinessCode => 'p_cvm' }),
		'UnknownParameter', 'nor is a parameter');
	my $intl = $sim->dump('DescribeCostDetail', $detail);
	$sim->config({ site => 'china' });
	code_is($client->call('DescribeCPQBillingMapping',
			params_of('DescribeCPQBillingMapping')),
		'UnsupportedOperation', 'an action that China lacks');
	my $china = $sim->dump('DescribeCostDetail', $detail);
	ok(!(grep { exists $_->{OwnerUin} } @$intl)
		  && (grep { exists $_->{OwnerUin} } @$china),
		'fields of one site');
	my @components = map { @{ $_->{ComponentSet} } } @$china;
	ok(@components && !(grep { exists $_->{TaxRate} } @components),
		'and of objects inside');
	$sim->reset;
};

subtest 'months and streams' => sub {
	my $of = sub {
		my ($action, %more) = @_;

		return $json->encode($sim->dump($action, params_of($action, %more)));
	};

	$sim->config({ rows => 20 });
	isnt($of->('DescribeBillDetail', Month => '2023-07'),
		$of->('DescribeBillDetail'), 'each month has its rows');
	my @rows = @{ $sim->dump('DescribeBillDetail',
			params_of('DescribeBillDetail')) };
	is(scalar(grep { $_->{PayTime} !~ /^2023-06/ } @rows), 0,
		'times are of the month');
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
	is(scalar(grep { $_->{VoucherId} ne 'V1' } @$records), 0,
		'a required one that rows show is repeated');
	is($sim->dump('DescribeGatherRuleDetail',
			params_of('DescribeGatherRuleDetail', Id => 77))->[0]{Id}, 77,
		'as a number');
	my $payer = $sim->dump('DescribeBillDetail',
		params_of('DescribeBillDetail', PayerUin => '1234'));
	is(scalar(grep { $_->{PayerUin} ne '1234' } @$payer), 0,
		'another payer is shown');
	isnt($payer->[0]{BillId}, $rows[0]{BillId}, 'and has another bill');
	is($of->('DescribeBillDetail', PayerUin => $rows[0]{PayerUin}),
		$json->encode(\@rows), 'the own account may be named');
	my $account = sub {
		return $sim->dump('DescribeAccountBalance', {@_})
		  ->[0]{TempAmountInfoList};
	};
	my @seeds = grep {
		$sim->config({ seed => $_ });
		@{ $account->(TempCredit => $true) }
	} 1 .. 10;
	$sim->config({ seed => $seeds[0] });
	same($account->(), [], 'a list that has to be asked for');
	$sim->reset;
};

# -------------------------------------------------------------------- filters

sub tag_of
{
	my ($tags, $key) = @_;

	return decode_json(encode('UTF-8', $tags || '{}'))->{$key}
	  if !ref $tags;
	my ($tag) = grep { $_->{TagKey} eq $key } @$tags;
	return $tag ? $tag->{TagValue} : undef;
}

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
		my $name = "$action " . $json->encode($more);

		ok(@expected > 0, "$name: some");
		same($sim->dump($action, params_of($action, %$more)), \@expected,
			scalar(@expected) . ' rows');
		$sim->config({ ignore_filters => [ keys %$more, 'TagKey' ] });
		same($sim->dump($action, params_of($action, %$more)), $all, 'ignored');
		$sim->config({ ignore_filters => [] });
	}

	my $deals = sub { return $sim->dump('DescribeDealsByCond',
			params_of('DescribeDealsByCond', @_)) };
	my $all = $deals->(StatusSet => [ 1 .. 13, 30 ]);
	same($deals->(), [ grep { $_->{Status} == 4 } @$all ],
		'the default of a filter counts');
	same($deals->(Status => 7), [ grep { $_->{Status} == 7 } @$all ],
		'unless the filter is given');
	my ($row) = grep { @{ $_->{ResourceId} // [] } } @$all;
	same($deals->(StatusSet => [ 1 .. 13, 30 ],
			ResourceId => $row->{ResourceId}[0]),
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

subtest 'ranges' => sub {
	$sim->config({ rows => 300 });
	foreach my $action (sort keys %{ $prose->{ranges} })
	{
		foreach my $range (@{ $prose->{ranges}{$action} })
		{
			next if !$range->{field} || $range->{list};
			my ($p) = grep { $_->{name} eq $range->{begin} }
			  @{ $actions{$action}{request} };
			my ($e) = grep { $_->{name} eq $range->{end} }
			  @{ $actions{$action}{request} };
			my @days = $range->{one_month} ? ('2023-06-01', '2023-06-30')
			  : ('2023-02-01', '2023-06-30');
			my $give = sub {
				return ($range->{begin} => $_[0]
					  . ($p->{format} =~ /hh/ ? ' 00:00:00' : ''),
					$range->{end} => $_[1]
					  . ($e->{format} =~ /hh/ ? ' 23:59:59' : ''));
			};
			my $more = $action eq 'DescribeDealsByCond'
			  ? { StatusSet => [ 1 .. 13, 30 ] } : {};
			my $all = $sim->dump($action,
				params_of($action, %$more, $give->(@days)));
			my @inside = grep { defined $_->{ $range->{field} }
				  && $_->{ $range->{field} } ge '2023-06-10'
				  && $_->{ $range->{field} } lt '2023-06-21' } @$all;

			ok(@inside > 0, "$action $range->{begin}: some");
			same($sim->dump($action, params_of($action, %$more,
						$give->('2023-06-10', '2023-06-20'))),
				\@inside, 'those in the range');
		}
	}

	# the last second, by both readings
	my $times = sub { return map { $_->{CreateTime} }
		  @{ $sim->dump('DescribeDealsByCond', params_of(
				'DescribeDealsByCond', StatusSet => [ 1 .. 13, 30 ],
				StartTime => '2023-01-01 00:00:00', EndTime => $_[0])) } };
	my ($last) = reverse sort $times->('2023-06-30 23:59:59');
	ok((grep { $_ eq $last } $times->($last)), 'the end is inside');
	$sim->config({ range_end => 'exclusive' });
	ok(!(grep { $_ eq $last } $times->($last)), 'or outside');
	$sim->config({ range_end => 'inclusive' });

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

# --------------------------------------------------------------------- rules

subtest 'one refused request per rule' => sub {
	my $value = 'InvalidParameterValue';
	my $type = 'InvalidParameter';
	my $resource = 'DescribeCostSummaryByResource';

	$sim->config({ rows => 40 });
	foreach my $case (
		[ 'boolean', $type, 'DescribeAccountBalance',
			{ TempCredit => 'true' } ],
		[ 'item that is no integer', $type, 'DescribeDealsByCond',
			{ StatusSet => ['1'] } ],
		[ 'item of a list of integers', $value, 'DescribeDealsByCond',
			{ StatusSet => [14] } ],
		[ 'item of a list of texts', $value, 'DescribeBudget',
			{ CycleTypes => ['WEEK'] } ],
		[ 'list of several lists', $value, 'DescribeBillList',
			{ SubPayType => ['nothing'] } ],
		[ 'object', $type, $resource, { Conditions => '4' } ],
		[ 'member of an object', 'UnknownParameter', $resource,
			{ Conditions => { Regions => [4] } } ],
		[ 'type of a member', $type, $resource,
			{ Conditions => { RegionId => '4' } } ],
		[ 'type of an item of a member', $type, $resource,
			{ Conditions => { RegionIds => ['4'] } } ],
		[ 'page 0', $value, 'DescribeVoucherInfo', { Offset => 0 } ],
		[ 'page 0 of budgets', $value, 'DescribeBudget', { PageNo => 0 } ],
		[ 'page size above the documented', $value, 'DescribeBillDetail',
			{ Limit => 301 } ],
		[ 'another action has another', $value,
			'DescribeBillDetailForOrganization', { Limit => 101 } ],
		[ 'page size that may be left out', $value,
			'DescribeOrgMemberAccountBalance', { PageSize => 11 } ],
		[ 'size of a page by token', $value, 'DescribeRenewInstances',
			{ MaxResults => 101 } ],
		[ 'number where paging is in texts', $type,
			'DescribeCPQBillingMapping', { Limit => 10 } ],
		[ 'text that is no number', $value, 'DescribeCPQBillingMapping',
			{ Limit => 'ten' } ],
		[ 'text above the maximum', $value, 'DescribeCPQBillingMapping',
			{ Limit => '101' } ],
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
		[ 'two months', $value, 'DescribeCostSummaryByProduct',
			{ EndTime => '2023-07' } ],
		[ 'unknown tag key', 'FailedOperation.TagKeyNotExist',
			'DescribeBillSummaryByTag', { TagKey => 'nothing' } ])
	{
		my ($name, $code, $action, $more) = @$case;
		my %params = (%{ params_of($action) }, %$more);

		delete $params{$_} foreach grep { !defined $params{$_} } keys %params;
		code_is($client->call($action, \%params), $code, $name);
	}

	foreach my $case (
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
		my ($name, $action, $more) = @$case;
		my $answer = $client->call($action, params_of($action, %$more));

		is($answer->{code}, undef, "$name accepted");
	}

	# by GET, with the types out of the models
	my $query = 'BeginTime=2023-06&EndTime=2023-06&Limit=10&Offset=0'
	  . '&Conditions.RegionIds.0=4&Conditions.RegionIds.1=8'
	  . '&Conditions.HideFreeCost=1';
	my $answer = $client->call($resource, '', method => 'GET',
		query => $query);
	is($answer->{code}, undef, 'nested parameters by GET');
	is(scalar(grep { $_->{RegionId} !~ /^[48]$/ }
			@{ rows_of($resource, $answer) }), 0, 'filter');
	code_is($client->call($resource, '', method => 'GET',
			query => "$query&Conditions.Nothing=1"),
		'UnknownParameter', 'unknown member by GET');
	code_is($client->call($resource, '', method => 'GET',
			query => "$query&Conditions=1"),
		'UnknownParameter', 'object without member by GET');
	code_is($client->call('DescribeAccountBalance', '', method => 'GET',
			query => 'TempCredit=yes'), $type, 'no boolean by GET');
	is($client->call('DescribeAccountBalance', '', method => 'GET',
			query => 'TempCredit=true')->{code}, undef, 'boolean by GET');
	$sim->reset;
};

# --------------------------------------------------------------------- paging

subtest 'page numbers, or rows' => sub {
	my $deals = 'DescribeDealsByCond';
	my $page = sub {
		my ($offset, $limit) = @_;

		return rows_of($deals, $client->call($deals, params_of($deals,
					StatusSet => [ 1 .. 13, 30 ], Offset => $offset,
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
	same(rows_of('DescribeVoucherInfo',
			$client->call('DescribeVoucherInfo',
				params_of('DescribeVoucherInfo', Offset => 3, Limit => 10))),
		[ @{ $sim->dump('DescribeVoucherInfo', {}) }[ 20 .. 29 ] ],
		'page numbers from 1');
	is(scalar @{ rows_of('DescribeOrgMemberAccountBalance',
				$client->call('DescribeOrgMemberAccountBalance', {})) }, 10,
		'the default size');
	my $answer = $client->call('DescribeBudget',
		params_of('DescribeBudget', PageNo => 9, PageSize => 500));
	same(rows_of('DescribeBudget', $answer), [], 'beyond the end');
	is($answer->{response}{Data}{Total}, 3000, 'with the total');
	is($answer->{response}{Data}{Pages}, 6, 'and the pages');
	is($answer->{response}{Data}{Current}, 9, 'and the page');
	foreach my $how ('null', 'zero', 'absent')
	{
		$sim->config({ total => $how });
		my $data = $client->call('DescribeBudget',
			params_of('DescribeBudget'))->{response}{Data};
		is(exists $data->{Total} ? $data->{Total} // 'null' : 'absent',
			{ null => 'null', zero => 0, absent => 'absent' }->{$how},
			"total inside an object: $how");
	}
	$sim->reset;
	$sim->config({ rows => 100, faults => [ { total_drift => 5 } ] });
	is($client->call('DescribeBudget', params_of('DescribeBudget',
				PageNo => 3, PageSize => 10))->{response}{Data}{Total}, 110,
		'total that drifts, by page number');
	$sim->config({ faults => [ { repeat_page => $true } ] });
	same(rows_of('DescribeBudget', $client->call('DescribeBudget',
				params_of('DescribeBudget', PageNo => 3, PageSize => 10))),
		[ @{ $sim->dump('DescribeBudget', {}) }[ 10 .. 19 ] ],
		'the page before, by page number');
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
	same([ map { @{ rows_of($renew, $_) } } $first, $second, $third ],
		$sim->dump($renew, {}), 'all pages');
	is($third->{response}{NextToken}, '', 'no token at the end');
	code_is($client->call($renew, { %of, NextToken => $token . '0' }),
		'InvalidParameterValue', 'a token that was not issued');
	code_is($client->call($renew, { %of, NextToken => 'x' }),
		'InvalidParameterValue', 'no token at all');
	code_is($client->call($renew, { %of, NextToken => $token,
				RenewFlagList => ['NOTIFY_AND_AUTO_RENEW'] }),
		'InvalidParameterValue', 'the token of another request');
	same(rows_of($renew, $client->call($renew,
				{ MaxResults => 3, NextToken => $token })),
		[ @{ rows_of($renew, $second) }[ 0 .. 2 ] ],
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
	same(rows_of($detail, $with->()),
		rows_of($detail, $client->call($detail, { %of, Offset => 10 })),
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

# --------------------------------------------------------------- beside rows

subtest 'beside the rows' => sub {
	my $response = sub { return $client->call($_[0], params_of($_[0]))
		  ->{response} };

	$sim->config({ rows => 40 });
	is_deeply([ @{ $response->('DescribeBudget') }{qw(Code Message)} ],
		[ 0, 'success' ], 'second status');
	is_deeply([ @{ $response->('DescribeDosageDetailByDate') }
			{qw(RetCode RetMsg)} ], [ 0, 'ok' ], 'another');
	$sim->config({ faults => [ { patch => [
		{ op => 'replace', path => '/Response/Code', value => 1001 },
		{ op => 'replace', path => '/Response/Message',
			value => 'no such budget' } ] } ] });
	is($response->('DescribeBudget')->{Code}, 1001,
		'a patch makes it a failure');
	$sim->config({ faults => [] });
	foreach my $action (sort keys %actions)
	{
		my $ready = $actions{$action}{response}{ready_flag};

		is($response->($action)->{Ready}, $ready ? 1 : undef,
			"$action: " . ($ready ? '' : 'not ') . 'ready');
	}
	$sim->config({ ready => 'absent' });
	ok(!exists $response->('DescribeCostSummaryByTag')->{Ready}, 'no flag');
	$sim->config({ ready => 'present' });

	# exact: integers of the eighth decimal
	my $units = sub { my ($n) = @_;
		return $n eq '-' ? 0 : 0 + $n =~ s/\.//r; };
	foreach my $action ('DescribeBillSummaryByProduct',
		'DescribeAllocationOverview')
	{
		my $all = $sim->dump_all($action, params_of($action));
		my ($name) = @{ $actions{$action}{response}{totals}{sum_objects} };
		my $sum = 0;

		$sum += $units->($_->{RealTotalCost}) foreach @{ $all->{rows} };
		is($units->($all->{beside}{$name}{RealTotalCost}), $sum,
			"$action: $name is the sum of the rows");
	}
	my $answer = $response->('DescribeAllocateConditions');
	is(scalar @{ $answer->{ $_->{path} =~ s/^Response\.//r } }, 40,
		"$_->{path}: a list like the rows")
	  foreach @{ $actions{DescribeAllocateConditions}{response}{rows} };
	is($response->('DescribeSavingPlanResourceInfo')->{Total}, 40,
		'a total without rows');
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
	is( scalar(grep { $_->{RealTotalCost} > 0
				&& abs($_->{RealTotalCostRatio}
					- 100 * $_->{RealTotalCost} / $whole) > 0.006 }
			@{ $product->() }),
		0, 'shares of the month');
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

# ------------------------------------------------------------------- examples

subtest 'documented requests that are refused' => sub {
	my @refused;

	$sim->config({ rows => 5 });
	foreach my $file (glob "$here/examples/*.json")
	{
		my $example = read_json($file);
		my $answer = $client->call(@$example{qw(action request)});

		push @refused, basename($file)
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
	$sim->reset;
};

subtest 'any request for an example' => sub {
	my %seen;

	foreach my $file (sort glob "$here/examples/*.json")
	{
		my ($action, $source) = basename($file) =~ /^(\w+)\.(\w+)\./;
		my $number = ++$seen{"$action.$source"};
		my $example = read_json($file);
		my $paging = paging_of($action);
		my $rows = rows_of($action, { json => $example->{response} }) // [];
		my $params = params_of($action);

		$sim->config({ data => 'examples', example_match => 'any',
				example_source => $source, example_number => $number });
		my $position = $paging->{offset_param} // $paging->{page_param};
		if (defined $position)
		{
			$params->{$position} = $action eq 'DescribeCPQBillingMapping'
			  ? "$paging->{first}" : $paging->{first} + 0;
		}
		same(rows_of($action, $client->call($action, $params)) // [], $rows,
			basename($file));
		next unless $paging->{style} ne 'none' && $position
		  && $actions{$action}{response}{rows}[0]{kind} eq 'array';
		$params->{$position} += 1;
		$params->{$position} = "$params->{$position}"
		  if $action eq 'DescribeCPQBillingMapping';
		is_deeply(rows_of($action, $client->call($action, $params)), [],
			'and nothing on the next page');
	}
	$sim->config({ example_source => 'domestic', example_number => 1 });
	my $next = $client->call('DescribeRenewInstances',
		{ MaxResults => 1, NextToken => 'documented' });
	is_deeply(rows_of('DescribeRenewInstances', $next), [],
		'nothing after a token');
	ok(!length($next->{response}{NextToken} // ''), 'and no other');
	is(scalar @{ rows_of('DescribeTagList', $client->call('DescribeTagList',
				params_of('DescribeTagList', Offset => 0, Limit => 1000))) },
		$client->call('DescribeTagList', params_of('DescribeTagList',
				Offset => 0, Limit => 1000))->{response}{RecordNum},
		'the total agrees with the rows at another size');
	$sim->config({ example_number => 9 });
	is_deeply(rows_of('DescribeTagList', $client->call('DescribeTagList',
				params_of('DescribeTagList', Offset => 0))), [],
		'no example of that number, no rows');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

#!/usr/bin/perl
#
# 014_simulator_actions.pl
#	  The simulator answers every action of the vendor's models, with rows and
#	  what is beside them made by the models.
#
# IDENTIFICATION
#	  test/t/014_simulator_actions.pl
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

# ---- values

my %type_is = (
	string => sub { canonical($_[0]) =~ /^"/ },
	integer => sub { canonical($_[0]) =~ /^-?\d+$/ },
	number => sub { canonical($_[0]) =~ /^-?\d+(?:\.\d+)?$/ },
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

# Complaints about rows of an action, each once.
sub wrong_with_rows
{
	my ($action, $rows) = @_;
	my %fields = map { $_->{name} => $_ } fields_of($action);
	my %wrong;

	foreach my $row (@$rows)
	{
		foreach my $name (keys %$row)
		{
			$wrong{$_} = 1
			  foreach $fields{$name}
			  ? wrong_with($fields{$name}, $row->{$name}, 0)
			  : "no field $name";
		}
	}
	return sort keys %wrong;
}

# Fields that no row has; a single row may lack what examples lack.
sub unseen
{
	my ($action, $rows) = @_;
	my %seen = map { $_ => 1 } map { keys %$_ } @$rows;

	return grep { !$seen{$_} } map { $_->{name} }
	  grep { @$rows > 1 || !$_->{missing_in_examples} } fields_of($action);
}

# The total that an answer tells on the first page.
sub first_total
{
	my ($action, $params, $size) = @_;
	my $paging = paging_of($action);
	my $position = position_of($action);
	my $found = $client->call(
		$action,
		{
			%$params,
			$paging->{size_param} => typed($action, $paging->{size_param}, $size),
			$position => typed($action, $position, $paging->{first}),
			param_of($action, 'NeedRecordNum') ? (NeedRecordNum => 1) : ()
		})->{response};

	$found = $found->{$_}
	  foreach split /\./, $model->{actions}{$action}{response}{totals}{field};
	return $found;
}

subtest 'every action' => sub {
	my @actions = sort keys %{ $model->{actions} };

	$sim->config({ rows => 40 });
	foreach my $action (@actions)
	{
		my $response = $model->{actions}{$action}{response};
		my $single = $response->{rows}[0]{kind} eq 'single';
		my $params = params_of($action);
		my $rows = $sim->dump($action, $params);

		is(join('; ', wrong_with_rows($action, $rows)),
			'', "$action: values of the model");
		is(join(' ', unseen($action, $rows)), '', 'every field');
		$single ? is(scalar @$rows, 1, 'one row') : ok(@$rows > 0, 'rows');
		same($sim->dump($action, $params), $rows, 'the same again');
		next if $response->{paging}{style} eq 'none' || $single;

		same(pages_of($client, $action, $params, 7), $rows, 'pages are the dump')
		  unless $prose->{null_above}{$action};
		next unless $response->{totals}{field};
		is(first_total($action, $params, @$rows > 7 ? 7 : scalar @$rows),
			scalar @$rows, "total in $response->{totals}{field}");
	}
	is(scalar @actions, 52, 'number of actions');
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
	isnt(canonical($first),
		canonical($sim->dump('DescribeTagList',
				params_of('DescribeTagList'))), 'another seed');
	$sim->reset;
};

# ---- sites

subtest 'sites' => sub {
	my $detail = params_of('DescribeCostDetail');

	$sim->config({ site => 'intl', rows => 40 });
	foreach my $action (sort keys %{ $model->{actions} })
	{
		next if grep { $_ eq 'intl' } @{ $model->{actions}{$action}{sites} };
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

# ---- beside the rows

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
	foreach my $action (sort keys %{ $model->{actions} })
	{
		my $ready = $model->{actions}{$action}{response}{ready_flag};

		is($response->($action)->{Ready}, $ready ? 1 : undef,
			"$action: " . ($ready ? '' : 'not ') . 'ready');
	}
	$sim->config({ ready => 'absent' });
	ok(!exists $response->('DescribeCostSummaryByTag')->{Ready}, 'no flag');
	$sim->config({ ready => 'present' });

	foreach my $action ('DescribeBillSummaryByProduct',
		'DescribeAllocationOverview')
	{
		my $all = $sim->dump_all($action, params_of($action));
		my ($name) = @{ $model->{actions}{$action}{response}{totals}{sum_objects} };

		is(units($all->{beside}{$name}{RealTotalCost}),
			total($all->{rows}, 'RealTotalCost'),
			"$action: $name is the sum of the rows");
	}
	my $answer = $response->('DescribeAllocateConditions');
	is(scalar @{ $answer->{ $_->{path} =~ s/^Response\.//r } }, 40,
		"$_->{path}: a list like the rows")
	  foreach @{ $model->{actions}{DescribeAllocateConditions}{response}{rows} };
	is($response->('DescribeSavingPlanResourceInfo')->{Total}, 40,
		'a total without rows');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

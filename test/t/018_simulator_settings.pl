#!/usr/bin/perl
#
# 018_simulator_settings.pl
#	  Settings of the simulator: readings of what the documents leave open;
#	  clock, compression, quota, cache.
#
# IDENTIFICATION
#	  test/t/018_simulator_settings.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim =
  BillingSim->start(secret => [ "$ID:$KEY", 'AKIDANOTHER:anotherkey' ]);
my $client = BillingSim::Client->new($sim);

# The answer with a config; by default, a summary.
sub ask
{
	my ($config, $action, $params) = @_;

	$sim->reset;
	$sim->config($config);
	return $client->call($action // $SUMMARY, $params // \%of_summary);
}

# The total of resource rows, of which there are 400 without a condition.
sub count
{
	my ($config, %params) = @_;

	return ask({ rows => 400, %$config },
		$RESOURCE, { %of_resource, NeedRecordNum => 1, %params })->{response}{Total};
}

# ---- readings of what the documents leave open

subtest 'tags' => sub {
	$sim->config({ rows => 400 });
	my $all = $sim->dump($RESOURCE, { Month => '2023-04' });
	my $without = grep { !length(tag_of($_->{Tags}, 'env') // '') } @$all;
	my $with = grep { defined tag_of($_->{Tags}, 'env') } @$all;
	my %empty = (TagKey => 'env', TagValue => '');
	my %group = (Month => '2023-04', GroupType => 'tag');

	is(count({}, %empty), $without, 'empty value honoured');
	is(count({ tag_value_empty => 'ignored' }, %empty), 400, 'ignored');
	is(count({ tag_value_empty => 'ignored', tag_key_alone => 'tagged' }, %empty),
		$with, 'ignored, leaving the key alone');
	is(count({}, TagKey => 'env'), 400, 'a key alone: all');
	is(count({ tag_key_alone => 'tagged' }, TagKey => 'env'),
		$with, 'a key alone: tagged');
	code_is(ask({ tag_without_key => 'error' }, $SUMMARY, \%group),
		'MissingParameter', 'no tag key: error');
	my %keys = map { $_->{GroupKey} => 1 }
	  @{ rows_of(ask({ tag_without_key => 'all' }, $SUMMARY, \%group)) };
	cmp_ok(scalar keys %keys, '>', 4, 'no tag key: all keys');
	is_deeply(rows_of(ask({ tag_without_key => 'empty' }, $SUMMARY, \%group)),
		[], 'no tag key: nothing');
	is(count({ ignore_filters => ['PayMode'] }, PayMode => 'prePay'),
		400, 'an ignored filter');
	is(count({ ignore_filters => ['TagKey'] }, %empty), 400, 'an ignored tag');
	$sim->reset;
};

subtest 'totals and pages' => sub {
	my $has_total = sub {
		my ($how) = @_;

		return exists ask({ total => $how },
			$RESOURCE, { %of_resource, NeedRecordNum => 1 })->{response}{Total};
	};

	is(count({ total => 'exact' }), 400, 'total exact');
	is(count({ total => 'null' }), undef, 'null');
	ok($has_total->('null'), 'null is there');
	is(count({ total => 'zero' }), 0, 'zero');
	is(count({ total => 'stale' }), 360, 'stale');
	is(count({ total => 'large' }), 441, 'large');
	is(count({ total => 'absent' }), undef, 'absent');
	ok(!$has_total->('absent'), 'absent is not');
	is(scalar @{ rows_of(ask({ limit_cap => 3 }, $RESOURCE, \%of_resource)) },
		3, 'pages silently capped');
	$sim->reset;
};

subtest 'the Ready flag, and the status of errors' => sub {
	ok(!exists ask({ ready => 'absent' })->{response}{Ready}, 'no Ready flag');
	is(ask({ error_status => 400 }, $SUMMARY, {})->{status},
		400, 'errors with another status');
	is(ask({ error_status => 400 })->{status}, 200, 'errors only');
	$sim->reset;
};

# How an object shows an empty list: [], null, undef when it is missing.
sub shown
{
	my ($object, $name) = @_;

	return exists $object->{$name} ? canonical($object->{$name}) : undef;
}

subtest 'lists without items' => sub {
	foreach my $case (
		[ 'documented', '[]', 'null' ],
		[ '[]', '[]', '[]' ],
		[ 'null', 'null', 'null' ],
		[ 'missing', undef, undef ])
	{
		my ($how, $list, $business) = @$case;
		my %empty = (empty_array => $how);

		is(shown(ask({ %empty, rows => 0 })->{response}, 'SummaryDetail'),
			$list, "no rows: $how");
		my $products = ask(\%empty, $SUMMARY,
			{ Month => '2023-04', GroupType => 'business' });
		is(shown(rows_of($products)->[0], 'Business'),
			$business, "no products: $how");
		my $modes = ask(\%empty, $PAYMODE, \%of_paymode);
		is(shown(rows_of($modes)->[2], 'Detail'), $list, "no details: $how");
		my $lines = ask(\%empty, $RESOURCE, { %of_resource, Limit => 100 });
		my ($untagged) = grep { !@{ $_->{Tags} // [] } } @{ rows_of($lines) };
		is(shown($untagged, 'Tags'), $list, "no tags: $how");
	}
	$sim->reset;
};

# ---- README.md

# No setting takes an object, and its refusal says what it takes.
subtest 'README.md has every setting, its default and its values' => sub {
	my $default = $sim->config;
	my @rows = readme_table('Settings');

	is(join(' ', sort map { $_->[0] =~ tr/`//dr } @rows),
		join(' ', sort keys %$default), 'settings');
	foreach my $row (@rows)
	{
		my ($name, $value, $values) = map { tr/`//dr } @$row;

		is($value, canonical($default->{$name}) =~ tr/"//dr, "$name: default");
		like(
			refusal($sim, { $name => {} }),
			qr/^"$name" (?:is|is one of|is a number from|must be) \Q$values\E$/,
			"$name: values");
	}
};

# ---- clock, quota, compression, cache

subtest 'clock' => sub {
	$sim->config({ clock => 1704067200 });
	is($client->call($SUMMARY, \%of_summary)->{headers}{date},
		'Mon, 01 Jan 2024 00:00:00 GMT', 'Date follows the clock');
	$sim->config({ clock => undef, clock_offset => 1000 });
	code_is($client->call($SUMMARY, \%of_summary),
		'AuthFailure.SignatureExpire', 'expiry follows the offset');
	$sim->reset;
};

subtest 'request ids' => sub {
	$sim->config({ request_id => 'counted' });
	$client->call($SUMMARY, \%of_summary);
	is($client->call($SUMMARY, {})->{response}{RequestId},
		'00000000-0000-4000-8000-000000000002', 'counted RequestId');
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
	is($client->call($SUMMARY, \%of_summary, secret_id => 'AKIDANOTHER',
			secret_key => 'anotherkey')->{code}, undef, 'per secret');
	$sim->reset;
};

subtest 'answers kept, and sent again' => sub {
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

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

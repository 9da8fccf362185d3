#!/usr/bin/perl
#
# 012_simulator_answers.pl
#	  The form of all answers of the simulator, and the documented examples.
#
# IDENTIFICATION
#	  test/t/012_simulator_answers.pl
#
use strict;
use warnings FATAL => 'all';

use Test::More;

use BillingSim;
use BillingSim::Client;
use BillingSim::Testing;

my $sim = BillingSim->start;
my $client = BillingSim::Client->new($sim);

subtest 'the form of answers' => sub {
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
};

subtest 'documented requests' => sub {
	foreach my $example (examples())
	{
		my ($action, $request, $response) = @$example{qw(action request response)};

		$sim->config({ data => 'examples', example_source => $example->{source} });
		same($client->call($action, $request)->{json}, $response, $example->{name});
		my %without = %$request;
		delete $without{NeedRecordNum};
		same($client->call($action, \%without)->{json},
			$response, 'NeedRecordNum ignored');
		same($sim->dump($action, $request),
			rows_of({ action => $action, json => $response }) // [], 'dump');
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

subtest 'any request gets an example' => sub {
	my %seen;

	foreach my $example (examples())
	{
		my ($action, $source) = @$example{qw(action source)};
		my $position = position_of($action);
		my $first = paging_of($action)->{first};
		my $rows = rows_of({ action => $action, json => $example->{response} });
		my $params = params_of($action);

		$sim->config({
				data => 'examples',
				example_match => 'any',
				example_source => $source,
				example_number => ++$seen{"$action.$source"} });
		$params->{$position} = typed($action, $position, $first) if $position;
		same(rows_of($client->call($action, $params)) // [],
			$rows // [], $example->{name});
		next
		  unless $position
		  && $model->{actions}{$action}{response}{rows}[0]{kind} eq 'array';
		$params->{$position} = typed($action, $position, $first + 1);
		is_deeply(rows_of($client->call($action, $params)), [],
			'and nothing on the next page');
	}
	$sim->config({ example_source => 'domestic', example_number => 1 });
	my $next = $client->call('DescribeRenewInstances',
		{ MaxResults => 1, NextToken => 'documented' });
	is_deeply(rows_of($next), [], 'nothing after a token');
	ok(!length($next->{response}{NextToken} // ''), 'and no other');
	my %large = (Offset => 0, Limit => 1000);
	my $tags = $client->call('DescribeTagList', \%large);
	is(scalar @{ rows_of($tags) }, $tags->{response}{RecordNum},
		'the total agrees with the rows at another size');
	$sim->config({ example_number => 9 });
	is_deeply(rows_of($client->call('DescribeTagList', \%large)), [],
		'no example of that number, no rows');
	$sim->reset;
};

is($sim->stop, 0, 'the simulator ends cleanly');
done_testing();

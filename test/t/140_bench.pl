#!/usr/bin/perl
#
# 140_bench.pl
#	  The benchmark works: a tiny run of it, whatever the times are.
#
# Alone: it measures.
#
# IDENTIFICATION
#	  test/t/140_bench.pl
#
use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IPC::Run qw(run);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $bench = dirname(dirname(abs_path(__FILE__))) . '/bench/bench.pl';
my $page = tempdir(CLEANUP => 1) . '/page.md';
my $node = PostgreSQL::Test::Cluster->new('bench');
$node->init;
$node->start;

append_to_file($page, "before\n<!-- measured -->\nold\n<!-- end -->\nafter\n");
local %ENV = (
	%ENV,
	PGHOST => $node->host,
	PGPORT => $node->port,
	PGDATABASE => 'postgres',
	BENCH_JOBS => 'load limit million copy curl recordset',
	BENCH_LATENCY => '1',
	BENCH_ROWS => 1001,
	BENCH_RUNS => 1,
	BENCH_PAGE => $page);
my ($out, $err);
ok(run([ $^X, $bench ], '<', \undef, '>', \$out, '2>', \$err), 'it ends well')
  or diag($err);
is( slurp_file($page),
	"before\n<!-- measured -->\n$out<!-- end -->\nafter\n",
	'the page has what was printed');
like($out, qr/^Measured on \d{4}-\d\d-\d\d with PostgreSQL \d.*, libcurl \d.*, cJSON \d.*, Linux \d.*, \d+ x /,
	'date and versions');

# by job, latency and quota
my %row = map {
	my ($job, $latency, $quota, @rest) = map { s/^ +| +$//gr } split /\|/, s/^\|//r;
	@rest == 12 ? ("$job/$latency/$quota" => \@rest) : ()
} grep { /^\|/ } split /\n/, $out;

foreach my $quota ('off', '20/s')
{
	is($row{"load into a table/1/$quota"}[6], 2, "load: two calls (quota $quota)");
	is($row{"LIMIT 10/1/$quota"}[6], 1, "LIMIT 10: one call (quota $quota)");
}
is($row{"curl, $_/1/off"}[6], 2, "curl, $_: two calls")
  foreach '1 connection', '8 connections';
is($row{'sum by business_code, 10010 rows/0/off'}[6], 11, 'ten times the rows');
cmp_ok($row{'load into a table/1/off'}[5], '>', 0.1, 'memory is measured');
cmp_ok($row{"$_//"}[1], '>', 0, "$_: time is measured")
  foreach 'COPY from CSV', 'jsonb_to_recordset, load', 'jsonb_to_recordset, sum';
like($out, qr{^\| LIMIT 10: calls +\| +1 calls \| +1 calls \| reached \|$}m, 'goals are judged');

$node->stop;
done_testing();

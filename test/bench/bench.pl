#!/usr/bin/perl
#
# bench.pl
#	  Measures queries against the simulator, and beside them what they could
#	  cost at least: COPY of the same rows, curl on the same pages, and
#	  jsonb_to_recordset over the same pages in the database.  Prints a table.
#
# It wants a server that psql reaches by the environment, as a superuser, on
# this machine and under our own user; test/bin/bench makes one.
#
#   BENCH_JOBS='load sum'   only these, of: load wide sum limit months
#                           million gzip copy curl recordset
#   BENCH_LATENCY='0 50'    only these, in ms
#   BENCH_ROWS=1000         instead of 100000; "million" has ten times as many
#   BENCH_RUNS=3            instead of 5 ...
#   BENCH_SECONDS=20        ... or what fits into this time, instead of 10
#   BENCH_PAGE=FILE         page that has <!-- measured --> and <!-- end -->:
#                           what is between them is replaced
#
# Every measurement of a query has a backend of its own.  Runs of all cells
# are interleaved: once each, then once more each, and so on, after a run of
# each kind that is not counted.
#
# Memory is the backend's anonymous memory at its peak, less that of the same
# backend before the query: VmHWM - RssFile - RssShmem at the end, less
# RssAnon at the beginning.  Nothing samples while the clock runs.
#
# IDENTIFICATION
#	  test/bench/bench.pl
#
use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;
use List::Util qw(max);
use POSIX qw(ceil strftime sysconf _SC_CLK_TCK);
use Scalar::Util qw(looks_like_number);
use Time::HiRes qw(time);

my $here;
BEGIN { $here = dirname(abs_path(__FILE__)); }
use lib "$here/../perl";
use BillingSim;
use BillingSim::Client;

# seconds for everything, and for one statement or one run of curl
use constant PATIENCE => 1800;
use constant STATEMENT_PATIENCE => 300;

use constant MB => 1024 * 1024;
use constant PAGE => 1000;

my $ROWS = $ENV{BENCH_ROWS} // 100_000;
my $RUNS = $ENV{BENCH_RUNS} // 5;
my $SECONDS = $ENV{BENCH_SECONDS} // 10;
my $QUOTA = 20;
my $WIDTH = 16;
my @LATENCIES = map { $_ + 0 } split ' ', $ENV{BENCH_LATENCY} // '0 50 200';
my %jobs = map { $_ => 1 } split ' ',
  $ENV{BENCH_JOBS} // 'load wide sum limit months million gzip copy curl recordset';

my $RESOURCE = 'DescribeBillResourceSummaryForOrganization';
my $TABLE = 'bill_resource_summary_for_organization';
my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);

my $dir = tempdir('bench.XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $tick = sysconf(_SC_CLK_TCK);
my $sim = BillingSim->start;
my $signer = BillingSim::Client->new($sim);

# bodies of the calls that "load" makes, as they are sent
my @bodies;

# what "sum" must return, by number of rows of the month
my %sum_of;

# ---- the database

# Output of statements in a session of their own.
sub psql
{
	my (@statements) = @_;
	my $file = "$dir/statements.sql";

	open my $out, '>:encoding(UTF-8)', $file or die "$file: $!";
	print $out map { "$_;\n" } @statements;
	close $out or die "$file: $!";
	local $ENV{PGOPTIONS} =
	  '-c statement_timeout=' . STATEMENT_PATIENCE . 's -c client_min_messages=warning';
	open my $psql, '-|:encoding(UTF-8)', qw(psql -XAtq -v ON_ERROR_STOP=1 -f), $file
	  or die "psql: $!";
	my $text = do { local $/; <$psql> } // '';
	close $psql or die "psql failed on: @statements\n";
	return $text;
}

# What a backend knows about itself and the machine: the clock last before the
# statement, first after it.
my @about = map { "pg_read_file('/proc/$_')" } qw(stat self/stat self/status);
my $clock = 'extract(epoch FROM clock_timestamp())';

sub slurp
{
	my ($file) = @_;

	open my $in, '<', $file or die "$file: $!\n";
	local $/;
	return scalar <$in>;
}

# Seconds of a process, out of its stat
sub process_cpu
{
	my ($text) = @_;
	my @fields = split ' ', $text =~ s/.*\) //sr;

	return ($fields[11] + $fields[12]) / $tick;
}

# Seconds of the whole machine, out of /proc/stat: user, nice, system, irq,
# softirq, steal
sub machine_cpu
{
	my ($text) = @_;
	my ($sum, @fields) = (0, split ' ', $text);

	$sum += $_ / $tick foreach @fields[ 1, 2, 3, 6, 7, 8 ];
	return $sum;
}

sub measure_sql
{
	my ($cell) = @_;

	psql('CHECKPOINT', @{ $cell->{before} // [] });
	my $text = psql(
		# values have line ends of their own
		"\\pset recordsep_zero\nSELECT " . join(', ', @about, $clock),
		"\\echo <<<\n$cell->{sql}",
		"\\echo >>>\nSELECT " . join(', ', $clock, @about));
	my ($first, $output, $second) = $text =~ /(.*?)<<<\n(.*)>>>\n(.*)/s;
	my %kb = $second =~ /^(\w+):\s+(\d+) kB$/mg;
	my ($idle) = $first =~ /^RssAnon:\s+(\d+) kB$/m;
	my ($machine, $stat) = $first =~ /\A(.*?)\|(.*?)\|/s;
	my ($start) = $first =~ /\|([\d.]+)\0\z/;
	my ($end, $machine_end, $stat_end) = $second =~ /\A([\d.]+)\|(.*?)\|(.*?)\|/s;

	return {
		wall => $end - $start,
		cpu => process_cpu($stat_end) - process_cpu($stat),
		machine => machine_cpu($machine_end) - machine_cpu($machine),
		peak => ($kb{VmHWM} - $kb{RssFile} - $kb{RssShmem} - $idle) * 1024 / MB,
		output => $output,
		lines => scalar(() = $output =~ /\0/g)
	};
}

# The rows out of the pages, with the spellings of "no value" that the wrapper
# knows; the code of the billing mode, which it derives, is left out.
sub recordset_sql
{
	my (@into, @from, @members);

	foreach my $line (split /\n/,
		psql("SELECT column_name, type, field FROM billing_fdw_columns('$TABLE')"))
	{
		my ($column, $type, $member) = split /\|/, $line;

		next if $column =~ /^(?:pay_mode|tag_value)$/ || $member eq '' && $column ne 'month';
		push @into, $column;
		push @from,
			$column eq 'month' ? "'2023-04'"
		  : $column eq 'tags'
		  ? q{coalesce((SELECT jsonb_object_agg(t ->> 'TagKey', t ->> 'TagValue')
				FROM jsonb_array_elements(r."Tags") AS t), '{}')}
		  : $type eq 'text' ? qq{r."$member"}
		  : qq{nullif(nullif(r."$member", ''), '-')::$type};
		push @members, qq{"$member" } . ($type eq 'jsonb' ? 'jsonb' : 'text')
		  if $column ne 'month';
	}
	return sprintf 'INSERT INTO shredded (%s) SELECT %s FROM %s AS r(%s)',
	  join(', ', @into), join(', ', @from), rows_of_pages(), join(', ', @members);
}

sub rows_of_pages
{
	return q{pages, jsonb_to_recordset(body::jsonb #> '{Response,ResourceSummarySet}')};
}

# ---- the simulator

sub configure
{
	my ($cell) = @_;

	$sim->reset;
	$sim->config({
		rows => $cell->{rows} // $ROWS,
		cache => JSON::PP::true,
		gzip => $cell->{gzip} ? JSON::PP::true : JSON::PP::false,
		quota_per_second => $cell->{quota} // 0,
		faults => $cell->{latency} ? [ { latency_ms => $cell->{latency} } ] : [] });
	return;
}

# Calls in the log; dies when one failed for another reason than the quota.
sub calls
{
	my ($cell) = @_;
	my $log = $sim->control('GET', '/sim/log');
	my %count;

	$count{$1}++ while $log =~ /"outcome":"?([\w.+]+)/g;
	my $ok = delete $count{ok} // 0;
	my $throttled = delete $count{RequestLimitExceeded} // 0;

	die "$cell->{name}: the simulator says " . encode_json(\%count) . "\n" if %count;
	return (calls => $ok + $throttled, throttled => $throttled);
}

sub simulator_cpu
{
	return process_cpu(slurp('/proc/' . $sim->pid . '/stat'));
}

# ---- curl

# Bodies of the calls for so many rows: those of @bodies, and more like the
# last one.
sub bodies_for
{
	my ($rows) = @_;

	return map {
		my $offset = $_ * PAGE;
		$bodies[$_] // $bodies[-1] =~ s/("Offset":)\d+/$1$offset/r
	} 0 .. ceil($rows / PAGE) - 1;
}

# Signed just before it runs, because signatures grow old.
sub curl_config
{
	my ($cell, $file, $output) = @_;
	my $n = 0;

	open my $config, '>', $file or die "$file: $!";
	foreach my $body (bodies_for($cell->{rows} // $ROWS))
	{
		my $request = $signer->request($RESOURCE, $body);
		my %headers = %{ $request->{headers} };
		my @lines = (
			[ url => $sim->url . '/' ],
			[ noproxy => '*' ],
			[ 'max-time' => STATEMENT_PATIENCE ],
			[ output => $output ? sprintf $output, $n : '/dev/null' ],
			[ 'data-binary' => $body =~ s/(["\\])/\\$1/gr ]);

		delete @headers{qw(connection content-length)};
		push @lines, map { [ header => "$_: $headers{$_}" ] } sort keys %headers;
		print $config "next\n" if $n++;
		print $config map { qq{$_->[0] = "$_->[1]"\n} } @lines;
		print $config "compressed\n" if $cell->{gzip};
	}
	close $config or die "$file: $!";
	return;
}

sub measure_curl
{
	my ($cell, $output) = @_;
	my @command = (qw(curl -q -sS --fail-early --no-progress-meter -K), "$dir/curl.conf");

	push @command, '--parallel', '--parallel-max', $cell->{connections}
	  if $cell->{connections} > 1;
	curl_config($cell, "$dir/curl.conf", $output);
	my $machine = machine_cpu(slurp('/proc/stat'));
	my (undef, undef, @before) = times;
	my $start = time();
	system(@command) == 0 or die "curl failed\n";
	my $wall = time() - $start;
	my (undef, undef, @after) = times;
	return {
		wall => $wall,
		cpu => $after[0] + $after[1] - $before[0] - $before[1],
		machine => machine_cpu(slurp('/proc/stat')) - $machine };
}

# ---- what is measured

sub foreign { return "FROM billing.$TABLE WHERE month = '2023-04'" }

# name, job, rows that it reads; before, sql; or connections, for curl
sub cell
{
	my ($job, %cell) = @_;

	return { job => $job, runs => [], spent => 0, latency => 0, quota => 0, %cell };
}

sub cells
{
	my $sum = 'SELECT business_code, sum(real_total_cost) %s GROUP BY 1 ORDER BY 1';
	my %load = (
		name => 'load into a table',
		before => ['TRUNCATE loaded'],
		sql => "INSERT INTO loaded SELECT * @{[ foreign() ]}");
	my %sum = (name => 'sum by business_code', sql => sprintf($sum, foreign()), sums => 1);
	my %limit = (name => 'LIMIT 10', sql => "SELECT * @{[ foreign() ]} LIMIT 10", counts => 10);
	my %months = (
		name => '24 months of summaries',
		sql => "SELECT month, group_key, real_total_cost FROM billing.bill_summary
			WHERE month BETWEEN '2022-01' AND '2023-12' AND group_type = 'business'",
		counts => 0);
	my %recordset = (latency => undef, quota => undef);
	my @cells = cell('copy', %recordset,
		name => 'COPY from CSV',
		before => ['TRUNCATE copied'],
		sql => "COPY copied FROM '$dir/rows.csv' (FORMAT csv)");

	foreach my $latency (@LATENCIES)
	{
		push @cells, cell('curl', name => "curl, $_ connection" . ($_ > 1 ? 's' : ''),
			connections => $_, latency => $latency)
		  foreach 1, 8;
		foreach my $quota (0, $QUOTA)
		{
			my @when = (latency => $latency, quota => $quota);

			push @cells, cell('load', %load, @when), cell('sum', %sum, @when),
			  cell('limit', %limit, @when), cell('months', %months, @when);
		}
		push @cells, cell('wide', %load,
			name => "$load{name}, max_concurrency $WIDTH",
			sql => "INSERT INTO loaded SELECT * FROM wide.$TABLE WHERE month = '2023-04'",
			latency => $latency)
		  if $latency;
	}
	push @cells,
	  cell('gzip', name => 'curl, 8 connections, gzip', connections => 8, gzip => 1),
	  cell('gzip', %load, name => "$load{name}, gzip", gzip => 1),
	  cell('gzip', %sum, name => "$sum{name}, gzip", gzip => 1),
	  cell('million', %sum, name => "$sum{name}, @{[ 10 * $ROWS ]} rows", rows => 10 * $ROWS),
	  cell('recordset', %recordset,
		name => 'jsonb_to_recordset, load',
		before => ['TRUNCATE shredded'],
		sql => recordset_sql()),
	  cell('recordset', %recordset,
		name => 'jsonb_to_recordset, sum',
		sums => 1,
		sql => sprintf(
			'SELECT "BusinessCode", sum("RealTotalCost"::numeric) FROM %s
				AS r("BusinessCode" text, "RealTotalCost" text) GROUP BY 1 ORDER BY 1',
			rows_of_pages()));
	return grep { $jobs{ $_->{job} } } @cells;
}

# One run.  Its result must be right, whatever the time it took.
sub run
{
	my ($cell) = @_;
	my $started = time();

	configure($cell);
	set_quota($cell->{quota});
	my $cpu = simulator_cpu();
	my $run = $cell->{connections} ? measure_curl($cell) : measure_sql($cell);

	%$run = (%$run, calls($cell), simulator => simulator_cpu() - $cpu);
	my $rows = $cell->{rows} // $ROWS;
	my $lines = $run->{lines};

	die "$cell->{name}: wrong sums\n"
	  if $cell->{sums} && ($sum_of{$rows} //= $run->{output}) ne $run->{output};
	die "$cell->{name}: $lines lines\n"
	  if $cell->{counts} && $lines != ($rows < $cell->{counts} ? $rows : $cell->{counts});
	# what a row is, is another thing for each job
	$run->{rows} =
		$cell->{before} || $cell->{sums} || $cell->{connections} ? $rows : $lines;
	$run->{asked} += $_ foreach map { /"Limit":(\d+)/ } $sim->bodies;
	push @{ $cell->{runs} }, $run;
	$cell->{spent} += time() - $started;
	return;
}

sub set_quota
{
	my ($quota) = @_;

	psql("ALTER SERVER sim OPTIONS (SET requests_per_second '" . ($quota || 1000) . "')");
	return;
}

sub set_up
{
	my $url = $sim->url;

	psql(
		'CREATE EXTENSION billing_fdw',
		"CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
			OPTIONS (endpoint '$url', requests_per_second '1000')",
		"CREATE USER MAPPING FOR CURRENT_USER SERVER sim
			OPTIONS (secret_id '$ID', secret_key '$KEY')",
		'CREATE SCHEMA billing',
		'IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO billing',
		"CREATE TABLE loaded (LIKE billing.$TABLE)",
		'CREATE SCHEMA wide',
		"IMPORT FOREIGN SCHEMA billing LIMIT TO ($TABLE) FROM SERVER sim INTO wide",
		"ALTER FOREIGN TABLE wide.$TABLE OPTIONS (ADD max_concurrency '$WIDTH')",
		'CREATE TABLE copied (LIKE loaded)',
		'CREATE TABLE shredded (LIKE loaded)',
		'CREATE TABLE pages (body text)',
		# else it would work in the background, and in some runs only
		'ALTER SYSTEM SET autovacuum = off',
		'SELECT pg_reload_conf()');
	return;
}

# Puts the rows where the others find them; all three must have the same.
sub prepare
{
	my @pages = map { "$dir/page.$_.json" } 0 .. ceil($ROWS / PAGE) - 1;

	configure({});
	psql("INSERT INTO loaded SELECT * @{[ foreign() ]}",
		"COPY loaded TO '$dir/rows.csv' (FORMAT csv)",
		"COPY copied FROM '$dir/rows.csv' (FORMAT csv)");
	@bodies = map { s/^\S+ //r } $sim->bodies;
	configure({});
	measure_curl({ name => 'curl', connections => 8 }, "$dir/page.%d.json");
	calls({ name => 'curl' });
	psql(map { "INSERT INTO pages VALUES (pg_read_file('$_'))" } @pages);
	unlink @pages;
	psql(recordset_sql());
	my %same = map { $_ => 1 } split /\n/, psql(
		map {
			"SELECT count(*), sum(hashtextextended((to_jsonb(t) - 'pay_mode')::text, 0)) FROM $_ AS t"
		} qw(loaded copied shredded));

	die "the tables differ\n" if keys %same != 1 || (keys %same)[0] !~ /^$ROWS\|/;
	$sum_of{$ROWS} = measure_sql({
		sql => 'SELECT business_code, sum(real_total_cost) FROM loaded GROUP BY 1 ORDER BY 1'
	})->{output};
	return;
}

# Each kind once, uncounted: the simulator has its answers in memory then
sub warm_up
{
	my (@cells) = @_;
	my %done;

	foreach my $cell (@cells)
	{
		next if $done{ $cell->{name} }++;
		my $quick = { %$cell, latency => 0, quota => 0, runs => [] };

		if (($cell->{rows} // 0) > $ROWS)
		{
			configure($cell);
			measure_curl({ name => 'curl', connections => 8, rows => $cell->{rows} });
			next;
		}
		run($quick);
	}
	return;
}

# ---- the report

sub median
{
	my (@values) = sort { $a <=> $b } @_;

	return ($values[ $#values / 2 ] + $values[ @values / 2 ]) / 2;
}

# What the runs of a cell have in common, for the table and the goals
sub summarize
{
	my ($cell) = @_;
	my @runs = @{ $cell->{runs} };
	my %r = (%$cell, runs => scalar @runs);

	foreach my $what (qw(wall cpu peak calls asked rows simulator))
	{
		my @values = grep { defined } map { $_->{$what} } @runs;

		$r{$what} = median(@values) if @values;
	}
	$r{rate} = $r{rows} / $r{wall};
	$r{range} = join '-', map { number($_) } minmax(map { $_->{wall} } @runs)
	  if @runs > 1;
	if (defined $cell->{latency})
	{
		$r{call_rate} = $r{calls} / $r{wall};
		# one is one too many
		(undef, $r{throttled}) = minmax(map { $_->{throttled} } @runs);
		$r{per_second} = $cell->{quota} ? "$cell->{quota}/s" : 'off';
	}
	else
	{
		delete @r{qw(calls simulator)};
	}
	return \%r;
}

sub minmax
{
	return (sort { $a <=> $b } @_)[ 0, -1 ];
}

# Three digits are more than runs have in common.
sub number
{
	my ($n) = @_;

	return $n // '' unless looks_like_number($n // '');
	return sprintf '%.0f', $n if $n >= 100 || $n == int $n;
	return sprintf $n >= 10 ? '%.1f' : $n >= 1 ? '%.2f' : '%.3f', $n;
}

# Lines that read well on a terminal and as Markdown.  The first column is
# text, others are to the right.
sub table
{
	my (@rows) = @_;
	my @width = map {
		my $i = $_;
		max(map { length $_->[$i] } @rows)
	} 0 .. $#{ $rows[0] };
	my @line = map { $_ ? '-' x ($width[$_] - 1) . ':' : '-' x $width[0] } 0 .. $#width;

	return map {
		my $row = $_;
		my @cells = map { sprintf $_ ? '%*s' : '%-*s', $width[$_], $row->[$_] } 0 .. $#width;
		'| ' . join(' | ', @cells) . " |\n"
	} $rows[0], \@line, @rows[ 1 .. $#rows ];
}

my @columns = (
	[ 'Job' => 'name' ],
	[ 'Latency ms' => 'latency' ],
	[ 'Quota' => 'per_second' ],
	[ 'Rows/s' => 'rate' ],
	[ 'Time s' => 'wall' ],
	[ 'From-to' => 'range' ],
	[ 'Runs' => 'runs' ],
	[ 'CPU s' => 'cpu' ],
	[ 'Peak MB' => 'peak' ],
	[ 'Calls' => 'calls' ],
	[ 'Calls/s' => 'call_rate' ],
	[ 'Throttled' => 'throttled' ],
	[ 'Sim CPU s' => 'simulator' ],
	[ 'x COPY' => 'of_copy' ],
	[ 'x curl 8' => 'of_curl' ]);

# Of two times; undefined when one was not measured
sub ratio
{
	my ($one, $other) = @_;

	return $one && $other ? $one->{wall} / $other->{wall} : undef;
}

# What was to be reached: each as what, is, at most, reached or missed
sub goals
{
	my ($find) = @_;
	my @goals;
	my $goal = sub {
		my ($what, $is, $most, $unit) = @_;

		push @goals, [ $what, number($is) . " $unit", number($most) . " $unit",
			$is <= $most ? 'reached' : 'missed' ]
		  if defined $is;
	};
	my $copy = $find->('copy');
	my $sum = $find->('sum', 0, 0);
	my $many = $find->('million', 0, 0);
	my $quota = $find->('load', 200, $QUOTA);
	my ($limit) = grep { $_ } map { $find->('limit', $_, 0) } @LATENCIES;
	my $ten = "sum of @{[ 10 * $ROWS ]} rows";

	$goal->('load, 0 ms', ratio($find->('load', 0, 0), $copy), 1.35, 'x COPY');
	$goal->('sum, 0 ms', ratio($sum, $copy), 0.5, 'x COPY');
	$goal->('load, 50 ms', ratio($find->('load', 50, 0), $copy), 1.5, 'x COPY');
	$goal->("load, 50 ms, max_concurrency $WIDTH", ratio($find->('wide', 50, 0), $copy), 1.5, 'x COPY');
	$goal->('load, 200 ms',
		ratio($find->('load', 200, 0), $find->('curl', 200, 0, 8)), 1.2, 'x curl 8');
	if ($quota)
	{
		$goal->("load, 200 ms, $QUOTA/s", $quota->{wall}, 1.05 * $quota->{calls} / $QUOTA, 's');
		$goal->("load, 200 ms, $QUOTA/s: throttled", $quota->{throttled}, 0, 'calls');
	}
	$goal->("$ten: peak", $many && $many->{peak}, 32, 'MB');
	if ($many && $sum)
	{
		# the same, but for a few answers that wait to be read, or do not
		$goal->("$ten: peak beyond that of $ROWS rows", $many->{peak} - $sum->{peak}, 4, 'MB');
		$goal->("$ten: time", ratio($many, $sum), 11, "x $ROWS rows");
	}
	$goal->('LIMIT 10: calls', $limit && $limit->{calls}, 1, 'calls');
	$goal->('LIMIT 10: rows asked for', $limit && $limit->{asked}, 10, 'rows');
	return @goals;
}

sub versions
{
	my $server = psql(q{SELECT current_setting('server_version')});
	my ($cjson) = psql("LOAD 'billing_fdw'", q{SELECT pg_read_file('/proc/self/maps')}) =~ /libcjson\.so\.([\d.]+)/;
	my ($libcurl) = `curl -q -V` =~ m{libcurl/([\d.]+)};
	my ($kernel) = (POSIX::uname())[2];
	my @models = slurp('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)/mg;

	chomp $server;
	return sprintf 'PostgreSQL %s, libcurl %s, cJSON %s, Linux %s, %d x %s', $server, $libcurl // '?',
	  $cjson // '?', $kernel, scalar @models, $models[0] // 'CPU of unknown model';
}

# How much of the CPUs others took while we measured, in percent
sub others
{
	my ($ours, $wall) = (0, 0);
	my $cpus = () = slurp('/proc/stat') =~ /^cpu\d/mg;

	foreach my $run (map { @{ $_->{runs} } } @_)
	{
		$ours += $run->{cpu} + $run->{simulator} - $run->{machine};
		$wall += $run->{wall};
	}
	return -100 * $ours / $wall / $cpus;
}

sub report
{
	my ($head, @results) = @_;
	my $find = sub {
		my ($job, $latency, $quota, $connections) = @_;
		my ($found) = grep {
			$_->{job} eq $job
			  && ($_->{latency} // 0) == ($latency // 0)
			  && ($_->{quota} // 0) == ($quota // 0)
			  && ($_->{connections} // 0) == ($connections // 0)
		} @results;

		return $found;
	};

	foreach my $r (@results)
	{
		# only what reads all rows is comparable
		next if $r->{rows} != $ROWS;
		$r->{of_copy} = ratio($r, $find->('copy'));
		$r->{of_curl} = ratio($r, $find->('curl', $r->{latency}, 0, 8))
		  if defined $r->{latency};
	}
	my @goals = goals($find);
	my @table = map {
		my $r = $_;
		[ map { number($r->{ $_->[1] }) } @columns ]
	} @results;

	return join '', "$head\n\n",
	  @goals ? (table([ 'Goal', 'Is', 'At most', '' ], @goals), "\n") : (),
	  table([ map { $_->[0] } @columns ], @table);
}

sub write_page
{
	my ($page, $text) = @_;

	open my $in, '<:encoding(UTF-8)', $page or die "$page: $!\n";
	my $old = do { local $/; <$in> };
	$old =~ s/^(<!-- measured -->\n).*?(?=^<!-- end -->)/$1$text/ms or die "$page has no place for it\n";
	open my $out, '>:encoding(UTF-8)', $page or die "$page: $!\n";
	print $out $old;
	close $out or die "$page: $!\n";
	return;
}

# ---- main

$SIG{ALRM} = sub { die "the benchmark took too long\n" };
alarm PATIENCE;
STDERR->autoflush(1);

my $start = time();
set_up();
prepare();
my @cells = cells();
@cells or die "no job has that name\n";
warm_up(@cells);
foreach my $round (1 .. $RUNS)
{
	my @now = grep { $round == 1 || $_->{spent} < $SECONDS } @cells;

	last unless @now;
	printf STDERR "round %d of %d at %d s: %d measurements\n", $round, $RUNS, time() - $start, scalar @now;
	run($_) foreach @now;
}
my $text = report(
	sprintf("Measured on %s with %s.\nMeanwhile other processes used %.0f %% of the CPUs.",
		strftime('%Y-%m-%d', gmtime), versions(), others(@cells)),
	map { summarize($_) } @cells);
print $text;
write_page($ENV{BENCH_PAGE}, $text) if $ENV{BENCH_PAGE};
$sim->stop == 0 or die "the simulator failed\n";

#!/usr/bin/perl
#
# 130_differential.pl
#	  Random queries on foreign tables and on local copies of their rows.
#
# The local tables are filled from the simulator's data by jsonb_to_recordset,
# which shares nothing with the wrapper.  Each query must give the same rows
# on both, or an error that its shape predicts, under the planner's own choice
# and under several forced ones.  And no request may have been sent that the
# conditions exclude: they are evaluated, by PostgreSQL, on the parameters of
# what the simulator has logged.
#
# DIFF_SECONDS=600	how long; the default is 30
# DIFF_SEED=7		other queries; the default is 1
# DIFF_QUERY=123	only this one, and its plans
# DIFF_FROM=1000	the first number
#
# IDENTIFICATION
#	  test/t/130_differential.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(decode encode);
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

use BillingDifference;
use BillingSim;
use BillingTest;

# reported in full; more would say nothing new
use constant MAX_FAILURES => 10;

my $seconds = $ENV{DIFF_SECONDS} // 30;
my $seed = $ENV{DIFF_SEED} // 1;
my $only = $ENV{DIFF_QUERY};

my %CONFIG = (rows => 40);
my @WIDE = map { sprintf '2023-%02d', $_ } 1 .. 9;
my ($FIRST, $LAST) = ('2023-01', '2023-06');
my @KEYS = ('env', 'team', 'cost center');
my @PAYERS = (undef, '100000000001', '100000000002');

# Ways to plan and run a query; all of them must come to the same.
my @VARIANTS = (
	# twice, to be chosen twice as often: it is nested loops that send values
	({ enable_nestloop => 'off' }) x 2,
	{ enable_hashjoin => 'off' },
	{ enable_hashjoin => 'off', enable_mergejoin => 'off' },
	{ enable_nestloop => 'off', enable_hashjoin => 'off' },
	{ enable_nestloop => 'off', enable_mergejoin => 'off' },
	{ enable_memoize => 'off' },
	{ enable_material => 'off', enable_memoize => 'off' },
	{ enable_material => 'off' },
	{ enable_hashagg => 'off' },
	{ enable_sort => 'off' },
	{ work_mem => '64kB' },
	{ join_collapse_limit => '1', from_collapse_limit => '1' },
	{ cursor_tuple_fraction => '0.001' },
	{ enable_partitionwise_join => 'on', enable_partitionwise_aggregate => 'on' },
	{ parallel_setup_cost => '0', parallel_tuple_cost => '0',
		min_parallel_table_scan_size => '0' });

my $node = BillingTest::new_node('differential');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;
my $json = JSON::PP->new->canonical;

# ---- tables

# What the simulator has, as an SQL expression.
sub rows_of
{
	my ($action, $params) = @_;
	my $query = "action=$action&" . BillingSim::query_of($params);
	my $text = decode('UTF-8', $sim->control('GET', "/sim/dump?$query"));

	die "$action: $text" unless $text =~ /"rows":/;
	return "(\$json\$$text\$json\$::jsonb -> 'rows')";
}

sub with_payer
{
	my ($payer, %params) = @_;

	$params{PayerUin} = $payer if defined $payer;
	return \%params;
}

sub fill_base
{
	$s->value(<<'END');
CREATE SCHEMA near;
CREATE FUNCTION near.amount(text) RETURNS numeric LANGUAGE sql IMMUTABLE AS
	$$ SELECT nullif(nullif($1, '-'), '')::numeric $$;
CREATE TABLE near.all_summary (month text, group_type text, payer_uin text, tag_key text,
	group_key text, group_value text, total_cost numeric, real_total_cost numeric);
CREATE TABLE near.all_modes (month text, payer_uin text, pay_mode text, action_type text,
	bill_month text, total_cost numeric, real_total_cost numeric);
CREATE TABLE near.all_resources (month text, pay_mode text, business_code text, resource_id text,
	tag_key text, tag_value text, tags jsonb, region_id bigint, pay_time timestamp,
	total_cost numeric, real_total_cost numeric);
CREATE TABLE near.pay_modes (label text, code text);
INSERT INTO near.pay_modes VALUES
	('包年包月', 'prePay'), ('Yearly/monthly subscription', 'prePay'), ('Monthly Subscription', 'prePay'),
	('按量计费', 'postPay'), ('Pay-As-You-Go resources', 'postPay'), ('Pay-as-you-go', 'postPay'),
	('预留实例', 'riPay'), ('Standard RI', 'riPay');
END
	foreach my $month (@WIDE)
	{
		foreach my $payer (@PAYERS)
		{
			fill_summary($month, $payer, $_) foreach qw(region project payMode business);
			fill_summary($month, $payer, 'tag', $_) foreach @KEYS;
			fill_modes($month, $payer);
		}
		fill_resources($month);
	}
	return;
}

sub fill_summary
{
	my ($month, $payer, $group, $key) = @_;
	my $params = with_payer($payer, Month => $month, GroupType => $group);

	$params->{TagKey} = [$key] if defined $key;
	my $rows = rows_of('DescribeBillSummary', $params);
	my $asked = join ', ', map { BillingTest::quoted($_) } $month, $group, $payer, $key;

	$s->value(<<END);
INSERT INTO near.all_summary
SELECT $asked, "GroupKey", "GroupValue", near.amount("TotalCost"), near.amount("RealTotalCost")
  FROM jsonb_to_recordset($rows) AS r ("GroupKey" text, "GroupValue" text, "TotalCost" text, "RealTotalCost" text);
END
	return;
}

sub fill_modes
{
	my ($month, $payer) = @_;
	my $rows = rows_of('DescribeBillSummaryByPayMode',
		with_payer($payer, BeginTime => $month, EndTime => $month));
	my $asked = join ', ', map { BillingTest::quoted($_) } $month, $payer;

	$s->value(<<END);
INSERT INTO near.all_modes
SELECT $asked, "PayMode", "ActionType", "BillMonth", near.amount("TotalCost"), near.amount("RealTotalCost")
  FROM jsonb_to_recordset($rows) AS r ("PayMode" text, "Detail" jsonb)
 CROSS JOIN LATERAL jsonb_to_recordset(coalesce("Detail", '[]')) AS d
       ("ActionType" text, "BillMonth" text, "TotalCost" text, "RealTotalCost" text);
END
	return;
}

# Each row without a key, and once per key.
sub fill_resources
{
	my ($month) = @_;
	my $rows = rows_of('DescribeBillResourceSummaryForOrganization', { Month => $month });
	my $asked = BillingTest::quoted($month);
	my $keys = join ', ', map { '(' . BillingTest::quoted($_) . ')' } undef, 'no key', @KEYS;

	$s->value(<<END);
INSERT INTO near.all_resources
SELECT $asked, p.code, "BusinessCode", "ResourceId", k.key,
       CASE WHEN k.key IS NOT NULL THEN coalesce(t.tags ->> k.key, '') END, t.tags, "RegionId",
       nullif("PayTime", '0002-11-30 00:00:00')::timestamp, near.amount("TotalCost"), near.amount("RealTotalCost")
  FROM jsonb_to_recordset($rows) AS r
       ("BusinessCode" text, "PayModeName" text, "ResourceId" text, "RegionId" bigint, "PayTime" text,
        "TotalCost" text, "RealTotalCost" text, "Tags" jsonb)
 CROSS JOIN (VALUES $keys) AS k (key)
  LEFT JOIN near.pay_modes p ON p.label = "PayModeName"
 CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(e ->> 'TagKey', e ->> 'TagValue'), '{}') AS tags
                       FROM jsonb_array_elements("Tags") AS e) AS t;
END
	return;
}

my %columns = (
	summary => 'month MONTH, group_type text, payer_uin text, tag_key text, group_key text, '
	  . 'group_value text, total_cost numeric, real_total_cost numeric',
	modes => 'month MONTH, payer_uin text, pay_mode text, action_type text, bill_month text, '
	  . 'total_cost numeric, real_total_cost numeric',
	resources => 'month MONTH, pay_mode text, business_code text, resource_id text, tag_key text, '
	  . 'tag_value text, tags jsonb, region_id bigint, pay_time timestamp, total_cost numeric, real_total_cost numeric');
my %remote = (
	summary => 'bill_summary',
	modes => 'bill_summary_by_pay_mode_detail',
	resources => 'bill_resource_summary_for_organization');

# A foreign table, and its copies: without values of input columns, and with.
sub make_pair
{
	my ($like, $type, $open, $counted) = @_;
	my $name = $like . ($counted ? '_counted' : $open ? '_open' : $type eq 'text' ? '' : "_$type");
	my ($input, $copy) = $like eq 'resources' ? ('tag_key', 'tag') : ('payer_uin', 'payer');
	my $columns = $columns{$like} =~ s/MONTH/$type/r;
	my $names = $columns{$like} =~ s/ \w+(?=,|$)//gr;
	my $select = $type eq 'text' ? $names : $names =~ s/^month/(month || '-01')::$type AS month/r;
	my $extent = $open ? '' : ", first_month '$FIRST', last_month '$LAST'";
	my $where = $open ? 'true' : "month BETWEEN '$FIRST' AND '$LAST'";
	my $page = $like eq 'resources' ? ", page_size '25'" : '';

	$page .= ", count_from_total 'on'" if $counted;

	# dropped columns shift the numbers of those that follow
	$s->value(<<END);
CREATE FOREIGN TABLE far.$name (gone text OPTIONS (field 'Gone'), $columns)
	SERVER api OPTIONS (table_name '$remote{$like}'$extent$page);
ALTER FOREIGN TABLE far.$name DROP COLUMN gone;
CREATE TABLE near.$name AS SELECT $select FROM near.all_$like WHERE $input IS NULL AND $where;
CREATE TABLE near.${name}_$copy AS SELECT $select FROM near.all_$like WHERE $where;
END
	return;
}

sub make_named
{
	foreach my $schema (qw(far near))
	{
		$s->value(<<END);
CREATE VIEW $schema.regions AS
	SELECT month, group_key, real_total_cost FROM $schema.summary WHERE group_type = 'region';
CREATE VIEW $schema.barrier WITH (security_barrier) AS
	SELECT month, group_key, real_total_cost FROM $schema.summary WHERE group_type = 'region';
CREATE VIEW $schema.totals AS
	SELECT month, sum(real_total_cost) AS x, count(*) AS c FROM $schema.summary WHERE group_type = 'payMode' GROUP BY month;
END
	}
	my $columns = $columns{summary} =~ s/MONTH/text/r;

	$s->value(<<END);
CREATE TABLE far.parts ($columns) PARTITION BY LIST (group_type);
CREATE TABLE far.ranges ($columns) PARTITION BY RANGE (month);
CREATE FOREIGN TABLE far.early PARTITION OF far.ranges
	FOR VALUES FROM ('2023-01') TO ('2023-03') SERVER api OPTIONS (table_name 'bill_summary');
CREATE FOREIGN TABLE far.late PARTITION OF far.ranges
	FOR VALUES FROM ('2023-03') TO ('2023-07') SERVER api OPTIONS (table_name 'bill_summary');
ALTER FOREIGN TABLE far.early ALTER group_type OPTIONS (ADD value 'region');
ALTER FOREIGN TABLE far.late ALTER group_type OPTIONS (ADD value 'region');
CREATE TABLE near.parts AS SELECT * FROM near.summary WHERE group_type IN ('region', 'project', 'payMode');
CREATE TABLE near.ranges AS SELECT * FROM near.summary WHERE group_type = 'region';
CREATE TABLE far.family ($columns);
INSERT INTO far.family SELECT * FROM near.summary WHERE group_type = 'payMode';
CREATE FOREIGN TABLE far.child ($columns) INHERITS (far.family)
	SERVER api OPTIONS (table_name 'bill_summary', first_month '$FIRST', last_month '$LAST');
ALTER FOREIGN TABLE far.child ALTER group_type OPTIONS (ADD value 'region');
CREATE TABLE near.family AS SELECT * FROM near.summary WHERE group_type IN ('region', 'payMode');
END
	foreach my $group (qw(region project))
	{
		$s->value(<<END);
CREATE FOREIGN TABLE far.part_$group PARTITION OF far.parts FOR VALUES IN ('$group')
	SERVER api OPTIONS (table_name 'bill_summary', first_month '$FIRST', last_month '$LAST');
END
	}
	# one that is an ordinary table
	$s->value(<<'END');
CREATE TABLE far.part_mode PARTITION OF far.parts FOR VALUES IN ('payMode');
INSERT INTO far.parts SELECT * FROM near.summary WHERE group_type = 'payMode';
END
	return;
}

# Tables that exist once, with values that match nothing.
sub make_local
{
	$s->value(<<'END');
CREATE TABLE periods (n int, month text, md date, ts timestamp, first text, last text, g text, v varchar(10));
INSERT INTO periods VALUES
	(1, '2023-01', '2023-01-01', '2023-01-01', '2023-01', '2023-03', 'region', '2023-01'),
	(2, '2023-02', '2023-02-01', '2023-02-01', '2023-02', '2023-02', 'region', '2023-02'),
	(3, '2023-02', '2023-02-01', '2023-02-01 00:00:01', '2023-01', '2023-06', 'project', 'x'),
	(4, '2023-05', '2023-05-17', '2023-05-01', '2023-05', '2023-06', 'payMode', '2023-04'),
	(5, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(6, '2023-4', 'infinity', 'infinity', '2023-04', '2023-05', 'nosuch', '2023-4'),
	(7, '2023-08', '2023-08-01', '2023-08-01', '2023-05', '2023-06', 'business', '2023-08'),
	(8, '2023-06', '2023-06-01', '2023-06-01', '2023-06', '2023-01', 'region', '2023-06'),
	(9, '', '-infinity', '-infinity', 'zzz', 'zzzz', '', ''),
	(10, '2023-13', '0001-01-01 BC', '2023-03-01', NULL, '2023-04', 'project', '2023-03'),
	(11, '1970-01', '1970-01-01', '1970-01-01', NULL, NULL, 'project', '1970-01');
CREATE TABLE many AS
	SELECT i AS n, '2023-0' || 1 + i * 7 % 6 AS month, CASE i % 3 WHEN 0 THEN 'region' ELSE 'project' END AS g
	  FROM generate_series(1, 150) i;
CREATE TABLE payers (n int, uin text, month text);
INSERT INTO payers VALUES (1, '100000000001', '2023-02'), (2, '100000000002', '2023-03'),
	(3, '100000000001', '2023-05'), (4, NULL, '2023-05'), (5, '100000000002', NULL);
CREATE TABLE assets (n int, id text, code text, month text, k text, tv text);
INSERT INTO assets
SELECT row_number() OVER (ORDER BY month, resource_id), resource_id, business_code, month,
       CASE n % 3 WHEN 0 THEN 'env' WHEN 1 THEN 'team' END, CASE n % 4 WHEN 0 THEN 'prod' WHEN 1 THEN 'test' WHEN 2 THEN '' END
  FROM (SELECT DISTINCT ON (resource_id) *, row_number() OVER (ORDER BY resource_id) AS n FROM near.resources ORDER BY resource_id) r
 WHERE n % 15 = 0;
INSERT INTO assets VALUES (101, NULL, NULL, NULL, NULL, NULL), (102, '', 'p_none', '2023-4', 'no key', ''),
	(103, 'none', 'p_cvm', '2023-04', 'env', 'nothing');
CREATE TABLE tag_keys (n int, k text, k2 text);
INSERT INTO tag_keys VALUES (1, 'env', 'team'), (2, 'team', NULL), (3, NULL, 'cost center'), (4, 'env', 'env');
CREATE FUNCTION stable_month(which int) RETURNS text LANGUAGE plpgsql STABLE AS
	$$ BEGIN RETURN (SELECT p.month FROM periods p WHERE p.n = which); END $$;
ANALYZE;
END
	return;
}

# outcome(): what a query comes to, as JSON: the number of rows and their hash,
# or an error.  Settings are gone afterwards, because the block that makes them
# always ends in an error.
sub make_functions
{
	$s->value(<<'END');
CREATE FUNCTION outcome(query text, kind text, types text, args text, ordered bool, settings jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	lines text[] := '{}';
	line record;
	setting record;
	state text;
	message text;
	seen refcursor;
	sorted text[];
BEGIN
	BEGIN
		FOR setting IN SELECT * FROM jsonb_each_text(settings) LOOP
			PERFORM set_config(setting.key, setting.value, true);
		END LOOP;
		IF kind = 'prepared' THEN
			EXECUTE 'PREPARE asked' || types || ' AS ' || query;
			FOR line IN EXECUTE 'EXECUTE asked' || args LOOP
				lines := lines || line::text;
			END LOOP;
		ELSIF kind = 'scroll' THEN
			OPEN seen SCROLL FOR EXECUTE query;
			MOVE FORWARD 3 FROM seen;
			MOVE BACKWARD ALL FROM seen;
			LOOP
				FETCH seen INTO line;
				EXIT WHEN NOT FOUND;
				lines := lines || line::text;
			END LOOP;
			CLOSE seen;
		ELSE
			FOR line IN EXECUTE query LOOP
				lines := lines || line::text;
			END LOOP;
		END IF;
		RAISE SQLSTATE 'DIFF0';
	EXCEPTION
		WHEN SQLSTATE 'DIFF0' THEN
			NULL;
		WHEN query_canceled OR assert_failure OR OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	END;
	IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'asked') THEN
		DEALLOCATE asked;
	END IF;
	IF state IS NOT NULL THEN
		RETURN jsonb_build_object('error', state || ': ' || message);
	END IF;
	SELECT array_agg(l ORDER BY CASE WHEN ordered THEN n END, l COLLATE "C") INTO sorted
	  FROM unnest(lines) WITH ORDINALITY AS u (l, n);
	RETURN jsonb_build_object('rows', cardinality(lines), 'hash', coalesce(md5(sorted::text), ''), 'lines', sorted[:40]);
END $$;

CREATE FUNCTION plan_of(query text, settings jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config(key, value, true) FROM jsonb_each_text(settings);
	RETURN QUERY EXECUTE 'EXPLAIN (VERBOSE) ' || query;
END $$;

-- what was sent, one row per request and tag key
CREATE FUNCTION sent(bodies jsonb)
RETURNS TABLE (action text, month text, group_type text, payer_uin text, tag_key text,
	pay_mode text, business_code text, resource_id text, tags jsonb) LANGUAGE sql AS $$
	SELECT b -> 0 #>> '{}', coalesce(b -> 1 ->> 'Month', b -> 1 ->> 'BeginTime'), b -> 1 ->> 'GroupType',
	       b -> 1 ->> 'PayerUin', k.key, b -> 1 ->> 'PayMode', b -> 1 ->> 'BusinessCode', b -> 1 ->> 'ResourceId',
	       CASE WHEN b -> 1 ? 'TagValue' THEN jsonb_build_object(b -> 1 ->> 'TagKey', b -> 1 ->> 'TagValue') END
	  FROM jsonb_array_elements(bodies) AS b
	  LEFT JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(b -> 1 -> 'TagKey') = 'array'
	                                                   THEN b -> 1 -> 'TagKey' END) AS k (key) ON true
$$;
END
	return;
}

# ---- queries

sub dollar { return "\$diff\$$_[0]\$diff\$" }

# Runs the query on one side; a list of outcomes, one per variant.
sub outcomes
{
	my ($query, $sql, @variants) = @_;
	my @types = map { $_->[0] } @{ $query->{params} };
	my @args = map { "$_->[1]::$_->[0]" } @{ $query->{params} };
	my ($types, $args) = map { @$_ ? '(' . join(', ', @$_) . ')' : '' } \@types, \@args;
	my @calls = map {
		'outcome(' . join(', ', dollar($sql), dollar($query->{kind}), dollar($types), dollar($args),
			$query->{ordered} ? 'true' : 'false', BillingTest::quoted($json->encode($_))) . ')'
	} @variants;

	my $answer = $s->query('SELECT ' . join(' || ', map { "jsonb_build_array($_)" } @calls));
	die "$sql\n$answer->{err}" if $answer->{error};
	return @{ decode_json(encode('UTF-8', $answer->{out})) };
}

# Requests that no condition of the query allows.
sub excluded_requests
{
	my ($query) = @_;
	my %bodies = map { s/ /,/r => 1 } $sim->bodies;
	my $bodies = join ', ', map { "[\"" . s/,/",/r . ']' } sort keys %bodies;
	my @checks;

	return '' unless %bodies;
	foreach my $check (@{ $query->{checks} })
	{
		my $condition =
		  BillingDifference::near(BillingDifference::filled($check->{condition}, $query->{params}));
		my $month = $check->{type} eq 'text' ? 's.month' : "(s.month || '-01')::$check->{type}";

		push @checks, <<END;
s.action = '$check->{action}' AND EXISTS (SELECT FROM
  (SELECT $month AS month, s.group_type, s.payer_uin, s.tag_key, s.pay_mode, s.business_code, s.resource_id, s.tags) $check->{alias}
   WHERE $condition)
END
	}
	my $allowed = join ' OR ', @checks;
	my $answer = $s->query("SELECT DISTINCT s FROM sent(\$json\$[$bodies]\$json\$) s WHERE ($allowed) IS NOT TRUE");

	return $answer->{error} ? "not checked: $answer->{err}" : $answer->{out};
}

sub shown
{
	my ($outcome) = @_;

	return $outcome->{error} if defined $outcome->{error};
	my @lines = map { $_ // 'NULL' } @{ $outcome->{lines} // [] };

	$#lines = 4 if @lines > 5;
	return join "\n    ", "$outcome->{rows} rows", @lines;
}

# by shape: how the planner's own choice ended
my %seen;
my $requests = 0;

# What is wrong with the answers to a query; nothing when all is well.
sub problems
{
	my ($number, $query) = @_;
	my @variants = ({});
	my @problems;

	$sim->reset;
	$sim->config(\%CONFIG);
	push @variants, { plan_cache_mode => 'force_generic_plan' }, { plan_cache_mode => 'force_custom_plan' }
	  if $query->{kind} eq 'prepared';
	push @variants, map { $VARIANTS[ int rand @VARIANTS ] } 1 .. 4;

	my ($near) = outcomes($query, BillingDifference::near($query->{sql}), {});
	my @far = outcomes($query, BillingDifference::far($query->{sql}), @variants);

	# the generator's own fault
	return "the local query fails: $near->{error}" if defined $near->{error};

	foreach my $i (0 .. $#far)
	{
		my $far = $far[$i];
		# joins in the order of the query may be none that give values
		my @may = $variants[$i]{join_collapse_limit} ? $BillingDifference::NEEDS : ();

		# the same refusal for all plans, or for none
		push @problems, "$i: " . shown($far) . "\n  but 0: " . shown($far[0])
		  if defined $far->{error} != defined $far[0]{error} && !@may;
		my $settings = $json->encode($variants[$i]);

		if (defined $far->{error})
		{
			$seen{ $query->{shape} }{refused}++ if $i == 0;
			next if grep { $far->{error} =~ $_ } @{ $query->{may} }, @may;
			push @problems, "$settings: $far->{error}";
		}
		elsif ($query->{must})
		{
			push @problems, "$settings: not refused: " . shown($far);
		}
		elsif ($far->{rows} != $near->{rows} || $far->{hash} ne $near->{hash})
		{
			push @problems, "$settings: " . shown($far) . "\n  instead of " . shown($near);
		}
		elsif ($i == 0)
		{
			$seen{ $query->{shape} }{ $near->{rows} ? 'rows' : 'empty' }++;
		}
	}
	if (defined $only)
	{
		my $sql = BillingDifference::filled($query->{sql}, $query->{params});

		foreach my $settings (map { $json->encode($_) } @variants)
		{
			my $plan = $s->value('SELECT plan_of(' . dollar(BillingDifference::far($sql)) . ', ' . BillingTest::quoted($settings) . ')');

			diag(encode('UTF-8', "$settings\n$plan"));
		}
	}
	$requests += my @bodies = $sim->bodies;
	my $excluded = excluded_requests($query);
	push @problems, "requests that the conditions exclude:\n$excluded" if $excluded ne '';
	return @problems;
}

sub report
{
	my ($number, $query, @problems) = @_;
	my $sql = BillingDifference::filled($query->{sql}, $query->{params});
	my @lines = (
		"query $number of seed $seed ($query->{shape}, $query->{kind}); "
		  . "DIFF_SEED=$seed DIFF_QUERY=$number runs it again",
		'  ' . BillingDifference::far($sql),
		'  ' . BillingDifference::near($sql));

	push @lines, "  prepared: $query->{sql}; " . join ', ', map { "$_->[1]::$_->[0]" } @{ $query->{params} }
	  if @{ $query->{params} };
	diag(encode('UTF-8', $_)) foreach @lines, map { "  $_" } @problems;
	return;
}

sub list_of { return [ split /\n/, $s->value($_[0]) ] }

$sim->config(\%CONFIG);
BillingTest::add_server($s, 'api', $sim->url, { max_retries => 0, ready_timeout => 0, max_concurrency => 8 });
fill_base();
$s->value('CREATE SCHEMA far');
make_pair('summary', $_) foreach qw(text date);
make_pair('modes', $_) foreach qw(text timestamp);
make_pair('resources', 'text');
make_pair('resources', 'text', 0, 1);
make_pair($_, 'text', 1) foreach qw(summary modes resources);
make_named();
make_local();
make_functions();
# compiling takes longer than most queries, and many are dear
$s->value("SET statement_timeout = '100s'; SET jit = off");

my %values = (
	keys => \@KEYS,
	ids => list_of('SELECT DISTINCT resource_id FROM near.resources ORDER BY 1 LIMIT 12'),
	codes => list_of('SELECT DISTINCT business_code FROM near.resources ORDER BY 1'));

my $end = time() + $seconds;
my $number = $only // $ENV{DIFF_FROM} // 0;
my ($count, $failures) = (0, 0);

while (time() < $end && $failures < MAX_FAILURES)
{
	$number++ unless defined $only;
	my $query = BillingDifference::query($seed, $number, \%values);
	my $start = time();
	my @problems = problems($number, $query);

	$count++;
	report($number, $query, @problems) if @problems || defined $only;
	note(sprintf 'query %d, shape %s: %.1f s', $number, $query->{shape}, time() - $start)
	  if time() - $start > 3;
	$failures++ if @problems;
	last if defined $only;
}

is($failures, 0, "$count queries of seed $seed: the same answer as local tables");
note("$requests requests");
foreach my $shape (sort keys %seen)
{
	note("$shape: ", join ', ', map { "$seen{$shape}{$_} $_" } sort keys %{ $seen{$shape} });
}
# a comparison of nothing with nothing says little
my $with_rows = 0;
$with_rows += $seen{$_}{rows} // 0 foreach keys %seen;
cmp_ok($with_rows, '>', $count / 2, 'most answers had rows') unless defined $only;

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

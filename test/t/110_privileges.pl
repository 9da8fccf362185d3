#!/usr/bin/perl
#
# 110_privileges.pl
#	  Several roles and sessions: whose keys are used, and who sees what.
#
# The simulator knows two keys, and the wrong ones of other users fail
# there: so it shows whose mapping a scan has used.
#
# IDENTIFICATION
#	  test/t/110_privileges.pl
#
use strict;
use warnings FATAL => 'all';

use Encode qw(encode);
use Test::More;

use BillingSim;
use BillingTest;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $sim = BillingSim->start;
my $url = $sim->url;
my $right = "secret_id '$ID', secret_key '$KEY'";
my $wrong = "secret_id '$ID', secret_key 'WRONGKEYOFSOMEBODYELSE'";

my $node = BillingTest::new_cluster('main');
$node->start;

# Runs SQL as a user; standard output and standard error.
sub run_as
{
	my ($user, $sql, %o) = @_;
	my ($rc, $out, $err) = $node->psql(
		$o{database} // 'postgres',
		"\\set VERBOSITY verbose\n$sql",
		on_error_stop => 0,
		extra_params => [ '-U', $user ]);

	return ($out, $err);
}

sub returns
{
	my ($user, $sql, $expected, $what) = @_;
	my ($out, $err) = run_as($user, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is($out . $err, $expected, $what);
}

sub refused
{
	my ($user, $sql, $pattern, $what) = @_;
	my ($out, $err) = run_as($user, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	like($err, qr/ERROR:  $pattern/, $what);
	return $err;
}

# How the simulator answered since the last reset.
sub outcomes
{
	my @list = map { $_->{outcome} } @{ $sim->log };

	$sim->reset;
	return join ',', @list;
}

# What went out since the last reset.
sub dump_lines
{
	my ($params, @fields) = @_;
	my $rows = $sim->dump('DescribeBillSummary', $params);

	return encode('UTF-8',
		join "\n", map { join '|', @$_{@fields} } @$rows);
}
my $region = "month = '2023-04' AND group_type = 'region'";
my $region_body =
  'DescribeBillSummary {"Month":"2023-04","GroupType":"region"}';
my $region_rows = dump_lines({ Month => '2023-04', GroupType => 'region' },
	qw(GroupValue RealTotalCost));

# ---- the recipe: an owner without login holds mapping and foreign tables

$node->safe_psql('postgres', <<"END");
CREATE EXTENSION billing_fdw;
CREATE ROLE billing_owner NOLOGIN;
CREATE ROLE analyst LOGIN;
CREATE ROLE stranger LOGIN;
CREATE ROLE alice LOGIN;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', max_retries '0');
GRANT USAGE ON FOREIGN SERVER sim TO billing_owner;
CREATE USER MAPPING FOR billing_owner SERVER sim OPTIONS ($right);
CREATE SCHEMA billing AUTHORIZATION billing_owner;
CREATE SCHEMA reports AUTHORIZATION billing_owner;
SET ROLE billing_owner;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO billing;
CREATE VIEW reports.regions AS
  SELECT month, group_value, real_total_cost FROM billing.bill_summary
  WHERE group_type = 'region';
CREATE MATERIALIZED VIEW reports.kept AS
  SELECT group_value, real_total_cost FROM billing.bill_summary
  WHERE $region;
CREATE FUNCTION reports.total(which text) RETURNS numeric
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS 'SELECT sum(real_total_cost) FROM billing.bill_summary
      WHERE month = which AND group_type = ''region''';
REVOKE EXECUTE ON FUNCTION reports.total FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reports.total TO analyst;
GRANT USAGE ON SCHEMA reports TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA reports TO analyst;
END
$sim->reset;

my $view = "SELECT group_value, real_total_cost FROM reports.regions WHERE month = '2023-04'";
returns('analyst', $view, $region_rows, 'an analyst reads the view');
is($sim->take_bodies, $region_body, '... its conditions and the analyst\'s are sent together');
my ($sum) = run_as('postgres',
	'SELECT sum(real_total_cost) FROM reports.kept');
returns('analyst', "SELECT reports.total('2023-04')",
	$sum, 'an analyst calls a function of the owner');
$sim->reset;

refused('analyst', "SELECT * FROM billing.bill_summary WHERE $region",
	'42501: permission denied for schema billing',
	'an analyst cannot read the foreign tables');
$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA billing TO analyst');
refused('analyst', "SELECT * FROM billing.bill_summary WHERE $region",
	'42501: permission denied for foreign table bill_summary',
	'... nor with the right to the schema');
refused('analyst', "EXPLAIN SELECT * FROM billing.bill_summary WHERE $region",
	'42501: ', '... nor explain a query of them');
refused('analyst', 'SET ROLE billing_owner', '42501: ',
	'an analyst cannot become the owner');
refused('analyst', "CREATE USER MAPPING FOR analyst SERVER sim OPTIONS ($right)",
	'42501: permission denied for foreign server sim',
	'an analyst cannot have a mapping on the server');
refused('analyst', "ALTER USER MAPPING FOR billing_owner SERVER sim OPTIONS (SET secret_id 'x')",
	'42501: ', 'an analyst cannot change the owner\'s mapping');
refused('analyst', 'DROP USER MAPPING FOR billing_owner SERVER sim',
	'42501: ', '... nor drop it');
refused('analyst', "ALTER SERVER sim OPTIONS (SET endpoint 'https://evil.tencentcloudapi.com')",
	'42501: ', 'an analyst cannot send the requests elsewhere');
refused('analyst', "CREATE FOREIGN TABLE mine (month text) SERVER sim OPTIONS (table_name 'bill_summary')",
	'42501: ', 'an analyst cannot make a foreign table');
my ($out, $err) = run_as('billing_owner', 'SELECT 1');
like($err, qr/role "billing_owner" is not permitted to log in/,
	'nobody logs in as the owner');
is(outcomes(), '', 'none of it sent anything');

returns('analyst',
	'SELECT usename, srvname, umoptions IS NULL FROM pg_user_mappings',
	'billing_owner|sim|t', 'an analyst sees that there is a mapping, not its options');
returns('analyst',
	'SELECT count(*) FROM information_schema.user_mapping_options',
	'0', '... nor in the information schema');
refused('analyst', 'SELECT * FROM pg_user_mapping', '42501: ',
	'... nor in the catalog');
returns('analyst',
	"SELECT count(*) FROM information_schema.foreign_server_options WHERE option_name = 'endpoint'",
	'0', 'options of the server are for those who may use it');

# A mapping of one's own, with a key that is wrong, changes nothing.
$node->safe_psql('postgres',
	"CREATE USER MAPPING FOR analyst SERVER sim OPTIONS ($wrong)");
returns('analyst', $view, $region_rows, 'the view uses the mapping of its owner');
returns('analyst', "SELECT reports.total('2023-04')",
	$sum, 'so does the function');
is(outcomes(), 'ok,ok', '... whose key was right');
$node->safe_psql('postgres', 'GRANT SELECT ON billing.bill_summary TO analyst');
refused('analyst', "SELECT * FROM billing.bill_summary WHERE $region",
	'28000: ', 'the table itself uses the mapping of the reader');
like(outcomes(), qr/^AuthFailure/, '... whose key was wrong');

# A view that checks its caller uses the caller's mapping.
$node->safe_psql('postgres', <<"END");
SET ROLE billing_owner;
CREATE VIEW reports.invoker WITH (security_invoker) AS
  SELECT * FROM billing.bill_summary WHERE $region;
GRANT SELECT ON reports.invoker TO analyst;
END
refused('analyst', 'SELECT * FROM reports.invoker', '28000: ',
	'a security_invoker view uses the mapping of the caller');
$node->safe_psql('postgres', <<"END");
REVOKE SELECT ON billing.bill_summary FROM analyst;
DROP USER MAPPING FOR analyst SERVER sim;
END
refused('analyst', 'SELECT * FROM reports.invoker', '42501: ',
	'... and needs the caller\'s right to the table');
$sim->reset;

# Another owner of the view brings another mapping, or none.
$node->safe_psql('postgres', <<"END");
CREATE ROLE new_owner;
GRANT USAGE ON SCHEMA billing TO new_owner;
GRANT SELECT ON billing.bill_summary TO new_owner;
GRANT CREATE ON SCHEMA reports TO new_owner;
ALTER VIEW reports.regions OWNER TO new_owner;
GRANT SELECT ON reports.regions TO analyst;
END
refused('analyst', $view, '\w+: user mapping not found for (user )?"new_owner"',
	'a new owner of the view has no mapping');
$node->safe_psql('postgres', 'ALTER VIEW reports.regions OWNER TO billing_owner');
is(outcomes(), '', '... and nothing was sent');

# Materialized views: the owner refreshes, analysts read what is kept.
returns('analyst', 'SELECT group_value, real_total_cost FROM reports.kept',
	$region_rows, 'an analyst reads a materialized view');
is(outcomes(), '', '... which asks the API for nothing');
refused('analyst', 'REFRESH MATERIALIZED VIEW reports.kept', '42501: ',
	'an analyst cannot refresh it');
$node->safe_psql('postgres', 'REFRESH MATERIALIZED VIEW reports.kept');
is($sim->take_bodies, $region_body,
	'a superuser without mapping refreshes it with the mapping of its owner');
$node->safe_psql('postgres',
	'SET ROLE billing_owner; REFRESH MATERIALIZED VIEW reports.kept');
is($sim->take_bodies, $region_body, 'its owner refreshes it');
$sim->config(
	{ faults => [ { error => { code => 'InternalError', message => 'no' } } ] });
refused('postgres', 'REFRESH MATERIALIZED VIEW reports.kept',
	'HV000: ', 'a refresh that fails');
$sim->reset;
returns('analyst', 'SELECT group_value, real_total_cost FROM reports.kept',
	$region_rows, '... leaves the rows of the last one');

# ---- mappings in other sessions, and in plans that are kept

# What a statement of a session says; rows and messages.
sub in_session
{
	my ($session, $sql) = @_;
	my $result = $session->query($sql);

	return $result->{out} . $result->{err};
}

my $analyst = BillingTest::Session->new($node, user => 'analyst');
in_session($analyst, 'SET plan_cache_mode = force_generic_plan');
in_session($analyst, "PREPARE p AS SELECT count(*) FROM reports.regions WHERE month = '2023-04'");
my $count = () = $region_rows =~ /^/mg;
is(in_session($analyst, 'EXECUTE p'), $count, 'a prepared statement');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR billing_owner SERVER sim OPTIONS (SET secret_key 'CHANGEDKEY')");
like(in_session($analyst, 'EXECUTE p'),
	qr/ERROR: .*signature/, '... has the changed key at once');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR billing_owner SERVER sim OPTIONS (SET secret_key '$KEY')");
is(in_session($analyst, 'EXECUTE p'), $count, '... and the right one again');
$node->safe_psql('postgres', 'DROP USER MAPPING FOR billing_owner SERVER sim');
like(in_session($analyst, 'EXECUTE p'),
	qr/ERROR: .*user mapping not found/, '... and none when it is gone');
$node->safe_psql('postgres',
	"CREATE USER MAPPING FOR billing_owner SERVER sim OPTIONS ($right)");
is(in_session($analyst, 'EXECUTE p'), $count, '... and the new one');

# A scan that runs keeps the keys that it started with: one request per
# month, and the mapping is gone between two of them.
$sim->reset;
in_session($analyst, 'BEGIN');
in_session($analyst,
	"DECLARE c CURSOR FOR SELECT month FROM reports.regions WHERE month IN ('2023-03', '2023-04')");
in_session($analyst, 'FETCH 1 FROM c');
is(scalar @{ $sim->log }, 1, 'a cursor has read a page');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR billing_owner SERVER sim OPTIONS (SET secret_key 'CHANGEDKEY')");
unlike(in_session($analyst, 'FETCH ALL FROM c'),
	qr/ERROR/, '... and goes on with its key after the mapping was changed');
is(outcomes(), 'ok,ok', '... which the API accepts');
like(in_session($analyst, "SELECT count(*) FROM reports.regions WHERE month = '2023-04'"),
	qr/ERROR: .*signature/, '... the next statement of the session has the changed key');
in_session($analyst, 'ROLLBACK');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR billing_owner SERVER sim OPTIONS (SET secret_key '$KEY')");
$analyst->quit;

# SET ROLE in one session, with one plan and one connection to the API.
$node->safe_psql('postgres', <<"END");
CREATE ROLE reader_right;
CREATE ROLE reader_wrong;
GRANT USAGE ON SCHEMA billing TO reader_right, reader_wrong;
GRANT SELECT ON billing.bill_summary TO reader_right, reader_wrong;
CREATE USER MAPPING FOR reader_right SERVER sim OPTIONS ($right);
CREATE USER MAPPING FOR reader_wrong SERVER sim OPTIONS ($wrong);
END
my $root = BillingTest::Session->new($node, user => 'postgres');
in_session($root, 'SET plan_cache_mode = force_generic_plan');
in_session($root, "PREPARE p AS SELECT count(*) FROM billing.bill_summary WHERE $region");
foreach my $round (1 .. 2)
{
	in_session($root, 'SET ROLE reader_right');
	is(in_session($root, 'EXECUTE p'), $count,
		"one prepared statement, round $round: the role with the right key");
	in_session($root, 'SET ROLE reader_wrong');
	like(in_session($root, 'EXECUTE p'),
		qr/ERROR: .*signature/, '... and the role with the wrong one');
	in_session($root, 'RESET ROLE');
	like(in_session($root, 'EXECUTE p'),
		qr/ERROR: .*user mapping not found/, '... and a superuser without any');
}
$root->quit;
$sim->reset;

# ---- a mapping for PUBLIC

$node->safe_psql('postgres',
	"CREATE USER MAPPING FOR PUBLIC SERVER sim OPTIONS ($right);
	 GRANT USAGE ON SCHEMA billing TO PUBLIC;
	 GRANT SELECT ON billing.bill_summary TO PUBLIC");
my $table = "SELECT group_value, real_total_cost FROM billing.bill_summary WHERE $region";
returns('stranger', $table, $region_rows,
	'with a mapping for PUBLIC whoever may read the table uses its key');
refused('postgres', "SET ROLE reader_wrong; $table", '28000: ',
	'a mapping of one\'s own comes first');
returns('stranger',
	"SELECT umoptions IS NULL FROM pg_user_mappings WHERE umuser = 0",
	't', 'its options are hidden from those who use it');
$node->safe_psql('postgres', 'GRANT USAGE ON FOREIGN SERVER sim TO stranger');
returns('stranger',
	"SELECT umoptions IS NULL FROM pg_user_mappings WHERE umuser = 0",
	't', '... also from those who may use the server');
$node->safe_psql('postgres', <<"END");
DROP USER MAPPING FOR PUBLIC SERVER sim;
REVOKE SELECT ON billing.bill_summary FROM PUBLIC;
REVOKE USAGE ON SCHEMA billing FROM PUBLIC;
END
$sim->reset;

# ---- views that hide rows: a function of the caller sees no candidate

# (Stable and cheap: a volatile one would be kept from choosing requests for
# that reason alone, and a dear one would come last.)
$node->safe_psql('postgres', <<'END');
GRANT CREATE ON SCHEMA public TO analyst;
SET ROLE analyst;
CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE plpgsql STABLE COST 0.0001
  AS 'BEGIN RAISE NOTICE ''leaked <%>'', $1; RETURN true; END';
CREATE FUNCTION fail(text) RETURNS boolean LANGUAGE plpgsql STABLE COST 0.0001
  AS 'BEGIN RETURN (''leaked <'' || $1 || ''>'')::boolean; END';
END
$node->safe_psql('postgres', <<"END");
SET ROLE billing_owner;
CREATE TABLE billing.payers (uin text);
INSERT INTO billing.payers VALUES ('700012345678');
CREATE VIEW reports.hidden WITH (security_barrier) AS
  SELECT month, group_type, group_value, payer_uin, real_total_cost
  FROM billing.bill_summary
  WHERE payer_uin = (SELECT uin FROM billing.payers)
    AND $region AND real_total_cost < -1e30;
CREATE VIEW reports.shown WITH (security_barrier) AS
  SELECT month, group_type, group_value, real_total_cost
  FROM billing.bill_summary
  WHERE $region;
CREATE VIEW reports.wide WITH (security_barrier) AS
  SELECT month, group_type, group_value, real_total_cost
  FROM billing.bill_summary
  WHERE group_type = 'region' AND month >= '2023-03' AND month <= '2023-05';
GRANT SELECT ON reports.hidden, reports.shown, reports.wide TO analyst;
END
my $hidden_body =
  'DescribeBillSummary {"Month":"2023-04","GroupType":"region","PayerUin":"700012345678"}';

$sim->reset;
foreach my $column (qw(payer_uin month group_type group_value))
{
	my ($rows, $messages) = run_as('analyst',
		"SELECT * FROM reports.hidden WHERE leak($column)");

	is($rows . $messages, '', "a function of the caller sees nothing of $column where no row is shown");
	is($sim->take_bodies, $hidden_body, '... though there was a candidate');
	($rows, $messages) = run_as('analyst',
		"SELECT * FROM reports.hidden WHERE fail($column)");
	is($rows . $messages, '', "... nor does one that fails");
	$sim->reset;
}
foreach my $condition (
	"payer_uin LIKE '7%' AND leak(payer_uin)",
	'CASE WHEN leak(payer_uin) THEN true END',
	"payer_uin = ANY(ARRAY['1', '2']) OR leak(payer_uin)",
	'(SELECT leak(payer_uin))',
	'EXISTS (SELECT FROM pg_class WHERE leak(payer_uin) LIMIT 1)',
	'leak(month || payer_uin)')
{
	my ($rows, $messages) =
	  run_as('analyst', "SELECT * FROM reports.hidden WHERE $condition");

	unlike($rows . $messages, qr/leaked|7000/, "no leak by $condition");
}
$sim->reset;

# The same function is called where rows are shown: the test can fail.
my ($rows, $messages) = run_as('analyst',
	"SELECT * FROM reports.shown WHERE leak(month)");
my $leaks = () = $messages =~ /leaked <2023-04>/g;
is($leaks, $count, 'a function of the caller is called for each row that is shown');
my @other = $messages =~ /leaked <(?!2023-04>)([^>]*)>/g;
is("@other", '', '... with no other month');
is($sim->take_bodies, $region_body, '... and only that month was asked for');
like((run_as('analyst', 'SELECT * FROM reports.shown WHERE fail(month)'))[1],
	qr/leaked <2023-04>/, '... also one that fails');
$sim->reset;

# A leakproof condition of the caller chooses requests, others do not.
run_as('analyst', "SELECT * FROM reports.wide WHERE month = '2023-04'");
is($sim->take_bodies, $region_body, 'a leakproof condition of the caller chooses requests');
run_as('analyst', "SELECT * FROM reports.wide WHERE month LIKE '%-04'");
is( join("\n", sort split /\n/, $sim->take_bodies),
	join("\n", map { $region_body =~ s/04/$_/r } qw(03 04 05)),
	'one that is not leakproof waits for the rows');
run_as('analyst', "SELECT * FROM reports.wide WHERE leak(month) AND month = '2023-04'");
is($sim->take_bodies, $region_body, 'both together: the leakproof one does');

# Plans that the caller may look at.
foreach my $format (qw(TEXT JSON XML YAML))
{
	foreach my $options ('VERBOSE', 'ANALYZE, VERBOSE', 'ANALYZE')
	{
		my ($plan, $errors) = run_as('analyst',
			"EXPLAIN ($options, FORMAT $format) SELECT * FROM reports.hidden");

		like($plan, qr/DescribeBillSummary/, "EXPLAIN ($options, FORMAT $format) of a view that hides rows");
		unlike($plan . $errors, qr/7000/,
			'... shows no value of a table that the caller cannot read');
	}
}
$sim->reset;

# Messages that fail for reasons of the owner's own tables.
$node->safe_psql('postgres', <<"END");
SET ROLE billing_owner;
CREATE VIEW reports.broken WITH (security_barrier) AS
  SELECT month, real_total_cost FROM billing.bill_summary
  WHERE payer_uin = (SELECT uin FROM billing.payers) AND group_type = 'region'
    AND month = '2023-04' AND 1 / (length(month) - 7) > 0;
GRANT SELECT ON reports.broken TO analyst;
END
my $broken = refused('analyst', 'SELECT * FROM reports.broken', '22012: ',
	'a condition that fails on a candidate');
unlike($broken, qr/7000/, '... does not tell candidates of other columns');

# ---- row security through a partitioned parent

$node->safe_psql('postgres', <<"END");
CREATE ROLE tenant LOGIN;
CREATE USER MAPPING FOR tenant SERVER sim OPTIONS ($right);
CREATE TABLE public.bills (month text, group_type text, group_value text,
  real_total_cost numeric) PARTITION BY LIST (group_type);
CREATE FOREIGN TABLE public.bills_region
  PARTITION OF public.bills FOR VALUES IN ('region')
  SERVER sim OPTIONS (table_name 'bill_summary');
CREATE FOREIGN TABLE public.bills_project
  PARTITION OF public.bills FOR VALUES IN ('project')
  SERVER sim OPTIONS (table_name 'bill_summary');
ALTER TABLE public.bills ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON public.bills TO tenant USING (month = '2023-04');
GRANT SELECT ON public.bills TO tenant;
END
$sim->reset;
my $both = join "\n",
  map { $region_body =~ s/region/$_/r } qw(project region);

sub sorted_bodies
{
	return join "\n", sort split /\n/, $sim->take_bodies;
}
($rows, $messages) = run_as('tenant', 'SELECT count(*) FROM bills');
is($messages, '', 'a policy is a condition');
is(sorted_bodies(), $both, '... that chooses requests, as bounds of partitions do');
($rows, $messages) =
  run_as('tenant', "SELECT count(*) FROM bills WHERE leak(month)");
like($messages, qr/leaked <2023-04>/, 'a function of the caller is called');
unlike($messages, qr/leaked <(?!2023-04>)|ERROR/, '... with the month of the policy only');
is(sorted_bodies(), $both, '... and only that was asked for');
returns('tenant', "SELECT count(*) FROM bills WHERE month = '2023-05'",
	'0', 'another month is hidden');
is($sim->take_bodies, '', '... and not asked for');
($rows) = run_as('tenant', "SELECT count(*) FROM bills WHERE month >= '2023-01'");
cmp_ok($rows, '>', 0, 'a range is cut to the month of the policy');
is(sorted_bodies(), $both, '... also in what is sent');
run_as('tenant', "SELECT count(*) FROM bills WHERE group_type = 'region'");
is($sim->take_bodies, $region_body, 'one partition of them');

# A policy that hides every row of the month that it asks for: candidates are
# no rows, and functions of the caller are for rows.
$node->safe_psql('postgres', <<'END');
CREATE POLICY no_row ON public.bills AS RESTRICTIVE TO tenant
  USING (real_total_cost < -1e30);
END
foreach my $condition (
	'leak(month)', 'fail(month)', 'leak(month || group_type)',
	"month LIKE '2%' AND leak(month)", 'leak(month) OR group_value IS NULL',
	'CASE WHEN fail(month) THEN true END')
{
	($rows, $messages) =
	  run_as('tenant', "SELECT * FROM bills WHERE $condition");
	is($rows . $messages, '', "row security hides candidates from $condition");
	is(sorted_bodies(), $both, '... though there were some');
}
$node->safe_psql('postgres', 'DROP POLICY no_row ON public.bills');

refused('tenant', "SELECT * FROM bills_region WHERE month = '2023-05'",
	'42501: ', 'the partition itself cannot be read');
$sim->reset;

# ---- functions, extension, servers

# Whoever adds a function decides here who may call it: functions that call
# the API or show other sessions are not for PUBLIC.
is( $node->safe_psql('postgres', <<'END'),
SELECT string_agg(p.proname, ' ' ORDER BY p.proname COLLATE "C")
FROM pg_depend d
  JOIN pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e'
  JOIN pg_proc p ON p.oid = d.objid AND d.classid = 'pg_proc'::regclass
WHERE e.extname = 'billing_fdw' AND d.refclassid = 'pg_extension'::regclass
  AND has_function_privilege('stranger', p.oid, 'EXECUTE')
END
	'billing_fdw_columns billing_fdw_comments billing_fdw_errors '
	  . 'billing_fdw_handler billing_fdw_omissions billing_fdw_options billing_fdw_session_stats '
	  . 'billing_fdw_table_comments billing_fdw_tables billing_fdw_validator',
	'functions that PUBLIC may call');
foreach my $call (
	'billing_fdw_tables()', "billing_fdw_columns('bill_summary')",
	'billing_fdw_errors()', 'billing_fdw_options()', 'billing_fdw_session_stats()')
{
	($rows, $messages) = run_as('stranger', "SELECT count(*) FROM $call");
	is($messages, '', "a stranger may call $call");
}
is(outcomes(), '', 'they ask the API for nothing');

$node->safe_psql('postgres', 'CREATE DATABASE owned OWNER alice');
($rows, $messages) =
  run_as('alice', 'CREATE EXTENSION billing_fdw', database => 'owned');
like($messages, qr/ERROR:  42501: permission denied to create extension/,
	'an ordinary user cannot create the extension, not even in a database of one\'s own');

refused('alice', 'CREATE SERVER mine FOREIGN DATA WRAPPER billing_fdw',
	'42501: permission denied for foreign-data wrapper',
	'a server needs USAGE on the wrapper');
$node->safe_psql('postgres', <<'END');
GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO alice;
GRANT CREATE ON SCHEMA public TO alice;
END
returns('alice', <<"END", '', 'with USAGE an ordinary user can create one');
CREATE SERVER mine FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', max_retries '0');
CREATE USER MAPPING FOR alice SERVER mine OPTIONS ($right);
CREATE FOREIGN TABLE mine (month text, group_type text, real_total_cost numeric)
  SERVER mine OPTIONS (table_name 'bill_summary');
END
my $mine = "SELECT count(*) FROM mine WHERE $region";
refused('alice', $mine, '42501: endpoint of server "mine" is not allowed',
	'... for hosts that the superuser has allowed');

# Ways around the setting.
my $setting = 'billing_fdw.allowed_endpoints';
($rows, $messages) = run_as('alice', "SET $setting = '*'; $mine");
like($messages, qr/ERROR:  42501: endpoint of server/,
	'a setting made before the library is loaded does not count');
($rows, $messages) =
  run_as('alice', "$mine; SET $setting = '*'; $mine; SHOW $setting");
like($messages, qr/ERROR:  42501: permission denied to set parameter/,
	'a setting made afterwards is refused');
is($rows, '*.tencentcloudapi.com', '... and the default is in force');
($rows, $messages) = run_as('alice', "SELECT set_config('$setting', '*', false); $mine");
like($messages, qr/ERROR:  42501: endpoint of server/, 'nor does set_config()');
{
	local $ENV{PGOPTIONS} = "-c $setting=*";

	($rows, $messages) = run_as('alice', $mine);
	like($messages, qr/42501: |permission denied/, 'nor does an option of the connection');
	is($rows, '', '... no row');
}
foreach my $sql ("ALTER ROLE alice SET $setting = '*'",
	"ALTER DATABASE owned SET $setting = '*'")
{
	($rows, $messages) = run_as('alice', $sql);
	like($messages, qr/ERROR:  42501: /, "$sql is refused");
	($rows, $messages) = run_as('alice', "$mine; $sql");
	like($messages, qr/ERROR:  42501: permission denied to set parameter/,
		'... with the library as well');
}
($rows, $messages) = run_as('alice', <<"END");
CREATE FUNCTION try() RETURNS bigint LANGUAGE plpgsql SET $setting = '*'
  AS 'BEGIN RETURN (SELECT count(*) FROM mine WHERE month = ''2023-04'' AND group_type = ''region''); END';
SELECT try();
SELECT try();
END
like($messages, qr/ERROR:  42501: /, 'nor does a function with the setting');
is($rows, '', '... no row');
is(outcomes(), '', 'none of these ways sent anything');
refused('alice', "ALTER SERVER mine OPTIONS (ADD ca_file '/etc/passwd')",
	'42501: permission denied to set option "ca_file"',
	'files are for those who may read them');

# The superuser opens it.
$node->append_conf('postgresql.conf', "$setting = '127.0.0.1'");
$node->reload;
$node->poll_query_until('postgres',
	"SELECT setting = '127.0.0.1' FROM pg_file_settings WHERE name = '$setting'")
  or die 'the configuration was not read';
$node->poll_query_until('postgres',
	"SELECT current_setting('$setting', true) = '127.0.0.1'")
  or die 'the configuration was not reloaded';
returns('alice', $mine, $count, 'a host that the superuser has allowed');
is(outcomes(), 'ok', '... was asked');

# The owner of a server does not see the keys of others who use it.
$node->safe_psql('postgres', <<"END");
CREATE ROLE bob LOGIN;
SET ROLE alice;
GRANT USAGE ON FOREIGN SERVER mine TO bob;
GRANT SELECT ON mine TO bob;
END
returns('bob', "CREATE USER MAPPING FOR bob SERVER mine OPTIONS ($right); $mine",
	$count, 'another user of the server, with a key of one\'s own');
returns('alice',
	"SELECT usename, umoptions IS NULL FROM pg_user_mappings WHERE srvname = 'mine' ORDER BY 1",
	"alice|f\nbob|t", 'the owner of the server sees one\'s own key only');
returns('bob',
	"SELECT usename, umoptions IS NULL FROM pg_user_mappings WHERE srvname = 'mine' ORDER BY 1",
	"alice|t\nbob|f", 'so does the user');

$node->stop;
is($sim->stop, 0, 'the simulator ended cleanly');
done_testing();

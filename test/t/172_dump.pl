#!/usr/bin/perl
#
# 172_dump.pl
#	  Dump and restore of a database that uses the extension: what a dump shows,
#	  what a restore asks the API for, and what needs which rights.  Each sentence
#	  of "Dumps and restore" in docs/operation.md has its test here.
#
# IDENTIFICATION
#	  test/t/172_dump.pl
#
use strict;
use warnings FATAL => 'all';

use IPC::Run ();
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $sim = BillingSim->start;
my $url = $sim->url;
my $dir = PostgreSQL::Test::Utils::tempdir();
my $region = "month = '2023-04' AND group_type = 'region'";
my $body = 'DescribeBillSummary {"Month":"2023-04","GroupType":"region"}';

my $node = BillingTest::new_cluster('dump');
$node->append_conf('postgresql.conf', "billing_fdw.allowed_endpoints = '127.0.0.1'");
$node->start;

# ---- helpers

# Runs a program of PostgreSQL; exit status, output and messages.
sub run_as
{
	my ($user, $program, @arguments) = @_;
	local $ENV{PGUSER} = $user;
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	my ($out, $err) = ('', '');

	IPC::Run::run([ $node->installed_command($program), @arguments ], '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

# Dumps into a file, and tells the messages.
sub dump_as
{
	my ($user, $database, $file, @options) = @_;
	my ($rc, $out, $err) = run_as($user, 'pg_dump', '-d', $database, '-f', "$dir/$file", @options);

	return ($rc, $err);
}

# A text that can be compared.  (A key in "\restrict" is another one each time.)
sub text_of
{
	my ($file) = @_;

	return slurp_file("$dir/$file") =~ s/^\\(?:un)?restrict .*\n//mgr;
}

# A dump as a text that can be compared
sub dumped
{
	my ($user, $database) = @_;
	my ($rc, $err) = dump_as($user, $database, 'dumped.sql');

	die "pg_dump: $err" if $rc;
	return text_of('dumped.sql');
}

sub new_database
{
	my ($name, $owner) = @_;

	$node->safe_psql('postgres', "DROP DATABASE IF EXISTS $name");
	$node->safe_psql('postgres', "CREATE DATABASE $name" . ($owner ? " OWNER $owner" : ''));
	return;
}

# The errors that a restore ends with or goes over, a line each.
sub errors_of
{
	my ($messages) = @_;

	return join "\n", $messages =~ /\bERROR: +(.*)/g;
}

sub sql
{
	my ($user, $database, $sql) = @_;
	my ($rc, $out, $err) = run_as($user, 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $database, '-c', $sql);

	return $out . $err;
}

# What went out since the last reset.
# ---- a database as docs/operation.md recommends it

$node->safe_psql('postgres', <<'END');
CREATE ROLE billing_owner NOLOGIN;
CREATE ROLE analyst LOGIN;
CREATE ROLE keeper LOGIN;
CREATE DATABASE source;
END
$node->safe_psql('source', <<"END");
CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', max_retries '0', max_concurrency '1');
CREATE USER MAPPING FOR billing_owner SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY');
GRANT USAGE ON FOREIGN SERVER sim TO billing_owner;
CREATE SCHEMA billing AUTHORIZATION billing_owner;
CREATE SCHEMA cost AUTHORIZATION billing_owner;
SET ROLE billing_owner;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO billing;
ALTER FOREIGN TABLE billing.bill_summary ALTER real_total_cost SET STATISTICS 50;
CREATE VIEW cost.regions AS SELECT month, group_value, real_total_cost FROM billing.bill_summary WHERE group_type = 'region';
CREATE MATERIALIZED VIEW cost.kept AS SELECT * FROM cost.regions WHERE month = '2023-04';
CREATE TABLE cost.copied AS TABLE cost.kept;
GRANT USAGE ON SCHEMA cost TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA cost TO analyst;
END
my $kept = sql('postgres', 'source', 'TABLE cost.kept');
my $view = "SELECT group_value, real_total_cost FROM cost.regions WHERE month = '2023-04'";
my $seen = sql('analyst', 'source', $view);
like($seen, qr/^(?:.+\|-?\d+\.\d+\n){5,}\z/, 'the source has rows');
$sim->reset;

# ---- dumps show secrets, and ask the API for nothing

is((dump_as('postgres', 'source', 'all.sql'))[0], 0, 'a superuser dumps as text');
is((dump_as('postgres', 'source', 'all.dump', '-Fc'))[0], 0, '... and as an archive');
is($sim->take_bodies, '', 'dumps ask the API for nothing');
my $all = text_of('all.sql');

like($all, qr/^CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS \(/m, 'a dump has CREATE SERVER');
like($all, qr/^CREATE USER MAPPING FOR billing_owner SERVER sim OPTIONS \(\n\s+secret_id '$ID',\n\s+secret_key '$KEY'\n\);/m,
	'... and CREATE USER MAPPING with the secrets, as text');
unlike($all, qr/^COPY billing\./m, '... and no rows of foreign tables');
like($all, qr/^COPY cost\.copied .*\n(?:.+\n){5,}^\\\.$/m, '... but those of tables');
like(slurp_file("$dir/all.dump"), qr/\Q$KEY\E/, 'an archive can be searched for the key: definitions are not compressed');

# ---- restored by a superuser

# Runs the restore of what was dumped before; messages.
sub restore
{
	my ($user, $database, $form, @options) = @_;

	return $form eq 'text'
	  ? run_as($user, 'psql', '-Xq', '-d', $database, '-f', "$dir/all.sql", @options)
	  : run_as($user, 'pg_restore', '-d', $database, @options, "$dir/all.dump");
}
foreach my $form (qw(text archive))
{
	new_database('copy');
	$sim->reset;
	my ($rc, $out, $err) = restore('postgres', 'copy', $form);

	is($rc . errors_of($err), '0', "restored from $form");
	is($sim->take_bodies, $body, '... the materialized view asked the API, by the mapping of its owner');
	is(sql('postgres', 'copy', 'TABLE cost.kept'), $kept, '... and has its rows');
	is(sql('analyst', 'copy', $view), $seen, '... an analyst reads the view');
	is(dumped('postgres', 'copy'), $all, '... all is as it was');
}
$sim->reset;

# ---- without the API

my $down = { faults => [ { reset => JSON::PP::true } ] };
foreach my $form (qw(text archive))
{
	new_database('copy');
	$sim->config($down);
	my ($rc, $out, $err) = restore('postgres', 'copy', $form);

	like(errors_of($err), qr/\Acould not read the bill summary for foreign table "bill_summary": [^\n]*\z/,
		"$form, API away: one error, which is its own");
	is($rc, $form eq 'text' ? 0 : 1, '... the rest is restored');
	is(sql('postgres', 'copy', 'TABLE cost.copied'), $kept, '... a table with its rows');
	like(sql('analyst', 'copy', 'TABLE cost.kept'), qr/55000: materialized view "kept" has not been populated/,
		'... a materialized view without: it says so');
	$sim->reset;
	is(sql('postgres', 'copy', 'REFRESH MATERIALIZED VIEW cost.kept') . sql('analyst', 'copy', 'TABLE cost.kept'),
		$kept, '... until it is refreshed');
	is(dumped('postgres', 'copy'), $all, '... all is as it was');
}
new_database('copy');
$sim->config($down);
my ($rc, $out, $err) = restore('postgres', 'copy', 'archive', '--single-transaction');
is($rc, 1, 'in a single transaction, API away: fails');
is(sql('postgres', 'copy', q{SELECT count(*) FROM pg_namespace WHERE nspname IN ('billing', 'cost')}),
	"0\n", '... and nothing is restored');
$sim->reset;

# ---- only a part of the list

(my $status, my $list, $err) = run_as('postgres', 'pg_restore', '-l', "$dir/all.dump");
like($list, qr/^\d+; .* USER MAPPING - USER MAPPING billing_owner SERVER sim /m, 'the list has USER MAPPING');
like($list, qr/^\d+; .* MATERIALIZED VIEW DATA cost kept /m, '... and MATERIALIZED VIEW DATA');
append_to_file("$dir/part", $list =~ s/^.* (?:USER MAPPING|MATERIALIZED VIEW DATA) .*\n//mgr);
new_database('copy');
$sim->config($down);
($rc, $out, $err) = restore('postgres', 'copy', 'archive', '-L', "$dir/part");
is($rc . $err, '0', 'a restore without them');
is(scalar @{ $sim->log }, 0, '... needs no API');
$sim->reset;
is(sql('postgres', 'copy', 'SELECT count(*) FROM pg_user_mapping'), "0\n", '... and makes no mapping');
is(sql('postgres', 'copy', 'TABLE cost.copied'), $kept, '... a table has its rows');
($rc, $out, $err) = run_as('postgres', 'pg_restore', '-f', '-', '-L', "$dir/part", "$dir/all.dump");
unlike($out, qr/\Q$KEY\E|\Q$ID\E/, 'such a list also makes a text without secrets');

# ---- another owner

new_database('copy');
($rc, $out, $err) = restore('postgres', 'copy', 'archive', '--no-owner');
like(errors_of($err), qr/\Auser mapping not found for (?:user )?"postgres"[^\n]*\z/,
	'--no-owner: the materialized view has an owner without a mapping');
like(sql('analyst', 'copy', $view), qr/user mapping not found/, '... so has the view');
$node->safe_psql('copy', "CREATE USER MAPPING FOR postgres SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY');
	REFRESH MATERIALIZED VIEW cost.kept");
is(sql('analyst', 'copy', $view), $seen, '... until the new owner has one');
is(sql('analyst', 'copy', 'TABLE cost.kept'), $kept, '... and refreshes');
$sim->reset;

# ---- the dump of somebody else, restored by a user that is no superuser

sub new_database_for_keeper
{
	my ($name) = @_;

	new_database($name, 'keeper');
	$node->safe_psql($name, 'CREATE EXTENSION billing_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO keeper');
	return;
}
new_database_for_keeper('copy');
($rc, $out, $err) = restore('keeper', 'copy', 'archive', '--no-comments', '--no-owner');
like(errors_of($err), qr/\Auser mapping not found for (?:user )?"keeper"[^\n]*\z/,
	'restored by an ordinary user: the materialized view has an owner without a mapping');
sql('keeper', 'copy', "CREATE USER MAPPING FOR keeper SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY')");
is(sql('keeper', 'copy', 'REFRESH MATERIALIZED VIEW cost.kept') . sql('analyst', 'copy', 'TABLE cost.kept'),
	$kept, '... until it has one and refreshes');
is(sql('analyst', 'copy', $view), $seen, '... an analyst reads the view');
$sim->reset;

# ---- rows of foreign tables

my @rows_of = ('--include-foreign-data=sim', '-t', 'billing.bill_summary_by_pay_mode');

($rc, $err) = dump_as('postgres', 'source', 'rows.sql', @rows_of);
like(errors_of($err), qr/foreign table "bill_summary_by_pay_mode" needs a condition on "month"/,
	'--include-foreign-data: a dump reads without conditions');
$node->safe_psql('source',
	q{ALTER FOREIGN TABLE billing.bill_summary_by_pay_mode OPTIONS (ADD first_month '2023-03', ADD last_month '2023-04')});
($rc, $err) = dump_as('postgres', 'source', 'rows.sql', @rows_of);
like(errors_of($err), qr/user mapping not found for (?:user )?"postgres"/,
	'... with a mapping of the user who dumps');
is(scalar @{ $sim->log }, 0, '... neither has sent anything');
$node->safe_psql('source', "CREATE USER MAPPING FOR postgres SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY')");
($rc, $err) = dump_as('postgres', 'source', 'rows.sql', @rows_of);
is($rc . $err, '0', '... it works with both');
is($sim->take_bodies, join("\n", map { qq{DescribeBillSummaryByPayMode {"BeginTime":"$_","EndTime":"$_"}} } qw(2023-04 2023-03)),
	'... calling the API for the months of the table');
like(text_of('rows.sql'), qr/^COPY billing\.bill_summary_by_pay_mode .*\n2023-04\t/m, '... and the dump has rows');
new_database('copy');
restore('postgres', 'copy', 'archive', '-L', "$dir/part");
$node->safe_psql('copy', 'DROP FOREIGN TABLE billing.bill_summary_by_pay_mode');
($rc, $out, $err) = run_as('postgres', 'psql', '-Xq', '-d', 'copy', '-f', "$dir/rows.sql");
like(errors_of($err), qr/\Acannot insert into foreign table "bill_summary_by_pay_mode"/, '... that no restore can put back');

# ---- a user that is no superuser, and owns the database

new_database_for_keeper('kept');
is(sql('keeper', 'kept', $_), '', 'as owner of the database: ' . substr($_, 0, 40)) foreach
  "CREATE SERVER own FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint '$url', max_retries '0', max_concurrency '1')",
  "CREATE USER MAPPING FOR keeper SERVER own OPTIONS (secret_id '$ID', secret_key '$KEY')",
  "CREATE USER MAPPING FOR analyst SERVER own OPTIONS (secret_id '$ID', secret_key 'KEYOFANALYST')",
  "CREATE USER MAPPING FOR PUBLIC SERVER own OPTIONS (secret_id '$ID', secret_key 'KEYOFALL')",
  'CREATE SCHEMA cost', 'IMPORT FOREIGN SCHEMA billing FROM SERVER own INTO cost',
  "CREATE MATERIALIZED VIEW cost.kept AS SELECT group_value, real_total_cost FROM cost.bill_summary WHERE $region",
  'GRANT USAGE ON SCHEMA cost TO analyst', 'GRANT SELECT ON cost.bill_summary TO analyst';
$kept = sql('keeper', 'kept', 'TABLE cost.kept');
($rc, $err) = dump_as('keeper', 'kept', 'all.dump', '-Fc');
is($rc . $err, '0', 'the owner of a database dumps it');
($rc, $err) = dump_as('keeper', 'kept', 'all.sql');
$all = text_of('all.sql');
my %mapping = $all =~ /^CREATE USER MAPPING FOR (\w+) SERVER own( OPTIONS \(.*?\))?;$/msg;
is(join(' ', map { "$_: " . join ',', ($mapping{$_} // '') =~ /secret_key '(.*)'/ } sort keys %mapping),
	"analyst:  keeper: $KEY public: KEYOFALL",
	'... with the options that its user can see: its own, and those for PUBLIC on its server');
is($all =~ /KEYOFANALYST/ ? 'shown' : 'hidden', 'hidden', '... and no others');
is(sql('keeper', 'kept', 'SELECT usename, umoptions IS NULL FROM pg_user_mappings ORDER BY 1'),
	"analyst|t\nkeeper|f\npublic|f\n", '... as pg_user_mappings shows them');

foreach my $form (qw(text archive))
{
	new_database('copy', 'keeper');
	$sim->reset;
	($rc, $out, $err) = restore('keeper', 'copy', $form);
	like(errors_of($err), qr/\Apermission denied to create extension "billing_fdw"/,
		"$form, restored by an ordinary user: the extension must be there");
	is(scalar @{ $sim->log }, 0, '... without it nothing is sent');

	new_database_for_keeper('copy');
	($rc, $out, $err) = restore('keeper', 'copy', $form);
	is(errors_of($err), 'must be owner of extension billing_fdw',
		"$form, restored by an ordinary user: only the comment on the extension cannot be");
	is($sim->take_bodies, $body, '... the materialized view asked the API');
	is(sql('keeper', 'copy', 'TABLE cost.kept'), $kept, '... and has its rows');
	is(dumped('keeper', 'copy'), $all, '... all is as it was');
	like(sql('analyst', 'copy', "SELECT * FROM cost.bill_summary WHERE $region"), qr/28000: .*lacks option "secret_id"/,
		'... a mapping without options gives no access');
	new_database_for_keeper('copy');
	($rc, $out, $err) = run_as('keeper', 'pg_restore', '--no-comments', '-d', 'copy', "$dir/all.dump");
	is($rc . errors_of($err), '0', '--no-comments: no error');
	$sim->reset;
}

$node->stop;
is($sim->stop, 0, 'the simulator ended well');
done_testing();

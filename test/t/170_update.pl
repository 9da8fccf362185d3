#!/usr/bin/perl
#
# 170_update.pl
#	  ALTER EXTENSION billing_fdw UPDATE, to a made-up version that follows the
#	  current one: what was made with the old version is as it was and works, and
#	  an updated extension is the same as one that is installed anew.
#
# The versions that can be updated from are those whose install scripts are in
# sql, so this also tests the update scripts that are there.
#
# IDENTIFICATION
#	  test/t/170_update.pl
#
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;
use BillingTree;

my $sim = BillingSim->start;
my $tree = BillingTree->new;
my $old = $tree->version;
my $scan = q{FROM main.bill_summary WHERE month = '2023-04' AND group_type = 'region'};
my $body = 'DescribeBillSummary {"Month":"2023-04","GroupType":"region"}';

my $node = BillingTest::new_cluster('update', install_path => $tree->install_path);
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION billing_fdw; CREATE ROLE analyst LOGIN');

# All that an extension consists of, in a database of its own.
sub contents
{
	my ($database) = @_;

	return $node->safe_psql($database, <<'END');
SELECT o.type, o.identity, obj_description(d.objid, d.classid::regclass::name),
       CASE WHEN o.type = 'function' THEN pg_get_functiondef(d.objid) END,
       CASE WHEN o.type = 'function' THEN (SELECT proacl FROM pg_proc WHERE oid = d.objid)
            WHEN o.type = 'foreign-data wrapper' THEN (SELECT fdwacl FROM pg_foreign_data_wrapper WHERE oid = d.objid) END,
       CASE WHEN o.type = 'foreign-data wrapper' THEN (SELECT (fdwhandler::regprocedure, fdwvalidator::regprocedure, fdwoptions)::text
                                                         FROM pg_foreign_data_wrapper WHERE oid = d.objid) END
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid,
       LATERAL pg_identify_object(d.classid, d.objid, 0) o
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'billing_fdw'
 ORDER BY o.type COLLATE "C", o.identity COLLATE "C"
END
}

sub installed_version
{
	return $node->safe_psql('postgres', q{SELECT extversion FROM pg_extension WHERE extname = 'billing_fdw'});
}

# "made_up" is installed as the next version is: a script of its own, an update
# script, and the control file.  What it changes is what versions change.
my $base = $tree->read("billing_fdw--$old.sql");
my $change = <<'END';
CREATE FUNCTION billing_fdw_made_up() RETURNS text
  LANGUAGE sql IMMUTABLE RETURN 'made up';
COMMENT ON FUNCTION billing_fdw_made_up() IS 'shows that the update was made';
REVOKE EXECUTE ON FUNCTION billing_fdw_made_up() FROM PUBLIC;
COMMENT ON FOREIGN DATA WRAPPER billing_fdw IS 'Billing API, made up';
END

sub install_version
{
	my ($version, $script, $update) = @_;

	$tree->write("billing_fdw--$version.sql", $script);
	$tree->write("billing_fdw--$old--$version.sql", $update);
	return;
}

# ---- what is made with the old version

my $control = BillingTest::Session->new($node, application_name => 'control');
BillingTest::add_server($control, 'main', $sim->url, { max_retries => 0 });
$control->value(<<END);
CREATE VIEW regions AS SELECT month, group_value, real_total_cost $scan;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM regions;
CREATE VIEW catalog AS SELECT * FROM billing_fdw_tables();
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql
  BEGIN ATOMIC SELECT sum(real_total_cost) FROM regions; END;
GRANT SELECT ON regions TO analyst;
GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO analyst;
END
$sim->reset;

# Everything that was made, as pg_dump sees it; options and rights included.
# (A key in "\restrict" is another one each time.)
sub dump_of
{
	my ($out, $err) = run_command([ $node->installed_command('pg_dump'), '-d', $node->connstr('postgres') ]);

	die "pg_dump: $err\n" if $err ne '';
	return $out =~ s/^\\(?:un)?restrict .*\n//mgr;
}

# What the objects say, and what was sent for it.
sub use_all
{
	my ($session) = @_;

	$sim->reset;
	return join "\n",
	  map({ $session->value($_) } 'SELECT * FROM regions', 'SELECT total()',
		'SELECT count(*), min(month) FROM kept', 'TABLE catalog', 'EXECUTE p',
		"SELECT count(*) $scan", 'REFRESH MATERIALIZED VIEW kept'),
	  $sim->bodies;
}
my $user = BillingTest::Session->new($node, application_name => 'user');
$user->value("SET plan_cache_mode = force_generic_plan; PREPARE p AS SELECT max(real_total_cost) $scan");
my $before = use_all($user);
my $dump = dump_of();

is(scalar(() = $before =~ /^\Q$body\E$/mg), 5, 'the old version works');
like($dump, qr/CREATE FOREIGN TABLE main\.bill_summary /, 'a dump shows its objects');

# ---- updates that do not happen

my $result = $control->query("ALTER EXTENSION billing_fdw UPDATE");
is($result->{messages}[0]{message}, qq{version "$old" of extension "billing_fdw" is already installed},
	'there is no newer version');
$result = $control->query("ALTER EXTENSION billing_fdw UPDATE TO 'made_up'");
like($result->{error}{message}, qr/no update path/, '... nor one of that name');

install_version('made_up', $base . $change, $change);
$tree->write('billing_fdw.control',
	$tree->read('billing_fdw.control') =~ s/^default_version = .*/default_version = 'made_up'/mr);
install_version('broken', $base, $change . 'SELECT 1/0;');
install_version('forgotten', $base . $change, $change =~ s/^COMMENT ON FOREIGN.*\n//mr);

is(use_all($user), $before, 'files of a newer version change nothing');
my $analyst = BillingTest::Session->new($node, user => 'analyst');
is($analyst->query('ALTER EXTENSION billing_fdw UPDATE')->{error}{sqlstate},
	'42501', 'an ordinary user cannot update');
$result = $control->query("ALTER EXTENSION billing_fdw UPDATE TO 'broken'");
is($result->{error}{sqlstate}, '22012', 'an update script that fails');
is(installed_version(), $old, '... leaves the old version');
is(contents('postgres') =~ /made.up/i ? 'changed' : '', '', '... and nothing of the new one');
is(use_all($user), $before, '... which works');

# ---- the update, while a scan runs

$user->value('BEGIN; DECLARE c CURSOR FOR SELECT month, count(*) OVER () FROM main.bill_summary '
	  . "WHERE month IN ('2023-03', '2023-04') AND group_type = 'region'");
my $first = $user->value('FETCH 1 FROM c');
like($first, qr/^2023-0[34]\|\d+$/, 'a cursor is open');
$control->value('ALTER EXTENSION billing_fdw UPDATE');
is(installed_version(), 'made_up', 'updated');
my @rest = split /\n/, $user->value('FETCH ALL FROM c');
is(@rest + 1, (split /\|/, $first)[1], 'a cursor goes on');
$user->value('COMMIT');

is($control->value('SELECT billing_fdw_made_up()'), 'made up', 'what is new is there');
is($analyst->query('SELECT billing_fdw_made_up()')->{error}{sqlstate},
	'42501', '... with its privileges');
is(use_all($user), $before, 'what was made before works as it did, in an open session');
is(use_all(do { my $new = BillingTest::Session->new($node);
		$new->value("PREPARE p AS SELECT max(real_total_cost) $scan"); $new }),
	$before, '... and in a new one');
is(dump_of(), $dump, 'definitions, options and privileges are what they were');
is($control->value('SELECT has_foreign_data_wrapper_privilege($$analyst$$, $$billing_fdw$$, $$USAGE$$)'),
	't', '... so is a privilege on the wrapper');
$control->value(q{CREATE SCHEMA again; IMPORT FOREIGN SCHEMA billing FROM SERVER main INTO again});
is($control->value("SELECT count(*) FROM again.bill_summary WHERE month = '2023-04' AND group_type = 'region'"),
	$control->value("SELECT count(*) $scan"), 'tables can be imported');
is(($control->query(q{ALTER EXTENSION billing_fdw UPDATE TO '} . $old . q{'})->{error} // {})->{sqlstate},
	'22023', 'there is no way back');

# ---- updated is the same as new

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION billing_fdw');
my $fresh = contents('fresh');
like($fresh, qr/^function\|public\.billing_fdw_made_up\(\)/m, 'contents are listed');

my @from = grep { !/^(?:made_up|broken|forgotten)$/ } $tree->versions;
ok(scalar(grep { $_ eq $old } @from), 'the current version is among those updated from');
foreach my $from (@from)
{
	$node->safe_psql('postgres', "CREATE DATABASE updated");
	$node->safe_psql('updated', "CREATE EXTENSION billing_fdw VERSION '$from'; ALTER EXTENSION billing_fdw UPDATE");
	is(contents('updated'), $fresh, "updated from $from: the same as installed anew");
	$node->safe_psql('postgres', 'DROP DATABASE updated');
}

# The comparison sees an update script that has forgotten a line.
$node->safe_psql('postgres', "CREATE DATABASE forgetful");
$node->safe_psql('forgetful', "CREATE EXTENSION billing_fdw VERSION '$old'; ALTER EXTENSION billing_fdw UPDATE TO 'forgotten'");
isnt(contents('forgetful'), $fresh, 'a forgotten comment is noticed');

$_->quit foreach $control, $user, $analyst;
$node->stop;
is($sim->stop, 0, 'the simulator ended well');
done_testing();

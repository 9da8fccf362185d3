#!/usr/bin/perl
#
# 174_pg_upgrade.pl
#	  pg_upgrade of a cluster that uses the extension, to a server whose files
#	  are a newer (made-up) version of it: from the same version of PostgreSQL,
#	  and from each older one that has the extension installed.
#
# IDENTIFICATION
#	  test/t/174_pg_upgrade.pl
#
use strict;
use warnings FATAL => 'all';

use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Find qw(find);
use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;
use BillingTree;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $sim = BillingSim->start;
my $url = $sim->url;

# The programs of older versions of PostgreSQL that know the extension
sub older_servers
{
	chomp(my $bindir = `"$ENV{PG_CONFIG}" --bindir`);
	my ($major) = `"$ENV{PG_CONFIG}" --version` =~ /(\d+)/;
	my @found;

	foreach my $path (map { dirname($_) } glob dirname(dirname($bindir)) . '/*/bin')
	{
		next unless -x "$path/bin/postgres" && -x "$path/bin/pg_config";
		my ($version) = `"$path/bin/pg_config" --version` =~ /(\d+)/;
		chomp(my $lib = `"$path/bin/pg_config" --pkglibdir`);
		push @found, $path if $version < $major && -e "$lib/billing_fdw.so";
	}
	return @found;
}

# What is there and works; psql as another user sees the view.
my @queries = (
	'SELECT srvname, unnest(srvoptions) FROM pg_foreign_server ORDER BY 1, 2',
	'SELECT usename, srvname, unnest(umoptions) FROM pg_user_mappings ORDER BY 1, 2, 3',
	'SELECT foreign_table_schema, foreign_table_name FROM information_schema.foreign_tables ORDER BY 1, 2',
	'SELECT unnest(ftoptions) FROM pg_foreign_table WHERE ftrelid = $$billing.bill_summary$$::regclass ORDER BY 1',
	'SELECT count(*) FROM cost.kept',
	"SET ROLE analyst; SELECT * FROM cost.regions WHERE month = '2023-04'");

sub answers
{
	my ($node) = @_;

	return map { $node->safe_psql('reports', $_) } @queries;
}

# Runs pg_upgrade in a directory of its own; exit status, all it said
sub pg_upgrade
{
	my ($old, $new, $dir, @options) = @_;
	my $here = getcwd();
	my @command = (
		$new->installed_command('pg_upgrade'), '--no-sync',
		'-d', $old->data_dir, '-b', $old->config_data('--bindir'),
		'-D', $new->data_dir, '-B', $new->config_data('--bindir'),
		'-p', $old->port, '-P', $new->port, '-s', $new->host, @options);
	my $said = '';

	chdir $dir or die "$dir: $!";
	IPC::Run::run(\@command, '>&', \$said);
	my $rc = $? >> 8;
	chdir $here or die "$here: $!";
	return ($rc, $said);
}

# The files below a directory that contain a text
sub files_with
{
	my ($dir, $text) = @_;
	my @found;

	find({ no_chdir => 1, wanted => sub { push @found, $_ if -f && slurp_file($_) =~ /\Q$text\E/ } }, $dir);
	return @found;
}

my $bare = BillingTree->new;
$bare->remove_library;
my $next = BillingTree->new;
my $version = $next->version;
my $base = $next->read("billing_fdw--$version.sql");
my $change = "COMMENT ON FOREIGN DATA WRAPPER billing_fdw IS 'Billing API, made up';\n";
$next->write('billing_fdw--made_up.sql', $base . $change);
$next->write("billing_fdw--$version--made_up.sql", $change);
$next->write('billing_fdw.control',
	$next->read('billing_fdw.control') =~ s/^default_version = .*/default_version = 'made_up'/mr);

my $number = 0;
foreach my $from (undef, older_servers())
{
	my $what = $from // 'the same version';
	my $dir = PostgreSQL::Test::Utils::tempdir();
	my $old = BillingTest::new_cluster('old' . ++$number, $from ? (install_path => $from) : ());

	$old->start;
	$old->safe_psql('postgres', 'CREATE DATABASE reports; CREATE ROLE billing_owner; CREATE ROLE analyst');
	$old->safe_psql('reports', <<"END");
CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint '$url', max_retries '0', max_concurrency '1');
CREATE USER MAPPING FOR billing_owner SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY');
CREATE SCHEMA billing AUTHORIZATION billing_owner;
CREATE SCHEMA cost AUTHORIZATION billing_owner;
GRANT USAGE ON FOREIGN SERVER sim TO billing_owner;
SET ROLE billing_owner;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO billing;
ALTER FOREIGN TABLE billing.bill_summary OPTIONS (ADD first_month '2023-01');
CREATE VIEW cost.regions AS SELECT month, group_value, real_total_cost FROM billing.bill_summary WHERE group_type = 'region';
CREATE MATERIALIZED VIEW cost.kept AS SELECT * FROM cost.regions WHERE month = '2023-04';
GRANT USAGE ON SCHEMA cost TO analyst;
GRANT SELECT ON cost.regions TO analyst;
END
	my @before = answers($old);
	like($before[-1], qr/^2023-04\|.*\n2023-04\|/, "from $what: there is something to upgrade");
	$old->stop;
	$sim->reset;

	# The library has to be there before
	my $new = BillingTest::new_cluster("bare$number", install_path => $bare->install_path);
	my ($rc, $said) = pg_upgrade($old, $new, $dir, '--check');
	is($rc, 1, 'without the library: refused');
	my @lists = grep { m{/loadable_libraries\.txt$} } files_with($new->data_dir, 'could not load library "$libdir/billing_fdw"');
	is(scalar @lists, 1, '... for that reason');

	$new = BillingTest::new_cluster("new$number", install_path => $next->install_path);
	($rc, $said) = pg_upgrade($old, $new, $dir, '--check');
	is($rc, 0, 'with the library: could be upgraded') or diag $said;
	($rc, $said) = pg_upgrade($old, $new, $dir, '--retain');
	is($rc, 0, '... and is') or diag $said;
	is(scalar @{ $sim->log }, 0, '... without asking the API');
	unlike($said, qr/\Q$KEY\E/, '... nor showing the key');

	# pg_upgrade's own dump is kept by --retain
	my @dumps = files_with($new->data_dir . '/pg_upgrade_output.d', $KEY);
	cmp_ok(scalar @dumps, '>', 0, 'the files that it keeps have the key');
	is(scalar(grep { (stat $_)[2] & 077 } @dumps), 0, '... and only their owner can read them');

	$new->start;
	is($new->safe_psql('reports', q{SELECT extversion FROM pg_extension WHERE extname = 'billing_fdw'}),
		$version, 'the version of the extension is the old one');
	is_deeply([ answers($new) ], \@before, '... all is there and works');
	like(slurp_file("$dir/update_extensions.sql"), qr/ALTER EXTENSION "billing_fdw" UPDATE;/, '... and pg_upgrade says how to update');
	$new->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $new->connstr('postgres'), '-f', "$dir/update_extensions.sql" ],
		'which is done');
	is($new->safe_psql('reports', q{SELECT extversion FROM pg_extension WHERE extname = 'billing_fdw'}),
		'made_up', '... the version is the new one');
	is_deeply([ answers($new) ], \@before, '... all is there and works');
	$new->safe_psql('reports', 'REFRESH MATERIALIZED VIEW cost.kept');
	$new->stop;
}

SKIP:
{
	skip 'no older version of PostgreSQL with the extension is installed', 1 if $number == 1;
	pass('from older versions, too');
}

is($sim->stop, 0, 'the simulator ended well');
done_testing();

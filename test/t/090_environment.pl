#!/usr/bin/perl
#
# 090_environment.pl
#	  Nothing from the environment counts; proxies only when they are asked for.
#
# The server is started with traps in its environment: proxies that record
# who calls, files and variables that HTTP and TLS libraries, the vendor's
# clients and the C library read.  Each trap is shown to work on a program
# that does fall for it.
#
# IDENTIFICATION
#	  test/t/090_environment.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use MIME::Base64 qw(encode_base64);
use POSIX qw(strftime);
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingSim::Recorder;
use BillingTest;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $files = BillingSim::make_ca($dir);

my $plain = BillingSim->start;
my $tls = BillingSim->start(
	tls => 1,
	cert => $files->{cert},
	key => $files->{key});
my $trap = BillingSim::Recorder->start(file => "$dir/trap.rec");
my $answer = '{"Response":{"Ready":1,"SummaryDetail":[],"RequestId":"r"}}';
my $recorder = BillingSim::Recorder->start(
	file => "$dir/requests.rec",
	answer => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	  . 'Content-Length: '
	  . length($answer)
	  . "\r\n\r\n$answer");
my $proxy = BillingSim::Recorder->start(
	file => "$dir/proxy.rec",
	proxy => 1,
	auth => 'proxyuser:proxy pass:word');

# ---- a server that starts with traps in its environment

my %traps = (
	(map { ($_ => $trap->url) } qw(http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY)),
	SSLKEYLOGFILE => "$dir/keylog",
	HOME => "$dir/home",
	CURL_HOME => "$dir/home",
	XDG_CONFIG_HOME => "$dir/home",
	NETRC => "$dir/home/.netrc",
	CURL_CA_BUNDLE => $files->{ca},
	SSL_CERT_FILE => $files->{ca},
	SSL_CERT_DIR => "$dir/certs",
	TENCENTCLOUD_SECRET_ID => 'AKIDFROMENVIRONMENT',
	TENCENTCLOUD_SECRET_KEY => 'KEYFROMENVIRONMENT',
	TENCENTCLOUD_TOKEN => 'TOKENFROMENVIRONMENT',
	TENCENTCLOUD_SESSION_TOKEN => 'TOKENFROMENVIRONMENT',
	TENCENTCLOUD_REGION => 'ap-environment',
	TENCENTCLOUD_ENDPOINT => 'environment.example.com');
mkdir "$dir/home" and mkdir "$dir/certs" or die "mkdir: $!";
mkdir "$dir/home/.tencentcloud" or die "mkdir: $!";
BillingTest::write_file("$dir/home/.netrc", <<'END');
machine 127.0.0.1 login netrcuser password netrcpassword
default login netrcuser password netrcpassword
END
chmod 0600, "$dir/home/.netrc";
BillingTest::write_file("$dir/home/.curlrc", "proxy = @{[ $trap->url ]}\ninsecure\n");
BillingTest::write_file("$dir/home/.tencentcloud/credentials",
	"[default]\nsecret_id = AKIDFROMENVIRONMENT\nsecret_key = KEYFROMENVIRONMENT\n"
);
BillingTest::write_file("$dir/certs/ca.pem", slurp_file($files->{ca}));
system_or_bail('openssl', 'rehash', "$dir/certs");

my $node = BillingTest::new_cluster('main');

# Starts the server anew with a changed environment.
sub start_with
{
	my (%changes) = @_;
	local %ENV = (%ENV, %changes);

	$node->stop if defined $node->{_pid};
	$node->start;
	return;
}
start_with(%traps);
SKIP:
{
	my ($pid) =
	  slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;

	skip 'no /proc', 1 unless -r "/proc/$pid/environ";
	my %has = map { /\A([^=]*)=(.*)/s } split /\0/,
	  slurp_file("/proc/$pid/environ");
	is_deeply({ map { $_ => $has{$_} } keys %traps },
		\%traps, 'the server has the traps in its environment');
}

my $made = 0;

# A server with these options; the name of its tables' schema.
sub server_of
{
	my ($endpoint, %options) = @_;
	my $name = 's' . ++$made;
	my $list = join '', map { ", $_ '$options{$_}'" } sort keys %options;

	$node->safe_psql('postgres', <<"END");
CREATE SERVER $name FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$endpoint', max_retries '0'$list);
CREATE USER MAPPING FOR postgres SERVER $name
  OPTIONS (secret_id '$ID', secret_key '$KEY');
CREATE SCHEMA $name;
IMPORT FOREIGN SCHEMA billing FROM SERVER $name INTO $name;
END
	return $name;
}

sub query_of { return BillingTest::region_query("$_[0].bill_summary") }

sub works
{
	my ($server, $sim, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is($node->safe_psql('postgres', query_of($server)),
		BillingTest::region_rows($sim), $what);
}

# The error's text after checking its SQLSTATE and a part of it.
sub refused
{
	my ($sql, $pattern, $what, @user) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $out, $err) = $node->psql(
		'postgres',
		"\\set VERBOSITY verbose\n$sql",
		extra_params => [ map { ('-U', $_) } @user ]);

	like($err, qr/ERROR:  $pattern/, $what);
	return $err;
}

$node->safe_psql('postgres', 'CREATE EXTENSION billing_fdw');
my $over_plain = server_of($plain->url);
my $over_tls = server_of($tls->url, ca_file => $files->{ca});
my $untrusted = server_of($tls->url);
my $recorded = server_of($recorder->url);

works($over_plain, $plain, 'plain http works among traps');
works($over_tls, $tls, 'TLS works among traps');

refused(query_of($untrusted), 'HV00N: .*certificate',
	'authorities named by the environment are not trusted');
ok(!-e "$dir/keylog", 'no key log was written');

$node->safe_psql('postgres', query_of($recorded));
my $request = $recorder->text;
my @authorization = $request =~ /^authorization: ([^\r]*)/gmi;
is(scalar @authorization, 1, 'one Authorization header');
like($authorization[0], qr{^TC3-HMAC-SHA256 Credential=\Q$ID\E/},
	'it is that of the user mapping');
unlike($request, qr/netrc|environment|x-tc-token|x-tc-region|^cookie/mi,
	'nothing in a request comes from the environment');
like($request, qr{^POST / HTTP/1\.1\r\nHost: 127\.0\.0\.1:},
	'the request is made for the endpoint, not for a proxy');

# Without keys in the mapping there are none.
$node->safe_psql('postgres', <<"END");
CREATE ROLE keyless LOGIN;
CREATE ROLE mapless LOGIN;
GRANT USAGE ON SCHEMA $recorded TO PUBLIC;
GRANT SELECT ON $recorded.bill_summary TO PUBLIC;
CREATE USER MAPPING FOR keyless SERVER $recorded;
END
refused(query_of($recorded), '28000: .*lacks option "secret_id"',
	'keys in the environment do not stand in for missing options', 'keyless');
refused(query_of($recorded), '\w+: user mapping not found',
	'keys in the environment do not stand in for a mapping', 'mapless');
is($recorder->connections, 1, 'neither sent anything');

# The traps do work: curl walks into them.
{
	local %ENV = (%ENV, %traps);
	my $connections = $trap->connections;

	run_command([ qw(curl -q -sS --max-time 60), $plain->url . '/sim/log' ]);
	is($trap->connections, $connections + 1,
		'the proxy trap catches programs that ask the environment');
	is($connections, 0, 'and nobody was caught in it before');

	local @ENV{qw(http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY)};
	delete @ENV{qw(http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY)};
	my ($out, $err) =
	  run_command([ qw(curl -q -sS --max-time 60), $tls->url . '/sim/log' ]);
	is($err, '', 'the authority of the environment is trusted by curl');
  SKIP:
	{
		skip 'this curl writes no key log', 1 unless -e "$dir/keylog";
		ok(1, 'the key log is written by curl');
	}
	unlink "$dir/keylog";
}

# ---- places and times

# Any hour of the day, the local date differs from that of UTC in one of
# these zones.
foreach my $zone ('Pacific/Kiritimati', 'Etc/GMT+12')
{
	start_with(%traps, TZ => $zone);
	my ($plain_table, $month);

	$plain->reset;
	my $before = time();
	my @months = map { strftime('%Y-%m', gmtime($_ + 8 * 3600)) } $before;
	$node->safe_psql('postgres', <<"END");
DROP FOREIGN TABLE IF EXISTS current_month;
CREATE FOREIGN TABLE current_month (month text, pay_mode text)
  SERVER $over_plain OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '-0');
SET timezone = '$zone';
SELECT * FROM current_month;
END
	my $after = time();
	push @months, strftime('%Y-%m', gmtime($after + 8 * 3600));
	my $log = $plain->log;

	is(scalar @$log, 1, "TZ $zone: one request");
	is($log->[0]{status}, 200,
		"TZ $zone: the signature has the date of UTC");
	ok((grep { $log->[0]{body}{BeginTime} eq $_ } @months),
		"TZ $zone: the current month is that of Beijing");
	cmp_ok($log->[0]{headers}{'x-tc-timestamp'},
		'>=', $before, "TZ $zone: the timestamp is not early");
	cmp_ok($log->[0]{headers}{'x-tc-timestamp'},
		'<=', $after, "TZ $zone: the timestamp is not late");
}

# A locale with a decimal comma; made here, where its sources are installed.
SKIP:
{
	mkdir "$dir/locale" or die "mkdir: $!";
	my ($out, $err) = run_command(
		[ qw(localedef -f UTF-8 -i de_DE), "$dir/locale/de_DE.UTF-8" ]);

	skip "no locale with a decimal comma: $err", 4
	  unless -d "$dir/locale/de_DE.UTF-8";
	start_with(
		%traps,
		LOCPATH => "$dir/locale",
		LC_ALL => 'de_DE.UTF-8',
		LANG => 'de_DE.UTF-8',
		LC_NUMERIC => 'de_DE.UTF-8');
	my $comma = "SET lc_numeric = 'de_DE.UTF-8'; SET lc_monetary = 'de_DE.UTF-8';";
	is( $node->safe_psql('postgres',
			"$comma SELECT to_char(1.5, '9D9'), to_number('2,5', '9D9')"),
		' 1,5|2.5',
		'the locale has a decimal comma');
	is( $node->safe_psql('postgres', $comma . query_of($over_plain)),
		BillingTest::region_rows($plain),
		'amounts are the same with a decimal comma');
	$plain->config(
		{
			faults => [
				{
					patch => [
						{
							op => 'replace',
							path => '/Response/SummaryDetail/0/RealTotalCost',
							value => 1234.5
						}
					]
				}
			]
		});
	is( $node->safe_psql('postgres',
			"$comma SELECT to_char(1.5, '9D9'); "
			  . "SELECT real_total_cost FROM $over_plain.bill_summary "
			  . "WHERE month = '2023-04' AND group_type = 'region' LIMIT 1"),
		" 1,5\n1234.5",
		'a JSON number is the same with a decimal comma');
	is($plain->log->[-1]{status}, 200, 'the request was understood');
	$plain->reset;
}

# ---- a proxy that is asked for

# An environment that says that no host needs one does not count either.
start_with(%traps, no_proxy => '*', NO_PROXY => '*');

my $proxy_url = $proxy->url;
my $proxied = server_of($tls->url, ca_file => $files->{ca}, proxy => $proxy_url);
my $login = "proxy_user 'proxyuser', proxy_password 'proxy pass:word'";
my $tls_port = $tls->port;

refused(query_of($proxied), 'HV00N: .*\b407\b',
	'a proxy that wants a password gets none: refused');
like($proxy->text, qr/\ACONNECT 127\.0\.0\.1:$tls_port HTTP\/1\.1\r\n/,
	'the proxy was asked for a tunnel, in spite of no_proxy');
unlike($proxy->text, qr/authorization/i, 'it was told no secret');

$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR postgres SERVER $proxied OPTIONS (ADD proxy_user 'proxyuser', ADD proxy_password 'wrong')"
);
my $denied = refused(query_of($proxied), 'HV00N: .*\b407\b',
	'a wrong password for the proxy: refused');
unlike($denied, qr/wrong|proxyuser/, 'it is not in the message');
unlike($denied, qr/retries/, 'and not tried again');

$tls->reset;
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR postgres SERVER $proxied OPTIONS (SET proxy_password 'proxy pass:word')"
);
works($proxied, $tls, 'the right password: rows through the proxy');
my $told = $proxy->text;
like(
	$told,
	qr/^Proxy-Authorization: Basic \Q@{[ encode_base64('proxyuser:proxy pass:word', '') ]}\E\r$/mi,
	'the proxy got user and password');
unlike($told, qr/^(authorization|x-tc-[a-z]+|content-type):|TC3-HMAC|\Q$ID\E|Month/mi,
	'the proxy got nothing of the request');
is(scalar @{ $tls->log }, 1, 'the API was asked once');
my $heads = encode_json($tls->log->[0]{headers});
unlike($heads, qr/proxy/i, 'the API was told nothing of the proxy');
unlike($heads, qr/\Q@{[ encode_base64('proxyuser:', '') =~ s{=+$}{}r ]}\E/,
	'nor its password');

# Credentials of the mapping, and those of the role, count for every
# statement, whatever tunnel is kept.
my $session = BillingTest::Session->new($node);

# What the session is told when it reads a server's table.
sub error_for { return $session->query(query_of($_[0]))->{err} }

is(error_for($proxied), '', 'a session uses the proxy');
is(error_for($proxied), '', '... again');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR postgres SERVER $proxied OPTIONS (SET proxy_password 'wrong')"
);
like(error_for($proxied),
	qr/ERROR: .*\b407\b/, 'a changed password counts at once');
$node->safe_psql('postgres',
	"ALTER USER MAPPING FOR postgres SERVER $proxied OPTIONS (SET proxy_password 'proxy pass:word')"
);
is(error_for($proxied), '', 'the right one again');
$node->safe_psql('postgres', <<"END");
CREATE ROLE other;
GRANT USAGE ON SCHEMA $proxied TO other;
GRANT SELECT ON ALL TABLES IN SCHEMA $proxied TO other;
CREATE USER MAPPING FOR other SERVER $proxied
  OPTIONS (secret_id '$ID', secret_key '$KEY');
END
is($session->query('SET ROLE other')->{err}, '', 'another role in the same session');
like(error_for($proxied),
	qr/ERROR: .*\b407\b/, '... does not get through the tunnel of the first');
$session->query('RESET ROLE');
is(error_for($proxied), '', '... which still works');
$node->safe_psql('postgres', "ALTER SERVER $proxied OPTIONS (DROP proxy)");
my $connections = $proxy->connections;
is(error_for($proxied), '', 'no proxy any more');
is($proxy->connections, $connections, '... and no call through it');
$node->safe_psql('postgres', "ALTER SERVER $proxied OPTIONS (ADD proxy '$proxy_url')");
is(error_for($proxied), '', 'the proxy is back');
cmp_ok($proxy->connections, '>', $connections, '... and is used');
$session->quit;

# Plain http stays on the machine, and out of proxies.
my $local = server_of($plain->url, proxy => $proxy_url);
$node->safe_psql('postgres', "ALTER USER MAPPING FOR postgres SERVER $local OPTIONS (" . ($login =~ s/proxy_/ADD proxy_/gr) . ')');
$connections = $proxy->connections;
works($local, $plain, 'plain http with option proxy');
is($proxy->connections, $connections, '... does not use it');

# ---- where requests of ordinary users may go

my $plain_url = $plain->url;
$node->safe_psql('postgres', <<"END");
CREATE ROLE alice LOGIN;
CREATE ROLE root_two SUPERUSER;
GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO alice;
GRANT CREATE ON DATABASE postgres TO alice;
SET ROLE alice;
CREATE SERVER mine FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$plain_url', max_retries '0');
CREATE USER MAPPING FOR alice SERVER mine
  OPTIONS (secret_id '$ID', secret_key '$KEY');
CREATE SCHEMA mine;
IMPORT FOREIGN SCHEMA billing FROM SERVER mine INTO mine;
END
$plain->reset;
my $text = refused(query_of('mine'),
	'42501: endpoint of server "mine" is not allowed',
	'an ordinary user\'s server may not name any endpoint', 'alice');
like($text, qr/HINT: /, '... and a hint says what to do');
refused('EXPLAIN (ANALYZE) ' . query_of('mine'),
	'42501: endpoint', '... nor under EXPLAIN ANALYZE', 'alice');
$node->safe_psql('postgres',
	"GRANT USAGE ON FOREIGN SERVER mine TO PUBLIC;
	 CREATE USER MAPPING FOR postgres SERVER mine OPTIONS (secret_id '$ID', secret_key '$KEY')");
refused(query_of('mine'), '42501: endpoint',
	'... also when a superuser reads: the keys are not for that host');
is(scalar @{ $plain->log }, 0, 'nothing was sent');

# Who owns the server decides, from the next statement on.
$session = BillingTest::Session->new($node);
like(error_for('mine'), qr/ERROR: .*not allowed/,
	'a session is refused');
$node->safe_psql('postgres', 'ALTER SERVER mine OWNER TO root_two');
is(error_for('mine'), '', 'a superuser owns it: allowed');
is(scalar @{ $plain->log }, 1, '... and sent');
$node->safe_psql('postgres', 'ALTER SERVER mine OWNER TO alice');
like(error_for('mine'),
	qr/ERROR: .*not allowed/, 'given back: refused');
$node->safe_psql('postgres',
	'ALTER SERVER mine OWNER TO root_two; ALTER ROLE root_two NOSUPERUSER');
like(error_for('mine'),
	qr/ERROR: .*not allowed/, 'its owner is no superuser any more: refused');
$node->safe_psql('postgres',
	'ALTER SERVER mine OWNER TO alice; ALTER ROLE root_two SUPERUSER');
is($session->query("SET billing_fdw.allowed_endpoints = '127.0.0.1'")->{err},
	'', 'a superuser may change the setting');
is(error_for('mine'), '', '... and then it is allowed');
foreach my $list ("*.tencentcloudapi.com", '', '127.0.0.2', '127.0.0.1.example.com',
	'*.0.0.1.example.com', '27.0.0.1')
{
	$session->query("SET billing_fdw.allowed_endpoints = '$list'");
	like(error_for('mine'),
		qr/ERROR: .*not allowed/, "not on the list '$list'");
}
foreach my $list ('*', 'example.com, 127.0.0.1', '*.example.com,127.0.0.1,other')
{
	$session->query("SET billing_fdw.allowed_endpoints = '$list'");
	is(error_for('mine'), '', "on the list '$list'");
}

# The proxy is judged like the endpoint.
$node->safe_psql('postgres',
	"ALTER SERVER mine OPTIONS (SET endpoint 'https://billing.tencentcloudapi.com', ADD proxy '$proxy_url')"
);
$session->query('RESET billing_fdw.allowed_endpoints');
$connections = $proxy->connections;
like(error_for('mine'),
	qr/ERROR: .*proxy of server "mine" is not allowed/,
	'a proxy that is not on the list');
is($proxy->connections, $connections, '... and nothing was sent to it');
$node->safe_psql('postgres',
	"ALTER SERVER mine OPTIONS (SET endpoint 'https://127.0.0.1:1')");
$session->query("SET billing_fdw.allowed_endpoints = '127.0.0.1'");
like(error_for('mine'),
	qr/ERROR: .*\b407\b/, 'a proxy that is on the list');
is($proxy->connections, $connections + 1, '... was asked');

# Each site has its endpoint.
$session->query("SET billing_fdw.allowed_endpoints = '127.0.0.1, *.tencentcloudapi.com'");
$node->safe_psql('postgres', 'ALTER SERVER mine OPTIONS (DROP endpoint)');
foreach my $site (
	[ '', 'billing.intl.tencentcloudapi.com' ],
	[ "ADD site 'china'", 'billing.tencentcloudapi.com' ])
{
	my ($option, $host) = @$site;

	$node->safe_psql('postgres', "ALTER SERVER mine OPTIONS ($option)") if $option;
	like(error_for('mine'), qr/ERROR: .*\b407\b/, "the proxy is asked for $host");
	my @asked = $proxy->text =~ /^CONNECT (\S+)/mg;
	is($asked[-1], "$host:443", '... which is the default of the site');
}
$session->quit;

# Certificate files are for those who may read files.
refused(
	"CREATE SERVER f FOREIGN DATA WRAPPER billing_fdw OPTIONS (ca_file '$files->{ca}')",
	'42501: permission denied to set option "ca_file"',
	'an ordinary user may not name a file', 'alice');
refused(
	"ALTER SERVER mine OPTIONS (ADD ca_file '/nonexistent')",
	'42501: permission denied to set option "ca_file"',
	'... whether it exists or not', 'alice');
$node->safe_psql('postgres', 'GRANT pg_read_server_files TO alice');
$node->safe_psql(
	'postgres',
	"CREATE SERVER f FOREIGN DATA WRAPPER billing_fdw OPTIONS (ca_file '$files->{ca}')",
	extra_params => [ '-U', 'alice' ]);
ok(1, 'a member of pg_read_server_files may');

# ---- what the traps have caught in the end

$connections = $trap->connections;
$trap->probe("probe\r\n\r\n");
is($trap->connections, $connections + 1, 'the trap still catches');
is($connections, 1, 'it has caught nobody but curl');
ok(!-e "$dir/keylog", 'no key log has been written');

$node->stop;
is($plain->stop, 0, 'the simulator ended cleanly');
is($tls->stop, 0, 'the simulator with TLS ended cleanly');
$_->stop foreach $trap, $recorder, $proxy;
done_testing();

#!/usr/bin/perl
#
# 080_tls.pl
#	  TLS: who is trusted, and that nothing else is.
#
# The server runs with an OpenSSL configuration that allows anything, so that
# what is refused here is refused by the wrapper, not by the distribution.
#
# IDENTIFICATION
#	  test/t/080_tls.pl
#
use strict;
use warnings FATAL => 'all';

use Encode qw(encode);
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingSim::Recorder;
use BillingTest;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $files = BillingSim::make_ca($dir);

$ENV{OPENSSL_CONF} = BillingTest::write_file("$dir/openssl.cnf", <<'END');
openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = default
[default]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
END
my $node = BillingTest::new_cluster('main');
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION billing_fdw');
delete $ENV{OPENSSL_CONF};

# A simulator that speaks TLS with these files.
sub tls_sim
{
	my ($cert, $key, %o) = @_;

	return BillingSim->start(tls => 1, cert => $cert, key => $key, %o);
}

my $created = 0;

# A server for this URL; the name of its table.
sub table_of
{
	my ($url, %options) = @_;
	my $name = 's' . ++$created;
	my $list = join ', ',
	  map { "$_ '$options{$_}'" } sort keys %options;

	$list = ", $list" if $list;
	$node->safe_psql('postgres', <<"END");
CREATE SERVER $name FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', connect_timeout '20s'$list);
CREATE USER MAPPING FOR PUBLIC SERVER $name
  OPTIONS (secret_id '$ID', secret_key '$KEY');
CREATE FOREIGN TABLE $name (month text, group_type text, group_key text,
  group_value text, real_total_cost numeric)
  SERVER $name OPTIONS (table_name 'bill_summary');
END
	return $name;
}

sub works
{
	my ($name, $sim, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $out = $node->safe_psql('postgres', BillingTest::region_query($name));

	return is($out, BillingTest::region_rows($sim), $what);
}

# The error's text, after checking that it is the one for connections and
# that the call was tried once only.
sub refused
{
	my ($name, $pattern, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $out, $err) = $node->psql('postgres',
		"\\set VERBOSITY verbose\n" . BillingTest::region_query($name));

	like($err, qr/ERROR:  HV00N: .*$pattern/, "$what: refused");
	unlike($err, qr/retries/, "$what: not tried again");
	is($out, '', "$what: no row");
	return $err;
}

# ---- who is trusted

my $right = tls_sim($files->{cert}, $files->{key});
my $counter = BillingSim::Recorder->start(
	file => "$dir/right.rec",
	forward => $right->port);
my $right_url = 'https://127.0.0.1:' . $counter->port;

my $good = table_of($right_url, ca_file => $files->{ca});
cmp_ok(length BillingTest::region_rows($right), '>', 100, 'there are rows');
works($good, $right, 'the right authority: rows are exact');
is(scalar @{ $right->log }, 1, 'one call');

my $connections = $counter->connections;
my $wrong_ca = table_of($right_url, ca_file => $files->{wrong_ca});
refused($wrong_ca, 'certificate', 'the wrong authority');
is($counter->connections, $connections + 1,
	'the wrong authority: one connection');
my $system = table_of($right_url);
refused($system, 'certificate', 'a private authority without ca_file');
is(scalar @{ $right->log }, 1, 'no request was sent to a server that is not trusted');

works(table_of('https://localhost:' . $right->port, ca_file => $files->{ca}),
	$right, 'a name instead of an address');
{
	my $answer = slurp_file($files->{wrong_ca}) . slurp_file($files->{ca});
	works(
		table_of(
			$right_url, ca_file => BillingTest::write_file("$dir/both.pem", $answer)),
		$right, 'a file of several authorities');
}

my $wrong = tls_sim($files->{wrong_cert}, $files->{wrong_key});
refused(table_of($wrong->url, ca_file => $files->{ca}),
	'certificate', 'a server of the wrong authority');
works(table_of($wrong->url, ca_file => $files->{wrong_ca}),
	$wrong, 'it is trusted by those who name its authority');
$wrong->stop;

# ---- files that cannot be used: nobody learns which exist

BillingTest::write_file("$dir/empty.pem", '');
BillingTest::write_file("$dir/noise.pem", "root:x:0:0:root:/root:/bin/bash\n");
BillingTest::write_file("$dir/closed.pem", slurp_file($files->{ca}));
chmod 0, "$dir/closed.pem" or die "chmod: $!";
mkdir "$dir/folder.pem" or die "mkdir: $!";
system('mkfifo', "$dir/pipe.pem") == 0 or die 'mkfifo';
my %text;
foreach my $file (
	"$dir/missing.pem", "$dir/missing/missing.pem",
	"$dir/closed.pem", "$dir/empty.pem", "$dir/noise.pem",
	"$dir/folder.pem", "$dir/pipe.pem", '/dev/null', '/etc/passwd')
{
	my $name = table_of($right_url, ca_file => $file);
	my $err = refused($name, 'could not use the certificate file',
		"ca_file $file" =~ s/\Q$dir\E/DIR/r);

	$err =~ s/\b$name\b/TABLE/g;
	$err =~ s/psql:.*?: //g;
	$text{$err}++;
}
is(scalar keys %text, 1, 'one text for files of all kinds')
  or diag(join "\n", sort keys %text);
unlike(join('', keys %text), qr/\Q$dir\E|\.pem|passwd/,
	'it does not name the file');
SKIP:
{
	skip 'this user can read everything', 1 if -r "$dir/closed.pem";
	ok(1, 'the unreadable file was one');
}

# what is kept of a failed test must be readable
chmod 0600, "$dir/closed.pem";

# ---- certificates that are not in order

foreach my $test (
	[
		'for another host',
		{ san => 'DNS:billing.example.com,IP:127.0.0.2' },
		'no alternative certificate subject name matches'
	],
	[
		'expired',
		{ from => '20200101000000Z', to => '20200201000000Z' },
		'certificate has expired'
	],
	[
		'not valid yet',
		{ from => '20390101000000Z', to => '20400101000000Z' },
		'certificate is not yet valid'
	])
{
	my ($what, $options, $pattern) = @$test;
	my $file_name = $what =~ s/ //gr;
	my $sim = tls_sim(BillingSim::make_certificate($dir, $file_name, %$options));

	refused(table_of($sim->url, ca_file => $files->{ca}),
		$pattern, "a certificate that is $what");
	is(scalar @{ $sim->log }, 0, "a certificate that is $what: nothing sent");
	$sim->stop;
}

# By the same means, a certificate in order is accepted.
my @another = BillingSim::make_certificate($dir, 'another');
my $sim = tls_sim(@another);
works(table_of($sim->url, ca_file => $files->{ca}),
	$sim, 'another certificate of the right authority');
$sim->stop;

system_or_bail(
	qw(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1
	  -nodes -days 100 -subj /CN=localhost -addext),
	'subjectAltName=IP:127.0.0.1',
	'-keyout', "$dir/self.key", '-out', "$dir/self.pem");
$sim = tls_sim("$dir/self.pem", "$dir/self.key");
refused(table_of($sim->url, ca_file => $files->{ca}),
	'self-signed certificate', 'a certificate signed by itself');
refused(table_of($sim->url),
	'self-signed certificate',
	'a certificate signed by itself, with the system\'s authorities');
works(table_of($sim->url, ca_file => "$dir/self.pem"),
	$sim, 'a certificate signed by itself that is named as trusted');
$sim->stop;

# ---- versions of TLS

foreach my $version ('1.2', '1.3')
{
	$sim = tls_sim($files->{cert}, $files->{key},
		tls_priority => "NORMAL:-VERS-ALL:+VERS-TLS$version");
	works(table_of($sim->url, ca_file => $files->{ca}),
		$sim, "TLS $version is spoken");
	$sim->stop;
}
foreach my $version ('1.0', '1.1')
{
  SKIP:
	{
		$sim = eval {
			tls_sim($files->{cert}, $files->{key},
				tls_priority => "NORMAL:-VERS-ALL:+VERS-TLS$version");
		};
		skip "the simulator cannot speak TLS $version", 4 unless $sim;

		# the library of the server must be able to speak it, else being
		# refused would prove nothing
		my @curl = (
			'env', "OPENSSL_CONF=$dir/openssl.cnf",
			qw(curl -sS --noproxy * --max-time 60 --tlsv1.0 --tls-max),
			$version, '--cacert', $files->{ca}, $sim->url . '/sim/log');
		my ($out, $err) = run_command(\@curl);
		skip "no TLS $version to be refused ($err)", 4 if $err ne '';
		refused(
			table_of(
				$sim->url,
				ca_file => $files->{ca},
				max_retries => 0),
			'', "TLS $version");
		($out) = run_command(\@curl);
		is($out, '[]', "TLS $version: nothing sent");
	}
	$sim->stop if $sim;
}

# ---- ports that speak something else

my $plain = BillingSim->start;
my $err = refused(
	table_of(
		'https://127.0.0.1:' . $plain->port,
		ca_file => $files->{ca},
		max_retries => 0),
	'SSL|TLS', 'TLS to a port of plain http');
like($err, qr/HINT:  .*endpoint/, '... and the hint names the option');
is(scalar @{ $plain->log }, 0, '... and nothing was understood as a request');
$err = refused(
	table_of(
		'http://127.0.0.1:' . $right->port, max_retries => 0),
	'', 'plain http to a port of TLS');
like($err, qr/HINT:  .*endpoint/, '... and the hint names the option');
$plain->stop;

# Plain http leaves the machine under no circumstances.
foreach my $url (
	'http://billing.tencentcloudapi.com', 'http://192.0.2.1',
	'http://localhost:' . $right->port, 'http://0.0.0.0:80',
	'http://127.0.0.1.example.com', 'http://[::2]:80',
	'http://[::ffff:127.0.0.1]:80', 'http://127.0.0.1@example.com',
	'http://128.0.0.1', 'http://1270.0.0.1', 'HTTP://example.com')
{
	my ($rc, $out, $message) = $node->psql(
		'postgres',
		"\\set VERBOSITY verbose\nCREATE SERVER refused FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint '$url')"
	);

	like($message, qr/ERROR:  22023: invalid value for option "endpoint"/,
		"$url is refused when the server is created");
	($rc, $out, $message) = $node->psql('postgres',
		"\\set VERBOSITY verbose\nALTER SERVER $good OPTIONS (SET endpoint '$url')");
	like($message, qr/ERROR:  22023: invalid value for option "endpoint"/,
		"$url is refused when the server is altered");
}

# ---- connections that are kept

my $session = BillingTest::Session->new($node);

# What the session is told when it reads the table.
sub error_for { return $session->query(BillingTest::region_query($_[0]))->{err} }

sub session_works
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $result = $session->query(BillingTest::region_query($good));

	is($result->{err}, '', "$what: no message");
	return is(encode('UTF-8', $result->{out}), BillingTest::region_rows($right), $what);
}

$connections = $counter->connections;
session_works("statement $_ of a session") foreach 1 .. 3;
is($counter->connections, $connections + 1, 'one connection for all of them');

$node->safe_psql('postgres',
	"ALTER SERVER $good OPTIONS (SET ca_file '$files->{wrong_ca}')");
like(error_for($good),
	qr/ERROR: .*certificate/,
	'another ca_file counts for the next statement, whatever connection is kept');
is($counter->connections, $connections + 2, '... on a new connection');
$node->safe_psql('postgres', "ALTER SERVER $good OPTIONS (DROP ca_file)");
like(error_for($good),
	qr/ERROR: .*certificate/, 'so does none');
$node->safe_psql('postgres',
	"ALTER SERVER $good OPTIONS (ADD ca_file '$dir/missing.pem')");
like(error_for($good),
	qr/ERROR: .*could not use the certificate file/, 'so does a missing one');
$node->safe_psql('postgres',
	"ALTER SERVER $good OPTIONS (SET ca_file '$files->{ca}')");
session_works('the right file again');

# The file's content counts whenever a connection is made.
my $changing = BillingTest::write_file("$dir/changing.pem", slurp_file($files->{ca}));
my $changing_table = table_of($right_url, ca_file => $changing);
is(error_for($changing_table), '', 'a file that will change');
BillingTest::write_file($changing, slurp_file($files->{wrong_ca}));
$right->config({ faults => [ { close => JSON::PP::true, times => 1 } ] });
error_for($changing_table);
like(error_for($changing_table),
	qr/ERROR: .*certificate/,
	'the file was replaced: it is read for each connection');
BillingTest::write_file($changing, slurp_file($files->{ca}));
is(error_for($changing_table), '',
	'the file was put back: it is read again');

# A connection that the server has closed is made anew without a word.
$right->reset;
$right->config({ faults => [ { close => JSON::PP::true } ] });
session_works("a server that closes after each answer, statement $_")
  foreach 1 .. 2;
$right->reset;

# ---- a redirect is an error, not an order

my $trap = BillingSim::Recorder->start(file => "$dir/trap.rec");
foreach my $status (301, 302, 303, 307, 308)
{
	$right->config(
		{
			faults => [
				{
					http => {
						status => $status,
						body => 'elsewhere',
						location => $trap->url . '/'
					}
				}
			]
		});
	refused($good, "HTTP status $status", "status $status");
	$right->config(
		{
			faults => [
				{
					http => {
						status => $status,
						body => 'elsewhere',
						location => $right->url . '/elsewhere'
					}
				}
			]
		});
	refused($good, "HTTP status $status", "status $status to the same host");
	$right->reset;
}

# The trap does catch: this is its only connection.
$trap->probe("probe\r\n\r\n");
is($trap->text, "probe\r\n\r\n", 'no redirect was followed');
is($trap->connections, 1, 'nobody else came by');

# ---- another certificate on the same port, in a session that goes on

my $port = $right->port;
my $direct = table_of("https://127.0.0.1:$port",
	ca_file => $files->{ca},
	max_retries => 2);
is(error_for($direct), '', 'a connection is kept');
is($right->stop, 0, 'the simulator ends cleanly');
$right = tls_sim(@another, port => $port);
is(error_for($direct),
	'', 'the server came back with another certificate of the authority');
is(scalar @{ $right->log }, 1, '... and was asked');
$right->stop;
$right = tls_sim($files->{wrong_cert}, $files->{wrong_key}, port => $port);
my $impostor = error_for($direct);
like($impostor, qr/ERROR: .*certificate/,
	'an impostor took the port: refused in a session that had trusted it');
unlike($impostor, qr/retries/, '... and not tried again');
is(scalar @{ $right->log }, 0, '... and nothing was sent');

$session->quit;
$right->stop;
$counter->stop;
$trap->stop;
$node->stop;
done_testing();

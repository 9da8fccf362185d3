#!/usr/bin/perl
#
# 070_secrets.pl
#	  Secrets appear in no output.
#
# The secrets of the user mapping are texts that occur nowhere else.  After
# everything that could show them was done with every kind of logging switched
# on, the server's log and all that clients saw is searched for them: whole,
# for any eight bytes of them in a row, and in the encodings that HTTP uses.
#
# IDENTIFICATION
#	  test/t/070_secrets.pl
#
use strict;
use warnings FATAL => 'all';

use IPC::Run ();
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingSim::Recorder;
use BillingTest;

my %secret = (
	secret_id => 'AKIDj7Qx3zTf0pXw9Lc5Vd',
	secret_key => 'kB5vR8yL2mNb4gHs6Wj1Zu',
	token => 'tP6hJ1kD0sGf8Ye3Xn7Ua9==',
	proxy_user => 'uM3uWq9rKv5Ci1Oz',
	proxy_password => 'pS9eZtE2bQh7Ay4F');
my $JSON = JSON::PP->new->canonical;

# every eight bytes in a row, and what HTTP would make of them
my %needles;
foreach my $name (sort keys %secret)
{
	my $text = $secret{$name};

	$needles{ substr($text, $_, 8) } = $name foreach 0 .. length($text) - 8;
	$needles{ unpack 'H*', $text } = "$name in hex";
	$needles{ encode_base64($text, '') =~ s/=*$//r } = "$name in base64";
}
$needles{ encode_base64("$secret{proxy_user}:$secret{proxy_password}", '') } =
  'proxy credentials in base64';
my $any_needle = join '|', map { quotemeta } sort keys %needles;

# The names of the secrets that a text shows.
sub shown
{
	my ($text) = @_;
	my %found;

	$found{ $needles{$1} } = 1 while $text =~ /($any_needle)/g;
	return join ', ', sort keys %found;
}

sub shows_none
{
	my ($text, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is(shown($text), '', $name);
}

# The search itself can be trusted.
is(shown("x$secret{secret_key}x"), 'secret_key', 'the search finds a secret');
is(shown(substr $secret{token}, 3, 9), 'token', 'the search finds a part');
is( shown(
		'Basic '
		  . encode_base64("$secret{proxy_user}:$secret{proxy_password}", '')),
	'proxy credentials in base64',
	'the search finds an encoded secret');
is(shown('AKIDEXAMPLE EXAMPLEKEY token secret_key'),
	'', 'the search finds nothing else');

# ---- a server that logs everything, a simulator that knows the secrets

my $sim = BillingSim->start(
	secret => ["$secret{secret_id}:$secret{secret_key}:$secret{token}"]);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $answer = '{"Response":{"Ready":1,"SummaryDetail":[],"RequestId":1}}';
my $recorder = BillingSim::Recorder->start(
	file => "$dir/requests",
	answer => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	  . 'Content-Length: '
	  . length($answer)
	  . "\r\n\r\n$answer");

my $node = BillingTest::new_cluster('main');

sub library_exists
{
	my ($name) = @_;
	chomp(my $dir = `"$ENV{PG_CONFIG}" --pkglibdir`);

	return -e "$dir/$name.so";
}
my @preload = grep { library_exists($_) } qw(auto_explain pg_stat_statements);
$node->append_conf('postgresql.conf', <<'END');
log_statement = none
log_min_error_statement = panic
END
$node->append_conf('postgresql.conf',
	"shared_preload_libraries = '" . join(',', @preload) . "'\n")
  if @preload;
$node->start;

my $everything = '';    # all that clients have seen

# Runs SQL; all of its output.
sub run_sql
{
	my ($sql, %o) = @_;
	my ($rc, $out, $err) = $node->psql(
		'postgres',
		"\\set VERBOSITY verbose\n\\set SHOW_CONTEXT always\n"
		  . "SET client_min_messages = debug5;\n$sql",
		on_error_stop => 0,
		extra_params => $o{user} ? [ '-U', $o{user} ] : []);

	$everything .= "$out\n$err\n";
	return "$out\n$err";
}

my $mapping = join ', ', map { "$_ '$secret{$_}'" } sort keys %secret;
my $url = $sim->url;

# The recipe of the documentation: a session that logs and counts nothing.
$node->safe_psql('postgres', <<"END");
CREATE EXTENSION billing_fdw;
CREATE ROLE owner LOGIN;
CREATE ROLE analyst LOGIN;
CREATE ROLE stranger LOGIN;
GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO owner;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', max_retries '0', throttle_timeout '0',
    ready_timeout '0');
CREATE SERVER recorder FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '@{[ $recorder->url ]}', max_retries '0');
CREATE SERVER nowhere FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint 'https://127.0.0.1:1', proxy '127.0.0.1:1',
    max_retries '0');
GRANT USAGE ON FOREIGN SERVER sim TO analyst, stranger;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO public;
CREATE SCHEMA recorder;
IMPORT FOREIGN SCHEMA billing LIMIT TO (bill_summary)
  FROM SERVER recorder INTO recorder;
CREATE SCHEMA nowhere;
IMPORT FOREIGN SCHEMA billing LIMIT TO (bill_summary)
  FROM SERVER nowhere INTO nowhere;
CREATE TYPE region AS ENUM ('nowhere');
CREATE FOREIGN TABLE typed (
  month text, group_type text,
  flag boolean OPTIONS (field 'GroupValue'),
  kind region OPTIONS (field 'GroupValue'),
  id uuid OPTIONS (field 'GroupValue'),
  net inet OPTIONS (field 'GroupValue'),
  amount numeric OPTIONS (field 'GroupValue'),
  n integer OPTIONS (field 'GroupValue'),
  at timestamp OPTIONS (field 'GroupValue'),
  long interval OPTIONS (field 'GroupValue')
) SERVER sim OPTIONS (table_name 'bill_summary');
END
$node->safe_psql('postgres', <<"END");
@{[ grep({ $_ eq 'pg_stat_statements' } @preload)
	? "CREATE EXTENSION pg_stat_statements;
	   SET pg_stat_statements.track = none;" : '' ]}
CREATE USER MAPPING FOR postgres SERVER sim OPTIONS ($mapping);
CREATE USER MAPPING FOR postgres SERVER recorder OPTIONS ($mapping);
CREATE USER MAPPING FOR postgres SERVER nowhere OPTIONS ($mapping);
END

# Validators see secrets in wrong places, and broken ones.
foreach my $test (
	[
		'a secret in the options of a server',
		"CREATE SERVER s FOREIGN DATA WRAPPER billing_fdw OPTIONS (secret_key '$secret{secret_key}')"
	],
	[
		'a secret as a value of another option',
		"CREATE SERVER s FOREIGN DATA WRAPPER billing_fdw OPTIONS (max_retries '$secret{secret_key}')"
	],
	[
		'a secret as a choice',
		"CREATE SERVER s FOREIGN DATA WRAPPER billing_fdw OPTIONS (site '$secret{secret_key}')"
	],
	[
		'a password in the endpoint',
		"CREATE SERVER s FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint 'https://$secret{proxy_user}:$secret{proxy_password}\@h')"
	],
	[
		'a password in the proxy',
		"CREATE SERVER s FOREIGN DATA WRAPPER billing_fdw OPTIONS (proxy 'http://$secret{proxy_user}:$secret{proxy_password}\@h:1')"
	],
	[
		'a key with a blank',
		"CREATE USER MAPPING FOR analyst SERVER sim OPTIONS (secret_key ' $secret{secret_key}')"
	],
	[
		'a key with a line end',
		"CREATE USER MAPPING FOR analyst SERVER sim OPTIONS (secret_key E'$secret{secret_key}\\n')"
	],
	[
		'a key that is too long',
		"CREATE USER MAPPING FOR analyst SERVER sim OPTIONS (secret_key '"
		  . $secret{secret_key} x 50 . "')"
	],
	[
		'a misspelt option',
		"ALTER USER MAPPING FOR postgres SERVER sim OPTIONS (ADD secret_kye '$secret{secret_key}')"
	],
	[
		'a secret as an option of IMPORT',
		"IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO public OPTIONS (secret_key '$secret{secret_key}')"
	],
	[
		'a secret as a month',
		"CREATE FOREIGN TABLE t (month text) SERVER sim OPTIONS (first_month '$secret{secret_key}')"
	])
{
	my ($name, $sql) = @$test;
	my $output = run_sql("$sql;");

	like($output, qr/ERROR:  (22023|HV00D)/, "$name: refused");
	shows_none($output, "$name: not shown");
}

# Everything from here on is logged as noisily as the server can.
my @noise = (
	"log_statement = 'all'", "log_min_messages = 'debug5'",
	"log_min_error_statement = 'debug5'", "log_error_verbosity = 'verbose'",
	'debug_print_parse = on', 'debug_print_rewritten = on',
	'debug_print_plan = on', 'debug_pretty_print = on',
	"log_min_duration_statement = 0",
	'log_parameter_max_length_on_error = -1', 'log_connections = on');
push @noise, "auto_explain.$_"
  foreach grep { $preload[0] && $preload[0] eq 'auto_explain' } (
	'log_min_duration = 0', 'log_analyze = on',
	'log_verbose = on', 'log_settings = on',
	'log_nested_statements = on');
$node->append_conf('postgresql.conf', join '', map { "$_\n" } @noise);
$node->reload;
$node->poll_query_until('postgres',
	"SELECT current_setting('log_statement') = 'all'")
  or die 'the server did not reload its configuration';

# ---- what works

my $month = "month = '2023-04'";
my %query = (
	bill_summary => "$month AND group_type = 'region'",
	bill_summary_business => "$month AND group_type = 'tag' AND tag_key = 'env'",
	bill_summary_by_pay_mode => $month,
	bill_summary_by_pay_mode_detail => $month,
	bill_resource_summary_for_organization => "$month AND pay_mode = 'prePay'");

$sim->config({ rows => 30 });
foreach my $table (sort keys %query)
{
	my $output = run_sql("SELECT count(*) FROM $table WHERE $query{$table};");

	like($output, qr/^[1-9]\d*$/m, "$table is read");
	like($output, qr/DEBUG: .*billing API: Describe\w+, RequestId \S+, /,
		"$table: the call is in the client's messages");
	shows_none($output, "$table: no secret in the client's messages");
}

my @options = ('VERBOSE', 'ANALYZE', 'ANALYZE, VERBOSE, SETTINGS, WAL, BUFFERS');
push @options, 'GENERIC_PLAN, VERBOSE' if $node->pg_version >= 16;
push @options, 'ANALYZE, VERBOSE, MEMORY, SERIALIZE'
  if $node->pg_version >= 17;
foreach my $format (qw(TEXT JSON XML YAML))
{
	foreach my $options (@options)
	{
		my $output = run_sql("EXPLAIN ($options, FORMAT $format) SELECT * FROM bill_summary WHERE $query{bill_summary};");

		like($output, qr/DescribeBillSummary/,
			"EXPLAIN ($options, FORMAT $format) shows the scan");
		shows_none($output,
			"EXPLAIN ($options, FORMAT $format) shows no secret");
	}
}

my $cached = run_sql(<<"END");
SET plan_cache_mode = force_generic_plan;
PREPARE p(text) AS SELECT count(*) FROM bill_summary WHERE month = \$1 AND group_type = 'region';
EXECUTE p('2023-04');
EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE p('2023-04');
SELECT p::text FROM pg_prepared_statements p;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM bill_summary WHERE $query{bill_summary};
FETCH 1 FROM c;
SELECT c::text FROM pg_cursors c;
SELECT m::text FROM pg_backend_memory_contexts m;
SELECT pg_log_backend_memory_contexts(pg_backend_pid());
SELECT s::text FROM pg_settings s;
SELECT l::text FROM pg_locks l;
COMMIT;
END
like($cached, qr/billing_fdw fetch/, 'the contexts of an open scan are seen');
like($cached, qr/generic_plans|EXECUTE|PREPARE p/, 'the plan cache is seen');
shows_none($cached, 'no secret in cached plans, cursors, memory contexts');

# While a call is under way, another session looks.
$sim->reset;
$sim->config({ faults => [ { latency_ms => 120000 } ] });
my $psql = IPC::Run::start(
	[
		'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c',
		"SELECT count(*) FROM bill_summary WHERE $query{bill_summary}"
	],
	'<', \undef, '>', \my $cancelled_out, '2>', \my $cancelled_err,
	IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
ok($node->poll_query_until('postgres',
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Extension'"),
	'a call is under way');
my $seen = run_sql('SELECT a::text FROM pg_stat_activity a;');
like($seen, qr/bill_summary WHERE month/, 'its query is seen');
shows_none($seen, 'no secret in pg_stat_activity');
my $pid = $node->safe_psql('postgres',
	"SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Extension'");
SKIP:
{
	skip 'no /proc', 1 unless -r "/proc/$pid/cmdline";
	shows_none(slurp_file("/proc/$pid/cmdline"),
		'no secret in the title of the process');
}
run_sql("SELECT pg_cancel_backend($pid);");
$psql->finish;
like($cancelled_err, qr/canceling statement/, 'the call was cancelled');
$everything .= $cancelled_out . $cancelled_err;

# ---- what fails: the simulator tells us our own secrets

my $region = "SELECT * FROM bill_summary WHERE $query{bill_summary}";

# Runs a query under a fault; its output.
sub faulty
{
	my ($fault, $sql) = @_;

	$sim->reset;
	$sim->config({ faults => [$fault] });
	my $output = run_sql(($sql // $region) . ';');
	$sim->reset;
	return $output;
}

# Names what is tested, a fault, the SQLSTATE, further SQL.
sub echoes
{
	my ($name, $fault, $state, $sql) = @_;
	my $output = faulty($fault, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	like($output, qr/ERROR:  $state:/, "$name: fails with $state");
	like($output, qr/\*{8}/, "$name: a secret was told, and masked");
	shows_none($output, "$name: not shown");
	return;
}

foreach my $name (qw(secret_id secret_key token))
{
	my $text = $secret{$name};

	echoes("$name in the message of an error",
		{ error => { code => 'AuthFailure', message => "bad <$text>$text." } },
		'28000');
	echoes("$name in the code of an error",
		{ error => { code => "FailedOperation.$text" } }, 'HV000');
	echoes("$name as the RequestId",
		error_answer('InternalError', 'm', "r-$text"), 'HV000');
	echoes("$name on a page of a gateway",
		{ http => { status => 502, body => "<html>$text</html>" } }, 'HV00N');
	echoes("$name on a page that is not found",
		{ http => { status => 404, body => $text, type => 'text/plain' } },
		'HV00N');
	echoes("$name beside a redirect",
		{
			http => {
				status => 302,
				body => "see $text",
				location => "http://127.0.0.1:1/$text"
			}
		},
		'HV00N');

	# not quoted at all, or masked: both are fine
	foreach my $raw ("{\"Response\": $text", "$text", "{\"Response\":{\"$text\":1}}",
		"{\"Response\":{\"Ready\":1,\"SummaryDetail\":\"$text\",\"RequestId\":\"r\"}}")
	{
		my $output = faulty({ raw => $raw });

		like($output, qr/ERROR:  HV00M:/, "$name in bad JSON: refused");
		shows_none($output, "$name in bad JSON: not shown");
	}
}

# A text that is cut must not be cut in the middle of a secret: what is left
# of it would not be recognized.
# (As raw JSON, because the simulator keeps its own error messages short.)
sub error_answer
{
	my ($code, $message, $request_id) = @_;

	return {
		times => 1,
		raw => $JSON->encode(
			{
				Response => {
					Error => { Code => $code, Message => $message },
					RequestId => $request_id
				}
			})
	};
}

my %straddling = (message => [], body => [], code => [], request_id => []);
foreach my $name (qw(secret_id secret_key token))
{
	my $text = $secret{$name};

	push @{ $straddling{message} },
	  error_answer('AuthFailure', 'x' x (4 * $_) . $text, 'r')
	  foreach 240 .. 256;
	push @{ $straddling{body} },
	  { times => 1, http => { status => 502, body => 'x' x (4 * $_) . $text } }
	  foreach 42 .. 50;
	push @{ $straddling{code} },
	  error_answer('x' x (4 * $_) . $text, 'm', 'r')
	  foreach 26 .. 32;
	push @{ $straddling{request_id} },
	  error_answer('InternalError', 'm', 'x' x (4 * $_) . $text)
	  foreach 10 .. 16;
}
foreach my $place (sort keys %straddling)
{
	my @faults = @{ $straddling{$place} };

	$sim->reset;
	$sim->config({ faults => \@faults });
	my $output = run_sql("$region;\n" x @faults);
	my $errors = () = $output =~ /ERROR:  /g;

	is($errors, scalar @faults, "each long $place is reported");
	like($output, qr/x\*{8}/, "a secret in a long $place is masked");
	shows_none($output,
		"no part of a secret that straddles the end of a long $place");
}
$sim->reset;

# Values of rows in messages of ours and of the types' input functions.
foreach my $column (qw(flag kind id net amount n at long))
{
	foreach my $name (qw(secret_key token))
	{
		my $output = faulty(
			{
				patch => [
					{
						op => 'replace',
						path => '/Response/SummaryDetail/0/GroupValue',
						value => "<$secret{$name}>"
					}
				]
			},
			"SELECT $column FROM typed WHERE $query{bill_summary}");

		like($output, qr/ERROR:  (22P02|22007|HV00M):/,
			"$name as a value of column $column: refused");
		like($output, qr/column "?$column"?/,
			"$name as a value of column $column: the column is named");
		shows_none($output, "$name as a value of column $column: not shown");
	}
}
foreach my $column (qw(flag amount))
{
	my $output = faulty(
		{
			patch => [
				{
					op => 'replace',
					path => '/Response/SummaryDetail/0/GroupValue',
					value => 'z' x 100000
				}
			]
		},
		"SELECT $column FROM typed WHERE $query{bill_summary}");

	like($output, qr/ERROR: /, "a huge value of column $column: refused");
	unlike($output, qr/z{1100}/,
		"a huge value of column $column: at most 1 kB of it is shown");
}
my $label = faulty(
	{
		action => 'DescribeBillResourceSummaryForOrganization',
		patch => [
			{
				op => 'replace',
				path => '/Response/ResourceSummarySet/0/PayModeName',
				value => "mode $secret{secret_key}"
			}
		]
	},
	"SELECT pay_mode FROM bill_resource_summary_for_organization WHERE $month LIMIT 5"
);
like($label, qr/WARNING: .*unknown billing mode "mode \*+"/,
	'an unknown label that is a secret: masked in the warning');
shows_none($label, 'an unknown label that is a secret: not shown');

# Failures without the API's help.
my $not_ready = faulty({ not_ready => JSON::PP::true });
like($not_ready, qr/ERROR:  55000:/, 'not ready: fails');
my $unreachable = run_sql(
	"SELECT * FROM nowhere.bill_summary WHERE $query{bill_summary};");
like($unreachable, qr/ERROR:  HV00N:/, 'no proxy there: fails');
my $ordinary = run_sql("$region;", user => 'analyst');
like($ordinary, qr/ERROR:  42501:/, 'a user without the right: fails');
shows_none($not_ready . $unreachable . $ordinary,
	'failures of other kinds show no secret');

# A mapping that is not complete, or wrong, is reported without its values.
$node->safe_psql('postgres', <<"END");
SET log_statement = none; SET log_min_messages = panic;
SET log_min_duration_statement = -1;
SET debug_print_parse = off; SET debug_print_rewritten = off;
SET debug_print_plan = off;
@{[ grep({ $_ eq 'pg_stat_statements' } @preload)
	? 'SET pg_stat_statements.track = none;' : '' ]}
CREATE USER MAPPING FOR analyst SERVER sim OPTIONS (secret_key '$secret{secret_key}');
GRANT SELECT ON bill_summary TO analyst;
END
my $incomplete = run_sql("$region;", user => 'analyst');
like($incomplete, qr/ERROR:  28000:.*lacks option "secret_id"/,
	'a mapping without secret_id is refused');
shows_none($incomplete, 'its key is not shown');

# ---- what an ordinary user can find

# Mappings of others, in all that may be read at all.
my $relations = $node->safe_psql('postgres', <<'END');
SELECT format('SELECT t::text FROM %s t', c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('pg_catalog', 'information_schema')
  AND c.relkind IN ('r', 'v')
  AND has_table_privilege('stranger', c.oid, 'SELECT')
ORDER BY c.relname
END
my ($rc, $catalogs, $catalog_errors) = $node->psql(
	'postgres',
	join('', map { "$_;\n" } split /\n/, $relations),
	on_error_stop => 0,
	extra_params => [ '-U', 'stranger' ]);
my $count = () = $relations =~ /\n/g;
cmp_ok($count, '>', 150, "$count relations of the catalog can be read");
like($catalogs, qr/bill_resource_summary_for_organization/, 'they were read');
shows_none($catalogs . $catalog_errors,
	'no secret in what an ordinary user may read');

# pg_user_mappings shows one's own mapping to those who may use the server,
# and no options of others.
my $own = $node->safe_psql(
	'postgres', <<'END', extra_params => [ '-U', 'analyst' ]);
SELECT usename, srvname, umoptions FROM pg_user_mappings ORDER BY 1, 2
END
is( $own,
	"analyst|sim|{secret_key=$secret{secret_key}}\n"
	  . "postgres|nowhere|\npostgres|recorder|\npostgres|sim|",
	'pg_user_mappings shows options of one\'s own mapping only');
($rc, my $denied_out, my $denied) = $node->psql(
	'postgres',
	'SELECT * FROM pg_catalog.pg_user_mapping',
	extra_params => [ '-U', 'analyst' ]);
like($denied, qr/permission denied/,
	'pg_user_mapping itself cannot be read by an ordinary user');

# ---- dumps: the secrets are in those that are made with the right to them

sub dump_as
{
	my ($user, @options) = @_;
	my ($out, $err) = run_command(
		[
			'pg_dump', '-d', $node->connstr('postgres'), '-U', $user, @options
		]);

	return ($out, $err);
}
my ($dump, $dump_errors) = dump_as('postgres');
like($dump, qr/CREATE USER MAPPING FOR postgres SERVER sim OPTIONS \(/,
	'a superuser\'s dump contains the mappings');
is(shown($dump),
	'proxy_password, proxy_user, secret_id, secret_key, token',
	'... with all the secrets: to be kept like them');
my ($schema_only) = dump_as('postgres', '--schema-only');
like(shown($schema_only), qr/secret_key/,
	'... and so does one of the schema only');
my ($one_schema) = dump_as('postgres', '--schema=public');
like($one_schema, qr/CREATE FOREIGN TABLE/,
	'a dump of one schema contains the tables');
shows_none($one_schema, '... and no mappings');
my ($ordinary_dump, $ordinary_errors) = dump_as('analyst');
like(
	$ordinary_dump,
	qr/CREATE USER MAPPING FOR postgres SERVER sim;/,
	'an ordinary user\'s dump contains mappings of others without options');
is(shown($ordinary_dump), 'secret_key',
	'... and only that user\'s own secrets');
shows_none($ordinary_errors . $dump_errors, 'messages of pg_dump');

# ---- the wire: the key is in no request

my $wire = run_sql(
	"SELECT * FROM recorder.bill_summary WHERE $query{bill_summary};");
my $request = $recorder->text;
like(
	$request,
	qr{^authorization: TC3-HMAC-SHA256 Credential=\Q$secret{secret_id}\E/\d{4}-\d\d-\d\d/billing/tc3_request, SignedHeaders=[a-z;-]+, Signature=[0-9a-f]{64}\r$}mi,
	'a request is signed, and Authorization holds nothing else');
like($request, qr/^x-tc-token: \Q$secret{token}\E\r$/mi,
	'the token has a header of its own');
(my $rest = $request) =~ s/^(authorization|x-tc-token): [^\r]*//gmi;
shows_none($rest, 'no secret elsewhere in a request');
unlike($request, qr/\Q$secret{secret_key}\E|\Q$secret{proxy_user}\E/,
	'neither the key nor proxy credentials in a request');
is($recorder->connections, 1, 'one request was sent');

# The simulator accepted the signatures, so they were made with the key.
run_sql("$region;");
is(join(',', map { $_->{status} } @{ $sim->log }),
	'200', 'the simulator knows the signature');

# ---- what all of this has left behind

SKIP:
{
	skip 'no pg_stat_statements', 2
	  unless grep { $_ eq 'pg_stat_statements' } @preload;
	my $statements = $node->safe_psql('postgres',
		'SELECT s::text FROM pg_stat_statements s'
	);

	like($statements, qr/bill_summary/, 'statements were counted');
	shows_none($statements, 'no secret in pg_stat_statements');
}

shows_none($everything, 'no secret in anything that clients saw');

my $log = slurp_file($node->logfile);
foreach my $trace (
	qr/billing API: DescribeBillSummary, RequestId/, qr/:fdw_private/,
	qr/Request Bodies/, qr/\*{8}/, qr/billing_fdw fetch/,
	qr/unknown billing mode/)
{
	next
	  if "$trace" =~ /Request Bodies/ && !grep { $_ eq 'auto_explain' } @preload;
	like($log, $trace, "the server's log has $trace");
}
shows_none($log, 'no secret in the server\'s log');

# The same search over the same places finds a secret that is there.
my $before = length $log;
my $control = run_sql(
	"DO \$\$ BEGIN RAISE NOTICE '%', '$secret{secret_key}'; END \$\$;");
is(shown($control), 'secret_key', 'a planted secret is found by the client');
is(shown(slurp_file($node->logfile, $before)),
	'secret_key', 'a planted secret is found in the log');

$node->stop;
is($sim->stop, 0, 'the simulator ended cleanly');
$recorder->stop;

# A log of this size is of use only after a failure.
unlink $node->logfile if Test::More->builder->is_passing;
done_testing();

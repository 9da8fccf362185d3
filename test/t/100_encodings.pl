#!/usr/bin/perl
#
# 100_encodings.pl
#	  Chinese text in databases of several encodings, and dumps of them.
#
# Everything is compared as bytes: what the simulator holds, encoded by Perl,
# against what psql prints.
#
# IDENTIFICATION
#	  test/t/100_encodings.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(decode encode);
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

use BillingSim;
use BillingTest;

my ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);

# Test names and reports of failures in ASCII: the test modules' output takes
# nothing else.
sub plain
{
	return $_[0] =~ s/([^\n -~])/sprintf '\x{%x}', ord $1/ger;
}

sub same
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is(plain($_[0]), plain($_[1]), plain($_[2]));
}

sub matches
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return ok($_[0] =~ $_[1], plain($_[2]))
	  || diag(plain("$_[0]\ndoes not match $_[1]"));
}

sub differs
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return ok($_[0] !~ $_[1], plain($_[2]))
	  || diag(plain("$_[0]\nmatches $_[1]"));
}

# PostgreSQL's name => Perl's; Chinese text of GBK is the same in GB18030
my %perl_name = (
	UTF8 => 'UTF-8',
	LATIN1 => 'iso-8859-1',
	EUC_CN => 'euc-cn',
	GBK => 'cp936',
	GB18030 => 'cp936',
	SQL_ASCII => 'UTF-8');
my @databases = qw(UTF8 LATIN1 EUC_CN SQL_ASCII);

my $sim = BillingSim->start;
my $url = $sim->url;
my $node = BillingTest::new_cluster('main');
$node->start;

# Runs SQL given as characters; returns standard output and standard error
# as bytes.
sub run_sql
{
	my ($database, $sql, %o) = @_;
	my $client = $o{client} // $database;
	my ($rc, $out, $err) = $node->psql(
		lc $database,
		"\\set VERBOSITY verbose\n"
		  . "SET client_encoding = '$client';\n"
		  . encode($perl_name{$client}, $sql, Encode::FB_CROAK),
		on_error_stop => 0);

	return ($out, $err);
}

# Rows, as bytes in the client's encoding; fails with the error's text.
sub returns
{
	my ($database, $sql, $expected, $what, %o) = @_;
	my ($out, $err) = run_sql($database, $sql, %o);
	my $bytes = encode($perl_name{ $o{client} // $database },
		$expected, Encode::FB_CROAK);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return same("$out$err", $bytes, "$database: $what");
}

sub fails
{
	my ($database, $sql, $pattern, $what, %o) = @_;
	my ($out, $err) = run_sql($database, $sql, %o);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	matches($err, $pattern, "$database: $what");
	return $err;
}

foreach my $database (@databases)
{
	$node->safe_psql('postgres',
		    "CREATE DATABASE "
		  . lc($database)
		  . " ENCODING '$database' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
	);
	$node->safe_psql(lc $database, <<"END");
CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint '$url', max_retries '0');
CREATE USER MAPPING FOR postgres SERVER sim
  OPTIONS (secret_id '$ID', secret_key '$KEY');
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO public;
END
}

# ---- labels

my @groups = @{
	$sim->dump('DescribeBillSummary',
		{ Month => '2023-04', GroupType => 'region' })
};

# Rows of those groups, as psql prints them.
sub lines
{
	return join "\n",
	  map { join '|', @$_{qw(GroupKey GroupValue RealTotalCost)} } @_;
}
my $where = "month = '2023-04' AND group_type = 'region'";
my $summary =
  "SELECT group_key, group_value, real_total_cost FROM bill_summary WHERE $where";
my @chinese = grep { $_->{GroupValue} =~ /\p{Han}/ } @groups;
my @ascii = grep { $_->{GroupValue} =~ /\A[ -~]*\z/ } @groups;

cmp_ok(scalar @chinese, '>', 0, 'some labels are Chinese');
cmp_ok(scalar @ascii, '>', 0, 'some are ASCII');
matches(lines(@chinese), qr/\x{ff08}/, 'one has full-width brackets');

returns('UTF8', $summary, lines(@groups), 'labels are exact');
returns('EUC_CN', $summary, lines(@groups), 'labels are exact');
returns('SQL_ASCII', $summary, lines(@groups), 'labels are the bytes that were sent');
returns('SQL_ASCII', $summary, lines(@groups),
	'labels are the same whatever the client calls itself', client => 'UTF8');
foreach my $client (qw(EUC_CN GBK GB18030))
{
	returns('UTF8', $summary, lines(@groups),
		"labels are exact for a client with $client", client => $client);
}
foreach my $client (qw(UTF8 GBK GB18030))
{
	returns('EUC_CN', $summary, lines(@groups),
		"labels are exact for a client with $client", client => $client)
	  unless $client ne 'UTF8' && !conversion_exists('EUC_CN', $client);
}

sub conversion_exists
{
	my ($from, $to) = @_;

	return $node->safe_psql('postgres',
		"SELECT count(*) FROM pg_conversion WHERE conforencoding = pg_char_to_encoding('$from') AND contoencoding = pg_char_to_encoding('$to')"
	);
}

# An encoding without these characters: the column is named, other columns
# and other rows can be read.
my $error = fails('LATIN1', $summary,
	qr/ERROR:  22P05: .*has no equivalent in encoding "LATIN1"/,
	'a label without equivalent is an error');
matches($error,
	qr/CONTEXT:  column "group_value" of foreign table "bill_summary", action DescribeBillSummary, RequestId [-0-9a-f]+/,
	'LATIN1: ... that names column, table, action and request');
returns(
	'LATIN1',
	"SELECT group_key, real_total_cost FROM bill_summary WHERE $where",
	join("\n", map { "$_->{GroupKey}|$_->{RealTotalCost}" } @groups),
	'other columns of these rows are read');

# A client's encoding is the client's affair.
fails('UTF8', $summary,
	qr/ERROR:  22P05: .*in encoding "UTF8" has no equivalent in encoding "LATIN1"/,
	'a client with LATIN1 gets PostgreSQL\'s own error', client => 'LATIN1');

# Replaces the labels of an answer.
sub with_labels
{
	my (@labels) = @_;
	my $n = 0;

	$sim->reset;
	$sim->config(
		{
			faults => [
				{
					patch => [
						map {
							{
								op => 'replace',
								path => '/Response/SummaryDetail/'
								  . $n++
								  . '/GroupValue',
								value => $_
							}
						} @labels
					]
				}
			]
		});
	return;
}
with_labels(("d\x{e9}p\x{f4}t \x{a3}") x @groups);
my @french = map { { %$_, GroupValue => "d\x{e9}p\x{f4}t \x{a3}" } } @groups;
returns('LATIN1', $summary, lines(@french),
	'labels with an equivalent are converted');
returns('UTF8', $summary, lines(@french), 'the same labels are exact');
returns('UTF8', $summary, lines(@french),
	'the same labels for a client with LATIN1', client => 'LATIN1');

# Characters outside of the basic plane, and GB2312.
with_labels(("\x{1f680}\x{20000}") x @groups);
my @rare = map { { %$_, GroupValue => "\x{1f680}\x{20000}" } } @groups;
returns('UTF8', $summary, lines(@rare), 'rare characters are exact');
returns('SQL_ASCII', $summary, lines(@rare), 'rare characters are the bytes that were sent');
matches(
	fails('EUC_CN', $summary, qr/ERROR:  22P05: .*no equivalent in encoding "EUC_CN"/,
		'a rare character without equivalent is an error'),
	qr/column "group_value" of foreign table "bill_summary"/,
	'EUC_CN: ... that names the column');
$sim->reset;

# ---- parameters

my $key = '部门分类';
my @tags = @{
	$sim->dump('DescribeBillSummary',
		{ Month => '2023-04', GroupType => 'tag', TagKey => [$key] })
};
my $tag_where = "month = '2023-04' AND group_type = 'tag' AND tag_key = '$key'";
my $tag_query =
  "SELECT tag_key, group_value, real_total_cost FROM bill_summary WHERE $tag_where";
my $tag_lines = join "\n",
  map { "$key|$_->{GroupValue}|$_->{RealTotalCost}" } @tags;
my $tag_body =
  qq(DescribeBillSummary {"Month":"2023-04","GroupType":"tag","TagKey":["$key"]});

cmp_ok(scalar @tags, '>', 1, 'the tag has several values');
foreach my $test (
	[qw(UTF8 UTF8)], [qw(UTF8 GB18030)], [qw(EUC_CN EUC_CN)],
	[qw(EUC_CN UTF8)], [qw(SQL_ASCII SQL_ASCII)])
{
	my ($database, $client) = @$test;

	$sim->reset;
	returns($database, $tag_query, $tag_lines,
		"a Chinese tag key, client $client", client => $client);
	same(join("\n", $sim->bodies), $tag_body,
		"$database: ... is sent as UTF-8");
	$sim->reset;
	returns(
		$database, "PREPARE p(text) AS SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key = \$1; EXECUTE p('$key')",
		scalar @tags, "a Chinese parameter, client $client", client => $client);
	same(join("\n", $sim->bodies), $tag_body,
		"$database: ... is sent as UTF-8");
}

# Tags of resources: object, value column, condition.
my $value = '支付';
my $all = $sim->dump('DescribeBillResourceSummaryForOrganization',
	{ Month => '2023-04' });
my @paid = grep {
	grep { $_->{TagKey} eq $key && $_->{TagValue} eq $value } @{ $_->{Tags} // [] }
} @$all;

cmp_ok(scalar @paid, '>', 0, 'some resources have that tag');
my $resource =
	"SELECT count(*), min(tag_value), max(tag_value), min(tags ->> '$key'), sum(real_total_cost) "
  . "FROM bill_resource_summary_for_organization "
  . "WHERE month = '2023-04' AND tag_key = '$key' AND tag_value = '$value'";
my ($resource_line) = run_sql('UTF8', $resource);
matches(decode('UTF-8', $resource_line),
	qr/^@{[ scalar @paid ]}\|$value\|$value\|$value\|-?[\d.]+$/,
	'UTF8: resources by a Chinese tag');
foreach my $database (qw(EUC_CN SQL_ASCII))
{
	$sim->reset;
	# resources have names that GB2312 cannot write: columns that are not
	# wanted are not converted
	returns($database, $resource,
		decode('UTF-8', $resource_line), 'resources by a Chinese tag');
	my ($body) = $sim->bodies;
	matches($body, qr/"TagKey":"$key","TagValue":"$value"/,
		"$database: ... sent as UTF-8");
}
matches(
	fails('LATIN1',
		"SELECT tags FROM bill_resource_summary_for_organization WHERE month = '2023-04'",
		qr/ERROR:  22P05:/, 'tags without equivalent are an error'),
	qr/column "tags" of foreign table/,
	'LATIN1: ... that names the column');

# Billing modes are known by their labels, in any encoding.
my $modes = "SELECT DISTINCT pay_mode, pay_mode_name COLLATE \"C\" FROM bill_resource_summary_for_organization WHERE month = '2023-04' ORDER BY 1, 2";
my ($mode_lines) = run_sql('UTF8', $modes);
matches(decode('UTF-8', $mode_lines), qr/^prePay\|包年包月$/m, 'UTF8: a Chinese billing mode');
returns('SQL_ASCII', $modes, decode('UTF-8', $mode_lines), 'the same billing modes');
same( join("\n", sort split /\n/, decode('euc-cn', (run_sql('EUC_CN', $modes))[0])),
	join("\n", sort split /\n/, decode('UTF-8', $mode_lines)),
	'EUC_CN: the same billing modes');

# Bytes that are no UTF-8 stay here.
$sim->reset;
foreach my $bytes ('\xB2\xBF', '\xC3', '\xED\xA0\x80', '\xF5\x80\x80\x80', 'a\xFF')
{
	fails(
		'SQL_ASCII',
		"SELECT * FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key = E'$bytes'",
		qr/ERROR:  22021: invalid byte sequence for encoding "UTF8"/,
		"$bytes in a condition is refused");
}
fails(
	'SQL_ASCII',
	"SELECT * FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key IN ('env', E'\\xB2\\xBF')",
	qr/ERROR:  22021:/, 'also beside others');
same(scalar @{ $sim->log }, 0, 'SQL_ASCII: nothing was sent');

$sim->reset;
returns('LATIN1',
	"SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND tag_key = 'd\x{e9}p\x{f4}t' AND tag_value = 'caf\x{e9}'",
	'0', 'a parameter in LATIN1');
matches(($sim->bodies)[0], qr/"TagKey":"d\x{e9}p\x{f4}t","TagValue":"caf\x{e9}"/,
	'LATIN1: ... is sent as UTF-8');

# ---- EXPLAIN

foreach my $test (
	[ 'UTF8', 'UTF8', $key ],
	[ 'UTF8', 'GB18030', $key ],
	[ 'EUC_CN', 'EUC_CN', $key ],
	[ 'EUC_CN', 'UTF8', $key ],
	[ 'SQL_ASCII', 'SQL_ASCII', $key ],
	[ 'LATIN1', 'LATIN1', "d\x{e9}p\x{f4}t" ])
{
	my ($database, $client, $name) = @$test;
	my $query = $tag_query =~ s/$key/$name/r;

	$sim->reset;
	foreach my $format (qw(TEXT JSON XML YAML))
	{
		my ($out) = run_sql($database,
			"EXPLAIN (VERBOSE, COSTS OFF, FORMAT $format) $query",
			client => $client);
		my $text = decode($perl_name{$client}, $out, Encode::FB_CROAK);

		matches($text, qr/TagKey.{0,20}$name/,
			"$database: EXPLAIN in $format for a client with $client shows the body");
		matches($text, qr/Request[- ]Filter.*$name/,
			"$database: ... and the condition");
	}
	same(scalar @{ $sim->log }, 0, "$database: EXPLAIN sends nothing");
}

# ---- messages

# The API's message in the databases' encodings.
my $message = '密钥错误：请检查';
my %shown = (
	UTF8 => encode('UTF-8', $message),
	SQL_ASCII => encode('UTF-8', $message),
	EUC_CN => encode('euc-cn', $message),
	LATIN1 => '?' x length(encode('UTF-8', $message)));
foreach my $database (@databases)
{
	$sim->reset;
	$sim->config(
		{
			faults => [
				{
					error => {
						code => 'AuthFailure',
						message => "code 17: $message!"
					}
				}
			]
		});
	fails($database, $summary,
		qr/ERROR:  28000: .*: code 17: \Q$shown{$database}\E!\n/,
		'a Chinese message of the API is shown');
	$sim->config(
		{ faults => [ { http => { status => 502, body => "<p>$message</p>" } } ] });
	fails($database, $summary,
		qr/ERROR:  HV00N: .*<p>\Q$shown{$database}\E<\/p>/,
		'a Chinese page of a gateway is shown');

	# whatever bytes come, and wherever the text is cut, it stays an error
	# of that kind
	foreach my $fill (0 .. 2)
	{
		$sim->config(
			{
				faults => [
					{
						raw => JSON::PP->new->encode(
							{
								Response => {
									Error => {
										Code => 'AuthFailure',
										Message => 'x' x $fill . '中' x 500
									},
									RequestId => 'r'
								}
							})
					}
				]
			});
		my $text = fails($database, $summary, qr/ERROR:  28000: /,
			"a long message, shifted by $fill, is cut");
		cmp_ok(length $text, '<', 5000, "$database: ... to a length that can be read");
		ok( eval { decode($perl_name{$database}, $text, Encode::FB_CROAK); 1 },
			"$database: ... and is valid in the client's encoding");
	}
	$sim->config(
		{
			faults =>
			  [ { http => { status => 502, body => "\x{200b}\x{7f}\x{85}\x{1}nul" } } ]
		});
	differs(
		fails($database, $summary, qr/ERROR:  HV00N: .*\\x7f.*\\x01nul/,
			'control characters of a page are escaped'),
		qr/[\x01\x7f]/,
		"$database: ... and not sent to the terminal");
	$sim->reset;

	# our own messages with the user's text
	next if $database eq 'LATIN1';
	my $text = fails(
		$database,
		"SELECT * FROM bill_summary WHERE month = '2023-04' AND group_type = '区域'",
		qr/ERROR:  22023: /, 'a value outside of the list is refused');
	matches($text, qr/"\Q@{[ encode($perl_name{$database}, '区域') ]}\E"/,
		"$database: ... and quoted");
}

# ---- options

foreach my $database (qw(UTF8 EUC_CN SQL_ASCII))
{
	run_sql($database, "ALTER SERVER sim OPTIONS (ADD currency '人民币')");
	$sim->reset;
	$sim->config(
		{
			faults => [
				{
					patch => [
						map {
							{
								op => 'add',
								path => "/Response/SummaryDetail/$_/备注",
								value => '说明'
							}
						} 0 .. $#groups
					]
				}
			]
		});
	run_sql($database, <<"END");
CREATE FOREIGN TABLE 账单 (月份 text OPTIONS (column_name 'month'),
  group_type text OPTIONS (value 'region'), currency text,
  备注 text OPTIONS (field '备注'))
  SERVER sim OPTIONS (table_name 'bill_summary');
END
	returns($database,
		"SELECT DISTINCT currency FROM 账单 WHERE 月份 = '2023-04'",
		'人民币', 'a Chinese label of a currency');
	returns($database,
		"SELECT DISTINCT 备注 FROM 账单 WHERE 月份 = '2023-04'",
		'说明', 'a Chinese member of the answer');
	fails($database, 'SELECT * FROM 账单',
		qr/\Q@{[ encode($perl_name{$database}, '账单') ]}\E/,
		'a refusal names the table');
	run_sql($database,
		"DROP FOREIGN TABLE 账单; ALTER SERVER sim OPTIONS (DROP currency)");
}
$sim->reset;
run_sql('LATIN1', "ALTER SERVER sim OPTIONS (ADD currency '\x{a3}')");
returns('LATIN1',
	"SELECT DISTINCT currency FROM bill_summary WHERE $where",
	"\x{a3}", 'a label of a currency');

# ---- dump and restore

run_sql('UTF8', <<"END");
COMMENT ON FOREIGN TABLE bill_summary IS '账单汇总';
ALTER SERVER sim OPTIONS (ADD currency '人民币');
CREATE FOREIGN TABLE 部门 (月份 text OPTIONS (column_name 'month'),
  group_type text OPTIONS (value 'tag'),
  key text OPTIONS (column_name 'tag_key', value '$key'),
  group_value text, real_total_cost numeric)
  SERVER sim OPTIONS (table_name 'bill_summary', first_month '2023-04',
    last_month '2023-04');
CREATE VIEW costs AS SELECT group_value, real_total_cost FROM 部门;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM costs;
END
my $dump_file = PostgreSQL::Test::Utils::tempdir() . '/dump';

# Makes a dump in a format; its text.
sub dump_of
{
	my ($database, $format, @more) = @_;

	$sim->reset;
	command_ok(
		[
			'pg_dump', '-d', $node->connstr($database), "-F$format", '-f',
			"$dump_file.$format", @more
		],
		"pg_dump -F$format @more");
	same(scalar @{ $sim->log }, 0, '... asks the API for nothing');
	return slurp_file("$dump_file.$format");
}

my $dump = dump_of('utf8', 'p');
utf8::decode($dump);
matches($dump, qr/CREATE EXTENSION IF NOT EXISTS billing_fdw/, 'a dump has the extension');
differs($dump, qr/CREATE FUNCTION|HANDLER/, '... and not its parts');
matches($dump, qr/CREATE SERVER sim .*OPTIONS \(.*currency '人民币'/s, '... the server with its options');
matches($dump, qr/CREATE USER MAPPING FOR postgres SERVER sim OPTIONS \(.*secret_key '\Q$KEY\E'/s,
	'... the user mapping with the key: keep dumps secret');
matches($dump, qr/CREATE FOREIGN TABLE public\."?部门"? /, '... the foreign tables');
matches($dump, qr/tag_key'.*value '$key'/s, '... and options of columns');
differs($dump, qr/^COPY/m, '... and no row of a foreign table');
matches($dump, qr/REFRESH MATERIALIZED VIEW public\.kept/, '... and of materialized views the order to refresh them');

my $expected = decode('UTF-8',
	$node->safe_psql('utf8', 'SELECT * FROM kept ORDER BY real_total_cost'));
cmp_ok(length $expected, '>', 10, 'there are rows to compare with');
foreach my $test ([ 'p', 'UTF8' ], [ 'c', 'UTF8' ], [ 'p', 'EUC_CN' ])
{
	my ($format, $encoding) = @$test;
	my $name = "restored_${format}_" . lc $encoding;

	$perl_name{ uc $name } = $perl_name{$encoding};
	dump_of('utf8', $format);
	$node->safe_psql('postgres',
		"CREATE DATABASE $name ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
	);
	$sim->reset;
	command_ok(
		$format eq 'p'
		? [
			'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d',
			$node->connstr($name), '-f', "$dump_file.$format"
		  ]
		: [
			'pg_restore', '--exit-on-error', '-d', $node->connstr($name),
			"$dump_file.$format"
		],
		"$name: restored");
	same(join("\n", $sim->bodies), $tag_body,
		"$name: a materialized view asks the API when it is restored");
	foreach my $relation ('kept', 'costs', '部门')
	{
		same( decode(
				'UTF-8',
				$node->safe_psql(
					$name,
					encode('UTF-8',
						"SET client_encoding = 'UTF8'; SELECT group_value, real_total_cost FROM \"$relation\" ORDER BY real_total_cost"
					))),
			$expected,
			"$name: $relation has the same rows");
	}
	same( decode('UTF-8', $node->safe_psql($name, "SET client_encoding = 'UTF8'; SELECT obj_description('bill_summary'::regclass)")),
		'账单汇总', "$name: comments are there");
}

# Rows of foreign tables are dumped when that is asked for, and only those of
# tables that can be read without a condition.
$sim->reset;
command_fails_like(
	[
		'pg_dump', '-d', $node->connstr('utf8'), '--data-only',
		'--include-foreign-data=sim', '-f', "$dump_file.x"
	],
	qr/needs a condition on/,
	'--include-foreign-data fails for a table that needs a condition');
command_ok(
	[
		'pg_dump', '-d', $node->connstr('utf8'), '--data-only', '-t',
		encode('UTF-8', '部门'), '--include-foreign-data=sim', '-f',
		"$dump_file.d"
	],
	'--include-foreign-data of a table with option first_month');
my ($copied) =
  decode('UTF-8', slurp_file("$dump_file.d")) =~ /^COPY [^\n]*\n(.*?)^\\\.$/ms;
same( join("\n", sort map { join '|', (split /\t/)[ 3, 4 ] } split /\n/, $copied // ''),
	join("\n", sort split /\n/, $expected),
	'... has its rows');

# Without the mapping the tables are there, and say what is missing.
$node->safe_psql('restored_p_utf8', 'DROP USER MAPPING FOR postgres SERVER sim');
my ($rc, $out, $err) = $node->psql('restored_p_utf8', 'SELECT * FROM costs');
matches($err, qr/user mapping not found/, 'without a mapping the error says so');
$node->safe_psql('restored_p_utf8',
	"CREATE USER MAPPING FOR postgres SERVER sim OPTIONS (secret_id '$ID', secret_key '$KEY')");
same( decode('UTF-8', $node->safe_psql('restored_p_utf8', 'SELECT * FROM costs ORDER BY real_total_cost')),
	$expected, 'with a new one the rows are back');

$node->stop;
same($sim->stop, 0, 'the simulator ended cleanly');
done_testing();

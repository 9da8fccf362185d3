#!/usr/bin/perl
#
# 136_units.pl
#	  Amounts in cents and the like, truth values and dates, in columns of any
#	  type that a foreign table may declare.
#
# IDENTIFICATION
#	  test/t/136_units.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use Test::More;

use BillingSim;
use BillingTest;

my $node = BillingTest::new_node('units');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;
BillingTest::add_server($s, 'main', $sim->url, { max_retries => 0 });

$s->value(<<'END');
CREATE FOREIGN TABLE typed (
  n numeric OPTIONS (column_name 'balance'),
  rounded numeric(10,1) OPTIONS (column_name 'balance'),
  f float8 OPTIONS (column_name 'balance'),
  t text OPTIONS (column_name 'balance'),
  j jsonb OPTIONS (column_name 'balance'),
  sent bigint OPTIONS (field 'Balance'),
  sent_text text OPTIONS (field 'Balance')
) SERVER main OPTIONS (table_name 'account_balance');
CREATE FOREIGN TABLE whole (n bigint OPTIONS (column_name 'balance'))
  SERVER main OPTIONS (table_name 'account_balance');
CREATE FOREIGN TABLE flags (
  b boolean OPTIONS (column_name 'is_allow_arrears'),
  t text OPTIONS (column_name 'is_allow_arrears')
) SERVER main OPTIONS (table_name 'account_balance');
CREATE FOREIGN TABLE days (
  d date OPTIONS (column_name 'begin_time'),
  at timestamp OPTIONS (column_name 'begin_time'),
  zoned timestamptz OPTIONS (column_name 'begin_time')
) SERVER main OPTIONS (table_name 'voucher_info');
SET extra_float_digits = 1;
SET timezone = 'UTC';
END

# The next answer is this, but for its RequestId.
sub answer
{
	my ($members) = @_;

	$sim->reset;
	$sim->config({ faults => [ {
					raw => qq({"Response":{$members,"RequestId":"r-1"}}) } ] });
	return;
}

sub fails
{
	my ($sql, $sqlstate, $message, $name) = @_;
	my $error = $s->query($sql)->{error} // {};

	is($error->{sqlstate}, $sqlstate, "$name: SQLSTATE");
	like($error->{message} // '', $message, "$name: message");
	return;
}

# What is sent, and what the columns of "typed" make of it
my @amounts = (
	[ '-45', '-0.45|-0.5|-0.45|-0.45|-0.45|-45|-45' ],
	[ '0', '0.00|0.0|0|0.00|0.00|0|0' ],
	[ '10000000000', '100000000.00|100000000.0|100000000|100000000.00|100000000.00|10000000000|10000000000' ],
	[ '"9007199254740993"', '90071992547409.93||90071992547409.94|90071992547409.93|90071992547409.93|9007199254740993|9007199254740993' ],
	[ '"-7"', '-0.07|-0.1|-0.07|-0.07|-0.07|-7|-7' ],
	[ 'null', '||||||' ],
	[ '""', '||||||' ],
	[ '"-"', '|||-|||-' ]);

foreach my $case (@amounts)
{
	my ($sent, $right) = @$case;
	my $columns = 'n, rounded, f, t, j, sent, sent_text';

	# one more digit than numeric(10,1) has room for
	$columns =~ s/rounded/NULL/ if $sent =~ /9007/;
	answer("\"Balance\":$sent");
	is($s->value("SELECT $columns FROM typed"), $right, "amount $sent");
}

foreach my $sent ('1e300', '"1e5"', '"NaN"', '"1,5"', '"x"', 'true', '[1]')
{
	answer("\"Balance\":$sent");
	fails('SELECT n FROM typed', 'HV00M',
		qr/^could not read column "n" of foreign table "typed": /, "no amount: $sent");
	fails('SELECT j FROM typed', 'HV00M',
		qr/^could not read column "j" of foreign table "typed": /, "no amount in JSON: $sent")
	  unless $sent eq '[1]' || $sent eq 'true';
}

# Nothing is cut for a type that has no room for cents.
answer('"Balance":-45');
fails('SELECT n FROM whole', '22P02', qr/"-0\.45"/, 'cents in a bigint');

foreach my $case ([ 'true', 't|true' ], [ 'false', 'f|false' ],
	[ '1', 't|1' ], [ '0', 'f|0' ], [ '"true"', 't|true' ],
	[ '"0"', 'f|0' ], [ 'null', '|' ], [ '"-"', '|-' ])
{
	answer("\"IsAllowArrears\":$case->[0]");
	is($s->value('SELECT b, t FROM flags'), $case->[1], "truth value $case->[0]");
}
foreach my $sent ('"yes"', '"t"', '2', '"on"', '"TRUE"')
{
	answer("\"IsAllowArrears\":$sent");
	fails('SELECT b FROM flags', 'HV00M',
		qr/"b" of foreign table "flags": ".*" is neither true nor false$/,
		"no truth value: $sent");
}

foreach my $case (
	[ '2023-07-17', '2023-07-17|2023-07-17 00:00:00|2023-07-16 16:00:00+00' ],
	[
		'2023-07-17 00:00:00',
		'2023-07-17|2023-07-17 00:00:00|2023-07-16 16:00:00+00'
	],
	[ '0002-11-30 00:00:00', '||' ],
	[ '', '||' ])
{
	answer(qq("VoucherInfos":[{"BeginTime":"$case->[0]"}],"TotalCount":1));
	is($s->value('SELECT d, at, zoned FROM days'), $case->[1],
		"day \"$case->[0]\"");
}
answer('"VoucherInfos":[{"BeginTime":"2020-07-08 15:52:30.941"}],"TotalCount":1');
is($s->value('SELECT at, zoned FROM days'),
	'2020-07-08 15:52:30.941|2020-07-08 07:52:30.941+00',
	'a time with milliseconds');
fails('SELECT d FROM days', 'HV00M',
	qr/"d" of foreign table "days": "2020-07-08 15:52:30\.941" has a time of day, which a date would lose$/,
	'a date would lose the time');

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

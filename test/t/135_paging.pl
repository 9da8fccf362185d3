#!/usr/bin/perl
#
# 135_paging.pl
#	  Every kind of paging: which pages are asked for, in what words, and that
#	  all rows come, once and in order.  And what is said when the pages of an
#	  answer do not fit together.
#
# IDENTIFICATION
#	  test/t/135_paging.pl
#
use strict;
use warnings FATAL => 'all';
use utf8;

use JSON::PP;
use Test::More;

use BillingSim;
use BillingTest;

my $node = BillingTest::new_node('paging');
my $s = BillingTest::Session->new($node);
my $sim = BillingSim->start;
BillingTest::add_server($s, 'main', $sim->url);

my $ROWS = 53;
my $PAGE = 10;
my $raw_id = '"RequestId":"00000000-0000-4000-8000-000000000000"';

# table, action, column and member that tell rows apart, conditions, their
# parameters, what the page with so many rows before it says, and what the
# first one says instead for LIMIT 3
my %table = (
	voucher_info => {
		action => 'DescribeVoucherInfo',
		id => [qw(voucher_id VoucherId)],
		page => sub { { Offset => 1 + $_[0] / $PAGE, Limit => $PAGE } }
	},
	budget => {
		action => 'DescribeBudget',
		id => [qw(budget_id BudgetId)],
		page => sub { { PageNo => 1 + $_[0] / $PAGE, PageSize => $PAGE } }
	},
	org_member_account_balance => {
		action => 'DescribeOrgMemberAccountBalance',
		id => [qw(member_uin MemberUin)],
		page => sub { { PageNumber => 1 + $_[0] / $PAGE, PageSize => $PAGE } }
	},
	deals_by_cond => {
		action => 'DescribeDealsByCond',
		id => [qw(order_id OrderId)],
		where => q{create_time >= '2023-04-01' AND create_time < '2023-05-01'},
		params => {
			StartTime => '2023-04-01 00:00:00',
			EndTime => '2023-04-30 23:59:59',
			StatusSet => [ 1 .. 13, 30 ]
		},
		rows => $ROWS * 26,
		page => sub { { Offset => $_[0] / $PAGE, Limit => $PAGE } }
	},
	cpq_billing_mapping => {
		action => 'DescribeCPQBillingMapping',
		id => [qw(spu_name_zh SpuNameZh)],
		page => sub { { Offset => "$_[0]", Limit => "$PAGE" } },
		limit_3 => { Limit => '3' }
	},
	tag_list => {
		action => 'DescribeTagList',
		id => [qw(tag_key TagKey)],
		page => sub { { Offset => $_[0], Limit => $PAGE } },
		limit_3 => { Limit => 3 }
	},
	renew_instances => {
		action => 'DescribeRenewInstances',
		id => [qw(instance_id InstanceId)],
		page => sub { { MaxResults => $PAGE } },
		cursor => 'NextToken'
	},
	bill_detail => {
		action => 'DescribeBillDetail',
		id => [qw(bill_id BillId)],
		where => q{month = '2023-08'},
		params => { Month => '2023-08' },
		page => sub { { Offset => $_[0], Limit => $PAGE } },
		limit_3 => { Limit => 3 },
		cursor => 'Context'
	});

# Starts a test case: exactly these options and this configuration.
sub prepare
{
	my ($config, %options) = @_;

	BillingTest::set_options($s, 'main',
		{ page_size => $PAGE, max_retries => 0, %options });
	$sim->reset;
	$sim->config({ rows => $ROWS, %{ $config // {} } });
	return;
}

# The same for one table
sub prepare_table
{
	my ($name, $config, %options) = @_;

	prepare({ rows => $table{$name}{rows} // $ROWS, %{ $config // {} } },
		%options);
	return;
}

sub query_of
{
	my ($name, $what) = @_;

	return "SELECT $what FROM main.$name WHERE "
	  . ($table{$name}{where} // 'true');
}

sub all_ids
{
	my ($name) = @_;

	return query_of($name, "string_agg($table{$name}{id}[0], '|')");
}

# What the simulator has, in its order
sub right_ids
{
	my ($name) = @_;
	my $t = $table{$name};

	return join '|', map { $_->{ $t->{id}[1] } }
	  @{ $sim->dump($t->{action}, $t->{params} // {}) };
}

# The members of the requests that page, in the order of sending
sub pages_sent
{
	my ($name) = @_;
	my %of_page = map { $_ => 1 } keys %{ $table{$name}{page}->(0) };

	return map {
		my $body = $_->{body};
		+{ map { $_ => $body->{$_} } grep { $of_page{$_} } keys %$body };
	} @{ $sim->log };
}

# Pages in the order of their position
sub sorted
{
	my $json = JSON::PP->new->canonical;

	return sort map { $json->encode($_) } @_;
}

sub fails
{
	my ($result, $sqlstate, $message, $detail, $name) = @_;
	my $error = $result->{error} // {};

	is($error->{sqlstate}, $sqlstate, "$name: SQLSTATE");
	like($error->{message} // '', $message, "$name: message");
	like($error->{detail} // '', $detail, "$name: detail");
	return;
}

# ---- all rows, whatever the kind

foreach my $name (sort keys %table)
{
	my $t = $table{$name};

	prepare_table($name);
	my $right = right_ids($name);
	my @ids = split /\|/, $right;
	my @expected =
	  map { $t->{page}->($_ * $PAGE) } 0 .. int((@ids - 1) / $PAGE);

	cmp_ok(scalar(@ids), '>', 4 * $PAGE, "$name: rows to be read");
	cmp_ok(@ids % $PAGE, '>', 0, "$name: the last page is short");
	is($s->value(all_ids($name)), $right, "$name: all rows in order");
	is_deeply([ pages_sent($name) ], \@expected, "$name: the pages asked for");
	is(scalar(grep { defined $t->{cursor} && exists $_->{body}{ $t->{cursor} } }
			  @{ $sim->log }),
		$t->{cursor} ? $#expected : 0, "$name: the pages asked for with a cursor");

	prepare_table($name, { faults => [ { latency_ms => 20 } ] },
		max_concurrency => 8);
	is($s->value(all_ids($name)), $right, "$name: in order when read ahead");
	is_deeply([ sorted(pages_sent($name)) ], [ sorted(@expected) ],
		"$name: the same pages, read ahead");
	cmp_ok((sort { $b <=> $a } map { $_->{in_flight} } @{ $sim->log })[0],
		$t->{cursor} ? '==' : '>',
		1, "$name: calls side by side, but not with a cursor");

	# A whole number of pages
	prepare_table($name, { rows => 50 });
	is($s->value(all_ids($name)), right_ids($name), "$name: full pages only");

	# LIMIT makes the first page smaller only where rows are counted.
	prepare_table($name);
	is($s->value(query_of($name, $t->{id}[0]) . ' LIMIT 3'),
		join("\n", @ids[0 .. 2]), "$name: LIMIT");
	is_deeply([ pages_sent($name) ],
		[ { %{ $t->{page}->(0) }, %{ $t->{limit_3} // {} } } ],
		"$name: one page for LIMIT");

	# Totals that say nothing
	foreach my $total (qw(null absent zero))
	{
		prepare_table($name, { total => $total });
		is($s->value(all_ids($name)), $right, "$name: total is $total");
	}
}

# ---- cursors beside an offset

# Months without cursors are read ahead.
{
	my $where = local $table{bill_detail}{where} = q{month = '2023-04'};

	local $table{bill_detail}{params} = { Month => '2023-04' };
	prepare({ faults => [ { latency_ms => 20 } ] }, max_concurrency => 8);
	is($s->value(all_ids('bill_detail')),
		right_ids('bill_detail'), 'no cursor: all rows in order');
	is(scalar(grep { exists $_->{body}{Context} } @{ $sim->log }),
		0, 'no cursor: none is sent');
	cmp_ok((sort { $b <=> $a } map { $_->{in_flight} } @{ $sim->log })[0],
		'>', 1, 'no cursor: calls side by side');
}

# Of several months one after the other, the first pages come ahead.
prepare({ faults => [ { latency_ms => 20 } ] }, max_concurrency => 8);
is($s->value(
		q{SELECT count(*), count(DISTINCT b::text) FROM main.bill_detail b
		  WHERE month IN ('2023-06', '2023-07', '2023-08')}),
	(3 * $ROWS) . '|' . (3 * $ROWS),
	'cursors of three months: all rows');
cmp_ok((sort { $b <=> $a } map { $_->{in_flight} } @{ $sim->log })[0],
	'>', 1, 'cursors of three months: side by side');

# A cursor that goes missing on the way: by offset from there
prepare(
	{
		faults => [
			{
				skip => 1,
				patch => [ { op => 'remove', path => '/Response/Context' } ]
			}
		]
	});
is($s->value(all_ids('bill_detail')),
	right_ids('bill_detail'), 'cursors end: all rows in order');
is_deeply([ map { exists $_->{body}{Context} ? 1 : 0 } @{ $sim->log } ],
	[ 0, 1, 0, 0, 0, 0 ], 'cursors end: then none is sent');

# Pages that the API cuts: by offset, from where each of them ended
prepare({ limit_cap => 7 });
is($s->value(all_ids('bill_detail')),
	right_ids('bill_detail'), 'cut pages: all rows in order');
is_deeply([ map { $_->{body}{Offset} } @{ $sim->log } ],
	[ 0, 7, 14, 21, 28, 35, 42, 49 ], 'cut pages: offsets');

# ---- pages by number

foreach my $name (qw(voucher_info budget deals_by_cond))
{
	my $action = $table{$name}{action};

	prepare_table($name, { limit_cap => 7 });
	fails($s->query(all_ids($name)),
		'HV00M',
		qr/inconsistent answer for foreign table "$name": a page has 7 rows where 10 were asked for, although there are more/,
		qr/^Action $action, RequestId \S+\.$/,
		"$name: cut pages");

	prepare_table($name, { limit_cap => 7, total => 'absent' });
	fails($s->query(all_ids($name)),
		'HV00M',
		qr/"$name": rows follow a page that has fewer than were asked for/,
		qr/^Action $action, RequestId \S+\.$/,
		"$name: cut pages without a total");

	prepare_table($name, { total => 'large' });
	fails($s->query(all_ids($name)),
		'HV00M',
		qr/"$name": a page has \d rows where 10 were asked for, although there are more/,
		qr/RequestId/,
		"$name: a total too high");

	prepare_table($name, { limit_cap => 7 }, answer_check => 'off', page_size => 7);
	is($s->value(all_ids($name)),
		right_ids($name), "$name: pages as small as the cut ones");

	# The total of a page of one row is not asked for.
	prepare_table($name, undef, count_from_total => 'on');
	my $count = () = right_ids($name) =~ /[^|]+/g;
	is($s->value(query_of($name, 'count(*)')), $count, "$name: count");
	is_deeply([ pages_sent($name) ],
		[ map { $table{$name}{page}->($_ * $PAGE) } 0 .. int($count / $PAGE) ],
		"$name: counted by reading");
}

# ---- totals

# The first page does not say it, and a later one has no rows.
prepare_table(
	'voucher_info',
	{
		faults => [
			{ times => 1, patch => [ { op => 'remove', path => '/Response/TotalCount' } ] },
			{ skip => 1, times => 1, patch => [ { op => 'remove', path => '/Response/VoucherInfos' } ] }
		]
	});
fails($s->query(all_ids('voucher_info')),
	'HV00M',
	qr/"voucher_info": the rows end after 20 of $ROWS$/,
	qr/RequestId/, 'a total that comes late');

# Without pages there is nothing more to ask for.
prepare({ faults => [ { patch => [ { op => 'replace', path => '/Response/Total', value => 1000 } ] } ] });
fails($s->query(q{SELECT * FROM main.bill_adjust_info WHERE month = '2023-04'}),
	'HV00M',
	qr/"bill_adjust_info": the rows end after \d+ of 1000$/,
	qr/^Action DescribeBillAdjustInfo, RequestId/,
	'a total of an answer without pages');

# Where documents leave open what the position counts
prepare_table('deals_by_cond', { deals_offset => 'rows' });
{
	my $result = $s->query(all_ids('deals_by_cond'));

	fails($result, 'HV00M',
		qr/^answer for foreign table "deals_by_cond" cannot be read page by page: the API counts rows where pages are documented$/,
		qr/^Action DescribeDealsByCond, RequestId \S+\.$/,
		'rows, not pages');
	is($result->{error}{hint},
		'Narrow the condition on "create_time", or raise option "page_size", so that one page is enough.',
		'rows, not pages: hint');
	is(scalar(@{ $sim->log }), 2, 'rows, not pages: seen at once');
}
prepare_table('deals_by_cond', { deals_offset => 'rows' }, page_size => 100);
is($s->value(all_ids('deals_by_cond')),
	right_ids('deals_by_cond'), 'rows, not pages: one page is right');
prepare_table('deals_by_cond', { deals_offset => 'rows' }, answer_check => 'off');
fails($s->query(all_ids('deals_by_cond')),
	'HV00M', qr/cannot be read page by page/,
	qr/RequestId/, 'rows, not pages: an error in any case');
prepare_table('deals_by_cond', { deals_offset => 'rows', rows => 50 },
	page_size => 1);
is($s->value(all_ids('deals_by_cond')),
	right_ids('deals_by_cond'), 'pages of one row are the same as rows');

# ---- tokens

# A page without rows that leads on
my $empty = qq({"Response":{"InstanceList":[],"NextToken":"on",$raw_id}});
my $end = qq({"Response":{"InstanceList":[{"InstanceId":"a"}],"NextToken":null,$raw_id}});

prepare({ faults => [ { times => 1, raw => $empty }, { raw => $end } ] });
is($s->value(all_ids('renew_instances')), 'a', 'token: an empty page leads on');
is_deeply([ map { $_->{body}{NextToken} } @{ $sim->log } ],
	[ undef, 'on' ], 'token: as it came');

# One that leads nowhere
prepare({ faults => [ { raw => $empty } ] }, answer_check => 'off');
fails($s->query(all_ids('renew_instances')),
	'HV00M',
	qr/^answer for foreign table "renew_instances" does not end: it leads to the same page again$/,
	qr/^Action DescribeRenewInstances, RequestId \S+\.$/,
	'token: a loop');
is(scalar(@{ $sim->log }), 2, 'token: a loop is seen at once');

prepare({ faults => [ { raw => $empty =~ s/"on"/17/r } ] });
fails($s->query(all_ids('renew_instances')),
	'HV00M', qr/no usable member "NextToken"/, qr/RequestId/, 'token: no text');

# ---- second statuses

prepare(
	{
		faults => [
			{
				patch => [
					{ op => 'replace', path => '/Response/Code', value => 500 },
					{
						op => 'replace',
						path => '/Response/Message',
						value => 'no budgets today'
					}
				]
			}
		]
	});
fails($s->query(all_ids('budget')),
	'HV000',
	qr/^could not read the budgets for foreign table "budget": no budgets today$/,
	qr/^Action DescribeBudget, error code Code 500, RequestId \S+\.$/,
	'a second status');
is(scalar(@{ $sim->log }), 1, 'a second status: not repeated');
prepare(undef);
is($s->value(query_of('budget', 'count(*)')), $ROWS, 'a second status of 0');

# ---- ANALYZE

foreach my $name (qw(voucher_info renew_instances bill_detail))
{
	prepare();
	$s->value(qq{ALTER FOREIGN TABLE main.bill_detail OPTIONS (first_month '2023-08', last_month '2023-08')})
	  if $name eq 'bill_detail';
	$s->value("ANALYZE main.$name");
	is($s->value("SELECT reltuples FROM pg_class WHERE oid = 'main.$name'::regclass"),
		$ROWS, "$name: ANALYZE");
	prepare({ rows => 50 });
	$s->value("ANALYZE main.$name");
	is($s->value("SELECT reltuples FROM pg_class WHERE oid = 'main.$name'::regclass"),
		50, "$name: ANALYZE of full pages");
}

$s->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

#!/usr/bin/perl
#
# 040_readiness.pl
#	  Bills that the API is still preparing are waited for, within bounds.
#
# Ready = 0 in an answer and the error FailedOperation.SummaryDataNotReady say
# the same thing; which of them the simulator uses depends on the action.
#
# IDENTIFICATION
#	  test/t/040_readiness.pl
#
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use Test::More;
use Time::HiRes ();

use BillingSim;
use BillingTest;

my $node = BillingTest::new_node('readiness');
my $s = BillingTest::Session->new($node);
my $control = BillingTest::Session->new($node);
my $sim = BillingSim->start;
my %quick = (ready_interval => '1s', ready_timeout => '20s', max_retries => 0);
my $TRUE = JSON::PP::true;

BillingTest::add_server($s, 'main', $sim->url);

sub prepare
{
	my ($options, @faults) = @_;

	BillingTest::set_options($s, 'main', { %quick, %{ $options // {} } });
	$sim->reset;
	$sim->config({ rows => 700, faults => \@faults });
	return;
}

sub notices
{
	my ($result) = @_;

	return grep { $_->{severity} eq 'NOTICE' } @{ $result->{messages} };
}

sub seconds_between
{
	my ($first, $second) = @_;

	return ($second->{started_ms} - $first->{started_ms}) / 1000;
}

my $all = q{SELECT count(*), sum(real_total_cost), md5(string_agg(t::text, E'\n')) FROM main.%s t WHERE %s};

my @tables = (
	[ 'bill_summary', q{month = '2023-04' AND group_type = 'region'} ],
	[ 'bill_summary_business', q{month = '2023-04' AND group_type = 'project'} ],
	[ 'bill_summary_by_pay_mode', q{month = '2023-04'} ],
	[ 'bill_summary_by_pay_mode_detail', q{month = '2023-04'} ],
	# this one has no Ready: the simulator answers with the error
	[ 'bill_resource_summary_for_organization', q{month = '2023-08'} ]);

# ---- not ready for K calls, then ready

foreach my $case (@tables)
{
	my ($table, $where) = @$case;
	my $sql = sprintf $all, $table, $where;

	prepare();
	my $right = $s->value($sql);
	unlike($right, qr/^0\|/, "$table: there are rows");

	prepare(undef, { not_ready => $TRUE, times => 2 });
	my $result = $s->query($sql);
	my @log = @{ $sim->log };
	my @notices = notices($result);

	is($result->{error}, undef, "$table: no error");
	is($result->{out}, $right, "$table: right result, without the rows beside Ready = 0");
	is(scalar @log, 3, "$table: asked three times");
	is(scalar @notices, 1, "$table: one NOTICE");
	like($notices[0]{message}, qr/^foreign table "$table": .*preparing.*20 seconds/,
		"$table: the NOTICE says which table and how long it may take");
	is_deeply([ map { $_->{raw} } @log ], [ ($log[0]{raw}) x 3 ], "$table: the same body each time");
	foreach my $n (1, 2)
	{
		cmp_ok(seconds_between($log[ $n - 1 ], $log[$n]), '>=', 0.95,
			"$table: call $n waits for ready_interval");
	}
	isnt($log[0]{headers}{'x-tc-timestamp'}, $log[2]{headers}{'x-tc-timestamp'},
		"$table: signed anew");
}

# The error, whatever the action and the HTTP status
foreach my $status (200, 400, 500)
{
	my $sql = sprintf $all, @{ $tables[0] };

	prepare();
	my $right = $s->value($sql);
	prepare(undef, { error => { code => 'FailedOperation.SummaryDataNotReady' },
			http_status => $status, times => 1 });
	my $result = $s->query($sql);
	is($result->{out}, $right, "SummaryDataNotReady with HTTP $status: right result");
	is(scalar(notices($result)), 1, "SummaryDataNotReady with HTTP $status: one NOTICE");
	is(scalar @{ $sim->log }, 2, "SummaryDataNotReady with HTTP $status: two calls");
}

# At a later page, too
{
	my $sql = sprintf $all, @{ $tables[4] };

	prepare({ page_size => 200 });
	my $right = $s->value($sql);
	prepare({ page_size => 200 }, { not_ready => $TRUE, where => { Offset => 400 }, times => 1 });
	my $result = $s->query($sql);
	is($result->{out}, $right, 'not ready at a later page: right result');
	is_deeply([ map { $_->{body}{Offset} } @{ $sim->log } ], [ 0, 200, 400, 400, 600 ],
		'not ready at a later page: only this page is asked for again');
}

# An empty or missing array beside Ready = 0 is no answer either
foreach my $empty ('null', '[]', 'missing')
{
	my $value = $empty eq '[]' ? [] : undef;
	my $patch = $empty eq 'missing'
	  ? { op => 'remove', path => '/Response/SummaryDetail' }
	  : { op => 'replace', path => '/Response/SummaryDetail', value => $value };
	my $sql = sprintf $all, @{ $tables[0] };

	prepare();
	my $right = $s->value($sql);
	prepare(undef, { not_ready => $TRUE, patch => [$patch], times => 1 });
	is($s->query($sql)->{out}, $right, "Ready = 0 and rows $empty: waits all the same");
	is(scalar @{ $sim->log }, 2, "Ready = 0 and rows $empty: two calls");
}

# A success without Ready, where it is documented, cannot be believed
{
	my $sql = sprintf $all, @{ $tables[0] };

	prepare();
	$sim->config({ ready => 'absent' });
	my $result = $s->query($sql);
	is($result->{error}{sqlstate}, 'HV00M', 'Ready missing: SQLSTATE HV00M');
	like($result->{error}{message}, qr/Ready/, 'Ready missing: the message says so');
}
foreach my $value (2, -1, 'soon', JSON::PP::true, undef)
{
	my $text = JSON::PP->new->allow_nonref->encode($value);

	prepare(undef, { patch => [ { op => 'replace', path => '/Response/Ready', value => $value } ] });
	my $result = $s->query(sprintf $all, @{ $tables[0] });
	is($result->{error}{sqlstate}, 'HV00M', "Ready $text: neither 0 nor 1 is unreadable");
}

# ---- bounds

foreach my $case (@tables[ 0, 4 ])
{
	my ($table, $where) = @$case;
	my $sql = sprintf $all, $table, $where;

	prepare({ ready_timeout => '0s' }, { not_ready => $TRUE });
	my $result = $s->query($sql);
	my @log = @{ $sim->log };

	is($result->{error}{sqlstate}, '55000', "$table, ready_timeout 0: SQLSTATE 55000");
	is(scalar @log, 1, "$table, ready_timeout 0: one call");
	is(scalar(notices($result)), 0, "$table, ready_timeout 0: no NOTICE");
	like($result->{error}{message}, qr/preparing/, "$table, ready_timeout 0: message");
	like($result->{error}{detail}, qr/RequestId \Q$log[0]{request_id}\E\./,
		"$table, ready_timeout 0: RequestId");
	like($result->{error}{hint}, qr/ready_timeout.*billing_fdw\.ready_timeout/,
		"$table, ready_timeout 0: the hint names option and setting");

	prepare({ ready_timeout => '2s' }, { not_ready => $TRUE });
	$result = $s->query($sql);
	is($result->{error}{sqlstate}, '55000', "$table, ready_timeout 2 s: SQLSTATE 55000");
	is(scalar @{ $sim->log }, 3, "$table, ready_timeout 2 s: three calls");
	is(scalar(notices($result)), 1, "$table, ready_timeout 2 s: one NOTICE");
	cmp_ok($result->{seconds}, '>=', 1.95, "$table, ready_timeout 2 s: all of it is used");
	cmp_ok($result->{seconds}, '<', 12, "$table, ready_timeout 2 s: and not much more");

	# an interval larger than what is left is cut
	prepare({ ready_timeout => '1s', ready_interval => '3600s' }, { not_ready => $TRUE, times => 1 });
	$result = $s->query($sql);
	is($result->{error}, undef, "$table, long interval: asked again before the time is over");
	is(scalar @{ $sim->log }, 2, "$table, long interval: two calls");

	prepare();
	is($s->query($sql)->{err}, '', "$table: the session works on");
}

# One budget for the whole scan, not one for each month: each of four months is
# not ready once, three waits fit.
{
	my @months = map { "2023-0$_" } 4 .. 7;
	my @faults = map { { not_ready => $TRUE, times => 1, where =>
		{ Month => $_, GroupType => 'region' } } } @months;
	my $sql = sprintf $all, 'bill_summary',
	  q{month BETWEEN '2023-04' AND '2023-07' AND group_type = 'region'};

	prepare();
	my $right = $s->value($sql);
	my @order = map { $_->{body}{Month} } @{ $sim->log };
	is_deeply([ sort @order ], \@months, 'four months: one call each');

	prepare({ ready_timeout => '4s' }, @faults);
	my $result = $s->query($sql);
	is($result->{out}, $right, 'four months not ready once, 4 s: right result');
	is(scalar(notices($result)), 1, 'four months not ready once, 4 s: one NOTICE for all');
	is_deeply([ map { $_->{body}{Month} } @{ $sim->log } ], [ map { ($_, $_) } @order ],
		'four months not ready once, 4 s: each is asked for twice');

	prepare({ ready_timeout => '3s' }, @faults);
	$result = $s->query($sql);
	is($result->{error}{sqlstate}, '55000', 'four months not ready once, 3 s: the budget is of the scan');
	is_deeply([ map { $_->{body}{Month} } @{ $sim->log } ],
		[ (map { ($_, $_) } @order[ 0 .. 2 ]), $order[3] ],
		'four months not ready once, 3 s: ends at the fourth month');

	# the next scan has a budget of its own
	prepare({ ready_timeout => '3s' }, @faults[ 0 .. 2 ]);
	is($s->query($sql)->{out}, $right, 'three months not ready once, 3 s: right result');
	$sim->config({ faults => [ @faults[ 0 .. 2 ] ] });
	is($s->query($sql)->{out}, $right, 'three months not ready once, again: right result');
}

# ---- the setting of the session

{
	my $sql = sprintf $all, @{ $tables[0] };

	$s->value(q{SET billing_fdw.ready_timeout = '0'});
	prepare({ ready_timeout => '20s' }, { not_ready => $TRUE });
	my $result = $s->query($sql);
	is($result->{error}{sqlstate}, '55000', 'setting 0: fails in spite of the option');
	is(scalar @{ $sim->log }, 1, 'setting 0: one call');

	$s->value(q{SET billing_fdw.ready_timeout = '10s'});
	prepare({ ready_timeout => '0s' }, { not_ready => $TRUE, times => 1 });
	$result = $s->query($sql);
	is($result->{error}, undef, 'setting 10 s: waits in spite of the option');
	like((notices($result))[0]{message}, qr/10 seconds/, 'setting 10 s: the NOTICE says 10 seconds');

	$s->value(q{RESET billing_fdw.ready_timeout});
	prepare({ ready_timeout => '0s' }, { not_ready => $TRUE });
	is($s->query($sql)->{error}{sqlstate}, '55000', 'setting reset: the option counts again');

	# a role's setting reaches its sessions before the library is loaded
	$s->value(q{ALTER ROLE CURRENT_USER SET billing_fdw.ready_timeout = '0'});
	prepare({ ready_timeout => '20s' }, { not_ready => $TRUE });
	my $other = BillingTest::Session->new($node);
	is($other->query($sql)->{error}{sqlstate}, '55000', 'setting of the role: counts');
	$other->quit;
	$s->value(q{ALTER ROLE CURRENT_USER RESET billing_fdw.ready_timeout});

	$s->value(q{ALTER FOREIGN TABLE main.bill_summary OPTIONS (ADD ready_timeout '0s')});
	prepare({ ready_timeout => '20s' }, { not_ready => $TRUE });
	is($s->query($sql)->{error}{sqlstate}, '55000', "table's option: counts more than the server's");
	$s->value(q{ALTER FOREIGN TABLE main.bill_summary OPTIONS (DROP ready_timeout)});
}

# ---- rows that are not needed

prepare({ ready_timeout => '0s' },
	{ not_ready => $TRUE, where => { Month => '2023-04', GroupType => 'region' } });
{
	my $result = $s->query(
		q{SELECT count(*) FROM (SELECT 1 FROM main.bill_summary
		  WHERE month IN ('2023-05', '2023-04') AND group_type = 'region'
		  LIMIT 1) x});

	is(scalar @{ $sim->log }, 1, 'LIMIT: one call');
	is($sim->log->[0]{body}{Month}, '2023-05', 'LIMIT: of the newest month');
	is($result->{out}, '1', 'LIMIT: a month that is not asked for need not be ready');
}

# ---- the wait can be cancelled

prepare({ ready_timeout => '3600s', ready_interval => '3600s' }, { not_ready => $TRUE });
$s->send(sprintf $all, @{ $tables[0] });
BillingTest::wait_until('the NOTICE of the wait', sub { notices({ messages => [ $s->messages ] }) });
is(scalar @{ $sim->log }, 1, 'cancel: the first answer is here');
my $before = Time::HiRes::time();
$control->value('SELECT pg_cancel_backend(' . $s->pid . ')');
my $result = $s->receive;
my $took = $result->{ended} - $before;
is($result->{error}{sqlstate}, '57014', 'cancel: SQLSTATE 57014');
cmp_ok($took, '<', 1, 'cancel: within a second');
diag(sprintf 'cancelled during the wait after %.0f ms', $took * 1000);
is(scalar @{ $sim->log }, 1, 'cancel: nothing more is asked for');

prepare();
is($s->query(sprintf $all, @{ $tables[0] })->{err}, '', 'cancel: the session works on');

$s->quit;
$control->quit;
is($sim->stop, 0, 'the simulator ends well');
done_testing();

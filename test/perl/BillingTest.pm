package BillingTest;

# BillingTest.pm
#	  What the tests with servers of their own share: a server with the
#	  extension, foreign servers that lead to simulators, psql sessions whose
#	  messages can be looked at field by field, and bounded waits.
#
#   my $node = BillingTest::new_cluster($name, install_path => ...);
#       not started, and without the extension
#   my $node = BillingTest::new_node($name, %environment);
#       started, with the extension
#   BillingTest::add_server($session, $name, $url, {options}, {mapping});
#       a foreign server, a mapping for the current user, and all tables in a
#       schema of the server's name
#   BillingTest::set_options($session, $name, {option => value or undef});
#       exactly these options besides the endpoint and the usual ones: one
#       call after the other, and no quota, so that what is sent is certain
#   my $session = BillingTest::Session->new($node, application_name => ...);
#       $session->query($sql)    waits for the end: a result
#       $session->send($sql)     does not wait
#       $session->receive        waits for the end of what was sent: a result
#       $session->ended          is that end there?
#       $session->value($sql)    its output; dies on an error
#       $session->pid            of the backend
#       $session->contexts       number of the extension's memory contexts in it
#       $session->quit
#       $session->kill           the client goes without a word
#   A result: {out, err}, {error} or undef, {messages}, each message being
#   {severity, sqlstate, message, detail, hint}; {seconds} since send.
#   BillingTest::alive($pid), descriptors($pid), status_of($pid, 'VmRSS')
#       of a process: does it run; open files; a size in kB
#   BillingTest::write_file($path, $text);      the path
#   BillingTest::region_query($table), region_rows($sim)
#       a small bill, and what a simulator has for it, as psql prints it
#   BillingTest::wait_until($what, sub { ... });    dies when it takes too long
#
# IDENTIFICATION
#	  test/perl/BillingTest.pm

use strict;
use warnings FATAL => 'all';

use Encode qw(encode);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(sleep time);

use BillingSim;

# seconds; far more than anything here takes on a slow machine
use constant PATIENCE => 120;


my %usual = (max_concurrency => 1, requests_per_second => 1000);

# options of each foreign server as they are now
my %options_of;

# The superuser has a name that does not depend on who runs this, and is who
# programs connect as.
sub new_cluster
{
	my ($name, %o) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name, %o);

	$ENV{PGUSER} = 'postgres';
	$node->init(extra => [qw(-U postgres -E UTF8 --no-locale)]);
	return $node;
}

# The environment is that of the server only.
sub new_node
{
	my ($name, %environment) = @_;
	my $node = new_cluster($name);

	$node->append_conf('postgresql.conf', <<END);
timezone = 'UTC'
log_timezone = 'UTC'
max_connections = 30
END
	{
		local %ENV = (%ENV, %environment);
		$node->start;
	}
	$node->safe_psql('postgres', 'CREATE EXTENSION billing_fdw');
	return $node;
}

sub quoted
{
	my ($text) = @_;

	return 'NULL' unless defined $text;
	$text =~ s/'/''/g;
	return "'$text'";
}

sub option_list
{
	my ($options) = @_;

	return join ', ', map { "$_ " . quoted($options->{$_}) } sort keys %$options;
}

sub add_server
{
	my ($session, $name, $url, $options, $mapping) = @_;
	my $keys = option_list($mapping // { secret_id => $BillingSim::ID, secret_key => $BillingSim::KEY });
	my %all = (%usual, %{ $options // {} });
	my $all = option_list({ endpoint => $url, %all });

	$session->value(<<END);
CREATE SERVER $name FOREIGN DATA WRAPPER billing_fdw OPTIONS ($all);
CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS ($keys);
CREATE SCHEMA $name;
IMPORT FOREIGN SCHEMA billing FROM SERVER $name INTO $name;
END
	$options_of{$name} = \%all;
	return;
}

sub set_options
{
	my ($session, $name, $wanted) = @_;
	my $now = $options_of{$name} // {};
	my @changes;

	$wanted = { %usual, %$wanted };
	foreach my $option (sort keys %$wanted)
	{
		my $verb = exists $now->{$option} ? 'SET' : 'ADD';

		push @changes, "$verb $option " . quoted($wanted->{$option});
	}
	push @changes, map { "DROP $_" } grep { !exists $wanted->{$_} } sort keys %$now;
	$session->value("ALTER SERVER $name OPTIONS (" . join(', ', @changes) . ')')
	  if @changes;
	$options_of{$name} = $wanted;
	return;
}

sub wait_until
{
	my ($what, $condition) = @_;
	my $end = time() + PATIENCE;

	until ($condition->())
	{
		die "waited in vain until $what\n" if time() > $end;
		sleep 0.01;
	}
	return;
}

sub write_file
{
	my ($path, $text) = @_;

	open my $out, '>', $path or die "$path: $!";
	print $out $text;
	close $out or die "$path: $!";
	return $path;
}

sub region_query
{
	my ($table) = @_;

	return
	  "SELECT group_key, group_value, real_total_cost FROM $table "
	  . "WHERE month = '2023-04' AND group_type = 'region'";
}

# As bytes.
sub region_rows
{
	my ($sim) = @_;
	my $rows = $sim->dump('DescribeBillSummary',
		{ Month => '2023-04', GroupType => 'region' });

	return encode('UTF-8',
		join "\n", map { join '|', @$_{qw(GroupKey GroupValue RealTotalCost)} } @$rows);
}

# Nobody may be in a hurry to collect a process that has lost its parent.
sub alive
{
	my ($pid) = @_;

	open my $stat, '<', "/proc/$pid/stat" or return 0;
	return (<$stat> // '') !~ /^.*\) [ZX] /;
}

# What the kernel says of a process: its open files, and a size in kB.
sub descriptors
{
	my ($pid) = @_;
	my @open = glob "/proc/$pid/fd/*";

	return scalar @open;
}

sub status_of
{
	my ($pid, $name) = @_;

	open my $status, '<', "/proc/$pid/status" or die "/proc/$pid/status: $!";
	return (join('', <$status>) =~ /^$name:\s+(\d+) kB/m)[0];
}

# Servers end before the immediate shutdown of PostgreSQL::Test::Cluster, which
# would keep backends from leaving what "make coverage" counts
my ($owner, %servers) = ($$);

END
{
	my $status = $?;

	foreach my $node ($owner == $$ ? values %servers : ())
	{
		$node->stop('fast', fail_ok => 1);
	}
	$? = $status;
}

package BillingTest::Session;

use Encode qw(decode encode);
use IPC::Run;
use Time::HiRes qw(sleep time);

sub new
{
	my ($class, $node, %o) = @_;
	my $self = bless { in => '', out => '', err => '', number => 0 }, $class;
	my @command = ($node->installed_command('psql'), '-XAtq', '-d',
		$node->connstr($o{dbname} // 'postgres'),
		'-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never', '-f', '-');

	$servers{ $node->name } = $node;
	local $ENV{PGAPPNAME} = $o{application_name} // 'session';
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	local $ENV{PGUSER} = $o{user} if defined $o{user};
	$self->{timer} = IPC::Run::timer(BillingTest::PATIENCE);
	$self->{run} = IPC::Run::start(\@command, '<', \$self->{in}, '>',
		\$self->{out}, '2>', \$self->{err}, $self->{timer});
	$self->{pid} = $self->value('SELECT pg_backend_pid()');
	return $self;
}

sub pid { return $_[0]{pid} }

sub send
{
	my ($self, $sql) = @_;
	my $mark = 'end of statements ' . ++$self->{number};

	$self->{out} = $self->{err} = '';
	$self->{in} .= encode('UTF-8', "$sql\n;\n") . "\\echo '$mark'\n\\warn '$mark'\n";
	$self->{sent} = time();
	# all of it, however long it is
	$self->{timer}->start(BillingTest::PATIENCE);
	$self->{run}->pump_nb while length $self->{in};
	return;
}

# What has arrived so far, without waiting.
sub messages
{
	my ($self) = @_;

	$self->{run}->pump_nb if $self->{run}->pumpable;
	return parse(decode('UTF-8', $self->{err}));
}

# Is the end of what was sent there?  Does not wait.
sub ended
{
	my ($self) = @_;

	$self->{run}->pump_nb if $self->{run}->pumpable;
	return $self->{out} =~ /end of statements $self->{number}\n/;
}

# A lost connection ends psql, and thereby the wait.
sub receive
{
	my ($self) = @_;
	my $mark = "end of statements $self->{number}\n";

	$self->{timer}->start(BillingTest::PATIENCE);
	until ($self->{out} =~ /\Q$mark/ && $self->{err} =~ /\Q$mark/)
	{
		last unless $self->{run}->pumpable;
		die "a query did not end in time: $self->{err}\n"
		  if $self->{timer}->is_expired;
		eval { $self->{run}->pump; 1 } or last;
	}
	my %result = (ended => time(), seconds => time() - $self->{sent});

	foreach my $name (qw(out err))
	{
		$result{$name} = decode('UTF-8', $self->{$name});
		$result{$name} =~ s/\n?(?:psql:<stdin>:\d+: )?\Q$mark\E//;
	}
	$result{messages} = [ parse($result{err}) ];
	($result{error}) =
	  grep { $_->{severity} =~ /^(?:ERROR|FATAL|PANIC)$/ } @{ $result{messages} };
	return \%result;
}

sub query
{
	my ($self, $sql) = @_;

	$self->send($sql);
	return $self->receive;
}

sub value
{
	my ($self, $sql) = @_;
	my $result = $self->query($sql);

	die "$sql: $result->{err}\n" if $result->{error};
	return $result->{out};
}

# What the session has learnt about row counts lives as long as the backend.
sub contexts
{
	my ($self) = @_;

	return $self->value(q{SELECT count(*) FROM pg_backend_memory_contexts
		WHERE name LIKE 'billing_fdw%' AND name <> 'billing_fdw learnt rows'});
}

sub quit
{
	my ($self) = @_;
	my $run = delete $self->{run} // return;

	return unless $run->pumpable;
	$self->{in} .= "\\q\n";
	$self->{timer}->start(BillingTest::PATIENCE);
	eval { $run->finish };
	return;
}

sub kill
{
	my ($self) = @_;
	my $run = delete $self->{run} // return;

	$run->signal('KILL');
	eval { $run->finish };
	return;
}

# Messages as psql prints them with VERBOSITY=verbose.
sub parse
{
	my ($text) = @_;
	my @messages;

	foreach my $line (split /\n/, $text)
	{
		$line =~ s/^psql:<stdin>:\d+: //;
		if ($line =~ /^(ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DEBUG):\s+(\w{5}): (.*)/)
		{
			push @messages,
			  { severity => $1, sqlstate => $2, message => $3,
				detail => '', hint => '' };
		}
		elsif (@messages && $line =~ /^(DETAIL|HINT|CONTEXT):\s+(.*)/)
		{
			$messages[-1]{ lc $1 } = $2;
		}
	}
	return @messages;
}

1;

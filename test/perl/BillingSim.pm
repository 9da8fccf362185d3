package BillingSim;

# BillingSim.pm
#	  Starts, controls and stops the simulator of the billing API.
#
#   my $sim = BillingSim->start(%options);
#       secret   => ['ID:KEY', 'ID:KEY:TOKEN']   default: the simulator's own
#       site     => 'intl' | 'china'             default: both
#       port     => N                            default: any that is free
#       ipv6     => 1
#       tls      => 1, cert => FILE, key => FILE, tls_priority => TEXT
#       examples => DIR, data => DIR
#   $sim->url, $sim->port, $sim->pid
#   $sim->config({...}), $sim->reset     die with the message when refused
#   $sim->log             list reference, as GET /sim/log
#   $sim->stalled         those calls in it that a fault keeps waiting
#   $sim->bodies          list of lines, as character strings
#   $sim->take_bodies     the same as one text; the simulator is reset then
#   $sim->dump($action, {params})        list reference of rows
#   $sim->dump_all($action, {params})    {rows => [...], beside => {...}}
#   $sim->control($method, $path, $body)    any control request: the answer's
#                         bytes; dies with the message when refused
#   $sim->stop            exit status of the program (0 = clean)
#
#   $BillingSim::ID, $BillingSim::KEY    the secret that it accepts by default
#   BillingSim::query_of({params})       as query string
#   BillingSim::directory()              of the program and its data
#
#   my $files = BillingSim::make_ca($dir);
#       {ca, cert, key, wrong_ca, wrong_cert, wrong_key}: certificates for
#       127.0.0.1, ::1 and localhost, by two authorities
#   my ($cert, $key) = BillingSim::make_certificate($dir, $name, %options);
#       another one by the first authority of make_ca($dir):
#       san => TEXT, from => TIME, to => TIME (as YYYYMMDDHHMMSSZ)
#
# The program runs under the checker that SIM_WRAP names, such as
# "valgrind -q --error-exitcode=9".  It ends with this process: its standard
# input is a pipe that is held here.
#
# IDENTIFICATION
#	  test/perl/BillingSim.pm

use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use Encode qw(decode encode);
use File::Basename qw(dirname);
use HTTP::Tiny;
use IO::Handle;
use IO::Select;
use JSON::PP;
use POSIX qw(WNOHANG);
use Scalar::Util qw(weaken);
use Time::HiRes qw(time);

# seconds for the program to start or to end; generous for slow machines
# and for memory checkers
use constant PATIENCE => 60;

our $ID = 'AKIDEXAMPLE0123456789abcdefghijkl';
our $KEY = 'EXAMPLEKEY0123456789ABCDEFGHIJ';

my @running;

sub directory
{
	return abs_path(dirname(abs_path(__FILE__)) . '/../sim');
}

sub _arguments
{
	my (%o) = @_;
	my @arguments = ('--exit-with-stdin');

	foreach my $name (grep { defined $o{$_} } qw(port tls_priority site data examples))
	{
		push @arguments, '--' . $name =~ tr/_/-/r, $o{$name};
	}
	push @arguments, '--ipv6' if $o{ipv6};
	push @arguments, '--tls', $o{cert}, $o{key} if $o{tls};
	push @arguments, map { ('--secret', $_) } @{ $o{secret} // [] };
	return @arguments;
}

sub start
{
	my ($class, %o) = @_;
	my @command = (split(' ', $ENV{SIM_WRAP} // ''),
		directory() . '/billing_sim', _arguments(%o));
	my $self = bless { pid => undef, owner => $$ }, $class;

	pipe(my $child_in, my $to_child) or die "pipe: $!";
	pipe(my $from_child, my $child_out) or die "pipe: $!";
	my $pid = fork() // die "fork: $!";
	if ($pid == 0)
	{
		open STDIN, '<&', $child_in or POSIX::_exit(126);
		open STDOUT, '>&', $child_out or POSIX::_exit(126);
		{ no warnings; exec { $command[0] } @command; }
		print STDERR "could not run $command[0]: $!\n";
		POSIX::_exit(127);
	}
	# else the end of the program would not show as the end of its output
	close $child_in;
	close $child_out;
	@$self{qw(pid stdin stdout)} = ($pid, $to_child, $from_child);
	push @running, $self;
	weaken($running[-1]);

	my $line = $self->_first_line;
	$line =~ m{^billing_sim listening on (https?://\S+:(\d+))$}
	  or die "unexpected first line of the simulator: $line\n";
	@$self{qw(url port)} = ($1, $2);
	# no proxy of the environment may stand between us and loopback
	$self->{http} = HTTP::Tiny->new(
		timeout => PATIENCE,
		proxy => undef,
		http_proxy => undef,
		https_proxy => undef);
	return $self;
}

# The line that tells the port, within bounds.
sub _first_line
{
	my ($self) = @_;
	my $end = time() + PATIENCE;
	my $select = IO::Select->new($self->{stdout});
	my $text = '';

	while ($text !~ /\n/)
	{
		my $left = $end - time();

		die "the simulator did not start in time\n"
		  if $left <= 0 || !$select->can_read($left);
		sysread($self->{stdout}, $text, 4096, length $text)
		  or die "the simulator ended before it listened\n";
	}
	chomp $text;
	return $text;
}

sub url { return $_[0]{url} }
sub port { return $_[0]{port} }
sub pid { return $_[0]{pid} }

# One control request; returns the body as bytes, dies when it is refused.
sub control
{
	my ($self, $method, $path, $body) = @_;

	return $self->_control_tls($method, $path, $body)
	  if $self->{url} =~ /^https/;
	my $answer = $self->{http}->request($method, $self->{url} . $path,
		{ content => $body // '' });

	die "$method $path: $answer->{status} $answer->{content}\n"
	  unless $answer->{success};
	return $answer->{content};
}

# HTTP::Tiny needs modules beyond the core for TLS; curl is here anyway.
sub _control_tls
{
	my ($self, $method, $path, $body) = @_;
	my @command = (qw(curl -sS -k --fail-with-body --noproxy *),
		'--max-time', PATIENCE, '--globoff', '-X', $method);

	push @command, '--data-binary', $body // '' if $method eq 'POST';
	open my $curl, '-|', @command, $self->{url} . $path or die "curl: $!";
	my $text = do { local $/; <$curl> } // '';
	close $curl or die "$method $path: $text\n";
	return $text;
}

sub reset
{
	my ($self) = @_;

	$self->control('POST', '/sim/reset');
	return;
}

sub config
{
	my ($self, $changes) = @_;

	return decode_json($self->control('GET', '/sim/config'))
	  unless $changes;
	$self->control('POST', '/sim/config', encode_json($changes));
	return;
}

sub log
{
	my ($self) = @_;

	return decode_json($self->control('GET', '/sim/log'));
}

sub stalled
{
	my ($self) = @_;

	return grep { ($_->{outcome} // '') eq 'stall' } @{ $self->log };
}

sub bodies
{
	my ($self) = @_;

	return split /\n/, decode('UTF-8', $self->control('GET', '/sim/bodies'));
}

sub take_bodies
{
	my ($self) = @_;
	my @list = $self->bodies;

	$self->reset;
	return join "\n", @list;
}

sub _escape
{
	my ($text) = @_;

	$text = encode('UTF-8', $text);
	$text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
	return $text;
}

# Name and value of a parameter as pairs of a query string.
sub _pairs
{
	my ($name, $value) = @_;
	my $n = 0;

	return map { _pairs("$name." . $n++, $_) } @$value
	  if ref $value eq 'ARRAY';
	return map { _pairs("$name.$_", $value->{$_}) } sort keys %$value
	  if ref $value eq 'HASH';
	$value = $value ? 'true' : 'false' if JSON::PP::is_bool($value);
	return "$name=" . _escape($value);
}

# {Month => '2023-05', TagKey => ['a', 'b']} as a query string; nested
# objects, too.
sub query_of
{
	my ($params) = @_;

	return join '&', map { _pairs($_, $params->{$_}) } sort keys %$params;
}

sub dump
{
	return dump_all(@_)->{rows};
}

# The rows, and what answers have beside them.
sub dump_all
{
	my ($self, $action, $params) = @_;
	my $query = join '&', "action=$action", query_of($params // {});

	return decode_json($self->control('GET', "/sim/dump?$query"));
}

# Ends the program; its exit status, 0 when it ended as it should.
sub stop
{
	my ($self) = @_;
	my $pid = delete $self->{pid} // return;
	my $end = time() + PATIENCE;

	close delete $self->{stdin};
	local ($?, $!);
	while (waitpid($pid, WNOHANG) == 0)
	{
		if (time() > $end)
		{
			kill 'KILL', $pid;
			waitpid $pid, 0;
			last;
		}
		# its end shows as the end of its output
		IO::Select->new($self->{stdout})->can_read(1)
		  and sysread($self->{stdout}, my $rest, 4096);
	}
	return $?;
}

sub DESTROY
{
	my ($self) = @_;

	# a forked child must not stop its parent's simulator
	$self->stop if $self->{pid} && $self->{owner} == $$;
	return;
}

END
{
	my $status = $?;

	foreach my $sim (grep { defined } @running)
	{
		$sim->stop if $sim->{pid} && $sim->{owner} == $$;
	}
	$? = $status;
}

sub _openssl
{
	my ($dir, @arguments) = @_;
	my $text = `cd '$dir' && openssl @arguments 2>&1`;

	die "openssl @arguments: $text" if $?;
	return;
}

sub _make_one
{
	my ($dir, $prefix) = @_;

	open my $ext, '>', "$dir/$prefix.ext" or die "$dir: $!";
	print $ext "subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1\n",
	  "basicConstraints = CA:FALSE\n", "extendedKeyUsage = serverAuth\n";
	close $ext;
	my @ec = qw(ecparam -name prime256v1 -genkey -noout -out);

	_openssl($dir, @ec, "${prefix}ca.key");
	_openssl($dir, qw(req -x509 -new -days 3650 -key), "${prefix}ca.key",
		'-subj', "'/CN=$prefix test authority'", '-out', "${prefix}ca.pem");
	_openssl($dir, @ec, "$prefix.key");
	_openssl($dir, qw(req -new -subj /CN=localhost -key), "$prefix.key",
		'-out', "$prefix.csr");
	_openssl($dir, qw(x509 -req -days 3650 -CAcreateserial -in),
		"$prefix.csr", '-CA', "${prefix}ca.pem", '-CAkey', "${prefix}ca.key",
		'-extfile', "$prefix.ext", '-out', "$prefix.pem");
	return ("$dir/${prefix}ca.pem", "$dir/$prefix.pem", "$dir/$prefix.key");
}

sub make_ca
{
	my ($dir) = @_;
	my %files;

	@files{qw(ca cert key)} = _make_one($dir, 'right');
	@files{qw(wrong_ca wrong_cert wrong_key)} = _make_one($dir, 'wrong');
	return \%files;
}

# With "openssl ca", because it can date a certificate into the past.
sub make_certificate
{
	my ($dir, $name, %o) = @_;
	my $san = $o{san} // 'DNS:localhost,IP:127.0.0.1,IP:::1';

	open my $conf, '>', "$dir/$name.conf" or die "$dir: $!";
	print $conf <<"END";
[ca]
default_ca = this
[this]
database = $name.index
serial = $name.serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = extensions
unique_subject = no
[any]
commonName = supplied
[extensions]
subjectAltName = $san
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
END
	close $conf;
	open my $index, '>', "$dir/$name.index" or die "$dir: $!";
	close $index;
	open my $serial, '>', "$dir/$name.serial" or die "$dir: $!";
	printf $serial "%02X\n", 16 + int rand 200;
	close $serial;

	_openssl($dir, qw(ecparam -name prime256v1 -genkey -noout -out),
		"$name.key");
	_openssl($dir, qw(req -new -subj /CN=simulator -key), "$name.key",
		'-out', "$name.csr");
	_openssl($dir, qw(ca -batch -notext -config), "$name.conf", '-in',
		"$name.csr", '-out', "$name.pem",
		qw(-cert rightca.pem -keyfile rightca.key -startdate),
		$o{from} // '20200101000000Z', '-enddate',
		$o{to} // '20400101000000Z');
	return ("$dir/$name.pem", "$dir/$name.key");
}

1;

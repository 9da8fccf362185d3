package BillingSim::Recorder;

# Recorder.pm
#	  A small server on loopback that writes down what it receives.
#
#   my $recorder = BillingSim::Recorder->start(file => FILE, %options);
#       answer => TEXT      sent after each complete HTTP request
#       proxy => 1          a proxy that knows CONNECT only, to loopback
#       auth => 'USER:PW'   ... and wants these; others get status 407
#       forward => PORT     passes everything on to a port of loopback
#       none of these       a trap: takes what comes and closes
#   $recorder->port, ->url (http://127.0.0.1:PORT)
#   $recorder->connections      how many were accepted
#   $recorder->text             all bytes received outside of tunnels
#   $recorder->probe(TEXT)      a connection of our own; answered when recorded
#   $recorder->stop
#
# The simulator hides keys in its log; this shows every byte.  What a client
# has got an answer to is in the file by then.  It ends with this process:
# its standard input is a pipe that is held here.
#
# IDENTIFICATION
#	  test/perl/BillingSim/Recorder.pm

use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IO::Handle;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use POSIX ();

# seconds; nothing on loopback takes that long
use constant PATIENCE => 60;

# A program of its own, because a forked copy of this one would hold the
# pipes by which other helpers notice our end.
sub start
{
	my ($class, %o) = @_;
	my $self = bless { file => $o{file}, owner => $$ }, $class;

	open my $file, '>:raw', $o{file} or die "$o{file}: $!";
	close $file;
	pipe(my $child_in, my $to_child) or die "pipe: $!";
	pipe(my $from_child, my $child_out) or die "pipe: $!";
	my $pid = fork() // die "fork: $!";
	if ($pid == 0)
	{
		open STDIN, '<&', $child_in or POSIX::_exit(126);
		open STDOUT, '>&', $child_out or POSIX::_exit(126);
		exec $^X, '-I', dirname(dirname(abs_path(__FILE__))),
		  '-MBillingSim::Recorder', '-e', 'BillingSim::Recorder::_main()',
		  encode_json(\%o)
		  or POSIX::_exit(127);
	}
	close $child_in;
	close $child_out;
	@$self{qw(pid stdin)} = ($pid, $to_child);
	IO::Select->new($from_child)->can_read(PATIENCE)
	  and $self->{port} = <$from_child>;
	defined $self->{port} or die "the recorder did not start\n";
	chomp $self->{port};
	return $self;
}

sub port { return $_[0]{port} }
sub url { return "http://127.0.0.1:$_[0]{port}" }

sub _slurp
{
	my ($self) = @_;

	open my $in, '<:raw', $self->{file} or die "$self->{file}: $!";
	return do { local $/; <$in> }
	  // '';
}

# Every connection is a line of its own, see _serve.
sub connections
{
	my ($self) = @_;
	my $n = () = $self->_slurp =~ /^\0connection\n/mg;

	return $n;
}

sub text
{
	my ($self) = @_;

	return $self->_slurp =~ s/^\0connection\n//mgr;
}

sub stop
{
	my ($self) = @_;
	my $pid = delete $self->{pid} // return;

	local ($?, $!);
	close delete $self->{stdin};
	waitpid $pid, 0;
	return;
}

# Sends something to it by itself, to show that it does record.  What others
# sent before is in the file then.
sub probe
{
	my ($self, $text) = @_;
	my $socket = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1',
		PeerPort => $self->{port},
		Timeout => PATIENCE) or die "recorder: $!";

	$socket->autoflush(1);
	print $socket $text;
	IO::Select->new($socket)->can_read(PATIENCE)
	  or die "the recorder does not answer\n";
	close $socket;
	return;
}

sub DESTROY
{
	my ($self) = @_;

	$self->stop if $self->{pid} && $self->{owner} == $$;
	return;
}

sub _main
{
	my $o = decode_json($ARGV[0]);
	my $listener = IO::Socket::INET->new(
		LocalAddr => '127.0.0.1',
		LocalPort => 0,
		Listen => 64) or die "listen: $!";

	STDOUT->autoflush(1);
	print $listener->sockport, "\n";
	_serve($listener, \*STDIN, $o);
	return;
}

# One process for all connections, so that one end ends all.
sub _serve
{
	my ($listener, $control, $o) = @_;
	my $select = IO::Select->new($listener, $control);
	my %got;        # by socket: bytes of a request that is not complete
	my %other;      # by socket: the other end of its tunnel

	local $SIG{PIPE} = 'IGNORE';
	open my $file, '>>:raw', $o->{file} or die "$o->{file}: $!";
	while (1)
	{
		foreach my $socket ($select->can_read)
		{
			return if $socket == $control;
			# the other end of a tunnel may have ended it just now
			next unless $select->exists($socket);
			if ($socket == $listener)
			{
				my $new = $listener->accept // next;

				syswrite $file, "\0connection\n";
				$select->add($new);
				_join($new, $o->{forward}, $select, \%other) or close $new
				  if $o->{forward};
				next;
			}
			my $end = !sysread($socket, my $bytes, 65536);
			my $peer = $other{$socket};

			if (!$end && $peer)
			{
				_send($peer, $bytes);
				next;
			}
			if (!$end)
			{
				syswrite $file, $bytes;
				$got{$socket} .= $bytes;
				$end = !_answer($socket, \$got{$socket}, $o, $select, \%other);
			}
			next unless $end;
			foreach my $one (grep { defined } $socket, $peer)
			{
				$select->remove($one);
				delete $got{$one};
				delete $other{$one};
				close $one;
			}
		}
	}
}

sub _send
{
	my ($socket, $bytes) = @_;

	while (length $bytes)
	{
		my $n = syswrite($socket, $bytes) // return 0;

		substr($bytes, 0, $n) = '';
	}
	return 1;
}

# Answers the requests that are complete; false closes the connection.
sub _answer
{
	my ($socket, $got, $o, $select, $other) = @_;

	return 0 unless $o->{answer} || $o->{proxy};
	while ($$got =~ /\A(.*?\r\n\r\n)/s)
	{
		my $head = $1;
		my ($length) = $head =~ /^content-length: *(\d+)/mi;
		my $size = length($head) + ($length // 0);

		return 1 if length($$got) < $size;
		substr($$got, 0, $size) = '';
		return _tunnel($socket, $head, $o, $select, $other) if $o->{proxy};
		_send($socket, $o->{answer}) or return 0;
	}
	return 1;
}

sub _tunnel
{
	my ($socket, $head, $o, $select, $other) = @_;
	my ($port) = $head =~ /\ACONNECT [^ ]*?:(\d+) HTTP/;
	my $wanted = defined $o->{auth} ? encode_base64($o->{auth}, '') : undef;

	if (!defined $port)
	{
		_send($socket, "HTTP/1.1 405 CONNECT only\r\nContent-Length: 0\r\n\r\n");
		return 0;
	}
	if (defined $wanted
		&& $head !~ /^proxy-authorization: Basic \Q$wanted\E\r$/mi)
	{
		_send($socket,
			"HTTP/1.1 407 Proxy Authentication Required\r\n"
			  . "Proxy-Authenticate: Basic realm=\"recorder\"\r\n"
			  . "Content-Length: 0\r\n\r\n");
		return 0;
	}
	if (!_join($socket, $port, $select, $other))
	{
		$select->add($socket);
		_send($socket,
			"HTTP/1.1 502 No such port\r\nContent-Length: 0\r\n\r\n");
		return 0;
	}
	return _send($socket, "HTTP/1.1 200 Connection established\r\n\r\n");
}

# From now on the socket is one end of a tunnel to this port.
sub _join
{
	my ($socket, $port, $select, $other) = @_;
	my $peer = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1',
		PeerPort => $port,
		Timeout => PATIENCE);

	if (!$peer)
	{
		$select->remove($socket);
		return 0;
	}
	$select->add($peer);
	$other->{$socket} = $peer;
	$other->{$peer} = $socket;
	return 1;
}

1;

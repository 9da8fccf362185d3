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
	local $/;
	return scalar(<$in>) // '';
}

# Every connection is a line of its own, see _accept.
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

# ---------- The program ----------

# One process serves all connections, so that one end ends all.  What its parts
# share: the options of start; select, the sockets that are open; file; by
# socket: got, bytes of a request that is not complete, and other, the other end
# of its tunnel.
sub _main
{
	my $options = decode_json($ARGV[0]);
	my $listener = IO::Socket::INET->new(
		LocalAddr => '127.0.0.1',
		LocalPort => 0,
		Listen => 64) or die "listen: $!";

	open my $file, '>>:raw', $options->{file} or die "$options->{file}: $!";
	STDOUT->autoflush(1);
	print $listener->sockport, "\n";
	local $SIG{PIPE} = 'IGNORE';
	_serve(
		{
			options => $options,
			select => IO::Select->new($listener, \*STDIN),
			file => $file,
			got => {},
			other => {}
		},
		$listener);
	return;
}

# Until standard input ends.
sub _serve
{
	my ($s, $listener) = @_;

	while (1)
	{
		foreach my $socket ($s->{select}->can_read)
		{
			return if $socket == \*STDIN;
			# the other end of a tunnel may have ended it just now
			next unless $s->{select}->exists($socket);
			if ($socket == $listener)
			{
				_accept($s, $listener);
			}
			elsif (!_receive($s, $socket))
			{
				_close($s, $socket);
			}
		}
	}
}

sub _accept
{
	my ($s, $listener) = @_;
	my $socket = $listener->accept // return;
	my $port = $s->{options}{forward};

	syswrite $s->{file}, "\0connection\n";
	$s->{select}->add($socket);
	_close($s, $socket) if $port && !_join($s, $socket, $port);
	return;
}

# What a socket has to say; false when it is to be closed.
sub _receive
{
	my ($s, $socket) = @_;

	sysread($socket, my $bytes, 65536) or return 0;
	if (my $peer = $s->{other}{$socket})
	{
		_send($peer, $bytes);
		return 1;
	}
	syswrite $s->{file}, $bytes;
	$s->{got}{$socket} .= $bytes;
	return _answer($s, $socket);
}

# Closes a socket, and the other end of its tunnel.
sub _close
{
	my ($s, $socket) = @_;
	my $peer = $s->{other}{$socket};

	foreach my $one (grep { defined } $socket, $peer)
	{
		$s->{select}->remove($one);
		delete $s->{got}{$one};
		delete $s->{other}{$one};
		close $one;
	}
	return;
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
	my ($s, $socket) = @_;
	my $o = $s->{options};

	return 0 unless $o->{answer} || $o->{proxy};
	while ($s->{got}{$socket} =~ /\A(.*?\r\n\r\n)/s)
	{
		my $head = $1;
		my ($length) = $head =~ /^content-length: *(\d+)/mi;
		my $size = length($head) + ($length // 0);

		return 1 if length($s->{got}{$socket}) < $size;
		substr($s->{got}{$socket}, 0, $size) = '';
		return _tunnel($s, $socket, $head) if $o->{proxy};
		_send($socket, $o->{answer}) or return 0;
	}
	return 1;
}

# Answers a CONNECT; false closes the connection.
sub _tunnel
{
	my ($s, $socket, $head) = @_;
	my ($port) = $head =~ /\ACONNECT [^ ]*?:(\d+) HTTP/;
	my $auth = $s->{options}{auth};
	my $wanted = defined $auth ? encode_base64($auth, '') : undef;

	return _refuse($socket, '405 CONNECT only') unless defined $port;
	return _refuse($socket, '407 Proxy Authentication Required',
		'Proxy-Authenticate: Basic realm="recorder"')
	  if defined $wanted && $head !~ /^proxy-authorization: Basic \Q$wanted\E\r$/mi;
	return _refuse($socket, '502 No such port') unless _join($s, $socket, $port);
	return _send($socket, "HTTP/1.1 200 Connection established\r\n\r\n");
}

sub _refuse
{
	my ($socket, $status, @headers) = @_;

	_send($socket,
		join "\r\n", "HTTP/1.1 $status", @headers, 'Content-Length: 0', '', '');
	return 0;
}

# From now on the socket is one end of a tunnel to this port.
sub _join
{
	my ($s, $socket, $port) = @_;
	my $peer = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1',
		PeerPort => $port,
		Timeout => PATIENCE) // return 0;

	$s->{select}->add($peer);
	$s->{other}{$socket} = $peer;
	$s->{other}{$peer} = $socket;
	return 1;
}

1;

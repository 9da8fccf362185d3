package BillingSim::Client;

# Client.pm
#	  A client of the billing API that can also do everything wrong.
#
# It signs (TC3-HMAC-SHA256) and speaks HTTP by itself, over plain sockets,
# so that tests decide about every byte.  Only the simulator's own tests
# need it.
#
#   my $client = BillingSim::Client->new($sim, %defaults);
#   my $answer = $client->call($action, {params} | 'body text', %changes);
#       defaults and changes: secret_id, secret_key, token, host, time,
#       method, path, query, type, signed (list of names), service, date,
#       headers => {name => value or undef to leave out}, connection,
#       late => sub { my ($request) = @_; ... } to change what was signed,
#       socket (an open connection; a new one is made without it)
#   $answer->{action}, {status}, {headers}, {body} (bytes, decompressed),
#       {json}, {response} (its member Response), {code} (of an error),
#       {complete} (as long as announced), {wire_length}, {error}
#   my $socket = $client->send($action, {params} | 'body text', %changes);
#       the same, but the answer is not waited for
#   my $answer = $client->exchange($bytes, $socket);    what is sent is $bytes
#   my $socket = $client->connection;
#
# IDENTIFICATION
#	  test/perl/BillingSim/Client.pm

use strict;
use warnings FATAL => 'all';

use Compress::Zlib ();
use Digest::SHA qw(sha256_hex hmac_sha256 hmac_sha256_hex);
use Encode qw(encode);
use IO::Select;
use IO::Socket::IP;
use JSON::PP;
use POSIX qw(strftime);
use Time::HiRes qw(time);

use BillingSim;

# seconds; no answer of the simulator takes that long
use constant PATIENCE => 60;

sub new
{
	my ($class, $sim, %defaults) = @_;

	return bless {
		sim => $sim,
		defaults => {
			secret_id => $BillingSim::ID,
			secret_key => $BillingSim::KEY,
			host => 'billing.tencentcloudapi.com',
			method => 'POST',
			path => '/',
			query => '',
			signed => [qw(content-type host)],
			service => 'billing',
			connection => 'close',
			%defaults,
		}
	}, $class;
}

# The Authorization header for a request that is ready but for it.
sub authorization
{
	my ($r) = @_;
	my $date = $r->{date} // strftime('%Y-%m-%d', gmtime $r->{time});
	my $list = join ';', @{ $r->{signed} };
	my $canonical = join "\n", $r->{method}, '/',
	  $r->{method} eq 'GET' ? $r->{query} : '',
	  (map { "$_:" . _signed_value($r, $_) } @{ $r->{signed} }), '', $list,
	  sha256_hex($r->{body});
	my $scope = "$date/$r->{service}/tc3_request";
	my $text = join "\n", 'TC3-HMAC-SHA256',
	  $r->{headers}{'x-tc-timestamp'} // $r->{time},
	  $scope, sha256_hex($canonical);
	my $key = hmac_sha256($date, "TC3$r->{secret_key}");

	$key = hmac_sha256('tc3_request', hmac_sha256($r->{service}, $key));
	return "TC3-HMAC-SHA256 Credential=$r->{secret_id}/$scope, "
	  . "SignedHeaders=$list, Signature=" . hmac_sha256_hex($text, $key);
}

sub _signed_value
{
	my ($r, $name) = @_;
	my $value = $r->{headers}{$name} // '';

	return $name =~ /^(?:host|content-type)$/ ? $value : lc $value;
}

# A signed request as a hash, before it becomes bytes.
sub request
{
	my ($self, $action, $body, %changes) = @_;
	my %r = (time => int(time()), %{ $self->{defaults} }, %changes);

	$r{body} = ref $body ? encode_json($body) : $body;
	my %headers = (
		'host' => $r{host},
		'content-type' => $r{type} // (
			$r{method} eq 'GET'
			? 'application/x-www-form-urlencoded'
			: 'application/json'),
		'x-tc-action' => $action,
		'x-tc-version' => '2018-07-09',
		'x-tc-timestamp' => $r{time},
		'x-tc-token' => $r{token},
		'content-length' => $r{method} eq 'GET' ? undef : length $r{body},
		'connection' => $r{connection},
		%{ $changes{headers} // {} });
	delete @headers{ grep { !defined $headers{$_} } keys %headers };
	$r{headers} = \%headers;
	$headers{authorization} //= authorization(\%r)
	  unless exists $changes{headers}{authorization};
	$r{late}->(\%r) if $r{late};
	return \%r;
}

sub bytes_of
{
	my ($r) = @_;
	my $target = $r->{path} . ($r->{query} eq '' ? '' : "?$r->{query}");

	return join "\r\n", "$r->{method} $target HTTP/1.1",
	  (map { "$_: $r->{headers}{$_}" } sort keys %{ $r->{headers} }), '',
	  $r->{body};
}

sub call
{
	my ($self, $action, $body, %changes) = @_;
	my $bytes = bytes_of($self->request($action, $body, %changes));

	return { %{ $self->exchange($bytes, $changes{socket}) }, action => $action };
}

sub send
{
	my ($self, @arguments) = @_;
	my $socket = $self->connection;

	syswrite $socket, bytes_of($self->request(@arguments))
	  or die "could not send: $!";
	return $socket;
}

sub connection
{
	my ($self) = @_;
	my ($host) = $self->{sim}->url =~ m{//\[?([^\]/]+?)\]?:\d+$};

	return IO::Socket::IP->new(
		PeerHost => $host,
		PeerPort => $self->{sim}->port,
		Timeout => PATIENCE) // die "could not connect: $@";
}

# Sends bytes on a new connection, or on one that is given.
sub exchange
{
	my ($self, $bytes, $socket) = @_;

	$socket //= $self->connection;
	local $SIG{PIPE} = 'IGNORE';
	while (length $bytes)
	{
		my $n = syswrite $socket, $bytes;

		last unless defined $n;
		substr($bytes, 0, $n, '');
	}
	return read_answer($socket);
}

# One answer: up to its announced length, or to the end of the connection.
sub read_answer
{
	my ($socket) = @_;
	my $select = IO::Select->new($socket);
	my $end = time() + PATIENCE;
	my $text = '';
	my %answer = (error => '');

	while (!_is_whole(\$text))
	{
		my $left = $end - time();

		if ($left <= 0 || !$select->can_read($left))
		{
			$answer{error} = 'timeout';
			last;
		}
		my $n = sysread $socket, $text, 65536, length $text;

		$answer{error} = "$!" unless defined $n;
		last unless $n;
	}
	return _parse(\%answer, $text);
}

sub _is_whole
{
	my ($text) = @_;

	return 0 unless $$text =~ /\r\n\r\n/;
	my $start = $+[0];

	return $$text =~ /^Content-Length: (\d+)/mi
	  && length($$text) >= $start + $1;
}

sub _parse
{
	my ($answer, $text) = @_;
	my ($head, $body) = split /\r\n\r\n/, $text, 2;
	my ($status, @lines) = split /\r\n/, $head // '';

	($answer->{status}) = ($status // '') =~ m{^HTTP/1\.1 (\d+)};
	$answer->{headers} =
	  { map { my ($n, $v) = split /: /, $_, 2; (lc $n => $v) } @lines };
	$body //= '';
	my $length = $answer->{headers}{'content-length'};

	$answer->{complete} = defined $length && $length == length $body;
	$answer->{wire_length} = length $body;
	if (($answer->{headers}{'transfer-encoding'} // '') eq 'chunked')
	{
		$body = _unchunk($body);
		$answer->{complete} = defined $body;
		$body //= '';
	}
	$body = Compress::Zlib::memGunzip($body) // ''
	  if ($answer->{headers}{'content-encoding'} // '') eq 'gzip';
	$answer->{body} = $body;
	$answer->{json} = eval { decode_json($body) };
	$answer->{response} =
	  ref $answer->{json} eq 'HASH' ? $answer->{json}{Response} : undef;
	$answer->{code} = $answer->{response}{Error}{Code}
	  if ref $answer->{response} eq 'HASH' && $answer->{response}{Error};
	return $answer;
}

sub _unchunk
{
	my ($text) = @_;
	my $out = '';

	while ($text =~ /\G([0-9a-fA-F]+)\r\n/gc)
	{
		my $n = hex $1;

		return $out if $n == 0;
		$out .= substr $text, pos $text, $n;
		pos($text) += $n + 2;
	}
	return;
}

1;

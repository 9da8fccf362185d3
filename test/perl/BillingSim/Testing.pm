package BillingSim::Testing;

# Testing.pm
#	  What the simulator's own tests (test/t/01?_simulator_*.pl) share: the
#	  vendor's models, parameters and rows by them, and comparisons.
#
# All of this is exported:
#
#   $ID, $KEY                     the default secret
#   $SUMMARY, $PAYMODE, $RESOURCE    three actions, and parameters of theirs:
#   %of_summary, %of_paymode, %of_resource
#   $model, $prose                test/sim/data/actions.json and prose.json
#   $sim_dir                      the directory test/sim
#   read_json($path)
#   readme_table($heading)        the table under a heading of test/sim/README.md,
#       as list of rows, each a list of cells
#   examples()                    the documented examples, in the order of the
#       files' names, as list of {name (of the file), action, source, request,
#       response}
#
#   params_of($action, %more)     what the action requires, and more
#   param_of($action, $name)      the parameter in the model, undef if none
#   typed($action, $name, $number)    in the type of the parameter
#   paging_of($action)            its paging in the model
#   position_of($action)          the parameter that says which page: rows to
#       skip, or the page's number; undef if none
#   fields_of($action)            fields of its rows in the model
#   rows_of($answer)              the rows of an answer of Client->call; of an
#       answer that is one row, all but what every answer has
#   pages_of($client, $action, {params}, $size)    the rows of all pages
#   total($rows, $field)          the sum of amounts, see units
#   units($amount)                a decimal as an integer, so that sums are exact
#   tag_of($tags, $key)           the value of a tag in a row's list of tags
#
#   canonical($value)             JSON with sorted names
#   same($got, $expected, $name)  a test like is_deeply, which does not print
#       thousands of rows
#   all_are { ... } $rows, $name  a test of each row, in $_; no rows fail it
#   code_is($answer, $code, $name)    a test of the error that an answer has
#   refusal($sim, {config})       why a config is refused, '' when it is not
#   log_until($sim, sub { my ($log) = @_; ... })
#       the log as soon as the condition holds, undef when it never does
#
# These tests need nothing but Perl's core modules, curl and openssl, so that
# "prove -I test/perl test/t/01?_simulator_*.pl" runs them without a server.
#
# IDENTIFICATION
#	  test/perl/BillingSim/Testing.pm

use strict;
use warnings FATAL => 'all';

use Encode qw(encode);
use Exporter qw(import);
use File::Basename qw(basename);
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

use BillingSim;

our @EXPORT = qw(
  $ID $KEY $SUMMARY $PAYMODE $RESOURCE %of_summary %of_paymode %of_resource
  $model $prose $sim_dir read_json readme_table examples
  params_of param_of typed paging_of position_of fields_of rows_of pages_of total units
  tag_of canonical same all_are code_is refusal log_until);

# seconds; no test waits that long for the log
use constant PATIENCE => 60;

our ($ID, $KEY) = ($BillingSim::ID, $BillingSim::KEY);

our $SUMMARY = 'DescribeBillSummary';
our $PAYMODE = 'DescribeBillSummaryByPayMode';
our $RESOURCE = 'DescribeBillResourceSummaryForOrganization';

our %of_summary = (Month => '2023-04', GroupType => 'region');
our %of_paymode = (BeginTime => '2023-04', EndTime => '2023-04');
our %of_resource = (Month => '2023-04', Offset => 0, Limit => 5);

our $sim_dir = BillingSim::directory();
our $model = read_json("$sim_dir/data/actions.json");
our $prose = read_json("$sim_dir/data/prose.json");

# names of tests have Chinese words
binmode $_, ':encoding(UTF-8)'
  foreach Test::More->builder->output, Test::More->builder->failure_output;

sub read_json
{
	my ($path) = @_;

	open my $in, '<:raw', $path or die "$path: $!";
	return decode_json(do { local $/; <$in> });
}

sub readme_table
{
	my ($heading) = @_;

	open my $in, '<:encoding(UTF-8)', "$sim_dir/README.md" or die "README.md: $!";
	my $text = do { local $/; <$in> };
	my ($part) = $text =~ /^## \Q$heading\E\n(.*?)(?=^## |\z)/ms
	  or die "README.md has no $heading";
	my (undef, undef, @lines) = $part =~ /^\| *(.*?) *\|$/mg;

	return map { [ split / *\| */ ] } @lines;
}

sub examples
{
	my @examples;

	foreach my $file (sort glob "'$sim_dir'/../examples/*.json")
	{
		my $name = basename($file);
		my ($source) = $name =~ /^\w+\.(\w+)\./
		  or die "$name: no name of an example";

		push @examples, { %{ read_json($file) }, name => $name, source => $source };
	}
	return @examples;
}

# ---------- Requests and rows by the models ----------

sub param_of
{
	my ($action, $name) = @_;
	my ($param) =
	  grep { $_->{name} eq $name } @{ $model->{actions}{$action}{request} };

	return $param;
}

# Numbers of pages are texts in one action
sub typed
{
	my ($action, $name, $number) = @_;

	return param_of($action, $name)->{type} eq 'string' ? "$number" : $number + 0;
}

sub params_of
{
	my ($action, %more) = @_;
	my %params;

	foreach my $p (grep { $_->{required} } @{ $model->{actions}{$action}{request} })
	{
		$params{ $p->{name} } =
		    $p->{enum} ? $p->{enum}[0]
		  : ($p->{format} // '') eq 'YYYY-MM' ? '2023-06'
		  : $p->{type} eq 'integer' ? $p->{sample} + 0
		  : $p->{sample};
	}
	$params{Month} = '2023-06' if $prose->{either}{$action};
	$params{GroupType} = 'region' if $params{GroupType};
	$params{TagKey} = 'env' if $params{TagKey};
	@params{qw(BeginTime EndTime)} = ('2023-06', '2023-06')
	  if $action eq 'DescribeCostSummaryByTag';
	_set_range($action, $prose->{ranges}{$action}[0], \%params)
	  if $prose->{ranges}{$action};
	return { %params, %more };
}

# A range as long as it may be, where the parameters have one; months stay
sub _set_range
{
	my ($action, $range, $params) = @_;
	my @days =
	    $range->{days} ? ('2023-06-01', '2023-06-03')
	  : $range->{one_month} ? ('2023-06-01', '2023-06-30')
	  : ('2023-01-01', '2023-06-30');

	foreach my $side ([ begin => $days[0], ' 00:00:00' ],
		[ end => $days[1], ' 23:59:59' ])
	{
		my ($which, $day, $time) = @$side;
		my $name = $range->{$which};

		next
		  if !defined $params->{$name} || $params->{$name} =~ /^\d{4}-\d\d$/;
		$params->{$name} =
		  param_of($action, $name)->{format} =~ /hh/ ? $day . $time : $day;
	}
	return;
}

sub paging_of
{
	my ($action) = @_;

	return $model->{actions}{$action}{response}{paging};
}

sub position_of
{
	my ($action) = @_;
	my $paging = paging_of($action);

	return $paging->{offset_param} // $paging->{page_param};
}

sub fields_of
{
	my ($action) = @_;
	my $response = $model->{actions}{$action}{response};

	return grep { $_->{name} !~ /^(?:RequestId|Ready)$/ }
	  @{ $model->{types}{ $response->{rows}[0]{item} }{fields}
		  // $response->{fields} };
}

sub rows_of
{
	my ($answer) = @_;
	my $path = $model->{actions}{ $answer->{action} }{response}{rows}[0]{path};
	my $found = $answer->{json};

	$found = ref $found eq 'HASH' ? $found->{$_} : undef
	  foreach split /\./, $path;
	return $found unless ref $found eq 'HASH';
	my %row = %$found;
	delete @row{qw(RequestId Ready)};
	return [ \%row ];
}

# As the action pages: by rows to skip, by numbers, or by tokens
sub pages_of
{
	my ($client, $action, $params, $size) = @_;
	my $paging = paging_of($action);
	my $position = position_of($action);
	my $step = $paging->{page_param} || $prose->{pages_or_rows}{$action} ? 1 : $size;
	my %page =
	  (%$params, $paging->{size_param} => typed($action, $paging->{size_param}, $size));
	my @rows;

	for (my $n = 0; $n < 100; $n++)
	{
		$page{$position} = typed($action, $position, $paging->{first} + $n * $step)
		  if defined $position;
		my $answer = $client->call($action, \%page);
		my $got = rows_of($answer);

		die "$action: $answer->{body}" if $answer->{code} || !$got;
		push @rows, @$got;
		if (!$paging->{token_param})
		{
			return \@rows if @$got < $size;
			next;
		}
		my $token = $answer->{response}{ $paging->{token_field} } // '';
		return \@rows if $token eq '';
		$page{ $paging->{token_param} } = $token;
	}
	die "$action: no end of pages";
}

sub units
{
	my ($text) = @_;

	$text =~ /^(-?)(\d+)(?:\.(\d{1,8}))?$/ or die "no amount: $text";
	my $n = $2 . substr(($3 // '') . '00000000', 0, 8);
	return $1 ? -$n : $n + 0;
}

sub total
{
	my ($rows, $field) = @_;
	my $sum = 0;

	$sum += units($_->{$field}) foreach @$rows;
	return $sum;
}

# Some actions have the tags of a row as a text that holds an object
sub tag_of
{
	my ($tags, $key) = @_;

	return decode_json(encode('UTF-8', $tags || '{}'))->{$key}
	  unless ref $tags;
	my ($tag) = grep { $_->{TagKey} eq $key } @$tags;
	return $tag ? $tag->{TagValue} : undef;
}

# ---------- Comparisons ----------

sub canonical
{
	my ($value) = @_;

	return JSON::PP->new->canonical->allow_nonref->encode($value);
}

sub same
{
	my ($got, $expected, $name) = @_;
	my @text = map { canonical($_) } $got, $expected;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return 1 if ok($text[0] eq $text[1], $name);
	my $common = 0;
	$common++
	  while substr($text[0], $common, 1) eq substr($text[1], $common, 1);
	diag('from place ', $common);
	diag(' ', substr $_, $common < 60 ? 0 : $common - 60, 120)
	  foreach @text;
	return 0;
}

sub all_are (&$$)
{
	my ($test, $rows, $name) = @_;
	my @wrong = grep { !$test->() } @$rows;

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is(@$rows ? scalar(@wrong) . ' wrong' : 'no rows', '0 wrong', $name);
}

sub code_is
{
	my ($answer, $code, $name) = @_;
	my $got = $answer->{code}
	  // ($answer->{status} // 'no answer') . ' ' . substr($answer->{body}, 0, 100);

	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is($got, $code, $name);
}

sub refusal
{
	my ($sim, $config) = @_;

	eval { $sim->config($config); 1 } and return '';
	my ($json) = $@ =~ / 400 (\{.*\})/s or die $@;
	return decode_json($json)->{error};
}

sub log_until
{
	my ($sim, $condition) = @_;
	my $end = time() + PATIENCE;

	while (time() < $end)
	{
		my $log = $sim->log;

		return $log if $condition->($log);
		sleep 0.01;
	}
	return;
}

1;

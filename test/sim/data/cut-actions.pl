#!/usr/bin/perl
#
# cut-actions.pl
#	  Cuts the vendor's models down to what the simulator and tests use.
#
# Usage: cut-actions.pl COMPLETE.json > actions.json
#
# The complete file describes every read-only action of the billing API; it
# was made from the vendor's own SDK and command line models.  Nothing is
# edited here: all actions and the types they need are copied, texts meant for
# people are left out.
#
# IDENTIFICATION
#	  test/sim/data/cut-actions.pl
#
use strict;
use warnings FATAL => 'all';
use JSON::PP;

# Members that only a human reader needs.
my %prose = map { $_ => 1 } qw(meaning summary examples);

sub strip
{
	my ($node) = @_;

	return [ map { strip($_) } @$node ] if ref $node eq 'ARRAY';
	return $node unless ref $node eq 'HASH';
	return { map { $_ => strip($node->{$_}) }
		  grep { !$prose{$_} } keys %$node };
}

sub types_of
{
	my ($all, $fields, $found) = @_;

	foreach my $field (@$fields)
	{
		my $name = $field->{items} // $field->{object} // next;

		next if !$all->{$name} || $found->{$name};
		$found->{$name} = strip($all->{$name});
		types_of($all, $all->{$name}{fields}, $found);
	}
}

my $file = shift // die "usage: $0 COMPLETE.json\n";
open my $in, '<:raw', $file or die "could not open \"$file\": $!\n";
my $all = decode_json(do { local $/; <$in> });
my %cut = (meta => strip($all->{meta}), actions => {}, types => {});

foreach my $name (keys %{ $all->{actions} })
{
	my $action = $all->{actions}{$name};

	$cut{actions}{$name} = strip($action);
	types_of($all->{types}, $_, $cut{types})
	  foreach $action->{request}, $action->{response}{fields};
}
print JSON::PP->new->utf8->canonical->pretty->indent_length(1)->encode(\%cut);

package BillingTree;

# BillingTree.pm
#	  A server's files in a directory of its own, in which the extension's can be
#	  changed: copies of the programs, and links to what is installed.  (A server
#	  finds its files by where its program is.)
#
#   my $tree = BillingTree->new;
#   PostgreSQL::Test::Cluster->new($name, install_path => $tree->install_path)
#   $tree->version                       default_version of the extension
#   $tree->versions                      those with a script of their own
#   $tree->read($name)                   a file of the extension
#   $tree->write($name, $text)           adds or replaces one
#   $tree->remove_library                the extension's, from this tree only
#
# IDENTIFICATION
#	  test/perl/BillingTree.pm

use strict;
use warnings FATAL => 'all';

use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use PostgreSQL::Test::Utils;

sub _place
{
	my ($name) = @_;

	chomp(my $place = `"$ENV{PG_CONFIG}" --$name`);
	die "pg_config --$name: $place\n" if $? || $place !~ m{^/};
	return $place;
}

# Links in a directory to all that another one has, but for some names
sub _link_all
{
	my ($from, $to, @without) = @_;
	my %without = map { $_ => 1 } '.', '..', @without;

	make_path($to);
	opendir my $dir, $from or die "$from: $!";
	foreach my $name (grep { !$without{$_} } readdir $dir)
	{
		symlink "$from/$name", "$to/$name" or die "$to/$name: $!";
	}
	return;
}

sub new
{
	my ($class) = @_;
	my $self = bless { root => PostgreSQL::Test::Utils::tempdir() }, $class;
	my ($bin, $lib, $share) = map { _place($_) } qw(bindir pkglibdir sharedir);

	make_path("$self->{root}$bin");
	system_or_bail('cp', '-r', "$bin/.", "$self->{root}$bin");
	_link_all($lib, "$self->{root}$lib");
	_link_all($share, "$self->{root}$share", 'extension');
	_link_all("$share/extension", "$self->{root}$share/extension");
	$self->{install_path} = dirname("$self->{root}$bin");
	$self->{extension} = "$self->{root}$share/extension";
	$self->{library} = "$self->{root}$lib/billing_fdw.so";
	return $self;
}

sub install_path { return $_[0]{install_path} }

sub version
{
	my ($self) = @_;

	return ($self->read('billing_fdw.control') =~ /^default_version = '(.*)'/m)[0];
}

sub read
{
	my ($self, $name) = @_;

	return slurp_file("$self->{extension}/$name");
}

# What is there may be a link to what is installed: it is not written through
sub write
{
	my ($self, $name, $text) = @_;
	my $path = "$self->{extension}/$name";

	unlink $path;
	open my $file, '>', $path or die "$path: $!";
	print $file $text;
	close $file or die "$path: $!";
	return;
}

# Versions that can be installed by a script of their own
sub versions
{
	my ($self) = @_;
	my @names = map { basename($_) } glob "'$self->{extension}'/billing_fdw--*.sql";

	return sort grep { !/--/ } map { /^billing_fdw--(.*)\.sql$/ } @names;
}

sub remove_library
{
	my ($self) = @_;

	unlink $self->{library} or die "$self->{library}: $!";
	return;
}

1;

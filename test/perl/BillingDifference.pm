package BillingDifference;

# BillingDifference.pm
#	  Random queries for the differential test, 130_differential.pl.
#
#   my $query = BillingDifference::query($seed, $number, \%values);
#       the same for the same arguments.  %values: ids, codes, keys: lists of
#       texts that occur in the data.  The result:
#       sql      with @{NAME} for a table that exists in both schemas and
#                @{NAME/COPY} for one whose local copy holds a row per value
#                of an input column; parameters are $1, $2 ...
#       params   [type, literal] of each
#       kind     plain, scroll (a cursor that goes back) or prepared
#       ordered  true when the order of rows is part of the answer
#       may      patterns of the errors that the shape may end in
#       must     true when one of these is sure
#       checks   for requests that may be sent: a list of
#                {action, condition}; a request of the action must satisfy
#                one of them, written for a relation "r" of what was sent
#       shape    what was joined how
#   BillingDifference::far($sql), near($sql): for the one schema and the other
#
# Conditions are those of BillingDifference/Condition.pm.  What a join implies
# is not counted where the table has a condition of its own: the planner is
# free to use it or not.
#
# Amounts are never grouped, sorted or made distinct as numbers, because 1.0
# and 1.00 are equal and it is up to the plan which of both is shown.
#
# IDENTIFICATION
#	  test/perl/BillingDifference.pm

use strict;
use warnings FATAL => 'all';

use BillingDifference::Condition;

our $NEEDS = qr/^HV002: .* needs a condition on/;
our $JOINED = qr/^HV002: .* cannot be joined on column/;
our $CANNOT = qr/^HV002: .* cannot be sent/;
our $NO_VALUE = qr/^22023: .* is no value of column/;

# ---- tables

# A reference to a foreign table with conditions of its own.  %o:
#   open      its months are not bounded: "bound" says what does it, a
#             condition on r and local tables only, see below
#   like      summary, modes, resources; type of its month
#   input     1 = a condition on an input column, 2 = bound by a join
#   group     group_type comes from elsewhere
#   few       no more conditions than needed
sub scan
{
	my ($a, %o) = @_;
	my $t = $o{like} // one(qw(summary summary modes modes resources resources));
	my $type = $o{type} // one(qw(text text text), $t eq 'summary' ? 'date' : $t eq 'modes' ? 'timestamp' : 'text');
	my $input = $o{input} // (chance($t eq 'resources' ? 0.3 : 0.12) ? 1 : 0);
	$tags_asked = $input && $t eq 'resources';
	my $name = $t . ($o{open} ? '_open' : $type eq 'text' ? '' : "_$type");
	my $copy = $input ? $t eq 'resources' ? '/tag' : '/payer' : '';
	my @conditions;

	push @conditions, group_type($a) if $t eq 'summary' && !$o{group};
	if ($input == 1 && $t ne 'resources')
	{
		push @conditions, payer("$a.payer_uin");
	}
	elsif ($input == 1)
	{
		my @keys = @{ $V->{keys} };

		push @conditions, mixed("$a.tag_key " . one(
				'= ' . value('text', one(@keys, 'no key')),
				'IN (' . list(@keys[ 0, 1 ], one(@keys, 'no key')) . ')',
				'= ANY (' . array('text', undef, some(2, 4, @keys)) . ')',
				'IS NULL'));
		push @conditions, mixed("$a.tag_value " . one("= 'prod'", "= ''", "IN ('prod', 'test')"))
		  if $conditions[0]{sql} !~ /NULL/ && chance(0.5);
	}
	# an open table takes months only where its copy has them
	my $more = $o{few} ? 0 : upto(3);

	push @conditions, map { $o{open} ? row_column($t, $a) : condition($t, $a, $type, 2) } 1 .. $more;
	push @conditions, $o{bound} if $o{bound};

	my @pure = grep { defined $_->{pure} } @conditions;
	my @checks;

	foreach my $condition (@pure)
	{
		my @unless = map { "$a.$_ IS NULL" } @{ $condition->{wants} };

		push @checks, join ' OR ', @unless, "($condition->{pure})";
	}
	push @{ $Q->{checks} },
	  { action => $ACTION{$t}, alias => $a, type => $type,
		condition => join(' AND ', map { "($_)" } @checks) || 'true' };

	return { ref => "\@{$name$copy} $a", alias => $a, like => $t, type => $type,
		input => $input, where => [ map { $_->{sql} } @conditions ],
		columns => columns($t, $a) };
}

sub columns
{
	my ($t, $a) = @_;

	return {
		text => [ map { "$a.$_" } $t eq 'summary' ? qw(month group_type group_key)
			: $t eq 'modes' ? qw(month pay_mode action_type)
			: qw(month pay_mode business_code resource_id) ],
		number => [ map { "$a.$_" } qw(real_total_cost total_cost) ] };
}

sub outputs
{
	my (@of) = @_;

	return { text => [ map { @{ $_->{text} } } @of ],
		number => [ map { @{ $_->{number} } } @of ] };
}

my %local = (
	periods => { text => [qw(month g md first)], number => ['n'] },
	many => { text => [qw(month g)], number => ['n'] },
	assets => { text => [qw(id code month)], number => ['n'] },
	payers => { text => [qw(uin month)], number => ['n'] });

sub local_table
{
	my ($name, $a) = @_;

	return { ref => "$name $a", columns => {
			text => [ map { "$a.$_" } @{ $local{$name}{text} } ],
			number => [ map { "$a.$_" } @{ $local{$name}{number} } ] } };
}

# What joins a table of months with the month of a scan.
sub month_join
{
	my ($s, $p) = @_;
	my $c = "$s->{alias}.month";

	return one("$c = $p.month", "$c = $p.month", "$p.month = $c", "$c = $p.v",
		"$c BETWEEN $p.first AND $p.last", "$c >= $p.first AND $c < $p.last",
		"$c = to_char($p.md, 'YYYY-MM')", "$c = $p.month || ''",
		"$c = ANY (ARRAY[$p.month, $p.first])",
		"($c = $p.month OR $c = $p.first)",
		"($c = $p.month AND $p.g = 'region' OR $c = $p.first AND $s->{alias}.real_total_cost > 0)",
		"coalesce($p.month, '2023-03') = $c", "upper($c) = $p.month",
		"CASE WHEN $p.n % 2 = 0 THEN $p.month ELSE $p.first END = $c")
	  if $s->{type} eq 'text';
	return one("$c = $p.md", "$c = $p.ts", "$c = $p.ts::date", "$c > $p.md",
		"to_char($c, 'YYYY-MM') = $p.month",
		"$c BETWEEN $p.md AND $p.ts", "$c = $p.md AND $c = $p.ts");
}

# One with which an unbounded table asks for nothing that its copy lacks.
sub bounding_join
{
	my ($a, $p) = @_;

	return one("$a.month = $p.month", "$a.month = $p.month", "$p.month = $a.month",
		"$a.month BETWEEN $p.first AND $p.last", "$a.month = to_char($p.md, 'YYYY-MM')",
		"$a.month = $p.v", "($a.month = $p.month OR $a.month = $p.first)",
		"$a.month = ANY (ARRAY[$p.month, $p.first])",
		"($a.month = $p.month AND $p.g = 'region' OR $a.month = $p.first AND $a.real_total_cost > 0)",
		"$a.month = coalesce($p.month, '2023-03')");
}

# Conditions on a local table, few and sometimes false throughout.
sub local_where
{
	my ($p) = @_;

	return () if chance(0.4);
	return one("$p.n > " . value('int', upto(5)), "$p.n IN (1, 3, 7)", "$p.n < 0", "$p.n = " . value('int', 1 + upto(10)),
		"$p.n % 2 = 0", "$p.n <> ALL (ARRAY(SELECT s.n FROM payers s))");
}

# ---- shapes

# Each returns {from, where, columns}; "local" = alias of a local table.

sub shape_scan
{
	my $s = scan('r');

	return { from => $s->{ref}, where => $s->{where}, columns => $s->{columns} };
}

sub shape_inner
{
	my $s = scan('r');
	my $p = local_table('periods', 'p');
	my @where = (@{ $s->{where} }, month_join($s, 'p'), local_where('p'));

	push @where, one('r.group_type = p.g', "r.group_type = coalesce(p.g, 'region')")
	  if $s->{like} eq 'summary' && chance(0.4);
	my @order = chance(0.5) ? ($p->{ref}, $s->{ref}) : ($s->{ref}, $p->{ref});

	return { from => join(', ', @order), where => \@where,
		columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_many
{
	my $s = scan('r', type => 'text');
	my $p = local_table('many', 'p');
	my @where = (@{ $s->{where} }, 'r.month = p.month', "p.n <= " . value('int', 1 + upto(150)));

	return { from => "$p->{ref}, $s->{ref}", where => \@where,
		columns => outputs($p->{columns}, $s->{columns}), large => 1 };
}

# The month comes from the join only: no other plan is possible.
sub open_scan
{
	my ($a, $p, $relation, $own, %o) = @_;
	my $join = bounding_join($a, $p);
	my $on = join ' AND ', $join, map { "($_)" } @$own;
	my $s;

	$on =~ s/\bAND $a\.real_total_cost > 0//;
	$s = scan($a, type => 'text', open => 1,
		like => $o{like} // one('modes', 'modes', 'summary', 'resources'),
		input => $o{input} // 0, group => $o{group});
	my $check = $Q->{checks}[-1];
	# leaves out nothing, but that is seen only when it is evaluated
	if (chance(0.1))
	{
		push @{ $s->{where} }, one("$a.month LIKE '%-%'", "upper($a.month) = $a.month",
			"$a.month > (SELECT '2017-12')", "length($a.month) = " . value('int', 7));
		$Q->{all_months} = 1;
	}
	# no further condition may narrow the months, lest it be a plan to read them all
	$Q->{open} = 1;
	$check->{condition} .= " AND EXISTS (SELECT FROM $relation $p WHERE $on)";
	return ($s, $join);
}

sub shape_open_inner
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own);
	my $p = local_table('periods', 'p');

	return { from => one("$p->{ref}, $s->{ref}", "$s->{ref}, $p->{ref}", "$p->{ref} CROSS JOIN $s->{ref}"),
		where => [ @{ $s->{where} }, $join, @own ],
		columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_open_left
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');
	my $on = join ' AND ', $join, @{ $s->{where} };

	return { from => one("$p->{ref} LEFT JOIN $s->{ref} ON $on", "$s->{ref} RIGHT JOIN $p->{ref} ON $on"),
		where => \@own, columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_open_semi
{
	my @own = local_where('p');
	my ($s) = open_scan('r', 'p', 'periods', \@own);
	my $own = join '', map { " AND $_" } @own;
	my $in = one(
		"r.month IN (SELECT p.month FROM periods p WHERE p.n <> -1$own)",
		"EXISTS (SELECT FROM periods p WHERE p.month = r.month$own)",
		"r.month = ANY (SELECT p.month FROM periods p WHERE p.n <> -1$own)",
		"(r.month, 1) IN (SELECT p.month, 1 FROM periods p WHERE p.n <> -1$own)");

	# whatever open_scan() chose to join by
	$Q->{checks}[-1]{condition} =~ s/ AND EXISTS \(SELECT FROM periods p.*//s;
	$Q->{checks}[-1]{condition} .= " AND r.month IN (SELECT p.month FROM periods p WHERE p.n <> -1$own)";
	return { from => $s->{ref}, where => [ @{ $s->{where} }, $in ], columns => $s->{columns} };
}

# Nothing can give the scan its months here; LATERAL with OFFSET 0 can.
sub shape_open_refused
{
	my ($s, $join) = open_scan('r', 'p', 'periods', [], like => 'modes');
	my $on = join ' AND ', $join, @{ $s->{where} };
	my $p = local_table('periods', 'p');

	push @{ $Q->{may} }, $NEEDS;
	return { from => one("$s->{ref} LEFT JOIN $p->{ref} ON $on",
			"$p->{ref} RIGHT JOIN $s->{ref} ON $on",
			"$s->{ref} FULL JOIN $p->{ref} ON r.month = p.month"),
		where => [], columns => outputs($p->{columns}, $s->{columns}) };
}

sub shape_outer
{
	my $p = local_table('periods', 'p');
	my $s = scan('r', input => 0);
	my $on = month_join($s, 'p');
	my @own = local_where('p');

	return oneof(
		sub { { from => one("$p->{ref} LEFT JOIN $s->{ref} ON ", "$s->{ref} RIGHT JOIN $p->{ref} ON ") . join(' AND ', $on, @{ $s->{where} }),
			where => [ @own, chance(0.3) ? 'r.month IS NULL' : () ],
			columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => one("$s->{ref} LEFT JOIN $p->{ref} ON ", "$p->{ref} RIGHT JOIN $s->{ref} ON ") . join(' AND ', $on, @own),
			where => [ @{ $s->{where} }, chance(0.3) ? 'p.n IS NULL' : () ],
			columns => outputs($p->{columns}, $s->{columns}) } },
		sub {
			my $where = join(' AND ', map { "($_)" } @{ $s->{where} }) || 'true';
			my $key = $s->{type} eq 'text' ? 'month' : $s->{type} eq 'date' ? 'md' : 'ts';

			return { from => "$p->{ref} FULL JOIN (SELECT * FROM $s->{ref} WHERE $where) r ON r.month = p.$key",
				where => [ one('p.n IS NULL OR p.n > 2', 'r.month IS NULL', 'true', 'coalesce(p.n, 1) > 0') ],
				columns => outputs($p->{columns}, $s->{columns}) } });
}

sub shape_anti
{
	my $p = local_table('periods', 'p');
	my $s = scan('r', input => 0);
	my $on = month_join($s, 'p');

	return oneof(
		sub { { from => $p->{ref}, columns => $p->{columns},
			where => [ local_where('p'), one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE " . join(' AND ', $on, @{ $s->{where} }) . ')' ] } },
		sub { { from => $s->{ref}, columns => $s->{columns},
			where => [ @{ $s->{where} }, one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $p->{ref} WHERE " . join(' AND ', $on, local_where('p')) . ')' ] } },
		sub { { from => $p->{ref}, columns => $p->{columns},
			where => [ local_where('p'), 'p.month ' . one('IN', 'NOT IN') . " (SELECT r.month\::text FROM $s->{ref} WHERE " . (join(' AND ', @{ $s->{where} }) || 'true') . ')' ] } });
}

sub shape_open_anti
{
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');

	return { from => $p->{ref}, columns => $p->{columns},
		where => [ local_where('p'), one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE " . join(' AND ', $join, @{ $s->{where} }) . ')' ] };
}

sub shape_lateral
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $p = local_table('periods', 'p');
	my $where = join ' AND ', $join, @{ $s->{where} };

	return oneof(
		sub { { from => "$p->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE $where OFFSET 0) r",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => "$p->{ref} LEFT JOIN LATERAL (SELECT r.month, p.g, count(*) AS c, sum(r.real_total_cost) AS x FROM $s->{ref} WHERE $where GROUP BY r.month) q ON " . one('true', 'q.c > 3', 'q.month > p.first'),
			where => \@own, columns => outputs($p->{columns}, { text => ['q.month', 'q.g'], number => [ 'q.c', 'q.x' ] }) } },
		sub { { from => "$p->{ref} CROSS JOIN LATERAL (SELECT p.n + 1 AS m, r.* FROM $s->{ref} WHERE $where) r",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}) } },
		sub { { from => "$p->{ref} LEFT JOIN LATERAL (SELECT coalesce(p.g, 'x') AS g, r.* FROM $s->{ref} WHERE $where) r ON true",
			where => \@own, columns => outputs($p->{columns}, $s->{columns}, { text => ['r.g'], number => [] }) } },
		sub { { from => "$p->{ref}, LATERAL (SELECT max(r.real_total_cost)::text AS top FROM $s->{ref} WHERE $where) r",
			where => \@own, columns => outputs($p->{columns}, { text => ['r.top'], number => [] }) } });
}

# Sub-selects in the select list.
sub shape_scalar
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', []);
	my $where = join ' AND ', $join, @{ $s->{where} };
	my $sub = one("(SELECT sum(r.real_total_cost) FROM $s->{ref} WHERE $where)",
		"(SELECT count(*) FROM $s->{ref} WHERE $where)",
		"EXISTS (SELECT FROM $s->{ref} WHERE $where)",
		"p.n > ALL (SELECT r.real_total_cost FROM $s->{ref} WHERE $where)",
		"ARRAY(SELECT r.real_total_cost\::text FROM $s->{ref} WHERE $where ORDER BY 1)");

	return { from => 'periods p', columns => local_table('periods', 'p')->{columns},
		where => [ @own, one("(SELECT count(*) FROM $s->{ref} WHERE $where) > " . one(0, 5), "p.month NOT IN (SELECT r.month FROM $s->{ref} WHERE $where)",
			"(p.n > 100 OR EXISTS (SELECT FROM $s->{ref} WHERE $where))", "p.month = (SELECT max(r.month) FROM $s->{ref} WHERE $where)",
			"p.n < ANY (SELECT r.real_total_cost FROM $s->{ref} WHERE $where)") ] }
	  if chance(0.4);
	return { from => "(SELECT p.*, ($sub)::text AS sub FROM periods p" . (@own ? ' WHERE ' . join(' AND ', @own) : '') . one('', ' OFFSET 0') . ') p', where => [],
		columns => outputs(local_table('periods', 'p')->{columns}, { text => ['p.sub'], number => [] }) };
}

sub shape_two
{
	my $a = scan('a', like => 'summary', type => one('text', 'text', 'date'));
	my $b = scan('b', like => one(qw(modes summary resources)), type => 'text', few => 1);
	my $on = $a->{type} eq 'text'
	  ? one('a.month = b.month', 'a.month = b.month AND a.total_cost > b.total_cost', 'a.month < b.month', 'right(a.month, 1) = right(b.month, 1)')
	  : one("to_char(a.month, 'YYYY-MM') = b.month", "a.month = to_date(b.month, 'YYYY-MM')");
	my $how = one(',', 'JOIN', 'JOIN', 'LEFT JOIN');

	return { from => "$a->{ref}, $b->{ref}", where => [ $on, @{ $a->{where} }, @{ $b->{where} } ],
		columns => outputs($a->{columns}, $b->{columns}), large => 1 } unless $how eq 'LEFT JOIN';
	return { from => "$a->{ref} LEFT JOIN $b->{ref} ON " . join(' AND ', $on, @{ $b->{where} }),
		where => $a->{where}, columns => outputs($a->{columns}, $b->{columns}), large => 1 };
}

# One is bound by the other, which has conditions of its own.
sub shape_two_open
{
	my $a = scan('a', type => 'text', input => 0);
	my $like = one(qw(modes summary));
	my $b = scan('b', like => $like, type => 'text', open => 1, input => 0);
	my $from = one("$a->{ref}, $b->{ref}", "$b->{ref}, $a->{ref}");
	my @where = (@{ $a->{where} }, 'a.month = b.month');

	push @where, @{ $b->{where} };
	return { from => $from, where => \@where,
		columns => outputs($a->{columns}, $b->{columns}), large => 1 };
}

sub shape_self
{
	my $t = one(qw(summary modes));
	my $a = scan('a', like => $t, type => 'text', input => 0);
	my $b = scan('b', like => $t, type => 'text', input => 0, few => 1);
	my $key = $t eq 'summary' ? 'group_key' : 'action_type';
	my $how = one('JOIN', 'JOIN', 'LEFT JOIN', 'FULL JOIN');
	my ($l, $r) = map { my $s = $_; "(SELECT * FROM $s->{ref} WHERE " . (join(' AND ', @{ $s->{where} }) || 'true') . ") $s->{alias}" } $a, $b;

	return { from => "$l $how $r " . one("USING (month, $key)", "ON a.month = b.month AND a.$key = b.$key", "ON a.$key = b.$key"),
		where => [], columns => outputs(map { my $s = $_; { text => [ "$s->{alias}.month", "$s->{alias}.$key" ], number => ["$s->{alias}.total_cost"] } } $a, $b),
		large => 1 };
}

# Values of two other tables; input columns by a join.
sub shape_three
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own, like => one(qw(modes modes summary)), input => 2);
	my $p = local_table('periods', 'p');
	my $y = local_table('payers', 'y');
	my @refs = ($p->{ref}, $y->{ref}, $s->{ref});

	@refs = @refs[ map { (2, 0, 1)[$_] } 0 .. 2 ] if chance(0.4);
	return { from => join(', ', @refs),
		where => [ $join, 'r.payer_uin = y.uin', @own, @{ $s->{where} }, chance(0.3) ? 'y.n = p.n' : () ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}) };
}

# Months of one table, groups of another, and nothing of its own.
sub shape_three_groups
{
	my @own = local_where('p');
	my ($s, $join) = open_scan('r', 'p', 'periods', \@own, like => 'summary', group => 1);
	my $p = local_table('periods', 'p');
	my $y = local_table('many', 'y');
	my @refs = ($p->{ref}, $y->{ref}, $s->{ref});
	my @where = ($join, @own, @{ $s->{where} }, 'y.n <= ' . one(2, 5, 9));
	my $on = one('r.group_type = y.g', "r.group_type = y.g || ''", "r.group_type = coalesce(y.g, 'project')", "r.group_type LIKE y.g AND y.g > ''");

	@refs = @refs[ 2, 0, 1 ] if chance(0.4);
	return { from => join(', ', @refs), where => [ @where, $on, chance(0.3) ? 'y.n <> p.n' : () ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}), large => 1 }
	  if chance(0.6);
	return { from => "($p->{ref} CROSS JOIN $y->{ref}) LEFT JOIN $s->{ref} ON " . join(' AND ', $join, $on, map { "($_)" } @{ $s->{where} }),
		where => [ @own, 'y.n <= 3' ],
		columns => outputs($p->{columns}, $y->{columns}, $s->{columns}), large => 1 };
}

# Months out of functions, lists and recursion.
sub shape_series
{
	my ($s) = open_scan('r', 'p', 'periods', []);
	my $from = one("generate_series(1, 4) AS i (m)", "(VALUES (2), (NULL), (5), (2)) AS i (m)", 'unnest(' . array('int', 3, 1, undef) . ') AS i (m)',
		'(WITH RECURSIVE w (m) AS (SELECT 1 UNION ALL SELECT m + 2 FROM w WHERE m < 6) SELECT m FROM w) AS i');
	my $on = one("r.month = '2023-0' || i.m", "r.month = format('2023-%s', lpad(i.m::text, 2, '0'))", "r.month = to_char(make_date(2023, i.m, 1), 'YYYY-MM')",
		"r.month BETWEEN '2023-0' || i.m AND '2023-0' || i.m + 1");

	$Q->{checks}[-1]{condition} =~ s/ AND EXISTS \(SELECT FROM periods p.*//s;
	$Q->{checks}[-1]{condition} .= " AND r.month BETWEEN '2023-01' AND '2023-08'";
	return { from => "$from, $s->{ref}", where => [ @{ $s->{where} }, $on ],
		columns => outputs({ text => [], number => ['i.m'] }, $s->{columns}) } if chance(0.5);
	return { from => "$from LEFT JOIN $s->{ref} ON " . join(' AND ', $on, map { "($_)" } @{ $s->{where} }), where => [],
		columns => outputs($s->{columns}, { text => [], number => ['i.m'] }) };
}

# Tag keys of the summary, which go out as a list.
sub shape_key_join
{
	my $s = scan('r', like => 'summary', type => one('text', 'date'), group => 1, input => 0);
	my $where = [ @{ $s->{where} }, chance(0.5) ? "r.group_type = 'tag'" : () ];
	my $and = join '', map { " AND ($_)" } @$where;
	my $columns = outputs({ text => [ 't.k', 'r.tag_key' ], number => ['t.n'] }, $s->{columns});

	return oneof(
		sub { { from => "tag_keys t, $s->{ref}", where => [ 'r.tag_key = t.k', @$where ], columns => $columns } },
		sub { { from => "tag_keys t LEFT JOIN $s->{ref} ON r.tag_key = t.k$and", where => [], columns => $columns } },
		sub { { from => $s->{ref}, where => [ 'r.tag_key IN (SELECT t.k FROM tag_keys t)', @$where ], columns => $s->{columns} } },
		sub { { from => $s->{ref}, where => [ 'r.tag_key = ANY (ARRAY(SELECT t.k FROM tag_keys t))', @$where ], columns => $s->{columns} } },
		sub { { from => "tag_keys t, $s->{ref}", where => [ 'r.tag_key = ANY (ARRAY[t.k, t.k2])', @$where ], columns => $columns } },
		sub { { from => "tag_keys t, LATERAL (SELECT * FROM $s->{ref} WHERE r.tag_key = t.k$and OFFSET 0) r", where => [], columns => $columns } },
		sub { { from => 'tag_keys t', where => [ one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE r.tag_key = t.k$and)" ], columns => { text => ['t.k'], number => ['t.n'] } } });
}

sub shape_input_join
{
	my $y = local_table('payers', 'y');
	my $s = scan('r', like => one(qw(modes summary)), type => 'text', input => 2);
	my $where = join ' AND ', @{ $s->{where}, };

	$where = $where ? " AND $where" : '';
	return oneof(
		sub { { from => "$y->{ref}, $s->{ref}", where => [ 'r.payer_uin = y.uin', @{ $s->{where} }, local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$y->{ref} LEFT JOIN $s->{ref} ON r.payer_uin = y.uin$where", where => [ local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$y->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE r.payer_uin = y.uin$where OFFSET 0) r", where => [ local_where('y') ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $s->{ref}, where => [ 'r.payer_uin IN (SELECT y.uin FROM payers y)', @{ $s->{where} } ], columns => $s->{columns} } },
		sub { { from => "$y->{ref}, $s->{ref}", where => [ 'r.payer_uin = y.uin', 'r.month = y.month', @{ $s->{where} } ],
			columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $y->{ref}, where => [ one('NOT EXISTS', 'EXISTS') . " (SELECT FROM $s->{ref} WHERE r.payer_uin = y.uin$where)", local_where('y') ],
			columns => $y->{columns} } });
}

# Uses of an input column that no request can answer.
sub shape_input_refused
{
	my $y = local_table('payers', 'y');
	my $s = scan('r', like => 'modes', type => 'text', input => 2, few => 1);

	push @{ $Q->{may} }, $CANNOT, $JOINED;
	# a condition above an outer join can make it an inner one, which can ask
	return oneof(
		sub { { from => "$s->{ref} LEFT JOIN $y->{ref} ON r.payer_uin = y.uin", where => [], columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => "$s->{ref} FULL JOIN $y->{ref} ON r.payer_uin = y.uin", where => [], columns => outputs($y->{columns}, $s->{columns}) } })
	  if chance(0.3);
	$Q->{must} = 1;
	return oneof(
		sub { { from => $s->{ref}, where => [ one("r.payer_uin <> '1'", "r.payer_uin LIKE '1%'", "r.payer_uin = '1' OR r.month = '2023-04'", "NOT (r.payer_uin = '1')", "coalesce(r.payer_uin, '1') = '1'", 'r IS NOT NULL') ], columns => $s->{columns} } },
		sub { { from => "$s->{ref}, $y->{ref}", where => ['r.payer_uin > y.uin'], columns => outputs($y->{columns}, $s->{columns}) } },
		sub { { from => $s->{ref}, where => ['NOT EXISTS (SELECT FROM payers y WHERE y.uin = r.payer_uin)'], columns => $s->{columns} } },
		sub { { from => $s->{ref}, where => ['r.payer_uin NOT IN (SELECT y.uin FROM payers y)'], columns => $s->{columns} } });
}

sub shape_assets
{
	my $x = local_table('assets', 'x');
	my $s = scan('r', like => 'resources', type => 'text', input => 0);
	my $on = one('r.resource_id = x.id', 'r.resource_id = x.id AND r.month = x.month', 'r.business_code = x.code AND r.month = x.month',
		'(r.resource_id = x.id OR r.business_code = x.code)', "r.resource_id = x.id || ''", 'x.id = r.resource_id AND r.business_code = x.code');

	return oneof(
		sub { { from => "$x->{ref}, $s->{ref}", where => [ $on, @{ $s->{where} } ], columns => outputs($x->{columns}, $s->{columns}) } },
		sub { { from => "$x->{ref} LEFT JOIN $s->{ref} ON " . join(' AND ', $on, @{ $s->{where} }), where => [ local_where('x') ], columns => outputs($x->{columns}, $s->{columns}) } },
		sub { { from => "$s->{ref} LEFT JOIN $x->{ref} ON $on", where => $s->{where}, columns => outputs($x->{columns}, $s->{columns}) } });
}

sub shape_tags
{
	my $x = local_table('assets', 'x');
	my $s = scan('r', like => 'resources', type => 'text', input => 2);
	my $on = one('r.tag_key = x.k', 'r.tag_key = x.k AND r.tag_value = x.tv', 'r.tag_key = x.k AND r.resource_id = x.id', "r.tag_key = 'env' AND r.tag_value = x.tv");

	return oneof(
		sub { { from => "$x->{ref}, $s->{ref}", where => [ $on, @{ $s->{where} } ],
			columns => outputs($x->{columns}, $s->{columns}, { text => [ 'r.tag_key', 'r.tag_value' ], number => [] }) } },
		sub { { from => "$x->{ref}, LATERAL (SELECT * FROM $s->{ref} WHERE " . join(' AND ', $on, @{ $s->{where} }) . ' OFFSET 0) r', where => [],
			columns => outputs($x->{columns}, $s->{columns}) } });
}

# Rows that the API's total counts, unless something has to be looked at.
sub shape_counted
{
	my @conditions = (month_text('r.month'), map { chance(0.7) ? open_column('r') : row_column('resources', 'r') } 1 .. upto(3));
	my @by = one([], ['r.month'], [ 'r.month', 'r.business_code' ], ['r.pay_mode'], ['r.resource_id']);
	my $keys = join ', ', @{ $by[0] };
	my $join = chance(0.3);

	push @conditions, mixed(month_join({ alias => 'r', type => 'text' }, 'p')) if $join;
	my @pure = grep { defined $_->{pure} } @conditions;
	my @checks = map { my $c = $_; join ' OR ', (map { "r.$_ IS NULL" } @{ $c->{wants} }), "($c->{pure})" } @pure;

	push @{ $Q->{checks} }, { action => $ACTION{resources}, alias => 'r', type => 'text',
		condition => join(' AND ', map { "($_)" } @checks) || 'true' };
	my $core = { from => ($join ? 'periods p, ' : '') . '@{resources_counted} r', where => [ map { $_->{sql} } @conditions ] };
	my $from = "FROM $core->{from}" . where($core);

	$core->{statement} = one(
		"SELECT count(*) $from",
		$keys ? "SELECT $keys, count(*) $from GROUP BY $keys" : "SELECT count(r.month), max(r.month) $from",
		"SELECT count(*) FROM (SELECT r.month $from LIMIT " . one(1, 7, 100) . ') x',
		"SELECT r.month, r.month > '2023-02', count(*) OVER () $from",
		"SELECT n, (SELECT count(*) FROM \@{resources_counted} r WHERE r.month = q.month) FROM periods q");
	push @{ $Q->{checks} }, { action => $ACTION{resources}, alias => 'r', type => 'text', condition => 'r.month IN (SELECT q.month FROM periods q)' };
	return $core;
}

# Views, partitions and CTEs: a name for more.
sub shape_named
{
	my @v = ({ ref => '@{regions} r', columns => { text => [ 'r.month', 'r.group_key' ], number => ['r.real_total_cost'] } },
		{ ref => '@{barrier} r', columns => { text => [ 'r.month', 'r.group_key' ], number => ['r.real_total_cost'] }, barrier => 1 },
		{ ref => '@{parts} r', columns => columns('summary', 'r'), parts => 1 },
		{ ref => '@{ranges} r', columns => columns('summary', 'r') },
		{ ref => '@{family} r', columns => columns('summary', 'r') },
		{ ref => '@{totals} r', columns => { text => ['r.month'], number => [ 'r.x', 'r.c' ] }, barrier => 1 });
	my $v = one(@v);
	my @conditions = map { month_text('r.month') } 1 .. 1 + upto(2);
	my $p = local_table('periods', 'p');

	push @conditions, pure('r.group_type = ' . value('text', one(qw(region project)))) if $v->{parts} && chance(0.4);
	# a condition may not pass a barrier, or an aggregate
	push @{ $Q->{checks} }, { action => $ACTION{summary}, alias => 'r', type => 'text',
		condition => join(' AND ', map { "($_)" } "r.month >= '2023-01' AND r.month <= '2023-06'",
			$v->{barrier} ? () : grep { defined } map { $_->{pure} } @conditions) };
	my @where = map { $_->{sql} } @conditions;

	return { from => $v->{ref}, where => \@where, columns => $v->{columns} } if chance(0.5);
	return { from => "$p->{ref}, $v->{ref}", where => [ @where, month_join({ alias => 'r', type => 'text' }, 'p') =~ s/ OR r\.month = p\.first AND r\.real_total_cost > 0//r ],
		columns => outputs($p->{columns}, $v->{columns}) } unless $v->{ref} =~ /totals/;
	return { from => "$p->{ref} LEFT JOIN $v->{ref} ON r.month = p.month", where => [],
		columns => outputs($p->{columns}, $v->{columns}) };
}

# A value that can be none: an error, unless it is never looked at.
sub shape_no_value
{
	my $s = scan('r', like => 'modes', type => one('text', 'timestamp'), few => 1, input => 0);
	my $wrong = $s->{type} eq 'text' ? value('text', one('2023-4', '2023-13', 'April', '')) : value('timestamp', '2023-04-02');

	pop @{ $Q->{checks} };
	push @{ $Q->{checks} }, { action => $ACTION{modes}, alias => 'r', type => 'text', condition => 'true' };
	push @{ $Q->{may} }, $NO_VALUE;
	$Q->{must} = 1;
	return { from => $s->{ref}, where => [ @{ $s->{where} }, "r.month = $wrong" . ($s->{type} eq 'text' ? one('', " OR r.month = '2023-04'") : '') ], columns => $s->{columns} };
}

sub shape_no_group
{
	my $s = scan('r', like => 'summary', type => 'text', group => 1, few => 1, input => 0);

	push @{ $Q->{may} }, $NEEDS;
	$Q->{must} = 1;
	return { from => $s->{ref}, where => [ one("r.month = '2023-04'", "r.real_total_cost > 5", "r.group_type IS NOT NULL", "r.group_type = 'tag'", "(r.group_type = 'region' OR r.real_total_cost > 5)") ], columns => $s->{columns} };
}

# How often each is chosen, relative to the others.
my @SHAPES = map { ($_->[1]) x $_->[0] } (
	[ 8, [ 'scan', \&shape_scan ] ],
	[ 4, [ 'inner', \&shape_inner ] ],
	[ 1, [ 'many', \&shape_many ] ],
	[ 3, [ 'open_inner', \&shape_open_inner ] ],
	[ 2, [ 'open_left', \&shape_open_left ] ],
	[ 2, [ 'open_semi', \&shape_open_semi ] ],
	[ 1, [ 'open_anti', \&shape_open_anti ] ],
	[ 1, [ 'open_refused', \&shape_open_refused ] ],
	[ 2, [ 'series', \&shape_series ] ],
	[ 3, [ 'outer', \&shape_outer ] ],
	[ 2, [ 'anti', \&shape_anti ] ],
	[ 2, [ 'lateral', \&shape_lateral ] ],
	[ 2, [ 'scalar', \&shape_scalar ] ],
	[ 2, [ 'two', \&shape_two ] ],
	[ 2, [ 'two_open', \&shape_two_open ] ],
	[ 2, [ 'self', \&shape_self ] ],
	[ 2, [ 'three', \&shape_three ] ],
	[ 2, [ 'three_groups', \&shape_three_groups ] ],
	[ 2, [ 'input_join', \&shape_input_join ] ],
	[ 1, [ 'input_refused', \&shape_input_refused ] ],
	[ 2, [ 'assets', \&shape_assets ] ],
	[ 2, [ 'tags', \&shape_tags ] ],
	[ 2, [ 'key_join', \&shape_key_join ] ],
	[ 3, [ 'named', \&shape_named ] ],
	[ 2, [ 'counted', \&shape_counted ] ],
	[ 1, [ 'no_value', \&shape_no_value ] ],
	[ 1, [ 'no_group', \&shape_no_group ] ]);

# ---- statements

sub where
{
	my ($core) = @_;
	my @where = @{ $core->{where} };

	return @where ? ' WHERE ' . join(' AND ', map { "($_)" } @where) : '';
}

# What is made of the rows.
sub statement
{
	my ($core) = @_;

	return $core->{statement} if defined $core->{statement};
	my $from = "FROM $core->{from}" . where($core);
	my @text = @{ $core->{columns}{text} };
	my @number = @{ $core->{columns}{number} };
	my @shown = (map { "$_\::text" } @text, @number);
	my @key = one(\@text, [ $text[0] ], [ $text[-1] ])->@*;
	my $n = 0;
	my $all = join ', ', map { "$_ AS c" . ++$n } @shown;
	my $places = join ', ', map { $_ . one('', '', ' DESC', ' NULLS FIRST') } 1 .. @shown;
	my $keys = join ', ', @key;
	my $sum = join ', ', map { "sum($_)" } @number;
	my @style = (
		sub { "SELECT $keys, count(*), $sum $from GROUP BY $keys" . one('', ' HAVING count(*) > 1', $key[0] =~ /tag_value/ ? '' : " HAVING $key[0] IS NOT NULL") },
		sub { "SELECT count(*), $sum, min(($text[0])\::text), count(DISTINCT $text[-1]) $from" },
		sub { 'SELECT count(*) FROM (SELECT ' . one('1', $text[0], $number[0]) . " AS c $from LIMIT " . one(1, 3, 20, 200) . one('', ' OFFSET 2') . ') x' },
		sub { "SELECT x.c1, count(*) FROM (SELECT $all $from OFFSET 0) x GROUP BY 1" },
		sub { "SELECT DISTINCT $keys $from" },
		sub { $Q->{ordered} = 1; "SELECT $all $from ORDER BY $places LIMIT " . one(1, 5, 50) . one('', ' OFFSET 1', ' OFFSET 3') },
		sub { "SELECT EXISTS (SELECT $from), (SELECT count(*) $from)" });

	return oneof(@style) if $core->{large};
	return oneof(
		@style,
		(sub { "SELECT $all $from" }) x 4,
		sub { $Q->{ordered} = 1; "SELECT $all $from ORDER BY $places" },
		sub { "SELECT $keys, count(*) $from GROUP BY GROUPING SETS (($keys), ($key[0]), ())" },
		sub { $Q->{ordered} = 1; "SELECT DISTINCT ON ($text[0]) $all $from ORDER BY $text[0], " . join ', ', @shown },
		sub { "SELECT $text[0]\::text $from ORDER BY $text[0] FETCH FIRST " . one(1, 4) . ' ROWS WITH TIES' },
		sub { "SELECT $all, count(*) OVER (PARTITION BY $text[0]), dense_rank() OVER (ORDER BY $text[-1]) $from" },
		sub { my $how = one('', ' MATERIALIZED', ' NOT MATERIALIZED'); "WITH c AS$how (SELECT $all $from) SELECT x.*, (SELECT count(*) FROM c) FROM c x" },
		sub { my $how = one('', ' MATERIALIZED', ' NOT MATERIALIZED'); "WITH c AS$how (SELECT $all $from) SELECT x.c1, count(*) FROM c x JOIN c y ON x.c1 = y.c1 GROUP BY x.c1" },
		sub { "SELECT u.c1, count(*), count(u.c2) FROM (SELECT $all $from " . one('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT') . " SELECT $all $from) u GROUP BY u.c1" },
		sub { "SELECT l.c1, w.c FROM (SELECT $all $from OFFSET 0) l JOIN (VALUES ('2023-02', 1), ('2023-03', 2), ('region', 3)) w (k, c) ON w.k = l.c1" },
		sub { "SELECT string_agg(DISTINCT u.c1, ',' ORDER BY u.c1), count(*) FROM (SELECT $all $from) u WHERE u.c1 " . one('IS NOT NULL', "<> ''", $Q->{open} ? () : "> '2023-02'") });
}

sub query
{
	my ($seed, $number, $values) = @_;

	srand($seed * 1_000_003 + $number);
	$V = $values;
	$Q = { params => [], checks => [], may => [], ordered => 0,
		kind => one(qw(plain plain plain scroll prepared prepared)) };
	my ($shape, $make) = @{ one(@SHAPES) };

	$Q->{shape} = $shape;
	$Q->{sql} = statement($make->());
	$_->{condition} =~ s/SEVERAL\(([^()]+)\)/$Q->{tags}{$1} > 1 ? 'true' : 'false'/ge foreach @{ $Q->{checks} };
	if ($Q->{all_months})
	{
		$_->{condition} = 'true' foreach @{ $Q->{checks} };
	}
	return $Q;
}

sub far { return $_[0] =~ s,\@\{(\w+)(?:/\w+)?\},far.$1,gr }

sub near { return $_[0] =~ s,\@\{(\w+)(/(\w+))?\},"near.$1" . ($2 ? "_$3" : ''),ger }

# Parameters put in place of their numbers.
sub filled
{
	my ($sql, $params) = @_;

	return $sql =~ s/\$(\d+)/"$params->[$1 - 1][1]::$params->[$1 - 1][0]"/ger;
}

1;

/*-------------------------------------------------------------------------
 *
 * filter.c
 *	  Which conditions of a query choose requests, and how.
 *
 * A parameter has candidate values: a month or a group type those of its
 * list, any other parameter those of an equality.  Conditions that mention
 * only columns with candidates are later evaluated on the candidates
 * (bind.c); here they are found, or weakened to what they imply for
 * these columns.  Every condition is checked on the rows as well, so a
 * condition that is not understood costs calls and never a wrong row.
 *
 * Input columns are different: rows do not show their values, so a condition
 * that cannot be sent could not be checked either, and its result would
 * depend on the plan.  Such a query is refused.
 *
 * IDENTIFICATION
 *	  src/fdw/filter.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "fdw/filter.h"
#include "fdw/volatile.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "rewrite/rewriteManip.h"
#include "utils/partcache.h"
#include "utils/rel.h"

typedef struct FilterContext
{
	PlannerInfo *root;
	RelOptInfo *baserel;
	const BfRelation *relation;
	Bitmapset  *candidates;		/* columns with candidates; numbers offset as
								 * by pull_varattnos */
	Bitmapset  *inputs;			/* input columns whose value is not fixed */
	List	   *joins;			/* of RestrictInfo: what joins say of the
								 * table's parameter columns */
	int			asked_for;		/* see implied_equalities */
	BfFilter   *filter;
} FilterContext;

/* Paths for more sets of outer relations than this are not considered. */
#define MAX_OUTER_SETS 16

/* Helper functions */
static FilterContext new_context(PlannerInfo *root, RelOptInfo *baserel,
								 const BfRelation *relation);
static List *add_outer_set(List *sets, Relids outer);
static void find_joins(FilterContext *cxt);
static bool is_parameter(const BfRelation *relation, const BfAttribute *attr);
static List *implied_equalities(FilterContext *cxt, const BfAttribute *attr,
								Relids prohibited);
static bool mentions_column(PlannerInfo *root, RelOptInfo *rel,
							EquivalenceClass *ec, EquivalenceMember *em,
							void *arg);
static void find_joinable(FilterContext *cxt);
static bool join_is_useful(FilterContext *cxt, Node *clause);
static bool has_bound(const BfFilter *filter);
static bool is_complete(FilterContext *cxt);
static bool is_narrowed(FilterContext *cxt, int param);
static bool join_binds(FilterContext *cxt, int param);
static List *partition_quals(FilterContext *cxt);
static void find_inputs(FilterContext *cxt);
static void check_input_use(FilterContext *cxt, Node *clause, bool promotable);
static void check_input_joins(FilterContext *cxt);
static void check_inputs_complete(FilterContext *cxt);
static void refuse(FilterContext *cxt, const char *refusal, const char *hint);
static void collect_equalities(FilterContext *cxt, List *clauses);
static void collect_members(FilterContext *cxt, List *clauses, int param);
static void find_candidates(FilterContext *cxt);
static void collect_named(FilterContext *cxt, Node *node, int param);
static void collect_bounds(FilterContext *cxt, Node *node, int param);
static List *open_source(FilterContext *cxt, Node *node, int param);
static bool usable(FilterContext *cxt, Node *node);
static Node *weaken(FilterContext *cxt, Node *node);
static Node *weaken_bool(FilterContext *cxt, BoolExpr *expr);
static Bitmapset *columns_of(FilterContext *cxt, Node *node);

/*
 * Sorts out the conditions of a scan, given as RestrictInfos in the order in
 * which the executor will check them: cheap ones first.
 */
BfFilter *
bf_filter_build(PlannerInfo *root, RelOptInfo *baserel,
				const BfRelation *relation, List *rinfos)
{
	FilterContext cxt = new_context(root, baserel, relation);
	List	   *clauses = NIL;
	List	   *hidden = NIL;
	ListCell   *lc;

	foreach(lc, rinfos)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		/* A gating qual: the executor asks it before it asks us. */
		if (rinfo->pseudoconstant)
			continue;

		/*
		 * A condition on candidate values runs before conditions that hide
		 * rows; it must not be able to tell anybody what it saw.
		 */
		if (restriction_is_securely_promotable(rinfo, baserel))
			clauses = lappend(clauses, rinfo->clause);
		else
			hidden = lappend(hidden, rinfo->clause);
	}
	cxt.filter->local = hidden != NIL;
	clauses = list_concat(clauses, cxt.filter->partition_quals);

	collect_equalities(&cxt, clauses);
	find_candidates(&cxt);

	foreach(lc, clauses)
		check_input_use(&cxt, lfirst(lc), true);
	foreach(lc, hidden)
		check_input_use(&cxt, lfirst(lc), false);
	check_input_joins(&cxt);
	check_inputs_complete(&cxt);

	foreach(lc, clauses)
	{
		Node	   *clause = lfirst(lc);
		Node	   *weak = weaken(&cxt, clause);

		if (weak != clause)
			cxt.filter->local = true;
		if (weak != NULL)
			cxt.filter->clauses = lappend(cxt.filter->clauses, weak);
	}
	cxt.filter->complete = cxt.filter->refusal == NULL && is_complete(&cxt);
	find_joinable(&cxt);
	return cxt.filter;
}

/*
 * The sets of other relations that could give the scan values for its
 * parameters: from each useful join condition one, and from those the unions,
 * because several relations may be needed together.
 */
List *
bf_filter_outer_sets(PlannerInfo *root, RelOptInfo *baserel,
					 const BfRelation *relation)
{
	FilterContext cxt = new_context(root, baserel, relation);
	List	   *sets = NIL;
	ListCell   *lc;

	foreach(lc, cxt.joins)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		Relids		outer;

		if (!join_is_useful(&cxt, (Node *) rinfo->clause))
			continue;
		outer = bms_union(rinfo->clause_relids, baserel->lateral_relids);
		outer = bms_del_member(outer, baserel->relid);
		sets = add_outer_set(sets, outer);
	}
	for (int i = 0; i < list_length(sets); i++)
		for (int j = 0; j < i; j++)
			sets = add_outer_set(sets, bms_union(list_nth(sets, i),
												 list_nth(sets, j)));
	return sets;
}

static FilterContext
new_context(PlannerInfo *root, RelOptInfo *baserel,
			const BfRelation *relation)
{
	FilterContext cxt;

	memset(&cxt, 0, sizeof(cxt));
	cxt.root = root;
	cxt.baserel = baserel;
	cxt.relation = relation;
	cxt.filter = palloc0(sizeof(BfFilter));
	cxt.filter->partition_quals = partition_quals(&cxt);
	find_inputs(&cxt);
	find_joins(&cxt);
	return cxt;
}

/*
 * Adds a set of relations, unless it is empty or there already, or there are
 * so many that planning would take long.
 */
static List *
add_outer_set(List *sets, Relids outer)
{
	ListCell   *lc;

	if (bms_is_empty(outer) || list_length(sets) >= MAX_OUTER_SETS)
		return sets;
	foreach(lc, sets)
	{
		if (bms_equal(lfirst(lc), outer))
			return sets;
	}
	return lappend(sets, outer);
}

/*
 * Collects the join conditions that could be evaluated by the scan and that
 * mention a parameter column: those kept as such, and those that follow from
 * equivalence classes.
 */
static void
find_joins(FilterContext *cxt)
{
	RelOptInfo *baserel = cxt->baserel;
	ListCell   *lc;

	for (int i = 0; i < cxt->relation->nattrs; i++)
	{
		if (is_parameter(cxt->relation, &cxt->relation->attrs[i]))
			cxt->joins = list_concat(cxt->joins,
									 implied_equalities(cxt, &cxt->relation->attrs[i],
														baserel->lateral_referencers));
	}
	foreach(lc, baserel->joininfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (join_clause_is_movable_to(rinfo, baserel))
			cxt->joins = lappend(cxt->joins, rinfo);
	}
}

/*
 * Do conditions on this column, or on members of it, choose requests?
 */
static bool
is_parameter(const BfRelation *relation, const BfAttribute *attr)
{
	for (int i = 0; i < relation->nparams; i++)
		if (attr->param == i || bf_relation_is_object(relation, attr, i))
			return true;
	return false;
}

/*
 * The join equalities that follow from equivalence classes for a column, or
 * for an expression of it.  (The planner's function stops at the first class
 * that has any, hence the question for one column at a time.)
 */
static List *
implied_equalities(FilterContext *cxt, const BfAttribute *attr,
				   Relids prohibited)
{
	cxt->asked_for = attr->attnum - FirstLowInvalidHeapAttributeNumber;
	return generate_implied_equalities_for_column(cxt->root, cxt->baserel,
												  mentions_column, cxt,
												  prohibited);
}

static bool
mentions_column(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
				EquivalenceMember *em, void *arg)
{
	FilterContext *cxt = arg;

	return bms_is_member(cxt->asked_for, columns_of(cxt, (Node *) em->em_expr));
}

/*
 * Notes the parameters that join conditions could narrow.  A refusal names
 * another one first, because that is what the query lacks whatever the plan.
 */
static void
find_joinable(FilterContext *cxt)
{
	ListCell   *lc;

	for (int i = 0; i < cxt->relation->nparams; i++)
	{
		Bitmapset  *columns = bf_relation_columns(cxt->relation, i);

		foreach(lc, cxt->joins)
		{
			RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

			if (bms_overlap(columns, columns_of(cxt, (Node *) rinfo->clause)) &&
				join_is_useful(cxt, (Node *) rinfo->clause))
				cxt->filter->joinable =
					list_append_unique_int(cxt->filter->joinable, i);
		}
	}
}

/*
 * Would the join condition give or narrow the values of a parameter?
 */
static bool
join_is_useful(FilterContext *cxt, Node *clause)
{
	FilterContext alone = *cxt;

	alone.filter = palloc0(sizeof(BfFilter));
	alone.candidates = NULL;
	collect_equalities(&alone, list_make1(clause));
	find_candidates(&alone);
	if (alone.filter->members != NIL || has_bound(alone.filter))
		return true;
	clause = weaken(&alone, clause);
	return clause != NULL && !bms_is_empty(columns_of(&alone, clause));
}

/*
 * Is there a bound of a range?
 */
static bool
has_bound(const BfFilter *filter)
{
	ListCell   *lc;

	foreach(lc, filter->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (BF_EQUALITY_IS_BOUND(equality->kind))
			return true;
	}
	return false;
}

/*
 * Does the scan have everything that it may need?  A required column must be
 * narrowed, and one that a join could bind must be bound: what such a join
 * says counts for nothing above the scan.
 */
static bool
is_complete(FilterContext *cxt)
{
	for (int i = 0; i < cxt->relation->nparams; i++)
	{
		const BfParam *param = bf_relation_param(cxt->relation, i);

		if (!param->required || cxt->relation->fixed[i] != NULL)
			continue;
		if (param->domain == BF_DOMAIN_RANGE)
		{
			if (!bf_filter_implies(cxt->relation, cxt->filter, i))
				return false;
		}
		else if (param->domain == BF_DOMAIN_OPEN)
		{
			if (!bf_filter_has_equality(cxt->relation, cxt->filter, i, false) && join_binds(cxt, i))
				return false;
		}
		else if (!is_narrowed(cxt, i))
			return false;
	}
	return true;
}

/*
 * Does an evaluated condition, or the definition of the table, narrow this
 * parameter?
 */
static bool
is_narrowed(FilterContext *cxt, int param)
{
	Bitmapset  *columns = bf_relation_columns(cxt->relation, param);
	ListCell   *lc;

	foreach(lc, cxt->filter->clauses)
	{
		if (bms_overlap(columns, columns_of(cxt, lfirst(lc))))
			return true;
	}
	return bf_filter_implies(cxt->relation, cxt->filter, param);
}

/*
 * Is a parameter narrowed without a condition that is evaluated on its
 * values: by the definition of the table, by the begin of its range, or
 * because another parameter has a value that exists for one value of this one
 * only?
 */
bool
bf_filter_implies(const BfRelation *relation, const BfFilter *filter,
				  int param)
{
	const BfParam *p = bf_relation_param(relation, param);
	ListCell   *lc;

	if ((p->domain == BF_DOMAIN_MONTH || p->domain == BF_DOMAIN_RANGE) &&
		relation->options->first_month != NULL)
		return true;
	foreach(lc, filter->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (equality->param == param && equality->kind == BF_EQUALITY_FROM)
			return true;
	}
	for (int i = 0; i < relation->nparams; i++)
	{
		const BfParam *other = bf_relation_param(relation, i);

		if (other->when_value != NULL &&
			strcmp(other->when_column, p->column) == 0 &&
			bf_filter_has_equality(relation, filter, i, false))
			return true;
	}
	return false;
}

/*
 * Is there a join condition that could give this parameter its values?
 */
static bool
join_binds(FilterContext *cxt, int param)
{
	ListCell   *lc;

	foreach(lc, cxt->joins)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (open_source(cxt, (Node *) rinfo->clause, param) != NIL)
			return true;
	}
	return false;
}

/*
 * The bounds of a partition as conditions: the API knows nothing of them, so
 * without them every partition would return all rows.
 */
static List *
partition_quals(FilterContext *cxt)
{
	Relation	rel = table_open(cxt->relation->relid, NoLock);
	List	   *quals = NIL;

	if (rel->rd_rel->relispartition)
	{
		quals = copyObject(RelationGetPartitionQual(rel));
		quals = (List *) eval_const_expressions(cxt->root, (Node *) quals);
		ChangeVarNodes((Node *) quals, 1, cxt->baserel->relid, 0);
	}
	table_close(rel, NoLock);
	return quals;
}

/*
 * ---------- Input columns ----------
 */

/*
 * Finds the input columns whose values are up to the query.  Those that the
 * bound of a partition names are there in every plan, so any condition can
 * be checked on them.
 */
static void
find_inputs(FilterContext *cxt)
{
	for (int i = 0; i < cxt->relation->nparams; i++)
		if (cxt->relation->fixed[i] == NULL &&
			bf_relation_param(cxt->relation, i)->input &&
			open_source(cxt, (Node *) make_ands_explicit(cxt->filter->partition_quals), i) == NIL)
			cxt->inputs = bms_add_members(cxt->inputs,
										  bf_relation_columns(cxt->relation, i));
}

/*
 * Refuses a condition that uses an input column other than by =, IN, = ANY
 * or IS NULL.  IS NOT NULL may stand beside one, and so may the bound of a
 * default partition.
 */
static void
check_input_use(FilterContext *cxt, Node *clause, bool promotable)
{
	Bitmapset  *used = columns_of(cxt, clause);
	int			attno = -1;

	used = bms_int_members(used, cxt->inputs);
	while ((attno = bms_next_member(used, attno)) >= 0)
	{
		const BfAttribute *attr;

		attr = bf_relation_attribute(cxt->relation, attno +
									 FirstLowInvalidHeapAttributeNumber);
		if (promotable && bf_equality_match(cxt->root, cxt->baserel, cxt->relation, clause, attr->param) != NULL)
			continue;
		if ((IsA(clause, NullTest) ||
			 list_member_ptr(cxt->filter->partition_quals, clause)) &&
			bf_filter_has_equality(cxt->relation, cxt->filter, attr->param, false))
			continue;
		refuse(cxt,
			   psprintf("condition on column \"%s\" of foreign table \"%s\" cannot be sent to the API",
						attr->name, cxt->relation->name),
			   psprintf("The column only holds what was asked for: use =, IN, = ANY or IS NULL, joined to other conditions by AND; for example: %s.",
						bf_relation_example(cxt->relation, attr->param)));
	}
}

/*
 * Refuses joins on input columns that do not reach this scan as values:
 * which rows such a join finds would depend on the plan.
 */
static void
check_input_joins(FilterContext *cxt)
{
	List	   *joins = list_copy(cxt->baserel->joininfo);
	ListCell   *lc;
	int			attno = -1;

	while ((attno = bms_next_member(cxt->inputs, attno)) >= 0)
	{
		const BfAttribute *attr;

		attr = bf_relation_attribute(cxt->relation, attno +
									 FirstLowInvalidHeapAttributeNumber);
		if (bf_filter_has_equality(cxt->relation, cxt->filter, attr->param, false))
			continue;
		joins = list_concat(joins, implied_equalities(cxt, attr, NULL));
		foreach(lc, joins)
		{
			RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

			if (bms_is_member(attno, columns_of(cxt, (Node *) rinfo->clause)))
				refuse(cxt,
					   psprintf("foreign table \"%s\" cannot be joined on column \"%s\"",
								cxt->relation->name, attr->name),
					   "The column only holds what was asked for, and this join cannot ask.  Use an inner join with =, or LATERAL (SELECT ... WHERE column = outer value OFFSET 0), or give the column a condition of its own.");
		}
	}
}

/*
 * Refuses a value that the site does not take, or that has no meaning without
 * another column: a tag value without a tag key.
 */
static void
check_inputs_complete(FilterContext *cxt)
{
	for (int i = 0; i < cxt->relation->nparams; i++)
	{
		const BfParam *param = bf_relation_param(cxt->relation, i);

		if (param->input && !bf_relation_has_param(cxt->relation, i) &&
			bf_filter_has_equality(cxt->relation, cxt->filter, i, false))
			refuse(cxt,
				   psprintf("condition on column \"%s\" of foreign table \"%s\" cannot be sent to site \"%s\"",
							bf_relation_column_name(cxt->relation, i),
							cxt->relation->name,
							bf_option_site_name(cxt->relation->options->site)),
				   psprintf("Action %s takes no %s there.",
							cxt->relation->table->action->name, param->member));
		if (param->input && param->when_column != NULL &&
			bf_filter_has_equality(cxt->relation, cxt->filter, i, false) &&
			!bf_filter_has_equality(cxt->relation, cxt->filter, bf_relation_param_number(cxt->relation,
																						 param->when_column),
									true))
			refuse(cxt,
				   psprintf("foreign table \"%s\" needs a condition on \"%s\" beside the one on \"%s\"",
							cxt->relation->name,
							bf_relation_column_name(cxt->relation,
													bf_relation_param_number(cxt->relation,
																			 param->when_column)),
							bf_relation_column_name(cxt->relation, i)),
				   psprintf("For example: %s.",
							bf_relation_example(cxt->relation, i)));
	}
}

/*
 * Notes the first reason why the scan cannot run.  It is raised when rows
 * are asked for: planning and EXPLAIN go on.
 */
static void
refuse(FilterContext *cxt, const char *refusal, const char *hint)
{
	if (cxt->filter->refusal != NULL)
		return;
	cxt->filter->refusal = pstrdup(refusal);
	cxt->filter->refusal_hint = hint ? pstrdup(hint) : NULL;
}

/*
 * ---------- Equalities ----------
 */

/*
 * Collects the values that conditions name.  For a parameter with a list of
 * its own every equality counts (it may name a value beyond the list), for a
 * range every bound; for an open one the first condition that binds it does,
 * and further ones only filter.
 */
static void
collect_equalities(FilterContext *cxt, List *clauses)
{
	BfFilter   *filter = cxt->filter;
	ListCell   *lc;

	for (int i = 0; i < cxt->relation->nparams; i++)
	{
		List	   *source = NIL;

		if (cxt->relation->fixed[i] != NULL)
			continue;
		foreach(lc, clauses)
		{
			if (bf_relation_param(cxt->relation, i)->domain == BF_DOMAIN_RANGE)
				collect_bounds(cxt, lfirst(lc), i);
			else if (bf_relation_has_list(cxt->relation, i))
				collect_named(cxt, lfirst(lc), i);
			else if (source == NIL)
				source = open_source(cxt, lfirst(lc), i);
		}
		filter->equalities = list_concat(filter->equalities, source);
	}
	for (int i = 0; i < cxt->relation->nparams; i++)
		if (bf_relation_param(cxt->relation, i)->object != NULL)
			collect_members(cxt, clauses, i);
}

/*
 * Notes the first condition on a member of the objects that show a parameter,
 * unless it, or that of the key, is asked for by a column of its own.  One
 * key is all: rows that have two of them would come twice.
 */
static void
collect_members(FilterContext *cxt, List *clauses, int param)
{
	const BfRelation *relation = cxt->relation;
	BfFilter   *filter = cxt->filter;
	int			key = bf_relation_param_number(relation,
											   bf_relation_param(relation, param)->when_column);
	ListCell   *lc;

	if (bf_filter_has_equality(relation, filter, param, true) ||
		bf_filter_has_equality(relation, filter, key, true))
		return;
	foreach(lc, clauses)
	{
		filter->members = bf_equality_match_member(cxt->root, cxt->baserel,
												   relation, lfirst(lc), param);
		if (filter->members != NIL)
			return;
	}
}

/*
 * Notes every equality on a parameter with a list of its own, wherever AND
 * and OR lead.
 */
static void
collect_named(FilterContext *cxt, Node *node, int param)
{
	BfEquality *equality;
	ListCell   *lc;

	if (is_andclause(node) || is_orclause(node))
	{
		foreach(lc, ((BoolExpr *) node)->args)
			collect_named(cxt, lfirst(lc), param);
		return;
	}
	equality = bf_equality_match(cxt->root, cxt->baserel, cxt->relation, node, param);
	if (equality != NULL)
		cxt->filter->equalities = lappend(cxt->filter->equalities, equality);
}

/*
 * Notes every bound of a range.  (The planner has made conditions of their
 * own of what AND joins.)
 */
static void
collect_bounds(FilterContext *cxt, Node *node, int param)
{
	List	   *bounds;

	bounds = bf_equality_match_range(cxt->root, cxt->baserel, cxt->relation,
									 node, param);
	if (bounds == NIL)
		return;
	cxt->filter->equalities = list_concat(cxt->filter->equalities, bounds);
	cxt->filter->bounds = lappend(cxt->filter->bounds, node);
}

/*
 * The equalities whose values, taken together, cover every value of the
 * parameter that this condition accepts; NIL when there are none.
 */
static List *
open_source(FilterContext *cxt, Node *node, int param)
{
	List	   *source = NIL;
	BfEquality *equality;
	ListCell   *lc;

	if (is_andclause(node))
	{
		foreach(lc, ((BoolExpr *) node)->args)
		{
			source = open_source(cxt, lfirst(lc), param);
			if (source != NIL)
				break;
		}
		return source;
	}
	if (is_orclause(node))
	{
		foreach(lc, ((BoolExpr *) node)->args)
		{
			List	   *arm = open_source(cxt, lfirst(lc), param);

			if (arm == NIL)
				return NIL;
			source = list_concat(source, arm);
		}
		return source;
	}
	equality = bf_equality_match(cxt->root, cxt->baserel, cxt->relation, node, param);
	return equality ? list_make1(equality) : NIL;
}

/*
 * Is there an equality for this parameter, or a fixed value?  IS NULL counts
 * when or_null is set.
 */
bool
bf_filter_has_equality(const BfRelation *relation, const BfFilter *filter,
					   int param, bool or_null)
{
	ListCell   *lc;

	if (relation->fixed[param] != NULL)
		return true;
	foreach(lc, filter->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (equality->param == param &&
			(or_null || equality->kind != BF_EQUALITY_IS_NULL))
			return true;
	}
	return false;
}

/*
 * ---------- Conditions ----------
 */

/*
 * Finds the columns that have candidates when the scan runs.
 */
static void
find_candidates(FilterContext *cxt)
{
	for (int i = 0; i < cxt->relation->nparams; i++)
		if (bf_relation_has_list(cxt->relation, i) ||
			(bf_relation_param(cxt->relation, i)->domain == BF_DOMAIN_OPEN &&
			 bf_filter_has_equality(cxt->relation, cxt->filter, i, true)))
			cxt->candidates = bms_add_members(cxt->candidates,
											  bf_relation_columns(cxt->relation, i));
}

/*
 * Can the expression be evaluated on a combination of candidates?  Whole-row
 * references and system columns have no candidates and so exclude
 * themselves.
 */
static bool
usable(FilterContext *cxt, Node *node)
{
	return bms_is_subset(columns_of(cxt, node), cxt->candidates) &&
		!bf_volatile_contain(cxt->root, node);
}

/*
 * The strongest usable condition that follows from this one, or NULL.  An
 * AND may lose arms, an OR needs something of each, and below NOT nothing
 * may be lost.
 */
static Node *
weaken(FilterContext *cxt, Node *node)
{
	if (usable(cxt, node))
		return node;
	if (is_andclause(node) || is_orclause(node))
		return weaken_bool(cxt, (BoolExpr *) node);
	return NULL;
}

static Node *
weaken_bool(FilterContext *cxt, BoolExpr *expr)
{
	List	   *arms = NIL;
	ListCell   *lc;

	foreach(lc, expr->args)
	{
		Node	   *arm = weaken(cxt, lfirst(lc));

		if (arm != NULL)
			arms = lappend(arms, arm);
		else if (expr->boolop == OR_EXPR)
			return NULL;
	}
	if (arms == NIL)
		return NULL;
	/* A single arm goes bare, or EXPLAIN would show doubled brackets. */
	if (list_length(arms) == 1)
		return linitial(arms);
	return (Node *) makeBoolExpr(expr->boolop, arms, -1);
}

/*
 * The columns of the scanned table that an expression mentions.  The whole
 * row stands for itself, and for all input columns.
 */
static Bitmapset *
columns_of(FilterContext *cxt, Node *node)
{
	Bitmapset  *columns = NULL;

	pull_varattnos(node, cxt->baserel->relid, &columns);
	if (bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, columns))
		columns = bms_add_members(columns, cxt->inputs);
	return columns;
}

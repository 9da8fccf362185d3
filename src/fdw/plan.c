/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  Planner callbacks, and what a plan carries to the executor.
 *
 * A plan may be cached and shown: it holds expressions, names and numbers,
 * never a secret, an address or a resolved option.
 *
 * IDENTIFICATION
 *	  src/fdw/plan.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/compat.h"
#include "fdw/estimate.h"
#include "fdw/filter.h"
#include "fdw/plan.h"
#include "fdw/relation.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"

/*
 * Items of ForeignScan.fdw_private.  ForeignScan.fdw_exprs holds the clauses
 * first, then the bounds, then one expression per equality.
 */
enum
{
	PRIVATE_CLAUSES,			/* integer List: number of clauses, and of
								 * bounds, in fdw_exprs */
	PRIVATE_EQUALITIES,			/* List of integer lists: param, kind, strict,
								 * member */
	PRIVATE_WANTED,				/* integer List: columns to decode */
	PRIVATE_LIMIT,				/* Integer: BfPlan.limit */
	PRIVATE_COUNTS,				/* Boolean: BfPlan.counts */
	PRIVATE_JOINABLE,			/* integer List: BfPlan.joinable */
	PRIVATE_JOINED,				/* Boolean: BfPlan.joined */
	PRIVATE_REFUSAL,			/* List of String: refusal, hint; or NIL */
	PRIVATE_COUNT
};

/* Items of ForeignPath.fdw_private: what is found out for each path. */
enum
{
	PATH_COUNTS,				/* Boolean: BfPlan.counts */
	PATH_JOINED					/* Boolean: BfPlan.joined */
};

/* Helper functions */
static void add_scan_path(PlannerInfo *root, RelOptInfo *baserel,
						  Relids outer);
static bool needs_executor_walker(Node *node, void *context);
static List *scan_quals(const BfFilter *filter, List *rinfos);
static List *pack_private(const BfFilter *filter, List *values,
						  List *wanted, int limit, List *path_private);
static List *wanted_columns(const BfRelation *relation, RelOptInfo *baserel,
							List *quals);
static bool may_count(const BfRelation *relation, RelOptInfo *baserel,
					  const BfFilter *filter, List *rinfos);
static int	limit_hint(PlannerInfo *root, RelOptInfo *baserel,
					   const BfFilter *filter);

/*
 * billingGetForeignRelSize
 *		Reads the definition of the table and guesses the number of rows.
 */
void
billingGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
						 Oid foreigntableid)
{
	BfRelation *relation = bf_relation_open(foreigntableid);
	BfFilter   *filter;

	bf_relation_check_site(relation);
	baserel->fdw_private = relation;
	bf_estimate_table(root, baserel, relation);
	filter = bf_filter_build(root, baserel, relation, baserel->baserestrictinfo);
	baserel->rows = bf_estimate_scan(root, baserel, relation, filter,
									 baserel->baserestrictinfo, false).rows;
}

/*
 * billingGetForeignPaths
 *		Adds the ways to read the table: by its own conditions, and with
 *		values that other relations give.
 */
void
billingGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel,
					   Oid foreigntableid)
{
	List	   *sets;
	ListCell   *lc;

	add_scan_path(root, baserel, baserel->lateral_relids);
	sets = bf_filter_outer_sets(root, baserel, baserel->fdw_private);
	foreach(lc, sets)
		add_scan_path(root, baserel, lfirst(lc));
}

/*
 * Adds the path for a set of relations that give values.  A path that lacks
 * something is added as well, because it may be the only one; but the
 * planner must not choose it when there is another, whatever that costs.
 */
static void
add_scan_path(PlannerInfo *root, RelOptInfo *baserel, Relids outer)
{
	BfRelation *relation = baserel->fdw_private;
	const BfOptions *options = relation->options;
	ParamPathInfo *param_info = get_baserel_parampathinfo(root, baserel, outer);
	List	   *rinfos = baserel->baserestrictinfo;
	BfFilter   *filter;
	BfEstimate	estimate;
	Cost		startup;
	Cost		total;
	Cardinality rows;
	bool		counts;
	bool		disabled;

	if (param_info != NULL)
		rinfos = list_concat_copy(rinfos, param_info->ppi_clauses);
	filter = bf_filter_build(root, baserel, relation, rinfos);
	counts = may_count(relation, baserel, filter, rinfos);
	estimate = bf_estimate_scan(root, baserel, relation, filter, rinfos, counts);
	disabled = !filter->complete || !estimate.narrowed;

	startup = options->startup_cost + options->call_cost;
	total = options->startup_cost + options->call_cost * estimate.calls +
		(options->tuple_cost + cpu_tuple_cost) * estimate.rows;

	/*
	 * A parent gets its values from a join only when every child does.  So
	 * that the planner keeps this path of a child that needs no values, it
	 * must return fewer rows than the one without.
	 */
	rows = estimate.rows;
	if (IS_OTHER_REL(baserel) && !bms_equal(outer, baserel->lateral_relids))
		rows = Min(rows, baserel->rows) * 0.99;
	add_path(baserel, (Path *)
			 bf_compat_foreignscan_path(root, baserel, rows, startup,
										total, outer, disabled,
										list_make2(makeBoolean(counts),
												   makeBoolean(!disabled))));
}

/*
 * billingGetForeignPlan
 *		Makes the plan node.  All conditions stay in the plan: the executor
 *		checks them on the rows, whatever they meant for the requests.
 */
ForeignScan *
billingGetForeignPlan(PlannerInfo *root, RelOptInfo *baserel,
					  Oid foreigntableid, ForeignPath *best_path, List *tlist,
					  List *scan_clauses, Plan *outer_plan)
{
	BfRelation *relation = baserel->fdw_private;
	BfFilter   *filter;
	List	   *quals;
	List	   *wanted;
	List	   *values;
	List	   *exprs;
	ListCell   *lc;

	filter = bf_filter_build(root, baserel, relation, scan_clauses);
	quals = scan_quals(filter, scan_clauses);
	wanted = wanted_columns(relation, baserel, quals);

	exprs = list_concat_copy(filter->clauses, filter->bounds);
	values = list_concat_copy(filter->equalities, filter->members);
	foreach(lc, values)
		exprs = lappend(exprs, ((BfEquality *) lfirst(lc))->expr);

	return make_foreignscan(tlist, quals, baserel->relid, exprs,
							pack_private(filter, values, wanted,
										 limit_hint(root, baserel, filter),
										 best_path->fdw_private),
							NIL, NIL, outer_plan);
}

/*
 * What a plan carries; the result points into the plan.
 */
BfPlan *
bf_plan_unpack(const ForeignScan *scan)
{
	BfPlan	   *plan = palloc0(sizeof(BfPlan));
	List	   *private = scan->fdw_private;
	List	   *refusal = list_nth(private, PRIVATE_REFUSAL);
	List	   *counts = list_nth(private, PRIVATE_CLAUSES);
	int			next = 0;
	ListCell   *lc;

	Assert(list_length(private) == PRIVATE_COUNT);
	while (next < linitial_int(counts))
		plan->clauses = lappend(plan->clauses, list_nth(scan->fdw_exprs, next++));
	while (next < linitial_int(counts) + lsecond_int(counts))
		plan->bounds = lappend(plan->bounds, list_nth(scan->fdw_exprs, next++));
	foreach(lc, (List *) list_nth(private, PRIVATE_EQUALITIES))
	{
		BfEquality *equality = palloc(sizeof(BfEquality));
		List	   *numbers = lfirst(lc);

		equality->param = linitial_int(numbers);
		equality->kind = lsecond_int(numbers);
		equality->strict = lthird_int(numbers);
		equality->member = lfourth_int(numbers);
		equality->expr = list_nth(scan->fdw_exprs, next++);
		plan->equalities = lappend(plan->equalities, equality);
	}
	plan->wanted = list_nth(private, PRIVATE_WANTED);
	plan->joinable = list_nth(private, PRIVATE_JOINABLE);
	plan->joined = boolVal(list_nth(private, PRIVATE_JOINED));
	plan->limit = intVal(list_nth(private, PRIVATE_LIMIT));
	plan->counts = boolVal(list_nth(private, PRIVATE_COUNTS));
	if (refusal != NIL)
	{
		plan->refusal = strVal(linitial(refusal));
		if (list_length(refusal) > 1)
			plan->refusal_hint = strVal(lsecond(refusal));
	}
	return plan;
}

/*
 * Do the conditions need values that only a running executor has: of a join,
 * of a subquery?
 */
bool
bf_plan_needs_executor(const BfPlan *plan)
{
	ListCell   *lc;

	foreach(lc, plan->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (needs_executor_walker((Node *) equality->expr, NULL))
			return true;
	}
	return needs_executor_walker((Node *) plan->clauses, NULL);
}

static bool
needs_executor_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubPlan) || IsA(node, AlternativeSubPlan))
		return true;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC;
	return expression_tree_walker(node, needs_executor_walker, context);
}

/*
 * The conditions that the executor checks on the rows of a scan.
 */
static List *
scan_quals(const BfFilter *filter, List *rinfos)
{
	return list_concat(extract_actual_clauses(rinfos, false),
					   filter->partition_quals);
}

static List *
pack_private(const BfFilter *filter, List *values, List *wanted, int limit,
			 List *path_private)
{
	List	   *equalities = NIL;
	List	   *refusal = NIL;
	ListCell   *lc;

	foreach(lc, values)
	{
		BfEquality *equality = lfirst(lc);

		equalities = lappend(equalities,
							 list_make4_int(equality->param, equality->kind,
											equality->strict, equality->member));
	}
	if (filter->refusal != NULL)
		refusal = list_make1(makeString(filter->refusal));
	if (filter->refusal_hint != NULL)
		refusal = lappend(refusal, makeString(filter->refusal_hint));

	/* In the order of the enum above. */
	return list_concat(list_make4(list_make2_int(list_length(filter->clauses),
												 list_length(filter->bounds)),
								  equalities, wanted, makeInteger(limit)),
					   list_make4(list_nth(path_private, PATH_COUNTS),
								  filter->joinable,
								  list_nth(path_private, PATH_JOINED),
								  refusal));
}

/*
 * The columns that the query needs from this scan: those of its output and
 * those that its conditions mention.
 */
static List *
wanted_columns(const BfRelation *relation, RelOptInfo *baserel,
			   List *quals)
{
	Bitmapset  *used = NULL;
	List	   *wanted = NIL;
	bool		whole_row;

	pull_varattnos((Node *) baserel->reltarget->exprs, baserel->relid, &used);
	pull_varattnos((Node *) quals, baserel->relid, &used);
	whole_row = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, used);

	for (int i = 0; i < relation->nattrs; i++)
	{
		AttrNumber	attnum = relation->attrs[i].attnum;

		if (whole_row ||
			bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, used))
			wanted = lappend_int(wanted, attnum);
	}
	return wanted;
}

/*
 * May the API's total stand for the rows of a request?  The API must take any
 * size of a page, the query must need no column beyond those that parameters
 * feed, and no condition may be left to be checked row by row.  The rest is
 * seen when the requests are known.
 */
static bool
may_count(const BfRelation *relation, RelOptInfo *baserel,
		  const BfFilter *filter, List *rinfos)
{
	const BfTable *table = relation->table;
	List	   *wanted;
	ListCell   *lc;

	if (!relation->options->count_from_total || filter->local ||
		table->action->total == NULL || table->nested != NULL ||
		table->action->paging != BF_PAGING_OFFSET)
		return false;
	wanted = wanted_columns(relation, baserel, scan_quals(filter, rinfos));
	foreach(lc, wanted)
	{
		int			param = bf_relation_attribute(relation, lfirst_int(lc))->param;

		if (param < 0)
			return false;
		if (!bf_relation_has_list(relation, param) &&
			!bf_relation_is_echoed(relation, param) &&
			!bf_filter_has_equality(relation, filter, param, false))
			return false;
	}
	return true;
}

/*
 * How many rows the query may want at most, as a hint for the size of the
 * first page; 0 = unknown.  The bound counts rows of the whole query, so it
 * is of use only when each row of the scan is one of the query.
 */
static int
limit_hint(PlannerInfo *root, RelOptInfo *baserel, const BfFilter *filter)
{
	if (root->limit_tuples < 1 || root->limit_tuples > 1000000 ||
		root->parse->sortClause != NIL || filter->local ||
		!bms_equal(root->all_baserels, baserel->relids))
		return 0;
	return (int) root->limit_tuples;
}

/*-------------------------------------------------------------------------
 *
 * estimate.c
 *	  How many requests, calls and rows a scan will take.
 *
 * Months and group types are counted: conditions on them that can be
 * evaluated safely while planning are, on each candidate.  The rest is left
 * to the planner's selectivities.  Rows of a request are learnt from the
 * scans of the session.
 *
 * IDENTIFICATION
 *	  src/fdw/estimate.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/sysattr.h"
#include "fdw/candidate.h"
#include "fdw/compat.h"
#include "fdw/estimate.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

/* Weight of the newest scan in the average of rows per request. */
#define NEWEST_WEIGHT 0.5

/* What has been learnt of a foreign table in this session. */
typedef struct Learnt
{
	Oid			relid;			/* key */
	double		rows;			/* of a request */
} Learnt;

/* A candidate to be put in the place of a column. */
typedef struct Substitution
{
	Index		varno;
	const BfCandidates *set;
	const BfCandidate *candidate;
} Substitution;

/* Lives as long as the backend does. */
static HTAB *learnt_rows = NULL;

/* Helper functions */
static double learnt_rows_of(const BfRelation *relation);
static BfCandidates candidates_of(const BfRelation *relation, int param);
static double count_candidates(PlannerInfo *root, RelOptInfo *baserel,
							   const BfRelation *relation,
							   const BfFilter *filter, int param,
							   bool *narrowed);
static double count_values(PlannerInfo *root, const BfFilter *filter,
						   int param);
static bool folds_to_false(PlannerInfo *root, Node *clause,
						   Substitution *substitution, bool *undecided);
static Node *substitute_mutator(Node *node, void *context);
static bool is_decided(RelOptInfo *baserel, const BfRelation *relation,
					   Node *clause);
static bool is_sent(RelOptInfo *baserel, const BfRelation *relation,
					const BfFilter *filter, Node *clause);

/*
 * Estimates the rows of a request and of the whole table, all its months and
 * group types.  What the session has seen counts more than what ANALYZE has
 * left in baserel->tuples, and that more than the catalog's guess.
 */
void
bf_estimate_table(PlannerInfo *root, RelOptInfo *baserel,
				  BfRelation *relation)
{
	BfFilter   *filter = bf_filter_build(root, baserel, relation, NIL);
	double		requests = 1;
	bool		narrowed = true;

	for (int i = 0; i < relation->nparams; i++)
		if (bf_relation_has_list(relation, i))
			requests *= count_candidates(root, baserel, relation, filter, i,
										 &narrowed);

	relation->rows_per_request = learnt_rows_of(relation);
	if (relation->rows_per_request < 0)
		relation->rows_per_request = baserel->tuples >= 0 ?
			baserel->tuples / requests : relation->table->rows_per_request;
	baserel->tuples = clamp_row_est(relation->rows_per_request * requests);
}

/*
 * What a scan takes that is narrowed by this filter, made of these
 * RestrictInfos.  When it only counts rows, one page of a request will do.
 */
BfEstimate
bf_estimate_scan(PlannerInfo *root, RelOptInfo *baserel,
				 const BfRelation *relation, const BfFilter *filter,
				 List *rinfos, bool counts)
{
	BfEstimate	estimate;
	List	   *sent = NIL;
	List	   *undecided = NIL;
	double		domains = 1;	/* combinations of months and group types */
	double		echoes = 1;		/* each brings rows of its own */
	double		filters = 1;	/* values that share the rows among them */
	double		fetched;
	int			page_size = bf_relation_page_size(relation);
	ListCell   *lc;

	estimate.narrowed = true;
	for (int i = 0; i < relation->nparams; i++)
	{
		const BfParam *param = bf_relation_param(relation, i);

		if (bf_relation_has_list(relation, i))
			domains *= count_candidates(root, baserel, relation, filter, i,
										&estimate.narrowed);
		else if (bf_relation_is_echoed(relation, i))
			echoes *= count_values(root, filter, i);
		else if (!param->list)
			filters *= count_values(root, filter, i);
	}

	foreach(lc, rinfos)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (is_decided(baserel, relation, (Node *) rinfo->clause))
			continue;
		undecided = lappend(undecided, rinfo);
		if (is_sent(baserel, relation, filter, (Node *) rinfo->clause))
			sent = lappend(sent, rinfo);
	}

	fetched = domains * echoes * relation->rows_per_request;
	estimate.rows = fetched *
		clauselist_selectivity(root, undecided, baserel->relid, JOIN_INNER,
							   NULL);
	estimate.rows = clamp_row_est(estimate.rows);
	fetched *= clauselist_selectivity(root, sent, baserel->relid, JOIN_INNER,
									  NULL);

	estimate.calls = domains * echoes * filters;
	if (page_size > 0 && !counts)
		estimate.calls *= Max(ceil(fetched / estimate.calls / page_size), 1);
	return estimate;
}

/*
 * Notes how many rows a request of the table had that was read to its end.
 */
void
bf_estimate_learn(const BfRelation *relation, double rows)
{
	Learnt	   *learnt;
	bool		found;

	if (learnt_rows == NULL)
	{
		HASHCTL		ctl;

		memset(&ctl, 0, sizeof(ctl));
		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(Learnt);
		learnt_rows = hash_create("billing_fdw learnt rows", 16, &ctl,
								  HASH_ELEM | HASH_BLOBS);
	}
	learnt = hash_search(learnt_rows, &relation->relid, HASH_ENTER, &found);
	learnt->rows = found ?
		learnt->rows + NEWEST_WEIGHT * (rows - learnt->rows) : rows;
}

/*
 * Forgets what the session has learnt of a table, because ANALYZE knows
 * better now.
 */
void
bf_estimate_forget(Oid relid)
{
	if (learnt_rows != NULL)
		hash_search(learnt_rows, &relid, HASH_REMOVE, NULL);
}

/*
 * Rows of a request as learnt in this session, -1 = not yet.
 */
static double
learnt_rows_of(const BfRelation *relation)
{
	Learnt	   *learnt = NULL;

	if (learnt_rows != NULL)
		learnt = hash_search(learnt_rows, &relation->relid, HASH_FIND, NULL);
	return learnt ? learnt->rows : -1;
}

/*
 * The values in a parameter's own list; none for a parameter without.
 */
static BfCandidates
candidates_of(const BfRelation *relation, int param)
{
	BfCandidates set;

	memset(&set, 0, sizeof(set));
	bf_candidate_prepare(&set, relation, param, NIL, NULL);
	bf_candidate_make(&set, NULL);
	return set;
}

/*
 * How many values of a parameter with a list of its own will pass the
 * conditions.  Clears *narrowed if all of them will though the parameter is
 * required: such a scan would be refused.
 */
static double
count_candidates(PlannerInfo *root, RelOptInfo *baserel,
				 const BfRelation *relation, const BfFilter *filter,
				 int param, bool *narrowed)
{
	Bitmapset  *columns = bf_relation_columns(relation, param);
	List	   *foldable = NIL;
	bool		undecided = false;
	double		selectivity = 1;
	double		count = 0;
	BfCandidates set = candidates_of(relation, param);
	ListCell   *lc;

	foreach(lc, filter->clauses)
	{
		Node	   *clause = lfirst(lc);
		Bitmapset  *used = NULL;

		pull_varattnos(clause, baserel->relid, &used);
		if (!bms_overlap(used, columns))
			continue;

		/* Leakproof functions cannot fail on a value. */
		if (bms_is_subset(used, columns) &&
			bms_equal(pull_varnos(root, clause), baserel->relids) &&
			!contain_subplans(clause) && !contain_leaked_vars(clause))
			foldable = lappend(foldable,
							   estimate_expression_value(root, clause));
		else
		{
			undecided = true;
			if (bms_is_subset(used, columns))
				selectivity *= clause_selectivity(root, clause, baserel->relid,
												  JOIN_INNER, NULL);
		}
	}

	for (int i = 0; i < set.count; i++)
	{
		Substitution substitution = {baserel->relid, &set, &set.items[i]};
		bool		passes = true;

		foreach(lc, foldable)
			passes = passes && !folds_to_false(root, lfirst(lc), &substitution,
											   &undecided);
		count += passes;
	}

	if (count == set.count && set.count > 1 && foldable != NIL && !undecided &&
		bf_relation_param(relation, param)->required)
		*narrowed = *narrowed && bf_filter_implies(relation, filter, param);

	/* An equality with a value that is not known yet lets few pass. */
	foreach(lc, filter->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (equality->param == param && !IsA(equality->expr, Const))
			selectivity = Min(selectivity, count_values(root, filter, param) / Max(count, 1));
	}
	return Max(count * selectivity, 1);
}

/*
 * How many values the equalities of a parameter name; 1 when there are none.
 */
static double
count_values(PlannerInfo *root, const BfFilter *filter, int param)
{
	double		count = 0;
	ListCell   *lc;

	foreach(lc, list_concat_copy(filter->equalities, filter->members))
	{
		BfEquality *equality = lfirst(lc);

		if (equality->param != param || BF_EQUALITY_IS_BOUND(equality->kind))
			continue;
		count += equality->kind == BF_EQUALITY_ARRAY ?
			bf_compat_array_length(root, (Node *) equality->expr) : 1;
	}
	return Max(count, 1);
}

/*
 * Does a condition fail on a candidate?  When that cannot be told, because it
 * has a parameter say, returns false and sets *undecided.
 */
static bool
folds_to_false(PlannerInfo *root, Node *clause, Substitution *substitution,
			   bool *undecided)
{
	Node	   *folded = substitute_mutator(clause, substitution);

	folded = estimate_expression_value(root, folded);
	if (!IsA(folded, Const))
	{
		*undecided = true;
		return false;
	}
	return ((Const *) folded)->constisnull ||
		!DatumGetBool(((Const *) folded)->constvalue);
}

static Node *
substitute_mutator(Node *node, void *context)
{
	Substitution *substitution = context;
	const BfCandidates *set = substitution->set;

	if (node == NULL)
		return NULL;
	if (IsA(node, Var) && (Index) ((Var *) node)->varno == substitution->varno)
	{
		Var		   *var = (Var *) node;

		for (int i = 0; i < set->nattrs; i++)
		{
			int16		len;
			bool		byval;

			if (set->attrs[i]->attnum != var->varattno)
				continue;
			get_typlenbyval(var->vartype, &len, &byval);
			return (Node *) makeConst(var->vartype, var->vartypmod,
									  var->varcollid, len,
									  substitution->candidate->datums[i],
									  false, byval);
		}
	}
	return expression_tree_mutator(node, substitute_mutator, context);
}

/*
 * Is a condition only about columns whose values were counted: those of
 * lists, and those that hold what was asked for?
 */
static bool
is_decided(RelOptInfo *baserel, const BfRelation *relation, Node *clause)
{
	Bitmapset  *used = NULL;
	Bitmapset  *counted = NULL;

	for (int i = 0; i < relation->nparams; i++)
		if (bf_relation_has_list(relation, i) ||
			bf_relation_is_echoed(relation, i))
			counted = bms_add_members(counted, bf_relation_columns(relation, i));
	pull_varattnos(clause, baserel->relid, &used);
	return bms_is_subset(used, counted);
}

/*
 * Is a condition about columns whose values are sent, so that fewer rows
 * come back?
 */
static bool
is_sent(RelOptInfo *baserel, const BfRelation *relation,
		const BfFilter *filter, Node *clause)
{
	Bitmapset  *used = NULL;
	Bitmapset  *sent = NULL;
	ListCell   *lc;

	foreach(lc, filter->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (!bf_relation_is_echoed(relation, equality->param))
			sent = bms_add_members(sent, bf_relation_columns(relation, equality->param));
	}
	foreach(lc, filter->members)
	{
		BfEquality *equality = lfirst(lc);

		for (int i = 0; i < relation->nattrs; i++)
			if (bf_relation_is_object(relation, &relation->attrs[i], equality->param))
				sent = bms_add_member(sent, relation->attrs[i].attnum -
									  FirstLowInvalidHeapAttributeNumber);
	}
	pull_varattnos(clause, baserel->relid, &used);
	return bms_is_subset(used, sent);
}

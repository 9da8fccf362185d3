/*-------------------------------------------------------------------------
 *
 * bind.c
 *	  Candidate values of parameters, combined and filtered: the requests.
 *
 * Every parameter has candidates; the conditions found by filter.c are
 * evaluated by the executor's own machinery on the combinations, each as
 * soon as all columns that it mentions have a value.  What passes is sent.
 *
 * IDENTIFICATION
 *	  src/fdw/bind.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "executor/executor.h"
#include "fdw/bind.h"
#include "fdw/filter.h"
#include "fdw/range.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "utils/rel.h"

/* A condition on combinations. */
typedef struct BoundClause
{
	ExprState  *state;
	Bitmapset  *params;			/* numbers of the parameters it mentions */
	int			level;			/* the last of them, at least 0 */
} BoundClause;

/* A parameter while requests are made. */
typedef struct BoundParam
{
	BfCandidates set;
	bool	   *survived;		/* per candidate: occurs in some request */
	bool		absent_survived;	/* a request lacks the parameter where it
									 * exists */
	const BfCandidate *current;
} BoundParam;

/* Lives as long as the scan. */
struct BfBinder
{
	const BfRelation *relation;
	ExprContext *ectx;			/* for conditions, reset per evaluation */
	TupleTableSlot *slot;		/* a combination, as a row of the table */
	int			nclauses;
	BoundClause *clauses;
	BoundClause *evaluated;		/* the one under way */
	int			nparams;
	BoundParam *params;
	int			month;			/* number of the parameter month, or -1 */
	const BfPlan *plan;

	/* while requests are made */
	BfRequestList *list;
	bool		whole;			/* see bf_bind_all */
	int			incomplete;
	int64		wanted;			/* requests needed, also beyond the limit */
	const BfCandidate **listed; /* values of the list parameter, gathered */
	int			nlisted;
};

/* Helper functions */
static void make_list(BfBinder *binder);
static void init_clauses(BfBinder *binder, PlanState *ps, const BfPlan *plan);
static void make_candidates(BfBinder *binder);
static void enumerate(BfBinder *binder, int level);
static bool try_candidate(BfBinder *binder, int level,
						  const BfCandidate *candidate);
static bool exists_here(BfBinder *binder, const BoundParam *bound);
static void assign(BfBinder *binder, int level, const BfCandidate *candidate);
static bool passes(BfBinder *binder, int level);
static void candidate_error_callback(void *arg);
static void emit(BfBinder *binder);
static void emit_list(BfBinder *binder);
static bool is_sent(BfBinder *binder, const BoundParam *bound);
static const BoundParam *param_named(BfBinder *binder, const char *column);
static void make_argument(BfBinder *binder, int number, BfArgument *argument);
static BfVariant make_variant(BfBinder *binder);
static void check_required(BfBinder *binder);
static bool is_narrowed(BfBinder *binder, int number);
static void refuse_required(BfBinder *binder, int number);
static void check_number(BfBinder *binder);

/*
 * Prepares the conditions of a plan.  The result lives in the current
 * context, which must be that of the query; its subplans register with "ps".
 */
BfBinder *
bf_bind_prepare(PlanState *ps, const BfRelation *relation,
				const BfPlan *plan)
{
	BfBinder   *binder = palloc0(sizeof(BfBinder));
	Relation	rel = ((ScanState *) ps)->ss_currentRelation;

	binder->relation = relation;
	binder->ectx = CreateExprContext(ps->state);
	binder->slot = ExecInitExtraTupleSlot(ps->state, RelationGetDescr(rel),
										  &TTSOpsVirtual);
	binder->nparams = relation->nparams;
	binder->params = palloc0_array(BoundParam, relation->nparams);
	binder->plan = plan;
	binder->month = -1;
	for (int i = 0; i < binder->nparams; i++)
	{
		bf_candidate_prepare(&binder->params[i].set, relation, i,
							 plan->equalities, ps);
		if (binder->params[i].set.param->domain == BF_DOMAIN_MONTH)
			binder->month = i;
	}
	init_clauses(binder, ps, plan);
	return binder;
}

/*
 * Makes the list of requests, in the current context.  Raises an error when
 * a condition fails on a candidate, or when a value that the user wrote cannot
 * be one.
 */
BfRequestList *
bf_bind_requests(BfBinder *binder)
{
	binder->whole = false;
	make_list(binder);
	check_required(binder);
	check_number(binder);
	return binder->list;
}

/*
 * The same, for a look at the whole table: nothing needs to be narrowed.  The
 * list lacks combinations whose required parameters have no value (tags
 * without a key); their number goes to *incomplete.  It ends where the number
 * of requests allowed does.
 */
BfRequestList *
bf_bind_all(BfBinder *binder, int *incomplete)
{
	binder->whole = true;
	make_list(binder);
	*incomplete = binder->incomplete;
	return binder->list;
}

static void
make_list(BfBinder *binder)
{
	binder->list = bf_requests_new(binder->relation);
	binder->wanted = 0;
	binder->incomplete = 0;
	make_candidates(binder);
	enumerate(binder, 0);
	bf_requests_complete(binder->list);
	ResetExprContext(binder->ectx);
}

/*
 * ---------- Preparation ----------
 */

/*
 * Prepares the conditions, each at the level where all its columns have
 * values.
 */
static void
init_clauses(BfBinder *binder, PlanState *ps, const BfPlan *plan)
{
	Index		varno = ((Scan *) ps->plan)->scanrelid;
	ListCell   *lc;

	binder->clauses = palloc0_array(BoundClause, list_length(plan->clauses) + 1);
	foreach(lc, plan->clauses)
	{
		BoundClause *clause = &binder->clauses[binder->nclauses++];
		Bitmapset  *columns = NULL;
		int			column = -1;

		clause->state = ExecInitExpr(lfirst(lc), ps);
		pull_varattnos(lfirst(lc), varno, &columns);
		while ((column = bms_next_member(columns, column)) >= 0)
		{
			AttrNumber	attnum = column + FirstLowInvalidHeapAttributeNumber;
			int			param = bf_relation_attribute(binder->relation, attnum)->param;

			clause->params = bms_add_member(clause->params, param);
			clause->level = Max(clause->level, param);
		}
	}
}

/*
 * Makes the candidates of all parameters; none is assigned.
 */
static void
make_candidates(BfBinder *binder)
{
	TupleTableSlot *slot = binder->slot;

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true,
		   slot->tts_tupleDescriptor->natts * sizeof(bool));
	for (int i = 0; i < binder->nparams; i++)
	{
		BoundParam *bound = &binder->params[i];

		if (bound->set.param->domain == BF_DOMAIN_RANGE)
			bf_range_make(&bound->set, binder->ectx, binder->whole);
		else
			bf_candidate_make(&bound->set, binder->ectx);
		bound->survived = palloc0_array(bool, bound->set.count + 1);
		bound->absent_survived = false;
		bound->current = &bf_candidate_null;
	}
}

/*
 * ---------- Combinations ----------
 */

/*
 * Tries all values of the parameter at this level, and below it all values
 * of those that follow.
 */
static void
enumerate(BfBinder *binder, int level)
{
	BoundParam *bound;

	CHECK_FOR_INTERRUPTS();
	if (level == binder->nparams)
	{
		emit(binder);
		return;
	}

	bound = &binder->params[level];
	if (!exists_here(binder, bound))
	{
		/* A table of one value has no rows that lack it. */
		if (binder->relation->fixed[level] == NULL)
			(void) try_candidate(binder, level, &bf_candidate_null);
		return;
	}
	if (bound->set.dropped || !bound->set.bound)
	{
		(void) try_candidate(binder, level, &bf_candidate_null);
		return;
	}

	if (bound->set.param->list)
	{
		/* One request takes them all; a list parameter comes last. */
		binder->listed = palloc_array(const BfCandidate *, bound->set.count + 1);
		binder->nlisted = 0;
		for (int i = 0; i < bound->set.count; i++)
		{
			assign(binder, level, &bound->set.items[i]);
			if (passes(binder, level))
			{
				binder->listed[binder->nlisted++] = &bound->set.items[i];
				bound->survived[i] = true;
			}
		}
		if (binder->nlisted > 0)
			emit_list(binder);
		assign(binder, level, &bf_candidate_null);
		return;
	}

	for (int i = 0; i < bound->set.count; i++)
		if (try_candidate(binder, level, &bound->set.items[i]))
			bound->survived[i] = true;
	assign(binder, level, &bf_candidate_null);
}

/*
 * Gives the parameter a value and goes on if no condition objects.  Returns
 * whether a request came of it.
 */
static bool
try_candidate(BfBinder *binder, int level, const BfCandidate *candidate)
{
	int64		before = binder->wanted;

	assign(binder, level, candidate);
	if (passes(binder, level))
		enumerate(binder, level + 1);
	return binder->wanted > before;
}

/*
 * Does the parameter exist beside the values assigned so far?  Where it does
 * not, its column is NULL.
 */
static bool
exists_here(BfBinder *binder, const BoundParam *bound)
{
	const BoundParam *other;

	if (bound->set.param->when_column == NULL)
		return true;
	other = param_named(binder, bound->set.param->when_column);
	return other->current->utf8 != NULL &&
		(bound->set.param->when_value == NULL ||
		 strcmp(other->current->utf8, bound->set.param->when_value) == 0);
}

/*
 * Puts a value into the columns that the parameter feeds.
 */
static void
assign(BfBinder *binder, int level, const BfCandidate *candidate)
{
	BoundParam *bound = &binder->params[level];
	TupleTableSlot *slot = binder->slot;

	bound->current = candidate;
	for (int i = 0; i < bound->set.nattrs; i++)
	{
		int			column = bound->set.attrs[i]->attnum - 1;

		slot->tts_isnull[column] = candidate->text == NULL;
		slot->tts_values[column] = candidate->text ? candidate->datums[i] : 0;
	}
}

/*
 * Evaluates the conditions whose columns have all got a value at this level.
 */
static bool
passes(BfBinder *binder, int level)
{
	ErrorContextCallback callback;
	bool		result = true;

	callback.callback = candidate_error_callback;
	callback.arg = binder;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	for (int i = 0; i < binder->nclauses && result; i++)
	{
		BoundClause *clause = binder->evaluated = &binder->clauses[i];
		bool		skip = clause->level != level;
		int			param = -1;
		bool		isnull;
		Datum		value;

		while (!skip && (param = bms_next_member(clause->params, param)) >= 0)
			skip = binder->params[param].set.dropped;
		if (skip)
			continue;

		ResetExprContext(binder->ectx);
		ExecClearTuple(binder->slot);
		ExecStoreVirtualTuple(binder->slot);
		binder->ectx->ecxt_scantuple = binder->slot;
		value = ExecEvalExprSwitchContext(clause->state, binder->ectx, &isnull);
		result = !isnull && DatumGetBool(value);
	}

	error_context_stack = callback.previous;
	return result;
}

/*
 * A condition can fail on a candidate that no row would have.  Only values
 * that the condition itself mentions are named: others may be hidden from
 * the user by a view.
 */
static void
candidate_error_callback(void *arg)
{
	BfBinder   *binder = arg;
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < binder->nparams; i++)
	{
		const char *value = binder->params[i].current->text;

		if (value != NULL && bms_is_member(i, binder->evaluated->params))
			appendStringInfo(&text, "%s%s %s", text.len > 0 ? ", " : "",
							 binder->params[i].set.param->column, value);
	}
	errcontext("while choosing requests of foreign table \"%s\": %s",
			   binder->relation->name, text.data);
}

/*
 * ---------- Requests ----------
 */

/*
 * Makes the request of the combination that is assigned.
 */
static void
emit(BfBinder *binder)
{
	binder->nlisted = 0;
	emit_list(binder);
}

/*
 * The same, with the values gathered for the list parameter.
 */
static void
emit_list(BfBinder *binder)
{
	BfArgument *args;
	bool		lacks = false;

	for (int i = 0; i < binder->nparams; i++)
	{
		BoundParam *bound = &binder->params[i];

		if (bound->set.param->required &&
			bound->current->text == NULL && bound->current->utf8 == NULL &&
			exists_here(binder, bound) &&
			!(bound->set.param->list && binder->nlisted > 0))
			lacks = bound->absent_survived = true;
	}
	if (lacks && binder->whole)
	{
		binder->incomplete++;
		return;
	}
	if (binder->wanted >= binder->relation->options->max_requests)
	{
		binder->wanted++;		/* for the message; nothing is kept */
		return;
	}

	args = palloc0_array(BfArgument, binder->nparams + 1);
	for (int i = 0; i < binder->nparams; i++)
		make_argument(binder, i, &args[i]);
	if (bf_requests_add(binder->list, args, make_variant(binder)))
		binder->wanted++;
}

/*
 * What the request says of a parameter.  Notes where the rows have to show
 * what it does not say.
 */
static void
make_argument(BfBinder *binder, int number, BfArgument *argument)
{
	const BoundParam *bound = &binder->params[number];
	const char **values = NULL;

	if (bound->set.param->list)
	{
		values = palloc_array(const char *, binder->nlisted + 1);
		for (int i = 0; i < binder->nlisted; i++)
			values[i] = binder->listed[i]->utf8;
		argument->nvalues = binder->nlisted;
	}
	else if (bound->set.param->domain == BF_DOMAIN_RANGE)
	{
		/* The rows that come are within the range, but for its edges. */
		values = palloc_array(const char *, 2);
		values[0] = bound->current->utf8;
		values[1] = bound->current->utf8_end;
		argument->nvalues = values[0] || values[1] ? 2 : 0;
	}
	else if (is_sent(binder, bound))
	{
		values = palloc_array(const char *, 1);
		values[0] = bound->current->utf8;
		argument->nvalues = 1;
	}
	else if (bound->set.dropped ||
			 (bound->current->text != NULL &&
			  !bf_relation_is_echoed(binder->relation, number)))
		binder->list->local = true;
	argument->values = values;
}

/*
 * What the rows of the request are told.  Variants differ only by columns
 * that hold what was asked for; the others are read from the row.
 */
static BfVariant
make_variant(BfBinder *binder)
{
	BfVariant	variant = palloc0_array(const BfCandidate *, binder->nparams + 1);

	for (int i = 0; i < binder->nparams; i++)
	{
		const BoundParam *bound = &binder->params[i];

		if (bf_relation_is_echoed(binder->relation, i) ||
			bound->set.param->domain == BF_DOMAIN_RANGE)
			variant[i] = bound->current;
	}
	return variant;
}

/*
 * Does the request name the value that is assigned?
 */
static bool
is_sent(BfBinder *binder, const BoundParam *bound)
{
	const BfParam *param = bound->set.param;
	const char *month;

	if (bound->current->utf8 == NULL)
		return false;
	if (param->sent_with != NULL &&
		param_named(binder, param->sent_with)->current->utf8 == NULL)
		return false;
	if (param->sent_since != NULL && binder->month >= 0)
	{
		/* YYYY-MM sorts as text. */
		month = binder->params[binder->month].current->text;
		return month != NULL && strcmp(month, param->sent_since) >= 0;
	}
	return true;
}

static const BoundParam *
param_named(BfBinder *binder, const char *column)
{
	return &binder->params[bf_relation_param_number(binder->relation, column)];
}

/*
 * Refuses a scan that a required parameter does not narrow: all months, or
 * the same money once per group type, is hardly ever what was meant.  By
 * looking at the outcome the rule is the same for custom and generic plans.
 * What a join narrows does not count as forgotten, whatever its values are
 * and wherever the plan evaluates it.
 */
static void
check_required(BfBinder *binder)
{
	int			lacking = -1;
	bool		joinable = false;

	/* Which one is named shall not depend on the plan, either. */
	for (int i = 0; i < binder->nparams; i++)
	{
		if (is_narrowed(binder, i) || (lacking >= 0 && !joinable))
			continue;
		if (lacking < 0 || !list_member_int(binder->plan->joinable, i))
		{
			lacking = i;
			joinable = list_member_int(binder->plan->joinable, i);
		}
	}
	if (lacking >= 0)
		refuse_required(binder, lacking);
}

/*
 * Do the requests leave out a value of this parameter, or need not to?
 */
static bool
is_narrowed(BfBinder *binder, int number)
{
	const BoundParam *bound = &binder->params[number];

	if (!bound->set.param->required)
		return true;
	if (!bf_relation_has_list(binder->relation, number))
		return !bound->absent_survived;
	if (binder->wanted == 0 || binder->relation->fixed[number] != NULL ||
		(binder->plan->joined && list_member_int(binder->plan->joinable, number)) ||
		(bound->set.param->domain == BF_DOMAIN_MONTH &&
		 binder->relation->options->first_month != NULL))
		return true;
	for (int i = 0; i < bound->set.count; i++)
		if (!bound->survived[i])
			return true;
	return false;
}

static void
refuse_required(BfBinder *binder, int number)
{
	const BfRelation *relation = binder->relation;
	const BfParam *param = bf_relation_param(relation, number);
	const char *column = bf_relation_column_name(relation, number);
	const char *where = "";

	if (param->when_value != NULL)
		where = psprintf(" where \"%s\" is '%s'",
						 bf_relation_column_name(relation,
												 bf_relation_param_number(relation,
																		  param->when_column)),
						 param->when_value);
	bf_requests_refuse(binder->list, ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED,
					   psprintf("foreign table \"%s\" needs a condition on \"%s\"%s",
								relation->name, column, where),
					   psprintf("For example: %s.  A join cannot give it in this query: add a condition, or use LATERAL (... OFFSET 0), or OFFSET 0 in EXISTS (...).",
								bf_relation_example(relation, number)));
}

/*
 * Refuses a scan of more requests than allowed.
 */
static void
check_number(BfBinder *binder)
{
	const BfRelation *relation = binder->relation;

	if (binder->wanted > relation->options->max_requests)
		bf_requests_refuse(binder->list, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED,
						   psprintf("scan of foreign table \"%s\" needs " INT64_FORMAT " requests, more than the %d allowed",
									relation->name, binder->wanted,
									relation->options->max_requests),
						   "Add conditions, or raise option \"max_requests\" of the foreign table or server.");
}

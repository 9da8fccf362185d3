/*-------------------------------------------------------------------------
 *
 * requests.c
 *	  The requests of a scan: candidate values, combined and filtered.
 *
 * Every parameter has candidates; the conditions found by filter.c are
 * evaluated by the executor's own machinery on the combinations, each as
 * soon as all columns that it mentions have a value.  What passes is sent.
 * Candidates are made when the scan runs, never in the plan: stable
 * functions and parameters change between executions.
 *
 * IDENTIFICATION
 *	  src/fdw/requests.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "api/month.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "fdw/filter.h"
#include "fdw/requests.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

/*
 * More values than this of a parameter that rows show as well are not sent
 * one by one: reading all rows and filtering them is cheaper than a request
 * for each.
 */
#define MAX_SENT_VALUES 32

/* A condition on combinations. */
typedef struct BoundClause
{
	ExprState  *state;
	Bitmapset  *params;			/* numbers of the parameters it mentions */
	int			level;			/* the last of them, at least 0 */
} BoundClause;

/* An equality, ready to be evaluated. */
typedef struct BoundEquality
{
	const BfEquality *equality;
	ExprState  *state;
} BoundEquality;

/* A parameter while requests are made. */
typedef struct BoundParam
{
	const BfParam *param;
	int			ncandidates;
	int			max_candidates;
	BfCandidate *candidates;
	bool		dropped;		/* left out in this scan; filtered locally */
	bool	   *survived;		/* per candidate: occurs in some request */
	bool		absent_survived;	/* a request lacks the parameter where it
									 * exists */
	const BfCandidate *current;
	int			nattrs;			/* columns it feeds */
	const BfAttribute **attrs;
	FmgrInfo   *input_functions;	/* per column */
	Oid		   *input_params;
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
	int			nequalities;
	BoundEquality *equalities;
	int			nparams;
	BoundParam *params;
	int			month;			/* number of the parameter month, or -1 */

	/* while requests are made */
	MemoryContext cxt;			/* of the list under way; the caller's */
	BfRequestList *list;
	int			max_items;		/* room in list->items */
	int64		wanted;			/* requests needed, also beyond the limit */
	HTAB	   *by_hash;
	const BfCandidate **listed; /* values of the list parameter, gathered */
	int			nlisted;
};

typedef struct HashEntry
{
	uint64		hash;			/* key */
	int			first;			/* item of the list */
} HashEntry;

static const BfCandidate null_candidate = {NULL, NULL, NULL};

/* Helper functions */
static void init_param(BfBinder *binder, int number);
static void init_clauses(BfBinder *binder, PlanState *ps, const BfPlan *plan);
static void make_candidates(BfBinder *binder, int number);
static void add_extent(BfBinder *binder, BoundParam *bound);
static void add_closed(BfBinder *binder, BoundParam *bound);
static void add_equality(BfBinder *binder, BoundParam *bound,
						 const BoundEquality *equality);
static void add_named(BfBinder *binder, BoundParam *bound,
					  const BoundEquality *equality, Datum value, Oid type);
static char *named_month(BfBinder *binder, BoundParam *bound, Datum value,
						 Oid type, bool strict);
static void no_such_value(BfBinder *binder, BoundParam *bound,
						  const char *value);
static void add_candidate(BfBinder *binder, BoundParam *bound,
						  const char *text);
static bool to_column_type(BfBinder *binder, BoundParam *bound, int attr,
						   const char *text, Datum *datum);
static void drop_unsendable(BoundParam *bound);
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
static void add_request(BfBinder *binder, const BfArgument *args,
						const char *body);
static void add_variant(BfBinder *binder, BfRequest *request);
static void check_required(BfBinder *binder);
static bool same_candidate(const BfCandidate *a, const BfCandidate *b);
static bool needs_executor_walker(Node *node, void *context);

/*
 * Prepares the conditions of a plan.  The result lives in the current
 * context, which must be that of the query; its subplans register with "ps".
 */
BfBinder *
bf_requests_binder(PlanState *ps, const BfRelation *relation,
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
	binder->listed = NULL;
	binder->month = -1;
	for (int i = 0; i < binder->nparams; i++)
		init_param(binder, i);
	init_clauses(binder, ps, plan);
	return binder;
}

/*
 * Makes the list of requests, in the current context.  Raises an error when
 * a condition fails on a candidate, when a value that the user wrote cannot
 * be one, or when there are too many requests.
 */
BfRequestList *
bf_requests_bind(BfBinder *binder)
{
	HASHCTL		ctl;

	binder->cxt = CurrentMemoryContext;
	binder->list = palloc0(sizeof(BfRequestList));
	binder->list->nparams = binder->nparams;
	binder->max_items = 0;
	binder->wanted = 0;
	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(uint64);
	ctl.entrysize = sizeof(HashEntry);
	ctl.hcxt = binder->cxt;
	binder->by_hash = hash_create("billing_fdw requests", 64, &ctl,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	ExecClearTuple(binder->slot);
	memset(binder->slot->tts_isnull, true,
		   binder->slot->tts_tupleDescriptor->natts * sizeof(bool));
	for (int i = 0; i < binder->nparams; i++)
		make_candidates(binder, i);

	enumerate(binder, 0);
	check_required(binder);
	if (binder->list->refusal == NULL &&
		binder->wanted > binder->relation->options->max_requests)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("scan of foreign table \"%s\" needs " INT64_FORMAT " requests, more than the %d allowed",
						binder->relation->name, binder->wanted,
						binder->relation->options->max_requests),
				 errhint("Add conditions, or raise option \"max_requests\" of the foreign table or server.")));

	hash_destroy(binder->by_hash);
	ResetExprContext(binder->ectx);
	return binder->list;
}

/*
 * Would both lists ask for the same and tell the rows the same?
 */
bool
bf_requests_equal(const BfRequestList *a, const BfRequestList *b)
{
	if (a->count != b->count || (a->refusal == NULL) != (b->refusal == NULL))
		return false;
	for (int i = 0; i < a->count; i++)
	{
		const BfRequest *x = &a->items[i];
		const BfRequest *y = &b->items[i];

		if (strcmp(x->body, y->body) != 0 || x->nvariants != y->nvariants)
			return false;
		for (int j = 0; j < x->nvariants; j++)
			for (int k = 0; k < a->nparams; k++)
				if (!same_candidate(x->variants[j][k], y->variants[j][k]))
					return false;
	}
	return true;
}

static bool
same_candidate(const BfCandidate *a, const BfCandidate *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->text == NULL || b->text == NULL)
		return a->text == b->text;
	return strcmp(a->text, b->text) == 0;
}

/*
 * The JSON text of a request for a page, in the current context.
 */
char *
bf_requests_body(const BfRelation *relation, const BfArgument *args,
				 const BfPageSpec *page)
{
	char	   *json = bf_request_body(relation->table->action, args, page);
	char	   *body;

	if (json == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	body = pstrdup(json);
	free(json);
	return body;
}

/*
 * Do the conditions need values that only a running executor has: of a join,
 * of a subquery?
 */
bool
bf_requests_need_executor(const BfPlan *plan)
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
 * ---------- Preparation ----------
 */

static void
init_param(BfBinder *binder, int number)
{
	const BfRelation *relation = binder->relation;
	BoundParam *bound = &binder->params[number];

	bound->param = bf_relation_param(relation, number);
	if (bound->param->domain == BF_DOMAIN_MONTH)
		binder->month = number;
	bound->attrs = palloc0_array(const BfAttribute *, relation->nattrs + 1);
	bound->input_functions = palloc0_array(FmgrInfo, relation->nattrs + 1);
	bound->input_params = palloc0_array(Oid, relation->nattrs + 1);
	for (int i = 0; i < relation->nattrs; i++)
	{
		const BfAttribute *attr = &relation->attrs[i];
		Oid			function;

		if (attr->param != number)
			continue;
		getTypeInputInfo(attr->base_type, &function,
						 &bound->input_params[bound->nattrs]);
		fmgr_info(function, &bound->input_functions[bound->nattrs]);
		bound->attrs[bound->nattrs++] = attr;
	}
}

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

	binder->equalities = palloc0_array(BoundEquality,
									   list_length(plan->equalities) + 1);
	foreach(lc, plan->equalities)
	{
		BoundEquality *bound = &binder->equalities[binder->nequalities++];

		bound->equality = lfirst(lc);
		bound->state = ExecInitExpr(bound->equality->expr, ps);
	}
}

/*
 * ---------- Candidates ----------
 */

/*
 * Makes the candidates of a parameter, without duplicates.
 */
static void
make_candidates(BfBinder *binder, int number)
{
	BoundParam *bound = &binder->params[number];
	const char *fixed = binder->relation->fixed[number];

	bound->ncandidates = 0;
	bound->max_candidates = 0;
	bound->candidates = NULL;
	bound->dropped = false;
	bound->absent_survived = false;
	bound->current = &null_candidate;

	if (fixed != NULL)
		add_candidate(binder, bound, fixed);
	else
	{
		if (bound->param->domain == BF_DOMAIN_MONTH)
			add_extent(binder, bound);
		else if (bound->param->domain == BF_DOMAIN_CLOSED)
			add_closed(binder, bound);
		for (int i = 0; i < binder->nequalities; i++)
			if (binder->equalities[i].equality->param == number)
				add_equality(binder, bound, &binder->equalities[i]);
		drop_unsendable(bound);
	}
	bound->survived = palloc0_array(bool, bound->ncandidates + 1);
}

/*
 * The months of the table, newest first.
 */
static void
add_extent(BfBinder *binder, BoundParam *bound)
{
	BfMonth		first;
	BfMonth		last;
	char		text[BF_MONTH_TEXT_SIZE];

	bf_relation_extent(binder->relation, &first, &last);
	for (BfMonth month = last; month >= first; month--)
	{
		bf_month_format(month, text);
		add_candidate(binder, bound, text);
	}
}

/*
 * The values of a closed list that have rows in this table.
 */
static void
add_closed(BfBinder *binder, BoundParam *bound)
{
	for (int i = 0; bound->param->values[i] != NULL; i++)
		if (bf_catalog_excluded(binder->relation->table, bound->param->column,
								bound->param->values[i]) == NULL)
			add_candidate(binder, bound, bound->param->values[i]);
}

/*
 * The values of an equality.
 */
static void
add_equality(BfBinder *binder, BoundParam *bound,
			 const BoundEquality *equality)
{
	Oid			type = exprType((Node *) equality->equality->expr);
	bool		isnull;
	Datum		value;

	if (equality->equality->kind == BF_EQUALITY_IS_NULL)
	{
		add_candidate(binder, bound, NULL);
		return;
	}

	value = ExecEvalExpr(equality->state, binder->ectx, &isnull);
	if (isnull)
		return;
	if (equality->equality->kind == BF_EQUALITY_VALUE)
		add_named(binder, bound, equality, value, type);
	else
	{
		ArrayType  *array = DatumGetArrayTypeP(value);
		Oid			element = ARR_ELEMTYPE(array);
		int16		len;
		bool		byval;
		char		align;
		Datum	   *values;
		bool	   *nulls;
		int			n;

		get_typlenbyvalalign(element, &len, &byval, &align);
		deconstruct_array(array, element, len, byval, align,
						  &values, &nulls, &n);
		for (int i = 0; i < n; i++)
			if (!nulls[i])
				add_named(binder, bound, equality, values[i], element);
	}
}

/*
 * Adds a value that a condition names, if it can be one.
 */
static void
add_named(BfBinder *binder, BoundParam *bound, const BoundEquality *equality,
		  Datum value, Oid type)
{
	const BfParam *param = bound->param;
	bool		strict = equality->equality->strict;
	const char *hint;
	char	   *text;
	Oid			function;
	bool		varlena;

	if (param->domain == BF_DOMAIN_MONTH)
	{
		text = named_month(binder, bound, value, getBaseType(type), strict);
		if (text != NULL)
			add_candidate(binder, bound, text);
		return;
	}

	getTypeOutputInfo(type, &function, &varlena);
	text = OidOutputFunctionCall(function, value);
	if (param->values != NULL)
	{
		int			i = 0;

		while (param->values[i] != NULL && strcmp(param->values[i], text) != 0)
			i++;
		if (param->values[i] == NULL)
		{
			if (strict)
				no_such_value(binder, bound, text);
			return;
		}
		hint = bf_catalog_excluded(binder->relation->table, param->column, text);
		if (hint != NULL && strict)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("foreign table \"%s\" has no rows with %s \"%s\"",
							binder->relation->name, param->column, text),
					 errhint("%s", hint)));
		if (hint != NULL)
			return;
	}
	add_candidate(binder, bound, text);
}

/*
 * The month that a value names, as text; NULL when it names none, or one
 * that the table does not hold.
 */
static char *
named_month(BfBinder *binder, BoundParam *bound, Datum value, Oid type,
			bool strict)
{
	const BfOptions *options = binder->relation->options;
	BfMonth		month = BF_MONTH_INVALID;
	BfMonth		first;
	BfMonth		last;
	char	   *name = palloc(BF_MONTH_TEXT_SIZE);
	Oid			function;
	bool		varlena;
	struct pg_tm tm;
	fsec_t		fsec;

	if (bf_relation_is_text(type))
		month = bf_month_parse(TextDatumGetCString(value));
	else if (type == DATEOID && !DATE_NOT_FINITE(DatumGetDateADT(value)))
	{
		j2date(DatumGetDateADT(value) + POSTGRES_EPOCH_JDATE,
			   &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		if (tm.tm_mday == 1 && tm.tm_year > 0 && tm.tm_year <= 9999)
			month = bf_month_make(tm.tm_year, tm.tm_mon);
	}
	else if (type == TIMESTAMPOID && !TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
	{
		if (timestamp2tm(DatumGetTimestamp(value), NULL, &tm, &fsec, NULL,
						 NULL) == 0 &&
			tm.tm_mday == 1 && tm.tm_hour == 0 && tm.tm_min == 0 &&
			tm.tm_sec == 0 && fsec == 0 &&
			tm.tm_year > 0 && tm.tm_year <= 9999)
			month = bf_month_make(tm.tm_year, tm.tm_mon);
	}
	else if (type != DATEOID && type != TIMESTAMPOID)
		return NULL;			/* evaluation on the extent decides */

	if (month == BF_MONTH_INVALID)
	{
		if (strict)
		{
			getTypeOutputInfo(type, &function, &varlena);
			no_such_value(binder, bound,
						  OidOutputFunctionCall(function, value));
		}
		return NULL;
	}

	bf_relation_extent(binder->relation, &first, &last);
	if ((options->first_month != NULL && month < first) ||
		((options->first_month != NULL || options->last_month != NULL) &&
		 month > last))
		return NULL;
	bf_month_format(month, name);
	return name;
}

/*
 * Raises the error for a value that the user wrote and that cannot be one.
 */
static void
no_such_value(BfBinder *binder, BoundParam *bound, const char *value)
{
	const BfParam *param = bound->param;
	StringInfoData hint;

	initStringInfo(&hint);
	if (param->domain == BF_DOMAIN_MONTH)
		appendStringInfoString(&hint, bf_relation_is_text(bound->attrs[0]->base_type) ?
							   "Months have the form YYYY-MM." :
							   "A month is given by its first day.");
	else
	{
		appendStringInfoString(&hint, "Values are: ");
		for (int i = 0; param->values[i] != NULL; i++)
			appendStringInfo(&hint, "%s%s", i > 0 ? ", " : "",
							 param->values[i]);
		appendStringInfoChar(&hint, '.');
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" is no value of column \"%s\" of foreign table \"%s\"",
					value, bound->attrs[0]->name, binder->relation->name),
			 errhint("%s", hint.data)));
}

/*
 * Adds a candidate, unless it is there already or no column can hold it.
 */
static void
add_candidate(BfBinder *binder, BoundParam *bound, const char *text)
{
	BfCandidate *candidate;

	for (int i = 0; i < bound->ncandidates; i++)
	{
		const char *other = bound->candidates[i].text;

		if (text == NULL || other == NULL ? text == other :
			strcmp(text, other) == 0)
			return;
	}

	if (bound->ncandidates == bound->max_candidates)
	{
		int			room = Max(bound->max_candidates * 2, 16);

		bound->candidates = bound->max_candidates == 0 ?
			palloc_array(BfCandidate, room) :
			repalloc_array(bound->candidates, BfCandidate, room);
		bound->max_candidates = room;
	}
	candidate = &bound->candidates[bound->ncandidates];
	*candidate = null_candidate;
	candidate->datums = palloc0_array(Datum, bound->nattrs + 1);
	if (text != NULL)
	{
		candidate->text = pstrdup(text);
		for (int i = 0; i < bound->nattrs; i++)
			if (!to_column_type(binder, bound, i, text, &candidate->datums[i]))
				return;
		pg_verifymbstr(text, strlen(text), false);
		candidate->utf8 = pg_server_to_any(candidate->text, strlen(text),
										   PG_UTF8);
		if (candidate->utf8 == candidate->text &&
			GetDatabaseEncoding() == PG_SQL_ASCII)
			pg_verify_mbstr(PG_UTF8, text, strlen(text), false);
	}
	bound->ncandidates++;
}

/*
 * Turns a value into the type of a column that the parameter feeds.  Returns
 * false when the type cannot hold it: the condition then fails on all rows.
 */
static bool
to_column_type(BfBinder *binder, BoundParam *bound, int attr,
			   const char *text, Datum *datum)
{
	Oid			type = bound->attrs[attr]->base_type;
	int64		number;
	char	   *end;

	if (bound->param->domain == BF_DOMAIN_MONTH && !bf_relation_is_text(type))
		text = psprintf("%s-01", text);
	if (type == INT2OID || type == INT4OID)
	{
		errno = 0;
		number = strtoi64(text, &end, 10);
		if (errno != 0 || *end != '\0' ||
			(type == INT2OID && (number < PG_INT16_MIN || number > PG_INT16_MAX)) ||
			(type == INT4OID && (number < PG_INT32_MIN || number > PG_INT32_MAX)))
			return false;
	}
	*datum = InputFunctionCall(&bound->input_functions[attr],
							   unconstify(char *, text),
							   bound->input_params[attr], -1);
	return true;
}

/*
 * Leaves a parameter out of this scan's requests when rows show it as well
 * and sending its values is not possible or does not pay.
 */
static void
drop_unsendable(BoundParam *bound)
{
	const BfParam *param = bound->param;

	if (param->input || param->domain != BF_DOMAIN_OPEN)
		return;
	if (bound->ncandidates > MAX_SENT_VALUES && !param->list)
		bound->dropped = true;
	for (int i = 0; param->sendable != NULL && i < bound->ncandidates; i++)
	{
		int			j = 0;

		while (param->sendable[j] != NULL &&
			   strcmp(param->sendable[j], bound->candidates[i].text) != 0)
			j++;
		if (param->sendable[j] == NULL)
			bound->dropped = true;
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
	bool		has_source = false;

	CHECK_FOR_INTERRUPTS();
	if (level == binder->nparams)
	{
		emit(binder);
		return;
	}

	bound = &binder->params[level];
	for (int i = 0; i < binder->nequalities; i++)
		has_source |= binder->equalities[i].equality->param == level;
	has_source |= bound->param->domain != BF_DOMAIN_OPEN ||
		binder->relation->fixed[level] != NULL;

	if (bound->dropped || !has_source || !exists_here(binder, bound))
	{
		(void) try_candidate(binder, level, &null_candidate);
		return;
	}

	if (bound->param->list)
	{
		/* One request takes them all; a list parameter comes last. */
		binder->listed = palloc_array(const BfCandidate *, bound->ncandidates + 1);
		binder->nlisted = 0;
		for (int i = 0; i < bound->ncandidates; i++)
		{
			assign(binder, level, &bound->candidates[i]);
			if (passes(binder, level))
			{
				binder->listed[binder->nlisted++] = &bound->candidates[i];
				bound->survived[i] = true;
			}
		}
		if (binder->nlisted > 0)
			emit_list(binder);
		assign(binder, level, &null_candidate);
		return;
	}

	for (int i = 0; i < bound->ncandidates; i++)
		if (try_candidate(binder, level, &bound->candidates[i]))
			bound->survived[i] = true;
	assign(binder, level, &null_candidate);
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

	if (bound->param->when_column == NULL)
		return true;
	other = param_named(binder, bound->param->when_column);
	return other->current->text != NULL &&
		(bound->param->when_value == NULL ||
		 strcmp(other->current->text, bound->param->when_value) == 0);
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
	for (int i = 0; i < bound->nattrs; i++)
	{
		int			column = bound->attrs[i]->attnum - 1;

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
			skip = binder->params[param].dropped;
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
							 binder->params[i].param->column, value);
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
	BfPageSpec	page = {0, bf_relation_page_size(binder->relation)};

	for (int i = 0; i < binder->nparams; i++)
	{
		BoundParam *bound = &binder->params[i];

		if (bound->param->required && bound->current->text == NULL &&
			exists_here(binder, bound) &&
			!(bound->param->list && binder->nlisted > 0))
			bound->absent_survived = true;
	}
	if (binder->wanted >= binder->relation->options->max_requests)
	{
		binder->wanted++;		/* for the message; nothing is kept */
		return;
	}

	args = palloc0_array(BfArgument, binder->nparams + 1);
	for (int i = 0; i < binder->nparams; i++)
	{
		const BoundParam *bound = &binder->params[i];
		const char **values;

		if (bound->param->list)
		{
			values = palloc_array(const char *, binder->nlisted + 1);
			for (int j = 0; j < binder->nlisted; j++)
				values[j] = binder->listed[j]->utf8;
			args[i].nvalues = binder->nlisted;
			args[i].values = values;
		}
		else if (is_sent(binder, bound))
		{
			values = palloc_array(const char *, 1);
			values[0] = bound->current->utf8;
			args[i].nvalues = 1;
			args[i].values = values;
		}
	}

	add_request(binder, args,
				bf_requests_body(binder->relation, args, &page));
}

/*
 * Does the request name the value that is assigned?
 */
static bool
is_sent(BfBinder *binder, const BoundParam *bound)
{
	const BfParam *param = bound->param;
	const char *month;

	if (bound->current->text == NULL)
		return false;
	if (param->sent_with != NULL &&
		param_named(binder, param->sent_with)->current->text == NULL)
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
 * Adds a request, or a variant to the request that asks for the same.
 */
static void
add_request(BfBinder *binder, const BfArgument *args, const char *body)
{
	BfRequestList *list = binder->list;
	uint64		hash;
	HashEntry  *entry;
	bool		found;
	BfRequest  *request;

	hash = hash_bytes_extended((const unsigned char *) body, strlen(body), 0);
	entry = hash_search(binder->by_hash, &hash, HASH_ENTER, &found);
	for (int i = found ? entry->first : -1; i >= 0; i = list->items[i].next_same_hash)
		if (strcmp(list->items[i].body, body) == 0)
		{
			add_variant(binder, &list->items[i]);
			return;
		}

	if (list->count == binder->max_items)
	{
		int			room = Max(binder->max_items * 2, 16);

		list->items = binder->max_items == 0 ?
			palloc_array(BfRequest, room) :
			repalloc_array(list->items, BfRequest, room);
		binder->max_items = room;
	}
	request = &list->items[list->count];
	request->args = args;
	request->body = body;
	request->nvariants = 0;
	request->variants = NULL;
	request->next_same_hash = found ? entry->first : -1;
	entry->first = list->count++;
	binder->wanted++;
	add_variant(binder, request);
}

/*
 * Adds what the rows of the request are told, unless an equal variant is
 * there: variants differ only by columns that hold what was asked for, the
 * others are read from the row.
 */
static void
add_variant(BfBinder *binder, BfRequest *request)
{
	BfVariant	variant = palloc0_array(const BfCandidate *, binder->nparams + 1);

	for (int i = 0; i < binder->nparams; i++)
	{
		const BoundParam *bound = &binder->params[i];
		const BfColumn *column;

		column = bf_catalog_column(binder->relation->table,
								   bound->param->column);
		if (column->source == BF_SOURCE_REQUEST)
			variant[i] = bound->current;
	}
	for (int i = 0; i < request->nvariants; i++)
		if (memcmp(request->variants[i], variant,
				   binder->nparams * sizeof(variant[0])) == 0)
			return;

	request->variants = request->nvariants == 0 ?
		palloc_array(BfVariant, 1) :
		repalloc_array(request->variants, BfVariant, request->nvariants + 1);
	request->variants[request->nvariants++] = variant;
}

/*
 * Refuses a scan that a required parameter does not narrow: all months, or
 * the same money once per group type, is hardly ever what was meant.  By
 * looking at the outcome the rule is the same for every kind of plan.
 */
static void
check_required(BfBinder *binder)
{
	BfRequestList *list = binder->list;

	for (int i = 0; i < binder->nparams; i++)
	{
		const BoundParam *bound = &binder->params[i];
		const char *column = bf_relation_column_name(binder->relation, i);
		bool		narrowed = binder->wanted == 0 ||
			binder->relation->fixed[i] != NULL;

		if (!bound->param->required)
			continue;
		if (bound->param->domain == BF_DOMAIN_OPEN)
			narrowed = !bound->absent_survived;
		else if (bound->param->domain == BF_DOMAIN_MONTH)
			narrowed |= binder->relation->options->first_month != NULL;
		for (int j = 0; j < bound->ncandidates; j++)
			narrowed |= bound->param->domain != BF_DOMAIN_OPEN &&
				!bound->survived[j];
		if (narrowed)
			continue;

		list->refusal = bound->param->when_value ?
			psprintf("foreign table \"%s\" needs a condition on \"%s\" where \"%s\" is '%s'",
					 binder->relation->name, column,
					 bf_relation_column_name(binder->relation,
											 bf_relation_param_number(binder->relation,
																	  bound->param->when_column)),
					 bound->param->when_value) :
			psprintf("foreign table \"%s\" needs a condition on \"%s\"",
					 binder->relation->name, column);
		list->refusal_hint = psprintf("For example: %s.  A condition that reaches the table only through a join does not count: add one of its own, or put the table into LATERAL (... OFFSET 0).",
									  bf_relation_example(binder->relation, i));
		list->count = 0;
		return;
	}
}

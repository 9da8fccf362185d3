/*-------------------------------------------------------------------------
 *
 * candidate.c
 *	  The values of a parameter that a scan may ask for.
 *
 * A month or a group type has the values of its list, any other parameter
 * those that equalities name.  They are made when the scan runs, never in the
 * plan: stable functions and parameters change between executions.
 *
 * IDENTIFICATION
 *	  src/fdw/candidate.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/month.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fdw/candidate.h"
#include "fdw/filter.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

/*
 * More values than this of a parameter that rows show as well are not sent
 * one by one: reading all rows and filtering them is cheaper than a request
 * for each.
 */
#define MAX_SENT_VALUES 32

const BfCandidate bf_candidate_null = {.text = NULL};

/* Helper functions */
static void add_extent(BfCandidates *set);
static void add_closed(BfCandidates *set);
static void add_equality(BfCandidates *set, ExprContext *ectx,
						 const BfEquality *equality, ExprState *state);
static void add_named(BfCandidates *set, Datum value, Oid type,
					  const BfEquality *equality);
static void add_pair(BfCandidates *set, Jsonb *object);
static void add_member(BfCandidates *set, char *text);
static char *named_month(BfCandidates *set, Datum value, Oid type,
						 bool strict);
static bool month_of_value(Datum value, Oid type, BfMonth *month);
static void no_such_value(BfCandidates *set, const char *value);
static void add_candidate(BfCandidates *set, const char *text);
static char *to_utf8(char *text);
static bool to_column_type(BfCandidates *set, int attr, const char *text,
						   Datum *datum);
static bool is_too_many(BfCandidates *set);
static void drop_unsendable(BfCandidates *set);
static bool is_sendable(const BfParam *param, const char *text);

/*
 * Prepares the candidates of a parameter, given all equalities of the plan;
 * in the current context, which must be that of the query.
 */
void
bf_candidate_prepare(BfCandidates *set, const BfRelation *relation,
					 int number, List *equalities, PlanState *ps)
{
	ListCell   *lc;

	set->relation = relation;
	set->number = number;
	set->param = bf_relation_param(relation, number);
	set->attrs = palloc0_array(const BfAttribute *, relation->nattrs + 1);
	set->input_functions = palloc0_array(FmgrInfo, relation->nattrs + 1);
	set->input_params = palloc0_array(Oid, relation->nattrs + 1);
	for (int i = 0; i < relation->nattrs; i++)
	{
		const BfAttribute *attr = &relation->attrs[i];
		Oid			function;

		if (attr->param != number)
			continue;
		getTypeInputInfo(attr->base_type, &function,
						 &set->input_params[set->nattrs]);
		fmgr_info(function, &set->input_functions[set->nattrs]);
		set->attrs[set->nattrs++] = attr;
	}

	set->equalities = palloc0_array(BfBoundEquality,
									list_length(equalities) + 1);
	foreach(lc, equalities)
	{
		BfEquality *equality = lfirst(lc);
		BfBoundEquality *bound = &set->equalities[set->nequalities];

		if (equality->param != number)
			continue;
		bound->equality = equality;
		bound->state = ExecInitExpr(equality->expr, ps);
		set->nequalities++;
	}
	set->bound = bf_relation_has_list(relation, number) ||
		relation->fixed[number] != NULL || set->nequalities > 0 ||
		(set->param->domain == BF_DOMAIN_RANGE && set->param->required);
}

/*
 * Forgets the candidates made before; their memory may be gone.
 */
void
bf_candidate_clear(BfCandidates *set)
{
	set->count = 0;
	set->room = 0;
	set->items = NULL;
	set->dropped = false;
}

/*
 * Makes the candidates, without duplicates, in the current context.  Raises
 * an error when a value that the user wrote cannot be one.
 */
void
bf_candidate_make(BfCandidates *set, ExprContext *ectx)
{
	const char *fixed = set->relation->fixed[set->number];

	bf_candidate_clear(set);
	if (fixed != NULL)
		add_candidate(set, fixed);
	else if (set->param->domain == BF_DOMAIN_MONTH)
		add_extent(set);
	else if (set->param->domain == BF_DOMAIN_CLOSED)
		add_closed(set);
	for (int i = 0; i < set->nequalities; i++)
		add_equality(set, ectx, set->equalities[i].equality,
					 set->equalities[i].state);
	drop_unsendable(set);
}

/*
 * The months of the table, newest first.
 */
static void
add_extent(BfCandidates *set)
{
	BfMonth		first;
	BfMonth		last;
	char		text[BF_MONTH_TEXT_SIZE];

	bf_relation_extent(set->relation, &first, &last);
	for (BfMonth month = last; month >= first; month--)
	{
		bf_month_format(month, text);
		add_candidate(set, text);
	}
}

/*
 * The values of a closed list that have rows in this table.
 */
static void
add_closed(BfCandidates *set)
{
	for (int i = 0; set->param->values[i] != NULL; i++)
		if (bf_catalog_excluded(set->relation->table, set->param->column,
								set->param->values[i]) == NULL)
			add_candidate(set, set->param->values[i]);
}

/*
 * The values of an equality.
 */
static void
add_equality(BfCandidates *set, ExprContext *ectx,
			 const BfEquality *equality, ExprState *state)
{
	Oid			type = exprType((Node *) equality->expr);
	bool		isnull;
	Datum		value;

	if (equality->kind == BF_EQUALITY_IS_NULL)
	{
		add_candidate(set, NULL);
		return;
	}

	value = ExecEvalExpr(state, ectx, &isnull);
	if (isnull)
		return;
	if (equality->kind == BF_EQUALITY_OBJECT)
		add_pair(set, DatumGetJsonbP(value));
	else if (equality->kind == BF_EQUALITY_VALUE)
		add_named(set, value, type, equality);
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
				add_named(set, values[i], element, equality);
	}
}

/*
 * Adds a value that a condition names, if it can be one.
 */
static void
add_named(BfCandidates *set, Datum value, Oid type,
		  const BfEquality *equality)
{
	bool		strict = equality->strict;
	const BfParam *param = set->param;
	const char *hint;
	char	   *text;
	Oid			function;
	bool		varlena;

	if (param->domain == BF_DOMAIN_MONTH)
	{
		text = named_month(set, value, type, strict);
		if (text != NULL)
			add_candidate(set, text);
		return;
	}

	getTypeOutputInfo(type, &function, &varlena);
	text = OidOutputFunctionCall(function, value);
	if (equality->member)
	{
		add_member(set, text);
		return;
	}
	hint = bf_catalog_excluded(set->relation->table, param->column, text);
	if (hint != NULL && strict)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("foreign table \"%s\" has no rows with %s \"%s\"",
						set->relation->name, param->column, text),
				 errhint("%s", hint)));
	if (hint == NULL && bf_relation_is_value(set->relation, set->number, text))
		add_candidate(set, text);
	else if (strict)
		no_such_value(set, text);
}

/*
 * Adds the key or the value of the first pair in an object that has a text
 * as its value.  Where there is none, the parameter is left out.
 */
static void
add_pair(BfCandidates *set, Jsonb *object)
{
	JsonbIterator *it = JsonbIteratorInit(&object->root);
	JsonbValue	key;
	JsonbValue	value;

	if (JsonbIteratorNext(&it, &value, true) == WJB_BEGIN_OBJECT)
		while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
		{
			JsonbValue *part = set->param->object ? &value : &key;

			(void) JsonbIteratorNext(&it, &value, true);
			if (value.type != jbvString)
				continue;
			add_member(set, pnstrdup(part->val.string.val,
									 part->val.string.len));
			return;
		}
	set->dropped = true;
}

/*
 * Adds a value that a condition on a member of an object names.  Whatever it
 * is, rows show it: where it cannot be sent, the parameter is left out.
 */
static void
add_member(BfCandidates *set, char *text)
{
	char	   *utf8 = to_utf8(text);

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < set->count; i++)
	{
		const char *other = set->items[i].utf8;

		if (other != NULL && strcmp(other, utf8) == 0)
			return;
	}
	if (text[0] == '\0' || set->count == MAX_SENT_VALUES)
		set->dropped = true;
	if (set->dropped)
		return;
	bf_candidate_new(set)->utf8 = utf8;
	set->count++;
}

/*
 * The month that a value names, as text; NULL when it names none, or one
 * that the table does not hold.
 */
static char *
named_month(BfCandidates *set, Datum value, Oid type, bool strict)
{
	const BfOptions *options = set->relation->options;
	char	   *name = palloc(BF_MONTH_TEXT_SIZE);
	BfMonth		month;
	BfMonth		first;
	BfMonth		last;
	Oid			function;
	bool		varlena;

	if (!month_of_value(value, getBaseType(type), &month))
		return NULL;			/* evaluation on the extent decides */
	if (month == BF_MONTH_INVALID)
	{
		if (strict)
		{
			getTypeOutputInfo(type, &function, &varlena);
			no_such_value(set, OidOutputFunctionCall(function, value));
		}
		return NULL;
	}

	/*
	 * The API decides about a month that the user wrote, unless the options
	 * say that the table does not hold it.  A month of another table that has
	 * no bill must not make the query fail.
	 */
	bf_relation_extent(set->relation, &first, &last);
	if ((month < first && (!strict || options->first_month != NULL)) ||
		(month > last && (!strict || options->first_month != NULL ||
						  options->last_month != NULL)))
		return NULL;
	bf_month_format(month, name);
	return name;
}

/*
 * Reads a month: its text, or its first moment.  What is neither gives
 * BF_MONTH_INVALID.  Returns false for a type that no month column has.
 */
static bool
month_of_value(Datum value, Oid type, BfMonth *month)
{
	struct pg_tm tm;
	fsec_t		fsec = 0;

	*month = BF_MONTH_INVALID;
	memset(&tm, 0, sizeof(tm));
	if (bf_relation_is_text(type))
	{
		*month = bf_month_parse(TextDatumGetCString(value));
		return true;
	}
	if (type == DATEOID)
	{
		if (DATE_NOT_FINITE(DatumGetDateADT(value)))
			return true;
		j2date(DatumGetDateADT(value) + POSTGRES_EPOCH_JDATE,
			   &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	}
	else if (type == TIMESTAMPOID)
	{
		if (TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)) ||
			timestamp2tm(DatumGetTimestamp(value), NULL, &tm, &fsec, NULL, NULL) != 0)
			return true;
	}
	else
		return false;

	if (tm.tm_mday == 1 && tm.tm_hour == 0 && tm.tm_min == 0 &&
		tm.tm_sec == 0 && fsec == 0)
		*month = bf_month_make(tm.tm_year, tm.tm_mon);
	return true;
}

/*
 * Raises the error for a value that the user wrote and that cannot be one.
 */
static void
no_such_value(BfCandidates *set, const char *value)
{
	const BfParam *param = set->param;
	StringInfoData hint;

	initStringInfo(&hint);
	if (param->domain == BF_DOMAIN_MONTH)
		appendStringInfoString(&hint, bf_relation_is_text(set->attrs[0]->base_type) ?
							   "Months have the form YYYY-MM." :
							   "A month is given by its first day.");
	else if (bf_relation_is_integer(set->relation, set->number))
		appendStringInfoString(&hint, "The value must be an integer, without leading zeros.");
	else if (param->values == NULL)
		appendStringInfoString(&hint, "The value must not be empty.");
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
					value, set->attrs[0]->name, set->relation->name),
			 errhint("%s", hint.data)));
}

/*
 * Adds a candidate, unless it is there already or no column can hold it.
 */
static void
add_candidate(BfCandidates *set, const char *text)
{
	BfCandidate *candidate;

	CHECK_FOR_INTERRUPTS();
	if (set->dropped)
		return;
	for (int i = 0; i < set->count; i++)
	{
		const char *other = set->items[i].text;

		if (text == NULL || other == NULL ? text == other :
			strcmp(text, other) == 0)
			return;
	}

	candidate = bf_candidate_new(set);
	if (text != NULL)
	{
		candidate->text = pstrdup(text);
		for (int i = 0; i < set->nattrs; i++)
			if (!to_column_type(set, i, text, &candidate->datums[i]))
				return;
		candidate->utf8 = to_utf8(candidate->text);
	}
	set->count++;
	set->dropped = is_too_many(set);
}

/*
 * Room for one more candidate, which does not count yet.
 */
BfCandidate *
bf_candidate_new(BfCandidates *set)
{
	BfCandidate *candidate;

	if (set->count == set->room)
	{
		int			room = Max(set->room * 2, 16);

		set->items = set->room == 0 ?
			palloc_array(BfCandidate, room) :
			repalloc_array(set->items, BfCandidate, room);
		set->room = room;
	}
	candidate = &set->items[set->count];
	*candidate = bf_candidate_null;
	candidate->datums = palloc0_array(Datum, set->nattrs + 1);
	return candidate;
}

/*
 * Turns a value into the type of a column that the parameter feeds.  Returns
 * false when the type cannot hold it: the condition then fails on all rows.
 */
static bool
to_column_type(BfCandidates *set, int attr,
			   const char *text, Datum *datum)
{
	Oid			type = set->attrs[attr]->base_type;
	int64		number;
	char	   *end;

	if (set->param->domain == BF_DOMAIN_MONTH && !bf_relation_is_text(type))
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
	*datum = InputFunctionCall(&set->input_functions[attr],
							   unconstify(char *, text),
							   set->input_params[attr], -1);
	return true;
}

/*
 * A text as it is sent.  Raises an error when it is not valid, as texts of a
 * database without an encoding may be.
 */
static char *
to_utf8(char *text)
{
	char	   *utf8;

	pg_verifymbstr(text, strlen(text), false);
	utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);
	if (utf8 == text && GetDatabaseEncoding() == PG_SQL_ASCII)
		pg_verify_mbstr(PG_UTF8, text, strlen(text), false);
	return utf8;
}

/*
 * Are there more values than it pays to send one by one?  Then no further
 * ones are collected: a list may be long.
 */
static bool
is_too_many(BfCandidates *set)
{
	const BfParam *param = set->param;

	return set->count > MAX_SENT_VALUES && param->domain == BF_DOMAIN_OPEN &&
		!param->input && !param->list;
}

/*
 * Leaves a parameter out of this scan's requests when rows show it as well
 * and sending its values is not possible.  All values or none: rows that a
 * request without the value brings would come twice if another request named
 * theirs.
 */
static void
drop_unsendable(BfCandidates *set)
{
	const BfParam *param = set->param;

	if (param->domain != BF_DOMAIN_OPEN ||
		bf_relation_is_echoed(set->relation, set->number))
		return;
	if (!bf_relation_has_param(set->relation, set->number))
		set->dropped = true;
	for (int i = 0; i < set->count; i++)
		if (set->items[i].text != NULL &&
			!is_sendable(param, set->items[i].text))
			set->dropped = true;
}

/*
 * May this value be sent?  Documents leave open whether an empty text filters
 * or counts as not given.
 */
static bool
is_sendable(const BfParam *param, const char *text)
{
	if (param->sendable == NULL)
		return text[0] != '\0';
	for (int i = 0; param->sendable[i] != NULL; i++)
		if (strcmp(param->sendable[i], text) == 0)
			return true;
	return false;
}

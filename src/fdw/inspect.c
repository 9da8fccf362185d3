/*-------------------------------------------------------------------------
 *
 * inspect.c
 *	  The catalog, the options and the session's counters, as rows.
 *
 * IDENTIFICATION
 *	  src/fdw/inspect.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "api/catalog.h"
#include "api/error.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "fdw/call.h"
#include "fdw/inspect.h"
#include "fdw/option.h"
#include "fdw/relation.h"
#include "fdw/scan.h"
#include "foreign/fdwapi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(billing_fdw_tables);
PG_FUNCTION_INFO_V1(billing_fdw_columns);
PG_FUNCTION_INFO_V1(billing_fdw_omissions);
PG_FUNCTION_INFO_V1(billing_fdw_options);
PG_FUNCTION_INFO_V1(billing_fdw_errors);
PG_FUNCTION_INFO_V1(billing_fdw_table_comments);
PG_FUNCTION_INFO_V1(billing_fdw_session_stats);

/* Helper functions */
static void check_our_table(Oid relid);
static const char *comment_of(const BfColumn *column);
static const char *example_of(const BfTable *table, const BfColumn *column);
static const char *pushdown_of(const BfTable *table, const BfColumn *column);
static bool is_required(const BfTable *table, const BfColumn *column);
static const char *sites_name(BfSites sites);
static const char *unit_of(const BfColumn *column);
static void put_row(ReturnSetInfo *rsinfo, const char **texts, int n);
static void put_comment(ReturnSetInfo *rsinfo, const char *kind,
						const char *name, const char *text);

/*
 * The SQL name of a type, as IMPORT FOREIGN SCHEMA declares it by default.
 */
const char *
bf_inspect_type_name(BfType type)
{
	switch (type)
	{
		case BF_TYPE_TEXT:
		case BF_TYPE_MONTH:
			return "text";
		case BF_TYPE_NUMERIC:
			return "numeric";
		case BF_TYPE_BIGINT:
			return "bigint";
		case BF_TYPE_BOOLEAN:
			return "boolean";
		case BF_TYPE_DATE:
			return "date";
		case BF_TYPE_TIMESTAMP:
			return "timestamp";
		case BF_TYPE_JSONB:
			return "jsonb";
	}
	return NULL;				/* not reached */
}

/*
 * billing_fdw_tables()
 *		name, family, action, sites, grain, caution
 */
Datum
billing_fdw_tables(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
	{
		const char *texts[] = {(*table)->name, (*table)->family,
			(*table)->action->name, sites_name((*table)->action->sites),
		(*table)->grain, (*table)->caution};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_columns(table)
 *		name, type, unit, field, sites, required, pushdown, example,
 *		description
 */
Datum
billing_fdw_columns(PG_FUNCTION_ARGS)
{
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const BfTable *table = bf_catalog_find(name);

	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
				 errmsg("there is no billing table \"%s\"", name),
				 errhint("billing_fdw_tables() lists the names.")));

	InitMaterializedSRF(fcinfo, 0);
	for (const BfColumn *column = table->columns; column->name; column++)
	{
		const char *texts[] = {column->name,
			bf_inspect_type_name(column->type), unit_of(column),
			column->field, sites_name(column->sites),
			is_required(table, column) ? "yes" : "no",
			pushdown_of(table, column), example_of(table, column),
		column->description};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_omissions()
 *		action, reason
 */
Datum
billing_fdw_omissions(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	for (const BfOmission *omission = bf_catalog_omissions; omission->action; omission++)
	{
		const char *texts[] = {omission->action, omission->reason};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_options()
 *		option, place, range, initial, description
 */
Datum
billing_fdw_options(PG_FUNCTION_ARGS)
{
	BfOptionText option;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; bf_option_describe(i, &option); i++)
	{
		const char *texts[] = {option.name, option.places, option.range,
		option.initial, option.summary};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_errors()
 *		code, sqlstate, retry, hint
 */
Datum
billing_fdw_errors(PG_FUNCTION_ARGS)
{
	static const char *const retries[] = {
		[BF_RETRY_NEVER] = "no",
		[BF_RETRY_TRANSIENT] = "yes, max_retries times",
		[BF_RETRY_THROTTLED] = "yes, for throttle_timeout",
		[BF_RETRY_NOT_READY] = "yes, for ready_timeout",
	};

	InitMaterializedSRF(fcinfo, 0);
	for (const BfErrorRule *rule = bf_error_rules(); rule->code; rule++)
	{
		const char *texts[] = {rule->code, rule->sqlstate,
		retries[rule->retry], rule->hint};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_table_comments(foreign table)
 *		COMMENT commands for a foreign table of ours and its columns.
 */
Datum
billing_fdw_table_comments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			relid = PG_GETARG_OID(0);
	BfRelation *relation;
	char	   *name;

	check_our_table(relid);
	LockRelationOid(relid, AccessShareLock);
	relation = bf_relation_open(relid);
	name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  relation->name);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	put_comment(rsinfo, "FOREIGN TABLE", name,
				psprintf("%s  %s", relation->table->grain,
						 relation->table->caution));
	for (int i = 0; i < relation->nattrs; i++)
	{
		const BfAttribute *attr = &relation->attrs[i];

		if (attr->column != NULL)
			put_comment(rsinfo, "COLUMN",
						psprintf("%s.%s", name, quote_identifier(attr->name)),
						comment_of(attr->column));
	}
	return (Datum) 0;
}

/*
 * billing_fdw_session_stats()
 *		calls, pages, rows, bytes, retries, throttle_waits, quota_waits,
 *		ready_waits; call_ms, answer_wait_ms, quota_wait_ms,
 *		backoff_wait_ms, ready_wait_ms
 */
Datum
billing_fdw_session_stats(PG_FUNCTION_ARGS)
{
	const BfCallStats *stats = &bf_call_session;
	const int64 counts[] = {stats->calls, stats->pages, stats->rows,
		stats->bytes, stats->retries, stats->throttle_waits,
	stats->quota_waits, stats->ready_waits};
	const int64 times[] = {stats->call_us, stats->wait_us[BF_WAIT_ANSWER],
		stats->wait_us[BF_WAIT_QUOTA], stats->wait_us[BF_WAIT_BACKOFF],
	stats->wait_us[BF_WAIT_BILL]};
	Datum		values[lengthof(counts) + lengthof(times)];
	bool		nulls[lengthof(values)] = {false};
	TupleDesc	desc;
	int			n = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE ||
		desc->natts != lengthof(values))
		elog(ERROR, "unexpected result type");
	for (int i = 0; i < (int) lengthof(counts); i++)
		values[n++] = Int64GetDatum(counts[i]);
	for (int i = 0; i < (int) lengthof(times); i++)
		values[n++] = Float8GetDatum(times[i] / 1000.0);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

/*
 * Refuses what is not a foreign table of this wrapper.
 */
static void
check_our_table(Oid relid)
{
	char	   *name = get_rel_name(relid);

	if (get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 name ? errmsg("\"%s\" is not a foreign table", name) :
				 errmsg("relation with OID %u does not exist", relid)));
	if (GetFdwRoutineByRelId(relid)->BeginForeignScan != billingBeginForeignScan)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("foreign table \"%s\" is not a table of billing_fdw",
						name)));
}

static bool
is_required(const BfTable *table, const BfColumn *column)
{
	const BfParam *param = bf_catalog_param(table, column->name);

	return param != NULL && param->required;
}

static const char *
sites_name(BfSites sites)
{
	static const char *const names[] = {
		[BF_SITES_BOTH] = "intl, china",
		[BF_SITES_INTL] = "intl",
		[BF_SITES_CHINA] = "china",
	};

	return names[sites];
}

/*
 * The unit of a column, or NULL.
 */
static const char *
unit_of(const BfColumn *column)
{
	if (column->unit != NULL)
		return column->unit;
	return column->type == BF_TYPE_TIMESTAMP || column->type == BF_TYPE_DATE ?
		"Beijing time" : NULL;
}

/*
 * What a column is, with its unit, and the site where another has no such.
 */
static const char *
comment_of(const BfColumn *column)
{
	const char *unit = unit_of(column);
	StringInfoData comment;

	initStringInfo(&comment);
	appendStringInfoString(&comment, column->description);
	if (unit != NULL)
		appendStringInfo(&comment, " (%s)", unit);
	if (column->sites != BF_SITES_BOTH)
		appendStringInfo(&comment, "; site %s only", sites_name(column->sites));
	return comment.data;
}

/*
 * How conditions on a column reach the API, in words.
 */
static const char *
pushdown_of(const BfTable *table, const BfColumn *column)
{
	const BfParam *param = bf_catalog_param(table, column->name);

	for (const BfParam *other = table->action->params; other->column; other++)
		if (other->object != NULL && strcmp(other->object, column->name) == 0)
			return "= and IN on a member (->>) and @> are sent, others checked on the rows";
	if (param == NULL)
		return "checked on the rows";
	if (param->input)
		return "=, IN, = ANY, IS NULL only";
	if (param->domain == BF_DOMAIN_RANGE)
		return "=, <, <=, >=, > choose the period that is asked for";
	if (param->domain == BF_DOMAIN_OPEN)
		return "= and IN are sent, others checked on the rows";
	return "any condition chooses requests";
}

/*
 * A condition that is sent to the API, or NULL.
 */
static const char *
example_of(const BfTable *table, const BfColumn *column)
{
	const BfParam *param = bf_catalog_param(table, column->name);

	return param == NULL ? NULL :
		psprintf("%s %s %s", column->name, bf_catalog_operator(param),
				 quote_literal_cstr(param->example));
}

static void
put_row(ReturnSetInfo *rsinfo, const char **texts, int n)
{
	Datum		values[9];
	bool		nulls[9];

	Assert(n <= (int) lengthof(values));

	/* Declared by another version of the extension. */
	if (rsinfo->setDesc->natts != n)
		elog(ERROR, "unexpected result type");
	for (int i = 0; i < n; i++)
	{
		nulls[i] = texts[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
put_comment(ReturnSetInfo *rsinfo, const char *kind, const char *name,
			const char *text)
{
	const char *command = psprintf("COMMENT ON %s %s IS %s", kind, name,
								   quote_literal_cstr(text));

	put_row(rsinfo, &command, 1);
}

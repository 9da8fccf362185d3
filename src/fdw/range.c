/*-------------------------------------------------------------------------
 *
 * range.c
 *	  Intervals of time as values of a parameter.
 *
 * The API filters some rows by a time that they show, given as begin and end.
 * What comparisons leave of that time is asked for, rounded outwards, in
 * pieces where the API limits the length.  Documents mostly leave open whether
 * the end belongs to an interval: what is sent as end then lies behind all
 * rows that are wanted, and a row that the next piece brings as well is
 * dropped from this one.
 *
 * All times here are those of the API's clock, in Beijing.
 *
 * IDENTIFICATION
 *	  src/fdw/range.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "api/month.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fdw/range.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

/* The API's clock is so much ahead of UTC. */
#define CLOCK_OFFSET	(BF_MONTH_CLOCK_OFFSET * USECS_PER_SEC)

/* There was no cloud to be billed before. */
#define FIRST_YEAR	2000

/* Helper functions */
static bool add_bound(BfCandidates *set, const BfBoundEquality *bound,
					  ExprContext *ectx, Timestamp *from, Timestamp *until);
static bool to_clock(Datum value, Oid type, Oid column_type,
					 Timestamp *moment);
static bool add_extent(BfCandidates *set, bool whole, Timestamp *from,
					   Timestamp *until);
static Timestamp start_of_month(BfMonth month);
static Timestamp start_of_year(int year);
static int64 unit_of(const BfParam *param);
static Timestamp round_down(Timestamp moment, int64 unit);
static Timestamp round_up(Timestamp moment, int64 unit);
static void add_range(BfCandidates *set, Timestamp from, Timestamp until);
static char *range_text(const BfParam *param, Timestamp moment);

/*
 * Makes the intervals that a scan may ask for, newest first, as candidates of
 * a parameter; in the current context.  A parameter that must be narrowed and
 * is not gets none but its absence.  With "whole", for a look at the whole
 * table, it need not be.
 */
void
bf_range_make(BfCandidates *set, ExprContext *ectx, bool whole)
{
	const BfParam *param = set->param;
	int64		unit = unit_of(param);
	Timestamp	from = DT_NOBEGIN;
	Timestamp	until = DT_NOEND;
	Timestamp	begin;
	int64		step;

	bf_candidate_clear(set);
	if (!add_extent(set, whole, &from, &until))
		return;
	for (int i = 0; i < set->nequalities; i++)
		if (!add_bound(set, &set->equalities[i], ectx, &from, &until))
			return;
	if (TIMESTAMP_IS_NOBEGIN(from) && (param->required || TIMESTAMP_IS_NOEND(until)))
	{
		(void) bf_candidate_new(set);
		set->count++;
		return;
	}
	if (!param->required)
	{
		if (from < until)
			add_range(set, from, until);
		return;
	}

	/* Both ends are sent; no row is of the future. */
	from = round_down(Max(from, start_of_year(FIRST_YEAR)), unit);
	until = round_up(Min(until, round_up(GetCurrentTransactionStartTimestamp() +
										 CLOCK_OFFSET + 1, USECS_PER_DAY)),
					 unit);
	step = param->max_days > 0 ? param->max_days * USECS_PER_DAY : PG_INT64_MAX;
	while (from < until)
	{
		/* Pieces are counted from the begin, and come newest first. */
		begin = from + (until - 1 - from) / step * step;
		add_range(set, begin, until);
		until = begin;
	}
}

/*
 * Where the time of a row lies, as to the interval that was asked for.
 */
BfRangePlace
bf_range_place(const BfParam *param, const BfCandidate *range,
			   Timestamp moment)
{
	int64		unit = unit_of(param);

	if (moment >= range->from && moment < range->until)
		return BF_RANGE_INSIDE;
	if ((!TIMESTAMP_IS_NOBEGIN(range->from) && moment < round_down(range->from, unit)) ||
		(!TIMESTAMP_IS_NOEND(range->until) && moment >= round_up(range->until, unit) + unit))
		return BF_RANGE_OUTSIDE;
	return BF_RANGE_EDGE;
}

/*
 * Narrows the interval by what a comparison says; returns false when no row
 * can pass it.
 */
static bool
add_bound(BfCandidates *set, const BfBoundEquality *bound, ExprContext *ectx,
		  Timestamp *from, Timestamp *until)
{
	Oid			type = exprType((Node *) bound->equality->expr);
	Oid			column_type = set->attrs[0]->base_type;
	int64		width = 0;
	int64		slack = 0;
	bool		isnull;
	Timestamp	moment;
	Datum		value = ExecEvalExpr(bound->state, ectx, &isnull);

	if (isnull)
		return false;
	type = getBaseType(type);
	if (!to_clock(value, type, column_type, &moment))
		return true;

	/* A day in a column stands for all its moments. */
	if (bound->equality->kind == BF_EQUALITY_UNTIL)
		width = column_type == DATEOID ? USECS_PER_DAY : 1;

	/*
	 * Compared with such a time, a local one is taken in the session's zone,
	 * where an hour may occur twice or not at all.
	 */
	if ((type == TIMESTAMPTZOID) != (column_type == TIMESTAMPTZOID))
		slack = USECS_PER_DAY;

	if (bound->equality->kind == BF_EQUALITY_FROM)
		*from = Max(*from, moment - slack);
	else
		*until = Min(*until, moment + width + slack);
	return true;
}

/*
 * A value by the API's clock; false when it is none that needs to be looked
 * at: infinite, or of no year that can be written.
 */
static bool
to_clock(Datum value, Oid type, Oid column_type, Timestamp *moment)
{
	bool		zone = column_type == TIMESTAMPTZOID;

	if (type == DATEOID)
	{
		if (DATE_NOT_FINITE(DatumGetDateADT(value)))
			return false;
		value = DirectFunctionCall1(zone ? date_timestamptz : date_timestamp,
									value);
	}
	else if (TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
		return false;
	else if (type == TIMESTAMPOID && zone)
		value = DirectFunctionCall1(timestamp_timestamptz, value);
	else if (type == TIMESTAMPTZOID && !zone)
		value = DirectFunctionCall1(timestamptz_timestamp, value);

	*moment = DatumGetTimestamp(value);
	if (*moment < start_of_year(1) + 10 * USECS_PER_DAY ||
		*moment > start_of_year(9999))
		return false;
	if (zone)
		*moment += CLOCK_OFFSET;
	return true;
}

/*
 * The interval that the table holds: that of its options "first_month" and
 * "last_month".  A look at the whole table that has none takes the last month
 * that has ended.  Returns false when it is empty.
 */
static bool
add_extent(BfCandidates *set, bool whole, Timestamp *from, Timestamp *until)
{
	const BfOptions *options = set->relation->options;
	BfMonth		first;
	BfMonth		last;

	if (!set->param->required ||
		(options->first_month == NULL && options->last_month == NULL && !whole))
		return true;
	bf_relation_extent(set->relation, &first, &last);
	if (options->first_month != NULL)
		*from = start_of_month(first);
	if (options->last_month != NULL)
		*until = start_of_month(last + 1);
	if (whole && options->first_month == NULL)
	{
		last = Min(last, bf_relation_current_month() - 1);
		*from = start_of_month(last);
		*until = start_of_month(last + 1);
	}
	return *from < *until;
}

static Timestamp
start_of_month(BfMonth month)
{
	/* Months are counted from January of year 0. */
	return (Timestamp) (date2j(month / MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1) -
						POSTGRES_EPOCH_JDATE) * USECS_PER_DAY;
}

static Timestamp
start_of_year(int year)
{
	return start_of_month(year * MONTHS_PER_YEAR);
}

/*
 * The smallest difference that a request can express.
 */
static int64
unit_of(const BfParam *param)
{
	return param->form == BF_FORM_DAY ? USECS_PER_DAY : USECS_PER_SEC;
}

static Timestamp
round_down(Timestamp moment, int64 unit)
{
	int64		rest = moment % unit;

	return moment - (rest < 0 ? rest + unit : rest);
}

static Timestamp
round_up(Timestamp moment, int64 unit)
{
	return round_down(moment + unit - 1, unit);
}

/*
 * Adds the interval from here until before there.
 */
static void
add_range(BfCandidates *set, Timestamp from, Timestamp until)
{
	int64		unit = unit_of(set->param);
	BfCandidate *range = bf_candidate_new(set);

	CHECK_FOR_INTERRUPTS();
	range->from = from;
	range->until = until;
	if (!TIMESTAMP_IS_NOBEGIN(from))
		range->utf8 = range_text(set->param, round_down(from, unit));
	if (!TIMESTAMP_IS_NOEND(until))
		range->utf8_end = range_text(set->param, round_up(until, unit) -
									 (set->param->end_included ? unit : 0));
	set->count++;
}

static char *
range_text(const BfParam *param, Timestamp moment)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(moment, NULL, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	if (param->form == BF_FORM_DAY)
		return psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year, tm.tm_mon,
					tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/*-------------------------------------------------------------------------
 *
 * analyze.c
 *	  ANALYZE: a sample of the rows of a foreign table.
 *
 * The requests are those of a scan without conditions, so that partition
 * bounds and fixed values count; but only some of them are made, and of
 * their pages only some are read.  Months that have not ended are left out:
 * their bills still grow, or are not there yet.
 *
 * A table without option "first_month" reaches back to the action's earliest
 * month, maybe long before the account had a bill.  Of such a table only the
 * last complete month is read, and its rows stand for those of every month:
 * each gets a month of the table at random.
 *
 * IDENTIFICATION
 *	  src/fdw/analyze.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/pg_prng.h"
#include "executor/executor.h"
#include "fdw/analyze.h"
#include "fdw/compat.h"
#include "fdw/estimate.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "optimizer/plancat.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/sampling.h"
#include "utils/snapmgr.h"

/*
 * Calls are allowed for the rows that are wanted, this many per call: 30
 * calls with the default statistics target.
 */
#define ROWS_PER_CALL 1000

/* A request that is sampled. */
typedef struct SampledRequest
{
	const BfRequest *item;		/* of the list */
	int64		total;			/* rows that it has, as far as is known */
	int			page_size;		/* rows that the server puts into a page */
	int64		pages_left;		/* behind the first one */
} SampledRequest;

typedef struct Sample
{
	ForeignScanState *node;		/* a scan of the table, not run */
	BfScanState *scan;
	BfFetch    *fetch;
	int			calls_left;
	const BfRequestList *list;	/* all that a scan would make */
	int			month;			/* number of that parameter, or -1 */
	bool		spread;			/* rows stand for those of all months */
	int			nrequests;
	SampledRequest *requests;

	/* the rows */
	HeapTuple  *rows;
	int			target;			/* room in it */
	int			count;
	double		seen;			/* rows offered so far */
	double		skip;			/* rows to leave out before the next one, -1 =
								 * not known yet */
	ReservoirStateData reservoir;
	MemoryContext row_cxt;		/* reset for each row */
} Sample;

/* Helper functions */
static int	acquire_sample_rows(Relation rel, int elevel, HeapTuple *rows,
								int targrows, double *totalrows,
								double *totaldeadrows);
static QueryDesc *start_query(Relation rel);
static void end_query(QueryDesc *query);
static void choose_requests(Sample *sample, const BfRequestList *list);
static BfMonth newest_month(const Sample *sample);
static BfMonth month_of(const Sample *sample, const BfRequest *request);
static void read_first_pages(Sample *sample);
static void read_further_pages(Sample *sample);
static BfPage *read_page(Sample *sample, const SampledRequest *request,
						 int64 offset, const char *cursor);
static void offer_row(Sample *sample, const BfRequest *request,
					  const BfRow *row);
static int	random_below(Sample *sample, int bound);

/*
 * billingAnalyzeForeignTable
 *		Offers sampling.  The size in pages weighs the table against others
 *		under the same parent: it is what a local table would have.
 */
bool
billingAnalyzeForeignTable(Relation rel, AcquireSampleRowsFunc *func,
						   BlockNumber *totalpages)
{
	double		rows = rel->rd_rel->reltuples;
	double		pages;

	if (rows < 0)
		rows = bf_relation_open(RelationGetRelid(rel))->table->rows_per_request;
	pages = ceil(rows * get_rel_data_width(rel, NULL) / BLCKSZ);
	*totalpages = (BlockNumber) Min(Max(pages, 1), MaxBlockNumber);
	*func = acquire_sample_rows;
	return true;
}

/*
 * Fills "rows" with up to "targrows" rows, chosen at random from the pages
 * that are read, and estimates the number of all rows.
 */
static int
acquire_sample_rows(Relation rel, int elevel, HeapTuple *rows, int targrows,
					double *totalrows, double *totaldeadrows)
{
	QueryDesc  *query = start_query(rel);
	Sample		sample = {0};
	BfRequestList *list;
	int			incomplete;
	double		total = 0;

	sample.node = castNode(ForeignScanState, query->planstate);
	sample.scan = sample.node->fdw_state;
	sample.rows = rows;
	sample.target = targrows;
	sample.skip = -1;
	reservoir_init_selection_state(&sample.reservoir, targrows);
	sample.row_cxt = AllocSetContextCreate(CurrentMemoryContext,
										   "billing_fdw sample row",
										   ALLOCSET_DEFAULT_SIZES);
	sample.calls_left = (targrows + ROWS_PER_CALL - 1) / ROWS_PER_CALL;
	sample.fetch = bf_fetch_open(sample.scan->relation, sample.scan->userid,
								 bf_tuple_members(sample.scan->tuple));

	list = bf_bind_all(sample.scan->binder, &incomplete);
	choose_requests(&sample, list);
	read_first_pages(&sample);
	read_further_pages(&sample);

	for (int i = 0; i < sample.nrequests; i++)
		total += sample.requests[i].total;
	*totalrows = total / Max(sample.nrequests, 1) * (list->count + incomplete);
	*totaldeadrows = 0;
	ereport(elevel,
			(errmsg("\"%s\": read " INT64_FORMAT " pages of %d requests out of %d, with %.0f rows; %d rows in sample, %.0f estimated total rows",
					RelationGetRelationName(rel),
					bf_fetch_stats(sample.fetch)->pages, sample.nrequests,
					list->count, sample.seen, sample.count, *totalrows)));

	bf_fetch_close(sample.fetch);
	end_query(query);
	MemoryContextDelete(sample.row_cxt);
	bf_estimate_forget(RelationGetRelid(rel));
	return sample.count;
}

/*
 * A scan of all columns of the table, ready to run.
 */
static QueryDesc *
start_query(Relation rel)
{
	char	   *text = psprintf("SELECT * FROM ONLY %s",
								quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)),
														   RelationGetRelationName(rel)));
	RawStmt    *raw = linitial_node(RawStmt, pg_parse_query(text));
	Query	   *parsed = linitial_node(Query, pg_analyze_and_rewrite_fixedparams(raw, text, NULL, 0, NULL));
	PlannedStmt *plan = pg_plan_query(parsed, text, 0, NULL);
	QueryDesc  *query;

	query = CreateQueryDesc(plan, text, GetActiveSnapshot(), InvalidSnapshot,
							None_Receiver, NULL, NULL, 0);
	ExecutorStart(query, 0);
	return query;
}

static void
end_query(QueryDesc *query)
{
	ExecutorFinish(query);
	ExecutorEnd(query);
	FreeQueryDesc(query);
}

/*
 * Chooses the requests to be sampled: of months that have ended, if there are
 * any, and no more than calls are allowed.
 */
static void
choose_requests(Sample *sample, const BfRequestList *list)
{
	const BfRelation *relation = sample->scan->relation;
	const BfRequest **fits = palloc_array(const BfRequest *, list->count + 1);
	int			nfits = 0;
	BfMonth		newest;
	BlockSamplerData sampler;

	sample->list = list;
	sample->month = bf_relation_param_number(relation, "month");
	newest = newest_month(sample);
	sample->spread = sample->month >= 0 &&
		relation->options->first_month == NULL;
	for (int i = 0; i < list->count; i++)
	{
		BfMonth		month = month_of(sample, &list->items[i]);

		if (sample->spread ? month == newest : month <= newest)
			fits[nfits++] = &list->items[i];
	}

	sample->requests = palloc0_array(SampledRequest, nfits + 1);
	BlockSampler_Init(&sampler, nfits, sample->calls_left,
					  pg_prng_uint32(&pg_global_prng_state));
	while (BlockSampler_HasMore(&sampler))
		sample->requests[sample->nrequests++].item = fits[BlockSampler_Next(&sampler)];
}

/*
 * The newest month among the requests that has ended, else the newest of all.
 */
static BfMonth
newest_month(const Sample *sample)
{
	BfMonth		newest = BF_MONTH_INVALID;
	BfMonth		ended = BF_MONTH_INVALID;

	for (int i = 0; i < sample->list->count; i++)
	{
		BfMonth		month = month_of(sample, &sample->list->items[i]);

		newest = Max(newest, month);
		if (month < bf_relation_current_month())
			ended = Max(ended, month);
	}
	return ended != BF_MONTH_INVALID ? ended : newest;
}

/*
 * The month that a request asks for; of an action without months always the
 * same.
 */
static BfMonth
month_of(const Sample *sample, const BfRequest *request)
{
	return sample->month < 0 ? 0 :
		bf_month_parse(request->variants[0][sample->month]->text);
}

/*
 * Reads the first page of each request, and thereby how many rows it has.
 * Where the API does not say, the pages are read in turn while calls are
 * left.
 */
static void
read_first_pages(Sample *sample)
{
	BfPaging	paging = sample->scan->relation->table->action->paging;

	for (int i = 0; i < sample->nrequests; i++)
	{
		SampledRequest *request = &sample->requests[i];
		int			asked = bf_relation_page_size(sample->scan->relation);
		BfPage	   *page = read_page(sample, request, 0, NULL);
		int64		total = bf_page_total(page);
		int64		count = bf_page_row_count(page);

		/* Numbers count pages of the size asked for. */
		request->page_size = paging == BF_PAGING_NUMBER ? asked : count;
		request->total = count;
		if (total > count && count > 0)
		{
			request->total = total;
			if (paging != BF_PAGING_TOKEN)
				request->pages_left = (total - 1) / request->page_size;
		}
		while (total < count &&
			   (paging == BF_PAGING_TOKEN ? bf_page_cursor(page) != NULL :
				count == asked) &&
			   sample->calls_left > sample->nrequests - i - 1)
		{
			const char *cursor = paging == BF_PAGING_TOKEN ?
				pstrdup(bf_page_cursor(page)) : NULL;

			page = read_page(sample, request, request->total, cursor);
			count = bf_page_row_count(page);
			request->total += count;
		}
	}
}

/*
 * Reads some of the pages that are known to be left, chosen at random.
 */
static void
read_further_pages(Sample *sample)
{
	BlockSamplerData sampler;
	int64		pages = 0;
	int64		before = 0;		/* pages left of earlier requests */
	SampledRequest *request = sample->requests;

	for (int i = 0; i < sample->nrequests; i++)
		pages += sample->requests[i].pages_left;
	BlockSampler_Init(&sampler, (BlockNumber) Min(pages, MaxBlockNumber),
					  sample->calls_left,
					  pg_prng_uint32(&pg_global_prng_state));
	while (BlockSampler_HasMore(&sampler))
	{
		int64		number = BlockSampler_Next(&sampler);

		while (number >= before + request->pages_left)
			before += (request++)->pages_left;
		(void) read_page(sample, request,
						 (number - before + 1) * request->page_size, NULL);
	}
}

/*
 * Reads a page of a request and offers its rows; the result is valid until
 * the next one.
 */
static BfPage *
read_page(Sample *sample, const SampledRequest *request,
		  int64 offset, const char *cursor)
{
	BfPageSpec	spec = {
		offset, bf_relation_page_size(sample->scan->relation), cursor
	};
	BfPage	   *page = bf_fetch_one(sample->fetch, request->item, &spec);
	BfRow		row;

	sample->calls_left--;
	while (bf_page_next(page, &row))
	{
		CHECK_FOR_INTERRUPTS();
		if (bf_tuple_answers(sample->scan->tuple, sample->fetch,
							 request->item, &row))
			offer_row(sample, request->item, &row);
	}
	return page;
}

/*
 * Takes a row into the sample, if it fits the table and chance wants it: each
 * of the rows that are seen is as likely to stay as any other.
 */
static void
offer_row(Sample *sample, const BfRequest *request, const BfRow *row)
{
	ForeignScanState *node = sample->node;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
	ExprContext *ectx = node->ss.ps.ps_ExprContext;
	BfVariant	variant;
	MemoryContext old;
	int			place = sample->count;

	MemoryContextReset(sample->row_cxt);
	old = MemoryContextSwitchTo(sample->row_cxt);
	variant = palloc_array(const BfCandidate *, sample->list->relation->nparams + 1);
	memcpy(variant, request->variants[0],
		   sample->list->relation->nparams * sizeof(variant[0]));
	if (sample->spread)
		variant[sample->month] = sample->list->items[random_below(sample, sample->list->count)].variants[0][sample->month];
	bf_tuple_store(sample->scan->tuple, sample->fetch, row, variant, slot);
	MemoryContextSwitchTo(old);

	/* The bounds of a partition. */
	ResetExprContext(ectx);
	ectx->ecxt_scantuple = slot;
	if (!ExecQual(node->ss.ps.qual, ectx))
		return;

	sample->seen++;
	if (sample->count < sample->target)
		sample->count++;
	else
	{
		if (sample->skip < 0)
			sample->skip = reservoir_get_next_S(&sample->reservoir, sample->seen - 1,
												sample->target);
		if (sample->skip-- > 0)
			return;
		place = random_below(sample, sample->target);
		heap_freetuple(sample->rows[place]);
	}
	sample->rows[place] = ExecCopySlotHeapTuple(slot);
}

static int
random_below(Sample *sample, int bound)
{
	return (int) (bound * sampler_random_fract(&sample->reservoir.randstate));
}

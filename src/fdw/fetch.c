/*-------------------------------------------------------------------------
 *
 * fetch.c
 *	  Rows of a list of requests: pages in order, calls ahead of them.
 *
 * A stream is the sequence of pages of one request (stream.c).  Streams are
 * read one after the other and page by page, and what is said about a page is
 * said when its rows are asked for.  Calls may run ahead of that, over pages
 * and streams alike: which ones is planned anew each time that calls are
 * moved on, from what the pages read so far have told.  A call that does not
 * fit any longer is dropped, so plans need no care: they change the order in
 * time and nothing else.
 *
 * IDENTIFICATION
 *	  src/fdw/fetch.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/call.h"
#include "fdw/estimate.h"
#include "fdw/fetch.h"
#include "fdw/report.h"
#include "fdw/stream.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* Calls in flight move on at least this often while rows are returned. */
#define ROWS_PER_STEP 100

struct BfFetch
{
	MemoryContext cxt;			/* holds this struct; deleted by close */
	MemoryContextCallback on_reset;
	BfCaller	caller;

	const BfRequestList *requests;	/* the caller's */
	int			current;		/* item under way */
	int			limit;			/* rows that the scan may want at most, a
								 * hint; 0 = unknown */
	bool		counts;			/* all rows of a request are alike */
	int64		rows_before;	/* of the streams before this one */
	BfPage	   *page;			/* malloc'd; freed on reset */
	BfRow		row;			/* of the page, returned last */

	/* the stream under way */
	BfStream	stream;
	bool		counting;		/* its total stands for its rows */
	int64		copies;			/* of the row returned last, to be returned as
								 * well */
	int64		rows;			/* returned so far, unnested */

	/* calls; what they hold is released on reset */
	int			width;			/* option max_concurrency */
	bool		read_ahead;		/* the scan wants more than one page */
	int			rows_unstepped; /* returned since they were moved on */
	BfCall	   *calls;			/* 2 * width, in no order */
	BfCall	  **planned;		/* those in use, as their rows will be read */
	int			nplanned;

	bool		ready_notice;	/* the user has been told of the wait */
	int64		ready_waited;	/* seconds, in the whole scan */
};

/* Helper functions */
static void release_resources(void *arg);
static void drop_calls(BfFetch *fetch);
static bool next_page(BfFetch *fetch);
static bool is_whole(BfFetch *fetch);
static bool is_counted(BfFetch *fetch);
static void start_stream(BfFetch *fetch);
static void await_page(BfFetch *fetch, BfPageSpec *spec);
static bool await_call(BfFetch *fetch, BfCall *call, int64 again);
static int64 advance(BfFetch *fetch);
static void plan_calls(BfFetch *fetch);
static void plan_call(BfFetch *fetch, int request, int64 offset);
static bool may_start(const BfFetch *fetch, int request, int64 offset);
static bool is_next(const BfFetch *fetch, int request, int64 offset);
static bool is_under_way(const BfCall *call);
static BfCall *find_call(BfFetch *fetch, int request, int64 offset);
static bool fits_plan(const BfFetch *fetch, const BfCall *call);
static int	page_limit(const BfFetch *fetch, int request, int64 offset);
static void wait_for_bill(BfFetch *fetch, BfCall *call);

/*
 * Prepares reading for a user, in the current context: looks up the keys and
 * checks where they may be sent.  Sends nothing.  Raises an error when there
 * are no keys, or the server may not be used.  The keys stay the same until
 * the scan ends.  "members" are those of rows that will be read, as for
 * bf_page_parse, and must stay.
 */
BfFetch *
bf_fetch_open(const BfRelation *relation, Oid userid,
			  const char *const *members)
{
	MemoryContext cxt;
	MemoryContext old;
	BfFetch    *fetch;

	cxt = AllocSetContextCreate(CurrentMemoryContext, "billing_fdw fetch",
								ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(cxt);
	fetch = palloc0(sizeof(BfFetch));
	fetch->cxt = cxt;
	fetch->stream.caller = &fetch->caller;
	fetch->stream.cxt = cxt;
	fetch->width = relation->options->max_concurrency;
	fetch->calls = palloc0_array(BfCall, 2 * fetch->width);
	fetch->planned = palloc_array(BfCall *, 2 * fetch->width);

	/* Armed before there is anything to release. */
	fetch->on_reset.func = release_resources;
	fetch->on_reset.arg = fetch;
	MemoryContextRegisterResetCallback(cxt, &fetch->on_reset);

	bf_call_prepare(&fetch->caller, relation, userid);
	fetch->caller.members = members;
	MemoryContextSwitchTo(old);
	return fetch;
}

/*
 * Starts to read the rows of these requests, which must stay until the next
 * start or close.  "limit" is the number of rows that may be wanted at most,
 * a hint, 0 = unknown.  With "counts", the caller cannot tell rows of a
 * request apart: the first is returned as often as the API says that there
 * are rows.  Sends nothing yet.
 */
void
bf_fetch_start(BfFetch *fetch, const BfRequestList *requests, int limit,
			   bool counts)
{
	drop_calls(fetch);
	bf_page_free(fetch->page);
	fetch->page = NULL;
	fetch->requests = requests;
	fetch->current = -1;
	fetch->limit = limit;
	fetch->counts = counts;
	fetch->rows_before = 0;
	fetch->read_ahead = false;
	start_stream(fetch);
	fetch->stream.done = true;	/* so that the next page is of the first */
}

/*
 * The next row, and the request that it answers; NULL at the end.  The row
 * is valid until the next call.  Raises an error when a call fails for good.
 */
const BfRequest *
bf_fetch_next(BfFetch *fetch, BfRow *row)
{
	for (;;)
	{
		BfRow		next;

		if (fetch->page != NULL && bf_page_next(fetch->page, &next))
		{
			fetch->row = next;
			BF_CALL_COUNT(&fetch->caller, rows, 1);
		}
		else if (fetch->copies > 0)
			fetch->copies--;
		else if (next_page(fetch))
			continue;
		else
			return NULL;

		fetch->rows++;
		if (fetch->read_ahead && ++fetch->rows_unstepped >= ROWS_PER_STEP)
			(void) advance(fetch);
		*row = fetch->row;
		return &fetch->requests->items[fetch->current];
	}
}

/*
 * Rows to ask for in the first page of a scan that wants so many at most, 0 =
 * unknown; 0 for an action without pages.  A smaller page is followed by one
 * of another size, which only rows that are counted allow.
 */
int
bf_fetch_first_limit(const BfRelation *relation, int wanted)
{
	int			limit = bf_relation_page_size(relation);

	if (wanted > 0 && relation->table->action->paging == BF_PAGING_OFFSET)
		return Min(limit, wanted);
	return limit;
}

/*
 * A page of a request, which becomes the page of the last row; the fetch owns
 * it, until the next call.  Not to be mixed with reading rows.  Raises an
 * error when the call fails for good.
 */
BfPage *
bf_fetch_one(BfFetch *fetch, const BfRequest *request, const BfPageSpec *spec)
{
	BfCall	   *call = &fetch->calls[0];

	bf_page_free(fetch->page);
	fetch->page = NULL;
	bf_call_ask(call, request, spec);
	do
	{
		bf_call_step();
	} while (!await_call(fetch, call, bf_call_move(&fetch->caller, call)));
	return fetch->page;
}

/*
 * Releases everything.
 */
void
bf_fetch_close(BfFetch *fetch)
{
	MemoryContextDelete(fetch->cxt);
}

/*
 * The page of the last row.
 */
BfPage *
bf_fetch_page(const BfFetch *fetch)
{
	return fetch->page;
}

/*
 * The RequestId of the last row's page, fit to be shown.
 */
const char *
bf_fetch_request_id(const BfFetch *fetch)
{
	return bf_fetch_clean(fetch, bf_page_request_id(fetch->page));
}

/*
 * Text of the answer, fit to be shown; in the current context.
 */
char *
bf_fetch_clean(const BfFetch *fetch, const char *text)
{
	return bf_report_clean(text, &fetch->caller.credentials);
}

/*
 * What has been done since the fetch was opened.
 */
const BfCallStats *
bf_fetch_stats(const BfFetch *fetch)
{
	return &fetch->caller.stats;
}

/*
 * Reports that the page of the last row contradicts itself or the request.
 * Returns unless option "answer_check" makes that an error.
 */
void
bf_fetch_doubt(const BfFetch *fetch, const char *doubt)
{
	bf_report_doubt(fetch->caller.relation, &fetch->caller.credentials,
					bf_page_request_id(fetch->page), doubt);
}

/*
 * Frees what palloc does not own; runs at the end of the scan, however it
 * ends.
 */
static void
release_resources(void *arg)
{
	BfFetch    *fetch = arg;

	drop_calls(fetch);
	bf_page_free(fetch->page);
	fetch->page = NULL;
	bf_option_wipe_credentials(&fetch->caller.credentials);
}

static void
drop_calls(BfFetch *fetch)
{
	for (int i = 0; i < 2 * fetch->width; i++)
		bf_call_drop(&fetch->calls[i]);
}

/*
 * ---------- Pages ----------
 */

/*
 * Reads the next page that there is; returns false at the end of the last
 * stream.
 */
static bool
next_page(BfFetch *fetch)
{
	BfPageSpec	spec;

	/* The first page may be all that is wanted; nobody asks for one more. */
	if (fetch->current >= 0)
		fetch->read_ahead = true;
	bf_page_free(fetch->page);
	fetch->page = NULL;
	if (fetch->stream.done)
	{
		if (fetch->current >= 0 && is_whole(fetch))
			bf_estimate_learn(fetch->caller.relation, fetch->rows);
		if (fetch->current + 1 >= fetch->requests->count)
			return false;
		fetch->current++;
		fetch->rows_before += fetch->stream.rows;
		start_stream(fetch);
	}

	await_page(fetch, &spec);
	if (!fetch->counting)
		bf_stream_take(&fetch->stream, fetch->page, &spec);
	else if (is_counted(fetch))
		fetch->stream.done = true;
	else
	{
		/* Its rows are read after all, from the first one. */
		fetch->counting = false;
		bf_page_free(fetch->page);
		fetch->page = NULL;
	}
	return true;
}

static void
start_stream(BfFetch *fetch)
{
	bf_stream_start(&fetch->stream);
	fetch->counting = fetch->counts;
	fetch->copies = 0;
	fetch->rows = 0;
}

/*
 * Does the answer to a request for one row say how many there are?  Then
 * that row will be returned as often.
 */
static bool
is_counted(BfFetch *fetch)
{
	int64		count = bf_page_row_count(fetch->page);
	int64		total = bf_page_total(fetch->page);

	if (count == 0 && total > 0)
		bf_fetch_doubt(fetch, psprintf("there are no rows where " INT64_FORMAT " are counted",
									   total));
	if (count != Min(total, 1))
		return false;
	fetch->copies = total - count;
	return true;
}

/*
 * Does the request under way ask for all rows of its month and group type?
 * Then their number is worth remembering.
 */
static bool
is_whole(BfFetch *fetch)
{
	const BfRequest *request = &fetch->requests->items[fetch->current];

	for (int i = 0; i < fetch->caller.relation->nparams; i++)
		if (request->args[i].nvalues > 0 &&
			!bf_relation_has_list(fetch->caller.relation, i) &&
			!bf_relation_is_echoed(fetch->caller.relation, i))
			return false;
	return true;
}

/*
 * ---------- Calls ----------
 */

/*
 * Makes the next page of the stream under way that of the fetch, and tells
 * what was asked for.
 */
static void
await_page(BfFetch *fetch, BfPageSpec *spec)
{
	int64		again;

	do
	{
		again = advance(fetch);
		*spec = fetch->planned[0]->spec;
	} while (!await_call(fetch, fetch->planned[0], again));
}

/*
 * Does what the call whose rows are wanted now needs: makes its page that of
 * the fetch, and returns true; or reports its failure, or waits a little,
 * until "again" or for the network, and returns false.
 */
static bool
await_call(BfFetch *fetch, BfCall *call, int64 again)
{
	switch (call->state)
	{
		case BF_CALL_ANSWERED:
			bf_call_step();		/* what has just started goes out first */
			return bf_call_read(&fetch->caller, call, &fetch->page);
		case BF_CALL_NOT_READY:
			wait_for_bill(fetch, call);
			break;
		case BF_CALL_FAILED:
			bf_report_failure(fetch->caller.relation,
							  &fetch->caller.credentials, &call->outcome,
							  call->retry.retries + call->retry.throttled);
			break;
		case BF_CALL_WAITING:
		case BF_CALL_RUNNING:
		case BF_CALL_NONE:
			bf_call_wait(&fetch->caller, call->wait, again);
			break;
	}
	return false;
}

/*
 * Moves all calls on as far as they go now, and starts those that are
 * planned.  Returns when to try again if nothing arrives before.
 */
static int64
advance(BfFetch *fetch)
{
	int64		again = PG_INT64_MAX;

	fetch->rows_unstepped = 0;
	bf_call_step();
	plan_calls(fetch);
	for (int i = 0; i < fetch->nplanned; i++)
		again = Min(again, bf_call_move(&fetch->caller, fetch->planned[i]));
	return again;
}

/*
 * Decides which calls there shall be, in the order in which their rows will
 * be read: pages of the stream under way, and the first pages of those after
 * it, which tell how many more there are.  Each kind is bounded by itself, so
 * that neither keeps the other from being read ahead.
 */
static void
plan_calls(BfFetch *fetch)
{
	int64		offset = bf_stream_next_offset(&fetch->stream);
	int64		step = bf_stream_step(&fetch->stream);

	for (int i = 0; i < 2 * fetch->width; i++)
		if (!fits_plan(fetch, &fetch->calls[i]))
			bf_call_drop(&fetch->calls[i]);

	fetch->nplanned = 0;
	for (; bf_stream_foresees(&fetch->stream, offset, fetch->width); offset += step)
	{
		plan_call(fetch, fetch->current, offset);
		if (step == 0)
			break;
	}
	for (int i = 1; i <= fetch->width; i++)
		if (fetch->current + i < fetch->requests->count)
			plan_call(fetch, fetch->current + i, 0);
}

/*
 * Adds the call for this page to the plan, if there is one or may be one.
 */
static void
plan_call(BfFetch *fetch, int request, int64 offset)
{
	BfCall	   *call = find_call(fetch, request, offset);

	if (call == NULL)
	{
		BfPageSpec	spec = {.offset = offset};

		if (!may_start(fetch, request, offset))
			return;
		for (call = fetch->calls; call->state != BF_CALL_NONE; call++)
			Assert(call < fetch->calls + 2 * fetch->width - 1);
		spec.limit = page_limit(fetch, request, offset);
		if (request == fetch->current)
			spec.cursor = fetch->stream.cursor;
		bf_call_ask(call, &fetch->requests->items[request], &spec);
	}
	fetch->planned[fetch->nplanned++] = call;
}

/*
 * May a call for this page be started?  The one whose rows are wanted next has
 * a place of its own, and the others share what is left: so "width" calls are
 * under way at most.  With a width of 1 nothing is read ahead.
 */
static bool
may_start(const BfFetch *fetch, int request, int64 offset)
{
	bool		next = is_next(fetch, request, offset);
	int			others = 0;
	int64		rows = fetch->rows_before;	/* before this page, at least */

	if (next && fetch->page == NULL)
		return true;
	if (!fetch->read_ahead || fetch->width == 1)
		return false;

	rows += request == fetch->current ? offset :
		Max(fetch->stream.rows, fetch->stream.total);
	if (fetch->limit > 0 && rows >= fetch->limit)
		return false;

	for (int i = 0; i < fetch->nplanned; i++)
		if (fetch->planned[i]->state == BF_CALL_FAILED)
			return false;		/* the scan will not get beyond it */
	for (int i = 0; i < 2 * fetch->width; i++)
	{
		const BfCall *call = &fetch->calls[i];

		if (is_under_way(call) &&
			!is_next(fetch, call->request - fetch->requests->items,
					 call->spec.offset))
			others++;
	}
	return next || others < fetch->width - 1;
}

/*
 * Is this the page whose rows will be wanted when those of the last one have
 * been returned?
 */
static bool
is_next(const BfFetch *fetch, int request, int64 offset)
{
	if (fetch->stream.done)
		return request == fetch->current + 1 && offset == 0;
	return request == fetch->current &&
		offset == bf_stream_next_offset(&fetch->stream);
}

static bool
is_under_way(const BfCall *call)
{
	return call->state == BF_CALL_WAITING || call->state == BF_CALL_RUNNING;
}

static BfCall *
find_call(BfFetch *fetch, int request, int64 offset)
{
	for (int i = 0; i < 2 * fetch->width; i++)
	{
		BfCall	   *call = &fetch->calls[i];

		if (call->state != BF_CALL_NONE &&
			call->request == &fetch->requests->items[request] &&
			call->spec.offset == offset)
			return call;
	}
	return NULL;
}

/*
 * Is the call's page still one that will be read, as far as is known?
 */
static bool
fits_plan(const BfFetch *fetch, const BfCall *call)
{
	int			request;

	if (call->state == BF_CALL_NONE)
		return true;
	request = call->request - fetch->requests->items;
	if (request != fetch->current)
		return request > fetch->current &&
			request <= fetch->current + fetch->width;
	return bf_stream_foresees(&fetch->stream, call->spec.offset, fetch->width) &&
		call->spec.limit == page_limit(fetch, request, call->spec.offset);
}

/*
 * Rows to ask for in a page.
 */
static int
page_limit(const BfFetch *fetch, int request, int64 offset)
{
	if (request == fetch->current ? fetch->counting : fetch->counts)
		return 1;
	return bf_fetch_first_limit(fetch->caller.relation,
								request == 0 && offset == 0 ? fetch->limit : 0);
}

/*
 * Lets a call ask again later for a bill that the API is still preparing, or
 * raises the error when the scan has waited long enough.  Seconds are rounded:
 * so the time of the calls in between does not count.
 */
static void
wait_for_bill(BfFetch *fetch, BfCall *call)
{
	const BfOptions *options = fetch->caller.relation->options;
	int			timeout = bf_option_ready_timeout(options);
	int64		left = timeout - fetch->ready_waited;
	int64		now = bf_call_now();
	int64		age = (now - call->ended_us + USECS_PER_SEC / 2) / USECS_PER_SEC;
	int64		wait = options->ready_interval - age;

	/* An answer that was read ahead may be old enough already. */
	if (wait <= 0)
	{
		bf_call_ask_again(call, now);
		return;
	}
	if (left <= 0)
		bf_report_not_ready(fetch->caller.relation, &fetch->caller.credentials,
							call->outcome.request_id, timeout);
	if (!fetch->ready_notice)
		ereport(NOTICE,
				(errmsg("foreign table \"%s\": the API is still preparing the bill, waiting for up to %d seconds",
						fetch->caller.relation->name, timeout)));
	fetch->ready_notice = true;

	wait = Min(wait, left);
	fetch->ready_waited += wait;
	BF_CALL_COUNT(&fetch->caller, ready_waits, 1);
	bf_call_ask_again(call, now + wait * USECS_PER_SEC);
}

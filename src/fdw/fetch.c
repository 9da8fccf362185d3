/*-------------------------------------------------------------------------
 *
 * fetch.c
 *	  Rows of a list of requests: calls, pages, waits, retries.
 *
 * A stream is the sequence of pages of one request.  Every wait in this file
 * is bounded and followed by CHECK_FOR_INTERRUPTS().
 *
 * IDENTIFICATION
 *	  src/fdw/fetch.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "api/error.h"
#include "api/http.h"
#include "api/retry.h"
#include "api/sign.h"
#include "common/pg_prng.h"
#include "fdw/estimate.h"
#include "fdw/fetch.h"
#include "fdw/report.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "portability/instr_time.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define API_VERSION		"2018-07-09"
#define CONTENT_TYPE	"application/json"
#define REQUEST_CLIENT	"billing_fdw_" BF_VERSION

/*
 * Longest sleep in a step of a transfer: a signal that arrives just before
 * it is noticed only when it ends, and cancelling shall take 100 ms at most.
 */
#define STEP_MS 50

/*
 * More pages than this in one stream are taken for a server that never
 * comes to an end: a hundred million rows with pages of full size.
 */
#define MAX_PAGES 100000

/* A page smaller than this may equal the one before it by chance. */
#define MIN_REPEATED_ROWS 20

/* Headers that a request has at most, and the NULL that ends them. */
#define MAX_HEADERS 10

/* The stream under way. */
typedef struct Stream
{
	bool		done;			/* nothing more to ask for */
	int64		rows;			/* returned so far, unnested */
	int64		rows_read;		/* rows of all pages so far: next offset */
	int			pages;
	int64		total;			/* said by the first page, -1 = unknown */
	bool		counts;			/* the total stands for the rows */
	int64		copies;			/* of the row returned last, to be returned as
								 * well */
	int			page_cap;		/* rows that the server puts into a page at
								 * most, where that is less than was asked
								 * for; 0 = no sign of it */
	bool		last_short;		/* the page before had less than asked for */
	int			last_count;		/* rows of the page before */
	uint64		last_hash;
} Stream;

struct BfFetch
{
	MemoryContext cxt;			/* holds this struct; deleted by close */
	MemoryContext call_cxt;		/* reset before each call */
	MemoryContextCallback on_reset;

	const BfRelation *relation; /* the caller's */
	BfCredentials credentials;
	BfEndpoint	endpoint;
	BfEndpoint	proxy;
	BfHttpTarget target;
	BfFetchStats stats;

	const BfRequestList *requests;	/* the caller's */
	int			current;		/* item under way */
	int			first_limit;	/* rows that the scan may want at most, for
								 * its first page; 0 = unknown */
	bool		counts;			/* all rows of a request are alike */
	Stream		stream;
	BfPage	   *page;			/* malloc'd; freed on reset */
	BfRow		row;			/* of the page, returned last */
	BfTransfer *transfer;		/* malloc'd; freed on reset */

	bool		ready_notice;	/* the user has been told of the wait */
	int64		ready_waited_ms;	/* in the whole scan */
};

/*
 * Connections, kept alive between the scans of this backend: malloc'd, and
 * never freed because they live as long as the process does.
 */
static BfHttp *backend_http = NULL;

/* Helper functions */
static void release_resources(void *arg);
static void set_target(BfFetch *fetch);
static bool next_page(BfFetch *fetch);
static bool is_whole(BfFetch *fetch);
static bool is_counted(BfFetch *fetch);
static void judge_page(BfFetch *fetch, const BfPageSpec *spec);
static BfPage *call(BfFetch *fetch, const BfRequest *request,
					const BfPageSpec *spec);
static BfPage *attempt(BfFetch *fetch, const BfRequest *request,
					   const BfPageSpec *spec, BfOutcome *outcome);
static void run_transfer(BfFetch *fetch, const char *body,
						 BfHttpAnswer *answer, BfOutcome *outcome);
static const char **make_headers(BfFetch *fetch, const char *body);
static char *make_header(const char *name, const char *value);
static void judge_status(const BfHttpAnswer *answer, BfOutcome *outcome);
static void retry_or_fail(BfFetch *fetch, const BfOutcome *outcome,
						  BfRetryState *state);
static void wait_for_bill(BfFetch *fetch, const char *request_id);
static void wait_ms(int64 ms);

/*
 * Prepares reading for a user, in the current context: looks up the keys and
 * checks where they may be sent.  Sends nothing.  Raises an error when there
 * are no keys, or the server may not be used.  The keys stay the same until
 * the scan ends.
 */
BfFetch *
bf_fetch_open(const BfRelation *relation, Oid userid)
{
	MemoryContext cxt;
	MemoryContext old;
	BfFetch    *fetch;

	cxt = AllocSetContextCreate(CurrentMemoryContext, "billing_fdw fetch",
								ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(cxt);
	fetch = palloc0(sizeof(BfFetch));
	fetch->cxt = cxt;
	fetch->relation = relation;
	fetch->call_cxt = AllocSetContextCreate(cxt, "billing_fdw call",
											ALLOCSET_DEFAULT_SIZES);

	/* Armed before there is anything to release. */
	fetch->on_reset.func = release_resources;
	fetch->on_reset.arg = fetch;
	MemoryContextRegisterResetCallback(cxt, &fetch->on_reset);

	bf_option_credentials(GetUserMapping(userid, relation->server->serverid),
						  relation->server, &fetch->credentials);
	set_target(fetch);
	MemoryContextSwitchTo(old);
	return fetch;
}

/*
 * Starts to read the rows of these requests, which must stay until the next
 * start or close.  "limit" is a hint for the size of the first page, 0 =
 * none.  With "counts", the caller cannot tell rows of a request apart: the
 * first is returned as often as the API says that there are rows.  Sends
 * nothing yet.
 */
void
bf_fetch_start(BfFetch *fetch, const BfRequestList *requests, int limit,
			   bool counts)
{
	bf_page_free(fetch->page);
	fetch->page = NULL;
	fetch->requests = requests;
	fetch->current = -1;
	fetch->first_limit = limit;
	fetch->counts = counts;
	memset(&fetch->stream, 0, sizeof(fetch->stream));
	fetch->stream.done = true;
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
			fetch->stats.rows++;
		}
		else if (fetch->stream.copies > 0)
			fetch->stream.copies--;
		else if (next_page(fetch))
			continue;
		else
			return NULL;

		fetch->stream.rows++;
		*row = fetch->row;
		return &fetch->requests->items[fetch->current];
	}
}

/*
 * A page of a request, which becomes the page of the last row; the fetch owns
 * it, until the next call.  Raises an error when the call fails for good.
 */
BfPage *
bf_fetch_one(BfFetch *fetch, const BfRequest *request, const BfPageSpec *spec)
{
	bf_page_free(fetch->page);
	fetch->page = NULL;
	fetch->page = call(fetch, request, spec);
	fetch->stats.pages++;
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
	return bf_report_clean(text, &fetch->credentials);
}

/*
 * What has been done since the fetch was opened.
 */
const BfFetchStats *
bf_fetch_stats(const BfFetch *fetch)
{
	return &fetch->stats;
}

/*
 * Reports that the page of the last row contradicts itself or the request.
 * Returns unless option "answer_check" makes that an error.
 */
void
bf_fetch_doubt(const BfFetch *fetch, const char *doubt)
{
	bf_report_doubt(fetch->relation, &fetch->credentials,
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

	bf_http_release(fetch->transfer);
	fetch->transfer = NULL;
	bf_page_free(fetch->page);
	fetch->page = NULL;
	bf_option_wipe_credentials(&fetch->credentials);
}

/*
 * Finds out where requests go, and whether they may.
 */
static void
set_target(BfFetch *fetch)
{
	const BfOptions *options = fetch->relation->options;
	BfHttpTarget *target = &fetch->target;

	/* The validator has accepted these texts. */
	if (bf_endpoint_parse(options->endpoint, &fetch->endpoint) != NULL)
		elog(ERROR, "invalid endpoint of server \"%s\"",
			 fetch->relation->server->servername);
	bf_option_check_target(fetch->relation->server, "endpoint",
						   &fetch->endpoint);
	target->endpoint = &fetch->endpoint;

	if (options->proxy != NULL)
	{
		if (bf_endpoint_parse_proxy(options->proxy, &fetch->proxy) != NULL)
			elog(ERROR, "invalid proxy of server \"%s\"",
				 fetch->relation->server->servername);
		bf_option_check_target(fetch->relation->server, "proxy",
							   &fetch->proxy);
		target->proxy = &fetch->proxy;
		target->proxy_user = fetch->credentials.proxy_user;
		target->proxy_password = fetch->credentials.proxy_password;
	}
	target->ca_file = options->ca_file;
	target->connect_timeout_ms = options->connect_timeout * 1000;
	target->request_timeout_ms = options->request_timeout * 1000;
	target->max_response_size = (size_t) options->max_response_size * 1024;
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
	Stream	   *stream = &fetch->stream;
	BfPageSpec	spec;

	if (stream->done)
	{
		if (fetch->current >= 0 && is_whole(fetch))
			bf_estimate_learn(fetch->relation, stream->rows);
		if (fetch->current + 1 >= fetch->requests->count)
			return false;
		fetch->current++;
		memset(stream, 0, sizeof(*stream));
		stream->counts = fetch->counts;
	}

	spec.offset = stream->rows_read;
	spec.limit = bf_relation_page_size(fetch->relation);
	if (stream->counts)
		spec.limit = 1;
	else if (fetch->current == 0 && stream->pages == 0 && fetch->first_limit > 0)
		spec.limit = Min(spec.limit, fetch->first_limit);

	(void) bf_fetch_one(fetch, &fetch->requests->items[fetch->current], &spec);
	if (stream->counts && is_counted(fetch))
		stream->done = true;
	else if (stream->counts)
	{
		/* Its rows are read after all, from the first one. */
		stream->counts = false;
		bf_page_free(fetch->page);
		fetch->page = NULL;
	}
	else
		judge_page(fetch, &spec);
	return true;
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
	fetch->stream.copies = total - count;
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

	for (int i = 0; i < fetch->relation->nparams; i++)
		if (request->args[i].nvalues > 0 &&
			bf_relation_param(fetch->relation, i)->domain == BF_DOMAIN_OPEN &&
			!bf_relation_is_echoed(fetch->relation, i))
			return false;
	return true;
}

/*
 * Decides whether the stream ends with this page, and whether its pages fit
 * together.
 */
static void
judge_page(BfFetch *fetch, const BfPageSpec *spec)
{
	Stream	   *stream = &fetch->stream;
	int64		count = bf_page_row_count(fetch->page);
	int64		total = bf_page_total(fetch->page);
	int64		full;			/* rows of a page that is not short */
	uint64		hash;

	if (fetch->relation->table->action->paging == BF_PAGING_NONE)
	{
		stream->done = true;
		return;
	}

	hash = bf_page_hash(fetch->page);
	if (count > spec->limit)
		bf_fetch_doubt(fetch, psprintf("a page has " INT64_FORMAT " rows where %d were asked for",
									   count, spec->limit));
	if (stream->pages == 0)
		stream->total = total;
	else if (total >= 0 && stream->total >= 0 && total != stream->total)
		bf_fetch_doubt(fetch, psprintf("the number of rows changed from " INT64_FORMAT " to " INT64_FORMAT " between pages",
									   stream->total, total));

	/* A short page with more rows behind it: the server caps its pages. */
	if (stream->last_short && count > 0)
		stream->page_cap = stream->last_count;
	full = stream->page_cap > 0 ? Min(spec->limit, stream->page_cap) : spec->limit;
	if (count >= full && count >= MIN_REPEATED_ROWS &&
		count == stream->last_count && hash == stream->last_hash)
		bf_fetch_doubt(fetch, "a page equals the one before it");

	stream->pages++;
	stream->rows_read += count;
	stream->last_short = count < spec->limit;
	stream->last_count = count;
	stream->last_hash = hash;

	/*
	 * The documented total may be too low; then it says nothing.  A short
	 * page ends the stream only when the total confirms it: the server may
	 * have cut the page.
	 */
	if (count == 0)
	{
		if (stream->total > stream->rows_read)
			bf_fetch_doubt(fetch, psprintf("the rows end after " INT64_FORMAT " of " INT64_FORMAT,
										   stream->rows_read, stream->total));
		stream->done = true;
	}
	else if (count < full && stream->total == stream->rows_read)
		stream->done = true;
	else if (stream->pages >= MAX_PAGES)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
				 errmsg("answer for foreign table \"%s\" does not end after %d pages",
						fetch->relation->name, MAX_PAGES),
				 errdetail("Action %s, RequestId %s.",
						   fetch->relation->table->action->name,
						   bf_fetch_request_id(fetch)),
				 errhint("Raise option \"page_size\", or add conditions.")));
}

/*
 * ---------- Calls ----------
 */

/*
 * A page of a request, however often it has to be asked for.
 */
static BfPage *
call(BfFetch *fetch, const BfRequest *request, const BfPageSpec *spec)
{
	BfRetryState state = {0};

	for (;;)
	{
		BfOutcome	outcome;
		BfPage	   *page;

		memset(&outcome, 0, sizeof(outcome));
		page = attempt(fetch, request, spec, &outcome);
		if (page != NULL && bf_page_ready(page))
			return page;
		bf_page_free(page);		/* rows beside Ready = 0 do not count */

		if (outcome.kind == BF_OUTCOME_OK ||
			bf_error_classify(&outcome)->retry == BF_RETRY_NOT_READY)
			wait_for_bill(fetch, outcome.request_id);
		else
			retry_or_fail(fetch, &outcome, &state);
	}
}

/*
 * One call.  Returns the page, to be freed by the caller, or NULL; "outcome"
 * tells why, and the RequestId in any case.
 */
static BfPage *
attempt(BfFetch *fetch, const BfRequest *request, const BfPageSpec *spec,
		BfOutcome *outcome)
{
	BfHttpAnswer answer;
	BfPage	   *page = NULL;
	MemoryContext old;
	instr_time	started;
	instr_time	elapsed;
	char	   *body;

	MemoryContextReset(fetch->call_cxt);
	old = MemoryContextSwitchTo(fetch->call_cxt);
	body = bf_requests_body(fetch->relation, request->args, spec);

	INSTR_TIME_SET_CURRENT(started);
	run_transfer(fetch, body, &answer, outcome);
	if (outcome->kind == BF_OUTCOME_OK)
	{
		/* Whatever the status: an error of the API may come with any. */
		page = bf_page_parse(answer.body, answer.body_len,
							 fetch->relation->table, outcome);
		if (outcome->kind != BF_OUTCOME_API_ERROR && outcome->http_status != 200)
		{
			bf_page_free(page);
			page = NULL;
			judge_status(&answer, outcome);
		}
		fetch->stats.bytes += answer.wire_bytes;
	}
	bf_http_release(fetch->transfer);
	fetch->transfer = NULL;

	INSTR_TIME_SET_CURRENT(elapsed);
	INSTR_TIME_SUBTRACT(elapsed, started);
	fetch->stats.calls++;
	fetch->stats.api_ms += INSTR_TIME_GET_MILLISEC(elapsed);
	ereport(DEBUG1,
			(errmsg_internal("billing API: %s, RequestId %s, %.0f ms, " INT64_FORMAT " rows",
							 fetch->relation->table->action->name,
							 bf_report_clean(outcome->request_id, &fetch->credentials),
							 INSTR_TIME_GET_MILLISEC(elapsed),
							 page ? bf_page_row_count(page) : 0),
			 errhidestmt(true)));
	MemoryContextSwitchTo(old);
	return page;
}

/*
 * Sends a body and waits for the answer, which belongs to fetch->transfer.
 */
static void
run_transfer(BfFetch *fetch, const char *body, BfHttpAnswer *answer,
			 BfOutcome *outcome)
{
	const char **headers;

	if (backend_http == NULL && (backend_http = bf_http_new()) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));

	headers = make_headers(fetch, body);
	fetch->transfer = bf_http_start(backend_http, &fetch->target, headers,
									body, strlen(body), outcome);
	for (const char **header = headers; *header; header++)
		bf_sign_wipe(unconstify(char *, *header), strlen(*header));
	if (fetch->transfer == NULL)
		return;

	pgstat_report_wait_start(PG_WAIT_EXTENSION);
	while (!bf_http_finished(fetch->transfer, answer, outcome))
	{
		bf_http_step(backend_http, STEP_MS);
		CHECK_FOR_INTERRUPTS();
		if (!PostmasterIsAlive())
			proc_exit(1);
	}
	pgstat_report_wait_end();
}

/*
 * The headers of a request, ended by NULL; they hold secrets.
 */
static const char **
make_headers(BfFetch *fetch, const char *body)
{
	const BfOptions *options = fetch->relation->options;
	const char **headers = palloc0_array(const char *, MAX_HEADERS);
	char		authorization[BF_SIGN_AUTHORIZATION_SIZE];
	BfSignInput input;
	int			n = 0;

	/* The clock is read once: header, signature and date must agree. */
	input.timestamp = (int64) time(NULL);
	input.secret_id = fetch->credentials.secret_id;
	input.secret_key = fetch->credentials.secret_key;
	input.host = fetch->endpoint.host_header;
	input.content_type = CONTENT_TYPE;
	input.body = body;
	input.body_len = strlen(body);
	if (!bf_sign_authorization(&input, authorization))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("could not sign a request for foreign table \"%s\"",
						fetch->relation->name)));

	headers[n++] = make_header("Authorization", authorization);
	bf_sign_wipe(authorization, sizeof(authorization));
	headers[n++] = make_header("Content-Type", CONTENT_TYPE);
	headers[n++] = make_header("X-TC-Action",
							   fetch->relation->table->action->name);
	headers[n++] = make_header("X-TC-Version", API_VERSION);
	headers[n++] = make_header("X-TC-Timestamp",
							   psprintf(INT64_FORMAT, input.timestamp));
	headers[n++] = make_header("X-TC-Language", options->language);
	headers[n++] = make_header("X-TC-RequestClient", REQUEST_CLIENT);
	if (options->region != NULL)
		headers[n++] = make_header("X-TC-Region", options->region);
	if (fetch->credentials.token != NULL)
		headers[n++] = make_header("X-TC-Token", fetch->credentials.token);
	Assert(n < MAX_HEADERS);
	return headers;
}

/*
 * A header line.  Its memory is of the right size at once: psprintf() would
 * free a first attempt with a part of a secret in it.
 */
static char *
make_header(const char *name, const char *value)
{
	size_t		size = strlen(name) + strlen(value) + 3;
	char	   *header = palloc(size);

	snprintf(header, size, "%s: %s", name, value);
	return header;
}

/*
 * An answer with a status other than 200 that holds no error of the API: the
 * status is the news, and the start of the body may help.
 */
static void
judge_status(const BfHttpAnswer *answer, BfOutcome *outcome)
{
	outcome->kind = BF_OUTCOME_HTTP_STATUS;
	snprintf(outcome->message, sizeof(outcome->message),
			 "HTTP status %d%s%.200s", outcome->http_status,
			 answer->body_len > 0 ? ": " : "", answer->body);
}

/*
 * Waits before another attempt, or raises the error when there shall be
 * none.
 */
static void
retry_or_fail(BfFetch *fetch, const BfOutcome *outcome, BfRetryState *state)
{
	const BfOptions *options = fetch->relation->options;
	BfRetryClass retry_class = bf_error_classify(outcome)->retry;
	BfRetryPolicy policy;
	int64		wait;

	policy.max_retries = options->max_retries;
	policy.throttle_timeout_ms = (int64) options->throttle_timeout * 1000;
	if (!bf_retry_decide(retry_class, &policy, state,
						 pg_prng_uint64(&pg_global_prng_state), &wait))
		bf_report_failure(fetch->relation, &fetch->credentials, outcome,
						  state->retries + state->throttled);

	if (retry_class == BF_RETRY_THROTTLED)
		fetch->stats.throttle_waits++;
	else
		fetch->stats.retries++;
	wait_ms(wait);
}

/*
 * Waits for a bill that the API is still preparing, or raises the error when
 * the scan has waited long enough.
 */
static void
wait_for_bill(BfFetch *fetch, const char *request_id)
{
	int			timeout = bf_option_ready_timeout(fetch->relation->options);
	int64		left = (int64) timeout * 1000 - fetch->ready_waited_ms;
	int64		wait;

	if (left <= 0)
		bf_report_not_ready(fetch->relation, &fetch->credentials, request_id,
							timeout);
	if (!fetch->ready_notice)
		ereport(NOTICE,
				(errmsg("foreign table \"%s\": the API is still preparing the bill, waiting for up to %d seconds",
						fetch->relation->name, timeout)));
	fetch->ready_notice = true;

	wait = Min((int64) fetch->relation->options->ready_interval * 1000, left);
	fetch->ready_waited_ms += wait;
	fetch->stats.ready_waits++;
	wait_ms(wait);
}

/*
 * Sleeps, unless the query is cancelled or the postmaster dies.
 */
static void
wait_ms(int64 ms)
{
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), ms);

	for (;;)
	{
		long		left;

		CHECK_FOR_INTERRUPTS();
		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);
		if (left <= 0)
			return;
		(void) WaitLatch(MyLatch,
						 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 left, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
	}
}

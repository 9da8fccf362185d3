/*-------------------------------------------------------------------------
 *
 * call.c
 *	  One page of one request: asked for until it is here, without waiting.
 *
 * A call goes through these states:
 *
 *		WAITING --> RUNNING --> ANSWERED --> the page is read
 *		   ^           |           |
 *		   +-----------+-----------+-------> NOT_READY, FAILED
 *
 * Failures that pass lead back to WAITING by themselves.  What a call has
 * come to is the caller's to report, when its rows are asked for.
 *
 * An answer waits as it came, because one page at most shall be parsed at a
 * time.  Only a small one is looked into when it arrives: errors are small.
 *
 * Nothing here waits but bf_call_wait().
 *
 * IDENTIFICATION
 *	  src/fdw/call.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "api/error.h"
#include "api/sign.h"
#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "fdw/call.h"
#include "fdw/compat.h"
#include "fdw/report.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "portability/instr_time.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "utils/memutils.h"

#define API_VERSION		"2018-07-09"
#define CONTENT_TYPE	"application/json"
#define REQUEST_CLIENT	"billing_fdw_" BF_VERSION

/*
 * Longest sleep while transfers are under way, in milliseconds: a signal that
 * arrives just before it is noticed only when it ends, and cancelling shall
 * take 100 ms at most.
 */
#define STEP_MS 50

/*
 * Transfers that nobody has moved on for this long, because the query was
 * busy or suspended, are not to blame when they fail.
 */
#define NEGLECT_US 1000000

/* Bytes of an answer that is looked into at once. */
#define SMALL_ANSWER 4096

/* Headers that a request has at most, and the NULL that ends them. */
#define MAX_HEADERS 10

/*
 * Connections, kept alive between the scans of this backend: malloc'd, and
 * never freed because they live as long as the process does.
 */
static BfHttp *backend_http = NULL;

/* When transfers were moved on last, and when last after being neglected. */
static int64 last_step_us = 0;
static int64 neglect_end_us = 0;

BfCallStats bf_call_session;

/* Helper functions */
static void set_target(BfCaller *caller);
static BfQuota *find_quota(const BfCaller *caller);
static int64 take_turn(BfCaller *caller, BfCall *call);
static void start(BfCaller *caller, BfCall *call);
static void note_send(void *arg);
static const char **make_headers(BfCaller *caller, const char *body);
static char *make_header(const char *name, const char *value);
static void collect(BfCaller *caller, BfCall *call);
static BfPage *parse_answer(BfCaller *caller, BfCall *call);
static void end_transfer(BfCall *call);
static void judge_failure(BfCaller *caller, BfCall *call);
static void step(int ms);
static void log_call(BfCaller *caller, const BfCall *call, int64 rows);
static uint32 wait_event(BfWait wait);

/*
 * The time in microseconds, of a clock that never goes back.
 */
int64
bf_call_now(void)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	return (int64) INSTR_TIME_GET_MICROSEC(now);
}

/*
 * Prepares calls for a user, in the current context: looks up the keys and
 * checks where they may be sent.  Raises an error when there are no keys, or
 * the server may not be used.
 */
void
bf_call_prepare(BfCaller *caller, const BfRelation *relation, Oid userid)
{
	caller->relation = relation;
	caller->call_cxt = AllocSetContextCreate(CurrentMemoryContext,
											 "billing_fdw call",
											 ALLOCSET_DEFAULT_SIZES);
	bf_option_credentials(GetUserMapping(userid, relation->server->serverid),
						  relation->server, &caller->credentials);
	set_target(caller);
	caller->quota = find_quota(caller);
	if (backend_http == NULL)
		backend_http = bf_http_new();
	if (caller->quota == NULL || backend_http == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
}

/*
 * Finds out where requests go, and whether they may.
 */
static void
set_target(BfCaller *caller)
{
	const BfRelation *relation = caller->relation;
	const BfOptions *options = relation->options;
	BfHttpTarget *target = &caller->target;

	/* The validator has accepted these texts. */
	if (bf_endpoint_parse(options->endpoint, &caller->endpoint) != NULL)
		elog(ERROR, "invalid endpoint of server \"%s\"",
			 relation->server->servername);
	bf_option_check_target(relation->server, "endpoint", &caller->endpoint);
	target->endpoint = &caller->endpoint;

	if (options->proxy != NULL)
	{
		if (bf_endpoint_parse_proxy(options->proxy, &caller->proxy) != NULL)
			elog(ERROR, "invalid proxy of server \"%s\"",
				 relation->server->servername);
		bf_option_check_target(relation->server, "proxy", &caller->proxy);
		target->proxy = &caller->proxy;
		target->proxy_user = caller->credentials.proxy_user;
		target->proxy_password = caller->credentials.proxy_password;
	}
	target->ca_file = options->ca_file;
	target->connect_timeout_ms = options->connect_timeout * 1000;
	target->request_timeout_ms = options->request_timeout * 1000;
	target->max_response_size = (size_t) options->max_response_size * 1024;
}

/*
 * The quota that the API counts these calls against; NULL when memory is
 * lacking.
 */
static BfQuota *
find_quota(const BfCaller *caller)
{
	const char *const parts[] = {
		caller->endpoint.host_header, caller->relation->table->action->name,
		caller->credentials.secret_id
	};
	uint64		key = 0;

	for (int i = 0; i < (int) lengthof(parts); i++)
		key = hash_bytes_extended((const unsigned char *) parts[i],
								  strlen(parts[i]), key);
	return bf_quota_find(key);
}

/*
 * Lets an unused call ask for a page of a request, which must stay, as must
 * the cursor.  Sends nothing yet.
 */
void
bf_call_ask(BfCall *call, const BfRequest *request, const BfPageSpec *spec)
{
	memset(call, 0, sizeof(*call));
	call->state = BF_CALL_WAITING;
	call->request = request;
	call->spec = *spec;
}

/*
 * Lets a call whose bill was not ready ask once more, at this time.
 */
void
bf_call_ask_again(BfCall *call, int64 not_before)
{
	call->state = BF_CALL_WAITING;
	call->not_before = not_before;
	call->for_bill = true;
}

/*
 * Takes a call as far as it goes now.  Returns the time when it is worth
 * trying again although nothing arrives from the network; INT64_MAX = never.
 */
int64
bf_call_move(BfCaller *caller, BfCall *call)
{
	if (call->state == BF_CALL_RUNNING)
		collect(caller, call);
	if (call->state == BF_CALL_WAITING)
		return take_turn(caller, call);
	return PG_INT64_MAX;
}

/*
 * Starts the call if it may start.  Returns as bf_call_move().
 */
static int64
take_turn(BfCaller *caller, BfCall *call)
{
	int64		now = bf_call_now();
	int64		pause_end = bf_quota_pause_end(caller->quota);
	int64		again;

	if (call->not_before > now || pause_end > now)
	{
		call->wait = call->not_before > now && call->for_bill ?
			BF_WAIT_BILL : BF_WAIT_BACKOFF;
		return Max(call->not_before, pause_end);
	}

	call->place = bf_quota_take(caller->quota,
								caller->relation->options->requests_per_second,
								now, &again);
	if (call->place == NULL)
	{
		call->wait = BF_WAIT_QUOTA;
		if (!call->put_off)
			BF_CALL_COUNT(caller, quota_waits, 1);
		call->put_off = true;
		return again;
	}
	call->wait = BF_WAIT_ANSWER;
	start(caller, call);
	return PG_INT64_MAX;
}

/*
 * Starts a transfer: each attempt has a time and a signature of its own.
 */
static void
start(BfCaller *caller, BfCall *call)
{
	MemoryContext old;
	BfHttpRequest request;
	const char **headers;

	MemoryContextReset(caller->call_cxt);
	old = MemoryContextSwitchTo(caller->call_cxt);
	request.body = bf_requests_body(caller->relation, call->request->args,
									&call->spec);
	request.body_len = strlen(request.body);
	request.headers = headers = make_headers(caller, request.body);
	request.on_send = note_send;
	request.on_send_arg = call;

	call->state = BF_CALL_RUNNING;
	call->put_off = false;
	call->started_us = bf_call_now();
	call->transfer = bf_http_start(backend_http, &caller->target, &request,
								   &call->outcome);
	for (const char **header = headers; *header; header++)
		bf_sign_wipe(unconstify(char *, *header), strlen(*header));
	BF_CALL_COUNT(caller, calls, 1);
	if (call->transfer == NULL)
	{
		call->ended_us = call->started_us;
		judge_failure(caller, call);
	}
	MemoryContextSwitchTo(old);
}

/*
 * Called by the transfer when the request goes out; raises no error.
 */
static void
note_send(void *arg)
{
	BfCall	   *call = arg;

	/* Sent once more by libcurl, on another connection: hardly later. */
	if (call->place == NULL)
		return;
	bf_quota_sent(call->place, bf_call_now());
	call->place = NULL;
}

/*
 * The headers of a request, ended by NULL; they hold secrets.
 */
static const char **
make_headers(BfCaller *caller, const char *body)
{
	const BfOptions *options = caller->relation->options;
	const char **headers = palloc0_array(const char *, MAX_HEADERS);
	char		authorization[BF_SIGN_AUTHORIZATION_SIZE];
	BfSignInput input;
	int			n = 0;

	/* The clock is read once: header, signature and date must agree. */
	input.timestamp = (int64) time(NULL);
	input.secret_id = caller->credentials.secret_id;
	input.secret_key = caller->credentials.secret_key;
	input.host = caller->endpoint.host_header;
	input.content_type = CONTENT_TYPE;
	input.body = body;
	input.body_len = strlen(body);
	if (!bf_sign_authorization(&input, authorization))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("could not sign a request for foreign table \"%s\"",
						caller->relation->name)));

	headers[n++] = make_header("Authorization", authorization);
	bf_sign_wipe(authorization, sizeof(authorization));
	headers[n++] = make_header("Content-Type", CONTENT_TYPE);
	headers[n++] = make_header("X-TC-Action",
							   caller->relation->table->action->name);
	headers[n++] = make_header("X-TC-Version", API_VERSION);
	headers[n++] = make_header("X-TC-Timestamp",
							   psprintf(INT64_FORMAT, input.timestamp));
	headers[n++] = make_header("X-TC-Language", options->language);
	headers[n++] = make_header("X-TC-RequestClient", REQUEST_CLIENT);
	if (options->region != NULL)
		headers[n++] = make_header("X-TC-Region", options->region);
	if (caller->credentials.token != NULL)
		headers[n++] = make_header("X-TC-Token", caller->credentials.token);
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
 * Notes the end of a call in flight, if it has come.
 */
static void
collect(BfCaller *caller, BfCall *call)
{
	int64		now = bf_call_now();
	BfPage	   *page;

	if (!bf_http_finished(call->transfer, &call->answer, &call->outcome))
		return;

	call->ended_us = now;
	BF_CALL_COUNT(caller, call_us, now - call->started_us);
	BF_CALL_COUNT(caller, bytes, (int64) call->answer.wire_bytes);
	if (call->outcome.kind != BF_OUTCOME_OK)
	{
		judge_failure(caller, call);
		return;
	}

	call->state = BF_CALL_ANSWERED;
	if (call->answer.body_len <= SMALL_ANSWER ||
		call->outcome.http_status != 200)
	{
		page = parse_answer(caller, call);
		if (page != NULL)
			bf_page_free(page);
		else
			judge_failure(caller, call);
	}
}

/*
 * Reads the page of a call that is answered; the call is unused then.  Stores
 * it in *page, for the caller to free also when this ends in an error: the
 * log may be where a cancel is noticed.  Returns false, and stores NULL, when
 * the answer is no page: the call says what follows.
 */
bool
bf_call_read(BfCaller *caller, BfCall *call, BfPage **page)
{
	*page = parse_answer(caller, call);
	if (*page == NULL)
	{
		judge_failure(caller, call);
		return false;
	}
	BF_CALL_COUNT(caller, pages, 1);
	log_call(caller, call, bf_page_row_count(*page));
	bf_call_drop(call);
	return true;
}

/*
 * Reads an answer whatever its status, because an error of the API may come
 * with any.  Returns NULL when it holds no page that is ready; the outcome
 * tells why.
 */
static BfPage *
parse_answer(BfCaller *caller, BfCall *call)
{
	BfOutcome  *outcome = &call->outcome;
	BfPage	   *page = bf_page_parse(call->answer.body, call->answer.body_len,
									 caller->relation->table, caller->members,
									 outcome);

	if (outcome->http_status == 200 && page != NULL && bf_page_ready(page))
		return page;

	/* Rows beside Ready = 0, or under a bad status, do not count. */
	bf_page_free(page);
	if (outcome->http_status != 200 && outcome->kind != BF_OUTCOME_API_ERROR)
	{
		/* The status is the news, and the start of the body may help. */
		bf_outcome_fail(outcome, BF_OUTCOME_HTTP_STATUS,
						"HTTP status %d%s%.200s", outcome->http_status,
						call->answer.body_len > 0 ? ": " : "", call->answer.body);
	}
	return NULL;
}

/*
 * Decides what follows on a call that has brought no page.  An outcome that
 * is OK all the same means that the bill is not ready.
 */
static void
judge_failure(BfCaller *caller, BfCall *call)
{
	const BfOptions *options = caller->relation->options;
	const BfOutcome *outcome = &call->outcome;
	BfRetryClass retry_class = bf_error_classify(outcome)->retry;
	BfRetryPolicy policy;
	int64		wait_ms;
	int64		until;

	log_call(caller, call, 0);
	end_transfer(call);
	call->not_before = 0;
	call->for_bill = false;

	if (outcome->kind == BF_OUTCOME_OK || retry_class == BF_RETRY_NOT_READY)
	{
		call->state = BF_CALL_NOT_READY;
		return;
	}
	call->state = BF_CALL_WAITING;
	if (outcome->kind == BF_OUTCOME_NETWORK &&
		call->started_us < neglect_end_us)
		return;

	policy.max_retries = options->max_retries;
	policy.throttle_timeout_ms = (int64) options->throttle_timeout * 1000;
	if (!bf_retry_decide(retry_class, &policy, &call->retry,
						 pg_prng_uint64(&pg_global_prng_state), &wait_ms))
	{
		call->state = BF_CALL_FAILED;
		return;
	}
	until = bf_call_now() + wait_ms * 1000;
	if (retry_class == BF_RETRY_THROTTLED)
	{
		/* All calls pause, and for as long as the most patient wants. */
		BF_CALL_COUNT(caller, throttle_waits, 1);
		call->retry.throttled_ms +=
			(bf_quota_back_off(caller->quota, until) - until) / 1000;
	}
	else
	{
		BF_CALL_COUNT(caller, retries, 1);
		call->not_before = until;
	}
}

/*
 * Releases what a call holds outside of memory contexts, and makes it
 * unused.  At any time; one that is in flight is given up.  Raises no error.
 */
void
bf_call_drop(BfCall *call)
{
	end_transfer(call);
	call->state = BF_CALL_NONE;
}

static void
end_transfer(BfCall *call)
{
	bf_http_release(call->transfer);
	call->transfer = NULL;
	if (call->place != NULL)
		bf_quota_give_back(call->place);
	call->place = NULL;
}

/*
 * One line per call for those who ask for details.
 */
static void
log_call(BfCaller *caller, const BfCall *call, int64 rows)
{
	MemoryContext old = MemoryContextSwitchTo(caller->call_cxt);

	ereport(DEBUG1,
			(errmsg_internal("billing API: %s, RequestId %s, %.0f ms, " INT64_FORMAT " rows",
							 caller->relation->table->action->name,
							 bf_report_clean(call->outcome.request_id,
											 &caller->credentials),
							 (call->ended_us - call->started_us) / 1000.0,
							 rows),
			 errhidestmt(true)));
	MemoryContextSwitchTo(old);
}

/*
 * Moves on what is in flight, without waiting.
 */
void
bf_call_step(void)
{
	step(0);
}

static void
step(int ms)
{
	int64		now = bf_call_now();

	if (last_step_us + NEGLECT_US < now)
		neglect_end_us = now;
	bf_http_step(backend_http, ms);
	last_step_us = bf_call_now();
}

/*
 * Waits for the network or for a time, whichever comes first, and for a step
 * at most while anything is in flight.  Ends in an error when the query is
 * cancelled.
 */
void
bf_call_wait(BfCaller *caller, BfWait wait, int64 until)
{
	int64		started = bf_call_now();
	int64		ms = STEP_MS;

	if (until != PG_INT64_MAX)
		ms = Max((until - started + 999) / 1000, 0);

	if (bf_http_busy(backend_http))
	{
		pgstat_report_wait_start(wait_event(wait));
		step((int) Min(ms, STEP_MS));
		pgstat_report_wait_end();
	}
	else
	{
		(void) WaitLatch(MyLatch,
						 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 (long) ms, wait_event(wait));
		ResetLatch(MyLatch);
	}
	BF_CALL_COUNT(caller, wait_us[wait], bf_call_now() - started);

	CHECK_FOR_INTERRUPTS();
	if (!PostmasterIsAlive())
		proc_exit(1);
}

/*
 * What pg_stat_activity shows.
 */
static uint32
wait_event(BfWait wait)
{
	static const char *const names[BF_WAIT_KINDS] = {
		[BF_WAIT_ANSWER] = "BillingFdwAnswer",
		[BF_WAIT_QUOTA] = "BillingFdwQuota",
		[BF_WAIT_BACKOFF] = "BillingFdwBackoff",
		[BF_WAIT_BILL] = "BillingFdwBill",
	};
	static uint32 events[BF_WAIT_KINDS];

	if (events[wait] == 0)
		events[wait] = bf_compat_wait_event(names[wait]);
	return events[wait];
}

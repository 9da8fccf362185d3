/*-------------------------------------------------------------------------
 *
 * explain.c
 *	  EXPLAIN output of a scan.
 *
 * Without ANALYZE nothing is sent.  Requests can be counted all the same
 * when no value has to come from a join or a subquery.
 *
 * IDENTIFICATION
 *	  src/fdw/explain.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/equality.h"
#include "fdw/explain.h"
#include "fdw/scan.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "utils/ruleutils.h"

/* VERBOSE lists this many request bodies. */
#define MAX_BODIES 5

/* Helper functions */
static void explain_filter(const BfPlan *plan, ExplainState *es);
static void explain_members(const BfScanState *state, ExplainState *es);
static void explain_requests(ForeignScanState *node, ExplainState *es);
static void explain_bodies(const BfScanState *state,
						   const BfRequestList *requests, ExplainState *es);
static void explain_calls(const BfCallStats *stats, ExplainState *es);

/*
 * billingExplainForeignScan
 *		Shows the action, the conditions that choose requests, how many
 *		requests that makes and, after ANALYZE, what they cost.
 */
void
billingExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	BfScanState *state = node->fdw_state;
	BfCallStats none;

	ExplainPropertyText("Action", state->relation->table->action->name, es);
	explain_filter(state->plan, es);
	explain_members(state, es);
	if (state->plan->refusal != NULL)
		ExplainPropertyText("Refused", state->plan->refusal, es);
	else
		explain_requests(node, es);

	memset(&none, 0, sizeof(none));
	if (es->analyze)
		explain_calls(state->fetch ? bf_fetch_stats(state->fetch) : &none, es);
}

/*
 * The conditions that are evaluated on combinations of parameter values, and
 * those that bound the periods asked for.
 */
static void
explain_filter(const BfPlan *plan, ExplainState *es)
{
	List	   *shown = list_concat_copy(plan->clauses, plan->bounds);

	if (shown == NIL)
		return;

	/*
	 * The core has just deparsed the node's own conditions and left the
	 * context at this node, so that outer values are shown by name.
	 */
	ExplainPropertyText("Request Filter",
						deparse_expression((Node *) make_ands_explicit(shown),
										   es->deparse_cxt, es->verbose, false),
						es);
}

/*
 * The values of parameters that conditions on members of an object name, each
 * under the name that the request gives it.
 */
static void
explain_members(const BfScanState *state, ExplainState *es)
{
	ListCell   *lc;

	foreach(lc, state->plan->equalities)
	{
		BfEquality *equality = lfirst(lc);

		if (equality->member)
			ExplainPropertyText(bf_relation_param(state->relation, equality->param)->member,
								deparse_expression((Node *) equality->expr,
												   es->deparse_cxt, es->verbose, false),
								es);
	}
}

static void
explain_requests(ForeignScanState *node, ExplainState *es)
{
	BfScanState *state = node->fdw_state;
	BfRequestList *requests = state->requests;

	if (requests == NULL)
	{
		if (bf_plan_needs_executor(state->plan))
		{
			if (state->plan->counts)
				ExplainPropertyBool("Count From Total", true, es);
			return;
		}
		requests = bf_bind_requests(bf_bind_prepare(&node->ss.ps,
													state->relation,
													state->plan));
	}

	if (requests->refusal != NULL)
	{
		ExplainPropertyText("Refused", requests->refusal, es);
		return;
	}
	ExplainPropertyInteger("Requests", NULL, requests->count, es);
	if (bf_scan_counts(state, requests))
		ExplainPropertyBool("Count From Total", true, es);

	/*
	 * Values of a join or a subquery stay hidden: whoever may run the query,
	 * through a view say, need not be allowed to see them.
	 */
	if (es->verbose && requests->count > 0 &&
		!bf_plan_needs_executor(state->plan))
		explain_bodies(state, requests, es);
}

/*
 * The bodies of the first requests, each for its first page.
 */
static void
explain_bodies(const BfScanState *state, const BfRequestList *requests,
			   ExplainState *es)
{
	List	   *bodies = NIL;
	int			shown = Min(requests->count, MAX_BODIES);
	bool		counts = bf_scan_counts(state, requests);

	for (int i = 0; i < shown; i++)
	{
		BfPageSpec	page = {.limit = 1};
		char	   *body;

		if (!counts)
			page.limit = bf_fetch_first_limit(state->relation,
											  i == 0 && !requests->local ?
											  state->plan->limit : 0);
		body = bf_requests_body(state->relation, requests->items[i].args,
								&page);
		bodies = lappend(bodies, pg_any_to_server(body, strlen(body), PG_UTF8));
	}
	if (shown < requests->count)
		bodies = lappend(bodies, psprintf("... and %d more",
										  requests->count - shown));
	ExplainPropertyList("Request Bodies", bodies, es);
}

/*
 * What the scan has cost so far, over all its loops.
 */
static void
explain_calls(const BfCallStats *stats, ExplainState *es)
{
	StringInfoData text;

	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyInteger("API Calls", NULL, stats->calls, es);
		ExplainPropertyInteger("API Pages", NULL, stats->pages, es);
		ExplainPropertyInteger("API Retries", NULL, stats->retries, es);
		ExplainPropertyInteger("API Throttle Waits", NULL,
							   stats->throttle_waits, es);
		ExplainPropertyInteger("API Quota Waits", NULL, stats->quota_waits,
							   es);
		ExplainPropertyInteger("API Readiness Waits", NULL,
							   stats->ready_waits, es);
		ExplainPropertyInteger("API Rows", NULL, stats->rows, es);
		ExplainPropertyInteger("API Bytes", "bytes", stats->bytes, es);
		if (es->timing)
			ExplainPropertyFloat("API Time", "ms", stats->call_us / 1000.0, 3,
								 es);
		return;
	}

	initStringInfo(&text);
	appendStringInfo(&text, "calls=" INT64_FORMAT " pages=" INT64_FORMAT " rows=" INT64_FORMAT,
					 stats->calls, stats->pages, stats->rows);
	if (stats->retries > 0)
		appendStringInfo(&text, " retries=" INT64_FORMAT, stats->retries);
	if (stats->throttle_waits > 0)
		appendStringInfo(&text, " throttle-waits=" INT64_FORMAT,
						 stats->throttle_waits);
	if (stats->quota_waits > 0)
		appendStringInfo(&text, " quota-waits=" INT64_FORMAT,
						 stats->quota_waits);
	if (stats->ready_waits > 0)
		appendStringInfo(&text, " readiness-waits=" INT64_FORMAT,
						 stats->ready_waits);
	if (es->timing)
		appendStringInfo(&text, " bytes=" INT64_FORMAT " time=%.3f ms",
						 stats->bytes, stats->call_us / 1000.0);
	ExplainPropertyText("API", text.data, es);
}

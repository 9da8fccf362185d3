/*-------------------------------------------------------------------------
 *
 * scan.c
 *	  Executor callbacks.
 *
 * Begin sends nothing: it also runs for parts of a plan that are never
 * reached.  Requests are made when the first row is asked for.
 *
 * Rows are kept exactly when the scan may have to return them again: the
 * executor has said so, or it has rescanned before the first fetch, as inner
 * sides of nested loops and subplans do.  A rescan that needs the same
 * requests then sends nothing.
 *
 * IDENTIFICATION
 *	  src/fdw/scan.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "fdw/compat.h"
#include "fdw/scan.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

/* Helper functions */
pg_noreturn static void refuse(int code, const char *refusal, const char *hint);
static void bind_requests(ForeignScanState *node);
static void start_fetch(ForeignScanState *node);
static bool fetch_row(ForeignScanState *node, TupleTableSlot *slot);
static bool next_kept(BfScanState *state, TupleTableSlot *slot);

/*
 * billingBeginForeignScan
 *		Prepares a scan; sends nothing, and refuses nothing.
 */
void
billingBeginForeignScan(ForeignScanState *node, int eflags)
{
	BfScanState *state = palloc0(sizeof(BfScanState));
	ForeignScan *scan = (ForeignScan *) node->ss.ps.plan;

	/*
	 * The user whose privileges are checked now: the owner of the view that
	 * the scan is in, else the current one.  Rows of a cursor may be asked
	 * for by another later, but are read with this one's keys.
	 */
	state->userid = bf_compat_check_as_user(node);
	if (!OidIsValid(state->userid))
		state->userid = GetUserId();

	node->fdw_state = state;
	state->relation = bf_relation_open(RelationGetRelid(node->ss.ss_currentRelation));
	state->plan = bf_plan_unpack(scan);
	state->keep = (eflags & EXEC_FLAG_REWIND) != 0;

	/* EXPLAIN makes a binder of its own if it wants one. */
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	state->binder = bf_bind_prepare(&node->ss.ps, state->relation,
									state->plan);
	state->tuple = bf_tuple_prepare(state->relation, state->plan->wanted);
}

/*
 * billingIterateForeignScan
 *		The next row, or an empty slot at the end.
 */
TupleTableSlot *
billingIterateForeignScan(ForeignScanState *node)
{
	BfScanState *state = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	if (state->requests == NULL || state->params_changed)
		bind_requests(node);

	ExecClearTuple(slot);
	if (next_kept(state, slot) || !fetch_row(node, slot))
		return slot;
	if (state->kept != NULL)
		tuplestore_puttupleslot(state->kept, slot);
	return slot;
}

/*
 * billingReScanForeignScan
 *		Goes back to the first row; the requests may be others then.
 */
void
billingReScanForeignScan(ForeignScanState *node)
{
	BfScanState *state = node->fdw_state;

	if (state->requests == NULL)
	{
		state->keep = true;
		return;
	}
	if (node->ss.ps.chgParam != NULL)
		state->params_changed = true;
	else if (state->kept != NULL)
		tuplestore_rescan(state->kept);
	else
	{
		state->keep = true;
		start_fetch(node);
	}
}

/*
 * billingEndForeignScan
 *		Releases what the scan holds; errors are covered by the contexts.
 */
void
billingEndForeignScan(ForeignScanState *node)
{
	BfScanState *state = node->fdw_state;

	if (state == NULL)
		return;
	if (state->kept != NULL)
		tuplestore_end(state->kept);
	if (state->fetch != NULL)
		bf_fetch_close(state->fetch);
}

/*
 * Will these requests be answered by the API's total instead of by rows?
 */
bool
bf_scan_counts(const BfScanState *state, const BfRequestList *requests)
{
	return state->plan->counts &&
		bf_requests_settle(requests, state->plan->wanted);
}

/*
 * Raises the error for a query that cannot be answered.
 */
static void
refuse(int code, const char *refusal, const char *hint)
{
	ereport(ERROR,
			(errcode(code),
			 errmsg("%s", refusal),
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}

/*
 * Makes the list of requests.  When it is the same as before and the rows
 * are still there, they are returned again; else reading starts anew.
 */
static void
bind_requests(ForeignScanState *node)
{
	BfScanState *state = node->fdw_state;
	EState	   *estate = node->ss.ps.state;
	MemoryContext cxt;
	MemoryContext old;
	BfRequestList *requests;

	if (state->plan->refusal != NULL)
		refuse(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED,
			   state->plan->refusal, state->plan->refusal_hint);

	cxt = AllocSetContextCreate(estate->es_query_cxt, "billing_fdw requests",
								ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(cxt);
	requests = bf_bind_requests(state->binder);
	MemoryContextSwitchTo(old);
	if (requests->refusal != NULL)
		refuse(requests->refusal_code, requests->refusal,
			   requests->refusal_hint);

	state->params_changed = false;
	if (state->requests != NULL && state->kept != NULL &&
		bf_requests_equal(state->requests, requests))
	{
		MemoryContextDelete(cxt);
		tuplestore_rescan(state->kept);
		return;
	}

	if (state->requests != NULL)
		state->keep = true;		/* asked again: it may be asked once more */
	state->requests = requests;
	start_fetch(node);
	if (state->bind_cxt != NULL)
		MemoryContextDelete(state->bind_cxt);
	state->bind_cxt = cxt;
}

/*
 * Starts to read the rows of the requests, and to keep them if need be.
 */
static void
start_fetch(ForeignScanState *node)
{
	BfScanState *state = node->fdw_state;
	EState	   *estate = node->ss.ps.state;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);

	state->request = NULL;
	state->fetch_done = state->requests->count == 0;
	if (!state->fetch_done)
	{
		if (state->fetch == NULL)
			state->fetch = bf_fetch_open(state->relation, state->userid,
										 bf_tuple_members(state->tuple));
		bf_fetch_start(state->fetch, state->requests,
					   state->requests->local ? 0 : state->plan->limit,
					   bf_scan_counts(state, state->requests));
	}

	if (state->kept != NULL)
		tuplestore_clear(state->kept);
	else if (state->keep)
	{
		state->kept = tuplestore_begin_heap(false, false, work_mem);
		tuplestore_set_eflags(state->kept, EXEC_FLAG_REWIND);
		if (state->kept_slot == NULL)
			state->kept_slot = ExecInitExtraTupleSlot(estate,
													  RelationGetDescr(node->ss.ss_currentRelation),
													  &TTSOpsMinimalTuple);
	}
	MemoryContextSwitchTo(old);
}

/*
 * Reads the next row from the API into the slot; returns false at the end.
 */
static bool
fetch_row(ForeignScanState *node, TupleTableSlot *slot)
{
	BfScanState *state = node->fdw_state;

	while (!state->fetch_done)
	{
		if (state->request != NULL &&
			state->variant < state->request->nvariants)
		{
			bf_tuple_store(state->tuple, state->fetch, &state->row,
						   state->request->variants[state->variant++], slot);
			return true;
		}

		CHECK_FOR_INTERRUPTS();
		state->request = bf_fetch_next(state->fetch, &state->row);
		state->variant = 0;
		if (state->request == NULL)
			state->fetch_done = true;
		else if (!bf_tuple_answers(state->tuple, state->fetch, state->request,
								   &state->row))
			state->request = NULL;
	}
	return false;
}

/*
 * Puts the next kept row into the slot; returns false when there is none.
 */
static bool
next_kept(BfScanState *state, TupleTableSlot *slot)
{
	MemoryContext old;
	bool		found;

	if (state->kept == NULL || tuplestore_ateof(state->kept))
		return false;

	/* The slot frees the tuple when it gets the next one, not earlier. */
	old = MemoryContextSwitchTo(state->kept_slot->tts_mcxt);
	found = tuplestore_gettupleslot(state->kept, true, false, state->kept_slot);
	MemoryContextSwitchTo(old);
	if (!found)
		return false;

	slot_getallattrs(state->kept_slot);
	memcpy(slot->tts_values, state->kept_slot->tts_values,
		   slot->tts_tupleDescriptor->natts * sizeof(Datum));
	memcpy(slot->tts_isnull, state->kept_slot->tts_isnull,
		   slot->tts_tupleDescriptor->natts * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	return true;
}

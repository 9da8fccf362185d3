/*-------------------------------------------------------------------------
 *
 * scan.h
 *	  Executor callbacks.
 *
 * IDENTIFICATION
 *	  src/fdw/scan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_SCAN_H
#define BF_SCAN_H

#include "fdw/bind.h"
#include "fdw/fetch.h"
#include "fdw/plan.h"
#include "fdw/relation.h"
#include "fdw/requests.h"
#include "fdw/tuple.h"
#include "nodes/execnodes.h"

/*
 * State of a scan, in the query's context; node->fdw_state.
 */
typedef struct BfScanState
{
	BfRelation *relation;
	BfPlan	   *plan;
	BfBinder   *binder;
	BfTuple    *tuple;
	Oid			userid;			/* whose keys are used */
	BfFetch    *fetch;			/* NULL before the first request */

	/* requests */
	MemoryContext bind_cxt;		/* holds the list; replaced by each new one */
	BfRequestList *requests;	/* NULL before the first fetch */
	bool		params_changed; /* the list must be made again */

	/* the row under way */
	BfRow		row;
	const BfRequest *request;
	int			variant;		/* next one of the row to return */
	bool		fetch_done;		/* no further rows from the API */

	/* kept rows, for rescans */
	bool		keep;
	Tuplestorestate *kept;		/* NULL = none */
	TupleTableSlot *kept_slot;
} BfScanState;

extern bool bf_scan_counts(const BfScanState *state,
						   const BfRequestList *requests);
extern void billingBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *billingIterateForeignScan(ForeignScanState *node);
extern void billingReScanForeignScan(ForeignScanState *node);
extern void billingEndForeignScan(ForeignScanState *node);

#endif							/* BF_SCAN_H */

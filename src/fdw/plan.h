/*-------------------------------------------------------------------------
 *
 * plan.h
 *	  Planner callbacks, and what a plan carries to the executor.
 *
 * IDENTIFICATION
 *	  src/fdw/plan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_PLAN_H
#define BF_PLAN_H

#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"

/* A plan's content, unpacked; points into the plan. */
typedef struct BfPlan
{
	List	   *clauses;		/* of Expr, evaluated on combinations */
	List	   *bounds;			/* of Expr, to be shown; see BfFilter */
	List	   *equalities;		/* of BfEquality * */
	List	   *wanted;			/* integers: columns to decode */
	int			limit;			/* rows that the query may want at most, a
								 * hint; 0 = unknown */
	bool		counts;			/* rows may be counted by the API's total: see
								 * bf_requests_settle */
	List	   *joinable;		/* integers: parameters that joins could
								 * narrow */
	bool		joined;			/* they do, here or above the scan: it is not
								 * refused for them */
	const char *refusal;		/* why the scan cannot run, or NULL */
	const char *refusal_hint;	/* or NULL */
} BfPlan;

extern void billingGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
									 Oid foreigntableid);
extern void billingGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel,
								   Oid foreigntableid);
extern ForeignScan *billingGetForeignPlan(PlannerInfo *root,
										  RelOptInfo *baserel,
										  Oid foreigntableid,
										  ForeignPath *best_path, List *tlist,
										  List *scan_clauses,
										  Plan *outer_plan);
extern BfPlan *bf_plan_unpack(const ForeignScan *scan);
extern bool bf_plan_needs_executor(const BfPlan *plan);

#endif							/* BF_PLAN_H */

/*-------------------------------------------------------------------------
 *
 * filter.h
 *	  Which conditions of a query choose requests, and how.
 *
 * IDENTIFICATION
 *	  src/fdw/filter.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_FILTER_H
#define BF_FILTER_H

#include "fdw/equality.h"
#include "fdw/relation.h"
#include "nodes/pathnodes.h"

/* The outcome for one set of conditions. */
typedef struct BfFilter
{
	List	   *clauses;		/* of Expr: evaluated on combinations of
								 * parameter values, in this order */
	List	   *bounds;			/* of Expr: conditions of which "equalities"
								 * has the bounds of a range, to be shown */
	List	   *equalities;		/* of BfEquality *, on columns that feed
								 * parameters */
	List	   *members;		/* of BfEquality *, on members of an object
								 * that rows show; none beside equalities for
								 * the same parameters */
	List	   *partition_quals;	/* of Expr: to be checked on rows as well */
	bool		local;			/* some condition is not decided by them */
	bool		complete;		/* nothing that the scan needs is left to a
								 * join above it */
	List	   *joinable;		/* integers: parameters that joins could
								 * narrow */
	char	   *refusal;		/* why the scan cannot run, or NULL */
	char	   *refusal_hint;	/* what to do about it, or NULL */
} BfFilter;

extern List *bf_filter_outer_sets(PlannerInfo *root, RelOptInfo *baserel,
								  const BfRelation *relation);
extern bool bf_filter_has_equality(const BfRelation *relation,
								   const BfFilter *filter, int param,
								   bool or_null);
extern bool bf_filter_implies(const BfRelation *relation,
							  const BfFilter *filter, int param);
extern BfFilter *bf_filter_build(PlannerInfo *root, RelOptInfo *baserel,
								 const BfRelation *relation, List *rinfos);

#endif							/* BF_FILTER_H */

/*-------------------------------------------------------------------------
 *
 * estimate.h
 *	  How many requests, calls and rows a scan will take.
 *
 * IDENTIFICATION
 *	  src/fdw/estimate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_ESTIMATE_H
#define BF_ESTIMATE_H

#include "fdw/filter.h"
#include "fdw/relation.h"
#include "nodes/pathnodes.h"

typedef struct BfEstimate
{
	bool		narrowed;		/* as far as can be told: a required column is
								 * left all its values by none */
	double		calls;			/* pages of all requests */
	double		rows;			/* that pass all conditions */
} BfEstimate;

extern void bf_estimate_table(PlannerInfo *root, RelOptInfo *baserel,
							  BfRelation *relation);
extern BfEstimate bf_estimate_scan(PlannerInfo *root, RelOptInfo *baserel,
								   const BfRelation *relation,
								   const BfFilter *filter, List *rinfos,
								   bool counts);
extern void bf_estimate_learn(const BfRelation *relation, double rows);
extern void bf_estimate_forget(Oid relid);

#endif							/* BF_ESTIMATE_H */

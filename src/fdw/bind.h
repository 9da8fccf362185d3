/*-------------------------------------------------------------------------
 *
 * bind.h
 *	  Candidate values of parameters, combined and filtered: the requests.
 *
 * IDENTIFICATION
 *	  src/fdw/bind.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_BIND_H
#define BF_BIND_H

#include "fdw/plan.h"
#include "fdw/requests.h"
#include "nodes/execnodes.h"

typedef struct BfBinder BfBinder;

extern BfBinder *bf_bind_prepare(PlanState *ps, const BfRelation *relation,
								 const BfPlan *plan);
extern BfRequestList *bf_bind_requests(BfBinder *binder);
extern BfRequestList *bf_bind_all(BfBinder *binder, int *incomplete);

#endif							/* BF_BIND_H */

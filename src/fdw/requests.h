/*-------------------------------------------------------------------------
 *
 * requests.h
 *	  The requests of a scan: candidate values, combined and filtered.
 *
 * IDENTIFICATION
 *	  src/fdw/requests.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_REQUESTS_H
#define BF_REQUESTS_H

#include "api/request.h"
#include "fdw/candidate.h"
#include "fdw/plan.h"
#include "fdw/relation.h"
#include "nodes/execnodes.h"

/*
 * What a row of an answer is told about the question: one candidate per
 * parameter, NULL where the parameter is read from the row and is no range.
 */
typedef const BfCandidate **BfVariant;

/*
 * A request, without the number of its page.  Several combinations may need
 * the same request; each row then stands once per variant.
 */
typedef struct BfRequest
{
	const BfArgument *args;		/* per parameter of the action */
	const char *body;			/* JSON text, of the first page */
	int			nvariants;
	BfVariant  *variants;
	int			next_same_hash; /* in BfRequestList.items, or -1 */
} BfRequest;

typedef struct BfRequestList
{
	int			nparams;		/* length of each variant */
	int			count;
	BfRequest  *items;
	bool		local;			/* some condition on a parameter could not be
								 * sent: rows are filtered by it */
	int			refusal_code;	/* SQLSTATE of ... */
	const char *refusal;		/* why the scan cannot run, or NULL; there are
								 * no items then */
	const char *refusal_hint;
} BfRequestList;

typedef struct BfBinder BfBinder;

extern BfBinder *bf_requests_binder(PlanState *ps, const BfRelation *relation,
									const BfPlan *plan);
extern BfRequestList *bf_requests_bind(BfBinder *binder);
extern BfRequestList *bf_requests_all(BfBinder *binder, int *incomplete);
extern char *bf_requests_body(const BfRelation *relation,
							  const BfArgument *args,
							  const BfPageSpec *page);
extern bool bf_requests_settle(const BfRequestList *list,
							   const BfRelation *relation, List *wanted);
extern bool bf_requests_equal(const BfRequestList *a, const BfRequestList *b);
extern bool bf_requests_need_executor(const BfPlan *plan);

#endif							/* BF_REQUESTS_H */

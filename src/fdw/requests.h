/*-------------------------------------------------------------------------
 *
 * requests.h
 *	  The list of requests of a scan.
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
#include "fdw/relation.h"
#include "nodes/pg_list.h"

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
	const BfRelation *relation;
	int			count;
	int			room;			/* in items */
	BfRequest  *items;
	struct HTAB *index;			/* by hash of the body; NULL when complete */
	bool		local;			/* some condition on a parameter could not be
								 * sent: rows are filtered by it */
	int			refusal_code;	/* SQLSTATE of ... */
	const char *refusal;		/* why the scan cannot run, or NULL; there are
								 * no items then */
	const char *refusal_hint;
} BfRequestList;

extern BfRequestList *bf_requests_new(const BfRelation *relation);
extern bool bf_requests_add(BfRequestList *list, const BfArgument *args,
							BfVariant variant);
extern void bf_requests_complete(BfRequestList *list);
extern void bf_requests_refuse(BfRequestList *list, int code,
							   const char *refusal, const char *hint);
extern bool bf_requests_equal(const BfRequestList *a, const BfRequestList *b);
extern bool bf_requests_settle(const BfRequestList *list, List *wanted);
extern char *bf_requests_body(const BfRelation *relation,
							  const BfArgument *args,
							  const BfPageSpec *page);

#endif							/* BF_REQUESTS_H */

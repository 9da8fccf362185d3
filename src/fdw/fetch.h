/*-------------------------------------------------------------------------
 *
 * fetch.h
 *	  Rows of a list of requests: pages in order, calls ahead of them.
 *
 * IDENTIFICATION
 *	  src/fdw/fetch.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_FETCH_H
#define BF_FETCH_H

#include "api/page.h"
#include "fdw/call.h"
#include "fdw/relation.h"
#include "fdw/requests.h"

typedef struct BfFetch BfFetch;

extern BfFetch *bf_fetch_open(const BfRelation *relation, Oid userid,
							  const char *const *members);
extern void bf_fetch_start(BfFetch *fetch, const BfRequestList *requests,
						   int limit, bool counts);
extern const BfRequest *bf_fetch_next(BfFetch *fetch, BfRow *row);
extern int	bf_fetch_first_limit(const BfRelation *relation, int wanted);
extern BfPage *bf_fetch_one(BfFetch *fetch, const BfRequest *request,
							const BfPageSpec *spec);
extern void bf_fetch_close(BfFetch *fetch);
extern BfPage *bf_fetch_page(const BfFetch *fetch);
extern const char *bf_fetch_request_id(const BfFetch *fetch);
extern char *bf_fetch_clean(const BfFetch *fetch, const char *text);
extern const BfCallStats *bf_fetch_stats(const BfFetch *fetch);
extern void bf_fetch_doubt(const BfFetch *fetch, const char *doubt);

#endif							/* BF_FETCH_H */

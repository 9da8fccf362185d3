/*-------------------------------------------------------------------------
 *
 * fetch.h
 *	  Rows of a list of requests: calls, pages, waits, retries.
 *
 * IDENTIFICATION
 *	  src/fdw/fetch.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_FETCH_H
#define BF_FETCH_H

#include "api/page.h"
#include "fdw/relation.h"
#include "fdw/requests.h"

typedef struct BfFetch BfFetch;

/* What a scan has done so far. */
typedef struct BfFetchStats
{
	int64		calls;			/* requests sent, retries included */
	int64		pages;			/* usable answers */
	int64		retries;		/* after passing failures */
	int64		throttle_waits; /* because the API is called too often */
	int64		ready_waits;	/* because a bill is being prepared */
	int64		rows;			/* in the pages, unnested */
	int64		bytes;			/* of answers, as received */
	double		api_ms;			/* in calls, waits not counted */
} BfFetchStats;

extern BfFetch *bf_fetch_open(const BfRelation *relation, Oid userid);
extern void bf_fetch_start(BfFetch *fetch, const BfRequestList *requests,
						   int limit, bool counts);
extern const BfRequest *bf_fetch_next(BfFetch *fetch, BfRow *row);
extern BfPage *bf_fetch_one(BfFetch *fetch, const BfRequest *request,
							const BfPageSpec *spec);
extern void bf_fetch_close(BfFetch *fetch);
extern BfPage *bf_fetch_page(const BfFetch *fetch);
extern const char *bf_fetch_request_id(const BfFetch *fetch);
extern char *bf_fetch_clean(const BfFetch *fetch, const char *text);
extern const BfFetchStats *bf_fetch_stats(const BfFetch *fetch);
extern void bf_fetch_doubt(const BfFetch *fetch, const char *doubt);

#endif							/* BF_FETCH_H */

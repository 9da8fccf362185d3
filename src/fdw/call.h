/*-------------------------------------------------------------------------
 *
 * call.h
 *	  One page of one request: asked for until it is here, without waiting.
 *
 * IDENTIFICATION
 *	  src/fdw/call.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_CALL_H
#define BF_CALL_H

#include "api/endpoint.h"
#include "api/http.h"
#include "api/outcome.h"
#include "api/page.h"
#include "api/quota.h"
#include "api/retry.h"
#include "fdw/relation.h"
#include "fdw/requests.h"

/* What a scan waits for. */
typedef enum BfWait
{
	BF_WAIT_ANSWER,				/* the network */
	BF_WAIT_QUOTA,				/* requests_per_second */
	BF_WAIT_BACKOFF,			/* before a call is repeated */
	BF_WAIT_BILL				/* that the API is still preparing */
} BfWait;

#define BF_WAIT_KINDS 4

/* What has been done; of a scan, or of the session. */
typedef struct BfCallStats
{
	int64		calls;			/* requests sent, retries included */
	int64		pages;			/* usable answers */
	int64		retries;		/* after passing failures */
	int64		throttle_waits; /* because the API is called too often */
	int64		quota_waits;	/* calls put off by requests_per_second */
	int64		ready_waits;	/* because a bill is being prepared */
	int64		rows;			/* in the pages, unnested */
	int64		bytes;			/* of answers, as received */
	int64		call_us;		/* from start to end of each call, added up */
	int64		wait_us[BF_WAIT_KINDS]; /* in which the query stood still */
} BfCallStats;

/* What all calls of a scan share. */
typedef struct BfCaller
{
	const BfRelation *relation;
	const char *const *members; /* of rows that are read, see bf_page_parse */
	BfCredentials credentials;	/* to be wiped */
	BfEndpoint	endpoint;
	BfEndpoint	proxy;
	BfHttpTarget target;
	BfQuota    *quota;
	BfCallStats stats;
	MemoryContext call_cxt;		/* reset before each call */
} BfCaller;

typedef enum BfCallState
{
	BF_CALL_NONE,				/* nothing is asked for */
	BF_CALL_WAITING,			/* for its turn, or for time to pass */
	BF_CALL_RUNNING,			/* in flight */
	BF_CALL_ANSWERED,			/* the answer is here, as it came */
	BF_CALL_NOT_READY,			/* the bill is still being prepared */
	BF_CALL_FAILED				/* for good */
} BfCallState;

/*
 * A call, which is repeated by itself where that may help; zeroes at first.
 * It does not move while it is in use.
 */
typedef struct BfCall
{
	BfCallState state;
	const BfRequest *request;
	BfPageSpec	spec;			/* its cursor is the owner's */

	/* while it waits */
	int64		not_before;		/* us */
	bool		for_bill;		/* that is why */
	BfWait		wait;			/* what it waits for now; also when running */
	bool		put_off;		/* counted as such */
	BfRetryState retry;

	/* in flight, and after */
	int64	   *place;			/* in the quota, until it is sent */
	BfTransfer *transfer;		/* malloc'd; holds the answer */
	int64		started_us;
	int64		ended_us;
	BfHttpAnswer answer;
	BfOutcome	outcome;
} BfCall;

/* Of the session. */
extern BfCallStats bf_call_session;

#define BF_CALL_COUNT(caller, member, n) \
	((caller)->stats.member += (n), bf_call_session.member += (n))

extern int64 bf_call_now(void);
extern void bf_call_prepare(BfCaller *caller, const BfRelation *relation,
							Oid userid);
extern void bf_call_ask(BfCall *call, const BfRequest *request,
						const BfPageSpec *spec);
extern void bf_call_ask_again(BfCall *call, int64 not_before);
extern int64 bf_call_move(BfCaller *caller, BfCall *call);
extern bool bf_call_read(BfCaller *caller, BfCall *call, BfPage **page);
extern void bf_call_drop(BfCall *call);
extern void bf_call_step(void);
extern void bf_call_wait(BfCaller *caller, BfWait wait, int64 until);

#endif							/* BF_CALL_H */

/*-------------------------------------------------------------------------
 *
 * retry.h
 *	  Whether and when to ask again after a failed call.
 *
 * IDENTIFICATION
 *	  src/api/retry.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_RETRY_H
#define BF_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "api/error.h"

/* Budgets, from the options. */
typedef struct BfRetryPolicy
{
	int			max_retries;	/* of transient failures, per call */
	int64_t		throttle_timeout_ms;	/* of throttling, per call */
} BfRetryPolicy;

/* What one call has used of them so far; start with zeroes. */
typedef struct BfRetryState
{
	int			retries;		/* transient failures so far */
	int			throttled;		/* throttled answers so far */
	int64_t		throttled_ms;	/* time waited because of them */
} BfRetryState;

extern bool bf_retry_decide(BfRetryClass retry_class,
							const BfRetryPolicy *policy, BfRetryState *state,
							uint64_t random, int64_t *wait_ms);

#endif							/* BF_RETRY_H */

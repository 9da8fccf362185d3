/*-------------------------------------------------------------------------
 *
 * retry.c
 *	  Whether and when to ask again after a failed call.
 *
 * Exponential backoff with full jitter: callers that failed together do not
 * come back together.
 *
 * IDENTIFICATION
 *	  src/api/retry.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/retry.h"

#include <limits.h>
#include <stddef.h>

#define BACKOFF_FIRST_MS	500
#define BACKOFF_MAX_MS		20000

/* A random wait between 0 and the bound that belongs to the n-th failure. */
static int64_t
backoff_ms(int n, uint64_t random)
{
	int64_t		bound = BACKOFF_FIRST_MS;

	while (n-- > 0 && bound < BACKOFF_MAX_MS)
		bound *= 2;
	if (bound > BACKOFF_MAX_MS)
		bound = BACKOFF_MAX_MS;
	return (int64_t) (random % (uint64_t) (bound + 1));
}

/* Transient failures are bounded by number. */
static bool
decide_transient(const BfRetryPolicy *policy, BfRetryState *state,
				 uint64_t random, int64_t *wait_ms)
{
	if (state->retries >= policy->max_retries)
		return false;
	*wait_ms = backoff_ms(state->retries, random);
	state->retries++;
	return true;
}

/*
 * Throttling is bounded by the time waited because of it.  Every wait takes
 * a part of that, so it ends.
 */
static bool
decide_throttled(const BfRetryPolicy *policy, BfRetryState *state,
				 uint64_t random, int64_t *wait_ms)
{
	int64_t		left = policy->throttle_timeout_ms - state->throttled_ms;
	int64_t		wait;

	if (left <= 0)
		return false;
	wait = backoff_ms(state->throttled, random);
	if (wait < 1)
		wait = 1;
	if (wait > left)
		wait = left;

	state->throttled_ms += wait;
	if (state->throttled < INT_MAX)
		state->throttled++;
	*wait_ms = wait;
	return true;
}

/*
 * Decide whether to repeat a call that failed.  Returns true and sets
 * *wait_ms to the time to wait before, counting it in *state; or returns
 * false with *wait_ms 0.  "random" is 64 random bits.  A bill that is not
 * ready is waited for by other means, so the answer is no.
 */
bool
bf_retry_decide(BfRetryClass retry_class, const BfRetryPolicy *policy,
				BfRetryState *state, uint64_t random, int64_t *wait_ms)
{
	*wait_ms = 0;
	switch (retry_class)
	{
		case BF_RETRY_TRANSIENT:
			return decide_transient(policy, state, random, wait_ms);
		case BF_RETRY_THROTTLED:
			return decide_throttled(policy, state, random, wait_ms);
		case BF_RETRY_NEVER:
		case BF_RETRY_NOT_READY:
			break;
	}
	return false;
}

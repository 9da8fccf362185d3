/*-------------------------------------------------------------------------
 *
 * quota.c
 *	  How many calls may be made in a second, and when none.
 *
 * The API counts calls when they reach it, and the second slides.  So a call
 * occupies a place from the moment it is started, through name look-up,
 * connection and TLS, until a second after it was really sent; and there are
 * as many places as calls per second.  A burst may take all places at once.
 *
 * Times are microseconds of a clock that never goes back.
 *
 * IDENTIFICATION
 *	  src/api/quota.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/quota.h"

#include <stdlib.h>

/*
 * A call may be on its way for a little longer than a later one; then they
 * are closer together where they arrive than where they were sent.
 */
#define MARGIN_US	10000
#define SECOND_US	1000000

#define NOT_SENT	INT64_MAX	/* in a place: started, not yet sent */

struct BfQuota
{
	BfQuota    *next;
	uint64_t	key;
	int64_t		pause_end;		/* no call before this time */
	int64_t		places[BF_QUOTA_MAX];	/* occupied until; 0 = never used */
};

/* As long as the process: others may hold pointers to places. */
static BfQuota *quotas = NULL;

/*
 * The quota of a key, which is a hash of what the API counts by.  The same
 * for all who ask, for as long as the process lives; NULL when memory is
 * lacking.
 */
BfQuota *
bf_quota_find(uint64_t key)
{
	BfQuota    *quota;

	for (quota = quotas; quota != NULL; quota = quota->next)
	{
		if (quota->key == key)
			return quota;
	}
	quota = calloc(1, sizeof(BfQuota));
	if (quota != NULL)
	{
		quota->key = key;
		quota->next = quotas;
		quotas = quota;
	}
	return quota;
}

/*
 * Take a place for a call that starts now.  Returns the place; the caller
 * tells when the call is sent with bf_quota_sent, or that it will not be with
 * bf_quota_give_back.  Returns NULL when all places are occupied, and sets
 * *again_us to the time when one is free, INT64_MAX if that depends on a call
 * that has yet to be sent.  (Pauses are the caller's business.)
 */
int64_t *
bf_quota_take(BfQuota *quota, int per_second, int64_t now_us,
			  int64_t *again_us)
{
	int64_t    *unoccupied = NULL;
	int			occupied = 0;

	*again_us = NOT_SENT;
	for (int i = 0; i < BF_QUOTA_MAX; i++)
	{
		int64_t    *place = &quota->places[i];

		if (*place <= now_us)
			unoccupied = place;
		else
		{
			occupied++;
			if (*place < *again_us)
				*again_us = *place;
		}
	}
	if (occupied >= per_second || unoccupied == NULL)
		return NULL;
	*unoccupied = NOT_SENT;
	return unoccupied;
}

/*
 * The call in this place goes out now; again, if it was sent before.
 */
void
bf_quota_sent(int64_t *place, int64_t now_us)
{
	*place = now_us + SECOND_US + MARGIN_US;
}

/*
 * The call in this place has ended or will not be made.  If it was never
 * sent, the place is free.
 */
void
bf_quota_give_back(int64_t *place)
{
	if (*place == NOT_SENT)
		*place = 0;
}

/*
 * Nobody shall call before this time.  Returns the end of the pause, which is
 * later when others wanted a longer one.
 */
int64_t
bf_quota_back_off(BfQuota *quota, int64_t until_us)
{
	if (quota->pause_end < until_us)
		quota->pause_end = until_us;
	return quota->pause_end;
}

/*
 * The end of the last pause; past or 0 when there is none now.
 */
int64_t
bf_quota_pause_end(const BfQuota *quota)
{
	return quota->pause_end;
}

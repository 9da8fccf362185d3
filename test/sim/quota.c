/*-------------------------------------------------------------------------
 *
 * quota.c
 *	  How many calls an action takes in any second.
 *
 * The second slides: it is the one that ends now, whatever the calendar
 * says.  Refused calls do not count.
 *
 * IDENTIFICATION
 *	  test/sim/quota.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "quota.h"
#include "util.h"

#define MAX_BUCKETS 256			/* pairs of action and secret */
#define MAX_PER_SECOND 1000

typedef struct Bucket
{
	uint64_t	key;
	int64_t		taken;
	double		times[MAX_PER_SECOND];	/* ring of the last starts, ms */
} Bucket;

static Bucket buckets[MAX_BUCKETS];
static int	nbuckets;

/* As if no call had been made. */
void
sim_quota_reset(void)
{
	sim_lock();
	memset(buckets, 0, sizeof(buckets));
	nbuckets = 0;
	sim_unlock();
}

static Bucket *
bucket_of(uint64_t key)
{
	for (int i = 0; i < nbuckets; i++)
	{
		if (buckets[i].key == key)
			return &buckets[i];
	}
	if (nbuckets == MAX_BUCKETS)
		sim_give_up("too many pairs of action and secret for a quota");
	buckets[nbuckets].key = key;
	return &buckets[nbuckets++];
}

/* Takes one call; false when the second is full. */
bool
sim_quota_take(const char *action, const char *secret_id, int64_t per_second)
{
	Bucket	   *b;
	double		now;
	bool		fits;

	if (per_second <= 0 || per_second > MAX_PER_SECOND)
		return true;
	sim_lock();
	now = sim_mono_ms();
	b = bucket_of(sim_mix(sim_hash(action), sim_hash(secret_id)));
	fits = b->taken < per_second ||
		now - b->times[(b->taken - per_second) % MAX_PER_SECOND] >= 1000;
	if (fits)
		b->times[b->taken++ % MAX_PER_SECOND] = now;
	sim_unlock();
	return fits;
}

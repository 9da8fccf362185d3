/*-------------------------------------------------------------------------
 *
 * quota.h
 *	  How many calls may be made in a second, and when none.
 *
 * IDENTIFICATION
 *	  src/api/quota.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_QUOTA_H
#define BF_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Most calls per second that can be told apart. */
#define BF_QUOTA_MAX 1000

/* The quota of one action for one key of an account. */
typedef struct BfQuota BfQuota;

extern BfQuota *bf_quota_find(uint64_t key);
extern int64_t *bf_quota_take(BfQuota *quota, int per_second, int64_t now_us,
							  int64_t *again_us);
extern void bf_quota_sent(int64_t *place, int64_t now_us);
extern void bf_quota_give_back(int64_t *place);
extern int64_t bf_quota_back_off(BfQuota *quota, int64_t until_us);
extern int64_t bf_quota_pause_end(const BfQuota *quota);

#endif							/* BF_QUOTA_H */

/*-------------------------------------------------------------------------
 *
 * quota.h
 *	  How many calls an action takes in any second.
 *
 * IDENTIFICATION
 *	  test/sim/quota.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_QUOTA_H
#define SIM_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

extern void sim_quota_reset(void);
extern bool sim_quota_take(const char *action, const char *secret_id,
						   int64_t per_second);

#endif							/* SIM_QUOTA_H */

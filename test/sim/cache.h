/*-------------------------------------------------------------------------
 *
 * cache.h
 *	  Bodies of answers, kept to be sent again.
 *
 * IDENTIFICATION
 *	  test/sim/cache.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_CACHE_H
#define SIM_CACHE_H

#include "data.h"

extern bool sim_cache_find(const SimCall *call, bool gzip, SimText *body,
						   char request_id[37]);
extern void sim_cache_keep(const SimCall *call, bool gzip,
						   const SimText *body, const char *request_id);
extern void sim_cache_free(void);

#endif							/* SIM_CACHE_H */

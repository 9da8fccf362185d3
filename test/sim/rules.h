/*-------------------------------------------------------------------------
 *
 * rules.h
 *	  What a request may contain.
 *
 * IDENTIFICATION
 *	  test/sim/rules.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include "config.h"
#include "model.h"
#include "util.h"

/* in rules.c */
extern const SimAction *sim_rules_find(const char *name, int64_t site,
									   SimError *error);
extern bool sim_rules_check(const SimAction *action, const cJSON *params,
							bool paging, const SimConfig *config,
							SimError *error);

/* in value.c */
extern bool sim_value_check(const SimAction *action, const cJSON *params,
							const SimConfig *config, SimError *error);

/* in range.c */
extern bool sim_range_check(const SimAction *action, const cJSON *params,
							SimError *error);

/* in query.c */
extern cJSON *sim_query_params(const SimAction *action,
							   const char *query, SimError *error);

#endif							/* SIM_RULES_H */

/*-------------------------------------------------------------------------
 *
 * rules.h
 *	  What a request may contain, read from the vendor's models.
 *
 * IDENTIFICATION
 *	  test/sim/rules.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include <cjson/cJSON.h>

#include "config.h"
#include "util.h"

typedef struct SimAction
{
	const char *name;
	const cJSON *model;			/* the action in the models */
	const cJSON *request;		/* list of its parameters */
	const char *rows;			/* member of Response that holds the rows */
	const char *offset;			/* paging parameters, NULL = does not page */
	const char *size;
	const char *total;			/* member that counts the rows, or NULL */
	bool		ready;			/* answers with a Ready flag */
} SimAction;

extern bool sim_rules_load(const char *path);
extern const SimAction *sim_rules_find(const char *name, int64_t site);
extern const cJSON *sim_rules_param(const SimAction *action,
									const char *name);
extern bool sim_rules_check(const SimAction *action, const cJSON *params,
							bool paging, const SimConfig *config,
							SimError *error);
extern cJSON *sim_rules_from_query(const SimAction *action,
								   const char *query, SimError *error);

#endif							/* SIM_RULES_H */

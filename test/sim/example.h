/*-------------------------------------------------------------------------
 *
 * example.h
 *	  The documented examples.
 *
 * IDENTIFICATION
 *	  test/sim/example.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_EXAMPLE_H
#define SIM_EXAMPLE_H

#include "data.h"
#include "moment.h"

extern bool sim_example_load(const char *folder);
extern cJSON *sim_example_find(const SimCall *call);
extern bool sim_example_is_request(const char *action, const cJSON *params);
extern bool sim_example_has_form(const char *action, const char *param,
								 SimForm form);

#endif							/* SIM_EXAMPLE_H */

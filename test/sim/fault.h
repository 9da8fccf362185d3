/*-------------------------------------------------------------------------
 *
 * fault.h
 *	  Rules that make the simulator misbehave.
 *
 * IDENTIFICATION
 *	  test/sim/fault.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* sim_fault_set and sim_fault_show want sim_lock() to be held */
extern char *sim_fault_check(const cJSON *rules);
extern void sim_fault_set(const cJSON *rules);
extern cJSON *sim_fault_show(void);
extern cJSON *sim_fault_pick(const char *action, const cJSON *params);
extern bool sim_fault_only_delays(const cJSON *rule);
extern char *sim_fault_name(const cJSON *rule);

#endif							/* SIM_FAULT_H */

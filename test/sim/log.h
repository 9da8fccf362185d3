/*-------------------------------------------------------------------------
 *
 * log.h
 *	  What the simulator was asked, for tests to look at.
 *
 * IDENTIFICATION
 *	  test/sim/log.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_LOG_H
#define SIM_LOG_H

#include <cjson/cJSON.h>

#include "request.h"

extern void sim_log_reset(void);
extern void sim_log_begin(SimRequest *rq);
extern void sim_log_received(const SimRequest *rq);
extern void sim_log_secret(const SimRequest *rq, int number);
extern void sim_log_outcome(const SimRequest *rq, int status,
							const char *outcome, const char *request_id);
extern void sim_log_end(SimRequest *rq);
extern char *sim_log_json(void);
extern char *sim_log_bodies(void);

#endif							/* SIM_LOG_H */

/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  The answer to a call as a JSON object.
 *
 * IDENTIFICATION
 *	  test/sim/answer.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "data.h"

extern cJSON *sim_answer_error(const SimError *error, const char *request_id);
extern cJSON *sim_answer_make(const SimCall *call, const cJSON *fault,
							  const char *request_id, SimError *error);
extern cJSON *sim_answer_dump(const SimCall *call, SimError *error);
extern SimText sim_answer_text(const cJSON *answer, const cJSON *fault);

#endif							/* SIM_ANSWER_H */

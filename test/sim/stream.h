/*-------------------------------------------------------------------------
 *
 * stream.h
 *	  Bodies that are sent piece by piece.
 *
 * IDENTIFICATION
 *	  test/sim/stream.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_STREAM_H
#define SIM_STREAM_H

#include <cjson/cJSON.h>

#include "request.h"

extern struct MHD_Response *sim_stream_new(SimRequest *rq, SimText *body,
										   const cJSON *fault);

#endif							/* SIM_STREAM_H */

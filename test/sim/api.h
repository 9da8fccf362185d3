/*-------------------------------------------------------------------------
 *
 * api.h
 *	  Requests of the billing API.
 *
 * IDENTIFICATION
 *	  test/sim/api.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_API_H
#define SIM_API_H

#include "request.h"

extern enum MHD_Result sim_api_handle(SimRequest *rq);

#endif							/* SIM_API_H */

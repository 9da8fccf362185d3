/*-------------------------------------------------------------------------
 *
 * control.h
 *	  Requests of tests to the simulator itself.
 *
 * IDENTIFICATION
 *	  test/sim/control.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include "request.h"

extern bool sim_control_is_for(const SimRequest *rq);
extern enum MHD_Result sim_control_handle(SimRequest *rq);
extern void sim_control_reset(void);

#endif							/* SIM_CONTROL_H */

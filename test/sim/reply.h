/*-------------------------------------------------------------------------
 *
 * reply.h
 *	  Sending an answer, well or badly.
 *
 * IDENTIFICATION
 *	  test/sim/reply.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include <cjson/cJSON.h>

#include "request.h"

typedef struct SimReply
{
	int			status;
	const char *type;			/* Content-Type; not owned */
	const char *location;		/* of a redirect, or NULL; not owned */
	SimText		body;			/* owned: sending takes it */
	bool		gzip;			/* the client takes it, the config allows it */
	bool		compressed;		/* the body is in that form already */
	int64_t		now;			/* for the Date header */
	const cJSON *fault;			/* its members of delivery; NULL = none */
} SimReply;

extern void sim_reply_compress(SimReply *reply);
extern enum MHD_Result sim_reply_send(SimRequest *rq, SimReply *reply);

#endif							/* SIM_REPLY_H */

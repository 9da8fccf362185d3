/*-------------------------------------------------------------------------
 *
 * request.h
 *	  One HTTP request as it was received.
 *
 * IDENTIFICATION
 *	  test/sim/request.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_REQUEST_H
#define SIM_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "util.h"

#define SIM_MAX_HEADERS 64

/* what the service accepts with TC3 signatures */
#define SIM_MAX_BODY (10 * 1024 * 1024)

typedef struct SimHeader
{
	char	   *name;			/* lower case */
	char	   *value;			/* without blanks at the ends */
} SimHeader;

typedef struct SimRequest
{
	struct MHD_Connection *mhd;
	int			socket;			/* MHD's, only to be watched */
	char	   *method;
	char	   *path;
	char	   *query;			/* as sent, without the question mark */
	SimHeader	headers[SIM_MAX_HEADERS];
	int			nheaders;
	bool		too_many;		/* headers beyond the bound were dropped */
	bool		received;		/* the headers are here */
	SimText		body;
	bool		body_too_large;
	long		connection;		/* number of the TCP connection, from 1 */
	int64_t		log_number;		/* 0 = not in the log */
	int64_t		log_epoch;		/* which reset the number belongs to */
	bool		ended;			/* no longer in flight */
} SimRequest;

extern SimRequest *sim_request_new(const char *uri);
extern void sim_request_headers(SimRequest *rq, const char *method,
								const char *path);
extern void sim_request_body(SimRequest *rq, const char *data, size_t len);
extern const char *sim_request_header(const SimRequest *rq, const char *name);
extern const char *sim_request_repeated(const SimRequest *rq);
extern void sim_request_free(SimRequest *rq);

/* how a wait ended */
typedef enum SimWait
{
	SIM_WAIT_OVER, SIM_WAIT_GONE, SIM_WAIT_STOP
} SimWait;

extern SimWait sim_request_wait(const SimRequest *rq, int64_t ms);
extern void sim_request_allow_waits(void);
extern void sim_request_end_waits(void);

#endif							/* SIM_REQUEST_H */

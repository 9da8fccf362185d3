/*-------------------------------------------------------------------------
 *
 * http.h
 *	  HTTP transfers that never block for longer than asked.
 *
 * IDENTIFICATION
 *	  src/api/http.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_HTTP_H
#define BF_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "api/endpoint.h"
#include "api/outcome.h"

typedef struct BfHttp BfHttp;	/* connections, kept alive between transfers */
typedef struct BfTransfer BfTransfer;	/* one request and its answer */

/*
 * How to reach a server.  Nothing is owned; everything must live until the
 * transfer has been released.
 */
typedef struct BfHttpTarget
{
	const BfEndpoint *endpoint;
	const BfEndpoint *proxy;	/* or NULL */
	const char *proxy_user;		/* or NULL */
	const char *proxy_password; /* or NULL */
	const char *ca_file;		/* or NULL for the system's certificates */
	int			connect_timeout_ms;
	int			request_timeout_ms; /* whole transfer */
	size_t		max_response_size;	/* bytes, after decompression */
} BfHttpTarget;

/*
 * What to send; copied, except that on_send may be called until the transfer
 * has been released.
 */
typedef struct BfHttpRequest
{
	const char *const *headers; /* "Name: value", ended by NULL */
	const char *body;
	size_t		body_len;
	void		(*on_send) (void *arg); /* called when the connection is there
										 * and the request goes out; NULL =
										 * nobody wants to know */
	void	   *on_send_arg;
} BfHttpRequest;

/* The answer of a finished transfer; owned by the transfer. */
typedef struct BfHttpAnswer
{
	const char *body;			/* NUL-terminated, may hold further NULs */
	size_t		body_len;
	size_t		wire_bytes;		/* received over the network, body only */
} BfHttpAnswer;

extern BfHttp *bf_http_new(void);
extern void bf_http_free(BfHttp *http);

extern BfTransfer *bf_http_start(BfHttp *http, const BfHttpTarget *target,
								 const BfHttpRequest *request,
								 BfOutcome *outcome);
extern bool bf_http_busy(const BfHttp *http);
extern void bf_http_step(BfHttp *http, int max_ms);
extern bool bf_http_finished(BfTransfer *transfer, BfHttpAnswer *answer,
							 BfOutcome *outcome);
extern void bf_http_release(BfTransfer *transfer);

#endif							/* BF_HTTP_H */

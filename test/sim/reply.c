/*-------------------------------------------------------------------------
 *
 * reply.c
 *	  Sending an answer, well or badly.
 *
 * IDENTIFICATION
 *	  test/sim/reply.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zlib.h>

#include "json.h"
#include "log.h"
#include "reply.h"
#include "stream.h"

/* What is not sent in one go. */
static bool
needs_stream(const cJSON *fault)
{
	return sim_json_get(fault, "truncate") || sim_json_get(fault, "stall") ||
		sim_json_get(fault, "slow_bytes_ms") ||
		sim_json_get(fault, "gzip_bomb");
}

/* Replaces the body by its gzip form, once. */
void
sim_reply_compress(SimReply *reply)
{
	SimText    *text = &reply->body;
	z_stream	z = {0};
	SimText		out = {0};
	size_t		bound;

	if (reply->compressed)
		return;
	reply->compressed = true;
	/* 15 bits of window; 16 more ask for the gzip header */
	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8,
					 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	bound = deflateBound(&z, (uLong) text->len) + 32;
	out.data = sim_alloc(bound + 1);
	out.size = bound + 1;
	z.next_in = (Bytef *) text->data;
	z.avail_in = (uInt) text->len;
	z.next_out = (Bytef *) out.data;
	z.avail_out = (uInt) bound;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out.len = z.total_out;
	deflateEnd(&z);
	sim_text_free(text);
	*text = out;
}

static void
add_header(struct MHD_Response *response, const char *name,
		   const char *value)
{
	if (value != NULL && MHD_add_response_header(response, name, value) !=
		MHD_YES)
		abort();
}

/*
 * Resets the connection.  Dissolving the association of a TCP socket sends
 * the reset at once; closing it is left to libmicrohttpd, which would end
 * it in an orderly way before that.
 */
static enum MHD_Result
reset_connection(SimRequest *rq)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};

	sim_log_end(rq);
	/* a peer that is gone already needs no reset, so this may fail */
	(void) connect(rq->socket, &nobody, sizeof(nobody));
	return MHD_NO;
}

/* The faults that come before any byte of an answer. */
static bool
answers_at_all(SimRequest *rq, const cJSON *fault)
{
	const char *stall = sim_json_text(fault, "stall");
	int64_t		latency = sim_json_integer(fault, "latency_ms", 0);

	if (latency > 0 && sim_request_wait(rq, latency) != SIM_WAIT_OVER)
		return false;
	if (stall != NULL && strcmp(stall, "headers") == 0)
	{
		sim_request_wait(rq, -1);
		return false;
	}
	return true;
}

/*
 * Sends the reply and takes its body.  MHD_NO closes the connection.  The
 * request counts as ended before its last bytes go out.
 */
enum MHD_Result
sim_reply_send(SimRequest *rq, SimReply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;
	char		date[40];
	bool		bomb = sim_json_get(reply->fault, "gzip_bomb") != NULL;

	if (!answers_at_all(rq, reply->fault))
	{
		sim_text_free(&reply->body);
		sim_log_end(rq);
		return MHD_NO;
	}
	if (cJSON_IsTrue(sim_json_get(reply->fault, "reset")))
	{
		sim_text_free(&reply->body);
		return reset_connection(rq);
	}
	if (reply->gzip && !bomb)
		sim_reply_compress(reply);
	if (needs_stream(reply->fault))
		response = sim_stream_new(rq, &reply->body, reply->fault);
	else
	{
		sim_log_end(rq);
		response = MHD_create_response_from_buffer(reply->body.len,
												   reply->body.data,
												   MHD_RESPMEM_MUST_FREE);
	}
	if (response == NULL)
		abort();
	sim_http_date(reply->now, date);
	add_header(response, "Date", date);
	add_header(response, "Content-Type", reply->type);
	add_header(response, "Location", reply->location);
	if (reply->gzip || bomb)
		add_header(response, "Content-Encoding", "gzip");
	if (cJSON_IsTrue(sim_json_get(reply->fault, "close")))
		add_header(response, "Connection", "close");
	result = MHD_queue_response(rq->mhd, (unsigned) reply->status, response);
	MHD_destroy_response(response);
	return result;
}

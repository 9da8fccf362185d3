/*-------------------------------------------------------------------------
 *
 * stream.c
 *	  Bodies that are sent piece by piece: slow, cut off, stalled, bombs.
 *
 * The callbacks run in the thread of the connection, which may block; the
 * waits end when the peer goes or the simulator stops.
 *
 * IDENTIFICATION
 *	  test/sim/stream.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "json.h"
#include "log.h"
#include "stream.h"

typedef struct Stream
{
	SimRequest *rq;				/* outlives the response */
	SimText		body;
	size_t		cut;			/* the connection closes here */
	size_t		stall;			/* sending stops here for ever */
	int64_t		slow_ms;		/* pause before each byte */
	bool		bomb;
	bool		finished;		/* the bomb's last piece was made */
	z_stream	z;
	uint64_t	left;			/* decompressed bytes of the bomb to come */
	Bytef		blanks[65536];	/* what these are made of */
} Stream;

static ssize_t
read_body(void *cls, uint64_t pos, char *buf, size_t max)
{
	Stream	   *s = cls;
	size_t		len = s->body.len - (size_t) pos;

	if (pos == s->stall)
	{
		sim_request_wait(s->rq, -1);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (pos == s->cut)
	{
		sim_log_end(s->rq);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (s->slow_ms > 0)
	{
		if (sim_request_wait(s->rq, s->slow_ms) != SIM_WAIT_OVER)
			return MHD_CONTENT_READER_END_WITH_ERROR;
		len = 1;
	}
	/* never beyond the place where something happens */
	if (s->stall > pos && len > s->stall - pos)
		len = s->stall - pos;
	if (s->cut > pos && len > s->cut - pos)
		len = s->cut - pos;
	if (len > max)
		len = max;
	memcpy(buf, s->body.data + pos, len);
	if (pos + len == s->body.len)
		sim_log_end(s->rq);
	return (ssize_t) len;
}

/* The answer followed by blanks, compressed as it is sent. */
static ssize_t
read_bomb(void *cls, uint64_t pos, char *buf, size_t max)
{
	Stream	   *s = cls;

	(void) pos;
	if (s->finished)
		return MHD_CONTENT_READER_END_OF_STREAM;
	s->z.next_out = (Bytef *) buf;
	s->z.avail_out = (uInt) max;
	while (s->z.avail_out > 0 && !s->finished)
	{
		if (s->z.avail_in == 0 && s->left > 0)
		{
			s->z.next_in = s->blanks;
			s->z.avail_in = s->left < sizeof(s->blanks) ? (uInt) s->left :
				(uInt) sizeof(s->blanks);
			s->left -= s->z.avail_in;
		}
		s->finished = deflate(&s->z, s->left + s->z.avail_in > 0 ?
							  Z_NO_FLUSH : Z_FINISH) == Z_STREAM_END;
	}
	if (s->finished)
		sim_log_end(s->rq);
	return (ssize_t) (max - s->z.avail_out);
}

static void
free_stream(void *cls)
{
	Stream	   *s = cls;

	if (s->bomb)
		deflateEnd(&s->z);
	sim_text_free(&s->body);
	free(s);
}

static struct MHD_Response *
new_bomb(Stream *s, int64_t bytes)
{
	s->bomb = true;
	memset(s->blanks, ' ', sizeof(s->blanks));
	if (deflateInit2(&s->z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8,
					 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	s->z.next_in = (Bytef *) s->body.data;
	s->z.avail_in = (uInt) s->body.len;
	if (bytes > (int64_t) s->body.len)
		s->left = (uint64_t) bytes - s->body.len;
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536,
											 read_bomb, s, free_stream);
}

/* A response that takes the body and misbehaves as the fault says. */
struct MHD_Response *
sim_stream_new(SimRequest *rq, SimText *body, const cJSON *fault)
{
	Stream	   *s = sim_alloc(sizeof(*s));
	const char *stall = sim_json_text(fault, "stall");
	const cJSON *bomb = sim_json_get(fault, "gzip_bomb");

	s->rq = rq;
	s->body = *body;
	memset(body, 0, sizeof(*body));
	s->cut = (size_t) sim_json_integer(fault, "truncate", INT64_MAX);
	s->stall = stall != NULL ? s->body.len / 2 : SIZE_MAX;
	s->slow_ms = sim_json_integer(fault, "slow_bytes_ms", 0);
	if (bomb != NULL)
		return new_bomb(s, (int64_t) bomb->valuedouble);
	return MHD_create_response_from_callback(s->body.len, 65536, read_body,
											 s, free_stream);
}

/*-------------------------------------------------------------------------
 *
 * request.c
 *	  One HTTP request as it was received.
 *
 * IDENTIFICATION
 *	  test/sim/request.c
 *
 *-------------------------------------------------------------------------
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "request.h"

/* readable once the simulator is to end */
static int	stop_fd = -1;

/* From the request line, before anything else is known. */
SimRequest *
sim_request_new(const char *uri)
{
	SimRequest *rq = sim_alloc(sizeof(*rq));
	const char *mark = strchr(uri, '?');

	rq->query = sim_strdup(mark ? mark + 1 : "");
	rq->socket = -1;
	return rq;
}

static char *
trimmed(const char *value)
{
	size_t		len;

	while (*value == ' ' || *value == '\t')
		value++;
	len = strlen(value);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	return sim_strndup(value, len);
}

static enum MHD_Result
take_header(void *cls, enum MHD_ValueKind kind, const char *name,
			const char *value)
{
	SimRequest *rq = cls;
	SimHeader  *header;

	(void) kind;
	if (rq->nheaders == SIM_MAX_HEADERS)
	{
		rq->too_many = true;
		return MHD_NO;
	}
	header = &rq->headers[rq->nheaders++];
	header->name = sim_strdup(name);
	for (char *p = header->name; *p; p++)
		*p = (char) tolower((unsigned char) *p);
	header->value = trimmed(value ? value : "");
	return MHD_YES;
}

/* All that is known once the headers are complete. */
void
sim_request_headers(SimRequest *rq, const char *method, const char *path)
{
	const union MHD_ConnectionInfo *info;

	rq->method = sim_strdup(method);
	rq->path = sim_strdup(path);
	MHD_get_connection_values(rq->mhd, MHD_HEADER_KIND, take_header, rq);
	info = MHD_get_connection_info(rq->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info != NULL)
		rq->socket = info->connect_fd;
	info = MHD_get_connection_info(rq->mhd,
								   MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	if (info != NULL && info->socket_context != NULL)
		rq->connection = *(long *) info->socket_context;
	rq->received = true;
}

/* A piece of the body; beyond the bound, only that there was more is kept. */
void
sim_request_body(SimRequest *rq, const char *data, size_t len)
{
	if (rq->body.len + len > SIM_MAX_BODY)
		rq->body_too_large = true;
	else
		sim_text_add(&rq->body, data, len);
}

/* The value of a header (name in lower case), NULL when it was not sent. */
const char *
sim_request_header(const SimRequest *rq, const char *name)
{
	for (int i = 0; i < rq->nheaders; i++)
	{
		if (strcmp(rq->headers[i].name, name) == 0)
			return rq->headers[i].value;
	}
	return NULL;
}

/* The name of a header that was sent twice, if any. */
const char *
sim_request_repeated(const SimRequest *rq)
{
	for (int i = 0; i < rq->nheaders; i++)
	{
		for (int j = 0; j < i; j++)
		{
			if (strcmp(rq->headers[i].name, rq->headers[j].name) == 0)
				return rq->headers[i].name;
		}
	}
	return NULL;
}

void
sim_request_free(SimRequest *rq)
{
	for (int i = 0; i < rq->nheaders; i++)
	{
		free(rq->headers[i].name);
		free(rq->headers[i].value);
	}
	free(rq->method);
	free(rq->path);
	free(rq->query);
	sim_text_free(&rq->body);
	free(rq);
}

/*
 * Waits for ms milliseconds (negative: for ever), but no longer than the
 * peer keeps its side open and the simulator lives.
 */
SimWait
sim_request_wait(const SimRequest *rq, int64_t ms)
{
	double		end = sim_mono_ms() + (double) ms;

	for (;;)
	{
		struct pollfd fds[2] = {
			{.fd = rq->socket,.events = POLLRDHUP},
			{.fd = stop_fd,.events = POLLIN}
		};
		double		left = ms < 0 ? -1 : end - sim_mono_ms();

		if (ms >= 0 && left <= 0)
			return SIM_WAIT_OVER;
		if (poll(fds, 2, ms < 0 ? -1 : (int) left + 1) < 0 && errno != EINTR)
			return SIM_WAIT_STOP;
		if (fds[1].revents)
			return SIM_WAIT_STOP;
		if (fds[0].revents)
			return SIM_WAIT_GONE;
	}
}

/* To be called once, before the first request. */
void
sim_request_allow_waits(void)
{
	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (stop_fd < 0)
		abort();
}

/* Ends all waits, present and future ones. */
void
sim_request_end_waits(void)
{
	uint64_t	one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		abort();
}

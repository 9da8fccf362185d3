/*-------------------------------------------------------------------------
 *
 * server.h
 *	  A small server in a thread of a test, which gives prepared replies.
 *
 * IDENTIFICATION
 *	  test/unit/server.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SERVER_H
#define SERVER_H

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define MAX_CLIENTS		8
#define REQUEST_MAX		16384

/* What the server does after it has sent an answer. */
typedef enum After
{
	AFTER_KEEP,					/* waits for another request */
	AFTER_CLOSE,
	AFTER_RESET,
	AFTER_STALL					/* keeps the connection, and quiet */
} After;

typedef struct Reply
{
	const char *data;
	size_t		len;			/* 0: up to the NUL */
	After		after;
} Reply;

typedef struct Client
{
	int			fd;				/* -1: none */
	bool		stalled;
	size_t		len;
	char		request[REQUEST_MAX + 1];
} Client;

/* The n-th request gets the n-th reply, those beyond get the last one. */
typedef struct Server
{
	pthread_t	thread;
	int			listener;
	int			port;
	int			stop[2];		/* closing the second end ends the thread */
	const Reply *replies;
	int			nreplies;

	/* read these after stop_server only */
	int			accepts;
	int			requests;
	char		last[REQUEST_MAX + 1];	/* request */
	Client		clients[MAX_CLIENTS];
} Server;

/* Whether the headers, and the body that they announce, are all there. */
static inline bool
request_is_whole(const Client *client)
{
	const char *end = strstr(client->request, "\r\n\r\n");
	const char *announced = strstr(client->request, "Content-Length: ");
	size_t		body = 0;

	if (end == NULL)
		return false;
	if (announced != NULL && announced < end)
		body = strtoul(announced + strlen("Content-Length: "), NULL, 10);
	return client->len >= (size_t) (end + 4 - client->request) + body;
}

static inline void
close_client(Client *client)
{
	close(client->fd);
	client->fd = -1;
}

static inline void
send_reply(Server *server, Client *client)
{
	int			n = server->requests;
	const Reply *reply;
	size_t		len;
	size_t		sent = 0;

	reply = &server->replies[n < server->nreplies ? n : server->nreplies - 1];
	server->requests++;
	memcpy(server->last, client->request, client->len + 1);
	client->len = 0;
	client->request[0] = '\0';

	len = reply->len > 0 ? reply->len : strlen(reply->data);
	while (sent < len)
	{
		ssize_t		some = send(client->fd, reply->data + sent, len - sent,
								MSG_NOSIGNAL);

		if (some <= 0)
			break;
		sent += (size_t) some;
	}

	client->stalled = reply->after == AFTER_STALL;
	if (reply->after == AFTER_RESET)
	{
		struct linger now = {1, 0};

		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
	if (reply->after == AFTER_CLOSE || reply->after == AFTER_RESET)
		close_client(client);
}

static inline void
read_request(Server *server, Client *client)
{
	ssize_t		some = recv(client->fd, client->request + client->len,
							REQUEST_MAX - client->len, 0);

	if (some <= 0)
	{
		close_client(client);
		return;
	}
	client->len += (size_t) some;
	client->request[client->len] = '\0';
	if (client->stalled)
		client->len = 0;
	else if (request_is_whole(client) ||
			 client->request[0] == 0x16)	/* a TLS hello is never whole */
		send_reply(server, client);
}

static inline void
accept_client(Server *server)
{
	int			fd = accept(server->listener, NULL, NULL);

	if (fd < 0)
		return;
	server->accepts++;
	for (int i = 0; i < MAX_CLIENTS; i++)
	{
		if (server->clients[i].fd < 0)
		{
			memset(&server->clients[i], 0, sizeof(Client));
			server->clients[i].fd = fd;
			return;
		}
	}
	close(fd);
}

static inline struct pollfd
poll_input(int fd)
{
	struct pollfd polled = {fd, POLLIN, 0};

	return polled;
}

static inline void *
serve(void *arg)
{
	Server	   *server = arg;

	for (;;)
	{
		struct pollfd polled[MAX_CLIENTS + 2];

		for (int i = 0; i < MAX_CLIENTS; i++)
			polled[i] = poll_input(server->clients[i].fd);
		polled[MAX_CLIENTS] = poll_input(server->listener);
		polled[MAX_CLIENTS + 1] = poll_input(server->stop[0]);
		if (poll(polled, MAX_CLIENTS + 2, 30000) <= 0 ||
			polled[MAX_CLIENTS + 1].revents != 0)
			return NULL;
		for (int i = 0; i < MAX_CLIENTS; i++)
		{
			if (polled[i].fd >= 0 && polled[i].revents != 0)
				read_request(server, &server->clients[i]);
		}
		if (polled[MAX_CLIENTS].revents != 0)
			accept_client(server);
	}
}

static inline Server *
start_server(const Reply *replies, int nreplies)
{
	Server	   *server = calloc(1, sizeof(Server));
	struct sockaddr_in address;
	socklen_t	size = sizeof(address);

	assert_non_null(server);
	server->replies = replies;
	server->nreplies = nreplies;
	for (int i = 0; i < MAX_CLIENTS; i++)
		server->clients[i].fd = -1;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(server->listener >= 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *) &address,
						  sizeof(address)), 0);
	assert_int_equal(listen(server->listener, MAX_CLIENTS), 0);
	assert_int_equal(getsockname(server->listener,
								 (struct sockaddr *) &address, &size), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pipe(server->stop), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
	return server;
}

/* End the server's thread; then its counts can be read. */
static inline void
stop_server(Server *server)
{
	close(server->stop[1]);
	pthread_join(server->thread, NULL);
	for (int i = 0; i < MAX_CLIENTS; i++)
	{
		if (server->clients[i].fd >= 0)
			close(server->clients[i].fd);
	}
	close(server->listener);
	close(server->stop[0]);
}

#endif							/* SERVER_H */

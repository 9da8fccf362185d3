/*-------------------------------------------------------------------------
 *
 * test_http.c
 *	  Unit tests of api/http.c, against a small server in a thread of this
 *	  program.
 *
 * IDENTIFICATION
 *	  test/unit/test_http.c
 *
 *-------------------------------------------------------------------------
 */
#include "server.h"
#include "unit.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/http.h"

#define MAX_STEPS		400		/* of 50 ms: no test hangs */

/* ---------- helpers ---------- */

static const Reply ok = {
	"HTTP/1.1 200 OK\r\n"
	"Date: Sun, 31 Dec 2023 23:59:59 GMT\r\n"
	"Content-Length: 12\r\n\r\n{\"answer\":1}", 0, AFTER_KEEP
};

/* What most tests need: a server, connections, and a target. */
typedef struct Fixture
{
	Server	   *server;
	BfHttp	   *http;
	BfEndpoint	endpoint;
	BfHttpTarget target;
	BfHttpAnswer answer;
	BfOutcome	outcome;
} Fixture;

static void
set_up(Fixture *f, const Reply *replies, int nreplies)
{
	char		text[64];

	memset(f, 0, sizeof(*f));
	f->server = start_server(replies, nreplies);
	f->http = bf_http_new();
	assert_non_null(f->http);
	snprintf(text, sizeof(text), "http://127.0.0.1:%d", f->server->port);
	assert_null(bf_endpoint_parse(text, &f->endpoint));
	f->target.endpoint = &f->endpoint;
	f->target.connect_timeout_ms = 5000;
	f->target.request_timeout_ms = 10000;
	f->target.max_response_size = 65536;
}

/* The same server, spoken to as if it knew TLS. */
static void
use_tls(Fixture *f)
{
	char		text[64];

	snprintf(text, sizeof(text), "https://127.0.0.1:%d", f->server->port);
	assert_null(bf_endpoint_parse(text, &f->endpoint));
}

static void
tear_down(Fixture *f)
{
	bf_http_free(f->http);
	free(f->server);
}

static BfTransfer *
start(Fixture *f)
{
	static const char *const headers[] = {
		"Content-Type: application/json", "Authorization: zzq",
		"X-TC-Token: yyq", NULL
	};
	static const BfHttpRequest request = {
		headers, "{\"Month\":1}", 11, NULL, NULL
	};

	return bf_http_start(f->http, &f->target, &request, &f->outcome);
}

static void
finish(Fixture *f, BfTransfer *transfer)
{
	int			steps = 0;

	assert_non_null(transfer);
	while (!bf_http_finished(transfer, &f->answer, &f->outcome))
	{
		assert_true(steps++ < MAX_STEPS);
		bf_http_step(f->http, 50);
	}
}

/* One request from start to end, for its outcome only. */
static void
run(Fixture *f)
{
	BfTransfer *transfer = start(f);

	finish(f, transfer);
	bf_http_release(transfer);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
sleep_ms(int ms)
{
	struct timespec duration = {ms / 1000, (ms % 1000) * 1000000L};

	while (nanosleep(&duration, &duration) != 0)
		;
}

static void
check_failure(const Fixture *f, BfOutcomeKind kind, const char *part)
{
	if (f->outcome.kind != kind || strstr(f->outcome.message, part) == NULL)
		fail_msg("outcome %d: %s", (int) f->outcome.kind, f->outcome.message);
	assert_int_equal(f->answer.body_len, 0);
}

/* An answer with a body of so many bytes; the caller frees its data. */
static Reply
make_reply(const char *headers, const void *body, size_t len)
{
	Reply		reply = {NULL, 0, AFTER_KEEP};
	char	   *data = malloc(len + 256);
	int			head;

	assert_non_null(data);
	head = snprintf(data, 256, "HTTP/1.1 200 OK\r\n%s"
					"Content-Length: %zu\r\n\r\n", headers, len);
	memcpy(data + head, body, len);
	reply.data = data;
	reply.len = (size_t) head + len;
	return reply;
}

/* ---------- requests and answers ---------- */

static void
test_answer(void **state)
{
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	set_up(&f, &ok, 1);
	transfer = start(&f);
	finish(&f, transfer);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	assert_int_equal(f.outcome.http_status, 200);
	assert_int_equal(f.outcome.server_time, 1704067199);
	assert_string_equal(f.outcome.message, "");
	assert_string_equal(f.answer.body, "{\"answer\":1}");
	assert_int_equal(f.answer.body_len, 12);
	assert_int_equal(f.answer.wire_bytes, 12);

	/* It can be asked again. */
	assert_true(bf_http_finished(transfer, &f.answer, &f.outcome));
	assert_string_equal(f.answer.body, "{\"answer\":1}");
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);
}

static void
test_request(void **state)
{
	Fixture		f;
	char		host[BF_ENDPOINT_URL_MAX];
	const char *last;

	(void) state;
	set_up(&f, &ok, 1);
	run(&f);
	stop_server(f.server);
	last = f.server->last;
	snprintf(host, sizeof(host), "\r\nHost: %s\r\n", f.endpoint.host_header);
	assert_int_equal(strncmp(last, "POST / HTTP/1.1\r\n", 17), 0);
	assert_non_null(strstr(last, host));
	assert_non_null(strstr(last, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(last, "\r\nAuthorization: zzq\r\n"));
	assert_non_null(strstr(last, "\r\nX-TC-Token: yyq\r\n"));
	assert_non_null(strstr(last, "\r\nAccept-Encoding: gzip\r\n"));
	assert_non_null(strstr(last, "\r\nContent-Length: 11\r\n"));
	assert_non_null(strstr(last, "\r\n\r\n{\"Month\":1}"));
	assert_null(strstr(last, "Expect"));
	assert_null(strstr(last, "Cookie"));
	tear_down(&f);
}

static void
count_send(void *arg)
{
	(*(int *) arg)++;
}

/* The moment when the request goes out is told, and no earlier one. */
static void
test_send_is_told(void **state)
{
	static const Reply stall = {"", 0, AFTER_STALL};
	static const char *const headers[] = {NULL};
	int			sends = 0;
	BfHttpRequest request = {headers, "{}", 2, count_send, &sends};
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	set_up(&f, &ok, 1);
	assert_false(bf_http_busy(f.http));
	transfer = bf_http_start(f.http, &f.target, &request, &f.outcome);
	assert_int_equal(sends, 0);
	assert_true(bf_http_busy(f.http));
	finish(&f, transfer);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	assert_int_equal(sends, 1);
	assert_false(bf_http_busy(f.http));
	bf_http_release(transfer);

	/* By the connection that was kept. */
	transfer = bf_http_start(f.http, &f.target, &request, &f.outcome);
	finish(&f, transfer);
	assert_int_equal(sends, 2);
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);

	/* Connected, but there is no TLS yet. */
	set_up(&f, &stall, 1);
	use_tls(&f);
	f.target.connect_timeout_ms = 200;
	transfer = bf_http_start(f.http, &f.target, &request, &f.outcome);
	finish(&f, transfer);
	check_failure(&f, BF_OUTCOME_NETWORK, "200 ms (connect_timeout)");
	assert_int_equal(sends, 2);
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);
}

static void
test_header_with_line_break(void **state)
{
	static const char *const headers[] = {"X-A: 1\r\nX-B: 2", NULL};
	static const BfHttpRequest request = {headers, "{}", 2, NULL, NULL};
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	assert_null(bf_http_start(f.http, &f.target, &request, &f.outcome));
	check_failure(&f, BF_OUTCOME_REFUSED, "control character");
	stop_server(f.server);
	tear_down(&f);
}

static void
test_no_body(void **state)
{
	static const Reply reply = {
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, AFTER_KEEP
	};
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	set_up(&f, &reply, 1);
	transfer = start(&f);
	finish(&f, transfer);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	assert_int_equal(f.outcome.server_time, 0);
	assert_string_equal(f.answer.body, "");
	assert_int_equal(f.answer.body_len, 0);
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);
}

/* Every whole answer is one, whatever its status; the caller looks at it. */
static void
test_statuses(void **state)
{
	static const Reply replies[] = {
		{"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
		"Content-Length: 5\r\n\r\nmoved", 0, AFTER_KEEP},
		{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops", 0,
		AFTER_KEEP},
		{"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n"
		"Content-Length: 0\r\n\r\n", 0, AFTER_KEEP},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many\r\n"
		"Content-Length: 2\r\n\r\n{}", 0, AFTER_KEEP}
	};
	static const int statuses[] = {302, 502, 401, 429};
	static const char *const bodies[] = {"moved", "oops", "", "{}"};
	Fixture		f;

	(void) state;
	set_up(&f, replies, 4);
	for (int i = 0; i < 4; i++)
	{
		BfTransfer *transfer = start(&f);

		finish(&f, transfer);
		assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
		assert_int_equal(f.outcome.http_status, statuses[i]);
		assert_string_equal(f.answer.body, bodies[i]);
		bf_http_release(transfer);
	}
	stop_server(f.server);
	assert_int_equal(f.server->requests, 4);
	tear_down(&f);
}

static void
test_size_limit(void **state)
{
	const size_t len = 300000;
	char	   *body = malloc(len);
	Reply		reply;
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	assert_non_null(body);
	for (size_t i = 0; i < len; i++)
		body[i] = (char) (i * 7 + i / 251);
	reply = make_reply("", body, len);
	set_up(&f, &reply, 1);

	f.target.max_response_size = len;
	transfer = start(&f);
	finish(&f, transfer);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	assert_int_equal(f.answer.body_len, len);
	assert_memory_equal(f.answer.body, body, len);
	assert_int_equal(f.answer.body[len], '\0');
	bf_http_release(transfer);

	f.target.max_response_size = len - 1;
	run(&f);
	check_failure(&f, BF_OUTCOME_TOO_LARGE, "larger than 299999 bytes");
	f.target.max_response_size = 0;
	run(&f);
	check_failure(&f, BF_OUTCOME_TOO_LARGE, "larger than 0 bytes");

	stop_server(f.server);
	tear_down(&f);
	free((void *) reply.data);
	free(body);
}

/* Bits of a deflate stream, first bit lowest. */
typedef struct Bits
{
	unsigned char *bytes;		/* zeroed before */
	size_t		n;				/* bits so far */
} Bits;

/* Codes of the fixed Huffman table are written highest bit first. */
static void
put_code(Bits *bits, unsigned int code, int width)
{
	while (width-- > 0)
	{
		if (code >> width & 1)
			bits->bytes[bits->n / 8] |= (unsigned char) (1 << bits->n % 8);
		bits->n++;
	}
}

static void
put_uint32(unsigned char *bytes, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char) (number >> 8 * i);
}

/*
 * Write 1 + 258 * repeats letters "a" in gzip form: one literal, and copies
 * of 258 bytes at distance 1.  "out" is zeroed before.  Returns the size.
 */
static size_t
make_gzip(unsigned char *out, int repeats)
{
	static const unsigned char header[10] = {0x1f, 0x8b, 8};
	Bits		bits = {out + sizeof(header), 0};
	uint32_t	len = 1 + 258 * (uint32_t) repeats;
	uint32_t	crc = 0xffffffff;
	size_t		size;

	memcpy(out, header, sizeof(header));
	put_code(&bits, 6, 3);		/* last block, fixed table */
	put_code(&bits, 0x30 + 'a', 8);
	for (int i = 0; i < repeats; i++)
		put_code(&bits, 0xc5 << 5, 13);
	put_code(&bits, 0, 7);		/* end of block */
	size = sizeof(header) + (bits.n + 7) / 8;

	for (uint32_t i = 0; i < len; i++)
	{
		crc ^= 'a';
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	put_uint32(out + size, ~crc);
	put_uint32(out + size + 4, len);
	return size + 8;
}

static void
test_gzip(void **state)
{
	unsigned char body[16384] = {0};
	size_t		len = make_gzip(body, 4000);
	Reply		reply = make_reply("Content-Encoding: gzip\r\n", body, len);
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	set_up(&f, &reply, 1);
	f.target.max_response_size = 1032001;
	transfer = start(&f);
	finish(&f, transfer);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	assert_int_equal(f.answer.body_len, 1032001);
	assert_int_equal(strspn(f.answer.body, "a"), 1032001);
	assert_int_equal(f.answer.wire_bytes, len);
	bf_http_release(transfer);

	/* What counts is the size after decompression. */
	f.target.max_response_size = 100000;
	run(&f);
	check_failure(&f, BF_OUTCOME_TOO_LARGE, "larger than 100000 bytes");

	stop_server(f.server);
	tear_down(&f);
	free((void *) reply.data);
}

static void
test_bad_gzip(void **state)
{
	unsigned char body[256] = {0};
	size_t		len = make_gzip(body, 20);
	Reply		reply;
	Fixture		f;

	(void) state;
	body[len - 8] ^= 1;
	reply = make_reply("Content-Encoding: gzip\r\n", body, len);
	set_up(&f, &reply, 1);
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "");
	stop_server(f.server);
	tear_down(&f);
	free((void *) reply.data);
}

static void
test_broken_answers(void **state)
{
	static const Reply replies[] = {
		{"", 0, AFTER_CLOSE},
		{"", 0, AFTER_RESET},
		{"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"an", 0, AFTER_CLOSE},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ans", 0,
		AFTER_CLOSE},
		{"HTTP/1.1 200 OK\r\nContent-Le", 0, AFTER_RESET},
		{"SSH-2.0-OpenSSH_9.2\r\n", 0, AFTER_CLOSE}
	};

	(void) state;
	for (size_t i = 0; i < lengthof(replies); i++)
	{
		Fixture		f;

		set_up(&f, &replies[i], 1);
		run(&f);
		check_failure(&f, BF_OUTCOME_NETWORK, "");
		assert_true(f.outcome.message[0] != '\0');
		stop_server(f.server);
		tear_down(&f);
	}
}

/* ---------- connections ---------- */

static void
test_keep_alive(void **state)
{
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	for (int i = 0; i < 3; i++)
	{
		run(&f);
		assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	}
	stop_server(f.server);
	assert_int_equal(f.server->requests, 3);
	assert_int_equal(f.server->accepts, 1);
	tear_down(&f);
}

/* A kept connection that the server has closed since is replaced. */
static void
test_kept_connection_closed(void **state)
{
	Reply		replies[] = {ok, ok};
	Fixture		f;

	(void) state;
	replies[0].after = AFTER_CLOSE;
	set_up(&f, replies, 2);
	run(&f);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	sleep_ms(20);
	run(&f);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	stop_server(f.server);
	assert_int_equal(f.server->accepts, 2);
	tear_down(&f);
}

static void
test_parallel(void **state)
{
	Fixture		f;
	BfTransfer *transfers[5];

	(void) state;
	set_up(&f, &ok, 1);
	for (int i = 0; i < 5; i++)
		transfers[i] = start(&f);
	for (int i = 4; i >= 0; i--)
	{
		finish(&f, transfers[i]);
		assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
		assert_string_equal(f.answer.body, "{\"answer\":1}");
	}
	for (int i = 0; i < 5; i++)
		bf_http_release(transfers[i]);
	stop_server(f.server);
	assert_int_equal(f.server->requests, 5);
	tear_down(&f);
}

static void
test_nobody_listens(void **state)
{
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	stop_server(f.server);
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "");
	assert_int_equal(f.outcome.http_status, 0);
	tear_down(&f);
}

/* ---------- waiting ---------- */

/* Nothing is said about a transfer that has not ended. */
static void
test_not_finished(void **state)
{
	static const Reply reply = {"", 0, AFTER_STALL};
	Fixture		f;
	BfTransfer *transfer;

	(void) state;
	set_up(&f, &reply, 1);
	transfer = start(&f);
	f.outcome.http_status = 4711;
	f.answer.body_len = 4711;
	for (int i = 0; i < 4; i++)
	{
		int64_t		before = now_ms();

		bf_http_step(f.http, 1000);
		assert_true(now_ms() - before < 500);
		assert_false(bf_http_finished(transfer, &f.answer, &f.outcome));
	}
	assert_int_equal(f.outcome.http_status, 4711);
	assert_int_equal(f.answer.body_len, 4711);
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);
}

/* A step with nothing to do is no reason to spin. */
static void
test_idle_step(void **state)
{
	Fixture		f;
	int64_t		before;

	(void) state;
	set_up(&f, &ok, 1);
	before = now_ms();
	bf_http_step(f.http, 10000);
	assert_in_range(now_ms() - before, 40, 1000);
	before = now_ms();
	for (int i = 0; i < 20; i++)
		bf_http_step(f.http, 0);
	assert_true(now_ms() - before < 20 * 40);
	stop_server(f.server);
	tear_down(&f);
}

static void
test_request_timeout(void **state)
{
	static const Reply replies[] = {
		{"", 0, AFTER_STALL},
		{"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"an", 0, AFTER_STALL}
	};
	Fixture		f;

	(void) state;
	set_up(&f, replies, 2);
	f.target.connect_timeout_ms = 100;
	f.target.request_timeout_ms = 200;
	for (int i = 0; i < 2; i++)
	{
		int64_t		before = now_ms();

		run(&f);
		check_failure(&f, BF_OUTCOME_NETWORK, "200 ms (request_timeout)");
		assert_in_range(now_ms() - before, 190, 2000);
	}
	stop_server(f.server);
	tear_down(&f);
}

/* Also a TLS handshake that gets no answer is part of connecting. */
static void
test_connect_timeout(void **state)
{
	static const Reply reply = {"", 0, AFTER_STALL};
	Fixture		f;

	(void) state;
	set_up(&f, &reply, 1);
	use_tls(&f);
	f.target.connect_timeout_ms = 200;
	f.target.request_timeout_ms = 5000;
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "200 ms (connect_timeout)");

	f.target.request_timeout_ms = 100;
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "100 ms (request_timeout)");
	stop_server(f.server);
	tear_down(&f);
}

/* A signal that the program handles ends a wait, and masks stay as set. */
static volatile sig_atomic_t alarms;

static void
on_alarm(int number)
{
	(void) number;
	alarms++;
}

static void *
send_alarm(void *arg)
{
	sleep_ms(10);
	pthread_kill(*(pthread_t *) arg, SIGALRM);
	return NULL;
}

/* How long a step takes that a signal arrives in. */
static int64_t
time_step_with_signal(Fixture *f)
{
	pthread_t	self = pthread_self();
	pthread_t	sender;
	int64_t		before = now_ms();
	int64_t		duration;

	alarms = 0;
	assert_int_equal(pthread_create(&sender, NULL, send_alarm, &self), 0);
	while (alarms == 0 && now_ms() - before < 5000)
		bf_http_step(f->http, 50);
	duration = now_ms() - before;
	pthread_join(sender, NULL);
	assert_int_equal(alarms, 1);
	return duration;
}

static void
test_signal_ends_step(void **state)
{
	static const Reply reply = {"", 0, AFTER_STALL};
	struct sigaction action;
	sigset_t	mask;
	Fixture		f;
	BfTransfer *transfer;
	int64_t		fastest = 1000;

	(void) state;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm;
	sigaction(SIGALRM, &action, NULL);
	set_up(&f, &reply, 1);
	transfer = start(&f);
	for (int i = 0; i < 5; i++)
		bf_http_step(f.http, 10);	/* until it waits for the body */

	/* Sent after 10 ms, else seen after 50; a busy machine gets chances. */
	for (int i = 0; i < 20 && fastest >= 45; i++)
	{
		int64_t		duration = time_step_with_signal(&f);

		fastest = duration < fastest ? duration : fastest;
	}
	assert_in_range(fastest, 0, 44);

	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGALRM), 0);
	assert_int_equal(sigismember(&mask, SIGINT), 0);
	bf_http_release(transfer);
	stop_server(f.server);
	tear_down(&f);
}

/* ---------- giving up ---------- */

static void
test_release_in_flight(void **state)
{
	static const Reply replies[] = {
		{"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"an", 0, AFTER_STALL},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 0, AFTER_KEEP}
	};
	Fixture		f;
	BfTransfer *first;
	BfTransfer *second;
	int64_t		before;

	(void) state;
	set_up(&f, replies, 2);
	bf_http_release(NULL);

	/* before the first step, and while waiting for the body */
	bf_http_release(start(&f));
	first = start(&f);
	for (int i = 0; i < 4; i++)
		bf_http_step(f.http, 20);
	second = start(&f);
	before = now_ms();
	bf_http_release(first);
	assert_true(now_ms() - before < 300);

	/* The others go on. */
	finish(&f, second);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	bf_http_release(second);
	stop_server(f.server);
	assert_int_equal(f.server->requests, 2);
	tear_down(&f);
}

/* Connections may go before the transfers that used them. */
static void
test_free_before_release(void **state)
{
	static const Reply reply = {"", 0, AFTER_STALL};
	Fixture		f;
	BfTransfer *first;
	BfTransfer *second;

	(void) state;
	set_up(&f, &reply, 1);
	first = start(&f);
	bf_http_step(f.http, 20);
	second = start(&f);
	stop_server(f.server);
	tear_down(&f);
	assert_true(bf_http_finished(first, &f.answer, &f.outcome));
	check_failure(&f, BF_OUTCOME_NETWORK, "");
	bf_http_release(second);
	bf_http_release(first);
	bf_http_free(NULL);
}

/* ---------- look-ups of names ---------- */

/* What the resolver's thread saw; guarded by lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int	LookupsBegun;
static int	LookupsEnded;
static sigset_t lookup_mask;

/*
 * Stands for the C library's function, also for libcurl: a look-up that
 * takes its time and finds nothing.
 */
int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	(void) node;
	(void) service;
	(void) hints;
	*result = NULL;
	pthread_mutex_lock(&lock);
	LookupsBegun++;
	pthread_sigmask(SIG_SETMASK, NULL, &lookup_mask);
	pthread_mutex_unlock(&lock);
	sleep_ms(400);
	pthread_mutex_lock(&lock);
	LookupsEnded++;
	pthread_mutex_unlock(&lock);
	return EAI_NONAME;
}

static int
lookups(const int *count)
{
	int			value;

	pthread_mutex_lock(&lock);
	value = *count;
	pthread_mutex_unlock(&lock);
	return value;
}

/*
 * Giving up does not wait for a look-up, and the threads that do it block
 * the signals that the program handles.  There are at most two of them, one
 * for each kind of address, as of libcurl 8.20.
 */
static void
test_release_during_lookup(void **state)
{
	static const int blocked[] = {
		SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGHUP, SIGCHLD
	};
	Fixture		f;
	BfTransfer *transfer;
	int64_t		before;

	(void) state;
	set_up(&f, &ok, 1);
	assert_null(bf_endpoint_parse("billing.invalid", &f.endpoint));
	transfer = start(&f);
	for (int i = 0; i < 10 && lookups(&LookupsBegun) == 0; i++)
		bf_http_step(f.http, 10);
	assert_in_range(lookups(&LookupsBegun), 1, 2);
	assert_int_equal(lookups(&LookupsEnded), 0);

	before = now_ms();
	bf_http_release(transfer);
	assert_true(now_ms() - before < 300);
	assert_int_equal(lookups(&LookupsEnded), 0);

	for (size_t i = 0; i < lengthof(blocked); i++)
		assert_int_equal(sigismember(&lookup_mask, blocked[i]), 1);
	assert_int_equal(sigismember(&lookup_mask, SIGSEGV), 0);

	/* Let the threads end before the program does. */
	for (int i = 0; i < 100 &&
		 lookups(&LookupsEnded) < lookups(&LookupsBegun); i++)
		sleep_ms(20);
	assert_in_range(lookups(&LookupsBegun), 1, 2);
	sleep_ms(50);
	stop_server(f.server);
	tear_down(&f);
}

static void
test_lookup_fails(void **state)
{
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	assert_null(bf_endpoint_parse("billing.invalid", &f.endpoint));
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "billing.invalid");

	/*
	 * The next one looks again, for libcurl may have kept the failure; and a
	 * look-up that takes too long is a connection that does.
	 */
	f.target.connect_timeout_ms = 100;
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "connect_timeout");
	sleep_ms(500);
	stop_server(f.server);
	tear_down(&f);
}

/* ---------- proxies ---------- */

static const char *const ProxyVariables[] = {
	"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL
};

static void
set_proxy_variables(const char *value)
{
	for (int i = 0; ProxyVariables[i] != NULL; i++)
	{
		if (value == NULL)
			unsetenv(ProxyVariables[i]);
		else
			setenv(ProxyVariables[i], value, 1);
	}
}

static void
test_proxy_of_environment(void **state)
{
	Server	   *trap = start_server(&ok, 1);
	Fixture		f;
	char		text[64];

	(void) state;
	snprintf(text, sizeof(text), "http://127.0.0.1:%d", trap->port);
	set_proxy_variables(text);
	set_up(&f, &ok, 1);
	run(&f);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	use_tls(&f);				/* which the server does not know */
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "");
	set_proxy_variables(NULL);

	stop_server(trap);
	stop_server(f.server);
	assert_int_equal(trap->accepts, 0);
	assert_int_equal(f.server->accepts, 2);
	free(trap);
	tear_down(&f);
}

/* Plain http stays on this machine, even when a proxy is configured. */
static void
test_no_proxy_for_loopback(void **state)
{
	Server	   *trap = start_server(&ok, 1);
	BfEndpoint	proxy;
	Fixture		f;
	char		text[64];

	(void) state;
	snprintf(text, sizeof(text), "127.0.0.1:%d", trap->port);
	assert_null(bf_endpoint_parse_proxy(text, &proxy));
	set_up(&f, &ok, 1);
	f.target.proxy = &proxy;
	run(&f);
	assert_int_equal(f.outcome.kind, BF_OUTCOME_OK);
	stop_server(trap);
	stop_server(f.server);
	assert_int_equal(trap->accepts, 0);
	free(trap);
	tear_down(&f);
}

/* What a proxy is told: where to connect, and its own credentials. */
static void
test_proxy(void **state)
{
	static const Reply replies[] = {
		{"HTTP/1.1 407 Proxy Authentication Required\r\n"
			"Proxy-Authenticate: Basic\r\nContent-Length: 0\r\n"
		"Date: Sun, 31 Dec 2023 23:59:59 GMT\r\n\r\n", 0, AFTER_CLOSE},
		{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", 0,
		AFTER_CLOSE}
	};
	BfEndpoint	proxy;
	Fixture		f;
	char		text[64];

	(void) state;
	setenv("no_proxy", "*", 1);
	setenv("NO_PROXY", "*", 1);
	set_up(&f, replies, 2);
	snprintf(text, sizeof(text), "127.0.0.1:%d", f.server->port);
	assert_null(bf_endpoint_parse_proxy(text, &proxy));
	assert_null(bf_endpoint_parse("billing.example.com", &f.endpoint));
	f.target.proxy = &proxy;
	f.target.proxy_user = "user";
	f.target.proxy_password = "pass:word";

	run(&f);
	check_failure(&f, BF_OUTCOME_REFUSED, "407");
	assert_int_equal(f.outcome.server_time, 0);
	run(&f);
	check_failure(&f, BF_OUTCOME_NETWORK, "502");
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");

	stop_server(f.server);
	assert_int_equal(strncmp(f.server->last,
							 "CONNECT billing.example.com:443 ", 32), 0);
	assert_non_null(strstr(f.server->last,
						   "\r\nProxy-Authorization: "
						   "Basic dXNlcjpwYXNzOndvcmQ=\r\n"));
	assert_null(strstr(f.server->last, "zzq"));
	assert_null(strstr(f.server->last, "yyq"));
	tear_down(&f);
}

/* ---------- TLS ---------- */

/* Nothing is told about a certificate file but that it is of no use. */
static void
test_ca_file(void **state)
{
	static const char *const no_files[] = {
		"/nonexistent/ca.pem", "/dev/null", "/", NULL
	};
	static const char complaint[] = "could not use the certificate file";
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	use_tls(&f);
	for (int i = 0; no_files[i] != NULL; i++)
	{
		f.target.ca_file = no_files[i];
		assert_null(start(&f));
		check_failure(&f, BF_OUTCOME_REFUSED, "");
		assert_string_equal(f.outcome.message, complaint);
	}
	f.target.ca_file = "/etc/passwd";
	run(&f);
	check_failure(&f, BF_OUTCOME_REFUSED, "");
	assert_string_equal(f.outcome.message, complaint);
	stop_server(f.server);
	tear_down(&f);
}

/* Checked when a transfer starts, and again when it connects. */
static void
test_plain_http_elsewhere(void **state)
{
	Fixture		f;

	(void) state;
	set_up(&f, &ok, 1);
	snprintf(f.endpoint.url, sizeof(f.endpoint.url), "http://192.0.2.1:9/");
	f.endpoint.loopback = false;
	assert_null(start(&f));
	check_failure(&f, BF_OUTCOME_REFUSED, "loopback");

	f.endpoint.loopback = true;
	run(&f);
	check_failure(&f, BF_OUTCOME_REFUSED, "loopback");
	snprintf(f.endpoint.url, sizeof(f.endpoint.url),
			 "http://[2001:db8::1]:9/");
	run(&f);
	check_failure(&f, BF_OUTCOME_REFUSED, "loopback");
	stop_server(f.server);
	tear_down(&f);
}

/* Keys are not logged, and the variable is as it was. */
static void
test_key_log(void **state)
{
	char		path[] = "/tmp/test_http_XXXXXX";
	Fixture		f;
	int			fd = mkstemp(path);

	(void) state;
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	setenv("SSLKEYLOGFILE", path, 1);
	set_up(&f, &ok, 1);
	use_tls(&f);
	run(&f);
	assert_string_equal(getenv("SSLKEYLOGFILE"), path);
	assert_int_not_equal(access(path, F_OK), 0);
	unsetenv("SSLKEYLOGFILE");
	stop_server(f.server);
	tear_down(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_send_is_told),
		cmocka_unit_test(test_header_with_line_break),
		cmocka_unit_test(test_no_body),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_bad_gzip),
		cmocka_unit_test(test_broken_answers),
		cmocka_unit_test(test_keep_alive),
		cmocka_unit_test(test_kept_connection_closed),
		cmocka_unit_test(test_parallel),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_not_finished),
		cmocka_unit_test(test_idle_step),
		cmocka_unit_test(test_request_timeout),
		cmocka_unit_test(test_connect_timeout),
		cmocka_unit_test(test_signal_ends_step),
		cmocka_unit_test(test_release_in_flight),
		cmocka_unit_test(test_free_before_release),
		cmocka_unit_test(test_release_during_lookup),
		cmocka_unit_test(test_lookup_fails),
		cmocka_unit_test(test_proxy_of_environment),
		cmocka_unit_test(test_no_proxy_for_loopback),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_ca_file),
		cmocka_unit_test(test_plain_http_elsewhere),
		cmocka_unit_test(test_key_log),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

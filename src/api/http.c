/*-------------------------------------------------------------------------
 *
 * http.c
 *	  HTTP transfers that never block for longer than asked.
 *
 * Two rules hold for the whole file.  libcurl resolves names in threads of
 * its own; they must never run a signal handler of the program, so every
 * call that may start one is made between block_signals() and
 * restore_signals(), and the thread inherits the mask.  And nothing from the
 * environment counts: what a new handle would look up there is set
 * explicitly, and what it leaves off (cookies, HSTS, alt-svc) stays off,
 * because every transfer has a new handle.
 *
 * IDENTIFICATION
 *	  src/api/http.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/http.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

#define MAX_CONNECTIONS 64L		/* kept; more transfers at once still work */
#define MAX_STEP_MS		50		/* a caller must see a cancel this soon */
#define RECEIVE_SIZE	131072L /* bytes that libcurl reads at once */
#define FIRST_BODY_SIZE	16384	/* bytes */
#define BODY_UNIT		65536	/* bytes; similar answers have equal memory */
#define DATE_MAX		64		/* longest Date header looked at */
#define CA_CACHE_S		600L	/* keep what was read of the system's file */
#define ADDRESS_CACHE_S	60L		/* keep what a look-up of a name has found */

/* Where no certificates are: NULL means the library's own directory. */
#define NO_DIRECTORY "/dev/null"

/* One text, or it would tell whether a file exists. */
#define BAD_CA_FILE "could not use the certificate file"

/* The variable that makes TLS libraries write session keys to a file. */
#define KEY_LOG_VARIABLE "SSLKEYLOGFILE"

struct BfHttp
{
	CURLM	   *multi;
	BfTransfer *transfers;		/* not yet released */
	bool		lookup_failed;	/* of the transfer that ended last */
};

struct BfTransfer
{
	BfHttp	   *http;			/* NULL when freed before the transfer */
	BfTransfer *next;
	CURL	   *easy;
	struct curl_slist *headers;
	bool		attached;		/* easy handle is in the multi handle */

	/* limits, from the target */
	bool		local_only;		/* connect to loopback addresses only */
	int			connect_timeout_ms;
	int			request_timeout_ms;
	size_t		max_size;

	/* the request's */
	void		(*on_send) (void *arg);
	void	   *on_send_arg;

	/* what has arrived */
	char	   *body;			/* NUL-terminated, or NULL when empty */
	size_t		body_len;
	size_t		body_size;		/* allocated */
	int64_t		server_time;

	/* how it ended */
	bool		connected;		/* with tunnel and TLS */
	bool		done;
	CURLcode	result;
	BfOutcomeKind stopped;		/* why a callback gave up, or OK */
	char		error[CURL_ERROR_SIZE];
};

/* Settings that are the same for every transfer. */
typedef struct FixedOption
{
	CURLoption	option;
	long		value;
} FixedOption;

static const FixedOption fixed_options[] = {
	{CURLOPT_NOSIGNAL, 1L},
	{CURLOPT_QUICK_EXIT, 1L},	/* do not wait for a resolver's thread */
	{CURLOPT_POST, 1L},
	{CURLOPT_BUFFERSIZE, RECEIVE_SIZE},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_FOLLOWLOCATION, 0L},
	{CURLOPT_TCP_KEEPALIVE, 1L},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_DISALLOW_USERNAME_IN_URL, 1L},
	{CURLOPT_SSL_VERIFYPEER, 1L},
	{CURLOPT_SSL_VERIFYHOST, 2L},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},	/* or later */
	{CURLOPT_PROXY_SSL_VERIFYPEER, 1L},
	{CURLOPT_PROXY_SSL_VERIFYHOST, 2L},
	{CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_HTTPPROXYTUNNEL, 1L},	/* a proxy sees no request */
	{CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},	/* nor our headers ... */
	{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L}	/* ... and we not its Date */
};

/* Failures that asking again cannot mend. */
static const CURLcode hopeless_results[] = {
	CURLE_URL_MALFORMAT,
	CURLE_NOT_BUILT_IN,
	CURLE_PEER_FAILED_VERIFICATION,
	CURLE_SSL_CERTPROBLEM,
	CURLE_SSL_CACERT_BADFILE,
	CURLE_SSL_ISSUER_ERROR
};

/*
 * Block all signals but those that a fault raises in the thread itself.  The
 * others stay pending for the few milliseconds that a step of libcurl takes.
 * (The program must ignore SIGPIPE, as PostgreSQL does: a TLS library may
 * write to a connection that the other side has closed.)
 */
static void
block_signals(sigset_t *saved)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	sigset_t	blocked;

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&blocked, faults[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, saved);
}

static void
restore_signals(const sigset_t *saved)
{
	pthread_sigmask(SIG_SETMASK, saved, NULL);
}

/*
 * curl_global_init, without key log.  libcurl reads the variable there, once
 * and for all handles, and has no option against it; whoever could set the
 * server's environment could then read every session, tokens included.  So
 * the variable is taken away for the moment.  (Where other code in this
 * process has initialized libcurl before, it is too late for that.)
 */
static bool
init_library(void)
{
	const char *value = getenv(KEY_LOG_VARIABLE);
	char	   *saved = NULL;
	bool		ok;

	if (value != NULL)
	{
		saved = strdup(value);
		if (saved == NULL || unsetenv(KEY_LOG_VARIABLE) != 0)
		{
			free(saved);
			return false;
		}
	}
	ok = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (saved != NULL)
		setenv(KEY_LOG_VARIABLE, saved, 1);
	free(saved);
	return ok;
}

/*
 * Set up the connections that transfers share.  Meant to live as long as the
 * process; bf_http_free releases it.  Returns NULL when memory is lacking or
 * the library cannot be set up.
 */
BfHttp *
bf_http_new(void)
{
	BfHttp	   *http = calloc(1, sizeof(BfHttp));
	sigset_t	saved;
	bool		ready;

	if (http == NULL)
		return NULL;

	block_signals(&saved);
	ready = init_library();
	if (ready)
	{
		http->multi = curl_multi_init();
		if (http->multi == NULL ||
			curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS,
							  MAX_CONNECTIONS) != CURLM_OK)
		{
			curl_multi_cleanup(http->multi);
			curl_global_cleanup();
			ready = false;
		}
	}
	restore_signals(&saved);

	if (!ready)
	{
		free(http);
		return NULL;
	}
	return http;
}

/* Take a transfer's handle out of the multi handle, signals being blocked. */
static void
detach(BfTransfer *transfer)
{
	if (transfer->attached)
		curl_multi_remove_handle(transfer->http->multi, transfer->easy);
	transfer->attached = false;
}

/*
 * Close all connections.  Transfers that have not been released are stopped,
 * and must still be released.  NULL is fine.
 */
void
bf_http_free(BfHttp *http)
{
	sigset_t	saved;

	if (http == NULL)
		return;

	block_signals(&saved);
	while (http->transfers != NULL)
	{
		BfTransfer *transfer = http->transfers;

		http->transfers = transfer->next;
		detach(transfer);
		transfer->http = NULL;
		if (!transfer->done)
		{
			transfer->done = true;
			transfer->result = CURLE_ABORTED_BY_CALLBACK;
		}
	}
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	restore_signals(&saved);
	free(http);
}

/*
 * Make room for more bytes of the body and a NUL: as many as are announced,
 * or the double, up to the limit.
 */
static bool
grow_body(BfTransfer *transfer, size_t more)
{
	size_t		needed = transfer->body_len + more + 1;
	size_t		size = transfer->body_size;
	curl_off_t	announced;
	char	   *body;

	if (needed <= size)
		return true;
	if (size == 0)
		size = FIRST_BODY_SIZE;
	if (curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
						  &announced) == CURLE_OK &&
		announced >= 0 && (uint64_t) announced < transfer->max_size &&
		(size_t) announced + 1 > size)
		size = ((size_t) announced / BODY_UNIT + 1) * BODY_UNIT;
	while (size < needed)
		size = size > SIZE_MAX / 2 ? needed : size * 2;
	if (size > transfer->max_size + 1)
		size = transfer->max_size + 1;

	body = realloc(transfer->body, size);
	if (body == NULL)
		return false;
	transfer->body = body;
	transfer->body_size = size;
	return true;
}

/* libcurl's callback before a request goes out, or goes out once more. */
static int
note_send(void *arg, char *remote_address, char *local_address,
		  int remote_port, int local_port)
{
	BfTransfer *transfer = arg;

	(void) remote_address;
	(void) local_address;
	(void) remote_port;
	(void) local_port;
	transfer->connected = true;
	if (transfer->on_send != NULL)
		transfer->on_send(transfer->on_send_arg);
	return CURL_PREREQFUNC_OK;
}

/*
 * libcurl's write callback: keeps decompressed bytes.  Anything but the
 * number of bytes handed over ends the transfer.
 */
static size_t
keep_body(char *data, size_t size, size_t count, void *arg)
{
	BfTransfer *transfer = arg;
	size_t		len = size * count;

	if (len > transfer->max_size - transfer->body_len)
		transfer->stopped = BF_OUTCOME_TOO_LARGE;
	else if (!grow_body(transfer, len))
		transfer->stopped = BF_OUTCOME_NO_MEMORY;
	if (transfer->stopped != BF_OUTCOME_OK)
		return len > 0 ? 0 : 1;

	memcpy(transfer->body + transfer->body_len, data, len);
	transfer->body_len += len;
	transfer->body[transfer->body_len] = '\0';
	return len;
}

/* libcurl's header callback: keeps the time of the Date header. */
static size_t
keep_header(char *data, size_t size, size_t count, void *arg)
{
	static const char name[] = "Date:";
	BfTransfer *transfer = arg;
	size_t		len = size * count;
	size_t		name_len = strlen(name);
	char		text[DATE_MAX];

	if (len > name_len && len - name_len < sizeof(text) &&
		strncasecmp(data, name, name_len) == 0)
	{
		time_t		seconds;

		memcpy(text, data + name_len, len - name_len);
		text[len - name_len] = '\0';
		seconds = curl_getdate(text, NULL);
		transfer->server_time = seconds > 0 ? (int64_t) seconds : 0;
	}
	return len;
}

static bool
address_is_loopback(const struct curl_sockaddr *address)
{
	if (address->family == AF_INET)
	{
		struct sockaddr_in peer;

		memcpy(&peer, &address->addr, sizeof(peer));
		return ntohl(peer.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->family == AF_INET6)
	{
		struct sockaddr_in6 peer;

		if (address->addrlen < sizeof(peer))
			return false;
		/* libcurl keeps the bytes behind its struct's last member. */
		memcpy(&peer, (const char *) address +
			   offsetof(struct curl_sockaddr, addr), sizeof(peer));
		return IN6_IS_ADDR_LOOPBACK(&peer.sin6_addr);
	}
	return false;
}

/*
 * libcurl's callback that makes a socket.  The peer of plain http is checked
 * here once more, now that it is an address; and programs that the process
 * may start do not inherit the socket.
 */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	BfTransfer *transfer = arg;
	int			fd;

	if (purpose != CURLSOCKTYPE_IPCXN ||
		(transfer->local_only && !address_is_loopback(address)))
	{
		transfer->stopped = BF_OUTCOME_REFUSED;
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype, address->protocol);
	if (fd >= 0)
		(void) fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

/* Headers may hold a token, so they do not stay in memory. */
static void
free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *item = headers; item != NULL; item = item->next)
	{
		volatile char *c = item->data;

		while (*c != '\0')
			*c++ = '\0';
	}
	curl_slist_free_all(headers);
}

static bool
add_header(BfTransfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);

	if (longer == NULL)
		return false;
	transfer->headers = longer;
	return true;
}

/* A line break in a header would begin another one. */
static bool
header_is_clean(const char *line)
{
	for (const char *c = line; *c != '\0'; c++)
	{
		if ((unsigned char) *c < 0x20 || *c == 0x7f)
			return false;
	}
	return true;
}

/* Take over the caller's headers; "Expect:" keeps libcurl from adding one. */
static bool
set_headers(BfTransfer *transfer, const char *const *headers,
			BfOutcome *outcome)
{
	bool		ok = add_header(transfer, "Expect:");

	for (; ok && *headers != NULL; headers++)
	{
		if (!header_is_clean(*headers))
			return bf_outcome_fail(outcome, BF_OUTCOME_REFUSED,
								   "a request header contains a control character");
		ok = add_header(transfer, *headers);
	}
	if (!ok)
		bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, "out of memory");
	return ok;
}

/* Note a failure of curl_easy_setopt; the first one counts. */
#define SET(transfer, option, value) \
	do { \
		if ((transfer)->result == CURLE_OK) \
			(transfer)->result = \
				curl_easy_setopt((transfer)->easy, option, value); \
	} while (0)

static void
set_general_options(BfTransfer *transfer)
{
	size_t		n = sizeof(fixed_options) / sizeof(fixed_options[0]);

	for (size_t i = 0; i < n; i++)
		SET(transfer, fixed_options[i].option, fixed_options[i].value);
	SET(transfer, CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(transfer, CURLOPT_CONNECTTIMEOUT_MS,
		(long) transfer->connect_timeout_ms);
	SET(transfer, CURLOPT_TIMEOUT_MS, (long) transfer->request_timeout_ms);

	SET(transfer, CURLOPT_PRIVATE, transfer);
	SET(transfer, CURLOPT_ERRORBUFFER, transfer->error);
	SET(transfer, CURLOPT_WRITEFUNCTION, keep_body);
	SET(transfer, CURLOPT_WRITEDATA, transfer);
	SET(transfer, CURLOPT_HEADERFUNCTION, keep_header);
	SET(transfer, CURLOPT_HEADERDATA, transfer);
	SET(transfer, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(transfer, CURLOPT_OPENSOCKETDATA, transfer);
	SET(transfer, CURLOPT_PREREQFUNCTION, note_send);
	SET(transfer, CURLOPT_PREREQDATA, transfer);
}

/*
 * Whom to trust: the certificates of a file alone, as they are now, or the
 * system's.
 *
 * Reading the system's takes some 40 ms, in which no cancel is noticed, and
 * eight connections that begin together would take eight times as long.
 * libcurl keeps what it has read only where there is a file and no directory
 * beside it.  A library that was built for both is given the file alone, as
 * far as it lets us: as of libcurl 8.21 it takes its directory as well, and
 * reads the file each time.
 */
static void
set_trust(BfTransfer *transfer, const char *ca_file, bool proxy_tls)
{
	const char *directory = NO_DIRECTORY;
	long		keep_s = 0;

	if (ca_file == NULL)
	{
		ca_file = curl_version_info(CURLVERSION_NOW)->cainfo;
		directory = NULL;
		keep_s = CA_CACHE_S;
	}
	if (ca_file == NULL)
		return;					/* the library knows another place */

	SET(transfer, CURLOPT_CAINFO, ca_file);
	SET(transfer, CURLOPT_CAPATH, directory);
	/* A library that keeps nothing refuses this, which comes to the same. */
	(void) curl_easy_setopt(transfer->easy, CURLOPT_CA_CACHE_TIMEOUT, keep_s);
	if (proxy_tls)
	{
		SET(transfer, CURLOPT_PROXY_CAINFO, ca_file);
		SET(transfer, CURLOPT_PROXY_CAPATH, directory);
	}
}

/*
 * Where to connect.  Empty texts keep libcurl from asking the environment
 * for a proxy, or for hosts that need none.
 */
static void
set_target(BfTransfer *transfer, const BfHttpTarget *target)
{
	const BfEndpoint *endpoint = target->endpoint;
	bool		proxied = target->proxy != NULL && endpoint->tls;

	SET(transfer, CURLOPT_URL, endpoint->url);
	SET(transfer, CURLOPT_PROTOCOLS_STR, endpoint->tls ? "https" : "http");
	SET(transfer, CURLOPT_PROXY, proxied ? target->proxy->url : "");
	SET(transfer, CURLOPT_NOPROXY, "");
	if (proxied && target->proxy_user != NULL)
	{
		/*
		 * libcurl would give a kept tunnel to transfers with another name or
		 * password as well.
		 */
		SET(transfer, CURLOPT_PROXYUSERNAME, target->proxy_user);
		SET(transfer, CURLOPT_FRESH_CONNECT, 1L);
		SET(transfer, CURLOPT_FORBID_REUSE, 1L);
	}
	if (proxied && target->proxy_password != NULL)
		SET(transfer, CURLOPT_PROXYPASSWORD, target->proxy_password);

	if (endpoint->tls)
		set_trust(transfer, target->ca_file, proxied && target->proxy->tls);
}

/* Set up the easy handle; says what failed. */
static bool
configure(const BfHttp *http, BfTransfer *transfer,
		  const BfHttpTarget *target, const BfHttpRequest *request,
		  BfOutcome *outcome)
{
	struct stat file;

	/* Opening a pipe would block, with signals off. */
	if (target->ca_file != NULL &&
		(stat(target->ca_file, &file) != 0 || !S_ISREG(file.st_mode)))
		return bf_outcome_fail(outcome, BF_OUTCOME_REFUSED, BAD_CA_FILE);

	transfer->local_only = !target->endpoint->tls;
	transfer->connect_timeout_ms = target->connect_timeout_ms;
	transfer->request_timeout_ms = target->request_timeout_ms;
	transfer->max_size = target->max_response_size;
	transfer->on_send = request->on_send;
	transfer->on_send_arg = request->on_send_arg;

	set_general_options(transfer);
	set_target(transfer, target);

	/* Asking again is no use where libcurl has kept the failure. */
	SET(transfer, CURLOPT_DNS_CACHE_TIMEOUT,
		http->lookup_failed ? 0L : ADDRESS_CACHE_S);
	SET(transfer, CURLOPT_HTTPHEADER, transfer->headers);
	SET(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_len);
	SET(transfer, CURLOPT_COPYPOSTFIELDS, request->body);	/* after its size */

	if (transfer->result == CURLE_OUT_OF_MEMORY)
		bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, "out of memory");
	else if (transfer->result != CURLE_OK)
		bf_outcome_fail(outcome, BF_OUTCOME_REFUSED, "could not prepare the request: %s",
						curl_easy_strerror(transfer->result));
	return transfer->result == CURLE_OK;
}

/* Hand a transfer to the multi handle, which owns nothing of it. */
static bool
attach(BfHttp *http, BfTransfer *transfer, BfOutcome *outcome)
{
	CURLMcode	code = curl_multi_add_handle(http->multi, transfer->easy);

	if (code != CURLM_OK)
		return bf_outcome_fail(outcome, code == CURLM_OUT_OF_MEMORY ?
							   BF_OUTCOME_NO_MEMORY : BF_OUTCOME_REFUSED,
							   "could not start the request: %s", curl_multi_strerror(code));
	transfer->attached = true;
	transfer->http = http;
	transfer->next = http->transfers;
	http->transfers = transfer;
	return true;
}

/*
 * Start to POST a request.  It need not live on, but what "target" points to
 * does.  The transfer goes on in bf_http_step.
 *
 * Returns a transfer that the caller releases with bf_http_release, or NULL
 * with *outcome saying why.
 */
BfTransfer *
bf_http_start(BfHttp *http, const BfHttpTarget *target,
			  const BfHttpRequest *request, BfOutcome *outcome)
{
	BfTransfer *transfer;
	sigset_t	saved;
	bool		started = false;

	memset(outcome, 0, sizeof(*outcome));
	if (!target->endpoint->tls && !target->endpoint->loopback)
	{
		bf_outcome_fail(outcome, BF_OUTCOME_REFUSED,
						"plain http is for loopback addresses only");
		return NULL;
	}

	block_signals(&saved);
	transfer = calloc(1, sizeof(BfTransfer));
	if (transfer != NULL)
		transfer->easy = curl_easy_init();
	if (transfer == NULL || transfer->easy == NULL)
		bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, "out of memory");
	else
		started = set_headers(transfer, request->headers, outcome) &&
			configure(http, transfer, target, request, outcome) &&
			attach(http, transfer, outcome);
	restore_signals(&saved);

	if (!started)
	{
		bf_http_release(transfer);
		transfer = NULL;
	}
	return transfer;
}

/* Note which transfers are done.  Returns whether any is. */
static bool
collect_finished(BfHttp *http)
{
	bool		any = false;
	CURLMsg    *message;
	int			left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL)
	{
		CURLcode	result = message->data.result;
		BfTransfer *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		if (transfer == NULL)
			continue;
		transfer->done = true;
		transfer->result = result;
		http->lookup_failed = result == CURLE_COULDNT_RESOLVE_HOST ||
			result == CURLE_COULDNT_RESOLVE_PROXY;
		detach(transfer);		/* the message is gone after this */
		any = true;
	}
	return any;
}

/* When the multi handle itself fails, no transfer would ever end. */
static void
fail_all(BfHttp *http, CURLMcode code)
{
	for (BfTransfer *t = http->transfers; t != NULL; t = t->next)
	{
		if (t->done)
			continue;
		t->done = true;
		t->result = code == CURLM_OUT_OF_MEMORY ?
			CURLE_OUT_OF_MEMORY : CURLE_RECV_ERROR;
		detach(t);
	}
}

/* Do what can be done without waiting.  Returns whether a transfer ended. */
static bool
perform(BfHttp *http)
{
	int			running;
	sigset_t	saved;
	CURLMcode	code;
	bool		ended = true;

	block_signals(&saved);
	code = curl_multi_perform(http->multi, &running);
	if (code == CURLM_OK)
		ended = collect_finished(http);
	else
		fail_all(http, code);
	restore_signals(&saved);
	return ended;
}

/*
 * Move all transfers on, waiting for the network for at most max_ms (and at
 * most 50 ms).  Returns early when a transfer has ended or a signal arrives;
 * with nothing under way it waits all the same.
 */
void
bf_http_step(BfHttp *http, int max_ms)
{
	CURLMcode	code;

	if (perform(http))
		return;
	if (max_ms > MAX_STEP_MS)
		max_ms = MAX_STEP_MS;
	if (max_ms > 0)
	{
		/* No thread starts in here, so a signal may end the wait. */
		code = curl_multi_poll(http->multi, NULL, 0, max_ms, NULL);
		if (code != CURLM_OK)
		{
			sigset_t	saved;

			block_signals(&saved);
			fail_all(http, code);
			restore_signals(&saved);
			return;
		}
		(void) perform(http);
	}
}

/*
 * Whether a transfer is under way, whoever started it: then waiting means
 * bf_http_step, or nothing would move on.
 */
bool
bf_http_busy(const BfHttp *http)
{
	for (const BfTransfer *t = http->transfers; t != NULL; t = t->next)
	{
		if (!t->done)
			return true;
	}
	return false;
}

static bool
result_is_hopeless(CURLcode result)
{
	size_t		n = sizeof(hopeless_results) / sizeof(hopeless_results[0]);

	for (size_t i = 0; i < n; i++)
	{
		if (hopeless_results[i] == result)
			return true;
	}
	return false;
}

/* Say which of the two time limits was hit. */
static void
describe_timeout(const BfTransfer *transfer, BfOutcome *outcome)
{
	if (!transfer->connected &&
		transfer->connect_timeout_ms <= transfer->request_timeout_ms)
		bf_outcome_fail(outcome, BF_OUTCOME_NETWORK,
						"no connection within %d ms (connect_timeout)",
						transfer->connect_timeout_ms);
	else
		bf_outcome_fail(outcome, BF_OUTCOME_NETWORK,
						"no complete answer within %d ms (request_timeout)",
						transfer->request_timeout_ms);
}

/* Turn a failure of libcurl into an outcome. */
static void
describe_failure(const BfTransfer *transfer, BfOutcome *outcome)
{
	const char *text = transfer->error;
	long		proxy_status = 0;

	if (text[0] == '\0')
		text = curl_easy_strerror(transfer->result);
	if (curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE,
						  &proxy_status) != CURLE_OK)
		proxy_status = 0;

	if (transfer->result == CURLE_OUT_OF_MEMORY)
		bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, "out of memory");
	else if (transfer->result == CURLE_OPERATION_TIMEDOUT)
		describe_timeout(transfer, outcome);
	else if (transfer->result == CURLE_SSL_CACERT_BADFILE)
		bf_outcome_fail(outcome, BF_OUTCOME_REFUSED, BAD_CA_FILE);
	else if (result_is_hopeless(transfer->result) ||
			 (proxy_status >= 400 && proxy_status < 500))
		bf_outcome_fail(outcome, BF_OUTCOME_REFUSED, "%s", text);
	else
		bf_outcome_fail(outcome, BF_OUTCOME_NETWORK, "%s", text);
}

/* What a callback gave up for counts more than libcurl's opinion of it. */
static void
describe_end(const BfTransfer *transfer, BfOutcome *outcome)
{
	switch (transfer->stopped)
	{
		case BF_OUTCOME_TOO_LARGE:
			bf_outcome_fail(outcome, BF_OUTCOME_TOO_LARGE,
							"the answer is larger than %zu bytes", transfer->max_size);
			break;
		case BF_OUTCOME_NO_MEMORY:
			bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, "out of memory");
			break;
		case BF_OUTCOME_REFUSED:
			bf_outcome_fail(outcome, BF_OUTCOME_REFUSED,
							"plain http is for loopback addresses only");
			break;
		default:
			if (transfer->result != CURLE_OK)
				describe_failure(transfer, outcome);
			break;
	}
}

/*
 * Whether a transfer has ended.  If so, fills *outcome: OK with the HTTP
 * status, whichever it is, when a whole answer arrived, and *answer then
 * holds its body, owned by the transfer; otherwise why there is none, and
 * the body is empty.  If not, both are left alone.
 */
bool
bf_http_finished(BfTransfer *transfer, BfHttpAnswer *answer,
				 BfOutcome *outcome)
{
	long		status = 0;
	curl_off_t	received = 0;

	if (!transfer->done)
		return false;

	memset(outcome, 0, sizeof(*outcome));
	memset(answer, 0, sizeof(*answer));
	answer->body = "";

	if (curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
						  &status) == CURLE_OK)
		outcome->http_status = (int) status;
	if (curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T,
						  &received) == CURLE_OK && received > 0)
		answer->wire_bytes = (size_t) received;
	outcome->server_time = transfer->server_time;

	describe_end(transfer, outcome);
	if (outcome->kind == BF_OUTCOME_OK && transfer->body != NULL)
	{
		answer->body = transfer->body;
		answer->body_len = transfer->body_len;
	}
	return true;
}

/*
 * Release a transfer and its answer, at any time: one that is under way is
 * given up at once.  NULL is fine.
 */
void
bf_http_release(BfTransfer *transfer)
{
	sigset_t	saved;

	if (transfer == NULL)
		return;

	block_signals(&saved);
	if (transfer->http != NULL)
	{
		BfTransfer **link = &transfer->http->transfers;

		detach(transfer);
		while (*link != transfer)
			link = &(*link)->next;
		*link = transfer->next;
	}
	curl_easy_cleanup(transfer->easy);
	restore_signals(&saved);

	free_headers(transfer->headers);
	free(transfer->body);
	free(transfer);
}

/*-------------------------------------------------------------------------
 *
 * log.c
 *	  What the simulator was asked, for tests to look at.
 *
 * A request enters the log when its headers are here and leaves the count
 * of those in flight just before the last bytes of its answer go out: a
 * client that waits for each answer must never be seen twice in flight.
 * No entry holds the Authorization header or the value of a token.
 *
 * IDENTIFICATION
 *	  test/sim/log.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"

/* bounds: later requests are answered, but no longer written down */
#define MAX_ENTRIES 100000
#define MAX_RAW 65536

typedef struct Entry
{
	char	   *action;			/* NULL = no such header */
	char	   *raw;			/* the body, or the query of a GET */
	char	   *headers;		/* as JSON text */
	char	   *outcome;
	char		request_id[64];
	int			status;
	int			in_flight;
	int			secret;			/* number of the one that signed; 0 = none */
	long		connection;
	double		started;		/* monotonic ms */
	double		ended;			/* 0 = not yet */
} Entry;

static Entry *entries;
static int	nentries;
static int	capacity;
static int64_t total;			/* requests since the reset */
static int	in_flight;
static int64_t epoch;			/* counts resets */
static double epoch_start;

/* Empties the log; requests under way are no longer in it. */
void
sim_log_reset(void)
{
	sim_lock();
	for (int i = 0; i < nentries; i++)
	{
		free(entries[i].action);
		free(entries[i].raw);
		free(entries[i].headers);
		free(entries[i].outcome);
	}
	free(entries);
	entries = NULL;
	nentries = 0;
	capacity = 0;
	total = 0;
	in_flight = 0;
	epoch++;
	epoch_start = sim_mono_ms();
	sim_unlock();
}

/* The entry of a request; NULL when a reset or the bound took it. */
static Entry *
entry_of(const SimRequest *rq)
{
	if (rq->log_epoch != epoch || rq->log_number < 1 ||
		rq->log_number > nentries)
		return NULL;
	return &entries[rq->log_number - 1];
}

/* Bytes that may be no UTF-8 must not spoil the log, which is JSON. */
static void
only_ascii(char *text)
{
	for (; *text; text++)
	{
		if ((unsigned char) *text >= 0x80)
			*text = '?';
	}
}

static char *
headers_json(const SimRequest *rq)
{
	cJSON	   *object = cJSON_CreateObject();
	char	   *text;

	for (int i = 0; i < rq->nheaders; i++)
	{
		const SimHeader *h = &rq->headers[i];

		if (strcmp(h->name, "authorization") == 0)
			continue;
		/* a session token is key material: only that it was sent is told */
		cJSON_AddStringToObject(object, h->name,
								strcmp(h->name, "x-tc-token") == 0 ?
								"(hidden)" : h->value);
	}
	text = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	only_ascii(text);
	return text;
}

/* Gives the request its number in the log. */
void
sim_log_begin(SimRequest *rq)
{
	const char *action = sim_request_header(rq, "x-tc-action");
	char	   *headers = headers_json(rq);
	Entry	   *entry;

	sim_lock();
	rq->log_number = ++total;
	rq->log_epoch = epoch;
	in_flight++;
	if (nentries < MAX_ENTRIES && total == nentries + 1)
	{
		if (nentries == capacity)
		{
			capacity = capacity ? capacity * 2 : 64;
			entries = realloc(entries, (size_t) capacity * sizeof(Entry));
			if (entries == NULL)
				sim_give_up("out of memory");
		}
		entry = &entries[nentries++];
		memset(entry, 0, sizeof(*entry));
		entry->action = action ? sim_strdup(action) : NULL;
		if (action)
			only_ascii(entry->action);
		entry->headers = headers;
		entry->in_flight = in_flight;
		entry->connection = rq->connection;
		entry->started = sim_mono_ms();
		headers = NULL;
	}
	sim_unlock();
	cJSON_free(headers);
}

/* Notes the body, which is complete now. */
void
sim_log_received(const SimRequest *rq)
{
	bool		is_get = strcmp(rq->method, "GET") == 0;
	const char *raw = is_get ? rq->query : rq->body.data;
	size_t		len = raw == NULL ? 0 : is_get ? strlen(raw) : rq->body.len;
	Entry	   *entry;

	sim_lock();
	entry = entry_of(rq);
	if (entry != NULL && entry->raw == NULL)
	{
		entry->raw = sim_strndup(raw ? raw : "", len < MAX_RAW ? len :
								 MAX_RAW);
		if (is_get || sim_json_check(raw ? raw : "", len) != NULL)
			only_ascii(entry->raw);
	}
	sim_unlock();
}

/* Notes which of the accepted secrets has signed, counted from 1. */
void
sim_log_secret(const SimRequest *rq, int number)
{
	Entry	   *entry;

	sim_lock();
	entry = entry_of(rq);
	if (entry != NULL)
		entry->secret = number;
	sim_unlock();
}

/* Notes what the answer is; ended comes later. */
void
sim_log_outcome(const SimRequest *rq, int status, const char *outcome,
				const char *request_id)
{
	Entry	   *entry;

	sim_lock();
	entry = entry_of(rq);
	if (entry != NULL)
	{
		free(entry->outcome);
		entry->outcome = sim_strdup(outcome);
		entry->status = status;
		strncpy(entry->request_id, request_id ? request_id : "",
				sizeof(entry->request_id) - 1);
	}
	sim_unlock();
}

/* The answer is out, or given up.  May be called more than once. */
void
sim_log_end(SimRequest *rq)
{
	Entry	   *entry;

	sim_lock();
	if (rq->log_number > 0 && !rq->ended && rq->log_epoch == epoch)
		in_flight--;
	entry = rq->ended ? NULL : entry_of(rq);
	if (entry != NULL)
		entry->ended = sim_mono_ms();
	rq->ended = true;
	sim_unlock();
}

static void
add_text(cJSON *object, const char *name, const char *text)
{
	if (text != NULL)
		cJSON_AddStringToObject(object, name, text);
	else
		cJSON_AddNullToObject(object, name);
}

static cJSON *
entry_json(const Entry *e, int n)
{
	cJSON	   *object = cJSON_CreateObject();
	const char *raw = e->raw ? e->raw : "";
	const char *why;
	cJSON	   *body = sim_json_parse(raw, strlen(raw), &why);

	cJSON_AddNumberToObject(object, "n", n);
	add_text(object, "action", e->action);
	cJSON_AddItemToObject(object, "body", body ? body : cJSON_CreateNull());
	cJSON_AddStringToObject(object, "raw", raw);
	cJSON_AddItemToObject(object, "headers", cJSON_CreateRaw(e->headers));
	cJSON_AddNumberToObject(object, "status", e->status);
	add_text(object, "outcome", e->outcome);
	add_text(object, "request_id", *e->request_id ? e->request_id : NULL);
	cJSON_AddNumberToObject(object, "started_ms", e->started - epoch_start);
	if (e->ended > 0)
		cJSON_AddNumberToObject(object, "ended_ms", e->ended - epoch_start);
	else
		cJSON_AddNullToObject(object, "ended_ms");
	cJSON_AddNumberToObject(object, "in_flight", e->in_flight);
	cJSON_AddNumberToObject(object, "connection", (double) e->connection);
	if (e->secret > 0)
		cJSON_AddNumberToObject(object, "secret", e->secret);
	else
		cJSON_AddNullToObject(object, "secret");
	return object;
}

/* The whole log as a JSON array; the caller frees it. */
char *
sim_log_json(void)
{
	SimText		text = {0};

	sim_text_add(&text, "[", 1);
	sim_lock();
	for (int i = 0; i < nentries; i++)
	{
		cJSON	   *object = entry_json(&entries[i], i + 1);
		char	   *line = cJSON_PrintUnformatted(object);

		if (i > 0)
			sim_text_add(&text, ",\n", 2);
		sim_text_add(&text, line, strlen(line));
		cJSON_free(line);
		cJSON_Delete(object);
	}
	sim_unlock();
	sim_text_add(&text, "]\n", 2);
	return text.data;
}

/* One line per request: the action and its body, compact, as it was sent. */
char *
sim_log_bodies(void)
{
	SimText		text = {0};

	sim_text_add(&text, "", 0);
	sim_lock();
	for (int i = 0; i < nentries; i++)
	{
		const char *action = entries[i].action ? entries[i].action : "-";
		const char *raw = entries[i].raw ? entries[i].raw : "";
		const char *why;
		cJSON	   *body = sim_json_parse(raw, strlen(raw), &why);
		char	   *compact = body ? cJSON_PrintUnformatted(body) : NULL;

		sim_text_add(&text, action, strlen(action));
		sim_text_add(&text, " ", 1);
		if (compact == NULL)
			compact = sim_strdup(raw);
		for (char *p = compact; *p; p++)
			*p = *p == '\n' || *p == '\r' ? ' ' : *p;
		sim_text_add(&text, compact, strlen(compact));
		sim_text_add(&text, "\n", 1);
		cJSON_free(compact);
		cJSON_Delete(body);
	}
	sim_unlock();
	return text.data;
}

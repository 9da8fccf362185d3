/*-------------------------------------------------------------------------
 *
 * cache.c
 *	  Bodies of answers, kept to be sent again.
 *
 * Making a page of 1000 rows takes 8 ms, and 4 more to compress it: longer
 * than a client takes to read it.  A benchmark must not measure that.
 *
 * An answer follows from the action, its parameters and the settings, so
 * these are the key, in full; entries never grow stale, and a reset keeps
 * them.
 *
 * IDENTIFICATION
 *	  test/sim/cache.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "cache.h"

/* bounds: later answers are made each time */
#define MAX_ENTRIES 10000
#define MAX_BYTES (INT64_C(2) * 1024 * 1024 * 1024)

typedef struct Entry
{
	SimText		key;
	uint64_t	hash;			/* of the key's text */
	SimText		body;
	char		request_id[37]; /* that is in the body */
} Entry;

static Entry entries[MAX_ENTRIES];
static int	nentries;
static int64_t nbytes;

/* Parameters as text, then all settings.  Caller frees. */
static SimText
key_of(const SimCall *call, bool gzip, uint64_t *hash)
{
	SimConfig	config = call->config;
	char	   *params = cJSON_PrintUnformatted(call->params);
	SimText		key = {0};

	/* changes no answer that is kept */
	config.quota_per_second = 0;
	sim_text_add(&key, call->action->name, strlen(call->action->name));
	sim_text_add(&key, params, strlen(params));
	*hash = sim_hash(key.data);
	sim_text_add(&key, gzip ? "z" : "-", 1);
	/* numbers without gaps, then names */
	sim_text_add(&key, &config, offsetof(SimConfig, nignored));
	for (int i = 0; i < config.nignored; i++)
		sim_text_add(&key, config.ignored[i], strlen(config.ignored[i]) + 1);
	cJSON_free(params);
	return key;
}

/* To be called under the lock. */
static const Entry *
find(const SimText *key, uint64_t hash)
{
	for (int i = 0; i < nentries; i++)
	{
		const Entry *e = &entries[i];

		if (e->hash == hash && e->key.len == key->len &&
			memcmp(e->key.data, key->data, key->len) == 0)
			return e;
	}
	return NULL;
}

/*
 * Adds the kept body to *body, in gzip form when that is asked for, and sets
 * the RequestId that it has.  False when there is none.
 */
bool
sim_cache_find(const SimCall *call, bool gzip, SimText *body,
			   char request_id[37])
{
	uint64_t	hash;
	SimText		key = key_of(call, gzip, &hash);
	const Entry *e;

	sim_lock();
	e = find(&key, hash);
	if (e != NULL)
	{
		sim_text_add(body, e->body.data, e->body.len);
		memcpy(request_id, e->request_id, sizeof(e->request_id));
	}
	sim_unlock();
	sim_text_free(&key);
	return e != NULL;
}

/* Keeps a copy of the body, unless there is one or no room. */
void
sim_cache_keep(const SimCall *call, bool gzip, const SimText *body,
			   const char *request_id)
{
	uint64_t	hash;
	SimText		key = key_of(call, gzip, &hash);

	sim_lock();
	if (find(&key, hash) == NULL && nentries < MAX_ENTRIES &&
		nbytes + (int64_t) body->len <= MAX_BYTES)
	{
		Entry	   *e = &entries[nentries++];

		e->key = key;
		e->hash = hash;
		sim_text_add(&e->body, body->data, body->len);
		strncpy(e->request_id, request_id, sizeof(e->request_id) - 1);
		nbytes += (int64_t) body->len;
		memset(&key, 0, sizeof(key));
	}
	sim_unlock();
	sim_text_free(&key);
}

/* Forgets all answers, when the program ends. */
void
sim_cache_free(void)
{
	for (int i = 0; i < nentries; i++)
	{
		sim_text_free(&entries[i].key);
		sim_text_free(&entries[i].body);
	}
	nentries = 0;
	nbytes = 0;
}

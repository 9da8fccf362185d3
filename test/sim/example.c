/*-------------------------------------------------------------------------
 *
 * example.c
 *	  The documented examples.
 *
 * Files are <Action>.<source>.<n>.json with "request" and "response".
 *
 * IDENTIFICATION
 *	  test/sim/example.c
 *
 *-------------------------------------------------------------------------
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "example.h"
#include "json.h"

#define MAX_EXAMPLES 256

typedef struct Example
{
	char	   *file;			/* its name, for the order and the source */
	cJSON	   *json;
} Example;

static Example examples[MAX_EXAMPLES];
static int	nexamples;

static const char *const sources[] = {".seed.", ".domestic.", ".intl."};

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const Example *) a)->file, ((const Example *) b)->file);
}

static bool
load_file(const char *folder, const char *name)
{
	char	   *path = sim_format("%s/%s", folder, name);
	const char *why;
	cJSON	   *json = sim_json_load(path, &why);

	if (json != NULL && sim_json_get(json, "response") == NULL)
		why = "has no response";
	if (nexamples == MAX_EXAMPLES)
		why = "is one too many";
	if (why != NULL)
	{
		fprintf(stderr, "billing_sim: example \"%s\": %s\n", path, why);
		cJSON_Delete(json);
	}
	else
	{
		examples[nexamples].file = sim_strdup(name);
		examples[nexamples++].json = json;
	}
	free(path);
	return why == NULL;
}

/* A folder that is not there gives no examples; a broken file is an error. */
bool
sim_example_load(const char *folder)
{
	DIR		   *dir = opendir(folder);
	struct dirent *entry;
	bool		fine = true;

	if (dir == NULL)
		return true;
	while (fine && (entry = readdir(dir)) != NULL)
	{
		const char *end = strrchr(entry->d_name, '.');

		if (end && strcmp(end, ".json") == 0)
			fine = load_file(folder, entry->d_name);
	}
	closedir(dir);
	qsort(examples, (size_t) nexamples, sizeof(Example), by_name);
	return fine;
}

/* Counting rows, and the size of a page, do not change which data is meant. */
static bool
changes_no_data(const SimAction *action, const char *name)
{
	return strcmp(name, "NeedRecordNum") == 0 ||
		(action->size && strcmp(name, action->size) == 0);
}

/* Is each parameter of one side on the other, with the same value? */
static bool
covers(const SimAction *action, const cJSON *some, const cJSON *all)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, some)
	{
		if (!changes_no_data(action, item->string) &&
			!cJSON_Compare(item, sim_json_get(all, item->string), true))
			return false;
	}
	return true;
}

/*
 * The example's answer.  Asked for with another page size than documented,
 * the rows are all that there is, so the total has to agree with them.
 */
static cJSON *
answer_of(const SimCall *call, const cJSON *example)
{
	cJSON	   *answer = cJSON_Duplicate(sim_json_get(example, "response"),
										 true);
	cJSON	   *response = sim_json_get(answer, "Response");
	const SimAction *action = call->action;

	if (action->size != NULL && action->total != NULL &&
		action->rows != NULL && sim_json_at(response, action->total) &&
		sim_json_integer(call->params, action->size, 0) !=
		sim_json_integer(sim_json_get(example, "request"), action->size, 0))
		sim_json_put(response, action->total,
					 cJSON_CreateNumber(cJSON_GetArraySize
										(sim_json_at(response,
													 action->rows))));
	return answer;
}

/* Is it an example of the call's action, and of this source? */
static bool
is_of(const Example *example, const SimCall *call, const char *source)
{
	const char *action = sim_json_text(example->json, "action");

	return strstr(example->file, source) != NULL && action &&
		strcmp(action, call->action->name) == 0;
}

/*
 * The example of the number that is configured, whatever the request asks
 * for; beyond the first page there is nothing.
 */
static cJSON *
any_example(const SimCall *call, const char *source, bool *has)
{
	int64_t		number = call->config.example_number;

	*has = false;
	for (int i = 0; i < nexamples; i++)
	{
		if (!is_of(&examples[i], call, source))
			continue;
		*has = true;
		if (--number == 0 && sim_paging_is_first(call))
			return answer_of(call, examples[i].json);
	}
	return NULL;
}

static cJSON *
exact_example(const SimCall *call, const char *source)
{
	for (int i = 0; i < nexamples; i++)
	{
		const cJSON *json = examples[i].json;
		const cJSON *request = sim_json_get(json, "request");

		if (is_of(&examples[i], call, source) &&
			covers(call->action, request, call->params) &&
			covers(call->action, call->params, request))
			return answer_of(call, json);
	}
	return NULL;
}

/*
 * Is the request a documented one, word for word?  Some of these break rules
 * that their own documents state.
 */
bool
sim_example_is_request(const char *action, const cJSON *params)
{
	for (int i = 0; i < nexamples; i++)
	{
		const char *name = sim_json_text(examples[i].json, "action");

		if (name != NULL && strcmp(name, action) == 0 &&
			cJSON_Compare(sim_json_get(examples[i].json, "request"), params,
						  true))
			return true;
	}
	return false;
}

/* Does a documented request write this parameter in this form of time? */
bool
sim_example_has_form(const char *action, const char *param, SimForm form)
{
	for (int i = 0; i < nexamples; i++)
	{
		const char *name = sim_json_text(examples[i].json, "action");
		const char *value = sim_json_text(sim_json_get(examples[i].json,
													   "request"), param);

		if (name != NULL && strcmp(name, action) == 0 && value != NULL &&
			sim_moment_form(value) == form)
			return true;
	}
	return false;
}

/*
 * The documented answer to a request, of the source that is configured,
 * else of the seed documents (examples equal to theirs were not kept twice).
 * The caller deletes it.  NULL when the request is not documented, or, with
 * example_match=any, when neither has an example of that number.
 */
cJSON *
sim_example_find(const SimCall *call)
{
	const char *wanted[] = {sources[call->config.example_source], sources[0]};
	cJSON	   *answer = NULL;
	bool		has = false;

	if (call->config.data != SIM_DATA_EXAMPLES)
		return NULL;
	for (int round = 0; round < 2 && answer == NULL && !has; round++)
		answer = call->config.example_match == SIM_MATCH_ANY ?
			any_example(call, wanted[round], &has) :
			exact_example(call, wanted[round]);
	return answer;
}

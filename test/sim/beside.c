/*-------------------------------------------------------------------------
 *
 * beside.c
 *	  What an answer has beside its rows and their number.
 *
 * Second statuses say that all is well, what repeats the paging repeats it,
 * sums are the sums of all rows, other lists have as many rows; the rest is
 * filled in like a row.
 *
 * IDENTIFICATION
 *	  test/sim/beside.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "scope.h"

/* second statuses, of the budget actions and of the usage by day */
static const struct
{
	const char *name;
	const char *text;			/* NULL = the number 0 */
}			statuses[] =

{
	{"Code", NULL},
	{"Message", "success"},
	{"RetCode", NULL},
	{"RetMsg", "ok"},
	{NULL, NULL}
};

static cJSON *
status_of(const char *name)
{
	for (int i = 0; statuses[i].name != NULL; i++)
	{
		if (strcmp(statuses[i].name, name) == 0)
			return statuses[i].text ? cJSON_CreateString(statuses[i].text) :
				cJSON_CreateNumber(0);
	}
	return NULL;
}

/* Number and size of the page, and how many there are. */
static cJSON *
paging_of(const SimCall *call, const SimPage *page, const char *name)
{
	int64_t		size = page->limit < INT64_MAX && page->limit > 0 ?
		page->limit : page->total + 1;
	int64_t		number = page->asked / size + call->action->first;
	int64_t		pages = (page->total + size - 1) / size;

	if (call->action->paging != SIM_PAGING_PAGE)
		return NULL;
	if (strcmp(name, "Current") == 0 || strcmp(name, "PageNumber") == 0)
		return cJSON_CreateNumber((double) number);
	if (strcmp(name, "Size") == 0 || strcmp(name, "PageSize") == 0)
		return cJSON_CreateNumber((double) size);
	if (strcmp(name, "Pages") == 0)
		return cJSON_CreateNumber((double) pages);
	return NULL;
}

/* A text such as -0.12345678 in units of the eighth decimal. */
static int64_t
units_of(const char *text)
{
	bool		negative = *text == '-';
	int64_t		units = 0;
	int			decimals = -1;

	for (text += negative; *text != '\0'; text++)
	{
		if (*text == '.')
			decimals = 0;
		else if (*text < '0' || *text > '9')
			return 0;
		else if (decimals < SIM_SCALE)
		{
			units = units * 10 + (*text - '0');
			decimals += decimals >= 0;
		}
	}
	for (decimals = decimals < 0 ? 0 : decimals; decimals < SIM_SCALE;
		 decimals++)
		units *= 10;
	return negative ? -units : units;
}

/* The amount that a row has in a field; 0 when it has none. */
static int64_t
amount_of(const cJSON *value)
{
	return cJSON_IsString(value) ? units_of(value->valuestring) : 0;
}

/* The field, added up over all rows that the conditions leave. */
static __int128
sum_of(const SimScope *scope, const SimPage *page, const char *name)
{
	const SimCall *call = scope->call;
	const cJSON *model = sim_model_named(call->action->fields, name);
	const cJSON *row;
	__int128	sum = 0;		/* 64 bits do for 90 billion */

	if (call->action->paging == SIM_PAGING_NONE)
	{
		cJSON_ArrayForEach(row, page->rows)
			sum += amount_of(sim_json_get(row, name));
		return sum;
	}
	for (int64_t n = 0; model != NULL && n < call->config.rows; n++)
	{
		uint64_t	hash = sim_mix(scope->hash, (uint64_t) n);
		cJSON	   *value;

		if (!sim_filter_passes(scope, hash))
			continue;
		value = sim_fill_member(scope, model, hash, 0);
		sum += amount_of(value);
		cJSON_Delete(value);
	}
	return sum;
}

static cJSON *
sums_of(const SimScope *scope, const SimPage *page, const cJSON *fields)
{
	cJSON	   *object = cJSON_CreateObject();
	const cJSON *field;

	cJSON_ArrayForEach(field, fields)
	{
		const char *name = sim_json_text(field, "name");
		__int128	sum;
		char		text[48];

		if (!sim_model_offered(field, scope->call->config.site))
			continue;
		sum = sum_of(scope, page, name);
		snprintf(text, sizeof(text), "%s%lld.%08lld", sum < 0 ? "-" : "",
				 (long long) ((sum < 0 ? -sum : sum) / SIM_UNIT),
				 (long long) ((sum < 0 ? -sum : sum) % SIM_UNIT));
		cJSON_AddStringToObject(object, name, text);
	}
	return object;
}

static bool
is_listed(const cJSON *list, const char *name)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (strcmp(item->valuestring, name) == 0)
			return true;
	}
	return false;
}

/* Is it one of the lists of rows, though not the first of them? */
static bool
is_list(const SimAction *action, const cJSON *field)
{
	const cJSON *rows = sim_json_get(sim_json_get(action->model, "response"),
									 "rows");
	const cJSON *item;

	cJSON_ArrayForEach(item, rows)
	{
		if (strcmp(sim_json_text(item, "kind"), "array") == 0 &&
			strcmp(strrchr(sim_json_text(item, "path"), '.') + 1,
				   sim_json_text(field, "name")) == 0)
			return true;
	}
	return false;
}

/* As many items as there are rows. */
static cJSON *
list_of(const SimScope *scope, const cJSON *field, uint64_t hash)
{
	const cJSON *fields = sim_model_type(sim_json_text(field, "items"));
	cJSON	   *list = cJSON_CreateArray();

	for (int64_t n = 0; n < scope->call->config.rows; n++)
		cJSON_AddItemToArray(list,
							 sim_fill_object(scope, fields,
											 sim_mix(hash, (uint64_t) n), 0));
	return list;
}

/* What comes from elsewhere: rows, their number, tokens, and the envelope. */
static bool
is_made_elsewhere(const SimAction *action, const char *name)
{
	const char *const paths[] = {action->rows, action->total};

	for (int i = 0; i < 2; i++)
	{
		const char *last = paths[i] ? strrchr(paths[i], '.') : NULL;

		if (paths[i] != NULL && strcmp(last ? last + 1 : paths[i], name) == 0)
			return true;
	}
	return strcmp(name, "RequestId") == 0 || strcmp(name, "Ready") == 0 ||
		(action->token && strcmp(action->token, name) == 0) ||
		(action->cursor && strcmp(action->cursor, name) == 0);
}

/* Is it the object that holds the rows, such as Data of Data.Records? */
static bool
holds_rows(const SimAction *action, const char *name)
{
	size_t		len = strlen(name);

	return strncmp(action->rows, name, len) == 0 && action->rows[len] == '.';
}

static void
add_members(const SimScope *scope, const SimPage *page, const cJSON *fields,
			cJSON *object, int depth)
{
	const SimAction *action = scope->call->action;
	const cJSON *totals = sim_json_get(sim_json_get(action->model,
													"response"), "totals");
	const cJSON *sums = sim_json_get(totals, "sum_objects");
	const cJSON *field;

	cJSON_ArrayForEach(field, fields)
	{
		const char *name = sim_json_text(field, "name");
		const char *type = sim_json_text(field, "object");
		uint64_t	hash = sim_mix(scope->hash, sim_hash(name));
		cJSON	   *value;

		if (!sim_model_offered(field, scope->call->config.site) ||
			is_made_elsewhere(action, name))
			continue;
		if (holds_rows(action, name))
		{
			add_members(scope, page, sim_model_type(type),
						cJSON_AddObjectToObject(object, name), depth + 1);
			continue;
		}
		value = status_of(name);
		if (value == NULL)
			value = paging_of(scope->call, page, name);
		if (value == NULL && depth == 0 && is_listed(sums, name))
			value = sums_of(scope, page, sim_model_type(type));
		if (value == NULL && depth == 0 && is_list(action, field))
			value = list_of(scope, field, hash);
		if (value == NULL)
			value = sim_fill_member(scope, field, hash, 1);
		if (value != NULL)
			cJSON_AddItemToObject(object, name, value);
	}
}

/* Adds them to an answer whose rows are still in the page. */
void
sim_beside_add(const SimCall *call, const SimPage *page, cJSON *response)
{
	SimScope	scope;

	if (call->config.data == SIM_DATA_EXAMPLES)
		return;
	sim_scope_open(&scope, call);
	if (call->action->rows != NULL)
		add_members(&scope, page, call->action->answer, response, 0);
}

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

	if (call->action->paging != SIM_PAGING_PAGE)
		return NULL;
	if (strcmp(name, "Current") == 0 || strcmp(name, "PageNumber") == 0)
		return cJSON_CreateNumber((double) (page->asked / size +
											call->action->first));
	if (strcmp(name, "Size") == 0 || strcmp(name, "PageSize") == 0)
		return cJSON_CreateNumber((double) size);
	if (strcmp(name, "Pages") == 0)
		return cJSON_CreateNumber((double) ((page->total + size - 1) / size));
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

/* The field, added up over all rows that the conditions leave. */
static void
add_sum(const SimScope * scope, const cJSON *field, cJSON *object)
{
	const SimCall *call = scope->call;
	const char *name = sim_json_text(field, "name");
	const cJSON *model = sim_model_named(call->action->fields, name);
	int64_t		sum = 0;
	char		text[32];

	for (int64_t n = 0; model != NULL && n < call->config.rows; n++)
	{
		uint64_t	row = sim_mix(scope->hash, (uint64_t) n);
		cJSON	   *value;

		if (!sim_filter_passes(scope, row))
			continue;
		value = sim_fill_member(scope, model, row, 0);
		if (cJSON_IsString(value))
			sum += units_of(value->valuestring);
		cJSON_Delete(value);
	}
	sim_ledger_amount(sum, false, text);
	cJSON_AddStringToObject(object, name, text);
}

static cJSON *
sums_of(const SimScope * scope, const cJSON *fields)
{
	cJSON	   *object = cJSON_CreateObject();
	const cJSON *field;

	cJSON_ArrayForEach(field, fields)
	{
		if (sim_model_offered(field, scope->call->config.site))
			add_sum(scope, field, object);
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
list_of(const SimScope * scope, const cJSON *field, uint64_t hash)
{
	const cJSON *fields = sim_model_type(sim_json_text(field, "items"));
	cJSON	   *list = cJSON_CreateArray();

	for (int64_t n = 0; n < scope->call->config.rows; n++)
		cJSON_AddItemToArray(list,
							 sim_fill_object(scope, fields,
											 sim_mix(hash, (uint64_t) n), 0));
	return list;
}

/* The members of an object that are not there yet. */
static void
add_members(const SimScope * scope, const SimPage *page, const cJSON *fields,
			cJSON *object, int depth)
{
	const SimAction *action = scope->call->action;
	const cJSON *sums = sim_json_get(sim_json_get(sim_json_get(action->model,
															   "response"),
												  "totals"), "sum_objects");
	const cJSON *field;

	cJSON_ArrayForEach(field, fields)
	{
		const char *name = sim_json_text(field, "name");
		const char *type = sim_json_text(field, "object");
		uint64_t	hash = sim_mix(scope->hash, sim_hash(name));
		cJSON	   *value = sim_json_get(object, name);

		if (value != NULL && cJSON_IsObject(value) && depth == 0)
			add_members(scope, page, sim_model_type(type), value, depth + 1);
		if (value != NULL || !sim_model_offered(field,
												scope->call->config.site) ||
			strcmp(name, "RequestId") == 0 || strcmp(name, "Ready") == 0)
			continue;
		/* the rows, their number and tokens are not made here */
		if (sim_model_is_paging(action, name) &&
			(action->token != NULL || action->cursor != NULL))
			continue;
		if ((action->rows && strstr(action->rows, name) != NULL) ||
			(action->total && strstr(action->total, name) != NULL))
			continue;
		value = status_of(name);
		if (value == NULL)
			value = paging_of(scope->call, page, name);
		if (value == NULL && depth == 0 && is_listed(sums, name))
			value = sums_of(scope, sim_model_type(type));
		if (value == NULL && depth == 0 && is_list(action, field))
			value = list_of(scope, field, hash);
		if (value == NULL)
			value = sim_fill_member(scope, field, hash, 1);
		if (value != NULL)
			cJSON_AddItemToObject(object, name, value);
	}
}

/* Adds them to an answer that has its rows already. */
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

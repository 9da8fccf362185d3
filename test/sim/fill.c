/*-------------------------------------------------------------------------
 *
 * fill.c
 *	  Generated values for the fields of the models.
 *
 * The type, the list of values, the documented sample and the placeholders
 * of a field decide what it looks like.  A tenth of the values that may be
 * null, be left out or be a placeholder are.
 *
 * IDENTIFICATION
 *	  test/sim/fill.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "moment.h"
#include "scope.h"

/* trees have this many levels below the row, lists this many items */
#define MAX_DEPTH 3
#define MAX_ITEMS 3

static bool
ends_with(const char *name, const char *end)
{
	size_t		len = strlen(name);

	return len >= strlen(end) && strcmp(name + len - strlen(end), end) == 0;
}

static bool
has_any(const char *name, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
	{
		if (strstr(name, words[i]) != NULL)
			return true;
	}
	return false;
}

static bool
one_in_ten(uint64_t hash, const char *what)
{
	return sim_pick(hash, what, 10) == 0;
}

/* An amount of up to 13 digits before the point; one in twelve negative. */
static int64_t
amount(uint64_t hash, int scale)
{
	int64_t		bound = 10;
	int64_t		value;

	for (int i = sim_pick(hash, "size", 7) + scale + 3; i > 0; i--)
		bound *= 10;
	value = (int64_t) (sim_mix(hash, 17) % (uint64_t) bound);
	if (sim_pick(hash, "zero", 20) == 0)
		return 0;
	return sim_pick(hash, "sign", 12) == 0 ? -value : value;
}

/* A number as text, with the decimals that the samples have. */
static cJSON *
decimal(const cJSON *field, uint64_t hash)
{
	const char *name = sim_json_text(field, "name");
	int			scale = (int) sim_json_integer(field, "max_scale_seen", 8);
	bool		share = ends_with(name, "Ratio") || ends_with(name, "Rate") ||
		ends_with(name, "Discount") || ends_with(name, "Progress");
	int64_t		units = share ? (int64_t) (sim_mix(hash, 18) % 1000000) :
		amount(hash, scale);
	int64_t		unit = 1;
	char		text[48];

	for (int i = 0; i < scale; i++)
		unit *= 10;
	if (share)
		units %= 100 * unit;
	if (scale == 0)
		snprintf(text, sizeof(text), "%lld", (long long) units);
	else
		snprintf(text, sizeof(text), "%s%lld.%0*lld", units < 0 ? "-" : "",
				 (long long) (llabs(units) / unit), scale,
				 (long long) (llabs(units) % unit));
	return cJSON_CreateString(text);
}

/* The moment of a field: ends lie behind the row's own time. */
static int64_t
moment_of(const SimScope *scope, const char *name, uint64_t hash)
{
	static const char *const late[] = {
		"End", "Update", "Expire", "Completion", NULL
	};
	int64_t		last = scope->from + scope->seconds - 1;
	int64_t		moment = scope->from +
		(int64_t) (sim_mix(hash, sim_hash("time")) %
			   (uint64_t) scope->seconds);

	if (has_any(name, late))
		moment += (int64_t) (sim_mix(hash, sim_hash(name)) %
							 (uint64_t) (30 * SIM_DAY));
	return moment < last ? moment : last;
}

/* In the form of the sample: a month, a day, a second, or its thousandths. */
static cJSON *
time_text(const SimScope *scope, const cJSON *field, const char *sample,
		  uint64_t hash)
{
	const char *name = sim_json_text(field, "name");
	int64_t		moment = moment_of(scope, name, hash);
	char		text[40] = "";

	sim_moment_text(moment, text);
	if (ends_with(name, "Month"))
		memcpy(text + 8, "01", 2);
	if (ends_with(name, "Month") || ends_with(name, "Day"))
		memcpy(text + 11, "00:00:00", 8);
	if (strlen(sample) > 19)
		snprintf(text + 19, sizeof(text) - 19, ".%03d",
				 sim_pick(hash, "fraction", 1000));
	else
		text[strcmp(name, "BillDate") == 0 && scope->by_day ? 10 :
			 strlen(sample)] = '\0';
	return cJSON_CreateString(text);
}

/* The sample that says which form a time has; NULL when it is no time. */
static const char *
time_sample(const cJSON *field)
{
	const char *type = sim_json_text(field, "pg_type");
	const char *sample = sim_json_text(field, "sample");
	char		start[20];

	if (sample != NULL)
	{
		snprintf(start, sizeof(start), "%s", sample);
		if (sim_moment_form(start) != SIM_FORM_NONE && strlen(sample) <= 23)
			return sample;
	}
	if (type == NULL)
		return NULL;
	return strcmp(type, "timestamp") == 0 ? "2024-01-01 00:00:00" :
		strcmp(type, "date") == 0 ? "2024-01-01" : NULL;
}

/* A value out of a list, which may hang on the site or on something else. */
static cJSON *
choice(const cJSON *choices, uint64_t hash)
{
	const cJSON *list = cJSON_IsArray(choices) ? choices : choices->child;
	int			n = cJSON_GetArraySize(list);
	int			first = sim_pick(hash, "choice", n > 0 ? n : 1);

	for (int i = 0; i < n; i++)
	{
		const cJSON *item = cJSON_GetArrayItem(list, (first + i) % n);
		const char *text = cJSON_GetStringValue(item);

		/* these are for requests only */
		if (text == NULL || (*text != '\0' && strcmp(text, "*") != 0 &&
							 strcmp(text, "all") != 0))
			return cJSON_Duplicate(item, true);
	}
	return NULL;
}

/* A text of the kind of the sample: ids get a number, others vary. */
static cJSON *
plain_text(const cJSON *field, uint64_t hash)
{
	static const char *const ids[] = {"Id", "Key", "Num", "No", "ID", NULL};
	static const char *const units[] = {"Unit", "Currency", NULL};
	const char *name = sim_json_text(field, "name");
	const char *sample = sim_json_text(field, "sample");
	char	   *text;
	cJSON	   *value;

	if (sample == NULL)
		sample = strcmp(name, "Currency") == 0 ? "USD" : name;
	/* a unit is documented, so it stays */
	if (has_any(name, units))
		text = sim_strdup(sample);
	else if (has_any(name, ids))
		text = sim_format("%s-%d", sample, sim_pick(hash, name, 1000));
	else if (sim_pick(hash, name, 3) == 0)
		text = sim_strdup(sim_words.names[sim_pick(hash, "name",
												   sim_words.nnames)]);
	else if (sim_pick(hash, name, 4) == 0)
		text = sim_format("%s %s", sample,
						  sim_words.other[sim_pick(hash, "language", 2)]);
	else
		text = sim_strdup(sample);
	value = cJSON_CreateString(text);
	free(text);
	return value;
}

/* Tags where rows have them as a text that holds an object. */
static cJSON *
tags_text(uint64_t hash)
{
	cJSON	   *tags = sim_names_tags(hash);
	cJSON	   *object = cJSON_CreateObject();
	const cJSON *tag;
	char	   *text;
	cJSON	   *value;

	cJSON_ArrayForEach(tag, tags)
		cJSON_AddStringToObject(object, sim_json_text(tag, "TagKey"),
								sim_json_text(tag, "TagValue"));
	text = cJSON_PrintUnformatted(object);
	value = cJSON_CreateString(object->child ? text : "");
	cJSON_free(text);
	cJSON_Delete(object);
	cJSON_Delete(tags);
	return value;
}

static cJSON *
fill_text(const SimScope *scope, const cJSON *field, uint64_t hash)
{
	const char *name = sim_json_text(field, "name");
	const char *type = sim_json_text(field, "pg_type");
	const char *sample = time_sample(field);
	char		buffer[128];
	const char *known;

	if (sample != NULL)
		return time_text(scope, field, sample, hash);
	if (type != NULL && strcmp(type, "numeric") == 0)
		return decimal(field, sim_mix(hash, sim_hash(name)));
	if (strcmp(name, "Tags") == 0)
		return tags_text(hash);
	known = sim_names_value(name, hash, buffer);
	return known ? cJSON_CreateString(known) : plain_text(field, hash);
}

/* Money of any size, ids and times by name, else a number like the sample. */
static cJSON *
fill_integer(const SimScope *scope, const cJSON *field, uint64_t hash)
{
	static const char *const money[] = {
		"Amount", "Cost", "Balance", "Cash", "Incentive", "Freezing", "Price",
		"Value", "Decline", "Credit", NULL
	};
	const char *name = sim_json_text(field, "name");
	double		sample = cJSON_GetNumberValue(sim_json_get(field, "sample"));
	uint64_t	own = sim_mix(hash, sim_hash(name));
	char		buffer[128];
	const char *known;

	if (isnan(sample))
		sample = 0;
	if (sample > 1e12 && ends_with(name, "Time"))
		return cJSON_CreateNumber((double) (moment_of(scope, name, hash) -
											SIM_BEIJING) * 1000);
	if (strcmp(name, "BillDay") == 0)
	{
		sim_moment_text(moment_of(scope, name, hash), buffer);
		return cJSON_CreateNumber(atoi(buffer) * 10000 +
								  atoi(buffer + 5) * 100 + atoi(buffer + 8));
	}
	known = sim_names_value(name, hash, buffer);
	if (known != NULL && strspn(known, "0123456789") == strlen(known))
		return cJSON_CreateNumber(atof(known));
	if (has_any(name, money))
		return cJSON_CreateNumber((double) amount(own, 0));
	return cJSON_CreateNumber(sample + sim_pick(own, "more",
												ends_with(name, "Id") ?
												1000 : 3));
}

static cJSON *
fill_number(const cJSON *field, uint64_t hash)
{
	uint64_t	own = sim_mix(hash, sim_hash(sim_json_text(field, "name")));

	/* mostly cents, sometimes a part of them */
	return cJSON_CreateNumber(sim_pick(own, "whole", 4) ?
							  (double) amount(own, 0) :
							  (double) amount(own, 0) / 100);
}

/* One item per day or month between the ends of the request's range. */
static void
fill_periods(const SimScope *scope, cJSON *array, const cJSON *fields,
			 uint64_t hash)
{
	const cJSON *period = sim_json_get(scope->call->params, "PeriodType");
	bool		monthly = period && strcmp(period->valuestring, "month") == 0;
	char		text[32];

	for (int64_t day = scope->list_from - scope->list_from % SIM_DAY;
		 day <= scope->list_to; day += SIM_DAY)
	{
		cJSON	   *item;

		sim_moment_text(day, text);
		if (monthly && memcmp(text + 8, "01", 2) != 0 &&
			array->child != NULL)
			continue;
		if (monthly)
			memcpy(text + 8, "01", 2);
		item = sim_fill_object(scope, fields,
							   sim_mix(hash, (uint64_t) (day / SIM_DAY)), 2);
		sim_json_put(item, scope->list_time, cJSON_CreateString(text));
		cJSON_AddItemToArray(array, item);
	}
}

static cJSON *
fill_array(const SimScope *scope, const cJSON *field, uint64_t hash,
		   int depth)
{
	const char *name = sim_json_text(field, "name");
	const char *items = sim_json_text(field, "items");
	const cJSON *fields = sim_model_type(items);
	uint64_t	own = sim_mix(hash, sim_hash(name));
	int			n = depth < MAX_DEPTH ? sim_pick(own, "items",
												 MAX_ITEMS + 1) : 0;
	const cJSON *value = fields ? sim_model_named(fields, "TagValue") : NULL;
	cJSON	   *array;

	if (value != NULL && strcmp(sim_json_text(value, "type"), "string") == 0 &&
		sim_model_named(fields, "TagKey") != NULL)
		return sim_names_tags(hash);
	array = cJSON_CreateArray();
	if (scope->list != NULL && strcmp(scope->list, name) == 0)
		fill_periods(scope, array, fields, own);
	else
	{
		for (int i = 0; i < n; i++)
		{
			uint64_t	one = sim_mix(own, (uint64_t) i);
			cJSON	   *item;

			/* items without a type are plain: the field describes them */
			if (fields != NULL)
				item = sim_fill_object(scope, fields, one, depth + 1);
			else if (strcmp(items, "integer") == 0)
				item = fill_integer(scope, field, one);
			else
				item = plain_text(field, one);
			cJSON_AddItemToArray(array, item);
		}
	}
	return array;
}

/* What the request gave, in the type of the field. */
static cJSON *
as_type(const cJSON *given, const char *type)
{
	char		text[64];

	sim_json_plain(given, text);
	if (strcmp(type, "string") == 0)
		return cJSON_IsString(given) ? cJSON_Duplicate(given, false) :
			cJSON_CreateString(text);
	return cJSON_CreateNumber(atof(text));
}

/* Null, or a placeholder that the documents show or name, or nothing. */
static bool
fill_nothing(const cJSON *field, uint64_t hash, cJSON **value)
{
	const char *name = sim_json_text(field, "name");
	const cJSON *seen = sim_json_get(field, "placeholders_seen");
	uint64_t	own = sim_mix(hash, sim_hash(name));

	if (seen == NULL)
		seen = sim_json_get(field, "placeholders_documented");
	if (seen != NULL && one_in_ten(own, "placeholder"))
		*value = cJSON_Duplicate(cJSON_GetArrayItem(seen, 0), false);
	else if (cJSON_IsTrue(sim_json_get(field, "nullable")) &&
			 one_in_ten(own, "null"))
		*value = cJSON_CreateNull();
	else if (cJSON_IsTrue(sim_json_get(field, "missing_in_examples")) &&
			 one_in_ten(own, "missing"))
		*value = NULL;
	else
		return false;
	return true;
}

/* The field above a page size where rows leave it null. */
static bool
is_null_above(const SimScope *scope, const char *name)
{
	const SimAction *action = scope->call->action;
	const cJSON *note = sim_model_note(action, "null_above");

	return note != NULL && strcmp(sim_json_text(note, "field"), name) == 0 &&
		sim_json_integer(scope->call->params, action->size, 0) >
		sim_json_integer(note, "size", 0);
}

/*
 * The value of a field of the row, or of an object inside it, that the hash
 * stands for.  NULL when the field is left out.  The caller deletes it.
 */
cJSON *
sim_fill_member(const SimScope *scope, const cJSON *field, uint64_t hash,
				int depth)
{
	const char *name = sim_json_text(field, "name");
	const char *type = sim_json_text(field, "type");
	const cJSON *given = depth > 0 ? NULL :
		sim_scope_given(scope->shown, scope->nshown, name);
	const cJSON *choices = depth > 0 ? NULL :
		sim_scope_given(scope->choices, scope->nchoices, name);
	cJSON	   *value;

	if (given != NULL && strcmp(type, "array") != 0)
		return as_type(given, type);
	if (fill_nothing(field, hash, &value))
		return value;
	if (choices != NULL && strcmp(type, "array") != 0 &&
		(value = choice(choices, sim_mix(hash, sim_hash(name)))) != NULL)
		return value;
	if (strcmp(type, "string") == 0)
		return fill_text(scope, field, hash);
	if (strcmp(type, "integer") == 0)
		return fill_integer(scope, field, hash);
	if (strcmp(type, "number") == 0)
		return fill_number(field, hash);
	if (strcmp(type, "boolean") == 0)
		return cJSON_CreateBool(sim_pick(hash, name, 2));
	if (strcmp(type, "object") == 0)
		return sim_fill_object(scope,
							   sim_model_type(sim_json_text(field, "object")),
							   sim_mix(hash, sim_hash(name)), depth + 1);
	if (depth == 0 && is_null_above(scope, name))
		return cJSON_CreateNull();
	return fill_array(scope, field, hash, depth);
}

/* An object with all fields that the site has.  The caller deletes it. */
cJSON *
sim_fill_object(const SimScope *scope, const cJSON *fields, uint64_t hash,
				int depth)
{
	const SimCall *call = scope->call;
	cJSON	   *object = cJSON_CreateObject();
	const cJSON *field;

	cJSON_ArrayForEach(field, fields)
	{
		const char *name = sim_json_text(field, "name");
		cJSON	   *value;

		if (!sim_model_offered(field, call->config.site))
			continue;
		value = sim_fill_member(scope, field, hash, depth);
		if ((cJSON_IsArray(value) && value->child == NULL) ||
			(depth == 0 && cJSON_IsArray(value) &&
			 sim_scope_given(scope->hidden, scope->nhidden, name)))
		{
			cJSON_Delete(value);
			sim_data_empty(call, object, name, false);
		}
		else if (value != NULL)
			cJSON_AddItemToObject(object, name, value);
	}
	return object;
}

/*-------------------------------------------------------------------------
 *
 * filter.c
 *	  Does a generated row pass the conditions of the request?
 *
 * Only the fields that conditions are about are made for it: a field's
 * value follows from the row's number and the field's name alone.
 *
 * IDENTIFICATION
 *	  test/sim/filter.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "moment.h"
#include "scope.h"

/* The code of a transaction type whose name in requests is given. */
static const char *
code_of(const char *label)
{
	for (int i = 0; i < sim_words.nactions; i++)
	{
		const SimActionType *a = &sim_words.actions[i];

		if (strcmp(a->request[0], label) == 0 ||
			strcmp(a->request[1], label) == 0)
			return a->code;
	}
	return label;
}

static bool
same(const SimFilter *f, const cJSON *wanted, const cJSON *field)
{
	char		a[64];
	char		b[64];

	if (!cJSON_IsString(field) && !cJSON_IsNumber(field) &&
		!cJSON_IsBool(field))
		return false;
	if (cJSON_IsString(wanted) && cJSON_IsString(field))
		return strcmp(f->labels ? code_of(wanted->valuestring) :
					  wanted->valuestring, field->valuestring) == 0;
	sim_json_plain(wanted, a);
	sim_json_plain(field, b);
	return strcmp(a, b) == 0;
}

/* Is the field, or an item of it, the value, or one of them? */
static bool
is_in(const SimFilter *f, const cJSON *wanted, const cJSON *field)
{
	const cJSON *item;

	if (cJSON_IsArray(wanted))
	{
		cJSON_ArrayForEach(item, wanted)
		{
			if (is_in(f, item, field))
				return true;
		}
		return false;
	}
	if (!cJSON_IsArray(field))
		return same(f, wanted, field);
	cJSON_ArrayForEach(item, field)
	{
		if (same(f, wanted, item))
			return true;
	}
	return false;
}

/* As YYYY-MM-DD hh:mm:ss and perhaps a fraction, which sort as texts. */
static void
full_time(const char *text, bool last, char out[40])
{
	if (strlen(text) == 10)
		snprintf(out, 40, "%s %s", text, last ? "23:59:59.999" : "00:00:00");
	else
		snprintf(out, 40, "%.39s", text);
}

static bool
in_time(const SimScope *scope, const SimFilter *f, const cJSON *field)
{
	bool		exclusive = scope->call->config.range_end ==
		SIM_END_EXCLUSIVE;
	const char *text = cJSON_GetStringValue(field);
	char		bound[40];
	char		time[40];

	if (text == NULL)
		return false;
	full_time(text, false, time);
	full_time(f->value->valuestring,
			  f->kind == SIM_FILTER_END && !exclusive, bound);
	if (f->kind == SIM_FILTER_BEGIN)
		return strcmp(bound, time) <= 0;
	return exclusive ? strcmp(time, bound) < 0 : strcmp(time, bound) <= 0;
}

/* The tags of a row, which may be a text that holds an object. */
static const char *
tag_value(const cJSON *tags, const char *key, cJSON **parsed)
{
	const char *text = cJSON_GetStringValue(tags);
	const char *why;
	const cJSON *tag;

	if (text != NULL)
	{
		*parsed = sim_json_parse(text, strlen(text), &why);
		return sim_json_text(*parsed, key);
	}
	cJSON_ArrayForEach(tag, tags)
	{
		if (strcmp(sim_json_text(tag, "TagKey"), key) == 0)
			return sim_json_text(tag, "TagValue");
	}
	return NULL;
}

static bool
has_tag(const SimFilter *f, const cJSON *tags)
{
	cJSON	   *parsed = NULL;
	const cJSON *pair;
	const char *value;
	bool		has = false;

	if (f->kind != SIM_FILTER_TAGS)
	{
		value = tag_value(tags, f->key, &parsed);
		has = f->kind == SIM_FILTER_TAGGED ? value != NULL :
			strcmp(value ? value : "", f->value->valuestring) == 0;
		cJSON_Delete(parsed);
		return has;
	}
	cJSON_ArrayForEach(pair, f->value)
	{
		const char *colon = strchr(pair->valuestring, ':');
		char	   *key;

		if (colon == NULL)
			continue;
		key = sim_strndup(pair->valuestring,
						  (size_t) (colon - pair->valuestring));
		value = tag_value(tags, key, &parsed);
		has |= value != NULL && strcmp(value, colon + 1) == 0;
		free(key);
	}
	return has;
}

static bool
is_nonzero(const cJSON *field)
{
	char		text[64];

	sim_json_plain(field, text);
	return strspn(text, "-0.") != strlen(text);
}

static bool
passes(const SimScope *scope, const SimFilter *f, const cJSON *field)
{
	const char *text = cJSON_GetStringValue(field);

	switch (f->kind)
	{
		case SIM_FILTER_IN:
			return is_in(f, f->value, field);
		case SIM_FILTER_PART:
			return text != NULL && strstr(text, f->value->valuestring);
		case SIM_FILTER_NONZERO:
			return is_nonzero(field);
		case SIM_FILTER_BEGIN:
		case SIM_FILTER_END:
			return in_time(scope, f, field);
		default:
			return has_tag(f, field);
	}
}

/* The row's hash stands for the row. */
bool
sim_filter_passes(const SimScope *scope, uint64_t row)
{
	const cJSON *fields = scope->call->action->fields;

	for (int i = 0; i < scope->nfilters; i++)
	{
		const SimFilter *f = &scope->filters[i];
		const cJSON *model = sim_model_named(fields, f->field);
		char		buffer[128];
		const char *hidden = model ? NULL :
			sim_names_value(f->field, row, buffer);
		cJSON	   *value = model ? sim_fill_member(scope, model, row, 0) :
			hidden ? cJSON_CreateString(hidden) : NULL;
		bool		good = passes(scope, f, value);

		cJSON_Delete(value);
		if (!good)
			return false;
	}
	return true;
}

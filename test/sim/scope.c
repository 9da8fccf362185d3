/*-------------------------------------------------------------------------
 *
 * scope.c
 *	  What the parameters of a request mean for generated rows.
 *
 * A parameter chooses the month, is a range of time, filters on a field, is
 * repeated by the rows, or says which of many streams of rows is meant.
 * Which one follows from its name: a field of the same name (or of a
 * list's, without its end) is filtered; one that is required is repeated
 * instead, as rows exist for every value; what no row shows tells streams
 * apart.  data/prose.json has the exceptions.
 *
 * IDENTIFICATION
 *	  test/sim/scope.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "moment.h"
#include "scope.h"

/* rows without a month are of these two years */
#define FIRST_DAY "2023-01-01"
#define LAST_DAY "2024-12-31"

/* what prose.json says of a parameter: of this action, else of all */
static const cJSON *
note_of(const SimAction *action, const char *param)
{
	const cJSON *note = sim_json_get(sim_model_note(action, "roles"), param);

	return note ? note :
		sim_json_get(sim_json_get(sim_model_prose("roles"), "*"), param);
}

static bool
is_month(const SimAction *action, const cJSON *param)
{
	const char *name = sim_json_text(param, "name");
	const char *format = sim_json_text(param, "format");

	return format != NULL && note_of(action, name) == NULL &&
		(strcmp(format, "YYYY-MM") == 0 || strcmp(name, "Month") == 0);
}

/* The range that a parameter begins or ends, or NULL. */
static const cJSON *
range_of(const SimAction *action, const char *param)
{
	const cJSON *range;

	cJSON_ArrayForEach(range, sim_model_note(action, "ranges"))
	{
		if (strcmp(param, sim_json_text(range, "begin")) == 0 ||
			strcmp(param, sim_json_text(range, "end")) == 0)
			return range;
	}
	return NULL;
}

/*
 * The month that a request is about, as YYYY-MM: of a range that is one
 * month, else of the parameter for it, else the current one.  False when
 * the action has no month.
 */
bool
sim_scope_month(const SimCall *call, char out[8])
{
	const SimAction *action = call->action;
	const cJSON *thing;
	const char *text;
	char		now[32];

	cJSON_ArrayForEach(thing, sim_model_note(action, "ranges"))
	{
		text = sim_json_text(call->params, sim_json_text(thing, "begin"));
		if (text != NULL && sim_json_get(thing, "one_month") != NULL &&
			sim_json_get(thing, "field") == NULL)
		{
			snprintf(out, 8, "%.7s", text);
			return true;
		}
	}
	cJSON_ArrayForEach(thing, action->request)
	{
		if (!is_month(action, thing))
			continue;
		text = sim_json_text(call->params, sim_json_text(thing, "name"));
		sim_moment_text(sim_config_now(&call->config) + SIM_BEIJING, now);
		snprintf(out, 8, "%.7s", text ? text : now);
		return true;
	}
	return false;
}

/* What goes with a field in one of the scope's lists, NULL = nothing. */
const cJSON *
sim_scope_given(const SimGiven *given, int n, const char *field)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(given[i].field, field) == 0)
			return given[i].value;
	}
	return NULL;
}

static void
add_given(SimGiven *given, int *n, const char *field, const cJSON *value)
{
	if (*n == SIM_MAX_GIVEN)
		sim_give_up("a request gives values for too many fields");
	given[*n].field = field;
	given[*n].value = value;
	(*n)++;
}

static SimFilter *
add_filter(SimScope *scope, SimFilterKind kind, const char *field,
		   const cJSON *value)
{
	SimFilter  *f;

	if (scope->nfilters == SIM_MAX_FILTERS)
		sim_give_up("a request has too many filters");
	f = &scope->filters[scope->nfilters++];
	memset(f, 0, sizeof(*f));
	f->kind = kind;
	f->field = field;
	f->value = value;
	return f;
}

/* Another value of it means other rows. */
static void
tell_apart(SimScope *scope, const cJSON *value)
{
	char	   *text = cJSON_PrintUnformatted(value);

	scope->hash = sim_mix(scope->hash, sim_hash(value->string));
	scope->hash = sim_mix(scope->hash, sim_hash(text));
	cJSON_free(text);
}

/* A field of rows, or one that is hidden behind the names they show. */
static const char *
known_field(const SimScope *scope, const char *name)
{
	static const char *const hidden[] = {
		"PayMode", "ProjectId", "RegionId", "BusinessCode", "ProductCode",
		"ActionType", "OwnerUin", "OperateUin", NULL
	};
	const cJSON *field = sim_model_named(scope->call->action->fields, name);

	if (field != NULL)
		return sim_json_text(field, "name");
	for (int i = 0; hidden[i] != NULL; i++)
	{
		if (strcmp(hidden[i], name) == 0)
			return hidden[i];
	}
	return NULL;
}

/* The field that a parameter is about: BusinessCodes asks for BusinessCode. */
static const char *
field_of(const SimScope *scope, const char *param, const cJSON *note)
{
	const char *told = sim_json_text(note, "field");
	const char *field = known_field(scope, told ? told : param);
	size_t		len = strlen(param);
	char	   *stem;

	if (field != NULL || told != NULL || param[len - 1] != 's')
		return field;
	stem = sim_strndup(param, len - 1);
	field = known_field(scope, stem);
	free(stem);
	return field;
}

static void
add_tag_filter(SimScope *scope, const cJSON *note, const cJSON *value)
{
	const SimConfig *config = &scope->call->config;
	const char *key = sim_json_text(scope->call->params, "TagKey");
	const char *field = sim_json_text(note, "tag");
	SimFilter  *f;

	if (field != NULL)
		add_filter(scope, SIM_FILTER_TAGS, field, value);
	else if ((field = sim_json_text(note, "tag_value")) != NULL)
	{
		if (*value->valuestring == '\0' &&
			config->tag_value_empty == SIM_TAG_VALUE_IGNORED)
			return;
		f = add_filter(scope, SIM_FILTER_TAG_VALUE, field, value);
		f->key = key;
	}
	else if (config->tag_key_alone == SIM_TAG_ALONE_TAGGED)
	{
		f = add_filter(scope, SIM_FILTER_TAGGED,
					   sim_json_text(note, "tag_key"), value);
		f->key = key;
	}
}

/* Rows without an amount are hidden when the parameter says so. */
static void
add_nonzero(SimScope *scope, const cJSON *note, const cJSON *param,
			const cJSON *value)
{
	char		text[64];

	sim_json_plain(value ? value : sim_json_get(param, "default"), text);
	if (strcmp(text, sim_json_text(note, "when")) == 0)
		add_filter(scope, SIM_FILTER_NONZERO, sim_json_text(note, "nonzero"),
				   NULL);
}

/* "all" and "*", and an empty list, are no condition. */
static bool
means_all(const cJSON *value)
{
	const cJSON *item = cJSON_IsArray(value) ? value->child : value;
	const char *text = cJSON_GetStringValue(item);

	return item == NULL || (text != NULL && (strcmp(text, "all") == 0 ||
											 strcmp(text, "*") == 0));
}

static void
add_range(SimScope *scope, const cJSON *range, const char *name,
		  const cJSON *value)
{
	bool		begin = strcmp(name, sim_json_text(range, "begin")) == 0;
	int64_t		moment = sim_moment_read(value->valuestring, !begin);
	const char *field = sim_json_text(range, "field");

	if (field == NULL)
		return;
	scope->list = sim_json_text(range, "list");
	if (scope->list == NULL)
	{
		add_filter(scope, begin ? SIM_FILTER_BEGIN : SIM_FILTER_END, field,
				   value);
		return;
	}
	scope->list_time = field;
	*(begin ? &scope->list_from : &scope->list_to) = moment;
}

/* A parameter with a note that is not about a plain field. */
static bool
add_special(SimScope *scope, const cJSON *note, const cJSON *param,
			const cJSON *value)
{
	const char *is = sim_json_text(note, "is");

	if (is != NULL && strcmp(is, "none") == 0)
		return true;
	if (sim_json_get(note, "nonzero") != NULL)
		add_nonzero(scope, note, param, value);
	else if (sim_json_get(note, "shows") != NULL)
	{
		if (!cJSON_IsTrue(value))
			add_given(scope->hidden, &scope->nhidden,
					  sim_json_text(note, "shows"), note);
	}
	else if (value == NULL)
		return false;
	else if (is != NULL && strcmp(is, "scope") == 0)
		tell_apart(scope, value);
	else if (sim_json_get(note, "part") != NULL)
		add_filter(scope, SIM_FILTER_PART, sim_json_text(note, "part"),
				   value);
	else if (sim_json_get(note, "tag") || sim_json_get(note, "tag_key") ||
			 sim_json_get(note, "tag_value"))
		add_tag_filter(scope, note, value);
	else
		return false;
	return true;
}

/* The caller's own account may be named, too. */
static bool
is_own(const cJSON *value)
{
	return cJSON_IsString(value) && sim_vocabulary_is_own(value->valuestring);
}

static void
add_field(SimScope *scope, const cJSON *param, const cJSON *note,
		  const char *field, const cJSON *value)
{
	const cJSON *choices = sim_json_get(param, "enum");
	const char *is = sim_json_text(note, "is");
	bool		shown = (is != NULL && strcmp(is, "shown") == 0) ||
		cJSON_IsTrue(sim_json_get(param, "required"));

	if (choices != NULL && sim_json_get(note, "labels") == NULL)
		add_given(scope->choices, &scope->nchoices, field, choices);
	if (value == NULL || means_all(value))
		return;
	if (shown)
	{
		if (!is_own(value))
			tell_apart(scope, value);
		add_given(scope->shown, &scope->nshown, field, value);
		return;
	}
	add_filter(scope, SIM_FILTER_IN, field, value)->labels =
		cJSON_IsTrue(sim_json_get(note, "labels"));
}

static void add_params(SimScope *scope, const cJSON *list,
					   const cJSON *params);

/* One parameter of the model, and its value, which may be NULL. */
static void
add_param(SimScope *scope, const cJSON *param, const cJSON *value)
{
	const SimAction *action = scope->call->action;
	const char *name = sim_json_text(param, "name");
	const cJSON *note = note_of(action, name);
	const cJSON *range = range_of(action, name);
	const char *field;

	if (sim_model_is_paging(action, name))
		return;
	/* its list of values still says what rows have */
	if (sim_config_ignores(&scope->call->config, name))
		value = NULL;
	if (range != NULL)
	{
		if (value != NULL)
			add_range(scope, range, name, value);
		return;
	}
	if (is_month(action, param) || add_special(scope, note, param, value))
		return;
	if (cJSON_IsObject(value))
	{
		add_params(scope, sim_model_type(sim_json_text(param, "object")),
				   value);
		return;
	}
	field = field_of(scope, name, note);
	if (field != NULL)
		add_field(scope, param, note, field, value);
	else if (value != NULL && !is_own(value))
		tell_apart(scope, value);
}

static void
add_params(SimScope *scope, const cJSON *list, const cJSON *params)
{
	const cJSON *param;

	cJSON_ArrayForEach(param, list)
		add_param(scope, param,
				  sim_json_get(params, sim_json_text(param, "name")));
}

/* A documented default filters, unless the field is filtered anyway. */
static void
add_defaults(SimScope *scope)
{
	const cJSON *param;

	cJSON_ArrayForEach(param, scope->call->action->request)
	{
		const char *name = sim_json_text(param, "name");
		const cJSON *value = sim_json_get(param, "default");
		bool		filtered = false;

		if (value == NULL || note_of(scope->call->action, name) != NULL ||
			sim_model_is_paging(scope->call->action, name) ||
			sim_model_named(scope->call->action->fields, name) == NULL ||
			sim_config_ignores(&scope->call->config, name))
			continue;
		for (int i = 0; i < scope->nfilters; i++)
			filtered |= strcmp(scope->filters[i].field, name) == 0;
		if (!filtered)
			add_filter(scope, SIM_FILTER_IN, name, value);
	}
}

/* The scope points into the call, which must outlive it. */
void
sim_scope_open(SimScope *scope, const SimCall *call)
{
	const char *period = sim_json_text(call->params, "PeriodType");
	char		month[8];

	memset(scope, 0, sizeof(*scope));
	scope->call = call;
	scope->hash = sim_mix((uint64_t) call->config.seed,
						  sim_hash(call->action->name));
	scope->by_day = period != NULL && strcmp(period, "day") == 0;
	if (sim_scope_month(call, month))
	{
		scope->from = sim_moment_read(month, false);
		scope->seconds = sim_moment_read(month, true) - scope->from + 1;
		scope->hash = sim_mix(scope->hash, sim_hash(month));
	}
	else
	{
		scope->from = sim_moment_read(FIRST_DAY, false);
		scope->seconds = sim_moment_read(LAST_DAY, true) - scope->from + 1;
	}
	add_params(scope, call->action->request, call->params);
	add_defaults(scope);
}

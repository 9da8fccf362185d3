/*-------------------------------------------------------------------------
 *
 * rules.c
 *	  What a request may contain, read from the vendor's models.
 *
 * The names, types, lists and bounds all come from data/actions.json.
 * Typed here are only the rules that the vendor states in prose: months
 * exist from 2018 to now, BeginTime and EndTime are the same month, a page
 * has at least one row, TagValue belongs to a TagKey.
 *
 * IDENTIFICATION
 *	  test/sim/rules.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rules.h"

#define MAX_ACTIONS 64

/* the first month that any bill of the API can have */
#define FIRST_YEAR 2018

/* months are Beijing's */
#define BEIJING_SECONDS (8 * 3600)

static SimAction actions[MAX_ACTIONS];
static int	nactions;

static void
add_action(const cJSON *model)
{
	SimAction  *a = &actions[nactions++];
	const cJSON *response = sim_json_get(model, "response");
	const cJSON *paging = sim_json_get(response, "paging");
	const cJSON *rows = cJSON_GetArrayItem(sim_json_get(response, "rows"), 0);
	const char *path = sim_json_text(rows, "path");

	a->name = model->string;
	a->model = model;
	a->request = sim_json_get(model, "request");
	a->rows = path && strncmp(path, "Response.", 9) == 0 ? path + 9 : NULL;
	a->offset = sim_json_text(paging, "offset_param");
	a->size = sim_json_text(paging, "size_param");
	a->total = sim_json_text(sim_json_get(response, "totals"), "field");
	a->ready = cJSON_IsTrue(sim_json_get(response, "ready_flag"));
}

/* Reads the models; they are kept until the program ends. */
bool
sim_rules_load(const char *path)
{
	size_t		len;
	char	   *text = sim_read_file(path, &len);
	const char *why = "cannot be read";
	static cJSON *models;		/* all SimActions point into it */
	const cJSON *model;

	if (text != NULL)
		models = sim_json_parse(text, len, &why);
	free(text);
	cJSON_ArrayForEach(model, sim_json_get(models, "actions"))
	{
		if (nactions < MAX_ACTIONS)
			add_action(model);
	}
	if (nactions == 0)
		fprintf(stderr, "billing_sim: no models in \"%s\": %s\n", path,
				why ? why : "no actions");
	return nactions > 0;
}

static bool
offered_by(const cJSON *sites, int64_t site)
{
	const cJSON *item;

	if (site == SIM_SITE_BOTH || sites == NULL)
		return true;
	cJSON_ArrayForEach(item, sites)
	{
		if (strcmp(item->valuestring,
				   site == SIM_SITE_INTL ? "intl" : "domestic") == 0)
			return true;
	}
	return false;
}

/* The action of that name, NULL when the site does not have it. */
const SimAction *
sim_rules_find(const char *name, int64_t site)
{
	for (int i = 0; i < nactions; i++)
	{
		if (strcmp(actions[i].name, name) == 0)
			return offered_by(sim_json_get(actions[i].model, "sites"), site) ?
				&actions[i] : NULL;
	}
	return NULL;
}

const cJSON *
sim_rules_param(const SimAction *action, const char *name)
{
	const cJSON *param;

	cJSON_ArrayForEach(param, action->request)
	{
		if (strcmp(sim_json_text(param, "name"), name) == 0)
			return param;
	}
	return NULL;
}

static bool
listed(const cJSON *list, const cJSON *value)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_Compare(item, value, true))
			return true;
	}
	return false;
}

/* An enum is one list, or an object with a list per site. */
static bool
in_enum(const cJSON *choices, const cJSON *value, int64_t site)
{
	if (!cJSON_IsObject(choices))
		return listed(choices, value);
	if (site != SIM_SITE_CHINA &&
		listed(sim_json_get(choices, "intl"), value))
		return true;
	return site != SIM_SITE_INTL &&
		listed(sim_json_get(choices, "domestic"), value);
}

static bool
is_of_type(const char *type, const cJSON *value)
{
	if (strcmp(type, "string") == 0)
		return cJSON_IsString(value);
	if (strcmp(type, "integer") == 0)
		return sim_json_is_integer(value);
	if (strcmp(type, "boolean") == 0)
		return cJSON_IsBool(value);
	if (strcmp(type, "array") == 0)
		return cJSON_IsArray(value);
	if (strcmp(type, "object") == 0)
		return cJSON_IsObject(value);
	return cJSON_IsNumber(value);
}

static bool
check_month(const char *name, const char *text, const SimConfig *config,
			SimError *error)
{
	time_t		now = time(NULL);
	time_t		told = (time_t) sim_config_now(config);
	struct tm	tm;
	int			year;
	int			month;

	if (!sim_month_parse(text, &year, &month))
		return sim_fail(error, "InvalidParameterValue",
						"The parameter %s is no month of the form YYYY-MM.",
						name);

	/*
	 * A clock set to the past must not make documented requests invalid, one
	 * set to the future may open more months: the later clock counts.
	 */
	now = (told > now ? told : now) + BEIJING_SECONDS;
	gmtime_r(&now, &tm);
	if (year < FIRST_YEAR ||
		year * 12 + month - 1 > (tm.tm_year + 1900) * 12 + tm.tm_mon)
		return sim_fail(error, "InvalidParameterValue",
						"The parameter %s is a month without bills.", name);
	return true;
}

static bool
check_integer(const SimAction *action, const char *name, const cJSON *param,
			  const cJSON *value, SimError *error)
{
	const cJSON *max = sim_json_get(param, "max");
	bool		is_size = action->size && strcmp(action->size, name) == 0;

	if (value->valuedouble < 0 || (is_size && value->valuedouble < 1) ||
		(max != NULL && value->valuedouble > max->valuedouble))
		return sim_fail(error, "InvalidParameterValue",
						"The parameter %s is out of range.", name);
	return true;
}

/* One value of a parameter whose JSON type is right already. */
static bool
check_value(const SimAction *action, const cJSON *param, const cJSON *value,
			const SimConfig *config, SimError *error)
{
	const char *name = sim_json_text(param, "name");
	const char *format = sim_json_text(param, "format");
	const cJSON *choices = sim_json_get(param, "enum");

	if (choices != NULL && !in_enum(choices, value, config->site))
		return sim_fail(error, "InvalidParameterValue",
						"The value of the parameter %s is not in its list.",
						name);
	if (cJSON_IsNumber(value))
		return check_integer(action, name, param, value, error);
	if (format != NULL && strcmp(format, "YYYY-MM") == 0)
		return check_month(name, value->valuestring, config, error);
	return true;
}

static bool
check_param(const SimAction *action, const cJSON *value,
			const SimConfig *config, SimError *error)
{
	const char *name = value->string;
	const cJSON *param = sim_rules_param(action, name);
	const cJSON *item;
	const char *items;

	if (param == NULL ||
		!offered_by(sim_json_get(param, "sites"), config->site))
		return sim_fail(error, "UnknownParameter",
						"The parameter `%.200s` is not recognized.", name);
	if (!is_of_type(sim_json_text(param, "type"), value))
		return sim_fail(error, "InvalidParameter",
						"The parameter %s is not of type %s.", name,
						sim_json_text(param, "type"));
	if (!cJSON_IsArray(value))
		return check_value(action, param, value, config, error);
	items = sim_json_text(param, "items");
	cJSON_ArrayForEach(item, value)
	{
		if (!is_of_type(items ? items : "object", item))
			return sim_fail(error, "InvalidParameter",
							"An item of %s is not of type %s.", name, items);
		if (!check_value(action, param, item, config, error))
			return false;
	}
	return true;
}

/* The rules that bind two parameters; the models have no form for them. */
static bool
check_together(const SimAction *action, const cJSON *params,
			   const SimConfig *config, SimError *error)
{
	const char *begin = sim_json_text(params, "BeginTime");
	const char *end = sim_json_text(params, "EndTime");
	const char *group = sim_json_text(params, "GroupType");
	const cJSON *keys = sim_json_get(params, "TagKey");

	if (begin != NULL && end != NULL && strcmp(begin, end) != 0)
		return sim_fail(error, "InvalidParameterValue",
						"BeginTime and EndTime must be the same month.");
	if (sim_json_get(params, "TagValue") != NULL && keys == NULL)
		return sim_fail(error, "InvalidParameter",
						"TagValue is given without TagKey.");
	if (group == NULL || sim_rules_param(action, "TagKey") == NULL)
		return true;
	if (strcmp(group, "tag") == 0)
	{
		if (cJSON_GetArraySize(keys) == 0 &&
			config->tag_without_key == SIM_NO_TAG_ERROR)
			return sim_fail(error, "MissingParameter",
							"TagKey is needed with GroupType=tag.");
	}
	return true;
}

/* Do the values that are there obey the rules?  Nothing is required. */
static bool
check_values(const SimAction *action, const cJSON *params,
			 const SimConfig *config, SimError *error)
{
	const cJSON *value;

	cJSON_ArrayForEach(value, params)
	{
		/* the first member of a name is found by name, a second is not */
		if (sim_json_get(params, value->string) != value)
			return sim_fail(error, "InvalidParameter",
							"The parameter `%.200s` is given twice.",
							value->string);
		if (!check_param(action, value, config, error))
			return false;
	}
	return check_together(action, params, config, error);
}

static bool
is_paging(const SimAction *action, const char *name)
{
	return (action->offset && strcmp(action->offset, name) == 0) ||
		(action->size && strcmp(action->size, name) == 0);
}

/* All rules; without paging, the parameters of paging are not required. */
bool
sim_rules_check(const SimAction *action, const cJSON *params, bool paging,
				const SimConfig *config, SimError *error)
{
	const cJSON *param;

	cJSON_ArrayForEach(param, action->request)
	{
		const char *name = sim_json_text(param, "name");

		if (cJSON_IsTrue(sim_json_get(param, "required")) &&
			sim_json_get(params, name) == NULL &&
			(paging || !is_paging(action, name)))
			return sim_fail(error, "MissingParameter",
							"The request is missing the required parameter "
							"`%s`.", name);
	}
	return check_values(action, params, config, error);
}

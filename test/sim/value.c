/*-------------------------------------------------------------------------
 *
 * value.c
 *	  What a request may contain: names and values of parameters.
 *
 * Types, lists, bounds and forms are those of the models.  Typed here is
 * what the vendor says of all actions: months exist from 2018 to now, a
 * page has at least one row.
 *
 * IDENTIFICATION
 *	  test/sim/value.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "example.h"
#include "json.h"
#include "rules.h"

/* the first month that any bill of the API can have */
#define FIRST_YEAR 2018

/* what all checks of one request share */
typedef struct Check
{
	const SimAction *action;
	const SimConfig *config;
	SimError   *error;
} Check;

static bool check_value(const Check *c, const cJSON *list, const cJSON *value,
						const char *prefix);

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

/*
 * An enum is one list, or an object with a list per site, or one with a
 * list per value of another parameter.
 */
static bool
in_enum(const cJSON *choices, const cJSON *value, int64_t site)
{
	const cJSON *list;

	if (!cJSON_IsObject(choices))
		return listed(choices, value);
	cJSON_ArrayForEach(list, choices)
	{
		if ((strcmp(list->string, "intl") == 0 && site == SIM_SITE_CHINA) ||
			(strcmp(list->string, "domestic") == 0 && site == SIM_SITE_INTL))
			continue;
		if (listed(list, value))
			return true;
	}
	return false;
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
	if (strcmp(type, "number") == 0)
		return cJSON_IsNumber(value);
	return cJSON_IsObject(value);
}

static bool
check_month(const Check *c, const char *name, const char *text)
{
	int64_t		now = (int64_t) time(NULL);
	int64_t		told = sim_config_now(c->config);
	char		last[32];

	/*
	 * A clock set to the past must not make documented requests invalid, one
	 * set to the future may open more months: the later clock counts.
	 */
	sim_moment_text((told > now ? told : now) + SIM_BEIJING, last);
	last[7] = '\0';
	if (atoi(text) < FIRST_YEAR || strcmp(text, last) > 0)
		return sim_fail(c->error, "InvalidParameterValue",
						"The parameter %s is a month without bills.", name);
	return true;
}

/* Is this form, a whole word of the documents, one of the format's? */
static bool
names_form(const char *format, const char *form)
{
	for (const char *at = strstr(format, form); at != NULL;
		 at = strstr(at + 1, form))
	{
		char		next = at[strlen(form)];

		if (next == '\0' || (next == ' ' && at[strlen(form) + 1] != 'h'))
			return true;
	}
	return false;
}

/*
 * The forms in which the documents write a time: those that the format
 * names, and those of the sample and of documented requests, which are not
 * always the same.
 */
static bool
check_form(const Check *c, const char *name, const cJSON *param,
		   const char *text)
{
	static const char *const forms[] = {
		NULL, "YYYY-MM", "YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss"
	};
	const char *format = sim_json_text(param, "format");
	const char *sample = sim_json_text(param, "sample");
	SimForm		form = sim_moment_form(text);

	if (form == SIM_FORM_NONE ||
		(!names_form(format, forms[form]) &&
		 (sample == NULL || sim_moment_form(sample) != form) &&
		 !sim_example_has_form(c->action->name, name, form)))
		return sim_fail(c->error, "InvalidParameterValue",
						"The parameter %s is not of the form %s.", name,
						format);
	return form != SIM_FORM_MONTH || check_month(c, name, text);
}

/* Numbers, and texts in their place, such as the string that is a Limit. */
static bool
check_bounds(const Check *c, const char *name, const cJSON *param,
			 double number)
{
	const SimAction *action = c->action;
	const cJSON *max = sim_json_get(param, "max");
	const cJSON *min = sim_json_get(param, "min");
	double		least = min ? min->valuedouble : 0;

	if (action->size && strcmp(action->size, name) == 0 && least < 1)
		least = 1;
	if (action->paging == SIM_PAGING_PAGE && action->position &&
		strcmp(action->position, name) == 0)
		least = (double) action->first;
	if (number < least || (max != NULL && number > max->valuedouble))
		return sim_fail(c->error, "InvalidParameterValue",
						"The parameter %s is out of range.", name);
	return true;
}

/* A text that has to be a number. */
static bool
check_digits(const Check *c, const char *name, const cJSON *param,
			 const char *text)
{
	size_t		len = strspn(text, "0123456789");

	if (len == 0 || len > 15 || text[len] != '\0')
		return sim_fail(c->error, "InvalidParameterValue",
						"The parameter %s is no number.", name);
	return check_bounds(c, name, param, atof(text));
}

/* One value of a parameter whose JSON type is right already. */
static bool
check_one(const Check *c, const char *name, const cJSON *param,
		  const cJSON *value)
{
	const SimAction *action = c->action;
	const cJSON *choices = sim_json_get(param, "enum");

	if (choices != NULL)
		return in_enum(choices, value, c->config->site) ||
			sim_fail(c->error, "InvalidParameterValue",
					 "The value of the parameter %s is not in its list.",
					 name);
	if (cJSON_IsNumber(value))
		return check_bounds(c, name, param, value->valuedouble);
	if (!cJSON_IsString(value))
		return true;
	if (sim_json_get(param, "format") != NULL)
		return check_form(c, name, param, value->valuestring);
	if ((action->position && strcmp(action->position, name) == 0) ||
		(action->size && strcmp(action->size, name) == 0))
		return check_digits(c, name, param, value->valuestring);
	return true;
}

/*
 * All members of an object, which should be in the list.  The prefix, such as
 * "Conditions.", is for messages.
 */
static bool
check_members(const Check *c, const cJSON *list, const cJSON *object,
			  const char *prefix)
{
	const cJSON *member;

	cJSON_ArrayForEach(member, object)
	{
		/* the first member of a name is found by name, a second is not */
		if (sim_json_get(object, member->string) != member)
			return sim_fail(c->error, "InvalidParameter",
							"The parameter `%.60s%.100s` is given twice.",
							prefix, member->string);
		if (!check_value(c, list, member, prefix))
			return false;
	}
	return true;
}

/* The members of a parameter, or of an item of one, that is an object. */
static bool
check_object(const Check *c, const cJSON *param, const cJSON *value,
			 const char *prefix)
{
	const char *type = sim_json_text(param, "object");

	return check_members(c, sim_model_type(type ? type :
										   sim_json_text(param, "items")),
						 value, prefix);
}

/* The items of an array: values, or objects. */
static bool
check_items(const Check *c, const char *name, const cJSON *param,
			const cJSON *value, const char *prefix)
{
	const char *items = sim_json_text(param, "items");
	const cJSON *item;

	cJSON_ArrayForEach(item, value)
	{
		if (!is_of_type(items, item))
			return sim_fail(c->error, "InvalidParameter",
							"An item of %s is not of type %s.", name, items);
		if (cJSON_IsObject(item) ?
			!check_object(c, param, item, prefix) :
			!check_one(c, name, param, item))
			return false;
	}
	return true;
}

/* One parameter, or member of one, that should be in the list. */
static bool
check_value(const Check *c, const cJSON *list, const cJSON *value,
			const char *prefix)
{
	const cJSON *param = sim_model_named(list, value->string);
	char	   *name = sim_format("%.60s%.100s", prefix, value->string);
	char	   *inner = sim_format("%s.", name);
	bool		fine;

	if (param == NULL || !sim_model_offered(param, c->config->site))
		fine = sim_fail(c->error, "UnknownParameter",
						"The parameter `%s` is not recognized.", name);
	else if (!is_of_type(sim_json_text(param, "type"), value))
		fine = sim_fail(c->error, "InvalidParameter",
						"The parameter %s is not of type %s.", name,
						sim_json_text(param, "type"));
	else if (cJSON_IsObject(value))
		fine = check_object(c, param, value, inner);
	else if (cJSON_IsArray(value))
		fine = check_items(c, name, param, value, inner);
	else
		fine = check_one(c, name, param, value);
	free(inner);
	free(name);
	return fine;
}

/* Do the values of all parameters obey their rules? */
bool
sim_value_check(const SimAction *action, const cJSON *params,
				const SimConfig *config, SimError *error)
{
	const Check c = {action, config, error};

	return check_members(&c, action->request, params, "");
}

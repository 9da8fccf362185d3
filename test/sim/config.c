/*-------------------------------------------------------------------------
 *
 * config.c
 *	  What the simulator is told to do: a table of settings.
 *
 * One row of the table per setting serves reading, checking and showing.
 * A change is checked as a whole before any of it takes effect.
 *
 * IDENTIFICATION
 *	  test/sim/config.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fault.h"
#include "json.h"
#include "util.h"

typedef struct Setting
{
	const char *name;
	size_t		offset;			/* of an int64_t in SimConfig */
	const char *const *choices; /* NULL: a number, or a boolean when max is 1 */
	int64_t		min;
	int64_t		max;
} Setting;

#define CHOICES(...) (const char *const[]) {__VA_ARGS__, NULL}
#define AT(member) offsetof(SimConfig, member)

/* the choices stand in the order of the enums in config.h */
static const Setting settings[] = {
	{"data", AT(data), CHOICES("generated", "examples"), 0, 0},
	{"example_source", AT(example_source),
	CHOICES("seed", "domestic", "intl"), 0, 0},
	{"example_match", AT(example_match), CHOICES("exact", "any"), 0, 0},
	{"example_number", AT(example_number), NULL, 1, 99},
	{"site", AT(site), CHOICES("both", "intl", "china"), 0, 0},
	{"seed", AT(seed), NULL, 0, INT64_C(1) << 53},
	{"rows", AT(rows), NULL, 0, 5000000},
	{"gzip", AT(gzip), NULL, 0, 1},
	{"cache", AT(cache), NULL, 0, 1},
	{"request_id", AT(request_id), CHOICES("random", "counted"), 0, 0},
	{"quota_per_second", AT(quota_per_second), NULL, 0, 1000},
	{"clock", AT(clock), NULL, 0, INT64_C(4102444800)},
	{"clock_offset", AT(clock_offset), NULL, -4000000000, 4000000000},
	{"tag_value_empty", AT(tag_value_empty),
	CHOICES("honoured", "ignored"), 0, 0},
	{"tag_key_alone", AT(tag_key_alone), CHOICES("all", "tagged"), 0, 0},
	{"tag_without_key", AT(tag_without_key),
	CHOICES("error", "all", "empty"), 0, 0},
	{"limit_cap", AT(limit_cap), NULL, 0, 1000000},
	{"total", AT(total), CHOICES("exact", "null", "zero", "stale", "absent",
								 "large"), 0, 0},
	{"ready", AT(ready), CHOICES("present", "absent"), 0, 0},
	{"error_status", AT(error_status), NULL, 200, 599},
	{"empty_array", AT(empty_array),
	CHOICES("documented", "[]", "null", "missing"), 0, 0},
	{"range_end", AT(range_end), CHOICES("inclusive", "exclusive"), 0, 0},
	{"deals_offset", AT(deals_offset), CHOICES("pages", "rows"), 0, 0},
	{NULL, 0, NULL, 0, 0}
};

static SimConfig config;
static int64_t start_site;		/* of the command line, kept by a reset */

static int64_t *
slot_of(SimConfig *c, const Setting *setting)
{
	return (int64_t *) (void *) ((char *) c + setting->offset);
}

static bool
is_boolean(const Setting *setting)
{
	return setting->choices == NULL && setting->max == 1;
}

static void
set_defaults(void)
{
	memset(&config, 0, sizeof(config));
	config.site = start_site;
	config.seed = 1;
	config.rows = 2500;
	config.example_number = 1;
	config.gzip = 1;
	config.error_status = 200;
}

/* To be called once; the site is the default one from then on. */
void
sim_config_init(int64_t site)
{
	start_site = site;
	set_defaults();
}

/* Back to the defaults, without faults. */
void
sim_config_reset(void)
{
	sim_lock();
	set_defaults();
	sim_fault_set(NULL);
	sim_unlock();
}

/* Reads one value into *slot; false when it is wrong. */
static bool
read_setting(const Setting *setting, const cJSON *value, int64_t *slot)
{
	const char *text = cJSON_GetStringValue(value);

	if (setting->choices != NULL)
	{
		for (int i = 0; text != NULL && setting->choices[i] != NULL; i++)
		{
			if (strcmp(text, setting->choices[i]) == 0)
			{
				*slot = i;
				return true;
			}
		}
		return false;
	}
	if (is_boolean(setting))
	{
		*slot = cJSON_IsTrue(value);
		return cJSON_IsBool(value);
	}
	if (cJSON_IsNull(value) && setting->min <= 0)
		*slot = 0;
	else if (sim_json_is_integer(value) &&
			 (int64_t) value->valuedouble >= setting->min &&
			 (int64_t) value->valuedouble <= setting->max)
		*slot = (int64_t) value->valuedouble;
	else
		return false;
	return true;
}

/* What the setting takes, as a message that the caller frees. */
static char *
describe_setting(const Setting *setting)
{
	SimText		text = {0};
	char	   *message;

	if (is_boolean(setting))
		return sim_format("\"%s\" is true or false", setting->name);
	if (setting->choices == NULL)
		return sim_format("\"%s\" is a number from %lld to %lld",
						  setting->name, (long long) setting->min,
						  (long long) setting->max);
	for (int i = 0; setting->choices[i] != NULL; i++)
	{
		if (i > 0)
			sim_text_add(&text, ", ", 2);
		sim_text_add(&text, setting->choices[i], strlen(setting->choices[i]));
	}
	message = sim_format("\"%s\" is one of %s", setting->name, text.data);
	sim_text_free(&text);
	return message;
}

/* A message when the list is wrong; the caller frees it. */
static char *
read_ignored(const cJSON *value, SimConfig *changed)
{
	const cJSON *item;

	changed->nignored = 0;
	cJSON_ArrayForEach(item, value)
	{
		const char *name = cJSON_GetStringValue(item);

		if (name == NULL || strlen(name) >= SIM_NAME_LEN ||
			changed->nignored >= SIM_MAX_IGNORED)
			return sim_strdup("\"ignore_filters\" must be a list of names");
		snprintf(changed->ignored[changed->nignored++], SIM_NAME_LEN, "%s",
				 name);
	}
	return cJSON_IsArray(value) ? NULL :
		sim_strdup("\"ignore_filters\" must be a list of names");
}

/* The same, of any setting. */
static char *
read_member(const cJSON *member, SimConfig *changed)
{
	if (strcmp(member->string, "faults") == 0)
		return sim_fault_check(member);
	if (strcmp(member->string, "ignore_filters") == 0)
		return read_ignored(member, changed);
	for (const Setting *s = settings; s->name != NULL; s++)
	{
		if (strcmp(member->string, s->name) == 0)
			return read_setting(s, member, slot_of(changed, s)) ? NULL :
				describe_setting(s);
	}
	return sim_format("there is no setting \"%s\"", member->string);
}

/*
 * Merges changes over the settings.  Returns NULL, or a message that the
 * caller frees; then nothing is changed.
 */
char *
sim_config_merge(const cJSON *changes)
{
	SimConfig	changed;
	const cJSON *member;
	char	   *why = NULL;

	if (!cJSON_IsObject(changes))
		return sim_strdup("a JSON object is expected");
	sim_lock();
	changed = config;
	cJSON_ArrayForEach(member, changes)
	{
		if ((why = read_member(member, &changed)) != NULL)
			break;
	}
	if (why == NULL)
	{
		config = changed;
		member = sim_json_get(changes, "faults");
		if (member != NULL)
			sim_fault_set(member);
	}
	sim_unlock();
	return why;
}

/* All settings as an object that the caller deletes. */
cJSON *
sim_config_show(void)
{
	cJSON	   *all = cJSON_CreateObject();
	cJSON	   *ignored;

	sim_lock();
	for (const Setting *s = settings; s->name != NULL; s++)
	{
		int64_t		value = *slot_of(&config, s);

		if (s->choices != NULL)
			cJSON_AddStringToObject(all, s->name, s->choices[value]);
		else if (is_boolean(s))
			cJSON_AddBoolToObject(all, s->name, value != 0);
		else
			cJSON_AddNumberToObject(all, s->name, (double) value);
	}
	ignored = cJSON_AddArrayToObject(all, "ignore_filters");
	for (int i = 0; i < config.nignored; i++)
		cJSON_AddItemToArray(ignored, cJSON_CreateString(config.ignored[i]));
	cJSON_AddItemToObject(all, "faults", sim_fault_show());
	sim_unlock();
	return all;
}

/* All settings at one moment. */
void
sim_config_copy(SimConfig *copy)
{
	sim_lock();
	*copy = config;
	sim_unlock();
}

/* The simulator's clock, Unix seconds. */
int64_t
sim_config_now(const SimConfig *c)
{
	return (c->clock ? c->clock : (int64_t) time(NULL)) + c->clock_offset;
}

/* Is the parameter to have no effect? */
bool
sim_config_ignores(const SimConfig *c, const char *name)
{
	for (int i = 0; i < c->nignored; i++)
	{
		if (strcmp(c->ignored[i], name) == 0)
			return true;
	}
	return false;
}

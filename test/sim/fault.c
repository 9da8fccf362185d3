/*-------------------------------------------------------------------------
 *
 * fault.c
 *	  Rules that make the simulator misbehave.
 *
 * A rule says which requests it is for (action, where), which of them it
 * takes (skip, times, probability) and what happens then.  The first rule
 * that takes a request acts.  What the members do is in answer.c (content)
 * and reply.c (delivery).
 *
 * IDENTIFICATION
 *	  test/sim/fault.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "json.h"
#include "util.h"

/* more rules than that are a mistake of the test */
#define MAX_RULES 256

typedef struct Rule
{
	cJSON	   *json;
	int64_t		matched;		/* requests that the rule is for */
	int64_t		acted;
} Rule;

static Rule rules[MAX_RULES];
static int	nrules;

typedef enum Kind
{
	TEXT, HEX, TRUTH, OBJECT, LIST, WHOLE, NUMBER
} Kind;

/* in messages, in the order of the kinds */
static const char *const kinds[] = {
	"a text", "bytes in hexadecimal", "true or false", "an object", "a list",
	"a whole number", "a number"
};

typedef struct Member
{
	const char *name;
	Kind		kind;
	bool		named;			/* part of the outcome in the log */
	double		min;			/* of numbers */
	double		max;
} Member;

/* sizes and times are bounded: a slip in a test must not fill the machine */
static const Member members[] = {
	{"action", TEXT, false, 0, 0},
	{"where", OBJECT, false, 0, 0},
	{"skip", WHOLE, false, 0, 1e9},
	{"times", WHOLE, false, 0, 1e9},
	{"probability", NUMBER, false, 0, 1},
	{"seed", WHOLE, false, 0, 9e15},
	{"latency_ms", WHOLE, false, 0, 600000},
	{"slow_bytes_ms", WHOLE, false, 0, 60000},
	{"error", OBJECT, false, 0, 0},
	{"http_status", WHOLE, false, 200, 599},
	{"http", OBJECT, true, 0, 0},
	{"reset", TRUTH, true, 0, 0},
	{"stall", TEXT, true, 0, 0},
	{"truncate", WHOLE, true, 0, 1e9},
	{"close", TRUTH, true, 0, 0},
	{"raw", TEXT, true, 0, 0},
	{"raw_hex", HEX, true, 0, 0},
	{"patch", LIST, true, 0, 0},
	{"replace", OBJECT, true, 0, 0},
	{"not_ready", TRUTH, true, 0, 0},
	{"repeat_page", TRUTH, true, 0, 0},
	{"wrong_page", TRUTH, true, 0, 0},
	{"total_drift", NUMBER, true, -1e9, 1e9},
	{"gzip_bomb", WHOLE, true, 0, 2147483648.0},
	{"pad", WHOLE, true, 0, 1073741824.0},
	{NULL, TEXT, false, 0, 0}
};

static bool
is_hex(const char *text)
{
	return text != NULL && strlen(text) % 2 == 0 &&
		strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static bool
kind_fits(const Member *member, const cJSON *value)
{
	switch (member->kind)
	{
		case TEXT:
			return cJSON_IsString(value);
		case HEX:
			return is_hex(cJSON_GetStringValue(value));
		case TRUTH:
			return cJSON_IsBool(value);
		case OBJECT:
			return cJSON_IsObject(value);
		case LIST:
			return cJSON_IsArray(value);
		case WHOLE:
		case NUMBER:
			return cJSON_IsNumber(value) &&
				(member->kind == NUMBER || sim_json_is_integer(value)) &&
				value->valuedouble >= member->min &&
				value->valuedouble <= member->max;
	}
	return false;
}

/* What the member takes, as a message that the caller frees. */
static char *
describe(const Member *member)
{
	if (member->kind == WHOLE || member->kind == NUMBER)
		return sim_format("\"%s\" of a fault is %s from %.0f to %.0f",
						  member->name, kinds[member->kind], member->min,
						  member->max);
	return sim_format("\"%s\" of a fault is %s", member->name,
					  kinds[member->kind]);
}

/* NULL when a rule has such a member, else a message (caller frees). */
static char *
check_member(const cJSON *item)
{
	SimText		names = {0};
	char	   *message;

	for (const Member *m = members; m->name != NULL; m++)
	{
		if (strcmp(m->name, item->string) == 0)
			return kind_fits(m, item) ? NULL : describe(m);
	}
	for (const Member *m = members; m->name != NULL; m++)
	{
		sim_text_add(&names, " ", 1);
		sim_text_add(&names, m->name, strlen(m->name));
	}
	message = sim_format("a fault has no member \"%s\", only%s", item->string,
						 names.data);
	sim_text_free(&names);
	return message;
}

/* Does an object have these members, and no others? */
static bool
has_only(const cJSON *object, const char *const *names)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, object)
	{
		int			i = 0;

		while (names[i] != NULL && strcmp(names[i], item->string) != 0)
			i++;
		if (names[i] == NULL)
			return false;
	}
	return true;
}

/* The members whose inner form matters; a message (caller frees) or NULL. */
static char *
check_inside(const cJSON *rule)
{
	static const char *const error[] = {"code", "message", NULL};
	static const char *const http[] = {"status", "body", "type",
	"location", NULL};
	static const char *const replace[] = {"find", "with", "with_hex", NULL};
	const cJSON *item;
	const char *text;

	item = sim_json_get(rule, "error");
	if (item && (!has_only(item, error) || !sim_json_text(item, "code")))
		return sim_strdup("\"error\" needs \"code\", may have \"message\"");
	item = sim_json_get(rule, "http");
	if (item && (!has_only(item, http) ||
				 sim_json_integer(item, "status", 0) < 200 ||
				 sim_json_integer(item, "status", 0) > 599))
		return sim_strdup("\"http\" needs \"status\", may have \"body\", "
						  "\"type\", \"location\"");
	item = sim_json_get(rule, "replace");
	if (item && (!has_only(item, replace) || !sim_json_text(item, "find") ||
				 !*sim_json_text(item, "find") ||
				 (sim_json_get(item, "with_hex") ?
				  !is_hex(sim_json_text(item, "with_hex")) :
				  !sim_json_text(item, "with"))))
		return sim_strdup("\"replace\" needs \"find\" and \"with\" or "
						  "\"with_hex\"");
	text = sim_json_text(rule, "stall");
	if (text && strcmp(text, "headers") != 0 && strcmp(text, "body") != 0)
		return sim_strdup("\"stall\" is \"headers\" or \"body\"");
	return NULL;
}

/* NULL when these rules can be used, else a message that the caller frees. */
char *
sim_fault_check(const cJSON *list)
{
	const cJSON *rule;
	const cJSON *item;
	char	   *why;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > MAX_RULES)
		return sim_strdup("\"faults\" must be a list of rules");
	cJSON_ArrayForEach(rule, list)
	{
		if (!cJSON_IsObject(rule))
			return sim_strdup("a fault must be an object");
		cJSON_ArrayForEach(item, rule)
		{
			if ((why = check_member(item)) != NULL)
				return why;
		}
		if ((why = check_inside(rule)) != NULL)
			return why;
	}
	return NULL;
}

/* Replaces all rules by copies of these (checked) ones, counters at zero. */
void
sim_fault_set(const cJSON *list)
{
	const cJSON *rule;

	for (int i = 0; i < nrules; i++)
		cJSON_Delete(rules[i].json);
	memset(rules, 0, sizeof(rules));
	nrules = 0;
	cJSON_ArrayForEach(rule, list)
		rules[nrules++].json = cJSON_Duplicate(rule, true);
}

/* A copy of all rules, which the caller deletes. */
cJSON *
sim_fault_show(void)
{
	cJSON	   *list = cJSON_CreateArray();

	for (int i = 0; i < nrules; i++)
		cJSON_AddItemToArray(list, cJSON_Duplicate(rules[i].json, true));
	return list;
}

static bool
rule_is_for(const cJSON *rule, const char *action, const cJSON *params)
{
	const char *wanted = sim_json_text(rule, "action");
	const cJSON *item;

	if (wanted != NULL && strcmp(wanted, action) != 0)
		return false;
	cJSON_ArrayForEach(item, sim_json_get(rule, "where"))
	{
		if (!cJSON_Compare(item, sim_json_get(params, item->string), true))
			return false;
	}
	return true;
}

/* Does the rule take the n-th request (from 0) that it is for? */
static bool
rule_takes(const Rule *rule, int64_t n)
{
	const cJSON *p = sim_json_get(rule->json, "probability");
	int64_t		seed = sim_json_integer(rule->json, "seed", 0);
	int64_t		times = sim_json_integer(rule->json, "times", INT64_MAX);

	if (n < sim_json_integer(rule->json, "skip", 0) || rule->acted >= times)
		return false;
	if (p == NULL)
		return true;
	return (double) (sim_mix((uint64_t) seed, (uint64_t) n) >> 11) /
		9007199254740992.0 < p->valuedouble;
}

/* A copy of the rule that acts on this request, or NULL.  Caller deletes. */
cJSON *
sim_fault_pick(const char *action, const cJSON *params)
{
	cJSON	   *picked = NULL;

	sim_lock();
	for (int i = 0; i < nrules && picked == NULL; i++)
	{
		Rule	   *rule = &rules[i];

		if (rule_is_for(rule->json, action, params) &&
			rule_takes(rule, rule->matched++))
		{
			rule->acted++;
			picked = cJSON_Duplicate(rule->json, true);
		}
	}
	sim_unlock();
	return picked;
}

/* Is the answer what it would be without the rule (NULL = there is none)? */
bool
sim_fault_only_delays(const cJSON *rule)
{
	static const char *const harmless[] = {"action", "where", "skip", "times",
	"probability", "seed", "latency_ms", NULL};

	return has_only(rule, harmless);
}

/* The rule's kinds of fault joined by '+'; NULL when it has none to name. */
char *
sim_fault_name(const cJSON *rule)
{
	SimText		text = {0};

	for (const Member *m = members; m->name != NULL; m++)
	{
		const cJSON *item = sim_json_get(rule, m->name);

		if (!m->named || item == NULL || cJSON_IsFalse(item))
			continue;
		if (text.len > 0)
			sim_text_add(&text, "+", 1);
		sim_text_add(&text, m->name, strlen(m->name));
	}
	return text.data;
}

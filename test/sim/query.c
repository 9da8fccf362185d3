/*-------------------------------------------------------------------------
 *
 * query.c
 *	  Parameters of an action out of a query string.
 *
 * GET requests flatten lists (TagKey.0=a&TagKey.1=b) and lose the types;
 * both are restored with the help of the action's model.
 *
 * IDENTIFICATION
 *	  test/sim/query.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rules.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Undoes the percent encoding; NULL when it is broken.  Caller frees. */
static char *
decode(const char *text, size_t len)
{
	char	   *out = sim_alloc(len + 1);
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
	{
		if (text[i] == '%')
		{
			int			high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
			int			low = i + 2 < len ? hex_digit(text[i + 2]) : -1;

			if (high < 0 || low < 0 || high + low == 0)
			{
				free(out);
				return NULL;
			}
			out[n++] = (char) (high * 16 + low);
			i += 2;
		}
		else
			out[n++] = text[i] == '+' ? ' ' : text[i];
	}
	return out;
}

static cJSON *
typed(const char *type, const char *text)
{
	char	   *end;
	long long	number;

	if (type != NULL && strcmp(type, "integer") == 0)
	{
		number = strtoll(text, &end, 10);
		if (*text != '\0' && *end == '\0')
			return cJSON_CreateNumber((double) number);
	}
	return cJSON_CreateString(text);
}

/* Adds one name=value; lists must come in the order of their numbers. */
static bool
add_pair(const SimAction *action, cJSON *params, char *name,
		 const char *value, SimError *error)
{
	char	   *dot = strchr(name, '.');
	const cJSON *param;
	cJSON	   *list;
	char	   *end;

	if (dot != NULL)
		*dot = '\0';
	param = sim_rules_param(action, name);
	if (param == NULL ||
		(dot != NULL) != (strcmp(sim_json_text(param, "type"), "array") == 0))
		return sim_fail(error, "UnknownParameter",
						"The parameter `%.200s` is not recognized.", name);
	if (dot == NULL)
	{
		cJSON_AddItemToObject(params, name,
							  typed(sim_json_text(param, "type"), value));
		return true;
	}
	list = sim_json_get(params, name);
	if (list == NULL)
		list = cJSON_AddArrayToObject(params, name);
	if (dot[1] == '\0' ||
		strtol(dot + 1, &end, 10) != cJSON_GetArraySize(list) || *end)
		return sim_fail(error, "InvalidParameter",
						"The items of %.200s are not numbered 0, 1, ...",
						name);
	cJSON_AddItemToArray(list, typed(sim_json_text(param, "items"), value));
	return true;
}

/* The parameters as an object that the caller deletes; NULL on an error. */
cJSON *
sim_rules_from_query(const SimAction *action, const char *query,
					 SimError *error)
{
	cJSON	   *params = cJSON_CreateObject();
	bool		fine = true;

	while (fine && *query != '\0')
	{
		size_t		len = strcspn(query, "&");
		size_t		equal = strcspn(query, "=&");
		char	   *name = decode(query, equal);
		char	   *value = equal < len ?
			decode(query + equal + 1, len - equal - 1) : NULL;

		if (name == NULL || value == NULL)
			fine = sim_fail(error, "InvalidParameter",
							"The query string is not well formed.");
		else
			fine = add_pair(action, params, name, value, error);
		free(name);
		free(value);
		query += len + (query[len] == '&');
	}
	if (fine)
		return params;
	cJSON_Delete(params);
	return NULL;
}

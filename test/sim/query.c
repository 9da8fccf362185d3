/*-------------------------------------------------------------------------
 *
 * query.c
 *	  Parameters of an action out of a query string.
 *
 * GET requests flatten lists (TagKey.0=a&TagKey.1=b) and objects
 * (Conditions.RegionIds.0=4), and lose the types; all of that is restored
 * with the help of the models.
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
			int			high = i + 2 < len ? sim_hex_digit(text[i + 1]) : -1;
			int			low = i + 2 < len ? sim_hex_digit(text[i + 2]) : -1;

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

/* A value of its type; what does not fit stays a text, to be refused. */
static cJSON *
typed(const char *type, const char *text)
{
	char	   *end;

	if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
	{
		double		number = strtod(text, &end);

		if (*text != '\0' && *end == '\0')
			return cJSON_CreateNumber(number);
	}
	if (strcmp(type, "boolean") == 0 &&
		(strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		return cJSON_CreateBool(*text == 't');
	return cJSON_CreateString(text);
}

static bool
unknown(const char *name, SimError *error)
{
	return sim_fail(error, "UnknownParameter",
					"The parameter `%.200s` is not recognized.", name);
}

/* The array or object of that name, made when it is not there yet. */
static cJSON *
member_of(cJSON *object, const char *name, bool array)
{
	cJSON	   *found = sim_json_get(object, name);

	if (found != NULL)
		return found;
	return array ? cJSON_AddArrayToObject(object, name) :
		cJSON_AddObjectToObject(object, name);
}

/* Puts a value where path, such as "RegionIds.0", says; path is cut up. */
static bool
put(const cJSON *list, cJSON *object, char *path, const char *value,
	SimError *error)
{
	char	   *rest = strchr(path, '.');
	const cJSON *param;
	const char *type;
	cJSON	   *inside;
	char	   *end;

	if (rest != NULL)
		*rest++ = '\0';
	param = sim_model_named(list, path);
	type = param ? sim_json_text(param, "type") : "";
	if (param == NULL || (rest != NULL) != (strcmp(type, "array") == 0 ||
											strcmp(type, "object") == 0))
		return unknown(path, error);
	if (rest == NULL)
	{
		cJSON_AddItemToObject(object, path, typed(type, value));
		return true;
	}
	inside = member_of(object, path, *type == 'a');
	if (strcmp(type, "object") == 0)
		return put(sim_model_type(sim_json_text(param, "object")), inside,
				   rest, value, error);
	/* items must come in the order of their numbers */
	if (*rest == '\0' ||
		strtol(rest, &end, 10) != cJSON_GetArraySize(inside) || *end)
		return sim_fail(error, "InvalidParameter",
						"The items of %.200s are not numbered 0, 1, ...",
						path);
	cJSON_AddItemToArray(inside, typed(sim_json_text(param, "items"), value));
	return true;
}

/* The parameters as an object that the caller deletes; NULL on an error. */
cJSON *
sim_query_params(const SimAction *action, const char *query,
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
			fine = put(action->request, params, name, value, error);
		free(name);
		free(value);
		query += len + (query[len] == '&');
	}
	if (fine)
		return params;
	cJSON_Delete(params);
	return NULL;
}

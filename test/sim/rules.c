/*-------------------------------------------------------------------------
 *
 * rules.c
 *	  What a request may contain: which parameters, and which together.
 *
 * IDENTIFICATION
 *	  test/sim/rules.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "json.h"
#include "rules.h"

/* The action of that name; NULL with an error when the site has none. */
const SimAction *
sim_rules_find(const char *name, int64_t site, SimError *error)
{
	const SimAction *action = sim_model_find(name);

	if (action == NULL)
		sim_fail(error, "InvalidAction",
				 "The requested API action does not exist.");
	else if (!sim_model_offered(action->model, site))
	{
		sim_fail(error, "UnsupportedOperation",
				 "The requested API action is not supported on this site.");
		return NULL;
	}
	return action;
}

/* Tags are asked for by key, and perhaps by value. */
static bool
check_tags(const SimAction *action, const cJSON *params,
		   const SimConfig *config, SimError *error)
{
	const char *group = sim_json_text(params, "GroupType");
	const cJSON *keys = sim_json_get(params, "TagKey");

	if (sim_json_get(params, "TagValue") != NULL && keys == NULL)
		return sim_fail(error, "InvalidParameter",
						"TagValue is given without TagKey.");
	if (group == NULL || sim_model_named(action->request, "TagKey") == NULL)
		return true;
	if (strcmp(group, "tag") == 0 && cJSON_GetArraySize(keys) == 0 &&
		config->tag_without_key == SIM_NO_TAG_ERROR)
		return sim_fail(error, "MissingParameter",
						"TagKey is needed with GroupType=tag.");
	return true;
}

/* Are all of these parameters given? */
static bool
has_all(const cJSON *params, const cJSON *names)
{
	const cJSON *name;

	cJSON_ArrayForEach(name, names)
	{
		if (sim_json_get(params, name->valuestring) == NULL)
			return false;
	}
	return true;
}

/* Some actions need one of several sets of parameters. */
static bool
check_either(const SimAction *action, const cJSON *params, SimError *error)
{
	const cJSON *sets = sim_json_get(sim_model_note(action, "either"), "of");
	const cJSON *set;

	if (sets == NULL)
		return true;
	cJSON_ArrayForEach(set, sets)
	{
		if (has_all(params, set))
			return true;
	}
	return sim_fail(error, "MissingParameter",
					"The request lacks parameters that say which period.");
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
			(paging || !sim_model_is_paging(action, name)))
			return sim_fail(error, "MissingParameter",
							"The request is missing the required parameter "
							"`%s`.", name);
	}
	return sim_value_check(action, params, config, error) &&
		check_tags(action, params, config, error) &&
		check_either(action, params, error) &&
		sim_range_check(action, params, error);
}

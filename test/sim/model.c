/*-------------------------------------------------------------------------
 *
 * model.c
 *	  The vendor's models of the actions, and what only their prose says.
 *
 * Names, types, lists, bounds, paths and kinds of paging come from
 * data/actions.json, which is the vendor's.  What the documents state in
 * sentences only, such as which row field a time range is about, comes from
 * data/prose.json, which is ours and gives its reasons.
 *
 * IDENTIFICATION
 *	  test/sim/model.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "json.h"
#include "model.h"
#include "util.h"

#define MAX_ACTIONS 128

static SimAction actions[MAX_ACTIONS];
static int	nactions;

/* both are kept until the program ends: all SimActions point into them */
static cJSON *models;
static cJSON *prose;

static SimPaging
paging_of(const char *style)
{
	static const char *const names[] = {"none", "offset", "page", "token"};

	for (int i = 0; style != NULL && i < 4; i++)
	{
		if (strcmp(style, names[i]) == 0)
			return (SimPaging) i;
	}
	return SIM_PAGING_NONE;
}

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
	a->answer = sim_json_get(response, "fields");
	a->rows = path && strncmp(path, "Response.", 9) == 0 ? path + 9 : NULL;
	a->fields = a->rows == NULL ? a->answer :
		sim_model_type(sim_json_text(rows, "item"));
	a->paging = paging_of(sim_json_text(paging, "style"));
	a->position = sim_json_text(paging, a->paging == SIM_PAGING_PAGE ?
								"page_param" : "offset_param");
	a->size = sim_json_text(paging, "size_param");
	a->first = sim_json_integer(paging, "first", 0);
	a->token = sim_json_text(paging, "token_param");
	a->cursor = sim_json_text(sim_json_get(paging, "cursor"), "param");
	a->total = sim_json_text(sim_json_get(response, "totals"), "field");
	a->ready = cJSON_IsTrue(sim_json_get(response, "ready_flag"));
}

static cJSON *
load(const char *path)
{
	const char *why;
	cJSON	   *json = sim_json_load(path, &why);

	if (json == NULL)
		fprintf(stderr, "billing_sim: \"%s\": %s\n", path, why);
	return json;
}

/* Reads both files; false after a message. */
bool
sim_model_load(const char *models_path, const char *prose_path)
{
	const cJSON *list;
	const cJSON *model;

	models = load(models_path);
	prose = load(prose_path);
	if (models == NULL || prose == NULL)
		return false;
	list = sim_json_get(models, "actions");
	if (cJSON_GetArraySize(list) < 1 || cJSON_GetArraySize(list) > MAX_ACTIONS)
	{
		fprintf(stderr, "billing_sim: \"%s\" has no actions, or too many\n",
				models_path);
		return false;
	}
	cJSON_ArrayForEach(model, list)
		add_action(model);
	return true;
}

/* The action of that name, NULL when there is none. */
const SimAction *
sim_model_find(const char *name)
{
	for (int i = 0; i < nactions; i++)
	{
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	}
	return NULL;
}

/* Does a site have this action, parameter or field? */
bool
sim_model_offered(const cJSON *thing, int64_t site)
{
	const cJSON *sites = sim_json_get(thing, "sites");
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

/* The members of an object type; NULL when the models do not have it. */
const cJSON *
sim_model_type(const char *name)
{
	return name == NULL ? NULL :
		sim_json_get(sim_json_get(sim_json_get(models, "types"), name),
					 "fields");
}

/* The parameter or field of that name in a list of them, or NULL. */
const cJSON *
sim_model_named(const cJSON *list, const char *name)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (strcmp(sim_json_text(item, "name"), name) == 0)
			return item;
	}
	return NULL;
}

/* Does the parameter only say which rows, and how many, of all? */
bool
sim_model_is_paging(const SimAction *action, const char *name)
{
	const char *const params[] = {
		action->position, action->size, action->token, action->cursor
	};

	for (int i = 0; i < 4; i++)
	{
		if (params[i] != NULL && strcmp(params[i], name) == 0)
			return true;
	}
	return false;
}

/* A section of data/prose.json. */
const cJSON *
sim_model_prose(const char *section)
{
	return sim_json_get(prose, section);
}

/* What a section of it says of an action, or NULL. */
const cJSON *
sim_model_note(const SimAction *action, const char *section)
{
	return sim_json_get(sim_model_prose(section), action->name);
}

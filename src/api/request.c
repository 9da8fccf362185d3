/*-------------------------------------------------------------------------
 *
 * request.c
 *	  The JSON body of a request.
 *
 * IDENTIFICATION
 *	  src/api/request.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/* All of these return false when out of memory. */

static bool
add_item(cJSON *body, const char *member, cJSON *item)
{
	if (cJSON_AddItemToObject(body, member, item))
		return true;
	cJSON_Delete(item);
	return false;
}

/* As text: cJSON would turn it into a double. */
static bool
add_integer(cJSON *body, const char *member, int64_t value)
{
	char		text[32];

	snprintf(text, sizeof(text), "%" PRId64, value);
	return add_item(body, member, cJSON_CreateRaw(text));
}

static bool
add_list(cJSON *body, const char *member, const BfArgument *argument)
{
	cJSON	   *list = cJSON_CreateArray();

	for (int i = 0; list != NULL && i < argument->nvalues; i++)
	{
		cJSON	   *value = cJSON_CreateString(argument->values[i]);

		if (!cJSON_AddItemToArray(list, value))
		{
			cJSON_Delete(value);
			cJSON_Delete(list);
			return false;
		}
	}
	return add_item(body, member, list);
}

/*
 * Several values of a parameter that takes one go out as a list as well: the
 * API then refuses the call instead of answering for one of them.
 */
static bool
add_argument(cJSON *body, const char *member, bool list,
			 const BfArgument *argument)
{
	if (list || argument->nvalues > 1)
		return add_list(body, member, argument);
	return add_item(body, member, cJSON_CreateString(argument->values[0]));
}

static bool
add_arguments(cJSON *body, const BfParam *params, const BfArgument *args)
{
	for (int i = 0; params[i].column != NULL; i++)
	{
		const BfParam *param = &params[i];

		if (args[i].nvalues == 0)
			continue;
		if (!add_argument(body, param->member, param->list, &args[i]))
			return false;
		if (param->member2 != NULL &&
			!add_argument(body, param->member2, param->list, &args[i]))
			return false;
	}
	return true;
}

/* A number that the documents want as a JSON number, or as a string. */
static bool
add_paging_member(cJSON *body, const BfAction *action, const char *member,
				  int64_t value)
{
	char		text[32];

	if (!action->text_paging)
		return add_integer(body, member, value);
	snprintf(text, sizeof(text), "%" PRId64, value);
	return add_item(body, member, cJSON_CreateString(text));
}

static bool
add_paging(cJSON *body, const BfAction *action, const BfPageSpec *page)
{
	if (action->paging == BF_PAGING_NONE)
		return true;
	return add_paging_member(body, action, action->page_member, page->offset) &&
		add_paging_member(body, action, action->size_member, page->limit);
}

static bool
add_constants(cJSON *body, const BfConstant *constant)
{
	for (; constant != NULL && constant->member != NULL; constant++)
		if (!add_item(body, constant->member, cJSON_CreateRaw(constant->json)))
			return false;
	return true;
}

/* A copy for free(): cJSON's own memory may be under another's hooks. */
static char *
print_body(const cJSON *body)
{
	char	   *printed = cJSON_PrintUnformatted(body);
	size_t		size = printed ? strlen(printed) + 1 : 0;
	char	   *copy = printed ? malloc(size) : NULL;

	if (copy != NULL)
		memcpy(copy, printed, size);
	cJSON_free(printed);
	return copy;
}

/*
 * The body of one request of an action, as compact JSON in UTF-8.
 *
 * args[i] belongs to action->params[i].  "page" is for actions that page;
 * others may pass NULL.
 * Returns text for the caller to free(), or NULL when out of memory.
 */
char *
bf_request_body(const BfAction *action, const BfArgument *args,
				const BfPageSpec *page)
{
	cJSON	   *body = cJSON_CreateObject();
	char	   *text = NULL;

	if (body != NULL &&
		add_arguments(body, action->params, args) &&
		add_paging(body, action, page) &&
		add_constants(body, action->constants))
		text = print_body(body);
	cJSON_Delete(body);
	return text;
}

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

#include "api/month.h"
#include "api/value.h"

/* "YYYY-MM-DD hh:mm:ss", its NUL, and room for what the compiler fears. */
#define TIME_SIZE	64

/* Names of objects within the body are cut at this many bytes. */
#define MAX_NAME	64

/* All of these return false when out of memory. */

/*
 * The object that member "A" is, which is made at its first use, to be
 * filled by all whose member is "A.B".
 */
static cJSON *
inner_object(cJSON *body, const char *name, int length)
{
	char		member[MAX_NAME];
	cJSON	   *inner;

	snprintf(member, sizeof(member), "%.*s", length, name);
	inner = cJSON_GetObjectItemCaseSensitive(body, member);
	if (inner == NULL)
		return cJSON_AddObjectToObject(body, member);
	return cJSON_IsObject(inner) ? inner : NULL;	/* the catalog has none */
}

/* Takes the item, which may be NULL: there was no memory for it. */
static bool
add_item(cJSON *body, const char *member, cJSON *item)
{
	const char *dot;

	while (body != NULL && (dot = strchr(member, '.')) != NULL)
	{
		body = inner_object(body, member, (int) (dot - member));
		member = dot + 1;
	}
	if (cJSON_AddItemToObject(body, member, item))
		return true;
	cJSON_Delete(item);
	return false;
}

/*
 * An integer of any length as a JSON number: cJSON would turn it into a
 * double.  What is none stays a text, for the API to refuse.
 */
static cJSON *
make_integer(const char *text)
{
	return bf_value_is_integer(text) ? cJSON_CreateRaw(text) :
		cJSON_CreateString(text);
}

/* The first or last day or second of a month that is written as YYYY-MM. */
static cJSON *
make_month_bound(const BfParam *param, const char *text, bool end)
{
	BfMonth		month = bf_month_parse(text);
	const char *time = "";
	char		bound[TIME_SIZE];

	if (month == BF_MONTH_INVALID)
		return cJSON_CreateString(text);	/* for the API to refuse */
	if (param->form == BF_FORM_SECOND)
		time = end ? " 23:59:59" : " 00:00:00";
	snprintf(bound, sizeof(bound), "%s-%02d%s", text,
			 end ? bf_month_days(month) : 1, time);
	return cJSON_CreateString(bound);
}

/* A value as the parameter's form wants it; "end" is that of member2. */
static cJSON *
make_value(const BfParam *param, const char *text, bool end)
{
	switch (param->form)
	{
		case BF_FORM_INTEGER:
			return make_integer(text);
		case BF_FORM_DAY:
		case BF_FORM_SECOND:
			if (param->domain == BF_DOMAIN_MONTH)
				return make_month_bound(param, text, end);
			break;				/* written so already */
		case BF_FORM_TEXT:
		case BF_FORM_DIGITS:
			break;
	}
	return cJSON_CreateString(text);
}

/*
 * Several values of a parameter that takes one go out as a list as well: the
 * API then refuses the call instead of answering for one of them.
 */
static bool
add_values(cJSON *body, const BfParam *param, const char *const *values,
		   int nvalues, bool end)
{
	const char *member = end ? param->member2 : param->member;
	cJSON	   *list;

	if (!param->list && !param->array && nvalues == 1)
		return add_item(body, member, make_value(param, values[0], end));
	list = cJSON_CreateArray();
	for (int i = 0; list != NULL && i < nvalues; i++)
	{
		cJSON	   *value = make_value(param, values[i], end);

		if (!cJSON_AddItemToArray(list, value))
		{
			cJSON_Delete(value);
			cJSON_Delete(list);
			return false;
		}
	}
	return add_item(body, member, list);
}

static bool
add_range(cJSON *body, const BfParam *param, const BfArgument *argument)
{
	for (int i = 0; i < 2 && i < argument->nvalues; i++)
		if (argument->values[i] != NULL &&
			!add_values(body, param, &argument->values[i], 1, i == 1))
			return false;
	return true;
}

static bool
add_arguments(cJSON *body, const BfParam *params, const BfArgument *args)
{
	for (int i = 0; params[i].column != NULL; i++)
	{
		const BfParam *param = &params[i];
		const BfArgument *argument = &args[i];

		if (param->domain == BF_DOMAIN_RANGE)
		{
			if (!add_range(body, param, argument))
				return false;
			continue;
		}
		if (argument->nvalues == 0)
			continue;
		if (!add_values(body, param, argument->values, argument->nvalues, false))
			return false;
		if (param->member2 != NULL &&
			!add_values(body, param, argument->values, argument->nvalues, true))
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

	/* As text in either case: cJSON would turn it into a double. */
	snprintf(text, sizeof(text), "%" PRId64, value);
	return add_item(body, member, action->text_paging ?
					cJSON_CreateString(text) : cJSON_CreateRaw(text));
}

/* What "page_member" says. */
static int64_t
page_position(const BfAction *action, const BfPageSpec *page)
{
	if (action->paging != BF_PAGING_NUMBER)
		return page->offset;
	return action->first_page +
		(page->limit > 0 ? page->offset / page->limit : 0);
}

static bool
add_paging(cJSON *body, const BfAction *action, const BfPageSpec *page)
{
	if (action->paging == BF_PAGING_NONE)
		return true;
	if (action->paging != BF_PAGING_TOKEN &&
		!add_paging_member(body, action, action->page_member,
						   page_position(action, page)))
		return false;
	if (!add_paging_member(body, action, action->size_member, page->limit))
		return false;
	return action->cursor == NULL || page->cursor == NULL ||
		add_item(body, action->cursor, cJSON_CreateString(page->cursor));
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

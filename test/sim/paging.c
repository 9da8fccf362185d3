/*-------------------------------------------------------------------------
 *
 * paging.c
 *	  Which rows a request is for, and how the answer says where to go on.
 *
 * Tokens and cursors are opaque to clients.  They hold the number of rows
 * to skip, sealed with all other parameters: one that was issued for
 * another request is refused.
 *
 * IDENTIFICATION
 *	  test/sim/paging.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "json.h"
#include "scope.h"

/* the offset in a token is not meant to be read */
#define DISGUISE UINT64_C(0x5eed0ff5e7)

/* What all pages of a listing have in common, whatever the order. */
static uint64_t
listing_of(const SimCall *call)
{
	uint64_t	sum = sim_hash(call->action->name);
	const cJSON *item;

	cJSON_ArrayForEach(item, call->params)
	{
		char	   *text;

		if (sim_model_is_paging(call->action, item->string) ||
			strcmp(item->string, "NeedRecordNum") == 0)
			continue;
		text = cJSON_PrintUnformatted(item);
		sum += sim_mix(sim_hash(item->string), sim_hash(text));
		cJSON_free(text);
	}
	return sum;
}

static void
write_token(const SimCall *call, int64_t offset, char out[64])
{
	snprintf(out, 64, "VDAw%016llx%llx",
			 (unsigned long long) sim_mix(listing_of(call),
										  (uint64_t) offset),
			 (unsigned long long) ((uint64_t) offset ^ DISGUISE));
}

/* The offset in a token; false when it was not issued for this listing. */
static bool
read_token(const SimCall *call, const char *token, int64_t *offset)
{
	char		issued[64];
	char	   *end;

	if (strlen(token) <= 20)
		return false;
	*offset = (int64_t) (strtoull(token + 20, &end, 16) ^ DISGUISE);
	write_token(call, *offset, issued);
	return *end == '\0' && strcmp(token, issued) == 0;
}

/* Does this month have cursors? */
static bool
has_cursor(const SimCall *call)
{
	const char *since = sim_json_text(sim_model_note(call->action,
													 "cursor_since"),
									  "month");
	char		month[8];

	return call->action->cursor != NULL &&
		(since == NULL || (sim_scope_month(call, month) &&
						   strcmp(month, since) >= 0));
}

/* A position without a unit: of a page, or of a row. */
static bool
counts_pages(const SimCall *call)
{
	if (sim_model_note(call->action, "pages_or_rows") != NULL)
		return call->config.deals_offset == SIM_DEALS_PAGES;
	return call->action->paging == SIM_PAGING_PAGE;
}

static bool
check_tokens(const SimCall *call, SimPage *page, SimError *error)
{
	const SimAction *action = call->action;
	const char *token = action->token ?
		sim_json_text(call->params, action->token) : NULL;
	const char *cursor = action->cursor ?
		sim_json_text(call->params, action->cursor) : NULL;
	int64_t		offset;

	/* documented tokens and cursors are of no listing of ours */
	if (call->config.data == SIM_DATA_EXAMPLES)
		return true;
	if (token != NULL && *token != '\0' &&
		!read_token(call, token, &page->asked))
		return sim_fail(error, "InvalidParameterValue",
						"The parameter %s is not of this request.",
						action->token);
	if (cursor != NULL && *cursor != '\0' &&
		(!has_cursor(call) || !read_token(call, cursor, &offset) ||
		 offset != page->asked))
		return sim_fail(error, "InvalidParameterValue",
						"The parameter %s is not of the page before.",
						action->cursor);
	return true;
}

/*
 * Fills in the page but for its rows: as asked for, but for the cap and for
 * faults of paging.  False with an error of the API.
 */
bool
sim_paging_choose(const SimCall *call, const cJSON *fault, SimPage *page,
				  SimError *error)
{
	const SimAction *action = call->action;
	const cJSON *model = sim_json_get(sim_json_get(action->model, "response"),
									  "paging");
	int64_t		cap = call->config.limit_cap;
	int64_t		position;

	memset(page, 0, sizeof(*page));
	page->limit = INT64_MAX;
	if (action->size == NULL)
		return true;
	page->limit = sim_json_integer(call->params, action->size,
								   sim_json_integer(model, "default_size",
													INT64_MAX));
	if (cap > 0 && page->limit > cap)
		page->limit = cap;
	if (action->position != NULL)
	{
		position = sim_json_integer(call->params, action->position,
									action->first) - action->first;
		page->asked = !counts_pages(call) ? position :
			position > INT64_MAX / page->limit ? INT64_MAX :
			position * page->limit;
	}
	if (!check_tokens(call, page, error))
		return false;
	page->offset = page->asked;
	if (cJSON_IsTrue(sim_json_get(fault, "repeat_page")))
		page->offset -= page->offset < page->limit ? page->offset :
			page->limit;
	/* half a page too far: some right rows at wrong places, some wrong */
	if (cJSON_IsTrue(sim_json_get(fault, "wrong_page")))
		page->offset += (page->limit + 1) / 2;
	return true;
}

/* Is it the first page, as far as the request alone tells? */
bool
sim_paging_is_first(const SimCall *call)
{
	const SimAction *action = call->action;
	const char *token = action->token ?
		sim_json_text(call->params, action->token) : NULL;

	if (action->position != NULL &&
		sim_json_integer(call->params, action->position, action->first) !=
		action->first)
		return false;
	return token == NULL || *token == '\0';
}

/* What the next request has to repeat; nothing after the last page. */
void
sim_paging_mark(const SimCall *call, const SimPage *page, cJSON *response)
{
	const SimAction *action = call->action;
	int64_t		next = page->asked < page->total ? page->asked + page->limit :
		page->total;
	char		token[64];

	if (call->config.data == SIM_DATA_EXAMPLES)
		return;
	write_token(call, next, token);
	if (action->cursor != NULL && has_cursor(call))
		cJSON_AddStringToObject(response, action->cursor, token);
	if (action->token == NULL)
		return;
	if (page->limit < page->total - page->asked)
		cJSON_AddStringToObject(response, action->token, token);
	else if (call->config.empty_array == SIM_EMPTY_NULL)
		cJSON_AddNullToObject(response, action->token);
	else if (call->config.empty_array != SIM_EMPTY_MISSING)
		cJSON_AddStringToObject(response, action->token, "");
}

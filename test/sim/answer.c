/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  The answer to a call as a JSON object, and faults of its content.
 *
 * IDENTIFICATION
 *	  test/sim/answer.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "example.h"
#include "json.h"
#include "patch.h"

static cJSON *
envelope(cJSON *response)
{
	cJSON	   *answer = cJSON_CreateObject();

	cJSON_AddItemToObject(answer, "Response", response);
	return answer;
}

/* The answer that tells an error.  The caller deletes it. */
cJSON *
sim_answer_error(const SimError *error, const char *request_id)
{
	cJSON	   *response = cJSON_CreateObject();
	cJSON	   *object = cJSON_AddObjectToObject(response, "Error");

	cJSON_AddStringToObject(object, "Code", error->code);
	cJSON_AddStringToObject(object, "Message", error->message);
	cJSON_AddStringToObject(response, "RequestId", request_id);
	return envelope(response);
}

/* Was the total asked for, in the way that the model says ("Name=1")? */
static bool
wants_total(const SimCall *call)
{
	const cJSON *totals = sim_json_get(sim_json_get(call->action->model,
													"response"), "totals");
	const char *needs = sim_json_text(totals, "requires");
	const char *equal = needs ? strchr(needs, '=') : NULL;
	char	   *name;
	int64_t		value;

	if (equal == NULL)
		return true;
	name = sim_strndup(needs, (size_t) (equal - needs));
	value = sim_json_integer(call->params, name, 0);
	free(name);
	return value == strtoll(equal + 1, NULL, 10);
}

static void
add_total(const SimCall *call, cJSON *response, int64_t total)
{
	const char *path = call->action->total;

	if (path == NULL || call->action->rows == NULL || !wants_total(call) ||
		call->config.total == SIM_TOTAL_ABSENT)
		return;
	switch (call->config.total)
	{
		case SIM_TOTAL_NULL:
			sim_json_put(response, path, cJSON_CreateNull());
			return;
		case SIM_TOTAL_ZERO:
			total = 0;
			break;
		case SIM_TOTAL_STALE:
			total -= total < 1 ? 0 : 1 + (total - 1) / 10;
			break;
		case SIM_TOTAL_LARGE:
			total += 1 + total / 10;
			break;
	}
	sim_json_put(response, path, cJSON_CreateNumber((double) total));
}

/* The rows at their path; the row of an action with one is the answer. */
static void
add_rows(const SimCall *call, cJSON *response, cJSON *rows)
{
	const char *path = call->action->rows;
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (path == NULL)
	{
		cJSON	   *row = cJSON_GetArrayItem(rows, 0);
		cJSON	   *member;

		while (row != NULL && (member = row->child) != NULL)
		{
			cJSON_DetachItemViaPointer(row, member);
			cJSON_AddItemToObject(response, member->string, member);
		}
		cJSON_Delete(rows);
	}
	else if (cJSON_GetArraySize(rows) > 0)
		sim_json_put(response, path, rows);
	else if (dot == NULL)
	{
		cJSON_Delete(rows);
		sim_data_empty(call, response, path, false);
	}
	else
	{
		/* the object that would hold the rows is there without them */
		char	   *name = sim_strndup(path, (size_t) (dot - path));

		cJSON_Delete(rows);
		if (sim_json_at(response, name) == NULL)
			sim_json_put(response, name, cJSON_CreateObject());
		sim_data_empty(call, sim_json_at(response, name), dot + 1, false);
		free(name);
	}
}

/* The documented answer, or one made of generated rows; NULL = error. */
static cJSON *
regular_answer(const SimCall *call, const cJSON *fault,
			   const char *request_id, SimError *error)
{
	cJSON	   *answer = sim_example_find(call);
	cJSON	   *response;
	SimPage		page;

	if (answer != NULL)
		return answer;
	page.rows = NULL;
	if (!sim_paging_choose(call, fault, &page, error) ||
		!sim_data_rows(call, &page, error))
	{
		cJSON_Delete(page.rows);
		return NULL;
	}
	response = cJSON_CreateObject();
	if (call->action->ready && call->config.ready == SIM_READY_PRESENT)
		cJSON_AddNumberToObject(response, "Ready", 1);
	sim_beside_add(call, &page, response);
	add_rows(call, response, page.rows);
	sim_paging_mark(call, &page, response);
	add_total(call, response, page.total);
	cJSON_AddStringToObject(response, "RequestId", request_id);
	return envelope(response);
}

/* The total that drifts by so much with each page before this one. */
static void
drift_total(const SimCall *call, const cJSON *fault, cJSON *response)
{
	const SimAction *action = call->action;
	const cJSON *drift = sim_json_get(fault, "total_drift");
	cJSON	   *total = action->total ?
		sim_json_at(response, action->total) : NULL;
	SimPage		page;
	SimError	ignored;
	int64_t		before;

	if (drift == NULL || total == NULL || !cJSON_IsNumber(total) ||
		!sim_paging_choose(call, NULL, &page, &ignored))
		return;
	before = (page.asked + page.limit - 1) / page.limit;
	cJSON_SetNumberValue(total, total->valuedouble +
						 drift->valuedouble * (double) before);
}

/*
 * The whole answer with the faults of its content.  On an error of the API
 * it is the error's answer, and error says which.  Never NULL.
 */
cJSON *
sim_answer_make(const SimCall *call, const cJSON *fault,
				const char *request_id, SimError *error)
{
	const cJSON *told = sim_json_get(fault, "error");
	const char *message = sim_json_text(told, "message");
	const cJSON *patch = sim_json_get(fault, "patch");
	cJSON	   *answer = NULL;
	cJSON	   *ready;

	if (told != NULL)
		sim_fail(error, sim_json_text(told, "code"), "%s",
				 message ? message : "An error made by the simulator.");
	else if (cJSON_IsTrue(sim_json_get(fault, "not_ready")) &&
			 !call->action->ready)
		sim_fail(error, "FailedOperation.SummaryDataNotReady",
				 "The summary data is not ready.");
	else
		answer = regular_answer(call, fault, request_id, error);
	if (answer == NULL)
		answer = sim_answer_error(error, request_id);

	ready = sim_json_get(sim_json_get(answer, "Response"), "Ready");
	if (ready != NULL && cJSON_IsTrue(sim_json_get(fault, "not_ready")))
		cJSON_SetNumberValue(ready, 0);
	drift_total(call, fault, sim_json_get(answer, "Response"));
	if (patch != NULL && !sim_patch_apply(&answer, patch))
	{
		/* a patch that does not fit is a mistake of the test: be loud */
		cJSON_Delete(answer);
		sim_fail(error, "InternalError.PatchDoesNotApply",
				 "The patch of a fault does not apply to the answer.");
		answer = sim_answer_error(error, request_id);
	}
	return answer;
}

/* The rows of an answer, taken out of it. */
static cJSON *
detach_rows(const SimCall *call, cJSON *response)
{
	cJSON	   *found = call->action->rows == NULL ? response :
		sim_json_at(response, call->action->rows);
	cJSON	   *rows = cJSON_IsArray(found) ? cJSON_Duplicate(found, true) :
		cJSON_CreateArray();

	if (cJSON_IsObject(found))
	{
		cJSON_AddItemToArray(rows, cJSON_Duplicate(found, true));
		sim_data_strip(rows->child);
	}
	return rows;
}

/*
 * All rows for these parameters, as {"rows": [...], "beside": {...}} with
 * what the answer has beside them; NULL = error.
 */
cJSON *
sim_answer_dump(const SimCall *call, SimError *error)
{
	cJSON	   *answer = sim_example_find(call);
	cJSON	   *dump;
	cJSON	   *beside;
	SimPage		page = {.limit = INT64_MAX};

	if (answer != NULL)
	{
		page.rows = detach_rows(call, sim_json_get(answer, "Response"));
		cJSON_Delete(answer);
	}
	else if (!sim_data_rows(call, &page, error))
	{
		cJSON_Delete(page.rows);
		return NULL;
	}
	dump = cJSON_CreateObject();
	beside = cJSON_AddObjectToObject(dump, "beside");
	sim_beside_add(call, &page, beside);
	cJSON_AddItemToObject(dump, "rows", page.rows);
	return dump;
}

/* The bytes; that these are pairs of digits has been checked. */
static void
add_hex(SimText *text, const char *hex)
{
	for (; *hex; hex += 2)
	{
		char		byte = (char) (sim_hex_digit(hex[0]) * 16 +
								   sim_hex_digit(hex[1]));

		sim_text_add(text, &byte, 1);
	}
}

/* Every place of "find" becomes "with", or the bytes of "with_hex". */
static void
replace_all(SimText *text, const cJSON *replace)
{
	const char *find = sim_json_text(replace, "find");
	const char *with = sim_json_text(replace, "with");
	const char *hex = sim_json_text(replace, "with_hex");
	const char *from = text->data;
	const char *at;
	SimText		out = {0};

	while ((at = strstr(from, find)) != NULL)
	{
		sim_text_add(&out, from, (size_t) (at - from));
		if (hex != NULL)
			add_hex(&out, hex);
		else
			sim_text_add(&out, with, strlen(with));
		from = at + strlen(find);
	}
	sim_text_add(&out, from, strlen(from));
	sim_text_free(text);
	*text = out;
}

/* A huge member in front of the others. */
static void
add_padding(SimText *text, int64_t bytes)
{
	const char *start = "{\"Response\":{";
	const char *open = "\"Padding\":\"";
	SimText		out = {0};
	char		piece[4096];

	if (strncmp(text->data, start, strlen(start)) != 0)
		return;
	memset(piece, 'x', sizeof(piece));
	sim_text_add(&out, start, strlen(start));
	sim_text_add(&out, open, strlen(open));
	for (; bytes > 0; bytes -= (int64_t) sizeof(piece))
		sim_text_add(&out, piece, bytes < (int64_t) sizeof(piece) ?
					 (size_t) bytes : sizeof(piece));
	sim_text_add(&out, "\",", text->data[strlen(start)] == '}' ? 1 : 2);
	sim_text_add(&out, text->data + strlen(start), text->len - strlen(start));
	sim_text_free(text);
	*text = out;
}

/* The bytes of the body, with the faults of the text.  Caller frees. */
SimText
sim_answer_text(const cJSON *answer, const cJSON *fault)
{
	const char *raw = sim_json_text(fault, "raw");
	const char *raw_hex = sim_json_text(fault, "raw_hex");
	SimText		text = {0};
	char	   *printed;

	if (raw != NULL || raw_hex != NULL)
	{
		sim_text_add(&text, raw ? raw : "", raw ? strlen(raw) : 0);
		if (raw_hex != NULL)
			add_hex(&text, raw_hex);
		return text;
	}
	printed = cJSON_PrintUnformatted(answer);
	sim_text_add(&text, printed, strlen(printed));
	cJSON_free(printed);
	if (sim_json_get(fault, "pad") != NULL)
		add_padding(&text, sim_json_integer(fault, "pad", 0));
	if (sim_json_get(fault, "replace") != NULL)
		replace_all(&text, sim_json_get(fault, "replace"));
	return text;
}

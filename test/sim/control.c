/*-------------------------------------------------------------------------
 *
 * control.c
 *	  Requests of tests to the simulator itself, under /sim/.
 *
 * They are not signed, not logged, and nothing that misbehaves touches
 * them.
 *
 * IDENTIFICATION
 *	  test/sim/control.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "control.h"
#include "example.h"
#include "json.h"
#include "log.h"
#include "quota.h"
#include "reply.h"

typedef void (*Handler) (const SimRequest *rq, SimReply *reply);

/* Is it for the simulator, and not for the API? */
bool
sim_control_is_for(const SimRequest *rq)
{
	return strncmp(rq->path, "/sim/", 5) == 0;
}

/* All that tests can change is as after the start, but for kept answers. */
void
sim_control_reset(void)
{
	sim_config_reset();
	sim_quota_reset();
	sim_log_reset();
}

/* Takes a text that was allocated for the reply. */
static void
answer_text(SimReply *reply, char *text)
{
	sim_text_free(&reply->body);
	sim_text_add(&reply->body, text, strlen(text));
	free(text);
}

/* Takes an object. */
static void
answer_json(SimReply *reply, cJSON *object)
{
	char	   *text = cJSON_PrintUnformatted(object);

	cJSON_Delete(object);
	answer_text(reply, sim_format("%s\n", text));
	cJSON_free(text);
}

static void
refuse(SimReply *reply, int status, const char *why)
{
	cJSON	   *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "error", why);
	reply->status = status;
	answer_json(reply, object);
}

static void
get_log(const SimRequest *rq, SimReply *reply)
{
	(void) rq;
	answer_text(reply, sim_log_json());
}

static void
get_bodies(const SimRequest *rq, SimReply *reply)
{
	(void) rq;
	reply->type = "text/plain; charset=utf-8";
	answer_text(reply, sim_log_bodies());
}

static void
get_config(const SimRequest *rq, SimReply *reply)
{
	(void) rq;
	answer_json(reply, sim_config_show());
}

static void
post_config(const SimRequest *rq, SimReply *reply)
{
	const char *why;
	cJSON	   *changes = sim_json_parse(rq->body.data ? rq->body.data : "",
										 rq->body.len, &why);
	char	   *message;

	if (changes == NULL)
	{
		refuse(reply, 400, why);
		return;
	}
	message = sim_config_merge(changes);
	cJSON_Delete(changes);
	if (message != NULL)
		refuse(reply, 400, message);
	free(message);
}

static void
post_reset(const SimRequest *rq, SimReply *reply)
{
	(void) rq;
	(void) reply;
	sim_control_reset();
}

/* ?action=NAME&PARAMETER=VALUE...: what the action knows, on one page. */
static void
get_dump(const SimRequest *rq, SimReply *reply)
{
	SimCall		call = {0};
	SimError	error = {0};
	cJSON	   *params = NULL;
	cJSON	   *rows = NULL;
	const char *rest = rq->query;
	char	   *name;

	if (strncmp(rest, "action=", 7) == 0)
		rest += 7;
	name = sim_strndup(rest, strcspn(rest, "&"));
	rest += strlen(name) + (rest[strlen(name)] == '&');
	sim_config_copy(&call.config);
	call.action = sim_model_find(name);
	if (call.action == NULL)
		sim_fail(&error, "InvalidAction", "action=NAME comes first, and has "
				 "to name an action.");
	else
		params = sim_query_params(call.action, rest, &error);
	call.params = params;
	if (params != NULL &&
		((call.config.data == SIM_DATA_EXAMPLES &&
		  sim_example_is_request(name, params)) ||
		 sim_rules_check(call.action, params, false, &call.config, &error)))
		rows = sim_answer_dump(&call, &error);
	if (rows != NULL)
		answer_json(reply, rows);
	else
		refuse(reply, 400, error.message);
	cJSON_Delete(params);
	free(name);
}

static const struct
{
	const char *method;
	const char *path;
	Handler		handle;
}			routes[] =

{
	{"GET", "/sim/log", get_log},
	{"GET", "/sim/bodies", get_bodies},
	{"GET", "/sim/config", get_config},
	{"POST", "/sim/config", post_config},
	{"POST", "/sim/reset", post_reset},
	{"GET", "/sim/dump", get_dump},
	{NULL, NULL, NULL}
};

/* Answers a control request; MHD_NO closes the connection. */
enum MHD_Result
sim_control_handle(SimRequest *rq)
{
	SimReply	reply = {.status = 404,.type = "application/json"};
	SimConfig	config;

	sim_text_add(&reply.body, "", 0);
	for (int i = 0; routes[i].method != NULL; i++)
	{
		if (strcmp(rq->path, routes[i].path) != 0)
			continue;
		if (strcmp(rq->method, routes[i].method) == 0)
		{
			reply.status = 200;
			routes[i].handle(rq, &reply);
			break;
		}
		reply.status = 405;
	}
	sim_config_copy(&config);
	reply.now = sim_config_now(&config);
	return sim_reply_send(rq, &reply);
}

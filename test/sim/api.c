/*-------------------------------------------------------------------------
 *
 * api.c
 *	  Requests of the billing API: verify, look for faults, answer.
 *
 * Verification comes before faults, so that a bad request is found whatever
 * a test has planned for it, and uses up no fault.
 *
 * IDENTIFICATION
 *	  test/sim/api.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "api.h"
#include "auth.h"
#include "cache.h"
#include "example.h"
#include "fault.h"
#include "json.h"
#include "log.h"
#include "quota.h"
#include "reply.h"

/* the bound of the documents for GET */
#define MAX_QUERY 32768

static const char *const api_version = "2018-07-09";

static bool
is_get(const SimRequest *rq)
{
	return strcmp(rq->method, "GET") == 0;
}

/* application/json, with or without the charset that JSON has anyway */
static bool
is_json_type(const char *type)
{
	size_t		len = strcspn(type, ";");

	if (len != strlen("application/json") ||
		strncasecmp(type, "application/json", len) != 0)
		return false;
	type += len;
	if (*type == ';')
		type++;
	type += strspn(type, " ");
	return *type == '\0' || strcasecmp(type, "charset=utf-8") == 0;
}

/* What HTTP itself says about the request. */
static bool
check_http(const SimRequest *rq, SimError *error)
{
	const char *type = sim_request_header(rq, "content-type");
	const char *twice = sim_request_repeated(rq);

	if (strcmp(rq->method, "POST") != 0 && !is_get(rq))
		return sim_fail(error, "UnsupportedProtocol",
						"Only GET and POST requests are supported.");
	if (strcmp(rq->path, "/") != 0)
		return sim_fail(error, "InvalidRequest", "The path is not /.");
	if (rq->too_many || twice != NULL)
		return sim_fail(error, "InvalidRequest",
						"The header %.100s is sent twice, or there are too "
						"many.", twice ? twice : "");
	if (rq->body_too_large || strlen(rq->query) > MAX_QUERY)
		return sim_fail(error, "RequestSizeLimitExceeded",
						"The request exceeds the size limit.");
	if (type == NULL)
		return sim_fail(error, "MissingParameter",
						"The header Content-Type is missing.");
	if (is_get(rq) ?
		strcasecmp(type, "application/x-www-form-urlencoded") != 0 :
		!is_json_type(type))
		return sim_fail(error, "InvalidRequest",
						"The Content-Type is not supported.");
	if (is_get(rq) ? rq->body.len > 0 : *rq->query != '\0')
		return sim_fail(error, "InvalidRequest",
						"Parameters belong into the query of a GET, into "
						"the body of a POST.");
	return true;
}

/* The common parameters that must be there. */
static bool
check_present(const SimRequest *rq, SimError *error)
{
	static const char *const needed[] = {
		"host", "x-tc-action", "x-tc-version", "x-tc-timestamp", NULL
	};

	for (int i = 0; needed[i] != NULL; i++)
	{
		const char *value = sim_request_header(rq, needed[i]);

		if (value == NULL || *value == '\0')
			return sim_fail(error, "MissingParameter",
							"The request is missing the header `%s`.",
							needed[i]);
	}
	return true;
}

/* The forms of the common parameters; absent ones may be absent. */
static bool
check_common(const SimRequest *rq, SimError *error)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_,;.-";
	const char *version = sim_request_header(rq, "x-tc-version");
	const char *language = sim_request_header(rq, "x-tc-language");
	const char *client = sim_request_header(rq, "x-tc-requestclient");
	const char *region = sim_request_header(rq, "x-tc-region");

	if (strcmp(version, api_version) != 0)
		return sim_fail(error, "NoSuchVersion",
						"The version of the API does not exist.");
	if (language != NULL && strcmp(language, "zh-CN") != 0 &&
		strcmp(language, "en-US") != 0)
		return sim_fail(error, "InvalidParameterValue",
						"X-TC-Language is neither zh-CN nor en-US.");
	if (client != NULL && (*client == '\0' || strlen(client) > 128 ||
						   strspn(client, letters) != strlen(client)))
		return sim_fail(error, "InvalidParameterValue",
						"X-TC-RequestClient is not well formed.");
	if (region != NULL && (strcspn(region, "-") != 2 || region[2] == '\0' ||
						   strspn(region, letters) != strlen(region)))
		return sim_fail(error, "UnsupportedRegion",
						"The region is not supported.");
	return true;
}

/* The parameters as an object that the caller deletes; NULL = error. */
static cJSON *
read_params(const SimRequest *rq, const SimAction *action, SimError *error)
{
	const char *why;
	cJSON	   *params;

	if (is_get(rq))
		return sim_query_params(action, rq->query, error);
	params = sim_json_parse(rq->body.data ? rq->body.data : "", rq->body.len,
							&why);
	if (params == NULL)
		sim_fail(error, "InvalidParameter",
				 "The request body is not well-formed JSON: %s.", why);
	else if (!cJSON_IsObject(params))
	{
		sim_fail(error, "InvalidParameter",
				 "The request body is no JSON object.");
		cJSON_Delete(params);
		params = NULL;
	}
	return params;
}

/*
 * All that a request must pass.  On success call is filled in, and *params
 * holds the parameters, to be deleted by the caller.
 */
static bool
verify(const SimRequest *rq, SimCall *call, cJSON **params, SimError *error)
{
	const SimConfig *config = &call->config;
	const char *secret_id = NULL;

	if (!check_http(rq, error) || !check_present(rq, error) ||
		!sim_auth_check(rq, sim_config_now(config), &secret_id, error) ||
		!check_common(rq, error))
		return false;
	call->action = sim_rules_find(sim_request_header(rq, "x-tc-action"),
								  config->site, error);
	if (call->action == NULL)
		return false;
	*params = read_params(rq, call->action, error);
	if (*params == NULL)
		return false;
	if (!(config->data == SIM_DATA_EXAMPLES &&
		  sim_example_is_request(call->action->name, *params)) &&
		!sim_rules_check(call->action, *params, true, config, error))
		return false;
	call->params = *params;
	if (!sim_quota_take(call->action->name, secret_id,
						config->quota_per_second))
		return sim_fail(error, "RequestLimitExceeded",
						"Your current request times equals to %lld in a "
						"second, which exceeds the frequency limit.",
						(long long) config->quota_per_second + 1);
	return true;
}

/* A UUID, or the count of requests in its place when texts must be stable. */
static void
make_request_id(const SimRequest *rq, const SimConfig *config, char out[37])
{
	if (config->request_id == SIM_ID_COUNTED)
		snprintf(out, 37, "00000000-0000-4000-8000-%012llu",
				 (unsigned long long) rq->log_number % 1000000000000ULL);
	else
		sim_uuid(out);
}

/* Does Accept-Encoding name gzip, and not with a weight of zero? */
static bool
accepts_gzip(const SimRequest *rq)
{
	const char *header = sim_request_header(rq, "accept-encoding");
	const char *at = header ? strcasestr(header, "gzip") : NULL;

	return at != NULL && strncmp(at + 4, ";q=0", 4) != 0;
}

/* An answer of something in front of the API, such as a 502 page. */
static void
set_http(SimReply *reply, const cJSON *http)
{
	const char *body = sim_json_text(http, "body");
	const char *type = sim_json_text(http, "type");

	sim_text_free(&reply->body);
	sim_text_add(&reply->body, body ? body : "", body ? strlen(body) : 0);
	reply->status = (int) sim_json_integer(http, "status", 502);
	reply->type = type ? type : "text/html";
	reply->location = sim_json_text(http, "location");
}

static void
note_outcome(const SimRequest *rq, const SimReply *reply,
			 const SimError *error, const char *request_id)
{
	char	   *name = sim_fault_name(reply->fault);

	sim_log_outcome(rq, reply->status, name ? name :
					error->code ? error->code : "ok", request_id);
	free(name);
}

/* The body for a request that is fine, out of the cache if that is on. */
static void
make_body(const SimCall *call, SimReply *reply, char request_id[37],
		  SimError *error)
{
	bool		keep = call->config.cache &&
		sim_fault_only_delays(reply->fault);
	cJSON	   *answer;

	if (keep && sim_cache_find(call, reply->gzip, &reply->body, request_id))
	{
		reply->compressed = reply->gzip;
		return;
	}
	answer = sim_answer_make(call, reply->fault, request_id, error);
	reply->body = sim_answer_text(answer, reply->fault);
	cJSON_Delete(answer);
	if (!keep || error->code != NULL)
		return;
	if (reply->gzip)
		sim_reply_compress(reply);
	sim_cache_keep(call, reply->gzip, &reply->body, request_id);
}

/* The body for a request that is not. */
static void
make_error_body(SimReply *reply, const char *request_id,
				const SimError *error)
{
	cJSON	   *answer = sim_answer_error(error, request_id);

	reply->body = sim_answer_text(answer, NULL);
	cJSON_Delete(answer);
}

/* Answers an API request; MHD_NO closes the connection. */
enum MHD_Result
sim_api_handle(SimRequest *rq)
{
	SimCall		call = {0};
	SimReply	reply = {.type = "application/json"};
	SimError	error = {0};
	cJSON	   *params = NULL;
	cJSON	   *fault = NULL;
	char		request_id[37];
	enum MHD_Result result;

	sim_log_received(rq);
	sim_config_copy(&call.config);
	make_request_id(rq, &call.config, request_id);
	reply.now = sim_config_now(&call.config);
	reply.gzip = call.config.gzip && accepts_gzip(rq);
	if (verify(rq, &call, &params, &error))
	{
		fault = sim_fault_pick(call.action->name, params);
		reply.fault = fault;
		make_body(&call, &reply, request_id, &error);
	}
	else
		make_error_body(&reply, request_id, &error);
	reply.status = (int) sim_json_integer(fault, "http_status", error.code ?
										  call.config.error_status : 200);
	if (sim_json_get(fault, "http") != NULL)
		set_http(&reply, sim_json_get(fault, "http"));
	note_outcome(rq, &reply, &error, request_id);
	result = sim_reply_send(rq, &reply);
	cJSON_Delete(fault);
	cJSON_Delete(params);
	return result;
}

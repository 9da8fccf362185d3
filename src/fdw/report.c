/*-------------------------------------------------------------------------
 *
 * report.c
 *	  Failed calls and doubtful answers as PostgreSQL errors.
 *
 * Text from the network enters messages only through bf_report_clean().
 *
 * IDENTIFICATION
 *	  src/fdw/report.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "api/error.h"
#include "catalog/namespace.h"
#include "common/string.h"
#include "fdw/report.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

/* This many characters of a secret's start give it away. */
#define MIN_REDACTED 6

/* Helper functions */
static void redact(StringInfo raw, const char *text, const char *secret);
static char *to_server_encoding(char *utf8);
static int	sqlstate_code(const char *sqlstate);
static char *hint_for(const BfOutcome *outcome, const BfErrorRule *rule);
static char *where_text(const BfRelation *relation, const char *code,
						const char *request_id);

/*
 * Text from the network, fit to be shown: valid in the database's encoding,
 * without control characters, without our secrets, and no longer than 1 kB.
 * In the current context.
 */
char *
bf_report_clean(const char *text, const BfCredentials *credentials)
{
	StringInfoData raw;
	StringInfoData clean;

	initStringInfo(&raw);
	appendStringInfoString(&raw, text);
	redact(&raw, text, credentials->secret_key);
	redact(&raw, text, credentials->secret_id);
	redact(&raw, text, credentials->token);
	redact(&raw, text, credentials->proxy_password);

	initStringInfo(&clean);
	for (int i = 0; i < raw.len;)
	{
		const unsigned char *c = (unsigned char *) raw.data + i;
		int			len = pg_utf_mblen(c);

		if (clean.len >= BF_OUTCOME_MESSAGE_MAX)
		{
			appendStringInfoString(&clean, "...");
			break;
		}
		if (len > raw.len - i || !pg_utf8_islegal(c, len) ||
			*c < ' ' || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0))
		{
			appendStringInfo(&clean, "\\x%02x", *c);
			len = 1;
		}
		else
			appendBinaryStringInfo(&clean, (const char *) c, len);
		i += len;
	}
	return to_server_encoding(clean.data);
}

/*
 * Raises the error for a failed call, after so many retries.
 */
void
bf_report_failure(const BfRelation *relation,
				  const BfCredentials *credentials, const BfOutcome *outcome,
				  int retries)
{
	const BfErrorRule *rule = bf_error_classify(outcome);
	const BfAction *action = relation->table->action;
	char	   *message = bf_report_clean(outcome->message, credentials);
	char	   *code = bf_report_clean(outcome->code, credentials);
	char	   *request_id = bf_report_clean(outcome->request_id, credentials);
	char	   *hint = hint_for(outcome, rule);
	StringInfoData detail;

	initStringInfo(&detail);
	appendStringInfoString(&detail, where_text(relation, code, request_id));
	if (outcome->kind != BF_OUTCOME_HTTP_STATUS &&
		outcome->http_status != 0 && outcome->http_status != 200)
		appendStringInfo(&detail, "  HTTP status %d.", outcome->http_status);
	if (retries > 0)
		appendStringInfo(&detail, "  Given up after %d %s.", retries,
						 retries == 1 ? "retry" : "retries");

	ereport(ERROR,
			(errcode(sqlstate_code(rule->sqlstate)),
			 errmsg("could not %s for foreign table \"%s\": %s",
					action->does, relation->name,
					message[0] ? message : "the API gave no reason"),
			 errdetail("%s", detail.data),
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}

/*
 * Raises the error for a bill that is still being prepared after "timeout"
 * seconds.
 */
void
bf_report_not_ready(const BfRelation *relation,
					const BfCredentials *credentials, const char *request_id,
					int timeout)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("could not %s for foreign table \"%s\": the API is still preparing it",
					relation->table->action->does, relation->name),
			 errdetail("%s  Waited for %d seconds.",
					   where_text(relation, "",
								  bf_report_clean(request_id, credentials)),
					   timeout),
			 errhint("Try again in some minutes, or raise option \"ready_timeout\" or setting \"billing_fdw.ready_timeout\".")));
	pg_unreachable();
}

/*
 * Raises the error for an answer that leaves no way to the others: the problem
 * is what the answer does.
 */
void
bf_report_unusable(const BfRelation *relation,
				   const BfCredentials *credentials, const char *request_id,
				   const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
			 errmsg("answer for foreign table \"%s\" %s",
					relation->name, problem),
			 errdetail("%s", where_text(relation, "",
										bf_report_clean(request_id, credentials))),
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}

/*
 * Reports an answer that contradicts itself or the request, as the option
 * "answer_check" says.  Returns unless that is an error.
 */
void
bf_report_doubt(const BfRelation *relation, const BfCredentials *credentials,
				const char *request_id, const char *doubt)
{
	bool		fatal = relation->options->answer_check == BF_ANSWER_CHECK_ERROR;

	if (relation->options->answer_check == BF_ANSWER_CHECK_OFF)
		return;
	ereport(fatal ? ERROR : WARNING,
			(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
			 errmsg("inconsistent answer for foreign table \"%s\": %s",
					relation->name, doubt),
			 errdetail("%s", where_text(relation, "",
										bf_report_clean(request_id, credentials))),
			 fatal ? errhint("Run the query again.  Option \"answer_check\" can turn this error into a warning; the result may then be wrong.") :
			 errhint("The result may be wrong.  Run the query again.")));
}

/*
 * Replaces a secret by asterisks wherever it, or the start of it, occurs in
 * the text: a text that was cut may end within a secret.  Looks in the
 * original, because secrets may overlap.
 */
static void
redact(StringInfo raw, const char *text, const char *secret)
{
	size_t		needed = secret ? Min(strlen(secret), MIN_REDACTED) : 0;

	if (needed == 0)
		return;
	for (const char *at = text; *at; at++)
	{
		size_t		same = 0;

		while (secret[same] != '\0' && at[same] == secret[same])
			same++;
		if (same >= needed)
			memset(raw->data + (at - text), '*', same);
	}
}

/*
 * Converts without ever failing: what the database's encoding lacks becomes
 * question marks.
 */
static char *
to_server_encoding(char *utf8)
{
	int			encoding = GetDatabaseEncoding();
	int			len = strlen(utf8);
	char	   *result;
	Oid			proc;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII ||
		pg_is_ascii(utf8))
		return utf8;

	proc = FindDefaultConversionProc(PG_UTF8, encoding);
	if (OidIsValid(proc))
	{
		int			size = len * MAX_CONVERSION_GROWTH + 1;

		result = palloc0(size);
		if (pg_do_encoding_conversion_buf(proc, PG_UTF8, encoding,
										  (unsigned char *) utf8, len,
										  (unsigned char *) result, size,
										  true) == len)
			return result;
	}
	for (char *c = utf8; *c; c++)
		if (IS_HIGHBIT_SET(*c))
			*c = '?';
	return utf8;
}

static int
sqlstate_code(const char *sqlstate)
{
	return MAKE_SQLSTATE(sqlstate[0], sqlstate[1], sqlstate[2], sqlstate[3],
						 sqlstate[4]);
}

/*
 * What the user can do; for an expired signature that depends on how far the
 * clocks are apart.
 */
static char *
hint_for(const BfOutcome *outcome, const BfErrorRule *rule)
{
	int64		ahead = (int64) time(NULL) - outcome->server_time;

	if (strcmp(outcome->code, "AuthFailure.SignatureExpire") == 0 &&
		outcome->server_time != 0)
		return psprintf("The clock of the database server is " INT64_FORMAT " seconds %s that of the API.",
						ahead < 0 ? -ahead : ahead,
						ahead < 0 ? "behind" : "ahead of");
	return rule->hint ? pstrdup(rule->hint) : NULL;
}

/*
 * A sentence that names the call.
 */
static char *
where_text(const BfRelation *relation, const char *code,
		   const char *request_id)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "Action %s", relation->table->action->name);
	if (code[0])
		appendStringInfo(&text, ", error code %s", code);
	if (request_id[0])
		appendStringInfo(&text, ", RequestId %s.", request_id);
	else
		appendStringInfoString(&text, ", no RequestId.");
	return text.data;
}

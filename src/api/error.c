/*-------------------------------------------------------------------------
 *
 * error.c
 *	  What the API's error codes mean to us: one table.
 *
 * IDENTIFICATION
 *	  src/api/error.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* SQLSTATEs, under the names that PostgreSQL gives them. */
#define INVALID_AUTHORIZATION	"28000"
#define INSUFFICIENT_PRIVILEGE	"42501"
#define INVALID_PARAMETER		"22023"
#define LIMIT_EXCEEDED			"53400"
#define OUT_OF_MEMORY			"53200"
#define NOT_IN_STATE			"55000"
#define FDW_ERROR				"HV000"
#define FDW_NO_REPLY			"HV00M"
#define FDW_NO_CONNECTION		"HV00N"

/* Hints that several rows share. */
#define HINT_CLOCK \
	"Check the clock of the database server."
#define HINT_KEY \
	"Check secret_id and secret_key of the user mapping, also for blanks " \
	"around them."
#define HINT_PERMISSION \
	"Have the account's administrator grant the key's user the action in " \
	"Cloud Access Management, for instance with the policy " \
	"QcloudFinanceBillReadOnlyAccess."
#define HINT_IDENTITY \
	"Complete the identity verification of the account in its console."
#define HINT_THROTTLED \
	"Other clients of the account count too.  To wait for longer, raise " \
	"throttle_timeout."
#define HINT_TRANSIENT \
	"Try again later.  To try more often by itself, raise max_retries."
#define HINT_NOT_READY \
	"Wait some minutes and try again, or raise ready_timeout."
#define HINT_CONDITION \
	"Check the values in the query's conditions."
#define HINT_SITE \
	"Check the options site, endpoint and region of the foreign server: not " \
	"every site offers every action."
#define HINT_ADDRESS \
	"Have the database server's address allowed for the account."
#define HINT_PAGE_SIZE \
	"Lower page_size."
#define HINT_NETWORK \
	"Check the options endpoint and proxy of the foreign server, and the " \
	"network of the database server."
#define HINT_REFUSED \
	"Check the options endpoint, proxy and ca_file of the foreign server."

/*
 * The API's codes.  A row stands for its code and for everything below it
 * that has no row of its own; order does not matter, but for the last one,
 * which stands for codes without a row.
 */
static const BfErrorRule rules[] = {
	{"RequestLimitExceeded",
	BF_RETRY_THROTTLED, LIMIT_EXCEEDED, HINT_THROTTLED},

	{"InternalError",
	BF_RETRY_TRANSIENT, FDW_ERROR, HINT_TRANSIENT},
	{"ServiceUnavailable",
	BF_RETRY_TRANSIENT, FDW_ERROR, HINT_TRANSIENT},
	{"ResourceUnavailable",
	BF_RETRY_TRANSIENT, FDW_ERROR, HINT_TRANSIENT},
	{"FailedOperation.QueryCountFailed",
	BF_RETRY_TRANSIENT, FDW_ERROR, HINT_TRANSIENT},
	{"FailedOperation.QueryDBFailed",
	BF_RETRY_TRANSIENT, FDW_ERROR, HINT_TRANSIENT},

	{"FailedOperation.SummaryDataNotReady",
	BF_RETRY_NOT_READY, NOT_IN_STATE, HINT_NOT_READY},

	{"FailedOperation",
	BF_RETRY_NEVER, FDW_ERROR, NULL},
	{"FailedOperation.TagKeyNotExist",
		BF_RETRY_NEVER, FDW_ERROR,
		"The key is not a cost allocation tag key.  Check its spelling, or "
	"make it a cost allocation tag in the account's console."},

	{"AuthFailure",
	BF_RETRY_NEVER, INVALID_AUTHORIZATION, HINT_KEY},
	{"AuthFailure.SignatureExpire",
	BF_RETRY_NEVER, INVALID_AUTHORIZATION, HINT_CLOCK},
	{"AuthFailure.TokenFailure",
		BF_RETRY_NEVER, INVALID_AUTHORIZATION,
	"Put fresh temporary credentials into the user mapping."},
	{"AuthFailure.MFAFailure",
		BF_RETRY_NEVER, INVALID_AUTHORIZATION,
	"Use a key that needs no second factor."},
	{"AuthFailure.UnauthorizedOperation",
	BF_RETRY_NEVER, INSUFFICIENT_PRIVILEGE, HINT_PERMISSION},

	{"UnauthorizedOperation",
	BF_RETRY_NEVER, INSUFFICIENT_PRIVILEGE, HINT_PERMISSION},
	{"UnauthorizedOperation.CertificationNeedUpgrade",
	BF_RETRY_NEVER, INSUFFICIENT_PRIVILEGE, HINT_IDENTITY},
	{"UnauthorizedOperation.NotCertification",
	BF_RETRY_NEVER, INSUFFICIENT_PRIVILEGE, HINT_IDENTITY},
	{"IpInBlacklist",
	BF_RETRY_NEVER, FDW_ERROR, HINT_ADDRESS},
	{"IpNotInWhitelist",
	BF_RETRY_NEVER, FDW_ERROR, HINT_ADDRESS},

	{"InvalidParameter",
	BF_RETRY_NEVER, INVALID_PARAMETER, HINT_CONDITION},
	{"InvalidParameter.ResourceLocked",
		BF_RETRY_NEVER, INVALID_PARAMETER,
	"Try again after the account's console shows the resource unlocked."},
	{"InvalidParameterValue",
	BF_RETRY_NEVER, INVALID_PARAMETER, HINT_CONDITION},
	{"MissingParameter",
	BF_RETRY_NEVER, INVALID_PARAMETER, HINT_CONDITION},
	{"UnknownParameter",
	BF_RETRY_NEVER, INVALID_PARAMETER, HINT_CONDITION},

	{"InvalidAction",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"NoSuchVersion",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"NoSuchProduct",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"ActionOffline",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"UnsupportedRegion",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"UnsupportedProtocol",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"UnsupportedOperation",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},
	{"OperationDenied",
	BF_RETRY_NEVER, FDW_ERROR, HINT_SITE},

	{"RequestSizeLimitExceeded",
		BF_RETRY_NEVER, FDW_ERROR,
	"Ask for fewer values in one condition."},
	{"ResponseSizeLimitExceeded",
	BF_RETRY_NEVER, FDW_ERROR, HINT_PAGE_SIZE},

	{NULL, BF_RETRY_NEVER, FDW_ERROR, NULL}
};

/* Calls that ended without a code of the API, except those below. */
static const BfErrorRule kind_rules[] = {
	[BF_OUTCOME_OK] =
	{NULL, BF_RETRY_NEVER, "00000", NULL},
	[BF_OUTCOME_API_ERROR] =
	{NULL, BF_RETRY_NEVER, FDW_ERROR, NULL},
	[BF_OUTCOME_HTTP_STATUS] =
	{NULL, BF_RETRY_NEVER, FDW_NO_CONNECTION, HINT_NETWORK},
	[BF_OUTCOME_NETWORK] =
	{NULL, BF_RETRY_TRANSIENT, FDW_NO_CONNECTION, HINT_NETWORK},
	[BF_OUTCOME_UNREADABLE] =
	{NULL, BF_RETRY_TRANSIENT, FDW_NO_REPLY, NULL},
	[BF_OUTCOME_TOO_LARGE] =
	{NULL, BF_RETRY_NEVER, FDW_NO_REPLY,
	"Lower page_size or raise max_response_size."},
	[BF_OUTCOME_REFUSED] =
	{NULL, BF_RETRY_NEVER, FDW_NO_CONNECTION, HINT_REFUSED},
	[BF_OUTCOME_NO_MEMORY] =
	{NULL, BF_RETRY_NEVER, OUT_OF_MEMORY, NULL}
};

/* HTTP statuses that mean more than "not an answer of the API". */
typedef struct StatusRule
{
	int			first;
	int			last;
	BfErrorRule rule;
} StatusRule;

static const StatusRule status_rules[] = {
	{429, 429, {NULL, BF_RETRY_THROTTLED, LIMIT_EXCEEDED, HINT_THROTTLED}},
	{500, 599, {NULL, BF_RETRY_TRANSIENT, FDW_NO_CONNECTION, HINT_TRANSIENT}}
};

/* Whether a rule's code is the code itself or one of the classes it is in. */
static bool
rule_covers(const BfErrorRule *rule, const char *code)
{
	size_t		len = strlen(rule->code);

	return strncmp(rule->code, code, len) == 0 &&
		(code[len] == '\0' || code[len] == '.');
}

/*
 * All rules for codes of the API, ended by code == NULL.  Constant.
 */
const BfErrorRule *
bf_error_rules(void)
{
	return rules;
}

/*
 * The rule for a code of the API: the longest one that covers it, else one
 * that stands for any failure.  Never NULL; constant.
 */
const BfErrorRule *
bf_error_find(const char *code)
{
	const BfErrorRule *rule;
	const BfErrorRule *best = NULL;

	for (rule = rules; rule->code != NULL; rule++)
		if (rule_covers(rule, code) &&
			(best == NULL || strlen(rule->code) > strlen(best->code)))
			best = rule;
	return best ? best : rule;
}

/*
 * The rule for the way a call ended.  Never NULL; constant.
 */
const BfErrorRule *
bf_error_classify(const BfOutcome *outcome)
{
	if (outcome->kind == BF_OUTCOME_API_ERROR)
		return bf_error_find(outcome->code);

	if (outcome->kind == BF_OUTCOME_HTTP_STATUS)
	{
		size_t		n = sizeof(status_rules) / sizeof(status_rules[0]);

		for (size_t i = 0; i < n; i++)
		{
			if (outcome->http_status >= status_rules[i].first &&
				outcome->http_status <= status_rules[i].last)
				return &status_rules[i].rule;
		}
	}
	return &kind_rules[outcome->kind];
}

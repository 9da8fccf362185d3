/*-------------------------------------------------------------------------
 *
 * test_error.c
 *	  Unit tests of api/error.c: the table of error codes.
 *
 * IDENTIFICATION
 *	  test/unit/test_error.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "api/error.h"

typedef struct ErrorCase
{
	const char *code;
	BfRetryClass retry;
	const char *sqlstate;
	const char *hint;			/* part of it, or NULL when not looked at */
} ErrorCase;

static const ErrorCase cases[] = {
	{"RequestLimitExceeded", BF_RETRY_THROTTLED, "53400",
	"throttle_timeout"},
	{"RequestLimitExceeded.UinLimitExceeded", BF_RETRY_THROTTLED, "53400",
	NULL},
	{"RequestLimitExceeded.GlobalRegionUinLimitExceeded",
	BF_RETRY_THROTTLED, "53400", NULL},
	{"RequestLimitExceeded.IPLimitExceeded", BF_RETRY_THROTTLED, "53400",
	NULL},
	{"InternalError", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"InternalError.GatewayError", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"InternalError.NeverSeenBefore", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"InternalErrorX", BF_RETRY_NEVER, "HV000", NULL},
	{"ServiceUnavailable", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"ResourceUnavailable", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"FailedOperation", BF_RETRY_NEVER, "HV000", NULL},
	{"FailedOperation.Unknown", BF_RETRY_NEVER, "HV000", NULL},
	{"FailedOperation.SummaryDataNotReady", BF_RETRY_NOT_READY, "55000",
	"ready_timeout"},
	{"FailedOperation.QueryCountFailed", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"FailedOperation.QueryDBFailed", BF_RETRY_TRANSIENT, "HV000", NULL},
	{"FailedOperation.TagKeyNotExist", BF_RETRY_NEVER, "HV000",
	"not a cost allocation tag key"},
	{"AuthFailure", BF_RETRY_NEVER, "28000", NULL},
	{"AuthFailure.SignatureExpire", BF_RETRY_NEVER, "28000",
	"Check the clock of the database server."},
	{"AuthFailure.SignatureFailure", BF_RETRY_NEVER, "28000", "secret_key"},
	{"AuthFailure.SecretIdNotFound", BF_RETRY_NEVER, "28000", "secret_id"},
	{"AuthFailure.InvalidSecretId", BF_RETRY_NEVER, "28000", "secret_id"},
	{"AuthFailure.TokenFailure", BF_RETRY_NEVER, "28000",
	"temporary credentials"},
	{"AuthFailure.MFAFailure", BF_RETRY_NEVER, "28000", NULL},
	{"AuthFailure.UnauthorizedOperation", BF_RETRY_NEVER, "42501",
	"Cloud Access Management"},
	{"AuthFailure.UnauthorizedOperation.Deeper", BF_RETRY_NEVER, "42501",
	NULL},
	{"UnauthorizedOperation", BF_RETRY_NEVER, "42501",
	"Cloud Access Management"},
	{"UnauthorizedOperation.CamNoAuth", BF_RETRY_NEVER, "42501",
	"Cloud Access Management"},
	{"UnauthorizedOperation.NotCertification", BF_RETRY_NEVER, "42501",
	"identity"},
	{"InvalidParameter", BF_RETRY_NEVER, "22023", NULL},
	{"InvalidParameter.ApiParamError", BF_RETRY_NEVER, "22023", NULL},
	{"InvalidParameter.ResourceLocked", BF_RETRY_NEVER, "22023", NULL},
	{"InvalidParameterValue", BF_RETRY_NEVER, "22023", NULL},
	{"InvalidParameterValue.Range", BF_RETRY_NEVER, "22023", NULL},
	{"MissingParameter", BF_RETRY_NEVER, "22023", NULL},
	{"UnknownParameter", BF_RETRY_NEVER, "22023", NULL},
	{"UnsupportedOperation.NOT_SUPPORT_THIS_ACTION", BF_RETRY_NEVER, "HV000",
	"site"},
	{"InvalidAction", BF_RETRY_NEVER, "HV000", "site"},
	{"ResponseSizeLimitExceeded", BF_RETRY_NEVER, "HV000", "page_size"},
	{"LimitExceeded", BF_RETRY_NEVER, "HV000", NULL},
	{"DryRunOperation", BF_RETRY_NEVER, "HV000", NULL},
	{"SomethingElse", BF_RETRY_NEVER, "HV000", NULL},
	{"requestlimitexceeded", BF_RETRY_NEVER, "HV000", NULL},
	{".", BF_RETRY_NEVER, "HV000", NULL},
	{"", BF_RETRY_NEVER, "HV000", NULL}
};

static void
check_case(const ErrorCase *expected, const BfErrorRule *rule)
{
	assert_non_null(rule);
	if (rule->retry != expected->retry ||
		strcmp(rule->sqlstate, expected->sqlstate) != 0)
		fail_msg("%s: retry class %d, SQLSTATE %s", expected->code,
				 (int) rule->retry, rule->sqlstate);
	if (expected->hint != NULL &&
		(rule->hint == NULL || strstr(rule->hint, expected->hint) == NULL))
		fail_msg("%s: hint without \"%s\"", expected->code, expected->hint);
}

static void
test_find(void **state)
{
	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
		check_case(&cases[i], bf_error_find(cases[i].code));
}

static void
test_classify_api_error(void **state)
{
	BfOutcome	outcome;

	(void) state;
	memset(&outcome, 0, sizeof(outcome));
	outcome.kind = BF_OUTCOME_API_ERROR;
	outcome.http_status = 503;	/* the code decides, not the status */
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		snprintf(outcome.code, sizeof(outcome.code), "%s", cases[i].code);
		check_case(&cases[i], bf_error_classify(&outcome));
	}
}

/* Codes of kinds and statuses: "code" is for the message only. */
static void
check_kind(BfOutcomeKind kind, int status, ErrorCase expected)
{
	BfOutcome	outcome;

	memset(&outcome, 0, sizeof(outcome));
	outcome.kind = kind;
	outcome.http_status = status;
	check_case(&expected, bf_error_classify(&outcome));
}

static void
test_classify_status(void **state)
{
	static const ErrorCase throttled = {"429", BF_RETRY_THROTTLED, "53400",
	"throttle_timeout"};
	static const ErrorCase transient = {"5xx", BF_RETRY_TRANSIENT, "HV00N",
	NULL};
	static const ErrorCase other = {"other", BF_RETRY_NEVER, "HV00N",
	"endpoint"};

	(void) state;
	check_kind(BF_OUTCOME_HTTP_STATUS, 429, throttled);
	check_kind(BF_OUTCOME_HTTP_STATUS, 500, transient);
	check_kind(BF_OUTCOME_HTTP_STATUS, 502, transient);
	check_kind(BF_OUTCOME_HTTP_STATUS, 599, transient);
	check_kind(BF_OUTCOME_HTTP_STATUS, 302, other);
	check_kind(BF_OUTCOME_HTTP_STATUS, 404, other);
	check_kind(BF_OUTCOME_HTTP_STATUS, 428, other);
	check_kind(BF_OUTCOME_HTTP_STATUS, 600, other);
	check_kind(BF_OUTCOME_HTTP_STATUS, 0, other);
}

static void
test_classify_kind(void **state)
{
	static const ErrorCase network = {"network", BF_RETRY_TRANSIENT,
	"HV00N", "endpoint"};
	static const ErrorCase unreadable = {"unreadable", BF_RETRY_TRANSIENT,
	"HV00M", NULL};
	static const ErrorCase large = {"too large", BF_RETRY_NEVER, "HV00M",
	"Lower page_size or raise max_response_size."};
	static const ErrorCase refused = {"refused", BF_RETRY_NEVER, "HV00N",
	"ca_file"};
	static const ErrorCase success = {"OK", BF_RETRY_NEVER, "00000", NULL};
	static const ErrorCase memory = {"no memory", BF_RETRY_NEVER, "53200",
	NULL};

	(void) state;
	check_kind(BF_OUTCOME_NETWORK, 0, network);
	check_kind(BF_OUTCOME_NETWORK, 429, network);
	check_kind(BF_OUTCOME_UNREADABLE, 200, unreadable);
	check_kind(BF_OUTCOME_TOO_LARGE, 200, large);
	check_kind(BF_OUTCOME_REFUSED, 0, refused);
	check_kind(BF_OUTCOME_NO_MEMORY, 0, memory);
	check_kind(BF_OUTCOME_OK, 200, success);
}

/* Each rule finds itself, and there is one per code. */
static void
test_rules_are_unique(void **state)
{
	int			n = 0;

	(void) state;
	for (const BfErrorRule *rule = bf_error_rules(); rule->code; rule++, n++)
	{
		assert_ptr_equal(bf_error_find(rule->code), rule);
		assert_int_equal(strlen(rule->sqlstate), 5);
	}
	assert_true(n > 30);
}

/* Hints are sentences, with two spaces between them. */
static void
test_hints_are_sentences(void **state)
{
	(void) state;
	for (const BfErrorRule *rule = bf_error_rules(); rule->code; rule++)
	{
		const char *hint = rule->hint;

		if (hint == NULL)
			continue;
		assert_true(isupper((unsigned char) hint[0]));
		assert_int_equal(hint[strlen(hint) - 1], '.');
		for (const char *c = strstr(hint, ". "); c; c = strstr(c + 1, ". "))
		{
			assert_int_equal(c[2], ' ');
			assert_true(isupper((unsigned char) c[3]));
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_classify_api_error),
		cmocka_unit_test(test_classify_status),
		cmocka_unit_test(test_classify_kind),
		cmocka_unit_test(test_rules_are_unique),
		cmocka_unit_test(test_hints_are_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

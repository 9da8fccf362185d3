/*-------------------------------------------------------------------------
 *
 * retry.c
 *	  Fuzz target of api/error.c and api/retry.c: every failed call has a rule,
 *	  the longest one that covers it; and whatever fails in whatever order,
 *	  waits are within bounds and there is an end to them.
 *
 * Input: 4 bytes of max_retries, 4 of throttle_timeout in milliseconds, a byte
 * of the kind of outcome, 4 of HTTP status, a text as the API's code, and for
 * each failure a byte of class and 8 of random bits.
 *
 * IDENTIFICATION
 *	  test/fuzz/retry.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <ctype.h>
#include <limits.h>

#include "api/error.h"
#include "api/retry.h"

#define WAIT_MAX	20000		/* longest wait, ms */

static void
check_rule(const BfErrorRule *rule)
{
	REQUIRE(rule != NULL);
	REQUIRE(rule->retry >= BF_RETRY_NEVER && rule->retry <= BF_RETRY_NOT_READY);
	REQUIRE(strlen(rule->sqlstate) == 5);
	for (int i = 0; i < 5; i++)
		REQUIRE(isdigit((unsigned char) rule->sqlstate[i]) ||
				isupper((unsigned char) rule->sqlstate[i]));
	REQUIRE(rule->hint == NULL || strchr(rule->hint, '.') != NULL);
}

/* Cut at its dots from the right, a code comes to the rule that was found. */
static void
check_code(const char *code)
{
	const BfErrorRule *found = bf_error_find(code);
	char	   *part = fuzz_block(code, strlen(code) + 1);
	const BfErrorRule *rule;
	char	   *dot;

	check_rule(found);
	for (;;)
	{
		for (rule = bf_error_rules(); rule->code != NULL; rule++)
			if (strcmp(rule->code, part) == 0)
				break;
		dot = strrchr(part, '.');
		if (rule->code != NULL || dot == NULL)
			break;
		*dot = '\0';
	}
	if (rule->code != NULL)
		REQUIRE(found == rule);
	else
		REQUIRE(found->code == NULL && found->retry == BF_RETRY_NEVER);
	free(part);
}

static void
check_outcome(unsigned int kind, int status, const char *code)
{
	BfOutcome	outcome;
	const BfErrorRule *rule;

	memset(&outcome, 'x', sizeof(outcome));
	outcome.kind = (BfOutcomeKind) (kind % (BF_OUTCOME_NO_MEMORY + 1));
	outcome.http_status = status;
	snprintf(outcome.code, sizeof(outcome.code), "%s", code);
	rule = bf_error_classify(&outcome);
	check_rule(rule);
	if (outcome.kind == BF_OUTCOME_API_ERROR)
		REQUIRE(rule == bf_error_find(outcome.code));
	REQUIRE((strcmp(rule->sqlstate, "00000") == 0) ==
			(outcome.kind == BF_OUTCOME_OK));
	if (outcome.kind == BF_OUTCOME_HTTP_STATUS)
		REQUIRE(rule->retry == (status == 429 ? BF_RETRY_THROTTLED :
								status >= 500 && status <= 599 ?
								BF_RETRY_TRANSIENT : BF_RETRY_NEVER));
}

/*
 * Each repetition uses up a part, at least one retry or millisecond, of what
 * the policy allows: that is what makes it end.
 */
static void
check_decision(const BfRetryPolicy *policy, BfRetryState *state,
			   BfRetryClass retry_class, uint64_t random)
{
	BfRetryState before = *state;
	int64_t		wait = -1;
	bool		again = bf_retry_decide(retry_class, policy, state, random, &wait);

	REQUIRE(wait >= 0 && wait <= WAIT_MAX);
	if (!again)
	{
		REQUIRE(wait == 0);
		REQUIRE(memcmp(&before, state, sizeof(before)) == 0);
		if (retry_class == BF_RETRY_TRANSIENT)
			REQUIRE(state->retries >= policy->max_retries);
		if (retry_class == BF_RETRY_THROTTLED)
			REQUIRE(state->throttled_ms >= policy->throttle_timeout_ms);
	}
	else if (retry_class == BF_RETRY_TRANSIENT)
	{
		REQUIRE(state->retries == before.retries + 1);
		REQUIRE(state->throttled_ms == before.throttled_ms);
	}
	else
	{
		REQUIRE(retry_class == BF_RETRY_THROTTLED);
		REQUIRE(wait > 0 && state->throttled_ms == before.throttled_ms + wait);
		REQUIRE(state->retries == before.retries);
	}
	REQUIRE(state->retries <= policy->max_retries);
	REQUIRE(state->throttled_ms <= policy->throttle_timeout_ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	BfRetryPolicy policy;
	BfRetryState state;
	unsigned int kind;
	int			status;
	char	   *code;

	policy.max_retries = (int) (fuzz_number(&input, 4) & INT_MAX);
	policy.throttle_timeout_ms = (int64_t) fuzz_number(&input, 4);
	kind = (unsigned int) fuzz_number(&input, 1);
	status = (int) fuzz_number(&input, 4);
	code = fuzz_text(&input);
	check_code(code);
	check_outcome(kind, status, code);
	free(code);

	memset(&state, 0, sizeof(state));
	while (input.left > 0)
	{
		unsigned int number = (unsigned int) fuzz_number(&input, 1);
		BfRetryClass retry_class = number % (BF_RETRY_NOT_READY + 1);

		check_decision(&policy, &state, retry_class, fuzz_number(&input, 8));
	}
	return 0;
}

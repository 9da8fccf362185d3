/*-------------------------------------------------------------------------
 *
 * test_retry.c
 *	  Unit tests of api/retry.c: whether and when to ask again.
 *
 * IDENTIFICATION
 *	  test/unit/test_retry.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <limits.h>
#include <stdbool.h>

#include "api/retry.h"

static const BfRetryPolicy policy = {5, 60000};

/* Upper bounds of the waits, in milliseconds. */
static const int64_t Bounds[] = {
	500, 1000, 2000, 4000, 8000, 16000, 20000, 20000
};

static void
test_never(void **state)
{
	BfRetryState used = {0, 0, 0};
	int64_t		wait = 4711;

	(void) state;
	assert_false(bf_retry_decide(BF_RETRY_NEVER, &policy, &used, 1, &wait));
	assert_int_equal(wait, 0);
	assert_false(bf_retry_decide(BF_RETRY_NOT_READY, &policy, &used, 1,
								 &wait));
	assert_int_equal(used.retries + used.throttled, 0);
}

static void
test_transient_bounds(void **state)
{
	BfRetryPolicy policy = {8, 0};
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (int round = 0; round < 2000; round++)
	{
		BfRetryState used = {0, 0, 0};
		int64_t		wait;

		for (int i = 0; i < 8; i++)
		{
			assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used,
										next_random(&random), &wait));
			assert_in_range(wait, 0, Bounds[i]);
			assert_int_equal(used.retries, i + 1);
		}
		assert_false(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used,
									 next_random(&random), &wait));
		assert_int_equal(wait, 0);
		assert_int_equal(used.retries, 8);
		assert_int_equal(used.throttled, 0);
	}
}

/* Both ends of the range are reached. */
static void
test_transient_full_range(void **state)
{
	BfRetryState used = {0, 0, 0};
	int64_t		wait;

	(void) state;
	assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 0,
								&wait));
	assert_int_equal(wait, 0);
	used.retries = 0;
	assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 500,
								&wait));
	assert_int_equal(wait, 500);
	used.retries = 0;
	assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used,
								UINT64_MAX, &wait));
	assert_in_range(wait, 0, 500);
}

static void
test_transient_off(void **state)
{
	BfRetryPolicy policy = {0, 60000};
	BfRetryState used = {0, 0, 0};
	int64_t		wait;

	(void) state;
	assert_false(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 1,
								 &wait));
}

static void
test_transient_many(void **state)
{
	BfRetryPolicy policy = {INT_MAX, 0};
	BfRetryState used = {INT_MAX - 1, 0, 0};
	int64_t		wait;

	(void) state;
	assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 20000,
								&wait));
	assert_int_equal(wait, 20000);
	assert_false(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 20000,
								 &wait));
}

static void
test_throttled_bounds(void **state)
{
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (int round = 0; round < 500; round++)
	{
		BfRetryState used = {0, 0, 0};
		int64_t		wait;
		int64_t		total = 0;
		int			n = 0;

		while (bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used,
							   next_random(&random), &wait))
		{
			assert_in_range(wait, 1, Bounds[n < 7 ? n : 7]);
			total += wait;
			n++;
			assert_int_equal(used.throttled, n);
			assert_int_equal(used.throttled_ms, total);
			assert_true(n < 100000);
		}
		assert_int_equal(total, policy.throttle_timeout_ms);
		assert_int_equal(wait, 0);
		assert_int_equal(used.retries, 0);
	}
}

/* The worst random numbers end it too. */
static void
test_throttled_ends(void **state)
{
	BfRetryPolicy policy = {0, 3000};
	BfRetryState used = {0, 0, 0};
	int64_t		wait;
	int			n = 0;

	(void) state;
	while (bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 0, &wait))
	{
		assert_int_equal(wait, 1);
		assert_true(++n <= 3000);
	}
	assert_int_equal(n, 3000);
}

static void
test_throttled_last_wait(void **state)
{
	BfRetryState used = {0, 30, 59990};
	int64_t		wait;

	(void) state;
	assert_true(bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 15000,
								&wait));
	assert_int_equal(wait, 10);
	assert_false(bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 15000,
								 &wait));
}

static void
test_throttled_off(void **state)
{
	BfRetryPolicy policy = {5, 0};
	BfRetryState used = {0, 0, 0};
	int64_t		wait;

	(void) state;
	assert_false(bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 1,
								 &wait));
}

/* One kind of failure does not use up the budget of the other. */
static void
test_separate_budgets(void **state)
{
	BfRetryPolicy policy = {1, 1};
	BfRetryState used = {0, 0, 0};
	int64_t		wait;

	(void) state;
	assert_true(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 7,
								&wait));
	assert_true(bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 7,
								&wait));
	assert_int_equal(wait, 1);
	assert_false(bf_retry_decide(BF_RETRY_TRANSIENT, &policy, &used, 7,
								 &wait));
	assert_false(bf_retry_decide(BF_RETRY_THROTTLED, &policy, &used, 7,
								 &wait));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_transient_bounds),
		cmocka_unit_test(test_transient_full_range),
		cmocka_unit_test(test_transient_off),
		cmocka_unit_test(test_transient_many),
		cmocka_unit_test(test_throttled_bounds),
		cmocka_unit_test(test_throttled_ends),
		cmocka_unit_test(test_throttled_last_wait),
		cmocka_unit_test(test_throttled_off),
		cmocka_unit_test(test_separate_budgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

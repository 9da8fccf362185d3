/*-------------------------------------------------------------------------
 *
 * test_quota.c
 *	  Unit tests of api/quota.c: how many calls may be made in a second.
 *
 * Time is what the tests say; a call that is "sent" reaches the API at that
 * moment.
 *
 * IDENTIFICATION
 *	  test/unit/test_quota.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <stdbool.h>

#include "api/quota.h"

#define SECOND		INT64_C(1000000)
#define LONGEST		(SECOND + SECOND / 20)	/* after which a place is free */
#define MAX_CALLS	5000

/* Each test has a quota of its own. */
static BfQuota *
new_quota(void)
{
	static uint64_t key = 1000;
	BfQuota    *quota = bf_quota_find(key++);

	assert_non_null(quota);
	return quota;
}

static void
call_at(BfQuota *quota, int per_second, int64_t now)
{
	int64_t		again;
	int64_t    *place = bf_quota_take(quota, per_second, now, &again);

	assert_non_null(place);
	bf_quota_sent(place, now);
}

static void
refused_at(BfQuota *quota, int per_second, int64_t now, int64_t *again)
{
	assert_null(bf_quota_take(quota, per_second, now, again));
	assert_true(*again > now);
}

static void
test_same_key_same_quota(void **state)
{
	BfQuota    *quota = bf_quota_find(7);

	(void) state;
	assert_non_null(quota);
	assert_ptr_equal(bf_quota_find(7), quota);
	assert_ptr_not_equal(bf_quota_find(8), quota);
	assert_ptr_equal(bf_quota_find(7), quota);
}

static void
test_burst(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t		now = 5 * SECOND;
	int64_t		again;

	(void) state;
	for (int i = 0; i < 20; i++)
		call_at(quota, 20, now);
	refused_at(quota, 20, now, &again);
	assert_true(again > now + SECOND && again <= now + LONGEST);
	refused_at(quota, 20, now + SECOND, &again);
	assert_non_null(bf_quota_take(quota, 20, again, &again));
}

static void
test_the_second_slides(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t		again;

	(void) state;
	call_at(quota, 2, 100 * SECOND);
	call_at(quota, 2, 100 * SECOND + SECOND * 9 / 10);
	refused_at(quota, 2, 101 * SECOND, &again);
	assert_true(again <= 100 * SECOND + LONGEST);
	call_at(quota, 2, again);

	/* The second call still counts. */
	refused_at(quota, 2, again, &again);
	assert_true(again > 101 * SECOND + SECOND * 9 / 10);
}

/* Looking up, connecting and TLS may take longer than a second. */
static void
test_a_call_counts_until_it_is_sent(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t    *first;
	int64_t    *second;
	int64_t		again;

	(void) state;
	first = bf_quota_take(quota, 2, SECOND, &again);
	second = bf_quota_take(quota, 2, SECOND, &again);
	assert_non_null(first);
	assert_non_null(second);
	assert_ptr_not_equal(first, second);

	assert_null(bf_quota_take(quota, 2, 60 * SECOND, &again));
	assert_true(again == INT64_MAX);
	bf_quota_sent(second, 60 * SECOND);
	refused_at(quota, 2, 60 * SECOND, &again);
	assert_true(again > 61 * SECOND && again <= 60 * SECOND + LONGEST);
	call_at(quota, 2, 62 * SECOND);
	refused_at(quota, 2, 62 * SECOND, &again);
	bf_quota_sent(first, 62 * SECOND);
}

static void
test_given_back(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t    *place;
	int64_t		again;

	(void) state;
	place = bf_quota_take(quota, 1, SECOND, &again);
	assert_null(bf_quota_take(quota, 1, SECOND, &again));
	bf_quota_give_back(place);
	place = bf_quota_take(quota, 1, SECOND, &again);
	assert_non_null(place);

	/* What was sent has reached the API. */
	bf_quota_sent(place, SECOND);
	bf_quota_give_back(place);
	refused_at(quota, 1, SECOND, &again);
}

/* Tables may have different limits for the same action and key. */
static void
test_different_limits(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t		again;

	(void) state;
	for (int i = 0; i < 5; i++)
		call_at(quota, 100, SECOND);
	refused_at(quota, 5, SECOND, &again);
	refused_at(quota, 1, SECOND, &again);
	call_at(quota, 6, SECOND);
}

static void
test_the_largest_limit(void **state)
{
	BfQuota    *quota = new_quota();
	int64_t		again;

	(void) state;
	for (int i = 0; i < BF_QUOTA_MAX; i++)
		call_at(quota, BF_QUOTA_MAX, SECOND + i);
	refused_at(quota, BF_QUOTA_MAX, 2 * SECOND - 1, &again);
	call_at(quota, BF_QUOTA_MAX, again);
}

/*
 * Whoever starts as soon as it may, with calls that take any time to be sent,
 * has never more than the limit in any second, and nearly as many.
 */
static void
test_any_second(void **state)
{
	static int64_t sent[MAX_CALLS];
	static const int limits[] = {1, 2, 7, 20, 100};
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (size_t l = 0; l < lengthof(limits); l++)
	{
		BfQuota    *quota = new_quota();
		int			limit = limits[l];
		int64_t		now = SECOND;
		int			calls = 0;

		while (now < 21 * SECOND)
		{
			int64_t		again;
			int64_t    *place = bf_quota_take(quota, limit, now, &again);

			if (place == NULL)
			{
				assert_true(again > now && again < INT64_MAX);
				now = again;
				continue;
			}
			now += (int64_t) (next_random(&random) % 3000);
			bf_quota_sent(place, now);
			assert_true(calls < MAX_CALLS);
			sent[calls++] = now;
			if (calls > limit)
				assert_true(now - sent[calls - 1 - limit] > SECOND);
		}
		/* a limit that is hard to reach because sending takes time */
		if (limit <= 20)
			assert_true(calls >= 19 * limit);
	}
}

static void
test_pause(void **state)
{
	BfQuota    *quota = new_quota();

	(void) state;
	assert_true(bf_quota_pause_end(quota) == 0);
	assert_true(bf_quota_back_off(quota, 5 * SECOND) == 5 * SECOND);
	assert_true(bf_quota_back_off(quota, 3 * SECOND) == 5 * SECOND);
	assert_true(bf_quota_pause_end(quota) == 5 * SECOND);
	assert_true(bf_quota_back_off(quota, 6 * SECOND) == 6 * SECOND);
	assert_true(bf_quota_pause_end(quota) == 6 * SECOND);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_key_same_quota),
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_the_second_slides),
		cmocka_unit_test(test_a_call_counts_until_it_is_sent),
		cmocka_unit_test(test_given_back),
		cmocka_unit_test(test_different_limits),
		cmocka_unit_test(test_the_largest_limit),
		cmocka_unit_test(test_any_second),
		cmocka_unit_test(test_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*-------------------------------------------------------------------------
 *
 * test_month.c
 *	  Unit tests of api/month.c: text, arithmetic, Beijing time, bounds.
 *
 * IDENTIFICATION
 *	  test/unit/test_month.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/month.h"

static void
test_make(void **state)
{
	(void) state;
	assert_int_equal(bf_month_make(2023, 4), 2023 * 12 + 3);
	assert_int_equal(bf_month_make(2024, 1) - bf_month_make(2023, 12), 1);
	assert_int_equal(bf_month_make(2023, 0), BF_MONTH_INVALID);
	assert_int_equal(bf_month_make(2023, 13), BF_MONTH_INVALID);
	assert_int_equal(bf_month_make(0, 1), BF_MONTH_INVALID);
	assert_int_equal(bf_month_make(-1, 1), BF_MONTH_INVALID);
	assert_int_equal(bf_month_make(10000, 1), BF_MONTH_INVALID);
}

static void
test_parse(void **state)
{
	(void) state;
	assert_int_equal(bf_month_parse("2023-04"), bf_month_make(2023, 4));
	assert_int_equal(bf_month_parse("0001-01"), bf_month_make(1, 1));
	assert_int_equal(bf_month_parse("9999-12"), bf_month_make(9999, 12));
}

static void
test_parse_refused(void **state)
{
	static const char *const texts[] = {
		"", "2", "2023", "2023-", "2023-4", "2023-004", "2023-13", "2023-00",
		"2023/04", "202304", "2023-04-01", " 2023-04", "2023-04 ", "2023-0x",
		"+023-04", "-023-04", "2023--4", "2023-+4", "23-04", "0000-01",
		"2023-04\n", "\xef\xbc\x92" "023-4", NULL
	};

	(void) state;
	for (int i = 0; texts[i] != NULL; i++)
		assert_int_equal(bf_month_parse(texts[i]), BF_MONTH_INVALID);
}

static void
test_format_round_trip(void **state)
{
	char		text[BF_MONTH_TEXT_SIZE];
	char		expected[32];
	BfMonth		month = bf_month_make(1, 1);

	(void) state;
	for (int year = 1; year <= 9999; year++)
	{
		for (int number = 1; number <= 12; number++, month++)
		{
			snprintf(expected, sizeof(expected), "%04d-%02d", year, number);
			bf_month_format(month, text);
			assert_string_equal(text, expected);
			assert_int_equal(bf_month_parse(text), month);
		}
	}
}

static void
test_format_invalid(void **state)
{
	static const BfMonth months[] = {
		BF_MONTH_INVALID, -2, 0, 11, 10000 * 12, INT32_MAX, INT32_MIN
	};
	char		text[BF_MONTH_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < lengthof(months); i++)
	{
		memset(text, 'x', sizeof(text));
		bf_month_format(months[i], text);
		assert_string_equal(text, "");
	}
}

static void
test_days(void **state)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	(void) state;
	for (int number = 1; number <= 12; number++)
		assert_int_equal(bf_month_days(bf_month_make(2023, number)),
						 days[number - 1]);
	assert_int_equal(bf_month_days(bf_month_make(2024, 2)), 29);
	assert_int_equal(bf_month_days(bf_month_make(2024, 3)), 31);
	assert_int_equal(bf_month_days(bf_month_make(2000, 2)), 29);
	assert_int_equal(bf_month_days(bf_month_make(1900, 2)), 28);
	assert_int_equal(bf_month_days(bf_month_make(1, 1)), 31);
	assert_int_equal(bf_month_days(bf_month_make(9999, 12)), 31);
}

/* Month of a time as text. */
static const char *
month_at(int64_t seconds)
{
	static char text[BF_MONTH_TEXT_SIZE];

	bf_month_format(bf_month_of_time(seconds), text);
	return text;
}

static void
test_beijing(void **state)
{
	(void) state;
	/* 2023-12-31T15:59:59Z is 23:59:59 in Beijing. */
	assert_string_equal(month_at(1704038399), "2023-12");
	assert_string_equal(month_at(1704038400), "2024-01");
	/* Leap years end February on the 29th: 2024-02-29T15:59:59Z. */
	assert_string_equal(month_at(1709222399), "2024-02");
	assert_string_equal(month_at(1709222400), "2024-03");
	assert_string_equal(month_at(0), "1970-01");
	assert_string_equal(month_at(-28801), "1969-12");
	assert_string_equal(month_at(-28800), "1970-01");
}

static void
test_time_limits(void **state)
{
	(void) state;
	assert_string_equal(month_at(INT64_C(-62135596800)), "0001-01");
	assert_string_equal(month_at(INT64_C(-62135596801)), "");
	/* 9999-12-31T15:59:59Z, and the year 10000 in Beijing */
	assert_string_equal(month_at(INT64_C(253402271999)), "9999-12");
	assert_string_equal(month_at(INT64_C(253402272000)), "");
	assert_string_equal(month_at(INT64_MAX), "");
	assert_string_equal(month_at(INT64_MIN), "");
}

static void
test_dates_as_libc(void **state)
{
	(void) state;
	/* From 1700 to 2300, every day. */
	for (int64_t days = -98615; days < 120530; days++)
	{
		time_t		seconds = (time_t) (days * 86400);
		struct tm	expected;
		int			year;
		int			month;
		int			day;

		assert_non_null(gmtime_r(&seconds, &expected));
		bf_month_date_of_day(days, &year, &month, &day);
		assert_int_equal(year, expected.tm_year + 1900);
		assert_int_equal(month, expected.tm_mon + 1);
		assert_int_equal(day, expected.tm_mday);
	}
}

static void
test_bound(void **state)
{
	BfMonth		now = bf_month_make(2023, 4);
	BfMonth		month = 0;

	(void) state;
	assert_true(bf_month_parse_bound("2018-05", now, &month));
	assert_int_equal(month, bf_month_make(2018, 5));
	assert_true(bf_month_parse_bound("-0", now, &month));
	assert_int_equal(month, now);
	assert_true(bf_month_parse_bound("-1", now, &month));
	assert_int_equal(month, bf_month_make(2023, 3));
	assert_true(bf_month_parse_bound("-12", now, &month));
	assert_int_equal(month, bf_month_make(2022, 4));
	assert_true(bf_month_parse_bound("-1200", now, &month));
	assert_int_equal(month, bf_month_make(1923, 4));
}

static void
test_bound_refused(void **state)
{
	static const char *const texts[] = {
		"", "-", "--1", "-1201", "-99999", "-1x", "- 1", "1", "+1", "0",
		"-1 ", "2023-13", "2023-4", "now", "-4294967297", NULL
	};
	BfMonth		month = 4711;

	(void) state;
	for (int i = 0; texts[i] != NULL; i++)
		assert_false(bf_month_parse_bound(texts[i], bf_month_make(2023, 4),
										  &month));
	assert_false(bf_month_parse_bound("-1", bf_month_make(1, 1), &month));
	assert_int_equal(month, 4711);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refused),
		cmocka_unit_test(test_format_round_trip),
		cmocka_unit_test(test_format_invalid),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_beijing),
		cmocka_unit_test(test_time_limits),
		cmocka_unit_test(test_dates_as_libc),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_bound_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

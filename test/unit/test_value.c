/*-------------------------------------------------------------------------
 *
 * test_value.c
 *	  Unit tests of api/value.c: grammars of values, and numbers as text.
 *
 * IDENTIFICATION
 *	  test/unit/test_value.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/value.h"

typedef bool (*Predicate) (const char *text);

static void
check_all(Predicate predicate, const char *const *texts, bool expected)
{
	for (; *texts != NULL; texts++)
	{
		if (predicate(*texts) != expected)
			fail_msg("\"%s\" should%s be accepted", *texts,
					 expected ? "" : " not");
	}
}

static void
test_none(void **state)
{
	static const char *const yes[] = {
		"", "-", "0002-11-30", "0002-11-30 00:00:00", "0002-11-30T00:00:00",
		NULL
	};
	static const char *const no[] = {
		" ", "--", "0", "- ", "0002-11-3", "0002-11-300", "0002-11-30x",
		"0002-11-30 ", "0002-12-30", "null", NULL
	};

	(void) state;
	check_all(bf_value_is_none, yes, true);
	check_all(bf_value_is_none, no, false);
}

static void
test_integer(void **state)
{
	static const char *const yes[] = {
		"0", "7", "-1", "10", "9007199254740993",
		"1234567890123456789012345678901234567890123456789012345678901234",
		"-1234567890123456789012345678901234567890123456789012345678901234",
		NULL
	};
	static const char *const no[] = {
		"", "-", "+", "+5", "-0", "00", "007", "-07", "1.0", "1e3", "0x1",
		" 1", "1 ", "--1", "1,2", "\xd9\xa1",
		"12345678901234567890123456789012345678901234567890123456789012345",
		NULL
	};

	(void) state;
	check_all(bf_value_is_integer, yes, true);
	check_all(bf_value_is_integer, no, false);
}

static void
test_amount(void **state)
{
	static const char *const yes[] = {
		"0", "1", "-1", "+1", "007", "1.5", "-0.00000001", "+12.340",
		"123456789012345678901234567890.123456789",
		"1234567890123456789012345678901234567890123456789012345678901234",
		"-123456789012345678901234567890123456789012345678901234567890.12",
		NULL
	};
	static const char *const no[] = {
		"", "-", "+", ".", "1.", ".5", "-.5", "1.5.", "1..5", "1,5", "1e5",
		"1E5", "0x1", "NaN", "nan", "Infinity", "inf", "-inf", " 1", "1 ",
		"1 000", "--1", "+-1", "1-", "1_000", "\xd9\xa1", "1\n",
		"12345678901234567890123456789012345678901234567890123456789012345",
		"-1234567890123456789012345678901234567890123456789012345678901234",
		NULL
	};

	(void) state;
	check_all(bf_value_is_amount, yes, true);
	check_all(bf_value_is_amount, no, false);
}

static void
test_read_amount(void **state)
{
	static const struct
	{
		const char *text;
		int64_t		digits;
		int			scale;
	}			cases[] = {
		{"0", 0, 0}, {"-0.00", 0, 2}, {"+1", 1, 0}, {"-43.67", -4367, 2},
		{"007.10", 710, 2}, {"0.00000000", 0, 8},
		{"999999999999999999", INT64_C(999999999999999999), 0},
		{"-999999999999999999", -INT64_C(999999999999999999), 0},
		{"0.12345678901234567", INT64_C(12345678901234567), 17},
		{"9.99999999999999999", INT64_C(999999999999999999), 17},
	};
	static const char *const others[] = {
		"1000000000000000000", "0000000000000000000", "0.000000000000000000",
		"-1234567890.123456789", NULL
	};
	static const char alphabet[] = "0123456789019.+-e ";
	char		text[32];
	int64_t		digits;
	int			scale;
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		assert_true(bf_value_read_amount(cases[i].text, &digits, &scale));
		assert_true(digits == cases[i].digits);
		assert_int_equal(scale, cases[i].scale);
	}
	for (int i = 0; others[i] != NULL; i++)
	{
		assert_true(bf_value_is_amount(others[i]));
		assert_false(bf_value_read_amount(others[i], &digits, &scale));
	}

	/* It takes what is an amount and has no more digits, and nothing else. */
	for (int i = 0; i < 1000000; i++)
	{
		int			length = i % 24;
		int			n = 0;

		for (int j = 0; j < length; j++)
		{
			next_random(&random);
			text[j] = alphabet[(random >> 8) % (sizeof(alphabet) - 1)];
			if (j > 1 && (random >> 20) % 16 > 0)
				text[j] = '0' + (random >> 24) % 10;
			n += text[j] >= '0' && text[j] <= '9';
		}
		text[length] = '\0';
		if (bf_value_read_amount(text, &digits, &scale) !=
			(bf_value_is_amount(text) && n <= BF_VALUE_DIGITS_MAX))
			fail_msg("%s", text);
	}
}

static void
test_shift(void **state)
{
	static const struct
	{
		const char *text;
		int			scale;
		const char *shifted;
	}			cases[] = {
		{"-45", 2, "-0.45"}, {"265645002000000", 8, "2656450.02000000"},
		{"0", 2, "0.00"}, {"-0", 2, "-0.00"}, {"5", 1, "0.5"},
		{"+5", 2, "0.05"}, {"100", 2, "1.00"}, {"10", 2, "0.10"},
		{"1.5", 2, "0.015"}, {"123.4", 2, "1.234"}, {"-0.001", 8, "-0.00000000001"},
		{"007", 2, "0.07"}, {"00700", 2, "7.00"}, {"000", 2, "0.00"},
		{"0045.10", 1, "4.510"}, {"1", 18, "0.000000000000000001"},
		{"10000000000", 2, "100000000.00"}, {"1.00", 0, "1.00"},
		{"-007", 0, "-7"}, {"00", 0, "0"}, {"+12.5", 0, "12.5"},
		{"9007199254740993", 2, "90071992547409.93"},
		{"1234567890123456789012345678901234567890123456789012345678901234", 8,
		"12345678901234567890123456789012345678901234567890123456.78901234"},
		{"-0.1234567890123456789012345678901234567890123456789012345678901", 18,
		"-0.0000000000000000001234567890123456789012345678901234567890123456789012345678901"},
	};
	static const char *const others[] = {
		"", "-", "1e5", "1.", ".5", "NaN", "true", " 1", "1,5",
		"12345678901234567890123456789012345678901234567890123456789012345",
	};
	char		shifted[BF_VALUE_SHIFTED_SIZE];

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		assert_true(bf_value_shift(cases[i].text, cases[i].scale, shifted));
		assert_string_equal(shifted, cases[i].shifted);
	}
	for (size_t i = 0; i < lengthof(others); i++)
		assert_false(bf_value_shift(others[i], 2, shifted));
}

/* What cJSON's doubles become is never written with an exponent. */
static void
test_shift_of_doubles(void **state)
{
	char		text[BF_VALUE_AMOUNT_MAX + 1];
	char		shifted[BF_VALUE_SHIFTED_SIZE];

	(void) state;
	assert_true(bf_value_from_double(1e21, text));
	assert_true(bf_value_shift(text, 8, shifted));
	assert_string_equal(shifted, "10000000000000.00000000");
	assert_true(bf_value_from_double(-1.5e-10, text));
	assert_true(bf_value_shift(text, 2, shifted));
	assert_string_equal(shifted, "-0.0000000000015");
}

static void
test_boolean(void **state)
{
	static const char *const others[] = {
		"", "-", "t", "yes", "True", "TRUE", "on", "01", "1.0", "-1", "2",
		" true", "null", NULL
	};

	(void) state;
	assert_string_equal(bf_value_boolean("true"), "true");
	assert_string_equal(bf_value_boolean("1"), "true");
	assert_string_equal(bf_value_boolean("false"), "false");
	assert_string_equal(bf_value_boolean("0"), "false");
	for (int i = 0; others[i] != NULL; i++)
		assert_null(bf_value_boolean(others[i]));
}

static void
test_date(void **state)
{
	static const char *const yes[] = {
		"2023-07-17", "2023-07-17 00:00:00", "2023-07-17T00:00:00",
		"2023-07-17 00:00:00.000", "0002-11-30 00:00:00", NULL
	};
	static const char *const no[] = {
		"", "-", "2023-07", "2023-02-30", "2023-07-17 00:00:01",
		"2023-07-17 00:01:00", "2023-07-17 08:00:00",
		"2023-07-17 00:00:00.001", "2023-07-17 00:00", "20230717", NULL
	};

	(void) state;
	check_all(bf_value_is_date, yes, true);
	check_all(bf_value_is_date, no, false);
}

static void
test_month(void **state)
{
	static const char *const yes[] = {"2023-04", "0001-01", "9999-12", NULL};
	static const char *const no[] = {
		"", "2023-4", "2023-13", "2023-00", "2023-04-01", "2023-04 ", "-",
		NULL
	};

	(void) state;
	check_all(bf_value_is_month, yes, true);
	check_all(bf_value_is_month, no, false);
}

static void
test_datetime(void **state)
{
	static const char *const yes[] = {
		"2023-04-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31",
		"2023-04-30 00:00:00", "2023-04-30T23:59:59", "2023-01-31 12:34:56.7",
		"2023-12-31 12:34:56.123456", NULL
	};

	(void) state;
	check_all(bf_value_is_datetime, yes, true);
}

static void
test_datetime_refused(void **state)
{
	static const char *const no[] = {
		"", "now", "today", "infinity", "-infinity", "epoch", "2023",
		"2023-04", "2023-4-1", "2023-02-29", "1900-02-29", "2023-04-31",
		"2023-13-01", "2023-00-01", "2023-01-00", "0000-01-01",
		"10000-01-01", "2023-04-01 ", "2023-04-01T", "2023-04-01 24:00:00",
		"2023-04-01 00:60:00", "2023-04-01 00:00:60", "2023-04-01 00:00",
		"2023-04-01  00:00:00", "2023-04-01t00:00:00",
		"2023-04-01 00:00:00.", "2023-04-01 00:00:00.1234567",
		"2023-04-01 00:00:00Z", "2023-04-01 00:00:00+08",
		"2023-04-01 00:00:00 BC", "2023/04/01", "20230401", "-",
		"2023-04-01 0:00:00", "+023-04-01", " 2023-04-01", NULL
	};

	(void) state;
	check_all(bf_value_is_datetime, no, false);
}

static void
test_read_datetime(void **state)
{
	static const struct
	{
		const char *text;
		BfMoment	moment;
	}			cases[] = {
		{"0001-02-03", {1, 2, 3, 0, 0, 0, 0}},
		{"2023-08-07 03:42:18", {2023, 8, 7, 3, 42, 18, 0}},
		{"2024-02-29T23:59:58.1", {2024, 2, 29, 23, 59, 58, 100000}},
		{"9999-12-31 23:59:59.999999", {9999, 12, 31, 23, 59, 59, 999999}},
		{"2023-08-07 00:00:00.000001", {2023, 8, 7, 0, 0, 0, 1}},
		{"2023-08-07 00:00:00.012", {2023, 8, 7, 0, 0, 0, 12000}},
		{"2020-07-08 15:52:30.941", {2020, 7, 8, 15, 52, 30, 941000}},
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BfMoment	moment;

		memset(&moment, 'x', sizeof(moment));
		assert_true(bf_value_read_datetime(cases[i].text, &moment));
		assert_memory_equal(&moment, &cases[i].moment, sizeof(moment));
	}
}

static void
test_from_double(void **state)
{
	static const struct
	{
		double		number;
		const char *text;
	}			cases[] = {
		{0.0, "0"}, {-0.0, "0"}, {1.0, "1"}, {-1.0, "-1"}, {0.1, "0.1"},
		{-0.5, "-0.5"}, {0.01, "0.01"}, {100.0, "100"}, {123.456, "123.456"},
		{0.1 + 0.2, "0.30000000000000004"}, {1e15, "1000000000000000"},
		{9007199254740993.0, "9007199254740992"},
		{1e22, "10000000000000000000000"},
		{1e-7, "0.0000001"}, {1.5e-10, "0.00000000015"},
		{123456789.12345678, "123456789.12345678"}, {-99.99, "-99.99"},
		{1234567890123456.7, "1234567890123456.8"},
		{5e20, "500000000000000000000"}
	};
	char		text[BF_VALUE_AMOUNT_MAX + 1];

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		assert_true(bf_value_from_double(cases[i].number, text));
		assert_string_equal(text, cases[i].text);
	}
}

static void
test_from_double_refused(void **state)
{
	const double cases[] = {
		NAN, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 1e64,
		-1e63, 1e300, 1e-63, -1e-62
	};
	char		text[BF_VALUE_AMOUNT_MAX + 1];

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		memset(text, 'x', sizeof(text));
		assert_false(bf_value_from_double(cases[i], text));
		assert_string_equal(text, "");
	}
}

static void
test_from_double_longest(void **state)
{
	char		text[BF_VALUE_AMOUNT_MAX + 1];

	(void) state;
	assert_true(bf_value_from_double(1e63, text));
	assert_int_equal(strlen(text), 64);
	assert_true(bf_value_from_double(-1e62, text));
	assert_int_equal(strlen(text), 64);
	assert_true(bf_value_from_double(1e-62, text));
	assert_int_equal(strlen(text), 64);
	assert_true(bf_value_from_double(-1e-61, text));
	assert_int_equal(strlen(text), 64);
}

/* Every text is an amount, and reads back as the same double. */
static void
test_from_double_round_trip(void **state)
{
	uint64_t	random = RANDOM_SEED;
	char		text[BF_VALUE_AMOUNT_MAX + 1];
	int			written = 0;

	(void) state;
	for (int i = 0; i < 200000; i++)
	{
		double		number;

		next_random(&random);
		if (i % 2 == 0)
			memcpy(&number, &random, sizeof(number));
		else
			number = (double) (int64_t) random / 1e9;
		if (!bf_value_from_double(number, text))
			continue;
		written++;
		assert_true(bf_value_is_amount(text));
		assert_true(strtod(text, NULL) == number);
	}
	assert_true(written > 100000);
}

static void
test_from_double_locale(void **state)
{
	static const char *const locales[] = {
		"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", NULL
	};
	char		text[BF_VALUE_AMOUNT_MAX + 1];
	int			i = 0;

	(void) state;
	while (locales[i] != NULL && setlocale(LC_NUMERIC, locales[i]) == NULL)
		i++;
	if (locales[i] == NULL)
		skip();
	assert_true(bf_value_from_double(123.456, text));
	setlocale(LC_NUMERIC, "C");
	assert_string_equal(text, "123.456");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_integer),
		cmocka_unit_test(test_amount),
		cmocka_unit_test(test_read_amount),
		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_shift_of_doubles),
		cmocka_unit_test(test_boolean),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_month),
		cmocka_unit_test(test_datetime),
		cmocka_unit_test(test_datetime_refused),
		cmocka_unit_test(test_read_datetime),
		cmocka_unit_test(test_from_double),
		cmocka_unit_test(test_from_double_refused),
		cmocka_unit_test(test_from_double_longest),
		cmocka_unit_test(test_from_double_round_trip),
		cmocka_unit_test(test_from_double_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

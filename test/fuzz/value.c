/*-------------------------------------------------------------------------
 *
 * value.c
 *	  Fuzz target of api/value.c: grammars against regular expressions and the
 *	  C library's numbers and calendar, numbers against the C library's.
 *
 * Input: a double of 8 bytes, and a text.
 *
 * IDENTIFICATION
 *	  test/fuzz/value.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <math.h>
#include <time.h>

#include "api/value.h"

/* The amount as an integer and how many of its digits are behind the point. */
static void
check_read_amount(const char *text)
{
	char		plain[BF_VALUE_AMOUNT_MAX + 1];
	const char *point = strchr(text, '.');
	size_t		count = 0;
	int64_t		digits;
	int			scale;

	for (const char *c = text; *c != '\0'; c++)
		if (*c != '.')
			plain[count++] = *c;
	plain[count] = '\0';
	if (plain[0] == '+' || plain[0] == '-')
		count--;
	REQUIRE(bf_value_read_amount(text, &digits, &scale) ==
			(count <= BF_VALUE_DIGITS_MAX));
	if (count > BF_VALUE_DIGITS_MAX)
		return;
	REQUIRE(digits == strtoll(plain, NULL, 10));
	REQUIRE(scale == (point ? (int) strlen(point + 1) : 0));
}

static void
check_amount(const char *text)
{
	static regex_t *pattern;
	bool		amount = bf_value_is_amount(text);
	int64_t		digits;
	int			scale;
	char	   *end;

	REQUIRE(amount == (fuzz_matches(&pattern, "^[+-]?[0-9]+(\\.[0-9]+)?$", text) &&
					   strlen(text) <= BF_VALUE_AMOUNT_MAX));
	if (!amount)
	{
		REQUIRE(!bf_value_read_amount(text, &digits, &scale));
		return;
	}
	REQUIRE(isfinite(strtod(text, &end)));
	REQUIRE(*end == '\0');
	check_read_amount(text);
}

/*
 * An amount in another unit: the same digits, the point moved.  Compared by
 * taking off signs, zeros in front and the point.
 */
static void
check_shift(const char *text, int scale)
{
	char	   *shifted = malloc(BF_VALUE_SHIFTED_SIZE);
	const char *point;
	const char *digits[2];
	int			decimals;

	REQUIRE(shifted != NULL);
	if (!bf_value_shift(text, scale, shifted))
	{
		REQUIRE(!bf_value_is_amount(text));
		free(shifted);
		return;
	}
	REQUIRE(bf_value_is_amount(text));
	REQUIRE((*text == '-') == (*shifted == '-'));
	point = strchr(text, '.');
	decimals = (point ? (int) strlen(point + 1) : 0) + scale;
	point = strchr(shifted, '.');
	REQUIRE(decimals == (point ? (int) strlen(point + 1) : 0));
	REQUIRE(point != shifted && (point == NULL || point[-1] != '-'));

	/* no zero in front but a single one */
	digits[1] = shifted + (*shifted == '-' ? 1 : 0);
	REQUIRE(digits[1][0] != '0' || digits[1][1] == '\0' || digits[1][1] == '.');
	digits[0] = text + strspn(text, "+-0.");
	digits[1] = shifted + strspn(shifted, "-0.");
	while (*digits[0] != '\0' || *digits[1] != '\0')
	{
		for (int i = 0; i < 2; i++)
			digits[i] += *digits[i] == '.' ? 1 : 0;
		REQUIRE(*digits[0] == *digits[1]);
		for (int i = 0; i < 2; i++)
			digits[i] += *digits[i] != '\0' ? 1 : 0;
	}
	free(shifted);
}

/* Does mktime, which brings dates into range, leave this one alone? */
static bool
date_exists(const char *text)
{
	struct tm	date = {.tm_hour = 12,.tm_isdst = 0};
	struct tm	same;

	date.tm_year = atoi(text) - 1900;
	date.tm_mon = atoi(text + 5) - 1;
	date.tm_mday = atoi(text + 8);
	same = date;
	/* no hours may be missing */
	setenv("TZ", "UTC0", 1);
	/* an error is -1, which is no noon */
	REQUIRE(mktime(&same) != -1);
	return same.tm_year == date.tm_year && same.tm_mon == date.tm_mon &&
		same.tm_mday == date.tm_mday;
}

/* The parts of a date and time that is valid. */
static void
check_moment(const char *text, const BfMoment *moment)
{
	int			parts[6] = {0};
	const char *point = strchr(text, '.');

	sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &parts[0], &parts[1], &parts[2],
		   &parts[3], &parts[4], &parts[5]);
	REQUIRE(moment->year == parts[0] && moment->month == parts[1] &&
			moment->day == parts[2] && moment->hour == parts[3] &&
			moment->minute == parts[4] && moment->second == parts[5]);
	REQUIRE(moment->microsecond ==
			(point ? (int) lround(strtod(point, NULL) * 1e6) : 0));
}

static void
check_datetime(const char *text)
{
	BfMoment	moment;
	static regex_t *pattern;
	bool		valid = fuzz_matches(&pattern,
									 "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
									 "([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
									 "(\\.[0-9]{1,6})?)?$", text) &&
		atoi(text) > 0 && date_exists(text);

	REQUIRE(bf_value_is_date(text) ==
			(valid && strspn(text, "0123456789-") == 10 &&
			 strspn(text + 10, " T:0.") == strlen(text + 10)));
	REQUIRE(bf_value_is_datetime(text) == valid);
	REQUIRE(bf_value_read_datetime(text, &moment) == valid);
	if (valid)
		check_moment(text, &moment);
}

static void
check_others(const char *text)
{
	static regex_t *month;
	static regex_t *none;
	static regex_t *integer;
	static regex_t *boolean;
	const char *truth = bf_value_boolean(text);

	REQUIRE(bf_value_is_integer(text) ==
			(fuzz_matches(&integer, "^(0|-?[1-9][0-9]*)$", text) &&
			 strspn(text + (*text == '-'), "0123456789") <= BF_VALUE_AMOUNT_MAX));
	REQUIRE((truth != NULL) == fuzz_matches(&boolean, "^(true|false|0|1)$", text));
	REQUIRE(truth == NULL ||
			(strcmp(truth, "true") == 0) == (*text == 't' || *text == '1'));

	REQUIRE(bf_value_is_month(text) ==
			(fuzz_matches(&month, "^[0-9]{4}-(0[1-9]|1[0-2])$", text) &&
			 atoi(text) > 0));
	REQUIRE(bf_value_is_none(text) ==
			(fuzz_matches(&none, "^(-?|0002-11-30([ T].*)?)$", text) &&
			 (strlen(text) < 2 || bf_value_is_datetime(text))));
}

/* Fewest digits after which %e reads back as the same number. */
static int
digits_needed(double number)
{
	char		text[64];
	int			digits = 0;

	do
		snprintf(text, sizeof(text), "%.*e", digits, number);
	while (strtod(text, NULL) != number && ++digits < 17);
	return digits + 1;
}

/* Significant digits of a plain decimal text. */
static int
digits_shown(const char *text)
{
	int			shown = 0;
	int			zeros = 0;

	for (const char *c = text; *c != '\0'; c++)
	{
		if (*c == '0' && shown > 0)
			zeros++;
		if (*c >= '1' && *c <= '9')
		{
			shown += zeros + 1;
			zeros = 0;
		}
	}
	return shown > 0 ? shown : 1;
}

static void
check_double(double number)
{
	char		text[BF_VALUE_AMOUNT_MAX + 1];
	char		exact[2048];
	int			decimals;

	if (bf_value_from_double(number, text))
	{
		check_amount(text);
		REQUIRE(bf_value_is_amount(text));
		REQUIRE(strtod(text, NULL) == number);
		REQUIRE(text[0] != '+' && strcmp(text, "-0") != 0);
		REQUIRE(digits_shown(text) == digits_needed(number));
		return;
	}
	REQUIRE(text[0] == '\0');
	if (!isfinite(number))
		return;

	/* the places that the last needed digit has behind the point */
	snprintf(exact, sizeof(exact), "%.*e", digits_needed(number) - 1, number);
	decimals = digits_needed(number) - 1 - atoi(strchr(exact, 'e') + 1);
	REQUIRE(snprintf(exact, sizeof(exact), "%.*f", decimals > 0 ? decimals : 0,
					 number) > BF_VALUE_AMOUNT_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	uint64_t	bits = fuzz_number(&input, sizeof(double));
	double		number;
	char	   *text = fuzz_text(&input);
	char		date[32];

	memcpy(&number, &bits, sizeof(number));
	check_amount(text);
	check_shift(text, (int) (bits % (BF_VALUE_SCALE_MAX + 1)));
	check_datetime(text);
	check_others(text);
	/* a date that exists, or nearly so */
	snprintf(date, sizeof(date), "%04d-%02d-%02d", (int) (bits % 10000),
			 (int) (bits >> 16 & 255) % 14, (int) (bits >> 24 & 255) % 33);
	check_datetime(date);
	check_double(number);
	/* amounts as they occur, and what a text means as number */
	check_double((double) (int64_t) bits / 1e8);
	check_double(strtod(text, NULL));
	free(text);
	return 0;
}

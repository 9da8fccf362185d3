/*-------------------------------------------------------------------------
 *
 * month.c
 *	  Fuzz target of api/month.c: months against regular expressions and the
 *	  C library's calendar.
 *
 * Input: a number of 8 bytes, and a text.
 *
 * IDENTIFICATION
 *	  test/fuzz/month.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <time.h>

#include "api/month.h"

#define FIRST_MONTH		12		/* 0001-01 */
#define LAST_MONTH		(9999 * 12 + 11)
#define MAX_BACK		1200

#define SECONDS_PER_DAY	86400
#define BEIJING_OFFSET	(8 * 3600)

/* Seconds of the years 1 to 9999 */
#define FIRST_SECOND	(-INT64_C(62135596800))
#define LAST_SECOND		INT64_C(253402300799)

static bool
is_month(BfMonth month)
{
	return month >= FIRST_MONTH && month <= LAST_MONTH;
}

static void
check_parse(const char *text)
{
	static regex_t *pattern;
	bool		valid = fuzz_matches(&pattern,
									 "^[0-9]{4}-(0[1-9]|1[0-2])$", text) &&
		strncmp(text, "0000", 4) != 0;
	BfMonth		month = bf_month_parse(text);
	char		again[BF_MONTH_TEXT_SIZE];

	REQUIRE(valid == (month != BF_MONTH_INVALID));
	REQUIRE(valid == is_month(month));
	bf_month_format(month, again);
	REQUIRE(strcmp(again, valid ? text : "") == 0);
	if (valid)
		REQUIRE(month == atoi(text) * 12 + atoi(text + 5) - 1);
}

static void
check_format(BfMonth month)
{
	char		text[BF_MONTH_TEXT_SIZE];

	bf_month_format(month, text);
	REQUIRE((text[0] != '\0') == is_month(month));
	REQUIRE(bf_month_parse(text) ==
			(is_month(month) ? month : BF_MONTH_INVALID));
}

static void
check_make(int year, int number)
{
	BfMonth		month = bf_month_make(year, number);

	if (year < 1 || year > 9999 || number < 1 || number > 12)
		REQUIRE(month == BF_MONTH_INVALID);
	else
		REQUIRE(month / 12 == year && month % 12 == number - 1);
}

static void
check_bound(const char *text, BfMonth now)
{
	static regex_t *pattern;
	BfMonth		bound = -7;
	bool		found = bf_month_parse_bound(text, now, &bound);

	if (fuzz_matches(&pattern, "^-[0-9]{1,4}$", text))
	{
		REQUIRE(found == (atoi(text) >= -MAX_BACK &&
						  now + atoi(text) >= FIRST_MONTH));
		REQUIRE(bound == (found ? now + atoi(text) : -7));
	}
	else
	{
		REQUIRE(found == (bf_month_parse(text) != BF_MONTH_INVALID));
		REQUIRE(bound == (found ? bf_month_parse(text) : -7));
	}
	REQUIRE(!found || is_month(bound));
}

/* What the C library says about a second, as UTC. */
static struct tm
date_of(int64_t second)
{
	time_t		at = (time_t) second;
	struct tm	date;

	REQUIRE(gmtime_r(&at, &date) != NULL);
	return date;
}

static void
check_time(int64_t second)
{
	BfMonth		month = bf_month_of_time(second);
	struct tm	date;
	int64_t		day;
	int			parts[3];

	if (second < FIRST_SECOND || second > LAST_SECOND)
	{
		REQUIRE(month == BF_MONTH_INVALID);
		return;
	}
	date = date_of(second + BEIJING_OFFSET);
	REQUIRE(month == bf_month_make(date.tm_year + 1900, date.tm_mon + 1));

	day = second / SECONDS_PER_DAY;
	date = date_of(day * SECONDS_PER_DAY);
	bf_month_date_of_day(day, &parts[0], &parts[1], &parts[2]);
	REQUIRE(parts[0] == date.tm_year + 1900);
	REQUIRE(parts[1] == date.tm_mon + 1);
	REQUIRE(parts[2] == date.tm_mday);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	int64_t		number = (int64_t) fuzz_number(&input, 8);
	char	   *text = fuzz_text(&input);

	check_parse(text);
	check_format((BfMonth) number);
	check_make((int) (number & 0xFFFFFFFF), (int) (number >> 32));
	check_make((int) (number & 0x3FFF), (int) (number >> 32));
	check_bound(text, (BfMonth) (FIRST_MONTH + (number & 0xFFFF)));
	check_time(number);
	/* most numbers of 64 bits are in no year, and few at the edge of a day */
	number %= 2 * LAST_SECOND;
	check_time(number);
	number -= number % SECONDS_PER_DAY + BEIJING_OFFSET;
	check_time(number);
	check_time(number - 1);
	free(text);
	return 0;
}

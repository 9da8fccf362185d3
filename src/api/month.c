/*-------------------------------------------------------------------------
 *
 * month.c
 *	  Bill months: YYYY-MM text, arithmetic, the current month in Beijing.
 *
 * IDENTIFICATION
 *	  src/api/month.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/month.h"

#include <stddef.h>
#include <string.h>

#define FIRST_YEAR	1
#define LAST_YEAR	9999

#define SECONDS_PER_DAY	86400

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define FIRST_SECOND	(-INT64_C(62135596800))
#define LAST_SECOND		INT64_C(253402300799)

#define MAX_MONTHS_BACK	1200	/* a century is more than any bill goes back */

/* Number in the first n characters of text, or -1 when they are no digits. */
static int
digits(const char *text, int n)
{
	int			number = 0;

	for (int i = 0; i < n; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/*
 * The month of a year (1 to 9999) and a month number (1 to 12), or
 * BF_MONTH_INVALID when either is out of range.
 */
BfMonth
bf_month_make(int year, int month)
{
	if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12)
		return BF_MONTH_INVALID;
	return year * 12 + (month - 1);
}

/*
 * The month written as YYYY-MM, or BF_MONTH_INVALID for any other text.
 */
BfMonth
bf_month_parse(const char *text)
{
	if (strlen(text) != BF_MONTH_TEXT_SIZE - 1 || text[4] != '-')
		return BF_MONTH_INVALID;
	return bf_month_make(digits(text, 4), digits(text + 5, 2));
}

/*
 * Write a month as YYYY-MM to text, which has room for BF_MONTH_TEXT_SIZE
 * bytes.  What is no month becomes an empty text.
 */
void
bf_month_format(BfMonth month, char *text)
{
	int			year = month / 12;
	int			number = month % 12 + 1;

	text[0] = '\0';
	if (month < 0 || bf_month_make(year, number) == BF_MONTH_INVALID)
		return;

	for (int i = 3; i >= 0; i--)
	{
		text[i] = (char) ('0' + year % 10);
		year /= 10;
	}
	text[4] = '-';
	text[5] = (char) ('0' + number / 10);
	text[6] = (char) ('0' + number % 10);
	text[7] = '\0';
}

/*
 * The number of days of a month.
 */
int
bf_month_days(BfMonth month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			year = month / 12;
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month % 12 == 1 && leap ? 29 : days[month % 12];
}

/*
 * Date of a day counted from 1970-01-01, in the Gregorian calendar extended
 * backwards.  For days of the years 1 to 9999 (and a few around them); the
 * caller makes sure of that.
 */
void
bf_month_date_of_day(int64_t days, int *year, int *month, int *day)
{
	int64_t		era;
	int			day_of_era;
	int			year_of_era;
	int			day_of_year;
	int			shifted;

	/* Count from 0000-03-01, so that a leap day ends its year. */
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = (int) (days - era * 146097);
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				   day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
								year_of_era / 100);

	/* Months of the shifted year, March being 0. */
	shifted = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = (int) (year_of_era + era * 400) + (*month <= 2 ? 1 : 0);
}

/*
 * The month in Beijing at a time in Unix seconds, or BF_MONTH_INVALID for
 * times outside the years 1 to 9999.
 */
BfMonth
bf_month_of_time(int64_t unix_seconds)
{
	int64_t		days;
	int			year;
	int			month;
	int			day;

	if (unix_seconds < FIRST_SECOND || unix_seconds > LAST_SECOND)
		return BF_MONTH_INVALID;

	/* Division rounds towards zero; days before 1970 need rounding down. */
	unix_seconds += BF_MONTH_CLOCK_OFFSET;
	days = unix_seconds / SECONDS_PER_DAY;
	if (unix_seconds % SECONDS_PER_DAY < 0)
		days--;

	bf_month_date_of_day(days, &year, &month, &day);
	return bf_month_make(year, month);
}

/*
 * Parse a bound of a table's extent: YYYY-MM, or -N for N months before
 * "now".  Returns false, leaving *month alone, for any other text, for more
 * than 1200 months, and when the bound falls before the year 1.
 */
bool
bf_month_parse_bound(const char *text, BfMonth now, BfMonth *month)
{
	BfMonth		bound;
	size_t		len = strlen(text);

	if (text[0] != '-')
		bound = bf_month_parse(text);
	else
	{
		int			back;

		/* Four digits at most keep the number small. */
		if (len < 2 || len > 5)
			return false;
		back = digits(text + 1, (int) len - 1);
		if (back < 0 || back > MAX_MONTHS_BACK)
			return false;
		bound = now - back;
	}

	if (bound < FIRST_YEAR * 12)
		return false;
	*month = bound;
	return true;
}

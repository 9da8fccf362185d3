/*-------------------------------------------------------------------------
 *
 * value.c
 *	  Strict grammars for the texts that the API sends as values.
 *
 * IDENTIFICATION
 *	  src/api/value.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/value.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/month.h"

/* Sent where a date does not apply: what a zero date becomes on the way. */
#define PLACEHOLDER_DATE	"0002-11-30"

/* Digits that are enough to name any double, and a text that holds them. */
#define DOUBLE_DIGITS		17
#define SCIENTIFIC_SIZE		40

/* As many zeros as amounts are shifted by at most. */
#define SCALE_ZEROS		"000000000000000000"

/* Integers below this are doubles of their own, and no text is shorter. */
#define EXACT_INTEGERS		1e15

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The text behind the digits that it starts with. */
static const char *
skip_digits(const char *text)
{
	while (is_digit(*text))
		text++;
	return text;
}

/*
 * Read a number of exactly n digits, between min and max, and move *text
 * behind it.  Returns -1 when there is none.
 */
static int
read_number(const char **text, int n, int min, int max)
{
	int			number = 0;

	for (int i = 0; i < n; i++)
	{
		if (!is_digit(**text))
			return -1;
		number = number * 10 + (**text - '0');
		(*text)++;
	}
	return number >= min && number <= max ? number : -1;
}

/* Move *text behind the character that is expected there. */
static bool
read_char(const char **text, char expected)
{
	if (**text != expected)
		return false;
	(*text)++;
	return true;
}

/* Read YYYY-MM-DD and move *text behind it. */
static bool
read_date(const char **text, BfMoment *moment)
{
	moment->year = read_number(text, 4, 1, 9999);
	if (moment->year < 0 || !read_char(text, '-'))
		return false;
	moment->month = read_number(text, 2, 1, 12);
	if (moment->month < 0 || !read_char(text, '-'))
		return false;
	moment->day = read_number(text, 2, 1,
							  bf_month_days(bf_month_make(moment->year,
														  moment->month)));
	return moment->day >= 0;
}

/* Read .f, with one to six digits f, and move *text behind it. */
static bool
read_fraction(const char **text, BfMoment *moment)
{
	int			n = 0;

	if (!read_char(text, '.'))
		return true;
	while (n < 6 && is_digit(**text))
	{
		moment->microsecond = moment->microsecond * 10 + (**text - '0');
		(*text)++;
		n++;
	}
	if (n == 0)
		return false;
	for (; n < 6; n++)
		moment->microsecond *= 10;
	return true;
}

/* Read hh:mm:ss[.f] and move *text behind it. */
static bool
read_time(const char **text, BfMoment *moment)
{
	moment->hour = read_number(text, 2, 0, 23);
	if (moment->hour < 0 || !read_char(text, ':'))
		return false;
	moment->minute = read_number(text, 2, 0, 59);
	if (moment->minute < 0 || !read_char(text, ':'))
		return false;
	moment->second = read_number(text, 2, 0, 59);
	return moment->second >= 0 && read_fraction(text, moment);
}

/*
 * Whether a text stands for "no value" in a column that is not text: empty,
 * a dash, or the placeholder date, alone or with a time.
 */
bool
bf_value_is_none(const char *text)
{
	if (text[0] == '\0' || strcmp(text, "-") == 0)
		return true;
	return strncmp(text, PLACEHOLDER_DATE, strlen(PLACEHOLDER_DATE)) == 0 &&
		bf_value_is_datetime(text);
}

/*
 * Whether a text is an amount: [+-]digits[.digits], at most
 * BF_VALUE_AMOUNT_MAX characters.
 */
bool
bf_value_is_amount(const char *text)
{
	const char *start;
	const char *end;

	if (strnlen(text, BF_VALUE_AMOUNT_MAX + 1) > BF_VALUE_AMOUNT_MAX)
		return false;

	start = text + (*text == '+' || *text == '-' ? 1 : 0);
	end = skip_digits(start);
	if (end == start)
		return false;
	if (*end == '.')
	{
		start = end + 1;
		end = skip_digits(start);
		if (end == start)
			return false;
	}
	return *end == '\0';
}

/*
 * Is this the one way to write an integer: digits without zeros in front, and
 * a minus sign where it is negative?
 */
bool
bf_value_is_integer(const char *text)
{
	const char *start = text + (*text == '-' ? 1 : 0);
	const char *end = skip_digits(start);

	if (*start == '0')
		return start == text && end == start + 1 && *end == '\0';
	return end > start && *end == '\0' &&
		end - start <= BF_VALUE_AMOUNT_MAX;
}

/*
 * Read an amount of at most BF_VALUE_DIGITS_MAX digits, zeros in front
 * included: the value is *digits / 10 ^ *scale.  Returns false, with *digits
 * and *scale undefined, for every other text.
 */
bool
bf_value_read_amount(const char *text, int64_t *digits, int *scale)
{
	bool		negative = *text == '-';
	int64_t		value = 0;
	int			count = 0;		/* of digits */
	int			whole = -1;		/* of those before the point */

	if (*text == '+' || *text == '-')
		text++;
	for (; is_digit(*text) || (*text == '.' && whole < 0); text++)
	{
		if (*text == '.')
		{
			whole = count;
			continue;
		}
		if (++count > BF_VALUE_DIGITS_MAX)
			return false;
		value = value * 10 + (*text - '0');
	}
	if (whole < 0)
		whole = count;
	else if (whole == count)
		return false;			/* no digit behind the point */
	if (*text != '\0' || whole == 0)
		return false;
	*digits = negative ? -value : value;
	*scale = count - whole;
	return true;
}

/*
 * Write an amount that counts units of 10 ^ -scale, 0 to BF_VALUE_SCALE_MAX,
 * as an amount of whole ones: 265645 with 4 becomes 26.5645.  All digits stay,
 * but for a plus and for zeros that are in front for no purpose.  Returns
 * false, with "shifted" undefined, when the text is no amount.
 */
bool
bf_value_shift(const char *text, int scale,
			   char shifted[BF_VALUE_SHIFTED_SIZE])
{
	char		digits[BF_VALUE_AMOUNT_MAX + 1];
	const char *sign = *text == '-' ? "-" : "";
	int			count = 0;
	int			whole = -1;		/* digits before the point, as it was */
	int			skipped = 0;

	if (!bf_value_is_amount(text))
		return false;
	for (; *text != '\0'; text++)
		if (*text == '.')
			whole = count;
		else if (is_digit(*text))
			digits[count++] = *text;
	digits[count] = '\0';
	whole = (whole < 0 ? count : whole) - scale;

	while (skipped < whole - 1 && digits[skipped] == '0')
		skipped++;
	if (whole >= count)
		snprintf(shifted, BF_VALUE_SHIFTED_SIZE, "%s%s", sign,
				 digits + skipped);
	else if (whole > 0)
		snprintf(shifted, BF_VALUE_SHIFTED_SIZE, "%s%.*s.%s", sign,
				 whole - skipped, digits + skipped, digits + whole);
	else
		snprintf(shifted, BF_VALUE_SHIFTED_SIZE, "%s0.%.*s%s", sign,
				 -whole, SCALE_ZEROS, digits);
	return true;
}

/*
 * Whether a text is a month: YYYY-MM.
 */
bool
bf_value_is_month(const char *text)
{
	return bf_month_parse(text) != BF_MONTH_INVALID;
}

/*
 * Read a date that exists, alone or followed by a time of day: YYYY-MM-DD or
 * YYYY-MM-DD[ T]hh:mm:ss[.f], without a time zone.  Returns false, with
 * *moment undefined, for every other text.
 */
bool
bf_value_read_datetime(const char *text, BfMoment *moment)
{
	memset(moment, 0, sizeof(*moment));
	if (!read_date(&text, moment))
		return false;
	if (*text == '\0')
		return true;
	if (!read_char(&text, ' ') && !read_char(&text, 'T'))
		return false;
	return read_time(&text, moment) && *text == '\0';
}

/*
 * Whether bf_value_read_datetime can read a text.
 */
bool
bf_value_is_datetime(const char *text)
{
	BfMoment	moment;

	return bf_value_read_datetime(text, &moment);
}

/*
 * Whether a text is a date that exists, alone or with midnight as the time of
 * day: a date column would lose any other.
 */
bool
bf_value_is_date(const char *text)
{
	BfMoment	moment;

	return bf_value_read_datetime(text, &moment) &&
		moment.hour == 0 && moment.minute == 0 && moment.second == 0 &&
		moment.microsecond == 0;
}

/*
 * The truth value that a text stands for, as "true" or "false"; NULL for
 * every other text.  The API writes some as 1 and 0.
 */
const char *
bf_value_boolean(const char *text)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		return "true";
	if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		return "false";
	return NULL;
}

/*
 * Take apart the shortest decimal number that reads back as the same double:
 * its significant digits, without zeros at the end, and the power of ten of
 * the first one.  Returns the number of digits.
 */
static int
shortest_digits(double number, char found[DOUBLE_DIGITS + 1], int *exponent)
{
	char		text[SCIENTIFIC_SIZE];
	int			n = 0;

	for (int precision = 15; precision <= DOUBLE_DIGITS; precision++)
	{
		snprintf(text, sizeof(text), "%.*e", precision - 1, number);
		if (strtod(text, NULL) == number)
			break;
	}

	/* Whatever the locale writes as decimal point is passed over. */
	for (const char *c = text; *c != 'e' && *c != '\0'; c++)
	{
		if (is_digit(*c) && n < DOUBLE_DIGITS)
			found[n++] = *c;
	}
	while (n > 1 && found[n - 1] == '0')
		n--;
	found[n] = '\0';
	*exponent = (int) strtol(strchr(text, 'e') + 1, NULL, 10);
	return n;
}

/*
 * Write a double as the shortest plain decimal text, without exponent, that
 * reads back as the same double.  Returns false, leaving text empty, when it
 * is not finite or needs more than BF_VALUE_AMOUNT_MAX characters.
 */
bool
bf_value_from_double(double number, char text[BF_VALUE_AMOUNT_MAX + 1])
{
	char		found[DOUBLE_DIGITS + 1];
	const char *sign = number < 0 ? "-" : "";
	int			exponent;
	int			n;
	int			len;

	text[0] = '\0';
	if (!isfinite(number))
		return false;

	/* Most are integers, which need no search for the shortest text. */
	if (fabs(number) < EXACT_INTEGERS && number == (double) (int64_t) number)
	{
		snprintf(text, BF_VALUE_AMOUNT_MAX + 1, "%" PRId64, (int64_t) number);
		return true;
	}

	/* fabs also takes the sign off a negative zero. */
	n = shortest_digits(fabs(number), found, &exponent);

	/* Outside these no text fits; inside them every width below is sane. */
	if (exponent > BF_VALUE_AMOUNT_MAX || exponent < -BF_VALUE_AMOUNT_MAX)
		return false;

	/* A zero printed with precision p is p zeros; none when p is 0. */
	if (exponent < 0)
		len = snprintf(text, BF_VALUE_AMOUNT_MAX + 1, "%s0.%.*d%s", sign,
					   -exponent - 1, 0, found);
	else if (n > exponent + 1)
		len = snprintf(text, BF_VALUE_AMOUNT_MAX + 1, "%s%.*s.%s", sign,
					   exponent + 1, found, found + exponent + 1);
	else
		len = snprintf(text, BF_VALUE_AMOUNT_MAX + 1, "%s%s%.*d", sign,
					   found, exponent + 1 - n, 0);
	if (len > BF_VALUE_AMOUNT_MAX)
	{
		text[0] = '\0';
		return false;
	}
	return true;
}

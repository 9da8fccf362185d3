/*-------------------------------------------------------------------------
 *
 * value.h
 *	  Strict grammars for the texts that the API sends as values.
 *
 * PostgreSQL's input functions accept more than a bill may contain ("NaN",
 * "infinity", "now"), so every value passes one of these first.
 *
 * IDENTIFICATION
 *	  src/api/value.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_VALUE_H
#define BF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#define BF_VALUE_AMOUNT_MAX 64	/* longest amount accepted, in characters */
#define BF_VALUE_SCALE_MAX 18	/* most decimal digits that units differ by */
#define BF_VALUE_DIGITS_MAX 18	/* longest amount that 64 bits are sure to
								 * hold, in digits */

/* Room for an amount in another unit: a sign, a zero, a point, NUL. */
#define BF_VALUE_SHIFTED_SIZE \
	(BF_VALUE_AMOUNT_MAX + BF_VALUE_SCALE_MAX + 4)

/* A date and time of day that exist, by the clock that the API goes by. */
typedef struct BfMoment
{
	int			year;			/* 1 to 9999 */
	int			month;
	int			day;
	int			hour;
	int			minute;
	int			second;
	int			microsecond;
} BfMoment;

extern bool bf_value_is_none(const char *text);
extern bool bf_value_is_integer(const char *text);
extern bool bf_value_is_amount(const char *text);
extern bool bf_value_read_amount(const char *text, int64_t *digits,
								 int *scale);
extern bool bf_value_shift(const char *text, int scale,
						   char shifted[BF_VALUE_SHIFTED_SIZE]);
extern bool bf_value_is_month(const char *text);
extern bool bf_value_is_datetime(const char *text);
extern bool bf_value_read_datetime(const char *text, BfMoment *moment);
extern bool bf_value_is_date(const char *text);
extern const char *bf_value_boolean(const char *text);
extern bool bf_value_from_double(double number,
								 char text[BF_VALUE_AMOUNT_MAX + 1]);

#endif							/* BF_VALUE_H */

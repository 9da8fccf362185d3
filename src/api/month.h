/*-------------------------------------------------------------------------
 *
 * month.h
 *	  Bill months: YYYY-MM text, arithmetic, the current month in Beijing.
 *
 * IDENTIFICATION
 *	  src/api/month.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_MONTH_H
#define BF_MONTH_H

#include <stdbool.h>
#include <stdint.h>

/* Months counted from January of year 0, so that they can be subtracted. */
typedef int BfMonth;

/*
 * The API's clock, that of Beijing, is so many seconds ahead of UTC; there is
 * no daylight saving.
 */
#define BF_MONTH_CLOCK_OFFSET	(8 * 3600)

#define BF_MONTH_INVALID	(-1)
#define BF_MONTH_TEXT_SIZE	8	/* "YYYY-MM" and its NUL */

extern BfMonth bf_month_make(int year, int month);
extern BfMonth bf_month_parse(const char *text);
extern void bf_month_format(BfMonth month, char *text);
extern int	bf_month_days(BfMonth month);
extern BfMonth bf_month_of_time(int64_t unix_seconds);
extern bool bf_month_parse_bound(const char *text, BfMonth now,
								 BfMonth *month);
extern void bf_month_date_of_day(int64_t days, int *year, int *month,
								 int *day);

#endif							/* BF_MONTH_H */

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

#define BF_VALUE_AMOUNT_MAX 64	/* longest amount accepted, in characters */

extern bool bf_value_is_none(const char *text);
extern bool bf_value_is_amount(const char *text);
extern bool bf_value_is_month(const char *text);
extern bool bf_value_is_datetime(const char *text);
extern bool bf_value_from_double(double number,
								 char text[BF_VALUE_AMOUNT_MAX + 1]);

#endif							/* BF_VALUE_H */

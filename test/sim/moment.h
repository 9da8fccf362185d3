/*-------------------------------------------------------------------------
 *
 * moment.h
 *	  Months, days and seconds as the API writes them.
 *
 * All of them are wall clock times of Beijing.
 *
 * IDENTIFICATION
 *	  test/sim/moment.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_MOMENT_H
#define SIM_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_DAY INT64_C(86400)
#define SIM_BEIJING INT64_C(28800)	/* seconds ahead of UTC */

typedef enum SimForm
{
	SIM_FORM_NONE,				/* no time at all */
	SIM_FORM_MONTH,				/* YYYY-MM */
	SIM_FORM_DAY,				/* YYYY-MM-DD */
	SIM_FORM_SECOND				/* YYYY-MM-DD hh:mm:ss */
} SimForm;

extern SimForm sim_moment_form(const char *text);
extern int	sim_moment_days(int year, int month);
extern int64_t sim_moment_of(int year, int month, int day);
extern int64_t sim_moment_read(const char *text, bool end);
extern void sim_moment_text(int64_t moment, char out[32]);

#endif							/* SIM_MOMENT_H */

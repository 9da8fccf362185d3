/*-------------------------------------------------------------------------
 *
 * moment.c
 *	  Months, days and seconds as the API writes them.
 *
 * A moment is the number of seconds from 1970 on to a wall clock's time.
 *
 * IDENTIFICATION
 *	  test/sim/moment.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moment.h"

/* Do digits stand where the pattern has zeros, and nothing else differs? */
static bool
looks_like(const char *text, const char *pattern)
{
	if (strlen(text) != strlen(pattern))
		return false;
	for (int i = 0; pattern[i] != '\0'; i++)
	{
		if (pattern[i] == '0' ? text[i] < '0' || text[i] > '9' :
			text[i] != pattern[i])
			return false;
	}
	return true;
}

/* How many days a month has. */
int
sim_moment_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

static bool
is_day(const char *text)
{
	int			month = atoi(text + 5);
	int			day = atoi(text + 8);

	return month >= 1 && month <= 12 && day >= 1 &&
		day <= sim_moment_days(atoi(text), month);
}

/* The form that a text has; SIM_FORM_NONE when it is no time. */
SimForm
sim_moment_form(const char *text)
{
	if (looks_like(text, "0000-00"))
		return atoi(text + 5) >= 1 && atoi(text + 5) <= 12 ?
			SIM_FORM_MONTH : SIM_FORM_NONE;
	if (looks_like(text, "0000-00-00"))
		return is_day(text) ? SIM_FORM_DAY : SIM_FORM_NONE;
	if (looks_like(text, "0000-00-00 00:00:00"))
		return is_day(text) && atoi(text + 11) < 24 &&
			atoi(text + 14) < 60 && atoi(text + 17) < 60 ?
			SIM_FORM_SECOND : SIM_FORM_NONE;
	return SIM_FORM_NONE;
}

/* The first second of a day. */
int64_t
sim_moment_of(int year, int month, int day)
{
	struct tm	tm = {.tm_year = year - 1900,.tm_mon = month - 1,.tm_mday = day};

	return (int64_t) timegm(&tm);
}

/* A text of one of the forms; with end, its last second. */
int64_t
sim_moment_read(const char *text, bool end)
{
	SimForm		form = sim_moment_form(text);
	int			year = atoi(text);
	int			month = atoi(text + 5);
	int64_t		start = sim_moment_of(year, month, form == SIM_FORM_MONTH ?
									  1 : atoi(text + 8));

	if (form == SIM_FORM_SECOND)
		return start + atoi(text + 11) * 3600 + atoi(text + 14) * 60 +
			atoi(text + 17);
	if (!end)
		return start;
	return start - 1 + SIM_DAY * (form == SIM_FORM_MONTH ?
								  sim_moment_days(year, month) : 1);
}

/* As YYYY-MM-DD hh:mm:ss; shorter forms are the start of it. */
void
sim_moment_text(int64_t moment, char out[32])
{
	time_t		t = (time_t) moment;
	struct tm	tm;

	gmtime_r(&t, &tm);
	strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
}

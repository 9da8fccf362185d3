/*-------------------------------------------------------------------------
 *
 * range.c
 *	  What a request may contain: two parameters that are a range of time.
 *
 * Ranges of months are always one month.  The others, and how long they may
 * be, are listed in data/prose.json.
 *
 * IDENTIFICATION
 *	  test/sim/range.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "moment.h"
#include "rules.h"

/* The same day so many months later, or the last of its month. */
static int64_t
months_later(const char *text, int64_t months)
{
	int			month = atoi(text) * 12 + atoi(text + 5) - 1 + (int) months;
	int			day = atoi(text + 8);
	int			days = sim_moment_days(month / 12, month % 12 + 1);

	return sim_moment_of(month / 12, month % 12 + 1, day < days ? day : days);
}

static bool
check_length(const cJSON *range, const char *begin, const char *end,
			 SimError *error)
{
	int64_t		from = sim_moment_read(begin, false);
	int64_t		to = sim_moment_read(end, true);
	int64_t		days = sim_json_integer(range, "days", 0);
	int64_t		months = sim_json_integer(range, "months", 0);

	if (from > to)
		return sim_fail(error, "InvalidParameterValue",
						"%s is after %s.", sim_json_text(range, "begin"),
						sim_json_text(range, "end"));
	if (cJSON_IsTrue(sim_json_get(range, "one_month")) &&
		strncmp(begin, end, 7) != 0)
		return sim_fail(error, "InvalidParameterValue",
						"%s and %s must be of the same month.",
						sim_json_text(range, "begin"),
						sim_json_text(range, "end"));
	if ((days > 0 && to - from >= days * SIM_DAY) ||
		(months > 0 && to > months_later(begin, months) + from % SIM_DAY))
		return sim_fail(error, "InvalidParameterValue",
						"The time from %s to %s is too long.",
						sim_json_text(range, "begin"),
						sim_json_text(range, "end"));
	return true;
}

/* All ranges of the request; values have passed their own rules before. */
bool
sim_range_check(const SimAction *action, const cJSON *params, SimError *error)
{
	const char *begin = sim_json_text(params, "BeginTime");
	const char *end = sim_json_text(params, "EndTime");
	const cJSON *range;

	if (begin != NULL && end != NULL && strcmp(begin, end) != 0 &&
		(strlen(begin) == 7 || strlen(end) == 7))
		return sim_fail(error, "InvalidParameterValue",
						"BeginTime and EndTime must be the same month.");
	cJSON_ArrayForEach(range, sim_model_note(action, "ranges"))
	{
		begin = sim_json_text(params, sim_json_text(range, "begin"));
		end = sim_json_text(params, sim_json_text(range, "end"));
		if (begin != NULL && end != NULL &&
			!check_length(range, begin, end, error))
			return false;
	}
	return true;
}

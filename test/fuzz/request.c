/*-------------------------------------------------------------------------
 *
 * request.c
 *	  Fuzz target of api/request.c: what goes in comes out of the body when
 *	  cJSON reads it, and nothing else.
 *
 * Input: a byte that chooses the table, 8 bytes of offset, 4 of limit, for
 * each parameter a byte that says how many values it has, the values as
 * texts, and a cursor, "" being none.  Of a range the low two bits say which
 * ends there are.
 *
 * IDENTIFICATION
 *	  test/fuzz/request.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <inttypes.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "api/catalog.h"
#include "api/json.h"
#include "api/request.h"

#define MAX_PARAMS	32
#define MAX_VALUES	8

static BfArgument args[MAX_PARAMS];
static char *values[MAX_PARAMS][MAX_VALUES];

static const BfTable *
choose_table(unsigned int number)
{
	const BfTable *const *tables = bf_catalog_tables();
	unsigned int n = 0;

	while (tables[n] != NULL)
		n++;
	return tables[number % n];
}

static void
take_values(FuzzInput *input, const BfParam *params, int nparams)
{
	unsigned int numbers[MAX_PARAMS];

	REQUIRE(nparams <= MAX_PARAMS);
	for (int i = 0; i < nparams; i++)
	{
		numbers[i] = (unsigned int) fuzz_number(input, 1);
		args[i].nvalues = (int) (numbers[i] % (MAX_VALUES + 1));
		args[i].values = (const char *const *) values[i];
		if (params[i].domain == BF_DOMAIN_RANGE)
			args[i].nvalues = numbers[i] % 4 == 0 ? 0 : 2;
	}
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			values[i][j] = params[i].domain == BF_DOMAIN_RANGE &&
				(numbers[i] >> j) % 2 == 0 ? NULL : fuzz_text(input);
}

static void
free_values(int nparams)
{
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			free(values[i][j]);
}

/* The member at a path, or NULL. */
static const cJSON *
member_at(const cJSON *body, const char *path)
{
	char		name[64];

	for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1)
	{
		snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
		body = cJSON_GetObjectItemCaseSensitive(body, name);
		REQUIRE(body == NULL || cJSON_IsObject(body));
	}
	return cJSON_GetObjectItemCaseSensitive(body, path);
}

/* Last day of a month in a text, by the C library; 0 = no month. */
static int
last_day(const char *text)
{
	static regex_t *pattern;
	struct tm	day = {.tm_hour = 12,.tm_isdst = 0};

	if (!fuzz_matches(&pattern, "^[0-9]{4}-(0[1-9]|1[0-2])$", text) ||
		atoi(text) == 0)
		return 0;
	/* day 0 of the next month */
	day.tm_year = atoi(text) - 1900;
	day.tm_mon = atoi(text + 5);
	setenv("TZ", "UTC0", 1);
	REQUIRE(mktime(&day) != -1);
	return day.tm_mday;
}

/* A value, in the form of its parameter. */
static void
check_value(const cJSON *item, const BfParam *param, const char *value,
			bool end)
{
	static regex_t *integer;
	char		bound[64];

	if (param->form == BF_FORM_INTEGER &&
		fuzz_matches(&integer, "^(0|-?[1-9][0-9]{0,63})$", value))
	{
		REQUIRE(cJSON_IsNumber(item));
		REQUIRE(item->valuedouble == strtod(value, NULL));
		return;
	}
	REQUIRE(cJSON_IsString(item));
	if (param->domain == BF_DOMAIN_MONTH && last_day(value) > 0 &&
		(param->form == BF_FORM_DAY || param->form == BF_FORM_SECOND))
	{
		snprintf(bound, sizeof(bound), "%.7s-%02d%s", value,
				 end ? last_day(value) : 1,
				 param->form == BF_FORM_DAY ? "" :
				 end ? " 23:59:59" : " 00:00:00");
		value = bound;
	}
	REQUIRE(strcmp(item->valuestring, value) == 0);
}

/* A member has the values, and is a list when it may or must be one. */
static void
check_member(const cJSON *body, const BfParam *param, bool end,
			 const char *const *expected, int count)
{
	const cJSON *member = member_at(body, end ? param->member2 : param->member);
	const cJSON *item = member;

	REQUIRE(member != NULL);
	if (param->list || param->array || count > 1)
	{
		REQUIRE(cJSON_IsArray(member));
		REQUIRE(cJSON_GetArraySize(member) == count);
		item = member->child;
	}
	for (int i = 0; i < count; i++, item = item->next)
		check_value(item, param, expected[i], end);
}

/* Returns how many members there must be, in all objects. */
static int
check_members(const cJSON *body, const BfAction *action)
{
	int			count = 0;

	for (int i = 0; action->params[i].column != NULL; i++)
	{
		const BfParam *param = &action->params[i];
		int			nvalues = args[i].nvalues;

		for (int end = 0; end < (param->member2 ? 2 : 1); end++)
		{
			const char *const *expected = args[i].values;

			if (param->domain == BF_DOMAIN_RANGE && nvalues > end)
			{
				expected += end;
				nvalues = 1;
			}
			if (nvalues == 0 || expected[0] == NULL)
				REQUIRE(member_at(body, end ? param->member2 : param->member) == NULL);
			else
			{
				check_member(body, param, end != 0, expected, nvalues);
				count++;
			}
			nvalues = args[i].nvalues;
		}
	}
	return count;
}

/* Members in all objects; objects themselves do not count. */
static int
count_members(const cJSON *object)
{
	int			count = 0;

	for (const cJSON *item = object->child; item; item = item->next)
		count += cJSON_IsObject(item) ? count_members(item) : 1;
	return count;
}

/*
 * An integer member, in the text: a double could not show all of it.  In
 * values, quotes are escaped, so that this is found nowhere else.
 */
static void
check_integer(const char *text, const BfAction *action, const char *name,
			  int64_t value)
{
	const char *quote = action->text_paging ? "\"" : "";
	char		member[64];
	const char *found;

	snprintf(member, sizeof(member), "\"%s\":%s%" PRId64 "%s", name, quote,
			 value, quote);
	found = strstr(text, member);
	REQUIRE(found != NULL);
	REQUIRE(strchr(",}", found[strlen(member)]) != NULL);
}

/* Returns how many members there must be. */
static int
check_paging(const char *text, const cJSON *body, const BfAction *action,
			 const BfPageSpec *page)
{
	int			count = 1;

	if (action->paging == BF_PAGING_NONE)
		return 0;
	if (action->paging == BF_PAGING_OFFSET)
		check_integer(text, action, action->page_member, page->offset);
	if (action->paging == BF_PAGING_NUMBER)
		check_integer(text, action, action->page_member, action->first_page +
					  page->offset / page->limit);
	if (action->paging != BF_PAGING_TOKEN)
		count++;
	check_integer(text, action, action->size_member, page->limit);
	if (action->cursor != NULL && page->cursor != NULL)
	{
		REQUIRE(strcmp(cJSON_GetStringValue(member_at(body, action->cursor)),
					   page->cursor) == 0);
		count++;
	}
	return count;
}

static void
check_body(const char *text, const BfAction *action, const BfPageSpec *page)
{
	cJSON	   *body = cJSON_ParseWithLength(text, strlen(text));
	int			count;

	REQUIRE(cJSON_IsObject(body));
	count = check_members(body, action) +
		check_paging(text, body, action, page);
	for (const BfConstant *constant = action->constants;
		 constant != NULL && constant->member != NULL; constant++)
		count++;
	REQUIRE(count_members(body) == count);
	cJSON_Delete(body);
}

/* Is every value UTF-8, as promised?  Only then must the body be. */
static bool
all_utf8(int nparams)
{
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			if (values[i][j] != NULL &&
				!fuzz_is_utf8(values[i][j], strlen(values[i][j])))
				return false;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	const BfTable *table = choose_table((unsigned int) fuzz_number(&input, 1));
	int			nparams = bf_catalog_param_count(table);
	BfPageSpec	page;
	char	   *cursor;
	char	   *text;

	page.offset = (int64_t) fuzz_number(&input, 8);
	page.limit = (int) fuzz_number(&input, 4);
	if (table->action->paging == BF_PAGING_NUMBER)
	{
		page.limit = page.limit & INT32_MAX ? page.limit & INT32_MAX : 1;
		page.offset = (page.offset & INT32_MAX) * page.limit;
	}
	take_values(&input, table->action->params, nparams);
	cursor = fuzz_text(&input);
	page.cursor = *cursor != '\0' ? cursor : NULL;
	text = bf_request_body(table->action, args,
						   table->action->paging == BF_PAGING_NONE ? NULL : &page);
	REQUIRE(text != NULL);
	check_body(text, table->action, &page);
	if (all_utf8(nparams) && fuzz_is_utf8(cursor, strlen(cursor)))
		REQUIRE(bf_json_check(text, strlen(text)) == NULL);
	free(text);
	free(cursor);
	free_values(nparams);
	return 0;
}

/*-------------------------------------------------------------------------
 *
 * request.c
 *	  Fuzz target of api/request.c: what goes in comes out of the body when
 *	  cJSON reads it, and nothing else.
 *
 * Input: a byte that chooses the table, 8 bytes of offset, 4 of limit, for
 * each parameter a byte that says how many values it has, and the values as
 * texts.
 *
 * IDENTIFICATION
 *	  test/fuzz/request.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <inttypes.h>

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
take_values(FuzzInput *input, int nparams)
{
	REQUIRE(nparams <= MAX_PARAMS);
	for (int i = 0; i < nparams; i++)
	{
		args[i].nvalues = (int) (fuzz_number(input, 1) % (MAX_VALUES + 1));
		args[i].values = (const char *const *) values[i];
	}
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			values[i][j] = fuzz_text(input);
}

static void
free_values(int nparams)
{
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			free(values[i][j]);
}

/* A member has the values, and is a list when it may or must be one. */
static void
check_member(const cJSON *body, const char *name, bool list,
			 const BfArgument *argument)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(body, name);
	const cJSON *item = member;

	REQUIRE(member != NULL);
	if (list || argument->nvalues > 1)
	{
		REQUIRE(cJSON_IsArray(member));
		REQUIRE(cJSON_GetArraySize(member) == argument->nvalues);
		item = member->child;
	}
	for (int i = 0; i < argument->nvalues; i++, item = item->next)
	{
		REQUIRE(cJSON_IsString(item));
		REQUIRE(strcmp(item->valuestring, argument->values[i]) == 0);
	}
}

/* Returns how many members there must be. */
static int
check_members(const cJSON *body, const BfAction *action)
{
	int			count = 0;

	for (int i = 0; action->params[i].column != NULL; i++)
	{
		const BfParam *param = &action->params[i];

		if (args[i].nvalues == 0)
			continue;
		check_member(body, param->member, param->list, &args[i]);
		count++;
		if (param->member2 == NULL)
			continue;
		check_member(body, param->member2, param->list, &args[i]);
		count++;
	}
	return count;
}

/*
 * An integer member, in the text: a double could not show all of it.  In
 * values, quotes are escaped, so that this is found nowhere else.
 */
static void
check_integer(const char *text, const char *name, int64_t value)
{
	char		member[64];
	const char *found;

	snprintf(member, sizeof(member), "\"%s\":%" PRId64, name, value);
	found = strstr(text, member);
	REQUIRE(found != NULL);
	REQUIRE(strchr(",}", found[strlen(member)]) != NULL);
}

static void
check_body(const char *text, const BfAction *action, const BfPageSpec *page)
{
	cJSON	   *body = cJSON_ParseWithLength(text, strlen(text));
	int			count;

	REQUIRE(cJSON_IsObject(body));
	count = check_members(body, action);
	if (action->paging != BF_PAGING_NONE)
	{
		check_integer(text, action->page_member, page->offset);
		check_integer(text, action->size_member, page->limit);
		count += 2;
	}
	for (const BfConstant *constant = action->constants;
		 constant != NULL && constant->member != NULL; constant++)
		count++;
	REQUIRE(cJSON_GetArraySize(body) == count);
	cJSON_Delete(body);
}

/* Is every value UTF-8, as promised?  Only then must the body be. */
static bool
all_utf8(int nparams)
{
	for (int i = 0; i < nparams; i++)
		for (int j = 0; j < args[i].nvalues; j++)
			if (!fuzz_is_utf8(values[i][j], strlen(values[i][j])))
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
	char	   *text;

	page.offset = (int64_t) fuzz_number(&input, 8);
	page.limit = (int) fuzz_number(&input, 4);
	take_values(&input, nparams);
	text = bf_request_body(table->action, args,
						   table->action->paging == BF_PAGING_NONE ? NULL : &page);
	REQUIRE(text != NULL);
	check_body(text, table->action, &page);
	if (all_utf8(nparams))
		REQUIRE(bf_json_check(text, strlen(text)) == NULL);
	free(text);
	free_values(nparams);
	return 0;
}

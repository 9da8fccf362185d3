/*-------------------------------------------------------------------------
 *
 * test_request.c
 *	  Unit tests of api/request.c.
 *
 * IDENTIFICATION
 *	  test/unit/test_request.c
 *
 *-------------------------------------------------------------------------
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "api/catalog.h"
#include "api/request.h"

#define EXAMPLES	"test/examples"

#define MAX_PARAMS	16
#define MAX_VALUES	16

#define SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* ---------- helpers ---------- */

/* Arguments for all parameters of a table's action. */
typedef struct Arguments
{
	const BfTable *table;
	BfArgument	args[MAX_PARAMS];
	const char *values[MAX_PARAMS][MAX_VALUES];
} Arguments;

static void
start(Arguments *arguments, const char *table)
{
	memset(arguments, 0, sizeof(*arguments));
	arguments->table = bf_catalog_find(table);
	assert_non_null(arguments->table);
	assert_in_range(bf_catalog_param_count(arguments->table), 1, MAX_PARAMS);
}

/* Add a value of the parameter that a column feeds. */
static void
add(Arguments *arguments, const char *column, const char *value)
{
	const BfParam *param = bf_catalog_param(arguments->table, column);
	size_t		i;
	BfArgument *argument;

	assert_non_null(param);
	i = param - arguments->table->action->params;
	argument = &arguments->args[i];
	assert_true(argument->nvalues < MAX_VALUES);
	arguments->values[i][argument->nvalues++] = value;
	argument->values = arguments->values[i];
}

static char *
body_of(const Arguments *arguments, int64_t offset, int limit)
{
	BfPageSpec	page = {offset, limit};
	char	   *body = bf_request_body(arguments->table->action,
									   arguments->args, &page);

	assert_non_null(body);
	return body;
}

/* The whole body, byte for byte; ' stands for ". */
static void
assert_body(const Arguments *arguments, int64_t offset, int limit,
			const char *expected)
{
	char	   *body = body_of(arguments, offset, limit);

	for (char *c = body; *c != '\0'; c++)
		if (*c == '"')
			*c = '\'';
	assert_string_equal(body, expected);
	free(body);
}

/* ---------- members ---------- */

static void
test_month_and_group(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary");
	add(&arguments, "group_type", "region");
	add(&arguments, "month", "2023-04");
	assert_body(&arguments, 0, 0,
				"{'Month':'2023-04','GroupType':'region'}");
}

static void
test_open_parameter(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary_business");
	add(&arguments, "month", "2023-04");
	add(&arguments, "group_type", "project");
	add(&arguments, "payer_uin", "700000686592");
	assert_body(&arguments, 0, 0,
				"{'Month':'2023-04','GroupType':'project',"
				"'PayerUin':'700000686592'}");
}

static void
test_list(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary");
	add(&arguments, "month", "2023-05");
	add(&arguments, "group_type", "tag");
	add(&arguments, "tag_key", "测试键");
	assert_body(&arguments, 0, 0,
				"{'Month':'2023-05','GroupType':'tag',"
				"'TagKey':['测试键']}");
	add(&arguments, "tag_key", "部门分类");
	assert_body(&arguments, 0, 0,
				"{'Month':'2023-05','GroupType':'tag',"
				"'TagKey':['测试键','部门分类']}");
}

static void
test_second_member(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary_by_pay_mode");
	add(&arguments, "month", "2018-11");
	assert_body(&arguments, 0, 0,
				"{'BeginTime':'2018-11','EndTime':'2018-11'}");
}

static void
test_paging(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	add(&arguments, "month", "2023-08");
	add(&arguments, "resource_id", "cdb-0a90mrac");
	assert_body(&arguments, 0, 1,
				"{'Month':'2023-08','ResourceId':'cdb-0a90mrac',"
				"'Offset':0,'Limit':1,'NeedRecordNum':1}");
}

static void
test_large_offset(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	assert_body(&arguments, 10000000, 1000,
				"{'Offset':10000000,'Limit':1000,'NeedRecordNum':1}");
	assert_body(&arguments, INT64_MAX, 1000,
				"{'Offset':9223372036854775807,'Limit':1000,"
				"'NeedRecordNum':1}");
}

static void
test_paging_without_total(void **state)
{
	static const BfParam params[] = {{.column = NULL}};
	static const BfAction action = {
		.params = params,
		.paging = BF_PAGING_OFFSET,
		.page_member = "Offset",
		.size_member = "Limit",
	};
	BfPageSpec	page = {20, 10};
	char	   *body = bf_request_body(&action, NULL, &page);

	(void) state;
	assert_string_equal(body, "{\"Offset\":20,\"Limit\":10}");
	free(body);
}

static void
test_nothing_sent(void **state)
{
	Arguments	arguments;
	char	   *body;

	(void) state;
	start(&arguments, "bill_summary");
	assert_body(&arguments, 0, 0, "{}");
	body = bf_request_body(arguments.table->action, arguments.args, NULL);
	assert_string_equal(body, "{}");
	free(body);
}

/* A tag without a value is another request than any value of the tag. */
static void
test_empty_value_is_sent(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	add(&arguments, "tag_key", "project");
	add(&arguments, "tag_value", "");
	assert_body(&arguments, 0, 10,
				"{'TagKey':'project','TagValue':'',"
				"'Offset':0,'Limit':10,'NeedRecordNum':1}");
}

static void
test_all_members_in_order(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	add(&arguments, "tag_value", "web");
	add(&arguments, "tag_key", "project");
	add(&arguments, "resource_id", "ins-1op7g2iz");
	add(&arguments, "business_code", "p_cvm");
	add(&arguments, "pay_mode", "prePay");
	add(&arguments, "action_type", "按量计费扣费");
	add(&arguments, "month", "2023-08");
	assert_body(&arguments, 40, 20,
				"{'Month':'2023-08','ActionType':'按量计费扣费',"
				"'PayMode':'prePay','BusinessCode':'p_cvm',"
				"'ResourceId':'ins-1op7g2iz','TagKey':'project',"
				"'TagValue':'web','Offset':40,'Limit':20,"
				"'NeedRecordNum':1}");
}

/* No value is dropped without a word: the API refuses such a request. */
static void
test_too_many_values_are_a_list(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary_by_pay_mode");
	add(&arguments, "month", "2018-11");
	add(&arguments, "month", "2018-12");
	assert_body(&arguments, 0, 0,
				"{'BeginTime':['2018-11','2018-12'],"
				"'EndTime':['2018-11','2018-12']}");
}

/* ---------- escaping ---------- */

/* One value, sent alone and in a list, must come back from a parser. */
static void
assert_round_trip(const char *value)
{
	Arguments	arguments;
	char	   *body;
	cJSON	   *parsed;
	const cJSON *list;

	start(&arguments, "bill_summary");
	add(&arguments, "month", value);
	add(&arguments, "tag_key", "first");
	add(&arguments, "tag_key", value);
	body = body_of(&arguments, 0, 0);
	for (const char *c = body; *c != '\0'; c++)
		assert_true((unsigned char) *c >= 0x20);
	parsed = cJSON_Parse(body);
	assert_non_null(parsed);
	assert_string_equal(cJSON_GetObjectItemCaseSensitive(parsed, "Month")
						->valuestring, value);
	list = cJSON_GetObjectItemCaseSensitive(parsed, "TagKey");
	assert_int_equal(cJSON_GetArraySize(list), 2);
	assert_string_equal(list->child->next->valuestring, value);
	cJSON_Delete(parsed);
	free(body);
}

static void
test_round_trips(void **state)
{
	static const char *const values[] = {
		"", " ", "-", "\"", "\\", "\\\"", "\"}", "\",\"Month\":\"2023-05",
		"a\nb\r\t\b\f", "\\u0041", "/", "'", "\x7F", "部门（研发）",
		"\xF0\x9F\x98\x80", "%s%n", "null", "1e3",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(values); i++)
		assert_round_trip(values[i]);
}

static void
test_control_characters(void **state)
{
	char		value[4] = "a?b";

	(void) state;
	for (int byte = 1; byte < 0x20; byte++)
	{
		value[1] = (char) byte;
		assert_round_trip(value);
	}
}

static void
test_escaped_text(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary");
	add(&arguments, "month", "q\"b\\n\nc\x01");
	add(&arguments, "group_type", "中/");
	assert_body(&arguments, 0, 0,
				"{'Month':'q\\'b\\\\n\\nc\\u0001','GroupType':'中/'}");
}

static void
test_long_value(void **state)
{
	static char value[100001];

	(void) state;
	memset(value, '"', sizeof(value) - 1);
	assert_round_trip(value);
}

/* ---------- the documented examples ---------- */

static char *
read_file(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	long		size;
	char	   *text;

	if (file == NULL)
		fail_msg("could not open %s", path);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	text = malloc(size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, size, file), size);
	text[size] = '\0';
	fclose(file);
	return text;
}

static const BfTable *
table_of_action(const char *action)
{
	const BfTable *const *table = bf_catalog_tables();

	while (*table != NULL && strcmp((*table)->action->name, action) != 0)
		table++;
	assert_non_null(*table);
	return *table;
}

/* The arguments that a request's members stand for. */
static void
arguments_of(const cJSON *request, Arguments *arguments)
{
	const BfParam *param = arguments->table->action->params;
	const cJSON *value;

	for (; param->column != NULL; param++)
	{
		const cJSON *member = cJSON_GetObjectItemCaseSensitive(request,
															   param->member);

		if (member == NULL)
			continue;
		assert_true(cJSON_IsArray(member) == param->list);
		if (!param->list)
			add(arguments, param->column, member->valuestring);
		cJSON_ArrayForEach(value, member)
		{
			add(arguments, param->column, value->valuestring);
		}
	}
}

static int
integer_of(const cJSON *request, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(request, name);

	return item ? item->valueint : 0;
}

/* Is it an example of an action that has a table? */
static bool
has_table(const cJSON *whole)
{
	const char *name = cJSON_GetObjectItem(whole, "action")->valuestring;

	for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
		if (strcmp((*table)->action->name, name) == 0)
			return true;
	return false;
}

/*
 * Our request for the same call is equal to the documented one.  False when
 * we have no table for it.
 */
static bool
check_example(const char *path)
{
	char	   *text = read_file(path);
	cJSON	   *whole = cJSON_Parse(text);
	const cJSON *request = cJSON_GetObjectItemCaseSensitive(whole, "request");
	Arguments	arguments;
	char	   *body;
	cJSON	   *ours;

	assert_non_null(request);
	free(text);
	if (!has_table(whole))
	{
		cJSON_Delete(whole);
		return false;
	}
	start(&arguments,
		  table_of_action(cJSON_GetObjectItem(whole, "action")->valuestring)
		  ->name);
	arguments_of(request, &arguments);
	body = body_of(&arguments, integer_of(request, "Offset"),
				   integer_of(request, "Limit"));
	ours = cJSON_Parse(body);
	if (!cJSON_Compare(ours, request, 1))
		fail_msg("%s: %s", path, body);
	cJSON_Delete(ours);
	cJSON_Delete(whole);
	free(body);
	return true;
}

static void
test_examples(void **state)
{
	DIR		   *dir = opendir(EXAMPLES);
	struct dirent *entry;
	int			count = 0;

	(void) state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
	{
		size_t		length = strlen(entry->d_name);
		char		path[512];

		if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), EXAMPLES "/%s", entry->d_name);
		if (check_example(path))
			count++;
	}
	closedir(dir);
	assert_true(count >= 18);
}

/* ---------- memory ---------- */

/* Allocations that succeed before all others fail. */
static int	allocations_left;

static void *
scarce_malloc(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left--;
	return malloc(size);
}

static int
restore_memory(void **state)
{
	(void) state;
	cJSON_InitHooks(NULL);
	return 0;
}

static void
test_out_of_memory(void **state)
{
	cJSON_Hooks hooks = {scarce_malloc, free};
	BfPageSpec	page = {0, 10};
	Arguments	arguments;
	char	   *body = NULL;
	int			failures = 0;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	add(&arguments, "month", "2023-08");
	add(&arguments, "tag_key", "a");
	add(&arguments, "tag_key", "b");
	cJSON_InitHooks(&hooks);
	for (; body == NULL; failures++)
	{
		allocations_left = failures;
		body = bf_request_body(arguments.table->action, arguments.args, &page);
	}
	assert_true(failures > 10);
	free(body);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_month_and_group),
		cmocka_unit_test(test_open_parameter),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_second_member),
		cmocka_unit_test(test_paging),
		cmocka_unit_test(test_large_offset),
		cmocka_unit_test(test_paging_without_total),
		cmocka_unit_test(test_nothing_sent),
		cmocka_unit_test(test_empty_value_is_sent),
		cmocka_unit_test(test_all_members_in_order),
		cmocka_unit_test(test_too_many_values_are_a_list),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_escaped_text),
		cmocka_unit_test(test_long_value),
		cmocka_unit_test(test_examples),
		cmocka_unit_test_teardown(test_out_of_memory, restore_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

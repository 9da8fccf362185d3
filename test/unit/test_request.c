/*-------------------------------------------------------------------------
 *
 * test_request.c
 *	  Unit tests of api/request.c: bodies of requests.
 *
 * IDENTIFICATION
 *	  test/unit/test_request.c
 *
 *-------------------------------------------------------------------------
 */
#include "example.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "api/catalog.h"
#include "api/request.h"

#define MAX_PARAMS	32
#define MAX_VALUES	16

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

/* A body byte for byte, which is freed; ' stands for ". */
static void
assert_json(char *body, const char *expected)
{
	char	   *text = quoted(expected);

	assert_non_null(body);
	assert_string_equal(body, text);
	free(text);
	free(body);
}

static char *
body_of(const Arguments *arguments, int64_t offset, int limit)
{
	BfPageSpec	page = {.offset = offset,.limit = limit};
	char	   *body = bf_request_body(arguments->table->action,
									   arguments->args, &page);

	assert_non_null(body);
	return body;
}

static void
assert_body(const Arguments *arguments, int64_t offset, int limit,
			const char *expected)
{
	assert_json(body_of(arguments, offset, limit), expected);
}

/* ---------- requests of the catalog ---------- */

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

static void
test_nothing_sent(void **state)
{
	Arguments	arguments;

	(void) state;
	start(&arguments, "bill_summary");
	assert_body(&arguments, 0, 0, "{}");
	assert_json(bf_request_body(arguments.table->action, arguments.args, NULL),
				"{}");
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

/* ---------- kinds of paging ---------- */

static const BfParam no_params[] = {{.column = NULL}};

static void
assert_page(const BfAction *action, int64_t offset, int limit,
			const char *cursor, const char *expected)
{
	BfPageSpec	page = {.offset = offset,.limit = limit,.cursor = cursor};

	assert_json(bf_request_body(action, NULL, &page), expected);
}

static void
test_paging_by_offset(void **state)
{
	static const BfAction action = {
		.params = no_params,
		.paging = BF_PAGING_OFFSET,
		.page_member = "Offset",
		.size_member = "Limit",
	};
	static const BfAction texts = {
		.params = no_params,
		.paging = BF_PAGING_OFFSET,
		.page_member = "Offset",
		.size_member = "Limit",
		.text_paging = true,
	};

	(void) state;
	assert_page(&action, 20, 10, NULL, "{'Offset':20,'Limit':10}");
	assert_page(&action, 25, 10, "none of its business",
				"{'Offset':25,'Limit':10}");
	assert_page(&texts, INT64_MAX, 100, NULL,
				"{'Offset':'9223372036854775807','Limit':'100'}");
}

static void
test_paging_by_number(void **state)
{
	static const BfAction from_1 = {
		.params = no_params,
		.paging = BF_PAGING_NUMBER,
		.page_member = "PageNo",
		.size_member = "PageSize",
		.first_page = 1,
	};
	static const BfAction from_0 = {
		.params = no_params,
		.paging = BF_PAGING_NUMBER,
		.page_member = "Offset",
		.size_member = "Limit",
		.text_paging = true,
	};

	(void) state;
	assert_page(&from_1, 0, 100, NULL, "{'PageNo':1,'PageSize':100}");
	assert_page(&from_1, 100, 100, NULL, "{'PageNo':2,'PageSize':100}");
	assert_page(&from_1, 99900, 100, NULL, "{'PageNo':1000,'PageSize':100}");
	assert_page(&from_0, 0, 20, NULL, "{'Offset':'0','Limit':'20'}");
	assert_page(&from_0, 60, 20, NULL, "{'Offset':'3','Limit':'20'}");
}

static void
test_paging_by_token(void **state)
{
	static const BfAction action = {
		.params = no_params,
		.paging = BF_PAGING_TOKEN,
		.size_member = "MaxResults",
		.cursor = "NextToken",
	};

	(void) state;
	assert_page(&action, 0, 100, NULL, "{'MaxResults':100}");
	assert_page(&action, 100, 100, "VDAw+/_-=",
				"{'MaxResults':100,'NextToken':'VDAw+/_-='}");
}

static void
test_cursor_beside_offset(void **state)
{
	static const BfAction action = {
		.params = no_params,
		.paging = BF_PAGING_OFFSET,
		.page_member = "Offset",
		.size_member = "Limit",
		.cursor = "Context",
	};

	(void) state;
	assert_page(&action, 0, 300, NULL, "{'Offset':0,'Limit':300}");
	assert_page(&action, 300, 300, "m7u\n",
				"{'Offset':300,'Limit':300,'Context':'m7u\\n'}");
}

/* ---------- kinds of parameters ---------- */

/* The body for these values of one or more parameters. */
static void
assert_params(const BfParam *params, const BfArgument *args,
			  const char *expected)
{
	const BfAction action = {.params = params};

	assert_json(bf_request_body(&action, args, NULL), expected);
}

/* The same for values of one parameter. */
static void
assert_values(const BfParam *params, int nvalues, const char *const *values,
			  const char *expected)
{
	const BfArgument args[] = {{nvalues, values}};

	assert_params(params, args, expected);
}

/* The same for one value of one parameter. */
static void
assert_value(BfParam param, const char *value, const char *expected)
{
	BfParam		params[] = {param, {.column = NULL}};

	params[0].column = "x";
	assert_values(params, 1, &value, expected);
}

static void
test_integer(void **state)
{
	const BfParam param = {.member = "N",.form = BF_FORM_INTEGER};
	const BfParam array = {
		.member = "N",.form = BF_FORM_INTEGER,.array = true
	};

	(void) state;
	assert_value(param, "4", "{'N':4}");
	assert_value(param, "0", "{'N':0}");
	assert_value(param, "-1", "{'N':-1}");
	assert_value(param, "9007199254740993", "{'N':9007199254740993}");
	assert_value(param, "-123456789012345678901234567890",
				 "{'N':-123456789012345678901234567890}");
	assert_value(array, "4", "{'N':[4]}");
}

/* Nothing that is no integer gets out of its quotes. */
static void
test_no_integer(void **state)
{
	static const char *const values[] = {
		"", "-", "+", "+5", "007", "-0", "1.0", "1e3", "0x1", " 1", "1 ",
		"1,2", "true", "1}", NULL
	};
	const BfParam param = {.member = "N",.form = BF_FORM_INTEGER};
	char		expected[64];

	(void) state;
	for (int i = 0; values[i] != NULL; i++)
	{
		snprintf(expected, sizeof(expected), "{'N':'%s'}", values[i]);
		assert_value(param, values[i], expected);
	}
}

static void
test_integers(void **state)
{
	static const BfParam params[] = {
		{.column = "status",.member = "StatusSet",.form = BF_FORM_INTEGER,
		.list = true},
		{.column = NULL}
	};
	static const char *const values[] = {"1", "30"};

	(void) state;
	assert_values(params, 2, values, "{'StatusSet':[1,30]}");
	assert_values(params, 1, values, "{'StatusSet':[1]}");
	assert_values(params, 0, NULL, "{}");
}

static void
test_array(void **state)
{
	const BfParam param = {.member = "PayType",.array = true};
	const BfParam twice = {.member = "A",.member2 = "B",.array = true};

	(void) state;
	assert_value(param, "cash", "{'PayType':['cash']}");
	assert_value(twice, "x", "{'A':['x'],'B':['x']}");
}

static void
test_inner_members(void **state)
{
	static const BfParam params[] = {
		{.column = "a",.member = "Conditions.ProjectIds",.array = true},
		{.column = "b",.member = "Month"},
		{.column = "c",.member = "Conditions.ResourceKeyword"},
		{.column = "d",.member = "Conditions.Time.Begin",
		.member2 = "Conditions.Time.End",.domain = BF_DOMAIN_RANGE},
		{.column = NULL}
	};
	static const BfConstant constants[] = {
		{"Conditions.HideFreeCost", "0"}, {"Flag", "true"}, {NULL, NULL}
	};
	static const char *const values[] = {"1", "2023-04", "ins"};
	static const char *const range[] = {"t0", "t1"};
	const BfArgument all[] = {
		{1, &values[0]}, {1, &values[1]}, {1, &values[2]}, {2, range}
	};
	const BfArgument only_month[] = {
		{0, NULL}, {1, &values[1]}, {0, NULL}, {0, NULL}
	};
	const BfArgument only_inner[] = {
		{0, NULL}, {0, NULL}, {1, &values[2]}, {0, NULL}
	};
	const BfAction action = {.params = params,.constants = constants};

	(void) state;
	assert_params(params, all,
				  "{'Conditions':{'ProjectIds':['1'],"
				  "'ResourceKeyword':'ins','Time':{'Begin':'t0','End':'t1'}},"
				  "'Month':'2023-04'}");
	assert_params(params, only_month, "{'Month':'2023-04'}");
	assert_json(bf_request_body(&action, only_inner, NULL),
				"{'Conditions':{'ResourceKeyword':'ins',"
				"'HideFreeCost':0},'Flag':true}");
}

static void
test_range(void **state)
{
	static const BfParam params[] = {
		{.column = "t",.member = "Begin",.member2 = "End",
		.domain = BF_DOMAIN_RANGE,.form = BF_FORM_SECOND},
		{.column = NULL}
	};
	static const char *const both[] = {
		"2023-04-01 00:00:00", "2023-04-02 23:59:59"
	};
	static const char *const begin[] = {"2023-04-01 00:00:00", NULL};
	static const char *const end[] = {NULL, "2023-04-02 23:59:59"};
	static const char *const neither[] = {NULL, NULL};

	(void) state;
	assert_values(params, 2, both, "{'Begin':'2023-04-01 00:00:00',"
				  "'End':'2023-04-02 23:59:59'}");
	assert_values(params, 2, begin, "{'Begin':'2023-04-01 00:00:00'}");
	assert_values(params, 2, end, "{'End':'2023-04-02 23:59:59'}");
	assert_values(params, 2, neither, "{}");
	assert_values(params, 0, NULL, "{}");
}

static void
test_month_as_period(void **state)
{
	const BfParam text = {.member = "B",.member2 = "E"};
	const BfParam day = {
		.member = "B",.member2 = "E",.form = BF_FORM_DAY
	};
	const BfParam second = {
		.member = "B",.member2 = "E",.form = BF_FORM_SECOND
	};
	const BfParam first = {.member = "B",.form = BF_FORM_DAY};
	const BfParam day_array = {
		.member = "B",.form = BF_FORM_DAY,.array = true
	};

	/* as said by an equality, not by a month */
	const BfParam open = {
		.member = "B",.form = BF_FORM_DAY,.domain = BF_DOMAIN_OPEN
	};

	(void) state;
	assert_value(text, "2023-04", "{'B':'2023-04','E':'2023-04'}");
	assert_value(day, "2023-04", "{'B':'2023-04-01','E':'2023-04-30'}");
	assert_value(day, "2024-02", "{'B':'2024-02-01','E':'2024-02-29'}");
	assert_value(day, "1900-02", "{'B':'1900-02-01','E':'1900-02-28'}");
	assert_value(second, "2023-12",
				 "{'B':'2023-12-01 00:00:00','E':'2023-12-31 23:59:59'}");
	assert_value(first, "2023-04", "{'B':'2023-04-01'}");
	assert_value(day_array, "2023-04", "{'B':['2023-04-01']}");
	assert_value(day, "2023-4", "{'B':'2023-4','E':'2023-4'}");
	assert_value(open, "2023-04", "{'B':'2023-04'}");
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
	for (size_t i = 0; i < lengthof(values); i++)
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

/* A table of the action, or NULL. */
static const BfTable *
table_of_action(const char *action)
{
	const BfTable *const *table = bf_catalog_tables();

	while (*table != NULL && strcmp((*table)->action->name, action) != 0)
		table++;
	return *table;
}

/* The member at a path of a request, or NULL. */
static const cJSON *
member_at(const cJSON *object, const char *path)
{
	char		name[64];

	for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1)
	{
		snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
		object = cJSON_GetObjectItemCaseSensitive(object, name);
	}
	return cJSON_GetObjectItemCaseSensitive(object, path);
}

/*
 * The text of a value that the API takes as text, number or boolean, as the
 * argument that stands for it; not freed before the process ends.
 */
static const char *
text_of(const BfParam *param, const cJSON *value)
{
	static char *texts[1000];
	static int	ntexts = 0;
	char	   *text = cJSON_IsString(value) ? strdup(value->valuestring) :
		cJSON_PrintUnformatted(value);

	assert_non_null(text);
	assert_true(ntexts < (int) lengthof(texts));
	texts[ntexts++] = text;
	if (param->domain == BF_DOMAIN_MONTH && strlen(text) > 7)
		text[7] = '\0';
	return text;
}

/* The arguments that a request's members stand for. */
static void
arguments_of(const cJSON *request, Arguments *arguments)
{
	const BfParam *params = arguments->table->action->params;
	const cJSON *value;

	for (int i = 0; params[i].column != NULL; i++)
	{
		const BfParam *param = &params[i];
		const cJSON *member = member_at(request, param->member);
		const cJSON *end = param->member2 ?
			member_at(request, param->member2) : NULL;

		if (param->domain == BF_DOMAIN_RANGE)
		{
			arguments->values[i][0] = member ? text_of(param, member) : NULL;
			arguments->values[i][1] = end ? text_of(param, end) : NULL;
			arguments->args[i].nvalues = 2;
			arguments->args[i].values = arguments->values[i];
			continue;
		}
		if (member == NULL)
			continue;
		assert_true(cJSON_IsArray(member) == (param->list || param->array));
		if (!cJSON_IsArray(member))
			add(arguments, param->column, text_of(param, member));
		cJSON_ArrayForEach(value, member)
		{
			add(arguments, param->column, text_of(param, value));
		}
	}
}

static int
integer_of(const cJSON *request, const char *name)
{
	const cJSON *item = name ?
		cJSON_GetObjectItemCaseSensitive(request, name) : NULL;

	return item == NULL ? 0 : cJSON_IsString(item) ?
		atoi(item->valuestring) : item->valueint;
}

/* The page that a request asks for. */
static BfPageSpec
page_of(const BfAction *action, const cJSON *request)
{
	BfPageSpec	page = {0};
	int			position = integer_of(request, action->page_member);

	page.limit = integer_of(request, action->size_member);
	page.offset = position;
	if (action->paging == BF_PAGING_NUMBER)
		page.offset = (int64_t) (position - action->first_page) * page.limit;
	if (action->cursor != NULL)
		page.cursor = cJSON_GetStringValue(cJSON_GetObjectItem(request,
															   action->cursor));
	return page;
}

/* Does every request of the action have this member? */
static bool
is_constant(const BfAction *action, const char *name)
{
	size_t		length = strlen(name);

	for (const BfConstant *constant = action->constants;
		 constant != NULL && constant->member != NULL; constant++)
		if (strncmp(constant->member, name, length) == 0 &&
			(constant->member[length] == '\0' || constant->member[length] == '.'))
			return true;
	return false;
}

/* Is it sent although the document has it as optional? */
static bool
is_sent_always(const BfAction *action, const char *name)
{
	return (action->page_member && strcmp(action->page_member, name) == 0) ||
		(action->size_member && strcmp(action->size_member, name) == 0);
}

/* Does the action know the member, as a parameter or for paging? */
static bool
is_known(const BfAction *action, const char *name)
{
	size_t		length = strlen(name);

	for (const BfParam *param = action->params; param->column; param++)
		if (strncmp(param->member, name, length) == 0 ||
			(param->member2 && strncmp(param->member2, name, length) == 0))
			return true;
	return is_constant(action, name) || is_sent_always(action, name) ||
		(action->cursor && strcmp(action->cursor, name) == 0);
}

/*
 * Is a member of our request like the documented one?  Of months only the
 * first one: some examples spell it otherwise than their texts say, and the
 * period of one goes on in the next month.
 */
static bool
is_like(const BfAction *action, const cJSON *ours, const cJSON *theirs)
{
	for (const BfParam *param = action->params; param->column; param++)
	{
		if (param->domain != BF_DOMAIN_MONTH)
			continue;
		if (param->member2 && strcmp(param->member2, ours->string) == 0)
			return cJSON_IsString(theirs);
		if (strcmp(param->member, ours->string) == 0)
			return cJSON_IsString(theirs) &&
				strncmp(ours->valuestring, theirs->valuestring, 7) == 0;
	}
	return cJSON_Compare(ours, theirs, 1);
}

/*
 * Our request for the same call is equal to the documented one, except for
 * what we always send, and for what no column stands for.  False when we have
 * no table for it.
 */
static bool
check_example(const char *name, const cJSON *example)
{
	const cJSON *request = cJSON_GetObjectItemCaseSensitive(example, "request");
	const BfAction *action;
	Arguments	arguments;
	BfPageSpec	page;
	char	   *body;
	cJSON	   *ours;

	assert_non_null(request);
	memset(&arguments, 0, sizeof(arguments));
	arguments.table = table_of_action(cJSON_GetObjectItem(example, "action")
									  ->valuestring);
	if (arguments.table == NULL)
		return false;
	action = arguments.table->action;
	arguments_of(request, &arguments);
	page = page_of(action, request);
	body = bf_request_body(action, arguments.args, &page);
	ours = cJSON_Parse(body);
	for (const cJSON *item = ours->child; item; item = item->next)
	{
		const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(request,
															   item->string);

		if (theirs == NULL && is_sent_always(action, item->string))
			continue;
		if (!is_constant(action, item->string) &&
			!is_like(action, item, theirs))
			fail_msg("%s: %s of %s", name, item->string, body);
	}
	for (const cJSON *item = request->child; item; item = item->next)
		if (is_known(action, item->string) &&
			!cJSON_GetObjectItemCaseSensitive(ours, item->string))
			fail_msg("%s: no %s in %s", name, item->string, body);
	cJSON_Delete(ours);
	free(body);
	return true;
}

static void
test_examples(void **state)
{
	(void) state;
	assert_true(check_examples(check_example) >= 90);
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

/* The body, as soon as there is memory for it, and how often there was none. */
static char *
body_at_last(const BfAction *action, const BfArgument *args,
			 const BfPageSpec *page, int *failures)
{
	cJSON_Hooks hooks = {scarce_malloc, free};

	cJSON_InitHooks(&hooks);
	for (*failures = 0;; ++*failures)
	{
		char	   *body;

		allocations_left = *failures;
		body = bf_request_body(action, args, page);
		if (body != NULL)
			return body;
	}
}

static void
test_out_of_memory(void **state)
{
	const BfPageSpec page = {.limit = 10};
	Arguments	arguments;
	int			failures;

	(void) state;
	start(&arguments, "bill_resource_summary_for_organization");
	add(&arguments, "month", "2023-08");
	add(&arguments, "tag_key", "a");
	add(&arguments, "tag_key", "b");
	free(body_at_last(arguments.table->action, arguments.args, &page,
					  &failures));
	assert_true(failures >= 10);
}

/* The same with all that has a form of its own. */
static void
test_forms_out_of_memory(void **state)
{
	static const BfParam params[] = {
		{.column = "a",.member = "A.B.N",.form = BF_FORM_INTEGER,.array = true},
		{.column = "b",.member = "A.Begin",.member2 = "A.End",
		.domain = BF_DOMAIN_MONTH,.form = BF_FORM_SECOND},
		{.column = NULL}
	};
	static const BfAction action = {
		.params = params,
		.paging = BF_PAGING_TOKEN,
		.size_member = "Size",
		.cursor = "Token",
	};
	static const char *const values[] = {"12", "2023-04"};
	const BfArgument args[] = {{1, &values[0]}, {1, &values[1]}};
	const BfPageSpec page = {.limit = 10,.cursor = "c"};
	char	   *body;
	int			failures;

	(void) state;
	body = body_at_last(&action, args, &page, &failures);
	assert_true(failures >= 20);
	assert_json(body, "{'A':{'B':{'N':[12]},'Begin':'2023-04-01 00:00:00',"
				"'End':'2023-04-30 23:59:59'},'Size':10,'Token':'c'}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_month_and_group),
		cmocka_unit_test(test_open_parameter),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_second_member),
		cmocka_unit_test(test_all_members_in_order),
		cmocka_unit_test(test_nothing_sent),
		cmocka_unit_test(test_empty_value_is_sent),
		cmocka_unit_test(test_too_many_values_are_a_list),
		cmocka_unit_test(test_paging),
		cmocka_unit_test(test_large_offset),
		cmocka_unit_test(test_paging_by_offset),
		cmocka_unit_test(test_paging_by_number),
		cmocka_unit_test(test_paging_by_token),
		cmocka_unit_test(test_cursor_beside_offset),
		cmocka_unit_test(test_integer),
		cmocka_unit_test(test_no_integer),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_inner_members),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_month_as_period),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_escaped_text),
		cmocka_unit_test(test_long_value),
		cmocka_unit_test(test_examples),
		cmocka_unit_test_teardown(test_out_of_memory, restore_memory),
		cmocka_unit_test_teardown(test_forms_out_of_memory, restore_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

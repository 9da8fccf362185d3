/*-------------------------------------------------------------------------
 *
 * test_catalog_models.c
 *	  The entries of the catalog, compared with the vendor's own models of the
 *	  actions.
 *
 * IDENTIFICATION
 *	  test/unit/test_catalog_models.c
 *
 *-------------------------------------------------------------------------
 */
#include "entries.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#define MODELS	"test/sim/data/actions.json"

/* ---------- what differs, and why ---------- */

/* Exceptions, each with its reason.  NULL stands for every action that has it. */
typedef struct Exception
{
	const char *where;			/* action; or table, for members of rows */
	const char *member;
	const char *reason;
} Exception;

#define NO_EXCEPTION	{NULL, NULL, NULL}

/* Members of requests that the catalog leaves out. */
static const Exception left_out[] = {
	{NULL, "Sort", "order of the rows"},
	{NULL, "SortType", "order of the rows"},
	{NULL, "SortField", "order of the rows"},
	{NULL, "SortOrder", "order of the rows"},
	{NULL, "OrderType", "order of the rows"},
	{NULL, "Reverse", "order of the rows"},
	{NULL, "NeedConditionValue", "values for the console's filters"},
	{NULL, "SearchKey", "finds parts of several members"},
	{NULL, "Tag", "key and value in one text; rows are filtered"},
	{NULL, "BillDates", "written otherwise than rows show it"},
	{"DescribeBillResourceSummary", "PeriodType", "deprecated"},
	{"DescribeBillResourceSummaryForOrganization", "PeriodType", "deprecated"},
	{"DescribeBillDetail", "PeriodType", "deprecated"},
	{"DescribeBillDetail", "ProductCode", "deprecated, not open"},
	{"DescribeBillDetail", "BeginTime", "Month says the same"},
	{"DescribeBillDetail", "EndTime", "Month says the same"},
	{"DescribeBillDetailForOrganization", "PeriodType", "deprecated"},
	{"DescribeBillDetailForOrganization", "BeginTime", "Month says the same"},
	{"DescribeBillDetailForOrganization", "EndTime", "Month says the same"},
	{"DescribeBillAdjustInfo", "TimeFrom", "which time of the row is not documented"},
	{"DescribeBillAdjustInfo", "TimeTo", "which time of the row is not documented"},
	{"DescribeBillList", "SubPayType", "names differ from those in rows"},
	{"DescribeDealsByCond", "Status", "StatusSet asks for all"},
	{"DescribeVoucherInfo", "TimeFrom", "which time of the row is not documented"},
	{"DescribeVoucherInfo", "TimeTo", "which time of the row is not documented"},
	{"DescribeVoucherInfo", "Lang", "language of labels; X-TC-Language says it"},
	{"DescribeTagList", "TagKey", "finds parts"},
	{"DescribeAllocationRuleSummary", "Name", "finds parts of two members"},
	{"DescribeCostDetail", "BeginTime", "Month says the same"},
	{"DescribeCostDetail", "EndTime", "Month says the same"},
	{"DescribeCostExplorerSummary", "Conditions", "codes that rows do not show"},
	{"DescribeCostSummaryByResource", "Conditions.TimeRange", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.BusinessCode", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.ProjectId", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.RegionId", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.PayMode", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.ResourceKeyword", "finds parts of several members"},
	{"DescribeCostSummaryByResource", "Conditions.BusinessCodes", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.ProductCodes", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.ActionTypes", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.HideFreeCost", "rows without amount are rows"},
	{"DescribeCostSummaryByResource", "Conditions.OrderByCost", "order of the rows"},
	{"DescribeCostSummaryByResource", "Conditions.BillIds", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.ComponentCodes", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.FileIds", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.FileTypes", "documented as ignored"},
	{"DescribeCostSummaryByResource", "Conditions.Status", "documented as ignored"},
	NO_EXCEPTION
};

/* Members of rows that the catalog leaves out. */
static const Exception fields_left_out[] = {
	{"bill_download_url", "Ready", "an answer that is not ready is no row"},
	{"cost_summary_by_region_business", "RegionName", "that of the region is shown"},
	NO_EXCEPTION
};

/* Members that the API does not require, but the catalog does. */
static const Exception required_by_us[] = {
	{NULL, "Month", "a default would be another month tomorrow"},
	{NULL, "PeriodType", "the default is not documented"},
	NO_EXCEPTION
};

/* Actions whose pages are not as long as their documents allow. */
static const Exception own_page_size[] = {
	{"DescribeDealsByCond", "Limit", "above 200, rows lose their ResourceId"},
	{"DescribeBillList", "Limit", "no maximum is documented"},
	{"DescribeBudget", "PageSize", "no maximum is documented"},
	{"DescribeBudgetOperationLog", "PageSize", "no maximum is documented"},
	{"DescribeBudgetRemindRecordList", "PageSize", "no maximum is documented"},
	NO_EXCEPTION
};

/* Members that are not written as their documents say. */
static const Exception own_format[] = {
	{"DescribeCostSummaryByTag", "BeginTime", "the text says YYYY-MM, the example has a time"},
	{"DescribeCostSummaryByTag", "EndTime", "the text says YYYY-MM, the example has a time"},
	{"DescribeAllocationRuleDetail", "Month", "only a sample, which has a time"},
	{"DescribeAllocationRuleSummary", "Month", "the sample has a time, the example has YYYY-MM"},
	{"DescribeAllocationTree", "Month", "the sample has a time, the example has YYYY-MM"},
	{"DescribeAllocationUnitDetail", "Month", "only a sample, which has a time"},
	{"DescribeGatherRuleDetail", "Month", "the sample has a time, the example has YYYY-MM"},
	{"DescribeDosageDetailList", "EndTime", "the text says a time, the sample is a day"},
	NO_EXCEPTION
};

/* Members of rows with another type than the model recommends. */
static const Exception own_type[] = {
	{"budget", "PeriodBegin", "YYYY-MM where the cycle is a month"},
	{"budget", "PeriodEnd", "YYYY-MM where the cycle is a month"},
	NO_EXCEPTION
};

static bool
has_exception(const Exception *list, const char *where, const char *member)
{
	for (; list->member != NULL; list++)
		if ((list->where == NULL || strcmp(list->where, where) == 0) &&
			strcmp(list->member, member) == 0)
			return list->reason != NULL;
	return false;
}

/* ---------- reading the models ---------- */

static cJSON *models;

static int
read_models(void **state)
{
	char	   *text = read_file(MODELS);

	(void) state;
	models = cJSON_Parse(text);
	free(text);
	return models ? 0 : -1;
}

static int
free_models(void **state)
{
	(void) state;
	cJSON_Delete(models);
	return 0;
}

/* Member of a model that must exist. */
static const cJSON *
get(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

	if (item == NULL)
		fail_msg("the models have no \"%s\" where it was expected", name);
	return item;
}

static const char *
get_text(const cJSON *object, const char *name)
{
	const cJSON *item = get(object, name);

	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

static const cJSON *
model_of(const BfTable *table)
{
	return get(get(models, "actions"), table->action->name);
}

/* The element of an array whose "name" is this, or NULL. */
static const cJSON *
find_named(const cJSON *array, const char *name)
{
	const cJSON *item;

	assert_true(cJSON_IsArray(array));
	cJSON_ArrayForEach(item, array)
	{
		if (strcmp(get_text(item, "name"), name) == 0)
			return item;
	}
	return NULL;
}

/*
 * A member of requests; those of an object that requests hold are "A.B".
 */
typedef struct Member
{
	char		name[64];
	const cJSON *model;
	bool		required;
} Member;

#define MAX_MEMBERS	64

/* The members of a table's requests, in static memory; ended by name "". */
static const Member *
members_of(const BfTable *table)
{
	static Member members[MAX_MEMBERS + 1];
	const cJSON *model;
	const cJSON *part;
	int			n = 0;

	cJSON_ArrayForEach(model, get(model_of(table), "request"))
	{
		const char *name = get_text(model, "name");
		bool		required = cJSON_IsTrue(get(model, "required"));
		const cJSON *fields;

		assert_in_range(n, 0, MAX_MEMBERS - 1);
		if (strcmp(get_text(model, "type"), "object") != 0 ||
			has_exception(left_out, table->action->name, name))
		{
			snprintf(members[n].name, sizeof(members[n].name), "%s", name);
			members[n].model = model;
			members[n++].required = required;
			continue;
		}
		assert_false(required);
		fields = get(get(get(models, "types"), get_text(model, "object")),
					 "fields");
		cJSON_ArrayForEach(part, fields)
		{
			assert_in_range(n, 0, MAX_MEMBERS - 1);
			snprintf(members[n].name, sizeof(members[n].name), "%s.%s", name,
					 get_text(part, "name"));
			members[n].model = part;
			members[n++].required = false;
		}
	}
	members[n].name[0] = '\0';
	return members;
}

#define FOR_EACH_MEMBER(member, table) \
	for (const Member *member = members_of(table); member->name[0]; member++)

static const Member *
find_member(const BfTable *table, const char *name)
{
	FOR_EACH_MEMBER(member, table)
	{
		if (strcmp(member->name, name) == 0)
			return member;
	}
	return NULL;
}

/* The parameter that feeds this member, or NULL. */
static const BfParam *
param_of_member(const BfTable *table, const char *member)
{
	FOR_EACH_PARAM(param, table)
	{
		if (strcmp(param->member, member) == 0)
			return param;
		if (param->member2 && strcmp(param->member2, member) == 0)
			return param;
	}
	return NULL;
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && strcmp(a, b) == 0;
}

static bool
is_paging_member(const BfTable *table, const char *member)
{
	return is_same(table->action->page_member, member) ||
		is_same(table->action->size_member, member) ||
		is_same(table->action->cursor, member);
}

static const BfConstant *
constant_of(const BfTable *table, const char *member)
{
	const BfConstant *constant = table->action->constants;

	for (; constant != NULL && constant->member != NULL; constant++)
		if (strcmp(member, constant->member) == 0)
			return constant;
	return NULL;
}

static bool
knows_site(const cJSON *sites, const char *site)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, sites)
	{
		if (strcmp(item->valuestring, site) == 0)
			return true;
	}
	return sites == NULL;
}

/* Do the sites of a model agree with ours?  Without a list it is both. */
static bool
are_sites(const cJSON *model, BfSites sites)
{
	const cJSON *list = cJSON_GetObjectItem(model, "sites");

	return bf_catalog_has_site(sites, BF_SITE_INTL) == knows_site(list, "intl") &&
		bf_catalog_has_site(sites, BF_SITE_CHINA) == knows_site(list, "domestic");
}

/* ---------- requests ---------- */

/* Every action is a table, or said to be none. */
static void
test_model_actions(void **state)
{
	const cJSON *action;

	(void) state;
	cJSON_ArrayForEach(action, get(models, "actions"))
	{
		int			found = 0;

		for (const BfOmission *o = bf_catalog_omissions; o->action; o++)
			found += strcmp(o->action, action->string) == 0;
		FOR_EACH_TABLE(table)
		{
			if (strcmp(table->action->name, action->string) == 0)
			{
				found++;
				break;
			}
		}
		if (found != 1)
			fail_msg("%s: in %d places", action->string, found);
	}
	for (const BfOmission *o = bf_catalog_omissions; o->action; o++)
	{
		get(get(models, "actions"), o->action);
		assert_true(is_sentence(o->reason));
	}
}

static void
test_model_sites(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		CHECK(are_sites(model_of(table), table->action->sites),
			  table, "sites");
		FOR_EACH_PARAM(param, table)
		{
			const Member *member = find_member(table, param->member);

			CHECK(member && are_sites(member->model, param->sites),
				  table, param->column);
		}
	}
}

static void
test_model_members_are_known(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_MEMBER(member, table)
		{
			const char *name = member->name;

			/* exactly one of these */
			CHECK((param_of_member(table, name) != NULL) +
				  is_paging_member(table, name) +
				  (constant_of(table, name) != NULL) +
				  has_exception(left_out, table->action->name, name) == 1,
				  table, name);
		}
	}
}

static void
test_members_are_in_the_model(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;
		const BfConstant *constant = action->constants;

		FOR_EACH_PARAM(param, table)
		{
			CHECK(find_member(table, param->member), table, param->member);
			CHECK(!param->member2 || find_member(table, param->member2),
				  table, param->member);
		}
		for (; constant != NULL && constant->member != NULL; constant++)
			CHECK(find_member(table, constant->member), table,
				  constant->member);
		CHECK(!action->page_member || find_member(table, action->page_member),
			  table, "page_member");
		CHECK(!action->size_member || find_member(table, action->size_member),
			  table, "size_member");
		CHECK(!action->cursor || find_member(table, action->cursor),
			  table, "cursor");
	}
}

/*
 * What the API requires, the catalog requires.  The catalog may require
 * more only where a parameter depends on another, or for a reason.
 */
static void
test_model_required(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_MEMBER(member, table)
		{
			const char *name = member->name;
			const BfParam *param = param_of_member(table, name);
			bool		ours = has_exception(required_by_us,
											 table->action->name, name);

			if (param == NULL)
				CHECK(!member->required || is_paging_member(table, name) ||
					  constant_of(table, name), table, name);
			else if (param->when_column == NULL)
				CHECK(param->required == (member->required || ours),
					  table, name);
			else
				CHECK(param->required || !member->required, table, name);
		}
	}
}

/* How the documents describe a form of months or times. */
static const char *
format_of(const BfParam *param)
{
	if (param->form == BF_FORM_DAY)
		return "YYYY-MM-DD";
	if (param->form == BF_FORM_SECOND)
		return "YYYY-MM-DD hh:mm:ss";
	return "YYYY-MM";
}

static void
check_param_type(const BfTable *table, const Member *member,
				 const BfParam *param)
{
	const char *type = get_text(member->model, "type");
	bool		is_array = strcmp(type, "array") == 0;
	const cJSON *format = cJSON_GetObjectItem(member->model, "format");

	CHECK(is_array == (param->list || param->array), table, member->name);
	if (is_array)
		type = get_text(member->model, "items");
	CHECK(strcmp(type, param->form == BF_FORM_INTEGER ? "integer" : "string") == 0,
		  table, member->name);
	CHECK((param->domain == BF_DOMAIN_MONTH ||
		   param->domain == BF_DOMAIN_RANGE) == (format != NULL),
		  table, member->name);
	if (format != NULL &&
		!has_exception(own_format, table->action->name, member->name))
		CHECK(strcmp(format->valuestring, format_of(param)) == 0,
			  table, member->name);
}

/* Is this JSON of the model's type, and with values that it may have? */
static bool
fits_model(const cJSON *json, const cJSON *model)
{
	const char *type = get_text(model, "type");
	const cJSON *values = cJSON_GetObjectItem(model, "enum");
	const cJSON *value;
	bool		listed = !cJSON_IsArray(values);

	if (strcmp(type, "boolean") == 0)
		return cJSON_IsBool(json);
	if (strcmp(type, "integer") == 0 && !cJSON_IsNumber(json))
		return false;
	if (strcmp(type, "string") == 0 && !cJSON_IsString(json))
		return false;
	if (strcmp(type, "array") != 0)
	{
		cJSON_ArrayForEach(value, values)
		{
			listed = listed || cJSON_Compare(value, json, true);
		}
		return listed;
	}

	/* lists ask for everything: by that name, or by all names */
	if (cJSON_GetArraySize(json) == 1)
		return is_same(json->child->valuestring, "all");
	return cJSON_Compare(json, values, true);
}

static void
test_model_member_types(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_MEMBER(member, table)
		{
			const BfAction *action = table->action;
			const char *name = member->name;
			const char *type = get_text(member->model, "type");
			const BfParam *param = param_of_member(table, name);
			const BfConstant *constant = constant_of(table, name);

			if (is_same(action->page_member, name) ||
				is_same(action->size_member, name))
				CHECK(strcmp(type, action->text_paging ? "string" : "integer") == 0,
					  table, name);
			if (constant != NULL)
			{
				cJSON	   *json = cJSON_Parse(constant->json);

				CHECK(json && fits_model(json, member->model), table, name);
				cJSON_Delete(json);
			}
			if (param != NULL)
				check_param_type(table, member, param);
		}
	}
}

/* Is the text in one of the lists of an object? */
static bool
in_any_list(const cJSON *lists, const char *text)
{
	const cJSON *list;
	const cJSON *value;

	cJSON_ArrayForEach(list, lists)
	{
		cJSON_ArrayForEach(value, list)
		{
			if (is_same(value->valuestring, text))
				return true;
		}
	}
	return false;
}

/* Closed lists; lists that differ by site are open to us. */
static void
test_model_values(void **state)
{
	const cJSON *value;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_MEMBER(member, table)
		{
			const char *name = member->name;
			const BfParam *param = param_of_member(table, name);
			const cJSON *list = cJSON_GetObjectItem(member->model, "enum");
			const char *const *ours;

			if (param == NULL)
				continue;
			ours = param->sendable ? param->sendable : param->values;
			if (!cJSON_IsArray(list))
			{
				CHECK(ours == NULL, table, name);
				CHECK(list == NULL || in_any_list(list, param->example),
					  table, name);
				continue;
			}
			CHECK(list_length(ours) == cJSON_GetArraySize(list), table, name);
			cJSON_ArrayForEach(value, list)
			{
				char		number[32];

				snprintf(number, sizeof(number), "%d", value->valueint);
				CHECK(in_list(ours, cJSON_IsString(value) ?
							  value->valuestring : number), table, name);
			}
		}
	}
}

/* ---------- paging ---------- */

/* A member of the model's description of paging is ours, or in neither. */
static bool
is_paging(const cJSON *paging, const char *what, const char *ours)
{
	const cJSON *item = cJSON_GetObjectItem(paging, what);

	return item == NULL ? ours == NULL : is_same(ours, item->valuestring);
}

static void
test_model_paging(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		static const char *const styles[] = {
			[BF_PAGING_NONE] = "none",
			[BF_PAGING_OFFSET] = "offset",
			[BF_PAGING_NUMBER] = "page",
			[BF_PAGING_TOKEN] = "token",
		};
		const BfAction *action = table->action;
		const cJSON *paging = get(get(model_of(table), "response"), "paging");
		const cJSON *cursor = cJSON_GetObjectItem(paging, "cursor");
		const char *style = get_text(paging, "style");

		CHECK(strcmp(style, action->offset_doubt ? "offset" :
					 styles[action->paging]) == 0, table, "paging");
		CHECK(is_paging(paging, "size_param", action->size_member),
			  table, "size_member");
		if (action->paging == BF_PAGING_OFFSET || action->offset_doubt)
			CHECK(is_paging(paging, "offset_param", action->page_member),
				  table, "page_member");
		else
			CHECK(is_paging(paging, "page_param", action->page_member),
				  table, "page_member");
		if (action->page_member != NULL)
			CHECK(get(paging, "first")->valueint == action->first_page,
				  table, "first_page");
		if (action->paging == BF_PAGING_TOKEN)
			CHECK(is_paging(paging, "token_param", action->cursor) &&
				  is_paging(paging, "token_field", action->cursor),
				  table, "cursor");
		else
			CHECK(is_paging(cursor, "param", action->cursor) &&
				  is_paging(cursor, "field", action->cursor),
				  table, "cursor");
	}
}

static void
test_model_page_size(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;
		const cJSON *paging = get(get(model_of(table), "response"), "paging");
		const cJSON *size = cJSON_GetObjectItem(paging, "max_size");
		const cJSON *max;

		if (action->paging == BF_PAGING_NONE)
			continue;
		max = cJSON_GetObjectItem(find_member(table, action->size_member)->model,
								  "max");
		CHECK((max == NULL) == (size == NULL), table, "max_page");
		CHECK(max == NULL || max->valueint == size->valueint, table, "max_page");
		if (has_exception(own_page_size, action->name, action->size_member))
			CHECK(max == NULL || action->max_page < max->valueint,
				  table, "max_page");
		else
			CHECK(max && max->valueint == action->max_page, table, "max_page");
	}
}

static void
test_model_total(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *response = get(model_of(table), "response");
		const cJSON *totals = cJSON_GetObjectItem(response, "totals");
		const cJSON *field = cJSON_GetObjectItem(totals, "field");
		const cJSON *flag = cJSON_GetObjectItem(totals, "requires");
		char		member[64];

		CHECK((field == NULL) == (table->action->total == NULL), table, "total");
		CHECK(field == NULL || strcmp(field->valuestring, table->action->total) == 0,
			  table, "total");
		if (flag == NULL)
			continue;
		assert_int_equal(sscanf(flag->valuestring, "%63[^=]=1", member), 1);
		CHECK(constant_of(table, member), table, member);
	}
}

/* ---------- answers ---------- */

/* A second status, where there are members that look like one. */
static void
test_model_status(void **state)
{
	static const char *const names[][2] = {
		{"Code", "Message"}, {"RetCode", "RetMsg"}
	};

	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;
		const cJSON *fields = get(get(model_of(table), "response"), "fields");
		const char *status = NULL;
		const char *text = NULL;

		for (size_t i = 0; i < lengthof(names); i++)
		{
			if (find_named(fields, names[i][0]) == NULL)
				continue;
			status = names[i][0];
			text = names[i][1];
			CHECK(find_named(fields, text), table, text);
		}
		CHECK(status ? is_same(action->status, status) : !action->status,
			  table, "status");
		CHECK(text ? is_same(action->status_text, text) : !action->status_text,
			  table, "status_text");
	}
}

static void
test_model_ready(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *response = get(model_of(table), "response");
		bool		documented = find_named(get(response, "fields"), "Ready");

		CHECK(cJSON_IsTrue(get(response, "ready_flag")) ==
			  table->action->ready_flag, table, "ready_flag");
		CHECK(documented == table->action->ready_flag, table, "ready_flag");
	}
}

static void
test_model_rows(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *rows = get(get(model_of(table), "response"), "rows");
		const char *path = table->action->rows;
		char		expected[128];

		snprintf(expected, sizeof(expected), "Response%s%s",
				 path ? "." : "", path ? path : "");
		CHECK(cJSON_GetArraySize(rows) == 1, table, "rows");
		CHECK(strcmp(get_text(rows->child, "path"), expected) == 0,
			  table, "rows");
		CHECK(strcmp(get_text(rows->child, "kind"), path ? "array" : "single") == 0,
			  table, "rows");
	}
}

/* The fields of the action's rows. */
static const cJSON *
model_row_fields(const BfTable *table)
{
	return get(get(get(model_of(table), "response"), "rows")->child, "fields");
}

/* The fields of the table's rows: those of the nested type, if it unnests. */
static const cJSON *
model_fields(const BfTable *table)
{
	const cJSON *fields = model_row_fields(table);
	const cJSON *nested;

	if (table->nested == NULL)
		return fields;
	nested = find_named(fields, table->nested);
	CHECK(nested != NULL, table, table->nested);
	return get(get(get(models, "types"), get_text(nested, "items")), "fields");
}

/* The column that shows a field of the rows, or of their parents; or NULL. */
static const BfColumn *
column_of_field(const BfTable *table, const char *field, bool of_parent)
{
	FOR_EACH_COLUMN(column, table)
	{
		if (is_plain(column) && column->source != BF_SOURCE_ANSWER &&
			(column->source == BF_SOURCE_PARENT) == of_parent &&
			strcmp(column->field, field) == 0)
			return column;
	}
	return NULL;
}

/* The fields that a column's own is one of. */
static const cJSON *
fields_of_column(const BfTable *table, const BfColumn *column)
{
	if (column->source == BF_SOURCE_ANSWER)
		return get(get(model_of(table), "response"), "fields");
	return is_from_parent(column) ? model_row_fields(table) : model_fields(table);
}

static const char *
type_name(BfType type)
{
	switch (type)
	{
		case BF_TYPE_TEXT:
		case BF_TYPE_MONTH:
			return "text";
		case BF_TYPE_NUMERIC:
			return "numeric";
		case BF_TYPE_BIGINT:
			return "bigint";
		case BF_TYPE_BOOLEAN:
			return "boolean";
		case BF_TYPE_DATE:
			return "date";
		case BF_TYPE_TIMESTAMP:
			return "timestamp";
		case BF_TYPE_JSONB:
			return "jsonb";
	}
	return "";
}

static void
test_model_fields_are_columns(void **state)
{
	const cJSON *field;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		cJSON_ArrayForEach(field, model_fields(table))
		{
			const char *name = get_text(field, "name");

			CHECK((column_of_field(table, name, false) != NULL) +
				  has_exception(fields_left_out, table->name, name) == 1,
				  table, name);
		}
	}
}

static bool
has_table_of_rows(const BfAction *action)
{
	FOR_EACH_TABLE(table)
	{
		if (table->action == action && table->nested == NULL)
			return true;
	}
	return false;
}

/* Where only an array inside the rows is a table, it shows the rest, too. */
static void
test_model_parents_are_shown(void **state)
{
	const cJSON *field;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		if (has_table_of_rows(table->action))
			continue;
		cJSON_ArrayForEach(field, model_row_fields(table))
		{
			const char *name = get_text(field, "name");

			CHECK(column_of_field(table, name, true) ||
				  is_same(table->nested, name), table, name);
		}
	}
}

/*
 * No field that the model lacks; each with the model's type and sites.  Money
 * that is sent in smaller units, and tags, have a type of their own.
 */
static void
test_columns_are_model_fields(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			const cJSON *field;

			if (is_asked(column))
				CHECK(column->sites ==
					  bf_catalog_param(table, column->name)->sites,
					  table, column->name);
			if (column->field == NULL)
				continue;
			field = find_named(fields_of_column(table, column), column->field);
			CHECK(field != NULL, table, column->name);
			if (!is_plain(column))
				continue;
			CHECK(are_sites(field, column->sites), table, column->name);
			if (column->scale == 0 && column->source != BF_SOURCE_TAGS &&
				!has_exception(own_type, table->name, column->field))
				CHECK(strcmp(type_name(column->type),
							 get_text(field, "pg_type")) == 0,
					  table, column->name);
		}
	}
}

/* Tags are made an object only where they are {TagKey, TagValue}. */
static void
test_model_tags(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			const cJSON *field;
			const cJSON *members;

			if (column->source != BF_SOURCE_TAGS &&
				column->source != BF_SOURCE_TAG_VALUE)
				continue;
			field = find_named(model_fields(table), column->field);
			CHECK(field != NULL, table, column->name);
			/* a text that holds an object */
			if (strcmp(get_text(field, "type"), "string") == 0)
				continue;
			members = get(get(get(models, "types"), get_text(field, "items")),
						  "fields");
			CHECK(cJSON_GetArraySize(members) == 2, table, column->name);
			CHECK(find_named(members, "TagKey"), table, column->name);
			CHECK(find_named(members, "TagValue"), table, column->name);
		}
	}
}

/* ---------- names ---------- */

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* OriginalCostWithRI becomes original_cost_with_ri. */
static void
snake_case(const char *field, char name[2 * MAX_NAME])
{
	for (const char *c = field; *c != '\0'; c++)
	{
		bool		ends_acronym = c[1] >= 'a' && c[1] <= 'z';

		if (is_upper(*c) && c > field && (!is_upper(c[-1]) || ends_acronym))
			*name++ = '_';
		*name++ = is_upper(*c) ? *c - 'A' + 'a' : *c;
	}
	*name = '\0';
}

static void
test_snake_case(void **state)
{
	static const char *const cases[][2] = {
		{"OriginalCostWithRI", "original_cost_with_ri"},
		{"SPDeduction", "sp_deduction"},
		{"ExtendField1", "extend_field1"},
		{"Tags", "tags"},
		{"RealTotalCost", "real_total_cost"},
	};
	char		name[2 * MAX_NAME];

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		snake_case(cases[i][0], name);
		assert_string_equal(name, cases[i][1]);
	}
}

/* "month" and "payer_uin" are what was asked for; rows show their own. */
static void
test_column_names_follow_fields(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			char		expected[2 * MAX_NAME] = "bill_";
			char	   *name = expected + strlen(expected);
			const BfColumn *own;

			if (!is_plain(column))
				continue;
			snake_case(column->field, name);
			own = bf_catalog_column(table, name);
			if (own != NULL && own->source == BF_SOURCE_REQUEST)
				name = expected;
			CHECK(strcmp(column->name, name) == 0, table, column->name);
		}
	}
}

/* DescribeBillDetail and its ComponentSet make bill_detail_component. */
static void
test_table_names_follow_actions(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		char		expected[4 * MAX_NAME];
		char	   *end;

		snake_case(table->action->name + strlen("Describe"), expected);
		if (table->nested != NULL)
		{
			strcat(expected, "_");
			snake_case(table->nested, expected + strlen(expected));
			end = strstr(expected, "_set");
			if (end != NULL && end[strlen("_set")] == '\0')
				*end = '\0';
		}
		CHECK(strcmp(table->name, expected) == 0, table, "name");
	}
}

/* ---------- exceptions ---------- */

/* Does an action, or the row type of a table, have the member? */
static bool
model_has(const char *where, const char *member)
{
	FOR_EACH_TABLE(table)
	{
		if (where != NULL && strcmp(table->name, where) == 0)
			return find_named(model_fields(table), member) != NULL;
		if ((where == NULL || strcmp(table->action->name, where) == 0) &&
			find_member(table, member) != NULL)
			return true;
	}
	return false;
}

/* No exception from what is not there. */
static void
test_exceptions_exist(void **state)
{
	static const Exception *const lists[] = {
		left_out, fields_left_out, required_by_us, own_page_size, own_format,
		own_type
	};

	(void) state;
	for (size_t i = 0; i < lengthof(lists); i++)
		for (const Exception *e = lists[i]; e->member != NULL; e++)
			if (!model_has(e->where, e->member))
				fail_msg("no %s has \"%s\"", e->where ? e->where : "action",
						 e->member);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model_actions),
		cmocka_unit_test(test_model_sites),
		cmocka_unit_test(test_model_members_are_known),
		cmocka_unit_test(test_members_are_in_the_model),
		cmocka_unit_test(test_model_required),
		cmocka_unit_test(test_model_member_types),
		cmocka_unit_test(test_model_values),
		cmocka_unit_test(test_model_paging),
		cmocka_unit_test(test_model_page_size),
		cmocka_unit_test(test_model_total),
		cmocka_unit_test(test_model_status),
		cmocka_unit_test(test_model_ready),
		cmocka_unit_test(test_model_rows),
		cmocka_unit_test(test_model_fields_are_columns),
		cmocka_unit_test(test_model_parents_are_shown),
		cmocka_unit_test(test_columns_are_model_fields),
		cmocka_unit_test(test_model_tags),
		cmocka_unit_test(test_snake_case),
		cmocka_unit_test(test_column_names_follow_fields),
		cmocka_unit_test(test_table_names_follow_actions),
		cmocka_unit_test(test_exceptions_exist),
	};

	return cmocka_run_group_tests(tests, read_models, free_models);
}

/*-------------------------------------------------------------------------
 *
 * test_catalog.c
 *	  Unit tests of api/catalog.c: what all entries have in common, and a
 *	  comparison with the vendor's own models of the actions.
 *
 * IDENTIFICATION
 *	  test/unit/test_catalog.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "api/catalog.h"

#define MODELS	"test/sim/data/actions.json"

/* Longest identifier of PostgreSQL. */
#define MAX_NAME	63

#define FOR_EACH_TABLE(table) \
	for (const BfTable *const *t_ = bf_catalog_tables(), *table = *t_; \
		 table != NULL; table = *++t_)
#define FOR_EACH_COLUMN(column, table) \
	for (const BfColumn *column = (table)->columns; column->name; column++)
#define FOR_EACH_PARAM(param, table) \
	for (const BfParam *param = (table)->action->params; param->column; \
		 param++)

/* An assertion that says where in the catalog it failed. */
#define CHECK(condition, where, what) \
	check(condition, where, what, #condition)

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

/* ---------- helpers ---------- */

static void
check(bool holds, const BfTable *table, const char *what,
	  const char *condition)
{
	if (!holds)
		fail_msg("%s, %s: %s", table->name, what, condition);
}

static bool
in_list(const char *const *list, const char *text)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

static int
list_length(const char *const *list)
{
	int			length = 0;

	while (list != NULL && list[length] != NULL)
		length++;
	return length;
}

static bool
is_snake_case(const char *name)
{
	size_t		length = strlen(name);

	return length > 0 && length <= MAX_NAME &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length &&
		name[0] >= 'a' && name[0] <= 'z' && name[length - 1] != '_' &&
		strstr(name, "__") == NULL;
}

/* A sentence, or several. */
static bool
is_sentence(const char *text)
{
	return text != NULL && text[0] >= 'A' && text[0] <= 'Z' &&
		text[strlen(text) - 1] == '.';
}

static bool
has_exception(const Exception *list, const char *where, const char *member)
{
	for (; list->member != NULL; list++)
		if ((list->where == NULL || strcmp(list->where, where) == 0) &&
			strcmp(list->member, member) == 0)
			return list->reason != NULL;
	return false;
}

/* Words without final stop. */
static bool
is_phrase(const char *text)
{
	return text != NULL && text[0] != '\0' && text[strlen(text) - 1] != '.';
}

static bool
is_month(const char *text)
{
	return text != NULL && strlen(text) == 7 &&
		strspn(text, "0123456789") == 4 && text[4] == '-' &&
		strspn(text + 5, "0123456789") == 2 &&
		strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0;
}

static bool
is_from_parent(const BfColumn *column)
{
	return column->source == BF_SOURCE_PARENT ||
		column->source == BF_SOURCE_PARENT_GROUP_KEY ||
		column->source == BF_SOURCE_PARENT_PAY_MODE;
}

/* Does a column depend on what was asked for? */
static bool
is_asked(const BfColumn *column)
{
	return column->source == BF_SOURCE_REQUEST ||
		column->source == BF_SOURCE_TAG_VALUE;
}

/* Does a column show nothing of the answer? */
static bool
is_fieldless(const BfColumn *column)
{
	return column->source == BF_SOURCE_REQUEST ||
		column->source == BF_SOURCE_CURRENCY;
}

/* Does a column show a member of the answer under its own name? */
static bool
is_plain(const BfColumn *column)
{
	return column->source == BF_SOURCE_ROW ||
		column->source == BF_SOURCE_PARENT ||
		column->source == BF_SOURCE_ANSWER ||
		column->source == BF_SOURCE_TAGS;
}

/* Only digits, or a minus before them. */
static bool
is_integer(const char *text)
{
	text += text[0] == '-';
	return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool
is_money(const BfColumn *column)
{
	return column->unit != NULL && strcmp(column->unit, "currency units") == 0;
}

/* ---------- what all entries have in common ---------- */

static void
test_table_names(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		CHECK(is_snake_case(table->name), table, "name");
		CHECK(is_snake_case(table->family), table, "family");
		CHECK(strcmp(table->family, "billing") != 0, table, "family");
		/* a name that occurs twice would find the first one */
		CHECK(bf_catalog_find(table->name) == table, table, "name");
	}
	assert_null(bf_catalog_find("no_such_table"));
	assert_null(bf_catalog_find(""));
	assert_null(bf_catalog_find("BILL_SUMMARY"));
}

static void
test_tables_of_the_design(void **state)
{
	static const char *const names[] = {
		"bill_summary", "bill_summary_business", "bill_summary_by_pay_mode",
		"bill_summary_by_pay_mode_detail",
		"bill_resource_summary_for_organization", "bill_detail",
		"bill_detail_component", NULL
	};

	(void) state;
	for (int i = 0; names[i] != NULL; i++)
		assert_non_null(bf_catalog_find(names[i]));
}

static void
test_table_texts(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		CHECK(is_sentence(table->grain), table, "grain");
		CHECK(is_sentence(table->caution), table, "caution");
		CHECK(table->rows_per_request > 0, table, "rows_per_request");
	}
}

static bool
has_months(const BfTable *table)
{
	FOR_EACH_PARAM(param, table)
	{
		if (param->domain == BF_DOMAIN_MONTH)
			return true;
	}
	return false;
}

static void
test_actions(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;

		CHECK(strncmp(action->name, "Describe", 8) == 0, table, action->name);
		CHECK(is_phrase(action->does), table, action->name);
		CHECK(action->rows == NULL || is_phrase(action->rows),
			  table, action->name);
		CHECK((action->first_month != NULL) == has_months(table),
			  table, action->name);
		CHECK(action->first_month == NULL || is_month(action->first_month),
			  table, action->name);
		CHECK((action->status == NULL) == (action->status_text == NULL),
			  table, action->name);
	}
}

/* Each kind of paging has what it needs, and nothing else. */
static void
test_paging(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;
		bool		pages = action->paging != BF_PAGING_NONE;
		bool		counts = action->paging == BF_PAGING_OFFSET ||
			action->paging == BF_PAGING_NUMBER;

		CHECK((action->max_page > 0) == pages, table, action->name);
		CHECK((action->size_member != NULL) == pages, table, action->name);
		CHECK((action->page_member != NULL) == counts, table, action->name);
		CHECK(!action->text_paging || counts, table, action->name);
		if (action->paging != BF_PAGING_NUMBER)
			CHECK(action->first_page == 0 && !action->offset_doubt,
				  table, action->name);
		if (action->paging == BF_PAGING_TOKEN)
			CHECK(action->cursor != NULL, table, action->name);
		else
			CHECK(action->cursor == NULL ||
				  action->paging == BF_PAGING_OFFSET, table, action->name);
	}
}

static void
test_column_names(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			CHECK(is_snake_case(column->name), table, column->name);
			/* a name that occurs twice would find the first one */
			CHECK(bf_catalog_column(table, column->name) == column,
				  table, column->name);
		}
		assert_null(bf_catalog_column(table, "no_such_column"));
	}
}

static void
test_column_descriptions(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			const char *text = column->description;

			CHECK(is_phrase(text), table, column->name);
			/* what a column's other members say is not said twice */
			CHECK(strstr(text, "currency unit") == NULL, table, column->name);
			CHECK(strstr(text, "Beijing") == NULL, table, column->name);
			CHECK(column->unit == NULL || is_phrase(column->unit),
				  table, column->name);
			CHECK(strstr(text, " site only") == NULL, table, column->name);
		}
	}
}

/*
 * A number with decimals is an amount of something: its unit is there, or the
 * description says what else it is.
 */
static void
test_column_units(void **state)
{
	static const char *const others[] = {
		"rate", "multiplier", "share", "duration", "unit is unknown",
		"usage before packages", "usage or duration", "change against",
		"number of days", NULL
	};

	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			bool		said = column->unit != NULL;

			for (int i = 0; others[i] != NULL; i++)
				said = said || strstr(column->description, others[i]) != NULL;
			if (column->type == BF_TYPE_NUMERIC)
				CHECK(said, table, column->name);
			/* scaled: from cents, or 0.00000001 units */
			CHECK(column->scale == 0 || column->scale == 2 ||
				  column->scale == 8, table, column->name);
			if (column->scale != 0)
				CHECK(is_money(column) && column->source == BF_SOURCE_ROW &&
					  column->type == BF_TYPE_NUMERIC, table, column->name);
		}
	}
}

static void
test_column_sources(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			CHECK((column->field == NULL) == is_fieldless(column),
				  table, column->name);
			CHECK(!is_from_parent(column) || table->nested != NULL,
				  table, column->name);
			CHECK(!is_asked(column) ||
				  bf_catalog_param(table, column->name) != NULL,
				  table, column->name);
		}
	}
}

static void
test_column_types(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			const BfParam *param = bf_catalog_param(table, column->name);
			bool		month = param && param->domain == BF_DOMAIN_MONTH;

			CHECK((column->type == BF_TYPE_MONTH) == month,
				  table, column->name);
			CHECK(is_plain(column) || month || column->type == BF_TYPE_TEXT,
				  table, column->name);
			CHECK(column->source != BF_SOURCE_TAGS ||
				  column->type == BF_TYPE_JSONB, table, column->name);
		}
	}
}

/* Amounts of a parent would be summed once per nested row. */
static void
test_no_parent_amounts(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			CHECK(!is_from_parent(column) ||
				  (column->type != BF_TYPE_NUMERIC &&
				   column->type != BF_TYPE_JSONB), table, column->name);
		}
	}
}

static void
test_group_keys(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			if (column->source == BF_SOURCE_GROUP_KEY ||
				column->source == BF_SOURCE_PARENT_GROUP_KEY)
				CHECK(bf_catalog_column(table, "group_type") != NULL,
					  table, column->name);
			if (column->source == BF_SOURCE_TAG_VALUE)
				CHECK(bf_catalog_param(table, "tag_key") != NULL,
					  table, column->name);
		}
	}
}

/* Where there is money, there is its currency: the row's own, or an option. */
static void
test_currency_column(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfColumn *currency = bf_catalog_column(table, "currency");
		bool		money = false;

		FOR_EACH_COLUMN(column, table)
		{
			money = money || is_money(column);
		}
		CHECK((currency != NULL) == money, table, "currency");
		if (currency != NULL)
			CHECK(currency->source == BF_SOURCE_CURRENCY ||
				  (currency->source == BF_SOURCE_ROW &&
				   strcmp(currency->field, "Currency") == 0),
				  table, "currency");
	}
}

static void
test_param_columns(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		int			count = 0;

		FOR_EACH_PARAM(param, table)
		{
			const BfColumn *column = bf_catalog_column(table, param->column);

			CHECK(column != NULL, table, param->column);
			if (param->domain == BF_DOMAIN_RANGE)
				CHECK(column->type == BF_TYPE_TIMESTAMP ||
					  column->type == BF_TYPE_DATE, table, param->column);
			else
				CHECK(column->type == BF_TYPE_TEXT ||
					  column->type == BF_TYPE_MONTH ||
					  column->type == BF_TYPE_BIGINT, table, param->column);
			/* a column that occurs twice would find the first one */
			CHECK(bf_catalog_param(table, param->column) == param,
				  table, param->column);
			count++;
		}
		CHECK(bf_catalog_param_count(table) == count, table, "params");
		assert_null(bf_catalog_param(table, "no_such_column"));
	}
}

/*
 * An input column holds what was asked for, all others what rows are about:
 * rows show it, or there are no rows without it.
 */
static void
test_input_params(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			const BfColumn *column = bf_catalog_column(table, param->column);
			bool		request = column->source == BF_SOURCE_REQUEST;

			if (param->input)
				CHECK(is_asked(column) && param->domain == BF_DOMAIN_OPEN &&
					  !param->required, table, param->column);
			else if (param->domain == BF_DOMAIN_OPEN)
				CHECK(!is_asked(column) || (request && param->required),
					  table, param->column);
			else if (param->domain == BF_DOMAIN_MONTH)
				CHECK(request, table, param->column);
			else if (param->domain == BF_DOMAIN_CLOSED)
				CHECK(request || is_plain(column), table, param->column);
			else
				CHECK(column->source == BF_SOURCE_ROW, table, param->column);
		}
	}
}

/* How the values of each kind of parameter are written. */
static void
test_param_forms(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			const BfColumn *column = bf_catalog_column(table, param->column);
			bool		days = param->form == BF_FORM_DAY ||
				param->form == BF_FORM_SECOND;

			if (param->domain == BF_DOMAIN_RANGE)
				CHECK(days && param->member2 && !param->list &&
					  !param->array, table, param->column);
			else
				CHECK(param->max_days == 0 && !param->end_included,
					  table, param->column);
			if (param->domain == BF_DOMAIN_MONTH)
				CHECK((days || param->form == BF_FORM_TEXT) && !param->array,
					  table, param->column);
			else if (param->domain != BF_DOMAIN_RANGE)
				CHECK(!days && !param->member2, table, param->column);
			if (param->form != BF_FORM_INTEGER &&
				param->form != BF_FORM_DIGITS)
			{
				CHECK(column->type != BF_TYPE_BIGINT, table, param->column);
				continue;
			}
			CHECK(is_integer(param->example), table, param->column);
			for (int i = 0; i < list_length(param->values); i++)
				CHECK(is_integer(param->values[i]), table, param->values[i]);
		}
	}
}

static void
test_param_members(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			CHECK(is_phrase(param->member), table, param->column);
			CHECK(param->member2 == NULL ||
				  strcmp(param->member, param->member2) != 0,
				  table, param->column);
			FOR_EACH_PARAM(other, table)
			{
				CHECK(other == param ||
					  strcmp(other->member, param->member) != 0,
					  table, param->column);
			}
		}
	}
}

static void
test_param_values(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			CHECK(param->domain != BF_DOMAIN_CLOSED ||
				  list_length(param->values) > 0, table, param->column);
			for (int i = 0; i < list_length(param->values); i++)
				CHECK(!in_list(param->values + i + 1, param->values[i]),
					  table, param->values[i]);
			for (int i = 0; i < list_length(param->sendable); i++)
				CHECK(in_list(param->values, param->sendable[i]),
					  table, param->sendable[i]);
		}
	}
}

/* A parameter comes after those that it depends on. */
static void
test_param_dependencies(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			const BfParam *when = NULL;
			const BfParam *with = NULL;

			if (param->when_column != NULL)
			{
				when = bf_catalog_param(table, param->when_column);
				CHECK(when != NULL && when < param, table, param->column);
			}
			if (param->when_value != NULL)
				CHECK(when != NULL &&
					  in_list(when->values, param->when_value),
					  table, param->column);
			if (param->sent_with != NULL)
			{
				with = bf_catalog_param(table, param->sent_with);
				CHECK(with != NULL && with != param, table, param->column);
			}
			CHECK(param->sent_since == NULL || is_month(param->sent_since),
				  table, param->column);
		}
	}
}

static void
test_list_param_is_last(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			CHECK(!param->list || param[1].column == NULL,
				  table, param->column);
		}
	}
}

/* An example is a value, one of the list where there is one. */
static void
test_param_examples(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			bool		listed = param->values == NULL;

			CHECK(param->example != NULL && param->example[0] != '\0',
				  table, param->column);
			for (int i = 0; !listed && param->values[i] != NULL; i++)
				listed = strcmp(param->values[i], param->example) == 0;
			CHECK(listed, table, param->column);
		}
	}
}

static void
test_excluded_values(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const char *const *entry = table->excluded;

		CHECK(list_length(entry) % 3 == 0, table, "excluded");
		for (; entry != NULL && *entry != NULL; entry += 3)
		{
			const BfParam *param = bf_catalog_param(table, entry[0]);

			CHECK(param != NULL, table, entry[0]);
			CHECK(param->domain == BF_DOMAIN_CLOSED, table, entry[0]);
			CHECK(in_list(param->values, entry[1]), table, entry[1]);
			CHECK(is_sentence(entry[2]), table, entry[1]);
			assert_ptr_equal(bf_catalog_excluded(table, entry[0], entry[1]),
							 entry[2]);
		}
	}
}

static void
test_excluded_business(void **state)
{
	const BfTable *parent = bf_catalog_find("bill_summary");
	const BfTable *nested = bf_catalog_find("bill_summary_business");

	(void) state;
	assert_non_null(bf_catalog_excluded(nested, "group_type", "business"));
	assert_null(bf_catalog_excluded(nested, "group_type", "region"));
	assert_null(bf_catalog_excluded(nested, "month", "business"));
	assert_null(bf_catalog_excluded(parent, "group_type", "business"));
}

/* ---------- billing mode labels ---------- */

static void
test_pay_mode_labels(void **state)
{
	const BfLabel *label = bf_catalog_pay_mode_labels();

	(void) state;
	assert_non_null(label->label);
	for (; label->label != NULL; label++)
	{
		/* a label that occurs twice would find the first code */
		assert_ptr_equal(bf_catalog_pay_mode(label->label), label->code);
		FOR_EACH_TABLE(table)
		{
			const BfParam *param = bf_catalog_param(table, "pay_mode");

			if (param != NULL && param->values != NULL)
				CHECK(in_list(param->values, label->code),
					  table, label->label);
		}
	}
}

static void
test_pay_modes(void **state)
{
	(void) state;
	assert_string_equal(bf_catalog_pay_mode("Yearly/monthly subscription"),
						"prePay");
	assert_string_equal(bf_catalog_pay_mode("按量计费"), "postPay");
	assert_null(bf_catalog_pay_mode(""));
	assert_null(bf_catalog_pay_mode("prePay"));
	assert_null(bf_catalog_pay_mode("pay-as-you-go"));
}

/* ---------- the vendor's models ---------- */

static cJSON *models;

static int
read_models(void **state)
{
	FILE	   *file = fopen(MODELS, "rb");
	static char text[4 * 1024 * 1024];
	size_t		length;

	(void) state;
	if (file == NULL)
	{
		print_error("could not open %s\n", MODELS);
		return -1;
	}
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	models = cJSON_Parse(text);
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
		cmocka_unit_test(test_table_names),
		cmocka_unit_test(test_tables_of_the_design),
		cmocka_unit_test(test_table_texts),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_paging),
		cmocka_unit_test(test_column_names),
		cmocka_unit_test(test_column_descriptions),
		cmocka_unit_test(test_column_units),
		cmocka_unit_test(test_column_sources),
		cmocka_unit_test(test_column_types),
		cmocka_unit_test(test_no_parent_amounts),
		cmocka_unit_test(test_group_keys),
		cmocka_unit_test(test_currency_column),
		cmocka_unit_test(test_param_columns),
		cmocka_unit_test(test_input_params),
		cmocka_unit_test(test_param_forms),
		cmocka_unit_test(test_param_members),
		cmocka_unit_test(test_param_values),
		cmocka_unit_test(test_param_dependencies),
		cmocka_unit_test(test_list_param_is_last),
		cmocka_unit_test(test_param_examples),
		cmocka_unit_test(test_excluded_values),
		cmocka_unit_test(test_excluded_business),
		cmocka_unit_test(test_pay_mode_labels),
		cmocka_unit_test(test_pay_modes),
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
		cmocka_unit_test(test_snake_case),
		cmocka_unit_test(test_model_fields_are_columns),
		cmocka_unit_test(test_model_parents_are_shown),
		cmocka_unit_test(test_columns_are_model_fields),
		cmocka_unit_test(test_column_names_follow_fields),
		cmocka_unit_test(test_table_names_follow_actions),
		cmocka_unit_test(test_model_tags),
		cmocka_unit_test(test_exceptions_exist),
	};

	return cmocka_run_group_tests(tests, read_models, free_models);
}

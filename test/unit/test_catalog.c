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

/* Members of requests that the catalog leaves out. */
static const struct
{
	const char *action;
	const char *member;
	const char *reason;
}			left_out[] = {
	{"DescribeBillResourceSummaryForOrganization", "PeriodType", "deprecated"},
	{NULL, NULL, NULL}
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
		column->source == BF_SOURCE_PARENT_GROUP_KEY;
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
		column->source == BF_SOURCE_TAGS;
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
		"bill_resource_summary_for_organization", NULL
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

static void
test_actions(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfAction *action = table->action;
		bool		pages = action->paging != BF_PAGING_NONE;

		CHECK(strncmp(action->name, "Describe", 8) == 0, table, action->name);
		CHECK(is_phrase(action->does), table, action->name);
		CHECK(is_phrase(action->rows), table, action->name);
		CHECK(is_month(action->first_month), table, action->name);
		CHECK((action->max_page > 0) == pages, table, action->name);
		CHECK(action->total == NULL || pages, table, action->name);
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
			CHECK(is_phrase(column->description), table, column->name);
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
			CHECK(!is_from_parent(column) || column->type == BF_TYPE_TEXT,
				  table, column->name);
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

static void
test_currency_column(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const BfColumn *column = bf_catalog_column(table, "currency");

		CHECK(column != NULL, table, "currency");
		CHECK(column->source == BF_SOURCE_CURRENCY, table, "currency");
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
			CHECK(column->type == BF_TYPE_TEXT ||
				  column->type == BF_TYPE_MONTH, table, param->column);
			/* a column that occurs twice would find the first one */
			CHECK(bf_catalog_param(table, param->column) == param,
				  table, param->column);
			count++;
		}
		CHECK(bf_catalog_param_count(table) == count, table, "params");
		assert_null(bf_catalog_param(table, "no_such_column"));
	}
}

/* An input column holds what was asked for, all others what rows are about. */
static void
test_input_params(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_PARAM(param, table)
		{
			const BfColumn *column = bf_catalog_column(table, param->column);
			bool		asked = is_asked(column);

			if (param->input)
				CHECK(asked && param->domain == BF_DOMAIN_OPEN &&
					  !param->required, table, param->column);
			else if (param->domain == BF_DOMAIN_OPEN)
				CHECK(!asked, table, param->column);
			else
				CHECK(column->source == BF_SOURCE_REQUEST,
					  table, param->column);
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
is_paging_member(const BfTable *table, const char *member)
{
	if (table->action->paging == BF_PAGING_NONE)
		return false;
	return strcmp(member, table->action->page_member) == 0 ||
		strcmp(member, table->action->size_member) == 0;
}

static bool
is_constant(const BfTable *table, const char *member)
{
	const BfConstant *constant = table->action->constants;

	for (; constant != NULL && constant->member != NULL; constant++)
		if (strcmp(member, constant->member) == 0)
			return true;
	return false;
}

static bool
is_left_out(const BfTable *table, const char *member)
{
	for (int i = 0; left_out[i].action != NULL; i++)
		if (strcmp(left_out[i].action, table->action->name) == 0 &&
			strcmp(left_out[i].member, member) == 0)
			return left_out[i].reason != NULL;
	return false;
}

static void
test_model_members_are_known(void **state)
{
	const cJSON *member;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		cJSON_ArrayForEach(member, get(model_of(table), "request"))
		{
			const char *name = get_text(member, "name");

			/* exactly one of these */
			CHECK((param_of_member(table, name) != NULL) +
				  is_paging_member(table, name) +
				  is_constant(table, name) +
				  is_left_out(table, name) == 1, table, name);
		}
	}
}

static void
test_members_are_in_the_model(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *request = get(model_of(table), "request");

		FOR_EACH_PARAM(param, table)
		{
			CHECK(find_named(request, param->member), table, param->member);
			CHECK(!param->member2 || find_named(request, param->member2),
				  table, param->member);
		}
		for (const BfConstant *constant = table->action->constants;
			 constant != NULL && constant->member != NULL; constant++)
			CHECK(find_named(request, constant->member), table,
				  constant->member);
	}
}

/*
 * What the API requires, the catalog requires.  The catalog may require
 * more only where a parameter depends on another.
 */
static void
test_model_required(void **state)
{
	const cJSON *member;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		cJSON_ArrayForEach(member, get(model_of(table), "request"))
		{
			const char *name = get_text(member, "name");
			bool		required = cJSON_IsTrue(get(member, "required"));
			const BfParam *param = param_of_member(table, name);

			if (param == NULL)
				CHECK(required == is_paging_member(table, name), table, name);
			else if (param->when_column == NULL)
				CHECK(param->required == required, table, name);
			else
				CHECK(param->required || !required, table, name);
		}
	}
}

static void
test_model_member_types(void **state)
{
	const cJSON *member;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		cJSON_ArrayForEach(member, get(model_of(table), "request"))
		{
			const char *name = get_text(member, "name");
			const char *type = get_text(member, "type");
			const BfParam *param = param_of_member(table, name);

			if (is_paging_member(table, name) || is_constant(table, name))
				CHECK(strcmp(type, "integer") == 0, table, name);
			if (param == NULL)
				continue;
			CHECK(strcmp(type, param->list ? "array" : "string") == 0,
				  table, name);
			CHECK(!param->list ||
				  strcmp(get_text(member, "items"), "string") == 0,
				  table, name);
			CHECK((param->domain == BF_DOMAIN_MONTH) ==
				  cJSON_HasObjectItem(member, "format"), table, name);
		}
	}
}

/* Closed lists; lists that differ by site are open to us. */
static void
test_model_values(void **state)
{
	const cJSON *member;
	const cJSON *value;

	(void) state;
	FOR_EACH_TABLE(table)
	{
		cJSON_ArrayForEach(member, get(model_of(table), "request"))
		{
			const char *name = get_text(member, "name");
			const BfParam *param = param_of_member(table, name);
			const cJSON *list = cJSON_GetObjectItem(member, "enum");
			const char *const *ours;

			if (param == NULL)
				continue;
			ours = param->sendable ? param->sendable : param->values;
			if (!cJSON_IsArray(list))
			{
				CHECK(ours == NULL, table, name);
				continue;
			}
			CHECK(list_length(ours) == cJSON_GetArraySize(list), table, name);
			cJSON_ArrayForEach(value, list)
			{
				CHECK(in_list(ours, value->valuestring), table, name);
			}
		}
	}
}

static void
test_model_paging(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *paging = get(get(model_of(table), "response"), "paging");
		const cJSON *limit = find_named(get(model_of(table), "request"),
										"Limit");
		const char *style = get_text(paging, "style");

		if (table->action->paging == BF_PAGING_NONE)
		{
			CHECK(strcmp(style, "none") == 0, table, "paging");
			continue;
		}
		CHECK(strcmp(style, "offset") == 0, table, "paging");
		CHECK(strcmp(get_text(paging, "offset_param"), "Offset") == 0,
			  table, "paging");
		CHECK(strcmp(get_text(paging, "size_param"), "Limit") == 0,
			  table, "paging");
		CHECK(get(paging, "first")->valueint == 0, table, "paging");
		CHECK(get(paging, "max_size")->valueint == table->action->max_page,
			  table, "max_page");
		CHECK(get(limit, "max")->valueint == table->action->max_page,
			  table, "max_page");
	}
}

static void
test_model_total(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		const cJSON *totals = get(get(model_of(table), "response"), "totals");
		const cJSON *field = cJSON_GetObjectItem(totals, "field");
		const cJSON *flag = cJSON_GetObjectItem(totals, "requires");
		char		member[64];

		CHECK((field == NULL) == (table->action->total == NULL), table, "total");
		CHECK(field == NULL || strcmp(field->valuestring, table->action->total) == 0,
			  table, "total");
		if (flag == NULL)
			continue;
		assert_int_equal(sscanf(flag->valuestring, "%63[^=]=1", member), 1);
		CHECK(is_constant(table, member), table, member);
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
		char		path[128];

		snprintf(path, sizeof(path), "Response.%s", table->action->rows);
		CHECK(cJSON_GetArraySize(rows) == 1, table, "rows");
		CHECK(strcmp(get_text(rows->child, "path"), path) == 0,
			  table, "rows");
		CHECK(strcmp(get_text(rows->child, "kind"), "array") == 0,
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

/* The column that shows a field, or NULL. */
static const BfColumn *
column_of_field(const BfTable *table, const char *field)
{
	FOR_EACH_COLUMN(column, table)
	{
		if (is_plain(column) && column->source != BF_SOURCE_PARENT &&
			strcmp(column->field, field) == 0)
			return column;
	}
	return NULL;
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
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
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
			const BfColumn *column = column_of_field(table, name);

			CHECK(column != NULL, table, name);
			CHECK(strcmp(type_name(column->type),
						 get_text(field, "pg_type")) == 0, table, name);
		}
	}
}

/* Of the row, or of the parent's: no field that the model lacks. */
static void
test_columns_are_model_fields(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			const cJSON *fields = model_fields(table);

			if (is_from_parent(column))
				fields = model_row_fields(table);
			CHECK(column->field == NULL || find_named(fields, column->field),
				  table, column->name);
		}
	}
}

static void
test_column_names_follow_fields(void **state)
{
	(void) state;
	FOR_EACH_TABLE(table)
	{
		FOR_EACH_COLUMN(column, table)
		{
			char		expected[2 * MAX_NAME];

			if (!is_plain(column))
				continue;
			snake_case(column->field, expected);
			CHECK(strcmp(column->name, expected) == 0, table, column->name);
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
			members = get(get(get(models, "types"), get_text(field, "items")),
						  "fields");
			CHECK(cJSON_GetArraySize(members) == 2, table, column->name);
			CHECK(find_named(members, "TagKey"), table, column->name);
			CHECK(find_named(members, "TagValue"), table, column->name);
		}
	}
}

static void
test_left_out_members_exist(void **state)
{
	(void) state;
	for (int i = 0; left_out[i].action != NULL; i++)
	{
		const cJSON *action = get(get(models, "actions"), left_out[i].action);

		assert_non_null(find_named(get(action, "request"),
								   left_out[i].member));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_names),
		cmocka_unit_test(test_tables_of_the_design),
		cmocka_unit_test(test_table_texts),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_column_names),
		cmocka_unit_test(test_column_descriptions),
		cmocka_unit_test(test_column_sources),
		cmocka_unit_test(test_column_types),
		cmocka_unit_test(test_no_parent_amounts),
		cmocka_unit_test(test_group_keys),
		cmocka_unit_test(test_currency_column),
		cmocka_unit_test(test_param_columns),
		cmocka_unit_test(test_input_params),
		cmocka_unit_test(test_param_members),
		cmocka_unit_test(test_param_values),
		cmocka_unit_test(test_param_dependencies),
		cmocka_unit_test(test_list_param_is_last),
		cmocka_unit_test(test_param_examples),
		cmocka_unit_test(test_excluded_values),
		cmocka_unit_test(test_excluded_business),
		cmocka_unit_test(test_pay_mode_labels),
		cmocka_unit_test(test_pay_modes),
		cmocka_unit_test(test_model_members_are_known),
		cmocka_unit_test(test_members_are_in_the_model),
		cmocka_unit_test(test_model_required),
		cmocka_unit_test(test_model_member_types),
		cmocka_unit_test(test_model_values),
		cmocka_unit_test(test_model_paging),
		cmocka_unit_test(test_model_total),
		cmocka_unit_test(test_model_ready),
		cmocka_unit_test(test_model_rows),
		cmocka_unit_test(test_snake_case),
		cmocka_unit_test(test_model_fields_are_columns),
		cmocka_unit_test(test_columns_are_model_fields),
		cmocka_unit_test(test_column_names_follow_fields),
		cmocka_unit_test(test_model_tags),
		cmocka_unit_test(test_left_out_members_exist),
	};

	return cmocka_run_group_tests(tests, read_models, free_models);
}

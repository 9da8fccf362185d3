/*-------------------------------------------------------------------------
 *
 * test_catalog.c
 *	  Unit tests of api/catalog.c: look-ups, and what all entries have in
 *	  common.
 *
 * IDENTIFICATION
 *	  test/unit/test_catalog.c
 *
 *-------------------------------------------------------------------------
 */
#include "entries.h"

/* ---------- helpers ---------- */

static bool
is_snake_case(const char *name)
{
	size_t		length = strlen(name);

	return length > 0 && length <= MAX_NAME &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length &&
		name[0] >= 'a' && name[0] <= 'z' && name[length - 1] != '_' &&
		strstr(name, "__") == NULL;
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

/* Does a column show nothing of the answer? */
static bool
is_fieldless(const BfColumn *column)
{
	return column->source == BF_SOURCE_REQUEST ||
		column->source == BF_SOURCE_CURRENCY;
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

/* ---------- tables and actions ---------- */

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
test_tables_are_found(void **state)
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

/* Those of a month, and of a period that must be named. */
static void
test_tables_with_months(void **state)
{
	(void) state;
	assert_true(bf_catalog_has_months(bf_catalog_find("bill_summary")));
	assert_true(bf_catalog_has_months(bf_catalog_find("bill_list")));
	assert_false(bf_catalog_has_months(bf_catalog_find("voucher_info")));
	assert_false(bf_catalog_has_months(bf_catalog_find("tag_list")));
	FOR_EACH_TABLE(table)
	{
		CHECK(!has_months(table) || bf_catalog_has_months(table), table, "params");
	}
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

/* ---------- columns ---------- */

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

/* ---------- parameters ---------- */

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
			/* where rows show the value, an empty one is found by looking */
			if (param->empty)
				CHECK(request && param->domain == BF_DOMAIN_OPEN &&
					  param->form == BF_FORM_TEXT && param->values == NULL,
					  table, param->column);
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

/* ---------- values that give no rows ---------- */

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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_names),
		cmocka_unit_test(test_tables_are_found),
		cmocka_unit_test(test_table_texts),
		cmocka_unit_test(test_tables_with_months),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

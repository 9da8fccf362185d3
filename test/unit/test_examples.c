/*-------------------------------------------------------------------------
 *
 * test_examples.c
 *	  The documented answers, compared with what cJSON reads in them.
 *
 * IDENTIFICATION
 *	  test/unit/test_examples.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"
#include "example.h"

#include <cjson/cJSON.h>

#include "api/catalog.h"

#define RESOURCES	"bill_resource_summary_for_organization"

/* ---------- comparing with cJSON ---------- */

static cJSON *
read_answer(const char *name)
{
	cJSON	   *example = read_example(name);
	cJSON	   *answer = cJSON_DetachItemFromObjectCaseSensitive(example,
																 "response");

	assert_non_null(answer);
	cJSON_Delete(example);
	return answer;
}

static BfPage *
parse_tree(const BfTable *table, const cJSON *answer)
{
	char	   *text = cJSON_PrintUnformatted(answer);
	BfPage	   *page;

	assert_non_null(text);
	page = parse_bytes(table, text, strlen(text));
	if (page == NULL)
		fail_msg("%s: %s", text, outcome.message);
	free(text);
	return page;
}

/* Compare one member with what cJSON says. */
static void
compare_member(BfPage *page, const void *object, const cJSON *expected,
			   const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(expected, name);
	BfField		field = read_member(page, object, name, false);
	cJSON	   *nested;

	if (item == NULL || cJSON_IsNull(item))
		assert_int_equal(field.kind, BF_FIELD_NONE);
	else if (cJSON_IsString(item))
	{
		assert_int_equal(field.kind, BF_FIELD_TEXT);
		assert_string_equal(field.text, item->valuestring);
	}
	else if (cJSON_IsNumber(item))
	{
		assert_int_equal(field.kind, BF_FIELD_NUMBER);
		assert_true(strtod(field.text, NULL) == item->valuedouble);
	}
	else if (cJSON_IsBool(item))
		assert_field(field, BF_FIELD_BOOLEAN,
					 cJSON_IsTrue(item) ? "true" : "false");
	else
	{
		assert_int_equal(field.kind, BF_FIELD_NESTED);
		nested = cJSON_Parse(field.text);
		assert_true(cJSON_Compare(nested, item, 1));
		cJSON_Delete(nested);
	}
}

/* Compare all columns of one row that come from the answer. */
static void
compare_row(BfPage *page, const BfTable *table, const cJSON *item,
			const cJSON *parent, const cJSON *answer)
{
	BfRow		row = next_row(page);

	assert_true((row.parent != NULL) == (parent != NULL));
	for (const BfColumn *column = table->columns; column->name; column++)
	{
		if (column->field == NULL)
			continue;
		if (column->source == BF_SOURCE_PARENT ||
			column->source == BF_SOURCE_PARENT_GROUP_KEY)
			compare_member(page, row.parent, parent, column->field);
		else if (column->source == BF_SOURCE_ANSWER)
			compare_member(page, row.answer, answer, column->field);
		else
			compare_member(page, row.item, item, column->field);
	}
}

/* The rows of an answer: the array, or the only row; or NULL. */
static const cJSON *
rows_of(const cJSON *response, const char *path)
{
	char		name[64];

	for (const char *dot; path != NULL; path = dot ? dot + 1 : NULL)
	{
		dot = strchr(path, '.');
		snprintf(name, sizeof(name), "%.*s",
				 dot ? (int) (dot - path) : (int) strlen(path), path);
		response = cJSON_GetObjectItemCaseSensitive(response, name);
	}
	return response;
}

/* Compare one row, or what the table unnests of it; returns how many. */
static int
compare_item(BfPage *page, const BfTable *table, const cJSON *item,
			 const cJSON *answer)
{
	const cJSON *nested;
	int			count = 0;

	if (table->nested == NULL)
	{
		compare_row(page, table, item, NULL, answer);
		return 1;
	}
	cJSON_ArrayForEach(nested, cJSON_GetObjectItem(item, table->nested))
	{
		compare_row(page, table, nested, item, answer);
		count++;
	}
	return count;
}

/* Compare all rows; returns how many there were. */
static int
compare_rows(const BfTable *table, const cJSON *answer, const char *file)
{
	const cJSON *response = cJSON_GetObjectItemCaseSensitive(answer,
															 "Response");
	const cJSON *rows = rows_of(response, table->action->rows);
	BfPage	   *page = parse_tree(table, answer);
	const cJSON *row;
	int			count = 0;
	BfRow		after;

	assert_true(bf_page_ready(page));
	assert_string_equal(bf_page_request_id(page), outcome.request_id);
	assert_true(strlen(outcome.request_id) > 0);
	if (cJSON_IsObject(rows))
		count = compare_item(page, table, rows, response);
	else
	{
		cJSON_ArrayForEach(row, rows)
		{
			count += compare_item(page, table, row, response);
		}
	}
	if (bf_page_next(page, &after))
		fail_msg("%s: too many rows", file);
	bf_page_free(page);
	return count;
}

/* ---------- the documented answers ---------- */

struct Example
{
	const char *file;			/* without .json */
	const char *table;
	int			rows;
	const char *unnested;		/* second table of the action, or NULL */
	int			unnested_rows;
	int			total;
};

static const struct Example examples[] = {
	{"DescribeBillResourceSummaryForOrganization.domestic.1",
	RESOURCES, 1, NULL, 0, 1},
	{"DescribeBillResourceSummaryForOrganization.intl.1",
	RESOURCES, 1, NULL, 0, 1},
	{"DescribeBillResourceSummaryForOrganization.seed.1",
	RESOURCES, 1, NULL, 0, 3},
	{"DescribeBillSummary.domestic.1-business",
	"bill_summary", 2, "bill_summary_business", 0, -1},
	{"DescribeBillSummary.domestic.2-region",
	"bill_summary", 3, "bill_summary_business", 4, -1},
	{"DescribeBillSummary.domestic.3-tag",
	"bill_summary", 7, "bill_summary_business", 11, -1},
	{"DescribeBillSummary.intl.1-business",
	"bill_summary", 2, "bill_summary_business", 0, -1},
	{"DescribeBillSummary.intl.2-region",
	"bill_summary", 3, "bill_summary_business", 4, -1},
	{"DescribeBillSummary.intl.3-tag",
	"bill_summary", 7, "bill_summary_business", 11, -1},
	{"DescribeBillSummary.intl.4-payMode",
	"bill_summary", 2, "bill_summary_business", 4, -1},
	{"DescribeBillSummary.intl.5-project",
	"bill_summary", 2, "bill_summary_business", 5, -1},
	{"DescribeBillSummary.seed.1-region",
	"bill_summary", 3, "bill_summary_business", 4, -1},
	{"DescribeBillSummary.seed.2-project",
	"bill_summary", 2, "bill_summary_business", 5, -1},
	{"DescribeBillSummary.seed.3-business",
	"bill_summary", 2, "bill_summary_business", 0, -1},
	{"DescribeBillSummary.seed.4-tag",
	"bill_summary", 7, "bill_summary_business", 11, -1},
	{"DescribeBillSummary.seed.5-payMode",
	"bill_summary", 2, "bill_summary_business", 4, -1},
	{"DescribeBillSummaryByPayMode.domestic.1",
	"bill_summary_by_pay_mode", 2, "bill_summary_by_pay_mode_detail", 5, -1},
	{"DescribeBillSummaryByPayMode.seed.1",
	"bill_summary_by_pay_mode", 3, "bill_summary_by_pay_mode_detail", 8, -1},
};

static void
test_examples(void **state)
{
	(void) state;
	for (size_t i = 0; i < lengthof(examples); i++)
	{
		const BfTable *table = bf_catalog_find(examples[i].table);
		cJSON	   *answer = read_answer(examples[i].file);
		BfPage	   *page = parse_tree(table, answer);

		assert_int_equal(bf_page_total(page), examples[i].total);
		assert_int_equal(bf_page_row_count(page), examples[i].rows);
		bf_page_free(page);
		assert_int_equal(compare_rows(table, answer, examples[i].file),
						 examples[i].rows);
		if (examples[i].unnested != NULL)
			assert_int_equal(compare_rows(bf_catalog_find(examples[i].unnested),
										  answer, examples[i].file),
							 examples[i].unnested_rows);
		cJSON_Delete(answer);
	}
}

/* One documented answer, read for every table of its action, if it has one. */
static bool
compare_example(const char *name, const cJSON *example)
{
	const char *action = cJSON_GetObjectItem(example, "action")->valuestring;
	const cJSON *answer = cJSON_GetObjectItem(example, "response");
	int			rows = 0;
	bool		found = false;

	for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
	{
		if (strcmp((*table)->action->name, action) != 0)
			continue;
		found = true;
		rows += compare_rows(*table, answer, name);
	}
	if (found && rows == 0)
		fail_msg("%s has no rows", name);
	return found;
}

static void
test_all_examples(void **state)
{
	(void) state;
	assert_true(check_examples(compare_example) >= 90);
}

/* Billing mode labels are looked up in the catalog: it must know them all. */
static void
test_examples_have_known_pay_modes(void **state)
{
	(void) state;
	for (size_t i = 0; i < lengthof(examples); i++)
	{
		const BfTable *table = bf_catalog_find(examples[i].table);
		cJSON	   *answer = read_answer(examples[i].file);
		BfPage	   *page = parse_tree(table, answer);
		BfRow		row;

		while (bf_page_next(page, &row))
		{
			BfField		field = read_member(page, row.item, "PayModeName",
											false);

			if (field.kind == BF_FIELD_TEXT &&
				bf_catalog_pay_mode(field.text) == NULL)
				fail_msg("%s: unknown label %s", examples[i].file, field.text);
		}
		bf_page_free(page);
		cJSON_Delete(answer);
	}
}

static void
test_example_values(void **state)
{
	static const char *const values[][2] = {
		{"ExtendField3", "-"}, {"InstanceType", "-"}, {"TotalCost", "35.5"},
		{"Discount", "0.325825"}, {"IncentivePayAmount", "0.00000000"},
		{"OrderId", "20230807867037044170861"},
		{"PayTime", "2023-08-07 03:42:18"},
	};
	cJSON	   *answer = read_answer("DescribeBillResourceSummaryFor"
									 "Organization.seed.1");
	BfPage	   *page = parse_tree(bf_catalog_find(RESOURCES), answer);
	BfRow		row = next_row(page);

	(void) state;
	for (size_t i = 0; i < lengthof(values); i++)
		assert_field(read_member(page, row.item, values[i][0], false),
					 BF_FIELD_TEXT, values[i][1]);
	assert_field(read_member(page, row.item, "RegionId", false),
				 BF_FIELD_NUMBER, "16");
	assert_field(read_member(page, row.item, "BillMonth", false),
				 BF_FIELD_NONE, NULL);
	assert_field(read_tags(page, row.item, "Tags"), BF_FIELD_NESTED, "{}");
	bf_page_free(page);
	cJSON_Delete(answer);
}

/* ---------- damaged answers ---------- */

/* Read whatever a page holds. */
static void
read_all(BfPage *page, const BfTable *table)
{
	BfRow		row;

	while (bf_page_next(page, &row))
	{
		for (const BfColumn *column = table->columns; column->name; column++)
		{
			if (column->field == NULL)
				continue;
			read_member(page, row.item, column->field, false);
			read_member(page, row.parent, column->field, true);
			read_tags(page, row.item, column->field);
			read_tag_value(page, row.item, column->field, "key");
		}
	}
	bf_page_hash(page);
}

/* Change bytes of an answer at random: whatever comes out, nothing breaks. */
static void
test_damage(void **state)
{
	static const char bytes[] = "\"\\{}[]:,0919eE.-+untf \x80\xC3\xE4\xFF";
	const BfTable *table = bf_catalog_find(RESOURCES);
	cJSON	   *answer = read_answer("DescribeBillResourceSummaryFor"
									 "Organization.domestic.1");
	char	   *text = cJSON_PrintUnformatted(answer);
	size_t		length = strlen(text);
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (int i = 0; i < 20000; i++)
	{
		size_t		at = next_random(&random) % length;
		char		before = text[at];
		BfPage	   *page;

		text[at] = bytes[next_random(&random) % lengthof(bytes)];
		page = parse_bytes(table, text, length);
		if (page != NULL)
			read_all(page, table);
		bf_page_free(page);
		text[at] = before;
	}
	free(text);
	cJSON_Delete(answer);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_all_examples),
		cmocka_unit_test(test_examples_have_known_pay_modes),
		cmocka_unit_test(test_example_values),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*-------------------------------------------------------------------------
 *
 * test_tree.c
 *	  Unit tests of the tree that is made of an answer: what must not be in it,
 *	  and where it lies.
 *
 * IDENTIFICATION
 *	  test/unit/test_tree.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

#include <cjson/cJSON.h>

/* ---------- numbers and names ---------- */

static void
test_number_out_of_range(void **state)
{
	(void) state;
	assert_value_refused("1e999", "a number is out of range");
	assert_value_refused("[{'deep':-1e999}]", "a number is out of range");
	bf_page_free(parse_value("1e308"));
}

static void
test_duplicate_names(void **state)
{
	(void) state;
	assert_refused(&plain, "{'Response':{},'Response':{}}",
				   "duplicate member \"Response\"");
	assert_refused(&plain, "{'Response':{'Rows':[],'x':1,'Rows':[]}}",
				   "duplicate member \"Rows\"");
	assert_value_refused("1,'X':1", "duplicate member \"X\"");
	assert_value_refused("[{'b':1},{'a':1,'b':2,'a':1}]",
						 "duplicate member \"a\"");
	assert_value_refused("{'a':{'':1,'b':2,'':3}}", "duplicate member \"\"");
	assert_value_refused("{'ab':1,'\\u0061b':2}", "duplicate member \"ab\"");
	bf_page_free(parse_value("{'a':1,'A':2,'aa':3,'':4}"));
}

/* Rows of the same shape take a short cut. */
static void
test_duplicate_names_in_later_rows(void **state)
{
	(void) state;
	assert_accepted(&plain, "{'Response':{'Rows':[{'a':1,'b':1},"
					"{'a':1,'b':1},{'b':1,'a':1},{'a':1},{'a':1,'b':1,'c':1},"
					"{}, {'a':1}]}}");
	assert_refused(&plain, "{'Response':{'Rows':[{'a':1,'b':1},"
				   "{'a':1,'b':1,'a':1}]}}", "duplicate member \"a\"");
	assert_refused(&plain, "{'Response':{'Rows':[{'a':1,'b':1},"
				   "{'b':1,'b':1}]}}", "duplicate member \"b\"");
	assert_refused(&plain, "{'Response':{'Rows':[{},[],{'b':1,'b':1}]}}",
				   "duplicate member \"b\"");
}

static void
test_duplicate_name_is_cut(void **state)
{
	char		text[2200];
	char		name[1024] = "";

	(void) state;
	for (int i = 0; i < 200; i++)
		strcat(name, "中");
	snprintf(text, sizeof(text), "{'Response':{'%s':1,'%s':2}}", name, name);
	name[99] = '\0';
	assert_null(try_parse(&plain, text));
	assert_non_null(strstr(outcome.message, name));
	assert_int_equal(strlen(outcome.message),
					 strlen("duplicate member \"\"") + 99);
}

/* An object of many members; with "twice" the last repeats the first. */
static char *
make_wide(int members, bool twice)
{
	char	   *text = malloc(64 + (size_t) members * 16);
	char	   *at = text;

	assert_non_null(text);
	at += sprintf(at, "{'Response':{'x':{");
	for (int i = 0; i < members; i++)
		at += sprintf(at, "%s'm%d':1", i > 0 ? "," : "", i);
	sprintf(at, "%s}}}", twice ? ",'m0':2" : "");
	return text;
}

static void
test_duplicate_among_many(void **state)
{
	char	   *text = make_wide(200000, false);

	(void) state;
	assert_accepted(&plain, text);
	free(text);
	text = make_wide(200000, true);
	assert_refused(&plain, text, "duplicate member \"m0\"");
	free(text);
}

/* ---------- memory ---------- */

/*
 * Most of an answer that is nothing but structure: with an arena, more than a
 * page may take is as if memory had ended.
 */
static void
test_memory_limit(void **state)
{
	const size_t length = 4 * 1024 * 1024;
	char	   *text = malloc(length + 64);
	char	   *at = text;
	BfPage	   *page;

	(void) state;
	assert_non_null(text);
	at += sprintf(at, "{'Response':{'RequestId':'id-1','Rows':[{'x':[0");
	while (at < text + length)
		at += sprintf(at, ",0");
	strcpy(at, "]}]}}");
	page = try_parse(&plain, text);
	free(text);
#ifdef ARENA
	assert_null(page);
	assert_int_equal(outcome.kind, BF_OUTCOME_NO_MEMORY);
	assert_string_equal(outcome.request_id, "id-1");
#else
	assert_non_null(page);
#endif
	bf_page_free(page);
}

/* What cJSON makes before, between and after pages is none of the arena's. */
static void
test_hooks_restored(void **state)
{
	cJSON	   *before = cJSON_CreateString("before");
	BfPage	   *pages[3];
	cJSON	   *trees[3];

	(void) state;
	for (int i = 0; i < 3; i++)
	{
		/* the last one fails */
		pages[i] = try_parse(&plain, i < 2 ? "{'Response':{'Rows':[{}]}}" : "{");
		trees[i] = cJSON_Parse("{\"a\":[\"b\"]}");
		assert_non_null(trees[i]);
	}
	for (int i = 0; i < 3; i++)
		bf_page_free(pages[i]);
	for (int i = 0; i < 3; i++)
	{
		char	   *text = cJSON_PrintUnformatted(trees[i]);

		assert_string_equal(text, "{\"a\":[\"b\"]}");
		free(text);				/* malloc'd: a sanitizer would tell */
		cJSON_Delete(trees[i]);
	}
	cJSON_Delete(before);
}

/* Rows of two pages at once. */
static void
test_two_pages(void **state)
{
	BfPage	   *one = parse_value("'one'");
	BfPage	   *two = parse_value("'two'");
	BfRow		row = next_row(one);

	(void) state;
	assert_field(read_member(one, row.item, "X", false),
				 BF_FIELD_TEXT, "one");
	bf_page_free(one);
	one = parse_value("'new'");
	row = next_row(two);
	assert_field(read_member(two, row.item, "X", false),
				 BF_FIELD_TEXT, "two");
	bf_page_free(two);
	row = next_row(one);
	assert_field(read_member(one, row.item, "X", false),
				 BF_FIELD_TEXT, "new");
	bf_page_free(one);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_out_of_range),
		cmocka_unit_test(test_duplicate_names),
		cmocka_unit_test(test_duplicate_names_in_later_rows),
		cmocka_unit_test(test_duplicate_name_is_cut),
		cmocka_unit_test(test_duplicate_among_many),
		cmocka_unit_test(test_memory_limit),
		cmocka_unit_test(test_hooks_restored),
		cmocka_unit_test(test_two_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

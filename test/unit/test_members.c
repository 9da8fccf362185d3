/*-------------------------------------------------------------------------
 *
 * test_members.c
 *	  Unit tests of reading the members of rows.
 *
 * IDENTIFICATION
 *	  test/unit/test_members.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

/* ---------- values ---------- */

static void
test_member_texts(void **state)
{
	(void) state;
	assert_value("'abc'", BF_FIELD_TEXT, "abc", BF_FIELD_NESTED, "'abc'");
	assert_value("''", BF_FIELD_TEXT, "", BF_FIELD_NESTED, "''");
	assert_value("'-'", BF_FIELD_TEXT, "-", BF_FIELD_NESTED, "'-'");
	assert_value("' TRTC '", BF_FIELD_TEXT, " TRTC ",
				 BF_FIELD_NESTED, "' TRTC '");
	assert_value("'11.56675785000'", BF_FIELD_TEXT, "11.56675785000",
				 BF_FIELD_NESTED, "'11.56675785000'");
	assert_value("'null'", BF_FIELD_TEXT, "null", BF_FIELD_NESTED, "'null'");
	assert_value("'ab0.00000000c'", BF_FIELD_TEXT, "ab0.00000000c",
				 BF_FIELD_NESTED, "'ab0.00000000c'");
}

static void
test_member_numbers(void **state)
{
	static const struct
	{
		const char *value;
		const char *text;
	}			cases[] = {
		{"0", "0"}, {"16", "16"}, {"-3.69316144", "-3.69316144"},
		{"0.1", "0.1"}, {"1.50", "1.5"}, {"700000686592", "700000686592"},
		{"1e3", "1000"}, {"1E-3", "0.001"}, {"10", "10"}, {"5.0", "5"},
		{"9007199254740992", "9007199254740992"},
		{"1234567890.12345678", "1234567890.1234567"},
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
		assert_value(cases[i].value, BF_FIELD_NUMBER, cases[i].text,
					 BF_FIELD_NUMBER, cases[i].text);
	assert_value("1e300", BF_FIELD_BAD, "number out of range",
				 BF_FIELD_BAD, "number out of range");
}

static void
test_member_others(void **state)
{
	(void) state;
	assert_value("null", BF_FIELD_NONE, NULL, BF_FIELD_NONE, NULL);
	assert_value("true", BF_FIELD_BOOLEAN, "true", BF_FIELD_BOOLEAN, "true");
	assert_value("false", BF_FIELD_BOOLEAN, "false",
				 BF_FIELD_BOOLEAN, "false");
}

static void
test_member_nested(void **state)
{
	static const char *const cases[] = {
		"[]", "{}", "[{'a':'1.0','b':[null,true,false]}]",
		"{'中':'\\\\\\\"\\n'}", "{'n':[0.1,700000686592,1.5]}",
		"[9007199254740992,-9007199254740991,1234567890.1234567]",
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
		assert_value(cases[i], BF_FIELD_NESTED, cases[i],
					 BF_FIELD_NESTED, cases[i]);
	assert_value("[ { 'a' : 1 } , [ 2.50 , 1e2 ] ]",
				 BF_FIELD_NESTED, "[{'a':1},[2.5,100]]",
				 BF_FIELD_NESTED, "[{'a':1},[2.5,100]]");
	assert_value("[1e300]", BF_FIELD_NESTED, "[1.0000000000000001e+300]",
				 BF_FIELD_NESTED, "[1.0000000000000001e+300]");
}

/* Reading a nested value must not change what comes after. */
static void
test_member_nested_twice(void **state)
{
	BfPage	   *page = parse_value("{'a':[1,2.5]}");
	BfRow		row = next_row(page);
	uint64_t	hash = bf_page_hash(page);

	(void) state;
	for (int i = 0; i < 2; i++)
		assert_field(read_member(page, row.item, "X", false),
					 BF_FIELD_NESTED, "{'a':[1,2.5]}");
	assert_true(bf_page_hash(page) == hash);
	bf_page_free(page);
}

/* ---------- finding members ---------- */

static void
test_member_names(void **state)
{
	BfPage	   *page = parse_value("'upper','x':'lower','':'empty','中':'zh'");
	BfRow		row = next_row(page);

	(void) state;
	assert_field(read_member(page, row.item, "x", false),
				 BF_FIELD_TEXT, "lower");
	assert_field(read_member(page, row.item, "X", false),
				 BF_FIELD_TEXT, "upper");
	assert_field(read_member(page, row.item, "中", false),
				 BF_FIELD_TEXT, "zh");
	assert_field(read_member(page, row.item, "", false),
				 BF_FIELD_TEXT, "empty");
	assert_field(read_member(page, row.item, "y", false),
				 BF_FIELD_NONE, NULL);
	bf_page_free(page);
}

/*
 * Rows that change in every way: the order of members, their number, what
 * they are, and back.  Members are read with and without leaving out rows,
 * forwards and back, and page after page of the same memory.
 */
static void
test_members_of_changing_rows(void **state)
{
	static const char *const pages[] = {
		"{'a':'a0','b':'b0','c':'c0'},{'a':'a1','b':'b1','c':'c1'},"
		"{'a':'a2','b':'b2','c':'c2'}",
		"{'c':'c0','b':'b0','a':'a0'},{'c':'c1','b':'b1','a':'a1'},"
		"{'a':'a2','b':'b2','c':'c2'}",
		"{'a':'a0'},{'a':'a1','b':'b1'},{'a':'a2','b':'b2'}",
		"{'b':'b0'},{'b':'b1'},{'a':'a2','b':'b2','c':'c2'}",
		"{'a':'a0','b':'b0','c':'c0'},{'b':'b1','c':'c1'},{'b':'b2','c':'c2'}",
		"{},{},{'c':'c2'}",
		"{'c':'c0'},{},{}",
		"{'x':'','c':'c0'},{'x':'','c':'c1'},{'c':'c2','x':''}",
		"{'a':'a0','x':[{'a':'?'},{'a':'?','b':'?'}]},{'a':'a1','x':[]},"
		"{'b':'b2','x':{'a':'?'}}",
	};
	static const char *const names[] = {"a", "b", "c"};

	/* which rows are read, and in which order */
	static const int orders[][4] = {
		{0, 1, 2, 2}, {0, 2, 2, 1}, {1, 2, 1, 0}, {2, 1, 0, 1}, {2, 2, 2, 2},
		{1, 1, 2, 2}, {0, 0, 1, 2},
	};
	uint64_t	random = RANDOM_SEED;

	(void) state;
	for (size_t n = 0; n < lengthof(names); n++)
	{
		BfMember	member = {.name = names[n]};

		for (int i = 0; i < 3000; i++)
		{
			const char *rows = pages[next_random(&random) % lengthof(pages)];
			const int  *order = orders[next_random(&random) % lengthof(orders)];
			char		text[512];
			char		value[4];
			BfPage	   *page;
			BfRow		row[3];

			snprintf(text, sizeof(text), "{'Response':{'Rows':[%s]}}", rows);
			page = parse(&plain, text);
			for (int j = 0; j < 3; j++)
				row[j] = next_row(page);
			for (int j = 0; j < 4; j++)
			{
				BfField		field = bf_page_member(page, row[order[j]].item,
												   &member, false);

				snprintf(value, sizeof(value), "%s%d", names[n], order[j]);
				if (strstr(rows, value) != NULL)
					assert_field(field, BF_FIELD_TEXT, value);
				else
					assert_field(field, BF_FIELD_NONE, NULL);
			}
			bf_page_free(page);
		}
	}
}

/* ---------- members that were left out ---------- */

static void
test_some_members_are_read(void **state)
{
	BfPage	   *page;
	BfRow		row;

	(void) state;
	wanted = a_and_b;
	page = parse(&plain, "{'Response':{'Rows':[{'x':1,'a':2,'y':'z','b':'3'},"
				 "{'x':1,'a':4,'y':'z','b':null},{'b':5},{'x':1}]}}");
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_NUMBER, "2");
	assert_field(read_member(page, row.item, "b", false), BF_FIELD_TEXT, "3");
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_NUMBER, "4");
	assert_field(read_member(page, row.item, "b", false), BF_FIELD_NONE, NULL);
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_NONE, NULL);
	assert_field(read_member(page, row.item, "b", false), BF_FIELD_NUMBER, "5");
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_NONE, NULL);
	assert_int_equal(count_rows(page), 0);
	bf_page_free(page);
	wanted = NULL;
}

/* A member that was left out is not taken for one that is missing. */
static void
test_left_out_is_not_missing(void **state)
{
	static const char text[] = "{'Response':{'Rows':[{'a':1,'x':[]}]}}";
	const char *left_out = "it was left out when the answer was read";

	(void) state;
	for (int i = 0; i < 2; i++)
	{
		BfPage	   *page;
		BfRow		row;

		wanted = i == 0 ? a_and_b : none;
		page = parse(&plain, text);
		row = next_row(page);
		assert_int_equal(bf_page_row_count(page), 1);
		assert_field(read_member(page, row.item, "x", false),
					 BF_FIELD_BAD, left_out);
		assert_field(read_member(page, row.item, "y", true),
					 BF_FIELD_BAD, left_out);
		assert_int_equal(read_tags(page, row.item, "x").kind, BF_FIELD_BAD);
		assert_int_equal(read_tag_value(page, row.item, "x", "y").kind,
						 BF_FIELD_BAD);
		bf_page_free(page);
	}
	wanted = NULL;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_member_texts),
		cmocka_unit_test(test_member_numbers),
		cmocka_unit_test(test_member_others),
		cmocka_unit_test(test_member_nested),
		cmocka_unit_test(test_member_nested_twice),
		cmocka_unit_test(test_member_names),
		cmocka_unit_test(test_members_of_changing_rows),
		cmocka_unit_test(test_some_members_are_read),
		cmocka_unit_test(test_left_out_is_not_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*-------------------------------------------------------------------------
 *
 * test_tags.c
 *	  Unit tests of reading the tags of rows, as an object, one by one, and the
 *	  value of one key.
 *
 * IDENTIFICATION
 *	  test/unit/test_tags.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

#include <cjson/cJSON.h>

/* Read tags one by one, and put them together as an object. */
static void
assert_tag_list(BfPage *page, const void *object, BfFieldKind kind,
				const char *text)
{
	BfMember	member = {.name = "X"};
	BfField		field = bf_page_open_tags(page, object, &member);
	cJSON	   *tags = cJSON_CreateObject();
	char	   *printed;
	BfTag		tag;

	while (bf_page_next_tag(page, &tag))
		cJSON_AddItemToObject(tags, tag.key, tag.value ?
							  cJSON_CreateString(tag.value) :
							  cJSON_CreateNull());
	assert_false(bf_page_next_tag(page, &tag));
	printed = cJSON_PrintUnformatted(tags);
	if (kind == BF_FIELD_NESTED)
	{
		assert_field(field, BF_FIELD_NESTED, NULL);
		field.text = printed;
		field.length = strlen(printed);
	}
	assert_field(field, kind, text);
	free(printed);
	cJSON_Delete(tags);
}

static void
assert_tags(const char *value, BfFieldKind kind, const char *text)
{
	BfPage	   *page = parse_value(value);
	BfRow		row = next_row(page);

	assert_tag_list(page, row.item, kind, text);
	assert_field(read_tags(page, row.item, "X"), kind, text);
	if (kind == BF_FIELD_BAD)
		assert_field(read_tag_value(page, row.item, "X", "a"), kind, text);
	bf_page_free(page);
}

/* ---------- arrays of TagKey and TagValue ---------- */

static void
test_tags(void **state)
{
	(void) state;
	assert_tags("[]", BF_FIELD_NESTED, "{}");
	assert_tags("null", BF_FIELD_NONE, NULL);
	assert_tags("[{'TagKey':'a','TagValue':'1'}]",
				BF_FIELD_NESTED, "{'a':'1'}");
	assert_tags("[{'TagValue':'2','TagKey':'b','More':1},"
				"{'TagKey':'a','TagValue':'1'},{'TagKey':'A','TagValue':''}]",
				BF_FIELD_NESTED, "{'b':'2','a':'1','A':''}");
	assert_tags("[{'TagKey':'部门','TagValue':'研发'}]",
				BF_FIELD_NESTED, "{'部门':'研发'}");
	assert_tags("[{'TagKey':'','TagValue':'x'}]", BF_FIELD_NESTED, "{'':'x'}");
}

static void
test_tags_missing(void **state)
{
	BfPage	   *page = parse_value("1");
	BfRow		row = next_row(page);

	(void) state;
	assert_field(read_tags(page, row.item, "Tags"), BF_FIELD_NONE, NULL);
	assert_field(read_tag_value(page, row.item, "Tags", "a"),
				 BF_FIELD_TEXT, "");
	bf_page_free(page);
}

static void
test_tags_escaped(void **state)
{
	(void) state;
	assert_tags("[{'TagKey':'q\\\"\\\\','TagValue':'\\u0001\\n/'}]",
				BF_FIELD_NESTED, "{'q\\\"\\\\':'\\u0001\\n/'}");
}

static void
test_tags_loose_values(void **state)
{
	(void) state;
	assert_tags("[{'TagKey':'a','TagValue':null},{'TagKey':'b'}]",
				BF_FIELD_NESTED, "{'a':null,'b':null}");
	assert_tags("[{'TagKey':'a','TagValue':1.5},{'TagKey':7,'TagValue':8}]",
				BF_FIELD_NESTED, "{'a':'1.5','7':'8'}");
}

static void
test_tags_refused(void **state)
{
	static const char *const wrong[] = {
		"{}", "1", "true", "{'TagKey':'a','TagValue':'1'}", "['a']",
		"[null]", "[[]]", "[{}]", "[{'TagValue':'1'}]",
		"[{'TagKey':null,'TagValue':'1'}]", "[{'TagKey':'a','TagValue':[]}]",
		"[{'TagKey':'a','TagValue':true}]", "[{'TagKey':true}]",
		"[{'TagKey':'a','TagValue':{}}]", "[{'tagkey':'a'}]",
		"[{'TagKey':'a','TagValue':'1'},{'TagValue':'2'}]",
		"[{'TagValue':'2'},{'TagKey':'a','TagValue':'1'}]",
		"[{'TagKey':'a','TagValue':1e300}]",
	};

	(void) state;
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_tags(wrong[i], BF_FIELD_BAD,
					"not an array of objects with TagKey and TagValue");
}

static void
test_tags_repeated(void **state)
{
	(void) state;
	assert_tags("[{'TagKey':'a','TagValue':'1'},{'TagKey':'b'},"
				"{'TagKey':'a','TagValue':'1'}]",
				BF_FIELD_BAD, "tag key 'a' occurs more than once");
	assert_tags("[{'TagKey':'1','TagValue':'x'},{'TagKey':1}]",
				BF_FIELD_BAD, "tag key '1' occurs more than once");
}

static void
test_tags_of_two_rows(void **state)
{
	BfPage	   *page = parse(&plain, "{'Response':{'Rows':["
							 "{'T':[{'TagKey':'a','TagValue':'1'}]},"
							 "{'T':[{'TagKey':'a','TagValue':'2'}]}]}}");

	(void) state;
	assert_field(read_tags(page, next_row(page).item, "T"),
				 BF_FIELD_NESTED, "{'a':'1'}");
	assert_field(read_tags(page, next_row(page).item, "T"),
				 BF_FIELD_NESTED, "{'a':'2'}");
	bf_page_free(page);
}

static void
test_tag_value(void **state)
{
	BfPage	   *page = parse_value("[{'TagKey':'a','TagValue':' 1 '},"
								   "{'TagKey':'n','TagValue':null},"
								   "{'TagKey':'e','TagValue':''},"
								   "{'TagKey':'i','TagValue':16},"
								   "{'TagKey':'键','TagValue':'研发'}]");
	static const char *const cases[][2] = {
		{"a", " 1 "}, {"n", ""}, {"e", ""}, {"i", "16"}, {"键", "研发"},
		{"A", ""}, {"b", ""}, {"", ""},
	};
	BfRow		row = next_row(page);

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
		assert_field(read_tag_value(page, row.item, "X", cases[i][0]),
					 BF_FIELD_TEXT, cases[i][1]);
	bf_page_free(page);

	page = parse_value("null");
	row = next_row(page);
	assert_field(read_tag_value(page, row.item, "X", "a"),
				 BF_FIELD_TEXT, "");
	bf_page_free(page);
}

/* ---------- texts that hold an object ---------- */

/* A text that holds JSON, in which quotes are escaped. */
static void
test_tags_as_text(void **state)
{
	(void) state;
	assert_tags("''", BF_FIELD_NESTED, "{}");
	assert_tags("'{}'", BF_FIELD_NESTED, "{}");
	assert_tags("' {\\'a\\' : \\'1\\'} '", BF_FIELD_NESTED, "{'a':'1'}");
	assert_tags("'{\\'部门\\':\\'研发\\',\\'b\\':null,\\'\\':\\'\\'}'",
				BF_FIELD_NESTED, "{'部门':'研发','b':null,'':''}");
	/* escaped twice, once for each text */
	assert_tags("'{\\'a\\\\u0062\\':\\'\\\\\\'\\\\n\\'}'",
				BF_FIELD_NESTED, "{'ab':'\\'\\n'}");
}

static void
test_tags_as_text_refused(void **state)
{
	static const char *const wrong[] = {
		"'x'", "'-'", "' '", "'null'", "'[]'", "'1'", "'{'", "'{}{}'",
		"'[{\\'TagKey\\':\\'a\\'}]'", "'{\\'a\\':1}'",
		"'{\\'a\\':true}'", "'{\\'a\\':[]}'", "'{\\'a\\':{}}'",
		"'{\\'a\\':\\'1\\',\\'b\\':0}'", "'{a:1}'",
		"'{\\'a\\':\\'\\\\u0000\\'}'", "'{\\'\\\\u0000\\':\\'\\'}'",
		"'{\\'a\\':\\'\\\\ud800\\'}'",
	};

	(void) state;
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_tags(wrong[i], BF_FIELD_BAD,
					"not the JSON text of an object of keys and texts");
	assert_tags("'{\\'a\\':\\'1\\',\\'b\\':\\'\\',\\'\\\\u0061\\':\\'1\\'}'",
				BF_FIELD_BAD, "tag key 'a' occurs more than once");
}

static void
test_tag_value_in_text(void **state)
{
	BfPage	   *page = parse_value("'{\\'a\\':\\'1\\',\\'n\\':null}'");
	BfRow		row = next_row(page);

	(void) state;
	assert_field(read_tag_value(page, row.item, "X", "a"), BF_FIELD_TEXT, "1");
	assert_field(read_tag_value(page, row.item, "X", "n"), BF_FIELD_TEXT, "");
	assert_field(read_tag_value(page, row.item, "X", "b"), BF_FIELD_TEXT, "");
	bf_page_free(page);
	page = parse_value("''");
	row = next_row(page);
	assert_field(read_tag_value(page, row.item, "X", "a"), BF_FIELD_TEXT, "");
	bf_page_free(page);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_tags_missing),
		cmocka_unit_test(test_tags_escaped),
		cmocka_unit_test(test_tags_loose_values),
		cmocka_unit_test(test_tags_refused),
		cmocka_unit_test(test_tags_repeated),
		cmocka_unit_test(test_tags_of_two_rows),
		cmocka_unit_test(test_tag_value),
		cmocka_unit_test(test_tags_as_text),
		cmocka_unit_test(test_tags_as_text_refused),
		cmocka_unit_test(test_tag_value_in_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

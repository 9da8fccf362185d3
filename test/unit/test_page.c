/*-------------------------------------------------------------------------
 *
 * test_page.c
 *	  Unit tests of api/page.c.
 *
 * Answers are written with ' for ", and given to the parser in a block of
 * exactly their length, so that a sanitizer sees every byte read beyond.
 *
 * IDENTIFICATION
 *	  test/unit/test_page.c
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

#include "api/json.h"
#include "api/page.h"

#define EXAMPLES	"test/examples"
#define RESOURCES	"bill_resource_summary_for_organization"

#define SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* ---------- tables that differ in one thing each ---------- */

static const BfAction plain_action = {
	.name = "Plain",
	.rows = "Rows",
};

static const BfAction ready_action = {
	.name = "Ready",
	.rows = "Rows",
	.ready_flag = true,
};

static const BfAction paging_action = {
	.name = "Paging",
	.rows = "Rows",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "Total",
};

static const BfTable plain = {
	.name = "plain",
	.action = &plain_action,
};

static const BfTable ready = {
	.name = "ready",
	.action = &ready_action,
};

static const BfTable paging = {
	.name = "paging",
	.action = &paging_action,
};

static const BfAction deep_action = {
	.name = "Deep",
	.rows = "Data.Records",
	.status = "Code",
	.status_text = "Message",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNo",
	.size_member = "PageSize",
	.max_page = 100,
	.total = "Data.Total",
};

static const BfAction inner_status_action = {
	.name = "InnerStatus",
	.rows = "Rows",
	.status = "State.RetCode",
	.status_text = "State.RetMsg",
};

static const BfAction token_action = {
	.name = "Token",
	.rows = "Rows",
	.paging = BF_PAGING_TOKEN,
	.size_member = "MaxResults",
	.cursor = "NextToken",
	.max_page = 100,
};

static const BfAction whole_action = {
	.name = "Whole",
};

static const BfTable deep = {
	.name = "deep",
	.action = &deep_action,
};

static const BfTable inner_status = {
	.name = "inner_status",
	.action = &inner_status_action,
};

static const BfTable token = {
	.name = "token",
	.action = &token_action,
};

static const BfTable whole = {
	.name = "whole",
	.action = &whole_action,
};

static const BfTable whole_unnested = {
	.name = "whole_unnested",
	.action = &whole_action,
	.nested = "Parts",
};

static const BfTable unnested = {
	.name = "unnested",
	.action = &plain_action,
	.nested = "Parts",
};

/* ---------- helpers ---------- */

static BfOutcome outcome;

/* Allocations that succeed before all others fail; -1 = all do. */
static int	allocations_left = -1;
static int	parse_allocations = -1; /* during the next parse */

/* Members that the next pages are read for; NULL = all. */
static const char *const *wanted;

/* Parse bytes that stand alone in memory. */
static BfPage *
parse_bytes(const BfTable *table, const char *bytes, size_t length)
{
	char	   *body = malloc(length > 0 ? length : 1);
	BfPage	   *page;

	assert_non_null(body);
	memcpy(body, bytes, length);
	memset(&outcome, 'x', sizeof(outcome));
	outcome.http_status = 200;
	outcome.server_time = 1234567890;
	allocations_left = parse_allocations;
	page = bf_page_parse(body, length, table, wanted, &outcome);
	allocations_left = -1;
	memset(body, 'x', length);
	free(body);

	assert_int_equal(outcome.http_status, 200);
	assert_int_equal(outcome.server_time, 1234567890);
	assert_true((page != NULL) == (outcome.kind == BF_OUTCOME_OK));
	return page;
}

/* A copy with " for ', to be freed. */
static char *
quoted(const char *text)
{
	size_t		length = strlen(text);
	char	   *copy = malloc(length + 1);

	assert_non_null(copy);
	for (size_t i = 0; i <= length; i++)
		copy[i] = text[i] == '\'' ? '"' : text[i];
	return copy;
}

/* With a RequestId, which every answer needs, unless it says something of it. */
static BfPage *
try_parse(const BfTable *table, const char *text)
{
	static const char start[] = "{'Response':{";
	static const char id[] = "'RequestId':'r'";
	size_t		size = strlen(text) + sizeof(id) + 2;
	char	   *whole = malloc(size);
	char	   *copy;
	BfPage	   *page;

	assert_non_null(whole);
	strcpy(whole, text);
	if (strncmp(text, start, strlen(start)) == 0 && strstr(text, "RequestId") == NULL)
		snprintf(whole, size, "%s%s%s%s", start, id,
				 text[strlen(start)] == '}' ? "" : ",", text + strlen(start));
	copy = quoted(whole);
	page = parse_bytes(table, copy, strlen(copy));
	free(copy);
	free(whole);
	return page;
}

/* Read a member that has not been read before. */
static BfField
read_member(BfPage *page, const void *object, const char *name, bool as_json)
{
	BfMember	member = {.name = name};

	return bf_page_member(page, object, &member, as_json);
}

static BfField
read_tags(BfPage *page, const void *object, const char *name)
{
	BfMember	member = {.name = name};

	return bf_page_tags(page, object, &member);
}

static BfField
read_tag_value(BfPage *page, const void *object, const char *name,
			   const char *key)
{
	BfMember	member = {.name = name};

	return bf_page_tag_value(page, object, &member, key);
}

static BfPage *
parse(const BfTable *table, const char *text)
{
	BfPage	   *page = try_parse(table, text);

	if (page == NULL)
		fail_msg("%s: %s", text, outcome.message);
	assert_string_equal(outcome.code, "");
	assert_string_equal(outcome.message, "");
	return page;
}

static void
assert_accepted(const BfTable *table, const char *text)
{
	bf_page_free(parse(table, text));
}

static void
assert_refused_bytes(const BfTable *table, const char *bytes, size_t length,
					 const char *message)
{
	assert_null(parse_bytes(table, bytes, length));
	assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
	assert_string_equal(outcome.code, "");
	assert_string_equal(outcome.message, message);
}

static void
assert_refused(const BfTable *table, const char *text, const char *message)
{
	char	   *copy = quoted(text);

	assert_refused_bytes(table, copy, strlen(copy), message);
	free(copy);
}

/* The same for one value, as member X of a row. */
static BfPage *
parse_value(const char *value)
{
	char		text[4096];

	snprintf(text, sizeof(text),
			 "{'Response':{'RequestId':'id-1','Rows':[{'X':%s}]}}", value);
	return parse(&plain, text);
}

static void
assert_value_refused(const char *value, const char *message)
{
	char		text[4096];

	snprintf(text, sizeof(text),
			 "{'Response':{'RequestId':'id-1','Rows':[{'X':%s}]}}", value);
	assert_refused(&plain, text, message);
	assert_string_equal(outcome.request_id, "id-1");
}

static BfRow
next_row(BfPage *page)
{
	BfRow		row;

	assert_true(bf_page_next(page, &row));
	assert_non_null(row.item);
	return row;
}

static int
count_rows(BfPage *page)
{
	BfRow		row;
	int			count = 0;

	while (bf_page_next(page, &row))
		count++;
	assert_false(bf_page_next(page, &row));
	return count;
}

static void
assert_field(BfField field, BfFieldKind kind, const char *text)
{
	char	   *expected = text ? quoted(text) : NULL;

	assert_int_equal(field.kind, kind);
	assert_int_equal(field.length, expected ? strlen(expected) : 0);
	if (expected == NULL)
		assert_null(field.text);
	else
	{
		assert_non_null(field.text);
		assert_string_equal(field.text, expected);
	}
	free(expected);
}

/* How one value reads, as it is and as JSON. */
static void
assert_value(const char *value, BfFieldKind kind, const char *text,
			 BfFieldKind json_kind, const char *json_text)
{
	BfPage	   *page = parse_value(value);
	BfRow		row = next_row(page);

	assert_field(read_member(page, row.item, "X", false), kind, text);
	assert_field(read_member(page, row.item, "X", true),
				 json_kind, json_text);
	bf_page_free(page);
}

/* ---------- the raw bytes ---------- */

#define NO_JSON	"the answer is no valid JSON"
#define NO_UTF8	"text is not valid UTF-8"

static void
test_empty_body(void **state)
{
	(void) state;
	assert_refused(&plain, "", "the answer is empty");
	assert_refused(&plain, "  \r\n\t", NO_JSON);
	assert_null(bf_page_parse(NULL, 0, &plain, NULL, &outcome));
	assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
}

static void
test_white_space(void **state)
{
	(void) state;
	assert_accepted(&plain, "{'Response':{}}");
	assert_accepted(&plain,
					" \t\r\n{ 'Response'\n:\t{ 'Rows' : [ { } , { 'a' :"
					" [ 1 , 2 ] } ] , 'RequestId' : 'r' }\r}  \n");
	assert_refused(&plain, "\v{'Response':{}}", NO_JSON);
	assert_refused(&plain, "{'Response':{\f}}", NO_JSON);
}

static void
test_trailing_bytes(void **state)
{
	(void) state;
	assert_refused(&plain, "{'Response':{}}x", NO_JSON);
	assert_refused(&plain, "{'Response':{}}{}", NO_JSON);
	assert_refused(&plain, "{'Response':{}} }", NO_JSON);
	assert_refused_bytes(&plain, "{\"Response\":{}}\0", 16, NO_JSON);
}

static void
test_byte_order_mark(void **state)
{
	(void) state;
	assert_refused(&plain, "\xEF\xBB\xBF{'Response':{}}", NO_JSON);
}

static void
test_grammar(void **state)
{
	static const char *const wrong[] = {
		"{", "}", "[", "{'Response'}", "{'Response':}", "{'Response':{}",
		"{'Response':{},}", "{,'Response':{}}", "{'Response':{}'x':1}",
		"{'Response' {}}", "{Response:{}}", "{'Response':{'Rows':[1,]}}",
		"{'Response':{'Rows':[,1]}}", "{'Response':{'Rows':[1 2]}}",
		"{'Response':{'Rows':[1}}", "{'Response':{'Rows':(1)}}",
		"{'Response':{'a':tru}}", "{'Response':{'a':True}}",
		"{'Response':{'a':nul}}", "{'Response':{'a':falsey}}",
		"{'Response':{'a':NaN}}", "{'Response':{'a':Infinity}}",
		"{'Response':{'a':'x}}", "{'Response':{'a':\\u0031}}",
		"{'Response':{1:2}}", "{'Response':{}}//", "/**/{'Response':{}}",
		"<html>502 Bad Gateway</html>", "t", "nul", "'", "'\\", "'\\u", "-",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_refused(&plain, wrong[i], NO_JSON);
}

static void
test_numbers_refused(void **state)
{
	static const char *const wrong[] = {
		"01", "-01", "00", "1.", ".5", "-.5", "+1", "-", "1e", "1e+", "1.e3",
		"1.5e", "0x10", "1_0", "--1", "1.2.3", "inf", "nan", "-Infinity",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_value_refused(wrong[i], NO_JSON);
}

static void
test_number_length(void **state)
{
	char		digits[65];

	(void) state;
	memset(digits, '7', 64);
	digits[64] = '\0';
	assert_value_refused(digits, "a number is longer than 63 characters");
	digits[63] = '\0';
	bf_page_free(parse_value(digits));
}

static void
test_number_out_of_range(void **state)
{
	(void) state;
	assert_value_refused("1e999", "a number is out of range");
	assert_value_refused("[{'deep':-1e999}]", "a number is out of range");
	bf_page_free(parse_value("1e308"));
}

static void
test_utf8_accepted(void **state)
{
	static const char *const right[] = {
		"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
		"\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
		"\xF4\x8F\xBF\xBF", "实时音视频（腾讯）",
	};
	char		value[64];

	(void) state;
	for (size_t i = 0; i < SIZE(right); i++)
	{
		snprintf(value, sizeof(value), "'%s'", right[i]);
		assert_value(value, BF_FIELD_TEXT, right[i], BF_FIELD_NESTED, value);
	}
}

static void
test_utf8_refused(void **state)
{
	static const char *const wrong[] = {
		"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F",
		"\xE0\x80\x80", "\xE0\x9F\xBF", "\xE4\xB8", "\xE4\xB8\x7F",
		"\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
		"\xB0\xFC\xC4\xEA",		/* Chinese text in GBK */
	};
	char		value[64];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(value, sizeof(value), "'a%sb'", wrong[i]);
		assert_value_refused(value, NO_UTF8);
	}
}

static void
test_utf8_cut_by_the_end(void **state)
{
	(void) state;
	assert_refused(&plain, "{'Response':{'a':'\xE4\xB8", NO_UTF8);
	assert_refused(&plain, "{'Response':{'\xF0", NO_UTF8);
}

static void
test_utf8_in_names(void **state)
{
	(void) state;
	assert_accepted(&plain, "{'Response':{'\xE4\xB8\xAD':1}}");
	assert_refused(&plain, "{'Response':{'\xE4\xB8':1}}", NO_UTF8);
}

/* Strings are read in words of eight bytes: each kind of byte at each place. */
static void
test_every_place(void **state)
{
	static const struct
	{
		const char *bytes;
		const char *problem;	/* or NULL */
		const char *read;		/* as what it is read */
	}			cases[] = {
		{"/", NULL, "/"}, {"\x7F", NULL, "\x7F"}, {" ", NULL, " "}, {"!", NULL, "!"},
		{"#", NULL, "#"}, {"[", NULL, "["}, {"]", NULL, "]"}, {"^", NULL, "^"},
		{"\\\"", NULL, "\""}, {"\\\\", NULL, "\\"}, {"\\n", NULL, "\n"},
		{"\\u00e9", NULL, "\xC3\xA9"}, {"\xC2\x80", NULL, "\xC2\x80"},
		{"\xE4\xB8\xAD", NULL, "\xE4\xB8\xAD"},
		{"\xF0\x9F\x9A\x80", NULL, "\xF0\x9F\x9A\x80"},
		{"\x1F", "text holds an unescaped control character", NULL},
		{"\x01", "text holds an unescaped control character", NULL},
		{"\x80", NO_UTF8, NULL}, {"\xFF", NO_UTF8, NULL},
		{"\xC3", NO_UTF8, NULL}, {"\xA0", NO_UTF8, NULL},
		{"\\x", NO_JSON, NULL}, {"\"", NO_JSON, NULL},
		{"\\u0000", "text holds a NUL character", NULL},
	};
	static const char *const letters = "abcdefghijklmnopqrst";

	(void) state;
	for (size_t i = 0; i < SIZE(cases); i++)
		for (int before = 0; before < 18; before++)
			for (int after = 0; after < 18; after++)
			{
				char		text[256];
				char		value[128];
				BfPage	   *page;

				snprintf(text, sizeof(text),
						 "{\"Response\":{\"Rows\":[{\"X\":\"%.*s%s%.*s\"}],\"RequestId\":\"r\"}}",
						 before, letters, cases[i].bytes, after, letters);
				page = parse_bytes(&plain, text, strlen(text));
				if (cases[i].problem != NULL)
				{
					assert_null(page);
					assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
					assert_string_equal(outcome.message, cases[i].problem);
					continue;
				}
				assert_non_null(page);
				snprintf(value, sizeof(value), "%.*s%s%.*s",
						 before, letters, cases[i].read, after, letters);
				assert_string_equal(read_member(page, next_row(page).item,
												"X", false).text, value);
				bf_page_free(page);
			}
}

static void
test_nul(void **state)
{
	static const char raw[] = "{\"Response\":{\"a\":\"x\0y\"}}";

	(void) state;
	assert_refused_bytes(&plain, raw, sizeof(raw) - 1,
						 "text holds a NUL character");
	assert_value_refused("'\\u0000'", "text holds a NUL character");
	assert_value_refused("'abc\\u0000def'", "text holds a NUL character");
	assert_value_refused("{'a\\u0000':1}", "text holds a NUL character");
	assert_value("'\\\\u0000'", BF_FIELD_TEXT, "\\u0000",
				 BF_FIELD_NESTED, "'\\\\u0000'");
	assert_value("'\\u0001'", BF_FIELD_TEXT, "\x01",
				 BF_FIELD_NESTED, "'\\u0001'");
}

static void
test_control_characters(void **state)
{
	char		value[8];

	(void) state;
	for (int byte = 1; byte < 0x20; byte++)
	{
		snprintf(value, sizeof(value), "'a%cb'", byte);
		assert_value_refused(value,
							 "text holds an unescaped control character");
	}
	assert_value("'a\\n\\tb'", BF_FIELD_TEXT, "a\n\tb",
				 BF_FIELD_NESTED, "'a\\n\\tb'");
}

static void
test_escapes(void **state)
{
	static const char *const wrong[] = {
		"'\\x'", "'\\a'", "'\\U0041'", "'\\u004'", "'\\u00g1'", "'\\u'",
		"'\\ '", "'\\0'", "'\\ud83d\\u12'",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_value_refused(wrong[i], NO_JSON);
	assert_value("'\\b\\f\\n\\r\\t\\/\\\\\\u0041\\u4e2d\\u4E2D'",
				 BF_FIELD_TEXT, "\b\f\n\r\t/\\A中中",
				 BF_FIELD_NESTED, "'\\b\\f\\n\\r\\t/\\\\A中中'");
}

static void
test_surrogates(void **state)
{
	static const char *const wrong[] = {
		"'\\ud83d'", "'\\ude00'", "'\\ud83dx'", "'\\ud83d\\n'",
		"'\\ud83d\\ud83d'", "'\\ude00\\ud83d'", "'\\ud83d\\u0041'",
		"'\\ude00\\ude00'", "'\\ud83d\\ue000'",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_value_refused(wrong[i],
							 "text holds one half of a surrogate pair");
	assert_value("'\\ud83d\\ude00'", BF_FIELD_TEXT, "\xF0\x9F\x98\x80",
				 BF_FIELD_NESTED, "'\xF0\x9F\x98\x80'");
}

/* An answer that is nested this deep in all. */
static void
make_nested(char *text, int depth)
{
	strcpy(text, "{'Response':{'x':");
	text += strlen(text);
	for (int i = 2; i < depth; i++)
		*text++ = '[';
	for (int i = 2; i < depth; i++)
		*text++ = ']';
	strcpy(text, depth > 2 ? "}}" : "1}}");
}

static void
test_depth(void **state)
{
	char		text[4096];

	(void) state;
	make_nested(text, 2);
	assert_accepted(&plain, text);
	make_nested(text, BF_JSON_MAX_DEPTH);
	assert_accepted(&plain, text);
	make_nested(text, BF_JSON_MAX_DEPTH + 1);
	assert_refused(&plain, text, "nested deeper than 32 levels");
	make_nested(text, 1900);
	assert_refused(&plain, text, "nested deeper than 32 levels");
}

static void
test_depth_of_objects(void **state)
{
	char		text[4096] = "{'Response':";

	(void) state;
	for (int i = 1; i < BF_JSON_MAX_DEPTH; i++)
		strcat(text, "{'a':");
	strcat(text, "1");
	for (int i = 1; i < BF_JSON_MAX_DEPTH; i++)
		strcat(text, "}");
	strcat(text, "}");
	assert_accepted(&plain, text);
	memmove(text + 5, text, strlen(text) + 1);
	memcpy(text, "{'b':", 5);
	strcat(text, "}");
	assert_refused(&plain, text, "nested deeper than 32 levels");
}

static void
test_many_siblings_are_not_deep(void **state)
{
	char		text[4096] = "{'Response':{'Rows':[{}";

	(void) state;
	for (int i = 0; i < 500; i++)
		strcat(text, ",{}");
	strcat(text, "]}}");
	assert_accepted(&plain, text);
}

/* Every beginning of an answer is an error, and keeps what RequestId it has. */
static void
test_truncation(void **state)
{
	char	   *text = quoted("{'Response':{'Ready':1,'RequestId':'id-1',"
							  "'Rows':[{'a':'中\\u4e2d\\n','b':-1.5e+3,"
							  "'c':[true,false,null,{}]}]}}");
	size_t		length = strlen(text);
	size_t		id_end = strstr(text, "id-1\"") + 5 - text;

	(void) state;
	for (size_t i = 0; i < length; i++)
	{
		assert_null(parse_bytes(&ready, text, i));
		assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
		assert_string_not_equal(outcome.message, "");
		assert_string_equal(outcome.request_id, i < id_end ? "" : "id-1");
	}
	bf_page_free(parse_bytes(&ready, text, length));
	free(text);
}

/* ---------- duplicate names ---------- */

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

/* ---------- Response, RequestId, Error ---------- */

static void
test_response(void **state)
{
	static const char *const wrong[] = {
		"{}", "[]", "1", "'Response'", "null", "true", "{'Response':null}",
		"{'Response':[]}", "{'Response':'x'}", "{'response':{}}",
		"[{'Response':{}}]",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_refused(&plain, wrong[i], "no object Response");
	assert_accepted(&plain, "{'Response':{}}");
	assert_accepted(&plain, "{'other':1,'Response':{'RequestId':'r'},'more':[]}");
}

static void
test_request_id(void **state)
{
	BfPage	   *page = parse(&plain, "{'Response':{'RequestId':'0a-b\\u0031'}}");

	(void) state;
	assert_string_equal(outcome.request_id, "0a-b1");
	assert_string_equal(bf_page_request_id(page), "0a-b1");
	bf_page_free(page);
}

static void
test_request_id_missing(void **state)
{
	static const char *const answers[] = {
		"{'Response':{}}", "{'Response':{'RequestId':null}}",
		"{'Response':{'RequestId':17}}", "{'Response':{'RequestId':''}}",
		"{'RequestId':'outside','Response':{}}",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		assert_refused(&plain, answers[i], "no RequestId");
		assert_string_equal(outcome.request_id, "");
	}
	assert_refused(&ready, "{'Response':{'Ready':0}}", "no RequestId");
}

static void
test_request_id_is_cut(void **state)
{
	char		text[512] = "{'Response':{'RequestId':'";

	(void) state;
	for (int i = 0; i < 40; i++)
		strcat(text, "中");
	strcat(text, "'}}");
	assert_accepted(&plain, text);
	assert_int_equal(strlen(outcome.request_id), 63);
	assert_string_equal(outcome.request_id + 60, "中");
}

static void
test_request_id_of_failures(void **state)
{
	static const char *const answers[] = {
		"{'Response':{'RequestId':'id-1'}", /* cut */
		"{'Response':{ 'RequestId' :\n 'id-1', 'a': bad}}",
		"{'Response':{'RequestId':'id-1','a':'\xFF'}}",
		"{'Response':{'a':1,'a':2,'RequestId':'id-1'}}",
		"{'Response':{'RequestId':'id-1','Rows':5}}",
		"{'Response':{'b':bad,'x':'RequestId','RequestId':'id-1'}}",
		"{'Response':{'b':bad,'RequestId':7,'y':{'RequestId':'id-1'}}}",
		("{'Response':{'b':bad,'c':'\\'RequestId\\':\\'id-0\\'',"
		 "'RequestId':'id-1'}}"),
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		assert_null(try_parse(&plain, answers[i]));
		assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
		assert_string_equal(outcome.request_id, "id-1");
	}
}

static void
test_request_id_of_failures_unusable(void **state)
{
	static const char *const answers[] = {
		"{'Response':{'RequestId':'id-1", "{'RequestId':'a b',bad}",
		"{'RequestId':'a\\u0041',bad}", "{'RequestId':'\xFF',bad}",
		("{'RequestId':'0123456789012345678901234567890123456789"
		 "012345678901234567890123',bad}"), "{'RequestId':", "{'RequestId'",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		assert_null(try_parse(&plain, answers[i]));
		assert_string_equal(outcome.request_id, "");
	}
}

static void
test_error(void **state)
{
	(void) state;
	assert_null(try_parse(&ready, "{'Response':{'Error':{'Code':"
						  "'AuthFailure.SignatureFailure','Message':"
						  "'The provided credentials could not be validated'},"
						  "'RequestId':'id-1'}}"));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_string_equal(outcome.code, "AuthFailure.SignatureFailure");
	assert_string_equal(outcome.message,
						"The provided credentials could not be validated");
	assert_string_equal(outcome.request_id, "id-1");
}

/* An error counts whatever stands beside it. */
static void
test_error_beside_rows(void **state)
{
	(void) state;
	assert_null(try_parse(&ready, "{'Response':{'Ready':1,'Rows':[{'a':1}],"
						  "'Error':{'Code':'InternalError'}}}"));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_string_equal(outcome.code, "InternalError");
	assert_string_equal(outcome.message, "");
	assert_null(try_parse(&plain, "{'Response':{'Error':{'Code':'X',"
						  "'Message':{'a':1}},'Rows':5}}"));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_string_equal(outcome.message, "");
}

static void
test_error_without_code(void **state)
{
	static const char *const wrong[] = {
		"{}", "{'Message':'x'}", "{'Code':null,'Message':'x'}", "{'Code':7}",
		"{'Code':''}", "{'Code':{}}", "'InternalError'", "[]", "5", "true",
		"{'code':'InternalError'}",
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text),
				 "{'Response':{'Error':%s,'RequestId':'id-1'}}", wrong[i]);
		assert_refused(&plain, text, "an error without a usable Code");
		assert_string_equal(outcome.request_id, "id-1");
	}
	assert_accepted(&plain, "{'Response':{'Error':null}}");
}

static void
test_error_texts_are_cut(void **state)
{
	char		text[8192] = "{'Response':{'Error':{'Code':'";

	(void) state;
	for (int i = 0; i < 100; i++)
		strcat(text, "中");
	strcat(text, "','Message':'");
	for (int i = 0; i < 500; i++)
		strcat(text, "\xF0\x9F\x98\x80");
	strcat(text, "'}}}");
	assert_null(try_parse(&plain, text));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_int_equal(strlen(outcome.code), 126);
	assert_string_equal(outcome.code + 123, "中");
	assert_int_equal(strlen(outcome.message), 1020);
	assert_string_equal(outcome.message + 1016, "\xF0\x9F\x98\x80");
}

/* ---------- Ready, Total, rows ---------- */

static void
test_ready(void **state)
{
	static const struct
	{
		const char *value;
		bool		ready;
	}			cases[] = {
		{"1", true}, {"'1'", true}, {"1.0", true}, {"0", false},
		{"'0'", false},
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(cases); i++)
	{
		BfPage	   *page;

		snprintf(text, sizeof(text),
				 "{'Response':{'Ready':%s,'Rows':[{},{}]}}", cases[i].value);
		page = parse(&ready, text);
		assert_int_equal(bf_page_ready(page), cases[i].ready);
		assert_int_equal(bf_page_row_count(page), cases[i].ready ? 2 : 0);
		assert_int_equal(count_rows(page), cases[i].ready ? 2 : 0);
		bf_page_free(page);
	}
}

static void
test_ready_refused(void **state)
{
	static const char *const wrong[] = {
		"null", "2", "-1", "0.5", "true", "false", "''", "'yes'", "'01'",
		"[]", "{}", "[1]", "'1 '",
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'Ready':%s,'Rows':[]}}",
				 wrong[i]);
		assert_refused(&ready, text, "no usable member Ready");
		assert_accepted(&plain, text);
	}
	assert_refused(&ready, "{'Response':{'Rows':[]}}",
				   "no usable member Ready");
	assert_refused(&ready, "{'Response':{'ready':1,'Rows':[]}}",
				   "no usable member Ready");
}

static void
test_ready_not_documented(void **state)
{
	BfPage	   *page = parse(&plain, "{'Response':{'Ready':0,'Rows':[{}]}}");

	(void) state;
	assert_true(bf_page_ready(page));
	assert_int_equal(count_rows(page), 1);
	bf_page_free(page);
}

/* Nothing is said about rows that are still being prepared. */
static void
test_rows_beside_not_ready(void **state)
{
	BfPage	   *page = parse(&ready, "{'Response':{'Ready':0,'Rows':'soon'}}");

	(void) state;
	assert_false(bf_page_ready(page));
	assert_int_equal(bf_page_total(page), -1);
	assert_int_equal(bf_page_row_count(page), 0);
	assert_int_equal(bf_page_hash(page), 0);
	assert_int_equal(count_rows(page), 0);
	bf_page_free(page);
}

static void
test_total(void **state)
{
	static const struct
	{
		const char *value;
		int64_t		total;
	}			cases[] = {
		{"0", 0}, {"-0", 0}, {"12", 12}, {"1e3", 1000}, {"12.0", 12},
		{"9007199254740992", INT64_C(9007199254740992)}, {"'0'", 0},
		{"'12'", 12}, {"'007'", 7}, {"null", -1},
		{"'9223372036854775807'", INT64_MAX},
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(cases); i++)
	{
		BfPage	   *page;

		snprintf(text, sizeof(text), "{'Response':{'Total':%s}}",
				 cases[i].value);
		page = parse(&paging, text);
		assert_true(bf_page_total(page) == cases[i].total);
		bf_page_free(page);
		page = parse(&plain, text);
		assert_int_equal(bf_page_total(page), -1);
		bf_page_free(page);
	}
}

static void
test_total_missing(void **state)
{
	BfPage	   *page = parse(&paging, "{'Response':{'total':5,'Rows':[{}]}}");

	(void) state;
	assert_int_equal(bf_page_total(page), -1);
	bf_page_free(page);
}

static void
test_total_refused(void **state)
{
	static const char *const wrong[] = {
		"-1", "1.5", "1e300", "9007199254740994", "''", "'-1'", "'+1'",
		"'1.0'", "' 1'", "'1e3'", "'9223372036854775808'", "true", "[]",
		"{}", "'many'",
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'Total':%s,'Rows':[]}}",
				 wrong[i]);
		assert_refused(&paging, text, "no usable member \"Total\"");
		assert_accepted(&plain, text);
	}
}

static void
test_no_rows(void **state)
{
	static const char *const answers[] = {
		"{'Response':{}}", "{'Response':{'Rows':null}}",
		"{'Response':{'Rows':[]}}", "{'Response':{'rows':[{}]}}",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		BfPage	   *page = parse(&plain, answers[i]);

		assert_int_equal(bf_page_row_count(page), 0);
		assert_int_equal(bf_page_hash(page), 0);
		assert_int_equal(count_rows(page), 0);
		bf_page_free(page);
	}
}

static void
test_rows_refused(void **state)
{
	(void) state;
	assert_refused(&plain, "{'Response':{'Rows':{}}}",
				   "member \"Rows\" is no array");
	assert_refused(&plain, "{'Response':{'Rows':'x'}}",
				   "member \"Rows\" is no array");
	assert_refused(&plain, "{'Response':{'Rows':0}}",
				   "member \"Rows\" is no array");
	assert_refused(&plain, "{'Response':{'Rows':[{},null]}}",
				   "an element of \"Rows\" is no object");
	assert_refused(&plain, "{'Response':{'Rows':[[]]}}",
				   "an element of \"Rows\" is no object");
}

static void
test_rows_down_a_path(void **state)
{
	BfPage	   *page = parse(&deep, "{'Response':{'Data':{'Total':7,"
							 "'Records':[{'a':'1'},{'a':'2'}]},'Code':0}}");
	BfRow		row;

	(void) state;
	assert_int_equal(bf_page_total(page), 7);
	assert_int_equal(bf_page_row_count(page), 2);
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_TEXT, "1");
	assert_field(read_member(page, row.answer, "Code", false),
				 BF_FIELD_NUMBER, "0");
	row = next_row(page);
	assert_field(read_member(page, row.item, "a", false), BF_FIELD_TEXT, "2");
	assert_int_equal(count_rows(page), 0);
	bf_page_free(page);
}

static void
test_path_ends_early(void **state)
{
	static const char *const answers[] = {
		"{'Response':{}}", "{'Response':{'Data':null}}",
		"{'Response':{'Data':{}}}", "{'Response':{'Data':{'Records':null}}}",
		"{'Response':{'Data.Records':[{}],'Data.Total':1}}",
		"{'Response':{'data':{'Records':[{}],'Total':1}}}",
		"{'Response':{'Data':{'Records':[],'Total':null}}}",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		BfPage	   *page = parse(&deep, answers[i]);

		assert_int_equal(bf_page_total(page), -1);
		assert_int_equal(bf_page_row_count(page), 0);
		assert_int_equal(count_rows(page), 0);
		bf_page_free(page);
	}
}

static void
test_path_refused(void **state)
{
	static const char *const wrong[] = {"[]", "'x'", "0", "true", "[{}]"};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'Data':%s}}", wrong[i]);
		assert_refused(&deep, text, "member \"Data\" is no object");
	}
	assert_refused(&deep, "{'Response':{'Data':{'Records':{'a':1}}}}",
				   "member \"Data.Records\" is no array");
	assert_refused(&deep, "{'Response':{'Data':{'Total':-1}}}",
				   "no usable member \"Data.Total\"");
	assert_refused(&inner_status, "{'Response':{'State':0}}",
				   "member \"State\" is no object");
}

/* A row where an array is documented is something else than documented. */
static void
test_single_row(void **state)
{
	const char *text = "{'Response':{'Rows':{'a':'1'}}}";

	(void) state;
	assert_refused(&plain, text, "member \"Rows\" is no array");
	assert_refused(&unnested, text, "member \"Rows\" is no array");
	assert_refused(&paging, text, "member \"Rows\" is no array");
	assert_refused(&token, text, "member \"Rows\" is no array");
}

/* Response itself as the row. */
static void
test_whole_answer_is_the_row(void **state)
{
	BfPage	   *page = parse(&whole, "{'Response':{'Balance':-5}}");
	BfRow		row = next_row(page);

	(void) state;
	assert_int_equal(bf_page_row_count(page), 1);
	assert_true(row.item == row.answer);
	assert_null(row.parent);
	assert_field(read_member(page, row.item, "Balance", false),
				 BF_FIELD_NUMBER, "-5");
	assert_int_equal(count_rows(page), 0);
	bf_page_free(page);

	page = parse(&whole, "{'Response':{}}");
	assert_int_equal(bf_page_row_count(page), 1);
	assert_int_equal(count_rows(page), 1);
	bf_page_free(page);

	page = parse(&whole_unnested, "{'Response':{'Parts':[{'a':1},{'a':2}]}}");
	assert_int_equal(bf_page_row_count(page), 1);
	assert_int_equal(count_rows(page), 2);
	bf_page_free(page);
	assert_refused(&whole, "{'Response':[]}", "no object Response");
}

static void
assert_status(const BfTable *table, const char *text, const char *code,
			  const char *message)
{
	assert_null(try_parse(table, text));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_string_equal(outcome.code, code);
	assert_string_equal(outcome.message, message);
	assert_string_equal(outcome.request_id, "r");
}

static void
test_status(void **state)
{
	static const char *const right[] = {
		"0", "-0", "0.0", "0e5", "'0'", "'000'", "'-0'", "null",
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(right); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'Code':%s,"
				 "'Message':'fine','State':{'RetCode':%s}}}", right[i], right[i]);
		assert_accepted(&deep, text);
		assert_accepted(&inner_status, text);
	}
	assert_accepted(&deep, "{'Response':{'Message':'no code'}}");
	assert_accepted(&inner_status, "{'Response':{'State':null}}");
	assert_accepted(&plain, "{'Response':{'Code':500}}");
}

static void
test_status_of_failures(void **state)
{
	char		long_number[64];
	char		text[256];

	(void) state;
	/* rows beside it do not count */
	assert_status(&deep, "{'Response':{'Code':500,'Message':'broken',"
				  "'Data':{'Records':[{}]}}}", "Code 500", "broken");
	assert_status(&deep, "{'Response':{'Code':-1,'Message':null}}",
				  "Code -1", "");
	assert_status(&deep, "{'Response':{'Code':'-1','Message':7}}",
				  "Code -1", "");
	assert_status(&deep, "{'Response':{'Code':0.5}}", "Code 0.5", "");
	assert_status(&deep, "{'Response':{'Code':1e300}}", "Code out of range", "");
	assert_status(&inner_status, "{'Response':{'State':{'RetCode':'4001',"
				  "'RetMsg':'没有'}}}", "RetCode 4001", "没有");
	/* the API's own error comes first */
	assert_status(&deep, "{'Response':{'Code':500,'Error':{'Code':'E',"
				  "'Message':'m'}}}", "E", "m");

	memset(long_number, '1', sizeof(long_number) - 1);
	long_number[sizeof(long_number) - 1] = '\0';
	snprintf(text, sizeof(text), "{'Response':{'Code':'%s'}}", long_number);
	assert_null(try_parse(&deep, text));
	assert_int_equal(outcome.kind, BF_OUTCOME_API_ERROR);
	assert_true(strncmp(outcome.code, "Code 111111", 11) == 0);
}

static void
test_status_refused(void **state)
{
	static const char *const wrong[] = {
		"''", "'-'", "'ok'", "'0x0'", "'0.0'", "' 0'", "true", "false", "[]",
		"{}",
	};
	char		text[256];

	(void) state;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'RequestId':'r',"
				 "'Code':%s,'State':{'RetCode':%s}}}", wrong[i], wrong[i]);
		assert_refused(&deep, text, "no usable member \"Code\"");
		assert_refused(&inner_status, text, "no usable member \"RetCode\"");
	}
}

static void
test_cursor(void **state)
{
	static const char *const none[] = {
		"{'Response':{}}", "{'Response':{'NextToken':null}}",
		"{'Response':{'NextToken':''}}", "{'Response':{'nexttoken':'a'}}",
	};
	static const char *const wrong[] = {"0", "true", "[]", "{}", "['a']"};
	BfPage	   *page = parse(&token, "{'Response':{'NextToken':'q\\u0022/'}}");
	char		text[256];

	(void) state;
	assert_string_equal(bf_page_cursor(page), "q\"/");
	bf_page_free(page);
	for (size_t i = 0; i < SIZE(none); i++)
	{
		page = parse(&token, none[i]);
		assert_null(bf_page_cursor(page));
		bf_page_free(page);
	}
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		snprintf(text, sizeof(text),
				 "{'Response':{'RequestId':'r','NextToken':%s}}", wrong[i]);
		assert_refused(&token, text, "no usable member \"NextToken\"");
		assert_accepted(&plain, text);
	}
	page = parse(&plain, "{'Response':{'NextToken':'a'}}");
	assert_null(bf_page_cursor(page));
	bf_page_free(page);
}

static void
test_nested_rows(void **state)
{
	BfPage	   *page = parse(&unnested, "{'Response':{'Rows':[{'K':'none'},"
							 "{'K':'null','Parts':null},"
							 "{'Parts':[{'v':'1'},{'v':'2'}],'K':'two'},"
							 "{'K':'empty','Parts':[]},"
							 "{'K':'one','Parts':[{'v':'3'}]}]}}");
	static const char *const parents[] = {"two", "two", "one"};
	static const char *const values[] = {"1", "2", "3"};
	BfRow		row;

	(void) state;
	assert_int_equal(bf_page_row_count(page), 5);
	for (size_t i = 0; i < SIZE(values); i++)
	{
		row = next_row(page);
		assert_field(read_member(page, row.parent, "K", false),
					 BF_FIELD_TEXT, parents[i]);
		assert_field(read_member(page, row.item, "v", false),
					 BF_FIELD_TEXT, values[i]);
	}
	assert_false(bf_page_next(page, &row));
	assert_false(bf_page_next(page, &row));
	bf_page_free(page);
}

static void
test_nested_rows_refused(void **state)
{
	static const char *const answers[] = {
		"{'Response':{'Rows':[{'Parts':[]},{'Parts':{}}]}}",
		"{'Response':{'Rows':[{'Parts':'[]'}]}}",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(answers); i++)
	{
		assert_refused(&unnested, answers[i], "member \"Parts\" is no array");
		assert_accepted(&plain, answers[i]);
	}
	assert_refused(&unnested,
				   "{'Response':{'Rows':[{'Parts':[{},1]},{'Parts':[]}]}}",
				   "an element of \"Parts\" is no object");
}

static void
test_rows_have_no_parent(void **state)
{
	BfPage	   *page = parse_value("1");
	BfRow		row = next_row(page);

	(void) state;
	assert_null(row.parent);
	assert_field(read_member(page, row.parent, "X", false),
				 BF_FIELD_NONE, NULL);
	bf_page_free(page);
}

/* ---------- members ---------- */

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
	for (size_t i = 0; i < SIZE(cases); i++)
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
	for (size_t i = 0; i < SIZE(cases); i++)
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
test_member_memory(void **state)
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
	uint32_t	random = 1;

	(void) state;
	for (size_t n = 0; n < SIZE(names); n++)
	{
		BfMember	member = {.name = names[n]};

		for (int i = 0; i < 3000; i++)
		{
			const char *rows;
			const int  *order;
			char		text[512];
			char		value[4];
			BfPage	   *page;
			BfRow		row[3];

			random = random * 1664525 + 1013904223;
			rows = pages[(random >> 8) % SIZE(pages)];
			order = orders[(random >> 16) % SIZE(orders)];
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

/* ---------- tags ---------- */

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
	for (size_t i = 0; i < SIZE(wrong); i++)
		assert_tags(wrong[i], BF_FIELD_BAD,
					"not an array of objects with TagKey and TagValue");
}

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
	for (size_t i = 0; i < SIZE(wrong); i++)
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
	for (size_t i = 0; i < SIZE(cases); i++)
		assert_field(read_tag_value(page, row.item, "X", cases[i][0]),
					 BF_FIELD_TEXT, cases[i][1]);
	bf_page_free(page);

	page = parse_value("null");
	row = next_row(page);
	assert_field(read_tag_value(page, row.item, "X", "a"),
				 BF_FIELD_TEXT, "");
	bf_page_free(page);
}

/* ---------- members that nobody wants ---------- */

static uint64_t
hash_of(const char *rows)
{
	char		text[512];
	BfPage	   *page;
	uint64_t	hash;

	snprintf(text, sizeof(text), "{'Response':{'Rows':%s,'Total':1}}", rows);
	page = parse(&plain, text);
	hash = bf_page_hash(page);
	assert_true(bf_page_hash(page) == hash);
	bf_page_free(page);
	return hash;
}

static const char *const a_and_b[] = {"a", "b", NULL};
static const char *const none[] = {NULL};

/* What is left of an answer when only a and b of rows and parts are read. */
static void
test_left_of_answer(void **state)
{
	static const char *const cases[][2] = {
		/* rows */
		{"[]", "[]"},
		{"[{}]", "[{}]"},
		{"[{'a':1}]", "[{'a':1}]"},
		{"[{'x':1}]", "[{}]"},
		{"[{'a':1,'x':2,'b':3}]", "[{'a':1,'b':3}]"},
		{"[{'x':1,'a':2}]", "[{'a':2}]"},
		{"[{'a':1,'x':2}]", "[{'a':1}]"},
		{"[{'x':1,'y':2,'a':3,'z':4,'y':5,'b':6,'x':7}]", "[{'a':3,'b':6}]"},
		{"[{'x':1,'y':2}]", "[{}]"},
		{"[ { 'x' : 1 , 'a' : 2 , 'y' : 3 , 'b' : 4 } , { 'a' : 5 } ]",
		"[ {'a' : 2 , 'b' : 4 } , { 'a' : 5 } ]"},
		/* rows that differ */
		{"[{'x':1,'a':2},{'a':3,'x':4},{'a':5},{},{'x':6},{'b':7,'a':8,'x':9}]",
		"[{'a':2},{'a':3},{'a':5},{},{},{'b':7,'a':8}]"},
		{"[{'a':1},{'a' :2},{'a': 3},{'aa':4},{'':5}]",
		"[{'a':1},{'a' :2},{'a': 3},{},{}]"},
		/* not rows, for the caller to refuse */
		{"{'x':1}", "{'x':1}"},
		{"[1,[{'x':1}],null]", "[1,[{'x':1}],null]"},
		{"'x'", "'x'"},
		/* what is in a member stays, or goes, with it */
		{"[{'a':{'x':1},'b':[{'x':1}],'x':{'a':1}}]",
		"[{'a':{'x':1},'b':[{'x':1}]}]"},
		{"[{'x':'}],{','a':'\\',','x':'中\\u0041'}]", "[{'a':'\\','}]"},
		/* the name may be that of a member */
		{"[{'\\u0061':1,'\\u0078':2}]", "[{'\\u0061':1,'\\u0078':2}]"},
		/* parts */
		{"[{'x':1,'Parts':[{'x':2,'a':3},{'b':4,'Parts':[{'a':5}]}],'b':6}]",
		"[{'Parts':[{'a':3},{'b':4}],'b':6}]"},
		{"[{'a':[{'x':1}],'x':1,'Parts':[]},{'x':2,'Parts':[{'x':3}],'x':4}]",
		"[{'a':[{'x':1}],'Parts':[]},{'Parts':[{}]}]"},
		{"[{'Parts':{'x':1}}]", "[{'Parts':{'x':1}}]"},
	};

	(void) state;
	for (size_t i = 0; i < SIZE(cases); i++)
	{
		char		text[256];
		char		buffer[256];
		char		expected[256];
		char	   *copy;
		BfJsonAnswer answer = {
			.rows = "Data.Rows",.nested = "Parts",.wanted = a_and_b,
			.buffer = buffer
		};

		/*
		 * Members of these names elsewhere are no rows.  That Data is there
		 * twice is for others to refuse.
		 */
		const char *format = "{'Rows':[{'x':1}],'Response':{'x':1,"
		"'Data':{},'Rows':[{'x':1}],'Data':{'Data':{'Rows':[{'x':1}]},'Rows':%s,"
		"'x':[{'x':1}]}}}";

		snprintf(expected, sizeof(expected), format, cases[i][1]);
		snprintf(text, sizeof(text), format, cases[i][0]);
		copy = quoted(text);
		assert_null(bf_json_check_answer(copy, strlen(copy), &answer));
		snprintf(text, sizeof(text), "%.*s", (int) answer.length, answer.text);
		free(copy);
		copy = quoted(expected);
		assert_string_equal(text, copy);
		free(copy);
	}
}

static void
test_wanted(void **state)
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
test_not_wanted(void **state)
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

/* Bytes count wherever they are; so do rows, and members that are read. */
static void
test_wanted_is_checked(void **state)
{
	static const char *const wrong[][2] = {
		{"{'x':'\xFF'}", NO_UTF8},
		{"{'x':'\\u0000'}", "text holds a NUL character"},
		{"{'x':1,}", NO_JSON},
		{"{'x':01}", NO_JSON},
		{"{'a':1}{'a':1}", NO_JSON},
		{"{'x':{'y':[1,]}}", NO_JSON},
		{"{'x':1 'y':2}", NO_JSON},
		{"{'x' 1}", NO_JSON},
		{"{'x':1,'x'}", NO_JSON},
		{"{'a':1,'x':2,'a':3}", "duplicate member \"a\""},
		{"{'a':1,'\\u0061':3}", "duplicate member \"a\""},
		{"{'a':1e999}", "a number is out of range"},
		{"[]", "an element of \"Rows\" is no object"},
		{"{'x':1234567890123456789012345678901234567890123456789012345678901234}",
		"a number is longer than 63 characters"},
	};

	(void) state;
	wanted = a_and_b;
	for (size_t i = 0; i < SIZE(wrong); i++)
	{
		char		text[256];

		snprintf(text, sizeof(text),
				 "{'Response':{'RequestId':'r','Rows':[{'x':1,'a':2},%s]}}",
				 wrong[i][0]);
		assert_refused(&plain, text, wrong[i][1]);
		assert_string_equal(outcome.request_id, "r");
	}
	assert_refused(&unnested, "{'Response':{'Rows':[{'x':1,'Parts':{}}]}}",
				   "member \"Parts\" is no array");
	wanted = NULL;
}

/* More members than are remembered; the last ones share a place. */
static void
test_wanted_of_wide_rows(void **state)
{
	static const char *const some[] = {"m0", "m127", "m128", "m199", NULL};
	static char text[16384];
	char	   *at = text;
	BfPage	   *page;

	(void) state;
	at += sprintf(at, "{'Response':{'Rows':[");
	for (int row = 0; row < 3; row++)
	{
		for (int i = 0; i < 200; i++)
			at += sprintf(at, "%s'm%d':%d", i > 0 ? "," : row > 0 ? ",{" : "{",
						  i, row * 1000 + i);
		at += sprintf(at, "}");
	}
	strcpy(at, "]}}");
	wanted = some;
	page = parse(&plain, text);
	for (int row = 0; row < 3; row++)
	{
		const void *item = next_row(page).item;

		for (int i = 0; some[i] != NULL; i++)
		{
			char		value[16];

			snprintf(value, sizeof(value), "%d", row * 1000 + atoi(some[i] + 1));
			assert_field(read_member(page, item, some[i], false),
						 BF_FIELD_NUMBER, value);
		}
	}
	bf_page_free(page);
	wanted = NULL;

	/* A name twice at the shared place is no repeated row. */
	strcpy(at - 1, ",'m199':1},{'m0':1}]}}");
	assert_refused(&plain, text, "duplicate member \"m199\"");
}

/* Which members are read does not count. */
static void
test_wanted_and_hash(void **state)
{
	uint64_t	hash = hash_of("[{'a':1,'x':2}]");

	(void) state;
	wanted = none;
	assert_true(hash == hash_of("[{'a':1,'x':2}]"));
	assert_true(hash != hash_of("[{'a':1,'x':3}]"));
	wanted = NULL;
}

/* Of the first two rows each has a hash of its own, whatever is read. */
static void
test_row_hash(void **state)
{
	BfPage	   *one;
	BfPage	   *other;

	(void) state;
	wanted = none;
	one = parse(&plain, "{'Response':{'Rows':[{'a':1}, {'a':2},{'a':3}]}}");
	other = parse(&plain, "{'Response':{'Rows':[{'a':2},{'a':3}]}}");
	assert_true(bf_page_row_hash(one, 0) != bf_page_row_hash(one, 1));
	assert_true(bf_page_row_hash(one, 1) == bf_page_row_hash(other, 0));
	assert_true(bf_page_row_hash(one, 1) != bf_page_row_hash(other, 1));
	bf_page_free(one);
	bf_page_free(other);
	one = parse(&plain, "{'Response':{'Rows':[{'a':1}]}}");
	other = parse(&plain, "{'Response':{'Rows':[]}}");
	assert_true(bf_page_row_hash(one, 0) != 0);
	assert_true(bf_page_row_hash(one, 1) == 0);
	assert_true(bf_page_row_hash(other, 0) == 0);
	bf_page_free(one);
	bf_page_free(other);
	wanted = NULL;
}

/* ---------- hash ---------- */

static void
test_hash_equal(void **state)
{
	uint64_t	hash = hash_of("[{'a':'1','b':[1,null]},{'c':true}]");

	(void) state;
	assert_true(hash != 0);
	assert_true(hash == hash_of("[{'a':'1','b':[1,null]},{'c':true}]"));
}

static void
test_hash_differs(void **state)
{
	static const char *const rows[] = {
		"[{}]", "[{},{}]", "[{'a':1}]", "[{'a':2}]", "[{'a':'1'}]",
		"[{'b':1}]", "[{'a':1},{}]", "[{},{'a':1}]", "[{'a':[1]}]",
		"[{'a':null}]", "[{'a':true}]", "[{'a':false}]", "[{'a':[]}]",
		"[{'a':{}}]", "[{'a':''}]", "[{'a':'','b':''}]", "[{'ab':''}]",
		"[{'a':'b'}]", "[{'b':'','a':''}]", "[{'a':''},{'b':''}]",
		"[{'a':[[],[]]}]", "[{'a':[[[]]]}]", "[{'a':0}]", "[{'a':0.1}]",
	};

	(void) state;
	for (size_t i = 0; i < SIZE(rows); i++)
		for (size_t j = 0; j < i; j++)
			if (hash_of(rows[i]) == hash_of(rows[j]))
				fail_msg("%s and %s", rows[i], rows[j]);
}

/* One bit anywhere in a page of some length. */
static void
test_hash_of_each_bit(void **state)
{
	char		rows[80];
	uint64_t	seen[sizeof(rows) * 4];
	size_t		n = 0;

	(void) state;
	for (size_t i = 6; i < sizeof(rows) - 4; i++)
		for (int bit = 0; bit < 4; bit++)
		{
			memset(rows, '@', sizeof(rows));
			memcpy(rows, "[{'a':'", 7);
			strcpy(rows + sizeof(rows) - 4, "'}]");
			if (i > 6)
				rows[i] ^= 1 << bit;
			seen[n++] = hash_of(rows);
			if (i == 6)
				break;
		}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
}

/* Pages may only be said to be equal when they are. */
static void
test_hash_without_known_rows(void **state)
{
	static const char *const texts[] = {
		"{'Response':{'R\\u006fws':[{'a':1}],'RequestId':'1'}}",
		"{'Response':{'R\\u006fws':[{'a':2}],'RequestId':'1'}}",
		"{'Respons\\u0065':{'Rows':[{'a':1}],'RequestId':'1'}}",
		"{'Respons\\u0065':{'Rows':[{'a':2}],'RequestId':'1'}}",
		"{'Response':{'R\\u006fws':[{'a':1}],'x':{'Rows':[]},'RequestId':'1'}}",
		"{'Response':{'R\\u006fws':[{'a':2}],'x':{'Rows':[]},'RequestId':'1'}}",
	};
	uint64_t	seen[SIZE(texts)];

	(void) state;
	for (size_t i = 0; i < SIZE(texts); i++)
	{
		BfPage	   *page = parse(&plain, texts[i]);

		seen[i] = bf_page_hash(page);
		assert_true(seen[i] != 0);
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
		bf_page_free(page);
	}
}

/* What stands beside the rows does not count: a RequestId always differs. */
static void
test_hash_of_rows_only(void **state)
{
	BfPage	   *one = parse(&plain, "{'Response':{'Rows':[{}],"
							"'RequestId':'1'}}");
	BfPage	   *other = parse(&plain, "{'Response':{'RequestId':'2',"
							  "'Rows':[{}]}}");

	(void) state;
	assert_true(bf_page_hash(one) == bf_page_hash(other));
	bf_page_free(one);
	bf_page_free(other);
}

/* ---------- the documented examples ---------- */

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

/* An example's answer, as a tree that a plain use of cJSON makes. */
static cJSON *
read_example(const char *file)
{
	char		path[256];
	char	   *text;
	cJSON	   *whole;
	cJSON	   *answer;

	snprintf(path, sizeof(path), EXAMPLES "/%s.json", file);
	text = read_file(path);
	whole = cJSON_Parse(text);
	assert_non_null(whole);
	free(text);
	answer = cJSON_DetachItemFromObjectCaseSensitive(whole, "response");
	assert_non_null(answer);
	cJSON_Delete(whole);
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
		cJSON_ArrayForEach(row, rows)
	{
		count += compare_item(page, table, row, response);
	}
	if (bf_page_next(page, &after))
		fail_msg("%s: too many rows", file);
	bf_page_free(page);
	return count;
}

static void
test_examples(void **state)
{
	(void) state;
	for (size_t i = 0; i < SIZE(examples); i++)
	{
		const BfTable *table = bf_catalog_find(examples[i].table);
		cJSON	   *answer = read_example(examples[i].file);
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

/* Every documented answer, read for every table of its action. */
static void
test_all_examples(void **state)
{
	DIR		   *dir = opendir(EXAMPLES);
	struct dirent *entry;
	int			files = 0;

	(void) state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
	{
		char	   *file = entry->d_name;
		size_t		length = strlen(file);
		int			rows = 0;
		bool		found = false;
		cJSON	   *answer;

		if (length < 5 || strcmp(file + length - 5, ".json") != 0)
			continue;
		file[length - 5] = '\0';
		answer = read_example(file);
		for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
		{
			size_t		name_length = strlen((*table)->action->name);

			if (strncmp(file, (*table)->action->name, name_length) != 0 ||
				file[name_length] != '.')
				continue;
			found = true;
			rows += compare_rows(*table, answer, file);
		}
		cJSON_Delete(answer);
		if (found && rows == 0)
			fail_msg("%s has no rows", file);
		files += found;
	}
	closedir(dir);
	assert_true(files >= 90);
}

/* Billing mode labels are looked up in the catalog: it must know them all. */
static void
test_examples_have_known_pay_modes(void **state)
{
	(void) state;
	for (size_t i = 0; i < SIZE(examples); i++)
	{
		const BfTable *table = bf_catalog_find(examples[i].table);
		cJSON	   *answer = read_example(examples[i].file);
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
	cJSON	   *answer = read_example("DescribeBillResourceSummaryFor"
									  "Organization.seed.1");
	BfPage	   *page = parse_tree(bf_catalog_find(RESOURCES), answer);
	BfRow		row = next_row(page);

	(void) state;
	for (size_t i = 0; i < SIZE(values); i++)
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

/* ---------- size, damage, memory ---------- */

static void
test_large_page(void **state)
{
	const int	rows = 10000;
	char	   *text = malloc(64 + (size_t) rows * 64);
	char	   *at = text;
	char		number[16];
	BfPage	   *page;

	(void) state;
	assert_non_null(text);
	at += sprintf(at, "{'Response':{'Total':%d,'Rows':[", rows);
	for (int i = 0; i < rows; i++)
		at += sprintf(at, "%s{'Id':'%d','Cost':'0.%08d','Tags':[]}",
					  i > 0 ? "," : "", i, i);
	sprintf(at, "]}}");
	page = parse(&paging, text);
	assert_int_equal(bf_page_total(page), rows);
	assert_int_equal(bf_page_row_count(page), rows);
	for (int i = 0; i < rows; i++)
	{
		sprintf(number, "%d", i);
		assert_field(read_member(page, next_row(page).item, "Id", false),
					 BF_FIELD_TEXT, number);
	}
	assert_int_equal(count_rows(page), 0);
	bf_page_free(page);
	free(text);
}

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
	cJSON	   *answer = read_example("DescribeBillResourceSummaryFor"
									  "Organization.domestic.1");
	char	   *text = cJSON_PrintUnformatted(answer);
	size_t		length = strlen(text);
	uint32_t	seed = 20230807;

	(void) state;
	for (int i = 0; i < 20000; i++)
	{
		size_t		at;
		char		before;
		BfPage	   *page;

		seed = seed * 1664525 + 1013904223;
		at = (seed >> 8) % length;
		before = text[at];
		seed = seed * 1664525 + 1013904223;
		text[at] = bytes[(seed >> 8) % SIZE(bytes)];
		page = parse_bytes(table, text, length);
		if (page != NULL)
			read_all(page, table);
		bf_page_free(page);
		text[at] = before;
	}
	free(text);
	cJSON_Delete(answer);
}

static bool
may_allocate(void)
{
	if (allocations_left > 0)
		allocations_left--;
	else if (allocations_left == 0)
		return false;
	return true;
}

/* The linker puts these in place of our malloc and its like ... */
void	   *__real_malloc(size_t size);
void	   *__real_calloc(size_t count, size_t size);
void	   *__real_realloc(void *old, size_t size);
void	   *__wrap_malloc(size_t size);
void	   *__wrap_calloc(size_t count, size_t size);
void	   *__wrap_realloc(void *old, size_t size);

void *
__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *
__wrap_realloc(void *old, size_t size)
{
	return may_allocate() ? __real_realloc(old, size) : NULL;
}

/* ... and cJSON is told to use this one. */
static void
make_memory_scarce(void)
{
	cJSON_Hooks hooks = {__wrap_malloc, free};

	cJSON_InitHooks(&hooks);
}

static int
restore_memory(void **state)
{
	(void) state;
	parse_allocations = -1;
	cJSON_InitHooks(NULL);
	return 0;
}

static void
test_parse_out_of_memory(void **state)
{
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "g", "h", "i", NULL
	};
	int			failures = 0;
	BfPage	   *page = NULL;

	for (;;)
	{
		make_memory_scarce();
		parse_allocations = failures;
		wanted = names;
		page = try_parse(&plain, "{'Response':{'RequestId':'id-1',"
						 "'Rows':[{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,"
						 "'g':7,'h':8,'i':9}]}}");
		wanted = NULL;
		restore_memory(state);
		if (page != NULL)
			break;
		assert_int_equal(outcome.kind, BF_OUTCOME_NO_MEMORY);
		assert_string_equal(outcome.message, "out of memory");
		assert_string_equal(outcome.request_id, "id-1");
		failures++;
	}
	/* the page, its text, its tree (unless memory is left over), row's names */
	assert_true(failures >= 3);
	bf_page_free(page);
}

/* How a field reads when memory ends after so many allocations. */
static BfField
scarce_field(BfPage *page, const void *object, int kind, int allocations)
{
	BfField		field;

	make_memory_scarce();
	allocations_left = allocations;
	if (kind == 0)
		field = read_member(page, object, "N", false);
	else if (kind == 1)
		field = read_member(page, object, "S", true);
	else if (kind == 2)
		field = read_tags(page, object, "T");
	else if (kind == 3)
		field = read_tag_value(page, object, "T", "k");
	else
		field = read_tags(page, object, "J");
	allocations_left = -1;
	restore_memory(NULL);
	return field;
}

static void
test_fields_out_of_memory(void **state)
{
	BfPage	   *page = parse(&plain, "{'Response':{'Rows':[{'N':[1,{'a':'b'}],"
							 "'S':'text','T':[{'TagKey':'k','TagValue':'v'},"
							 "{'TagKey':'l'}],'J':'{\\'k\\':\\'v\\'}'}]}}");
	BfRow		row = next_row(page);

	(void) state;
	for (int kind = 0; kind < 5; kind++)
	{
		int			failures = 0;
		BfField		field = scarce_field(page, row.item, kind, 0);

		while (field.kind == BF_FIELD_BAD)
		{
			assert_string_equal(field.text, "out of memory");
			field = scarce_field(page, row.item, kind, ++failures);
		}
		assert_int_equal(field.kind,
						 kind == 3 ? BF_FIELD_TEXT : BF_FIELD_NESTED);
		assert_true(failures > 0);
	}
	bf_page_free(page);
}

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

static void
test_free_nothing(void **state)
{
	(void) state;
	bf_page_free(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_body),
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_byte_order_mark),
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_numbers_refused),
		cmocka_unit_test(test_number_length),
		cmocka_unit_test(test_number_out_of_range),
		cmocka_unit_test(test_utf8_accepted),
		cmocka_unit_test(test_utf8_refused),
		cmocka_unit_test(test_utf8_cut_by_the_end),
		cmocka_unit_test(test_utf8_in_names),
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_surrogates),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_depth_of_objects),
		cmocka_unit_test(test_many_siblings_are_not_deep),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_duplicate_names),
		cmocka_unit_test(test_duplicate_names_in_later_rows),
		cmocka_unit_test(test_duplicate_name_is_cut),
		cmocka_unit_test(test_duplicate_among_many),
		cmocka_unit_test(test_response),
		cmocka_unit_test(test_request_id),
		cmocka_unit_test(test_request_id_missing),
		cmocka_unit_test(test_request_id_is_cut),
		cmocka_unit_test(test_request_id_of_failures),
		cmocka_unit_test(test_request_id_of_failures_unusable),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_error_beside_rows),
		cmocka_unit_test(test_error_without_code),
		cmocka_unit_test(test_error_texts_are_cut),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_ready_refused),
		cmocka_unit_test(test_ready_not_documented),
		cmocka_unit_test(test_rows_beside_not_ready),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_total_missing),
		cmocka_unit_test(test_total_refused),
		cmocka_unit_test(test_no_rows),
		cmocka_unit_test(test_rows_refused),
		cmocka_unit_test(test_rows_down_a_path),
		cmocka_unit_test(test_path_ends_early),
		cmocka_unit_test(test_path_refused),
		cmocka_unit_test(test_single_row),
		cmocka_unit_test(test_whole_answer_is_the_row),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_status_of_failures),
		cmocka_unit_test(test_status_refused),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_nested_rows),
		cmocka_unit_test(test_nested_rows_refused),
		cmocka_unit_test(test_rows_have_no_parent),
		cmocka_unit_test(test_member_texts),
		cmocka_unit_test(test_member_numbers),
		cmocka_unit_test(test_member_others),
		cmocka_unit_test(test_member_nested),
		cmocka_unit_test(test_member_nested_twice),
		cmocka_unit_test(test_member_names),
		cmocka_unit_test(test_member_memory),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_tags_missing),
		cmocka_unit_test(test_tags_escaped),
		cmocka_unit_test(test_tags_loose_values),
		cmocka_unit_test(test_tags_refused),
		cmocka_unit_test(test_tags_as_text),
		cmocka_unit_test(test_tags_as_text_refused),
		cmocka_unit_test(test_tag_value_in_text),
		cmocka_unit_test(test_tags_repeated),
		cmocka_unit_test(test_tags_of_two_rows),
		cmocka_unit_test(test_tag_value),
		cmocka_unit_test(test_left_of_answer),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_not_wanted),
		cmocka_unit_test(test_wanted_is_checked),
		cmocka_unit_test(test_wanted_of_wide_rows),
		cmocka_unit_test(test_wanted_and_hash),
		cmocka_unit_test(test_row_hash),
		cmocka_unit_test(test_hash_equal),
		cmocka_unit_test(test_hash_differs),
		cmocka_unit_test(test_hash_of_each_bit),
		cmocka_unit_test(test_hash_without_known_rows),
		cmocka_unit_test(test_hash_of_rows_only),
		cmocka_unit_test(test_row_hash),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_all_examples),
		cmocka_unit_test(test_examples_have_known_pay_modes),
		cmocka_unit_test(test_example_values),
		cmocka_unit_test(test_large_page),
		cmocka_unit_test(test_damage),
		cmocka_unit_test_teardown(test_parse_out_of_memory, restore_memory),
		cmocka_unit_test_teardown(test_fields_out_of_memory, restore_memory),
		cmocka_unit_test_teardown(test_memory_limit, restore_memory),
		cmocka_unit_test(test_hooks_restored),
		cmocka_unit_test(test_two_pages),
		cmocka_unit_test(test_free_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

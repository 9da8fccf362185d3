/*-------------------------------------------------------------------------
 *
 * test_json.c
 *	  Unit tests of api/json.c: which texts are JSON that can be read without
 *	  loss, what is left of an answer of which not all is read, and its hashes.
 *
 * Most of it is seen through bf_page_parse, which is what users call.
 *
 * IDENTIFICATION
 *	  test/unit/test_json.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

#include "api/json.h"

#define NO_JSON	"the answer is no valid JSON"
#define NO_UTF8	"text is not valid UTF-8"

/* ---------- the grammar ---------- */

/* A text need not be an answer. */
static void
test_any_value(void **state)
{
	static const struct
	{
		const char *text;
		const char *problem;	/* or NULL */
	}			cases[] = {
		{"1", NULL}, {" null ", NULL}, {"''", NULL}, {"[]", NULL}, {"{'a':1}", NULL},
		{"{'a':1,'a':2}", NULL},	/* for those who make a tree of it */
		{"", "the answer is empty"}, {" ", NO_JSON}, {"1 2", NO_JSON},
		{"'\xFF'", NO_UTF8},
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		char	   *text = quoted(cases[i].text);
		const char *problem = bf_json_check(text, strlen(text));

		if (cases[i].problem == NULL)
			assert_null(problem);
		else
		{
			assert_non_null(problem);
			assert_string_equal(problem, cases[i].problem);
		}
		free(text);
	}
}

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
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_refused(&plain, wrong[i], NO_JSON);
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

static void
test_numbers_refused(void **state)
{
	static const char *const wrong[] = {
		"01", "-01", "00", "1.", ".5", "-.5", "+1", "-", "1e", "1e+", "1.e3",
		"1.5e", "0x10", "1_0", "--1", "1.2.3", "inf", "nan", "-Infinity",
	};

	(void) state;
	for (size_t i = 0; i < lengthof(wrong); i++)
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

/* ---------- nesting ---------- */

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

/* ---------- texts ---------- */

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
	for (size_t i = 0; i < lengthof(right); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_value_refused(wrong[i],
							 "text holds one half of a surrogate pair");
	assert_value("'\\ud83d\\ude00'", BF_FIELD_TEXT, "\xF0\x9F\x98\x80",
				 BF_FIELD_NESTED, "'\xF0\x9F\x98\x80'");
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
	for (size_t i = 0; i < lengthof(cases); i++)
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

/* The first member of that name, wherever it is, whose text fits. */
static void
test_find_text(void **state)
{
	static const struct
	{
		const char *text;
		const char *value;		/* or NULL */
	}			cases[] = {
		{"{'id':'1234567'", "1234567"}, {"'id' :\n'1'", "1"}, {"'id':''", ""},
		{"'id':5,'id':'a b','id':'12345678','id':'1'", "1"},
		{"'x':'\\'id\\':\\'0\\'','id':'1'", "1"},
		{"", NULL}, {"'id'", NULL}, {"'id':", NULL}, {"'id':'1", NULL},
		{"'id':'12345678'", NULL}, {"'ID':'1'", NULL}, {"'id2':'1'", NULL},
		{"'id':'\\n'", NULL}, {"id:'1'", NULL},
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		char	   *text = quoted(cases[i].text);
		char		value[8] = "before";
		bool		found = bf_json_find_text(text, strlen(text), "id",
											  value, sizeof(value));

		assert_int_equal(found, cases[i].value != NULL);
		assert_string_equal(value, found ? cases[i].value : "before");
		free(text);
	}
}

/* ---------- what is left of an answer ---------- */

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
	for (size_t i = 0; i < lengthof(cases); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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

/* ---------- hashes ---------- */

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
	for (size_t i = 0; i < lengthof(rows); i++)
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
	uint64_t	seen[lengthof(texts)];

	(void) state;
	for (size_t i = 0; i < lengthof(texts); i++)
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_value),
		cmocka_unit_test(test_empty_body),
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_byte_order_mark),
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_numbers_refused),
		cmocka_unit_test(test_number_length),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_depth_of_objects),
		cmocka_unit_test(test_many_siblings_are_not_deep),
		cmocka_unit_test(test_utf8_accepted),
		cmocka_unit_test(test_utf8_refused),
		cmocka_unit_test(test_utf8_cut_by_the_end),
		cmocka_unit_test(test_utf8_in_names),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_surrogates),
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_find_text),
		cmocka_unit_test(test_left_of_answer),
		cmocka_unit_test(test_wanted_is_checked),
		cmocka_unit_test(test_wanted_of_wide_rows),
		cmocka_unit_test(test_hash_equal),
		cmocka_unit_test(test_hash_differs),
		cmocka_unit_test(test_hash_of_each_bit),
		cmocka_unit_test(test_hash_without_known_rows),
		cmocka_unit_test(test_hash_of_rows_only),
		cmocka_unit_test(test_wanted_and_hash),
		cmocka_unit_test(test_row_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*-------------------------------------------------------------------------
 *
 * test_page.c
 *	  Unit tests of api/page.c: the answer as a whole, and its rows.
 *
 * Beside it: test_json.c (the bytes), test_tree.c (what is made of them),
 * test_members.c and test_tags.c (what is read of rows), test_memory.c (when
 * memory ends), test_examples.c (the documented answers).
 *
 * IDENTIFICATION
 *	  test/unit/test_page.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

/* ---------- tables that differ in one thing each ---------- */

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
	for (size_t i = 0; i < lengthof(wrong); i++)
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
	for (size_t i = 0; i < lengthof(answers); i++)
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
	for (size_t i = 0; i < lengthof(answers); i++)
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
	for (size_t i = 0; i < lengthof(answers); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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

/* ---------- the second status ---------- */

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
	for (size_t i = 0; i < lengthof(right); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'RequestId':'r',"
				 "'Code':%s,'State':{'RetCode':%s}}}", wrong[i], wrong[i]);
		assert_refused(&deep, text, "no usable member \"Code\"");
		assert_refused(&inner_status, text, "no usable member \"RetCode\"");
	}
}

/* ---------- Ready, Total, the next page ---------- */

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
	for (size_t i = 0; i < lengthof(cases); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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
	for (size_t i = 0; i < lengthof(cases); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
	{
		snprintf(text, sizeof(text), "{'Response':{'Total':%s,'Rows':[]}}",
				 wrong[i]);
		assert_refused(&paging, text, "no usable member \"Total\"");
		assert_accepted(&plain, text);
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
	for (size_t i = 0; i < lengthof(none); i++)
	{
		page = parse(&token, none[i]);
		assert_null(bf_page_cursor(page));
		bf_page_free(page);
	}
	for (size_t i = 0; i < lengthof(wrong); i++)
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

/* ---------- rows ---------- */

static void
test_no_rows(void **state)
{
	static const char *const answers[] = {
		"{'Response':{}}", "{'Response':{'Rows':null}}",
		"{'Response':{'Rows':[]}}", "{'Response':{'rows':[{}]}}",
	};

	(void) state;
	for (size_t i = 0; i < lengthof(answers); i++)
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
	for (size_t i = 0; i < lengthof(answers); i++)
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
	for (size_t i = 0; i < lengthof(wrong); i++)
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
	for (size_t i = 0; i < lengthof(values); i++)
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
	for (size_t i = 0; i < lengthof(answers); i++)
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
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_status_of_failures),
		cmocka_unit_test(test_status_refused),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_ready_refused),
		cmocka_unit_test(test_ready_not_documented),
		cmocka_unit_test(test_rows_beside_not_ready),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_total_missing),
		cmocka_unit_test(test_total_refused),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_no_rows),
		cmocka_unit_test(test_rows_refused),
		cmocka_unit_test(test_rows_down_a_path),
		cmocka_unit_test(test_path_ends_early),
		cmocka_unit_test(test_path_refused),
		cmocka_unit_test(test_single_row),
		cmocka_unit_test(test_whole_answer_is_the_row),
		cmocka_unit_test(test_nested_rows),
		cmocka_unit_test(test_nested_rows_refused),
		cmocka_unit_test(test_rows_have_no_parent),
		cmocka_unit_test(test_large_page),
		cmocka_unit_test(test_free_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

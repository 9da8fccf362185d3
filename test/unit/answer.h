/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  Answers of the API for the unit tests: written, parsed, and looked at.
 *
 * Answers are written with ' for ", and given to the parser in a block of
 * exactly their length, so that a sanitizer sees every byte read beyond.
 *
 * IDENTIFICATION
 *	  test/unit/answer.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "api/page.h"

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

static const BfTable unnested = {
	.name = "unnested",
	.action = &plain_action,
	.nested = "Parts",
};

/* ---------- parsing ---------- */

/* Of the answer parsed last. */
static BfOutcome outcome;

/* Members that the next pages are read for; NULL = all. */
static const char *const *wanted;

static const char *const a_and_b[] = {"a", "b", NULL};
static const char *const none[] = {NULL};

/* An outcome of which nothing is set but what parsing leaves alone. */
static inline void
prepare_outcome(void)
{
	memset(&outcome, 'x', sizeof(outcome));
	outcome.http_status = 200;
	outcome.server_time = 1234567890;
}

static inline void
check_outcome(const BfPage *page)
{
	assert_int_equal(outcome.http_status, 200);
	assert_int_equal(outcome.server_time, 1234567890);
	assert_true((page != NULL) == (outcome.kind == BF_OUTCOME_OK));
}

/* Parse bytes that stand alone in memory. */
static inline BfPage *
parse_bytes(const BfTable *table, const char *bytes, size_t length)
{
	char	   *body = malloc(length > 0 ? length : 1);
	BfPage	   *page;

	assert_non_null(body);
	memcpy(body, bytes, length);
	prepare_outcome();
	page = bf_page_parse(body, length, table, wanted, &outcome);
	memset(body, 'x', length);
	free(body);
	check_outcome(page);
	return page;
}

/* With a RequestId, which every answer needs, unless it says something of it. */
static inline BfPage *
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

static inline BfPage *
parse(const BfTable *table, const char *text)
{
	BfPage	   *page = try_parse(table, text);

	if (page == NULL)
		fail_msg("%s: %s", text, outcome.message);
	assert_string_equal(outcome.code, "");
	assert_string_equal(outcome.message, "");
	return page;
}

/* The same for one value, as member X of a row. */
static inline BfPage *
parse_value(const char *value)
{
	char		text[4096];

	snprintf(text, sizeof(text),
			 "{'Response':{'RequestId':'id-1','Rows':[{'X':%s}]}}", value);
	return parse(&plain, text);
}

/* ---------- assertions ---------- */

static inline void
assert_accepted(const BfTable *table, const char *text)
{
	bf_page_free(parse(table, text));
}

static inline void
assert_refused_bytes(const BfTable *table, const char *bytes, size_t length,
					 const char *message)
{
	assert_null(parse_bytes(table, bytes, length));
	assert_int_equal(outcome.kind, BF_OUTCOME_UNREADABLE);
	assert_string_equal(outcome.code, "");
	assert_string_equal(outcome.message, message);
}

static inline void
assert_refused(const BfTable *table, const char *text, const char *message)
{
	char	   *copy = quoted(text);

	assert_refused_bytes(table, copy, strlen(copy), message);
	free(copy);
}

static inline void
assert_value_refused(const char *value, const char *message)
{
	char		text[4096];

	snprintf(text, sizeof(text),
			 "{'Response':{'RequestId':'id-1','Rows':[{'X':%s}]}}", value);
	assert_refused(&plain, text, message);
	assert_string_equal(outcome.request_id, "id-1");
}

/* ---------- reading ---------- */

/* Read a member that has not been read before. */
static inline BfField
read_member(BfPage *page, const void *object, const char *name, bool as_json)
{
	BfMember	member = {.name = name};

	return bf_page_member(page, object, &member, as_json);
}

static inline BfField
read_tags(BfPage *page, const void *object, const char *name)
{
	BfMember	member = {.name = name};

	return bf_page_tags(page, object, &member);
}

static inline BfField
read_tag_value(BfPage *page, const void *object, const char *name,
			   const char *key)
{
	BfMember	member = {.name = name};

	return bf_page_tag_value(page, object, &member, key);
}

static inline BfRow
next_row(BfPage *page)
{
	BfRow		row;

	assert_true(bf_page_next(page, &row));
	assert_non_null(row.item);
	return row;
}

static inline int
count_rows(BfPage *page)
{
	BfRow		row;
	int			count = 0;

	while (bf_page_next(page, &row))
		count++;
	assert_false(bf_page_next(page, &row));
	return count;
}

static inline void
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
static inline void
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

#endif							/* ANSWER_H */

/*-------------------------------------------------------------------------
 *
 * test_outcome.c
 *	  Unit tests of api/outcome.c.
 *
 * IDENTIFICATION
 *	  test/unit/test_outcome.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include "api/outcome.h"

/* Texts are cut between characters: a euro sign has three bytes. */
static void
test_clip(void **state)
{
	static const struct
	{
		const char *text;
		size_t		max;
		size_t		length;
	}			cases[] = {
		{"", 0, 0},
		{"abc", 0, 0},
		{"abc", 2, 2},
		{"abc", 3, 3},
		{"abc", 9, 3},
		{"a\xE2\x82\xAC", 3, 1},
		{"a\xE2\x82\xAC", 2, 1},
		{"a\xE2\x82\xAC", 4, 4},
		{"\xE2\x82\xAC", 2, 0},
		{"\xE2\x82\xAC\xC3\xA4", 4, 3},
		/* no character begins here */
		{"\x82\xAC\x82", 2, 0},
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
		assert_int_equal(bf_outcome_clip(cases[i].text, cases[i].max),
						 cases[i].length);
}

/* A copy is whole characters and a NUL, whatever the room. */
static void
test_copy(void **state)
{
	char		room[8];

	(void) state;
	memset(room, 'x', sizeof(room));
	bf_outcome_copy(room, 5, "ab\xE2\x82\xAC");
	assert_string_equal(room, "ab");
	assert_int_equal(room[5], 'x');
	bf_outcome_copy(room, 6, "ab\xE2\x82\xAC");
	assert_string_equal(room, "ab\xE2\x82\xAC");
	assert_int_equal(room[6], 'x');
	bf_outcome_copy(room, 1, "ab");
	assert_string_equal(room, "");
}

/* The kind and the words are noted, the rest of an outcome is left alone. */
static void
test_fail(void **state)
{
	BfOutcome	outcome = {.http_status = 503,.request_id = "r-1"};
	char		text[2 * BF_OUTCOME_MESSAGE_MAX];

	(void) state;
	assert_false(bf_outcome_fail(&outcome, BF_OUTCOME_NETWORK, "%s %d", "a", 7));
	assert_int_equal(outcome.kind, BF_OUTCOME_NETWORK);
	assert_string_equal(outcome.message, "a 7");
	assert_int_equal(outcome.http_status, 503);
	assert_string_equal(outcome.request_id, "r-1");

	memset(text, 'm', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(bf_outcome_fail(&outcome, BF_OUTCOME_UNREADABLE, "%s", text));
	assert_int_equal(strlen(outcome.message), BF_OUTCOME_MESSAGE_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*-------------------------------------------------------------------------
 *
 * test_memory.c
 *	  Unit tests of reading an answer when memory ends: each allocation fails
 *	  once.
 *
 * IDENTIFICATION
 *	  test/unit/test_memory.c
 *
 *-------------------------------------------------------------------------
 */
#include "answer.h"

#include <cjson/cJSON.h>

/* Allocations that succeed before all others fail; -1 = all do. */
static int	allocations_left = -1;

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
make_memory_scarce(int allocations)
{
	cJSON_Hooks hooks = {__wrap_malloc, free};

	cJSON_InitHooks(&hooks);
	allocations_left = allocations;
}

static int
restore_memory(void **state)
{
	(void) state;
	allocations_left = -1;
	cJSON_InitHooks(NULL);
	return 0;
}

static void
test_parse_out_of_memory(void **state)
{
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "g", "h", "i", NULL
	};
	char	   *body = quoted("{'Response':{'RequestId':'id-1',"
							  "'Rows':[{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,"
							  "'g':7,'h':8,'i':9}]}}");
	int			failures = 0;
	BfPage	   *page;

	for (;;)
	{
		prepare_outcome();
		make_memory_scarce(failures);
		page = bf_page_parse(body, strlen(body), &plain, names, &outcome);
		restore_memory(state);
		check_outcome(page);
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
	free(body);
}

static BfField
read_plain(BfPage *page, const void *object, const char *name)
{
	return read_member(page, object, name, false);
}

static BfField
read_as_json(BfPage *page, const void *object, const char *name)
{
	return read_member(page, object, name, true);
}

static BfField
read_value_of_k(BfPage *page, const void *object, const char *name)
{
	return read_tag_value(page, object, name, "k");
}

/* All that takes memory: a text as it is does not. */
static void
test_fields_out_of_memory(void **state)
{
	static const struct
	{
		const char *name;
		BfField		(*read) (BfPage *page, const void *object, const char *name);
		BfFieldKind kind;
	}			cases[] = {
		{"N", read_plain, BF_FIELD_NESTED},
		{"S", read_as_json, BF_FIELD_NESTED},
		{"T", read_tags, BF_FIELD_NESTED},
		{"J", read_tags, BF_FIELD_NESTED},
		{"T", read_value_of_k, BF_FIELD_TEXT},
	};
	BfPage	   *page = parse(&plain, "{'Response':{'Rows':[{'N':[1,{'a':'b'}],"
							 "'S':'text','T':[{'TagKey':'k','TagValue':'v'},"
							 "{'TagKey':'l'}],'J':'{\\'k\\':\\'v\\'}'}]}}");
	BfRow		row = next_row(page);

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		int			failures = 0;
		BfField		field;

		for (;;)
		{
			make_memory_scarce(failures);
			field = cases[i].read(page, row.item, cases[i].name);
			restore_memory(state);
			if (field.kind != BF_FIELD_BAD)
				break;
			assert_string_equal(field.text, "out of memory");
			failures++;
		}
		assert_int_equal(field.kind, cases[i].kind);
		assert_true(failures > 0);
	}
	bf_page_free(page);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_parse_out_of_memory, restore_memory),
		cmocka_unit_test_teardown(test_fields_out_of_memory, restore_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

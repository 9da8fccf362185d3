/*-------------------------------------------------------------------------
 *
 * test_arena.c
 *	  Unit tests of api/arena.c.
 *
 * IDENTIFICATION
 *	  test/unit/test_arena.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "api/arena.h"

#define PIECES 2000

/* Pieces are aligned, do not overlap, and keep what is written to them. */
static void
test_pieces(void **state)
{
	BfArena		arena;
	unsigned char *pieces[PIECES];
	size_t		sizes[PIECES];

	(void) state;
	for (int round = 0; round < 3; round++)
	{
		bf_arena_init(&arena, 1024, SIZE_MAX);
		for (size_t i = 0; i < PIECES; i++)
		{
			sizes[i] = i % 500 == 0 ? i * 10 : i * 7 % 100;
			pieces[i] = bf_arena_alloc(&arena, sizes[i]);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t) pieces[i] % 16, 0);
			memset(pieces[i], (int) i, sizes[i]);
		}
		for (size_t i = 0; i < PIECES; i++)
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(pieces[i][j], i & 0xFF);
		bf_arena_free(&arena);
	}
}

/* How many pieces of a size there are before the limit. */
static int
count_pieces(size_t block_size, size_t limit, size_t size)
{
	BfArena		arena;
	int			count = 0;

	bf_arena_init(&arena, block_size, limit);
	while (bf_arena_alloc(&arena, size) != NULL)
		count++;
	assert_null(bf_arena_alloc(&arena, size));
	bf_arena_free(&arena);
	return count;
}

static void
test_limit(void **state)
{
	(void) state;
	/* one block and its head; two of them; the second one cut short */
	assert_int_equal(count_pieces(1024, 1024, 16), 63);
	assert_int_equal(count_pieces(1024, 3072, 16), 63 + 127);
	assert_int_equal(count_pieces(1024, 2048, 16), 63 + 63);
	assert_int_equal(count_pieces(1024, 1040, 16), 63);
	assert_int_equal(count_pieces(1024, 1056, 16), 64);
	/* a block that another arena used is no larger than one's own */
	assert_int_equal(count_pieces(65536, 65536, 16), 4095);
	assert_int_equal(count_pieces(1024, 1024, 16), 63);
	/* pieces larger than a block, and than all there may be */
	assert_int_equal(count_pieces(1024, 4096, 2000), 2);
	assert_int_equal(count_pieces(1024, 4096, 4080), 1);
	assert_int_equal(count_pieces(1024, 4096, 4081), 0);
	assert_int_equal(count_pieces(0, 0, 0), 0);
}

/* A piece that is refused does not spoil the rest. */
static void
test_refused(void **state)
{
	BfArena		arena;

	(void) state;
	bf_arena_init(&arena, 1024, 1024);
	assert_non_null(bf_arena_alloc(&arena, 100));
	assert_null(bf_arena_alloc(&arena, 1000));
	assert_null(bf_arena_alloc(&arena, SIZE_MAX));
	assert_null(bf_arena_alloc(&arena, SIZE_MAX / 2));
	assert_non_null(bf_arena_alloc(&arena, 100));
	bf_arena_free(&arena);
	bf_arena_free(&arena);
	assert_null(bf_arena_alloc(&arena, 1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

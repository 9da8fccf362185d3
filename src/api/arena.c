/*-------------------------------------------------------------------------
 *
 * arena.c
 *	  Memory that is given out in small pieces and freed as a whole.
 *
 * IDENTIFICATION
 *	  src/api/arena.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Pieces start at multiples of this, which suits every type. */
#define ALIGNMENT		16

/*
 * The largest block that is kept when it is freed, for the next arena: that of
 * a page of a thousand long rows.  A scan reads page after page; were the
 * memory given back to the system each time, asking for it and having it
 * zeroed again would cost as much as reading the page.
 */
#define MAX_KEPT_SIZE	((size_t) 8 * 1024 * 1024)

/* A block; what is given out follows. */
typedef struct BfArenaBlock
{
	struct BfArenaBlock *older;
	size_t		size;			/* of the whole block */
} BfArenaBlock;

#define HEAD_SIZE \
	((sizeof(BfArenaBlock) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

/* One block that no arena uses, or NULL. */
static BfArenaBlock *kept = NULL;

/*
 * Prepares an arena whose blocks have "block_size" bytes, each further one
 * the double, and "limit" bytes at most together.  Takes no memory yet.
 */
void
bf_arena_init(BfArena *arena, size_t block_size, size_t limit)
{
	memset(arena, 0, sizeof(*arena));
	arena->block_size = block_size;
	arena->allowed = limit;
}

/* A block of at least this size: the one that was kept, or a new one. */
static BfArenaBlock *
get_block(size_t size)
{
	BfArenaBlock *block = kept;

	if (block != NULL && block->size >= size)
	{
		kept = NULL;
		return block;
	}
	block = malloc(size);
	if (block != NULL)
		block->size = size;
	return block;
}

/* Begin a new block that has room for a piece. */
static bool
add_block(BfArena *arena, size_t piece)
{
	size_t		size = arena->block_size;
	BfArenaBlock *block;

	if (size < piece + HEAD_SIZE)
		size = piece + HEAD_SIZE;
	if (size > arena->allowed)
		size = arena->allowed;	/* the last one */
	if (size < piece + HEAD_SIZE)
		return false;
	block = get_block(size);
	if (block == NULL)
		return false;

	/* What a kept block has beyond "size" is there anyway, but not counted. */
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = (char *) block + HEAD_SIZE;
	arena->left = size - HEAD_SIZE;
	arena->allowed -= size;
	arena->block_size *= 2;
	return true;
}

/*
 * A piece of memory, aligned for every type, valid until the arena is freed;
 * NULL when memory is lacking or the limit is reached.
 */
void *
bf_arena_alloc(BfArena *arena, size_t size)
{
	void	   *piece;

	if (size > SIZE_MAX / 2)
		return NULL;			/* the sums here would overflow */
	if (size == 0)
		size = 1;				/* no two pieces are the same */
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (size > arena->left && !add_block(arena, size))
		return NULL;
	piece = arena->next;
	arena->next += size;
	arena->left -= size;
	return piece;
}

/*
 * Frees all pieces.  The arena can take no more, but may be freed again.
 */
void
bf_arena_free(BfArena *arena)
{
	BfArenaBlock *block = arena->blocks;

	while (block != NULL)
	{
		BfArenaBlock *older = block->older;

		/* the larger of the two is kept */
		if (block->size <= MAX_KEPT_SIZE &&
			(kept == NULL || kept->size < block->size))
		{
			free(kept);
			kept = block;
		}
		else
			free(block);
		block = older;
	}
	memset(arena, 0, sizeof(*arena));
}

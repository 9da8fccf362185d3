/*-------------------------------------------------------------------------
 *
 * arena.h
 *	  Memory that is given out in small pieces and freed as a whole.
 *
 * IDENTIFICATION
 *	  src/api/arena.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_ARENA_H
#define BF_ARENA_H

#include <stddef.h>

/* Memory of one owner; in place, not to be copied. */
typedef struct BfArena
{
	struct BfArenaBlock *blocks;	/* the newest first */
	char	   *next;			/* free space of the newest block */
	size_t		left;
	size_t		block_size;		/* of the next block */
	size_t		allowed;		/* bytes that further blocks may have */
} BfArena;

extern void bf_arena_init(BfArena *arena, size_t block_size, size_t limit);
extern void *bf_arena_alloc(BfArena *arena, size_t size);
extern void bf_arena_free(BfArena *arena);

#endif							/* BF_ARENA_H */

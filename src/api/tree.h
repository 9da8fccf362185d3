/*-------------------------------------------------------------------------
 *
 * tree.h
 *	  The tree that cJSON makes of an answer: its memory and its soundness.
 *
 * Items are cJSON's, known as such to those files alone that include its
 * header.
 *
 * IDENTIFICATION
 *	  src/api/tree.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_TREE_H
#define BF_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "api/arena.h"

typedef struct BfTree
{
	BfArena		arena;			/* holds the items, if BF_TREE_ARENA */
	void	   *root;			/* item of the whole text; NULL = no tree */
} BfTree;

/* What is wrong with a tree. */
typedef enum BfTreeFlaw
{
	BF_TREE_SOUND,
	BF_TREE_DUPLICATE,			/* a name occurs twice in an object */
	BF_TREE_RANGE,				/* a number is out of range */
	BF_TREE_NO_MEMORY			/* could not be found out */
} BfTreeFlaw;

/*
 * cJSON_String and its like, of an item: the library's own tests are calls,
 * and there would be millions of them.
 */
#define BF_TREE_KIND(item)	((item)->type & 0xFF)

/*
 * Member of an object in an array that says, once the tree has been checked:
 * has it the same member names in the same order as the one before it?  cJSON
 * uses it for numbers only.
 */
#define BF_TREE_SAME_NAMES	valueint

extern bool bf_tree_make(BfTree *tree, const char *text, size_t length);
extern void bf_tree_free(BfTree *tree);
extern const void *bf_tree_member(const void *object, const char *name);
extern void bf_tree_mark(const void *array);
extern BfTreeFlaw bf_tree_check(BfTree *tree, const char **duplicate);
extern BfTreeFlaw bf_tree_check_names(const void *object,
									  const char **duplicate);

#endif							/* BF_TREE_H */

/*-------------------------------------------------------------------------
 *
 * tree.c
 *	  The tree that cJSON makes of an answer: its memory and its soundness.
 *
 * IDENTIFICATION
 *	  src/api/tree.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/tree.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

/*
 * Where the items are made: with one malloc per value and text it costs five
 * times as much as in an arena.  Under a sanitizer each keeps its own memory,
 * so that no use of what is gone or does not exist is hidden.
 */
#ifndef BF_TREE_ARENA
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define BF_TREE_ARENA		0
#else
#define BF_TREE_ARENA		1
#endif
#endif

/*
 * Sizes of an arena, in bytes per byte of the answer, which option
 * "max_response_size" limits.  The documented answers take less than 4, so
 * they need one block.  Some text of brackets and commas would take 32; what
 * takes more than the limit is no bill, and is refused as out of memory.
 * Answers are counted in units, so that the blocks of similar ones are equal.
 */
#define ARENA_USUAL			4
#define ARENA_LIMIT			16
#define ARENA_UNIT			((size_t) 64 * 1024)

/* So many names are compared in pairs, more of them sorted. */
#define FEW_NAMES			8

/* ---------- memory ---------- */

#if BF_TREE_ARENA

/* That of the tree being made: cJSON's hooks take no argument. */
static BfArena *current_arena;

static void *
take_from_arena(size_t size)
{
	return bf_arena_alloc(current_arena, size);
}

/* The arena is freed as a whole. */
static void
leave_in_arena(void *piece)
{
	(void) piece;
}

/*
 * Makes the tree of a text that is known to be JSON; false when out of
 * memory.  "tree" must be all zero, and be freed by the caller in any case.
 *
 * The hooks belong to all who use cJSON in this process, and cannot be asked
 * for: they are ours during this one call only, and then the library's own
 * again.
 */
bool
bf_tree_make(BfTree *tree, const char *text, size_t length)
{
	cJSON_Hooks hooks = {take_from_arena, leave_in_arena};
	size_t		units = length / ARENA_UNIT + 1;

	/* Even the longest answer allowed, 1 GB, leads to no overflow ... */
	if (units > SIZE_MAX / ARENA_UNIT / ARENA_LIMIT)
		return false;			/* ... but on a machine of 32 bits */
	bf_arena_init(&tree->arena, units * ARENA_USUAL * ARENA_UNIT,
				  units * ARENA_LIMIT * ARENA_UNIT);
	current_arena = &tree->arena;
	cJSON_InitHooks(&hooks);
	tree->root = cJSON_ParseWithLength(text, length);
	cJSON_InitHooks(NULL);
	current_arena = NULL;
	return tree->root != NULL;
}

/*
 * Frees all items.
 */
void
bf_tree_free(BfTree *tree)
{
	bf_arena_free(&tree->arena);
	tree->root = NULL;
}

#else

bool
bf_tree_make(BfTree *tree, const char *text, size_t length)
{
	tree->root = cJSON_ParseWithLength(text, length);
	return tree->root != NULL;
}

void
bf_tree_free(BfTree *tree)
{
	cJSON_Delete(tree->root);
	tree->root = NULL;
}

#endif

/* ---------- look-up ---------- */

/*
 * The first member of this name, or NULL; also for what is no object.
 */
const void *
bf_tree_member(const void *object, const char *name)
{
	const cJSON *around = object;
	const cJSON *item = around ? around->child : NULL;

	while (item != NULL &&
		   (item->string == NULL || strcmp(item->string, name) != 0))
		item = item->next;
	return item;
}

/* ---------- soundness ---------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The first name that equals one before it, or NULL; for few names. */
static const char *
find_among_few(const cJSON *object)
{
	const cJSON *first = object->child;

	for (const cJSON *item = first; item; item = item->next)
		for (const cJSON *other = first; other != item; other = other->next)
			if (strcmp(item->string, other->string) == 0)
				return item->string;
	return NULL;
}

/*
 * Looks for a name that occurs twice in one object, and stores it.  Many are
 * sorted for it: a hostile answer can slow down neither that nor, by
 * collisions, a hash table.
 */
BfTreeFlaw
bf_tree_check_names(const void *object, const char **duplicate)
{
	const cJSON *first = ((const cJSON *) object)->child;
	const char **names;
	size_t		count = 0;

	*duplicate = NULL;
	for (const cJSON *item = first; item; item = item->next)
		count++;
	if (count <= FEW_NAMES)
	{
		*duplicate = find_among_few(object);
		return *duplicate ? BF_TREE_DUPLICATE : BF_TREE_SOUND;
	}
	names = malloc(count * sizeof(*names));
	if (names == NULL)
		return BF_TREE_NO_MEMORY;
	count = 0;
	for (const cJSON *item = first; item; item = item->next)
		names[count++] = item->string;
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count && *duplicate == NULL; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			*duplicate = names[i];
	free(names);
	return *duplicate ? BF_TREE_DUPLICATE : BF_TREE_SOUND;
}

/* Do two objects have the same member names in the same order? */
static bool
same_names(const cJSON *a, const cJSON *b)
{
	if (BF_TREE_KIND(b) != cJSON_Object)
		return false;
	for (a = a->child, b = b->child; a && b; a = a->next, b = b->next)
		if (strcmp(a->string, b->string) != 0)
			return false;
	return a == b;
}

/*
 * Notes of objects in an array what is known already: all of them have the
 * names of the first one, in its order.  What is no array has none.
 */
void
bf_tree_mark(const void *array)
{
	const cJSON *rows = array;
	cJSON	   *first = rows != NULL && BF_TREE_KIND(rows) == cJSON_Array ?
		rows->child : NULL;

	for (cJSON *row = first; row; row = row->next)
		row->BF_TREE_SAME_NAMES = BF_TREE_KIND(row) == cJSON_Object && row != first;
}

/*
 * Check an item and all below it.  "checked" is the item before it in the
 * same array, or NULL: an object of the same shape as the one before needs no
 * look at its names, and is marked, unless bf_tree_mark has done it.
 */
static BfTreeFlaw
check_item(cJSON *item, const cJSON *checked, const char **duplicate)
{
	bool		array = BF_TREE_KIND(item) == cJSON_Array;
	BfTreeFlaw	flaw = BF_TREE_SOUND;
	const cJSON *before = NULL;

	if (BF_TREE_KIND(item) == cJSON_Number && !isfinite(item->valuedouble))
		return BF_TREE_RANGE;
	if (BF_TREE_KIND(item) == cJSON_Object)
	{
		if (!item->BF_TREE_SAME_NAMES)
			item->BF_TREE_SAME_NAMES = checked != NULL &&
				same_names(item, checked);
		if (!item->BF_TREE_SAME_NAMES)
			flaw = bf_tree_check_names(item, duplicate);
	}
	for (cJSON *child = item->child; child && flaw == BF_TREE_SOUND; child = child->next)
	{
		if (BF_TREE_KIND(child) == cJSON_String)
			continue;			/* most are */
		flaw = check_item(child, before, duplicate);
		if (array)
			before = child;
	}
	return flaw;
}

/*
 * Checks what the text's grammar leaves open: that no object has a name twice,
 * which is stored then, and that no number is out of range.
 */
BfTreeFlaw
bf_tree_check(BfTree *tree, const char **duplicate)
{
	return check_item(tree->root, NULL, duplicate);
}

/*-------------------------------------------------------------------------
 *
 * mutate.h
 *	  Changes of JSON texts that leave them JSON: after a change of bytes one
 *	  answer in twenty gets past the parser, after these most do.
 *
 * IDENTIFICATION
 *	  test/fuzz/mutate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <math.h>

#include <cjson/cJSON.h>

#include "fuzz.h"

#define MUTATE_ITEMS	256		/* items that a change looks at */
#define MUTATE_TEXT		256		/* longest text made by a change, bytes */

/* libFuzzer calls the first, if there is one, and has the second. */
extern size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
									  size_t max_size, unsigned int seed);
extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
			__attribute__((weak));

typedef struct MutateTree
{
	cJSON	   *root;
	cJSON	   *items[MUTATE_ITEMS];	/* the root is the first */
	unsigned int count;
	uint64_t	random;
} MutateTree;

/* A number below the bound. */
static inline unsigned int
mutate_random(MutateTree *tree, unsigned int bound)
{
	tree->random = tree->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned int) (tree->random >> 33) % bound;
}

static inline void
mutate_collect(MutateTree *tree, cJSON *item)
{
	if (tree->count < MUTATE_ITEMS)
		tree->items[tree->count++] = item;
	for (cJSON *child = item->child; child; child = child->next)
		mutate_collect(tree, child);
}

static inline cJSON *
mutate_choose(MutateTree *tree)
{
	return tree->items[mutate_random(tree, tree->count)];
}

/* Give an item, which stays where it is, the value of another, which goes. */
static inline void
mutate_become(cJSON *item, cJSON *other)
{
	cJSON		old = *item;
	char	   *name = other->string;

	*item = *other;
	item->next = old.next;
	item->prev = old.prev;
	item->string = old.string;
	*other = old;
	other->next = NULL;
	other->prev = NULL;
	other->string = name;
	cJSON_Delete(other);
}

/* A value that means something to someone. */
static inline cJSON *
mutate_value(MutateTree *tree)
{
	static const char *const values[] = {
		"null", "true", "false", "0", "1", "-1", "-0", "2", "0.1", "-0.5",
		"1e22", "1e-50", "1e70", "1e999", "123456.789", "9007199254740993",
		"0.30000000000000004", "\"\"", "\"0\"", "\"1\"", "\"-\"", "\"tag\"",
		"\"1.5\"", "\"project\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"",
		"\"a\\\"b\\\\\"", "\"9223372036854775808\"", "[]", "{}", "[{}]", "[[]]",
		"[{\"TagKey\":\"project\",\"TagValue\":\"a\"},{\"TagKey\":1}]",
	};
	unsigned int count = sizeof(values) / sizeof(values[0]);

	return cJSON_CreateRaw(values[mutate_random(tree, count)]);
}

/* A text or number with changed bytes. */
static inline cJSON *
mutate_scalar(const cJSON *item)
{
	uint8_t		bytes[MUTATE_TEXT] = {0};
	size_t		len;
	double		number = item->valuedouble;

	if (cJSON_IsString(item))
	{
		len = strnlen(item->valuestring, MUTATE_TEXT / 2);
		memcpy(bytes, item->valuestring, len);
		bytes[LLVMFuzzerMutate(bytes, len, MUTATE_TEXT - 1)] = 0;
		return cJSON_CreateString((char *) bytes);
	}
	LLVMFuzzerMutate((uint8_t *) &number, sizeof(number), sizeof(number));
	return cJSON_CreateNumber(isfinite(number) ? number : 0);
}

/* Give the name of one member to another, so that names occur twice. */
static inline void
mutate_name(cJSON *item, const cJSON *other)
{
	if (item->string == NULL || other->string == NULL || item == other)
		return;
	cJSON_free(item->string);
	item->string = cJSON_malloc(strlen(other->string) + 1);
	REQUIRE(item->string != NULL);
	strcpy(item->string, other->string);
}

/* Add a copy of another item, if the first can have it. */
static inline void
mutate_add(cJSON *item, const cJSON *other)
{
	cJSON	   *copy = cJSON_Duplicate(other, 1);

	if (!(cJSON_IsArray(item) && cJSON_AddItemToArray(item, copy)) &&
		!(cJSON_IsObject(item) && other->string != NULL &&
		  cJSON_GetObjectItemCaseSensitive(item, other->string) == NULL &&
		  cJSON_AddItemToObject(item, other->string, copy)))
		cJSON_Delete(copy);
}

static inline void
mutate_once(MutateTree *tree)
{
	cJSON	   *item = mutate_choose(tree);
	cJSON	   *other = mutate_choose(tree);

	/* a name that occurs twice spoils the whole answer: rarely */
	switch (mutate_random(tree, 16))
	{
		case 0:
			mutate_name(item, other);
			break;
		case 1:
			if (item->child != NULL)
				cJSON_Delete(cJSON_DetachItemViaPointer(item, item->child));
			break;
		case 2:
		case 3:
		case 4:
			mutate_add(item, other);
			break;
		case 5:
		case 6:
			mutate_become(item, cJSON_Duplicate(other, 1));
			break;
		case 7:
		case 8:
		case 9:
		case 10:
			mutate_become(item, mutate_value(tree));
			break;
		default:
			mutate_become(item, mutate_scalar(item));
			break;
	}
}

/* Changes the tree; one time in eight, and where there is none, the bytes. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
						unsigned int seed)
{
	static MutateTree tree;
	char	   *text;
	size_t		len;

	tree.random = seed;
	tree.root = mutate_random(&tree, 8) == 0 ? NULL :
		cJSON_ParseWithLength((char *) data, size);
	if (tree.root == NULL)
		return LLVMFuzzerMutate(data, size, max_size);

	tree.count = 0;
	mutate_collect(&tree, tree.root);
	mutate_once(&tree);
	text = cJSON_PrintUnformatted(tree.root);
	cJSON_Delete(tree.root);
	REQUIRE(text != NULL);
	len = strlen(text);
	if (len > max_size)
		len = max_size;
	memcpy(data, text, len);
	cJSON_free(text);
	return len;
}

#endif							/* MUTATE_H */

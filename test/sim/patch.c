/*-------------------------------------------------------------------------
 *
 * patch.c
 *	  JSON patches (RFC 6902).
 *
 * cJSON has them in a second library, which Debian does not package.
 *
 * IDENTIFICATION
 *	  test/sim/patch.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "patch.h"
#include "util.h"

/* The first token of a pointer, unescaped (~1 is a slash, ~0 a tilde). */
static char *
token_of(const char *pointer, size_t len)
{
	char	   *token = sim_alloc(len + 1);
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
	{
		if (pointer[i] == '~' && i + 1 < len)
			token[n++] = pointer[++i] == '1' ? '/' : '~';
		else
			token[n++] = pointer[i];
	}
	return token;
}

/* The index that a token means, -1 when it is none. */
static int
index_of(const char *token)
{
	size_t		len = strlen(token);

	if (len == 0 || len > 9 || strspn(token, "0123456789") != len ||
		(len > 1 && *token == '0'))
		return -1;
	return atoi(token);
}

static cJSON *
child_of(const cJSON *parent, const char *token)
{
	if (cJSON_IsArray(parent))
		return index_of(token) < 0 ? NULL :
			cJSON_GetArrayItem(parent, index_of(token));
	return cJSON_IsObject(parent) ? sim_json_get(parent, token) : NULL;
}

/*
 * What a pointer other than "" points into: the parent, and the last token
 * (owned by the caller) in it.  NULL when there is no such parent.
 */
static cJSON *
parent_of(cJSON *root, const char *pointer, char **last)
{
	cJSON	   *node = root;

	*last = NULL;
	if (pointer == NULL || *pointer != '/')
		return NULL;
	for (;;)
	{
		size_t		len = strcspn(++pointer, "/");
		char	   *token = token_of(pointer, len);

		pointer += len;
		if (*pointer == '\0')
		{
			*last = token;
			return node;
		}
		node = child_of(node, token);
		free(token);
		if (node == NULL)
			return NULL;
	}
}

/* A copy of the value at a pointer, NULL when there is none. */
static cJSON *
copy_at(cJSON *root, const char *pointer)
{
	char	   *last;
	cJSON	   *parent;
	cJSON	   *found;

	if (pointer != NULL && *pointer == '\0')
		return cJSON_Duplicate(root, true);
	parent = parent_of(root, pointer, &last);
	found = parent && last ? child_of(parent, last) : NULL;
	free(last);
	return found ? cJSON_Duplicate(found, true) : NULL;
}

static bool
remove_at(cJSON *root, const char *pointer)
{
	char	   *last;
	cJSON	   *parent = parent_of(root, pointer, &last);
	cJSON	   *found = parent && last ? child_of(parent, last) : NULL;

	if (found != NULL)
		cJSON_Delete(cJSON_DetachItemViaPointer(parent, found));
	free(last);
	return found != NULL;
}

/* Takes the value. */
static bool
add_at(cJSON **root, const char *pointer, cJSON *value)
{
	char	   *last = NULL;
	cJSON	   *parent;
	bool		fine = false;

	if (value != NULL && pointer != NULL && *pointer == '\0')
	{
		cJSON_Delete(*root);
		*root = value;
		return true;
	}
	parent = value ? parent_of(*root, pointer, &last) : NULL;
	if (parent == NULL || last == NULL)
		fine = false;
	else if (cJSON_IsArray(parent) && strcmp(last, "-") == 0)
		fine = cJSON_AddItemToArray(parent, value);
	else if (cJSON_IsArray(parent) && index_of(last) >= 0 &&
			 index_of(last) <= cJSON_GetArraySize(parent))
		fine = cJSON_InsertItemInArray(parent, index_of(last), value);
	else if (cJSON_IsObject(parent))
	{
		cJSON_DeleteItemFromObjectCaseSensitive(parent, last);
		fine = cJSON_AddItemToObject(parent, last, value);
	}
	free(last);
	if (!fine)
		cJSON_Delete(value);
	return fine;
}

/* In its place, so that the members keep their order.  Takes the value. */
static bool
replace_at(cJSON **root, const char *pointer, cJSON *value)
{
	char	   *last;
	cJSON	   *parent;
	cJSON	   *found;
	bool		fine = false;

	if (pointer != NULL && *pointer == '\0')
		return add_at(root, pointer, value);
	parent = parent_of(*root, pointer, &last);
	found = parent && last ? child_of(parent, last) : NULL;
	if (found != NULL && value != NULL)
	{
		if (cJSON_IsObject(parent))
			fine = cJSON_ReplaceItemInObjectCaseSensitive(parent, last,
														  value);
		else
			fine = cJSON_ReplaceItemViaPointer(parent, found, value);
	}
	free(last);
	if (!fine)
		cJSON_Delete(value);
	return fine;
}

static bool
apply_one(cJSON **root, const cJSON *operation)
{
	const char *op = sim_json_text(operation, "op");
	const char *path = sim_json_text(operation, "path");
	const char *from = sim_json_text(operation, "from");
	const cJSON *value = sim_json_get(operation, "value");
	cJSON	   *copy;
	bool		fine;

	if (op == NULL || path == NULL)
		return false;
	if (strcmp(op, "remove") == 0)
		return remove_at(*root, path);
	if (strcmp(op, "add") == 0)
		return add_at(root, path, cJSON_Duplicate(value, true));
	if (strcmp(op, "replace") == 0)
		return replace_at(root, path, cJSON_Duplicate(value, true));
	if (strcmp(op, "test") == 0)
	{
		copy = copy_at(*root, path);
		fine = copy != NULL && cJSON_Compare(copy, value, true);
		cJSON_Delete(copy);
		return fine;
	}
	if (strcmp(op, "copy") != 0 && strcmp(op, "move") != 0)
		return false;
	copy = copy_at(*root, from);
	if (copy != NULL && strcmp(op, "move") == 0 && !remove_at(*root, from))
	{
		cJSON_Delete(copy);
		return false;
	}
	return add_at(root, path, copy);
}

/* All operations in order; false as soon as one does not fit. */
bool
sim_patch_apply(cJSON **root, const cJSON *operations)
{
	const cJSON *operation;

	cJSON_ArrayForEach(operation, operations)
	{
		if (!apply_one(root, operation))
			return false;
	}
	return true;
}

/*-------------------------------------------------------------------------
 *
 * tags.c
 *	  The tags of a row, in the forms that the API has for them.
 *
 * IDENTIFICATION
 *	  src/api/tags.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/tags.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "api/json.h"
#include "api/tree.h"
#include "api/value.h"

#define NO_TAGS			"not an array of objects with TagKey and TagValue"
#define NO_TEXT_OF_TAGS	"not the JSON text of an object of keys and texts"
#define OUT_OF_MEMORY	"out of memory"

/*
 * The value of a tag as an item: a string, or null.  A string stays where it
 * is, the text of a number is copied.  Returns what is wrong, or NULL.
 */
static const char *
make_value(const cJSON *value, cJSON **item)
{
	char		number[BF_VALUE_AMOUNT_MAX + 1];

	if (value == NULL || BF_TREE_KIND(value) == cJSON_NULL)
		*item = cJSON_CreateNull();
	else if (BF_TREE_KIND(value) == cJSON_String)
		*item = cJSON_CreateStringReference(value->valuestring);
	else if (BF_TREE_KIND(value) == cJSON_Number &&
			 bf_value_from_double(value->valuedouble, number))
		*item = cJSON_CreateString(number);
	else
		return NO_TAGS;
	return *item ? NULL : OUT_OF_MEMORY;
}

/* Add one tag to an object; returns what is wrong, or NULL. */
static const char *
add_tag(cJSON *tags, const cJSON *tag)
{
	const cJSON *key = bf_tree_member(tag, "TagKey");
	cJSON	   *item = NULL;
	const char *problem = make_value(bf_tree_member(tag, "TagValue"), &item);
	char		number[BF_VALUE_AMOUNT_MAX + 1];
	bool		added;

	if (problem != NULL)
		return problem;
	if (key != NULL && BF_TREE_KIND(key) == cJSON_String)
		added = cJSON_AddItemToObjectCS(tags, key->valuestring, item);
	else if (key != NULL && BF_TREE_KIND(key) == cJSON_Number &&
			 bf_value_from_double(key->valuedouble, number))
		added = cJSON_AddItemToObject(tags, number, item);
	else
	{
		cJSON_Delete(item);
		return NO_TAGS;
	}
	if (added)
		return NULL;
	cJSON_Delete(item);
	return OUT_OF_MEMORY;
}

/* Read an array of {TagKey, TagValue}; returns what is wrong, or NULL. */
static const char *
read_array(BfTags *tags, const cJSON *array)
{
	const char *problem = NULL;

	tags->object = cJSON_CreateObject();
	if (tags->object == NULL)
		return OUT_OF_MEMORY;
	for (const cJSON *tag = array->child; tag && !problem; tag = tag->next)
		problem = add_tag(tags->object, tag);
	return problem;
}

/*
 * Read a text that holds an object of keys and texts, "" being one without
 * members; returns what is wrong, or NULL.  That the answer is sound says
 * nothing about the JSON in one of its strings.
 */
static const char *
read_text(BfTags *tags, const char *text)
{
	cJSON	   *object;

	if (*text == '\0')
		text = "{}";
	if (bf_json_check(text, strlen(text)) != NULL)
		return NO_TEXT_OF_TAGS;
	tags->object = object = cJSON_Parse(text);
	if (object == NULL)
		return OUT_OF_MEMORY;
	if (BF_TREE_KIND(object) != cJSON_Object)
		return NO_TEXT_OF_TAGS;
	for (const cJSON *tag = object->child; tag; tag = tag->next)
		if (BF_TREE_KIND(tag) != cJSON_String && BF_TREE_KIND(tag) != cJSON_NULL)
			return NO_TEXT_OF_TAGS;
	return NULL;
}

/*
 * Reads the tags in an item of an answer's tree, an array of {TagKey,
 * TagValue} or the text of an object: tags->object then has a member for each
 * tag, in the order of the answer, with a string or null as its value, and
 * needs the tree.  "tags" must be all zero or freed.
 *
 * Returns NULL, or what is wrong: the item has another form, or a key occurs
 * twice.  That text may belong to "tags".  To be freed in any case.
 */
const char *
bf_tags_read(BfTags *tags, const void *item)
{
	const cJSON *form = item;
	const char *problem = NO_TAGS;
	const char *duplicate;

	if (BF_TREE_KIND(form) == cJSON_Array)
		problem = read_array(tags, form);
	else if (BF_TREE_KIND(form) == cJSON_String)
		problem = read_text(tags, form->valuestring);
	if (problem != NULL)
		return problem;
	switch (bf_tree_check_names(tags->object, &duplicate))
	{
		case BF_TREE_SOUND:
		case BF_TREE_RANGE:
			return NULL;
		case BF_TREE_NO_MEMORY:
			return OUT_OF_MEMORY;
		case BF_TREE_DUPLICATE:
			break;
	}
	snprintf(tags->reason, sizeof(tags->reason),
			 "tag key \"%.*s\" occurs more than once",
			 (int) bf_outcome_clip(duplicate, BF_OUTCOME_NAME_MAX), duplicate);
	return tags->reason;
}

/*
 * Frees what was read; more than once is fine.
 */
void
bf_tags_free(BfTags *tags)
{
	cJSON_Delete(tags->object);
	tags->object = NULL;
}

/*-------------------------------------------------------------------------
 *
 * entries.h
 *	  What tests of all entries of the catalog share.
 *
 * IDENTIFICATION
 *	  test/unit/entries.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stdbool.h>
#include <string.h>

#include "unit.h"

#include "api/catalog.h"

/* Longest identifier of PostgreSQL. */
#define MAX_NAME	63

#define FOR_EACH_TABLE(table) \
	for (const BfTable *const *t_ = bf_catalog_tables(), *table = *t_; \
		 table != NULL; table = *++t_)
#define FOR_EACH_COLUMN(column, table) \
	for (const BfColumn *column = (table)->columns; column->name; column++)
#define FOR_EACH_PARAM(param, table) \
	for (const BfParam *param = (table)->action->params; param->column; \
		 param++)

/* An assertion that says where in the catalog it failed. */
#define CHECK(condition, where, what) \
	check(condition, where, what, #condition)

static inline void
check(bool holds, const BfTable *table, const char *what,
	  const char *condition)
{
	if (!holds)
		fail_msg("%s, %s: %s", table->name, what, condition);
}

static inline bool
in_list(const char *const *list, const char *text)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

static inline int
list_length(const char *const *list)
{
	int			length = 0;

	while (list != NULL && list[length] != NULL)
		length++;
	return length;
}

/* A sentence, or several. */
static inline bool
is_sentence(const char *text)
{
	return text != NULL && text[0] >= 'A' && text[0] <= 'Z' &&
		text[strlen(text) - 1] == '.';
}

static inline bool
is_from_parent(const BfColumn *column)
{
	return column->source == BF_SOURCE_PARENT ||
		column->source == BF_SOURCE_PARENT_GROUP_KEY ||
		column->source == BF_SOURCE_PARENT_PAY_MODE;
}

/* Does a column depend on what was asked for? */
static inline bool
is_asked(const BfColumn *column)
{
	return column->source == BF_SOURCE_REQUEST ||
		column->source == BF_SOURCE_TAG_VALUE;
}

/* Does a column show a member of the answer under its own name? */
static inline bool
is_plain(const BfColumn *column)
{
	return column->source == BF_SOURCE_ROW ||
		column->source == BF_SOURCE_PARENT ||
		column->source == BF_SOURCE_ANSWER ||
		column->source == BF_SOURCE_TAGS;
}

#endif							/* ENTRIES_H */

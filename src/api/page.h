/*-------------------------------------------------------------------------
 *
 * page.h
 *	  One answer of the API: checks, status, rows and their members.
 *
 * IDENTIFICATION
 *	  src/api/page.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_PAGE_H
#define BF_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/catalog.h"
#include "api/outcome.h"

typedef struct BfPage BfPage;

/* A row of the page; valid until the page is freed. */
typedef struct BfRow
{
	const void *item;			/* the row's object */
	const void *parent;			/* the object it was unnested from, or NULL */
	const void *answer;			/* Response: the members beside the rows */
} BfRow;

/*
 * A member to be read from many objects, and where the last one had it: rows
 * repeat the order of their members.  Its user sets the name, and all else to
 * zero.
 */
typedef struct BfMember
{
	const char *name;			/* case-sensitive */
	uint32_t	place;			/* among the members of ... */
	const void *object;			/* ... this object ... */
	uint64_t	page;			/* ... of this page */
} BfMember;

typedef enum BfFieldKind
{
	BF_FIELD_NONE,				/* missing or null; text is NULL */
	BF_FIELD_TEXT,				/* a string */
	BF_FIELD_NUMBER,			/* shortest text of the same double */
	BF_FIELD_BOOLEAN,			/* "true" or "false" */
	BF_FIELD_NESTED,			/* array or object: its JSON text */
	BF_FIELD_BAD				/* cannot be read: text says why */
} BfFieldKind;

/* A value of a row; text is UTF-8, owned by the page, valid until the next
 * call for the same page. */
typedef struct BfField
{
	BfFieldKind kind;
	const char *text;
	size_t		length;			/* of the text, in bytes */
} BfField;

/* A tag of a row; texts as in BfField. */
typedef struct BfTag
{
	const char *key;
	const char *value;			/* NULL = none */
} BfTag;

extern BfPage *bf_page_parse(const char *body, size_t body_len,
							 const BfTable *table,
							 const char *const *wanted, BfOutcome *outcome);
extern void bf_page_free(BfPage *page);

extern const char *bf_page_request_id(const BfPage *page);
extern bool bf_page_ready(const BfPage *page);
extern int64_t bf_page_total(const BfPage *page);
extern int64_t bf_page_row_count(const BfPage *page);
extern const char *bf_page_cursor(const BfPage *page);
extern uint64_t bf_page_hash(const BfPage *page);
extern uint64_t bf_page_row_hash(const BfPage *page, int number);

extern bool bf_page_next(BfPage *page, BfRow *row);
extern BfField bf_page_member(BfPage *page, const void *object,
							  BfMember *member, bool as_json);
extern BfField bf_page_tags(BfPage *page, const void *object,
							BfMember *member);
extern BfField bf_page_open_tags(BfPage *page, const void *object,
								 BfMember *member);
extern bool bf_page_next_tag(BfPage *page, BfTag *tag);
extern BfField bf_page_tag_value(BfPage *page, const void *object,
								 BfMember *member, const char *key);

#endif							/* BF_PAGE_H */

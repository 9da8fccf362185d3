/*-------------------------------------------------------------------------
 *
 * catalog.h
 *	  The API's actions and the tables made of them, as constant data.
 *
 * Everything that differs from one action or table to the next is said here
 * and nowhere else; all other code is the same for all of them.
 *
 * IDENTIFICATION
 *	  src/api/catalog.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_CATALOG_H
#define BF_CATALOG_H

#include <stdbool.h>

/* Type that IMPORT FOREIGN SCHEMA declares. */
typedef enum BfType
{
	BF_TYPE_TEXT,
	BF_TYPE_MONTH,				/* text, date or timestamp: the importer's
								 * choice */
	BF_TYPE_NUMERIC,
	BF_TYPE_BIGINT,
	BF_TYPE_TIMESTAMP,			/* without time zone: Beijing wall clock */
	BF_TYPE_JSONB
} BfType;

/* Where a column's value comes from. */
typedef enum BfSource
{
	BF_SOURCE_ROW,				/* member "field" of the row */
	BF_SOURCE_PARENT,			/* member "field" of the row that the unnested
								 * array belongs to */
	BF_SOURCE_REQUEST,			/* what was asked for in the parameter of this
								 * name */
	BF_SOURCE_GROUP_KEY,		/* like PARENT or ROW, but only where
								 * group_type = 'tag', else NULL */
	BF_SOURCE_PARENT_GROUP_KEY,
	BF_SOURCE_PAY_MODE,			/* billing mode code of the label in "field" */
	BF_SOURCE_TAGS,				/* array of {TagKey, TagValue} in "field", as
								 * one object */
	BF_SOURCE_TAG_VALUE,		/* value in the array in "field" of the tag
								 * asked for in parameter tag_key, '' without
								 * it */
	BF_SOURCE_CURRENCY			/* option of the server */
} BfSource;

typedef struct BfColumn
{
	const char *name;			/* SQL name */
	BfType		type;
	BfSource	source;
	const char *field;			/* JSON member, or NULL */
	const char *description;	/* with unit; a phrase without final stop */
} BfColumn;

/* Where a parameter's candidate values come from. */
typedef enum BfDomain
{
	BF_DOMAIN_MONTH,			/* the months of the table's extent */
	BF_DOMAIN_CLOSED,			/* the list in "values": every row has exactly
								 * one of them */
	BF_DOMAIN_OPEN				/* the values of equality conditions */
} BfDomain;

/*
 * A request parameter fed by a column.  Order within an action: a parameter
 * comes after those it depends on, and a list parameter comes last.
 */
typedef struct BfParam
{
	const char *column;			/* SQL column that feeds it */
	const char *member;			/* member of the request */
	const char *member2;		/* second member that takes the same value, or
								 * NULL */
	BfDomain	domain;
	bool		required;		/* the scan must be narrowed by it (where it
								 * exists, see when_column) */
	bool		input;			/* rows do not show it: the column holds what
								 * was asked for */
	bool		list;			/* one request takes several values */
	const char *const *values;	/* all values that exist, NULL-ended; or NULL
								 * when any text may be one */
	const char *const *sendable;	/* the values that the request takes; or
									 * NULL when all of "values" */
	const char *when_column;	/* exists only where this earlier parameter
								 * has a value ... */
	const char *when_value;		/* ... this one, or NULL for any */
	const char *object;			/* column with objects in which rows show the
								 * values of "when_column" as keys, and of
								 * this parameter as their values; or NULL */
	const char *sent_with;		/* sent only beside a value of this parameter,
								 * or NULL */
	const char *sent_since;		/* sent only for months from this one, or NULL */
	const char *example;		/* a value, for hints */
} BfParam;

typedef enum BfPaging
{
	BF_PAGING_NONE,				/* one call returns everything */
	BF_PAGING_OFFSET			/* Offset = rows to skip, Limit = rows asked
								 * for */
} BfPaging;

typedef struct BfAction
{
	const char *name;			/* X-TC-Action */
	const char *does;			/* what a call does, after "could not" */
	const BfParam *params;		/* ended by column == NULL */
	const char *rows;			/* member of Response that holds the rows */
	bool		ready_flag;		/* Response.Ready is documented */
	BfPaging	paging;
	int			max_page;		/* rows; 0 without paging */
	const char *total_flag;		/* request member that asks for Total, or NULL */
	const char *first_month;	/* no bill is older */
} BfAction;

typedef struct BfTable
{
	const char *name;			/* SQL name */
	const char *family;			/* remote schema, beside "billing" */
	const BfAction *action;
	const char *nested;			/* array inside each row to unnest, or NULL */
	const BfColumn *columns;	/* ended by name == NULL */
	const char *const *excluded;	/* values of closed parameters without
									 * rows here: "column", "value", "hint",
									 * ..., NULL-ended; or NULL */
	int			rows_per_request;	/* guess for the planner */
	const char *grain;			/* what one row is; a sentence */
	const char *caution;		/* what must not be summed; sentences */
} BfTable;

/* A label of a billing mode, of either site, and its code. */
typedef struct BfLabel
{
	const char *label;
	const char *code;
} BfLabel;

extern const BfTable *const *bf_catalog_tables(void);
extern const BfTable *bf_catalog_find(const char *name);
extern const BfColumn *bf_catalog_column(const BfTable *table,
										 const char *name);
extern const BfParam *bf_catalog_param(const BfTable *table,
									   const char *column);
extern int	bf_catalog_param_count(const BfTable *table);
extern const char *bf_catalog_pay_mode(const char *label);
extern const BfLabel *bf_catalog_pay_mode_labels(void);
extern const char *bf_catalog_excluded(const BfTable *table,
									   const char *column, const char *value);

#endif							/* BF_CATALOG_H */

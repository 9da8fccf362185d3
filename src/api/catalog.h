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

typedef enum BfSite
{
	BF_SITE_INTL,
	BF_SITE_CHINA
} BfSite;

/* Which sites know an action, a parameter, a member of a row. */
typedef enum BfSites
{
	BF_SITES_BOTH,
	BF_SITES_INTL,
	BF_SITES_CHINA
} BfSites;

/* Type that IMPORT FOREIGN SCHEMA declares. */
typedef enum BfType
{
	BF_TYPE_TEXT,
	BF_TYPE_MONTH,				/* text, date or timestamp: the importer's
								 * choice */
	BF_TYPE_NUMERIC,
	BF_TYPE_BIGINT,
	BF_TYPE_BOOLEAN,
	BF_TYPE_DATE,
	BF_TYPE_TIMESTAMP,			/* without time zone: Beijing wall clock */
	BF_TYPE_JSONB
} BfType;

/* Where a column's value comes from. */
typedef enum BfSource
{
	BF_SOURCE_ROW,				/* member "field" of the row */
	BF_SOURCE_PARENT,			/* member "field" of the row that the unnested
								 * array belongs to */
	BF_SOURCE_ANSWER,			/* member "field" of Response, beside the rows */
	BF_SOURCE_REQUEST,			/* what was asked for in the parameter of this
								 * name */
	BF_SOURCE_GROUP_KEY,		/* like PARENT or ROW, but only where
								 * group_type = 'tag', else NULL */
	BF_SOURCE_PARENT_GROUP_KEY,
	BF_SOURCE_PAY_MODE,			/* billing mode code of the label in "field" */
	BF_SOURCE_PARENT_PAY_MODE,	/* the same of PARENT */
	BF_SOURCE_TAGS,				/* array of {TagKey, TagValue} in "field", or
								 * a text that holds an object, as one object */
	BF_SOURCE_TAG_VALUE,		/* value in "field", which is as for TAGS, of
								 * the tag asked for in parameter tag_key, ''
								 * without it */
	BF_SOURCE_CURRENCY			/* option of the server */
} BfSource;

typedef struct BfColumn
{
	const char *name;			/* SQL name */
	BfType		type;
	BfSource	source;
	const char *field;			/* JSON member, or NULL */
	const char *description;	/* a phrase without final stop */
	const char *unit;			/* "currency units", "percent", ...; NULL =
								 * none, or said by the type */
	int			scale;			/* the row's number is that many decimal
								 * digits finer: 2 = cents */
	BfSites		sites;			/* whose rows show it; NULL on the other */
} BfColumn;

/* Where a parameter's candidate values come from. */
typedef enum BfDomain
{
	BF_DOMAIN_MONTH,			/* the months of the table's extent */
	BF_DOMAIN_CLOSED,			/* the list in "values": every row has exactly
								 * one of them */
	BF_DOMAIN_OPEN,				/* the values of equality conditions */
	BF_DOMAIN_RANGE				/* the interval that comparisons leave of a
								 * time that rows show */
} BfDomain;

/* How the value of a parameter is written in the request. */
typedef enum BfForm
{
	BF_FORM_TEXT,				/* as it is; months as YYYY-MM */
	BF_FORM_INTEGER,			/* a JSON number */
	BF_FORM_DIGITS,				/* an integer, as a string */
	BF_FORM_DAY,				/* YYYY-MM-DD: first and last day of a month,
								 * or of a range */
	BF_FORM_SECOND				/* YYYY-MM-DD hh:mm:ss: the same by seconds */
} BfForm;

/*
 * A request parameter fed by a column.  Order within an action: a parameter
 * comes after those it depends on, and a list parameter comes last.
 */
typedef struct BfParam
{
	const char *column;			/* SQL column that feeds it */
	const char *member;			/* member of the request; "A.B" = member B of
								 * object A */
	const char *member2;		/* second member that takes the same value, or
								 * the end where "member" is the begin; or
								 * NULL */
	BfDomain	domain;
	BfForm		form;
	bool		required;		/* the scan must be narrowed by it (where it
								 * exists, see when_column) */
	bool		input;			/* rows do not show it: the column holds what
								 * was asked for */
	bool		list;			/* one request takes several values */
	bool		array;			/* one value goes out as an array, too; so
								 * does a list */
	bool		empty;			/* an empty text is a value, too; else it may
								 * count as not given */
	int			max_days;		/* longer ranges are split; 0 = they are not */
	bool		end_included;	/* documents say that the end of a range
								 * belongs to it; else it may or may not */
	BfSites		sites;			/* who takes it; on the other site rows are
								 * filtered */
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

/* A member that every request of an action has. */
typedef struct BfConstant
{
	const char *member;
	const char *json;			/* its value, as JSON text */
} BfConstant;

typedef enum BfPaging
{
	BF_PAGING_NONE,				/* one call returns everything */
	BF_PAGING_OFFSET,			/* "page_member" = rows to skip */
	BF_PAGING_NUMBER,			/* "page_member" = number of the page, from
								 * "first_page" */
	BF_PAGING_TOKEN				/* "cursor" of the answer before, and nothing
								 * else, says where to go on */
} BfPaging;

typedef struct BfAction
{
	const char *name;			/* X-TC-Action */
	const char *does;			/* what a call does, after "could not" */
	BfSites		sites;
	const BfParam *params;		/* ended by column == NULL */
	const BfConstant *constants;	/* ended by member == NULL; or NULL */
	const char *rows;			/* path from Response to the array of rows,
								 * such as "Data.Records"; NULL = Response
								 * itself is the one row */
	const char *status;			/* path to a second status, which is 0 when
								 * all is well; or NULL */
	const char *status_text;	/* path to its message, or NULL */
	bool		ready_flag;		/* Response.Ready is documented */
	BfPaging	paging;
	const char *page_member;
	const char *size_member;	/* rows asked for */
	int			first_page;
	bool		text_paging;	/* both members are strings */
	bool		offset_doubt;	/* documents leave open whether "page_member"
								 * counts pages or rows */
	const char *cursor;			/* member of answers that the next request
								 * repeats, where there is one; or NULL */
	int			max_page;		/* rows; 0 without paging */
	const char *total;			/* path to the number of rows, or NULL */
	const char *first_month;	/* no bill is older; NULL without months */
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

/* An action of the API that is no table. */
typedef struct BfOmission
{
	const char *action;
	const char *reason;			/* sentences */
} BfOmission;

extern const BfOmission bf_catalog_omissions[]; /* ended by action == NULL */

extern const BfTable *const *bf_catalog_tables(void);
extern bool bf_catalog_has_site(BfSites sites, BfSite site);
extern bool bf_catalog_has_months(const BfTable *table);
extern const BfTable *bf_catalog_find(const char *name);
extern const BfColumn *bf_catalog_column(const BfTable *table,
										 const char *name);
extern const BfParam *bf_catalog_param(const BfTable *table,
									   const char *column);
extern const char *bf_catalog_operator(const BfParam *param);
extern int	bf_catalog_param_count(const BfTable *table);
extern const char *bf_catalog_pay_mode(const char *label);
extern const BfLabel *bf_catalog_pay_mode_labels(void);
extern const char *bf_catalog_excluded(const BfTable *table,
									   const char *column, const char *value);

#endif							/* BF_CATALOG_H */

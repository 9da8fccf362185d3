/*-------------------------------------------------------------------------
 *
 * relation.h
 *	  A foreign table held against the catalog: what each column is.
 *
 * IDENTIFICATION
 *	  src/fdw/relation.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_RELATION_H
#define BF_RELATION_H

#include "api/catalog.h"
#include "api/month.h"
#include "fdw/option.h"
#include "nodes/bitmapset.h"

/* A column of the foreign table. */
typedef struct BfAttribute
{
	AttrNumber	attnum;
	char	   *name;
	Oid			type;			/* as declared */
	int32		typmod;
	Oid			base_type;		/* without domains */
	const BfColumn *column;		/* of the catalog; NULL with option "field" */
	char	   *field;			/* option "field" in UTF-8, or NULL */
	int			param;			/* parameter it feeds: its number in the
								 * action, or -1 */
} BfAttribute;

/*
 * Everything that the definition says; made anew for each planning and each
 * execution, in the context that was current.
 */
typedef struct BfRelation
{
	Oid			relid;
	char	   *name;
	ForeignServer *server;
	BfOptions  *options;
	const BfTable *table;
	int			nattrs;			/* without dropped columns */
	BfAttribute *attrs;
	int			nparams;
	const char **fixed;			/* option "value" per parameter, or NULL */
	double		rows_per_request;	/* estimate, set while planning */
} BfRelation;

extern BfRelation *bf_relation_open(Oid relid);
extern const BfAttribute *bf_relation_attribute(const BfRelation *relation,
												AttrNumber attnum);
extern const BfParam *bf_relation_param(const BfRelation *relation, int param);
extern int	bf_relation_param_number(const BfRelation *relation,
									 const char *column);
extern BfMonth bf_relation_current_month(void);
extern void bf_relation_extent(const BfRelation *relation, BfMonth *first,
							   BfMonth *last);
extern int	bf_relation_page_size(const BfRelation *relation);
extern bool bf_relation_is_text(Oid base_type);
extern Bitmapset *bf_relation_columns(const BfRelation *relation, int param);
extern bool bf_relation_is_object(const BfRelation *relation,
								  const BfAttribute *attr, int param);
extern bool bf_relation_is_integer(const BfRelation *relation, int param);
extern bool bf_relation_has_list(const BfRelation *relation, int param);
extern bool bf_relation_has_param(const BfRelation *relation, int param);
extern void bf_relation_check_site(const BfRelation *relation);
extern bool bf_relation_is_echoed(const BfRelation *relation, int param);
extern bool bf_relation_is_value(const BfRelation *relation, int param,
								 const char *text);
extern const char *bf_relation_column_name(const BfRelation *relation,
										   int param);
extern char *bf_relation_example(const BfRelation *relation, int param);

#endif							/* BF_RELATION_H */

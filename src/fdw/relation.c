/*-------------------------------------------------------------------------
 *
 * relation.c
 *	  A foreign table held against the catalog: what each column is.
 *
 * IDENTIFICATION
 *	  src/fdw/relation.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "access/xact.h"
#include "api/value.h"
#include "catalog/pg_type.h"
#include "fdw/relation.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

/* Helper functions */
static const BfTable *find_table(const char *name, const char *relname);
static void check_months(const BfRelation *relation);
static void describe_attribute(BfRelation *relation, Form_pg_attribute form);
static void check_param_type(const BfRelation *relation,
							 const BfAttribute *attr);
static void set_fixed(BfRelation *relation, const BfAttribute *attr,
					  const char *value);
static const char *table_name_at(int i, const void *arg);
static const char *column_name_at(int i, const void *arg);

/*
 * Reads the definition of a foreign table.  Raises an error when it does not
 * fit the catalog.
 */
BfRelation *
bf_relation_open(Oid relid)
{
	BfRelation *relation = palloc0(sizeof(BfRelation));
	ForeignTable *foreign_table = GetForeignTable(relid);
	Relation	rel = table_open(relid, NoLock);	/* locked by the caller */
	TupleDesc	desc = RelationGetDescr(rel);
	const char *name;

	relation->relid = relid;
	relation->name = pstrdup(RelationGetRelationName(rel));
	relation->server = GetForeignServer(foreign_table->serverid);
	relation->options = bf_option_resolve(relation->server, foreign_table);
	name = relation->options->table_name ?
		relation->options->table_name : relation->name;
	relation->table = find_table(name, relation->name);
	check_months(relation);
	relation->nparams = bf_catalog_param_count(relation->table);
	relation->fixed = palloc0_array(const char *, relation->nparams);
	relation->attrs = palloc0_array(BfAttribute, desc->natts);

	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped)
			describe_attribute(relation, TupleDescAttr(desc, i));

	table_close(rel, NoLock);
	return relation;
}

/*
 * The column of this number, or NULL for system columns.
 */
const BfAttribute *
bf_relation_attribute(const BfRelation *relation, AttrNumber attnum)
{
	for (int i = 0; i < relation->nattrs; i++)
		if (relation->attrs[i].attnum == attnum)
			return &relation->attrs[i];
	return NULL;
}

/*
 * The parameter of this number.
 */
const BfParam *
bf_relation_param(const BfRelation *relation, int param)
{
	return &relation->table->action->params[param];
}

/*
 * The number of the parameter that this catalog column feeds, or -1.
 */
int
bf_relation_param_number(const BfRelation *relation, const char *column)
{
	const BfParam *param = bf_catalog_param(relation->table, column);

	return param ? (int) (param - relation->table->action->params) : -1;
}

/*
 * The month of Beijing's clock when the transaction began.
 */
BfMonth
bf_relation_current_month(void)
{
	return bf_month_of_time(GetCurrentTransactionStartTimestamp() / USECS_PER_SEC +
							(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY);
}

/*
 * The months that the table holds.  Without option "first_month" the lower
 * end is the action's earliest month; a month before it that a query names
 * is asked for all the same.
 */
void
bf_relation_extent(const BfRelation *relation, BfMonth *first, BfMonth *last)
{
	const BfOptions *options = relation->options;
	BfMonth		now = bf_relation_current_month();

	*first = relation->table->action->first_month ?
		bf_month_parse(relation->table->action->first_month) : now;
	*last = now;
	if (options->first_month != NULL)
		(void) bf_month_parse_bound(options->first_month, now, first);
	if (options->last_month != NULL)
		(void) bf_month_parse_bound(options->last_month, now, last);
}

/*
 * Rows to ask for per call; 0 for an action without pages.
 */
int
bf_relation_page_size(const BfRelation *relation)
{
	int			asked = relation->options->page_size;
	int			max = relation->table->action->max_page;

	return asked > 0 && asked < max ? asked : max;
}

/*
 * Is this a type whose values are the texts themselves?
 */
bool
bf_relation_is_text(Oid base_type)
{
	return base_type == TEXTOID || base_type == VARCHAROID;
}

/*
 * The columns that feed a parameter; numbers offset as by pull_varattnos.
 */
Bitmapset *
bf_relation_columns(const BfRelation *relation, int param)
{
	Bitmapset  *columns = NULL;

	for (int i = 0; i < relation->nattrs; i++)
		if (relation->attrs[i].param == param)
			columns = bms_add_member(columns, relation->attrs[i].attnum -
									 FirstLowInvalidHeapAttributeNumber);
	return columns;
}

/*
 * Is this the column with the objects in whose pairs rows show this
 * parameter?
 */
bool
bf_relation_is_object(const BfRelation *relation, const BfAttribute *attr,
					  int param)
{
	const char *object = bf_relation_param(relation, param)->object;

	return object != NULL && attr->column != NULL &&
		strcmp(attr->column->name, object) == 0;
}

/*
 * Are the values of a parameter integers?
 */
bool
bf_relation_is_integer(const BfRelation *relation, int param)
{
	BfForm		form = bf_relation_param(relation, param)->form;

	return form == BF_FORM_INTEGER || form == BF_FORM_DIGITS;
}

/*
 * Has a parameter values of its own, whatever the query says?
 */
bool
bf_relation_has_list(const BfRelation *relation, int param)
{
	BfDomain	domain = bf_relation_param(relation, param)->domain;

	return domain == BF_DOMAIN_MONTH || domain == BF_DOMAIN_CLOSED;
}

/*
 * Does the server's site take this parameter?
 */
bool
bf_relation_has_param(const BfRelation *relation, int param)
{
	return bf_catalog_has_site(bf_relation_param(relation, param)->sites,
							   relation->options->site);
}

/*
 * Raises an error when the server's site does not have the action.
 */
void
bf_relation_check_site(const BfRelation *relation)
{
	const BfAction *action = relation->table->action;

	if (!bf_catalog_has_site(action->sites, relation->options->site))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
				 errmsg("foreign table \"%s\" cannot be read from server \"%s\"",
						relation->name, relation->server->servername),
				 errdetail("Action %s exists on site \"%s\" only.",
						   action->name,
						   bf_option_site_name(action->sites == BF_SITES_CHINA ?
											   BF_SITE_CHINA : BF_SITE_INTL)),
				 errhint("Option \"site\" of the server says which site it is.")));
}

/*
 * Does the column that feeds this parameter hold what was asked for, rather
 * than what a row shows?
 */
bool
bf_relation_is_echoed(const BfRelation *relation, int param)
{
	const BfColumn *column;

	column = bf_catalog_column(relation->table,
							   bf_relation_param(relation, param)->column);
	return column->source == BF_SOURCE_REQUEST;
}

/*
 * Can the text be a value of this parameter?  Documents mostly leave open
 * whether an empty text counts as not given; then it can be found only where
 * rows show the value, by looking at them.
 */
bool
bf_relation_is_value(const BfRelation *relation, int param, const char *text)
{
	const BfParam *p = bf_relation_param(relation, param);

	if (p->domain == BF_DOMAIN_MONTH)
		return bf_month_parse(text) != BF_MONTH_INVALID;
	for (int i = 0; p->values != NULL && p->values[i] != NULL; i++)
		if (strcmp(p->values[i], text) == 0)
			return true;
	if (p->values != NULL)
		return false;
	if (bf_relation_is_integer(relation, param))
		return bf_value_is_integer(text);
	return text[0] != '\0' || p->empty ||
		(!p->list && !bf_relation_is_echoed(relation, param));
}

/*
 * The name of the column that feeds a parameter, as the user knows it.
 */
const char *
bf_relation_column_name(const BfRelation *relation, int param)
{
	for (int i = 0; i < relation->nattrs; i++)
		if (relation->attrs[i].param == param)
			return relation->attrs[i].name;
	return bf_relation_param(relation, param)->column;
}

/*
 * A condition on the column that feeds a parameter, for hints, together with
 * one on the column that gives it a meaning; in the current context.
 */
char *
bf_relation_example(const BfRelation *relation, int param)
{
	const BfParam *p = bf_relation_param(relation, param);
	bool		first_day = false;
	StringInfoData text;

	initStringInfo(&text);
	if (p->when_column != NULL && p->when_value == NULL)
		appendStringInfo(&text, "%s AND ",
						 bf_relation_example(relation,
											 bf_relation_param_number(relation,
																	  p->when_column)));
	for (int i = 0; i < relation->nattrs && p->domain == BF_DOMAIN_MONTH; i++)
		if (relation->attrs[i].param == param)
			first_day = !bf_relation_is_text(relation->attrs[i].base_type);
	appendStringInfo(&text, "%s %s '%s%s'",
					 quote_identifier(bf_relation_column_name(relation, param)),
					 bf_catalog_operator(p),
					 p->example, first_day ? "-01" : "");
	return text.data;
}

/*
 * Options that bound the months need months to bound.
 */
static void
check_months(const BfRelation *relation)
{
	const BfOptions *options = relation->options;

	if ((options->first_month == NULL && options->last_month == NULL) ||
		bf_catalog_has_months(relation->table))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("option \"%s\" of foreign table \"%s\" has no meaning",
					options->first_month ? "first_month" : "last_month",
					relation->name),
			 errdetail("Action %s is not asked about months.",
					   relation->table->action->name)));
}

static const BfTable *
find_table(const char *name, const char *relname)
{
	const BfTable *table = bf_catalog_find(name);
	const char *closest;

	if (table != NULL)
		return table;

	closest = bf_option_closest(name, table_name_at, NULL);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("there is no billing table \"%s\" for foreign table \"%s\"",
					name, relname),
			 closest ? errhint("Perhaps you meant the billing table \"%s\"; option \"table_name\" names it.",
							   closest) :
			 errhint("Set option \"table_name\" of the foreign table; billing_fdw_tables() lists the names.")));
}

/*
 * Appends a column of the foreign table.
 */
static void
describe_attribute(BfRelation *relation, Form_pg_attribute form)
{
	BfAttribute *attr = &relation->attrs[relation->nattrs++];
	BfColumnOptions options;
	const char *name;
	const char *closest;

	options = bf_option_of_column(GetForeignColumnOptions(relation->relid,
														  form->attnum));
	attr->attnum = form->attnum;
	attr->name = pstrdup(NameStr(form->attname));
	attr->type = form->atttypid;
	attr->typmod = form->atttypmod;
	attr->base_type = getBaseType(form->atttypid);
	attr->param = -1;
	if (options.field != NULL)
	{
		attr->field = pg_server_to_any(options.field, strlen(options.field),
									   PG_UTF8);
		return;
	}

	name = options.column_name ? options.column_name : attr->name;
	attr->column = bf_catalog_column(relation->table, name);
	if (attr->column == NULL)
	{
		closest = bf_option_closest(name, column_name_at, relation->table);
		ereport(ERROR,
				(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
				 errmsg("billing table \"%s\" has no column \"%s\" for foreign table \"%s\"",
						relation->table->name, name, relation->name),
				 closest ? errhint("Perhaps you meant the column \"%s\"; option \"column_name\" names it, option \"field\" reads any JSON member.",
								   closest) :
				 errhint("Option \"column_name\" names a column of the billing table, option \"field\" reads any JSON member.")));
	}

	attr->param = bf_relation_param_number(relation, name);
	if (attr->param >= 0)
		check_param_type(relation, attr);
	if (options.value != NULL)
		set_fixed(relation, attr, options.value);
}

/*
 * A month must be of a type that can hold one.
 */
static void
check_param_type(const BfRelation *relation, const BfAttribute *attr)
{
	BfDomain	domain = bf_relation_param(relation, attr->param)->domain;

	if (domain == BF_DOMAIN_RANGE &&
		attr->base_type != DATEOID && attr->base_type != TIMESTAMPOID &&
		attr->base_type != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
				 errmsg("column \"%s\" of foreign table \"%s\" must be of type date, timestamp or timestamptz",
						attr->name, relation->name)));
	if (domain != BF_DOMAIN_MONTH ||
		bf_relation_is_text(attr->base_type) ||
		attr->base_type == DATEOID || attr->base_type == TIMESTAMPOID)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
			 errmsg("column \"%s\" of foreign table \"%s\" must be of type text, varchar, date or timestamp",
					attr->name, relation->name)));
}

/*
 * Notes the fixed argument of a parameter column.
 */
static void
set_fixed(BfRelation *relation, const BfAttribute *attr, const char *value)
{
	const BfParam *param;
	bool		valid;

	if (attr->param < 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"value\" of column \"%s\" of foreign table \"%s\" has no meaning",
						attr->name, relation->name),
				 errdetail("The column is no parameter of action %s.",
						   relation->table->action->name)));

	param = bf_relation_param(relation, attr->param);
	valid = param->domain != BF_DOMAIN_RANGE &&
		(bf_relation_has_param(relation, attr->param) ||
		 !bf_relation_is_echoed(relation, attr->param)) &&
		bf_relation_is_value(relation, attr->param, value) &&
		bf_catalog_excluded(relation->table, param->column, value) == NULL;
	if (!valid)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"value\" of column \"%s\" of foreign table \"%s\" is no value of this column",
						attr->name, relation->name),
				 errhint("For example: '%s'.", param->example)));
	if (relation->fixed[attr->param] != NULL &&
		strcmp(relation->fixed[attr->param], value) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"value\" of column \"%s\" of foreign table \"%s\" contradicts that of column \"%s\"",
						attr->name, relation->name,
						bf_relation_column_name(relation, attr->param))));
	relation->fixed[attr->param] = value;
}

static const char *
table_name_at(int i, const void *arg)
{
	const BfTable *table = bf_catalog_tables()[i];

	return table ? table->name : NULL;
}

static const char *
column_name_at(int i, const void *arg)
{
	return ((const BfTable *) arg)->columns[i].name;
}

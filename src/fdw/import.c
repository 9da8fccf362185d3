/*-------------------------------------------------------------------------
 *
 * import.c
 *	  IMPORT FOREIGN SCHEMA: the catalog as CREATE FOREIGN TABLE commands.
 *
 * IDENTIFICATION
 *	  src/fdw/import.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/catalog.h"
#include "commands/defrem.h"
#include "fdw/import.h"
#include "fdw/inspect.h"
#include "fdw/option.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* The remote schema that holds every table; the others are families. */
#define WHOLE_SCHEMA "billing"

typedef struct ImportOptions
{
	const char *month_type;
	const char *first_month;	/* NULL = not given */
	const char *last_month;		/* NULL = not given */
} ImportOptions;

typedef struct ImportOption
{
	const char *name;
	size_t		offset;			/* in ImportOptions */
	void		(*check) (const char *name, const char *value);
} ImportOption;

/* Helper functions */
static ImportOptions read_import_options(List *list);
static const ImportOption *find_import_option(const char *name);
static const char *import_option_at(int i, const void *arg);
static void check_month_type(const char *name, const char *value);
static bool family_exists(const char *name);
static void check_not_named(const ImportForeignSchemaStmt *stmt,
							const BfTable *table, BfSite site);
static char *create_command(const BfTable *table, const char *server,
							BfSite site, const ImportOptions *options);

/* The months are those of the options of the tables that are made. */
static const ImportOption import_options[] = {
	{"month_type", offsetof(ImportOptions, month_type), check_month_type},
	{"first_month", offsetof(ImportOptions, first_month), bf_option_check},
	{"last_month", offsetof(ImportOptions, last_month), bf_option_check},
	{NULL, 0, NULL}
};

/*
 * billingImportForeignSchema
 *		Returns one command per table of the remote schema.  The caller picks
 *		those that LIMIT TO and EXCEPT leave.
 */
List *
billingImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverOid)
{
	ForeignServer *server = GetForeignServer(serverOid);
	BfSite		site = bf_option_resolve(server, NULL)->site;
	ImportOptions options = read_import_options(stmt->options);
	bool		whole = strcmp(stmt->remote_schema, WHOLE_SCHEMA) == 0;
	List	   *commands = NIL;

	if (!whole && !family_exists(stmt->remote_schema))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
				 errmsg("there is no remote schema \"%s\"",
						stmt->remote_schema),
				 errhint("Use \"%s\" for all tables, or a family that billing_fdw_tables() names.",
						 WHOLE_SCHEMA)));

	for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
	{
		if (!whole && strcmp((*table)->family, stmt->remote_schema) != 0)
			continue;
		if (bf_catalog_has_site((*table)->action->sites, site))
			commands = lappend(commands, create_command(*table, server->servername,
														site, &options));
		else
			check_not_named(stmt, *table, site);
	}
	return commands;
}

/*
 * Refuses a table that the user names and the server's site does not have;
 * the others are left out without a word.
 */
static void
check_not_named(const ImportForeignSchemaStmt *stmt, const BfTable *table,
				BfSite site)
{
	ListCell   *lc;

	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return;
	foreach(lc, stmt->table_list)
	{
		if (strcmp(lfirst_node(RangeVar, lc)->relname, table->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
					 errmsg("site \"%s\" has no billing table \"%s\"",
							bf_option_site_name(site), table->name),
					 errdetail("Action %s does not exist there.",
							   table->action->name)));
	}
}

static ImportOptions
read_import_options(List *list)
{
	ImportOptions options = {.month_type = "text"};
	ListCell   *lc;

	foreach(lc, list)
	{
		DefElem    *def = lfirst_node(DefElem, lc);
		const ImportOption *option = find_import_option(def->defname);
		const char *value = defGetString(def);

		option->check(option->name, value);
		*(const char **) ((char *) &options + option->offset) = value;
	}
	return options;
}

/*
 * The option of this name; raises an error when there is none.
 */
static const ImportOption *
find_import_option(const char *name)
{
	const char *closest;

	for (const ImportOption *option = import_options; option->name; option++)
		if (strcmp(option->name, name) == 0)
			return option;

	closest = bf_option_closest(name, import_option_at, NULL);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("unrecognized option \"%s\"", name),
			 closest ? errhint("Perhaps you meant the option \"%s\".",
							   closest) :
			 errhint("Options of IMPORT FOREIGN SCHEMA are: month_type, first_month, last_month.")));
	return NULL;				/* not reached */
}

static const char *
import_option_at(int i, const void *arg)
{
	return import_options[i].name;
}

static void
check_month_type(const char *name, const char *value)
{
	if (strcmp(value, "text") != 0 && strcmp(value, "date") != 0 &&
		strcmp(value, "timestamp") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\"", name),
				 errhint("It must be one of: text, date, timestamp.")));
}

static bool
family_exists(const char *name)
{
	for (const BfTable *const *table = bf_catalog_tables(); *table; table++)
		if (strcmp((*table)->family, name) == 0)
			return true;
	return false;
}

/*
 * CREATE FOREIGN TABLE for a table of the catalog, with the columns that the
 * server's site fills.
 */
static char *
create_command(const BfTable *table, const char *server, BfSite site,
			   const ImportOptions *options)
{
	bool		months = bf_catalog_has_months(table);
	const char *separator = "";
	StringInfoData command;

	initStringInfo(&command);
	appendStringInfo(&command, "CREATE FOREIGN TABLE %s (",
					 quote_identifier(table->name));
	for (const BfColumn *column = table->columns; column->name; column++)
	{
		if (!bf_catalog_has_site(column->sites, site))
			continue;
		appendStringInfo(&command, "%s\n\t%s %s", separator,
						 quote_identifier(column->name),
						 column->type == BF_TYPE_MONTH ? options->month_type :
						 bf_inspect_type_name(column->type));
		separator = ",";
	}
	appendStringInfo(&command, "\n) SERVER %s OPTIONS (table_name %s",
					 quote_identifier(server),
					 quote_literal_cstr(table->name));
	if (options->first_month != NULL && months)
		appendStringInfo(&command, ", first_month %s",
						 quote_literal_cstr(options->first_month));
	if (options->last_month != NULL && months)
		appendStringInfo(&command, ", last_month %s",
						 quote_literal_cstr(options->last_month));
	appendStringInfoChar(&command, ')');
	return command.data;
}

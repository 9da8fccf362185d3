/*-------------------------------------------------------------------------
 *
 * option.c
 *	  Options of servers, user mappings, foreign tables and columns.
 *
 * One table describes every option; the validator, the hints, the readers
 * and the documentation page all use it.  No message ever quotes a value: it
 * may be a secret in the wrong place.
 *
 * IDENTIFICATION
 *	  src/fdw/option.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <limits.h>

#include "access/reloptions.h"
#include "api/month.h"
#include "api/quota.h"
#include "api/sign.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "fdw/compat.h"
#include "fdw/option.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/varlena.h"

PG_FUNCTION_INFO_V1(billing_fdw_validator);

/* Where an option may stand; a bit mask. */
#define ON_SERVER	1
#define ON_TABLE	2
#define ON_COLUMN	4
#define ON_MAPPING	8

typedef enum OptionKind
{
	KIND_NAME,					/* printable ASCII without blanks: it goes
								 * into a header */
	KIND_SECRET,				/* the same, and never shown */
	KIND_TEXT,					/* any text that is not empty */
	KIND_ANY_TEXT,				/* any text */
	KIND_CHOICE,				/* one of "choices", stored as its position */
	KIND_WORD,					/* one of "choices", stored as text */
	KIND_BOOLEAN,
	KIND_INTEGER,
	KIND_COST,					/* number of planner's cost units */
	KIND_SECONDS,				/* integer with time unit, default s */
	KIND_KILOBYTES,				/* integer with memory unit, default kB */
	KIND_ENDPOINT,
	KIND_PROXY,
	KIND_MONTH,					/* YYYY-MM or -N */
	KIND_FILE					/* readable by pg_read_server_files */
} OptionKind;

typedef struct OptionRow
{
	const char *name;
	int			where;			/* ON_... */
	OptionKind	kind;
	int			min;			/* of numbers, in the unit of "kind" */
	int			max;
	const char *choices;		/* separated by blanks */
	const char *initial;		/* default as a user would write it, or NULL */
	int			offset;			/* in BfOptions, BfColumnOptions or
								 * BfCredentials */
	const char *range;			/* for the documentation */
	const char *summary;
} OptionRow;

#define IN_OPTIONS(field) offsetof(BfOptions, field)
#define IN_COLUMN(field) offsetof(BfColumnOptions, field)
#define IN_CREDENTIALS(field) offsetof(BfCredentials, field)

static const OptionRow option_rows[] = {
	{"site", ON_SERVER, KIND_CHOICE, 0, 0, "intl china", "intl",
		IN_OPTIONS(site), "intl or china",
	"Site of the account; chooses the default endpoint and language."},
	{"endpoint", ON_SERVER, KIND_ENDPOINT, 0, 0, NULL, NULL,
		IN_OPTIONS(endpoint), "host[:port] or URL",
	"Where requests go.  Default: billing.intl.tencentcloudapi.com (intl) or billing.tencentcloudapi.com (china).  http:// only to a loopback address."},
	{"region", ON_SERVER, KIND_NAME, 0, 0, NULL, NULL,
		IN_OPTIONS(region), "region code",
	"Sent as X-TC-Region.  Default: not sent."},
	{"language", ON_SERVER, KIND_WORD, 0, 0, "zh-CN en-US", NULL,
		IN_OPTIONS(language), "zh-CN or en-US",
	"Language of messages and labels.  Default: en-US (intl) or zh-CN (china)."},
	{"currency", ON_SERVER, KIND_TEXT, 0, 0, NULL, NULL,
		IN_OPTIONS(currency), "text",
	"Label shown in the column \"currency\"; changes no amount.  Default: none."},
	{"ca_file", ON_SERVER, KIND_FILE, 0, 0, NULL, NULL,
		IN_OPTIONS(ca_file), "path on the database server",
	"Certificates to trust, PEM.  Default: the system's.  Only members of pg_read_server_files may set it."},
	{"proxy", ON_SERVER, KIND_PROXY, 0, 0, NULL, NULL,
		IN_OPTIONS(proxy), "http[s]://host:port",
	"HTTP proxy.  Default: none; the environment is not consulted."},
	{"connect_timeout", ON_SERVER, KIND_SECONDS, 1, 600, NULL, "10s",
		IN_OPTIONS(connect_timeout), "1s to 600s",
	"Time for name look-up, connection and TLS."},
	{"request_timeout", ON_SERVER, KIND_SECONDS, 1, 600, NULL, "60s",
		IN_OPTIONS(request_timeout), "1s to 600s",
	"Time for one call as a whole."},
	{"max_response_size", ON_SERVER, KIND_KILOBYTES, 64, 1048576, NULL, "32MB",
		IN_OPTIONS(max_response_size), "64kB to 1GB",
	"Largest answer accepted, after decompression."},
	{"startup_cost", ON_SERVER, KIND_COST, 0, 0, NULL, "100",
		IN_OPTIONS(startup_cost), "0 or more, cost units",
	"Planner's cost of starting a scan."},
	{"call_cost", ON_SERVER, KIND_COST, 0, 0, NULL, "1000",
		IN_OPTIONS(call_cost), "0 or more, cost units",
	"Planner's cost of a call, in the units of cpu_tuple_cost = 0.01.  The default is a hundred thousand rows' worth, and low enough that ordinary scans do not wake the JIT compiler."},
	{"tuple_cost", ON_SERVER, KIND_COST, 0, 0, NULL, "0.01",
		IN_OPTIONS(tuple_cost), "0 or more, cost units",
	"Planner's cost of decoding a row, beside cpu_tuple_cost."},
	{"page_size", ON_SERVER | ON_TABLE, KIND_INTEGER, 1, 3000, NULL, NULL,
		IN_OPTIONS(page_size), "1 to the action's maximum, rows",
	"Rows asked for per call.  Default, and upper bound: the action's maximum."},
	{"max_concurrency", ON_SERVER | ON_TABLE, KIND_INTEGER, 1, 64, NULL, "8",
		IN_OPTIONS(max_concurrency), "1 to 64",
	"Calls that a scan has under way at the same time; 1 = one after the other."},
	{"requests_per_second", ON_SERVER | ON_TABLE, KIND_INTEGER, 1, BF_QUOTA_MAX, NULL, "20",
		IN_OPTIONS(requests_per_second), "1 to 1000",
	"Calls per second that a session makes of one action with one key."},
	{"max_retries", ON_SERVER | ON_TABLE, KIND_INTEGER, 0, 20, NULL, "5",
		IN_OPTIONS(max_retries), "0 to 20",
	"How often a call that failed for a passing reason is repeated."},
	{"throttle_timeout", ON_SERVER | ON_TABLE, KIND_SECONDS, 0, 3600, NULL, "60s",
		IN_OPTIONS(throttle_timeout), "0s to 3600s",
	"How long a call may be put off because the API says that it is called too often."},
	{"ready_interval", ON_SERVER | ON_TABLE, KIND_SECONDS, 1, 3600, NULL, "30s",
		IN_OPTIONS(ready_interval), "1s to 3600s",
	"Pause between questions while the API is still preparing a bill."},
	{"ready_timeout", ON_SERVER | ON_TABLE, KIND_SECONDS, 0, 86400, NULL, "15min",
		IN_OPTIONS(ready_timeout), "0s to 86400s",
	"How long a scan waits in all for bills to be prepared; 0 = fail at once.  The setting billing_fdw.ready_timeout overrides it."},
	{"max_requests", ON_SERVER | ON_TABLE, KIND_INTEGER, 1, 10000000, NULL, "10000",
		IN_OPTIONS(max_requests), "1 to 10000000",
	"A scan that needs more requests (pages not counted) is refused."},
	{"answer_check", ON_SERVER | ON_TABLE, KIND_CHOICE, 0, 0, "error warning off", "error",
		IN_OPTIONS(answer_check), "error, warning or off",
	"What to do with an answer that contradicts itself or the request."},
	{"count_from_total", ON_SERVER | ON_TABLE, KIND_BOOLEAN, 0, 0, NULL, "off",
		IN_OPTIONS(count_from_total), "boolean",
	"Rows of which a query needs no more than the parameters are counted by the API's Total instead of being read.  The API documents Total as unreliable: a wrong one is a wrong count."},
	{"table_name", ON_TABLE, KIND_TEXT, 0, 0, NULL, NULL,
		IN_OPTIONS(table_name), "name of a billing table",
	"Which table of the API this is.  Default: the foreign table's own name."},
	{"first_month", ON_TABLE, KIND_MONTH, 0, 0, NULL, NULL,
		IN_OPTIONS(first_month), "YYYY-MM, or -N = N months before the current one",
	"The table starts with this month and may be read without a condition on month.  Default: none, a condition is needed."},
	{"last_month", ON_TABLE, KIND_MONTH, 0, 0, NULL, NULL,
		IN_OPTIONS(last_month), "YYYY-MM, or -N = N months before the current one",
	"The table ends with this month.  Default: the current month, Beijing time."},
	{"column_name", ON_COLUMN, KIND_TEXT, 0, 0, NULL, NULL,
		IN_COLUMN(column_name), "name of a column of the billing table",
	"Which column of the billing table this is.  Default: its own name."},
	{"field", ON_COLUMN, KIND_TEXT, 0, 0, NULL, NULL,
		IN_COLUMN(field), "JSON member of the row",
	"Reads this member of the API's rows, also one that the catalog does not know.  Default: none."},
	{"value", ON_COLUMN, KIND_ANY_TEXT, 0, 0, NULL, NULL,
		IN_COLUMN(value), "text",
	"Fixed argument of a parameter column: the table holds the rows for this value only.  Default: none."},
	{"secret_id", ON_MAPPING, KIND_SECRET, 0, 0, NULL, NULL,
		IN_CREDENTIALS(secret_id), "text",
	"SecretId of the API key.  Required."},
	{"secret_key", ON_MAPPING, KIND_SECRET, 0, 0, NULL, NULL,
		IN_CREDENTIALS(secret_key), "text",
	"SecretKey of the API key.  Required."},
	{"token", ON_MAPPING, KIND_SECRET, 0, 0, NULL, NULL,
		IN_CREDENTIALS(token), "text",
	"Session token of temporary keys.  Default: none."},
	{"proxy_user", ON_MAPPING, KIND_TEXT, 0, 0, NULL, NULL,
		IN_CREDENTIALS(proxy_user), "text",
	"User name for the proxy.  Default: none."},
	{"proxy_password", ON_MAPPING, KIND_TEXT, 0, 0, NULL, NULL,
		IN_CREDENTIALS(proxy_password), "text",
	"Password for the proxy.  Default: none."},
	{NULL, 0, KIND_TEXT, 0, 0, NULL, NULL, 0, NULL, NULL}
};

/* Names of the places, for messages and the documentation. */
typedef struct Place
{
	int			where;
	Oid			catalog;
	const char *name;
} Place;

static const Place places[] = {
	{ON_SERVER, ForeignServerRelationId, "server"},
	{ON_TABLE, ForeignTableRelationId, "foreign table"},
	{ON_COLUMN, AttributeRelationId, "column"},
	{ON_MAPPING, UserMappingRelationId, "user mapping"},
	{0, InvalidOid, NULL}
};

/* Settings */
static int	ready_timeout_setting = -1; /* seconds, -1 = the option's value */
static char *allowed_endpoints_setting = NULL;

/* Helper functions */
static const OptionRow *find_option(const char *name);
pg_noreturn static void reject_option(const char *name, int where);
static const char *option_name_at(int i, const void *arg);
static void set_text(const OptionRow *row, const char *text, void *target);
static int	choice_position(const OptionRow *row, const char *text);
static void set_boolean(const OptionRow *row, const char *text, void *target);
static void set_number(const OptionRow *row, const char *text, void *target);
static void set_cost(const OptionRow *row, const char *text, void *target);
static void set_option(const OptionRow *row, const char *text, void *target);
static void check_header_text(const OptionRow *row, const char *text);
static void check_file(const OptionRow *row);
pg_noreturn static void invalid_value(const OptionRow *row, const char *reason);
static void read_options(List *options, int where, void *target);
static char *places_of(const OptionRow *row);

/*
 * billing_fdw_validator(options text[], catalog oid)
 *		Raises an error for the first option that is not right.
 */
Datum
billing_fdw_validator(PG_FUNCTION_ARGS)
{
	List	   *options = untransformRelOptions(PG_GETARG_DATUM(0));
	Oid			catalog = PG_GETARG_OID(1);
	int			where = 0;
	BfOptions	scratch_options = {0};
	BfColumnOptions scratch_column = {0};
	BfCredentials scratch_credentials = {0};
	void	   *target;
	ListCell   *lc;

	for (int i = 0; places[i].name != NULL; i++)
		if (places[i].catalog == catalog)
			where = places[i].where;

	target = where == ON_COLUMN ? (void *) &scratch_column :
		where == ON_MAPPING ? (void *) &scratch_credentials :
		(void *) &scratch_options;

	foreach(lc, options)
	{
		DefElem    *def = lfirst_node(DefElem, lc);
		const OptionRow *row = find_option(def->defname);

		if (row == NULL || (row->where & where) == 0)
			reject_option(def->defname, where);
		if (row->kind == KIND_FILE)
			check_file(row);
		set_option(row, defGetString(def), target);
	}
	bf_option_wipe_credentials(&scratch_credentials);

	if (scratch_column.field != NULL &&
		(scratch_column.column_name != NULL || scratch_column.value != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"field\" cannot be combined with \"column_name\" or \"value\"")));

	PG_RETURN_VOID();
}

/*
 * Defines the extension's settings; called once per backend.
 */
void
bf_option_define_settings(void)
{
	DefineCustomIntVariable("billing_fdw.ready_timeout",
							"How long a scan waits for bills to be prepared.",
							"Overrides the option \"ready_timeout\" of servers and foreign tables; -1 leaves it alone, 0 fails at once.",
							&ready_timeout_setting,
							-1,
							-1,
							86400,
							PGC_USERSET,
							GUC_UNIT_S,
							NULL,
							NULL,
							NULL);
	DefineCustomStringVariable("billing_fdw.allowed_endpoints",
							   "Hosts that servers of ordinary users may name as endpoint or proxy.",
							   "A comma-separated list of host names; \"*.example.com\" stands for all hosts below example.com.",
							   &allowed_endpoints_setting,
							   "*.tencentcloudapi.com",
							   PGC_SUSET,
							   0,
							   NULL,
							   NULL,
							   NULL);
	MarkGUCPrefixReserved("billing_fdw");
}

/*
 * The time in seconds that a scan may wait for bills to be prepared: the
 * session's setting, else the option.
 */
int
bf_option_ready_timeout(const BfOptions *options)
{
	return ready_timeout_setting >= 0 ? ready_timeout_setting :
		options->ready_timeout;
}

/*
 * The options of a foreign table and its server, or of the server alone, in
 * the current context.  Raises an error when a stored value is not valid.
 */
BfOptions *
bf_option_resolve(ForeignServer *server, ForeignTable *table)
{
	BfOptions  *options = palloc0(sizeof(BfOptions));

	for (const OptionRow *row = option_rows; row->name; row++)
		if (row->initial != NULL)
			set_option(row, row->initial, options);
	read_options(server->options, ON_SERVER, options);
	if (table != NULL)
		read_options(table->options, ON_TABLE, options);

	if (options->endpoint == NULL)
		options->endpoint = options->site == BF_SITE_CHINA ?
			"billing.tencentcloudapi.com" :
			"billing.intl.tencentcloudapi.com";
	if (options->language == NULL)
		options->language = options->site == BF_SITE_CHINA ?
			"zh-CN" : "en-US";
	return options;
}

/*
 * The options of a column; absent ones are NULL.
 */
BfColumnOptions
bf_option_of_column(List *list)
{
	BfColumnOptions options;

	memset(&options, 0, sizeof(options));
	read_options(list, ON_COLUMN, &options);
	return options;
}

/*
 * The value of option "site" that means this one.
 */
const char *
bf_option_site_name(BfSite site)
{
	return site == BF_SITE_CHINA ? "china" : "intl";
}

/*
 * What the i-th option is, for the documentation; in the current context.
 * Returns false behind the last one.
 */
bool
bf_option_describe(int i, BfOptionText *text)
{
	const OptionRow *row = &option_rows[i];

	if (row->name == NULL)
		return false;
	text->name = row->name;
	text->places = places_of(row);
	text->range = row->range;
	text->initial = row->initial;
	text->summary = row->summary;
	return true;
}

/*
 * Raises an error when a text is no value of this option of a server or a
 * foreign table.
 */
void
bf_option_check(const char *name, const char *text)
{
	BfOptions	scratch = {0};

	set_option(find_option(name), text, &scratch);
}

/*
 * Fills in the secrets of a user mapping, in the current context; the caller
 * wipes them, also after an error.  Those in the mapping's own list are wiped
 * here.  Raises an error when the key is not complete.
 */
void
bf_option_credentials(UserMapping *mapping, ForeignServer *server,
					  BfCredentials *credentials)
{
	ListCell   *lc;

	read_options(mapping->options, ON_MAPPING, credentials);
	foreach(lc, mapping->options)
	{
		char	   *text = defGetString(lfirst_node(DefElem, lc));

		bf_sign_wipe(text, strlen(text));
	}
	if (credentials->secret_id == NULL || credentials->secret_key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 errmsg("user mapping for server \"%s\" lacks option \"%s\"",
						server->servername,
						credentials->secret_id == NULL ?
						"secret_id" : "secret_key"),
				 errhint("Add it with ALTER USER MAPPING.")));
}

/*
 * Overwrites our copies of the secrets.
 */
void
bf_option_wipe_credentials(BfCredentials *credentials)
{
	for (const OptionRow *row = option_rows; row->name; row++)
		if (row->where == ON_MAPPING)
		{
			char	   *text = *(char **) ((char *) credentials + row->offset);

			if (text != NULL)
				bf_sign_wipe(text, strlen(text));
		}
}

/*
 * Raises an error when this server may not send requests to that host: the
 * owner of the server is no superuser and the host is not on the list.
 */
void
bf_option_check_target(ForeignServer *server, const char *kind,
					   const BfEndpoint *endpoint)
{
	if (superuser_arg(server->owner))
		return;
	if (!bf_endpoint_allowed(endpoint->host, allowed_endpoints_setting))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("%s of server \"%s\" is not allowed",
						kind, server->servername),
				 errdetail("The owner of the server is no superuser, and host \"%s\" is not in \"billing_fdw.allowed_endpoints\".",
						   endpoint->host),
				 errhint("A superuser can add the host to the setting, or own the server.")));
}

/*
 * The candidate nearest to a name that was not recognized, or NULL when none
 * is near.  candidate(i, arg) names them one by one and ends with NULL.
 */
const char *
bf_option_closest(const char *name,
				  const char *(*candidate) (int i, const void *arg),
				  const void *arg)
{
	const char *closest = NULL;
	int			closest_distance = INT_MAX;
	const char *other;

	if (strlen(name) >= NAMEDATALEN)
		return NULL;
	for (int i = 0; (other = candidate(i, arg)) != NULL; i++)
	{
		int			distance;

		distance = varstr_levenshtein(name, strlen(name),
									  other, strlen(other), 1, 1, 1, true);
		if (distance < closest_distance)
		{
			closest = other;
			closest_distance = distance;
		}
	}
	/* The same bound as the server's own hints: half of the name. */
	return closest_distance <= (int) strlen(name) / 2 ? closest : NULL;
}

/*
 * The row of an option, or NULL.
 */
static const OptionRow *
find_option(const char *name)
{
	for (const OptionRow *row = option_rows; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

/*
 * Raises the error for an option that does not exist, or not here.
 */
static void
reject_option(const char *name, int where)
{
	const OptionRow *row = find_option(name);
	const char *closest;

	if (row != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("invalid place for option \"%s\"", name),
				 errhint("Option \"%s\" is an option of: %s.",
						 name, places_of(row))));

	closest = bf_option_closest(name, option_name_at, &where);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("unrecognized option \"%s\"", name),
			 closest ? errhint("Perhaps you meant the option \"%s\".",
							   closest) : 0));
}

/*
 * The i-th option that may stand in the place *arg, for hints.
 */
static const char *
option_name_at(int i, const void *arg)
{
	for (const OptionRow *row = option_rows; row->name; row++)
		if ((row->where & *(const int *) arg) != 0 && i-- == 0)
			return row->name;
	return NULL;
}

/*
 * Checks a value and stores it in the struct that the option belongs to.
 */
static void
set_option(const OptionRow *row, const char *text, void *target)
{
	BfEndpoint	endpoint;
	BfMonth		month;
	const char *reason;

	switch (row->kind)
	{
		case KIND_CHOICE:
			*(int *) ((char *) target + row->offset) =
				choice_position(row, text);
			return;
		case KIND_WORD:
			(void) choice_position(row, text);
			break;
		case KIND_BOOLEAN:
			set_boolean(row, text, target);
			return;
		case KIND_INTEGER:
		case KIND_SECONDS:
		case KIND_KILOBYTES:
			set_number(row, text, target);
			return;
		case KIND_COST:
			set_cost(row, text, target);
			return;
		case KIND_NAME:
		case KIND_SECRET:
			check_header_text(row, text);
			break;
		case KIND_TEXT:
		case KIND_FILE:
			if (text[0] == '\0')
				invalid_value(row, "It must not be empty.");
			break;
		case KIND_ANY_TEXT:
			break;
		case KIND_ENDPOINT:
			if ((reason = bf_endpoint_parse(text, &endpoint)) != NULL)
				invalid_value(row, psprintf("It %s.", reason));
			break;
		case KIND_PROXY:
			if ((reason = bf_endpoint_parse_proxy(text, &endpoint)) != NULL)
				invalid_value(row, psprintf("It %s.", reason));
			break;
		case KIND_MONTH:
			/* from any month on, the form is what counts */
			if (!bf_month_parse_bound(text, bf_month_make(2020, 1), &month))
				invalid_value(row, "It must have the form YYYY-MM, or -N for N months before the current one.");
			break;
	}
	set_text(row, text, target);
}

static void
set_text(const OptionRow *row, const char *text, void *target)
{
	*(char **) ((char *) target + row->offset) = pstrdup(text);
}

/*
 * The position of a value among the option's choices.
 */
static int
choice_position(const OptionRow *row, const char *text)
{
	char	   *next = pstrdup(row->choices);
	char	   *choice;

	for (int i = 0; (choice = strsep(&next, " ")) != NULL; i++)
		if (strcmp(choice, text) == 0)
			return i;
	invalid_value(row, psprintf("It must be one of: %s.", row->range));
}

static void
set_boolean(const OptionRow *row, const char *text, void *target)
{
	if (!parse_bool(text, (bool *) ((char *) target + row->offset)))
		invalid_value(row, "It must be a Boolean.");
}

static void
set_number(const OptionRow *row, const char *text, void *target)
{
	int			unit = row->kind == KIND_SECONDS ? GUC_UNIT_S :
		row->kind == KIND_KILOBYTES ? GUC_UNIT_KB : 0;
	int			number;
	const char *hint = NULL;

	if (!parse_int(text, &number, unit, &hint))
		invalid_value(row, hint ? hint : "It must be a whole number.");
	if (number < row->min || number > row->max)
		invalid_value(row, psprintf("It must be in the range %s.", row->range));
	*(int *) ((char *) target + row->offset) = number;
}

static void
set_cost(const OptionRow *row, const char *text, void *target)
{
	double		number;
	const char *hint = NULL;

	if (!parse_real(text, &number, 0, &hint))
		invalid_value(row, hint ? hint : "It must be a number.");
	if (!(number >= 0 && number <= DBL_MAX))
		invalid_value(row, "It must not be negative.");
	*(double *) ((char *) target + row->offset) = number;
}

/*
 * Values that go into HTTP headers: a line end would start another header,
 * and blanks at the ends of a pasted key count for the API.
 */
static void
check_header_text(const OptionRow *row, const char *text)
{
	if (text[0] == '\0')
		invalid_value(row, "It must not be empty.");
	for (const char *c = text; *c; c++)
		if (*c <= ' ' || *c >= 0x7f)
			invalid_value(row, "It must consist of printable ASCII characters without blanks.");
	if (strlen(text) > (row->offset == IN_CREDENTIALS(token) ? 8192 : BF_SIGN_SECRET_MAX))
		invalid_value(row, "It is too long.");
}

/*
 * A file of the database server is read with the server's rights.
 */
static void
check_file(const OptionRow *row)
{
	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to set option \"%s\"", row->name),
				 errhint("Only members of role pg_read_server_files may set it.")));
}

static void
invalid_value(const OptionRow *row, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for option \"%s\"", row->name),
			 errhint("%s", reason)));
}

/*
 * Stores all options of a list that belong to this place.
 */
static void
read_options(List *options, int where, void *target)
{
	ListCell   *lc;

	foreach(lc, options)
	{
		DefElem    *def = lfirst_node(DefElem, lc);
		const OptionRow *row = find_option(def->defname);

		if (row != NULL && (row->where & where) != 0)
			set_option(row, defGetString(def), target);
	}
}

/*
 * The places where an option may stand, as text.
 */
static char *
places_of(const OptionRow *row)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; places[i].name != NULL; i++)
		if ((row->where & places[i].where) != 0)
			appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "",
							 places[i].name);
	return text.data;
}

/*-------------------------------------------------------------------------
 *
 * option.h
 *	  Options of servers, user mappings, foreign tables and columns.
 *
 * IDENTIFICATION
 *	  src/fdw/option.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_OPTION_H
#define BF_OPTION_H

#include "api/catalog.h"
#include "api/endpoint.h"
#include "foreign/foreign.h"

typedef enum BfAnswerCheck
{
	BF_ANSWER_CHECK_ERROR,
	BF_ANSWER_CHECK_WARNING,
	BF_ANSWER_CHECK_OFF
} BfAnswerCheck;

/*
 * Options of a foreign table and its server, resolved: the table's value,
 * else the server's, else the default.  Strings belong to the memory context
 * that was current.
 */
typedef struct BfOptions
{
	/* server */
	int			site;			/* BfSite */
	char	   *endpoint;		/* never NULL */
	char	   *region;			/* NULL = header not sent */
	char	   *language;		/* never NULL */
	char	   *currency;		/* NULL = none */
	char	   *ca_file;		/* NULL = the system's certificates */
	char	   *proxy;			/* NULL = none */
	int			connect_timeout;	/* seconds */
	int			request_timeout;	/* seconds */
	int			max_response_size;	/* kilobytes */

	double		startup_cost;	/* planner's cost units */
	double		call_cost;
	double		tuple_cost;

	/* server or table */
	int			page_size;		/* rows; 0 = the action's maximum */
	int			max_concurrency;
	int			requests_per_second;
	int			max_retries;
	int			throttle_timeout;	/* seconds */
	int			ready_interval; /* seconds */
	int			ready_timeout;	/* seconds */
	int			max_requests;
	int			answer_check;	/* BfAnswerCheck */
	bool		count_from_total;

	/* table */
	char	   *table_name;		/* NULL = the foreign table's name */
	char	   *first_month;	/* NULL = not given */
	char	   *last_month;		/* NULL = not given */
} BfOptions;

/* Options of a column; NULL = not given. */
typedef struct BfColumnOptions
{
	char	   *column_name;
	char	   *field;
	char	   *value;
} BfColumnOptions;

/* Secrets of a user mapping; NULL = not given. */
typedef struct BfCredentials
{
	char	   *secret_id;
	char	   *secret_key;
	char	   *token;
	char	   *proxy_user;
	char	   *proxy_password;
} BfCredentials;

/* An option in words. */
typedef struct BfOptionText
{
	const char *name;
	const char *places;			/* where it may stand */
	const char *range;
	const char *initial;		/* default, or NULL */
	const char *summary;
} BfOptionText;

extern void bf_option_define_settings(void);
extern int	bf_option_ready_timeout(const BfOptions *options);
extern BfOptions *bf_option_resolve(ForeignServer *server,
									ForeignTable *table);
extern BfColumnOptions bf_option_of_column(List *options);
extern const char *bf_option_site_name(BfSite site);
extern bool bf_option_describe(int i, BfOptionText *text);
extern void bf_option_check(const char *name, const char *text);
extern void bf_option_credentials(UserMapping *mapping,
								  ForeignServer *server,
								  BfCredentials *credentials);
extern void bf_option_wipe_credentials(BfCredentials *credentials);
extern void bf_option_check_target(ForeignServer *server, const char *kind,
								   const BfEndpoint *endpoint);
extern const char *bf_option_closest(const char *name,
									 const char *(*candidate) (int i, const void *arg),
									 const void *arg);

#endif							/* BF_OPTION_H */

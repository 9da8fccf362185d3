/*-------------------------------------------------------------------------
 *
 * config.h
 *	  What the simulator is told to do: a table of settings.
 *
 * IDENTIFICATION
 *	  test/sim/config.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_MAX_IGNORED 16
#define SIM_NAME_LEN 64

/* the values of the choices, in the order of their names in config.c */
enum
{
	SIM_DATA_GENERATED, SIM_DATA_EXAMPLES
};
enum
{
	SIM_SOURCE_SEED, SIM_SOURCE_DOMESTIC, SIM_SOURCE_INTL
};
enum
{
	SIM_SITE_BOTH, SIM_SITE_INTL, SIM_SITE_CHINA
};
enum
{
	SIM_TAG_VALUE_HONOURED, SIM_TAG_VALUE_IGNORED
};
enum
{
	SIM_TAG_ALONE_ALL, SIM_TAG_ALONE_TAGGED
};
enum
{
	SIM_NO_TAG_ERROR, SIM_NO_TAG_ALL, SIM_NO_TAG_EMPTY
};
enum
{
	SIM_TOTAL_EXACT, SIM_TOTAL_NULL, SIM_TOTAL_ZERO, SIM_TOTAL_STALE,
	SIM_TOTAL_ABSENT, SIM_TOTAL_LARGE
};
enum
{
	SIM_READY_PRESENT, SIM_READY_ABSENT
};
enum
{
	SIM_EMPTY_DOCUMENTED, SIM_EMPTY_ARRAY, SIM_EMPTY_NULL, SIM_EMPTY_MISSING
};
enum
{
	SIM_ID_RANDOM, SIM_ID_COUNTED
};
enum
{
	SIM_MATCH_EXACT, SIM_MATCH_ANY
};
enum
{
	SIM_END_INCLUSIVE, SIM_END_EXCLUSIVE
};
enum
{
	SIM_DEALS_PAGES, SIM_DEALS_ROWS
};

/* Copied whole for each request, so that a request sees one state of it. */
typedef struct SimConfig
{
	int64_t		data;
	int64_t		example_source;
	int64_t		example_match;
	int64_t		example_number; /* which one, with SIM_MATCH_ANY */
	int64_t		site;
	int64_t		seed;
	int64_t		rows;			/* of every month, or of a stream of rows */
	int64_t		gzip;
	int64_t		cache;			/* keep answers to send them again */
	int64_t		request_id;
	int64_t		quota_per_second;	/* 0 = none */
	int64_t		clock;			/* Unix seconds, 0 = the machine's clock */
	int64_t		clock_offset;	/* seconds */
	int64_t		tag_value_empty;
	int64_t		tag_key_alone;
	int64_t		tag_without_key;
	int64_t		limit_cap;		/* 0 = none */
	int64_t		total;
	int64_t		ready;
	int64_t		error_status;	/* HTTP status of API errors */
	int64_t		empty_array;
	int64_t		range_end;
	int64_t		deals_offset;
	int			nignored;
	char		ignored[SIM_MAX_IGNORED][SIM_NAME_LEN];
} SimConfig;

extern void sim_config_init(int64_t site);
extern void sim_config_reset(void);
extern char *sim_config_merge(const cJSON *changes);
extern cJSON *sim_config_show(void);
extern void sim_config_copy(SimConfig *copy);
extern int64_t sim_config_now(const SimConfig *config);
extern bool sim_config_ignores(const SimConfig *config, const char *name);

#endif							/* SIM_CONFIG_H */

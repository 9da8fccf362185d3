/*-------------------------------------------------------------------------
 *
 * data.h
 *	  The rows that an action answers with.
 *
 * IDENTIFICATION
 *	  test/sim/data.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_DATA_H
#define SIM_DATA_H

#include "ledger.h"
#include "rules.h"

/* a request whose parameters passed the rules */
typedef struct SimCall
{
	const SimAction *action;
	const cJSON *params;
	SimConfig	config;
} SimCall;

/* which rows are wanted, and what was found */
typedef struct SimPage
{
	int64_t		asked;			/* rows to skip, as the request says */
	int64_t		offset;			/* the same, after faults of paging */
	int64_t		limit;
	cJSON	   *rows;			/* array, owned by who asked */
	int64_t		total;			/* rows on all pages */
} SimPage;

/* in data.c */
extern bool sim_data_rows(const SimCall *call, SimPage *page,
						  SimError *error);
extern const char *sim_data_param(const SimCall *call, const char *name);
extern void sim_data_strip(cJSON *response);
extern void sim_data_empty(const SimCall *call, cJSON *object,
						   const char *name, bool usually_null);
extern void sim_data_add_parts(cJSON *object, const int64_t *part,
							   bool lists_price, bool trim_total);
extern void sim_data_add_ratio(cJSON *row, int64_t part, int64_t whole);

/* in resource.c */
extern bool sim_resource_rows(const SimCall *call, SimPage *page,
							  SimError *error);

/* in summary.c */
extern bool sim_summary_rows(const SimCall *call, SimPage *page,
							 SimError *error);

/* lines that have something in common, added up */
typedef struct SimGroup
{
	const char *key;
	const char *value;
	const SimSums *products;	/* by product */
	SimSums		all;
} SimGroup;

typedef void (*SimGroupAdder) (const SimCall *call, const SimLedger *ledger,
							   const SimGroup *group, cJSON *rows);

extern void sim_summary_groups(const SimCall *call, const SimLedger *ledger,
							   const char *kind, int tag, SimGroupAdder add,
							   cJSON *rows);

/* in overview.c */
extern bool sim_overview_rows(const SimCall *call, SimPage *page,
							  SimError *error);

/* in paymode.c */
extern bool sim_paymode_rows(const SimCall *call, SimPage *page,
							 SimError *error);

/* in generic.c */
extern bool sim_generic_rows(const SimCall *call, SimPage *page,
							 SimError *error);

/* in beside.c */
extern void sim_beside_add(const SimCall *call, const SimPage *page,
						   cJSON *response);

/* in paging.c */
extern bool sim_paging_choose(const SimCall *call, const cJSON *fault,
							  SimPage *page, SimError *error);
extern bool sim_paging_is_first(const SimCall *call);
extern void sim_paging_mark(const SimCall *call, const SimPage *page,
							cJSON *response);

#endif							/* SIM_DATA_H */

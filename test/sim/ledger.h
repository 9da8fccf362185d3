/*-------------------------------------------------------------------------
 *
 * ledger.h
 *	  The lines of a month's bill, from which all generated data is made.
 *
 * IDENTIFICATION
 *	  test/sim/ledger.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "config.h"
#include "vocabulary.h"

/* amounts are integers of this many decimals */
#define SIM_SCALE 8
#define SIM_UNIT INT64_C(100000000)

/* the amounts that every row of the API has */
typedef enum SimPart
{
	SIM_TOTAL, SIM_REAL, SIM_CASH, SIM_INCENTIVE, SIM_VOUCHER, SIM_TRANSFER,
	SIM_NPARTS
} SimPart;

/* which month of which account */
typedef struct SimLedger
{
	int			year;
	int			month;
	char		month_text[8];	/* both as YYYY-MM */
	int64_t		rows;
	uint64_t	account;		/* base of what belongs to resources */
	uint64_t	base;			/* base of what belongs to lines */
} SimLedger;

/* numbers are places in the lists of sim_words */
typedef struct SimLine
{
	uint64_t	hash;			/* of the line */
	uint64_t	resource_hash;	/* of the resource, the same in all months */
	int			product;
	int			region;
	int			project;
	int			operator;
	int			action;
	int			pay_mode;
	int			chinese;		/* labels: 0 English, 1 Chinese */
	bool		contract;		/* has a contract price, no list price */
	int64_t		part[SIM_NPARTS];
	int64_t		with_ri;
	int64_t		with_sp;
	int64_t		discount;		/* six decimals */
	int			ntags;
	int			tag_key[SIM_MAX_TAGS];
	int			tag_value[SIM_MAX_TAGS];
} SimLine;

/* lines added up */
typedef struct SimSums
{
	int64_t		lines;
	int64_t		part[SIM_NPARTS];
} SimSums;

extern void sim_ledger_open(SimLedger *ledger, const SimConfig *config,
							const char *month, const char *payer);
extern void sim_ledger_line(const SimLedger *ledger, int64_t n,
							SimLine *line);
extern void sim_ledger_add(SimSums *sums, const SimLine *line);
extern const char *sim_ledger_tag(const SimLine *line, int key);
extern bool sim_ledger_has_tag(const SimLine *line, int key);
extern bool sim_ledger_lists_price(const SimLedger *ledger);
extern void sim_ledger_amount(int64_t amount, bool trim, char out[32]);

#endif							/* SIM_LEDGER_H */

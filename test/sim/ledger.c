/*-------------------------------------------------------------------------
 *
 * ledger.c
 *	  The lines of a month's bill, from which all generated data is made.
 *
 * A line follows from seed, payer, month and its number alone, so any page
 * of any month can be made without the pages before it.  Resource rows
 * show lines, summaries add them up: one bill seen from several sides.
 *
 * Four lines share three resources: the last two are two transactions of
 * one resource.  A resource keeps its names and tags in all months.
 *
 * IDENTIFICATION
 *	  test/sim/ledger.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "util.h"

/* The bill of a month (YYYY-MM); without a payer, the caller's. */
void
sim_ledger_open(SimLedger *ledger, const SimConfig *config,
				const char *month, const char *payer)
{
	ledger->year = atoi(month);
	ledger->month = atoi(month + 5);
	snprintf(ledger->month_text, sizeof(ledger->month_text), "%.7s", month);
	ledger->rows = config->rows;
	if (payer == NULL || sim_vocabulary_is_own(payer))
		payer = "";
	ledger->account = sim_mix((uint64_t) config->seed, sim_hash(payer));
	ledger->base = sim_mix(ledger->account, sim_hash(month));
}

/*
 * What belongs to the resource.  Keys are distinct because they start at
 * one place and go round the list.
 */
static void
set_resource(SimLine *line)
{
	uint64_t	h = line->resource_hash;
	int			first = sim_pick(h, "tag", sim_words.ntags);

	line->product = sim_pick(h, "product", sim_words.nproducts);
	line->region = sim_pick(h, "region", sim_words.nregions);
	line->project = sim_pick(h, "project", sim_words.nprojects);
	line->operator = sim_pick(h, "operator", sim_words.naccounts);
	line->chinese = sim_pick(h, "language", 2);
	line->ntags = sim_pick(h, "tags", SIM_MAX_TAGS + 1);
	for (int i = 0; i < line->ntags; i++)
	{
		int			key = (first + i) % sim_words.ntags;

		line->tag_key[i] = key;
		line->tag_value[i] = sim_pick(sim_mix(h, (uint64_t) i), "value",
									  sim_words.tags[key].nvalues);
	}
}

/*
 * How the real cost was paid.  One line in fifty misses the sum of its
 * parts by a few units of the last decimal, as real bills do.
 */
static void
set_payment(SimLine *line)
{
	int64_t		real = line->part[SIM_REAL];

	switch (sim_pick(line->hash, "payment", 5))
	{
		case 0:
			line->part[SIM_VOUCHER] = real / 3;
			line->part[SIM_CASH] = real - real / 3;
			break;
		case 1:
			line->part[SIM_INCENTIVE] = real;
			break;
		case 2:
			line->part[SIM_TRANSFER] = real / 2;
			line->part[SIM_CASH] = real - real / 2;
			break;
		default:
			line->part[SIM_CASH] = real;
	}
	if (sim_pick(line->hash, "imprecise", 50) == 0)
		line->part[SIM_REAL] += 1 + sim_pick(line->hash, "units", 20);
}

/*
 * The amounts.  A reserved instance costs nothing here: its hours were
 * paid before, what shows is the price that they cover.
 */
static void
set_amounts(SimLine *line)
{
	static const int64_t magnitudes[] = {
		1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
		1000000000000, 10000000000000
	};
	const SimActionType *action = &sim_words.actions[line->action];
	int64_t		real = (int64_t) (sim_mix(line->hash, 17) % (uint64_t)
								  magnitudes[sim_pick(line->hash, "size", 8)]);
	int64_t		list;

	line->discount = 50000 + sim_pick(line->hash, "discount", 950001);
	list = real / line->discount * 1000000 +
		real % line->discount * 1000000 / line->discount;
	/* one line in four has a round list price, such as 35.5 */
	if (sim_pick(line->hash, "round", 4) == 0)
		list -= list % (SIM_UNIT / 10);
	if (strcmp(sim_words.pay_modes[action->pay_mode].code, "riPay") == 0)
	{
		line->with_ri = list;
		return;
	}
	if (strncmp(action->code, "svp", 3) == 0)
		line->with_sp = list / 2;
	line->part[SIM_TOTAL] = action->negative ? -list : list;
	line->part[SIM_REAL] = action->negative ? -real : real;
	set_payment(line);
}

/* Fills in line n, from 0. */
void
sim_ledger_line(const SimLedger *ledger, int64_t n, SimLine *line)
{
	int64_t		resource = n / 4 * 3 + (n % 4 < 2 ? n % 4 : 2);

	memset(line, 0, sizeof(*line));
	line->resource_hash = sim_mix(ledger->account, (uint64_t) resource);
	line->hash = sim_mix(ledger->base, (uint64_t) n);
	set_resource(line);
	line->action = sim_pick(line->hash, "action", sim_words.nactions);
	line->pay_mode = sim_words.actions[line->action].pay_mode;
	line->contract = sim_pick(line->hash, "contract", 64) == 0;
	set_amounts(line);
}

/* Adds a line to sums. */
void
sim_ledger_add(SimSums *sums, const SimLine *line)
{
	sums->lines++;
	for (int i = 0; i < SIM_NPARTS; i++)
		sums->part[i] += line->part[i];
}

/* Does the line's resource have a tag of this key? */
bool
sim_ledger_has_tag(const SimLine *line, int key)
{
	for (int i = 0; i < line->ntags; i++)
	{
		if (line->tag_key[i] == key)
			return true;
	}
	return false;
}

/* The value of a tag key, "" when the resource does not have the key. */
const char *
sim_ledger_tag(const SimLine *line, int key)
{
	for (int i = 0; i < line->ntags; i++)
	{
		if (line->tag_key[i] == key)
			return sim_words.tags[key].values[line->tag_value[i]];
	}
	return "";
}

/* Bills before May 2021 have no list prices. */
bool
sim_ledger_lists_price(const SimLedger *ledger)
{
	return ledger->year * 12 + ledger->month >= 2021 * 12 + 5;
}

/* An amount as text, without the zeros at its end when trim is set. */
void
sim_ledger_amount(int64_t amount, bool trim, char out[32])
{
	uint64_t	n = amount < 0 ? (uint64_t) -amount : (uint64_t) amount;
	size_t		len;

	snprintf(out, 32, "%s%llu.%08llu", amount < 0 ? "-" : "",
			 (unsigned long long) (n / SIM_UNIT),
			 (unsigned long long) (n % SIM_UNIT));
	if (!trim)
		return;
	len = strlen(out);
	while (out[len - 1] == '0')
		out[--len] = '\0';
	if (out[len - 1] == '.')
		out[len - 1] = '\0';
}

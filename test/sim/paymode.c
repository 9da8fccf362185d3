/*-------------------------------------------------------------------------
 *
 * paymode.c
 *	  Generated rows of DescribeBillSummaryByPayMode.
 *
 * IDENTIFICATION
 *	  test/sim/paymode.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "json.h"

static cJSON *
detail_of(const SimLedger *ledger, const SimActionType *action,
		  const SimSums *sums, const SimSums *mode)
{
	cJSON	   *row = cJSON_CreateObject();

	cJSON_AddStringToObject(row, "ActionType", action->code);
	cJSON_AddStringToObject(row, "ActionTypeName", action->row[0]);
	cJSON_AddStringToObject(row, "BillMonth", ledger->month_text);
	sim_data_add_ratio(row, sums->part[SIM_REAL], mode->part[SIM_REAL]);
	sim_data_add_parts(row, sums->part, sim_ledger_lists_price(ledger),
					   false);
	return row;
}

/* A mode without cost has no details, as in the documented example. */
static cJSON *
row_of(const SimCall *call, const SimLedger *ledger, int mode,
	   const SimSums *sums, const SimSums *actions, int64_t month_real)
{
	const SimPayMode *names = &sim_words.pay_modes[mode];
	cJSON	   *row = cJSON_CreateObject();
	cJSON	   *details = cJSON_CreateArray();

	cJSON_AddStringToObject(row, "PayMode", names->code);
	cJSON_AddStringToObject(row, "PayModeName", names->labels[1]);
	sim_data_add_ratio(row, sums->part[SIM_REAL], month_real);
	sim_data_add_parts(row, sums->part, sim_ledger_lists_price(ledger),
					   false);
	for (int i = 0; i < sim_words.nactions; i++)
	{
		if (sim_words.actions[i].pay_mode == mode && actions[i].lines > 0 &&
			strcmp(names->code, "riPay") != 0)
			cJSON_AddItemToArray(details, detail_of(ledger,
													&sim_words.actions[i],
													&actions[i], sums));
	}
	if (cJSON_GetArraySize(details) > 0)
		cJSON_AddItemToObject(row, "Detail", details);
	else
	{
		cJSON_Delete(details);
		sim_data_empty(call, row, "Detail", false);
	}
	return row;
}

/* All rows: there are no pages.  Never fails. */
bool
sim_paymode_rows(const SimCall *call, SimPage *page, SimError *error)
{
	size_t		nmodes = (size_t) sim_words.npay_modes;
	SimSums    *modes = sim_alloc(nmodes * sizeof(SimSums));
	SimSums    *actions = sim_alloc((size_t) sim_words.nactions *
									sizeof(SimSums));
	int64_t		month_real = 0;
	SimLedger	ledger;
	SimLine		line;

	(void) error;
	sim_ledger_open(&ledger, &call->config,
					sim_json_text(call->params, "BeginTime"),
					sim_data_param(call, "PayerUin"));
	for (int64_t n = 0; n < ledger.rows; n++)
	{
		sim_ledger_line(&ledger, n, &line);
		sim_ledger_add(&modes[line.pay_mode], &line);
		sim_ledger_add(&actions[line.action], &line);
		month_real += line.part[SIM_REAL];
	}
	/* a month without lines has no rows at all */
	for (int mode = 0; mode < (int) nmodes && ledger.rows > 0; mode++)
		cJSON_AddItemToArray(page->rows,
							 row_of(call, &ledger, mode, &modes[mode],
									actions, month_real));
	page->total = cJSON_GetArraySize(page->rows);
	free(modes);
	free(actions);
	return true;
}

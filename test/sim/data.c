/*-------------------------------------------------------------------------
 *
 * data.c
 *	  The rows that an action answers with.
 *
 * IDENTIFICATION
 *	  test/sim/data.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "json.h"

/* who makes the rows of which action; of all others, generic.c */
static const struct
{
	const char *action;
	bool		(*make) (const SimCall *call, SimPage *page, SimError *error);
}			makers[] =

{
	{"DescribeBillSummary", sim_summary_rows},
	{"DescribeBillSummaryForOrganization", sim_summary_rows},
	{"DescribeBillSummaryByPayMode", sim_paymode_rows},
	{"DescribeBillSummaryByProduct", sim_overview_rows},
	{"DescribeBillSummaryByProject", sim_overview_rows},
	{"DescribeBillSummaryByRegion", sim_overview_rows},
	{"DescribeBillSummaryByTag", sim_overview_rows},
	{"DescribeBillResourceSummary", sim_resource_rows},
	{"DescribeBillResourceSummaryForOrganization", sim_resource_rows},
	{NULL, NULL}
};

/* The rows of one page; false with an error of the API. */
bool
sim_data_rows(const SimCall *call, SimPage *page, SimError *error)
{
	page->rows = cJSON_CreateArray();
	page->total = 0;
	if (call->config.data == SIM_DATA_EXAMPLES)
		return true;			/* what is not documented is empty */
	for (int i = 0; makers[i].action != NULL; i++)
	{
		if (strcmp(makers[i].action, call->action->name) == 0)
			return makers[i].make(call, page, error);
	}
	return sim_generic_rows(call, page, error);
}

/* A text parameter; NULL when it is not given, or to be ignored. */
const char *
sim_data_param(const SimCall *call, const char *name)
{
	if (sim_config_ignores(&call->config, name))
		return NULL;
	return sim_json_text(call->params, name);
}

/* Takes what every answer has out of a response that is itself the one row. */
void
sim_data_strip(cJSON *response)
{
	cJSON_DeleteItemFromObjectCaseSensitive(response, "RequestId");
	cJSON_DeleteItemFromObjectCaseSensitive(response, "Ready");
}

/* An array without items: four spellings of nothing. */
void
sim_data_empty(const SimCall *call, cJSON *object, const char *name,
			   bool usually_null)
{
	int64_t		how = call->config.empty_array;

	if (how == SIM_EMPTY_NULL ||
		(how == SIM_EMPTY_DOCUMENTED && usually_null))
		cJSON_AddNullToObject(object, name);
	else if (how != SIM_EMPTY_MISSING)
		cJSON_AddArrayToObject(object, name);
}

/* The six amounts under the names that all actions share. */
void
sim_data_add_parts(cJSON *object, const int64_t *part, bool lists_price,
				   bool trim_total)
{
	static const char *const names[SIM_NPARTS] = {
		"TotalCost", "RealTotalCost", "CashPayAmount", "IncentivePayAmount",
		"VoucherPayAmount", "TransferPayAmount"
	};
	char		text[32];

	for (int i = 0; i < SIM_NPARTS; i++)
	{
		sim_ledger_amount(part[i], trim_total && i == SIM_TOTAL, text);
		cJSON_AddStringToObject(object, names[i],
								i == SIM_TOTAL && !lists_price ? "-" : text);
	}
}

/* Percent with two decimals; what is negative counts as nothing. */
void
sim_data_add_ratio(cJSON *row, int64_t part, int64_t whole)
{
	char		text[32] = "0.00";
	int64_t		basis;

	if (part > 0 && whole > 0)
	{
		basis = (int64_t) ((double) part / (double) whole * 10000.0 + 0.5);
		snprintf(text, sizeof(text), "%lld.%02lld",
				 (long long) (basis / 100), (long long) (basis % 100));
	}
	cJSON_AddStringToObject(row, "RealTotalCostRatio", text);
}

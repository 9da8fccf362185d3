/*-------------------------------------------------------------------------
 *
 * overview.c
 *	  Generated rows of DescribeBillSummaryByProduct, ByProject, ByRegion and
 *	  ByTag.
 *
 * The groups are those of DescribeBillSummary, so that both add up to the
 * same month.
 *
 * IDENTIFICATION
 *	  test/sim/overview.c
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "data.h"
#include "json.h"

typedef struct Overview
{
	const char *action;
	const char *kind;			/* of the groups */
	const char *key;			/* fields for key and value; NULL = none */
	const char *value;
} Overview;

static const Overview overviews[] = {
	{"DescribeBillSummaryByProduct", "business", "BusinessCode",
	"BusinessCodeName"},
	{"DescribeBillSummaryByProject", "project", "ProjectId", "ProjectName"},
	{"DescribeBillSummaryByRegion", "region", "RegionId", "RegionName"},
	{"DescribeBillSummaryByTag", "tag", NULL, "TagValue"},
	{NULL, NULL, NULL, NULL}
};

static const Overview *
overview_of(const SimCall *call)
{
	const Overview *o = overviews;

	while (strcmp(o->action, call->action->name) != 0)
		o++;
	return o;
}

static void
add_row(const SimCall *call, const SimLedger *ledger, const SimGroup *group,
		cJSON *rows)
{
	const Overview *o = overview_of(call);
	const char *wanted = sim_data_param(call, "TagValue");
	cJSON	   *row;

	if (wanted != NULL && strcmp(wanted, group->value) != 0 &&
		(*wanted != '\0' ||
		 call->config.tag_value_empty == SIM_TAG_VALUE_HONOURED))
		return;
	row = cJSON_CreateObject();
	if (o->key != NULL)
		cJSON_AddStringToObject(row, o->key, group->key);
	cJSON_AddStringToObject(row, o->value, group->value);
	/* the real cost, until all rows are there and their shares known */
	cJSON_AddNumberToObject(row, "RealTotalCostRatio",
							(double) group->all.part[SIM_REAL]);
	if (o->key != NULL)
		cJSON_AddStringToObject(row, "BillMonth", ledger->month_text);
	sim_data_add_parts(row, group->all.part, sim_ledger_lists_price(ledger),
					   false);
	cJSON_AddItemToArray(rows, row);
}

/* The shares of the rows, in place of their real costs. */
static void
set_ratios(cJSON *rows)
{
	double		whole = 0;
	cJSON	   *row;

	cJSON_ArrayForEach(row, rows)
		whole += sim_json_get(row, "RealTotalCostRatio")->valuedouble;
	cJSON_ArrayForEach(row, rows)
	{
		double		part = sim_json_get(row, "RealTotalCostRatio")->valuedouble;

		cJSON_DeleteItemFromObjectCaseSensitive(row, "RealTotalCostRatio");
		sim_data_add_ratio(row, (int64_t) part, (int64_t) whole);
	}
}

/* All rows: there are no pages.  False with an error of the API. */
bool
sim_overview_rows(const SimCall *call, SimPage *page, SimError *error)
{
	const char *key = sim_json_text(call->params, "TagKey");
	int			tag = key ? sim_vocabulary_tag(key) : 0;
	SimLedger	ledger;

	if (tag < 0)
		return sim_fail(error, "FailedOperation.TagKeyNotExist",
						"The tag key %.100s does not exist.", key);
	sim_ledger_open(&ledger, &call->config,
					sim_json_text(call->params, "BeginTime"),
					sim_data_param(call, "PayerUin"));
	sim_summary_groups(call, &ledger, overview_of(call)->kind, tag, add_row,
					   page->rows);
	set_ratios(page->rows);
	page->total = cJSON_GetArraySize(page->rows);
	return true;
}

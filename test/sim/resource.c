/*-------------------------------------------------------------------------
 *
 * resource.c
 *	  Generated rows of DescribeBillResourceSummary and of its relative for
 *	  organizations.
 *
 * IDENTIFICATION
 *	  test/sim/resource.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "json.h"
#include "moment.h"

/* the conditions of a request; NULL = not given */
typedef struct Filter
{
	const char *resource_id;
	const char *business_code;
	const char *pay_mode;
	const char *action_type;
	const char *tag_key;
	const char *tag_value;
	int			tag;			/* number of the key, -1 = unknown */
	bool		tagged_only;	/* a key alone wants rows that have it */
} Filter;

static void
resource_id_of(const SimLine *line, char out[40])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint64_t	h = sim_mix(line->resource_hash, 99);
	int			n = snprintf(out, 24, "%s",
							 sim_words.products[line->product].id);

	for (int i = 0; i < 8; i++, h /= 36)
		out[n++] = digits[h % 36];
	out[n] = '\0';
}

static void
read_filter(const SimCall *call, Filter *f)
{
	memset(f, 0, sizeof(*f));
	f->resource_id = sim_data_param(call, "ResourceId");
	f->business_code = sim_data_param(call, "BusinessCode");
	f->pay_mode = sim_data_param(call, "PayMode");
	f->action_type = sim_data_param(call, "ActionType");
	f->tag_key = sim_data_param(call, "TagKey");
	if (f->tag_key == NULL)
		return;
	f->tag = sim_vocabulary_tag(f->tag_key);
	f->tag_value = sim_data_param(call, "TagValue");
	if (f->tag_value != NULL && *f->tag_value == '\0' &&
		call->config.tag_value_empty == SIM_TAG_VALUE_IGNORED)
		f->tag_value = NULL;
	f->tagged_only = f->tag_value == NULL &&
		call->config.tag_key_alone == SIM_TAG_ALONE_TAGGED;
}

static bool
is_empty(const Filter *f)
{
	return !f->resource_id && !f->business_code && !f->pay_mode &&
		!f->action_type && !f->tag_value && !f->tagged_only;
}

static bool
passes(const Filter *f, const SimLine *line)
{
	const SimActionType *action = &sim_words.actions[line->action];
	char		id[40];

	if (f->pay_mode &&
		strcmp(f->pay_mode, sim_words.pay_modes[line->pay_mode].code) != 0)
		return false;
	if (f->business_code &&
		strcmp(f->business_code, sim_words.products[line->product].code) != 0)
		return false;
	/* the parameter's own names, which are not always those of the rows */
	if (f->action_type && strcmp(f->action_type, action->request[0]) != 0 &&
		strcmp(f->action_type, action->request[1]) != 0)
		return false;
	if (f->tagged_only && !sim_ledger_has_tag(line, f->tag))
		return false;
	if (f->tag_value &&
		strcmp(f->tag_value, sim_ledger_tag(line, f->tag)) != 0)
		return false;
	if (f->resource_id == NULL)
		return true;
	resource_id_of(line, id);
	return strcmp(f->resource_id, id) == 0;
}

static void
add_text(cJSON *row, const char *name, const char *value)
{
	cJSON_AddStringToObject(row, name, value ? value : "");
}

/* A second of the month, as a wall clock. */
static void
add_time(cJSON *row, const char *name, const SimLedger *ledger,
		 int64_t second)
{
	char		text[40];

	snprintf(text, sizeof(text), "%s-%02d %02d:%02d:%02d", ledger->month_text,
			 (int) (second / SIM_DAY + 1) % 100, (int) (second / 3600 % 24),
			 (int) (second / 60 % 60), (int) (second % 60));
	add_text(row, name, text);
}

static void
add_names(cJSON *row, const SimLine *line)
{
	const SimProduct *product = &sim_words.products[line->product];
	const SimPayMode *mode = &sim_words.pay_modes[line->pay_mode];
	const SimRegion *region = &sim_words.regions[line->region];
	char		text[80];
	int			zh = line->chinese;

	add_text(row, "BusinessCodeName", product->label[zh]);
	add_text(row, "ProductCodeName", product->sub_label[zh]);
	add_text(row, "PayModeName",
			 mode->labels[sim_pick(line->hash, "label", mode->nlabels)]);
	add_text(row, "ProjectName", sim_words.projects[line->project].label[zh]);
	add_text(row, "RegionName", region->label[zh]);
	if (region->zone[zh] == NULL)
		snprintf(text, sizeof(text), "%s", sim_words.other[zh]);
	else
		snprintf(text, sizeof(text), "%s%s", region->zone[zh],
				 sim_words.zones[sim_pick(line->resource_hash, "zone",
										  sim_words.nzones)][zh]);
	add_text(row, "ZoneName", text);
	resource_id_of(line, text);
	add_text(row, "ResourceId", text);
	add_text(row, "ResourceName",
			 sim_words.names[sim_pick(line->resource_hash, "name",
									  sim_words.nnames)]);
	add_text(row, "ActionTypeName", sim_words.actions[line->action].row[zh]);
}

static void
add_order(cJSON *row, const SimLedger *ledger, const SimLine *line)
{
	int64_t		length = SIM_DAY *
		sim_moment_days(ledger->year, ledger->month);
	int64_t		begin = (int64_t) (sim_mix(line->hash, 1) % (uint64_t) length);
	int64_t		end = begin + (int64_t) (sim_mix(line->hash, 2) %
										 (uint64_t) (length - begin));
	int64_t		pay = (int64_t) (sim_mix(line->hash, 3) % (uint64_t) length);
	char		text[128] = "";

	/* only subscriptions have orders */
	if (line->pay_mode == 0)
		snprintf(text, sizeof(text), "%04d%02d%02d%015llu",
				 ledger->year % 10000, ledger->month % 100,
				 (int) (pay / SIM_DAY + 1) % 100, (unsigned long long)
				 (sim_mix(line->hash, 4) % UINT64_C(1000000000000000)));
	add_text(row, "OrderId", text);
	add_time(row, "PayTime", ledger, pay);
	add_time(row, "FeeBeginTime", ledger, begin);
	add_time(row, "FeeEndTime", ledger, end);
	snprintf(text, sizeof(text), "CPU: %d %s; %s: %d GB",
			 1 << sim_pick(line->resource_hash, "cpu", 6),
			 sim_words.core[line->chinese], sim_words.memory[line->chinese],
			 2 << sim_pick(line->resource_hash, "memory", 7));
	add_text(row, "ConfigDesc", text);
	snprintf(text, sizeof(text), "vpc: vpc-%08llx,Default-VPC",
			 (unsigned long long) (line->resource_hash & 0xffffffff));
	add_text(row, "ExtendField1", text);
	snprintf(text, sizeof(text), "vip: 172.27.%d.%d",
			 sim_pick(line->resource_hash, "net", 256),
			 sim_pick(line->resource_hash, "host", 256));
	add_text(row, "ExtendField2", text);
}

static void
add_money(cJSON *row, const SimLedger *ledger, const SimLine *line)
{
	char		text[32];
	bool		lists = sim_ledger_lists_price(ledger) && !line->contract;

	sim_data_add_parts(row, line->part, lists,
					   sim_pick(line->hash, "trim", 3) == 0);
	/* six decimals out of eight */
	sim_ledger_amount(line->discount * 100, false, text);
	text[strlen(text) - 2] = '\0';
	add_text(row, "Discount", lists ? text : "1");
	add_text(row, "ReduceType", line->contract ?
			 sim_words.contract[line->chinese] :
			 sim_words.discount[line->chinese]);
	sim_ledger_amount(line->with_ri, false, text);
	add_text(row, "OriginalCostWithRI", text);
	sim_ledger_amount(line->with_sp, false, text);
	add_text(row, "OriginalCostWithSP", text);
	add_text(row, "SPDeduction", text);
}

static void
add_tags(const SimCall *call, cJSON *row, const SimLine *line)
{
	cJSON	   *tags;

	if (line->ntags == 0)
	{
		sim_data_empty(call, row, "Tags", false);
		return;
	}
	tags = cJSON_AddArrayToObject(row, "Tags");
	for (int i = 0; i < line->ntags; i++)
	{
		const SimTag *tag = &sim_words.tags[line->tag_key[i]];
		cJSON	   *item = cJSON_CreateObject();

		add_text(item, "TagKey", tag->key);
		add_text(item, "TagValue", tag->values[line->tag_value[i]]);
		cJSON_AddItemToArray(tags, item);
	}
}

static cJSON *
row_of(const SimCall *call, const SimLedger *ledger, const SimLine *line)
{
	cJSON	   *row = cJSON_CreateObject();
	const SimProduct *product = &sim_words.products[line->product];
	const char *extend = sim_pick(line->hash, "extend", 3) ? "-" :
		"extend info";
	char		text[32];

	add_names(row, line);
	add_order(row, ledger, line);
	add_money(row, ledger, line);
	add_text(row, "ExtendField3", extend);
	add_text(row, "ExtendField4", "-");
	add_text(row, "ExtendField5", extend);
	add_tags(call, row, line);
	/* one of the two actions has payers */
	if (sim_model_named(call->action->fields, "PayerUin") != NULL)
	{
		const char *payer = sim_data_param(call, "PayerUin");

		add_text(row, "PayerUin", payer ? payer : sim_words.accounts[0]);
	}
	add_text(row, "OwnerUin", sim_words.accounts[0]);
	add_text(row, "OperateUin", sim_words.accounts[line->operator]);
	add_text(row, "BusinessCode", product->code);
	add_text(row, "ProductCode", product->sub);
	cJSON_AddNumberToObject(row, "RegionId",
							sim_words.regions[line->region].id);
	add_text(row, "InstanceType", line->with_ri ? "ri" :
			 line->with_sp ? "svp" : "-");
	snprintf(text, sizeof(text), "%s-01 00:00:00", ledger->month_text);
	add_text(row, "BillMonth", text);
	return row;
}

/* Walks through the month; without conditions it starts at the page. */
bool
sim_resource_rows(const SimCall *call, SimPage *page, SimError *error)
{
	SimLedger	ledger;
	SimLine		line;
	Filter		filter;
	bool		all;
	int64_t		n = 0;
	int64_t		kept = 0;

	(void) error;
	sim_ledger_open(&ledger, &call->config,
					sim_json_text(call->params, "Month"),
					sim_data_param(call, "PayerUin"));
	read_filter(call, &filter);
	all = is_empty(&filter);
	if (all)
	{
		n = kept = page->offset < ledger.rows ? page->offset : ledger.rows;
		page->total = ledger.rows;
	}
	for (; n < ledger.rows; n++)
	{
		if (all && kept - page->offset >= page->limit)
			break;
		sim_ledger_line(&ledger, n, &line);
		if (!all && !passes(&filter, &line))
			continue;
		if (kept >= page->offset && kept - page->offset < page->limit)
			cJSON_AddItemToArray(page->rows, row_of(call, &ledger, &line));
		kept++;
	}
	if (!all)
		page->total = kept;
	return true;
}

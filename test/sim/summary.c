/*-------------------------------------------------------------------------
 *
 * summary.c
 *	  Generated rows of DescribeBillSummary, and groups for its relatives.
 *
 * The lines of the month are added up in a table of groups by products.
 * Whatever the grouping, the groups add up to the same month; with tags
 * they do so for each key.
 *
 * IDENTIFICATION
 *	  test/sim/summary.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "json.h"

typedef struct Grouping
{
	const char *name;			/* of GroupType */
	int			(*count) (int tag);
	int			(*group_of) (const SimLine *line, int tag);
	const char *(*key_of) (int group, int tag);
	const char *(*value_of) (int group, int tag);
} Grouping;

/* labels alternate between the languages, one language per group */
#define LABEL(thing, i) ((thing)[i].label[(i) % 2])

static int
count_products(int tag)
{
	(void) tag;
	return sim_words.nproducts;
}

static int
product_of(const SimLine *line, int tag)
{
	(void) tag;
	return line->product;
}

static const char *
product_key(int group, int tag)
{
	(void) tag;
	return sim_words.products[group].code;
}

static const char *
product_value(int group, int tag)
{
	(void) tag;
	return LABEL(sim_words.products, group);
}

static int
count_projects(int tag)
{
	(void) tag;
	return sim_words.nprojects;
}

static int
project_of(const SimLine *line, int tag)
{
	(void) tag;
	return line->project;
}

static const char *
project_key(int group, int tag)
{
	(void) tag;
	return sim_words.projects[group].id;
}

static const char *
project_value(int group, int tag)
{
	(void) tag;
	return LABEL(sim_words.projects, group);
}

static int
count_regions(int tag)
{
	(void) tag;
	return sim_words.nregions;
}

static int
region_of(const SimLine *line, int tag)
{
	(void) tag;
	return line->region;
}

static const char *
region_key(int group, int tag)
{
	(void) tag;
	return sim_words.regions[group].code;
}

static const char *
region_value(int group, int tag)
{
	(void) tag;
	return LABEL(sim_words.regions, group);
}

/* Reserved instances, which come last and cost nothing, are not listed. */
static int
count_pay_modes(int tag)
{
	(void) tag;
	return sim_words.npay_modes - 1;
}

static int
pay_mode_of(const SimLine *line, int tag)
{
	(void) tag;
	return line->pay_mode < sim_words.npay_modes - 1 ? line->pay_mode : -1;
}

static const char *
pay_mode_key(int group, int tag)
{
	(void) tag;
	return sim_words.pay_modes[group].code;
}

static const char *
pay_mode_value(int group, int tag)
{
	(void) tag;
	return sim_words.pay_modes[group].labels[1];
}

/* Group 0 holds what has no value, then come the values of the key. */
static int
count_tag_values(int tag)
{
	return sim_words.tags[tag].nvalues + 1;
}

static int
tag_value_of(const SimLine *line, int tag)
{
	const char *value = sim_ledger_tag(line, tag);

	for (int i = 0; *value && i < sim_words.tags[tag].nvalues; i++)
	{
		if (strcmp(value, sim_words.tags[tag].values[i]) == 0)
			return i + 1;
	}
	return 0;
}

static const char *
tag_key(int group, int tag)
{
	(void) group;
	return sim_words.tags[tag].key;
}

static const char *
tag_value(int group, int tag)
{
	return group == 0 ? "" : sim_words.tags[tag].values[group - 1];
}

static const Grouping groupings[] = {
	{"business", count_products, product_of, product_key, product_value},
	{"project", count_projects, project_of, project_key, project_value},
	{"region", count_regions, region_of, region_key, region_value},
	{"payMode", count_pay_modes, pay_mode_of, pay_mode_key, pay_mode_value},
	{"tag", count_tag_values, tag_value_of, tag_key, tag_value},
	{NULL, NULL, NULL, NULL, NULL}
};

/* What the parameter PayType of one action leaves. */
static bool
is_of_type(const SimLine *line, const char *type)
{
	const SimActionType *action = &sim_words.actions[line->action];
	bool		refund = strcmp(action->code, "prepay_return") == 0;

	if (type == NULL)
		return true;
	if (strcmp(type, "consume") == 0)
		return !action->negative;
	return action->negative && refund == (strcmp(type, "refund") == 0);
}

/* sums is a table of groups by products. */
static void
add_lines(const SimCall *call, const SimLedger *ledger, const Grouping *g,
		  int tag, SimSums *sums)
{
	const char *operator = sim_data_param(call, "OperateUin");
	const char *type = sim_data_param(call, "PayType");
	SimLine		line;

	for (int64_t n = 0; n < ledger->rows; n++)
	{
		int			group;

		sim_ledger_line(ledger, n, &line);
		if (!is_of_type(&line, type) ||
			(operator &&
			 strcmp(operator, sim_words.accounts[line.operator]) != 0))
			continue;
		group = g->group_of(&line, tag);
		if (group >= 0)
			sim_ledger_add(&sums[group * sim_words.nproducts + line.product],
						   &line);
	}
}

static void
add_business(const SimCall *call, const SimLedger *ledger, cJSON *row,
			 const SimSums *sums)
{
	cJSON	   *list;

	if (strcmp(sim_json_text(call->params, "GroupType"), "business") == 0)
	{
		sim_data_empty(call, row, "Business", true);
		return;
	}
	list = cJSON_AddArrayToObject(row, "Business");
	for (int i = 0; i < sim_words.nproducts; i++)
	{
		cJSON	   *item;

		if (sums[i].lines == 0)
			continue;
		item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "BusinessCode",
								sim_words.products[i].code);
		cJSON_AddStringToObject(item, "BusinessCodeName",
								LABEL(sim_words.products, i));
		sim_data_add_parts(item, sums[i].part,
						   sim_ledger_lists_price(ledger), false);
		cJSON_AddItemToArray(list, item);
	}
}

/*
 * Adds up the groups of a kind, and calls add for each one that has lines;
 * products are its sums by product.
 */
void
sim_summary_groups(const SimCall *call, const SimLedger *ledger,
				   const char *kind, int tag, SimGroupAdder add, cJSON *rows)
{
	const Grouping *g = groupings;
	int			products = sim_words.nproducts;
	SimSums    *sums;
	int			count;

	while (strcmp(g->name, kind) != 0)
		g++;
	count = g->count(tag);
	sums = sim_alloc((size_t) (count * products) * sizeof(SimSums));
	add_lines(call, ledger, g, tag, sums);
	for (int group = 0; group < count; group++)
	{
		SimGroup	found = {
			g->key_of(group, tag), g->value_of(group, tag),
			&sums[group * products], {0}
		};

		for (int i = 0; i < products; i++)
		{
			found.all.lines += found.products[i].lines;
			for (int p = 0; p < SIM_NPARTS; p++)
				found.all.part[p] += found.products[i].part[p];
		}
		if (found.all.lines > 0)
			add(call, ledger, &found, rows);
	}
	free(sums);
}

static void
add_group(const SimCall *call, const SimLedger *ledger, const SimGroup *group,
		  cJSON *rows)
{
	cJSON	   *row = cJSON_CreateObject();

	cJSON_AddStringToObject(row, "GroupKey", group->key);
	cJSON_AddStringToObject(row, "GroupValue", group->value);
	sim_data_add_parts(row, group->all.part, sim_ledger_lists_price(ledger),
					   false);
	add_business(call, ledger, row, group->products);
	cJSON_AddItemToArray(rows, row);
}

/* The tag keys asked for; without any, all or none as configured. */
static bool
add_tags(const SimCall *call, const SimLedger *ledger, cJSON *rows,
		 SimError *error)
{
	const cJSON *keys = sim_json_get(call->params, "TagKey");
	const cJSON *key;

	if (cJSON_GetArraySize(keys) == 0)
	{
		for (int i = 0; call->config.tag_without_key == SIM_NO_TAG_ALL &&
			 i < sim_words.ntags; i++)
			sim_summary_groups(call, ledger, "tag", i, add_group, rows);
		return true;
	}
	cJSON_ArrayForEach(key, keys)
	{
		int			tag = sim_vocabulary_tag(key->valuestring);

		if (tag < 0)
			return sim_fail(error, "FailedOperation.TagKeyNotExist",
							"The tag key %.100s does not exist.",
							key->valuestring);
		sim_summary_groups(call, ledger, "tag", tag, add_group, rows);
	}
	return true;
}

/* All rows: there are no pages.  False with an error of the API. */
bool
sim_summary_rows(const SimCall *call, SimPage *page, SimError *error)
{
	const char *kind = sim_json_text(call->params, "GroupType");
	SimLedger	ledger;
	bool		fine = true;

	sim_ledger_open(&ledger, &call->config,
					sim_json_text(call->params, "Month"),
					sim_data_param(call, "PayerUin"));
	if (strcmp(kind, "tag") == 0)
		fine = add_tags(call, &ledger, page->rows, error);
	else
		sim_summary_groups(call, &ledger, kind, 0, add_group, page->rows);
	page->total = cJSON_GetArraySize(page->rows);
	return fine;
}

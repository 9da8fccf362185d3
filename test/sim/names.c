/*-------------------------------------------------------------------------
 *
 * names.c
 *	  Fields that mean the same in all actions, out of the vocabulary.
 *
 * All of them follow from one hash, so that code and name of an object
 * belong together.
 *
 * IDENTIFICATION
 *	  test/sim/names.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"

/* kinds of things that a hash picks one of */
typedef struct Picked
{
	const SimProduct *product;
	const SimRegion *region;
	const SimProject *project;
	const SimActionType *action;
	const SimPayMode *mode;
	const SimTag *tag;
	int			zh;
} Picked;

static void
pick_all(uint64_t hash, Picked *p)
{
	p->product = &sim_words.products[sim_pick(hash, "product",
											  sim_words.nproducts)];
	p->region = &sim_words.regions[sim_pick(hash, "region",
											sim_words.nregions)];
	p->project = &sim_words.projects[sim_pick(hash, "project",
											  sim_words.nprojects)];
	p->action = &sim_words.actions[sim_pick(hash, "action",
											sim_words.nactions)];
	p->mode = &sim_words.pay_modes[p->action->pay_mode];
	p->tag = &sim_words.tags[sim_pick(hash, "tag", sim_words.ntags)];
	p->zh = sim_pick(hash, "language", 2);
}

static const char *
code_of(const char *name, const Picked *p)
{
	if (strcmp(name, "BusinessCode") == 0)
		return p->product->code;
	if (strcmp(name, "ProductCode") == 0 || strcmp(name, "SubProductCode") == 0)
		return p->product->sub;
	if (strcmp(name, "PayMode") == 0)
		return p->mode->code;
	if (strcmp(name, "ActionType") == 0)
		return p->action->code;
	if (strcmp(name, "RegionId") == 0)
		return p->region->code;
	if (strcmp(name, "ProjectId") == 0)
		return p->project->id;
	if (strcmp(name, "TagKey") == 0)
		return p->tag->key;
	return NULL;
}

static const char *
label_of(const char *name, const Picked *p, uint64_t hash)
{
	if (strcmp(name, "BusinessCodeName") == 0)
		return p->product->label[p->zh];
	if (strcmp(name, "ProductCodeName") == 0 ||
		strcmp(name, "SubProductName") == 0 ||
		strcmp(name, "SubProductCodeName") == 0)
		return p->product->sub_label[p->zh];
	if (strcmp(name, "PayModeName") == 0)
		return p->mode->labels[sim_pick(hash, "label", p->mode->nlabels)];
	if (strcmp(name, "ActionTypeName") == 0)
		return p->action->row[p->zh];
	if (strcmp(name, "RegionName") == 0)
		return p->region->label[p->zh];
	if (strcmp(name, "ProjectName") == 0)
		return p->project->label[p->zh];
	if (strcmp(name, "TagValue") == 0)
		return p->tag->values[sim_pick(hash, "value", p->tag->nvalues)];
	return NULL;
}

/* Accounts: who pays is always the caller, unless the request says whom. */
static const char *
account_of(const char *name, uint64_t hash)
{
	static const char *const accounts[] = {
		"OwnerUin", "OperateUin", "Uin", "MemberUin", "Payer", "Creator", NULL
	};

	if (strcmp(name, "PayerUin") == 0)
		return sim_words.accounts[0];
	for (int i = 0; accounts[i] != NULL; i++)
	{
		if (strcmp(name, accounts[i]) == 0)
			return sim_words.accounts[sim_pick(hash, name,
											   sim_words.naccounts)];
	}
	return NULL;
}

/*
 * The value of a field with such a name, in the buffer or kept for ever;
 * NULL when the name says nothing.
 */
const char *
sim_names_value(const char *name, uint64_t hash, char buffer[128])
{
	const char *found = account_of(name, hash);
	Picked		p;

	if (found != NULL)
		return found;
	pick_all(hash, &p);
	found = code_of(name, &p);
	if (found == NULL)
		found = label_of(name, &p, hash);
	if (found != NULL)
		return found;
	if (strcmp(name, "ResourceId") == 0)
	{
		snprintf(buffer, 128, "%s%06llx", p.product->id,
				 (unsigned long long) (sim_mix(hash, 99) & 0xffffff));
		return buffer;
	}
	if (strcmp(name, "ZoneName") == 0 && p.region->zone[p.zh] != NULL)
	{
		snprintf(buffer, 128, "%s%s", p.region->zone[p.zh],
				 sim_words.zones[sim_pick(hash, "zone",
										  sim_words.nzones)][p.zh]);
		return buffer;
	}
	if (strcmp(name, "ResourceName") == 0)
		return sim_words.names[sim_pick(hash, "name", sim_words.nnames)];
	return NULL;
}

/* Some tags of different keys, as an array that the caller deletes. */
cJSON *
sim_names_tags(uint64_t hash)
{
	cJSON	   *tags = cJSON_CreateArray();
	int			first = sim_pick(hash, "tag", sim_words.ntags);
	int			n = sim_pick(hash, "tags", SIM_MAX_TAGS + 1);

	for (int i = 0; i < n && i < sim_words.ntags; i++)
	{
		const SimTag *tag = &sim_words.tags[(first + i) % sim_words.ntags];
		cJSON	   *item = cJSON_CreateObject();

		cJSON_AddStringToObject(item, "TagKey", tag->key);
		cJSON_AddStringToObject(item, "TagValue",
								tag->values[sim_pick(sim_mix(hash,
															 (uint64_t) i),
													 "value", tag->nvalues)]);
		cJSON_AddItemToArray(tags, item);
	}
	return tags;
}

/*-------------------------------------------------------------------------
 *
 * vocabulary.c
 *	  The names that generated data is made of.
 *
 * Read once from data/vocabulary.json and kept until the program ends.
 *
 * IDENTIFICATION
 *	  test/sim/vocabulary.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "util.h"
#include "vocabulary.h"

SimVocabulary sim_words;

/* Room for as many items as a list of the file has. */
static void *
room(const cJSON *root, const char *name, size_t size, int *count)
{
	const cJSON *list = sim_json_get(root, name);

	*count = cJSON_GetArraySize(list);
	return sim_alloc((size_t) *count * size);
}

static const char *
text(const cJSON *item, const char *name)
{
	const char *value = sim_json_text(item, name);

	return value ? value : "";
}

static void
labels(const cJSON *item, const char *en, const char *zh, const char *out[2])
{
	out[0] = text(item, en);
	out[1] = text(item, zh);
}

static const char **
strings(const cJSON *root, const char *name, int *count)
{
	const char **list = room(root, name, sizeof(char *), count);
	const cJSON *item;
	int			n = 0;

	cJSON_ArrayForEach(item, sim_json_get(root, name))
		list[n++] = item->valuestring;
	return list;
}

static void
load_products(const cJSON *root)
{
	SimProduct *p = room(root, "products", sizeof(*p), &sim_words.nproducts);
	const cJSON *item;

	sim_words.products = p;
	cJSON_ArrayForEach(item, sim_json_get(root, "products"))
	{
		p->code = text(item, "code");
		labels(item, "en", "zh", p->label);
		p->sub = text(item, "sub");
		labels(item, "sub_en", "sub_zh", p->sub_label);
		p->id = text(item, "id");
		p++;
	}
}

static void
load_places(const cJSON *root)
{
	SimRegion  *r = room(root, "regions", sizeof(*r), &sim_words.nregions);
	SimProject *p = room(root, "projects", sizeof(*p), &sim_words.nprojects);
	const cJSON *item;

	sim_words.regions = r;
	cJSON_ArrayForEach(item, sim_json_get(root, "regions"))
	{
		r->id = (int) sim_json_integer(item, "id", 0);
		snprintf(r->code, sizeof(r->code), "%d", r->id);
		labels(item, "en", "zh", r->label);
		if (sim_json_get(item, "zone_en") != NULL)
			labels(item, "zone_en", "zone_zh", r->zone);
		r++;
	}
	sim_words.projects = p;
	cJSON_ArrayForEach(item, sim_json_get(root, "projects"))
	{
		p->id = text(item, "id");
		labels(item, "en", "zh", p->label);
		p++;
	}
}

static void
load_phrases(const cJSON *root)
{
	const cJSON *phrases = sim_json_get(root, "phrases");
	const cJSON *item;
	int			n = 0;

	sim_words.zones = room(root, "zones", sizeof(*sim_words.zones),
						   &sim_words.nzones);
	cJSON_ArrayForEach(item, sim_json_get(root, "zones"))
		labels(item, "en", "zh", sim_words.zones[n++]);
	labels(sim_json_get(phrases, "other"), "en", "zh", sim_words.other);
	labels(sim_json_get(phrases, "core"), "en", "zh", sim_words.core);
	labels(sim_json_get(phrases, "memory"), "en", "zh", sim_words.memory);
	labels(sim_json_get(phrases, "contract"), "en", "zh", sim_words.contract);
	labels(sim_json_get(phrases, "discount"), "en", "zh", sim_words.discount);
}

static void
load_modes(const cJSON *root)
{
	SimPayMode *m = room(root, "pay_modes", sizeof(*m),
						 &sim_words.npay_modes);
	SimActionType *a = room(root, "actions", sizeof(*a), &sim_words.nactions);
	const cJSON *item;

	sim_words.pay_modes = m;
	cJSON_ArrayForEach(item, sim_json_get(root, "pay_modes"))
	{
		m->code = text(item, "code");
		m->labels = strings(item, "labels", &m->nlabels);
		m++;
	}
	sim_words.actions = a;
	cJSON_ArrayForEach(item, sim_json_get(root, "actions"))
	{
		a->code = text(item, "code");
		labels(item, "en", "zh", a->request);
		labels(item, sim_json_get(item, "row_en") ? "row_en" : "en",
			   sim_json_get(item, "row_zh") ? "row_zh" : "zh", a->row);
		for (int i = 0; i < sim_words.npay_modes; i++)
		{
			if (strcmp(text(item, "pay_mode"),
					   sim_words.pay_modes[i].code) == 0)
				a->pay_mode = i;
		}
		a->negative = cJSON_IsTrue(sim_json_get(item, "negative"));
		a++;
	}
}

static void
load_tags(const cJSON *root)
{
	SimTag	   *t = room(root, "tags", sizeof(*t), &sim_words.ntags);
	const cJSON *item;

	sim_words.tags = t;
	cJSON_ArrayForEach(item, sim_json_get(root, "tags"))
	{
		t->key = text(item, "key");
		t->values = strings(item, "values", &t->nvalues);
		t++;
	}
}

/* To be called once; false after a message. */
bool
sim_vocabulary_load(const char *path)
{
	const char *why;
	static cJSON *root;			/* sim_words points into it */

	root = sim_json_load(path, &why);
	load_products(root);
	load_places(root);
	load_phrases(root);
	load_modes(root);
	load_tags(root);
	sim_words.accounts = strings(root, "accounts", &sim_words.naccounts);
	sim_words.names = strings(root, "names", &sim_words.nnames);
	if (sim_words.nproducts && sim_words.nregions && sim_words.nprojects &&
		sim_words.nzones &&
		sim_words.npay_modes && sim_words.nactions && sim_words.ntags &&
		sim_words.naccounts && sim_words.nnames)
		return true;
	fprintf(stderr, "billing_sim: no vocabulary in \"%s\": %s\n", path,
			why ? why : "a list is missing");
	return false;
}

/* Is it the caller's own account? */
bool
sim_vocabulary_is_own(const char *account)
{
	return strcmp(account, sim_words.accounts[0]) == 0;
}

/* The number of a tag key, -1 when there is no such key. */
int
sim_vocabulary_tag(const char *key)
{
	for (int i = 0; i < sim_words.ntags; i++)
	{
		if (strcmp(sim_words.tags[i].key, key) == 0)
			return i;
	}
	return -1;
}

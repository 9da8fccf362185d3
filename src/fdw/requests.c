/*-------------------------------------------------------------------------
 *
 * requests.c
 *	  The list of requests of a scan.
 *
 * IDENTIFICATION
 *	  src/fdw/requests.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fdw/requests.h"
#include "utils/hsearch.h"

/* Finds requests by what they ask for. */
typedef struct IndexEntry
{
	uint64		hash;			/* key: of the body */
	int			first;			/* item of the list */
} IndexEntry;

/* Helper functions */
static BfRequest *find_request(const BfRequestList *list,
							   const IndexEntry *entry, const char *body);
static BfRequest *append_request(BfRequestList *list);
static void add_variant(const BfRequestList *list, BfRequest *request,
						BfVariant variant);
static bool same_candidate(const BfCandidate *a, const BfCandidate *b);

/*
 * An empty list, in the current context, as is all that is added to it.
 */
BfRequestList *
bf_requests_new(const BfRelation *relation)
{
	BfRequestList *list = palloc0(sizeof(BfRequestList));
	HASHCTL		ctl;

	list->relation = relation;
	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(uint64);
	ctl.entrysize = sizeof(IndexEntry);
	ctl.hcxt = CurrentMemoryContext;
	list->index = hash_create("billing_fdw requests", 64, &ctl,
							  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return list;
}

/*
 * Adds a request with these arguments; or, if one asks for the same already,
 * the variant to that.  Takes over both.  Returns whether it is a new one.
 */
bool
bf_requests_add(BfRequestList *list, const BfArgument *args,
				BfVariant variant)
{
	BfPageSpec	first = {.limit = bf_relation_page_size(list->relation)};
	char	   *body = bf_requests_body(list->relation, args, &first);
	uint64		hash = hash_bytes_extended((unsigned char *) body, strlen(body), 0);
	bool		found;
	IndexEntry *entry = hash_search(list->index, &hash, HASH_ENTER, &found);
	BfRequest  *request;

	if (!found)
		entry->first = -1;
	request = find_request(list, entry, body);
	if (request != NULL)
	{
		add_variant(list, request, variant);
		return false;
	}

	request = append_request(list);
	request->args = args;
	request->body = body;
	request->next_same_hash = entry->first;
	entry->first = list->count - 1;
	add_variant(list, request, variant);
	return true;
}

static BfRequest *
find_request(const BfRequestList *list, const IndexEntry *entry,
			 const char *body)
{
	for (int i = entry->first; i >= 0; i = list->items[i].next_same_hash)
		if (strcmp(list->items[i].body, body) == 0)
			return &list->items[i];
	return NULL;
}

static BfRequest *
append_request(BfRequestList *list)
{
	BfRequest  *request;

	if (list->count == list->room)
	{
		int			room = Max(list->room * 2, 16);

		list->items = list->room == 0 ?
			palloc_array(BfRequest, room) :
			repalloc_array(list->items, BfRequest, room);
		list->room = room;
	}
	request = &list->items[list->count++];
	memset(request, 0, sizeof(*request));
	return request;
}

/*
 * Adds what the rows of the request are told, unless an equal variant is
 * there.
 */
static void
add_variant(const BfRequestList *list, BfRequest *request, BfVariant variant)
{
	for (int i = 0; i < request->nvariants; i++)
		if (memcmp(request->variants[i], variant,
				   list->relation->nparams * sizeof(variant[0])) == 0)
			return;

	request->variants = request->nvariants == 0 ?
		palloc_array(BfVariant, 1) :
		repalloc_array(request->variants, BfVariant, request->nvariants + 1);
	request->variants[request->nvariants++] = variant;
}

/*
 * Nothing more will be added.
 */
void
bf_requests_complete(BfRequestList *list)
{
	hash_destroy(list->index);
	list->index = NULL;
}

/*
 * Notes why the scan cannot run; the first reason counts.
 */
void
bf_requests_refuse(BfRequestList *list, int code, const char *refusal,
				   const char *hint)
{
	if (list->refusal != NULL)
		return;
	list->refusal_code = code;
	list->refusal = refusal;
	list->refusal_hint = hint;
	list->count = 0;
}

/*
 * Would both lists, of the same relation, ask for the same and tell the rows
 * the same?
 */
bool
bf_requests_equal(const BfRequestList *a, const BfRequestList *b)
{
	if (a->count != b->count || (a->refusal == NULL) != (b->refusal == NULL))
		return false;
	for (int i = 0; i < a->count; i++)
	{
		const BfRequest *x = &a->items[i];
		const BfRequest *y = &b->items[i];

		if (strcmp(x->body, y->body) != 0 || x->nvariants != y->nvariants)
			return false;
		for (int j = 0; j < x->nvariants; j++)
			for (int k = 0; k < a->relation->nparams; k++)
				if (!same_candidate(x->variants[j][k], y->variants[j][k]))
					return false;
	}
	return true;
}

static bool
same_candidate(const BfCandidate *a, const BfCandidate *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->from != b->from || a->until != b->until)
		return false;
	if (a->text == NULL || b->text == NULL)
		return a->text == b->text;
	return strcmp(a->text, b->text) == 0;
}

/*
 * Do the requests settle the values of these columns (numbers), so that all
 * rows that answer one of them are alike?
 */
bool
bf_requests_settle(const BfRequestList *list, List *wanted)
{
	ListCell   *lc;

	if (list->local)
		return false;
	foreach(lc, wanted)
	{
		int			param = bf_relation_attribute(list->relation, lfirst_int(lc))->param;

		for (int i = 0; i < list->count; i++)
			if (!bf_relation_is_echoed(list->relation, param) &&
				list->items[i].args[param].nvalues != 1)
				return false;
	}
	return true;
}

/*
 * The JSON text of a request for a page, in the current context.
 */
char *
bf_requests_body(const BfRelation *relation, const BfArgument *args,
				 const BfPageSpec *page)
{
	char	   *json = bf_request_body(relation->table->action, args, page);
	char	   *body;

	if (json == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	body = pstrdup(json);
	free(json);
	return body;
}

/*-------------------------------------------------------------------------
 *
 * generic.c
 *	  Generated rows of actions that have no maker of their own.
 *
 * A row follows from seed, action, month, the parameters that tell streams
 * apart, and its number.  Filters choose among the same rows, so that what
 * a filter returns is what the unfiltered rows show.
 *
 * IDENTIFICATION
 *	  test/sim/generic.c
 *
 *-------------------------------------------------------------------------
 */
#include "json.h"
#include "scope.h"

static uint64_t
row_hash(const SimScope *scope, int64_t n)
{
	return sim_mix(scope->hash, (uint64_t) n);
}

/* The answer of an action that is one row. */
static cJSON *
single_row(const SimScope *scope)
{
	const SimAction *action = scope->call->action;
	cJSON	   *row = sim_fill_object(scope, action->fields,
									  row_hash(scope, 0), 0);

	sim_data_strip(row);
	if (action->total != NULL)
		sim_json_put(row, action->total,
					 cJSON_CreateNumber((double) scope->call->config.rows));
	return row;
}

/* The rows of one page; never fails. */
bool
sim_generic_rows(const SimCall *call, SimPage *page, SimError *error)
{
	const cJSON *fields = call->action->fields;
	SimScope	scope;
	int64_t		rows = call->config.rows;
	int64_t		n = 0;
	int64_t		kept = 0;

	(void) error;
	sim_scope_open(&scope, call);
	if (call->action->rows == NULL)
	{
		cJSON_AddItemToArray(page->rows, single_row(&scope));
		page->total = 1;
		return true;
	}
	if (scope.nfilters == 0)
	{
		n = kept = page->offset < rows ? page->offset : rows;
		page->total = rows;
	}
	for (; n < rows; n++)
	{
		if (scope.nfilters == 0 && kept - page->offset >= page->limit)
			return true;
		if (scope.nfilters > 0 &&
			!sim_filter_passes(&scope, row_hash(&scope, n)))
			continue;
		if (kept >= page->offset && kept - page->offset < page->limit)
			cJSON_AddItemToArray(page->rows,
								 sim_fill_object(&scope, fields,
												 row_hash(&scope, n), 0));
		kept++;
	}
	if (scope.nfilters > 0)
		page->total = kept;
	return true;
}

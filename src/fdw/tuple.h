/*-------------------------------------------------------------------------
 *
 * tuple.h
 *	  Rows of the API as rows of the foreign table.
 *
 * IDENTIFICATION
 *	  src/fdw/tuple.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_TUPLE_H
#define BF_TUPLE_H

#include "executor/tuptable.h"
#include "fdw/fetch.h"
#include "fdw/relation.h"

typedef struct BfTuple BfTuple;

extern BfTuple *bf_tuple_prepare(const BfRelation *relation, List *wanted);
extern const char *const *bf_tuple_members(const BfTuple *tuple);
extern bool bf_tuple_answers(BfTuple *tuple, const BfFetch *fetch,
							 const BfRequest *request, const BfRow *row);
extern void bf_tuple_store(BfTuple *tuple, const BfFetch *fetch,
						   const BfRow *row, BfVariant variant,
						   TupleTableSlot *slot);

#endif							/* BF_TUPLE_H */

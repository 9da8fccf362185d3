/*-------------------------------------------------------------------------
 *
 * convert.h
 *	  Fields of the API as values of a column's type.
 *
 * IDENTIFICATION
 *	  src/fdw/convert.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_CONVERT_H
#define BF_CONVERT_H

#include "datatype/timestamp.h"
#include "fdw/fetch.h"
#include "fdw/relation.h"

typedef struct BfConverter BfConverter;

extern BfConverter *bf_convert_prepare(const BfRelation *relation,
									   const BfAttribute *attr);
extern bool bf_convert_takes_json(const BfConverter *converter);
extern bool bf_convert_takes_tags(const BfConverter *converter);
extern Datum bf_convert_field(BfConverter *converter, const BfFetch *fetch,
							  const BfField *field, bool *isnull);
extern Datum bf_convert_tags(const BfConverter *converter, const BfFetch *fetch,
							 const BfRow *row, BfMember *member,
							 bool *isnull);
extern bool bf_convert_time(const BfField *field, Timestamp *time);

#endif							/* BF_CONVERT_H */

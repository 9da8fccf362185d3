/*-------------------------------------------------------------------------
 *
 * range.h
 *	  Intervals of time as values of a parameter.
 *
 * IDENTIFICATION
 *	  src/fdw/range.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_RANGE_H
#define BF_RANGE_H

#include "fdw/candidate.h"

/* Where a row stands, as to the interval that was asked for. */
typedef enum BfRangePlace
{
	BF_RANGE_INSIDE,
	BF_RANGE_EDGE,				/* outside, but the request names its second,
								 * or day */
	BF_RANGE_OUTSIDE
} BfRangePlace;

extern void bf_range_make(BfCandidates *set, ExprContext *ectx, bool whole);
extern BfRangePlace bf_range_place(const BfParam *param,
								   const BfCandidate *range,
								   Timestamp moment);

#endif							/* BF_RANGE_H */

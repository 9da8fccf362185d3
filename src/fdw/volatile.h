/*-------------------------------------------------------------------------
 *
 * volatile.h
 *	  Volatility of expressions, sub-selects included.
 *
 * IDENTIFICATION
 *	  src/fdw/volatile.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_VOLATILE_H
#define BF_VOLATILE_H

#include "nodes/pathnodes.h"

extern bool bf_volatile_contain(PlannerInfo *root, Node *node);

#endif							/* BF_VOLATILE_H */

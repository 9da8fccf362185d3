/*-------------------------------------------------------------------------
 *
 * explain.h
 *	  EXPLAIN output of a scan.
 *
 * IDENTIFICATION
 *	  src/fdw/explain.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_EXPLAIN_H
#define BF_EXPLAIN_H

#include "fdw/compat.h"
#include "nodes/execnodes.h"

extern void billingExplainForeignScan(ForeignScanState *node,
									  ExplainState *es);

#endif							/* BF_EXPLAIN_H */

/*-------------------------------------------------------------------------
 *
 * analyze.h
 *	  ANALYZE: a sample of the rows of a foreign table.
 *
 * IDENTIFICATION
 *	  src/fdw/analyze.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_ANALYZE_H
#define BF_ANALYZE_H

#include "foreign/fdwapi.h"

extern bool billingAnalyzeForeignTable(Relation rel,
									   AcquireSampleRowsFunc *func,
									   BlockNumber *totalpages);

#endif							/* BF_ANALYZE_H */

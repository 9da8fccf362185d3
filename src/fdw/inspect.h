/*-------------------------------------------------------------------------
 *
 * inspect.h
 *	  The catalog, the options and the session's counters, as rows.
 *
 * IDENTIFICATION
 *	  src/fdw/inspect.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_INSPECT_H
#define BF_INSPECT_H

#include "api/catalog.h"

extern const char *bf_inspect_type_name(BfType type);

#endif							/* BF_INSPECT_H */

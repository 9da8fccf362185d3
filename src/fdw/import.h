/*-------------------------------------------------------------------------
 *
 * import.h
 *	  IMPORT FOREIGN SCHEMA.
 *
 * IDENTIFICATION
 *	  src/fdw/import.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_IMPORT_H
#define BF_IMPORT_H

#include "nodes/parsenodes.h"

extern List *billingImportForeignSchema(ImportForeignSchemaStmt *stmt,
										Oid serverOid);

#endif							/* BF_IMPORT_H */

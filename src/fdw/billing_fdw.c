/*-------------------------------------------------------------------------
 *
 * billing_fdw.c
 *	  Foreign data wrapper for the Tencent Cloud Billing API: wiring only.
 *
 * IDENTIFICATION
 *	  src/fdw/billing_fdw.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/analyze.h"
#include "fdw/compat.h"
#include "fdw/explain.h"
#include "fdw/import.h"
#include "fdw/option.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"

BF_COMPAT_MODULE_MAGIC("billing_fdw", BF_VERSION);

PG_FUNCTION_INFO_V1(billing_fdw_handler);

extern PGDLLEXPORT void _PG_init(void);

/*
 * Called once when the library is loaded.
 */
void
_PG_init(void)
{
	bf_option_define_settings();
}

/*
 * billing_fdw_handler()
 *		Returns the callbacks of the wrapper.
 */
Datum
billing_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	routine->GetForeignRelSize = billingGetForeignRelSize;
	routine->GetForeignPaths = billingGetForeignPaths;
	routine->GetForeignPlan = billingGetForeignPlan;
	routine->BeginForeignScan = billingBeginForeignScan;
	routine->IterateForeignScan = billingIterateForeignScan;
	routine->ReScanForeignScan = billingReScanForeignScan;
	routine->EndForeignScan = billingEndForeignScan;
	routine->ExplainForeignScan = billingExplainForeignScan;
	routine->AnalyzeForeignTable = billingAnalyzeForeignTable;
	routine->ImportForeignSchema = billingImportForeignSchema;

	PG_RETURN_POINTER(routine);
}

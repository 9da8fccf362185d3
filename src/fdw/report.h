/*-------------------------------------------------------------------------
 *
 * report.h
 *	  Failed calls and doubtful answers as PostgreSQL errors.
 *
 * IDENTIFICATION
 *	  src/fdw/report.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_REPORT_H
#define BF_REPORT_H

#include "api/outcome.h"
#include "fdw/compat.h"
#include "fdw/relation.h"

extern char *bf_report_clean(const char *text,
							 const BfCredentials *credentials);
pg_noreturn extern void bf_report_failure(const BfRelation *relation,
										  const BfCredentials *credentials,
										  const BfOutcome *outcome,
										  int retries);
pg_noreturn extern void bf_report_not_ready(const BfRelation *relation,
											const BfCredentials *credentials,
											const char *request_id,
											int timeout);
pg_noreturn extern void bf_report_unusable(const BfRelation *relation,
										   const BfCredentials *credentials,
										   const char *request_id,
										   const char *problem,
										   const char *hint);
extern void bf_report_doubt(const BfRelation *relation,
							const BfCredentials *credentials,
							const char *request_id, const char *doubt);

#endif							/* BF_REPORT_H */

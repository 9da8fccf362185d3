/*-------------------------------------------------------------------------
 *
 * error.h
 *	  What the API's error codes mean to us: one table.
 *
 * IDENTIFICATION
 *	  src/api/error.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_ERROR_H
#define BF_ERROR_H

#include "api/outcome.h"

typedef enum BfRetryClass
{
	BF_RETRY_NEVER,
	BF_RETRY_TRANSIENT,			/* a few times, counted by max_retries */
	BF_RETRY_THROTTLED,			/* after a pause, within throttle_timeout */
	BF_RETRY_NOT_READY			/* minutes later, within ready_timeout */
} BfRetryClass;

typedef struct BfErrorRule
{
	const char *code;			/* API code; also stands for "code.Anything" */
	BfRetryClass retry;
	const char *sqlstate;		/* five characters */
	const char *hint;			/* sentences for the user, or NULL */
} BfErrorRule;

extern const BfErrorRule *bf_error_rules(void);
extern const BfErrorRule *bf_error_find(const char *code);
extern const BfErrorRule *bf_error_classify(const BfOutcome *outcome);

#endif							/* BF_ERROR_H */

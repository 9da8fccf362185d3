/*-------------------------------------------------------------------------
 *
 * outcome.h
 *	  How one call of the billing API ended.
 *
 * Filled in by the Postgres-free floor, which never reports anything itself;
 * turned into an error by fdw/report.c only.
 *
 * IDENTIFICATION
 *	  src/api/outcome.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_OUTCOME_H
#define BF_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest texts kept of an answer, in bytes; longer ones are cut. */
#define BF_OUTCOME_CODE_MAX			128
#define BF_OUTCOME_REQUEST_ID_MAX	64
#define BF_OUTCOME_MESSAGE_MAX		1024

/* Longest piece of a name from the network that a message shows, in bytes. */
#define BF_OUTCOME_NAME_MAX			100

typedef enum BfOutcomeKind
{
	BF_OUTCOME_OK,
	BF_OUTCOME_API_ERROR,		/* the answer holds Response.Error */
	BF_OUTCOME_HTTP_STATUS,		/* a status other than 200, no API answer */
	BF_OUTCOME_NETWORK,			/* no whole answer: look-up, connection, TLS,
								 * transfer, timeout */
	BF_OUTCOME_UNREADABLE,		/* an answer, but not what is documented */
	BF_OUTCOME_TOO_LARGE,		/* an answer larger than allowed */
	BF_OUTCOME_REFUSED,			/* cannot be attempted: settings, certificate
								 * file; asking again will not help */
	BF_OUTCOME_NO_MEMORY
} BfOutcomeKind;

/*
 * The texts come from the network: UTF-8 is not guaranteed, control
 * characters and secrets may occur.  Only fdw/report.c may show them.
 */
typedef struct BfOutcome
{
	BfOutcomeKind kind;
	int			http_status;	/* 0 when no status line arrived */
	int64_t		server_time;	/* Date header in Unix seconds, 0 = none */
	char		code[BF_OUTCOME_CODE_MAX];	/* API error code, or "" */
	char		request_id[BF_OUTCOME_REQUEST_ID_MAX];	/* or "" */
	char		message[BF_OUTCOME_MESSAGE_MAX];	/* what went wrong, or "" */
} BfOutcome;

extern size_t bf_outcome_clip(const char *text, size_t max);
extern void bf_outcome_copy(char *target, size_t target_size,
							const char *text);
extern bool bf_outcome_fail(BfOutcome *outcome, BfOutcomeKind kind,
							const char *format,...)
			__attribute__((format(printf, 3, 4)));

#endif							/* BF_OUTCOME_H */

/*-------------------------------------------------------------------------
 *
 * request.h
 *	  The JSON body of a request.
 *
 * IDENTIFICATION
 *	  src/api/request.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_REQUEST_H
#define BF_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "api/catalog.h"

/* The values of one parameter of the action; nothing is owned. */
typedef struct BfArgument
{
	int			nvalues;		/* 0 = not sent */
	const char *const *values;	/* UTF-8; one, unless it is a list parameter */
} BfArgument;

/* Which page, for actions that page; ignored for others. */
typedef struct BfPageSpec
{
	int64_t		offset;			/* rows to skip */
	int			limit;			/* rows asked for */
} BfPageSpec;

extern char *bf_request_body(const BfAction *action, const BfArgument *args,
							 const BfPageSpec *page);

#endif							/* BF_REQUEST_H */

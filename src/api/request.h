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

/*
 * The values of one parameter of the action; nothing is owned.  Of a list
 * there may be several; of a range there are two, the begin and the end,
 * either of which may be NULL and is not sent then; else there is one.
 */
typedef struct BfArgument
{
	int			nvalues;		/* 0 = not sent */
	const char *const *values;	/* UTF-8 */
} BfArgument;

/* Which page, for actions that page; ignored for others. */
typedef struct BfPageSpec
{
	int64_t		offset;			/* rows before it; a multiple of "limit" where
								 * pages have numbers */
	int			limit;			/* rows asked for */
	const char *cursor;			/* of the answer before, UTF-8, not owned;
								 * NULL = none */
} BfPageSpec;

extern char *bf_request_body(const BfAction *action, const BfArgument *args,
							 const BfPageSpec *page);

#endif							/* BF_REQUEST_H */

/*-------------------------------------------------------------------------
 *
 * stream.h
 *	  The pages of one request: what each of them says about the next.
 *
 * IDENTIFICATION
 *	  src/fdw/stream.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_STREAM_H
#define BF_STREAM_H

#include "api/page.h"
#include "api/request.h"
#include "fdw/call.h"

/* The pages read so far. */
typedef struct BfStream
{
	/* as long as the scan; to be set by the owner */
	const BfCaller *caller;
	MemoryContext cxt;			/* for "cursor" */

	/* as long as the request */
	bool		done;			/* nothing more to ask for */
	int			pages;
	int64		rows;			/* of all pages */
	int64		total;			/* said by the first page that says one, -1 =
								 * unknown */
	int64		page_cap;		/* rows that the server puts into a page at
								 * most, where that is less than was asked
								 * for; 0 = no sign of it */

	/* the last page */
	bool		last_short;		/* it had fewer rows than were asked for */
	int64		last_count;		/* rows */
	uint64		last_hash;		/* of its rows */
	uint64		last_second;	/* of its second row, 0 = none */
	char	   *cursor;			/* where it says that the next one begins, or
								 * NULL */
} BfStream;

extern void bf_stream_start(BfStream *stream);
extern void bf_stream_take(BfStream *stream, const BfPage *page,
						   const BfPageSpec *spec);
extern int64 bf_stream_next_offset(const BfStream *stream);
extern int64 bf_stream_step(const BfStream *stream);
extern bool bf_stream_foresees(const BfStream *stream, int64 offset,
							   int pages);

#endif							/* BF_STREAM_H */

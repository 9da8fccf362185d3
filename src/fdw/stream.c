/*-------------------------------------------------------------------------
 *
 * stream.c
 *	  The pages of one request: what each of them says about the next.
 *
 * What kinds of paging differ in:
 *
 *		offset		the next page begins where the last one ended, so a page
 *					may have any size; several can be asked for at once
 *		number		pages have one size, from the first to the last; several
 *					can be asked for at once
 *		token		only the answer before tells how to ask for the next page
 *
 * An answer with a cursor makes the next page of an offset wait for it, too:
 * the API finds the rows quicker then.
 *
 * IDENTIFICATION
 *	  src/fdw/stream.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/report.h"
#include "fdw/stream.h"

/*
 * More pages than this in one stream are taken for a server that never
 * comes to an end: a hundred million rows with pages of full size.
 */
#define MAX_PAGES 100000

/* A page smaller than this may equal the one before it by chance. */
#define MIN_REPEATED_ROWS 20

/* Helper functions */
static BfPaging paging_of(const BfStream *stream);
static void check_page(const BfStream *stream, const BfPage *page,
					   const BfPageSpec *spec);
static void check_end(const BfStream *stream, const BfPage *page, int64 rows,
					  int64 total);
static bool is_last_page(const BfStream *stream, const BfPage *page,
						 const BfPageSpec *spec, int64 full);
static void take_cursor(BfStream *stream, const BfPage *page,
						const BfPageSpec *spec);
static void doubt(const BfStream *stream, const BfPage *page,
				  const char *doubt);
pg_noreturn static void counts_rows(const BfStream *stream,
									const BfPage *page);
pg_noreturn static void unusable(const BfStream *stream, const BfPage *page,
								 const char *problem, const char *hint);

/*
 * Forgets the pages of the request before.  No call may refer to its cursor.
 */
void
bf_stream_start(BfStream *stream)
{
	BfStream	fresh = {
		.caller = stream->caller,.cxt = stream->cxt,.total = -1
	};

	if (stream->cursor != NULL)
		pfree(stream->cursor);
	*stream = fresh;
}

/*
 * Takes the next page of the stream, which was asked for in this way: notes
 * what it says about the next one, and whether there is one.  Reports a page
 * that contradicts itself or those before it as bf_report_doubt() does, and
 * raises an error when there is no way on.
 */
void
bf_stream_take(BfStream *stream, const BfPage *page, const BfPageSpec *spec)
{
	int64		count = bf_page_row_count(page);
	int64		total = bf_page_total(page);
	int64		full;			/* rows of a page that is not short */

	if (paging_of(stream) == BF_PAGING_NONE)
	{
		check_end(stream, page, count, total);
		stream->done = true;
		return;
	}
	if (stream->total < 0)
		stream->total = total;
	check_page(stream, page, spec);

	/* A short page with more rows behind it: the server caps its pages. */
	if (paging_of(stream) == BF_PAGING_OFFSET &&
		stream->last_short && count > 0)
		stream->page_cap = stream->last_count;
	full = spec->limit;
	if (stream->page_cap > 0)
		full = Min(full, stream->page_cap);

	stream->pages++;
	stream->rows += count;
	stream->last_short = count < spec->limit;
	stream->last_count = count;
	stream->last_hash = bf_page_hash(page);
	stream->last_second = bf_page_row_hash(page, 1);
	take_cursor(stream, page, spec);
	stream->done = is_last_page(stream, page, spec, full);
	if (!stream->done && stream->pages >= MAX_PAGES)
		unusable(stream, page, psprintf("does not end after %d pages", MAX_PAGES),
				 "Raise option \"page_size\", or add conditions.");
}

static BfPaging
paging_of(const BfStream *stream)
{
	return stream->caller->relation->table->action->paging;
}

/*
 * Does the page fit to how it was asked for, and to those before it?
 */
static void
check_page(const BfStream *stream, const BfPage *page, const BfPageSpec *spec)
{
	int64		count = bf_page_row_count(page);
	int64		total = bf_page_total(page);

	if (count > spec->limit)
		doubt(stream, page, psprintf("a page has " INT64_FORMAT " rows where %d were asked for",
									 count, spec->limit));
	if (total >= 0 && total != stream->total)
		doubt(stream, page, psprintf("the number of rows changed from " INT64_FORMAT " to " INT64_FORMAT " between pages",
									 stream->total, total));
	if (paging_of(stream) == BF_PAGING_NUMBER &&
		stream->last_short && count > 0 && stream->total <= stream->rows)
		doubt(stream, page, "rows follow a page that has fewer than were asked for");
	if (count >= MIN_REPEATED_ROWS && count == stream->last_count &&
		bf_page_hash(page) == stream->last_hash)
		doubt(stream, page, "a page equals the one before it");

	/*
	 * The documents of some actions do not say whether the API counts pages
	 * or rows.  When it counts rows, page number 1 begins at the second row
	 * of page number 0, and so on.
	 */
	if (stream->caller->relation->table->action->offset_doubt &&
		stream->last_second != 0 &&
		stream->last_second == bf_page_row_hash(page, 0))
		counts_rows(stream, page);
}

/*
 * Reports rows that end before the total that was said; -1 = none was.
 */
static void
check_end(const BfStream *stream, const BfPage *page, int64 rows,
		  int64 total)
{
	if (total > rows)
		doubt(stream, page, psprintf("the rows end after " INT64_FORMAT " of " INT64_FORMAT,
									 rows, total));
}

/*
 * Does the stream end with this page, of which "full" is the size if it is
 * not short?  Reports if it should not.
 */
static bool
is_last_page(const BfStream *stream, const BfPage *page,
			 const BfPageSpec *spec, int64 full)
{
	BfPaging	paging = paging_of(stream);
	int64		count = stream->last_count;
	bool		ends = count == 0;

	/* Without rows as well, a token leads on. */
	if (paging == BF_PAGING_TOKEN)
		ends = stream->cursor == NULL;
	if (ends)
		check_end(stream, page, stream->rows, stream->total);
	if (ends || paging == BF_PAGING_TOKEN)
		return ends;

	/*
	 * The documented total may be too low; then it says nothing.  A short
	 * page ends the stream only when the total confirms it: the server may
	 * have cut the page.
	 */
	if (count < full && stream->total == stream->rows)
		return true;

	/* By numbers, what the server cut off would be left out. */
	if (paging == BF_PAGING_NUMBER && count < full &&
		stream->total > stream->rows)
		doubt(stream, page, psprintf("a page has " INT64_FORMAT " rows where %d were asked for, although there are more",
									 count, spec->limit));
	return false;
}

/*
 * Keeps what the page says about where the next one begins.  Beside an offset
 * a cursor must say the same; so it is used after full pages only, and for
 * those of one size, whichever of the two the API goes by.
 */
static void
take_cursor(BfStream *stream, const BfPage *page, const BfPageSpec *spec)
{
	const char *cursor = bf_page_cursor(page);
	bool		token = paging_of(stream) == BF_PAGING_TOKEN;

	if (token && cursor != NULL && spec->cursor != NULL &&
		strcmp(cursor, spec->cursor) == 0)
		unusable(stream, page, "does not end: it leads to the same page again",
				 NULL);
	if (!token && (stream->last_short ||
				   spec->limit != bf_relation_page_size(stream->caller->relation)))
		cursor = NULL;

	if (stream->cursor != NULL)
		pfree(stream->cursor);
	stream->cursor = cursor ? MemoryContextStrdup(stream->cxt, cursor) : NULL;
}

/*
 * Rows before the next page, as it is asked for.
 */
int64
bf_stream_next_offset(const BfStream *stream)
{
	if (paging_of(stream) == BF_PAGING_NUMBER)
		return (int64) stream->pages * bf_relation_page_size(stream->caller->relation);
	return stream->rows;
}

/*
 * Rows that each of the next pages will have, to go by the last one; 0 when
 * that is open, because it was short and the next has to show whether all
 * are.
 */
int64
bf_stream_step(const BfStream *stream)
{
	if (!stream->last_short)
		return bf_relation_page_size(stream->caller->relation);
	return stream->last_count == stream->page_cap ? stream->page_cap : 0;
}

/*
 * Will a page begin at this row, and is it among the next "pages"?  If the
 * stream is not done, one does where the last one ended; others, for all that
 * is known, up to the total: when that is hit exactly, only a page without
 * rows shows that it was the end.  With a cursor, what follows is open.
 */
bool
bf_stream_foresees(const BfStream *stream, int64 offset, int pages)
{
	int64		ahead = offset - bf_stream_next_offset(stream);
	int64		step = bf_stream_step(stream);

	if (stream->done || ahead < 0)
		return false;
	if (ahead == 0)
		return true;
	return stream->cursor == NULL &&
		step > 0 && ahead % step == 0 && ahead / step < pages &&
		offset <= stream->total && stream->pages + ahead / step < MAX_PAGES;
}

static void
doubt(const BfStream *stream, const BfPage *page, const char *doubt)
{
	bf_report_doubt(stream->caller->relation, &stream->caller->credentials,
					bf_page_request_id(page), doubt);
}

/*
 * Raises the error for pages whose numbers count rows: then only a single
 * page is right.
 */
static void
counts_rows(const BfStream *stream, const BfPage *page)
{
	const BfRelation *relation = stream->caller->relation;
	const char *hint = "Raise option \"page_size\", so that one page is enough.";

	for (int i = 0; i < relation->nparams; i++)
		if (bf_relation_param(relation, i)->domain == BF_DOMAIN_RANGE)
			hint = psprintf("Narrow the condition on \"%s\", or raise option \"page_size\", so that one page is enough.",
							bf_relation_column_name(relation, i));
	unusable(stream, page, "cannot be read page by page: the API counts rows where pages are documented",
			 hint);
}

static void
unusable(const BfStream *stream, const BfPage *page, const char *problem,
		 const char *hint)
{
	bf_report_unusable(stream->caller->relation, &stream->caller->credentials,
					   bf_page_request_id(page), problem, hint);
}

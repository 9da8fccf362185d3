/*-------------------------------------------------------------------------
 *
 * quota.c
 *	  Fuzz target of api/quota.c: whoever takes, sends and gives back in
 *	  whatever order, no second has more calls than allowed, a place is not
 *	  refused before it must be, and a refusal says when to come back.
 *
 * Input: 2 bytes of calls per second, and for each step a byte that says what
 * is done and 2 bytes of milliseconds that pass before.
 *
 * IDENTIFICATION
 *	  test/fuzz/quota.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "api/quota.h"

#define SECOND_US		1000000
#define MAX_STEPS		400
#define LONGEST_BLOCK	(2 * SECOND_US) /* of a place by one call, us */

/* What this process has done, by its own book. */
typedef struct FuzzQuota
{
	BfQuota    *quota;
	int			per_second;
	int64_t		now_us;
	int64_t    *unsent[MAX_STEPS];	/* places */
	int			nunsent;
	int64_t		sent_us[MAX_STEPS]; /* times */
	int			nsent;
} FuzzQuota;

/* Calls sent since a time. */
static int
sent_since(const FuzzQuota *book, int64_t since_us)
{
	int			count = 0;

	for (int i = 0; i < book->nsent; i++)
		if (book->sent_us[i] > since_us)
			count++;
	return count;
}

static void
take(FuzzQuota *book)
{
	int64_t		again_us;
	int64_t    *place = bf_quota_take(book->quota, book->per_second,
									  book->now_us, &again_us);

	if (place != NULL)
	{
		for (int i = 0; i < book->nunsent; i++)
			REQUIRE(book->unsent[i] != place);
		REQUIRE(book->nunsent < book->per_second);
		book->unsent[book->nunsent++] = place;
		return;
	}

	/* something was in the way, and goes away */
	REQUIRE(book->nunsent + sent_since(book, book->now_us - LONGEST_BLOCK) >=
			book->per_second);
	REQUIRE(again_us > book->now_us);
	if (book->nunsent >= book->per_second)
		return;
	REQUIRE(again_us <= book->now_us + LONGEST_BLOCK);
	book->now_us = again_us;
	place = bf_quota_take(book->quota, book->per_second, book->now_us,
						  &again_us);
	REQUIRE(place != NULL);
	book->unsent[book->nunsent++] = place;
}

static void
send(FuzzQuota *book)
{
	if (book->nunsent == 0)
		return;
	bf_quota_sent(book->unsent[--book->nunsent], book->now_us);
	/* an ended call gives back its place, which means nothing any more */
	bf_quota_give_back(book->unsent[book->nunsent]);
	book->sent_us[book->nsent++] = book->now_us;
	REQUIRE(sent_since(book, book->now_us - SECOND_US) <= book->per_second);
}

static void
give_back(FuzzQuota *book)
{
	if (book->nunsent > 0)
		bf_quota_give_back(book->unsent[--book->nunsent]);
}

static void
back_off(FuzzQuota *book, int64_t until_us)
{
	int64_t		before = bf_quota_pause_end(book->quota);
	int64_t		end = bf_quota_back_off(book->quota, until_us);

	REQUIRE(end == (before > until_us ? before : until_us));
	REQUIRE(bf_quota_pause_end(book->quota) == end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int64_t clock_us = 0;
	FuzzInput	input = {data, size};
	FuzzQuota	book = {.quota = bf_quota_find(7)};

	REQUIRE(book.quota != NULL && book.quota == bf_quota_find(7));
	/* quotas are for ever: so much later, all places are free */
	book.now_us = clock_us + 10 * SECOND_US;
	book.per_second = 1 + (int) fuzz_number(&input, 2) % BF_QUOTA_MAX;
	for (int i = 0; i < MAX_STEPS && input.left > 0; i++)
	{
		unsigned int what = (unsigned int) fuzz_number(&input, 1);

		book.now_us += (int64_t) fuzz_number(&input, 2) % 1100 * 1000;
		switch (what % 8)
		{
			case 0:
				give_back(&book);
				break;
			case 1:
				back_off(&book, book.now_us + what * 1000);
				break;
			case 2:
			case 3:
			case 4:
				send(&book);
				break;
			default:
				take(&book);
				break;
		}
	}
	while (book.nunsent > 0)
		give_back(&book);
	clock_us = book.now_us;
	return 0;
}

/*-------------------------------------------------------------------------
 *
 * tags.h
 *	  The tags of a row, in the forms that the API has for them.
 *
 * IDENTIFICATION
 *	  src/api/tags.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_TAGS_H
#define BF_TAGS_H

#include "api/outcome.h"

/* Tags that have been read; all zero = none. */
typedef struct BfTags
{
	void	   *object;			/* cJSON's item: an object of keys and texts */
	char		reason[BF_OUTCOME_NAME_MAX + 50];	/* what was wrong */
} BfTags;

extern const char *bf_tags_read(BfTags *tags, const void *item);
extern void bf_tags_free(BfTags *tags);

#endif							/* BF_TAGS_H */

/*-------------------------------------------------------------------------
 *
 * json.h
 *	  Is a text JSON that can be read without loss, and what of it is read?
 *
 * IDENTIFICATION
 *	  src/api/json.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_JSON_H
#define BF_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BF_JSON_MAX_DEPTH	32	/* nesting; documented answers need 8 */

#define BF_JSON_ROW_HASHES	2

/* What is read of an answer: an object that holds an array of rows. */
typedef struct BfJsonAnswer
{
	/* to be set by the caller, who owns it */
	const char *rows;			/* path from Response to the array, or NULL */
	const char *nested;			/* array in a row whose elements are read like
								 * rows, or NULL */
	const char *const *wanted;	/* names of the members of both that will be
								 * read, NULL-ended; or NULL for all */
	char	   *buffer;			/* as long as the text; none if all are read */

	/* set by bf_json_check_answer, unless there is a problem */
	const char *text;			/* without what is not read; may be the buffer */
	size_t		length;
	uint64_t	hash;			/* of the rows, as they came */
	uint64_t	row_hashes[BF_JSON_ROW_HASHES]; /* of the first ones; 0 = none */
	bool		uniform;		/* rows have the same names in the same order */
} BfJsonAnswer;

extern const char *bf_json_check(const char *text, size_t len);
extern const char *bf_json_check_answer(const char *text, size_t len,
										BfJsonAnswer *answer);
extern bool bf_json_find_text(const char *text, size_t len,
							  const char *name, char *value,
							  size_t value_size);

#endif							/* BF_JSON_H */

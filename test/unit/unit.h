/*-------------------------------------------------------------------------
 *
 * unit.h
 *	  What unit tests share: cmocka with the headers that it needs, and texts
 *	  of JSON that can be read.
 *
 * IDENTIFICATION
 *	  test/unit/unit.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define lengthof(array)	(sizeof(array) / sizeof((array)[0]))

/* A copy with " for ', to be freed. */
static inline char *
quoted(const char *text)
{
	size_t		length = strlen(text);
	char	   *copy = malloc(length + 1);

	assert_non_null(copy);
	for (size_t i = 0; i <= length; i++)
		copy[i] = text[i] == '\'' ? '"' : text[i];
	return copy;
}

#endif							/* UNIT_H */

/*-------------------------------------------------------------------------
 *
 * unit.h
 *	  What the unit tests share: cmocka with the headers that it needs, random
 *	  numbers, texts.
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define lengthof(array)	(sizeof(array) / sizeof((array)[0]))

#define RANDOM_SEED		UINT64_C(88172645463325252)

/* The same numbers in each run, from RANDOM_SEED on (xorshift). */
static inline uint64_t
next_random(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* A copy with " for ': JSON that is easier to read in C; to be freed. */
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

/* The text in a file, to be freed. */
static inline char *
read_file(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	long		size;
	char	   *text;

	if (file == NULL)
		fail_msg("could not open %s", path);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	text = malloc(size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, size, file), size);
	text[size] = '\0';
	fclose(file);
	return text;
}

#endif							/* UNIT_H */

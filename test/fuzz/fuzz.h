/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *	  What the fuzz targets share: the entry point, taking an input apart, and
 *	  the check of a property.
 *
 * IDENTIFICATION
 *	  test/fuzz/fuzz.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <errno.h>
#include <iconv.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each target defines this.  It returns 0, and does not return on a finding. */
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An input ends the process when a property does not hold. */
#define REQUIRE(condition) \
	((condition) ? (void) 0 : fuzz_fail(__FILE__, __LINE__, #condition))

static inline void
fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

/* What is left of an input, never NULL; nothing is owned. */
typedef struct FuzzInput
{
	const uint8_t *at;
	size_t		left;
} FuzzInput;

/* A number of so many bytes, the low one first; what is missing is 0. */
static inline uint64_t
fuzz_number(FuzzInput *input, int bytes)
{
	uint64_t	number = 0;

	for (int i = 0; i < bytes && input->left > 0; i++)
	{
		number |= (uint64_t) *input->at++ << (8 * i);
		input->left--;
	}
	return number;
}

/* A block of exactly this size: a sanitizer sees what goes beyond. */
static inline void *
fuzz_block(const void *data, size_t size)
{
	void	   *block = malloc(size > 0 ? size : 1);

	REQUIRE(block != NULL);
	if (size > 0)
		memcpy(block, data, size);
	return block;
}

/* The text up to the next NUL, or to the end; to be freed. */
static inline char *
fuzz_text(FuzzInput *input)
{
	size_t		len = strnlen((const char *) input->at, input->left);
	char	   *text = malloc(len + 1);

	REQUIRE(text != NULL);
	memcpy(text, input->at, len);
	text[len] = '\0';
	if (len < input->left)
		len++;
	input->at += len;
	input->left -= len;
	return text;
}

/* Whether an extended regular expression matches; compiled once, "C" locale. */
static inline bool
fuzz_matches(regex_t **compiled, const char *expression, const char *text)
{
	if (*compiled == NULL)
	{
		*compiled = malloc(sizeof(regex_t));
		REQUIRE(*compiled != NULL);
		REQUIRE(regcomp(*compiled, expression, REG_EXTENDED | REG_NOSUB) == 0);
	}
	return regexec(*compiled, text, 0, NULL, 0) == 0;
}

/* Whether bytes are UTF-8, by the converter to UTF-16, which takes no others. */
static inline bool
fuzz_is_utf8(const char *bytes, size_t size)
{
	static iconv_t converter;
	char	   *in = (char *) bytes;
	bool		valid = true;

	if (converter == NULL)
		converter = iconv_open("UTF-16LE", "UTF-8");
	REQUIRE(converter != (iconv_t) -1);
	while (valid && size > 0)
	{
		char		room[4096];
		char	   *out = room;
		size_t		left = sizeof(room);

		valid = iconv(converter, &in, &size, &out, &left) != (size_t) -1 ||
			errno == E2BIG;
	}
	iconv(converter, NULL, NULL, NULL, NULL);
	return valid;
}

#endif							/* FUZZ_H */

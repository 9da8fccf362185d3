/*-------------------------------------------------------------------------
 *
 * outcome.c
 *	  How one call of the billing API ended.
 *
 * IDENTIFICATION
 *	  src/api/outcome.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/outcome.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * The number of bytes of a UTF-8 text up to the last character that fits in
 * "max" bytes.
 */
size_t
bf_outcome_clip(const char *text, size_t max)
{
	size_t		length = strlen(text);

	if (length <= max)
		return length;
	while (max > 0 && ((unsigned char) text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/*
 * Copies as many whole characters as fit.
 */
void
bf_outcome_copy(char *target, size_t target_size, const char *text)
{
	size_t		length = bf_outcome_clip(text, target_size - 1);

	memcpy(target, text, length);
	target[length] = '\0';
}

/*
 * Notes how a call failed, in words that fit behind a colon; what is too long
 * is cut.  Always false, for the caller to pass on.
 */
bool
bf_outcome_fail(BfOutcome *outcome, BfOutcomeKind kind,
				const char *format,...)
{
	va_list		args;

	outcome->kind = kind;
	va_start(args, format);
	vsnprintf(outcome->message, sizeof(outcome->message), format, args);
	va_end(args);
	return false;
}

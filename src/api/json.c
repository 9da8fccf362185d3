/*-------------------------------------------------------------------------
 *
 * json.c
 *	  Is a text JSON that can be read without loss?
 *
 * cJSON is lenient where a bill allows no guess: it cuts strings at an
 * escaped NUL, takes "01" and "1." for numbers and any bytes for text.  So
 * the bytes of an answer are checked against the grammar of JSON (RFC 8259)
 * first, and cJSON only builds the tree of what has passed.
 *
 * IDENTIFICATION
 *	  src/api/json.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/json.h"

#include <stdint.h>
#include <string.h>

/* Longest number; cJSON's own buffer holds no more. */
#define MAX_NUMBER_LENGTH	63

#define STRING_OF(x)		#x
#define VALUE_OF(x)			STRING_OF(x)

#define NO_JSON			"the answer is no valid JSON"
#define NO_UTF8			"text is not valid UTF-8"
#define HAS_NUL			"text holds a NUL character"
#define HAS_CONTROL		"text holds an unescaped control character"
#define HALF_CHARACTER	"text holds one half of a surrogate pair"
#define LONG_NUMBER		"a number is longer than " \
	VALUE_OF(MAX_NUMBER_LENGTH) " characters"
#define TOO_DEEP		"nested deeper than " \
	VALUE_OF(BF_JSON_MAX_DEPTH) " levels"

/* Reader of the raw bytes. */
typedef struct Scan
{
	const unsigned char *at;
	const unsigned char *end;
	int			depth;
	const char *problem;		/* static text, or NULL */
} Scan;

static bool scan_value(Scan *scan);

static bool
scan_fail(Scan *scan, const char *problem)
{
	scan->problem = problem;
	return false;
}

/* The next byte, or -1 at the end. */
static int
scan_peek(const Scan *scan)
{
	return scan->at < scan->end ? *scan->at : -1;
}

/* The next byte after white space, or -1 at the end. */
static int
scan_token(Scan *scan)
{
	int			byte = scan_peek(scan);

	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
	{
		scan->at++;
		byte = scan_peek(scan);
	}
	return byte;
}

/* Step over this token if it is the next one. */
static bool
scan_accept(Scan *scan, int token)
{
	if (scan_token(scan) != token)
		return false;
	scan->at++;
	return true;
}

/*
 * Length of the UTF-8 character above U+007F that starts here, 0 if none
 * does: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
static size_t
utf8_length(const unsigned char *text, size_t available)
{
	unsigned char lead = text[0];
	unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	size_t		length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

	if (lead < 0xC2 || lead > 0xF4 || available < length)
		return 0;
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

/* The value of four hexadecimal digits, or -1. */
static int
scan_hex(Scan *scan)
{
	int			value = 0;

	for (int i = 0; i < 4; i++)
	{
		int			byte = scan_peek(scan);

		if (byte >= '0' && byte <= '9')
			value = value * 16 + byte - '0';
		else if (byte >= 'a' && byte <= 'f')
			value = value * 16 + byte - 'a' + 10;
		else if (byte >= 'A' && byte <= 'F')
			value = value * 16 + byte - 'A' + 10;
		else
			return -1;
		scan->at++;
	}
	return value;
}

/* The rest of an escape \uXXXX, and the second one of a surrogate pair. */
static bool
scan_unicode(Scan *scan)
{
	int			code = scan_hex(scan);

	if (code < 0)
		return scan_fail(scan, NO_JSON);
	if (code == 0)
		return scan_fail(scan, HAS_NUL);
	if (code < 0xD800 || code > 0xDFFF)
		return true;
	if (code > 0xDBFF || scan->end - scan->at < 2 ||
		scan->at[0] != '\\' || scan->at[1] != 'u')
		return scan_fail(scan, HALF_CHARACTER);
	scan->at += 2;
	code = scan_hex(scan);
	if (code < 0)
		return scan_fail(scan, NO_JSON);
	if (code < 0xDC00 || code > 0xDFFF)
		return scan_fail(scan, HALF_CHARACTER);
	return true;
}

static bool
scan_escape(Scan *scan)
{
	int			byte;

	scan->at++;
	byte = scan_peek(scan);
	if (byte <= 0 || strchr("\"\\/bfnrtu", byte) == NULL)
		return scan_fail(scan, NO_JSON);
	scan->at++;
	return byte == 'u' ? scan_unicode(scan) : true;
}

/*
 * Is any of eight bytes something else than plain ASCII text: a quote, a
 * backslash, a control character, or above 0x7F?  (A byte less a constant
 * borrows from the next one only when it has been found itself.)
 */
static bool
has_special(const unsigned char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t	word;

	memcpy(&word, bytes, sizeof(word));
	return ((word | (word - ones * 0x20) | ((word ^ ones * '"') - ones) |
			 ((word ^ ones * '\\') - ones)) & ones * 0x80) != 0;
}

/* Step over plain text. */
static void
scan_plain(Scan *scan)
{
	const unsigned char *at = scan->at;

	while (scan->end - at >= 8 && !has_special(at))
		at += 8;
	while (at < scan->end && *at >= 0x20 && *at < 0x80 &&
		   *at != '"' && *at != '\\')
		at++;
	scan->at = at;
}

static bool
scan_string(Scan *scan)
{
	scan->at++;
	for (;;)
	{
		unsigned char byte;
		size_t		length;

		scan_plain(scan);
		if (scan->at == scan->end)
			return scan_fail(scan, NO_JSON);
		byte = *scan->at;
		if (byte == '"')
		{
			scan->at++;
			return true;
		}
		if (byte == '\\')
		{
			if (!scan_escape(scan))
				return false;
			continue;
		}
		if (byte < 0x20)
			return scan_fail(scan, byte == 0 ? HAS_NUL : HAS_CONTROL);
		length = utf8_length(scan->at, scan->end - scan->at);
		if (length == 0)
			return scan_fail(scan, NO_UTF8);
		scan->at += length;
	}
}

/* Step over digits; false if there is none. */
static bool
scan_digits(Scan *scan)
{
	const unsigned char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > start || scan_fail(scan, NO_JSON);
}

static bool
scan_number(Scan *scan)
{
	const unsigned char *start = scan->at;

	if (scan_peek(scan) == '-')
		scan->at++;
	if (scan_peek(scan) == '0')
		scan->at++;
	else if (!scan_digits(scan))
		return false;
	if (scan_peek(scan) == '.')
	{
		scan->at++;
		if (!scan_digits(scan))
			return false;
	}
	if (scan_peek(scan) == 'e' || scan_peek(scan) == 'E')
	{
		scan->at++;
		if (scan_peek(scan) == '+' || scan_peek(scan) == '-')
			scan->at++;
		if (!scan_digits(scan))
			return false;
	}
	if (scan->at - start > MAX_NUMBER_LENGTH)
		return scan_fail(scan, LONG_NUMBER);
	return true;
}

static bool
scan_word(Scan *scan, const char *word)
{
	size_t		length = strlen(word);

	if ((size_t) (scan->end - scan->at) < length ||
		memcmp(scan->at, word, length) != 0)
		return scan_fail(scan, NO_JSON);
	scan->at += length;
	return true;
}

/* A member's name and the colon after it. */
static bool
scan_name(Scan *scan)
{
	if (scan_token(scan) != '"')
		return scan_fail(scan, NO_JSON);
	if (!scan_string(scan))
		return false;
	return scan_accept(scan, ':') || scan_fail(scan, NO_JSON);
}

/* An object or an array. */
static bool
scan_group(Scan *scan, bool object)
{
	int			closing = object ? '}' : ']';

	if (scan->depth == BF_JSON_MAX_DEPTH)
		return scan_fail(scan, TOO_DEEP);
	scan->depth++;
	scan->at++;
	if (scan_token(scan) != closing)
	{
		do
		{
			if (object && !scan_name(scan))
				return false;
			if (!scan_value(scan))
				return false;
		} while (scan_accept(scan, ','));
	}
	scan->depth--;
	return scan_accept(scan, closing) || scan_fail(scan, NO_JSON);
}

/* Any value; recursive, as deep as scan_group allows. */
static bool
scan_value(Scan *scan)
{
	switch (scan_token(scan))
	{
		case '{':
			return scan_group(scan, true);
		case '[':
			return scan_group(scan, false);
		case '"':
			return scan_string(scan);
		case 't':
			return scan_word(scan, "true");
		case 'f':
			return scan_word(scan, "false");
		case 'n':
			return scan_word(scan, "null");
		default:
			return scan_number(scan);
	}
}

/*
 * NULL if the text is one JSON value that can be read without loss, else what
 * is wrong with it: a static phrase that fits behind a colon.
 */
const char *
bf_json_check(const char *text, size_t len)
{
	Scan		scan = {.problem = NULL};

	if (len == 0)
		return "the answer is empty";
	scan.at = (const unsigned char *) text;
	scan.end = scan.at + len;
	if (!scan_value(&scan))
		return scan.problem;
	return scan_token(&scan) < 0 ? NULL : NO_JSON;
}

/*
 * If the text starts with a member of this name that is a plain string of a
 * possible length, copy the string.
 */
static bool
copy_member(const char *text, const char *end, const char *name,
			char *value, size_t value_size)
{
	Scan		scan = {.end = (const unsigned char *) end};
	size_t		name_len = strlen(name);
	const char *start;
	size_t		len = 0;

	if ((size_t) (end - text) < name_len + 2 || text[0] != '"' ||
		memcmp(text + 1, name, name_len) != 0 || text[name_len + 1] != '"')
		return false;
	scan.at = (const unsigned char *) text + name_len + 2;
	if (!scan_accept(&scan, ':') || !scan_accept(&scan, '"'))
		return false;
	start = (const char *) scan.at;
	while (start + len < end && start[len] > ' ' && start[len] <= '~' &&
		   start[len] != '"' && start[len] != '\\')
		len++;
	if (start + len == end || start[len] != '"' || len >= value_size)
		return false;
	memcpy(value, start, len);
	value[len] = '\0';
	return true;
}

/*
 * Look in a text that is no valid JSON for a member that is a string of
 * printable ASCII characters, and copy the string.  Returns false and leaves
 * "value" alone when there is none that fits.  Quotes within a string are
 * escaped, so only a name can match.
 */
bool
bf_json_find_text(const char *text, size_t len, const char *name,
				  char *value, size_t value_size)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '"' &&
			copy_member(text + i, text + len, name, value, value_size))
			return true;
	return false;
}

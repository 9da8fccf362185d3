/*-------------------------------------------------------------------------
 *
 * json.c
 *	  Is a text JSON that can be read without loss, and what of it is read?
 *
 * cJSON is lenient where a bill allows no guess: it cuts strings at an
 * escaped NUL, takes "01" and "1." for numbers and any bytes for text.  So
 * the bytes of an answer are checked against the grammar of JSON (RFC 8259)
 * first, and cJSON only builds the tree of what has passed.
 *
 * Building it costs most of what reading an answer costs.  So members of rows
 * that nobody will read are left out of the text on the way.
 *
 * IDENTIFICATION
 *	  src/api/json.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/json.h"

#include <stdint.h>
#include <string.h>

/* Odd, and its bits look random: the golden ratio. */
#define HASH_FACTOR		UINT64_C(0x9E3779B97F4A7C15)

/* Longest number; cJSON's own buffer holds no more. */
#define MAX_NUMBER_LENGTH	63

/* Members of a row that are remembered; documented rows have 60 at most. */
#define MAX_NAMES			128

#define STRING_OF(x)		#x
#define VALUE_OF(x)			STRING_OF(x)

#define IS_EMPTY		"the answer is empty"
#define NO_JSON			"the answer is no valid JSON"
#define NO_UTF8			"text is not valid UTF-8"
#define HAS_NUL			"text holds a NUL character"
#define HAS_CONTROL		"text holds an unescaped control character"
#define HALF_CHARACTER	"text holds one half of a surrogate pair"
#define LONG_NUMBER		"a number is longer than " \
	VALUE_OF(MAX_NUMBER_LENGTH) " characters"
#define TOO_DEEP		"nested deeper than " \
	VALUE_OF(BF_JSON_MAX_DEPTH) " levels"

/* What a value is to the reader of an answer. */
typedef enum Place
{
	PLACE_ANY,					/* nothing of note */
	PLACE_ANSWER,				/* the whole text */
	PLACE_PATH,					/* an object around the rows */
	PLACE_ROWS,					/* the array of rows */
	PLACE_ROW,
	PLACE_PARTS,				/* the array in a row that is unnested */
	PLACE_PART
} Place;

/*
 * The name that was at some position in the row before: a row that repeats
 * it, byte by byte, needs no look at what it means.
 */
typedef struct Name
{
	const unsigned char *start; /* its quote */
	size_t		length;			/* up to the value */
	Place		place;			/* of the value */
	bool		wanted;			/* the member is to be read */
} Name;

/* The rows, or their parts, seen so far. */
typedef struct Shape
{
	Name		names[MAX_NAMES];
	int			nmembers;		/* of each; -1 before the first */
	bool		uniform;		/* all have the names of the first, in order */
} Shape;

/* Reader of the raw bytes. */
typedef struct Scan
{
	const unsigned char *end;
	int			depth;
	const char *problem;		/* static text, or NULL */

	/* for an answer, else NULL */
	BfJsonAnswer *answer;
	const char *path;			/* from a PLACE_PATH to the rows */
	Shape	   *row;
	Shape	   *part;
	bool		escaped;		/* a name around the rows is */
	const unsigned char *kept;	/* what is read from here on ... */
	char	   *copied;			/* ... comes here */
} Scan;

/*
 * Functions that step over something take the place where it begins, and
 * return the place behind it, or NULL when it is not as it should be.
 */
static const unsigned char *scan_value(Scan *scan, const unsigned char *at,
									   Place place);

static const unsigned char *
scan_fail(Scan *scan, const char *problem)
{
	scan->problem = problem;
	return NULL;
}

/* The byte here, or -1 at the end. */
static int
peek(const Scan *scan, const unsigned char *at)
{
	return at < scan->end ? *at : -1;
}

static const unsigned char *
skip_space(const Scan *scan, const unsigned char *at)
{
	while (at < scan->end &&
		   (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at;
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

/* The value of the four hexadecimal digits here, or -1. */
static int
read_hex(const Scan *scan, const unsigned char *at)
{
	int			value = 0;

	for (int i = 0; i < 4; i++)
	{
		int			byte = peek(scan, at + i);

		if (byte >= '0' && byte <= '9')
			value = value * 16 + byte - '0';
		else if (byte >= 'a' && byte <= 'f')
			value = value * 16 + byte - 'a' + 10;
		else if (byte >= 'A' && byte <= 'F')
			value = value * 16 + byte - 'A' + 10;
		else
			return -1;
	}
	return value;
}

/* The digits of an escape \uXXXX, and the second one of a surrogate pair. */
static const unsigned char *
scan_unicode(Scan *scan, const unsigned char *at)
{
	int			code = read_hex(scan, at);

	if (code < 0)
		return scan_fail(scan, NO_JSON);
	if (code == 0)
		return scan_fail(scan, HAS_NUL);
	at += 4;
	if (code < 0xD800 || code > 0xDFFF)
		return at;
	if (code > 0xDBFF || scan->end - at < 2 || at[0] != '\\' || at[1] != 'u')
		return scan_fail(scan, HALF_CHARACTER);
	at += 2;
	code = read_hex(scan, at);
	if (code < 0)
		return scan_fail(scan, NO_JSON);
	if (code < 0xDC00 || code > 0xDFFF)
		return scan_fail(scan, HALF_CHARACTER);
	return at + 4;
}

static const unsigned char *
scan_escape(Scan *scan, const unsigned char *at)
{
	int			byte = peek(scan, at + 1);

	if (byte <= 0 || strchr("\"\\/bfnrtu", byte) == NULL)
		return scan_fail(scan, NO_JSON);
	return byte == 'u' ? scan_unicode(scan, at + 2) : at + 2;
}

/* Eight bytes, the first one lowest. */
static uint64_t
load_word(const unsigned char *bytes)
{
	uint64_t	word;

	memcpy(&word, bytes, sizeof(word));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/*
 * Marks the first of eight bytes that is something else than plain ASCII
 * text: a quote, a backslash, a control character, or above 0x7F.  (A byte
 * less a constant borrows from the next one only when it has been marked
 * itself: so what is marked behind the first one means nothing.)
 */
static uint64_t
mark_special(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (word | (word - ones * 0x20) | ((word ^ ones * '"') - ones) |
			((word ^ ones * '\\') - ones)) & ones * 0x80;
}

/* Step over plain text, of which there may be none. */
static const unsigned char *
skip_plain(const unsigned char *at, const unsigned char *end)
{
	for (; end - at >= 8; at += 8)
	{
		uint64_t	marks = mark_special(load_word(at));

		if (marks != 0)
			return at + __builtin_ctzll(marks) / 8;
	}
	while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* A string; "at" is its quote. */
static const unsigned char *
scan_string(Scan *scan, const unsigned char *at)
{
	at++;
	for (;;)
	{
		at = skip_plain(at, scan->end);
		if (at == scan->end)
			return scan_fail(scan, NO_JSON);
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
		{
			at = scan_escape(scan, at);
			if (at == NULL)
				return NULL;
		}
		else if (*at < 0x20)
			return scan_fail(scan, *at == 0 ? HAS_NUL : HAS_CONTROL);
		else
		{
			size_t		length = utf8_length(at, scan->end - at);

			if (length == 0)
				return scan_fail(scan, NO_UTF8);
			at += length;
		}
	}
}

/* Digits, at least one. */
static const unsigned char *
scan_digits(Scan *scan, const unsigned char *at)
{
	const unsigned char *start = at;

	while (at < scan->end && *at >= '0' && *at <= '9')
		at++;
	return at > start ? at : scan_fail(scan, NO_JSON);
}

static const unsigned char *
scan_number(Scan *scan, const unsigned char *at)
{
	const unsigned char *start = at;

	if (peek(scan, at) == '-')
		at++;
	if (peek(scan, at) == '0')
		at++;
	else
		at = scan_digits(scan, at);
	if (at != NULL && peek(scan, at) == '.')
		at = scan_digits(scan, at + 1);
	if (at != NULL && (peek(scan, at) == 'e' || peek(scan, at) == 'E'))
	{
		at++;
		if (peek(scan, at) == '+' || peek(scan, at) == '-')
			at++;
		at = scan_digits(scan, at);
	}
	if (at != NULL && at - start > MAX_NUMBER_LENGTH)
		return scan_fail(scan, LONG_NUMBER);
	return at;
}

static const unsigned char *
scan_word(Scan *scan, const unsigned char *at, const char *word)
{
	size_t		length = strlen(word);

	if ((size_t) (scan->end - at) < length || memcmp(at, word, length) != 0)
		return scan_fail(scan, NO_JSON);
	return at + length;
}

/* Is this the text of a quoted name, of this length without the quotes? */
static bool
is_name(const unsigned char *quoted, size_t length, const char *name)
{
	return name != NULL && strlen(name) == length &&
		memcmp(quoted + 1, name, length) == 0;
}

/* Is this the first name of a path?  "rest" is then what follows, or NULL. */
static bool
is_first_name(const unsigned char *quoted, size_t length, const char *path,
			  const char **rest)
{
	size_t		first = path ? strcspn(path, ".") : 0;

	if (path == NULL || first != length ||
		memcmp(quoted + 1, path, length) != 0)
		return false;
	*rest = path[length] == '.' ? path + length + 1 : NULL;
	return true;
}

static bool
has_escape(const unsigned char *quoted, size_t length)
{
	return memchr(quoted + 1, '\\', length) != NULL;
}

/* ---------- hash ---------- */

/* Take eight bytes into a hash: every bit of them reaches the low ones. */
static uint64_t
hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * HASH_FACTOR;
	return hash ^ hash >> 32;
}

/*
 * Take bytes into a hash.  Four words at a time, each into a hash of its own:
 * one would have to wait for the last.
 */
static uint64_t
hash_bytes(uint64_t hash, const unsigned char *bytes, size_t length)
{
	uint64_t	lanes[4] = {length, 1, 2, 3};
	unsigned char rest[sizeof(lanes)] = {0};

	for (; length >= sizeof(lanes); length -= sizeof(lanes))
		for (int i = 0; i < 4; i++, bytes += 8)
			lanes[i] = hash_word(lanes[i], load_word(bytes));
	memcpy(rest, bytes, length);
	for (int i = 0; i < 4; i++)
		hash = hash_word(hash_word(hash, load_word(rest + i * 8)), lanes[i]);
	return hash;
}

/* ---------- groups ---------- */

/* A member's name up to its value; *length is what stands between quotes. */
static const unsigned char *
scan_name(Scan *scan, const unsigned char *at, size_t *length)
{
	const unsigned char *start = at;

	if (peek(scan, at) != '"')
		return scan_fail(scan, NO_JSON);
	at = scan_string(scan, at);
	if (at == NULL)
		return NULL;
	*length = at - start - 2;
	at = skip_space(scan, at);
	if (peek(scan, at) != ':')
		return scan_fail(scan, NO_JSON);
	return at + 1;
}

/* The start of an object or array. */
static const unsigned char *
enter_group(Scan *scan, const unsigned char *at)
{
	if (scan->depth == BF_JSON_MAX_DEPTH)
		return scan_fail(scan, TOO_DEEP);
	scan->depth++;
	return skip_space(scan, at + 1);
}

/* Its end. */
static const unsigned char *
leave_group(Scan *scan, const unsigned char *at, int closing)
{
	if (peek(scan, at) != closing)
		return scan_fail(scan, NO_JSON);
	scan->depth--;
	return at + 1;
}

/* The comma before another member or element, if there is one. */
static bool
skip_comma(const Scan *scan, const unsigned char **at)
{
	*at = skip_space(scan, *at);
	if (peek(scan, *at) != ',')
		return false;
	*at = skip_space(scan, *at + 1);
	return true;
}

/* The hash of rows and of the first ones is taken on the way. */
static const unsigned char *
scan_array(Scan *scan, const unsigned char *at, Place place)
{
	const unsigned char *start = at;
	Place		inner = place == PLACE_ROWS ? PLACE_ROW :
		place == PLACE_PARTS ? PLACE_PART : PLACE_ANY;
	int			n = 0;

	at = enter_group(scan, at);
	if (at == NULL)
		return NULL;
	if (peek(scan, at) != ']')
	{
		do
		{
			const unsigned char *element = at;

			at = scan_value(scan, at, inner);
			if (at == NULL)
				return NULL;
			if (place == PLACE_ROWS && n < BF_JSON_ROW_HASHES)
				scan->answer->row_hashes[n++] =
					hash_bytes(0, element, at - element);
		} while (skip_comma(scan, &at));
	}
	at = leave_group(scan, at, ']');
	if (at != NULL && place == PLACE_ROWS)
		scan->answer->hash = hash_bytes(scan->answer->hash, start, at - start);
	return at;
}

/* What the value of a member is, of an object that leads to the rows. */
static Place
place_of(Scan *scan, Place around, const unsigned char *name, size_t length)
{
	if (has_escape(name, length))
		scan->escaped = true;
	if (around == PLACE_ANSWER)
		return is_name(name, length, "Response") ? PLACE_PATH : PLACE_ANY;
	if (!is_first_name(name, length, scan->path, &scan->path))
		return PLACE_ANY;
	return scan->path != NULL ? PLACE_PATH : PLACE_ROWS;
}

static const unsigned char *
scan_object(Scan *scan, const unsigned char *at, Place place)
{
	const char *path = scan->path;

	at = enter_group(scan, at);
	if (at == NULL)
		return NULL;
	if (peek(scan, at) != '}')
	{
		do
		{
			const unsigned char *name = at;
			Place		inner = PLACE_ANY;
			size_t		length;

			at = scan_name(scan, at, &length);
			if (at == NULL)
				return NULL;
			if (place == PLACE_ANSWER || place == PLACE_PATH)
				inner = place_of(scan, place, name, length);
			at = scan_value(scan, at, inner);
			if (at == NULL)
				return NULL;
			scan->path = path;
		} while (skip_comma(scan, &at));
	}
	return leave_group(scan, at, '}');
}

/* ---------- rows ---------- */

/* Is a member to be read?  With an escape its name may be any. */
static bool
is_wanted(const BfJsonAnswer *answer, const unsigned char *name,
		  size_t length)
{
	if (answer->wanted == NULL || has_escape(name, length))
		return true;
	for (const char *const *wanted = answer->wanted; *wanted; wanted++)
		if (is_name(name, length, *wanted))
			return true;
	return false;
}

/* A name that differs from the one in the row before. */
static const unsigned char *
learn_name(Scan *scan, const unsigned char *at, Shape *shape, Name *name)
{
	size_t		length;

	name->start = at;
	at = scan_name(scan, at, &length);
	if (at == NULL)
		return NULL;
	name->length = at - name->start;
	name->place = shape == scan->row &&
		is_name(name->start, length, scan->answer->nested) ?
		PLACE_PARTS : PLACE_ANY;
	name->wanted = name->place == PLACE_PARTS ||
		is_wanted(scan->answer, name->start, length);
	if (shape->nmembers >= 0)
		shape->uniform = false;
	return at;
}

/* Copy what is to be read before this place, and has not been copied. */
static void
copy_kept(Scan *scan, const unsigned char *end)
{
	size_t		length = end - scan->kept;

	memcpy(scan->copied, scan->kept, length);
	scan->copied += length;
}

/*
 * A row, or a part of one.  What separates a member that is left out from
 * the one before it, or at the beginning from the next one, goes with it.
 */
static const unsigned char *
scan_row(Scan *scan, const unsigned char *at, Shape *shape)
{
	const unsigned char *last = at + 1; /* behind the member before */
	bool		any = false;	/* one is to be read */
	int			n = 0;

	at = enter_group(scan, at);
	if (at == NULL)
		return NULL;
	if (peek(scan, at) != '}')
	{
		do
		{
			Name	   *name = &shape->names[n < MAX_NAMES ? n : MAX_NAMES - 1];
			const unsigned char *start = at;

			if (name->length > 0 &&
				(size_t) (scan->end - at) >= name->length &&
				memcmp(at, name->start, name->length) == 0)
				at += name->length;
			else
				at = learn_name(scan, at, shape, name);
			if (at == NULL)
				return NULL;
			if (name->wanted && !any && n > 0)
				scan->kept = start;
			any |= name->wanted;
			at = scan_value(scan, at, name->place);
			if (at == NULL)
				return NULL;
			if (!name->wanted)
			{
				copy_kept(scan, last);
				scan->kept = at;
			}
			last = at;
			n++;
		} while (skip_comma(scan, &at));
	}
	if (shape->nmembers < 0)
		shape->nmembers = n;
	if (n != shape->nmembers)
		shape->uniform = false;
	return leave_group(scan, at, '}');
}

/* Any value; recursive, as deep as enter_group allows. */
static const unsigned char *
scan_value(Scan *scan, const unsigned char *at, Place place)
{
	at = skip_space(scan, at);

	/* What is no object has no names that the next one could repeat. */
	if (place == PLACE_ROW && peek(scan, at) != '{')
		scan->row->uniform = false;
	switch (peek(scan, at))
	{
		case '"':
			return scan_string(scan, at);
		case '{':
			if (place == PLACE_ROW)
				return scan_row(scan, at, scan->row);
			if (place == PLACE_PART)
				return scan_row(scan, at, scan->part);
			return scan_object(scan, at, place);
		case '[':
			return scan_array(scan, at, place);
		case 't':
			return scan_word(scan, at, "true");
		case 'f':
			return scan_word(scan, at, "false");
		case 'n':
			return scan_word(scan, at, "null");
		default:
			return scan_number(scan, at);
	}
}

/* The whole text; returns what is wrong with it, or NULL. */
static const char *
scan_text(Scan *scan, const unsigned char *at, Place place)
{
	at = scan_value(scan, at, place);
	if (at == NULL)
		return scan->problem;
	return skip_space(scan, at) == scan->end ? NULL : NO_JSON;
}

/*
 * NULL if the text is one JSON value that can be read without loss, else what
 * is wrong with it: a static phrase that fits behind a colon.
 */
const char *
bf_json_check(const char *text, size_t len)
{
	const unsigned char *start = (const unsigned char *) text;
	Scan		scan = {0};

	if (len == 0)
		return IS_EMPTY;
	scan.end = start + len;
	return scan_text(&scan, start, PLACE_ANY);
}

/*
 * The same for an answer, of which only some members of the rows will be read:
 * says in "answer" what of the text that leaves, and what was seen on the way.
 *
 * Names are compared as they are spelled, without escapes as the API does.  A
 * member of a row whose name has one is not left out; with one around the rows
 * it is open which array they are, and the hash is that of the whole text.
 */
const char *
bf_json_check_answer(const char *text, size_t len, BfJsonAnswer *answer)
{
	const unsigned char *start = (const unsigned char *) text;
	Shape		row = {.nmembers = -1,.uniform = true};
	Shape		part = row;
	Scan		scan = {
		.answer = answer,.path = answer->rows,.row = &row,.part = &part,
		.kept = start,.copied = answer->buffer
	};
	const char *problem;

	if (len == 0)
		return IS_EMPTY;
	scan.end = start + len;
	answer->hash = 0;
	memset(answer->row_hashes, 0, sizeof(answer->row_hashes));
	problem = scan_text(&scan, start, PLACE_ANSWER);
	if (problem != NULL)
		return problem;
	answer->uniform = row.nmembers >= 0 && row.uniform && !scan.escaped;
	if (scan.escaped)
	{
		answer->hash = hash_bytes(0, start, len);
		memset(answer->row_hashes, 0, sizeof(answer->row_hashes));
	}
	answer->text = text;
	answer->length = len;
	if (scan.copied != answer->buffer)
	{
		copy_kept(&scan, scan.end);
		answer->text = answer->buffer;
		answer->length = scan.copied - answer->buffer;
	}
	return NULL;
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
	const unsigned char *at;
	size_t		name_len = strlen(name);
	const char *start;
	size_t		len = 0;

	if ((size_t) (end - text) < name_len + 2 || text[0] != '"' ||
		memcmp(text + 1, name, name_len) != 0 || text[name_len + 1] != '"')
		return false;
	at = skip_space(&scan, (const unsigned char *) text + name_len + 2);
	if (peek(&scan, at) != ':')
		return false;
	at = skip_space(&scan, at + 1);
	if (peek(&scan, at) != '"')
		return false;
	start = (const char *) at + 1;
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

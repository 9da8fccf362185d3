/*-------------------------------------------------------------------------
 *
 * json.c
 *	  Strict reading of JSON, and access to members.
 *
 * cJSON accepts more than RFC 8259 allows (control characters in strings,
 * numbers such as 01, bytes that are no UTF-8) and cuts strings at an
 * escaped NUL.  A judge must not, so the text is checked here first.
 *
 * IDENTIFICATION
 *	  test/sim/json.c
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "util.h"

/* deeper nesting is refused: no request of the API needs it */
#define MAX_DEPTH 64

typedef struct Reader
{
	const unsigned char *p;
	const unsigned char *end;
	const char *why;			/* first complaint */
	int			depth;
} Reader;

static bool check_value(Reader *r);

static bool
complain(Reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return false;
}

static void
skip_blank(Reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' ||
							 *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool
take(Reader *r, char c)
{
	if (r->p >= r->end || *r->p != (unsigned char) c)
		return false;
	r->p++;
	return true;
}

/* Four hexadecimal digits; -1 when there are none. */
static int
take_hex(Reader *r)
{
	int			value = 0;

	for (int i = 0; i < 4; i++)
	{
		int			digit = r->p < r->end ? sim_hex_digit((char) *r->p) : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
		r->p++;
	}
	return value;
}

/* What follows a backslash. */
static bool
check_escape(Reader *r)
{
	int			unit;

	if (r->p >= r->end || *r->p == '\0')
		return complain(r, "unfinished escape");
	if (strchr("\"\\/bfnrt", *r->p) != NULL)
	{
		r->p++;
		return true;
	}
	if (!take(r, 'u') || (unit = take_hex(r)) < 0)
		return complain(r, "invalid escape");
	if (unit == 0)
		return complain(r, "escaped NUL");
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return complain(r, "lone surrogate");
	if (unit >= 0xD800 && unit <= 0xDBFF)
	{
		if (!take(r, '\\') || !take(r, 'u'))
			return complain(r, "lone surrogate");
		unit = take_hex(r);
		if (unit < 0xDC00 || unit > 0xDFFF)
			return complain(r, "lone surrogate");
	}
	return true;
}

/* One character beyond ASCII, in the shortest form that UTF-8 has for it. */
static bool
check_utf8(Reader *r)
{
	unsigned	c = *r->p;
	int			more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
	unsigned	code = c & (0x3Fu >> more);
	static const unsigned least[] = {0, 0x80, 0x800, 0x10000};

	if (c < 0xC2 || c > 0xF4 || r->end - r->p <= more)
		return complain(r, "invalid UTF-8");
	for (int i = 1; i <= more; i++)
	{
		if ((r->p[i] & 0xC0) != 0x80)
			return complain(r, "invalid UTF-8");
		code = (code << 6) | (r->p[i] & 0x3Fu);
	}
	if (code < least[more] || code > 0x10FFFF ||
		(code >= 0xD800 && code <= 0xDFFF))
		return complain(r, "invalid UTF-8");
	r->p += more + 1;
	return true;
}

static bool
check_string(Reader *r)
{
	if (!take(r, '"'))
		return complain(r, "string expected");
	while (r->p < r->end)
	{
		if (take(r, '"'))
			return true;
		if (take(r, '\\'))
		{
			if (!check_escape(r))
				return false;
		}
		else if (*r->p < 0x20)
			return complain(r, "control character in string");
		else if (*r->p < 0x80)
			r->p++;
		else if (!check_utf8(r))
			return false;
	}
	return complain(r, "unfinished string");
}

static bool
take_digits(Reader *r)
{
	const unsigned char *start = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > start || complain(r, "invalid number");
}

static bool
check_number(Reader *r)
{
	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E'))
	{
		if (!take(r, '+'))
			take(r, '-');
		return take_digits(r);
	}
	return true;
}

static bool
check_word(Reader *r, const char *word)
{
	size_t		len = strlen(word);

	if ((size_t) (r->end - r->p) < len || memcmp(r->p, word, len) != 0)
		return complain(r, "invalid value");
	r->p += len;
	return true;
}

/* An array, or an object when named is set. */
static bool
check_list(Reader *r, bool named)
{
	char		close = named ? '}' : ']';

	r->p++;
	if (++r->depth > MAX_DEPTH)
		return complain(r, "nested too deeply");
	skip_blank(r);
	if (!take(r, close))
	{
		do
		{
			skip_blank(r);
			if (named)
			{
				if (!check_string(r))
					return false;
				skip_blank(r);
				if (!take(r, ':'))
					return complain(r, "colon expected");
			}
			if (!check_value(r))
				return false;
			skip_blank(r);
		} while (take(r, ','));
		if (!take(r, close))
			return complain(r, "comma or closing bracket expected");
	}
	r->depth--;
	return true;
}

static bool
check_value(Reader *r)
{
	skip_blank(r);
	if (r->p >= r->end)
		return complain(r, "value expected");
	switch (*r->p)
	{
		case '{':
			return check_list(r, true);
		case '[':
			return check_list(r, false);
		case '"':
			return check_string(r);
		case 't':
			return check_word(r, "true");
		case 'f':
			return check_word(r, "false");
		case 'n':
			return check_word(r, "null");
		default:
			return check_number(r);
	}
}

/* NULL when the text is one JSON value and nothing more, else why not. */
const char *
sim_json_check(const char *text, size_t len)
{
	Reader		r = {0};

	r.p = (const unsigned char *) text;
	r.end = r.p + len;
	if (check_value(&r))
	{
		skip_blank(&r);
		if (r.p < r.end)
			complain(&r, "bytes after the value");
	}
	return r.why;
}

/* Check and parse; NULL and a reason when the text is no JSON. */
cJSON *
sim_json_parse(const char *text, size_t len, const char **why)
{
	cJSON	   *value;

	*why = sim_json_check(text, len);
	if (*why != NULL)
		return NULL;
	value = cJSON_ParseWithLength(text, len);
	if (value == NULL)
		*why = "unreadable";
	return value;
}

/* The same of a whole file. */
cJSON *
sim_json_load(const char *path, const char **why)
{
	size_t		len;
	char	   *text = sim_read_file(path, &len);
	cJSON	   *value = NULL;

	*why = "cannot be read";
	if (text != NULL)
		value = sim_json_parse(text, len, why);
	free(text);
	return value;
}

/* The member of that name, NULL when there is none. */
cJSON *
sim_json_get(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* The text of a member, NULL when it is missing or no string. */
const char *
sim_json_text(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(sim_json_get(object, name));
}

/* Is it a number without a fraction that a double holds exactly? */
bool
sim_json_is_integer(const cJSON *item)
{
	return cJSON_IsNumber(item) && floor(item->valuedouble) ==
		item->valuedouble && fabs(item->valuedouble) <= 9007199254740992.0;
}

/* An integer, or a text that is one; otherwise when there is neither. */
int64_t
sim_json_integer(const cJSON *object, const char *name, int64_t otherwise)
{
	const cJSON *item = sim_json_get(object, name);
	const char *text = cJSON_GetStringValue(item);
	char	   *end;
	long long	value;

	if (sim_json_is_integer(item))
		return (int64_t) item->valuedouble;
	if (text == NULL || *text == '\0')
		return otherwise;
	value = strtoll(text, &end, 10);
	return *end == '\0' ? (int64_t) value : otherwise;
}

/* The member that a path of names and dots leads to, or NULL. */
cJSON *
sim_json_at(const cJSON *object, const char *path)
{
	const char *dot = strchr(path, '.');
	char		name[64];

	if (dot == NULL)
		return sim_json_get(object, path);
	snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
	return sim_json_at(sim_json_get(object, name), dot + 1);
}

/* Puts an item there, with the objects that it takes; the item is taken. */
void
sim_json_put(cJSON *object, const char *path, cJSON *item)
{
	const char *dot = strchr(path, '.');
	char		name[64];
	cJSON	   *inside;

	if (dot == NULL)
	{
		cJSON_DeleteItemFromObjectCaseSensitive(object, path);
		cJSON_AddItemToObject(object, path, item);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
	inside = sim_json_get(object, name);
	if (inside == NULL)
		inside = cJSON_AddObjectToObject(object, name);
	sim_json_put(inside, dot + 1, item);
}

/* A value as plain text, so that 4 and "4" are the same. */
void
sim_json_plain(const cJSON *value, char out[64])
{
	if (cJSON_IsString(value))
		snprintf(out, 64, "%s", value->valuestring);
	else if (cJSON_IsBool(value))
		snprintf(out, 64, "%s", cJSON_IsTrue(value) ? "true" : "false");
	else if (cJSON_IsNumber(value))
		snprintf(out, 64, "%.15g", value->valuedouble);
	else
		out[0] = '\0';
}

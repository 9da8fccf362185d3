/*-------------------------------------------------------------------------
 *
 * page.c
 *	  One answer of the API: checks, status, rows and their members.
 *
 * The tree of an answer lies in an arena of its page; all else is malloc'd by
 * us or allocated by cJSON, and given back to whom it came from.
 *
 * IDENTIFICATION
 *	  src/api/page.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "api/arena.h"
#include "api/json.h"
#include "api/value.h"

/* Longest piece of a name from the network that a message shows, in bytes. */
#define MAX_SHOWN_NAME		100

#define REASON_SIZE			(MAX_SHOWN_NAME + 50)

/* Largest integer up to which a double holds all integers. */
#define MAX_EXACT_INTEGER	9007199254740992.0

/*
 * Where cJSON makes the tree of an answer: with one malloc per value and text
 * it costs five times as much.  Under a sanitizer each keeps its own memory,
 * so that no use of what is gone or does not exist is hidden.
 */
#ifndef BF_PAGE_ARENA
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define BF_PAGE_ARENA		0
#else
#define BF_PAGE_ARENA		1
#endif
#endif

/*
 * Sizes of an arena, in bytes per byte of the answer, which option
 * "max_response_size" limits.  The documented answers take less than 4, so
 * they need one block.  Some text of brackets and commas would take 32; what
 * takes more than the limit is no bill, and is refused as out of memory.
 * Answers are counted in units, so that the blocks of similar ones are equal.
 */
#define ARENA_USUAL			4
#define ARENA_LIMIT			16
#define ARENA_UNIT			((size_t) 64 * 1024)

/*
 * Of an object in an array: has it the same member names in the same order as
 * the one before it?  cJSON uses this field for numbers only.
 */
#define HAS_SAME_NAMES		valueint

/* Room to start with for the members of a row. */
#define USUAL_MEMBERS		64

/* BfMember.place of a member that is not there. */
#define NO_PLACE			UINT32_MAX

/* So many names are compared in pairs, more of them sorted. */
#define FEW_NAMES			8

#define NO_TAGS			"not an array of objects with TagKey and TagValue"
#define NO_TEXT_OF_TAGS	"not the JSON text of an object of keys and texts"
#define NOT_READ		"it was left out when the answer was read"
#define OUT_OF_MEMORY	"out of memory"

struct BfPage
{
	BfArena		arena;			/* holds the tree, if BF_PAGE_ARENA */
	cJSON	   *root;			/* the whole answer */
	const cJSON *response;		/* its member Response */
	const BfTable *table;		/* not owned */
	const char *const *wanted;	/* not owned; members that may be read, or
								 * NULL */
	uint64_t	number;			/* no other page of the process has it */
	char		request_id[BF_OUTCOME_REQUEST_ID_MAX];
	bool		ready;
	int64_t		total;			/* -1 = unknown */
	const char *cursor;			/* where the next page begins, or NULL */
	bool		single;			/* there is one row, no array */
	int64_t		row_count;
	uint64_t	hash;			/* of the rows */
	uint64_t	row_hashes[BF_JSON_ROW_HASHES];

	/* position of bf_page_next */
	const cJSON *next_row;
	const cJSON *parent;		/* row whose nested array is being read */
	const cJSON *next_nested;

	/* members of the object read last, in its order */
	const cJSON *object;
	const cJSON **members;
	size_t		nmembers;
	size_t		members_size;	/* allocated */

	/* what the last BfField points into; see forget_field */
	char	   *printed;		/* by cJSON */
	cJSON	   *tags;			/* one object of key and value */
	const cJSON *next_tag;		/* of bf_page_next_tag */
	char		number_text[BF_VALUE_AMOUNT_MAX + 1];
	char		reason[REASON_SIZE];
};

static uint64_t pages_made = 0;


/* ---------- small helpers ---------- */

/* Bytes of a valid UTF-8 text up to the last character that fits in "max". */
static size_t
clipped_length(const char *text, size_t max)
{
	size_t		length = strlen(text);

	if (length <= max)
		return length;
	while (max > 0 && ((unsigned char) text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* Copy as many whole characters as fit. */
static void
copy_clipped(char *target, size_t target_size, const char *text)
{
	size_t		length = clipped_length(text, target_size - 1);

	memcpy(target, text, length);
	target[length] = '\0';
}

/* A message about a name; names are cut so that the rest fits. */
static void
format_named(char *target, size_t target_size, const char *before,
			 const char *name, const char *after)
{
	int			length = (int) clipped_length(name, MAX_SHOWN_NAME);

	snprintf(target, target_size, "%s \"%.*s\"%s",
			 before, length, name, after);
}

/* All of these return false, for the caller to pass on. */
static bool
fail_unreadable(BfOutcome *outcome, const char *problem)
{
	outcome->kind = BF_OUTCOME_UNREADABLE;
	copy_clipped(outcome->message, sizeof(outcome->message), problem);
	return false;
}

static bool
fail_named(BfOutcome *outcome, const char *before, const char *name,
		   const char *after)
{
	outcome->kind = BF_OUTCOME_UNREADABLE;
	format_named(outcome->message, sizeof(outcome->message),
				 before, name, after);
	return false;
}

static bool
fail_memory(BfOutcome *outcome)
{
	outcome->kind = BF_OUTCOME_NO_MEMORY;
	copy_clipped(outcome->message, sizeof(outcome->message), OUT_OF_MEMORY);
	return false;
}

/* The first member of this name, or NULL; also for what is no object. */
static const cJSON *
find_member(const cJSON *object, const char *name)
{
	const cJSON *item = object ? object->child : NULL;

	while (item != NULL &&
		   (item->string == NULL || strcmp(item->string, name) != 0))
		item = item->next;
	return item;
}

/* Like cJSON's own tests, which are calls of the library, millions of them. */
static bool
is_kind(const cJSON *item, int kind)
{
	return item != NULL && (item->type & 0xFF) == kind;
}

/* Missing and null mean the same everywhere in this API. */
static bool
is_absent(const cJSON *item)
{
	return item == NULL || is_kind(item, cJSON_NULL);
}

/*
 * Go down from an object along a path such as "Data.Records"; *item is NULL
 * where that ends early.  False for a value that should be an object.
 */
static bool
find_path(const cJSON *object, const char *path, const cJSON **item,
		  BfOutcome *outcome)
{
	*item = object;
	while (*item != NULL)
	{
		const char *dot = strchr(path, '.');
		char		name[MAX_SHOWN_NAME];

		if (dot == NULL)
		{
			*item = find_member(*item, path);
			return true;
		}
		snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
		*item = find_member(*item, name);
		if (is_absent(*item))
			*item = NULL;
		else if (!is_kind(*item, cJSON_Object))
			return fail_named(outcome, "member", name, " is no object");
		path = dot + 1;
	}
	return true;
}

/* ---------- memory of the tree ---------- */

#if BF_PAGE_ARENA

/* That of the page being parsed: cJSON's hooks take no argument. */
static BfArena *current_arena;

static void *
take_from_arena(size_t size)
{
	return bf_arena_alloc(current_arena, size);
}

/* The arena is freed as a whole. */
static void
leave_in_arena(void *piece)
{
	(void) piece;
}

/*
 * Make the tree.  The hooks belong to all who use cJSON in this process, and
 * cannot be asked for: they are ours during this one call only, and then the
 * library's own again.
 */
static void
make_tree(BfPage *page, const char *body, size_t body_len)
{
	cJSON_Hooks hooks = {take_from_arena, leave_in_arena};
	size_t		units = body_len / ARENA_UNIT + 1;

	/* Even the longest answer allowed, 1 GB, leads to no overflow ... */
	if (units > SIZE_MAX / ARENA_UNIT / ARENA_LIMIT)
		return;					/* ... but on a machine of 32 bits */
	bf_arena_init(&page->arena, units * ARENA_USUAL * ARENA_UNIT,
				  units * ARENA_LIMIT * ARENA_UNIT);
	current_arena = &page->arena;
	cJSON_InitHooks(&hooks);
	page->root = cJSON_ParseWithLength(body, body_len);
	cJSON_InitHooks(NULL);
	current_arena = NULL;
}

static void
free_tree(BfPage *page)
{
	bf_arena_free(&page->arena);
}

#else

static void
make_tree(BfPage *page, const char *body, size_t body_len)
{
	page->root = cJSON_ParseWithLength(body, body_len);
}

static void
free_tree(BfPage *page)
{
	cJSON_Delete(page->root);
}

#endif

/* ---------- check of the tree ---------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The first name that equals one before it, or NULL; for few names. */
static const char *
find_among_few(const cJSON *object)
{
	const cJSON *first = object->child;

	for (const cJSON *item = first; item; item = item->next)
		for (const cJSON *other = first; other != item; other = other->next)
			if (strcmp(item->string, other->string) == 0)
				return item->string;
	return NULL;
}

/*
 * Look for a name that occurs twice in an object; many are sorted for it: a
 * hostile answer can slow down neither that nor, by collisions, a hash table.
 * False when out of memory.
 */
static bool
find_duplicate(const cJSON *object, const char **duplicate)
{
	const char **names;
	size_t		count = 0;

	*duplicate = NULL;
	for (const cJSON *item = object->child; item; item = item->next)
		count++;
	if (count <= FEW_NAMES)
	{
		*duplicate = find_among_few(object);
		return true;
	}
	names = malloc(count * sizeof(*names));
	if (names == NULL)
		return false;
	count = 0;
	for (const cJSON *item = object->child; item; item = item->next)
		names[count++] = item->string;
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count && *duplicate == NULL; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			*duplicate = names[i];
	free(names);
	return true;
}

/* Do two objects have the same member names in the same order? */
static bool
same_names(const cJSON *a, const cJSON *b)
{
	if (!is_kind(b, cJSON_Object))
		return false;
	for (a = a->child, b = b->child; a && b; a = a->next, b = b->next)
		if (strcmp(a->string, b->string) != 0)
			return false;
	return a == b;
}

/*
 * Check an item and all below it: no name twice in one object, no number
 * out of range.  "checked" is the item before it in the same array, or NULL:
 * rows of the same shape as the one before need no look at their names, and
 * are marked, unless mark_rows has done it.
 */
static bool
check_tree(cJSON *item, const cJSON *checked, BfOutcome *outcome)
{
	bool		array = is_kind(item, cJSON_Array);
	const char *duplicate = NULL;
	const cJSON *before = NULL;

	if (is_kind(item, cJSON_Number) && !isfinite(item->valuedouble))
		return fail_unreadable(outcome, "a number is out of range");
	if (is_kind(item, cJSON_Object))
	{
		if (!item->HAS_SAME_NAMES)
			item->HAS_SAME_NAMES = checked != NULL &&
				same_names(item, checked);
		if (!item->HAS_SAME_NAMES && !find_duplicate(item, &duplicate))
			return fail_memory(outcome);
		if (duplicate != NULL)
			return fail_named(outcome, "duplicate member", duplicate, "");
	}
	for (cJSON *child = item->child; child; child = child->next)
	{
		if (is_kind(child, cJSON_String))
			continue;			/* most are */
		if (!check_tree(child, before, outcome))
			return false;
		if (array)
			before = child;
	}
	return true;
}

/* ---------- reading of the answer ---------- */

/* Response.Error; always false. */
static bool
read_error(const cJSON *error, BfOutcome *outcome)
{
	const cJSON *code = find_member(error, "Code");
	const cJSON *message = find_member(error, "Message");

	if (!is_kind(code, cJSON_String) || code->valuestring[0] == '\0')
		return fail_unreadable(outcome, "an error without a usable Code");
	outcome->kind = BF_OUTCOME_API_ERROR;
	copy_clipped(outcome->code, sizeof(outcome->code), code->valuestring);
	if (is_kind(message, cJSON_String))
		copy_clipped(outcome->message, sizeof(outcome->message),
					 message->valuestring);
	return false;
}

/* Is this the text of an integer? */
static bool
is_integer(const char *text)
{
	const char *digits = text + (*text == '-' ? 1 : 0);
	size_t		count = strspn(digits, "0123456789");

	return count > 0 && digits[count] == '\0';
}

/*
 * The second status that some actions have inside of Response: anything but
 * 0 is an error of the API, with "Code 500" as its code where the member is
 * Code.  Without the member, or with null, all is well: it is documented as
 * one that may be missing, and Response.Error has been looked at.
 */
static bool
read_status(BfPage *page, BfOutcome *outcome)
{
	const BfAction *action = page->table->action;
	const char *name;
	const char *text;
	const cJSON *status;
	const cJSON *message;

	if (action->status == NULL)
		return true;
	if (!find_path(page->response, action->status, &status, outcome))
		return false;
	name = strrchr(action->status, '.');
	name = name ? name + 1 : action->status;
	if (is_absent(status))
		return true;
	if (is_kind(status, cJSON_Number))
	{
		if (status->valuedouble == 0)
			return true;
		text = bf_value_from_double(status->valuedouble, page->number_text) ?
			page->number_text : "out of range";
	}
	else if (is_kind(status, cJSON_String) && is_integer(status->valuestring))
	{
		text = status->valuestring;
		if (text[strspn(text, "-0")] == '\0')
			return true;
	}
	else
		return fail_named(outcome, "no usable member", name, "");

	if (action->status_text != NULL &&
		find_path(page->response, action->status_text, &message, outcome) &&
		is_kind(message, cJSON_String))
		copy_clipped(outcome->message, sizeof(outcome->message),
					 message->valuestring);
	outcome->kind = BF_OUTCOME_API_ERROR;
	snprintf(outcome->code, sizeof(outcome->code), "%.*s %.*s",
			 (int) clipped_length(name, MAX_SHOWN_NAME), name,
			 (int) sizeof(outcome->code) - MAX_SHOWN_NAME - 2, text);
	return false;
}

/* Response.Ready, where it is documented. */
static bool
read_ready(BfPage *page, BfOutcome *outcome)
{
	const cJSON *item = find_member(page->response, "Ready");

	page->ready = true;
	if (!page->table->action->ready_flag)
		return true;
	if (is_kind(item, cJSON_Number) &&
		(item->valuedouble == 0 || item->valuedouble == 1))
		page->ready = item->valuedouble == 1;
	else if (is_kind(item, cJSON_String) &&
			 (strcmp(item->valuestring, "0") == 0 ||
			  strcmp(item->valuestring, "1") == 0))
		page->ready = item->valuestring[0] == '1';
	else
		return fail_unreadable(outcome, "no usable member Ready");
	return true;
}

/* The value of a text of digits, or -1. */
static int64_t
parse_digits(const char *text)
{
	int64_t		value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++)
	{
		int			digit = *text - '0';

		if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	return value;
}

/* The number of rows, where an action says it. */
static bool
read_total(BfPage *page, BfOutcome *outcome)
{
	const char *path = page->table->action->total;
	const cJSON *item;

	page->total = -1;
	if (path == NULL)
		return true;
	if (!find_path(page->response, path, &item, outcome))
		return false;
	if (is_absent(item))
		return true;
	if (is_kind(item, cJSON_String))
		page->total = parse_digits(item->valuestring);
	else if (is_kind(item, cJSON_Number) && item->valuedouble >= 0 &&
			 item->valuedouble <= MAX_EXACT_INTEGER &&
			 item->valuedouble == (double) (int64_t) item->valuedouble)
		page->total = (int64_t) item->valuedouble;
	if (page->total < 0)
		return fail_named(outcome, "no usable member", path, "");
	return true;
}

/* Where the next page begins, where an action says it; "" is no cursor. */
static bool
read_cursor(BfPage *page, BfOutcome *outcome)
{
	const char *name = page->table->action->cursor;
	const cJSON *item = name ? find_member(page->response, name) : NULL;

	if (is_absent(item))
		return true;
	if (!is_kind(item, cJSON_String))
		return fail_named(outcome, "no usable member", name, "");
	if (item->valuestring[0] != '\0')
		page->cursor = item->valuestring;
	return true;
}

/* Check that an item is an array of objects, and count them. */
static bool
read_objects(const cJSON *array, const char *name, int64_t *count,
			 BfOutcome *outcome)
{
	*count = 0;
	if (!is_kind(array, cJSON_Array))
		return fail_named(outcome, "member", name, " is no array");
	for (const cJSON *item = array->child; item; item = item->next)
	{
		if (!is_kind(item, cJSON_Object))
			return fail_named(outcome, "an element of", name,
							  " is no object");
		(*count)++;
	}
	return true;
}

/* The row of the action's array behind this one, or NULL. */
static const cJSON *
row_after(const BfPage *page, const cJSON *row)
{
	return page->single ? NULL : row->next;
}

/*
 * The rows: an array of objects, or Response itself.  And, where they are
 * unnested, the arrays in them.
 */
static bool
read_rows(BfPage *page, BfOutcome *outcome)
{
	const BfTable *table = page->table;
	const char *path = table->action->rows;
	const cJSON *rows = page->response;
	int64_t		count;

	if (path != NULL && !find_path(page->response, path, &rows, outcome))
		return false;
	if (is_absent(rows))
		return true;
	page->single = path == NULL;
	page->row_count = 1;
	if (!page->single && !read_objects(rows, path, &page->row_count, outcome))
		return false;
	page->next_row = page->single ? rows : rows->child;
	if (table->nested == NULL)
		return true;
	for (const cJSON *row = page->next_row; row; row = row_after(page, row))
	{
		const cJSON *nested = find_member(row, table->nested);

		if (!is_absent(nested) &&
			!read_objects(nested, table->nested, &count, outcome))
			return false;
	}
	return true;
}

/* Rows that have been found to have the names of the first one. */
static void
mark_rows(const cJSON *rows)
{
	cJSON	   *first = is_kind(rows, cJSON_Array) ? rows->child : NULL;

	for (cJSON *row = first; row; row = row->next)
		row->HAS_SAME_NAMES = is_kind(row, cJSON_Object) && row != first;
}

/* Everything that is known before the rows are read one by one. */
static bool
read_page(BfPage *page, const BfJsonAnswer *answer, BfOutcome *outcome)
{
	const cJSON *response = find_member(page->root, "Response");
	const cJSON *request_id = find_member(response, "RequestId");
	const cJSON *error = find_member(response, "Error");
	const cJSON *rows;

	page->response = response;
	if (is_kind(request_id, cJSON_String))
		copy_clipped(outcome->request_id, sizeof(outcome->request_id),
					 request_id->valuestring);
	memcpy(page->request_id, outcome->request_id, sizeof(page->request_id));
	if (answer->uniform)
	{
		if (!find_path(response, page->table->action->rows, &rows, outcome))
			return false;
		mark_rows(rows);
	}
	if (!check_tree(page->root, NULL, outcome))
		return false;
	if (!is_kind(response, cJSON_Object))
		return fail_unreadable(outcome, "no object Response");
	if (!is_absent(error))
		return read_error(error, outcome);
	if (!read_status(page, outcome) || !read_ready(page, outcome))
		return false;
	if (page->ready &&
		!(read_total(page, outcome) &&
		  read_cursor(page, outcome) &&
		  read_rows(page, outcome)))
		return false;
	page->hash = page->row_count > 0 ? answer->hash : 0;
	memcpy(page->row_hashes, answer->row_hashes, sizeof(page->row_hashes));

	/*
	 * Every answer of the API has one.  Anything else may be missing, and
	 * without this {} would be a month without rows.
	 */
	return outcome->request_id[0] != '\0' ||
		fail_unreadable(outcome, "no RequestId");
}

/*
 * Check and read one answer to a call of the table's action.  "wanted" names
 * the members of rows that will be read, NULL-ended, and lives as long as the
 * page; the tree is made without the others.  NULL means all.
 *
 * Returns a page for the caller to free, which does not need the body any
 * more; outcome->kind is then BF_OUTCOME_OK.  Else returns NULL and says in
 * the outcome what happened: BF_OUTCOME_API_ERROR for an answer that reports
 * an error, BF_OUTCOME_UNREADABLE for one that is not what is documented, with
 * a phrase that fits behind a colon as message, or BF_OUTCOME_NO_MEMORY.  The
 * RequestId is kept in every case, if there is one.  What the outcome says
 * about the transfer (http_status, server_time) is left alone.
 */
BfPage *
bf_page_parse(const char *body, size_t body_len, const BfTable *table,
			  const char *const *wanted, BfOutcome *outcome)
{
	BfPage	   *page = calloc(1, sizeof(*page));
	char	   *buffer = wanted ? malloc(body_len + 1) : NULL;
	BfJsonAnswer answer = {
		.rows = table->action->rows,.nested = table->nested,
		.wanted = wanted,.buffer = buffer
	};
	const char *problem = NULL;
	bool		made = false;

	outcome->kind = BF_OUTCOME_OK;
	outcome->code[0] = '\0';
	outcome->request_id[0] = '\0';
	outcome->message[0] = '\0';
	if (page != NULL && (wanted == NULL || buffer != NULL))
	{
		page->table = table;
		page->wanted = wanted;
		page->number = ++pages_made;
		page->total = -1;

		problem = bf_json_check_answer(body, body_len, &answer);
		/* NULL only when out of memory: the text has been checked. */
		if (problem == NULL)
			make_tree(page, answer.text, answer.length);
		made = page->root != NULL;
	}
	free(buffer);
	if (made && read_page(page, &answer, outcome))
		return page;
	if (!made)
	{
		(void) bf_json_find_text(body, body_len, "RequestId",
								 outcome->request_id,
								 sizeof(outcome->request_id));
		if (problem != NULL)
			fail_unreadable(outcome, problem);
		else
			fail_memory(outcome);
	}
	bf_page_free(page);
	return NULL;
}

/* Give up what the last BfField points into. */
static void
forget_field(BfPage *page)
{
	if (page->printed != NULL)
		cJSON_free(page->printed);
	page->printed = NULL;
	if (page->tags != NULL)
		cJSON_Delete(page->tags);
	page->tags = NULL;
	page->next_tag = NULL;
}

/*
 * Free a page with all its rows and texts; NULL is allowed.
 */
void
bf_page_free(BfPage *page)
{
	if (page == NULL)
		return;
	forget_field(page);
	free_tree(page);
	free(page->members);
	free(page);
}

/* ---------- the page as a whole ---------- */

/*
 * The RequestId of the answer, or "" if it had none; owned by the page.
 */
const char *
bf_page_request_id(const BfPage *page)
{
	return page->request_id;
}

/*
 * False if the API says that the data is still being prepared (Ready = 0);
 * the page has no rows then, whatever stood beside it.
 */
bool
bf_page_ready(const BfPage *page)
{
	return page->ready;
}

/*
 * Number of rows of all pages as the API counts them, or -1 if it does not
 * say.
 */
int64_t
bf_page_total(const BfPage *page)
{
	return page->total;
}

/*
 * Number of rows as paging counts them: elements of the action's array, also
 * where the table unnests an array within them.
 */
int64_t
bf_page_row_count(const BfPage *page)
{
	return page->row_count;
}

/*
 * The text that the next request must repeat to get the next page, or NULL;
 * owned by the page.
 */
const char *
bf_page_cursor(const BfPage *page)
{
	return page->cursor;
}

/*
 * A hash of all rows as they came, whatever is read of them: equal for pages
 * that spell equal rows in the same way, and in all likelihood for no others.
 */
uint64_t
bf_page_hash(const BfPage *page)
{
	return page->hash;
}

/*
 * A hash of one of the first two rows, number 0 and 1, as it came: equal for
 * rows of any pages that are spelled in the same way, and in all likelihood
 * for no others; 0 without that row, and where a name around the rows has an
 * escape (see bf_json_check_answer).
 */
uint64_t
bf_page_row_hash(const BfPage *page, int number)
{
	return number < page->row_count ? page->row_hashes[number] : 0;
}

/* ---------- rows and members ---------- */

/*
 * The next row, in the order of the answer; false after the last one.  Where
 * the table unnests an array, its elements are the rows.
 */
bool
bf_page_next(BfPage *page, BfRow *row)
{
	const char *nested = page->table->nested;

	row->answer = page->response;
	if (nested == NULL)
	{
		row->item = page->next_row;
		row->parent = NULL;
		if (page->next_row != NULL)
			page->next_row = row_after(page, page->next_row);
		return row->item != NULL;
	}
	while (page->next_nested == NULL && page->next_row != NULL)
	{
		const cJSON *array = find_member(page->next_row, nested);

		page->parent = page->next_row;
		page->next_row = row_after(page, page->next_row);
		page->next_nested = array ? array->child : NULL;
	}
	row->item = page->next_nested;
	row->parent = page->parent;
	if (page->next_nested != NULL)
		page->next_nested = page->next_nested->next;
	return row->item != NULL;
}

/* List the members of an object in page->members; false when out of memory. */
static bool
list_members(BfPage *page, const cJSON *object)
{
	size_t		n = 0;

	page->object = NULL;
	for (const cJSON *item = object->child; item; item = item->next)
	{
		if (n == page->members_size)
		{
			size_t		size = n > 0 ? n * 2 : USUAL_MEMBERS;
			const cJSON **members = realloc(page->members,
											size * sizeof(*members));

			if (members == NULL)
				return false;
			page->members = members;
			page->members_size = size;
		}
		page->members[n++] = item;
	}
	page->object = object;
	page->nmembers = n;
	return true;
}

/* Find a member among those listed. */
static uint32_t
find_place(const BfPage *page, const char *name)
{
	for (size_t i = 0; i < page->nmembers; i++)
		if (strcmp(page->members[i]->string, name) == 0)
			return (uint32_t) i;
	return NO_PLACE;
}

/* Stands for a member that was left out of the tree: NULL would be a lie. */
static const cJSON left_out = {.type = cJSON_Invalid};

/* What is found where there is no member of this name. */
static const cJSON *
find_nothing(const BfPage *page, const char *name)
{
	const char *const *wanted = page->wanted;

	while (wanted != NULL && *wanted != NULL && strcmp(*wanted, name) != 0)
		wanted++;
	return wanted == NULL || *wanted != NULL ? NULL : &left_out;
}

/*
 * Find a member for bf_page_member and its like.  After a look at the object
 * before it, one with the same names needs none; else the same place is
 * tried, and then all of them.
 */
static const cJSON *
recall_member(BfPage *page, const cJSON *object, BfMember *wanted)
{
	if (!is_kind(object, cJSON_Object))
		return NULL;
	if (page->object != object && !list_members(page, object))
	{
		const cJSON *item = find_member(object, wanted->name);

		return item ? item : find_nothing(page, wanted->name);
	}
	if (!(wanted->page == page->number &&
		  (wanted->object == object ||
		   (object->HAS_SAME_NAMES && wanted->object == object->prev))) &&
		!(wanted->place < page->nmembers &&
		  strcmp(page->members[wanted->place]->string, wanted->name) == 0))
		wanted->place = find_place(page, wanted->name);
	wanted->object = object;
	wanted->page = page->number;
	return wanted->place == NO_PLACE ? find_nothing(page, wanted->name) :
		page->members[wanted->place];
}

static BfField
make_field(BfFieldKind kind, const char *text)
{
	BfField		field = {kind, text, text ? strlen(text) : 0};

	return field;
}

/* A number, as text in page->number_text. */
static BfField
number_field(BfPage *page, const cJSON *item)
{
	if (!bf_value_from_double(item->valuedouble, page->number_text))
		return make_field(BF_FIELD_BAD, "number out of range");
	return make_field(BF_FIELD_NUMBER, page->number_text);
}

static bool
has_number(const cJSON *item)
{
	if (is_kind(item, cJSON_Number))
		return true;
	for (const cJSON *child = item->child; child; child = child->next)
		if (has_number(child))
			return true;
	return false;
}

/*
 * Replace the numbers in an item by texts to be printed as they are: cJSON
 * would print some with 15 digits that need 17.  False when out of memory.
 */
static bool
spell_numbers(cJSON *item)
{
	char		text[BF_VALUE_AMOUNT_MAX + 1];

	if (is_kind(item, cJSON_Number))
	{
		if (!bf_value_from_double(item->valuedouble, text))
			snprintf(text, sizeof(text), "%.17g", item->valuedouble);
		item->valuestring = cJSON_malloc(strlen(text) + 1);
		if (item->valuestring == NULL)
			return false;
		memcpy(item->valuestring, text, strlen(text) + 1);
		item->type = (item->type & ~0xFF) | cJSON_Raw;
	}
	for (cJSON *child = item->child; child; child = child->next)
		if (!spell_numbers(child))
			return false;
	return true;
}

/* Any item as compact JSON text in page->printed. */
static BfField
json_field(BfPage *page, const cJSON *item)
{
	if (has_number(item))
	{
		cJSON	   *copy = cJSON_Duplicate(item, 1);

		if (copy != NULL && spell_numbers(copy))
			page->printed = cJSON_PrintUnformatted(copy);
		cJSON_Delete(copy);
	}
	else
		page->printed = cJSON_PrintUnformatted(item);
	if (page->printed == NULL)
		return make_field(BF_FIELD_BAD, OUT_OF_MEMORY);
	return make_field(BF_FIELD_NESTED, page->printed);
}

/*
 * A member of a row's item or parent.
 *
 * With as_json, the text is JSON for every kind: a string comes quoted, as
 * BF_FIELD_NESTED.  The text is owned by the page and valid until the next
 * call that returns a field of this page.  What cannot be read is
 * BF_FIELD_BAD, with the reason as text.
 */
BfField
bf_page_member(BfPage *page, const void *object, BfMember *member,
			   bool as_json)
{
	const cJSON *item = recall_member(page, object, member);

	forget_field(page);
	if (is_absent(item))
		return make_field(BF_FIELD_NONE, NULL);
	if (item == &left_out)
		return make_field(BF_FIELD_BAD, NOT_READ);
	if (is_kind(item, cJSON_String) && !as_json)
		return make_field(BF_FIELD_TEXT, item->valuestring);
	if (is_kind(item, cJSON_Number))
		return number_field(page, item);
	if (is_kind(item, cJSON_True))
		return make_field(BF_FIELD_BOOLEAN, "true");
	if (is_kind(item, cJSON_False))
		return make_field(BF_FIELD_BOOLEAN, "false");
	return json_field(page, item);
}

/* ---------- tags ---------- */

/*
 * The value of a tag as an item: a string, or null.  A string stays where it
 * is, the text of a number is copied.  Returns what is wrong, or NULL.
 */
static const char *
make_value(BfPage *page, const cJSON *value, cJSON **item)
{
	if (is_absent(value))
		*item = cJSON_CreateNull();
	else if (is_kind(value, cJSON_String))
		*item = cJSON_CreateStringReference(value->valuestring);
	else if (is_kind(value, cJSON_Number) &&
			 bf_value_from_double(value->valuedouble, page->number_text))
		*item = cJSON_CreateString(page->number_text);
	else
		return NO_TAGS;
	return *item ? NULL : OUT_OF_MEMORY;
}

/* Add one tag to page->tags; returns what is wrong, or NULL. */
static const char *
add_tag(BfPage *page, const cJSON *tag)
{
	const cJSON *key = find_member(tag, "TagKey");
	cJSON	   *item = NULL;
	const char *problem = make_value(page, find_member(tag, "TagValue"),
									 &item);
	bool		added;

	if (problem != NULL)
		return problem;
	if (is_kind(key, cJSON_String))
		added = cJSON_AddItemToObjectCS(page->tags, key->valuestring, item);
	else if (is_kind(key, cJSON_Number) &&
			 bf_value_from_double(key->valuedouble, page->number_text))
		added = cJSON_AddItemToObject(page->tags, page->number_text, item);
	else
	{
		cJSON_Delete(item);
		return NO_TAGS;
	}
	if (added)
		return NULL;
	cJSON_Delete(item);
	return OUT_OF_MEMORY;
}

/* Read an array of {TagKey, TagValue}; returns what is wrong, or NULL. */
static const char *
collect_array(BfPage *page, const cJSON *array)
{
	const char *problem = NULL;

	page->tags = cJSON_CreateObject();
	if (page->tags == NULL)
		return OUT_OF_MEMORY;
	for (const cJSON *tag = array->child; tag && !problem; tag = tag->next)
		problem = add_tag(page, tag);
	return problem;
}

/*
 * Read a text that holds an object of keys and texts, "" being one without
 * members; returns what is wrong, or NULL.  That the answer is sound says
 * nothing about the JSON in one of its strings.
 */
static const char *
collect_text(BfPage *page, const char *text)
{
	if (*text == '\0')
		text = "{}";
	if (bf_json_check(text, strlen(text)) != NULL)
		return NO_TEXT_OF_TAGS;
	page->tags = cJSON_Parse(text);
	if (page->tags == NULL)
		return OUT_OF_MEMORY;
	if (!is_kind(page->tags, cJSON_Object))
		return NO_TEXT_OF_TAGS;
	for (const cJSON *tag = page->tags->child; tag; tag = tag->next)
		if (!is_kind(tag, cJSON_String) && !is_kind(tag, cJSON_NULL))
			return NO_TEXT_OF_TAGS;
	return NULL;
}

/*
 * Collect the tags of an item as members of page->tags; returns what is
 * wrong, or NULL.
 */
static const char *
collect_tags(BfPage *page, const cJSON *item)
{
	const char *problem = NO_TAGS;
	const char *duplicate;

	if (is_kind(item, cJSON_Array))
		problem = collect_array(page, item);
	else if (is_kind(item, cJSON_String))
		problem = collect_text(page, item->valuestring);
	if (problem != NULL)
		return problem;
	if (!find_duplicate(page->tags, &duplicate))
		return OUT_OF_MEMORY;
	if (duplicate == NULL)
		return NULL;
	format_named(page->reason, sizeof(page->reason),
				 "tag key", duplicate, " occurs more than once");
	return page->reason;
}

/*
 * Read the tags in a member, an array of {TagKey, TagValue} or the text of an
 * object, for bf_page_next_tag: BF_FIELD_NESTED, without text.  A key that
 * occurs twice, or a member of another form, is BF_FIELD_BAD, with the reason
 * as text.  Ownership as in bf_page_member.
 */
BfField
bf_page_open_tags(BfPage *page, const void *object, BfMember *member)
{
	const cJSON *array = recall_member(page, object, member);
	const char *problem;

	forget_field(page);
	if (is_absent(array))
		return make_field(BF_FIELD_NONE, NULL);
	problem = collect_tags(page, array);
	if (problem != NULL)
		return make_field(BF_FIELD_BAD, problem);
	page->next_tag = page->tags->child;
	return make_field(BF_FIELD_NESTED, NULL);
}

/*
 * The next of the tags that bf_page_open_tags has read, in the order of the
 * answer; false after the last one.
 */
bool
bf_page_next_tag(BfPage *page, BfTag *tag)
{
	const cJSON *item = page->next_tag;

	if (item == NULL)
		return false;
	tag->key = item->string;
	tag->value = is_kind(item, cJSON_String) ? item->valuestring : NULL;
	page->next_tag = item->next;
	return true;
}

/*
 * The same as the text of one JSON object (BF_FIELD_NESTED); {} for an empty
 * array or text.  Tags without a value have null there.
 */
BfField
bf_page_tags(BfPage *page, const void *object, BfMember *member)
{
	BfField		field = bf_page_open_tags(page, object, member);

	return field.kind == BF_FIELD_NESTED ? json_field(page, page->tags) : field;
}

/*
 * The value of one tag in a member like that of bf_page_tags: BF_FIELD_TEXT,
 * "" without such a tag or without a value; BF_FIELD_BAD as there.  Ownership
 * as in bf_page_member.
 */
BfField
bf_page_tag_value(BfPage *page, const void *object, BfMember *member,
				  const char *key)
{
	const cJSON *array = recall_member(page, object, member);
	const cJSON *value;
	const char *problem;

	forget_field(page);
	if (is_absent(array))
		return make_field(BF_FIELD_TEXT, "");
	problem = collect_tags(page, array);
	if (problem != NULL)
		return make_field(BF_FIELD_BAD, problem);
	value = find_member(page->tags, key);
	return make_field(BF_FIELD_TEXT,
					  is_absent(value) ? "" : value->valuestring);
}

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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "api/json.h"
#include "api/tags.h"
#include "api/tree.h"
#include "api/value.h"

/* Largest integer up to which a double holds all integers. */
#define MAX_EXACT_INTEGER	9007199254740992.0

/* Room to start with for the members of a row. */
#define USUAL_MEMBERS		64

/* BfMember.place of a member that is not there. */
#define NO_PLACE			UINT32_MAX

#define NOT_READ		"it was left out when the answer was read"
#define OUT_OF_MEMORY	"out of memory"

struct BfPage
{
	BfTree		tree;			/* of the whole answer */
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
	BfTags		tags;
	const cJSON *next_tag;		/* of bf_page_next_tag */
	char		number_text[BF_VALUE_AMOUNT_MAX + 1];
};

static uint64_t pages_made = 0;


/* ---------- small helpers ---------- */

static bool
fail_named(BfOutcome *outcome, const char *before, const char *name,
		   const char *after)
{
	return bf_outcome_fail(outcome, BF_OUTCOME_UNREADABLE, "%s \"%.*s\"%s",
						   before, (int) bf_outcome_clip(name, BF_OUTCOME_NAME_MAX),
						   name, after);
}

static bool
fail_unreadable(BfOutcome *outcome, const char *problem)
{
	return bf_outcome_fail(outcome, BF_OUTCOME_UNREADABLE, "%s", problem);
}

static bool
fail_memory(BfOutcome *outcome)
{
	return bf_outcome_fail(outcome, BF_OUTCOME_NO_MEMORY, OUT_OF_MEMORY);
}

static bool
is_kind(const cJSON *item, int kind)
{
	return item != NULL && BF_TREE_KIND(item) == kind;
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
		char		name[BF_OUTCOME_NAME_MAX];

		if (dot == NULL)
		{
			*item = bf_tree_member(*item, path);
			return true;
		}
		snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
		*item = bf_tree_member(*item, name);
		if (is_absent(*item))
			*item = NULL;
		else if (!is_kind(*item, cJSON_Object))
			return fail_named(outcome, "member", name, " is no object");
		path = dot + 1;
	}
	return true;
}

/* ---------- reading of the answer ---------- */

/* No name twice in one object, no number out of range. */
static bool
check_tree(BfPage *page, BfOutcome *outcome)
{
	const char *name;

	switch (bf_tree_check(&page->tree, &name))
	{
		case BF_TREE_SOUND:
			break;
		case BF_TREE_DUPLICATE:
			return fail_named(outcome, "duplicate member", name, "");
		case BF_TREE_RANGE:
			return fail_unreadable(outcome, "a number is out of range");
		case BF_TREE_NO_MEMORY:
			return fail_memory(outcome);
	}
	return true;
}

/* Response.Error; always false. */
static bool
read_error(const cJSON *error, BfOutcome *outcome)
{
	const cJSON *code = bf_tree_member(error, "Code");
	const cJSON *message = bf_tree_member(error, "Message");

	if (!is_kind(code, cJSON_String) || code->valuestring[0] == '\0')
		return fail_unreadable(outcome, "an error without a usable Code");
	outcome->kind = BF_OUTCOME_API_ERROR;
	bf_outcome_copy(outcome->code, sizeof(outcome->code), code->valuestring);
	if (is_kind(message, cJSON_String))
		bf_outcome_copy(outcome->message, sizeof(outcome->message),
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
		bf_outcome_copy(outcome->message, sizeof(outcome->message),
						message->valuestring);
	outcome->kind = BF_OUTCOME_API_ERROR;
	snprintf(outcome->code, sizeof(outcome->code), "%.*s %.*s",
			 (int) bf_outcome_clip(name, BF_OUTCOME_NAME_MAX), name,
			 (int) sizeof(outcome->code) - BF_OUTCOME_NAME_MAX - 2, text);
	return false;
}

/* Response.Ready, where it is documented. */
static bool
read_ready(BfPage *page, BfOutcome *outcome)
{
	const cJSON *item = bf_tree_member(page->response, "Ready");

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
	const cJSON *item = name ? bf_tree_member(page->response, name) : NULL;

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
		const cJSON *nested = bf_tree_member(row, table->nested);

		if (!is_absent(nested) &&
			!read_objects(nested, table->nested, &count, outcome))
			return false;
	}
	return true;
}

/* Everything that is known before the rows are read one by one. */
static bool
read_page(BfPage *page, const BfJsonAnswer *answer, BfOutcome *outcome)
{
	const cJSON *response = bf_tree_member(page->tree.root, "Response");
	const cJSON *request_id = bf_tree_member(response, "RequestId");
	const cJSON *error = bf_tree_member(response, "Error");
	const cJSON *rows;

	page->response = response;
	if (is_kind(request_id, cJSON_String))
		bf_outcome_copy(outcome->request_id, sizeof(outcome->request_id),
						request_id->valuestring);
	memcpy(page->request_id, outcome->request_id, sizeof(page->request_id));
	if (answer->uniform)
	{
		if (!find_path(response, page->table->action->rows, &rows, outcome))
			return false;
		bf_tree_mark(rows);
	}
	if (!check_tree(page, outcome))
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
			made = bf_tree_make(&page->tree, answer.text, answer.length);
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
	if (page->tags.object != NULL)
		bf_tags_free(&page->tags);
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
	bf_tree_free(&page->tree);
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
		const cJSON *array = bf_tree_member(page->next_row, nested);

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
		const cJSON *item = bf_tree_member(object, wanted->name);

		return item ? item : find_nothing(page, wanted->name);
	}
	if (!(wanted->page == page->number &&
		  (wanted->object == object ||
		   (object->BF_TREE_SAME_NAMES && wanted->object == object->prev))) &&
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
	if (item == NULL)
		return make_field(BF_FIELD_NONE, NULL);
	if (item == &left_out)
		return make_field(BF_FIELD_BAD, NOT_READ);
	switch (BF_TREE_KIND(item))
	{
		case cJSON_NULL:
			return make_field(BF_FIELD_NONE, NULL);
		case cJSON_String:
			if (as_json)
				break;
			return make_field(BF_FIELD_TEXT, item->valuestring);
		case cJSON_Number:
			return number_field(page, item);
		case cJSON_True:
			return make_field(BF_FIELD_BOOLEAN, "true");
		case cJSON_False:
			return make_field(BF_FIELD_BOOLEAN, "false");
	}
	return json_field(page, item);
}

/* ---------- tags ---------- */

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
	problem = bf_tags_read(&page->tags, array);
	if (problem != NULL)
		return make_field(BF_FIELD_BAD, problem);
	page->next_tag = ((const cJSON *) page->tags.object)->child;
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

	return field.kind == BF_FIELD_NESTED ? json_field(page, page->tags.object) : field;
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
	problem = bf_tags_read(&page->tags, array);
	if (problem != NULL)
		return make_field(BF_FIELD_BAD, problem);
	value = bf_tree_member(page->tags.object, key);
	return make_field(BF_FIELD_TEXT,
					  is_absent(value) ? "" : value->valuestring);
}

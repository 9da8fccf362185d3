/*-------------------------------------------------------------------------
 *
 * page.c
 *	  Fuzz target of api/page.c and api/json.c: an answer is accepted exactly
 *	  when it should be, and every row and member reads as in the tree that
 *	  cJSON makes of it, for every table of the catalog.
 *
 * Input: the answer.
 *
 * IDENTIFICATION
 *	  test/fuzz/page.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "mutate.h"

#include <math.h>

#include <cjson/cJSON.h>

#include "api/json.h"
#include "api/page.h"
#include "api/value.h"

#define STATUS			200
#define SERVER_TIME		1234567890
#define MAX_INTEGER		9007199254740992.0	/* a double has all up to here */
#define SHORT_TEXT		16
#define MAX_COLUMNS		128

/* Names of the members that are read, NULL-ended; or NULL for all. */
static const char *const *wanted;

/* Where the columns were found last: kept from row to row, as users do. */
static BfMember members[MAX_COLUMNS];

/* ---------- what the tree says ---------- */

/* A member, NULL for null as well. */
static const cJSON *
get(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsNull(item) ? NULL : item;
}

/*
 * The member at a path, NULL for null and where it ends early; *broken is set
 * where something on the way is no object.
 */
static const cJSON *
get_path(const cJSON *object, const char *path, bool *broken)
{
	char		name[64];
	const char *dot;

	while (object != NULL && (dot = strchr(path, '.')) != NULL)
	{
		snprintf(name, sizeof(name), "%.*s", (int) (dot - path), path);
		object = get(object, name);
		*broken |= object != NULL && !cJSON_IsObject(object);
		path = dot + 1;
	}
	return object && !*broken ? get(object, path) : NULL;
}

/* No name twice in an object, no number out of range. */
static bool
is_sound(const cJSON *item)
{
	if (cJSON_IsNumber(item) && !isfinite(item->valuedouble))
		return false;
	for (const cJSON *child = item->child; child; child = child->next)
		if (!is_sound(child) ||
			(cJSON_IsObject(item) &&
			 cJSON_GetObjectItemCaseSensitive(item, child->string) != child))
			return false;
	return true;
}

static bool
is_array_of_objects(const cJSON *array)
{
	if (!cJSON_IsArray(array))
		return false;
	for (const cJSON *item = array->child; item; item = item->next)
		if (!cJSON_IsObject(item))
			return false;
	return true;
}

/* 0 or 1, or -1 for what is neither. */
static int
ready_of(const cJSON *item)
{
	if (cJSON_IsNumber(item))
		return item->valuedouble == 0 ? 0 : item->valuedouble == 1 ? 1 : -1;
	if (cJSON_IsString(item) && strlen(item->valuestring) == 1)
		return strcspn("01", item->valuestring) < 2 ?
			atoi(item->valuestring) : -1;
	return -1;
}

/* The number, -1 for none, -2 for what is no number of rows. */
static int64_t
total_of(const cJSON *item)
{
	static regex_t *pattern;
	long long	total;

	if (item == NULL)
		return -1;
	if (cJSON_IsNumber(item) && item->valuedouble >= 0 &&
		item->valuedouble <= MAX_INTEGER &&
		floor(item->valuedouble) == item->valuedouble)
		return (int64_t) item->valuedouble;
	if (!cJSON_IsString(item) ||
		!fuzz_matches(&pattern, "^[0-9]+$", item->valuestring))
		return -2;
	errno = 0;
	total = strtoll(item->valuestring, NULL, 10);
	return errno == 0 ? total : -2;
}

/* 0 = all is well, 1 = an error of the API, -1 = neither. */
static int
status_of(const cJSON *item)
{
	static regex_t *integer;
	static regex_t *zero;

	if (item == NULL)
		return 0;
	if (cJSON_IsNumber(item))
		return item->valuedouble != 0;
	if (!cJSON_IsString(item) ||
		!fuzz_matches(&integer, "^-?[0-9]+$", item->valuestring))
		return -1;
	return !fuzz_matches(&zero, "^-?0+$", item->valuestring);
}

/* The rows' array, or the only row, which is in *single then. */
static const cJSON *
rows_of(const cJSON *response, const BfAction *action, const cJSON **single,
		bool *broken)
{
	const cJSON *rows = action->rows ?
		get_path(response, action->rows, broken) : response;

	*single = NULL;
	if (action->rows == NULL)
		*single = rows;
	return rows;
}

/* Can the arrays that the table unnests be read? */
static bool
has_nested(const BfTable *table, const cJSON *row)
{
	return table->nested == NULL || get(row, table->nested) == NULL ||
		is_array_of_objects(get(row, table->nested));
}

/* How reading this tree must end, and whether it is ready. */
static BfOutcomeKind
expected_kind(const cJSON *tree, const BfTable *table, bool *ready)
{
	const BfAction *action = table->action;
	const cJSON *response = get(tree, "Response");
	const cJSON *error = get(response, "Error");
	const cJSON *code = get(error, "Code");
	const cJSON *id = get(response, "RequestId");
	const cJSON *rows;
	const cJSON *single;
	bool		broken = false;

	*ready = true;
	if (!is_sound(tree) || !cJSON_IsObject(response))
		return BF_OUTCOME_UNREADABLE;
	if (error != NULL)
		return cJSON_IsString(code) && code->valuestring[0] != '\0' ?
			BF_OUTCOME_API_ERROR : BF_OUTCOME_UNREADABLE;
	if (action->status != NULL)
	{
		int			status = status_of(get_path(response, action->status, &broken));

		if (broken || status != 0)
			return !broken && status == 1 ?
				BF_OUTCOME_API_ERROR : BF_OUTCOME_UNREADABLE;
	}
	if (action->ready_flag)
	{
		int			flag = ready_of(get(response, "Ready"));

		*ready = flag == 1;
		if (flag < 0)
			return BF_OUTCOME_UNREADABLE;
	}
	if (!cJSON_IsString(id) || id->valuestring[0] == '\0')
		return BF_OUTCOME_UNREADABLE;
	if (!*ready)
		return BF_OUTCOME_OK;
	if (action->total != NULL &&
		total_of(get_path(response, action->total, &broken)) == -2)
		return BF_OUTCOME_UNREADABLE;
	if (action->cursor != NULL && get(response, action->cursor) != NULL &&
		!cJSON_IsString(get(response, action->cursor)))
		return BF_OUTCOME_UNREADABLE;
	rows = rows_of(response, action, &single, &broken);
	if (broken)
		return BF_OUTCOME_UNREADABLE;
	if (rows == NULL)
		return BF_OUTCOME_OK;
	if (single != NULL)
		return has_nested(table, single) ? BF_OUTCOME_OK : BF_OUTCOME_UNREADABLE;
	if (!is_array_of_objects(rows))
		return BF_OUTCOME_UNREADABLE;
	for (const cJSON *row = rows->child; row; row = row->next)
		if (!has_nested(table, row))
			return BF_OUTCOME_UNREADABLE;
	return BF_OUTCOME_OK;
}

/* ---------- values ---------- */

/* The same, to the last bit and in the same order. */
static bool
is_same(const cJSON *a, const cJSON *b)
{
	const cJSON *in_a = a->child;
	const cJSON *in_b = b->child;

	if ((a->type & 0xFF) != (b->type & 0xFF))
		return false;
	if (cJSON_IsNumber(a))
		return a->valuedouble == b->valuedouble;
	if (cJSON_IsString(a))
		return strcmp(a->valuestring, b->valuestring) == 0;
	for (; in_a && in_b; in_a = in_a->next, in_b = in_b->next)
		if ((cJSON_IsObject(a) && strcmp(in_a->string, in_b->string) != 0) ||
			!is_same(in_a, in_b))
			return false;
	return in_a == in_b;
}

/*
 * The tree of a JSON text that we made; to be deleted.  NULL when it holds a
 * number with more characters than cJSON reads.
 */
static cJSON *
read_back(const char *text)
{
	const char *problem = bf_json_check(text, strlen(text));
	cJSON	   *tree;

	if (problem != NULL && strstr(problem, "number is longer") != NULL)
		return NULL;
	REQUIRE(problem == NULL);
	REQUIRE(fuzz_is_utf8(text, strlen(text)));
	tree = cJSON_Parse(text);
	REQUIRE(tree != NULL);
	return tree;
}

static void
check_json(BfField field, const cJSON *item)
{
	cJSON	   *tree;

	REQUIRE(field.kind == BF_FIELD_NESTED);
	tree = read_back(field.text);
	REQUIRE(tree == NULL || is_same(tree, item));
	cJSON_Delete(tree);
}

static void
check_number(BfField field, double number)
{
	if (field.kind == BF_FIELD_BAD)
	{
		REQUIRE(fabs(number) < 1e-40 || fabs(number) > 1e60);
		return;
	}
	REQUIRE(field.kind == BF_FIELD_NUMBER);
	REQUIRE(bf_value_is_amount(field.text));
	REQUIRE(strtod(field.text, NULL) == number);
}

static void
check_field(BfField field, const cJSON *item, bool as_json)
{
	REQUIRE(field.length == (field.text ? strlen(field.text) : 0));
	if (item == NULL)
		REQUIRE(field.kind == BF_FIELD_NONE && field.text == NULL);
	else if (cJSON_IsNumber(item))
		check_number(field, item->valuedouble);
	else if (cJSON_IsBool(item))
		REQUIRE(field.kind == BF_FIELD_BOOLEAN &&
				strcmp(field.text, cJSON_IsTrue(item) ? "true" : "false") == 0);
	else if (cJSON_IsString(item) && !as_json)
	{
		REQUIRE(field.kind == BF_FIELD_TEXT);
		REQUIRE(strcmp(field.text, item->valuestring) == 0);
		REQUIRE(fuzz_is_utf8(field.text, strlen(field.text)));
	}
	else
		check_json(field, item);
}

/* ---------- tags ---------- */

/* A string, or the text of a number in "room"; else NULL. */
static const char *
text_of(const cJSON *item, char room[BF_VALUE_AMOUNT_MAX + 1])
{
	if (cJSON_IsString(item))
		return item->valuestring;
	if (cJSON_IsNumber(item) && bf_value_from_double(item->valuedouble, room))
		return room;
	return NULL;
}

/* Is it an array of tags, each key once? */
static bool
are_tags(const cJSON *array)
{
	char		room[2][BF_VALUE_AMOUNT_MAX + 1];

	if (!cJSON_IsArray(array))
		return false;
	for (const cJSON *tag = array->child; tag; tag = tag->next)
	{
		const char *key = text_of(get(tag, "TagKey"), room[0]);
		const cJSON *value = get(tag, "TagValue");

		if (key == NULL || (value != NULL && text_of(value, room[1]) == NULL))
			return false;
		for (const cJSON *other = array->child; other != tag; other = other->next)
			if (strcmp(key, text_of(get(other, "TagKey"), room[1])) == 0)
				return false;
	}
	return true;
}

/* The object's members are the array's tags. */
static void
check_tag_object(const cJSON *object, const cJSON *array)
{
	char		room[BF_VALUE_AMOUNT_MAX + 1];
	const cJSON *tag = array->child;

	REQUIRE(cJSON_IsObject(object));
	for (const cJSON *item = object->child; item; item = item->next)
	{
		const cJSON *value;

		REQUIRE(tag != NULL);
		value = get(tag, "TagValue");
		REQUIRE(strcmp(item->string, text_of(get(tag, "TagKey"), room)) == 0);
		if (value == NULL)
			REQUIRE(cJSON_IsNull(item));
		else
			REQUIRE(strcmp(cJSON_GetStringValue(item), text_of(value, room)) == 0);
		tag = tag->next;
	}
	REQUIRE(tag == NULL);
}

/*
 * What an item of tags means, as an array of them, to be deleted; an item of
 * another form stays as it is.
 */
static cJSON *
tags_of(const cJSON *item)
{
	cJSON	   *array = NULL;
	cJSON	   *object = NULL;
	const char *text = cJSON_GetStringValue(item);

	if (item == NULL)
		return NULL;
	if (text != NULL && *text == '\0')
		return cJSON_CreateArray();
	if (text != NULL && bf_json_check(text, strlen(text)) == NULL)
		object = cJSON_Parse(text);
	if (cJSON_IsObject(object))
		array = cJSON_CreateArray();
	for (const cJSON *tag = array ? object->child : NULL; tag && array; tag = tag->next)
	{
		cJSON	   *copy = cJSON_CreateObject();

		if (cJSON_IsString(tag) || cJSON_IsNull(tag))
		{
			cJSON_AddStringToObject(copy, "TagKey", tag->string);
			cJSON_AddItemToObject(copy, "TagValue", cJSON_Duplicate(tag, 1));
			cJSON_AddItemToArray(array, copy);
			continue;
		}
		cJSON_Delete(copy);
		cJSON_Delete(array);
		array = NULL;
	}
	cJSON_Delete(object);
	return array ? array : cJSON_Duplicate(item, 1);
}

static void
check_tags(BfPage *page, const void *object, BfMember *member,
		   const cJSON *array)
{
	BfField		field = bf_page_tags(page, object, member);
	char		room[BF_VALUE_AMOUNT_MAX + 1];
	cJSON	   *tree;
	BfTag		tag;

	if (array == NULL)
		REQUIRE(field.kind == BF_FIELD_NONE);
	else if (!are_tags(array))
	{
		REQUIRE(field.kind == BF_FIELD_BAD);
		REQUIRE(fuzz_is_utf8(field.text, strlen(field.text)));
	}
	else
	{
		REQUIRE(field.kind == BF_FIELD_NESTED);
		tree = read_back(field.text);
		check_tag_object(tree, array);
		cJSON_Delete(tree);
	}

	/* and one by one */
	REQUIRE(bf_page_open_tags(page, object, member).kind == field.kind);
	if (field.kind != BF_FIELD_NESTED)
		array = NULL;
	for (const cJSON *item = array ? array->child : NULL; item; item = item->next)
	{
		REQUIRE(bf_page_next_tag(page, &tag));
		REQUIRE(strcmp(tag.key, text_of(get(item, "TagKey"), room)) == 0);
		REQUIRE((tag.value == NULL) == (get(item, "TagValue") == NULL));
		REQUIRE(tag.value == NULL ||
				strcmp(tag.value, text_of(get(item, "TagValue"), room)) == 0);
	}
	REQUIRE(!bf_page_next_tag(page, &tag));
}

/* The value of one key of the array. */
static void
check_tag_value(BfPage *page, const void *object, BfMember *member,
				const cJSON *array, const char *key)
{
	BfField		field = bf_page_tag_value(page, object, member, key);
	char		room[BF_VALUE_AMOUNT_MAX + 1];
	const char *expected = "";

	if (array != NULL && !are_tags(array))
	{
		REQUIRE(field.kind == BF_FIELD_BAD);
		return;
	}
	for (const cJSON *tag = array ? array->child : NULL; tag; tag = tag->next)
		if (strcmp(text_of(get(tag, "TagKey"), room), key) == 0 &&
			get(tag, "TagValue") != NULL)
		{
			expected = text_of(get(tag, "TagValue"), room);
			break;
		}
	REQUIRE(field.kind == BF_FIELD_TEXT && strcmp(field.text, expected) == 0);
}

/* ---------- rows ---------- */

/* One member in every way, whoever may want it. */
static void
check_member(BfPage *page, const void *object, const cJSON *tree,
			 BfMember *member)
{
	const cJSON *item = get(tree, member->name);
	cJSON	   *tags = tags_of(item);
	char		room[BF_VALUE_AMOUNT_MAX + 1];

	check_field(bf_page_member(page, object, member, false), item, false);
	check_field(bf_page_member(page, object, member, true), item, true);
	check_tags(page, object, member, tags);
	check_tag_value(page, object, member, tags, "project");
	for (const cJSON *tag = cJSON_IsArray(tags) ? tags->child : NULL; tag;
		 tag = tag->next)
		if (text_of(get(tag, "TagKey"), room) != NULL)
			check_tag_value(page, object, member, tags,
							text_of(get(tag, "TagKey"), room));
	cJSON_Delete(tags);
}

static bool
is_wanted(const char *name)
{
	const char *const *at = wanted;

	while (at != NULL && *at != NULL && strcmp(*at, name) != 0)
		at++;
	return at == NULL || *at != NULL;
}

/* What the table's columns ask for, and all members. */
static void
check_object(BfPage *page, const BfTable *table, const void *object,
			 const cJSON *tree)
{
	REQUIRE((object == NULL) == (tree == NULL));
	for (int i = 0; table->columns[i].name != NULL; i++)
	{
		REQUIRE(i < MAX_COLUMNS);
		members[i].name = table->columns[i].field;
		if (members[i].name != NULL && is_wanted(members[i].name))
			check_member(page, object, tree, &members[i]);
	}
	for (const cJSON *item = tree ? tree->child : NULL; item; item = item->next)
	{
		BfMember	member = {.name = item->string};

		if (is_wanted(member.name))
			check_member(page, object, tree, &member);
	}
}

static void
check_row(BfPage *page, const BfTable *table, const cJSON *item,
		  const cJSON *parent)
{
	BfRow		row;

	REQUIRE(bf_page_next(page, &row));
	check_object(page, table, row.item, item);
	check_object(page, table, row.parent, parent);
}

/* The rows that the table makes of one of the action's; 1, to be counted. */
static int64_t
check_item(BfPage *page, const BfTable *table, const cJSON *item)
{
	const cJSON *nested = table->nested ? get(item, table->nested) : NULL;

	if (table->nested == NULL)
		check_row(page, table, item, NULL);
	for (const cJSON *part = nested ? nested->child : NULL; part;
		 part = part->next)
		check_row(page, table, part, item);
	return 1;
}

static void
check_rows(BfPage *page, const BfTable *table, const cJSON *rows,
		   const cJSON *single)
{
	BfRow		row;
	int64_t		count = 0;

	if (single != NULL)
		count = check_item(page, table, single);
	else
		for (const cJSON *item = rows ? rows->child : NULL; item; item = item->next)
			count += check_item(page, table, item);
	REQUIRE(!bf_page_next(page, &row));
	REQUIRE(!bf_page_next(page, &row));
	REQUIRE(bf_page_row_count(page) == count);
	/* an only row is no page that others could repeat */
	REQUIRE((bf_page_hash(page) == 0) == (count == 0) || single != NULL);
	/* with an escape in a name around the rows there is none */
	REQUIRE(bf_page_row_hash(page, 0) == 0 || count > 0);
	REQUIRE(bf_page_row_hash(page, count) == 0);
}

/* ---------- answers ---------- */

static bool
is_text(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL && fuzz_is_utf8(text, strlen(text));
}

/* Parse a copy that is gone before the page is read. */
static BfPage *
parse(const uint8_t *data, size_t size, const BfTable *table,
	  BfOutcome *outcome)
{
	char	   *body = fuzz_block(data, size);
	BfPage	   *page;

	memset(outcome, 'x', sizeof(*outcome));
	outcome->http_status = STATUS;
	outcome->server_time = SERVER_TIME;
	page = bf_page_parse(body, size, table, wanted, outcome);
	memset(body, 'x', size);
	free(body);
	REQUIRE((page != NULL) == (outcome->kind == BF_OUTCOME_OK));
	REQUIRE(outcome->http_status == STATUS);
	REQUIRE(outcome->server_time == SERVER_TIME);
	REQUIRE(is_text(outcome->code, sizeof(outcome->code)));
	REQUIRE(is_text(outcome->message, sizeof(outcome->message)));
	REQUIRE(is_text(outcome->request_id, sizeof(outcome->request_id)));
	return page;
}

/* What the outcome says of an answer without a page. */
static void
check_failure(const BfOutcome *outcome, const cJSON *tree)
{
	const cJSON *code = get(get(get(tree, "Response"), "Error"), "Code");

	if (outcome->kind == BF_OUTCOME_UNREADABLE)
		REQUIRE(outcome->message[0] != '\0' && outcome->code[0] == '\0');
	else if (code != NULL)
		REQUIRE(outcome->code[0] != '\0' &&
				strncmp(outcome->code, code->valuestring, strlen(outcome->code)) == 0);
	else						/* a second status, such as "Code 500" */
		REQUIRE(strchr(outcome->code, ' ') > outcome->code);
}

static void
check_page(BfPage *page, const BfTable *table, const cJSON *response, bool ready)
{
	const BfAction *action = table->action;
	const char *cursor = ready && action->cursor ?
		cJSON_GetStringValue(get(response, action->cursor)) : NULL;
	const cJSON *rows;
	const cJSON *single = NULL;
	bool		broken = false;

	REQUIRE(bf_page_ready(page) == ready);
	REQUIRE(bf_page_total(page) ==
			(ready && action->total != NULL ?
			 total_of(get_path(response, action->total, &broken)) : -1));
	if (cursor == NULL || *cursor == '\0')
		REQUIRE(bf_page_cursor(page) == NULL);
	else
		REQUIRE(strcmp(bf_page_cursor(page), cursor) == 0);
	rows = ready ? rows_of(response, action, &single, &broken) : NULL;
	REQUIRE(!broken);
	check_rows(page, table, rows, single);
}

/* The tree is NULL when the bytes have a problem. */
static void
check_answer(const uint8_t *data, size_t size, const BfTable *table,
			 const char *problem, const cJSON *tree)
{
	BfOutcome	outcome;
	BfPage	   *page = parse(data, size, table, &outcome);
	bool		ready;

	if (problem != NULL)
	{
		REQUIRE(outcome.kind == BF_OUTCOME_UNREADABLE);
		REQUIRE(strcmp(outcome.message, problem) == 0);
		return;
	}
	if (wanted != NULL && !is_sound(tree))
	{
		bf_page_free(page);		/* the defect may be in what is left out */
		return;
	}
	REQUIRE(outcome.kind == expected_kind(tree, table, &ready));
	if (page == NULL)
	{
		check_failure(&outcome, tree);
		return;
	}
	REQUIRE(outcome.code[0] == '\0' && outcome.message[0] == '\0');
	REQUIRE(strcmp(bf_page_request_id(page), outcome.request_id) == 0);
	check_page(page, table, get(tree, "Response"), ready);
	bf_page_free(page);
}

/* The same when every third column is read. */
static void
check_some_columns(const uint8_t *data, size_t size, const BfTable *table,
				   const char *problem, const cJSON *tree)
{
	const char *names[MAX_COLUMNS + 1];
	size_t		n = 0;

	for (size_t i = 0; table->columns[i].name != NULL; i++)
		if (i % 3 == size % 3 && table->columns[i].field != NULL)
			names[n++] = table->columns[i].field;
	names[n] = NULL;
	wanted = names;
	check_answer(data, size, table, problem, tree);
	wanted = NULL;
}

/* A RequestId is found in any bytes, if they have one that fits. */
static void
check_find_text(const char *text, size_t size)
{
	static regex_t *pattern;
	char	   *copy = malloc(size + 1);
	char	   *value = malloc(SHORT_TEXT);
	bool		found;

	REQUIRE(copy != NULL && value != NULL);
	/* for the expression, no byte ends the text */
	for (size_t i = 0; i < size; i++)
		copy[i] = (char) (text[i] != '\0' ? text[i] : '\1');
	copy[size] = '\0';
	strcpy(value, "as it was");

	found = bf_json_find_text(text, size, "RequestId", value, SHORT_TEXT);
	REQUIRE(found == fuzz_matches(&pattern,
								  "\"RequestId\"[ \t\r\n]*:[ \t\r\n]*"
								  "\"([]!#-[^-~]){0,15}\"", copy));
	REQUIRE(found ? strstr(copy, value) != NULL &&
			strpbrk(value, "\"\\ ") == NULL : strcmp(value, "as it was") == 0);
	free(value);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const BfTable *const *tables = bf_catalog_tables();
	const char *text = (const char *) data;
	const char *problem = bf_json_check(text, size);
	const char *end;
	cJSON	   *tree = NULL;

	memset(members, 0, sizeof(members));
	check_find_text(text, size);
	if (problem == NULL)
	{
		REQUIRE(fuzz_is_utf8(text, size));
		REQUIRE(memchr(text, 0, size) == NULL);
		tree = cJSON_ParseWithLengthOpts(text, size, &end, false);
		REQUIRE(tree != NULL);
		while (end < text + size)
			REQUIRE(strchr(" \t\r\n", *end++) != NULL);
	}
	else if (strcmp(problem, "text is not valid UTF-8") == 0)
		REQUIRE(!fuzz_is_utf8(text, size));

	/* no JSON is none for any table */
	for (int i = 0; tables[i] != NULL && (i == 0 || problem == NULL); i++)
	{
		check_answer(data, size, tables[i], problem, tree);
		check_some_columns(data, size, tables[i], problem, tree);
	}
	cJSON_Delete(tree);
	return 0;
}

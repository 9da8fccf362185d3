/*-------------------------------------------------------------------------
 *
 * tuple.c
 *	  Rows of the API as rows of the foreign table.
 *
 * IDENTIFICATION
 *	  src/fdw/tuple.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/value.h"
#include "fdw/convert.h"
#include "fdw/range.h"
#include "fdw/tuple.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

/* A column to be filled. */
typedef struct Target
{
	const BfAttribute *attr;
	BfMember	member;			/* where its value is read from */
	int			position;		/* among the columns that its parameter feeds */
	BfConverter *converter;
	bool		as_json;		/* what the converter takes, see convert.c */
	bool		tags;
} Target;

/* A parameter that rows show as well. */
typedef struct Check
{
	int			param;
	const BfColumn *column;
	BfMember	member;
	const char *fixed;			/* value of the whole table, in UTF-8, or NULL */
} Check;

/* What a row shows of a parameter, as to what was asked for. */
typedef enum Judgment
{
	ROW_ANSWERS,
	ROW_ELSEWHERE,				/* another request brings it, or none needs to */
	ROW_CONTRADICTS
} Judgment;

/* Lives as long as the scan. */
struct BfTuple
{
	MemoryContext cxt;			/* that of the scan */
	const BfRelation *relation;
	int			ntargets;		/* wanted columns only */
	Target	   *targets;
	int			group_type;		/* numbers of parameters, or -1 */
	int			tag_key;
	int			nchecks;
	Check	   *checks;
	const char **members;		/* that these read, NULL-ended */
	const char *currency;		/* in UTF-8, or NULL */
	List	   *unknown_labels; /* warned about, of char * */
	const BfRequest *doubted;	/* reported last, once per request */

	/* for error messages */
	const Target *current;
	const BfFetch *fetch;
};

/* Helper functions */
static const char *to_utf8(const char *text);
static void list_members(BfTuple *tuple);
static int	position_among(const BfRelation *relation,
						   const BfAttribute *attr);
static BfField read_target(BfTuple *tuple, const BfFetch *fetch,
						   const BfRow *row, Target *target,
						   BfVariant variant);
static BfField read_source(BfTuple *tuple, const BfFetch *fetch,
						   const BfRow *row, const BfColumn *column,
						   BfMember *member, BfVariant variant, bool as_json);
static const void *source_object(const BfRow *row, BfSource source);
static BfField pay_mode_of(BfTuple *tuple, const BfFetch *fetch,
						   BfField label);
static Judgment judge(const BfTuple *tuple, const Check *check,
					  const BfRequest *request, const BfField *field);
static bool in_list(const BfArgument *argument, const char *text);
static void column_error_callback(void *arg);

/*
 * Prepares the conversion of the wanted columns, in the current context,
 * which must be that of the scan.
 */
BfTuple *
bf_tuple_prepare(const BfRelation *relation, List *wanted)
{
	BfTuple    *tuple = palloc0(sizeof(BfTuple));
	ListCell   *lc;

	tuple->cxt = CurrentMemoryContext;
	tuple->relation = relation;
	tuple->group_type = bf_relation_param_number(relation, "group_type");
	tuple->tag_key = bf_relation_param_number(relation, "tag_key");

	tuple->targets = palloc0_array(Target, list_length(wanted) + 1);
	foreach(lc, wanted)
	{
		Target	   *target = &tuple->targets[tuple->ntargets++];
		const BfAttribute *attr = bf_relation_attribute(relation, lfirst_int(lc));

		target->attr = attr;
		target->member.name = attr->column ? attr->column->field : attr->field;
		target->position = position_among(relation, attr);
		target->converter = bf_convert_prepare(relation, attr);
		target->as_json = bf_convert_takes_json(target->converter);
		target->tags = bf_convert_takes_tags(target->converter);
	}

	tuple->checks = palloc0_array(Check, relation->nparams + 1);
	for (int i = 0; i < relation->nparams; i++)
	{
		Check	   *check = &tuple->checks[tuple->nchecks];

		if (bf_relation_is_echoed(relation, i))
			continue;
		check->param = i;
		check->column = bf_catalog_column(relation->table,
										  bf_relation_param(relation, i)->column);
		check->member.name = check->column->field;
		check->fixed = to_utf8(relation->fixed[i]);
		tuple->nchecks++;
	}
	tuple->currency = to_utf8(relation->options->currency);
	list_members(tuple);
	return tuple;
}

static void
list_members(BfTuple *tuple)
{
	int			n = 0;

	tuple->members = palloc0_array(const char *,
								   tuple->ntargets + tuple->nchecks + 1);
	for (int i = 0; i < tuple->ntargets; i++)
		if (tuple->targets[i].member.name != NULL)
			tuple->members[n++] = tuple->targets[i].member.name;
	for (int i = 0; i < tuple->nchecks; i++)
		if (tuple->checks[i].member.name != NULL)
			tuple->members[n++] = tuple->checks[i].member.name;
}

/*
 * Names of the members of rows that will be read, NULL-ended; they live as
 * long as the tuple.
 */
const char *const *
bf_tuple_members(const BfTuple *tuple)
{
	return tuple->members;
}

static const char *
to_utf8(const char *text)
{
	return text ? pg_server_to_any(text, strlen(text), PG_UTF8) : NULL;
}

/*
 * Does the row answer the request: does it show the values that were asked
 * for?  A row that does not is reported as option "answer_check" says, and
 * must be skipped: the request that it answers may bring it as well.  Rows
 * that the table does not hold, because of an option "value" that is not
 * sent, are skipped without a word.
 */
bool
bf_tuple_answers(BfTuple *tuple, const BfFetch *fetch,
				 const BfRequest *request, const BfRow *row)
{
	for (int i = 0; i < tuple->nchecks; i++)
	{
		Check	   *check = &tuple->checks[i];
		const BfArgument *argument = &request->args[check->param];
		BfField		field;

		if (argument->nvalues == 0 && check->fixed == NULL)
			continue;
		field = read_source(tuple, fetch, row, check->column, &check->member,
							request->variants[0], false);
		if (field.kind == BF_FIELD_BAD)
			continue;			/* reading the column will say why */
		switch (judge(tuple, check, request, &field))
		{
			case ROW_ANSWERS:
				continue;
			case ROW_ELSEWHERE:
				return false;
			case ROW_CONTRADICTS:
				break;
		}

		if (tuple->doubted != request)
		{
			tuple->doubted = request;
			bf_fetch_doubt(fetch, psprintf("a row has another %s than was asked for",
										   bf_relation_column_name(tuple->relation,
																   check->param)));
		}
		return false;
	}
	return true;
}

/*
 * Holds what a row shows of a parameter against what was asked for.
 */
static Judgment
judge(const BfTuple *tuple, const Check *check, const BfRequest *request,
	  const BfField *field)
{
	const BfArgument *argument = &request->args[check->param];
	const BfParam *param = bf_relation_param(tuple->relation, check->param);
	Timestamp	moment;

	if (param->domain == BF_DOMAIN_RANGE)
	{
		/* Where there is no time, no comparison holds. */
		if (field->kind == BF_FIELD_NONE || bf_value_is_none(field->text))
			return ROW_ELSEWHERE;
		if (!bf_convert_time(field, &moment))
			return ROW_CONTRADICTS;
		switch (bf_range_place(param, request->variants[0][check->param],
							   moment))
		{
			case BF_RANGE_INSIDE:
				return ROW_ANSWERS;
			case BF_RANGE_EDGE:
				return ROW_ELSEWHERE;
			case BF_RANGE_OUTSIDE:
				return ROW_CONTRADICTS;
		}
	}
	if (argument->nvalues == 0)
		return field->kind != BF_FIELD_NONE && strcmp(field->text, check->fixed) == 0 ?
			ROW_ANSWERS : ROW_ELSEWHERE;
	if (field->kind != BF_FIELD_NONE && in_list(argument, field->text))
		return ROW_ANSWERS;

	/* An unknown label tells nothing; a warning has been given. */
	if (field->kind == BF_FIELD_NONE &&
		(check->column->source == BF_SOURCE_PAY_MODE ||
		 check->column->source == BF_SOURCE_PARENT_PAY_MODE))
		return ROW_ANSWERS;
	return ROW_CONTRADICTS;
}

/*
 * Stores a row in the slot, for a variant of its request.  Columns that are
 * not wanted are NULL.  Values live in the current context.  Raises an error
 * when a value cannot be read.
 */
void
bf_tuple_store(BfTuple *tuple, const BfFetch *fetch, const BfRow *row,
			   BfVariant variant, TupleTableSlot *slot)
{
	ErrorContextCallback callback;

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true,
		   slot->tts_tupleDescriptor->natts * sizeof(bool));

	tuple->fetch = fetch;
	callback.callback = column_error_callback;
	callback.arg = tuple;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (int i = 0; i < tuple->ntargets; i++)
	{
		Target	   *target = &tuple->targets[i];
		const BfAttribute *attr = target->attr;
		int			column = attr->attnum - 1;
		BfField		field;

		tuple->current = target;
		if (attr->column != NULL && attr->column->source == BF_SOURCE_REQUEST)
		{
			const BfCandidate *asked = variant[attr->param];

			slot->tts_isnull[column] = asked->text == NULL;
			if (asked->text != NULL)
				slot->tts_values[column] = asked->datums[target->position];
		}
		else if (target->tags)
			slot->tts_values[column] =
				bf_convert_tags(target->converter, fetch, row, &target->member,
								&slot->tts_isnull[column]);
		else
		{
			field = read_target(tuple, fetch, row, target, variant);
			slot->tts_values[column] =
				bf_convert_field(target->converter, fetch, &field,
								 &slot->tts_isnull[column]);
		}
	}
	error_context_stack = callback.previous;
	ExecStoreVirtualTuple(slot);
}

/*
 * The position of a column among those that its parameter feeds.
 */
static int
position_among(const BfRelation *relation, const BfAttribute *attr)
{
	int			position = 0;

	for (const BfAttribute *other = relation->attrs; other < attr; other++)
		if (attr->param >= 0 && other->param == attr->param)
			position++;
	return position;
}

/*
 * The field that a column shows; valid until the next read.
 */
static BfField
read_target(BfTuple *tuple, const BfFetch *fetch, const BfRow *row,
			Target *target, BfVariant variant)
{
	const BfColumn *column = target->attr->column;
	BfField		none = {BF_FIELD_NONE, NULL, 0};

	if (column == NULL)
		return bf_page_member(bf_fetch_page(fetch), row->item, &target->member,
							  target->as_json);

	/* A condition on the object may have sent a key; none was asked for. */
	if (column->source == BF_SOURCE_TAG_VALUE &&
		variant[tuple->tag_key]->text == NULL)
		return none;
	return read_source(tuple, fetch, row, column, &target->member, variant,
					   target->as_json);
}

/*
 * The value of a catalog column, which is made of a member of the row, its
 * parent or the answer; valid until the next read.
 */
static BfField
read_source(BfTuple *tuple, const BfFetch *fetch, const BfRow *row,
			const BfColumn *column, BfMember *member, BfVariant variant,
			bool as_json)
{
	BfPage	   *page = bf_fetch_page(fetch);
	const void *object = source_object(row, column->source);
	BfField		field = {BF_FIELD_NONE, NULL, 0};
	const char *asked;

	switch (column->source)
	{
		case BF_SOURCE_ROW:
		case BF_SOURCE_PARENT:
		case BF_SOURCE_ANSWER:
			return bf_page_member(page, object, member, as_json);
		case BF_SOURCE_GROUP_KEY:
		case BF_SOURCE_PARENT_GROUP_KEY:
			asked = variant[tuple->group_type]->text;
			if (asked != NULL && strcmp(asked, "tag") == 0)
				return bf_page_member(page, object, member, as_json);
			break;
		case BF_SOURCE_PAY_MODE:
		case BF_SOURCE_PARENT_PAY_MODE:
			field = bf_page_member(page, object, member, false);
			return pay_mode_of(tuple, fetch, field);
		case BF_SOURCE_TAGS:
			return bf_page_tags(page, object, member);
		case BF_SOURCE_TAG_VALUE:
			asked = variant[tuple->tag_key]->utf8;
			if (asked != NULL)
				return bf_page_tag_value(page, object, member, asked);
			break;
		case BF_SOURCE_CURRENCY:
			if (tuple->currency != NULL)
			{
				field.kind = BF_FIELD_TEXT;
				field.text = tuple->currency;
				field.length = strlen(tuple->currency);
			}
			break;
		case BF_SOURCE_REQUEST:
			break;				/* not in the answer */
	}
	return field;
}

static const void *
source_object(const BfRow *row, BfSource source)
{
	switch (source)
	{
		case BF_SOURCE_PARENT:
		case BF_SOURCE_PARENT_GROUP_KEY:
		case BF_SOURCE_PARENT_PAY_MODE:
			return row->parent;
		case BF_SOURCE_ANSWER:
			return row->answer;
		default:
			return row->item;
	}
}

/*
 * The billing mode code of a label; an unknown label gives NULL and is
 * reported once per scan.
 */
static BfField
pay_mode_of(BfTuple *tuple, const BfFetch *fetch, BfField label)
{
	MemoryContext old;
	const char *code;
	ListCell   *lc;

	if (label.kind != BF_FIELD_TEXT)
		return label;
	code = bf_catalog_pay_mode(label.text);
	if (code != NULL)
	{
		label.text = code;
		label.length = strlen(code);
		return label;
	}

	label.kind = BF_FIELD_NONE;
	foreach(lc, tuple->unknown_labels)
	{
		if (strcmp(lfirst(lc), label.text) == 0)
			return label;
	}
	old = MemoryContextSwitchTo(tuple->cxt);
	tuple->unknown_labels = lappend(tuple->unknown_labels, pstrdup(label.text));
	MemoryContextSwitchTo(old);
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("unknown billing mode \"%s\" in rows of foreign table \"%s\", pay_mode is NULL there",
					bf_fetch_clean(fetch, label.text),
					tuple->relation->name)));
	return label;
}

static bool
in_list(const BfArgument *argument, const char *text)
{
	for (int i = 0; i < argument->nvalues; i++)
		if (strcmp(argument->values[i], text) == 0)
			return true;
	return false;
}

/*
 * Names the place of a value that an input function refuses.
 */
static void
column_error_callback(void *arg)
{
	BfTuple    *tuple = arg;

	errcontext("column \"%s\" of foreign table \"%s\", action %s, RequestId %s",
			   tuple->current->attr->name, tuple->relation->name,
			   tuple->relation->table->action->name,
			   bf_fetch_request_id(tuple->fetch));
}

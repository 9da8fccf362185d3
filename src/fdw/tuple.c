/*-------------------------------------------------------------------------
 *
 * tuple.c
 *	  Rows of the API as rows of the foreign table.
 *
 * Values pass a strict grammar before the input function of the column's
 * type sees them: a bill has no "NaN", "infinity" or "now".
 *
 * IDENTIFICATION
 *	  src/fdw/tuple.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/value.h"
#include "catalog/pg_type.h"
#include "fdw/compat.h"
#include "fdw/range.h"
#include "fdw/tuple.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* Bytes of a string in jsonb at most: its length has so many bits there. */
#define MAX_JSONB_STRING	JENTRY_OFFLENMASK

/* What a column's type means for the texts that it takes. */
typedef enum ValueForm
{
	FORM_TEXT,					/* as sent */
	FORM_JSON,					/* JSON text */
	FORM_AMOUNT,
	FORM_DATETIME,
	FORM_BOOLEAN,
	FORM_OTHER					/* the type's input function judges alone */
} ValueForm;

/*
 * A short cut to what the type's input function would make of a field, for
 * the usual texts only; false for all others, which are then judged, refused
 * or converted the long way.
 */
typedef bool (*ShortCut) (const BfField *field, Datum *value);

/* How to make a value of a column. */
typedef struct Converter
{
	const BfAttribute *attr;
	BfMember	member;			/* where its value is read from */
	int			position;		/* among the columns that its parameter feeds */
	ValueForm	form;
	ShortCut	short_cut;		/* or NULL */
	bool		tags;			/* tags become jsonb without being text */
	bool		domain;			/* its constraints see NULLs too */
	FmgrInfo	input;
	Oid			input_param;
} Converter;

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
	int			nconverters;	/* wanted columns only */
	Converter  *converters;
	int			group_type;		/* numbers of parameters, or -1 */
	int			tag_key;
	int			nchecks;
	Check	   *checks;
	const char **members;		/* that these read, NULL-ended */
	const char *currency;		/* in UTF-8, or NULL */
	List	   *unknown_labels; /* warned about, of char * */
	char		shifted[BF_VALUE_SHIFTED_SIZE]; /* see in_unit */
	const BfRequest *doubted;	/* reported last, once per request */

	/* for error messages */
	const Converter *current;
	const BfFetch *fetch;
};

/* Helper functions */
static const char *to_utf8(const char *text);
static void list_members(BfTuple *tuple);
static int	position_among(const BfRelation *relation,
						   const BfAttribute *attr);
static ValueForm form_of(Oid base_type);
static BfField read_source(BfTuple *tuple, const BfFetch *fetch,
						   const BfRow *row, const BfColumn *column,
						   BfMember *member, BfVariant variant, bool as_json);
static BfField pay_mode_of(BfTuple *tuple, const BfFetch *fetch,
						   BfField label);
static Judgment judge(const BfTuple *tuple, const Check *check,
					  const BfRequest *request, const BfField *field);
static bool in_list(const BfArgument *argument, const char *text);
static BfField in_unit(BfTuple *tuple, const BfColumn *column, BfField field);
static ShortCut short_cut_of(const BfAttribute *attr);
static bool read_text(const BfField *field, Datum *value);
static bool read_numeric(const BfField *field, Datum *value);
static bool read_bigint(const BfField *field, Datum *value);
static bool read_timestamp(const BfField *field, Datum *value);
static bool makes_tags(const BfAttribute *attr);
static Datum read_tags(BfTuple *tuple, const BfFetch *fetch,
					   const BfRow *row, Converter *converter, bool *isnull);
static Datum convert(BfTuple *tuple, const Converter *converter,
					 BfField field, bool *isnull);
static const char *checked_text(BfTuple *tuple, const Converter *converter,
								BfField field);
pg_noreturn static void unreadable(BfTuple *tuple, const char *problem);
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

	tuple->converters = palloc0_array(Converter, list_length(wanted) + 1);
	foreach(lc, wanted)
	{
		Converter  *converter = &tuple->converters[tuple->nconverters++];
		const BfAttribute *attr = bf_relation_attribute(relation, lfirst_int(lc));
		Oid			function;

		converter->attr = attr;
		converter->member.name = attr->column ? attr->column->field : attr->field;
		converter->form = form_of(attr->base_type);
		converter->short_cut = short_cut_of(attr);
		converter->tags = makes_tags(attr);
		converter->domain = attr->base_type != attr->type;
		converter->position = position_among(relation, attr);
		getTypeInputInfo(attr->type, &function, &converter->input_param);
		fmgr_info(function, &converter->input);
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
								   tuple->nconverters + tuple->nchecks + 1);
	for (int i = 0; i < tuple->nconverters; i++)
		if (tuple->converters[i].member.name != NULL)
			tuple->members[n++] = tuple->converters[i].member.name;
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
	Datum		moment;

	if (param->domain == BF_DOMAIN_RANGE)
	{
		/* Where there is no time, no comparison holds. */
		if (field->kind == BF_FIELD_NONE || bf_value_is_none(field->text))
			return ROW_ELSEWHERE;
		if (!read_timestamp(field, &moment))
			return ROW_CONTRADICTS;
		switch (bf_range_place(param, request->variants[0][check->param],
							   DatumGetTimestamp(moment)))
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
	for (int i = 0; i < tuple->nconverters; i++)
	{
		Converter  *converter = &tuple->converters[i];
		const BfAttribute *attr = converter->attr;
		int			column = attr->attnum - 1;
		BfField		field;

		tuple->current = converter;
		if (attr->column != NULL && attr->column->source == BF_SOURCE_REQUEST)
		{
			const BfCandidate *asked = variant[attr->param];

			slot->tts_isnull[column] = asked->text == NULL;
			if (asked->text != NULL)
				slot->tts_values[column] = asked->datums[converter->position];
			continue;
		}
		if (converter->tags)
		{
			slot->tts_values[column] = read_tags(tuple, fetch, row, converter,
												 &slot->tts_isnull[column]);
			continue;
		}
		if (attr->column != NULL && attr->column->source == BF_SOURCE_TAG_VALUE &&
			variant[tuple->tag_key]->text == NULL)
		{
			/*
			 * A condition on the object may have sent a key; none was asked
			 * for.
			 */
			field.kind = BF_FIELD_NONE;
			field.text = NULL;
			field.length = 0;
		}
		else if (attr->column != NULL)
			field = in_unit(tuple, attr->column,
							read_source(tuple, fetch, row, attr->column,
										&converter->member, variant,
										converter->form == FORM_JSON &&
										attr->column->scale == 0));
		else
			field = bf_page_member(bf_fetch_page(fetch), row->item,
								   &converter->member,
								   converter->form == FORM_JSON);
		slot->tts_values[column] = convert(tuple, converter, field,
										   &slot->tts_isnull[column]);
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

static ValueForm
form_of(Oid base_type)
{
	char		category;
	bool		preferred;

	if (base_type == JSONOID || base_type == JSONBOID)
		return FORM_JSON;
	get_type_category_preferred(base_type, &category, &preferred);
	switch (category)
	{
		case TYPCATEGORY_STRING:
			return FORM_TEXT;
		case TYPCATEGORY_NUMERIC:
			return FORM_AMOUNT;
		case TYPCATEGORY_DATETIME:
			return FORM_DATETIME;
		case TYPCATEGORY_BOOLEAN:
			return FORM_BOOLEAN;
		default:
			return FORM_OTHER;
	}
}

/*
 * The value of a catalog column, which is made of a member of the row or its
 * parent; valid until the next read.
 */
static BfField
read_source(BfTuple *tuple, const BfFetch *fetch, const BfRow *row,
			const BfColumn *column, BfMember *member, BfVariant variant,
			bool as_json)
{
	BfPage	   *page = bf_fetch_page(fetch);
	BfField		none = {BF_FIELD_NONE, NULL, 0};
	BfField		field;
	bool		is_tag;

	switch (column->source)
	{
		case BF_SOURCE_ROW:
			return bf_page_member(page, row->item, member, as_json);
		case BF_SOURCE_PARENT:
			return bf_page_member(page, row->parent, member, as_json);
		case BF_SOURCE_GROUP_KEY:
		case BF_SOURCE_PARENT_GROUP_KEY:
			is_tag = variant[tuple->group_type]->text != NULL &&
				strcmp(variant[tuple->group_type]->text, "tag") == 0;
			if (!is_tag)
				return none;
			return bf_page_member(page,
								  column->source == BF_SOURCE_GROUP_KEY ?
								  row->item : row->parent,
								  member, as_json);
		case BF_SOURCE_ANSWER:
			return bf_page_member(page, row->answer, member, as_json);
		case BF_SOURCE_PAY_MODE:
		case BF_SOURCE_PARENT_PAY_MODE:
			field = bf_page_member(page,
								   column->source == BF_SOURCE_PAY_MODE ?
								   row->item : row->parent,
								   member, false);
			return pay_mode_of(tuple, fetch, field);
		case BF_SOURCE_TAGS:
			return bf_page_tags(page, row->item, member);
		case BF_SOURCE_TAG_VALUE:
			if (variant[tuple->tag_key]->utf8 == NULL)
				return none;
			return bf_page_tag_value(page, row->item, member,
									 variant[tuple->tag_key]->utf8);
		case BF_SOURCE_CURRENCY:
			if (tuple->currency == NULL)
				return none;
			field.kind = BF_FIELD_TEXT;
			field.text = tuple->currency;
			field.length = strlen(tuple->currency);
			return field;
		case BF_SOURCE_REQUEST:
			break;				/* not in the answer */
	}
	return none;
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
 * An amount in the unit of its column, whatever type that has; what is no
 * amount stays as it is, for the type to judge.  Valid until the next one.
 */
static BfField
in_unit(BfTuple *tuple, const BfColumn *column, BfField field)
{
	if (column->scale == 0 ||
		(field.kind != BF_FIELD_NUMBER && field.kind != BF_FIELD_TEXT) ||
		!bf_value_shift(field.text, column->scale, tuple->shifted))
		return field;
	field.text = tuple->shifted;
	field.length = strlen(field.text);
	return field;
}

/*
 * The short cut for a column; there is none where a type modifier, a domain
 * or the database's encoding has a say.
 */
static ShortCut
short_cut_of(const BfAttribute *attr)
{
	if (attr->typmod >= 0)
		return NULL;
	switch (attr->type)
	{
		case TEXTOID:
		case VARCHAROID:
			return GetDatabaseEncoding() == PG_UTF8 ? read_text : NULL;
		case NUMERICOID:
			return read_numeric;
		case INT8OID:
			return read_bigint;
		case TIMESTAMPOID:
			return read_timestamp;
		default:
			return NULL;
	}
}

/* The page has found the text to be UTF-8, by rules as strict as ours. */
static bool
read_text(const BfField *field, Datum *value)
{
	*value = PointerGetDatum(cstring_to_text_with_len(field->text,
													  field->length));
	return true;
}

/* The number of digits behind the point is kept. */
static bool
read_numeric(const BfField *field, Datum *value)
{
	int64		digits;
	int			scale;

	if (!bf_value_read_amount(field->text, &digits, &scale))
		return false;
	*value = NumericGetDatum(int64_div_fast_to_numeric(digits, scale));
	return true;
}

static bool
read_bigint(const BfField *field, Datum *value)
{
	int64		digits;
	int			scale;

	if (!bf_value_read_amount(field->text, &digits, &scale) || scale > 0)
		return false;
	*value = Int64GetDatum(digits);
	return true;
}

static bool
read_timestamp(const BfField *field, Datum *value)
{
	BfMoment	moment;
	Timestamp	timestamp;

	/* A placeholder date is NULL. */
	if (!bf_value_read_datetime(field->text, &moment) ||
		bf_value_is_none(field->text))
		return false;
	timestamp = date2j(moment.year, moment.month, moment.day) -
		POSTGRES_EPOCH_JDATE;
	timestamp = timestamp * HOURS_PER_DAY + moment.hour;
	timestamp = timestamp * MINS_PER_HOUR + moment.minute;
	timestamp = timestamp * SECS_PER_MINUTE + moment.second;
	timestamp = timestamp * USECS_PER_SEC + moment.microsecond;
	*value = TimestampGetDatum(timestamp);
	return true;
}

/*
 * Can tags be made into a value without the text between?
 */
static bool
makes_tags(const BfAttribute *attr)
{
	return attr->column != NULL && attr->column->source == BF_SOURCE_TAGS &&
		attr->type == JSONBOID && GetDatabaseEncoding() == PG_UTF8;
}

static void
push_string(JsonbParseState **state, JsonbIteratorToken token,
			const char *text)
{
	JsonbValue	value;
	size_t		length = strlen(text);

	if (length > MAX_JSONB_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("string too long to represent as jsonb string"),
				 errdetail("Due to an implementation restriction, jsonb strings cannot exceed %d bytes.",
						   MAX_JSONB_STRING)));
	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = length;
	pushJsonbValue(state, token, &value);
}

/*
 * The tags of a row as jsonb.
 */
static Datum
read_tags(BfTuple *tuple, const BfFetch *fetch, const BfRow *row,
		  Converter *converter, bool *isnull)
{
	BfPage	   *page = bf_fetch_page(fetch);
	BfField		field = bf_page_open_tags(page, row->item, &converter->member);
	JsonbParseState *state = NULL;
	JsonbValue	null = {.type = jbvNull};
	BfTag		tag;

	if (field.kind == BF_FIELD_BAD)
		unreadable(tuple, bf_fetch_clean(fetch, field.text));
	*isnull = field.kind == BF_FIELD_NONE;
	if (*isnull)
		return (Datum) 0;
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	while (bf_page_next_tag(page, &tag))
	{
		push_string(&state, WJB_KEY, tag.key);
		if (tag.value != NULL)
			push_string(&state, WJB_VALUE, tag.value);
		else
			pushJsonbValue(&state, WJB_VALUE, &null);
	}
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state,
														   WJB_END_OBJECT,
														   NULL)));
}

/*
 * A value in the type of the column.
 */
static Datum
convert(BfTuple *tuple, const Converter *converter, BfField field,
		bool *isnull)
{
	const char *text = NULL;
	Datum		value;

	if (field.kind != BF_FIELD_NONE && field.kind != BF_FIELD_BAD &&
		converter->short_cut != NULL && converter->short_cut(&field, &value))
	{
		*isnull = false;
		return value;
	}
	if (field.kind == BF_FIELD_BAD)
		unreadable(tuple, bf_fetch_clean(tuple->fetch, field.text));
	if (field.kind != BF_FIELD_NONE)
		text = checked_text(tuple, converter, field);

	*isnull = text == NULL;
	if (text == NULL && !converter->domain)
		return (Datum) 0;
	if (text != NULL)
		text = pg_any_to_server(text, strlen(text), PG_UTF8);

	/* Other types' input functions quote what they do not like. */
	if (text != NULL && converter->form == FORM_OTHER)
	{
		char	   *clean = bf_fetch_clean(tuple->fetch, field.text);

		if (strcmp(clean, text) != 0)
			unreadable(tuple, psprintf("\"%s\" is no value of its type", clean));
	}
	return InputFunctionCall(unconstify(FmgrInfo *, &converter->input),
							 unconstify(char *, text), converter->input_param,
							 converter->attr->typmod);
}

/*
 * Is a day what the API documents?  A time may be declared as a date, and
 * loses its time of day as in any cast.
 */
static bool
is_day(const Converter *converter)
{
	return converter->attr->column != NULL &&
		converter->attr->column->type == BF_TYPE_DATE;
}

/*
 * The text for the input function; NULL when it stands for no value.
 */
static const char *
checked_text(BfTuple *tuple, const Converter *converter, BfField field)
{
	const char *text = field.text;
	const BfColumn *column = converter->attr->column;
	Oid			type = converter->attr->base_type;
	bool		amount = converter->form == FORM_AMOUNT;

	if (converter->form == FORM_TEXT)
		return text;
	if (converter->form == FORM_JSON && column != NULL && column->scale != 0)
		amount = true;			/* in_unit() makes it one */
	else if (converter->form == FORM_JSON)
		return strcmp(text, "\"\"") == 0 || strcmp(text, "\"-\"") == 0 ?
			NULL : text;
	if (bf_value_is_none(text))
		return NULL;

	if (converter->form == FORM_BOOLEAN)
	{
		const char *boolean = bf_value_boolean(text);

		if (boolean == NULL)
			unreadable(tuple, psprintf("\"%s\" is neither true nor false",
									   bf_fetch_clean(tuple->fetch, text)));
		return boolean;
	}
	if (amount && !bf_value_is_amount(text))
		unreadable(tuple, psprintf("\"%s\" is no number",
								   bf_fetch_clean(tuple->fetch, text)));
	if (converter->form == FORM_DATETIME)
	{
		if (bf_value_is_month(text))
			text = psprintf("%s-01", text);
		if (!bf_value_is_datetime(text))
			unreadable(tuple, psprintf("\"%s\" is no date or time",
									   bf_fetch_clean(tuple->fetch, text)));
		if (type == DATEOID && is_day(converter) && !bf_value_is_date(text))
			unreadable(tuple, psprintf("\"%s\" has a time of day, which a date would lose",
									   bf_fetch_clean(tuple->fetch, text)));
		/* The API's clock is Beijing's, whatever the session's zone. */
		if (type == TIMESTAMPTZOID)
			text = psprintf("%s%s+08", text,
							strlen(text) > 10 ? "" : " 00:00:00");
	}
	return text;
}

static void
unreadable(BfTuple *tuple, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
			 errmsg("could not read column \"%s\" of foreign table \"%s\": %s",
					tuple->current->attr->name, tuple->relation->name,
					problem),
			 errhint("A column of type text with option \"field\" shows what the API sends.")));
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

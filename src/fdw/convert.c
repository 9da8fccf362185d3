/*-------------------------------------------------------------------------
 *
 * convert.c
 *	  Fields of the API as values of a column's type.
 *
 * Values pass a strict grammar before the input function of the column's
 * type sees them: a bill has no "NaN", "infinity" or "now".
 *
 * IDENTIFICATION
 *	  src/fdw/convert.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/value.h"
#include "catalog/pg_type.h"
#include "fdw/compat.h"
#include "fdw/convert.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
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

/* How to make values of a column. */
struct BfConverter
{
	const BfRelation *relation;
	const BfAttribute *attr;
	int			scale;			/* of the field, see BfColumn */
	ValueForm	form;
	ShortCut	short_cut;		/* or NULL */
	bool		domain;			/* its constraints see NULLs too */
	FmgrInfo	input;
	Oid			input_param;
};

/* Helper functions */
static ValueForm form_of(Oid base_type);
static ShortCut short_cut_of(const BfAttribute *attr);
static bool read_text(const BfField *field, Datum *value);
static bool read_numeric(const BfField *field, Datum *value);
static bool read_bigint(const BfField *field, Datum *value);
static bool read_timestamp(const BfField *field, Datum *value);
static const char *checked_text(const BfConverter *converter,
								const BfFetch *fetch, const char *text);
static const char *checked_time(const BfConverter *converter,
								const BfFetch *fetch, const char *text);
static void push_string(JsonbParseState **state, JsonbIteratorToken token,
						const char *text);
pg_noreturn static void refuse(const BfConverter *converter,
							   const BfFetch *fetch, const char *text,
							   const char *problem);
pg_noreturn static void unreadable(const BfConverter *converter,
								   const char *problem);

/*
 * Prepares the conversion for a column, in the current context, which must
 * be that of the scan.
 */
BfConverter *
bf_convert_prepare(const BfRelation *relation, const BfAttribute *attr)
{
	BfConverter *converter = palloc0(sizeof(BfConverter));
	Oid			function;

	converter->relation = relation;
	converter->attr = attr;
	converter->scale = attr->column ? attr->column->scale : 0;
	converter->form = form_of(attr->base_type);
	if (converter->form == FORM_JSON && converter->scale != 0)
		converter->form = FORM_AMOUNT;	/* to be brought into its unit first */
	converter->short_cut = short_cut_of(attr);
	converter->domain = attr->base_type != attr->type;
	getTypeInputInfo(attr->type, &function, &converter->input_param);
	fmgr_info(function, &converter->input);
	return converter;
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
 * Is the column's field to be read as JSON text, whatever it is?
 */
bool
bf_convert_takes_json(const BfConverter *converter)
{
	return converter->form == FORM_JSON;
}

/*
 * Can tags be made into a value without the text between?
 */
bool
bf_convert_takes_tags(const BfConverter *converter)
{
	const BfAttribute *attr = converter->attr;

	return attr->column != NULL && attr->column->source == BF_SOURCE_TAGS &&
		attr->type == JSONBOID && GetDatabaseEncoding() == PG_UTF8;
}

/*
 * A field as a value of the column, in the current context.  Raises an error
 * when it is none; text in it is shown as the fetch allows.
 */
Datum
bf_convert_field(BfConverter *converter, const BfFetch *fetch,
				 const BfField *field, bool *isnull)
{
	char		shifted[BF_VALUE_SHIFTED_SIZE];
	const char *text = NULL;
	BfField		in_unit = *field;
	Datum		value;

	/* What is no amount stays as it is, for the type to judge. */
	if (converter->scale != 0 &&
		(field->kind == BF_FIELD_NUMBER || field->kind == BF_FIELD_TEXT) &&
		bf_value_shift(field->text, converter->scale, shifted))
	{
		in_unit.text = shifted;
		in_unit.length = strlen(shifted);
	}
	if (field->kind != BF_FIELD_NONE && field->kind != BF_FIELD_BAD &&
		converter->short_cut != NULL && converter->short_cut(&in_unit, &value))
	{
		*isnull = false;
		return value;
	}
	if (field->kind == BF_FIELD_BAD)
		unreadable(converter, bf_fetch_clean(fetch, field->text));
	if (field->kind != BF_FIELD_NONE)
		text = checked_text(converter, fetch, in_unit.text);

	*isnull = text == NULL;
	if (text == NULL && !converter->domain)
		return (Datum) 0;
	if (text != NULL)
		text = pg_any_to_server(text, strlen(text), PG_UTF8);

	/* Other types' input functions quote what they do not like. */
	if (text != NULL && converter->form == FORM_OTHER &&
		strcmp(bf_fetch_clean(fetch, in_unit.text), text) != 0)
		refuse(converter, fetch, in_unit.text, "is no value of its type");
	return InputFunctionCall(&converter->input, unconstify(char *, text),
							 converter->input_param, converter->attr->typmod);
}

/*
 * The time that a field shows by the API's clock; false when it shows none in
 * the usual form.
 */
bool
bf_convert_time(const BfField *field, Timestamp *time)
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
	*time = timestamp * USECS_PER_SEC + moment.microsecond;
	return true;
}

/*
 * The tags in a member of a row as jsonb, in the current context.
 */
Datum
bf_convert_tags(const BfConverter *converter, const BfFetch *fetch,
				const BfRow *row, BfMember *member, bool *isnull)
{
	BfPage	   *page = bf_fetch_page(fetch);
	BfField		field = bf_page_open_tags(page, row->item, member);
	JsonbParseState *state = NULL;
	JsonbValue	null = {.type = jbvNull};
	BfTag		tag;

	if (field.kind == BF_FIELD_BAD)
		unreadable(converter, bf_fetch_clean(fetch, field.text));
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
 * ---------- Short cuts ----------
 */

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
	Timestamp	time;

	if (!bf_convert_time(field, &time))
		return false;
	*value = TimestampGetDatum(time);
	return true;
}

/*
 * ---------- The long way ----------
 */

/*
 * The text for the input function; NULL when it stands for no value.
 */
static const char *
checked_text(const BfConverter *converter, const BfFetch *fetch,
			 const char *text)
{
	const char *boolean;

	if (converter->form == FORM_TEXT)
		return text;
	if (converter->form == FORM_JSON)
		return strcmp(text, "\"\"") == 0 || strcmp(text, "\"-\"") == 0 ?
			NULL : text;
	if (bf_value_is_none(text))
		return NULL;

	switch (converter->form)
	{
		case FORM_AMOUNT:
			if (!bf_value_is_amount(text))
				refuse(converter, fetch, text, "is no number");
			return text;
		case FORM_BOOLEAN:
			boolean = bf_value_boolean(text);
			if (boolean == NULL)
				refuse(converter, fetch, text, "is neither true nor false");
			return boolean;
		case FORM_DATETIME:
			return checked_time(converter, fetch, text);
		default:
			return text;
	}
}

static const char *
checked_time(const BfConverter *converter, const BfFetch *fetch,
			 const char *text)
{
	const BfColumn *column = converter->attr->column;
	Oid			type = converter->attr->base_type;

	if (bf_value_is_month(text))
		text = psprintf("%s-01", text);
	if (!bf_value_is_datetime(text))
		refuse(converter, fetch, text, "is no date or time");

	/*
	 * Where the API documents a day, a time of day is a surprise.  What it
	 * documents as a time may be declared as a date, and loses its time of
	 * day as in any cast.
	 */
	if (type == DATEOID && column != NULL && column->type == BF_TYPE_DATE &&
		!bf_value_is_date(text))
		refuse(converter, fetch, text, "has a time of day, which a date would lose");

	/* The API's clock is Beijing's, whatever the session's zone. */
	if (type == TIMESTAMPTZOID)
		text = psprintf("%s%s+08", text,
						strlen(text) > 10 ? "" : " 00:00:00");
	return text;
}

/*
 * Raises the error for a text that the column cannot take.
 */
static void
refuse(const BfConverter *converter, const BfFetch *fetch, const char *text,
	   const char *problem)
{
	unreadable(converter, psprintf("\"%s\" %s", bf_fetch_clean(fetch, text),
								   problem));
}

static void
unreadable(const BfConverter *converter, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
			 errmsg("could not read column \"%s\" of foreign table \"%s\": %s",
					converter->attr->name, converter->relation->name, problem),
			 errhint("A column of type text with option \"field\" shows what the API sends.")));
}

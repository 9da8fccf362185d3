/*-------------------------------------------------------------------------
 *
 * scope.h
 *	  What the parameters of a request mean for generated rows.
 *
 * IDENTIFICATION
 *	  test/sim/scope.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_SCOPE_H
#define SIM_SCOPE_H

#include "data.h"

#define SIM_MAX_FILTERS 64
#define SIM_MAX_GIVEN 16

typedef enum SimFilterKind
{
	SIM_FILTER_IN,				/* the field is the value, or one of them */
	SIM_FILTER_PART,			/* the value is a part of the field */
	SIM_FILTER_NONZERO,			/* the field is no zero */
	SIM_FILTER_BEGIN,			/* the field is a time from then on */
	SIM_FILTER_END,				/* the field is a time up to then */
	SIM_FILTER_TAGGED,			/* the field has a tag of this key */
	SIM_FILTER_TAG_VALUE,		/* ... and with this value */
	SIM_FILTER_TAGS				/* the field has one of these key:value */
} SimFilterKind;

typedef struct SimFilter
{
	SimFilterKind kind;
	const char *field;			/* of the row, or hidden behind its names */
	const cJSON *value;
	const char *key;			/* of tags */
	bool		labels;			/* the value is a transaction type's name */
} SimFilter;

/* a field, and a value or a list that goes with it */
typedef struct SimGiven
{
	const char *field;
	const cJSON *value;
} SimGiven;

typedef struct SimScope
{
	const SimCall *call;
	uint64_t	hash;			/* of all that tells streams of rows apart */
	int64_t		from;			/* the rows' time: moments, by ... */
	int64_t		seconds;		/* ... how many from there */
	bool		by_day;			/* PeriodType=day */
	SimFilter	filters[SIM_MAX_FILTERS];
	int			nfilters;
	SimGiven	shown[SIM_MAX_GIVEN];	/* what rows repeat of the request */
	int			nshown;
	SimGiven	choices[SIM_MAX_GIVEN]; /* the lists of values of fields */
	int			nchoices;
	SimGiven	hidden[SIM_MAX_GIVEN];	/* arrays that are to be empty */
	int			nhidden;
	const char *list;			/* array with an item per day or month */
	const char *list_time;		/* which member of it */
	int64_t		list_from;
	int64_t		list_to;
} SimScope;

extern bool sim_scope_month(const SimCall *call, char out[8]);
extern void sim_scope_open(SimScope *scope, const SimCall *call);
extern const cJSON *sim_scope_given(const SimGiven *given, int n,
									const char *field);

/* in filter.c */
extern bool sim_filter_passes(const SimScope *scope, uint64_t row);

/* in fill.c */
extern cJSON *sim_fill_member(const SimScope *scope, const cJSON *field,
							  uint64_t hash, int depth);
extern cJSON *sim_fill_object(const SimScope *scope, const cJSON *fields,
							  uint64_t hash, int depth);

/* in names.c */
extern const char *sim_names_value(const char *name, uint64_t hash,
								   char buffer[128]);
extern cJSON *sim_names_tags(uint64_t hash);

#endif							/* SIM_SCOPE_H */

/*-------------------------------------------------------------------------
 *
 * candidate.h
 *	  The values of a parameter that a scan may ask for.
 *
 * IDENTIFICATION
 *	  src/fdw/candidate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_CANDIDATE_H
#define BF_CANDIDATE_H

#include "datatype/timestamp.h"
#include "fdw/equality.h"
#include "fdw/relation.h"
#include "nodes/execnodes.h"

/* A value of a parameter. */
typedef struct BfCandidate
{
	char	   *text;			/* what the columns show, in the database's
								 * encoding; NULL = NULL */
	char	   *utf8;			/* what is sent: the same, or a value that a
								 * condition on a member of an object names */
	Datum	   *datums;			/* one per column that the parameter feeds, in
								 * the order of BfRelation.attrs */

	/* of a range, which has no text: "utf8" is its begin, NULL = open */
	char	   *utf8_end;		/* the end that is sent, or NULL = open */
	Timestamp	from;			/* rows of the range are not before ... */
	Timestamp	until;			/* ... and before this */
} BfCandidate;

/* An equality, ready to be evaluated. */
typedef struct BfBoundEquality
{
	const BfEquality *equality;
	ExprState  *state;
} BfBoundEquality;

/* The candidates of one parameter. */
typedef struct BfCandidates
{
	/* as long as the scan */
	const BfRelation *relation;
	int			number;			/* of the parameter */
	const BfParam *param;
	bool		bound;			/* it has candidates at all: a list of its
								 * own, a fixed value, equalities */
	int			nattrs;			/* columns that it feeds */
	const BfAttribute **attrs;
	FmgrInfo   *input_functions;	/* per column */
	Oid		   *input_params;
	int			nequalities;
	BfBoundEquality *equalities;

	/* as long as the list of requests */
	int			count;
	int			room;			/* in items */
	BfCandidate *items;
	bool		dropped;		/* not to be sent: rows are filtered instead,
								 * by a condition on another column maybe */
} BfCandidates;

/* The value of a parameter that is not sent, or does not exist. */
extern const BfCandidate bf_candidate_null;

extern void bf_candidate_prepare(BfCandidates *set,
								 const BfRelation *relation, int number,
								 List *equalities, PlanState *ps);
extern void bf_candidate_clear(BfCandidates *set);
extern void bf_candidate_make(BfCandidates *set, ExprContext *ectx);
extern BfCandidate *bf_candidate_new(BfCandidates *set);

#endif							/* BF_CANDIDATE_H */

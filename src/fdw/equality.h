/*-------------------------------------------------------------------------
 *
 * equality.h
 *	  Conditions that name values of a parameter.
 *
 * IDENTIFICATION
 *	  src/fdw/equality.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_EQUALITY_H
#define BF_EQUALITY_H

#include "fdw/relation.h"
#include "nodes/pathnodes.h"

/* What a condition offers as values of a parameter. */
typedef enum BfEqualityKind
{
	BF_EQUALITY_VALUE,			/* one value; NULL means none */
	BF_EQUALITY_ARRAY,			/* the elements of an array */
	BF_EQUALITY_IS_NULL,		/* NULL itself: the parameter is not sent */
	BF_EQUALITY_OBJECT,			/* the first pair of a jsonb object whose
								 * value is a string: its key or its value */
	/* bounds of a range; see BF_EQUALITY_IS_BOUND */
	BF_EQUALITY_FROM,			/* no value before this one */
	BF_EQUALITY_BEFORE,			/* only values before this one */
	BF_EQUALITY_UNTIL			/* no value after this one */
} BfEqualityKind;

#define BF_EQUALITY_IS_BOUND(kind)	((kind) >= BF_EQUALITY_FROM)

typedef struct BfEquality
{
	int			param;			/* number of the parameter in the action */
	BfEqualityKind kind;
	bool		strict;			/* written by the user (no join, no subquery):
								 * a value that cannot be is an error */
	bool		member;			/* on a member of an object that rows show:
								 * the values are sent, and the parameter's
								 * own column stays NULL */
	Expr	   *expr;			/* the value, array or object; a NULL constant
								 * for IS NULL */
} BfEquality;

extern BfEquality *bf_equality_match(PlannerInfo *root, RelOptInfo *baserel,
									 const BfRelation *relation, Node *node,
									 int param);
extern List *bf_equality_match_member(PlannerInfo *root, RelOptInfo *baserel,
									  const BfRelation *relation, Node *node,
									  int param);
extern List *bf_equality_match_range(PlannerInfo *root, RelOptInfo *baserel,
									 const BfRelation *relation, Node *node,
									 int param);

#endif							/* BF_EQUALITY_H */

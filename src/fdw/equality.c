/*-------------------------------------------------------------------------
 *
 * equality.c
 *	  Conditions that name values of a parameter.
 *
 * The values that are sent must cover all that the condition accepts: rows
 * that the API leaves out are brought back by no later check.
 *
 * IDENTIFICATION
 *	  src/fdw/equality.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/nbtree.h"
#include "access/stratnum.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "fdw/equality.h"
#include "fdw/volatile.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* A comparison of two expressions, or of one with the elements of an array. */
typedef struct Comparison
{
	BfEqualityKind kind;		/* ..._VALUE or ..._ARRAY */
	Oid			opno;
	Oid			collation;
	Node	   *left;
	Node	   *right;			/* the array */
} Comparison;

/* Helper functions */
static bool split_comparison(Node *node, Comparison *comparison);
static BfEquality *make_equality(int param, BfEqualityKind kind, Node *expr);
static const BfAttribute *column_of(RelOptInfo *baserel,
									const BfRelation *relation, Node *node);
static const BfAttribute *param_column(RelOptInfo *baserel,
									   const BfRelation *relation,
									   Node *node, int param);
static bool is_object(RelOptInfo *baserel, const BfRelation *relation,
					  Node *node, int param);
static Node *member_key(RelOptInfo *baserel, const BfRelation *relation,
						Node *node, int param);
static bool is_outside(PlannerInfo *root, RelOptInfo *baserel, Node *node);
static int	strategy_of(Oid opno, Oid type);
static bool is_equality(Oid opno, Oid type);
static bool is_bytewise(Oid opno, Oid collation);
static bool written_by_user(Node *node);
static bool not_written_walker(Node *node, void *context);

/*
 * The values that a condition names for a parameter: "column = value",
 * "column = ANY (array)" or, for an input column, "column IS NULL", with a
 * column that feeds it.  Returns NULL when the condition is none of them.
 */
BfEquality *
bf_equality_match(PlannerInfo *root, RelOptInfo *baserel,
				  const BfRelation *relation, Node *node, int param)
{
	const BfParam *p = bf_relation_param(relation, param);
	const BfAttribute *attr;
	BfEquality *equality;
	Comparison	comparison;
	Node	   *value;

	if (p->input && IsA(node, NullTest) &&
		((NullTest *) node)->nulltesttype == IS_NULL &&
		param_column(baserel, relation, (Node *) ((NullTest *) node)->arg, param) != NULL)
		return make_equality(param, BF_EQUALITY_IS_NULL,
							 (Node *) makeNullConst(TEXTOID, -1, InvalidOid));

	if (p->domain == BF_DOMAIN_RANGE || !split_comparison(node, &comparison))
		return NULL;
	if ((attr = param_column(baserel, relation, comparison.left, param)) != NULL)
		value = comparison.right;
	else if (comparison.kind == BF_EQUALITY_VALUE &&
			 (attr = param_column(baserel, relation, comparison.right, param)) != NULL)
		value = comparison.left;
	else
		return NULL;
	if (!is_outside(root, baserel, value))
		return NULL;

	/* Values of lists are compared by evaluating the condition. */
	if (bf_relation_has_list(relation, param))
	{
		if (!is_equality(comparison.opno, attr->base_type))
			return NULL;
	}
	/* Rows hold texts; 007 and 7 are one integer and two texts. */
	else if ((!p->input && !bf_relation_is_integer(relation, param) && !bf_relation_is_text(attr->base_type)) ||
			 !is_bytewise(comparison.opno, comparison.collation))
		return NULL;

	/* What is no value of this child of a parent may be one of another. */
	equality = make_equality(param, comparison.kind, value);
	equality->strict = written_by_user(value) && !IS_OTHER_REL(baserel);
	return equality;
}

/*
 * The same for a parameter that rows show as the value of a pair in an
 * object: "object ->> key = value", "= ANY (array)", "object @> object".
 * Returns two equalities, one for the parameter of the key and one for that
 * of the value, or NIL.
 */
List *
bf_equality_match_member(PlannerInfo *root, RelOptInfo *baserel,
						 const BfRelation *relation, Node *node, int param)
{
	int			key_param = bf_relation_param_number(relation,
													 bf_relation_param(relation, param)->when_column);
	BfEqualityKind key_kind = BF_EQUALITY_VALUE;
	Comparison	comparison;
	RegProcedure function;
	Node	   *key;
	Node	   *value;
	List	   *equalities;
	ListCell   *lc;

	if (!split_comparison(node, &comparison))
		return NIL;
	value = comparison.right;
	function = get_opcode(comparison.opno);
	if (comparison.kind == BF_EQUALITY_VALUE &&
		((function == F_JSONB_CONTAINS && is_object(baserel, relation, comparison.left, param)) ||
		 (function == F_JSONB_CONTAINED && is_object(baserel, relation, comparison.right, param))))
	{
		if (function == F_JSONB_CONTAINED)
			value = comparison.left;
		key = value;
		key_kind = comparison.kind = BF_EQUALITY_OBJECT;
	}
	else
	{
		key = member_key(baserel, relation, comparison.left, param);
		if (key == NULL && comparison.kind == BF_EQUALITY_VALUE)
		{
			key = member_key(baserel, relation, comparison.right, param);
			value = comparison.left;
		}
		if (key == NULL || !is_bytewise(comparison.opno, comparison.collation))
			return NIL;
	}
	if (!is_outside(root, baserel, key) || !is_outside(root, baserel, value))
		return NIL;

	equalities = list_make2(make_equality(key_param, key_kind, key),
							make_equality(param, comparison.kind, copyObject(value)));
	foreach(lc, equalities)
	{
		BfEquality *equality = lfirst(lc);

		equality->member = true;
	}
	return equalities;
}

/*
 * The bounds that a comparison sets to a time that rows show: "column >=
 * value" and its like, in any mixture of date and timestamp types.  Whether
 * the begin itself belongs to the range is left to the check on the rows.
 * Returns one bound, two for "=", or NIL.
 */
List *
bf_equality_match_range(PlannerInfo *root, RelOptInfo *baserel,
						const BfRelation *relation, Node *node, int param)
{
	Comparison	comparison;
	const BfAttribute *attr;
	Node	   *value;
	bool		turned = false;
	int			strategy;

	if (!split_comparison(node, &comparison) ||
		comparison.kind != BF_EQUALITY_VALUE)
		return NIL;
	attr = param_column(baserel, relation, comparison.left, param);
	value = comparison.right;
	if (attr == NULL)
	{
		attr = param_column(baserel, relation, comparison.right, param);
		value = comparison.left;
		turned = true;
	}
	if (attr == NULL)
		return NIL;
	strategy = strategy_of(comparison.opno, attr->base_type);
	if (strategy == InvalidStrategy)
		return NIL;
	if (!is_outside(root, baserel, value))
		return NIL;

	switch (turned ? BTCommuteStrategyNumber(strategy) : strategy)
	{
		case BTLessStrategyNumber:
			return list_make1(make_equality(param, BF_EQUALITY_BEFORE, value));
		case BTLessEqualStrategyNumber:
			return list_make1(make_equality(param, BF_EQUALITY_UNTIL, value));
		case BTEqualStrategyNumber:
			return list_make2(make_equality(param, BF_EQUALITY_FROM, value),
							  make_equality(param, BF_EQUALITY_UNTIL,
											copyObject(value)));
		case BTGreaterEqualStrategyNumber:
		case BTGreaterStrategyNumber:
			return list_make1(make_equality(param, BF_EQUALITY_FROM, value));
	}
	return NIL;
}

static bool
split_comparison(Node *node, Comparison *comparison)
{
	List	   *args;

	if (IsA(node, OpExpr) && list_length(((OpExpr *) node)->args) == 2)
	{
		comparison->kind = BF_EQUALITY_VALUE;
		comparison->opno = ((OpExpr *) node)->opno;
		comparison->collation = ((OpExpr *) node)->inputcollid;
		args = ((OpExpr *) node)->args;
	}
	else if (IsA(node, ScalarArrayOpExpr) && ((ScalarArrayOpExpr *) node)->useOr)
	{
		comparison->kind = BF_EQUALITY_ARRAY;
		comparison->opno = ((ScalarArrayOpExpr *) node)->opno;
		comparison->collation = ((ScalarArrayOpExpr *) node)->inputcollid;
		args = ((ScalarArrayOpExpr *) node)->args;
	}
	else
		return false;
	comparison->left = linitial(args);
	comparison->right = lsecond(args);
	return true;
}

static BfEquality *
make_equality(int param, BfEqualityKind kind, Node *expr)
{
	BfEquality *equality = palloc0(sizeof(BfEquality));

	equality->param = param;
	equality->kind = kind;
	equality->expr = (Expr *) expr;
	return equality;
}

/*
 * The column of the scanned table that a node is, or NULL.
 */
static const BfAttribute *
column_of(RelOptInfo *baserel, const BfRelation *relation, Node *node)
{
	while (IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	if (!IsA(node, Var) || ((Var *) node)->varlevelsup != 0 ||
		(Index) ((Var *) node)->varno != baserel->relid)
		return NULL;
	return bf_relation_attribute(relation, ((Var *) node)->varattno);
}

/*
 * The column that a node is, if it feeds this parameter; else NULL.
 */
static const BfAttribute *
param_column(RelOptInfo *baserel, const BfRelation *relation, Node *node,
			 int param)
{
	const BfAttribute *attr = column_of(baserel, relation, node);

	return attr != NULL && attr->param == param ? attr : NULL;
}

/*
 * Is a node the column with the objects that show this parameter?
 */
static bool
is_object(RelOptInfo *baserel, const BfRelation *relation, Node *node,
		  int param)
{
	const BfAttribute *attr = column_of(baserel, relation, node);

	return attr != NULL && bf_relation_is_object(relation, attr, param);
}

/*
 * The key in "object ->> key", or NULL.
 */
static Node *
member_key(RelOptInfo *baserel, const BfRelation *relation, Node *node,
		   int param)
{
	RegProcedure function;

	while (IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	if (!IsA(node, OpExpr))
		return NULL;
	function = get_opcode(((OpExpr *) node)->opno);
	if ((function != F_JSONB_OBJECT_FIELD_TEXT && function != F_JSON_OBJECT_FIELD_TEXT) ||
		!is_object(baserel, relation, linitial(((OpExpr *) node)->args), param))
		return NULL;
	return lsecond(((OpExpr *) node)->args);
}

/*
 * Is the expression the same for all rows of the scan?
 */
static bool
is_outside(PlannerInfo *root, RelOptInfo *baserel, Node *node)
{
	Bitmapset  *columns = NULL;

	pull_varattnos(node, baserel->relid, &columns);
	return bms_is_empty(columns) && !bf_volatile_contain(root, node);
}

/*
 * What an operator is in the type's default order.
 */
static int
strategy_of(Oid opno, Oid type)
{
	Oid			family = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf;

	return get_op_opfamily_strategy(opno, family);
}

static bool
is_equality(Oid opno, Oid type)
{
	return strategy_of(opno, type) == BTEqualStrategyNumber;
}

/*
 * Does "=" hold only for values with the same text?  The values that are
 * sent must cover all that the condition accepts: with an equality that is
 * looser (case-insensitive, padded with blanks) the API would leave out rows
 * that no later check could bring back.
 */
static bool
is_bytewise(Oid opno, Oid collation)
{
	TypeCacheEntry *type;
	Oid			equal_image;
	Oid			left;
	Oid			right;

	if (get_op_opfamily_strategy(opno, INTEGER_BTREE_FAM_OID) == BTEqualStrategyNumber)
		return true;
	op_input_types(opno, &left, &right);
	if (left != right || left == BPCHAROID || left == NAMEOID ||
		!is_equality(opno, left))
		return false;

	type = lookup_type_cache(left, TYPECACHE_BTREE_OPFAMILY);
	equal_image = get_opfamily_proc(type->btree_opf, type->btree_opintype,
									type->btree_opintype, BTEQUALIMAGE_PROC);
	return OidIsValid(equal_image) &&
		DatumGetBool(OidFunctionCall1Coll(equal_image, collation,
										  ObjectIdGetDatum(type->btree_opintype)));
}

/*
 * Does the value come from the text of the query or from the caller, rather
 * than from another table?
 */
static bool
written_by_user(Node *node)
{
	return !not_written_walker(node, NULL);
}

static bool
not_written_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubPlan) || IsA(node, AlternativeSubPlan) ||
		IsA(node, Var) || IsA(node, PlaceHolderVar))
		return true;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind != PARAM_EXTERN;
	return expression_tree_walker(node, not_written_walker, context);
}

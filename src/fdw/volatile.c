/*-------------------------------------------------------------------------
 *
 * volatile.c
 *	  Volatility of expressions, sub-selects included.
 *
 * IDENTIFICATION
 *	  src/fdw/volatile.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fdw/volatile.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"

/* Helper functions */
static bool volatile_subplan_walker(Node *node, void *context);
static bool volatile_query_walker(Node *node, void *context);

/*
 * Does an expression have volatile functions?  contain_volatile_functions()
 * does not look into sub-selects: by now they are plans of their own.
 */
bool
bf_volatile_contain(PlannerInfo *root, Node *node)
{
	return contain_volatile_functions(node) ||
		volatile_subplan_walker(node, root);
}

static bool
volatile_subplan_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubPlan))
	{
		PlannerInfo *root = context;
		PlannerInfo *subroot = list_nth(root->glob->subroots,
										((SubPlan *) node)->plan_id - 1);

		if (volatile_query_walker((Node *) subroot->parse, NULL))
			return true;
	}
	return expression_tree_walker(node, volatile_subplan_walker, context);
}

static bool
volatile_query_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, volatile_query_walker,
								 context, 0);
	if (contain_volatile_functions(node))
		return true;
	return expression_tree_walker(node, volatile_query_walker, context);
}

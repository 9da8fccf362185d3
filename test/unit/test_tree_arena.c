/*-------------------------------------------------------------------------
 *
 * test_tree_arena.c
 *	  The tests that read answers again, with the tree of a page in an arena.
 *
 * Sanitizers see more without one, so it is off in those tests' own programs.
 * The Makefile compiles them once more for this one, with main renamed.
 *
 * IDENTIFICATION
 *	  test/unit/test_tree_arena.c
 *
 *-------------------------------------------------------------------------
 */
extern int	run_test_examples(void);
extern int	run_test_json(void);
extern int	run_test_members(void);
extern int	run_test_memory(void);
extern int	run_test_page(void);
extern int	run_test_tags(void);
extern int	run_test_tree(void);

int
main(void)
{
	return run_test_examples() + run_test_json() + run_test_members() +
		run_test_memory() + run_test_page() + run_test_tags() + run_test_tree();
}

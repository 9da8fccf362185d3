/*-------------------------------------------------------------------------
 *
 * test_page_arena.c
 *	  The tests of api/page.c again, with the tree of a page in an arena.
 *
 * Sanitizers see more without one, so it is off in test_page.
 *
 * IDENTIFICATION
 *	  test/unit/test_page_arena.c
 *
 *-------------------------------------------------------------------------
 */
#define ARENA

#include "test_page.c"

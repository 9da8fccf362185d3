/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  Differences between the supported PostgreSQL versions, 15 to 18.
 *
 * IDENTIFICATION
 *	  src/fdw/compat.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_COMPAT_H
#define BF_COMPAT_H

#include "commands/explain.h"
#include "optimizer/pathnode.h"

/* 18 replaced pg_attribute_noreturn(), which stood elsewhere. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 18 moved ExplainState and the ExplainProperty functions. */
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/*
 * 17 added fdw_restrictinfo, 18 the number of disabled nodes.  A path that
 * must not be chosen had to be made expensive before: more so than any
 * number of calls, and than what an enable_ setting costs.  It still is,
 * because 18 forgets the number when a partitioned table has one partition
 * left (create_append_path); then only an enable_ setting can make it choose
 * such a path.
 */
#define BF_COMPAT_DISABLED_NODES	1000
#define BF_COMPAT_DISABLE_COST		1.0e13
#if PG_VERSION_NUM >= 180000
#define bf_compat_foreignscan_path(root, rel, rows, startup, total, outer, disabled, private) \
	create_foreignscan_path(root, rel, NULL, rows, \
							(disabled) ? BF_COMPAT_DISABLED_NODES : 0, \
							(startup) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							(total) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							NIL, outer, NULL, NIL, private)
#elif PG_VERSION_NUM >= 170000
#define bf_compat_foreignscan_path(root, rel, rows, startup, total, outer, disabled, private) \
	create_foreignscan_path(root, rel, NULL, rows, \
							(startup) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							(total) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							NIL, outer, NULL, NIL, private)
#else
#define bf_compat_foreignscan_path(root, rel, rows, startup, total, outer, disabled, private) \
	create_foreignscan_path(root, rel, NULL, rows, \
							(startup) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							(total) + ((disabled) ? BF_COMPAT_DISABLE_COST : 0), \
							NIL, outer, NULL, private)
#endif

/* 17 added an argument. */
#if PG_VERSION_NUM >= 170000
#define bf_compat_array_length(root, array) estimate_array_length(root, array)
#else
#define bf_compat_array_length(root, array) estimate_array_length(array)
#endif

/* 16 moved checkAsUser from the range table entry to the plan node. */
#if PG_VERSION_NUM >= 160000
#define bf_compat_check_as_user(node) \
	(((ForeignScan *) (node)->ss.ps.plan)->checkAsUser)
#else
#define bf_compat_check_as_user(node) \
	(exec_rt_fetch(((ForeignScan *) (node)->ss.ps.plan)->scan.scanrelid, \
				   (node)->ss.ps.state)->checkAsUser)
#endif

/* 17 lets extensions name what they wait for. */
#if PG_VERSION_NUM >= 170000
#define bf_compat_wait_event(name) WaitEventExtensionNew(name)
#else
#define bf_compat_wait_event(name) ((void) (name), PG_WAIT_EXTENSION)
#endif

/* 18 names the module and its version in pg_get_loaded_modules(). */
#if PG_VERSION_NUM >= 180000
#define BF_COMPAT_MODULE_MAGIC(module, number) \
	PG_MODULE_MAGIC_EXT(.name = module, .version = number)
#else
#define BF_COMPAT_MODULE_MAGIC(module, number) PG_MODULE_MAGIC
#endif

#endif							/* BF_COMPAT_H */

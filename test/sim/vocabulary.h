/*-------------------------------------------------------------------------
 *
 * vocabulary.h
 *	  The names that generated data is made of.
 *
 * IDENTIFICATION
 *	  test/sim/vocabulary.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_VOCABULARY_H
#define SIM_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_MAX_TAGS 4			/* of one resource */

typedef struct SimProduct
{
	const char *code;
	const char *label[2];		/* English, Chinese */
	const char *sub;
	const char *sub_label[2];
	const char *id;				/* how resource ids begin */
} SimProduct;

typedef struct SimRegion
{
	int			id;
	char		code[12];		/* the id as text */
	const char *label[2];
	const char *zone[2];		/* NULL = no zones */
} SimRegion;

typedef struct SimProject
{
	const char *id;
	const char *label[2];
} SimProject;

typedef struct SimPayMode
{
	const char *code;
	const char **labels;
	int			nlabels;
} SimPayMode;

/* a transaction type */
typedef struct SimActionType
{
	const char *code;
	const char *request[2];		/* its name in requests */
	const char *row[2];			/* its name in rows */
	int			pay_mode;		/* number in the list of pay modes */
	bool		negative;
} SimActionType;

typedef struct SimTag
{
	const char *key;
	const char **values;
	int			nvalues;
} SimTag;

typedef struct SimVocabulary
{
	SimProduct *products;
	int			nproducts;
	SimRegion  *regions;
	int			nregions;
	const char *(*zones)[2];	/* what follows the zone of a region */
	int			nzones;
	SimProject *projects;
	int			nprojects;
	SimPayMode *pay_modes;
	int			npay_modes;
	SimActionType *actions;
	int			nactions;
	SimTag	   *tags;
	int			ntags;
	const char **accounts;		/* the first one is the caller's */
	int			naccounts;
	const char **names;
	int			nnames;

	/* single words, English and Chinese */
	const char *other[2];
	const char *core[2];
	const char *memory[2];
	const char *contract[2];
	const char *discount[2];
} SimVocabulary;

extern SimVocabulary sim_words;

extern bool sim_vocabulary_load(const char *path);
extern bool sim_vocabulary_is_own(const char *account);
extern int	sim_vocabulary_tag(const char *key);

#endif							/* SIM_VOCABULARY_H */

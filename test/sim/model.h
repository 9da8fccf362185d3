/*-------------------------------------------------------------------------
 *
 * model.h
 *	  The vendor's models of the actions, and what only their prose says.
 *
 * IDENTIFICATION
 *	  test/sim/model.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum SimPaging
{
	SIM_PAGING_NONE,
	SIM_PAGING_OFFSET,			/* "position" = rows to skip */
	SIM_PAGING_PAGE,			/* "position" = number of the page */
	SIM_PAGING_TOKEN			/* the token of the answer before */
} SimPaging;

typedef struct SimAction
{
	const char *name;
	const cJSON *model;			/* the action in the models */
	const cJSON *request;		/* list of its parameters */
	const cJSON *answer;		/* list of the members of Response */
	const cJSON *fields;		/* list of the members of a row */
	const char *rows;			/* path from Response to the rows; NULL =
								 * Response itself is the one row */
	SimPaging	paging;
	const char *position;		/* paging parameters, NULL = there is none */
	const char *size;
	int64_t		first;			/* number of the first page */
	const char *token;			/* parameter, and member of answers: all that
								 * says where to go on */
	const char *cursor;			/* the same, but beside "position" */
	const char *total;			/* path to the number of rows, or NULL */
	bool		ready;			/* answers with a Ready flag */
} SimAction;

extern bool sim_model_load(const char *models, const char *prose);
extern const SimAction *sim_model_find(const char *name);
extern bool sim_model_offered(const cJSON *thing, int64_t site);
extern const cJSON *sim_model_type(const char *name);
extern const cJSON *sim_model_named(const cJSON *list, const char *name);
extern bool sim_model_is_paging(const SimAction *action, const char *name);
extern const cJSON *sim_model_prose(const char *section);
extern const cJSON *sim_model_note(const SimAction *action,
								   const char *section);

#endif							/* SIM_MODEL_H */

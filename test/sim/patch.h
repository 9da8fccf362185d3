/*-------------------------------------------------------------------------
 *
 * patch.h
 *	  JSON patches (RFC 6902).
 *
 * IDENTIFICATION
 *	  test/sim/patch.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_PATCH_H
#define SIM_PATCH_H

#include <cjson/cJSON.h>
#include <stdbool.h>

extern bool sim_patch_apply(cJSON **root, const cJSON *operations);

#endif							/* SIM_PATCH_H */

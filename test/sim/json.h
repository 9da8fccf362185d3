/*-------------------------------------------------------------------------
 *
 * json.h
 *	  Strict reading of JSON, and access to members.
 *
 * IDENTIFICATION
 *	  test/sim/json.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char *sim_json_check(const char *text, size_t len);
extern cJSON *sim_json_parse(const char *text, size_t len, const char **why);
extern cJSON *sim_json_load(const char *path, const char **why);
extern cJSON *sim_json_get(const cJSON *object, const char *name);
extern const char *sim_json_text(const cJSON *object, const char *name);
extern int64_t sim_json_integer(const cJSON *object, const char *name,
								int64_t otherwise);
extern bool sim_json_is_integer(const cJSON *item);
extern cJSON *sim_json_at(const cJSON *object, const char *path);
extern void sim_json_put(cJSON *object, const char *path, cJSON *item);
extern void sim_json_plain(const cJSON *value, char out[64]);

#endif							/* SIM_JSON_H */

/*-------------------------------------------------------------------------
 *
 * json.h
 *	  Is a text JSON that can be read without loss?
 *
 * IDENTIFICATION
 *	  src/api/json.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_JSON_H
#define BF_JSON_H

#include <stdbool.h>
#include <stddef.h>

#define BF_JSON_MAX_DEPTH	32	/* nesting; documented answers need 8 */

extern const char *bf_json_check(const char *text, size_t len);
extern bool bf_json_find_text(const char *text, size_t len,
							  const char *name, char *value,
							  size_t value_size);

#endif							/* BF_JSON_H */

/*-------------------------------------------------------------------------
 *
 * util.h
 *	  Memory, text buffers, errors, hashing, time, and the lock: what all of the
 *	  simulator uses.
 *
 * IDENTIFICATION
 *	  test/sim/util.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_UTIL_H
#define SIM_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* a growing byte buffer; data is always ended by a NUL beyond len */
typedef struct SimText
{
	char	   *data;
	size_t		len;
	size_t		size;
} SimText;

/* an error of the API: code is a constant or owned by a fault rule */
typedef struct SimError
{
	const char *code;			/* NULL = no error */
	char		message[512];
} SimError;

extern void sim_give_up(const char *why) __attribute__((noreturn));
extern void *sim_alloc(size_t size);
extern char *sim_strdup(const char *text);
extern char *sim_strndup(const char *text, size_t len);
extern char *sim_format(const char *fmt,...)
			__attribute__((nonnull(1), format(printf, 1, 2)));
extern char *sim_read_file(const char *path, size_t *len);

extern void sim_text_add(SimText *text, const void *data, size_t len);
extern void sim_text_free(SimText *text);

extern bool sim_fail(SimError *error, const char *code, const char *fmt,...)
			__attribute__((format(printf, 3, 4)));

extern uint64_t sim_mix(uint64_t a, uint64_t b);
extern uint64_t sim_hash(const char *text);
extern int	sim_pick(uint64_t hash, const char *what, int count);

extern int	sim_hex_digit(char c);
extern double sim_mono_ms(void);
extern void sim_http_date(int64_t when, char out[40]);
extern void sim_uuid(char out[37]);

/* one mutex protects all state that requests share */
extern void sim_lock(void);
extern void sim_unlock(void);

#endif							/* SIM_UTIL_H */

/*-------------------------------------------------------------------------
 *
 * util.c
 *	  Memory, text buffers, errors, hashing, time, and the lock: what all of the
 *	  simulator uses.
 *
 * Memory that cannot be had, and a bound that does not do, end the program:
 * the simulator has nothing to save, and the test that started it sees the
 * end at once.
 *
 * IDENTIFICATION
 *	  test/sim/util.c
 *
 *-------------------------------------------------------------------------
 */
#include <openssl/rand.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static pthread_mutex_t state_mutex = PTHREAD_MUTEX_INITIALIZER;

void
sim_lock(void)
{
	pthread_mutex_lock(&state_mutex);
}

void
sim_unlock(void)
{
	pthread_mutex_unlock(&state_mutex);
}

/* Ends the program, for a reason that no client can be told. */
void
sim_give_up(const char *why)
{
	fprintf(stderr, "billing_sim: %s\n", why);
	abort();
}

/* Zeroed memory, never NULL. */
void *
sim_alloc(size_t size)
{
	void	   *p = calloc(1, size ? size : 1);

	if (p == NULL)
		sim_give_up("out of memory");
	return p;
}

/* Copies of texts, never NULL.  The caller frees them. */
char *
sim_strndup(const char *text, size_t len)
{
	char	   *copy = sim_alloc(len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *
sim_strdup(const char *text)
{
	return sim_strndup(text, strlen(text));
}

/* printf into memory that the caller frees. */
char *
sim_format(const char *fmt,...)
{
	va_list		args;
	int			len;
	char	   *text;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		abort();
	text = sim_alloc((size_t) len + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t) len + 1, fmt, args);
	va_end(args);
	return text;
}

/* A whole file, NUL-ended; NULL when it cannot be read.  Caller frees. */
char *
sim_read_file(const char *path, size_t *len)
{
	FILE	   *file = fopen(path, "rb");
	SimText		text = {0};
	char		piece[65536];
	size_t		n;

	if (file == NULL)
		return NULL;
	do
	{
		n = fread(piece, 1, sizeof(piece), file);
		sim_text_add(&text, piece, n);
	} while (n == sizeof(piece));
	if (ferror(file))
		sim_text_free(&text);
	fclose(file);
	if (len != NULL)
		*len = text.len;
	return text.data;
}

/* Appends bytes; with none of them, makes sure that data is a string. */
void
sim_text_add(SimText *text, const void *data, size_t len)
{
	if (text->len + len + 1 > text->size)
	{
		text->size = (text->len + len + 1) * 2;
		text->data = realloc(text->data, text->size);
		if (text->data == NULL)
			sim_give_up("out of memory");
	}
	if (len > 0)
		memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
}

/* Leaves an empty buffer. */
void
sim_text_free(SimText *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}

/* Fills in an error; returns false so that checks can return its result. */
bool
sim_fail(SimError *error, const char *code, const char *fmt,...)
{
	va_list		args;

	error->code = code;
	va_start(args, fmt);
	vsnprintf(error->message, sizeof(error->message), fmt, args);
	va_end(args);
	return false;
}

/*
 * One number out of two, well mixed (the finalizer of splitmix64).  All
 * generated data comes from chains of this function, so that it is the
 * same on every machine and in whatever order rows are asked for.  A constant
 * as the second number only tells apart what is made from the first.
 */
uint64_t
sim_mix(uint64_t a, uint64_t b)
{
	uint64_t	z = a + UINT64_C(0x9e3779b97f4a7c15) * (b + 1);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* FNV-1a. */
uint64_t
sim_hash(const char *text)
{
	uint64_t	h = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		h = (h ^ (unsigned char) *text) * UINT64_C(0x100000001b3);
	return h;
}

/* One of count things; what tells apart the choices made from one hash. */
int
sim_pick(uint64_t hash, const char *what, int count)
{
	return (int) (sim_mix(hash, sim_hash(what)) % (uint64_t) count);
}

/* What a hexadecimal digit is worth, -1 when it is none. */
int
sim_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Milliseconds that never go back. */
double
sim_mono_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1000.0 + (double) now.tv_nsec / 1e6;
}

/* The form of RFC 9110, in English whatever the locale is. */
void
sim_http_date(int64_t when, char out[40])
{
	static const char *const days[] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
	};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
	};
	time_t		t = (time_t) when;
	struct tm	tm;

	gmtime_r(&t, &tm);
	snprintf(out, 40, "%s, %02d %s %04d %02d:%02d:%02d GMT",
			 days[tm.tm_wday], tm.tm_mday % 100, months[tm.tm_mon],
			 (tm.tm_year + 1900) % 10000, tm.tm_hour % 100,
			 tm.tm_min % 100, tm.tm_sec % 100);
}

/* A random one. */
void
sim_uuid(char out[37])
{
	unsigned char b[16];

	if (RAND_bytes(b, sizeof(b)) != 1)
		abort();
	b[6] = (unsigned char) ((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char) ((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			 "%02x%02x%02x%02x%02x%02x",
			 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8],
			 b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

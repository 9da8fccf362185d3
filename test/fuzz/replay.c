/*-------------------------------------------------------------------------
 *
 * replay.c
 *	  Runs the corpora of all fuzz targets once, without a fuzzer: prints TAP,
 *	  one line per input.
 *
 * Here the entry point of each target is called fuzz_TARGET; see the Makefile.
 *
 * IDENTIFICATION
 *	  test/fuzz/replay.c
 *
 *-------------------------------------------------------------------------
 */
#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CORPUS		"test/fuzz/corpus"
#define MAX_INPUT	(1 << 16)	/* bytes; inputs in a repository are small */

extern int	fuzz_endpoint(const uint8_t *data, size_t size);
extern int	fuzz_month(const uint8_t *data, size_t size);
extern int	fuzz_page(const uint8_t *data, size_t size);
extern int	fuzz_quota(const uint8_t *data, size_t size);
extern int	fuzz_request(const uint8_t *data, size_t size);
extern int	fuzz_retry(const uint8_t *data, size_t size);
extern int	fuzz_sign(const uint8_t *data, size_t size);
extern int	fuzz_value(const uint8_t *data, size_t size);

typedef struct FuzzTarget
{
	const char *name;			/* also of its part of the corpus */
	int			(*run) (const uint8_t *data, size_t size);
} FuzzTarget;

static const FuzzTarget targets[] = {
	{"endpoint", fuzz_endpoint},
	{"month", fuzz_month},
	{"page", fuzz_page},
	{"quota", fuzz_quota},
	{"request", fuzz_request},
	{"retry", fuzz_retry},
	{"sign", fuzz_sign},
	{"value", fuzz_value},
	{NULL, NULL}
};

static int	tests;

static void
result(bool ok, const char *name, const char *what)
{
	printf("%sok %d - %s/%s\n", ok ? "" : "not ", ++tests, name, what);
	fflush(stdout);
}

/* Reads an input into a block of its size and runs the target on it. */
static void
run_file(const FuzzTarget *target, const char *name)
{
	static char room[MAX_INPUT];
	char		path[1024];
	FILE	   *file;
	size_t		size;
	uint8_t    *data;

	snprintf(path, sizeof(path), CORPUS "/%s/%s", target->name, name);
	file = fopen(path, "rb");
	size = file ? fread(room, 1, sizeof(room), file) : 0;
	data = malloc(size > 0 ? size : 1);
	if (file == NULL || size == sizeof(room) || data == NULL)
	{
		fprintf(stderr, "%s: cannot be read, or is too large\n", path);
		exit(1);
	}
	fclose(file);
	memcpy(data, room, size);
	target->run(data, size);
	free(data);
}

/* In a process of its own: a finding ends it, a leak is found at its end. */
static bool
replay(const FuzzTarget *target, struct dirent **files, int count)
{
	pid_t		child = fork();
	int			status;

	if (child == 0)
	{
		for (int i = 0; i < count; i++)
			run_file(target, files[i]->d_name);
		exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* All inputs at once, which is quick; one by one when something is wrong. */
static void
replay_all(const FuzzTarget *target)
{
	static struct dirent **files;	/* no leak in the eyes of a child */
	char		path[1024];
	int			count;
	bool		ok;

	snprintf(path, sizeof(path), CORPUS "/%s", target->name);
	count = scandir(path, &files, is_visible, alphasort);
	ok = count > 0 && replay(target, files, count);
	if (!ok)
		result(false, target->name, count > 0 ? "all inputs" : "no inputs");
	for (int i = 0; i < count; i++)
	{
		result(ok || replay(target, files + i, 1), target->name,
			   files[i]->d_name);
		free(files[i]);
	}
	if (count >= 0)
		free(files);
}

int
main(void)
{
	for (const FuzzTarget *target = targets; target->name != NULL; target++)
		replay_all(target);
	printf("1..%d\n", tests);
	return 0;
}

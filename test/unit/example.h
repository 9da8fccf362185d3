/*-------------------------------------------------------------------------
 *
 * example.h
 *	  The documented examples for the unit tests, as trees that a plain use of
 *	  cJSON makes.
 *
 * IDENTIFICATION
 *	  test/unit/example.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <dirent.h>
#include <stdbool.h>

#include <cjson/cJSON.h>

#include "unit.h"

#define EXAMPLES	"test/examples"

/* An example: "action", "request" and "response"; to be deleted. */
static inline cJSON *
read_example(const char *name)
{
	char		path[512];
	char	   *text;
	cJSON	   *example;

	snprintf(path, sizeof(path), EXAMPLES "/%s.json", name);
	text = read_file(path);
	example = cJSON_Parse(text);
	assert_non_null(example);
	free(text);
	return example;
}

/* Check every example; returns how often the function has returned true. */
static inline int
check_examples(bool (*check) (const char *name, const cJSON *example))
{
	DIR		   *dir = opendir(EXAMPLES);
	struct dirent *entry;
	int			count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
	{
		char	   *end = strstr(entry->d_name, ".json");
		cJSON	   *example;

		if (end == NULL || end[strlen(".json")] != '\0')
			continue;
		*end = '\0';
		example = read_example(entry->d_name);
		if (check(entry->d_name, example))
			count++;
		cJSON_Delete(example);
	}
	closedir(dir);
	return count;
}

#endif							/* EXAMPLE_H */

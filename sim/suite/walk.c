/* SPDX-License-Identifier: MIT */
/*
 * Finds scenario files below a folder.
 */
#define _GNU_SOURCE
#include "sim/suite/walk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 16u /* of folders; a link may lead back to where it lies */

struct walk {
	void (*see)(void *arg, const char *file);
	void *arg;
};

static void walk_folder(const struct walk *w, const char *path,
			unsigned int depth);

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_scenario(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".yaml") &&
	       strcmp(name, "common.yaml");
}

static void walk_entry(const struct walk *w, const char *path, const char *name,
		       unsigned int depth)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (S_ISDIR(st.st_mode))
		walk_folder(w, path, depth + 1);
	else if (S_ISREG(st.st_mode) && is_scenario(name))
		w->see(w->arg, path);
}

static void walk_folder(const struct walk *w, const char *path,
			unsigned int depth)
{
	struct dirent **entries;
	int n = depth < MAX_DEPTH ? scandir(path, &entries, visible, by_bytes) :
				    -1, i;
	size_t len = strlen(path);
	char *name;

	for (i = 0; i < n; i++) {
		if (asprintf(&name, "%s%s%s", path,
			     len && path[len - 1] == '/' ? "" : "/",
			     entries[i]->d_name) < 0)
			abort();
		walk_entry(w, name, entries[i]->d_name, depth);
		free(name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

bool suite_walk(const char *path, void (*see)(void *arg, const char *file),
		void *arg)
{
	const struct walk w = { see, arg };
	size_t len = strlen(path);
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		walk_folder(&w, path, 0);
	else if (stat(path, &st) == 0 || (len && path[len - 1] == ']'))
		see(arg, path);
	else
		return false;
	return true;
}

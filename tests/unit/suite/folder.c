/* SPDX-License-Identifier: MIT */
/*
 * Folders for tests: see folder.h.
 */
#define _GNU_SOURCE
#include "tests/unit/suite/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], *before;

static void must(bool ok)
{
	if (!ok)
		abort();
}

void folder_enter(void)
{
	before = getcwd(NULL, 0);
	strcpy(folder, "/tmp/ringside-suite.XXXXXX");
	must(before && mkdtemp(folder) && !chdir(folder));
}

static int drop(const char *path, const struct stat *st, int type,
		struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void folder_leave(void)
{
	must(!chdir(before));
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
	free(before);
}

void folder_file(const char *name, const char *text)
{
	char path[128];
	char *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s", name);
	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	f = fopen(name, "w");
	must(f);
	fputs(text, f);
	fclose(f);
}

void folder_results(struct results *r, struct selection *s, const char *path)
{
	const struct record_wants wants = { .json = true };
	char *paths[] = { (char *)path };
	const struct selection_wants w = { .paths = paths, .npaths = 1 };

	selection_make(s, &w);
	results_init(r);
	results_select(r, s, NULL, &wants);
}

void folder_put(struct results *r, size_t cell, enum record_status status,
		const char *reason, const char *text, const char *course)
{
	struct record record = {
		.status = status, .time_ps = 1500000, .reason = strdup(reason),
		.text = strdup(text), .course = strdup(course),
		.json = strdup("{}\n"),
	};

	results_put(r, cell, &record);
}

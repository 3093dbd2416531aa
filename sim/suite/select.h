/* SPDX-License-Identifier: MIT */
/*
 * Which cells a command line chooses: files and folders, narrowed by a pattern
 * and by tags, put on other guests.  Cells are in the order of the words, of the
 * files below a folder, and of each file.
 */
#ifndef RINGSIDE_SIM_SUITE_SELECT_H
#define RINGSIDE_SIM_SUITE_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/scenario/scenario.h"

/* Lists are words with commas between them; all but `paths` may be NULL. */
struct selection_wants {
	char *const *paths;
	size_t npaths;
	const char *filter;   /* selection_fits() on "FILE[cell]" */
	const char *tags;     /* at least one of them */
	const char *not_tags; /* none of them */
	const char *guests;   /* each cell on each of them */
};

struct selected_file {
	char *path;                 /* as it was named */
	struct scenario_file *file; /* NULL: it cannot be read, */
	struct diag mistakes;       /* this is why */
};

struct selected_cell {
	size_t file;       /* index of files */
	size_t cell;       /* of the file */
	const char *guest; /* in place of the file's, or NULL */
	const char *runs_on; /* the guest's name, whoever says so */
	char *group;       /* "FILE[cell]" without the guest: the same for cells
	                      that differ in it alone */
};

struct selection {
	struct selected_file *files;
	size_t nfiles, files_capacity;
	struct selected_cell *cells; /* files that cannot be read have none */
	size_t ncells, cells_capacity;
	char **guests;               /* of the wants, in order */
	size_t nguests;
};

/* A path that is not there is a file with mistakes. */
void selection_make(struct selection *s, const struct selection_wants *w);
void selection_free(struct selection *s);
/* Is the pattern found in the text?  '*' stands for any characters, '?' for one,
 * all others for themselves. */
bool selection_fits(const char *pattern, const char *text);
/* Is it the whole text? */
bool selection_is(const char *pattern, const char *text);

#endif

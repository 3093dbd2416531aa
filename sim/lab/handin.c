/* SPDX-License-Identifier: MIT */
/*
 * See handin.h.  A folder without the file is an attempt all the same: who has
 * handed in nothing stands in the list, with no points.
 */
#define _GNU_SOURCE
#include "sim/lab/handin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct search {
	const struct labs *labs;
	const struct lab *lab; /* given, or NULL */
	struct textbuf *error;
};

/* Without the slashes at its end. */
static char *trimmed(const char *arg)
{
	char *path = strdup(arg);
	size_t len;

	if (!path)
		abort();
	for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
		path[len - 1] = '\0';
	return path;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_c_file(const char *path)
{
	size_t len = strlen(path);
	struct stat st;

	return len > 2 && !strcmp(path + len - 2, ".c") && !stat(path, &st) &&
	       S_ISREG(st.st_mode);
}

static char *below(const char *dir, const char *file)
{
	char *path;

	if (!strcmp(dir, "."))
		path = strdup(file);
	else if (asprintf(&path, "%s/%s", dir, file) < 0)
		path = NULL;
	if (!path)
		abort();
	return path;
}

static bool holds(const char *dir, const struct lab *lab)
{
	char *path = below(dir, lab->file);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* Which lab's file lies there?  False: of several, *error names two. */
static bool look_in(struct search *s, const char *dir, const struct lab **found)
{
	const struct lab *lab;

	*found = s->lab;
	for (lab = s->lab ? NULL : s->labs->first; lab; lab = lab->next) {
		if (!holds(dir, lab))
			continue;
		if (*found) {
			textbuf_printf(s->error, "%s holds both %s and %s; say "
				       "which by --lab", dir, (*found)->file,
				       lab->file);
			return false;
		}
		*found = lab;
	}
	return true;
}

static bool of_file(struct search *s, const char *path, struct attempt *a)
{
	a->lab = s->lab ? s->lab : labs_of_file(s->labs, base_name(path));
	a->source = strdup(path);
	if (!a->source)
		abort();
	if (!a->lab)
		textbuf_printf(s->error, "%s is the file of no lab; say which "
			       "lab by --lab", path);
	return a->lab;
}

static bool of_folder(struct search *s, const char *path, struct attempt *a)
{
	if (!look_in(s, path, &a->lab))
		return false;
	if (a->lab && holds(path, a->lab))
		a->source = below(path, a->lab->file);
	return true;
}

/* ---- those who handed in nothing ---- */

static void say_files(struct search *s, const char *path)
{
	const struct lab *lab;

	textbuf_printf(s->error, "%s holds the file of no lab (", path);
	for (lab = s->labs->first; lab; lab = lab->next)
		textbuf_printf(s->error, "%s%s", lab == s->labs->first ? "" :
			       ", ", lab->file);
	textbuf_text(s->error, "); `ringside lab start N` makes a folder with "
		     "one");
}

/* They are of the lab that all the others are of. */
static bool settle(struct search *s, struct grading *g)
{
	const struct lab *common = s->lab;
	size_t i;

	for (i = 0; i < g->count && !common; i++)
		common = g->attempts[i].lab;
	for (i = 0; i < g->count; i++) {
		struct attempt *a = &g->attempts[i];

		if (a->source)
			continue;
		if (!common || g->count == 1) {
			say_files(s, a->name);
			return false;
		}
		a->lab = common;
		a->state = ATTEMPT_MISSING;
	}
	return true;
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
	const struct attempt *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool alike(const struct grading *g)
{
	size_t i;

	for (i = 1; i < g->count; i++)
		if (!strcmp(g->attempts[i - 1].name, g->attempts[i].name))
			return true;
	return false;
}

/* "alice" of submissions/alice, unless that is another's name too. */
static void name_all(struct grading *g)
{
	size_t i;

	for (i = 0; i < g->count; i++)
		g->attempts[i].name = base_name(g->attempts[i].path);
	qsort(g->attempts, g->count, sizeof(*g->attempts), by_name);
	if (!alike(g))
		return;
	for (i = 0; i < g->count; i++)
		g->attempts[i].name = g->attempts[i].path;
	qsort(g->attempts, g->count, sizeof(*g->attempts), by_name);
}

static bool add(struct search *s, struct grading *g, const char *arg,
		struct textbuf *passed_over)
{
	struct attempt *a = &g->attempts[g->count];
	char *path = trimmed(arg);

	a->path = path;
	a->name = path;
	if (access(path, F_OK)) {
		textbuf_printf(s->error, "%s: %s", path, strerror(errno));
		g->count++;
		return false;
	}
	if (!is_folder(path) && !is_c_file(path)) {
		textbuf_printf(passed_over, "ringside: %s is neither a folder "
			       "nor a C file; passed over\n", path);
		free(path);
		a->path = NULL;
		return true;
	}
	g->count++;
	return is_folder(path) ? of_folder(s, path, a) : of_file(s, path, a);
}

bool handin_find(struct grading *g, const struct labs *labs,
		 const struct lab *lab, char *const *args, size_t nargs,
		 struct textbuf *error, struct textbuf *passed_over)
{
	struct search s = { labs, lab, error };
	size_t i;

	g->attempts = calloc(nargs + 1, sizeof(*g->attempts));
	if (!g->attempts)
		abort();
	for (i = 0; i < nargs; i++)
		if (!add(&s, g, args[i], passed_over))
			return false;
	if (!g->count) {
		textbuf_text(error, "nothing to grade");
		return false;
	}
	if (!settle(&s, g))
		return false;
	name_all(g);
	return true;
}

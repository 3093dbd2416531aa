/* SPDX-License-Identifier: MIT */
/*
 * Which labs there are, and by which names they are found.
 */
#include "sim/lab/lab.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/scenario/text.h"

bool lab_place(char *path, size_t size, const char *below)
{
	char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;
	int n;

	if (len <= 0)
		return false;
	exe[len] = '\0';
	slash = strrchr(exe, '/');
	*slash = '\0';
	slash = strrchr(exe, '/'); /* the folder above bin */
	if (!slash)
		return false;
	*slash = '\0';
	n = snprintf(path, size, "%s/%s", exe, below);
	return n >= 0 && (size_t)n < size;
}

static bool is_lab(struct scn_arena *a, const char *dir, const char *name)
{
	return name[0] != '.' &&
	       !access(arena_printf(a, "%s/%s/lab.yaml", dir, name), F_OK);
}

static int any_name(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool no_labs(const struct labs *l, struct diag *d)
{
	diag_add(d, (struct scn_pos){ .file = l->dir }, "cannot-read", NULL,
		 NULL, "there are no labs: no folder of it holds a lab.yaml");
	return false;
}

bool labs_read(struct labs *l, const char *dir, struct diag *d)
{
	struct lab **end = &l->first, *lab;
	size_t before = d->count, found = 0;
	struct dirent **names;
	int n, i;

	memset(l, 0, sizeof(*l));
	l->a = arena_create();
	if (dir)
		snprintf(l->dir, sizeof(l->dir), "%s", dir);
	else if (!lab_place(l->dir, sizeof(l->dir), "share/ringside/labs"))
		return no_labs(l, d);
	n = scandir(l->dir, &names, any_name, alphasort);
	for (i = 0; i < n; i++) {
		if (is_lab(l->a, l->dir, names[i]->d_name)) {
			found++;
			lab = lab_read(l->a, l->dir, names[i]->d_name, d);
			if (lab) {
				*end = lab;
				end = &lab->next;
			}
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return found ? d->count == before : no_labs(l, d);
}

void labs_free(struct labs *l)
{
	arena_destroy(l->a);
}

/* The part of "01-find-the-device" that is behind the number. */
static const char *words_of(const char *name)
{
	const char *rest = name + strspn(name, "0123456789");

	return *rest == '-' ? rest + 1 : rest;
}

const struct lab *labs_find(const struct labs *l, const char *name)
{
	bool number = *name && !name[strspn(name, "0123456789")];
	const struct lab *lab;

	for (lab = l->first; lab; lab = lab->next) {
		if (!strcmp(lab->name, name) ||
		    !strcmp(words_of(lab->name), name))
			return lab;
		if (number && words_of(lab->name) != lab->name &&
		    strtoul(name, NULL, 10) == strtoul(lab->name, NULL, 10))
			return lab;
	}
	return NULL;
}

const struct lab *labs_of_file(const struct labs *l, const char *file)
{
	const struct lab *lab;

	for (lab = l->first; lab; lab = lab->next)
		if (!strcmp(lab->file, file))
			return lab;
	return NULL;
}

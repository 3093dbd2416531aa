/* SPDX-License-Identifier: MIT */
/*
 * A student's folder: all that is written there, in one table.  First it is made
 * sure that nothing of it is there already.
 */
#include "sim/lab/start.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/lab/image.h"

#define PATH_BYTES 4200u

/* A piece of work is writing one file; `text` is empty and stays so where the lab
 * has no such file. */
struct piece {
	const char *name;
	bool (*make)(const struct lab *lab, const char *name,
		     struct textbuf *text);
};

static bool read_file(const char *path, struct textbuf *text)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		textbuf_bytes(text, part, n);
	return !fclose(f) && !text->failed;
}

static bool make_starter(const struct lab *lab, const char *name,
			 struct textbuf *text)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/starter/%s", lab->dir, name);
	return read_file(path, text);
}

/* Also sheet.zh-CN.md, where there is one. */
static bool make_sheet(const struct lab *lab, const char *name,
		       struct textbuf *text)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", lab->dir, name);
	return access(path, F_OK) || read_file(path, text);
}

static bool make_makefile(const struct lab *lab, const char *name,
			  struct textbuf *text)
{
	(void)name;
	textbuf_printf(text,
		"# %s\n"
		"# make: what is right, what is not yet.\n"
		"check:\n\tringside lab check .\n\n"
		"# make image: lab.so, for `ringside run` with its traces and gdb.\n"
		"image: lab.so\nlab.so: %s\n\tringside lab image %s\n\n"
		".PHONY: check image\n",
		lab->name, lab->file, lab->file);
	return true;
}

static bool make_flags(const struct lab *lab, const char *name,
		       struct textbuf *text)
{
	(void)lab;
	(void)name;
	return image_flags(text);
}

static bool write_file(const char *path, const struct textbuf *text)
{
	FILE *f = fopen(path, "wx");
	bool ok;

	if (!f)
		return false;
	ok = fwrite(text->data, 1, text->len, f) == text->len;
	return !fclose(f) && ok;
}

static bool cannot(struct textbuf *error, const char *what, const char *path)
{
	textbuf_printf(error, "%s %s: %s", what, path, strerror(errno));
	return false;
}

static bool put(const struct lab *lab, const char *dir,
		const struct piece *piece, struct textbuf *error)
{
	char path[PATH_BYTES];
	struct textbuf text;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, piece->name);
	textbuf_init(&text);
	ok = piece->make(lab, piece->name, &text);
	if (!ok)
		textbuf_printf(error, "the lab's %s cannot be read", piece->name);
	else if (text.len && !write_file(path, &text))
		ok = cannot(error, "cannot write", path);
	textbuf_free(&text);
	return ok;
}

static bool nothing_there(const char *dir, const struct piece *pieces,
			  size_t count, struct textbuf *error)
{
	char path[PATH_BYTES];
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, pieces[i].name);
		if (access(path, F_OK))
			continue;
		textbuf_printf(error, "%s is there already, and nothing is "
			       "overwritten; name another folder", path);
		return false;
	}
	return true;
}

bool lab_start(const struct lab *lab, const char *dir, struct textbuf *error)
{
	const struct piece pieces[] = {
		{ lab->file, make_starter },
		{ "sheet.md", make_sheet },
		{ "sheet.zh-CN.md", make_sheet },
		{ "Makefile", make_makefile },
		{ "compile_flags.txt", make_flags },
	};
	const size_t count = sizeof(pieces) / sizeof(pieces[0]);
	size_t i;

	if (!nothing_there(dir, pieces, count, error))
		return false;
	if (mkdir(dir, 0777) && errno != EEXIST)
		return cannot(error, "cannot make", dir);
	for (i = 0; i < count; i++)
		if (!put(lab, dir, &pieces[i], error))
			return false;
	return true;
}

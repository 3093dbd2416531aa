/* SPDX-License-Identifier: MIT */
/*
 * Reads the file of known failures, and looks results up in it.
 */
#define _GNU_SOURCE
#include "sim/suite/known.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_all(struct known *k, const char *path)
{
	FILE *f = fopen(path, "rbe");
	size_t len = 0;
	ssize_t n;
	int error;

	if (!f)
		return false;
	n = getdelim(&k->text, &len, '\0', f);
	error = n < 0 && !feof(f) ? errno : 0;
	fclose(f);
	errno = error;
	if (n < 0 && !error && !k->text)
		k->text = strdup("");
	if (n < 0 && k->text)
		k->text[0] = '\0';
	return !error && k->text;
}

static char *trimmed(char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return text + strspn(text, " \t");
}

static void add(struct known *k, int line, char *pattern, char *reference)
{
	k->lines = realloc(k->lines, (k->count + 1) * sizeof(*k->lines));
	if (!k->lines)
		abort();
	k->lines[k->count++] = (struct known_line){
		.pattern = trimmed(pattern), .reference = trimmed(reference),
		.line = line,
	};
}

static void read_line(struct known *k, struct scn_pos pos, char *line,
		      struct diag *d)
{
	char *text = trimmed(line), *colon = strstr(text, ": ");

	if (!*text || *text == '#')
		return;
	if (colon && colon > text) {
		*colon = '\0';
		add(k, pos.line, text, colon + 2);
		return;
	}
	pos.column = (int)(text - line) + 1;
	diag_add(d, pos, "known-line",
		 "such as scenarios/ladder/*[queues=2]: bug 12", line,
		 "expected a pattern, a colon, a blank, and what is known of "
		 "it");
}

bool known_read(struct known *k, const char *path, struct diag *d)
{
	struct scn_pos pos = { .file = path };
	size_t mistakes = d->count;
	char *line, *rest;

	memset(k, 0, sizeof(*k));
	if (!read_all(k, path)) {
		diag_add(d, pos, "cannot-read", NULL, NULL,
			 "cannot be read: %s", strerror(errno));
		return false;
	}
	for (rest = k->text; (line = strsep(&rest, "\n")); ) {
		pos.line++;
		read_line(k, pos, line, d);
	}
	return d->count == mistakes;
}

void known_free(struct known *k)
{
	free(k->lines);
	free(k->text);
}

const char *known_of(struct known *k, const struct result_label *label)
{
	const char *reference = NULL;
	struct textbuf name;
	size_t i;

	textbuf_init(&name);
	result_name(label, &name);
	for (i = 0; i < k->count && !reference && !name.failed; i++) {
		if (!selection_is(k->lines[i].pattern, name.data))
			continue;
		reference = k->lines[i].reference;
		k->lines[i].fits = true;
	}
	textbuf_free(&name);
	return reference;
}

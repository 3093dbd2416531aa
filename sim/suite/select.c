/* SPDX-License-Identifier: MIT */
/*
 * Chooses cells.
 *
 * With guests asked for, cells that differ in the axis `guest` alone are one group.
 * A guest that the group has is run as the file says.  Another one takes the place
 * of the group's first guest that was asked for, so that what is compared is held
 * to the same expectations; without one, of the group's first.
 */
#include "sim/suite/select.h"

#include <stdlib.h>
#include <string.h>

#include "sim/suite/walk.h"

/* ---- words of a list ---- */

static const char *next_word(const char **list, size_t *len)
{
	const char *word;

	if (!*list)
		return NULL;
	word = *list;
	*len = strcspn(word, ",");
	*list = word[*len] ? word + *len + 1 : NULL;
	return word;
}

static bool has_tag(const struct scenario_file *f, size_t cell,
		    const char *list)
{
	const char *word;
	size_t len;

	while ((word = next_word(&list, &len)))
		if (scenario_file_tagged(f, cell, word, len))
			return true;
	return false;
}

/* ---- patterns ---- */

/* Does the text begin with the pattern, or is it all of the text? */
static bool begins(const char *pattern, const char *text, bool whole)
{
	const char *star = NULL, *from = NULL;

	while (*pattern || (whole && *text)) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (*pattern && *text &&
			   (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star && *from) {
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	return true;
}

bool selection_fits(const char *pattern, const char *text)
{
	do {
		if (begins(pattern, text, false))
			return true;
	} while (*text++);
	return false;
}

bool selection_is(const char *pattern, const char *text)
{
	return begins(pattern, text, true);
}

/* ---- growing lists ---- */

static void *grown(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 16;
	items = realloc(items, *capacity * size);
	if (!items)
		abort();
	return items;
}

static char *copy(const char *text)
{
	char *c = strdup(text);

	if (!c)
		abort();
	return c;
}

static void name_cell(struct textbuf *out, const struct scenario_file *f,
		      size_t cell)
{
	const char *name = scenario_file_cell(f, cell);

	textbuf_text(out, scenario_file_path(f));
	if (*name)
		textbuf_printf(out, "[%s]", name);
}

/* The same without the part "guest=...". */
static char *group_of(const struct scenario_file *f, size_t cell)
{
	const char *name = scenario_file_cell(f, cell), *part;
	bool axis = scenario_file_value(f, cell, "guest") != NULL;
	struct textbuf out;
	const char *before = "[";
	size_t len;

	textbuf_init(&out);
	textbuf_text(&out, scenario_file_path(f));
	while (*name && (part = next_word(&name, &len))) {
		if (!axis || strncmp(part, "guest=", 6)) {
			textbuf_text(&out, before);
			textbuf_bytes(&out, part, len);
			before = ",";
		}
		if (!name)
			break;
	}
	if (*before == ',')
		textbuf_char(&out, ']');
	if (out.failed)
		abort();
	return out.data;
}

static void add_cell(struct selection *s, size_t cell, const char *guest)
{
	size_t file = s->nfiles - 1;
	const struct scenario_file *f = s->files[file].file;

	s->cells = grown(s->cells, s->ncells, &s->cells_capacity,
			 sizeof(*s->cells));
	s->cells[s->ncells++] = (struct selected_cell){
		.file = file, .cell = cell, .guest = guest,
		.runs_on = guest ? guest : scenario_file_guest(f, cell),
		.group = group_of(f, cell),
	};
}

/* ---- cells of a file ---- */

struct choosing {
	struct selection *s;
	const struct selection_wants *wants;
};

static bool wanted(const struct choosing *c, size_t cell)
{
	const struct scenario_file *f = c->s->files[c->s->nfiles - 1].file;
	struct textbuf label;
	bool fits = true;

	if (c->wants->filter) {
		textbuf_init(&label);
		name_cell(&label, f, cell);
		fits = selection_fits(c->wants->filter,
				      label.failed ? "" : label.data);
		textbuf_free(&label);
	}
	return fits &&
	       (!c->wants->tags || has_tag(f, cell, c->wants->tags)) &&
	       (!c->wants->not_tags || !has_tag(f, cell, c->wants->not_tags));
}

/* The group's cell that runs on this guest by itself, or -1. */
static long own_cell(const struct scenario_file *f, char *const *groups,
		     size_t n, const char *group, const char *guest)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (groups[i] && !strcmp(groups[i], group) &&
		    !strcmp(scenario_file_guest(f, i), guest))
			return (long)i;
	return -1;
}

/* All guests for the group whose first cell this is. */
static void add_group(struct selection *s, const struct scenario_file *f,
		      char *const *groups, size_t n, size_t first)
{
	long stand_in = -1, own;
	size_t i;

	for (i = 0; i < s->nguests && stand_in < 0; i++)
		stand_in = own_cell(f, groups, n, groups[first], s->guests[i]);
	for (i = 0; i < s->nguests; i++) {
		own = own_cell(f, groups, n, groups[first], s->guests[i]);
		if (own >= 0)
			add_cell(s, (size_t)own, NULL);
		else
			add_cell(s, stand_in >= 0 ? (size_t)stand_in : first,
				 s->guests[i]);
	}
}

static bool seen_before(char *const *groups, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (groups[k] && !strcmp(groups[k], groups[i]))
			return true;
	return false;
}

static void add_on_guests(struct choosing *c, const struct scenario_file *f)
{
	size_t n = scenario_file_count(f), i;
	char **groups = calloc(n, sizeof(*groups));

	if (!groups)
		abort();
	for (i = 0; i < n; i++)
		if (wanted(c, i))
			groups[i] = group_of(f, i);
	for (i = 0; i < n; i++)
		if (groups[i] && !seen_before(groups, i))
			add_group(c->s, f, groups, n, i);
	for (i = 0; i < n; i++)
		free(groups[i]);
	free(groups);
}

static void add_cells(struct choosing *c, const struct scenario_file *f)
{
	size_t n = scenario_file_count(f), i;

	if (c->s->nguests) {
		add_on_guests(c, f);
		return;
	}
	for (i = 0; i < n; i++)
		if (wanted(c, i))
			add_cell(c->s, i, NULL);
}

/* ---- files ---- */

static bool known_file(const struct selection *s, const char *path)
{
	size_t i;

	for (i = 0; i < s->nfiles; i++)
		if (!strcmp(s->files[i].path, path))
			return true;
	return false;
}

static void add_file(void *arg, const char *path)
{
	struct choosing *c = arg;
	struct selection *s = c->s;
	struct selected_file *f;

	if (known_file(s, path))
		return;
	s->files = grown(s->files, s->nfiles, &s->files_capacity,
			 sizeof(*s->files));
	f = &s->files[s->nfiles++];
	f->path = copy(path);
	diag_init(&f->mistakes);
	f->file = scenario_file_open(path, &f->mistakes);
	if (f->file)
		add_cells(c, f->file);
}

static void list_guests(struct selection *s, const char *list)
{
	const char *word;
	size_t len, i;
	char *name;

	while ((word = next_word(&list, &len))) {
		name = strndup(word, len);
		s->guests = realloc(s->guests,
				    (s->nguests + 1) * sizeof(*s->guests));
		if (!name || !s->guests)
			abort();
		for (i = 0; i < s->nguests; i++)
			if (!strcmp(s->guests[i], name))
				break;
		if (i < s->nguests || !len)
			free(name);
		else
			s->guests[s->nguests++] = name;
	}
}

void selection_make(struct selection *s, const struct selection_wants *w)
{
	struct choosing c = { s, w };
	size_t i;

	memset(s, 0, sizeof(*s));
	list_guests(s, w->guests);
	for (i = 0; i < w->npaths; i++)
		if (!suite_walk(w->paths[i], add_file, &c))
			add_file(&c, w->paths[i]);
}

void selection_free(struct selection *s)
{
	size_t i;

	for (i = 0; i < s->nfiles; i++) {
		scenario_file_close(s->files[i].file);
		diag_free(&s->files[i].mistakes);
		free(s->files[i].path);
	}
	for (i = 0; i < s->ncells; i++)
		free(s->cells[i].group);
	for (i = 0; i < s->nguests; i++)
		free(s->guests[i]);
	free(s->files);
	free(s->cells);
	free(s->guests);
}

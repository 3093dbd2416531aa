/* SPDX-License-Identifier: MIT */
/*
 * What differs between guests: of each group of cells that differ in their guest
 * alone, each device whose course is not the same on all of them.
 *
 *   scenarios/ladder/refused[queues=2]
 *     disk0  linux-6.12  msix-per-queue ENOSPC > msix-shared EBUSY > intx
 *            mine        msix-per-queue ENOSPC > msix-shared
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/style.h"
#include "sim/suite/results.h"

#define MAX_GUESTS 16u /* of one group that are looked at */

/* The results of a group that have a course. */
struct group {
	const struct result *items[MAX_GUESTS];
	size_t count;
};

static const char *guest_of(const struct result *i)
{
	return i->label.runs_on ? i->label.runs_on : "";
}

/* NULL: there is nothing to compare it with. */
static const char *group_of(const struct result *i)
{
	return i->label.group;
}

static bool same_group(const struct result *a, const struct result *b)
{
	return group_of(a) && group_of(b) && !strcmp(group_of(a), group_of(b));
}

static bool begins_group(const struct results *r, size_t n)
{
	size_t i;

	if (!group_of(&r->items[n]))
		return false;
	for (i = n; i-- > 0 && r->items[i].file == r->items[n].file; )
		if (same_group(&r->items[i], &r->items[n]))
			return false;
	return true;
}

static void gather(const struct results *r, size_t first, struct group *g)
{
	size_t i;

	memset(g, 0, sizeof(*g));
	for (i = first; i < r->count &&
			r->items[i].file == r->items[first].file; i++) {
		const struct result *item = &r->items[i];

		if (!same_group(item, &r->items[first]))
			continue;
		if (item->record.status != RECORD_SKIPPED &&
		    item->record.status != RECORD_INVALID &&
		    item->record.status != RECORD_NOT_RUN &&
		    g->count < MAX_GUESTS)
			g->items[g->count++] = item;
	}
}

/* ---- lines of a course ---- */

/* The line of a course that begins with this name; *len is that of what follows
 * the name.  NULL: it has none. */
static const char *line_of(const char *course, const char *name, size_t name_len,
			   size_t *len)
{
	const char *end;

	for (; *course; course = end + 1) {
		end = strchr(course, '\n');
		if (!end)
			break;
		if (strncmp(course, name, name_len) ||
		    strncmp(course + name_len, "  ", 2))
			continue;
		*len = (size_t)(end - course) - name_len - 2;
		return course + name_len + 2;
	}
	*len = 0;
	return NULL;
}

static bool same_line(const struct group *g, const char *name, size_t name_len)
{
	const char *first, *other;
	size_t i, len, other_len;

	first = line_of(g->items[0]->record.course, name, name_len, &len);
	for (i = 1; i < g->count; i++) {
		other = line_of(g->items[i]->record.course, name, name_len,
				&other_len);
		if (!first != !other || len != other_len ||
		    (first && memcmp(first, other, len)))
			return false;
	}
	return true;
}

/* Has a course before this one told of the name? */
static bool told(const struct group *g, size_t n, const char *name,
		 size_t name_len)
{
	size_t i, len;

	for (i = 0; i < n; i++)
		if (line_of(g->items[i]->record.course, name, name_len, &len))
			return true;
	return false;
}

/* ---- a group ---- */

struct table {
	struct textbuf *out;
	size_t guest_width;
	size_t differ, compared, left_out;
};

static void put_lines(struct table *t, const struct group *g, const char *name,
		      size_t name_len)
{
	const char *line, *guest;
	size_t i, len;

	for (i = 0; i < g->count; i++) {
		guest = guest_of(g->items[i]);
		textbuf_text(t->out, "  ");
		if (i)
			textbuf_pad(t->out, ' ', name_len);
		else
			textbuf_bytes(t->out, name, name_len);
		textbuf_printf(t->out, "  %s", guest);
		textbuf_pad(t->out, ' ', t->guest_width + 2 - strlen(guest));
		line = line_of(g->items[i]->record.course, name, name_len, &len);
		if (line)
			textbuf_bytes(t->out, line, len);
		else
			textbuf_text(t->out, "-");
		textbuf_char(t->out, '\n');
	}
}

/* A cell without a course, and one whose check fails, differ in that. */
static bool same_verdict(const struct group *g)
{
	size_t i;

	for (i = 1; i < g->count; i++)
		if (g->items[i]->record.status != g->items[0]->record.status)
			return false;
	return true;
}

static void put_verdicts(struct table *t, const struct group *g)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		const struct record *rec = &g->items[i]->record;
		const char *guest = guest_of(g->items[i]);

		textbuf_printf(t->out, "  %s  %s", i ? "      " : "result",
			       guest);
		textbuf_pad(t->out, ' ', t->guest_width + 2 - strlen(guest));
		textbuf_printf(t->out, "%s%s%s\n",
			       record_status_name(rec->status),
			       *rec->reason ? ": " : "", rec->reason);
	}
}

static void put_title(struct table *t, const struct group *g)
{
	if (t->differ)
		textbuf_char(t->out, '\n');
	textbuf_printf(t->out, "%s\n", group_of(g->items[0]));
	t->differ++;
}

static void compare_group(struct table *t, const struct group *g)
{
	bool titled = false;
	const char *at;
	size_t i, len;

	for (i = 0; i < g->count; i++) {
		for (at = g->items[i]->record.course; *at;
		     at = strchr(at, '\n') + 1) {
			len = (size_t)(strstr(at, "  ") - at);
			if (told(g, i, at, len) || same_line(g, at, len))
				continue;
			if (!titled)
				put_title(t, g);
			titled = true;
			put_lines(t, g, at, len);
		}
	}
	if (same_verdict(g))
		return;
	if (!titled)
		put_title(t, g);
	put_verdicts(t, g);
}

static size_t guest_width(const struct results *r)
{
	size_t width = 0, i, len;

	for (i = 0; i < r->count; i++) {
		len = strlen(guest_of(&r->items[i]));
		width = len > width ? len : width;
	}
	return width;
}

void results_compare(const struct results *r, struct textbuf *out)
{
	struct table t = { .out = out, .guest_width = guest_width(r) };
	struct group g;
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (!begins_group(r, i))
			continue;
		gather(r, i, &g);
		if (g.count > 1) {
			t.compared++;
			compare_group(&t, &g);
		} else {
			t.left_out++;
		}
	}
	textbuf_printf(out, "%s%zu of %zu cell%s differ%s\n",
		       t.differ ? "\n" : "", t.differ, t.compared,
		       t.compared == 1 ? "" : "s",
		       t.compared == 1 ? "s" : "");
	if (t.left_out)
		textbuf_printf(out, "not compared, with one guest or none: "
			       "%zu\n", t.left_out);
}

/* SPDX-License-Identifier: MIT */
/*
 * What kind of failure a run's is, so that the thousand that one mistake makes
 * are told as one: which check found it, in which functions of the guest, and by
 * which way the device had come there.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "sim/suite/record.h"

#define CHAIN 2u /* functions: the service that failed, and who called it */

static char *take(struct textbuf *t)
{
	char *text = t->failed ? NULL : t->data ? t->data : strdup("");

	if (!text)
		abort();
	return text;
}

static const char *device_of(const struct report *r, const struct finding *f)
{
	if (f && f->device < r->world->ndevices)
		return world_id(r->world, f->device);
	return r->world->ndevices == 1 ? world_id(r->world, 0) : NULL;
}

/* An expectation's code is the same for all: its key tells them apart, with which
 * its text begins, after the device: "disk0 interrupts: expected ...". */
static void put_check(struct textbuf *out, const struct report *r,
		      const struct finding *f)
{
	const char *key = f->text ? f->text : "", *id = device_of(r, f);
	size_t len = id ? strlen(id) : 0;

	textbuf_text(out, f->code);
	if (strcmp(f->code, "expectation"))
		return;
	if (id && !strncmp(key, id, len) && key[len] == ' ')
		key += len + 1;
	len = strcspn(key, ":");
	if (!key[len])
		return;
	textbuf_char(out, ' ');
	textbuf_bytes(out, key, len);
}

/* The first failure that nobody injected has happened here. */
static void put_look_here(struct textbuf *out, const struct report *r,
			  uint32_t device)
{
	const struct narrative_entry *e;
	size_t i;

	for (i = 0; i < narrative_count(r->narrative); i++) {
		e = narrative_entry(r->narrative, i);
		if (e->injected || !e->nframes || e->device != device ||
		    (e->kind != NARRATIVE_RUNG_FAILED &&
		     e->kind != NARRATIVE_FAILURE))
			continue;
		symbols_chain(out, e->frames, e->nframes, CHAIN);
		return;
	}
}

static void put_function(struct textbuf *out, const struct report *r,
			 const struct finding *f)
{
	const struct platform_outcome *o = r->outcome;

	if (f && f->nframes)
		symbols_chain(out, f->frames, f->nframes, CHAIN);
	else if (o->end != RUN_FINISHED && o->nstacks)
		symbols_chain(out, o->stacks[0].frames, o->stacks[0].count,
			      CHAIN);
	else if (f)
		put_look_here(out, r, f->device);
}

/* What `course` has behind the device's name. */
static void put_way(struct textbuf *out, const char *course, const char *id)
{
	size_t len = id ? strlen(id) : 0;
	const char *end;

	for (; id && *course; course = end + 1) {
		end = strchr(course, '\n');
		if (!end)
			return;
		if (strncmp(course, id, len) ||
		    strncmp(course + len, "  ", 2))
			continue;
		textbuf_bytes(out, course + len + 2,
			      (size_t)(end - course) - len - 2);
		return;
	}
}

static void put_place(struct record *to, const struct finding *f)
{
	if (!f || !f->pos.file || !f->pos.line)
		return;
	to->file = strdup(f->pos.file);
	if (!to->file)
		abort();
	to->line = f->pos.line;
	to->column = f->pos.column;
}

void record_kind(struct record *to, const struct report *r)
{
	const struct finding *f = r->findings->count ? &r->findings->items[0] :
						       NULL;
	struct textbuf check, function, way;

	textbuf_init(&check);
	textbuf_init(&function);
	textbuf_init(&way);
	if (f)
		put_check(&check, r, f);
	else if (r->outcome->end != RUN_FINISHED)
		textbuf_text(&check, r->outcome->code ? r->outcome->code : "");
	else
		textbuf_text(&check, "fixed");
	put_function(&function, r, f);
	put_way(&way, to->course, device_of(r, f));
	put_place(to, f);
	to->check = take(&check);
	to->function = take(&function);
	to->way = take(&way);
}

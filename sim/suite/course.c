/* SPDX-License-Identifier: MIT */
/*
 * What came of each device of a run, short enough to be compared at a glance:
 * for each bind the rungs that the driver left, with the error that made it, and
 * where it ended.
 *
 *   disk0  msix-per-queue ENOSPC > msix-shared EBUSY > intx; msix-per-queue
 */
#include <stdio.h>
#include <string.h>

#include "sim/suite/record.h"

static void put_error(struct textbuf *out, int error)
{
	const char *name = fault_errno_name(error);

	if (name)
		textbuf_printf(out, " %s", name);
	else if (error)
		textbuf_printf(out, " %d", error);
}

/* The rungs that this bind of the device left. */
static void put_rungs(struct textbuf *out, const struct report *r,
		      uint32_t device, size_t bind)
{
	const struct narrative_entry *e;
	const char *rung;
	size_t i;

	for (i = 0; i < narrative_count(r->narrative); i++) {
		e = narrative_entry(r->narrative, i);
		if (e->device != device || e->bind != bind ||
		    e->kind != NARRATIVE_RUNG_FAILED)
			continue;
		rung = event_text(r->bus, e->rung);
		textbuf_text(out, rung ? rung : "rung");
		put_error(out, e->error);
		textbuf_text(out, " > ");
	}
}

static void put_bind(struct textbuf *out, const struct facts_bind *b)
{
	if (!b->ended) {
		textbuf_text(out, "probe does not end");
	} else if (b->result) {
		textbuf_text(out, "probe fails");
		put_error(out, -b->result);
	} else {
		textbuf_text(out, facts_mode_name(b->state.mode));
	}
}

/* Binds that went the same way, one after the other, are told once. */
struct binds {
	struct textbuf last;
	size_t times;
	const char *separator;
};

static void end_binds(struct textbuf *out, struct binds *b)
{
	if (!b->times)
		return;
	textbuf_printf(out, "%s%s", b->separator,
		       b->last.data ? b->last.data : "");
	if (b->times > 1)
		textbuf_printf(out, " (%zu times)", b->times);
	b->separator = "; ";
	b->times = 0;
	textbuf_free(&b->last);
}

static void add_bind(struct textbuf *out, struct binds *b, struct textbuf *next)
{
	if (next->failed || !b->times || strcmp(b->last.data, next->data)) {
		end_binds(out, b);
		b->last = *next;
	} else {
		textbuf_free(next);
	}
	b->times++;
}

static void put_device(struct textbuf *out, const struct report *r,
		       uint32_t device)
{
	const struct facts_device *d = &r->facts->devices[device];
	struct binds binds = { .separator = "" };
	struct textbuf next;
	size_t i;

	textbuf_printf(out, "%s  ", world_id(r->world, device));
	if (!d->nbinds)
		textbuf_text(out, "no driver");
	for (i = 0; i < d->nbinds; i++) {
		textbuf_init(&next);
		put_rungs(&next, r, device, i + 1);
		put_bind(&next, &d->binds[i]);
		add_bind(out, &binds, &next);
	}
	end_binds(out, &binds);
	textbuf_char(out, '\n');
}

void course_text(struct textbuf *out, const struct report *r)
{
	const struct platform_outcome *o = r->outcome;
	uint32_t i;

	for (i = 0; i < r->world->ndevices; i++)
		put_device(out, r, i);
	if (o->end != RUN_FINISHED)
		textbuf_printf(out, "run  breaks off: %s\n",
			       o->code ? o->code : "?");
}

/* SPDX-License-Identifier: MIT */
/*
 * Which of a run's findings are the driver's.  What the scenario expects, whether
 * data are right, whether interrupts arrive, whether the device keeps its rules:
 * all of that a hostile device decides.  How a run broke off, and what the guest
 * keeps, returns twice or maps wrongly, it does not.
 */
#include "sim/fuzz/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "sim/suite/record.h"

static const char *const drivers_own[] = {
	"leak", "double-return", "dma-freed", "dma-overlap",
};

static bool is_drivers(const struct finding *f)
{
	size_t i;

	for (i = 0; i < sizeof(drivers_own) / sizeof(drivers_own[0]); i++)
		if (!strcmp(f->code, drivers_own[i]))
			return true;
	return false;
}

static char *owned(struct textbuf *b)
{
	char *text = strdup(b->failed || !b->data ? "" : b->data);

	textbuf_free(b);
	if (!text)
		abort();
	return text;
}

/* Where to look: the kernel's function that a driver called, and the caller. */
static void put_place(struct textbuf *out, const uintptr_t *frames, size_t n)
{
	if (!n)
		return;
	textbuf_text(out, " in ");
	symbols_chain(out, frames, n, 2);
}

static bool broke_off(const struct platform_outcome *o)
{
	return o->end != RUN_FINISHED;
}

/* A double fetch is where the guest says so; all else where it broke off. */
static void put_end(struct textbuf *out, const struct platform_outcome *o)
{
	const struct platform_backtrace *b = o->stacks;
	size_t i;

	textbuf_text(out, o->code ? o->code : "crash");
	for (i = 0; i < o->nstacks && o->code; i++)
		if (!strcmp(o->code, "double-fetch") && o->stacks[i].place)
			b = &o->stacks[i];
	if (o->nstacks)
		put_place(out, b->frames, b->count);
}

static char *signature_of(const struct report *r)
{
	const struct platform_outcome *o = r->outcome;
	struct textbuf out;
	size_t i;

	textbuf_init(&out);
	if (broke_off(o)) {
		put_end(&out, o);
		return owned(&out);
	}
	for (i = 0; i < r->findings->count; i++) {
		const struct finding *f = &r->findings->items[i];

		if (!is_drivers(f))
			continue;
		textbuf_text(&out, f->code);
		put_place(&out, f->frames, f->nframes);
		break;
	}
	return owned(&out);
}

/* Only what is the driver's: the report tells what it is given. */
static char *text_of(const struct report *r, bool colour)
{
	struct findings own = { 0 };
	struct report mine = *r;
	struct textbuf out;
	size_t i;

	own.items = calloc(r->findings->count + 1, sizeof(*own.items));
	for (i = 0; own.items && i < r->findings->count; i++)
		if (broke_off(r->outcome) ?
			    !strcmp(r->findings->items[i].code,
				    r->outcome->code ? r->outcome->code : "") :
			    is_drivers(&r->findings->items[i]))
			own.items[own.count++] = r->findings->items[i];
	mine.findings = &own;
	textbuf_init(&out);
	report_text(&mine, colour, &out);
	free(own.items);
	return owned(&out);
}

void outcome_of_trial(struct outcome *to, const struct trial *t, bool colour)
{
	const struct report *r = run_report(t->run);
	struct textbuf course;

	memset(to, 0, sizeof(*to));
	to->met = t->met;
	to->time_ps = r->outcome->time_ps;
	memcpy(to->chances, t->chances, sizeof(to->chances));
	textbuf_init(&course);
	course_text(&course, r);
	to->course = owned(&course);
	to->signature = signature_of(r);
	if (r->outcome->end == RUN_INTERNAL || r->outcome->end == RUN_USER_ERROR)
		to->kind = OUTCOME_FAULT;
	else if (to->signature[0])
		to->kind = OUTCOME_FINDING;
	to->text = to->kind == OUTCOME_GOOD ? strdup("") : text_of(r, colour);
}

void outcome_of_fault(struct outcome *to, const char *reason, const char *said,
		      size_t said_len)
{
	struct textbuf text;

	memset(to, 0, sizeof(*to));
	to->kind = OUTCOME_FAULT;
	to->signature = strdup(reason);
	to->course = strdup("");
	textbuf_init(&text);
	textbuf_printf(&text, "SIMULATOR FAULT   %s\n", reason);
	textbuf_bytes(&text, said, said_len);
	to->text = owned(&text);
}

/* ---- through a pipe ---- */

struct packed {
	uint32_t kind, met;
	uint32_t chances[HOSTILE_KINDS];
	uint32_t lens[3];
	uint64_t time_ps;
};

void outcome_pack(const struct outcome *o, struct textbuf *out)
{
	struct packed p = {
		.kind = o->kind, .met = o->met, .time_ps = o->time_ps,
		.lens = { (uint32_t)strlen(o->course),
			  (uint32_t)strlen(o->signature),
			  (uint32_t)strlen(o->text) },
	};

	memcpy(p.chances, o->chances, sizeof(p.chances));
	textbuf_bytes(out, &p, sizeof(p));
	textbuf_bytes(out, o->course, p.lens[0]);
	textbuf_bytes(out, o->signature, p.lens[1]);
	textbuf_bytes(out, o->text, p.lens[2]);
}

bool outcome_unpack(struct outcome *o, const char *bytes, size_t len)
{
	char **texts[3] = { &o->course, &o->signature, &o->text };
	struct packed p;
	int i;

	memset(o, 0, sizeof(*o));
	if (len < sizeof(p))
		return false;
	memcpy(&p, bytes, sizeof(p));
	if (p.kind > OUTCOME_FAULT ||
	    len != sizeof(p) + (uint64_t)p.lens[0] + p.lens[1] + p.lens[2])
		return false;
	o->kind = p.kind;
	o->met = p.met;
	o->time_ps = p.time_ps;
	memcpy(o->chances, p.chances, sizeof(o->chances));
	bytes += sizeof(p);
	for (i = 0; i < 3; i++) {
		*texts[i] = strndup(bytes, p.lens[i]);
		if (!*texts[i])
			abort();
		bytes += p.lens[i];
	}
	return true;
}

void outcome_free(struct outcome *o)
{
	free(o->course);
	free(o->signature);
	free(o->text);
	memset(o, 0, sizeof(*o));
}

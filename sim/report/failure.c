/* SPDX-License-Identifier: MIT */
/*
 * A failure, reason before data: what was found, which rungs the driver left and
 * why, with the first failure that nobody injected pointed at; stacks of a guest
 * that broke off; and last the command that shows it again.
 */
#include "sim/report/style.h"

#include <inttypes.h>
#include <string.h>

#include "sim/report/symbols.h"

#define CHAIN 4u          /* functions of a one-line stack */
#define LOG_LINES 5u
#define LOG_ERROR 3u      /* KERN_ERR and worse */
#define STACKS 16u
#define FAULTS 6u

/* The file of the scenario itself is named in the title already. */
static const char *short_file(const struct report *r, const char *file)
{
	const char *slash = strrchr(file, '/');

	return !strcmp(file, r->scenario->path) && slash ? slash + 1 : file;
}

static void chain_line(const struct style *s, const uintptr_t *frames,
		       uint32_t nframes, uint64_t event)
{
	if (!nframes && !event)
		return;
	textbuf_text(s->out, "      ");
	symbols_chain(s->out, frames, nframes, CHAIN);
	if (event)
		textbuf_printf(s->out, "%strace event %" PRIu64,
			       nframes ? "   " : "", event);
	textbuf_char(s->out, '\n');
}

static void finding_line(const struct style *s, const struct report *r,
			 const struct finding *f)
{
	if (f->pos.line && f->pos.file)
		textbuf_printf(s->out, "%s:%d:%d  ",
			       short_file(r, f->pos.file), f->pos.line,
			       f->pos.column);
	else if (f->device < r->world->ndevices &&
		 strncmp(f->text ? f->text : "",
			 world_id(r->world, f->device),
			 strlen(world_id(r->world, f->device))))
		textbuf_printf(s->out, "%s ", world_id(r->world, f->device));
	textbuf_text(s->out, f->text ? f->text : f->code);
	/* What was expected names itself, and our own fault nobody has to look
	 * up; the rest has a code for `ringside explain`. */
	if (strcmp(f->code, "expectation") && r->outcome->end != RUN_INTERNAL)
		textbuf_printf(s->out, f->clause ? " [%s, %s]" : " [%s]",
			       f->code, f->clause);
	textbuf_char(s->out, '\n');
}

static void tell_finding(const struct style *s, const struct report *r,
			 const struct finding *f)
{
	textbuf_text(s->out, "  ");
	finding_line(s, r, f);
	chain_line(s, f->frames, f->nframes, f->event);
}

void failure_expected(const struct style *s, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->findings->nexpected; i++) {
		textbuf_text(s->out, "  as expected: ");
		finding_line(s, r, findings_expected(r->findings, i));
	}
}

/* ---- the ladder, as the driver came down ---- */

static void tell_rung(const struct style *s, const struct report *r,
		      const struct narrative_entry *e, bool look)
{
	struct textbuf reason;
	const char *rung = event_text(r->bus, e->rung);

	textbuf_init(&reason);
	style_reason(&reason, r, e);
	textbuf_text(s->out, "  ");
	style_column(s, COLOUR_PLAIN, rung ? rung :
		     e->kind == NARRATIVE_PROBE_FAILED ? "probe" : "", 15);
	textbuf_char(s->out, ' ');
	style_column(s, COLOUR_PLAIN, reason.failed ? "" : reason.data, 30);
	textbuf_text(s->out, reason.len < 30 ? " " : "  ");
	textbuf_free(&reason);
	style_blame(s, e);
	textbuf_text(s->out, ", ");
	textbuf_time(s->out, e->time);
	if (look)
		style_text(s, COLOUR_WARN, "  <- look here");
	textbuf_char(s->out, '\n');
	if (!e->injected)
		chain_line(s, e->frames, e->nframes, e->seq);
}

/* Does the entry say why?  A probe's end does where nothing before it has. */
static bool is_reason(const struct narrative_entry *e, uint32_t told_bind)
{
	return e->kind == NARRATIVE_RUNG_FAILED ||
	       e->kind == NARRATIVE_FAILURE ||
	       (e->kind == NARRATIVE_PROBE_FAILED && e->bind != told_bind);
}

static void tell_ladder(const struct style *s, const struct report *r,
			uint32_t device)
{
	size_t n = narrative_count(r->narrative), i;
	const struct narrative_entry *e;
	uint32_t told_bind = 0;
	bool looked = false;

	for (i = 0; i < n; i++) {
		e = narrative_entry(r->narrative, i);
		if (e->device != device || !is_reason(e, told_bind))
			continue;
		tell_rung(s, r, e, !e->injected && !looked);
		looked = looked || !e->injected;
		told_bind = e->bind;
	}
}

/* The ladder of each device that a finding is about. */
static void tell_ladders(const struct style *s, const struct report *r)
{
	uint32_t device;
	size_t i;

	for (device = 0; device < r->world->ndevices; device++) {
		for (i = 0; i < r->findings->count; i++)
			if (r->findings->items[i].device == device)
				break;
		if (i < r->findings->count)
			tell_ladder(s, r, device);
	}
}

/* ---- faults that nothing above has told ---- */

/* "bus.msi" of "bus.msi=lost". */
static bool is_quirk(const struct report *r, const char *point)
{
	const struct fault_point *p;
	size_t len = strcspn(point, "="), i;

	for (i = 0; r->faults && i < fault_engine_points(r->faults); i++) {
		p = fault_engine_point(r->faults, (uint32_t)i);
		if (strlen(p->name) == len && !strncmp(p->name, point, len))
			return p->quirk;
	}
	return false;
}

static void tell_fault(const struct style *s, const struct report *r,
		       const struct narrative_entry *e)
{
	const char *name = fault_errno_name(e->error);
	const char *point = event_text(r->bus, e->point);
	struct textbuf what;

	textbuf_init(&what);
	textbuf_text(&what, point ? point : "");
	if (name)
		textbuf_printf(&what, " -> %s", name);
	textbuf_text(s->out, "  ");
	style_column(s, COLOUR_PLAIN, "fault", 15);
	textbuf_char(s->out, ' ');
	style_column(s, COLOUR_PLAIN, what.failed ? "" : what.data, 30);
	textbuf_free(&what);
	textbuf_printf(s->out, " injected, call %" PRIu64 ", ", e->call);
	if (e->device < r->world->ndevices)
		textbuf_printf(s->out, "%s, ", world_id(r->world, e->device));
	textbuf_time(s->out, e->time);
	if (point && is_quirk(r, point))
		textbuf_text(s->out, ", a quirk");
	textbuf_char(s->out, '\n');
}

/* Those that made a rung or a probe fail stand with it. */
static void tell_faults(const struct style *s, const struct report *r)
{
	size_t n = narrative_count(r->narrative), i, said = 0;

	for (i = 0; i < n; i++) {
		const struct narrative_entry *e =
			narrative_entry(r->narrative, i);

		if (e->kind != NARRATIVE_FAULT || e->injected)
			continue;
		if (said++ < FAULTS)
			tell_fault(s, r, e);
	}
	if (said > FAULTS)
		textbuf_printf(s->out, "  and %zu more faults\n", said - FAULTS);
}

/* ---- a guest that broke off ---- */

static void tell_stacks(const struct style *s, const struct report *r)
{
	const struct platform_outcome *o = r->outcome;
	size_t i;

	if (o->end == RUN_FINISHED || o->end == RUN_STOPPED)
		return;
	for (i = 0; i < o->nstacks && i < STACKS; i++) {
		const struct platform_backtrace *b = &o->stacks[i];

		if (b->place)
			textbuf_printf(s->out, "    %s", b->place);
		else
			textbuf_printf(s->out, "    thread '%s' on CPU %" PRIu32,
				       b->thread ? b->thread : "?", b->cpu);
		if (b->waits)
			textbuf_printf(s->out, ", waits on '%s'", b->waits);
		textbuf_char(s->out, '\n');
		symbols_stack(s->out, "      ", b->frames, b->count);
	}
}

static void tell_log(const struct style *s, const struct report *r)
{
	const struct facts *f = r->facts;
	size_t i, bad = 0, said = 0;

	for (i = 0; i < f->nlines; i++)
		bad += f->lines[i].level <= LOG_ERROR;
	for (i = 0; i < f->nlines; i++) {
		const char *text = event_text(r->bus, f->lines[i].text);

		if (f->lines[i].level > LOG_ERROR || !text)
			continue;
		if (bad - said++ > LOG_LINES)
			continue;
		textbuf_text(s->out, "  guest: ");
		style_text(s, COLOUR_DIM, text);
		textbuf_text(s->out, ", ");
		textbuf_time(s->out, f->lines[i].time);
		textbuf_char(s->out, '\n');
	}
}

void failure_again(struct textbuf *out, const struct report *r)
{
	textbuf_text(out, "ringside run ");
	textbuf_shell_cell(out, r->scenario->path, r->scenario->cell);
	textbuf_printf(out, " --seed %" PRIu64, r->scenario->seed);
	if (r->overrides && r->overrides[0])
		textbuf_printf(out, " %s", r->overrides);
}

void failure_text(const struct style *s, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->findings->count; i++)
		tell_finding(s, r, &r->findings->items[i]);
	if (r->findings->dropped)
		textbuf_printf(s->out, "  and %" PRIu64 " more\n",
			       r->findings->dropped);
	tell_ladders(s, r);
	tell_faults(s, r);
	tell_stacks(s, r);
	tell_log(s, r);
	textbuf_text(s->out, "  again: ");
	failure_again(s->out, r);
	textbuf_char(s->out, '\n');
}

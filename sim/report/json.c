/* SPDX-License-Identifier: MIT */
/*
 * The result of a run in JSON.
 * REPORT_JSON_VERSION is raised when a member changes its meaning.
 */
#include <inttypes.h>
#include <stdio.h>

#include "guestdrv/abi/machine.h"
#include "sim/observe/pattern.h"
#include "sim/report/jsonw.h"
#include "sim/report/report.h"
#include "sim/report/symbols.h"

static const char *const ends[] = {
	[RUN_FINISHED] = "finished", [RUN_GUEST_BUG] = "guest-bug",
	[RUN_GUEST_CRASH] = "guest-crash", [RUN_HANG] = "hang",
	[RUN_BUDGET] = "budget", [RUN_SPIN] = "spin",
	[RUN_USER_ERROR] = "user-error", [RUN_STOPPED] = "stopped",
	[RUN_INTERNAL] = "internal",
};

static const char *const kinds[] = {
	[NARRATIVE_PROBE] = "probe", [NARRATIVE_FEATURES] = "features",
	[NARRATIVE_RUNG_FAILED] = "rung-failed",
	[NARRATIVE_FAILURE] = "failure", [NARRATIVE_BOUND] = "bound",
	[NARRATIVE_PROBE_FAILED] = "probe-failed",
	[NARRATIVE_REMOVE] = "remove",
	[NARRATIVE_NEEDS_RESET] = "needs-reset",
	[NARRATIVE_VIOLATION] = "violation", [NARRATIVE_FAULT] = "fault",
	[NARRATIVE_STEP] = "step", [NARRATIVE_NOTE] = "remark",
};

static void put_errno(struct jsonw *j, const char *name, int error)
{
	const char *word = fault_errno_name(error);

	if (word)
		jsonw_text(j, name, word);
	else if (error)
		jsonw_int(j, name, error);
}

static void put_frames(struct jsonw *j, const char *name,
		       const uintptr_t *frames, size_t count)
{
	struct symbols_frame f[8];
	size_t i, k, n;

	if (!count)
		return;
	jsonw_open(j, name, '[');
	for (i = 0; i < count; i++) {
		n = symbols_resolve(frames[i], f, 8);
		for (k = 0; k < n; k++) {
			jsonw_open(j, NULL, '{');
			jsonw_text(j, "function", f[k].function);
			if (f[k].file[0]) {
				jsonw_text(j, "file", f[k].file);
				jsonw_int(j, "line", f[k].line);
			}
			jsonw_close(j, '}');
		}
	}
	jsonw_close(j, ']');
}

static void put_features(struct jsonw *j, const struct report *r,
			 const char *name, uint32_t device, uint64_t bits)
{
	const char *feature;
	unsigned int bit;
	char text[16];

	jsonw_open(j, name, '[');
	for (bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		feature = world_feature(r->world, device, bit);
		snprintf(text, sizeof(text), "bit %u", bit);
		jsonw_text(j, NULL, feature ? feature : text);
	}
	jsonw_close(j, ']');
}

/* ---- findings, faults, what happened ---- */

static void put_finding(struct jsonw *j, const struct report *r,
			const struct finding *f)
{
	jsonw_open(j, NULL, '{');
	jsonw_text(j, "code", f->code);
	jsonw_text(j, "text", f->text);
	if (f->clause)
		jsonw_text(j, "clause", f->clause);
	if (f->device < r->world->ndevices)
		jsonw_text(j, "device", world_id(r->world, f->device));
	if (f->pos.line) {
		jsonw_text(j, "file", f->pos.file);
		jsonw_int(j, "line", f->pos.line);
		jsonw_int(j, "column", f->pos.column);
	}
	if (f->event)
		jsonw_uint(j, "event", f->event);
	put_frames(j, "callers", f->frames, f->nframes);
	jsonw_close(j, '}');
}

static void put_findings(struct jsonw *j, const struct report *r)
{
	size_t i;

	jsonw_open(j, "findings", '[');
	for (i = 0; i < r->findings->count; i++)
		put_finding(j, r, &r->findings->items[i]);
	jsonw_close(j, ']');
	if (r->findings->nexpected) {
		jsonw_open(j, "expected_findings", '[');
		for (i = 0; i < r->findings->nexpected; i++)
			put_finding(j, r, findings_expected(r->findings, i));
		jsonw_close(j, ']');
	}
	if (r->findings->dropped)
		jsonw_uint(j, "findings_dropped", r->findings->dropped);
}

/* What the rule does, where the point has effects; that it is a quirk. */
static void put_effect(struct jsonw *j, const struct report *r,
		       const struct scn_fault *f)
{
	uint32_t n = fault_engine_find(r->faults, f->point);
	const struct fault_point *p = fault_engine_point(r->faults, n);
	char name[FAULT_EFFECT_NAME];

	if (!p)
		return;
	if (fault_effect_name(p, f->rule.effect ? f->rule.effect : 1, name,
			      sizeof(name)))
		jsonw_text(j, "effect", name);
	if (p->quirk)
		jsonw_bool(j, "quirk", true);
}

static void put_faults(struct jsonw *j, const struct report *r)
{
	const struct scenario *s = r->scenario;
	size_t i;

	jsonw_open(j, "faults", '[');
	for (i = 0; i < s->nfaults; i++) {
		jsonw_open(j, NULL, '{');
		jsonw_text(j, "point", s->faults[i].point);
		if (s->faults[i].rule.device < r->world->ndevices)
			jsonw_text(j, "device",
				   world_id(r->world,
					    s->faults[i].rule.device));
		put_effect(j, r, &s->faults[i]);
		jsonw_uint(j, "calls", fault_rule_calls(r->faults,
							r->rules[i]));
		jsonw_uint(j, "hits", fault_rule_hits(r->faults, r->rules[i]));
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

static void put_entry(struct jsonw *j, const struct report *r,
		      const struct narrative_entry *e)
{
	jsonw_open(j, NULL, '{');
	jsonw_uint(j, "ps", e->time);
	jsonw_uint(j, "event", e->seq);
	if (e->device < r->world->ndevices)
		jsonw_text(j, "device", world_id(r->world, e->device));
	jsonw_text(j, "kind", kinds[e->kind]);
	jsonw_text(j, "rung", event_text(r->bus, e->rung));
	jsonw_text(j, "text", event_text(r->bus, e->text));
	put_errno(j, "error", e->error);
	if (e->point) {
		jsonw_text(j, "point", event_text(r->bus, e->point));
		jsonw_uint(j, "call", e->call);
	}
	if (e->kind == NARRATIVE_RUNG_FAILED || e->kind == NARRATIVE_FAILURE)
		jsonw_bool(j, "injected", e->injected);
	if (e->kind == NARRATIVE_FEATURES)
		put_features(j, r, "features", e->device, e->value);
	if (e->kind == NARRATIVE_BOUND) {
		jsonw_text(j, "interrupts", facts_mode_name(e->state.mode));
		jsonw_uint(j, "vectors", e->state.vectors);
		jsonw_uint(j, "queues", e->state.queues);
	}
	jsonw_close(j, '}');
}

static void put_narrative(struct jsonw *j, const struct report *r)
{
	size_t i;

	jsonw_open(j, "story", '[');
	for (i = 0; i < narrative_count(r->narrative); i++)
		put_entry(j, r, narrative_entry(r->narrative, i));
	jsonw_close(j, ']');
}

/* ---- devices ---- */

static void put_binds(struct jsonw *j, const struct report *r,
		      const struct facts_device *d)
{
	size_t i;

	jsonw_open(j, "binds", '[');
	for (i = 0; i < d->nbinds; i++) {
		const struct facts_bind *b = &d->binds[i];

		jsonw_open(j, NULL, '{');
		jsonw_text(j, "driver", event_text(r->bus, b->driver));
		jsonw_uint(j, "begin_ps", b->begin_ps);
		if (b->ended) {
			jsonw_uint(j, "end_ps", b->end_ps);
			jsonw_bool(j, "ok", !b->result);
			put_errno(j, "error", -b->result);
			jsonw_text(j, "interrupts",
				   facts_mode_name(b->state.mode));
			jsonw_uint(j, "vectors", b->state.vectors);
			jsonw_uint(j, "queues", b->state.queues);
			jsonw_text(j, "driver_says",
				   event_text(r->bus, b->rung));
		}
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

static void put_owners(struct jsonw *j, const struct report *r,
		       const struct facts_device *d)
{
	size_t i;

	jsonw_open(j, "interrupt_owners", '[');
	for (i = 0; i < d->nowners; i++) {
		const struct facts_owner *o = &d->owners[i];

		jsonw_open(j, NULL, '{');
		jsonw_text(j, "name", event_text(r->bus, o->name));
		jsonw_text(j, "source", o->source == MACHINE_IRQ_MSI ? "msi" :
								       "line");
		jsonw_uint(j, "cpu", o->cpu);
		jsonw_uint(j, "number", o->number);
		jsonw_uint(j, "bind", o->bind);
		jsonw_uint(j, "taken", facts_owner_entered(r->facts, o));
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

static void put_queues(struct jsonw *j, const struct facts_device *d)
{
	size_t i;

	jsonw_open(j, "queues", '[');
	for (i = 0; i < d->nqueues; i++) {
		const struct facts_queue *q = &d->queues[i];

		if (!q->last_size)
			continue;
		jsonw_open(j, NULL, '{');
		jsonw_uint(j, "queue", i);
		jsonw_uint(j, "size", q->last_size);
		jsonw_uint(j, "kicks", q->kicks);
		jsonw_uint(j, "used_updates", q->used);
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

static void put_counts(struct jsonw *j, const struct facts_device *d)
{
	static const char *const fates[] = {
		[MODEL_NOTIFY_SENT] = "sent",
		[MODEL_NOTIFY_PENDING] = "pending",
		[MODEL_NOTIFY_INTX] = "intx",
		[MODEL_NOTIFY_SUPPRESSED] = "suppressed",
		[MODEL_NOTIFY_NO_VECTOR] = "no_vector",
		[MODEL_NOTIFY_DROPPED] = "dropped",
	};
	unsigned int k;

	jsonw_open(j, "events", '{');
	for (k = 0; k < EV_COUNT; k++)
		if (d->events[k])
			jsonw_uint(j, event_kind_name((enum event_kind)k),
				   d->events[k]);
	jsonw_close(j, '}');
	jsonw_open(j, "notifications", '{');
	for (k = 0; k < sizeof(fates) / sizeof(fates[0]); k++)
		if (d->notify[k])
			jsonw_uint(j, fates[k], d->notify[k]);
	jsonw_close(j, '}');
	jsonw_uint(j, "dma_read_bytes", d->dma_read_bytes);
	jsonw_uint(j, "dma_write_bytes", d->dma_write_bytes);
	jsonw_uint(j, "intx_edges", d->intx_edges);
}

static void put_requests(struct jsonw *j, const struct facts_device *d)
{
	jsonw_open(j, "requests", '{');
	jsonw_uint(j, "completed", d->requests_completed);
	jsonw_uint(j, "failed", d->requests_failed);
	jsonw_close(j, '}');
	jsonw_open(j, "data", '{');
	jsonw_uint(j, "read_bytes", d->data_read_bytes);
	jsonw_crc(j, "read_crc32", d->data_read_crc);
	jsonw_uint(j, "written_bytes", d->data_written_bytes);
	jsonw_close(j, '}');
}

static void put_device(struct jsonw *j, const struct report *r, uint32_t i)
{
	const struct world_device *w = &r->world->devices[i];
	const struct facts_device *d = &r->facts->devices[i];
	struct facts_state state = facts_final(r->facts, i);
	char slot[16];

	snprintf(slot, sizeof(slot), "%02x:%02x.%x", w->bdf >> 8 & 0xff,
		 w->bdf >> 3 & 31, w->bdf & 7);
	jsonw_open(j, NULL, '{');
	jsonw_text(j, "id", w->id);
	jsonw_text(j, "model", w->model ? w->model->name : NULL);
	jsonw_text(j, "slot", slot);
	jsonw_text(j, "interrupts", facts_mode_name(state.mode));
	jsonw_uint(j, "vectors", state.vectors);
	put_features(j, r, "features_offered", i, w->offered);
	put_features(j, r, "features_negotiated", i, state.negotiated);
	put_binds(j, r, d);
	put_owners(j, r, d);
	put_queues(j, d);
	put_requests(j, d);
	put_counts(j, d);
	jsonw_uint(j, "violations", d->violations);
	jsonw_close(j, '}');
}

/* ---- the whole ---- */

static void put_irqs(struct jsonw *j, const struct report *r)
{
	size_t i;

	jsonw_open(j, "interrupts", '[');
	for (i = 0; i < r->facts->nirqs; i++) {
		const struct facts_irq *q = &r->facts->irqs[i];

		jsonw_open(j, NULL, '{');
		jsonw_text(j, "source", q->source == MACHINE_IRQ_MSI ? "msi" :
								       "line");
		jsonw_uint(j, "cpu", q->cpu);
		jsonw_uint(j, "number", q->number);
		jsonw_uint(j, "raised", q->raised);
		jsonw_uint(j, "taken", q->entered);
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

static void put_identity(struct jsonw *j, const struct report *r)
{
	const struct scenario *s = r->scenario;

	jsonw_open(j, "scenario", '{');
	jsonw_text(j, "path", s->path);
	jsonw_text(j, "cell", s->cell);
	jsonw_text(j, "name", s->name);
	jsonw_crc(j, "crc32", s->file_crc);
	jsonw_uint(j, "seed", s->seed);
	jsonw_text(j, "timing", s->timing);
	jsonw_close(j, '}');
	jsonw_open(j, "guest", '{');
	jsonw_text(j, "name", r->image);
	jsonw_crc(j, "crc32", r->image_crc);
	jsonw_close(j, '}');
}

static void put_outcome(struct jsonw *j, const struct report *r)
{
	const struct platform_outcome *o = r->outcome;
	size_t i;

	jsonw_text(j, "end", ends[o->end]);
	if (o->end != RUN_FINISHED) {
		jsonw_text(j, "end_code", o->code);
		jsonw_text(j, "end_text", o->text);
	}
	jsonw_uint(j, "simulated_ps", o->time_ps);
	jsonw_uint(j, "events", event_count(r->bus));
	if (o->end == RUN_FINISHED || !o->nstacks)
		return;
	jsonw_open(j, "stacks", '[');
	for (i = 0; i < o->nstacks; i++) {
		jsonw_open(j, NULL, '{');
		if (o->stacks[i].place) {
			jsonw_text(j, "place", o->stacks[i].place);
		} else {
			jsonw_text(j, "thread", o->stacks[i].thread);
			jsonw_uint(j, "cpu", o->stacks[i].cpu);
			jsonw_text(j, "waits_on", o->stacks[i].waits);
		}
		put_frames(j, "frames", o->stacks[i].frames,
			   o->stacks[i].count);
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

void report_json_members(struct jsonw *j, const struct report *r)
{
	enum report_verdict v = report_verdict(r);
	uint32_t i;

	jsonw_uint(j, "ringside_result", REPORT_JSON_VERSION);
	jsonw_text(j, "version", RINGSIDE_VERSION);
	jsonw_text(j, "verdict", report_verdict_name(v));
	jsonw_int(j, "exit", report_exit_code(v));
	put_identity(j, r);
	put_outcome(j, r);
	put_findings(j, r);
	jsonw_open(j, "devices", '[');
	for (i = 0; i < r->world->ndevices; i++)
		put_device(j, r, i);
	jsonw_close(j, ']');
	put_faults(j, r);
	put_irqs(j, r);
	put_narrative(j, r);
}

void report_json(const struct report *r, struct textbuf *out)
{
	struct jsonw j;

	jsonw_init(&j, out);
	jsonw_open(&j, NULL, '{');
	report_json_members(&j, r);
	jsonw_close(&j, '}');
}

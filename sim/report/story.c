/* SPDX-License-Identifier: MIT */
/*
 * What the drivers went through, a line an event in the order of time, and what
 * each device had done by the end.
 */
#include "sim/report/style.h"

#include <inttypes.h>
#include <string.h>

#include "guestdrv/abi/machine.h"

#define LINES_FIRST 60u  /* of a long story: its beginning, */
#define LINES_LAST 20u   /* and its end */

static void entry_head(const struct style *s, const struct report *r,
		       const struct narrative_entry *e)
{
	struct textbuf time;
	int i, width = 4;

	for (i = 0; i < (int)r->world->ndevices; i++)
		if ((int)strlen(r->world->devices[i].id) > width)
			width = (int)strlen(r->world->devices[i].id);
	textbuf_init(&time);
	textbuf_time(&time, e->time);
	textbuf_printf(s->out, "  %9s  ", time.failed ? "" : time.data);
	textbuf_free(&time);
	style_column(s, COLOUR_BOLD, e->device < r->world->ndevices ?
		     world_id(r->world, e->device) : "", width);
	textbuf_text(s->out, "  ");
}

static const char *entry_string(const struct report *r, uint32_t text)
{
	const char *t = event_text(r->bus, text);

	return t ? t : "";
}

/* ---- one line a kind ---- */

static void tell_probe(const struct style *s, const struct report *r,
		       const struct narrative_entry *e)
{
	textbuf_printf(s->out, "probe by %s", entry_string(r, e->text));
}

static void tell_remove(const struct style *s, const struct report *r,
			const struct narrative_entry *e)
{
	textbuf_printf(s->out, "remove by %s", entry_string(r, e->text));
}

static void tell_features(const struct style *s, const struct report *r,
			  const struct narrative_entry *e)
{
	const char *separator = " ", *name;
	unsigned int bit;

	textbuf_text(s->out, "features");
	for (bit = 0; bit < 64; bit++) {
		if (!(e->value >> bit & 1))
			continue;
		name = world_feature(r->world, e->device, bit);
		if (name && !strncmp(name, "VIRTIO_", 7))
			name += 7;
		textbuf_text(s->out, separator);
		if (name)
			textbuf_text(s->out, name);
		else
			textbuf_printf(s->out, "bit %u", bit);
		separator = ", ";
	}
}

static void tell_injected(const struct style *s,
			  const struct narrative_entry *e)
{
	if (!e->injected)
		return;
	textbuf_text(s->out, "  ");
	style_blame(s, e);
}

static void tell_failure(const struct style *s, const struct report *r,
			 const struct narrative_entry *e)
{
	const char *rung = event_text(r->bus, e->rung);

	if (rung)
		style_column(s, COLOUR_WARN, rung, 15);
	textbuf_text(s->out, rung ? " " : "");
	style_reason(s->out, r, e);
	tell_injected(s, e);
}

static void tell_owners(const struct style *s, const struct report *r,
			const struct narrative_entry *e)
{
	const struct facts_device *d = &r->facts->devices[e->device];
	size_t i;

	for (i = 0; i < d->nowners; i++) {
		const struct facts_owner *o = &d->owners[i];

		/* Only who was there when the probe returned: not the owners
		 * of rungs that were torn down. */
		if (o->bind != e->bind || o->taken_seq > e->seq ||
		    (o->released && o->released_seq < e->seq))
			continue;
		textbuf_printf(s->out, "\n%15s%-20s %s %" PRIu32
			       " of CPU %" PRIu32 ", %" PRIu64 " taken", "",
			       entry_string(r, o->name),
			       o->source == MACHINE_IRQ_MSI ? "vector" : "line",
			       o->number, o->cpu,
			       facts_owner_entered(r->facts, o));
	}
}

static void tell_bound(const struct style *s, const struct report *r,
		       const struct narrative_entry *e)
{
	const char *mode = facts_mode_name(e->state.mode);
	const char *said = event_text(r->bus, e->rung);

	textbuf_printf(s->out, "%s is bound", entry_string(r, e->text));
	/* A driver that only makes room for another one above it. */
	if (!e->state.driver_ok && !e->state.vectors && !e->state.queues)
		return;
	textbuf_text(s->out, ", ");
	style_text(s, COLOUR_GOOD, mode);
	textbuf_printf(s->out, ": %" PRIu32 " queue%s", e->state.queues,
		       e->state.queues == 1 ? "" : "s");
	if (e->state.vectors)
		textbuf_printf(s->out, ", %" PRIu32 " vector%s",
			       e->state.vectors,
			       e->state.vectors == 1 ? "" : "s");
	if (said && strcmp(said, mode))
		textbuf_printf(s->out, " (the driver says %s)", said);
	tell_owners(s, r, e);
}

static void tell_probe_failed(const struct style *s, const struct report *r,
			      const struct narrative_entry *e)
{
	const char *name = fault_errno_name(e->error);

	style_text(s, COLOUR_WARN, "probe failed");
	textbuf_printf(s->out, ": %s", name ? name : "unknown error");
	if (e->injected)
		textbuf_printf(s->out, ", by %s", entry_string(r, e->point));
	tell_injected(s, e);
}

static void tell_step(const struct style *s, const struct report *r,
		      const struct narrative_entry *e)
{
	const char *name = fault_errno_name(e->error);

	textbuf_printf(s->out, "%s: %s", entry_string(r, e->text),
		       !e->error ? "ok" : name ? name : "unknown error");
}

static void tell_needs_reset(const struct style *s, const struct report *r,
			     const struct narrative_entry *e)
{
	style_text(s, COLOUR_WARN, "device needs reset");
	textbuf_printf(s->out, ": %s", entry_string(r, e->text));
}

static void tell_violation(const struct style *s, const struct report *r,
			   const struct narrative_entry *e)
{
	style_text(s, COLOUR_WARN, "the guest broke a rule");
	textbuf_printf(s->out, ": %s", entry_string(r, e->text));
}

static void tell_fault(const struct style *s, const struct report *r,
		       const struct narrative_entry *e)
{
	const char *name = fault_errno_name(e->error);

	textbuf_printf(s->out, "fault %s", entry_string(r, e->point));
	if (name)
		textbuf_printf(s->out, " -> %s", name);
	textbuf_printf(s->out, "  injected, call %" PRIu64, e->call);
}

static void tell_note(const struct style *s, const struct report *r,
		      const struct narrative_entry *e)
{
	textbuf_text(s->out, entry_string(r, e->text));
}

typedef void tell_fn(const struct style *s, const struct report *r,
		     const struct narrative_entry *e);

static tell_fn *const tellers[] = {
	[NARRATIVE_PROBE] = tell_probe,
	[NARRATIVE_FEATURES] = tell_features,
	[NARRATIVE_RUNG_FAILED] = tell_failure,
	[NARRATIVE_FAILURE] = tell_failure,
	[NARRATIVE_BOUND] = tell_bound,
	[NARRATIVE_PROBE_FAILED] = tell_probe_failed,
	[NARRATIVE_REMOVE] = tell_remove,
	[NARRATIVE_NEEDS_RESET] = tell_needs_reset,
	[NARRATIVE_VIOLATION] = tell_violation,
	[NARRATIVE_FAULT] = tell_fault,
	[NARRATIVE_STEP] = tell_step,
	[NARRATIVE_NOTE] = tell_note,
};

/* A fault that is told with what it caused has no line of its own. */
static bool has_line(const struct narrative_entry *e)
{
	return e->kind != NARRATIVE_FAULT || !e->injected;
}

bool story_entry(const struct style *s, const struct report *r,
		 const struct narrative_entry *e)
{
	if (!has_line(e))
		return false;
	tellers[e->kind](s, r, e);
	return true;
}

static void tell_story(const struct style *s, const struct report *r)
{
	size_t n = narrative_count(r->narrative), i, line = 0, lines = 0;

	for (i = 0; i < n; i++)
		lines += has_line(narrative_entry(r->narrative, i));
	for (i = 0; i < n; i++) {
		const struct narrative_entry *e =
			narrative_entry(r->narrative, i);

		if (!has_line(e))
			continue;
		line++;
		if (lines > LINES_FIRST + LINES_LAST && line > LINES_FIRST &&
		    line <= lines - LINES_LAST) {
			if (line == LINES_FIRST + 1)
				textbuf_printf(s->out, "  ... %zu more lines\n",
					       lines - LINES_FIRST -
						       LINES_LAST);
			continue;
		}
		entry_head(s, r, e);
		tellers[e->kind](s, r, e);
		textbuf_char(s->out, '\n');
	}
}

/* ---- sums ---- */

static void sum_data(const struct style *s, const struct facts_device *d)
{
	if (!d->data_read_bytes && !d->data_written_bytes)
		return;
	textbuf_text(s->out, "    data        ");
	report_bytes(s->out, d->data_read_bytes);
	textbuf_printf(s->out, " read and compared, CRC-32 0x%08" PRIx32,
		       d->data_read_crc);
	if (d->data_written_bytes) {
		textbuf_text(s->out, "; ");
		report_bytes(s->out, d->data_written_bytes);
		textbuf_text(s->out, " written");
	}
	textbuf_char(s->out, '\n');
}

static void sum_interrupts(const struct style *s, const struct facts_device *d)
{
	static const struct {
		enum model_notify fate;
		const char *what;
	} fates[] = {
		{ MODEL_NOTIFY_SUPPRESSED, "suppressed by the driver" },
		{ MODEL_NOTIFY_PENDING, "kept pending" },
		{ MODEL_NOTIFY_NO_VECTOR, "without a vector" },
		{ MODEL_NOTIFY_DROPPED, "dropped" },
	};
	size_t i;

	textbuf_printf(s->out, "    interrupts  %" PRIu64 " MSI-X message%s, %"
		       PRIu64 " INTx edge%s", d->events[EV_MSI],
		       d->events[EV_MSI] == 1 ? "" : "s", d->intx_edges,
		       d->intx_edges == 1 ? "" : "s");
	for (i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		if (d->notify[fates[i].fate])
			textbuf_printf(s->out, ", %" PRIu64 " %s",
				       d->notify[fates[i].fate],
				       fates[i].what);
	textbuf_char(s->out, '\n');
}

static void sum_bus(const struct style *s, const struct facts_device *d)
{
	const uint64_t *n = d->events;

	textbuf_printf(s->out, "    bus         %" PRIu64 " config, %" PRIu64
		       " register accesses; DMA %" PRIu64 " reads (",
		       n[EV_CONFIG_READ] + n[EV_CONFIG_WRITE],
		       n[EV_MMIO_READ] + n[EV_MMIO_WRITE] + n[EV_IO_READ] +
		       n[EV_IO_WRITE], n[EV_DMA_READ]);
	report_bytes(s->out, d->dma_read_bytes);
	textbuf_printf(s->out, "), %" PRIu64 " writes (", n[EV_DMA_WRITE]);
	report_bytes(s->out, d->dma_write_bytes);
	textbuf_text(s->out, ")\n");
}

static void sum_device(const struct style *s, const struct report *r, size_t i)
{
	const struct world_device *w = &r->world->devices[i];
	const struct facts_device *d = &r->facts->devices[i];
	struct facts_state state = facts_final(r->facts, (uint32_t)i);

	textbuf_text(s->out, "\n  ");
	style_text(s, COLOUR_BOLD, w->id);
	textbuf_printf(s->out, "  %s at %02" PRIx32 ":%02" PRIx32 ".%" PRIx32
		       ", interrupts %s at the end\n",
		       w->model ? w->model->name : "device", w->bdf >> 8,
		       w->bdf >> 3 & 31, w->bdf & 7,
		       facts_mode_name(state.mode));
	if (d->requests_completed || d->requests_failed)
		textbuf_printf(s->out, "    requests    %" PRIu64
			       " completed, %" PRIu64 " failed; %" PRIu64
			       " kicks\n", d->requests_completed,
			       d->requests_failed,
			       d->model_events[MODEL_EV_KICK]);
	sum_data(s, d);
	sum_interrupts(s, d);
	sum_bus(s, d);
}

void story_text(const struct style *s, const struct report *r)
{
	size_t i;

	tell_story(s, r);
	for (i = 0; i < r->world->ndevices; i++)
		sum_device(s, r, i);
}

/* SPDX-License-Identifier: MIT */
/*
 * What ISR status may and must show at a read, and PCI Status with it, and when
 * the pin may fall.
 *
 *   decision (MODEL_EV_NOTIFY) -> bit set, pin up -> read: all bits clear, pin down
 *
 * A read is seen at the moment at which the device answers it, before what it
 * causes; the pin's changes are seen when they arrive.
 */
#include "sim/check/isr.h"

#include <stdlib.h>

#include "models/pci/function.h"

#define ISR_QUEUE 0x1u   /* virtio 1.2 4.1.4.5 */
#define ISR_CONFIG 0x2u
#define HEADER_BYTES 0x40u      /* PCI 3.0 6.1 */
#define PCI_STATUS 0x06u        /* 6.2.3 */
#define STATUS_INTERRUPT 0x08u
#define MSIX_ENABLE 0x8000u     /* 6.8.2.3 */
#define CONFIG_SOURCE 0xffffu /* MODEL_EV_NOTIFY: a config event */

enum rule {
	RULE_SHOWN_AGAIN,
	RULE_QUEUE_NOT_SHOWN,
	RULE_CONFIG_NOT_SHOWN,
	RULE_STATUS,
	RULE_FELL,
	RULE_STAYED
};

static const char *const texts[] = {
	[RULE_SHOWN_AGAIN] =
		"showed in ISR status what had been read already, or was from "
		"before a reset (virtio 1.2 4.1.4.5.1)",
	[RULE_QUEUE_NOT_SHOWN] =
		"interrupted for a queue and did not show it in ISR status "
		"(virtio 1.2 4.1.4.5.1)",
	[RULE_CONFIG_NOT_SHOWN] =
		"interrupted for a configuration change and did not show it in "
		"ISR status (virtio 1.2 4.1.4.5.1)",
	[RULE_STATUS] =
		"showed in PCI Status another state of its interrupt than in ISR "
		"status (virtio 1.2 4.1.4.5.1)",
	[RULE_FELL] =
		"deasserted its pin before anybody had read ISR status: a level, "
		"not an edge (PCI 3.0 2.2.6)",
	[RULE_STAYED] =
		"kept its pin asserted after ISR status was read (virtio 1.2 "
		"4.1.4.5)",
};

static const enum clause clauses[sizeof(texts) / sizeof(texts[0])] = {
	[RULE_SHOWN_AGAIN] = CLAUSE_PCI_ISR_V5,
	[RULE_QUEUE_NOT_SHOWN] = CLAUSE_PCI_ISR_V3,
	[RULE_CONFIG_NOT_SHOWN] = CLAUSE_PCI_ISR_V2,
	[RULE_STATUS] = CLAUSE_PCI_ISR_V4,
	[RULE_FELL] = CLAUSE_PCI_BUS_V1,
};

struct state {
	struct world_place isr[2]; /* of the modern and the legacy interface */
	uint8_t may, must;   /* be shown by the next read */
	bool shown;          /* a read has shown something */
	bool msix, resetting;
	bool pending;        /* PCI Status showed an interrupt, which is none
	                        unless ISR status shows it */
	struct event status; /* then */
	bool due;            /* an interrupt by the pin was decided, not read */
	unsigned int acks;   /* reasons for a fall of the pin that may still come */
	uint64_t ack_time;
	bool line_up;
	bool must_fall;      /* by this CPU's next access */
	uint8_t reader;
	bool fell;           /* for no reason that was seen yet */
	struct event fall;
};

/* What see_model() looks at. */
#define MODELS                                                                 \
	(1ull << MODEL_EV_NOTIFY | 1ull << MODEL_EV_RESET |                    \
	 1ull << MODEL_EV_COMMAND | 1ull << MODEL_EV_MSIX_CONTROL)

struct isr_check {
	struct rules rules;
	struct state *devices;
};

/* With any next event of the device: what was waited for has not come. */
static void settle(struct isr_check *c, struct state *d)
{
	if (d->fell)
		rule_broken(&c->rules, &d->fall, RULE_FELL);
	d->fell = false;
}

/* A read's completion pushes what the device posted before it (PCI 3.0 3.2.5),
 * so the pin has fallen before whoever read can go on. */
static void settle_read(struct isr_check *c, struct state *d,
			const struct event *ev)
{
	if (!d->must_fall || ev->cpu != d->reader)
		return;
	d->must_fall = false;
	rule_broken(&c->rules, ev, RULE_STAYED);
}

/* Something that may end the pin, or not. */
static void excuse(struct state *d, const struct event *ev)
{
	if (d->due || d->line_up) {
		d->acks++;
		d->ack_time = ev->time;
	}
	d->must_fall = false;
}

static void see_notify(struct state *d, const struct event *ev)
{
	uint8_t bit = ev->index == CONFIG_SOURCE ? ISR_CONFIG : ISR_QUEUE;

	if (ev->value == MODEL_NOTIFY_INTX) {
		d->due = true;
		d->must_fall = false;
	}
	/* The bit of the configuration is set with MSI-X on too. */
	if (ev->value == MODEL_NOTIFY_INTX ||
	    (ev->value == MODEL_NOTIFY_SENT && bit == ISR_CONFIG))
		d->must |= bit;
	if (!d->msix || bit == ISR_CONFIG)
		d->may |= bit;
}

static void see_model(struct state *d, const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_NOTIFY:
		see_notify(d, ev);
		break;
	case MODEL_EV_RESET:
		excuse(d, ev);
		d->must = 0;
		/* A reset that has begun may take its time. */
		if (ev->value)
			d->may = 0;
		d->due = false;
		d->resetting = !ev->value;
		d->pending = false;
		break;
	case MODEL_EV_MSIX_CONTROL:
		d->msix = ev->value & MSIX_ENABLE;
		excuse(d, ev);
		break;
	case MODEL_EV_COMMAND:
		excuse(d, ev);
		break;
	default:
		break;
	}
}

/* At a read: whatever must be shown is, and nothing that may not be. */
static void judge_shown(struct isr_check *c, struct state *d,
			const struct event *ev, uint8_t value)
{
	if (value & ~d->may)
		rule_broken(&c->rules, ev, RULE_SHOWN_AGAIN);
	else if (d->shown)
		rule_kept(&c->rules, RULE_SHOWN_AGAIN);
	d->shown |= value != 0;
	if (d->must & ISR_QUEUE)
		rule_judge(&c->rules, ev, RULE_QUEUE_NOT_SHOWN,
			   value & ISR_QUEUE);
	if (d->must & ISR_CONFIG)
		rule_judge(&c->rules, ev, RULE_CONFIG_NOT_SHOWN,
			   value & ISR_CONFIG);
}

static void see_read(struct isr_check *c, struct state *d,
		     const struct event *ev)
{
	uint8_t value = (uint8_t)ev->value;

	/* A fall that arrives with its read is seen before it. */
	if (d->fell && ev->time == d->fall.time && value)
		d->fell = false;
	else if (value)
		d->acks++;
	settle(c, d);
	judge_shown(c, d, ev, value);
	if (d->pending && !value)
		rule_broken(&c->rules, &d->status, RULE_STATUS);
	d->pending = false;
	d->must_fall = value && d->line_up;
	d->reader = ev->cpu;
	d->ack_time = ev->time;
	d->may = d->must = 0;
	d->due = false;
}

static void see_pin(struct state *d, const struct event *ev)
{
	d->line_up = ev->value != 0;
	if (d->line_up) {
		if (rule_settled(ev->time, d->ack_time))
			d->acks = 0;
		return;
	}
	d->must_fall = false;
	if (d->acks) {
		d->acks--;
	} else {
		d->fell = true;
		d->fall = *ev;
	}
}

/* Interrupt Status is there with Interrupt Disable set too (PCI 3.0 6.2.3). */
static void see_status(struct isr_check *c, struct state *d,
		       const struct event *ev)
{
	bool shown;

	if (ev->kind != EV_CONFIG_READ || ev->addr > PCI_STATUS ||
	    ev->addr + ev->len <= PCI_STATUS || d->msix || d->resetting ||
	    rule_all_ones(ev->value, ev->len))
		return;
	shown = ev->value >> (PCI_STATUS - ev->addr) * 8 & STATUS_INTERRUPT;
	if (d->must)
		rule_judge(&c->rules, ev, RULE_STATUS, shown);
	else if (!d->may && !shown)
		rule_kept(&c->rules, RULE_STATUS);
	d->pending = shown && !d->may;
	d->status = *ev;
}

/* Capabilities: power management ends the pin, a window reads ISR status. */
static void see_config(struct isr_check *c, struct state *d,
		       const struct event *ev)
{
	see_status(c, d, ev);
	if (ev->addr < HEADER_BYTES)
		return;
	excuse(d, ev);
	d->must = 0;
	d->pending = false;
}

/* NULL: of no device that has ISR status. */
static struct state *state_of(struct isr_check *c, const struct event *ev)
{
	if (ev->device >= c->rules.world->ndevices ||
	    !c->devices[ev->device].isr[0].known)
		return NULL;
	return &c->devices[ev->device];
}

static void on_access(struct observer *o, const struct event *ev)
{
	struct isr_check *c = (struct isr_check *)o;
	struct state *d = state_of(c, ev);
	bool is_read = ev->kind == EV_MMIO_READ || ev->kind == EV_IO_READ;

	if (!d)
		return;
	settle_read(c, d, ev);
	if (is_read && !rule_all_ones(ev->value, ev->len) &&
	    (world_at(&d->isr[0], ev) || world_at(&d->isr[1], ev)))
		see_read(c, d, ev);
}

static void on_other(struct observer *o, const struct event *ev)
{
	struct isr_check *c = (struct isr_check *)o;
	struct state *d = state_of(c, ev);

	if (!d)
		return;
	settle(c, d);
	if (ev->kind == EV_MODEL)
		see_model(d, ev);
	else if (ev->kind == EV_INTX)
		see_pin(d, ev);
	else
		see_config(c, d, ev);
}

/* What a model tells beside what see_model() looks at. */
static void on_model(struct observer *o, const struct event *ev)
{
	struct isr_check *c = (struct isr_check *)o;
	struct state *d = state_of(c, ev);

	if (d)
		settle(c, d);
}

struct isr_check *isr_check_create(const struct world *w, struct event_bus *bus,
				   struct findings *f)
{
	struct isr_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!rules_init(&c->rules, w, f, texts, clauses) || !c->devices) {
		isr_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < 2 * w->ndevices; i++)
		c->devices[i / 2].isr[i % 2] = world_register(
			w, (uint32_t)i / 2, "ISR status", i % 2);
	rules_end_at_bus_faults(&c->rules, bus);
	event_bus_add_model(bus, &c->rules.observer, MODELS, on_other);
	event_bus_add_model(bus, &c->rules.observer, ~MODELS, on_model);
	event_bus_add_kind(bus, &c->rules.observer, EV_INTX, on_other);
	event_bus_add_kind(bus, &c->rules.observer, EV_CONFIG_READ, on_other);
	event_bus_add_kind(bus, &c->rules.observer, EV_CONFIG_WRITE, on_other);
	event_bus_add_kind(bus, &c->rules.observer, EV_MMIO_READ, on_access);
	event_bus_add_kind(bus, &c->rules.observer, EV_MMIO_WRITE, on_access);
	event_bus_add_kind(bus, &c->rules.observer, EV_IO_READ, on_access);
	event_bus_add_kind(bus, &c->rules.observer, EV_IO_WRITE, on_access);
	return c;
}

void isr_check_destroy(struct isr_check *c)
{
	if (!c)
		return;
	free(c->devices);
	rules_free(&c->rules);
	free(c);
}

void isr_check_end(struct isr_check *c)
{
	size_t i;

	for (i = 0; i < c->rules.world->ndevices; i++)
		settle(c, &c->devices[i]);
}

/* SPDX-License-Identifier: MIT */
/*
 * Follows each interrupt from the device's decision (MODEL_EV_NOTIFY) over the
 * message or the line to the guest's interrupt entry.
 *
 *   NOTIFY sent / pending bit delivered -> EV_MSI -> EV_IRQ_RAISE -> EV_IRQ_ENTER
 *   NOTIFY intx                         -> EV_INTX 1 ...        (level)
 *
 * A raise of a vector that is raised already is absorbed by it.  A reset, Bus
 * Master off or an unplug may discard messages that were not posted yet; those
 * that were arrive nevertheless.
 */
#include "sim/check/interrupts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"

#define COMMAND_BUS_MASTER 0x0004u   /* PCI 3.0 6.2.2 */
#define MESSAGE_FAULT "bus.msi="       /* a fault point, and its effects */
#define PULLED_OUT "bus.device=gone"   /* as a fault's event names it */
#define COMMAND_INTX_DISABLE 0x0400u
/* From the controller to the handler, at most: profiles say less. */
#define ENTRY_SLACK_PS 1000000ull
/* What was posted before a reset arrives so long after it, at most. */
#define POSTED_PS 10000000ull

struct device_state {
	bool tells;          /* sends MODEL_EV_NOTIFY at all */
	uint64_t owed;       /* messages decided, not yet seen on the bus */
	uint64_t owed_seq;   /* event of the last decision */
	uint64_t late;       /* owed at a reset: may come until `late_until` */
	uint64_t late_until;
	bool intx_owed;      /* an interrupt was decided, the line is not up */
	uint64_t intx_seq;
	bool line_up;
	uint64_t line_seq;
	bool reported;       /* an extra message, once a device */
	bool injected;       /* a fault made a message late, or sent one twice */
};

/* A vector or line of a CPU. */
struct input {
	uint32_t cpu, source, number;
	bool raised;
	uint64_t raised_seq, raised_time;
	uint64_t raises, enters;
};

struct interrupt_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct device_state *devices;
	struct input *inputs;
	size_t ninputs, capacity;
	uint64_t unraised;   /* messages on the bus, nothing raised yet */
	uint64_t unraised_seq, unraised_time;
	uint32_t unraised_device;
};

static struct finding *lost(struct interrupt_check *c, uint32_t device,
			    uint64_t seq, const char *text)
{
	struct finding *f = findings_add(c->findings, "interrupt-lost", "%s",
					 text);

	f->device = device;
	f->event = seq;
	return f;
}

/* Nothing is owed any more; what is on its way may come. */
static void let_off(struct device_state *d, const struct event *ev)
{
	d->late = d->owed + (ev->time <= d->late_until ? d->late : 0);
	d->late_until = ev->time + POSTED_PS;
	d->owed = 0;
}

static void see_notify(struct interrupt_check *c, struct device_state *d,
		       const struct event *ev)
{
	(void)c;
	d->tells = true;
	if (ev->value == MODEL_NOTIFY_SENT) {
		d->owed++;
		d->owed_seq = ev->seq;
	} else if (ev->value == MODEL_NOTIFY_INTX && !d->line_up) {
		d->intx_owed = true;
		d->intx_seq = ev->seq;
	}
}

static void see_model(struct interrupt_check *c, struct device_state *d,
		      const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_NOTIFY:
		see_notify(c, d, ev);
		break;
	case MODEL_EV_MSIX_PENDING:
		if (!ev->value) {
			d->owed++;
			d->owed_seq = ev->seq;
		}
		break;
	case MODEL_EV_RESET:
		let_off(d, ev);
		d->intx_owed = false;
		break;
	case MODEL_EV_COMMAND:
		if (!(ev->value & COMMAND_BUS_MASTER))
			let_off(d, ev);
		if (ev->value & COMMAND_INTX_DISABLE)
			d->intx_owed = false;
		break;
	default:
		break;
	}
}

/* The previous message must have raised something by the time that the next one
 * arrives: the controller takes no time. */
static void check_unraised(struct interrupt_check *c)
{
	struct finding *f;

	if (!c->unraised)
		return;
	f = lost(c, c->unraised_device, c->unraised_seq,
		 "a message reached the interrupt controller, which raised "
		 "nothing");
	f->time = c->unraised_time;
	c->unraised = 0;
}

static void see_msi(struct interrupt_check *c, struct device_state *d,
		    const struct event *ev)
{
	struct finding *f;

	check_unraised(c);
	c->unraised = 1;
	c->unraised_seq = ev->seq;
	c->unraised_time = ev->time;
	c->unraised_device = ev->device;
	if (ev->text) /* the bus made it */
		return;
	if (d->owed) {
		d->owed--;
		return;
	}
	if (d->late && ev->time <= d->late_until) {
		d->late--;
		return;
	}
	if (!d->tells || d->reported || d->injected)
		return;
	d->reported = true;
	f = findings_add(c->findings, "interrupt-from-nowhere",
			 "message of vector %" PRIu32
			 ": the device had decided to send none", ev->index);
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
}

static void see_intx(struct device_state *d, const struct event *ev)
{
	d->line_up = ev->value != 0;
	d->line_seq = ev->seq;
	if (d->line_up)
		d->intx_owed = false;
}

static struct input *input_at(struct interrupt_check *c, const struct event *ev)
{
	size_t n = c->capacity ? c->capacity * 2 : 16, i;
	struct input *in;

	for (i = 0; i < c->ninputs; i++) {
		in = &c->inputs[i];
		if (in->number == ev->value && in->cpu == ev->cpu &&
		    in->source == ev->index)
			return in;
	}
	if (c->ninputs == c->capacity) {
		in = realloc(c->inputs, n * sizeof(*in));
		if (!in)
			return NULL;
		c->inputs = in;
		c->capacity = n;
	}
	in = &c->inputs[c->ninputs++];
	memset(in, 0, sizeof(*in));
	in->cpu = ev->cpu;
	in->source = ev->index;
	in->number = (uint32_t)ev->value;
	return in;
}

static void see_irq(struct interrupt_check *c, const struct event *ev)
{
	struct input *in = input_at(c, ev);
	struct finding *f;

	if (!in)
		return;
	if (ev->kind == EV_IRQ_RAISE) {
		if (in->source == MACHINE_IRQ_MSI)
			c->unraised = 0;
		in->raised = true;
		in->raised_seq = ev->seq;
		in->raised_time = ev->time;
		in->raises++;
		return;
	}
	in->enters++;
	/* A line that is still asserted is delivered again without a raise. */
	if (!in->raised && in->source == MACHINE_IRQ_MSI) {
		f = findings_add(c->findings, "interrupt-from-nowhere",
				 "vector %" PRIu32 " of CPU %" PRIu32
				 " was taken and had not been raised",
				 in->number, in->cpu);
		f->event = ev->seq;
		f->time = ev->time;
	}
	in->raised = false;
}

static void on_irq(struct observer *o, const struct event *ev)
{
	see_irq((struct interrupt_check *)o, ev);
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct interrupt_check *c = (struct interrupt_check *)o;

	if (ev->device < c->world->ndevices)
		see_model(c, &c->devices[ev->device], ev);
}

/* By a fault, which the text names; or there is nobody at that address. */
static void see_lost(struct interrupt_check *c, const struct event_bus *bus,
		     const struct event *ev)
{
	const char *why = event_text(bus, ev->text);
	struct finding *f;

	if (ev->index == EVENT_NO_INDEX)
		f = lost(c, ev->device, ev->seq, "a message went to an address "
			 "and vector that nobody serves");
	else
		f = findings_add(c->findings, "interrupt-lost",
				 "the message of vector %" PRIu32 " was %s",
				 ev->index, why ? why : "lost");
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
}

static void on_message(struct observer *o, const struct event *ev)
{
	struct interrupt_check *c = (struct interrupt_check *)o;

	if (ev->kind == EV_MSI_LOST)
		c->unraised = 0;
	if (ev->device >= c->world->ndevices)
		return;
	if (ev->kind == EV_MSI)
		see_msi(c, &c->devices[ev->device], ev);
	else
		see_lost(c, o->bus, ev);
}

/* A message that is late may come when its device has been reset.  What was
 * pulled out drives no pin. */
static void on_fault(struct observer *o, const struct event *ev)
{
	struct interrupt_check *c = (struct interrupt_check *)o;
	const char *text = event_text(o->bus, ev->text);
	struct device_state *d;

	if (ev->device >= c->world->ndevices || !text)
		return;
	d = &c->devices[ev->device];
	if (!strncmp(text, MESSAGE_FAULT, strlen(MESSAGE_FAULT)))
		d->injected = true;
	if (strcmp(text, PULLED_OUT))
		return;
	let_off(d, ev);
	d->intx_owed = false;
}

static void on_intx(struct observer *o, const struct event *ev)
{
	struct interrupt_check *c = (struct interrupt_check *)o;

	if (ev->device < c->world->ndevices)
		see_intx(&c->devices[ev->device], ev);
}

static void end_device(struct interrupt_check *c, uint32_t device)
{
	const struct device_state *d = &c->devices[device];

	if (d->owed)
		lost(c, device, d->owed_seq, "the device decided to send a "
		     "message, and none came");
	if (d->intx_owed)
		lost(c, device, d->intx_seq, "the device had an interrupt to "
		     "announce, and its line was not asserted");
	if (d->line_up) {
		struct finding *f = findings_add(c->findings, "intx-stuck",
			"the line is still asserted at the end; nobody "
			"acknowledged it");

		f->device = device;
		f->event = d->line_seq;
	}
}

void interrupt_check_end(struct interrupt_check *c, uint64_t time)
{
	size_t i;

	check_unraised(c);
	for (i = 0; i < c->world->ndevices; i++)
		end_device(c, (uint32_t)i);
	for (i = 0; i < c->ninputs; i++) {
		const struct input *in = &c->inputs[i];
		struct finding *f;

		/* One raised in the run's last moments is pending. */
		if (!in->raised || in->raised_time + ENTRY_SLACK_PS >= time ||
		    in->source != MACHINE_IRQ_MSI)
			continue;
		f = findings_add(c->findings, "interrupt-lost",
				 "vector %" PRIu32 " of CPU %" PRIu32
				 " was raised and never taken", in->number,
				 in->cpu);
		f->event = in->raised_seq;
		f->time = in->raised_time;
	}
}

struct interrupt_check *interrupt_check_create(const struct world *w,
					       struct event_bus *bus,
					       struct findings *f)
{
	struct interrupt_check *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1,
			    sizeof(*c->devices));
	if (!c->devices) {
		free(c);
		return NULL;
	}
	c->world = w;
	c->findings = f;
	event_bus_add_model(bus, &c->observer,
			    1ull << MODEL_EV_NOTIFY |
			    1ull << MODEL_EV_MSIX_PENDING |
			    1ull << MODEL_EV_RESET | 1ull << MODEL_EV_COMMAND,
			    on_model);
	event_bus_add_kind(bus, &c->observer, EV_MSI, on_message);
	event_bus_add_kind(bus, &c->observer, EV_MSI_LOST, on_message);
	event_bus_add_kind(bus, &c->observer, EV_FAULT, on_fault);
	event_bus_add_kind(bus, &c->observer, EV_INTX, on_intx);
	event_bus_add_kind(bus, &c->observer, EV_IRQ_RAISE, on_irq);
	event_bus_add_kind(bus, &c->observer, EV_IRQ_ENTER, on_irq);
	return c;
}

void interrupt_check_destroy(struct interrupt_check *c)
{
	if (!c)
		return;
	free(c->devices);
	free(c->inputs);
	free(c);
}

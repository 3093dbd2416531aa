/* SPDX-License-Identifier: MIT */
/*
 * Holds a device model to the rules of PCI and virtio: those about what it may
 * send and access at all.  The others are in isr.c, msix.c, queue.c and setup.c.
 * Each rule is told once a device.  Rules about virtio apply to devices whose
 * device_status was seen to move.
 */
#include "sim/check/model.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/function.h"
#include "sim/check/isr.h"
#include "sim/check/msix.h"
#include "sim/check/queue.h"
#include "sim/check/rule.h"
#include "sim/check/setup.h"
#include "sim/observe/array.h"

#define COMMAND_BUS_MASTER 0x0004u   /* PCI 3.0 6.2.2 */
#define COMMAND_INTX_DISABLE 0x0400u
#define MSIX_ENABLE 0x8000u          /* PCI 3.0 6.8.2.3 */
#define MSIX_FUNCTION_MASK 0x4000u
#define STATUS_DRIVER_OK 0x4u        /* virtio 1.2 2.1 */
#define NO_VECTOR 0xffffu
#define CONFIG_SOURCE 0xffffu        /* MODEL_EV_NOTIFY: a config event */
#define MAX_QUEUES 1024u

enum rule {
	RULE_MSI_BUS_MASTER,
	RULE_MSI_DISABLED,
	RULE_MSI_MASKED,
	RULE_QUEUE_NO_VECTOR,
	RULE_CONFIG_NO_VECTOR,
	RULE_INTX_MSIX,
	RULE_INTX_DISABLED,
	RULE_DMA_BUS_MASTER,
	RULE_DMA_DRIVER_OK,
	RULE_DMA_RESET,
	RULE_USED_DISABLED,
	RULE_RESET_LINE,
	RULE_COUNT
};

static const char *const rule_texts[RULE_COUNT] = {
	[RULE_MSI_BUS_MASTER] =
		"sent a message with Bus Master off (PCI 3.0 6.2.2)",
	[RULE_MSI_DISABLED] =
		"sent or kept a message with MSI-X off (PCI 3.0 6.8.3.3)",
	[RULE_MSI_MASKED] =
		"sent a message with the function masked (PCI 3.0 6.8.2.3)",
	[RULE_QUEUE_NO_VECTOR] =
		"sent a message for a queue that has no vector (virtio 1.2 "
		"4.1.5.3.1)",
	[RULE_CONFIG_NO_VECTOR] =
		"sent a message for a configuration change, which has no vector "
		"(virtio 1.2 4.1.5.4.1)",
	[RULE_INTX_MSIX] =
		"signalled INTx with MSI-X on (PCI 3.0 6.8.3.3)",
	[RULE_INTX_DISABLED] =
		"asserted its pin with Interrupt Disable set (PCI 3.0 6.2.2)",
	[RULE_DMA_BUS_MASTER] =
		"made a DMA access with Bus Master off (PCI 3.0 6.2.2)",
	[RULE_DMA_DRIVER_OK] =
		"made a DMA access before DRIVER_OK (virtio 1.2 2.1.2)",
	[RULE_DMA_RESET] =
		"made a DMA access after a reset (virtio 1.2 2.4.1)",
	[RULE_USED_DISABLED] =
		"moved the used index of a queue that is not enabled",
	[RULE_RESET_LINE] =
		"kept its pin asserted over a reset (virtio 1.2 2.4.1)",
};

static const enum clause clauses[sizeof(rule_texts) / sizeof(rule_texts[0])] = {
	/* The function is to be one as PCI asks. */
	[RULE_MSI_BUS_MASTER] = CLAUSE_PCI_BUS_V1,
	[RULE_MSI_DISABLED] = CLAUSE_PCI_BUS_V1,
	[RULE_MSI_MASKED] = CLAUSE_PCI_BUS_V1,
	[RULE_INTX_MSIX] = CLAUSE_PCI_BUS_V1,
	[RULE_INTX_DISABLED] = CLAUSE_PCI_BUS_V1,
	[RULE_DMA_BUS_MASTER] = CLAUSE_PCI_BUS_V1,
	[RULE_QUEUE_NO_VECTOR] = CLAUSE_PCI_UBN_V1,
	[RULE_CONFIG_NO_VECTOR] = CLAUSE_PCI_CCN_V1,
	[RULE_DMA_DRIVER_OK] = CLAUSE_STAT_V1,
	[RULE_DMA_RESET] = CLAUSE_RST_V2,
	[RULE_RESET_LINE] = CLAUSE_RST_V2,
};

struct queue_state {
	uint32_t size;       /* 0: not enabled */
	bool vector;         /* mapped */
};

struct model_state {
	uint32_t command, msix;
	uint64_t command_time, msix_time;
	bool virtio, driver_ok;
	bool legacy;         /* driven through its I/O registers */
	bool may_dma;        /* no rule is against it, whatever the time */
	uint64_t status_time;
	bool config_vector;
	bool line_up;
	bool idle;           /* device_status is 0 since the last reset */
	bool must_fall;      /* the pin was up, or came up, after that reset */
	struct event reset;  /* its end */
	struct queue_state *queues;
	size_t nqueues;
};

/* What see_model() looks at. */
#define MODELS                                                                 \
	(1ull << MODEL_EV_COMMAND | 1ull << MODEL_EV_MSIX_CONTROL |            \
	 1ull << MODEL_EV_STATUS | 1ull << MODEL_EV_CONFIG_VECTOR |            \
	 1ull << MODEL_EV_QUEUE_VECTOR | 1ull << MODEL_EV_QUEUE_ENABLE |       \
	 1ull << MODEL_EV_RESET)

struct model_check {
	struct rules rules;
	struct event_bus *bus;
	struct model_state *devices;
	size_t ndoubtful;    /* devices that may not make DMA accesses */
	struct isr_check *isr;
	struct msix_check *msix;
	struct queue_check *queue;
	struct setup_check *setup;
};

static struct queue_state *__attribute__((noinline, cold))
new_queue(struct model_state *d, uint32_t q)
{
	struct queue_state *bigger;

	if (q >= MAX_QUEUES)
		return NULL;
	bigger = array_reach(d->queues, &d->nqueues, sizeof(*bigger), q);
	if (!bigger)
		return NULL;
	d->queues = bigger;
	return &d->queues[q];
}

static struct queue_state *queue_at(struct model_state *d, uint32_t q)
{
	return q < d->nqueues ? &d->queues[q] : new_queue(d, q);
}

/* ---- decisions of the model: exact, nothing is on its way ---- */

static void see_notify(struct model_check *c, struct model_state *d,
		       const struct event *ev)
{
	const struct queue_state *q = NULL;
	bool sent = ev->value == MODEL_NOTIFY_SENT;
	bool config = ev->index == CONFIG_SOURCE;

	if (!config && ev->index < d->nqueues)
		q = &d->queues[ev->index];
	if (ev->value == MODEL_NOTIFY_INTX && d->msix & MSIX_ENABLE)
		rule_broken(&c->rules, ev, RULE_INTX_MSIX);
	if (ev->value == MODEL_NOTIFY_NO_VECTOR)
		rule_kept(&c->rules, config ? RULE_CONFIG_NO_VECTOR
					    : RULE_QUEUE_NO_VECTOR);
	if (!sent && ev->value != MODEL_NOTIFY_PENDING)
		return;
	if (!(d->msix & MSIX_ENABLE))
		rule_broken(&c->rules, ev, RULE_MSI_DISABLED);
	if (sent && !(d->command & COMMAND_BUS_MASTER))
		rule_broken(&c->rules, ev, RULE_MSI_BUS_MASTER);
	if (sent && d->msix & MSIX_FUNCTION_MASK)
		rule_broken(&c->rules, ev, RULE_MSI_MASKED);
	if (d->virtio && q && !q->vector)
		rule_broken(&c->rules, ev, RULE_QUEUE_NO_VECTOR);
	if (d->virtio && config && !d->config_vector)
		rule_broken(&c->rules, ev, RULE_CONFIG_NO_VECTOR);
}

static void see_used(struct model_check *c, struct model_state *d,
		     const struct event *ev)
{
	const struct queue_state *q = queue_at(d, ev->index);

	if (q && !q->size)
		rule_broken(&c->rules, ev, RULE_USED_DISABLED);
}

static void forget_queues(struct model_state *d)
{
	if (d->nqueues)
		memset(d->queues, 0, d->nqueues * sizeof(*d->queues));
	d->config_vector = false;
}

/* ---- DMA ---- */

/* NULL: of no device. */
static struct model_state *state_of(struct model_check *c,
				    const struct event *ev)
{
	return ev->device < c->rules.world->ndevices ? &c->devices[ev->device] : NULL;
}

static void see_doubtful_dma(struct model_check *c, struct model_state *d,
			     const struct event *ev)
{
	if (!(d->command & COMMAND_BUS_MASTER) &&
	    rule_settled(ev->time, d->command_time))
		rule_broken(&c->rules, ev, RULE_DMA_BUS_MASTER);
	/* A legacy driver may use the device before (virtio 1.2 3.1.2). */
	if (d->virtio && !d->driver_ok && !d->legacy &&
	    rule_settled(ev->time, d->status_time))
		rule_broken(&c->rules, ev, d->idle ? RULE_DMA_RESET
						   : RULE_DMA_DRIVER_OK);
}

static void on_dma(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (d && !d->may_dma)
		see_doubtful_dma(c, d, ev);
}

static void watch_dma(struct model_check *c)
{
	event_bus_add_kind(c->bus, &c->rules.observer, EV_DMA_READ, on_dma);
	event_bus_add_kind(c->bus, &c->rules.observer, EV_DMA_WRITE, on_dma);
}

/* After each change of what it is made of.  While all devices may, as they mostly
 * do, nobody looks at what they do. */
static void judge_state(struct model_check *c, struct model_state *d)
{
	const bool may = d->command & COMMAND_BUS_MASTER &&
			 (!d->virtio || d->driver_ok || d->legacy);

	if (may == d->may_dma)
		return;
	d->may_dma = may;
	if (may && !--c->ndoubtful) {
		event_bus_drop_kind(c->bus, &c->rules.observer, EV_DMA_READ);
		event_bus_drop_kind(c->bus, &c->rules.observer, EV_DMA_WRITE);
	} else if (!may && !c->ndoubtful++) {
		watch_dma(c);
	}
}

static void see_status(struct model_check *c, struct model_state *d,
		       const struct event *ev)
{
	bool ok = ev->value & STATUS_DRIVER_OK;

	d->virtio = true;
	if (ok != d->driver_ok)
		d->status_time = ev->time;
	if (ok && !d->driver_ok)
		rule_kept(&c->rules, RULE_DMA_DRIVER_OK);
	d->driver_ok = ok;
	if (!ev->value)
		forget_queues(d);
}

static void see_queue(struct model_state *d, const struct event *ev)
{
	struct queue_state *q = queue_at(d, ev->index);

	if (!q)
		return;
	if (ev->len == MODEL_EV_QUEUE_VECTOR) {
		q->vector = ev->value != NO_VECTOR;
		return;
	}
	q->size = (uint32_t)ev->value;
}

/* The pin's fall is posted, and takes its way. */
static void judge_line(struct model_check *c, struct model_state *d,
		       uint64_t now)
{
	if (!d->must_fall || !rule_settled(now, d->reset.time))
		return;
	d->must_fall = false;
	rule_broken(&c->rules, &d->reset, RULE_RESET_LINE);
}

static void see_model(struct model_check *c, struct model_state *d,
		      const struct event *ev)
{
	judge_line(c, d, ev->time);
	switch (ev->len) {
	case MODEL_EV_COMMAND:
		d->command = (uint32_t)ev->value;
		d->command_time = ev->time;
		judge_state(c, d);
		break;
	case MODEL_EV_MSIX_CONTROL:
		d->msix = (uint32_t)ev->value;
		d->msix_time = ev->time;
		break;
	case MODEL_EV_STATUS:
		see_status(c, d, ev);
		d->idle &= ev->value == 0;
		judge_state(c, d);
		break;
	case MODEL_EV_CONFIG_VECTOR:
		d->config_vector = ev->value != NO_VECTOR;
		break;
	case MODEL_EV_QUEUE_VECTOR:
	case MODEL_EV_QUEUE_ENABLE:
		see_queue(d, ev);
		break;
	case MODEL_EV_RESET:
		if (ev->value) {
			d->idle = true;
			d->must_fall = d->line_up;
			d->reset = *ev;
			d->legacy = false;
		}
		judge_state(c, d);
		break;
	default:
		break;
	}
}

/* ---- what is seen on the bus ---- */

static void see_intx(struct model_check *c, struct model_state *d,
		     const struct event *ev)
{
	judge_line(c, d, ev->time);
	d->line_up = ev->value != 0;
	d->must_fall = d->line_up && d->idle;
	if (!d->line_up)
		return;
	if (d->msix & MSIX_ENABLE && rule_settled(ev->time, d->msix_time))
		rule_broken(&c->rules, ev, RULE_INTX_MSIX);
	if (d->command & COMMAND_INTX_DISABLE &&
	    rule_settled(ev->time, d->command_time))
		rule_broken(&c->rules, ev, RULE_INTX_DISABLED);
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (d)
		see_model(c, d, ev);
}

static void on_used(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (d)
		see_used(c, d, ev);
}

static void on_notify(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (d)
		see_notify(c, d, ev);
}

static void on_intx(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (d)
		see_intx(c, d, ev);
}

/* Only a legacy driver writes there. */
static void on_io_write(struct observer *o, const struct event *ev)
{
	struct model_check *c = (struct model_check *)o;
	struct model_state *d = state_of(c, ev);

	if (!d)
		return;
	d->legacy = true;
	judge_state(c, d);
}

static bool create_parts(struct model_check *c, struct event_bus *bus,
			 struct pci_function *const *functions)
{
	c->isr = isr_check_create(c->rules.world, bus, c->rules.findings);
	c->msix = msix_check_create(c->rules.world, bus, c->rules.findings, functions);
	c->queue = queue_check_create(c->rules.world, bus, c->rules.findings);
	c->setup = setup_check_create(c->rules.world, bus, c->rules.findings);
	return c->isr && c->msix && c->queue && c->setup;
}

struct model_check *model_check_create(const struct world *w,
				       struct event_bus *bus,
				       struct findings *f,
				       struct pci_function *const *functions)
{
	struct model_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1,
			    sizeof(*c->devices));
	if (!rules_init(&c->rules, w, f, rule_texts, clauses) || !c->devices ||
	    !create_parts(c, bus, functions)) {
		model_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < w->ndevices; i++)
		forget_queues(&c->devices[i]);
	c->bus = bus;
	c->ndoubtful = w->ndevices;
	if (c->ndoubtful)
		watch_dma(c);
	event_bus_add_model(bus, &c->rules.observer, MODELS, on_model);
	event_bus_add_model(bus, &c->rules.observer, 1ull << MODEL_EV_USED, on_used);
	event_bus_add_model(bus, &c->rules.observer, 1ull << MODEL_EV_NOTIFY,
			    on_notify);
	event_bus_add_kind(bus, &c->rules.observer, EV_INTX, on_intx);
	event_bus_add_kind(bus, &c->rules.observer, EV_IO_WRITE, on_io_write);
	return c;
}

void model_check_destroy(struct model_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->devices && i < c->rules.world->ndevices; i++)
		free(c->devices[i].queues);
	isr_check_destroy(c->isr);
	msix_check_destroy(c->msix);
	queue_check_destroy(c->queue);
	setup_check_destroy(c->setup);
	free(c->devices);
	rules_free(&c->rules);
	free(c);
}

void model_check_end(struct model_check *c, uint64_t time, bool at_rest)
{
	size_t i;

	if (at_rest)
		time = UINT64_MAX;
	for (i = 0; i < c->rules.world->ndevices; i++)
		judge_line(c, &c->devices[i], time);
	isr_check_end(c->isr);
	msix_check_end(c->msix, time);
	queue_check_end(c->queue, time);
	setup_check_end(c->setup, time);
}

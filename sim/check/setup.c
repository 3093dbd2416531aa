/* SPDX-License-Identifier: MIT */
/*
 * Reads of common configuration, held against what the device itself has told of
 * its state; and what has to follow a change of the configuration,
 * DEVICE_NEEDS_RESET, the begin of a reset.
 *
 * What a device does at once with an access is seen behind it and before any
 * other access: that is when an announcement must have been made.
 */
#include "sim/check/setup.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/function.h"
#include "models/pci/registers.h"

#define STATUS_DRIVER_OK 0x04u       /* virtio 1.2 2.1 */
#define STATUS_NEEDS_RESET 0x40u
#define MSIX_TABLE_SIZE 0x07ffu      /* PCI 3.0 6.8.2.3 */
#define NO_VECTOR 0xffffu            /* virtio 1.2 4.1.5.1.2 */
#define CONFIG_SOURCE 0xffffu
#define F_RING_PACKED (1ull << 34)
#define MAX_QUEUES 64u
/* No reset of a sound device takes longer. */
#define RESET_PS 50000000000ull

enum rule {
	RULE_SIZE,
	RULE_ENABLE,
	RULE_INITIAL,
	RULE_REFUSED,
	RULE_SHOWN_VECTOR,
	RULE_OTHER_VECTOR,
	RULE_UNMAPPED,
	RULE_BEYOND,
	RULE_ANNOUNCE,
	RULE_GENERATION,
	RULE_NEEDS_RESET_STATUS,
	RULE_NEEDS_RESET_ANNOUNCE,
	RULE_RESET
};

static const char *const texts[] = {
	[RULE_SIZE] =
		"showed a queue_size that is no power of two (virtio 1.2 2.7)",
	[RULE_ENABLE] =
		"showed queue_enable 1 for a queue that was not enabled since "
		"the last reset (virtio 1.2 4.1.4.3.1)",
	[RULE_INITIAL] =
		"showed a vector that was not mapped since the last reset "
		"(virtio 1.2 4.1.5.1.2.1)",
	[RULE_REFUSED] =
		"refused a vector, and showed another value than NO_VECTOR "
		"(virtio 1.2 4.1.5.1.2.1)",
	[RULE_SHOWN_VECTOR] =
		"showed another vector than the one that is mapped (virtio 1.2 "
		"4.1.5.1.2.1)",
	[RULE_OTHER_VECTOR] =
		"mapped another vector than the one that was written (virtio 1.2 "
		"4.1.5.1.2.1)",
	[RULE_UNMAPPED] =
		"kept a vector mapped when NO_VECTOR was written (virtio 1.2 "
		"4.1.5.1.2.1)",
	[RULE_BEYOND] =
		"mapped a vector beyond its MSI-X table (virtio 1.2 4.1.5.1.2.1)",
	[RULE_ANNOUNCE] =
		"changed its configuration and sent no notification of it "
		"(virtio 1.2 2.3)",
	[RULE_GENERATION] =
		"changed its configuration, which had been read, and did not "
		"move config_generation (virtio 1.2 4.1.4.3.1)",
	[RULE_NEEDS_RESET_STATUS] =
		"cleared bits of device_status when it set DEVICE_NEEDS_RESET "
		"(virtio 1.2 2.1)",
	[RULE_NEEDS_RESET_ANNOUNCE] =
		"set DEVICE_NEEDS_RESET after DRIVER_OK and sent no "
		"configuration change notification (virtio 1.2 2.1.2)",
	[RULE_RESET] =
		"began a reset and never came to its end: device_status does "
		"not read 0 (virtio 1.2 4.1.4.3.1)",
};

static const enum clause clauses[sizeof(texts) / sizeof(texts[0])] = {
	[RULE_SIZE] = CLAUSE_PCI_COM_V16,
	[RULE_ENABLE] = CLAUSE_PCI_COM_V9,
	[RULE_INITIAL] = CLAUSE_PCI_MSIX_V7,
	[RULE_REFUSED] = CLAUSE_PCI_MSIX_V9,
	[RULE_SHOWN_VECTOR] = CLAUSE_PCI_MSIX_V6,
	[RULE_OTHER_VECTOR] = CLAUSE_PCI_MSIX_V4,
	[RULE_UNMAPPED] = CLAUSE_PCI_MSIX_V5,
	/* It has more than it says. */
	[RULE_BEYOND] = CLAUSE_PCI_MSIX_V2,
	[RULE_GENERATION] = CLAUSE_PCI_COM_V6,
	[RULE_RESET] = CLAUSE_PCI_COM_V7,
	[RULE_NEEDS_RESET_ANNOUNCE] = CLAUSE_STAT_V4,
};

/* A vector as the device told it. */
struct mapping {
	uint16_t vector;
	bool refused;        /* the last one that was written */
};

struct state {
	struct world_place config_vector, shown;
	struct world_place queue_select, queue_size, queue_enable, queue_vector;
	struct world_place config;    /* the device's own configuration */
	uint32_t config_bytes;
	uint32_t selected_queue;
	uint64_t features;
	uint32_t vectors;            /* of the MSI-X table; 0: not known */
	uint8_t status;
	struct mapping config_mapping, mappings[MAX_QUEUES];
	bool enabled[MAX_QUEUES];
	struct event vector_write;   /* the last, of either kind */
	bool changed, broke;         /* and not announced yet */
	struct event change;
	bool config_read;            /* since the generation moved */
	bool generation_known;
	uint64_t generation;
	bool resetting;
	struct event reset;
};

struct setup_check {
	struct rules rules;
	struct state *devices;
};

/* ---- what the device tells ---- */

static struct mapping *mapping_of(struct state *d, uint32_t source)
{
	return source == CONFIG_SOURCE ? &d->config_mapping :
	       source < MAX_QUEUES ? &d->mappings[source] : NULL;
}

static void forget_mappings(struct state *d)
{
	static const struct mapping none = { .vector = NO_VECTOR };
	unsigned int q;

	d->config_mapping = none;
	for (q = 0; q < MAX_QUEUES; q++)
		d->mappings[q] = none;
}

/* What it has made of the vector that was written. */
static void judge_vector(struct setup_check *c, struct state *d,
			 const struct event *ev, uint16_t written)
{
	if (written == NO_VECTOR)
		rule_judge(&c->rules, ev, RULE_UNMAPPED, ev->value == NO_VECTOR);
	else if (ev->value != NO_VECTOR)
		rule_judge(&c->rules, ev, RULE_OTHER_VECTOR,
			   ev->value == written);
	mapping_of(d, ev->index)->refused = written != NO_VECTOR &&
					    ev->value == NO_VECTOR;
}

/* The write is the access that has just been seen, if it was by these registers:
 * a legacy driver's and a window's is not. */
static void see_vector(struct setup_check *c, struct state *d,
		       const struct event *ev)
{
	const struct event *w = &d->vector_write;
	struct mapping *m = mapping_of(d, ev->index);
	bool beyond = d->vectors && ev->value != NO_VECTOR &&
		      ev->value >= d->vectors;

	if (!m)
		return;
	*m = (struct mapping){ .vector = (uint16_t)ev->value };
	if (d->vectors && ev->value != NO_VECTOR)
		rule_judge(&c->rules, ev, RULE_BEYOND, !beyond);
	if (!beyond && w->seq && (ev->index == CONFIG_SOURCE) ==
					 world_at(&d->config_vector, w))
		judge_vector(c, d, ev, (uint16_t)w->value);
	d->vector_write.seq = 0;
}

static void see_needs_reset(struct setup_check *c, struct state *d,
			    const struct event *ev)
{
	if (d->status & ~ev->value)
		rule_broken(&c->rules, ev, RULE_NEEDS_RESET_STATUS);
	d->broke = d->status & STATUS_DRIVER_OK;
	d->change = *ev;
	d->status |= STATUS_NEEDS_RESET;
}

static void see_config(struct setup_check *c, struct state *d,
		       const struct event *ev)
{
	if (d->generation_known && d->config_read)
		rule_judge(&c->rules, ev, RULE_GENERATION,
			   ev->value != d->generation);
	d->generation_known = true;
	d->generation = ev->value;
	d->config_read = false;
	d->changed = d->status & STATUS_DRIVER_OK;
	d->change = *ev;
}

static void see_reset(struct setup_check *c, struct state *d,
		      const struct event *ev)
{
	d->resetting = !ev->value;
	d->reset = *ev;
	d->changed = d->broke = false;
	if (!ev->value)
		return;
	rule_kept(&c->rules, RULE_RESET);
	d->status = 0;
	d->features = 0;
	forget_mappings(d);
	memset(d->enabled, 0, sizeof(d->enabled));
}

static void see_model(struct setup_check *c, struct state *d,
		      const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_STATUS:
		d->status = (uint8_t)ev->value;
		break;
	case MODEL_EV_FEATURES:
		d->features = ev->value;
		break;
	case MODEL_EV_MSIX_CONTROL:
		d->vectors = (ev->value & MSIX_TABLE_SIZE) + 1;
		break;
	case MODEL_EV_CONFIG_VECTOR:
	case MODEL_EV_QUEUE_VECTOR:
		see_vector(c, d, ev);
		break;
	case MODEL_EV_QUEUE_ENABLE:
		if (ev->index < MAX_QUEUES)
			d->enabled[ev->index] = ev->value != 0;
		break;
	case MODEL_EV_NEEDS_RESET:
		see_needs_reset(c, d, ev);
		break;
	case MODEL_EV_CONFIG:
		see_config(c, d, ev);
		break;
	case MODEL_EV_RESET:
		see_reset(c, d, ev);
		break;
	default:
		break;
	}
}

/* ---- what is seen on the bus ---- */

static void settle(struct setup_check *c, struct state *d)
{
	if (d->changed)
		rule_broken(&c->rules, &d->change, RULE_ANNOUNCE);
	if (d->broke)
		rule_broken(&c->rules, &d->change, RULE_NEEDS_RESET_ANNOUNCE);
	d->changed = d->broke = false;
}

static void see_queue_read(struct setup_check *c, struct state *d,
			   const struct event *ev)
{
	if (world_at(&d->queue_size, ev) && !(d->features & F_RING_PACKED))
		rule_judge(&c->rules, ev, RULE_SIZE,
			   !(ev->value & (ev->value - 1)));
	if (world_at(&d->queue_enable, ev) &&
	    d->selected_queue < MAX_QUEUES && !d->enabled[d->selected_queue])
		rule_judge(&c->rules, ev, RULE_ENABLE, ev->value != 1);
}

/* What was mapped is shown; where nothing is, NO_VECTOR, which looks as if nobody
 * had answered. */
static void see_vector_read(struct setup_check *c, struct state *d,
			    const struct event *ev)
{
	bool config = world_at(&d->config_vector, ev);
	const struct mapping *m;
	enum rule rule;

	if (!config && !world_at(&d->queue_vector, ev))
		return;
	m = mapping_of(d, config ? CONFIG_SOURCE : d->selected_queue);
	if (!m || (m->vector != NO_VECTOR && ev->value == NO_VECTOR))
		return;
	rule = m->vector != NO_VECTOR ? RULE_SHOWN_VECTOR :
	       m->refused ? RULE_REFUSED : RULE_INITIAL;
	rule_judge(&c->rules, ev, rule, ev->value == m->vector);
}

static void see_read(struct setup_check *c, struct state *d,
		     const struct event *ev)
{
	if (d->config.known && ev->index == d->config.bar &&
	    ev->addr >= d->config.at &&
	    ev->addr < d->config.at + d->config_bytes)
		d->config_read = true;
	if (ev->index != d->queue_select.bar || d->resetting)
		return;
	see_vector_read(c, d, ev);
	if (rule_all_ones(ev->value, ev->len))
		return;
	if (world_at(&d->shown, ev)) {
		d->generation_known = true;
		d->generation = ev->value;
	}
	see_queue_read(c, d, ev);
}

static void see_write(struct state *d, const struct event *ev)
{
	if (world_at(&d->queue_select, ev))
		d->selected_queue = (uint32_t)ev->value & 0xffff;
	else if (world_at(&d->config_vector, ev) ||
		 world_at(&d->queue_vector, ev))
		d->vector_write = *ev;
}

/* ---- the observer: a function for each kind of event ---- */

/* NULL: of no device that is looked at. */
static struct state *state_of(struct observer *o, const struct event *ev)
{
	struct setup_check *c = (struct setup_check *)o;
	struct state *d;

	if (ev->device >= c->rules.world->ndevices)
		return NULL;
	d = &c->devices[ev->device];
	return d->queue_select.known ? d : NULL;
}

/* The same at an access, which ends what the one before it caused. */
static struct state *settled(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (!d)
		return NULL;
	settle((struct setup_check *)o, d);
	d->vector_write.seq = 0;
	return d;
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d)
		see_model((struct setup_check *)o, d, ev);
}

static void on_notify(struct observer *o, const struct event *ev)
{
	struct state *d = ev->index == CONFIG_SOURCE ? state_of(o, ev) : NULL;

	if (!d)
		return;
	if (d->broke)
		rule_kept(&((struct setup_check *)o)->rules,
			  RULE_NEEDS_RESET_ANNOUNCE);
	d->changed = d->broke = false;
}

static void on_config(struct observer *o, const struct event *ev)
{
	settled(o, ev);
}

static void on_read(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d)
		see_read((struct setup_check *)o, d, ev);
}

static void on_write(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d)
		see_write(d, ev);
}

/* The block whose fields are the reading "config". */
static void find_config(struct state *d, const struct device_model *m)
{
	const struct device_reading *reading = device_model_readings(m);
	const struct device_registers *r;

	while (reading && reading->name && strcmp(reading->name, "config"))
		reading++;
	if (!reading || !reading->name)
		return;
	for (r = m->registers; r && r->block; r++)
		if (r->block == reading->fields)
			break;
	if (!r || !r->block)
		return;
	d->config = (struct world_place){ .known = true, .bar = r->bar,
					 .at = r->offset };
	d->config_bytes = r->block->size;
}

/* Common configuration's fields as virtio 1.2 4.1.4.3 names them. */
static void find_registers(struct state *d, const struct world *w,
			   uint32_t device)
{
	d->config_vector = world_register(w, device, "config_msix_vector", 0);
	d->shown = world_register(w, device, "config_generation", 0);
	d->queue_select = world_register(w, device, "queue_select", 0);
	d->queue_size = world_register(w, device, "queue_size", 0);
	d->queue_enable = world_register(w, device, "queue_enable", 0);
	d->queue_vector = world_register(w, device, "queue_msix_vector", 0);
	if (w->devices[device].model)
		find_config(d, w->devices[device].model);
}

static void listen(struct setup_check *c, struct event_bus *bus)
{
	struct observer *o = &c->rules.observer;

	rules_end_at_bus_faults(&c->rules, bus);
	event_bus_add_kind(bus, o, EV_CONFIG_READ, on_config);
	event_bus_add_kind(bus, o, EV_CONFIG_WRITE, on_config);
	event_bus_add_kind(bus, o, EV_MMIO_READ, on_read);
	event_bus_add_kind(bus, o, EV_MMIO_WRITE, on_write);
	event_bus_add_model(bus, o, 1ull << MODEL_EV_NOTIFY, on_notify);
	event_bus_add_model(bus, o,
			    1ull << MODEL_EV_STATUS |
			    1ull << MODEL_EV_FEATURES |
			    1ull << MODEL_EV_MSIX_CONTROL |
			    1ull << MODEL_EV_CONFIG_VECTOR |
			    1ull << MODEL_EV_QUEUE_VECTOR |
			    1ull << MODEL_EV_QUEUE_ENABLE |
			    1ull << MODEL_EV_NEEDS_RESET |
			    1ull << MODEL_EV_CONFIG |
			    1ull << MODEL_EV_RESET, on_model);
}

struct setup_check *setup_check_create(const struct world *w,
				       struct event_bus *bus,
				       struct findings *f)
{
	struct setup_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!rules_init(&c->rules, w, f, texts, clauses) || !c->devices) {
		setup_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < w->ndevices; i++) {
		forget_mappings(&c->devices[i]);
		find_registers(&c->devices[i], w, (uint32_t)i);
	}
	listen(c, bus);
	return c;
}

void setup_check_destroy(struct setup_check *c)
{
	if (!c)
		return;
	free(c->devices);
	rules_free(&c->rules);
	free(c);
}

void setup_check_end(struct setup_check *c, uint64_t time)
{
	size_t i;

	for (i = 0; i < c->rules.world->ndevices; i++) {
		struct state *d = &c->devices[i];

		settle(c, d);
		if (d->resetting && time > d->reset.time &&
		    time - d->reset.time > RESET_PS)
			rule_broken(&c->rules, &d->reset, RULE_RESET);
	}
}

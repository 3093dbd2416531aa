/* SPDX-License-Identifier: MIT */
/*
 * The facts of a run: their making, the state that a device's registers show, and
 * questions about them.
 */
#include "sim/observe/facts_collect.h"

#include <stdlib.h>

#include "guestdrv/abi/machine.h"

#define STATUS_DRIVER_OK 0x4u /* virtio 1.2 2.1 */

static bool line_wanted(const struct facts_device *d)
{
	size_t i;

	if (d->pin_seen)
		return true;
	for (i = 0; i < d->nowners; i++)
		if (d->owners[i].source == MACHINE_IRQ_LINE &&
		    !d->owners[i].released)
			return true;
	return false;
}

struct facts_state facts_state_of(const struct facts *f,
				  const struct facts_device *d)
{
	struct facts_mode_input in = {
		.msix_enabled = d->msix_enabled,
		.config_vector = d->config_vector,
		.queues = d->queues,
		.nqueues = d->nqueues,
		.line = line_wanted(d),
		.attempt = d->attempts,
		.ladder = f->world->ladder,
	};
	struct facts_state s = { .mode = FACTS_NONE };
	size_t i;

	s.driver_ok = d->status & STATUS_DRIVER_OK;
	/* Before DRIVER_OK a device may not interrupt, and a driver may still
	 * change its mind. */
	if (d->virtio && !s.driver_ok)
		return s;
	s.mode = facts_mode_decide(&in);
	s.vectors = facts_vectors(&in);
	s.negotiated = d->features;
	for (i = 0; i < d->nqueues; i++)
		s.queues += d->queues[i].size != 0;
	return s;
}

static void reset_device(struct facts_device *d)
{
	d->config_vector = FACTS_NO_VECTOR;
	d->line_cpu = FACTS_NO_CPU;
}

struct facts *facts_create(const struct world *w, struct event_bus *bus)
{
	struct facts *f = calloc(1, sizeof(*f));
	size_t i;

	if (!f)
		return NULL;
	f->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*f->devices));
	if (!f->devices) {
		free(f);
		return NULL;
	}
	f->world = w;
	for (i = 0; i < w->ndevices; i++)
		reset_device(&f->devices[i]);
	f->msi_device = EVENT_NO_DEVICE;
	facts_listen(f, bus);
	return f;
}

static void free_device(struct facts_device *d)
{
	free(d->binds);
	free(d->owners);
	free(d->queues);
	free(d->vector_cpus);
}

void facts_destroy(struct facts *f)
{
	size_t i;

	if (!f)
		return;
	for (i = 0; i < f->world->ndevices; i++)
		free_device(&f->devices[i]);
	free_device(&f->machine);
	free(f->devices);
	free(f->irqs);
	free(f->lines);
	free(f);
}

void facts_freeze(struct facts *f)
{
	size_t i;

	if (f->frozen)
		return;
	for (i = 0; i < f->world->ndevices; i++)
		f->devices[i].final = facts_state_of(f, &f->devices[i]);
	f->frozen = true;
}

struct facts_state facts_now(const struct facts *f, uint32_t device)
{
	return facts_state_of(f, &f->devices[device]);
}

struct facts_state facts_final(const struct facts *f, uint32_t device)
{
	return f->frozen ? f->devices[device].final : facts_now(f, device);
}

const struct facts_bind *facts_last_bind(const struct facts_device *d)
{
	return d->nbinds ? &d->binds[d->nbinds - 1] : NULL;
}

static bool by_line(const struct facts *f, uint32_t device)
{
	const struct facts_device *d = &f->devices[device];

	return !d->msix_enabled && d->line_cpu != FACTS_NO_CPU;
}

size_t facts_cpus(const struct facts *f, uint32_t device)
{
	return by_line(f, device) ? 1 : f->devices[device].nvector_cpus;
}

uint8_t facts_cpu(const struct facts *f, uint32_t device, size_t i)
{
	return by_line(f, device) ? f->devices[device].line_cpu :
				    f->devices[device].vector_cpus[i];
}

uint64_t facts_owner_entered(const struct facts *f, const struct facts_owner *o)
{
	if (o->released)
		return o->until - o->since;
	return o->irq < f->nirqs ? f->irqs[o->irq].entered - o->since : 0;
}

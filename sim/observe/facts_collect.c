/* SPDX-License-Identifier: MIT */
/*
 * Collects the facts of a run from its events: a handler for each kind of event,
 * since this observer sees nearly every access.
 */
#include "sim/observe/facts_collect.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "guestdrv/abi/machine.h"
#include "sim/observe/array.h"

#define MSIX_CONTROL_ENABLE 0x8000u /* PCI 3.0 6.8.2.3 */

/* What the guest kernel's service notes call the vector allocation. */
#define ALLOCATION "vector allocation"

/* One more element of a growing array; NULL: out of memory. */
static void *grow(void **array, size_t *count, size_t *capacity, size_t size)
{
	size_t n = *capacity ? *capacity * 2 : 8;
	void *bigger;

	if (*count == *capacity) {
		bigger = realloc(*array, n * size);
		if (!bigger)
			return NULL;
		*array = bigger;
		*capacity = n;
	}
	return memset((char *)*array + (*count)++ * size, 0, size);
}

#define GROW(array, count, capacity)                                           \
	grow((void **)&(array), &(count), &(capacity), sizeof(*(array)))

/* Counts the event, first of all; whose it is. */
static inline struct facts_device *counted(struct facts *f,
					   const struct event *ev)
{
	struct facts_device *d = ev->device < f->world->ndevices ?
				 &f->devices[ev->device] : &f->machine;

	d->events[ev->kind]++;
	f->time = ev->time;
	return d;
}

/* Of a kind that changes no other fact. */
static void see_count(struct observer *o, const struct event *ev)
{
	counted((struct facts *)o, ev);
}

/* ---- model events ---- */

static struct facts_queue *queue_at(struct facts *f, struct facts_device *d,
				    uint32_t q)
{
	struct facts_queue *bigger;
	size_t n = d->nqueues;

	if (q < d->nqueues)
		return &d->queues[q];
	if (q >= FACTS_MAX_QUEUES)
		return NULL;
	bigger = array_reach(d->queues, &d->nqueues, sizeof(*bigger), q);
	if (!bigger) {
		f->failed = true;
		return NULL;
	}
	d->queues = bigger;
	for (; n < d->nqueues; n++)
		d->queues[n].vector = FACTS_NO_VECTOR;
	return &d->queues[q];
}

/* A device reset unmaps every vector and disables every queue (virtio 1.2
 * 4.1.4.3.1, 2.4). */
static void forget_registers(struct facts_device *d)
{
	size_t i;

	d->status = 0;
	d->features = 0;
	d->config_vector = FACTS_NO_VECTOR;
	d->pin_seen = false;
	d->line_cpu = FACTS_NO_CPU;
	d->nvector_cpus = 0;
	for (i = 0; i < d->nqueues; i++) {
		d->queues[i].size = 0;
		d->queues[i].vector = FACTS_NO_VECTOR;
	}
}

/* A write of device_status is posted: DRIVER_OK, the last thing that a probe
 * does, may reach the device when the probe has returned. */
static void late_driver_ok(const struct facts *f, struct facts_device *d)
{
	struct facts_bind *b = d->nbinds ? &d->binds[d->nbinds - 1] : NULL;

	if (b && b->ended && !b->result && !b->removed && !b->state.driver_ok)
		b->state = facts_state_of(f, d);
}

static void see_model(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;
	struct facts_device *d = counted(f, ev);
	struct facts_queue *q;

	if (ev->len >= MODEL_EV_COUNT)
		return;
	d->model_events[ev->len]++;
	switch ((enum model_event_kind)ev->len) {
	case MODEL_EV_USED:
		q = queue_at(f, d, ev->index);
		if (q)
			q->used++;
		break;
	case MODEL_EV_KICK:
		q = queue_at(f, d, ev->index);
		if (q)
			q->kicks++;
		break;
	case MODEL_EV_NOTIFY:
		if (ev->value <= MODEL_NOTIFY_DROPPED)
			d->notify[ev->value]++;
		break;
	case MODEL_EV_MSIX_CONTROL:
		d->msix_enabled = ev->value & MSIX_CONTROL_ENABLE;
		break;
	case MODEL_EV_STATUS:
		d->virtio = true;
		if (ev->value) {
			d->status = ev->value;
			late_driver_ok(f, d);
		} else {
			forget_registers(d);
		}
		break;
	case MODEL_EV_FEATURES:
		d->features = ev->value;
		break;
	case MODEL_EV_CONFIG_VECTOR:
		d->config_vector = (uint32_t)ev->value;
		break;
	case MODEL_EV_QUEUE_VECTOR:
		q = queue_at(f, d, ev->index);
		if (q)
			q->vector = (uint32_t)ev->value;
		break;
	case MODEL_EV_QUEUE_ENABLE:
		q = queue_at(f, d, ev->index);
		if (q)
			q->size = (uint32_t)ev->value;
		if (q && q->size)
			q->last_size = q->size;
		break;
	case MODEL_EV_RESET:
		forget_registers(d);
		break;
	case MODEL_EV_GUEST_ERROR:
		if (!d->violations++) {
			d->first_violation = ev->text;
			d->first_violation_seq = ev->seq;
		}
		if (!f->first_violation_seq)
			f->first_violation_seq = ev->seq;
		break;
	default:
		break;
	}
}

/* ---- interrupts ---- */

static bool same_irq(const struct facts_irq *irq, uint32_t source, uint32_t cpu,
		     uint32_t number)
{
	return irq->number == number && irq->cpu == cpu &&
	       irq->source == source;
}

static struct facts_irq *irq_at(struct facts *f, uint32_t source, uint32_t cpu,
				uint32_t number)
{
	struct facts_irq *irq;
	uint32_t i;

	/* Mostly the same one as the last time. */
	if (f->last_irq < f->nirqs &&
	    same_irq(&f->irqs[f->last_irq], source, cpu, number))
		return &f->irqs[f->last_irq];
	for (i = 0; i < f->nirqs; i++) {
		if (same_irq(&f->irqs[i], source, cpu, number)) {
			f->last_irq = i;
			return &f->irqs[i];
		}
	}
	irq = GROW(f->irqs, f->nirqs, f->irqs_capacity);
	if (!irq) {
		f->failed = true;
		return NULL;
	}
	irq->source = source;
	irq->cpu = cpu;
	irq->number = number;
	return irq;
}

static void see_msi(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;

	counted(f, ev);
	f->msi_device = ev->device;
	f->msi_vector = ev->index;
}

/* A raised vector is what the message before it did. */
static void vector_lands(struct facts *f, uint8_t cpu)
{
	struct facts_device *d;
	uint8_t *at;

	if (f->msi_device >= f->world->ndevices ||
	    f->msi_vector >= FACTS_MAX_VECTORS)
		return;
	d = &f->devices[f->msi_device];
	f->msi_device = EVENT_NO_DEVICE;
	while (d->nvector_cpus <= f->msi_vector) {
		at = GROW(d->vector_cpus, d->nvector_cpus,
			  d->vector_cpus_capacity);
		if (!at) {
			f->failed = true;
			return;
		}
		*at = FACTS_NO_CPU;
	}
	d->vector_cpus[f->msi_vector] = cpu;
}

/* A raised line is the doing of all devices that assert it. */
static void line_lands(struct facts *f, uint32_t line, uint8_t cpu)
{
	size_t i;

	for (i = 0; i < f->world->ndevices; i++)
		if (f->devices[i].line_up && f->devices[i].line == line)
			f->devices[i].line_cpu = cpu;
}

static void see_raise(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;
	struct facts_irq *irq = irq_at(f, ev->index, ev->cpu,
				       (uint32_t)ev->value);

	counted(f, ev);
	if (irq)
		irq->raised++;
	if (ev->index == MACHINE_IRQ_MSI)
		vector_lands(f, ev->cpu);
	else
		line_lands(f, (uint32_t)ev->value, ev->cpu);
}

static void see_enter(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;
	struct facts_irq *irq = irq_at(f, ev->index, ev->cpu,
				       (uint32_t)ev->value);

	counted(f, ev);
	if (irq)
		irq->entered++;
}

static void see_intx(struct observer *o, const struct event *ev)
{
	struct facts_device *d = counted((struct facts *)o, ev);

	d->line_up = ev->value != 0;
	d->line = ev->index;
	if (!ev->value)
		return;
	d->intx_edges++;
	d->pin_seen = true;
}

/* ---- notes of the guest ---- */

static void note_owner(struct facts *f, struct facts_device *d,
		       const struct event *ev)
{
	struct facts_owner *o = GROW(d->owners, d->nowners, d->owners_capacity);
	struct facts_irq *irq;

	if (!o) {
		f->failed = true;
		return;
	}
	o->name = ev->text;
	o->source = (uint32_t)ev->addr;
	o->cpu = (uint32_t)(ev->value >> 16 & 0xffff);
	o->number = (uint32_t)(ev->value & 0xffff);
	o->bind = (uint32_t)d->nbinds;
	o->taken_seq = ev->seq;
	irq = irq_at(f, o->source, o->cpu, o->number);
	o->irq = irq ? (uint32_t)(irq - f->irqs) : EVENT_NO_INDEX;
	o->since = irq ? irq->entered : 0;
}

static void note_released(struct facts *f, struct facts_device *d,
			  const struct event *ev)
{
	uint32_t cpu = (uint32_t)(ev->value >> 16 & 0xffff);
	uint32_t number = (uint32_t)(ev->value & 0xffff);
	struct facts_owner *o;
	size_t i;

	for (i = d->nowners; i-- > 0;) {
		o = &d->owners[i];
		if (o->released || o->source != ev->addr || o->cpu != cpu ||
		    o->number != number || (ev->text && o->name != ev->text))
			continue;
		o->released = true;
		o->released_seq = ev->seq;
		o->until = o->irq < f->nirqs ? f->irqs[o->irq].entered : 0;
		return;
	}
}

/* A probe while another driver is bound below, or is just being bound, is one
 * more layer of the same bind. */
static struct facts_bind *bind_of_probe(struct facts_device *d)
{
	struct facts_bind *b = d->nbinds ? &d->binds[d->nbinds - 1] : NULL;

	if (b && (b->open || b->layers) && !b->removed && !b->result)
		return b;
	b = GROW(d->binds, d->nbinds, d->binds_capacity);
	/* After an upper driver's failure the lower one is still there. */
	if (b && d->nbinds > 1)
		b->layers = b[-1].layers;
	return b;
}

static void note_probe_begin(struct facts *f, struct facts_device *d,
			     const struct event *ev)
{
	struct facts_bind *b = bind_of_probe(d);

	if (!b) {
		f->failed = true;
		return;
	}
	b->driver = ev->text;
	b->open++;
	b->ended = false;
	d->attempts = 0;
	if (b->begin_seq)
		return;
	b->begin_ps = ev->time;
	b->begin_seq = ev->seq;
}

static void note_probe_end(struct facts *f, struct facts_device *d,
			   const struct event *ev)
{
	struct facts_bind *b = d->nbinds ? &d->binds[d->nbinds - 1] : NULL;
	int result = (int32_t)ev->len;

	if (!b || !b->open)
		return;
	b->open--;
	b->ended = !b->open;
	if (!b->result)
		b->result = result;
	if (!result)
		b->layers++;
	b->end_ps = ev->time;
	b->end_seq = ev->seq;
	if (!b->result)
		b->state = facts_state_of(f, d);
}

static void note_rung_end(struct facts *f, struct facts_device *d,
			  const struct event *ev)
{
	(void)f;
	if (d->nbinds && (int32_t)ev->len >= 0)
		d->binds[d->nbinds - 1].rung = ev->text;
}

static void note_remove_end(struct facts *f, struct facts_device *d,
			    const struct event *ev)
{
	struct facts_bind *b = d->nbinds ? &d->binds[d->nbinds - 1] : NULL;

	(void)f;
	(void)ev;
	if (!b)
		return;
	b->removed = true;
	b->layers -= b->layers != 0;
}

static void note_service(struct facts *f, struct facts_device *d,
			 const struct event *ev)
{
	(void)f;
	(void)ev;
	d->attempts++;
}

static void note_request(struct facts *f, struct facts_device *d,
			 const struct event *ev)
{
	(void)f;
	if ((int32_t)ev->len < 0)
		d->requests_failed++;
	else
		d->requests_completed++;
}

static void note_contended(struct facts *f, struct facts_device *d,
			   const struct event *ev)
{
	(void)f;
	(void)ev;
	d->contended++;
}

typedef void note_fn(struct facts *f, struct facts_device *d,
		     const struct event *ev);

static note_fn *const note_handlers[MACHINE_NOTE_COUNT] = {
	[MACHINE_NOTE_PROBE_BEGIN] = note_probe_begin,
	[MACHINE_NOTE_PROBE_END] = note_probe_end,
	[MACHINE_NOTE_REMOVE_END] = note_remove_end,
	[MACHINE_NOTE_RUNG_END] = note_rung_end,
	[MACHINE_NOTE_IRQ_OWNER] = note_owner,
	[MACHINE_NOTE_IRQ_RELEASED] = note_released,
	[MACHINE_NOTE_REQUEST] = note_request,
	[MACHINE_NOTE_CONTENDED] = note_contended,
};

static bool is_allocation(const struct event_bus *bus, const struct event *ev)
{
	const char *text = event_text(bus, ev->text);

	return ev->index == MACHINE_NOTE_SERVICE && text &&
	       !strncmp(text, ALLOCATION, strlen(ALLOCATION));
}

static void see_note(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;
	struct facts_device *d = counted(f, ev);

	if (ev->index >= MACHINE_NOTE_COUNT)
		return;
	if (note_handlers[ev->index])
		note_handlers[ev->index](f, d, ev);
	else if (is_allocation(o->bus, ev))
		note_service(f, d, ev);
}

/* ---- the rest ---- */

static void see_dma_read(struct observer *o, const struct event *ev)
{
	struct facts_device *d = counted((struct facts *)o, ev);

	d->dma_read_bytes += ev->len;
}

static void see_dma_write(struct observer *o, const struct event *ev)
{
	struct facts_device *d = counted((struct facts *)o, ev);

	d->dma_write_bytes += ev->len;
}

static void see_data(struct observer *o, const struct event *ev)
{
	struct facts_device *d = counted((struct facts *)o, ev);

	if (ev->index == MACHINE_DATA_WRITTEN)
		d->data_written_bytes += ev->len;
	if (ev->index != MACHINE_DATA_READ)
		return;
	d->data_read_bytes += ev->len;
	d->data_read_crc = (uint32_t)crc32_combine(d->data_read_crc,
						   (uLong)ev->value,
						   (z_off_t)ev->len);
}

static void see_log(struct observer *o, const struct event *ev)
{
	struct facts *f = (struct facts *)o;
	struct facts_line *l = GROW(f->lines, f->nlines, f->lines_capacity);

	counted(f, ev);
	if (!l) {
		f->failed = true;
		return;
	}
	l->text = ev->text;
	l->level = (uint32_t)ev->value;
	l->device = ev->device;
	l->time = ev->time;
}

/* Thread, account and step events change no fact. */
static void (*const handlers[EV_COUNT])(struct observer *o,
					const struct event *ev) = {
	[EV_CONFIG_READ] = see_count,
	[EV_CONFIG_WRITE] = see_count,
	[EV_MMIO_READ] = see_count,
	[EV_MMIO_WRITE] = see_count,
	[EV_IO_READ] = see_count,
	[EV_IO_WRITE] = see_count,
	[EV_BUS_ERROR] = see_count,
	[EV_DMA_READ] = see_dma_read,
	[EV_DMA_WRITE] = see_dma_write,
	[EV_DMA_ERROR] = see_count,
	[EV_DMA_CANCELED] = see_count,
	[EV_MSI] = see_msi,
	[EV_MSI_LOST] = see_count,
	[EV_INTX] = see_intx,
	[EV_IRQ_RAISE] = see_raise,
	[EV_IRQ_ENTER] = see_enter,
	[EV_LOG] = see_log,
	[EV_NOTE] = see_note,
	[EV_MODEL] = see_model,
	[EV_FAULT] = see_count,
	[EV_DATA] = see_data,
	[EV_CLAUSE] = see_count,
	[EV_GUEST_BUG] = see_count,
};

void facts_listen(struct facts *f, struct event_bus *bus)
{
	enum event_kind kind;

	for (kind = 0; kind < EV_COUNT; kind++)
		if (handlers[kind])
			event_bus_add_kind(bus, &f->observer, kind,
					   handlers[kind]);
}

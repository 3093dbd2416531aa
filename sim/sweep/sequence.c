/* SPDX-License-Identifier: MIT */
/*
 * Devices are independent of each other: each has its own list, so that the order
 * between two of them is nobody's difference.  Comparing goes along with the run
 * and keeps nothing but the first difference.
 */
#include "sim/sweep/sequence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "sim/check/dma_map.h"

#define PFN_SHIFT 12u /* virtio 1.2 4.1.5.1.3: of the legacy queue address */

/* The workload's steps belong to no device: they are the last list. */
struct list {
	uint64_t seen;          /* accesses so far */
	size_t next;            /* of the expected ones, where to look on */
	uint32_t places;        /* numbers given */
};

struct sequence {
	struct observer observer;
	const struct world *world;
	struct dma_map *mapped;   /* for DMA, by device */
	struct dma_map *allocated;/* by nobody in particular: device 0 */
	struct list *lists;
	bool on, ended, failed;
	struct sequence_entry *kept;
	size_t nkept, capacity;
	const struct sequence_entry *expected;
	size_t nexpected;
	bool differs;
	size_t different_list;
	uint64_t at;            /* the access that differs, from 1 */
	bool has_got, has_wanted;
	struct sequence_entry got, wanted;
};

static size_t list_of(const struct sequence *s, uint16_t device)
{
	return device < s->world->ndevices ? device : s->world->ndevices;
}

/* ---- keeping and comparing ---- */

static void keep(struct sequence *s, const struct sequence_entry *e)
{
	size_t n = s->capacity ? s->capacity * 2 : 256;
	struct sequence_entry *grown;

	if (s->nkept == s->capacity) {
		grown = realloc(s->kept, n * sizeof(*grown));
		if (!grown) {
			s->failed = true;
			return;
		}
		s->kept = grown;
		s->capacity = n;
	}
	s->kept[s->nkept++] = *e;
}

/* The next expected access of that list. */
static const struct sequence_entry *next_of(struct sequence *s, size_t list)
{
	struct list *l = &s->lists[list];

	while (l->next < s->nexpected &&
	       list_of(s, s->expected[l->next].device) != list)
		l->next++;
	return l->next < s->nexpected ? &s->expected[l->next++] : NULL;
}

static void differ(struct sequence *s, size_t list,
		   const struct sequence_entry *got,
		   const struct sequence_entry *wanted)
{
	s->differs = true;
	s->different_list = list;
	s->at = s->lists[list].seen;
	s->has_got = got != NULL;
	s->has_wanted = wanted != NULL;
	if (got)
		s->got = *got;
	if (wanted)
		s->wanted = *wanted;
}

static void compare(struct sequence *s, const struct sequence_entry *e)
{
	size_t list = list_of(s, e->device);
	const struct sequence_entry *wanted = next_of(s, list);

	if (!wanted || memcmp(e, wanted, sizeof(*e)))
		differ(s, list, e, wanted);
}

static void put(struct sequence *s, const struct sequence_entry *e)
{
	s->lists[list_of(s, e->device)].seen++;
	if (!s->expected)
		keep(s, e);
	else if (!s->differs)
		compare(s, e);
}

/* ---- normalising ---- */

/* What lies around an address: the device's mapping, for a guest that maps; else
 * the allocation.  The maps are ours: a span's `seq` is its number, 0 until the
 * device has used it, and its `rights` whose number that is. */
static struct dma_span *around(const struct sequence *s, uint16_t device,
			       uint64_t addr)
{
	const struct dma_span *span = dma_map_around(s->mapped, addr, device, 0);

	if (!span)
		span = dma_map_around(s->allocated, addr, 0, 0);
	return (struct dma_span *)span;
}

static uint32_t name(struct sequence *s, uint16_t device, uint64_t addr,
		     uint64_t *offset)
{
	struct dma_span *span = around(s, device, addr);

	if (!span)
		return SEQUENCE_RAW;
	if (!span->seq || span->rights != device) {
		span->seq = ++s->lists[device].places;
		span->rights = device;
	}
	*offset = addr - span->addr;
	return (uint32_t)span->seq;
}

/* A register may be told an address, or a page's number. */
static void name_value(struct sequence *s, struct sequence_entry *e)
{
	uint64_t offset;

	if (e->len < 4 || !e->value)
		return;
	e->place = name(s, e->device, e->value, &offset);
	if (e->place == SEQUENCE_RAW && e->value <= UINT32_MAX)
		e->place = name(s, e->device, e->value << PFN_SHIFT, &offset);
	if (e->place != SEQUENCE_RAW)
		e->value = offset;
}

static struct sequence_entry entry_of(const struct event *ev)
{
	struct sequence_entry e;

	memset(&e, 0, sizeof(e));
	e.kind = ev->kind;
	e.device = ev->device;
	e.index = ev->index;
	e.len = ev->len;
	e.addr = ev->addr;
	e.place = SEQUENCE_RAW;
	return e;
}

/* What a device answers is its own affair, and may be a counter: a driver that is
 * answered something else goes another way. */
static void see_read(struct observer *o, const struct event *ev)
{
	struct sequence *s = (struct sequence *)o;
	struct sequence_entry e = entry_of(ev);

	if (s->on && ev->device < s->world->ndevices)
		put(s, &e);
}

static void see_write(struct observer *o, const struct event *ev)
{
	struct sequence *s = (struct sequence *)o;
	struct sequence_entry e = entry_of(ev);

	if (!s->on || ev->device >= s->world->ndevices)
		return;
	e.value = ev->value;
	name_value(s, &e);
	put(s, &e);
}

static void see_dma(struct observer *o, const struct event *ev)
{
	struct sequence *s = (struct sequence *)o;
	struct sequence_entry e = entry_of(ev);

	if (!s->on || ev->device >= s->world->ndevices)
		return;
	e.index = 0;
	e.place = name(s, ev->device, ev->addr, &e.addr);
	put(s, &e);
}

/* A step is told by its answer alone. */
static void see_step(struct observer *o, const struct event *ev)
{
	struct sequence *s = (struct sequence *)o;
	struct sequence_entry e = entry_of(ev);

	if (!s->on)
		return;
	e.index = e.len = 0;
	e.addr = 0;
	e.value = (int64_t)ev->value < 0 ? ev->value : 0;
	put(s, &e);
}

static void see_account(struct observer *o, const struct event *ev)
{
	struct sequence *s = (struct sequence *)o;
	bool mapping = ev->index == MACHINE_RES_DMA_MAPPING;
	struct dma_map *map = mapping ? s->mapped : s->allocated;
	uint32_t device = mapping ? ev->device : 0;
	const struct dma_span *other;
	struct dma_span *span;

	if (!mapping && ev->index != MACHINE_RES_MEMORY)
		return;
	if ((int64_t)ev->value < 0) {
		dma_map_remove(map, ev->addr, -ev->value, device);
		return;
	}
	span = dma_map_add(map, ev->addr, ev->addr + ev->value, 0, &other);
	if (!span)
		return;
	span->seq = 0;
	span->device = device;
}

/* ---- the object ---- */

static void join(struct sequence *s, struct event_bus *bus)
{
	static const struct {
		enum event_kind kind;
		void (*see)(struct observer *o, const struct event *ev);
	} rows[] = {
		{ EV_CONFIG_READ, see_read },
		{ EV_CONFIG_WRITE, see_write },
		{ EV_MMIO_READ, see_read },
		{ EV_MMIO_WRITE, see_write },
		{ EV_IO_READ, see_read },
		{ EV_IO_WRITE, see_write },
		{ EV_DMA_READ, see_dma },
		{ EV_DMA_WRITE, see_dma },
		{ EV_DMA_ERROR, see_dma },
		{ EV_STEP_END, see_step },
		{ EV_ACCOUNT, see_account },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		event_bus_add_kind(bus, &s->observer, rows[i].kind,
				   rows[i].see);
}

struct sequence *sequence_create(const struct world *w, struct event_bus *bus)
{
	struct sequence *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->world = w;
	s->mapped = dma_map_create();
	s->allocated = dma_map_create();
	s->lists = calloc(w->ndevices + 1, sizeof(*s->lists));
	if (!s->mapped || !s->allocated || !s->lists) {
		sequence_destroy(s);
		return NULL;
	}
	join(s, bus);
	return s;
}

void sequence_destroy(struct sequence *s)
{
	if (!s)
		return;
	if (s->mapped)
		dma_map_destroy(s->mapped);
	if (s->allocated)
		dma_map_destroy(s->allocated);
	free(s->lists);
	free(s->kept);
	free(s);
}

void sequence_expect(struct sequence *s, const struct sequence_entry *entries,
		     size_t count)
{
	static const struct sequence_entry none;

	s->expected = entries ? entries : &none;
	s->nexpected = count;
}

void sequence_begin(struct sequence *s)
{
	s->on = true;
}

/* What the other machine did and this one did not is a difference too. */
void sequence_end(struct sequence *s)
{
	const struct sequence_entry *wanted;
	size_t i;

	s->on = false;
	s->ended = true;
	for (i = 0; s->expected && !s->differs && i <= s->world->ndevices; i++) {
		wanted = next_of(s, i);
		s->lists[i].seen++;
		if (wanted)
			differ(s, i, NULL, wanted);
	}
}

const struct sequence_entry *sequence_entries(const struct sequence *s,
					      size_t *count)
{
	*count = s->failed ? 0 : s->nkept;
	return s->kept;
}

bool sequence_same(const struct sequence *s)
{
	return s->ended && !s->differs && !s->failed;
}

/* ---- in words ---- */

static bool is_dma(const struct sequence_entry *e)
{
	return e->kind == EV_DMA_READ || e->kind == EV_DMA_WRITE ||
	       e->kind == EV_DMA_ERROR;
}

static void put_number(struct textbuf *out, uint32_t place, uint64_t value)
{
	if (place != SEQUENCE_RAW)
		textbuf_printf(out, "buffer %" PRIu32 " + ", place);
	textbuf_hex(out, value);
}

static void describe(struct textbuf *out, bool has,
		     const struct sequence_entry *e)
{
	if (!has) {
		textbuf_text(out, "nothing more");
		return;
	}
	if (e->kind == EV_STEP_END) {
		textbuf_printf(out, "an answer of %" PRId64, (int64_t)e->value);
		return;
	}
	textbuf_printf(out, "%s ", event_kind_name(e->kind));
	if (is_dma(e)) {
		put_number(out, e->place, e->addr);
		textbuf_printf(out, ", %" PRIu32 " bytes", e->len);
		return;
	}
	if (e->index != EVENT_NO_INDEX)
		textbuf_printf(out, "BAR %" PRIu32 " + ", e->index);
	textbuf_hex(out, e->addr);
	if (e->kind != EV_CONFIG_WRITE && e->kind != EV_MMIO_WRITE &&
	    e->kind != EV_IO_WRITE)
		return;
	textbuf_text(out, " = ");
	put_number(out, e->place, e->value);
}

void sequence_difference(const struct sequence *s, struct textbuf *out)
{
	if (!s->differs)
		return;
	if (s->different_list < s->world->ndevices)
		textbuf_printf(out, "%s: access %" PRIu64 " is ",
			       world_id(s->world, (uint32_t)s->different_list),
			       s->at);
	else
		textbuf_printf(out, "step %" PRIu64 " of the workload has ",
			       s->at);
	describe(out, s->has_got, &s->got);
	textbuf_text(out, "; without the fault ");
	describe(out, s->has_wanted, &s->wanted);
}

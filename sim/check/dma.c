/* SPDX-License-Identifier: MIT */
/*
 * DMA against the mappings of the driver.  A descriptor that says more than was
 * mapped, a buffer unmapped while the device still has it, memory freed under a
 * mapping: on a machine with an IOMMU the device is stopped, on one without it
 * overwrites what lies there now.
 */
#include "sim/check/dma.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "sim/check/clauses/rulebook.h"
#include "sim/check/dma_map.h"

#define FINDINGS_A_DEVICE 8u
#define GONE 256u        /* unmapped spans that are remembered */
#define GONE_FRAMES 4u   /* functions; what a report has room for */
/* Kept apart from what is asked at every access. */
#define COLD __attribute__((noinline, cold))
#define BOTH (EVENT_DMA_READS | EVENT_DMA_WRITES)

/* A span that was unmapped, and by whom. */
struct gone {
	uint64_t addr, end, seq;
	uint32_t device;
	uint32_t nframes;
	uintptr_t frames[GONE_FRAMES];
};

struct judged {
	uint8_t maps;      /* the guest tells of its DMA mappings: bit n, of
	                      some with the rights n */
	uint32_t findings;
};

struct dma_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct leak_check *leak;
	struct dma_map *map;
	struct gone gone[GONE]; /* a ring */
	uint32_t ngone;         /* ever */
	struct judged *devices;
};

/* False: enough was said of that device. */
static bool may_tell(struct dma_check *c, uint32_t device)
{
	return c->devices[device].findings++ < FINDINGS_A_DEVICE;
}

static void place(struct finding *f, uint32_t device, const struct event *ev)
{
	f->device = device;
	f->event = ev->seq;
	f->time = ev->time;
}

static void place_call(struct dma_check *c, struct finding *f, uint32_t device,
		       const struct event *ev)
{
	place(f, device, ev);
	f->nframes = (uint32_t)world_callers(c->world, f->frames,
					     FINDING_FRAMES);
}

/* ---- what the guest does ---- */

static void COLD tell_overlap(struct dma_check *c, const struct event *ev,
			      const struct dma_span *other)
{
	struct finding *f;

	if (!may_tell(c, ev->device))
		return;
	f = findings_add(c->findings, "dma-overlap",
			 "%" PRIu64 " bytes at 0x%" PRIx64 " are mapped for "
			 "DMA while %" PRIu64 " bytes at 0x%" PRIx64 " are, "
			 "since trace event %" PRIu64 ", and a device may "
			 "write there", ev->value, ev->addr,
			 other->end - other->addr, other->addr, other->seq);
	place_call(c, f, ev->device, ev);
}

static void see_map(struct dma_check *c, const struct event *ev)
{
	struct judged *d = &c->devices[ev->device];
	uint64_t end = ev->addr + ev->value;
	uint32_t rights = ev->len ? ev->len : BOTH;
	const struct dma_span *other;
	/* Two that are only read are no harm. */
	struct dma_span *s = dma_map_add(c->map, ev->addr, end,
					 rights & EVENT_DMA_WRITES ?
						 BOTH : EVENT_DMA_WRITES,
					 &other);

	if (other)
		tell_overlap(c, ev, other);
	if (!s) {
		leak_check_account(c->leak, ev);
		return;
	}
	s->seq = ev->seq;
	s->device = ev->device;
	s->rights = rights;
	leak_check_take(c->leak, &s->held, ev);
	d->maps |= (uint8_t)(1u << rights);
}

static void remember(struct dma_check *c, const struct event *ev,
		     const struct dma_span *s)
{
	struct gone *g = &c->gone[c->ngone++ % GONE];

	g->addr = s->addr;
	g->end = s->end;
	g->seq = ev->seq;
	g->device = s->device;
	g->nframes = (uint32_t)world_callers(c->world, g->frames, GONE_FRAMES);
}

/* Usually one span; of several that began at one address, all that the amount
 * covers. */
static void see_unmap(struct dma_check *c, const struct event *ev)
{
	uint64_t left = -ev->value, bytes;
	struct dma_span *s;

	for (; left; left -= bytes) {
		s = dma_map_remove(c->map, ev->addr, left, ev->device);
		if (!s && left == -ev->value)
			leak_check_account(c->leak, ev);
		else if (!s)
			leak_check_excess(c->leak, ev, LEAK_TOO_MUCH);
		if (!s)
			return;
		remember(c, ev, s);
		bytes = s->end - s->addr;
		if (bytes > left) {
			leak_check_keep(c->leak, &s->held,
					(int64_t)(bytes - left));
			return;
		}
		leak_check_drop(c->leak, &s->held);
	}
}

static void see_free(struct dma_check *c, const struct event *ev)
{
	uint64_t size = -ev->value;
	const struct dma_span *s =
		dma_map_touching(c->map, ev->addr, ev->addr + size, BOTH);
	struct finding *f;

	if (!s || !may_tell(c, s->device))
		return;
	f = findings_add(c->findings, "dma-freed",
			 "%" PRIu64 " bytes of memory at 0x%" PRIx64 " are "
			 "freed, of which %" PRIu64 " at 0x%" PRIx64 " are "
			 "mapped for DMA since trace event %" PRIu64, size,
			 ev->addr, s->end - s->addr, s->addr, s->seq);
	place_call(c, f, s->device, ev);
}

static void see_account(struct observer *o, const struct event *ev)
{
	struct dma_check *c = (struct dma_check *)o;
	bool taken = (int64_t)ev->value > 0;

	if (ev->index != MACHINE_RES_DMA_MAPPING ||
	    ev->device >= c->world->ndevices) {
		leak_check_account(c->leak, ev);
		if (ev->index == MACHINE_RES_MEMORY && !taken)
			see_free(c, ev);
	} else if (taken) {
		see_map(c, ev);
	} else {
		see_unmap(c, ev);
	}
}

/* ---- what the device does ---- */

static const struct gone *gone_around(const struct dma_check *c, uint64_t addr,
				      uint32_t device)
{
	uint32_t n = c->ngone < GONE ? c->ngone : GONE, i;

	for (i = 1; i <= n; i++) {
		const struct gone *g = &c->gone[(c->ngone - i) % GONE];

		if (addr >= g->addr && addr < g->end && g->device == device)
			return g;
	}
	return NULL;
}

static const char *did(const struct event *ev)
{
	return ev->kind == EV_DMA_WRITE ? "wrote" : "read";
}

static struct finding *tell_unmapped(struct dma_check *c,
				     const struct event *ev,
				     const struct gone *g)
{
	struct finding *f;

	f = findings_add(c->findings, "dma-unmapped",
			 "%s %" PRIu32 " bytes at 0x%" PRIx64 " by DMA, where "
			 "a mapping of %" PRIu64 " bytes had been undone, at "
			 "trace event %" PRIu64, did(ev), ev->len, ev->addr,
			 g->end - g->addr, g->seq);
	f->nframes = g->nframes;
	memcpy(f->frames, g->frames, g->nframes * sizeof(g->frames[0]));
	return f;
}

static struct finding *tell_never_mapped(struct dma_check *c,
					 const struct event *ev)
{
	const struct dma_span *s = dma_map_nearest(c->map, ev->addr,
						   ev->device);

	if (!s)
		return findings_add(c->findings, "dma-unmapped",
				    "%s %" PRIu32 " bytes at 0x%" PRIx64 " by "
				    "DMA; nothing is mapped for it", did(ev),
				    ev->len, ev->addr);
	return findings_add(c->findings, "dma-unmapped",
			    "%s %" PRIu32 " bytes at 0x%" PRIx64 " by DMA, not "
			    "all of them mapped; the nearest mapping is %"
			    PRIu64 " bytes at 0x%" PRIx64 ", of trace event %"
			    PRIu64, did(ev), ev->len, ev->addr,
			    s->end - s->addr, s->addr, s->seq);
}

static struct finding *tell_direction(struct dma_check *c,
				      const struct event *ev,
				      const struct dma_span *s)
{
	return findings_add(c->findings, "dma-against-direction",
			    "%s %" PRIu32 " bytes at 0x%" PRIx64 " by DMA in a "
			    "mapping %s the device: %" PRIu64 " bytes at 0x%"
			    PRIx64 ", of trace event %" PRIu64, did(ev),
			    ev->len, ev->addr,
			    s->rights == EVENT_DMA_READS ? "to" : "from",
			    s->end - s->addr, s->addr, s->seq);
}

/* Virtio 1.2 2.7.5.1 is of what descriptors say, not mappings: a driver may have
 * mapped otherwise than it says.  NULL: it breaks no clause. */
static const char *clause_of(const struct dma_check *c, const struct event *ev,
			     uint64_t at)
{
	const bool write = ev->kind == EV_DMA_WRITE;
	const enum clause clause = write ? CLAUSE_SQ_DESC_V1
					 : CLAUSE_SQ_DESC_V2;
	struct rulebook *b = c->findings->book;
	const struct view *v = b ? rulebook_judged(b, ev->device) : NULL;
	char text[120];

	if (!v || view_parts_at(v, at) != (write ? VIEW_READABLE
						 : VIEW_WRITABLE))
		return NULL;
	snprintf(text, sizeof(text), "%s: the device %s %" PRIu32 " bytes at 0x%"
		 PRIx64 ", in a buffer that it may %s", clause_rows[clause].id,
		 did(ev), ev->len, ev->addr, write ? "only read" : "only write");
	return rulebook_broken(b, clause, ev, text) ? clause_rows[clause].id
						    : NULL;
}

/* The bytes are not all the device's to use so. */
static void COLD tell_access(struct dma_check *c, const struct event *ev,
			     uint32_t right)
{
	uint64_t at = dma_map_reach(c->map, ev->addr, ev->addr + ev->len,
				    ev->device, right);
	/* With the other direction, or NULL. */
	const struct dma_span *s = dma_map_around(c->map, at, ev->device,
						  right);
	const struct gone *g = gone_around(c, at, ev->device);
	struct finding *f;

	if (!may_tell(c, ev->device))
		return;
	f = s ? tell_direction(c, ev, s) :
	    g ? tell_unmapped(c, ev, g) : tell_never_mapped(c, ev);
	place(f, ev->device, ev);
	if (s)
		f->clause = clause_of(c, ev, at);
}

static void see_dma(struct observer *o, const struct event *ev)
{
	struct dma_check *c = (struct dma_check *)o;
	uint32_t right = ev->kind == EV_DMA_WRITE ? EVENT_DMA_WRITES :
						    EVENT_DMA_READS;

	if (ev->device < c->world->ndevices && c->devices[ev->device].maps &&
	    !dma_map_allows(c->map, ev->addr, ev->addr + ev->len, ev->device,
			    right))
		tell_access(c, ev, right);
}

struct dma_check *dma_check_create(const struct world *w, struct event_bus *bus,
				   struct findings *f, struct leak_check *leak)
{
	struct dma_check *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->map = dma_map_create();
	c->devices = calloc(w->ndevices ? w->ndevices : 1,
			    sizeof(*c->devices));
	if (!c->map || !c->devices) {
		dma_check_destroy(c);
		return NULL;
	}
	c->world = w;
	c->findings = f;
	c->leak = leak;
	event_bus_add_kind(bus, &c->observer, EV_ACCOUNT, see_account);
	event_bus_add_kind(bus, &c->observer, EV_DMA_READ, see_dma);
	event_bus_add_kind(bus, &c->observer, EV_DMA_WRITE, see_dma);
	return c;
}

/* Of devices whose driver says for each buffer what the device may do with it. */
void dma_check_end(struct dma_check *c)
{
	struct rulebook *b = c->findings->book;
	uint32_t i;

	for (i = 0; b && i < c->world->ndevices; i++) {
		if (!rulebook_view(b, i)->type)
			continue;
		if (c->devices[i].maps >> EVENT_DMA_READS & 1)
			rulebook_kept(b, CLAUSE_SQ_DESC_V1);
		if (c->devices[i].maps >> EVENT_DMA_WRITES & 1)
			rulebook_kept(b, CLAUSE_SQ_DESC_V2);
	}
}

void dma_check_destroy(struct dma_check *c)
{
	if (!c)
		return;
	dma_map_destroy(c->map);
	free(c->devices);
	free(c);
}

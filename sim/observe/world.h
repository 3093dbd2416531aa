/* SPDX-License-Identifier: MIT */
/*
 * What observers know of a machine beyond the events: the devices behind the
 * numbers in them, and the image's ladder.  Observers depend on this and on the
 * event bus only, so that their tests need no platform.
 */
#ifndef RINGSIDE_SIM_OBSERVE_WORLD_H
#define RINGSIDE_SIM_OBSERVE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/pci/device_model.h"
#include "sim/observe/event.h"

struct scenario;

struct world_device {
	const char *id;                  /* as the scenario names it */
	uint32_t bdf;                    /* MACHINE_BDF */
	const struct device_model *model;/* or NULL */
	uint64_t offered;                /* features */
};

struct world {
	struct world_device *devices;    /* by the events' device number */
	size_t ndevices;
	const char *const *ladder;       /* rungs, top first; NULL ends it */
	uint32_t cpus;
	/* Up to `max` return addresses in the guest of whoever makes the present
	 * machine call, innermost first; NULL where nobody can tell. */
	size_t (*callers)(void *arg, uintptr_t *frames, size_t max);
	void *callers_arg;
	/* The guest's memory, for looking only: `memory_bytes` from the bus
	 * address `memory_at` on.  NULL: nobody can tell. */
	const uint8_t *memory;
	uint64_t memory_at, memory_bytes;
};

/* The world of a scenario; callers stays NULL.  NULL: out of memory. */
struct world *world_create(const struct scenario *s);
void world_destroy(struct world *w);
/* The id behind an event's device number, or "-". */
const char *world_id(const struct world *w, uint32_t device);
static inline size_t world_callers(const struct world *w, uintptr_t *frames,
				   size_t max)
{
	return w->callers ? w->callers(w->callers_arg, frames, max) : 0;
}
/* The memory behind `len` bytes at a bus address, or NULL: there is none. */
static inline const uint8_t *world_memory(const struct world *w, uint64_t addr,
					  uint64_t len)
{
	const uint64_t at = addr - w->memory_at;

	return at < w->memory_bytes && len <= w->memory_bytes - at ?
		       w->memory + at : NULL;
}
/* The name of a feature bit of a device, or NULL. */
const char *world_feature(const struct world *w, uint32_t device,
			  unsigned int bit);

/* Where a register lies. */
struct world_place {
	bool known;
	uint8_t bar;
	uint64_t at; /* its first byte, in the BAR */
};

/* The nth (from 0) register of a device whose name begins with `name`. */
struct world_place world_register(const struct world *w, uint32_t device,
				  const char *name, unsigned int nth);
/* Is it an access of exactly this register, or of its first bytes? */
static inline bool world_at(const struct world_place *p, const struct event *ev)
{
	return ev->addr == p->at && ev->index == p->bar && p->known;
}
/* Does it write into the 64 bits that begin there, which may be one register or
 * two? */
static inline bool world_at_half(const struct world_place *p,
				 const struct event *ev)
{
	return ev->addr - p->at < 8 && ev->index == p->bar && p->known;
}
/* Then *value is what they hold after it. */
void world_write_half(const struct world_place *p, const struct event *ev,
		      uint64_t *value);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The memory that the guest has mapped for DMA, as a set of spans that may
 * overlap.  Asked at every DMA access and every free, so spans are found by the
 * grains of memory in which they lie.
 */
#ifndef RINGSIDE_SIM_CHECK_DMA_MAP_H
#define RINGSIDE_SIM_CHECK_DMA_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/check/leak.h"

struct dma_span;

/* A span's place in the chain of a grain. */
struct dma_link {
	struct dma_link *next;
	struct dma_span *span;
};

struct dma_span {
	uint64_t addr, end; /* bytes addr .. end - 1 */
	uint64_t seq;       /* event that mapped it */
	uint32_t device;
	uint32_t rights;    /* EVENT_DMA_READS, EVENT_DMA_WRITES */
	struct dma_link first; /* of the grain in which it begins */
	struct dma_span *wider; /* of spans that are in no chain */
	struct held held;   /* as the leak check has it */
};

struct dma_map;

/* NULL: out of memory. */
struct dma_map *dma_map_create(void);
void dma_map_destroy(struct dma_map *m);
/* The new span, for its other fields; NULL: it is empty, or out of memory (then
 * accesses to it are reported that are none's fault).  *other: a span of any
 * device that has a byte of it and one of these rights, or NULL. */
struct dma_span *dma_map_add(struct dma_map *m, uint64_t addr, uint64_t end,
			     uint32_t rights, const struct dma_span **other);
/* Takes out a span of that device that begins at `addr`, one of `len` bytes if
 * there is one.  Valid until the next is added; NULL: there is none. */
struct dma_span *dma_map_remove(struct dma_map *m, uint64_t addr, uint64_t len,
				uint32_t device);
/* Has the device these rights at each byte of addr .. end - 1?  Spans may lie side
 * by side. */
bool dma_map_allows(struct dma_map *m, uint64_t addr, uint64_t end,
		    uint32_t device, uint32_t rights);
/* The first byte from `addr` on at which it has not. */
uint64_t dma_map_reach(const struct dma_map *m, uint64_t addr, uint64_t end,
		       uint32_t device, uint32_t rights);
/* A span of the device around the byte at `addr`: one with all these rights, or
 * else any.  NULL: none. */
const struct dma_span *dma_map_around(const struct dma_map *m, uint64_t addr,
				      uint32_t device, uint32_t rights);
/* A span of any device that has a byte of addr .. end - 1 and one of these
 * rights.  NULL: none. */
const struct dma_span *dma_map_touching(const struct dma_map *m, uint64_t addr,
					uint64_t end, uint32_t rights);
/* The device's span that has the least distance.  NULL: it has none. */
const struct dma_span *dma_map_nearest(const struct dma_map *m, uint64_t addr,
				       uint32_t device);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A function's way to memory and the CPU's way to the function, in time: a link
 * of its own (PCI Express), its share of the bus (PCI), or nothing that takes
 * time.  Each call takes the wires and says when the operation is done, in
 * picoseconds; `now` is the present, `when` the moment at which the function
 * begins.
 */
#ifndef RINGSIDE_SIM_PLATFORM_PATH_H
#define RINGSIDE_SIM_PLATFORM_PATH_H

#include <stdint.h>

#include "sim/platform/timing.h"
#include "sim/platform/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bus_path {
	const struct timing_profile *t;
	struct wire *bus;       /* PCI: shared by all */
	struct wire up, down;   /* PCI Express */
	uint64_t request;       /* a read request's time on the link */
	uint64_t sent_up;       /* end of the last posted write, on the wire */
	uint64_t sent_down;     /* the same of the CPU's */
	/* When each read request in flight is completed; `tag` is next.  NULL
	 * until the first: most functions of a large machine never read. */
	uint64_t *tag_done;
	uint32_t tag;
};

/* bus: initialised by whoever has it.  path_fini gives back what the path has taken
 * until then. */
void path_init(struct bus_path *p, const struct timing_profile *t,
	       struct wire *bus);
void path_fini(struct bus_path *p);

/* When all data is with the function. */
uint64_t path_dma_read(struct bus_path *p, uint64_t now, uint64_t when,
		       uint64_t addr, uint32_t len);
/* When the write (an MSI as well) arrives at the root complex or bridge. */
uint64_t path_dma_write(struct bus_path *p, uint64_t now, uint64_t when,
			uint64_t addr, uint32_t len);
/* When a change of the interrupt pin arrives. */
uint64_t path_intx(struct bus_path *p, uint64_t now, uint64_t when);

/* When a read, or a write that is not posted, is done for the CPU. */
uint64_t path_cpu_access(struct bus_path *p, uint64_t now, bool write,
			 uint32_t width);
/* When a posted write of the CPU arrives at the function. */
uint64_t path_cpu_write(struct bus_path *p, uint64_t now, uint32_t width);
/* How long an access takes on the bus that no function claims. */
uint64_t path_unclaimed(const struct timing_profile *t, struct wire *bus,
			uint64_t now);

#ifdef __cplusplus
}
#endif
#endif

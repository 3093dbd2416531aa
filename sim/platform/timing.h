/* SPDX-License-Identifier: MIT */
/*
 * Timing is data: named profiles of what a bus operation costs.  What a profile
 * leaves out is said in docs/timing.md; nothing here claims cycle accuracy.
 */
#ifndef RINGSIDE_SIM_PLATFORM_TIMING_H
#define RINGSIDE_SIM_PLATFORM_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum timing_bus { TIMING_NONE, TIMING_PCI, TIMING_PCIE };

/* Times in picoseconds, sizes in bytes. */
struct timing_profile {
	const char *name;
	const char *about;
	const char *source;        /* where the figures come from */
	enum timing_bus bus;
	uint64_t cpu_access;       /* CPU to host bridge, each way */
	uint64_t relax;            /* one cpu_relax */
	uint64_t irq_entry;        /* message at the controller to handler entry */
	/* PCIe */
	uint64_t ps_per_byte_x1024;/* link: 1024 * ps a byte, after encoding */
	uint32_t tlp_write;        /* overhead of a memory write TLP */
	uint32_t tlp_read;         /* of a read request */
	uint32_t tlp_completion;   /* of a completion */
	uint32_t mps, mrrs;
	uint64_t root_complex;     /* RC and memory latency of a read */
	uint64_t propagation;      /* one way, port to port */
	uint32_t posted_depth;     /* CPU writes on their way before the CPU stalls */
};

/* "none", "pcie-gen3-x4"...; ends with a NULL name. */
extern const struct timing_profile timing_profiles[];
const struct timing_profile *timing_find(const char *name);

/* What an operation of the device costs. */
struct timing_cost {
	uint64_t link;    /* the link (or bus) is busy so long */
	uint64_t latency; /* from start to data (read) or arrival (write) */
};

struct timing_cost timing_dma_read(const struct timing_profile *t, uint32_t len);
struct timing_cost timing_dma_write(const struct timing_profile *t, uint32_t len);
/* A CPU's access to a function: until the CPU may go on, and (posted writes)
 * until it arrives. */
uint64_t timing_cpu_read(const struct timing_profile *t, uint32_t width);
uint64_t timing_cpu_write(const struct timing_profile *t, uint32_t width);
uint64_t timing_cpu_write_arrival(const struct timing_profile *t,
				  uint32_t width);

#ifdef __cplusplus
}
#endif
#endif

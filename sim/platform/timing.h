/* SPDX-License-Identifier: MIT */
/*
 * Timing is data: named profiles of what a bus operation costs.  The
 * arithmetic over them is path.h's.  What each leaves out is said in
 * docs/timing.md; nothing here claims cycle accuracy.
 */
#ifndef RINGSIDE_SIM_PLATFORM_TIMING_H
#define RINGSIDE_SIM_PLATFORM_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Times in picoseconds, sizes in bytes. */

/* Conventional PCI: one bus for all functions and the CPU; in clocks. */
struct timing_pci {
	uint64_t clock;          /* ps */
	uint32_t width;          /* bytes of a data phase */
	uint32_t arbitration;    /* REQ# to FRAME# on an idle bus */
	uint32_t address;        /* address phase */
	uint32_t devsel;         /* 1 fast, 2 medium, 3 slow */
	uint32_t initial_wait;   /* then, up to the first data phase's end */
	uint32_t data_wait;      /* wait states of each later data phase */
	uint32_t turnaround;     /* of a read, between address and data */
	uint32_t idle;           /* between two bursts */
	uint32_t burst;          /* data phases of a burst, at most */
	uint32_t abort;          /* an access that nobody claims */
};

/* PCI Express: a link for each function, both ways at once. */
struct timing_pcie {
	uint64_t ps_per_byte_x1024; /* 1024 * ps a byte, after encoding */
	uint32_t tlp_write;         /* overhead of a memory write TLP */
	uint32_t tlp_read;          /* of a read request */
	uint32_t tlp_completion;    /* of a completion */
	uint32_t mps, mrrs;
	uint32_t rcb;               /* read completion boundary */
	uint32_t completion;        /* largest completion that is sent */
	uint32_t tags;              /* a function's read requests in flight */
	uint64_t root_complex;      /* RC and memory latency of a read */
	uint64_t propagation;       /* one way, port to port */
};

struct timing_profile {
	const char *name;
	const char *about;
	const char *source;      /* where the figures come from */
	const char *omits;
	uint64_t cpu_access;     /* CPU to host bridge, each way */
	uint64_t cpu_post;       /* what a posted write takes of the CPU */
	uint64_t relax;          /* one cpu_relax */
	uint64_t irq_entry;      /* message at the controller to handler entry */
	uint64_t timeout;        /* until a read that nobody completes is given up */
	uint32_t posted_depth;   /* CPU writes on their way before the CPU stalls */
	/* One of them, or neither: a bus without latency. */
	const struct timing_pci *pci;
	const struct timing_pcie *pcie;
};

/* "none", "pci-33", "pcie-gen3-x4"...; ends with a NULL name. */
extern const struct timing_profile timing_profiles[];
const struct timing_profile *timing_find(const char *name);

/* The i-th figure of a profile, for people; false: there is none. */
struct timing_figure {
	const char *name;
	const char *unit;        /* "ns", "clocks", "bytes"... */
	double value;
};
bool timing_figure_at(const struct timing_profile *t, size_t i,
		      struct timing_figure *figure);

#ifdef __cplusplus
}
#endif
#endif

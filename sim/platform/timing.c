/* SPDX-License-Identifier: MIT */
/*
 * The timing profiles.  A figure that is not from the named source is chosen;
 * docs/timing.md tells which.
 */
#include "sim/platform/timing.h"

#include <string.h>

/* ---- conventional PCI ----
 *
 * First data in the eighth clock: address, DEVSEL# of medium speed, five wait
 * states.  With one data phase a clock then and an idle clock behind, a burst
 * of n takes 8 + (n - 1) + 1 clocks.
 */
#define PCI_FIGURES                                                      \
	.width = 4, .arbitration = 2, .address = 1, .devsel = 2,         \
	.initial_wait = 5, .data_wait = 0, .turnaround = 1, .idle = 1,   \
	.burst = 64, .abort = 6

#define PCI_SOURCE                                                       \
	"PCI Local Bus Specification 2.2: burst latencies for a target " \
	"with 8 clocks of initial latency, DEVSEL# of medium speed"
#define PCI_OMITS                                                        \
	"latency timers and preemption, retries and disconnects, delayed " \
	"transactions, parity, the arbiter's fairness: who asks first is " \
	"served first, with all of its bursts"

static const struct timing_pci pci_33 = { .clock = 30000, PCI_FIGURES };
static const struct timing_pci pci_66 = { .clock = 15000, PCI_FIGURES };

/* ---- PCI Express ----
 *
 * Overheads of a TLP are those of pcie-bench: framing, sequence number and
 * LCRC, a header of four double words for requests, of three for completions.
 */
#define TLP_FIGURES .tlp_write = 24, .tlp_read = 24, .tlp_completion = 20

#define PCIE_SOURCE                                                      \
	"link arithmetic and TLP overheads of pcie-bench (SIGCOMM 2018); "
#define PCIE_SERVER                                                      \
	PCIE_SOURCE "latencies in the range of its 64-byte reads on server " \
	"parts"
#define PCIE_OLDER                                                       \
	PCIE_SOURCE "latencies chosen above those it reports for later parts"
#define PCIE_NEWER                                                       \
	PCIE_SOURCE "latencies taken over from generation 3"
#define PCIE_OMITS                                                       \
	"ACK, NAK and replay, flow control credits, relaxed ordering, " \
	"switches, requests cut at 4 KiB boundaries"

/* 2.5 GT/s * 1 lane * 8/10 / 8 = 0.25 bytes a ns */
static const struct timing_pcie gen1_x1 = {
	.ps_per_byte_x1024 = 4096000, TLP_FIGURES,
	.mps = 128, .mrrs = 512, .rcb = 64, .completion = 64, .tags = 8,
	.root_complex = 300000, .propagation = 150000,
};

/* 5 GT/s * 4 lanes * 8/10 / 8 = 2 bytes a ns */
static const struct timing_pcie gen2_x4 = {
	.ps_per_byte_x1024 = 512000, TLP_FIGURES,
	.mps = 128, .mrrs = 512, .rcb = 64, .completion = 64, .tags = 32,
	.root_complex = 250000, .propagation = 100000,
};

/* 8 GT/s * 4 lanes * 128/130 / 8 = 3.938 bytes a ns */
static const struct timing_pcie gen3_x4 = {
	.ps_per_byte_x1024 = 260000, TLP_FIGURES,
	.mps = 256, .mrrs = 512, .rcb = 64, .completion = 256, .tags = 32,
	.root_complex = 200000, .propagation = 75000,
};

/* 8 GT/s * 8 lanes * 128/130 / 8 = 7.877 bytes a ns */
static const struct timing_pcie gen3_x8 = {
	.ps_per_byte_x1024 = 130000, TLP_FIGURES,
	.mps = 256, .mrrs = 512, .rcb = 64, .completion = 256, .tags = 32,
	.root_complex = 200000, .propagation = 75000,
};

/* 16 GT/s * 4 lanes * 128/130 / 8 = 7.877 bytes a ns */
static const struct timing_pcie gen4_x4 = {
	.ps_per_byte_x1024 = 130000, TLP_FIGURES,
	.mps = 512, .mrrs = 512, .rcb = 64, .completion = 256, .tags = 256,
	.root_complex = 200000, .propagation = 75000,
};

/* 32 GT/s * 16 lanes * 128/130 / 8 = 63.02 bytes a ns */
static const struct timing_pcie gen5_x16 = {
	.ps_per_byte_x1024 = 16250, TLP_FIGURES,
	.mps = 512, .mrrs = 1024, .rcb = 64, .completion = 256, .tags = 256,
	.root_complex = 200000, .propagation = 75000,
};

/* Root ports in their default setting wait 40 to 50 ms (Intel 6 Series, DCTL2);
 * the specification allows 50 us to 50 ms. */
#define COMPLETION_TIMEOUT UINT64_C(50000000000)
/* A bridge has to keep a delayed transaction for 2^15 clocks before it may throw
 * it away (PCI 2.2 3.3.3.3.3); chosen for the CPU's as well: 33 MHz, 0.98 ms. */
#define PCI_TIMEOUT UINT64_C(983040000)

#define PCIE_CPU                                                         \
	.cpu_access = 10000, .relax = 10000, .irq_entry = 50000,         \
	.timeout = COMPLETION_TIMEOUT, .posted_depth = 16,               \
	.omits = PCIE_OMITS
#define PCI_CPU                                                          \
	.cpu_access = 30000, .relax = 30000, .irq_entry = 500000,        \
	.timeout = PCI_TIMEOUT, .posted_depth = 4, .source = PCI_SOURCE, \
	.omits = PCI_OMITS

const struct timing_profile timing_profiles[] = {
	{
		.name = "none",
		.about = "a bus without latency; each CPU access takes 1 ns so "
			 "that polling loops end",
		.source = "no hardware",
		.omits = "everything: this is for tests of order",
		.cpu_access = 1000,
		.cpu_post = 1000,
		.relax = 10000,
		.irq_entry = 1000,
		.timeout = UINT64_C(1000000000),
		.posted_depth = 64,
	},
	{ .name = "pci-33", .pci = &pci_33, PCI_CPU,
	  .about = "conventional PCI, 33 MHz, 32 bits, one bus for all" },
	{ .name = "pci-66", .pci = &pci_66, PCI_CPU,
	  .about = "conventional PCI, 66 MHz, 32 bits, one bus for all" },
	{ .name = "pcie-gen1-x1", .pcie = &gen1_x1, PCIE_CPU,
	  .source = PCIE_OLDER,
	  .about = "PCI Express 1.1, one lane, 2 Gb/s after encoding" },
	{ .name = "pcie-gen2-x4", .pcie = &gen2_x4, PCIE_CPU,
	  .source = PCIE_OLDER,
	  .about = "PCI Express 2.0, four lanes, 16 Gb/s after encoding" },
	{ .name = "pcie-gen3-x4", .pcie = &gen3_x4, PCIE_CPU,
	  .source = PCIE_SERVER,
	  .about = "PCI Express 3.0, four lanes, 31.5 Gb/s after encoding" },
	{ .name = "pcie-gen3-x8", .pcie = &gen3_x8, PCIE_CPU,
	  .source = PCIE_SERVER,
	  .about = "PCI Express 3.0, eight lanes, 63.0 Gb/s after encoding" },
	{ .name = "pcie-gen4-x4", .pcie = &gen4_x4, PCIE_CPU,
	  .source = PCIE_NEWER,
	  .about = "PCI Express 4.0, four lanes, 63.0 Gb/s after encoding" },
	{ .name = "pcie-gen5-x16", .pcie = &gen5_x16, PCIE_CPU,
	  .source = PCIE_NEWER,
	  .about = "PCI Express 5.0, sixteen lanes, 504 Gb/s after encoding" },
	{ .name = NULL },
};

const struct timing_profile *timing_find(const char *name)
{
	const struct timing_profile *t;

	for (t = timing_profiles; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

/* ---- the figures, for people ---- */

enum figure_of { OF_PROFILE, OF_PCI, OF_PCIE };
enum figure_unit { PS, MS, LINK_RATE, CLOCKS, BYTES, COUNT };

#define FIGURE(of, type, field, unit, text) \
	{ of, offsetof(struct type, field), \
	  sizeof(((struct type *)NULL)->field), unit, text }
#define OWN(field, unit, text) \
	FIGURE(OF_PROFILE, timing_profile, field, unit, text)
#define PCI(field, unit, text) FIGURE(OF_PCI, timing_pci, field, unit, text)
#define PCIE(field, unit, text) FIGURE(OF_PCIE, timing_pcie, field, unit, text)

static const struct figure_row {
	enum figure_of of;
	size_t offset, size;
	enum figure_unit unit;
	const char *name;
} figure_rows[] = {
	OWN(cpu_access, PS, "CPU to host bridge, each way"),
	OWN(irq_entry, PS, "interrupt entry"),
	OWN(relax, PS, "cpu_relax"),
	OWN(timeout, MS, "read that nobody completes"),
	OWN(posted_depth, COUNT, "posted writes of the CPU on their way"),
	PCI(clock, PS, "clock"),
	PCI(width, BYTES, "data phase"),
	PCI(arbitration, CLOCKS, "arbitration on an idle bus"),
	PCI(address, CLOCKS, "address phase"),
	PCI(devsel, CLOCKS, "DEVSEL#"),
	PCI(initial_wait, CLOCKS, "wait of the first data phase"),
	PCI(data_wait, CLOCKS, "wait of each later data phase"),
	PCI(turnaround, CLOCKS, "turnaround of a read"),
	PCI(idle, CLOCKS, "idle between bursts"),
	PCI(burst, COUNT, "data phases of a burst, at most"),
	PCI(abort, CLOCKS, "access that nobody claims"),
	PCIE(ps_per_byte_x1024, LINK_RATE, "link, each way"),
	PCIE(tlp_write, BYTES, "overhead of a write TLP"),
	PCIE(tlp_read, BYTES, "overhead of a read request"),
	PCIE(tlp_completion, BYTES, "overhead of a completion"),
	PCIE(mps, BYTES, "maximum payload size"),
	PCIE(mrrs, BYTES, "maximum read request size"),
	PCIE(rcb, BYTES, "read completion boundary"),
	PCIE(completion, BYTES, "largest completion"),
	PCIE(tags, COUNT, "read requests in flight"),
	PCIE(root_complex, PS, "root complex and memory"),
	PCIE(propagation, PS, "propagation, one way"),
};

static const struct {
	const char *name;
	double scale;
} units[] = {
	[PS] = { "ns", 1e-3 },
	[MS] = { "ms", 1e-9 },
	[LINK_RATE] = { "ps a byte", 1.0 / 1024 },
	[CLOCKS] = { "clocks", 1 },
	[BYTES] = { "bytes", 1 },
	[COUNT] = { "", 1 },
};

static double value_of(const struct figure_row *r, const void *of)
{
	const char *at = (const char *)of + r->offset;
	uint32_t v32;
	uint64_t v64;

	memcpy(&v32, at, 4);
	if (r->size == 4)
		return v32;
	memcpy(&v64, at, 8);
	return (double)v64;
}

bool timing_figure_at(const struct timing_profile *t, size_t i,
		      struct timing_figure *figure)
{
	const void *const of[] = { [OF_PROFILE] = t, [OF_PCI] = t->pci,
				   [OF_PCIE] = t->pcie };
	const struct figure_row *r = figure_rows;
	const struct figure_row *end =
		r + sizeof(figure_rows) / sizeof(*figure_rows);

	for (; r < end; r++) {
		if (!of[r->of] || i--)
			continue;
		figure->name = r->name;
		figure->unit = units[r->unit].name;
		figure->value = value_of(r, of[r->of]) * units[r->unit].scale;
		return true;
	}
	return false;
}

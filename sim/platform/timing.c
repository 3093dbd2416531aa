/* SPDX-License-Identifier: MIT */
/*
 * The timing profiles and their arithmetic; read by the platform when it
 * prices an access, and by the tests that hold it against published figures.
 */
#include "sim/platform/timing.h"

#include <string.h>

const struct timing_profile timing_profiles[] = {
	{
		.name = "none",
		.about = "a bus without latency; each CPU access takes 1 ns so "
			 "that polling loops end",
		.source = "no hardware",
		.bus = TIMING_NONE,
		.cpu_access = 1000,
		.relax = 10000,
		.irq_entry = 1000,
		.mps = 4096,
		.mrrs = 4096,
		.posted_depth = 64,
	},
	{
		.name = "pcie-gen3-x4",
		.about = "PCI Express 3.0, four lanes, 31.5 Gb/s after encoding",
		.source = "link arithmetic and TLP overheads of pcie-bench "
			  "(SIGCOMM 2018); latencies in the range of its "
			  "64-byte reads on server parts",
		.bus = TIMING_PCIE,
		.cpu_access = 10000,
		.relax = 10000,
		.irq_entry = 50000,
		/* 8 GT/s * 4 lanes * 128/130 / 8 = 3.938 bytes a ns */
		.ps_per_byte_x1024 = 260000,
		.tlp_write = 24,
		.tlp_read = 24,
		.tlp_completion = 20,
		.mps = 256,
		.mrrs = 512,
		.root_complex = 200000,
		.propagation = 75000,
		.posted_depth = 16,
	},
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

/* Time on the link of `bytes`, rounded up to a picosecond. */
static uint64_t link_time(const struct timing_profile *t, uint64_t bytes)
{
	return (bytes * t->ps_per_byte_x1024 + 1023) / 1024;
}

/* unit: a power of two. */
static uint64_t pieces(uint32_t len, uint32_t unit)
{
	return len ? ((uint64_t)len + unit - 1) >> __builtin_ctz(unit) : 1;
}

/* A read: requests of at most MRRS upstream, completions of at most MPS down;
 * the last byte is there when the last completion has crossed the link. */
struct timing_cost timing_dma_read(const struct timing_profile *t, uint32_t len)
{
	struct timing_cost cost = { 0, 0 };
	uint64_t request, down;

	if (t->bus == TIMING_NONE)
		return cost;
	request = link_time(t, t->tlp_read);
	down = link_time(t, len + pieces(len, t->mps) * t->tlp_completion);
	cost.link = pieces(len, t->mrrs) * request;
	cost.latency = request + 2 * t->propagation + t->root_complex + down;
	return cost;
}

struct timing_cost timing_dma_write(const struct timing_profile *t,
				    uint32_t len)
{
	struct timing_cost cost = { 0, 0 };

	if (t->bus == TIMING_NONE)
		return cost;
	cost.link = link_time(t, len + pieces(len, t->mps) * t->tlp_write);
	cost.latency = cost.link + t->propagation;
	return cost;
}

uint64_t timing_cpu_read(const struct timing_profile *t, uint32_t width)
{
	if (t->bus == TIMING_NONE)
		return t->cpu_access;
	return 2 * t->cpu_access + 2 * t->propagation +
	       link_time(t, t->tlp_read) +
	       link_time(t, width + t->tlp_completion);
}

/* A posted write costs the CPU nothing until the buffer is full; without a bus
 * it costs what keeps a loop of writes from standing still. */
uint64_t timing_cpu_write(const struct timing_profile *t, uint32_t width)
{
	(void)width;
	return t->bus == TIMING_NONE ? t->cpu_access : 0;
}

uint64_t timing_cpu_write_arrival(const struct timing_profile *t,
				  uint32_t width)
{
	if (t->bus == TIMING_NONE)
		return 0;
	return t->cpu_access + t->propagation +
	       link_time(t, width + t->tlp_write);
}

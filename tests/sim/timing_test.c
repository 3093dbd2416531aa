/* SPDX-License-Identifier: MIT */
/*
 * The profiles' arithmetic against published figures: bursts on a PCI bus
 * (PCI 2.2), bytes on a PCI Express link (pcie-bench, SIGCOMM 2018), and the
 * round trip as the sum of its parts.
 */
#include "tests/sim/rig.h"

#include <string.h>

#include "sim/platform/path.h"

static struct wire bus;
static struct bus_path path;

/* A path that nobody uses yet. */
static bool fresh(const char *profile)
{
	const struct timing_profile *t = timing_find(profile);

	path_fini(&path);
	wire_fini(&bus);
	wire_init(&bus);
	if (t)
		path_init(&path, t, &bus);
	return t != NULL;
}

/* ---- PCI: a bus for all ---- */

/* 8 clocks to the first data, a clock each for the others, one idle. */
TEST(timing, bursts_on_a_pci_bus)
{
	static const struct {
		uint32_t bytes, clocks, ns_33, ns_66;
	} rows[] = {
		{ 4, 9, 270, 135 },     { 32, 16, 480, 240 },
		{ 64, 24, 720, 360 },   { 128, 40, 1200, 600 },
		{ 256, 72, 2160, 1080 },
	};
	unsigned int i;

	for (i = 0; i < 5; i++) {
		TEST_ROW("%u bytes", rows[i].bytes);
		ASSERT_TRUE(fresh("pci-33"));
		path_dma_write(&path, 0, 0, 0x1000, rows[i].bytes);
		EXPECT_EQ(rows[i].ns_33 * 1000, bus.span[0].to - bus.span[0].from);
		EXPECT_EQ(rows[i].clocks * 30000,
			  bus.span[0].to - bus.span[0].from);
		/* A read has one clock of turnaround. */
		ASSERT_TRUE(fresh("pci-33"));
		path_dma_read(&path, 0, 0, 0x1000, rows[i].bytes);
		EXPECT_EQ(rows[i].ns_33 * 1000 + 30000,
			  bus.span[0].to - bus.span[0].from);
		ASSERT_TRUE(fresh("pci-66"));
		path_dma_write(&path, 0, 0, 0x1000, rows[i].bytes);
		EXPECT_EQ(rows[i].ns_66 * 1000, bus.span[0].to - bus.span[0].from);
	}
}

/* Arbitration, two clocks, then all but the idle clock; a transfer of more
 * than 64 data phases is several bursts; an odd address takes one phase more. */
TEST(timing, transfers_on_a_pci_bus)
{
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 72 - 1) * 30000, path_dma_write(&path, 0, 0, 0, 256));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 16 * 72 - 1) * 30000, path_dma_write(&path, 0, 0, 0, 4096));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 72 + 9 - 1) * 30000, path_dma_write(&path, 0, 0, 0, 260));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 73 + 10 - 1) * 30000, path_dma_read(&path, 0, 0, 2, 256));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 8) * 30000, path_dma_write(&path, 0, 0, 0, 0));
}

TEST(timing, cpu_accesses_on_a_pci_bus)
{
	ASSERT_TRUE(fresh("pci-33"));
	/* One clock to the bridge and back; 8, turnaround. */
	EXPECT_EQ((1 + 9 + 1) * 30000, path_cpu_access(&path, 0, false, 4));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((1 + 8 + 1) * 30000, path_cpu_access(&path, 0, true, 4));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((1 + 10 + 1) * 30000, path_cpu_access(&path, 0, false, 8));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((1 + 8) * 30000, path_cpu_write(&path, 0, 4));
	EXPECT_EQ((1 + 9 + 8) * 30000, path_cpu_write(&path, 0, 4));
	/* Nobody claims it: six clocks. */
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ(6 * 30000, path_unclaimed(path.t, &bus, 0));
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(0, path_unclaimed(path.t, &bus, 0));
}

/* Two functions and the CPU have it one after the other; who waits for the bus
 * does not pay for its arbitration. */
TEST(timing, a_pci_bus_is_shared)
{
	struct bus_path other;

	ASSERT_TRUE(fresh("pci-33"));
	path_init(&other, path.t, &bus);
	EXPECT_EQ((2 + 71) * 30000, path_dma_write(&path, 0, 0, 0, 256));
	EXPECT_EQ((2 + 72 + 15) * 30000, path_dma_write(&other, 0, 0, 0, 32));
	EXPECT_EQ((2 + 72 + 16 + 9 + 1) * 30000,
		  path_cpu_access(&other, 0, false, 4));
	/* One write more: the CPU's, not posted, without turnaround. */
	EXPECT_EQ((2 + 72 + 16 + 10 + 8 + 1) * 30000,
		  path_cpu_access(&path, 0, true, 4));
}

/* ---- PCI Express: a link each ---- */

/* Picoseconds of n bytes of generation 3 with four lanes, 31.5 Gb/s after
 * encoding: 253.9 ps a byte, rounded up. */
static uint64_t link_ps(uint64_t bytes)
{
	return (bytes * 260000 + 1023) / 1024;
}

/* How long a write takes the link, and a read each of its directions. */
static uint64_t write_link(uint32_t len)
{
	path_dma_write(&path, 0, 0, 0, len);
	return path.up.span[0].to - path.up.span[0].from;
}

TEST(timing, link_rates)
{
	static const struct {
		const char *name;
		uint64_t megabits; /* after encoding */
	} rows[] = {
		{ "pcie-gen1-x1", 2000 },   { "pcie-gen2-x4", 16000 },
		{ "pcie-gen3-x4", 31508 },  { "pcie-gen3-x8", 63015 },
		{ "pcie-gen4-x4", 63015 },  { "pcie-gen5-x16", 504123 },
	};
	unsigned int i;

	for (i = 0; i < 6; i++) {
		uint64_t bytes = 1 << 20, megabits;

		TEST_ROW("%s", rows[i].name);
		ASSERT_TRUE(fresh(rows[i].name));
		bytes += 24 * bytes / path.t->pcie->mps;
		megabits = bytes * 8 * 1000000 / write_link(1 << 20);
		EXPECT_GE(megabits, rows[i].megabits - 1);
		EXPECT_LE(megabits, rows[i].megabits + 1);
	}
}

/* A write of sz takes sz + ceil(sz / MPS) * 24 bytes, MPS 256. */
TEST(timing, bytes_of_a_dma_write)
{
	static const struct {
		uint32_t len;
		uint64_t bytes;
	} rows[] = {
		{ 1, 25 },	{ 4, 28 },	{ 64, 88 },
		{ 256, 280 },	{ 257, 305 },	{ 512, 560 },
		{ 1500, 1644 },	{ 4096, 4480 },
	};
	unsigned int i;

	for (i = 0; i < 8; i++) {
		TEST_ROW("%u bytes", rows[i].len);
		ASSERT_TRUE(fresh("pcie-gen3-x4"));
		EXPECT_EQ(link_ps(rows[i].bytes), write_link(rows[i].len));
		ASSERT_TRUE(fresh("pcie-gen3-x4"));
		EXPECT_EQ(link_ps(rows[i].bytes) + 75000,
			  path_dma_write(&path, 0, 0, 0, rows[i].len));
	}
	/* 256 bytes: 91.4 % of the link is data. */
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(914, 1000 * link_ps(256) / write_link(256));
}

/* A read sends ceil(sz / MRRS) * 24 bytes up, MRRS 512, and gets
 * sz + ceil(sz / MPS) * 20 down; all requests but the first hide behind the
 * completions of those before. */
TEST(timing, bytes_of_a_dma_read)
{
	static const struct {
		uint32_t len;
		uint64_t requests, down;
	} rows[] = {
		{ 1, 1, 21 },	   { 16, 1, 36 },      { 64, 1, 84 },
		{ 256, 1, 276 },   { 257, 1, 297 },    { 512, 1, 552 },
		{ 513, 2, 573 },   { 1500, 3, 1620 },  { 4096, 8, 4416 },
	};
	unsigned int i;

	for (i = 0; i < 9; i++) {
		uint64_t done, sum;

		TEST_ROW("%u bytes", rows[i].len);
		ASSERT_TRUE(fresh("pcie-gen3-x4"));
		done = path_dma_read(&path, 0, 0, 0x1000, rows[i].len);
		EXPECT_EQ(rows[i].requests * link_ps(24),
			  path.up.span[0].to - path.up.span[0].from);
		/* Request, both ways, root complex, completions: each request
		 * is rounded up to a picosecond. */
		sum = link_ps(24) + 2 * 75000 + 200000 + link_ps(rows[i].down);
		EXPECT_GE(done, sum);
		EXPECT_LE(done, sum + rows[i].requests - 1);
		EXPECT_EQ(done - 75000, path.down.span[0].to);
	}
}

/* A root complex that completes a cache line at a time: 20 bytes for each 64.
 * Completions end at the boundary, so an odd address has one more. */
TEST(timing, completions_end_at_the_read_completion_boundary)
{
	static const struct {
		const char *name;
		uint64_t addr;
		uint32_t len;
		uint64_t down;
	} rows[] = {
		{ "pcie-gen2-x4", 0x1000, 64, 64 + 20 },
		{ "pcie-gen2-x4", 0x1000, 512, 512 + 8 * 20 },
		{ "pcie-gen2-x4", 0x1004, 64, 64 + 2 * 20 },
		{ "pcie-gen2-x4", 0x1004, 60, 60 + 20 },
		{ "pcie-gen2-x4", 0x103f, 2, 2 + 2 * 20 },
		{ "pcie-gen2-x4", 0x1020, 512, 512 + 9 * 20 },
		/* Those that join lines up to 256 bytes. */
		{ "pcie-gen3-x4", 0x1004, 64, 64 + 20 },
		{ "pcie-gen3-x4", 0x1000, 256, 256 + 20 },
		{ "pcie-gen3-x4", 0x1004, 256, 256 + 2 * 20 },
		{ "pcie-gen3-x4", 0x1004, 252, 252 + 20 },
		{ "pcie-gen3-x4", 0x1004, 508, 508 + 2 * 20 },
		{ "pcie-gen3-x4", 0x1004, 509, 509 + 3 * 20 },
	};
	unsigned int i;

	for (i = 0; i < 12; i++) {
		TEST_ROW("%s: %u bytes at %#lx", rows[i].name, rows[i].len,
			 (unsigned long)rows[i].addr);
		ASSERT_TRUE(fresh(rows[i].name));
		path_dma_read(&path, 0, 0, rows[i].addr, rows[i].len);
		EXPECT_EQ(i < 6 ? rows[i].down * 500 : link_ps(rows[i].down),
			  path.down.span[0].to - path.down.span[0].from);
	}
}

/* Eight requests of 64 bytes in flight: the ninth waits for the first's
 * completion, and a round trip is 24 * 4 + 600 + 84 * 4 ns. */
TEST(timing, tags_bound_the_reads_in_flight)
{
	uint64_t ns = 1000, trip = (96 + 2 * 150 + 300 + 336) * ns;
	uint64_t done = 0;
	unsigned int i;

	ASSERT_TRUE(fresh("pcie-gen1-x1"));
	EXPECT_EQ(trip, path_dma_read(&path, 0, 0, 0, 64));
	for (i = 1; i < 8; i++)
		done = path_dma_read(&path, 0, 0, 0, 64);
	/* Their completions follow each other on the link. */
	EXPECT_EQ(trip + 7 * 336 * ns, done);
	done = path_dma_read(&path, 0, 0, 0, 64);
	/* The ninth: when the first is done; then again behind the others. */
	EXPECT_EQ(trip + 8 * 336 * ns, done);
	EXPECT_EQ(trip + 96 * ns, path.up.span[1].to);

	/* Where the link is fast, 32 tags of 512 bytes a round trip. */
	ASSERT_TRUE(fresh("pcie-gen5-x16"));
	for (i = 0; i < 256 * 64; i++)
		done = path_dma_read(&path, 0, 0, 0, 64);
	trip = 350 * ns + 381 + 1334; /* 24 and 84 bytes at 15.87 ps */
	EXPECT_GE(done, 63 * trip);
	EXPECT_LE(done, 64 * trip + 256 * 1334);
}

/* In bytes a microsecond: at most tags * MRRS / round trip, and the link. */
TEST(timing, read_bandwidth)
{
	static const char *const names[] = { "pcie-gen1-x1", "pcie-gen2-x4",
					     "pcie-gen3-x4", "pcie-gen3-x8",
					     "pcie-gen4-x4", "pcie-gen5-x16" };
	uint64_t last = 0;
	unsigned int i, n;

	for (i = 0; i < 6; i++) {
		uint64_t trip, rate, tags, link, done = 0;

		TEST_ROW("%s", names[i]);
		ASSERT_TRUE(fresh(names[i]));
		trip = path_dma_read(&path, 0, 0, 0, path.t->pcie->mrrs);
		tags = 1000000ull * path.t->pcie->tags * path.t->pcie->mrrs /
		       trip;
		link = 1024000000 / path.t->pcie->ps_per_byte_x1024;
		ASSERT_TRUE(fresh(names[i]));
		for (n = 0; n < 64; n++)
			done = path_dma_read(&path, 0, 0, 0, 65536);
		rate = 64 * 65536 * 1000000ull / done;
		EXPECT_LE(rate, tags);
		EXPECT_LE(rate, link);
		EXPECT_GE(rate, last);
		EXPECT_GE(rate, (tags < link ? tags : link) * 75 / 100);
		last = rate;
	}
}

TEST(timing, cpu_accesses)
{
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	/* To the bridge and back, both ways, request, completion. */
	EXPECT_EQ(182188, path_cpu_access(&path, 0, false, 4));
	EXPECT_EQ(182188, 2 * 10000 + 2 * 75000 + link_ps(24) + link_ps(20 + 4));
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(10000 + 75000 + link_ps(24 + 4), path_cpu_write(&path, 0, 4));
	/* Writes follow each other on the link. */
	EXPECT_EQ(10000 + 75000 + 2 * link_ps(24 + 4),
		  path_cpu_write(&path, 0, 4));
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(93125, path_cpu_write(&path, 0, 8));
	EXPECT_EQ(0, path.t->cpu_post); /* the CPU goes on */
}

/* Each path is its own link: both directions at once, and no other's. */
TEST(timing, pci_express_links_are_apart)
{
	struct bus_path other;

	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	path_init(&other, path.t, &bus);
	path_dma_write(&path, 0, 0, 0, 4096);
	EXPECT_EQ(182188, path_cpu_access(&other, 0, false, 4));
	EXPECT_EQ(link_ps(280) + 75000, path_dma_write(&other, 0, 0, 0, 256));
	EXPECT_EQ(0, bus.count);
	path_fini(&other);
}

TEST(timing, without_a_bus)
{
	ASSERT_TRUE(fresh("none"));
	EXPECT_EQ(0, path_dma_write(&path, 0, 0, 0, 4096));
	EXPECT_EQ(0, path_dma_read(&path, 0, 0, 0, 4096));
	EXPECT_EQ(1000, path_cpu_access(&path, 0, false, 4));
	EXPECT_EQ(1000, path.t->cpu_post);
	EXPECT_EQ(0, path_cpu_write(&path, 0, 4));
}

/* Largest lengths must not overflow. */
TEST(timing, of_the_largest_transfer)
{
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(link_ps(0xffffffffull + 16777216 * 24ull),
		  write_link(0xffffffff));
	ASSERT_TRUE(fresh("pci-33"));
	EXPECT_EQ((2 + 16777216ull * 72 - 1) * 30000,
		  path_dma_write(&path, 0, 0, 0, 0xffffffff));
}

/* A pin's change is a message on PCI Express and a wire on PCI. */
TEST(timing, of_an_interrupt_pin)
{
	ASSERT_TRUE(fresh("pcie-gen3-x4"));
	EXPECT_EQ(link_ps(25) + 75000, path_intx(&path, 0, 0));
	ASSERT_TRUE(fresh("pci-33"));
	path_dma_write(&path, 0, 0, 0, 256);
	EXPECT_EQ(5, path_intx(&path, 0, 5));
}

TEST(timing, every_profile_says_where_it_comes_from)
{
	const struct timing_profile *t;

	for (t = timing_profiles; t->name; t++) {
		TEST_ROW("%s", t->name);
		EXPECT_EQ(t, timing_find(t->name));
		EXPECT_TRUE(t->about && t->source && t->omits);
		EXPECT_GT(t->cpu_access, 0); /* a loop of reads ends */
		EXPECT_GT(t->relax, 0);
		EXPECT_GT(t->posted_depth, 0);
		EXPECT_TRUE(!t->pci || !t->pcie);
		if (!t->pcie)
			continue;
		EXPECT_EQ(0, t->pcie->mps & (t->pcie->mps - 1));
		EXPECT_EQ(0, t->pcie->mrrs & (t->pcie->mrrs - 1));
		EXPECT_EQ(0, t->pcie->completion % t->pcie->rcb);
		EXPECT_LE(t->pcie->completion, t->pcie->mps);
	}
	EXPECT_EQ(NULL, timing_find("pci-33000"));
}

TEST(timing, figures_for_people)
{
	struct timing_figure f = { 0 };
	const struct timing_profile *t = timing_find("pcie-gen3-x4");
	bool rate = false, tags = false;
	size_t i;

	for (i = 0; timing_figure_at(t, i, &f); i++) {
		rate |= !strcmp(f.unit, "ps a byte") && f.value == 253.90625;
		tags |= !strcmp(f.name, "read requests in flight") &&
			f.value == 32;
	}
	EXPECT_EQ(16, i);
	EXPECT_TRUE(rate && tags);
	t = timing_find("pci-33");
	for (i = 0, rate = false; timing_figure_at(t, i, &f); i++)
		rate |= !strcmp(f.name, "clock") && f.value == 30;
	EXPECT_EQ(16, i);
	EXPECT_TRUE(rate);
	EXPECT_FALSE(timing_figure_at(timing_find("none"), 5, &f));
}

/* ---- the wire's calendar ---- */

TEST(timing, who_is_early_finds_the_gap)
{
	struct wire w;
	unsigned int i;

	wire_init(&w);
	EXPECT_EQ(100, wire_take(&w, 0, 100, 50));
	EXPECT_EQ(150, wire_take(&w, 0, 120, 50)); /* behind */
	EXPECT_EQ(1, w.count);
	EXPECT_EQ(10, wire_take(&w, 0, 10, 40));   /* before */
	EXPECT_EQ(50, wire_take(&w, 0, 10, 50));   /* fills it */
	EXPECT_EQ(1, w.count);
	EXPECT_EQ(10, w.span[0].from);
	EXPECT_EQ(200, wire_take(&w, 0, 0, 11));   /* too long for the gap */
	EXPECT_EQ(0, wire_take(&w, 0, 0, 10));
	EXPECT_EQ(1, w.count);
	EXPECT_EQ(211, w.span[0].to);
	EXPECT_EQ(300, wire_take(&w, 211, 300, 5)); /* the past is forgotten */
	EXPECT_EQ(1, w.count);
	/* Too many gaps: the earliest is given up. */
	for (i = 1; i < 40; i++)
		EXPECT_EQ(300 + 10 * i, wire_take(&w, 211, 300 + 10 * i, 5));
	EXPECT_EQ(32, w.count);
	EXPECT_EQ(300, w.span[0].from);
	EXPECT_EQ(685, wire_take(&w, 211, 685, 4));
	wire_fini(&w);
}

/* ---- and as a run takes them ---- */

static uint64_t began;

static void one_of_each(struct rig_device *d, uint32_t lane)
{
	uint8_t buf[512] = { 0 };

	(void)lane;
	began = platform_now(rig_platform);
	DEV(d, dma_read, 0x40000000, buf, 64);
	keep(0, platform_now(rig_platform) - began);
	began = platform_now(rig_platform);
	DEV(d, dma_write, 0x40000000, buf, 256);
	DEV(d, dma_write, 0x40000000, buf, 256);
	keep(1, began);
}

static void kick(struct rig_device *d, uint32_t bar, uint64_t offset,
		 uint64_t value)
{
	(void)bar;
	(void)offset;
	(void)value;
	DEV(d, lane_schedule, 0, 5000);
}

GUEST static void kick_and_read(void)
{
	uint64_t from = platform_now(rig_platform);

	RD(0xc0000000, 4);
	keep(2, platform_now(rig_platform) - from);
	WR(0xc0000000, 4, 0);
	pause_ns(5000);
}

TEST(timing, a_run_takes_the_sum_of_the_parts)
{
	struct rig_device d = { .bdf = 0x08, .base = 0xc0000000,
				.size = 0x1000, .on_write = kick,
				.run = one_of_each };
	struct rig rig = { .devices = { &d }, .script = kick_and_read };
	const struct rig_result *r = rig_run(&rig);

	/* Lanes begin when they were asked to. */
	EXPECT_EQ(182188 + 92110 + 5000 + 6094 + 350000 + 21329,
		  r->value[1]);
	EXPECT_EQ(6094 + 350000 + 21329, r->value[0]);
	EXPECT_EQ(182188, r->value[2]);
	/* The second of two writes waits for the link. */
	EXPECT_EQ(r->value[1] + 71094 + 75000,
		  rig_event(r, EV_DMA_WRITE, 0)->ev.time);
	EXPECT_EQ(r->value[1] + 2 * 71094 + 75000,
		  rig_event(r, EV_DMA_WRITE, 1)->ev.time);
}

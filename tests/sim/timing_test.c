/* SPDX-License-Identifier: MIT */
/*
 * The profiles' arithmetic against published figures: bytes on a PCI Express
 * link (pcie-bench, SIGCOMM 2018), and the round trip as the sum of its parts.
 * Generation 3 with four lanes: 31.5 Gb/s after encoding, 253.9 ps a byte.
 */
#include "tests/sim/rig.h"

static const struct timing_profile *gen3;

static bool find(void)
{
	gen3 = timing_find("pcie-gen3-x4");
	return gen3 != NULL;
}

/* Picoseconds of n bytes at 31.5 Gb/s, rounded up: n * 260000 / 1024. */
static uint64_t link_ps(uint64_t bytes)
{
	return (bytes * 260000 + 1023) / 1024;
}

TEST(timing, link_rate)
{
	uint64_t second;

	ASSERT_TRUE(find());
	/* 1 GB/s is 1 ps/B * 1000; 31.5 Gb/s = 3.9375 GB/s. */
	second = timing_dma_write(gen3, 1 << 20).link;
	EXPECT_GE(second, 290000000);
	EXPECT_LE(second, 292000000);
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

	ASSERT_TRUE(find());
	for (i = 0; i < 8; i++) {
		struct timing_cost c = timing_dma_write(gen3, rows[i].len);
		TEST_ROW("%u bytes", rows[i].len);

		EXPECT_EQ(link_ps(rows[i].bytes), c.link);
		EXPECT_EQ(c.link + 75000, c.latency);
	}
	/* 256 bytes: 91.4 % of the link is data. */
	EXPECT_EQ(914, 1000 * link_ps(256) / timing_dma_write(gen3, 256).link);
}

/* A read sends ceil(sz / MRRS) * 24 bytes up, MRRS 512, and gets
 * sz + ceil(sz / MPS) * 20 down. */
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

	ASSERT_TRUE(find());
	for (i = 0; i < 9; i++) {
		struct timing_cost c = timing_dma_read(gen3, rows[i].len);
		TEST_ROW("%u bytes", rows[i].len);

		EXPECT_EQ(rows[i].requests * link_ps(24), c.link);
		/* Request, both ways, root complex, completions. */
		EXPECT_EQ(link_ps(24) + 2 * 75000 + 200000 +
				  link_ps(rows[i].down),
			  c.latency);
	}
}

TEST(timing, cpu_accesses)
{
	ASSERT_TRUE(find());
	/* To the bridge and back, both ways, request, completion. */
	EXPECT_EQ(2 * 10000 + 2 * 75000 + link_ps(24) + link_ps(20 + 4),
		  timing_cpu_read(gen3, 4));
	EXPECT_EQ(182188, timing_cpu_read(gen3, 4));
	EXPECT_EQ(0, timing_cpu_write(gen3, 4));
	EXPECT_EQ(10000 + 75000 + link_ps(24 + 4),
		  timing_cpu_write_arrival(gen3, 4));
	EXPECT_EQ(93125, timing_cpu_write_arrival(gen3, 8));
}

TEST(timing, without_a_bus)
{
	const struct timing_profile *none = timing_find("none");

	ASSERT_TRUE(none != NULL);
	EXPECT_EQ(0, timing_dma_write(none, 4096).latency);
	EXPECT_EQ(0, timing_dma_read(none, 4096).latency);
	EXPECT_EQ(1000, timing_cpu_read(none, 4));
	EXPECT_EQ(1000, timing_cpu_write(none, 4));
	EXPECT_EQ(0, timing_cpu_write_arrival(none, 4));
}

/* Largest lengths must not overflow. */
TEST(timing, of_the_largest_transfer)
{
	ASSERT_TRUE(find());
	EXPECT_EQ(link_ps(0xffffffffull + 16777216 * 24ull),
		  timing_dma_write(gen3, 0xffffffff).link);
	EXPECT_EQ(link_ps(24), timing_dma_read(gen3, 0).link);
}

TEST(timing, every_profile_says_where_it_comes_from)
{
	const struct timing_profile *t;

	for (t = timing_profiles; t->name; t++) {
		TEST_ROW("%s", t->name);
		EXPECT_EQ(t, timing_find(t->name));
		EXPECT_TRUE(t->about && t->source);
		EXPECT_GT(t->cpu_access, 0); /* a loop of reads ends */
		EXPECT_GT(t->relax, 0);
		EXPECT_GT(t->posted_depth, 0);
		EXPECT_EQ(0, t->mps & (t->mps - 1));
		EXPECT_EQ(0, t->mrrs & (t->mrrs - 1));
	}
	EXPECT_EQ(NULL, timing_find("pci-33000"));
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

/* SPDX-License-Identifier: MIT */
/*
 * A function's way to memory: writes and messages in one ordered FIFO, which
 * DMA reads and the completions of CPU reads drain first (PCI Express 2.4.1);
 * and DMA to where there is no memory.
 */
#include "tests/sim/rig.h"

#include <string.h>

static struct machine_event *ev;
static unsigned int irqs;

static void kick(struct rig_device *d, uint32_t bar, uint64_t offset,
		 uint64_t value)
{
	(void)bar;
	(void)value;
	if (offset == 0)
		DEV(d, lane_schedule, 0, 0);
}

#define DEVICE(body)                                                   \
	{                                                              \
		.bdf = 0x08, .base = 0xc0000000, .size = 0x1000,       \
		.on_write = kick, .run = body                          \
	}

GUEST static void wake(uint32_t cpu, enum machine_irq_source source,
		       uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	irqs++;
	CALL(event_signal, ev, true);
}

GUEST static void kick_and_wait(void)
{
	irqs = 0;
	ev = CALL(event_create, "message");
	WR(0xc0000000, 4, 1);
	while (!irqs)
		CALL(event_wait, ev, MACHINE_FOREVER, 0);
}

static const enum platform_dma modes[] = { PLATFORM_DMA_STEPWISE,
					   PLATFORM_DMA_BATCHED };
static const char *const timings[] = { "none", "pcie-gen3-x4" };

/* Runs it in each mode of DMA and timing. */
#define EACH_WAY(rig)                                                   \
	for (unsigned int way = 0; way < 4; way++)                      \
		for (bool once = ((rig).dma = modes[way & 1],           \
				  (rig).timing = timings[way >> 1], true); \
		     once; once = false)
#define WAY_ROW                                        \
	TEST_ROW("%s, %s", timings[way >> 1],          \
		 way & 1 ? "batched" : "stepwise")

/* ---- what was written before a message is seen with it ---- */

static void write_then_message(struct rig_device *d, uint32_t lane)
{
	static uint8_t block[4096];
	uint32_t flag = 0x600d;

	(void)lane;
	memset(block, 0xab, sizeof(block));
	DEV(d, dma_write, 0x40001000, block, sizeof(block));
	DEV(d, dma_write, 0x40000000, &flag, 4);
	DEV(d, msi, 0, MSI_OF(0), 40);
}

GUEST static void look(uint32_t cpu, enum machine_irq_source source,
		       uint32_t number)
{
	say("%02x%02x %x", rig_info->ram[0x1000], rig_info->ram[0x1fff],
	    *(uint32_t *)rig_info->ram);
	wake(cpu, source, number);
}

TEST(upstream, a_write_is_there_before_the_message_behind_it)
{
	struct rig_device d = DEVICE(write_then_message);
	struct rig rig = { .devices = { &d }, .script = kick_and_wait,
			   .interrupt = look };

	EACH_WAY(rig) {
		WAY_ROW;
		EXPECT_STREQ("abab 600d", rig_run(&rig)->story);
	}
}

/* ---- writes that nobody waits for are there when they have arrived ---- */

static void twenty_blocks(struct rig_device *d, uint32_t lane)
{
	static uint8_t block[2048];
	unsigned int i;

	(void)lane;
	memset(block, 0xef, sizeof(block));
	for (i = 0; i < 20; i++)
		DEV(d, dma_write, 0x40001000 + 2048 * i, block, sizeof(block));
}

GUEST static void relax_forever(void *arg)
{
	(void)arg;
	for (;;)
		CALL(relax);
}

/* Block i has arrived i + 1 link times and 75 ns after the lane began. */
GUEST static void watch_blocks(void (*turn)(void))
{
	volatile uint8_t *ram = rig_info->ram + 0x1000;
	unsigned int i;

	WR(0xc0000000, 4, 1);
	for (i = 0; i < 20; i++) {
		while (!ram[2048 * i + 2047])
			turn();
		keep(i, NOW());
	}
}

GUEST static void one_relax(void)
{
	CALL(relax);
}

GUEST static void one_pause(void)
{
	pause_ns(10);
}

GUEST static void watch_by_relax(void)
{
	watch_blocks(one_relax);
}

GUEST static void watch_by_relax_beside_another(void)
{
	CALL(thread_create, "relax", 1, relax_forever, NULL);
	watch_blocks(one_relax);
}

/* Woken by a timer each time. */
GUEST static void watch_by_pause(void)
{
	watch_blocks(one_pause);
}

TEST(upstream, writes_are_there_when_they_have_arrived)
{
	static void (*const scripts[])(void) = {
		watch_by_relax, watch_by_relax_beside_another, watch_by_pause
	};
	/* 2048 bytes in eight packets of 24 bytes more. */
	uint64_t link = (2240 * 260000 + 1023) / 1024;
	unsigned int i;

	for (i = 0; i < 60; i++) {
		static const struct rig_result *r;
		struct rig_device d = DEVICE(twenty_blocks);
		struct rig rig = { .cpus = 2, .devices = { &d },
				   .script = scripts[i / 20] };
		uint64_t at = (92110 + 75000 + (i % 20 + 1) * link) / 1000;

		if (i % 20 == 0)
			r = rig_run(&rig);
		TEST_ROW("script %u, block %u", i / 20, i % 20);
		EXPECT_GE(r->value[i % 20], at);
		EXPECT_LE(r->value[i % 20], at + 11); /* a turn of the poll */
	}
}

/* The message that a register handler sends goes behind what lanes posted. */
static void write_only(struct rig_device *d, uint32_t lane)
{
	write_then_message(d, lane);
	say("posted");
}

static void unmask(struct rig_device *d, uint32_t bar, uint64_t offset,
		   uint64_t value)
{
	if (offset == 8)
		DEV(d, msi, 1, MSI_OF(0), 41);
	else
		kick(d, bar, offset, value);
}

GUEST static void kick_and_unmask(void)
{
	irqs = 0;
	ev = CALL(event_create, "message");
	WR(0xc0000000, 4, 1);
	WR(0xc0000008, 4, 1);
	while (irqs < 2)
		CALL(event_wait, ev, MACHINE_FOREVER, 0);
}

TEST(upstream, a_handlers_message_goes_behind_the_lanes_writes)
{
	struct rig_device d = DEVICE(write_only);
	struct rig rig = { .devices = { &d }, .script = kick_and_unmask,
			   .interrupt = look };
	const struct rig_result *r;

	d.on_write = unmask;
	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	/* It arrives when the lane has posted, long before that is there. */
	EXPECT_EQ(0, rig_event(r, EV_MSI, 0)->ev.index);
	EXPECT_EQ(1, rig_event(r, EV_MSI, 1)->ev.index);
	EXPECT_LT(rig_event(r, EV_MMIO_WRITE, 1)->ev.time + 1000000,
		  rig_event(r, EV_DMA_WRITE, 0)->ev.time);
}

/* ---- a CPU read's completion drains ---- */

/* Sets its register only when the data is on its way. */
static void write_then_register(struct rig_device *d, uint32_t lane)
{
	static uint8_t block[4096];

	(void)lane;
	memset(block, 0xcd, sizeof(block));
	DEV(d, dma_write, 0x40001000, block, sizeof(block));
	d->regs[1] = 1;
}

GUEST static void poll_register(void)
{
	WR(0xc0000000, 4, 1);
	while (!RD(0xc0000008, 4))
		CALL(relax);
	say("%02x", rig_info->ram[0x1fff]);
}

TEST(upstream, a_read_pushes_what_was_written_before)
{
	struct rig_device d = DEVICE(write_then_register);
	struct rig rig = { .devices = { &d }, .script = poll_register };

	EACH_WAY(rig) {
		WAY_ROW;
		EXPECT_STREQ("cd", rig_run(&rig)->story);
	}
}

/* ---- a DMA read drains ---- */

static void write_then_read(struct rig_device *d, uint32_t lane)
{
	uint32_t i, seen;

	(void)lane;
	for (i = 1; i <= 50; i++) {
		DEV(d, dma_write, 0x40000000, &i, 4);
		DEV(d, dma_read, 0x40000000, &seen, 4);
		keep(0, kept(0) + (seen == i));
	}
	DEV(d, msi, 0, MSI_OF(0), 40);
}

TEST(upstream, a_dma_read_sees_what_was_written_before)
{
	struct rig_device d = DEVICE(write_then_read);
	struct rig rig = { .devices = { &d }, .script = kick_and_wait,
			   .interrupt = wake };

	EACH_WAY(rig) {
		WAY_ROW;
		EXPECT_EQ(50, rig_run(&rig)->value[0]);
	}
}

/* ---- stepwise and batched ---- */

/* Follows a chain in memory: each link's first word is the next, its second
 * how much to write behind it; a message for each third. */
static void follow_chain(struct rig_device *d, uint32_t lane)
{
	static uint8_t data[2048];
	uint32_t at = 0, n = 0, link[2];

	(void)lane;
	do {
		if (DEV(d, dma_read, 0x40000000 + at, link, 8) != DMA_OK)
			return;
		memset(data, (int)(0x40 + n), sizeof(data));
		DEV(d, dma_write, 0x40000008 + at, data, link[1]);
		if (n % 3 == 0)
			DEV(d, msi, n, MSI_OF(0), 40 + n);
		if (n % 4 == 0)
			DEV(d, lane_wait, 100000);
		at = link[0];
		n++;
	} while (at);
	DEV(d, msi, n, MSI_OF(0), 200);
}

GUEST static void last_message(uint32_t cpu, enum machine_irq_source source,
			       uint32_t number)
{
	say("%u", number);
	if (number == 200)
		wake(cpu, source, number);
}

GUEST static void chain_and_wait(void)
{
	uint32_t i, *link;

	for (i = 0; i < 15; i++) {
		link = (uint32_t *)(rig_info->ram + 4096 * ((i * 7) % 15));
		link[0] = i == 14 ? 0 : 4096 * (((i + 1) * 7) % 15);
		link[1] = 1 + i * 137;
	}
	kick_and_wait();
}

TEST(upstream, both_kinds_of_dma_give_the_same_memory_and_messages)
{
	struct rig_device d = DEVICE(follow_chain);
	struct rig rig = { .devices = { &d }, .script = chain_and_wait,
			   .interrupt = last_message };
	const struct rig_result *r[4] = { NULL };

	EACH_WAY(rig) {
		WAY_ROW;
		r[way] = rig_run(&rig);
		EXPECT_EQ(RUN_FINISHED, r[way]->end);
		EXPECT_STREQ("40 43 46 49 52 200", r[way]->story);
		EXPECT_EQ(0x40 + 14, r[way]->ram[8 * 4096 + 8 + 14 * 137]);
		EXPECT_MEMEQ(r[0]->ram, r[way]->ram, RIG_RAM);
	}
	/* Without other work on the link both take the same time. */
	EXPECT_EQ(rig_event(r[2], EV_MSI, 5)->ev.time,
		  rig_event(r[3], EV_MSI, 5)->ev.time);
}

/* ---- where there is no memory ---- */

static const struct {
	uint64_t addr;
	uint32_t len;
	enum dma_result result;
} places[] = {
	{ 0, 4, DMA_ERROR },
	{ 0x3ffffffc, 4, DMA_ERROR },
	{ 0x3ffffffe, 4, DMA_ERROR },
	{ 0x40000000, 4, DMA_OK },
	{ 0x403ffffc, 4, DMA_OK },
	{ 0x403ffffe, 4, DMA_ERROR },            /* over the end */
	{ 0x40400000, 4, DMA_ERROR },
	{ 0x403fffff, 2000, DMA_ERROR },
	{ 0xfffffffffffffffc, 4, DMA_ERROR },
	{ 0xfffffffffffffffe, 4, DMA_ERROR },    /* over the end of everything */
	{ 0xc0000000, 4, DMA_ERROR },            /* a BAR: no peer to peer */
	{ 0x40000010, 0, DMA_OK },
};

static void try_places(struct rig_device *d, uint32_t lane)
{
	uint8_t buf[2000] = { 0 };
	unsigned int i;

	(void)lane;
	for (i = 0; i < 12; i++) {
		enum dma_result in, out;

		in = DEV(d, dma_read, places[i].addr, buf, places[i].len);
		out = DEV(d, dma_write, places[i].addr, buf, places[i].len);
		keep(i, in == places[i].result && out == places[i].result);
	}
	/* The doorbell is written by messages alone. */
	keep(12, DEV(d, dma_write, 0xfee00000, buf, 4) == DMA_ERROR);
	DEV(d, msi, 0, MSI_OF(0), 40);
}

TEST(upstream, dma_outside_of_memory_is_an_error)
{
	struct rig_device d = DEVICE(try_places);
	struct rig rig = { .devices = { &d }, .script = kick_and_wait,
			   .interrupt = wake };

	EACH_WAY(rig) {
		WAY_ROW;
		const struct rig_result *r = rig_run(&rig);
		unsigned int i;

		EXPECT_EQ(RUN_FINISHED, r->end);
		for (i = 0; i < 13; i++) {
			TEST_ROW("place %u", i);
			EXPECT_EQ(1, r->value[i]);
		}
		EXPECT_EQ(19, rig_count(r, EV_DMA_ERROR));
		EXPECT_EQ(0, rig_event(r, EV_DMA_ERROR, 0)->ev.value);
		EXPECT_EQ(1, rig_event(r, EV_DMA_ERROR, 1)->ev.value);
		EXPECT_EQ(2000, rig_event(r, EV_DMA_ERROR, 10)->ev.len);
	}
}

/* ---- what the events say ---- */

static void read_and_write(struct rig_device *d, uint32_t lane)
{
	uint8_t buf[600];

	(void)lane;
	DEV(d, dma_read, 0x40000100, buf, 600);
	DEV(d, dma_write, 0x40000002, "\x11\x22\x33", 3);
	DEV(d, msi, 7, MSI_OF(0), 40);
}

GUEST static void prepare_and_kick(void)
{
	memcpy(rig_info->ram + 0x100, "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
	kick_and_wait();
}

TEST(upstream, events_tell_address_length_and_data)
{
	struct rig_device d = DEVICE(read_and_write);
	struct rig rig = { .devices = { &d }, .script = prepare_and_kick,
			   .interrupt = wake };
	const struct rig_result *r = rig_run(&rig);
	const struct event *ev0 = &rig_event(r, EV_DMA_READ, 0)->ev;
	const struct event *ev1 = &rig_event(r, EV_DMA_WRITE, 0)->ev;
	const struct event *ev2 = &rig_event(r, EV_MSI, 0)->ev;

	EXPECT_EQ(0x40000100, ev0->addr);
	EXPECT_EQ(600, ev0->len);
	EXPECT_EQ(0x1122334455667788, ev0->value);
	EXPECT_EQ(0x40000002, ev1->addr);
	EXPECT_EQ(3, ev1->len);
	EXPECT_EQ(0x332211, ev1->value);
	EXPECT_EQ(7, ev2->index);
	EXPECT_EQ(0xfee00000, ev2->addr);
	EXPECT_EQ(40, ev2->value);
	EXPECT_EQ(0, ev2->device);
}

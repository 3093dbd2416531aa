/* SPDX-License-Identifier: MIT */
/*
 * The hostile function, one act at a time: what the machine gets, and what gets
 * to the host, of a device that only answers its own offsets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/hostile/hostile.h"
#include "tests/shim/gtest_c.h"

/* Both ends: a function whose answers are known, a host that takes notes. */
static struct {
	struct pci_function fn;
	struct pci_host host;
	struct hostile *h;
	struct pci_function *outer;
	struct hostile_plan plan;
	uint8_t ram[256];
	char notes[1000];
	bool out_of_reach;
	unsigned int written; /* told by cfg.wrote */
} t;

static void note(const char *format, unsigned int a, unsigned int b)
{
	size_t used = strlen(t.notes);

	snprintf(t.notes + used, sizeof(t.notes) - used, format, a, b);
}

/* ---- the function ---- */

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	(void)fn;
	(void)width;
	return 0x100 + offset;
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	(void)fn;
	(void)width;
	note("c%x=%x ", offset, value);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar,
			 uint64_t offset, uint32_t width)
{
	(void)fn;
	(void)bar;
	(void)width;
	return 0x40 + offset;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	(void)fn;
	(void)bar;
	(void)width;
	note("w%x=%x ", (unsigned int)offset, (unsigned int)value);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	static const uint8_t a[4] = { 1, 2, 3, 4 }, b[4] = { 5, 6, 7, 8 };
	struct pci_host *h = fn->host;

	note("run%u ", lane, 0);
	h->ops->dma_write(h, 0x10, a, 4);
	if (lane)
		h->ops->dma_write(h, 0x20, b, 4);
}

static void destroy(struct pci_function *fn)
{
	(void)fn;
}

static const struct pci_function_ops function_ops = {
	.abi_version = 1, .size = sizeof(struct pci_function_ops),
	.config_read = config_read, .config_write = config_write,
	.bar_read = bar_read, .bar_write = bar_write, .lane_run = lane_run,
	.destroy = destroy,
};

/* ---- the host ---- */

static enum dma_result dma_read(struct pci_host *h, uint64_t addr, void *buf,
				uint32_t len)
{
	(void)h;
	memcpy(buf, t.ram + addr, len);
	return DMA_OK;
}

static enum dma_result dma_write(struct pci_host *h, uint64_t addr,
				 const void *buf, uint32_t len)
{
	(void)h;
	note("d%x:%x ", (unsigned int)addr, *(const uint8_t *)buf);
	memcpy(t.ram + addr, buf, len);
	return DMA_OK;
}

static void msi(struct pci_host *h, uint32_t vector, uint64_t addr,
		uint32_t data)
{
	(void)h;
	(void)addr;
	note("m%u:%x ", vector, data);
}

static void intx(struct pci_host *h, uint32_t pin, bool asserted)
{
	(void)h;
	note(asserted ? "up%u " : "down%u ", pin, 0);
}

static void lane_schedule(struct pci_host *h, uint32_t lane, uint64_t delay)
{
	(void)h;
	note(delay ? "later%u " : "lane%u ", lane, 0);
}

static const struct pci_host_ops host_ops = {
	.abi_version = 1, .size = sizeof(struct pci_host_ops),
	.dma_read = dma_read, .dma_write = dma_write, .msi = msi,
	.intx = intx, .lane_schedule = lane_schedule,
};

static bool reach(void *arg, uint64_t addr, uint32_t len, bool write)
{
	(void)arg;
	(void)addr;
	(void)len;
	(void)write;
	return !t.out_of_reach;
}

static void wrote(void *arg, uint64_t addr, uint32_t len)
{
	(void)arg;
	(void)addr;
	t.written += len;
}

static void begin(uint8_t kind, uint8_t act, uint32_t at, uint32_t times,
		  uint32_t arg)
{
	const struct hostile_config cfg = { .plan = &t.plan, .reach = reach,
					    .wrote = wrote };

	memset(&t, 0, sizeof(t));
	t.plan.steps[0] = (struct hostile_step){ kind, act, at, times, arg };
	t.plan.count = 1;
	t.host.ops = &host_ops;
	t.h = hostile_create(&t.host, &cfg);
	t.fn.ops = &function_ops;
	t.fn.host = hostile_host(t.h);
	t.outer = hostile_attach(t.h, &t.fn);
}

static void end(const char *notes)
{
	EXPECT_STREQ(notes, t.notes);
	t.outer->ops->destroy(t.outer);
}

static uint64_t bar(uint64_t offset, uint32_t width)
{
	return t.outer->ops->bar_read(t.outer, 0, offset, width);
}

static void send(uint32_t vector)
{
	struct pci_host *h = t.fn.host;

	h->ops->msi(h, vector, 0xfee00000, 0x30 + vector);
}

static void line(bool up)
{
	struct pci_host *h = t.fn.host;

	h->ops->intx(h, 1, up);
}

static void schedule(uint32_t lane)
{
	struct pci_host *h = t.fn.host;

	h->ops->lane_schedule(h, lane, 0);
}

/* ---- what is read ---- */

TEST(hostile_function, only_the_chance_that_the_plan_names)
{
	begin(HOSTILE_REGISTER_READ, HOSTILE_ONES, 1, 2, 0);
	EXPECT_EQ(0x40, bar(0, 1));
	EXPECT_EQ(0, hostile_met(t.h));
	EXPECT_EQ(0xff, bar(0, 1));
	EXPECT_EQ(0xffff, bar(0, 2));
	EXPECT_EQ(0x40, bar(0, 1));
	EXPECT_EQ(1, hostile_met(t.h));
	EXPECT_EQ(4, hostile_chances(t.h)[HOSTILE_REGISTER_READ]);
	EXPECT_EQ(0, hostile_chances(t.h)[HOSTILE_CONFIG_READ]);
	end("");
}

TEST(hostile_function, values)
{
	static const struct {
		uint8_t act;
		uint32_t arg;
		uint64_t value; /* of a good 0x41, 0x40 before it */
	} rows[] = {
		{ HOSTILE_FLIP, 0, 0x40 },   { HOSTILE_FLIP, 15, 0x8041 },
		{ HOSTILE_ADD, 0, 0x42 },    { HOSTILE_ADD, 1, 0x40 },
		{ HOSTILE_EDGE, 0, 0 },	     { HOSTILE_EDGE, 22, 0 },
		{ HOSTILE_EDGE, 21, 0xffff },{ HOSTILE_STALE, 0, 0x40 },
		{ HOSTILE_ONES, 0, 0xffff }, { HOSTILE_ZERO, 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("act %d, arg %u", rows[i].act, rows[i].arg);
		begin(HOSTILE_REGISTER_READ, rows[i].act, 1, 0, rows[i].arg);
		bar(0, 2);
		EXPECT_EQ(rows[i].value, bar(1, 2));
		end("");
	}
}

TEST(hostile_function, config_space_too)
{
	begin(HOSTILE_CONFIG_READ, HOSTILE_ZERO, 0, 1, 0);
	EXPECT_EQ(0, t.outer->ops->config_read(t.outer, 4, 4));
	EXPECT_EQ(0x104, t.outer->ops->config_read(t.outer, 4, 4));
	end("");
}

TEST(hostile_function, writes_get_lost_or_come_twice)
{
	begin(HOSTILE_REGISTER_WRITE, HOSTILE_TWICE, 0, 1, 0);
	t.outer->ops->bar_write(t.outer, 0, 8, 4, 9);
	end("w8=9 w8=9 ");
	begin(HOSTILE_CONFIG_WRITE, HOSTILE_LOSE, 0, 1, 0);
	t.outer->ops->config_write(t.outer, 8, 4, 9);
	t.outer->ops->config_write(t.outer, 8, 4, 7);
	end("c8=7 ");
}

/* ---- DMA ---- */

static void run_lane(uint32_t lane)
{
	t.outer->ops->lane_run(t.outer, lane);
}

TEST(hostile_function, dma_writes)
{
	begin(HOSTILE_DMA_WRITE, HOSTILE_LOSE, 0, 1, 0);
	run_lane(1);
	EXPECT_EQ(4, t.written);
	end("run1 d20:5 ");
	begin(HOSTILE_DMA_WRITE, HOSTILE_ZERO, 0, 1, 0);
	run_lane(1);
	end("run1 d10:0 d20:5 ");
	begin(HOSTILE_DMA_WRITE, HOSTILE_ERROR, 1, 1, 0);
	run_lane(1);
	end("run1 d10:1 ");
	/* Also written where the device was before. */
	begin(HOSTILE_DMA_WRITE, HOSTILE_OTHER, 1, 1, 0);
	run_lane(1);
	end("run1 d10:1 d10:5 d20:5 ");
}

TEST(hostile_function, a_write_goes_behind_the_next)
{
	begin(HOSTILE_DMA_WRITE, HOSTILE_BEHIND, 0, 1, 0);
	run_lane(1);
	end("run1 d20:5 d10:1 ");
	/* There is none: it comes at the end of the work. */
	begin(HOSTILE_DMA_WRITE, HOSTILE_BEHIND, 0, 1, 0);
	run_lane(0);
	end("run0 d10:1 ");
}

TEST(hostile_function, dma_reads)
{
	struct pci_host *h;
	uint8_t byte = 0;

	begin(HOSTILE_DMA_READ, HOSTILE_ONES, 0, 1, 0);
	h = t.fn.host;
	EXPECT_EQ(DMA_OK, h->ops->dma_read(h, 3, &byte, 1));
	EXPECT_EQ(0xff, byte);
	EXPECT_EQ(DMA_OK, h->ops->dma_read(h, 3, &byte, 1));
	EXPECT_EQ(0, byte);
	end("");
}

TEST(hostile_function, nothing_out_of_reach)
{
	struct pci_host *h;
	uint8_t byte = 7;

	begin(HOSTILE_DMA_WRITE, HOSTILE_OTHER, 0, 0, 0);
	h = t.fn.host;
	t.out_of_reach = true;
	EXPECT_EQ(DMA_ERROR, h->ops->dma_read(h, 3, &byte, 1));
	EXPECT_EQ(DMA_ERROR, h->ops->dma_write(h, 3, &byte, 1));
	EXPECT_EQ(7, byte);
	EXPECT_EQ(0, t.written);
	end("");
}

/* ---- what is sent ---- */

TEST(hostile_function, messages)
{
	begin(HOSTILE_MESSAGE, HOSTILE_TWICE, 0, 1, 0);
	send(1);
	end("m1:31 m1:31 ");
	begin(HOSTILE_MESSAGE, HOSTILE_OTHER, 1, 1, 0);
	send(0);
	send(1);
	end("m0:30 m0:30 ");
	/* Late by two moments. */
	begin(HOSTILE_MESSAGE, HOSTILE_LATE, 0, 1, 2);
	send(0);
	bar(0, 1);
	bar(0, 1);
	EXPECT_STREQ("", t.notes);
	bar(0, 1);
	end("m0:30 ");
	begin(HOSTILE_REGISTER_READ, HOSTILE_EARLY_MESSAGE, 0, 0, 0);
	bar(0, 1); /* none is known yet */
	send(3);
	EXPECT_EQ(0x40, bar(0, 1));
	end("m3:33 m3:33 ");
}

TEST(hostile_function, messages_for_nothing_come_to_an_end)
{
	size_t i;

	begin(HOSTILE_REGISTER_READ, HOSTILE_EARLY_MESSAGE, 0, 0, 0);
	send(3);
	for (i = 0; i < 1000; i++) {
		t.notes[0] = '\0';
		bar(0, 1);
	}
	end("");
}

TEST(hostile_function, the_line)
{
	begin(HOSTILE_LINE, HOSTILE_LOSE, 1, 1, 0);
	line(true);
	line(false);
	EXPECT_STREQ("up1 ", t.notes);
	hostile_relent(t.h);
	end("up1 down1 ");
	begin(HOSTILE_LINE, HOSTILE_BOUNCE, 0, 1, 0);
	line(true);
	end("up1 down1 up1 ");
	begin(HOSTILE_REGISTER_READ, HOSTILE_EARLY_LINE, 0, 1, 0);
	line(false);
	bar(0, 1);
	hostile_relent(t.h);
	end("up1 down1 ");
}

TEST(hostile_function, work)
{
	begin(HOSTILE_WORK, HOSTILE_LATE, 0, 1, 3);
	schedule(2);
	schedule(2);
	end("later2 lane2 ");
}

TEST(hostile_function, who_relents_makes_up_for_it)
{
	begin(HOSTILE_WORK, HOSTILE_LOSE, 0, 0, 0);
	send(4);
	schedule(0);
	schedule(5);
	EXPECT_STREQ("m4:34 ", t.notes);
	hostile_relent(t.h);
	EXPECT_STREQ("m4:34 lane0 lane5 m4:34 ", t.notes);
	/* Once, and honest from then on. */
	hostile_relent(t.h);
	schedule(1);
	end("m4:34 lane0 lane5 m4:34 lane1 ");
}

/* SPDX-License-Identifier: MIT */
/*
 * The normalised sequence: what is the same on two machines, and what is not.
 */
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "sim/sweep/sequence.h"
#include "tests/shim/gtest_c.h"

static struct world_device devices[2] = { { .id = "disk0" },
					  { .id = "rng0" } };
static struct world world = { .devices = devices, .ndevices = 2 };

/* A machine whose allocator puts things at `base`, at a time of its own. */
struct machine_under_test {
	struct event_bus *bus;
	struct sequence *seq;
	uint64_t base, time;
};

static struct machine_under_test make(uint64_t base)
{
	struct machine_under_test m = { .base = base, .time = base };

	m.bus = event_bus_create();
	m.seq = sequence_create(&world, m.bus);
	return m;
}

static void destroy(struct machine_under_test *m)
{
	sequence_destroy(m->seq);
	event_bus_destroy(m->bus);
}

static void emit(struct machine_under_test *m, struct event ev)
{
	ev.time = m->time += 100;
	event_emit(m->bus, &ev);
}

static void account(struct machine_under_test *m, uint32_t kind,
		    uint16_t device, uint64_t offset, int64_t amount)
{
	emit(m, (struct event){ .kind = EV_ACCOUNT, .index = kind,
				.device = device, .addr = m->base + offset,
				.value = (uint64_t)amount });
}

static void write_register(struct machine_under_test *m, uint16_t device,
			   uint64_t addr, uint64_t value)
{
	emit(m, (struct event){ .kind = EV_MMIO_WRITE, .device = device,
				.index = 4, .addr = addr, .value = value,
				.len = 4 });
}

static void read_register(struct machine_under_test *m, uint16_t device,
			  uint64_t addr, uint64_t value)
{
	emit(m, (struct event){ .kind = EV_MMIO_READ, .device = device,
				.index = 4, .addr = addr, .value = value,
				.len = 4 });
}

static void dma(struct machine_under_test *m, uint16_t device, uint64_t offset,
		uint32_t len)
{
	emit(m, (struct event){ .kind = EV_DMA_READ, .device = device,
				.addr = m->base + offset, .len = len,
				.index = EVENT_NO_INDEX });
}

static void step(struct machine_under_test *m, int64_t result)
{
	emit(m, (struct event){ .kind = EV_STEP_END, .device = EVENT_NO_DEVICE,
				.value = (uint64_t)result });
}

/* Does what `second` does differ from what `first` does? */
static const char *difference(void (*first)(struct machine_under_test *m),
			      void (*second)(struct machine_under_test *m))
{
	struct machine_under_test a = make(0x40001000), b = make(0x40777000);
	const struct sequence_entry *entries;
	static char text[256];
	struct textbuf out;
	size_t count;

	sequence_begin(a.seq);
	first(&a);
	sequence_end(a.seq);
	entries = sequence_entries(a.seq, &count);
	sequence_expect(b.seq, entries, count);
	sequence_begin(b.seq);
	second(&b);
	EXPECT_FALSE(sequence_same(b.seq)); /* it has not ended */
	sequence_end(b.seq);
	textbuf_init(&out);
	sequence_difference(b.seq, &out);
	strcpy(text, out.data ? out.data : "");
	EXPECT_EQ(!text[0], sequence_same(b.seq));
	textbuf_free(&out);
	destroy(&a);
	destroy(&b);
	return text;
}

static void good(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	write_register(m, 0, 0x20, m->base + 0x100);
	dma(m, 0, 0x110, 16);
	read_register(m, 0, 0x14, 0);
	step(m, 0);
}

TEST(sequence, the_same_elsewhere_and_at_another_time_is_the_same)
{
	EXPECT_STREQ("", difference(good, good));
}

static void one_more(struct machine_under_test *m)
{
	good(m);
	read_register(m, 0, 0x14, 0);
}

TEST(sequence, more_and_less_are_differences)
{
	EXPECT_STREQ("disk0: access 4 is mmio-read BAR 4 + 0x14; without the "
		     "fault nothing more", difference(good, one_more));
	EXPECT_STREQ("disk0: access 4 is nothing more; without the fault "
		     "mmio-read BAR 4 + 0x14", difference(one_more, good));
}

static void other_offset(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	write_register(m, 0, 0x20, m->base + 0x100);
	dma(m, 0, 0x114, 16);
}

static void other_value(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	write_register(m, 0, 0x20, 5);
}

TEST(sequence, where_in_a_buffer_and_what_is_written_count)
{
	EXPECT_STREQ("disk0: access 2 is dma-read buffer 1 + 0x14, 16 bytes; "
		     "without the fault dma-read buffer 1 + 0x10, 16 bytes",
		     difference(good, other_offset));
	EXPECT_STREQ("disk0: access 1 is mmio-write BAR 4 + 0x20 = 0x5; "
		     "without the fault mmio-write BAR 4 + 0x20 = buffer 1 + "
		     "0x0", difference(good, other_value));
}

static void other_answer(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	write_register(m, 0, 0x20, m->base + 0x100);
	dma(m, 0, 0x110, 16);
	read_register(m, 0, 0x14, 77);
	step(m, 0);
}

TEST(sequence, what_a_device_answers_does_not)
{
	EXPECT_STREQ("", difference(good, other_answer));
}

/* A guest that does not map: its memory has names. */
static void unmapped(struct machine_under_test *m)
{
	account(m, MACHINE_RES_MEMORY, EVENT_NO_DEVICE, 0x800, 512);
	account(m, MACHINE_RES_MEMORY, EVENT_NO_DEVICE, 0x200, 128);
	dma(m, 0, 0x210, 8);
	dma(m, 0, 0x810, 8);
}

/* The same by another allocator. */
static void unmapped_elsewhere(struct machine_under_test *m)
{
	account(m, MACHINE_RES_MEMORY, EVENT_NO_DEVICE, 0x40, 128);
	account(m, MACHINE_RES_MEMORY, EVENT_NO_DEVICE, 0x100, 512);
	account(m, MACHINE_RES_MEMORY, EVENT_NO_DEVICE, 0x1000, 32);
	dma(m, 0, 0x50, 8);
	dma(m, 0, 0x110, 8);
}

TEST(sequence, allocations_are_named_by_first_use)
{
	EXPECT_STREQ("", difference(unmapped, unmapped_elsewhere));
}

/* A buffer that is freed and one that takes its place are two. */
static void reused(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	dma(m, 0, 0x100, 8);
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, -64);
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	dma(m, 0, 0x100, 8);
}

static void not_reused(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	dma(m, 0, 0x100, 8);
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, -64);
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x300, 64);
	dma(m, 0, 0x300, 8);
}

static void kept(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	dma(m, 0, 0x100, 8);
	dma(m, 0, 0x100, 8);
}

TEST(sequence, a_place_lives_as_long_as_what_is_there)
{
	EXPECT_STREQ("", difference(reused, not_reused));
	EXPECT_STREQ("disk0: access 2 is dma-read buffer 1 + 0x0, 8 bytes; "
		     "without the fault dma-read buffer 2 + 0x0, 8 bytes",
		     difference(reused, kept));
}

static void disk_first(struct machine_under_test *m)
{
	read_register(m, 0, 0x14, 0);
	read_register(m, 1, 0x10, 0);
}

static void rng_first(struct machine_under_test *m)
{
	read_register(m, 1, 0x10, 0);
	read_register(m, 0, 0x14, 0);
}

TEST(sequence, devices_are_independent)
{
	EXPECT_STREQ("", difference(disk_first, rng_first));
}

static void step_fails(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0x100, 64);
	write_register(m, 0, 0x20, m->base + 0x100);
	dma(m, 0, 0x110, 16);
	read_register(m, 0, 0x14, 0);
	step(m, -5);
}

TEST(sequence, what_a_step_answers_counts)
{
	EXPECT_STREQ("step 1 of the workload has an answer of -5; without the "
		     "fault an answer of 0", difference(good, step_fails));
}

/* A legacy device is told a page's number (4.1.5.1.3). */
static void page_number(struct machine_under_test *m)
{
	account(m, MACHINE_RES_DMA_MAPPING, 0, 0, 4096);
	write_register(m, 0, 8, m->base >> 12);
}

TEST(sequence, a_page_number_is_a_place_too)
{
	EXPECT_STREQ("", difference(page_number, page_number));
}

TEST(sequence, deaf_until_it_begins)
{
	struct machine_under_test m = make(0x40000000);
	size_t count;

	good(&m);
	sequence_begin(m.seq);
	sequence_end(m.seq);
	good(&m);
	sequence_entries(m.seq, &count);
	EXPECT_EQ(0, count);
	destroy(&m);
}

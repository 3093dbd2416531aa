/* SPDX-License-Identifier: MIT */
/*
 * A queue's memory is taken away at each time at which it may not be, and at each
 * at which it may.
 */
#include "guestdrv/abi/machine.h"
#include "models/pci/registers.h"
#include "sim/check/queue_memory.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct queue_memory_check *c;
};

/* virtio 1.2 4.1.4.3, at 0x100 of BAR 4. */
static const struct reg device_regs[] = {
	{ .name = "queue_select", .offset = 0x16, .width = 2 },
};
static const struct reg queue_regs[] = {
	{ .name = "queue_desc", .offset = 0x20, .width = 8 },
	{ .name = "queue_driver", .offset = 0x28, .width = 8 },
	{ .name = "queue_device", .offset = 0x30, .width = 8 },
};
static const struct reg_block device_block = { "device", device_regs, 1, 24 };
static const struct reg_block queue_block = { "queue", queue_regs, 3, 64 };
static const struct device_registers registers[] = {
	{ 4, 0x100, &device_block }, { 4, 0x100, &queue_block },
	{ 0, 0, NULL },
};
static const struct device_model disk = { .name = "disk",
					  .registers = registers };

static void begin_with(struct setup *s, const struct device_model *model)
{
	feed_init(&s->f);
	s->f.devices[0].model = model;
	findings_init(&s->found);
	s->c = queue_memory_create(&s->f.world, s->f.bus, &s->found);
}

static void begin(struct setup *s)
{
	begin_with(s, &disk);
}

static void end(struct setup *s)
{
	queue_memory_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

static void mmio(struct setup *s, uint64_t offset, uint32_t len, uint64_t value)
{
	feed_event(&s->f, (struct event){ .kind = EV_MMIO_WRITE, .device = 0,
		.index = 4, .addr = 0x100 + offset, .len = len,
		.value = value });
}

/* Queue 1: 8 entries.  Descriptors 0x10000..0x1007f, available ring
 * 0x10080..0x10095, used ring 0x100a0..0x100e5, its event at 0x100e4. */
static void up(struct setup *s)
{
	feed_model(&s->f, 0, MODEL_EV_COMMAND, 0xffff, 0x0006, NULL);
	mmio(s, 0x16, 2, 1);
	mmio(s, 0x20, 4, 0x10000);
	mmio(s, 0x24, 4, 0);
	mmio(s, 0x28, 4, 0x10080);
	mmio(s, 0x2c, 4, 0);
	mmio(s, 0x30, 8, 0x100a0);
	feed_model(&s->f, 0, MODEL_EV_QUEUE_ENABLE, 1, 8, NULL);
}

static void unmap(struct setup *s, uint64_t addr, int64_t len)
{
	feed_account(&s->f, 0, MACHINE_RES_DMA_MAPPING, addr, -len);
}

#define EXPECT_FREED(phrase)                                   \
	do {                                                          \
		ASSERT_EQ(1, s.found.count);                          \
		EXPECT_STREQ("ring-freed", s.found.items[0].code);    \
		EXPECT_SUBSTR(s.found.items[0].text, phrase);         \
		end(&s);                                              \
	} while (0)

#define EXPECT_NOTHING()                                              \
	do {                                                          \
		EXPECT_EQ(0, s.found.count);                          \
		end(&s);                                              \
	} while (0)

TEST(queue_memory, kept)
{
	struct setup s;

	begin(&s);
	up(&s);
	/* beside the areas */
	unmap(&s, 0x100e6, 512);
	unmap(&s, 0xf000, 0x1000);
	/* a mapping that is made */
	feed_account(&s.f, 0, MACHINE_RES_DMA_MAPPING, 0x10000, 0x1000);
	EXPECT_NOTHING();
}

TEST(queue_memory, descriptors_freed_while_enabled)
{
	struct setup s;

	begin(&s);
	up(&s);
	unmap(&s, 0x10000, 0xe6);
	unmap(&s, 0x10000, 0xe6); /* told once */
	EXPECT_FREED("descriptor table of queue 1, at 0x10000");
}

TEST(queue_memory, available_ring_freed_while_enabled)
{
	struct setup s;

	begin(&s);
	up(&s);
	unmap(&s, 0x10095, 1); /* the event's last byte */
	EXPECT_FREED("available ring of queue 1, at 0x10080");
}

TEST(queue_memory, used_ring_freed_while_enabled)
{
	struct setup s;

	begin(&s);
	up(&s);
	unmap(&s, 0x100e5, 0x1000);
	EXPECT_FREED("used ring of queue 1, at 0x100a0");
}

TEST(queue_memory, freed_after_reset)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 0, NULL); /* has begun */
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_NOTHING();
}

TEST(queue_memory, freed_while_reset_goes_on)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 0, NULL);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_FREED("queue 1");
}

TEST(queue_memory, freed_after_queue_reset)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_QUEUE_ENABLE, 1, 0, NULL);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_NOTHING();
}

TEST(queue_memory, freed_with_bus_master_off)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0002, NULL);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_NOTHING();
}

TEST(queue_memory, freed_after_the_device_was_pulled_out)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_fault(&s.f, 0, "bus.device=gone", 0, 1);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_NOTHING();
}

TEST(queue_memory, freed_after_another_fault)
{
	struct setup s;

	begin(&s);
	up(&s);
	feed_fault(&s.f, 0, "bus.device=stuck", 0, 1);
	unmap(&s, 0x10000, 0xe6);
	EXPECT_FREED("queue 1");
}

TEST(queue_memory, written_addresses_of_an_enabled_queue_do_not_count)
{
	struct setup s;

	begin(&s);
	up(&s);
	mmio(&s, 0x20, 4, 0x90000);
	unmap(&s, 0x90000, 0x1000);
	EXPECT_EQ(0, s.found.count);
	unmap(&s, 0x10000, 16);
	EXPECT_FREED("at 0x10000");
}

TEST(queue_memory, unknown_registers_are_not_judged)
{
	struct setup s;

	begin_with(&s, NULL);
	feed_model(&s.f, 0, MODEL_EV_COMMAND, 0xffff, 0x0006, NULL);
	feed_model(&s.f, 0, MODEL_EV_QUEUE_ENABLE, 1, 8, NULL);
	unmap(&s, 0, 0x1000);
	feed_model(&s.f, 0, MODEL_EV_RESET, 0xffff, 1, NULL);
	EXPECT_NOTHING();
}

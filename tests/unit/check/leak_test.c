/* SPDX-License-Identifier: MIT */
/*
 * The account: leaks, double returns, and when they are told.
 */
#include "sim/check/dma.h"
#include "sim/check/leak.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct leak_check *c;
	struct dma_check *dma; /* shows it the account */
};

static void begin(struct setup *s)
{
	feed_init(&s->f);
	findings_init(&s->found);
	s->c = leak_check_create(&s->f.world, s->f.bus, &s->found);
	s->dma = dma_check_create(&s->f.world, s->f.bus, &s->found, s->c);
}

static void end(struct setup *s)
{
	dma_check_destroy(s->dma);
	leak_check_destroy(s->c);
	findings_free(&s->found);
	feed_done(&s->f);
}

TEST(leak, a_balanced_account_is_silent)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 64);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_VECTOR, 0x1000, 1);
	EXPECT_EQ(64, leak_check_held(s.c, MACHINE_RES_MEMORY));
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -64);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_VECTOR, 0x1000, -1);
	EXPECT_EQ(0, leak_check_held(s.c, MACHINE_RES_MEMORY));
	leak_check_end(s.c);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(leak, what_is_left_at_the_end_with_its_taker)
{
	struct setup s;

	begin(&s);
	s.f.caller = 0x4711;
	feed_account(&s.f, 1, MACHINE_RES_IRQ_VECTOR, 24, 1);
	leak_check_end(s.c);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("leak", s.found.items[0].code);
	EXPECT_STREQ("at the end: 1 interrupt vector still held",
		     s.found.items[0].text);
	EXPECT_EQ(1, s.found.items[0].device);
	EXPECT_EQ(1, s.found.items[0].event);
	EXPECT_EQ(1, s.found.items[0].nframes);
	EXPECT_EQ(0x4711, s.found.items[0].frames[0]);
	end(&s);
}

TEST(leak, one_taker_is_one_finding)
{
	struct setup s;

	begin(&s);
	s.f.caller = 1;
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 100);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x2000, 28);
	s.f.caller = 2;
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x3000, 7);
	leak_check_end(s.c);
	ASSERT_EQ(2, s.found.count);
	EXPECT_STREQ("at the end: 128 bytes of memory still held, in 2 pieces",
		     s.found.items[0].text);
	EXPECT_STREQ("at the end: 7 bytes of memory still held, in 1 piece",
		     s.found.items[1].text);
	end(&s);
}

TEST(leak, after_a_failed_probe_only_what_it_took)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 64); /* the scan's */
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_VECTOR, 24, 1);
	feed_account(&s.f, 1, MACHINE_RES_IRQ_VECTOR, 25, 1); /* another's */
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", -28);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("after the failed probe: 1 interrupt vector still held",
		     s.found.items[0].text);
	EXPECT_EQ(0, s.found.items[0].device);
	/* It is not told again at the end. */
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -64);
	feed_account(&s.f, 1, MACHINE_RES_IRQ_VECTOR, 25, -1);
	leak_check_end(s.c);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

TEST(leak, a_probe_that_succeeds_may_hold)
{
	struct setup s;

	begin(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_VECTOR, 24, 1);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	EXPECT_EQ(0, s.found.count);
	feed_note(&s.f, 0, MACHINE_NOTE_REMOVE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_REMOVE_END, "virtio_blk", 0);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "after the remove");
	end(&s);
}

TEST(leak, layers_of_drivers_each_hold_their_own)
{
	struct setup s;

	begin(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio-pci", 0);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, 1);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 16);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_END, "virtio-pci", 0);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -16);
	feed_note(&s.f, 0, MACHINE_NOTE_REMOVE_END, "virtio_blk", 0);
	EXPECT_EQ(0, s.found.count); /* the enable is the lower one's */
	feed_note(&s.f, 0, MACHINE_NOTE_REMOVE_END, "virtio-pci", 0);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "enabled function");
	end(&s);
}

TEST(leak, mappings_are_counted_and_measured)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_DMA_MAPPING, 0x1000, 512);
	feed_account(&s.f, 0, MACHINE_RES_DMA_MAPPING, 0x2000, 16);
	leak_check_end(s.c);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("at the end: 2 DMA mappings of 528 bytes still held",
		     s.found.items[0].text);
	end(&s);
}

TEST(leak, kinds_are_told_apart)
{
	struct setup s;

	begin(&s);
	s.f.caller = 1;
	feed_account(&s.f, 0, MACHINE_RES_IRQ_VECTOR, 24, 1);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_HANDLER, 24, 1);
	leak_check_end(s.c);
	ASSERT_EQ(2, s.found.count);
	EXPECT_SUBSTR(s.found.items[1].text, "1 interrupt handler");
	end(&s);
}

TEST(leak, a_remove_is_of_the_driver_that_it_names)
{
	struct setup s;

	begin(&s);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio-pci", 0);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, 1);
	feed_note(&s.f, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&s.f, 0, MACHINE_NOTE_REMOVE_END, "virtio-pci", 0);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

TEST(leak, returned_twice)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_HANDLER, 24, 1);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_HANDLER, 24, -1);
	feed_account(&s.f, 0, MACHINE_RES_IRQ_HANDLER, 24, -1);
	ASSERT_EQ(1, s.found.count);
	EXPECT_STREQ("double-return", s.found.items[0].code);
	EXPECT_STREQ("interrupt handler 0x18 was returned and is not held",
		     s.found.items[0].text);
	EXPECT_EQ(3, s.found.items[0].event);
	EXPECT_EQ(0, leak_check_held(s.c, MACHINE_RES_IRQ_HANDLER));
	end(&s);
}

TEST(leak, returned_in_part_and_in_excess)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 100);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -40);
	EXPECT_EQ(60, leak_check_held(s.c, MACHINE_RES_MEMORY));
	EXPECT_EQ(0, s.found.count);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -61);
	ASSERT_EQ(1, s.found.count);
	EXPECT_SUBSTR(s.found.items[0].text, "larger amount");
	leak_check_end(s.c);
	EXPECT_EQ(1, s.found.count);
	/* Amounts that no account can hold. */
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 1, INT64_MAX);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 1, INT64_MAX);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 1, INT64_MIN);
	EXPECT_GT(s.found.count, 1);
	end(&s);
}

TEST(leak, an_enable_may_nest)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, 1);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, 1);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, -1);
	feed_account(&s.f, 0, MACHINE_RES_ENABLE, 8, -1);
	leak_check_end(s.c);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(leak, many_live_resources)
{
	struct setup s;
	unsigned int i;

	begin(&s);
	for (i = 0; i < 20000; i++)
		feed_account(&s.f, 0, MACHINE_RES_MEMORY, i * 64, 64);
	for (i = 0; i < 20000; i += 2)
		feed_account(&s.f, 0, MACHINE_RES_MEMORY, i * 64, -64);
	for (i = 1; i < 20000; i += 2)
		feed_account(&s.f, 0, MACHINE_RES_MEMORY, i * 64, -64);
	leak_check_end(s.c);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(leak, a_kind_that_there_is_not)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, (enum machine_resource)99, 1, 1);
	leak_check_end(s.c);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

/* SPDX-License-Identifier: MIT */
/* The allocators: layout, exhaustion, and what misuse is reported as. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_memory, kmalloc_of_every_size)
CASE(guest_memory, kmalloc_blocks_do_not_overlap)
CASE(guest_memory, kzalloc_zeroes_what_was_poison)
CASE(guest_memory, kmalloc_of_nothing)
CASE(guest_memory, krealloc_keeps_the_bytes)
CASE(guest_memory, memory_runs_out_and_comes_back)
CASE(guest_memory, pages_are_aligned_and_distinct)
CASE(guest_memory, blocks_join_only_their_equals)
CASE(guest_memory, page_references)
CASE(guest_memory, user_pages_are_not_filled)

BUG(guest_memory, write_behind_a_block, "redzone",
    "kmalloc(48): byte 2 behind the block was overwritten")
BUG(guest_memory, write_before_a_block, "redzone", "3 bytes before the block")
BUG(guest_memory, write_to_a_header, "redzone", "header of a kmalloc block")
BUG(guest_memory, write_behind_a_large_block, "redzone",
    "kmalloc(20000): byte 0 behind the block")
BUG(guest_memory, write_behind_exact_pages, "redzone", "5000 bytes: byte 0")
BUG(guest_memory, free_twice, "double-free", "48 bytes that is free")
BUG(guest_memory, free_large_twice, "double-free", "20000 bytes")
BUG(guest_memory, free_inside_of_a_block, "bad-free", "no block")
BUG(guest_memory, free_static_data, "bad-free", "no block")
BUG(guest_memory, free_pages_twice, "double-free", "4 pages")
BUG(guest_memory, free_pages_with_another_order, "bad-free", "2 pages")
BUG(guest_memory, write_after_free_until_reuse, "use-after-free",
    "kmalloc(48): byte 5 was written after kfree")
BUG(guest_memory, write_to_a_free_page, "use-after-free",
    "at byte 100 of the page")

TEST(guest_memory, shutdown_looks_at_every_block)
{
	rig_late_bug("write_behind_a_live_block_until_shutdown", "redzone",
		     "byte 0 behind");
	rig_late_bug("write_after_free_until_shutdown", "use-after-free",
		     "byte 5");
	rig_late_bug("write_to_a_free_page_until_shutdown", "use-after-free",
		     "byte 100");
}

TEST(guest_memory, refusals_come_before_any_side_effect)
{
	struct rig r;
	size_t rule;

	ASSERT_TRUE(rig_create(&r, NULL));
	rule = flat_fault(r.fm, "guest.mem.alloc", RIG_BDF, 1, 2, 12);
	EXPECT_EQ(0, rig_run(&r, "refused_memory"));
	EXPECT_EQ(2, flat_fault_hits(r.fm, rule));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_memory, refusal_of_a_size)
{
	struct rig r;
	size_t rule;

	ASSERT_TRUE(rig_create(&r, NULL));
	rule = flat_fault_at(r.fm, "guest.mem.alloc", FLAT_ANY, 4096, 1, 0, 12);
	/* The case's first allocation has 100 bytes and succeeds. */
	EXPECT_EQ(-22, rig_run(&r, "refused_memory"));
	EXPECT_EQ(0, flat_fault_hits(r.fm, rule));
	rig_destroy(&r);
}

TEST(guest_memory, a_leak_is_in_the_accounts)
{
	struct rig r;
	char text[200];

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "leaks_a_block"));
	EXPECT_EQ(0, flat_shutdown(r.fm));
	EXPECT_EQ(1, flat_leaks(r.fm, text, sizeof(text)));
	EXPECT_SUBSTR(text, "memory 0x4");
	EXPECT_SUBSTR(text, "amount 123, 00:03.0");
	rig_destroy(&r);
}

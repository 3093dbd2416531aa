/* SPDX-License-Identifier: MIT */
/* DMA mappings and scatterlists. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_dma, mappings_are_physical_addresses)
CASE(guest_dma, many_mappings)
CASE(guest_dma, scatterlists)
CASE(guest_dma, coherent_memory)
CASE(guest_dma, address_behind_the_mask)

BUG(guest_dma, coherent_memory_overrun, "redzone", "5000 bytes")
BUG(guest_dma, map_the_stack, "dma-not-able", "0000:00:03.0")
BUG(guest_dma, map_static_data, "dma-not-able", "static data")
BUG(guest_dma, scatterlist_on_the_stack, "dma-not-able", "64 bytes")
BUG(guest_dma, map_what_was_freed, "dma-not-able", "freed")
BUG(guest_dma, map_a_free_page, "dma-not-able", "not in allocated")
BUG(guest_dma, map_more_than_the_block, "dma-not-able", "leaves its block")
BUG(guest_dma, unmap_twice, "bad-free", "not mapped")
BUG(guest_dma, unmap_with_another_size, "bad-free", "32 bytes")
BUG(guest_dma, unmap_with_another_direction, "bad-free", "direction")

TEST(guest_dma, mapping_refused)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.dma.map", RIG_BDF, 1, 1, 12);
	EXPECT_EQ(0, rig_run(&r, "mapping_refused"));
	rig_end(&r);
	rig_destroy(&r);
}

static const struct machine_option bounce[] = { { "dma", "bounce" },
						{ NULL, NULL } };

TEST(guest_dma, bounce_copies_at_map_and_unmap)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.options = bounce;
	rig_case(&o, "bounce_copies_at_map_and_unmap");
}

TEST(guest_dma, mapping_left_behind)
{
	struct rig r;
	char text[200];

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "mapping_left_behind"));
	EXPECT_EQ(0, flat_shutdown(r.fm));
	EXPECT_EQ(1, flat_leaks(r.fm, text, sizeof(text)));
	EXPECT_SUBSTR(text, "dma mapping");
	EXPECT_SUBSTR(text, "00:03.0");
	rig_destroy(&r);
}

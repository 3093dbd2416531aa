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
BUG(guest_dma, map_without_a_direction, "dma-wrong-direction", "no direction")

BUG(guest_dma, unmap_twice, "dma-unmap-twice", "unmapped before")
BUG(guest_dma, unmap_what_never_was, "dma-not-mapped", "never mapped")
BUG(guest_dma, unmap_from_the_middle, "dma-not-mapped",
    "of 56 bytes begins at byte 8 of a mapping of 64")
BUG(guest_dma, unmap_with_another_size, "dma-wrong-size",
    "of 32 bytes; 64 were mapped")
BUG(guest_dma, unmap_with_another_direction, "dma-wrong-direction",
    "with DMA_FROM_DEVICE that were mapped with DMA_TO_DEVICE")
BUG(guest_dma, unmap_by_another_device, "dma-wrong-device", "at 00:03.0")
BUG(guest_dma, unmap_a_list_as_one, "dma-wrong-kind", "mapped by dma_map_sg")
BUG(guest_dma, unmap_a_part_of_a_list, "dma-wrong-size",
    "of 2 entries; 3 were mapped")
BUG(guest_dma, mapping_that_nobody_checked, "dma-not-checked", "of 64 bytes")
BUG(guest_dma, mapping_that_was_mixed_up, "dma-not-checked", "of 32 bytes")
CASE(guest_dma, mappings_checked_late)

CASE(guest_dma, sync_of_parts)
BUG(guest_dma, sync_beyond_the_mapping, "dma-sync-beyond",
    "of 16 bytes from byte 40 of a mapping of 48")
BUG(guest_dma, sync_in_the_wrong_direction, "dma-wrong-direction",
    "sync of 64 bytes with DMA_FROM_DEVICE that are mapped with DMA_TO_DEVICE")
BUG(guest_dma, sync_after_unmap, "dma-unmap-twice", "DMA sync of 64 bytes")

BUG(guest_dma, free_coherent_of_another_size, "dma-wrong-size",
    "dma_free_coherent of 6000 bytes; 5000 were mapped")
BUG(guest_dma, free_coherent_of_another_address, "dma-not-mapped",
    "not of one allocation")
BUG(guest_dma, unmap_coherent_memory, "dma-wrong-kind",
    "mapped by dma_alloc_coherent")

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

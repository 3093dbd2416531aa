/* SPDX-License-Identifier: MIT */
/* Memory that gets short, and free memory that a device is told of. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_reclaim, shrinkers_make_room)
CASE(guest_reclaim, oom_notifiers_by_priority)
CASE(guest_reclaim, users_leave_the_kernel_a_reserve)
CASE(guest_reclaim, pages_of_a_balloon)
CASE(guest_reporting, free_blocks_are_reported_once)
CASE(guest_reporting, blocks_are_out_of_reach_while_reported)
CASE(guest_reporting, reporting_ends_although_it_takes_memory)
CASE(guest_reporting, reported_pages_need_no_poison)

static const struct machine_option page_poison[] = {
	{ "page_poison", "true" }, { NULL, NULL }
};

TEST(guest_reporting, reported_pages_hold_the_poison)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.options = page_poison;
	rig_case(&o, "reported_pages_hold_the_poison");
	rig_bug(&o, "reported_pages_lose_the_poison", "use-after-free",
		"a free page was written to, at byte 0");
}

TEST(guest_reclaim, refused_registrations)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.mem.register_shrinker", RIG_BDF, 1, 2, 12);
	flat_fault(r.fm, "guest.mem.register_oom_notifier", RIG_BDF, 1, 1, 17);
	flat_fault(r.fm, "guest.mem.register_page_reporting", RIG_BDF, 1, 1,
		   16);
	EXPECT_EQ(0, rig_run(&r, "refused_registrations"));
	rig_end(&r);
	rig_destroy(&r);
}

/* 16 MiB: 4096 pages, some of them the kernel's own. */
TEST(guest_reclaim, a_process_takes_and_gives)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(0, flat_action(r.fm, "memory.take", "pages=1000"));
	EXPECT_EQ(1000, flat_live(r.fm, MACHINE_RES_MEMORY));
	EXPECT_EQ(0, flat_action(r.fm, "memory.take", "pages=900"));
	EXPECT_EQ(1000, flat_live(r.fm, MACHINE_RES_MEMORY));
	EXPECT_EQ(-12, flat_action(r.fm, "memory.take", "pages=4096"));
	EXPECT_TRUE(flat_live(r.fm, MACHINE_RES_MEMORY) > 3500);
	EXPECT_EQ(-22, flat_action(r.fm, "memory.take", "pages=-1"));
	EXPECT_EQ(0, flat_action(r.fm, "memory.give", NULL));
	EXPECT_EQ(0, flat_live(r.fm, MACHINE_RES_MEMORY));
	/* What is held at the end is the process's own affair. */
	EXPECT_EQ(0, flat_action(r.fm, "memory.take", "pages=10"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_reclaim, a_process_sees_its_pages_change)
{
	const struct machine_info *info;
	uint64_t *words;
	struct rig r;
	uint64_t i;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(0, flat_action(r.fm, "memory.take", "pages=1"));
	info = flat_info(r.fm);
	words = (uint64_t *)info->ram;
	/* A page's mark is its number's, as memory_hog.c makes it. */
	for (i = 0; i < info->ram_size / 4096; i++)
		if (words[i * 512 + 511] == (info->ram_base / 4096 + i + 1) *
						    0x9e3779b97f4a7c15ull)
			words[i * 512 + 511]++;
	EXPECT_EQ(-74, flat_action(r.fm, "memory.give", NULL));
	rig_end(&r);
	rig_destroy(&r);
}

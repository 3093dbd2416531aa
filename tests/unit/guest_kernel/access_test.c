/* SPDX-License-Identifier: MIT */
/* Each access checked (access.c), and the quarantine that it works with. */
#include "tests/unit/guest_kernel/rig.h"

#ifdef KERNEL_CASES_CHECKED

static struct rig_options checked(void)
{
	struct rig_options o = RIG_DEFAULTS;

	o.checked = true;
	return o;
}

#define CHECKED_CASE(name)                                                 \
	TEST(guest_access, name)                                           \
	{                                                                  \
		struct rig_options o = checked();                          \
		rig_case(&o, #name);                                       \
	}
#define CHECKED_BUG(name, code, text)                                      \
	TEST(guest_access, name)                                           \
	{                                                                  \
		struct rig_options o = checked();                          \
		rig_bug(&o, #name, code, text);                            \
	}

CHECKED_CASE(access_within_bounds)
CHECKED_CASE(access_to_stacks_and_statics)
CHECKED_CASE(freed_memory_is_not_used_at_once)
CHECKED_CASE(memory_runs_out_and_comes_back)
CHECKED_CASE(blocks_join_only_their_equals)
CHECKED_CASE(kmalloc_of_every_size)
CHECKED_CASE(mappings_are_physical_addresses)

CHECKED_BUG(read_a_freed_block, "use-after-free",
	    "a read of 8 bytes at byte 16 of kmalloc(48), which is freed")
CHECKED_BUG(write_a_freed_block, "use-after-free",
	    "a write of 1 byte at byte 5 of kmalloc(48), which is freed")
CHECKED_BUG(read_a_freed_large_block, "use-after-free", "free page")
CHECKED_BUG(read_a_free_page, "use-after-free",
	    "a read of 4 bytes at byte 100 of the free page")
CHECKED_BUG(read_behind_a_block, "out-of-bounds",
	    "a read of 4 bytes at byte 48 of kmalloc(48)")
CHECKED_BUG(read_over_the_end_of_a_block, "out-of-bounds",
	    "a read of 8 bytes at byte 44 of kmalloc(48)")
CHECKED_BUG(write_before_a_checked_block, "out-of-bounds",
	    "a write of 2 bytes, 2 before kmalloc(48)")
CHECKED_BUG(read_behind_a_large_block, "out-of-bounds",
	    "a read of 1 byte at byte 20000 of kmalloc(20000)")
CHECKED_BUG(memcpy_from_a_freed_block, "use-after-free",
	    "a read of 48 bytes at byte 0 of kmalloc(48)")
CHECKED_BUG(memset_over_the_end, "out-of-bounds",
	    "a write of 49 bytes at byte 0 of kmalloc(48)")
CHECKED_BUG(memcmp_of_a_free_page, "use-after-free", "a read of 16 bytes")

#endif

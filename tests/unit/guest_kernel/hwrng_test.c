/* SPDX-License-Identifier: MIT */
/* Sources of random bytes, and rng.read. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_hwrng, random_bytes_are_new)
CASE(guest_hwrng, unregister_waits_for_a_reader)

TEST(guest_hwrng, refused_source)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.hwrng.register", RIG_BDF, 1, 1, 17);
	EXPECT_EQ(0, rig_run(&r, "refused_source"));
	rig_end(&r);
	rig_destroy(&r);
}

/* SPDX-License-Identifier: MIT */
/* Services that are refused: the error comes back, and nothing has been done. */
#include "tests/unit/guest_kernel/rig.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *point;
	uint64_t times;
	int error;
} rows[] = {
	{ "refused_bus", "guest.bus.register", 1, 12 },
	{ "refused_driver", "guest.driver.register", 1, 12 },
	{ "refused_device", "guest.device.add", 1, 12 },
	{ "refused_number", "guest.ida.alloc", 1, 28 },
	{ "refused_coherent_memory", "guest.dma.alloc_coherent", 1, 12 },
	{ "refused_mask", "guest.dma.set_mask", 1, 5 },
	{ "refused_affinity", "guest.irq.affinity_masks", 1, 12 },
	{ "refused_affinity", "guest.irq.set_affinity", 1, 5 },
	{ "refused_attribute", "guest.sysfs.create_file", 1, 17 },
	{ "signal_ends_a_wait", "guest.wait.signal", 6, 512 },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* All rules of a case, from when the guest has booted. */
static void refuse(const char *name)
{
	char args[120];
	struct rig r;
	size_t i;
	int ret;

	ASSERT_TRUE(rig_create(&r, NULL));
	ASSERT_EQ(0, flat_boot(r.fm, r.image->guest));
	for (i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].name, name))
			flat_fault(r.fm, rows[i].point, FLAT_ANY, 1,
				   rows[i].times, rows[i].error);
	snprintf(args, sizeof(args), "name=%s,device=00:03.0", name);
	ret = flat_action(r.fm, "case", args);
	EXPECT_EQ(0, ret);
	if (ret)
		rig_tell(&r);
	else
		rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_refusal, comes_before_any_side_effect)
{
	size_t i;

	for (i = 0; i < ROWS; i++) {
		TEST_ROW("%s", rows[i].point);
		refuse(rows[i].name);
	}
}

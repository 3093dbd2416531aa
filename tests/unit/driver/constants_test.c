/* SPDX-License-Identifier: MIT */
/*
 * The guest wrote its constants down from the specification; the system's uapi
 * headers did too.  They agree.
 */
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>
#include <stddef.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/constants.h"

#define OFFSET(type, field) offsetof(struct type, field)
#define CONSTANT(ours, theirs) { #theirs, (theirs) },

static const struct constant uapi_constants[] = {
#include "tests/unit/driver/constants.inc"
	{ NULL, 0 }
};

TEST(driver_constants, agree_with_the_uapi_headers)
{
	size_t i;

	for (i = 0; guest_constants[i].name; i++) {
		TEST_ROW("%s", guest_constants[i].name);
		EXPECT_EQ(uapi_constants[i].value, guest_constants[i].value);
	}
	EXPECT_EQ(sizeof(uapi_constants) / sizeof(uapi_constants[0]) - 1, i);
	EXPECT_GT(i, 60);
}

static unsigned long guest(const char *name)
{
	size_t i;

	for (i = 0; guest_constants[i].name; i++)
		if (!__builtin_strcmp(guest_constants[i].name, name))
			return guest_constants[i].value;
	return ~0ul;
}

/* A few by number, in case both tables were wrong together. */
TEST(driver_constants, are_what_the_specification_says)
{
	EXPECT_EQ(0x40, guest("VIRTIO_CONFIG_S_NEEDS_RESET"));
	EXPECT_EQ(32, guest("VIRTIO_F_VERSION_1"));
	EXPECT_EQ(0xffff, guest("VIRTIO_MSI_NO_VECTOR"));
	EXPECT_EQ(8, guest("VIRTIO_BLK_T_GET_ID"));
	EXPECT_EQ(34, guest("VIRTIO_BLK_CFG_NUM_QUEUES"));
}

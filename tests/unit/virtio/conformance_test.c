/* SPDX-License-Identifier: MIT */
/*
 * The register tables of the virtio models, through the checks that every table
 * goes through.
 */
#include "tests/fake_host/reg_conformance.h"

#include "models/virtio/balloon.h"
#include "models/virtio/blk.h"
#include "models/virtio/vpci.h"
#include "tests/shim/gtest_c.h"

static const struct reg_block *const blocks[] = {
	&vpci_device_regs, &vpci_queue_regs, &vpci_isr_regs, &vpci_legacy_regs,
	&vblk_config_regs, &vballoon_config_regs,
};

TEST(conformance, tables_are_well_formed)
{
	struct reg_report report = { "" };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		TEST_ROW("%s", blocks[i]->name);
		EXPECT_TRUE(reg_table_ok(blocks[i], &report));
		EXPECT_STREQ("", report.text);
	}
}

TEST(conformance, the_accessor_follows_them)
{
	struct reg_report report = { "" };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		TEST_ROW("%s", blocks[i]->name);
		EXPECT_TRUE(reg_accessor_ok(blocks[i], &report));
		EXPECT_STREQ("", report.text);
	}
}

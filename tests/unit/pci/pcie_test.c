/* SPDX-License-Identifier: MIT */
/*
 * The PCI Express capability, PCIe 3.0 7.8, and function level reset, 6.6.2.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

TEST(pcie, a_version_2_endpoint)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	ASSERT_NE(0, at);
	EXPECT_EQ(0x0002, cfg_read(p, at + 0x02, 2));
	EXPECT_EQ(0x10000000, cfg_read(p, at + 0x04, 4) & 0x10000000);
	EXPECT_EQ(0x8000, cfg_read(p, at + 0x04, 4) & 0x8000);
	EXPECT_EQ(0x43, cfg_read(p, at + 0x0c, 4) & 0x3ff); /* 8 GT/s, x4 */
	EXPECT_EQ(0x0043, cfg_read(p, at + 0x12, 2));
	EXPECT_EQ(0x3, cfg_read(p, at + 0x30, 2));
	plain_free(p);
}

TEST(pcie, device_control_after_reset)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	EXPECT_EQ(0x2810, cfg_read(p, at + 0x08, 2));
	cfg_write(p, at + 0x08, 2, 0x7fff);
	EXPECT_EQ(0x79ff, cfg_read(p, at + 0x08, 2));
	EXPECT_EQ(0, p->resets);
	plain_free(p);
}

TEST(pcie, device_status_clears_by_writing_one)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10) + 0x0a;

	pci_cfg_put(&p->cfg, at, 2, 0x000f);
	cfg_write(p, at, 2, 0x0000);
	EXPECT_EQ(0x000f, cfg_read(p, at, 2));
	cfg_write(p, at, 2, 0xfff4);
	EXPECT_EQ(0x000b, cfg_read(p, at, 2));
	cfg_write(p, at - 2, 4, 0x00030000);
	EXPECT_EQ(0x0008, cfg_read(p, at, 2));
	plain_free(p);
}

/* Slot and root registers are none of an endpoint's. */
TEST(pcie, what_an_endpoint_lacks_reads_zero)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	for (uint32_t o = 0x14; o < 0x24; o += 4) {
		cfg_write(p, at + o, 4, 0xffffffff);
		EXPECT_EQ(0, cfg_read(p, at + o, 4));
	}
	plain_free(p);
}

TEST(pcie, initiate_flr_resets_and_reads_zero)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	msix_start(p);
	cfg_write(p, at + 0x08, 2, 0xa810);
	EXPECT_EQ(1, p->resets);
	EXPECT_EQ(PCI_RESET_FLR, p->last_reset);
	EXPECT_EQ(0x2810, p->control_in_reset);
	ASSERT_NE(NULL, fake_host_event(&p->host, MODEL_EV_NOTE));
	EXPECT_STREQ("reset: function level reset",
		     fake_host_event(&p->host, MODEL_EV_NOTE)->text);
	EXPECT_EQ(0x2810, cfg_read(p, at + 0x08, 2));
	EXPECT_EQ(0, cfg_read(p, 0x04, 2));
	EXPECT_EQ(0, cfg_read(p, 0x10, 4));
	EXPECT_FALSE(pci_msix_enabled(&p->msix));
	EXPECT_EQ(UINT64_MAX, p->drained);
	EXPECT_EQ(0x56781234, cfg_read(p, 0x00, 4));
	plain_free(p);
}

TEST(pcie, initiate_flr_by_a_byte_and_by_a_dword)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	cfg_write(p, at + 0x09, 1, 0xa8);
	EXPECT_EQ(1, p->resets);
	cfg_write(p, at + 0x08, 4, 0x0000a810);
	EXPECT_EQ(2, p->resets);
	plain_free(p);
}

TEST(pcie, writes_next_to_it_reset_nothing)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	cfg_write(p, at + 0x08, 1, 0xff);
	cfg_write(p, at + 0x0a, 2, 0x8000);
	cfg_write(p, at + 0x10, 2, 0x8000);
	EXPECT_EQ(0, p->resets);
	plain_free(p);
}

TEST(pcie, flr_keeps_what_6_6_2_names)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x10);

	cfg_write(p, at + 0x08, 2, 0x503f); /* payload 256, request 4096 */
	cfg_write(p, at + 0x10, 2, 0x0040);
	cfg_write(p, at + 0x28, 2, 0x0010);
	cfg_write(p, at + 0x30, 2, 0x0001);
	cfg_write(p, at + 0x09, 1, 0xd0);
	EXPECT_EQ(1, p->resets);
	EXPECT_EQ(0x2830, cfg_read(p, at + 0x08, 2));
	EXPECT_EQ(0x0040, cfg_read(p, at + 0x10, 2));
	EXPECT_EQ(0x0000, cfg_read(p, at + 0x28, 2));
	EXPECT_EQ(0x0001, cfg_read(p, at + 0x30, 2));
	p->fn.ops->reset(&p->fn, PCI_RESET_POWER_ON);
	EXPECT_EQ(0x2810, cfg_read(p, at + 0x08, 2));
	EXPECT_EQ(0x0000, cfg_read(p, at + 0x10, 2));
	EXPECT_EQ(0x0003, cfg_read(p, at + 0x30, 2));
	plain_free(p);
}

TEST(pcie, flr_out_of_d3hot_ends_in_d0)
{
	struct plain *p = plain_default();

	cfg_write(p, cap_find(p, 0x01) + 4, 2, 3);
	cfg_write(p, cap_find(p, 0x10) + 8, 2, 0x8000);
	EXPECT_EQ(0, cfg_read(p, cap_find(p, 0x01) + 4, 2));
	plain_start(p);
	EXPECT_EQ(PCI_WINDOW_MEM, p->host.windows[0].kind);
	plain_free(p);
}

/* SPDX-License-Identifier: MIT */
/*
 * Power management, PCI PM 1.2 3.2: D0 and D3hot, and what D3hot stops.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

static void power(struct plain *p, uint32_t state)
{
	cfg_write(p, cap_find(p, 0x01) + 4, 2, state);
}

static uint32_t powered(struct plain *p)
{
	return cfg_read(p, cap_find(p, 0x01) + 4, 2);
}

TEST(pm, capability_says_version_3_and_no_pme)
{
	struct plain *p = plain_default();
	uint32_t at = cap_find(p, 0x01);

	ASSERT_NE(0, at);
	EXPECT_EQ(0x0003, cfg_read(p, at + 2, 2));
	EXPECT_EQ(0x00000000, cfg_read(p, at + 4, 4));
	plain_free(p);
}

TEST(pm, d3hot_and_back_resets)
{
	struct plain *p = plain_default();

	plain_start(p);
	power(p, 3);
	EXPECT_EQ(0x0003, powered(p));
	EXPECT_EQ(0, p->resets);
	EXPECT_STREQ("D3hot", fake_host_event(&p->host, MODEL_EV_NOTE)->text);
	power(p, 0);
	EXPECT_STREQ("reset: D3hot to D0",
		     fake_host_event(&p->host, MODEL_EV_NOTE)->text);
	EXPECT_EQ(0x0000, powered(p));
	EXPECT_EQ(1, p->resets);
	EXPECT_EQ(PCI_RESET_D3HOT, p->last_reset);
	EXPECT_EQ(0, cfg_read(p, 0x10, 4));
	EXPECT_EQ(0, cfg_read(p, 0x04, 2));
	plain_free(p);
}

TEST(pm, d1_and_d2_are_discarded)
{
	struct plain *p = plain_default();

	power(p, 1);
	EXPECT_EQ(0, powered(p));
	power(p, 2);
	EXPECT_EQ(0, powered(p));
	power(p, 3);
	power(p, 2);
	EXPECT_EQ(3, powered(p));
	EXPECT_EQ(0, p->resets);
	plain_free(p);
}

TEST(pm, the_state_it_is_in_changes_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	power(p, 0);
	EXPECT_EQ(0, p->resets);
	power(p, 3);
	fake_host_forget(&p->host);
	power(p, 3);
	EXPECT_EQ(0, p->resets);
	EXPECT_EQ(0, p->host.window_calls);
	plain_free(p);
}

TEST(pm, d3hot_answers_config_only)
{
	struct plain *p = plain_default();

	plain_start(p);
	power(p, 3);
	EXPECT_EQ(PCI_WINDOW_NONE, p->host.windows[0].kind);
	EXPECT_EQ(0x56781234, cfg_read(p, 0x00, 4));
	EXPECT_EQ(0xffffffff, bar0_read(p, 12, 4));
	EXPECT_EQ(0x0006, cfg_read(p, 0x04, 2));
	EXPECT_FALSE(pci_cfg_bus_master(&p->cfg));
	plain_free(p);
}

TEST(pm, d3hot_cancels_the_lanes)
{
	struct plain *p = plain_default();

	plain_start(p);
	p->fn.host->ops->lane_schedule(p->fn.host, 0, 0);
	power(p, 3);
	EXPECT_EQ(UINT64_MAX, p->drained);
	EXPECT_FALSE(fake_host_step(&p->host));
	plain_free(p);
}

TEST(pm, bus_master_off_in_d3hot_cancels_nothing_more)
{
	struct plain *p = plain_default();

	plain_start(p);
	power(p, 3);
	p->drained = 0;
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(0, p->drained);
	plain_free(p);
}

TEST(pm, no_window_opens_in_d3hot)
{
	struct plain *p = plain_default();

	power(p, 3);
	plain_start(p);
	EXPECT_EQ(PCI_WINDOW_NONE, p->host.windows[0].kind);
	EXPECT_FALSE(pci_cfg_bus_master(&p->cfg));
	plain_free(p);
}

TEST(pm, d3hot_lowers_intx)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	power(p, 3);
	EXPECT_FALSE(p->host.line);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_FALSE(p->host.line);
	power(p, 0);
	EXPECT_FALSE(p->host.line);
	plain_free(p);
}

TEST(pm, d3hot_drops_messages_and_says_so)
{
	struct plain *p = plain_default();

	msix_start(p);
	power(p, 3);
	EXPECT_EQ(MODEL_NOTIFY_DROPPED, pci_msix_notify(&p->msix, 0));
	EXPECT_STREQ("the function is in D3hot",
		     fake_host_event(&p->host, MODEL_EV_MSIX_DROPPED)->text);
	EXPECT_EQ(0, p->host.msis);
	plain_free(p);
}

TEST(pm, after_it_the_function_works_again)
{
	struct plain *p = plain_default();

	msix_start(p);
	power(p, 3);
	power(p, 0);
	EXPECT_EQ(0x0003, cfg_read(p, cap_find(p, 0x11) + 2, 2));
	msix_start(p);
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 0));
	plain_free(p);
}

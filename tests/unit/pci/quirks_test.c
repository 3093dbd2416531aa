/* SPDX-License-Identifier: MIT */
/*
 * The rules of PCI that a function can be made to break: each is kept without
 * its quirk and broken with it.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

static struct plain *with(const char *quirk)
{
	struct plain *p = plain_default();

	if (quirk)
		fake_host_fault(&p->host, quirk, FAKE_ANY, 0, 1);
	return p;
}

/* Runs the body without the quirk (broken false) and with it (true). */
#define BOTH(name)                                                            \
	for (int broken = 0; broken < 2; broken++)                            \
		for (struct plain *p = with(broken ? (name) : NULL); p;       \
		     plain_free(p), p = NULL)

TEST(pci_quirks, pending_lost)
{
	BOTH("device.msix.pending_lost") {
		msix_start(p);
		vector_mask(p, 2, true);
		EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&p->msix, 2));
		EXPECT_EQ(broken ? 0 : 4, pba(p));
		vector_mask(p, 2, false);
		EXPECT_EQ(broken ? 0 : 1, p->host.msis);
	}
}

TEST(pci_quirks, function_mask_ignored)
{
	BOTH("device.msix.function_mask") {
		msix_start(p);
		control_write(p, 0xc000);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
		vector_mask(p, 1, true);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
	}
}

TEST(pci_quirks, vector_mask_ignored)
{
	BOTH("device.msix.vector_mask") {
		msix_start(p);
		vector_mask(p, 1, true);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
		control_write(p, 0xc000);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
	}
}

TEST(pci_quirks, pba_reads_zero)
{
	BOTH("device.msix.pba") {
		msix_start(p);
		vector_mask(p, 3, true);
		pci_msix_notify(&p->msix, 3);
		EXPECT_EQ(broken ? 0 : 8, pba(p));
		vector_mask(p, 3, false);
		EXPECT_EQ(1, p->host.msis);
	}
}

TEST(pci_quirks, message_with_bus_master_off)
{
	BOTH("device.msix.bus_master") {
		msix_start(p);
		cfg_write(p, 0x04, 2, 0x0002);
		EXPECT_EQ(broken ? MODEL_NOTIFY_SENT : MODEL_NOTIFY_DROPPED,
			  pci_msix_notify(&p->msix, 0));
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
	}
}

TEST(pci_quirks, pending_message_with_bus_master_off)
{
	BOTH("device.msix.bus_master") {
		msix_start(p);
		vector_mask(p, 0, true);
		pci_msix_notify(&p->msix, 0);
		cfg_write(p, 0x04, 2, 0x0002);
		vector_mask(p, 0, false);
		EXPECT_EQ(broken ? 1 : 0, p->host.msis);
	}
}

TEST(pci_quirks, message_from_before_the_table_was_written)
{
	BOTH("device.msix.stale") {
		msix_start(p);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(0x41, p->host.last_msi.data);
		vector_mask(p, 1, true);
		bar0_write(p, 0x18, 4, 0x99);
		vector_mask(p, 1, false);
		pci_msix_notify(&p->msix, 1);
		EXPECT_EQ(broken ? 0x41 : 0x99, p->host.last_msi.data);
		EXPECT_EQ(0xfee01000, p->host.last_msi.addr);
	}
}

TEST(pci_quirks, message_control_lost)
{
	static const uint32_t widths[] = { 2, 4 };

	for (unsigned int i = 0; i < 2; i++)
		BOTH("device.msix.control") {
			uint32_t cap = cap_find(p, 0x11);

			plain_start(p);
			TEST_ROW("%u bytes", widths[i]);
			if (widths[i] == 2)
				cfg_write(p, cap + 2, 2, 0x8000);
			else
				cfg_write(p, cap, 4, 0x80000000);
			EXPECT_EQ(broken ? 0x0003 : 0x8003,
				  cfg_read(p, cap + 2, 2));
			EXPECT_EQ(!broken, pci_msix_enabled(&p->msix));
			EXPECT_EQ(broken ? 0 : 1, fake_host_count(&p->host,
						MODEL_EV_MSIX_CONTROL));
		}
}

TEST(pci_quirks, message_that_never_leaves)
{
	BOTH("device.msix.unsent") {
		msix_start(p);
		EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 0));
		EXPECT_EQ(broken ? 0 : 1, p->host.msis);
	}
}

TEST(pci_quirks, pin_as_an_edge)
{
	BOTH("device.intx.pulse") {
		plain_start(p);
		pci_cfg_set_intx(&p->cfg, true);
		EXPECT_EQ(!broken, p->host.line);
		EXPECT_EQ(broken ? 2 : 1, p->host.intx_changes);
		EXPECT_EQ(0x0008, cfg_read(p, 0x06, 2) & 0x0008);
	}
}

TEST(pci_quirks, interrupt_disable_ignored)
{
	BOTH("device.intx.disable") {
		plain_start(p);
		cfg_write(p, 0x04, 2, 0x0406);
		pci_cfg_set_intx(&p->cfg, true);
		EXPECT_EQ(broken, p->host.line);
	}
}

TEST(pci_quirks, pin_beside_messages)
{
	BOTH("device.intx.beside_msix") {
		msix_start(p);
		pci_cfg_set_intx(&p->cfg, true);
		EXPECT_EQ(broken, p->host.line);
	}
}

/* The fake host finds it out too. */
static void expected(struct fake_host *h, const char *what)
{
	(void)h;
	EXPECT_STREQ("DMA with Bus Master off", what);
}

TEST(pci_quirks, dma_with_bus_master_off)
{
	BOTH("device.dma.bus_master") {
		p->host.on_violation = expected;
		plain_start(p);
		p->host.host.ops->lane_schedule(&p->host.host, 0, 0);
		cfg_write(p, 0x04, 2, 0x0002);
		fake_host_run(&p->host);
		EXPECT_EQ(broken ? 1 : 0, p->completed);
		EXPECT_EQ(broken, p->host.violations > 0);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * INTx: a level with Interrupt Disable and Interrupt Status (PCI 3.0 6.2.2,
 * 6.2.3), silent while MSI-X is enabled (6.8.3.3).
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

static bool status(struct plain *p)
{
	return cfg_read(p, 0x06, 2) & 0x0008;
}

TEST(intx, asserts_and_deasserts)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_TRUE(p->host.line);
	EXPECT_TRUE(status(p));
	pci_cfg_set_intx(&p->cfg, false);
	EXPECT_FALSE(p->host.line);
	EXPECT_FALSE(status(p));
	EXPECT_EQ(2, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, is_a_level_posted_on_change_only)
{
	struct plain *p = plain_default();

	for (int i = 0; i < 3; i++)
		pci_cfg_set_intx(&p->cfg, true);
	EXPECT_EQ(1, p->host.intx_changes);
	for (int i = 0; i < 3; i++)
		pci_cfg_set_intx(&p->cfg, false);
	EXPECT_EQ(2, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, goes_to_the_pin_of_the_header)
{
	for (uint8_t pin = 1; pin <= 4; pin++) {
		struct plain *p = plain_new(&(struct plain_options){
			.pin = pin,
		});

		pci_cfg_set_intx(&p->cfg, true);
		EXPECT_EQ(pin, cfg_read(p, 0x3d, 1));
		EXPECT_EQ(pin, p->host.posts[0].vector);
		plain_free(p);
	}
}

TEST(intx, without_a_pin_nothing_happens)
{
	struct plain *p = plain_new(&(struct plain_options){ .pin = 0 });

	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_FALSE(status(p));
	EXPECT_EQ(0, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, disable_lowers_the_line_and_keeps_the_status)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	cfg_write(p, 0x04, 2, 0x0400);
	EXPECT_FALSE(p->host.line);
	EXPECT_TRUE(status(p));
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_TRUE(p->host.line);
	plain_free(p);
}

TEST(intx, raised_while_disabled_shows_in_status_alone)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 2, 0x0400);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_EQ(0, p->host.intx_changes);
	EXPECT_TRUE(status(p));
	pci_cfg_set_intx(&p->cfg, false);
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_EQ(0, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, status_takes_no_writes)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	cfg_write(p, 0x06, 2, 0xffff);
	EXPECT_TRUE(status(p));
	EXPECT_TRUE(p->host.line);
	cfg_write(p, 0x06, 2, 0);
	EXPECT_TRUE(status(p));
	plain_free(p);
}

TEST(intx, does_not_need_bus_master)
{
	struct plain *p = plain_default();

	plain_start(p);
	cfg_write(p, 0x04, 2, 0x0002);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_TRUE(p->host.line);
	plain_free(p);
}

TEST(intx, msix_enable_silences_the_line)
{
	struct plain *p = plain_default();

	plain_start(p);
	pci_cfg_set_intx(&p->cfg, true);
	control_write(p, 0x8000);
	EXPECT_FALSE(p->host.line);
	EXPECT_FALSE(status(p));
	pci_cfg_set_intx(&p->cfg, false);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_EQ(2, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, msix_disable_gives_the_line_back)
{
	struct plain *p = plain_default();

	plain_start(p);
	control_write(p, 0x8000);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_FALSE(p->host.line);
	control_write(p, 0x0000);
	EXPECT_TRUE(p->host.line);
	EXPECT_TRUE(status(p));
	plain_free(p);
}

TEST(intx, function_mask_alone_does_not_silence_it)
{
	struct plain *p = plain_default();

	plain_start(p);
	control_write(p, 0x4000);
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_TRUE(p->host.line);
	plain_free(p);
}

TEST(intx, reset_lowers_the_line)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	pci_cfg_reset(&p->cfg);
	EXPECT_FALSE(p->host.line);
	EXPECT_FALSE(status(p));
	EXPECT_EQ(2, p->host.intx_changes);
	cfg_write(p, 0x04, 2, 0x0400);
	cfg_write(p, 0x04, 2, 0x0000);
	EXPECT_EQ(2, p->host.intx_changes);
	plain_free(p);
}

TEST(intx, the_first_message_comes_after_the_line_has_fallen)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, 0, true);
	EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&p->msix, 0));
	control_write(p, 0x0000);
	pci_cfg_set_intx(&p->cfg, true);
	vector_mask(p, 0, false);
	fake_host_forget(&p->host);
	control_write(p, 0x8000);
	ASSERT_EQ(2, p->host.nposts);
	EXPECT_EQ(FAKE_POST_INTX, p->host.posts[0].kind);
	EXPECT_EQ(0, p->host.posts[0].data);
	EXPECT_EQ(FAKE_POST_MSI, p->host.posts[1].kind);
	plain_free(p);
}

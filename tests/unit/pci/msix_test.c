/* SPDX-License-Identifier: MIT */
/*
 * MSI-X, PCI 3.0 6.8: capability, table, what a vector does under each mask.
 * The pending bits and their delivery: msix_pending_test.c.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

TEST(msix, capability_tells_size_and_places)
{
	struct plain *p = plain_default();
	uint32_t cap = cap_find(p, 0x11);

	ASSERT_NE(0, cap);
	EXPECT_EQ(0x0003, cfg_read(p, cap + 2, 2)); /* 4 entries: N - 1 */
	EXPECT_EQ(0x00000000, cfg_read(p, cap + 4, 4));
	EXPECT_EQ(0x00000800, cfg_read(p, cap + 8, 4));
	plain_free(p);
}

TEST(msix, places_name_their_bar_in_bits_2_to_0)
{
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });
	struct pci_msix msix;
	uint32_t cap;

	pci_cfg_add_bar(&p->cfg, 4, PCI_BAR_MEM64, 65536);
	ASSERT_TRUE(pci_msix_init(&msix, &p->cfg, 4, 2048, 0x1000, 0xf000));
	cap = cap_find(p, 0x11);
	EXPECT_EQ(0x07ff, cfg_read(p, cap + 2, 2));
	EXPECT_EQ(0x00001004, cfg_read(p, cap + 4, 4));
	EXPECT_EQ(0x0000f004, cfg_read(p, cap + 8, 4));
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(0x07ff, cfg_read(p, cap + 2, 2));
	EXPECT_EQ(0x00001004, cfg_read(p, cap + 4, 4));
	pci_msix_destroy(&msix);
	plain_free(p);
}

TEST(msix, no_entries_no_capability)
{
	struct plain *p = plain_new(&(struct plain_options){ .entries = 0 });

	EXPECT_EQ(0, cap_find(p, 0x11));
	EXPECT_FALSE(pci_msix_enabled(&p->msix));
	pci_msix_reset(&p->msix);
	plain_free(p);
}

TEST(msix, message_control_takes_enable_and_function_mask_only)
{
	struct plain *p = plain_default();
	uint32_t cap = cap_find(p, 0x11);

	cfg_write(p, cap + 2, 2, 0xffff);
	EXPECT_EQ(0xc003, cfg_read(p, cap + 2, 2));
	cfg_write(p, cap + 2, 2, 0x0000);
	EXPECT_EQ(0x0003, cfg_read(p, cap + 2, 2));
	cfg_write(p, cap + 4, 4, 0xffffffff);
	cfg_write(p, cap + 8, 4, 0xffffffff);
	EXPECT_EQ(0x00000000, cfg_read(p, cap + 4, 4));
	EXPECT_EQ(0x00000800, cfg_read(p, cap + 8, 4));
	plain_free(p);
}

TEST(msix, message_control_changes_are_told_once)
{
	struct plain *p = plain_default();

	plain_start(p);
	control_write(p, 0xc000);
	control_write(p, 0xc000);
	ASSERT_EQ(1, fake_host_count(&p->host, MODEL_EV_MSIX_CONTROL));
	EXPECT_EQ(0xc003,
		  fake_host_event(&p->host, MODEL_EV_MSIX_CONTROL)->value);
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(2, fake_host_count(&p->host, MODEL_EV_MSIX_CONTROL));
	EXPECT_EQ(0x0003,
		  fake_host_event(&p->host, MODEL_EV_MSIX_CONTROL)->value);
	plain_free(p);
}

TEST(msix, entries_are_masked_after_reset)
{
	struct plain *p = plain_default();

	plain_start(p);
	for (uint32_t v = 0; v < 4; v++) {
		EXPECT_EQ(0, bar0_read(p, v * 16, 8));
		EXPECT_EQ(0x0000000100000000, bar0_read(p, v * 16 + 8, 8));
	}
	vector_set(p, 2, 0x1fee00000, 0x41);
	vector_mask(p, 2, false);
	pci_msix_reset(&p->msix);
	EXPECT_EQ(0, bar0_read(p, 32, 8));
	EXPECT_EQ(0x0000000100000000, bar0_read(p, 40, 8));
	plain_free(p);
}

TEST(msix, table_by_dwords)
{
	struct plain *p = plain_default();

	plain_start(p);
	vector_set(p, 1, 0x12345678fee01000, 0x9abcdef0);
	EXPECT_EQ(0xfee01000, bar0_read(p, 16, 4));
	EXPECT_EQ(0x12345678, bar0_read(p, 20, 4));
	EXPECT_EQ(0x9abcdef0, bar0_read(p, 24, 4));
	EXPECT_EQ(1, bar0_read(p, 28, 4));
	EXPECT_EQ(0, bar0_read(p, 0, 4));
	EXPECT_EQ(0, bar0_read(p, 32, 4));
	plain_free(p);
}

TEST(msix, table_by_qwords)
{
	struct plain *p = plain_default();

	plain_start(p);
	bar0_write(p, 16, 8, 0x12345678fee01000);
	bar0_write(p, 24, 8, 0x000000009abcdef0);
	EXPECT_EQ(0x12345678fee01000, bar0_read(p, 16, 8));
	EXPECT_EQ(0x000000009abcdef0, bar0_read(p, 24, 8));
	plain_free(p);
}

TEST(msix, reserved_bits_of_an_entry_read_zero)
{
	struct plain *p = plain_default();

	plain_start(p);
	bar0_write(p, 0, 8, UINT64_MAX);
	bar0_write(p, 8, 8, UINT64_MAX);
	EXPECT_EQ(0xfffffffffffffffc, bar0_read(p, 0, 8));
	EXPECT_EQ(0x00000001ffffffff, bar0_read(p, 8, 8));
	plain_free(p);
}

TEST(msix, narrow_accesses_do_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	bar0_write(p, 0, 1, 0xfc);
	bar0_write(p, 0, 2, 0xfffc);
	EXPECT_EQ(0, bar0_read(p, 0, 4));
	EXPECT_EQ(0xff, bar0_read(p, 0, 1));
	EXPECT_EQ(0xffff, bar0_read(p, 12, 2));
	EXPECT_EQ(0xff, bar0_read(p, 0x800, 1));
	EXPECT_EQ(0xffff, bar0_read(p, 0x802, 2));
	plain_free(p);
}

TEST(msix, between_table_and_pba_is_nothing)
{
	struct plain *p = plain_default();

	plain_start(p);
	bar0_write(p, 64, 8, UINT64_MAX);
	EXPECT_EQ(0, bar0_read(p, 64, 8));
	EXPECT_EQ(0, bar0_read(p, 0x7f8, 8));
	EXPECT_EQ(0, bar0_read(p, 0x808, 8));
	EXPECT_EQ(0, bar0_read(p, 0xffc, 4));
	plain_free(p);
}

TEST(msix, an_unmasked_vector_sends_its_message)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_set(p, 3, 0x7fee03000, 0x43);
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 3));
	EXPECT_EQ(1, p->host.msis);
	EXPECT_EQ(3, p->host.last_msi.vector);
	EXPECT_EQ(0x7fee03000, p->host.last_msi.addr);
	EXPECT_EQ(0x43, p->host.last_msi.data);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

TEST(msix, each_event_is_a_message)
{
	struct plain *p = plain_default();

	msix_start(p);
	for (uint32_t v = 0; v < 4; v++)
		for (int i = 0; i < 3; i++)
			pci_msix_notify(&p->msix, v);
	EXPECT_EQ(12, p->host.msis);
	plain_free(p);
}

/* An address or data changed while unmasked is undefined; here the new holds. */
TEST(msix, the_message_is_that_of_the_table_now)
{
	struct plain *p = plain_default();

	msix_start(p);
	pci_msix_notify(&p->msix, 0);
	vector_set(p, 0, 0xfee0a000, 0x99);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(0xfee0a000, p->host.last_msi.addr);
	EXPECT_EQ(0x99, p->host.last_msi.data);
	plain_free(p);
}

/* 6.8.2: that is the guest's mistake; under either mask, or before MSI-X is
 * enabled, it is none. */
TEST(msix, an_entry_changed_while_unmasked_is_the_guests_mistake)
{
	struct plain *p = plain_default();
	const struct fake_event *ev;

	vector_set(p, 0, 0xfee00000, 0x40);
	msix_start(p);
	EXPECT_EQ(0, fake_host_count(&p->host, MODEL_EV_GUEST_ERROR));
	bar0_write(p, 0x8, 4, 0x41);
	EXPECT_EQ(1, fake_host_count(&p->host, MODEL_EV_GUEST_ERROR));
	ev = fake_host_event(&p->host, MODEL_EV_GUEST_ERROR);
	EXPECT_SUBSTR(ev->text, "PCI 3.0 6.8.2");
	bar0_write(p, 0x0, 4, 0xfee01000);
	bar0_write(p, 0x4, 4, 0);
	EXPECT_EQ(3, fake_host_count(&p->host, MODEL_EV_GUEST_ERROR));
	bar0_write(p, 0xc, 4, 1);
	bar0_write(p, 0x8, 4, 0x42);
	bar0_write(p, 0xc, 4, 0);
	control_write(p, 0xc000);
	bar0_write(p, 0x8, 4, 0x43);
	control_write(p, 0x0000);
	bar0_write(p, 0x8, 4, 0x44);
	EXPECT_EQ(3, fake_host_count(&p->host, MODEL_EV_GUEST_ERROR));
	plain_free(p);
}

TEST(msix, disabled_nothing_fires)
{
	struct plain *p = plain_default();

	msix_start(p);
	control_write(p, 0x0000);
	EXPECT_FALSE(pci_msix_enabled(&p->msix));
	EXPECT_EQ(MODEL_NOTIFY_DROPPED, pci_msix_notify(&p->msix, 0));
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

TEST(msix, with_bus_master_off_the_message_is_lost_and_said_so)
{
	struct plain *p = plain_default();
	const struct fake_event *ev;

	msix_start(p);
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(MODEL_NOTIFY_DROPPED, pci_msix_notify(&p->msix, 1));
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(0, pba(p));
	ev = fake_host_event(&p->host, MODEL_EV_MSIX_DROPPED);
	ASSERT_NE(NULL, ev);
	EXPECT_EQ(1, ev->index);
	EXPECT_STREQ("Bus Master is off", ev->text);
	cfg_write(p, 0x04, 2, 0x0006);
	EXPECT_EQ(0, p->host.msis);
	plain_free(p);
}

/* The four combinations of function mask and vector mask. */
TEST(msix, either_mask_holds_a_vector_back)
{
	for (unsigned int masks = 0; masks < 4; masks++) {
		struct plain *p = plain_default();
		bool held = masks != 0;

		TEST_ROW("function mask %u, vector mask %u", masks >> 1,
			 masks & 1);
		msix_start(p);
		control_write(p, masks & 2 ? 0xc000 : 0x8000);
		vector_mask(p, 2, masks & 1);
		EXPECT_EQ(held ? MODEL_NOTIFY_PENDING : MODEL_NOTIFY_SENT,
			  pci_msix_notify(&p->msix, 2));
		EXPECT_EQ(held ? 0 : 1, p->host.msis);
		EXPECT_EQ(held ? 4 : 0, pba(p));
		plain_free(p);
	}
}

TEST(msix, a_mask_holds_its_own_vector_only)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, 1, true);
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 0));
	EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&p->msix, 1));
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 2));
	plain_free(p);
}

TEST(msix, the_largest_table)
{
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });
	struct pci_msix msix;
	uint32_t cap;

	pci_cfg_add_bar(&p->cfg, 1, PCI_BAR_MEM32, 65536);
	ASSERT_TRUE(pci_msix_init(&msix, &p->cfg, 1, 2048, 0, 0x8000));
	cap = cap_find(p, 0x11);
	cfg_write(p, 0x04, 2, 0x0006);
	cfg_write(p, cap + 2, 2, 0x8000);
	pci_msix_bar_write(&msix, 2047 * 16, 8, 0xfee00ff0);
	pci_msix_bar_write(&msix, 2047 * 16 + 8, 8, 0x77);
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&msix, 2047));
	EXPECT_EQ(0x77, p->host.last_msi.data);
	EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&msix, 2046));
	EXPECT_EQ(1ull << 62, pci_msix_bar_read(&msix, 0x8000 + 248, 8));
	EXPECT_EQ(0, pci_msix_bar_read(&msix, 0x8000 + 256, 8));
	pci_msix_destroy(&msix);
	plain_free(p);
}

/* SPDX-License-Identifier: MIT */
/*
 * MSI-X pending bits, PCI 3.0 6.8.2.10 and 6.8.3.5: set while masked, delivered
 * once by whatever lifts the mask, read-only to software.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

/* Vector n is held back and fires; `control` is Message Control meanwhile. */
static struct plain *held(uint32_t n, bool vector_masked, uint32_t control)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, n, vector_masked);
	control_write(p, control);
	pci_msix_notify(&p->msix, n);
	return p;
}

TEST(msix_pending, vector_unmask_delivers_once)
{
	struct plain *p = held(2, true, 0x8000);

	EXPECT_EQ(4, pba(p));
	vector_mask(p, 2, false);
	EXPECT_EQ(1, p->host.msis);
	EXPECT_EQ(2, p->host.last_msi.vector);
	EXPECT_EQ(0xfee02000, p->host.last_msi.addr);
	EXPECT_EQ(0x42, p->host.last_msi.data);
	EXPECT_EQ(0, pba(p));
	vector_mask(p, 2, true);
	vector_mask(p, 2, false);
	EXPECT_EQ(1, p->host.msis);
	plain_free(p);
}

TEST(msix_pending, each_vector_is_delivered_by_its_own_unmask)
{
	for (uint32_t v = 0; v < 4; v++) {
		struct plain *p = held(v, true, 0x8000);

		TEST_ROW("vector %u", v);
		EXPECT_EQ(1u << v, pba(p));
		vector_mask(p, v, false);
		EXPECT_EQ(1, p->host.msis);
		EXPECT_EQ(v, p->host.last_msi.vector);
		plain_free(p);
	}
}

TEST(msix_pending, function_unmask_delivers_all_in_order)
{
	struct plain *p = held(3, false, 0xc000);

	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(9, pba(p));
	EXPECT_EQ(0, p->host.msis);
	control_write(p, 0x8000);
	ASSERT_EQ(2, p->host.nposts);
	EXPECT_EQ(0, p->host.posts[0].vector);
	EXPECT_EQ(3, p->host.posts[1].vector);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

TEST(msix_pending, one_mask_lifted_of_two_delivers_nothing)
{
	struct plain *p = held(1, true, 0xc000);

	control_write(p, 0x8000);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(2, pba(p));
	control_write(p, 0xc000);
	vector_mask(p, 1, false);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(2, pba(p));
	control_write(p, 0x8000);
	EXPECT_EQ(1, p->host.msis);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

/* One bit, however many events. */
TEST(msix_pending, events_while_masked_merge)
{
	struct plain *p = held(0, true, 0x8000);

	pci_msix_notify(&p->msix, 0);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(1, fake_host_count(&p->host, MODEL_EV_MSIX_PENDING));
	vector_mask(p, 0, false);
	EXPECT_EQ(1, p->host.msis);
	plain_free(p);
}

TEST(msix_pending, set_and_delivered_are_told)
{
	struct plain *p = held(2, true, 0x8000);
	const struct fake_event *ev;

	ev = fake_host_event(&p->host, MODEL_EV_MSIX_PENDING);
	ASSERT_NE(NULL, ev);
	EXPECT_EQ(2, ev->index);
	EXPECT_EQ(1, ev->value);
	vector_mask(p, 2, false);
	ev = fake_host_event(&p->host, MODEL_EV_MSIX_PENDING);
	EXPECT_EQ(2, ev->index);
	EXPECT_EQ(0, ev->value);
	EXPECT_EQ(2, fake_host_count(&p->host, MODEL_EV_MSIX_PENDING));
	plain_free(p);
}

TEST(msix_pending, unmask_of_another_vector_delivers_nothing)
{
	struct plain *p = held(2, true, 0x8000);

	vector_mask(p, 1, true);
	vector_mask(p, 1, false);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(4, pba(p));
	plain_free(p);
}

TEST(msix_pending, the_message_is_the_one_written_while_masked)
{
	struct plain *p = held(0, true, 0x8000);

	vector_set(p, 0, 0xfee07000, 0x77);
	EXPECT_EQ(0, p->host.msis);
	vector_mask(p, 0, false);
	EXPECT_EQ(0xfee07000, p->host.last_msi.addr);
	EXPECT_EQ(0x77, p->host.last_msi.data);
	plain_free(p);
}

/* Data and Vector Control in one write: the message has the new data. */
TEST(msix_pending, a_qword_write_unmasks_with_its_own_data)
{
	struct plain *p = held(0, true, 0x8000);

	bar0_write(p, 8, 8, 0x00000000000000ab);
	ASSERT_EQ(1, p->host.msis);
	EXPECT_EQ(0xab, p->host.last_msi.data);
	plain_free(p);
}

TEST(msix_pending, the_pba_takes_no_writes)
{
	struct plain *p = held(2, true, 0x8000);

	bar0_write(p, 0x800, 8, 0);
	bar0_write(p, 0x800, 4, 0xffffffff);
	EXPECT_EQ(4, pba(p));
	plain_free(p);
}

TEST(msix_pending, the_pba_by_dwords)
{
	struct plain *p = held(2, true, 0x8000);

	EXPECT_EQ(4, bar0_read(p, 0x800, 4));
	EXPECT_EQ(0, bar0_read(p, 0x804, 4));
	plain_free(p);
}

TEST(msix_pending, bit_n_of_qword_n_div_64)
{
	struct plain *p = plain_new(&(struct plain_options){
		.entries = 100, .bare = true });

	plain_start(p);
	control_write(p, 0x8000);
	pci_msix_notify(&p->msix, 31);
	pci_msix_notify(&p->msix, 32);
	pci_msix_notify(&p->msix, 99);
	EXPECT_EQ(0x0000000180000000, bar0_read(p, 0x800, 8));
	EXPECT_EQ(0x0000000800000000, bar0_read(p, 0x808, 8));
	EXPECT_EQ(0x80000000, bar0_read(p, 0x800, 4));
	EXPECT_EQ(0x00000001, bar0_read(p, 0x804, 4));
	EXPECT_EQ(0x00000008, bar0_read(p, 0x80c, 4));
	EXPECT_EQ(0, bar0_read(p, 0x810, 8));
	plain_free(p);
}

/* 64 vectors need one QWORD, which may be the last of the BAR. */
TEST(msix_pending, the_pba_is_no_longer_than_it_must)
{
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });
	struct pci_msix msix;

	ASSERT_TRUE(pci_msix_init(&msix, &p->cfg, 0, 64, 0, 0xff8));
	cfg_write(p, 0x04, 2, 0x0006);
	cfg_write(p, cap_find(p, 0x11) + 2, 2, 0x8000);
	pci_msix_notify(&msix, 63);
	EXPECT_EQ(1ull << 63, pci_msix_bar_read(&msix, 0xff8, 8));
	EXPECT_EQ(0x80000000, pci_msix_bar_read(&msix, 0xffc, 4));
	pci_msix_destroy(&msix);
	plain_free(p);
}

TEST(msix_pending, bus_master_off_keeps_it_and_on_delivers)
{
	struct plain *p = held(1, true, 0x8000);

	cfg_write(p, 0x04, 2, 0x0002);
	vector_mask(p, 1, false);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(2, pba(p));
	cfg_write(p, 0x04, 2, 0x0006);
	EXPECT_EQ(1, p->host.msis);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

TEST(msix_pending, masked_and_bus_master_off_is_pending)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, 0, true);
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&p->msix, 0));
	cfg_write(p, 0x04, 2, 0x0006);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(1, pba(p));
	plain_free(p);
}

TEST(msix_pending, survives_msix_off_and_comes_when_on)
{
	struct plain *p = held(2, true, 0x8000);

	control_write(p, 0x0000);
	vector_mask(p, 2, false);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(4, pba(p));
	control_write(p, 0x8000);
	EXPECT_EQ(1, p->host.msis);
	EXPECT_EQ(0, pba(p));
	plain_free(p);
}

TEST(msix_pending, its_cause_gone_it_is_cleared_and_said_so)
{
	struct plain *p = held(2, true, 0x8000);

	pci_msix_clear_pending(&p->msix, 2);
	EXPECT_EQ(0, pba(p));
	EXPECT_EQ(2, fake_host_event(&p->host, MODEL_EV_MSIX_DROPPED)->index);
	vector_mask(p, 2, false);
	EXPECT_EQ(0, p->host.msis);
	pci_msix_clear_pending(&p->msix, 2);
	EXPECT_EQ(1, fake_host_count(&p->host, MODEL_EV_MSIX_DROPPED));
	plain_free(p);
}

TEST(msix_pending, reset_clears_it_and_says_so)
{
	struct plain *p = held(3, true, 0x8000);

	p->fn.ops->reset(&p->fn, PCI_RESET_POWER_ON);
	EXPECT_EQ(3, fake_host_event(&p->host, MODEL_EV_MSIX_DROPPED)->index);
	msix_start(p);
	EXPECT_EQ(0, pba(p));
	EXPECT_EQ(0, p->host.msis);
	plain_free(p);
}

/* Each way out of each state that holds a vector back, in one table: function
 * mask, vector mask, Bus Master off; lifted one after the other. */
TEST(msix_pending, it_is_sent_when_the_last_bar_falls)
{
	for (unsigned int bars = 1; bars < 8; bars++) {
		struct plain *p = plain_default();
		unsigned int left = bars;

		TEST_ROW("function mask %u, vector mask %u, master off %u",
			 bars & 1, bars >> 1 & 1, bars >> 2);
		msix_start(p);
		vector_mask(p, 1, true);
		pci_msix_notify(&p->msix, 1);
		cfg_write(p, 0x04, 2, bars & 4 ? 0x0002 : 0x0006);
		control_write(p, bars & 1 ? 0xc000 : 0x8000);
		if (!(bars & 2))
			vector_mask(p, 1, false);
		EXPECT_EQ(bars ? 0 : 1, p->host.msis);
		if (left & 1) {
			left &= ~1u;
			control_write(p, 0x8000);
			EXPECT_EQ(left ? 0 : 1, p->host.msis);
		}
		if (left & 2) {
			left &= ~2u;
			vector_mask(p, 1, false);
			EXPECT_EQ(left ? 0 : 1, p->host.msis);
		}
		if (left & 4)
			cfg_write(p, 0x04, 2, 0x0006);
		EXPECT_EQ(1, p->host.msis);
		EXPECT_EQ(0, pba(p));
		plain_free(p);
	}
}

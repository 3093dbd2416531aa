/* SPDX-License-Identifier: MIT */
/*
 * Bugs that other projects' PCI models had, each by its public reference; the
 * mechanism is in the test.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

/* QEMU cc943c3: MSI-X delivered with Bus Master off. */
TEST(field_bugs, qemu_cc943c3_msix_needs_bus_master)
{
	struct plain *p = plain_default();

	msix_start(p);
	cfg_write(p, 0x04, 2, 0x0002);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(0, p->host.msis);
	plain_free(p);
}

/* QEMU 9d7bd0826f: work goes on with Bus Master off. */
TEST(field_bugs, qemu_9d7bd0826f_no_work_without_bus_master)
{
	struct plain *p = plain_default();

	msix_start(p);
	p->fn.host->ops->lane_schedule(p->fn.host, 0, 0);
	cfg_write(p, 0x04, 2, 0x0002);
	fake_host_run(&p->host);
	EXPECT_EQ(0, p->host.dma_calls);
	EXPECT_EQ(0, p->completed);
	plain_free(p);
}

/* QEMU 2ce6cff94d: a vector changed after its release.  Table writes after MSI-X
 * was turned off fire nothing, and take effect when it is on. */
TEST(field_bugs, qemu_2ce6cff94d_vector_changed_after_release)
{
	struct plain *p = plain_default();

	msix_start(p);
	control_write(p, 0x0000);
	vector_set(p, 0, 0xfee0b000, 0x66);
	vector_mask(p, 0, true);
	vector_mask(p, 0, false);
	EXPECT_EQ(0, p->host.msis);
	control_write(p, 0x8000);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(0xfee0b000, p->host.last_msi.addr);
	plain_free(p);
}

/* QEMU d7efb7e08e5e: config writes to the MSI-X capability lost. */
TEST(field_bugs, qemu_d7efb7e08e5e_capability_writes_arrive)
{
	struct plain *p = plain_default();
	uint32_t cap = cap_find(p, 0x11);

	cfg_write(p, cap + 2, 2, 0x8000);
	EXPECT_EQ(0x8003, cfg_read(p, cap + 2, 2));
	EXPECT_TRUE(pci_msix_enabled(&p->msix));
	EXPECT_EQ(1, fake_host_count(&p->host, MODEL_EV_MSIX_CONTROL));
	plain_free(p);
}

/* cloud-hypervisor b77fdeba2: no pending bit, interrupts lost while masked. */
TEST(field_bugs, chv_b77fdeba2_masked_interrupts_are_kept)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, 0, true);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(1, pba(p));
	vector_mask(p, 0, false);
	EXPECT_EQ(1, p->host.msis);
	plain_free(p);
}

/* libvfio-user #806, #807, openvmm: function mask and PBA not honoured. */
TEST(field_bugs, libvfio_user_806_function_mask_and_pba)
{
	struct plain *p = plain_default();

	msix_start(p);
	control_write(p, 0xc000);
	pci_msix_notify(&p->msix, 0);
	pci_msix_notify(&p->msix, 3);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_EQ(9, pba(p));
	control_write(p, 0x8000);
	EXPECT_EQ(2, p->host.msis);
	plain_free(p);
}

/* cloud-hypervisor 9c6e7c4a4: a dword write that has Message Control in its
 * upper half was missed; bytes too. */
TEST(field_bugs, chv_9c6e7c4a4_message_control_by_each_width)
{
	struct plain *p = plain_default();
	uint32_t cap = cap_find(p, 0x11);

	cfg_write(p, cap, 4, 0x80000000);
	EXPECT_TRUE(pci_msix_enabled(&p->msix));
	cfg_write(p, cap, 4, 0x00000000);
	EXPECT_FALSE(pci_msix_enabled(&p->msix));
	cfg_write(p, cap + 3, 1, 0xc0);
	EXPECT_TRUE(pci_msix_enabled(&p->msix));
	EXPECT_EQ(0xc003, cfg_read(p, cap + 2, 2));
	cfg_write(p, cap + 2, 1, 0x00);
	EXPECT_EQ(0xc003, cfg_read(p, cap + 2, 2));
	cfg_write(p, cap + 2, 2, 0x0000);
	EXPECT_FALSE(pci_msix_enabled(&p->msix));
	plain_free(p);
}

/* cloud-hypervisor a548a0142: table and PBA offsets shifted by 3. */
TEST(field_bugs, chv_a548a0142_offsets_are_not_shifted)
{
	struct plain *p = plain_default();
	uint32_t cap = cap_find(p, 0x11);
	uint32_t place = cfg_read(p, cap + 8, 4);

	EXPECT_EQ(0x800, place & ~7u);
	EXPECT_EQ(0, place & 7);
	msix_start(p);
	vector_mask(p, 1, true);
	pci_msix_notify(&p->msix, 1);
	EXPECT_EQ(2, bar0_read(p, place & ~7u, 8));
	plain_free(p);
}

/* cloud-hypervisor 24dbe7003: MSI-X advertised where it cannot work, so that the
 * fallback never happens. */
TEST(field_bugs, chv_24dbe7003_no_vectors_no_capability)
{
	struct plain *p = plain_new(&(struct plain_options){
		.entries = 0, .pin = 1 });

	EXPECT_EQ(0, cap_find(p, 0x11));
	EXPECT_EQ(0x0010, cfg_read(p, 0x06, 2)); /* PM, PCI Express */
	pci_cfg_set_intx(&p->cfg, true);
	EXPECT_TRUE(p->host.line);
	plain_free(p);
}

/* bhyve: a cached message after the table was rewritten. */
TEST(field_bugs, bhyve_message_is_not_cached)
{
	struct plain *p = plain_default();

	msix_start(p);
	pci_msix_notify(&p->msix, 0);
	vector_mask(p, 0, true);
	bar0_write(p, 8, 4, 0x51);
	vector_mask(p, 0, false);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(0x51, p->host.last_msi.data);
	plain_free(p);
}

/* oxide propolis #134: interrupt pin hard-wired 0. */
TEST(field_bugs, propolis_134_pin_is_as_configured)
{
	struct plain *p = plain_new(&(struct plain_options){ .pin = 3 });

	EXPECT_EQ(3, cfg_read(p, 0x3d, 1));
	plain_free(p);
}

/* libvmm #349: INTx kept asserted over reset. */
TEST(field_bugs, libvmm_349_reset_deasserts_intx)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	cfg_write(p, cap_find(p, 0x10) + 8, 2, 0x8000);
	EXPECT_FALSE(p->host.line);
	plain_free(p);
}

/* kvmtool 2108c86: INTx as an edge.  It stays up until its cause is gone. */
TEST(field_bugs, kvmtool_2108c86_intx_is_a_level)
{
	struct plain *p = plain_default();

	pci_cfg_set_intx(&p->cfg, true);
	cfg_read(p, 0x06, 2);
	cfg_write(p, 0x06, 2, 0x0008);
	EXPECT_TRUE(p->host.line);
	EXPECT_EQ(1, p->host.intx_changes);
	plain_free(p);
}

/* VCML: MSI-X gated by memory decode instead of Bus Master. */
TEST(field_bugs, vcml_msix_is_not_gated_by_memory_decode)
{
	struct plain *p = plain_default();

	msix_start(p);
	cfg_write(p, 0x04, 2, 0x0004);
	EXPECT_EQ(MODEL_NOTIFY_SENT, pci_msix_notify(&p->msix, 0));
	cfg_write(p, 0x04, 2, 0x0002);
	EXPECT_EQ(MODEL_NOTIFY_DROPPED, pci_msix_notify(&p->msix, 0));
	EXPECT_EQ(1, p->host.msis);
	plain_free(p);
}

/* VCML: lowering INTx (an ISR read) cleared a masked pending bit. */
TEST(field_bugs, vcml_intx_does_not_touch_pending)
{
	struct plain *p = plain_default();

	msix_start(p);
	vector_mask(p, 1, true);
	pci_msix_notify(&p->msix, 1);
	pci_cfg_set_intx(&p->cfg, true);
	pci_cfg_set_intx(&p->cfg, false);
	EXPECT_EQ(2, pba(p));
	plain_free(p);
}

/* VCML: table and PBA took only 4-byte accesses, PBA not a whole QWORD. */
TEST(field_bugs, vcml_qwords_and_a_whole_pba)
{
	struct plain *p = plain_new(&(struct plain_options){ .entries = 1 });

	plain_start(p);
	bar0_write(p, 0, 8, 0x0000000afee00000);
	EXPECT_EQ(0x0000000afee00000, bar0_read(p, 0, 8));
	control_write(p, 0x8000);
	pci_msix_notify(&p->msix, 0);
	EXPECT_EQ(1, bar0_read(p, 0x800, 8));
	EXPECT_EQ(0, bar0_read(p, 0x804, 4));
	plain_free(p);
}

/* VCML: a 32-bit write that touches read-only bytes was a bus error. */
TEST(field_bugs, vcml_writes_over_read_only_bytes_take_effect)
{
	struct plain *p = plain_default();

	cfg_write(p, 0x04, 4, 0xffff0006);
	EXPECT_EQ(0x00100006, cfg_read(p, 0x04, 4));
	cfg_write(p, 0x0c, 4, 0xffffff10);
	EXPECT_EQ(0x00000010, cfg_read(p, 0x0c, 4));
	cfg_write(p, 0x3c, 4, 0xffffff0a);
	EXPECT_EQ(0x0000010a, cfg_read(p, 0x3c, 4));
	plain_free(p);
}

/* VCML: MSI-X on and a device reset left the vectors as they were. */
TEST(field_bugs, vcml_reset_leaves_nothing_unmasked)
{
	struct plain *p = plain_default();

	msix_start(p);
	p->fn.ops->reset(&p->fn, PCI_RESET_POWER_ON);
	plain_start(p);
	control_write(p, 0x8000);
	EXPECT_EQ(MODEL_NOTIFY_PENDING, pci_msix_notify(&p->msix, 0));
	EXPECT_EQ(0, p->host.msis);
	plain_free(p);
}

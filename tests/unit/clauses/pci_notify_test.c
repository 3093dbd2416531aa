/* SPDX-License-Identifier: MIT */
/*
 * Notifications: where the device wants them, and what the driver sends.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define NOTIFICATION_DATA (1ull << 38)
#define NOTIF_CONFIG_DATA (1ull << 39)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_pci_notify, 2, VERSION_1 | features);
}

/* The structure has 0x1000 bytes, the multiplier is 4. */
TEST(pci_notify, offsets)
{
	struct page_test p;

	begin(&p, 0);
	page_read(&p, 0x1e, 2, 0x3ff);
	EXPECT_KEPT(&p, CLAUSE_PCI_NTF_V6);
	page_read(&p, 0x1e, 2, 0xffff); /* nobody is there */
	EXPECT_EQ(0, p.found.count);
	page_read(&p, 0x1e, 2, 0x400);
	EXPECT_BROKEN(&p, CLAUSE_PCI_NTF_V6);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_NTF_V11);
	page_close(&p);
}

/* Two bytes more are sent. */
TEST(pci_notify, offsets_with_data)
{
	struct page_test p;

	begin(&p, NOTIFICATION_DATA);
	page_config_put(&p, 0x7c, 4, 6);
	page_read(&p, 0x1e, 2, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_NTF_V11);
	page_read(&p, 0x1e, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_NTF_V11);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_NTF_V6);
	page_close(&p);
}

static void bring_up(struct page_test *p, uint64_t features, bool read_data)
{
	begin(p, features);
	page_negotiate(p, 0);
	page_write(p, 0x16, 2, 0);
	if (read_data)
		page_read(p, 0x38, 2, 0x4000);
	page_queue(p, 0, 8);
	page_driver_ok(p);
}

TEST(pci_notify, config_data)
{
	struct page_test p;

	bring_up(&p, NOTIF_CONFIG_DATA, true);
	page_bar_write(&p, 0x3000, 2, 0x4000);
	EXPECT_KEPT(&p, CLAUSE_PCI_AVN_D1);
	page_bar_write(&p, 0x3000, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_AVN_D1);
	page_close(&p);
}

TEST(pci_notify, config_data_never_read)
{
	struct page_test p;

	bring_up(&p, NOTIF_CONFIG_DATA, false);
	page_bar_write(&p, 0x3000, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_AVN_D1);
	page_close(&p);
}

/* vqn is the lower half; next_off and next_wrap are the upper one. */
TEST(pci_notify, both_kinds_of_data)
{
	struct page_test p;

	bring_up(&p, NOTIF_CONFIG_DATA | NOTIFICATION_DATA, true);
	page_bar_write(&p, 0x3000, 4, 0x00054000);
	EXPECT_KEPT(&p, CLAUSE_PCI_AVN_D2);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_AVN_D1);
	page_bar_write(&p, 0x3000, 4, 0x00050000);
	EXPECT_BROKEN(&p, CLAUSE_PCI_AVN_D2);
	page_close(&p);
}

TEST(pci_notify, the_index_where_it_was_not_negotiated)
{
	struct page_test p;

	bring_up(&p, 0, true);
	page_bar_write(&p, 0x3000, 2, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_AVN_D1);
	page_close(&p);
}

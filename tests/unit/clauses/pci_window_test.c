/* SPDX-License-Identifier: MIT */
/*
 * The window in configuration space: each clause broken, and nearly.  Its
 * capability is at 0x84: bar at 0x88, offset 0x8c, length 0x90, pci_cfg_data 0x94.
 */
#include "tests/unit/clauses/page.h"

static void begin(struct page_test *p)
{
	page_open(p, &chapter_pci_window, 2, 1ull << 32);
}

static void aim(struct page_test *p, uint32_t bar, uint32_t offset,
		uint32_t length)
{
	page_config_write(p, 0x88, 1, bar);
	page_config_write(p, 0x8c, 4, offset);
	page_config_write(p, 0x90, 4, length);
}

static void shows(struct page_test *p, uint32_t value)
{
	page_config_put(p, 0x94, 4, value);
	page_config_read(p, 0x94, 4);
}

TEST(pci_window, aimed_well)
{
	struct page_test p;

	begin(&p);
	aim(&p, 4, 0x2004, 4);
	shows(&p, 0);
	aim(&p, 4, 0x1000, 1);
	shows(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_WIN_D1);
	EXPECT_KEPT(&p, CLAUSE_PCI_WIN_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* Whoever looks at all of configuration space does not use the window. */
TEST(pci_window, read_without_having_aimed)
{
	struct page_test p;

	begin(&p);
	shows(&p, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_WIN_D1);
	page_close(&p);
}

TEST(pci_window, not_aligned)
{
	static const struct {
		uint32_t offset, length;
	} rows[] = { { 0x2002, 4 }, { 0x2001, 2 }, { 0x2000, 0 } };
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		aim(&p, 4, rows[i].offset, rows[i].length);
		shows(&p, 0);
		EXPECT_BROKEN(&p, CLAUSE_PCI_WIN_D1);
		page_close(&p);
	}
}

/* Another BAR; nothing at all; half of it; MSI-X, which is none of virtio's. */
TEST(pci_window, of_no_structure)
{
	static const struct {
		uint32_t bar, offset;
	} rows[] = { { 2, 0x2000 }, { 4, 0x5000 }, { 4, 0x3c }, { 4, 0x4000 } };
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		aim(&p, rows[i].bar, rows[i].offset, 4);
		page_config_write(&p, 0x94, 4, 1);
		EXPECT_BROKEN(&p, CLAUSE_PCI_WIN_D2);
		page_close(&p);
	}
}

TEST(pci_window, reads)
{
	struct page_test p;

	begin(&p);
	page_bar_read(&p, 0x2022, 2, 0x1234);
	aim(&p, 4, 0x2022, 2);
	shows(&p, 0xffff1234); /* of which 2 bytes count */
	EXPECT_KEPT(&p, CLAUSE_PCI_WIN_V3);
	/* A change: neither is known any more. */
	page_model(&p, MODEL_EV_CONFIG, 0xffff, 1);
	shows(&p, 7);
	EXPECT_EQ(0, p.found.count);
	page_bar_read(&p, 0x2022, 2, 0x1234);
	shows(&p, 0x12);
	EXPECT_BROKEN(&p, CLAUSE_PCI_WIN_V3);
	page_close(&p);
}

TEST(pci_window, writes)
{
	struct page_test p;

	begin(&p);
	aim(&p, 4, 0x16, 2);
	page_config_write(&p, 0x94, 4, 1);
	page_read(&p, 0x16, 2, 1);
	EXPECT_KEPT(&p, CLAUSE_PCI_WIN_V2);
	page_write(&p, 0x16, 2, 0);
	page_read(&p, 0x16, 2, 0);
	EXPECT_EQ(0, p.found.count);
	page_config_write(&p, 0x94, 4, 1);
	page_read(&p, 0x16, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_WIN_V2);
	page_close(&p);
}

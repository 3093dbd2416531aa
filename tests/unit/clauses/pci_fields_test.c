/* SPDX-License-Identifier: MIT */
/*
 * A driver's use of common configuration: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define RING_PACKED (1ull << 34)
#define RING_RESET (1ull << 40)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_pci_fields, 2, features);
}

TEST(pci_fields, brought_up_as_one_should)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_bring_up(&p);
	EXPECT_KEPT(&p, CLAUSE_PCI_LAY_D1);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_D1);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_D3);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_D4);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_D5);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_D6);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_D7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_fields, widths)
{
	static const struct {
		unsigned int at, width;
		bool good;
	} rows[] = {
		{ 0x00, 4, true },  { 0x14, 1, true },	{ 0x16, 2, true },
		{ 0x20, 4, true },  { 0x34, 4, true },	{ 0x3a, 2, true },
		/* Behind the structure as it is known. */
		{ 0x3c, 8, true },
		{ 0x00, 2, false }, { 0x02, 2, false }, { 0x14, 2, false },
		{ 0x16, 4, false }, { 0x20, 8, false }, { 0x22, 2, false },
		{ 0x38, 4, false }, { 0x17, 1, false },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, VERSION_1);
		page_read(&p, rows[i].at, rows[i].width, 0);
		if (rows[i].good)
			EXPECT_EQ(0, p.found.count);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_LAY_D1);
		page_close(&p);
	}
}

TEST(pci_fields, widths_of_the_devices_own)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_bar_read(&p, 0x2000, 4, 0);
	page_bar_read(&p, 0x2022, 2, 0);
	page_bar_write(&p, 0x2020, 1, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_LAY_D1);
	page_bar_read(&p, 0x2000, 8, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_LAY_D1);
	page_close(&p);
	begin(&p, VERSION_1);
	page_bar_read(&p, 0x2002, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_LAY_D1);
	page_close(&p);
}

TEST(pci_fields, read_only_ones)
{
	static const struct {
		unsigned int at, width;
	} rows[] = { { 0x04, 4 }, { 0x12, 2 }, { 0x15, 1 }, { 0x1e, 2 },
		     { 0x38, 2 } };
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, VERSION_1);
		page_write(&p, rows[i].at, rows[i].width, 0);
		EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D1);
		page_close(&p);
	}
}

TEST(pci_fields, queue_sizes)
{
	static const uint32_t wrong[] = { 0, 3, 255 };
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin(&p, VERSION_1);
		page_negotiate(&p, 0);
		page_write(&p, 0x18, 2, 1);
		page_write(&p, 0x18, 2, 0x8000);
		EXPECT_KEPT(&p, CLAUSE_PCI_COM_D3);
		page_write(&p, 0x18, 2, wrong[i]);
		EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D3);
		page_close(&p);
	}
	begin(&p, VERSION_1 | RING_PACKED);
	page_negotiate(&p, 0);
	page_write(&p, 0x18, 2, 3);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_D3);
	page_close(&p);
}

TEST(pci_fields, enabled_without_an_address)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_negotiate(&p, 0);
	page_write(&p, 0x16, 2, 0);
	page_write(&p, 0x20, 4, 0x40000000);
	page_write(&p, 0x28, 4, 0x40001000);
	page_write(&p, 0x1c, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D4);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "the driver enabled queue 0 before it had written "
		      "queue_device");
	page_close(&p);
}

TEST(pci_fields, set_up_after_it_was_enabled)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_bring_up(&p);
	page_write(&p, 0x1a, 2, 1); /* a vector may change */
	EXPECT_EQ(0, p.found.count);
	page_write(&p, 0x24, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D4);
	page_close(&p);
}

TEST(pci_fields, a_reset_that_was_not_awaited)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	page_read(&p, 0x14, 1, 0xf);
	/* To ask again is no new beginning. */
	page_write(&p, 0x14, 1, 0);
	EXPECT_EQ(0, p.found.count);
	page_write(&p, 0x14, 1, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D5);
	page_close(&p);
}

TEST(pci_fields, a_queue_disabled_by_hand)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_bring_up(&p);
	page_write(&p, 0x1c, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D6);
	page_close(&p);
}

TEST(pci_fields, a_queues_reset)
{
	struct page_test p;
	int awaited;

	for (awaited = 0; awaited < 2; awaited++) {
		begin(&p, VERSION_1 | RING_RESET);
		page_bring_up(&p);
		page_write(&p, 0x3a, 2, 1);
		page_read(&p, 0x3a, 2, 1);
		if (awaited)
			page_read(&p, 0x3a, 2, 0);
		page_write(&p, 0x18, 2, 8);
		if (awaited) {
			EXPECT_KEPT(&p, CLAUSE_PCI_COM_D7);
			EXPECT_EQ(0, p.found.count);
		} else {
			EXPECT_BROKEN(&p, CLAUSE_PCI_COM_D7);
		}
		page_close(&p);
	}
}

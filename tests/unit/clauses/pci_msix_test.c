/* SPDX-License-Identifier: MIT */
/*
 * A driver and its interrupts: each clause broken, and nearly.  The MSI-X table
 * has 8 entries.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)

/* MSI-X, whose Message Control is at 0x9a, on or off; no vector mapped yet. */
static void begin(struct page_test *p, bool msix)
{
	page_open(p, &chapter_pci_msix, 2, VERSION_1);
	if (msix)
		page_config_write(p, 0x9a, 2, 0x8007);
	page_negotiate(p, 0);
	page_queue(p, 0, 8);
}

TEST(pci_msix, vectors_that_there_are)
{
	static const unsigned int at[] = { 0x10, 0x1a };
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&p, true);
		page_write(&p, at[i], 2, 7);
		page_read(&p, at[i], 2, 7);
		page_write(&p, at[i], 2, 0xffff);
		EXPECT_KEPT(&p, CLAUSE_PCI_MSIX_D4);
		EXPECT_EQ(0, p.found.count);
		page_write(&p, at[i], 2, 8);
		EXPECT_BROKEN(&p, CLAUSE_PCI_MSIX_D4);
		page_close(&p);
	}
}

TEST(pci_msix, read_back)
{
	struct page_test p;

	begin(&p, true);
	rulebook_waive(p.book, CLAUSE_PCI_MSIX_V8, 0);
	page_write(&p, 0x10, 2, 0);
	page_read(&p, 0x10, 2, 0);
	page_write(&p, 0x1a, 2, 1);
	page_read(&p, 0x1a, 2, 0xffff);
	page_write(&p, 0x1a, 2, 0);
	page_read(&p, 0x1a, 2, 0);
	/* Nothing is to be looked for after this one. */
	page_write(&p, 0x10, 2, 0xffff);
	page_driver_ok(&p);
	EXPECT_KEPT(&p, CLAUSE_PCI_MSIX_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_msix, not_read_back_by_driver_ok)
{
	static const unsigned int at[] = { 0x10, 0x1a };
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&p, true);
		page_write(&p, at[i], 2, 0);
		EXPECT_EQ(0, p.found.count);
		page_driver_ok(&p);
		EXPECT_BROKEN(&p, CLAUSE_PCI_MSIX_D5);
		page_close(&p);
	}
}

TEST(pci_msix, not_read_back_by_the_next)
{
	struct page_test p;

	begin(&p, true);
	page_write(&p, 0x1a, 2, 0);
	page_write(&p, 0x16, 2, 1);
	page_write(&p, 0x1a, 2, 1); /* of another queue */
	page_read(&p, 0x1a, 2, 1);
	page_write(&p, 0x16, 2, 0);
	EXPECT_EQ(0, p.found.count);
	page_write(&p, 0x1a, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_MSIX_D5);
	page_close(&p);
}

/* ---- ISR status ---- */

static void one_request(struct page_test *p, bool msix)
{
	begin(p, msix);
	page_driver_ok(p);
	page_desc(p, 0, 0, PAGE_BUFFER, 16, 2, 0);
	page_available(p, 0, 0);
	page_kick(p, 0);
	page_fetch(p, 0);
	page_used(p, 0, 0, 16);
}

TEST(pci_msix, isr_not_read)
{
	struct page_test p;

	one_request(&p, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_ISR_D1);
	page_write(&p, 0x14, 1, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_ISR_D1);
	page_close(&p);
}

TEST(pci_msix, isr_read_for_a_queue)
{
	struct page_test p;

	one_request(&p, true);
	page_bar_read(&p, 0x1000, 1, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_ISR_D1);
	page_close(&p);
}

TEST(pci_msix, isr_read_for_the_configuration)
{
	struct page_test p;

	one_request(&p, true);
	page_model(&p, MODEL_EV_CONFIG, 0xffff, 1);
	page_bar_read(&p, 0x1000, 1, 2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_msix, isr_read_with_the_pin)
{
	struct page_test p;

	one_request(&p, false);
	page_bar_read(&p, 0x1000, 1, 1);
	rulebook_end(p.book, 1000000000, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_ISR_D1);
	page_close(&p);
}

/* ---- a vector that is refused ---- */

TEST(pci_msix, vectors_are_taken)
{
	static const unsigned int at[] = { 0x10, 0x1a };
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&p, true);
		page_write(&p, at[i], 2, 7);
		page_read(&p, at[i], 2, 7);
		EXPECT_KEPT(&p, CLAUSE_PCI_MSIX_V8);
		page_write(&p, at[i], 2, 6);
		page_read(&p, at[i], 2, 0xffff);
		EXPECT_BROKEN(&p, CLAUSE_PCI_MSIX_V8);
		page_close(&p);
	}
}

/* There is none like it; MSI-X is off; a fault was injected. */
TEST(pci_msix, refused_for_a_reason)
{
	struct page_test p;

	begin(&p, true);
	rulebook_waive(p.book, CLAUSE_PCI_MSIX_D4, 0);
	page_write(&p, 0x1a, 2, 8);
	page_read(&p, 0x1a, 2, 0xffff);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_MSIX_V8);
	page_close(&p);
	begin(&p, false);
	page_write(&p, 0x1a, 2, 0);
	page_read(&p, 0x1a, 2, 0xffff);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_MSIX_V8);
	page_close(&p);
	begin(&p, true);
	feed_fault(&p.f, 0, "device.queue_vector", 1, 1);
	page_write(&p, 0x1a, 2, 0);
	page_read(&p, 0x1a, 2, 0xffff);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_MSIX_V8);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

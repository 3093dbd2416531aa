/* SPDX-License-Identifier: MIT */
/*
 * What a device shows in common configuration: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define RING_RESET (1ull << 40)
#define OFFERED (VERSION_1 | RING_RESET | 0x30000240)

static void begin(struct page_test *p)
{
	page_open(p, &chapter_pci_common, 2, OFFERED);
}

TEST(pci_common, device_features)
{
	static const struct {
		uint32_t select, shown;
		bool good;
	} rows[] = {
		{ 0, 0x30000240, true },  { 1, 0x101, true },
		{ 2, 0, true },		  { 0x80000000, 0, true },
		/* A disk that cannot be written offers RO on its own. */
		{ 0, 0x30000260, true },
		{ 0, 0x30000200, false }, { 1, 0x100, false },
		{ 2, 0x30000240, false },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		page_write(&p, 0x00, 4, rows[i].select);
		page_read(&p, 0x04, 4, rows[i].shown);
		if (rows[i].good)
			EXPECT_KEPT(&p, CLAUSE_PCI_COM_V3);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V3);
		page_close(&p);
	}
}

TEST(pci_common, device_features_that_change)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x00, 4, 0);
	page_read(&p, 0x04, 4, 0x30000260);
	page_read(&p, 0x04, 4, 0x30000260);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V3);
	page_read(&p, 0x04, 4, 0x30000240);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V3);
	page_close(&p);
}

TEST(pci_common, nobody_answers)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x00, 4, 0);
	page_read(&p, 0x04, 4, 0xffffffff);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_V3);
	page_close(&p);
}

/* Of 0x240 that it offers, and bit 1 that it does not. */
TEST(pci_common, driver_features)
{
	static const struct {
		uint32_t shown;
		bool good;
	} rows[] = {
		{ 0x242, true }, { 0x240, true },
		{ 0x200, false }, { 0x30000240, false },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		page_write(&p, 0x00, 4, 0);
		page_read(&p, 0x04, 4, 0x30000240);
		page_write(&p, 0x08, 4, 0);
		page_write(&p, 0x0c, 4, 0x242);
		page_read(&p, 0x0c, 4, rows[i].shown);
		if (rows[i].good)
			EXPECT_KEPT(&p, CLAUSE_PCI_COM_V4);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V4);
		page_close(&p);
	}
}

TEST(pci_common, a_queue_that_is_not_there)
{
	struct page_test p;

	begin(&p);
	page_read(&p, 0x12, 2, 2);
	page_write(&p, 0x16, 2, 1);
	page_read(&p, 0x18, 2, 8);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_V15);
	page_write(&p, 0x16, 2, 2);
	page_read(&p, 0x18, 2, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V15);
	page_read(&p, 0x18, 2, 8);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V15);
	page_close(&p);
}

TEST(pci_common, halves_of_an_address)
{
	struct page_test p;

	begin(&p);
	page_negotiate(&p, 0);
	page_write(&p, 0x16, 2, 0);
	page_read(&p, 0x28, 4, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_LAY_V1);
	page_write(&p, 0x28, 4, 0x1000);
	page_write(&p, 0x2c, 4, 2);
	page_read(&p, 0x28, 4, 0x1000);
	page_read(&p, 0x2c, 4, 2);
	EXPECT_KEPT(&p, CLAUSE_PCI_LAY_V1);
	page_read(&p, 0x2c, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_LAY_V1);
	page_close(&p);
}

TEST(pci_common, status_after_a_reset)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V8);
	page_write(&p, 0x14, 1, 0);
	page_model(&p, MODEL_EV_RESET, 0xffff, 0);
	page_read(&p, 0x14, 1, 0xf); /* it goes on */
	EXPECT_EQ(0, p.found.count);
	page_model(&p, MODEL_EV_RESET, 0xffff, 1);
	page_read(&p, 0x14, 1, 0xf);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V8);
	page_close(&p);
}

/* A device may break down at any time. */
TEST(pci_common, needs_reset_after_a_reset)
{
	struct page_test p;

	begin(&p);
	page_reset_done(&p);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0xffff, 0x40);
	page_read(&p, 0x14, 1, 0x40);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_V8);
	page_close(&p);
}

/* ---- queue_reset ---- */

static void reset_queue(struct page_test *p, bool told)
{
	begin(p);
	page_bring_up(p);
	page_write(p, 0x3a, 2, 1);
	if (told)
		page_model(p, MODEL_EV_QUEUE_ENABLE, 0, 0);
}

TEST(pci_common, queue_reset_as_it_should_be)
{
	struct page_test p;

	begin(&p);
	page_negotiate(&p, 0);
	page_write(&p, 0x16, 2, 0);
	page_read(&p, 0x3a, 2, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V10);
	page_queue(&p, 0, 8);
	page_read(&p, 0x3a, 2, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V11);
	page_driver_ok(&p);
	page_write(&p, 0x3a, 2, 1);
	page_read(&p, 0x3a, 2, 1);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V13);
	page_model(&p, MODEL_EV_QUEUE_ENABLE, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V12);
	page_read(&p, 0x3a, 2, 0);
	page_read(&p, 0x1c, 2, 0);
	EXPECT_KEPT(&p, CLAUSE_PCI_COM_V14);
	page_queue(&p, 0, 8);
	page_read(&p, 0x1c, 2, 1);
	page_read(&p, 0x3a, 2, 0);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_common, queue_reset_after_the_devices)
{
	struct page_test p;

	begin(&p);
	page_negotiate(&p, 0);
	page_read(&p, 0x3a, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V10);
	page_close(&p);
}

TEST(pci_common, queue_reset_of_an_enabled_queue)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_read(&p, 0x3a, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V11);
	page_close(&p);
}

TEST(pci_common, queue_reset_that_never_ends)
{
	struct page_test p;
	int rest;

	for (rest = 0; rest < 2; rest++) {
		reset_queue(&p, false);
		rulebook_end(p.book, 1000000000, rest);
		if (rest)
			EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V12);
		else
			EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_V12);
		page_close(&p);
	}
}

TEST(pci_common, queue_reset_over_too_early)
{
	struct page_test p;

	reset_queue(&p, false);
	page_read(&p, 0x3a, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V13);
	page_close(&p);
}

TEST(pci_common, queue_reset_that_stays)
{
	struct page_test p;

	reset_queue(&p, true);
	page_read(&p, 0x3a, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V14);
	page_close(&p);
	reset_queue(&p, true);
	page_read(&p, 0x1c, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V14);
	page_close(&p);
}

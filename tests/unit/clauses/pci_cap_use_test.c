/* SPDX-License-Identifier: MIT */
/*
 * How a driver reads the capability list: each clause broken, and nearly.  A
 * capability that a test adds is the page's first after MSI-X, at 0xb0.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define BAR4 0x20u

static void begin(struct page_test *p)
{
	page_open(p, &chapter_pci_cap_use, 2, VERSION_1);
}

/* BAR 4 has 64 KiB, of memory below 4 GiB. */
static void size_bar(struct page_test *p)
{
	page_config_write(p, BAR4, 4, 0xffffffff);
	page_config_put(p, BAR4, 4, 0xffff0000);
	page_config_read(p, BAR4, 4);
	page_config_put(p, BAR4, 4, 0x80000000);
	page_config_write(p, BAR4, 4, 0x80000000);
}

static void read_list(struct page_test *p)
{
	static const unsigned int at[] = { 0x40, 0x50, 0x60, 0x70, 0x84, 0xb0 };
	size_t i;

	size_bar(p);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		page_config_read(p, at[i] + 3, 1);
}

static void fail(struct page_test *p)
{
	feed_note(&p->f, 0, MACHINE_NOTE_PROBE_END, NULL, -22);
}

/* What there is more, in which way it is odd. */
static const struct odd {
	enum clause clause;
	unsigned int type, len, bar;
	uint32_t offset;
} odds[] = {
	{ CLAUSE_PCI_CAP_D1, 0x60, 16, 4, 0x5000 },
	{ CLAUSE_PCI_CAP_D1, 7, 16, 4, 0x5000 },
	{ CLAUSE_PCI_CAP_D4, 1, 16, 6, 0x5000 },
	{ CLAUSE_PCI_CAP_D2, 1, 16, 4, 0x5000 },
};

static void begin_odd(struct page_test *p, const struct odd *o)
{
	unsigned int at;

	begin(p);
	at = page_config_cap(p, o->type, o->len, o->offset, 0x100);
	page_config_put(p, at + 4, 1, o->bar);
	read_list(p);
}

TEST(pci_cap_use, works_with_it)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(odds) / sizeof(odds[0]); i++) {
		begin_odd(&p, &odds[i]);
		page_write(&p, 0x14, 1, 1);
		EXPECT_KEPT(&p, odds[i].clause);
		/* A failure now is for another reason. */
		fail(&p);
		EXPECT_EQ(0, p.found.count);
		page_close(&p);
	}
}

TEST(pci_cap_use, uses_it)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(odds) / sizeof(odds[0]); i++) {
		begin_odd(&p, &odds[i]);
		feed_event(&p.f, (struct event){ .kind = EV_MMIO_READ,
			.index = odds[i].bar, .addr = 0x5014, .len = 1,
			.device = 0 });
		EXPECT_BROKEN(&p, odds[i].clause);
		page_close(&p);
	}
}

TEST(pci_cap_use, put_off_by_it)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(odds) / sizeof(odds[0]); i++) {
		begin_odd(&p, &odds[i]);
		fail(&p);
		EXPECT_BROKEN(&p, odds[i].clause);
		page_close(&p);
	}
}

TEST(pci_cap_use, longer_than_expected)
{
	struct page_test p;
	int refused;

	for (refused = 0; refused < 2; refused++) {
		begin(&p);
		page_config_cap(&p, 9, 8, 0, 0);
		page_config_put(&p, 0x72, 1, 24); /* cap_len of notification */
		read_list(&p);
		if (refused) {
			fail(&p);
			EXPECT_BROKEN(&p, CLAUSE_PCI_CAP_D3);
		} else {
			page_write(&p, 0x14, 1, 1);
			EXPECT_KEPT(&p, CLAUSE_PCI_CAP_D3);
		}
		page_close(&p);
	}
}

/* It had reasons: a structure that ends behind the BAR; a fault; it did not even
 * look. */
TEST(pci_cap_use, fails_for_another_reason)
{
	struct page_test p;

	begin(&p);
	page_config_cap(&p, 0x60, 16, 0x5000, 0x100);
	page_config_put(&p, 0x48, 4, 0xffe0);
	read_list(&p);
	fail(&p);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	begin_odd(&p, &odds[0]);
	feed_fault(&p.f, 0, "guest.pci.iomap", -12, 1);
	fail(&p);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	begin(&p);
	page_config_cap(&p, 0x60, 16, 0x5000, 0x100);
	size_bar(&p);
	fail(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_CAP_D1);
	page_close(&p);
}

/* The first of a type that lies in its BAR is the one to use. */
TEST(pci_cap_use, a_second_one_that_is_needed)
{
	struct page_test p;

	begin(&p);
	page_config_cap(&p, 1, 16, 0x5000, 0x100);
	page_config_put(&p, 0x48, 4, 0xffe0);
	read_list(&p);
	page_bar_write(&p, 0x5014, 1, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_CAP_D2);
	page_close(&p);
}

TEST(pci_cap_use, capabilities_are_not_written)
{
	static const struct {
		unsigned int at;
		bool good;
	} rows[] = {
		{ 0x04, true },	 { 0x9a, true },  { 0x88, true },
		{ 0x94, true },	 { 0x44, false }, { 0x80, false },
		{ 0x86, false },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		page_config_write(&p, rows[i].at, 1, 0);
		if (rows[i].good)
			EXPECT_KEPT(&p, CLAUSE_PCI_CAP_D8);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_CAP_D8);
		page_close(&p);
	}
}

TEST(pci_cap_use, vendor_data)
{
	struct page_test p;
	int asked;

	for (asked = 0; asked < 2; asked++) {
		begin(&p);
		page_config_cap(&p, 9, 12, 0, 0);
		if (asked)
			page_config_read(&p, 0xb4, 2);
		page_config_write(&p, 0xb8, 4, 1);
		if (asked)
			EXPECT_KEPT(&p, CLAUSE_PCI_VND_D2);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_VND_D2);
		page_close(&p);
	}
}

/* 64 KiB of BAR; offset and length have upper halves. */
TEST(pci_cap_use, shared_memory)
{
	static const struct {
		uint32_t offset, length, length_hi;
		bool good;
	} rows[] = {
		{ 0x8000, 0x8000, 0, true },
		{ 0x8000, 0x8001, 0, false },
		{ 0x8000, 0x8000, 1, false },
	};
	struct page_test p;
	unsigned int at;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p);
		at = page_config_cap(&p, 8, 24, rows[i].offset, rows[i].length);
		page_config_put(&p, at + 20, 4, rows[i].length_hi);
		size_bar(&p);
		if (rows[i].good)
			EXPECT_KEPT(&p, CLAUSE_PCI_SHM_V1);
		else
			EXPECT_BROKEN(&p, CLAUSE_PCI_SHM_V1);
		page_close(&p);
	}
}

/* ---- larger, newer ---- */

/* Common and device configuration at 0x40 and 0x60 have their lengths at 12. */
static const struct large {
	unsigned int at;
	enum clause clause;
} larges[] = {
	{ 0x40, CLAUSE_PCI_CAP_D6 }, { 0x60, CLAUSE_CFG_D4 },
};

static void begin_length(struct page_test *p, const struct large *l,
			 uint32_t length)
{
	begin(p);
	page_config_put(p, 0x6c, 4, 0x48);
	page_config_put(p, l->at + 12, 4, length);
	page_config_cap(p, 9, 8, 0, 0);
	read_list(p);
}

TEST(pci_cap_use, works_with_a_larger_structure)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin_length(&p, &larges[i], 0x4000);
		page_write(&p, 0x14, 1, 1);
		EXPECT_KEPT(&p, larges[i].clause);
		EXPECT_UNTOUCHED(&p, larges[1 - i].clause);
		EXPECT_EQ(0, p.found.count);
		page_close(&p);
	}
}

TEST(pci_cap_use, put_off_by_a_larger_structure)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin_length(&p, &larges[i], 0x4000);
		fail(&p);
		EXPECT_BROKEN(&p, larges[i].clause);
		page_close(&p);
	}
}

/* A page is what devices give them. */
TEST(pci_cap_use, fails_with_structures_of_a_page)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin_length(&p, &larges[i], 0x1000);
		fail(&p);
		EXPECT_UNTOUCHED(&p, larges[i].clause);
		EXPECT_EQ(0, p.found.count);
		page_close(&p);
	}
}

static void begin_revision(struct page_test *p, unsigned int revision)
{
	begin(p);
	page_config_put(p, 0x08, 1, revision);
	page_config_put(p, 0x6c, 4, 0x48);
	page_config_cap(p, 9, 8, 0, 0);
	read_list(p);
}

TEST(pci_cap_use, another_revision)
{
	struct page_test p;

	begin_revision(&p, 7);
	page_write(&p, 0x14, 1, 1);
	EXPECT_KEPT(&p, CLAUSE_PCI_DISC_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	begin_revision(&p, 7);
	fail(&p);
	EXPECT_BROKEN(&p, CLAUSE_PCI_DISC_D3);
	page_close(&p);
	begin_revision(&p, 1);
	fail(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_DISC_D3);
	page_close(&p);
}

/* ---- vendor data is read ---- */

static void read_vendor_data(struct page_test *p)
{
	begin(p);
	page_config_cap(p, 9, 12, 0, 0);
	page_config_read(p, 0xb8, 4);
}

TEST(pci_cap_use, reading_vendor_data_does_nothing)
{
	struct page_test p;

	read_vendor_data(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_VND_V5);
	page_write(&p, 0x14, 1, 1);
	page_model(&p, MODEL_EV_STATUS, 0xffff, 1);
	EXPECT_KEPT(&p, CLAUSE_PCI_VND_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_cap_use, reading_vendor_data_does_something)
{
	static const enum model_event_kind kinds[] = {
		MODEL_EV_COMMAND, MODEL_EV_MSIX_CONTROL, MODEL_EV_STATUS,
		MODEL_EV_CONFIG_VECTOR, MODEL_EV_QUEUE_VECTOR,
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		read_vendor_data(&p);
		page_model(&p, kinds[i], 0xffff, 0);
		EXPECT_BROKEN(&p, CLAUSE_PCI_VND_V5);
		page_close(&p);
	}
}

/* What is read is of another capability; what changes, changes of itself. */
TEST(pci_cap_use, reading_something_else)
{
	struct page_test p;

	begin(&p);
	page_config_cap(&p, 9, 12, 0, 0);
	page_config_read(&p, 0x44, 4);
	page_model(&p, MODEL_EV_STATUS, 0xffff, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_VND_V5);
	page_close(&p);
	read_vendor_data(&p);
	page_model(&p, MODEL_EV_CONFIG, 0xffff, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_VND_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

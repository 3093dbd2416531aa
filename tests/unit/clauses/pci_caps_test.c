/* SPDX-License-Identifier: MIT */
/*
 * Identity and capability list: each clause broken, and nearly.  The list of a
 * page: common configuration at 0x40, ISR status 0x50, device configuration 0x60,
 * notification 0x70, configuration access 0x84, MSI-X 0x98.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define NOTIFICATION_DATA (1ull << 38)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_pci_caps, 2, features);
}

/* The first event opens the page. */
static void look(struct page_test *p)
{
	page_config_read(p, 0, 4);
}

TEST(pci_caps, as_they_should_be)
{
	static const enum clause kept[] = {
		CLAUSE_PCI_DISC_V1, CLAUSE_PCI_DISC_V4, CLAUSE_PCI_DISC_V5,
		CLAUSE_PCI_DISC_V6, CLAUSE_PCI_CAP_V1, CLAUSE_PCI_COM_V1,
		CLAUSE_PCI_COM_V2, CLAUSE_PCI_NTF_V1, CLAUSE_PCI_NTF_V2,
		CLAUSE_PCI_NTF_V3, CLAUSE_PCI_NTF_V4, CLAUSE_PCI_ISR_V1,
		CLAUSE_PCI_DCFG_IV1, CLAUSE_PCI_DCFG_V1, CLAUSE_PCI_WIN_V1,
		CLAUSE_PCI_MSIX_V1,
	};
	struct page_test p;
	size_t i;

	begin(&p, VERSION_1);
	look(&p);
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		EXPECT_KEPT(&p, kept[i]);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_NTF_V7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* One thing of the configuration space otherwise. */
struct row {
	enum clause clause;
	uint64_t features;
	unsigned int at, bytes;
	uint32_t broken, kept;
};

static const struct row rows[] = {
	{ CLAUSE_PCI_DISC_V5, VERSION_1, 0x08, 1, 0, 2 },
	{ CLAUSE_PCI_DISC_V6, VERSION_1, 0x2e, 2, 0x3f, 0x41 },
	{ CLAUSE_PCI_DISC_V4, VERSION_1, 0x02, 2, 0x1001, 0x1042 },
	{ CLAUSE_PCI_CAP_V1, VERSION_1, 0x42, 1, 15, 24 },
	{ CLAUSE_PCI_CAP_V1, VERSION_1, 0x72, 1, 16, 20 },
	{ CLAUSE_PCI_COM_V1, VERSION_1, 0x48, 4, 2, 0x8000 },
	{ CLAUSE_PCI_COM_V2, VERSION_1, 0x43, 1, 0x60, 1 },
	{ CLAUSE_PCI_ISR_V1, VERSION_1, 0x53, 1, 0x60, 3 },
	{ CLAUSE_PCI_DCFG_IV1, VERSION_1, 0x63, 1, 0x60, 4 },
	{ CLAUSE_PCI_DCFG_V1, VERSION_1, 0x68, 4, 0x2002, 0x2004 },
	{ CLAUSE_PCI_NTF_V1, VERSION_1, 0x73, 1, 0x60, 2 },
	{ CLAUSE_PCI_WIN_V1, VERSION_1, 0x87, 1, 0x60, 5 },
	{ CLAUSE_PCI_NTF_V2, VERSION_1, 0x78, 4, 0x3001, 0x3002 },
	{ CLAUSE_PCI_NTF_V3, VERSION_1, 0x80, 4, 6, 8 },
	{ CLAUSE_PCI_NTF_V3, VERSION_1, 0x80, 4, 1, 0 },
	{ CLAUSE_PCI_NTF_V4, VERSION_1, 0x7c, 4, 1, 2 },
	{ CLAUSE_PCI_NTF_V7, NOTIFICATION_DATA, 0x80, 4, 2, 4 },
	{ CLAUSE_PCI_NTF_V7, NOTIFICATION_DATA, 0x80, 4, 12, 0 },
	{ CLAUSE_PCI_NTF_V8, NOTIFICATION_DATA, 0x78, 4, 0x3002, 0x3004 },
	{ CLAUSE_PCI_NTF_V9, NOTIFICATION_DATA, 0x7c, 4, 3, 4 },
	{ CLAUSE_PCI_MSIX_V1, VERSION_1, 0x9a, 2, 0, 1 },
};

TEST(pci_caps, one_thing_otherwise)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, rows[i].features);
		page_config_put(&p, rows[i].at, rows[i].bytes, rows[i].broken);
		look(&p);
		EXPECT_BROKEN(&p, rows[i].clause);
		page_close(&p);
		begin(&p, rows[i].features);
		page_config_put(&p, rows[i].at, rows[i].bytes, rows[i].kept);
		look(&p);
		EXPECT_KEPT(&p, rows[i].clause);
		EXPECT_EQ(0, p.found.count);
		page_close(&p);
	}
}

TEST(pci_caps, identity_of_what_it_is)
{
	static const struct device_model blk = { .name = "virtio-blk" };
	struct page_test p;

	begin(&p, VERSION_1);
	p.f.devices[0].model = &blk;
	look(&p);
	EXPECT_KEPT(&p, CLAUSE_PCI_DISC_V2);
	page_close(&p);
	begin(&p, VERSION_1);
	p.f.devices[0].model = &blk;
	page_config_put(&p, 0x02, 2, 0x1044);
	look(&p);
	EXPECT_BROKEN(&p, CLAUSE_PCI_DISC_V2);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "PCI-DISC-V2: the device, a virtio-blk, shows Device ID "
		      "0x1044");
	EXPECT_STREQ("device-rule", p.found.items[0].code);
	page_close(&p);
}

TEST(pci_caps, another_vendor)
{
	struct page_test p;

	begin(&p, VERSION_1);
	look(&p);
	page_config_put(&p, 0, 2, 0x1af5);
	page_config_read(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_PCI_DISC_V1);
	page_close(&p);
}

/* BAR 0 in I/O space and no virtio capability: a legacy device, 4.1.5.1.1. */
TEST(pci_caps, none_of_a_legacy_device)
{
	struct page_test p;

	begin(&p, 0);
	page_config_put(&p, 0x02, 2, 0x1001);
	page_config_put(&p, 0x08, 1, 0);
	page_config_put(&p, 0x10, 4, 1);
	page_config_put(&p, 0x2e, 2, 2);
	page_config_put(&p, 0x34, 1, 0x98);
	look(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_COM_V2);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_DISC_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* The same, with a revision of later devices, or another subsystem ID. */
TEST(pci_caps, identity_of_a_transitional_device)
{
	static const struct {
		enum clause clause;
		uint32_t revision, subsystem;
	} ids[] = {
		{ CLAUSE_NONE, 0, 2 },
		{ CLAUSE_PCI_DISC_LV1, 1, 2 },
		{ CLAUSE_PCI_DISC_LV2, 0, 0x40 },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < 3; i++) {
		begin(&p, VERSION_1);
		page_config_put(&p, 0x02, 2, 0x1001);
		page_config_put(&p, 0x10, 4, 1);
		page_config_put(&p, 0x08, 1, ids[i].revision);
		page_config_put(&p, 0x2e, 2, ids[i].subsystem);
		look(&p);
		if (i) {
			EXPECT_BROKEN(&p, ids[i].clause);
		} else {
			EXPECT_KEPT(&p, CLAUSE_PCI_DISC_LV1);
			EXPECT_KEPT(&p, CLAUSE_PCI_DISC_LV2);
		}
		page_close(&p);
	}
}

/* That is said once, and not of each capability. */
TEST(pci_caps, no_list_at_all)
{
	struct page_test p;

	begin(&p, VERSION_1);
	page_config_put(&p, 0x06, 2, 0);
	look(&p);
	EXPECT_BROKEN(&p, CLAUSE_PCI_COM_V2);
	page_close(&p);
}

/* An entropy device has no configuration of its own, 5.4.4. */
TEST(pci_caps, nothing_to_configure)
{
	struct page_test p;

	page_open(&p, &chapter_pci_caps, 4, VERSION_1);
	page_config_put(&p, 0x63, 1, 0x60);
	look(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_PCI_DCFG_IV1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(pci_caps, shared_memory_ids)
{
	struct page_test p;
	unsigned int at;
	int twice;

	for (twice = 0; twice < 2; twice++) {
		begin(&p, VERSION_1);
		at = page_config_cap(&p, 8, 24, 0x5000, 0x1000);
		page_config_put(&p, at + 5, 1, 1);
		at = page_config_cap(&p, 8, 24, 0x6000, 0x1000);
		page_config_put(&p, at + 5, 1, twice ? 1 : 2);
		look(&p);
		if (twice)
			EXPECT_BROKEN(&p, CLAUSE_PCI_SHM_V2);
		else
			EXPECT_KEPT(&p, CLAUSE_PCI_SHM_V2);
		page_close(&p);
	}
}

/* At +4 is the vendor's ID: here 0x8086, then virtio's. */
TEST(pci_caps, vendor_data)
{
	static const struct {
		unsigned int len;
		uint32_t vendor;
		enum clause broken;
	} vendors[] = {
		{ 8, 0x8086, CLAUSE_NONE },
		{ 8, 0x1af4, CLAUSE_PCI_VND_V3 },
		{ 10, 0x8086, CLAUSE_PCI_VND_V4 },
	};
	struct page_test p;
	unsigned int at;
	size_t i;

	for (i = 0; i < 3; i++) {
		begin(&p, VERSION_1);
		at = page_config_cap(&p, 9, vendors[i].len, 0, 0);
		page_config_put(&p, at + 4, 2, vendors[i].vendor);
		look(&p);
		if (i) {
			EXPECT_BROKEN(&p, vendors[i].broken);
		} else {
			EXPECT_KEPT(&p, CLAUSE_PCI_VND_V3);
			EXPECT_KEPT(&p, CLAUSE_PCI_VND_V4);
		}
		page_close(&p);
	}
}

TEST(pci_caps, a_list_that_loops_is_read_once)
{
	struct page_test p;
	unsigned int at;

	begin(&p, VERSION_1);
	at = page_config_cap(&p, 8, 24, 0x5000, 0x1000);
	page_config_put(&p, at + 1, 1, 0x40);
	look(&p);
	EXPECT_EQ(7, rulebook_view(p.book, 0)->ncaps);
	EXPECT_KEPT(&p, CLAUSE_PCI_SHM_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

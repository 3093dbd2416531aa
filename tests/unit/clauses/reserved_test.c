/* SPDX-License-Identifier: MIT */
/*
 * Reserved feature bits: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_reserved, 2, features);
}

/* 6.1. */
static const struct {
	unsigned int bit;
	enum clause clause;
} rows[] = {
	{ 32, CLAUSE_RFB_D1 }, { 33, CLAUSE_RFB_D3 }, { 34, CLAUSE_RFB_D6 },
	{ 36, CLAUSE_RFB_D7 }, { 39, CLAUSE_RFB_D13 },
};

TEST(reserved, accepted_where_offered)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, VERSION_1 | 1ull << rows[i].bit);
		page_negotiate(&p, 0);
		EXPECT_KEPT(&p, rows[i].clause);
		EXPECT_EQ(0, p.found.count);
		page_close(&p);
	}
}

TEST(reserved, not_accepted)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, VERSION_1 | 1ull << rows[i].bit);
		page_negotiate(&p, 1ull << rows[i].bit);
		EXPECT_BROKEN(&p, rows[i].clause);
		page_close(&p);
	}
}

TEST(reserved, not_accepted_is_told_by_name)
{
	struct page_test p;

	begin(&p, VERSION_1 | 1ull << 39);
	page_negotiate(&p, 1ull << 39);
	EXPECT_BROKEN(&p, CLAUSE_RFB_D13);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "the driver did not accept NOTIF_CONFIG_DATA");
	page_close(&p);
}

TEST(reserved, not_offered_need_not_be_accepted)
{
	struct page_test p;
	size_t i;

	begin(&p, VERSION_1);
	page_negotiate(&p, 0);
	for (i = 1; i < sizeof(rows) / sizeof(rows[0]); i++)
		EXPECT_UNTOUCHED(&p, rows[i].clause);
	EXPECT_KEPT(&p, CLAUSE_RFB_V1);
	page_close(&p);
}

TEST(reserved, a_device_without_version_1)
{
	struct page_test p;

	begin(&p, 1 << 9);
	page_negotiate(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_RFB_V1);
	page_close(&p);
}

/* It could offer it, and the scenario does not let it. */
TEST(reserved, version_1_withheld)
{
	static const struct device_feature features[] = {
		{ .name = "VIRTIO_F_VERSION_1", .bit = 32 }, { .name = NULL }
	};
	static const struct device_model model = { .features = features };
	struct page_test p;

	begin(&p, 1 << 9);
	p.f.devices[0].model = &model;
	page_negotiate(&p, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_RFB_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* Heads 0, 3 and 5, available in this order. */
static void three(struct page_test *p, uint64_t features)
{
	static const unsigned int heads[] = { 0, 3, 5 };
	size_t i;

	begin(p, VERSION_1 | features);
	page_bring_up(p);
	for (i = 0; i < 3; i++) {
		page_desc(p, 0, heads[i], PAGE_BUFFER, 16, 2, 0);
		page_available(p, 0, heads[i]);
	}
	page_kick(p, 0);
}

TEST(reserved, used_in_order)
{
	struct page_test p;

	three(&p, 1ull << 35);
	page_used(&p, 0, 0, 1);
	page_used(&p, 0, 3, 1);
	page_used(&p, 0, 5, 1);
	EXPECT_KEPT(&p, CLAUSE_RFB_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* One element for a batch, 2.7.12. */
TEST(reserved, used_in_order_with_some_left_out)
{
	struct page_test p;

	three(&p, 1ull << 35);
	page_used(&p, 0, 3, 1);
	page_used(&p, 0, 5, 1);
	EXPECT_KEPT(&p, CLAUSE_RFB_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(reserved, used_out_of_order)
{
	struct page_test p;

	three(&p, 1ull << 35);
	page_used(&p, 0, 3, 1);
	page_used(&p, 0, 0, 1);
	EXPECT_BROKEN(&p, CLAUSE_RFB_V5);
	page_close(&p);
}

TEST(reserved, any_order_without_in_order)
{
	struct page_test p;

	three(&p, 0);
	page_used(&p, 0, 3, 1);
	page_used(&p, 0, 0, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_RFB_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* ---- physical addresses ---- */

static void rings_at(struct page_test *p, uint64_t features, uint32_t device)
{
	begin(p, VERSION_1 | features);
	page_negotiate(p, 0);
	page_write(p, 0x16, 2, 0);
	page_write(p, 0x18, 2, 8);
	page_write(p, 0x20, 8, PAGE_DESC);
	page_write(p, 0x28, 8, PAGE_DRIVER);
	page_write(p, 0x30, 8, device);
	page_write(p, 0x1c, 2, 1);
}

/* The used ring of 8 has 70 bytes, and memory ends at 0x40010000. */
TEST(reserved, rings_in_memory)
{
	struct page_test p;

	rings_at(&p, 0, 0x4000ffb8);
	EXPECT_KEPT(&p, CLAUSE_RFB_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	rings_at(&p, 0, 0x4000ffbc);
	EXPECT_BROKEN(&p, CLAUSE_RFB_D5);
	page_close(&p);
}

TEST(reserved, rings_behind_an_iommu)
{
	struct page_test p;

	rings_at(&p, 1ull << 33, 0x1000);
	EXPECT_UNTOUCHED(&p, CLAUSE_RFB_D5);
	page_close(&p);
}

static void buffer_in_no_memory(struct page_test *p)
{
	begin(p, VERSION_1);
	page_bring_up(p);
	page_desc(p, 0, 0, 0x1000, 512, 2, 0);
	page_available(p, 0, 0);
	page_kick(p, 0);
}

static void nobody_answers(struct page_test *p, uint64_t addr)
{
	feed_event(&p->f, (struct event){ .kind = EV_DMA_ERROR, .device = 0,
		.addr = addr, .len = 8, .value = 1, .cpu = EVENT_NO_CPU });
}

TEST(reserved, a_buffer_in_no_memory)
{
	struct page_test p;

	buffer_in_no_memory(&p);
	nobody_answers(&p, 0x11ff);
	EXPECT_BROKEN(&p, CLAUSE_RFB_D5);
	page_close(&p);
}

/* The driver has named no such place; or the device was through with it; or a
 * fault may have made it. */
TEST(reserved, an_address_of_the_devices_own)
{
	struct page_test p;

	buffer_in_no_memory(&p);
	nobody_answers(&p, 0x1200);
	EXPECT_EQ(0, p.found.count);
	page_used(&p, 0, 0, 0);
	nobody_answers(&p, 0x1000);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	buffer_in_no_memory(&p);
	feed_fault(&p.f, 0, "device.used.id", 1, 1);
	nobody_answers(&p, 0x1000);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

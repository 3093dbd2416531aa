/* SPDX-License-Identifier: MIT */
/*
 * device_status: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

static void begin(struct page_test *p)
{
	page_open(p, &chapter_status, 2, 1ull << 32);
	page_write(p, 0x14, 1, 0);
	page_read(p, 0x14, 1, 0);
	page_write(p, 0x14, 1, 1);
	page_write(p, 0x14, 1, 3);
}

TEST(status, bits_in_order)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0xb);
	page_write(&p, 0x14, 1, 0xf);
	EXPECT_KEPT(&p, CLAUSE_STAT_D1);
	EXPECT_KEPT(&p, CLAUSE_STAT_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(status, driver_ok_before_features_ok)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0x7);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "STAT-D1: the driver wrote 0x7 to device_status, which "
		      "was 0x3");
	EXPECT_STREQ("driver-rule", p.found.items[0].code);
	page_close(&p);
}

TEST(status, a_bit_dropped)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 1);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D2);
	page_close(&p);
}

/* NEEDS_RESET is the device's: the driver writes back what it set itself. */
TEST(status, needs_reset_is_not_the_drivers_to_keep)
{
	struct page_test p;

	begin(&p);
	page_read(&p, 0x14, 1, 0x43);
	page_write(&p, 0x14, 1, 0xb);
	EXPECT_KEPT(&p, CLAUSE_STAT_D2);
	page_close(&p);
}

TEST(status, features_ok_that_did_not_stick)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0xb);
	page_read(&p, 0x14, 1, 0x3);
	page_write(&p, 0x14, 1, 0x83);
	EXPECT_KEPT(&p, CLAUSE_STAT_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(status, on_after_failed)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0x83);
	EXPECT_EQ(0, p.found.count);
	page_write(&p, 0x14, 1, 0x8b);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D3);
	page_close(&p);
}

TEST(status, reset_after_failed)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0x83);
	page_write(&p, 0x14, 1, 0);
	page_write(&p, 0x14, 1, 1);
	EXPECT_KEPT(&p, CLAUSE_STAT_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(status, a_notification_before_driver_ok)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0xb);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_INTX);
	EXPECT_BROKEN(&p, CLAUSE_STAT_V2);
	page_close(&p);
}

TEST(status, a_notification_after_driver_ok)
{
	struct page_test p;

	begin(&p);
	page_write(&p, 0x14, 1, 0xb);
	/* Of the configuration: 2.1.2 is about used buffers. */
	page_model(&p, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_INTX);
	page_write(&p, 0x14, 1, 0xf);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_INTX);
	EXPECT_KEPT(&p, CLAUSE_STAT_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* SPDX-License-Identifier: MIT */
/*
 * Device reset: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

static void begin(struct page_test *p)
{
	page_open(p, &chapter_reset, 2, 1ull << 32);
}

TEST(reset, to_its_end)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	/* It takes its time: the lanes have to come to rest. */
	page_read(&p, 0x14, 1, 0xf);
	EXPECT_EQ(0, p.found.count);
	page_reset_done(&p);
	page_read(&p, 0x14, 1, 0);
	page_write(&p, 0x14, 1, 1);
	EXPECT_KEPT(&p, CLAUSE_RST_V1);
	EXPECT_KEPT(&p, CLAUSE_RST_D1);
	EXPECT_KEPT(&p, CLAUSE_RST_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(reset, status_stays)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	page_reset_done(&p);
	page_read(&p, 0x14, 1, 0xf);
	EXPECT_BROKEN(&p, CLAUSE_RST_V1);
	page_close(&p);
}

TEST(reset, on_before_its_end)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	page_reset_done(&p);
	page_write(&p, 0x14, 1, 1);
	EXPECT_BROKEN(&p, CLAUSE_RST_D1);
	page_close(&p);
}

TEST(reset, a_notification_behind_it)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	page_reset_done(&p);
	page_read(&p, 0x14, 1, 0);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT);
	EXPECT_BROKEN(&p, CLAUSE_RST_V2);
	page_close(&p);
}

/* Until status reads 0 the device may be sending still; and what is lost with
 * the reset is no notification. */
TEST(reset, a_notification_before_its_end)
{
	struct page_test p;

	begin(&p);
	page_bring_up(&p);
	page_write(&p, 0x14, 1, 0);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT);
	page_reset_done(&p);
	page_read(&p, 0x14, 1, 0);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_DROPPED);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_RST_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

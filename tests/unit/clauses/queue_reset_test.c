/* SPDX-License-Identifier: MIT */
/*
 * Virtqueue reset: each clause broken, and nearly.  queue_reset is at 0x3a.
 */
#include "tests/unit/clauses/page.h"

#define RING_RESET (1ull << 40)

static void up(struct page_test *p)
{
	page_open(p, &chapter_queue_reset, 2, 1ull << 32 | RING_RESET);
	page_bring_up(p);
	page_write(p, 0x3a, 2, 1);
}

static void until_reset(struct page_test *p)
{
	up(p);
	page_read(p, 0x3a, 2, 1);
	page_read(p, 0x3a, 2, 0);
}

TEST(queue_reset, and_enabled_again)
{
	struct page_test p;

	until_reset(&p);
	page_read(&p, 0x1c, 2, 0);
	page_queue(&p, 0, 4);
	page_model(&p, MODEL_EV_USED, 0, 1);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT);
	EXPECT_KEPT(&p, CLAUSE_VQR_RST_D1);
	EXPECT_KEPT(&p, CLAUSE_VQR_RST_V1);
	EXPECT_KEPT(&p, CLAUSE_VQR_RST_V2);
	EXPECT_KEPT(&p, CLAUSE_VQR_RST_V3);
	EXPECT_KEPT(&p, CLAUSE_VQR_REEN_D1);
	EXPECT_KEPT(&p, CLAUSE_VQR_REEN_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(queue_reset, not_waited_for)
{
	struct page_test p;

	up(&p);
	page_read(&p, 0x3a, 2, 1);
	page_write(&p, 0x18, 2, 4);
	EXPECT_BROKEN(&p, CLAUSE_VQR_RST_D1);
	page_close(&p);
}

TEST(queue_reset, a_buffer_is_used_all_the_same)
{
	struct page_test p;

	until_reset(&p);
	page_model(&p, MODEL_EV_USED, 0, 3);
	EXPECT_BROKEN(&p, CLAUSE_VQR_RST_V1);
	page_close(&p);
}

TEST(queue_reset, a_notification_all_the_same)
{
	struct page_test p;

	until_reset(&p);
	page_model(&p, MODEL_EV_NOTIFY, 1, MODEL_NOTIFY_SENT);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_DROPPED);
	EXPECT_EQ(0, p.found.count);
	page_model(&p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT);
	EXPECT_BROKEN(&p, CLAUSE_VQR_RST_V2);
	page_close(&p);
}

TEST(queue_reset, still_enabled)
{
	struct page_test p;

	until_reset(&p);
	page_read(&p, 0x1c, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_VQR_RST_V3);
	page_close(&p);
}

TEST(queue_reset, goes_on_where_it_was)
{
	struct page_test p;

	until_reset(&p);
	page_queue(&p, 0, 8);
	page_model(&p, MODEL_EV_USED, 0, 12);
	EXPECT_BROKEN(&p, CLAUSE_VQR_RST_V3);
	page_close(&p);
}

TEST(queue_reset, enabled_and_not_set_up)
{
	struct page_test p;

	until_reset(&p);
	page_write(&p, 0x1c, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_VQR_REEN_D1);
	page_close(&p);
}

/* A driver may leave queue_size as it is, and need not read it. */
TEST(queue_reset, the_largest_size_without_a_look_at_it)
{
	struct page_test p;

	until_reset(&p);
	page_write(&p, 0x20, 4, (uint32_t)PAGE_DESC);
	page_write(&p, 0x28, 4, (uint32_t)PAGE_DRIVER);
	page_write(&p, 0x30, 4, (uint32_t)PAGE_DEVICE);
	page_write(&p, 0x1c, 2, 1);
	page_model(&p, MODEL_EV_QUEUE_ENABLE, 0, 256);
	EXPECT_UNTOUCHED(&p, CLAUSE_VQR_REEN_V1);
	page_close(&p);
}

TEST(queue_reset, another_size_is_not_taken)
{
	struct page_test p;

	until_reset(&p);
	page_write(&p, 0x18, 2, 4);
	page_write(&p, 0x20, 4, (uint32_t)PAGE_DESC);
	page_write(&p, 0x28, 4, (uint32_t)PAGE_DRIVER);
	page_write(&p, 0x30, 4, (uint32_t)PAGE_DEVICE);
	page_write(&p, 0x1c, 2, 1);
	page_model(&p, MODEL_EV_QUEUE_ENABLE, 0, 8);
	EXPECT_BROKEN(&p, CLAUSE_VQR_REEN_V1);
	page_close(&p);
}

/* SPDX-License-Identifier: MIT */
/*
 * virtio-balloon's other queues (virtio 1.2 5.5.6.3 to 5.5.6.7): statistics,
 * free page hinting, free page reporting.
 */
#include <string.h>

#include "tests/unit/virtio/balloon_rig.h"

#define STATSQ 2
#define FREE_PAGE 3
#define REPORTING 4

/* ---- statistics ---- */

struct stat {
	uint16_t tag;
	uint64_t val;
};

static uint64_t stats_buffer(struct drv *d, const struct stat *stats,
			     uint32_t n)
{
	uint64_t at = drv_alloc(d, 10 * n);

	for (uint32_t i = 0; i < n; i++) {
		drv_put16(d, at + 10 * i, stats[i].tag);
		bal_put32(d, at + 10 * i + 2, (uint32_t)stats[i].val);
		bal_put32(d, at + 10 * i + 6, (uint32_t)(stats[i].val >> 32));
	}
	return at;
}

static void send_stats(struct drv *d, const struct stat *stats, uint32_t n)
{
	bal_send(d, STATSQ, stats_buffer(d, stats, n), 10 * n, 0);
}

static const struct stat first[] = { { 4, 1000 }, { 5, 2000 } };
static const struct stat second[] = {
	{ 5, 0x123456789abcull }, { 0, 1 }, { 99, 7 }, { 9, 3 }
};

static bool came_back(struct drv *d)
{
	uint32_t id, len;

	return drv_used(d, STATSQ, &id, &len) && len == 0;
}

TEST(balloon_stats, the_first_buffer_is_kept)
{
	struct drv *d = bal_start(false, F_ALL);

	EXPECT_EQ(UINT64_MAX, bal_read(d, "stats", "free-memory"));
	send_stats(d, first, 2);
	EXPECT_FALSE(came_back(d));
	EXPECT_EQ(0, d->host.msis);
	EXPECT_EQ(1000, bal_read(d, "stats", "free-memory"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_stats, come_in_the_buffer_after_the_one_that_is_given_back)
{
	struct drv *d = bal_start(false, F_ALL);

	send_stats(d, first, 2);
	EXPECT_EQ(0, bal_act(d, "balloon.stats", 0));
	EXPECT_TRUE(came_back(d));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x33, d->host.last_msi.data);
	EXPECT_EQ(0, d->host.actions_done);
	send_stats(d, second, 4);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, d->host.action_result);
	EXPECT_FALSE(came_back(d));
	/* In any order; what we do not know says nothing, what the driver does
	 * not tell any more is not known. */
	EXPECT_EQ(0x123456789abcull, bal_read(d, "stats", "total-memory"));
	EXPECT_EQ(1, bal_read(d, "stats", "swap-in"));
	EXPECT_EQ(3, bal_read(d, "stats", "hugetlb-failures"));
	EXPECT_EQ(UINT64_MAX, bal_read(d, "stats", "free-memory"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_stats, asked_for_again_and_again)
{
	struct drv *d = bal_start(false, F_ALL);

	send_stats(d, first, 2);
	for (unsigned int i = 1; i < 20; i++) {
		bal_act(d, "balloon.stats", 0);
		EXPECT_TRUE(came_back(d));
		send_stats(d, second, 4);
		EXPECT_EQ(i, d->host.actions_done);
	}
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

/* The operator had given up and asks again: one answer is enough. */
TEST(balloon_stats, asked_for_twice_before_the_answer)
{
	struct drv *d = bal_start(false, F_ALL);

	send_stats(d, first, 2);
	bal_act(d, "balloon.stats", 0);
	EXPECT_TRUE(came_back(d));
	bal_act(d, "balloon.stats", 0);
	EXPECT_EQ(0, d->host.actions_done);
	send_stats(d, second, 4);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_FALSE(came_back(d));
	drv_free(d);
}

TEST(balloon_stats, asked_for_before_there_is_a_buffer)
{
	struct drv *d = bal_start(false, F_ALL);

	EXPECT_EQ(0, bal_act(d, "balloon.stats", 0));
	send_stats(d, first, 2);
	EXPECT_TRUE(came_back(d));
	EXPECT_EQ(0, d->host.actions_done);
	send_stats(d, second, 4);
	EXPECT_EQ(1, d->host.actions_done);
	drv_free(d);
}

TEST(balloon_stats, without_the_queue_are_refused)
{
	struct drv *d = bal_start(false, F_ALL & ~F_STATS);

	EXPECT_EQ(-95, bal_act(d, "balloon.stats", 0));
	drv_free(d);
}

/* Linux kicks statsq before DRIVER_OK. */
TEST(balloon_stats, a_buffer_that_is_notified_too_early_is_taken_at_driver_ok)
{
	struct drv *d = bal_new(false);

	drv_negotiate(d, F_ALL);
	drv_enable_msix(d);
	for (uint16_t q = 0; q < 5; q++)
		drv_setup_queue(d, q, 0);
	send_stats(d, first, 2);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "before DRIVER_OK"));
	EXPECT_EQ(0, d->host.dma_calls);
	EXPECT_EQ(UINT64_MAX, bal_read(d, "stats", "free-memory"));
	drv_driver_ok(d);
	drv_run(d);
	EXPECT_EQ(1000, bal_read(d, "stats", "free-memory"));
	EXPECT_FALSE(came_back(d));
	EXPECT_EQ(1, bal_errors(d));
	drv_free(d);
}

TEST(balloon_stats, a_second_buffer_while_the_device_has_one)
{
	struct drv *d = bal_start(false, F_ALL);

	for (int i = 0; i < 2; i++) {
		struct drv_buf buf = { stats_buffer(d, first, 2), 20, 0 };

		drv_publish(d, STATSQ, drv_chain(d, STATSQ, &buf, 1));
	}
	drv_kick(d, STATSQ);
	drv_run(d);
	/* Without the event index nothing asks for more: seen with the next. */
	bal_act(d, "balloon.stats", 0);
	EXPECT_EQ(1, d->host.actions_done);
	drv_free(d);
	d = bal_start(false, F_ALL | 1ull << 29);
	for (int i = 0; i < 2; i++) {
		struct drv_buf buf = { stats_buffer(d, first, 2), 20, 0 };

		drv_publish(d, STATSQ, drv_chain(d, STATSQ, &buf, 1));
	}
	drv_kick(d, STATSQ);
	drv_run(d);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "5.5.6.3.1"));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(balloon_stats, buffers_that_are_no_array_of_entries)
{
	struct drv *d = bal_start(false, F_ALL);

	bal_send(d, STATSQ, stats_buffer(d, first, 2), 19, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "10-byte entries"));
	EXPECT_EQ(1000, bal_read(d, "stats", "free-memory"));
	EXPECT_EQ(UINT64_MAX, bal_read(d, "stats", "total-memory"));
	bal_act(d, "balloon.stats", 0);
	bal_send(d, STATSQ, drv_alloc(d, 10), 10, 2);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not written"));
	EXPECT_EQ(1, d->host.actions_done);
	bal_act(d, "balloon.stats", 0);
	bal_send(d, STATSQ, 0x10, 10, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "answered by nobody"));
	EXPECT_EQ(2, d->host.actions_done);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(balloon_stats, a_reset_loses_the_buffer_and_not_the_question)
{
	struct drv *d = bal_start(false, F_ALL);

	send_stats(d, first, 2);
	bal_act(d, "balloon.stats", 0);
	drv_start(d, F_ALL);
	send_stats(d, first, 2);
	EXPECT_TRUE(came_back(d));
	EXPECT_EQ(0, d->host.actions_done);
	send_stats(d, second, 4);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_FALSE(came_back(d));
	drv_free(d);
}

TEST(balloon_stats, so_does_a_reset_of_the_queue_alone)
{
	struct drv *d = bal_start(false, F_ALL | 1ull << 40);

	send_stats(d, first, 2);
	drv_write(d, 0x16, 2, STATSQ);
	drv_write(d, 0x3a, 2, 1);
	drv_setup_queue(d, STATSQ, 0);
	bal_act(d, "balloon.stats", 0);
	EXPECT_FALSE(came_back(d));
	send_stats(d, first, 2);
	EXPECT_TRUE(came_back(d));
	send_stats(d, second, 4);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

/* ---- free page hinting ---- */

static void send_id(struct drv *d, uint32_t id)
{
	uint64_t at = drv_alloc(d, 4);

	bal_put32(d, at, id);
	bal_send(d, FREE_PAGE, at, 4, 0);
}

static void send_pages(struct drv *d, uint16_t q, uint32_t n)
{
	bal_send(d, q, drv_alloc(d, 4096 * n), 4096 * n, 2);
}

TEST(balloon_hint, from_the_command_to_the_drivers_stop)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t id;

	EXPECT_EQ(0, bal_act(d, "balloon.free-page-hint", 0));
	EXPECT_EQ(1, d->host.msis);
	id = (uint32_t)drv_read(d, 0x2008, 4);
	EXPECT_GE(id, 2);
	send_id(d, id);
	send_pages(d, FREE_PAGE, 4);
	send_pages(d, FREE_PAGE, 1);
	EXPECT_EQ(5, bal_read(d, "balloon", "hinted"));
	EXPECT_EQ(0, d->host.actions_done);
	send_id(d, 0);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, bal_act(d, "balloon.free-page-done", 0));
	EXPECT_EQ(2, d->host.actions_done);
	EXPECT_EQ(1, drv_read(d, 0x2008, 4));
	/* The next has an ID of its own, and counts anew. */
	bal_act(d, "balloon.free-page-hint", 0);
	EXPECT_NE(id, drv_read(d, 0x2008, 4));
	EXPECT_GE(drv_read(d, 0x2008, 4), 2);
	EXPECT_EQ(0, bal_read(d, "balloon", "hinted"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_hint, pages_of_an_old_command_do_not_count)
{
	struct drv *d = bal_start(false, F_ALL);

	bal_act(d, "balloon.free-page-hint", 0);
	send_id(d, (uint32_t)drv_read(d, 0x2008, 4));
	bal_act(d, "balloon.free-page-hint", 0);
	send_pages(d, FREE_PAGE, 4);
	EXPECT_EQ(0, bal_read(d, "balloon", "hinted"));
	EXPECT_TRUE(drv_said(d, MODEL_EV_REQUEST, "stale hint"));
	send_id(d, (uint32_t)drv_read(d, 0x2008, 4));
	send_pages(d, FREE_PAGE, 2);
	EXPECT_EQ(2, bal_read(d, "balloon", "hinted"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_hint, stopped_by_the_device)
{
	struct drv *d = bal_start(false, F_ALL);

	/* Nothing has begun: nothing to wait for. */
	bal_act(d, "balloon.free-page-stop", 0);
	EXPECT_EQ(1, d->host.actions_done);
	bal_act(d, "balloon.free-page-hint", 0);
	send_id(d, (uint32_t)drv_read(d, 0x2008, 4));
	bal_act(d, "balloon.free-page-stop", 0);
	EXPECT_EQ(0, drv_read(d, 0x2008, 4));
	EXPECT_EQ(1, d->host.actions_done);
	send_pages(d, FREE_PAGE, 1);
	EXPECT_EQ(0, bal_read(d, "balloon", "hinted"));
	send_id(d, 0);
	EXPECT_EQ(2, d->host.actions_done);
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_hint, what_a_driver_does_wrong)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t id;

	send_pages(d, FREE_PAGE, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "without a command ID"));
	bal_act(d, "balloon.free-page-hint", 0);
	id = (uint32_t)drv_read(d, 0x2008, 4);
	send_id(d, id);
	send_id(d, id);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "same command ID"));
	bal_send(d, FREE_PAGE, drv_alloc(d, 8), 8, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not 4 bytes"));
	EXPECT_EQ(3, bal_errors(d));
	send_pages(d, FREE_PAGE, 1);
	EXPECT_EQ(1, bal_read(d, "balloon", "hinted"));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(balloon_hint, without_the_queue_is_refused)
{
	struct drv *d = bal_start(false, F_ALL & ~F_HINT);

	EXPECT_EQ(-95, bal_act(d, "balloon.free-page-hint", 0));
	EXPECT_EQ(-95, bal_act(d, "balloon.free-page-stop", 0));
	EXPECT_EQ(-95, bal_act(d, "balloon.free-page-done", 0));
	drv_free(d);
}

TEST(balloon_hint, pages_are_left_as_they_are)
{
	struct drv *d = bal_start(true, F_ALL);
	uint64_t at = drv_alloc(d, 4096);

	bal_act(d, "balloon.free-page-hint", 0);
	send_id(d, (uint32_t)drv_read(d, 0x2008, 4));
	bal_put32(d, at, 0x55555555);
	bal_send(d, FREE_PAGE, at, 4096, 2);
	EXPECT_EQ(0x5555, drv_ram16(d, at));
	drv_free(d);
}

/* ---- free page reporting ---- */

TEST(balloon_report, counts_pages_and_gives_them_back)
{
	struct drv *d = bal_start(false, F_REPORTING | F_STATS | F_HINT);

	send_pages(d, REPORTING, 16);
	bal_expect_used(d, REPORTING, 0);
	send_pages(d, REPORTING, 4);
	bal_expect_used(d, REPORTING, 0);
	EXPECT_EQ(20, bal_read(d, "balloon", "reported"));
	EXPECT_EQ(0, bal_read(d, "balloon", "pages"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon_report, pages_are_lost_only_without_page_poison)
{
	static const uint64_t sets[] = { F_ALL & ~F_POISON, F_ALL };

	for (int i = 0; i < 2; i++) {
		struct drv *d = bal_new(true);
		uint64_t at;

		drv_negotiate(d, sets[i]);
		if (i)
			drv_write(d, 0x200c, 4, 0xaaaaaaaa);
		for (uint16_t q = 0; q < 5; q++)
			drv_setup_queue(d, q, 0);
		drv_driver_ok(d);
		at = drv_alloc(d, 8192);
		bal_put32(d, at, 0xaaaaaaaa);
		bal_put32(d, at + 8188, 0xaaaaaaaa);
		bal_send(d, REPORTING, at, 8192, 2);
		EXPECT_EQ(i ? 0xaaaa : 0, drv_ram16(d, at));
		EXPECT_EQ(i ? 0xaaaa : 0, drv_ram16(d, at + 8190));
		bal_expect_used(d, REPORTING, i ? 0 : 8192);
		EXPECT_EQ(0, bal_errors(d));
		drv_free(d);
	}
}

/* Device-writable pages are read for diagnosis only (2.7.5.1), if asked for. */
TEST(balloon_report, a_page_without_the_poison_that_was_promised)
{
	for (int look = 0; look < 2; look++) {
		struct drv *d = drv_new(&(struct drv_options){
			.model = "virtio-balloon", .offer = F_ALL,
			.set = { { "check_poison", look } },
		});

		drv_negotiate(d, F_ALL);
		drv_write(d, 0x200c, 4, 0xaaaaaaaa);
		for (uint16_t q = 0; q < 5; q++)
			drv_setup_queue(d, q, 0);
		drv_driver_ok(d);
		send_pages(d, REPORTING, 1);
		EXPECT_EQ(look, drv_said(d, MODEL_EV_GUEST_ERROR,
					 "5.5.6.7.1"));
		bal_expect_used(d, REPORTING, 0);
		drv_free(d);
	}
}

TEST(balloon_report, a_readable_part_is_told)
{
	struct drv *d = bal_start(false, F_ALL & ~F_POISON);

	bal_send(d, REPORTING, drv_alloc(d, 4096), 4096, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not looked at"));
	EXPECT_EQ(0, bal_read(d, "balloon", "reported"));
	bal_expect_used(d, REPORTING, 0);
	drv_free(d);
}

TEST(balloon_report, can_be_waited_for)
{
	struct drv *d = bal_start(false, F_ALL & ~F_POISON);

	EXPECT_EQ(0, bal_act(d, "balloon.reports", 20));
	send_pages(d, REPORTING, 19);
	EXPECT_EQ(0, d->host.actions_done);
	send_pages(d, REPORTING, 1);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, bal_act(d, "balloon.reports", 20));
	EXPECT_EQ(2, d->host.actions_done);
	drv_free(d);
	d = bal_start(false, F_ALL & ~F_REPORTING);
	EXPECT_EQ(-95, bal_act(d, "balloon.reports", 1));
	drv_free(d);
}

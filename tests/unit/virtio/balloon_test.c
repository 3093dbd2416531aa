/* SPDX-License-Identifier: MIT */
/*
 * virtio-balloon (virtio 1.2 5.5): identity, queues' numbers, configuration
 * space, pages given and taken back, the operator's target.
 */
#include <string.h>

#include "tests/unit/virtio/balloon_rig.h"

/* ---- what it is ---- */

TEST(balloon, is_what_a_driver_looks_for)
{
	struct drv *d = bal_new(false);

	EXPECT_EQ(0x1af4, drv_cfg_read(d, 0x00, 2));
	EXPECT_EQ(0x1045, drv_cfg_read(d, 0x02, 2));
	EXPECT_EQ(0x00ff00, drv_cfg_read(d, 0x08, 4) >> 8);
	EXPECT_EQ(5, drv_read(d, 0x12, 2));
	EXPECT_EQ(0x3f, drv_read(d, 0x04, 4) & 0x3f);
	drv_free(d);
}

TEST(balloon, offers_by_default_what_qemu_does_and_oom_and_telling)
{
	struct drv *d = drv_new(&(struct drv_options){
		.model = "virtio-balloon" });

	EXPECT_EQ(0x17, drv_read(d, 0x04, 4) & 0x3f);
	EXPECT_EQ(3, drv_read(d, 0x12, 2));
	drv_free(d);
}

/* What number each feature's queue has: a request into it tells which it is. */
static const struct {
	uint64_t features;
	const char *text[5]; /* of the queues' requests */
} numbers[] = {
	{ 0, { "inflate", "deflate" } },
	{ F_STATS, { "inflate", "deflate", "statistics" } },
	{ F_HINT, { "inflate", "deflate", "stale hint" } },
	{ F_REPORTING, { "inflate", "deflate", "report" } },
	{ F_STATS | F_REPORTING,
	  { "inflate", "deflate", "statistics", "report" } },
	{ F_HINT | F_REPORTING,
	  { "inflate", "deflate", "stale hint", "report" } },
	{ F_STATS | F_HINT | F_REPORTING,
	  { "inflate", "deflate", "statistics", "stale hint", "report" } },
};

static void fill_queue(struct drv *d, uint16_t q, const char *text)
{
	bool pages = strstr(text, "hint") || strstr(text, "report");

	fake_host_forget(&d->host);
	bal_send(d, q, drv_alloc(d, 4096), pages ? 4096 : 40, pages ? 2 : 0);
	EXPECT_EQ(q, fake_host_event(&d->host, MODEL_EV_REQUEST)->index);
	EXPECT_STREQ(text, fake_host_event(&d->host, MODEL_EV_REQUEST)->text);
}

TEST(balloon, queues_of_negotiated_features_are_numbered_without_gaps)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct drv *d = bal_start(false, numbers[i].features);
		uint16_t q;

		TEST_ROW("features 0x%llx",
			 (unsigned long long)numbers[i].features);
		for (q = 0; q < 5 && numbers[i].text[q]; q++)
			fill_queue(d, q, numbers[i].text[q]);
		/* The device has all five; what is not negotiated is idle. */
		for (; q < 5; q++) {
			fake_host_forget(&d->host);
			drv_kick(d, q);
			drv_run(d);
			EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "5.5.2"));
			EXPECT_EQ(0, d->host.dma_calls);
		}
		drv_free(d);
	}
}

/* ---- pages ---- */

TEST(balloon, takes_pages_and_gives_them_back)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t pfns[3] = { bal_page(d), bal_page(d), bal_page(d) };

	bal_pfns(d, 0, pfns, 3);
	bal_expect_used(d, 0, 0);
	EXPECT_EQ(3, bal_read(d, "balloon", "pages"));
	EXPECT_EQ(3, fake_host_event(&d->host, MODEL_EV_REQUEST)->value);
	EXPECT_EQ(1, d->host.msis);
	bal_pfns(d, 1, pfns + 1, 1);
	bal_expect_used(d, 1, 0);
	EXPECT_EQ(2, bal_read(d, "balloon", "pages"));
	bal_pfns(d, 0, pfns + 1, 1);
	EXPECT_EQ(3, bal_read(d, "balloon", "pages"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon, many_pages_in_one_request)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t pfns[1000];

	for (uint32_t i = 0; i < 1000; i++)
		pfns[i] = 0xfffffff0u + i; /* beyond 2^32 it comes round */
	bal_pfns(d, 0, pfns, 1000);
	EXPECT_EQ(1000, bal_read(d, "balloon", "pages"));
	bal_pfns(d, 1, pfns, 999);
	EXPECT_EQ(1, bal_read(d, "balloon", "pages"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon, a_request_however_it_is_cut)
{
	struct drv *d = bal_start(false, F_ALL);
	uint64_t at = drv_alloc(d, 16);
	struct drv_buf bufs[3] = { { at, 3, 0 }, { at + 3, 0, 0 },
				   { at + 3, 5, 0 } };

	bal_put32(d, at, 0x12345);
	bal_put32(d, at + 4, 0x54321);
	drv_publish(d, 0, drv_chain(d, 0, bufs, 3));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(2, bal_read(d, "balloon", "pages"));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

TEST(balloon, pages_keep_their_contents_unless_it_is_told_to_discard)
{
	for (int discard = 0; discard < 2; discard++) {
		struct drv *d = bal_start(discard, F_ALL);
		uint32_t page = bal_page(d);
		uint64_t at = (uint64_t)page << 12;

		bal_put32(d, at, 0x55555555);
		bal_put32(d, at + 4092, 0x55555555);
		bal_put32(d, at + 4096, 0x55555555);
		d->next = at + 8192;
		bal_pfns(d, 0, &page, 1);
		EXPECT_EQ(discard ? 0 : 0x5555, drv_ram16(d, at));
		EXPECT_EQ(discard ? 0 : 0x5555, drv_ram16(d, at + 4094));
		EXPECT_EQ(0x5555, drv_ram16(d, at + 4096));
		drv_free(d);
	}
}

/* ---- what a driver does wrong ---- */

TEST(balloon, a_page_that_is_in_already_or_not_in)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t pfns[2] = { 7, 7 };

	bal_pfns(d, 0, pfns, 2);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "in it already"));
	EXPECT_EQ(1, bal_errors(d));
	EXPECT_EQ(1, bal_read(d, "balloon", "pages"));
	bal_pfns(d, 1, pfns, 2);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not in it"));
	EXPECT_EQ(2, bal_errors(d));
	EXPECT_EQ(0, bal_read(d, "balloon", "pages"));
	bal_expect_used(d, 0, 0);
	bal_expect_used(d, 1, 0);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(balloon, a_page_that_is_no_memory_is_left_out)
{
	struct drv *d = bal_start(true, F_ALL);
	uint32_t pfns[2] = { 1, bal_page(d) };

	bal_pfns(d, 0, pfns, 2);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "no memory"));
	EXPECT_EQ(1, bal_read(d, "balloon", "pages"));
	bal_expect_used(d, 0, 0);
	drv_free(d);
}

static const struct {
	uint32_t len;
	uint16_t flags;
	const char *rule;
	uint32_t pages;
} shapes[] = {
	{ 0, 0, "no array", 0 },
	{ 3, 0, "no array", 0 },
	{ 7, 0, "no array", 1 },
	{ 8, 2, "no array", 0 },
	{ 4 * 16385, 0, "more than 16384", 16384 },
};

TEST(balloon, requests_that_are_no_array_of_numbers)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		for (uint16_t q = 0; q < 2; q++) {
			struct drv *d = bal_start(false, F_ALL);
			uint64_t at = drv_alloc(d, 4 * 16385);

			TEST_ROW("shape %zu, queue %u", i, q);
			for (uint32_t k = 0; k < 16385; k++)
				bal_put32(d, at + 4 * k, k);
			bal_send(d, q, at, shapes[i].len, shapes[i].flags);
			bal_expect_used(d, q, 0);
			if (!q) {
				EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR,
						     shapes[i].rule));
				EXPECT_EQ(shapes[i].pages,
					  bal_read(d, "balloon", "pages"));
			}
			EXPECT_GE(bal_errors(d), 1);
			EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
			drv_free(d);
		}
	}
}

TEST(balloon, a_writable_part_is_told_and_not_written)
{
	struct drv *d = bal_start(false, F_ALL);
	struct drv_buf bufs[2] = { { drv_alloc(d, 4), 4, 0 },
				   { drv_alloc(d, 4), 4, 2 } };

	drv_publish(d, 0, drv_chain(d, 0, bufs, 2));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not written"));
	EXPECT_EQ(1, bal_read(d, "balloon", "pages"));
	bal_expect_used(d, 0, 0);
	drv_free(d);
}

TEST(balloon, an_address_that_nobody_answers_for)
{
	struct drv *d = bal_start(false, F_ALL);

	bal_send(d, 0, 0x10, 8, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "answered by nobody"));
	EXPECT_EQ(0, bal_read(d, "balloon", "pages"));
	bal_expect_used(d, 0, 0);
	drv_free(d);
}

/* ---- configuration space ---- */

TEST(balloon_config, only_actual_and_poison_val_are_the_drivers)
{
	struct drv *d = bal_start(false, F_ALL);

	drv_write(d, 0x2000, 4, 5);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "the device's"));
	drv_write(d, 0x2008, 4, 5);
	EXPECT_EQ(2, bal_errors(d));
	drv_write(d, 0x200c, 4, 5);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "after DRIVER_OK"));
	drv_write(d, 0x2004, 4, 0x01020304);
	EXPECT_EQ(3, bal_errors(d));
	EXPECT_EQ(0, drv_read(d, 0x2000, 4));
	EXPECT_EQ(0x01020304, drv_read(d, 0x2004, 4));
	EXPECT_EQ(0, drv_read(d, 0x2008, 4));
	EXPECT_EQ(0, drv_read(d, 0x200c, 4));
	drv_free(d);
}

TEST(balloon_config, poison_val_before_driver_ok_and_only_with_its_feature)
{
	struct drv *d = bal_new(false);

	drv_negotiate(d, F_POISON);
	drv_write(d, 0x200c, 4, 0xaaaaaaaa);
	EXPECT_EQ(0xaaaaaaaa, drv_read(d, 0x200c, 4));
	EXPECT_EQ(0, bal_errors(d));
	drv_negotiate(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x200c, 4));
	drv_write(d, 0x200c, 4, 0xaaaaaaaa);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not negotiated"));
	EXPECT_EQ(0, drv_read(d, 0x200c, 4));
	drv_free(d);
}

TEST(balloon_config, a_reset_empties_it_and_leaves_the_target)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t pfn = 7;

	bal_act(d, "balloon.target", 9);
	bal_pfns(d, 0, &pfn, 1);
	drv_write(d, 0x2004, 4, 1);
	drv_status(d, 0);
	EXPECT_EQ(9, bal_read(d, "config", "num_pages"));
	EXPECT_EQ(0, bal_read(d, "config", "actual"));
	EXPECT_EQ(0, bal_read(d, "balloon", "pages"));
	drv_start(d, F_ALL);
	bal_pfns(d, 0, &pfn, 1);
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
}

/* ---- the operator's target ---- */

TEST(balloon_target, is_told_by_the_generation_and_an_interrupt)
{
	struct drv *d = bal_start(false, F_ALL);

	drv_read(d, 0x2000, 4);
	EXPECT_EQ(0, bal_act(d, "balloon.target", 700));
	EXPECT_EQ(700, drv_read(d, 0x2000, 4));
	EXPECT_EQ(1, drv_read(d, 0x15, 1));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x30, d->host.last_msi.data);
	EXPECT_EQ(2, drv_read(d, 0x1000, 1));
	EXPECT_EQ(0, d->host.actions_done);
	drv_free(d);
}

TEST(balloon_target, is_reached_when_actual_says_so)
{
	struct drv *d = bal_start(false, F_ALL);

	bal_act(d, "balloon.target", 700);
	drv_write(d, 0x2004, 4, 256);
	drv_write(d, 0x2004, 4, 699);
	EXPECT_EQ(0, d->host.actions_done);
	drv_write(d, 0x2004, 4, 700);
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, d->host.action_result);
	drv_write(d, 0x2004, 4, 700);
	EXPECT_EQ(1, d->host.actions_done);
	drv_free(d);
}

TEST(balloon_target, where_it_is_already_ends_at_once_and_tells_nothing)
{
	struct drv *d = bal_start(false, F_ALL);

	EXPECT_EQ(0, bal_act(d, "balloon.target", 0));
	EXPECT_EQ(1, d->host.actions_done);
	EXPECT_EQ(0, d->host.msis);
	drv_free(d);
}

TEST(balloon_target, a_new_one_takes_the_place_of_the_last)
{
	struct drv *d = bal_start(false, F_ALL);

	bal_act(d, "balloon.target", 700);
	bal_act(d, "balloon.target", 300);
	EXPECT_EQ(2, d->host.msis);
	drv_write(d, 0x2004, 4, 700);
	EXPECT_EQ(0, d->host.actions_done);
	drv_write(d, 0x2004, 4, 300);
	EXPECT_EQ(1, d->host.actions_done);
	drv_free(d);
}

TEST(balloon_target, set_before_there_is_a_driver_is_found_by_it)
{
	struct drv *d = bal_new(false);

	EXPECT_EQ(0, bal_act(d, "balloon.target", 50));
	EXPECT_EQ(0, d->host.msis);
	drv_start(d, F_ALL);
	EXPECT_EQ(50, drv_read(d, 0x2000, 4));
	drv_write(d, 0x2004, 4, 50);
	EXPECT_EQ(1, d->host.actions_done);
	drv_free(d);
}

TEST(balloon_target, on_each_rung)
{
	struct drv *d = bal_new(false);

	drv_start_intx(d, F_ALL);
	bal_act(d, "balloon.target", 1);
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(2, drv_read(d, 0x1000, 1));
	EXPECT_FALSE(d->host.line);
	drv_free(d);
	d = bal_start(false, F_ALL);
	drv_write(d, 0x10, 2, 0xffff);
	bal_act(d, "balloon.target", 1);
	EXPECT_EQ(0, d->host.msis);
	EXPECT_EQ(4, fake_host_event(&d->host, MODEL_EV_NOTIFY)->value);
	drv_free(d);
}

/* Queues that share one vector, and the line: which queue it was is not told. */
TEST(balloon, interrupts_of_queues_on_each_rung)
{
	struct drv *d = bal_start(false, F_ALL);
	uint32_t pfn = 7;

	bal_pfns(d, 0, &pfn, 1);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	bal_pfns(d, 1, &pfn, 1);
	EXPECT_EQ(0x32, d->host.last_msi.data);
	for (uint16_t q = 0; q < 2; q++) {
		drv_write(d, 0x16, 2, q);
		drv_write(d, 0x1a, 2, 1);
	}
	bal_pfns(d, 0, &pfn, 1);
	bal_pfns(d, 1, &pfn, 1);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	EXPECT_EQ(4, d->host.msis);
	drv_free(d);
	d = bal_new(false);
	drv_start_intx(d, F_ALL);
	bal_pfns(d, 0, &pfn, 1);
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(1, drv_read(d, 0x1000, 1));
	drv_free(d);
}

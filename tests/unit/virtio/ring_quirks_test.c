/* SPDX-License-Identifier: MIT */
/*
 * The rules of virtqueues that a device can be made to break: each is kept
 * without its quirk and broken with it.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define F_EVENT_IDX (1ull << 29)

static struct drv *with(const char *quirk, int effect)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	if (quirk)
		fake_host_fault(&d->host, quirk, FAKE_ANY, 0, effect);
	return d;
}

/* Runs the body without the quirk (broken false) and with it (true). */
#define BOTH(name, effect)                                                    \
	for (int broken = 0; broken < 2; broken++)                            \
		for (struct drv *d = with(broken ? (name) : NULL, effect); d; \
		     drv_free(d), d = NULL)

/* The place of the first post of `len` bytes to `addr`; -1: there is none. */
static int post_at(struct drv *d, uint64_t addr, uint32_t len)
{
	for (unsigned int i = 0; i < d->host.nposts; i++)
		if (d->host.posts[i].kind == FAKE_POST_WRITE &&
		    d->host.posts[i].addr == addr && d->host.posts[i].len == len)
			return (int)i;
	return -1;
}

TEST(ring_quirks, index_before_element)
{
	BOTH("device.used.order", 1) {
		int element, index;

		drv_start(d, 0);
		fake_host_forget(&d->host);
		drv_submit(d, 0, 0, 0, 512);
		element = post_at(d, d->q[0].used + 4, 8);
		index = post_at(d, d->q[0].used + 2, 2);
		ASSERT_TRUE(element >= 0 && index >= 0);
		EXPECT_EQ(broken, index < element);
	}
}

TEST(ring_quirks, used_length)
{
	/* A read beyond the disk writes its status alone: no byte without a gap.
	 * Effects: whole, long, zero. */
	static const uint32_t failed[] = { 0, 513, 514, 0 };
	static const uint32_t good[] = { 513, 513, 514, 0 };

	for (int effect = 1; effect <= 3; effect++)
		BOTH("device.used.length", effect) {
			uint32_t id, len;

			drv_start(d, 0);
			TEST_ROW("effect %d", effect);
			drv_submit(d, 0, 0, 1u << 30, 512);
			ASSERT_TRUE(drv_used(d, 0, &id, &len));
			EXPECT_EQ(failed[broken ? effect : 0], len);
			drv_submit(d, 0, 0, 0, 512);
			ASSERT_TRUE(drv_used(d, 0, &id, &len));
			EXPECT_EQ(good[broken ? effect : 0], len);
		}
}

TEST(ring_quirks, used_id)
{
	for (int effect = 1; effect <= 2; effect++)
		BOTH("device.used.id", effect) {
			struct drv_request r;
			uint32_t id, len;

			drv_start(d, 0);
			r = drv_submit(d, 0, 0, 0, 512);
			ASSERT_TRUE(drv_used(d, 0, &id, &len));
			EXPECT_EQ(!broken ? r.head : effect == 1 ? r.head + 1u
								 : 8u, id);
		}
}

/* Two at once, of which the driver asked to be told of the first. */
TEST(ring_quirks, used_event_by_equality)
{
	BOTH("device.used.event", 1) {
		drv_start(d, F_EVENT_IDX);
		drv_put16(d, d->q[0].avail + 4 + 2 * 8, 0);
		fake_host_forget(&d->host);
		drv_publish(d, 0, drv_prepare(d, 0, 0, 0, 512).head);
		drv_publish(d, 0, drv_prepare(d, 0, 0, 1, 512).head);
		drv_kick(d, 0);
		drv_run(d);
		EXPECT_EQ(broken ? 0 : 1, d->host.msis);
	}
}

TEST(ring_quirks, never_an_interrupt)
{
	static const uint64_t features[] = { 0, F_EVENT_IDX };

	for (unsigned int i = 0; i < 2; i++)
		BOTH("device.used.event", 2) {
			drv_start(d, features[i]);
			drv_submit(d, 0, 0, 0, 512);
			EXPECT_EQ(broken ? 0 : 1, d->host.msis);
		}
}

TEST(ring_quirks, always_an_interrupt)
{
	BOTH("device.used.event", 3) {
		drv_start(d, 0);
		drv_put16(d, d->q[0].avail, 1); /* NO_INTERRUPT */
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(broken ? 1 : 0, d->host.msis);
	}
}

TEST(ring_quirks, avail_event_not_negotiated)
{
	BOTH("device.avail.event", 1) {
		drv_start(d, 0);
		fake_host_forget(&d->host);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(broken, post_at(d, d->q[0].used + 4 + 8 * 8, 2) >= 0);
	}
}

/* What becomes available while the device goes to sleep is seen by the last look
 * alone: the driver was told that no kick is needed. */
static void publish_late(struct fake_host *h)
{
	drv_publish(h->arg, 0, drv_prepare(h->arg, 0, 0, 1, 512).head);
}

TEST(ring_quirks, ring_not_looked_at_again)
{
	BOTH("device.avail.rearm", 1) {
		unsigned int calls;
		uint32_t id, len;

		drv_start(d, F_EVENT_IDX);
		drv_submit(d, 0, 0, 0, 512);
		calls = d->host.dma_calls;
		drv_submit(d, 0, 0, 0, 512);
		calls = d->host.dma_calls - calls;
		while (drv_used(d, 0, &id, &len))
			;
		d->host.arg = d;
		d->host.on_fail = publish_late;
		/* Inside the write of avail_event; a look follows it. */
		fake_host_fail_at(&d->host, broken ? calls : calls - 1,
				  FAKE_FAIL_CALL);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(!broken, drv_used(d, 0, &id, &len));
	}
}

TEST(ring_quirks, kick_lost)
{
	BOTH("device.kick.lost", 1) {
		uint32_t id, len;

		drv_start(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(!broken, drv_used(d, 0, &id, &len));
	}
}

TEST(ring_quirks, second_of_two_is_used_first)
{
	const struct drv_options o = { .offer = 1ull << 35 };

	for (int broken = 0; broken < 2; broken++) {
		struct drv *d = drv_new(&o);
		struct drv_request first, second;
		uint32_t id, len;

		if (broken)
			fake_host_fault(&d->host, "device.used.in_order",
					FAKE_ANY, 0, 1);
		drv_start(d, 1ull << 35);
		first = drv_prepare(d, 0, 0, 0, 512);
		drv_publish(d, 0, first.head);
		second = drv_prepare(d, 0, 0, 1, 512);
		drv_publish(d, 0, second.head);
		drv_kick(d, 0);
		drv_run(d);
		ASSERT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(broken ? second.head : first.head, id);
		ASSERT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(broken ? first.head : second.head, id);
		drv_free(d);
	}
}

/* Sector 2^55 times 512 is 2^64. */
TEST(ring_quirks, sector_that_overflows)
{
	BOTH("device.blk.overflow", 1) {
		struct drv_request r;

		drv_start(d, 0);
		r = drv_submit(d, 0, 0, 1ull << 55, 512);
		EXPECT_EQ(broken ? 0 : 1, drv_result(d, &r));
		EXPECT_EQ(broken, !memcmp(drv_ram(d, r.data, 512), d->image,
					  512));
		r = drv_submit(d, 0, 0, 1ull << 40, 512);
		EXPECT_EQ(1, drv_result(d, &r));
	}
}

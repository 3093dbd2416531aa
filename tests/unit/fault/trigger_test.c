/* SPDX-License-Identifier: MIT */
/*
 * Events that arm and disarm rules.
 */
#include "sim/fault/trigger.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

static const struct fault_point request = {
	.name = "guest.irq.request", .errors = "EBUSY",
};

struct bench {
	struct feed feed;
	struct fault_engine *engine;
	struct pattern from, until;
	struct fault_triggers *triggers;
};

static void set_up(struct bench *b, const char *from, const char *until)
{
	struct fault_rule r = { .device = FAULT_ANY, .queue = FAULT_ANY,
				.cpu = FAULT_ANY, .waits = from != NULL };
	struct fault_trigger t = { .from = from ? &b->from : NULL,
				   .until = until ? &b->until : NULL };
	const char *error;

	feed_init(&b->feed);
	b->engine = fault_engine_create(1);
	r.point = fault_engine_add_point(b->engine, &request);
	t.rule = fault_engine_add_rule(b->engine, &r);
	if (from)
		EXPECT_TRUE(pattern_parse(&b->from, from, &b->feed.world,
					  &error));
	if (until)
		EXPECT_TRUE(pattern_parse(&b->until, until, &b->feed.world,
					  &error));
	b->triggers = fault_triggers_create(b->engine, b->feed.bus, &t, 1);
	EXPECT_TRUE(b->triggers != NULL);
}

static void take_down(struct bench *b)
{
	fault_triggers_destroy(b->triggers);
	fault_engine_destroy(b->engine);
	feed_done(&b->feed);
}

static bool fires(struct bench *b)
{
	struct fault_hit hit;

	return fault_engine_hit(b->engine, 0, 0, FAULT_ANY, 0, &hit);
}

TEST(trigger, from_until)
{
	struct bench b;

	set_up(&b, "disk1/queue-vector index=2", "disk1/status value=0");
	EXPECT_FALSE(fires(&b));
	feed_model(&b.feed, 0, MODEL_EV_QUEUE_VECTOR, 2, 1, NULL);
	feed_model(&b.feed, 1, MODEL_EV_QUEUE_VECTOR, 1, 1, NULL);
	EXPECT_FALSE(fires(&b));
	feed_model(&b.feed, 1, MODEL_EV_QUEUE_VECTOR, 2, 1, NULL);
	EXPECT_TRUE(fires(&b));
	feed_model(&b.feed, 1, MODEL_EV_STATUS, 0xffff, 4, NULL);
	EXPECT_TRUE(fires(&b));
	feed_model(&b.feed, 1, MODEL_EV_STATUS, 0xffff, 0, NULL);
	EXPECT_FALSE(fires(&b));
	feed_model(&b.feed, 1, MODEL_EV_QUEUE_VECTOR, 2, 1, NULL);
	EXPECT_TRUE(fires(&b));
	EXPECT_EQ(2, fault_rule_armings(b.engine, 0));
	take_down(&b);
}

TEST(trigger, until_alone)
{
	struct bench b;

	set_up(&b, NULL, "probe-begin");
	EXPECT_TRUE(fires(&b));
	feed_note(&b.feed, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	EXPECT_FALSE(fires(&b));
	take_down(&b);
}

/* One event ends a window and begins the next. */
TEST(trigger, an_event_that_is_both_leaves_the_rule_armed)
{
	struct bench b;

	set_up(&b, "probe-begin", "probe-begin");
	feed_note(&b.feed, 0, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b.feed, 1, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	EXPECT_TRUE(fires(&b));
	EXPECT_EQ(2, fault_rule_armings(b.engine, 0));
	take_down(&b);
}

/* A fault that fires is an event: it can be what another waits for. */
TEST(trigger, by_a_fault)
{
	struct bench b;

	set_up(&b, "guest.mem.alloc", NULL);
	feed_fault(&b.feed, 0, "guest.dma.map", 12, 1);
	EXPECT_FALSE(fires(&b));
	feed_fault(&b.feed, 0, "guest.mem.alloc", 12, 1);
	EXPECT_TRUE(fires(&b));
	take_down(&b);
}

TEST(trigger, without_any_nobody_watches)
{
	struct feed f;
	struct fault_engine *e = fault_engine_create(1);
	struct fault_triggers *t;

	feed_init(&f);
	t = fault_triggers_create(e, f.bus, NULL, 0);
	EXPECT_TRUE(t != NULL);
	EXPECT_FALSE(event_wanted(f.bus, EV_MODEL));
	EXPECT_FALSE(event_wanted(f.bus, EV_NOTE));
	fault_triggers_destroy(t);
	fault_engine_destroy(e);
	feed_done(&f);
}

/* SPDX-License-Identifier: MIT */
/*
 * Patterns that name events.
 */
#include "sim/observe/pattern.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

/* Does the pattern match the event?  -1: the pattern is wrong. */
static int matches(struct feed *f, const char *words, struct event ev)
{
	struct pattern p;
	const char *error;

	if (!pattern_parse(&p, words, &f->world, &error))
		return -1;
	return pattern_matches(&p, f->bus, &ev);
}

TEST(pattern, kinds_devices_and_fields)
{
	struct feed f;
	struct event ev = { .kind = EV_MODEL, .len = MODEL_EV_STATUS,
			    .value = 0xf, .device = 1, .cpu = EVENT_NO_CPU };

	feed_init(&f);
	EXPECT_EQ(1, matches(&f, "status", ev));
	EXPECT_EQ(1, matches(&f, "disk1/status", ev));
	EXPECT_EQ(0, matches(&f, "disk0/status", ev));
	EXPECT_EQ(1, matches(&f, "disk1/status value=0xf", ev));
	EXPECT_EQ(1, matches(&f, "status value=15 cpu=255", ev));
	EXPECT_EQ(0, matches(&f, "status value=0xb", ev));
	EXPECT_EQ(0, matches(&f, "features", ev));
	EXPECT_EQ(1, matches(&f, "model", ev));
	EXPECT_EQ(0, matches(&f, "probe-begin", ev));
	feed_done(&f);
}

TEST(pattern, notes_and_texts)
{
	struct feed f;
	struct event ev = { .kind = EV_NOTE, .index = MACHINE_NOTE_SERVICE,
			    .device = 0 };

	feed_init(&f);
	ev.text = event_intern(f.bus, "request_irq(virtio0-config) is here");
	EXPECT_EQ(1, matches(&f, "disk0/service", ev));
	EXPECT_EQ(1, matches(&f, "service virtio0-config", ev));
	EXPECT_EQ(1, matches(&f, "service config) is", ev));
	EXPECT_EQ(0, matches(&f, "service virtio1", ev));
	ev.text = 0;
	EXPECT_EQ(0, matches(&f, "service virtio0", ev));
	feed_done(&f);
}

TEST(pattern, fault_points)
{
	struct feed f;
	struct event ev = { .kind = EV_FAULT, .device = 0 };

	feed_init(&f);
	ev.text = event_intern(f.bus, "guest.irq.request");
	EXPECT_EQ(1, matches(&f, "guest.irq.request", ev));
	EXPECT_EQ(0, matches(&f, "guest.mem.alloc", ev));
	feed_done(&f);
}

TEST(pattern, mistakes_are_named)
{
	struct feed f;
	struct pattern p;
	const char *error = "";

	feed_init(&f);
	EXPECT_FALSE(pattern_parse(&p, "", &f.world, &error));
	EXPECT_SUBSTR(error, "event is wanted");
	EXPECT_FALSE(pattern_parse(&p, "disk9/status", &f.world, &error));
	EXPECT_SUBSTR(error, "no such device");
	EXPECT_FALSE(pattern_parse(&p, "statis", &f.world, &error));
	EXPECT_SUBSTR(error, "no event");
	EXPECT_FALSE(pattern_parse(&p,
		"log 0123456789012345678901234567890123456789012345678901234567"
		"89012345678901234567890123456789012345678", &f.world, &error));
	EXPECT_SUBSTR(error, "95 bytes");
	feed_done(&f);
}

TEST(pattern, names_are_one_name_space)
{
	unsigned int i, k;
	struct feed f;
	struct pattern p;
	const char *error;

	feed_init(&f);
	for (i = 0; i < MACHINE_NOTE_COUNT; i++) {
		ASSERT_TRUE(pattern_parse(&p, note_kind_name(i), &f.world,
					  &error));
		EXPECT_EQ(EV_NOTE, p.kind);
		EXPECT_EQ(i, p.subkind);
	}
	for (k = 0; k < MODEL_EV_COUNT; k++) {
		ASSERT_TRUE(pattern_parse(&p, model_event_name(k), &f.world,
					  &error));
		EXPECT_EQ(EV_MODEL, p.kind);
		EXPECT_EQ(k, p.subkind);
	}
	feed_done(&f);
}

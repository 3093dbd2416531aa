/* SPDX-License-Identifier: MIT */
/*
 * The observer bus: numbering, who sees what, interned texts.
 */
#include <stdio.h>
#include <string.h>

#include "models/pci/function.h"
#include "sim/observe/event.h"
#include "tests/shim/gtest_c.h"

struct recorder {
	struct observer observer;
	unsigned int count;
	uint64_t last_seq;
	char *order;
	char mark;
};

static void record(struct observer *o, const struct event *ev)
{
	struct recorder *r = (struct recorder *)o;

	r->count++;
	r->last_seq = ev->seq;
	if (r->order) {
		size_t len = strlen(r->order);

		r->order[len] = r->mark;
		r->order[len + 1] = '\0';
	}
}

TEST(event_bus, shows_only_wanted_kinds_and_numbers_all)
{
	struct event_bus *bus = event_bus_create();
	struct recorder r = { .observer = { .kinds = 1ull << EV_MSI,
					    .see = record } };
	struct event ev = { .kind = EV_LOG };

	ASSERT_NE(NULL, bus);
	EXPECT_FALSE(event_wanted(bus, EV_MSI));
	event_bus_add(bus, &r.observer);
	EXPECT_TRUE(event_wanted(bus, EV_MSI));
	EXPECT_FALSE(event_wanted(bus, EV_LOG));
	event_emit(bus, &ev);
	EXPECT_EQ(1, ev.seq);
	ev.kind = EV_MSI;
	event_emit(bus, &ev);
	EXPECT_EQ(1, r.count);
	EXPECT_EQ(2, r.last_seq);
	EXPECT_EQ(2, event_count(bus));
	event_bus_destroy(bus);
}

TEST(event_bus, calls_observers_in_the_order_of_joining)
{
	struct event_bus *bus = event_bus_create();
	char order[8] = "";
	struct recorder a = { { .kinds = ~0ull, .see = record }, 0, 0, order, 'a' };
	struct recorder b = { { .kinds = ~0ull, .see = record }, 0, 0, order, 'b' };
	struct event ev = { .kind = EV_END };

	event_bus_add(bus, &b.observer);
	event_bus_add(bus, &a.observer);
	event_emit(bus, &ev);
	EXPECT_STREQ("ba", order);
	event_bus_destroy(bus);
}

TEST(event_bus, of_what_models_tell_an_observer_may_want_some)
{
	struct event_bus *bus = event_bus_create();
	char order[8] = "";
	struct recorder a = { { .see = record }, 0, 0, order, 'a' };
	struct recorder b = { { .kinds = 1ull << EV_MODEL, .see = record }, 0, 0, order, 'b' };
	struct event ev = { .kind = EV_MODEL, .len = MODEL_EV_KICK };

	event_bus_add_model(bus, &a.observer, 1ull << MODEL_EV_NOTIFY, record);
	EXPECT_TRUE(event_wanted(bus, EV_MODEL));
	event_bus_add(bus, &b.observer);
	event_emit(bus, &ev);
	EXPECT_STREQ("b", order);
	ev.len = MODEL_EV_NOTIFY;
	event_emit(bus, &ev);
	EXPECT_STREQ("bab", order);
	ev.len = 1000; /* none that there is */
	event_emit(bus, &ev);
	EXPECT_STREQ("babb", order);
	EXPECT_EQ(3, ev.seq);
	event_bus_destroy(bus);
}

static void record_message(struct observer *o, const struct event *ev)
{
	record(o, ev);
	((struct recorder *)o)->last_seq += 100;
}

TEST(event_bus, a_kind_may_have_a_function_of_its_own)
{
	struct event_bus *bus = event_bus_create();
	struct recorder r = { .observer = { .kinds = 1ull << EV_LOG,
					    .see = record } };
	struct event ev = { .kind = EV_MSI };

	event_bus_add(bus, &r.observer);
	event_bus_add_kind(bus, &r.observer, EV_MSI, record_message);
	EXPECT_TRUE(event_wanted(bus, EV_MSI));
	event_emit(bus, &ev);
	EXPECT_EQ(101, r.last_seq);
	ev.kind = EV_LOG;
	event_emit(bus, &ev);
	EXPECT_EQ(2, r.last_seq);
	EXPECT_EQ(2, r.count);
	event_bus_destroy(bus);
}

TEST(event_bus, a_kind_is_dropped_and_added_again)
{
	struct event_bus *bus = event_bus_create();
	struct recorder first = { .observer = { .see = record } };
	struct recorder second = { .observer = { .see = record } };
	struct event ev = { .kind = EV_MSI };

	event_bus_add_kind(bus, &first.observer, EV_MSI, record);
	event_bus_add_kind(bus, &second.observer, EV_MSI, record);
	event_bus_drop_kind(bus, &first.observer, EV_MSI);
	event_bus_drop_kind(bus, &first.observer, EV_MSI);
	event_emit(bus, &ev);
	EXPECT_EQ(0, first.count);
	EXPECT_EQ(1, second.count);
	event_bus_drop_kind(bus, &second.observer, EV_MSI);
	EXPECT_FALSE(event_wanted(bus, EV_MSI));
	event_bus_add_kind(bus, &first.observer, EV_MSI, record);
	event_emit(bus, &ev);
	EXPECT_EQ(1, first.count);
	EXPECT_EQ(1, second.count);
	event_bus_destroy(bus);
}

TEST(event_bus, equal_texts_get_equal_numbers)
{
	struct event_bus *bus = event_bus_create();
	char text[] = "virtio0-config";
	uint32_t a = event_intern(bus, text), b;

	text[6] = '1';
	b = event_intern(bus, text);
	EXPECT_EQ(0, event_intern(bus, NULL));
	EXPECT_NE(0, a);
	EXPECT_NE(a, b);
	EXPECT_EQ(a, event_intern(bus, "virtio0-config"));
	EXPECT_STREQ("virtio0-config", event_text(bus, a));
	EXPECT_STREQ("virtio1-config", event_text(bus, b));
	EXPECT_EQ(NULL, event_text(bus, 0));
	EXPECT_EQ(NULL, event_text(bus, 3));
	event_bus_destroy(bus);
}

/* These two have the same 32-bit FNV-1a hash. */
TEST(event_bus, texts_of_one_hash_stay_apart)
{
	struct event_bus *bus = event_bus_create();
	uint32_t a = event_intern(bus, "costarring");
	uint32_t b = event_intern(bus, "liquid");

	EXPECT_NE(a, b);
	EXPECT_STREQ("liquid", event_text(bus, b));
	EXPECT_EQ(a, event_intern(bus, "costarring"));
	event_bus_destroy(bus);
}

TEST(event_bus, ten_thousand_texts_stay_where_they_are)
{
	struct event_bus *bus = event_bus_create();
	const char *first;
	char text[32];
	unsigned int i;

	first = event_text(bus, event_intern(bus, "text 0"));
	for (i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "text %u", i);
		ASSERT_EQ(i + 1, event_intern(bus, text));
	}
	EXPECT_EQ(first, event_text(bus, 1));
	for (i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "text %u", i);
		ASSERT_EQ(i + 1, event_intern(bus, text));
		ASSERT_STREQ(text, event_text(bus, i + 1));
	}
	event_bus_destroy(bus);
}

TEST(event_bus, a_text_longer_than_a_chunk)
{
	struct event_bus *bus = event_bus_create();
	static char text[200000];
	uint32_t n;

	memset(text, 'x', sizeof(text) - 1);
	n = event_intern(bus, text);
	event_intern(bus, "after");
	EXPECT_STREQ(text, event_text(bus, n));
	EXPECT_EQ(n, event_intern(bus, text));
	event_bus_destroy(bus);
}

TEST(event_kinds, have_names_and_fields)
{
	unsigned int i, k;

	EXPECT_STREQ("config-read", event_kind_name(EV_CONFIG_READ));
	EXPECT_STREQ("end", event_kind_name(EV_END));
	for (i = 0; i < EV_COUNT; i++)
		for (k = 0; k < i; k++)
			EXPECT_NE(0, strcmp(event_kind_name((enum event_kind)i),
					    event_kind_name(
						    (enum event_kind)k)));
	EXPECT_SUBSTR(event_kind_fields(EV_MSI), "vector");
	EXPECT_STREQ("?", event_kind_name(EV_COUNT));
}

/* SPDX-License-Identifier: MIT */
/*
 * `expect:` every form of every type, and what an entry is about.
 */
#include <string.h>

#include "models/pci/registers.h"
#include "sim/scenario/expect_keys.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

static struct scenario *load(const char *expects)
{
	char text[2048];

	snprintf(text, sizeof(text), FAKE_MACHINE "expect:\n%s", expects);
	return fake_load(text);
}

static const struct scn_match *match(const struct scenario *s, size_t entry,
				     const char *key)
{
	static const struct scn_match none;
	const struct scn_expect *e = &s->expects[entry];

	for (size_t i = 0; i < e->nchecks; i++)
		if (strcmp(e->checks[i].key, key) == 0)
			return &e->checks[i].match;
	ADD_FAILURE("no check '%s'", key);
	return &none;
}

TEST(expect, device)
{
	fake_enter();
	struct scenario *s = load(
		"  - device: d0\n"
		"    interrupts: msix-shared\n"
		"    vectors: 2\n"
		"    binds: [intx, fails]\n"
		"    probe: ok\n"
		"    rung: low\n"
		"    queues: {min: 1, max: 4}\n"
		"    kicks: {min: 1}\n"
		"    msis: {max: 9}\n"
		"    intx_edges: {not: 3}\n"
		"    violations: 1\n"
		"    requests: {completed: 5, failed: 0}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(1, s->nexpects);
	EXPECT_EQ(SUBJECT_DEVICE, s->expects[0].subject);
	EXPECT_EQ(0, s->expects[0].device);
	EXPECT_EQ(12, s->expects[0].nchecks);
	EXPECT_EQ(7, s->expects[0].pos.line);
	EXPECT_EQ(MATCH_EQUAL, match(s, 0, "interrupts")->kind);
	EXPECT_STREQ("msix-shared", match(s, 0, "interrupts")->value.s);
	EXPECT_EQ(SCN_INT, match(s, 0, "vectors")->value.type);
	EXPECT_EQ(2, match(s, 0, "vectors")->value.i);
	ASSERT_EQ(2, match(s, 0, "binds")->value.count);
	EXPECT_STREQ("fails", match(s, 0, "binds")->value.items[1].s);
	EXPECT_EQ(MATCH_EQUAL, match(s, 0, "probe")->kind);
	EXPECT_STREQ("ok", match(s, 0, "probe")->value.s);
	EXPECT_STREQ("low", match(s, 0, "rung")->value.s);
	EXPECT_EQ(MATCH_RANGE, match(s, 0, "queues")->kind);
	EXPECT_EQ(1, match(s, 0, "queues")->min);
	EXPECT_EQ(4, match(s, 0, "queues")->max);
	EXPECT_TRUE(match(s, 0, "kicks")->has_min);
	EXPECT_FALSE(match(s, 0, "kicks")->has_max);
	EXPECT_TRUE(match(s, 0, "msis")->has_max);
	EXPECT_EQ(MATCH_NOT, match(s, 0, "intx_edges")->kind);
	EXPECT_EQ(3, match(s, 0, "intx_edges")->value.i);
	EXPECT_EQ(5, match(s, 0, "requests.completed")->value.i);
	EXPECT_EQ(0, match(s, 0, "requests.failed")->value.i);
	scenario_free(s);
	fake_leave();
}

TEST(expect, position_is_that_of_the_value)
{
	fake_enter();
	struct scenario *s = load("  - {device: d0, vectors: 2}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(7, s->expects[0].checks[0].pos.line);
	EXPECT_EQ(27, s->expects[0].checks[0].pos.column);
	EXPECT_STREQ("s.yaml", s->expects[0].checks[0].pos.file);
	scenario_free(s);
	fake_leave();
}

TEST(expect, dotted_key_is_the_same_as_a_nested_one)
{
	fake_enter();
	struct scenario *s = load("  - {device: d0, requests.failed: 1}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(1, match(s, 0, "requests.failed")->value.i);
	scenario_free(s);
	fake_leave();
}

TEST(expect, probe)
{
	fake_enter();
	struct scenario *s = load("  - {device: d0, probe: fails}\n"
				  "  - {device: d0, probe: {fails: ENOSPC}}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(MATCH_FAILS, match(s, 0, "probe")->kind);
	EXPECT_EQ(SCN_NONE, match(s, 0, "probe")->value.type);
	EXPECT_EQ(MATCH_FAILS, match(s, 1, "probe")->kind);
	EXPECT_EQ(SCN_INT, match(s, 1, "probe")->value.type);
	EXPECT_EQ(28, match(s, 1, "probe")->value.i);
	scenario_free(s);
	fake_leave();
}

TEST(expect, features)
{
	fake_enter();
	struct scenario *s = load(
		"  - {device: d0, features: {offered: [VIRTIO_F_VERSION_1, FAKE_F_ONE]}}\n"
		"  - {device: d0, features: {negotiated: {not: [{bit: 51}]}}}\n"
		"  - {device: d0, features: {negotiated: {exactly: []}}}\n");
	const struct scn_match *m;

	ASSERT_TRUE(s);
	m = match(s, 0, "features.offered");
	EXPECT_EQ(MATCH_CONTAINS, m->kind);
	ASSERT_EQ(2, m->value.count);
	EXPECT_EQ(0, m->value.items[0].i); /* ascending */
	EXPECT_STREQ("FAKE_F_ONE", m->value.items[0].s);
	EXPECT_EQ(32, m->value.items[1].i);
	m = match(s, 1, "features.negotiated");
	EXPECT_EQ(MATCH_NOT, m->kind);
	EXPECT_EQ(51, m->value.items[0].i);
	EXPECT_FALSE(m->value.items[0].s);
	m = match(s, 2, "features.negotiated");
	EXPECT_EQ(MATCH_EQUAL, m->kind);
	EXPECT_EQ(0, m->value.count);
	scenario_free(s);
	fake_leave();
}

TEST(expect, faults_run_and_order)
{
	fake_enter();
	struct scenario *s = load(
		"  - {fault: guest.fake.irq, hits: 1, calls: {min: 2}}\n"
		"  - {fault: device.fake.no, device: d0, hits: 0}\n"
		"  - {time: {max: 1ms}}\n"
		"  - {log: {contains: \"hello\"}, violations: 2}\n"
		"  - {log: {not: panic}}\n"
		"  - {order: [d0/probe-end, \"irq-enter cpu=0\"]}\n"
		"  - {guest: other, device: d0, rung: anything}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(SUBJECT_FAULT, s->expects[0].subject);
	EXPECT_STREQ("guest.fake.irq", s->expects[0].fault);
	EXPECT_EQ(0xffffffffu, s->expects[0].device);
	EXPECT_EQ(1, match(s, 0, "hits")->value.i);
	EXPECT_EQ(SUBJECT_FAULT, s->expects[1].subject);
	EXPECT_EQ(0, s->expects[1].device);
	EXPECT_EQ(SUBJECT_RUN, s->expects[2].subject);
	EXPECT_EQ(1000000000, match(s, 2, "time")->max); /* ps */
	EXPECT_EQ(MATCH_CONTAINS, match(s, 3, "log")->kind);
	EXPECT_STREQ("hello", match(s, 3, "log")->value.s);
	EXPECT_EQ(MATCH_NOT, match(s, 4, "log")->kind);
	EXPECT_EQ(SUBJECT_ORDER, s->expects[5].subject);
	ASSERT_EQ(2, match(s, 5, "order")->value.count);
	EXPECT_STREQ("d0/probe-end", match(s, 5, "order")->value.items[0].s);
	EXPECT_EQ(7 + 5, match(s, 5, "order")->value.items[1].pos.line);
	EXPECT_STREQ("other", s->expects[6].guest);
	EXPECT_STREQ("anything", match(s, 6, "rung")->value.s);
	scenario_free(s);
	fake_leave();
}

TEST(expect, each_key_of_the_table_is_found)
{
	size_t n = 0;

	for (const struct expect_key *k = expect_keys; k->name; k++, n++) {
		TEST_ROW("%s", k->name);
		EXPECT_EQ(k, expect_key_find(k->subject, k->name));
		EXPECT_TRUE(k->about && *k->about);
	}
	EXPECT_GE(n, 20);
	EXPECT_FALSE(expect_key_find(SUBJECT_FAULT, "vectors"));
}

TEST(expect, readings)
{
	fake_enter();
	struct scenario *s = load(
		"  - {device: d0, dials: {speed: 3, free-space: {min: 1}}}\n");

	ASSERT_TRUE(s);
	EXPECT_EQ(2, s->expects[0].nchecks);
	EXPECT_EQ(3, match(s, 0, "dials.speed")->value.i);
	EXPECT_EQ(MATCH_RANGE, match(s, 0, "dials.free-space")->kind);
	EXPECT_STREQ("dials", s->expects[0].checks[1].reading->name);
	EXPECT_STREQ("free-space", s->expects[0].checks[1].field->name);
	scenario_free(s);
	fake_leave();
}

/* SPDX-License-Identifier: MIT */
/*
 * What becomes of requests that are in flight when the device is unbound,
 * pulled out, asks for a reset or simply says nothing: a reader on a thread of
 * its own, and the test on the first one.
 */
#include <errno.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

#define MS 1000000ull /* ns */

struct reader {
	struct rig *r;
	const struct guest_action *read, *unbind;
	struct guest_value values[8];  /* of blk.read */
	struct machine_event *ended;
	int result;
	bool done;
	/* The story: what happens while it reads; then unbind or not. */
	void (*happens)(struct reader *rd);
	bool unbinds;
	int unbound;                   /* the result of unbind */
	uint64_t took;                 /* ns, from `happens` to the end */
};

static const struct guest_action *action(const struct rig *r, const char *name)
{
	const struct guest_action *a = r->guest->actions;

	while (strcmp(a->name, name))
		a++;
	return a;
}

static struct machine *machine(const struct reader *rd)
{
	return flat_machine_of(rd->r->fm);
}

static void read_all(void *arg)
{
	struct reader *rd = arg;

	rd->result = rd->read->run(rd->values);
	rd->done = true;
	flat_calls()->event_signal(machine(rd), rd->ended, true);
}

static void sleep_until(struct reader *rd, uint64_t when)
{
	const struct machine_calls *c = flat_calls();
	struct machine_event *never = c->event_create(machine(rd), "clock");

	c->event_wait(machine(rd), never, when, 0);
	c->event_destroy(machine(rd), never);
}

/* Runs on the guest's first thread. */
static int story(void *arg)
{
	const struct machine_calls *c = flat_calls();
	struct reader *rd = arg;
	struct guest_value device = { .given = true, .i = RIG_BDF };
	uint64_t begin;

	rd->ended = c->event_create(machine(rd), "reader");
	c->thread_create(machine(rd), "reader", 0, read_all, rd);
	begin = c->now(machine(rd)) + MS / 2;
	sleep_until(rd, begin);
	if (rd->happens)
		rd->happens(rd);
	if (rd->unbinds)
		rd->unbound = rd->unbind->run(&device);
	while (!rd->done)
		c->event_wait(machine(rd), rd->ended, UINT64_MAX, 0);
	rd->took = c->now(machine(rd)) - begin;
	c->event_destroy(machine(rd), rd->ended);
	return 0;
}

static void tell(struct reader *rd, struct rig *r, uint64_t delay)
{
	const struct guest_param *p;
	size_t i;

	rd->r = r;
	rd->read = action(r, "blk.read");
	rd->unbind = action(r, "driver.unbind");
	for (i = 0, p = rd->read->params; p[i].name; i++)
		rd->values[i].i = p[i].deflt;
	rd->values[0] = (struct guest_value){ .given = true, .i = RIG_BDF };
	rd->values[5] = (struct guest_value){ .given = true, .i = 4 };
	EXPECT_STREQ("depth", rd->read->params[5].name);
	EXPECT_EQ(0, rig_boot(r));
	r->dev->lane_delay = delay;
	EXPECT_EQ(0, flat_call(r->fm, story, rd));
}

/* 8 requests, 4 at a time, a millisecond each time: nothing disturbs them. */
TEST(driver_in_flight, left_alone)
{
	struct rig *r = rig_open(NULL);
	struct reader rd = { 0 };

	ASSERT_TRUE(r);
	tell(&rd, r, MS * 1000);
	EXPECT_EQ(0, rd.result);
	EXPECT_EQ(8, rig_notes(r, MACHINE_NOTE_REQUEST, NULL));
	rig_close(r);
}

/* What is in flight comes back, and no more is sent. */
TEST(driver_in_flight, unbind_waits_for_it)
{
	struct rig *r = rig_open(NULL);
	struct reader rd = { .unbinds = true };
	const struct flat_record *last;

	ASSERT_TRUE(r);
	tell(&rd, r, MS * 1000);
	EXPECT_EQ(0, rd.unbound);
	EXPECT_EQ(-ENODEV, rd.result);
	EXPECT_LT(rd.took, 10 * MS);
	last = flat_note(r->fm, MACHINE_NOTE_REQUEST, NULL);
	EXPECT_EQ(-ENODEV, last->result);
	EXPECT_EQ(-ENODEV, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

static void pull_out(struct reader *rd)
{
	flat_unplug(rd->r->fm, RIG_BDF);
}

/* Nothing comes back any more, which the driver sees at once. */
TEST(driver_in_flight, pulled_out)
{
	struct rig *r = rig_open(NULL);
	struct reader rd = { .happens = pull_out, .unbinds = true };

	ASSERT_TRUE(r);
	tell(&rd, r, MS * 1000);
	EXPECT_EQ(0, rd.unbound);
	EXPECT_EQ(-EIO, rd.result);
	EXPECT_LT(rd.took, 100 * MS);
	rig_close(r);
}

static bool swallow_kicks(struct meddler *m, uint32_t bar, uint64_t offset,
			  uint32_t width, uint64_t *value)
{
	(void)m;
	(void)width;
	(void)value;
	return bar != 4 || offset < 0x3000;
}

/* A device that answers nothing is given some seconds, then reset. */
TEST(driver_in_flight, unbind_of_a_dumb_device)
{
	struct rig *r = rig_open(NULL);
	struct reader rd = { .unbinds = true };

	ASSERT_TRUE(r);
	r->dev->on_bar_write = swallow_kicks;
	tell(&rd, r, 0);
	EXPECT_EQ(0, rd.unbound);
	EXPECT_EQ(-EIO, rd.result);
	EXPECT_GE(rd.took, 4000 * MS);
	EXPECT_LT(rd.took, 6000 * MS);
	EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_DMA_MAPPING));
	rig_close(r);
}

static bool wants_reset;

static uint64_t show_needs_reset(struct meddler *m, uint32_t bar,
				 uint64_t offset, uint32_t width,
				 uint64_t value)
{
	(void)width;
	if (!wants_reset || bar != 4)
		return value;
	if (offset == 0x14 && value)
		return value | 0x40;
	if (offset != 0x1000)
		return value;
	m->outer->ops->intx(m->outer, 1, false);
	return value | 2;
}

static void want_reset(struct reader *rd)
{
	wants_reset = true;
	rd->r->dev->outer->ops->intx(rd->r->dev->outer, 1, true);
}

/* 2.1.2: with DEVICE_NEEDS_RESET nothing in flight is counted on. */
TEST(driver_in_flight, needs_reset)
{
	struct rig_options o = RIG_DEFAULTS;
	struct reader rd = { .happens = want_reset };
	struct rig *r;

	o.msix_entries = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	wants_reset = false;
	r->dev->on_bar_read = show_needs_reset;
	r->dev->on_bar_write = swallow_kicks;
	tell(&rd, r, 0);
	EXPECT_EQ(-EIO, rd.result);
	EXPECT_LT(rd.took, 100 * MS);
	wants_reset = false;
	r->dev->on_bar_write = NULL;
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

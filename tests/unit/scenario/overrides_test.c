/* SPDX-License-Identifier: MIT */
/*
 * --set, --inject, --guest and --seed.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

static struct scenario *with_set(const char *text, const char *a,
				 const char *b)
{
	const char *const set[] = { a, b, NULL };
	const struct scn_overrides o = { .set = set };

	return fake_load_cell(text, "", &o);
}

static struct scenario *with_inject(const char *text, const char *option)
{
	const char *const inject[] = { option, NULL };
	const struct scn_overrides o = { .inject = inject };

	return fake_load_cell(text, "", &o);
}

TEST(overrides, set_changes_and_adds)
{
	fake_enter();
	struct scenario *s = with_set(FAKE_MACHINE, "machine.cpus=4",
				      "budget.time=5us");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(4, s->cpus);
	EXPECT_EQ(5000000, s->budget_ps);
	scenario_free(s);
	fake_leave();
}

TEST(overrides, set_finds_items_by_id_or_number)
{
	fake_enter();
	struct scenario *s = with_set(FAKE_MACHINE
				      "faults: [{point: guest.fake.irq}]\n",
				      "machine.devices.d0.queues=8",
				      "faults.0.nth=6");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(8, s->devices[0].config.values[1].i);
	EXPECT_EQ(6, s->faults[0].rule.nth);
	scenario_free(s);
	fake_leave();
}

TEST(overrides, set_finds_keys_with_dots)
{
	fake_enter();
	struct scenario *s = with_set(FAKE_MACHINE
		"workload: [{fake.work: {device: d0}}]\n"
		"expect: [{device: d0, requests.failed: 0}]\n",
		"workload.0.fake.work.fails=EIO", "expect.0.requests.failed=7");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(5, s->steps[0].fails);
	ASSERT_EQ(1, s->expects[0].nchecks);
	EXPECT_EQ(7, s->expects[0].checks[0].match.value.i);
	scenario_free(s);
	fake_leave();
}

TEST(overrides, set_takes_lists)
{
	fake_enter();
	struct scenario *s = with_set(FAKE_MACHINE, "tags=[a, b]",
				      "workload=[{fake.idle: }]");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_STREQ("b", s->tags[1]);
	EXPECT_EQ(1, s->nsteps);
	scenario_free(s);
	fake_leave();
}

TEST(overrides, mistakes_of_set_name_the_option)
{
	fake_enter();
	EXPECT_FALSE(with_set(FAKE_MACHINE, "machine.cpu=4",
			      "machine.cpus=many"));
	EXPECT_STREQ("--set machine.cpu=4: error: unknown key 'cpu'"
		     " [unknown-key]\n"
		     "  hint: did you mean 'cpus'?\n"
		     "--set machine.cpus=many: error: expected a number, found"
		     " 'many' [wrong-type]\n", fake_printed);
	EXPECT_FALSE(with_set(FAKE_MACHINE, "machine.cpus", "seed.x=1"));
	EXPECT_SUBSTR(fake_printed,
		      "--set machine.cpus: error: expected PATH=VALUE"
		      " [bad-option]\n"
		      "  hint: as in --set machine.cpus=4\n");
	EXPECT_FALSE(with_set(FAKE_MACHINE, "machine.devices.d7.queues=1",
			      "schema.a.b=1"));
	EXPECT_STREQ("--set machine.devices.d7.queues=1: error: the list has"
		     " no item 'd7' [bad-option]\n"
		     "  hint: items are named by their `id` or by a number"
		     " from 0\n"
		     "--set schema.a.b=1: error: there is nothing below a"
		     " value: 'a' [bad-option]\n", fake_printed);
	EXPECT_FALSE(with_set(FAKE_MACHINE, "name=[", "seed=2"));
	EXPECT_SUBSTR(fake_printed, "this [ is never closed [syntax]");
	fake_leave();
}

TEST(overrides, set_below_a_value)
{
	fake_enter();
	EXPECT_FALSE(with_set(FAKE_MACHINE, "schema.x=1", NULL));
	EXPECT_STREQ("--set schema.x=1: error: there is nothing below a value:"
		     " 'x' [bad-option]\n", fake_printed);
	fake_leave();
}

TEST(overrides, inject)
{
	fake_enter();
	struct scenario *s = with_inject(FAKE_MACHINE,
					 "guest.fake.irq@d0#3=ENOMEM");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	ASSERT_EQ(1, s->nfaults);
	EXPECT_STREQ("guest.fake.irq", s->faults[0].point);
	EXPECT_EQ(0, s->faults[0].rule.device);
	EXPECT_EQ(3, s->faults[0].rule.nth);
	EXPECT_EQ(1, s->faults[0].rule.times);
	EXPECT_EQ(12, s->faults[0].rule.error);
	scenario_free(s);
	fake_leave();
}

/* A name in small letters is an effect's. */
TEST(overrides, inject_an_effect)
{
	fake_enter();
	struct scenario *s = with_inject(FAKE_MACHINE,
					 "device.fake.odd@d0#3=never");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(3, s->faults[0].rule.effect);
	EXPECT_EQ(0, s->faults[0].rule.error);
	EXPECT_EQ(3, s->faults[0].rule.nth);
	scenario_free(s);
	EXPECT_FALSE(with_inject(FAKE_MACHINE, "device.fake.odd=newer"));
	EXPECT_STREQ("--inject device.fake.odd=newer: error: unknown effect"
		     " 'newer' [unknown-effect]\n"
		     "  hint: did you mean 'never'?\n", fake_printed);
	fake_leave();
}

TEST(overrides, inject_joins_the_faults_of_the_file)
{
	fake_enter();
	struct scenario *s = with_inject(FAKE_MACHINE
					 "faults: [{point: guest.fake.irq}]\n",
					 "guest.fake.alloc");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	ASSERT_EQ(2, s->nfaults);
	EXPECT_STREQ("guest.fake.alloc", s->faults[1].point);
	EXPECT_EQ(0xffffffffu, s->faults[1].rule.device);
	EXPECT_EQ(1, s->faults[1].rule.nth);
	EXPECT_EQ(0, s->faults[1].rule.times);
	scenario_free(s);
	fake_leave();
}

TEST(overrides, mistakes_of_inject_name_the_option)
{
	fake_enter();
	EXPECT_FALSE(with_inject(FAKE_MACHINE, "guest.fake.irk@d1#x=EWHAT"));
	EXPECT_STREQ("--inject guest.fake.irk@d1#x=EWHAT: error: expected a"
		     " number, found 'x' [wrong-type]\n"
		     "--inject guest.fake.irk@d1#x=EWHAT: error: unknown error"
		     " 'EWHAT' [unknown-error]\n"
		     "  hint: names of Linux: EBUSY, EIO, ENODEV, ENOMEM,"
		     " ENOSPC...\n"
		     "--inject guest.fake.irk@d1#x=EWHAT: error: unknown device"
		     " 'd1' [unknown-device]\n"
		     "  hint: did you mean 'd0'?\n"
		     "--inject guest.fake.irk@d1#x=EWHAT: error: no fault point"
		     " 'guest.fake.irk' in this machine [unknown-point]\n"
		     "  hint: did you mean 'guest.fake.irq'?\n", fake_printed);
	EXPECT_FALSE(with_inject(FAKE_MACHINE, "@d0"));
	EXPECT_STREQ("--inject @d0: error: expected POINT@DEVICE#N=ERRNO"
		     " or =EFFECT [bad-option]\n"
		     "  hint: as in --inject guest.irq.request@disk0#1=EBUSY\n",
		     fake_printed);
	fake_leave();
}

TEST(overrides, seed_and_guest)
{
	const struct scn_overrides o = { .has_seed = true, .seed = 77,
					 .guest = "fake" };

	fake_enter();
	struct scenario *s = fake_load_cell("schema: 1\n"
					    "seed: 5\n"
					    "machine: {guest: nobody}\n",
					    "", &o);

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(77, s->seed);
	EXPECT_STREQ("fake", s->guest->name);
	scenario_free(s);
	fake_leave();
}

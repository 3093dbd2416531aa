/* SPDX-License-Identifier: MIT */
/* The actions register.read and register.write: past any driver. */
#include "tests/unit/guest_kernel/rig.h"

#include <string.h>

static int act(struct rig *r, const char *name, const char *args)
{
	return flat_action(r->fm, name, args);
}

/* The last write that came to the device, taken back. */
static bool wrote(struct rig *r, int bar, uint64_t offset, uint32_t width,
		  uint64_t value)
{
	const struct toy_write *w = &r->toy->log[r->toy->writes - 1];

	return r->toy->writes && w->bar == bar && w->offset == offset &&
	       w->width == width && w->value == value;
}

TEST(guest_register, reads_and_writes_by_the_width_that_is_asked_for)
{
	static const struct row {
		const char *args;
		int bar;
		uint64_t offset;
		uint32_t width;
		uint64_t value;
	} rows[] = {
		{ "device=00:03.0,bar=0,offset=64,value=305419896", 0, 64, 4,
		  0x12345678 },
		{ "device=00:03.0,bar=0,offset=66,width=2,value=258", 0, 66, 2,
		  0x102 },
		{ "device=00:03.0,bar=0,offset=65,width=1,value=7", 0, 65, 1, 7 },
		{ "device=00:03.0,offset=4,width=2,value=2", -1, 4, 2, 2 },
		{ "device=00:03.0,offset=60,width=1,value=9", -1, 60, 1, 9 },
		{ "device=00:03.0,offset=4,value=2", -1, 4, 4, 2 },
	};
	struct rig r;
	size_t i;

	ASSERT_TRUE(rig_create(&r, NULL));
	ASSERT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(0, act(&r, "register.write",
			 "device=00:03.0,offset=4,width=2,value=2"));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *w = &rows[i];

		TEST_ROW("%s", w->args);
		EXPECT_EQ(0, act(&r, "register.write", w->args));
		EXPECT_TRUE(wrote(&r, w->bar, w->offset, w->width, w->value));
	}
	EXPECT_EQ(0, act(&r, "register.read",
			 "device=00:03.0,bar=0,offset=64,expect=16910200"));
	EXPECT_TRUE(flat_logged(r.fm, "register 0x40 shows 0x1020778"));
	EXPECT_EQ(0, act(&r, "register.read",
			 "device=00:03.0,bar=0,offset=66,width=2,expect=258"));
	EXPECT_EQ(0, act(&r, "register.read",
			 "device=00:03.0,bar=0,offset=65,width=1,expect=7"));
	EXPECT_EQ(0, act(&r, "register.read",
			 "device=00:03.0,offset=4,width=2,expect=2"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_register, a_value_that_is_not_expected_fails_the_action)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	ASSERT_EQ(0, flat_boot(r.fm, r.image->guest));
	EXPECT_EQ(-74, act(&r, "register.read",
			   "device=00:03.0,offset=14,width=1,expect=5"));
	EXPECT_EQ(0, act(&r, "register.read",
			 "device=00:03.0,offset=14,width=1"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_register, what_the_bus_cannot_do_is_refused)
{
	static const struct {
		const char *args;
		int error;
	} rows[] = {
		{ "device=00:04.0,offset=0", -19 },
		{ "device=00:03.0,bar=6,offset=0", -22 },
		{ "device=00:03.0,bar=-2,offset=0", -22 },
		{ "device=00:03.0,bar=5,offset=0", -22 },
		{ "device=00:03.0,bar=0,offset=4096", -22 },
		{ "device=00:03.0,bar=0,offset=4094", -22 },
		{ "device=00:03.0,bar=0,offset=-4", -22 },
		{ "device=00:03.0,offset=4096", -22 },
		{ "device=00:03.0,bar=0,offset=2", -22 },
		{ "device=00:03.0,bar=0,offset=0,width=3", -22 },
		{ "device=00:03.0,bar=0,offset=0,width=8", -22 },
		{ "device=00:03.0,bar=0,offset=0,width=1,expect=256", -22 },
		{ "device=00:03.0,bar=0,offset=0,expect=-1", -22 },
	};
	struct rig r;
	size_t i;

	ASSERT_TRUE(rig_create(&r, NULL));
	ASSERT_EQ(0, flat_boot(r.fm, r.image->guest));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i].args);
		EXPECT_EQ(rows[i].error,
			  act(&r, "register.read", rows[i].args));
	}
	EXPECT_EQ(-22, act(&r, "register.write",
			   "device=00:03.0,bar=0,offset=0,width=2,value=65536"));
	rig_end(&r);
	rig_destroy(&r);
}

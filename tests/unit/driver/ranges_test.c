/* SPDX-License-Identifier: MIT */
/*
 * blk.discard, blk.secure-erase, blk.write-zeroes and blk.lifetime: within the
 * limits that the device names, and past them where that is asked for.
 */
#include <errno.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

#define F_RO (1ull << 5)
#define F_LIFETIME (1ull << 15)
#define F_SECURE_ERASE (1ull << 16)

static struct rig *booted(uint64_t offer, uint64_t withhold)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.offer = offer;
	o.withhold = withhold;
	r = rig_open(&o);
	if (r)
		EXPECT_EQ(0, rig_boot(r));
	return r;
}

static bool zeroed(const struct rig *r, unsigned int sector)
{
	static const uint8_t zeroes[512];

	return !memcmp(r->medium + sector * 512, zeroes, 512);
}

TEST(driver_ranges, zeroes_are_read_afterwards)
{
	struct rig *r = booted(0, 0);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.write-zeroes",
			    "sector=3,sectors=10,segments=3"));
	EXPECT_TRUE(!zeroed(r, 2) && zeroed(r, 3) && zeroed(r, 12) &&
		    !zeroed(r, 13));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.write-zeroes",
			    "sector=63,sectors=1,unmap=true"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=4"));
	rig_close(r);
}

TEST(driver_ranges, what_the_device_does_not_take_is_not_sent)
{
	static const struct {
		const char *action, *args;
		int error, unchecked;
	} rows[] = {
		{ "blk.discard", "sectors=17,segments=17", -EINVAL, -EIO },
		{ "blk.write-zeroes", "sectors=17,segments=17", -EINVAL, -EIO },
		{ "blk.secure-erase", "sectors=17,segments=17", -EINVAL, -EIO },
		{ "blk.discard", "sector=60,sectors=5", -EINVAL, -EIO },
		{ "blk.discard", "sector=65,sectors=1", -EINVAL, -EIO },
		{ "blk.discard", "sectors=40000", -EINVAL, -EIO },
		{ "blk.discard", "sectors=1,flags=1", -EINVAL, -EOPNOTSUPP },
		{ "blk.write-zeroes", "sectors=1,flags=2", -EINVAL,
		  -EOPNOTSUPP },
		{ "blk.write-zeroes", "sectors=1,surplus=4", -EINVAL, -EIO },
	};
	struct rig *r = booted(F_SECURE_ERASE, 0);
	char args[80];
	size_t i;

	ASSERT_TRUE(r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t sent = rig_notes(r, MACHINE_NOTE_REQUEST, NULL);

		TEST_ROW("%s %s", rows[i].action, rows[i].args);
		EXPECT_EQ(rows[i].error,
			  rig_do(r, rows[i].action, rows[i].args));
		EXPECT_EQ(sent, rig_notes(r, MACHINE_NOTE_REQUEST, NULL));
		strcpy(args, rows[i].args);
		strcat(args, ",unchecked=true");
		EXPECT_EQ(rows[i].unchecked,
			  rig_do(r, rows[i].action, args));
		EXPECT_EQ(sent + 1, rig_notes(r, MACHINE_NOTE_REQUEST, NULL));
	}
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

TEST(driver_ranges, what_makes_no_request_is_refused_in_any_case)
{
	static const char *const rows[] = {
		"sectors=0", "sectors=-1", "sector=-1,sectors=1",
		"sectors=2,segments=3", "sectors=1,segments=0",
		"sectors=2000,segments=1025", "sectors=1,queue=1",
		"sectors=1,queue=-2", "sectors=1,surplus=-1",
		"sectors=1,surplus=4096", "sectors=1,flags=-1",
	};
	struct rig *r = booted(0, 0);
	char args[80];
	size_t i;

	ASSERT_TRUE(r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i]);
		strcpy(args, rows[i]);
		strcat(args, ",unchecked=true");
		EXPECT_EQ(-EINVAL, rig_do(r, "blk.discard", args));
	}
	EXPECT_EQ(-EOPNOTSUPP, rig_do(r, "blk.secure-erase", "sectors=1"));
	EXPECT_EQ(-EOPNOTSUPP, rig_do(r, "blk.lifetime", NULL));
	rig_close(r);
}

TEST(driver_ranges, lifetime_and_a_read_only_disk)
{
	struct rig *r = booted(F_LIFETIME | F_RO, 0);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.lifetime", NULL));
	EXPECT_TRUE(flat_logged(r->fm, "lifetime: 1, 1, 1"));
	EXPECT_EQ(-EINVAL, rig_do(r, "blk.discard", "sectors=1"));
	EXPECT_EQ(-EIO, rig_do(r, "blk.discard", "sectors=1,unchecked=true"));
	EXPECT_EQ(-EROFS, rig_do(r, "blk.write", "sectors=1"));
	EXPECT_EQ(-EIO, rig_do(r, "blk.write", "sectors=1,unchecked=true"));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

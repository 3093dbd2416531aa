/* SPDX-License-Identifier: MIT */
/* Formatting, strings, numbers, the log. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_text, integers_are_formatted)
CASE(guest_text, strings_are_formatted)
CASE(guest_text, long_texts_are_cut)
CASE(guest_text, memory_functions_at_every_length)
CASE(guest_text, string_functions)
CASE(guest_text, numbers_from_text)
CASE(guest_text, bits_and_checksums)

TEST(guest_text, log_lines)
{
	struct rig r;
	size_t n;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "log_lines"));
	n = flat_records(r.fm);
	ASSERT_GE(n, 3);
	EXPECT_STREQ("one", flat_record(r.fm, n - 3)->text);
	EXPECT_EQ(3, flat_record(r.fm, n - 3)->index);
	EXPECT_STREQ("two 2", flat_record(r.fm, n - 2)->text);
	EXPECT_EQ(3, flat_record(r.fm, n - 2)->index);
	EXPECT_STREQ("three", flat_record(r.fm, n - 1)->text);
	EXPECT_EQ(6, flat_record(r.fm, n - 1)->index);
	rig_end(&r);
	rig_destroy(&r);
}

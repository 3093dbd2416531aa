/* SPDX-License-Identifier: MIT */
/*
 * The progress line.
 */
#include <stdio.h>

#include "sim/suite/progress.h"
#include "tests/shim/gtest_c.h"

static const char *line(size_t done, size_t failed, size_t total, uint64_t ms)
{
	const struct progress p = { .total = total, .done = done,
				    .failed = failed };
	static char text[128];
	struct textbuf out;

	textbuf_init(&out);
	progress_text(&p, ms, &out);
	snprintf(text, sizeof(text), "%s", out.data);
	textbuf_free(&out);
	return text;
}

TEST(progress, rate_and_what_is_left)
{
	EXPECT_STREQ("120 of 512 done, 2 failed, 400 a second, 1 s left",
		     line(120, 2, 512, 300));
	EXPECT_STREQ("512 of 512 done, 0 failed, 256 a second, 0 s left",
		     line(512, 0, 512, 2000));
	EXPECT_STREQ("1 of 3 done, 0 failed, 1.0 a second, 2 s left",
		     line(1, 0, 3, 1000));
	EXPECT_STREQ("1 of 512 done, 0 failed, 0.1 a second, 77 min left",
		     line(1, 0, 512, 9000));
	EXPECT_STREQ("3 of 10 done, 1 failed, 0.5 a second, 14 s left",
		     line(3, 1, 10, 6000));
	EXPECT_STREQ("1 of 120 done, 0 failed, 1.0 a second, 119 s left",
		     line(1, 0, 120, 1000));
	EXPECT_STREQ("1 of 121 done, 0 failed, 1.0 a second, 2 min left",
		     line(1, 0, 121, 1000));
}

TEST(progress, nothing_is_promised_before_there_is_a_rate)
{
	EXPECT_STREQ("0 of 512 done, 0 failed", line(0, 0, 512, 0));
	EXPECT_STREQ("0 of 512 done, 0 failed", line(0, 0, 512, 5000));
	EXPECT_STREQ("1 of 512 done, 0 failed", line(1, 0, 512, 0));
}

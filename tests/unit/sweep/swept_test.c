/* SPDX-License-Identifier: MIT */
/*
 * Outcomes: their way between processes, their order, and what is no news.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/swept.h"
#include "tests/shim/gtest_c.h"

static struct swept make(uint64_t point, uint64_t device, uint64_t occurrence,
			   uint64_t choice)
{
	char spec[] = "guest.irq.request@disk0#1=EBUSY";
	char name[] = "guest.irq.request";
	const struct swept_fault f = { point, device, occurrence, choice,
					 spec, name };
	struct swept o;

	swept_init(&o);
	swept_fault(&o, &f);
	return o;
}

TEST(swept, packed_and_unpacked_is_the_same)
{
	struct swept a = make(3, 1, 7, 2), b;
	struct swept_finding *f;
	struct textbuf out;
	size_t at = 0;

	a.number = 11;
	a.reach = 12;
	a.time_ps = 13;
	a.simulator = true;
	f = swept_finding(&a, "leak", "f < g", "64 bytes\n");
	free(f->lines);
	f->lines = strdup("disk.c:3 f\ndisk.c:9 g\n");
	swept_finding(&a, "crash", "", "");
	textbuf_init(&out);
	swept_pack(&a, &out);
	swept_pack(&a, &out);
	ASSERT_TRUE(swept_unpack(&b, out.data, out.len, &at));
	EXPECT_EQ(out.len / 2, at);
	EXPECT_EQ(11, b.number);
	EXPECT_EQ(12, b.reach);
	EXPECT_EQ(13, b.time_ps);
	EXPECT_TRUE(b.simulator);
	EXPECT_EQ(0, swept_compare(&a, &b));
	EXPECT_STREQ("guest.irq.request@disk0#1=EBUSY", b.faults[0].spec);
	EXPECT_STREQ("guest.irq.request", b.faults[0].name);
	ASSERT_EQ(2, b.nfindings);
	EXPECT_STREQ("leak", b.findings[0].code);
	EXPECT_STREQ("f < g", b.findings[0].where);
	EXPECT_STREQ("64 bytes\n", b.findings[0].text);
	EXPECT_STREQ("disk.c:3 f\ndisk.c:9 g\n", b.findings[0].lines);
	EXPECT_STREQ("", b.findings[1].lines);
	swept_free(&b);
	EXPECT_TRUE(swept_unpack(&b, out.data, out.len, &at));
	EXPECT_EQ(out.len, at);
	swept_free(&b);
	EXPECT_FALSE(swept_unpack(&b, out.data, out.len, &at));
	swept_free(&a);
	textbuf_free(&out);
}

TEST(swept, bytes_that_end_early_are_none)
{
	struct swept a = make(3, 1, 7, 2), b;
	struct textbuf out;
	size_t len, at;

	swept_finding(&a, "leak", "f < g", "64 bytes\n");
	textbuf_init(&out);
	swept_pack(&a, &out);
	for (len = 0; len < out.len; len++) {
		at = 0;
		EXPECT_FALSE(swept_unpack(&b, out.data, len, &at));
		EXPECT_EQ(0, at);
	}
	swept_free(&a);
	textbuf_free(&out);
}

TEST(swept, order_is_point_device_occurrence_choice)
{
	static const uint64_t rows[][4] = {
		{ 1, 0, 1, 0 }, { 1, 0, 1, 1 }, { 1, 0, 2, 0 }, { 1, 1, 1, 0 },
		{ 2, 0, 1, 0 },
	};
	struct swept a, b;
	size_t i;

	for (i = 0; i + 1 < 5; i++) {
		a = make(rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
		b = make(rows[i + 1][0], rows[i + 1][1], rows[i + 1][2],
			 rows[i + 1][3]);
		EXPECT_TRUE(swept_compare(&a, &b) < 0);
		EXPECT_TRUE(swept_compare(&b, &a) > 0);
		swept_fault(&a, &a.faults[0]);
		/* Two faults come after one. */
		EXPECT_TRUE(swept_compare(&a, &b) > 0);
		swept_free(&a);
		swept_free(&b);
	}
}

TEST(swept, what_is_found_without_a_fault_is_no_news)
{
	struct swept known, o;

	swept_init(&known);
	swept_init(&o);
	swept_finding(&known, "violation", "", "kicked early [violation]\n");
	swept_finding(&o, "violation", "",
			"kicked early (and more) [violation]\n");
	swept_finding(&o, "violation", "", "kicked late [violation]\n");
	swept_finding(&o, "leak", "", "kicked early [violation]\n");
	swept_drop_findings(&o, &known);
	ASSERT_EQ(2, o.nfindings);
	EXPECT_STREQ("kicked late [violation]\n", o.findings[0].text);
	EXPECT_STREQ("leak", o.findings[1].code);
	swept_drop_code(&o, "violation");
	ASSERT_EQ(1, o.nfindings);
	EXPECT_STREQ("leak", o.findings[0].code);
	swept_free(&known);
	swept_free(&o);
}

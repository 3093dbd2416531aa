/* SPDX-License-Identifier: MIT */
/*
 * Numbers with units, UTF-8, the arena.
 */
#include <string.h>

#include "sim/scenario/text.h"
#include "tests/shim/gtest_c.h"

#define FAILED INT64_C(-99999)

static const struct number {
	const char *text;
	enum text_number result;
	int64_t value;
} sizes[] = {
	{ "0", TEXT_OK, 0 },
	{ "512", TEXT_OK, 512 },
	{ "512B", TEXT_OK, 512 },
	{ "0x10", TEXT_OK, 16 },
	{ "1_000", TEXT_OK, 1000 },
	{ "64KiB", TEXT_OK, 65536 },
	{ "1 MiB", TEXT_OK, 1048576 },
	{ "2GiB", TEXT_OK, INT64_C(2147483648) },
	{ "8589934591GiB", TEXT_OK, INT64_C(9223372035781033984) },
	{ "8589934592GiB", TEXT_TOO_BIG, FAILED },
	{ "99999999999999999999", TEXT_TOO_BIG, FAILED },
	{ "99999999999999999999KiB", TEXT_TOO_BIG, FAILED },
	{ "64KB", TEXT_BAD_UNIT, FAILED },
	{ "64kib", TEXT_BAD_UNIT, FAILED },
	{ "1.5MiB", TEXT_BAD_UNIT, FAILED },
	{ "_1", TEXT_NOT_A_NUMBER, FAILED },
	{ "1_", TEXT_BAD_UNIT, FAILED },
	{ "-1", TEXT_NOT_A_NUMBER, FAILED },
	{ "", TEXT_NOT_A_NUMBER, FAILED },
	{ "0x", TEXT_NOT_A_NUMBER, FAILED },
	{ "KiB", TEXT_NOT_A_NUMBER, FAILED },
}, times[] = {
	{ "0", TEXT_OK, 0 },
	{ "0.0", TEXT_OK, 0 },
	{ "7ps", TEXT_OK, 7 },
	{ "10ns", TEXT_OK, 10000 },
	{ "1.5us", TEXT_OK, 1500000 },
	{ "2.25 ms", TEXT_OK, INT64_C(2250000000) },
	{ "3s", TEXT_OK, INT64_C(3000000000000) },
	{ "0.000001s", TEXT_OK, 1000000 },
	{ "1.9999999999999s", TEXT_OK, INT64_C(1999999000000) },
	{ "1.5ps", TEXT_OK, 1 },
	{ "9223372s", TEXT_OK, INT64_C(9223372000000000000) },
	{ "9223373s", TEXT_TOO_BIG, FAILED },
	{ "9223372.999999s", TEXT_TOO_BIG, FAILED },
	{ "18446744073709551616ns", TEXT_TOO_BIG, FAILED },
	{ "10", TEXT_NEEDS_UNIT, FAILED },
	{ "0.5", TEXT_NEEDS_UNIT, FAILED },
	{ "10m", TEXT_BAD_UNIT, FAILED },
	{ "10.ns", TEXT_BAD_UNIT, FAILED },
	{ ".5us", TEXT_NOT_A_NUMBER, FAILED },
	{ "-1ns", TEXT_NOT_A_NUMBER, FAILED },
}, numbers[] = {
	{ "0", TEXT_OK, 0 },
	{ "-0", TEXT_OK, 0 },
	{ "+7", TEXT_OK, 7 },
	{ "-12", TEXT_OK, -12 },
	{ "0xFf", TEXT_OK, 255 },
	{ "9223372036854775807", TEXT_OK, INT64_MAX },
	{ "9223372036854775808", TEXT_TOO_BIG, FAILED },
	{ "-9223372036854775808", TEXT_TOO_BIG, FAILED },
	{ "18446744073709551616", TEXT_TOO_BIG, FAILED },
	{ "--1", TEXT_NOT_A_NUMBER, FAILED },
	{ "1e3", TEXT_BAD_UNIT, FAILED },
	{ "1 ", TEXT_BAD_UNIT, FAILED },
	{ "one", TEXT_NOT_A_NUMBER, FAILED },
	{ "0o7", TEXT_BAD_UNIT, FAILED },
};

static void check(const struct number *rows, size_t count,
		  enum text_number (*parse)(const char *s, int64_t *value))
{
	for (size_t i = 0; i < count; i++) {
		int64_t value = FAILED;
		enum text_number r = parse(rows[i].text, &value);

		TEST_ROW("'%s'", rows[i].text);
		EXPECT_EQ(rows[i].result, r);
		if (rows[i].result == TEXT_OK)
			EXPECT_EQ(rows[i].value, value);
	}
}

TEST(text, sizes)
{
	check(sizes, sizeof(sizes) / sizeof(*sizes), text_size);
}

TEST(text, times)
{
	check(times, sizeof(times) / sizeof(*times), text_time);
}

TEST(text, numbers)
{
	check(numbers, sizeof(numbers) / sizeof(*numbers), text_int);
}

TEST(text, unsigned_numbers)
{
	uint64_t u = 0;

	EXPECT_EQ(TEXT_OK, text_uint("18446744073709551615", &u));
	EXPECT_EQ(UINT64_MAX, u);
	EXPECT_EQ(TEXT_TOO_BIG, text_uint("18446744073709551616", &u));
	EXPECT_EQ(TEXT_NOT_A_NUMBER, text_uint("-1", &u));
}

/* The Unicode Standard, table 3-7, and what lies beside its rows. */
TEST(text, utf8)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
		{ "a", 1 }, { "\x7f", 1 }, { "\x80", 0 }, { "\xbf", 0 },
		{ "\xc0\x80", 0 }, { "\xc1\xbf", 0 }, { "\xc2\x80", 2 },
		{ "\xdf\xbf", 2 }, { "\xdf", 0 }, { "\xdf" "a", 0 },
		{ "\xe0\x9f\xbf", 0 }, { "\xe0\xa0\x80", 3 },
		{ "\xed\x9f\xbf", 3 }, { "\xed\xa0\x80", 0 },
		{ "\xee\x80\x80", 3 }, { "\xef\xbf\xbf", 3 },
		{ "\xe2\x82", 0 }, { "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf0\x90\x80\x80", 4 }, { "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 },
		{ "\xf0\x90\x80", 0 }, { "\xff", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		TEST_ROW("row %zu", i);
		EXPECT_EQ(rows[i].len, text_utf8_valid(rows[i].bytes));
		EXPECT_EQ(rows[i].len ? rows[i].len : 1,
			  text_utf8_len(rows[i].bytes));
	}
}

TEST(text, arena_gives_zeroed_aligned_memory_of_any_size)
{
	struct scn_arena *a = arena_create();
	static const char zero[40000];

	for (size_t size = 1; size < 40000; size = size * 3 + 1) {
		char *p = arena_alloc(a, size);

		EXPECT_EQ(0, (uintptr_t)p % 16);
		EXPECT_MEMEQ(zero, p, size);
		memset(p, 0xff, size);
	}
	EXPECT_STREQ("a-7", arena_printf(a, "%s-%d", "a", 7));
	EXPECT_STREQ("ab", arena_strndup(a, "abc", 2));
	arena_destroy(a);
}

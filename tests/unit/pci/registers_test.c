/* SPDX-License-Identifier: MIT */
/*
 * The generic accessor, on a block of its own: widths, masks, hooks, holes.
 */
#include "models/pci/registers.h"

#include <string.h>

#include "tests/shim/gtest_c.h"

/* Counts and records what the hooks see. */
struct seen {
	unsigned int reads, writes;
	uint64_t old, now;
	const char *name;
};

static uint64_t count_read(void *owner, const struct reg *r, uint64_t stored)
{
	struct seen *s = owner;

	s->reads++;
	s->name = r->name;
	return stored ^ 0xff;
}

static void count_write(void *owner, const struct reg *r, uint64_t old,
			uint64_t now)
{
	struct seen *s = owner;

	s->writes++;
	s->name = r->name;
	s->old = old;
	s->now = now;
}

/*  00 byte | 01 w1c | 02 word   04 dword   08 qword   10 hole   14 hooked */
static const struct reg rows[] = {
	{ "byte", 0x00, 1, 0x0f, 0, 0xa5, "s", "a", NULL, NULL },
	{ "w1c", 0x01, 1, 0x00, 0xc0, 0xff, "s", "a", NULL, NULL },
	{ "word", 0x02, 2, 0xffff, 0, 0x1234, "s", "a", NULL, NULL },
	{ "dword", 0x04, 4, 0xff00ff00, 0, 0x11223344, "s", "a", NULL, NULL },
	{ "qword", 0x08, 8, UINT64_MAX, 0, 0x0102030405060708, "s", "a", NULL,
	  NULL },
	{ "hooked", 0x14, 4, 0xffffffff, 0, 0, "s", "a", count_read,
	  count_write },
};

static const struct reg_block block = { "test", rows, 6, 0x18 };

static uint8_t store[0x18];
static struct seen seen;

static void start(void)
{
	memset(store, 0xee, sizeof(store));
	memset(&seen, 0, sizeof(seen));
	reg_block_reset(&block, store);
}

static uint64_t rd(uint32_t offset, uint32_t width)
{
	return reg_block_read(&block, store, &seen, offset, width);
}

static void wr(uint32_t offset, uint32_t width, uint64_t value)
{
	reg_block_write(&block, store, &seen, offset, width, value);
}

TEST(registers, reset_stores_little_endian_and_clears_holes)
{
	start();
	EXPECT_EQ(0x34, store[2]);
	EXPECT_EQ(0x12, store[3]);
	EXPECT_EQ(0x08, store[8]);
	EXPECT_EQ(0x01, store[15]);
	EXPECT_EQ(0, store[0x10]);
}

TEST(registers, read_of_each_width)
{
	start();
	EXPECT_EQ(0xa5, rd(0, 1));
	EXPECT_EQ(0x1234, rd(2, 2));
	EXPECT_EQ(0x11223344, rd(4, 4));
	EXPECT_EQ(0x0102030405060708, rd(8, 8));
}

TEST(registers, read_of_a_part)
{
	start();
	EXPECT_EQ(0x33, rd(5, 1));
	EXPECT_EQ(0x1122, rd(6, 2));
	EXPECT_EQ(0x01020304, rd(12, 4));
}

TEST(registers, read_over_several)
{
	start();
	EXPECT_EQ(0x1234ffa5, rd(0, 4));
	EXPECT_EQ(0x112233441234ffa5, rd(0, 8));
}

TEST(registers, holes_read_zero_and_take_nothing)
{
	start();
	wr(0x10, 4, 0xffffffff);
	EXPECT_EQ(0, rd(0x10, 4));
	EXPECT_EQ(0, store[0x10]);
}

TEST(registers, write_keeps_read_only_bits)
{
	start();
	wr(0, 1, 0xff);
	EXPECT_EQ(0xaf, rd(0, 1));
	wr(0, 1, 0x00);
	EXPECT_EQ(0xa0, rd(0, 1));
}

TEST(registers, write_one_clears_and_zero_keeps)
{
	start();
	wr(1, 1, 0x00);
	EXPECT_EQ(0xff, rd(1, 1));
	wr(1, 1, 0x40);
	EXPECT_EQ(0xbf, rd(1, 1));
	wr(1, 1, 0xff);
	EXPECT_EQ(0x3f, rd(1, 1));
}

TEST(registers, byte_write_leaves_the_other_bytes)
{
	start();
	wr(5, 1, 0xee);
	EXPECT_EQ(0x1122ee44, rd(4, 4));
	wr(9, 1, 0xee);
	EXPECT_EQ(0x010203040506ee08, rd(8, 8));
}

TEST(registers, byte_write_does_not_clear_w1c_next_to_it)
{
	start();
	wr(0, 1, 0xff);
	EXPECT_EQ(0xff, rd(1, 1));
	wr(0, 2, 0x80ff);
	EXPECT_EQ(0x7f, rd(1, 1));
}

TEST(registers, write_over_several)
{
	start();
	wr(0, 8, UINT64_MAX);
	EXPECT_EQ(0xaf, rd(0, 1));
	EXPECT_EQ(0x3f, rd(1, 1));
	EXPECT_EQ(0xffff, rd(2, 2));
	EXPECT_EQ(0xff22ff44, rd(4, 4));
	EXPECT_EQ(0x0102030405060708, rd(8, 8));
}

TEST(registers, unaligned_write_reaches_both_neighbours)
{
	start();
	wr(3, 4, 0xaabbccdd);
	EXPECT_EQ(0xdd34, rd(2, 2));
	EXPECT_EQ(0x1122bb44, rd(4, 4)); /* bytes 0 and 2 are read-only */
}

TEST(registers, a_hook_is_called_once_an_access)
{
	start();
	EXPECT_EQ(0xff, rd(0x14, 4));
	EXPECT_EQ(1, seen.reads);
	EXPECT_EQ(0, rd(0x16, 2));
	EXPECT_EQ(2, seen.reads);
	rd(0x10, 4);
	EXPECT_EQ(2, seen.reads);
	rd(0x10, 8);
	EXPECT_EQ(3, seen.reads);
	EXPECT_STREQ("hooked", seen.name);
}

TEST(registers, a_write_hook_sees_the_merged_value_stored)
{
	start();
	wr(0x14, 4, 0x01020304);
	EXPECT_EQ(1, seen.writes);
	EXPECT_EQ(0, seen.old);
	EXPECT_EQ(0x01020304, seen.now);
	wr(0x16, 1, 0xaa);
	EXPECT_EQ(2, seen.writes);
	EXPECT_EQ(0x01020304, seen.old);
	EXPECT_EQ(0x01aa0304, seen.now);
	EXPECT_EQ(0xaa, store[0x16]);
	wr(0x10, 4, 1);
	EXPECT_EQ(2, seen.writes);
}

TEST(registers, find_is_exact)
{
	EXPECT_EQ(&rows[3], reg_find(&block, "dword"));
	EXPECT_EQ(NULL, reg_find(&block, "dwor"));
	EXPECT_EQ(NULL, reg_find(&block, ""));
}

TEST(registers, get_and_set_pass_no_mask_and_no_hook)
{
	start();
	reg_set(store, &rows[5], 0xdeadbeef);
	EXPECT_EQ(0xdeadbeef, reg_get(store, &rows[5]));
	reg_set(store, &rows[0], 0x5a);
	EXPECT_EQ(0x5a, reg_get(store, &rows[0]));
	EXPECT_EQ(0, seen.reads + seen.writes);
}

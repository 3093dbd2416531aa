/* SPDX-License-Identifier: MIT */
/*
 * What is a double fetch, and what only looks like one.
 */
#include <stdlib.h>

#include "sim/hostile/fetch.h"
#include "tests/shim/gtest_c.h"

#define ELEMENT 0x1000u /* where the device writes */

static struct hostile_fetches *begin(void)
{
	static struct hostile_fetches f;

	hostile_fetches_clear(&f);
	return &f;
}

static bool read_at(struct hostile_fetches *f, uint64_t addr, uint32_t size,
		    uintptr_t code, uintptr_t *first)
{
	*first = 0;
	return hostile_fetches_read(f, addr, size, code, first);
}

TEST(hostile_fetch, read_twice)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	EXPECT_TRUE(hostile_fetches_wrote(f, ELEMENT, 8));
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 0x11, &first));
	EXPECT_FALSE(read_at(f, ELEMENT + 4, 4, 0x12, &first));
	EXPECT_TRUE(read_at(f, ELEMENT, 4, 0x13, &first));
	EXPECT_EQ(0x11, first);
}

TEST(hostile_fetch, a_part_of_it_again)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	hostile_fetches_wrote(f, ELEMENT, 8);
	EXPECT_FALSE(read_at(f, ELEMENT, 8, 0x21, &first));
	EXPECT_TRUE(read_at(f, ELEMENT + 7, 1, 0x22, &first));
	EXPECT_EQ(0x21, first);
}

TEST(hostile_fetch, written_anew)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	hostile_fetches_wrote(f, ELEMENT, 4);
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
	hostile_fetches_wrote(f, ELEMENT, 4);
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
}

/* 2.7.8: an index of 16 bits is looked at again and again. */
TEST(hostile_fetch, an_index_is_polled)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	EXPECT_FALSE(hostile_fetches_wrote(f, ELEMENT + 2, 2));
	EXPECT_FALSE(read_at(f, ELEMENT + 2, 2, 1, &first));
	EXPECT_FALSE(read_at(f, ELEMENT + 2, 2, 1, &first));
}

/* A flag that something longer has run over is still polled. */
TEST(hostile_fetch, a_polled_field_that_was_overwritten)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	hostile_fetches_wrote(f, ELEMENT, 8);
	EXPECT_FALSE(read_at(f, ELEMENT + 2, 2, 1, &first));
	EXPECT_FALSE(read_at(f, ELEMENT + 2, 2, 1, &first));
}

/* A new index announces the old element once more. */
TEST(hostile_fetch, announced_anew)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	hostile_fetches_wrote(f, ELEMENT, 8);
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
	hostile_fetches_wrote(f, 0x2002, 2);
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
	EXPECT_TRUE(read_at(f, ELEMENT, 4, 2, &first));
}

TEST(hostile_fetch, bulk_data_is_not_watched)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;

	EXPECT_FALSE(hostile_fetches_wrote(f, ELEMENT, 512));
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
	EXPECT_FALSE(read_at(f, ELEMENT, 4, 1, &first));
}

/* More than is kept: the old is forgotten, the new is not. */
TEST(hostile_fetch, much_is_written)
{
	struct hostile_fetches *f = begin();
	uintptr_t first;
	uint32_t i;

	for (i = 0; i < 10000; i++)
		hostile_fetches_wrote(f, 0x10000 + 64 * i, 8);
	EXPECT_FALSE(read_at(f, 0x10000 + 64 * 9999, 4, 1, &first));
	EXPECT_TRUE(read_at(f, 0x10000 + 64 * 9999, 4, 1, &first));
}

TEST(hostile_fetch, the_first_one_is_reported)
{
	struct hostile_fetches *f = begin();

	hostile_fetches_report(f, 0x1000, 4, 0x31, 0x32);
	hostile_fetches_report(f, 0x2000, 8, 0x41, 0x42);
	EXPECT_TRUE(f->found);
	EXPECT_EQ(0x1000, f->addr);
	EXPECT_EQ(4, f->size);
	EXPECT_EQ(0x31, f->first);
	EXPECT_EQ(0x32, f->second);
	hostile_fetches_clear(f);
	EXPECT_FALSE(f->found);
}

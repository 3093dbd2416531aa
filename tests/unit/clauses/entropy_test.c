/* SPDX-License-Identifier: MIT */
/*
 * Entropy device: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

static void buffer(struct page_test *p, unsigned int flags, uint64_t addr)
{
	page_open(p, &chapter_entropy, 4, 1ull << 32);
	page_bring_up(p);
	page_desc(p, 0, 0, addr, 16, flags, 0);
	page_available(p, 0, 0);
	page_kick(p, 0);
}

TEST(entropy, a_buffer_gets_a_byte)
{
	struct page_test p;

	buffer(&p, 2, PAGE_BUFFER);
	page_used(&p, 0, 0, 1);
	EXPECT_KEPT(&p, CLAUSE_RNG_OP_D1);
	EXPECT_KEPT(&p, CLAUSE_RNG_OP_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(entropy, a_readable_buffer)
{
	struct page_test p;

	buffer(&p, 0, PAGE_BUFFER);
	EXPECT_BROKEN(&p, CLAUSE_RNG_OP_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "RNG-OP-D1: the driver put 16 device-readable bytes into "
		      "the entropy queue");
	page_used(&p, 0, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_RNG_OP_V1);
	page_close(&p);
}

TEST(entropy, a_buffer_gets_nothing)
{
	struct page_test p;

	buffer(&p, 2, PAGE_BUFFER);
	page_used(&p, 0, 0, 0);
	EXPECT_BROKEN(&p, CLAUSE_RNG_OP_V1);
	page_close(&p);
}

/* Nobody could write there. */
TEST(entropy, a_buffer_in_no_memory)
{
	struct page_test p;

	buffer(&p, 2, 0x1000);
	page_used(&p, 0, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_RNG_OP_V1);
	page_close(&p);
}

/* SPDX-License-Identifier: MIT */
/*
 * Block device: requests that are cut into buffers in unusual ways; each clause
 * broken, and nearly.
 */
#include "tests/unit/clauses/block_page.h"

#include <string.h>

#define INDIRECT_DESC (1ull << 28)
#define TABLE (PAGE_BUFFER + 0x1000)
#define IN 0u
#define NEXT 1u
#define WRITE 2u
#define INDIRECT 4u

/* An IN of one sector with this type, and its header in memory. */
static void header(struct page_test *p, uint32_t type)
{
	block_open(p, V1 | FLUSH | INDIRECT_DESC);
	memset(page_bytes(p, BLOCK_HEADER), 0, 16);
	memcpy(page_bytes(p, BLOCK_HEADER), &type, 4);
}

static void send(struct page_test *p)
{
	page_available(p, 0, 0);
	page_kick(p, 0);
	page_fetch(p, 0);
}

/* All in a table, to which a descriptor with these flags leads. */
static void in_table(struct page_test *p, unsigned int flags)
{
	header(p, IN);
	page_desc(p, 0, 0, TABLE, 48, INDIRECT | flags, 0);
	page_desc_at(p, TABLE, 0, BLOCK_HEADER, 16, NEXT, 1);
	page_desc_at(p, TABLE, 1, BLOCK_DATA, 512, NEXT | WRITE, 2);
	page_desc_at(p, TABLE, 2, BLOCK_STATUS, 1, WRITE, 0);
	send(p);
}

/* The header in the queue's table, the rest in another one. */
static void ends_in_table(struct page_test *p)
{
	header(p, IN);
	page_desc(p, 0, 0, BLOCK_HEADER, 16, NEXT, 1);
	page_desc(p, 0, 1, TABLE, 32, INDIRECT, 0);
	page_desc_at(p, TABLE, 0, BLOCK_DATA, 512, NEXT | WRITE, 1);
	page_desc_at(p, TABLE, 1, BLOCK_STATUS, 1, WRITE, 0);
	send(p);
}

/* A header of 8 and of 8 bytes. */
static void split_header(struct page_test *p, uint32_t type, uint32_t bytes)
{
	header(p, type);
	page_desc(p, 0, 0, BLOCK_HEADER, 8, NEXT, 1);
	page_desc(p, 0, 1, BLOCK_HEADER + 8, 8, NEXT, 2);
	page_desc(p, 0, 2, BLOCK_DATA, bytes, NEXT | WRITE, 3);
	page_desc(p, 0, 3, BLOCK_STATUS, 1, WRITE, 0);
	send(p);
}

static void breaks_down(struct page_test *p)
{
	page_model(p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
}

TEST(block_framing, served)
{
	struct page_test p;

	in_table(&p, WRITE);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_V1);
	block_answer(&p, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_V1);
	page_close(&p);
	ends_in_table(&p);
	block_answer(&p, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_V2);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
	split_header(&p, IN, 512);
	block_answer(&p, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_MSG_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(block_framing, status_behind_the_data)
{
	struct page_test p;

	header(&p, IN);
	page_desc(&p, 0, 0, BLOCK_HEADER, 16, NEXT, 1);
	page_desc(&p, 0, 1, BLOCK_DATA, 513, WRITE, 0);
	send(&p);
	*(uint8_t *)page_bytes(&p, BLOCK_DATA + 512) = 0;
	page_used(&p, 0, 0, 513);
	EXPECT_KEPT(&p, CLAUSE_SQ_MSG_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(block_framing, as_usual)
{
	struct page_test p;

	in_table(&p, 0);
	block_answer(&p, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_V1);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_V2);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
}

TEST(block_framing, not_understood)
{
	struct page_test p;

	in_table(&p, WRITE);
	block_answer(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_V1);
	page_close(&p);
	ends_in_table(&p);
	block_answer(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_V2);
	page_close(&p);
	split_header(&p, IN, 512);
	block_answer(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_SQ_MSG_V1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "the device answered an IN whose header or status is not "
		      "alone in a buffer with status 2");
	page_close(&p);
}

TEST(block_framing, breaks_the_device)
{
	struct page_test p;

	in_table(&p, WRITE);
	breaks_down(&p);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_V1);
	page_close(&p);
	ends_in_table(&p);
	breaks_down(&p);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_V2);
	page_close(&p);
	split_header(&p, IN, 512);
	breaks_down(&p);
	EXPECT_BROKEN(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
}

/* There is another reason, or may be: the medium, the type, the size, a fault, a
 * second request. */
TEST(block_framing, fails_for_another_reason)
{
	struct page_test p;

	split_header(&p, IN, 512);
	block_answer(&p, 0, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
	split_header(&p, 99, 512);
	block_answer(&p, 0, 2);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
	split_header(&p, IN, 500);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
	split_header(&p, IN, 512);
	feed_fault(&p.f, 0, "device.needs_reset", 1, 1);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
	split_header(&p, IN, 512);
	page_desc(&p, 0, 4, BLOCK_HEADER, 16, NEXT, 5);
	page_desc(&p, 0, 5, BLOCK_DATA, 513, WRITE, 0);
	page_available(&p, 0, 4);
	page_kick(&p, 0);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
}

/* Two things are odd: it is not known which. */
TEST(block_framing, odd_in_two_ways)
{
	struct page_test p;

	header(&p, IN);
	page_desc(&p, 0, 0, TABLE, 32, INDIRECT | WRITE, 0);
	page_desc_at(&p, TABLE, 0, BLOCK_HEADER, 16, NEXT, 1);
	page_desc_at(&p, TABLE, 1, BLOCK_DATA, 513, WRITE, 0);
	send(&p);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_V1);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_MSG_V1);
	page_close(&p);
}

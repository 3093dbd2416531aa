/* SPDX-License-Identifier: MIT */
/*
 * Block device: what its driver can break, broken, and nearly.
 */
#include "tests/unit/clauses/block_page.h"

#include <string.h>

/* ---- features and registers ---- */

TEST(block, read_only_accepted)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | RO | FLUSH);
	page_negotiate(&p, FLUSH);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(block, read_only_not_accepted)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | RO | FLUSH);
	page_negotiate(&p, RO);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_D2);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "BLK-OP-D2: the driver accepted the features 0x100000200 "
		      "of a device that offers RO");
	page_close(&p);
}

TEST(block, a_disk_that_can_be_written)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH);
	page_negotiate(&p, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_D2);
	page_close(&p);
}

TEST(block, writeback_read_after_features_ok)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH);
	page_bar_read(&p, 0x2000, 8, 64);
	page_negotiate(&p, 0);
	page_bar_read(&p, 0x2020, 1, 1);
	EXPECT_KEPT(&p, CLAUSE_BLK_INIT_D4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(block, writeback_read_too_early)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH);
	page_write(&p, 0x14, 1, 1);
	page_write(&p, 0x14, 1, 3);
	page_bar_read(&p, 0x2020, 4, 0x00040001);
	EXPECT_BROKEN(&p, CLAUSE_BLK_INIT_D4);
	page_close(&p);
}

/* ---- requests ---- */

struct request_row {
	enum clause clause;
	const char *text;        /* NULL: it is kept */
	uint32_t type;
	uint64_t sector;
	uint32_t out, in;
	struct { uint64_t sector; uint32_t count, flags; } ranges[3];
};

static const struct request_row request_rows[] = {
	/* The disk has 64 sectors. */
	{ CLAUSE_BLK_OP_D1, NULL, 0, 62, 0, 1024, { { 0 } } },
	{ CLAUSE_BLK_OP_D1, "an IN for 2 sectors from 63 on, of a disk of 64",
	  0, 63, 0, 1024, { { 0 } } },
	{ CLAUSE_BLK_OP_D1, "an OUT for 1 sectors from 64 on", 1, 64, 512, 0,
	  { { 0 } } },
	{ CLAUSE_BLK_OP_D1, "an OUT for 1 sectors from 18446744073709551615 on",
	  1, UINT64_MAX, 512, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D1, "a WRITE_ZEROES for 8 sectors from 60 on",
	  13, 0, 16, 0, { { 60, 8, 0 } } },
	{ CLAUSE_BLK_OP_D3, NULL, 4, 0, 0, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D3, "a FLUSH with sector 8", 4, 8, 0, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D4, NULL, 4, 0, 0, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D4, "a FLUSH with 512 bytes of data", 4, 0, 512, 0,
	  { { 0 } } },
	{ CLAUSE_BLK_OP_D5, NULL, 1, 0, 1536, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D5, "an OUT with 511 bytes of data, no multiple of 512",
	  1, 0, 511, 0, { { 0 } } },
	{ CLAUSE_BLK_OP_D5, "an IN with 513 bytes of data", 0, 0, 0, 513,
	  { { 0 } } },
	{ CLAUSE_BLK_OP_D6, NULL, 11, 0, 32, 0, { { 0, 1, 0 }, { 1, 1, 0 } } },
	{ CLAUSE_BLK_OP_D6, "a DISCARD with 24 bytes of data", 11, 0, 24, 0,
	  { { 0, 1, 0 } } },
	{ CLAUSE_BLK_OP_D6, "a SECURE_ERASE with 8 bytes of data", 14, 0, 8, 0,
	  { { 0, 1, 0 } } },
	{ CLAUSE_BLK_OP_D7, NULL, 8, 0, 0, 20, { { 0 } } },
	{ CLAUSE_BLK_OP_D7, "a GET_ID with 21 bytes of data", 8, 0, 0, 21,
	  { { 0 } } },
	/* Two segments at most, each. */
	{ CLAUSE_BLK_OP_D8, NULL, 11, 0, 32, 0, { { 0, 1, 0 }, { 1, 1, 0 } } },
	{ CLAUSE_BLK_OP_D8,
	  "a DISCARD of 3 segments; max_discard_seg is 2", 11, 0, 48, 0,
	  { { 0, 1, 0 }, { 1, 1, 0 }, { 2, 1, 0 } } },
	{ CLAUSE_BLK_OP_D9, NULL, 14, 0, 32, 0, { { 0, 1, 0 }, { 1, 1, 0 } } },
	{ CLAUSE_BLK_OP_D9,
	  "a SECURE_ERASE of 3 segments; max_secure_erase_seg is 2",
	  14, 0, 48, 0, { { 0, 1, 0 }, { 1, 1, 0 }, { 2, 1, 0 } } },
	{ CLAUSE_BLK_OP_D10, NULL, 13, 0, 32, 0,
	  { { 0, 1, 1 }, { 1, 1, 0 } } },
	{ CLAUSE_BLK_OP_D10,
	  "a WRITE_ZEROES of 3 segments; max_write_zeroes_seg is 2",
	  13, 0, 48, 0, { { 0, 1, 0 }, { 1, 1, 0 }, { 2, 1, 0 } } },
	{ CLAUSE_BLK_OP_D13, NULL, 11, 0, 16, 0, { { 0, 1, 2 } } },
	{ CLAUSE_BLK_OP_D13, "a DISCARD with the flags 0x1", 11, 0, 32, 0,
	  { { 0, 1, 0 }, { 1, 1, 1 } } },
};

TEST(block, requests)
{
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(request_rows) / sizeof(request_rows[0]); i++) {
		const struct request_row *row = &request_rows[i];

		block_open(&p, V1 | FLUSH);
		memcpy(page_bytes(&p, BLOCK_DATA), row->ranges,
		       sizeof(row->ranges));
		block_send(&p, 0, row->type, row->sector, row->out, row->in);
		if (row->text) {
			EXPECT_BROKEN(&p, row->clause);
			EXPECT_SUBSTR(p.found.items[0].text, row->text);
		} else {
			EXPECT_KEPT(&p, row->clause);
			EXPECT_EQ(0, p.found.count);
		}
		page_close(&p);
	}
}

/* What the driver was never told it cannot heed. */
TEST(block, limits_that_were_not_read)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH);
	page_bring_up(&p);
	block_send(&p, 0, 0, 1000, 0, 512);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_D1);
	block_send(&p, 3, 11, 0, 48, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_D8);
	page_close(&p);
}

/* A capacity read in two halves, and one that nobody answers. */
TEST(block, capacity_by_halves)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH);
	page_bar_read(&p, 0x2000, 4, 64);
	page_bar_read(&p, 0x2004, 4, 0xffffffff);
	page_bring_up(&p);
	block_send(&p, 0, 0, 64, 0, 512);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_D1);
	page_bar_read(&p, 0x2000, 4, 64);
	page_bar_read(&p, 0x2004, 4, 0);
	block_send(&p, 3, 0, 64, 0, 512);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_D1);
	page_close(&p);
}

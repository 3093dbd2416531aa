/* SPDX-License-Identifier: MIT */
/*
 * Block device: what the device can break, broken, and nearly.
 */
#include "tests/unit/clauses/block_page.h"

#include <string.h>

/* ---- features and registers ---- */

TEST(block_device, flush_offered)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH | WCE);
	page_negotiate(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_BLK_INIT_V1);
	EXPECT_KEPT(&p, CLAUSE_BLK_INIT_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(block_device, flush_not_offered)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1);
	page_negotiate(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_INIT_V1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_INIT_V2);
	EXPECT_STREQ("device-rule", p.found.items[0].code);
	page_close(&p);
}

TEST(block_device, config_wce_without_flush)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | WCE);
	rulebook_waive(p.book, CLAUSE_BLK_INIT_V1, 0);
	page_negotiate(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_INIT_V2);
	page_close(&p);
}

static void read_writeback(struct page_test *p, uint64_t without,
			   uint64_t value)
{
	page_open(p, &chapter_block, 2, V1 | FLUSH | WCE);
	page_negotiate(p, without);
	page_bar_read(p, 0x2020, 1, value);
}

TEST(block_device, writeback_without_flush)
{
	struct page_test p;

	read_writeback(&p, FLUSH, 0);
	EXPECT_KEPT(&p, CLAUSE_BLK_INIT_V3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	read_writeback(&p, FLUSH, 1);
	EXPECT_BROKEN(&p, CLAUSE_BLK_INIT_V3);
	page_close(&p);
	read_writeback(&p, 0, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_INIT_V3);
	page_close(&p);
}

TEST(block_device, writeback_as_the_driver_wrote_it)
{
	struct page_test p;

	page_open(&p, &chapter_block, 2, V1 | FLUSH | WCE);
	page_negotiate(&p, FLUSH);
	page_bar_write(&p, 0x2020, 1, 1);
	page_bar_read(&p, 0x2020, 1, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_INIT_V3);
	page_close(&p);
}

TEST(block_device, padding)
{
	static const struct {
		uint64_t at, value;
		unsigned int width;
		bool broken;
	} rows[] = {
		{ 0x2021, 0, 1, false },      { 0x2021, 1, 1, true },
		{ 0x2020, 0x10001, 4, false }, { 0x2020, 0x10101, 4, true },
		{ 0x2038, 1, 4, false },      { 0x2038, 0x100, 4, true },
		{ 0x203b, 0x80, 1, true },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		page_open(&p, &chapter_block, 2, V1 | FLUSH);
		page_negotiate(&p, 0);
		page_bar_read(&p, rows[i].at, rows[i].width, rows[i].value);
		if (rows[i].broken) {
			EXPECT_BROKEN(&p, CLAUSE_BLK_INIT_V4);
		} else {
			EXPECT_KEPT(&p, CLAUSE_BLK_INIT_V4);
		}
		page_close(&p);
	}
}

/* 0xffff: a configuration change. */
static void change_may_unmap(struct page_test *p)
{
	block_open(p, V1 | FLUSH);
	page_bar_read(p, 0x2038, 1, 0);
	page_model(p, MODEL_EV_NOTIFY, 0, MODEL_NOTIFY_SENT);
}

TEST(block_device, may_unmap_changes_and_is_announced)
{
	struct page_test p;

	change_may_unmap(&p);
	page_model(&p, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	page_bar_read(&p, 0x2038, 1, 1);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V10);
	page_close(&p);
	change_may_unmap(&p);
	page_bar_read(&p, 0x2038, 1, 1);
	page_model(&p, MODEL_EV_NOTIFY, 0xffff, MODEL_NOTIFY_SENT);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V10);
	page_close(&p);
}

TEST(block_device, may_unmap_changes_and_is_not_announced)
{
	struct page_test p;

	change_may_unmap(&p);
	page_bar_read(&p, 0x2038, 1, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_V10);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V10);
	page_close(&p);
}

/* A reset 1 ms later is late enough, one at once is not. */
TEST(block_device, may_unmap_changes_before_a_reset)
{
	struct page_test p;

	change_may_unmap(&p);
	page_bar_read(&p, 0x2038, 1, 1);
	page_write(&p, 0x14, 1, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_V10);
	page_close(&p);
	change_may_unmap(&p);
	page_bar_read(&p, 0x2038, 1, 1);
	p.f.now += 2000000000ull;
	page_write(&p, 0x14, 1, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V10);
	page_close(&p);
}

/* ---- answers ---- */

static void write_read_only(struct page_test *p, uint8_t status)
{
	block_open(p, V1 | FLUSH | RO);
	block_send(p, 0, 1, 5, 512, 0);
	block_answer(p, 0, status);
}

TEST(block_device, a_write_to_a_read_only_disk)
{
	struct page_test p;

	write_read_only(&p, 1);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	write_read_only(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V1);
	page_close(&p);
	write_read_only(&p, 2);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V1);
	page_close(&p);
}

static void fill(struct page_test *p, uint8_t byte, size_t bytes)
{
	memset(page_bytes(p, BLOCK_DATA), byte, bytes);
}

/* Sector 5 holds 1; it is to become 2. */
static void read_after_refused_write(struct page_test *p, uint8_t then)
{
	block_open(p, V1 | FLUSH | RO);
	block_send(p, 0, 0, 5, 0, 512);
	fill(p, 1, 512);
	block_answer(p, 0, 0);
	fill(p, 2, 512);
	block_send(p, 0, 1, 5, 512, 0);
	block_answer(p, 0, 1);
	block_send(p, 0, 0, 5, 0, 512);
	fill(p, then, 512);
	block_answer(p, 0, 0);
}

TEST(block_device, a_read_only_disk_is_unmodified)
{
	struct page_test p;

	read_after_refused_write(&p, 1);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	read_after_refused_write(&p, 2);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V2);
	page_close(&p);
}

static void send_range(struct page_test *p, uint32_t type, uint32_t flags,
		       uint8_t status)
{
	const struct { uint64_t sector; uint32_t count, flags; } range = {
		8, 2, flags
	};

	memcpy(page_bytes(p, BLOCK_DATA), &range, sizeof(range));
	block_send(p, 0, type, 0, 16, 0);
	block_answer(p, 0, status);
}

TEST(block_device, unknown_flags)
{
	struct page_test p;

	block_open(&p, V1 | FLUSH);
	send_range(&p, 13, 1, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_V3);
	send_range(&p, 13, 2, 2);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V3);
	send_range(&p, 11, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V3);
	page_close(&p);
}

TEST(block_device, unmap_in_a_discard)
{
	struct page_test p;

	block_open(&p, V1 | FLUSH);
	rulebook_waive(p.book, CLAUSE_BLK_OP_D13, 0);
	send_range(&p, 11, 1, 2);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V4);
	send_range(&p, 11, 1, 1);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V4);
	page_close(&p);
}

/* Sectors 8 and 9 are zeroed, 7 to 10 are read, with `byte` in sector 9. */
static void read_zeroed(struct page_test *p, uint8_t byte)
{
	block_send(p, 3, 0, 7, 0, 2048);
	fill(p, 0xee, 2048);
	memset((uint8_t *)page_bytes(p, BLOCK_DATA) + 512, 0, 1024);
	*((uint8_t *)page_bytes(p, BLOCK_DATA) + 1535) = byte;
	block_answer(p, 3, 0);
}

TEST(block_device, zeroed_sectors_read_as_zeroes)
{
	struct page_test p;

	block_open(&p, V1 | FLUSH);
	send_range(&p, 13, 0, 0);
	read_zeroed(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V7);
	EXPECT_EQ(0, p.found.count);
	read_zeroed(&p, 1);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V7);
	page_close(&p);
}

/* What was refused, written to since, or on its way with the zeroes says
 * nothing. */
TEST(block_device, zeroed_sectors_that_may_be_otherwise)
{
	struct page_test p;

	block_open(&p, V1 | FLUSH);
	send_range(&p, 13, 0, 1);
	read_zeroed(&p, 1);
	send_range(&p, 13, 0, 0);
	block_send(&p, 0, 1, 9, 512, 0);
	block_answer(&p, 0, 0);
	read_zeroed(&p, 1);
	send_range(&p, 13, 0, 0);
	send_range(&p, 11, 0, 0);
	read_zeroed(&p, 1);
	block_send(&p, 5, 1, 9, 512, 0);
	send_range(&p, 13, 0, 0);
	read_zeroed(&p, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BLK_OP_V7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

static void lifetime(struct page_test *p, uint16_t info, uint16_t typ_b)
{
	const uint16_t data[3] = { info, 11, typ_b };

	block_open(p, V1 | FLUSH);
	block_send(p, 0, 10, 0, 0, 6);
	memcpy(page_bytes(p, BLOCK_DATA), data, sizeof(data));
	block_answer(p, 0, 0);
}

TEST(block_device, lifetime)
{
	struct page_test p;

	lifetime(&p, 3, 0);
	EXPECT_KEPT(&p, CLAUSE_BLK_OP_V17);
	page_close(&p);
	lifetime(&p, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V17);
	page_close(&p);
	lifetime(&p, 0, 12);
	EXPECT_BROKEN(&p, CLAUSE_BLK_OP_V17);
	page_close(&p);
}

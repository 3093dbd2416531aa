/* SPDX-License-Identifier: MIT */
/*
 * The rule book itself: what it shows to chapters, what becomes of what they say.
 */
#include "sim/check/rule.h"
#include "tests/unit/clauses/page.h"

#include <string.h>

static struct {
	unsigned int accesses, available, used, resets;
	struct access last;
	struct chain chain;
	uint32_t id, len;
	bool known;
} seen;

static void access(struct reading *r, const struct access *a)
{
	(void)r;
	seen.accesses++;
	seen.last = *a;
}

static void available(struct reading *r, struct view_queue *q,
		      const struct chain *c)
{
	(void)r;
	(void)q;
	seen.available++;
	seen.chain = *c;
}

static void used(struct reading *r, struct view_queue *q, const struct chain *c,
		 uint32_t id, uint32_t len)
{
	(void)r;
	(void)q;
	seen.used++;
	seen.known = c != NULL;
	seen.id = id;
	seen.len = len;
}

static void reset(struct reading *r)
{
	seen.resets += r->v->status != 0;
}

static const struct chapter chapter = {
	.name = "test", .parts = ~0u, .access = access, .available = available, .used = used,
	.reset = reset,
};

static void begin(struct page_test *p, uint64_t features)
{
	memset(&seen, 0, sizeof(seen));
	page_open(p, &chapter, 2, features);
}

TEST(rulebook, parts_are_where_the_list_says)
{
	static const struct {
		uint64_t at;
		enum view_part part;
		uint32_t offset;
	} rows[] = {
		{ 0x0014, VIEW_COMMON, 0x14 }, { 0x1000, VIEW_ISR, 0 },
		{ 0x2008, VIEW_DEVICE, 8 },    { 0x3004, VIEW_NOTIFY, 4 },
		{ 0x4010, VIEW_MSIX, 0x10 },   { 0x4800, VIEW_PBA, 0 },
		{ 0x0fff, VIEW_OTHER, 0xfff },
	};
	struct page_test p;
	size_t i;

	begin(&p, 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		page_bar_read(&p, rows[i].at, 1, 0);
		EXPECT_EQ(rows[i].part, seen.last.part);
		EXPECT_EQ(rows[i].offset, seen.last.offset);
	}
	page_close(&p);
}

TEST(rulebook, a_chapter_sees_its_parts_alone)
{
	static const struct chapter narrow = {
		.name = "narrow", .parts = VIEW_BIT(VIEW_ISR), .access = access,
	};
	struct page_test p;

	memset(&seen, 0, sizeof(seen));
	page_open(&p, &narrow, 2, 0);
	page_bar_read(&p, 0x0014, 1, 0);
	page_bar_read(&p, 0x2008, 1, 0);
	page_config_read(&p, 0, 4);
	EXPECT_EQ(0, seen.accesses);
	page_bar_read(&p, 0x1000, 1, 0);
	EXPECT_EQ(1, seen.accesses);
	page_close(&p);
}

TEST(rulebook, a_chapter_sees_its_registers_alone)
{
	static const struct chapter narrow = {
		.name = "narrow", .parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_ISR),
		.registers = COMMON_BIT(0x14), .access = access,
	};
	struct page_test p;

	memset(&seen, 0, sizeof(seen));
	page_open(&p, &narrow, 2, 0);
	page_read(&p, 0x12, 2, 1);
	page_read(&p, 0x3a, 2, 0);
	EXPECT_EQ(0, seen.accesses);
	page_read(&p, 0x14, 1, 0);
	EXPECT_EQ(1, seen.accesses);
	page_bar_read(&p, 0x1000, 1, 0);
	EXPECT_EQ(2, seen.accesses);
	page_close(&p);
}

TEST(rulebook, a_request_is_seen_at_its_kick)
{
	struct page_test p;

	begin(&p, 1ull << 32);
	page_bring_up(&p);
	page_desc(&p, 0, 3, PAGE_BUFFER, 16, 1, 4);
	page_desc(&p, 0, 4, PAGE_BUFFER + 16, 512, 3, 5);
	page_desc(&p, 0, 5, PAGE_BUFFER + 528, 1, 2, 0);
	page_available(&p, 0, 3);
	EXPECT_EQ(0, seen.available);
	page_kick(&p, 0);
	ASSERT_EQ(1, seen.available);
	EXPECT_EQ(3, seen.chain.nparts);
	EXPECT_EQ(16, seen.chain.readable);
	EXPECT_EQ(513, seen.chain.writable);
	EXPECT_EQ(0, seen.chain.odd);
	page_fetch(&p, 0);
	EXPECT_EQ(1, seen.available);
	page_used(&p, 0, 3, 513);
	EXPECT_EQ(1, seen.used);
	EXPECT_TRUE(seen.known);
	EXPECT_EQ(513, seen.len);
	page_used(&p, 0, 3, 513);
	EXPECT_EQ(2, seen.used);
	EXPECT_FALSE(seen.known);
	page_close(&p);
}

TEST(rulebook, a_request_without_a_kick_is_seen_when_the_device_looks)
{
	struct page_test p;

	begin(&p, 1ull << 32);
	page_bring_up(&p);
	page_desc(&p, 0, 0, PAGE_BUFFER, 4, 0, 0);
	page_available(&p, 0, 0);
	page_fetch(&p, 0);
	EXPECT_EQ(1, seen.available);
	page_close(&p);
}

struct odd_row {
	uint32_t odd;
	struct { uint64_t addr; uint32_t len, flags, next; } desc[3];
	uint64_t features;
};

TEST(rulebook, odd_chains)
{
	static const struct odd_row rows[] = {
		{ CHAIN_NEXT_BEYOND, { { PAGE_BUFFER, 4, 1, 8 } }, 0 },
		{ CHAIN_LOOP,
		  { { PAGE_BUFFER, 4, 1, 0 } }, 0 },
		{ CHAIN_READ_AFTER_WRITE,
		  { { PAGE_BUFFER, 4, 3, 1 }, { PAGE_BUFFER, 4, 0, 0 } }, 0 },
		{ CHAIN_INDIRECT_OFF, { { PAGE_BUFFER, 16, 4, 0 } }, 0 },
		{ CHAIN_INDIRECT_LENGTH, { { PAGE_BUFFER, 17, 4, 0 } },
		  1ull << 28 },
		{ CHAIN_INDIRECT_NEXT, { { PAGE_BUFFER, 16, 5, 1 } },
		  1ull << 28 },
		{ CHAIN_INDIRECT_WRITE, { { PAGE_BUFFER, 16, 6, 0 } },
		  1ull << 28 },
		{ CHAIN_UNKNOWN_FLAGS, { { PAGE_BUFFER, 4, 8, 0 } }, 0 },
	};
	struct page_test p;
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, 1ull << 32 | rows[i].features);
		page_bring_up(&p);
		page_desc_at(&p, PAGE_BUFFER, 0, PAGE_BUFFER + 64, 8, 0, 0);
		for (k = 0; k < 3; k++)
			page_desc(&p, 0, (unsigned int)k, rows[i].desc[k].addr,
				  rows[i].desc[k].len, rows[i].desc[k].flags,
				  rows[i].desc[k].next);
		page_available(&p, 0, 0);
		page_kick(&p, 0);
		EXPECT_EQ(rows[i].odd, seen.chain.odd);
		page_close(&p);
	}
}

TEST(rulebook, a_reset_forgets_the_queues)
{
	struct page_test p;

	begin(&p, 1ull << 32);
	page_bring_up(&p);
	EXPECT_EQ(0, seen.resets);
	page_write(&p, 0x14, 1, 0);
	EXPECT_EQ(1, seen.resets);
	EXPECT_EQ(0, rulebook_view(p.book, 0)->queues[0].size);
	EXPECT_EQ(0, rulebook_view(p.book, 0)->negotiated);
	page_close(&p);
}

TEST(rulebook, waived_is_not_told)
{
	struct page_test p;

	page_open(&p, &chapter_status, 2, 1ull << 32);
	rulebook_waive(p.book, CLAUSE_STAT_D1, 0);
	page_write(&p, 0x14, 1, 4);
	EXPECT_EQ(0, p.found.count);
	EXPECT_EQ(CLAUSE_WAIVED, rulebook_fate(p.book, CLAUSE_STAT_D1));
	page_close(&p);
}

TEST(rulebook, told_once_a_device)
{
	struct page_test p;

	page_open(&p, &chapter_status, 2, 1ull << 32);
	page_write(&p, 0x14, 1, 4);
	page_write(&p, 0x14, 1, 0);
	page_write(&p, 0x14, 1, 4);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D1);
	page_close(&p);
}

TEST(rulebook, a_device_that_is_gone_is_not_judged)
{
	struct page_test p;

	page_open(&p, &chapter_status, 2, 1ull << 32);
	page_read(&p, 0x14, 1, 0xff);
	page_write(&p, 0x14, 1, 4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* PCI 3.0 6.2.5.1: the upper half of a 64-bit BAR, asked for its size. */
TEST(rulebook, all_ones_in_a_base_address_are_its_size)
{
	struct page_test p;

	page_open(&p, &chapter_status, 2, 1ull << 32);
	page_config_write(&p, 0x14, 4, 0xffffffff);
	p.config[0x14] = p.config[0x15] = p.config[0x16] = p.config[0x17] = 0xff;
	page_config_read(&p, 0x14, 4);
	page_write(&p, 0x14, 1, 4);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D1);
	page_close(&p);
}

TEST(rulebook, nothing_is_judged_behind_a_fault_of_the_bus)
{
	struct page_test p;

	page_open(&p, &chapter_status, 2, 1ull << 32);
	feed_fault(&p.f, 0, "bus.mmio.write", 1, 1);
	page_write(&p, 0x14, 1, 4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* Rules of other checks: two of one clause are told each, unless it is waived. */
TEST(rulebook, rules_of_one_clause)
{
	static const char *const texts[] = { "did this", "did that" };
	static const enum clause clauses[] = { CLAUSE_PCI_BUS_V1,
					       CLAUSE_PCI_BUS_V1 };
	const struct event ev = { .device = 0, .seq = 7 };
	struct page_test p;
	struct rules r;
	int waived;

	for (waived = 0; waived < 2; waived++) {
		page_open(&p, &chapter_status, 2, 1ull << 32);
		p.found.book = p.book;
		ASSERT_TRUE(rules_init(&r, &p.f.world, &p.found, texts,
				       clauses));
		if (waived)
			rulebook_waive(p.book, CLAUSE_PCI_BUS_V1, 0);
		rule_broken(&r, &ev, 0);
		rule_broken(&r, &ev, 1);
		rule_broken(&r, &ev, 1);
		EXPECT_EQ(waived ? 0 : 2, p.found.count);
		rules_free(&r);
		page_close(&p);
	}
}

TEST(rulebook, clauses_have_names)
{
	EXPECT_EQ(1 + 804, CLAUSE_COUNT);
	EXPECT_EQ(CLAUSE_STAT_D2, clause_find("stat-d2"));
	EXPECT_EQ(CLAUSE_NONE, clause_find("STAT-D99"));
	EXPECT_STREQ("STAT-D2", clause_rows[CLAUSE_STAT_D2].id);
}

/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueues: each clause broken, and nearly.  A descriptor has the flags
 * NEXT 1, WRITE 2, INDIRECT 4.
 */
#include "models/pci/registers.h"
#include "sim/check/dma.h"
#include "sim/check/queue_memory.h"
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define INDIRECT_DESC (1ull << 28)
#define IN_ORDER (1ull << 35)
#define TABLE (PAGE_BUFFER + 0x1000)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_split_ring, 2, VERSION_1 | features);
}

static void up(struct page_test *p, uint64_t features)
{
	begin(p, features);
	page_bring_up(p);
}

static void offer(struct page_test *p, unsigned int head)
{
	page_available(p, 0, head);
	page_kick(p, 0);
}

/* Three buffers from descriptor 0 on: header, data, status. */
static void sound(struct page_test *p)
{
	page_desc(p, 0, 0, PAGE_BUFFER, 16, 1, 1);
	page_desc(p, 0, 1, PAGE_BUFFER + 16, 512, 3, 2);
	page_desc(p, 0, 2, PAGE_BUFFER + 528, 1, 2, 0);
	offer(p, 0);
}

TEST(split_ring, sound)
{
	struct page_test p;

	up(&p, 0);
	sound(&p);
	page_fetch(&p, 0);
	page_used(&p, 0, 0, 513);
	EXPECT_KEPT(&p, CLAUSE_SQ_LAY_D1);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D1);
	EXPECT_KEPT(&p, CLAUSE_SQ_MSG_D1);
	EXPECT_KEPT(&p, CLAUSE_SQ_MSG_D2);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_D1);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D3);
	EXPECT_KEPT(&p, CLAUSE_SQ_AVAIL_D1);
	EXPECT_KEPT(&p, CLAUSE_CLEAN_D1);
	EXPECT_KEPT(&p, CLAUSE_IMP_D4);
	EXPECT_KEPT(&p, CLAUSE_IMP_D5);
	EXPECT_KEPT(&p, CLAUSE_IMP_D6);
	EXPECT_KEPT(&p, CLAUSE_IMP_D7);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_D1);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_DESC_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* A queue whose rings lie elsewhere by so much. */
static void place(struct page_test *p, uint32_t desc, uint32_t driver,
		  uint32_t device)
{
	begin(p, 0);
	page_negotiate(p, 0);
	page_write(p, 0x16, 2, 0);
	page_read(p, 0x18, 2, 8);
	page_write(p, 0x18, 2, 8);
	page_write(p, 0x20, 4, (uint32_t)PAGE_DESC + desc);
	page_write(p, 0x28, 4, (uint32_t)PAGE_DRIVER + driver);
	page_write(p, 0x30, 4, (uint32_t)PAGE_DEVICE + device);
	page_write(p, 0x1c, 2, 1);
}

TEST(split_ring, places_that_are_not_aligned)
{
	static const struct { uint32_t desc, driver, device; } rows[] = {
		{ 8, 0, 0 }, { 0, 1, 0 }, { 0, 0, 2 },
	};
	struct page_test p;
	size_t i;

	for (i = 0; i < 3; i++) {
		place(&p, rows[i].desc, rows[i].driver, rows[i].device);
		EXPECT_BROKEN(&p, CLAUSE_SQ_LAY_D1);
		page_close(&p);
	}
	place(&p, 16, 2, 4);
	EXPECT_KEPT(&p, CLAUSE_SQ_LAY_D1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_ring, flags_of_the_used_ring_from_before)
{
	struct page_test p;

	begin(&p, 0);
	page_put16(&p, PAGE_DEVICE, 1);
	page_bring_up(&p);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D1);
	page_close(&p);
}

TEST(split_ring, larger_than_offered)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_write(&p, 0x16, 2, 0);
	page_read(&p, 0x18, 2, 8);
	page_write(&p, 0x18, 2, 16);
	page_write(&p, 0x1c, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D4);
	page_close(&p);
}

/* Direct chains that are odd in one way. */
static const struct {
	enum clause clause;
	struct { uint32_t len, flags, next; } desc[3];
} direct[] = {
	{ CLAUSE_SQ_MSG_D1, { { 4, 3, 1 }, { 4, 0, 0 } } },
	{ CLAUSE_SQ_MSG_D2, { { 4, 1, 1 }, { 0, 2, 0 } } },
	{ CLAUSE_SQ_DESC_D1, { { 0xffffffff, 1, 1 }, { 2, 0, 0 } } },
	{ CLAUSE_IMP_D6, { { 4, 1, 8 } } },
};

TEST(split_ring, odd_chains)
{
	struct page_test p;
	size_t i, k;

	for (i = 0; i < sizeof(direct) / sizeof(direct[0]); i++) {
		up(&p, 0);
		for (k = 0; k < 3; k++)
			page_desc(&p, 0, (unsigned int)k, PAGE_BUFFER,
				  direct[i].desc[k].len, direct[i].desc[k].flags,
				  direct[i].desc[k].next);
		offer(&p, 0);
		EXPECT_BROKEN(&p, direct[i].clause);
		page_close(&p);
	}
}

TEST(split_ring, read_after_write)
{
	struct page_test p;

	up(&p, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 4, 3, 1);
	page_desc(&p, 0, 1, PAGE_BUFFER, 4, 0, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_MSG_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "the driver made descriptor 0 of queue 0 available, a "
		      "chain with a buffer that the device reads behind one");
	page_close(&p);
}

TEST(split_ring, no_bytes)
{
	struct page_test p;

	up(&p, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 0, 0, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_MSG_D2);
	page_close(&p);
}

TEST(split_ring, a_loop)
{
	struct page_test p;

	up(&p, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 4, 1, 1);
	page_desc(&p, 0, 1, PAGE_BUFFER, 4, 1, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_DESC_D1);
	page_close(&p);
}

TEST(split_ring, a_head_beyond)
{
	struct page_test p;

	up(&p, 0);
	offer(&p, 8);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D6);
	page_close(&p);
}

TEST(split_ring, available_twice)
{
	struct page_test p;

	up(&p, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 4, 0, 0);
	offer(&p, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D7);
	page_close(&p);
}

TEST(split_ring, available_again)
{
	struct page_test p;

	up(&p, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 4, 0, 0);
	offer(&p, 0);
	page_used(&p, 0, 0, 0);
	offer(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_IMP_D7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* ---- indirect tables ---- */

/* `n` entries in a table, each `len` bytes and followed by the next. */
static void table(struct page_test *p, unsigned int n, unsigned int flags)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		page_desc_at(p, TABLE, i, PAGE_BUFFER + 16 * i, 16,
			     i + 1 < n ? 1 : 0, i + 1);
	page_desc(p, 0, 0, TABLE, 16 * n, flags, 1);
	offer(p, 0);
}

TEST(split_ring, indirect)
{
	struct page_test p;

	up(&p, INDIRECT_DESC);
	table(&p, 8, 4);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D1);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D2);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D3);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D4);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_IND_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_ring, indirect_without_the_feature)
{
	struct page_test p;

	up(&p, 0);
	table(&p, 2, 4);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_D1);
	page_close(&p);
}

TEST(split_ring, indirect_in_indirect)
{
	struct page_test p;

	up(&p, INDIRECT_DESC);
	page_desc_at(&p, TABLE, 0, PAGE_BUFFER, 16, 4, 0);
	page_desc(&p, 0, 0, TABLE, 16, 4, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_D2);
	page_close(&p);
}

TEST(split_ring, longer_than_the_queue)
{
	struct page_test p;

	up(&p, INDIRECT_DESC);
	table(&p, 9, 4);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_D3);
	page_close(&p);
}

TEST(split_ring, indirect_and_next)
{
	struct page_test p;

	up(&p, INDIRECT_DESC);
	table(&p, 2, 5);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_D4);
	page_close(&p);
}

/* ---- IN_ORDER ---- */

TEST(split_ring, in_sequence)
{
	struct page_test p;

	up(&p, IN_ORDER | INDIRECT_DESC);
	page_desc(&p, 0, 7, PAGE_BUFFER, 16, 1, 0);
	page_desc(&p, 0, 0, PAGE_BUFFER, 16, 0, 0);
	offer(&p, 7);
	page_used(&p, 0, 7, 0);
	table(&p, 3, 4);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_D2);
	EXPECT_KEPT(&p, CLAUSE_SQ_IND_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_ring, out_of_sequence)
{
	struct page_test p;

	up(&p, IN_ORDER);
	page_desc(&p, 0, 0, PAGE_BUFFER, 16, 1, 2);
	page_desc(&p, 0, 2, PAGE_BUFFER, 16, 0, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_DESC_D2);
	page_close(&p);
}

TEST(split_ring, a_table_out_of_sequence)
{
	struct page_test p;

	up(&p, IN_ORDER | INDIRECT_DESC);
	page_desc_at(&p, TABLE, 0, PAGE_BUFFER, 16, 1, 2);
	page_desc_at(&p, TABLE, 2, PAGE_BUFFER, 16, 0, 0);
	page_desc(&p, 0, 0, TABLE, 48, 4, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_IND_D5);
	page_close(&p);
}

/* ---- the available index ---- */

TEST(split_ring, index_goes_back)
{
	struct page_test p;

	up(&p, 0);
	sound(&p);
	page_put16(&p, PAGE_DRIVER + 2, 0);
	page_kick(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_AVAIL_D1);
	page_close(&p);
}

TEST(split_ring, index_runs_ahead)
{
	struct page_test p;
	unsigned int i;

	up(&p, 0);
	for (i = 0; i < 8; i++) {
		page_desc(&p, 0, i, PAGE_BUFFER, 4, 0, 0);
		offer(&p, i);
	}
	EXPECT_KEPT(&p, CLAUSE_IMP_D5);
	EXPECT_EQ(0, p.found.count);
	rulebook_waive(p.book, CLAUSE_IMP_D7, 0);
	offer(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D5);
	page_close(&p);
}

/* ---- what is the device's until it is used ---- */

TEST(split_ring, changed_too_early)
{
	struct page_test p;

	up(&p, 0);
	sound(&p);
	page_desc(&p, 0, 1, PAGE_BUFFER + 16, 256, 3, 2);
	page_used(&p, 0, 0, 513);
	EXPECT_BROKEN(&p, CLAUSE_CLEAN_D1);
	page_close(&p);
}

TEST(split_ring, a_table_changed_too_early)
{
	struct page_test p;

	up(&p, INDIRECT_DESC);
	table(&p, 3, 4);
	page_desc_at(&p, TABLE, 2, 0, 0, 0, 0);
	page_used(&p, 0, 0, 0);
	EXPECT_BROKEN(&p, CLAUSE_CLEAN_D1);
	page_close(&p);
}

TEST(split_ring, changed_after_it_was_used)
{
	struct page_test p;

	up(&p, 0);
	sound(&p);
	page_used(&p, 0, 0, 513);
	page_desc(&p, 0, 0, 0, 0, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_CLEAN_D1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* ---- buffers that are taken back ---- */

/* 4.1.4.3. */
static const struct reg queue_regs[] = {
	{ .name = "queue_select", .offset = 0x16, .width = 2 },
	{ .name = "queue_desc", .offset = 0x20, .width = 8 },
	{ .name = "queue_driver", .offset = 0x28, .width = 8 },
	{ .name = "queue_device", .offset = 0x30, .width = 8 },
};
static const struct reg_block queue_block = { "common", queue_regs, 4, 64 };
static const struct device_registers registers[] = {
	{ 4, 0, &queue_block }, { 0, 0, NULL },
};
static const struct device_model disk = { .name = "disk",
					  .registers = registers };

/* A chain is available; then the descriptor table is unmapped. */
static void take_away(struct page_test *p, bool used, bool reset)
{
	struct queue_memory_check *c;

	begin(p, 0);
	p->f.devices[0].model = &disk;
	p->found.book = p->book;
	c = queue_memory_create(&p->f.world, p->f.bus, &p->found);
	page_model(p, MODEL_EV_COMMAND, 0xffff, 0x0006);
	page_bring_up(p);
	sound(p);
	if (used)
		page_used(p, 0, 0, 513);
	if (reset) {
		page_write(p, 0x14, 1, 0);
		page_reset_done(p);
	}
	feed_account(&p->f, 0, MACHINE_RES_DMA_MAPPING, PAGE_DESC, -0x80);
	queue_memory_destroy(c);
}

TEST(split_ring, taken_away_with_buffers_in_it)
{
	struct page_test p;

	take_away(&p, false, false);
	EXPECT_BROKEN(&p, CLAUSE_CLEAN_D2);
	EXPECT_STREQ("ring-freed", p.found.items[0].code);
	page_close(&p);
}

TEST(split_ring, taken_away_after_a_reset)
{
	struct page_test p;

	take_away(&p, false, true);
	EXPECT_KEPT(&p, CLAUSE_CLEAN_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* That it was not to be taken away is told, and not as this. */
TEST(split_ring, taken_away_without_buffers)
{
	struct page_test p;

	take_away(&p, true, false);
	EXPECT_UNTOUCHED(&p, CLAUSE_CLEAN_D2);
	EXPECT_EQ(1, p.found.count);
	page_close(&p);
}

/* ---- what the device writes and reads ---- */

TEST(split_ring, a_table_written_by_the_device)
{
	struct page_test p;

	up(&p, 0);
	sound(&p);
	page_used(&p, 0, 0, 513);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_V4);
	EXPECT_EQ(0, p.found.count);
	page_dma_write(&p, PAGE_DESC + 0x7e, 2);
	EXPECT_BROKEN(&p, CLAUSE_SQ_DESC_V4);
	page_close(&p);
}

/* 8 descriptors end at 0x80, those of queue 1 begin at 0x4000; and the driver may
 * have given it that place. */
TEST(split_ring, beside_a_table)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_queue(&p, 0, 8);
	page_queue(&p, 1, 8);
	page_driver_ok(&p);
	page_dma_write(&p, PAGE_DESC + 0x80, 8);
	page_dma_write(&p, PAGE_DESC + 0x3ff8, 8);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_DESC_V4);
	page_desc(&p, 0, 0, PAGE_DESC + 0x70, 16, 2, 0);
	offer(&p, 0);
	page_dma_write(&p, PAGE_DESC + 0x70, 16);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* The guest tells that the device may read 16 bytes and write 513; then the device
 * makes an access. */
static void access_to(struct page_test *p, enum event_kind kind, uint64_t addr,
		      bool used)
{
	struct leak_check *leak;
	struct dma_check *c;

	begin(p, 0);
	p->found.book = p->book;
	leak = leak_check_create(&p->f.world, p->f.bus, &p->found);
	c = dma_check_create(&p->f.world, p->f.bus, &p->found, leak);
	feed_event(&p->f, (struct event){ .kind = EV_ACCOUNT, .device = 0,
		.index = MACHINE_RES_DMA_MAPPING, .addr = PAGE_BUFFER,
		.value = 16, .len = EVENT_DMA_READS });
	feed_event(&p->f, (struct event){ .kind = EV_ACCOUNT, .device = 0,
		.index = MACHINE_RES_DMA_MAPPING, .addr = PAGE_BUFFER + 16,
		.value = 0x1000, .len = EVENT_DMA_WRITES });
	feed_event(&p->f, (struct event){ .kind = EV_ACCOUNT, .device = 0,
		.index = MACHINE_RES_DMA_MAPPING, .addr = PAGE_DESC,
		.value = 0x4000, .len = EVENT_DMA_READS | EVENT_DMA_WRITES });
	page_bring_up(p);
	sound(p);
	if (used)
		page_used(p, 0, 0, 513);
	feed_dma(&p->f, 0, kind, addr, 8, 0);
	dma_check_end(c);
	dma_check_destroy(c);
	leak_check_destroy(leak);
}

TEST(split_ring, as_the_descriptors_say)
{
	struct page_test p;

	access_to(&p, EV_DMA_READ, PAGE_BUFFER + 8, false);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	access_to(&p, EV_DMA_WRITE, PAGE_BUFFER + 16, false);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_ring, against_what_the_descriptors_say)
{
	struct page_test p;

	access_to(&p, EV_DMA_WRITE, PAGE_BUFFER + 8, false);
	EXPECT_BROKEN(&p, CLAUSE_SQ_DESC_V1);
	EXPECT_STREQ("dma-against-direction", p.found.items[0].code);
	page_close(&p);
	access_to(&p, EV_DMA_READ, PAGE_BUFFER + 24, false);
	EXPECT_BROKEN(&p, CLAUSE_SQ_DESC_V2);
	page_close(&p);
}

/* The mapping alone is against it: what the device has given back. */
TEST(split_ring, against_a_mapping)
{
	struct page_test p;

	access_to(&p, EV_DMA_WRITE, PAGE_BUFFER + 8, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_DESC_V1);
	EXPECT_EQ(1, p.found.count);
	EXPECT_TRUE(!p.found.items[0].clause);
	page_close(&p);
}

/* SPDX-License-Identifier: MIT */
/*
 * DMA against the mappings that the guest accounts for.
 */
#include "sim/check/dma.h"
#include "sim/check/dma_map.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

struct setup {
	struct feed f;
	struct findings found;
	struct leak_check *leak;
	struct dma_check *c;
};

static void begin(struct setup *s)
{
	feed_init(&s->f);
	findings_init(&s->found);
	s->leak = leak_check_create(&s->f.world, s->f.bus, &s->found);
	s->c = dma_check_create(&s->f.world, s->f.bus, &s->found, s->leak);
}

static void end(struct setup *s)
{
	dma_check_destroy(s->c);
	leak_check_destroy(s->leak);
	findings_free(&s->found);
	feed_done(&s->f);
}

/* rights: 1 the device reads, 2 writes; a negative size returns it. */
static void map(struct setup *s, unsigned int device, uint64_t addr,
		int64_t size, uint32_t rights)
{
	feed_event(&s->f, (struct event){
		.kind = EV_ACCOUNT, .device = (uint16_t)device,
		.index = MACHINE_RES_DMA_MAPPING, .addr = addr,
		.value = (uint64_t)size, .len = rights });
}

static void dma(struct setup *s, unsigned int device, enum event_kind kind,
		uint64_t addr, uint32_t len)
{
	feed_dma(&s->f, device, kind, addr, len, 0);
}

#define EXPECT_ONE(s, its_code, its_text)                                  \
	do {                                                               \
		ASSERT_EQ(1, (s)->found.count);                            \
		EXPECT_STREQ(its_code, (s)->found.items[0].code);          \
		EXPECT_STREQ(its_text, (s)->found.items[0].text);          \
	} while (0)

TEST(dma_check, what_is_mapped_may_be_used)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 0x100, 1);
	map(&s, 0, 0x1100, 0x100, 2);
	map(&s, 0, 0x8000, 0x20000, 3);
	dma(&s, 0, EV_DMA_READ, 0x1000, 0x100);
	dma(&s, 0, EV_DMA_WRITE, 0x1180, 0x80);
	dma(&s, 0, EV_DMA_WRITE, 0x9ffc, 8);
	dma(&s, 0, EV_DMA_READ, 0x8000, 0x20000);
	map(&s, 0, 0x1100, -0x100, 2);
	map(&s, 0, 0x1100, 0x100, 1);
	/* Two mappings side by side. */
	dma(&s, 0, EV_DMA_READ, 0x10f0, 0x20);
	EXPECT_EQ(0, s.found.count);
	end(&s);
}

TEST(dma_check, a_device_without_mappings_is_not_judged)
{
	struct setup s;

	begin(&s);
	map(&s, 1, 0x1000, 16, 3);
	dma(&s, 0, EV_DMA_WRITE, 0x1000, 16);
	EXPECT_EQ(0, s.found.count);
	map(&s, 0, 0x2000, 16, 3);
	dma(&s, 0, EV_DMA_WRITE, 0x1000, 16);
	EXPECT_ONE(&s, "dma-unmapped",
		   "wrote 16 bytes at 0x1000 by DMA, not all of them mapped; "
		   "the nearest mapping is 16 bytes at 0x2000, of trace event "
		   "3");
	end(&s);
}

TEST(dma_check, after_the_unmap_with_who_did_it)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 2);
	s.f.caller = 0x4711;
	map(&s, 0, 0x1000, -512, 2);
	s.f.caller = 0;
	dma(&s, 0, EV_DMA_WRITE, 0x1080, 4);
	EXPECT_ONE(&s, "dma-unmapped",
		   "wrote 4 bytes at 0x1080 by DMA, where a mapping of 512 "
		   "bytes had been undone, at trace event 2");
	EXPECT_EQ(1, s.found.items[0].nframes);
	EXPECT_EQ(0x4711, s.found.items[0].frames[0]);
	EXPECT_EQ(0, s.found.items[0].device);
	EXPECT_EQ(3, s.found.items[0].event);
	end(&s);
}

TEST(dma_check, a_byte_too_many)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 2);
	dma(&s, 0, EV_DMA_WRITE, 0x1000, 513);
	EXPECT_ONE(&s, "dma-unmapped",
		   "wrote 513 bytes at 0x1000 by DMA, not all of them mapped; "
		   "the nearest mapping is 512 bytes at 0x1000, of trace event "
		   "1");
	end(&s);
}

TEST(dma_check, against_the_direction)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 1);
	dma(&s, 0, EV_DMA_WRITE, 0x1000, 16);
	EXPECT_ONE(&s, "dma-against-direction",
		   "wrote 16 bytes at 0x1000 by DMA in a mapping to the device: "
		   "512 bytes at 0x1000, of trace event 1");
	map(&s, 0, 0x3000, 512, 2);
	dma(&s, 0, EV_DMA_READ, 0x3000, 16);
	ASSERT_EQ(2, s.found.count);
	EXPECT_STREQ("read 16 bytes at 0x3000 by DMA in a mapping from the "
		     "device: 512 bytes at 0x3000, of trace event 3",
		     s.found.items[1].text);
	end(&s);
}

TEST(dma_check, one_device_s_mapping_is_not_another_s)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 1, 0x1000, 512, 1);
	map(&s, 0, 0x1000, -512, 1);
	dma(&s, 1, EV_DMA_READ, 0x1000, 16);
	EXPECT_EQ(0, s.found.count);
	dma(&s, 0, EV_DMA_READ, 0x1000, 16);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

TEST(dma_check, overlaps_matter_where_a_device_writes)
{
	static const struct {
		uint32_t first, second;
		bool bad;
	} rows[] = { { 1, 1, false }, { 1, 2, true }, { 2, 1, true },
		     { 2, 2, true },  { 3, 1, true }, { 1, 3, true } };
	struct setup s;
	size_t i;

	for (i = 0; i < 6; i++) {
		TEST_ROW("row %zu", i);
		begin(&s);
		map(&s, 0, 0x1000, 512, rows[i].first);
		map(&s, 0, 0x1200, 512, rows[i].second); /* beside it */
		EXPECT_EQ(0, s.found.count);
		s.f.caller = 0x4711;
		map(&s, 1, 0x11ff, 1, rows[i].second);
		EXPECT_EQ(rows[i].bad, s.found.count);
		end(&s);
	}
	begin(&s);
	map(&s, 0, 0x1000, 512, 2);
	s.f.caller = 0x4711;
	map(&s, 0, 0x1100, 16, 1);
	EXPECT_ONE(&s, "dma-overlap",
		   "16 bytes at 0x1100 are mapped for DMA while 512 bytes at "
		   "0x1000 are, since trace event 1, and a device may write "
		   "there");
	EXPECT_EQ(0x4711, s.found.items[0].frames[0]);
	end(&s);
}

TEST(dma_check, memory_freed_under_a_mapping)
{
	struct setup s;

	begin(&s);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, 512);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1200, 512);
	map(&s, 0, 0x1200, 16, 1);
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1000, -512);
	EXPECT_EQ(0, s.found.count);
	s.f.caller = 0x4711;
	feed_account(&s.f, 0, MACHINE_RES_MEMORY, 0x1200, -512);
	EXPECT_ONE(&s, "dma-freed",
		   "512 bytes of memory at 0x1200 are freed, of which 16 at "
		   "0x1200 are mapped for DMA since trace event 3");
	EXPECT_EQ(0x4711, s.found.items[0].frames[0]);
	end(&s);
}

TEST(dma_check, several_of_one_address)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 0, 0x1000, 16, 1);
	/* That of the size goes; the amount of both takes both. */
	map(&s, 0, 0x1000, -512, 1);
	dma(&s, 0, EV_DMA_READ, 0x1000, 16);
	EXPECT_EQ(0, s.found.count);
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 0, 0x1000, -528, 1);
	dma(&s, 0, EV_DMA_READ, 0x1000, 16);
	EXPECT_EQ(1, s.found.count);
	end(&s);
}

/* Mappings are in the account as everything is that a guest takes. */
TEST(dma_check, a_mapping_that_is_left_is_a_leak)
{
	struct setup s;

	begin(&s);
	s.f.caller = 0x4711;
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 0, 0x2000, 16, 2);
	map(&s, 0, 0x3000, 16, 2);
	map(&s, 0, 0x2000, -16, 2);
	EXPECT_EQ(528, leak_check_held(s.leak, MACHINE_RES_DMA_MAPPING));
	leak_check_end(s.leak);
	EXPECT_ONE(&s, "leak",
		   "at the end: 2 DMA mappings of 528 bytes still held");
	EXPECT_EQ(1, s.found.items[0].event);
	EXPECT_EQ(0x4711, s.found.items[0].frames[0]);
	end(&s);
}

TEST(dma_check, a_mapping_returned_in_part)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 0, 0x2000, 16, 1);
	map(&s, 0, 0x1000, -500, 1);
	EXPECT_EQ(28, leak_check_held(s.leak, MACHINE_RES_DMA_MAPPING));
	/* The device may use none of it any more. */
	dma(&s, 0, EV_DMA_READ, 0x1000, 4);
	EXPECT_EQ(1, s.found.count);
	leak_check_end(s.leak);
	ASSERT_EQ(2, s.found.count);
	EXPECT_STREQ("at the end: 2 DMA mappings of 28 bytes still held",
		     s.found.items[1].text);
	EXPECT_EQ(1, s.found.items[1].event);
	map(&s, 0, 0x1000, -12, 1);
	EXPECT_EQ(16, leak_check_held(s.leak, MACHINE_RES_DMA_MAPPING));
	EXPECT_EQ(2, s.found.count);
	end(&s);
}

TEST(dma_check, a_mapping_returned_too_often)
{
	struct setup s;

	begin(&s);
	map(&s, 0, 0x1000, 512, 1);
	map(&s, 1, 0x1000, -512, 1);
	EXPECT_ONE(&s, "double-return",
		   "DMA mapping 0x1000 was returned and is not held");
	map(&s, 0, 0x1000, -513, 1);
	ASSERT_EQ(2, s.found.count);
	EXPECT_STREQ("DMA mapping 0x1000 was returned in a larger amount than "
		     "was taken", s.found.items[1].text);
	EXPECT_EQ(0, leak_check_held(s.leak, MACHINE_RES_DMA_MAPPING));
	end(&s);
}

TEST(dma_check, a_device_is_not_told_of_without_end)
{
	struct setup s;
	int i;

	begin(&s);
	map(&s, 0, 0x1000, 16, 1);
	for (i = 0; i < 50; i++)
		dma(&s, 0, EV_DMA_WRITE, 0x1000, 16);
	EXPECT_EQ(8, s.found.count);
	end(&s);
}

/* ---- the set of spans, against a plain list ---- */

#define SPANS 300u

static bool around(const struct dma_span *s, uint64_t at)
{
	return s->end && at >= s->addr && at < s->end;
}

TEST(dma_map, agrees_with_a_plain_list)
{
	struct dma_map *m = dma_map_create();
	struct dma_span list[SPANS] = { { 0 } }, *s;
	uint32_t seed = 1, turn, i;

	for (turn = 0; turn < 20000; turn++) {
		const struct dma_span *found;
		struct dma_span *l;
		uint64_t at;
		bool any = false, overlaps;

		seed = seed * 1103515245 + 12345;
		l = &list[(seed >> 8) % SPANS];
		if (l->end) {
			found = dma_map_remove(m, l->addr, l->end - l->addr, 0);
			ASSERT_TRUE(found && found->addr == l->addr &&
				    found->end == l->end);
			l->end = 0;
		} else {
			seed = seed * 1103515245 + 12345;
			l->addr = (seed >> 8) % 0x100000;
			seed = seed * 1103515245 + 12345;
			l->end = l->addr + 1 + (seed >> 8) %
				 (turn % 8 ? 700 : 30000);
			overlaps = false;
			for (i = 0; i < SPANS; i++)
				overlaps |= &list[i] != l &&
					    list[i].addr < l->end &&
					    l->addr < list[i].end;
			s = dma_map_add(m, l->addr, l->end, 2, &found);
			ASSERT_EQ(overlaps, found != NULL);
			EXPECT_TRUE(!found || (found != s &&
					       found->addr < l->end &&
					       l->addr < found->end));
			s->device = 0;
			s->rights = 3;
			s->seq = turn;
		}
		seed = seed * 1103515245 + 12345;
		at = (seed >> 8) % 0x100000;
		for (i = 0; i < SPANS; i++)
			any = any || around(&list[i], at);
		found = dma_map_around(m, at, 0, 1);
		ASSERT_EQ(any, found != NULL);
		EXPECT_TRUE(!found || around(found, at));
		found = dma_map_touching(m, at, at + 1, 2);
		ASSERT_EQ(any, found != NULL);
		EXPECT_TRUE(!dma_map_around(m, at, 1, 1));
	}
	dma_map_destroy(m);
}

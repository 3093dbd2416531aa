/* SPDX-License-Identifier: MIT */
/*
 * A device and its driver as puppets, for the tests of the rule book's chapters:
 * the accesses, DMA and interrupts that a test wants seen, right or wrong, with
 * memory behind them.  Numbers are those of virtio 1.2 and PCI 3.0.
 *
 * The device is at 00:02.0, virtio 1.2 4.1.4: common configuration at 0x0000 of
 * BAR 4, ISR status at 0x1000, its own configuration at 0x2000, notifications at
 * 0x3000 with a multiplier of 4, MSI-X table of 8 at 0x4000 (PBA at 0x4800).
 */
#ifndef RINGSIDE_TESTS_UNIT_CLAUSES_PAGE_H
#define RINGSIDE_TESTS_UNIT_CLAUSES_PAGE_H

#include "sim/check/clauses/chapters.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/observe/feed.h"

#define PAGE_MEMORY 0x40000000ull /* bus address of its 64 KiB */
#define PAGE_DESC 0x40000000ull   /* of queue q: + 0x4000 * q */
#define PAGE_DRIVER 0x40001000ull
#define PAGE_DEVICE 0x40002000ull
#define PAGE_BUFFER 0x4000c000ull /* 16 KiB for data and tables */

struct page_test {
	struct feed f;
	struct findings found;
	struct rulebook *book;
	const struct chapter *chapters[2];
	uint8_t memory[0x10000];
	uint8_t config[256];
	struct pci_function function;
	struct pci_function *functions[2];
	uint16_t avail[3];   /* index of queues 0 to 2 */
	uint16_t used[3];
	unsigned int last_cap;
};

/* A device of this virtio ID (2: block) that offers `features`, seen by one
 * chapter; change p->config before the first access to change the device. */
void page_open(struct page_test *p, const struct chapter *c, uint16_t type,
	       uint64_t features);
void page_close(struct page_test *p);
/* Into the configuration space that the device has from the beginning. */
void page_config_put(struct page_test *p, unsigned int at, unsigned int bytes,
		     uint32_t value);
/* One more capability at the end of the list, at 0xb0, then 0xc8...: cfg_type, of
 * `len` bytes in all, in BAR 4.  Where it is. */
unsigned int page_config_cap(struct page_test *p, unsigned int type,
			     unsigned int len, uint32_t offset,
			     uint32_t length);

/* ---- the driver ---- */

void page_config_read(struct page_test *p, unsigned int at, unsigned int width);
void page_config_write(struct page_test *p, unsigned int at, unsigned int width,
		       uint32_t value);
/* Of common configuration; a read has this answer. */
void page_write(struct page_test *p, unsigned int offset, unsigned int width,
		uint64_t value);
void page_read(struct page_test *p, unsigned int offset, unsigned int width,
	       uint64_t value);
/* Of any place of BAR 4. */
void page_bar_write(struct page_test *p, uint64_t at, unsigned int width,
		    uint64_t value);
void page_bar_read(struct page_test *p, uint64_t at, unsigned int width,
		   uint64_t value);
/* 3.1.1 up to FEATURES_OK read back, all offered features accepted but for
 * those in `without`. */
void page_negotiate(struct page_test *p, uint64_t without);
/* Queue q (0 to 2) of this size, enabled; its notify_off is q. */
void page_queue(struct page_test *p, unsigned int q, uint32_t size);
void page_driver_ok(struct page_test *p);
/* Negotiates, one queue of 8, DRIVER_OK. */
void page_bring_up(struct page_test *p);
void page_desc(struct page_test *p, unsigned int q, unsigned int i,
	       uint64_t addr, uint32_t len, unsigned int flags,
	       unsigned int next);
/* Writes a descriptor of a table at any bus address. */
void page_desc_at(struct page_test *p, uint64_t table, unsigned int i,
		  uint64_t addr, uint32_t len, unsigned int flags,
		  unsigned int next);
void page_available(struct page_test *p, unsigned int q, unsigned int head);
void page_kick(struct page_test *p, unsigned int q);
void *page_bytes(struct page_test *p, uint64_t addr);
void page_put16(struct page_test *p, uint64_t addr, uint16_t value);

/* ---- the device ---- */

void page_dma_read(struct page_test *p, uint64_t addr, uint32_t len);
void page_dma_write(struct page_test *p, uint64_t addr, uint32_t len);
/* Reads the available index and the entry of queue q. */
void page_fetch(struct page_test *p, unsigned int q);
/* Writes the element, then the index. */
void page_used(struct page_test *p, unsigned int q, uint32_t id, uint32_t len);
void page_model(struct page_test *p, enum model_event_kind kind, uint32_t index,
		uint64_t value);
/* What the model does behind a write of 0 to device_status. */
void page_reset_done(struct page_test *p);

/* ---- what came of it ---- */

/* For tests/clauses/pairs.sh: a test has seen the clause this way. */
void page_said(const char *what, enum clause c);

#define EXPECT_KEPT(p, c)                                                      \
	do {                                                                   \
		page_said("kept", c);                                          \
		EXPECT_EQ(CLAUSE_KEPT, rulebook_fate((p)->book, c));           \
	} while (0)
#define EXPECT_UNTOUCHED(p, c)                                                 \
	do {                                                                   \
		page_said("untouched", c);                                     \
		EXPECT_EQ(CLAUSE_NOT_REACHED, rulebook_fate((p)->book, c));    \
	} while (0)
/* And nothing else was. */
#define EXPECT_BROKEN(p, c)                                                    \
	do {                                                                   \
		page_said("broken", c);                                        \
		EXPECT_EQ(CLAUSE_BROKEN, rulebook_fate((p)->book, c));         \
		ASSERT_EQ(1, (p)->found.count);                                \
		EXPECT_STREQ(clause_rows[c].id, (p)->found.items[0].clause);   \
	} while (0)

#endif

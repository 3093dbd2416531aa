/* SPDX-License-Identifier: MIT */
/*
 * A balloon for the tests of its chapter, virtio 1.2 5.5: queues 0 and 1 and, if
 * there is one, queue 2.
 */
#ifndef RINGSIDE_TESTS_UNIT_CLAUSES_BALLOON_PAGE_H
#define RINGSIDE_TESTS_UNIT_CLAUSES_BALLOON_PAGE_H

#include "tests/unit/clauses/page.h"

#define V1 (1ull << 32)
#define TELL (1ull << 0)
#define STATS (1ull << 1)
#define HINT (1ull << 3)
#define POISON (1ull << 4)
#define REPORTING (1ull << 5)

#define NUM_PAGES 0x2000ull
#define ACTUAL 0x2004ull
#define CMD_ID 0x2008ull
#define POISON_VAL 0x200cull

/* Two free pages, and their numbers. */
#define PAGE_A 0x4000e000ull
#define PAGE_B 0x4000f000ull
#define PFN_A 0x4000eu
#define PFN_B 0x4000fu

#define MS 1000000000ull

/* Up to DRIVER_OK, with queue 2 if `third`. */
void balloon_open(struct page_test *p, uint64_t features, bool third);
/* The driver makes these bytes, which the device may read, available as chain
 * `head` of queue q, and kicks. */
void balloon_send(struct page_test *p, unsigned int q, unsigned int head,
		  const void *bytes, uint32_t len);
/* The same with memory that the device may write. */
void balloon_lend(struct page_test *p, unsigned int q, unsigned int head,
		  uint64_t addr, uint32_t len);
void balloon_send_page(struct page_test *p, unsigned int q, unsigned int head,
		       uint32_t pfn);
/* The driver reads or writes a field. */
void balloon_read(struct page_test *p, uint64_t at, uint32_t value);
void balloon_write(struct page_test *p, uint64_t at, uint32_t value);
/* Somebody changes a page. */
void balloon_touch(struct page_test *p, uint64_t addr);
/* The run ends, at rest. */
void balloon_end(struct page_test *p);

#endif

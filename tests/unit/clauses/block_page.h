/* SPDX-License-Identifier: MIT */
/*
 * Requests for the tests of the block device's chapter: virtio 1.2 5.2.6.
 */
#ifndef RINGSIDE_TESTS_UNIT_CLAUSES_BLOCK_PAGE_H
#define RINGSIDE_TESTS_UNIT_CLAUSES_BLOCK_PAGE_H

#include "tests/unit/clauses/page.h"

#define V1 (1ull << 32)
#define RO (1ull << 5)
#define FLUSH (1ull << 9)
#define WCE (1ull << 11)

#define BLOCK_HEADER (PAGE_BUFFER)          /* of request `head`: + 16 * head */
#define BLOCK_STATUS (PAGE_BUFFER + 0x100)  /* + head */
#define BLOCK_DATA (PAGE_BUFFER + 0x200)    /* of all */

/* The driver brings it up and reads its configuration: a disk of 64 sectors, at
 * most 2 segments for DISCARD, WRITE_ZEROES and SECURE_ERASE. */
void block_open(struct page_test *p, uint64_t features);
/* Descriptors from `head` on: the header, `out` and `in` bytes of the data, the
 * status.  Available, and kicked. */
void block_send(struct page_test *p, unsigned int head, uint32_t type,
		uint64_t sector, uint32_t out, uint32_t in);
/* The device answers it. */
void block_answer(struct page_test *p, unsigned int head, uint8_t status);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * See balloon_page.h.
 */
#include "tests/unit/clauses/balloon_page.h"

#include <string.h>

void balloon_open(struct page_test *p, uint64_t features, bool third)
{
	unsigned int q;

	page_open(p, &chapter_balloon, 5, V1 | features);
	page_negotiate(p, 0);
	for (q = 0; q < (third ? 3u : 2u); q++)
		page_queue(p, q, 8);
	page_driver_ok(p);
}

void balloon_send(struct page_test *p, unsigned int q, unsigned int head,
		  const void *bytes, uint32_t len)
{
	const uint64_t at = PAGE_BUFFER + 0x400 * q + 0x80 * head;

	memcpy(page_bytes(p, at), bytes, len);
	page_desc(p, q, head, at, len, 0, 0);
	page_available(p, q, head);
	page_kick(p, q);
}

void balloon_lend(struct page_test *p, unsigned int q, unsigned int head,
		  uint64_t addr, uint32_t len)
{
	page_desc(p, q, head, addr, len, 2, 0);
	page_available(p, q, head);
	page_kick(p, q);
}

void balloon_send_page(struct page_test *p, unsigned int q, unsigned int head,
		       uint32_t pfn)
{
	balloon_send(p, q, head, &pfn, 4);
}

void balloon_read(struct page_test *p, uint64_t at, uint32_t value)
{
	page_bar_read(p, at, 4, value);
}

void balloon_write(struct page_test *p, uint64_t at, uint32_t value)
{
	page_bar_write(p, at, 4, value);
}

void balloon_touch(struct page_test *p, uint64_t addr)
{
	++*(uint8_t *)page_bytes(p, addr + 0x40);
}

void balloon_end(struct page_test *p)
{
	rulebook_end(p->book, p->f.now, true);
}

/* SPDX-License-Identifier: MIT */
/*
 * See block_page.h.
 */
#include "tests/unit/clauses/block_page.h"

#include <string.h>

void block_open(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_block, 2, features);
	page_bring_up(p);
	page_bar_read(p, 0x2000, 8, 64);
	page_bar_read(p, 0x2028, 4, 2);
	page_bar_read(p, 0x2034, 4, 2);
	page_bar_read(p, 0x2040, 4, 2);
}

void block_send(struct page_test *p, unsigned int head, uint32_t type,
		uint64_t sector, uint32_t out, uint32_t in)
{
	const uint64_t header = BLOCK_HEADER + 16ull * head;
	uint8_t *h = page_bytes(p, header);
	unsigned int i = head;

	memset(h, 0, 16);
	memcpy(h, &type, 4);
	memcpy(h + 8, &sector, 8);
	page_desc(p, 0, i, header, 16, 1, i + 1);
	i++;
	if (out || in) {
		page_desc(p, 0, i, BLOCK_DATA, out ? out : in, out ? 1 : 3,
			  i + 1);
		i++;
	}
	page_desc(p, 0, i, BLOCK_STATUS + head, 1, 2, 0);
	page_available(p, 0, head);
	page_kick(p, 0);
}

void block_answer(struct page_test *p, unsigned int head, uint8_t status)
{
	*(uint8_t *)page_bytes(p, BLOCK_STATUS + head) = status;
	page_dma_write(p, BLOCK_STATUS + head, 1);
	page_used(p, 0, head, 1);
}

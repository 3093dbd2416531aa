/* SPDX-License-Identifier: MIT */
/* All memory is mapped all the time; what drivers want here is linux/mm.h. */
#ifndef LINUX_HIGHMEM_H
#define LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/string.h>

#define kmap_to_page(addr) virt_to_page(addr)

static inline void memcpy_from_page(char *to, struct page *page, size_t offset,
				    size_t len)
{
	memcpy(to, (u8 *)page_address(page) + offset, len);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Ranges of the bus's address spaces. */
#ifndef LINUX_IOPORT_H
#define LINUX_IOPORT_H

#include <linux/types.h>

struct resource {
	resource_size_t start;
	resource_size_t end;    /* inclusive */
	const char *name;
	unsigned long flags;
	const char *claimed_by; /* NULL: free */
};

#define IORESOURCE_IO 0x00000100ul
#define IORESOURCE_MEM 0x00000200ul
#define IORESOURCE_PREFETCH 0x00002000ul
#define IORESOURCE_MEM_64 0x00100000ul
#define IORESOURCE_UNSET 0x20000000ul
#define IORESOURCE_BUSY 0x80000000ul

static inline resource_size_t resource_size(const struct resource *r)
{
	return r->end - r->start + 1;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Small numbers, each given to one at a time: 0 .. IDA_IDS - 1. */
#ifndef LINUX_IDR_H
#define LINUX_IDR_H

#include <linux/types.h>

/* Pointers by number: members of others' structures, nothing keeps any. */
struct idr {
	unsigned int none;
};

#define IDA_IDS 4096u

struct ida {
	DECLARE_BITMAP(used, IDA_IDS);
};

#define IDA_INIT(name) { { 0 } }
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

void ida_init(struct ida *ida);
void ida_destroy(struct ida *ida);
/* The lowest free number of the range, or -ENOSPC. */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
		    gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);

#define ida_alloc(ida, gfp) ida_alloc_range((ida), 0, ~0u, (gfp))
#define ida_alloc_min(ida, min, gfp) ida_alloc_range((ida), (min), ~0u, (gfp))
#define ida_alloc_max(ida, max, gfp) ida_alloc_range((ida), 0, (max), (gfp))
#define ida_simple_get(ida, start, end, gfp) \
	ida_alloc_range((ida), (start), (end) ? (end) - 1 : ~0u, (gfp))
#define ida_simple_remove(ida, id) ida_free((ida), (id))

#endif

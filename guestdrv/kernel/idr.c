/* SPDX-License-Identifier: MIT */
/* Small numbers, each given to one at a time. */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <ringside/fault.h>

GUEST_FAULT_SITE(site_alloc, "guest.ida.alloc");

void ida_init(struct ida *ida)
{
	memset(ida, 0, sizeof(*ida));
}

void ida_destroy(struct ida *ida)
{
	ida_init(ida);
}

int ida_alloc_range(struct ida *ida, unsigned int from, unsigned int to,
		    gfp_t gfp)
{
	unsigned long end = min(to, IDA_IDS - 1) + 1ul;
	unsigned long id = find_next_zero_bit(ida->used, end, from);
	int err = guest_fault(&site_alloc, NULL, ~0u);

	(void)gfp;
	if (err)
		return err;
	if (id >= end)
		return -ENOSPC;
	__set_bit(id, ida->used);
	return (int)id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	if (WARN_ON(id >= IDA_IDS || !test_bit(id, ida->used)))
		return;
	__clear_bit(id, ida->used);
}

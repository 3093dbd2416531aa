/* SPDX-License-Identifier: MIT */
/* Blocks of kmalloc: between slab.c and access.c. */
#ifndef GUESTDRV_KERNEL_SLAB_H
#define GUESTDRV_KERNEL_SLAB_H

#include <linux/types.h>

#define BLOCK_LIVE 0x4556494cu /* "LIVE" */
#define BLOCK_FREE 0x45455246u /* "FREE" */

struct block {
	u32 state;
	u32 size;         /* that was asked for */
	u32 device;
	u16 class;
	u16 own;          /* the kernel's: not accounted for */
	struct block *next;
	s32 allocated_by; /* text_offset() of the caller; 0: not known */
	s32 freed_by;
	u8 left[16];
};

_Static_assert(sizeof(struct block) == 48, "blocks stay aligned to 16");

static inline u8 *block_payload(const struct block *b)
{
	return (u8 *)(b + 1);
}

/* The block in which an address lies, redzones and header included; NULL: it is
 * in no slab and no large block. */
struct block *guest_block_around(const void *virt);
/* Tells the machine who took and who freed the block, before a guest_bug. */
void guest_block_mention(const struct block *b);

#endif

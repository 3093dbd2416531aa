/* SPDX-License-Identifier: MIT */
/* Values that show a pointer or a byte for what it is. */
#ifndef LINUX_POISON_H
#define LINUX_POISON_H

#define LIST_POISON1 ((void *)0x100)
#define LIST_POISON2 ((void *)0x122)
#define POISON_FREE 0x6b /* kmalloc's free blocks */
#define PAGE_POISON 0xaa /* free pages */

#endif

/* SPDX-License-Identifier: MIT */
/* How structures lie in memory, as one side's headers have them; layout.c. */
#ifndef GUESTDRV_LINUX_LAYOUT_H
#define GUESTDRV_LINUX_LAYOUT_H

struct linux_layout {
	const char *name; /* NULL: the table's end */
	unsigned long size;
	unsigned long offset;
};

extern const struct linux_layout linux_layout_ours[], linux_layout_theirs[];

#endif

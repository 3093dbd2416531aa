/* SPDX-License-Identifier: MIT */
/* From a member to the structure around it. */
#ifndef LINUX_CONTAINER_OF_H
#define LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

#define typeof_member(type, member) __typeof__(((type *)0)->member)
#define container_of(ptr, type, member)                               \
	({                                                            \
		_Static_assert(__same_type(*(ptr), ((type *)0)->member) || \
				       __same_type(*(ptr), void),     \
			       "container_of: not that member's type"); \
		(type *)((char *)(ptr) - offsetof(type, member));     \
	})
#define container_of_const(ptr, type, member) container_of(ptr, type, member)

#endif

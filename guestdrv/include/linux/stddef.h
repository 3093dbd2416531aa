/* SPDX-License-Identifier: MIT */
/* NULL, size_t, offsetof: the compiler's; and the kernel's sizes of members. */
#ifndef LINUX_STDDEF_H
#define LINUX_STDDEF_H

#include <stddef.h>

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))

#endif

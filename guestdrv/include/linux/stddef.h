/* SPDX-License-Identifier: MIT */
/* NULL, size_t, offsetof: the compiler's; and the kernel's sizes of members. */
#ifndef LINUX_STDDEF_H
#define LINUX_STDDEF_H

#include <stddef.h>

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))

/* Members that can be named one by one and as a group. */
#define __struct_group(tag, name, attrs, members...)   \
	union {                                        \
		struct {                               \
			members                        \
		} attrs;                               \
		struct tag {                           \
			members                        \
		} attrs name;                          \
	}
#define struct_group(name, members...) \
	__struct_group(/* no tag */, name, /* none */, members)
/* An array without bound that is a union's member or a struct's only one. */
#define __DECLARE_FLEX_ARRAY(type, name)               \
	struct {                                       \
		struct {                               \
		} empty_##name;                        \
		type name[];                           \
	}
#define DECLARE_FLEX_ARRAY(type, name) __DECLARE_FLEX_ARRAY(type, name)

#endif

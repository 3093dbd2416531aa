/* SPDX-License-Identifier: MIT */
/* Ranges of the integer types. */
#ifndef LINUX_LIMITS_H
#define LINUX_LIMITS_H

#define U8_MAX ((u8)~0u)
#define U16_MAX ((u16)~0u)
#define U32_MAX ((u32)~0u)
#define U64_MAX ((u64)~0ull)
#define S32_MAX ((s32)(U32_MAX >> 1))
#define S64_MAX ((s64)(U64_MAX >> 1))
#ifndef INT_MAX
#define INT_MAX ((int)(~0u >> 1))
#endif
#ifndef INT_MIN
#define INT_MIN (-INT_MAX - 1)
#endif
#ifndef UINT_MAX
#define UINT_MAX (~0u)
#endif
#ifndef LONG_MAX
#define LONG_MAX ((long)(~0ul >> 1))
#endif
#ifndef ULONG_MAX
#define ULONG_MAX (~0ul)
#endif
#ifndef SIZE_MAX
#define SIZE_MAX (~(size_t)0)
#endif
#define PHYS_ADDR_MAX (~(phys_addr_t)0)

#endif

/* SPDX-License-Identifier: MIT */
/* 64-bit registers as two 32-bit accesses, the low half first. */
#ifndef LINUX_IO_64_NONATOMIC_LO_HI_H
#define LINUX_IO_64_NONATOMIC_LO_HI_H

#include <linux/io.h>

static inline u64 ioread64_lo_hi(const void __iomem *addr)
{
	u64 lo = ioread32(addr);

	return lo | (u64)ioread32((const u8 __iomem *)addr + 4) << 32;
}

static inline void iowrite64_lo_hi(u64 value, void __iomem *addr)
{
	iowrite32((u32)value, addr);
	iowrite32((u32)(value >> 32), (u8 __iomem *)addr + 4);
}

#endif

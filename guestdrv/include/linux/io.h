/* SPDX-License-Identifier: MIT */
/*
 * Registers of devices.  A void __iomem * names a bus address and its space; it
 * cannot be dereferenced, and an access through a pointer that is none is
 * reported (kernel/io.c).  Each access is a machine call that takes time.
 */
#ifndef LINUX_IO_H
#define LINUX_IO_H

#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/types.h>

u8 ioread8(const void __iomem *addr);
u16 ioread16(const void __iomem *addr);
u32 ioread32(const void __iomem *addr);
u64 ioread64(const void __iomem *addr);
void iowrite8(u8 value, void __iomem *addr);
void iowrite16(u16 value, void __iomem *addr);
void iowrite32(u32 value, void __iomem *addr);
void iowrite64(u64 value, void __iomem *addr);

static inline u16 ioread16be(const void __iomem *addr)
{
	return __builtin_bswap16(ioread16(addr));
}

static inline u32 ioread32be(const void __iomem *addr)
{
	return __builtin_bswap32(ioread32(addr));
}

static inline void iowrite16be(u16 value, void __iomem *addr)
{
	iowrite16(__builtin_bswap16(value), addr);
}

static inline void iowrite32be(u32 value, void __iomem *addr)
{
	iowrite32(__builtin_bswap32(value), addr);
}

#define readb(addr) ioread8(addr)
#define readw(addr) ioread16(addr)
#define readl(addr) ioread32(addr)
#define readq(addr) ioread64(addr)
#define writeb(v, addr) iowrite8((v), (addr))
#define writew(v, addr) iowrite16((v), (addr))
#define writel(v, addr) iowrite32((v), (addr))
#define writeq(v, addr) iowrite64((v), (addr))
#define readl_relaxed(addr) readl(addr)
#define writel_relaxed(v, addr) writel((v), (addr))

void __iomem *ioremap(phys_addr_t addr, size_t size);
#define ioremap_wc(addr, size) ioremap((addr), (size))
void iounmap(volatile void __iomem *addr);
void __iomem *ioport_map(unsigned long port, unsigned int nr);
void ioport_unmap(void __iomem *addr);

#endif

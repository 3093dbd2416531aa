/* SPDX-License-Identifier: MIT */
/*
 * Register accesses.  A void __iomem * is a bus address with its top bits set,
 * so that a plain pointer in its place, and a dereference of it, are found:
 *
 *   63        62         61                             0
 *   | 1       | I/O port | bus address                   |
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/io.h>

#define COOKIE (1ull << 63)
#define COOKIE_IO (1ull << 62)
#define COOKIE_ADDR (COOKIE_IO - 1)

static u64 address_of(const volatile void __iomem *p,
		      enum machine_space *space, unsigned int width)
{
	u64 cookie = (u64)(unsigned long)p;

	if (unlikely(!(cookie & COOKIE)))
		guest_bug("bad-access",
			  "a register access through a pointer that no map function returned");
	*space = cookie & COOKIE_IO ? MACHINE_IO : MACHINE_MEM;
	cookie &= COOKIE_ADDR;
	if (unlikely(cookie & (width - 1)))
		guest_bug("bad-access",
			  "a register access of %u bytes at 0x%llx, which is not aligned",
			  width, cookie);
	return cookie;
}

u64 guest_iomem_address(const volatile void *p)
{
	enum machine_space space;

	return address_of(p, &space, 1);
}

static u64 io_read(const volatile void __iomem *p, unsigned int width)
{
	enum machine_space space;
	u64 addr = address_of(p, &space, width);
	struct guest_context *ctx = guest_leave();
	u64 value = gk.calls->read(gk.m, space, addr, width);

	guest_return(ctx);
	return value;
}

static void io_write(volatile void __iomem *p, unsigned int width, u64 value)
{
	enum machine_space space;
	u64 addr = address_of(p, &space, width);
	struct guest_context *ctx = guest_leave();

	gk.calls->write(gk.m, space, addr, width, value);
	guest_return(ctx);
}

u8 ioread8(const void __iomem *addr)
{
	return (u8)io_read(addr, 1);
}

u16 ioread16(const void __iomem *addr)
{
	return (u16)io_read(addr, 2);
}

u32 ioread32(const void __iomem *addr)
{
	return (u32)io_read(addr, 4);
}

u64 ioread64(const void __iomem *addr)
{
	return io_read(addr, 8);
}

void iowrite8(u8 value, void __iomem *addr)
{
	io_write(addr, 1, value);
}

void iowrite16(u16 value, void __iomem *addr)
{
	io_write(addr, 2, value);
}

void iowrite32(u32 value, void __iomem *addr)
{
	io_write(addr, 4, value);
}

void iowrite64(u64 value, void __iomem *addr)
{
	io_write(addr, 8, value);
}

void __iomem *ioremap(phys_addr_t addr, size_t size)
{
	if (!size || (addr & ~COOKIE_ADDR))
		return NULL;
	return (void __iomem *)(unsigned long)(COOKIE | addr);
}

void iounmap(volatile void __iomem *addr)
{
	(void)addr;
}

void __iomem *ioport_map(unsigned long port, unsigned int nr)
{
	if (!nr || port > 0xffff)
		return NULL;
	return (void __iomem *)(unsigned long)(COOKIE | COOKIE_IO | port);
}

void ioport_unmap(void __iomem *addr)
{
	(void)addr;
}

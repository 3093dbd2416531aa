/* SPDX-License-Identifier: MIT */
/*
 * CPU accesses: the host bridge's decode.  ECAM goes to the function's config
 * space, and so do the ports CF8h and CFCh (PCI 3.0 3.2.2.3.2: enable, bus,
 * device, function, register); an address inside of one of the bridge's windows goes to the function
 * whose BAR claims it; all else reads all ones and is dropped.
 */
#include "sim/flat/internal.h"

/* An access on its way; `write` says which way value goes. */
struct access {
	struct flat_machine *fm;
	enum machine_space space;
	uint64_t addr;
	uint64_t value;
	unsigned int width;
	bool write;
};

static uint64_t ones(unsigned int width)
{
	return width == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1;
}

static bool inside(uint64_t addr, unsigned int width, uint64_t base,
		   uint64_t size)
{
	return addr >= base && addr - base < size &&
	       width <= size - (addr - base);
}

/* Config space knows at most 4 bytes; 8 are two accesses, the lower first. */
static void config_access(struct access *a, struct flat_slot *slot,
			  uint32_t offset)
{
	struct pci_function *fn = slot->fn;
	uint32_t width = a->width == 8 ? 4 : a->width;

	if (a->write) {
		a->fm->s->counters.config_writes++;
		fn->ops->config_write(fn, offset, width,
				      (uint32_t)(a->value & ones(width)));
		if (a->width == 8)
			fn->ops->config_write(fn, offset + 4, 4,
					      (uint32_t)(a->value >> 32));
		return;
	}
	a->fm->s->counters.config_reads++;
	a->value = fn->ops->config_read(fn, offset, width);
	if (a->width == 8)
		a->value |= (uint64_t)fn->ops->config_read(fn, offset + 4, 4)
			    << 32;
}

static void bar_access(struct access *a, struct flat_slot *slot, uint32_t bar)
{
	struct flat_counters *n = &a->fm->s->counters;
	struct pci_function *fn = slot->fn;
	uint64_t offset = a->addr - slot->windows[bar].base;
	bool io = a->space == MACHINE_IO;

	if (a->write) {
		*(io ? &n->io_writes : &n->mem_writes) += 1;
		fn->ops->bar_write(fn, bar, offset, a->width,
				   a->value & ones(a->width));
	} else {
		*(io ? &n->io_reads : &n->mem_reads) += 1;
		a->value = fn->ops->bar_read(fn, bar, offset, a->width);
	}
}

/* The bridge forwards only what lies in its own windows. */
static bool forwarded(const struct access *a)
{
	if (a->space == MACHINE_IO)
		return inside(a->addr, a->width, FLAT_IO_BASE, FLAT_IO_SIZE);
	return inside(a->addr, a->width, FLAT_WINDOW32_BASE,
		      FLAT_WINDOW32_SIZE) ||
	       inside(a->addr, a->width, FLAT_WINDOW64_BASE,
		      FLAT_WINDOW64_SIZE);
}

static bool window_access(struct access *a)
{
	enum pci_window_kind kind = a->space == MACHINE_IO ? PCI_WINDOW_IO :
							     PCI_WINDOW_MEM;
	struct flat_slot *slot;
	uint32_t bar;

	if (!forwarded(a))
		return false;
	for (slot = a->fm->s->slots; slot; slot = slot->next) {
		if (slot->gone || !slot->fn)
			continue;
		for (bar = 0; bar < PCI_BARS; bar++) {
			const struct flat_window *w = &slot->windows[bar];

			if (w->kind == kind &&
			    inside(a->addr, a->width, w->base, w->size)) {
				bar_access(a, slot, bar);
				return true;
			}
		}
	}
	return false;
}

/* Bus b, device d, function f: ECAM base + (b << 20 | d << 15 | f << 12). */
static bool ecam_access(struct access *a)
{
	uint64_t bdf = (a->addr - FLAT_ECAM_BASE) >> 12;
	struct flat_slot *slot;

	if (a->space != MACHINE_MEM || bdf >= FLAT_FUNCTIONS ||
	    !inside(a->addr, a->width, FLAT_ECAM_BASE, FLAT_ECAM_SIZE))
		return false;
	slot = a->fm->s->slot_of[bdf];
	if (!slot || !slot->fn || slot->gone)
		return false;
	config_access(a, slot, a->addr & 0xfff);
	return true;
}

/* Only a whole dword is the address; anything else there is plain I/O. */
static bool port_access(struct access *a)
{
	uint32_t *address = &a->fm->s->config_address;
	uint32_t bdf = *address >> 8 & 0xffff;
	struct flat_slot *slot;

	if (a->space != MACHINE_IO)
		return false;
	if (a->addr == FLAT_CONFIG_PORTS && a->width == 4) {
		if (a->write)
			*address = a->value & 0x80fffffc;
		a->value = *address;
		return true;
	}
	if ((a->addr & ~3ull) != FLAT_CONFIG_PORTS + 4 || !(*address >> 31) ||
	    bdf >= FLAT_FUNCTIONS)
		return false;
	slot = a->fm->s->slot_of[bdf];
	if (!slot || !slot->fn || slot->gone)
		return false;
	config_access(a, slot, (*address & 0xfc) | (a->addr & 3));
	return true;
}

static void run(struct access *a)
{
	if (a->width > 8 || !(0x116u >> a->width & 1) ||
	    a->addr & (a->width - 1) ||
	    (a->space == MACHINE_IO && a->width == 8))
		flat_bug(a->fm, "bad-access", "%s of %u bytes at 0x%llx",
			 a->write ? "write" : "read", a->width,
			 (unsigned long long)a->addr);
	if (ecam_access(a) || port_access(a) || window_access(a))
		return;
	a->fm->s->counters.bus_errors++;
	a->value = UINT64_MAX;
}

uint64_t flat_access_read(struct flat_machine *fm, enum machine_space space,
			  uint64_t addr, unsigned int width)
{
	struct access a = {
		.fm = fm,
		.space = space,
		.addr = addr,
		.width = width,
	};

	run(&a);
	return a.value & ones(width);
}

void flat_access_write(struct flat_machine *fm, enum machine_space space,
		       uint64_t addr, unsigned int width, uint64_t value)
{
	struct access a = {
		.fm = fm,
		.space = space,
		.addr = addr,
		.value = value,
		.width = width,
		.write = true,
	};

	run(&a);
}

/* SPDX-License-Identifier: MIT */
/*
 * Base address registers (PCI 3.0 6.2.5.1): sizing, the read-only low bits, and
 * the windows that they make the function decode.  The guest's PCI core writes
 * them; the host routes accesses by the windows told here.
 *
 * What decodes: a BAR whose space is enabled in Command, in D0, at its address,
 * unless that address is
 *  - 0: not assigned yet, or
 *  - such that the range ends with the last byte of the 32-bit or of the 64-bit
 *    space: that is what a sizing write leaves behind.  Hardware would decode it
 *    there; software must not size with decoding enabled, and if it does, nothing
 *    else in the machine is hidden by it.
 * An address is a multiple of the size, so no range wraps.
 */
#include "models/pci/bars.h"

#include <assert.h>

#include "models/pci/pci_regs.h"

/*
 * Memory:  31            4  3            2 1  0
 *         | base address  | prefetchable | T | 0 |   T: 00 32-bit, 10 64-bit
 * I/O:     31                        2   1   0
 *         | base address               | 0 | 1 |
 */
static const struct bar_kind {
	uint32_t low_bits;
	uint64_t min, max; /* sizes */
	bool io, wide;
} bar_kinds[] = {
	[PCI_BAR_IO] = { PCI_BAR_BIT_IO, 4, 256, true, false },
	[PCI_BAR_MEM32] = { 0, 16, 1ull << 31, false, false },
	[PCI_BAR_MEM64] = { PCI_BAR_BIT_64, 16, 1ull << 62, false, true },
	[PCI_BAR_MEM64_PREF] = { PCI_BAR_BIT_64 | PCI_BAR_BIT_PREFETCHABLE, 16,
				 1ull << 62, false, true },
};

static uint32_t bar_offset(unsigned int bar)
{
	return PCI_REG_BAR0 + 4 * bar;
}

static bool is_wide(const struct pci_bar *bar)
{
	return bar_kinds[bar->kind].wide;
}

void pci_cfg_add_bar(struct pci_cfg *cfg, unsigned int bar,
		     enum pci_bar_kind kind, uint64_t size)
{
	assert(bar < PCI_BARS && kind > PCI_BAR_NONE &&
	       kind <= PCI_BAR_MEM64_PREF);
	assert((size & (size - 1)) == 0 && size >= bar_kinds[kind].min &&
	       size <= bar_kinds[kind].max);
	assert(cfg->bars[bar].kind == PCI_BAR_NONE);
	assert(bar == 0 || !is_wide(&cfg->bars[bar - 1]));
	if (bar_kinds[kind].wide)
		assert(bar + 1 < PCI_BARS &&
		       cfg->bars[bar + 1].kind == PCI_BAR_NONE);
	cfg->bars[bar] = (struct pci_bar){ .kind = kind, .size = size };
	pci_cfg_put(cfg, bar_offset(bar), 4, bar_kinds[kind].low_bits);
}

/* Stores what of `base` the BAR can hold, and shows it in its registers. */
static void set_base(struct pci_cfg *cfg, unsigned int i, uint64_t base)
{
	struct pci_bar *bar = &cfg->bars[i];

	bar->base = base & ~(bar->size - 1);
	pci_cfg_put(cfg, bar_offset(i), 4,
		    (uint32_t)bar->base | bar_kinds[bar->kind].low_bits);
	if (is_wide(bar))
		pci_cfg_put(cfg, bar_offset(i + 1), 4,
			    (uint32_t)(bar->base >> 32));
}

/* The generic accessor has stored all 32 bits. */
void pci_bars_written(void *owner, const struct reg *r, uint64_t old,
		      uint64_t now)
{
	struct pci_cfg *cfg = owner;
	unsigned int i = (r->offset - PCI_REG_BAR0) / 4;
	struct pci_bar *bar = &cfg->bars[i];

	(void)old;
	if (i > 0 && is_wide(&cfg->bars[i - 1]))
		set_base(cfg, i - 1,
			 (uint32_t)cfg->bars[i - 1].base | now << 32);
	else if (bar->kind == PCI_BAR_NONE)
		pci_cfg_put(cfg, r->offset, 4, 0);
	else
		set_base(cfg, i, (bar->base >> 32 << 32) | now);
	pci_bars_update(cfg);
}

void pci_bars_reset(struct pci_cfg *cfg)
{
	for (unsigned int i = 0; i < PCI_BARS; i++)
		if (cfg->bars[i].kind != PCI_BAR_NONE)
			set_base(cfg, i, 0);
}

static bool decodes(const struct pci_cfg *cfg, const struct pci_bar *bar)
{
	uint32_t command = pci_cfg_get(cfg, PCI_REG_COMMAND, 2);
	uint32_t enable = bar_kinds[bar->kind].io ? PCI_COMMAND_IO_SPACE :
						    PCI_COMMAND_MEMORY_SPACE;
	uint64_t last = bar->base + bar->size - 1;

	return !cfg->asleep && (command & enable) && bar->base != 0 &&
	       last != UINT32_MAX && last != UINT64_MAX;
}

static void update_one(struct pci_cfg *cfg, uint32_t i)
{
	struct pci_bar *bar = &cfg->bars[i];
	struct pci_host *host = cfg->fn->host;
	bool on = decodes(cfg, bar);

	if (on == bar->decoded && (!on || bar->base == bar->decoded_base))
		return;
	bar->decoded = on;
	bar->decoded_base = on ? bar->base : 0;
	if (!on)
		host->ops->window(host, i, PCI_WINDOW_NONE, 0, 0);
	else
		host->ops->window(host, i,
				  bar_kinds[bar->kind].io ? PCI_WINDOW_IO :
							    PCI_WINDOW_MEM,
				  bar->base, bar->size);
}

void pci_bars_update(struct pci_cfg *cfg)
{
	for (uint32_t i = 0; i < PCI_BARS; i++)
		if (cfg->bars[i].kind != PCI_BAR_NONE)
			update_one(cfg, i);
}

/* SPDX-License-Identifier: MIT */
/*
 * Base address registers: how large is each (PCI 3.0 section 6.2.5.1: write all
 * ones, read back), and where it goes.  BARs are placed from the largest down,
 * so that natural alignment wastes nothing.
 */
#include "guestdrv/kernel/pci.h"

#include <linux/slab.h>

struct window {
	u64 next, end;
};

/* One BAR that wants a place. */
struct want {
	struct pci_dev *pdev;
	unsigned int bar;
	u64 size;
};

static u32 size_dword(struct pci_dev *pdev, int where)
{
	u32 old, mask;

	pci_read_config_dword(pdev, where, &old);
	pci_write_config_dword(pdev, where, ~0u);
	pci_read_config_dword(pdev, where, &mask);
	pci_write_config_dword(pdev, where, old);
	return mask;
}

static unsigned long flags_of(u32 low)
{
	if (low & PCI_BASE_ADDRESS_SPACE_IO)
		return IORESOURCE_IO;
	return IORESOURCE_MEM |
	       (low & PCI_BASE_ADDRESS_MEM_PREFETCH ? IORESOURCE_PREFETCH : 0) |
	       ((low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) ==
				PCI_BASE_ADDRESS_MEM_TYPE_64 ?
			IORESOURCE_MEM_64 : 0);
}

/* Answers how many registers the BAR has: 1, or 2 of a 64-bit one. */
static unsigned int read_bar(struct pci_dev *pdev, unsigned int bar)
{
	struct resource *res = &pdev->resource[bar];
	int where = (int)(PCI_BASE_ADDRESS_0 + 4 * bar);
	u32 low = size_dword(pdev, where);
	unsigned long flags = flags_of(low);
	u64 mask;

	if (!low || low == ~0u)
		return 1;
	if (flags & IORESOURCE_IO)
		mask = low & PCI_BASE_ADDRESS_IO_MASK & 0xffff;
	else
		mask = low & PCI_BASE_ADDRESS_MEM_MASK & ~0u;
	if ((flags & IORESOURCE_MEM_64) && bar + 1 < PCI_STD_NUM_BARS)
		mask |= (u64)size_dword(pdev, where + 4) << 32;
	/* The lowest bit that can be written is the size. */
	if (mask) {
		res->end = (mask & -mask) - 1;
		res->flags = flags | IORESOURCE_UNSET;
		res->name = pci_name(pdev);
	}
	return flags & IORESOURCE_MEM_64 ? 2 : 1;
}

void guest_pci_read_bars(struct pci_dev *pdev)
{
	unsigned int bar;
	u16 command;

	/* Nothing may decode while a BAR holds all ones. */
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND,
			      command & (u16)~(PCI_COMMAND_IO |
					       PCI_COMMAND_MEMORY));
	for (bar = 0; bar < PCI_STD_NUM_BARS;)
		bar += read_bar(pdev, bar);
	pci_write_config_word(pdev, PCI_COMMAND, command);
}

static bool place(struct window *w, struct want *want)
{
	u64 at = ALIGN(w->next, want->size);

	if (at < w->next || want->size > w->end || at > w->end - want->size)
		return false;
	w->next = at + want->size;
	want->pdev->resource[want->bar].start = at;
	want->pdev->resource[want->bar].end = at + want->size - 1;
	want->pdev->resource[want->bar].flags &= ~IORESOURCE_UNSET;
	return true;
}

static void write_bar(const struct want *want)
{
	const struct resource *res = &want->pdev->resource[want->bar];
	int where = (int)(PCI_BASE_ADDRESS_0 + 4 * want->bar);

	pci_write_config_dword(want->pdev, where, (u32)res->start);
	if (res->flags & IORESOURCE_MEM_64)
		pci_write_config_dword(want->pdev, where + 4,
				       (u32)(res->start >> 32));
}

static struct window window_of(struct machine_range range)
{
	/* Address 0 means "not assigned" to many a driver: leave it out. */
	return (struct window){ range.base ? range.base : 1,
				range.base + range.size };
}

static void assign(struct want *want, struct window w[3])
{
	unsigned long flags = want->pdev->resource[want->bar].flags;
	bool ok;

	if (flags & IORESOURCE_IO)
		ok = place(&w[2], want);
	else
		ok = (flags & IORESOURCE_PREFETCH &&
		      flags & IORESOURCE_MEM_64 &&
		      place(&w[1], want)) ||
		     place(&w[0], want);
	if (ok)
		write_bar(want);
	else
		pci_err(want->pdev, "BAR %u: no room for %llu bytes\n",
			want->bar, want->size);
}

/* Keeps the list sorted, larger first, equal ones as they came. */
static void insert(struct want *wants, unsigned int n, struct want want)
{
	while (n && wants[n - 1].size < want.size) {
		wants[n] = wants[n - 1];
		n--;
	}
	wants[n] = want;
}

static unsigned int collect(struct list_head *nodes, struct want *wants)
{
	struct guest_pci_node *node;
	unsigned int n = 0, bar;

	list_for_each_entry(node, nodes, node)
		for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
			struct resource *res = &node->pdev.resource[bar];

			if (res->flags)
				insert(wants, n++,
				       (struct want){ &node->pdev, bar,
						      resource_size(res) });
		}
	return n;
}

int guest_pci_assign_bars(struct list_head *nodes)
{
	struct window w[3] = { window_of(gk.info->window32),
			       window_of(gk.info->window64),
			       window_of(gk.info->window_io) };
	struct guest_pci_node *node;
	struct want *wants;
	unsigned int n = 0, i;

	list_for_each_entry(node, nodes, node)
		n += PCI_STD_NUM_BARS;
	wants = guest_alloc(sizeof(*wants) * (n + 1));
	if (!wants)
		return -ENOMEM;
	n = collect(nodes, wants);
	for (i = 0; i < n; i++)
		assign(&wants[i], w);
	kfree(wants);
	return 0;
}

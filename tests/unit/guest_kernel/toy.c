/* SPDX-License-Identifier: MIT */
/* The toy of toy.h.  Offsets and bits are the specification's numbers. */
#include "tests/unit/guest_kernel/toy.h"

#include <stdlib.h>
#include <string.h>

static void set(struct toy *t, uint32_t at, uint32_t width, uint32_t value,
		uint32_t writable)
{
	memcpy(&t->config[at], &value, width);
	memcpy(&t->writable[at], &writable, width);
}

uint32_t toy_config_value(const struct toy *t, uint32_t offset, uint32_t width)
{
	uint32_t v = 0;

	memcpy(&v, &t->config[offset], width);
	return v;
}

/* BARs decode when their bit of Command is on and they hold an address. */
static void update_windows(struct toy *t)
{
	uint32_t command = toy_config_value(t, 4, 2), bar;

	for (bar = 0; bar < 6; bar++) {
		const struct toy_bar *b = &t->cfg.bars[bar];
		bool io = b->flags & 1;
		uint64_t base = toy_config_value(t, 0x10 + 4 * bar, 4) &
				~(io ? 3ull : 15ull);
		bool open;

		if (!b->size)
			continue;
		if (b->flags & 4)
			base |= (uint64_t)toy_config_value(t, 0x14 + 4 * bar, 4)
				<< 32;
		open = command & (io ? 1 : 2) && base;
		if (open == t->open[bar] && base == t->base[bar])
			continue;
		t->open[bar] = open;
		t->base[bar] = base;
		t->fn.host->ops->window(t->fn.host, bar,
					!open ? PCI_WINDOW_NONE :
					io    ? PCI_WINDOW_IO :
						PCI_WINDOW_MEM,
					base, b->size);
	}
}

static void note_write(struct toy *t, int bar, uint64_t offset, uint32_t width,
		       uint64_t value)
{
	if (t->writes < TOY_LOG)
		t->log[t->writes++] =
			(struct toy_write){ bar, offset, width, value };
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	return offset + width > 256 ? 0 :
	       toy_config_value((struct toy *)fn, offset, width);
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	struct toy *t = (struct toy *)fn;
	uint32_t i;

	note_write(t, -1, offset, width, value);
	for (i = 0; i < width && offset + i < 256; i++) {
		uint8_t mask = t->writable[offset + i];

		t->config[offset + i] =
			(uint8_t)((t->config[offset + i] & ~mask) |
				  (value >> 8 * i & mask));
	}
	update_windows(t);
}

static void fire(struct toy *t, uint32_t n)
{
	uint32_t control = toy_config_value(t, 0x42, 2), data, masked;
	uint64_t addr;

	memcpy(&masked, &t->mem[1][16 * n + 12], 4);
	if ((control & 0xc000) != 0x8000 || (masked & 1) || n >= t->cfg.msix) {
		t->refused++;
		return;
	}
	memcpy(&addr, &t->mem[1][16 * n], 8);
	memcpy(&data, &t->mem[1][16 * n + 8], 4);
	t->fn.host->ops->msi(t->fn.host, n, addr, data);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar, uint64_t offset,
			 uint32_t width)
{
	struct toy *t = (struct toy *)fn;
	uint64_t v = 0;

	if (bar == 0 && offset == 0x108)
		return t->refused;
	if (bar < 2)
		memcpy(&v, &t->mem[bar][offset & 4095], width);
	return v;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	struct toy *t = (struct toy *)fn;

	note_write(t, (int)bar, offset, width, value);
	if (bar < 2)
		memcpy(&t->mem[bar][offset & 4095], &value, width);
	if (bar == 0 && offset == 0x100)
		fire(t, (uint32_t)value);
	if (bar == 0 && offset == 0x104)
		t->fn.host->ops->intx(t->fn.host, t->cfg.pin, value & 1);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	(void)fn;
	(void)lane;
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	(void)fn;
	(void)lanes;
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	(void)fn;
	(void)kind;
}

static void destroy(struct pci_function *fn)
{
	free(fn);
}

static const struct pci_function_ops ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

static void set_bars(struct toy *t)
{
	uint32_t bar;

	for (bar = 0; bar < 6; bar++) {
		const struct toy_bar *b = &t->cfg.bars[bar];
		uint64_t mask = ~(b->size - 1);

		if (!b->size)
			continue;
		set(t, 0x10 + 4 * bar, 4, b->flags,
		    (uint32_t)mask & (b->flags & 1 ? 0xfffcu : ~15u));
		if (b->flags & 4)
			set(t, 0x14 + 4 * bar, 4, 0, (uint32_t)(mask >> 32));
	}
}

/* Capabilities: MSI-X at 0x40, a vendor's at 0x60 and 0x70. */
static void set_capabilities(struct toy *t)
{
	set(t, 0x06, 2, 0x10, 0);
	set(t, 0x34, 1, t->cfg.msix ? 0x40 : 0x60, 0);
	set(t, 0x60, 2, 0x7009, 0);
	set(t, 0x70, 2, t->cfg.loop ? 0x6009 : 0x0009, 0);
	if (!t->cfg.msix)
		return;
	set(t, 0x40, 2, 0x6011, 0);
	set(t, 0x42, 2, t->cfg.msix - 1, 0xc000);
	set(t, 0x44, 4, 0x1, 0);
	set(t, 0x48, 4, 0x801, 0);
}

struct toy *toy_create(const struct toy_config *cfg, struct pci_host *host)
{
	struct toy *t = calloc(1, sizeof(*t));
	uint32_t n;

	if (!t)
		abort();
	t->fn.ops = &ops;
	t->fn.host = host;
	t->cfg = *cfg;
	set(t, 0x00, 4, 0x70071234, 0);
	set(t, 0x04, 2, 0, 0x0547);
	set(t, 0x08, 4, 0x01800005, 0);
	set(t, 0x0e, 1, cfg->multi ? 0x80 : 0, 0);
	set(t, 0x2c, 4, 0x00425678, 0);
	set(t, 0x3c, 1, 0, 0xff);
	set(t, 0x3d, 1, cfg->pin, 0);
	set_bars(t);
	set_capabilities(t);
	for (n = 0; n < 256; n++)
		t->mem[1][16 * n % 4096 + 12] = 1;
	return t;
}

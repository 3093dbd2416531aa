/* SPDX-License-Identifier: MIT */
/*
 * The plain function: what a device of one's own needs at least at door 2.
 */
#include "tests/unit/pci/plain.h"

#include <stdlib.h>

static struct plain *plain(struct pci_function *fn)
{
	return (struct plain *)fn;
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	return pci_cfg_read(&plain(fn)->cfg, offset, width);
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	pci_cfg_write(&plain(fn)->cfg, offset, width, value);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar, uint64_t offset,
			 uint32_t width)
{
	if (bar == 0 && plain(fn)->msix.entries)
		return pci_msix_bar_read(&plain(fn)->msix, offset, width);
	return 0;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	if (bar == 0 && plain(fn)->msix.entries)
		pci_msix_bar_write(&plain(fn)->msix, offset, width, value);
}

static void finish(struct plain *p)
{
	p->completed++;
	if (p->intx_instead)
		pci_cfg_set_intx(&p->cfg, true);
	else if (pci_msix_enabled(&p->msix))
		pci_msix_notify(&p->msix, p->lane_vector);
}

/* Four DMA calls: two reads, a wait, a write. */
static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct pci_host *h = fn->host;
	uint8_t bytes[16];

	(void)lane;
	if (h->ops->dma_read(h, PLAIN_SOURCE, bytes, 8) == DMA_CANCELED)
		return;
	if (h->ops->dma_read(h, PLAIN_SOURCE + 8, bytes + 8, 8) == DMA_CANCELED)
		return;
	if (h->ops->lane_wait(h, 1000) == DMA_CANCELED)
		return;
	if (h->ops->dma_write(h, PLAIN_TARGET, bytes, 16) == DMA_CANCELED)
		return;
	finish(plain(fn));
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	plain(fn)->drained |= lanes;
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct plain *p = plain(fn);

	p->resets++;
	p->last_reset = kind;
	p->control_in_reset = cfg_read(p, cap_find(p, 0x10) + 8, 2);
	pci_cfg_reset(&p->cfg);
	pci_msix_reset(&p->msix);
}

static void destroy(struct pci_function *fn)
{
	plain_free(plain(fn));
}

static const struct pci_function_ops plain_ops = {
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

struct plain *plain_new(const struct plain_options *options)
{
	const struct pci_ids ids = {
		.vendor = 0x1234, .device = 0x5678,
		.subsystem_vendor = 0x9abc, .subsystem = 0xdef0,
		.revision = 0x2a, .class_code = 0x018002,
		.intx_pin = options->pin,
	};
	struct plain *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->fn.ops = &plain_ops;
	fake_host_init(&p->host, PLAIN_RAM);
	p->fn.host = &p->host.host;
	fake_host_attach(&p->host, &p->fn);
	pci_cfg_init(&p->cfg, &p->fn, &ids);
	pci_cfg_use_list(&p->cfg, &p->caps);
	pci_cfg_add_bar(&p->cfg, 0, PCI_BAR_MEM32, 4096);
	if (!options->bare) {
		pci_cfg_add_bar(&p->cfg, 1, PCI_BAR_IO, 32);
		pci_cfg_add_bar(&p->cfg, 2, PCI_BAR_MEM64, 65536);
		pci_cfg_add_bar(&p->cfg, 4, PCI_BAR_MEM64_PREF, 1ull << 33);
	}
	if (!pci_msix_init(&p->msix, &p->cfg, 0, options->entries, 0, 0x800))
		abort();
	if (!options->bare) {
		pci_pm_add(&p->cfg);
		pci_pcie_add(&p->cfg);
	}
	return p;
}

struct plain *plain_default(void)
{
	return plain_new(&(struct plain_options){ .entries = 4, .pin = 1 });
}

void plain_free(struct plain *p)
{
	pci_msix_destroy(&p->msix);
	fake_host_fini(&p->host);
	free(p);
}

uint32_t cfg_read(struct plain *p, uint32_t offset, uint32_t width)
{
	return p->fn.ops->config_read(&p->fn, offset, width);
}

void cfg_write(struct plain *p, uint32_t offset, uint32_t width, uint32_t value)
{
	p->fn.ops->config_write(&p->fn, offset, width, value);
}

uint32_t cap_find(struct plain *p, uint32_t id)
{
	uint32_t at = 0;
	unsigned int hops = 0;

	if (cfg_read(p, 0x06, 2) & 0x10)
		at = cfg_read(p, 0x34, 1);
	while (at && hops++ < 48 && cfg_read(p, at, 1) != id)
		at = cfg_read(p, at + 1, 1);
	return at;
}

void plain_start(struct plain *p)
{
	cfg_write(p, 0x10, 4, PLAIN_BAR);
	cfg_write(p, 0x04, 2, 0x0006);
	fake_host_forget(&p->host);
}

uint64_t bar0_read(struct plain *p, uint32_t offset, uint32_t width)
{
	return fake_host_read(&p->host, PCI_WINDOW_MEM, PLAIN_BAR + offset,
			      width);
}

void bar0_write(struct plain *p, uint32_t offset, uint32_t width,
		uint64_t value)
{
	fake_host_write(&p->host, PCI_WINDOW_MEM, PLAIN_BAR + offset, width,
			value);
}

void vector_set(struct plain *p, uint32_t vector, uint64_t addr, uint32_t data)
{
	bar0_write(p, vector * 16, 4, (uint32_t)addr);
	bar0_write(p, vector * 16 + 4, 4, addr >> 32);
	bar0_write(p, vector * 16 + 8, 4, data);
}

void vector_mask(struct plain *p, uint32_t vector, bool masked)
{
	bar0_write(p, vector * 16 + 12, 4, masked);
}

void control_write(struct plain *p, uint32_t value)
{
	cfg_write(p, cap_find(p, 0x11) + 2, 2, value);
}

uint64_t pba(struct plain *p)
{
	return bar0_read(p, 0x800, 8);
}

void msix_start(struct plain *p)
{
	plain_start(p);
	for (uint32_t v = 0; v < 4; v++) {
		vector_set(p, v, 0xfee00000u + v * 0x1000, 0x40 + v);
		vector_mask(p, v, false);
	}
	control_write(p, 0x8000);
	fake_host_forget(&p->host);
}

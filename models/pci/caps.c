/* SPDX-License-Identifier: MIT */
/*
 * The capability list (PCI 3.0 6.7): a chain from the Capabilities Pointer
 * through config bytes 40h..FFh.  The guest's PCI core walks it; each capability
 * starts on a dword and no access covers two of them.
 *
 *   +0  capability id   +1  next, 0: the last   +2..  the capability's own
 */
#include <assert.h>
#include <string.h>

#include "models/pci/config.h"
#include "models/pci/pci_regs.h"

#define CAP_AREA_END 0x100u

void pci_cfg_use_list(struct pci_cfg *cfg, struct pci_cap_list *list)
{
	assert(!cfg->ncaps);
	memset(list, 0, sizeof(*list));
	cfg->list = list;
}

/* Hangs `at` to the end of the chain. */
static void link_cap(struct pci_cfg *cfg, uint8_t at)
{
	uint32_t from = PCI_REG_CAPABILITIES_POINTER;

	if (cfg->ncaps > 0)
		from = cfg->list->caps[cfg->ncaps - 1].at + 1u;
	pci_cfg_show(cfg, from, 1, at);
	pci_cfg_show(cfg, PCI_REG_STATUS, 1, PCI_STATUS_CAPABILITIES_LIST);
}

void pci_cfg_show(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		  uint32_t value)
{
	assert(offset >= PCI_HEADER_SIZE || offset == PCI_REG_STATUS ||
	       offset == PCI_REG_CAPABILITIES_POINTER);
	assert(cfg->list && offset + width <= CAP_AREA_END);
	pci_cfg_put(cfg, offset, width, value);
	memcpy(&cfg->list->reset[offset], &cfg->bytes[offset], width);
}

uint8_t pci_cfg_add_cap(struct pci_cfg *cfg, uint8_t id, const uint8_t *body,
			const uint8_t *writable, uint8_t len,
			const struct pci_cap_ops *ops, void *owner)
{
	unsigned int at = cfg->cap_end;

	assert(cfg->list && cfg->ncaps < PCI_CFG_MAX_CAPS && len >= 2);
	assert(at + len <= CAP_AREA_END);
	link_cap(cfg, (uint8_t)at);
	cfg->list->caps[cfg->ncaps++] = (struct pci_cap){
		.at = (uint8_t)at, .len = len, .ops = ops, .owner = owner,
	};
	cfg->cap_end = (at + len + 3u) & ~3u;
	memcpy(&cfg->list->reset[at + 2], body + 2, len - 2u);
	cfg->list->reset[at] = id;
	cfg->list->reset[at + 1] = 0;
	if (writable)
		memcpy(&cfg->list->writable[at + 2], writable + 2, len - 2u);
	memcpy(&cfg->bytes[at], &cfg->list->reset[at], len);
	return (uint8_t)at;
}

/* One byte of the masks of a register table. */
static void block_masks(const struct reg_block *block, uint8_t *writable,
			uint8_t *w1c)
{
	for (size_t i = 0; i < block->count; i++) {
		const struct reg *r = &block->regs[i];

		for (uint32_t b = 0; b < r->width; b++) {
			writable[r->offset + b] =
				(uint8_t)(r->writable >> (8 * b));
			w1c[r->offset + b] = (uint8_t)(r->w1c >> (8 * b));
		}
	}
}

uint8_t pci_cfg_add_cap_block(struct pci_cfg *cfg, uint8_t id,
			      const struct reg_block *block,
			      const struct pci_cap_ops *ops, void *owner)
{
	uint8_t body[256] = { 0 }, writable[256] = { 0 }, w1c[256] = { 0 };
	uint8_t at;

	assert(block->size < sizeof(body));
	reg_block_reset(block, body);
	block_masks(block, writable, w1c);
	at = pci_cfg_add_cap(cfg, id, body, writable, (uint8_t)block->size, ops,
			     owner);
	memcpy(&cfg->list->w1c[at], w1c, block->size);
	return at;
}

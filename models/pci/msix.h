/* SPDX-License-Identifier: MIT */
/*
 * MSI-X: capability, vector table, pending bit array.  Source: PCI Local Bus
 * 3.0 section 6.8.  Whatever may let a vector through (its mask, the function
 * mask, MSI-X Enable, Bus Master) ends in one function, which fires what is
 * pending and no longer held back.  A message is what the table holds when it is
 * sent.
 */
#ifndef RINGSIDE_MODELS_PCI_MSIX_H
#define RINGSIDE_MODELS_PCI_MSIX_H

#include "models/pci/config.h"

#define PCI_MSIX_MAX_ENTRIES 2048u
#define PCI_MSIX_ENTRY_BYTES 16u

struct pci_msix {
	struct pci_cfg *cfg;
	uint32_t entries;    /* 0: the function has no MSI-X capability */
	uint8_t cap;         /* the capability's offset */
	uint8_t bar;
	uint32_t table_offset, pba_offset; /* in that BAR */
	uint8_t *table;      /* entries * 16 bytes */
	uint8_t *first;      /* as they were at each vector's first message */
	uint64_t *pending;   /* one bit a vector */
	uint16_t control;    /* Message Control as last told to the observers */
};

/* Register tables: the capability, and one entry of the vector table. */
extern const struct reg_block pci_msix_regs;
extern const struct reg_block pci_msix_entry_regs;

/* Adds the capability.  table_offset and pba_offset: multiples of 8 in `bar`, a
 * memory BAR that has been added; not overlapping.  False: out of memory.
 * entries 0 adds nothing, and needs no BAR. */
bool pci_msix_init(struct pci_msix *msix, struct pci_cfg *cfg, uint8_t bar,
		   uint32_t entries, uint32_t table_offset,
		   uint32_t pba_offset);
void pci_msix_destroy(struct pci_msix *msix);
/* Table and PBA to reset: every vector masked, nothing pending.  (The
 * capability itself is reset by pci_cfg_reset.) */
void pci_msix_reset(struct pci_msix *msix);

bool pci_msix_enabled(const struct pci_msix *msix);
/* Fires the vector: sends (NOTIFY_SENT), sets the pending bit if it or the
 * function is masked (NOTIFY_PENDING), or drops it if Bus Master is off
 * (NOTIFY_DROPPED).  Vector must be below entries; MSI-X not enabled drops it. */
enum model_notify pci_msix_notify(struct pci_msix *msix, uint32_t vector);
bool pci_msix_is_pending(const struct pci_msix *msix, uint32_t vector);
/* The event behind the vector is gone: clears its pending bit. */
void pci_msix_clear_pending(struct pci_msix *msix, uint32_t vector);

/* Accesses to `bar` that fall in table or PBA, offset is the BAR's.  4 and 8 bytes
 * wide; others read all ones of their width and are dropped (6.8.2 leaves them
 * undefined).  Outside of table and PBA: reads 0, writes dropped. */
uint64_t pci_msix_bar_read(struct pci_msix *msix, uint64_t offset,
			   uint32_t width);
void pci_msix_bar_write(struct pci_msix *msix, uint64_t offset, uint32_t width,
			uint64_t value);

#endif

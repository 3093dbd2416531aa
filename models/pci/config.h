/* SPDX-License-Identifier: MIT */
/*
 * Type-0 configuration space: header, BARs, capability list, INTx status and
 * disable, Bus Master.  Source: PCI Local Bus 3.0 chapter 6.  Embedded in a
 * function; config_read and config_write of the function's ops call the
 * accessors here.
 */
#ifndef RINGSIDE_MODELS_PCI_CONFIG_H
#define RINGSIDE_MODELS_PCI_CONFIG_H

#include "models/pci/function.h"
#include "models/pci/quirks.h"
#include "models/pci/registers.h"

#define PCI_CFG_SIZE 4096u    /* ECAM's share of one function */
#define PCI_CFG_BYTES 256u    /* what there is of it: the rest reads 0, which is
				 an empty list of extended capabilities */
#define PCI_CFG_MAX_CAPS 16u

struct pci_cfg;

enum pci_bar_kind {
	PCI_BAR_NONE,
	PCI_BAR_IO,
	PCI_BAR_MEM32,
	PCI_BAR_MEM64,      /* takes the next BAR too */
	PCI_BAR_MEM64_PREF
};

struct pci_bar {
	enum pci_bar_kind kind;
	uint64_t size; /* a power of two; I/O: 4 .. 256, memory: 16 up */
	uint64_t base; /* as programmed */
	bool decoded;  /* as last told to the host, with decoded_base */
	uint64_t decoded_base;
};

/* Identity, as the header shows it. */
struct pci_ids {
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem;
	uint8_t revision;
	uint32_t class_code; /* 24 bits: base class, subclass, interface */
	uint8_t intx_pin;    /* 0 none, 1..4 */
	bool multifunction;
};

/* A capability's hooks, each may be NULL.  Offsets count from the capability's
 * start; an access never covers more than one capability. */
struct pci_cap_ops {
	/* Before a read of [offset, offset+width) of the capability. */
	void (*before_read)(struct pci_cfg *cfg, void *owner, uint32_t offset,
			    uint32_t width);
	/* After a write; cfg's bytes hold what was accepted. */
	void (*after_write)(struct pci_cfg *cfg, void *owner, uint32_t offset,
			    uint32_t width);
	/* What the function may send has changed: Bus Master, the power state,
	 * or a reset of config space. */
	void (*changed)(struct pci_cfg *cfg, void *owner);
};

struct pci_cap {
	uint8_t at, len;
	const struct pci_cap_ops *ops;
	void *owner;
};

/* What only a function with capabilities needs.  Bytes by their offset in
 * configuration space. */
struct pci_cap_list {
	struct pci_cap caps[PCI_CFG_MAX_CAPS];
	/* The header's masks are in pci_cfg_header. */
	uint8_t writable[PCI_CFG_BYTES];
	uint8_t w1c[PCI_CFG_BYTES];
	/* What the capabilities hold after reset, and what of the header
	 * belongs to them: the pointer, Status. */
	uint8_t reset[PCI_CFG_BYTES];
};

struct pci_cfg {
	struct pci_function *fn;
	struct pci_ids ids;
	uint8_t bytes[PCI_CFG_BYTES];
	struct pci_bar bars[PCI_BARS];
	struct pci_cap_list *list; /* the function's; NULL: no capabilities */
	unsigned int ncaps;
	unsigned int cap_end;   /* the first free byte behind them */
	bool intx_wanted;       /* the function asserts, whatever the disable bit says */
	bool intx_line;         /* as last posted to the host */
	bool messages;          /* MSI-X is enabled: INTx must be silent (6.8.3.3) */
	bool asleep;            /* D3hot: answers config accesses only */
	struct model_fault_site quirks[PCI_QUIRK_COUNT];
};

/* Shall the function break this rule now?  0: no; else the effect, from 1. */
static inline int pci_quirk(struct pci_cfg *cfg, enum pci_quirk quirk)
{
	return model_quirk(cfg->fn->host, &cfg->quirks[quirk], UINT32_MAX);
}

/* The header's register table, for decoders and docs.  Of a BAR the bits below
 * its size are read-only too; a register without a BAR behind it is zero. */
extern const struct reg_block pci_cfg_header;

/* Everything at its reset value; no BARs, no capabilities. */
void pci_cfg_init(struct pci_cfg *cfg, struct pci_function *fn,
		  const struct pci_ids *ids);
/* Asserts on a bad kind, size or index: our own mistake. */
void pci_cfg_add_bar(struct pci_cfg *cfg, unsigned int bar,
		     enum pci_bar_kind kind, uint64_t size);
/* Where its capabilities are kept, before the first is added; overwritten, and as
 * long-lived as *cfg. */
void pci_cfg_use_list(struct pci_cfg *cfg, struct pci_cap_list *list);
/* Appends a capability of `len` bytes (id and next included, from body[2] on the
 * rest; `writable` has len bytes or is NULL: read-only).  Returns its offset.
 * Asserts when the 192 bytes are full. */
uint8_t pci_cfg_add_cap(struct pci_cfg *cfg, uint8_t id, const uint8_t *body,
			const uint8_t *writable, uint8_t len,
			const struct pci_cap_ops *ops, void *owner);
/* The same from a register table: block->size bytes, reset values and masks are
 * the table's (its first two bytes are id and next).  The rows' own hooks are
 * not called, ops are. */
uint8_t pci_cfg_add_cap_block(struct pci_cfg *cfg, uint8_t id,
			      const struct reg_block *block,
			      const struct pci_cap_ops *ops, void *owner);
/* From now and from every reset on the bytes read as `value`, in the capability
 * list, its pointer or Status: for a list that shall be odd. */
void pci_cfg_show(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		  uint32_t value);
/* Reset of the function's config space: BARs, Command and capabilities to reset
 * values, windows withdrawn, INTx deasserted, D0.  If Bus Master was on it goes
 * off as by a write: all lanes are canceled. */
void pci_cfg_reset(struct pci_cfg *cfg);

/* Width 1, 2 or 4, aligned.  Bus Master going off cancels all lanes.  It going on
 * starts nothing but what MSI-X has pending: a function that has work left looks
 * at pci_cfg_bus_master after each write. */
uint32_t pci_cfg_read(struct pci_cfg *cfg, uint32_t offset, uint32_t width);
void pci_cfg_write(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		   uint32_t value);

/* May the function write to memory?  Bus Master Enable is set, it is in D0. */
bool pci_cfg_bus_master(const struct pci_cfg *cfg);
/* The function's interrupt condition, a level.  Without a pin, with MSI-X on or
 * in D3hot it has no effect (until that ends).  Else it is the Interrupt Status
 * bit, and the line unless Interrupt Disable is set; the line's changes are
 * posted. */
void pci_cfg_set_intx(struct pci_cfg *cfg, bool asserted);
/* For capabilities: MSI-X has been turned on or off; D3hot entered or left. */
void pci_cfg_set_messages(struct pci_cfg *cfg, bool on);
void pci_cfg_set_asleep(struct pci_cfg *cfg, bool asleep);
/* Little-endian fields of the space, for capability hooks. */
uint32_t pci_cfg_get(const struct pci_cfg *cfg, uint32_t offset, uint32_t width);
void pci_cfg_put(struct pci_cfg *cfg, uint32_t offset, uint32_t width,
		 uint32_t value);

#endif

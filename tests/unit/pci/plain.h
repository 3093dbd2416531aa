/* SPDX-License-Identifier: MIT */
/*
 * A PCI function with nothing but what models/pci gives: a BAR of each kind, a
 * pin, MSI-X, power management and PCI Express, and a lane that copies 16 bytes
 * and fires a vector.  Driven through the fake host as a guest would drive it.
 */
#ifndef RINGSIDE_TESTS_UNIT_PCI_PLAIN_H
#define RINGSIDE_TESTS_UNIT_PCI_PLAIN_H

#include "models/pci/caps.h"
#include "models/pci/config.h"
#include "models/pci/msix.h"
#include "tests/fake_host/fake_host.h"

#define PLAIN_BAR 0xe0000000u   /* where plain_start puts BAR 0 */
#define PLAIN_RAM 0x10000u
#define PLAIN_SOURCE 0x80000100ull
#define PLAIN_TARGET 0x80000200ull

struct plain_options {
	uint32_t entries; /* of MSI-X; 0: no capability */
	uint8_t pin;
	bool bare;        /* no BAR but 0, no PM, no PCI Express */
};

struct plain {
	struct pci_function fn;
	struct pci_cfg cfg;
	struct pci_cap_list caps;
	struct pci_msix msix;
	struct fake_host host;
	uint32_t lane_vector;  /* fired at the end of a lane's run */
	bool intx_instead;     /* the lane asserts INTx instead */
	unsigned int completed; /* lane runs that came to their end */
	unsigned int resets;
	enum pci_reset_kind last_reset;
	uint32_t control_in_reset; /* PCIe Device Control as the reset finds it */
	uint64_t drained;      /* lanes, or'ed */
};

/* Layout: BAR 0 mem32 4 KiB (table at 0, PBA at 0x800); BAR 1 I/O 32 bytes;
 * BAR 2/3 mem64 64 KiB; BAR 4/5 mem64 prefetchable 8 GiB. */
struct plain *plain_new(const struct plain_options *options);
/* Four vectors, INTA. */
struct plain *plain_default(void);
void plain_free(struct plain *p);

uint32_t cfg_read(struct plain *p, uint32_t offset, uint32_t width);
void cfg_write(struct plain *p, uint32_t offset, uint32_t width,
	       uint32_t value);
/* The offset of the capability with that id, by walking the list; 0: none. */
uint32_t cap_find(struct plain *p, uint32_t id);

/* BAR 0 at PLAIN_BAR, Command 0x0006 (memory, Bus Master), records forgotten. */
void plain_start(struct plain *p);
/* Accesses to BAR 0, by bus address. */
uint64_t bar0_read(struct plain *p, uint32_t offset, uint32_t width);
void bar0_write(struct plain *p, uint32_t offset, uint32_t width,
		uint64_t value);

/* MSI-X as a driver does it: entry by four dwords, Message Control. */
void vector_set(struct plain *p, uint32_t vector, uint64_t addr, uint32_t data);
void vector_mask(struct plain *p, uint32_t vector, bool masked);
void control_write(struct plain *p, uint32_t value);
uint64_t pba(struct plain *p);
/* plain_start, all four vectors set up and unmasked, MSI-X enabled: messages of
 * vector n go to 0xfee00000 + n * 0x1000 with data 0x40 + n. */
void msix_start(struct plain *p);

#endif

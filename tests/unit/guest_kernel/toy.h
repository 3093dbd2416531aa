/* SPDX-License-Identifier: MIT */
/*
 * A PCI function for the guest kernel's tests: config space as an array of bytes
 * with a mask of those that can be written, BARs of any kind, MSI-X table in
 * BAR 1, and registers in BAR 0 by which the guest makes it interrupt:
 *
 *	0x100  write n: MSI-X message n, if enabled and not masked, else lost
 *	0x104  write 1, 0: INTx asserted, deasserted
 *	0x108  read: how often 0x100 was refused
 */
#ifndef TESTS_UNIT_GUEST_KERNEL_TOY_H
#define TESTS_UNIT_GUEST_KERNEL_TOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/pci/function.h"

#define TOY_LOG 128u

struct toy_bar {
	uint64_t size;  /* 0: none */
	uint32_t flags; /* low bits as in the register: 1 I/O, 4 64-bit, 8 prefetch */
};

struct toy_config {
	struct toy_bar bars[6];
	uint32_t msix;   /* entries; 0: no capability */
	uint8_t pin;     /* 0: none */
	bool loop;       /* the capability list leads back to itself */
	bool multi;      /* header type says: several functions */
};

/* A write that the guest made. */
struct toy_write {
	int bar; /* -1: config space */
	uint64_t offset;
	uint32_t width;
	uint64_t value;
};

struct toy {
	struct pci_function fn;
	struct toy_config cfg;
	uint8_t config[256];
	uint8_t writable[256];
	uint8_t mem[2][4096]; /* of BAR 0 and 1 */
	bool open[6];
	uint64_t base[6];
	uint32_t refused;
	struct toy_write log[TOY_LOG];
	size_t writes;
};

struct toy *toy_create(const struct toy_config *cfg, struct pci_host *host);
/* The register as 1, 2 or 4 bytes. */
uint32_t toy_config_value(const struct toy *t, uint32_t offset, uint32_t width);

#endif

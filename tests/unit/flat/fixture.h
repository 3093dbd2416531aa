/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the small machine share: a PCI function whose behaviour each
 * test gives it, and a guest image linked into the test program that hands
 * interrupts to the test.
 */
#ifndef RINGSIDE_TESTS_UNIT_FLAT_FIXTURE_H
#define RINGSIDE_TESTS_UNIT_FLAT_FIXTURE_H

#include "sim/flat/flat.h"

/* The stub's BAR 0 in memory space and BAR 1 in I/O space. */
#define STUB_MEM 0xc0001000u
#define STUB_IO 0x2000u

struct stub {
	struct pci_function fn;
	/* the last access, to config space or a BAR */
	uint64_t offset, value;
	uint32_t bar, width;
	/* what reads give */
	uint64_t answer;
	void (*on_write)(struct stub *s, uint64_t offset, uint64_t value);
	void (*on_lane)(struct stub *s, uint32_t lane);
	uint64_t drained;     /* the last lanes_drained */
	unsigned int drains, destroyed;
	char lanes[64];       /* "0", "3": lanes that ran, in order */
	struct flat_machine *fm;
};

extern struct stub stub, stub2;

/* Door 1, for code that runs on guest threads. */
extern const struct machine_calls *calls;
extern struct machine *m;
extern const struct machine_info *info;

/* Interrupts that the test guest has been given, "m32 l1 ", and what it does
 * with one. */
extern char irqs[128];
extern void (*on_irq)(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number);
extern const struct guest_image test_guest;

/* A machine with `stub` at 00:01.0, its windows open; the guest is booted. */
struct flat_machine *flat_test_machine(const struct flat_config *cfg);
void stub_attach(struct flat_machine *fm, struct stub *s, uint32_t bdf);
/* flat_call with what runs as the only argument. */
int in_guest(struct flat_machine *fm, int (*fn)(void *arg));

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A hostile function: it stands between a device model and its host, on both
 * sides of door 2 (models/pci/function.h), passes everything on, and changes what
 * its plan says (sim/hostile/plan.h).  It knows no device: what it may do to a
 * virtio device it may do to any other.
 *
 *	struct hostile *h = hostile_create(slot, &cfg);
 *	struct pci_function *inner = model->create(&c, hostile_host(h), &err);
 *	flat_attach(fm, slot, hostile_attach(h, inner));
 *
 * It sits behind an IOMMU: whatever it does, its DMA reaches only what cfg.reach
 * allows.  Without one there is no memory that a driver could protect.
 */
#ifndef RINGSIDE_SIM_HOSTILE_HOSTILE_H
#define RINGSIDE_SIM_HOSTILE_HOSTILE_H

#include "models/pci/function.h"
#include "sim/hostile/plan.h"

struct hostile;

struct hostile_config {
	const struct hostile_plan *plan; /* stays; NULL: an honest device */
	/* Whether the driver has mapped these bytes for the device; NULL: it
	 * reaches everything. */
	bool (*reach)(void *arg, uint64_t addr, uint32_t len, bool write);
	/* Its bytes have been written there; NULL: nobody asks. */
	void (*wrote)(void *arg, uint64_t addr, uint32_t len);
	void *arg;
};

/* NULL: out of memory. */
struct hostile *hostile_create(struct pci_host *outer,
			       const struct hostile_config *cfg);
/* The host with which the model is made, */
struct pci_host *hostile_host(struct hostile *h);
/* and what the machine gets in its place; its destroy ends all three. */
struct pci_function *hostile_attach(struct hostile *h,
				    struct pci_function *inner);

/* From now on it is honest, and makes up for what it has withheld: work that was
 * never begun begins, messages that it knows are sent once, the line is what it
 * should be. */
void hostile_relent(struct hostile *h);

/* How many chances of each kind there were so far. */
const uint32_t *hostile_chances(const struct hostile *h);
/* Which steps of the plan have come to pass: bit i for step i. */
uint32_t hostile_met(const struct hostile *h);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Invariant: MSI-X does what its table, its masks and its pending bits say (PCI
 * 3.0 6.8.2, 6.8.3).  Judged from what the guest writes, apart from the model's
 * own code.
 */
#ifndef RINGSIDE_SIM_CHECK_MSIX_H
#define RINGSIDE_SIM_CHECK_MSIX_H

#include "models/pci/function.h"
#include "sim/check/rule.h"

struct msix_check;

/* Adds itself to the bus.  `functions`: of each of the world's devices, once it
 * has been made; where the table is, is read there.  NULL: out of memory. */
struct msix_check *msix_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f,
				     struct pci_function *const *functions);
void msix_check_destroy(struct msix_check *c);
/* The run has ended at `time`. */
void msix_check_end(struct msix_check *c, uint64_t time);

#endif

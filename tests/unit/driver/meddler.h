/* SPDX-License-Identifier: MIT */
/*
 * A function that stands between the machine and a real device model, sees all
 * that passes and may change it: how the driver's tests make a device that
 * answers wrongly.  Doors: both sides of door 2, models/pci/function.h.
 */
#ifndef RINGSIDE_TESTS_UNIT_DRIVER_MEDDLER_H
#define RINGSIDE_TESTS_UNIT_DRIVER_MEDDLER_H

#include "models/pci/function.h"

#define MEDDLER_WRITES 1024u

/* A write of the driver to a BAR, as it came. */
struct meddler_write {
	uint32_t bar;
	uint64_t offset;
	uint32_t width;
	uint64_t value;
};

struct meddler {
	struct pci_function fn;    /* the machine's */
	struct pci_host host;      /* the model's */
	struct pci_function *inner;
	struct pci_host *outer;
	void *arg;                 /* the test's */

	uint64_t lane_delay;       /* ps, before each work of the model */

	/* Each may be NULL.  What they return is what the other side gets. */
	uint32_t (*on_config_read)(struct meddler *m, uint32_t offset,
				   uint32_t width, uint32_t value);
	uint64_t (*on_bar_read)(struct meddler *m, uint32_t bar,
				uint64_t offset, uint32_t width,
				uint64_t value);
	/* False: the model does not see it. */
	bool (*on_bar_write)(struct meddler *m, uint32_t bar, uint64_t offset,
			     uint32_t width, uint64_t *value);
	/* May change the bytes that the model writes.  False: it is lost. */
	bool (*on_dma_write)(struct meddler *m, uint64_t addr, uint8_t *buf,
			     uint32_t len);
	/* False: the message is lost. */
	bool (*on_msi)(struct meddler *m, uint32_t vector);

	uint64_t dma_accesses;     /* of the model, both ways */
	struct meddler_write writes[MEDDLER_WRITES];
	size_t nwrites;            /* may be more than are kept */
};

/* The host to make the model with; meddler_attach then takes the model.  Freed
 * by the machine through fn.ops->destroy. */
struct meddler *meddler_create(struct pci_host *outer);
void meddler_attach(struct meddler *m, struct pci_function *inner);

#endif

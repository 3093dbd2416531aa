/* SPDX-License-Identifier: MIT */
/*
 * The built-in device models.  Read by sim/scenario/catalogue.c, which finds a
 * scenario's `model:` here by name.  A new model joins with one row.
 */
#include "models/pci/device_model.h"

#include <stddef.h>

#include "models/pci/neighbour.h"
#include "models/virtio/balloon.h"
#include "models/virtio/blk.h"
#include "models/virtio/rng.h"

const struct device_model *const device_catalogue[] = {
	&virtio_blk_model,
	&virtio_rng_model,
	&virtio_balloon_model,
	&pci_neighbour_model,
	NULL,
};

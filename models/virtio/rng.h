/* SPDX-License-Identifier: MIT */
/*
 * virtio-rng, the entropy device (virtio 1.2 section 5.4).  Read by
 * models/catalogue.c.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_RNG_H
#define RINGSIDE_MODELS_VIRTIO_RNG_H

#include "models/pci/device_model.h"

extern const struct device_model virtio_rng_model;

#endif

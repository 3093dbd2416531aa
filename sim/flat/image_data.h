/* SPDX-License-Identifier: MIT */
/*
 * An image's variables as bytes, for image.c and snapshot.c.
 */
#ifndef RINGSIDE_SIM_FLAT_IMAGE_DATA_H
#define RINGSIDE_SIM_FLAT_IMAGE_DATA_H

#include "sim/flat/internal.h"

size_t flat_image_data_size(const struct flat_image *img);
void flat_image_data_save(const struct flat_image *img, uint8_t *to);
void flat_image_data_load(struct flat_image *img, const uint8_t *from);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The simulator's own copy of each medium: made from the image file's bytes with
 * zlib, apart from the device model, and from what the guest wrote.  The guest's
 * data() calls are compared with it, sector by sector.
 */
#ifndef RINGSIDE_SIM_CHECK_DATA_H
#define RINGSIDE_SIM_CHECK_DATA_H

#include "guestdrv/abi/machine.h"
#include "sim/check/finding.h"

struct data_check;

/* `count` media, none of which has contents yet.  NULL: out of memory. */
struct data_check *data_check_create(uint32_t count, struct findings *f);
void data_check_destroy(struct data_check *c);
/* The image of a device, plain or gzip'd; the bytes must live on. */
void data_check_image(struct data_check *c, uint32_t device, const void *bytes,
		      size_t len);
/* False: a finding was added.  A medium without an image reads as zeros. */
bool data_check_see(struct data_check *c, enum machine_data_kind kind,
		    uint32_t device, uint64_t offset, const void *buf,
		    uint64_t len);

#endif

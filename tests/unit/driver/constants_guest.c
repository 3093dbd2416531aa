/* SPDX-License-Identifier: MIT */
/*
 * The guest's own constants as a table.  Compiled as guest code: the system's
 * headers of the same names cannot be seen from here.
 */
#include <linux/stddef.h>

#include "guestdrv/drivers/virtio_blk.h"
#include "guestdrv/virtio/virtio_pci_regs.h"
#include "guestdrv/virtio/vring_split.h"
#include "tests/unit/driver/constants.h"

#define OFFSET(type, field) offsetof(struct type, field)
#define CONSTANT(ours, theirs) { #ours, (ours) },

const struct constant guest_constants[] = {
#include "tests/unit/driver/constants.inc"
	{ (const char *)0, 0 }
};

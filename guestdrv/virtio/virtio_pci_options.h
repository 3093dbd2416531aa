/* SPDX-License-Identifier: MIT */
/* The PCI transport's rows of an image's option table.  Read by guestdrv/images/. */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_OPTIONS_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_OPTIONS_H

#include <ringside/image.h>

#define VIRTIO_PCI_OPTIONS                                                   \
	{ "config_access", GUEST_PARAM_STRING, false, 0,                     \
	  "how the device configuration of virtio is reached: bar, or "      \
	  "window: the VIRTIO_PCI_CAP_PCI_CFG in config space" }

#endif

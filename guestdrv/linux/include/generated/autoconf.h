/* SPDX-License-Identifier: MIT */
/*
 * What Linux sources are configured with, where a configured tree would have
 * the result of `make oldconfig`.  Read through the real linux/kconfig.h.
 */
#ifndef GENERATED_AUTOCONF_H
#define GENERATED_AUTOCONF_H

#define CONFIG_64BIT 1
#define CONFIG_SMP 1
#define CONFIG_MMU 1
#define CONFIG_PCI 1
#define CONFIG_VIRTIO 1
#define CONFIG_VIRTIO_PCI 1
#define CONFIG_VIRTIO_PCI_LEGACY 1
#define CONFIG_VIRTIO_ANCHOR 1
#define CONFIG_MEMORY_BALLOON 1
#define CONFIG_PAGE_REPORTING 1
#define CONFIG_ILLEGAL_POINTER_VALUE 0xdead000000000000

/* RINGSIDE_LINUX: major << 8 | minor, from the tree's Makefile. */
#if RINGSIDE_LINUX >= (6 << 8 | 3)
#define GUEST_UEVENT_CONST const
#endif
#if RINGSIDE_LINUX >= (6 << 8 | 11)
#define GUEST_MATCH_CONST const
#endif

#endif

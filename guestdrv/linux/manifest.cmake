# SPDX-License-Identifier: MIT
# What is taken, unmodified, from a Linux tree to make a guest image.  Read by
# cmake/RingsideLinux.cmake, for a package's tree and for anybody's own, and by
# extract.cmake.  Paths are relative to the tree.

# Sources, in the order of linking, each with its module's name (KBUILD_MODNAME).
set(RINGSIDE_LINUX_SOURCES
	drivers/virtio/virtio.c               virtio
	drivers/virtio/virtio_ring.c          virtio_ring
	drivers/virtio/virtio_anchor.c        virtio_anchor
	drivers/virtio/virtio_pci_modern_dev.c virtio_pci_modern_dev
	drivers/virtio/virtio_pci_legacy_dev.c virtio_pci_legacy_dev
	drivers/virtio/virtio_pci_modern.c    virtio_pci
	drivers/virtio/virtio_pci_common.c    virtio_pci
	drivers/virtio/virtio_pci_legacy.c    virtio_pci
	drivers/virtio/virtio_balloon.c       virtio_balloon
	drivers/char/hw_random/virtio-rng.c   virtio_rng
	net/9p/trans_common.c                 9pnet
	net/9p/trans_virtio.c                 9pnet_virtio)

# Our glue that has to see the tree's headers too; in guestdrv/linux.
set(RINGSIDE_LINUX_GLUE layout.c p9.c)
# Our glue that has not; layout.c is compiled with both.
set(RINGSIDE_LINUX_IMAGE image.c layout.c stubs.c)

# Real headers that these sources see in the place of ours, wherever the tree
# has them: the drivers' own interfaces, and words of the language that differ
# from version to version.  Everything else in <linux/...> is
# guestdrv/linux/include/ and guestdrv/include/.
set(RINGSIDE_LINUX_HEADERS
	linux/balloon_compaction.h linux/build_bug.h linux/container_of.h
	linux/err.h linux/irqreturn.h linux/kconfig.h linux/list.h
	linux/minmax.h linux/mod_devicetable.h linux/page_reporting.h
	linux/pci_ids.h linux/poison.h linux/typecheck.h linux/virtio.h
	linux/virtio_anchor.h linux/virtio_byteorder.h linux/virtio_config.h
	linux/virtio_pci_legacy.h linux/virtio_pci_modern.h
	linux/virtio_ring.h)
# Those that not every version has.
set(RINGSIDE_LINUX_NEWER_HEADERS linux/virtio_pci_admin.h)
# Folders of real headers, as a whole.
set(RINGSIDE_LINUX_HEADER_FOLDERS net/9p uapi)

# The kernel's own flags that change what code means; what it is not warned of.
set(RINGSIDE_LINUX_FLAGS
	-D__KERNEL__ -fno-strict-overflow -fno-delete-null-pointer-checks
	-fno-sanitize=undefined
	-Wall -Wno-maybe-uninitialized -Wno-pointer-sign -Wno-sign-compare
	-Wno-unused -Wno-unused-parameter
	-Werror=implicit-function-declaration -Werror=int-conversion
	-Werror=incompatible-pointer-types)

# Packages with which all scenarios are known to pass.
set(RINGSIDE_LINUX_TESTED
	6.1.192-2
	6.12.117-1~deb12u1)

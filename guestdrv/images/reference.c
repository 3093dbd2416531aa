/* SPDX-License-Identifier: MIT */
/*
 * The image `reference`: our guest kernel, our virtio stack, our drivers.  This
 * is what the simulator sees of them.
 */
#include <ringside/image.h>

#include "guestdrv/drivers/pci_neighbour.h"
#include "guestdrv/drivers/virtio_blk_actions.h"
#include "guestdrv/virtio/virtio_pci_options.h"

/* As guestdrv/virtio/virtio_pci_ladder.c tries them. */
static const char *const reference_ladder[] = {
	"msix-per-queue", "msix-shared", "intx", NULL
};

static const struct guest_param reference_options[] = {
	GUEST_KERNEL_OPTIONS,
	VIRTIO_PCI_OPTIONS,
	VIRTBLK_OPTIONS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static const struct guest_action reference_actions[] = {
	VIRTBLK_ACTIONS,
	NEIGHBOUR_ACTIONS,
	GUEST_KERNEL_ACTIONS,
	{ NULL, NULL, NULL, NULL }
};

static const struct guest_image reference_image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = GUEST_IMAGE_NAME("reference"),
	.about = GUEST_IMAGE_ABOUT("our guest kernel, virtio stack and drivers"),
	.ladder = reference_ladder,
	.options = reference_options,
	.actions = reference_actions,
	.faults = guest_kernel_fault_points,
	.boot = guest_kernel_boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = guest_kernel_shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT const struct guest_image *ringside_guest(void)
{
	return &reference_image;
}

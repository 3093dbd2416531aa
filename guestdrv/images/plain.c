/* SPDX-License-Identifier: MIT */
/*
 * The image that `ringside guest build` makes of anybody's C files: our guest
 * kernel and virtio stack, and their drivers.  Files that describe an image of
 * their own, with ringside_guest(), win over this one.
 */
#include <ringside/image.h>

/* As guestdrv/virtio/virtio_pci_ladder.c tries them. */
static const char *const plain_ladder[] = {
	"msix-per-queue", "msix-shared", "intx", NULL
};

static const struct guest_param plain_options[] = {
	GUEST_KERNEL_OPTIONS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static const struct guest_action plain_actions[] = {
	GUEST_KERNEL_ACTIONS,
	{ NULL, NULL, NULL, NULL }
};

static const struct guest_image plain_image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = PLAIN_IMAGE_NAME,
	.about = "drivers of one's own on our guest kernel",
	.ladder = plain_ladder,
	.options = plain_options,
	.actions = plain_actions,
	.faults = guest_kernel_fault_points,
	.boot = guest_kernel_boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = guest_kernel_shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT __weak const struct guest_image *ringside_guest(void)
{
	return &plain_image;
}

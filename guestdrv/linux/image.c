/* SPDX-License-Identifier: MIT */
/*
 * A Linux image: our guest kernel with virtio's core, transports and drivers
 * from a Linux tree.  This is what the simulator sees of them.
 */
#include <ringside/image.h>

#include <linux/errno.h>

#include "guestdrv/drivers/pci_neighbour.h"
#include "guestdrv/linux/layout.h"
#include "guestdrv/linux/stubs.h"
#include "linux_package.h"

/* As vp_find_vqs of that version tries them.  From 6.11 on a rung of its own
 * lets the slow queues share the configuration vector. */
static const char *const linux_ladder[] = {
	"msix-per-queue",
#if RINGSIDE_LINUX >= (6 << 8 | 11)
	"msix-shared-slow",
#endif
	"msix-shared", "intx", NULL
};

static const struct guest_param linux_options[] = {
	GUEST_KERNEL_OPTIONS,
	{ "force_legacy", GUEST_PARAM_BOOL, false, 0,
	  "virtio_pci's module parameter: the legacy interface first" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static const struct guest_action linux_actions[] = {
	NEIGHBOUR_ACTIONS,
	GUEST_KERNEL_ACTIONS,
	{ NULL, NULL, NULL, NULL }
};

/* An update of the package may change a structure that this kernel keeps. */
static int linux_boot(struct machine *m, const struct machine_calls *calls,
		      const struct machine_info *info)
{
	const struct linux_layout *a = linux_layout_ours;
	const struct linux_layout *b = linux_layout_theirs;

	for (; a->name; a++, b++)
		if (a->size != b->size || a->offset != b->offset) {
			calls->log(m, 0, a->name);
			calls->bug(m, "bug-on", "a structure lies otherwise in "
				   "this Linux tree than in the guest kernel");
			return -EINVAL;
		}
	return guest_kernel_boot(m, calls, info);
}

static const struct guest_image linux_image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = LINUX_IMAGE_NAME,
	.about = GUEST_IMAGE_ABOUT("the unmodified virtio drivers of "
				   LINUX_PACKAGE " on our guest kernel"),
	.ladder = linux_ladder,
	.options = linux_options,
	.actions = linux_actions,
	.faults = guest_kernel_fault_points,
	.boot = linux_boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = guest_kernel_shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
	.stubs = linux_stubs,
	.family = "linux",
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT const struct guest_image *ringside_guest(void)
{
	return &linux_image;
}

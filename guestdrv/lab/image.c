/* SPDX-License-Identifier: MIT */
/*
 * The image `lab`: our guest kernel and a student's C file.  All but that file is
 * compiled once, when Ringside is built.
 */
#include "guestdrv/drivers/pci_neighbour.h"
#include "guestdrv/lab/lab_kernel.h"

/* The rungs that the drivers of the labs are asked for, top first. */
static const char *const lab_ladder[] = {
	"msix-per-queue", "msix-shared", "intx", NULL
};

static const struct guest_param lab_options[] = {
	GUEST_KERNEL_OPTIONS,
	{ "pci_scan", GUEST_PARAM_BOOL, false, 1,
	  "false: the kernel leaves the PCI bus alone, nothing is found and no "
	  "BAR placed" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static const struct guest_action lab_actions[] = {
	{ "blk.read", "the driver's read(), compared with the medium",
	  lab_read_params, lab_action_read },
	{ "blk.write", "the driver's write(), of a pattern", lab_write_params,
	  lab_action_write },
	{ "lab.request", "the driver's request()", lab_request_params,
	  lab_action_request },
	{ "lab.task", "a part of the file, LAB_TASK()", lab_task_params,
	  lab_action_task },
	{ "lab.wait", "lets time pass", lab_wait_params, lab_action_wait },
	NEIGHBOUR_ACTIONS,
	GUEST_KERNEL_ACTIONS,
	{ NULL, NULL, NULL, NULL }
};

static int lab_boot(struct machine *m, const struct machine_calls *calls,
		    const struct machine_info *info)
{
	lab_safe_point_boot();
	return guest_kernel_boot(m, calls, info);
}

static const struct guest_image lab_image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = "lab",
	.about = "a driver of one C file on our guest kernel, for the labs",
	.ladder = lab_ladder,
	.options = lab_options,
	.actions = lab_actions,
	.faults = guest_kernel_fault_points,
	.boot = lab_boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = guest_kernel_shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT const struct guest_image *ringside_guest(void)
{
	return &lab_image;
}

/* SPDX-License-Identifier: MIT */
/*
 * A guest image as a shared object, for catalogue_test.c.
 */
#include "guestdrv/abi/machine.h"

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	(void)m;
	(void)calls;
	(void)info;
	return 0;
}

static const struct guest_image image = {
	.abi_version = 1, .size = sizeof(struct guest_image),
	.name = "lib", .about = "loaded", .boot = boot,
};

ringside_guest_fn ringside_guest;

const struct guest_image *ringside_guest(void)
{
	return &image;
}

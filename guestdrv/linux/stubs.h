/* SPDX-License-Identifier: MIT */
/*
 * What Linux's sources expect and this kernel does not have.  `ringside list
 * guests -v` prints it; what is called all the same says so in the guest's log.
 */
#ifndef GUESTDRV_LINUX_STUBS_H
#define GUESTDRV_LINUX_STUBS_H

#include "guestdrv/abi/machine.h"

enum linux_stub {
	LINUX_STUB_9P,
	LINUX_STUB_ATTRIBUTES,
	LINUX_STUB_DEVICE_TREE,
	LINUX_STUB_MIGRATION,
	LINUX_STUB_POWER,
	LINUX_STUB_SRIOV,
	LINUX_STUB_UEVENTS,
	LINUX_STUB_COUNT
};

/* Ends with a NULL name. */
extern const struct guest_stub linux_stubs[];

/* Says that it was called, the first time. */
void linux_stub(enum linux_stub which);

#endif

/* SPDX-License-Identifier: MIT */
/* What is missing behind Linux's interfaces; see stubs.h. */
#include "guestdrv/linux/stubs.h"

#include <linux/printk.h>
#include <ringside/note.h>

const struct guest_stub linux_stubs[] = {
	[LINUX_STUB_9P] = { "9p client",
		"the 9P transport binds, but nothing can be mounted over it" },
	[LINUX_STUB_ATTRIBUTES] = { "device attributes",
		"declared by drivers, shown to nobody" },
	[LINUX_STUB_DEVICE_TREE] = { "device tree",
		"no device has a node" },
	[LINUX_STUB_MIGRATION] = { "page migration",
		"without CONFIG_BALLOON_COMPACTION: a balloon's pages stay where they are" },
	[LINUX_STUB_POWER] = { "suspend and resume",
		"without CONFIG_PM_SLEEP: freeze and restore are not compiled" },
	[LINUX_STUB_SRIOV] = { "SR-IOV",
		"without CONFIG_PCI_IOV: no virtual functions" },
	[LINUX_STUB_UEVENTS] = { "uevents",
		"there is no user space to tell" },
	[LINUX_STUB_COUNT] = { NULL, NULL }
};

void linux_stub(enum linux_stub which)
{
	static bool told[LINUX_STUB_COUNT];

	if (told[which])
		return;
	told[which] = true;
	printk(KERN_WARNING "%s was called: %s\n", linux_stubs[which].name,
	       linux_stubs[which].about);
	guest_note_step(NULL, "%s: not modelled, but called",
			linux_stubs[which].name);
}

/* SPDX-License-Identifier: MIT */
/*
 * The kernel's fault points: the table that a scenario's `faults:` and
 * `ringside list faults` read, and the question at each of them.
 */
#include "guestdrv/kernel/kernel.h"

#include <ringside/image.h>
#include <ringside/note.h>

const struct guest_fault_point guest_kernel_fault_points[] = {
	{ "guest.pci.alloc_irq_vectors", "ENOSPC ENOMEM EINVAL",
	  "pci_alloc_irq_vectors: an allocation of MSI-X vectors is refused" },
	{ "guest.irq.request", "EBUSY ENOMEM EINVAL",
	  "request_irq: a handler is refused" },
	{ "guest.irq.affinity_masks", "ENOMEM",
	  "irq_create_affinity_masks: none; the vectors go anywhere (index: vectors)" },
	{ "guest.irq.set_affinity", "EIO ENOSPC EINVAL",
	  "irq_set_affinity: the interrupt stays where it is (index: CPU)" },
	{ "guest.mem.alloc", "ENOMEM",
	  "kmalloc, alloc_pages: no memory (index: bytes)" },
	{ "guest.mem.register_shrinker", "ENOMEM",
	  "register_shrinker, shrinker_alloc: refused" },
	{ "guest.mem.register_oom_notifier", "ENOMEM EEXIST",
	  "register_oom_notifier: refused" },
	{ "guest.mem.register_page_reporting", "EBUSY ENOMEM",
	  "page_reporting_register: another device reports already" },
	{ "guest.hwrng.register", "EEXIST ENOMEM",
	  "hwrng_register: the name is taken" },
	{ "guest.pci.irq_zero", "EINVAL",
	  "the scan finds no interrupt for the function's pin: irq 0" },
	{ "guest.pci.enable_device", "EIO EINVAL",
	  "pci_enable_device fails" },
	{ "guest.pci.request_region", "EBUSY",
	  "pci_request_region: a BAR is taken (index: BAR)" },
	{ "guest.pci.iomap", "ENOMEM",
	  "pci_iomap: a BAR cannot be mapped (index: BAR)" },
	{ "guest.dma.map", "ENOMEM",
	  "dma_map_single, dma_map_page: no mapping (index: bytes)" },
	{ "guest.dma.alloc_coherent", "ENOMEM",
	  "dma_alloc_coherent: no memory (index: bytes)" },
	{ "guest.dma.set_mask", "EIO",
	  "dma_set_mask, dma_set_coherent_mask: the mask is refused (index: bits)" },
	{ "guest.device.add", "ENOMEM EEXIST",
	  "device_add: a device does not get onto its bus" },
	{ "guest.driver.register", "EBUSY ENOMEM",
	  "driver_register, for a bus's drivers: refused" },
	{ "guest.bus.register", "ENOMEM EEXIST",
	  "bus_register: there is no such bus then" },
	{ "guest.ida.alloc", "ENOSPC ENOMEM",
	  "ida_alloc: no number is left" },
	{ "guest.sysfs.create_file", "EEXIST ENOMEM",
	  "sysfs_create_file: an attribute is refused" },
	{ "guest.wait.signal", "ERESTARTSYS",
	  "wait_event_interruptible, _killable, wait_for_completion_...: a signal ends the wait" },
	{ "guest.work.alloc_queue", "ENOMEM",
	  "alloc_workqueue: no queue" },
	{ "guest.kthread.create", "ENOMEM",
	  "kthread_create: no thread" },
	{ NULL, NULL, NULL }
};

/* The section's ends; weak, as an image may have no site. */
extern struct machine_fault_site *const __start_guest_fault_sites[]
	__weak __attribute__((__visibility__("hidden")));
extern struct machine_fault_site *const __stop_guest_fault_sites[]
	__weak __attribute__((__visibility__("hidden")));

/* The handles are this machine's: an earlier one's mean nothing. */
void guest_fault_boot(void)
{
	struct machine_fault_site *const *site;

	for (site = __start_guest_fault_sites;
	     site < __stop_guest_fault_sites; site++)
		(*site)->handle = 0;
}

int guest_fault_at(struct machine_fault_site *site, u32 device, u32 index)
{
	return -gk.calls->fault_point(gk.m, site, device, index);
}

int guest_fault(struct machine_fault_site *site, const struct device *dev,
		u32 index)
{
	return guest_fault_at(site, guest_device_bdf(dev), index);
}

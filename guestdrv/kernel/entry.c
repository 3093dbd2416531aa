/* SPDX-License-Identifier: MIT */
/*
 * What the machine calls (door 1, struct guest_image): boot, an interrupt,
 * shutdown.  Boot sets every static of the kernel, so that an image can be
 * booted again in one process; shutdown returns every resource.
 */
#include "guestdrv/kernel/kernel.h"

#include <ringside/image.h>

/* In the order of boot; ended in the reverse order. */
static const struct subsystem {
	const char *name;
	int (*boot)(void);
	void (*shutdown)(void);
} subsystems[] = {
	{ "irq", guest_irq_boot, guest_irq_shutdown },
	{ "vectors", guest_vector_boot, guest_vector_shutdown },
	{ "dma", guest_dma_boot, guest_dma_shutdown },
	{ "workqueues", guest_workqueue_boot, guest_workqueue_shutdown },
	{ "timers", guest_timer_boot, guest_timer_shutdown },
	{ "devices", guest_device_boot, guest_device_shutdown },
	{ "pci", guest_pci_boot, guest_pci_shutdown },
	{ "memory hog", guest_memory_hog_boot, guest_memory_hog_shutdown },
};

static void shutdown_from(size_t n)
{
	while (n--)
		subsystems[n].shutdown();
	guest_time_shutdown();
	guest_context_shutdown();
	/* From here nothing is in a context that could be anybody's. */
	guest_context_now = guest_irq_context(gk.calls->cpu(gk.m));
	guest_slab_shutdown();
	guest_page_shutdown();
	guest_context_now = NULL;
}

static int boot_subsystems(void)
{
	size_t n;
	int err;

	for (n = 0; n < ARRAY_SIZE(subsystems); n++) {
		err = subsystems[n].boot();
		if (err) {
			printk(KERN_EMERG "boot: %s failed with error %d\n",
			       subsystems[n].name, err);
			shutdown_from(n);
			return err;
		}
	}
	return 0;
}

int guest_kernel_boot(struct machine *m, const struct machine_calls *calls,
		      const struct machine_info *info)
{
	int err;

	if (calls->abi_version != MACHINE_ABI_VERSION ||
	    info->abi_version != MACHINE_ABI_VERSION ||
	    calls->size < sizeof(*calls) || info->size < sizeof(*info))
		return -EINVAL;
	gk = (struct guest_kernel){ m, calls, info };
	if (!info->cpus || info->cpus > GUEST_MAX_CPUS)
		return -EINVAL;
	guest_context_boot();
	guest_cpumask_boot();
	guest_fault_boot();
	guest_random_boot();
	guest_vmstat_boot();
	guest_reclaim_boot();
	guest_page_reporting_boot();
	guest_hwrng_boot();
	guest_time_boot();
	guest_slab_boot();
	err = guest_page_boot();
	if (!err)
		err = boot_subsystems();
	if (err)
		return err;
	guest_params_boot();
	guest_initcalls_run();
	guest_context_now = NULL;
	return 0;
}

void guest_kernel_interrupt(u32 cpu, enum machine_irq_source source,
			    u32 number)
{
	guest_irq_enter(cpu, source, number);
}

void guest_kernel_shutdown(void)
{
	guest_context_now = NULL;
	guest_exitcalls_run();
	shutdown_from(ARRAY_SIZE(subsystems));
}

#ifdef RINGSIDE_COVERAGE
void __gcov_dump(void);

void guest_kernel_dump_coverage(void)
{
	__gcov_dump();
}
#else
void guest_kernel_dump_coverage(void)
{
}
#endif

/* SPDX-License-Identifier: MIT */
/*
 * The guest kernel's own header: the machine it runs on, the calls that may
 * switch to another context, and what its files offer each other.  Read by the
 * files of this folder only.
 */
#ifndef GUESTDRV_KERNEL_KERNEL_H
#define GUESTDRV_KERNEL_KERNEL_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <ringside/context.h>
#include <ringside/fault.h>
#include "guestdrv/abi/machine.h"

#define GUEST_MAX_CPUS 64u

/* Everything that outlives a function and is no subsystem's; set by boot. */
struct guest_kernel {
	struct machine *m;
	const struct machine_calls *calls;
	const struct machine_info *info;
};
extern struct guest_kernel gk;

/* ---- context.c ---- */
void guest_context_boot(void);
/* Frees all tasks; those of threads that still exist become unknown. */
void guest_context_shutdown(void);
/* Tells the machine that interrupts are off. */
void guest_irqs_hard_off(struct guest_context *ctx);
void guest_context_register(struct task_struct *task);
/* Changes whose code runs here; returns whose it was. */
u32 guest_context_device(u32 device);
struct guest_context *guest_irq_context(u32 cpu);

/*
 * Around a machine call in which other contexts may run or an interrupt may be
 * taken: read, write, relax, event_wait, irqs_enable(true).
 */
static inline struct guest_context *guest_leave(void)
{
	struct guest_context *ctx = guest_current_context();

	if (ctx->irqs_off && !ctx->irqs_hard_off)
		guest_irqs_hard_off(ctx);
	guest_context_now = NULL;
	return ctx;
}

static inline void guest_return(struct guest_context *ctx)
{
	guest_context_now = ctx;
}

/* ---- bug.c ---- */
/* Ends the run; `code` is one that `ringside explain` knows. */
__printf(2, 3) void guest_bug(const char *code, const char *fmt, ...)
	__noreturn __cold;

/* ---- sched.c ---- */
/* A task whose `thread` is still to be filled in; NULL: no memory. */
struct task_struct *guest_task_create(const char *name, u32 cpu);
void guest_task_free(struct task_struct *task);
/* kthread.c: starts a thread that has not run yet. */
void guest_kthread_start(struct task_struct *task);
/* kthread_create for the kernel itself: no fault point, no account. */
struct task_struct *guest_kthread_own(int (*fn)(void *data), void *data,
				      const char *name, u32 cpu);
/* Waits until woken or `deadline` (ns, MACHINE_FOREVER); false: time is up. */
bool guest_sleep_until(u64 deadline);

/* ---- page.c, slab.c ---- */
/* Blocks, and pages, that stay free for a while before they are used again: an
 * image whose accesses are checked (access.c) then meets a stale pointer while
 * it is still known to be one. */
#ifdef GUEST_CHECKED
#define GUEST_QUARANTINE 64u
#else
#define GUEST_QUARANTINE 0u
#endif
int guest_page_boot(void);
void guest_page_shutdown(void);
struct page *guest_pages_take(gfp_t gfp, unsigned int order);
void guest_pages_give(struct page *page, unsigned int order);
/* As take; if need be through reclaim, where gfp allows that (reclaim.c). */
struct page *guest_pages_get(gfp_t gfp, unsigned int order);
/* Takes a free block of just that order which no device has been told of, and
 * puts it back: told (reported), or not.  For page_reporting.c. */
struct page *guest_pages_isolate(unsigned int order);
void guest_pages_putback(struct page *page, unsigned int order, bool reported);
/* page_reporting.c: a free block of that order has come to be. */
void guest_page_reporting_freed(unsigned int order);
/* Marks pages that kmalloc cuts up: private is the class, index the place. */
void guest_pages_slab(struct page *page, unsigned int order, u32 class,
		      bool slab);
bool guest_page_is_slab(const struct page *page);
/* Reports flags that make no sense, or sleeping where one may not. */
void guest_check_gfp(gfp_t gfp, const char *who, gfp_t forbidden);
/* slab.c: is [virt, virt + size) inside a live block?  True also where no
 * kmalloc block is. */
bool guest_slab_covers(const void *virt, u64 size);
/* The same of physical addresses, and true only of a block: most of what is mapped
 * for DMA needs no other question. */
bool guest_slab_holds(phys_addr_t pa, u64 size);
/* Is all of it in guest RAM, allocated? */
bool guest_range_allocated(phys_addr_t pa, u64 size);
/* The rest of the last page behind `size` bytes, as a redzone. */
void guest_slack_fill(u8 *virt, size_t size);
void guest_slack_check(const u8 *virt, size_t size, const char *what);
void guest_slab_boot(void);
void guest_slab_shutdown(void);
/* The kernel's own: zeroed, no fault point, no account, freed by kfree. */
void *guest_alloc(size_t size);

/* io.c: the bus address that a map function's result names. */
u64 guest_iomem_address(const volatile void *p);

/* What account() is told about; device as fault_point takes it. */
static inline void guest_account(enum machine_resource kind, u64 id,
				 s64 amount, u32 device)
{
	gk.calls->account(gk.m, kind, id, amount, device);
}

/* ---- subsystems, in the order of boot ---- */
void guest_time_boot(void);
void guest_time_shutdown(void);
int guest_timer_boot(void);
void guest_timer_shutdown(void);
/* Is a timer armed, is work queued, that lies in these bytes? */
bool guest_timer_armed_in(const void *p, size_t size);
void guest_cpumask_boot(void);
int guest_irq_boot(void);
void guest_irq_shutdown(void);
void guest_irq_enter(u32 cpu, enum machine_irq_source source, u32 number);
int guest_vector_boot(void);
void guest_vector_shutdown(void);
int guest_workqueue_boot(void);
void guest_workqueue_shutdown(void);
bool guest_work_queued_in(const void *p, size_t size);
int guest_device_boot(void);
void guest_device_shutdown(void);
int guest_dma_boot(void);
void guest_dma_shutdown(void);
int guest_pci_boot(void);
void guest_pci_shutdown(void);
void guest_random_boot(void);
void guest_vmstat_boot(void);
void guest_reclaim_boot(void);
void guest_page_reporting_boot(void);
int guest_memory_hog_boot(void);
void guest_memory_hog_shutdown(void);
void guest_hwrng_boot(void);
void guest_fault_boot(void);
void guest_params_boot(void);
void guest_initcalls_run(void);
void guest_exitcalls_run(void);

#endif

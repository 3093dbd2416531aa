/* SPDX-License-Identifier: MIT */
/*
 * The image `misbehaving`: the reference image with actions that break rules,
 * to see that the simulator survives each and says what was wrong.
 */
#include <ringside/image.h>

#include "guestdrv/drivers/virtio_blk_actions.h"
#include "tests/guests/misbehaving.h"

static const char *const ladder[] = {
	"msix-per-queue", "msix-shared", "intx", NULL
};

static const struct guest_param options[] = {
	GUEST_KERNEL_OPTIONS,
	VIRTBLK_OPTIONS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

#define ROW(name, about, params) \
	{ "misbehave." #name, about, params, misbehave_##name }

static const struct guest_action actions[] = {
	VIRTBLK_ACTIONS,
	GUEST_KERNEL_ACTIONS,
	ROW(null_pointer, "reads a field of no structure",
	    misbehave_no_params),
	ROW(jump_to_null, "calls a function pointer that was never set",
	    misbehave_no_params),
	ROW(divide_by_zero, "divides by a size of 0", misbehave_no_params),
	ROW(stack_overflow, "uses up its stack", misbehave_stack_params),
	ROW(stack_smash, "writes beyond an array on the stack",
	    misbehave_no_params),
	ROW(bug_on, "finds that its own state is wrong", misbehave_no_params),
	ROW(endless_loop, "polls without cpu_relax()", misbehave_no_params),
	ROW(wait_forever, "waits for what nobody completes",
	    misbehave_no_params),
	ROW(budget, "sleeps until the simulated time is used up",
	    misbehave_no_params),
	ROW(sleep_in_atomic, "sleeps with a spin lock held",
	    misbehave_no_params),
	ROW(sleep_in_irq, "puts a handler on the device's line that sleeps",
	    misbehave_device_params),
	ROW(lock_recursion, "takes a lock that it holds",
	    misbehave_no_params),
	ROW(lock_order, "takes two spin locks in this order or the other",
	    misbehave_order_params),
	ROW(mutex_order, "takes two mutexes in this order or the other",
	    misbehave_order_params),
	ROW(mutex_wait, "holds a mutex and waits for what nobody completes",
	    misbehave_no_params),
	ROW(irq_unsafe_lock, "takes a handler's lock with interrupts on",
	    misbehave_device_params),
	ROW(irq_flags, "turns interrupts on inside of irqsave",
	    misbehave_no_params),
	ROW(irq_leak, "never frees an interrupt", misbehave_device_params),
	ROW(double_free, "frees a block twice", misbehave_no_params),
	ROW(redzone_over, "writes a byte behind a block",
	    misbehave_no_params),
	ROW(redzone_under, "writes four bytes before a block",
	    misbehave_no_params),
	ROW(use_after_free, "writes to a freed block", misbehave_no_params),
	ROW(poisoned_pointer, "follows a pointer that it reads in a freed block",
	    misbehave_no_params),
	ROW(read_after_free, "reads a freed block", misbehave_no_params),
	ROW(read_over, "reads a byte behind a block", misbehave_no_params),
	ROW(copy_after_free, "copies from a freed page", misbehave_no_params),
	ROW(access_near_miss, "reads and writes up to the last byte",
	    misbehave_no_params),
	ROW(list_deleted_twice, "deletes an entry of a list twice",
	    misbehave_no_params),
	ROW(refcount_underflow, "gives back a reference too many",
	    misbehave_no_params),
	ROW(bad_gfp, "asks for memory with flags that cannot be",
	    misbehave_no_params),
	ROW(leak, "never frees a block", misbehave_no_params),
	ROW(leak_after_third, "forgets a block where the third is refused",
	    misbehave_no_params),
	ROW(bear_a_grudge, "does more than it must once it was refused memory",
	    misbehave_device_params),
	ROW(dma_stack, "lets a device write to its stack",
	    misbehave_device_params),
	ROW(dma_leak, "never unmaps a buffer", misbehave_device_params),
	ROW(dma_wrong_size, "unmaps less than it mapped",
	    misbehave_device_params),
	ROW(dma_not_checked, "uses a mapping without dma_mapping_error",
	    misbehave_device_params),
	ROW(dma_overlap, "maps a buffer for two requests",
	    misbehave_device_params),
	ROW(dma_early_unmap, "unmaps a buffer that the device still has",
	    misbehave_device_params),
	ROW(dma_early_free, "frees a buffer that the device still has",
	    misbehave_device_params),
	ROW(dma_turned, "maps a buffer anew while the device still has it",
	    misbehave_device_params),
	ROW(dma_near_miss, "looks like a mistake with DMA and is none",
	    misbehave_device_params),
	{ NULL, NULL, NULL, NULL }
};

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = GUEST_IMAGE_NAME("misbehaving"),
	.about = "the reference image with actions that break rules",
	.ladder = ladder,
	.options = options,
	.actions = actions,
	.faults = guest_kernel_fault_points,
	.boot = guest_kernel_boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = guest_kernel_shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT const struct guest_image *ringside_guest(void)
{
	return &image;
}

/* SPDX-License-Identifier: MIT */
/*
 * The actions of the image `misbehaving`: each does one thing that a driver
 * must not do.  Their functions are not inlined, since the reports name them.
 */
#ifndef RINGSIDE_TESTS_GUESTS_MISBEHAVING_H
#define RINGSIDE_TESTS_GUESTS_MISBEHAVING_H

#include <ringside/image.h>

/* misbehave_<name>, for an action's row: fn <name> entered through the kernel. */
#define MISBEHAVE(name, params)                                     \
	int misbehave_##name(const struct guest_value *values)      \
	{                                                           \
		return guest_action_run(name, params, values);      \
	}                                                           \
	_Static_assert(1, "")

extern const struct guest_param misbehave_no_params[];
extern const struct guest_param misbehave_device_params[];
extern const struct guest_param misbehave_stack_params[];
extern const struct guest_param misbehave_order_params[];

int misbehave_null_pointer(const struct guest_value *values);
int misbehave_jump_to_null(const struct guest_value *values);
int misbehave_divide_by_zero(const struct guest_value *values);
int misbehave_stack_overflow(const struct guest_value *values);
int misbehave_stack_smash(const struct guest_value *values);
int misbehave_bug_on(const struct guest_value *values);
int misbehave_endless_loop(const struct guest_value *values);
int misbehave_sleep_in_atomic(const struct guest_value *values);
int misbehave_sleep_in_irq(const struct guest_value *values);
int misbehave_lock_recursion(const struct guest_value *values);
int misbehave_wait_forever(const struct guest_value *values);
int misbehave_budget(const struct guest_value *values);
int misbehave_irq_leak(const struct guest_value *values);

int misbehave_lock_order(const struct guest_value *values);
int misbehave_mutex_order(const struct guest_value *values);
int misbehave_mutex_wait(const struct guest_value *values);
int misbehave_irq_unsafe_lock(const struct guest_value *values);
int misbehave_irq_flags(const struct guest_value *values);

int misbehave_double_free(const struct guest_value *values);
int misbehave_redzone_over(const struct guest_value *values);
int misbehave_redzone_under(const struct guest_value *values);
int misbehave_use_after_free(const struct guest_value *values);
int misbehave_poisoned_pointer(const struct guest_value *values);
int misbehave_read_after_free(const struct guest_value *values);
int misbehave_read_over(const struct guest_value *values);
int misbehave_copy_after_free(const struct guest_value *values);
int misbehave_access_near_miss(const struct guest_value *values);
int misbehave_list_deleted_twice(const struct guest_value *values);
int misbehave_refcount_underflow(const struct guest_value *values);
int misbehave_bad_gfp(const struct guest_value *values);
int misbehave_leak(const struct guest_value *values);
int misbehave_dma_stack(const struct guest_value *values);
int misbehave_dma_leak(const struct guest_value *values);

int misbehave_leak_after_third(const struct guest_value *values);
int misbehave_bear_a_grudge(const struct guest_value *values);

int misbehave_dma_wrong_size(const struct guest_value *values);
int misbehave_dma_not_checked(const struct guest_value *values);
int misbehave_dma_overlap(const struct guest_value *values);
int misbehave_dma_early_unmap(const struct guest_value *values);
int misbehave_dma_early_free(const struct guest_value *values);
int misbehave_dma_turned(const struct guest_value *values);
int misbehave_dma_near_miss(const struct guest_value *values);

#endif

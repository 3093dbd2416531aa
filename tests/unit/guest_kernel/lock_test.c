/* SPDX-License-Identifier: MIT */
/* Spin locks, mutexes, atomic context; with several CPUs too. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_lock, interrupts_are_disabled_lazily)
CASE(guest_lock, irq_state_nests)
CASE(guest_lock, locks_released_in_another_order)
CASE(guest_lock, mutex_makes_another_wait)

BUG(guest_lock, sleep_with_a_spin_lock, "sleep-in-atomic",
    "msleep may sleep, while holding the spin lock lock_a")
BUG(guest_lock, sleep_with_interrupts_off, "sleep-in-atomic",
    "mutex_lock may sleep, with interrupts disabled")
BUG(guest_lock, kmalloc_that_may_sleep_with_a_lock, "sleep-in-atomic",
    "kmalloc may sleep")
BUG(guest_lock, action_that_keeps_a_lock, "sleep-in-atomic",
    "the end of an action")
BUG(guest_lock, sleep_in_a_timer, "sleep-in-atomic", "a timer's function")
BUG(guest_lock, spin_lock_twice, "lock-recursion", "spin lock lock_a")
BUG(guest_lock, unlock_what_is_not_held, "lock-misuse", "spin lock lock_a")
BUG(guest_lock, mutex_twice, "lock-recursion", "mutex mutex_a")
BUG(guest_lock, restore_while_they_are_on, "irq-flags",
    "local_irq_restore in workload")
BUG(guest_lock, mutex_unlock_not_held, "lock-misuse", "mutex mutex_a")

TEST(guest_lock, contended_lock_goes_round_in_order)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 4;
	rig_case(&o, "contended_lock_goes_round_in_order");
}

TEST(guest_lock, locks_in_both_orders)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_bug(&o, "locks_in_both_orders", "lock-order",
		"workload on CPU 0 holds lock_a and wants lock_b; "
		"cpu1 on CPU 1 holds lock_b and wants lock_a");
}

TEST(guest_lock, mutexes_in_both_orders)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_bug(&o, "mutexes_in_both_orders", "lock-order",
		"cpu1 on CPU 1 holds mutex_b and wants mutex_a; "
		"workload on CPU 0 holds mutex_a and wants mutex_b");
}

/* The report says what each waits for, and who has it. */
TEST(guest_lock, waits_that_never_end)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(FLAT_HANG, rig_run(&r, "waits_that_never_end"));
	EXPECT_SUBSTR(flat_text(r.fm), "\"completion answer\"");
	EXPECT_SUBSTR(flat_text(r.fm),
		      "\"mutex mutex_a, held by workload on CPU 0\"");
	rig_destroy(&r);
}

TEST(guest_lock, contention_is_told)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "contention_is_told");
}

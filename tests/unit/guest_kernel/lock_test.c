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
	rig_bug(&o, "locks_in_both_orders", "lock-recursion", "both orders");
}

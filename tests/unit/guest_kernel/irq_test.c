/* SPDX-License-Identifier: MIT */
/* Interrupt handlers. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_irq, line_interrupt_reaches_its_handler)
CASE(guest_irq, shared_line_asks_every_handler)
CASE(guest_irq, requests_that_are_refused)
CASE(guest_irq, disable_nests_and_the_level_waits)
CASE(guest_irq, interrupts_wait_while_disabled)
CASE(guest_irq, line_that_nobody_handles_is_given_up)
CASE(guest_irq, line_that_was_given_up_is_asked_in_turn)
CASE(guest_irq, line_that_was_given_up_starts_anew)
CASE(guest_irq, line_is_given_up_by_the_share_that_nobody_handles)
CASE(guest_irq, unhandled_interrupts_far_apart_do_not_add_up)
CASE(guest_irq, threaded_handler_may_sleep)
CASE(guest_irq, handler_starts_disabled)

BUG(guest_irq, sleep_in_a_handler, "sleep-in-atomic",
    "msleep may sleep, in the interrupt handler toy")
BUG(guest_irq, lock_without_irqsave_that_a_handler_takes, "lock-recursion",
    "spin lock handler_lock is taken in toy")
BUG(guest_irq, lock_of_a_handler_taken_with_interrupts_on, "irq-unsafe-lock",
    "spin lock handler_lock is held in")
BUG(guest_irq, handler_takes_what_was_taken_with_interrupts_on,
    "irq-unsafe-lock", "handler_lock is taken in the interrupt handler toy")
BUG(guest_irq, interrupts_come_on_under_a_handlers_lock, "irq-unsafe-lock",
    "spin lock handler_lock is held in")
CASE(guest_irq, safe_uses_of_a_handlers_lock)
BUG(guest_irq, mutex_in_a_handler, "lock-misuse",
    "mutex_trylock of mutex of_a_thread in the interrupt handler toy")
BUG(guest_irq, free_irq_in_a_handler, "sleep-in-atomic",
    "free_irq may sleep, in the interrupt handler toy")
BUG(guest_irq, request_irq_in_a_handler, "sleep-in-atomic",
    "request_irq may sleep, in the interrupt handler toy")
BUG(guest_irq, handler_that_keeps_a_lock, "lock-misuse", "handler toy")
/* The machine's own accounts find it. */
BUG(guest_irq, free_irq_twice, "double-free", "irq handler")

TEST(guest_irq, synchronize_irq_waits_for_the_other_cpu)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "synchronize_irq_waits_for_the_other_cpu");
}

TEST(guest_irq, free_irq_waits_for_the_other_cpu)
{
	struct rig_options o = RIG_DEFAULTS;

	o.machine.cpus = 2;
	rig_case(&o, "free_irq_waits_for_the_other_cpu");
}

TEST(guest_irq, refused_request)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.irq.request", RIG_BDF, 1, 1, 16);
	EXPECT_EQ(0, rig_run(&r, "refused_request"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_irq, interrupt_that_is_nobodys)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "toy_is_bound"));
	r.toy->fn.host->ops->msi(r.toy->fn.host, 0,
				 flat_info(r.fm)->msi_address,
				 flat_info(r.fm)->msi_first_vector + 5);
	EXPECT_EQ(0, flat_settle(r.fm));
	EXPECT_TRUE(flat_logged(r.fm, "no irq for vector"));
	rig_end(&r);
	rig_destroy(&r);
}

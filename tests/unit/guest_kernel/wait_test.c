/* SPDX-License-Identifier: MIT */
/* Waiting, work queues, timers, threads. */
#include "tests/unit/guest_kernel/rig.h"

CASE(guest_wait, msleep_takes_its_time)
CASE(guest_wait, msleep_does_not_end_early)
CASE(guest_wait, wait_event_ends_with_its_condition)
CASE(guest_wait, wait_event_timeout_says_what_is_left)
CASE(guest_wait, wake_up_spares_the_exclusive)
CASE(guest_wait, complete_wakes_one_complete_all_wakes_all)
CASE(guest_work, work_runs_once_for_each_queueing)
CASE(guest_work, cancel_work_sync_waits_for_a_run)
CASE(guest_work, cancel_work_sync_ends_what_queues_itself)
CASE(guest_work, cancel_delayed_work_sync_ends_what_queues_itself)
CASE(guest_work, free_of_what_is_at_rest)
CASE(guest_work, workers_are_added_when_all_are_busy)
CASE(guest_work, ordered_queue_runs_one_at_a_time)
CASE(guest_work, delayed_work_waits_and_requeues)
CASE(guest_work, timers_fire_in_order_and_not_early)
CASE(guest_work, threads_stop_when_asked)

BUG(guest_work, free_with_an_armed_timer, "free-active", "timer in it is armed")
BUG(guest_work, free_with_queued_work, "free-active", "work in it is queued")

TEST(guest_wait, wait_that_never_ends)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(FLAT_HANG, rig_run(&r, "wait_that_never_ends"));
	rig_destroy(&r);
}

TEST(guest_work, refused_queue_and_thread)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	flat_fault(r.fm, "guest.work.alloc_queue", FLAT_ANY, 1, 1, 12);
	flat_fault(r.fm, "guest.kthread.create", FLAT_ANY, 1, 1, 12);
	EXPECT_EQ(0, rig_run(&r, "refused_queue_and_thread"));
	rig_end(&r);
	rig_destroy(&r);
}

TEST(guest_work, thread_that_is_left_behind)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, "thread_that_is_left_behind"));
	EXPECT_EQ(0, flat_shutdown(r.fm));
	EXPECT_EQ(1, flat_live(r.fm, MACHINE_RES_MEMORY));
	rig_destroy(&r);
}

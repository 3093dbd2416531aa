/* SPDX-License-Identifier: MIT */
/* Cases of waiting, work, timers and threads. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "tests/unit/guest_kernel/guest/cases.h"

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);
static int flag, woken;

GUEST_CASE(msleep_takes_its_time)
{
	ktime_t t = ktime_get();

	msleep(7);
	CHECK(ktime_get() - t >= 7000000 && ktime_get() - t < 8000000);
	t = ktime_get();
	udelay(30);
	CHECK(ktime_get() - t >= 30000 && ktime_get() - t < 31000);
	t = ktime_get();
	usleep_range(50, 60);
	CHECK(ktime_get() - t >= 50000);
	CHECK(jiffies == (unsigned long)ktime_get() / 1000000);
	return 0;
}

static int sleeper(void *data)
{
	unsigned long t = jiffies;

	(void)data;
	msleep(20);
	flag = (int)(jiffies - t);
	return 0;
}

GUEST_CASE(msleep_does_not_end_early)
{
	struct task_struct *t = kthread_run(sleeper, NULL, "sleeper");

	msleep(5);
	CHECK(wake_up_process(t) == 1);
	kthread_stop(t);
	CHECK(flag >= 20);
	return 0;
}

static int waker(void *data)
{
	(void)data;
	msleep(3);
	flag = 1;
	wake_up(&queue);
	return 7;
}

GUEST_CASE(wait_event_ends_with_its_condition)
{
	struct task_struct *t;

	flag = 0;
	t = kthread_run(waker, NULL, "waker");
	wake_up(&queue);
	wait_event(queue, flag);
	CHECK(flag && jiffies >= 3);
	CHECK(!waitqueue_active(&queue));
	CHECK(kthread_stop(t) == 7);
	CHECK(wait_event_interruptible(queue, flag) == 0);
	CHECK(wait_event_killable(queue, flag) == 0);
	return 0;
}

GUEST_CASE(wait_event_timeout_says_what_is_left)
{
	struct task_struct *t;
	long left;

	flag = 0;
	CHECK(wait_event_timeout(queue, flag, 5) == 0);
	t = kthread_run(waker, NULL, "waker");
	left = wait_event_timeout(queue, flag, 100);
	CHECK(left > 90 && left <= 97);
	kthread_stop(t);
	CHECK(wait_event_timeout(queue, true, 0) == 1);
	return 0;
}

static int exclusive_waiter(void *data)
{
	(void)data;
	wait_for_completion(&done);
	woken++;
	return 0;
}

GUEST_CASE(complete_wakes_one_complete_all_wakes_all)
{
	struct task_struct *t[3];
	int i;

	woken = 0;
	reinit_completion(&done);
	for (i = 0; i < 3; i++)
		t[i] = kthread_run(exclusive_waiter, NULL, "w%d", i);
	msleep(1);
	complete(&done);
	msleep(1);
	CHECK(woken == 1 && !completion_done(&done));
	complete_all(&done);
	msleep(1);
	CHECK(woken == 3 && completion_done(&done));
	for (i = 0; i < 3; i++)
		kthread_stop(t[i]);
	reinit_completion(&done);
	CHECK(wait_for_completion_timeout(&done, 3) == 0);
	complete(&done);
	CHECK(try_wait_for_completion(&done) &&
	      !try_wait_for_completion(&done));
	return 0;
}

static int count_wake(struct wait_queue_entry *entry, unsigned int mode,
		      int flags, void *key)
{
	(void)mode;
	(void)flags;
	(void)key;
	++*(int *)entry->private;
	return 1;
}

GUEST_CASE(wake_up_spares_the_exclusive)
{
	struct wait_queue_entry e[4];
	int i, n[4] = { 0 };

	for (i = 0; i < 4; i++) {
		e[i] = (struct wait_queue_entry){ .private = &n[i],
						  .func = count_wake };
		INIT_LIST_HEAD(&e[i].entry);
		if (i < 2)
			add_wait_queue(&queue, &e[i]);
		else
			prepare_to_wait_exclusive(&queue, &e[i], TASK_RUNNING);
	}
	wake_up(&queue);
	CHECK(n[0] == 1 && n[1] == 1 && n[2] == 1 && n[3] == 0);
	wake_up_nr(&queue, 2);
	CHECK(n[0] == 2 && n[2] == 2 && n[3] == 1);
	wake_up_all(&queue);
	CHECK(n[1] == 3 && n[2] == 3 && n[3] == 2);
	for (i = 0; i < 4; i++)
		remove_wait_queue(&queue, &e[i]);
	CHECK(!waitqueue_active(&queue));
	return 0;
}

GUEST_CASE(wait_that_never_ends)
{
	flag = 0;
	wait_event(queue, flag);
	return 0;
}

/* ---- work ---- */

static int runs, inside, most_inside;

static void count_run(struct work_struct *work)
{
	(void)work;
	runs++;
}

static void slow_run(struct work_struct *work)
{
	(void)work;
	inside++;
	most_inside = max(most_inside, inside);
	msleep(5);
	inside--;
	runs++;
}

static DECLARE_WORK(count_work, count_run);

GUEST_CASE(work_runs_once_for_each_queueing)
{
	runs = 0;
	CHECK(schedule_work(&count_work));
	CHECK(!schedule_work(&count_work));
	CHECK(runs == 0 && work_pending(&count_work));
	CHECK(flush_work(&count_work));
	CHECK(runs == 1 && !work_pending(&count_work));
	CHECK(!flush_work(&count_work));
	CHECK(schedule_work(&count_work));
	CHECK(cancel_work_sync(&count_work));
	CHECK(!cancel_work_sync(&count_work));
	msleep(1);
	CHECK(runs == 1);
	return 0;
}

GUEST_CASE(cancel_work_sync_waits_for_a_run)
{
	static struct work_struct work;

	INIT_WORK(&work, slow_run);
	runs = 0;
	schedule_work(&work);
	msleep(1);
	CHECK(inside == 1);
	CHECK(!cancel_work_sync(&work));
	CHECK(inside == 0 && runs == 1);
	return 0;
}

static struct work_struct endless;
static struct delayed_work endless_delayed;

static void endless_run(struct work_struct *work)
{
	msleep(5);
	runs++;
	schedule_work(work);
}

static void endless_delayed_run(struct work_struct *work)
{
	msleep(5);
	runs++;
	schedule_delayed_work(to_delayed_work(work), 2);
}

GUEST_CASE(cancel_work_sync_ends_what_queues_itself)
{
	INIT_WORK(&endless, endless_run);
	runs = 0;
	schedule_work(&endless);
	msleep(1);
	CHECK(!cancel_work_sync(&endless));
	CHECK(runs == 1 && !work_pending(&endless));
	msleep(20);
	CHECK(runs == 1);
	CHECK(schedule_work(&endless));
	CHECK(cancel_work_sync(&endless));
	return 0;
}

GUEST_CASE(cancel_delayed_work_sync_ends_what_queues_itself)
{
	INIT_DELAYED_WORK(&endless_delayed, endless_delayed_run);
	runs = 0;
	schedule_delayed_work(&endless_delayed, 1);
	msleep(4);
	CHECK(!cancel_delayed_work_sync(&endless_delayed));
	CHECK(runs == 1 && !delayed_work_pending(&endless_delayed));
	msleep(40);
	CHECK(runs == 1);
	CHECK(schedule_delayed_work(&endless_delayed, 1));
	CHECK(cancel_delayed_work_sync(&endless_delayed));
	return 0;
}

struct holder {
	char before[40];
	struct delayed_work work;
};

static struct holder *holder(void)
{
	struct holder *h = kzalloc(sizeof(*h), GFP_KERNEL);

	INIT_DELAYED_WORK(&h->work, count_run);
	return h;
}

GUEST_CASE(free_with_an_armed_timer)
{
	struct holder *h = holder();

	schedule_delayed_work(&h->work, 5);
	kfree(h);
	return 0;
}

GUEST_CASE(free_with_queued_work)
{
	struct holder *h = holder();

	schedule_delayed_work(&h->work, 0);
	kfree(h);
	return 0;
}

GUEST_CASE(free_of_what_is_at_rest)
{
	struct holder *h = holder(), *next = holder();

	schedule_delayed_work(&h->work, 5);
	kfree(next);
	cancel_delayed_work_sync(&h->work);
	schedule_delayed_work(&h->work, 0);
	next = holder();
	kfree(next);
	flush_delayed_work(&h->work);
	kfree(h);
	return 0;
}

GUEST_CASE(workers_are_added_when_all_are_busy)
{
	static struct work_struct work[4];
	struct workqueue_struct *wq = alloc_workqueue("many", 0, 3);
	int i;

	runs = 0;
	most_inside = 0;
	for (i = 0; i < 4; i++) {
		INIT_WORK(&work[i], slow_run);
		queue_work(wq, &work[i]);
		msleep(1);
	}
	CHECK(most_inside == 3);
	destroy_workqueue(wq);
	CHECK(runs == 4);
	return 0;
}

GUEST_CASE(ordered_queue_runs_one_at_a_time)
{
	static struct work_struct work[3];
	struct workqueue_struct *wq = alloc_ordered_workqueue("one", 0);
	int i;

	runs = 0;
	most_inside = 0;
	for (i = 0; i < 3; i++) {
		INIT_WORK(&work[i], slow_run);
		queue_work(wq, &work[i]);
	}
	flush_workqueue(wq);
	CHECK(runs == 3 && most_inside == 1);
	destroy_workqueue(wq);
	return 0;
}

static struct delayed_work again;

static void run_again(struct work_struct *work)
{
	if (++runs < 3)
		queue_delayed_work(system_wq, to_delayed_work(work), 2);
}

GUEST_CASE(delayed_work_waits_and_requeues)
{
	unsigned long t = jiffies;

	runs = 0;
	INIT_DELAYED_WORK(&again, run_again);
	CHECK(schedule_delayed_work(&again, 4));
	CHECK(!schedule_delayed_work(&again, 4));
	msleep(3);
	CHECK(runs == 0);
	msleep(20);
	CHECK(runs == 3 && jiffies - t >= 8);
	runs = 0;
	schedule_delayed_work(&again, 4);
	CHECK(cancel_delayed_work_sync(&again));
	msleep(10);
	CHECK(runs == 0);
	mod_delayed_work(system_wq, &again, 1000);
	CHECK(flush_delayed_work(&again));
	CHECK(runs == 1);
	cancel_delayed_work_sync(&again);
	return 0;
}

static unsigned long fired[3];
static struct timer_list timers[3];

static void note_time(struct timer_list *timer)
{
	fired[timer - timers] = jiffies;
}

GUEST_CASE(timers_fire_in_order_and_not_early)
{
	unsigned long t = jiffies;
	int i;

	for (i = 0; i < 3; i++) {
		fired[i] = 0;
		timer_setup(&timers[i], note_time, 0);
	}
	CHECK(mod_timer(&timers[0], t + 30) == 0);
	CHECK(mod_timer(&timers[1], t + 10) == 0);
	CHECK(mod_timer(&timers[2], t + 20) == 0);
	CHECK(mod_timer(&timers[2], t + 15) == 1);
	msleep(12);
	CHECK(fired[1] == t + 10 && !fired[2]);
	CHECK(del_timer_sync(&timers[0]) == 1);
	CHECK(!timer_pending(&timers[0]));
	msleep(50);
	CHECK(fired[0] == 0 && fired[1] == t + 10 && fired[2] == t + 15);
	CHECK(del_timer_sync(&timers[1]) == 0);
	return 0;
}

static int until_stopped(void *data)
{
	(void)data;
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 3;
}

GUEST_CASE(threads_stop_when_asked)
{
	struct task_struct *t = kthread_run(until_stopped, NULL, "loop");

	msleep(1);
	CHECK(kthread_stop(t) == 3);
	t = kthread_create(until_stopped, NULL, "never woken");
	CHECK(kthread_stop(t) == -EINTR);
	return 0;
}

GUEST_CASE(refused_queue_and_thread)
{
	CHECK(!alloc_workqueue("none", 0, 0));
	CHECK(IS_ERR(kthread_create(until_stopped, NULL, "none")));
	return 0;
}

GUEST_CASE(thread_that_is_left_behind)
{
	return IS_ERR(kthread_create(until_stopped, NULL, "left"));
}

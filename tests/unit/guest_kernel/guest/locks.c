/* SPDX-License-Identifier: MIT */
/* Cases of spin locks, mutexes and atomic context (lock.c, context.c). */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include "tests/unit/guest_kernel/guest/cases.h"

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static DEFINE_MUTEX(mutex_a);
static DEFINE_MUTEX(mutex_b);

/* An address where nobody answers. */
static u32 read_nowhere(void)
{
	return ioread32(ioremap(0xfee00f00, 4));
}

GUEST_CASE(interrupts_are_disabled_lazily)
{
	u64 off = guest_spy.irqs_off_calls;
	unsigned long flags;

	spin_lock_irqsave(&lock_a, flags);
	spin_unlock_irqrestore(&lock_a, flags);
	CHECK(guest_spy.irqs_off_calls == off);
	spin_lock_irqsave(&lock_a, flags);
	read_nowhere();
	CHECK(guest_spy.irqs_off_calls == off + 1);
	CHECK(guest_spy.off_at_read == 1);
	read_nowhere();
	CHECK(guest_spy.irqs_off_calls == off + 1);
	spin_unlock_irqrestore(&lock_a, flags);
	CHECK(guest_spy.irqs_on_calls == 1);
	read_nowhere();
	CHECK(guest_spy.off_at_read == 0);
	return 0;
}

GUEST_CASE(irq_state_nests)
{
	unsigned long outer, inner;

	local_irq_save(outer);
	local_irq_save(inner);
	CHECK(irqs_disabled());
	local_irq_restore(inner);
	CHECK(irqs_disabled());
	local_irq_restore(outer);
	CHECK(!irqs_disabled());
	CHECK(!in_atomic());
	spin_lock(&lock_a);
	CHECK(in_atomic() && !spin_trylock(&lock_a));
	spin_unlock(&lock_a);
	CHECK(spin_trylock(&lock_a));
	spin_unlock(&lock_a);
	CHECK(!in_atomic());
	return 0;
}

GUEST_CASE(locks_released_in_another_order)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_a);
	CHECK(in_atomic());
	spin_unlock(&lock_b);
	CHECK(!in_atomic());
	msleep(1);
	return 0;
}

GUEST_CASE(sleep_with_a_spin_lock)
{
	spin_lock(&lock_a);
	msleep(1);
	return 0;
}

GUEST_CASE(sleep_with_interrupts_off)
{
	local_irq_disable();
	mutex_lock(&mutex_a);
	return 0;
}

GUEST_CASE(kmalloc_that_may_sleep_with_a_lock)
{
	spin_lock(&lock_a);
	return kmalloc(10, GFP_KERNEL) ? 0 : -ENOMEM;
}

GUEST_CASE(action_that_keeps_a_lock)
{
	spin_lock(&lock_a);
	return 0;
}

GUEST_CASE(spin_lock_twice)
{
	spin_lock(&lock_a);
	spin_lock(&lock_a);
	return 0;
}

GUEST_CASE(unlock_what_is_not_held)
{
	spin_unlock(&lock_a);
	return 0;
}

GUEST_CASE(mutex_twice)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_a);
	return 0;
}

GUEST_CASE(mutex_unlock_not_held)
{
	mutex_unlock(&mutex_a);
	return 0;
}

static int shared;

static int mutex_taker(void *data)
{
	(void)data;
	mutex_lock(&mutex_a);
	shared = 1;
	mutex_unlock(&mutex_a);
	return 0;
}

GUEST_CASE(mutex_makes_another_wait)
{
	struct task_struct *t;

	shared = 0;
	mutex_lock(&mutex_a);
	t = kthread_run(mutex_taker, NULL, "taker");
	msleep(5);
	CHECK(!shared && !mutex_trylock(&mutex_a));
	mutex_unlock(&mutex_a);
	kthread_stop(t);
	CHECK(shared && !mutex_is_locked(&mutex_a));
	return 0;
}

/* ---- two CPUs ---- */

static int order[4], taken;

static int spinner(void *data)
{
	spin_lock(&lock_a);
	order[taken++] = (int)(long)data;
	spin_unlock(&lock_a);
	return 0;
}

static struct task_struct *on_cpu(unsigned int cpu, int (*fn)(void *data),
				  long data)
{
	struct task_struct *t = kthread_create(fn, (void *)data, "cpu%u", cpu);

	kthread_bind(t, cpu);
	wake_up_process(t);
	return t;
}

GUEST_CASE(contended_lock_goes_round_in_order)
{
	struct task_struct *t[3];
	int i;

	taken = 0;
	for (i = 0; i < 3; i++) {
		t[i] = kthread_create(spinner, (void *)(long)i, "spin%d", i);
		kthread_bind(t[i], (unsigned int)i + 1);
	}
	spin_lock(&lock_a);
	wake_up_process(t[2]);
	read_nowhere();
	udelay(10);
	wake_up_process(t[0]);
	udelay(10);
	wake_up_process(t[1]);
	udelay(10);
	CHECK(taken == 0);
	spin_unlock(&lock_a);
	for (i = 0; i < 3; i++)
		kthread_stop(t[i]);
	CHECK(taken == 3);
	CHECK(order[0] == 2 && order[1] == 0 && order[2] == 1);
	return 0;
}

static int takes_b_then_a(void *data)
{
	(void)data;
	spin_lock(&lock_b);
	udelay(100);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
	return 0;
}

GUEST_CASE(locks_in_both_orders)
{
	on_cpu(1, takes_b_then_a, 0);
	spin_lock(&lock_a);
	udelay(100);
	spin_lock(&lock_b);
	return 0;
}

/* B, then A, on the other CPU, while this one holds A and asks for B. */
static int takes_mutex_b_then_a(void *data)
{
	(void)data;
	mutex_lock(&mutex_b);
	msleep(2);
	mutex_lock(&mutex_a);
	return 0;
}

GUEST_CASE(mutexes_in_both_orders)
{
	on_cpu(1, takes_mutex_b_then_a, 0);
	mutex_lock(&mutex_a);
	msleep(1);
	mutex_lock(&mutex_b);
	return 0;
}

static int waits_for_mutex_a(void *data)
{
	(void)data;
	mutex_lock(&mutex_a);
	return 0;
}

/* Nobody completes what the holder of the mutex waits for. */
GUEST_CASE(waits_that_never_end)
{
	DECLARE_COMPLETION_ONSTACK(answer);

	on_cpu(0, waits_for_mutex_a, 0);
	mutex_lock(&mutex_a);
	wait_for_completion(&answer);
	return 0;
}

/* The note of a lock that another CPU held: which, whose, how long. */
GUEST_CASE(contention_is_told)
{
	struct task_struct *t;

	taken = 0;
	CHECK(guest_spy.notes[MACHINE_NOTE_CONTENDED] == 0);
	t = kthread_create(spinner, NULL, "spin");
	kthread_bind(t, 1);
	spin_lock(&lock_a);
	wake_up_process(t);
	udelay(10);
	spin_unlock(&lock_a);
	kthread_stop(t);
	CHECK(taken == 1 && guest_spy.notes[MACHINE_NOTE_CONTENDED] == 1);
	CHECK(guest_spy.last[MACHINE_NOTE_CONTENDED].index == 0);
	CHECK(guest_spy.last[MACHINE_NOTE_CONTENDED].value >= 9000);
	CHECK(guest_spy.last[MACHINE_NOTE_CONTENDED].value <= 10000);
	CHECK(!strcmp(guest_spy.last_text[MACHINE_NOTE_CONTENDED], "lock_a"));
	return 0;
}

/* ---- interrupts that are turned on where they should not be ---- */

GUEST_CASE(restore_while_they_are_on)
{
	unsigned long flags;

	spin_lock_irqsave(&lock_a, flags);
	spin_lock_irq(&lock_b);
	spin_unlock_irq(&lock_b);
	spin_unlock_irqrestore(&lock_a, flags);
	return 0;
}

static void sleepy_timer(struct timer_list *timer)
{
	(void)timer;
	msleep(1);
}

GUEST_CASE(sleep_in_a_timer)
{
	static struct timer_list timer;

	timer_setup(&timer, sleepy_timer, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(10);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * A driver's mistakes with locks that need two sides: two CPUs, two threads, or
 * a thread and an interrupt handler.
 */
#include "tests/guests/misbehaving.h"

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <ringside/note.h>

const struct guest_param misbehave_order_params[] = {
	{ "swapped", GUEST_PARAM_BOOL, false, 0, "the other order" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* ---- spin locks in both orders ---- */

static DEFINE_SPINLOCK(table_lock);
static DEFINE_SPINLOCK(entry_lock);

static noinline void lock_both(spinlock_t *first, spinlock_t *second)
{
	spin_lock(first);
	udelay(1);
	spin_lock(second);
	spin_unlock(second);
	spin_unlock(first);
}

static noinline int add_entry(void)
{
	lock_both(&table_lock, &entry_lock);
	return 0;
}

static noinline int drop_entry(void)
{
	lock_both(&entry_lock, &table_lock);
	return 0;
}

static int lock_order(const struct guest_value *v)
{
	return v[0].i ? drop_entry() : add_entry();
}
MISBEHAVE(lock_order, misbehave_order_params);

/* ---- mutexes ---- */

static DEFINE_MUTEX(bus_mutex);
static DEFINE_MUTEX(device_mutex);

static noinline int attach(void)
{
	mutex_lock(&bus_mutex);
	msleep(1);
	mutex_lock(&device_mutex);
	return 0;
}

static noinline int detach(void)
{
	mutex_lock(&device_mutex);
	msleep(1);
	mutex_lock(&bus_mutex);
	return 0;
}

static int mutex_order(const struct guest_value *v)
{
	return v[0].i ? detach() : attach();
}
MISBEHAVE(mutex_order, misbehave_order_params);

/* Whoever has the mutex waits for what nobody completes. */
static int mutex_wait(const struct guest_value *v)
{
	DECLARE_COMPLETION_ONSTACK(answer);

	(void)v;
	mutex_lock(&device_mutex);
	wait_for_completion(&answer);
	return 0;
}
MISBEHAVE(mutex_wait, misbehave_no_params);

/* ---- locks and interrupts ---- */

static DEFINE_SPINLOCK(stats_lock);

static irqreturn_t counting_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	spin_lock(&stats_lock);
	spin_unlock(&stats_lock);
	return IRQ_NONE;
}

static noinline void read_stats(void)
{
	spin_lock(&stats_lock);
	spin_unlock(&stats_lock);
}

/* The handler sits beside the real driver's, on the line that it shares. */
static int irq_unsafe_lock(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);
	int err;

	if (!dev)
		return -ENODEV;
	err = request_irq(to_pci_dev(dev)->irq, counting_handler, IRQF_SHARED,
			  "counting", dev);
	if (!err)
		read_stats();
	return err;
}
MISBEHAVE(irq_unsafe_lock, misbehave_device_params);

static noinline void update_entry(void)
{
	spin_lock_irq(&entry_lock);
	spin_unlock_irq(&entry_lock);
}

static int irq_flags(const struct guest_value *v)
{
	unsigned long flags;

	(void)v;
	spin_lock_irqsave(&table_lock, flags);
	update_entry();
	spin_unlock_irqrestore(&table_lock, flags);
	return 0;
}
MISBEHAVE(irq_flags, misbehave_no_params);

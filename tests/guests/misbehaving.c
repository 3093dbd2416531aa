/* SPDX-License-Identifier: MIT */
/*
 * A driver's mistakes with pointers, the stack, locks, waits and interrupts.
 * Volatile variables keep the compiler from seeing what is wrong.
 */
#include "tests/guests/misbehaving.h"

#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <ringside/note.h>

struct request {
	int status;
	int sector;
	void (*done)(struct request *req);
};

/* ---- pointers ---- */

static struct request *volatile no_request;

/* gcc would read the field in the caller. */
static __attribute__((__noipa__)) int sector_of(struct request *req)
{
	return req->sector;
}

static int null_pointer(const struct guest_value *v)
{
	(void)v;
	return sector_of(no_request) ? 0 : -EIO;
}
MISBEHAVE(null_pointer, misbehave_no_params);

static noinline void complete_request(struct request *req)
{
	req->done(req);
	req->status = 0;
}

static int jump_to_null(const struct guest_value *v)
{
	struct request req = { .status = 1 };

	(void)v;
	complete_request(&req);
	return req.status;
}
MISBEHAVE(jump_to_null, misbehave_no_params);

/* ---- numbers ---- */

static volatile unsigned int queue_size;

static noinline unsigned int ring_slot(unsigned int idx)
{
	return idx % queue_size;
}

static int divide_by_zero(const struct guest_value *v)
{
	(void)v;
	return (int)ring_slot(5);
}
MISBEHAVE(divide_by_zero, misbehave_no_params);

/* ---- the stack ---- */

static volatile int depth_limit = -1;

static noinline int walk_tree(int depth)
{
	volatile char name[128];

	memset((void *)name, depth, sizeof(name));
	if (depth == depth_limit)
		return 0;
	return walk_tree(depth + 1) + name[depth % 128];
}

static noinline int copy_to_stack(void)
{
	volatile char copy[300 * 1024];

	copy[0] = 1;
	memset((void *)copy, 1, sizeof(copy));
	return copy[depth_limit & 1023] ? 0 : -EIO;
}

const struct guest_param misbehave_stack_params[] = {
	{ "frame", GUEST_PARAM_BOOL, false, 0,
	  "one frame of 300 KiB, instead of many" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int stack_overflow(const struct guest_value *v)
{
	return v[0].i ? copy_to_stack() : walk_tree(0);
}
MISBEHAVE(stack_overflow, misbehave_stack_params);

static volatile size_t name_length = 40;

static noinline char first_letter(void)
{
	char name[16];
	char *volatile at = name;

	memset(at, 'x', name_length);
	return name[0];
}

static int stack_smash(const struct guest_value *v)
{
	(void)v;
	return first_letter() == 'x' ? 0 : -EIO;
}
MISBEHAVE(stack_smash, misbehave_no_params);

/* ---- its own check ---- */

static noinline void check_state(int state)
{
	BUG_ON(state != 1);
}

static int bug_on(const struct guest_value *v)
{
	(void)v;
	check_state((int)queue_size);
	return 0;
}
MISBEHAVE(bug_on, misbehave_no_params);

/* ---- loops and waits ---- */

static noinline void poll_flag(volatile unsigned int *flag)
{
	while (!*flag)
		;
}

static int endless_loop(const struct guest_value *v)
{
	(void)v;
	poll_flag(&queue_size);
	return 0;
}
MISBEHAVE(endless_loop, misbehave_no_params);

static int wait_forever(const struct guest_value *v)
{
	DECLARE_COMPLETION_ONSTACK(answer);

	(void)v;
	wait_for_completion(&answer);
	return 0;
}
MISBEHAVE(wait_forever, misbehave_no_params);

static int budget(const struct guest_value *v)
{
	(void)v;
	while (!queue_size)
		msleep(10);
	return 0;
}
MISBEHAVE(budget, misbehave_no_params);

/* ---- locks and atomic context ---- */

static DEFINE_SPINLOCK(list_lock);
static DEFINE_SPINLOCK(device_lock);

static noinline void settle(void)
{
	msleep(1);
}

static int sleep_in_atomic(const struct guest_value *v)
{
	(void)v;
	spin_lock(&device_lock);
	settle();
	spin_unlock(&device_lock);
	return 0;
}
MISBEHAVE(sleep_in_atomic, misbehave_no_params);

static noinline void add_to_list(void)
{
	spin_lock(&list_lock);
	spin_unlock(&list_lock);
}

static int lock_recursion(const struct guest_value *v)
{
	(void)v;
	spin_lock(&list_lock);
	add_to_list();
	spin_unlock(&list_lock);
	return 0;
}
MISBEHAVE(lock_recursion, misbehave_no_params);

/* ---- interrupts ---- */

static irqreturn_t sleeping_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	settle();
	return IRQ_HANDLED;
}

static irqreturn_t idle_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_NONE;
}

/* Beside the real driver, on the line that it shares. */
static noinline int share_line(u32 bdf, irq_handler_t handler)
{
	struct device *dev = guest_device_find(bdf);

	if (!dev)
		return -ENODEV;
	return request_irq(to_pci_dev(dev)->irq, handler, IRQF_SHARED,
			   "misbehaving", dev);
}

static int sleep_in_irq(const struct guest_value *v)
{
	return share_line((u32)v[0].i, sleeping_handler);
}
MISBEHAVE(sleep_in_irq, misbehave_device_params);

static int irq_leak(const struct guest_value *v)
{
	return share_line((u32)v[0].i, idle_handler);
}
MISBEHAVE(irq_leak, misbehave_device_params);

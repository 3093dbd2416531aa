/* SPDX-License-Identifier: MIT */
/* Cases of interrupt handlers (irq.c, irq_handle.c), on the toy's line. */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

static void __iomem *regs;
static int hits[3], context_ok, thread_runs;

/* Handles the level line: it must be deasserted, or it comes again. */
static irqreturn_t handle(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	context_ok = in_hardirq() && irqs_disabled() && !in_task();
	toy_intx(regs, false);
	return IRQ_HANDLED;
}

static irqreturn_t not_mine(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	return IRQ_NONE;
}

static int start(struct pci_dev **pdev)
{
	memset(hits, 0, sizeof(hits));
	*pdev = toy_dev();
	regs = toy_open(*pdev);
	return regs ? 0 : -ENODEV;
}

GUEST_CASE(line_interrupt_reaches_its_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	/* Device 3, INTA: line (3 + 1 - 1) % 4. */
	CHECK(pdev->irq == 16 + 3);
	CHECK(!request_irq(pdev->irq, handle, 0, "toy", &hits[0]));
	CHECK(guest_spy.last[MACHINE_NOTE_IRQ_OWNER].index == 1);
	CHECK(guest_spy.last[MACHINE_NOTE_IRQ_OWNER].value == 3);
	CHECK(!strcmp(guest_spy.last_text[MACHINE_NOTE_IRQ_OWNER], "toy"));
	CHECK(!strcmp(guest_spy.last_text[MACHINE_NOTE_SERVICE],
		      "request_irq(toy)"));
	CHECK(guest_spy.last[MACHINE_NOTE_SERVICE].result == 0);
	toy_intx(regs, true);
	CHECK(hits[0] == 1 && context_ok);
	CHECK(in_task() && !irqs_disabled());
	CHECK(!strcmp(free_irq(pdev->irq, &hits[0]), "toy"));
	CHECK(guest_spy.notes[MACHINE_NOTE_IRQ_RELEASED] == 1);
	toy_intx(regs, true);
	CHECK(hits[0] == 1);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(shared_line_asks_every_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, not_mine, IRQF_SHARED, "a", &hits[0]));
	CHECK(!request_irq(19, handle, IRQF_SHARED, "b", &hits[1]));
	CHECK(!request_irq(19, not_mine, IRQF_SHARED, "c", &hits[2]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1 && hits[1] == 1 && hits[2] == 1);
	free_irq(19, &hits[0]);
	toy_intx(regs, true);
	CHECK(hits[0] == 1 && hits[1] == 2 && hits[2] == 2);
	free_irq(19, &hits[1]);
	free_irq(19, &hits[2]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(requests_that_are_refused)
{
	CHECK(request_irq(0, handle, 0, "x", &hits[0]) == -EINVAL);
	CHECK(request_irq(20, handle, 0, "x", &hits[0]) == -EINVAL);
	CHECK(request_irq(24, handle, 0, "x", &hits[0]) == -EINVAL);
	CHECK(request_irq(16, handle, IRQF_SHARED, "x", NULL) == -EINVAL);
	CHECK(request_irq(16, NULL, 0, "x", &hits[0]) == -EINVAL);
	CHECK(request_threaded_irq(16, NULL, handle, 0, "x", &hits[0]) ==
	      -EINVAL);
	CHECK(!request_irq(16, handle, 0, "x", &hits[0]));
	CHECK(request_irq(16, handle, IRQF_SHARED, "y", &hits[1]) == -EBUSY);
	CHECK(request_irq(16, handle, 0, "y", &hits[1]) == -EBUSY);
	free_irq(16, &hits[0]);
	CHECK(!request_irq(16, handle, IRQF_SHARED, "x", &hits[0]));
	CHECK(request_irq(16, handle, 0, "y", &hits[1]) == -EBUSY);
	CHECK(guest_spy.last[MACHINE_NOTE_SERVICE].result == -EBUSY);
	free_irq(16, &hits[0]);
	return 0;
}

GUEST_CASE(disable_nests_and_the_level_waits)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, handle, 0, "toy", &hits[0]));
	disable_irq(19);
	disable_irq(19);
	toy_intx(regs, true);
	CHECK(hits[0] == 0);
	enable_irq(19);
	ioread32(regs);
	CHECK(hits[0] == 0);
	enable_irq(19);
	ioread32(regs);
	CHECK(hits[0] == 1);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(interrupts_wait_while_disabled)
{
	static DEFINE_SPINLOCK(lock);
	struct pci_dev *pdev;
	unsigned long flags;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, handle, 0, "toy", &hits[0]));
	spin_lock_irqsave(&lock, flags);
	toy_intx(regs, true);
	ioread32(regs);
	CHECK(hits[0] == 0);
	spin_unlock_irqrestore(&lock, flags);
	CHECK(hits[0] == 1);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(line_that_nobody_handles_is_given_up)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, not_mine, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1000);
	toy_intx(regs, false);
	toy_intx(regs, true);
	CHECK(hits[0] == 1000);
	toy_intx(regs, false);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

/* The disabled line is asked every 100 ms, until a new handler comes. */
GUEST_CASE(line_that_was_given_up_is_asked_in_turn)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, not_mine, IRQF_SHARED, "a", &hits[0]));
	CHECK(!request_irq(19, not_mine, IRQF_SHARED, "b", &hits[1]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1000 && hits[1] == 1000);
	msleep(350);
	CHECK(hits[0] == 1003 && hits[1] == 1003);
	/* This one can make it let go. */
	CHECK(!request_irq(19, handle, IRQF_SHARED, "c", &hits[2]));
	ioread32(regs);
	CHECK(hits[0] == 1004 && hits[2] == 1);
	toy_intx(regs, true);
	CHECK(hits[0] == 1005 && hits[2] == 2);
	msleep(250);
	CHECK(hits[0] == 1005);
	free_irq(19, &hits[0]);
	free_irq(19, &hits[1]);
	free_irq(19, &hits[2]);
	toy_close(pdev, regs);
	return 0;
}

/* All of them gone, the line is as new. */
GUEST_CASE(line_that_was_given_up_starts_anew)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, not_mine, 0, "a", &hits[0]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1000);
	toy_intx(regs, false);
	free_irq(19, &hits[0]);
	CHECK(!request_irq(19, handle, 0, "b", &hits[1]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1000 && hits[1] == 1);
	msleep(250);
	CHECK(hits[1] == 1);
	free_irq(19, &hits[1]);
	toy_close(pdev, regs);
	return 0;
}

static int mine; /* of the next interrupts, so many are handled */

static irqreturn_t now_and_then(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	toy_intx(regs, false);
	return mine-- > 0 ? IRQ_HANDLED : IRQ_NONE;
}

static void raise_times(int n)
{
	while (n--)
		toy_intx(regs, true);
}

/* Of a thousand, 999 are too many and 998 are not. */
GUEST_CASE(line_is_given_up_by_the_share_that_nobody_handles)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, now_and_then, 0, "toy", &hits[0]));
	mine = 2;
	raise_times(1000);
	raise_times(1);
	CHECK(hits[0] == 1001); /* still served */
	free_irq(19, &hits[0]);
	hits[0] = 0;
	CHECK(!request_irq(19, now_and_then, 0, "toy", &hits[0]));
	mine = 1;
	raise_times(1000);
	CHECK(hits[0] == 1000);
	raise_times(1);
	CHECK(hits[0] == 1000); /* disabled */
	toy_intx(regs, false);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(unhandled_interrupts_far_apart_do_not_add_up)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, now_and_then, 0, "toy", &hits[0]));
	mine = 0;
	raise_times(990);
	msleep(101);
	raise_times(10);
	CHECK(hits[0] == 1000);
	raise_times(1);
	CHECK(hits[0] == 1001);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

static irqreturn_t wake_it(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_WAKE_THREAD;
}

static irqreturn_t threaded(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	context_ok = in_task() && !irqs_disabled();
	msleep(4);
	toy_intx(regs, false);
	thread_runs++;
	return IRQ_HANDLED;
}

GUEST_CASE(threaded_handler_may_sleep)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	thread_runs = 0;
	CHECK(!request_threaded_irq(19, wake_it, threaded, IRQF_ONESHOT, "toy",
				    &hits[0]));
	toy_intx(regs, true);
	msleep(1);
	CHECK(thread_runs == 0);
	synchronize_irq(19);
	CHECK(thread_runs == 1 && context_ok);
	free_irq(19, &hits[0]);
	CHECK(!request_threaded_irq(19, NULL, threaded, IRQF_ONESHOT, "toy",
				    &hits[0]));
	toy_intx(regs, true);
	msleep(10);
	CHECK(thread_runs == 2);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(handler_starts_disabled)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, handle, IRQF_NO_AUTOEN, "toy", &hits[0]));
	toy_intx(regs, true);
	CHECK(hits[0] == 0);
	enable_irq(19);
	ioread32(regs);
	CHECK(hits[0] == 1);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

/* ---- two CPUs ---- */

static int in_handler;

static irqreturn_t slow_handler(int irq, void *dev_id)
{
	(void)irq;
	in_handler = 1;
	toy_intx(regs, false);
	udelay(100);
	++*(int *)dev_id;
	in_handler = 2;
	return IRQ_HANDLED;
}

/* On CPU 1, while CPU 0 is in the handler: how far was that afterwards? */
static int after_sync(void *data)
{
	(void)data;
	while (!in_handler)
		cpu_relax();
	synchronize_irq(19);
	return in_handler;
}

static int after_free(void *data)
{
	while (!in_handler)
		cpu_relax();
	free_irq(19, data);
	return in_handler;
}

static struct task_struct *on_cpu_1(int (*fn)(void *data))
{
	struct task_struct *t = kthread_create(fn, &hits[0], "cpu1");

	in_handler = 0;
	kthread_bind(t, 1);
	wake_up_process(t);
	return t;
}

GUEST_CASE(synchronize_irq_waits_for_the_other_cpu)
{
	struct task_struct *t;
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, slow_handler, 0, "toy", &hits[0]));
	t = on_cpu_1(after_sync);
	toy_intx(regs, true);
	CHECK(kthread_stop(t) == 2);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(free_irq_waits_for_the_other_cpu)
{
	struct task_struct *t;
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, slow_handler, 0, "toy", &hits[0]));
	t = on_cpu_1(after_free);
	toy_intx(regs, true);
	CHECK(kthread_stop(t) == 2);
	toy_close(pdev, regs);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Cases of interrupt handlers that do what they must not (lock_check.c, irq.c), on
 * the toy's line. */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

static void __iomem *regs;
static int hits[3];

static irqreturn_t handle(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	toy_intx(regs, false);
	return IRQ_HANDLED;
}

static irqreturn_t sleeping_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	msleep(1);
	return IRQ_HANDLED;
}

static int start(struct pci_dev **pdev)
{
	memset(hits, 0, sizeof(hits));
	*pdev = toy_dev();
	regs = toy_open(*pdev);
	return regs ? 0 : -ENODEV;
}

GUEST_CASE(sleep_in_a_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, sleeping_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	return 0;
}

static DEFINE_SPINLOCK(handler_lock);

static irqreturn_t locking_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	spin_lock(&handler_lock);
	toy_intx(regs, false);
	spin_unlock(&handler_lock);
	return IRQ_HANDLED;
}

static irqreturn_t trying_handler(int irq, void *dev_id)
{
	(void)irq;
	if (spin_trylock(&handler_lock)) {
		++*(int *)dev_id;
		spin_unlock(&handler_lock);
	}
	toy_intx(regs, false);
	return IRQ_HANDLED;
}

static irqreturn_t lock_keeper(int irq, void *dev_id)
{
	toy_intx(regs, false);
	(void)irq;
	(void)dev_id;
	spin_lock(&handler_lock);
	return IRQ_HANDLED;
}

GUEST_CASE(lock_without_irqsave_that_a_handler_takes)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, locking_handler, 0, "toy", &hits[0]));
	spin_lock(&handler_lock);
	toy_intx(regs, true);
	spin_unlock(&handler_lock);
	return 0;
}

GUEST_CASE(lock_of_a_handler_taken_with_interrupts_on)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, locking_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	spin_lock(&handler_lock);
	spin_unlock(&handler_lock);
	return 0;
}

GUEST_CASE(handler_takes_what_was_taken_with_interrupts_on)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, locking_handler, 0, "toy", &hits[0]));
	spin_lock(&handler_lock);
	spin_unlock(&handler_lock);
	toy_intx(regs, true);
	return 0;
}

GUEST_CASE(interrupts_come_on_under_a_handlers_lock)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, locking_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	spin_lock_irq(&handler_lock);
	local_irq_enable();
	return 0;
}

/* No waiting, no danger; and with interrupts off there is none either. */
GUEST_CASE(safe_uses_of_a_handlers_lock)
{
	struct pci_dev *pdev;
	unsigned long flags;

	spin_lock_init(&handler_lock);
	CHECK(!start(&pdev));
	CHECK(!request_irq(19, trying_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	CHECK(hits[0] == 1);
	spin_lock(&handler_lock);
	toy_intx(regs, true);
	spin_unlock(&handler_lock);
	CHECK(hits[0] == 1);
	free_irq(19, &hits[0]);

	spin_lock_init(&handler_lock);
	CHECK(!request_irq(19, locking_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	spin_lock_irqsave(&handler_lock, flags);
	toy_intx(regs, true);
	spin_unlock_irqrestore(&handler_lock, flags);
	free_irq(19, &hits[0]);
	toy_close(pdev, regs);
	return 0;
}

static irqreturn_t mutex_handler(int irq, void *dev_id)
{
	static DEFINE_MUTEX(of_a_thread);

	(void)irq;
	(void)dev_id;
	toy_intx(regs, false);
	mutex_trylock(&of_a_thread);
	return IRQ_HANDLED;
}

GUEST_CASE(mutex_in_a_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, mutex_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	return 0;
}

static irqreturn_t freeing_handler(int irq, void *dev_id)
{
	toy_intx(regs, false);
	free_irq((unsigned int)irq, dev_id);
	return IRQ_HANDLED;
}

GUEST_CASE(free_irq_in_a_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, freeing_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	return 0;
}

static irqreturn_t requesting_handler(int irq, void *dev_id)
{
	(void)irq;
	toy_intx(regs, false);
	return request_irq(16, handle, 0, "x", dev_id) ? IRQ_NONE :
							  IRQ_HANDLED;
}

GUEST_CASE(request_irq_in_a_handler)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, requesting_handler, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	return 0;
}

GUEST_CASE(handler_that_keeps_a_lock)
{
	struct pci_dev *pdev;

	CHECK(!start(&pdev));
	CHECK(!request_irq(19, lock_keeper, 0, "toy", &hits[0]));
	toy_intx(regs, true);
	return 0;
}

GUEST_CASE(free_irq_twice)
{
	CHECK(!request_irq(16, handle, 0, "toy", &hits[0]));
	free_irq(16, &hits[0]);
	free_irq(16, &hits[0]);
	return 0;
}

GUEST_CASE(refused_request)
{
	CHECK(request_irq(16, handle, 0, "toy", &hits[0]) == -EBUSY);
	CHECK(!request_irq(16, handle, 0, "toy", &hits[0]));
	free_irq(16, &hits[0]);
	return 0;
}

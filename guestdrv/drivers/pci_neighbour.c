/* SPDX-License-Identifier: MIT */
/*
 * Driver of pci-neighbour, a function that does nothing but interrupt.  It shares
 * its line as a PCI driver has to (PCI 3.0 2.2.6): it looks at its own device, and
 * where that shows nothing the interrupt was not meant for it.
 *
 *   BAR 0   00 CONTROL   04 CAUSE   08 RAISE
 */
#include "guestdrv/drivers/pci_neighbour.h"

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <ringside/note.h>

#define NEIGHBOUR_VENDOR 0x1234
#define NEIGHBOUR_DEVICE 0x0e1b

#define NEIGHBOUR_BAR 0
#define NEIGHBOUR_CONTROL 0x00
#define NEIGHBOUR_CONTROL_ON 1u
#define NEIGHBOUR_CAUSE 0x04
#define NEIGHBOUR_CAUSE_PENDING 1u
#define NEIGHBOUR_RAISE 0x08

struct neighbour {
	struct pci_dev *pdev;
	u8 __iomem *regs;
	struct completion came; /* counts the interrupts */
};

static irqreturn_t neighbour_interrupt(int irq, void *dev_id)
{
	struct neighbour *n = dev_id;

	(void)irq;
	if (!(ioread32(n->regs + NEIGHBOUR_CAUSE) & NEIGHBOUR_CAUSE_PENDING))
		return IRQ_NONE;
	/* Read back: the write shall have lowered the line when we return. */
	iowrite32(NEIGHBOUR_CAUSE_PENDING, n->regs + NEIGHBOUR_CAUSE);
	ioread32(n->regs + NEIGHBOUR_CAUSE);
	complete(&n->came);
	return IRQ_HANDLED;
}

static int neighbour_start(struct neighbour *n)
{
	struct pci_dev *pdev = n->pdev;
	int err;

	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	if (err < 0)
		return err;
	err = request_irq((unsigned int)pci_irq_vector(pdev, 0),
			  neighbour_interrupt, IRQF_SHARED, "pci-neighbour", n);
	if (err) {
		pci_free_irq_vectors(pdev);
		return err;
	}
	iowrite32(NEIGHBOUR_CONTROL_ON, n->regs + NEIGHBOUR_CONTROL);
	return 0;
}

/* Interrupt Disable too: the line of one that does not let go is another's. */
static void neighbour_stop(struct neighbour *n)
{
	struct pci_dev *pdev = n->pdev;

	iowrite32(0, n->regs + NEIGHBOUR_CONTROL);
	ioread32(n->regs + NEIGHBOUR_CONTROL);
	pci_intx(pdev, 0);
	free_irq((unsigned int)pci_irq_vector(pdev, 0), n);
	pci_free_irq_vectors(pdev);
}

static int neighbour_map(struct neighbour *n)
{
	int err = pci_request_region(n->pdev, NEIGHBOUR_BAR, "pci-neighbour");

	if (err)
		return err;
	n->regs = pci_iomap(n->pdev, NEIGHBOUR_BAR, 0);
	if (n->regs)
		return 0;
	pci_release_region(n->pdev, NEIGHBOUR_BAR);
	return -ENOMEM;
}

static void neighbour_unmap(struct neighbour *n)
{
	pci_iounmap(n->pdev, n->regs);
	pci_release_region(n->pdev, NEIGHBOUR_BAR);
}

static int neighbour_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct neighbour *n = kzalloc(sizeof(*n), GFP_KERNEL);
	int err;

	(void)id;
	if (!n)
		return -ENOMEM;
	n->pdev = pdev;
	init_completion(&n->came);
	err = pci_enable_device(pdev);
	if (err)
		goto free;
	err = neighbour_map(n);
	if (err)
		goto disable;
	err = neighbour_start(n);
	if (err)
		goto unmap;
	pci_set_drvdata(pdev, n);
	return 0;
unmap:
	neighbour_unmap(n);
disable:
	pci_disable_device(pdev);
free:
	kfree(n);
	return err;
}

static void neighbour_remove(struct pci_dev *pdev)
{
	struct neighbour *n = pci_get_drvdata(pdev);

	pci_set_drvdata(pdev, NULL);
	neighbour_stop(n);
	neighbour_unmap(n);
	pci_disable_device(pdev);
	kfree(n);
}

static const struct pci_device_id neighbour_ids[] = {
	{ PCI_DEVICE(NEIGHBOUR_VENDOR, NEIGHBOUR_DEVICE) },
	{ 0 }
};

static struct pci_driver neighbour_driver = {
	.name = "pci-neighbour",
	.id_table = neighbour_ids,
	.probe = neighbour_probe,
	.remove = neighbour_remove,
};

module_pci_driver(neighbour_driver);

/* ---- actions ---- */

enum { DEVICE, TIMES, TIMEOUT };

const struct guest_param neighbour_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the neighbour" },
	{ "times", GUEST_PARAM_INT, false, 1, "how many interrupts" },
	{ "timeout", GUEST_PARAM_TIME, false, NSEC_PER_SEC,
	  "how long each is waited for" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* NULL: no such device, or it is not this driver's. */
static struct neighbour *neighbour_of(u32 bdf)
{
	struct device *dev = guest_device_find(bdf);

	if (!dev || dev->driver != &neighbour_driver.driver)
		return NULL;
	return pci_get_drvdata(to_pci_dev(dev));
}

/* Each is told as a request that has ended. */
static int neighbour_times(const struct guest_value *v, bool raise)
{
	struct neighbour *n = neighbour_of((u32)v[DEVICE].i);
	unsigned long ticks = nsecs_to_jiffies(v[TIMEOUT].i);
	int err = 0;
	s64 i;

	if (!n)
		return -ENODEV;
	for (i = 0; i < v[TIMES].i && !err; i++) {
		if (raise)
			iowrite32(1, n->regs + NEIGHBOUR_RAISE);
		if (!wait_for_completion_timeout(&n->came, ticks))
			err = -ETIMEDOUT;
		guest_note_request(&n->pdev->dev, err);
	}
	return err;
}

static int neighbour_raise(const struct guest_value *values)
{
	return neighbour_times(values, true);
}

static int neighbour_wait(const struct guest_value *values)
{
	return neighbour_times(values, false);
}

int neighbour_action_raise(const struct guest_value *values)
{
	return guest_action_run(neighbour_raise, neighbour_params, values);
}

int neighbour_action_wait(const struct guest_value *values)
{
	return guest_action_run(neighbour_wait, neighbour_params, values);
}

MODULE_LICENSE("MIT");

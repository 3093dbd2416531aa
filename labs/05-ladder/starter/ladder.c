/* SPDX-License-Identifier: MIT */
/*
 * Lab 05: the ladder.  This driver works, if its pin leads somewhere and nobody
 * else is on that line.  MSI-X is not tried at all.
 *
 * The balloon itself is there (lab/balloon.h): what is yours is how its three
 * events, configuration, inflate queue and deflate queue, reach it.
 */
#include <lab/balloon.h>

#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/slab.h>

struct ladder {
	struct balloon balloon;
	int irq; /* 0: no handler is requested */
};

/* Task `line`: whose interrupt is it? */
static irqreturn_t line_interrupt(int irq, void *data)
{
	struct ladder *l = data;
	unsigned int i;

	(void)irq;
	ioread8(lab_structure(&l->balloon.v, LAB_ISR));
	balloon_config_event(&l->balloon);
	for (i = 0; i < BALLOON_QUEUES; i++)
		balloon_queue_event(&l->balloon, i);
	return IRQ_HANDLED;
}

/*
 * Tasks `per-queue`, `read-back` and `shared`: the rungs above this one.
 * pci_alloc_irq_vectors() and pci_irq_vector() are declared in linux/pci.h, the
 * registers COMMON_CONFIG_MSIX_VECTOR and COMMON_QUEUE_MSIX_VECTOR in
 * lab/virtio.h.
 */
static int climb(struct ladder *l)
{
	int irq = (int)l->balloon.v.pdev->irq;
	int err = request_irq((unsigned int)irq, line_interrupt, 0, "ladder", l);

	if (!err)
		l->irq = irq;
	return err;
}

/* Task `teardown`: all that a rung may have taken. */
static void climb_down(struct ladder *l)
{
	if (l->irq)
		free_irq((unsigned int)l->irq, l);
	l->irq = 0;
}

static int ladder_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ladder *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int err;

	(void)id;
	if (!l)
		return -ENOMEM;
	err = balloon_open(&l->balloon, pdev);
	if (err)
		goto free;
	err = climb(l);
	if (err)
		goto close;
	pci_set_drvdata(pdev, l);
	balloon_start(&l->balloon);
	return 0;
close:
	balloon_close(&l->balloon);
free:
	kfree(l);
	return err;
}

static void ladder_remove(struct pci_dev *pdev)
{
	struct ladder *l = pci_get_drvdata(pdev);

	balloon_stop(&l->balloon);
	climb_down(l);
	balloon_close(&l->balloon);
	kfree(l);
}

static const struct pci_device_id ladder_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1045) }, /* virtio 1.2, 5.5: the balloon */
	{ 0 }
};

static struct pci_driver ladder_driver = {
	.name = "ladder",
	.id_table = ladder_ids,
	.probe = ladder_probe,
	.remove = ladder_remove,
};

module_pci_driver(ladder_driver);
MODULE_LICENSE("MIT");

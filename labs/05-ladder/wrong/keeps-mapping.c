/* SPDX-License-Identifier: MIT */
/*
 * Wrong: handlers and vectors are given back, and the device is left with the
 * vectors mapped.
 * Loses: read-back, teardown
 * Says: MSI-X is turned off while vector 1 is mapped to queue 0
 */
#include <lab/balloon.h>

#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/slab.h>

enum rung { PER_QUEUE, SHARED, LINE, RUNGS };

/* Vectors: 0 is for the configuration, the queues' follow. */
#define CONFIG_VECTOR 0
#define VECTORS_MAX (1 + BALLOON_QUEUES)

struct ladder;

/* A handler that was requested, and what it needs to know. */
struct handler {
	struct ladder *ladder;
	unsigned int queue;
	int irq; /* 0: not requested */
};

struct ladder {
	struct balloon balloon;
	struct handler handlers[VECTORS_MAX];
	unsigned int vectors; /* of MSI-X; 0: none */
};

/* ---- what the device has to say ---- */

static irqreturn_t config_interrupt(int irq, void *data)
{
	struct handler *h = data;

	(void)irq;
	balloon_config_event(&h->ladder->balloon);
	return IRQ_HANDLED;
}

static irqreturn_t queue_interrupt(int irq, void *data)
{
	struct handler *h = data;

	(void)irq;
	balloon_queue_event(&h->ladder->balloon, h->queue);
	return IRQ_HANDLED;
}

static irqreturn_t queues_interrupt(int irq, void *data)
{
	struct handler *h = data;
	unsigned int i;

	(void)irq;
	for (i = 0; i < BALLOON_QUEUES; i++)
		balloon_queue_event(&h->ladder->balloon, i);
	return IRQ_HANDLED;
}

/* 4.1.4.5: the read clears ISR status and lowers the pin.  0: it was somebody
 * else on the same line. */
static irqreturn_t line_interrupt(int irq, void *data)
{
	struct handler *h = data;
	struct balloon *b = &h->ladder->balloon;
	u8 isr = ioread8(lab_structure(&b->v, LAB_ISR));

	if (isr & ISR_CONFIG)
		config_interrupt(irq, data);
	if (isr & ISR_QUEUE)
		queues_interrupt(irq, data);
	return isr ? IRQ_HANDLED : IRQ_NONE;
}

/* ---- what is taken ---- */

static int take_handler(struct ladder *l, unsigned int vector,
			irq_handler_t function, unsigned long flags)
{
	struct handler *h = &l->handlers[vector];
	int irq = pci_irq_vector(l->balloon.v.pdev, vector);
	int err;

	*h = (struct handler){ .ladder = l };
	if (vector > CONFIG_VECTOR)
		h->queue = vector - 1;
	err = request_irq((unsigned int)irq, function, flags, "ladder", h);
	if (!err)
		h->irq = irq;
	return err;
}

/* 4.1.5.1.2.2: what reads back is what the device has agreed to. */
static int map_config(struct ladder *l, u16 vector)
{
	u8 __iomem *reg = lab_common(&l->balloon.v) + COMMON_CONFIG_MSIX_VECTOR;

	iowrite16(vector, reg);
	return ioread16(reg) == vector ? 0 : -EBUSY;
}

static int map_queue(struct ladder *l, unsigned int queue, u16 vector)
{
	u8 __iomem *common = lab_common(&l->balloon.v);

	iowrite16((u16)queue, common + COMMON_QUEUE_SELECT);
	iowrite16(vector, common + COMMON_QUEUE_MSIX_VECTOR);
	return ioread16(common + COMMON_QUEUE_MSIX_VECTOR) == vector ? 0 :
								       -EBUSY;
}

static int take_vectors(struct ladder *l, unsigned int n)
{
	int got = pci_alloc_irq_vectors(l->balloon.v.pdev, n, n, PCI_IRQ_MSIX);

	if (got < 0)
		return got;
	l->vectors = n;
	return 0;
}

static int climb_msix(struct ladder *l, enum rung rung)
{
	bool each = rung == PER_QUEUE;
	unsigned int i, n = each ? 1 + BALLOON_QUEUES : 2;
	int err = take_vectors(l, n);

	/* Handlers before vectors: no message finds nobody. */
	if (!err)
		err = take_handler(l, CONFIG_VECTOR, config_interrupt, 0);
	for (i = 1; !err && i < n; i++)
		err = take_handler(l, i, each ? queue_interrupt :
						queues_interrupt, 0);
	if (!err)
		err = map_config(l, CONFIG_VECTOR);
	for (i = 0; !err && i < BALLOON_QUEUES; i++)
		err = map_queue(l, i, each ? (u16)(1 + i) : 1);
	return err;
}

/* irq 0: the pin leads nowhere. */
static int climb_line(struct ladder *l)
{
	if (!l->balloon.v.pdev->irq)
		return -ENODEV;
	return take_handler(l, CONFIG_VECTOR, line_interrupt, IRQF_SHARED);
}

/* ---- and given back, the last first ---- */

static void climb_down(struct ladder *l)
{
	unsigned int i;

	for (i = VECTORS_MAX; i-- > 0;) {
		if (l->handlers[i].irq)
			free_irq((unsigned int)l->handlers[i].irq,
				 &l->handlers[i]);
		l->handlers[i].irq = 0;
	}
	if (l->vectors)
		pci_free_irq_vectors(l->balloon.v.pdev);
	l->vectors = 0;
}

static int climb(struct ladder *l)
{
	unsigned int rung;
	int err = -EINVAL;

	for (rung = PER_QUEUE; rung < RUNGS; rung++) {
		err = rung == LINE ? climb_line(l) :
				     climb_msix(l, (enum rung)rung);
		if (!err)
			break;
		climb_down(l);
	}
	return err;
}

/* ---- the driver ---- */

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

/* SPDX-License-Identifier: MIT */
/*
 * Wrong: only the queue gets a vector; the device cannot say that its configuration changed
 * Loses: msix, read-back, config
 * Says: disk0 vectors: expected 2, got 1
 * Says: order: 'disk0/config-vector value=0' did not occur
 */
#include <lab.h>
#include <lab/disk.h>

#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

/* Entries of the MSI-X table: what the device is told to use for what. */
enum { CONFIG_VECTOR, QUEUE_VECTOR, VECTORS };

struct drive {
	struct lab_disk disk;
	bool msix;               /* else the line */
};

/* ---- tasks line, shared and config: the line ---- */

/* Reading ISR status clears it and lowers the line, so it is read once.  0: it is
 * another device on the same line that has called. */
static irqreturn_t line_interrupt(int irq, void *data)
{
	struct drive *drive = data;
	u8 isr = ioread8(lab_structure(&drive->disk.v, LAB_ISR));

	(void)irq;
	if (isr & ISR_QUEUE)
		lab_disk_queue_event(&drive->disk);
	if (isr & ISR_CONFIG)
		lab_disk_config_event(&drive->disk);
	return isr ? IRQ_HANDLED : IRQ_NONE;
}

static int use_line(struct drive *drive)
{
	struct pci_dev *pdev = drive->disk.v.pdev;
	int err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);

	if (err < 0)
		return err;
	err = request_irq((unsigned int)pci_irq_vector(pdev, 0),
			  line_interrupt, IRQF_SHARED, "drive", drive);
	if (err)
		pci_free_irq_vectors(pdev);
	return err;
}

/* ---- tasks msix, read-back, fallback and config: messages ---- */

/* A message says by its number what it is about; ISR status says nothing of it. */
static irqreturn_t config_interrupt(int irq, void *data)
{
	struct drive *drive = data;

	(void)irq;
	lab_disk_config_event(&drive->disk);
	return IRQ_HANDLED;
}

static irqreturn_t queue_interrupt(int irq, void *data)
{
	struct drive *drive = data;

	(void)irq;
	lab_disk_queue_event(&drive->disk);
	return IRQ_HANDLED;
}

/* A device may refuse a vector: then the register reads NO_VECTOR. */
static int write_vector(u8 __iomem *reg, u16 vector)
{
	iowrite16(vector, reg);
	return ioread16(reg) == vector ? 0 : -EBUSY;
}

static int map_vectors(struct drive *drive, u16 config, u16 queue)
{
	u8 __iomem *common = lab_common(&drive->disk.v);

	(void)config;
	iowrite16(0, common + COMMON_QUEUE_SELECT);
	return write_vector(common + COMMON_QUEUE_MSIX_VECTOR, queue);
}

/* Handlers before vectors: from then on the device may send. */
static int use_msix(struct drive *drive)
{
	struct pci_dev *pdev = drive->disk.v.pdev;
	int err = pci_alloc_irq_vectors(pdev, VECTORS, VECTORS, PCI_IRQ_MSIX);

	if (err < 0)
		return err;
	err = request_irq((unsigned int)pci_irq_vector(pdev, CONFIG_VECTOR),
			  config_interrupt, 0, "drive-config", drive);
	if (err)
		goto free_vectors;
	err = request_irq((unsigned int)pci_irq_vector(pdev, QUEUE_VECTOR),
			  queue_interrupt, 0, "drive-queue", drive);
	if (err)
		goto free_config;
	err = map_vectors(drive, CONFIG_VECTOR, QUEUE_VECTOR);
	if (err)
		goto free_queue;
	drive->msix = true;
	return 0;
free_queue:
	map_vectors(drive, VIRTIO_MSI_NO_VECTOR, VIRTIO_MSI_NO_VECTOR);
	free_irq((unsigned int)pci_irq_vector(pdev, QUEUE_VECTOR), drive);
free_config:
	free_irq((unsigned int)pci_irq_vector(pdev, CONFIG_VECTOR), drive);
free_vectors:
	pci_free_irq_vectors(pdev);
	return err;
}

/* The device has been reset: handlers first, then what they stand on. */
static void give_back(struct drive *drive)
{
	struct pci_dev *pdev = drive->disk.v.pdev;

	if (drive->msix)
		free_irq((unsigned int)pci_irq_vector(pdev, QUEUE_VECTOR),
			 drive);
	free_irq((unsigned int)pci_irq_vector(pdev, 0), drive);
	pci_free_irq_vectors(pdev);
}

/* ---- the driver ---- */

static int drive_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct drive *drive = kzalloc(sizeof(*drive), GFP_KERNEL);
	int err;

	(void)id;
	if (!drive)
		return -ENOMEM;
	err = lab_disk_open(&drive->disk, pdev);
	if (err)
		goto free;
	/* For the queue's DMA, and for messages, which are DMA too. */
	pci_set_master(pdev);
	err = use_msix(drive);
	if (err)
		err = use_line(drive);
	if (err)
		goto close;
	pci_set_drvdata(pdev, drive);
	lab_disk_start(&drive->disk);
	return 0;
close:
	lab_disk_close(&drive->disk);
free:
	kfree(drive);
	return err;
}

static void drive_remove(struct pci_dev *pdev)
{
	struct drive *drive = pci_get_drvdata(pdev);

	lab_disk_stop(&drive->disk);
	give_back(drive);
	lab_disk_close(&drive->disk);
	kfree(drive);
}

static int drive_read(struct pci_dev *pdev, u64 sector, void *buf,
		      unsigned int sectors)
{
	struct drive *drive = pci_get_drvdata(pdev);

	return lab_disk_read(&drive->disk, sector, buf, sectors);
}

static const struct pci_device_id drive_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1042) }, /* virtio 1.2, 5.2: a block device */
	{ 0 }
};

static struct pci_driver drive_driver = {
	.name = "drive",
	.id_table = drive_ids,
	.probe = drive_probe,
	.remove = drive_remove,
};
module_pci_driver(drive_driver);

static const struct lab_ops ops = { .read = drive_read };
LAB_OPS(ops);

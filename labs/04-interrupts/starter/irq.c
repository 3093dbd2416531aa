/* SPDX-License-Identifier: MIT */
/*
 * Lab 4: the interrupts of a virtio disk, by MSI-X or by the line.
 * The disk itself is given (lab/disk.h): it reads, and sleeps until one of your
 * interrupt handlers says that something has happened.  The functions that do
 * nothing yet are yours; the sheet says what each of them is to do.
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

/* ---- tasks line and shared ---- */

/* 0: the line's interrupt comes, and a handler of yours takes it. */
static int use_line(struct drive *drive)
{
	(void)drive;
	return -ENOSYS;
}

/* ---- tasks msix, read-back and fallback ---- */

/* 0: two vectors, two handlers, and the device knows.  Else nothing is taken. */
static int use_msix(struct drive *drive)
{
	(void)drive;
	return -ENOSYS;
}

/* ---- task again ---- */

/* What use_msix() or use_line() has taken.  The device has been reset. */
static void give_back(struct drive *drive)
{
	(void)drive;
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

/* SPDX-License-Identifier: MIT */
/*
 * What lab 04 gives: a driver of a disk (virtio 1.2, 5.2) that has everything but
 * interrupts.  It has one queue, 0, and one request under way; who reads sleeps
 * until an interrupt handler of yours says that something has happened.
 */
#ifndef LAB_DISK_H
#define LAB_DISK_H

#include <lab/virtio.h>

#include <linux/completion.h>

struct lab_disk {
	struct lab_virtio v;     /* v.pdev, lab_common(&v), lab_structure(&v, ...) */
	/* The rest is its own. */
	struct lab_queue queue;
	struct lab_disk_memory *memory; /* what the device reaches */
	dma_addr_t at;
	struct completion done;
	bool broken;             /* a request never ended: no more are sent */
};

/* Everything until FEATURES_OK, and where the queue is, but not yet enabled:
 * 0 or -errno, and then nothing is left to be undone. */
int lab_disk_open(struct lab_disk *d, struct pci_dev *pdev);
/* Enables the queue and sets DRIVER_OK: interrupts come from here on. */
void lab_disk_start(struct lab_disk *d);
/* Resets the device: none come any more. */
void lab_disk_stop(struct lab_disk *d);
/* Gives back what lab_disk_open took. */
void lab_disk_close(struct lab_disk *d);

/* For interrupt handlers.  May be called when nothing has happened. */
void lab_disk_queue_event(struct lab_disk *d);
void lab_disk_config_event(struct lab_disk *d);

/* For struct lab_ops.  -EIO: the device says that the request, or all that it
 * does, has failed; -ETIMEDOUT: no event for 10 ms. */
int lab_disk_read(struct lab_disk *d, u64 sector, void *buf,
		  unsigned int sectors);

#endif

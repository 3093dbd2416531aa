/* SPDX-License-Identifier: MIT */
/*
 * What lab 05 gives: a driver of the memory balloon (virtio 1.2, 5.5) that has
 * everything but interrupts.  It has two queues, 0 to inflate and 1 to deflate,
 * and the operator moves its target in the configuration: three events, which
 * reach the driver over whatever rung of the ladder it stands on.
 */
#ifndef LAB_BALLOON_H
#define LAB_BALLOON_H

#include <lab/virtio.h>

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#define BALLOON_QUEUES 2

struct balloon {
	struct lab_virtio v;
	/* The rest is its own. */
	struct lab_queue queues[BALLOON_QUEUES];
	struct balloon_memory *memory; /* what the device reaches */
	dma_addr_t at;
	struct completion used[BALLOON_QUEUES];
	struct work_struct resize;
	struct list_head pages;        /* that are in the balloon */
	u32 count;                     /* of them */
	bool running;
	bool silent;                   /* the device did not answer */
};

/* Everything until FEATURES_OK, and where the queues are: 0 or -errno. */
int balloon_open(struct balloon *b, struct pci_dev *pdev);
/* Enables the queues and sets DRIVER_OK: interrupts come from here on. */
void balloon_start(struct balloon *b);
/* Empties the balloon and resets the device: none come any more. */
void balloon_stop(struct balloon *b);
/* Gives back what balloon_open took; to a device that was not stopped it says
 * FAILED first. */
void balloon_close(struct balloon *b);

/* For interrupt handlers.  May be called when nothing has happened. */
void balloon_queue_event(struct balloon *b, unsigned int queue);
void balloon_config_event(struct balloon *b);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What labs 03 and 04 give of a PCI driver, for them to be about queues and
 * interrupts alone: the device enabled, its structures found, their BAR claimed
 * and mapped; and all of that undone.
 */
#ifndef LAB_OPEN_H
#define LAB_OPEN_H

#include <lab/virtio.h>

/* 0 or -errno, and then nothing is left to be undone. */
int lab_virtio_open(struct lab_virtio *v, struct pci_dev *pdev);
void lab_virtio_close(struct lab_virtio *v);

#endif

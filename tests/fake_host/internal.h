/* SPDX-License-Identifier: MIT */
/*
 * Between fake_host.c (records, RAM, accesses) and fake_lanes.c (lanes, epochs,
 * DMA, injection).
 */
#ifndef RINGSIDE_TESTS_FAKE_HOST_INTERNAL_H
#define RINGSIDE_TESTS_FAKE_HOST_INTERNAL_H

#include "tests/fake_host/fake_host.h"

void fake_violation(struct fake_host *h, const char *what);
void fake_post(struct fake_host *h, const struct fake_post *post);
/* The function asks its host for something; a lane that has been told
 * DMA_CANCELED must not. */
void fake_check_call(struct fake_host *h);

enum dma_result fake_dma_read(struct pci_host *host, uint64_t addr, void *buf,
			      uint32_t len);
enum dma_result fake_dma_write(struct pci_host *host, uint64_t addr,
			       const void *buf, uint32_t len);
enum dma_result fake_lane_wait(struct pci_host *host, uint64_t ps);
void fake_lane_schedule(struct pci_host *host, uint32_t lane, uint64_t delay);
void fake_cancel(struct pci_host *host, uint64_t lanes);

#endif

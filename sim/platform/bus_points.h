/* SPDX-License-Identifier: MIT */
/*
 * The fault points of the machine itself: between CPU, bus and function.  A table
 * without SystemC: the machine asks at these points, scenarios name them.
 * docs/faults.md tells what hardware does such things.
 */
#ifndef RINGSIDE_SIM_PLATFORM_BUS_POINTS_H
#define RINGSIDE_SIM_PLATFORM_BUS_POINTS_H

#include "sim/fault/fault.h"

#ifdef __cplusplus
extern "C" {
#endif

/* By the rows of machine_fault_points. */
enum bus_point {
	BUS_CONFIG_READ,
	BUS_CONFIG_WRITE,
	BUS_MMIO_READ,
	BUS_MMIO_WRITE,
	BUS_DMA_READ,
	BUS_DMA_WRITE,
	BUS_MSI,
	BUS_DEVICE,
	BUS_POINTS
};

/* Effects, by their numbers in the rows' lists. */
enum read_effect {
	READ_ALL_ONES = 1, /* master abort: nobody answers */
	READ_TIMEOUT,      /* the same, after the completion timeout */
	READ_ZERO,
	READ_FLIP,         /* one bit: the n-th call's is bit n - 1 */
	READ_STALE,        /* what this address gave before */
	READ_SLOW
};
enum dma_read_effect { DMA_READ_ABORTED = 1, DMA_READ_POISONED, DMA_READ_FLIP };
enum dma_write_effect { DMA_WRITE_ABORTED = 1, DMA_WRITE_POISONED,
			DMA_WRITE_LOST };
enum msi_effect { MSI_LOST = 1, MSI_DUPLICATED, MSI_DELAYED, MSI_WRONG_VECTOR };
enum device_effect { DEVICE_GONE = 1, DEVICE_STUCK };

/* What the rows tell of times that a rule does not give. */
#define BUS_SLOW_PS 10000000u        /* 10 us: a slow read */
#define BUS_DELAYED_PS 100000000u    /* 100 us: a message that comes late */
#define BUS_DUPLICATED_PS 1000000u   /* 1 us: one that comes twice */

/* Ends with a NULL name. */
extern const struct fault_point machine_fault_points[BUS_POINTS + 1];

#ifdef __cplusplus
}
#endif
#endif

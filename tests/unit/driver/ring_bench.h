/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue without a machine: the few kernel services that virtio_ring*.c
 * need, on an arena, and the device's view of the ring by bus address.  Guest
 * code, as the ring is.
 */
#ifndef RINGSIDE_TESTS_UNIT_DRIVER_RING_BENCH_H
#define RINGSIDE_TESTS_UNIT_DRIVER_RING_BENCH_H

#include "guestdrv/virtio/virtio_ring.h"

/* Where the arena begins on the bus. */
#define RING_BENCH_BASE 0x10000000ull

struct ring_bench {
	struct virtio_device vdev;
	struct device parent;
	struct virtqueue *vq;
	int err;
	unsigned int called, kicked;
};

/* Counted by the services. */
extern unsigned int ring_bench_allocs, ring_bench_maps, ring_bench_logs;
/* The nth mapping from now on fails; 0: none. */
extern unsigned int ring_bench_fail_map;

/* One bench at a time.  `max_sgs` as virtqueue_info; listen: with a callback. */
void ring_bench_open(struct ring_bench *b, u64 features, unsigned int num,
		     unsigned int max_sgs, bool listen);
/* Everything is given back; the number of things that are not. */
unsigned int ring_bench_close(struct ring_bench *b);
/* A buffer of `len` bytes in the arena. */
void *ring_bench_buffer(unsigned int len);
u64 ring_bench_bus(const void *p);

/* The device's side. */
u16 ring_bench_get16(u64 addr);
u32 ring_bench_get32(u64 addr);
u64 ring_bench_get64(u64 addr);
void ring_bench_put16(u64 addr, u16 value);
void ring_bench_put32(u64 addr, u32 value);

#endif

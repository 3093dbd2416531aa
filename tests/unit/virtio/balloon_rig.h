/* SPDX-License-Identifier: MIT */
/*
 * What the balloon's unit tests share: a device with a driver on it, requests of
 * page frame numbers, the operator's actions, readings.  Numbers are virtio 1.2
 * 5.5's, written out.
 */
#ifndef RINGSIDE_TESTS_UNIT_VIRTIO_BALLOON_RIG_H
#define RINGSIDE_TESTS_UNIT_VIRTIO_BALLOON_RIG_H

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

/* Feature bits, 5.5.3. */
#define F_STATS (1ull << 1)
#define F_HINT (1ull << 3)
#define F_POISON (1ull << 4)
#define F_REPORTING (1ull << 5)
#define F_ALL 0x3full

/* A balloon that offers all features; `discard` as the property. */
struct drv *bal_new(bool discard);
/* The same with a driver that has negotiated `features` and MSI-X. */
struct drv *bal_start(bool discard, uint64_t features);
/* A page of the driver's RAM, as a page frame number. */
uint32_t bal_page(struct drv *d);
/* Puts a buffer of `len` bytes at `addr` into queue q, kicks, runs. */
void bal_send(struct drv *d, uint16_t q, uint64_t addr, uint32_t len,
	      uint16_t flags);
/* The same with n page frame numbers. */
void bal_pfns(struct drv *d, uint16_t q, const uint32_t *pfns, uint32_t n);
/* One used element came back, with this length. */
void bal_expect_used(struct drv *d, uint16_t q, uint32_t len);
/* Starts an action of the operator's and lets the lanes run. */
int bal_act(struct drv *d, const char *action, int64_t value);
/* A reading; UINT64_MAX: there is no value. */
uint64_t bal_read(struct drv *d, const char *group, const char *field);
unsigned int bal_errors(struct drv *d);
void bal_put32(struct drv *d, uint64_t addr, uint32_t value);

#endif

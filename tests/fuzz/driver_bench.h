/* SPDX-License-Identifier: MIT */
/*
 * A driver of the reference guest against a hostile device, on the small machine:
 * what the targets for drivers share.  An input is a few bytes that choose the
 * machine, then a plan (sim/hostile/plan.h).  Each input starts from a snapshot
 * taken before the guest has booted.
 */
#ifndef RINGSIDE_TESTS_FUZZ_DRIVER_BENCH_H
#define RINGSIDE_TESTS_FUZZ_DRIVER_BENCH_H

#include "models/pci/device_model.h"
#include "sim/flat/flat.h"
#include "sim/hostile/hostile.h"

#define BENCH_BDF 0x8u         /* 00:01.0 */
#define BENCH_HEADER 4u        /* bytes before the plan */

struct bench_step {
	bool of_device;        /* an action of the model, not of the guest */
	uint32_t pass_ms;      /* or only time that passes */
	const char *name;
	const char *args;      /* as flat_action; of the device: pages */
	uint32_t pages;
};

/* A kind of device and what is done with it. */
struct bench_driver {
	const char *model;
	uint64_t ram_size;     /* bytes */
	/* Sets properties and features by the header's bytes. */
	void (*configure)(const uint8_t header[BENCH_HEADER],
			  struct device_config *cfg,
			  struct device_value *values);
	const struct bench_step *steps; /* ends with a NULL name */
	const struct bench_step *again; /* after a second bind, honest */
};

/* One input, from boot to the end; anything found goes to fuzz_found. */
void bench_run(const struct bench_driver *d, const uint8_t *data, size_t size);
/* fuzz_fresh for such a target. */
size_t bench_fresh(const struct bench_driver *d, uint64_t seed, uint64_t run,
		   uint8_t *data);
/* The value of a property, by its name. */
struct device_value *bench_value(const struct device_model *model,
				 struct device_value *values,
				 const char *name);
const struct device_model *bench_model(const char *name);
/* The features with `base: default`. */
uint64_t bench_features(const struct device_model *model);

#endif

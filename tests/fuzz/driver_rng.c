/* SPDX-License-Identifier: MIT */
/*
 * The entropy driver against a hostile virtio-rng (virtio 1.2, 5.4).
 */
#include "tests/fuzz/driver_bench.h"
#include "tests/fuzz/target.h"

static void configure(const uint8_t header[BENCH_HEADER],
		      struct device_config *cfg, struct device_value *values)
{
	static const int16_t tables[] = { -1, 0, 1, 2 };

	(void)values;
	cfg->msix_entries = tables[header[0] & 3];
}

static const struct bench_step steps[] = {
	{ .name = "rng.read", .args = "device=00:01.0,bytes=100" },
	{ .name = "rng.read", .args = "device=00:01.0,bytes=1" },
	{ .name = "rng.read", .args = "device=00:01.0,bytes=300" },
	{ .name = NULL },
};

static const struct bench_step again[] = {
	{ .name = "rng.read", .args = "device=00:01.0,bytes=16" },
	{ .name = NULL },
};

static const struct bench_driver driver = {
	.model = "virtio-rng", .ram_size = 4u << 20,
	.configure = configure, .steps = steps,
	.again = again,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bench_run(&driver, data, size);
	return 0;
}

size_t fuzz_fresh(uint64_t seed, uint64_t run, uint8_t *data)
{
	return bench_fresh(&driver, seed, run, data);
}

/* SPDX-License-Identifier: MIT */
/*
 * The balloon driver against a hostile virtio-balloon (virtio 1.2, 5.5), with
 * all of its queues.
 */
#include "tests/fuzz/driver_bench.h"
#include "tests/fuzz/target.h"

/* virtio 1.2, 5.5.3. */
#define F_MUST_TELL_HOST 0x01u
#define F_STATS_VQ 0x02u
#define F_DEFLATE_ON_OOM 0x04u
#define F_FREE_PAGE_HINT 0x08u
#define F_REPORTING 0x20u

static void configure(const uint8_t header[BENCH_HEADER],
		      struct device_config *cfg, struct device_value *values)
{
	static const int16_t tables[] = { -1, 0, 1, 3 };

	(void)values;
	cfg->msix_entries = tables[header[0] & 3];
	cfg->features |= F_MUST_TELL_HOST | F_STATS_VQ | F_DEFLATE_ON_OOM |
			 F_FREE_PAGE_HINT | F_REPORTING;
	cfg->features &= ~(uint64_t)(header[1] & 0x3f);
}

static const struct bench_step steps[] = {
	{ .of_device = true, .name = "balloon.target", .pages = 40 },
	{ .of_device = true, .name = "balloon.stats" },
	{ .of_device = true, .name = "balloon.free-page-hint" },
	{ .of_device = true, .name = "balloon.target", .pages = 8 },
	{ .of_device = true, .name = "balloon.stats" },
	{ .of_device = true, .name = "balloon.free-page-done" },
	/* Long enough for reports of free blocks. */
	{ .pass_ms = 2500, .name = "time" },
	{ .of_device = true, .name = "balloon.target", .pages = 300 },
	{ .of_device = true, .name = "balloon.free-page-hint" },
	{ .of_device = true, .name = "balloon.free-page-stop" },
	{ .name = NULL },
};

static const struct bench_step again[] = {
	{ .of_device = true, .name = "balloon.target", .pages = 5 },
	{ .name = NULL },
};

static const struct bench_driver driver = {
	.model = "virtio-balloon", .ram_size = 8u << 20,
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

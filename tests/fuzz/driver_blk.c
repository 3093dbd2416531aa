/* SPDX-License-Identifier: MIT */
/*
 * The block driver against a hostile virtio-blk (virtio 1.2, 5.2).
 */
#include "tests/fuzz/driver_bench.h"
#include "tests/fuzz/target.h"

#define SECTORS 64u

/* virtio 1.2, 5.2.3 and 6: bits that the header turns. */
#define F_MQ (UINT64_C(1) << 12)
#define F_INDIRECT_DESC (UINT64_C(1) << 28)
#define F_EVENT_IDX (UINT64_C(1) << 29)

static void configure(const uint8_t header[BENCH_HEADER],
		      struct device_config *cfg, struct device_value *values)
{
	static const int16_t tables[] = { -1, 0, 1, 2 };
	static const uint16_t sizes[] = { 64, 8, 4, 256 };
	static uint8_t medium[SECTORS * 512];
	const struct device_model *model = bench_model("virtio-blk");
	struct device_value *image = bench_value(model, values, "image");

	image->s = "disk.img";
	image->bytes = medium;
	image->len = sizeof(medium);
	cfg->msix_entries = tables[header[0] & 3];
	bench_value(model, values, "queues")->i = header[0] & 4 ? 3 : 1;
	bench_value(model, values, "queue_size")->i = sizes[header[1] & 3];
	if (header[1] & 4)
		cfg->features &= ~F_INDIRECT_DESC;
	if (header[1] & 8)
		cfg->features ^= F_EVENT_IDX;
	if (header[0] & 4)
		cfg->features |= F_MQ;
}

static const struct bench_step steps[] = {
	{ .name = "blk.read", .args = "device=00:01.0,sectors=24,depth=3" },
	{ .name = "blk.write",
	  .args = "device=00:01.0,sectors=8,chunk=2,depth=4,pattern=1" },
	{ .name = "blk.id", .args = "device=00:01.0" },
	{ .name = "blk.read", .args = "device=00:01.0,sectors=8,chunk=1" },
	{ .name = NULL },
};

static const struct bench_step again[] = {
	{ .name = "blk.read", .args = "device=00:01.0,sectors=8" },
	{ .name = NULL },
};

static const struct bench_driver driver = {
	.model = "virtio-blk", .ram_size = 4u << 20,
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

/* SPDX-License-Identifier: MIT */
/*
 * virtio-rng, the entropy device (virtio 1.2 section 5.4): one queue, no feature
 * bit and no configuration space of its own.  A buffer comes back with random
 * bytes in it, perhaps with fewer than it has room for.  What is random here is
 * a sequence that a seed begins, so that a run can be repeated.  Read by who
 * wants to see how small a virtio device can be.
 */
#include "models/virtio/rng.h"

#include <stdlib.h>

#include "models/virtio/le.h"
#include "models/virtio/vpci.h"

#define VIRTIO_ID_ENTROPY 4u
#define CLASS_OTHERS 0x00ff00u /* as QEMU's virtio-rng-pci */
#define REQUESTQ 0u
/* What one DMA write carries at most. */
#define CHUNK_BYTES 512u

/* Rows of `properties`, and places in device_config.values. */
enum vrng_property {
	PROP_SEED,
	PROP_MAX_BYTES,
	PROP_LATENCY,
	PROP_QUEUE_SIZE,
	PROP_COUNT
};

static const struct device_property properties[] = {
	[PROP_SEED] = { "seed", DEVICE_PROP_INT, false, 1, 0, INT64_MAX,
		"where the sequence of bytes begins; a reset does not begin it anew" },
	[PROP_MAX_BYTES] = { "max_bytes", DEVICE_PROP_INT, false, 0, 0,
		UINT32_MAX,
		"bytes that a buffer gets at most; 0: as many as it has room for" },
	[PROP_LATENCY] = { "latency", DEVICE_PROP_TIME, false, 0, 0,
		INT64_MAX, "what the source takes for each buffer" },
	[PROP_QUEUE_SIZE] = { "queue_size", DEVICE_PROP_INT, false, 8, 2,
		VQ_SIZE_MAX, "entries of the queue at most, a power of two" },
	[PROP_COUNT] = { .name = NULL },
};

static const struct device_feature features[] = {
	VPCI_FEATURES,
	{ .name = NULL },
};

static const struct model_fault_point faults[] = {
	VPCI_FAULT_POINTS,
	{ .name = "device.rng.short", .errors = "",
	  .about = "the source runs dry: the buffer comes back with a single byte" },
	VPCI_QUIRK_POINTS
	{ .name = NULL },
};

struct virtio_rng {
	struct virtio_device vdev; /* first */
	uint64_t state;            /* of the sequence */
	uint64_t latency;          /* ps a buffer */
	uint64_t max_bytes;        /* 0: no limit */
	struct model_fault_site short_fault;
};

static struct virtio_rng *rng_of(struct virtio_device *vdev)
{
	return (struct virtio_rng *)vdev; /* vdev is its first member */
}

/* The SplitMix64 sequence (Steele, Lea, Flood 2014): any seed will do, and two
 * that are close give bytes that are not. */
static uint64_t next_random(struct virtio_rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static enum dma_result write_random(struct virtio_rng *rng, struct vq *vq,
				    uint64_t left)
{
	uint8_t bytes[CHUNK_BYTES];
	enum dma_result result = DMA_OK;

	while (left && result == DMA_OK) {
		uint32_t n = left < CHUNK_BYTES ? (uint32_t)left : CHUNK_BYTES;

		for (uint32_t i = 0; i < n; i += 8) {
			uint64_t word = next_random(rng);

			save_le32(bytes + i, (uint32_t)word);
			save_le32(bytes + i + 4, (uint32_t)(word >> 32));
		}
		result = vq_write(vq, bytes, n);
		left -= n;
	}
	return result;
}

/* How many bytes the buffer gets; at least one, if it has room (5.4.6.2). */
static uint64_t share_of(struct virtio_rng *rng, uint64_t room)
{
	struct pci_host *h = rng->vdev.host;

	if (rng->max_bytes && room > rng->max_bytes)
		room = rng->max_bytes;
	if (room && h->ops->fault(h, &rng->short_fault, UINT32_MAX))
		room = 1;
	return room;
}

static enum vq_result serve(struct virtio_device *vdev, struct vq *vq,
			    uint32_t *len)
{
	struct virtio_rng *rng = rng_of(vdev);
	struct pci_host *h = vdev->host;
	enum dma_result result;

	if (vq->chain.nout)
		virtio_guest_error(vdev, REQUESTQ,
			"a device-readable buffer in requestq: not looked at (5.4.6.1)");
	if (!vq->chain.in_len)
		virtio_guest_error(vdev, REQUESTQ,
			"a buffer without room for a byte: given back empty (5.4.6)");
	if (rng->latency && h->ops->lane_wait(h, rng->latency) == DMA_CANCELED)
		return VQ_CANCELED;
	result = write_random(rng, vq, share_of(rng, vq->chain.in_len));
	if (result == DMA_CANCELED)
		return VQ_CANCELED;
	if (result == DMA_ERROR)
		virtio_guest_error(vdev, REQUESTQ,
			"a buffer's address is answered by nobody");
	*len = (uint32_t)vq->chain.written;
	virtio_event(vdev, MODEL_EV_REQUEST, REQUESTQ, *len, "entropy");
	return VQ_OK;
}

static void queue_run(struct virtio_device *vdev, struct vq *vq)
{
	/* A source that takes time fills one buffer after the other. */
	vq->batched = !rng_of(vdev)->latency;
	vq_serve(vq, serve);
}

static void destroy(struct virtio_device *vdev)
{
	free(rng_of(vdev));
}

static const struct virtio_device_ops ops = {
	.queue_run = queue_run,
	.destroy = destroy,
};

/* ---- making one ---- */

static bool check(const struct device_config *cfg, struct device_error *err)
{
	return virtio_check_queue_size(cfg->values[PROP_QUEUE_SIZE].i, err) &&
	       vpci_check(cfg, err) &&
	       virtio_check_offer(features, cfg->features, err);
}

static void set_up(struct virtio_rng *rng, const struct device_config *cfg,
		   struct pci_host *host)
{
	const struct device_value *v = cfg->values;

	rng->state = (uint64_t)v[PROP_SEED].i;
	rng->latency = (uint64_t)v[PROP_LATENCY].i;
	rng->max_bytes = (uint64_t)v[PROP_MAX_BYTES].i;
	rng->short_fault.name = "device.rng.short";
	rng->vdev.host = host;
	rng->vdev.ops = &ops;
	rng->vdev.type = VIRTIO_ID_ENTROPY;
	rng->vdev.class_code = CLASS_OTHERS;
	rng->vdev.offered = cfg->features;
}

static struct pci_function *create(const struct device_config *cfg,
				   struct pci_host *host,
				   struct device_error *err)
{
	struct pci_function *fn;
	struct virtio_rng *rng;

	if (!check(cfg, err))
		return NULL;
	virtio_fail(err, NULL, "out of memory", NULL);
	rng = calloc(1, sizeof(*rng));
	if (!rng)
		return NULL;
	set_up(rng, cfg, host);
	if (!virtio_init(&rng->vdev, 1, (uint16_t)cfg->values[PROP_QUEUE_SIZE].i))
		goto free_rng;
	fn = vpci_create(&rng->vdev, cfg, err);
	if (fn)
		return fn;
	virtio_fini(&rng->vdev);
free_rng:
	free(rng);
	return NULL;
}

static const struct device_registers registers[] = {
	VPCI_REGISTERS,
	{ 0, 0, NULL },
};

const struct device_model virtio_rng_model = {
	.abi_version = DEVICE_MODEL_ABI_VERSION,
	.size = sizeof(struct device_model),
	.name = "virtio-rng",
	.about = "an entropy device: virtio 1.2 section 5.4 over virtio-pci",
	.not_modelled = "packed rings, real "
			"randomness, a limit of bytes a second",
	.properties = properties,
	.features = features,
	.faults = faults,
	.create = create,
	.check = check,
	.registers = registers,
};

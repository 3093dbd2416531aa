/* SPDX-License-Identifier: MIT */
/*
 * The virtio device core: device_status, features, reset, configuration space
 * and lanes, as virtio 1.2 chapters 2 and 3 have them, whatever the transport.
 * Read by who wants to know what the device answers to a driver that breaks the
 * initialization sequence: each such case is one virtio_guest_error().
 */
#include "models/virtio/virtio.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What a reset takes that does not end at once: device.reset.slow, and
 * device.queue_reset.slow. */
#define SLOW_RESET_PS 2000000000ull

static const struct model_fault_site quirk_sites[VIRTIO_QUIRK_COUNT] = {
	VIRTIO_QUIRKS(MODEL_QUIRK_SITE)
};

void virtio_event(struct virtio_device *vdev, enum model_event_kind kind,
		  uint32_t index, uint64_t value, const char *text)
{
	const struct model_event ev = {
		.kind = kind, .index = index, .value = value, .text = text,
	};

	vdev->host->ops->event(vdev->host, &ev);
}

void virtio_guest_error(struct virtio_device *vdev, uint16_t queue,
			const char *rule)
{
	virtio_event(vdev, MODEL_EV_GUEST_ERROR, queue, 0, rule);
}

bool virtio_init(struct virtio_device *vdev, uint16_t nqueues,
		 uint16_t queue_size)
{
	assert(nqueues >= 1 && nqueues <= VIRTIO_MAX_QUEUES);
	vdev->queues = calloc(nqueues, sizeof(*vdev->queues));
	if (!vdev->queues)
		return false;
	for (; vdev->nqueues < nqueues; vdev->nqueues++)
		if (!vq_init(&vdev->queues[vdev->nqueues], vdev, vdev->nqueues,
			     queue_size))
			goto fail;
	vdev->features_ok_fault.name = "device.features_ok";
	vdev->needs_reset_fault.name = "device.needs_reset";
	vdev->slow_reset_fault.name = "device.reset.slow";
	vdev->slow_queue_reset_fault.name = "device.queue_reset.slow";
	memcpy(vdev->quirks, quirk_sites, sizeof(vdev->quirks));
	return true;
fail:
	virtio_fini(vdev);
	return false;
}

void virtio_fini(struct virtio_device *vdev)
{
	for (uint16_t q = 0; q < vdev->nqueues; q++)
		vq_fini(&vdev->queues[q]);
	free(vdev->queues);
	vdev->queues = NULL;
	vdev->nqueues = 0;
}

/* ---- features, 2.2 ---- */

uint32_t virtio_device_feature(struct virtio_device *vdev, uint32_t select)
{
	if (select > 1 && virtio_quirk(vdev, VIRTIO_QUIRK_FEATURE_SELECT,
				       VIRTIO_NO_QUEUE))
		select &= 1;
	return select > 1 ? 0 : (uint32_t)(vdev->offered >> (32 * select));
}

uint32_t virtio_driver_feature(const struct virtio_device *vdev,
			       uint32_t select)
{
	return select > 1 ? 0
			  : (uint32_t)(vdev->driver_features >> (32 * select));
}

void virtio_write_driver_feature(struct virtio_device *vdev, uint32_t select,
				 uint32_t value)
{
	uint64_t window = 0xffffffffull;

	if (vdev->status & VIRTIO_STATUS_FEATURES_OK) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"driver_feature written after FEATURES_OK: ignored (3.1.1)");
		return;
	}
	if (!(vdev->status & VIRTIO_STATUS_DRIVER))
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"driver_feature written before DRIVER was set (3.1.1)");
	if (select > 1) {
		if (value)
			virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
				"accepted features above bit 63: ignored (2.2.1)");
		return;
	}
	window <<= 32 * select;
	vdev->driver_features = (vdev->driver_features & ~window) |
				(uint64_t)value << (32 * select);
}

/* The answer to FEATURES_OK: does the bit stick? (2.2.2) */
static bool features_acceptable(struct virtio_device *vdev)
{
	if (vdev->driver_features & ~vdev->offered) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"accepted features that were not offered: FEATURES_OK refused (2.2.1)");
		return false;
	}
	if ((vdev->offered & ~vdev->driver_features) &
	    VIRTIO_BIT(VIRTIO_F_VERSION_1)) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"VERSION_1 was not accepted: FEATURES_OK refused (6.1)");
		return false;
	}
	return !vdev->host->ops->fault(vdev->host, &vdev->features_ok_fault,
				       UINT32_MAX);
}

static void use_features(struct virtio_device *vdev, uint64_t features)
{
	vdev->features = features;
	if (vdev->ops->features_ok)
		vdev->ops->features_ok(vdev);
	virtio_event(vdev, MODEL_EV_FEATURES, VIRTIO_NO_QUEUE, features, NULL);
}

void virtio_write_legacy_features(struct virtio_device *vdev, uint32_t value)
{
	if (vdev->status & VIRTIO_STATUS_DRIVER_OK) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"legacy driver features written after DRIVER_OK: ignored (3.1.2)");
		return;
	}
	if (value & ~vdev->offered)
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"accepted features that were not offered: these are ignored (2.2.1)");
	vdev->driver_features = value & vdev->offered;
	use_features(vdev, vdev->driver_features);
}

/* ---- reset, 2.4 and 2.6.1 ---- */

static uint64_t all_lanes(const struct virtio_device *vdev)
{
	return UINT64_MAX >> (64 - vdev->nqueues);
}

/* What was pushed and not yet decided about is lost with the reset; said, so that
 * whoever counts interrupts knows where it went. */
static void queue_to_reset(struct virtio_device *vdev, uint16_t q)
{
	struct vq *vq = &vdev->queues[q];

	if (vq->last_used != vq->signalled)
		virtio_event(vdev, MODEL_EV_NOTIFY, q, MODEL_NOTIFY_DROPPED,
			     NULL);
	if (vq->enabled)
		virtio_event(vdev, MODEL_EV_QUEUE_ENABLE, q, 0, NULL);
	if (vdev->ops->queue_reset)
		vdev->ops->queue_reset(vdev, q);
	vq_reset(vq);
	vdev->early_kicks &= ~(1ull << q);
	vdev->queues_resetting &= ~(1ull << q);
}

/* A queue alone, 2.6.1. */
static void finish_queue_reset(struct virtio_device *vdev, uint16_t q)
{
	queue_to_reset(vdev, q);
	vdev->transport_ops->queue_reset_done(vdev->transport, q);
}

static void finish_reset(struct virtio_device *vdev)
{
	for (uint16_t q = 0; q < vdev->nqueues; q++)
		queue_to_reset(vdev, q);
	vdev->driver_features = 0;
	vdev->features = 0;
	vdev->status = 0;
	vdev->legacy = false;
	if (vdev->ops->reset)
		vdev->ops->reset(vdev);
	vdev->transport_ops->reset_done(vdev->transport);
	vdev->resetting = false;
	vdev->queues_reset = 0;
	virtio_event(vdev, MODEL_EV_RESET, VIRTIO_NO_QUEUE, 1, NULL);
}

void virtio_reset(struct virtio_device *vdev)
{
	if (vdev->resetting)
		return;
	vdev->resetting = true;
	virtio_event(vdev, MODEL_EV_RESET, VIRTIO_NO_QUEUE, 0, NULL);
	/* Calls virtio_lanes_drained, perhaps before it returns. */
	vdev->host->ops->cancel(vdev->host, all_lanes(vdev));
}

/* The lanes are at rest.  What was not in use has nothing that could take time. */
static void end_reset(struct virtio_device *vdev)
{
	struct pci_host *h = vdev->host;

	if (vdev->status && virtio_quirk(vdev, VIRTIO_QUIRK_RESET_STUCK,
					 VIRTIO_NO_QUEUE))
		return;
	if (vdev->status && h->ops->fault(h, &vdev->slow_reset_fault, UINT32_MAX))
		h->ops->lane_schedule(h, 0, SLOW_RESET_PS);
	else
		finish_reset(vdev);
}

void virtio_reset_queue(struct virtio_device *vdev, uint16_t queue)
{
	vdev->queues_resetting |= 1ull << queue;
	vdev->queues_reset |= 1ull << queue;
	vdev->host->ops->cancel(vdev->host, 1ull << queue);
}

void virtio_lanes_drained(struct virtio_device *vdev, uint64_t lanes)
{
	if (vdev->resetting) {
		if (!(all_lanes(vdev) & ~lanes))
			end_reset(vdev);
		return;
	}
	for (uint16_t q = 0; q < vdev->nqueues; q++) {
		struct pci_host *h = vdev->host;

		if (!(vdev->queues_resetting & lanes & 1ull << q))
			continue;
		if (h->ops->fault(h, &vdev->slow_queue_reset_fault, q))
			h->ops->lane_schedule(h, q, SLOW_RESET_PS);
		else
			finish_queue_reset(vdev, q);
	}
}

/* ---- device_status, 2.1 ---- */

/* Which bits a status bit comes after (3.1.1; by the legacy interface 3.1.2), and
 * what to say if it does not. */
static const struct {
	uint8_t bit, after, after_legacy;
	const char *rule;
} status_order[] = {
	{ VIRTIO_STATUS_DRIVER, VIRTIO_STATUS_ACKNOWLEDGE,
	  VIRTIO_STATUS_ACKNOWLEDGE,
	  "DRIVER set before ACKNOWLEDGE: ignored (3.1.1)" },
	{ VIRTIO_STATUS_FEATURES_OK, VIRTIO_STATUS_DRIVER, 0,
	  "FEATURES_OK set before DRIVER, or by the legacy interface: ignored (3.1.1)" },
	{ VIRTIO_STATUS_DRIVER_OK, VIRTIO_STATUS_FEATURES_OK,
	  VIRTIO_STATUS_DRIVER,
	  "DRIVER_OK set without FEATURES_OK: ignored (3.1.1)" },
};

static bool comes_too_early(const struct virtio_device *vdev, size_t row)
{
	uint8_t after = vdev->legacy ? status_order[row].after_legacy
				     : status_order[row].after;

	return !(vdev->status & after);
}

static void accept_features(struct virtio_device *vdev)
{
	if (!features_acceptable(vdev))
		return;
	vdev->status |= VIRTIO_STATUS_FEATURES_OK;
	use_features(vdev, vdev->driver_features);
}

/* One bit that was 0 becomes 1. */
static void set_status_bit(struct virtio_device *vdev, uint8_t bit)
{
	for (size_t i = 0; i < sizeof(status_order) / sizeof(status_order[0]);
	     i++)
		if (status_order[i].bit == bit && comes_too_early(vdev, i)) {
			virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
					   status_order[i].rule);
			return;
		}
	if (bit == VIRTIO_STATUS_FEATURES_OK)
		accept_features(vdev);
	else
		vdev->status |= bit;
}

/* Bits that no driver may set here; they are left out. */
static uint8_t check_status(struct virtio_device *vdev, uint8_t value)
{
	const uint8_t driver_bits = VIRTIO_STATUS_ACKNOWLEDGE |
				    VIRTIO_STATUS_DRIVER |
				    VIRTIO_STATUS_FEATURES_OK |
				    VIRTIO_STATUS_DRIVER_OK |
				    VIRTIO_STATUS_FAILED;
	uint8_t fresh = value & ~vdev->status;

	/* NEEDS_RESET is the device's: a driver that writes back what it read
	 * may leave it out. */
	if (vdev->status & driver_bits & ~value)
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"a status bit was cleared other than by a reset: it stays (2.1.1)");
	if (fresh & ~driver_bits)
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"a status bit was set that is not the driver's: ignored (2.1)");
	fresh &= driver_bits;
	if (fresh && (vdev->status & VIRTIO_STATUS_FAILED)) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"initialization went on after FAILED without a reset: ignored (2.1.1)");
		return 0;
	}
	return fresh;
}

static void start_early_queues(struct virtio_device *vdev)
{
	uint64_t early = vdev->early_kicks;

	vdev->early_kicks = 0;
	for (uint16_t q = 0; q < vdev->nqueues; q++)
		if (early & 1ull << q)
			vdev->host->ops->lane_schedule(vdev->host, q, 0);
}

void virtio_write_status(struct virtio_device *vdev, uint8_t value)
{
	/* In the order of initialization, whatever their place in the byte. */
	static const uint8_t order[] = {
		VIRTIO_STATUS_ACKNOWLEDGE, VIRTIO_STATUS_DRIVER,
		VIRTIO_STATUS_FEATURES_OK, VIRTIO_STATUS_DRIVER_OK,
		VIRTIO_STATUS_FAILED,
	};
	uint8_t fresh;

	if (!value) {
		virtio_reset(vdev);
		return;
	}
	fresh = check_status(vdev, value);
	for (size_t i = 0; i < sizeof(order); i++)
		if (fresh & order[i])
			set_status_bit(vdev, order[i]);
	virtio_event(vdev, MODEL_EV_STATUS, VIRTIO_NO_QUEUE, vdev->status,
		     NULL);
	if (vdev->status & VIRTIO_STATUS_DRIVER_OK)
		start_early_queues(vdev);
}

static void notify_config(struct virtio_device *vdev)
{
	enum model_notify what;

	if (!(vdev->status & VIRTIO_STATUS_DRIVER_OK))
		return;
	what = vdev->transport_ops->notify_config(vdev->transport);
	virtio_event(vdev, MODEL_EV_NOTIFY, VIRTIO_NO_QUEUE, what, NULL);
}

void virtio_needs_reset(struct virtio_device *vdev, uint16_t queue,
			const char *why)
{
	if (vdev->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET)
		return;
	if (virtio_quirk(vdev, VIRTIO_QUIRK_NEEDS_RESET_STATUS, VIRTIO_NO_QUEUE))
		vdev->status = 0;
	vdev->status |= VIRTIO_STATUS_DEVICE_NEEDS_RESET;
	virtio_event(vdev, MODEL_EV_NEEDS_RESET, queue, vdev->status, why);
	if (!virtio_quirk(vdev, VIRTIO_QUIRK_NEEDS_RESET_INTERRUPT,
			  VIRTIO_NO_QUEUE))
		notify_config(vdev);
}

/* ---- queues and lanes ---- */

/* A legacy driver may use the device before it says that it is ready (3.1.2). */
static bool in_use(const struct virtio_device *vdev)
{
	return vdev->legacy || (vdev->status & VIRTIO_STATUS_DRIVER_OK);
}

void virtio_kick(struct virtio_device *vdev, uint16_t queue)
{
	struct pci_host *h = vdev->host;

	if (virtio_quirk(vdev, VIRTIO_QUIRK_KICK_LOST, queue))
		return;
	if (!in_use(vdev)) {
		virtio_guest_error(vdev, queue,
			"queue notified before DRIVER_OK: remembered until then (3.1.1)");
		vdev->early_kicks |= 1ull << queue;
		return;
	}
	if (h->ops->fault(h, &vdev->needs_reset_fault, queue))
		virtio_needs_reset(vdev, queue, "as injected");
	h->ops->lane_schedule(h, queue, 0);
}

void virtio_resume(struct virtio_device *vdev)
{
	if (vdev->resetting || !in_use(vdev))
		return;
	for (uint16_t q = 0; q < vdev->nqueues; q++)
		if (vdev->queues[q].enabled)
			vdev->host->ops->lane_schedule(vdev->host, q, 0);
}

void virtio_lane_run(struct virtio_device *vdev, uint32_t lane)
{
	struct vq *vq = &vdev->queues[lane];

	if (vdev->resetting) {
		finish_reset(vdev);
		return;
	}
	if (vdev->queues_resetting & 1ull << lane) {
		finish_queue_reset(vdev, (uint16_t)lane);
		return;
	}
	if (!in_use(vdev) ||
	    (vdev->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET) ||
	    !vq->enabled ||
	    !vdev->transport_ops->dma_enabled(vdev->transport))
		return;
	vdev->ops->queue_run(vdev, vq);
}

/* ---- device configuration space, 2.5 ---- */

bool virtio_width_fits(const struct reg_block *block, uint32_t offset,
		       uint32_t width)
{
	for (size_t i = 0; i < block->count; i++) {
		const struct reg *r = &block->regs[i];

		if (r->offset + r->width <= offset)
			continue;
		if (r->offset >= offset + width)
			break;
		return (r->offset == offset && r->width == width) ||
		       (r->width == 8 && width == 4);
	}
	return true;
}

static bool in_config(struct virtio_device *vdev, uint64_t offset,
		      uint32_t width)
{
	uint32_t size = vdev->config_regs ? vdev->config_regs->size : 0;

	if (offset >= size || width > size - offset)
		return false;
	if (!vdev->legacy &&
	    !virtio_width_fits(vdev->config_regs, (uint32_t)offset, width))
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"configuration field accessed with another width than its own (4.1.3.1)");
	return true;
}

uint64_t virtio_config_read(struct virtio_device *vdev, uint64_t offset,
			    uint32_t width)
{
	if (!in_config(vdev, offset, width))
		return 0;
	vdev->config_was_read = true;
	if (!(vdev->status & VIRTIO_STATUS_FEATURES_OK) && !vdev->legacy &&
	    virtio_quirk(vdev, VIRTIO_QUIRK_CONFIG_EARLY, VIRTIO_NO_QUEUE))
		return 0;
	return reg_block_read(vdev->config_regs, vdev->config, vdev,
			      (uint32_t)offset, width);
}

void virtio_config_write(struct virtio_device *vdev, uint64_t offset,
			 uint32_t width, uint64_t value)
{
	if (!in_config(vdev, offset, width))
		return;
	if (!vdev->legacy && !(vdev->status & VIRTIO_STATUS_FEATURES_OK)) {
		virtio_guest_error(vdev, VIRTIO_NO_QUEUE,
			"device configuration written before FEATURES_OK: ignored (3.1.1)");
		return;
	}
	reg_block_write(vdev->config_regs, vdev->config, vdev,
			(uint32_t)offset, width, value);
}

void virtio_config_changed(struct virtio_device *vdev)
{
	/* Moving only once between two reads, eight bits cannot come round to
	 * the value that the driver has seen (4.1.4.3.1). */
	if (vdev->config_was_read &&
	    !virtio_quirk(vdev, VIRTIO_QUIRK_GENERATION, VIRTIO_NO_QUEUE)) {
		vdev->generation++;
		vdev->config_was_read = false;
	}
	virtio_event(vdev, MODEL_EV_CONFIG, VIRTIO_NO_QUEUE, vdev->generation,
		     NULL);
	if (!virtio_quirk(vdev, VIRTIO_QUIRK_CONFIG_INTERRUPT, VIRTIO_NO_QUEUE))
		notify_config(vdev);
}

/* SPDX-License-Identifier: MIT */
/*
 * The PCI function of a virtio device (virtio 1.2 4.1): its identity, BARs,
 * interrupts, kicks and resets.  The registers are in vpci_regs.c and
 * vpci_legacy.c, the capabilities in vpci_caps.c.  Read by who wants to know when
 * an interrupt is sent: notify() and the two functions under it are the whole
 * rule.
 */
#include "models/virtio/vpci.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/caps.h"

#define VIRTIO_PCI_VENDOR_ID 0x1af4u
#define VIRTIO_PCI_DEVICE_ID_BASE 0x1040u
/* A non-transitional device's subsystem id is 0x40 or above (4.1.2.1). */
#define VIRTIO_PCI_SUBSYSTEM_ID 0x0040u
#define VIRTIO_PCI_REVISION_ID 1u

#define PBA_OFFSET 0x800u
#define MSIX_BAR_BYTES 0x1000u

/* ---- interrupts ---- */

/* ISR bits and the line follow each other (4.1.4.5.1).  Without a pin nobody
 * hears of it. */
static enum model_notify raise_isr(struct vpci *v, uint8_t bit)
{
	v->isr |= bit;
	pci_cfg_set_intx(&v->cfg, true);
	return v->cfg.ids.intx_pin ? MODEL_NOTIFY_INTX : MODEL_NOTIFY_DROPPED;
}

static enum model_notify send(struct vpci *v, uint16_t vector)
{
	if (vector == VIRTIO_MSI_NO_VECTOR)
		return MODEL_NOTIFY_NO_VECTOR;
	if (vector >= v->msix.entries) /* by device.vector.beyond alone */
		return MODEL_NOTIFY_DROPPED;
	return pci_msix_notify(&v->msix, vector);
}

/* 4.1.5.3: the ISR's queue bit belongs to INTx alone. */
static enum model_notify notify_queue(void *transport, uint16_t queue)
{
	struct vpci *v = transport;

	if (!pci_msix_enabled(&v->msix))
		return raise_isr(v, VPCI_ISR_QUEUE);
	return send(v, vpci_queue_vector(v, queue));
}

/* 4.1.5.4: the ISR's configuration bit is set with MSI-X too, and first. */
static enum model_notify notify_config(void *transport)
{
	struct vpci *v = transport;
	enum model_notify what = raise_isr(v, VPCI_ISR_CONFIG);

	if (!pci_msix_enabled(&v->msix))
		return what;
	if (vpci_config_vector(v) == VIRTIO_MSI_NO_VECTOR &&
	    virtio_quirk(v->vdev, VIRTIO_QUIRK_VECTOR_CONFIG, VIRTIO_NO_QUEUE))
		return send(v, 0);
	return send(v, vpci_config_vector(v));
}

static bool dma_enabled(void *transport)
{
	struct vpci *v = transport;

	return pci_cfg_bus_master(&v->cfg) ||
	       (!v->cfg.asleep && pci_quirk(&v->cfg, PCI_QUIRK_DMA_BUS_MASTER));
}

/* ---- resets ---- */

static bool vector_shared(const struct vpci *v, uint16_t queue, uint16_t vector)
{
	if (vpci_config_vector(v) == vector)
		return true;
	for (uint16_t q = 0; q < v->vdev->nqueues; q++)
		if (q != queue && vpci_queue_vector(v, q) == vector)
			return true;
	return false;
}

/* After a queue's reset it causes no more interrupts: nor does a pending bit that
 * was its alone (2.6.1.1). */
static void queue_reset_done(void *transport, uint16_t queue)
{
	struct vpci *v = transport;
	uint16_t vector = vpci_queue_vector(v, queue);

	if (vector != VIRTIO_MSI_NO_VECTOR) {
		virtio_event(v->vdev, MODEL_EV_QUEUE_VECTOR, queue,
			     VIRTIO_MSI_NO_VECTOR, NULL);
		if (vector < v->msix.entries &&
		    !vector_shared(v, queue, vector))
			pci_msix_clear_pending(&v->msix, vector);
	}
	vpci_reset_queue_regs(v, queue);
}

static void tell_unmapped(struct vpci *v)
{
	if (vpci_config_vector(v) != VIRTIO_MSI_NO_VECTOR)
		virtio_event(v->vdev, MODEL_EV_CONFIG_VECTOR, VIRTIO_NO_QUEUE,
			     VIRTIO_MSI_NO_VECTOR, NULL);
	for (uint16_t q = 0; q < v->vdev->nqueues; q++)
		if (vpci_queue_vector(v, q) != VIRTIO_MSI_NO_VECTOR)
			virtio_event(v->vdev, MODEL_EV_QUEUE_VECTOR, q,
				     VIRTIO_MSI_NO_VECTOR, NULL);
}

/* Device reset: no interrupt of before is seen after it, on neither way. */
static void reset_done(void *transport)
{
	struct vpci *v = transport;

	tell_unmapped(v);
	for (uint32_t vector = 0; vector < v->msix.entries; vector++)
		pci_msix_clear_pending(&v->msix, vector);
	if (!v->isr || !virtio_quirk(v->vdev, VIRTIO_QUIRK_RESET_ISR,
				     VIRTIO_NO_QUEUE)) {
		v->isr = 0;
		pci_cfg_set_intx(&v->cfg, false);
	}
	vpci_reset_regs(v);
	vpci_reset_legacy_regs(v);
}

static const struct virtio_transport_ops transport_ops = {
	.notify_queue = notify_queue,
	.notify_config = notify_config,
	.dma_enabled = dma_enabled,
	.queue_reset_done = queue_reset_done,
	.reset_done = reset_done,
};

/* ---- available buffer notifications, 4.1.5.2 ---- */

bool vpci_kick(struct vpci *v, uint16_t queue, uint64_t value)
{
	struct virtio_device *vdev = v->vdev;

	virtio_event(vdev, MODEL_EV_KICK, queue, value, NULL);
	if (!vdev->resetting && !(vdev->queues_resetting & 1ull << queue) &&
	    vdev->queues[queue].enabled) {
		virtio_kick(vdev, queue);
		return true;
	}
	virtio_guest_error(vdev, queue,
		"a notification of a queue that is not enabled: ignored (4.1.5.2)");
	return false;
}

/* What of the driver is wrong with a kick that is served nevertheless. */
static void check_kick(struct vpci *v, uint16_t queue, uint32_t width,
		       uint64_t value)
{
	uint32_t right = virtio_has(v->vdev, VIRTIO_F_NOTIFICATION_DATA) ? 4 : 2;

	if (width != right)
		virtio_guest_error(v->vdev, queue,
			"a notification of another width than 2 bytes, or 4 with NOTIFICATION_DATA (4.1.5.2)");
	else if ((value & 0xffff) != vpci_notify_value(v, queue))
		virtio_guest_error(v->vdev, queue,
			"a notification that carries neither the queue's index nor its queue_notify_data (4.1.5.2)");
}

static void notify_write(struct vpci *v, uint32_t offset, uint32_t width,
			 uint64_t value)
{
	uint16_t q = (uint16_t)(offset / VPCI_NOTIFY_MULTIPLIER);

	if (offset % VPCI_NOTIFY_MULTIPLIER || q >= v->vdev->nqueues)
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a notification at the address of no queue: ignored (4.1.5.2)");
	else if (vpci_kick(v, q, value))
		check_kick(v, q, width, value);
}

/* ---- the function's operations ---- */

static struct vpci *vpci_of(struct pci_function *fn)
{
	return (struct vpci *)fn; /* fn is its first member */
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	return pci_cfg_read(&vpci_of(fn)->cfg, offset, width);
}

/* What was cut off when Bus Master went off goes on when it comes back. */
static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	struct vpci *v = vpci_of(fn);
	bool was = pci_cfg_bus_master(&v->cfg);

	pci_cfg_write(&v->cfg, offset, width, value);
	if (!was && pci_cfg_bus_master(&v->cfg))
		virtio_resume(v->vdev);
}

static uint64_t bar_read(struct pci_function *fn, uint32_t bar,
			 uint64_t offset, uint32_t width)
{
	struct vpci *v = vpci_of(fn);
	uint32_t in_region = (uint32_t)offset % VPCI_REGION_BYTES;

	if (bar == VPCI_LEGACY_BAR)
		return vpci_legacy_read(v, (uint32_t)offset, width);
	if (bar == VPCI_MSIX_BAR)
		return pci_msix_bar_read(&v->msix, offset, width);
	switch ((uint32_t)offset - in_region) {
	case VPCI_COMMON:
		return vpci_common_read(v, in_region, width);
	case VPCI_ISR:
		return vpci_isr_read(v, in_region, width);
	case VPCI_DEVICE:
		return virtio_config_read(v->vdev, in_region, width);
	default:
		return 0; /* notification addresses are for writing */
	}
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	struct vpci *v = vpci_of(fn);
	uint32_t in_region = (uint32_t)offset % VPCI_REGION_BYTES;

	if (bar == VPCI_LEGACY_BAR) {
		vpci_legacy_write(v, (uint32_t)offset, width, value);
		return;
	}
	if (bar == VPCI_MSIX_BAR) {
		pci_msix_bar_write(&v->msix, offset, width, value);
		return;
	}
	switch ((uint32_t)offset - in_region) {
	case VPCI_COMMON:
		vpci_common_write(v, in_region, width, value);
		break;
	case VPCI_DEVICE:
		virtio_config_write(v->vdev, in_region, width, value);
		break;
	case VPCI_NOTIFY:
		notify_write(v, in_region, width, value);
		break;
	default:
		break; /* ISR status cannot be written */
	}
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	virtio_lane_run(vpci_of(fn)->vdev, lane);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	virtio_lanes_drained(vpci_of(fn)->vdev, lanes);
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct vpci *v = vpci_of(fn);

	(void)kind; /* the same for all: nothing here survives an FLR */
	pci_cfg_reset(&v->cfg);
	pci_msix_reset(&v->msix);
	virtio_reset(v->vdev);
}

static void destroy(struct pci_function *fn)
{
	struct vpci *v = vpci_of(fn);
	struct virtio_device *vdev = v->vdev;

	pci_msix_destroy(&v->msix);
	free(v->queue_regs);
	free(v);
	virtio_fini(vdev);
	vdev->ops->destroy(vdev);
}

static const struct pci_function_ops function_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

bool vpci_config_field(struct pci_function *fn, const struct reg *field,
		       uint64_t *value)
{
	*value = reg_get(vpci_of(fn)->vdev->config, field);
	return true;
}

/* ---- making one ---- */

bool vpci_check(const struct device_config *cfg, struct device_error *err)
{
	if (cfg->interface == DEVICE_IF_LEGACY &&
	    cfg->caps != DEVICE_CAPS_PLAIN)
		return virtio_fail(err, "capabilities",
			"a legacy device has no virtio capabilities", NULL);
	if (cfg->msix_entries < -1 ||
	    cfg->msix_entries > (int32_t)PCI_MSIX_MAX_ENTRIES)
		return virtio_fail(err, NULL,
			"an MSI-X table has 0 to 2048 entries", NULL);
	if (cfg->intx_pin > 4)
		return virtio_fail(err, NULL,
			"a PCI function has no such interrupt pin", NULL);
	return true;
}

static uint64_t power_of_two(uint64_t at_least)
{
	uint64_t size = MSIX_BAR_BYTES;

	while (size < at_least)
		size *= 2;
	return size;
}

static bool add_msix(struct vpci *v, uint32_t entries)
{
	uint32_t table = entries * PCI_MSIX_ENTRY_BYTES;
	uint32_t pba = table > PBA_OFFSET ? table : PBA_OFFSET;
	uint32_t pba_bytes = (entries + 63) / 64 * 8;

	if (entries)
		pci_cfg_add_bar(&v->cfg, VPCI_MSIX_BAR, PCI_BAR_MEM32,
				power_of_two(pba + pba_bytes));
	return pci_msix_init(&v->msix, &v->cfg, VPCI_MSIX_BAR, entries, 0, pba);
}

/* 4.1.2.1; a device that legacy drivers find: 4.1.2.3. */
static void init_config(struct vpci *v, const struct device_config *cfg)
{
	const struct virtio_device *vdev = v->vdev;
	struct pci_ids ids = {
		.vendor = VIRTIO_PCI_VENDOR_ID,
		.device = (uint16_t)(VIRTIO_PCI_DEVICE_ID_BASE + vdev->type),
		.subsystem_vendor = VIRTIO_PCI_VENDOR_ID,
		.subsystem = VIRTIO_PCI_SUBSYSTEM_ID,
		.revision = VIRTIO_PCI_REVISION_ID,
		.class_code = vdev->class_code,
		.intx_pin = cfg->intx_pin,
		.multifunction = cfg->multifunction,
	};

	if (cfg->interface != DEVICE_IF_MODERN) {
		ids.device = vpci_transitional_id(vdev->type);
		ids.subsystem = vdev->type;
		ids.revision = 0;
	}
	pci_cfg_init(&v->cfg, &v->fn, &ids);
	pci_cfg_use_list(&v->cfg, &v->caps);
	if (cfg->interface != DEVICE_IF_MODERN)
		pci_cfg_add_bar(&v->cfg, VPCI_LEGACY_BAR, PCI_BAR_IO,
				vpci_legacy_bar_bytes(vdev));
	if (cfg->interface != DEVICE_IF_LEGACY)
		pci_cfg_add_bar(&v->cfg, VPCI_BAR, PCI_BAR_MEM64_PREF,
				VPCI_BAR_BYTES);
}

struct pci_function *vpci_create(struct virtio_device *vdev,
				 const struct device_config *cfg,
				 struct device_error *err)
{
	uint32_t entries = cfg->msix_entries < 0 ? vdev->nqueues + 1u
						 : (uint32_t)cfg->msix_entries;
	struct vpci *v;

	if (!vpci_check(cfg, err))
		return NULL;
	v = calloc(1, sizeof(*v));
	if (!v)
		goto no_memory;
	v->fn.ops = &function_ops;
	v->fn.host = vdev->host;
	v->vdev = vdev;
	v->config_vector_fault.name = "device.msix.config_vector";
	v->queue_vector_fault.name = "device.msix.queue_vector";
	v->queue_regs = calloc(vdev->nqueues, sizeof(*v->queue_regs));
	if (!v->queue_regs)
		goto free_function;
	init_config(v, cfg);
	if (!add_msix(v, entries))
		goto free_regs;
	/* There is not room for everything. */
	if (vpci_caps_have_room(cfg->caps)) {
		pci_pcie_add(&v->cfg);
		pci_pm_add(&v->cfg);
	}
	if (cfg->interface == DEVICE_IF_LEGACY) {
		/* Features above 31 came with the modern interface. */
		vdev->offered &= UINT32_MAX;
	} else {
		vpci_add_caps(v, cfg->caps);
		vpci_bend_caps(v, cfg->caps);
	}
	vdev->transport = v;
	vdev->transport_ops = &transport_ops;
	vpci_reset_regs(v);
	vpci_reset_legacy_regs(v);
	return &v->fn;
free_regs:
	free(v->queue_regs);
free_function:
	free(v);
no_memory:
	virtio_fail(err, NULL, "out of memory", NULL);
	return NULL;
}

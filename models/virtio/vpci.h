/* SPDX-License-Identifier: MIT */
/*
 * virtio over PCI: struct vpci is the PCI function around a struct
 * virtio_device, with the modern interface, the legacy one, or both
 * (transitional).  Source: virtio 1.2 section 4.1.  Layout as QEMU's: the legacy
 * registers in the I/O BAR 0, the MSI-X table in BAR 1, the virtio structures in
 * the 64-bit BAR 4.
 *
 *   BAR 0   0x00    legacy registers       vpci_legacy.c
 *           0x14    device configuration; while MSI-X is enabled at 0x18
 *   BAR 4   0x0000  common configuration   vpci_regs.c
 *           0x1000  ISR status             vpci_isr.c
 *           0x2000  device configuration   the device type's table
 *           0x3000  notification: queue n at 0x3000 + 4 * n
 *   BAR 1   0x0000  MSI-X table
 *           0x0800  pending bits (behind the table where that is longer)
 */
#ifndef RINGSIDE_MODELS_VIRTIO_VPCI_H
#define RINGSIDE_MODELS_VIRTIO_VPCI_H

#include "models/pci/config.h"
#include "models/pci/device_model.h"
#include "models/pci/msix.h"
#include "models/virtio/virtio.h"

#define VIRTIO_MSI_NO_VECTOR 0xffffu

#define VPCI_LEGACY_BAR 0u
#define VPCI_MSIX_BAR 1u
#define VPCI_BAR 4u
#define VPCI_REGION_BYTES 0x1000u
#define VPCI_BAR_BYTES 0x4000u
#define VPCI_COMMON 0x0000u
#define VPCI_ISR 0x1000u
#define VPCI_DEVICE 0x2000u
#define VPCI_NOTIFY 0x3000u
#define VPCI_NOTIFY_MULTIPLIER 4u

/* Common configuration: the device's registers, then those of the queue that
 * queue_select names, of which each queue has its own store. */
#define VPCI_DEVICE_REGS_BYTES 0x18u
#define VPCI_QUEUE_REGS_BYTES 0x40u
#define VPCI_LEGACY_REGS_BYTES 0x18u

/* ISR status, 4.1.4.5. */
#define VPCI_ISR_QUEUE 0x01u
#define VPCI_ISR_CONFIG 0x02u

struct vpci {
	struct pci_function fn; /* first */
	struct pci_cfg cfg;
	struct pci_cap_list caps;
	struct pci_msix msix;
	struct virtio_device *vdev;
	uint8_t isr;
	uint8_t window_cap; /* offset of VIRTIO_PCI_CAP_PCI_CFG */
	uint8_t device_regs[VPCI_DEVICE_REGS_BYTES];
	uint8_t absent_queue[VPCI_QUEUE_REGS_BYTES];
	uint8_t legacy_regs[VPCI_LEGACY_REGS_BYTES];
	uint8_t (*queue_regs)[VPCI_QUEUE_REGS_BYTES];
	struct model_fault_site config_vector_fault, queue_vector_fault;
};

/* Rows for the fault table of a device type that uses this transport. */
#define VPCI_FAULT_POINTS                                                     \
	{ .name = "device.needs_reset", .errors = "", .by_queue = true,       \
	  .about = "the device finds at a notification that it cannot go "    \
		   "on: DEVICE_NEEDS_RESET" },                                \
	{ .name = "device.reset.slow", .errors = "",                          \
	  .about = "a reset takes 2 ms: until then device_status keeps what " \
		   "it had" },                                                \
	{ .name = "device.queue_reset.slow", .errors = "", .by_queue = true,  \
	  .about = "a queue's reset takes 2 ms: until then queue_reset reads " \
		   "1" },                                                     \
	{ .name = "device.features_ok", .errors = "",                         \
	  .about = "the device refuses the features: FEATURES_OK does not "   \
		   "stick" },                                                 \
	{ .name = "device.msix.config_vector", .errors = "",                  \
	  .about = "the device refuses a vector for configuration changes: "  \
		   "config_msix_vector reads back NO_VECTOR" },               \
	{ .name = "device.msix.queue_vector", .errors = "", .by_queue = true, \
	  .about = "the device refuses a vector for a queue: "                \
		   "queue_msix_vector reads back NO_VECTOR" }

/* The same of what it can be made to do wrong; each row has its comma. */
#define VPCI_QUIRK_POINTS                                                     \
	PCI_QUIRKS(MODEL_QUIRK_POINT) VIRTIO_QUIRKS(MODEL_QUIRK_POINT)

/* Rows for the feature table of a device type that uses this transport. */
#define VPCI_FEATURES                                                         \
	{ "VIRTIO_F_INDIRECT_DESC", VIRTIO_F_INDIRECT_DESC, true, NULL,       \
	  "descriptors may stand in a table of their own" },                  \
	{ "VIRTIO_F_EVENT_IDX", VIRTIO_F_EVENT_IDX, true, NULL,               \
	  "each side says at which index it wants to be notified" },          \
	{ "VIRTIO_F_VERSION_1", VIRTIO_F_VERSION_1, true, NULL,               \
	  "the device follows virtio 1.0 or later" },                         \
	{ "VIRTIO_F_ACCESS_PLATFORM", VIRTIO_F_ACCESS_PLATFORM, false, NULL,  \
	  "the driver must use bus addresses from the platform's DMA API" },  \
	{ "VIRTIO_F_IN_ORDER", VIRTIO_F_IN_ORDER, false, NULL,                \
	  "buffers are used in the order they were made available" },         \
	{ "VIRTIO_F_ORDER_PLATFORM", VIRTIO_F_ORDER_PLATFORM, false, NULL,    \
	  "the driver must use barriers fit for hardware devices" },          \
	{ "VIRTIO_F_NOTIFICATION_DATA", VIRTIO_F_NOTIFICATION_DATA, false,    \
	  NULL, "a kick carries the ring position too" },                     \
	{ "VIRTIO_F_NOTIF_CONFIG_DATA", VIRTIO_F_NOTIF_CONFIG_DATA, false,    \
	  NULL, "a kick carries queue_notify_data, not the queue's index" },  \
	{ "VIRTIO_F_RING_RESET", VIRTIO_F_RING_RESET, true, NULL,             \
	  "a queue can be reset on its own" }

/* Rows for the register table of a device type that uses this transport. */
#define VPCI_REGISTERS                                                        \
	{ DEVICE_REGS_CONFIG, 0, &pci_cfg_header },                           \
	{ VPCI_BAR, VPCI_COMMON, &vpci_device_regs },                         \
	{ VPCI_BAR, VPCI_COMMON, &vpci_queue_regs },                          \
	{ VPCI_BAR, VPCI_ISR, &vpci_isr_regs },                               \
	{ VPCI_LEGACY_BAR, 0, &vpci_legacy_regs }

/* Row for the readings of a device type with a configuration space. */
#define VPCI_CONFIG_READING(block)                                            \
	{ "config", "fields of the device's configuration space", &(block),   \
	  vpci_config_field }

/* device_reading.get: a field of the device's configuration space. */
bool vpci_config_field(struct pci_function *fn, const struct reg *field,
		       uint64_t *value);

/* Builds the function around *vdev, which virtio_init has seen: its host, type,
 * class_code, ops, offered and config_regs (NULL where the device type has no
 * configuration space) are set.  Owns it from then on:
 * fn.ops->destroy calls vdev->ops->destroy.  NULL, with *err filled, if not;
 * then *vdev is still the caller's. */
struct pci_function *vpci_create(struct virtio_device *vdev,
				 const struct device_config *cfg,
				 struct device_error *err);
/* Is it a configuration that vpci_create takes? */
bool vpci_check(const struct device_config *cfg, struct device_error *err);

/* ---- vpci_regs.c ---- */

extern const struct reg_block vpci_device_regs; /* 0x00 .. 0x17 */
extern const struct reg_block vpci_queue_regs;  /* 0x18 .. 0x3f */

uint64_t vpci_common_read(struct vpci *v, uint32_t offset, uint32_t width);
void vpci_common_write(struct vpci *v, uint32_t offset, uint32_t width,
		       uint64_t value);
/* What the driver is shown as a queue's largest size. */
uint64_t vpci_shown_size(struct vpci *v, uint16_t queue, uint64_t size);
/* A queue's registers, or all, to reset values. */
void vpci_reset_queue_regs(struct vpci *v, uint16_t queue);
void vpci_reset_regs(struct vpci *v);
/* The vectors as mapped now. */
uint16_t vpci_config_vector(const struct vpci *v);
uint16_t vpci_queue_vector(const struct vpci *v, uint16_t queue);
/* Maps a vector to configuration changes, to a queue, instead of the one that
 * was; what is refused becomes NO_VECTOR. */
void vpci_map_config(struct vpci *v, uint16_t was, uint16_t vector);
void vpci_map_queue(struct vpci *v, uint16_t queue, uint16_t was,
		    uint16_t vector);
/* What a kick of the queue must carry, 4.1.5.2. */
uint16_t vpci_notify_value(const struct vpci *v, uint16_t queue);
/* Hooks of registers that both interfaces have. */
reg_read_fn vpci_read_isr; /* vpci_isr.c */
reg_read_fn vpci_read_status;
reg_write_fn vpci_write_status;

/* Tells the driver of an access of another width than 4.1.3.1 allows. */
void vpci_check_width(struct vpci *v, const struct reg_block *block,
		      uint32_t offset, uint32_t width);

/* ---- vpci_isr.c ---- */

extern const struct reg_block vpci_isr_regs;

uint64_t vpci_isr_read(struct vpci *v, uint32_t offset, uint32_t width);

/* ---- vpci.c ---- */

/* An available buffer notification, `value` as written.  False: the queue is not
 * enabled, which the driver is told. */
bool vpci_kick(struct vpci *v, uint16_t queue, uint64_t value);

/* ---- vpci_legacy.c ---- */

extern const struct reg_block vpci_legacy_regs;

/* The PCI device id of a device type that has the legacy interface. */
uint16_t vpci_transitional_id(uint16_t type);
uint64_t vpci_legacy_bar_bytes(const struct virtio_device *vdev);
uint64_t vpci_legacy_read(struct vpci *v, uint32_t offset, uint32_t width);
void vpci_legacy_write(struct vpci *v, uint32_t offset, uint32_t width,
		       uint64_t value);
void vpci_reset_legacy_regs(struct vpci *v);

/* ---- vpci_caps.c ---- */

/* The virtio capabilities of 4.1.4; with some shapes others before and behind
 * them. */
void vpci_add_caps(struct vpci *v, enum device_caps shape);
/* Is there room for those of PCI Express and of power management too? */
bool vpci_caps_have_room(enum device_caps shape);

/* ---- vpci_odd_caps.c ---- */

/* The other shapes: what is there shows itself otherwise. */
void vpci_bend_caps(struct vpci *v, enum device_caps shape);

#endif

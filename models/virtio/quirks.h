/* SPDX-License-Identifier: MIT */
/*
 * Quirks: the rules of virtio that a device can be made to break; as
 * models/pci/quirks.h, which has those of PCI.  Read by the .c files of
 * models/virtio, and by who wants to know what can be wrong with a device.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_QUIRKS_H
#define RINGSIDE_MODELS_VIRTIO_QUIRKS_H

#include "models/pci/quirks.h"

/* Registers, interrupts and resets. */
#define VIRTIO_REGISTER_QUIRKS(X)                                             \
	X(VIRTIO_QUIRK_ISR_KEPT, "device.isr.kept", false, NULL,              \
	  "reading ISR status does not clear it")                             \
	X(VIRTIO_QUIRK_ISR_LINE, "device.isr.line", false, NULL,              \
	  "reading ISR status clears it and leaves the pin asserted")         \
	X(VIRTIO_QUIRK_ISR_PENDING, "device.isr.pending", false, NULL,        \
	  "reading ISR status clears the pending bits of masked vectors "     \
	  "too")                                                              \
	X(VIRTIO_QUIRK_RESET_ISR, "device.reset.isr", false, NULL,            \
	  "a reset leaves ISR status, and the pin with it")                   \
	X(VIRTIO_QUIRK_RESET_VECTORS, "device.reset.vectors", false, NULL,    \
	  "a reset leaves the vectors mapped")                                \
	X(VIRTIO_QUIRK_RESET_QUEUE_ENABLE, "device.reset.queue_enable",       \
	  true, NULL,                                                         \
	  "a reset leaves queue_enable at 1")                                 \
	X(VIRTIO_QUIRK_RESET_STUCK, "device.reset.stuck", false, NULL,        \
	  "a reset never ends: device_status does not come to read 0")        \
	X(VIRTIO_QUIRK_VECTOR_BEYOND, "device.vector.beyond", true, NULL,     \
	  "a vector beyond the MSI-X table is accepted, and reads back")      \
	X(VIRTIO_QUIRK_VECTOR_INITIAL, "device.vector.initial", true, NULL,   \
	  "after a reset the vectors read 0, and not NO_VECTOR")              \
	X(VIRTIO_QUIRK_VECTOR_NONE, "device.vector.none", true, NULL,         \
	  "NO_VECTOR is ignored when it is written: the vector stays "        \
	  "mapped")                                                           \
	X(VIRTIO_QUIRK_VECTOR_CONFIG, "device.vector.config", false, NULL,    \
	  "a change of the configuration that has no vector is sent to "      \
	  "vector 0")                                                         \
	X(VIRTIO_QUIRK_QUEUE_SIZE, "device.queue.size", true, "odd zero",     \
	  "queue_size reads a number that is no power of two, or 0")          \
	X(VIRTIO_QUIRK_FEATURE_SELECT, "device.features.select", false,       \
	  NULL,                                                               \
	  "device_feature_select counts modulo 2")                            \
	X(VIRTIO_QUIRK_GENERATION, "device.config.generation", false, NULL,   \
	  "config_generation does not move when the configuration changes")   \
	X(VIRTIO_QUIRK_CONFIG_INTERRUPT, "device.config.interrupt", false,    \
	  NULL,                                                               \
	  "a change of the configuration is not announced")                   \
	X(VIRTIO_QUIRK_NEEDS_RESET_STATUS, "device.needs_reset.status",       \
	  false, NULL,                                                        \
	  "DEVICE_NEEDS_RESET replaces the other bits of device_status")      \
	X(VIRTIO_QUIRK_NEEDS_RESET_INTERRUPT,                                 \
	  "device.needs_reset.interrupt", false, NULL,                        \
	  "DEVICE_NEEDS_RESET is set and not announced")                      \
	X(VIRTIO_QUIRK_DRIVER_FEATURE, "device.features.driver", false, NULL, \
	  "driver_feature reads 0 whatever was written")                      \
	X(VIRTIO_QUIRK_CONFIG_EARLY, "device.config.early", false, NULL,      \
	  "the configuration reads 0 before FEATURES_OK")                     \
	X(VIRTIO_QUIRK_WINDOW_READ, "device.window.read", false, NULL,        \
	  "the window in configuration space reads 0")                        \
	X(VIRTIO_QUIRK_WINDOW_WRITE, "device.window.write", false, NULL,      \
	  "a write through the window in configuration space is lost")

/* Registers of a queue, and its own reset. */
#define VIRTIO_QUEUE_QUIRKS(X)                                                \
	X(VIRTIO_QUIRK_QUEUE_ABSENT, "device.queue.absent", false, NULL,      \
	  "queue_size of a queue that is not there reads 1")                  \
	X(VIRTIO_QUIRK_QUEUE_HALF, "device.queue.half", true, NULL,           \
	  "the upper half of a queue's addresses reads 0")                    \
	X(VIRTIO_QUIRK_QUEUE_RESET_SHOWN, "device.queue_reset.shown", true,   \
	  NULL, "queue_reset reads 1 although no reset goes on")              \
	X(VIRTIO_QUIRK_QUEUE_RESET_IGNORED, "device.queue_reset.ignored",     \
	  true, NULL,                                                         \
	  "a write of queue_reset has no effect, and it reads 0")             \
	X(VIRTIO_QUIRK_QUEUE_RESET_ENABLE, "device.queue_reset.enable", true, \
	  NULL, "a queue's reset leaves queue_enable at 1")                   \
	X(VIRTIO_QUIRK_QUEUE_RESET_SIZE, "device.queue_reset.size", true,     \
	  NULL, "a queue that is enabled again keeps the size it had")

/* Rings. */
#define VIRTIO_RING_QUIRKS(X)                                                 \
	X(VIRTIO_QUIRK_USED_ORDER, "device.used.order", true, NULL,           \
	  "the used index moves before the element is written")               \
	X(VIRTIO_QUIRK_USED_LENGTH, "device.used.length", true,               \
	  "whole long zero",                                                  \
	  "the used length is wrong: all that was writable, more than "       \
	  "that, or 0")                                                       \
	X(VIRTIO_QUIRK_USED_ID, "device.used.id", true, "other beyond",       \
	  "a chain is given back under the number of another descriptor, "    \
	  "or of one beyond the table")                                       \
	X(VIRTIO_QUIRK_USED_IN_ORDER, "device.used.in_order", true, NULL,     \
	  "of two buffers that are available together the second is used "    \
	  "first, with IN_ORDER too")                                         \
	X(VIRTIO_QUIRK_USED_EVENT, "device.used.event", true,                 \
	  "equality never always",                                            \
	  "used_event is compared for equality alone; or what the driver "    \
	  "wants is not looked at: no interrupt, or one each time")           \
	X(VIRTIO_QUIRK_AVAIL_EVENT, "device.avail.event", true, NULL,         \
	  "avail_event is written although EVENT_IDX was not negotiated")     \
	X(VIRTIO_QUIRK_AVAIL_REARM, "device.avail.rearm", true, NULL,         \
	  "notifications are turned on again and the ring is not looked "     \
	  "at once more")                                                     \
	X(VIRTIO_QUIRK_KICK_LOST, "device.kick.lost", true, NULL,             \
	  "an available buffer notification has no effect")

#define VIRTIO_QUIRKS(X)                                                      \
	VIRTIO_REGISTER_QUIRKS(X) VIRTIO_QUEUE_QUIRKS(X) VIRTIO_RING_QUIRKS(X)

enum virtio_quirk {
	VIRTIO_QUIRKS(MODEL_QUIRK_ENUM)
	VIRTIO_QUIRK_COUNT
};

#endif

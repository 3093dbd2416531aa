/* SPDX-License-Identifier: MIT */
/*
 * One virtio-pci device as somebody sees it who watches the bus: its capability
 * list, its registers as they were last written and read, its queues, and the
 * requests in them.  What chapters of the rule book judge by.  A chapter sees an
 * access with the view as it was before; the view takes it in afterwards.
 *
 * Where structures lie is learnt from the device's own capability list (virtio
 * 1.2 4.1.4), not from the model's tables: this is a third reading of the
 * specification beside driver and model.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_VIEW_H
#define RINGSIDE_SIM_CHECK_CLAUSES_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/check/clauses/chain.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

#define VIEW_CAPS 32u
#define VIEW_QUEUES 64u      /* of more, none beyond is looked at */
#define VIEW_NO_VECTOR 0xffffu
#define VIEW_HEADER_BYTES 0x40u /* before all capabilities: PCI 3.0 6.1 */

/* What of the device an access is to. */
enum view_part {
	VIEW_OTHER,          /* nothing that the capability list names */
	VIEW_COMMON,         /* cfg_type 1: 4.1.4.3 */
	VIEW_NOTIFY,         /* 2: 4.1.4.4 */
	VIEW_ISR,            /* 3: 4.1.4.5 */
	VIEW_DEVICE,         /* 4: 4.1.4.6 */
	VIEW_PCI_CFG,        /* 5: the window; never the part of an access */
	VIEW_HEADER,         /* PCI configuration space: before all capabilities */
	VIEW_CONFIG,         /* the rest of that space; offsets are those in it */
	VIEW_MSIX,           /* MSI-X table */
	VIEW_PBA,
	VIEW_LEGACY,         /* BAR 0 as I/O ports: 4.1.4.10 */
	VIEW_PARTS
};

/* Offsets in common configuration, virtio 1.2 4.1.4.3. */
enum view_common {
	COMMON_DEVICE_FEATURE_SELECT = 0x00,
	COMMON_DEVICE_FEATURE = 0x04,
	COMMON_DRIVER_FEATURE_SELECT = 0x08,
	COMMON_DRIVER_FEATURE = 0x0c,
	COMMON_CONFIG_MSIX_VECTOR = 0x10,
	COMMON_NUM_QUEUES = 0x12,
	COMMON_DEVICE_STATUS = 0x14,
	COMMON_CONFIG_GENERATION = 0x15,
	COMMON_QUEUE_SELECT = 0x16,
	COMMON_QUEUE_SIZE = 0x18,
	COMMON_QUEUE_MSIX_VECTOR = 0x1a,
	COMMON_QUEUE_ENABLE = 0x1c,
	COMMON_QUEUE_NOTIFY_OFF = 0x1e,
	COMMON_QUEUE_DESC = 0x20,
	COMMON_QUEUE_DRIVER = 0x28,
	COMMON_QUEUE_DEVICE = 0x30,
	COMMON_QUEUE_NOTIFY_DATA = 0x38,
	COMMON_QUEUE_RESET = 0x3a,
	COMMON_BYTES = 0x3c
};

/* Of a set of them; all from there on. */
#define COMMON_BIT(offset) (1ull << (offset))
#define COMMON_FROM(offset) (~0ull << (offset))

/* device_status, virtio 1.2 2.1. */
enum view_status {
	STATUS_ACKNOWLEDGE = 1,
	STATUS_DRIVER = 2,
	STATUS_DRIVER_OK = 4,
	STATUS_FEATURES_OK = 8,
	STATUS_NEEDS_RESET = 64,
	STATUS_FAILED = 128
};

/* Of a set of parts. */
#define VIEW_BIT(part) (1u << (part))

struct view_cap {
	uint8_t at;          /* in configuration space */
	uint8_t vndr, next, len;
	/* Of a vendor-specific one (vndr 9): struct virtio_pci_cap. */
	uint8_t cfg_type, bar, id;
	uint32_t offset, length;
	uint32_t extra;      /* what follows: notify_off_multiplier of type 2 */
};

struct view_region {
	bool known;
	uint8_t bar;
	uint64_t offset, length;
};

struct view_queue {
	/* As the driver wrote them or, where it has not, read them; 0: neither. */
	uint32_t size;
	uint32_t largest;    /* queue_size as first read since the reset */
	uint64_t desc, driver, device;
	bool desc_written, driver_written, device_written;
	uint32_t vector;     /* as last written; VIEW_NO_VECTOR after a reset */
	uint32_t notify_off, notify_data;
	bool notify_off_read, notify_data_read;
	bool enabled;        /* the driver wrote 1 to queue_enable */
	bool resetting;      /* 1 to queue_reset, and not yet read as 1 or 0 */
	bool was_reset;      /* by queue_reset, since the device was */
	/* The rings; indices are free-running, as in memory. */
	uint16_t looked;     /* available entries that were judged */
	uint16_t seen;       /* available index, as the device last read it */
	uint16_t used;       /* used index, as the device last wrote it */
	uint16_t pushed;     /* used elements that the device has written */
	bool kicked;         /* the driver has ever notified it */
	struct chain *chains;/* by head, `size` of them; NULL: none yet */
};

struct view {
	const struct world *world;
	unsigned int device; /* the events' number */
	uint16_t type;       /* virtio device ID: 2 block; 0: not known to be one */
	/* PCI. */
	uint8_t config[256]; /* as last read or written */
	uint8_t known[256];  /* 1: that byte was seen */
	struct view_cap caps[VIEW_CAPS];
	unsigned int ncaps;
	struct view_region parts[VIEW_PARTS];
	uint32_t multiplier; /* notify_off_multiplier */
	uint32_t command;    /* PCI Command, as last written */
	uint32_t msix_control; /* Message Control, as last written */
	uint32_t msix_entries;
	/* Common configuration. */
	uint64_t offered;    /* by the device, as the scenario made it */
	uint64_t seen_offered; /* what of it the driver has read */
	uint32_t windows_read; /* bit n: device_feature with select n */
	uint32_t device_feature_select, driver_feature_select;
	bool feature_selected; /* the driver has written the first of them */
	uint64_t accepted;   /* driver_feature, as written */
	uint64_t negotiated; /* the same, once FEATURES_OK was read back; else 0 */
	uint8_t status;      /* device_status as last written or read, without
	                        DEVICE_NEEDS_RESET; 0 after a reset */
	uint8_t shown;       /* as last read */
	bool features_ok;    /* read back with FEATURES_OK since the reset */
	bool resetting;      /* 0 written, 0 not yet read */
	bool was_reset;      /* the driver has reset it since it was plugged in */
	uint32_t config_vector;
	uint32_t num_queues; /* 0: not read yet */
	uint32_t generation; /* as last read; UINT32_MAX: never */
	uint32_t queue_select;
	struct view_queue queues[VIEW_QUEUES];
	unsigned int nqueues;/* no queue from here on was touched */
	bool legacy;         /* driven through its I/O registers */
	bool gone;           /* it answers no more: pulled out, or it hangs */
};

struct access {
	const struct event *ev;
	enum view_part part;
	bool write;
	uint32_t offset;     /* in the part */
	uint32_t width;      /* bytes */
	uint64_t value;
};

/* `config`: its 256 bytes, or NULL: they are learnt from the driver's reads. */
void view_init(struct view *v, const struct world *w, unsigned int device,
	       const uint8_t *config);
void view_free(struct view *v);
/* What the event is an access to; false: it is none. */
bool view_access(const struct view *v, const struct event *ev,
		 struct access *a);
/* Takes it in. */
void view_update(struct view *v, const struct access *a);
/* The queue that the notification at this offset of the notify structure is for,
 * or NULL: of none that was looked up. */
struct view_queue *view_notified(struct view *v, const struct access *a);
static inline struct view_queue *view_selected(struct view *v)
{
	return v->queue_select < VIEW_QUEUES ? &v->queues[v->queue_select]
					     : NULL;
}
/* What the outstanding chains have at a bus address. */
enum view_parts_at { VIEW_READABLE = 1, VIEW_WRITABLE = 2 };
/* A set of these, by what the device may do there. */
unsigned int view_parts_at(const struct view *v, uint64_t addr);
/* A device may offer more than the scenario's list: its keys can ask for some. */
static inline bool view_offers(const struct view *v, uint64_t feature)
{
	return (v->offered | v->seen_offered) & feature;
}
static inline unsigned int view_queue_number(const struct view *v,
					     const struct view_queue *q)
{
	return (unsigned int)(q - v->queues);
}
/* Chains that were made available and not used yet. */
static inline uint32_t view_outstanding(const struct view_queue *q)
{
	uint32_t i, n = 0;

	for (i = 0; q->chains && i < q->size; i++)
		n += q->chains[i].outstanding;
	return n;
}
/* Does it write or read all of the `width` bytes that begin at `offset`? */
static inline bool access_is(const struct access *a, enum view_part part,
			     uint32_t offset, uint32_t width)
{
	return a->part == part && a->offset == offset && a->width == width;
}
/* Does it touch any of them? */
static inline bool access_touches(const struct access *a, enum view_part part,
				  uint32_t offset, uint32_t width)
{
	return a->part == part && a->offset < offset + width &&
	       offset < a->offset + a->width;
}
/* Has nobody answered this read? */
static inline bool access_unanswered(const struct access *a)
{
	return !a->write && a->width &&
	       a->value == UINT64_MAX >> (64 - 8 * a->width);
}
/* Does it set this bit of device_status, which was not set? */
static inline bool access_sets_status(const struct view *v,
				      const struct access *a, uint8_t bit)
{
	return a->write && a->value & bit && !(v->status & bit) &&
	       access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A small virtio driver for the devices' unit tests: it sees the device only
 * through config space, BARs, RAM and interrupts, as a real one does.  Its
 * numbers are the specification's, written out.  Requests are those of
 * virtio-blk, the device that is made where a test names none.  Read by the
 * tests beside it.
 */
#ifndef RINGSIDE_TESTS_UNIT_VIRTIO_DRIVER_H
#define RINGSIDE_TESTS_UNIT_VIRTIO_DRIVER_H

#include "models/pci/device_model.h"
#include "tests/fake_host/fake_host.h"

#define DRV_RAM_BYTES 0x400000u
#define DRV_BAR0 0xc000ull      /* I/O: the legacy registers */
#define DRV_BAR1 0xe0000000ull  /* MSI-X */
#define DRV_BAR4 0x800000000ull /* virtio structures */
#define DRV_MSI 0xfee00000ull   /* where messages go */
#define DRV_MAX_QUEUES 64

/* A model's property by name. */
struct drv_value {
	const char *name;
	int64_t i;
};

/* What to make; zeroes give the defaults. */
struct drv_options {
	const char *model;     /* NULL: virtio-blk */
	struct drv_value set[4];
	int queues;            /* 0: the model's default */
	int queue_size;        /* the same */
	uint64_t withhold;     /* from the model's default features */
	uint64_t offer;        /* on top of them */
	int msix_entries;      /* 0: the model's default; -1: no MSI-X */
	int pin;               /* 0: A; -1: none */
	enum device_interface interface; /* 0: modern */
	enum device_caps caps; /* of the capability list */
	/* of virtio-blk alone */
	bool read_only;
	const char *serial;
	int64_t latency;       /* ps */
	int seg_max;
	const void *image;     /* NULL: 1 MiB of a pattern */
	size_t image_len;
};

struct drv_queue {
	uint16_t size;
	uint64_t desc, avail, used;
	uint16_t avail_idx, used_idx, next_desc;
};

struct drv {
	struct fake_host host;
	struct pci_function *fn;
	uint8_t *image; /* as the device was given it */
	size_t image_len;
	uint64_t next;  /* free RAM from here on */
	uint64_t features;
	struct drv_queue q[DRV_MAX_QUEUES];
	struct device_error error;
};

/* One buffer of a chain. */
struct drv_buf {
	uint64_t addr;
	uint32_t len;
	uint16_t flags; /* 2 device-writable; NEXT is added */
};

/* A model by its name in the catalogue. */
const struct device_model *drv_model_named(const char *name);
/* virtio-blk; its default features. */
const struct device_model *drv_model(void);
uint64_t drv_default_features(void);
/* Values of the model's properties from options. */
struct device_value *drv_values(const struct drv_options *o, const void *image,
				size_t len);

/* A device with BARs assigned, memory decode and Bus Master on.  NULL fn: it
 * could not be made, error tells. */
struct drv *drv_new(const struct drv_options *o);
void drv_free(struct drv *d);

uint32_t drv_cfg_read(struct drv *d, uint32_t offset, uint32_t width);
void drv_cfg_write(struct drv *d, uint32_t offset, uint32_t width,
		   uint32_t value);
/* BAR 4: common configuration at 0, ISR 0x1000, device 0x2000, notify 0x3000. */
uint64_t drv_read(struct drv *d, uint32_t offset, uint32_t width);
void drv_write(struct drv *d, uint32_t offset, uint32_t width, uint64_t value);
/* BAR 0 in I/O space. */
uint64_t drv_io_read(struct drv *d, uint32_t offset, uint32_t width);
void drv_io_write(struct drv *d, uint32_t offset, uint32_t width,
		  uint64_t value);
uint64_t drv_bar1_read(struct drv *d, uint32_t offset, uint32_t width);
void drv_bar1_write(struct drv *d, uint32_t offset, uint32_t width,
		    uint64_t value);
/* The `nth` (from 0) capability with this id; virtio ones by cfg_type. 0: none */
uint32_t drv_find_cap(struct drv *d, uint8_t id, uint8_t cfg_type);

/* Bytes of guest RAM, 16-byte aligned, zeroed. */
uint64_t drv_alloc(struct drv *d, uint32_t len);
void *drv_ram(struct drv *d, uint64_t addr, uint32_t len);
uint16_t drv_ram16(struct drv *d, uint64_t addr);
void drv_put16(struct drv *d, uint64_t addr, uint16_t value);

/* The steps of 3.1.1.  drv_negotiate ends at FEATURES_OK, returns whether it
 * stuck. */
bool drv_negotiate(struct drv *d, uint64_t features);
void drv_setup_queue(struct drv *d, uint16_t q, uint16_t size);
void drv_driver_ok(struct drv *d);
/* All of them: `features` beside VERSION_1, all queues, MSI-X vector 0 for the
 * configuration, 1 + q for queue q, unmasked and enabled. */
void drv_start(struct drv *d, uint64_t features);
/* The same with INTx: no vectors. */
void drv_start_intx(struct drv *d, uint64_t features);
void drv_enable_msix(struct drv *d);
void drv_mask(struct drv *d, uint32_t vector, bool masked);
void drv_status(struct drv *d, uint8_t value);

/* Writes a chain into the descriptor table, from the next free entry on; returns
 * its head. */
uint16_t drv_chain(struct drv *d, uint16_t q, const struct drv_buf *bufs,
		   unsigned int n);
/* One descriptor, as it is. */
void drv_desc(struct drv *d, uint64_t table, uint16_t i, uint64_t addr,
	      uint32_t len, uint16_t flags, uint16_t next);
/* Makes a head available (index moved), without a kick. */
void drv_publish(struct drv *d, uint16_t q, uint16_t head);
void drv_kick(struct drv *d, uint16_t q);
/* Runs the lanes until nothing is scheduled. */
void drv_run(struct drv *d);
/* The next used element; false: there is none. */
bool drv_used(struct drv *d, uint16_t q, uint32_t *id, uint32_t *len);

/* A request of blk: header, data (device-writable for IN and GET_ID), status. */
struct drv_request {
	uint64_t header, data, status;
	uint32_t data_len;
	uint16_t head;
};
struct drv_request drv_prepare(struct drv *d, uint16_t q, uint32_t type,
			       uint64_t sector, uint32_t data_len);
/* Prepares, publishes, kicks, runs. Status 0xee: the device wrote none. */
struct drv_request drv_submit(struct drv *d, uint16_t q, uint32_t type,
			      uint64_t sector, uint32_t data_len);
uint8_t drv_result(struct drv *d, const struct drv_request *r);

/* The last event of a kind has this text in it. */
bool drv_said(struct drv *d, enum model_event_kind kind, const char *text);

/* gzip of bytes, level 6; free() it. */
uint8_t *drv_gzip(const void *bytes, size_t len, size_t *out_len);
/* A pattern in which no two sectors are alike; free() it. */
uint8_t *drv_pattern(size_t len);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a kind of device tells about itself: its name, the scenario keys it
 * reads, its feature bits and fault points, and how to make one.  Built-in
 * models are listed in models/catalogue.c; a scenario's `model: ./my.so` names
 * a shared object that exports ringside_device().
 */
#ifndef RINGSIDE_MODELS_PCI_DEVICE_MODEL_H
#define RINGSIDE_MODELS_PCI_DEVICE_MODEL_H

#include "models/pci/function.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DEVICE_MODEL_ABI_VERSION 1u

enum device_property_type {
	DEVICE_PROP_INT,    /* .i */
	DEVICE_PROP_BOOL,   /* .i, 0 or 1 */
	DEVICE_PROP_SIZE,   /* .i, bytes */
	DEVICE_PROP_TIME,   /* .i, picoseconds */
	DEVICE_PROP_STRING, /* .s */
	/* .s the name as given, .bytes and .len its contents; of a gzip file that
	 * holds at most 1 MiB, what it holds. */
	DEVICE_PROP_FILE
};

/* A scenario key of a device of this model.  A table ends with a NULL name. */
struct device_property {
	const char *name;
	enum device_property_type type;
	bool required;
	int64_t deflt, min, max; /* INT, SIZE, TIME */
	const char *about;       /* one line */
};

struct device_value {
	bool given;
	int64_t i;
	const char *s;
	const void *bytes; /* valid as long as the device lives */
	size_t len;
};

/* A feature bit.  A table ends with a NULL name. */
struct device_feature {
	const char *name;   /* "VIRTIO_BLK_F_FLUSH" */
	uint8_t bit;
	bool deflt;         /* offered with `base: default` */
	const char *needs;  /* a feature that must be offered too, or NULL */
	const char *about;
};

/* A fault point.  A table ends with a NULL name.  A point has errors or effects,
 * not both; with neither there is one thing that can happen. */
struct model_fault_point {
	const char *name;   /* "device.features_ok" */
	const char *errors; /* default first; "" where no errno makes sense */
	bool by_queue;      /* `queue: n` narrows it */
	const char *about;
	const char *effects; /* what may happen, default first; NULL: one thing */
	bool quirk;          /* the device breaks its rules: what follows is not
	                        the driver's doing */
};

enum device_interface {
	DEVICE_IF_MODERN,
	DEVICE_IF_TRANSITIONAL,
	DEVICE_IF_LEGACY
};

/* How a device shows its capability list; docs/scenario-format.md has what each
 * is.  The first five are as the specification allows. */
enum device_caps {
	DEVICE_CAPS_PLAIN,
	DEVICE_CAPS_REPEATED,
	DEVICE_CAPS_FOREIGN,
	DEVICE_CAPS_LONG,
	DEVICE_CAPS_SHARED,
	DEVICE_CAPS_SHARED_TWICE,
	DEVICE_CAPS_SHARED_OUTSIDE,
	DEVICE_CAPS_COMMON_IN_NO_BAR,
	DEVICE_CAPS_COMMON_OUTSIDE,
	DEVICE_CAPS_COMMON_WRAPS,
	DEVICE_CAPS_COMMON_SHORT,
	DEVICE_CAPS_NO_NOTIFY,
	DEVICE_CAPS_LOOP_BEHIND,
	DEVICE_CAPS_LOOP_FIRST,
	DEVICE_CAPS_POINTER_LOW,
	DEVICE_CAPS_POINTER_ODD,
	DEVICE_CAPS_END_NOWHERE,
	DEVICE_CAPS_UNLISTED,
	DEVICE_CAPS_MSIX_IN_NO_BAR,
	DEVICE_CAPS_MSIX_OUTSIDE,
	DEVICE_CAPS_SHAPES
};

/* What a scenario asks of one device.  Valid only during create. */
struct device_config {
	const char *id;
	enum device_interface interface;
	uint64_t features;     /* offered, as base, offer and withhold make it */
	int32_t msix_entries;  /* -1: the model's default; 0: no MSI-X capability */
	uint8_t intx_pin;      /* 0 none, 1..4 */
	bool deep;             /* check(): look at all data, however long it takes */
	const struct device_value *values; /* in the order of `properties` */
	/* There are other functions in the same slot: Header Type bit 7. */
	bool multifunction;
	enum device_caps caps;
};

/* Why a device could not be made: one phrase, without newline, about the named
 * property (or NULL). */
struct device_error {
	const char *property;
	char text[200];
};

/* Where a register block of the device lies; for traces and `explain`.  A table
 * ends with a NULL block. */
struct reg_block;
struct device_registers {
	uint8_t bar;               /* or DEVICE_REGS_CONFIG: config space */
	uint32_t offset;           /* of the block's first byte */
	const struct reg_block *block;
};
#define DEVICE_REGS_CONFIG 0xffu

/* What a hypervisor's operator, and not the guest, does to a device: a step of a
 * scenario's workload.  A table ends with a NULL name. */
struct device_action {
	const char *name;  /* "balloon.target" */
	const char *about; /* one line */
	/* Beside `device` and `within`, which every action has; none is a FILE.
	 * NULL: none. */
	const struct device_property *params;
	/* Begins it, as a register handler does things: no simulated time, no
	 * DMA.  values: one for each parameter, valid during the call.  0: it
	 * has begun, and ends with the host's action_done, at the earliest
	 * inside this call.  Else -errno: it was refused.  An action that has
	 * not ended by then is given up: only the last one's end is told. */
	int (*start)(struct pci_function *fn,
		     const struct device_value *values);
};

/* Values of a device that expectations may ask for by name, as in
 * `config: {num_pages: 700}`.  A table ends with a NULL name. */
struct reg;
struct device_reading {
	const char *name;               /* "config" */
	const char *about;              /* one line */
	const struct reg_block *fields; /* their names */
	/* A field's present value, without what an access of the guest would
	 * bring about; false: there is none yet. */
	bool (*get)(struct pci_function *fn, const struct reg *field,
		    uint64_t *value);
};

struct device_model {
	uint32_t abi_version;
	uint32_t size;            /* of this struct */
	const char *name;         /* "virtio-blk" */
	const char *about;        /* one line */
	const char *not_modelled; /* what a user might expect and does not get */
	const struct device_property *properties;
	const struct device_feature *features;
	const struct model_fault_point *faults;
	/* NULL, with *err filled, if the values make no device.  Owns what it
	 * returns until ops->destroy. */
	struct pci_function *(*create)(const struct device_config *cfg,
				       struct pci_host *host,
				       struct device_error *err);
	/* Checks a device's values without making one; *err as create. */
	bool (*check)(const struct device_config *cfg,
		      struct device_error *err);
	const struct device_registers *registers; /* or NULL: not told */
	/* From here on only if `size` says so. */
	const struct device_action *actions;   /* or NULL: none */
	const struct device_reading *readings; /* or NULL: none */
};

static inline const struct device_action *
device_model_actions(const struct device_model *m)
{
	return m->size > offsetof(struct device_model, actions) ? m->actions
								: NULL;
}

static inline const struct device_reading *
device_model_readings(const struct device_model *m)
{
	return m->size > offsetof(struct device_model, readings) ? m->readings
								 : NULL;
}

#define RINGSIDE_DEVICE_ENTRY "ringside_device"
typedef const struct device_model *ringside_device_fn(void);

/* models/catalogue.c: the built-in models, ends with NULL. */
extern const struct device_model *const device_catalogue[];

#ifdef __cplusplus
}
#endif
#endif

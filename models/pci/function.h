/* SPDX-License-Identifier: MIT */
/*
 * Door 2: what a PCI function offers, and what it may ask of its host.
 *
 * A function is a C struct that begins with struct pci_function.  Its host is
 * the root port's shell in sim/platform/, the small machine in sim/flat/ or
 * the fake host of the unit tests.
 *
 * The timing contract:
 *  - config_*, bar_* take no simulated time and do no DMA.  They latch state,
 *    post interrupt messages, or schedule work on a lane.
 *  - lane_run does the work, one call at a time for each lane.  Only there may
 *    dma_read, dma_write and lane_wait be called; simulated time may pass in
 *    them and any other operation of the function may run meanwhile.
 *  - After DMA_CANCELED the lane returns at once and touches nothing: the
 *    function was reset, lost Bus Master, or is gone.
 *  - dma_write, msi and intx of one function are posted into one ordered FIFO;
 *    a dma_read and the completion of a CPU read drain it first.
 */
#ifndef RINGSIDE_MODELS_PCI_FUNCTION_H
#define RINGSIDE_MODELS_PCI_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PCI_FUNCTION_ABI_VERSION 1u
#define PCI_MAX_LANES 64u   /* lanes of one function: 0 .. 63 */
#define PCI_BARS 6u

struct pci_function;
struct pci_host;

enum dma_result {
	DMA_OK,
	DMA_ERROR,   /* nobody answers at that address; go on with the next item */
	DMA_CANCELED /* return at once, touch nothing */
};

enum pci_reset_kind {
	PCI_RESET_POWER_ON, /* everything to its reset value */
	PCI_RESET_FLR,      /* function level reset */
	PCI_RESET_D3HOT     /* return from D3hot without No_Soft_Reset */
};

enum pci_window_kind { PCI_WINDOW_NONE, PCI_WINDOW_MEM, PCI_WINDOW_IO };

/* What a model tells the observers.  `index` and `value` by kind. */
enum model_event_kind {
	MODEL_EV_COMMAND,        /* PCI Command register; value: new */
	MODEL_EV_MSIX_CONTROL,   /* value: new Message Control */
	MODEL_EV_MSIX_PENDING,   /* index: vector; value: 1 set, 0 delivered */
	MODEL_EV_MSIX_DROPPED,   /* index: vector; text: why (Bus Master off...) */
	MODEL_EV_STATUS,         /* virtio device_status; value: new */
	MODEL_EV_FEATURES,       /* driver_feature accepted at FEATURES_OK */
	MODEL_EV_CONFIG_VECTOR,  /* value: now mapped, 0xffff none */
	MODEL_EV_QUEUE_VECTOR,   /* index: queue; value: now mapped */
	MODEL_EV_QUEUE_ENABLE,   /* index: queue; value: size, 0 disabled */
	MODEL_EV_KICK,           /* index: queue; value: as written */
	MODEL_EV_USED,           /* index: queue; value: new used idx */
	MODEL_EV_NOTIFY,         /* decision about an interrupt: for all buffers
	                            used since the queue's last one, or for a config
	                            event; index: queue or 0xffff (config);
	                            value: enum model_notify */
	MODEL_EV_REQUEST,        /* index: queue; value: device-specific; text: what */
	MODEL_EV_GUEST_ERROR,    /* the guest broke a rule; index: queue or 0xffff;
	                            text: which, as one phrase */
	MODEL_EV_NEEDS_RESET,    /* text: why */
	MODEL_EV_RESET,          /* device reset; value: 0 begun, 1 complete */
	MODEL_EV_MEDIUM,         /* the host's data behind the device cannot be
	                            read; value: where; text: why */
	MODEL_EV_NOTE,           /* anything else; text */
	MODEL_EV_CONFIG,         /* the device has changed its configuration;
	                            value: config_generation */
	MODEL_EV_COUNT
};

/* What became of an event that could interrupt the driver. */
enum model_notify {
	MODEL_NOTIFY_SENT,       /* an MSI-X message was posted */
	MODEL_NOTIFY_PENDING,    /* masked: the pending bit was set */
	MODEL_NOTIFY_INTX,       /* ISR bit set; the line is or was asserted */
	MODEL_NOTIFY_SUPPRESSED, /* by the driver's own request (flags, event idx) */
	MODEL_NOTIFY_NO_VECTOR,  /* MSI-X on and unmapped: none, by rule */
	MODEL_NOTIFY_DROPPED     /* could not be sent: Bus Master off */
};

struct model_event {
	enum model_event_kind kind;
	uint32_t index;
	uint64_t value;
	const char *text; /* copied by the host; NULL none */
};

/* A place in a model at which a fault can be injected; as in door 1. */
struct model_fault_site {
	const char *name; /* a row of the model's fault table */
	uint32_t handle;  /* the host's, starts as 0 */
};

/* What a function may ask of its host. */
struct pci_host_ops {
	uint32_t abi_version;
	uint32_t size; /* of this struct */

	/* DMA of `len` bytes at bus address `addr`; len may be 0.  Lane only. */
	enum dma_result (*dma_read)(struct pci_host *h, uint64_t addr,
				    void *buf, uint32_t len);
	enum dma_result (*dma_write)(struct pci_host *h, uint64_t addr,
				     const void *buf, uint32_t len);
	/* Lets simulated time pass: the service time of a medium.  Lane only. */
	enum dma_result (*lane_wait)(struct pci_host *h, uint64_t ps);
	/* Posts an MSI or MSI-X message: a 4-byte memory write. */
	void (*msi)(struct pci_host *h, uint32_t vector, uint64_t addr,
		    uint32_t data);
	/* Posts Assert_INTx / Deassert_INTx; pin: 1 (INTA) .. 4 (INTD). */
	void (*intx)(struct pci_host *h, uint32_t pin, bool asserted);
	/* Runs lane_run(lane) once, at the earliest after `delay` ps; a lane that
	 * is already scheduled and not yet running is not scheduled twice; one
	 * that is running runs again. */
	void (*lane_schedule)(struct pci_host *h, uint32_t lane,
			      uint64_t delay);
	/* Raises the epoch of the lanes in the mask: those that run get
	 * DMA_CANCELED, those that are scheduled are not run, and what they have
	 * not yet posted never is.  When none of them runs any more (at once, if
	 * none does) the function's lanes_drained(mask) is called. */
	void (*cancel)(struct pci_host *h, uint64_t lanes);
	/* BAR `bar` now decodes [base, base + size), or nothing. */
	void (*window)(struct pci_host *h, uint32_t bar,
		       enum pci_window_kind kind, uint64_t base, uint64_t size);
	void (*event)(struct pci_host *h, const struct model_event *ev);
	/* 0: go on; else the fault's error number; at a point with effects the
	 * effect's, from 1; where there is neither, 1. */
	int (*fault)(struct pci_host *h, struct model_fault_site *site,
		     uint32_t index);
	/* The operator's action that was started last (device_model.h) has
	 * ended: 0 or -errno.  Nothing happens if nobody waits for it. */
	void (*action_done)(struct pci_host *h, int result);
};

struct pci_host {
	const struct pci_host_ops *ops;
};

/* What a function offers.  Widths are 1, 2, 4 (bar_*: 8 too), offsets aligned
 * to the width; the host has checked both and that they lie inside. */
struct pci_function_ops {
	uint32_t abi_version;
	uint32_t size; /* of this struct */

	uint32_t (*config_read)(struct pci_function *fn, uint32_t offset,
				uint32_t width);
	void (*config_write)(struct pci_function *fn, uint32_t offset,
			     uint32_t width, uint32_t value);
	uint64_t (*bar_read)(struct pci_function *fn, uint32_t bar,
			     uint64_t offset, uint32_t width);
	void (*bar_write)(struct pci_function *fn, uint32_t bar,
			  uint64_t offset, uint32_t width, uint64_t value);
	/* One item of work.  To go on later, schedule the lane again. */
	void (*lane_run)(struct pci_function *fn, uint32_t lane);
	/* The lanes of an earlier cancel have come to rest. */
	void (*lanes_drained)(struct pci_function *fn, uint64_t lanes);
	void (*reset)(struct pci_function *fn, enum pci_reset_kind kind);
	void (*destroy)(struct pci_function *fn);
};

struct pci_function {
	const struct pci_function_ops *ops;
	struct pci_host *host;
};

#ifdef __cplusplus
}
#endif
#endif

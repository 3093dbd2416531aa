/* SPDX-License-Identifier: MIT */
/*
 * The host of door 2 for unit tests: a flat RAM, no time, every post delivered
 * at once and recorded.  It runs a function's lanes when told to, injects what
 * can happen inside the nth DMA call, and holds the function to the timing
 * contract of models/pci/function.h.  Read by tests/unit/pci and
 * tests/unit/virtio.
 */
#ifndef RINGSIDE_TESTS_FAKE_HOST_FAKE_HOST_H
#define RINGSIDE_TESTS_FAKE_HOST_FAKE_HOST_H

#include "models/pci/function.h"

#define FAKE_RAM_BASE 0x80000000ull /* so that a null address is an error */
#define FAKE_MAX_RECORDS 4096u      /* of each kind; what is more is counted */
#define FAKE_MAX_FAULTS 8u
#define FAKE_MAX_CANCELS 16u
#define FAKE_TEXT 120u
#define FAKE_ANY 0xffffffffu

/* What happens inside the nth DMA call (lane_wait counts too). */
enum fake_fail {
	FAKE_FAIL_NONE,
	FAKE_FAIL_CALL,       /* on_fail is called: a device reset, a config write... */
	FAKE_FAIL_BUS_MASTER, /* Command is written with Bus Master Enable off */
	FAKE_FAIL_UNPLUG,     /* the function is gone */
	FAKE_FAIL_ERROR       /* this one call returns DMA_ERROR */
};

/* Everything that the function posted, in its order. */
enum fake_post_kind { FAKE_POST_WRITE, FAKE_POST_MSI, FAKE_POST_INTX };

struct fake_post {
	enum fake_post_kind kind;
	uint64_t addr;   /* WRITE, MSI */
	uint32_t len;    /* WRITE */
	uint32_t vector; /* MSI; INTX: the pin, 1..4 */
	uint32_t data;   /* MSI; INTX: 1 asserted */
};

struct fake_event {
	enum model_event_kind kind;
	uint32_t index;
	uint64_t value;
	char text[FAKE_TEXT]; /* "" none */
};

struct fake_window {
	enum pci_window_kind kind;
	uint64_t base, size;
};

struct fake_fault {
	const char *name;
	uint32_t index;       /* or FAKE_ANY */
	unsigned int nth;     /* from 1, after narrowing; 0: always */
	int error;
	unsigned int calls, hits;
};

struct fake_host {
	struct pci_host host; /* first: the function's `host` */
	struct pci_function *fn;
	uint8_t *ram;
	uint64_t ram_size;
	uint64_t now; /* ps; lane_wait and lane_schedule's delay move it */

	struct fake_post posts[FAKE_MAX_RECORDS];
	unsigned int nposts;
	unsigned int msis;         /* messages so far */
	struct fake_post last_msi;
	bool line;                 /* INTx as it stands */
	unsigned int intx_changes; /* INTx messages so far */

	struct fake_event events[FAKE_MAX_RECORDS];
	unsigned int nevents;
	struct fake_window windows[PCI_BARS];
	unsigned int window_calls;

	unsigned int dma_calls; /* dma_read, dma_write and lane_wait so far */
	unsigned int fail_nth;
	enum fake_fail fail_what;
	void (*on_fail)(struct fake_host *h);
	void *arg;              /* the test's, for on_fail */
	struct fake_fault faults[FAKE_MAX_FAULTS];
	unsigned int nfaults;

	unsigned int actions_done;
	int action_result;           /* of the last one that was done */

	bool unplugged;
	uint64_t scheduled, running; /* a bit a lane */
	uint64_t canceled;           /* running, of an epoch that has passed */
	uint64_t told;               /* has been given DMA_CANCELED */
	uint64_t due[PCI_MAX_LANES];
	uint32_t stack[PCI_MAX_LANES]; /* the lanes that run, innermost last */
	unsigned int depth;
	uint64_t cancels[FAKE_MAX_CANCELS]; /* not yet drained */
	unsigned int ncancels;
	unsigned int drained;        /* lanes_drained calls so far */
	uint64_t runs;               /* lane_run calls so far */

	/* Called when the function breaks the contract; NULL: print, abort. */
	void (*on_violation)(struct fake_host *h, const char *what);
	unsigned int violations;
};

/* A host with `ram_size` bytes of zeroed RAM at FAKE_RAM_BASE.  Aborts when out
 * of memory. */
void fake_host_init(struct fake_host *h, uint64_t ram_size);
/* Frees the RAM.  The function is destroyed before, by whoever made it. */
void fake_host_fini(struct fake_host *h);
/* To be called once the function exists: whom lanes and injections go to. */
void fake_host_attach(struct fake_host *h, struct pci_function *fn);

/* Runs what is scheduled, the earliest first, lower lanes first, until nothing
 * is.  May be called from on_fail: lanes that run already are left alone. */
void fake_host_run(struct fake_host *h);
/* One lane_run of the earliest; false: nothing is scheduled. */
bool fake_host_step(struct fake_host *h);
/* Does `what` inside the nth DMA call from now (1: the next). */
void fake_host_fail_at(struct fake_host *h, unsigned int nth,
		       enum fake_fail what);
/* Lets the fault point answer `error` at its nth call. */
void fake_host_fault(struct fake_host *h, const char *name, uint32_t index,
		     unsigned int nth, int error);
void fake_host_unplug(struct fake_host *h);

/* The bytes of RAM at bus address `addr`; aborts outside. */
void *fake_host_ram(struct fake_host *h, uint64_t addr, uint64_t len);
/* CPU accesses by bus address, through the windows that the function decodes;
 * nobody there: all ones, dropped. */
uint64_t fake_host_read(struct fake_host *h, enum pci_window_kind kind,
			uint64_t addr, uint32_t width);
void fake_host_write(struct fake_host *h, enum pci_window_kind kind,
		     uint64_t addr, uint32_t width, uint64_t value);

/* The last event of that kind, or NULL; and how many there were. */
const struct fake_event *fake_host_event(const struct fake_host *h,
					 enum model_event_kind kind);
unsigned int fake_host_count(const struct fake_host *h,
			     enum model_event_kind kind);
/* Forgets posts, events and counters; state (line, windows, lanes) stays. */
void fake_host_forget(struct fake_host *h);

#endif

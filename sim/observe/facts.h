/* SPDX-License-Identifier: MIT */
/*
 * What a run showed, device by device: the outcome of each probe, the interrupt
 * mode that the device's own registers had, vectors and who owned them, queues,
 * features, requests, accesses and bytes.  Filled by an observer; read by
 * expectations, by the verdict and by the JSON result.  Nothing here believes
 * what a driver says about itself.
 */
#ifndef RINGSIDE_SIM_OBSERVE_FACTS_H
#define RINGSIDE_SIM_OBSERVE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/pci/function.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

/* How a driver is interrupted; design section 6. */
enum facts_mode {
	FACTS_NONE,
	FACTS_INTX,
	FACTS_MSIX_SHARED,
	FACTS_MSIX_SHARED_SLOW,
	FACTS_MSIX_PER_QUEUE
};

#define FACTS_NO_VECTOR 0xffffu /* virtio 1.2 4.1.4.3: no vector mapped */
#define FACTS_MAX_QUEUES 65536u
#define FACTS_MAX_VECTORS 2048u /* PCI 3.0 6.8.2: of a table */
#define FACTS_NO_CPU 0xffu

/* What the device's registers show at one moment. */
struct facts_state {
	enum facts_mode mode;
	uint32_t vectors;    /* distinct MSI-X vectors mapped */
	uint32_t queues;     /* enabled */
	uint64_t negotiated; /* features */
	bool driver_ok;      /* device_status has DRIVER_OK */
};

/* From a driver's probe to its remove.  Drivers that sit on each other (virtio-pci
 * and, on the device that it makes, virtio_blk) are one bind: it ends well when
 * all of them have. */
struct facts_bind {
	uint32_t driver;     /* text: the topmost */
	uint32_t open;       /* probes that have not returned */
	uint32_t layers;     /* drivers that are bound now */
	bool ended;          /* every probe has returned */
	int result;          /* 0, or -errno of the first probe that failed */
	uint32_t rung;       /* text: as the driver named it; 0: it did not */
	uint64_t begin_ps, end_ps;
	uint64_t begin_seq, end_seq;
	struct facts_state state; /* when the last probe had succeeded */
	bool removed;        /* a driver of it was removed */
};

struct facts_owner {
	uint32_t name;       /* text */
	uint32_t source;     /* enum machine_irq_source */
	uint32_t cpu, number;
	uint32_t bind;       /* in which bind, from 1; 0: outside of one */
	bool released;
	uint64_t taken_seq, released_seq; /* events */
	uint32_t irq;        /* index of facts.irqs */
	uint64_t since, until; /* how often that one had been entered */
};

struct facts_queue {
	uint32_t size;       /* 0: not enabled */
	uint32_t last_size;  /* when it was last enabled */
	uint32_t vector;     /* FACTS_NO_VECTOR: none */
	uint64_t kicks, used;/* events */
};

struct facts_line {
	uint32_t text;
	uint32_t level;
	uint16_t device;
	uint64_t time;
};

struct facts_device {
	struct facts_bind *binds;
	size_t nbinds, binds_capacity;
	struct facts_owner *owners;
	size_t nowners, owners_capacity;
	struct facts_queue *queues;
	size_t nqueues;
	/* The registers, as the model told of them. */
	uint64_t status;         /* device_status */
	uint64_t features;       /* accepted by the device at FEATURES_OK */
	uint32_t config_vector;
	bool virtio;             /* device_status was ever seen to move */
	bool msix_enabled;
	bool pin_seen;           /* INTx asserted since the last reset */
	bool line_up;            /* asserted now */
	uint32_t line;           /* its input of the interrupt controller */
	/* Which CPU the line, and each vector of the table, interrupted last
	 * since the reset; FACTS_NO_CPU: none. */
	uint8_t line_cpu;
	uint8_t *vector_cpus;
	size_t nvector_cpus, vector_cpus_capacity;
	uint32_t attempts;       /* vector allocations in this probe */
	struct facts_state final;/* at the workload's end */
	/* Counts. */
	uint64_t events[EV_COUNT];
	uint64_t model_events[MODEL_EV_COUNT];
	uint64_t notify[MODEL_NOTIFY_DROPPED + 1];
	uint64_t dma_read_bytes, dma_write_bytes;
	uint64_t intx_edges;     /* 0 to 1 */
	uint64_t requests_completed, requests_failed;
	uint64_t contended;      /* spin locks waited for in its code */
	uint64_t data_read_bytes, data_written_bytes;
	uint32_t data_read_crc;  /* CRC-32 of all data read, in order */
	uint64_t violations;     /* of the guest, as the model saw them */
	uint32_t first_violation;/* text */
	uint64_t first_violation_seq;
};

struct facts_irq {
	uint32_t cpu, source, number;
	uint64_t raised, entered;
};

struct facts {
	struct observer observer;
	const struct world *world;
	struct facts_device *devices; /* world->ndevices */
	struct facts_device machine;  /* what belongs to no device: counts */
	struct facts_irq *irqs;       /* in the order in which they first came */
	size_t nirqs, irqs_capacity;
	struct facts_line *lines;     /* the guest's log */
	size_t nlines, lines_capacity;
	uint32_t last_irq;            /* index of irqs, for the next event */
	uint32_t msi_device, msi_vector; /* of the last message on the bus */
	uint64_t first_violation_seq; /* of any device */
	uint64_t time;                /* of the last event, ps */
	bool frozen;                  /* `final` is filled */
	bool failed;                  /* out of memory on the way */
};

/* Adds itself to the bus.  NULL: out of memory. */
struct facts *facts_create(const struct world *w, struct event_bus *bus);
void facts_destroy(struct facts *f);
/* The workload has ended, the guest has not yet been shut down: what is true now
 * is the state "at the end".  Later calls change nothing. */
void facts_freeze(struct facts *f);

/* The state that the registers show now. */
struct facts_state facts_now(const struct facts *f, uint32_t device);
/* `final` once frozen, else now. */
struct facts_state facts_final(const struct facts *f, uint32_t device);
/* The bind that is or was last, or NULL. */
const struct facts_bind *facts_last_bind(const struct facts_device *d);
/* The CPUs that the device interrupted last, vector by vector, or the one of its
 * line where it uses that: element `i`, FACTS_NO_CPU for none. */
size_t facts_cpus(const struct facts *f, uint32_t device);
uint8_t facts_cpu(const struct facts *f, uint32_t device, size_t i);
/* How often an owner's interrupt was taken while it had it. */
uint64_t facts_owner_entered(const struct facts *f, const struct facts_owner *o);
const char *facts_mode_name(enum facts_mode mode);
/* By its name; -1: no such mode. */
int facts_mode_find(const char *name);

/* sim/observe/mode.c: the decision alone, for what the registers show. */
struct facts_mode_input {
	bool msix_enabled;
	uint32_t config_vector;
	const struct facts_queue *queues;
	size_t nqueues;
	bool line;           /* the pin was asserted, or has an owner */
	uint32_t attempt;    /* vector allocations up to the one that held */
	const char *const *ladder;
};
enum facts_mode facts_mode_decide(const struct facts_mode_input *in);
/* Distinct MSI-X vectors mapped by config and enabled queues. */
uint32_t facts_vectors(const struct facts_mode_input *in);

#endif

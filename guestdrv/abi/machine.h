/* SPDX-License-Identifier: MIT */
/*
 * Door 1: everything that a guest may ask of the machine it runs on.
 *
 * A guest image is a shared object that exports one function,
 * ringside_guest().  It returns a description (struct guest_image) through
 * which the simulator boots it, delivers interrupts to it and calls its
 * actions; the image in turn receives a table of machine calls.  A guest
 * touches the machine in no other way.  The interface is plain C with fixed
 * widths and needs no other header, so that a guest without a libc can use it.
 *
 * Two machines offer this door: sim/platform/ (SystemC, simulated time) and
 * sim/flat/ (plain C, no time; for driver unit tests and fuzzing).
 *
 * Rules for whoever calls:
 *  - Machine calls are made from guest threads, from the interrupt entry, or
 *    from boot, shutdown and actions (which run on guest threads).
 *  - Between two machine calls no simulated time passes and nothing else runs.
 *    Interrupts are taken at safe points only: after read, write and relax,
 *    when irqs_enable turns interrupts on, after line_enable, and while a
 *    thread waits.
 *  - A guest that breaks a rule is reported and the run ends; nothing a guest
 *    does may harm the simulator.
 */
#ifndef RINGSIDE_GUESTDRV_ABI_MACHINE_H
#define RINGSIDE_GUESTDRV_ABI_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a structure below changes its meaning; growth at a struct's end
 * only changes its `size`. */
#define MACHINE_ABI_VERSION 1u

/* "No device": a service that is not for one PCI function. */
#define MACHINE_NO_DEVICE 0xffffffffu
/* A wait without a deadline. */
#define MACHINE_FOREVER UINT64_MAX

/* A PCI function's name at this door: segment 0, bus, device, function. */
#define MACHINE_BDF(bus, dev, fn) \
	((uint32_t)(bus) << 8 | (uint32_t)(dev) << 3 | (uint32_t)(fn))

struct machine;        /* the machine, opaque */
struct machine_thread; /* a guest thread, pinned to one CPU */
struct machine_event;  /* what threads wait on; remembers nothing */

/* Address spaces of a CPU access.  ECAM lies in MACHINE_MEM. */
enum machine_space { MACHINE_MEM, MACHINE_IO };

/* Where an interrupt came from. */
enum machine_irq_source {
	MACHINE_IRQ_MSI, /* number: the vector, i.e. the message's data */
	MACHINE_IRQ_LINE /* number: the interrupt controller's input line */
};

/* A range of bus addresses. */
struct machine_range {
	uint64_t base;
	uint64_t size; /* bytes; 0: none */
};

/* One key and value of the scenario's guest_options. */
struct machine_option {
	const char *name;
	const char *value;
};

/*
 * What the firmware of a real machine would tell.  Valid from boot to the end
 * of the run.  Guest RAM is one flat buffer: physical address ram_base + n is
 * the byte ram[n].  Devices reach nothing else by DMA.
 */
struct machine_info {
	uint32_t abi_version;
	uint32_t size; /* of this struct */
	uint8_t *ram;
	uint64_t ram_base;
	uint64_t ram_size;
	uint32_t cpus;
	/* Vectors usable for MSI on each CPU: msi_first_vector .. + cpu_vectors
	 * - 1.  A message for vector v of CPU c is a 4-byte write of v to
	 * msi_address + (c << 12). */
	uint32_t msi_first_vector;
	uint32_t cpu_vectors;
	uint64_t msi_address;
	/* PCI: config space of bus b, device d, function f is at
	 * ecam.base + (b << 20 | d << 15 | f << 12). */
	struct machine_range ecam;
	struct machine_range window32; /* non-prefetchable, below 4 GiB */
	struct machine_range window64; /* prefetchable, above 4 GiB */
	struct machine_range window_io;
	/* Interrupt lines 0 .. irq_lines - 1.  Pin p (1..4) of device d on bus
	 * 0 arrives at line (d + p - 1) % 4. */
	uint32_t irq_lines;
	const struct machine_option *options; /* ends with a NULL name */
	/* The other way to the first 256 bytes of config space: I/O ports, the
	 * address (a dword: 1 << 31 | b << 16 | d << 11 | f << 8 | offset & ~3)
	 * and, 4 above it, the data.  size 0: the machine has none. */
	struct machine_range config_ports;
	/* A byte for each page of RAM: not 0 while the machine wants to be told
	 * of reads there, by fetch().  NULL: never. */
	const uint8_t *watched;
};

/*
 * A place in the guest at which a fault can be injected.  One static object a
 * place; `name` is a row of the image's fault point table; `handle` belongs to
 * the machine and starts as 0.
 */
struct machine_fault_site {
	const char *name;
	uint32_t handle;
};

/* What account() counts; a guest may leave out kinds that it does not have. */
enum machine_resource {
	MACHINE_RES_MEMORY,      /* id: address; amount: bytes */
	MACHINE_RES_IRQ_VECTOR,  /* id: guest's irq number */
	MACHINE_RES_IRQ_HANDLER, /* id: guest's choice, unique while held */
	MACHINE_RES_DMA_MAPPING, /* id: bus address; amount: bytes */
	MACHINE_RES_IO_MAPPING,  /* id: bus address; amount: bytes */
	MACHINE_RES_REGION,      /* id: claimed BAR's bus address */
	MACHINE_RES_ENABLE,      /* id: device; an enabled PCI function */
	/* DMA mappings too, of which more is known: the device only reads,
	 * only writes.  One returned as another kind than it was taken is
	 * still the same mapping. */
	MACHINE_RES_DMA_TO_DEVICE,
	MACHINE_RES_DMA_FROM_DEVICE,
	MACHINE_RES_COUNT
};

/* What the guest tells about its progress; nothing of it is believed, it is
 * printed beside what was observed. */
enum machine_note_kind {
	MACHINE_NOTE_PROBE_BEGIN,  /* text: the driver's name */
	MACHINE_NOTE_PROBE_END,    /* result: 0 or -errno */
	MACHINE_NOTE_REMOVE_BEGIN, /* text: the driver's name */
	MACHINE_NOTE_REMOVE_END,
	/* A kernel service that a ladder's rung depends on has answered. text:
	 * the service ("alloc_irq_vectors", "request_irq"); index, value: as
	 * the service's own row in docs/guest.md; result: >= 0 or -errno. */
	MACHINE_NOTE_SERVICE,
	/* The driver itself names what it is doing; text: a rung of the
	 * image's ladder; result: of the rung at RUNG_END. */
	MACHINE_NOTE_RUNG_BEGIN,
	MACHINE_NOTE_RUNG_END,
	/* An interrupt got an owner. text: its name; index: enum
	 * machine_irq_source; value: cpu << 16 | number. */
	MACHINE_NOTE_IRQ_OWNER,
	MACHINE_NOTE_IRQ_RELEASED,
	/* A request of the workload has ended; result: 0 or -errno. */
	MACHINE_NOTE_REQUEST,
	/* Anything else worth a line in the narrative. */
	MACHINE_NOTE_STEP,
	/* A spin lock was taken after another CPU held it. text: the lock;
	 * index: that CPU; value: ns spent waiting. */
	MACHINE_NOTE_CONTENDED,
	MACHINE_NOTE_COUNT
};

struct machine_note {
	enum machine_note_kind kind;
	uint32_t device; /* MACHINE_BDF or MACHINE_NO_DEVICE */
	const char *text;
	uint32_t index;
	uint64_t value;
	int64_t result;
};

/* Data that passed between the guest's workload and a device's medium, told so
 * that the simulator can compare it with its own copy. */
enum machine_data_kind {
	MACHINE_DATA_READ,
	MACHINE_DATA_WRITTEN,
	/* A write of it failed: the medium has this, or what was there before. */
	MACHINE_DATA_IN_DOUBT
};

/* Flags of event_wait. */
#define MACHINE_WAIT_HOLD_CPU 1u /* spin: keep the CPU, irqs stay as they are */

/*
 * The machine calls.  Unless said otherwise they may be made from any context
 * and never fail.
 */
struct machine_calls {
	uint32_t abi_version;
	uint32_t size; /* of this struct */

	/* A CPU access of width 1, 2, 4 or 8 bytes, naturally aligned (8 only in
	 * MACHINE_MEM).  Takes simulated time; a safe point afterwards.  An
	 * address that nobody answers reads as all ones; writes to it are
	 * dropped.  RAM is not reached this way but through info->ram. */
	uint64_t (*read)(struct machine *m, enum machine_space space,
			 uint64_t addr, unsigned int width);
	void (*write)(struct machine *m, enum machine_space space,
		      uint64_t addr, unsigned int width, uint64_t value);

	/* Simulated nanoseconds since power-on. */
	uint64_t (*now)(struct machine *m);
	/* One turn of a polling loop: lets a little simulated time pass. */
	void (*relax)(struct machine *m);
	/* The CPU on which the caller runs, 0 .. cpus - 1. */
	uint32_t (*cpu)(struct machine *m);

	/* Turns interrupts of the calling context on or off, returns what was. */
	bool (*irqs_enable)(struct machine *m, bool enable);
	/* Lets an input line of the interrupt controller through to `cpu`, or
	 * masks it.  Lines are level-triggered: one that is still asserted when
	 * the guest's interrupt entry returns is delivered again. */
	void (*line_enable)(struct machine *m, uint32_t line, uint32_t cpu,
			    bool enable);

	/* A new thread on `cpu`, ready to run.  It ends when fn returns.
	 * NULL: no such CPU. */
	struct machine_thread *(*thread_create)(struct machine *m,
						const char *name, uint32_t cpu,
						void (*fn)(void *arg),
						void *arg);
	/* The calling thread; NULL in the interrupt entry. */
	struct machine_thread *(*thread_self)(struct machine *m);

	/* Events wake those who wait at that moment and remember nothing;
	 * check the condition, then wait, with no machine call between.
	 * `name` appears in reports of waits that cannot end. */
	struct machine_event *(*event_create)(struct machine *m,
					      const char *name);
	void (*event_destroy)(struct machine *m, struct machine_event *ev);
	/* Wakes the longest waiter, or all. */
	void (*event_signal)(struct machine *m, struct machine_event *ev,
			     bool all);
	/* Waits until signalled (returns true) or until `deadline`, in ns since
	 * power-on (false).  Gives up the CPU and takes interrupts meanwhile,
	 * unless MACHINE_WAIT_HOLD_CPU.  In the interrupt entry or with
	 * interrupts off only MACHINE_WAIT_HOLD_CPU is allowed. */
	bool (*event_wait)(struct machine *m, struct machine_event *ev,
			   uint64_t deadline, uint32_t flags);

	/* To be called before a service's first side effect.  0: go on; else
	 * the positive errno with which the service shall fail.  `index`
	 * narrows further (a queue, an allocation's size); ~0u: nothing. */
	int (*fault_point)(struct machine *m, struct machine_fault_site *site,
			   uint32_t device, uint32_t index);
	/* A resource was taken (amount > 0) or returned (amount < 0).  What is
	 * never returned is reported as a leak, with the taker's functions;
	 * what is returned twice is reported at once. */
	void (*account)(struct machine *m, enum machine_resource kind,
			uint64_t id, int64_t amount, uint32_t device);
	void (*note)(struct machine *m, const struct machine_note *note);
	/* One line of the guest's log, without newline. level: 0 (emergency)
	 * to 7 (debug), as the kernel's. */
	void (*log)(struct machine *m, int level, const char *text);
	/* `len` bytes at byte `offset` of the device's medium were read into,
	 * or acknowledged as written from, `buf`.  Returns false where the
	 * simulator's own copy differs (the run then fails). */
	bool (*data)(struct machine *m, enum machine_data_kind kind,
		     uint32_t device, uint64_t offset, const void *buf,
		     uint64_t len);
	/* The guest found a bug of its own: the run ends with a report.
	 * `code` is a diagnostic code that `ringside explain` knows
	 * ("sleep-in-atomic", "double-free"...).  Does not return. */
	void (*bug)(struct machine *m, const char *code, const char *text);
	/* Before bug(): a place in the guest's code that belongs to the story
	 * ("freed by", the address behind a call).  The report tells the last
	 * few of them, in this order. */
	void (*mention)(struct machine *m, const char *what, const void *code);
	/* event_wait that says what for: a report shows `what` (kept readable
	 * until the call returns) instead of the event's name. */
	bool (*event_wait_for)(struct machine *m, struct machine_event *ev,
			       uint64_t deadline, uint32_t flags,
			       const char *what);
	/* Only an image that checks its accesses calls it: `code` is about to
	 * read `size` bytes at `at`, in a page that info->watched marks. */
	void (*fetch)(struct machine *m, const void *at, uint32_t size,
		      const void *code);
};

/* ---- what an image offers ---- */

enum guest_param_type {
	GUEST_PARAM_INT,    /* .i */
	GUEST_PARAM_BOOL,   /* .i, 0 or 1 */
	GUEST_PARAM_STRING, /* .s */
	GUEST_PARAM_SIZE,   /* .i, bytes */
	GUEST_PARAM_TIME,   /* .i, nanoseconds */
	GUEST_PARAM_DEVICE  /* .i, MACHINE_BDF */
};

/* A parameter of an action, or an option of the image.  A table of them ends
 * with a NULL name. */
struct guest_param {
	const char *name;
	enum guest_param_type type;
	bool required;
	int64_t deflt;      /* when not given */
	const char *about;  /* one line */
};

struct guest_value {
	bool given;
	int64_t i;
	const char *s; /* NULL unless a given GUEST_PARAM_STRING */
};

/* Something a workload can ask for.  run() gets one value for each parameter,
 * in the table's order, and answers 0 or -errno. */
struct guest_action {
	const char *name; /* "blk.read" */
	const char *about;
	const struct guest_param *params;
	int (*run)(const struct guest_value *values);
};

/* A fault point of the image. */
struct guest_fault_point {
	const char *name;   /* "guest.irq.request" */
	const char *errors; /* names that make sense, default first: "EBUSY ENOMEM" */
	const char *about;  /* one line */
};

/* Something that the image's sources call for and do not get. */
struct guest_stub {
	const char *name;
	const char *about; /* one line: what that means */
};

struct guest_image {
	uint32_t abi_version;
	uint32_t size; /* of this struct */
	const char *name;
	const char *about;
	/* The rungs that this image's drivers try, top first; ends with NULL. */
	const char *const *ladder;
	const struct guest_param *options;         /* ends with a NULL name */
	const struct guest_action *actions;        /* ends with a NULL name */
	const struct guest_fault_point *faults;    /* ends with a NULL name */
	/* Runs on the first thread of CPU 0, interrupts on.  Scans, binds
	 * drivers; a probe that fails is no error of boot.  0 or -errno. */
	int (*boot)(struct machine *m, const struct machine_calls *calls,
		    const struct machine_info *info);
	/* An interrupt, on the stack of whatever ran on `cpu`; interrupts are
	 * off and nothing may sleep. */
	void (*interrupt)(uint32_t cpu, enum machine_irq_source source,
			  uint32_t number);
	/* Unbinds everything and returns every resource.  Runs on the first
	 * thread after the workload. */
	void (*shutdown)(void);
	/* Writes coverage counters; called on every way out.  May be NULL. */
	void (*dump_coverage)(void);
	/* From here since `size` tells: older images end before. */
	const struct guest_stub *stubs; /* ends with a NULL name, or NULL */
	/* What images with the same drivers have in common: "linux" for those of
	 * any Linux tree; NULL: it stands alone. */
	const char *family;
};

/* The least that an image of this version has. */
#define GUEST_IMAGE_SIZE_MIN offsetof(struct guest_image, stubs)

/* The stubs of an image of any size; NULL: none are told of. */
static inline const struct guest_stub *
guest_image_stubs(const struct guest_image *image)
{
	return image->size >= offsetof(struct guest_image, stubs) +
				      sizeof(image->stubs) ? image->stubs : NULL;
}

/* Its family, or NULL. */
static inline const char *guest_image_family(const struct guest_image *image)
{
	return image->size >= offsetof(struct guest_image, family) +
				      sizeof(image->family) ? image->family
							    : NULL;
}

/* The one symbol that an image exports. */
#define RINGSIDE_GUEST_ENTRY "ringside_guest"
typedef const struct guest_image *ringside_guest_fn(void);

#ifdef __cplusplus
}
#endif
#endif

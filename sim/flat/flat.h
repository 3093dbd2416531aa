/* SPDX-License-Identifier: MIT */
/*
 * The small machine behind door 1 (guestdrv/abi/machine.h) and host of door 2
 * (models/pci/function.h): plain C, no SystemC, no timing.  Register accesses
 * call the device inline, lanes run at the guest's safe points one after the
 * other, and the clock moves only when every thread waits or polls.  For driver
 * unit tests and in-process fuzzing; scenarios run on sim/platform/.
 *
 *	struct flat_machine *fm = flat_create(NULL);
 *	struct pci_host *slot = flat_slot(fm, MACHINE_BDF(0, 1, 0));
 *	flat_attach(fm, slot, model->create(&cfg, slot, &err));
 *	struct flat_image *img = flat_image_open(path, error, sizeof(error));
 *	EXPECT_EQ(0, flat_boot(fm, img->guest));
 *	EXPECT_EQ(0, flat_action(fm, "blk.read", "device=00:01.0,sectors=8"));
 *	EXPECT_EQ(0, flat_shutdown(fm));
 *	EXPECT_EQ(0, flat_live(fm, MACHINE_RES_COUNT));
 *	flat_destroy(fm);
 *	flat_image_close(img);
 *
 * A crash in guest code is a crash of the test program: run it under ASan or
 * gdb.  Bugs that the guest or the machine find are results (below).
 */
#ifndef RINGSIDE_SIM_FLAT_FLAT_H
#define RINGSIDE_SIM_FLAT_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"

#define FLAT_MAX_CPUS 32u
#define FLAT_TEXT 112u     /* bytes of a record's text, NUL included */
#define FLAT_RECORDS 512u  /* that are kept, the oldest go first */
#define FLAT_ANY 0xffffffffu

/*
 * What flat_boot, flat_action, flat_call, flat_settle and flat_shutdown return:
 * the guest's own 0 or -errno, or one of these.  After BUG, HANG and BUDGET the
 * machine is dead: it answers the same again until flat_restore.
 */
enum flat_result {
	FLAT_BUG = 1,    /* the guest broke a rule: flat_code, flat_text */
	FLAT_HANG = 2,   /* all threads wait and nothing can wake them */
	FLAT_BUDGET = 3, /* more than config.budget machine calls in one call */
	FLAT_USAGE = 4,  /* no such action or parameter, bad value, no boot */
	FLAT_PENDING = 5 /* flat_action_within: it has not ended yet */
};

struct flat_config {
	uint64_t ram_size;    /* bytes, a multiple of 4096 */
	uint64_t ram_base;    /* below 0xb0000000 or 4 GiB .. 512 GiB */
	uint32_t cpus;        /* 1 .. FLAT_MAX_CPUS */
	uint32_t cpu_vectors; /* per CPU, 0 .. 224 */
	uint64_t budget;      /* machine calls, interrupts and lane runs */
	const struct machine_option *options; /* NULL: none; must outlive fm */
};

#define FLAT_CONFIG_DEFAULTS                                                   \
	{                                                                      \
		.ram_size = 16u << 20, .ram_base = 0x40000000, .cpus = 1,      \
		.cpu_vectors = 224, .budget = 20000000, .options = NULL        \
	}

struct flat_machine;

/* NULL config: the defaults.  NULL: out of memory or no such configuration. */
struct flat_machine *flat_create(const struct flat_config *cfg);
/* Destroys the functions too. */
void flat_destroy(struct flat_machine *fm);

/* ---- devices ---- */

/* The host of a function at MACHINE_BDF(0, dev, fn).  NULL: taken, not on bus 0,
 * or a snapshot has been taken.  Then flat_attach what was made with it; the
 * machine destroys it. */
struct pci_host *flat_slot(struct flat_machine *fm, uint32_t bdf);
void flat_attach(struct flat_machine *fm, struct pci_host *slot,
		 struct pci_function *fn);
/* Surprise removal: answers all ones from now on, its lanes are canceled. */
void flat_unplug(struct flat_machine *fm, uint32_t bdf);

/* Operator's actions (models/pci/device_model.h) of the function at `bdf` that
 * have ended so far; *result: how the last one did.  A test starts one itself,
 * with the table's start(), and then lets the machine settle. */
unsigned int flat_actions_done(const struct flat_machine *fm, uint32_t bdf,
			       int *result);

/* ---- guest images ---- */

/* One writable piece of a shared object. */
struct flat_range {
	void *base;
	size_t size;
};

#define FLAT_IMAGE_RANGES 8u

struct flat_image {
	const struct guest_image *guest;
	void *handle;                               /* dlopen's */
	struct flat_range data[FLAT_IMAGE_RANGES];  /* .data and .bss */
	size_t ndata;
	uint8_t *pristine;                          /* their first contents */
};

/* Loads a guest's shared object.  NULL: `error` says why, in one phrase. */
struct flat_image *flat_image_open(const char *path, char *error, size_t len);
/* The image's variables as they were after loading: before a second boot. */
void flat_image_reset(struct flat_image *img);
/* Where in the object's file an address lies: what addr2line takes. */
uint64_t flat_image_offset(const struct flat_image *img, uintptr_t code);
void flat_image_close(struct flat_image *img);

/* ---- running ---- */

/* All of them run on the guest's first thread (CPU 0) and then let the machine
 * come to rest: whatever can go on without the clock moving does so. */
int flat_boot(struct flat_machine *fm, const struct guest_image *image);
/* "key=value,key=value"; a device as "00:01.0", sizes and times with unit
 * ("4KiB", "10ms"), a string to the next comma.  NULL or "": no parameters. */
int flat_action(struct flat_machine *fm, const char *name, const char *args);
/* The action on a guest thread of its own, for at most `ns` of the machine's
 * time.  FLAT_PENDING: it goes on. */
int flat_action_within(struct flat_machine *fm, const char *name,
		       const char *args, uint64_t ns);
/* How many of those have not ended after at most `ns` more. */
size_t flat_pending(struct flat_machine *fm, uint64_t ns);
/* Lets so much of the machine's time pass. */
int flat_pass(struct flat_machine *fm, uint64_t ns);
int flat_shutdown(struct flat_machine *fm);
/* Any function of the test, on the guest's first thread; boot is not needed. */
int flat_call(struct flat_machine *fm, int (*fn)(void *arg), void *arg);
/* Only lets the machine come to rest, after the test has poked a device. */
int flat_settle(struct flat_machine *fm);

/* The machine's side of door 1, for flat_call. */
const struct machine_calls *flat_calls(void);
const struct machine_info *flat_info(const struct flat_machine *fm);
struct machine *flat_machine_of(struct flat_machine *fm);

/* After FLAT_BUG, FLAT_HANG, FLAT_BUDGET, FLAT_USAGE: a diagnostic code and one
 * phrase.  Empty strings otherwise. */
const char *flat_code(const struct flat_machine *fm);
const char *flat_text(const struct flat_machine *fm);

/* ---- faults ---- */

/* From the nth call (from 1, counted from now, after narrowing by device, a BDF
 * or FLAT_ANY) `times` calls (0: all) of the point fail with `error` (positive
 * errno; 0: 1).  Points of guest and models alike.  Returns the rule's number. */
size_t flat_fault(struct flat_machine *fm, const char *point, uint32_t device,
		  uint64_t nth, uint64_t times, int error);
/* The same, narrowed by the point's index too (a queue, a size). */
size_t flat_fault_at(struct flat_machine *fm, const char *point,
		     uint32_t device, uint32_t index, uint64_t nth,
		     uint64_t times, int error);
void flat_fault_clear(struct flat_machine *fm);
uint64_t flat_fault_calls(const struct flat_machine *fm, size_t rule);
uint64_t flat_fault_hits(const struct flat_machine *fm, size_t rule);
/* Calls of a point since power-on, rules or not; 0: never reached. */
uint64_t flat_point_calls(const struct flat_machine *fm, const char *point);

/* ---- accounts ---- */

/* Resources taken and not returned: pieces and their amounts.  Kind
 * MACHINE_RES_COUNT: all kinds. */
size_t flat_live(const struct flat_machine *fm, enum machine_resource kind);
uint64_t flat_live_amount(const struct flat_machine *fm,
			  enum machine_resource kind);
/* One line a live resource, in the order taken: "memory 0x40001000 amount 64,
 * 00:01.0".  Always NUL-terminated; returns flat_live of all kinds. */
size_t flat_leaks(const struct flat_machine *fm, char *text, size_t len);

/* ---- what was told and counted ---- */

enum flat_record_kind {
	FLAT_REC_LOG,  /* index: level */
	FLAT_REC_NOTE, /* event: enum machine_note_kind; result */
	FLAT_REC_MODEL /* event: enum model_event_kind */
};

struct flat_record {
	enum flat_record_kind kind;
	uint32_t event;
	uint32_t device; /* BDF or MACHINE_NO_DEVICE */
	uint32_t index;
	uint64_t value;
	int64_t result;
	uint64_t time;   /* ns */
	char text[FLAT_TEXT];
};

/* Record i of those kept, oldest first; NULL beyond the end. */
size_t flat_records(const struct flat_machine *fm);
const struct flat_record *flat_record(const struct flat_machine *fm, size_t i);
/* The last note or model event of that kind whose text contains `text` (NULL:
 * any); NULL: none. */
const struct flat_record *flat_note(const struct flat_machine *fm,
				    enum machine_note_kind kind,
				    const char *text);
const struct flat_record *flat_model_event(const struct flat_machine *fm,
					   enum model_event_kind kind,
					   const char *text);
/* Is there a log line that contains `text`? */
bool flat_logged(const struct flat_machine *fm, const char *text);
void flat_records_clear(struct flat_machine *fm);

struct flat_counters {
	uint64_t mem_reads, mem_writes; /* that a BAR answered */
	uint64_t io_reads, io_writes;
	uint64_t config_reads, config_writes;
	uint64_t bus_errors;            /* CPU accesses that nobody answered */
	uint64_t dma_reads, dma_writes, dma_errors;
	uint64_t dma_read_bytes, dma_write_bytes;
	uint64_t lane_runs;
	uint64_t msi, msi_lost;         /* lost: no such CPU or vector */
	uint64_t irqs_msi, irqs_line;   /* taken by the guest */
	uint64_t switches;              /* between threads */
	uint64_t data_bad;              /* data() calls answered with false */
	uint64_t model_events[MODEL_EV_COUNT];
};

const struct flat_counters *flat_counters(const struct flat_machine *fm);

/* Answers the guest's data() calls; without one all data is right. */
typedef bool flat_data_fn(void *arg, enum machine_data_kind kind,
			  uint32_t device, uint64_t offset, const void *buf,
			  uint64_t len);
void flat_on_data(struct flat_machine *fm, flat_data_fn *fn, void *arg);

/* ---- what a device may reach, and who reads what it wrote ---- */

/* Has the guest mapped all of these bytes, in one mapping, for this device to
 * read or to write?  As an IOMMU would see it. */
bool flat_reaches(const struct flat_machine *fm, uint32_t bdf, uint64_t addr,
		  uint64_t len, bool write);
/* Called for each read of a watched page by an image that checks its accesses
 * (door 1, fetch): `addr` is the bus address. */
typedef void flat_fetch_fn(void *arg, uint64_t addr, uint32_t size,
			   const void *code);
void flat_on_fetch(struct flat_machine *fm, flat_fetch_fn *fn, void *arg);
/* Watches the pages of these bytes; until flat_restore. */
void flat_watch(struct flat_machine *fm, uint64_t addr, uint64_t len);

/* ---- snapshots, for fuzzing ---- */

/* Makes a function anew for a slot at flat_restore, in the state that it had at
 * the snapshot; the old one has been destroyed. */
typedef struct pci_function *flat_rebuild_fn(void *arg, struct pci_host *slot,
					     uint32_t bdf);

/* Keeps RAM, threads, accounts, records, counters, fault rules and the image's
 * variables (img may be NULL).  One snapshot a machine and one machine with a
 * snapshot a process (writes to RAM are found by a SIGSEGV handler); taking one
 * replaces the former.  False: out of memory. */
bool flat_snapshot(struct flat_machine *fm, struct flat_image *img);
/* Back to the snapshot, also from a dead machine.  `rebuild` NULL: the functions
 * stay as they are, and only their host side goes back. */
void flat_restore(struct flat_machine *fm, flat_rebuild_fn *rebuild, void *arg);

#endif

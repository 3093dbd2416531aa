/* SPDX-License-Identifier: MIT */
/*
 * The machine in SystemC, as plain C sees it: make one, plug in PCI functions,
 * run a guest image with a script, read how it ended.  One machine a process.
 * No C++ exception leaves these functions.
 */
#ifndef RINGSIDE_SIM_PLATFORM_PLATFORM_H
#define RINGSIDE_SIM_PLATFORM_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/device_model.h"
#include "models/pci/function.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/platform/timing.h"

#ifdef __cplusplus
extern "C" {
#endif

enum platform_dma {
	PLATFORM_DMA_STEPWISE, /* a wait for each read */
	PLATFORM_DMA_BATCHED   /* a time cursor, one wait for a batch */
};

struct platform_config {
	uint32_t cpus;
	uint64_t memory;                     /* bytes of guest RAM */
	const struct timing_profile *timing;
	enum platform_dma dma;
	uint32_t cpu_vectors;                /* per CPU */
	uint64_t budget_ps;                  /* simulated; passing it ends the run */
	const struct machine_option *guest_options;
};

/* Why a run ended. */
enum run_end {
	RUN_FINISHED,   /* the script and the guest's shutdown have ended */
	RUN_GUEST_BUG,  /* the guest broke a rule; code and text tell which */
	RUN_GUEST_CRASH,/* a signal in the guest's code */
	RUN_HANG,       /* a wait that nothing can end any more */
	RUN_BUDGET,     /* the simulated-time budget has passed */
	RUN_SPIN,       /* the guest used 2 s of CPU without a safe point */
	RUN_USER_ERROR, /* the scenario's data is wrong (an image that breaks off) */
	RUN_STOPPED,    /* at the event that the user named */
	RUN_INTERNAL    /* the simulator's own fault */
};

/* Frames of a guest's stack, each an address in an instruction of the image: of
 * a caller's in the call.  Of a deeper one the innermost 24 and outermost 8. */
#define PLATFORM_MAX_FRAMES 32
#define PLATFORM_OUTER_FRAMES 8
struct platform_backtrace {
	const char *place;   /* no stack: what the guest says of this place */
	const char *thread;  /* its name */
	const char *waits;   /* the event it waits on, or NULL */
	uint32_t cpu;
	size_t count;
	uintptr_t frames[PLATFORM_MAX_FRAMES];
};

/* How the run ended; strings live as long as the platform. */
struct platform_outcome {
	enum run_end end;
	uint64_t time_ps;
	const char *code;  /* "null-pointer", "sleep-in-atomic"...; NULL if FINISHED */
	const char *text;  /* one phrase */
	const struct platform_backtrace *stacks; /* the culprit's first */
	size_t nstacks;
	int boot_result;
};

struct platform;

/* NULL: out of memory or no such configuration; *error is a phrase. */
struct platform *platform_create(const struct platform_config *cfg,
				 struct event_bus *bus,
				 struct fault_engine *faults,
				 const char **error);
void platform_destroy(struct platform *p);

/* A socket for a function at bus/device/function; `index` numbers it in events.
 * NULL: the slot is taken.  Then platform_attach what the model made with it. */
struct pci_host *platform_slot(struct platform *p, uint32_t bdf,
			       uint16_t index);
void platform_attach(struct platform *p, struct pci_host *slot,
		     struct pci_function *fn);
/* What operators' actions are for, where the machine got another function in
 * front of it. */
void platform_attach_behind(struct platform *p, struct pci_host *slot,
			    struct pci_function *fn);
/* Surprise removal: the function no longer answers and its lanes are canceled. */
void platform_unplug(struct platform *p, uint32_t bdf);

/* Receives the guest's data() calls.  Returns false on a difference. */
typedef bool platform_data_fn(void *arg, enum machine_data_kind kind,
			      uint16_t device, uint64_t offset,
			      const void *buf, uint64_t len);
void platform_on_data(struct platform *p, platform_data_fn *fn, void *arg);

/* Called for each read of a watched page by an image that checks its accesses
 * (door 1, fetch), in the guest's context: `addr` is the bus address, `code` an
 * address in the instruction that calls.  Before the run. */
typedef void platform_fetch_fn(void *arg, uint64_t addr, uint32_t size,
			       uintptr_t code);
void platform_on_fetch(struct platform *p, platform_fetch_fn *fn, void *arg);
/* Watches the pages of these bytes from now on. */
void platform_watch(struct platform *p, uint64_t addr, uint64_t len);

/* Boots the image, then runs `script` on the guest's first thread, then the
 * image's shutdown.  text_start, text_end: where the image's code lies. */
void platform_run(struct platform *p, const struct guest_image *image,
		  uintptr_t text_start, uintptr_t text_end,
		  void (*script)(void *arg), void *arg,
		  struct platform_outcome *outcome);

/* For scripts, on a guest thread: run the functions side by side, a guest
 * thread each, CPUs in turn; returns when all have returned. */
void platform_parallel(struct platform *p, size_t n,
		       void (*fn)(void *arg, size_t i), void *arg);
/* For scripts: starts a device's action and waits for its end.  0, what the
 * device answered, or -EBUSY: another one of this function is waited for,
 * -ENODEV: it is gone, -ETIMEDOUT: within_ps has passed (0: no limit).  `what`
 * is what a thread that waits in vain is said to wait for. */
int platform_device_action(struct platform *p, uint32_t bdf,
			   const struct device_action *action,
			   const struct device_value *values,
			   uint64_t within_ps, const char *what);
/* Runs fn(arg, 0) on that CPU, which there is, and returns when it has; by a
 * thread of its own unless the caller is there already. */
void platform_on_cpu(struct platform *p, uint32_t cpu,
		     void (*fn)(void *arg, size_t i), void *arg);
/* For scripts: runs fn(arg) on a guest thread of its own, and waits for its end
 * for so long of simulated time.  False: it goes on; arg must stay. */
bool platform_within(struct platform *p, uint64_t within_ps, const char *what,
		     void (*fn)(void *arg), void *arg);
/* Of those, how many have not ended after so much more time. */
size_t platform_unfinished(struct platform *p, uint64_t within_ps);
/* All operators' actions end with -ECANCELED, now and from now on. */
void platform_cancel_actions(struct platform *p);
/* A place in the guest's code that belongs to the story of a bug that is about to
 * be told by platform_stop (door 1, mention). */
void platform_mention(struct platform *p, const char *what, uintptr_t code);
/* For scripts, on a guest thread: waits until that moment, in ps. */
void platform_sleep_until(struct platform *p, uint64_t ps);
/* The budget that platform_create was given, in ps since power-on, is this now. */
void platform_set_budget(struct platform *p, uint64_t ps);
/* To be called in a process that was forked inside the run: what a fork does not
 * carry over (the watchdog's timer) begins again. */
void platform_forked(struct platform *p);
/* Ends the run from a script or an observer: RUN_USER_ERROR and its like.
 * Does not return when that ends the run and it was called on a guest thread or
 * in a lane. */
void platform_stop(struct platform *p, enum run_end end, const char *code,
		   const char *text);
/* Picoseconds since power-on. */
uint64_t platform_now(const struct platform *p);
/* Up to `max` such addresses of whoever makes the present machine call, innermost
 * first; while a posted write is delivered, of whoever wrote it. */
size_t platform_callers(struct platform *p, uintptr_t *frames, size_t max);
/* The guest's memory, as much as the configuration says, and the bus address at
 * which it begins; for looking only. */
const uint8_t *platform_memory(const struct platform *p, uint64_t *at);

#ifdef __cplusplus
}
#endif
#endif

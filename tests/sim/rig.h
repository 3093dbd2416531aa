/* SPDX-License-Identifier: MIT */
/*
 * A machine for the platform's tests: guest code and PCI functions are written
 * in the test file itself.  Each rig_run() elaborates SystemC in a child
 * process, since a process can do so only once; guest, devices and observers
 * leave what they saw in memory that the test shares.  So expectations stand
 * behind the run, never inside it.
 *
 * Guest functions are marked GUEST: they lie in a section of their own, which
 * is the image's text, so that backtraces hold nothing else.
 */
#ifndef RINGSIDE_TESTS_SIM_RIG_H
#define RINGSIDE_TESTS_SIM_RIG_H

#include "sim/platform/platform.h"
#include "tests/shim/gtest_c.h"

#define GUEST                                                      \
	__attribute__((section("guest_text"), noinline, noclone,   \
		       used, no_sanitize_address, no_sanitize_undefined))

/* ---- what a run leaves behind ---- */

#define RIG_EVENTS 65536u
#define RIG_STACKS 8u
#define RIG_RAM 65536u /* bytes of guest RAM that are kept */

struct rig_event {
	struct event ev;
	char text[80];
};

struct rig_stack {
	char thread[32], waits[48];
	size_t count;
	uintptr_t frames[PLATFORM_MAX_FRAMES];
};

struct rig_result {
	bool ok;             /* the machine's process came to its end */
	enum run_end end;
	uint64_t time;       /* ps */
	char code[32], text[160];
	int boot_result;
	size_t nstacks;
	struct rig_stack stacks[RIG_STACKS];
	uint64_t value[32];  /* keep() */
	char story[8192];    /* say(), with a space between */
	uint8_t ram[RIG_RAM];
	size_t nevents;
	struct rig_event events[RIG_EVENTS];
};

/* ---- a function of the machine ---- */

struct rig_device {
	struct pci_function fn; /* its host is made by rig_run */
	const struct pci_host_ops *host;
	uint32_t bdf;
	/* BAR0 as it decodes from power-on; size 0: nothing. */
	enum pci_window_kind kind;
	uint64_t base, size;
	uint32_t number; /* in events */
	/* Any may be NULL.  A register that nobody reads for is `regs`. */
	void (*on_write)(struct rig_device *d, uint32_t bar, uint64_t offset,
			 uint64_t value);
	uint64_t (*on_read)(struct rig_device *d, uint32_t bar,
			    uint64_t offset, uint32_t width);
	void (*on_config_write)(struct rig_device *d, uint32_t offset,
				uint32_t value);
	void (*run)(struct rig_device *d, uint32_t lane);
	void (*drained)(struct rig_device *d, uint64_t lanes);
	uint64_t regs[64]; /* BAR0, 8 bytes each, as last written */
};

/* The host calls of a device, short. */
#define DEV(d, call, ...) ((d)->fn.host->ops->call((d)->fn.host, ##__VA_ARGS__))

/* ---- the run ---- */

/* A rule at a point of the machine, for device 0 unless told. */
struct rig_fault {
	const char *point;
	const char *effect; /* NULL: the first */
	uint32_t device;    /* its number */
	uint64_t nth;       /* 0: every call */
	uint64_t takes;     /* ps */
};

struct rig {
	const char *timing;        /* NULL: pcie-gen3-x4 */
	enum platform_dma dma;
	uint32_t cpus;             /* 0: 1 */
	uint64_t budget;           /* ps; 0: 1 s */
	uint32_t cpu_vectors;      /* 0: 224 */
	struct rig_device *devices[8]; /* ends with NULL */
	struct rig_fault faults[4];    /* ends with a NULL point */
	int (*boot)(void);         /* NULL: nothing to do */
	void (*script)(void);      /* on the first guest thread */
	void (*interrupt)(uint32_t cpu, enum machine_irq_source source,
			  uint32_t number);
	void (*shutdown)(void);
	/* Sees each event as it happens, in the machine's process. */
	void (*see)(const struct event *ev);
};

/* Runs it.  A run that does not come to its end, or whose events go back in
 * time, is a failure of the test. */
const struct rig_result *rig_run(const struct rig *rig);

/* In a run, from anywhere. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
void keep(unsigned int i, uint64_t value);
uint64_t kept(unsigned int i);
extern struct platform *rig_platform;

/* For guest code. */
extern struct machine *rig_m;
extern const struct machine_calls *rig_calls;
extern const struct machine_info *rig_info;
#define CALL(call, ...) (rig_calls->call(rig_m, ##__VA_ARGS__))
#define NOW() rig_calls->now(rig_m)
#define RD(addr, width) CALL(read, MACHINE_MEM, addr, width)
#define WR(addr, width, value) CALL(write, MACHINE_MEM, addr, width, value)
#define RELAX_UNTIL(condition)      \
	do {                        \
		while (!(condition)) \
			CALL(relax); \
	} while (0)

/* Waits so long, and takes interrupts meanwhile. */
void pause_ns(uint64_t ns);

/* The messages' address of a CPU, and the machine's map in literal numbers. */
#define MSI_OF(cpu) (0xfee00000ull + ((uint64_t)(cpu) << 12))
#define RAM_BASE 0x40000000ull
#define ECAM_OF(dev) (0xb0000000ull + ((uint64_t)(dev) << 15))

/* ---- reading a result ---- */

size_t rig_count(const struct rig_result *r, enum event_kind kind);
/* The nth of its kind, from 0; an empty event if there is none. */
const struct rig_event *rig_event(const struct rig_result *r,
				  enum event_kind kind, size_t nth);
/* The functions of a stack, innermost first: "leaf < middle < script". */
const char *rig_chain(const struct rig_stack *s);

#endif

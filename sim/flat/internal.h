/* SPDX-License-Identifier: MIT */
/*
 * The small machine's inside, shared by the files of sim/flat/.  Everything that
 * changes while a guest runs lies in one arena (struct flat_state first), so
 * that a snapshot is a copy of its used part; struct flat_machine holds what
 * stays.
 */
#ifndef RINGSIDE_SIM_FLAT_INTERNAL_H
#define RINGSIDE_SIM_FLAT_INTERNAL_H

#include <stdio.h>
#include <ucontext.h>

#include "sim/flat/flat.h"

#define FLAT_PAGE 4096u
#define FLAT_STACK (256u << 10)
#define FLAT_ARENA (64u << 20)      /* reserved, not used */
#define FLAT_RELAX_NS 100u          /* one turn of a polling loop */
#define FLAT_FUNCTIONS 256u         /* of bus 0 */
#define FLAT_LINES 4u
#define FLAT_FIRST_VECTOR 32u
#define FLAT_MAX_VECTORS 224u
#define FLAT_NAME 32u
#define FLAT_MAX_THREADS 512u       /* those that have ended not counted */
#define FLAT_POINTS 128u
#define FLAT_RULES 64u

/* The map: what struct machine_info tells. */
#define FLAT_IO_BASE 0x1000u
#define FLAT_IO_SIZE 0xf000u
#define FLAT_CONFIG_PORTS 0xcf8u    /* address; data 4 above it */
#define FLAT_ECAM_BASE 0xb0000000u
#define FLAT_ECAM_SIZE 0x10000000u
#define FLAT_WINDOW32_BASE 0xc0000000u
#define FLAT_WINDOW32_SIZE 0x30000000u
#define FLAT_MSI_BASE 0xfee00000u
#define FLAT_WINDOW64_BASE 0x8000000000u
#define FLAT_WINDOW64_SIZE 0x8000000000u

struct flat_slot;

/* A pending wait, on the waiter's stack. */
struct flat_wait {
	struct machine_thread *thread;
	struct machine_event *event;
	struct flat_wait *next, *prev;   /* who waits on the event, longest first */
	struct flat_wait *later;         /* by deadline */
	uint64_t deadline;
	bool timed;
	bool hold;                       /* keeps its CPU */
	bool over;                       /* signalled or timed out */
	bool signalled;
	const char *what;                /* the guest's words, or NULL */
};

struct machine_event {
	char name[FLAT_NAME];
	struct flat_wait *first, *last;
	struct machine_event *next_free;
	bool live;
};

/* A coroutine: a guest thread, or a CPU's idle loop. */
struct machine_thread {
	char name[FLAT_NAME];
	uint32_t cpu;
	bool idle;
	bool irqs;                    /* of the context that runs on it */
	bool in_irq;                  /* the context is an interrupt's */
	struct flat_wait *wait;       /* innermost; NULL: can run */
	bool relaxing;                /* gave way in a polling loop */
	struct machine_thread *next;  /* in the ready queue or among the ended */
	struct machine_thread *all;
	bool ended;
	struct flat_machine *fm;
	void (*fn)(void *arg);
	void *arg;
	void (*body)(struct machine_thread *t);
	uint8_t *stack;
	uint8_t *sp;                  /* when last switched away from */
	void *fake_stack;             /* AddressSanitizer's */
	ucontext_t context;
};

struct flat_cpu {
	struct machine_thread *owner; /* holds the CPU; NULL: idle */
	struct machine_thread *idle;  /* made on first need */
	struct machine_thread *ready_first, *ready_last;
	bool in_irq;
	/* Vectors that wait, in the order of arrival; each at most once. */
	uint8_t fifo[256];
	uint32_t head, count;
	bool pending[256];
};

struct flat_line {
	uint32_t asserted; /* by how many functions */
	uint32_t cpu;
	bool enabled;
};

struct flat_lane {
	struct flat_slot *slot;
	struct flat_lane *next;
	uint64_t due;      /* ns */
	bool scheduled;
	uint8_t number;
};

struct flat_window {
	enum pci_window_kind kind;
	uint64_t base, size;
};

struct flat_slot {
	struct pci_host host; /* first: this is what the function sees */
	struct flat_machine *fm;
	struct flat_slot *next;
	struct pci_function *fn;
	uint32_t bdf;
	uint32_t intx;        /* bit p - 1: pin p is asserted */
	bool gone;            /* unplugged */
	bool canceled;        /* the lane that runs now */
	uint64_t drain;       /* lanes canceled while one of them ran */
	unsigned int actions_done; /* operator's actions that have ended */
	int action_result;         /* of the last */
	struct flat_window windows[PCI_BARS];
	struct flat_lane lanes[PCI_MAX_LANES];
};

/* A live resource. */
struct flat_account {
	uint64_t id;
	int64_t amount;
	uint64_t order;
	uint32_t device;
	uint8_t kind;
	uint8_t rights; /* of a mapping: the device reads (1), writes (2) */
	bool live; /* false: an empty place in the table */
};

struct flat_point {
	const char *name; /* the site's, in guest or model */
	uint64_t calls;
};

/* An action on a thread of its own (within.c). */
struct flat_pending {
	struct flat_machine *fm;
	const struct guest_action *action;
	struct guest_value *values;
	struct machine_event *ended;
	struct flat_pending *next;
	bool over;
	int result;
};

struct flat_rule {
	char point[64];
	uint32_t device, index;
	uint64_t nth, times;
	int error;
	uint64_t calls, hits;
};

struct flat_state {
	size_t used;  /* bytes of the arena, this struct included */
	uint64_t now; /* ns */
	uint64_t budget_left;
	/* threads */
	struct machine_thread *main;
	struct machine_thread *current; /* NULL: the test's own stack */
	struct machine_thread *threads, *ended_threads;
	size_t nstacks;                 /* of fm->stacks, in use */
	struct machine_event *free_events;
	struct machine_event *job_event;
	struct flat_wait *timers;
	uint32_t last_cpu;
	bool job_done;
	int job_result;
	/* how it ended */
	enum flat_result end;
	char code[FLAT_NAME];
	char text[200];
	/* interrupts */
	struct flat_cpu cpus[FLAT_MAX_CPUS];
	struct flat_line lines[FLAT_LINES];
	/* devices */
	struct flat_slot *slots, *slot_of[FLAT_FUNCTIONS];
	uint32_t config_address;        /* what the port CF8h holds */
	struct flat_lane *lanes_first, *lanes_last; /* due, in order */
	struct flat_lane *lanes_later;              /* by due time */
	struct flat_lane *running;
	/* services */
	const struct guest_image *image;
	struct flat_point points[FLAT_POINTS];
	size_t npoints;
	struct flat_rule rules[FLAT_RULES];
	size_t nrules;
	struct flat_pending *pending;
	struct flat_account *accounts;
	size_t accounts_size, live[MACHINE_RES_COUNT];
	uint64_t accounts_order;
	struct flat_counters counters;
	uint64_t records_seen;
	struct flat_record records[FLAT_RECORDS];
};

struct flat_snapshot; /* snapshot.c */

struct flat_machine {
	struct flat_state *s;
	struct flat_config cfg;
	struct machine_option no_options[1];
	struct machine_info info;
	uint8_t *ram_map;               /* with a guard page on both sides */
	uint8_t *stacks[FLAT_MAX_THREADS];
	int (*job)(struct flat_machine *fm);
	int (*call_fn)(void *arg);
	void *call_arg;
	const struct guest_action *action;
	struct guest_value *values;
	flat_data_fn *data_fn;
	void *data_arg;
	flat_fetch_fn *fetch_fn;
	void *fetch_arg;
	uint8_t *watched;               /* a byte a page, info.watched */
	struct flat_pending *starting;  /* within.c's job */
	uint64_t within;                /* ns */
	struct flat_snapshot *snapshot;
	/* the test's own stack */
	ucontext_t host_context;
	void *host_fake;
	const void *host_stack;
	size_t host_stack_size;
};

/* ---- memory.c ---- */
bool flat_memory_create(struct flat_machine *fm);
void flat_memory_destroy(struct flat_machine *fm);
/* Zeroed; lives as long as the machine; NULL: the arena is full. */
void *flat_alloc(struct flat_machine *fm, size_t size);
/* RAM behind a bus address, or NULL if [addr, addr + len) is not all RAM. */
uint8_t *flat_ram(struct flat_machine *fm, uint64_t addr, uint64_t len);

/* ---- context.c ---- */
/* `t`, with its stack and body, will start at its body. */
void flat_context_make(struct machine_thread *t);
/* NULL: from or to the test's own stack.  `last`: `from` never runs again. */
void flat_context_switch(struct flat_machine *fm, struct machine_thread *from,
			 struct machine_thread *to, bool last);
uint8_t *flat_stack_create(void);
void flat_stack_destroy(uint8_t *stack);
/* After a stack's bytes were put back. */
void flat_stack_forget(uint8_t *stack);

/* ---- sched.c ---- */
struct machine_thread *flat_thread_create(struct flat_machine *fm,
					  const char *name, uint32_t cpu,
					  void (*fn)(void *arg), void *arg);
/* Waits; returns false at the deadline. */
bool flat_wait_on(struct flat_machine *fm, struct machine_event *ev,
		  uint64_t deadline, bool hold, const char *what);
void flat_relax(struct flat_machine *fm);
void flat_signal(struct flat_machine *fm, struct machine_event *ev, bool all);
struct machine_event *flat_event_create(struct flat_machine *fm,
					const char *name);
/* From the test's stack: run until the job is done and all is at rest. */
void flat_enter(struct flat_machine *fm, bool job);
/* Ends the run from guest context: the test goes on, the guest does not. */
void flat_stop(struct flat_machine *fm, enum flat_result end, const char *code,
	       const char *format, ...)
	__attribute__((noreturn, format(printf, 4, 5)));
/* The guest broke a rule of door 1. */
#define flat_bug(fm, code, ...) flat_stop(fm, FLAT_BUG, code, __VA_ARGS__)
/* Counts one call; ends the run when there are none left. */
void flat_spend(struct flat_machine *fm);
uint64_t flat_after(uint64_t time, uint64_t delay);
void flat_copy_text(char *to, size_t len, const char *from);

/* ---- irq.c ---- */
void flat_irq_msi(struct flat_machine *fm, uint64_t addr, uint32_t data);
void flat_irq_line(struct flat_machine *fm, uint32_t line, bool asserted);
void flat_irq_enable_line(struct flat_machine *fm, uint32_t line, uint32_t cpu,
			  bool enable);
bool flat_irq_due(const struct flat_machine *fm, uint32_t cpu);
/* Takes what is due on the CPU of `t`, on the stack of `t`. */
void flat_irq_take(struct flat_machine *fm, struct machine_thread *t);
/* A safe point of the guest: lanes, then interrupts if they are on. */
void flat_safe_point(struct flat_machine *fm);

/* ---- host.c ---- */
extern const struct pci_host_ops flat_host_ops;
void flat_lanes_run(struct flat_machine *fm);
/* Lanes whose time has come join those that are due. */
void flat_lanes_expire(struct flat_machine *fm);
void flat_slot_intx(struct flat_slot *slot, uint32_t pin, bool asserted);

/* ---- access.c ---- */
uint64_t flat_access_read(struct flat_machine *fm, enum machine_space space,
			  uint64_t addr, unsigned int width);
void flat_access_write(struct flat_machine *fm, enum machine_space space,
		       uint64_t addr, unsigned int width, uint64_t value);

/* ---- calls.c ---- */
extern const struct machine_calls flat_call_table;

/* ---- fault.c, record.c, account.c ---- */
int flat_point_reached(struct flat_machine *fm, const char *name,
		       uint32_t *handle, uint32_t device, uint32_t index);
void flat_account(struct flat_machine *fm, enum machine_resource kind,
		  uint64_t id, int64_t amount, uint32_t device);
void flat_record_add(struct flat_machine *fm, const struct flat_record *head,
		     const char *text);

/* ---- flat.c ---- */
/* Runs the job on the guest's first thread; what flat_action returns. */
int flat_run(struct flat_machine *fm, int (*job)(struct flat_machine *fm));
int flat_usage(struct flat_machine *fm, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The image's action of that name; NULL after flat_usage. */
const struct guest_action *flat_find_action(struct flat_machine *fm,
					    const char *name);

/* ---- reach.c ---- */
void flat_fetched(struct flat_machine *fm, const void *at, uint32_t size,
		  const void *code);
void flat_watched_clear(struct flat_machine *fm);

/* ---- params.c ---- */
/* Fills one value for each parameter of the action; `store` holds the strings
 * and has len bytes.  False: `error` says what is wrong. */
bool flat_params_parse(const struct guest_param *params, const char *args,
		       struct guest_value *values, char *store, size_t len,
		       char *error, size_t error_len);

/* ---- snapshot.c ---- */
/* memcpy, also of what AddressSanitizer has put redzones around. */
void flat_copy_raw(void *to, const void *from, size_t len);
void flat_snapshot_destroy(struct flat_machine *fm);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The observer bus: everything that happens in a run is one typed event.
 * Trace writers, statistics, the narrative, invariants and checks are observers
 * and see the same stream.  Events are small and binary; text is formatted after
 * the run.
 */
#ifndef RINGSIDE_SIM_OBSERVE_EVENT_H
#define RINGSIDE_SIM_OBSERVE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVENT_NO_DEVICE 0xffffu
#define EVENT_NO_CPU 0xffu
#define EVENT_NO_INDEX 0xffffffffu

/* One row an event kind: the enumerator, its name in traces, and what addr,
 * value, len and index mean.  sim/observe/event.c prints from this table. */
#define EVENT_KINDS(X)                                                         \
	X(EV_CONFIG_READ, "config-read", "addr: offset; value; len: width")    \
	X(EV_CONFIG_WRITE, "config-write", "addr: offset; value; len: width")  \
	X(EV_MMIO_READ, "mmio-read", "index: BAR; addr: offset in it; value; len") \
	X(EV_MMIO_WRITE, "mmio-write", "index: BAR; addr: offset in it; value; len") \
	X(EV_IO_READ, "io-read", "index: BAR; addr: offset in it; value; len") \
	X(EV_IO_WRITE, "io-write", "index: BAR; addr: offset in it; value; len") \
	X(EV_BUS_ERROR, "bus-error", "addr: that nobody answers; value: 1 write; len") \
	X(EV_DMA_READ, "dma-read", "addr: bus address; len; value: first 8 bytes") \
	X(EV_DMA_WRITE, "dma-write", "addr: bus address; len; value: first 8 bytes") \
	X(EV_DMA_ERROR, "dma-error", "addr: bus address; len; value: 1 write") \
	X(EV_DMA_CANCELED, "dma-canceled", "addr: bus address; len")           \
	X(EV_MSI, "msi", "index: vector of the table; addr; value: data; text: why, where the device sent none")      \
	X(EV_MSI_LOST, "msi-lost", "index: vector, where a fault lost it; addr; value: data; text: why")             \
	X(EV_INTX, "intx", "value: 1 asserted, 0 not; index: line")            \
	X(EV_IRQ_RAISE, "irq-raise", "cpu; index: source; value: number")      \
	X(EV_IRQ_ENTER, "irq-enter", "cpu; index: source; value: number")      \
	X(EV_IRQ_EXIT, "irq-exit", "cpu; index: source; value: number")        \
	X(EV_THREAD, "thread", "cpu; text: name; value: 1 created, 0 ended")   \
	X(EV_LOG, "log", "value: level; text")                                 \
	X(EV_NOTE, "note", "index: machine_note_kind; value; addr: note's index; len: result; text") \
	X(EV_MODEL, "model", "len: model_event_kind; index; value; text")      \
	X(EV_ACCOUNT, "account", "index: machine_resource; addr: id; value: amount; len: of DMA, 1 the device reads, 2 writes") \
	X(EV_FAULT, "fault", "index: narrowing; value: error; addr: call; text: point, point=effect") \
	X(EV_DATA, "data", "addr: offset; len; value: CRC-32; index: 1 written, 2 in doubt") \
	X(EV_STEP_BEGIN, "step", "index: step; text")                          \
	X(EV_STEP_END, "step-end", "index: step; value: result; text")         \
	X(EV_CLAUSE, "clause", "index: enum clause; addr: event that broke it; value: 1 the driver, 0 the device; text: id: what was done") \
	X(EV_GUEST_BUG, "guest-bug", "text: code: message")                    \
	X(EV_END, "end", "value: enum run_end")

/* What the device may do in a DMA mapping; len of an EV_ACCOUNT of one. */
#define EVENT_DMA_READS 1u
#define EVENT_DMA_WRITES 2u

enum event_kind {
#define EVENT_ENUM(id, name, fields) id,
	EVENT_KINDS(EVENT_ENUM)
#undef EVENT_ENUM
	EV_COUNT
};

struct event {
	uint64_t time;   /* picoseconds since power-on */
	uint64_t addr;
	uint64_t value;
	uint64_t seq;    /* number in the run, from 1; set by event_emit */
	uint32_t len;
	uint32_t index;
	uint32_t text;   /* event_text(); 0: none */
	uint16_t device; /* index in the machine, or EVENT_NO_DEVICE */
	uint8_t kind;
	uint8_t cpu;     /* or EVENT_NO_CPU */
};

struct event_bus;

struct observer {
	struct event_bus *bus; /* on which it is; set by event_bus_add*() */
	/* Bit n: wants events of kind n. */
	uint64_t kinds;
	void (*see)(struct observer *o, const struct event *ev);
};

struct event_bus *event_bus_create(void);
void event_bus_destroy(struct event_bus *bus);
/* Observers are called in the order in which they were added. */
void event_bus_add(struct event_bus *bus, struct observer *o);
/* The observer sees this kind through a function of its own instead of `see`;
 * its `kinds` need not name it.  Once a kind. */
void event_bus_add_kind(struct event_bus *bus, struct observer *o,
			enum event_kind kind,
			void (*see)(struct observer *o, const struct event *ev));
/* The observer has no more use for the kind, of which no event is being shown
 * just now; it may be added again. */
void event_bus_drop_kind(struct event_bus *bus, struct observer *o,
			 enum event_kind kind);
/* As event_bus_add_kind() with EV_MODEL, but only for the events whose
 * model_event_kind is n where bit n of `models` is set: each request has some
 * that most observers have no use for. */
void event_bus_add_model(struct event_bus *bus, struct observer *o,
			 uint64_t models,
			 void (*see)(struct observer *o, const struct event *ev));
/* Does anybody want this kind?  Lets emitters skip costly fields. */
bool event_wanted(const struct event_bus *bus, enum event_kind kind);
/* Numbers the event and shows it to those who want it. */
void event_emit(struct event_bus *bus, struct event *ev);
/* Interns a text for the life of the bus; equal texts get equal numbers.  NULL
 * gives 0. */
uint32_t event_intern(struct event_bus *bus, const char *text);
const char *event_text(const struct event_bus *bus, uint32_t text);
/* Events emitted so far. */
uint64_t event_count(const struct event_bus *bus);

const char *event_kind_name(enum event_kind kind);
const char *event_kind_fields(enum event_kind kind);

#ifdef __cplusplus
}
#endif
#endif

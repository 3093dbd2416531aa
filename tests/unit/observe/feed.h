/* SPDX-License-Identifier: MIT */
/*
 * Synthetic event streams for the tests of observers, checks, traces and reports:
 * a world of two devices, and one call for each thing that can happen.  Time
 * moves by 1 us an event unless set.
 */
#ifndef RINGSIDE_TESTS_UNIT_OBSERVE_FEED_H
#define RINGSIDE_TESTS_UNIT_OBSERVE_FEED_H

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct feed {
	struct event_bus *bus;
	struct world world;
	struct world_device devices[2];
	uint64_t now;        /* ps, of the next event */
	uint8_t cpu;
	uintptr_t caller;    /* what world_callers tells; 0: nobody */
};

/* Two devices, disk0 (00:02.0) and disk1 (00:03.0), and a ladder of three. */
void feed_init(struct feed *f);
void feed_done(struct feed *f);

void feed_event(struct feed *f, struct event ev);
void feed_note(struct feed *f, unsigned int device, enum machine_note_kind kind,
	       const char *text, int result);
void feed_owner(struct feed *f, unsigned int device, const char *name,
		enum machine_irq_source source, unsigned int cpu,
		unsigned int number);
void feed_released(struct feed *f, unsigned int device, const char *name,
		   enum machine_irq_source source, unsigned int cpu,
		   unsigned int number);
void feed_model(struct feed *f, unsigned int device,
		enum model_event_kind kind, uint32_t index, uint64_t value,
		const char *text);
void feed_account(struct feed *f, unsigned int device,
		  enum machine_resource kind, uint64_t id, int64_t amount);
void feed_fault(struct feed *f, unsigned int device, const char *point,
		int error, uint64_t call);
void feed_irq(struct feed *f, enum event_kind kind,
	      enum machine_irq_source source, unsigned int cpu,
	      unsigned int number);
void feed_msi(struct feed *f, unsigned int device, unsigned int vector,
	      unsigned int number);
void feed_intx(struct feed *f, unsigned int device, unsigned int level);
void feed_dma(struct feed *f, unsigned int device, enum event_kind kind,
	      uint64_t addr, uint32_t len, uint64_t value);
void feed_log(struct feed *f, unsigned int level, const char *text);

/* A device comes up as virtio does it: Bus Master, MSI-X on if `config_vector`
 * is not 0xffff, `queues` queues of 256 entries, queue q on vector
 * `queue_vectors[q]`, DRIVER_OK. */
void feed_bring_up(struct feed *f, unsigned int device, uint32_t config_vector,
		   unsigned int queues, const uint32_t *queue_vectors);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The hostile function's inside: function.c is what the machine and the model
 * call, withhold.c keeps what is not passed on at once.
 */
#ifndef RINGSIDE_SIM_HOSTILE_INTERNAL_H
#define RINGSIDE_SIM_HOSTILE_INTERNAL_H

#include "sim/hostile/hostile.h"

#define HOSTILE_MESSAGES 16u /* that are remembered */
/* Messages for nothing that one device sends at most: against one that fills the
 * bus with them, at each access of the handler another, there is no driver. */
#define HOSTILE_EARLY_MOST 256u
#define HOSTILE_PLACES 16u   /* of DMA that are remembered */
#define HOSTILE_BEFORE 64u   /* bytes of the last DMA of each direction */

struct hostile_message {
	uint32_t vector, data;
	uint64_t addr;
};

/* A DMA write that lets another one go first. */
struct hostile_late_write {
	uint64_t addr;
	uint32_t len;      /* 0: none */
	uint8_t *bytes;
};

struct hostile {
	struct pci_function fn;    /* the machine's */
	struct pci_host host;      /* the model's */
	struct pci_function *inner;
	struct pci_host *outer;
	struct hostile_config cfg;
	bool honest;
	uint32_t chances[HOSTILE_KINDS];
	uint32_t met;
	uint64_t moment;           /* chances of all kinds */
	uint64_t last[HOSTILE_KINDS]; /* the answer before */
	/* withheld */
	uint64_t lanes;            /* work that was lost */
	struct hostile_message late;
	uint64_t late_until;       /* 0: none is late */
	struct hostile_late_write behind;
	/* remembered */
	struct hostile_message messages[HOSTILE_MESSAGES];
	uint32_t nmessages, nearly;
	uint64_t places[HOSTILE_PLACES];
	uint32_t nplaces;
	uint8_t before[2][HOSTILE_BEFORE]; /* DMA reads, DMA writes */
	uint32_t pin;              /* the model's, once it was seen; else 0 */
	bool line, line_told;      /* what the model says, what the host knows */
};

/* ---- withhold.c ---- */
void hostile_message(struct hostile *h, const struct hostile_message *m);
/* One that is known, by any number; nothing if none is. */
void hostile_any_message(struct hostile *h, uint32_t n);
void hostile_remember_message(struct hostile *h,
			      const struct hostile_message *m);
void hostile_keep_late(struct hostile *h, const struct hostile_message *m,
		       uint32_t for_moments);
void hostile_release_due(struct hostile *h);
void hostile_tell_line(struct hostile *h, bool asserted);
void hostile_remember_place(struct hostile *h, uint64_t addr);
/* DMA of the device, within reach. */
enum dma_result hostile_write(struct hostile *h, uint64_t addr,
			      const void *bytes, uint32_t len);
bool hostile_keep_behind(struct hostile *h, uint64_t addr, const void *bytes,
			 uint32_t len);
/* In a lane: what was to go behind another write. */
void hostile_flush_behind(struct hostile *h);

#endif

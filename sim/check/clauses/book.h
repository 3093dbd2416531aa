/* SPDX-License-Identifier: MIT */
/*
 * The rule book's own parts: a page for each device.  For the files that make up
 * the book (rulebook.c, rings.c); chapters see rulebook.h only.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_BOOK_H
#define RINGSIDE_SIM_CHECK_CLAUSES_BOOK_H

#include "sim/check/clauses/rulebook.h"

#define MAX_CHAPTERS 32u
/* Offsets in common configuration that are told apart; the last stands for all
 * behind it too. */
#define REGISTERS 64u

enum hook {
	HOOK_LOOK, HOOK_AVAILABLE, HOOK_USED, HOOK_WISH, HOOK_RESET, HOOKS
};

/* Where the queues' areas are: most DMA is elsewhere. */
struct span {
	uint64_t low, high;
};

struct page {
	struct span drivers, devices; /* what is asked of every DMA access */
	struct view view;
	void *states[MAX_CHAPTERS];
	/* Chapters, a bit each: that have this hook, an access() for this part,
	 * of common configuration for this register, an event() for this kind. */
	uint32_t hooks[HOOKS], by_part[VIEW_PARTS], by_register[REGISTERS];
	uint32_t by_kind[EV_COUNT], by_model[MODEL_EV_COUNT];
	bool begun;
	bool closed;         /* what is seen of it is not what it does */
	uint8_t waived[CLAUSE_COUNT], told[CLAUSE_COUNT];
};

struct rulebook {
	struct observer observer;
	const struct world *world;
	struct event_bus *bus;
	struct findings *findings;
	struct pci_function *const *functions;
	const struct chapter *const *chapters;
	unsigned int nchapters;
	struct page *pages;
	uint64_t kinds, models; /* what on_other() sees, a bit each */
	bool disturbed;      /* a fault has been injected */
	uint8_t fates[CLAUSE_COUNT];
};

static inline struct reading reading_of(struct rulebook *b, struct page *p,
					unsigned int chapter,
					const struct event *ev)
{
	return (struct reading){ b, &p->view, p->states[chapter], ev };
}

/* The first chapter of the set, which is not empty; takes it out. */
static inline unsigned int take_chapter(uint32_t *set)
{
	unsigned int chapter = (unsigned int)__builtin_ctz(*set);

	*set &= *set - 1;
	return chapter;
}

/* Of the event's device; NULL: nothing is judged of it. */
struct page *book_page(struct rulebook *b, const struct event *ev);

/* rings.c: shows what the driver has made available since somebody last
 * looked. */
void rings_look(struct rulebook *b, struct page *p, struct view_queue *q,
		const struct event *ev);
/* Where the queues' areas are has changed. */
void rings_find(struct page *p);
void rings_on_read(struct observer *o, struct event_bus *bus,
		   const struct event *ev);
void rings_on_write(struct observer *o, struct event_bus *bus,
		    const struct event *ev);

#endif

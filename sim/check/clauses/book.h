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
	HOOK_LOOK, HOOK_AVAILABLE, HOOK_USED, HOOK_WISH, HOOK_RESET, HOOK_END,
	HOOK_TABLE, HOOKS
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
	uint32_t faults;     /* that have been injected */
	bool hangs;
	uint8_t fates[CLAUSE_COUNT];
};

/* The chapters of a set, which are shown something one after the other. */
struct turns {
	struct reading reading;
	const struct chapter *chapter; /* whose turn it is */
	struct page *page;
	uint32_t left;
};

static inline struct turns turns_of(struct rulebook *b, struct page *p,
				    uint32_t chapters, const struct event *ev)
{
	return (struct turns){ .reading = { b, &p->view, NULL, ev },
			       .page = p, .left = chapters };
}

/* False: all have had it. */
static inline bool turns_next(struct turns *t)
{
	unsigned int chapter;

	if (!t->left)
		return false;
	chapter = (unsigned int)__builtin_ctz(t->left);
	t->left &= t->left - 1;
	t->chapter = t->reading.book->chapters[chapter];
	t->reading.state = t->page->states[chapter];
	return true;
}

/* Of a device of which nothing has happened yet. */
void book_begin(struct rulebook *b, struct page *p, unsigned int device);

/* Of the event's device; NULL: nothing is judged of it. */
static inline struct page *book_page(struct rulebook *b, const struct event *ev)
{
	struct page *p;

	if (ev->device >= b->world->ndevices)
		return NULL;
	p = &b->pages[ev->device];
	if (!p->begun)
		book_begin(b, p, ev->device);
	return p->closed || p->view.gone ? NULL : p;
}

/* rings.c: shows what the driver has made available since somebody last
 * looked. */
void rings_look(struct rulebook *b, struct page *p, struct view_queue *q,
		const struct event *ev);
/* Where the queues' areas are has changed. */
void rings_find(struct page *p);
void rings_on_read(struct observer *o, const struct event *ev);
void rings_on_write(struct observer *o, const struct event *ev);

#endif

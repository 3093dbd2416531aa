/* SPDX-License-Identifier: MIT */
/*
 * Which pages of RAM have been written since a snapshot was taken.  They start
 * read-only; the first write to one faults, makes it writable and puts it on a
 * list for good, so that a fuzzer's inputs soon cause no fault at all and a
 * restore copies just the pages that inputs ever write.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/flat/track.h"

/* The one whose pages the signal handler looks after. */
static struct flat_track *tracked;
static struct sigaction before;

static void all_hot(struct flat_track *t)
{
	uint32_t i;

	mprotect(t->ram, (size_t)t->pages * FLAT_PAGE, PROT_READ | PROT_WRITE);
	for (i = 0; i < t->pages; i++)
		t->hot[i] = i;
	t->nhot = t->pages;
}

static bool page_written(struct flat_track *t, const uint8_t *addr)
{
	uint32_t page;

	if (addr < t->ram || addr >= t->ram + (size_t)t->pages * FLAT_PAGE ||
	    t->nhot == t->pages)
		return false;
	page = (uint32_t)((size_t)(addr - t->ram) / FLAT_PAGE);
	/* More mappings than the system allows: give up on tracking. */
	if (mprotect(t->ram + (size_t)page * FLAT_PAGE, FLAT_PAGE,
		     PROT_READ | PROT_WRITE))
		all_hot(t);
	else
		t->hot[t->nhot++] = page;
	return true;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	if (tracked && page_written(tracked, info->si_addr))
		return;
	/* Not ours: as if this handler had never been there. */
	if (before.sa_flags & SA_SIGINFO)
		before.sa_sigaction(number, info, context);
	else
		sigaction(number, &before, NULL);
}

bool flat_track_start(struct flat_track *t, uint8_t *ram, uint64_t size)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	t->ram = ram;
	t->pages = (uint32_t)(size / FLAT_PAGE);
	t->nhot = 0;
	t->copy = malloc(size);
	t->hot = calloc(t->pages, sizeof(*t->hot));
	if (!t->copy || !t->hot) {
		free(t->copy);
		free(t->hot);
		return false;
	}
	memcpy(t->copy, ram, size);
	action.sa_sigaction = on_fault;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, &before);
	tracked = t;
	if (mprotect(ram, size, PROT_READ))
		all_hot(t);
	return true;
}

void flat_track_restore(struct flat_track *t)
{
	uint32_t i;

	for (i = 0; i < t->nhot; i++) {
		size_t at = (size_t)t->hot[i] * FLAT_PAGE;

		memcpy(t->ram + at, t->copy + at, FLAT_PAGE);
	}
}

void flat_track_stop(struct flat_track *t)
{
	mprotect(t->ram, (size_t)t->pages * FLAT_PAGE, PROT_READ | PROT_WRITE);
	tracked = NULL;
	sigaction(SIGSEGV, &before, NULL);
	free(t->copy);
	free(t->hot);
}

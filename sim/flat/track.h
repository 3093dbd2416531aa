/* SPDX-License-Identifier: MIT */
/*
 * The pages of RAM that have been written since a snapshot; for snapshot.c.
 */
#ifndef RINGSIDE_SIM_FLAT_TRACK_H
#define RINGSIDE_SIM_FLAT_TRACK_H

#include "sim/flat/internal.h"

struct flat_track {
	uint8_t *ram;
	uint8_t *copy;   /* RAM at the snapshot */
	uint32_t *hot;   /* numbers of pages that may differ from it */
	uint32_t nhot, pages;
};

/* One at a time in a process.  False: out of memory. */
bool flat_track_start(struct flat_track *t, uint8_t *ram, uint64_t size);
void flat_track_restore(struct flat_track *t);
void flat_track_stop(struct flat_track *t);

#endif

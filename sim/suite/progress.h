/* SPDX-License-Identifier: MIT */
/*
 * How far a suite has come, on one line of a terminal that is written over.  The
 * one place where a suite looks at the clock of the wall.
 */
#ifndef RINGSIDE_SIM_SUITE_PROGRESS_H
#define RINGSIDE_SIM_SUITE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"

struct progress {
	int fd;            /* of the terminal, or -1 */
	size_t total, done, failed;
	uint64_t begun_ms;
	size_t width;      /* of what is on the line */
};

/* On standard error, where that is a terminal that can go back to the line's
 * beginning; else every call does nothing. */
void progress_begin(struct progress *p, size_t total);
void progress_done(struct progress *p, bool failed);
void progress_show(struct progress *p);
/* Takes the line away. */
void progress_end(struct progress *p);

/* The line: "120 of 512 done, 2 failed, 410 a second, 1 s left". */
void progress_text(const struct progress *p, uint64_t elapsed_ms,
		   struct textbuf *out);

#endif

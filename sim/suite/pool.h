/* SPDX-License-Identifier: MIT */
/*
 * Jobs in forked processes, a process each, some at a time.  The parent loads
 * whatever is shared before; a job finds it there, as it was.  A job gives back
 * bytes through one pipe, which is its standard output and error too, and ends
 * without running anything of the parent's (docs/adr/0060-fork-a-cell.md).
 * What dies, or takes too long, costs its own job and no other.
 */
#ifndef RINGSIDE_SIM_SUITE_POOL_H
#define RINGSIDE_SIM_SUITE_POOL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/suite/brood.h"

struct pool {
	unsigned int workers;   /* at a time, at least 1 */
	uint32_t limit_ms;      /* of wall time for a job, or BROOD_NO_LIMIT */
	/* In the child. */
	void (*work)(void *arg, size_t job, struct textbuf *out);
	/* In the parent, as jobs end. */
	void (*done)(void *arg, size_t job, const struct brood_result *r);
	/* In the parent, several times a second; may be NULL. */
	void (*tick)(void *arg);
	/* Set by a signal's handler: kill what runs, begin nothing. */
	const volatile sig_atomic_t *stop; /* may be NULL */
	int keep_out; /* the parent's descriptor that jobs do not get; 0: none */
	void *arg;
};

/* Jobs 0 to njobs - 1, begun in order.  False: stopped before all were done. */
bool pool_run(const struct pool *p, size_t njobs);
/* How many processors this process may use. */
unsigned int pool_processors(void);

#endif

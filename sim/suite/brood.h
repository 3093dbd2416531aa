/* SPDX-License-Identifier: MIT */
/*
 * Forked children, some at a time, each a job that gives back bytes through one
 * pipe.  The pipe is the child's standard output and error too, so that the last
 * words of one that dies are heard.  What dies, or takes too long, costs its own
 * job and no other.  Who has jobs in a row uses sim/suite/pool.h; a sweep forks
 * wherever its run happens to be.
 */
#ifndef RINGSIDE_SIM_SUITE_BROOD_H
#define RINGSIDE_SIM_SUITE_BROOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"

#define BROOD_NO_LIMIT UINT32_MAX

enum brood_end {
	BROOD_DONE,    /* `bytes` is what the child gave back */
	BROOD_EXITED,  /* it left on its own, `number` is its exit code */
	BROOD_DIED,    /* by the signal `number` */
	BROOD_TIMEOUT, /* it was killed after the limit */
	BROOD_NO_FORK, /* no process for it, `number` is errno */
	BROOD_NO_MEMORY/* in the parent, for what it sent */
};

struct brood_result {
	enum brood_end end;
	int number;
	const char *bytes;
	size_t len;
	const char *said; /* what was written to standard output and error, */
	size_t said_len;  /* in order; no NUL at its end */
};

enum brood_side {
	BROOD_PARENT, /* the child runs */
	BROOD_CHILD,  /* this is the child: brood_give() is its end */
	BROOD_FAILED  /* there is no process to be had, errno tells why */
};

struct brood;

/* `slots` children at a time, `limit_ms` of wall time for each; done() is called
 * in the parent as they end.  Aborts without memory. */
struct brood *brood_create(unsigned int slots, uint32_t limit_ms,
			   void (*done)(void *arg, size_t job,
					const struct brood_result *r),
			   void *arg);
/* Kills those that still run, untold. */
void brood_destroy(struct brood *b);
/* A descriptor that is closed in the children; 0: none. */
void brood_keep_out(struct brood *b, int fd);
unsigned int brood_running(const struct brood *b);
/* Only while a slot is free.  No stdio buffer crosses: they must be empty. */
enum brood_side brood_fork(struct brood *b, size_t job);
/* In the child: sends the bytes and ends, without running anything of the
 * parent's. */
__attribute__((noreturn))
void brood_give(struct brood *b, struct textbuf *out);
/* Until something has come, or a little while has passed. */
void brood_attend(struct brood *b);

/* "its process died: Killed"; limit_ms as for brood_create. */
void brood_what_became(const struct brood_result *r, uint32_t limit_ms,
		       char *text, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A brood that is given jobs in their order.
 */
#define _GNU_SOURCE
#include "sim/suite/pool.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>

unsigned int pool_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

static bool start(const struct pool *p, struct brood *b, size_t job)
{
	enum brood_side side = brood_fork(b, job);
	struct textbuf out;

	if (side == BROOD_CHILD) {
		textbuf_init(&out);
		p->work(p->arg, job, &out);
		brood_give(b, &out);
	}
	return side == BROOD_PARENT;
}

static void no_process(const struct pool *p, size_t job)
{
	const struct brood_result result = {
		.end = BROOD_NO_FORK, .number = errno, .said = "",
	};

	p->done(p->arg, job, &result);
}

static bool stopped(const struct pool *p)
{
	return p->stop && *p->stop;
}

static void attend(const struct pool *p, struct brood *b)
{
	brood_attend(b);
	if (p->tick)
		p->tick(p->arg);
}

bool pool_run(const struct pool *p, size_t njobs)
{
	struct brood *b = brood_create(p->workers, p->limit_ms, p->done, p->arg);
	size_t next = 0;
	bool all;

	brood_keep_out(b, p->keep_out);
	fflush(NULL);
	while ((next < njobs || brood_running(b)) && !stopped(p)) {
		while (next < njobs && brood_running(b) < p->workers &&
		       !stopped(p)) {
			if (start(p, b, next))
				next++;
			else if (brood_running(b))
				break; /* one that ends makes room */
			else
				no_process(p, next++);
		}
		if (brood_running(b))
			attend(p, b);
	}
	all = next == njobs && !brood_running(b);
	brood_destroy(b);
	return all;
}

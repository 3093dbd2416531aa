/* SPDX-License-Identifier: MIT */
/*
 * A student's file is compiled with -fsanitize-coverage=trace-pc: each of its
 * basic blocks calls the function below.  So a loop that waits without a machine
 * call, as in `while (!done);`, lets time pass all the same, its interrupts come,
 * and one that never ends runs into the run's budget of simulated time, with the
 * line where it stands.  Code that does make machine calls notices nothing.
 */
#include "guestdrv/lab/lab_kernel.h"

#include "guestdrv/kernel/kernel.h"

/* So many blocks in which the clock stood still are a loop. */
#define BLOCKS 256u

static u64 last_time;
static unsigned int blocks;

void __sanitizer_cov_trace_pc(void);

void lab_safe_point_boot(void)
{
	last_time = 0;
	blocks = 0;
}

void __sanitizer_cov_trace_pc(void)
{
	u64 now;

	if (++blocks < BLOCKS)
		return;
	blocks = 0;
	now = gk.calls->now(gk.m);
	if (now == last_time)
		cpu_relax();
	else
		last_time = now;
}

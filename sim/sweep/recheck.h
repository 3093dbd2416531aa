/* SPDX-License-Identifier: MIT */
/*
 * After a workload, with the faults off: does the machine still do what a fresh one
 * does?  Every device is unbound and bound again and the workload runs once more,
 * seen by a sequence.
 */
#ifndef RINGSIDE_SIM_SWEEP_RECHECK_H
#define RINGSIDE_SIM_SWEEP_RECHECK_H

#include <stdbool.h>

#include "sim/run/run.h"
#include "sim/sweep/sequence.h"

/* Does the file itself break the hardware: a quirk, the bus? */
bool recheck_broken(const struct scenario *s);
/* Has the guest what it takes, driver.bind and driver.unbind, and is the hardware
 * whole?  What is broken or gone at the end of the good run need not be so in
 * another. */
bool recheck_possible(const struct scenario *s);
/* The budget of an injected run up to its workload's end, in ps: a driver that
 * tries again may wait a while first. */
uint64_t recheck_budget(const struct scenario *s);
/* On the guest's first thread, after the workload. */
/* `settle`: the first round went otherwise than the good run's. */
void recheck_run(const struct run_parts *run, struct sequence *sequence,
		 bool settle);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The checks of a run: the scenario's expectations, and the invariants that hold
 * after every run, whatever it expects (design section 5).  One object makes them
 * all; each invariant is a file of its own beside this one.
 *
 * Order of calls:
 *   checks_create     before the machine boots, after facts_create
 *   checks_data       as the platform's data callback (arg: the checks)
 *   checks_step       after each action of the workload
 *   checks_expect     at an `expect:` step, on the guest's first thread
 *   checks_workload_done   when the workload has ended, before the guest's
 *                     shutdown: freezes the facts, evaluates `expect:`
 *   checks_end        when the run has ended, however it ended
 */
#ifndef RINGSIDE_SIM_CHECK_CHECK_H
#define RINGSIDE_SIM_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestdrv/abi/machine.h"
#include "sim/check/finding.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/observe/facts.h"
#include "sim/observe/world.h"
#include "sim/platform/platform.h"
#include "sim/scenario/scenario.h"

struct checks;

struct checks_config {
	const struct scenario *scenario;
	const struct world *world;
	struct event_bus *bus;
	struct facts *facts;
	struct fault_engine *faults;
	/* The rule's number in the engine of each of scenario->faults. */
	const size_t *rules;
	/* The function of each of scenario->devices, once it has been made. */
	struct pci_function *const *functions;
	/* Only what the scenario expects is looked at, no invariant: for
	 * measuring what those cost. */
	bool bare;
};

/* Copies *cfg; what it points at must live on.  NULL: out of memory. */
struct checks *checks_create(const struct checks_config *cfg);
void checks_destroy(struct checks *c);

/* A platform_data_fn: compares with the simulator's own copy of the medium. */
bool checks_data(void *checks, enum machine_data_kind kind, uint16_t device,
		 uint64_t offset, const void *buf, uint64_t len);
/* An action has answered: its result must be what the step says. */
void checks_step(struct checks *c, const struct scn_step *step, int result);
/* False: at least one was not met. */
bool checks_expect(struct checks *c, const struct scn_expect *expects,
		   size_t count);
void checks_workload_done(struct checks *c);
/* From now on the invariants alone count: a fault that the file does not know of
 * may change what it expects. */
void checks_invariants_only(struct checks *c);
void checks_end(struct checks *c, const struct platform_outcome *outcome);
const struct findings *checks_findings(const struct checks *c);

#endif

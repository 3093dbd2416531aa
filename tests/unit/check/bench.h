/* SPDX-License-Identifier: MIT */
/*
 * A run without a platform: a scenario built by hand, facts, checks, and a feed
 * of events.  Shared by the tests of expectations, of the checks as a whole, and
 * of reports.
 */
#ifndef RINGSIDE_TESTS_UNIT_CHECK_BENCH_H
#define RINGSIDE_TESTS_UNIT_CHECK_BENCH_H

#include "sim/check/check.h"
#include "sim/observe/narrative.h"
#include "sim/scenario/catalogue.h"
#include "tests/unit/observe/feed.h"

struct bench {
	struct feed f;
	struct loaded_guest guest;
	struct scn_device devices[2];
	struct pci_function *functions[2]; /* for readings */
	struct scn_expect expects[8];
	struct scn_check checks_of[8];
	struct scn_fault faults[2];
	size_t rules[2];
	struct scenario s;
	struct facts *facts;
	struct narrative *narrative;
	struct fault_engine *engine;
	struct checks *checks;
};

void bench_init(struct bench *b);
/* One more entry with one check; before bench_begin. */
struct scn_check *bench_expect(struct bench *b, enum scn_subject subject,
			       uint32_t device, const char *key);
/* One more fault, of guest.irq.request on device 0, its first call. */
void bench_fault(struct bench *b);
void bench_begin(struct bench *b);
void bench_done(struct bench *b);
/* The device's probe, well and good, on msix-per-queue. */
void bench_probe(struct bench *b, unsigned int device);
/* Ends the run; the outcome is RUN_FINISHED unless told. */
void bench_end(struct bench *b, enum run_end end);
/* The text of the i-th finding, or "". */
const char *bench_text(const struct bench *b, size_t i);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the evaluation share: the value that a key has, how it is
 * got (expect_get.c), compared (expect.c) and put into words (expect_say.c).
 */
#ifndef RINGSIDE_SIM_CHECK_ACTUAL_H
#define RINGSIDE_SIM_CHECK_ACTUAL_H

#include "sim/check/expect.h"
#include "sim/observe/textbuf.h"

enum actual_kind {
	ACTUAL_INT,
	ACTUAL_TIME,  /* i, picoseconds */
	ACTUAL_TEXT,
	ACTUAL_MODES, /* of the device's ended binds */
	ACTUAL_CPUS,  /* of the device's vectors, facts_cpus; i: the device */
	ACTUAL_PROBE, /* i: -errno or 0; text: NULL if there was a probe */
	ACTUAL_BITS,
	ACTUAL_LOG,
	ACTUAL_ORDER,
	ACTUAL_FINDING /* settled at the very end, sim/check/finds.c */
};

struct actual {
	enum actual_kind kind;
	uint64_t i;
	const char *text;
	const struct facts_device *device;
};

/* Fills *a; false: no such key. */
bool expect_get(const struct expect_context *c, const struct scn_expect *e,
		const struct scn_check *check, struct actual *a);
/* A bind in the words of `binds:`. */
const char *expect_bind_word(const struct facts_bind *b);
/* One phrase: what was expected and what there is instead. */
void expect_say(struct textbuf *t, const struct expect_context *c,
		const struct scn_expect *e, const struct scn_check *check,
		const struct actual *a);

#endif

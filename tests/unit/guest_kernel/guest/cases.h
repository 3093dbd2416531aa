/* SPDX-License-Identifier: MIT */
/*
 * Cases that run inside the guest: GUEST_CASE(name) { ... } is the action "case"
 * with that name.  CHECK logs what did not hold and ends the case.  The host
 * side (../rig.h) boots the image, runs one case, shuts it down.
 */
#ifndef TESTS_UNIT_GUEST_KERNEL_GUEST_CASES_H
#define TESTS_UNIT_GUEST_KERNEL_GUEST_CASES_H

#include <linux/kernel.h>
#include <linux/module.h>
#include "guestdrv/abi/machine.h"

struct guest_case {
	const char *name;
	int (*run)(void);
};

#define GUEST_CASE(fn)                                                    \
	static int fn(void);                                              \
	static const struct guest_case COMPILER_PASTE(fn, _case) =        \
		{ #fn, fn };                                              \
	static const struct guest_case *const COMPILER_PASTE(fn, _row)    \
		__used __section("guest_cases") =                         \
			&COMPILER_PASTE(fn, _case);                       \
	static int fn(void)

#define CHECK(cond)                                                       \
	do {                                                              \
		if (!(cond)) {                                            \
			pr_err("%s:%d: %s\n", __FILE_NAME__, __LINE__,    \
			       #cond);                                    \
			return -EINVAL;                                   \
		}                                                         \
	} while (0)

/* What the kernel asked of the machine: the image's boot puts itself between. */
struct guest_spy {
	u64 irqs_off_calls; /* irqs_enable(false) */
	u64 irqs_on_calls;
	u64 off_at_read;    /* the machine's state at the last register read */
	u64 events;         /* created less destroyed */
	u64 fault_calls;
	u64 stale_handles;  /* of an earlier machine, at fault points */
	u64 notes[MACHINE_NOTE_COUNT];
	struct machine_note last[MACHINE_NOTE_COUNT];
	char last_text[MACHINE_NOTE_COUNT][64];
};
extern struct guest_spy guest_spy;

#endif

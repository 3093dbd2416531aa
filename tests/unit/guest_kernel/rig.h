/* SPDX-License-Identifier: MIT */
/*
 * The bench: the image kernel_cases on the small machine, with one toy device.
 * rig_case boots, runs a case of the guest, shuts down, and expects that
 * everything went well and nothing is left; rig_bug expects the guest to be
 * stopped with a diagnostic code.
 */
#ifndef TESTS_UNIT_GUEST_KERNEL_RIG_H
#define TESTS_UNIT_GUEST_KERNEL_RIG_H

#include "sim/flat/flat.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/guest_kernel/toy.h"

#define RIG_BDF MACHINE_BDF(0, 3, 0)

struct rig {
	struct flat_machine *fm;
	struct flat_image *image;
	struct toy *toy;
};

struct rig_options {
	struct flat_config machine;
	struct toy_config toy;
	bool checked; /* the image in which each access to memory is checked */
};

#define RIG_DEFAULTS                                                       \
	{                                                                  \
		.machine = FLAT_CONFIG_DEFAULTS,                           \
		.toy = {                                                   \
			.bars = { { 0x1000, 0 }, { 0x1000, 0 } },          \
			.msix = 4,                                         \
			.pin = 1,                                          \
		},                                                         \
	}

/* NULL options: the defaults.  Not booted yet. */
bool rig_create(struct rig *r, const struct rig_options *o);
void rig_destroy(struct rig *r);
/* Boots, runs the case; what flat_action answered. */
int rig_run(struct rig *r, const char *name);
/* Shuts down; nothing may be left. */
void rig_end(struct rig *r);
/* The log, for a failure's message. */
void rig_tell(const struct rig *r);

void rig_case(const struct rig_options *o, const char *name);
void rig_bug(const struct rig_options *o, const char *name, const char *code,
	     const char *text);
/* Found not by the case but when the machine is shut down. */
void rig_late_bug(const char *name, const char *code, const char *text);

#define CASE(suite, name)                                                  \
	TEST(suite, name)                                                  \
	{                                                                  \
		rig_case(NULL, #name);                                     \
	}
#define BUG(suite, name, code, text)                                       \
	TEST(suite, name)                                                  \
	{                                                                  \
		rig_bug(NULL, #name, code, text);                          \
	}

#endif

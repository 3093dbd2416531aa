/* SPDX-License-Identifier: MIT */
/*
 * The table of what an expectation may ask; see expect_keys.h.
 */
#include <string.h>

#include "sim/scenario/expect_keys.h"

const char *const interrupt_modes[] = {
	"msix-per-queue", "msix-shared-slow", "msix-shared", "intx", "none",
	NULL
};

#define DEVICE_KEY(key, kind, text) \
	{ .name = key, .subject = SUBJECT_DEVICE, .type = kind, .about = text }
#define FAULT_KEY(key, kind, text) \
	{ .name = key, .subject = SUBJECT_FAULT, .type = kind, .about = text }
#define RUN_KEY(key, kind, text) \
	{ .name = key, .subject = SUBJECT_RUN, .type = kind, .about = text }

const struct expect_key expect_keys[] = {
	DEVICE_KEY("interrupts", EXPECT_TYPE_MODE,
		   "how the driver is interrupted, as the device's registers show it"),
	DEVICE_KEY("vectors", EXPECT_TYPE_INT,
		   "distinct MSI-X vectors that the device has mapped"),
	DEVICE_KEY("vectors_on", EXPECT_TYPE_CPUS,
		   "the CPU that each vector interrupted last, `none` for one that was not used; of a device on its line that one's CPU"),
	DEVICE_KEY("binds", EXPECT_TYPE_MODES,
		   "the interrupt mode of each probe so far, in order; `fails` for one that failed"),
	DEVICE_KEY("probe", EXPECT_TYPE_PROBE,
		   "how the last probe ended: ok, fails, or {fails: ENOSPC}"),
	DEVICE_KEY("rung", EXPECT_TYPE_RUNG,
		   "the rung of the ladder that the driver itself names"),
	DEVICE_KEY("queues", EXPECT_TYPE_INT, "queues that are enabled"),
	DEVICE_KEY("features.offered", EXPECT_TYPE_FEATURES,
		   "features that the device offers: at least these"),
	DEVICE_KEY("features.negotiated", EXPECT_TYPE_FEATURES,
		   "features that driver and device agreed on: at least these"),
	DEVICE_KEY("requests.completed", EXPECT_TYPE_INT,
		   "requests of the workload that ended well"),
	DEVICE_KEY("requests.failed", EXPECT_TYPE_INT,
		   "requests of the workload that ended with an error"),
	DEVICE_KEY("kicks", EXPECT_TYPE_INT,
		   "notifications that the driver sent to the device"),
	DEVICE_KEY("msis", EXPECT_TYPE_INT, "MSI-X messages that the device sent"),
	DEVICE_KEY("intx_edges", EXPECT_TYPE_INT,
		   "how often the device asserted its interrupt pin"),
	DEVICE_KEY("contended", EXPECT_TYPE_INT,
		   "how often the device's driver waited for a spin lock that another CPU held"),
	{ .name = "violations", .subject = SUBJECT_DEVICE,
	  .type = EXPECT_TYPE_INT, .has_default = true, .deflt = 0,
	  .about = "rules of the specification that the guest broke at this device" },
	DEVICE_KEY("finds", EXPECT_TYPE_FINDING,
		   "a finding about the device that must be made, and does not fail the run; with a text behind it that its own contains; only at the end"),
	FAULT_KEY("hits", EXPECT_TYPE_INT, "calls that the fault made fail"),
	FAULT_KEY("calls", EXPECT_TYPE_INT,
		  "calls that reached the point, after narrowing"),
	{ .name = "order", .subject = SUBJECT_ORDER,
	  .type = EXPECT_TYPE_ORDER,
	  .about = "events that occur in this order; others may lie between" },
	RUN_KEY("time", EXPECT_TYPE_TIME, "simulated time since power-on"),
	RUN_KEY("log", EXPECT_TYPE_LOG,
		"a line of the guest's log contains the text"),
	RUN_KEY("contended", EXPECT_TYPE_INT,
		"how often a CPU waited for a spin lock that another one held"),
	RUN_KEY("violations", EXPECT_TYPE_INT,
		"rules of the specification that the guest broke, all devices"),
	RUN_KEY("finds", EXPECT_TYPE_FINDING,
		"a finding that must be made, and does not fail the run (`ringside explain CODE`); with a text behind it that its own contains; only at the end"),
	{ .name = NULL },
};

const struct expect_key *expect_key_find(enum scn_subject subject,
					 const char *name)
{
	for (const struct expect_key *k = expect_keys; k->name; k++)
		if (k->subject == subject && strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

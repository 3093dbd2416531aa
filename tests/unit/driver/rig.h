/* SPDX-License-Identifier: MIT */
/*
 * The driver's test bench: the reference image on the small machine with one
 * virtio-blk device at 00:01.0, whose model sits behind a meddler, and a copy of
 * the medium that answers the guest's data() calls.
 */
#ifndef RINGSIDE_TESTS_UNIT_DRIVER_RIG_H
#define RINGSIDE_TESTS_UNIT_DRIVER_RIG_H

#include "sim/flat/flat.h"
#include "tests/unit/driver/meddler.h"

#define RIG_BDF 0x8u     /* bus 0, device 1, function 0 */
#define RIG_SECTORS 64u
#define RIG_BYTES (RIG_SECTORS * 512u)

/* BAR and offsets of the model's layout. */
#define RIG_BAR 4u
#define RIG_ISR 0x1000u
#define RIG_DEVICE 0x2000u
#define RIG_NOTIFY 0x3000u

struct rig_options {
	uint64_t offer, withhold;  /* feature bits, to and from the default */
	int32_t msix_entries;      /* -1: as many as it wants; 0: no MSI-X */
	uint8_t pin;               /* 0: none */
	int64_t queues, queue_size;
	bool read_only;
	uint32_t cpu_vectors;
	const struct machine_option *guest;
};

#define RIG_DEFAULTS                                                  \
	{                                                             \
		.msix_entries = -1, .pin = 1, .queues = 1,            \
		.queue_size = 64, .cpu_vectors = 224                  \
	}

struct rig {
	struct flat_machine *fm;
	struct meddler *dev;
	const struct guest_image *guest;
	uint8_t file[RIG_BYTES];   /* what the device was given */
	uint8_t medium[RIG_BYTES]; /* what it should hold now */
	uint64_t bad;              /* data that differed */
};

/* A machine that is switched off; hooks may be set now.  NULL: the test has
 * failed already.  NULL options: the defaults. */
struct rig *rig_open(const struct rig_options *o);
/* Shuts the guest down if it runs, and checks that nothing is left. */
void rig_close(struct rig *r);
/* flat_boot and the result of the device's probe: the last that ended. */
int rig_boot(struct rig *r);
int rig_probe_result(const struct rig *r);
/* flat_action with "device=00:01.0" before `args`. */
int rig_do(struct rig *r, const char *action, const char *args);
/* The rung whose end was told last, with result 0; "" if none. */
const char *rig_rung(const struct rig *r);
/* Notes of a kind, with that text if it is not NULL. */
size_t rig_notes(const struct rig *r, enum machine_note_kind kind,
		 const char *text);
/* Values that the driver wrote to a register of RIG_BAR, in order; returns how
 * many there were. */
size_t rig_writes(const struct rig *r, uint64_t offset, uint64_t *values,
		  size_t max);

#endif

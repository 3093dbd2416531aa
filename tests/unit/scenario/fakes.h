/* SPDX-License-Identifier: MIT */
/*
 * What the parser's tests need around it: a guest image and a device model that
 * do nothing and declare a bit of everything, files in a folder of their own,
 * and the printed diagnostics as a text.
 */
#ifndef RINGSIDE_TESTS_UNIT_SCENARIO_FAKES_H
#define RINGSIDE_TESTS_UNIT_SCENARIO_FAKES_H

#include "sim/scenario/catalogue.h"
#include "sim/scenario/scenario.h"

/* "fake": options debug (bool), name (text), rounds (number), pause (time),
 * limit (size), actions fake.work, fake.idle; points guest.fake.alloc,
 * guest.fake.irq; ladder high, low. */
extern const struct guest_image fake_image;
/* "fake-disk": properties image (file, required), queues (1..64), latency
 * (time), cache (size), serial (text), read_only (bool), any (no range);
 * features FAKE_F_ONE (bit 0, default), FAKE_F_TWO (1), FAKE_F_THREE (2, needs
 * TWO), VIRTIO_F_VERSION_1 (32, default); points device.fake.queue (by queue),
 * device.fake.no (no errors); actions disk.turn (amount required, label, rounds
 * 1..9) and disk.stop; a reading dials with speed and free-space.  check()
 * refuses queues 13, and any 99. */
extern const struct device_model fake_model;

/* A catalogue with both. */
struct catalogue *fake_catalogue(void);

/* A folder with files; the current directory is in it until fake_leave(). */
void fake_enter(void);
void fake_leave(void);
void fake_file(const char *name, const char *text);
void fake_bytes(const char *name, const void *bytes, size_t len);

/* Loads s.yaml with this text; NULL and printed mistakes in fake_printed. */
struct scenario *fake_load(const char *text);
struct scenario *fake_load_cell(const char *text, const char *cell,
				const struct scn_overrides *o);
/* What fake_load* printed, and how many mistakes those were. */
extern const char *fake_printed;
extern size_t fake_mistakes;

/* The text with `body` indented below a machine with one fake-disk "d0". */
#define FAKE_MACHINE                                    \
	"schema: 1\n"                                   \
	"machine:\n"                                    \
	"  guest: fake\n"                               \
	"  devices:\n"                                  \
	"    - {id: d0, model: fake-disk, image: d.img}\n"

#endif

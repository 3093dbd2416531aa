/* SPDX-License-Identifier: MIT */
/*
 * What a scenario may name: guest images and device models, built in, found on
 * the search path, or loaded from a shared object that the scenario names.
 * Guests are searched in ../lib/ringside/guests and ./guests relative to the
 * program, then in the directories of RINGSIDE_GUEST_PATH, then in the user's
 * own (catalogue_user_dir).
 */
#ifndef RINGSIDE_SIM_SCENARIO_CATALOGUE_H
#define RINGSIDE_SIM_SCENARIO_CATALOGUE_H

#include "guestdrv/abi/machine.h"
#include "models/pci/device_model.h"
#include "sim/fault/fault.h"
#include "sim/platform/bus_points.h"

#ifdef __cplusplus
extern "C" {
#endif

struct loaded_guest {
	const char *name;                /* as the scenario names it */
	const char *path;                /* of the shared object */
	const struct guest_image *image;
	uintptr_t text_start, text_end;  /* where its code lies, for backtraces */
	uint32_t crc;                    /* CRC-32 of its build id, or of the
	                                    whole file where it has none */
};

struct catalogue;

struct catalogue *catalogue_create(void);
void catalogue_destroy(struct catalogue *c);
/* Adds an image or a model that is linked into the program, found before all
 * others; what is added must outlive c. */
void catalogue_add_guest(struct catalogue *c, const struct guest_image *image);
void catalogue_add_model(struct catalogue *c, const struct device_model *model);
/* By name, or by path when it holds a '/' (relative to `dir`, the scenario's
 * directory).  NULL: *error tells why, a phrase that lives as long as c. */
const struct loaded_guest *catalogue_guest(struct catalogue *c,
					   const char *name, const char *dir,
					   const char **error);
const struct device_model *catalogue_model(struct catalogue *c,
					   const char *name, const char *dir,
					   const char **error);
/* True for a guest of the project that this build was made without: a run that
 * needs it is skipped (exit 77), its diagnostic is [guest-not-built]. */
bool catalogue_guest_optional(const char *name);
/* Where a user keeps images of their own; false: nowhere, or too long. */
bool catalogue_user_dir(char *dir, size_t size);
/* Names for lists and "did you mean"; end with NULL, live as long as c. */
const char *const *catalogue_guest_names(struct catalogue *c);
const char *const *catalogue_model_names(struct catalogue *c);

#ifdef __cplusplus
}
#endif
#endif

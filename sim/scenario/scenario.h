/* SPDX-License-Identifier: MIT */
/*
 * A scenario, parsed and resolved for one cell: defaults merged, matrix values
 * substituted, types checked, names looked up.  Everything that a run needs is
 * in here; nothing here knows how YAML looks.  The file format is described in
 * docs/scenario-format.md.
 */
#ifndef RINGSIDE_SIM_SCENARIO_SCENARIO_H
#define RINGSIDE_SIM_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/device_model.h"
#include "sim/fault/fault.h"
#include "sim/scenario/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pattern;

enum scn_type { SCN_NONE, SCN_BOOL, SCN_INT, SCN_STRING, SCN_LIST };

struct scn_value {
	enum scn_type type;
	int64_t i;               /* BOOL 0/1, INT */
	const char *s;           /* STRING */
	struct scn_value *items; /* LIST */
	size_t count;
	struct scn_pos pos;
};

/* ---- expectations ---- */

enum scn_match_kind {
	MATCH_EQUAL,    /* the value itself; a list: the same items in order */
	MATCH_NOT,      /* {not: value} */
	MATCH_RANGE,    /* {min: , max: } */
	MATCH_CONTAINS, /* {contains: text} of a log; a subset of a set */
	MATCH_FAILS     /* probe: fails | {fails: ENOSPC}; value: errno or NONE */
};

struct scn_match {
	enum scn_match_kind kind;
	struct scn_value value;
	bool has_min, has_max;
	int64_t min, max;
};

/* What an expectation is about. */
enum scn_subject { SUBJECT_DEVICE, SUBJECT_FAULT, SUBJECT_ORDER, SUBJECT_RUN };

/* One `key: value` of an expectation; nested keys are joined by a dot
 * ("requests.completed").  The keys that there are: sim/scenario/expect_keys.c. */
struct scn_check {
	const char *key;
	const struct device_reading *reading; /* "config" of "config.num_pages" */
	const struct reg *field;              /* ... and its field; or NULL */
	struct scn_match match;
	struct scn_pos pos; /* of the key's value */
};

struct scn_expect {
	enum scn_subject subject;
	uint32_t device;        /* index of scenario.devices, or FAULT_ANY */
	const char *fault;      /* point's name, SUBJECT_FAULT */
	const char *guest;      /* only for this image, or NULL */
	struct scn_check *checks;
	size_t nchecks;
	struct scn_pos pos;
};

/* ---- workload ---- */

enum scn_step_kind {
	STEP_ACTION, STEP_DEVICE_ACTION, STEP_EXPECT, STEP_PARALLEL, STEP_REPEAT
};

#define SCN_ANY_CPU UINT32_MAX

struct scn_step {
	enum scn_step_kind kind;
	struct scn_pos pos;
	const char *name;               /* ACTION: "blk.read" */
	const struct guest_action *action;
	struct guest_value *values;     /* one for each of action->params */
	const struct device_action *device_action; /* DEVICE_ACTION */
	struct device_value *device_values;        /* one for each of its params */
	uint32_t device;                /* index of scenario.devices */
	uint64_t within_ps;             /* 0: no limit of its own */
	int fails;                      /* expected errno, positive; 0 succeeds */
	uint32_t on_cpu;                /* ACTION; SCN_ANY_CPU: where it is */
	struct scn_expect *expects;     /* EXPECT */
	size_t nexpects;
	struct scn_step *steps;         /* PARALLEL: a thread each; REPEAT: in order */
	size_t nsteps;
	uint64_t times;                 /* REPEAT */
};

/* ---- the machine ---- */

struct scn_device {
	const char *id;
	const struct device_model *model;
	uint32_t bdf;                     /* MACHINE_BDF of its slot */
	struct device_config config;      /* values: one for each property */
	struct scn_pos pos;
};

struct scn_fault {
	const char *point;
	struct fault_rule rule;           /* rule.point is filled when run */
	const struct pattern *from, *until; /* events that arm it and disarm it,
	                                       or NULL */
	bool breaks;                      /* the hardware: a quirk, or the bus */
	struct scn_pos pos;
};

/* A clause that the run need not keep. */
struct scn_waiver {
	unsigned int clause;              /* enum clause */
	uint32_t device;                  /* index, or FAULT_ANY: of all */
};

/* A guest image that has been loaded; sim/scenario/catalogue.h. */
struct loaded_guest;

struct scenario {
	const char *path;      /* as the user named it, without the cell */
	const char *cell;      /* "guest=reference,queues=2", or "" */
	const char *name, *about;
	const char **refs, **tags; /* end with NULL */
	uint64_t seed;
	uint64_t budget_ps;    /* simulated; 0: the default of 10 s */
	/* machine */
	const struct loaded_guest *guest;
	struct machine_option *guest_options; /* ends with a NULL name */
	uint32_t cpus;
	uint64_t memory;       /* bytes */
	const char *timing;    /* a profile's name */
	const char *dma;       /* "stepwise", "batched", "bounce" is separate */
	bool bounce;
	uint32_t cpu_vectors;
	struct scn_device *devices;
	size_t ndevices;
	struct scn_fault *faults;
	size_t nfaults;
	struct scn_step *steps;
	size_t nsteps;
	struct scn_expect *expects;
	size_t nexpects;
	struct scn_waiver *waivers; /* those for other guests are left out */
	size_t nwaivers;
	const char *known_ref;  /* known: an expected failure, or NULL */
	struct scn_arena *arena; /* owns all of the above */
	uint32_t file_crc;      /* CRC-32 of the file's bytes, then of the CRC-32
	                           of the file of its `defaults` */
};

/* What the command line changes: --set PATH=VALUE, --seed, --inject. */
struct scn_overrides {
	const char *const *set;     /* "machine.cpus=4", ends with NULL; or NULL */
	const char *const *inject;  /* "POINT@DEVICE#N=ERRNO", ends with NULL; or NULL */
	bool has_seed;
	uint64_t seed;
	const char *guest;          /* replaces machine.guest, or NULL */
	bool deep;                  /* look at all data that devices are given */
};

struct catalogue;
struct scenario_file;

/* The cells of a file, "" alone where it has no matrix; ends with NULL; NULL and
 * mistakes in *d when the file is wrong.  Free with scenario_cells_free. */
char **scenario_cells(const char *path, struct diag *d);
void scenario_cells_free(char **cells);

/* Loads FILE, or FILE[cell].  NULL and every mistake in *d when it is wrong.
 * A file of several cells and no cell named is a mistake that lists them. */
struct scenario *scenario_load(const char *path_and_cell,
			       const struct scn_overrides *overrides,
			       struct catalogue *catalogue, struct diag *d);
void scenario_free(struct scenario *s);

/* A file that is read once, for those who load many of its cells; `path` is FILE
 * or FILE[cell], which leaves only the cells that it fits.  There is at least
 * one.  NULL: mistakes are in *d. */
struct scenario_file *scenario_file_open(const char *path, struct diag *d);
void scenario_file_close(struct scenario_file *f);
/* As it was named, without the cell; and its folder. */
const char *scenario_file_path(const struct scenario_file *f);
const char *scenario_file_dir(const struct scenario_file *f);
/* As scenario.file_crc. */
uint32_t scenario_file_crc(const struct scenario_file *f);
size_t scenario_file_count(const struct scenario_file *f);
/* "" where the file has no matrix. */
const char *scenario_file_cell(const struct scenario_file *f, size_t i);
/* The cell's value of an axis of `matrix`; NULL: there is no such axis. */
const char *scenario_file_value(const struct scenario_file *f, size_t i,
				const char *axis);
/* What `machine.guest` says or leaves unsaid; whether a tag is among `tags`.  For
 * choosing cells: nothing else of the cell is looked at. */
const char *scenario_file_guest(const struct scenario_file *f, size_t i);
bool scenario_file_tagged(const struct scenario_file *f, size_t i,
			  const char *tag, size_t len);
/* As scenario_load; the scenario lives no longer than its file. */
struct scenario *scenario_file_load(const struct scenario_file *f, size_t i,
				    const struct scn_overrides *overrides,
				    struct catalogue *catalogue,
				    struct diag *d);

#ifdef __cplusplus
}
#endif
#endif

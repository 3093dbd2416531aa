/* SPDX-License-Identifier: MIT */
/*
 * The keys of a scenario file, as tables: a row a key, with its type, default,
 * range and one line of explanation.  The parser reads a file by these tables,
 * and "did you mean", the JSON Schema and the key reference in
 * docs/scenario-format.md come from them.
 */
#ifndef RINGSIDE_SIM_SCENARIO_SCHEMA_H
#define RINGSIDE_SIM_SCENARIO_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The schema number that this program reads. */
#define SCHEMA_NUMBER 1

enum schema_type {
	SCHEMA_STRING,   /* .s */
	SCHEMA_WORD,     /* .s, one of `words` */
	SCHEMA_INT,      /* .i */
	SCHEMA_UINT64,   /* .u */
	SCHEMA_BOOL,     /* .i */
	SCHEMA_SIZE,     /* .i, bytes */
	SCHEMA_TIME,     /* .i, picoseconds */
	SCHEMA_ERRNO,    /* .i, positive; .s the name */
	SCHEMA_STRINGS,  /* a list of texts */
	SCHEMA_MAP,      /* keys of `map` */
	SCHEMA_MAPS,     /* a list of such maps */
	SCHEMA_STEPS,    /* a list of workload steps */
	SCHEMA_EXPECTS,  /* a list of expectations */
	SCHEMA_FEATURES, /* a list of feature names, or {bit: N} */
	SCHEMA_OPEN      /* a map with keys of its own (matrix, guest_options) */
};

struct schema_map;

struct schema_key {
	const char *name;
	enum schema_type type;
	bool required;
	const char *deflt;             /* as it would be written, or NULL */
	int64_t min, max;              /* INT, SIZE, TIME */
	const char *const *words;      /* WORD; ends with NULL */
	const struct schema_map *map;  /* MAP, MAPS */
	const char *about;
};

struct schema_map {
	const char *name;              /* "machine" */
	const char *about;
	const struct schema_key *keys; /* ends with a NULL name */
	size_t count;
	/* Who knows the keys that are not in the table; NULL: nobody. */
	const char *others;
};

/* Indices of the tables; build*.c reads values by them. */
enum { ROOT_SCHEMA, ROOT_NAME, ROOT_ABOUT, ROOT_REFS, ROOT_TAGS,
       ROOT_DEFAULTS, ROOT_MATRIX, ROOT_CASES, ROOT_EXCLUDE, ROOT_SEED,
       ROOT_BUDGET, ROOT_MACHINE, ROOT_FAULTS, ROOT_WORKLOAD, ROOT_EXPECT,
       ROOT_KNOWN, ROOT_WAIVE, ROOT_KEYS };
enum { BUDGET_TIME, BUDGET_KEYS };
enum { MACHINE_GUEST, MACHINE_GUEST_OPTIONS, MACHINE_CPUS, MACHINE_MEMORY,
       MACHINE_TIMING, MACHINE_DMA, MACHINE_CPU_VECTORS, MACHINE_DEVICES,
       MACHINE_KEYS };
enum { DEVICE_ID, DEVICE_MODEL, DEVICE_SLOT, DEVICE_COUNT,
       DEVICE_TRANSPORT, DEVICE_INTERFACE, DEVICE_FEATURES, DEVICE_MSIX, DEVICE_INTX,
       DEVICE_CAPABILITIES, DEVICE_KEYS };
enum { FEATURES_BASE, FEATURES_OFFER, FEATURES_WITHHOLD, FEATURES_KEYS };
enum { MSIX_TABLE_SIZE, MSIX_KEYS };
enum { FAULT_POINT, FAULT_DEVICE, FAULT_QUEUE, FAULT_INDEX, FAULT_CPU, FAULT_NTH,
       FAULT_TIMES, FAULT_INTERVAL, FAULT_PROBABILITY, FAULT_SPACE,
       FAULT_AFTER, FAULT_FROM, FAULT_UNTIL, FAULT_ERROR, FAULT_EFFECT,
       FAULT_TAKES, FAULT_KEYS };
enum { KNOWN_REF, KNOWN_GUEST, KNOWN_KEYS };
enum { WAIVE_CLAUSE, WAIVE_DEVICE, WAIVE_GUEST, WAIVE_REASON, WAIVE_KEYS };
enum { REPEAT_TIMES, REPEAT_STEPS, REPEAT_KEYS };
/* No map has more keys than this. */
#define SCHEMA_MAX_KEYS 17

extern const struct schema_map schema_root, schema_budget, schema_machine,
	schema_device, schema_features, schema_msix, schema_fault,
	schema_known, schema_waive, schema_repeat;

/* Words of `capabilities`, by enum device_caps; ends with NULL. */
extern const char *const schema_caps_words[];

/* JSON Schema draft-07, as docs/scenario.schema.json. */
void schema_print_json(FILE *out);
/* The key reference, as in docs/scenario-format.md. */
void schema_print_reference(FILE *out);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * From the tree of a file to a struct scenario: what the files of the parser
 * share.  Each build_*() reads its part of the tree, reports every mistake in
 * it, and goes on.
 */
#ifndef RINGSIDE_SIM_SCENARIO_BUILD_H
#define RINGSIDE_SIM_SCENARIO_BUILD_H

#include "sim/scenario/catalogue.h"
#include "sim/scenario/expect_keys.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/yaml.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BUILD_SLOTS 256u /* functions of bus 0 */
/* 00:00.0 is the host bridge. */
#define BUILD_MAX_DEVICES (BUILD_SLOTS - 1)

/* Who is in a slot, and where the file says so. */
struct build_slot {
	struct scn_device *device;
	const struct yaml_node *node;
};

struct build {
	struct scn_arena *a;
	struct diag *d;
	struct catalogue *catalogue;
	struct scenario *s;
	const char *dir; /* the scenario's directory, for what it names */
	bool guest_unknown;
	bool in_step;    /* expectations of a step, not of the end */
	bool deep;       /* of the overrides */
	struct build_slot slots[BUILD_SLOTS];
};

/* ---- read.c: typed values ---- */

struct schema_value {
	bool given;                   /* and of the right type */
	const struct yaml_node *node; /* NULL: not written */
	int64_t i;
	uint64_t u;
	const char *s;
};

/* Who takes keys that a table does not have. */
struct schema_others {
	bool (*take)(void *arg, struct build *b, const struct yaml_node *value);
	void *arg;
	const char *const *names; /* for "did you mean"; ends with NULL */
};

/* Reads a map by its table into out[], one value a key; defaults are filled in.
 * others may be NULL.  False: it is not a map. */
bool schema_read(struct build *b, const struct yaml_node *n,
		 const struct schema_map *map, struct schema_value *out,
		 const struct schema_others *others);
/* One scalar by a row's type and range. */
bool schema_read_value(struct build *b, const struct yaml_node *n,
		       const struct schema_key *key,
		       struct schema_value *out);
bool build_is_list(struct build *b, const struct yaml_node *n);
bool build_is_map(struct build *b, const struct yaml_node *n);
void build_wrong_type(struct build *b, const struct yaml_node *n,
		      const char *expected);
/* Reports a name that is not among `names` (ends with NULL); `what`: "model". */
void build_unknown(struct build *b, const struct yaml_node *n,
		   const char *code, const char *what,
		   const char *const *names);
void build_unknown_key(struct build *b, const struct yaml_node *n,
		       const char *const *names, const char *where);
/* "did you mean 'x'?", or NULL. */
const char *build_closest(struct build *b, const char *word,
			  const char *const *names);
/* "a, b or c" */
const char *build_join(struct build *b, const char *const *names,
		       const char *last);
/* `x-*`: for people and other programs. */
bool build_ignored_key(const char *key);

/* ---- the parts ---- */

void build_scenario(struct build *b, const struct yaml_node *root);
void build_machine(struct build *b, const struct yaml_node *n);
void build_devices(struct build *b, const struct yaml_node *list);
/* The devices go to consecutive functions, from the slot that n names. */
void build_slots_give(struct build *b, const struct yaml_node *n,
		      struct scn_device *devs, size_t count);
/* The others get what is left; then the devices of several functions. */
void build_slots_end(struct build *b, const struct yaml_node *list);
void build_features(struct build *b, const struct yaml_node *n,
		    const struct device_model *model, uint64_t *features);
/* Bit of a feature, by name or {bit: N}; -1: reported. */
int build_feature_bit(struct build *b, const struct yaml_node *n,
		      const struct device_model *model);
/* The contents of the file that *n names, build_file.c; false: reported. */
bool build_file(struct build *b, const struct yaml_node *n,
		struct device_value *v);
bool build_property(struct build *b, const struct yaml_node *n,
		    const struct device_property *p, struct device_value *v);
void build_faults(struct build *b, const struct yaml_node *list);
const struct fault_point *build_find_point(struct build *b,
					   const struct yaml_node *n,
					   uint32_t device);
void build_steps(struct build *b, const struct yaml_node *list,
		 struct scn_step **steps, size_t *count, unsigned depth);
/* A step that is an action of a device's model, build_device_action.c.  False: no
 * device of the scenario has an action of this name. */
bool build_device_action(struct build *b, const struct yaml_node *n,
			 struct scn_step *step);
/* Adds the names of all actions of the scenario's devices, each once, to the
 * `count` that are there; names has room for build_count_device_actions more. */
size_t build_device_action_names(struct build *b, const char **names,
				 size_t count);
size_t build_count_device_actions(const struct build *b);
void build_expects(struct build *b, const struct yaml_node *list,
		   struct scn_expect **expects, size_t *count);
/* The index of a device, or FAULT_ANY and a mistake. */
uint32_t build_device(struct build *b, const struct yaml_node *n);

#ifdef __cplusplus
}
#endif
#endif

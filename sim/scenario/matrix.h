/* SPDX-License-Identifier: MIT */
/*
 * From one file to its cells: `defaults`, `matrix`, `cases`, `exclude`, and the
 * ${name} that they fill in.  All of it works on trees, before any type is
 * known.
 */
#ifndef RINGSIDE_SIM_SCENARIO_MATRIX_H
#define RINGSIDE_SIM_SCENARIO_MATRIX_H

#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MATRIX_MAX_CELLS 10000u
#define MATRIX_MAX_AXES 16u

/* One choice of values. */
struct cell {
	const char *name;               /* "guest=reference,queues=2" */
	const struct yaml_node *row;    /* of `cases`, or NULL */
	const struct yaml_node *values[MATRIX_MAX_AXES];
};

struct cells {
	const struct yaml_node *root;
	const struct yaml_node *axes[MATRIX_MAX_AXES];
	size_t naxes;
	struct cell *list;              /* at least one */
	size_t count;
};

/* False: mistakes are in *d. */
bool matrix_cells(struct scn_arena *a, struct diag *d,
		  const struct yaml_node *root, struct cells *cells);
/* The value of this axis in the cell; NULL: it has no such axis. */
const char *matrix_value(const struct cells *cells, const struct cell *cell,
			 const char *axis);
/* One part of the root as this cell has it: a tree of its own. */
struct yaml_node *matrix_part(struct scn_arena *a, struct diag *d,
			      const struct cells *cells,
			      const struct cell *cell,
			      const struct yaml_node *part);
/* The root as this cell has it: a tree of its own. */
struct yaml_node *matrix_resolve(struct scn_arena *a, struct diag *d,
				 const struct cells *cells,
				 const struct cell *cell);

/* subst.c: a copy of `n` with each ${name} filled in.  look_up() gives the value
 * of a name or NULL; `names` are for hints. */
struct subst {
	struct scn_arena *a;
	struct diag *d;
	const char *cell;
	const struct yaml_node *(*look_up)(const struct subst *s,
					   const char *name);
	const void *arg;
	const char *const *names;
};
struct yaml_node *subst_tree(const struct subst *s, const struct yaml_node *n);
/* Does ${name} occur in the tree? */
bool subst_uses(const struct yaml_node *n, const char *name);

/* defaults.c: reads the file that `defaults:` names and merges it into `root`;
 * *crc goes on over that file's. */
bool defaults_merge(struct scn_arena *a, struct diag *d, const char *dir,
		    struct yaml_node *root, uint32_t *crc);
/* overrides.c: what the command line changes, on the resolved tree. */
bool overrides_apply(struct scn_arena *a, struct diag *d,
		     const struct scn_overrides *o, struct yaml_node *root);

#ifdef __cplusplus
}
#endif
#endif

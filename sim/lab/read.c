/* SPDX-License-Identifier: MIT */
/*
 * lab.yaml, read by the same means as scenarios: a table of keys, and mistakes
 * with their line, column and hint.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/lab/lab.h"
#include "sim/scenario/build.h"

enum { LAB_TITLE, LAB_ABOUT, LAB_FILE, LAB_PASS, LAB_TASKS, LAB_KEYS };
enum { TASK_ID, TASK_TITLE, TASK_POINTS, TASK_CHECKS, TASK_SWEEP, TASK_HINT,
       TASK_KEYS };
enum { SWEEP_FILE, SWEEP_POINTS, SWEEP_REBIND, SWEEP_KEYS };

static const struct schema_key sweep_keys[] = {
	[SWEEP_FILE] = { .name = "file", .type = SCHEMA_STRING,
			 .required = true, .about = "the scenario whose calls "
						    "fail, one in each run" },
	[SWEEP_POINTS] = { .name = "points", .type = SCHEMA_STRINGS,
			   .about = "patterns of fault points; without it: all" },
	[SWEEP_REBIND] = { .name = "rebind", .type = SCHEMA_BOOL,
			   .deflt = "true", .about = "bind the driver once more "
						     "after each run" },
	[SWEEP_KEYS] = { .name = NULL },
};

static const struct schema_map sweep_map = {
	"sweep", "A sweep.", sweep_keys, SWEEP_KEYS, NULL
};

static const struct schema_key task_keys[] = {
	[TASK_ID] = { .name = "id", .type = SCHEMA_STRING, .required = true,
		      .about = "a word by which sheet and results call it" },
	[TASK_TITLE] = { .name = "title", .type = SCHEMA_STRING,
			 .required = true, .about = "what is to be done" },
	[TASK_POINTS] = { .name = "points", .type = SCHEMA_INT,
			  .required = true, .min = 1, .max = 100,
			  .about = "what it is worth" },
	[TASK_CHECKS] = { .name = "checks", .type = SCHEMA_STRINGS,
			  .required = true,
			  .about = "a list of scenarios that must pass" },
	[TASK_SWEEP] = { .name = "sweep", .type = SCHEMA_MAP, .map = &sweep_map,
			 .about = "a sweep that must find nothing" },
	[TASK_HINT] = { .name = "hint", .type = SCHEMA_STRING,
			.about = "printed when it has failed" },
	[TASK_KEYS] = { .name = NULL },
};

static const struct schema_map task_map = {
	"tasks", "A task.", task_keys, TASK_KEYS, NULL
};

static const struct schema_key lab_keys[] = {
	[LAB_TITLE] = { .name = "title", .type = SCHEMA_STRING,
			.required = true, .about = "what the lab is called" },
	[LAB_ABOUT] = { .name = "about", .type = SCHEMA_STRING,
			.required = true, .about = "one sentence" },
	[LAB_FILE] = { .name = "file", .type = SCHEMA_STRING, .required = true,
		       .about = "the student's C file, as in starter/" },
	[LAB_PASS] = { .name = "pass", .type = SCHEMA_INT, .deflt = "50",
		       .min = 1, .max = 100,
		       .about = "percent of the points" },
	[LAB_TASKS] = { .name = "tasks", .type = SCHEMA_MAPS,
			.required = true, .map = &task_map,
			.about = "a list of tasks" },
	[LAB_KEYS] = { .name = NULL },
};

static const struct schema_map lab_map = {
	"lab.yaml", "A lab.", lab_keys, LAB_KEYS, NULL
};

static bool exists(struct build *b, const char *below)
{
	return !access(arena_printf(b->a, "%s/%s", b->dir, below), R_OK);
}

static void read_check(struct build *b, const struct yaml_node *n,
		       struct lab_check *check)
{
	if (n->kind != YAML_SCALAR || n->empty) {
		build_wrong_type(b, n, "the name of a scenario, as checks/sizing.yaml");
		return;
	}
	check->file = n->text;
	if (!exists(b, n->text))
		yaml_error(b->d, n, "cannot-read",
			   "names are relative to the lab's folder",
			   "there is no file '%s'", n->text);
}

static void read_checks(struct build *b, const struct yaml_node *n,
			struct lab_task *task)
{
	const struct yaml_node *c;

	if (!n || !build_is_list(b, n))
		return;
	if (!n->count)
		yaml_error(b->d, n, "missing-key", NULL,
			   "a task without a check cannot be graded");
	task->checks = arena_array(b->a, n->count + 1, sizeof(*task->checks));
	for (c = n->child; c; c = c->next)
		read_check(b, c, &task->checks[task->nchecks++]);
}

static bool is_pattern(struct build *b, const struct yaml_node *n)
{
	if (n->kind == YAML_SCALAR && !n->empty && !strchr(n->text, ','))
		return true;
	build_wrong_type(b, n, "a pattern of fault points, as guest.irq");
	return false;
}

static const char *read_points(struct build *b, const struct yaml_node *n)
{
	const struct yaml_node *c;
	const char *points = NULL;

	if (!n || !build_is_list(b, n))
		return NULL;
	for (c = n->child; c; c = c->next)
		if (is_pattern(b, c))
			points = arena_printf(b->a, "%s%s%s", points ? points : "",
					      points ? "," : "", c->text);
	return points;
}

static const struct lab_sweep *read_sweep(struct build *b,
					  const struct yaml_node *n)
{
	struct schema_value v[SWEEP_KEYS];
	struct lab_check check = { NULL };
	struct lab_sweep *sweep;

	if (!n || !schema_read(b, n, &sweep_map, v, NULL) ||
	    !v[SWEEP_FILE].given)
		return NULL;
	read_check(b, v[SWEEP_FILE].node, &check);
	sweep = arena_alloc(b->a, sizeof(*sweep));
	sweep->file = check.file;
	sweep->path = arena_printf(b->a, "%s/%s", b->dir, v[SWEEP_FILE].s);
	sweep->points = read_points(b, v[SWEEP_POINTS].node);
	sweep->rebind = v[SWEEP_REBIND].i != 0;
	return sweep;
}

static void read_task(struct build *b, const struct yaml_node *n,
		      struct lab *lab)
{
	struct lab_task *task = &lab->tasks[lab->ntasks];
	struct schema_value v[TASK_KEYS];
	size_t i;

	if (!schema_read(b, n, &task_map, v, NULL))
		return;
	task->id = v[TASK_ID].s;
	task->title = v[TASK_TITLE].s;
	task->hint = v[TASK_HINT].s;
	task->points = (unsigned int)v[TASK_POINTS].i;
	for (i = 0; task->id && i < lab->ntasks; i++)
		if (lab->tasks[i].id && !strcmp(lab->tasks[i].id, task->id))
			yaml_error(b->d, v[TASK_ID].node, "duplicate-id", NULL,
				   "two tasks are called '%s'", task->id);
	read_checks(b, v[TASK_CHECKS].node, task);
	task->sweep = read_sweep(b, v[TASK_SWEEP].node);
	lab->points += task->points;
	lab->ntasks++;
}

static void read_tasks(struct build *b, const struct yaml_node *n,
		       struct lab *lab)
{
	const struct yaml_node *c;

	if (!n || !build_is_list(b, n))
		return;
	if (!n->count)
		yaml_error(b->d, n, "missing-key", NULL,
			   "a lab has at least one task");
	lab->tasks = arena_array(b->a, n->count + 1, sizeof(*lab->tasks));
	for (c = n->child; c; c = c->next)
		read_task(b, c, lab);
}

static void read_file(struct build *b, const struct schema_value *v,
		      struct lab *lab)
{
	size_t len = v->s ? strlen(v->s) : 0;

	lab->file = v->s;
	if (!v->given)
		return;
	if (len < 3 || strcmp(v->s + len - 2, ".c") || strchr(v->s, '/'))
		yaml_error(b->d, v->node, "wrong-value", NULL,
			   "'file' is the name of a C file without a folder, found '%s'",
			   v->s);
	else if (!exists(b, arena_printf(b->a, "starter/%s", v->s)))
		yaml_error(b->d, v->node, "cannot-read", NULL,
			   "there is no file 'starter/%s'", v->s);
}

static void read_lab(struct build *b, const struct yaml_node *root,
		     struct lab *lab)
{
	struct schema_value v[LAB_KEYS];

	if (!schema_read(b, root, &lab_map, v, NULL))
		return;
	lab->title = v[LAB_TITLE].s;
	lab->about = v[LAB_ABOUT].s;
	lab->pass = (unsigned int)v[LAB_PASS].i;
	read_file(b, &v[LAB_FILE], lab);
	read_tasks(b, v[LAB_TASKS].node, lab);
}

struct lab *lab_read(struct scn_arena *a, const char *dir, const char *name,
		     struct diag *d)
{
	struct build b = { .a = a, .d = d };
	struct lab *lab = arena_alloc(a, sizeof(*lab));
	size_t before = d->count;
	struct yaml_file *file;
	struct yaml_node *root;

	lab->name = arena_strdup(a, name);
	lab->dir = b.dir = arena_printf(a, "%s/%s", dir, name);
	file = yaml_file_read(a, arena_printf(a, "%s/lab.yaml", lab->dir), d);
	root = file ? yaml_parse(a, file, d) : NULL;
	if (root)
		read_lab(&b, root, lab);
	return d->count == before ? lab : NULL;
}

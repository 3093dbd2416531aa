/* SPDX-License-Identifier: MIT */
/*
 * Loads a scenario, or tells the cells of a file: the order of the passes.
 * bytes -> gate -> tree -> defaults -> cell -> overrides -> typed scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/build.h"
#include "sim/scenario/matrix.h"

/* Of a budget that a scenario does not name: 10 s. */
#define DEFAULT_BUDGET_PS UINT64_C(10000000000000)
/* Cells that a hint lists. */
#define CELLS_SHOWN 20u

/* A file, read and merged. */
struct source {
	const char *path, *cell; /* cell NULL: none was named */
	const char *dir;
	struct yaml_file *file;
	struct yaml_node *root;
	uint32_t crc;
	struct cells cells;
};

struct scenario_file {
	struct scn_arena *a;
	struct source src;
	const struct cell **cells; /* those that the name fits */
	size_t count;
};

static const char *dir_of(struct scn_arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(a, path,
						   (size_t)(slash - path));
}

/* "FILE[cell]" */
static void split(struct scn_arena *a, const char *path_and_cell,
		  struct source *src)
{
	size_t len = strlen(path_and_cell);
	const char *open = strrchr(path_and_cell, '[');

	src->path = arena_strdup(a, path_and_cell);
	if (open && open != path_and_cell && path_and_cell[len - 1] == ']') {
		src->path = arena_strndup(a, path_and_cell,
					  (size_t)(open - path_and_cell));
		src->cell = arena_strndup(a, open + 1,
					  strlen(open + 1) - 1);
	}
	src->dir = dir_of(a, src->path);
}

static bool read_source(struct scn_arena *a, struct diag *d,
			const char *path_and_cell, struct source *src)
{
	split(a, path_and_cell, src);
	src->file = yaml_file_read(a, src->path, d);
	src->root = src->file ? yaml_parse(a, src->file, d) : NULL;
	if (!src->root)
		return false;
	if (src->root->kind != YAML_MAP) {
		yaml_error(d, src->root, "wrong-type", NULL,
			   "a scenario is a map of keys, found %s",
			   yaml_describe(a, src->root));
		return false;
	}
	src->crc = src->file->crc;
	return defaults_merge(a, d, src->dir, src->root, &src->crc) &&
	       matrix_cells(a, d, src->root, &src->cells);
}

/* ---- choosing a cell ---- */

/* Is `part` one of the parts between the commas of `name`? */
static bool has_part(const char *name, const char *part, size_t len)
{
	for (const char *p = name; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strcspn(p, ",") == len && strncmp(p, part, len) == 0)
			return true;
	}
	return false;
}

/* A cell may be named by some of its parts, in any order. */
static bool matches(const struct cell *cell, const char *wanted)
{
	for (const char *p = wanted; p && *p; p = strchr(p, ',')) {
		p += *p == ',';
		if (!has_part(cell->name, p, strcspn(p, ",")))
			return false;
	}
	return true;
}

static const char *list_cells(struct scn_arena *a, const struct source *src,
			      const char *wanted)
{
	const char *s = "";
	size_t n = 0;

	for (size_t i = 0; i < src->cells.count; i++) {
		const char *name = src->cells.list[i].name;

		if (!matches(&src->cells.list[i], wanted))
			continue;
		if (++n > CELLS_SHOWN)
			continue;
		s = arena_printf(a, "%s%s%s[%s]", s, n > 1 ? "\n        " : "",
				 src->path, name);
	}
	if (n > CELLS_SHOWN)
		s = arena_printf(a, "%s\n        ... and %zu more", s,
				 n - CELLS_SHOWN);
	return arena_printf(a, "name one: %s", s);
}

static const struct cell *choose(struct scn_arena *a, struct diag *d,
				 const struct source *src)
{
	struct scn_pos pos = { .file = src->path };
	const char *wanted = src->cell ? src->cell : "";
	const struct cell *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < src->cells.count; i++) {
		const struct cell *c = &src->cells.list[i];

		if (strcmp(c->name, wanted) == 0)
			return c;
		if (matches(c, wanted)) {
			found = c;
			count++;
		}
	}
	if (count == 1)
		return found;
	if (src->cells.count == 1 && !*src->cells.list[0].name)
		diag_add(d, pos, "unknown-cell", NULL, NULL,
			 "the file has no cells, so none is called [%s]",
			 wanted);
	else if (count == 0)
		diag_add(d, pos, "unknown-cell", list_cells(a, src, ""), NULL,
			 "no cell is called [%s]", wanted);
	else if (src->cell)
		diag_add(d, pos, "needs-cell", list_cells(a, src, wanted),
			 NULL, "[%s] fits %zu cells", wanted, count);
	else
		diag_add(d, pos, "needs-cell", list_cells(a, src, ""), NULL,
			 "the file has %zu cells", count);
	return NULL;
}

/* ---- what scenario.h offers ---- */

static void build(struct scenario *s, const struct source *src,
		  const struct cell *cell,
		  const struct scn_overrides *overrides,
		  struct catalogue *catalogue, struct diag *d)
{
	struct build b = { .a = s->arena, .d = d, .catalogue = catalogue,
			   .s = s, .dir = src->dir,
			   .deep = overrides && overrides->deep };
	struct yaml_node *root = matrix_resolve(s->arena, d, &src->cells,
						cell);

	s->path = src->path;
	s->cell = cell->name;
	s->file_crc = src->crc;
	s->budget_ps = DEFAULT_BUDGET_PS;
	overrides_apply(s->arena, d, overrides, root);
	build_scenario(&b, root);
	if (overrides && overrides->has_seed)
		s->seed = overrides->seed;
}

struct scenario *scenario_load(const char *path_and_cell,
			       const struct scn_overrides *overrides,
			       struct catalogue *catalogue, struct diag *d)
{
	struct scn_arena *a = arena_create();
	struct scenario *s = arena_alloc(a, sizeof(*s));
	struct source src = { .path = NULL };
	const struct cell *cell;
	size_t before = d->count;

	s->arena = a;
	if (!read_source(a, d, path_and_cell, &src))
		goto fail;
	cell = choose(a, d, &src);
	if (!cell)
		goto fail;
	build(s, &src, cell, overrides, catalogue, d);
	if (d->count != before)
		goto fail;
	return s;
fail:
	arena_destroy(a);
	return NULL;
}

void scenario_free(struct scenario *s)
{
	if (s)
		arena_destroy(s->arena);
}

/* ---- a file, read once for all of its cells ---- */

static void keep_cells(struct scenario_file *f)
{
	const struct cells *all = &f->src.cells;

	f->cells = arena_array(f->a, all->count, sizeof(*f->cells));
	for (size_t i = 0; i < all->count; i++)
		if (!f->src.cell || matches(&all->list[i], f->src.cell))
			f->cells[f->count++] = &all->list[i];
}

struct scenario_file *scenario_file_open(const char *path, struct diag *d)
{
	struct scn_arena *a = arena_create();
	struct scenario_file *f = arena_alloc(a, sizeof(*f));

	f->a = a;
	if (read_source(a, d, path, &f->src)) {
		keep_cells(f);
		if (f->count)
			return f;
		choose(a, d, &f->src); /* complains */
	}
	arena_destroy(a);
	return NULL;
}

void scenario_file_close(struct scenario_file *f)
{
	if (f)
		arena_destroy(f->a);
}

const char *scenario_file_path(const struct scenario_file *f)
{
	return f->src.path;
}

const char *scenario_file_dir(const struct scenario_file *f)
{
	return f->src.dir;
}

uint32_t scenario_file_crc(const struct scenario_file *f)
{
	return f->src.crc;
}

size_t scenario_file_count(const struct scenario_file *f)
{
	return f->count;
}

const char *scenario_file_cell(const struct scenario_file *f, size_t i)
{
	return f->cells[i]->name;
}

const char *scenario_file_value(const struct scenario_file *f, size_t i,
				const char *axis)
{
	return matrix_value(&f->src.cells, f->cells[i], axis);
}

/* What stands there is looked at again, with all mistakes told, when the cell
 * is loaded. */
static const struct yaml_node *peek(const struct scenario_file *f, size_t i,
				    const struct yaml_node *part)
{
	const struct yaml_node *n;
	struct diag d;

	if (!part)
		return NULL;
	diag_init(&d);
	n = matrix_part(f->a, &d, &f->src.cells, f->cells[i], part);
	diag_free(&d);
	return n;
}

const char *scenario_file_guest(const struct scenario_file *f, size_t i)
{
	const struct yaml_node *machine = yaml_get(f->src.root, "machine");
	const struct yaml_node *n = NULL;

	if (machine && machine->kind == YAML_MAP)
		n = peek(f, i, yaml_get(machine, "guest"));
	if (!n || n->kind != YAML_SCALAR)
		return schema_machine.keys[MACHINE_GUEST].deflt;
	return n->text;
}

bool scenario_file_tagged(const struct scenario_file *f, size_t i,
			  const char *tag, size_t len)
{
	const struct yaml_node *tags = peek(f, i, yaml_get(f->src.root,
							   "tags"));

	if (!tags || tags->kind != YAML_LIST)
		return false;
	for (const struct yaml_node *n = tags->child; n; n = n->next)
		if (n->kind == YAML_SCALAR && strlen(n->text) == len &&
		    strncmp(n->text, tag, len) == 0)
			return true;
	return false;
}

struct scenario *scenario_file_load(const struct scenario_file *f, size_t i,
				    const struct scn_overrides *overrides,
				    struct catalogue *catalogue,
				    struct diag *d)
{
	struct scn_arena *a = arena_create();
	struct scenario *s = arena_alloc(a, sizeof(*s));
	size_t before = d->count;

	s->arena = a;
	build(s, &f->src, f->cells[i], overrides, catalogue, d);
	if (d->count == before)
		return s;
	arena_destroy(a);
	return NULL;
}

char **scenario_cells(const char *path, struct diag *d)
{
	struct scenario_file *f = scenario_file_open(path, d);
	char **names;

	if (!f)
		return NULL;
	names = calloc(f->count + 1, sizeof(*names));
	for (size_t i = 0; names && i < f->count; i++)
		if (!(names[i] = strdup(f->cells[i]->name)))
			abort();
	if (!names)
		abort();
	scenario_file_close(f);
	return names;
}

void scenario_cells_free(char **cells)
{
	for (char **c = cells; c && *c; c++)
		free(*c);
	free(cells);
}

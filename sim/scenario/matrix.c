/* SPDX-License-Identifier: MIT */
/*
 * `matrix`, `cases`, `exclude`: which cells a file has, and what each of them
 * fills in.  Rows of `cases` change slowest, the last axis of `matrix` fastest.
 */
#include <string.h>

#include "sim/scenario/matrix.h"

/* Parts of the file that a row of `cases` may bring itself. */
static const char *const row_parts[] = {
	"about", "faults", "workload", "expect", "known", NULL
};
/* What is about cells and not in any of them. */
static const char *const cell_parts[] = {
	"matrix", "cases", "exclude", "defaults", NULL
};

static bool among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* ---- what may be written ---- */

static void wrong_type(struct diag *d, struct scn_arena *a,
		       const struct yaml_node *n, const char *expected)
{
	yaml_error(d, n, "wrong-type", NULL, "expected %s, found %s",
		   expected, yaml_describe(a, n));
}

/* Values and rows are named in FILE[...], on command lines and in reports. */
static bool check_label(struct diag *d, const struct yaml_node *n,
			const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || strchr(",[]=", *p)) {
			yaml_error(d, n, "wrong-value", NULL,
				   "a cell's name may not hold , [ ] = or control characters");
			return false;
		}
	return true;
}

static bool check_name(struct diag *d, const struct yaml_node *n)
{
	const struct yaml_node *at = n->keynode ? n->keynode : n;

	if (strspn(n->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
			   "XYZ0123456789_-") == strlen(n->key))
		return true;
	yaml_error(d, at, "wrong-value", NULL,
		   "'%s' is no name for a value: letters, digits, '-' and '_'",
		   n->key);
	return false;
}

static bool check_unused(struct diag *d, const struct yaml_node *root,
			 const struct yaml_node *variable)
{
	for (const struct yaml_node *c = root->child; c; c = c->next)
		if (strcmp(c->key, "matrix") && strcmp(c->key, "exclude") &&
		    subst_uses(c, variable->key))
			return true;
	yaml_error(d, variable->keynode ? variable->keynode : variable,
		   "unused-variable", NULL, "nothing reads ${%s}",
		   variable->key);
	return false;
}

static bool check_axis(struct scn_arena *a, struct diag *d,
		       const struct yaml_node *axis)
{
	bool ok = check_name(d, axis);

	if (axis->kind != YAML_LIST || !axis->count) {
		wrong_type(d, a, axis, "a list of values");
		return false;
	}
	for (const struct yaml_node *v = axis->child; v; v = v->next) {
		if (v->kind != YAML_SCALAR || v->empty) {
			wrong_type(d, a, v, "a text or a number");
			ok = false;
			continue;
		}
		ok &= check_label(d, v, v->text);
		for (const struct yaml_node *o = axis->child; o != v;
		     o = o->next)
			if (o->kind == YAML_SCALAR &&
			    strcmp(o->text, v->text) == 0) {
				yaml_error(d, v, "duplicate-key", NULL,
					   "the value '%s' is here twice",
					   v->text);
				ok = false;
			}
	}
	return ok;
}

static bool read_axes(struct scn_arena *a, struct diag *d,
		      struct cells *cells)
{
	const struct yaml_node *matrix = yaml_get(cells->root, "matrix");
	bool ok = true;

	if (!matrix)
		return true;
	if (matrix->kind != YAML_MAP) {
		wrong_type(d, a, matrix, "a map of lists");
		return false;
	}
	for (const struct yaml_node *x = matrix->child; x; x = x->next) {
		if (strncmp(x->key, "x-", 2) == 0)
			continue;
		if (cells->naxes == MATRIX_MAX_AXES) {
			yaml_error(d, x, "too-many-cells", NULL,
				   "more than %u axes", MATRIX_MAX_AXES);
			return false;
		}
		cells->axes[cells->naxes++] = x;
		ok &= check_axis(a, d, x);
		ok &= check_unused(d, cells->root, x);
	}
	return ok;
}

static bool check_row(struct scn_arena *a, struct diag *d,
		      const struct cells *cells, const struct yaml_node *row)
{
	const struct yaml_node *at = row->keynode ? row->keynode : row;
	bool ok = check_label(d, at, row->key);

	if (row->kind != YAML_MAP) {
		wrong_type(d, a, row, "a map of values");
		return false;
	}
	for (const struct yaml_node *v = row->child; v; v = v->next) {
		if (among(row_parts, v->key) || strncmp(v->key, "x-", 2) == 0)
			continue;
		for (size_t i = 0; i < cells->naxes; i++)
			if (strcmp(cells->axes[i]->key, v->key) == 0) {
				yaml_error(d, v->keynode, "duplicate-key",
					   NULL, "'%s' is in `matrix` too",
					   v->key);
				ok = false;
			}
		ok &= check_name(d, v) && check_unused(d, cells->root, v);
	}
	return ok;
}

static bool read_rows(struct scn_arena *a, struct diag *d,
		      const struct cells *cells)
{
	const struct yaml_node *cases = yaml_get(cells->root, "cases");
	bool ok = true;

	if (!cases)
		return true;
	if (cases->kind != YAML_MAP || !cases->count) {
		wrong_type(d, a, cases, "a map of rows, by the row's name");
		return false;
	}
	for (const struct yaml_node *r = cases->child; r; r = r->next)
		ok &= check_row(a, d, cells, r);
	return ok;
}

/* ---- exclude ---- */

static bool check_excluded(struct scn_arena *a, struct diag *d,
			   const struct cells *cells,
			   const struct yaml_node *v)
{
	const struct yaml_node *cases = yaml_get(cells->root, "cases");
	const struct yaml_node *axis = NULL;
	const char *names[MATRIX_MAX_AXES + 2] = { "case" };

	if (v->kind != YAML_SCALAR) {
		wrong_type(d, a, v, "a text or a number");
		return false;
	}
	if (strcmp(v->key, "case") == 0 && cases) {
		if (yaml_get(cases, v->text))
			return true;
		yaml_error(d, v, "wrong-value", NULL, "there is no case '%s'",
			   v->text);
		return false;
	}
	for (size_t i = 0; i < cells->naxes; i++) {
		names[i + 1] = cells->axes[i]->key;
		if (strcmp(cells->axes[i]->key, v->key) == 0)
			axis = cells->axes[i];
	}
	if (!axis) {
		const char *near = diag_closest(v->key, names);

		yaml_error(d, v->keynode, "unknown-key",
			   near ? arena_printf(a, "did you mean '%s'?", near)
				: NULL,
			   "`matrix` has no '%s'", v->key);
		return false;
	}
	for (const struct yaml_node *o = axis->child; o; o = o->next)
		if (strcmp(o->text, v->text) == 0)
			return true;
	yaml_error(d, v, "wrong-value", NULL, "'%s' is no value of '%s'",
		   v->text, v->key);
	return false;
}

static bool read_excludes(struct scn_arena *a, struct diag *d,
			  const struct cells *cells)
{
	const struct yaml_node *list = yaml_get(cells->root, "exclude");
	bool ok = true;

	if (!list)
		return true;
	if (list->kind != YAML_LIST) {
		wrong_type(d, a, list, "a list of maps");
		return false;
	}
	for (const struct yaml_node *e = list->child; e; e = e->next) {
		if (e->kind != YAML_MAP || !e->count) {
			wrong_type(d, a, e, "a map of values");
			ok = false;
			continue;
		}
		for (const struct yaml_node *v = e->child; v; v = v->next)
			ok &= check_excluded(a, d, cells, v);
	}
	return ok;
}

const char *matrix_value(const struct cells *cells, const struct cell *cell,
			 const char *axis)
{
	for (size_t i = 0; i < cells->naxes; i++)
		if (strcmp(cells->axes[i]->key, axis) == 0)
			return cell->values[i]->text;
	return NULL;
}

static const char *value_in(const struct cells *cells, const struct cell *cell,
			    const char *name)
{
	const char *value;

	if (strcmp(name, "case") == 0 && cell->row)
		return cell->row->key;
	value = matrix_value(cells, cell, name);
	return value ? value : "";
}

static bool excluded(const struct cells *cells, const struct cell *cell)
{
	const struct yaml_node *list = yaml_get(cells->root, "exclude");

	if (!list)
		return false;
	for (const struct yaml_node *e = list->child; e; e = e->next) {
		bool all = true;

		for (const struct yaml_node *v = e->child; v; v = v->next)
			all &= strcmp(value_in(cells, cell, v->key),
				      v->text) == 0;
		if (all)
			return true;
	}
	return false;
}

/* ---- the cells ---- */

static void name_cell(struct scn_arena *a, const struct cells *cells,
		      struct cell *cell)
{
	cell->name = cell->row ? cell->row->key : "";
	for (size_t i = 0; i < cells->naxes; i++)
		cell->name = arena_printf(a, "%s%s%s=%s", cell->name,
					  *cell->name ? "," : "",
					  cells->axes[i]->key,
					  cell->values[i]->text);
}

/* The number'th choice of one row; false: it is excluded. */
static bool make_cell(struct scn_arena *a, const struct cells *cells,
		      const struct yaml_node *row, size_t number,
		      struct cell *cell)
{
	cell->row = row;
	for (size_t i = cells->naxes; i-- > 0;) {
		const struct yaml_node *v = cells->axes[i]->child;
		size_t skip = number % cells->axes[i]->count;

		number /= cells->axes[i]->count;
		while (skip--)
			v = v->next;
		cell->values[i] = v;
	}
	if (excluded(cells, cell))
		return false;
	name_cell(a, cells, cell);
	return true;
}

/* How many cells there are before `exclude`; 0: too many. */
static size_t count_cells(const struct cells *cells, size_t *per_row)
{
	const struct yaml_node *cases = yaml_get(cells->root, "cases");
	size_t total = cases ? cases->count : 1;

	*per_row = 1;
	for (size_t i = 0; i < cells->naxes; i++) {
		*per_row *= cells->axes[i]->count;
		total *= cells->axes[i]->count;
		if (total > MATRIX_MAX_CELLS)
			return 0;
	}
	return total;
}

bool matrix_cells(struct scn_arena *a, struct diag *d,
		  const struct yaml_node *root, struct cells *cells)
{
	const struct yaml_node *cases = yaml_get(root, "cases"), *row;
	size_t per_row, total;
	bool ok;

	memset(cells, 0, sizeof(*cells));
	cells->root = root;
	ok = read_axes(a, d, cells);
	ok &= read_rows(a, d, cells);
	if (!ok || !read_excludes(a, d, cells))
		return false;
	total = count_cells(cells, &per_row);
	if (!total) {
		yaml_error(d, cells->axes[0] ? cells->axes[0] : cases,
			   "too-many-cells", NULL, "more than %u cells",
			   MATRIX_MAX_CELLS);
		return false;
	}
	cells->list = arena_array(a, total, sizeof(*cells->list));
	row = cases ? cases->child : NULL;
	do {
		for (size_t i = 0; i < per_row; i++)
			cells->count += make_cell(a, cells, row, i,
						  &cells->list[cells->count]);
		row = row ? row->next : NULL;
	} while (row);
	if (!cells->count)
		yaml_error(d, yaml_get(root, "exclude"), "no-cells", NULL,
			   "`exclude` leaves no cell");
	return cells->count > 0;
}

/* ---- one cell's tree ---- */

struct choice {
	const struct cells *cells;
	const struct cell *cell;
	struct yaml_node case_name;
};

static const struct yaml_node *look_up(const struct subst *s,
				       const char *name)
{
	const struct choice *c = s->arg;

	if (c->cell->row && strcmp(name, "case") == 0)
		return &c->case_name;
	for (size_t i = 0; i < c->cells->naxes; i++)
		if (strcmp(c->cells->axes[i]->key, name) == 0)
			return c->cell->values[i];
	if (c->cell->row && !among(row_parts, name))
		return yaml_get(c->cell->row, name);
	return NULL;
}

static const char *const *variable_names(struct scn_arena *a,
					 const struct choice *c)
{
	const struct yaml_node *row = c->cell->row;
	const char **names = arena_array(a, c->cells->naxes + 2 +
					 (row ? row->count : 0),
					 sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < c->cells->naxes; i++)
		names[n++] = c->cells->axes[i]->key;
	if (row)
		names[n++] = "case";
	for (const struct yaml_node *v = row ? row->child : NULL; v;
	     v = v->next)
		if (!among(row_parts, v->key))
			names[n++] = v->key;
	return names;
}

/* Fills *s for this choice, which must outlive it. */
static void subst_init(struct subst *s, struct scn_arena *a, struct diag *d,
		       struct choice *c)
{
	const struct yaml_node *row = c->cell->row;

	if (row)
		c->case_name = (struct yaml_node){ .kind = YAML_SCALAR,
						   .text = row->key };
	*s = (struct subst){ .a = a, .d = d, .cell = c->cell->name,
			     .look_up = look_up, .arg = c,
			     .names = variable_names(a, c) };
}

struct yaml_node *matrix_part(struct scn_arena *a, struct diag *d,
			      const struct cells *cells,
			      const struct cell *cell,
			      const struct yaml_node *part)
{
	struct choice choice = { .cells = cells, .cell = cell };
	struct subst s;

	subst_init(&s, a, d, &choice);
	return subst_tree(&s, part);
}

struct yaml_node *matrix_resolve(struct scn_arena *a, struct diag *d,
				 const struct cells *cells,
				 const struct cell *cell)
{
	struct choice choice = { .cells = cells, .cell = cell };
	struct yaml_node *root = arena_alloc(a, sizeof(*root));
	const struct yaml_node *row = cell->row, *c, *part;
	struct subst s;

	subst_init(&s, a, d, &choice);
	*root = *cells->root;
	root->child = root->last = NULL;
	root->count = 0;
	for (c = cells->root->child; c; c = c->next) {
		part = row && among(row_parts, c->key) ? yaml_get(row, c->key)
						       : NULL;
		if (!among(cell_parts, c->key))
			yaml_append(root, subst_tree(&s, part ? part : c),
				    c->key, part ? part->keynode : c->keynode);
	}
	for (c = row ? row->child : NULL; c; c = c->next)
		if (among(row_parts, c->key) && !yaml_get(root, c->key))
			yaml_append(root, subst_tree(&s, c), c->key,
				    c->keynode);
	return root;
}

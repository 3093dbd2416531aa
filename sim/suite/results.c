/* SPDX-License-Identifier: MIT */
/*
 * Keeps results in order, and counts them.
 */
#include "sim/suite/results.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/image_file.h"

void results_init(struct results *r)
{
	struct image_file program;

	image_file_look(&program, (uintptr_t)&results_init, "/proc/self/exe");
	*r = (struct results){ .program = program.crc };
}

static char *copy(const char *text)
{
	char *c = text ? strdup(text) : NULL;

	if (text && !c)
		abort();
	return c;
}

static void free_label(const struct result_label *l)
{
	free((char *)l->file);
	free((char *)l->path);
	free((char *)l->cell);
	free((char *)l->guest);
	free((char *)l->runs_on);
	free((char *)l->group);
	free((char *)l->known);
}

void results_free(struct results *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		record_free(&r->items[i].record);
		free_label(&r->items[i].label);
	}
	free(r->items);
	free(r->missing);
}

static struct result *grown(struct results *r)
{
	if (r->count == r->capacity) {
		r->capacity = r->capacity ? r->capacity * 2 : 64;
		r->items = realloc(r->items, r->capacity * sizeof(*r->items));
		if (!r->items)
			abort();
	}
	return &r->items[r->count++];
}

/* Consecutive results of one heading are one file's. */
static size_t file_of(const struct results *r, const struct result_label *l)
{
	const struct result *before = r->count ? &r->items[r->count - 1] : NULL;
	const char *file = l->file ? l->file : l->path;

	if (!before)
		return 0;
	return before->file + (strcmp(before->label.file, file) != 0);
}

struct result *results_add(struct results *r, const struct result_label *label,
			   const struct record_wants *w)
{
	const struct record_cell cell = { .path = label->path,
					  .cell = label->cell,
					  .guest = label->runs_on };
	size_t file = file_of(r, label);
	struct result *i = grown(r);

	*i = (struct result){
		.label = {
			.file = copy(label->file ? label->file : label->path),
			.path = copy(label->path), .cell = copy(label->cell),
			.guest = copy(label->guest),
			.runs_on = copy(label->runs_on),
			.group = copy(label->group),
			.known = copy(label->known),
			.has_seed = label->has_seed, .seed = label->seed,
		},
		.number = r->count - 1, .file = file,
	};
	record_of_nothing(&i->record, &cell, w);
	r->total++;
	return i;
}

void results_put(struct results *r, size_t item, struct record *record)
{
	struct result *i = &r->items[item];

	record_free(&i->record);
	i->record = *record;
	memset(record, 0, sizeof(*record));
}

void result_name(const struct result_label *l, struct textbuf *out)
{
	textbuf_text(out, l->path);
	if (l->cell && *l->cell)
		textbuf_printf(out, "[%s]", l->cell);
	if (l->guest)
		textbuf_printf(out, " --guest %s", l->guest);
}

/* ---- of a selection ---- */

/* Which groups a shard has: every `of`-th, in the order in which they begin. */
struct dealing {
	const struct selection *s;
	const struct shard *shard;
	size_t *group;   /* of each cell: its number */
	size_t groups;   /* so far, files that cannot be read included */
};

static bool is_mine(const struct dealing *d, size_t group)
{
	return !d->shard || !d->shard->of ||
	       group % d->shard->of + 1 == d->shard->index;
}

static size_t group_of(struct dealing *d, size_t cell)
{
	const struct selected_cell *cells = d->s->cells;
	size_t i;

	for (i = cell; i-- > 0 && cells[i].file == cells[cell].file; )
		if (!strcmp(cells[i].group, cells[cell].group))
			return d->group[cell] = d->group[i];
	return d->group[cell] = d->groups++;
}

static void add_file(struct results *r, const struct selected_file *f,
		     const struct record_wants *w)
{
	const struct record_cell c = { .path = f->path };
	const struct result_label label = { .path = f->path };
	struct record record;

	results_add(r, &label, w);
	record_of_mistakes(&record, &c, &f->mistakes, w);
	results_put(r, r->count - 1, &record);
}

static void add_cell(struct results *r, const struct selection *s, size_t cell,
		     const struct record_wants *w)
{
	const struct selected_cell *c = &s->cells[cell];
	const struct scenario_file *f = s->files[c->file].file;
	const struct result_label label = {
		.file = s->files[c->file].path, .path = scenario_file_path(f),
		.cell = scenario_file_cell(f, c->cell), .guest = c->guest,
		.runs_on = c->runs_on, .group = c->group,
	};

	results_add(r, &label, w)->cell = cell;
}

void results_select(struct results *r, const struct selection *s,
		    const struct shard *shard, const struct record_wants *w)
{
	struct dealing d = { .s = s, .shard = shard };
	size_t file, cell = 0, total = 0;

	d.group = calloc(s->ncells + 1, sizeof(*d.group));
	if (!d.group)
		abort();
	for (file = 0; file < s->nfiles; file++) {
		if (!s->files[file].file) {
			if (is_mine(&d, d.groups++)) {
				add_file(r, &s->files[file], w);
				r->items[r->count - 1].number = total;
			}
			total++;
		}
		for (; cell < s->ncells && s->cells[cell].file == file; cell++) {
			if (is_mine(&d, group_of(&d, cell))) {
				add_cell(r, s, cell, w);
				r->items[r->count - 1].number = total;
			}
			total++;
		}
	}
	free(d.group);
	r->total = total;
	if (shard)
		r->shard = *shard;
}

/* ---- counting ---- */

bool results_failed(enum record_status status)
{
	return status == RECORD_FAILED || status == RECORD_INVALID ||
	       status == RECORD_FAULT;
}

bool result_alarms(const struct result *i)
{
	return results_failed(i->record.status) && i->against != AGAINST_STILL;
}

struct results_count results_count(const struct results *r, size_t file)
{
	struct results_count n = { 0 };
	size_t i;

	for (i = 0; i < r->count; i++) {
		enum record_status status = r->items[i].record.status;

		if (file != RESULTS_ALL && r->items[i].file != file)
			continue;
		n.by_status[status]++;
		n.failed += results_failed(status);
		n.passed += status == RECORD_PASSED || status == RECORD_KNOWN;
		n.skipped += status == RECORD_SKIPPED;
	}
	return n;
}

static enum record_status worst_alarm(const struct results *r)
{
	enum record_status worst = RECORD_PASSED;
	size_t i;

	/* The statuses that fail are in the order of their weight. */
	for (i = 0; i < r->count; i++)
		if (result_alarms(&r->items[i]) &&
		    r->items[i].record.status > worst)
			worst = r->items[i].record.status;
	return worst;
}

int results_exit_code(const struct results *r)
{
	struct results_count n = results_count(r, RESULTS_ALL);
	enum record_status worst = worst_alarm(r);

	if (r->interrupted)
		return record_exit_code(RECORD_NOT_RUN);
	if (r->missing && worst < RECORD_INVALID)
		worst = RECORD_INVALID;
	if (worst != RECORD_PASSED)
		return record_exit_code(worst);
	return record_exit_code(n.skipped && n.skipped == r->count ?
				RECORD_SKIPPED : RECORD_PASSED);
}

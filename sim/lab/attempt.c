/* SPDX-License-Identifier: MIT */
/*
 * Two rounds of forked jobs: the images, then the cells.  Only the children load
 * an image; this process sees what they send.
 */
#define _GNU_SOURCE
#include "sim/lab/attempt.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/lab/image.h"
#include "sim/scenario/scenario.h"
#include "sim/suite/pool.h"

#define PATH_BYTES 4200u
/* Wall time for a compiler. */
#define IMAGE_LIMIT_MS 120000u

/* A check's file, read once for everybody. */
struct opened {
	const struct lab *lab;
	const char *check;
	struct scenario_file *file;
};

/* A cell that has to be run: where it goes, and what it is. */
struct pending {
	struct attempt *attempt;
	struct attempt_cell *cell;
	struct lab_job job;
};

struct round {
	struct grading *g;
	char dir[PATH_BYTES]; /* a folder for each image below it */
	struct opened *files;
	size_t nfiles;
	struct pending *cells;
	size_t ncells;
};

static void *more(void *items, size_t count, size_t size)
{
	void *p = realloc(items, (count + 1) * size);

	if (!p)
		abort();
	memset((char *)p + count * size, 0, size);
	return p;
}

static char *format(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static char *format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}

/* ---- the images ---- */

static char *image_dir(const struct round *r, size_t attempt)
{
	return format("%s/%zu", r->dir, attempt);
}

static void build_work(void *arg, size_t job, struct textbuf *out)
{
	const struct round *r = arg;
	enum image_result result;
	struct textbuf said;

	if (!r->g->attempts[job].source)
		return;
	textbuf_init(&said);
	result = image_build(r->g->attempts[job].source, image_dir(r, job),
			     &said);
	textbuf_char(out, (char)('0' + result));
	textbuf_bytes(out, said.data ? said.data : "", said.len);
}

static void build_done(void *arg, size_t job, const struct brood_result *b)
{
	struct round *r = arg;
	struct attempt *a = &r->g->attempts[job];
	char text[128];

	if (!a->source)
		return;
	if (b->end != BROOD_DONE || !b->len) {
		brood_what_became(b, IMAGE_LIMIT_MS, text, sizeof(text));
		a->state = ATTEMPT_TROUBLE;
		a->said = format("ringside: compiling: %s\n", text);
		return;
	}
	a->state = b->bytes[0] == '0' + IMAGE_BUILT ? ATTEMPT_GRADED :
		   b->bytes[0] == '0' + IMAGE_NOT_COMPILED ?
			   ATTEMPT_NOT_COMPILED : ATTEMPT_TROUBLE;
	a->said = format("%.*s", (int)(b->len - 1), b->bytes + 1);
}

/* ---- the cells ---- */

/* "sizing" of "checks/sizing.yaml" */
static char *short_name(const char *file)
{
	const char *slash = strrchr(file, '/'), *dot;

	file = slash ? slash + 1 : file;
	dot = strrchr(file, '.');
	return dot ? format("%.*s", (int)(dot - file), file) : format("%s", file);
}

static void wrong_check(struct grading *g, const char *path,
			const struct diag *d)
{
	if (!g->invalid && d->count)
		g->invalid = format("%s:%d:%d: %s [%s]", path,
				    d->items[0].pos.line,
				    d->items[0].pos.column, d->items[0].text,
				    d->items[0].code);
}

/* NULL: its mistake is told. */
static struct scenario_file *open_check(struct round *r, const struct lab *lab,
					const char *check)
{
	struct opened *o;
	struct diag d;
	char *path;
	size_t i;

	for (i = 0; i < r->nfiles; i++)
		if (r->files[i].lab == lab && !strcmp(r->files[i].check, check))
			return r->files[i].file;
	r->files = more(r->files, r->nfiles, sizeof(*r->files));
	o = &r->files[r->nfiles++];
	o->lab = lab;
	o->check = check;
	path = format("%s/%s", lab->dir, check);
	diag_init(&d);
	o->file = scenario_file_open(path, &d);
	if (!o->file)
		wrong_check(r->g, check, &d);
	diag_free(&d);
	free(path);
	return o->file;
}

static void add_cell(struct round *r, struct attempt *a,
		     struct attempt_task *task, const char *check,
		     const char *name, const struct lab_job *job)
{
	task->cells = more(task->cells, task->ncells, sizeof(*task->cells));
	task->cells[task->ncells++] = (struct attempt_cell){
		.check = short_name(check), .name = format("%s", name),
	};
	r->cells = more(r->cells, r->ncells, sizeof(*r->cells));
	r->cells[r->ncells++] = (struct pending){ .attempt = a, .job = *job };
}

static void add_check(struct round *r, size_t attempt,
		      struct attempt_task *task, const char *check)
{
	struct attempt *a = &r->g->attempts[attempt];
	struct scenario_file *file = open_check(r, a->lab, check);
	size_t i;

	for (i = 0; file && i < scenario_file_count(file); i++) {
		const struct lab_job job = {
			.file = file, .cell = i, .source = a->source,
			.image_dir = image_dir(r, attempt),
		};

		add_cell(r, a, task, check, scenario_file_cell(file, i), &job);
	}
}

/* A sweep is one cell, of as many runs as it takes. */
static void add_sweep(struct round *r, size_t attempt,
		      struct attempt_task *task, const struct lab_sweep *sweep)
{
	struct attempt *a = &r->g->attempts[attempt];
	const struct lab_job job = {
		.sweep = sweep, .source = a->source,
		.image_dir = image_dir(r, attempt),
	};

	add_cell(r, a, task, sweep->file, "sweep", &job);
}

/* Once nothing moves any more. */
static void join_cells(struct round *r)
{
	size_t i, t, c, next = 0;

	for (i = 0; i < r->g->count; i++)
		for (t = 0; r->g->attempts[i].tasks &&
			    t < r->g->attempts[i].lab->ntasks; t++)
			for (c = 0; c < r->g->attempts[i].tasks[t].ncells; c++)
				r->cells[next++].cell =
					&r->g->attempts[i].tasks[t].cells[c];
}

static void plan_task(struct round *r, size_t attempt,
		      struct attempt_task *task)
{
	const struct lab_task *t = task->task;
	size_t i;

	for (i = 0; i < t->nchecks; i++)
		add_check(r, attempt, task, t->checks[i].file);
	if (t->sweep)
		add_sweep(r, attempt, task, t->sweep);
}

static void plan_attempt(struct round *r, size_t attempt)
{
	struct attempt *a = &r->g->attempts[attempt];
	size_t t;

	a->tasks = calloc(a->lab->ntasks, sizeof(*a->tasks));
	if (!a->tasks)
		abort();
	for (t = 0; t < a->lab->ntasks; t++) {
		a->tasks[t].task = &a->lab->tasks[t];
		if (a->state == ATTEMPT_GRADED)
			plan_task(r, attempt, &a->tasks[t]);
	}
}

static void cell_work(void *arg, size_t job, struct textbuf *out)
{
	const struct round *r = arg;
	const struct lab_job *j = &r->cells[job].job;

	if (j->sweep)
		lab_sweep_work(j, out);
	else
		lab_cell_work(j, out);
}

static void cell_done(void *arg, size_t job, const struct brood_result *b)
{
	struct round *r = arg;
	struct lab_cell *cell = &r->cells[job].cell->result;

	lab_cell_take(cell, b);
	if (cell->state == LAB_CELL_INVALID && !r->g->invalid)
		r->g->invalid = format("%s", cell->reasons[0].text);
}

static void sum_up(struct attempt *a)
{
	struct attempt_task *t;
	size_t i, c;

	for (i = 0; i < a->lab->ntasks; i++) {
		t = &a->tasks[i];
		t->passed = t->ncells > 0;
		for (c = 0; c < t->ncells; c++)
			t->passed &= t->cells[c].result.state ==
				     LAB_CELL_PASSED;
		a->points += t->passed ? t->task->points : 0;
	}
}

/* ---- all of it ---- */

static bool make_place(struct round *r)
{
	const char *tmp = getenv("TMPDIR");
	char *dir;
	size_t i;
	int err = 0;

	/* RINGSIDE_GUEST_PATH is divided at colons. */
	if (!tmp || tmp[0] != '/' || strchr(tmp, ':') || strlen(tmp) > 4000)
		tmp = "/tmp";
	snprintf(r->dir, sizeof(r->dir), "%s/ringside-lab-XXXXXX", tmp);
	if (!mkdtemp(r->dir))
		return false;
	for (i = 0; i < r->g->count && !err; i++) {
		dir = image_dir(r, i);
		err = mkdir(dir, 0700);
		free(dir);
	}
	return !err;
}

/* The folder and the files in it, what a compiler that was killed has left there
 * too. */
static void clear_folder(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(dir);
}

static void clear_place(const struct round *r)
{
	char *dir;
	size_t i;

	for (i = 0; i < r->g->count; i++) {
		dir = image_dir(r, i);
		clear_folder(dir);
		free(dir);
	}
	rmdir(r->dir);
}

static bool pass_through(struct round *r, size_t njobs, unsigned int limit_ms,
			 void (*work)(void *, size_t, struct textbuf *),
			 void (*done)(void *, size_t,
				      const struct brood_result *))
{
	const struct pool pool = {
		.workers = r->g->workers, .limit_ms = limit_ms, .work = work,
		.done = done, .stop = r->g->stop, .arg = r,
	};

	return pool_run(&pool, njobs);
}

static void round_free(struct round *r)
{
	size_t i;

	for (i = 0; i < r->nfiles; i++)
		if (r->files[i].file)
			scenario_file_close(r->files[i].file);
	for (i = 0; i < r->ncells; i++)
		free((char *)r->cells[i].job.image_dir);
	free(r->files);
	free(r->cells);
}

bool grading_run(struct grading *g, const char **error)
{
	struct round r = { .g = g };
	bool all;
	size_t i;

	*error = NULL;
	if (!make_place(&r)) {
		*error = strerror(errno);
		return false;
	}
	all = pass_through(&r, g->count, IMAGE_LIMIT_MS, build_work, build_done);
	for (i = 0; i < g->count && all; i++)
		plan_attempt(&r, i);
	if (all)
		join_cells(&r);
	all = all && pass_through(&r, r.ncells, LAB_CELL_LIMIT_MS, cell_work,
				  cell_done);
	for (i = 0; i < g->count && all; i++)
		sum_up(&g->attempts[i]);
	clear_place(&r);
	round_free(&r);
	return all;
}

void grading_free(struct grading *g)
{
	size_t i, t, c;

	for (i = 0; i < g->count; i++) {
		struct attempt *a = &g->attempts[i];

		for (t = 0; a->tasks && t < a->lab->ntasks; t++) {
			for (c = 0; c < a->tasks[t].ncells; c++) {
				lab_cell_free(&a->tasks[t].cells[c].result);
				free((char *)a->tasks[t].cells[c].check);
				free((char *)a->tasks[t].cells[c].name);
			}
			free(a->tasks[t].cells);
		}
		free(a->tasks);
		free(a->path);
		free(a->source);
		free(a->said);
	}
	free(g->attempts);
	free(g->invalid);
}

unsigned int attempt_percent(const struct attempt *a)
{
	return a->points * 100 / a->lab->points;
}

/* SPDX-License-Identifier: MIT */
/*
 * One cell after the other, each with as many branches at a time as there may be.
 */
#include "sim/sweep/sweep.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "sim/scenario/catalogue.h"
#include "sim/suite/pool.h"
#include "sim/suite/suite.h"

struct sweeper {
	const struct sweep *sweep;
	struct sweep_results *results;
	struct catalogue *catalogue;
	struct sweep_progress *progress;
};

static struct cell_job job_of(const struct sweeper *w, size_t cell)
{
	const struct sweep *s = w->sweep;
	const struct selected_cell *c = &s->selection->cells[cell];

	return (struct cell_job){
		.file = s->selection->files[c->file].file, .cell = c->cell,
		.guest = c->guest, .has_seed = s->has_seed, .seed = s->seed,
		.inject = s->inject, .catalogue = w->catalogue,
		.wants = s->wants, .progress = w->progress,
	};
}

static void work(void *arg, size_t cell, struct textbuf *out)
{
	const struct cell_job job = job_of(arg, cell);

	cell_run(&job, out);
}

static void done(void *arg, size_t cell, const struct brood_result *b)
{
	struct sweeper *w = arg;
	struct cell_result *to = &w->results->cells[cell];
	const struct cell_job job = job_of(w, cell);
	const struct record_cell name = suite_cell(job.file, job.cell,
						   job.guest);
	const struct record_wants wants = { .json = false };
	char text[128];

	cell_free(to);
	if (b->end == BROOD_DONE && cell_unpack(to, b->bytes, b->len))
		return;
	brood_what_became(b, BROOD_NO_LIMIT, text, sizeof(text));
	record_of_fault(&to->good, &name, text, b->said, b->said_len, &wants);
}

static void tick(void *arg)
{
	const struct sweeper *w = arg;

	if (w->sweep->tick)
		w->sweep->tick(w->sweep->arg, w->progress);
}

/* What each cell would otherwise load again; and none of them has run yet. */
static void prepare(struct sweeper *w)
{
	const struct record_wants wants = { .json = false };
	const char *error;
	size_t i;

	for (i = 0; i < w->sweep->selection->ncells; i++) {
		const struct cell_job job = job_of(w, i);
		const struct record_cell name = suite_cell(job.file, job.cell,
						   job.guest);

		catalogue_guest(w->catalogue, name.guest,
				scenario_file_dir(job.file), &error);
		record_of_nothing(&w->results->cells[i].good, &name, &wants);
	}
}

void sweep_run(const struct sweep *s, struct sweep_results *r)
{
	struct sweeper w = { .sweep = s, .results = r,
			     .catalogue = catalogue_create() };
	const struct pool pool = {
		.workers = 1, .limit_ms = BROOD_NO_LIMIT, .work = work,
		.done = done, .tick = tick, .stop = s->stop, .arg = &w,
	};

	w.progress = mmap(NULL, sizeof(*w.progress), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!w.catalogue || w.progress == MAP_FAILED)
		abort();
	r->inject = s->inject;
	prepare(&w);
	r->interrupted = !pool_run(&pool, s->selection->ncells);
	munmap(w.progress, sizeof(*w.progress));
	catalogue_destroy(w.catalogue);
}

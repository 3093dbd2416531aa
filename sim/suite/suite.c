/* SPDX-License-Identifier: MIT */
/*
 * A cell as a job of the pool: in the child it is loaded, run, and packed; the
 * parent unpacks it, or says what became of the child.
 */
#include "sim/suite/suite.h"

#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "sim/run/run.h"
#include "sim/suite/pool.h"

struct record_cell suite_cell(const struct scenario_file *file, size_t cell,
			      const char *guest)
{
	return (struct record_cell){
		.path = scenario_file_path(file),
		.cell = scenario_file_cell(file, cell),
		.guest = guest ? guest : scenario_file_guest(file, cell),
		.replaced = guest != NULL,
	};
}

static struct record_cell cell_of(const struct suite_job *job)
{
	return suite_cell(job->file, job->cell, job->guest);
}

struct runner {
	const struct suite *suite;
	struct catalogue *catalogue;
};

/* ---- in the child ---- */

/* The options that make the same run of it, for its `again:`. */
static void options_of(const struct suite_job *job, struct textbuf *out)
{
	const char *const *set;

	if (job->guest)
		textbuf_shell_option(out, "guest", job->guest);
	for (set = job->sets; set && *set; set++)
		textbuf_shell_option(out, "set", *set);
}

static void run_cell(const struct suite *s, const struct suite_job *job,
		     const struct scenario *scenario, struct record *record)
{
	const struct record_cell cell = cell_of(job);
	struct run_options o = { .trace = false };
	struct textbuf overrides;
	const char *error;
	struct run *run;

	textbuf_init(&overrides);
	options_of(job, &overrides);
	o.overrides = overrides.data;
	run = run_create(scenario, &o, &error);
	if (!run) {
		record_of_fault(record, &cell, error, "", 0, &s->wants);
		return;
	}
	run_execute(run);
	record_of_run(record, run_report(run), &s->wants);
	/* The process ends with it. */
}

static void work(void *arg, size_t number, struct textbuf *out)
{
	const struct runner *r = arg;
	const struct suite_job *job = &r->suite->jobs[number];
	const struct scn_overrides overrides = {
		.set = job->sets, .guest = job->guest,
		.has_seed = r->suite->has_seed, .seed = r->suite->seed,
	};
	const struct record_cell cell = cell_of(job);
	struct scenario *scenario;
	struct record record;
	struct diag mistakes;

	diag_init(&mistakes);
	scenario = scenario_file_load(job->file, job->cell, &overrides,
				      r->catalogue, &mistakes);
	if (scenario && !scenario->known_ref)
		scenario->known_ref = job->known;
	if (scenario)
		run_cell(r->suite, job, scenario, &record);
	else
		record_of_mistakes(&record, &cell, &mistakes, &r->suite->wants);
	record_pack(&record, out);
}

/* ---- in the parent ---- */

static const struct loaded_guest *guest_of(const struct runner *r,
					   const struct suite_job *job)
{
	const char *error;

	return catalogue_guest(r->catalogue, cell_of(job).guest,
			       scenario_file_dir(job->file), &error);
}

/* What every child would otherwise do again for itself. */
static void warm_up(struct runner *r)
{
	size_t i;

	for (i = 0; i < r->suite->njobs; i++)
		guest_of(r, &r->suite->jobs[i]);
}

/* Where one cell has failed others may; names of functions take a while to load,
 * and make every fork dearer, so that they wait for the first that needs them. */
static void warm_names(struct runner *r, const struct suite_job *job)
{
	const struct loaded_guest *g = guest_of(r, job);

	if (g)
		symbols_warm(g->text_start);
}

static void done(void *arg, size_t number, const struct brood_result *p)
{
	struct runner *r = arg;
	const struct suite *s = r->suite;
	const struct record_cell cell = cell_of(&s->jobs[number]);
	struct record record;
	char text[128];

	if (p->end != BROOD_DONE || !record_unpack(&record, p->bytes, p->len)) {
		brood_what_became(p, s->limit_ms ? s->limit_ms : SUITE_LIMIT_MS,
				  text, sizeof(text));
		record_of_fault(&record, &cell, text, p->said, p->said_len,
				&s->wants);
	}
	if (record.status == RECORD_FAILED || record.status == RECORD_KNOWN)
		warm_names(r, &s->jobs[number]);
	s->done(s->arg, number, &record);
}

static void tick(void *arg)
{
	const struct runner *r = arg;

	if (r->suite->tick)
		r->suite->tick(r->suite->arg);
}

bool suite_run(const struct suite *s)
{
	struct runner r = { s, catalogue_create() };
	const struct pool pool = {
		.workers = s->workers,
		.limit_ms = s->limit_ms ? s->limit_ms : SUITE_LIMIT_MS,
		.work = work, .done = done, .tick = tick, .stop = s->stop,
		.keep_out = s->keep_out,
		.arg = &r,
	};
	bool all;

	if (!r.catalogue)
		abort();
	warm_up(&r);
	all = pool_run(&pool, s->njobs);
	catalogue_destroy(r.catalogue);
	return all;
}

/* SPDX-License-Identifier: MIT */
/*
 * `ringside suite`: chooses cells, runs them side by side, and writes what came
 * of them when all have ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/scenario/catalogue.h"
#include "sim/suite/pool.h"
#include "sim/suite/progress.h"
#include "sim/suite/results.h"
#include "sim/suite/suite.h"

#define MAX_WORKERS 1024

struct request {
	uint64_t seed;
	unsigned int workers;
	struct selection selection;
	struct results results;
	size_t *item_of; /* of each job: its result */
	struct progress progress;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* ---- what the options ask for ---- */

static bool number(const struct cli *cli, int id, uint64_t *value)
{
	const char *text = cli->value[id];
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (*text >= '0' && *text <= '9' && !*end && !errno)
		return true;
	cli_usage(cli->command, "suite: --%s takes a number, not '%s'",
		  cli_options[id].name, text);
	return false;
}

static bool read_workers(const struct cli *cli, struct request *q)
{
	uint64_t n;

	if (!cli->given[OPT_JOBS]) {
		q->workers = pool_processors();
		return true;
	}
	if (!number(cli, OPT_JOBS, &n))
		return false;
	if (!n || n > MAX_WORKERS) {
		cli_usage(cli->command, "suite: --jobs is from 1 to %d",
			  MAX_WORKERS);
		return false;
	}
	q->workers = (unsigned int)n;
	return true;
}

/* An option whose value must not be empty. */
static bool has_value(const struct cli *cli, int id)
{
	if (!cli->given[id] || !cli->value[id] || cli->value[id][0])
		return true;
	cli_usage(cli->command, "suite: --%s needs a value",
		  cli_options[id].name);
	return false;
}

static bool read_request(const struct cli *cli, struct request *q)
{
	static const int valued[] = { OPT_FILTER, OPT_TAG, OPT_EXCLUDE_TAG,
				      OPT_GUEST, OPT_JSON, OPT_JUNIT };
	size_t i;

	if (!cli->nargs) {
		cli_usage(cli->command, "suite: which scenarios?");
		return false;
	}
	for (i = 0; i < sizeof(valued) / sizeof(valued[0]); i++)
		if (!has_value(cli, valued[i]))
			return false;
	if (cli->given[OPT_SEED] && !number(cli, OPT_SEED, &q->seed))
		return false;
	return read_workers(cli, q);
}

/* A guest that was asked for is one that there is, or might be. */
static bool guests_known(const struct cli *cli, const struct selection *s)
{
	struct catalogue *c = catalogue_create();
	const char *const *names, *close;
	bool ok = true;
	size_t i, k;

	names = catalogue_guest_names(c);
	for (i = 0; i < s->nguests && ok; i++) {
		if (strchr(s->guests[i], '/') ||
		    catalogue_guest_optional(s->guests[i]))
			continue;
		for (k = 0; names[k] && strcmp(names[k], s->guests[i]); k++)
			;
		if (names[k])
			continue;
		close = diag_closest(s->guests[i], names);
		if (close)
			cli_usage(cli->command, "suite: no guest '%s'; did you "
				  "mean '%s'?", s->guests[i], close);
		else
			cli_usage(cli->command, "suite: no guest '%s'; see "
				  "ringside list guests", s->guests[i]);
		ok = false;
	}
	catalogue_destroy(c);
	return ok;
}

static bool select_cells(const struct cli *cli, struct request *q)
{
	const struct selection_wants wants = {
		.paths = cli->args, .npaths = cli->nargs,
		.filter = cli->value[OPT_FILTER],
		.tags = cli->value[OPT_TAG],
		.not_tags = cli->value[OPT_EXCLUDE_TAG],
		.guests = cli->value[OPT_GUEST],
	};
	const struct record_wants record = {
		.colour = output_colour(),
		.json = cli->given[OPT_JSON],
	};

	selection_make(&q->selection, &wants);
	results_init(&q->results);
	results_select(&q->results, &q->selection, NULL, &record);
	if (!guests_known(cli, &q->selection))
		return false;
	if (q->results.count)
		return true;
	cli_usage(cli->command, "suite: nothing is selected");
	return false;
}

/* ---- the run ---- */

static void on_done(void *arg, size_t job, struct record *r)
{
	struct request *q = arg;

	progress_done(&q->progress, results_failed(r->status));
	results_put(&q->results, q->item_of[job], r);
}

static void on_tick(void *arg)
{
	struct request *q = arg;

	progress_show(&q->progress);
}

/* A job for each result that is not there yet; NULL: no memory. */
static struct suite_job *jobs_of(struct request *q, size_t *njobs)
{
	const struct selection *s = &q->selection;
	const struct results *r = &q->results;
	struct suite_job *jobs = calloc(r->count + 1, sizeof(*jobs));
	size_t i, n = 0;

	q->item_of = calloc(r->count + 1, sizeof(*q->item_of));
	for (i = 0; jobs && q->item_of && i < r->count; i++) {
		const struct selected_cell *c = &s->cells[r->items[i].cell];

		if (r->items[i].record.status != RECORD_NOT_RUN)
			continue;
		q->item_of[n] = i;
		jobs[n++] = (struct suite_job){
			.file = s->files[c->file].file, .cell = c->cell,
			.guest = c->guest,
		};
	}
	*njobs = n;
	return q->item_of ? jobs : NULL;
}

static bool run_cells(const struct cli *cli, struct request *q)
{
	struct sigaction interrupt = { .sa_handler = on_interrupt }, before;
	size_t njobs;
	struct suite_job *jobs = jobs_of(q, &njobs);
	const struct suite suite = {
		.jobs = jobs, .njobs = njobs,
		.workers = q->workers,
		.has_seed = cli->given[OPT_SEED], .seed = q->seed,
		.wants = { .colour = output_colour(),
			   .json = cli->given[OPT_JSON] },
		.done = on_done, .tick = on_tick, .stop = &interrupted,
		.arg = q,
	};

	if (!jobs) {
		fputs("ringside: out of memory\n", stderr);
		return false;
	}
	sigaction(SIGINT, &interrupt, &before);
	progress_begin(&q->progress, suite.njobs);
	q->results.interrupted = !suite_run(&suite);
	progress_end(&q->progress);
	sigaction(SIGINT, &before, NULL);
	free(jobs);
	return true;
}

/* ---- results ---- */

/* To the file, or where there is none to standard output. */
static bool write_out(const char *path, struct textbuf *out)
{
	struct output_file *f;
	bool ok;

	if (!path)
		return output_stdout(out);
	f = output_open(path);
	ok = f && output_close(f, !out->failed &&
			       output_write(f, out->data, out->len));
	textbuf_free(out);
	return ok;
}

static int tell(const struct cli *cli, const struct request *q)
{
	const struct results_text how = {
		.colour = output_colour(),
		.only_failed = cli->given[OPT_ONLY_FAILED],
		.compare = cli->given[OPT_COMPARE],
	};
	const struct results *r = &q->results;
	struct textbuf out;
	bool ok = true;

	textbuf_init(&out);
	if (!cli->given[OPT_JSON] || cli->value[OPT_JSON]) {
		results_text(r, &how, &out);
		ok = output_stdout(&out);
	}
	if (cli->given[OPT_JSON]) {
		results_json(r, &out);
		ok = write_out(cli->value[OPT_JSON], &out) && ok;
	}
	if (cli->given[OPT_JUNIT]) {
		results_junit(r, &out);
		ok = write_out(cli->value[OPT_JUNIT], &out) && ok;
	}
	return ok ? results_exit_code(r) : CLI_SIMULATOR;
}

/* The cells that would run, one a line; files that cannot be read are told of. */
static int list_cells(const struct request *q)
{
	const struct selection *s = &q->selection;
	int code = CLI_OK;
	struct textbuf out;
	size_t i;

	textbuf_init(&out);
	for (i = 0; i < s->ncells; i++) {
		selection_label(s, i, &out);
		textbuf_char(&out, '\n');
	}
	for (i = 0; i < s->nfiles; i++) {
		if (s->files[i].file)
			continue;
		diag_print(&s->files[i].mistakes, stderr);
		code = CLI_USAGE;
	}
	return output_stdout(&out) ? code : CLI_SIMULATOR;
}

int cmd_suite(const struct cli *cli)
{
	struct request q = { 0 };
	int code = CLI_USAGE;

	if (!read_request(cli, &q))
		return code;
	if (select_cells(cli, &q)) {
		if (cli->given[OPT_LIST])
			code = list_cells(&q);
		else
			code = run_cells(cli, &q) ? tell(cli, &q) :
						    CLI_SIMULATOR;
	}
	free(q.item_of);
	results_free(&q.results);
	selection_free(&q.selection);
	return code;
}

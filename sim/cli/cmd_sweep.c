/* SPDX-License-Identifier: MIT */
/*
 * `ringside sweep`: chooses cells and faults, runs them, and writes what came of
 * them when all have ended.
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
#include "sim/sweep/sweep.h"

#define MAX_WORKERS 1024

struct request {
	struct sweep_wants wants;
	uint64_t seed;
	struct selection selection;
	struct sweep_results results;
	struct progress progress;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* ---- what the options ask for ---- */

/* Leaves *value as it is where the option was not given. */
static bool number(const struct cli *cli, int id, uint64_t min, uint64_t max,
		   uint64_t *value)
{
	const char *text = cli->value[id];
	char *end;
	uint64_t n;

	if (!cli->given[id])
		return true;
	errno = 0;
	n = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno) {
		cli_usage(cli->command, "sweep: --%s takes a number, not '%s'",
			  cli_options[id].name, text);
		return false;
	}
	if (n < min || n > max) {
		cli_usage(cli->command, max == UINT64_MAX ?
			  "sweep: --%s is at least %llu" :
			  "sweep: --%s is from %llu to %llu",
			  cli_options[id].name, (unsigned long long)min,
			  (unsigned long long)max);
		return false;
	}
	*value = n;
	return true;
}

/* Options whose value must not be empty. */
static bool values_given(const struct cli *cli)
{
	static const int ids[] = { OPT_FILTER, OPT_TAG, OPT_EXCLUDE_TAG,
				   OPT_GUEST, OPT_JSON, OPT_JUNIT, OPT_POINT,
				   OPT_DEVICE };
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (!cli->value[ids[i]] || cli->value[ids[i]][0])
			continue;
		cli_usage(cli->command, "sweep: --%s needs a value",
			  cli_options[ids[i]].name);
		return false;
	}
	return true;
}

/* Options that have no meaning together. */
static bool fit_together(const struct cli *cli)
{
	static const int choosing[] = { OPT_POINT, OPT_DEVICE, OPT_QUIRKS,
					OPT_ACCESS, OPT_PAIRS, OPT_RUNS };
	size_t i;

	for (i = 0; i < sizeof(choosing) / sizeof(choosing[0]); i++) {
		if (!cli->ninjects || !cli->given[choosing[i]])
			continue;
		cli_usage(cli->command, "sweep: --inject says which fault; "
			  "leave --%s out", cli_options[choosing[i]].name);
		return false;
	}
	if (cli->given[OPT_ACCESS] && cli->given[OPT_QUIRKS]) {
		cli_usage(cli->command, "sweep: --access and --quirks are two "
			  "sweeps; leave one out");
		return false;
	}
	return true;
}

static bool read_request(const struct cli *cli, struct request *q)
{
	uint64_t workers = pool_processors();

	if (!cli->nargs) {
		cli_usage(cli->command, "sweep: which scenarios?");
		return false;
	}
	if (!values_given(cli) || !fit_together(cli) ||
	    !number(cli, OPT_SEED, 0, UINT64_MAX, &q->seed) ||
	    !number(cli, OPT_JOBS, 1, MAX_WORKERS, &workers) ||
	    !number(cli, OPT_RUNS, 1, UINT64_MAX, &q->wants.runs) ||
	    !number(cli, OPT_PAIRS, 1, UINT64_MAX, &q->wants.pairs))
		return false;
	q->wants.workers = (unsigned int)workers;
	q->wants.point = cli->value[OPT_POINT];
	q->wants.device = cli->value[OPT_DEVICE];
	q->wants.quirks = cli->given[OPT_QUIRKS];
	q->wants.access = cli->given[OPT_ACCESS];
	q->wants.no_recheck = cli->given[OPT_NO_RECHECK];
	return true;
}

/* A guest that was asked for is one that there is, or might be. */
static bool guests_known(const struct cli *cli, const struct selection *s)
{
	struct catalogue *c = catalogue_create();
	const char *const *names = catalogue_guest_names(c), *close;
	bool known = true;
	size_t i, k;

	for (i = 0; i < s->nguests && known; i++) {
		if (strchr(s->guests[i], '/') ||
		    catalogue_guest_optional(s->guests[i]))
			continue;
		for (k = 0; names[k] && strcmp(names[k], s->guests[i]); k++)
			;
		known = names[k] != NULL;
		close = known ? NULL : diag_closest(s->guests[i], names);
		if (close)
			cli_usage(cli->command, "sweep: no guest '%s'; did you "
				  "mean '%s'?", s->guests[i], close);
		else if (!known)
			cli_usage(cli->command, "sweep: no guest '%s'; see "
				  "ringside list guests", s->guests[i]);
	}
	catalogue_destroy(c);
	return known;
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
	size_t i;

	selection_make(&q->selection, &wants);
	sweep_results_init(&q->results, &q->selection);
	if (!guests_known(cli, &q->selection))
		return false;
	for (i = 0; i < q->selection.nfiles; i++)
		if (!q->selection.files[i].file)
			diag_print(&q->selection.files[i].mistakes, stderr);
	if (q->selection.ncells || q->selection.nfiles)
		return true;
	cli_usage(cli->command, "sweep: nothing is selected");
	return false;
}

/* ---- the runs ---- */

static void on_tick(void *arg, const struct sweep_progress *p)
{
	struct request *q = arg;

	q->progress.done = p->done;
	q->progress.failed = p->failed;
	q->progress.total = p->total > p->done ? p->total : p->done;
	progress_show(&q->progress);
}

static void run_cells(const struct cli *cli, struct request *q)
{
	struct sigaction interrupt = { .sa_handler = on_interrupt }, before;
	const struct sweep sweep = {
		.selection = &q->selection, .wants = &q->wants,
		.inject = cli->ninjects ? cli->injects : NULL,
		.has_seed = cli->given[OPT_SEED], .seed = q->seed,
		.tick = on_tick, .stop = &interrupted, .arg = q,
	};

	sigaction(SIGINT, &interrupt, &before);
	progress_begin(&q->progress, 0);
	sweep_run(&sweep, &q->results);
	progress_end(&q->progress);
	sigaction(SIGINT, &before, NULL);
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

/* A sweep that had nothing to inject has shown nothing. */
static bool injected(const struct cli *cli, const struct request *q)
{
	struct sweep_count n = sweep_count(&q->results);

	if (n.runs || !n.swept || q->results.interrupted)
		return true;
	cli_usage(cli->command, "sweep: no fault is in reach%s; see ringside "
		  "list faults", cli->given[OPT_POINT] ||
		  cli->given[OPT_DEVICE] || cli->given[OPT_ACCESS] ?
			  " of what was asked for" : "");
	return false;
}

static int tell(const struct cli *cli, const struct request *q)
{
	const struct sweep_results *r = &q->results;
	struct textbuf out;
	bool ok = true;

	textbuf_init(&out);
	if (!cli->given[OPT_JSON] || cli->value[OPT_JSON]) {
		sweep_text(r, cli->given[OPT_VERBOSE], output_colour(), &out);
		ok = output_stdout(&out);
	}
	if (cli->given[OPT_JSON]) {
		sweep_json(r, &out);
		ok = write_out(cli->value[OPT_JSON], &out) && ok;
	}
	if (cli->given[OPT_JUNIT]) {
		sweep_junit(r, &out);
		ok = write_out(cli->value[OPT_JUNIT], &out) && ok;
	}
	if (!ok)
		return CLI_SIMULATOR;
	return injected(cli, q) ? sweep_exit_code(r) : CLI_USAGE;
}

int cmd_sweep(const struct cli *cli)
{
	struct request q = { 0 };
	int code = CLI_USAGE;

	if (!read_request(cli, &q))
		return code;
	if (select_cells(cli, &q)) {
		run_cells(cli, &q);
		code = tell(cli, &q);
	}
	sweep_results_free(&q.results);
	selection_free(&q.selection);
	return code;
}

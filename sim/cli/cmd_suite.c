/* SPDX-License-Identifier: MIT */
/*
 * `ringside suite`: chooses cells, runs them side by side, and writes what came
 * of them when all have ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/journal.h"
#include "sim/cli/output.h"
#include "sim/cli/tell.h"
#include "sim/cli/values.h"
#include "sim/suite/known.h"
#include "sim/suite/progress.h"
#include "sim/suite/resume.h"
#include "sim/suite/suite.h"

#define MAX_LIMIT_S 86400

struct request {
	const struct cli *cli;
	uint64_t seed;
	unsigned int workers, limit_ms;
	struct shard shard;
	struct known known;
	struct tell tell;
	struct selection selection;
	struct results results;
	size_t *item_of; /* of each job: its result */
	struct journal journal;
	struct progress progress;
};

/* ---- what the options ask for ---- */

/* "2/8" */
static bool read_shard(const struct cli *cli, struct shard *s)
{
	const char *text = cli->value[OPT_SHARD];
	char behind;

	if (!cli->given[OPT_SHARD])
		return true;
	if (strspn(text, "0123456789/") != strlen(text) ||
	    sscanf(text, "%6u/%6u%c", &s->index, &s->of, &behind) != 2) {
		cli_usage(cli->command, "suite: --shard takes I/N, such as 1/4, "
			  "not '%s'", text);
		return false;
	}
	if (s->of > SHARDS_MAX || !s->index || s->index > s->of) {
		cli_usage(cli->command, "suite: --shard %s: parts are numbered "
			  "from 1 to N, and N is at most %u", text, SHARDS_MAX);
		return false;
	}
	return true;
}

static bool read_known(const struct cli *cli, struct known *k)
{
	struct diag mistakes;
	bool ok;

	if (!cli->given[OPT_KNOWN])
		return true;
	diag_init(&mistakes);
	ok = known_read(k, cli->value[OPT_KNOWN], &mistakes);
	diag_print(&mistakes, stderr);
	diag_free(&mistakes);
	return ok;
}

/* To go on there must be a file to go on with. */
static bool can_resume(const struct cli *cli)
{
	char *partial;

	if (!cli->given[OPT_RESUME])
		return true;
	if (cli->given[OPT_CLAUSES]) {
		cli_usage(cli->command, "suite: --clauses needs all cells in "
			  "one run; leave out --resume");
		return false;
	}
	if (!cli->value[OPT_JSON]) {
		cli_usage(cli->command, "suite: --resume needs --json=F, the "
			  "file of the run that was cut off");
		return false;
	}
	partial = journal_name(cli->value[OPT_JSON]);
	if (!partial)
		cli_usage(cli->command, "suite: --resume: %s is no file to go "
			  "on with", cli->value[OPT_JSON]);
	free(partial);
	return partial != NULL;
}

static bool read_request(struct request *q)
{
	static const int valued[] = { OPT_FILTER, OPT_TAG, OPT_EXCLUDE_TAG,
				      OPT_GUEST, OPT_KNOWN };
	const struct cli *cli = q->cli;
	uint64_t limit_s = 0;

	if (!cli->nargs) {
		cli_usage(cli->command, "suite: which scenarios?");
		return false;
	}
	if (!values_not_empty(cli, valued,
			      sizeof(valued) / sizeof(valued[0])) ||
	    !value_number(cli, OPT_SEED, 0, UINT64_MAX, &q->seed) ||
	    !value_jobs(cli, &q->workers) ||
	    !value_number(cli, OPT_LIMIT, 1, MAX_LIMIT_S, &limit_s) ||
	    !read_shard(cli, &q->shard) || !can_resume(cli))
		return false;
	q->limit_ms = (unsigned int)limit_s * 1000;
	return tell_begin(&q->tell, cli) && read_known(cli, &q->known);
}

/* What the command line says of all of them. */
static void label_results(struct request *q)
{
	struct results *r = &q->results;
	size_t i;

	for (i = 0; i < r->count; i++) {
		struct result_label *l = &r->items[i].label;
		const char *known = known_of(&q->known, l);

		l->has_seed = l->cell && q->cli->given[OPT_SEED];
		l->seed = l->has_seed ? q->seed : 0;
		l->known = known ? strdup(known) : NULL;
		if (known && !l->known)
			abort();
	}
}

/* A line that fits nothing is about something that is no more, or has another
 * name; a part of all cells cannot tell. */
static void tell_unknown(const struct request *q)
{
	static const int narrowing[] = { OPT_SHARD, OPT_FILTER, OPT_TAG,
					 OPT_EXCLUDE_TAG };
	size_t i;

	for (i = 0; i < sizeof(narrowing) / sizeof(narrowing[0]); i++)
		if (q->cli->given[narrowing[i]])
			return;
	for (i = 0; i < q->known.count; i++)
		if (!q->known.lines[i].fits)
			fprintf(stderr, "ringside: %s:%d: no cell here is "
				"'%s'\n", q->cli->value[OPT_KNOWN],
				q->known.lines[i].line,
				q->known.lines[i].pattern);
}

static bool select_cells(struct request *q)
{
	const struct cli *cli = q->cli;
	const struct selection_wants wants = {
		.paths = cli->args, .npaths = cli->nargs,
		.filter = cli->value[OPT_FILTER],
		.tags = cli->value[OPT_TAG],
		.not_tags = cli->value[OPT_EXCLUDE_TAG],
		.guests = cli->value[OPT_GUEST],
	};
	const struct record_wants record = tell_wants(cli);

	selection_make(&q->selection, &wants);
	if (!value_guests(cli, &q->selection))
		return false;
	results_select(&q->results, &q->selection, &q->shard, &record);
	label_results(q);
	tell_unknown(q);
	if (q->results.total)
		return true;
	cli_usage(cli->command, "suite: nothing is selected");
	return false;
}

/* ---- going on ---- */

/* What there is of the file; true: it may be read. */
static bool read_earlier(const struct request *q, struct reread *earlier,
			 const char *path)
{
	if (reread_file(earlier, path) || errno == ENOENT)
		return true;
	cli_usage(q->cli->command, "suite: --resume: %s cannot be read: %s",
		  path, strerror(errno));
	return false;
}

/* A file with other things in it is not one that this program may replace. */
static bool is_result(const struct request *q, const struct reread *earlier)
{
	const struct reread_file *f;
	size_t i;

	for (i = 0; i < earlier->nfiles; i++) {
		f = &earlier->files[i];
		if (!f->bad_line || f->count || f->total)
			continue;
		cli_usage(q->cli->command, "suite: --resume: %s is no result "
			  "of --json", f->path);
		return false;
	}
	return true;
}

static bool take_earlier(struct request *q)
{
	const char *path = q->cli->value[OPT_JSON];
	struct reread earlier;
	char *partial;
	bool ok;
	size_t n;

	if (!q->cli->given[OPT_RESUME])
		return true;
	reread_init(&earlier);
	partial = journal_name(path);
	ok = read_earlier(q, &earlier, path) &&
	     read_earlier(q, &earlier, partial) && is_result(q, &earlier);
	if (ok) {
		n = resume(&q->results, &q->selection, &earlier);
		fprintf(stderr, "ringside: %zu of %zu results are there "
			"already\n", n, q->results.count);
	}
	free(partial);
	reread_free(&earlier);
	return ok;
}

/* ---- the run ---- */

static void on_done(void *arg, size_t job, struct record *r)
{
	struct request *q = arg;

	progress_done(&q->progress, results_failed(r->status));
	results_put(&q->results, q->item_of[job], r);
	journal_add(&q->journal, &q->results, q->item_of[job]);
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
			.guest = c->guest, .known = r->items[i].label.known,
		};
	}
	*njobs = n;
	return q->item_of ? jobs : NULL;
}

static bool run_cells(struct request *q)
{
	size_t njobs;
	struct suite_job *jobs = jobs_of(q, &njobs);
	const struct suite suite = {
		.jobs = jobs, .njobs = njobs,
		.workers = q->workers, .limit_ms = q->limit_ms,
		.has_seed = q->cli->given[OPT_SEED], .seed = q->seed,
		.wants = tell_wants(q->cli),
		.done = on_done, .tick = on_tick, .stop = interrupt_watch(),
		.keep_out = q->journal.fd, .arg = q,
	};

	if (jobs) {
		progress_begin(&q->progress, suite.njobs);
		q->results.interrupted = !suite_run(&suite);
		progress_end(&q->progress);
	} else {
		fputs("ringside: out of memory\n", stderr);
	}
	interrupt_unwatch();
	free(jobs);
	return jobs != NULL;
}

/* ---- results ---- */

static int run_and_tell(struct request *q)
{
	const char *path = q->cli->value[OPT_JSON];
	bool written, ok, in_file = false;
	int code = CLI_SIMULATOR;

	if (!take_earlier(q))
		return CLI_USAGE;
	if (path)
		journal_open(&q->journal, path, q->cli->given[OPT_RESUME],
			     &q->results);
	ok = run_cells(q);
	if (ok)
		code = tell(&q->tell, &q->results, &in_file);
	written = journal_close(&q->journal, in_file);
	return written ? code : CLI_SIMULATOR;
}

/* The cells that would run, one a line; files that cannot be read are told of. */
static int list_cells(const struct request *q)
{
	const struct selection *s = &q->selection;
	int code = CLI_OK;
	struct textbuf out;
	size_t i;

	textbuf_init(&out);
	for (i = 0; i < q->results.count; i++) {
		if (!q->results.items[i].label.cell)
			continue;
		result_name(&q->results.items[i].label, &out);
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
	struct request q = { .cli = cli };
	int code = CLI_USAGE;

	results_init(&q.results);
	if (read_request(&q) && select_cells(&q))
		code = cli->given[OPT_LIST] ? list_cells(&q) : run_and_tell(&q);
	free(q.item_of);
	results_free(&q.results);
	selection_free(&q.selection);
	known_free(&q.known);
	tell_end(&q.tell);
	return code;
}

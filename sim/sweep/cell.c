/* SPDX-License-Identifier: MIT */
/*
 * SystemC elaborates once a process, so that each of the runs that are not forked
 * from another has one of its own, one after the other.  What they give back:
 *
 *   | head | the good run's record | its fate | outcomes ... |
 */
#include "sim/sweep/cell.h"

#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "sim/scenario/catalogue.h"
#include "sim/suite/brood.h"
#include "sim/suite/suite.h"
#include "sim/sweep/recheck.h"

struct head {
	uint64_t record, fate; /* bytes */
	uint64_t reach, swept, rechecked, seed;
};

/* ---- a process for a run ---- */

struct runner {
	struct textbuf bytes;
	char why[128];       /* "": it gave its bytes */
	struct textbuf said;
	uint32_t limit_ms;
};

static void on_done(void *arg, size_t job, const struct brood_result *r)
{
	struct runner *p = arg;

	(void)job;
	if (r->end == BROOD_DONE)
		textbuf_bytes(&p->bytes, r->bytes, r->len);
	else
		brood_what_became(r, p->limit_ms, p->why, sizeof(p->why));
	textbuf_bytes(&p->said, r->said, r->said_len);
}

/* The end of a process that has run a trunk, a reference or a chosen run. */
__attribute__((noreturn))
static void run_tree(const struct tree_config *cfg, const struct scenario *s,
		     struct brood *b,
		     void (*pack)(struct tree *t, struct textbuf *out))
{
	struct textbuf out;
	const char *error;
	struct tree *t;

	textbuf_init(&out);
	t = tree_run(cfg, s, &out, &error);
	if (t && pack)
		pack(t, &out);
	brood_give(b, &out);
}

static void run_apart(struct runner *p, const struct tree_config *cfg,
		      const struct scenario *s,
		      void (*pack)(struct tree *t, struct textbuf *out))
{
	struct brood *b = brood_create(1, p->limit_ms, on_done, p);

	textbuf_init(&p->bytes);
	textbuf_init(&p->said);
	p->why[0] = '\0';
	switch (brood_fork(b, 0)) {
	case BROOD_CHILD:
		run_tree(cfg, s, b, pack);
	case BROOD_PARENT:
		while (brood_running(b))
			brood_attend(b);
		break;
	case BROOD_FAILED:
		strcpy(p->why, "no process for it");
		break;
	}
	brood_destroy(b);
}

static void free_runner(struct runner *p)
{
	textbuf_free(&p->bytes);
	textbuf_free(&p->said);
}

/* ---- the good run ---- */

/* Colours and JSON are for those who print it. */
static void pack_good(struct tree *t, struct textbuf *out)
{
	const struct record_wants wants = { .json = false };
	const struct report *r = tree_report(t);
	struct head h = { .reach = tree_asked(t), .seed = r->scenario->seed };
	struct textbuf packed;
	struct record record;

	textbuf_init(&packed);
	record_of_run(&record, r, &wants);
	record_pack(&record, &packed);
	h.record = packed.len;
	h.fate = strlen(tree_fate(t));
	h.swept = record.status == RECORD_PASSED;
	textbuf_bytes(out, &h, sizeof(h));
	textbuf_bytes(out, packed.data, packed.len);
	textbuf_bytes(out, tree_fate(t), h.fate);
	textbuf_free(&packed);
	record_free(&record);
}

/* A head and a record alone: nothing was swept. */
static void pack_record(const struct record *record, struct textbuf *out)
{
	struct head h = { 0 };
	struct textbuf packed;

	textbuf_init(&packed);
	record_pack(record, &packed);
	h.record = packed.len;
	textbuf_bytes(out, &h, sizeof(h));
	textbuf_bytes(out, packed.data, packed.len);
	textbuf_free(&packed);
}

/* ---- the pairs ---- */

/* How many second faults there are before those behind each first one. */
static uint64_t *sum_up(const struct textbuf *singles, uint64_t total)
{
	uint64_t *before = calloc(total + 1, sizeof(*before)), i;
	struct swept o;
	size_t at = 0;

	if (!before)
		abort();
	while (swept_unpack(&o, singles->data, singles->len, &at)) {
		if (o.number < total && !o.simulator)
			before[o.number + 1] = o.reach;
		swept_free(&o);
	}
	for (i = 0; i < total; i++)
		before[i + 1] += before[i];
	return before;
}

static void run_pairs(struct runner *p, struct tree_config *cfg,
		      const struct scenario *s, const struct textbuf *singles)
{
	uint64_t *before = sum_up(singles, cfg->total);
	uint64_t all = before[cfg->total];

	cfg->kind = TREE_PAIRS;
	cfg->before = before;
	if (cfg->progress)
		cfg->progress->total += all < cfg->wants->pairs ?
						all : cfg->wants->pairs;
	run_apart(p, cfg, s, NULL);
	free(before);
}

/* ---- the reference ---- */

/* The accesses first, where their words are aligned; then what was found. */
static void pack_reference(struct tree *t, struct textbuf *out)
{
	const struct sequence_entry *entries;
	uint64_t bytes;
	struct swept o;
	size_t count;

	entries = sequence_entries(tree_sequence(t), &count);
	bytes = count * sizeof(*entries);
	textbuf_bytes(out, &bytes, sizeof(bytes));
	textbuf_bytes(out, entries, bytes);
	tree_outcome(t, &o);
	swept_pack(&o, out);
	swept_free(&o);
}

/* False: it did not give what it should.  *known is the caller's to free. */
static bool read_reference(const struct runner *p, struct tree_config *cfg,
			   struct swept *known)
{
	uint64_t bytes;
	size_t at = sizeof(bytes);

	swept_init(known);
	if (p->why[0] || p->bytes.len < at)
		return false;
	memcpy(&bytes, p->bytes.data, sizeof(bytes));
	if (bytes > p->bytes.len - at)
		return false;
	cfg->expected = (const void *)(p->bytes.data + at);
	cfg->nexpected = bytes / sizeof(*cfg->expected);
	cfg->known = known;
	at += bytes;
	swept_free(known);
	return swept_unpack(known, p->bytes.data, p->bytes.len, &at);
}

/* A rule that the driver breaks whenever it is bound is the good run's affair, and
 * what it expects.  All else that is found without a fault is told as a run. */
static void put_known(const struct swept *known, struct textbuf *out)
{
	size_t i;

	for (i = 0; i < known->nfindings; i++)
		if (strcmp(known->findings[i].code, "violation") &&
		    strcmp(known->findings[i].code, "driver-rule"))
			break;
	if (i < known->nfindings)
		swept_pack(known, out);
}

/* ---- all of it ---- */

/* The process of the good run has not come to its end: our own fault. */
static void put_fault(struct textbuf *out, const struct cell_job *job,
		      const struct runner *p)
{
	const struct record_wants wants = { .json = false };
	const struct record_cell cell = suite_cell(job->file, job->cell,
						   job->guest);
	struct record record;

	record_of_fault(&record, &cell, p->why, p->said.data ? p->said.data : "",
			p->said.len, &wants);
	pack_record(&record, out);
	record_free(&record);
}

static struct scenario *load(const struct cell_job *job,
			     const char *const *inject, struct textbuf *out)
{
	const struct scn_overrides overrides = {
		.guest = job->guest, .has_seed = job->has_seed,
		.seed = job->seed, .inject = inject,
	};
	const struct record_wants wants = { .json = false };
	const struct record_cell cell = suite_cell(job->file, job->cell,
						   job->guest);
	struct scenario *s;
	struct record record;
	struct diag mistakes;

	diag_init(&mistakes);
	s = scenario_file_load(job->file, job->cell, &overrides,
			       job->catalogue, &mistakes);
	if (s)
		return s;
	record_of_mistakes(&record, &cell, &mistakes, &wants);
	pack_record(&record, out);
	return NULL;
}

/* The branches; false: the good run's process has ended otherwise. */
static bool sweep(const struct cell_job *job, struct tree_config *cfg,
		  const struct scenario *s, struct runner *singles,
		  struct runner *pairs)
{
	uint64_t bound = job->wants->runs;

	cfg->kind = cfg->chosen ? TREE_CHOSEN : TREE_SINGLES;
	if (cfg->progress)
		cfg->progress->total += cfg->chosen ? 1 :
					bound && bound < cfg->total ?
						bound : cfg->total;
	singles->limit_ms = BROOD_NO_LIMIT;
	run_apart(singles, cfg, s, NULL);
	if (singles->why[0])
		return false;
	if (!job->wants->pairs || cfg->chosen)
		return true;
	pairs->limit_ms = BROOD_NO_LIMIT;
	run_pairs(pairs, cfg, s, &singles->bytes);
	return !pairs->why[0];
}

/* The head and what belongs to it, with what is known now. */
static void put_good(struct textbuf *out, const struct runner *good,
		     bool rechecked)
{
	struct head h;

	memcpy(&h, good->bytes.data, sizeof(h));
	h.rechecked = rechecked;
	textbuf_bytes(out, &h, sizeof(h));
	textbuf_bytes(out, good->bytes.data + sizeof(h), h.record + h.fate);
}

static void run_branches(const struct cell_job *job, struct tree_config *cfg,
			 const struct runner *good, struct textbuf *out)
{
	struct runner singles = { .why = "" }, pairs = { .why = "" };
	struct scenario *s = load(job, job->inject, out);

	if (!s)
		return;
	if (!sweep(job, cfg, s, &singles, &pairs)) {
		put_fault(out, job, singles.why[0] ? &singles : &pairs);
	} else {
		put_good(out, good, cfg->recheck);
		put_known(cfg->known, out);
		textbuf_bytes(out, singles.bytes.data, singles.bytes.len);
		textbuf_bytes(out, pairs.bytes.data, pairs.bytes.len);
	}
	free_runner(&singles);
	free_runner(&pairs);
}

/* With the good run's result. */
static void run_others(const struct cell_job *job, const struct scenario *s,
		       const struct head *h, const struct runner *good,
		       struct textbuf *out)
{
	struct runner reference = { .limit_ms = SUITE_LIMIT_MS };
	struct tree_config cfg = {
		.kind = TREE_REFERENCE, .wants = job->wants,
		.progress = job->progress, .total = h->reach,
		.chosen = job->inject,
		.recheck = !job->wants->no_recheck && recheck_possible(s),
		.broken = recheck_broken(s),
	};
	char *fate = strndup(good->bytes.data + sizeof(*h) + h->record, h->fate);
	struct swept known;

	if (!fate)
		abort();
	run_apart(&reference, &cfg, s, pack_reference);
	cfg.fate = fate;
	if (read_reference(&reference, &cfg, &known))
		run_branches(job, &cfg, good, out);
	else
		put_fault(out, job, &reference);
	swept_free(&known);
	free(fate);
	free_runner(&reference);
}

void cell_run(const struct cell_job *job, struct textbuf *out)
{
	struct runner good = { .limit_ms = SUITE_LIMIT_MS };
	struct tree_config cfg = { .kind = TREE_GOOD, .wants = job->wants };
	struct scenario *s = load(job, NULL, out);
	struct head h;

	if (!s)
		return;
	run_apart(&good, &cfg, s, pack_good);
	if (!good.why[0] && good.bytes.len < sizeof(h))
		strcpy(good.why, "the machine cannot be made");
	if (good.why[0]) {
		put_fault(out, job, &good);
		return;
	}
	memcpy(&h, good.bytes.data, sizeof(h));
	if (h.swept)
		run_others(job, s, &h, &good, out);
	else
		put_good(out, &good, false);
	free_runner(&good);
}

/* ---- in the parent ---- */

static void add(struct cell_result *r, const struct swept *o)
{
	if (r->count == r->capacity) {
		r->capacity = r->capacity ? r->capacity * 2 : 64;
		r->outcomes = realloc(r->outcomes,
				      r->capacity * sizeof(*r->outcomes));
		if (!r->outcomes)
			abort();
	}
	r->outcomes[r->count++] = *o;
}

static int compare(const void *a, const void *b)
{
	return swept_compare(a, b);
}

bool cell_unpack(struct cell_result *r, const char *bytes, size_t len)
{
	size_t at = sizeof(struct head);
	struct swept o;
	struct head h;

	memset(r, 0, sizeof(*r));
	if (len < at)
		return false;
	memcpy(&h, bytes, sizeof(h));
	if (h.record > len - at || h.fate > len - at - h.record ||
	    !record_unpack(&r->good, bytes + at, h.record))
		return false;
	at += h.record;
	r->fate = strndup(bytes + at, h.fate);
	if (!r->fate)
		abort();
	at += h.fate;
	r->seed = h.seed;
	r->swept = h.swept;
	r->rechecked = h.rechecked;
	r->reach = h.reach;
	while (r->swept && at < len && swept_unpack(&o, bytes, len, &at))
		add(r, &o);
	if (r->count)
		qsort(r->outcomes, r->count, sizeof(*r->outcomes), compare);
	return true;
}

void cell_free(struct cell_result *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		swept_free(&r->outcomes[i]);
	free(r->outcomes);
	free(r->fate);
	record_free(&r->good);
	memset(r, 0, sizeof(*r));
}

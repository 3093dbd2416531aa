/* SPDX-License-Identifier: MIT */
/*
 * Makes outcomes.
 */
#include "sim/sweep/swept.h"

#include <stdlib.h>
#include <string.h>

#include "sim/fault/fault.h"
#include "sim/report/symbols.h"

#define CHAIN 4u  /* functions of a finding that are told */
#define LIKE 2u   /* and by which findings are alike */

static char *copy(const char *text)
{
	char *c = strdup(text ? text : "");

	if (!c)
		abort();
	return c;
}

static char *take(struct textbuf *t)
{
	char *text = t->failed ? NULL : t->data ? t->data : copy("");

	if (!text)
		abort();
	textbuf_init(t);
	return text;
}

static void free_finding(struct swept_finding *f)
{
	free(f->code);
	free(f->where);
	free(f->text);
	free(f->lines);
}

void swept_init(struct swept *o)
{
	memset(o, 0, sizeof(*o));
	o->fate = copy("");
}

void swept_free(struct swept *o)
{
	size_t i;

	for (i = 0; i < o->nfaults; i++) {
		free(o->faults[i].spec);
		free(o->faults[i].name);
	}
	for (i = 0; i < o->nfindings; i++)
		free_finding(&o->findings[i]);
	free(o->findings);
	free(o->fate);
	memset(o, 0, sizeof(*o));
}

void swept_fault(struct swept *o, const struct swept_fault *f)
{
	struct swept_fault *to;

	if (o->nfaults == SWEPT_FAULTS)
		return;
	to = &o->faults[o->nfaults++];
	*to = *f;
	to->spec = copy(f->spec);
	to->name = copy(f->name);
}

struct swept_finding *swept_finding(struct swept *o, const char *code,
					const char *where, const char *text)
{
	struct swept_finding *f;

	o->findings = realloc(o->findings,
			      (o->nfindings + 1) * sizeof(*o->findings));
	if (!o->findings)
		abort();
	f = &o->findings[o->nfindings++];
	f->code = copy(code);
	f->where = copy(where);
	f->text = copy(text);
	f->lines = copy("");
	return f;
}

/* ---- of a run ---- */

#define PROBE_FAILS "probe fails "

static void put_bind(struct textbuf *out, const struct facts_bind *b)
{
	const char *name = fault_errno_name(-b->result);

	if (!b->ended)
		textbuf_text(out, "probe does not end");
	else if (!b->result)
		textbuf_text(out, facts_mode_name(b->state.mode));
	else if (name)
		textbuf_printf(out, PROBE_FAILS "%s", name);
	else
		textbuf_printf(out, PROBE_FAILS "%d", -b->result);
}

/* Binds that went like the one before are told once. */
static void put_device(struct textbuf *out, const struct world *w,
		       const struct facts *f, uint32_t device)
{
	const struct facts_device *d = &f->devices[device];
	char *before = copy(""), *now;
	struct textbuf one;
	size_t i;

	textbuf_printf(out, "%s ", world_id(w, device));
	if (!d->nbinds)
		textbuf_text(out, "no driver");
	for (i = 0; i < d->nbinds; i++) {
		textbuf_init(&one);
		put_bind(&one, &d->binds[i]);
		now = take(&one);
		if (strcmp(before, now))
			textbuf_printf(out, "%s%s", i ? ", then " : "", now);
		free(before);
		before = now;
	}
	free(before);
	textbuf_char(out, '\n');
}

static void put_broke(struct textbuf *out, const struct workload *work)
{
	const char *name = fault_errno_name(-work->result);

	if (!work->broke)
		return;
	textbuf_text(out, work->broke->name);
	if (!work->result)
		textbuf_text(out, " succeeds\n");
	else if (name)
		textbuf_printf(out, " fails %s\n", name);
	else
		textbuf_printf(out, " fails %d\n", -work->result);
}

void swept_fate(struct textbuf *out, const struct world *w,
		  const struct facts *f, const struct workload *work)
{
	uint32_t i;

	for (i = 0; i < w->ndevices; i++)
		put_device(out, w, f, i);
	put_broke(out, work);
}

bool swept_has_failed_probe(const char *fate)
{
	return strstr(fate, PROBE_FAILS) != NULL;
}

static void put_lines(struct textbuf *out, const struct finding *f)
{
	struct symbols_frame frames[8];
	uint32_t i;
	size_t k, n;

	for (i = 0; i < f->nframes; i++) {
		n = symbols_resolve(f->frames[i], frames, 8);
		for (k = 0; k < n; k++)
			textbuf_printf(out, "%s:%d %s\n", frames[k].file,
				       frames[k].line, frames[k].function);
	}
}

static void take_finding(struct swept *o, const struct report *r,
			 const struct finding *f)
{
	struct textbuf where, text, lines;
	struct swept_finding *to;

	textbuf_init(&where);
	textbuf_init(&text);
	textbuf_init(&lines);
	if (f->nframes)
		symbols_chain(&where, f->frames, f->nframes, LIKE);
	if (f->device < r->world->ndevices)
		textbuf_printf(&text, "%s ", world_id(r->world, f->device));
	textbuf_printf(&text, "%s [%s]\n", f->text ? f->text : f->code, f->code);
	if (f->nframes) {
		textbuf_text(&text, "      ");
		symbols_chain(&text, f->frames, f->nframes, CHAIN);
		textbuf_char(&text, '\n');
	}
	put_lines(&lines, f);
	to = swept_finding(o, f->code, where.data, text.data);
	free(to->lines);
	to->lines = take(&lines);
	textbuf_free(&where);
	textbuf_free(&text);
}

void swept_take_findings(struct swept *o, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->findings->count; i++)
		take_finding(o, r, &r->findings->items[i]);
	o->time_ps = r->outcome->time_ps;
}

/* How often it was is no difference: "... (and more)". */
static bool same_text(const char *a, const char *b)
{
	size_t la = strcspn(a, "(["), lb = strcspn(b, "([");

	return la == lb && !memcmp(a, b, la);
}

static bool is_known(const struct swept_finding *f,
		     const struct swept *known)
{
	size_t i;

	for (i = 0; i < known->nfindings; i++)
		if (!strcmp(f->code, known->findings[i].code) &&
		    !strcmp(f->where, known->findings[i].where) &&
		    same_text(f->text, known->findings[i].text))
			return true;
	return false;
}

void swept_drop_findings(struct swept *o, const struct swept *known)
{
	size_t i, kept = 0;

	for (i = 0; i < o->nfindings; i++) {
		if (is_known(&o->findings[i], known))
			free_finding(&o->findings[i]);
		else
			o->findings[kept++] = o->findings[i];
	}
	o->nfindings = kept;
}

void swept_drop_code(struct swept *o, const char *code)
{
	size_t i, kept = 0;

	for (i = 0; i < o->nfindings; i++) {
		if (!strcmp(o->findings[i].code, code))
			free_finding(&o->findings[i]);
		else
			o->findings[kept++] = o->findings[i];
	}
	o->nfindings = kept;
}

/* ---- as bytes ---- */

struct fixed {
	uint64_t number, reach, time_ps, nfaults, nfindings, simulator;
};

static void put_text(struct textbuf *out, const char *text)
{
	uint64_t len = strlen(text);

	textbuf_bytes(out, &len, sizeof(len));
	textbuf_bytes(out, text, len);
}

void swept_pack(const struct swept *o, struct textbuf *out)
{
	const struct fixed h = { o->number, o->reach, o->time_ps, o->nfaults,
				 o->nfindings, o->simulator };
	size_t i;

	textbuf_bytes(out, &h, sizeof(h));
	put_text(out, o->fate);
	for (i = 0; i < o->nfaults; i++) {
		const struct swept_fault *f = &o->faults[i];
		const uint64_t order[] = { f->point, f->device, f->occurrence,
					   f->choice };

		textbuf_bytes(out, order, sizeof(order));
		put_text(out, f->spec);
		put_text(out, f->name);
	}
	for (i = 0; i < o->nfindings; i++) {
		put_text(out, o->findings[i].code);
		put_text(out, o->findings[i].where);
		put_text(out, o->findings[i].text);
		put_text(out, o->findings[i].lines);
	}
}

struct input {
	const char *bytes;
	size_t len, at;
};

static bool get(struct input *in, void *to, size_t len)
{
	if (len > in->len - in->at)
		return false;
	memcpy(to, in->bytes + in->at, len);
	in->at += len;
	return true;
}

static bool get_text(struct input *in, char **text)
{
	uint64_t len;

	*text = NULL;
	if (!get(in, &len, sizeof(len)) || len > in->len - in->at)
		return false;
	*text = strndup(in->bytes + in->at, len);
	if (!*text)
		abort();
	in->at += len;
	return true;
}

static bool get_fault(struct input *in, struct swept *o)
{
	struct swept_fault *f = &o->faults[o->nfaults++];
	uint64_t order[4];

	memset(f, 0, sizeof(*f));
	if (!get(in, order, sizeof(order)) || !get_text(in, &f->spec) ||
	    !get_text(in, &f->name))
		return false;
	f->point = order[0];
	f->device = order[1];
	f->occurrence = order[2];
	f->choice = order[3];
	return true;
}

static bool get_finding(struct input *in, struct swept *o)
{
	struct swept_finding *f = swept_finding(o, "", "", "");

	free_finding(f);
	f->code = f->where = f->text = f->lines = NULL;
	return get_text(in, &f->code) && get_text(in, &f->where) &&
	       get_text(in, &f->text) && get_text(in, &f->lines);
}

static bool get_outcome(struct input *in, struct swept *o)
{
	struct fixed h;
	uint64_t i;

	if (!get(in, &h, sizeof(h)) || h.nfaults > SWEPT_FAULTS)
		return false;
	o->number = h.number;
	o->reach = h.reach;
	o->time_ps = h.time_ps;
	o->simulator = h.simulator != 0;
	free(o->fate);
	if (!get_text(in, &o->fate))
		return false;
	for (i = 0; i < h.nfaults; i++)
		if (!get_fault(in, o))
			return false;
	for (i = 0; i < h.nfindings; i++)
		if (!get_finding(in, o))
			return false;
	return true;
}

bool swept_unpack(struct swept *o, const char *bytes, size_t len, size_t *at)
{
	struct input in = { bytes, len, *at };

	swept_init(o);
	if (!get_outcome(&in, o)) {
		swept_free(o);
		return false;
	}
	*at = in.at;
	return true;
}

/* ---- order ---- */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_fault(const struct swept_fault *a,
			 const struct swept_fault *b)
{
	int c = compare(a->point, b->point);

	c = c ? c : compare(a->device, b->device);
	c = c ? c : compare(a->occurrence, b->occurrence);
	return c ? c : compare(a->choice, b->choice);
}

/* Runs of one fault before those of two. */
int swept_compare(const struct swept *a, const struct swept *b)
{
	int c = compare(a->nfaults, b->nfaults);
	size_t i;

	for (i = 0; !c && i < a->nfaults; i++)
		c = compare_fault(&a->faults[i], &b->faults[i]);
	return c;
}

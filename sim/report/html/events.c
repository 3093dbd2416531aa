/* SPDX-License-Identifier: MIT */
/*
 * Events as columns.  Most events are alike but for time, address and value: what
 * they share is written once, as a shape, and an event says which it has.  A page
 * of 100,000 events has some hundred shapes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/registers.h"
#include "sim/report/html/parts.h"
#include "sim/report/jsonw.h"
#include "sim/trace/decode.h"
#include "sim/trace/format.h"

#define FIRST_SLOTS 512u
#define EXACT (UINT64_C(1) << 53) /* from here a double cannot hold them all */

struct shape {
	struct event ev;       /* the first of them */
	const struct reg *row; /* where the access begins, or NULL */
	uint64_t at;           /* of the row's register */
	const char *name;      /* of the value, or NULL */
	uint32_t reg;          /* number of the row, from 1 */
};

struct shapes {
	struct shape *list;
	uint32_t count, capacity;
	uint32_t *slots;       /* numbers from 1, 0 empty; open addressing */
	uint32_t nslots;       /* a power of two, at least twice count */
	bool failed;
};

/* ---- which shapes there are ---- */

static uint32_t shape_hash(const struct shape *s)
{
	const uint64_t parts[] = {
		s->ev.kind, s->ev.cpu, s->ev.device, s->ev.index, s->ev.len,
		s->ev.text, s->at, s->name ? s->ev.value : 0,
	};
	uint64_t h = 1469598103934665603u;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		h = (h ^ parts[i]) * 1099511628211u;
	return (uint32_t)(h >> 32);
}

static bool shape_same(const struct shape *a, const struct shape *b)
{
	return a->ev.kind == b->ev.kind && a->ev.cpu == b->ev.cpu &&
	       a->ev.device == b->ev.device && a->ev.index == b->ev.index &&
	       a->ev.len == b->ev.len && a->ev.text == b->ev.text &&
	       a->row == b->row && a->at == b->at && a->name == b->name;
}

/* The slot where the shape is, or would be. */
static uint32_t *slot_of(const struct shapes *s, const struct shape *what)
{
	uint32_t i = shape_hash(what) & (s->nslots - 1);

	while (s->slots[i] && !shape_same(&s->list[s->slots[i] - 1], what))
		i = (i + 1) & (s->nslots - 1);
	return &s->slots[i];
}

static bool more_slots(struct shapes *s)
{
	uint32_t n = s->nslots ? s->nslots * 2 : FIRST_SLOTS, i;
	uint32_t *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return false;
	free(s->slots);
	s->slots = slots;
	s->nslots = n;
	for (i = 0; i < s->count; i++)
		*slot_of(s, &s->list[i]) = i + 1;
	return true;
}

static bool more_shapes(struct shapes *s)
{
	uint32_t n = s->capacity ? s->capacity * 2 : 128;
	struct shape *list;

	if (s->count == s->capacity) {
		list = realloc(s->list, n * sizeof(*list));
		if (!list)
			return false;
		s->list = list;
		s->capacity = n;
	}
	return s->count * 2 < s->nslots || more_slots(s);
}

/* The number of the event's shape, from 0. */
static uint32_t shape_of(struct shapes *s, const struct world *w,
			 const struct event *ev)
{
	struct shape what = { .ev = *ev, .name = decode_value(ev) };
	uint32_t *slot;

	what.row = decode_row(w, ev, &what.at);
	if (!what.row)
		what.at = 0;
	if (!more_shapes(s)) {
		s->failed = true;
		return 0;
	}
	slot = slot_of(s, &what);
	if (!*slot) {
		s->list[s->count++] = what;
		*slot = s->count;
	}
	return *slot - 1;
}

/* ---- the tables ---- */

static void put_kinds(struct jsonw *j)
{
	static const enum format_number numbers[] = {
		FORMAT_INDEX, FORMAT_ADDR, FORMAT_VALUE, FORMAT_LEN
	};
	char name[FORMAT_NAME], style[2] = "";
	unsigned int kind, i;

	jsonw_open(j, "kinds", '[');
	for (kind = 0; kind < EV_COUNT; kind++) {
		jsonw_open(j, NULL, '[');
		jsonw_text(j, NULL, event_kind_name((enum event_kind)kind));
		for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
			style[0] = format_field((enum event_kind)kind,
						numbers[i], name);
			jsonw_text(j, NULL, style[0] ? name : "");
			jsonw_text(j, NULL, style);
		}
		jsonw_close(j, ']');
	}
	jsonw_close(j, ']');
}

/* Numbers the registers that shapes have, and writes each once.  `seen` has the
 * first shape of each. */
static void put_regs(struct jsonw *j, struct shapes *s, uint32_t *seen)
{
	uint32_t count = 0, i, k;

	jsonw_open(j, "regs", '[');
	for (i = 0; i < s->count; i++) {
		struct shape *a = &s->list[i];

		if (!a->row)
			continue;
		for (k = 0; k < count; k++)
			if (s->list[seen[k]].row == a->row &&
			    s->list[seen[k]].at == a->at)
				break;
		a->reg = k + 1;
		if (k < count)
			continue;
		seen[count++] = i;
		jsonw_open(j, NULL, '[');
		jsonw_text(j, NULL, a->row->name);
		jsonw_uint(j, NULL, a->at);
		jsonw_uint(j, NULL, a->row->width);
		jsonw_text(j, NULL, a->row->section ? a->row->section : "");
		jsonw_text(j, NULL, a->row->about ? a->row->about : "");
		jsonw_close(j, ']');
	}
	jsonw_close(j, ']');
}

static void put_none(struct jsonw *j)
{
	textbuf_text(j->out, j->first ? "null" : ", null");
	j->first = false;
}

static void put_number_or_none(struct jsonw *j, uint32_t value, bool there)
{
	if (there)
		jsonw_uint(j, NULL, value);
	else
		put_none(j);
}

static void put_word_or_none(struct jsonw *j, const char *word)
{
	if (word)
		jsonw_text(j, NULL, word);
	else
		put_none(j);
}

static void put_shape(struct jsonw *j, const struct report *r,
		      const struct shape *s)
{
	const struct event *ev = &s->ev;
	const char *word = format_index_word(ev);

	jsonw_open(j, NULL, '[');
	jsonw_uint(j, NULL, ev->kind);
	jsonw_text(j, NULL, decode_kind(ev));
	put_number_or_none(j, ev->device, ev->device < r->world->ndevices);
	put_number_or_none(j, ev->cpu, ev->cpu != EVENT_NO_CPU);
	if (word)
		jsonw_text(j, NULL, word);
	else
		put_number_or_none(j, ev->index, ev->index != EVENT_NO_INDEX);
	jsonw_uint(j, NULL, ev->len);
	put_word_or_none(j, event_text(r->bus, ev->text));
	put_number_or_none(j, s->reg - 1, s->reg != 0);
	put_word_or_none(j, s->name);
	jsonw_close(j, ']');
}

static void put_shapes(struct jsonw *j, const struct report *r,
		       const struct shapes *s)
{
	uint32_t i;

	jsonw_open(j, "shapes", '[');
	for (i = 0; i < s->count; i++)
		put_shape(j, r, &s->list[i]);
	jsonw_close(j, ']');
}

/* ---- the columns ---- */

static void put_big(struct textbuf *out, uint64_t value)
{
	if (value < EXACT)
		textbuf_dec(out, value);
	else
		textbuf_printf(out, "\"%" PRIx64 "\"", value);
}

enum column { COLUMN_SHAPE, COLUMN_TIME, COLUMN_ADDR, COLUMN_VALUE };

static void put_column(struct textbuf *out, const struct trace *t,
		       const uint32_t *shapes, enum column column)
{
	uint64_t before = 0;
	size_t n = trace_count(t), i;

	for (i = 0; i < n; i++) {
		const struct event *ev = trace_event(t, i);
		const uint64_t values[] = {
			[COLUMN_SHAPE] = shapes[i],
			[COLUMN_TIME] = ev->time - before,
			[COLUMN_ADDR] = ev->addr,
			[COLUMN_VALUE] = ev->value,
		};

		if (i)
			textbuf_char(out, ',');
		put_big(out, values[column]);
		before = ev->time;
	}
}

static void put_columns(struct jsonw *j, const struct trace *t,
			const uint32_t *shapes)
{
	static const char *const names[] = {
		[COLUMN_SHAPE] = "shape", [COLUMN_TIME] = "time",
		[COLUMN_ADDR] = "addr", [COLUMN_VALUE] = "value",
	};
	unsigned int c;

	for (c = 0; c < sizeof(names) / sizeof(names[0]); c++) {
		jsonw_open(j, names[c], '[');
		put_column(j->out, t, shapes, (enum column)c);
		jsonw_close(j, ']');
	}
}

void html_events(const struct report *r, const struct trace *t,
		 struct textbuf *out)
{
	size_t n = trace_count(t), i;
	uint32_t *of = calloc(n + 1, sizeof(*of));
	struct shapes s = { 0 };
	uint32_t *seen;
	struct jsonw j;

	for (i = 0; of && i < n; i++)
		of[i] = shape_of(&s, r->world, trace_event(t, i));
	seen = calloc(s.count + 1, sizeof(*seen));
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	put_kinds(&j);
	if (seen)
		put_regs(&j, &s, seen);
	put_shapes(&j, r, &s);
	if (of)
		put_columns(&j, t, of);
	jsonw_close(&j, '}');
	/* Without all events there is no page. */
	if (!of || !seen || s.failed || n != event_count(r->bus))
		out->failed = true;
	free(s.list);
	free(s.slots);
	free(seen);
	free(of);
}

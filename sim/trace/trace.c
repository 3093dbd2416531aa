/* SPDX-License-Identifier: MIT */
/*
 * Keeps events in chunks while the run goes on, and writes them out after it.
 */
#include "sim/trace/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/trace/format.h"

#define CHUNK_EVENTS 4096u
#define PIECE 65536u

struct trace {
	struct observer observer;
	const struct world *world;
	const struct event_bus *bus;
	struct event **chunks;
	size_t nchunks, capacity;
	size_t count;
	bool failed; /* out of memory: later events are missing */
};

static bool add_chunk(struct trace *t)
{
	size_t n = t->capacity ? t->capacity * 2 : 64;
	struct event **chunks;

	if (t->nchunks == t->capacity) {
		chunks = realloc(t->chunks, n * sizeof(*chunks));
		if (!chunks)
			return false;
		t->chunks = chunks;
		t->capacity = n;
	}
	t->chunks[t->nchunks] = malloc(CHUNK_EVENTS * sizeof(struct event));
	if (!t->chunks[t->nchunks])
		return false;
	t->nchunks++;
	return true;
}

static void see(struct observer *o, const struct event *ev)
{
	struct trace *t = (struct trace *)o;

	if (t->failed)
		return;
	if (t->count == t->nchunks * CHUNK_EVENTS && !add_chunk(t)) {
		t->failed = true;
		return;
	}
	t->chunks[t->count / CHUNK_EVENTS][t->count % CHUNK_EVENTS] = *ev;
	t->count++;
}

struct trace *trace_create(const struct world *w, struct event_bus *bus)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->world = w;
	t->bus = bus;
	t->observer.kinds = ~0ull;
	t->observer.see = see;
	event_bus_add(bus, &t->observer);
	return t;
}

void trace_destroy(struct trace *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->nchunks; i++)
		free(t->chunks[i]);
	free(t->chunks);
	free(t);
}

size_t trace_count(const struct trace *t)
{
	return t->count;
}

const struct event *trace_event(const struct trace *t, size_t i)
{
	assert(i < t->count);
	return &t->chunks[i / CHUNK_EVENTS][i % CHUNK_EVENTS];
}

static bool ends_with(const char *name, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len >= n && !memcmp(name + len - n, suffix, n);
}

bool trace_format_of(const char *name, enum trace_format *format, bool *gzip)
{
	size_t len = strlen(name);

	*gzip = ends_with(name, len, ".gz");
	if (*gzip)
		len -= 3;
	*format = ends_with(name, len, ".jsonl") ? TRACE_JSONL : TRACE_TXT;
	return *format == TRACE_JSONL || ends_with(name, len, ".txt");
}

void trace_line(const struct trace *t, const struct event *ev,
		enum trace_format format, struct textbuf *out)
{
	if (format == TRACE_JSONL)
		format_jsonl(t->world, t->bus, ev, out);
	else
		format_txt(t->world, t->bus, ev, out);
}

/* Where formatted text goes: straight to the sink, or through deflate. */
struct writer {
	trace_sink_fn *sink;
	void *arg;
	bool gzip;
	z_stream stream;
	unsigned char *packed;
};

static bool write_piece(struct writer *w, const void *bytes, size_t len,
			bool last)
{
	size_t made;

	if (!w->gzip)
		return !len || w->sink(w->arg, bytes, len);
	w->stream.next_in = (Bytef *)(uintptr_t)bytes;
	w->stream.avail_in = (uInt)len;
	do {
		w->stream.next_out = w->packed;
		w->stream.avail_out = PIECE;
		deflate(&w->stream, last ? Z_FINISH : Z_NO_FLUSH);
		made = PIECE - w->stream.avail_out;
		if (made && !w->sink(w->arg, w->packed, made))
			return false;
	} while (!w->stream.avail_out);
	return true;
}

/* Level 1: the trace is written where someone waits, and stored for a while.
 * The gzip header holds no time and no name, so packed traces compare too. */
static bool open_writer(struct writer *w)
{
	if (!w->gzip)
		return true;
	w->packed = malloc(PIECE);
	if (!w->packed)
		return false;
	if (deflateInit2(&w->stream, 1, Z_DEFLATED, 15 + 16, 8,
			 Z_DEFAULT_STRATEGY) == Z_OK)
		return true;
	free(w->packed);
	return false;
}

bool trace_write(const struct trace *t, enum trace_format format, bool gzip,
		 trace_sink_fn *sink, void *arg)
{
	struct writer w = { .sink = sink, .arg = arg, .gzip = gzip };
	struct textbuf text;
	bool ok = !t->failed;
	size_t i;

	if (!open_writer(&w))
		return false;
	textbuf_init(&text);
	for (i = 0; ok && i < t->count; i++) {
		trace_line(t, trace_event(t, i), format, &text);
		if (text.len < PIECE)
			continue;
		ok = !text.failed && write_piece(&w, text.data, text.len,
						 false);
		text.len = 0;
	}
	ok = ok && !text.failed && write_piece(&w, text.data, text.len, true);
	textbuf_free(&text);
	if (gzip) {
		deflateEnd(&w.stream);
		free(w.packed);
	}
	return ok;
}

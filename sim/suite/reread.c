/* SPDX-License-Identifier: MIT */
/*
 * Makes results of JSON lines again.  The lines may come from another version of
 * the program, or be damaged: one that lacks what a result needs is none.
 */
#define _GNU_SOURCE
#include "sim/suite/reread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/report/jsonr.h"

void reread_init(struct reread *r)
{
	memset(r, 0, sizeof(*r));
}

void reread_item_free(struct reread_item *i)
{
	const char *const texts[] = {
		i->label.file, i->label.path, i->label.cell, i->label.guest,
		i->label.runs_on, i->label.group, i->label.known,
		i->version, i->program, i->guest_crc, i->scenario_crc,
	};
	size_t k;

	for (k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
		free((char *)texts[k]);
	record_free(&i->record);
	memset(i, 0, sizeof(*i));
}

void reread_free(struct reread *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		reread_item_free(&r->items[i]);
	for (i = 0; i < r->nfiles; i++)
		free(r->files[i].path);
	free(r->items);
	free(r->files);
	free(r->by_name);
}

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static char *string_or(const struct jsonr *v, const char *otherwise)
{
	char *text = jsonr_string(v);

	return text ? text : must(strdup(otherwise));
}

static int int_of(const struct jsonr *v)
{
	uint64_t n;

	return jsonr_uint(v, &n) && n <= INT32_MAX ? (int)n : 0;
}

/* ---- a record ---- */

static void read_failure(struct record *r, const struct jsonr *failure)
{
	static const char *const names[] = { "check", "function", "way", "file",
					     "line", "column" };
	struct jsonr v[6];

	jsonr_members(failure, names, v, 6);
	r->check = string_or(&v[0], "");
	r->function = string_or(&v[1], "");
	r->way = string_or(&v[2], "");
	r->file = string_or(&v[3], "");
	r->line = int_of(&v[4]);
	r->column = int_of(&v[5]);
}

/* The line without its last member, which is `suite`.  NULL: it is not that. */
static char *without_suite(const char *line, const struct jsonr *suite,
			   const char *end)
{
	static const char name[] = "\"suite\"";
	const char *p = suite->at, *after = suite->at + suite->len;
	char *json;

	while (after < end && strchr(" \t\r", *after))
		after++;
	if (after + 1 != end) /* the object's brace */
		return NULL;
	while (p > line && strchr(" \t\r:", p[-1]))
		p--;
	if ((size_t)(p - line) <= sizeof(name))
		return NULL;
	p -= sizeof(name) - 1;
	while (p > line && strchr(" \t\r,", p[-1]))
		p--;
	if (asprintf(&json, "%.*s}\n", (int)(p - line), line) < 0)
		abort();
	return json;
}

enum line_member { VERSION, VERDICT, SCENARIO, GUEST, PS, REASON, TEXT, FAILURE,
		   COURSE, SUITE, RESULT, LINE_MEMBERS };

static bool read_record(struct record *r, const char *line, const char *end,
			const struct jsonr v[LINE_MEMBERS])
{
	char *verdict = jsonr_string(&v[VERDICT]);
	bool known = verdict && record_status_find(verdict, &r->status);

	free(verdict);
	r->json = known ? without_suite(line, &v[SUITE], end) : NULL;
	if (!r->json)
		return false;
	if (!jsonr_uint(&v[PS], &r->time_ps))
		r->time_ps = 0;
	r->reason = string_or(&v[REASON], "");
	r->text = string_or(&v[TEXT], "");
	r->course = string_or(&v[COURSE], "");
	read_failure(r, &v[FAILURE]);
	return true;
}

/* ---- a line ---- */

static bool read_suite(struct reread_item *i, const struct jsonr *suite)
{
	static const char *const names[] = { "program", "number", "file",
					     "group", "guest", "known", "seed" };
	struct jsonr v[7];
	uint64_t number;

	jsonr_members(suite, names, v, 7);
	if (!jsonr_uint(&v[1], &number) || number > SIZE_MAX / 2)
		return false;
	i->number = (size_t)number;
	i->program = string_or(&v[0], "");
	i->label.file = string_or(&v[2], i->label.path);
	i->label.group = jsonr_string(&v[3]);
	i->label.guest = jsonr_string(&v[4]);
	i->label.known = jsonr_string(&v[5]);
	i->label.has_seed = jsonr_uint(&v[6], &i->label.seed);
	return true;
}

static bool read_scenario(struct reread_item *i, const struct jsonr *scenario,
			  const struct jsonr *guest)
{
	static const char *const of_scenario[] = { "path", "cell", "crc32" };
	static const char *const of_guest[] = { "name", "crc32" };
	struct jsonr v[3], g[2];

	jsonr_members(scenario, of_scenario, v, 3);
	jsonr_members(guest, of_guest, g, 2);
	i->label.path = jsonr_string(&v[0]);
	i->label.cell = jsonr_string(&v[1]);
	i->label.runs_on = jsonr_string(&g[0]);
	i->scenario_crc = string_or(&v[2], "");
	i->guest_crc = string_or(&g[1], "");
	return i->label.path != NULL;
}

bool reread_line(struct reread_item *i, const char *line, size_t len)
{
	static const char *const names[LINE_MEMBERS] = {
		"version", "verdict", "scenario", "guest", "simulated_ps",
		"reason", "text", "failure", "course", "suite",
		"ringside_result",
	};
	struct jsonr whole, v[LINE_MEMBERS];
	uint64_t format;

	memset(i, 0, sizeof(*i));
	if (!jsonr_parse(&whole, line, len))
		return false;
	jsonr_members(&whole, names, v, LINE_MEMBERS);
	i->version = string_or(&v[VERSION], "");
	if (jsonr_uint(&v[RESULT], &format) && format == REPORT_JSON_VERSION &&
	    v[SUITE].at && read_scenario(i, &v[SCENARIO], &v[GUEST]) &&
	    read_suite(i, &v[SUITE]) &&
	    read_record(&i->record, whole.at, whole.at + whole.len, v))
		return true;
	reread_item_free(i);
	return false;
}

/* ---- a file ---- */

/* "2/8" */
static void read_shard(struct shard *s, const struct jsonr *v)
{
	char *text = jsonr_string(v);

	if (text && (sscanf(text, "%6u/%6u", &s->index, &s->of) != 2 ||
		     !s->index || s->index > s->of || s->of > SHARDS_MAX))
		*s = (struct shard){ 0 };
	free(text);
}

/* The line that sums up, or the first of a file that is not whole yet. */
static bool read_sum(struct reread_file *f, const char *line, size_t len)
{
	static const char *const names[] = { "ringside_suite",
					     "ringside_partial", "total",
					     "shard" };
	struct jsonr whole, v[4];
	uint64_t n;

	if (!jsonr_parse(&whole, line, len))
		return false;
	jsonr_members(&whole, names, v, 4);
	if (!v[0].at && !v[1].at)
		return false;
	f->whole = v[0].at;
	if (jsonr_uint(&v[2], &n))
		f->total = (size_t)n;
	read_shard(&f->shard, &v[3]);
	return true;
}

static void add_item(struct reread *r, const struct reread_item *item)
{
	if (r->count == r->capacity) {
		r->capacity = r->capacity ? r->capacity * 2 : 64;
		r->items = must(realloc(r->items,
					r->capacity * sizeof(*r->items)));
	}
	r->items[r->count++] = *item;
}

static void read_lines(struct reread *r, const char *text, size_t len)
{
	struct reread_file *f = &r->files[r->nfiles - 1];
	const char *end = text + len, *line_end;
	size_t line = 0;

	for (; text < end; text = line_end + 1) {
		struct reread_item item;
		size_t n;

		line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			return; /* cut off */
		n = (size_t)(line_end - text);
		line++;
		if (reread_line(&item, text, n)) {
			item.file = r->nfiles - 1;
			item.line = line;
			f->count++;
			add_item(r, &item);
		} else if (!read_sum(f, text, n) && !f->bad_line) {
			f->bad_line = line;
		}
	}
}

/* All of the file; false: errno. */
static bool read_all(const char *path, struct textbuf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	ssize_t n = 1;

	if (fd < 0)
		return false;
	while (n > 0 || (n < 0 && errno == EINTR)) {
		if (!textbuf_room(text, 65536))
			abort();
		n = read(fd, text->data + text->len, 65536);
		text->len += n > 0 ? (size_t)n : 0;
	}
	error = errno;
	close(fd);
	errno = error;
	return n == 0;
}

bool reread_file(struct reread *r, const char *path)
{
	struct textbuf text;
	bool ok;

	textbuf_init(&text);
	ok = read_all(path, &text);
	if (ok) {
		free(r->by_name);
		r->by_name = NULL;
		r->files = must(realloc(r->files, (r->nfiles + 1) *
						  sizeof(*r->files)));
		r->files[r->nfiles++] = (struct reread_file){
			.path = must(strdup(path)),
		};
		read_lines(r, text.data, text.len);
	}
	textbuf_free(&text);
	return ok;
}

/* ---- looking up ---- */

static int compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int reread_compare(const struct result_label *a, const struct result_label *b)
{
	int order = strcmp(a->path, b->path);

	if (!order)
		order = !!a->cell - !!b->cell;
	if (!order)
		order = compare(a->cell, b->cell);
	return order ? order : compare(a->guest, b->guest);
}

/* Of one label the later first. */
static int by_name(const void *a, const void *b, void *arg)
{
	const struct reread_item *items = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = reread_compare(&items[x].label, &items[y].label);

	return order ? order : (x < y) - (x > y);
}

static void sort(struct reread *r)
{
	size_t i;

	r->by_name = must(calloc(r->count + 1, sizeof(*r->by_name)));
	for (i = 0; i < r->count; i++)
		r->by_name[i] = i;
	qsort_r(r->by_name, r->count, sizeof(*r->by_name), by_name, r->items);
}

const struct reread_item *reread_find(struct reread *r,
				      const struct result_label *label)
{
	size_t low = 0, high = r->count, middle;

	if (!r->by_name)
		sort(r);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (reread_compare(&r->items[r->by_name[middle]].label,
				   label) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == r->count ||
	    reread_compare(&r->items[r->by_name[low]].label, label))
		return NULL;
	return &r->items[r->by_name[low]];
}

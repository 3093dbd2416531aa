/* SPDX-License-Identifier: MIT */
/*
 * How diagnostics look on a terminal: sorted by position, the line of the file
 * with a caret under what is meant, and a hint.
 *
 *     file.yaml:4:3: error: unknown key 'sede' [unknown-key]
 *         4 | sede: 1
 *           | ^~~~
 *       hint: did you mean 'seed'?
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/diag.h"
#include "sim/scenario/text.h"

/* Of a source line that is shown; a caret further right moves the window. */
#define SHOWN_COLUMNS 100
#define SHOWN_BEFORE 60

/* Files in the order in which they were first complained about. */
static size_t file_rank(const struct diag *d, const char *file)
{
	for (size_t i = 0; i < d->count; i++) {
		const char *f = d->items[i].pos.file;

		if (f == file || (f && file && strcmp(f, file) == 0))
			return i;
	}
	return d->count;
}

struct rank {
	const struct diag_item *item;
	size_t file, number;
};

static int compare(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->item->pos.line != y->item->pos.line)
		return x->item->pos.line < y->item->pos.line ? -1 : 1;
	if (x->item->pos.column != y->item->pos.column)
		return x->item->pos.column < y->item->pos.column ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_word(unsigned char c)
{
	return c > ' ' && !strchr(",:{}[]#\"'", c);
}

/* How many code points belong to what begins at `s`: a word or a quoted text. */
static int extent(const char *s)
{
	int n = 0;
	char quote = *s == '"' || *s == '\'' ? *s : 0;

	for (const char *p = s; *p; p += text_utf8_len(p)) {
		if (quote) {
			n++;
			if (p != s && *p == quote)
				return n;
		} else if (strncmp(p, "${", 2) == 0 && strchr(p, '}')) {
			for (; *p != '}'; p += text_utf8_len(p))
				n++;
			n++;
		} else if (is_word((unsigned char)*p) ||
			   (*p == ':' && is_word((unsigned char)p[1]))) {
			n++;
		} else {
			break;
		}
	}
	return n > 0 ? n : 1;
}

/* One code point; what a terminal would obey is shown as '?'. */
static void put_char(const char *p, FILE *out)
{
	size_t len = text_utf8_valid(p);

	if (*p == '\t')
		fputc(' ', out);
	else if (!len || (unsigned char)*p < ' ' || *p == 0x7f ||
		 (len == 2 && (unsigned char)p[0] == 0xc2 &&
		  (unsigned char)p[1] < 0xa0))
		fputc('?', out);
	else
		fwrite(p, 1, len, out);
}

static void put_source(const struct diag_item *item, FILE *out)
{
	const char *p = item->source, *at = NULL;
	int column = 1, first = 1, marks;

	if (item->pos.column > SHOWN_COLUMNS - 10)
		first = item->pos.column - SHOWN_BEFORE;
	fprintf(out, "%5d | %s", item->pos.line, first > 1 ? "..." : "");
	for (; *p; p += text_utf8_len(p), column++) {
		if (column == item->pos.column)
			at = p;
		if (column >= first + SHOWN_COLUMNS) {
			fputs("...", out);
			break;
		}
		if (column >= first)
			put_char(p, out);
	}
	fputc('\n', out);
	if (item->pos.column < 1)
		return;
	marks = at ? extent(at) : 1;
	if (marks > first + SHOWN_COLUMNS - item->pos.column)
		marks = first + SHOWN_COLUMNS - item->pos.column;
	fprintf(out, "      | %*s^",
		item->pos.column - first + (first > 1 ? 3 : 0), "");
	while (--marks > 0)
		fputc('~', out);
	fputc('\n', out);
}

static void put_item(const struct diag_item *item, FILE *out)
{
	if (!item->pos.file)
		fputs("command line: ", out);
	else if (item->pos.line < 1)
		fprintf(out, "%s: ", item->pos.file);
	else
		fprintf(out, "%s:%d:%d: ", item->pos.file, item->pos.line,
			item->pos.column);
	fprintf(out, "error: %s [%s]\n", item->text, item->code);
	if (item->source && item->pos.line > 0)
		put_source(item, out);
	if (item->hint)
		fprintf(out, "  hint: %s\n", item->hint);
}

void diag_print(const struct diag *d, FILE *out)
{
	struct rank *order = calloc(d->count + 1, sizeof(*order));

	if (!order)
		abort();
	for (size_t i = 0; i < d->count; i++)
		order[i] = (struct rank){
			&d->items[i], file_rank(d, d->items[i].pos.file), i
		};
	qsort(order, d->count, sizeof(*order), compare);
	for (size_t i = 0; i < d->count; i++)
		put_item(order[i].item, out);
	free(order);
}

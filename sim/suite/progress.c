/* SPDX-License-Identifier: MIT */
/*
 * The progress line.  It uses carriage returns and blanks only, no escapes, so
 * that NO_COLOR needs no form of its own.
 */
#include "sim/suite/progress.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE 78u

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, size_t total)
{
	const char *term = getenv("TERM");

	*p = (struct progress){ .fd = -1, .total = total,
				.begun_ms = now_ms() };
	if (isatty(STDERR_FILENO) && !(term && !strcmp(term, "dumb")))
		p->fd = STDERR_FILENO;
}

void progress_done(struct progress *p, bool failed)
{
	p->done++;
	p->failed += failed;
}

void progress_text(const struct progress *p, uint64_t elapsed_ms,
		   struct textbuf *out)
{
	uint64_t left = p->total - p->done, tenths, left_s;

	textbuf_printf(out, "%zu of %zu done, %zu failed", p->done, p->total,
		       p->failed);
	if (!p->done || !elapsed_ms)
		return;
	tenths = p->done * 10000 / elapsed_ms;
	left_s = (left * elapsed_ms + p->done * 1000 - 1) / (p->done * 1000);
	textbuf_text(out, ", ");
	textbuf_dec(out, tenths / 10);
	if (tenths < 100)
		textbuf_printf(out, ".%u", (unsigned int)(tenths % 10));
	textbuf_text(out, " a second, ");
	if (left_s >= 120) {
		textbuf_dec(out, (left_s + 59) / 60);
		textbuf_text(out, " min left");
	} else {
		textbuf_dec(out, left_s);
		textbuf_text(out, " s left");
	}
}

/* Over what was there before; what goes wrong with it is nobody's loss. */
static void put_line(struct progress *p, const char *text, size_t len)
{
	char line[LINE + 2];
	size_t width;

	len = len > LINE ? LINE : len;
	width = len > p->width ? len : p->width;
	line[0] = '\r';
	memset(line + 1, ' ', width);
	memcpy(line + 1, text, len);
	if (write(p->fd, line, width + 1) < 0)
		p->fd = -1;
	p->width = len;
}

void progress_show(struct progress *p)
{
	struct textbuf text;

	if (p->fd < 0)
		return;
	textbuf_init(&text);
	progress_text(p, now_ms() - p->begun_ms, &text);
	if (!text.failed)
		put_line(p, text.data, text.len);
	textbuf_free(&text);
}

void progress_end(struct progress *p)
{
	if (p->fd < 0 || !p->width)
		return;
	put_line(p, "", 0);
	if (write(p->fd, "\r", 1) < 0)
		p->fd = -1;
}

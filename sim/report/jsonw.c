/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON, two blanks a level, or all of it on one line.
 */
#include "sim/report/jsonw.h"

#include <inttypes.h>

void jsonw_init(struct jsonw *j, struct textbuf *out)
{
	j->out = out;
	j->depth = 0;
	j->first = true;
	j->line = false;
}

void jsonw_init_line(struct jsonw *j, struct textbuf *out)
{
	jsonw_init(j, out);
	j->line = true;
}

static void new_line(struct jsonw *j)
{
	if (j->line)
		return;
	textbuf_char(j->out, '\n');
	textbuf_pad(j->out, ' ', (size_t)j->depth * 2);
}

static void member(struct jsonw *j, const char *name)
{
	if (j->depth) {
		if (!j->first)
			textbuf_text(j->out, j->line ? ", " : ",");
		new_line(j);
	}
	j->first = false;
	if (!name)
		return;
	textbuf_json(j->out, name);
	textbuf_text(j->out, ": ");
}

void jsonw_open(struct jsonw *j, const char *name, char bracket)
{
	member(j, name);
	textbuf_char(j->out, bracket);
	j->depth++;
	j->first = true;
}

void jsonw_close(struct jsonw *j, char bracket)
{
	j->depth--;
	if (!j->first)
		new_line(j);
	textbuf_char(j->out, bracket);
	j->first = false;
	if (!j->depth)
		textbuf_char(j->out, '\n');
}

void jsonw_text(struct jsonw *j, const char *name, const char *text)
{
	if (!text)
		return;
	member(j, name);
	textbuf_json(j->out, text);
}

void jsonw_uint(struct jsonw *j, const char *name, uint64_t value)
{
	member(j, name);
	textbuf_dec(j->out, value);
}

void jsonw_int(struct jsonw *j, const char *name, int64_t value)
{
	member(j, name);
	textbuf_printf(j->out, "%" PRId64, value);
}

void jsonw_bool(struct jsonw *j, const char *name, bool value)
{
	member(j, name);
	textbuf_text(j->out, value ? "true" : "false");
}

void jsonw_crc(struct jsonw *j, const char *name, uint32_t crc)
{
	member(j, name);
	textbuf_printf(j->out, "\"0x%08" PRIx32 "\"", crc);
}

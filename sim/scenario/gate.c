/* SPDX-License-Identifier: MIT */
/*
 * The byte gate: what libfyaml 0.7 must not see, because it loops on it, accepts
 * it silently or counts lines differently: bytes that are not UTF-8, NUL and
 * other control characters, line ends other than LF and CR LF, tabs that
 * indent, directives (its directive scanner can loop for ever), and thousands of
 * blank lines in a row (they take it quadratic time).  Also finds the bracket
 * or quote that a broken file never closes, since libfyaml blames the end of the
 * file.
 */
#include <string.h>
#include <zlib.h>

#include "sim/scenario/yaml.h"

/* A binary file would otherwise fill the screen. */
#define GATE_MAX_MISTAKES 10u

struct gate {
	struct yaml_file *file;
	struct diag *d;
	unsigned mistakes;
};

__attribute__((format(printf, 5, 6)))
static void refuse(struct gate *g, const char *at, const char *code,
		   const char *hint, const char *fmt, ...)
{
	struct scn_pos pos = yaml_pos_at(g->file, at);
	char text[160];
	va_list args;

	if (g->mistakes++ >= GATE_MAX_MISTAKES)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	yaml_error_at(g->d, g->file, pos, code, hint, "%s", text);
}

/* The code points between which libfyaml's and our idea of a line differ, and
 * those that a terminal would obey. */
static bool is_control(const char *p, size_t len)
{
	const uint8_t *u = (const uint8_t *)p;

	if (len == 1)
		return (*u < ' ' && *u != '\n' && *u != '\t') || *u == 0x7f;
	if (len == 2) /* U+0080 .. U+009F */
		return u[0] == 0xc2 && u[1] < 0xa0;
	if (len == 3) /* U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF */
		return memcmp(p, "\xe2\x80\xa8", 3) == 0 ||
		       memcmp(p, "\xe2\x80\xa9", 3) == 0 ||
		       memcmp(p, "\xef\xbb\xbf", 3) == 0 ||
		       memcmp(p, "\xef\xbf\xbe", 3) == 0 ||
		       memcmp(p, "\xef\xbf\xbf", 3) == 0;
	return false;
}

/* Of a valid sequence of one to three bytes. */
static uint32_t code_point(const char *p, size_t len)
{
	const uint8_t *u = (const uint8_t *)p;

	if (len == 1)
		return u[0];
	if (len == 2)
		return (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
	return (u[0] & 0xfu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
}

/* Copies, CR LF becomes LF; a byte order mark at the start is left out. */
static void copy_lines(struct scn_arena *a, struct yaml_file *file,
		       const char *bytes, size_t len)
{
	char *text = arena_alloc(a, len + 1);
	size_t n = 0, i = 0;

	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	for (; i < len; i++) {
		if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n')
			continue;
		text[n++] = bytes[i];
	}
	file->text = text;
	file->len = n;
}

static void check_characters(struct gate *g)
{
	const char *p = g->file->text, *end = p + g->file->len;

	while (p < end && g->mistakes < GATE_MAX_MISTAKES) {
		size_t len = text_utf8_valid(p);

		if (!len) {
			refuse(g, p, "not-utf8",
			       "save the file as UTF-8",
			       "byte 0x%02x is not UTF-8", (uint8_t)*p);
			return;
		}
		if (*p == '\0') {
			refuse(g, p, "control-character",
			       "is this a binary file, or UTF-16?",
			       "a NUL byte");
			return;
		}
		if (is_control(p, len))
			refuse(g, p, "control-character", NULL,
			       "invisible character U+%04X",
			       (unsigned)code_point(p, len));
		p += len;
	}
}

/* Tabs before the first character of a line; directives in the first column;
 * blank lines. */
static void check_line_starts(struct gate *g)
{
	const char *line = g->file->text;
	unsigned blank = 0;

	for (; line; line = strchr(line, '\n')) {
		const char *p;

		line += *line == '\n';
		p = line + strspn(line, " ");
		blank = *p == '\n' ? blank + 1 : 0;
		if (blank == YAML_MAX_BLANK_LINES + 1)
			refuse(g, line, "blank-lines", NULL,
			       "more than %u blank lines in a row",
			       YAML_MAX_BLANK_LINES);
		if (*p == '\t')
			refuse(g, p, "tab", "indent with spaces",
			       "a tab in the indentation");
		if (*line == '%')
			refuse(g, line, "directive", "leave the line out",
			       "a directive (a line that begins with '%%')");
	}
}

bool yaml_gate(struct scn_arena *a, struct yaml_file *file, const char *bytes,
	       size_t len, struct diag *d)
{
	struct gate g = { .file = file, .d = d };

	file->crc = (uint32_t)crc32_z(0, (const Bytef *)bytes, len);
	copy_lines(a, file, bytes, len);
	check_characters(&g);
	if (g.mistakes == 0)
		check_line_starts(&g);
	return g.mistakes == 0;
}

/* ---- brackets ---- */

/* Behind the quoted text that begins at p; NULL: it never ends. */
static const char *skip_quoted(const char *p)
{
	char quote = *p++;

	for (; *p; p++) {
		if (quote == '"' ? *p == '\\' && p[1]
				 : *p == '\'' && p[1] == '\'')
			p++; /* an escaped character, or '' */
		else if (*p == quote)
			return p + 1;
	}
	return NULL;
}

/* May a collection or a quoted text begin at p?  In a block only where a value
 * may begin; between brackets wherever it is not inside a plain text. */
static bool begins_value(const struct yaml_file *file, const char *p)
{
	const char *q = p;

	while (q > file->text && q[-1] == ' ')
		q--;
	if (q == file->text || q[-1] == '\n')
		return true;
	if (strchr("[{,", q[-1]))
		return true;
	return q != p && strchr(":-?", q[-1]);
}

static bool comment_begins(const struct yaml_file *file, const char *p)
{
	return *p == '#' && (p == file->text || p[-1] == ' ' || p[-1] == '\n');
}

const char *yaml_unclosed(const struct yaml_file *file)
{
	const char *open[YAML_MAX_DEPTH];
	size_t depth = 0;
	const char *p = file->text, *behind;

	while (*p) {
		bool begins = strchr("[{\"'", *p) && begins_value(file, p);

		if (comment_begins(file, p)) {
			p += strcspn(p, "\n");
		} else if (begins && (*p == '"' || *p == '\'')) {
			behind = skip_quoted(p);
			if (!behind)
				return p;
			p = behind;
		} else {
			if (begins && depth < YAML_MAX_DEPTH)
				open[depth++] = p;
			else if (depth && strchr("]}", *p) &&
				 *p != *open[depth - 1] + 2)
				return open[depth - 1];
			else if (depth && strchr("]}", *p))
				depth--;
			p++;
		}
	}
	return depth ? open[depth - 1] : NULL;
}

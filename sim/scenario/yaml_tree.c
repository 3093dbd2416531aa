/* SPDX-License-Identifier: MIT */
/*
 * The tree that yaml.c builds: looking things up, positions, and mistakes that
 * point at a node.  Also reads a file into memory for the gate.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/yaml.h"

#define LINE_SHOWN 4096

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (struct yaml_node *n = map->child; n; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

void yaml_append(struct yaml_node *parent, struct yaml_node *child,
		 const char *key, struct yaml_node *keynode)
{
	struct yaml_node **end = parent->last ? &parent->last->next
					      : &parent->child;

	*end = child;
	parent->last = child;
	child->key = key;
	child->keynode = keynode;
	parent->count++;
}

struct yaml_node *yaml_scalar(struct scn_arena *a, const char *text)
{
	struct yaml_node *n = arena_alloc(a, sizeof(*n));

	n->kind = YAML_SCALAR;
	n->text = text;
	return n;
}

struct yaml_node *yaml_copy(struct scn_arena *a, const struct yaml_node *n)
{
	struct yaml_node *copy = arena_alloc(a, sizeof(*copy));

	*copy = *n;
	copy->next = copy->child = copy->last = NULL;
	copy->count = 0;
	for (const struct yaml_node *c = n->child; c; c = c->next)
		yaml_append(copy, yaml_copy(a, c), c->key, c->keynode);
	return copy;
}

/* ---- positions ---- */

struct scn_pos yaml_pos(const struct yaml_node *n)
{
	return (struct scn_pos){
		.file = n->file ? n->file->name : NULL,
		.line = n->line,
		.column = n->column,
	};
}

struct scn_pos yaml_pos_at(const struct yaml_file *file, const char *at)
{
	struct scn_pos pos = { .file = file->name, .line = 1, .column = 1 };
	const char *p = file->text, *line = p;

	for (; p < at; p++) {
		if (*p == '\n') {
			pos.line++;
			line = p + 1;
		}
	}
	for (p = line; p < at; p += text_utf8_len(p))
		pos.column++;
	return pos;
}

/* NULL for a line that nobody would read; a file may be one line of 1 MiB. */
static char *line_of(const struct yaml_file *file, int line)
{
	const char *p = file->text, *end = p + file->len, *stop;

	for (; line > 1 && p < end; line--) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			return NULL;
		p++;
	}
	stop = memchr(p, '\n', (size_t)(end - p));
	if (!stop)
		stop = end;
	return stop - p > LINE_SHOWN ? NULL : strndup(p, (size_t)(stop - p));
}

/* ---- mistakes ---- */

static void add(struct diag *d, const struct yaml_file *file,
		struct scn_pos pos, const char *code, const char *hint,
		const char *cell, const char *fmt, va_list args)
{
	char *source = file && file->name && pos.line > 0
			       ? line_of(file, pos.line) : NULL;
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		abort();
	if (cell && *cell)
		diag_add(d, pos, code, hint, source, "%s (in cell [%s])", text,
			 cell);
	else
		diag_add(d, pos, code, hint, source, "%s", text);
	free(text);
	free(source);
}

void yaml_error(struct diag *d, const struct yaml_node *n, const char *code,
		const char *hint, const char *fmt, ...)
{
	va_list args;

	if (n->broken)
		return;
	va_start(args, fmt);
	add(d, n->file, yaml_pos(n), code, hint, n->cell, fmt, args);
	va_end(args);
}

void yaml_error_at(struct diag *d, const struct yaml_file *file,
		   struct scn_pos pos, const char *code, const char *hint,
		   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(d, file, pos, code, hint, NULL, fmt, args);
	va_end(args);
}

const char *yaml_describe(struct scn_arena *a, const struct yaml_node *n)
{
	int64_t number;

	if (n->kind == YAML_MAP)
		return "a map";
	if (n->kind == YAML_LIST)
		return "a list";
	if (n->empty)
		return "nothing";
	if (strlen(n->text) > 40)
		return "a long text";
	if (n->quoted)
		return arena_printf(a, "the text \"%s\"", n->text);
	if (text_int(n->text, &number) == TEXT_OK)
		return arena_printf(a, "the number %s", n->text);
	return arena_printf(a, "'%s'", n->text);
}

/* ---- files ---- */

static struct yaml_file *new_file(struct scn_arena *a, const char *name)
{
	struct yaml_file *file = arena_alloc(a, sizeof(*file));

	file->name = name ? arena_strdup(a, name) : NULL;
	file->text = "";
	return file;
}

struct yaml_file *yaml_file_from(struct scn_arena *a, const char *name,
				 const char *bytes, size_t len, struct diag *d)
{
	struct yaml_file *file = new_file(a, name);
	struct scn_pos pos = { .file = file->name };

	if (len > YAML_MAX_BYTES) {
		diag_add(d, pos, "too-large", NULL, NULL,
			 "larger than 1 MiB; a scenario is a few lines of text");
		return NULL;
	}
	return yaml_gate(a, file, bytes, len, d) ? file : NULL;
}

/* Up to `max` bytes.  -1: errno tells why. */
static ssize_t read_all(int fd, char *buf, size_t max)
{
	size_t len = 0;
	ssize_t n;

	while (len < max) {
		n = read(fd, buf + len, max - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* The bytes of an open file, NUL behind them; NULL: too large or unreadable. */
static char *slurp(struct scn_arena *a, int fd, const struct stat *st,
		   ssize_t *len)
{
	size_t max = YAML_MAX_BYTES + 1;
	char *buf;

	if (st->st_size < (off_t)max)
		max = (size_t)st->st_size + 1;
	buf = arena_alloc(a, max + 1);
	*len = read_all(fd, buf, max);
	return buf;
}

struct yaml_file *yaml_file_read(struct scn_arena *a, const char *name,
				 struct diag *d)
{
	struct scn_pos pos = { .file = arena_strdup(a, name) };
	struct yaml_file *file = NULL;
	struct stat st;
	ssize_t len;
	char *buf;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) < 0) {
		diag_add(d, pos, "cannot-read", NULL, NULL,
			 "cannot be read: %s", strerror(errno));
		goto out;
	}
	if (S_ISDIR(st.st_mode)) {
		diag_add(d, pos, "cannot-read", NULL, NULL,
			 "is a directory, not a scenario");
		goto out;
	}
	/* It may be read more than once, so it cannot be what runs dry. */
	if (!S_ISREG(st.st_mode)) {
		diag_add(d, pos, "cannot-read", NULL, NULL,
			 "is a pipe or a device; a scenario is a file");
		goto out;
	}
	buf = slurp(a, fd, &st, &len);
	if (len < 0)
		diag_add(d, pos, "cannot-read", NULL, NULL,
			 "cannot be read: %s", strerror(errno));
	else
		file = yaml_file_from(a, name, buf, (size_t)len, d);
out:
	if (fd >= 0)
		close(fd);
	return file;
}

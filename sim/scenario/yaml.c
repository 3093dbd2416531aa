/* SPDX-License-Identifier: MIT */
/*
 * Builds our tree from libfyaml's events; no other file sees libfyaml.  Events,
 * not its documents: nothing is resolved, so nothing can be resolved for ever,
 * and anchors and aliases are seen before they mean anything.  Marks of libfyaml
 * count from 0 and point behind an opening quote; errors count from 1.
 */
#include <libfyaml.h>
#include <string.h>

#include "sim/scenario/yaml.h"

struct builder {
	struct scn_arena *a;
	const struct yaml_file *file;
	struct diag *d;
	struct fy_parser *parser;
	struct fy_diag *fydiag;
	struct yaml_node *stack[YAML_MAX_DEPTH];
	size_t depth;
	struct yaml_node *root;
	struct yaml_node *key;  /* read, its value is awaited */
	struct yaml_node *last; /* the newest node, for what has no mark */
	unsigned documents;
	bool failed;
	bool full; /* read no further */
};

static void mark(struct builder *b, struct yaml_node *n, struct fy_token *token,
		 bool quote)
{
	const struct fy_mark *m = token ? fy_token_start_mark(token) : NULL;

	if (m) {
		n->line = m->line + 1;
		n->column = m->column + 1 - (quote && m->column > 0);
	} else if (b->key || b->last) {
		n->line = (b->key ? b->key : b->last)->line;
		n->column = (b->key ? b->key : b->last)->column;
	} else {
		n->line = n->column = 1;
	}
}

static struct yaml_node *new_node(struct builder *b, enum yaml_kind kind)
{
	struct yaml_node *n = arena_alloc(b->a, sizeof(*n));

	n->kind = kind;
	n->file = b->file;
	return n;
}

static struct yaml_node *new_scalar(struct builder *b,
				    const struct fy_event *e)
{
	struct yaml_node *n = new_node(b, YAML_SCALAR);
	struct fy_token *token = e->scalar.value;
	enum fy_scalar_style style = FYSS_PLAIN;
	const char *text = NULL;
	size_t len = 0;

	if (token) {
		style = fy_scalar_token_get_style(token);
		text = fy_token_get_text(token, &len);
	}
	n->quoted = style != FYSS_PLAIN;
	/* A NUL can come from an escape: "\0". */
	n->text = arena_strndup(b->a, text ? text : "", text ? len : 0);
	n->empty = !n->quoted && len == 0;
	if (style == FYSS_LITERAL || style == FYSS_FOLDED)
		token = NULL;
	mark(b, n, n->empty ? NULL : token,
	     style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED);
	if (text && memchr(text, '\0', len)) {
		yaml_error(b->d, n, "control-character", NULL,
			   "a NUL in a text");
		b->failed = true;
	}
	return n;
}

/* At a token of an anchor, an alias or a tag: the marks of the first two are
 * behind the sign. */
static void refuse_token(struct builder *b, struct fy_token *token,
			 const char *code, const char *hint, const char *text)
{
	struct yaml_node at = { .file = b->file };

	mark(b, &at, token, *code == 'a');
	yaml_error(b->d, &at, code, hint, "%s", text);
	b->failed = true;
}

/* What YAML has and scenarios do not. */
static void refuse_extras(struct builder *b, struct fy_token *anchor,
			  struct fy_token *tag)
{
	if (anchor)
		refuse_token(b, anchor, "anchor",
			     "use `matrix:` and ${name}, or `defaults:`",
			     "anchors are not part of scenario files");
	if (tag)
		refuse_token(b, tag, "tag", "leave the tag out",
			     "tags are not part of scenario files");
}

static bool key_of(struct builder *b, struct yaml_node *map,
		   struct yaml_node *n)
{
	if (map->count >= YAML_MAX_KEYS) {
		yaml_error(b->d, n, "too-many-keys", NULL,
			   "more than %u keys in one map", YAML_MAX_KEYS);
		b->full = true;
	} else if (n->kind != YAML_SCALAR || n->empty) {
		yaml_error(b->d, n, "bad-key", NULL,
			   "a key must be a word, found %s",
			   yaml_describe(b->a, n));
		b->failed = true;
	} else if (!n->quoted && strcmp(n->text, "<<") == 0) {
		yaml_error(b->d, n, "merge-key",
			   "use `defaults:` for what files share",
			   "merge keys are not part of scenario files");
		b->failed = true;
	} else {
		const struct yaml_node *first = yaml_get(map, n->text);

		if (!first)
			return true;
		yaml_error(b->d, n, "duplicate-key", NULL,
			   "key '%s' is here twice; the first is in line %d",
			   n->text, first->keynode->line);
	}
	return false;
}

/* Puts a node where it belongs. */
static void place(struct builder *b, struct yaml_node *n)
{
	struct yaml_node *parent = b->depth ? b->stack[b->depth - 1] : NULL;

	b->last = n;
	if (!parent) {
		b->root = n;
	} else if (parent->kind == YAML_LIST) {
		yaml_append(parent, n, NULL, NULL);
	} else if (!b->key) {
		/* A key that is refused is kept, so that its value has a
		 * place; the file is not used any more then. */
		if (!key_of(b, parent, n))
			b->failed = true;
		b->key = n;
	} else {
		yaml_append(parent, n, b->key->text ? b->key->text : "",
			    b->key);
		b->key = NULL;
	}
}

/* Opens a map or a list.  As a key it cannot be: refused, and there is no more
 * to be read. */
static bool open_node(struct builder *b, struct yaml_node *n,
		      struct fy_token *token)
{
	struct yaml_node *parent = b->depth ? b->stack[b->depth - 1] : NULL;

	mark(b, n, token, false);
	if (parent && parent->kind == YAML_MAP && !b->key) {
		key_of(b, parent, n);
		return false;
	}
	if (b->depth == YAML_MAX_DEPTH) {
		yaml_error(b->d, n, "too-deep", NULL,
			   "nested deeper than %u levels", YAML_MAX_DEPTH);
		b->failed = true;
		return false;
	}
	place(b, n);
	b->stack[b->depth++] = n;
	return true;
}

static bool document(struct builder *b, const struct fy_event *e)
{
	struct scn_pos pos = { .file = b->file->name };
	const struct fy_mark *m = NULL;

	if (++b->documents == 1)
		return true;
	if (e->document_start.document_start)
		m = fy_token_start_mark(e->document_start.document_start);
	pos.line = m ? m->line + 1 : b->last ? b->last->line : 1;
	pos.column = m ? m->column + 1 : 1;
	yaml_error_at(b->d, b->file, pos, "second-document",
		      "a scenario is a file of its own",
		      "a second document begins");
	b->failed = true;
	return false;
}

static bool alias(struct builder *b, const struct fy_event *e)
{
	struct yaml_node *n = new_node(b, YAML_SCALAR);

	n->text = "";
	refuse_token(b, e->alias.anchor, "alias", "use `matrix:` and ${name}",
		     "aliases are not part of scenario files");
	place(b, n);
	return true;
}

/* False: read no further. */
static bool take(struct builder *b, const struct fy_event *e)
{
	struct yaml_node *n;

	switch (e->type) {
	case FYET_DOCUMENT_START:
		return document(b, e);
	case FYET_ALIAS:
		return alias(b, e);
	case FYET_SCALAR:
		n = new_scalar(b, e);
		refuse_extras(b, e->scalar.anchor, e->scalar.tag);
		place(b, n);
		return true;
	case FYET_MAPPING_START:
		n = new_node(b, YAML_MAP);
		if (!open_node(b, n, e->mapping_start.mapping_start))
			return false;
		refuse_extras(b, e->mapping_start.anchor,
			      e->mapping_start.tag);
		return true;
	case FYET_SEQUENCE_START:
		n = new_node(b, YAML_LIST);
		if (!open_node(b, n, e->sequence_start.sequence_start))
			return false;
		refuse_extras(b, e->sequence_start.anchor,
			      e->sequence_start.tag);
		return true;
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		if (b->depth)
			b->depth--;
		b->key = NULL;
		return true;
	default:
		return true;
	}
}

/* A plain ${name} cannot stand between brackets: YAML reads the brace. */
static const char *syntax_hint(const struct builder *b, int line)
{
	const char *p = b->file->text, *end;

	while (--line > 0 && (p = strchr(p, '\n')))
		p++;
	if (!p)
		return NULL;
	end = strstr(p, "${");
	return end && end < p + strcspn(p, "\n")
		       ? "between brackets write \"${name}\", in quotes" : NULL;
}

/* libfyaml's own complaint, or ours where that is about the wrong place. */
static void syntax_errors(struct builder *b)
{
	const char *open = yaml_unclosed(b->file);
	struct scn_pos pos = { .file = b->file->name, .line = 1, .column = 1 };
	struct fy_diag_error *e;
	void *iter = NULL;

	b->failed = true;
	if (open) {
		yaml_error_at(b->d, b->file, yaml_pos_at(b->file, open),
			      "syntax", NULL, "this %c is never closed",
			      *open);
		return;
	}
	e = fy_diag_errors_iterate(b->fydiag, &iter);
	if (e && e->line > 0) {
		pos.line = e->line;
		pos.column = e->column > 0 ? e->column : 1;
	}
	yaml_error_at(b->d, b->file, pos, "syntax",
		      syntax_hint(b, pos.line), "%s", e && e->msg ? e->msg : "not YAML");
}

static void drop_output(struct fy_diag *diag, void *user, const char *buf,
			size_t len)
{
	(void)diag;
	(void)user;
	(void)buf;
	(void)len;
}

static bool start(struct builder *b)
{
	struct fy_diag_cfg dcfg;
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
			 FYPCF_DEFAULT_VERSION_1_2,
	};

	fy_diag_cfg_default(&dcfg);
	dcfg.fp = NULL;
	dcfg.output_fn = drop_output;
	dcfg.colorize = false;
	b->fydiag = fy_diag_create(&dcfg);
	if (!b->fydiag)
		return false;
	fy_diag_set_collect_errors(b->fydiag, true);
	cfg.diag = b->fydiag;
	b->parser = fy_parser_create(&cfg);
	return b->parser && fy_parser_set_string(b->parser, b->file->text,
						 b->file->len) == 0;
}

static void read_events(struct builder *b)
{
	struct fy_event *e;
	bool more = true;

	while (more) {
		e = fy_parser_parse(b->parser);
		if (!e)
			break;
		more = take(b, e) && !b->full;
		fy_parser_event_free(b->parser, e);
	}
	if (more && fy_parser_get_stream_error(b->parser))
		syntax_errors(b);
}

struct yaml_node *yaml_parse(struct scn_arena *a, const struct yaml_file *file,
			     struct diag *d)
{
	struct builder b = { .a = a, .file = file, .d = d };
	struct scn_pos top = { .file = file->name, .line = 1, .column = 1 };

	if (start(&b))
		read_events(&b);
	else
		syntax_errors(&b);
	fy_parser_destroy(b.parser);
	fy_diag_destroy(b.fydiag);
	if (!b.failed && !b.root) {
		yaml_error_at(d, file, top, "empty-file", NULL,
			      "nothing is written here");
		return NULL;
	}
	return b.failed ? NULL : b.root;
}

/* SPDX-License-Identifier: MIT */
/*
 * What the command line changes: --set PATH=VALUE, --inject
 * POINT@DEVICE#N=ERRNO, --guest NAME.  Each becomes a piece of tree, as if it
 * stood in the file, so that all checks hold for it too; in diagnostics the
 * option itself stands where the file's name would.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/matrix.h"

struct change {
	struct scn_arena *a;
	struct diag *d;
	const struct yaml_file *file; /* named after the option */
	struct yaml_node *root;
};

static void mistake(const struct change *c, const char *hint,
		    const char *text)
{
	diag_add(c->d, (struct scn_pos){ .file = c->file->name }, "bad-option",
		 hint, NULL, "%s", text);
}

/* The option has no lines and columns of its own. */
static struct yaml_node *unplace(struct yaml_node *n)
{
	n->line = n->column = 0;
	if (n->keynode)
		n->keynode->line = n->keynode->column = 0;
	for (struct yaml_node *c = n->child; c; c = c->next)
		unplace(c);
	return n;
}

static struct yaml_node *new_node(const struct change *c, enum yaml_kind kind,
				  const char *text)
{
	struct yaml_node *n = yaml_scalar(c->a, text);

	n->kind = kind;
	n->file = c->file;
	return n;
}

static void put(const struct change *c, struct yaml_node *map,
		const char *key, struct yaml_node *value)
{
	struct yaml_node *old = yaml_get(map, key);
	struct yaml_node *keynode = new_node(c, YAML_SCALAR, key);
	struct yaml_node *next;

	if (!old) {
		yaml_append(map, value, key, keynode);
		return;
	}
	next = old->next;
	*old = *value;
	old->next = next;
	old->key = key;
	old->keynode = keynode;
}

static struct yaml_node *item_by_number(const struct yaml_node *list,
					const char *word)
{
	struct yaml_node *n = list->child;
	char *end;
	unsigned long number = strtoul(word, &end, 10);

	if (*end || end == word || number >= list->count)
		return NULL;
	while (number--)
		n = n->next;
	return n;
}

/* An item of a list: by its `id`, or by its number from 0. */
static struct yaml_node *find_item(const struct yaml_node *list,
				   const char *word)
{
	for (struct yaml_node *n = list->child; n; n = n->next) {
		const struct yaml_node *id = yaml_get(n, "id");

		if (id && id->kind == YAML_SCALAR &&
		    strcmp(id->text, word) == 0)
			return n;
	}
	return item_by_number(list, word);
}

/* One step down the path; a map that is not there is made. */
static struct yaml_node *descend(const struct change *c, struct yaml_node *n,
				 const char *word)
{
	struct yaml_node *child;

	if (n->kind == YAML_LIST) {
		child = find_item(n, word);
		if (!child)
			mistake(c, "items are named by their `id` or by a number from 0",
				arena_printf(c->a, "the list has no item '%s'",
					     word));
		return child;
	}
	if (n->kind != YAML_MAP) {
		mistake(c, NULL,
			arena_printf(c->a, "there is nothing below a value: '%s'",
				     word));
		return NULL;
	}
	child = yaml_get(n, word);
	if (!child) {
		child = new_node(c, YAML_MAP, NULL);
		put(c, n, word, child);
	}
	return child;
}

static void store(const struct change *c, struct yaml_node *n,
		  const char *word, struct yaml_node *value)
{
	struct yaml_node *item, *next;

	if (n->kind == YAML_MAP) {
		put(c, n, word, value);
		return;
	}
	item = descend(c, n, word);
	if (!item)
		return;
	next = item->next;
	*item = *value;
	item->next = next;
}

/* How much of a path is its first word: a key that is there may have dots in it
 * (blk.read), and the longest one is meant. */
static size_t word_len(const struct yaml_node *at, const char *p, size_t len)
{
	const char *dot = memchr(p, '.', len);
	size_t best = dot ? (size_t)(dot - p) : len, n;

	if (at->kind != YAML_MAP)
		return best;
	for (const struct yaml_node *k = at->child; k; k = k->next) {
		n = strlen(k->key);
		if (n > best && n <= len && memcmp(k->key, p, n) == 0 &&
		    (n == len || p[n] == '.'))
			best = n;
	}
	return best;
}

static void set(const struct change *c, const char *option)
{
	const char *equals = strchr(option, '='), *p;
	struct yaml_node *at = c->root, *value;
	struct yaml_file *text;
	size_t len;

	if (!equals || equals == option) {
		mistake(c, "as in --set machine.cpus=4",
			"expected PATH=VALUE");
		return;
	}
	text = yaml_file_from(c->a, c->file->name, equals + 1,
			      strlen(equals + 1), c->d);
	value = text ? yaml_parse(c->a, text, c->d) : NULL;
	if (!value)
		return;
	value = unplace(value);
	for (p = option; (len = word_len(at, p, (size_t)(equals - p))) <
			 (size_t)(equals - p); p += len + 1) {
		at = descend(c, at, arena_strndup(c->a, p, len));
		if (!at)
			return;
	}
	store(c, at, arena_strndup(c->a, p, (size_t)(equals - p)), value);
}

/* Names of errors begin with a capital, names of effects do not. */
static const char *error_or_effect(const char *text)
{
	return *text >= 'a' && *text <= 'z' ? "effect" : "error";
}

/* The part of POINT@DEVICE#N=ERRNO behind `mark`, up to the next mark. */
static struct yaml_node *part(const struct change *c, const char *option,
			      char mark)
{
	const char *p = strchr(option, mark);

	if (!p)
		return NULL;
	return new_node(c, YAML_SCALAR,
			arena_strndup(c->a, p + 1, strcspn(p + 1, "@#=")));
}

static void inject(const struct change *c, const char *option)
{
	static const struct {
		char mark;
		const char *key;
	} parts[] = { { '@', "device" }, { '#', "nth" }, { '=', "error" } };
	size_t len = strcspn(option, "@#=");
	struct yaml_node *faults = yaml_get(c->root, "faults");
	struct yaml_node *rule = new_node(c, YAML_MAP, NULL);

	if (len == 0) {
		mistake(c, "as in --inject guest.irq.request@disk0#1=EBUSY",
			"expected POINT@DEVICE#N=ERRNO or =EFFECT");
		return;
	}
	put(c, rule, "point", new_node(c, YAML_SCALAR,
				       arena_strndup(c->a, option, len)));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct yaml_node *value = part(c, option, parts[i].mark);

		if (value)
			put(c, rule, parts[i].mark == '=' ?
					     error_or_effect(value->text) :
					     parts[i].key, value);
	}
	if (!faults || faults->kind != YAML_LIST) {
		faults = new_node(c, YAML_LIST, NULL);
		put(c, c->root, "faults", faults);
	}
	yaml_append(faults, rule, NULL, NULL);
}

static void guest(const struct change *c, const char *name)
{
	struct yaml_node *machine = descend(c, c->root, "machine");
	struct yaml_node *value = new_node(c, YAML_SCALAR, name);

	value->quoted = true;
	if (machine && machine->kind == YAML_MAP)
		put(c, machine, "guest", value);
}

static void apply(struct change *c, const char *option, const char *text,
		  void (*change)(const struct change *c, const char *text))
{
	struct yaml_file *file = arena_alloc(c->a, sizeof(*file));

	file->name = arena_printf(c->a, "%s %s", option, text);
	file->text = "";
	c->file = file;
	change(c, text);
}

bool overrides_apply(struct scn_arena *a, struct diag *d,
		     const struct scn_overrides *o, struct yaml_node *root)
{
	struct change c = { .a = a, .d = d, .root = root };
	size_t before = d->count;

	if (!o)
		return true;
	for (size_t i = 0; o->set && o->set[i]; i++)
		apply(&c, "--set", o->set[i], set);
	if (o->guest)
		apply(&c, "--guest", o->guest, guest);
	for (size_t i = 0; o->inject && o->inject[i]; i++)
		apply(&c, "--inject", o->inject[i], inject);
	return d->count == before;
}

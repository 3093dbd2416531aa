/* SPDX-License-Identifier: MIT */
/*
 * `defaults: FILE`: what the scenario does not say is taken from there.  One
 * level; maps merge, lists and scalars replace.  Mistakes in what came from
 * there point into that file.
 */
#include <string.h>
#include <zlib.h>

#include "sim/scenario/matrix.h"

static void merge(struct yaml_node *over, struct yaml_node *base)
{
	struct yaml_node *next;

	for (struct yaml_node *c = base->child; c; c = next) {
		struct yaml_node *own = yaml_get(over, c->key);

		next = c->next;
		if (!own) {
			c->next = NULL;
			yaml_append(over, c, c->key, c->keynode);
		} else if (own->kind == YAML_MAP && c->kind == YAML_MAP) {
			merge(own, c);
		}
	}
}

static struct yaml_node *read_base(struct scn_arena *a, struct diag *d,
				   const char *dir, const struct yaml_node *n,
				   uint32_t *crc)
{
	const char *path = n->text[0] == '/' || strcmp(dir, ".") == 0
		? n->text : arena_printf(a, "%s/%s", dir, n->text);
	struct yaml_file *file;
	struct yaml_node *base;
	struct diag unread;

	/* A file that cannot be read is the mistake of the line that names
	 * it; one that is wrong inside is blamed itself. */
	diag_init(&unread);
	file = yaml_file_read(a, path, &unread);
	for (size_t i = 0; i < unread.count; i++) {
		const struct diag_item *item = &unread.items[i];

		if (strcmp(item->code, "cannot-read") == 0)
			yaml_error(d, n, item->code,
				   "the name is relative to the scenario's folder",
				   "'%s' %s", n->text, item->text);
		else
			diag_add(d, item->pos, item->code, item->hint,
				 item->source, "%s", item->text);
	}
	diag_free(&unread);
	base = file ? yaml_parse(a, file, d) : NULL;
	if (file)
		*crc = (uint32_t)crc32_z(*crc, (const Bytef *)&file->crc,
					 sizeof(file->crc));
	if (base && base->kind != YAML_MAP) {
		yaml_error(d, base, "wrong-type", NULL,
			   "expected a map, found %s",
			   yaml_describe(a, base));
		return NULL;
	}
	return base;
}

bool defaults_merge(struct scn_arena *a, struct diag *d, const char *dir,
		    struct yaml_node *root, uint32_t *crc)
{
	const struct yaml_node *n = yaml_get(root, "defaults");
	struct yaml_node *base, *again;

	if (!n)
		return true;
	if (n->kind != YAML_SCALAR || n->empty) {
		yaml_error(d, n, "wrong-type", NULL,
			   "expected a file's name, found %s",
			   yaml_describe(a, n));
		return false;
	}
	base = read_base(a, d, dir, n, crc);
	if (!base)
		return false;
	again = yaml_get(base, "defaults");
	if (again) {
		yaml_error(d, again->keynode, "nested-defaults", NULL,
			   "a file of defaults has no `defaults` itself");
		return false;
	}
	merge(root, base);
	return true;
}

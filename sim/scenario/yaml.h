/* SPDX-License-Identifier: MIT */
/*
 * A YAML file as a tree of our own.  yaml.c is the only file that sees libfyaml;
 * gate.c looks at the bytes before libfyaml does.  Of YAML 1.2 this is the part
 * that scenarios use: one document of maps with plain text keys, lists and
 * scalars.  Anchors, aliases, merge keys, tags, directives and second documents
 * are refused.
 */
#ifndef RINGSIDE_SIM_SCENARIO_YAML_H
#define RINGSIDE_SIM_SCENARIO_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/diag.h"
#include "sim/scenario/text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define YAML_MAX_BYTES (1u << 20)
#define YAML_MAX_DEPTH 32u
#define YAML_MAX_KEYS 1000u      /* of one map */
#define YAML_MAX_BLANK_LINES 500u /* in a row */

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml_node {
	enum yaml_kind kind;
	bool quoted;              /* SCALAR: in quotes, or a block of text */
	bool empty;               /* SCALAR: nothing is written there */
	bool broken;              /* complained about; nothing more is said */
	int line, column;         /* from 1; 0 where no file holds it */
	const struct yaml_file *file;
	const char *cell;         /* came by substitution: the cell, or NULL */
	const char *text;         /* SCALAR */
	const char *key;          /* the key whose value this is, or NULL */
	struct yaml_node *keynode;/* where the key stands, or NULL */
	struct yaml_node *child;  /* MAP: values, LIST: items; in order */
	struct yaml_node *next;   /* the next child of the same parent */
	struct yaml_node *last;   /* the newest child */
	size_t count;             /* children */
};

/* A file's bytes, kept for the lines that diagnostics show. */
struct yaml_file {
	const char *name;         /* as the user named it; NULL: command line */
	const char *text;         /* after the gate: UTF-8, LF, ends with NUL */
	size_t len;
	uint32_t crc;             /* CRC-32 of the bytes as they are on disk */
};

/* Reads the file and looks at its bytes.  NULL: mistakes are in *d. */
struct yaml_file *yaml_file_read(struct scn_arena *a, const char *name,
				 struct diag *d);
/* The same for bytes in memory. */
struct yaml_file *yaml_file_from(struct scn_arena *a, const char *name,
				 const char *bytes, size_t len,
				 struct diag *d);
/* gate.c: refuses what libfyaml must not see.  Puts file->text, file->len. */
bool yaml_gate(struct scn_arena *a, struct yaml_file *file, const char *bytes,
	       size_t len, struct diag *d);
/* gate.c: the bracket or quote that a broken file never closes, or NULL. */
const char *yaml_unclosed(const struct yaml_file *file);
/* The tree.  NULL: mistakes are in *d. */
struct yaml_node *yaml_parse(struct scn_arena *a, const struct yaml_file *file,
			     struct diag *d);

/* A map's value, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* Appends a child; key is NULL for a list. */
void yaml_append(struct yaml_node *parent, struct yaml_node *child,
		 const char *key, struct yaml_node *keynode);
struct yaml_node *yaml_scalar(struct scn_arena *a, const char *text);
struct yaml_node *yaml_copy(struct scn_arena *a, const struct yaml_node *n);

struct scn_pos yaml_pos(const struct yaml_node *n);
/* Where a byte of the file stands. */
struct scn_pos yaml_pos_at(const struct yaml_file *file, const char *at);
/* "a list", "a map", "the number 4", "the text 'abc'", "nothing". */
const char *yaml_describe(struct scn_arena *a, const struct yaml_node *n);

/* Adds a mistake at a node, with its line; for what came by substitution the
 * text names the cell.  hint may be NULL. */
void yaml_error(struct diag *d, const struct yaml_node *n, const char *code,
		const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void yaml_error_at(struct diag *d, const struct yaml_file *file,
		   struct scn_pos pos, const char *code, const char *hint,
		   const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#ifdef __cplusplus
}
#endif
#endif

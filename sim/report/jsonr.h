/* SPDX-License-Identifier: MIT */
/*
 * Reads JSON (RFC 8259) that may come from anywhere: results that this program
 * wrote, cut off or changed since.  A value is a piece of the text that it stands
 * in; nothing is kept, and what is wrong is refused as a whole before any of it
 * is looked at.
 */
#ifndef RINGSIDE_SIM_REPORT_JSONR_H
#define RINGSIDE_SIM_REPORT_JSONR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSONR_DEPTH 64u /* of objects and arrays; deeper is refused */

/* The first byte tells the kind: '{' '[' '"' 't' 'f' 'n', a digit or '-'. */
struct jsonr {
	const char *at; /* NULL: not there */
	size_t len;
};

/* Is the text one value, with nothing but blanks around it?  It need not end with
 * a NUL. */
bool jsonr_parse(struct jsonr *v, const char *text, size_t len);
/* Looks for members of an object that jsonr_parse() has seen: values[i] is that
 * of names[i], the first of that name.  All are "not there" for what is none. */
void jsonr_members(const struct jsonr *object, const char *const *names,
		   struct jsonr *values, size_t count);
/* A string's text, from malloc; NULL where it is no string or holds a NUL. */
char *jsonr_string(const struct jsonr *v);
/* False: no integer from 0 to 2^64 - 1 written as one. */
bool jsonr_uint(const struct jsonr *v, uint64_t *value);
/* Is it the string `text`? */
bool jsonr_is(const struct jsonr *v, const char *text);

#endif

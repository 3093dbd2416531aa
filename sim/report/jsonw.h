/* SPDX-License-Identifier: MIT */
/*
 * A JSON writer: commas and indentation are its business, order and names the
 * caller's.  A NULL name is for members of an array.
 */
#ifndef RINGSIDE_SIM_REPORT_JSONW_H
#define RINGSIDE_SIM_REPORT_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"

struct jsonw {
	struct textbuf *out;
	int depth;
	bool first; /* nothing yet in the present object or array */
	bool line;  /* all on one line */
};

void jsonw_init(struct jsonw *j, struct textbuf *out);
/* The same without line breaks but the last: for a file of a record a line. */
void jsonw_init_line(struct jsonw *j, struct textbuf *out);
void jsonw_open(struct jsonw *j, const char *name, char bracket);
void jsonw_close(struct jsonw *j, char bracket);
/* text NULL: the member is left out. */
void jsonw_text(struct jsonw *j, const char *name, const char *text);
void jsonw_uint(struct jsonw *j, const char *name, uint64_t value);
void jsonw_int(struct jsonw *j, const char *name, int64_t value);
void jsonw_bool(struct jsonw *j, const char *name, bool value);
/* "0x1234abcd", 8 digits. */
void jsonw_crc(struct jsonw *j, const char *name, uint32_t crc);

#endif

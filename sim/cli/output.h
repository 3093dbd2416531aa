/* SPDX-License-Identifier: MIT */
/*
 * Writing results: to standard output, or to a file that appears whole or not at
 * all.  A write that fails is reported and makes the exit code CLI_SIMULATOR,
 * whatever the run's verdict was: a result that nobody can read is none.
 */
#ifndef RINGSIDE_SIM_CLI_OUTPUT_H
#define RINGSIDE_SIM_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/observe/textbuf.h"

/* Ignores SIGPIPE; Ctrl-C and SIGTERM remove a half-written file and exit
 * 130. */
void output_init(void);
/* Terminal escapes wanted on standard output? */
bool output_colour(void);
/* Writes the text and frees it.  False: reported. */
bool output_stdout(struct textbuf *text);
/* The same to a file; path NULL: standard output. */
bool output_text(const char *path, struct textbuf *text);

struct output_file;

/* NULL: reported. */
struct output_file *output_open(const char *path);
bool output_write(void *file, const void *bytes, size_t len);
/* Gives the file its name, or removes it if anything (or `ok`) is false. */
bool output_close(struct output_file *file, bool ok);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * From the words of a command line to attempts: whose file is it, and which lab
 * is it of?
 */
#ifndef RINGSIDE_SIM_LAB_HANDIN_H
#define RINGSIDE_SIM_LAB_HANDIN_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/lab/attempt.h"
#include "sim/observe/textbuf.h"

/*
 * Each of `args` is a folder with a student's file, or that file itself; `lab`
 * says which lab they are of, or is NULL: by the file's name.  Fills in attempts,
 * in the order of their names.  False: *error is one line.  *passed_over gets a
 * line for each that is neither a folder nor a C file.
 */
bool handin_find(struct grading *g, const struct labs *labs,
		 const struct lab *lab, char *const *args, size_t nargs,
		 struct textbuf *error, struct textbuf *passed_over);

#endif

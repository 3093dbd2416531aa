/* SPDX-License-Identifier: MIT */
/* `ringside lab start`: a folder for a student to work in. */
#ifndef RINGSIDE_SIM_LAB_START_H
#define RINGSIDE_SIM_LAB_START_H

#include <stdbool.h>

#include "sim/lab/lab.h"
#include "sim/observe/textbuf.h"

/* Makes `dir` and fills it: the starter, the sheet, a Makefile, and
 * compile_flags.txt for editors.  Overwrites nothing.  False: *error is one line
 * that says what is in the way, and nothing was written. */
bool lab_start(const struct lab *lab, const char *dir, struct textbuf *error);

#endif

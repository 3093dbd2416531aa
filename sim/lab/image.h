/* SPDX-License-Identifier: MIT */
/*
 * From a student's C file to the image `lab`: the compiler, and the linker with
 * the object that all the rest is in (cmake/RingsideLabs.cmake).  Nothing else is
 * needed where students work: no CMake, no sources.
 */
#ifndef RINGSIDE_SIM_LAB_IMAGE_H
#define RINGSIDE_SIM_LAB_IMAGE_H

#include <stdbool.h>

#include "sim/observe/textbuf.h"

enum image_result {
	IMAGE_BUILT,
	IMAGE_NOT_COMPILED, /* `said` is the compiler's */
	IMAGE_NO_COMPILER,
	IMAGE_TROUBLE       /* anything that is not the student's mistake */
};

/* The compiler: $CC, else gcc, else cc. */
const char *image_compiler(void);
/*
 * dir/lab.so of the file; *said gets what compiler and linker print, warnings
 * too, or else one line that says what is wrong.
 */
enum image_result image_build(const char *file, const char *dir,
			      struct textbuf *said);
/* For editors: the flags, a line each, as clangd takes them. */
bool image_flags(struct textbuf *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Which files a word of the command line stands for: a file for itself, a folder
 * for the scenarios below it, in order of name.
 */
#ifndef RINGSIDE_SIM_SUITE_WALK_H
#define RINGSIDE_SIM_SUITE_WALK_H

#include <stdbool.h>

/* Calls see() for `path`, or, where it is a folder, for each *.yaml below but
 * common.yaml (which others take as `defaults:`) and what is hidden.  A file that
 * is named is taken as it is, as FILE[cell] too.  False: there is no such file or
 * folder. */
bool suite_walk(const char *path, void (*see)(void *arg, const char *file),
		void *arg);

#endif

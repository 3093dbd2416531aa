/* SPDX-License-Identifier: MIT */
/*
 * Each chapter is a file of this name.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_CHAPTERS_H
#define RINGSIDE_SIM_CHECK_CLAUSES_CHAPTERS_H

#include "sim/check/clauses/rulebook.h"

extern const struct chapter chapter_status;

#endif

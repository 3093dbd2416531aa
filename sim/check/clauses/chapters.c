/* SPDX-License-Identifier: MIT */
/*
 * The chapters of the rule book, in the order of the specification.
 */
#include "sim/check/clauses/chapters.h"

const struct chapter *const rulebook_chapters[] = {
	&chapter_status,
	NULL
};

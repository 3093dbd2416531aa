/* SPDX-License-Identifier: MIT */
/*
 * The chapters of the rule book, by their names.
 */
#include "sim/check/clauses/chapters.h"

const struct chapter *const rulebook_chapters[] = {
	&chapter_features,
	&chapter_initialization,
	&chapter_reserved,
	&chapter_reset,
	&chapter_status,
	NULL
};

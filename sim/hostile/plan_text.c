/* SPDX-License-Identifier: MIT */
/*
 * A step of a plan in words, for reports.
 */
#include "sim/hostile/plan.h"

#include <stdio.h>

static const char *const kind_names[HOSTILE_KINDS] = {
	[HOSTILE_CONFIG_READ] = "config read",
	[HOSTILE_CONFIG_WRITE] = "config write",
	[HOSTILE_REGISTER_READ] = "register read",
	[HOSTILE_REGISTER_WRITE] = "register write",
	[HOSTILE_DMA_READ] = "DMA read",
	[HOSTILE_DMA_WRITE] = "DMA write",
	[HOSTILE_MESSAGE] = "message",
	[HOSTILE_LINE] = "line change",
	[HOSTILE_WORK] = "work",
};

static const char *const act_names[HOSTILE_ACTS] = {
	[HOSTILE_FLIP] = "a bit flipped",
	[HOSTILE_ADD] = "a little off",
	[HOSTILE_EDGE] = "a boundary value",
	[HOSTILE_STALE] = "the value before",
	[HOSTILE_ANY] = "any value",
	[HOSTILE_ONES] = "all ones",
	[HOSTILE_ZERO] = "zero",
	[HOSTILE_LOSE] = "lost",
	[HOSTILE_TWICE] = "twice",
	[HOSTILE_LATE] = "late",
	[HOSTILE_OTHER] = "another's",
	[HOSTILE_BEHIND] = "behind the next",
	[HOSTILE_ERROR] = "bus error",
	[HOSTILE_BOUNCE] = "bouncing",
	[HOSTILE_EARLY_MESSAGE] = "with a message for nothing",
	[HOSTILE_EARLY_LINE] = "with the line up for nothing",
};

int hostile_step_text(const struct hostile_step *s, char *text, size_t len)
{
	int n = snprintf(text, len, "%s %u: %s", kind_names[s->kind], s->at + 1,
			 act_names[s->act]);

	if (s->times == 1 || n < 0 || (size_t)n >= len)
		return n;
	if (!s->times)
		return n + snprintf(text + n, len - (size_t)n,
				    ", from then on");
	return n + snprintf(text + n, len - (size_t)n, ", %u times", s->times);
}

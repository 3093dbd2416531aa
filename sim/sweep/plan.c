/* SPDX-License-Identifier: MIT */
/*
 * Chooses points, and splits their lists of errors and effects.
 */
#include "sim/sweep/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/suite/select.h"

/* Of what a driver reads from a device's registers. */
static const char *const access_points[] = {
	"bus.config.read", "bus.mmio.read", NULL
};

static bool is_access(const char *name)
{
	size_t i;

	for (i = 0; access_points[i]; i++)
		if (!strcmp(access_points[i], name))
			return true;
	return false;
}

/* How far one of the patterns says what the point is called. */
enum named { NAMED_NOT, NAMED_BY_PATTERN, NAMED_IN_FULL };

static enum named how_named(const char *patterns, const char *name)
{
	enum named best = NAMED_NOT;
	char one[128]; /* no point has a longer name */
	size_t len;

	for (; *patterns; patterns += len + (patterns[len] == ',')) {
		len = strcspn(patterns, ",");
		if (len >= sizeof(one))
			continue;
		snprintf(one, sizeof(one), "%.*s", (int)len, patterns);
		if (!strcmp(one, name))
			return NAMED_IN_FULL;
		if (len && selection_fits(one, name))
			best = NAMED_BY_PATTERN;
	}
	return best;
}

/* A point that is named in full was meant, whatever kind it is.  The bus's points
 * are there at every access, most of which a driver cannot doubt. */
static bool wanted(const struct fault_point *p, const struct sweep_wants *w)
{
	enum named named = w->point ? how_named(w->point, p->name) :
				      NAMED_BY_PATTERN;

	if (named != NAMED_BY_PATTERN)
		return named == NAMED_IN_FULL;
	if (w->access)
		return is_access(p->name);
	return w->quirks || (!p->quirk && p->side != FAULT_SIDE_BUS);
}

static void add(struct plan_point *to, const char *name, size_t len, int error,
		uint32_t effect)
{
	struct sweep_choice *c;

	to->choices = realloc(to->choices, (to->count + 1) * sizeof(*c));
	if (!to->choices)
		abort();
	c = &to->choices[to->count++];
	*c = (struct sweep_choice){ .error = error, .effect = effect };
	snprintf(c->name, sizeof(c->name), "%.*s", (int)len, name);
}

static void add_errors(struct plan_point *to, const char *list)
{
	char name[FAULT_EFFECT_NAME];
	size_t len;

	for (; *list; list += len + strspn(list + len, " ")) {
		len = strcspn(list, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, list);
		add(to, list, len, fault_errno_number(name), 0);
	}
}

static void add_effects(struct plan_point *to, const struct fault_point *p)
{
	char name[FAULT_EFFECT_NAME];
	uint32_t n;

	for (n = 1; fault_effect_name(p, n, name, sizeof(name)); n++)
		add(to, name, strlen(name), 0, n);
}

void plan_make(struct plan *p, const struct fault_engine *e,
	       const struct sweep_wants *w)
{
	size_t i;

	p->count = fault_engine_points(e);
	p->points = calloc(p->count + 1, sizeof(*p->points));
	if (!p->points)
		abort();
	for (i = 0; i < p->count; i++) {
		const struct fault_point *row =
			fault_engine_point(e, (uint32_t)i);

		if (!wanted(row, w))
			continue;
		add_errors(&p->points[i], row->errors ? row->errors : "");
		add_effects(&p->points[i], row);
		if (!p->points[i].count)
			add(&p->points[i], "", 0, 0, 0);
	}
}

void plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		free(p->points[i].choices);
	free(p->points);
}

/* Bresenham's line: floor((n + 1) * bound / total) steps up at those taken. */
bool plan_takes(uint64_t number, uint64_t total, uint64_t bound)
{
	unsigned __int128 n = number;

	if (!bound || bound >= total)
		return true;
	return number < total &&
	       (uint64_t)((n + 1) * bound / total) !=
		       (uint64_t)(n * bound / total);
}

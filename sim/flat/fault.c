/* SPDX-License-Identifier: MIT */
/*
 * Fault points on the small machine: guest sites and model sites by name, calls
 * counted, and the rules of the test that make the nth call fail.
 */
#include <assert.h>
#include <string.h>

#include "sim/flat/internal.h"

/* A site keeps its number over machines, so it is believed only if the point of
 * that number has the site's name. */
static struct flat_point *point_of(struct flat_state *s, const char *name,
				   uint32_t *handle)
{
	uint32_t i = *handle - 1;

	if (i < s->npoints && s->points[i].name == name)
		return &s->points[i];
	for (i = 0; i < s->npoints; i++) {
		if (strcmp(s->points[i].name, name) == 0)
			break;
	}
	if (i == s->npoints) {
		if (i == FLAT_POINTS)
			return NULL;
		s->npoints++;
	}
	s->points[i].name = name;
	*handle = i + 1;
	return &s->points[i];
}

static bool matches(const struct flat_rule *r, const char *name,
		    uint32_t device, uint32_t index)
{
	return (r->device == FLAT_ANY || r->device == device) &&
	       (r->index == FLAT_ANY || r->index == index) &&
	       strcmp(r->point, name) == 0;
}

static bool fires(struct flat_rule *r)
{
	r->calls++;
	return r->calls >= r->nth &&
	       (r->times == 0 || r->calls - r->nth < r->times);
}

int flat_point_reached(struct flat_machine *fm, const char *name,
		       uint32_t *handle, uint32_t device, uint32_t index)
{
	struct flat_state *s = fm->s;
	struct flat_point *p = point_of(s, name, handle);
	int error = 0;
	size_t i;

	if (p)
		p->calls++;
	for (i = 0; i < s->nrules; i++) {
		struct flat_rule *r = &s->rules[i];

		/* All that match count; the first that fires decides. */
		if (!matches(r, name, device, index) || !fires(r) || error)
			continue;
		r->hits++;
		error = r->error;
	}
	return error;
}

size_t flat_fault_at(struct flat_machine *fm, const char *point,
		     uint32_t device, uint32_t index, uint64_t nth,
		     uint64_t times, int error)
{
	struct flat_rule *r;

	assert(fm->s->nrules < FLAT_RULES);
	assert(strlen(point) < sizeof(r->point) && error >= 0);
	r = &fm->s->rules[fm->s->nrules];
	*r = (struct flat_rule){
		.device = device,
		.index = index,
		.nth = nth ? nth : 1,
		.times = times,
		.error = error ? error : 1,
	};
	flat_copy_text(r->point, sizeof(r->point), point);
	return fm->s->nrules++;
}

size_t flat_fault(struct flat_machine *fm, const char *point, uint32_t device,
		  uint64_t nth, uint64_t times, int error)
{
	return flat_fault_at(fm, point, device, FLAT_ANY, nth, times, error);
}

void flat_fault_clear(struct flat_machine *fm)
{
	fm->s->nrules = 0;
}

uint64_t flat_fault_calls(const struct flat_machine *fm, size_t rule)
{
	assert(rule < fm->s->nrules);
	return fm->s->rules[rule].calls;
}

uint64_t flat_fault_hits(const struct flat_machine *fm, size_t rule)
{
	assert(rule < fm->s->nrules);
	return fm->s->rules[rule].hits;
}

uint64_t flat_point_calls(const struct flat_machine *fm, const char *point)
{
	size_t i;

	for (i = 0; i < fm->s->npoints; i++) {
		if (strcmp(fm->s->points[i].name, point) == 0)
			return fm->s->points[i].calls;
	}
	return 0;
}

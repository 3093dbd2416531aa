/* SPDX-License-Identifier: MIT */
/*
 * The world of a scenario: names behind the numbers in events.
 */
#include "sim/observe/world.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/registers.h"
#include "sim/observe/event.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/scenario.h"

struct world *world_create(const struct scenario *s)
{
	struct world *w = calloc(1, sizeof(*w));
	size_t i;

	if (!w)
		return NULL;
	w->devices = calloc(s->ndevices ? s->ndevices : 1,
			    sizeof(*w->devices));
	if (!w->devices) {
		free(w);
		return NULL;
	}
	for (i = 0; i < s->ndevices; i++) {
		w->devices[i].id = s->devices[i].id;
		w->devices[i].bdf = s->devices[i].bdf;
		w->devices[i].model = s->devices[i].model;
		w->devices[i].offered = s->devices[i].config.features;
	}
	w->ndevices = s->ndevices;
	w->ladder = s->guest ? s->guest->image->ladder : NULL;
	w->cpus = s->cpus;
	return w;
}

void world_destroy(struct world *w)
{
	if (!w)
		return;
	free(w->devices);
	free(w);
}

const char *world_id(const struct world *w, uint32_t device)
{
	return device < w->ndevices ? w->devices[device].id : "-";
}

const char *world_feature(const struct world *w, uint32_t device,
			  unsigned int bit)
{
	const struct device_feature *f;

	if (device >= w->ndevices || !w->devices[device].model)
		return NULL;
	for (f = w->devices[device].model->features; f && f->name; f++)
		if (f->bit == bit)
			return f->name;
	return NULL;
}

struct world_place world_register(const struct world *w, uint32_t device,
				  const char *name, unsigned int nth)
{
	const struct device_model *m = w->devices[device].model;
	const struct device_registers *r;
	size_t i;

	for (r = m ? m->registers : NULL; r && r->block; r++)
		for (i = 0; i < r->block->count; i++) {
			const struct reg *reg = &r->block->regs[i];

			if (strncmp(reg->name, name, strlen(name)) || nth--)
				continue;
			return (struct world_place){ true, r->bar,
						     r->offset + reg->offset };
		}
	return (struct world_place){ .known = false };
}

void world_write_half(const struct world_place *p, const struct event *ev,
		      uint64_t *value)
{
	uint32_t shift = (uint32_t)(ev->addr - p->at) * 8;
	uint64_t mask = ev->len >= 8 ? UINT64_MAX : (1ull << ev->len * 8) - 1;

	*value = (*value & ~(mask << shift)) | (ev->value & mask) << shift;
}

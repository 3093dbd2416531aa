/* SPDX-License-Identifier: MIT */
/*
 * Telling a broken rule, finding a register; see rule.h.
 */
#include "sim/check/rule.h"

#include <string.h>

#include "models/pci/registers.h"

void rule_broken(struct findings *f, const struct event *ev, uint32_t *told,
		 unsigned int rule, const char *text)
{
	struct finding *found;

	if (*told >> rule & 1)
		return;
	*told |= 1u << rule;
	found = findings_add(f, "device-rule", "the device model %s", text);
	found->device = ev->device;
	found->event = ev->seq;
	found->time = ev->time;
}

bool rule_bus_breaks(struct event_bus *bus, const struct event *ev)
{
	const char *point = event_text(bus, ev->text);

	return ev->kind == EV_FAULT && point && !strncmp(point, "bus.", 4);
}

struct rule_place rule_register(const struct device_model *m, const char *name,
				unsigned int nth)
{
	const struct device_registers *r;
	size_t i;

	for (r = m ? m->registers : NULL; r && r->block; r++)
		for (i = 0; i < r->block->count; i++) {
			const struct reg *reg = &r->block->regs[i];

			if (strncmp(reg->name, name, strlen(name)) || nth--)
				continue;
			return (struct rule_place){ true, r->bar, reg->width,
						    r->offset + reg->offset };
		}
	return (struct rule_place){ .known = false };
}

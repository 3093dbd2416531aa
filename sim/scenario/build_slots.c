/* SPDX-License-Identifier: MIT */
/*
 * Where on bus 0 the devices are: slots that the file gives, slots that are
 * left for the others, and what makes a device with several functions one that
 * a scan finds (PCI 3.0 6.2.1: function 0 is there, and says so).
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/build.h"

#define DEVICES 32u
#define FUNCTIONS 8u

/* "00:1f.7": two hex digits, a colon, two hex digits, a dot, one digit. */
static bool parse_slot(const char *s, unsigned *bus, unsigned *dev,
		       unsigned *fn)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (strlen(s) != 7 || strspn(s, hex) != 2 || s[2] != ':' ||
	    strspn(s + 3, hex) != 2 || s[5] != '.' || s[6] < '0' ||
	    s[6] > '9')
		return false;
	return sscanf(s, "%x:%x.%u", bus, dev, fn) == 3;
}

/* Its bus address; 0: reported. */
static uint32_t read_slot(struct build *b, const struct yaml_node *n)
{
	unsigned bus, dev, fn;

	if (!parse_slot(n->text, &bus, &dev, &fn))
		yaml_error(b->d, n, "bad-slot", NULL,
			   "'%s' is no slot: bus:device.function, as \"00:01.0\"",
			   n->text);
	else if (dev >= DEVICES || fn >= FUNCTIONS)
		yaml_error(b->d, n, "bad-slot", NULL,
			   "slot '%s': devices are 00 to 1f, functions 0 to 7",
			   n->text);
	else if (bus != 0)
		yaml_error(b->d, n, "bad-slot", "use bus 00",
			   "slot '%s': there are no bridges, so bus 00 is the only one",
			   n->text);
	else if (!MACHINE_BDF(bus, dev, fn))
		yaml_error(b->d, n, "taken-slot", NULL,
			   "slot 00:00.0 is the host bridge's");
	else
		return MACHINE_BDF(bus, dev, fn);
	return 0;
}

static const char *slot_name(struct build *b, uint32_t bdf)
{
	return arena_printf(b->a, "00:%02x.%u", bdf / FUNCTIONS,
			    bdf % FUNCTIONS);
}

static bool take(struct build *b, const struct yaml_node *n,
		 struct scn_device *dev, uint32_t bdf)
{
	struct build_slot *slot = &b->slots[bdf];

	if (slot->device) {
		yaml_error(b->d, n, "taken-slot", NULL,
			   "slot %s is taken by '%s' of line %d",
			   slot_name(b, bdf), slot->device->id,
			   slot->device->pos.line);
		return false;
	}
	*slot = (struct build_slot){ dev, n };
	dev->bdf = bdf;
	return true;
}

void build_slots_give(struct build *b, const struct yaml_node *n,
		      struct scn_device *devs, size_t count)
{
	uint32_t first = read_slot(b, n);

	if (!first)
		return;
	if (first + count > BUILD_SLOTS) {
		yaml_error(b->d, n, "bad-slot", NULL,
			   "%zu functions from slot %s on are more than bus 00 has left",
			   count, n->text);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!take(b, n, &devs[i], first + (uint32_t)i))
			return;
}

/* How many functions are in device number `dev` of the bus. */
static unsigned functions(const struct build *b, unsigned dev)
{
	unsigned n = 0;

	for (unsigned fn = 0; fn < FUNCTIONS; fn++)
		n += b->slots[dev * FUNCTIONS + fn].device != NULL;
	return n;
}

/* Devices without a slot get what is left, in the file's order. */
static void assign(struct build *b, const struct yaml_node *list)
{
	unsigned dev = 1;

	for (size_t i = 0; i < b->s->ndevices; i++) {
		if (b->s->devices[i].bdf)
			continue;
		while (dev < DEVICES && functions(b, dev))
			dev++;
		if (dev == DEVICES) {
			yaml_error(b->d, list, "bad-slot",
				   "`slot` puts several functions into one device",
				   "more devices than bus 00 has slots (31)");
			return;
		}
		take(b, list, &b->s->devices[i], dev * FUNCTIONS);
	}
}

/* A scan looks at function 0 first, and at no other where it finds nothing. */
static void need_function_0(struct build *b, unsigned dev)
{
	const struct build_slot *slot = &b->slots[dev * FUNCTIONS];

	if (dev == 0 || slot->device || !functions(b, dev))
		return;
	while (!slot->device)
		slot++;
	yaml_error(b->d, slot->node, "no-function-0",
		   arena_printf(b->a, "give slot %s to one of the functions",
				slot_name(b, dev * FUNCTIONS)),
		   "'%s' is in slot %s, where no scan looks without a function 0",
		   slot->device->id, slot_name(b, slot->device->bdf));
}

static void tell_multifunction(struct build *b, unsigned dev)
{
	struct build_slot *slots = &b->slots[dev * FUNCTIONS];
	/* The host bridge is one of device 0's. */
	bool several = functions(b, dev) + (dev == 0) > 1;

	for (unsigned fn = 0; fn < FUNCTIONS; fn++)
		if (slots[fn].device)
			slots[fn].device->config.multifunction = several;
}

void build_slots_end(struct build *b, const struct yaml_node *list)
{
	assign(b, list);
	for (unsigned dev = 0; dev < DEVICES; dev++) {
		need_function_0(b, dev);
		tell_multifunction(b, dev);
	}
}

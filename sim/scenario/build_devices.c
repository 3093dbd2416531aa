/* SPDX-License-Identifier: MIT */
/*
 * `devices:` identity, model, interrupt capabilities, and the properties that
 * the model itself declares.  At the end the model is asked whether it can be
 * made of these values.  Slots are in build_slots.c.
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/build.h"

#define MAX_PROPERTIES 64u

/* The device that is being read. */
struct reading {
	struct scn_device *device;
	const struct device_property *properties;
	struct device_value *values;
	const struct yaml_node *nodes[MAX_PROPERTIES];
	bool wrong; /* a property is; the model is not asked then */
};

static size_t count_properties(const struct device_property *p)
{
	size_t n = 0;

	while (p && p[n].name && n < MAX_PROPERTIES)
		n++;
	return n;
}

/* ---- properties ---- */

static const enum schema_type property_types[] = {
	[DEVICE_PROP_INT] = SCHEMA_INT,
	[DEVICE_PROP_BOOL] = SCHEMA_BOOL,
	[DEVICE_PROP_SIZE] = SCHEMA_SIZE,
	[DEVICE_PROP_TIME] = SCHEMA_TIME,
	[DEVICE_PROP_STRING] = SCHEMA_STRING,
	[DEVICE_PROP_FILE] = SCHEMA_STRING,
};

bool build_property(struct build *b, const struct yaml_node *n,
		    const struct device_property *p, struct device_value *v)
{
	struct schema_key key = {
		.name = p->name, .type = property_types[p->type],
		.min = p->min, .max = p->max,
	};
	struct schema_value value = { 0 };

	if (p->min == 0 && p->max == 0) { /* the model names no range */
		key.min = p->type == DEVICE_PROP_INT ? INT64_MIN : 0;
		key.max = INT64_MAX;
	}
	if (!schema_read_value(b, n, &key, &value))
		return false;
	v->i = value.i;
	v->s = value.s;
	v->given = p->type != DEVICE_PROP_FILE || build_file(b, n, v);
	return v->given;
}

static bool take_property(void *arg, struct build *b,
			  const struct yaml_node *n)
{
	struct reading *r = arg;
	size_t count = count_properties(r->properties);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(r->properties[i].name, n->key) != 0)
			continue;
		r->nodes[i] = n;
		if (!build_property(b, n, &r->properties[i], &r->values[i]))
			r->wrong = true;
		return true;
	}
	/* Of an unknown model nobody can say which keys it has. */
	return !r->device->model;
}

static void prepare_properties(struct build *b, struct reading *r,
			       const char **names)
{
	const struct device_model *model = r->device->model;
	size_t count;

	r->properties = model ? model->properties : NULL;
	count = count_properties(r->properties);
	r->values = arena_array(b->a, count + 1, sizeof(*r->values));
	for (size_t i = 0; i < count; i++) {
		r->values[i].i = r->properties[i].deflt;
		names[i] = r->properties[i].name;
	}
	names[count] = NULL;
	r->device->config.values = r->values;
}

static void check_required(struct build *b, const struct yaml_node *n,
			   struct reading *r)
{
	size_t count = count_properties(r->properties);

	for (size_t i = 0; i < count; i++) {
		const struct device_property *p = &r->properties[i];

		if (!p->required || r->nodes[i])
			continue;
		r->wrong = true;
		yaml_error(b->d, n, "missing-key", NULL,
			   "%s lacks the key '%s': %s", r->device->model->name,
			   p->name, p->about);
	}
}

/* ---- identity ---- */

static bool is_id(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return n > 0 && n <= 32 && !s[n];
}

/* Those of one entry differ anyway: only what stands before it is looked at. */
static void read_id(struct build *b, const struct yaml_node *n, const char *id,
		    struct scn_device *dev)
{
	dev->id = dev->config.id = id;
	if (!is_id(id))
		yaml_error(b->d, n, "wrong-value", NULL,
			   "'%s' is no device id: letters, digits, '-' and '_', at most 32",
			   id);
	for (size_t i = 0; i < b->s->ndevices; i++)
		if (strcmp(b->s->devices[i].id, id) == 0)
			yaml_error(b->d, n, "duplicate-id", NULL,
				   "the id '%s' is taken by the device of line %d",
				   id, b->s->devices[i].pos.line);
}

static void read_model(struct build *b, const struct schema_value *v,
		       struct scn_device *dev)
{
	const char *error = NULL;

	if (!v->given)
		return;
	dev->model = catalogue_model(b->catalogue, v->s, b->dir, &error);
	if (!dev->model)
		yaml_error(b->d, v->node, "unknown-model",
			   build_closest(b, v->s,
					 catalogue_model_names(b->catalogue)),
			   "%s", error);
}

/* ---- one device ---- */

static enum device_interface interface_number(const char *word)
{
	if (strcmp(word, "legacy") == 0)
		return DEVICE_IF_LEGACY;
	return strcmp(word, "transitional") == 0 ? DEVICE_IF_TRANSITIONAL
						 : DEVICE_IF_MODERN;
}

static enum device_caps caps_number(const char *word)
{
	unsigned n = 0;

	while (strcmp(schema_caps_words[n], word) != 0)
		n++;
	return (enum device_caps)n;
}

static void read_common(struct build *b, const struct schema_value *v,
			struct scn_device *dev)
{
	struct device_config *c = &dev->config;
	struct schema_value msix[MSIX_KEYS];

	c->interface = interface_number(v[DEVICE_INTERFACE].s);
	c->intx_pin = v[DEVICE_INTX].s[0] == 'n'
			      ? 0 : (uint8_t)(v[DEVICE_INTX].s[0] - 'A' + 1);
	c->caps = caps_number(v[DEVICE_CAPABILITIES].s);
	c->msix_entries = -1;
	if (v[DEVICE_MSIX].node &&
	    schema_read(b, v[DEVICE_MSIX].node, &schema_msix, msix, NULL) &&
	    msix[MSIX_TABLE_SIZE].given)
		c->msix_entries = (int32_t)msix[MSIX_TABLE_SIZE].i;
	if (v[DEVICE_TRANSPORT].given &&
	    strcmp(v[DEVICE_TRANSPORT].s, "pci") != 0)
		yaml_error(b->d, v[DEVICE_TRANSPORT].node, "not-modelled",
			   "use transport: pci",
			   "there is no %s transport in this machine",
			   v[DEVICE_TRANSPORT].s);
	if (dev->model)
		build_features(b, v[DEVICE_FEATURES].node, dev->model,
			       &c->features);
}

static const struct yaml_node *blamed(const struct reading *r,
				      const struct yaml_node *n,
				      const char *property)
{
	const struct yaml_node *at;
	size_t count = count_properties(r->properties);

	if (!property)
		return n;
	for (size_t i = 0; i < count; i++)
		if (strcmp(r->properties[i].name, property) == 0)
			return r->nodes[i] ? r->nodes[i] : n;
	at = yaml_get(n, property);
	return at ? at : n;
}

static void ask_model(struct build *b, const struct yaml_node *n,
		      const struct reading *r)
{
	const struct device_model *model = r->device->model;
	struct device_error err = { .property = NULL };

	r->device->config.deep = b->deep;
	if (!model || !model->check || r->wrong ||
	    model->check(&r->device->config, &err))
		return;
	yaml_error(b->d, blamed(r, n, err.property), "bad-device", NULL,
		   "%s: %s", r->device->id, err.text);
}

/* `count: n` makes n devices of one entry: `id` and a number from 0.  Answers
 * how many there are. */
static size_t repeat(struct build *b, const struct schema_value *v,
		     struct scn_device *dev)
{
	size_t n = v[DEVICE_COUNT].given ? (size_t)v[DEVICE_COUNT].i : 1;
	const struct yaml_node *id = v[DEVICE_ID].node;

	if (b->s->ndevices + n > BUILD_MAX_DEVICES) {
		yaml_error(b->d, id, "too-many-devices", NULL,
			   "more than %u devices: bus 00 has no room for them",
			   BUILD_MAX_DEVICES);
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		dev[i] = dev[0];
		read_id(b, id, v[DEVICE_COUNT].given ?
			arena_printf(b->a, "%s%zu", v[DEVICE_ID].s, i) :
			v[DEVICE_ID].s, &dev[i]);
	}
	return n;
}

static void read_device(struct build *b, const struct yaml_node *n)
{
	struct schema_value v[DEVICE_KEYS];
	struct scn_device *dev = &b->s->devices[b->s->ndevices];
	struct reading r = { .device = dev };
	const char *names[MAX_PROPERTIES + 1];
	struct schema_others others = { take_property, &r, names };
	const struct yaml_node *model = yaml_get(n, "model");
	size_t before = b->d->count, count;

	*dev = (struct scn_device){ .id = "?", .pos = yaml_pos(n) };
	if (model && model->kind == YAML_SCALAR)
		read_model(b, &(struct schema_value){ .given = !model->empty,
						      .node = model,
						      .s = model->text }, dev);
	prepare_properties(b, &r, names);
	if (!schema_read(b, n, &schema_device, v, &others))
		return;
	read_common(b, v, dev);
	check_required(b, n, &r);
	count = v[DEVICE_ID].given ? repeat(b, v, dev) : 1;
	if (v[DEVICE_SLOT].given && count)
		build_slots_give(b, v[DEVICE_SLOT].node, dev, count);
	b->s->ndevices += count;
	if (b->d->count == before)
		ask_model(b, n, &r);
}

void build_devices(struct build *b, const struct yaml_node *list)
{
	if (!build_is_list(b, list))
		return;
	/* One more than are taken: the entry that is too many is read too. */
	b->s->devices = arena_array(b->a, BUILD_MAX_DEVICES + 1,
				    sizeof(*b->s->devices));
	for (const struct yaml_node *n = list->child; n; n = n->next)
		if (b->s->ndevices <= BUILD_MAX_DEVICES)
			read_device(b, n);
	build_slots_end(b, list);
}

uint32_t build_device(struct build *b, const struct yaml_node *n)
{
	size_t count = b->s->ndevices;
	const char **ids;

	if (n->kind != YAML_SCALAR || n->empty) {
		build_wrong_type(b, n, "a device's id");
		return FAULT_ANY;
	}
	ids = arena_array(b->a, count + 1, sizeof(*ids));
	for (size_t i = 0; i < count; i++) {
		ids[i] = b->s->devices[i].id;
		if (strcmp(ids[i], n->text) == 0)
			return (uint32_t)i;
	}
	build_unknown(b, n, "unknown-device", "device", ids);
	return FAULT_ANY;
}

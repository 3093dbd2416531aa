/* SPDX-License-Identifier: MIT */
/*
 * `devices:` identity, slot, model, interrupt capabilities, and the properties
 * that the model itself declares.  At the end the model is asked whether it can
 * be made of these values.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/build.h"

#define MAX_PROPERTIES 64u
/* Smaller files are read: cheaper than a mapping, and nobody can cut them off
 * while the run reads them. */
#define READ_BELOW (1 << 20)

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

/* ---- files ---- */

static void cannot_read(struct build *b, const struct yaml_node *n,
			const char *why)
{
	yaml_error(b->d, n, "cannot-read",
		   n->text[0] == '/' ? NULL
			: "the name is relative to the scenario's folder",
		   "'%s' cannot be read: %s", n->text, why);
}

static bool load(struct build *b, int fd, size_t size, struct device_value *v)
{
	size_t done = 0;
	char *buf;
	ssize_t n;

	if (size >= READ_BELOW) {
		void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (map == MAP_FAILED)
			return false;
		arena_own_mapping(b->a, map, size);
		v->bytes = map;
		v->len = size;
		return true;
	}
	buf = arena_alloc(b->a, size + 1);
	while (done < size) {
		n = read(fd, buf + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	v->bytes = buf;
	v->len = done;
	return true;
}

static bool read_file(struct build *b, const struct yaml_node *n,
		      struct device_value *v)
{
	const char *path = n->text[0] == '/' ? n->text
		: arena_printf(b->a, "%s/%s", b->dir, n->text);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool ok = false;

	if (fd < 0 || fstat(fd, &st) < 0)
		cannot_read(b, n, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		cannot_read(b, n, "it is a directory");
	else if (!S_ISREG(st.st_mode))
		cannot_read(b, n, "it is not a file");
	else if (!load(b, fd, (size_t)st.st_size, v))
		cannot_read(b, n, strerror(errno));
	else
		ok = true;
	if (fd >= 0)
		close(fd);
	v->s = n->text;
	return ok;
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
	v->given = p->type != DEVICE_PROP_FILE || read_file(b, n, v);
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

static void read_id(struct build *b, const struct schema_value *v,
		    struct scn_device *dev)
{
	dev->id = v->given ? v->s : "?";
	if (!v->given)
		return;
	if (!is_id(v->s))
		yaml_error(b->d, v->node, "wrong-value", NULL,
			   "'%s' is no device id: letters, digits, '-' and '_', at most 32",
			   v->s);
	for (size_t i = 0; i < b->s->ndevices; i++)
		if (strcmp(b->s->devices[i].id, v->s) == 0)
			yaml_error(b->d, v->node, "duplicate-id", NULL,
				   "the id '%s' is taken by the device of line %d",
				   v->s, b->s->devices[i].pos.line);
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

static bool slot_exists(struct build *b, const struct yaml_node *n,
			unsigned bus, unsigned dev, unsigned fn)
{
	if (dev > 31 || fn > 7)
		yaml_error(b->d, n, "bad-slot", NULL,
			   "slot '%s': devices are 00 to 1f, functions 0 to 7",
			   n->text);
	else if (bus != 0)
		yaml_error(b->d, n, "bad-slot", "use bus 00",
			   "slot '%s': there are no bridges, so bus 00 is the only one",
			   n->text);
	else if (fn != 0)
		yaml_error(b->d, n, "bad-slot", "use function 0",
			   "slot '%s': a device has function 0 only", n->text);
	else if (dev == 0)
		yaml_error(b->d, n, "taken-slot", NULL,
			   "slot 00:00.0 is the host bridge's");
	else
		return true;
	return false;
}

static const struct scn_device *in_slot(const struct build *b, uint32_t bdf)
{
	for (size_t i = 0; i < b->s->ndevices; i++)
		if (b->s->devices[i].bdf == bdf)
			return &b->s->devices[i];
	return NULL;
}

static void read_slot(struct build *b, const struct schema_value *v,
		      struct scn_device *dev)
{
	const struct scn_device *other;
	unsigned bus, slot, fn;

	if (!v->given)
		return;
	if (!parse_slot(v->s, &bus, &slot, &fn)) {
		yaml_error(b->d, v->node, "bad-slot", NULL,
			   "'%s' is no slot: bus:device.function, as \"00:01.0\"",
			   v->s);
		return;
	}
	if (!slot_exists(b, v->node, bus, slot, fn))
		return;
	dev->bdf = MACHINE_BDF(bus, slot, fn);
	other = in_slot(b, dev->bdf);
	if (other)
		yaml_error(b->d, v->node, "taken-slot", NULL,
			   "slot %s is taken by '%s' of line %d", v->s,
			   other->id, other->pos.line);
}

/* Devices without a slot get what is left, in the file's order. */
static void assign_slots(struct build *b, const struct yaml_node *list)
{
	unsigned slot = 1;

	for (size_t i = 0; i < b->s->ndevices; i++) {
		if (b->s->devices[i].bdf)
			continue;
		while (slot < 32 && in_slot(b, MACHINE_BDF(0, slot, 0)))
			slot++;
		if (slot == 32) {
			yaml_error(b->d, list, "bad-slot", NULL,
				   "more devices than bus 00 has slots (31)");
			return;
		}
		b->s->devices[i].bdf = MACHINE_BDF(0, slot, 0);
	}
}

/* ---- one device ---- */

static enum device_interface interface_number(const char *word)
{
	if (strcmp(word, "legacy") == 0)
		return DEVICE_IF_LEGACY;
	return strcmp(word, "transitional") == 0 ? DEVICE_IF_TRANSITIONAL
						 : DEVICE_IF_MODERN;
}

static void read_common(struct build *b, const struct schema_value *v,
			struct scn_device *dev)
{
	struct device_config *c = &dev->config;
	struct schema_value msix[MSIX_KEYS];

	c->id = dev->id;
	c->interface = interface_number(v[DEVICE_INTERFACE].s);
	c->intx_pin = v[DEVICE_INTX].s[0] == 'n'
			      ? 0 : (uint8_t)(v[DEVICE_INTX].s[0] - 'A' + 1);
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

static void read_device(struct build *b, const struct yaml_node *n)
{
	struct schema_value v[DEVICE_KEYS];
	struct scn_device *dev = &b->s->devices[b->s->ndevices];
	struct reading r = { .device = dev };
	const char *names[MAX_PROPERTIES + 1];
	struct schema_others others = { take_property, &r, names };
	const struct yaml_node *model = yaml_get(n, "model");
	size_t before = b->d->count;

	dev->pos = yaml_pos(n);
	if (model && model->kind == YAML_SCALAR)
		read_model(b, &(struct schema_value){ .given = !model->empty,
						      .node = model,
						      .s = model->text }, dev);
	prepare_properties(b, &r, names);
	if (!schema_read(b, n, &schema_device, v, &others))
		return;
	read_id(b, &v[DEVICE_ID], dev);
	read_slot(b, &v[DEVICE_SLOT], dev);
	read_common(b, v, dev);
	check_required(b, n, &r);
	b->s->ndevices++;
	if (b->d->count == before)
		ask_model(b, n, &r);
}

void build_devices(struct build *b, const struct yaml_node *list)
{
	if (!build_is_list(b, list))
		return;
	b->s->devices = arena_array(b->a, list->count + 1,
				    sizeof(*b->s->devices));
	for (const struct yaml_node *n = list->child; n; n = n->next)
		read_device(b, n);
	assign_slots(b, list);
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

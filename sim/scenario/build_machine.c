/* SPDX-License-Identifier: MIT */
/*
 * `machine:` the guest image and its options, processors, memory, timing.  The
 * devices are in build_devices.c.
 */
#include <string.h>

#include "sim/platform/timing.h"
#include "sim/scenario/build.h"

static void read_guest(struct build *b, const struct schema_value *v)
{
	const char *error = NULL;
	const char *near = NULL;

	b->s->guest = catalogue_guest(b->catalogue, v->s, b->dir, &error);
	if (b->s->guest)
		return;
	b->guest_unknown = true;
	if (!catalogue_guest_optional(v->s))
		near = build_closest(b, v->s,
				     catalogue_guest_names(b->catalogue));
	if (!v->node)
		diag_add(b->d, (struct scn_pos){ .file = b->s->path },
			 "unknown-guest", near, NULL, "%s", error);
	else
		yaml_error(b->d, v->node,
			   catalogue_guest_optional(v->s) ? "guest-not-built"
							  : "unknown-guest",
			   near, "%s", error);
}

/* How a value is handed to the guest: numbers in the unit of its type. */
static const enum schema_type param_types[] = {
	[GUEST_PARAM_INT] = SCHEMA_INT,
	[GUEST_PARAM_BOOL] = SCHEMA_BOOL,
	[GUEST_PARAM_STRING] = SCHEMA_STRING,
	[GUEST_PARAM_SIZE] = SCHEMA_SIZE,
	[GUEST_PARAM_TIME] = SCHEMA_TIME,
	[GUEST_PARAM_DEVICE] = SCHEMA_STRING,
};

static const struct guest_param *find_option(const struct guest_image *image,
					     const char *name)
{
	for (const struct guest_param *p = image->options; p && p->name; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static bool read_option(struct build *b, const struct yaml_node *n,
			const struct guest_param *p, const char **value)
{
	struct schema_key key = {
		.name = p->name, .type = param_types[p->type],
		.min = INT64_MIN, .max = INT64_MAX,
	};
	struct schema_value v = { 0 };

	if (!schema_read_value(b, n, &key, &v))
		return false;
	if (key.type == SCHEMA_STRING)
		*value = v.s;
	else
		*value = arena_printf(b->a, "%lld",
				      (long long)(key.type == SCHEMA_TIME
							  ? v.i / 1000 : v.i));
	return true;
}

static const char *const *option_names(struct build *b,
				       const struct guest_image *image)
{
	const char **names;
	size_t n = 0;

	for (const struct guest_param *p = image->options; p && p->name; p++)
		n++;
	names = arena_array(b->a, n + 1, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = image->options[i].name;
	return names;
}

static void read_options(struct build *b, const struct yaml_node *n)
{
	size_t count = 0;

	b->s->guest_options = arena_array(b->a, n ? n->count + 1 : 1,
					  sizeof(*b->s->guest_options));
	if (!n || !build_is_map(b, n) || !b->s->guest)
		return;
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		const struct guest_image *image = b->s->guest->image;
		const struct guest_param *p = find_option(image, c->key);
		struct machine_option *o = &b->s->guest_options[count];

		if (build_ignored_key(c->key))
			continue;
		if (!p) {
			build_unknown_key(b, c, option_names(b, image),
					  "the guest");
		} else if (read_option(b, c, p, &o->value)) {
			o->name = p->name;
			count++;
		}
	}
}

static void read_timing(struct build *b, const struct schema_value *v)
{
	const char *names[32];
	size_t n = 0;

	b->s->timing = v->s;
	if (!v->given || timing_find(v->s))
		return;
	for (; timing_profiles[n].name && n < 31; n++)
		names[n] = timing_profiles[n].name;
	names[n] = NULL;
	build_unknown(b, v->node, "unknown-timing", "timing profile", names);
}

void build_machine(struct build *b, const struct yaml_node *n)
{
	struct schema_value v[MACHINE_KEYS];
	struct scenario *s = b->s;

	if (!schema_read(b, n, &schema_machine, v, NULL))
		return;
	s->cpus = (uint32_t)v[MACHINE_CPUS].i;
	s->memory = (uint64_t)v[MACHINE_MEMORY].i;
	s->cpu_vectors = (uint32_t)v[MACHINE_CPU_VECTORS].i;
	s->bounce = strcmp(v[MACHINE_DMA].s, "bounce") == 0;
	s->dma = s->bounce ? "stepwise" : v[MACHINE_DMA].s;
	read_timing(b, &v[MACHINE_TIMING]);
	if (v[MACHINE_GUEST].s)
		read_guest(b, &v[MACHINE_GUEST]);
	read_options(b, v[MACHINE_GUEST_OPTIONS].node);
	if (v[MACHINE_DEVICES].node)
		build_devices(b, v[MACHINE_DEVICES].node);
}

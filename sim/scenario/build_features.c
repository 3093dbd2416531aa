/* SPDX-License-Identifier: MIT */
/*
 * Feature names and bits: `features: {base:, offer:, withhold:}` of a device,
 * and the lists of expectations.  Names are those of the model's table.
 */
#include <string.h>

#include "sim/scenario/build.h"

static const char *const *names_of(struct build *b,
				   const struct device_model *model)
{
	const char **names;
	size_t n = 0;

	while (model->features && model->features[n].name)
		n++;
	names = arena_array(b->a, n + 1, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = model->features[i].name;
	return names;
}

static int bit_number(struct build *b, const struct yaml_node *n)
{
	static const struct schema_key key = {
		.name = "bit", .type = SCHEMA_INT, .min = 0, .max = 63,
	};
	const struct yaml_node *bit = yaml_get(n, "bit");
	struct schema_value v = { 0 };

	if (!bit || n->count != 1) {
		yaml_error(b->d, n, "wrong-type", NULL,
			   "expected a feature's name or {bit: N}");
		return -1;
	}
	return schema_read_value(b, bit, &key, &v) ? (int)v.i : -1;
}

/* The uapi headers' spelling of what the specification calls otherwise. */
static const char *as_specified(const char *name)
{
	static const char *const spellings[][2] = {
		{ "VIRTIO_RING_F_INDIRECT_DESC", "VIRTIO_F_INDIRECT_DESC" },
		{ "VIRTIO_RING_F_EVENT_IDX", "VIRTIO_F_EVENT_IDX" },
		{ "VIRTIO_F_IOMMU_PLATFORM", "VIRTIO_F_ACCESS_PLATFORM" },
	};

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strcmp(name, spellings[i][0]) == 0)
			return spellings[i][1];
	return name;
}

int build_feature_bit(struct build *b, const struct yaml_node *n,
		      const struct device_model *model)
{
	const struct device_feature *f;

	if (n->kind == YAML_MAP)
		return bit_number(b, n);
	if (n->kind != YAML_SCALAR || n->empty) {
		build_wrong_type(b, n, "a feature's name or {bit: N}");
		return -1;
	}
	for (f = model->features; f && f->name; f++)
		if (strcmp(f->name, as_specified(n->text)) == 0)
			return f->bit;
	yaml_error(b->d, n, "unknown-feature",
		   build_closest(b, n->text, names_of(b, model)),
		   "%s knows no feature '%s'", model->name, n->text);
	return -1;
}

static uint64_t read_bits(struct build *b, const struct yaml_node *list,
			  const struct device_model *model)
{
	uint64_t bits = 0;

	if (!list || !build_is_list(b, list))
		return 0;
	for (const struct yaml_node *n = list->child; n; n = n->next) {
		int bit = build_feature_bit(b, n, model);

		if (bit >= 0)
			bits |= UINT64_C(1) << bit;
	}
	return bits;
}

static uint64_t base_bits(const struct device_model *model, const char *base)
{
	uint64_t bits = 0;

	for (const struct device_feature *f = model->features; f && f->name;
	     f++)
		if (strcmp(base, "all") == 0 ||
		    (strcmp(base, "default") == 0 && f->deflt))
			bits |= UINT64_C(1) << f->bit;
	return bits;
}

static bool offered(const struct device_model *model, const char *name,
		    uint64_t bits)
{
	for (const struct device_feature *f = model->features; f && f->name;
	     f++)
		if (strcmp(f->name, name) == 0)
			return bits >> f->bit & 1;
	return true;
}

/* virtio 1.2 2.2.1: some features may only be offered together. */
static void check_needs(struct build *b, const struct yaml_node *n,
			const struct device_model *model, uint64_t bits)
{
	for (const struct device_feature *f = model->features; f && f->name;
	     f++) {
		if (!(bits >> f->bit & 1) || !f->needs ||
		    offered(model, f->needs, bits))
			continue;
		yaml_error(b->d, n, "feature-needs",
			   arena_printf(b->a, "offer %s too, or withhold %s",
					f->needs, f->name),
			   "%s is offered, and cannot be without %s", f->name,
			   f->needs);
	}
}

void build_features(struct build *b, const struct yaml_node *n,
		    const struct device_model *model, uint64_t *features)
{
	struct schema_value v[FEATURES_KEYS];
	uint64_t offer, withhold;

	*features = base_bits(model, "default");
	if (!n || !schema_read(b, n, &schema_features, v, NULL))
		return;
	offer = read_bits(b, v[FEATURES_OFFER].node, model);
	withhold = read_bits(b, v[FEATURES_WITHHOLD].node, model);
	if (offer & withhold)
		yaml_error(b->d, v[FEATURES_WITHHOLD].node, "feature-twice",
			   NULL, "a feature is both offered and withheld");
	*features = base_bits(model, v[FEATURES_BASE].s);
	*features = (*features | offer) & ~withhold;
	check_needs(b, n, model, *features);
}

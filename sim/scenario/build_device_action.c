/* SPDX-License-Identifier: MIT */
/*
 * Steps that are done to a device and not by the guest: an action of the model
 * of the step's `device:`, with the parameters of the model's table.
 */
#include <string.h>

#include "sim/scenario/build.h"

/* What every such step has beside its action's parameters. */
static const char *const common_names[] = { "device", "within", "fails" };
#define COMMON (sizeof(common_names) / sizeof(*common_names))

static const struct device_action *find_action(const struct device_model *m,
					       const char *name)
{
	const struct device_action *a = m ? device_model_actions(m) : NULL;

	for (; a && a->name; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

size_t build_count_device_actions(const struct build *b)
{
	const struct device_action *a;
	size_t n = 0;

	for (size_t i = 0; i < b->s->ndevices; i++) {
		a = b->s->devices[i].model
			? device_model_actions(b->s->devices[i].model) : NULL;
		for (; a && a->name; a++)
			n++;
	}
	return n;
}

size_t build_device_action_names(struct build *b, const char **names,
				 size_t count)
{
	const struct device_action *a;
	size_t k;

	for (size_t i = 0; i < b->s->ndevices; i++) {
		a = b->s->devices[i].model
			? device_model_actions(b->s->devices[i].model) : NULL;
		for (; a && a->name; a++) {
			for (k = 0; k < count; k++)
				if (strcmp(names[k], a->name) == 0)
					break;
			names[k] = a->name;
			count += k == count;
		}
	}
	return count;
}

/* The first device that knows the action, or NULL. */
static const struct scn_device *who_knows(const struct build *b,
					  const char *name)
{
	for (size_t i = 0; i < b->s->ndevices; i++)
		if (find_action(b->s->devices[i].model, name))
			return &b->s->devices[i];
	return NULL;
}

static size_t count_params(const struct device_action *action)
{
	size_t n = 0;

	while (action->params && action->params[n].name)
		n++;
	return n;
}

static void unknown_param(struct build *b, const struct yaml_node *n,
			  const struct device_action *action)
{
	size_t count = count_params(action);
	const char **names = arena_array(b->a, count + COMMON + 1,
					 sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = action->params[i].name;
	for (size_t i = 0; i < COMMON; i++)
		names[count + i] = common_names[i];
	build_unknown_key(b, n, names, action->name);
}

static void take_param(struct build *b, const struct yaml_node *n,
		       struct scn_step *step)
{
	static const struct schema_key within = {
		.name = "within", .type = SCHEMA_TIME, .max = INT64_MAX,
	};
	static const struct schema_key fails = { .name = "fails",
						 .type = SCHEMA_ERRNO };
	const struct device_action *action = step->device_action;
	size_t count = count_params(action);
	struct schema_value v = { 0 };

	for (size_t i = 0; i < count; i++)
		if (strcmp(action->params[i].name, n->key) == 0) {
			build_property(b, n, &action->params[i],
				       &step->device_values[i]);
			return;
		}
	if (strcmp(n->key, "within") == 0) {
		if (schema_read_value(b, n, &within, &v))
			step->within_ps = (uint64_t)v.i;
	} else if (strcmp(n->key, "fails") == 0) {
		if (schema_read_value(b, n, &fails, &v))
			step->fails = (int)v.i;
	} else if (strcmp(n->key, "device") != 0 && !build_ignored_key(n->key)) {
		unknown_param(b, n, action);
	}
}

static void read_params(struct build *b, const struct yaml_node *n,
			struct scn_step *step)
{
	const struct device_property *p = step->device_action->params;
	size_t count = count_params(step->device_action);

	step->device_values = arena_array(b->a, count + 1,
					  sizeof(*step->device_values));
	for (size_t i = 0; i < count; i++)
		step->device_values[i].i = p[i].deflt;
	for (const struct yaml_node *c = n->child; c; c = c->next)
		take_param(b, c, step);
	for (size_t i = 0; i < count; i++)
		if (p[i].required && !yaml_get(n, p[i].name))
			yaml_error(b->d, n->keynode, "missing-key", NULL,
				   "%s lacks the key '%s': %s", step->name,
				   p[i].name, p[i].about);
}

/* The action of the named device's model. */
static void read_action(struct build *b, const struct yaml_node *n,
			const struct yaml_node *device,
			const struct scn_device *knows, struct scn_step *step)
{
	const struct device_model *model;

	step->device = build_device(b, device);
	if (step->device == FAULT_ANY)
		return;
	model = b->s->devices[step->device].model;
	step->device_action = find_action(model, n->key);
	if (step->device_action)
		read_params(b, n, step);
	else if (model)
		yaml_error(b->d, device, "unknown-action",
			   arena_printf(b->a, "%s, a %s, knows it", knows->id,
					knows->model->name),
			   "a %s knows no action '%s'", model->name, n->key);
}

bool build_device_action(struct build *b, const struct yaml_node *n,
			 struct scn_step *step)
{
	const struct scn_device *knows = who_knows(b, n->key);
	const struct yaml_node *device;

	if (!knows)
		return false;
	step->kind = STEP_DEVICE_ACTION;
	step->on_cpu = SCN_ANY_CPU;
	device = n->kind == YAML_MAP ? yaml_get(n, "device") : NULL;
	if (device)
		read_action(b, n, device, knows, step);
	else if (n->kind == YAML_MAP || (n->kind == YAML_SCALAR && n->empty))
		yaml_error(b->d, n->keynode, "missing-key", NULL,
			   "%s lacks the key 'device': the device that it is done to",
			   n->key);
	else
		build_is_map(b, n);
	return true;
}

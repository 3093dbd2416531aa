/* SPDX-License-Identifier: MIT */
/*
 * `workload:` a list of steps, each a map of one key: an action of the guest
 * image or of a device with its parameters, `expect`, `parallel` or `repeat`.
 */
#include <string.h>

#include "sim/scenario/build.h"

/* `parallel` in `repeat` in `parallel`...: enough for anybody. */
#define MAX_STEP_DEPTH 8u

static const char *const *action_names(struct build *b)
{
	const struct guest_action *actions = b->s->guest->image->actions;
	const char **names;
	size_t n = 0;

	while (actions && actions[n].name)
		n++;
	names = arena_array(b->a, n + build_count_device_actions(b) + 4,
			    sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = actions[i].name;
	n = build_device_action_names(b, names, n);
	names[n] = "expect";
	names[n + 1] = "parallel";
	names[n + 2] = "repeat";
	return names;
}

static const struct guest_action *find_action(const struct guest_image *image,
					      const char *name)
{
	for (const struct guest_action *a = image->actions; a && a->name; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* ---- an action's parameters ---- */

static const enum schema_type param_types[] = {
	[GUEST_PARAM_INT] = SCHEMA_INT,
	[GUEST_PARAM_BOOL] = SCHEMA_BOOL,
	[GUEST_PARAM_STRING] = SCHEMA_STRING,
	[GUEST_PARAM_SIZE] = SCHEMA_SIZE,
	[GUEST_PARAM_TIME] = SCHEMA_TIME,
	[GUEST_PARAM_DEVICE] = SCHEMA_STRING,
};

static void read_param(struct build *b, const struct yaml_node *n,
		       const struct guest_param *p, struct guest_value *out)
{
	struct schema_key key = {
		.name = p->name, .type = param_types[p->type],
		.min = p->type == GUEST_PARAM_INT ? INT64_MIN : 0,
		.max = INT64_MAX,
	};
	struct schema_value v = { 0 };
	uint32_t device;

	if (p->type == GUEST_PARAM_DEVICE) {
		device = build_device(b, n);
		out->given = device != FAULT_ANY;
		if (out->given)
			out->i = b->s->devices[device].bdf;
		return;
	}
	out->given = schema_read_value(b, n, &key, &v);
	out->i = p->type == GUEST_PARAM_TIME ? v.i / 1000 : v.i;
	out->s = p->type == GUEST_PARAM_STRING ? v.s : NULL;
}

static size_t count_params(const struct guest_action *action)
{
	size_t n = 0;

	while (action->params && action->params[n].name)
		n++;
	return n;
}

static void unknown_param(struct build *b, const struct yaml_node *n,
			  const struct guest_action *action)
{
	size_t count = count_params(action);
	const char **names = arena_array(b->a, count + 3, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = action->params[i].name;
	names[count] = "fails";
	names[count + 1] = "on_cpu";
	build_unknown_key(b, n, names, action->name);
}

static void read_on_cpu(struct build *b, const struct yaml_node *n,
			struct scn_step *step)
{
	const struct schema_key key = {
		.name = "on_cpu", .type = SCHEMA_INT, .max = b->s->cpus - 1,
	};
	struct schema_value v = { 0 };

	if (schema_read_value(b, n, &key, &v))
		step->on_cpu = (uint32_t)v.i;
}

static void take_param(struct build *b, const struct yaml_node *n,
		       struct scn_step *step)
{
	static const struct schema_key fails = { .name = "fails",
						 .type = SCHEMA_ERRNO };
	const struct guest_action *action = step->action;
	size_t count = count_params(action);
	struct schema_value v = { 0 };

	for (size_t i = 0; i < count; i++)
		if (strcmp(action->params[i].name, n->key) == 0) {
			read_param(b, n, &action->params[i],
				   &step->values[i]);
			return;
		}
	if (strcmp(n->key, "fails") == 0) {
		if (schema_read_value(b, n, &fails, &v))
			step->fails = (int)v.i;
	} else if (strcmp(n->key, "on_cpu") == 0) {
		read_on_cpu(b, n, step);
	} else if (!build_ignored_key(n->key)) {
		unknown_param(b, n, action);
	}
}

static void read_params(struct build *b, const struct yaml_node *n,
			struct scn_step *step)
{
	size_t count = count_params(step->action);

	step->values = arena_array(b->a, count + 1, sizeof(*step->values));
	for (size_t i = 0; i < count; i++)
		step->values[i].i = step->action->params[i].deflt;
	if (!(n->kind == YAML_SCALAR && n->empty)) {
		if (!build_is_map(b, n))
			return;
		for (const struct yaml_node *c = n->child; c; c = c->next)
			take_param(b, c, step);
	}
	for (size_t i = 0; i < count; i++) {
		const struct guest_param *p = &step->action->params[i];

		if (p->required && !yaml_get(n, p->name))
			yaml_error(b->d, n->keynode, "missing-key", NULL,
				   "%s lacks the key '%s': %s",
				   step->action->name, p->name, p->about);
	}
}

static void read_action(struct build *b, const struct yaml_node *n,
			struct scn_step *step, unsigned depth)
{
	const char *const *names;
	const char *hint;

	(void)depth;
	step->kind = STEP_ACTION;
	step->on_cpu = SCN_ANY_CPU;
	step->name = n->key;
	if (b->s->guest)
		step->action = find_action(b->s->guest->image, n->key);
	if (step->action) {
		read_params(b, n, step);
		return;
	}
	if (build_device_action(b, n, step) || !b->s->guest)
		return;
	names = action_names(b);
	hint = build_closest(b, n->key, names);
	yaml_error(b->d, n->keynode ? n->keynode : n, "unknown-action",
		   hint ? hint : arena_printf(b->a, "%s knows %s",
					      b->s->guest->name,
					      build_join(b, names, ", ")),
		   "unknown action '%s'", n->key);
}

/* ---- steps that hold others ---- */

static void read_expect(struct build *b, const struct yaml_node *n,
			struct scn_step *step, unsigned depth)
{
	(void)depth;
	step->kind = STEP_EXPECT;
	b->in_step = true;
	build_expects(b, n, &step->expects, &step->nexpects);
	b->in_step = false;
}

static void read_parallel(struct build *b, const struct yaml_node *n,
			  struct scn_step *step, unsigned depth)
{
	step->kind = STEP_PARALLEL;
	build_steps(b, n, &step->steps, &step->nsteps, depth + 1);
}

static void read_repeat(struct build *b, const struct yaml_node *n,
			struct scn_step *step, unsigned depth)
{
	struct schema_value v[REPEAT_KEYS];

	step->kind = STEP_REPEAT;
	if (!schema_read(b, n, &schema_repeat, v, NULL))
		return;
	step->times = (uint64_t)v[REPEAT_TIMES].i;
	if (v[REPEAT_STEPS].node)
		build_steps(b, v[REPEAT_STEPS].node, &step->steps,
			    &step->nsteps, depth + 1);
}

static const struct {
	const char *name;
	void (*read)(struct build *b, const struct yaml_node *n,
		     struct scn_step *step, unsigned depth);
} step_kinds[] = {
	{ "expect", read_expect },
	{ "parallel", read_parallel },
	{ "repeat", read_repeat },
};

static void read_step(struct build *b, const struct yaml_node *n,
		      struct scn_step *step, unsigned depth)
{
	const struct yaml_node *c = n->child;

	step->pos = yaml_pos(n);
	if (n->kind != YAML_MAP || n->count != 1) {
		yaml_error(b->d, n, "wrong-type",
			   "as in `- blk.read: {device: disk0}`",
			   "a step is a map of one key, found %s",
			   n->kind == YAML_MAP
				? arena_printf(b->a, "%zu keys", n->count)
				: yaml_describe(b->a, n));
		return;
	}
	for (size_t i = 0; i < sizeof(step_kinds) / sizeof(*step_kinds); i++)
		if (strcmp(step_kinds[i].name, c->key) == 0) {
			step_kinds[i].read(b, c, step, depth);
			return;
		}
	read_action(b, c, step, depth);
}

void build_steps(struct build *b, const struct yaml_node *list,
		 struct scn_step **steps, size_t *count, unsigned depth)
{
	if (!build_is_list(b, list))
		return;
	if (depth > MAX_STEP_DEPTH) {
		yaml_error(b->d, list, "too-deep", NULL,
			   "steps nested deeper than %u levels",
			   MAX_STEP_DEPTH);
		return;
	}
	*steps = arena_array(b->a, list->count + 1, sizeof(**steps));
	for (const struct yaml_node *n = list->child; n; n = n->next)
		read_step(b, n, &(*steps)[(*count)++], depth);
}

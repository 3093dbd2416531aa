/* SPDX-License-Identifier: MIT */
/*
 * `faults:` rules, the points that they name and the events that arm them.  A
 * point belongs to the guest image, to a model that is plugged in, or to the
 * machine; one that nobody in this machine can reach is a mistake.
 */
#include <string.h>

#include "sim/observe/pattern.h"
#include "sim/scenario/build.h"

#define MAX_POINTS 256u

/* The points of a scenario's machine, gathered for look-up and hints. */
struct points {
	const char *names[MAX_POINTS + 1];
	size_t count;
	const struct fault_point *found;
	struct scn_arena *a;
	const char *wanted;
};

static struct fault_point *point(struct scn_arena *a,
				 const struct fault_point *row)
{
	struct fault_point *p = arena_alloc(a, sizeof(*p));

	*p = *row;
	p->errors = row->errors ? row->errors : "";
	p->effects = row->effects ? row->effects : "";
	return p;
}

static bool note_name(struct points *ps, const char *name)
{
	for (size_t i = 0; i < ps->count; i++)
		if (strcmp(ps->names[i], name) == 0)
			return false;
	if (ps->count < MAX_POINTS) {
		ps->names[ps->count++] = name;
		ps->names[ps->count] = NULL;
	}
	return !ps->found && strcmp(name, ps->wanted) == 0;
}

static void add_guest(struct points *ps, const struct guest_image *image)
{
	const struct guest_fault_point *f;

	for (f = image->faults; f && f->name; f++)
		if (note_name(ps, f->name))
			ps->found = point(ps->a, &(struct fault_point){
				.name = f->name, .side = FAULT_SIDE_GUEST,
				.errors = f->errors, .about = f->about });
}

static void add_model(struct points *ps, const struct device_model *model)
{
	const struct model_fault_point *f;

	for (f = model->faults; f && f->name; f++)
		if (note_name(ps, f->name))
			ps->found = point(ps->a, &(struct fault_point){
				.name = f->name, .side = FAULT_SIDE_DEVICE,
				.errors = f->errors, .by_queue = f->by_queue,
				.about = f->about, .effects = f->effects,
				.quirk = f->quirk });
}

static void add_machine(struct points *ps)
{
	for (const struct fault_point *f = machine_fault_points; f->name; f++)
		if (note_name(ps, f->name))
			ps->found = point(ps->a, f);
}

/* A device's fault needs a device that has it: the named one, else any. */
const struct fault_point *build_find_point(struct build *b,
					   const struct yaml_node *n,
					   uint32_t device)
{
	struct points ps = { .a = b->a, .wanted = n->text };
	bool models_known = true;

	if (b->s->guest)
		add_guest(&ps, b->s->guest->image);
	for (size_t i = 0; i < b->s->ndevices; i++) {
		if (!b->s->devices[i].model)
			models_known = false;
		else if (device == FAULT_ANY || device == i)
			add_model(&ps, b->s->devices[i].model);
	}
	add_machine(&ps);
	/* An image or a model that is unknown has been complained about. */
	if (!ps.found && !b->guest_unknown && models_known)
		yaml_error(b->d, n, "unknown-point",
			   build_closest(b, n->text, ps.names),
			   "no fault point '%s'%s%s", n->text,
			   device == FAULT_ANY ? " in this machine" : " at ",
			   device == FAULT_ANY ? ""
				: b->s->devices[device].id);
	return ps.found;
}

/* ---- what happens ---- */

static const char **effect_names(struct build *b, const struct fault_point *p)
{
	size_t max = strlen(p->effects) + 1;
	const char **names = arena_array(b->a, max + 1, sizeof(*names));
	char name[FAULT_EFFECT_NAME];

	for (uint32_t n = 1; fault_effect_name(p, n, name, sizeof(name)); n++)
		names[n - 1] = arena_strndup(b->a, name, strlen(name));
	return names;
}

static void read_effect(struct build *b, const struct schema_value *v,
			const struct fault_point *p, struct fault_rule *rule)
{
	rule->effect = fault_effect_find(p, v->s);
	if (rule->effect)
		return;
	if (*p->effects)
		build_unknown(b, v->node, "unknown-effect", "effect",
			      effect_names(b, p));
	else
		yaml_error(b->d, v->node, "no-effect-here",
			   *p->errors ? arena_printf(b->a, "its errors: %s",
						     p->errors)
				      : "leave `effect` out",
			   "%s has no effects to choose from", p->name);
}

static void check_takes(struct build *b, const struct schema_value *v,
			const struct fault_point *p,
			const struct fault_rule *rule)
{
	char name[FAULT_EFFECT_NAME];

	if (!fault_effect_name(p, rule->effect ? rule->effect : 1, name,
			       sizeof(name)))
		yaml_error(b->d, v->node, "takes-no-time", "leave `takes` out",
			   "%s has no effect that takes time", p->name);
	else if (!fault_effect_takes_time(name))
		yaml_error(b->d, v->node, "takes-no-time",
			   "it is for timeout, slow, delayed, duplicated and "
			   "stuck", "the effect '%s' takes no time", name);
}

static void no_error(struct build *b, const struct schema_value *v,
		     const struct fault_point *p)
{
	const char *hint = "leave `error` out";

	if (*p->effects)
		hint = arena_printf(b->a, "write `effect:` and one of %s",
				    build_join(b, effect_names(b, p), " or "));
	yaml_error(b->d, v->node, "no-error-here", hint,
		   "%s has no error to choose", p->name);
}

static void check_point(struct build *b, const struct schema_value *v,
			struct scn_fault *f)
{
	struct fault_rule *rule = &f->rule;
	const struct fault_point *p =
		build_find_point(b, v[FAULT_POINT].node, rule->device);

	if (!p)
		return;
	f->breaks = p->quirk || p->side == FAULT_SIDE_BUS;
	if (v[FAULT_QUEUE].given && !p->by_queue)
		yaml_error(b->d, v[FAULT_QUEUE].node, "not-by-queue",
			   "leave `queue` out",
			   "calls of %s do not tell a queue", p->name);
	if (v[FAULT_ERROR].given && !*p->errors)
		no_error(b, &v[FAULT_ERROR], p);
	if (v[FAULT_EFFECT].given)
		read_effect(b, &v[FAULT_EFFECT], p, rule);
	if (v[FAULT_TAKES].given)
		check_takes(b, &v[FAULT_TAKES], p, rule);
	if (v[FAULT_INDEX].given && v[FAULT_QUEUE].given)
		yaml_error(b->d, v[FAULT_INDEX].node, "duplicate-key",
			   "leave one of them out",
			   "the queue is the index of %s", p->name);
}

/* ---- when ---- */

static const char *event_hint(struct build *b, const char *name)
{
	const char **names, *closest;
	size_t n = 0;

	while (pattern_name(n))
		n++;
	names = arena_array(b->a, n + 1, sizeof(*names));
	while (n-- > 0)
		names[n] = pattern_name(n);
	closest = build_closest(b, name, names);
	return closest ? closest : "as 'disk0/queue-vector index=0'; "
				   "docs/trace.md has the names";
}

/* An event that arms a rule or disarms it, as an item of `order`. */
static const struct pattern *read_event(struct build *b,
					const struct schema_value *v)
{
	struct pattern *p = arena_alloc(b->a, sizeof(*p));
	const char *head = arena_strndup(b->a, v->s, strcspn(v->s, " "));
	const char *slash = strchr(head, '/');
	struct yaml_node named = *v->node;
	struct world *w;
	const char *error = "out of memory";
	bool good;

	if (slash) {
		named.text = arena_strndup(b->a, head, (size_t)(slash - head));
		if (build_device(b, &named) == FAULT_ANY)
			return NULL;
	}
	w = world_create(b->s);
	good = w && pattern_parse(p, v->s, w, &error);
	world_destroy(w);
	if (!good) {
		yaml_error(b->d, v->node, "unknown-event",
			   event_hint(b, slash ? slash + 1 : head),
			   "'%s': %s", v->s, error);
		return NULL;
	}
	named.text = p->text;
	if (p->kind == EV_FAULT && *p->text)
		build_find_point(b, &named, FAULT_ANY);
	return p;
}

static uint32_t number_or_any(const struct schema_value *v)
{
	return v->given ? (uint32_t)v->i : FAULT_ANY;
}

static void read_fault(struct build *b, const struct yaml_node *n,
		       struct scn_fault *f)
{
	struct schema_value v[FAULT_KEYS];
	struct fault_rule *r = &f->rule;

	f->pos = yaml_pos(n);
	f->point = "";
	if (!schema_read(b, n, &schema_fault, v, NULL))
		return;
	r->point = FAULT_ANY;
	r->device = v[FAULT_DEVICE].given
			    ? build_device(b, v[FAULT_DEVICE].node) : FAULT_ANY;
	r->queue = number_or_any(&v[FAULT_QUEUE]);
	if (v[FAULT_INDEX].given)
		r->queue = (uint32_t)v[FAULT_INDEX].i;
	r->cpu = number_or_any(&v[FAULT_CPU]);
	r->takes = (uint64_t)v[FAULT_TAKES].i;
	r->nth = (uint64_t)v[FAULT_NTH].i;
	r->times = v[FAULT_TIMES].given ? (uint64_t)v[FAULT_TIMES].i
					: v[FAULT_NTH].given;
	r->interval = (uint64_t)v[FAULT_INTERVAL].i;
	r->probability = (uint32_t)v[FAULT_PROBABILITY].i;
	r->space = (uint64_t)v[FAULT_SPACE].i;
	r->error = (int)v[FAULT_ERROR].i;
	r->after = (uint64_t)v[FAULT_AFTER].i;
	r->waits = v[FAULT_FROM].given;
	if (v[FAULT_FROM].given)
		f->from = read_event(b, &v[FAULT_FROM]);
	if (v[FAULT_UNTIL].given)
		f->until = read_event(b, &v[FAULT_UNTIL]);
	if (v[FAULT_CPU].given && b->s->cpus && r->cpu >= b->s->cpus)
		yaml_error(b->d, v[FAULT_CPU].node, "out-of-range", NULL,
			   "there is no CPU %u; the machine has %u", r->cpu,
			   b->s->cpus);
	if (v[FAULT_POINT].given) {
		f->point = v[FAULT_POINT].s;
		check_point(b, v, f);
	}
}

void build_faults(struct build *b, const struct yaml_node *list)
{
	if (!build_is_list(b, list))
		return;
	b->s->faults = arena_array(b->a, list->count + 1,
				   sizeof(*b->s->faults));
	for (const struct yaml_node *n = list->child; n; n = n->next)
		read_fault(b, n, &b->s->faults[b->s->nfaults++]);
}

/* SPDX-License-Identifier: MIT */
/*
 * `expect:` a list of maps.  `device`, `fault` or `order` say what an entry is
 * about, else it is about the run; the other keys are rows of expect_keys.c, or
 * of a device what its model lets be read (`config: {num_pages: 700}`).
 * How a value is written and what it means is in build_match.c.
 */
#include <string.h>

#include "models/pci/registers.h"
#include "sim/scenario/build.h"
#include "sim/scenario/match.h"

static const char *const subjects[] = {
	[SUBJECT_DEVICE] = "an expectation of a device",
	[SUBJECT_FAULT] = "an expectation of a fault",
	[SUBJECT_ORDER] = "an expectation of an order",
	[SUBJECT_RUN] = "an expectation of the run",
};

/* The keys that say what an entry is about. */
static const char *const subject_keys[] = {
	"device", "fault", "guest", NULL
};

static bool is_subject_key(const char *key)
{
	for (size_t i = 0; subject_keys[i]; i++)
		if (strcmp(subject_keys[i], key) == 0)
			return true;
	return false;
}

/* What the model of the entry's device lets be read, or NULL. */
static const struct device_reading *readings_of(const struct build *b,
						const struct scn_expect *e)
{
	const struct device_model *model =
		e->subject == SUBJECT_DEVICE && e->device != FAULT_ANY
			? b->s->devices[e->device].model : NULL;

	return model ? device_model_readings(model) : NULL;
}

static const struct device_reading *find_reading(const struct build *b,
						 const struct scn_expect *e,
						 const char *name)
{
	const struct device_reading *r = readings_of(b, e);

	for (; r && r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

/* Names for hints: of the entry's subject, and those that choose the subject. */
static const char *const *key_names(struct build *b, const struct scn_expect *e,
				    bool choosing)
{
	const struct device_reading *readings = readings_of(b, e), *r;
	const char **names;
	size_t n = 0, count = 0;

	while (expect_keys[n].name)
		n++;
	for (r = readings; r && r->name; r++)
		n++;
	names = arena_array(b->a, n + 4, sizeof(*names));
	for (size_t i = 0; expect_keys[i].name; i++)
		if (expect_keys[i].subject == e->subject)
			names[count++] = expect_keys[i].name;
	for (r = readings; r && r->name; r++)
		names[count++] = r->name;
	for (size_t i = 0; choosing && subject_keys[i]; i++)
		names[count++] = subject_keys[i];
	return names;
}

/* "requests" of "requests.completed". */
static bool is_group(enum scn_subject subject, const char *key)
{
	size_t len = strlen(key);

	for (const struct expect_key *k = expect_keys; k->name; k++)
		if (k->subject == subject &&
		    strncmp(k->name, key, len) == 0 && k->name[len] == '.')
			return true;
	return false;
}

static const char *elsewhere(enum scn_subject subject, const char *key)
{
	static const struct {
		enum scn_subject subject;
		const char *hint;
	} hints[] = {
		{ SUBJECT_DEVICE, "it is about a device: add `device: ID`" },
		{ SUBJECT_FAULT, "it is about a fault: add `fault: POINT`" },
		{ SUBJECT_RUN, "it is about the run: an entry of its own" },
		{ SUBJECT_ORDER, "it is about the run: an entry of its own" },
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].subject != subject &&
		    expect_key_find(hints[i].subject, key))
			return hints[i].hint;
	return NULL;
}

static void unknown_key(struct build *b, const struct yaml_node *n,
			const struct scn_expect *e, const char *key)
{
	const char *hint = elsewhere(e->subject, key);
	struct yaml_node named = *n;

	named.key = key;
	if (hint)
		yaml_error(b->d, n->keynode ? n->keynode : n, "unknown-key",
			   hint, "'%s' is not known of %s", key,
			   subjects[e->subject]);
	else
		build_unknown_key(b, &named, key_names(b, e, true),
				  subjects[e->subject]);
}

static void read_check(struct build *b, const struct yaml_node *n,
		       struct scn_expect *e, const char *key)
{
	const struct expect_key *k = expect_key_find(e->subject, key);
	struct scn_check *c = &e->checks[e->nchecks];

	if (!k) {
		unknown_key(b, n, e, key);
		return;
	}
	/* One that could not be read has left something there. */
	*c = (struct scn_check){ .key = k->name, .pos = yaml_pos(n) };
	if (build_match(b, n, k, e, &c->match))
		e->nchecks++;
}

static void read_group(struct build *b, const struct yaml_node *n,
		       struct scn_expect *e)
{
	if (!build_is_map(b, n))
		return;
	for (const struct yaml_node *c = n->child; c; c = c->next)
		if (!build_ignored_key(c->key))
			read_check(b, c, e, arena_printf(b->a, "%s.%s",
							 n->key, c->key));
}

/* ---- what a device's model lets be read ---- */

static void unknown_field(struct build *b, const struct yaml_node *n,
			  const struct device_reading *r)
{
	const char **names = arena_array(b->a, r->fields->count + 1,
					 sizeof(*names));

	for (size_t i = 0; i < r->fields->count; i++)
		names[i] = r->fields->regs[i].name;
	build_unknown_key(b, n, names, r->name);
}

static void read_field(struct build *b, const struct yaml_node *n,
		       struct scn_expect *e, const struct device_reading *r)
{
	const struct expect_key key = { .name = n->key,
					.subject = SUBJECT_DEVICE,
					.type = EXPECT_TYPE_INT };
	struct scn_check *c = &e->checks[e->nchecks];

	*c = (struct scn_check){
		.key = arena_printf(b->a, "%s.%s", r->name, n->key),
		.reading = r, .field = reg_find(r->fields, n->key),
		.pos = yaml_pos(n),
	};
	if (!c->field)
		unknown_field(b, n, r);
	else if (build_match(b, n, &key, e, &c->match))
		e->nchecks++;
}

static void read_reading(struct build *b, const struct yaml_node *n,
			 struct scn_expect *e, const struct device_reading *r)
{
	if (!build_is_map(b, n))
		return;
	for (const struct yaml_node *c = n->child; c; c = c->next)
		if (!build_ignored_key(c->key))
			read_field(b, c, e, r);
}

/* ---- an entry ---- */

/* How many checks an entry can come to. */
static size_t count_checks(const struct yaml_node *n)
{
	size_t count = n->count;

	for (const struct yaml_node *c = n->child; c; c = c->next)
		count += c->count;
	return count;
}

static void read_subject(struct build *b, const struct yaml_node *n,
			 struct scn_expect *e)
{
	const struct yaml_node *device = yaml_get(n, "device");
	const struct yaml_node *fault = yaml_get(n, "fault");
	const struct yaml_node *guest = yaml_get(n, "guest");
	static const struct schema_key text = { .type = SCHEMA_STRING };
	struct schema_value v = { 0 };

	e->device = FAULT_ANY;
	e->subject = fault ? SUBJECT_FAULT
		   : device ? SUBJECT_DEVICE
		   : yaml_get(n, "order") ? SUBJECT_ORDER : SUBJECT_RUN;
	if (device)
		e->device = build_device(b, device);
	if (fault && schema_read_value(b, fault, &text, &v)) {
		e->fault = v.s;
		build_find_point(b, fault, e->device);
	}
	memset(&v, 0, sizeof(v));
	if (guest && schema_read_value(b, guest, &text, &v))
		e->guest = v.s;
}

static void read_entry(struct build *b, const struct yaml_node *n,
		       struct scn_expect *e)
{
	const struct device_reading *reading;
	size_t before = b->d->count;

	e->pos = yaml_pos(n);
	if (!build_is_map(b, n))
		return;
	read_subject(b, n, e);
	e->checks = arena_array(b->a, count_checks(n) + 1, sizeof(*e->checks));
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		if (is_subject_key(c->key) || build_ignored_key(c->key))
			continue;
		reading = find_reading(b, e, c->key);
		if (reading)
			read_reading(b, c, e, reading);
		else if (is_group(e->subject, c->key))
			read_group(b, c, e);
		else
			read_check(b, c, e, c->key);
	}
	if (e->nchecks == 0 && b->d->count == before)
		yaml_error(b->d, n, "empty-expectation",
			   arena_printf(b->a, "%s may tell %s",
					subjects[e->subject],
					build_join(b, key_names(b, e, false),
						   ", ")),
			   "nothing is expected here");
}

void build_expects(struct build *b, const struct yaml_node *list,
		   struct scn_expect **expects, size_t *count)
{
	if (!build_is_list(b, list))
		return;
	*expects = arena_array(b->a, list->count + 1, sizeof(**expects));
	for (const struct yaml_node *n = list->child; n; n = n->next)
		read_entry(b, n, &(*expects)[(*count)++]);
}

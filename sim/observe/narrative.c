/* SPDX-License-Identifier: MIT */
/*
 * Turns notes, model events and faults into the story of each device.  A rung is
 * named by the driver's own notes where it sends them; else by counting vector
 * allocations along the image's ladder, so that images without such notes
 * (Linux's own driver) tell their story too.
 */
#include "sim/observe/narrative.h"

#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"

#define ALLOCATION "vector allocation"
/* Faults of this side show in a later read-back, whatever their error. */
#define DEVICE_POINT "device."

struct story {             /* of one device, in its present probe */
	bool probing;
	bool named;        /* the driver sends rung notes */
	uint32_t rung;     /* as the driver named it, or 0 */
	uint32_t last_rung;/* the one that it ended on */
	uint32_t driver;   /* text: whose probe began last */
	uint32_t attempts; /* vector allocations */
	uint64_t since;    /* event of the last thing that was told of it */
	bool told;         /* the present rung's failure has an entry */
	int first_error;
};

struct narrative {
	struct observer observer;
	const struct world *world;
	const struct facts *facts;
	struct story *stories;  /* by device */
	struct narrative_entry *entries;
	size_t count, capacity;
	bool failed;
};

size_t narrative_count(const struct narrative *n)
{
	return n->count;
}

bool narrative_failed(const struct narrative *n)
{
	return n->failed;
}

const struct narrative_entry *narrative_entry(const struct narrative *n,
					      size_t i)
{
	return &n->entries[i];
}

/* Never NULL: without memory the last entry is written over. */
static struct narrative_entry *add(struct narrative *n,
				   enum narrative_kind kind,
				   const struct event *ev)
{
	size_t capacity = n->capacity ? n->capacity * 2 : 64;
	struct narrative_entry *e;

	if (n->count == n->capacity) {
		e = realloc(n->entries, capacity * sizeof(*e));
		if (e) {
			n->entries = e;
			n->capacity = capacity;
		} else {
			n->count--;
			n->failed = true;
		}
	}
	e = &n->entries[n->count++];
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	e->device = ev->device;
	e->cpu = ev->cpu;
	e->time = ev->time;
	e->seq = ev->seq;
	e->text = ev->text;
	if (ev->device < n->world->ndevices)
		e->bind = (uint32_t)n->facts->devices[ev->device].nbinds;
	return e;
}

/* ---- which fault is behind a failure ---- */

static bool explains(const struct narrative *n,
		     const struct narrative_entry *fault,
		     const struct narrative_entry *e)
{
	bool same;

	const char *point = event_text(n->observer.bus, fault->point);

	if (fault->injected ||
	    (fault->device != EVENT_NO_DEVICE && fault->device != e->device))
		return false;
	/* A device has no errno; what it did wrong in an earlier step, and got
	 * through with, is not behind this one's failure. */
	if (point && !strncmp(point, DEVICE_POINT, strlen(DEVICE_POINT)))
		return fault->seq > n->stories[e->device].since;
	/* Of a failure that nobody told only the time is known. */
	same = e->error ? fault->error == e->error :
			  fault->seq > n->stories[e->device].since;
	return same &&
	       (fault->cpu == e->cpu || fault->cpu == EVENT_NO_CPU);
}

/* Fired before the device's first probe: what it broke shows in each. */
static bool from_the_scan(const struct narrative_entry *fault,
			  const struct narrative_entry *e)
{
	return !fault->bind && fault->device == e->device;
}

/* The fault that is behind *e, if one is, is told there and no longer alone. */
static void blame_fault(struct narrative *n, struct narrative_entry *e)
{
	struct narrative_entry *f, *found = NULL;
	size_t i;

	for (i = n->count; i-- > 0;) {
		f = &n->entries[i];
		if (f == e || f->kind != NARRATIVE_FAULT)
			continue;
		if (explains(n, f, e)) {
			found = f;
			break;
		}
		if (from_the_scan(f, e))
			found = f;
	}
	if (!found)
		return;
	e->injected = true;
	e->point = found->point;
	e->call = found->call;
	found->injected = true; /* explained: printed with e */
}

static void see_fault(struct observer *o, const struct event *ev)
{
	struct narrative_entry *e = add((struct narrative *)o, NARRATIVE_FAULT,
					ev);

	e->point = ev->text;
	e->error = (int)ev->value;
	e->call = ev->addr;
	e->value = ev->index;
}

/* ---- rungs ---- */

static uint32_t ladder_rung(const struct narrative *n, uint32_t attempt)
{
	const char *const *ladder = n->world->ladder;
	uint32_t i;

	if (!ladder || !attempt)
		return 0;
	for (i = 0; ladder[i]; i++)
		if (i + 1 == attempt)
			return event_intern(n->observer.bus, ladder[i]);
	return 0;
}

/* The rung on which the device's driver is. */
static uint32_t rung_now(const struct narrative *n, uint32_t device)
{
	const struct story *s = &n->stories[device];
	const char *const *ladder = n->world->ladder;
	uint32_t last = 0;

	if (s->named)
		return s->rung;
	if (!s->attempts || !ladder)
		return 0;
	while (ladder[last])
		last++;
	/* With MSI-X off again what fails is the last rung's line. */
	if (!n->facts->devices[device].msix_enabled && last)
		return event_intern(n->observer.bus, ladder[last - 1]);
	return ladder_rung(n, s->attempts);
}

static struct narrative_entry *add_failure(struct narrative *n,
					   const struct event *ev,
					   uint32_t rung, int error)
{
	struct story *s = &n->stories[ev->device];
	struct narrative_entry *e;

	e = add(n, rung && s->probing ? NARRATIVE_RUNG_FAILED :
					NARRATIVE_FAILURE, ev);
	e->rung = rung;
	e->error = error;
	e->by_driver = s->named;
	e->nframes = (uint32_t)world_callers(n->world, e->frames,
					     NARRATIVE_FRAMES);
	blame_fault(n, e);
	s->told = true;
	if (!s->first_error)
		s->first_error = error;
	return e;
}

/* A service that fails has a reason; one that answers clears the guest's older
 * faults of this CPU, which then had no consequence here. */
static void note_service(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];
	const char *text = event_text(n->observer.bus, ev->text);
	int result = (int32_t)ev->len;
	bool allocation = text && !strncmp(text, ALLOCATION, strlen(ALLOCATION));

	if (allocation) {
		/* The attempt before failed in something that sends no note. */
		if (!s->named && s->attempts && !s->told) {
			struct narrative_entry *e;

			e = add_failure(n, ev, ladder_rung(n, s->attempts), 0);
			e->text = 0;
		}
		s->attempts++;
		s->since = ev->seq;
		s->told = false;
	}
	if (result < 0)
		add_failure(n, ev,
			    allocation && !s->named ?
				    ladder_rung(n, s->attempts) :
				    rung_now(n, ev->device), -result);
}

static void note_rung_begin(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];

	s->named = true;
	s->rung = ev->text;
	s->told = false;
}

static void note_rung_end(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];
	int result = (int32_t)ev->len;
	struct narrative_entry *e;

	if (result < 0 && !s->told) {
		e = add_failure(n, ev, ev->text, -result);
		e->text = 0;
	}
	if (result >= 0)
		s->last_rung = ev->text;
	s->rung = 0;
	s->told = false;
}

/* ---- probe and remove ---- */

static void note_probe_begin(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];

	memset(s, 0, sizeof(*s));
	s->probing = true;
	s->driver = ev->text;
	add(n, NARRATIVE_PROBE, ev);
}

/* Bound without MSI-X, and nobody has said what became of the last attempt at
 * it: a driver that sends no notes of a vector that the device refused. */
static void last_attempt(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];

	if (s->named || !s->attempts || s->told ||
	    n->facts->devices[ev->device].msix_enabled)
		return;
	add_failure(n, ev, ladder_rung(n, s->attempts), 0)->text = 0;
	s->told = true;
}

/* A lower driver whose probe returns after the upper one's adds nothing. */
static void note_probe_end(struct narrative *n, const struct event *ev)
{
	struct story *s = &n->stories[ev->device];
	const struct facts_bind *b;
	int result = (int32_t)ev->len;
	struct narrative_entry *e;

	if (!result && ev->text && ev->text != s->driver)
		return;
	last_attempt(n, ev);
	e = add(n, result ? NARRATIVE_PROBE_FAILED : NARRATIVE_BOUND, ev);
	e->error = result < 0 ? -result : result;
	s->probing = false;
	if (result) {
		e->nframes = (uint32_t)world_callers(n->world, e->frames,
						     NARRATIVE_FRAMES);
		blame_fault(n, e);
		return;
	}
	e->text = s->driver;
	b = facts_last_bind(&n->facts->devices[ev->device]);
	if (b)
		e->state = b->state;
	e->rung = s->last_rung;
	e->by_driver = s->named;
}

static void note_remove_begin(struct narrative *n, const struct event *ev)
{
	add(n, NARRATIVE_REMOVE, ev);
}

static void note_step(struct narrative *n, const struct event *ev)
{
	add(n, NARRATIVE_NOTE, ev);
}

typedef void note_fn(struct narrative *n, const struct event *ev);

static note_fn *const notes[MACHINE_NOTE_COUNT] = {
	[MACHINE_NOTE_PROBE_BEGIN] = note_probe_begin,
	[MACHINE_NOTE_PROBE_END] = note_probe_end,
	[MACHINE_NOTE_REMOVE_BEGIN] = note_remove_begin,
	[MACHINE_NOTE_SERVICE] = note_service,
	[MACHINE_NOTE_RUNG_BEGIN] = note_rung_begin,
	[MACHINE_NOTE_RUNG_END] = note_rung_end,
	[MACHINE_NOTE_STEP] = note_step,
};

/* ---- the rest ---- */

/* What a model tells and the story takes up; every request has some events that
 * it does not. */
static const struct {
	bool told;
	enum narrative_kind kind;
} model_rows[MODEL_EV_COUNT] = {
	[MODEL_EV_FEATURES] = { true, NARRATIVE_FEATURES },
	[MODEL_EV_NEEDS_RESET] = { true, NARRATIVE_NEEDS_RESET },
	[MODEL_EV_GUEST_ERROR] = { true, NARRATIVE_VIOLATION },
};

static void see_model(struct observer *o, const struct event *ev)
{
	add((struct narrative *)o, model_rows[ev->len].kind, ev)->value =
		ev->value;
}

static uint64_t told_models(void)
{
	uint64_t told = 0;
	unsigned int i;

	for (i = 0; i < MODEL_EV_COUNT; i++)
		if (model_rows[i].told)
			told |= 1ull << i;
	return told;
}

static void see_step_end(struct observer *o, const struct event *ev)
{
	int64_t result = (int64_t)ev->value;
	struct narrative_entry *e = add((struct narrative *)o, NARRATIVE_STEP,
					ev);

	e->error = result < 0 && result > -4096 ? (int)-result : 0;
	e->value = ev->index;
}

static void see_note(struct observer *o, const struct event *ev)
{
	struct narrative *n = (struct narrative *)o;

	if (ev->index < MACHINE_NOTE_COUNT && notes[ev->index] &&
	    ev->device < n->world->ndevices)
		notes[ev->index](n, ev);
}

struct narrative *narrative_create(const struct world *w, struct event_bus *bus,
				   const struct facts *facts)
{
	struct narrative *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->stories = calloc(w->ndevices ? w->ndevices : 1,
			    sizeof(*n->stories));
	n->entries = calloc(16, sizeof(*n->entries));
	if (!n->stories || !n->entries) {
		narrative_destroy(n);
		return NULL;
	}
	n->capacity = 16;
	n->world = w;
	n->facts = facts;
	event_bus_add_kind(bus, &n->observer, EV_NOTE, see_note);
	event_bus_add_model(bus, &n->observer, told_models(), see_model);
	event_bus_add_kind(bus, &n->observer, EV_FAULT, see_fault);
	event_bus_add_kind(bus, &n->observer, EV_STEP_END, see_step_end);
	return n;
}

void narrative_destroy(struct narrative *n)
{
	if (!n)
		return;
	free(n->stories);
	free(n->entries);
	free(n);
}

/* SPDX-License-Identifier: MIT */
/*
 * Actions with a limit: each runs on a guest thread of its own, and the first
 * thread waits no longer than it is told to.  For a device that never answers:
 * the action stays where it is, and the test goes on to an unbind.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/flat/internal.h"

#define STORE 512u /* bytes of an action's strings */

static void body(void *arg)
{
	struct flat_pending *p = arg;

	p->result = p->action->run(p->values);
	p->over = true;
	flat_signal(p->fm, p->ended, true);
}

static int start_job(struct flat_machine *fm)
{
	struct flat_pending *p = fm->starting;
	uint64_t deadline = flat_after(fm->s->now, fm->within);

	if (!flat_thread_create(fm, p->action->name, 0, body, p))
		flat_bug(fm, "out-of-memory", "no thread for %s",
			 p->action->name);
	if (!p->over)
		flat_wait_on(fm, p->ended, deadline, false, p->action->name);
	return p->over ? p->result : FLAT_PENDING;
}

/* In the arena, since it may outlive the call; NULL: no room. */
static struct flat_pending *pending_make(struct flat_machine *fm,
					 const struct guest_action *a,
					 size_t values, char **store)
{
	struct flat_pending *p = flat_alloc(fm, sizeof(*p));

	if (!p)
		return NULL;
	p->fm = fm;
	p->action = a;
	p->values = flat_alloc(fm, (values + 1) * sizeof(*p->values));
	*store = flat_alloc(fm, STORE);
	p->ended = flat_event_create(fm, "an action's end");
	if (!p->values || !*store || !p->ended)
		return NULL;
	p->next = fm->s->pending;
	fm->s->pending = p;
	return p;
}

int flat_action_within(struct flat_machine *fm, const char *name,
		       const char *args, uint64_t ns)
{
	const struct guest_action *a;
	struct flat_pending *p;
	char *store, error[160];
	size_t n = 0;

	if (fm->s->end)
		return (int)fm->s->end;
	a = flat_find_action(fm, name);
	if (!a)
		return FLAT_USAGE;
	while (a->params && a->params[n].name)
		n++;
	p = pending_make(fm, a, n, &store);
	if (!p)
		return flat_usage(fm, "out of memory");
	p->over = true; /* until it is begun */
	if (!flat_params_parse(a->params, args, p->values, store, STORE, error,
			       sizeof(error)))
		return flat_usage(fm, "%s: %s", name, error);
	p->over = false;
	fm->starting = p;
	fm->within = ns;
	return flat_run(fm, start_job);
}

static size_t count_pending(const struct flat_machine *fm)
{
	const struct flat_pending *p;
	size_t n = 0;

	for (p = fm->s->pending; p; p = p->next)
		n += !p->over;
	return n;
}

static int wait_job(struct flat_machine *fm)
{
	uint64_t deadline = flat_after(fm->s->now, fm->within);
	struct flat_pending *p;

	for (p = fm->s->pending; p; p = p->next)
		while (!p->over &&
		       flat_wait_on(fm, p->ended, deadline, false,
				    p->action->name))
			;
	return 0;
}

size_t flat_pending(struct flat_machine *fm, uint64_t ns)
{
	if (ns && !fm->s->end && count_pending(fm)) {
		fm->within = ns;
		flat_run(fm, wait_job);
	}
	return count_pending(fm);
}

static int pass_job(struct flat_machine *fm)
{
	struct machine_event *ev = flat_event_create(fm, "time to pass");

	if (!ev)
		flat_bug(fm, "out-of-memory", "no room for an event");
	flat_wait_on(fm, ev, flat_after(fm->s->now, fm->within), false, NULL);
	ev->live = false;
	ev->next_free = fm->s->free_events;
	fm->s->free_events = ev;
	return 0;
}

int flat_pass(struct flat_machine *fm, uint64_t ns)
{
	fm->within = ns;
	return flat_run(fm, pass_job);
}

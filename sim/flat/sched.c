/* SPDX-License-Identifier: MIT */
/*
 * Who runs next.  Guest threads are coroutines, pinned to a CPU; a thread keeps
 * its CPU until it waits.  The loop in rest() runs on the stack of whoever has
 * nothing to do: it runs device lanes, takes the CPU's interrupts, hands over to
 * a thread that can go on, and moves the clock only when there is none.  With
 * several CPUs the threads that can go on take turns in the order of the CPUs.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/flat/internal.h"

uint64_t flat_after(uint64_t time, uint64_t delay)
{
	return delay > UINT64_MAX - time ? UINT64_MAX : time + delay;
}

void flat_copy_text(char *to, size_t len, const char *from)
{
	size_t n = from ? strnlen(from, len - 1) : 0;

	memcpy(to, from ? from : "", n);
	to[n] = '\0';
}

void flat_stop(struct flat_machine *fm, enum flat_result end, const char *code,
	       const char *format, ...)
{
	struct flat_state *s = fm->s;
	va_list args;

	assert(s->current);
	s->end = end;
	flat_copy_text(s->code, sizeof(s->code), code);
	va_start(args, format);
	vsnprintf(s->text, sizeof(s->text), format, args);
	va_end(args);
	flat_context_switch(fm, s->current, NULL, true);
	abort();
}

void flat_spend(struct flat_machine *fm)
{
	if (fm->s->budget_left == 0)
		flat_stop(fm, FLAT_BUDGET, "budget",
			  "more than %llu machine calls",
			  (unsigned long long)fm->cfg.budget);
	fm->s->budget_left--;
}

/* ---- ready queues ---- */

static void make_ready(struct flat_machine *fm, struct machine_thread *t)
{
	struct flat_cpu *cpu = &fm->s->cpus[t->cpu];

	t->next = NULL;
	if (cpu->ready_last)
		cpu->ready_last->next = t;
	else
		cpu->ready_first = t;
	cpu->ready_last = t;
}

static struct machine_thread *pop_ready(struct flat_cpu *cpu)
{
	struct machine_thread *t = cpu->ready_first;

	if (!t)
		return NULL;
	cpu->ready_first = t->next;
	if (!cpu->ready_first)
		cpu->ready_last = NULL;
	return t;
}

/* ---- waits: by event, and by deadline ---- */

static void wait_link(struct flat_machine *fm, struct flat_wait *w)
{
	struct machine_event *ev = w->event;
	struct flat_wait **at = &fm->s->timers;

	w->prev = ev->last;
	if (ev->last)
		ev->last->next = w;
	else
		ev->first = w;
	ev->last = w;
	if (!w->timed)
		return;
	while (*at && (*at)->deadline <= w->deadline)
		at = &(*at)->later;
	w->later = *at;
	*at = w;
}

static void wait_over(struct flat_machine *fm, struct flat_wait *w,
		      bool signalled)
{
	struct machine_event *ev = w->event;
	struct flat_wait **at = &fm->s->timers;

	*(w->prev ? &w->prev->next : &ev->first) = w->next;
	*(w->next ? &w->next->prev : &ev->last) = w->prev;
	if (w->timed) {
		while (*at != w)
			at = &(*at)->later;
		*at = w->later;
	}
	w->over = true;
	w->signalled = signalled;
	if (!w->hold)
		make_ready(fm, w->thread);
}

void flat_signal(struct flat_machine *fm, struct machine_event *ev, bool all)
{
	do {
		if (ev->first)
			wait_over(fm, ev->first, true);
	} while (all && ev->first);
}

/* Ends the waits whose time has come; tells if there were any. */
static bool expire(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	bool any = false;

	while (s->timers && s->timers->deadline <= s->now) {
		wait_over(fm, s->timers, false);
		any = true;
	}
	flat_lanes_expire(fm);
	return any || s->lanes_first;
}

/* The clock moves to the next thing that waits for it. */
static bool advance(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	uint64_t next = UINT64_MAX;

	if (!s->timers && !s->lanes_later)
		return false;
	if (s->timers)
		next = s->timers->deadline;
	if (s->lanes_later && s->lanes_later->due < next)
		next = s->lanes_later->due;
	s->now = next; /* later than now: what is due has been expired */
	return expire(fm);
}

/* ---- threads ---- */

static void thread_body(struct machine_thread *t);
static void idle_body(struct machine_thread *t);

static struct machine_thread *thread_new(struct flat_machine *fm,
					 const char *name, uint32_t cpu)
{
	struct flat_state *s = fm->s;
	struct machine_thread *t = s->ended_threads;
	uint8_t *stack;

	if (t) {
		s->ended_threads = t->next;
		stack = t->stack;
	} else {
		if (s->nstacks == FLAT_MAX_THREADS)
			return NULL;
		if (!fm->stacks[s->nstacks])
			fm->stacks[s->nstacks] = flat_stack_create();
		stack = fm->stacks[s->nstacks];
		t = stack ? flat_alloc(fm, sizeof(*t)) : NULL;
		if (!t)
			return NULL;
		s->nstacks++;
		t->all = s->threads;
		s->threads = t;
	}
	flat_copy_text(t->name, sizeof(t->name), name);
	t->fm = fm;
	t->cpu = cpu;
	t->stack = stack;
	t->ended = false;
	t->irqs = true;
	t->in_irq = false;
	t->wait = NULL;
	return t;
}

struct machine_thread *flat_thread_create(struct flat_machine *fm,
					  const char *name, uint32_t cpu,
					  void (*fn)(void *arg), void *arg)
{
	struct machine_thread *t;

	if (cpu >= fm->cfg.cpus)
		return NULL;
	t = thread_new(fm, name, cpu);
	if (!t)
		flat_stop(fm, FLAT_BUG, "too-many-threads",
			  "thread \"%s\": there are %u already", name,
			  FLAT_MAX_THREADS);
	t->fn = fn;
	t->arg = arg;
	t->body = thread_body;
	flat_context_make(t);
	make_ready(fm, t);
	return t;
}

/* The coroutine that takes a CPU's interrupts when no thread of its runs. */
static struct machine_thread *idle_of(struct flat_machine *fm, uint32_t cpu)
{
	struct flat_cpu *c = &fm->s->cpus[cpu];

	if (c->idle)
		return c->idle;
	c->idle = thread_new(fm, "idle", cpu);
	if (!c->idle)
		return NULL;
	c->idle->idle = true;
	c->idle->body = idle_body;
	flat_context_make(c->idle);
	return c->idle;
}

static bool can_go(const struct flat_machine *fm,
		   const struct machine_thread *t)
{
	if (t->relaxing && fm->s->job_done)
		return false;
	if (!t->wait || t->wait->over)
		return true;
	return t->wait->hold && t->irqs && flat_irq_due(fm, t->cpu);
}

/* The next that can go on, from the CPU after the last one; it gets its CPU. */
static struct machine_thread *pick(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	uint32_t i, c = s->last_cpu;
	struct machine_thread *t = NULL;

	for (i = 0; i < fm->cfg.cpus && !t; i++) {
		struct flat_cpu *cpu;

		c = c + 1 < fm->cfg.cpus ? c + 1 : 0;
		cpu = &s->cpus[c];
		if (cpu->owner)
			t = can_go(fm, cpu->owner) ? cpu->owner : NULL;
		else if (flat_irq_due(fm, c))
			t = idle_of(fm, c);
		else
			t = cpu->owner = pop_ready(cpu);
	}
	if (t)
		s->last_cpu = c;
	return t;
}

static void hang(struct flat_machine *fm)
{
	const struct machine_thread *t;
	char list[160] = "";
	size_t used = 0;

	for (t = fm->s->threads; t; t = t->all) {
		if (t->ended || !t->wait)
			continue;
		if (used >= sizeof(list) - 1)
			break;
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 "%s%s waits on \"%s\"",
					 used ? ", " : "", t->name,
					 t->wait->what ? t->wait->what :
							 t->wait->event->name);
	}
	flat_stop(fm, FLAT_HANG, "wait-never-ends", "%s", list);
}

/*
 * The context on `me` cannot go on: because of the wait w, or, w NULL, because
 * it is an idle loop or has ended.  Returns when it can.
 */
static void rest(struct flat_machine *fm, struct machine_thread *me,
		 struct flat_wait *w)
{
	struct flat_state *s = fm->s;
	struct flat_cpu *cpu = &s->cpus[me->cpu];
	bool last = !w && me->ended;
	struct machine_thread *next;

	for (;;) {
		flat_lanes_run(fm);
		if (w && w->hold ? me->irqs : !cpu->owner)
			flat_irq_take(fm, me);
		if (w && w->over && cpu->owner == me)
			return;
		next = pick(fm);
		if (next == me)
			continue;
		if (!next && expire(fm))
			continue;
		if (!next && !s->job_done) {
			if (!advance(fm))
				hang(fm);
			continue;
		}
		if (last) {
			me->next = s->ended_threads;
			s->ended_threads = me;
		}
		flat_context_switch(fm, me, next, last);
	}
}

static void thread_body(struct machine_thread *t)
{
	struct flat_machine *fm = t->fm;

	t->fn(t->arg);
	fm->s->cpus[t->cpu].owner = NULL;
	t->ended = true;
	rest(fm, t, NULL);
}

static void idle_body(struct machine_thread *t)
{
	rest(t->fm, t, NULL);
}

/* ---- what machine calls do ---- */

bool flat_wait_on(struct flat_machine *fm, struct machine_event *ev,
		  uint64_t deadline, bool hold, const char *what)
{
	struct machine_thread *me = fm->s->current;
	struct flat_wait w = {
		.thread = me,
		.event = ev,
		.deadline = deadline,
		.timed = deadline != MACHINE_FOREVER,
		.hold = hold,
		.what = what,
	};
	struct flat_wait *outer = me->wait;

	wait_link(fm, &w);
	me->wait = &w;
	if (!hold)
		fm->s->cpus[me->cpu].owner = NULL;
	rest(fm, me, &w);
	me->wait = outer;
	return w.signalled;
}

void flat_relax(struct flat_machine *fm)
{
	struct flat_state *s = fm->s;
	struct machine_thread *me = s->current, *next;

	me->relaxing = true;
	while (s->job_done || fm->cfg.cpus > 1) {
		next = pick(fm);
		if (next != me)
			flat_context_switch(fm, me, next, false);
		if (!s->job_done)
			break;
	}
	me->relaxing = false;
	s->now = flat_after(s->now, FLAT_RELAX_NS);
	expire(fm);
	flat_safe_point(fm);
}

struct machine_event *flat_event_create(struct flat_machine *fm,
					const char *name)
{
	struct flat_state *s = fm->s;
	struct machine_event *ev = s->free_events;

	if (ev)
		s->free_events = ev->next_free;
	else
		ev = flat_alloc(fm, sizeof(*ev));
	if (!ev)
		return NULL;
	flat_copy_text(ev->name, sizeof(ev->name), name);
	ev->first = ev->last = NULL;
	ev->live = true;
	return ev;
}

/* ---- the test's side ---- */

/* The first thread: one job of the test after the other. */
static void main_thread(void *arg)
{
	struct flat_machine *fm = arg;
	struct flat_state *s = fm->s;

	for (;;) {
		s->job_result = fm->job(fm);
		if (!s->main->irqs)
			flat_bug(fm, "sleep-in-atomic",
				 "returned with interrupts off");
		s->job_done = true;
		flat_wait_on(fm, s->job_event, MACHINE_FOREVER, false, NULL);
	}
}

void flat_enter(struct flat_machine *fm, bool job)
{
	struct flat_state *s = fm->s;
	struct machine_thread *first = NULL;

	s->budget_left = fm->cfg.budget;
	if (job && !s->main) {
		s->job_event = flat_event_create(fm, "the next job");
		s->main = flat_thread_create(fm, "main", 0, main_thread, fm);
	} else if (job) {
		flat_signal(fm, s->job_event, false);
	}
	if (job) {
		s->job_done = false;
		first = pick(fm);
	} else {
		first = idle_of(fm, 0);
	}
	if (first)
		flat_context_switch(fm, NULL, first, false);
	assert(s->end || s->job_done);
}

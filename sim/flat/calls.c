/* SPDX-License-Identifier: MIT */
/*
 * The small machine's side of door 1 (guestdrv/abi/machine.h): the table of
 * machine calls.  Here a guest's misuse is found out; what the calls do is in the
 * files for each topic.
 */
#include <stdlib.h>

#include "sim/flat/internal.h"

static struct flat_machine *fm_of(struct machine *m)
{
	return (struct flat_machine *)m;
}

static uint64_t call_read(struct machine *m, enum machine_space space,
			  uint64_t addr, unsigned int width)
{
	struct flat_machine *fm = fm_of(m);
	uint64_t value;

	flat_spend(fm);
	value = flat_access_read(fm, space, addr, width);
	flat_safe_point(fm);
	return value;
}

static void call_write(struct machine *m, enum machine_space space,
		       uint64_t addr, unsigned int width, uint64_t value)
{
	struct flat_machine *fm = fm_of(m);

	flat_spend(fm);
	flat_access_write(fm, space, addr, width, value);
	flat_safe_point(fm);
}

static uint64_t call_now(struct machine *m)
{
	return fm_of(m)->s->now;
}

static void call_relax(struct machine *m)
{
	flat_spend(fm_of(m));
	flat_relax(fm_of(m));
}

static uint32_t call_cpu(struct machine *m)
{
	return fm_of(m)->s->current->cpu;
}

static bool call_irqs_enable(struct machine *m, bool enable)
{
	struct flat_machine *fm = fm_of(m);
	struct machine_thread *t = fm->s->current;
	bool was = t->irqs;

	/* A handler runs with interrupts off to its end. */
	if (t->in_irq)
		return false;
	t->irqs = enable;
	if (enable && !was)
		flat_safe_point(fm);
	return was;
}

static void call_line_enable(struct machine *m, uint32_t line, uint32_t cpu,
			     bool enable)
{
	struct flat_machine *fm = fm_of(m);

	if (line >= FLAT_LINES || cpu >= fm->cfg.cpus)
		flat_bug(fm, "bad-argument", "line_enable of line %u on CPU %u",
			 line, cpu);
	flat_irq_enable_line(fm, line, cpu, enable);
}

static struct machine_thread *call_thread_create(struct machine *m,
						 const char *name,
						 uint32_t cpu,
						 void (*fn)(void *arg),
						 void *arg)
{
	return flat_thread_create(fm_of(m), name, cpu, fn, arg);
}

static struct machine_thread *call_thread_self(struct machine *m)
{
	struct machine_thread *t = fm_of(m)->s->current;

	return t->in_irq ? NULL : t;
}

/* A guest may hold on to an event too long: that is its bug, not ours. */
static void check_event(struct flat_machine *fm, const struct machine_event *ev,
			const char *call)
{
	if (!ev)
		flat_bug(fm, "null-pointer", "%s without an event", call);
	if (!ev->live)
		flat_bug(fm, "use-after-free", "%s of event \"%s\", destroyed",
			 call, ev->name);
}

static struct machine_event *call_event_create(struct machine *m,
					       const char *name)
{
	struct flat_machine *fm = fm_of(m);
	struct machine_event *ev = flat_event_create(fm, name);

	if (!ev)
		flat_bug(fm, "out-of-memory", "no room for event \"%s\"", name);
	return ev;
}

static void call_event_destroy(struct machine *m, struct machine_event *ev)
{
	struct flat_machine *fm = fm_of(m);

	check_event(fm, ev, "event_destroy");
	if (ev->first)
		flat_bug(fm, "use-after-free",
			 "event_destroy of \"%s\", on which %s waits", ev->name,
			 ev->first->thread->name);
	ev->live = false;
	ev->next_free = fm->s->free_events;
	fm->s->free_events = ev;
}

static void call_event_signal(struct machine *m, struct machine_event *ev,
			      bool all)
{
	check_event(fm_of(m), ev, "event_signal");
	flat_signal(fm_of(m), ev, all);
}

static bool call_event_wait_for(struct machine *m, struct machine_event *ev,
				uint64_t deadline, uint32_t flags,
				const char *what)
{
	struct flat_machine *fm = fm_of(m);
	const struct machine_thread *t = fm->s->current;
	bool hold = flags & MACHINE_WAIT_HOLD_CPU;

	flat_spend(fm);
	check_event(fm, ev, "event_wait");
	if (!hold && (t->in_irq || !t->irqs))
		flat_bug(fm, "sleep-in-atomic", "waits on \"%s\" %s", ev->name,
			 t->in_irq ? "in the interrupt entry" :
				     "with interrupts off");
	return flat_wait_on(fm, ev, deadline, hold, what);
}

static bool call_event_wait(struct machine *m, struct machine_event *ev,
			    uint64_t deadline, uint32_t flags)
{
	return call_event_wait_for(m, ev, deadline, flags, NULL);
}

static int call_fault_point(struct machine *m, struct machine_fault_site *site,
			    uint32_t device, uint32_t index)
{
	return flat_point_reached(fm_of(m), site->name, &site->handle, device,
				  index);
}

static void call_account(struct machine *m, enum machine_resource kind,
			 uint64_t id, int64_t amount, uint32_t device)
{
	flat_account(fm_of(m), kind, id, amount, device);
}

static void call_note(struct machine *m, const struct machine_note *note)
{
	struct flat_record head = {
		.kind = FLAT_REC_NOTE,
		.event = note->kind,
		.device = note->device,
		.index = note->index,
		.value = note->value,
		.result = note->result,
	};

	flat_record_add(fm_of(m), &head, note->text);
}

static void call_log(struct machine *m, int level, const char *text)
{
	struct flat_record head = {
		.kind = FLAT_REC_LOG,
		.device = MACHINE_NO_DEVICE,
		.index = (uint32_t)level,
	};

	flat_record_add(fm_of(m), &head, text);
}

static bool call_data(struct machine *m, enum machine_data_kind kind,
		      uint32_t device, uint64_t offset, const void *buf,
		      uint64_t len)
{
	struct flat_machine *fm = fm_of(m);

	if (!fm->data_fn ||
	    fm->data_fn(fm->data_arg, kind, device, offset, buf, len))
		return true;
	fm->s->counters.data_bad++;
	return false;
}

static void call_bug(struct machine *m, const char *code, const char *text)
{
	flat_bug(fm_of(m), code, "%s", text ? text : "");
}

/* Nobody here prints stacks. */
static void call_mention(struct machine *m, const char *what, const void *code)
{
	(void)m;
	(void)what;
	(void)code;
}

static void call_fetch(struct machine *m, const void *at, uint32_t size,
		       const void *code)
{
	flat_fetched(fm_of(m), at, size, code);
}

const struct machine_calls flat_call_table = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct machine_calls),
	.read = call_read,
	.write = call_write,
	.now = call_now,
	.relax = call_relax,
	.cpu = call_cpu,
	.irqs_enable = call_irqs_enable,
	.line_enable = call_line_enable,
	.thread_create = call_thread_create,
	.thread_self = call_thread_self,
	.event_create = call_event_create,
	.event_destroy = call_event_destroy,
	.event_signal = call_event_signal,
	.event_wait = call_event_wait,
	.fault_point = call_fault_point,
	.account = call_account,
	.note = call_note,
	.log = call_log,
	.data = call_data,
	.bug = call_bug,
	.mention = call_mention,
	.event_wait_for = call_event_wait_for,
	.fetch = call_fetch,
};

/* SPDX-License-Identifier: MIT */
/*
 * For scripts that must go on without what does not end: functions on guest
 * threads of their own, waited for so long and no longer, and operators' actions
 * that are given up.
 */
#include <cerrno>

#include "sim/platform/platform_impl.h"

using namespace ringside;

static void beside_body(void *arg)
{
	auto *b = static_cast<platform::beside *>(arg);

	b->fn(b->arg);
	b->over = true;
	door_calls.event_signal(b->p, &b->end, true);
}

static uint64_t deadline_of(const platform *p, uint64_t within_ps)
{
	return (p->now() + within_ps + 999) / 1000;
}

static void wait_for(platform::beside *b, uint64_t deadline)
{
	while (!b->over && door_calls.event_wait(b->p, &b->end, deadline, 0))
		;
}

bool platform_within(struct platform *p, uint64_t within_ps, const char *what,
		     void (*fn)(void *arg), void *arg)
{
	cpu *c = p->cpus[0].get();

	p->besides.push_back(std::make_unique<platform::beside>());
	platform::beside *b = p->besides.back().get();

	b->p = p;
	b->fn = fn;
	b->arg = arg;
	b->end.name = what;
	c->add(p->new_thread(what, c, beside_body, b));
	wait_for(b, deadline_of(p, within_ps));
	return b->over;
}

size_t platform_unfinished(struct platform *p, uint64_t within_ps)
{
	uint64_t deadline = deadline_of(p, within_ps);
	size_t n = 0;

	for (auto &b : p->besides) {
		wait_for(b.get(), deadline);
		n += !b->over;
	}
	return n;
}

void platform_cancel_actions(struct platform *p)
{
	p->actions_over = true;
	for (auto &f : p->functions)
		f->action_done(-ECANCELED);
}

void platform_mention(struct platform *p, const char *what, uintptr_t code)
{
	if (!p->in_text(code))
		return;
	if (p->mentions.size() == platform::max_mentions)
		p->mentions.pop_front();
	p->mentions.emplace_back(what, code);
}

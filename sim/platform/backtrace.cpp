/* SPDX-License-Identifier: MIT */
/*
 * Stacks of guest threads, by frame pointers: guests and this folder are
 * compiled with them.  Only addresses in the image's code are kept, so the
 * simulator's own frames drop out.
 */
#include <cstring>

#include "sim/platform/platform_impl.h"

using ringside::strand;

/* Follows frames inside [low, high); reads nothing outside.  Of more than `max`
 * the first ones and the last `outer`, or none of those. */
static size_t walk(const platform *p, void *const *frame, uintptr_t low,
		   uintptr_t high, uintptr_t *out, size_t max, size_t outer)
{
	const uintptr_t text = p->text_start, text_size = p->text_end - text;
	size_t n = 0;

	while (n < max || outer) {
		uintptr_t at = (uintptr_t)frame;

		if (at < low || at + 16 > high || at % 8)
			break;
		if ((uintptr_t)frame[1] - text < text_size) {
			if (n == max) {
				n--;
				memmove(out + max - outer,
					out + max - outer + 1,
					(outer - 1) * sizeof(*out));
			}
			out[n++] = (uintptr_t)frame[1] - 1;
		}
		if ((uintptr_t)frame[0] <= at)
			break;
		frame = (void *const *)frame[0];
	}
	return n;
}

static size_t walk_thread(const platform *p, const machine_thread *t,
			  void *const *frame, uintptr_t *out, size_t max,
			  size_t outer)
{
	const strand *s = t->strand;

	if (!frame || !s->stack_top())
		return 0;
	return walk(p, frame, s->stack_low(), s->stack_top() + 64, out, max,
		    outer);
}

static platform_backtrace describe(const machine_thread *t)
{
	platform_backtrace b = {};

	b.thread = t->name.c_str();
	b.waits = t->waits ? t->waits->name.c_str() : nullptr;
	b.cpu = t->cpu->id();
	return b;
}

static platform_backtrace describe_place(const char *what, uintptr_t code)
{
	platform_backtrace b = {};

	b.place = what;
	b.frames[b.count++] = code;
	return b;
}

/* The culprit first, what it mentions, then all other threads that have not
 * ended. */
void platform::collect_stacks(void *const *culprit_frame, uintptr_t culprit_pc,
			      uintptr_t frameless_caller)
{
	const machine_thread *culprit =
		current_cpu ? current_cpu->context() : nullptr;

	stacks.clear();
	if (culprit) {
		platform_backtrace b = describe(culprit);

		if (culprit_pc && in_text(culprit_pc))
			b.frames[b.count++] = culprit_pc;
		if (frameless_caller)
			b.frames[b.count++] = frameless_caller;
		b.count += walk_thread(this, culprit,
				       culprit_frame ? culprit_frame :
						       culprit->frame,
				       b.frames + b.count,
				       PLATFORM_MAX_FRAMES - b.count,
				       PLATFORM_OUTER_FRAMES);
		stacks.push_back(b);
	}
	for (const auto &[what, code] : mentions)
		stacks.push_back(describe_place(what.c_str(), code));
	for (const auto &t : threads) {
		if (t.get() == culprit || t->housekeeping ||
		    t->state == thread_state::ended)
			continue;
		platform_backtrace b = describe(t.get());

		b.count = walk_thread(this, t.get(), t->frame, b.frames,
				      PLATFORM_MAX_FRAMES,
				      PLATFORM_OUTER_FRAMES);
		stacks.push_back(b);
	}
	outcome.stacks = stacks.data();
	outcome.nstacks = stacks.size();
}

size_t platform_callers(struct platform *p, uintptr_t *frames, size_t max)
{
	const machine_thread *t =
		p->current_cpu ? p->current_cpu->context() : nullptr;

	return t ? walk_thread(p, t, t->frame, frames, max, 0) : 0;
}

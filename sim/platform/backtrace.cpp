/* SPDX-License-Identifier: MIT */
/*
 * Stacks of guest threads, by frame pointers: guests and this folder are
 * compiled with them.  Only addresses in the image's code are kept, so the
 * simulator's own frames drop out.
 */
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* The first `max` of it, one at least: what checks ask for at every mapping.  The
 * first frame is one, and they lead upwards. */
static size_t walk_inner(const platform *p, uintptr_t at, uintptr_t high,
			 uintptr_t *out, size_t max)
{
	const uintptr_t text = p->text_start, text_size = p->text_end - text;
	const uintptr_t last = high - 16;
	uintptr_t *next = out, *const end = out + max, below = 0;
	uintptr_t frame[2]; /* the caller's, the return address */

	for (; at > below && at <= last; below = at, at = frame[0]) {
		memcpy(frame, (const void *)at, sizeof(frame));
		if (frame[1] - text >= text_size)
			continue;
		*next++ = frame[1] - 1;
		if (next == end)
			break;
	}
	return (size_t)(next - out);
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

/* The guest may have pointed anywhere, and it may be its crash that is being
 * reported: the kernel copies, through a pipe, and answers EFAULT where a read
 * would crash. */
static std::string copy_text(const char *at)
{
	char text[120] = "";
	size_t used = 0, len;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return "";
	/* Not over the end of a page that the text does not reach. */
	while (used < sizeof(text) - 1 && !memchr(text, 0, used)) {
		len = std::min(sizeof(text) - 1 - used,
			       4096 - ((uintptr_t)at + used) % 4096);
		if (syscall(SYS_write, ends[1], at + used, len) != (long)len ||
		    read(ends[0], text + used, len) != (ssize_t)len)
			break;
		used += len;
	}
	close(ends[0]);
	close(ends[1]);
	text[used] = 0;
	return text;
}

static const char *wait_text(platform *p, const machine_thread *t)
{
	std::string words = t->waits_for ? copy_text(t->waits_for) : "";

	if (words.empty())
		return t->waits->name.c_str();
	p->wait_texts.push_back(words);
	return p->wait_texts.back().c_str();
}

static platform_backtrace describe(platform *p, const machine_thread *t)
{
	platform_backtrace b = {};

	b.thread = t->name.c_str();
	b.waits = t->waits ? wait_text(p, t) : nullptr;
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
		platform_backtrace b = describe(this, culprit);

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
		platform_backtrace b = describe(this, t.get());

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

	if (p->posted_by) {
		size_t n = std::min(max, p->posted_by->count);

		std::copy_n(p->posted_by->frames, n, frames);
		return n;
	}
	if (!t || !t->frame || !t->strand->stack_top() || !max)
		return 0;
	return walk_inner(p, (uintptr_t)t->frame, t->strand->stack_top() + 64,
			  frames, max);
}

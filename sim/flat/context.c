/* SPDX-License-Identifier: MIT */
/*
 * Coroutines for guest threads: a stack each with a guard page below, switched
 * by swapcontext.  AddressSanitizer is told of each switch, so that its shadow
 * of the stacks stays right.
 */
#include <assert.h>
#include <sys/mman.h>

#include "sim/flat/internal.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define FLAT_ASAN 1
#else
#define FLAT_ASAN 0
#endif

/* swapcontext keeps its return address and what the ABI lets it use below the
 * frame of its caller. */
#define BELOW_FRAME 1024u

uint8_t *flat_stack_create(void)
{
	uint8_t *p = mmap(NULL, FLAT_PAGE + FLAT_STACK, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p, FLAT_PAGE, PROT_NONE)) {
		munmap(p, FLAT_PAGE + FLAT_STACK);
		return NULL;
	}
	return p + FLAT_PAGE;
}

void flat_stack_destroy(uint8_t *stack)
{
	flat_stack_forget(stack);
	munmap(stack - FLAT_PAGE, FLAT_PAGE + FLAT_STACK);
}

void flat_stack_forget(uint8_t *stack)
{
#if FLAT_ASAN
	__asan_unpoison_memory_region(stack, FLAT_STACK);
#else
	(void)stack;
#endif
}

/* The new context runs for the first time, or an old one again. */
static void arrived(struct flat_machine *fm, void *fake)
{
#if FLAT_ASAN
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(fake, &bottom, &size);
	/* The first switch of all tells where the test's own stack lies. */
	if (!fm->host_stack) {
		fm->host_stack = bottom;
		fm->host_stack_size = size;
	}
#else
	(void)fm;
	(void)fake;
#endif
}

static void leaving(struct flat_machine *fm, void **fake,
		    const struct machine_thread *to)
{
#if FLAT_ASAN
	const void *bottom = to ? to->stack : fm->host_stack;
	size_t size = to ? FLAT_STACK : fm->host_stack_size;

	__sanitizer_start_switch_fiber(fake, bottom, size);
#else
	(void)fm;
	(void)fake;
	(void)to;
#endif
}

/* makecontext passes ints only; this is the body that it starts. */
static void entry(unsigned int high, unsigned int low)
{
	uintptr_t bits = (uintptr_t)((uint64_t)high << 32 | low);
	struct machine_thread *t = (struct machine_thread *)bits;

	arrived(t->fm, NULL);
	t->body(t);
	assert(!"a thread's body returned");
}

void flat_context_make(struct machine_thread *t)
{
	uint64_t bits = (uintptr_t)t;

	getcontext(&t->context);
	t->sp = t->stack + FLAT_STACK - FLAT_PAGE;
	t->fake_stack = NULL;
	t->context.uc_stack.ss_sp = t->stack;
	t->context.uc_stack.ss_size = FLAT_STACK;
	t->context.uc_link = NULL;
	makecontext(&t->context, (void (*)(void))entry, 2,
		    (unsigned int)(bits >> 32), (unsigned int)bits);
}

void flat_context_switch(struct flat_machine *fm, struct machine_thread *from,
			 struct machine_thread *to, bool last)
{
	ucontext_t *out = from ? &from->context : &fm->host_context;
	ucontext_t *in = to ? &to->context : &fm->host_context;
	void **fake = from ? &from->fake_stack : &fm->host_fake;

	if (from) {
		uint8_t *frame = __builtin_frame_address(0);

		from->sp = frame - BELOW_FRAME;
		if (from->sp < from->stack)
			from->sp = from->stack;
	}
	fm->s->current = to;
	fm->s->counters.switches++;
	leaving(fm, last ? NULL : fake, to);
	swapcontext(out, in);
	arrived(fm, *fake);
}

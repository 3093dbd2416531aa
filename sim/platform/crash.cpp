/* SPDX-License-Identifier: MIT */
/*
 * A guest that crashes or spins.  The handlers run on a stack of their own,
 * note what happened and where, and leave the simulation for good by
 * siglongjmp to platform_run; SystemC is not entered again.
 */
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include "sim/platform/platform_impl.h"

namespace ringside {

static platform *guarded;
static constexpr size_t altstack_size = 256 * 1024;
static constexpr int crash_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE,
					 SIGTRAP };
static struct sigaction old_actions[5];

const char spin_text[] = "the guest used 2 s of CPU without a safe point; poll "
			 "with cpu_relax()";

/* The watchdog looks every 250 ms of CPU time; 2 s without progress end it. */
static constexpr int tick_ms = 250, ticks_allowed = 8;
static uint64_t last_progress;
static int still_ticks;

static void *const *frame_of(const ucontext_t *uc)
{
	return (void *const *)uc->uc_mcontext.gregs[REG_RBP];
}

static uintptr_t pc_of(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
}

/* Within the guard below the present stack, or just above it. */
static bool hits_guard(const platform *p, uintptr_t addr)
{
	const machine_thread *t = p->current_cpu->context();
	uintptr_t low = t->strand->stack_low();

	return addr >= low - 64 * 1024 && addr < low + 8 * 1024;
}

/* May the word at sp be read? */
static bool on_stack(const platform *p, uintptr_t sp)
{
	const strand *s = p->current_cpu->context()->strand;

	return sp % 8 == 0 && sp >= s->stack_low() && !hits_guard(p, sp) &&
	       sp + 8 <= s->stack_top();
}

/* Is there a call before this address of the guest's code? */
static bool follows_call(const platform *p, uintptr_t ret)
{
	auto *code = (const uint8_t *)ret;

	if (!p->in_text(ret) || !p->in_text(ret - 6))
		return false;
	/* call rel32; call r/m64 with no, one or four bytes of displacement:
	 * ff /2 */
	return code[-5] == 0xe8 ||
	       (code[-2] == 0xff && ((code[-1] & 0xf8) == 0xd0 ||
				     (code[-1] & 0xf8) == 0x10)) ||
	       (code[-3] == 0xff && (code[-2] & 0xf8) == 0x50) ||
	       (code[-6] == 0xff &&
		(code[-5] == 0x15 || (code[-5] & 0xf8) == 0x90));
}

/* And of the function that pc is in, as far as the instruction tells? */
static bool called(const platform *p, uintptr_t ret, uintptr_t pc)
{
	int32_t distance;

	if (!follows_call(p, ret))
		return false;
	if (*(const uint8_t *)(ret - 5) != 0xe8)
		return true;
	memcpy(&distance, (const uint8_t *)ret - 4, sizeof(distance));
	return pc - (ret + (uintptr_t)(intptr_t)distance) < 4096;
}

/* Who called a function that has made no frame of its own, as gcc compiles
 * small ones, or not yet: the return address is on top of the stack still, or
 * below the frame pointer that was just pushed.  0: it has. */
static uintptr_t frameless_caller(const platform *p, const ucontext_t *uc,
				  uintptr_t pc)
{
	uintptr_t sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
	uintptr_t ret;

	if (on_stack(p, sp) &&
	    *(const uintptr_t *)sp == (uintptr_t)uc->uc_mcontext.gregs[REG_RBP])
		sp += 8;
	if (!on_stack(p, sp))
		return 0;
	ret = *(const uintptr_t *)sp;
	return called(p, ret, pc) ? ret - 1 : 0;
}

[[noreturn]] static void leave(enum run_end end, const char *code,
			       const char *text, const ucontext_t *uc,
			       uintptr_t pc, void *const *frame)
{
	platform *p = guarded;

	p->finish(end, code, text);
	p->collect_stacks(frame, pc,
			  pc == pc_of(uc) ? frameless_caller(p, uc, pc) : 0);
	siglongjmp(p->out, 1);
}

/* A call through a pointer to no code has pushed where it came from: the
 * address behind the call in the guest's code, or 0. */
static uintptr_t called_from(const platform *p, const ucontext_t *uc,
			     uintptr_t addr)
{
	uintptr_t sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];

	if (pc_of(uc) != addr || !on_stack(p, sp))
		return 0;
	return p->in_text(*(const uintptr_t *)sp) ? *(const uintptr_t *)sp : 0;
}

/* What lies there, also between the variables that a sanitizer watches. */
__attribute__((no_sanitize_address)) static uintptr_t word_at(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

/* Machine calls run on the guest's stack, so that it can be used up in our own
 * code: then it is the guest's last call that did it, the nearest return
 * address above the guard page that was hit.  Our code may use rbp as it likes:
 * the guest's frame is the first pair of words that looks like one. */
static uintptr_t overflowed_from(const platform *p, const ucontext_t *uc,
				 uintptr_t addr, void *const **frame)
{
	const strand *s = p->current_cpu->context()->strand;
	uintptr_t page = addr & ~(uintptr_t)4095, top = s->stack_top();
	uintptr_t sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
	uintptr_t at = sp > page + 4096 ? (sp + 7) & ~(uintptr_t)7 :
					  page + 4096;
	uintptr_t pc = 0, next;

	if (!hits_guard(p, addr) || addr < s->stack_low() || sp < page ||
	    sp > page + 64 * 1024)
		return 0;
	for (; !pc && at + 8 <= top; at += 8)
		if (follows_call(p, word_at(at)))
			pc = word_at(at);
	for (; pc && at + 16 <= top; at += 8) {
		next = word_at(at);
		if (next <= at || next >= top || next % 8 ||
		    !follows_call(p, word_at(at + 8)))
			continue;
		*frame = (void *const *)at;
		break;
	}
	return pc;
}

/* What a signal means, and the phrase that tells it. */
struct crash {
	const char *code;
	char text[96];
};

/* si_code SI_KERNEL: an address that no pointer can have, which the processor
 * does not tell. */
static void describe(crash *c, int sig, const siginfo_t *info,
		     const platform *p, const char *what)
{
	auto addr = (unsigned long)info->si_addr;

	if (sig == SIGFPE) {
		*c = { "divide-error", "division by zero" };
	} else if (sig == SIGILL || sig == SIGTRAP) {
		*c = { "illegal-instruction", "an instruction that is none" };
	} else if (sig == SIGSEGV && info->si_code == SI_KERNEL) {
		*c = { "bad-address", "" };
		snprintf(c->text, sizeof(c->text),
			 "%s an address that no pointer can have", what);
	} else if (hits_guard(p, addr)) {
		*c = { "stack-overflow", "the guest thread's stack is used up" };
	} else {
		c->code = addr < 64 * 1024 ? "null-pointer" : "bad-address";
		snprintf(c->text, sizeof(c->text), "%s address 0x%lx", what,
			 addr);
	}
}

[[noreturn]] static void own_fault()
{
	static const char message[] =
		"ringside: internal error: a fault in the simulator\n";

	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(3);
	_exit(3);
}

static void on_crash(int sig, siginfo_t *info, void *context)
{
	auto *uc = (const ucontext_t *)context;
	platform *p = guarded;
	uintptr_t pc = pc_of(uc);
	void *const *frame = frame_of(uc);
	const char *what = "access to";
	crash c;

	if (!p || !p->current_cpu || !p->current_cpu->context() ||
	    p->current_lane)
		own_fault();
	if (p->reads_guest) {
		what = "a machine call got a pointer to";
	} else if (!p->in_text(pc)) {
		pc = called_from(p, uc, (uintptr_t)info->si_addr);
		if (!pc)
			pc = overflowed_from(p, uc, (uintptr_t)info->si_addr,
					     &frame);
		if (!pc)
			own_fault();
		pc--;
		what = "call of";
	}
	describe(&c, sig, info, p, what);
	leave(RUN_GUEST_CRASH, c.code, c.text, uc, pc, frame);
}

static void on_watchdog(int, siginfo_t *, void *context)
{
	auto *uc = (const ucontext_t *)context;
	platform *p = guarded;

	if (!p || !p->agenda || p->agenda->ended())
		return;
	if (p->agenda->progress != last_progress) {
		last_progress = p->agenda->progress;
		still_ticks = 0;
		return;
	}
	if (++still_ticks < ticks_allowed || !p->current_cpu || p->current_lane)
		return;
	if (p->in_text(pc_of(uc)))
		leave(RUN_SPIN, "endless-loop", spin_text, uc, pc_of(uc),
		      frame_of(uc));
	p->spins_at = last_progress;
}

static void set_timer(int ms)
{
	struct itimerval t = {};

	t.it_interval.tv_usec = t.it_value.tv_usec = ms * 1000;
	setitimer(ITIMER_VIRTUAL, &t, nullptr);
}

void crash_guard_on(platform *p)
{
	static void *stack;
	struct sigaction sa = {};
	stack_t ss = {};

	if (!stack)
		stack = mmap(nullptr, altstack_size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ss.ss_sp = stack;
	ss.ss_size = altstack_size;
	sigaltstack(&ss, nullptr);
	guarded = p;
	sigfillset(&sa.sa_mask);
	sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sa.sa_sigaction = on_crash;
	for (size_t i = 0; i < std::size(crash_signals); i++)
		sigaction(crash_signals[i], &sa, &old_actions[i]);
	sa.sa_flags |= SA_RESTART;
	sa.sa_sigaction = on_watchdog;
	sigaction(SIGVTALRM, &sa, nullptr);
	still_ticks = 0;
	set_timer(tick_ms);
}

/* Handlers and the stack of their own are there, timers are not (setitimer). */
void crash_guard_forked()
{
	still_ticks = 0;
	set_timer(tick_ms);
}

/* The watchdog's handler stays: a tick may be on its way still. */
void crash_guard_off()
{
	set_timer(0);
	for (size_t i = 0; i < std::size(crash_signals); i++)
		sigaction(crash_signals[i], &old_actions[i], nullptr);
	guarded = nullptr;
}

} // namespace ringside

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
static struct sigaction old_actions[5], old_alarm;

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

[[noreturn]] static void leave(enum run_end end, const char *code,
			       const char *text, const ucontext_t *uc)
{
	platform *p = guarded;

	p->finish(end, code, text);
	p->collect_stacks(frame_of(uc), pc_of(uc));
	siglongjmp(p->out, 1);
}

/* Within the guard below the present stack, or just above it. */
static bool hits_guard(const platform *p, uintptr_t addr)
{
	const machine_thread *t = p->current_cpu->context();
	uintptr_t low = t->strand->stack_low();

	return addr >= low - 64 * 1024 && addr < low + 8 * 1024;
}

static const char *signal_code(int sig, const platform *p, uintptr_t addr)
{
	if (sig == SIGFPE)
		return "divide-error";
	if (sig == SIGILL || sig == SIGTRAP)
		return "illegal-instruction";
	if (hits_guard(p, addr))
		return "stack-overflow";
	return addr < 64 * 1024 ? "null-pointer" : "bad-address";
}

static void describe(char *text, size_t size, const char *code, uintptr_t addr)
{
	if (!strcmp(code, "null-pointer"))
		snprintf(text, size, "access to address 0x%lx",
			 (unsigned long)addr);
	else if (!strcmp(code, "stack-overflow"))
		snprintf(text, size, "the guest thread's stack is used up");
	else
		snprintf(text, size, "the guest's code faulted");
}

static void on_crash(int sig, siginfo_t *info, void *context)
{
	auto *uc = (const ucontext_t *)context;
	platform *p = guarded;
	uintptr_t addr = (uintptr_t)info->si_addr;
	char text[80];

	if (!p || !p->current_cpu || p->current_lane ||
	    !p->in_text(pc_of(uc))) {
		static const char message[] =
			"ringside: internal error: a fault in the simulator\n";

		if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
			_exit(3);
		_exit(3);
	}
	const char *code = signal_code(sig, p, addr);

	describe(text, sizeof(text), code, addr);
	leave(RUN_GUEST_CRASH, code, text, uc);
}

static void on_watchdog(int, siginfo_t *, void *context)
{
	auto *uc = (const ucontext_t *)context;
	platform *p = guarded;

	if (!p || !p->agenda)
		return;
	if (p->agenda->progress != last_progress || !p->in_text(pc_of(uc))) {
		last_progress = p->agenda->progress;
		still_ticks = 0;
		return;
	}
	if (++still_ticks < ticks_allowed)
		return;
	leave(RUN_SPIN, "endless-loop",
	      "the guest used 2 s of CPU without a safe point; poll with "
	      "cpu_relax()",
	      uc);
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
	sigaction(SIGVTALRM, &sa, &old_alarm);
	still_ticks = 0;
	set_timer(tick_ms);
}

void crash_guard_off()
{
	set_timer(0);
	for (size_t i = 0; i < std::size(crash_signals); i++)
		sigaction(crash_signals[i], &old_actions[i], nullptr);
	sigaction(SIGVTALRM, &old_alarm, nullptr);
	guarded = nullptr;
}

} // namespace ringside

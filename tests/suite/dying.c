/* SPDX-License-Identifier: MIT */
/*
 * The image `dying`: its one action takes the whole process with it, in a way that
 * no handler of the simulator's can turn into a guest's mistake.  Without a libc:
 * the system is called as the processor does it.
 */
#include "guestdrv/abi/machine.h"

#define SYS_RT_SIGACTION 13
#define SYS_RT_SIGPROCMASK 14
#define SYS_GETPID 39
#define SYS_KILL 62
#define SYS_PRLIMIT64 302

#define KILL 9
#define SEGV 11
#define LIMIT_AS 9

#define MESSAGES 20000

static struct machine *m;
static const struct machine_calls *call;

static long system_call(long n, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall" : "=a"(ret)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return ret;
}

static void die_by(int signal)
{
	/* The kernel's struct: handler, flags, restorer, mask; all zero is the
	 * default. */
	static const uint64_t by_default[4];
	long pid = system_call(SYS_GETPID, 0, 0, 0, 0);

	system_call(SYS_RT_SIGACTION, signal, (long)by_default, 0, 8);
	system_call(SYS_KILL, pid, signal, 0, 0);
}

/* No more memory for whoever asks; then the simulator is made to ask. */
static void run_out_of_memory(void)
{
	static const uint64_t none[2];
	int i;

	system_call(SYS_PRLIMIT64, 0, LIMIT_AS, (long)none, 0);
	for (i = 0; i < MESSAGES; i++)
		call->log(m, 6, "one more line of the guest's log, and no room");
}

/* Deaf to the simulator's watchdog. */
static void loop(void)
{
	static const uint64_t all = ~UINT64_C(0);
	volatile bool on = true;

	system_call(SYS_RT_SIGPROCMASK, 0, (long)&all, 0, 8);
	while (on)
		;
}

static bool same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

static int die(const struct guest_value *values)
{
	const char *way = values[0].s;

	if (same(way, "segv"))
		die_by(SEGV);
	else if (same(way, "kill"))
		die_by(KILL);
	else if (same(way, "memory"))
		run_out_of_memory();
	else if (same(way, "loop"))
		loop();
	return 0;
}

static int boot(struct machine *machine, const struct machine_calls *calls,
		const struct machine_info *info)
{
	m = machine;
	call = calls;
	(void)info;
	return 0;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
}

static void shutdown(void)
{
}

/* The compiler's stack protector ends here. */
void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
	call->bug(m, "stack-smashed", "a function wrote beyond its frame");
	__builtin_unreachable();
}

static const char *const ladder[] = { "none", NULL };
static const struct guest_param no_options[] = { { .name = NULL } };
static const struct guest_fault_point no_faults[] = { { .name = NULL } };
static const struct guest_param die_params[] = {
	{ "way", GUEST_PARAM_STRING, true, 0, "none, segv, kill, memory, loop" },
	{ .name = NULL },
};
static const struct guest_action actions[] = {
	{ "die", "ends the process", die_params, die },
	{ .name = NULL },
};

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(image),
	.name = "dying",
	.about = "takes the process with it (for tests)",
	.ladder = ladder,
	.options = no_options,
	.actions = actions,
	.faults = no_faults,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = shutdown,
};

__attribute__((visibility("default"))) ringside_guest_fn ringside_guest;

const struct guest_image *ringside_guest(void)
{
	return &image;
}

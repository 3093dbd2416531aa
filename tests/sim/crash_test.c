/* SPDX-License-Identifier: MIT */
/*
 * A guest that crashes: what the signal meant, the thread and its functions, on
 * whatever stack it happened.
 */
#include "tests/sim/rig.h"

#include <string.h>

static struct machine_event *ev;

static const struct rig_result *run_script(void (*script)(void))
{
	struct rig rig = { .script = script };

	return rig_run(&rig);
}

static int *volatile no_int;
static uint64_t *volatile poison = (uint64_t *)0x6b6b6b6b6b6b6b6b;
static void (*volatile no_function)(void);
static void (*volatile wild_function)(void) = (void (*)(void))0x7fff0000;
static volatile int zero, no_end = -1;

GUEST static void write_null(void)
{
	no_int[4] = 1;
}

GUEST static void null_pointer(void)
{
	write_null();
}

GUEST static void poisoned_pointer(void)
{
	say("%d", (int)*poison);
}

GUEST static void divide(void)
{
	zero = 5 / zero;
}

GUEST static void trap(void)
{
	__builtin_trap();
}

GUEST static void call_null(void)
{
	no_function();
	say("never");
}

GUEST static void call_wild(void)
{
	wild_function();
	say("never");
}

GUEST static int recurse(int n)
{
	volatile char block[1000];

	memset((char *)block, n, sizeof(block));
	return n == no_end ? 0 : recurse(n + 1) + block[n % 1000];
}

GUEST static void deep(void)
{
	recurse(0);
}

GUEST static void large_frame(void)
{
	volatile char block[300 * 1024];

	block[0] = 1;
	say("%d", block[0]);
}

TEST(crash, crashes)
{
	static const struct {
		void (*script)(void);
		const char *code, *text, *stack;
	} rows[] = {
		{ null_pointer, "null-pointer", "access to address 0x10",
		  "write_null < null_pointer" },
		{ poisoned_pointer, "bad-address",
		  "access to an address that no pointer can have",
		  "poisoned_pointer" },
		{ divide, "divide-error", "division by zero", "divide" },
		{ trap, "illegal-instruction", "an instruction that is none",
		  "trap" },
		{ call_null, "null-pointer", "call of address 0x0",
		  "call_null" },
		{ call_wild, "bad-address", "call of address 0x7fff0000",
		  "call_wild" },
		{ large_frame, "stack-overflow",
		  "the guest thread's stack is used up", "large_frame" },
	};
	unsigned int i;

	for (i = 0; i < 7; i++) {
		const struct rig_result *r = run_script(rows[i].script);
		TEST_ROW("%s", rows[i].stack);

		EXPECT_EQ(RUN_GUEST_CRASH, r->end);
		EXPECT_STREQ(rows[i].code, r->code);
		EXPECT_STREQ(rows[i].text, r->text);
		EXPECT_EQ(1, r->nstacks);
		EXPECT_STREQ("init", r->stacks[0].thread);
		EXPECT_STREQ(rows[i].stack, rig_chain(&r->stacks[0]));
		EXPECT_STREQ("", r->story);
		EXPECT_EQ(EV_GUEST_BUG, r->events[r->nevents - 1].ev.kind);
	}
}

TEST(crash, deep_recursion)
{
	const struct rig_result *r = run_script(deep);

	EXPECT_EQ(RUN_GUEST_CRASH, r->end);
	EXPECT_STREQ("stack-overflow", r->code);
	EXPECT_EQ(32, r->stacks[0].count);
	EXPECT_SUBSTR(rig_chain(&r->stacks[0]), "recurse < recurse < recurse");
	/* Who began it is there too. */
	EXPECT_SUBSTR(rig_chain(&r->stacks[0]), "recurse < deep");
}

/* Leaves so little stack that a machine call's own code runs out of it. */
GUEST static int recurse_calling(int n)
{
	volatile char block[16];

	block[n % 16] = (char)n;
	say("%d", n);
	return n == no_end ? 0 : recurse_calling(n + 1) + block[n % 16];
}

GUEST static void deep_calling(void)
{
	recurse_calling(0);
}

TEST(crash, deep_recursion_ends_in_a_machine_call)
{
	const struct rig_result *r = run_script(deep_calling);

	EXPECT_EQ(RUN_GUEST_CRASH, r->end);
	EXPECT_STREQ("stack-overflow", r->code);
	EXPECT_SUBSTR(rig_chain(&r->stacks[0]),
		      "recurse_calling < recurse_calling");
}

GUEST static void crash_in_thread(void *arg)
{
	(void)arg;
	write_null();
}

GUEST static void crash_elsewhere(void)
{
	ev = CALL(event_create, "the other");
	CALL(thread_create, "other", 0, crash_in_thread, NULL);
	CALL(event_wait, ev, MACHINE_FOREVER, 0);
}

TEST(crash, the_culprit_comes_first)
{
	const struct rig_result *r = run_script(crash_elsewhere);

	ASSERT_EQ(2, r->nstacks);
	EXPECT_STREQ("other", r->stacks[0].thread);
	EXPECT_STREQ("", r->stacks[0].waits);
	EXPECT_STREQ("write_null < crash_in_thread", rig_chain(&r->stacks[0]));
	EXPECT_STREQ("init", r->stacks[1].thread);
	EXPECT_STREQ("crash_elsewhere", rig_chain(&r->stacks[1]));
}

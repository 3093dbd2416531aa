/* SPDX-License-Identifier: MIT */
/*
 * Names of code addresses, with the DWARF module and without it.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "tests/shim/gtest_c.h"

static uintptr_t here;
static int inner_line, outer_line;

/* Where the program stands, and on which lines that is. */
#define STAND_HERE() __asm__ volatile("lea 0(%%rip), %0" : "=r"(here))

static inline __attribute__((always_inline)) void inner_function(void)
{
	inner_line = __LINE__ + 1;
	STAND_HERE();
}

__attribute__((noinline)) static void outer_function(void)
{
	outer_line = __LINE__ + 1;
	inner_function();
	__asm__ volatile("" : : : "memory");
}

TEST(symbols, names_lines_and_inlined_functions)
{
	struct symbols_frame f[8];
	struct textbuf out;
	size_t n;

	symbols_use_module(RINGSIDE_SYMBOLS_MODULE);
	outer_function();
	n = symbols_resolve(here, f, 8);
	ASSERT_EQ(2, n);
	EXPECT_STREQ("inner_function", f[0].function);
	EXPECT_STREQ("tests/unit/report/symbols_test.c", f[0].file);
	EXPECT_EQ(inner_line, f[0].line);
	EXPECT_STREQ("outer_function", f[1].function);
	EXPECT_EQ(outer_line, f[1].line);

	textbuf_init(&out);
	symbols_chain(&out, &here, 1, 4);
	EXPECT_STREQ("inner_function < outer_function", out.data);
	out.len = 0;
	symbols_chain(&out, &here, 1, 1);
	EXPECT_STREQ("inner_function", out.data);
	out.len = 0;
	symbols_stack(&out, "  ", &here, 1);
	EXPECT_SUBSTR(out.data, "  inner_function  tests/unit/report/"
				"symbols_test.c:");
	EXPECT_SUBSTR(out.data, "\n  outer_function  tests/unit/report/");
	textbuf_free(&out);
}

TEST(symbols, an_address_of_nobody)
{
	struct symbols_frame f[2];

	symbols_use_module(RINGSIDE_SYMBOLS_MODULE);
	EXPECT_EQ(1, symbols_resolve(16, f, 2));
	EXPECT_STREQ("unknown", f[0].function);
	EXPECT_EQ(1, symbols_resolve(0, f, 2));
	EXPECT_EQ(0, symbols_resolve(16, f, 0));
}

TEST(symbols, without_the_module_an_offset)
{
	struct symbols_frame f[2];

	symbols_use_module("/no/such/module.so");
	outer_function();
	EXPECT_EQ(1, symbols_resolve(here, f, 2));
	EXPECT_SUBSTR(f[0].function, "unit_report+0x");
	EXPECT_STREQ("", f[0].file);
}

/* Somewhere in this program. */
static char __attribute__((aligned(8))) code[8];

static const char *chain(const char *rows, size_t max)
{
	static struct textbuf out;
	uintptr_t addrs[8];
	size_t n;

	symbols_use_module(RINGSIDE_FAKE_MODULE);
	for (n = 0; rows[n]; n++)
		addrs[n] = (uintptr_t)&code[rows[n] - '0'];
	textbuf_free(&out);
	symbols_chain(&out, addrs, n, max);
	return out.data;
}

TEST(symbols, a_chain_begins_where_a_driver_called_the_kernel)
{
	EXPECT_STREQ("kcalloc < my_probe < driver_probe < boot",
		     chain("01234", 4));
	EXPECT_STREQ("kcalloc < my_probe", chain("01234", 2));
	EXPECT_STREQ("my_probe < boot", chain("24", 4));
	/* Only kernel: all of it. */
	EXPECT_STREQ("guest_account < kcalloc < boot", chain("014", 4));
	/* Something without a name is no kernel function. */
	EXPECT_SUBSTR(chain("015", 4), "kcalloc < unit_report+0x");
}

TEST(symbols, a_recursion_is_told_once)
{
	struct textbuf out;
	uintptr_t deep[5];
	size_t i;

	EXPECT_STREQ("kcalloc < my_probe < boot", chain("0122224", 3));
	for (i = 0; i < 5; i++)
		deep[i] = (uintptr_t)&code[i < 4 ? 2 : 4];
	textbuf_init(&out);
	symbols_stack(&out, "  ", deep, 5);
	EXPECT_STREQ("  my_probe  guestdrv/drivers/my.c:1, again and again\n"
		     "  boot  guestdrv/kernel/entry.c:1\n", out.data);
	textbuf_free(&out);
}

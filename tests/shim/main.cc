/* SPDX-License-Identifier: MIT */
/*
 * main of every test program.  Unlike GoogleTest's own it fails when nothing
 * ran: cases that the linker dropped, or a filter that matches no test, must
 * not look like success.
 */
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

/* Read by the sanitizers' runtime where there is one: say where it was. */
extern "C" const char *__ubsan_default_options();
extern "C" const char *__ubsan_default_options()
{
	return "print_stacktrace=1";
}

int main(int argc, char **argv)
{
	testing::InitGoogleTest(&argc, argv);
	if (argc > 1) {
		fprintf(stderr, "%s: unknown argument '%s'\n", argv[0],
			argv[1]);
		return 2;
	}

	int result = RUN_ALL_TESTS();
	const auto *unit = testing::UnitTest::GetInstance();

	if (result == 0 && unit->test_to_run_count() == 0 &&
	    !getenv("GTEST_TOTAL_SHARDS")) {
		fprintf(stderr, "%s: no test ran\n", argv[0]);
		return 1;
	}
	return result;
}

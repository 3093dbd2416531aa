/* SPDX-License-Identifier: MIT */
/*
 * What all targets share: a finding's end, and numbers for fresh inputs.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/hostile/plan.h"
#include "tests/fuzz/target.h"

void fuzz_found(const char *format, ...)
{
	va_list args;

	fputs("found: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

uint64_t fuzz_begin(uint64_t seed, uint64_t run)
{
	return hostile_mix(seed) ^ hostile_mix(~run);
}

uint64_t fuzz_next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return hostile_mix(*state);
}

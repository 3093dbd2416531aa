/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target is: one function that takes bytes, as libFuzzer and AFL++
 * call it, and one that makes fresh inputs from a number, for those who have
 * neither.  replay.c is the main() that goes with it there.
 */
#ifndef RINGSIDE_TESTS_FUZZ_TARGET_H
#define RINGSIDE_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_INPUT 4096u /* bytes of a fresh input, at most */

/* ---- the target's ---- */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Fresh input number `run` of a seed; returns its length. */
size_t fuzz_fresh(uint64_t seed, uint64_t run, uint8_t *data);

/* ---- for the targets ---- */
/* Says what was found, and aborts: that is how a fuzzer learns of it. */
void fuzz_found(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
/* A stream of numbers for fuzz_fresh. */
uint64_t fuzz_next(uint64_t *state);
uint64_t fuzz_begin(uint64_t seed, uint64_t run);

#endif

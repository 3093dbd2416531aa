/* SPDX-License-Identifier: MIT */
/*
 * Running a command and measuring what it took.
 */
#ifndef RINGSIDE_BENCH_MEASURE_H
#define RINGSIDE_BENCH_MEASURE_H

#include <stddef.h>

struct sample {
	double wall_ms;
	double cpu_ms;   /* user and system */
	long peak_kib;   /* resident set */
	double printed;  /* the first number of its output, 0: none */
};

/* dir/name; good until the eighth call from here. */
const char *path_in(const char *dir, const char *name);
/* Runs argv (ends with NULL), output to a buffer; exits when it fails. */
struct sample measure(const char *const *argv);
/* The median of n values; sorts them. */
double median(double *values, size_t n);
double least(const double *values, size_t n);

#endif

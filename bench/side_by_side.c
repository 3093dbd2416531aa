/* SPDX-License-Identifier: MIT */
/*
 * Two builds of Ringside against each other on one machine in one run: is today's
 * slower than the one of before?  Ratios to the yardsticks of bench_ratios move
 * with the machine and with what else it does; here both builds meet the same.
 *
 *   side_by_side BEFORE NOW
 *
 * Each is a source tree with its build in build/release, `bench-access` and
 * `bench_empty` built.  What can be run is what has been there since first light.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

#define ROUNDS 9
#define STARTS 41
#define TURNS "workload.0.repeat.times"

static const char *trees[2];

static void row(const char *what, const double x[2], const char *unit)
{
	printf("%-36s %9.3f %9.3f %-4s %6.3f\n", what, x[0], x[1], unit,
	       x[1] / x[0]);
	fflush(stdout);
}

/* ---- start to exit ---- */

static void starts(void)
{
	double wall[2][STARTS], floor[2][STARTS], x[2], peak[2] = { 0 };
	unsigned int i, t;

	for (i = 0; i < STARTS; i++)
		for (t = 0; t < 2; t++) {
			const char *run[] = {
				path_in(trees[t], "build/release/bin/ringside"),
				"run",
				path_in(trees[t], "scenarios/00-first-light.yaml"),
				NULL };
			const char *empty[] = {
				path_in(trees[t], "build/release/bench/empty"), NULL };
			struct sample s = measure(run);

			wall[t][i] = s.wall_ms;
			if ((double)s.peak_kib / 1024 > peak[t])
				peak[t] = (double)s.peak_kib / 1024;
			floor[t][i] = measure(empty).wall_ms;
		}
	for (t = 0; t < 2; t++)
		x[t] = median(wall[t], STARTS) / median(floor[t], STARTS);
	row("start to exit / empty sc_main", x, "");
	row("peak memory", peak, "MiB");
}

/* ---- what is counted by the thousand ---- */

/* CPU milliseconds of a run. */
static double run(const char *tree, const char *scenario, long turns,
		  const char *extra)
{
	char set[64], file[96];
	const char *argv[] = { path_in(tree, "build/release/bin/ringside"), "run",
			       NULL, "--set", set, extra ? "--set" : NULL,
			       extra, NULL };

	snprintf(set, sizeof(set), TURNS "=%ld", turns);
	snprintf(file, sizeof(file), "bench/scenarios/%s.yaml", scenario);
	argv[2] = path_in(tree, file);
	setenv("RINGSIDE_GUEST_PATH", path_in(tree, "build/release/bench"), 1);
	return measure(argv).cpu_ms;
}

static void each(const char *what, const char *scenario, long turns,
		 double count, const char *extra)
{
	double few[2][ROUNDS], many[2][ROUNDS], x[2];
	unsigned int i, t;

	for (i = 0; i < ROUNDS; i++)
		for (t = 0; t < 2; t++) {
			few[t][i] = run(trees[t], scenario, turns / 10, extra);
			many[t][i] = run(trees[t], scenario, turns, extra);
		}
	for (t = 0; t < 2; t++)
		x[t] = (least(many[t], ROUNDS) - least(few[t], ROUNDS)) * 1e3 /
		       ((double)turns * 0.9 * count);
	row(what, x, "us");
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: side_by_side BEFORE NOW\n");
		return 2;
	}
	trees[0] = argv[1];
	trees[1] = argv[2];
	printf("%-36s %9s %9s %-4s %6s\n", "", "before", "now", "", "ratio");
	starts();
	each("read, QD1, batched", "qd1", 4000, 96, NULL);
	each("read, QD1, stepwise", "qd1", 2000, 96, "machine.dma=stepwise");
	each("read, QD32, batched", "qd32", 4000, 96, NULL);
	each("config read", "config", 2000, 1000, NULL);
	each("MMIO read", "mmio", 2000, 1000, NULL);
	return 0;
}

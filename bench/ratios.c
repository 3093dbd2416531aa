/* SPDX-License-Identifier: MIT */
/*
 * The project's speed as ratios, each taken in one run beside the yardstick
 * that it is held against (bare SystemC doing the same, or zlib alone).  Times
 * of a single machine mean little; ratios travel.
 *
 *   bench_ratios RINGSIDE BARE_BLK EMPTY WARM BENCH_DIR SCENARIOS_DIR GUEST_DIR
 *                ELABORATE BRANCHES
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "bench/measure.h"

#define ROUNDS 21     /* of short commands */
#define MANY_ROUNDS 101 /* of those that are over in a fraction of a millisecond */
#define LONG_ROUNDS 7 /* of those that take up to a second */

static const char *ringside, *bare, *empty, *warm, *bench_dir, *scenarios,
	*elaborate, *branches;
static char work[] = "/tmp/ringside-bench-XXXXXX";

static void row(const char *what, double ours, double theirs, const char *unit,
		double goal)
{
	double ratio = ours / theirs;

	printf("%-44s %9.3f %9.3f %-5s %6.2f   %6.2f  %s\n", what, ours, theirs,
	       unit, ratio, goal, ratio <= goal ? "met" : "MISSED");
	fflush(stdout);
}

/* ---- start to exit ---- */

static void start_to_exit(void)
{
	const char *run[] = { ringside, "run",
			      path_in(scenarios, "00-first-light.yaml"), NULL };
	const char *floor[] = { empty, NULL };
	double a[ROUNDS], b[ROUNDS];
	long peak = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct sample s = measure(run);

		a[i] = s.wall_ms;
		peak = s.peak_kib > peak ? s.peak_kib : peak;
		b[i] = measure(floor).wall_ms;
	}
	row("first light, start to exit / empty sc_main", median(a, ROUNDS),
	    median(b, ROUNDS), "ms", 1.5);
	row("first light, peak memory / 16 MiB", (double)peak / 1024, 16, "MiB",
	    1);
}

static void from_a_warm_parent(void)
{
	const char *argv[] = { warm, path_in(scenarios, "00-first-light.yaml"),
			       "100", NULL };
	double x[LONG_ROUNDS];

	for (int i = 0; i < LONG_ROUNDS; i++)
		x[i] = measure(argv).printed;
	row("first light, forked from a warm parent / 2 ms", least(x, LONG_ROUNDS),
	    2, "ms", 1);
}

/* ---- requests ---- */

/* Where two runs are subtracted, each counts with its least time: what a busy
 * machine adds to one of them would otherwise stand in the difference. */

/* CPU microseconds of one of `count` things, the start taken off. */
static double each(const char *file, const char *key, long times, double count,
		   const char *extra)
{
	char few[96], many[96];
	const char *a[] = { ringside, "run", file,  "--set", few,
			    extra ? "--set" : NULL, extra, NULL };
	const char *b[] = { ringside, "run", file,  "--set", many,
			    extra ? "--set" : NULL, extra, NULL };
	double x[LONG_ROUNDS], y[LONG_ROUNDS];

	snprintf(few, sizeof(few), "%s=%ld", key, times / 10);
	snprintf(many, sizeof(many), "%s=%ld", key, times);
	for (int i = 0; i < LONG_ROUNDS; i++) {
		x[i] = measure(a).cpu_ms;
		y[i] = measure(b).cpu_ms;
	}
	return (least(y, LONG_ROUNDS) - least(x, LONG_ROUNDS)) * 1e3 /
	       (count * 0.9);
}

static double prototype(const char *depth, const char *mode)
{
	const char *argv[] = { bare, "400000", depth, mode, NULL };
	double x[LONG_ROUNDS];

	for (int i = 0; i < LONG_ROUNDS; i++)
		x[i] = measure(argv).printed / 1e3;
	return least(x, LONG_ROUNDS);
}

static void requests(void)
{
	static const char times[] = "workload.0.repeat.times";
	const char *qd1 = path_in(bench_dir, "scenarios/qd1.yaml");
	const char *qd32 = path_in(bench_dir, "scenarios/qd32.yaml");
	const double per_turn = 96; /* sectors of the image */

	row("read, QD1, batched / bare prototype",
	    each(qd1, times, 4000, 4000 * per_turn, NULL),
	    prototype("1", NULL), "us", 2);
	row("read, QD1, stepwise / prototype with waits",
	    each(qd1, times, 2000, 2000 * per_turn, "machine.dma=stepwise"),
	    prototype("1", "reads"), "us", 1.7);
	row("read, QD32, batched / bare prototype",
	    each(qd32, times, 4000, 4000 * per_turn, NULL),
	    prototype("32", NULL), "us", 4);
	row("read, QD1, batched / 1.52 us (VCML elsewhere)",
	    each(qd1, times, 4000, 4000 * per_turn, NULL), 1.52, "us", 1);
}

/* What the invariants and the rule book cost of a whole run, and of a read. */
static void checks(void)
{
	static const char times[] = "workload.0.repeat.times";
	const char *file = path_in(scenarios, "00-first-light.yaml");
	const char *qd1 = path_in(bench_dir, "scenarios/qd1.yaml");
	const char *with[] = { ringside, "run", file, NULL };
	const char *without[] = { ringside, "run", "--bare", file, NULL };
	const char *many[] = { ringside, "run", qd1, "--set", NULL, NULL };
	const char *many_bare[] = { ringside, "run", "--bare", qd1, "--set",
				    NULL, NULL };
	double a[ROUNDS], b[ROUNDS], c[LONG_ROUNDS], d[LONG_ROUNDS];
	char set[64];

	for (int i = 0; i < ROUNDS; i++) {
		a[i] = measure(with).cpu_ms;
		b[i] = measure(without).cpu_ms;
	}
	row("first light, all checks on / none", median(a, ROUNDS),
	    median(b, ROUNDS), "ms", 1.6);
	snprintf(set, sizeof(set), "%s=%d", times, 4000);
	many[4] = many_bare[5] = set;
	for (int i = 0; i < LONG_ROUNDS; i++) {
		c[i] = measure(many).cpu_ms;
		d[i] = measure(many_bare).cpu_ms;
	}
	row("384,000 reads, all checks on / none", least(c, LONG_ROUNDS),
	    least(d, LONG_ROUNDS), "ms", 1.6);
}

static void accesses(void)
{
	static const char times[] = "workload.0.repeat.times";

	row("config read / qtest's 16.8 us (elsewhere)",
	    each(path_in(bench_dir, "scenarios/config.yaml"), times, 2000, 2e6,
		 NULL),
	    16.8, "us", 1.0 / 60);
	row("MMIO read / qtest's 8.6 us (elsewhere)",
	    each(path_in(bench_dir, "scenarios/mmio.yaml"), times, 2000, 2e6,
		 NULL),
	    8.6, "us", 1.0 / 40);
}

/* ---- binding ---- */

/* From unbind to DRIVER_OK: the same device, on images of the same kernel. */
static void binds(void)
{
	static const char times[] = "workload.0.repeat.times";
	const char *image;
	char folder[512];

	/* Images lie beside the program. */
	snprintf(folder, sizeof(folder), "%.*s",
		 (int)(strrchr(ringside, '/') - ringside), ringside);
	image = path_in(folder, "../lib/ringside/guests/linux-6.1.so");
	if (access(image, R_OK)) {
		printf("bind by Linux's driver: linux-6.1 is not built\n");
		return;
	}
	row("bind, linux-6.1 / reference, both with rng",
	    each(path_in(bench_dir, "scenarios/bind-linux.yaml"), times, 20000,
		 20000, NULL),
	    each(path_in(bench_dir, "scenarios/bind.yaml"), times, 20000, 20000,
		 NULL),
	    "us", 2);
}

/* ---- suites ---- */

/* One cell at a time, everything included; it prints how many have passed. */
static void suites(void)
{
	const char *suite[] = { ringside, "suite", "-j", "1", "--only-failed",
				scenarios, NULL };
	double a[LONG_ROUNDS];

	for (int i = 0; i < LONG_ROUNDS; i++) {
		struct sample s = measure(suite);

		a[i] = s.cpu_ms / s.printed;
	}
	row("suite, CPU time of a cell / 2 ms", least(a, LONG_ROUNDS), 2, "ms",
	    1);
}

/* ---- sweeps ---- */

/* Its own runs included: good ones, reference. */
static double sweep_cpu(const char *file, const char *recheck)
{
	const char *sweep[] = { ringside, "sweep", file, "-j", "1", "--json",
				recheck, NULL };
	double x[LONG_ROUNDS];

	for (int i = 0; i < LONG_ROUNDS; i++)
		x[i] = measure(sweep).cpu_ms;
	return least(x, LONG_ROUNDS);
}

static void sweeps(void)
{
	const char *file = path_in(scenarios, "00-first-light.yaml");
	const char *bare_sweep[] = { branches, file, NULL };
	double x[LONG_ROUNDS], runs = 0, without;

	for (int i = 0; i < LONG_ROUNDS; i++) {
		struct sample s = measure(bare_sweep);

		x[i] = s.cpu_ms;
		runs = s.printed;
	}
	without = sweep_cpu(file, "--no-recheck") / runs;
	row("sweep, CPU time of a run / bare fork and rest", without,
	    least(x, LONG_ROUNDS) / runs, "ms", 2);
	row("  with the second bind / without", sweep_cpu(file, NULL) / runs,
	    without, "ms", 3);
}

/* ---- a full bus ---- */

static void many_functions(void)
{
	static const char times[] = "workload.1.repeat.times";
	static const char *const kinds[] = { "config", "mmio" };
	char what[64], few[64], all[64];

	for (int i = 0; i < 2; i++) {
		snprintf(what, sizeof(what), "%s read, 256 functions / 8",
			 kinds[i]);
		snprintf(few, sizeof(few), "scenarios/all-%s.yaml[devices=7]",
			 kinds[i]);
		snprintf(all, sizeof(all), "scenarios/all-%s.yaml[devices=255]",
			 kinds[i]);
		row(what, each(path_in(bench_dir, all), times, 1000, 1e6, NULL),
		    each(path_in(bench_dir, few), times, 1000, 1e6, NULL), "us",
		    1.5);
	}
}

/* Microseconds until the guest runs. */
static double elaboration(const char *functions)
{
	const char *argv[] = { elaborate, functions, NULL };
	double x[MANY_ROUNDS];

	for (int i = 0; i < MANY_ROUNDS; i++)
		x[i] = measure(argv).printed;
	return least(x, MANY_ROUNDS);
}

static void elaborations(void)
{
	double few = elaboration("8"), half = elaboration("132"),
	       all = elaboration("256");

	row("elaboration of a function / 1 us", (all - few) / 248, 1, "us", 1);
	row("elaboration, functions 133..256 / 9..132", (all - half) / 124,
	    (half - few) / 124, "us", 1.5);
}

/* ---- traces ---- */

static unsigned char *slurp(const char *name, size_t *len)
{
	struct stat st;
	unsigned char *p;
	int fd = open(name, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		exit(3);
	p = malloc((size_t)st.st_size + 1);
	if (!p || read(fd, p, (size_t)st.st_size) != st.st_size)
		exit(3);
	close(fd);
	*len = (size_t)st.st_size;
	return p;
}

/* The same bytes to the same kind of file: level 1, with gzip's CRC. */
static double deflate_ms(unsigned char *p, size_t len)
{
	uLong room = compressBound(len) + 64;
	unsigned char *out = malloc(room);
	clock_t begin = clock();
	z_stream z = { .next_in = p, .avail_in = (uInt)len, .next_out = out,
		       .avail_out = (uInt)room };

	if (!out || deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8,
				 Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(3);
	deflateEnd(&z);
	free(out);
	return (double)(clock() - begin) * 1e3 / CLOCKS_PER_SEC;
}

static void traces(void)
{
	const char *qd1 = path_in(bench_dir, "scenarios/qd1.yaml");
	const char *plain = path_in(work, "t.jsonl"), *gz = path_in(work, "t.jsonl.gz");
	const char *without[] = { ringside, "run", qd1, NULL };
	const char *with_plain[] = { ringside, "run", qd1, "--trace", plain,
				     NULL };
	const char *with_gz[] = { ringside, "run", qd1, "--trace", gz, NULL };
	double a[LONG_ROUNDS], b[LONG_ROUNDS], c[LONG_ROUNDS];
	unsigned char *bytes;
	size_t len;

	measure(with_plain);
	bytes = slurp(plain, &len);
	for (int i = 0; i < LONG_ROUNDS; i++) {
		a[i] = measure(with_gz).cpu_ms;
		b[i] = measure(without).cpu_ms;
		c[i] = deflate_ms(bytes, len);
	}
	row("trace to .jsonl.gz / zlib level 1 alone",
	    least(a, LONG_ROUNDS) - least(b, LONG_ROUNDS),
	    least(c, LONG_ROUNDS), "ms", 1.3);
	free(bytes);
	unlink(plain);
	unlink(gz);
}

int main(int argc, char **argv)
{
	if (argc != 10) {
		fprintf(stderr, "usage: bench_ratios RINGSIDE BARE_BLK EMPTY "
				"WARM BENCH_DIR SCENARIOS_DIR GUEST_DIR "
				"ELABORATE BRANCHES\n");
		return 2;
	}
	ringside = argv[1];
	bare = argv[2];
	empty = argv[3];
	warm = argv[4];
	bench_dir = argv[5];
	scenarios = argv[6];
	setenv("RINGSIDE_GUEST_PATH", argv[7], 1);
	elaborate = argv[8];
	branches = argv[9];
	if (!mkdtemp(work))
		return 3;
	printf("%-44s %9s %9s %-5s %6s   %6s\n", "what", "ours", "theirs", "",
	       "ratio", "goal");
	start_to_exit();
	from_a_warm_parent();
	requests();
	checks();
	accesses();
	binds();
	suites();
	sweeps();
	many_functions();
	elaborations();
	traces();
	rmdir(work);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Scenario files: the bytes are the file.  Every cell is loaded; whatever is
 * wrong is told, and nothing is loaded without being right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/target.h"
#include "tests/unit/scenario/fakes.h"

#define CELLS 4u /* of a file, that are loaded */

/* A folder of its own, and no change of directory: a fuzzer's files are named
 * from where it was started.  In memory where that can be had: a disk may take
 * longer to write the file than we to read it. */
static char in_memory[] = "/dev/shm/ringside-fuzz-XXXXXX",
	    elsewhere[] = "/tmp/ringside-fuzz-XXXXXX";
static const char *folder;
static char file_name[64], image_name[64];

static void leave(void)
{
	unlink(file_name);
	unlink(image_name);
	rmdir(folder);
}

static void write_file(const char *name, const void *bytes, size_t len)
{
	FILE *f = fopen(name, "wb");

	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f)) {
		perror(name);
		exit(2);
	}
}

static struct catalogue *enter(void)
{
	static const uint8_t sector[512];

	folder = mkdtemp(in_memory);
	if (!folder)
		folder = mkdtemp(elsewhere);
	if (!folder) {
		perror("/tmp");
		exit(2);
	}
	snprintf(file_name, sizeof(file_name), "%s/s.yaml", folder);
	snprintf(image_name, sizeof(image_name), "%s/d.img", folder);
	atexit(leave);
	write_file(image_name, sector, sizeof(sector));
	return fake_catalogue();
}

static void load(struct scenario_file *file, size_t cell, struct catalogue *c)
{
	const struct scn_overrides none = { 0 };
	struct scenario *s;
	struct diag d;

	diag_init(&d);
	s = scenario_file_load(file, cell, &none, c, &d);
	if (!s && !d.count)
		fuzz_found("refused without a reason");
	if (s)
		scenario_free(s);
	diag_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *catalogue;
	struct scenario_file *file;
	struct diag d;
	size_t i;

	if (!catalogue)
		catalogue = enter();
	write_file(file_name, data, size);
	diag_init(&d);
	file = scenario_file_open(file_name, &d);
	if (!file && !d.count)
		fuzz_found("refused without a reason");
	for (i = 0; file && i < scenario_file_count(file) && i < CELLS; i++)
		load(file, i, catalogue);
	if (file)
		scenario_file_close(file);
	diag_free(&d);
	return 0;
}

/* A file of the format's words, in the order of chance. */
static const char *const words[] = {
	"schema: 1\n", "name: a\n", "about: b\n", "tags: [a, b]\n", "seed: 7\n",
	"matrix: {n: [1, 2]}\n", "exclude: [{n: 1}]\n", "cases:\n  one: {a: 1}\n",
	"budget: {time: 1ms}\n", "machine:\n", "  guest: fake\n", "  cpus: ${n}\n",
	"  memory: 1MiB\n", "  devices:\n", "    - id: d0\n", "      model: fake-disk\n",
	"      slot: \"00:01.0\"\n", "      image: d.img\n", "      queues: 4\n",
	"      msix: {table_size: 6}\n", "      features: {base: all}\n", "      count: 3\n",
	"faults:\n", "  - {point: guest.fake.irq, device: d0, nth: 1}\n",
	"  - {point: guest.fake.irq, error: ENOMEM, times: 0}\n", "workload:\n",
	"  - fake.work: {device: d0, amount: 3}\n", "  - fake.idle: {}\n",
	"  - parallel:\n", "  - repeat: {times: 3, steps: []}\n", "expect:\n",
	"  - {device: d0, interrupts: intx}\n", "  - {log: {contains: x}}\n",
	"  - {fault: guest.fake.irq, hits: {min: 1}}\n", "known: {ref: x}\n",
	"defaults: s.yaml\n", "x-y: |\n  z\n", "? [\n", "&a *a\n", "<<: {a: 1}\n",
	"\"\\u00e9\": '\n", "---\n", "${", "}", ": ", "- ", "  ", "\t", "\xff", "# c\n",
};

#define WORDS (sizeof(words) / sizeof(words[0]))

size_t fuzz_fresh(uint64_t seed, uint64_t run, uint8_t *data)
{
	uint64_t state = fuzz_begin(seed, run);
	size_t len = 0, word = 0, n;

	/* In the order of the table with leaps, so that much of it is right. */
	for (n = 4 + fuzz_next(&state) % 40; n; n--) {
		uint64_t r = fuzz_next(&state);

		word = r % 5 ? (word + (r >> 8) % 3) % WORDS :
			       (r >> 8) % WORDS;
		if (len + strlen(words[word]) > FUZZ_INPUT)
			break;
		memcpy(data + len, words[word], strlen(words[word]));
		len += strlen(words[word]);
	}
	for (n = fuzz_next(&state) % 3; n && len; n--)
		data[fuzz_next(&state) % len] = (uint8_t)fuzz_next(&state);
	return len;
}
